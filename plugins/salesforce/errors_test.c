/* SPDX-License-Identifier: Apache-2.0
 *
 * errors_test.c - every error that is known of Salesforce, as a row's result, as the
 * answer to a call, or from before the API; and what the connector makes of it.  Run by
 * make check. */
#include "plugins/testing/fake_host.h"

#include <renkei/http.h>

static const struct fake_setting settings[] = {
	{ "token", NULL }, { "host", "https://x.my.salesforce.com/" }, { "version", "67.0" },
	{ NULL, NULL },
};

static void
ask_for(uint32_t mode, int64_t since, int64_t until)
{
	fields[0] = fake_field("Email", RK_TEXT, 0);
	fields[1] = fake_field("LastName", RK_TEXT, 0);
	fake_query("Contact", mode, since, until);
}

static void
prepare(uint32_t operation, uint64_t count)
{
	static const char *const keys_of[FAKE_ROWS] = { "c-0", "c-1", "c-2", "c-3", "c-4",
	                                                "c-5", "c-6", "c-7" };

	fields[0] = fake_field("Renkei_Id__c", RK_TEXT,
	                       RK_FIELD_KEY | RK_FIELD_UNIQUE | RK_FIELD_WRITABLE);
	fields[1] = fake_field("LastName", RK_TEXT, RK_FIELD_WRITABLE);
	fields[2] = fake_field("AccountId", RK_REF, RK_FIELD_WRITABLE);
	fields[2].ref_object = rk_z("Account");
	fields[3] = fake_field("Score__c", RK_DECIMAL, RK_FIELD_COMPUTED);
	fake_batch("Contact", operation, 4, count, keys_of, 10);
	cells[0][2] = rk_value_of(RK_REF, rk_z("001xx0000000001AAA"));
}

#define TELLS(code, words, names) "[{\"success\":false,\"errors\":[{\"statusCode\":\"" code \
	"\",\"message\":\"" words "\",\"fields\":[" names "]}]}]"
#define ROW(code, category) \
	{ 'w', 200, TELLS(code, "m", ""), RK_OK, RK_CAT_ ## category, RK_REJECTED, code, NULL, \
	  "m", 0, NULL, NULL }
#define NAMED(code, words, field, category) \
	{ 'w', 200, TELLS(code, words, "\"" field "\""), RK_OK, RK_CAT_ ## category, \
	  RK_REJECTED, code, field, words, 0, NULL, NULL }
#define WORDED(code, words, category) \
	{ 'w', 200, TELLS(code, words, ""), RK_OK, RK_CAT_ ## category, RK_REJECTED, code, \
	  NULL, words, 0, NULL, NULL }
#define PASSES(code, status, category, wait) \
	{ 'w', 200, TELLS(code, "m", ""), status, RK_CAT_ ## category, RK_RETRY, code, NULL, \
	  "m", wait, NULL, NULL }

static void
every_code_of_a_row_has_its_category(void **state)
{
	static const struct fake_error cases[] = {
		ROW("INVALID_CROSS_REFERENCE_KEY", ASSOCIATION),
		NAMED("INVALID_CROSS_REFERENCE_KEY", "m", "AccountId", ASSOCIATION),
		ROW("INVALID_CROSS_REFERENCE_TYPE_FOR_FIELD", ASSOCIATION),
		ROW("ENTITY_IS_DELETED", OTHER),
		NAMED("ENTITY_IS_DELETED", "m", "AccountId", ASSOCIATION),
		ROW("CANNOT_REPARENT_RECORD", ASSOCIATION),
		ROW("FIELD_FILTER_VALIDATION_EXCEPTION", ASSOCIATION),
		ROW("INACTIVE_OWNER_OR_USER", ASSOCIATION),
		ROW("FIELD_CUSTOM_VALIDATION_EXCEPTION", CUSTOM_CODE),
		ROW("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", PERMISSION),
		WORDED("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
		       "LeadTrigger: execution of BeforeInsert", CUSTOM_CODE),
		WORDED("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
		       "caused by: System.NullPointerException", CUSTOM_CODE),
		ROW("CANNOT_EXECUTE_FLOW_TRIGGER", CUSTOM_CODE),
		ROW("FLOW_EXCEPTION", CUSTOM_CODE),
		ROW("MAX_DEPTH_IN_FLOW_EXECUTION", CUSTOM_CODE),
		ROW("APEX_ERROR", CUSTOM_CODE),
		ROW("SELF_REFERENCE_FROM_TRIGGER", CUSTOM_CODE),
		ROW("TXN_SECURITY_APEX_ERROR", CUSTOM_CODE),
		ROW("LIMIT_EXCEEDED", OTHER),
		WORDED("LIMIT_EXCEEDED", "System.LimitException: Too many SOQL", CUSTOM_CODE),
		ROW("ENTITY_IS_LOCKED", CUSTOM_CODE),
		ROW("RECORD_IN_USE_BY_WORKFLOW", CUSTOM_CODE),
		ROW("ALREADY_IN_PROCESS", CUSTOM_CODE),
		ROW("DUPLICATES_DETECTED", DUPLICATE),
		NAMED("DUPLICATE_VALUE", "m", "Renkei_Id__c", DUPLICATE),
		ROW("DUPLICATE_EXTERNAL_ID", DUPLICATE),
		ROW("DUPLICATE_USERNAME", DUPLICATE),
		ROW("INSUFFICIENT_ACCESS", PERMISSION),
		ROW("INSUFFICIENT_ACCESS_OR_READONLY", PERMISSION),
		ROW("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", PERMISSION),
		NAMED("INVALID_FIELD_FOR_INSERT_UPDATE", "m", "LastName", PERMISSION),
		NAMED("INVALID_FIELD_FOR_INSERT_UPDATE", "m", "Score__c", PROPERTY_MAPPING),
		ROW("TRANSFER_REQUIRES_READ", PERMISSION),
		ROW("CHILD_SHARE_FAILS_PARENT", PERMISSION),
		ROW("PACKAGE_LICENSE_REQUIRED", PERMISSION),
		ROW("FUNCTIONALITY_NOT_ENABLED", PERMISSION),
		ROW("TXN_SECURITY_NO_ACCESS", PERMISSION),
		ROW("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", PICKLIST),
		ROW("TOO_MANY_ENUM_VALUE", PICKLIST),
		ROW("INVALID_FIELD", PROPERTY_MAPPING),
		WORDED("INVALID_FIELD", "Foreign key external ID: a-1 not found", ASSOCIATION),
		ROW("INVALID_TYPE", PROPERTY_MAPPING),
		ROW("INVALID_TYPE_FOR_OPERATION", PROPERTY_MAPPING),
		ROW("INVALID_ENTITY_FOR_UPSERT", PROPERTY_MAPPING),
		ROW("INVALID_EXTERNAL_ID_FIELD_NAME", PROPERTY_MAPPING),
		ROW("NOT_FOUND", PROPERTY_MAPPING),
		NAMED("REQUIRED_FIELD_MISSING", "m", "Company", PROPERTY_MAPPING),
		NAMED("REQUIRED_FIELD_MISSING", "m", "LastName", PROPERTY_VALUE),
		ROW("INVALID_TYPE_ON_FIELD_IN_RECORD", PROPERTY_MAPPING),
		ROW("INVALID_ARGUMENT_TYPE", PROPERTY_MAPPING),
		ROW("UNAVAILABLE_RECORDTYPE_EXCEPTION", PROPERTY_MAPPING),
		NAMED("STRING_TOO_LONG", "m", "LastName", PROPERTY_VALUE),
		ROW("INVALID_EMAIL_ADDRESS", PROPERTY_VALUE),
		ROW("NUMBER_OUTSIDE_VALID_RANGE", PROPERTY_VALUE),
		ROW("INVALID_CURRENCY_ISO", PROPERTY_VALUE),
		ROW("TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET", PROPERTY_VALUE),
		ROW("INVALID_DATE_FORMAT", PROPERTY_VALUE),
		ROW("FIELD_INTEGRITY_EXCEPTION", PROPERTY_VALUE),
		NAMED("MALFORMED_ID", "m", "Id", PROPERTY_VALUE),
		NAMED("MALFORMED_ID", "m", "AccountId", ASSOCIATION),
		NAMED("INVALID_ID_FIELD", "m", "AccountId", ASSOCIATION),
		ROW("CANNOT_UPDATE_CONVERTED_LEAD", OTHER),
		ROW("DELETE_FAILED", OTHER), ROW("DEPENDENCY_EXISTS", OTHER),
		ROW("SOMETHING_NEW", OTHER),
		PASSES("ALL_OR_NONE_OPERATION_ROLLED_BACK", RK_AGAIN, OTHER, 0),
		PASSES("PROCESSING_HALTED", RK_AGAIN, OTHER, 0),
		PASSES("UNABLE_TO_LOCK_ROW", RK_AGAIN, OTHER, 0),
		PASSES("TOO_MANY_APEX_REQUESTS", RK_AGAIN, SERVER, 0),
		PASSES("STORAGE_LIMIT_EXCEEDED", RK_PAUSE, OTHER, 0),
		PASSES("LICENSE_LIMIT_EXCEEDED", RK_PAUSE, OTHER, 0),
		PASSES("UNKNOWN_EXCEPTION", RK_AGAIN, SERVER, 0),
		PASSES("SERVER_UNAVAILABLE", RK_AGAIN, SERVER, 0),
		PASSES("INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", RK_AGAIN, SERVER,
		       0),
		PASSES("TERRITORY_REALIGN_IN_PROGRESS", RK_AGAIN, SERVER, 0),
		PASSES("EXCEEDED_QUOTA", RK_AGAIN, RATE_LIMIT, 3600000),
		PASSES("TOO_MANY_JOBS", RK_AGAIN, RATE_LIMIT, 3600000),
	};

	(void)state;
	fake_errors(cases, RK_COUNT(cases), settings, ask_for, prepare);
}

#define BODY(code, words) "[{\"message\":\"" words "\",\"errorCode\":\"" code "\"}]"
#define CALL(http, code, status, category, wait) \
	{ 'r', http, BODY(code, "m"), status, RK_CAT_ ## category, 0, code, NULL, "m", wait, \
	  NULL, NULL }, \
	{ 'w', http, BODY(code, "m"), status, RK_CAT_ ## category, RK_RETRY, code, NULL, "m", \
	  wait, NULL, NULL }
#define WHOLE(http, code, category) \
	{ 'w', http, BODY(code, "m"), RK_OK, RK_CAT_ ## category, RK_REJECTED, code, NULL, "m", \
	  0, NULL, NULL }
#define BARE(http, body, status, category) \
	{ 'r', http, body, status, RK_CAT_ ## category, 0, NULL, NULL, NULL, 0, NULL, NULL }

static void
every_answer_of_a_call_has_its_class(void **state)
{
	static const struct fake_error cases[] = {
		CALL(401, "INVALID_SESSION_ID", RK_PAUSE, AUTH, 0),
		CALL(401, "INVALID_AUTH_HEADER", RK_PAUSE, AUTH, 0),
		CALL(403, "API_CURRENTLY_DISABLED", RK_PAUSE, AUTH, 0),
		CALL(403, "API_DISABLED_FOR_ORG", RK_PAUSE, AUTH, 0),
		CALL(403, "ORG_LOCKED", RK_PAUSE, AUTH, 0),
		CALL(403, "TRIAL_EXPIRED", RK_PAUSE, AUTH, 0),
		CALL(403, "PASSWORD_LOCKOUT", RK_PAUSE, AUTH, 0),
		CALL(403, "LOGIN_DURING_RESTRICTED_DOMAIN", RK_PAUSE, AUTH, 0),
		CALL(403, "LOGIN_DURING_RESTRICTED_TIME", RK_AGAIN, AUTH, 900000),
		CALL(410, "UNSUPPORTED_API_VERSION", RK_PAUSE, CONFIG, 0),
		CALL(400, "INVALID_VERSION", RK_PAUSE, CONFIG, 0),
		CALL(400, "InvalidVersion", RK_PAUSE, CONFIG, 0),
		CALL(400, "MALFORMED_QUERY", RK_BUG, BUG, 0),
		CALL(400, "QUERY_TIMEOUT", RK_AGAIN, SERVER, 0),
		CALL(400, "REQUEST_RUNNING_TOO_LONG", RK_AGAIN, SERVER, 0),
		CALL(400, "OPERATION_TOO_LARGE", RK_AGAIN, SERVER, 0),
		CALL(400, "QUERY_TOO_COMPLICATED", RK_AGAIN, SERVER, 0),
		CALL(403, "TXN_SECURITY_METERING_ERROR", RK_AGAIN, SERVER, 0),
		CALL(403, "ORG_IN_MAINTENANCE", RK_AGAIN, SERVER, 0),
		CALL(403, "FUNCTIONALITY_TEMPORARILY_UNAVAILABLE", RK_AGAIN, SERVER, 0),
		CALL(403, "REQUEST_LIMIT_EXCEEDED", RK_HOLD, QUOTA, 0),
		{ 'r', 403, BODY("REQUEST_LIMIT_EXCEEDED", "m"), RK_HOLD, RK_CAT_QUOTA, 0, NULL,
		  NULL, NULL, 0, "sforce-limit-info", "api-usage=100000/100000; api-bursts=1/750" },
		{ 'r', 403, BODY("REQUEST_LIMIT_EXCEEDED", "m"), RK_AGAIN, RK_CAT_RATE_LIMIT, 0,
		  NULL, NULL, NULL, 60000, "sforce-limit-info",
		  "api-usage=18/100000; per-app-api-usage=17/250(appName=x)" },
		{ 'r', 403, BODY("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests Limit"), RK_AGAIN,
		  RK_CAT_RATE_LIMIT, 0, NULL, NULL, NULL, 60000, NULL, NULL },
		CALL(400, "LIMIT_EXCEEDED", RK_AGAIN, RATE_LIMIT, 3600000),
		{ 'r', 400, BODY("INVALID_QUERY_LOCATOR", "m"), RK_RESYNC, RK_CAT_OTHER, 0, NULL,
		  NULL, NULL, 0, NULL, NULL },
		BARE(400, BODY("INVALID_FIELD", "m"), RK_PAUSE, PROPERTY_MAPPING),
		BARE(403, BODY("INSUFFICIENT_ACCESS", "m"), RK_PAUSE, PERMISSION),
		WHOLE(400, "JSON_PARSER_ERROR", PROPERTY_VALUE),
		WHOLE(400, "INVALID_FIELD", PROPERTY_MAPPING),
		WHOLE(404, "NOT_FOUND", PROPERTY_MAPPING),
		WHOLE(400, "SOMETHING_NEW", OTHER),
		{ 'w', 300, "[\"/services/data/v67.0/sobjects/Account/001\"]", RK_OK,
		  RK_CAT_DUPLICATE, RK_REJECTED, "DUPLICATE_EXTERNAL_ID", NULL, NULL, 0, NULL,
		  NULL },
		BARE(404, "<html>", RK_PAUSE, CONFIG), BARE(302, "", RK_PAUSE, CONFIG),
		BARE(406, "", RK_AGAIN, UNREACHABLE), BARE(420, "", RK_AGAIN, UNREACHABLE),
		BARE(429, "", RK_AGAIN, RATE_LIMIT), BARE(408, "", RK_AGAIN, SERVER),
		BARE(409, "", RK_AGAIN, SERVER), BARE(431, "<html>", RK_BUG, BUG),
		BARE(405, "", RK_BUG, BUG), BARE(412, "", RK_BUG, BUG),
		BARE(414, "", RK_BUG, BUG), BARE(415, "", RK_BUG, BUG),
		BARE(428, "", RK_BUG, BUG), BARE(410, "", RK_PAUSE, CONFIG),
		BARE(500, BODY("UNKNOWN_EXCEPTION", "m"), RK_AGAIN, SERVER),
		BARE(503, "<html>", RK_AGAIN, UNREACHABLE), BARE(502, "", RK_AGAIN, SERVER),
		BARE(504, "", RK_AGAIN, SERVER),
		{ 'w', 500, BODY("UNKNOWN_EXCEPTION", "m"), RK_AGAIN, RK_CAT_SERVER, RK_UNKNOWN,
		  NULL, NULL, NULL, 0, NULL, NULL },
		{ 'w', 200, "<html>", RK_AGAIN, RK_CAT_UNREACHABLE, RK_UNKNOWN, NULL, NULL, NULL,
		  0, NULL, NULL },
		{ 'w', 200, "[]", RK_BUG, RK_CAT_BUG, RK_UNKNOWN, NULL, NULL, NULL, 0, NULL,
		  NULL },
	};

	(void)state;
	fake_errors(cases, RK_COUNT(cases), settings, ask_for, prepare);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		FAKE_TEST(every_code_of_a_row_has_its_category, settings),
		FAKE_TEST(every_answer_of_a_call_has_its_class, settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
