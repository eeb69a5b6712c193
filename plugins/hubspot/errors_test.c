/* SPDX-License-Identifier: Apache-2.0
 *
 * errors_test.c - every error answer that is known of HubSpot, and what the connector
 * makes of it: documented ones, and bodies that others recorded.  Those of the token
 * endpoint are not here, as the connector does not log in.  Run by make check. */
#include "plugins/testing/fake_host.h"

static const struct fake_setting settings[] = {
	{ "token", NULL },        { "host", "https://api.example.com/" },
	{ "version", "2026-09" }, { "index_lag", "60s" },
	{ NULL, NULL },
};

static void
ask_for(uint32_t mode, int64_t since, int64_t until)
{
	fields[0] = fake_field("email", RK_TEXT, 0);
	fields[1] = fake_field("name", RK_TEXT, 0);
	fake_query("contacts", mode, since, until);
}

static void
prepare(uint32_t operation, uint64_t count)
{
	static const char *const mails[FAKE_ROWS] = { "a@x.jp", "b@x.jp", "c@x.jp",
		"d@x.jp", "e@x.jp", "f@x.jp", "g@x.jp", "h@x.jp" };

	fields[0] = fake_field("email", RK_TEXT, RK_FIELD_KEY | RK_FIELD_KEY_NOCASE);
	fields[1] = fake_field("name", RK_TEXT, RK_FIELD_WRITABLE);
	fields[2] = fake_field("dealstage", RK_CHOICE, RK_FIELD_WRITABLE);
	fake_batch("contacts", operation, 3, count, mails, 51);
}

#define TEXT(text) "{\"status\":\"error\",\"category\":\"VALIDATION_ERROR\"," \
	"\"message\":\"" text "\",\"correlationId\":\"c-1\"}"
#define DETAIL(code, name) "{\"status\":\"error\",\"message\":\"m\",\"category\":" \
	"\"VALIDATION_ERROR\",\"correlationId\":\"c-1\",\"errors\":[{\"message\":\"d\"," \
	"\"code\":\"" code "\",\"context\":{\"propertyName\":[\"" name "\"]}}]}"
#define INSIDE(code, name) TEXT("Property values were not valid: [{\\\"isValid\\\":" \
	"false,\\\"message\\\":\\\"d\\\",\\\"error\\\":\\\"" code "\\\"," \
	"\\\"name\\\":\\\"" name "\\\",\\\"portalId\\\":1}]")
#define REJECTED(http, body, category, code, field) \
	{ 'w', http, body, RK_OK, category, RK_REJECTED, code, field, NULL, 0, NULL, NULL }
#define AS_A_WHOLE(by, http, body, status, category, code, told) \
	{ by, http, body, status, category, RK_RETRY, code, NULL, told, 0, NULL, NULL }
/* It may have been done: the row's outcome is not known. */
#define UNSURE(http, body, category) \
	{ 'w', http, body, RK_AGAIN, category, RK_UNKNOWN, NULL, NULL, NULL, 0, NULL, NULL }

static void
a_record_that_is_refused_has_category_code_and_field(void **state)
{
	static const struct fake_error cases[] = {
		REJECTED(400, DETAIL("PROPERTY_DOESNT_EXIST", "x"),
		         RK_CAT_PROPERTY_MAPPING, "PROPERTY_DOESNT_EXIST", "x"),
		REJECTED(400, INSIDE("PROPERTY_DOESNT_EXIST", "x"),
		         RK_CAT_PROPERTY_MAPPING, "PROPERTY_DOESNT_EXIST", "x"),
		REJECTED(400, DETAIL("READ_ONLY_VALUE", "createdate"),
		         RK_CAT_PROPERTY_MAPPING, "READ_ONLY_VALUE", "createdate"),
		REJECTED(400, INSIDE("READ_ONLY_VALUE", "createdate"),
		         RK_CAT_PROPERTY_MAPPING, "READ_ONLY_VALUE", "createdate"),
		REJECTED(400, TEXT("Unable to perform update/upsert by non-unique 0-1 "
		                   "property hs_object_id"),
		         RK_CAT_PROPERTY_MAPPING, "VALIDATION_ERROR", ""),
		REJECTED(400, INSIDE("MISSING_REQUIRED_PROPERTY", "pipeline"),
		         RK_CAT_PROPERTY_MAPPING, "MISSING_REQUIRED_PROPERTY", "pipeline"),
		REJECTED(400, TEXT("Unable to perform update/upsert by non-unique 0-2 "
		                   "property domain"),
		         RK_CAT_PROPERTY_MAPPING, "VALIDATION_ERROR", ""),
		REJECTED(400, DETAIL("MISSING_REQUIRED_PROPERTY", "dealname"),
		         RK_CAT_PROPERTY_MAPPING, "MISSING_REQUIRED_PROPERTY", "dealname"),
		REJECTED(400, DETAIL("MISSING_REQUIRED_PROPERTY", "domain"),
		         RK_CAT_PROPERTY_MAPPING, "MISSING_REQUIRED_PROPERTY", "domain"),
		REJECTED(400, "{\"status\":\"error\",\"message\":\"No properties found to "
		              "update, please provide at least one.\",\"context\":"
		              "{\"properties\":[]}}",
		         RK_CAT_PROPERTY_MAPPING, "", ""),
		REJECTED(400, DETAIL("INVALID_OPTION", "dealstage"), RK_CAT_PICKLIST,
		         "INVALID_OPTION", "dealstage"),
		REJECTED(400, INSIDE("INVALID_OPTION", "dealstage"), RK_CAT_PICKLIST,
		         "INVALID_OPTION", "dealstage"),
		REJECTED(400, TEXT("Z was not one of the allowed options: [A, B]"),
		         RK_CAT_PICKLIST, "VALIDATION_ERROR", ""),
		REJECTED(400, DETAIL("INVALID_LONG", "dealstage"), RK_CAT_PICKLIST,
		         "INVALID_LONG", "dealstage"),
		REJECTED(400, DETAIL("INVALID_OWNER_ID", "hubspot_owner_id"),
		         RK_CAT_PICKLIST, "INVALID_OWNER_ID", "hubspot_owner_id"),
		REJECTED(400, DETAIL("INVALID_EMAIL", "email"), RK_CAT_PROPERTY_VALUE,
		         "INVALID_EMAIL", "email"),
		REJECTED(400, TEXT("Email address x is invalid"), RK_CAT_PROPERTY_VALUE,
		         "VALIDATION_ERROR", ""),
		REJECTED(400, DETAIL("INVALID_INTEGER", "n"), RK_CAT_PROPERTY_VALUE,
		         "INVALID_INTEGER", "n"),
		REJECTED(400, DETAIL("INVALID_LONG", "n"), RK_CAT_PROPERTY_VALUE,
		         "INVALID_LONG", "n"),
		REJECTED(400, TEXT("1,5 was not a valid long."), RK_CAT_PROPERTY_VALUE,
		         "VALIDATION_ERROR", ""),
		REJECTED(400, DETAIL("INVALID_DATE", "d"), RK_CAT_PROPERTY_VALUE,
		         "INVALID_DATE", "d"),
		REJECTED(400, TEXT("1496643178000 is at 6:12:58.0 UTC, not midnight!"),
		         RK_CAT_PROPERTY_VALUE, "VALIDATION_ERROR", ""),
		REJECTED(400, TEXT("the value is too long"), RK_CAT_PROPERTY_VALUE, NULL, ""),
		REJECTED(400, DETAIL("VALUE_TOO_LONG", "bio"), RK_CAT_PROPERTY_VALUE,
		         "VALUE_TOO_LONG", "bio"),
		REJECTED(400, DETAIL("INVALID_NUMBER", "n"), RK_CAT_PROPERTY_VALUE,
		         "INVALID_NUMBER", "n"),
		REJECTED(400, DETAIL("INVALID_VALUE", "flag"), RK_CAT_PROPERTY_VALUE,
		         "INVALID_VALUE", "flag"),
		REJECTED(400, INSIDE("INVALID_EMAIL", "email"), RK_CAT_PROPERTY_VALUE,
		         "INVALID_EMAIL", "email"),
		REJECTED(400, INSIDE("INVALID_DATE", "d"), RK_CAT_PROPERTY_VALUE,
		         "INVALID_DATE", "d"),
		REJECTED(400, INSIDE("INVALID_INTEGER", "n"), RK_CAT_PROPERTY_VALUE,
		         "INVALID_INTEGER", "n"),
		REJECTED(400, DETAIL("MISSING_CONDITIONAL_REQUIRED_PROPERTY", "reason"),
		         RK_CAT_CUSTOM_CODE, "MISSING_CONDITIONAL_REQUIRED_PROPERTY",
		         "reason"),
		REJECTED(400, DETAIL("MISSING_REQUIRED_PROPERTY", "our_rule"),
		         RK_CAT_CUSTOM_CODE, "MISSING_REQUIRED_PROPERTY", "our_rule"),
		REJECTED(400, TEXT("the value breaks a validation rule"), RK_CAT_CUSTOM_CODE,
		         NULL, ""),
		REJECTED(409, "{\"status\":\"error\",\"message\":\"Contact already exists. "
		              "Existing ID: 6001\",\"category\":\"CONFLICT\"}",
		         RK_CAT_DUPLICATE, "CONFLICT", ""),
		REJECTED(400, DETAIL("CONFLICTING_UNIQUE_VALUE", "no"), RK_CAT_DUPLICATE,
		         "CONFLICTING_UNIQUE_VALUE", "no"),
		REJECTED(400, INSIDE("CONFLICTING_UNIQUE_VALUE", "no"), RK_CAT_DUPLICATE,
		         "CONFLICTING_UNIQUE_VALUE", "no"),
		REJECTED(400, TEXT("contact 5 already has that value"), RK_CAT_DUPLICATE,
		         "VALIDATION_ERROR", ""),
		REJECTED(409, "{\"category\":\"OBJECT_ALREADY_EXISTS\",\"subCategory\":"
		              "\"Properties.PROPERTY_WITH_NAME_EXISTS\"}",
		         RK_CAT_DUPLICATE, "Properties.PROPERTY_WITH_NAME_EXISTS", ""),
		REJECTED(400, "{\"category\":\"VALIDATION_ERROR\",\"message\":\"Duplicate IDs "
		              "found in batch input: [a@x.jp]. IDs must be unique\","
		              "\"context\":{\"ids\":[\"a@x.jp\"]}}",
		         RK_CAT_DUPLICATE, "VALIDATION_ERROR", ""),
		REJECTED(400, TEXT("Missing 'Edit Associations' permission."),
		         RK_CAT_PERMISSION, "VALIDATION_ERROR", ""),
		REJECTED(400, "{\"message\":\"One or more associations are invalid\","
		              "\"context\":{\"INVALID_OBJECT_IDS\":[\"CONTACT=1 is not "
		              "valid\"]}}", RK_CAT_ASSOCIATION, RK_CODE_PARENT_MISSING, ""),
		REJECTED(400, "{\"message\":\"One or more associations are invalid\","
		              "\"context\":{\"INVALID_ASSOCIATION_TYPE_ID\":[\"9\"]}}",
		         RK_CAT_ASSOCIATION, "INVALID_ASSOCIATION_TYPE_ID", ""),
		REJECTED(400, TEXT("invalid from object type 0-1, expected: 0-2"),
		         RK_CAT_ASSOCIATION, "VALIDATION_ERROR", ""),
		REJECTED(404, "{\"category\":\"OBJECT_NOT_FOUND\",\"subCategory\":"
		              "\"crm.associations.TO_OBJECT_NOT_FOUND\"}",
		         RK_CAT_ASSOCIATION, "crm.associations.TO_OBJECT_NOT_FOUND", ""),
		REJECTED(400, TEXT("the greatest number of associations is reached"),
		         RK_CAT_ASSOCIATION, RK_CODE_ASSOCIATION_LIMIT, ""),
		REJECTED(400, "{\"category\":\"VALIDATION_ERROR\",\"subCategory\":"
		              "\"crm.associations.INVALID_ASSOCIATION_TYPE\"}",
		         RK_CAT_ASSOCIATION, "crm.associations.INVALID_ASSOCIATION_TYPE", ""),
		REJECTED(404, "{\"category\":\"OBJECT_NOT_FOUND\",\"message\":\"m\"}",
		         RK_CAT_OTHER, "OBJECT_NOT_FOUND", ""),
		REJECTED(404, "{\"status\":\"error\",\"message\":\"resource not found\"}",
		         RK_CAT_OTHER, "", ""),
		/* Codes that nobody told: by what stands around them. */
		REJECTED(400, DETAIL("VALUE_EXCEEDS_LIMIT", "bio"), RK_CAT_PROPERTY_VALUE,
		         "VALUE_EXCEEDS_LIMIT", "bio"),
		REJECTED(400, INSIDE("VALUE_EXCEEDS_LIMIT", "bio"), RK_CAT_PROPERTY_VALUE,
		         "VALUE_EXCEEDS_LIMIT", "bio"),
		REJECTED(400, DETAIL("NO_SUCH_STAGE", "dealstage"), RK_CAT_PICKLIST,
		         "NO_SUCH_STAGE", "dealstage"),
		REJECTED(400, INSIDE("NO_SUCH_OWNER", "hubspot_owner_id"), RK_CAT_PICKLIST,
		         "NO_SUCH_OWNER", "hubspot_owner_id"),
		REJECTED(400, "{\"category\":\"VALIDATION_ERROR\",\"errors\":[{\"code\":"
		              "\"REGEX\",\"message\":\"breaks a validation rule\",\"context\":"
		              "{\"propertyName\":[\"no\"]}}]}",
		         RK_CAT_CUSTOM_CODE, "REGEX", "no"),
		REJECTED(400, "{\"category\":\"VALIDATION_ERROR\",\"errors\":[{\"message\":"
		              "\"m\",\"subCategory\":\"crm.associations.LIMIT\"}]}",
		         RK_CAT_ASSOCIATION, "crm.associations.LIMIT", ""),
		REJECTED(409, "{\"message\":\"m\"}", RK_CAT_DUPLICATE, "", ""),
		REJECTED(409, "<html>", RK_CAT_DUPLICATE, "", ""),
		REJECTED(400, DETAIL("SOMETHING_NEW", ""), RK_CAT_OTHER, "SOMETHING_NEW", ""),
		REJECTED(400, TEXT("something new"), RK_CAT_OTHER, "VALIDATION_ERROR", ""),
		REJECTED(400, TEXT("Invalid input JSON on line 1, column 2"), RK_CAT_OTHER,
		         "VALIDATION_ERROR", ""),
		REJECTED(414, TEXT("Cannot have more than 250 identities on a profile"),
		         RK_CAT_OTHER, "VALIDATION_ERROR", ""),
		REJECTED(400, TEXT("Property values were not valid: [{broken"), RK_CAT_OTHER,
		         "VALIDATION_ERROR", ""),
		REJECTED(400, "{}", RK_CAT_OTHER, "", ""),
		REJECTED(400, "", RK_CAT_OTHER, "", ""),
		/* The same of one input, in the answer to a batch. */
		REJECTED(207, "{\"status\":\"COMPLETE\",\"results\":[],\"numErrors\":1,"
		              "\"errors\":[{\"status\":\"error\",\"category\":"
		              "\"VALIDATION_ERROR\",\"message\":\"Property values were not "
		              "valid: [{\\\"error\\\":\\\"INVALID_OPTION\\\",\\\"name\\\":"
		              "\\\"dealstage\\\"}]\",\"context\":{\"objectWriteTraceId\":"
		              "[\"t0\"]}}]}",
		         RK_CAT_PICKLIST, "INVALID_OPTION", "dealstage"),
		REJECTED(200, "{\"results\":[],\"errors\":[{\"category\":\"CONFLICT\","
		              "\"message\":\"m\",\"context\":{\"objectWriteTraceId\":"
		              "[\"t0\"]}}]}",
		         RK_CAT_DUPLICATE, "CONFLICT", ""),
	};

	(void)state;
	fake_errors(cases, RK_COUNT(cases), settings, ask_for, prepare);
}

/* ---- Batches ------------------------------------------------------------------------ */

#define OF(context, more) "{\"status\":\"error\"," more ",\"context\":{" context "}}"
#define TRACES(list) "\"objectWriteTraceId\":[" list "]"
#define INNER(code, name) "\"category\":\"VALIDATION_ERROR\",\"message\":\"Property " \
	"values were not valid: [{\\\"error\\\":\\\"" code "\\\",\\\"name\\\":" \
	"\\\"" name "\\\"}]\""
#define DONE(id, trace) "{\"id\":\"" id "\",\"new\":false,\"properties\":{}," \
	"\"objectWriteTraceId\":\"" trace "\"}"
#define PARTLY(results, errors) "{\"status\":\"COMPLETE\",\"results\":[" results \
	"],\"numErrors\":1,\"errors\":[" errors "]}"

/* What became of three inputs, their ids 51, 52, 53 and their keys a@x.jp ...: what is
 * told of one is nobody else's. */
static void
an_error_of_a_batch_goes_to_the_inputs_that_it_names(void **state)
{
	static const struct {
		uint32_t operation;
		int32_t http, status;
		const char *body;
		struct { int32_t outcome, category; } want[3];
	} cases[] = {
		{ RK_OP_UPSERT, 207, RK_OK, PARTLY(DONE("51", "t0"),
		  OF(TRACES("\"t1\""), INNER("INVALID_OPTION", "dealstage")) ","
		  OF(TRACES("\"t2\""), INNER("CONFLICTING_UNIQUE_VALUE", "no"))),
		  { { RK_UPDATED, 0 }, { RK_REJECTED, RK_CAT_PICKLIST },
		    { RK_REJECTED, RK_CAT_DUPLICATE } } },
		{ RK_OP_UPDATE, 207, RK_OK, PARTLY(DONE("53", "t2"),
		  OF(TRACES("\"t0\",\"t1\""), INNER("READ_ONLY_VALUE", "createdate"))),
		  { { RK_REJECTED, RK_CAT_PROPERTY_MAPPING },
		    { RK_REJECTED, RK_CAT_PROPERTY_MAPPING }, { RK_UPDATED, 0 } } },
		/* Archived meanwhile: named by id, in order or not. */
		{ RK_OP_UPDATE, 207, RK_OK, PARTLY(DONE("52", "t1"),
		  OF("\"ids\":[\"53\",\"51\"]", "\"category\":\"OBJECT_NOT_FOUND\","
		     "\"message\":\"m\"")),
		  { { RK_REJECTED, RK_CAT_OTHER }, { RK_UPDATED, 0 },
		    { RK_REJECTED, RK_CAT_OTHER } } },
		{ RK_OP_CREATE, 207, RK_OK, PARTLY(DONE("9", "t0"),
		  OF(TRACES("\"t1\""), "\"category\":\"CONFLICT\",\"message\":\"Contact "
		     "already exists. Existing ID: 6\"") ","
		  OF(TRACES("\"t2\""), INNER("MISSING_REQUIRED_PROPERTY", "dealname"))),
		  { { RK_CREATED, 0 }, { RK_REJECTED, RK_CAT_DUPLICATE },
		    { RK_REJECTED, RK_CAT_PROPERTY_MAPPING } } },
		/* Of one input nothing is told: it is looked after as unknown. */
		{ RK_OP_UPSERT, 207, RK_OK, PARTLY(DONE("51", "t0"),
		  OF(TRACES("\"t2\""), INNER("INVALID_EMAIL", "email"))),
		  { { RK_UPDATED, 0 }, { RK_UNKNOWN, 0 },
		    { RK_REJECTED, RK_CAT_PROPERTY_VALUE } } },
		/* Refused as a whole, with the culprit named: by trace, key or value. */
		{ RK_OP_UPSERT, 400, RK_OK, "{\"category\":\"VALIDATION_ERROR\",\"message\":"
		  "\"m\",\"errors\":[{\"message\":\"d\",\"code\":\"INVALID_OPTION\","
		  "\"context\":{" TRACES("\"t1\"") ",\"propertyName\":[\"dealstage\"]}}]}",
		  { { RK_RETRY, 0 }, { RK_REJECTED, RK_CAT_PICKLIST }, { RK_RETRY, 0 } } },
		{ RK_OP_UPSERT, 400, RK_OK, OF("\"ids\":[\"b@x.jp\"]", "\"category\":"
		  "\"VALIDATION_ERROR\",\"message\":\"Duplicate IDs found in batch input: "
		  "[b@x.jp]. IDs must be unique\""),
		  { { RK_RETRY, 0 }, { RK_REJECTED, RK_CAT_DUPLICATE }, { RK_RETRY, 0 } } },
		{ RK_OP_UPSERT, 400, RK_OK, "{\"category\":\"VALIDATION_ERROR\",\"message\":"
		  "\"m\",\"errors\":[{\"message\":\"Email address c@x.jp is invalid\","
		  "\"code\":\"INVALID_EMAIL\",\"context\":{\"propertyName\":[\"email\"]}}]}",
		  { { RK_RETRY, 0 }, { RK_RETRY, 0 },
		    { RK_REJECTED, RK_CAT_PROPERTY_VALUE } } },
		/* Nobody is named: the batch is for the host to part. */
		{ RK_OP_CREATE, 409, RK_REJECT, "{\"category\":\"CONFLICT\",\"message\":"
		  "\"Contact already exists. Existing ID: 6\"}",
		  { { RK_RETRY, 0 }, { RK_RETRY, 0 }, { RK_RETRY, 0 } } },
		{ RK_OP_UPSERT, 400, RK_REJECT, DETAIL("PROPERTY_DOESNT_EXIST", "x"),
		  { { RK_RETRY, 0 }, { RK_RETRY, 0 }, { RK_RETRY, 0 } } },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		int32_t status;

		fake_open(settings);
		prepare(cases[i].operation, 3);
		fake_will_answer(cases[i].http, cases[i].body);
		status = write_batch();
		for (size_t j = 0; j < 3; j++)
			if (status != cases[i].status ||
			    outcomes[j].status != cases[i].want[j].outcome ||
			    outcomes[j].category != cases[i].want[j].category)
				fail_msg("case %zu: status %d, row %zu outcome %d category "
				         "%d", i, status, j, outcomes[j].status,
				         outcomes[j].category);
	}
}

static void
a_call_that_fails_has_its_class(void **state)
{
	static const struct fake_error cases[] = {
		AS_A_WHOLE('w', 401, "{\"status\":\"error\",\"message\":\"Authentication "
		           "credentials not found.\",\"correlationId\":\"c-1\",\"category\":"
		           "\"INVALID_AUTHENTICATION\"}", RK_PAUSE, RK_CAT_AUTH,
		           "INVALID_AUTHENTICATION", "401 Unauthorized INVALID_AUTHENTICATION: "
		           "Authentication credentials not found. (correlationId c-1)"),
		AS_A_WHOLE('r', 401, "{\"category\":\"EXPIRED_AUTHENTICATION\",\"message\":"
		           "\"expired 5 second(s) ago.\"}", RK_PAUSE, RK_CAT_AUTH,
		           "EXPIRED_AUTHENTICATION", "expired 5"),
		AS_A_WHOLE('r', 401, "", RK_PAUSE, RK_CAT_AUTH, "", "401"),
		{ 'r', 502, "<html>", RK_AGAIN, RK_CAT_SERVER, 0, NULL, NULL,
		  "correlationId c-9", 0, "x-hubspot-correlation-id", "c-9" },
		AS_A_WHOLE('w', 403, "{\"category\":\"MISSING_SCOPES\",\"errors\":[{"
		           "\"message\":\"m\",\"context\":{\"requiredGranularScopes\":["
		           "\"crm.objects.contacts.write\",\"x\"]}}]}", RK_PAUSE,
		           RK_CAT_PERMISSION, "MISSING_SCOPES",
		           "missing scope: crm.objects.contacts.write or x"),
		AS_A_WHOLE('r', 403, "{\"category\":\"MISSING_SCOPES\",\"context\":"
		           "{\"requiredScopes\":[\"y\"]}}", RK_PAUSE, RK_CAT_PERMISSION,
		           "MISSING_SCOPES", "missing scope: y"),
		AS_A_WHOLE('r', 403, "{\"category\":\"MISSING_SCOPES\",\"missingScopes\":"
		           "[\"z\"]}", RK_PAUSE, RK_CAT_PERMISSION, "MISSING_SCOPES",
		           "missing scope: z"),
		AS_A_WHOLE('w', 403, "{\"message\":\"no\"}", RK_PAUSE, RK_CAT_PERMISSION, "",
		           "403 Forbidden"),
		AS_A_WHOLE('r', 403, "{\"message\":\"Your IP address 203.0.113.9 is not "
		           "allowed\"}", RK_PAUSE, RK_CAT_PERMISSION, RK_CODE_IP_RULE,
		           "names the address 203.0.113.9"),
		AS_A_WHOLE('w', 403, "<html>Access denied</html>", RK_PAUSE,
		           RK_CAT_PERMISSION, RK_CODE_IP_RULE, "no JSON"),
		AS_A_WHOLE('r', 403, "", RK_PAUSE, RK_CAT_PERMISSION, RK_CODE_IP_RULE, "403"),
		AS_A_WHOLE('r', 402, "{\"message\":\"m\"}", RK_PAUSE, RK_CAT_PERMISSION,
		           RK_CODE_NOT_ENTITLED, "402 Payment Required"),
		AS_A_WHOLE('r', 403, "{\"message\":\"This portal's subscription does not "
		           "include it\"}", RK_PAUSE, RK_CAT_PERMISSION, RK_CODE_NOT_ENTITLED,
		           "subscription"),
		AS_A_WHOLE('w', 400, TEXT("Unable to infer object type from: x"), RK_PAUSE,
		           RK_CAT_CONFIG, NULL, "infer object type"),
		AS_A_WHOLE('r', 400, TEXT("Unable to infer object type from: x"), RK_PAUSE,
		           RK_CAT_CONFIG, NULL, "infer object type"),
		AS_A_WHOLE('r', 404, "{\"message\":\"resource not found\"}", RK_PAUSE,
		           RK_CAT_CONFIG, NULL, "resource not found"),
		AS_A_WHOLE('r', 404, "<html>", RK_PAUSE, RK_CAT_CONFIG, NULL, "404 Not Found"),
		AS_A_WHOLE('w', 404, "<html>", RK_PAUSE, RK_CAT_CONFIG, NULL, "404 Not Found"),
		AS_A_WHOLE('r', 400, DETAIL("PROPERTY_DOESNT_EXIST", "p"), RK_PAUSE,
		           RK_CAT_PROPERTY_MAPPING, "PROPERTY_DOESNT_EXIST", "d"),
		AS_A_WHOLE('r', 400, TEXT("Invalid input JSON on line 1"), RK_BUG, RK_CAT_BUG,
		           NULL, "line 1"),
		AS_A_WHOLE('r', 400, TEXT("paging past 10,000"), RK_BUG, RK_CAT_BUG, NULL,
		           NULL),
		AS_A_WHOLE('r', 414, "<html>too long</html>", RK_BUG, RK_CAT_BUG, NULL,
		           "no JSON"),
		AS_A_WHOLE('r', 301, "", RK_PAUSE, RK_CAT_CONFIG, NULL, "check host"),
		AS_A_WHOLE('r', 200, "<!DOCTYPE html><html>Please log in</html>", RK_AGAIN,
		           RK_CAT_UNREACHABLE, NULL, "web page"),
		{ 'r', 200, "oops", RK_AGAIN, RK_CAT_UNREACHABLE, 0, NULL, NULL, "web page",
		  0, "content-type", "text/html; charset=utf-8" },
		AS_A_WHOLE('r', 200, "", RK_AGAIN, RK_CAT_SERVER, NULL, NULL),
		AS_A_WHOLE('r', 200, "{\"results\":[", RK_AGAIN, RK_CAT_SERVER, NULL,
		           "byte 12"),
		AS_A_WHOLE('r', 200, "{\"status\":\"error\",\"message\":\"inner trouble\"}",
		           RK_BUG, RK_CAT_BUG, NULL, "it says: inner trouble"),
		/* Nothing is told of the row: it is looked after as unknown. */
		{ 'w', 200, "{\"status\":\"error\",\"message\":\"m\"}", RK_OK, 0, RK_UNKNOWN,
		  NULL, NULL, NULL, 0, NULL, NULL },
		{ 'w', 200, "{\"status\":\"COMPLETE\",\"results\":[],\"errors\":[]}", RK_OK,
		  0, RK_UNKNOWN, NULL, NULL, NULL, 0, NULL, NULL },
		UNSURE(200, "<html>", RK_CAT_UNREACHABLE), UNSURE(200, "", RK_CAT_SERVER),
		{ 'w', 423, "{}", RK_AGAIN, RK_CAT_SERVER, RK_UNKNOWN, NULL, NULL,
		  "asked again in 2 s", 2000, NULL, NULL },
		UNSURE(477, "", RK_CAT_SERVER),
		UNSURE(408, "", RK_CAT_SERVER),
		UNSURE(500, "<html>", RK_CAT_SERVER), UNSURE(502, "", RK_CAT_SERVER),
		UNSURE(503, "<html>", RK_CAT_SERVER), UNSURE(504, "", RK_CAT_SERVER),
		UNSURE(524, "", RK_CAT_SERVER), UNSURE(521, "", RK_CAT_UNREACHABLE),
		UNSURE(522, "", RK_CAT_UNREACHABLE), UNSURE(523, "", RK_CAT_UNREACHABLE),
		UNSURE(525, "", RK_CAT_UNREACHABLE), UNSURE(526, "", RK_CAT_UNREACHABLE),
		AS_A_WHOLE('r', 500, "{\"message\":\"internal error\"}", RK_AGAIN,
		           RK_CAT_SERVER, NULL, "HTTP 500: internal error"),
		AS_A_WHOLE('w', 0, NULL, RK_AGAIN, RK_CAT_UNREACHABLE, NULL, "failed"),
	};

	(void)state;
	fake_errors(cases, RK_COUNT(cases), settings, ask_for, prepare);
}

static void
a_429_says_which_limit_and_for_how_long(void **state)
{
#define BURST "{\"status\":\"error\",\"message\":\"You have reached your " \
	"ten_secondly_rolling limit.\",\"errorType\":\"RATE_LIMIT\",\"policyName\":" \
	"\"TEN_SECONDLY_ROLLING\"}"
#define SEARCH "{\"status\":\"error\",\"message\":\"You have reached your secondly " \
	"limit.\",\"category\":\"RATE_LIMITS\"}"
#define INTERVAL "x-hubspot-ratelimit-interval-milliseconds"
	static const struct fake_error cases[] = {
		{ 'w', 429, BURST, RK_AGAIN, RK_CAT_RATE_LIMIT, RK_RETRY,
		  "TEN_SECONDLY_ROLLING", NULL, "429 Too Many Requests", 10000, NULL, NULL },
		{ 'w', 429, BURST, RK_AGAIN, RK_CAT_RATE_LIMIT, RK_RETRY, NULL, NULL, NULL,
		  12000, INTERVAL, "12000" },
		{ 'w', 429, BURST, RK_AGAIN, RK_CAT_RATE_LIMIT, RK_RETRY, NULL, NULL, NULL,
		  10000, INTERVAL, "-5" },
		{ 'w', 429, BURST, RK_AGAIN, RK_CAT_RATE_LIMIT, RK_RETRY, NULL, NULL, NULL,
		  10000, INTERVAL, "99999999999" },
		{ 'r', 429, SEARCH, RK_AGAIN, RK_CAT_RATE_LIMIT, 0, "RATE_LIMITS", NULL,
		  "secondly limit", 1000, NULL, NULL },
		{ 'r', 429, "{\"message\":\"You have reached your daily limit.\","
		  "\"policyName\":\"DAILY\"}", RK_HOLD, RK_CAT_QUOTA, 0, "DAILY", NULL,
		  "daily", 0, NULL, NULL },
		{ 'w', 429, "{\"message\":\"You have reached your daily limit.\"}", RK_HOLD,
		  RK_CAT_QUOTA, RK_RETRY, "DAILY", NULL, NULL, 0, NULL, NULL },
		{ 'w', 429, "<html>", RK_AGAIN, RK_CAT_RATE_LIMIT, RK_RETRY, NULL, NULL,
		  "no JSON", 10000, NULL, NULL },
		{ 'w', 429, "", RK_AGAIN, RK_CAT_RATE_LIMIT, RK_RETRY, NULL, NULL, NULL,
		  10000, NULL, NULL },
	};

	(void)state;
	fake_errors(cases, RK_COUNT(cases), settings, ask_for, prepare);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FAKE_TEST(a_record_that_is_refused_has_category_code_and_field, settings),
		FAKE_TEST(an_error_of_a_batch_goes_to_the_inputs_that_it_names, settings),
		FAKE_TEST(a_call_that_fails_has_its_class, settings),
		FAKE_TEST(a_429_says_which_limit_and_for_how_long, settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
