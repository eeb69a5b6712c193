/* SPDX-License-Identifier: Apache-2.0
 *
 * api.c - one call to HubSpot: how it is sent, and what a bad answer means.  What a
 * good answer holds is for the callers: auth, fields.c, list.c, search.c, write.c. */
#include "hubspot.h"

static const struct rk_spend spend_plain[] = {
	{ RK_LIT("burst"), 1 }, { RK_LIT("day"), 1 },
};

/* Search has a limit of its own, and its answers count in no other. */
static const struct rk_spend spend_search[] = {
	{ RK_LIT("search"), 1 }, { RK_LIT("day"), 1 },
};

static const struct rk_piece bearer[] = {
	{ RK_PIECE_TEXT, RK_ENC_RAW, RK_LIT("Bearer "), RK_LIT("") },
	{ RK_PIECE_SECRET, RK_ENC_RAW, RK_LIT("token"), RK_LIT("") },
};

static const struct rk_piece json_type[] = {
	{ RK_PIECE_TEXT, RK_ENC_RAW, RK_LIT("application/json"), RK_LIT("") },
};

static const struct rk_header headers[] = {
	{ RK_LIT("Authorization"), bearer, RK_COUNT(bearer) },
	{ RK_LIT("Accept"), json_type, 1 },
	{ RK_LIT("Content-Type"), json_type, 1 },      /* Only with a body. */
};

/* Sends one call.  RK_OK: an answer arrived, good or bad. */
int32_t
hubspot_ask(const struct rk_host *host, const struct call *call, struct rk_answer *answer,
    struct rk_err *err)
{
	struct rk_text base = rk_base_url(host, "host");
	struct rk_piece body = { RK_PIECE_TEXT, RK_ENC_RAW, call->body, RK_LIT("") };
	struct rk_request request = { .struct_size = sizeof request };

	request.flags = call->safe ? RK_HTTP_SAFE : 0;
	request.method = rk_z(call->method);
	request.url = rk_textf(host, "%.*s%s", RK_S(base), call->path.ptr);
	request.headers = headers;
	request.body = call->pieces ? call->pieces : &body;
	request.body_count = call->pieces ? call->piece_count : call->body.len != 0;
	request.header_count = request.body_count ? 3 : 2;
	request.object = call->object;
	request.spends = call->search ? spend_search : spend_plain;
	request.spend_count = 2;
	return rk_json_ask(host, &request, answer, err);
}

/* /crm/AREA/VERSION/OBJECT REST, NUL-terminated. */
struct rk_text
hubspot_crm_path(const struct rk_host *host, const char *area, struct rk_text object,
         const char *rest)
{
	struct rk_text version = host->setting(host, "version");

	object = rk_url_text(host, object);
	return rk_textf(host, "/crm/%s/%.*s/%.*s%s", area, RK_S(version), RK_S(object),
	                rest);
}

/* Contacts keep the date that moves with every change under a name of their own;
 * their hs_lastmodifieddate behaves differently. */
const char *
hubspot_modified_name(struct rk_text object)
{
	return rk_text_is(object, "contacts") || rk_text_is(object, "0-1")
	     ? "lastmodifieddate" : "hs_lastmodifieddate";
}

int
hubspot_is_contacts(struct rk_text object)
{
	return rk_text_is(object, "contacts") || rk_text_is(object, "0-1");
}

static const struct rk_code record_codes[] = {
	{ "PROPERTY_DOESNT_EXIST", RK_REJECT, RK_CAT_PROPERTY_MAPPING },
	{ "READ_ONLY_VALUE", RK_REJECT, RK_CAT_PROPERTY_MAPPING },
	{ "INVALID_OPTION", RK_REJECT, RK_CAT_PICKLIST },
	{ "MISSING_CONDITIONAL_REQUIRED_PROPERTY", RK_REJECT, RK_CAT_CUSTOM_CODE },
	{ "MISSING_REQUIRED_PROPERTY", RK_REJECT, RK_CAT_CUSTOM_CODE },
	{ "CONFLICTING_UNIQUE_VALUE", RK_REJECT, RK_CAT_DUPLICATE },
	{ "CONFLICT", RK_REJECT, RK_CAT_DUPLICATE },
	{ "OBJECT_ALREADY_EXISTS", RK_REJECT, RK_CAT_DUPLICATE },
	{ "MISSING_SCOPES", RK_REJECT, RK_CAT_PERMISSION },
	{ "OBJECT_NOT_FOUND", RK_REJECT, RK_CAT_OTHER },
	{ "RATE_LIMITS", RK_AGAIN, RK_CAT_RATE_LIMIT },
	{ NULL, 0, 0 },
};

/* The last resort: HubSpot answers in English whatever the account's language. */
static const struct { const char *words; int32_t category; } record_words[] = {
	{ "by non-unique ", RK_CAT_PROPERTY_MAPPING },
	{ "No properties found to update", RK_CAT_PROPERTY_MAPPING },
	{ "already has that value", RK_CAT_DUPLICATE },
	{ "already exists", RK_CAT_DUPLICATE },
	{ "Duplicate IDs found in batch", RK_CAT_DUPLICATE },
	{ "Missing 'Edit Associations' permission", RK_CAT_PERMISSION },
	{ "associations are invalid", RK_CAT_ASSOCIATION },
	{ "invalid from object type", RK_CAT_ASSOCIATION },
	{ "was not one of the allowed options", RK_CAT_PICKLIST },
	{ "does not exist", RK_CAT_PROPERTY_MAPPING },
	{ "Email address", RK_CAT_PROPERTY_VALUE },
	{ "was not a valid", RK_CAT_PROPERTY_VALUE },
	{ "not midnight", RK_CAT_PROPERTY_VALUE },
};

/* Without these HubSpot itself creates nothing; any other required property is a
 * rule of the account's administrators. */
static const char *const built_in_required[] = {
	"dealname", "dealstage", "pipeline", "domain", "name",
};

static struct rk_text
first_text(const struct rk_host *host, const cJSON *list)
{
	return rk_json_text(host, rk_json_is(list, cJSON_Array) ? list->child : list,
	                    NULL);
}

/* Some messages hold the machine-readable part as a JSON list behind ": [". */
static void
read_message(const struct rk_host *host, struct fault *fault)
{
	const char *from = rk_text_find(fault->message, ": [");
	const char *end = fault->message.ptr + fault->message.len;
	struct rk_err ignored = { .struct_size = sizeof ignored };
	cJSON *list;

	while (from && end > from && end[-1] != ']')
		end--;
	if (!from || end <= from + 2 ||
	    rk_json_parse(host, rk_text_of(from + 2, (uint64_t)(end - from - 2)), &list,
	                  &ignored) != RK_OK || !list->child)
		return;
	fault->code = rk_json_str(host, list->child, "error");
	fault->field = rk_json_str(host, list->child, "name");
	if (rk_json_str(host, list->child, "message").len)
		fault->message = rk_json_str(host, list->child, "message");
}

static int32_t
category_of(const struct fault *fault)
{
	const struct rk_code *known = rk_code_find(record_codes, fault->code);

	if (rk_text_is(fault->code, "MISSING_REQUIRED_PROPERTY"))
		for (size_t i = 0; i < RK_COUNT(built_in_required); i++)
			if (rk_text_is(fault->field, built_in_required[i]))
				return RK_CAT_PROPERTY_MAPPING;
	if (known)
		return known->category;
	if (rk_text_starts(fault->code, "INVALID_") &&
	    !rk_text_starts(fault->code, "INVALID_A"))
		return RK_CAT_PROPERTY_VALUE;
	if (rk_text_starts(fault->sub, "crm.associations."))
		return RK_CAT_ASSOCIATION;
	known = rk_code_find(record_codes, fault->category);
	if (known)
		return known->category;
	for (size_t i = 0; i < RK_COUNT(record_words); i++)
		if (rk_text_find(fault->message, record_words[i].words))
			return record_words[i].category;
	return RK_CAT_OTHER;
}

/* Reads an error body, an entry of a batch's "errors", or one of their details.
 *
 * Shape:  {message, category, subCategory, context{k:[text]}, errors[{message,
 *         code, context}]}; every part may be missing.
 * Source: HubSpot, "Error handling", and the recorded answers that differ. */
struct fault
hubspot_read_fault(const struct rk_host *host, const cJSON *node)
{
	const cJSON *details = rk_json_get(node, "errors");
	const cJSON *detail = rk_json_is(details, cJSON_Array) ? details->child : NULL;
	const cJSON *context = rk_json_get(node, "context");
	struct fault fault = { .kind = RK_CAT_OTHER };

	fault.message = rk_json_str(host, node, "message");
	fault.category = rk_json_str(host, node, "category");
	fault.sub = rk_json_str(host, node, "subCategory");
	fault.code = rk_json_str(host, node, "code");
	fault.field = first_text(host, rk_json_get(context, "propertyName"));
	if (fault.code.len == 0 && detail) {
		fault.code = rk_json_str(host, detail, "code");
		context = rk_json_get(detail, "context");
		if (rk_json_str(host, detail, "message").len)
			fault.message = rk_json_str(host, detail, "message");
		if (fault.field.len == 0)
			fault.field = first_text(host,
			                         rk_json_get(context, "propertyName"));
		if (fault.sub.len == 0)
			fault.sub = rk_json_str(host, detail, "subCategory");
	}
	if (fault.code.len == 0)
		read_message(host, &fault);
	fault.kind = category_of(&fault);
	if (fault.code.len == 0)
		fault.code = fault.sub.len ? fault.sub : fault.category;
	return fault;
}

/* The scopes of which the call wanted one, from the three shapes seen. */
static struct rk_text
missing_scopes(const struct rk_host *host, const cJSON *root)
{
	static const char *const names[] = {
		"requiredGranularScopes", "requiredScopes", "missingScopes",
	};
	const cJSON *errors = rk_json_get(root, "errors");
	const cJSON *from[] = { root, rk_json_get(root, "context"),
		rk_json_get(errors ? errors->child : NULL, "context") };
	struct rk_text all = rk_z("");

	for (size_t i = 0; i < RK_COUNT(from); i++)
		for (size_t j = 0; j < RK_COUNT(names); j++)
			rk_json_each(scope, rk_json_get(from[i], names[j]))
				all = rk_textf(host, "%.*s%s%.*s", RK_S(all),
				               all.len ? " or " : "",
				               RK_S(rk_json_text(host, scope, NULL)));
	return all;
}

static const struct http_class {
	int32_t from, to, status, category;
	const char *words;
} http_classes[] = {
	{ 401, 401, RK_PAUSE, RK_CAT_AUTH, " Unauthorized" },
	{ 403, 403, RK_PAUSE, RK_CAT_PERMISSION, " Forbidden" },
	{ 429, 429, RK_AGAIN, RK_CAT_RATE_LIMIT, " Too Many Requests" },
	{ 423, 423, RK_AGAIN, RK_CAT_SERVER, " Locked" },
	{ 477, 477, RK_AGAIN, RK_CAT_SERVER, " Migration in Progress" },
	{ 300, 399, RK_PAUSE, RK_CAT_CONFIG, " (a redirect: check host)" },
	{ 400, 499, RK_REJECT, RK_CAT_OTHER, "" },
	{ 521, 523, RK_AGAIN, RK_CAT_UNREACHABLE, "" },
	{ 525, 526, RK_AGAIN, RK_CAT_UNREACHABLE, " (TLS before HubSpot)" },
	{ 0, INT32_MAX, RK_AGAIN, RK_CAT_SERVER, "" },
};

/* A 429 says which of the three limits it was. */
static int32_t
limit_reached(const struct rk_host *host, const struct rk_answer *answer,
              struct rk_err *err)
{
	struct rk_text policy = rk_json_str(host, answer->root, "policyName");
	struct rk_text message = rk_json_str(host, answer->root, "message");

	if (rk_text_is(policy, "DAILY") || rk_text_find(message, "daily limit")) {
		err->category = RK_CAT_QUOTA;
		RK_ERR_SET(err->code, rk_z("DAILY"));
		return RK_HOLD;
	}
	if (policy.len)
		RK_ERR_SET(err->code, policy);
	if (err->retry_after_ms < 0)
		err->retry_after_ms = rk_text_find(message, " secondly") ? 1000 : 10000;
	return RK_AGAIN;
}

/* What a bad answer means for the call as a whole; fills 'err'.  RK_REJECT: the
 * request itself was refused, category says why. */
int32_t
hubspot_judge(const struct rk_host *host, const struct rk_answer *answer,
              struct rk_err *err)
{
	const struct http_class *class = http_classes;
	struct fault fault = hubspot_read_fault(host, answer->root);
	struct rk_text scopes = missing_scopes(host, answer->root);
	struct rk_text correlation = rk_json_str(host, answer->root, "correlationId");
	int32_t http = answer->reply.status;

	while (http < class->from || http > class->to)
		class++;
	rk_fail(err, class->status,
	        class->status == RK_REJECT ? fault.kind : class->category,
	        "HTTP %d%s: %.*s%s%.*s%s%.*s%s", http, class->words,
	        RK_S(answer->root ? fault.message : rk_z("the answer is no JSON")),
	        scopes.len ? "; missing scope: " : "", RK_S(scopes),
	        correlation.len ? " (correlationId " : "", RK_S(correlation),
	        correlation.len ? ")" : "");
	err->http_status = http;
	err->maybe_sent = class->status == RK_AGAIN && http != 429;
	err->retry_after_ms = answer->reply.retry_after_ms;
	RK_ERR_SET(err->code, fault.code);
	RK_ERR_SET(err->field, fault.field);
	return http == 429 ? limit_reached(host, answer, err) : class->status;
}

/* As judge, for calls that only read: nothing there can be split. */
int32_t
hubspot_judge_read(const struct rk_host *host, const struct rk_answer *answer,
           struct rk_err *err)
{
	int32_t status = hubspot_judge(host, answer, err);

	if (status != RK_REJECT)
		return status;
	if (err->http_status == 404 || err->category == RK_CAT_PROPERTY_MAPPING) {
		if (err->http_status == 404)
			err->category = RK_CAT_CONFIG;
		return RK_PAUSE;
	}
	err->category = RK_CAT_BUG;
	return RK_BUG;
}

/* A reading call whose good answer must be JSON. */
int32_t
hubspot_ask_read(const struct rk_host *host, struct call *call, struct rk_answer *answer,
         struct rk_err *err)
{
	int32_t status;

	call->safe = 1;
	status = hubspot_ask(host, call, answer, err);
	if (status != RK_OK)
		return status;
	if (answer->reply.status != 200 && answer->reply.status != 207)
		return hubspot_judge_read(host, answer, err);
	if (!answer->root)
		return rk_fail(err, RK_BUG, RK_CAT_BUG, "%s: %s", call->path.ptr,
		               answer->why.message);
	return RK_OK;
}
