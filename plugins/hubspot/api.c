/* SPDX-License-Identifier: Apache-2.0
 *
 * api.c - one call to HubSpot: how it is sent, and what its errors say.  What a good
 * answer holds is for the callers: auth, fields.c, list.c, write.c. */
#include "hubspot.h"

static const struct rk_code record_codes[] = {
	{ "PROPERTY_DOESNT_EXIST READ_ONLY_VALUE", RK_REJECT, RK_CAT_PROPERTY_MAPPING },
	{ "INVALID_OPTION", RK_REJECT, RK_CAT_PICKLIST },
	{ "MISSING_CONDITIONAL_REQUIRED_PROPERTY MISSING_REQUIRED_PROPERTY",
	  RK_REJECT, RK_CAT_CUSTOM_CODE },
	{ "CONFLICTING_UNIQUE_VALUE CONFLICT OBJECT_ALREADY_EXISTS",
	  RK_REJECT, RK_CAT_DUPLICATE },
	{ "VALUE_TOO_LONG", RK_REJECT, RK_CAT_PROPERTY_VALUE },
	{ "MISSING_SCOPES", RK_REJECT, RK_CAT_PERMISSION },
	{ "OBJECT_NOT_FOUND", RK_REJECT, RK_CAT_OTHER },
	{ "RATE_LIMITS", RK_AGAIN, RK_CAT_RATE_LIMIT },
	{ NULL, 0, 0 },
};

/* The last resort: HubSpot answers in English whatever the account's language.  'code'
 * is ours, for what HubSpot has none for. */
static const struct words { const char *words; int32_t category; const char *code;
} record_words[] = {
	{ "infer object type", RK_CAT_CONFIG, NULL },
	/* XXX HubSpot's words for these four were never seen.  A code that comes with them
	 * and a property is enough for the two in the middle. */
	{ "validation rule", RK_CAT_CUSTOM_CODE, NULL },
	{ "too long", RK_CAT_PROPERTY_VALUE, NULL },
	{ "longer than", RK_CAT_PROPERTY_VALUE, NULL },
	{ "number of associations", RK_CAT_ASSOCIATION, RK_CODE_ASSOCIATION_LIMIT },
	{ "by non-unique ", RK_CAT_PROPERTY_MAPPING, NULL },
	{ "No properties found to update", RK_CAT_PROPERTY_MAPPING, NULL },
	{ "already has that value", RK_CAT_DUPLICATE, NULL },
	{ "already exists", RK_CAT_DUPLICATE, NULL },
	{ "Duplicate IDs found in batch", RK_CAT_DUPLICATE, NULL },
	{ "Missing 'Edit Associations' permission", RK_CAT_PERMISSION, NULL },
	{ "associations are invalid", RK_CAT_ASSOCIATION, RK_CODE_PARENT_MISSING },
	{ "invalid from object type", RK_CAT_ASSOCIATION, NULL },
	{ "was not one of the allowed options", RK_CAT_PICKLIST, NULL },
	{ "does not exist", RK_CAT_PROPERTY_MAPPING, NULL },
	{ "Email address", RK_CAT_PROPERTY_VALUE, NULL },
	{ "was not a valid", RK_CAT_PROPERTY_VALUE, NULL },
	{ "not midnight", RK_CAT_PROPERTY_VALUE, NULL },
};

static const struct words *
words_of(struct rk_text message)
{
	for (size_t i = 0; i < RK_COUNT(record_words); i++)
		if (rk_text_find(message, record_words[i].words))
			return &record_words[i];
	return NULL;
}

/* Without these HubSpot itself creates nothing; any other required property is a
 * rule of the account's administrators. */
static const char built_in_required[] = "dealname dealstage pipeline domain name "
                                        "hs_lead_name hs_timestamp";

/* A label or type of association that there is none of. */
#define WRONG_TYPE "INVALID_ASSOCIATION_TYPE_ID"

/* Their values are ids from elsewhere; whatever the code, a bad one is no option. */
static const char picked[] = "dealstage pipeline hs_pipeline hs_pipeline_stage "
                             "hubspot_owner_id";

/* The property that an error or a detail of one names. */
static struct rk_text
property_of(const struct rk_host *host, const cJSON *node)
{
	const cJSON *name = rk_json_get2(node, "context", "propertyName");

	return rk_json_text(host, rk_json_is(name, cJSON_Array) ? name->child : name,
	                    NULL);
}

/* Some messages hold the machine-readable part as a JSON list behind ": [". */
static void
read_message(const struct rk_host *host, struct rk_fault *fault)
{
	const char *from = rk_text_find(fault->message, ": [");
	const char *end = fault->message.ptr + fault->message.len;
	struct rk_err ignored = { .struct_size = sizeof ignored };
	cJSON *list = NULL;

	while (from && end > from && end[-1] != ']')
		end--;
	if (!from || end <= from + 2 ||
	    rk_json_parse(host, rk_text_of(from + 2, (uint64_t)(end - from - 2)), &list,
	                  &ignored) != RK_OK || !list)
		return;
	fault->code = rk_json_str(host, list->child, "error");
	fault->field = rk_text_or(rk_json_str(host, list->child, "name"), fault->field);
	fault->message = rk_text_or(rk_json_str(host, list->child, "message"),
	                            fault->message);
}

static int32_t
category_of(const struct rk_fault *fault, struct rk_text sub, struct rk_text category)
{
	const struct rk_code *known = rk_code_find(record_codes, fault->code);
	const struct words *words = words_of(fault->message);

	if (rk_text_is(fault->code, "MISSING_REQUIRED_PROPERTY") &&
	    rk_text_among(fault->field, built_in_required))
		return RK_CAT_PROPERTY_MAPPING;
	if (known)
		return known->category;
	if (fault->code.len && rk_text_among(fault->field, picked))
		return RK_CAT_PICKLIST;
	if (rk_text_starts(fault->code, "INVALID_") &&
	    !rk_text_starts(fault->code, "INVALID_A"))
		return RK_CAT_PROPERTY_VALUE;
	if (rk_text_starts(sub, "crm.associations."))
		return RK_CAT_ASSOCIATION;
	known = rk_code_find(record_codes, category);
	if (known)
		return known->category;
	if (words)
		return words->category;
	/* Not all codes are known; one that names a property is about its value. */
	return fault->code.len && fault->field.len ? RK_CAT_PROPERTY_VALUE : RK_CAT_OTHER;
}

/* Reads an error body, an entry of a batch's "errors", or one of their details.
 *
 * Shape:  {message, category, subCategory, context{k:[text]}, errors[{message,
 *         code, context}]}; every part may be missing.
 * Source: HubSpot, "Error handling", and the recorded answers that differ. */
struct rk_fault
hubspot_read_fault(const struct rk_host *host, const cJSON *node)
{
	const cJSON *details = rk_json_get(node, "errors");
	const cJSON *detail = rk_json_is(details, cJSON_Array) ? details->child : NULL;
	struct rk_text category = rk_json_str(host, node, "category");
	struct rk_text sub = rk_json_str(host, node, "subCategory");
	struct rk_fault fault = { .code = rk_json_str(host, node, "code"),
	                          .message = rk_json_str(host, node, "message"),
	                          .field = property_of(host, node) };
	const struct words *words;

	if (fault.code.len == 0 && detail) {
		fault.code = rk_json_str(host, detail, "code");
		fault.message = rk_text_or(rk_json_str(host, detail, "message"),
		                           fault.message);
		fault.field = rk_text_or(fault.field, property_of(host, detail));
		sub = rk_text_or(sub, rk_json_str(host, detail, "subCategory"));
	}
	if (fault.code.len == 0)
		read_message(host, &fault);
	fault.other_id = rk_digits_after(fault.message, "Existing ID: ");
	fault.category = category_of(&fault, sub, category);
	words = words_of(fault.message);
	if (fault.code.len == 0 && rk_json_get2(node, "context", WRONG_TYPE))
		fault.code = rk_z(WRONG_TYPE);
	else if (fault.code.len == 0 && words && words->code &&
	         words->category == fault.category)
		fault.code = rk_z(words->code);
	fault.code = rk_text_or(fault.code, rk_text_or(sub, category));
	return fault;
}

/* The scopes of which the call wanted one, from the three shapes seen. */
static struct rk_text
missing_scopes(const struct rk_host *host, const cJSON *root)
{
	static const char *const names[] = { "requiredGranularScopes", "requiredScopes",
	                                     "missingScopes" };
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

/* A 429 says which of the three limits it was; of the burst, a header its window. */
static void
read_limit(const struct rk_host *host, const struct rk_answer *answer,
           struct rk_fault *fault)
{
	struct rk_text policy = rk_json_str(host, answer->root, "policyName");
	struct rk_text window = rk_reply_header(&answer->reply,
	                                        "x-hubspot-ratelimit-interval-milliseconds");

	fault->code = rk_text_or(policy, fault->code);
	if (!rk_text_int(window, &fault->wait_ms) || fault->wait_ms <= 0 ||
	    fault->wait_ms > HUBSPOT_WINDOW_MAX_MS)
		fault->wait_ms = 10000;
	if (rk_text_find(fault->message, " secondly"))
		fault->wait_ms = 1000;
	if (!rk_text_is(policy, "DAILY") && !rk_text_find(fault->message, "daily limit"))
		return;
	fault->code = rk_z("DAILY");
	fault->category = RK_CAT_QUOTA;
	fault->status = RK_HOLD;
	fault->wait_ms = 0;
}

static struct rk_fault
read_answer_fault(const struct rk_host *host, const struct rk_answer *answer)
{
	struct rk_fault fault = hubspot_read_fault(host, answer->root);
	struct rk_text scopes = missing_scopes(host, answer->root);
	struct rk_text correlation = rk_text_or(
		rk_json_str(host, answer->root, "correlationId"),
		rk_reply_header(&answer->reply, "x-hubspot-correlation-id"));

	if (scopes.len)
		fault.message = rk_textf(host, "%.*s; missing scope: %.*s",
		                         RK_S(fault.message), RK_S(scopes));
	if (correlation.len)
		fault.support = rk_textf(host, "correlationId %.*s", RK_S(correlation));
	if (answer->reply.status == 404 &&
	    rk_text_is(rk_json_str(host, answer->root, "category"), "OBJECT_NOT_FOUND"))
		fault.status = RK_REJECT;       /* A record, not the path. */
	if (answer->reply.status == 404 && rk_text_is(fault.message, "resource not found"))
		fault.status = RK_REJECT;
	if (answer->reply.status == 400 && fault.category == RK_CAT_CONFIG)
		fault.status = RK_PAUSE;
	if (answer->reply.status == 423)
		fault.wait_ms = 2000;   /* Locked: HubSpot asks for at least that. */
	if (answer->reply.status == 429)
		read_limit(host, answer, &fault);
	return fault;
}

static const struct rk_http_class http_classes[] = {
	{ 423, 423, -1, RK_AGAIN, RK_CAT_SERVER, " Locked" },
	{ 477, 477, -1, RK_AGAIN, RK_CAT_SERVER, " Migration in Progress" },
	{ 521, 523, -1, RK_AGAIN, RK_CAT_UNREACHABLE, "" },
	{ 525, 526, -1, RK_AGAIN, RK_CAT_UNREACHABLE, " (TLS before HubSpot)" },
	{ 0 },
};

static const struct rk_api api = { http_classes, read_answer_fault };

static const struct rk_spend spend_plain[] = {
	{ RK_LIT("burst"), 1 }, { RK_LIT("day"), 1 },
};

/* Search has a limit of its own, and its answers count in no other. */
static const struct rk_spend spend_search[] = {
	{ RK_LIT("search"), 1 }, { RK_LIT("day"), 1 },
};

struct rk_call
hubspot_call(const struct rk_host *host, const char *method, const char *area,
             struct rk_text object, const char *rest)
{
	struct rk_text version = host->setting(host, "version");
	struct rk_text name = rk_url_text(host, object);
	struct rk_text path = rk_textf(host, "/%s/%.*s%s%.*s", area, RK_S(version),
	                               name.len ? "/" : "", RK_S(name));
	struct rk_call call = { .api = &api, .method = method, .object = object,
		.url = rk_textf(host, "%.*s%s%s", RK_S(rk_base_url(host, "host")),
		                *area ? path.ptr : "", rest),
		.spend_count = 2,
		.spends = strcmp(rest, "/search") ? spend_plain : spend_search };

	rk_call_add(host, &call, rk_bearer(host));
	rk_call_says(host, &call, "Accept", rk_z("application/json"));
	return call;
}

int
hubspot_is_contacts(struct rk_text object)
{
	return rk_text_among(object, "contacts 0-1");
}

/* Contacts keep the date that moves with every change under a name of their own;
 * their hs_lastmodifieddate behaves differently. */
const char *
hubspot_modified_name(struct rk_text object)
{
	return hubspot_is_contacts(object) ? "lastmodifieddate" : "hs_lastmodifieddate";
}
