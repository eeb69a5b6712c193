/* SPDX-License-Identifier: Apache-2.0
 *
 * api.c - one call to Salesforce: how it is sent, and what its errors say.  Codes are told
 * as "errorCode" of a body or as "statusCode" of a row's result; messages are in the
 * user's language, so that they only tell where a code means two things. */
#include "salesforce.h"

#define MINUTE_MS INT64_C(60000)

static const struct rk_code codes[] = {
	{ "INVALID_CROSS_REFERENCE_KEY INVALID_CROSS_REFERENCE_TYPE_FOR_FIELD "
	  "CANNOT_REPARENT_RECORD FIELD_FILTER_VALIDATION_EXCEPTION "
	  "INACTIVE_OWNER_OR_USER", RK_REJECT, RK_CAT_ASSOCIATION },
	{ "FIELD_CUSTOM_VALIDATION_EXCEPTION CANNOT_EXECUTE_FLOW_TRIGGER FLOW_EXCEPTION "
	  "MAX_DEPTH_IN_FLOW_EXECUTION APEX_ERROR SELF_REFERENCE_FROM_TRIGGER "
	  "TXN_SECURITY_APEX_ERROR ENTITY_IS_LOCKED RECORD_IN_USE_BY_WORKFLOW "
	  "ALREADY_IN_PROCESS", RK_REJECT, RK_CAT_CUSTOM_CODE },
	{ "DUPLICATES_DETECTED DUPLICATE_VALUE DUPLICATE_EXTERNAL_ID DUPLICATE_USERNAME",
	  RK_REJECT, RK_CAT_DUPLICATE },
	{ "INSUFFICIENT_ACCESS INSUFFICIENT_ACCESS_OR_READONLY "
	  "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY INVALID_FIELD_FOR_INSERT_UPDATE "
	  "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY TRANSFER_REQUIRES_READ "
	  "CHILD_SHARE_FAILS_PARENT PACKAGE_LICENSE_REQUIRED FUNCTIONALITY_NOT_ENABLED "
	  "TXN_SECURITY_NO_ACCESS", RK_REJECT, RK_CAT_PERMISSION },
	{ "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST TOO_MANY_ENUM_VALUE",
	  RK_REJECT, RK_CAT_PICKLIST },
	{ "INVALID_FIELD INVALID_TYPE INVALID_TYPE_FOR_OPERATION INVALID_ENTITY_FOR_UPSERT "
	  "INVALID_EXTERNAL_ID_FIELD_NAME NOT_FOUND REQUIRED_FIELD_MISSING "
	  "INVALID_TYPE_ON_FIELD_IN_RECORD INVALID_ARGUMENT_TYPE "
	  "UNAVAILABLE_RECORDTYPE_EXCEPTION", RK_REJECT, RK_CAT_PROPERTY_MAPPING },
	{ "STRING_TOO_LONG INVALID_EMAIL_ADDRESS NUMBER_OUTSIDE_VALID_RANGE "
	  "INVALID_CURRENCY_ISO TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET INVALID_DATE_FORMAT "
	  "FIELD_INTEGRITY_EXCEPTION JSON_PARSER_ERROR MALFORMED_ID INVALID_ID_FIELD",
	  RK_REJECT, RK_CAT_PROPERTY_VALUE },
	{ "ENTITY_IS_DELETED CANNOT_UPDATE_CONVERTED_LEAD DELETE_FAILED DEPENDENCY_EXISTS",
	  RK_REJECT, RK_CAT_OTHER },
	{ "UNABLE_TO_LOCK_ROW ALL_OR_NONE_OPERATION_ROLLED_BACK PROCESSING_HALTED",
	  RK_AGAIN, RK_CAT_OTHER },
	{ "TOO_MANY_APEX_REQUESTS UNKNOWN_EXCEPTION SERVER_UNAVAILABLE "
	  "FUNCTIONALITY_TEMPORARILY_UNAVAILABLE ORG_IN_MAINTENANCE "
	  "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE REQUEST_RUNNING_TOO_LONG "
	  "QUERY_TIMEOUT OPERATION_TOO_LARGE QUERY_TOO_COMPLICATED "
	  "TXN_SECURITY_METERING_ERROR TERRITORY_REALIGN_IN_PROGRESS "
	  "TEMPORARY_QUERY_MORE_FAILURE", RK_AGAIN, RK_CAT_SERVER },
	{ "REQUEST_LIMIT_EXCEEDED TOO_MANY_JOBS EXCEEDED_QUOTA",
	  RK_AGAIN, RK_CAT_RATE_LIMIT },
	{ "STORAGE_LIMIT_EXCEEDED LICENSE_LIMIT_EXCEEDED", RK_PAUSE, RK_CAT_OTHER },
	{ "INVALID_SESSION_ID INVALID_AUTH_HEADER API_CURRENTLY_DISABLED "
	  "API_DISABLED_FOR_ORG ORG_LOCKED TRIAL_EXPIRED PASSWORD_LOCKOUT "
	  "LOGIN_DURING_RESTRICTED_DOMAIN", RK_PAUSE, RK_CAT_AUTH },
	{ "LOGIN_DURING_RESTRICTED_TIME", RK_AGAIN, RK_CAT_AUTH },
	{ "UNSUPPORTED_API_VERSION INVALID_VERSION InvalidVersion", RK_PAUSE, RK_CAT_CONFIG },
	{ "MALFORMED_QUERY", RK_BUG, RK_CAT_BUG },
	{ "INVALID_QUERY_LOCATOR", RK_RESYNC, RK_CAT_OTHER },
	{ NULL, 0, 0 },
};

/* Codes that mean two things, and the words that tell which. */
static const struct { const char *code, *words; int32_t category; } worded[] = {
	{ "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "rigger", RK_CAT_CUSTOM_CODE },
	{ "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "Class.", RK_CAT_CUSTOM_CODE },
	{ "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "System.", RK_CAT_CUSTOM_CODE },
	{ "LIMIT_EXCEEDED", "System.LimitException", RK_CAT_CUSTOM_CODE },
	{ "INVALID_FIELD", "oreign key external ID", RK_CAT_ASSOCIATION },
};

void
salesforce_judge(struct rk_fault *fault)
{
	const struct rk_code *known = rk_code_find(codes, fault->code);

	fault->category = known ? known->category : RK_CAT_OTHER;
	fault->status = known ? known->status : RK_OK;
	for (size_t i = 0; i < RK_COUNT(worded); i++)
		if (rk_text_is(fault->code, worded[i].code) &&
		    rk_text_find(fault->message, worded[i].words)) {
			fault->category = worded[i].category;
			fault->status = RK_REJECT;
		}
	if (rk_text_is(fault->code, "ENTITY_IS_DELETED") && fault->field.len)
		fault->category = RK_CAT_ASSOCIATION;
	if (rk_text_among(fault->code, "TOO_MANY_JOBS EXCEEDED_QUOTA"))
		fault->wait_ms = 60 * MINUTE_MS;
	if (rk_text_is(fault->code, "LOGIN_DURING_RESTRICTED_TIME"))
		fault->wait_ms = 15 * MINUTE_MS;
}

/* Who else holds a unique value: "... on record with id: 003xx0000000001". */
static struct rk_text
other_id(struct rk_text message)
{
	static const char phrase[] = "with id: ";
	const char *at = rk_text_find(message, phrase);
	const char *end = message.ptr + message.len, *from;

	if (!at)
		return rk_text_of(NULL, 0);
	for (from = at += strlen(phrase); at < end && isalnum((unsigned char)*at); at++)
		;
	return rk_text_of(from, (uint64_t)(at - from));
}

struct rk_fault
salesforce_read_fault(const struct rk_host *host, const cJSON *error)
{
	const cJSON *fields = rk_json_get(error, "fields");
	struct rk_text code = rk_json_str(host, error, "statusCode");
	struct rk_fault fault = {
		.code = rk_text_or(code, rk_json_str(host, error, "errorCode")),
		.message = rk_json_str(host, error, "message") };

	if (rk_json_is(fields, cJSON_Array))
		fault.field = rk_json_text(host, fields->child, NULL);
	fault.other_id = other_id(fault.message);
	salesforce_judge(&fault);
	return fault;
}

/* The two numbers behind NAME= in "api-usage=18/100000; per-app-api-usage=.."; what else
 * stands around it differs. */
static int
read_usage(struct rk_text header, const char *name, int64_t *used, int64_t *most)
{
	struct rk_text left = rk_digits_after(header, name), right;

	if (!rk_text_int(left, used))
		return 0;
	right.ptr = left.ptr + left.len + 1;
	if (right.ptr >= header.ptr + header.len || right.ptr[-1] != '/')
		return 0;
	right.len = (uint64_t)(header.ptr + header.len - right.ptr);
	right.len = strspn(right.ptr, "0123456789") < right.len
	          ? strspn(right.ptr, "0123456789") : right.len;
	return rk_text_int(right, most);
}

/* One code for two limits: calls of the day, and calls that run long at once, which pass. */
static void
read_limit(const struct rk_answer *answer, struct rk_fault *fault)
{
	struct rk_text info = rk_reply_header(&answer->reply, "sforce-limit-info");
	int64_t used = 0, most = 0;
	int told = read_usage(info, "api-usage=", &used, &most);

	if (told ? used < most : rk_text_find(fault->message, "oncurrent") != NULL) {
		fault->wait_ms = MINUTE_MS;
		return;
	}
	fault->status = RK_HOLD;
	fault->category = RK_CAT_QUOTA;
}

/* Shape: [{"errorCode":"..","message":"..","fields":["Id"]}]; of HTTP 300 a list of
 *        addresses. */
static struct rk_fault
read_fault(const struct rk_host *host, const struct rk_answer *answer)
{
	const cJSON *first = rk_json_is(answer->root, cJSON_Array) ? answer->root->child
	                                                           : answer->root;
	struct rk_fault fault = salesforce_read_fault(host, first);
	int32_t http = answer->reply.status;

	if (http == 300) {
		fault.code = rk_z("DUPLICATE_EXTERNAL_ID");
		fault.message = rk_z("several records have this external id");
		salesforce_judge(&fault);
	}
	if (rk_text_is(fault.code, "REQUEST_LIMIT_EXCEEDED"))
		read_limit(answer, &fault);
	if (rk_text_is(fault.code, "LIMIT_EXCEEDED") && !fault.status) {
		fault.status = RK_AGAIN;
		fault.category = RK_CAT_RATE_LIMIT;
		fault.wait_ms = 60 * MINUTE_MS;
	}
	if (http >= 500)                /* It may have acted, whatever the code. */
		fault.status = RK_OK;
	return fault;
}

static const struct rk_http_class http_classes[] = {
	{ 300, 300, 1, RK_REJECT, RK_CAT_DUPLICATE, "" },
	{ 406, 406, -1, RK_AGAIN, RK_CAT_UNREACHABLE, " (before the API)" },
	{ 409, 409, -1, RK_AGAIN, RK_CAT_SERVER, " Conflict" },
	{ 410, 410, -1, RK_PAUSE, RK_CAT_CONFIG, " Gone" },
	{ 415, 415, -1, RK_BUG, RK_CAT_BUG, " Unsupported Media Type" },
	{ 420, 420, -1, RK_AGAIN, RK_CAT_UNREACHABLE, " (no route to the org)" },
	{ 200, 399, -1, RK_PAUSE, RK_CAT_CONFIG, " (a redirect: check host)" },
	{ 503, 503, -1, RK_AGAIN, RK_CAT_UNREACHABLE, " (overloaded or maintenance)" },
	{ 0 },
};

static const struct rk_api api = { http_classes, read_fault };

static const struct rk_spend spends[] = {
	{ RK_LIT("parallel"), 1 }, { RK_LIT("day"), 1 },
};

struct rk_call
salesforce_call(const struct rk_host *host, const char *method, struct rk_text object,
                struct rk_text path)
{
	struct rk_call call = { .api = &api, .method = method, .object = object,
		.url = rk_textf(host, "%.*s/services/data/v%.*s%.*s",
		                RK_S(rk_base_url(host, "host")),
		                RK_S(host->setting(host, "version")), (int)path.len, path.ptr),
		.spends = spends, .spend_count = RK_COUNT(spends) };

	rk_call_add(host, &call, rk_bearer(host));
	rk_call_says(host, &call, "Accept", rk_z("application/json"));
	rk_call_says(host, &call, "Sforce-Call-Options", rk_z("client=renkei/1"));
	return call;
}

int32_t
salesforce_check_name(struct rk_text name, struct rk_err *err)
{
	if (name.len < 256 && rk_text_made_of(name, "_."))
		return RK_OK;
	return rk_fail_config(err, "\"%.*s\" is no name of an object or field of "
	                      "Salesforce", RK_S(name));
}

int
salesforce_is_id(struct rk_text id)
{
	return (id.len == 15 || id.len == 18) && rk_text_made_of(id, "");
}
