/* SPDX-License-Identifier: Apache-2.0 */
/* salesforce_simulator_test.c - the simulated Salesforce refuses what the fact sheet says
 * that the vendor refuses, and answers in its shapes.  Run by `make check`. */
static const struct { const char *name, *header; } vendors[] = {
	{ "salesforce", "Authorization: Bearer sim-salesforce-token" },
};
#define VENDORS (sizeof vendors / sizeof *vendors)

#include "asking.h"

#define RUN(rows) ROWS_OF(0, rows)
#define V "/services/data/v67.0"
#define KEYED V "/composite/sobjects/Contact/Renkei_Id__c"
#define Q(soql) V "/query?q=" soql
#define ID(n) "003xx000000000" n "AAA"
#define CONTROL(path, text) { "POST", "/_control/" path, text, 200, NULL, NULL }
#define LOAD(object, values) CONTROL("load", "{\"object\":\"" object "\",\"records\":[" \
	"{\"updatedAt\":\"2026-03-01T09:15:00.700Z\",\"fields\":{" values "}}]}")
#define OF(type, values) "{\"attributes\":{\"type\":\"" type "\"}," values "}"
#define CONTACT(values) OF("Contact", values)
#define ROWS(rows) "{\"allOrNone\":false,\"records\":[" rows "]}"
#define UPSERT(rows, want) { "PATCH", KEYED, ROWS(rows), 200, want, NULL }

static void
it_checks_who_asks_and_for_what(void **state)
{
	static const struct row rows[] = {
		{ "GET", "/services/data/", NULL, 200, "\"version\":\"67.0\"", "-" },
		{ "GET", V "/limits", NULL, 401, "INVALID_SESSION_ID", "-" },
		{ "GET", V "/limits", NULL, 401, "INVALID_SESSION_ID",
		  "-Authorization: Bearer wrong" },
		{ "GET", V "/limits", NULL, 200, "DailyApiRequests", NULL },
		{ "GET", V "/limits", NULL, 200, "Sforce-Limit-Info: api-usage=", NULL },
		{ "GET", "/services/data/v20.0/limits", NULL, 410, "UNSUPPORTED_API_VERSION",
		  NULL },
		{ "GET", "/services/data/v99.0/limits", NULL, 404, "NOT_FOUND", NULL },
		{ "GET", V "/nothing", NULL, 404, "NOT_FOUND", NULL },
		{ "POST", V "/sobjects/Contact", "{\"LastName\":\"x\"}", 415,
		  "UNSUPPORTED_MEDIA_TYPE", "Content-Type: text/plain" },
		{ "POST", V "/sobjects/Contact", "{\"LastName\"", 400, "JSON_PARSER_ERROR",
		  NULL },
		CONTROL("options", "{\"no_limits_right\":true}"),
		{ "GET", V "/limits", NULL, 403, "INSUFFICIENT_ACCESS", NULL },
		CONTROL("options", "{\"daily\":5,\"used\":5}"),
		{ "GET", V "/sobjects", NULL, 403, "REQUEST_LIMIT_EXCEEDED", NULL },
	};

	(void)state;
	RUN(rows);
	char *url = many(Q(""), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 600, "");
	const struct row too_long[] = { { "GET", url, NULL, 431, "<html>", NULL } };
	RUN(too_long);
	free(url);
}

static void
it_describes_its_fields(void **state)
{
	static const struct row rows[] = {
		{ "GET", V "/sobjects", NULL, 200, "\"keyPrefix\":\"00Q\"", NULL },
		{ "GET", V "/sobjects/Nothing/describe", NULL, 404, "NOT_FOUND", NULL },
		{ "GET", V "/sobjects/Contact/describe", NULL, 200,
		  "\"name\":\"MasterRecordId\"", NULL },
		{ "GET", V "/sobjects/Opportunity/describe", NULL, 200,
		  "!\"name\":\"MasterRecordId\"", NULL },
		CONTROL("object", "{\"name\":\"Plan__c\",\"label\":\"Plan\",\"prefix\":\"a00\"}"),
		CONTROL("field", "{\"object\":\"Plan__c\",\"name\":\"Code__c\",\"type\":"
			"\"string\",\"length\":10,\"externalId\":true,\"unique\":true}"),
		{ "GET", V "/sobjects/Plan__c/describe", NULL, 200, "\"name\":\"Code__c\"", NULL },
		CONTROL("rule", "{\"object\":\"Contact\",\"field\":\"Phone\",\"hidden\":true}"),
		{ "GET", V "/sobjects/Contact/describe", NULL, 200, "!\"name\":\"Phone\"", NULL },
		{ "GET", Q("SELECT%20Phone%20FROM%20Contact"), NULL, 400, "INVALID_FIELD", NULL },
	};

	(void)state;
	RUN(rows);
}

static void
its_queries_are_strict(void **state)
{
	static const struct row rows[] = {
		LOAD("Account", "\"Name\":\"A\",\"Renkei_Id__c\":\"acme\""),
		LOAD("Contact", "\"LastName\":\"O'Neill\",\"Employees__c\":5,\"AccountId\":"
		     "\"001xx0000000001AAA\""),
		LOAD("Contact", "\"LastName\":\"Mori\",\"Interests__c\":\"event;support\""),
		{ "GET", Q("SELECT%20Id,SystemModstamp%20FROM%20Contact"), NULL, 200,
		  "\"SystemModstamp\":\"2026-03-01T09:15:00.000+0000\"", NULL },
		{ "GET", Q("SELECT%20Account.Name%20FROM%20Contact%20ORDER%20BY%20Id"), NULL, 200,
		  "\"Account\":{\"attributes\":{\"type\":\"Account\"},\"Name\":\"A\"}", NULL },
		{ "GET", Q("SELECT%20Account.Name%20FROM%20Contact%20WHERE%20LastName='Mori'"),
		  NULL, 200, "\"Account\":null", NULL },
		{ "GET", Q("SELECT%20Id%20FROM%20Contact%20WHERE%20LastName='O%5C'neill'"), NULL,
		  200, "\"totalSize\":1", NULL },
		{ "GET", Q("SELECT%20Id%20FROM%20Contact%20WHERE%20Employees__c%20%3E=%205"),
		  NULL, 200, "\"totalSize\":1", NULL },
		{ "GET", Q("SELECT%20Id%20FROM%20Contact%20WHERE%20Interests__c%20INCLUDES("
		  "'event;support')"), NULL, 200, "\"totalSize\":1", NULL },
		{ "GET", Q("SELECT%20Id%20FROM%20Contact%20WHERE%20LastName%20LIKE%20'm%25'"),
		  NULL, 200, "\"totalSize\":1", NULL },
		{ "GET", Q("SELECT%20count()%20FROM%20Contact"), NULL, 200, "\"totalSize\":2",
		  NULL },
		{ "GET", Q("SELECT%20Id%20FROM%20Contact%20WHERE%20SystemModstamp%20=%20'2026-03-"
		  "01T09:15:00Z'"), NULL, 400, "should not be enclosed in quotes", NULL },
		{ "GET", Q("SELECT%20Id%20FROM%20Contact%20WHERE%20LastName%20=%20Mori"), NULL, 400,
		  "should be enclosed in quotes", NULL },
		{ "GET", Q("SELECT%20Id%20FROM%20Contact%20WHERE%20Id%20!=%20null%20AND%20Id%20!="
		  "%20null%20OR%20Id%20=%20null"), NULL, 400, "MALFORMED_QUERY", NULL },
		{ "GET", Q("SELECT%20Id%20FROM%20Contact%20WHERE%20(Id!=null%20AND%20Id!=null)%20OR"
		  "%20Id=null"), NULL, 200, "\"totalSize\":2", NULL },
		{ "GET", Q("SELECT%20Nope%20FROM%20Contact"), NULL, 400, "INVALID_FIELD", NULL },
		{ "GET", Q("SELECT%20MasterRecordId%20FROM%20Opportunity"), NULL, 400,
		  "INVALID_FIELD", NULL },
		{ "GET", Q("SELECT%20Nope__r.Name%20FROM%20Contact"), NULL, 400,
		  "Didn't understand relationship", NULL },
		{ "GET", Q("SELECT%20Id%20FROM%20Nope"), NULL, 400, "INVALID_TYPE", NULL },
		{ "GET", Q("SELECT%20Id%20FROM%20Contact%20WHERE%20Id='x'"), NULL, 400,
		  "INVALID_QUERY_FILTER_OPERATOR", NULL },
		{ "GET", Q("SELECT%20Id%20FROM%20Contact%20OFFSET%202001"), NULL, 400,
		  "MALFORMED_QUERY", NULL },
		{ "GET", V "/query/01gxx0000000009AAA-2000", NULL, 400, "INVALID_QUERY_LOCATOR",
		  NULL },
	};

	(void)state;
	RUN(rows);
}

static void
its_pages_hold_their_place(void **state)
{
	static const struct row rows[] = {
		CONTROL("seed", "{\"object\":\"Contact\",\"count\":450}"),
		{ "GET", Q("SELECT%20Id%20FROM%20Contact%20ORDER%20BY%20Id"), NULL, 200,
		  "\"done\":true", NULL },
		{ "GET", Q("SELECT%20Id%20FROM%20Contact%20ORDER%20BY%20Id"), NULL, 200,
		  "\"done\":false,\"nextRecordsUrl\":\"/services/data/v67.0/query/"
		  "01gxx0000000001AAA-200\"", "Sforce-Query-Options: batchSize=200" },
		CONTROL("delete", "{\"object\":\"Contact\",\"ids\":[\"" ID("1") "\"]}"),
		{ "GET", V "/query/01gxx0000000001AAA-200", NULL, 200,
		  "-400\",\"records\":[{\"attributes\":{\"type\":\"Contact\",\"url\":\"/services/"
		  "data/v67.0/sobjects/Contact/003xx000000003F", "Sforce-Query-Options: "
		  "batchSize=200" },
		{ "GET", V "/query/01gxx0000000001AAA-400", NULL, 200, "\"done\":true", NULL },
		CONTROL("clock", "{\"advance_ms\":172801000}"),
		{ "GET", V "/query/01gxx0000000001AAA-400", NULL, 400, "INVALID_QUERY_LOCATOR",
		  NULL },
	};

	(void)state;
	RUN(rows);
}

static void
deleted_records_are_told_apart(void **state)
{
	static const struct row rows[] = {
		LOAD("Contact", "\"LastName\":\"A\""), LOAD("Contact", "\"LastName\":\"B\""),
		LOAD("Contact", "\"LastName\":\"C\""),
		CONTROL("delete", "{\"object\":\"Contact\",\"ids\":[\"" ID("1") "\"]}"),
		CONTROL("merge", "{\"object\":\"Contact\",\"winner\":\"" ID("3") "\",\"loser\":\""
			ID("2") "\"}"),
		{ "GET", Q("SELECT%20Id%20FROM%20Contact"), NULL, 200, "\"totalSize\":1", NULL },
		{ "GET", V "/queryAll?q=SELECT%20Id,IsDeleted,MasterRecordId%20FROM%20Contact%20"
		  "WHERE%20IsDeleted=true%20ORDER%20BY%20Id%20DESC", NULL, 200,
		  "\"IsDeleted\":true,\"MasterRecordId\":\"" ID("3") "\"", NULL },
		{ "GET", V "/sobjects/Contact/" ID("1"), NULL, 404, "NOT_FOUND", NULL },
		{ "PATCH", V "/sobjects/Contact/" ID("1"), "{\"LastName\":\"x\"}", 404,
		  "ENTITY_IS_DELETED", NULL },
		{ "GET", V "/sobjects/Contact/updated/?start=2026-03-01T09%3A00%3A00%2B00%3A00&"
		  "end=2026-03-01T09%3A00%3A59%2B00%3A00", NULL, 400, "INVALID_REPLICATION_DATE",
		  NULL },
		{ "GET", V "/sobjects/Contact/updated/?start=2020-03-01T09%3A00%3A00%2B00%3A00&"
		  "end=2026-03-01T09%3A00%3A59%2B00%3A00", NULL, 400, "INVALID_REPLICATION_DATE",
		  NULL },
	};

	(void)state;
	RUN(rows);
}

static void
collections_tell_each_row(void **state)
{
	static const struct row rows[] = {
		UPSERT(CONTACT("\"Renkei_Id__c\":\"a\",\"LastName\":\"A\""),
		       "[{\"id\":\"" ID("1") "\",\"success\":true,\"errors\":[],\"created\":true}]"),
		UPSERT(CONTACT("\"Renkei_Id__c\":\" A\",\"LastName\":\"B\""), "\"created\":false"),
		UPSERT(CONTACT("\"Renkei_Id__c\":\"b\",\"LastName\":\"B\"") "," CONTACT(
		       "\"Renkei_Id__c\":\"c\""), "\"statusCode\":\"REQUIRED_FIELD_MISSING\""),
		UPSERT(CONTACT("\"LastName\":\"B\""), "MISSING_ARGUMENT"),
		UPSERT(CONTACT("\"Renkei_Id__c\":\"d\",\"LastName\":\"D\",\"Stage__c\":\"x\""),
		       "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
		UPSERT(CONTACT("\"Renkei_Id__c\":\"d\",\"LastName\":\"D\",\"LeadSource\":\"x\""),
		       "\"success\":true"),
		UPSERT(CONTACT("\"Renkei_Id__c\":\"e\",\"LastName\":\"E\",\"Email\":\"x\""),
		       "INVALID_EMAIL_ADDRESS"),
		UPSERT(CONTACT("\"Renkei_Id__c\":\"e\",\"LastName\":\"E\",\"Name\":\"x\""),
		       "INVALID_FIELD_FOR_INSERT_UPDATE"),
		UPSERT(CONTACT("\"Renkei_Id__c\":\"e\",\"LastName\":\"E\",\"AccountId\":\"001\""),
		       "MALFORMED_ID"),
		UPSERT(CONTACT("\"Renkei_Id__c\":\"e\",\"LastName\":\"E\",\"AccountId\":"
		       "\"001xx0000000009AAA\""), "INVALID_CROSS_REFERENCE_KEY"),
		UPSERT(CONTACT("\"Renkei_Id__c\":\"e\",\"LastName\":\"E\",\"Account\":{"
		       "\"Renkei_Id__c\":\"nobody\"}"), "Foreign key external ID"),
		UPSERT(CONTACT("\"Renkei_Id__c\":\"e\",\"LastName\":\"E\",\"OwnerId\":"
		       "\"005xx0000000003AAA\""), "INACTIVE_OWNER_OR_USER"),
		UPSERT(CONTACT("\"Renkei_Id__c\":\"e\",\"LastName\":\"E\",\"Employees__c\":"
		       "123456789012345.5"), "NUMBER_OUTSIDE_VALID_RANGE"),
		/* One row that cannot be read, and nothing is done of any. */
		{ "PATCH", KEYED, ROWS(CONTACT("\"Renkei_Id__c\":\"f\",\"LastName\":\"F\"") ","
		  CONTACT("\"Renkei_Id__c\":\"g\",\"LastName\":\"G\",\"Employees__c\":\"5\"")),
		  400, "JSON_PARSER_ERROR", NULL },
		{ "PATCH", KEYED, ROWS(CONTACT("\"Renkei_Id__c\":\"f\",\"Nope\":1")), 400,
		  "INVALID_FIELD", NULL },
		{ "GET", V "/sobjects/Contact/Renkei_Id__c/f", NULL, 404, "NOT_FOUND", NULL },
		{ "PATCH", KEYED, ROWS(CONTACT("\"id\":\"x\",\"Renkei_Id__c\":\"f\"")), 400,
		  "INVALID_INPUT", NULL },
		{ "PATCH", KEYED, ROWS(OF("Lead", "\"Renkei_Id__c\":\"f\"")), 400,
		  "INVALID_INPUT", NULL },
		{ "PATCH", V "/composite/sobjects/Contact/Email", ROWS(CONTACT("\"Email\":\"f\"")),
		  404, "NOT_FOUND", NULL },
		{ "PATCH", KEYED, "{\"allOrNone\":true,\"records\":[" CONTACT("\"Renkei_Id__c\":"
		  "\"h\",\"LastName\":\"H\"") "," CONTACT("\"Renkei_Id__c\":\"i\"") "]}", 200,
		  "ALL_OR_NONE_OPERATION_ROLLED_BACK", NULL },
		{ "GET", V "/sobjects/Contact/Renkei_Id__c/h", NULL, 404, NULL, NULL },
		{ "PATCH", V "/composite/sobjects", ROWS(CONTACT("\"id\":\"" ID("1") "\","
		  "\"Renkei_Id__c\":\"b\"")), 200, "DUPLICATE_VALUE", NULL },
		{ "PATCH", V "/composite/sobjects", ROWS(CONTACT("\"id\":\"" ID("9") "\"")), 200,
		  "INVALID_CROSS_REFERENCE_KEY", NULL },
		{ "DELETE", V "/composite/sobjects?ids=" ID("1"), NULL, 200, "\"success\":true",
		  NULL },
		{ "DELETE", V "/composite/sobjects?ids=" ID("1"), NULL, 200, "ENTITY_IS_DELETED",
		  NULL },
	};

	(void)state;
	RUN(rows);
	char *body = many("{\"records\":[", CONTACT("\"Renkei_Id__c\":\"k#\""), 201, "]}");
	const struct row too_many[] = { { "PATCH", KEYED, body, 400, "EXCEEDED_ID_LIMIT", NULL } };
	RUN(too_many);
	free(body);
}

static void
single_records_by_id_and_key(void **state)
{
	static const struct row rows[] = {
		{ "POST", V "/sobjects/Contact", "{\"LastName\":\"A\",\"Contract__c\":\"2026-01-31\","
		  "\"Last_Seen__c\":\"2026-01-31T09:00:00.123+09:00\"}", 201, "\"id\":\"" ID("1")
		  "\",\"success\":true", NULL },
		{ "GET", V "/sobjects/Contact/" ID("1"), NULL, 200,
		  "\"Last_Seen__c\":\"2026-01-31T00:00:00.000+0000\"", NULL },
		{ "POST", V "/sobjects/Contact", "{\"LastName\":\"A\",\"Contract__c\":"
		  "\"2026-01-31T00:00:00Z\"}", 400, "JSON_PARSER_ERROR", NULL },
		{ "POST", V "/sobjects/Contact", "{}", 400, "REQUIRED_FIELD_MISSING", NULL },
		{ "PATCH", V "/sobjects/Contact/Renkei_Id__c/a%20b", "{\"LastName\":\"B\"}", 201,
		  "\"created\":true", NULL },
		{ "PATCH", V "/sobjects/Contact/Renkei_Id__c/a%20b", "{\"LastName\":\"C\"}", 200,
		  "\"created\":false", NULL },
		{ "PATCH", V "/sobjects/Contact/Renkei_Id__c/z?updateOnly=true",
		  "{\"LastName\":\"C\"}", 404, "NOT_FOUND", NULL },
		{ "PATCH", V "/sobjects/Contact/Renkei_Id__c/z", "{\"Renkei_Id__c\":\"z\"}", 400,
		  "INVALID_FIELD", NULL },
		CONTROL("field", "{\"object\":\"Contact\",\"name\":\"Loose__c\",\"type\":"
			"\"string\",\"externalId\":true}"),
		LOAD("Contact", "\"LastName\":\"D\",\"Loose__c\":\"twice\""),
		LOAD("Contact", "\"LastName\":\"E\",\"Loose__c\":\"twice\""),
		{ "PATCH", V "/sobjects/Contact/Loose__c/twice", "{\"LastName\":\"F\"}", 300,
		  "\"/services/data/v67.0/sobjects/Contact/" ID("3") "\"", NULL },
		{ "PATCH", V "/composite/sobjects/Contact/Loose__c", ROWS(CONTACT("\"Loose__c\":"
		  "\"twice\",\"LastName\":\"F\"")), 200, "DUPLICATE_EXTERNAL_ID", NULL },
		{ "DELETE", V "/sobjects/Contact/" ID("1"), NULL, 204, NULL, NULL },
	};

	(void)state;
	RUN(rows);
}

static void
an_org_has_rules_of_its_own(void **state)
{
	static const char good[] = ROWS(CONTACT("\"Renkei_Id__c\":\"a\",\"LastName\":\"A\","
						"\"Email\":\"a@example.com\""));
	static const struct row rows[] = {
		LOAD("Contact", "\"LastName\":\"Z\",\"Email\":\"a@example.com\""),
		CONTROL("rule", "{\"object\":\"Contact\",\"alike\":\"Email\"}"),
		{ "PATCH", KEYED, good, 200, "DUPLICATES_DETECTED", NULL },
		{ "PATCH", KEYED, good, 200, "\"success\":true",
		  "Sforce-Duplicate-Rule-Header: allowSave=true" },
		CONTROL("rule", "{\"object\":\"Contact\",\"alike\":\"Email\",\"blocks\":true}"),
		{ "PATCH", KEYED, good, 200, "DUPLICATES_DETECTED",
		  "Sforce-Duplicate-Rule-Header: allowSave=true" },
		CONTROL("rule", "{\"object\":\"Contact\",\"trigger\":\"no\"}"),
		{ "PATCH", KEYED, good, 200, "ContactTrigger: execution of", NULL },
		CONTROL("rule", "{\"object\":\"Contact\",\"trigger\":\"\",\"forbidden\":"
			"\"INSUFFICIENT_ACCESS_OR_READONLY\"}"),
		{ "PATCH", KEYED, good, 200, "INSUFFICIENT_ACCESS_OR_READONLY", NULL },
		CONTROL("rule", "{\"object\":\"Contact\",\"forbidden\":\"\"}"),
		CONTROL("rule", "{\"object\":\"Contact\",\"field\":\"Phone\",\"must\":\"call me\"}"),
		{ "PATCH", KEYED, good, 200, "FIELD_CUSTOM_VALIDATION_EXCEPTION", NULL },
	};

	(void)state;
	RUN(rows);
}

#define JOBS V "/jobs/ingest"
#define JOB(n) JOBS "/750xx000000000" n "AAA"
#define READER(n) V "/jobs/query/750xx000000000" n "AAA"

static void
a_job_writes_rows_of_csv(void **state)
{
	static const struct row rows[] = {
		{ "POST", JOBS, "{\"object\":\"Contact\",\"operation\":\"upsert\",\"contentType\":"
		  "\"CSV\",\"externalIdFieldName\":\"Email\"}", 400, "INVALIDJOB", NULL },
		{ "POST", JOBS, "{\"object\":\"Contact\",\"operation\":\"upsert\",\"contentType\":"
		  "\"CSV\",\"lineEnding\":\"LF\",\"externalIdFieldName\":\"Renkei_Id__c\"}", 200,
		  "\"state\":\"Open\"", NULL },
		{ "PUT", JOB("1") "/batches", "Renkei_Id__c,LastName,Employees__c\n"
		  "a,\"A, \"\"x\"\"\",5\nb,,\n", 201, NULL, "Content-Type: text/csv" },
		{ "PUT", JOB("1") "/batches", "a\n", 400, "INVALIDJOBSTATE",
		  "Content-Type: text/csv" },
		{ "PATCH", JOB("1"), "{\"state\":\"UploadComplete\"}", 200, "UploadComplete",
		  NULL },
		{ "GET", JOB("1"), NULL, 200, "\"state\":\"InProgress\"", NULL },
		{ "GET", JOB("1"), NULL, 200, "\"numberRecordsFailed\":1", NULL },
		{ "GET", JOB("1") "/successfulResults/", NULL, 200,
		  "\"" ID("1") "\",true,a,\"A, \"\"x\"\"\",5\n", NULL },
		{ "GET", JOB("1") "/failedResults/", NULL, 200,
		  "\"\",REQUIRED_FIELD_MISSING:Required fields are missing", NULL },
		{ "GET", JOB("1") "/unprocessedrecords/", NULL, 200, "Renkei_Id__c,LastName", NULL },
		{ "GET", JOB("9"), NULL, 404, "NOT_FOUND", NULL },
		CONTROL("options", "{\"bulk_off\":true}"),
		{ "POST", JOBS, "{\"object\":\"Contact\",\"operation\":\"insert\",\"contentType\":"
		  "\"CSV\"}", 400, "LIMIT_EXCEEDED", NULL },
	};

	(void)state;
	RUN(rows);
}

static void
a_job_reads_by_locator(void **state)
{
	static const struct row rows[] = {
		CONTROL("seed", "{\"object\":\"Contact\",\"count\":30}"),
		{ "POST", V "/jobs/query", "{\"operation\":\"queryAll\",\"query\":"
		  "\"SELECT MailingAddress FROM Contact\"}", 400, "compound data not supported",
		  NULL },
		{ "POST", V "/jobs/query", "{\"operation\":\"queryAll\",\"query\":"
		  "\"SELECT Id, SystemModstamp FROM Contact ORDER BY Id\"}", 200,
		  "\"state\":\"UploadComplete\"", NULL },
		{ "GET", READER("1") "/results", NULL, 400, "INVALIDJOBSTATE", NULL },
		{ "GET", READER("1"), NULL, 200, "InProgress", NULL },
		{ "GET", READER("1"), NULL, 200, "\"numberRecordsProcessed\":30", NULL },
		{ "GET", READER("1") "/results?maxRecords=20", NULL, 200,
		  "Sforce-Locator: MTA20\r\n", NULL },
		{ "GET", READER("1") "/results?maxRecords=20&locator=MTA20", NULL, 200,
		  "Sforce-Locator: null\r\n", NULL },
		{ "GET", READER("1") "/results?maxRecords=20&locator=MTA20", NULL, 200,
		  "Sforce-NumberOfRecords: 10\r\n", NULL },
		{ "DELETE", READER("1"), NULL, 204, NULL, NULL },
		{ "GET", READER("1"), NULL, 404, "NOT_FOUND", NULL },
	};

	(void)state;
	RUN(rows);
}

#define TEST(name) { #name, name, start_plain, stop, NULL }

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(it_checks_who_asks_and_for_what),
		TEST(it_describes_its_fields),
		TEST(its_queries_are_strict),
		TEST(its_pages_hold_their_place),
		TEST(deleted_records_are_told_apart),
		TEST(collections_tell_each_row),
		TEST(single_records_by_id_and_key),
		TEST(an_org_has_rules_of_its_own),
		TEST(a_job_writes_rows_of_csv),
		TEST(a_job_reads_by_locator),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
