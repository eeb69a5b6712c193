/* SPDX-License-Identifier: Apache-2.0
 *
 * salesforce_test.c - what the Salesforce connector sends and how it reads answers, with
 * the fake host.  Run by make check. */
#include "plugins/testing/fake_host.h"

#define BASE "https://x.my.salesforce.com/services/data/v67.0"
#define ID(n) "003xx000000000" n "AAA"

static const struct fake_setting settings[] = {
	{ "token", NULL }, { "host", "https://x.my.salesforce.com/" }, { "version", "67.0" },
	{ NULL, NULL },
};

static const struct fake_setting with_oauth[] = {
	{ "access_token", NULL }, { "host", "https://x.my.salesforce.com" },
	{ "version", "60.0" }, { "duplicate_rules", "pass_alerts" },
	{ "assignment_rules", "true" }, { NULL, NULL },
};

#define TEST(name) FAKE_TEST(name, settings)

/* ---- open, auth, describe --------------------------------------------------------- */

static void
open_needs_a_token_and_the_address_of_the_api(void **state)
{
	static const struct fake_setting none[] = { { "host", "https://x" }, { NULL, NULL } };
	static const struct fake_setting pages[] = {
		{ "token", NULL }, { "host", "https://x.lightning.force.com" }, { NULL, NULL } };
	struct rk_conn *conn = NULL;

	(void)state;
	fake.settings = none;
	assert_int_equal(renkei_connector_v1.open(&fake.host, &conn, &fake_err), RK_PAUSE);
	fake.settings = pages;
	assert_int_equal(renkei_connector_v1.open(&fake.host, &conn, &fake_err), RK_PAUSE);
	assert_int_equal(fake_err.category, RK_CAT_CONFIG);
	assert_int_equal(fake.seen_count, 0);
}

#define VERSIONS "[{\"version\":\"52.0\"},{\"version\":\"67.0\"}]"

static void
auth_looks_for_the_version_and_proves_the_token(void **state)
{
	struct rk_account account;

	(void)state;
	fake_will_answer(200, VERSIONS);
	fake_will_answer(200, "{\"DailyApiRequests\":{\"Max\":15000,\"Remaining\":14203}}");
	assert_int_equal(fake_auth(&account), RK_OK);
	assert_text(account.grants[0].detail, "14203 of 15000 calls left");
	assert_string_equal(fake.seen[0].url, "https://x.my.salesforce.com/services/data/");
	assert_string_equal(fake.seen[1].url, BASE "/limits");
	assert_string_equal(fake.seen[1].headers, "Authorization: Bearer <token>\n"
	                    "Accept: application/json\nSforce-Call-Options: client=renkei/1\n");
	assert_string_equal(fake.seen[1].spends, "parallel day ");
}

static void
auth_tells_what_is_wrong(void **state)
{
	struct rk_account account;

	(void)state;
	fake_will_answer(200, "[{\"version\":\"52.0\"},{\"version\":\"53.0\"}]");
	assert_int_equal(fake_auth(&account), RK_PAUSE);
	assert_non_null(strstr(fake_err.message, "the newest is 53.0"));
	fake_will_answer(200, "{\"a\":1}");
	assert_int_equal(fake_auth(&account), RK_PAUSE);
	assert_int_equal(fake_err.category, RK_CAT_CONFIG);
	fake_will_answer(200, VERSIONS);
	fake_will_answer(401, "[{\"message\":\"Session expired or invalid\","
	                      "\"errorCode\":\"INVALID_SESSION_ID\"}]");
	assert_int_equal(fake_auth(&account), RK_PAUSE);
	assert_int_equal(fake_err.category, RK_CAT_AUTH);
	/* Who may not see the limits may still read and write. */
	fake_will_answer(200, VERSIONS);
	fake_will_answer(403, "[{\"message\":\"m\",\"errorCode\":\"INSUFFICIENT_ACCESS\"}]");
	assert_int_equal(fake_auth(&account), RK_OK);
}

static int32_t
describe(const char *object, struct rk_schema *schema)
{
	memset(schema, 0, sizeof *schema);
	schema->struct_size = sizeof *schema;
	return renkei_connector_v1.describe_fields(fake_conn, rk_z(object), schema, &fake_err);
}

#define CU "\"createable\":true,\"updateable\":true"

static const char contact[] =
	"{\"fields\":["
	"{\"name\":\"Id\",\"type\":\"id\",\"createable\":false,\"updateable\":false},"
	"{\"name\":\"LastName\",\"label\":\"Last\",\"type\":\"string\",\"length\":80,"
	"\"nillable\":false," CU "},"
	"{\"name\":\"OwnerId\",\"type\":\"reference\",\"referenceTo\":[\"Group\",\"User\"],"
	"\"nillable\":false,\"defaultedOnCreate\":true," CU "},"
	"{\"name\":\"AccountId\",\"label\":\"Account\",\"type\":\"reference\","
	"\"referenceTo\":[\"Account\"],\"relationshipName\":\"Account\"," CU "},"
	"{\"name\":\"Key__c\",\"type\":\"string\",\"length\":20,\"externalId\":true,"
	"\"unique\":true,\"idLookup\":true," CU "},"
	"{\"name\":\"Email\",\"type\":\"email\",\"idLookup\":true," CU "},"
	"{\"name\":\"Stage__c\",\"type\":\"picklist\",\"restrictedPicklist\":true," CU ","
	"\"picklistValues\":[{\"active\":true,\"value\":\"a\",\"label\":\"A\"},"
	"{\"active\":false,\"value\":\"b\",\"label\":\"B\"}]},"
	"{\"name\":\"Free__c\",\"type\":\"picklist\",\"restrictedPicklist\":false," CU "},"
	"{\"name\":\"Sum__c\",\"type\":\"double\",\"calculated\":true,\"precision\":18,"
	"\"scale\":2},"
	"{\"name\":\"Amount\",\"type\":\"currency\",\"precision\":18,\"scale\":2," CU "},"
	"{\"name\":\"Once__c\",\"type\":\"boolean\",\"createable\":true,"
	"\"updateable\":false},"
	"{\"name\":\"Where\",\"type\":\"address\"},{\"name\":\"New\",\"type\":\"hologram\"},"
	"{\"name\":\"Gone\",\"type\":\"string\",\"deprecatedAndHidden\":true}]}";

static void
fields_are_as_the_org_describes_them(void **state)
{
	static const struct { const char *name; uint32_t type, flags; const char *native; } is[] = {
		{ "Id", RK_TEXT, 0, "id" },
		{ "LastName", RK_TEXT, RK_FIELD_WRITABLE | RK_FIELD_REQUIRED, "string" },
		{ "OwnerId", RK_USER, RK_FIELD_WRITABLE, "reference" },
		{ "AccountId", RK_REF, RK_FIELD_WRITABLE, "reference" },
		{ "Key__c", RK_TEXT, RK_FIELD_WRITABLE | RK_FIELD_UNIQUE | RK_FIELD_KEY |
		  RK_FIELD_KEY_NOCASE, "string" },
		{ "Email", RK_TEXT, RK_FIELD_WRITABLE, "email" },
		{ "Stage__c", RK_CHOICE, RK_FIELD_WRITABLE, "picklist" },
		{ "Free__c", RK_TEXT, RK_FIELD_WRITABLE, "picklist" },
		{ "Sum__c", RK_DECIMAL, RK_FIELD_COMPUTED, "double" },
		{ "Amount", RK_DECIMAL, RK_FIELD_WRITABLE, "currency" },
		{ "Once__c", RK_BOOL, RK_FIELD_WRITABLE, "boolean create-only" },
		{ "Where", RK_JSON, 0, "address" }, { "New", RK_JSON, 0, "hologram" },
		{ "Account.Code__c", RK_TEXT, RK_FIELD_WRITABLE, "reference/key" },
	};
	struct rk_schema schema;

	(void)state;
	fake_will_answer(200, contact);
	fake_will_answer(200, "{\"fields\":[{\"name\":\"Code__c\",\"label\":\"Code\","
	                 "\"type\":\"string\",\"externalId\":true},{\"name\":\"Name\","
	                 "\"type\":\"string\"}]}");
	assert_int_equal(describe("Contact", &schema), RK_OK);
	assert_int_equal(schema.field_count, RK_COUNT(is));
	for (size_t i = 0; i < RK_COUNT(is); i++) {
		const struct rk_field *field = fake_described(&schema, is[i].name);

		if (field->type != is[i].type || field->flags != is[i].flags)
			fail_msg("%s: type %u flags %u", is[i].name, field->type, field->flags);
		assert_text(field->native, is[i].native);
		assert_int_equal(field->unmappable.len != 0, is[i].type == RK_JSON);
	}
	assert_int_equal(fake_described(&schema, "Stage__c")->option_count, 1);
	assert_int_equal(fake_described(&schema, "LastName")->max_length, 80);
	assert_int_equal(fake_described(&schema, "Amount")->integer_digits, 16);
	assert_int_equal(fake_described(&schema, "Amount")->decimals, 2);
	assert_text(fake_described(&schema, "Account.Code__c")->label, "Account: Code");
	assert_string_equal(fake.seen[0].url, BASE "/sobjects/Contact/describe");
	assert_string_equal(fake.seen[1].url, BASE "/sobjects/Account/describe");
}

static void
a_parent_that_is_hidden_is_left_out(void **state)
{
	struct rk_schema schema;

	(void)state;
	fake_will_answer(200, contact);
	fake_will_answer(404, "[{\"errorCode\":\"NOT_FOUND\",\"message\":\"m\"}]");
	assert_int_equal(describe("Contact", &schema), RK_OK);
	assert_int_equal(schema.field_count, 13);
	fake_will_answer(200, contact);
	fake_will_answer(503, "");
	assert_int_equal(describe("Contact", &schema), RK_AGAIN);
	/* A limit is told by a 403 too: it hides nothing. */
	fake_will_answer(200, contact);
	fake_will_answer(403, "[{\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\",\"message\":\"m\"}]");
	assert_int_equal(describe("Contact", &schema), RK_HOLD);
	fake_will_answer(200, contact);
	fake_will_answer(403, "[{\"errorCode\":\"API_DISABLED_FOR_ORG\",\"message\":\"m\"}]");
	assert_int_equal(describe("Contact", &schema), RK_PAUSE);
	assert_int_equal(describe("Con tact", &schema), RK_PAUSE);
	assert_int_equal(fake.seen_count, 8);
}

static void
objects_are_those_that_can_be_queried(void **state)
{
	struct rk_schema schema;

	(void)state;
	fake_will_answer(200, "{\"sobjects\":[{\"name\":\"Lead\",\"label\":\"L\","
	                 "\"queryable\":true,\"retrieveable\":true},{\"name\":\"X\","
	                 "\"queryable\":false,\"retrieveable\":true}]}");
	assert_int_equal(describe("", &schema), RK_OK);
	assert_int_equal(schema.object_count, 1);
	assert_text(schema.objects[0].name, "Lead");
}

/* ---- list_changed ------------------------------------------------------------------ */

static void
ask_for(uint32_t mode, int64_t since, int64_t until)
{
	fields[0] = fake_field("LastName", RK_TEXT, 0);
	fields[1] = fake_field("Account.Code__c", RK_TEXT, 0);
	fake_query("Contact", mode, since, until);
}

#define COVERED "{\"ids\":[],\"latestDateCovered\":\"2026-11-18T10:00:00.000+0000\"}"
#define RECORD(id, stamp, more) "{\"attributes\":{\"type\":\"Contact\"},\"Id\":\"" id \
	"\",\"SystemModstamp\":\"2026-11-18T" stamp ".000+0000\"" more "}"
#define PAGE(done, records) "{\"totalSize\":9,\"done\":" done ",\"records\":[" records "]}"

#define DELETED "{\"deletedRecords\":[],\"latestDateCovered\":\"2026-11-18T10:00:00.000+0000\"}"
#define DELETED_ONE(id) "{\"id\":\"" id "\",\"deletedDate\":\"2026-11-18T10:00:00.000+0000\"}"

static void
a_window_goes_on_from_stamp_and_id(void **state)
{
	char *token;

	(void)state;
	ask_for(RK_BY_WINDOW, 1700000000123, RK_NO_TIME);
	fake_will_answer(200, COVERED);
	fake_will_answer(200, PAGE("true", RECORD(ID("1"), "09:00:00",
		",\"IsDeleted\":false,\"LastName\":\"N\",\"Account\":{\"Code__c\":\"a-1\"}")
		"," RECORD(ID("2"), "09:00:00", ",\"IsDeleted\":true,\"LastName\":null,"
		"\"Account\":null")));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_string_equal(fake.seen[0].url, BASE "/sobjects/Contact/updated/?start="
		"2026-11-18T11%3A05%3A00%2B00%3A00&end=2026-11-18T11%3A07%3A00%2B00%3A00");
	assert_string_equal(fake.seen[1].url, BASE "/queryAll?q=SELECT%20Id%2CSystemModstamp%2C"
		"IsDeleted%2CMasterRecordId%2CLastName%2CAccount.Code__c%20FROM%20Contact%20"
		"WHERE%20SystemModstamp%20%3E%3D%202023-11-14T22%3A13%3A20Z%20ORDER%20BY%20"
		"SystemModstamp%20ASC%2C%20Id%20ASC%20LIMIT%202");
	assert_int_equal(page.record_count, 2);
	assert_int_equal(page.more, 1);
	assert_string_equal(fake_show(&page.records[0].values[0]), "TEXT:N");
	assert_string_equal(fake_show(&page.records[0].values[1]), "TEXT:a-1");
	assert_string_equal(fake_show(&page.records[1].values[0]), "NULL:");
	assert_int_equal(page.records[1].flags, RK_RECORD_DELETED);
	assert_int_equal(page.source_time_ms, FAKE_NOW);
	assert_true(page.safe_until_ms == INT64_C(1794996000000));
	token = fake_string(page.token);
	fake_will_answer(200, PAGE("true", RECORD(ID("3"), "09:00:00", "")));
	fake_will_answer(200, DELETED);
	assert_int_equal(list(rk_z(token)), RK_OK);
	assert_int_equal(page.more, 0);
	assert_non_null(strstr(fake.seen[2].url, "SystemModstamp%20%3C%202026-11-18T11%3A06%3A40Z"
		"%20AND%20%28SystemModstamp%20%3E%202026-11-18T09%3A00%3A00Z%20OR%20%28"
		"SystemModstamp%20%3D%202026-11-18T09%3A00%3A00Z%20AND%20Id%20%3E%20%27"
		"003xx0000000002AAA%27%29%29%20ORDER"));
}

/* No query tells of what left the recycle bin; what one told is not told twice. */
static void
what_was_deleted_for_good_comes_last(void **state)
{
	static const char all[] = "{\"deletedRecords\":[" DELETED_ONE(ID("1")) ","
		DELETED_ONE(ID("7")) "," DELETED_ONE(ID("8")) "," DELETED_ONE(ID("9")) "]}";
	char *token;

	(void)state;
	ask_for(RK_BY_WINDOW, FAKE_NOW - INT64_C(20) * 86400000, RK_NO_TIME);
	query.limit = 3;
	fake_will_answer(200, COVERED);
	fake_will_answer(200, PAGE("true", RECORD(ID("1"), "09:00:00", ",\"IsDeleted\":true")));
	fake_will_answer(200, all);
	assert_int_equal(list(rk_z("")), RK_OK);
	/* Of the last 15 days, however long ago the last run was. */
	assert_string_equal(fake.seen[2].url, BASE "/sobjects/Contact/deleted/?start="
		"2026-11-03T11%3A08%3A00%2B00%3A00&end=2026-11-18T11%3A07%3A00%2B00%3A00");
	assert_int_equal(page.record_count, 3);
	assert_text(page.records[1].id, ID("7"));
	assert_int_equal(page.records[1].flags, RK_RECORD_DELETED);
	assert_true(page.records[1].modified_ms == INT64_C(1794996000000));
	assert_int_equal(page.records[1].values[0].type, RK_ABSENT);
	assert_int_equal(page.more, 1);
	token = fake_string(page.token);
	fake_will_answer(200, all);
	assert_int_equal(list(rk_z(token)), RK_OK);
	assert_int_equal(page.record_count, 1);
	assert_text(page.records[0].id, ID("9"));
	assert_int_equal(page.more, 0);
	/* An answer without the list says nothing of it: they would be missed. */
	fake_will_answer(200, "{\"latestDateCovered\":\"2026-11-18T10:00:00.000+0000\"}");
	assert_int_equal(list(rk_z(token)), RK_BUG);
}

static void
a_short_page_is_the_last_one_only_if_it_says_so(void **state)
{
	(void)state;
	ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
	fields[1] = fake_field("Email", RK_TEXT, 0);
	fake_will_answer(200, COVERED);
	fake_will_answer(200, PAGE("false", RECORD(ID("1"), "09:00:00", "")));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.more, 1);
	fake_will_answer(200, COVERED);
	fake_will_answer(200, PAGE("false", ""));
	assert_int_equal(list(rk_z("")), RK_AGAIN);
	assert_non_null(strstr(fake.seen[1].url, "WHERE%20Id%20%21%3D%20null%20ORDER"));
}

static void
what_does_not_follow_is_a_fault(void **state)
{
	static const char *const bad[] = {
		PAGE("true", RECORD(ID("2"), "09:00:00", "") "," RECORD(ID("1"), "09:00:00", "")),
		PAGE("true", RECORD(ID("1"), "09:00:00", "") "," RECORD(ID("2"), "08:00:00", "")),
		PAGE("true", RECORD(ID("1"), "09:00:00", "") "," RECORD(ID("1"), "09:00:00", "")),
		PAGE("true", "{\"Id\":\"" ID("1") "\"}"),
		PAGE("true", RECORD("x", "09:00:00", "")),
		"{\"done\":true}",
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(bad); i++) {
		fake_open(settings);
		ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
		fake_will_answer(200, COVERED);
		fake_will_answer(200, bad[i]);
		if (list(rk_z("")) != RK_BUG)
			fail_msg("answer %zu is taken", i);
	}
	fake_open(settings);
	ask_for(RK_BY_WINDOW, 5, RK_NO_TIME);
	assert_int_equal(list(rk_z("no token")), RK_RESYNC);
	assert_int_equal(list(rk_z("W1 5 5 5 0 0 0 0 x' OR Id != null")), RK_RESYNC);
	assert_int_equal(fake.seen_count, 0);
}

/* An object that keeps no list of changes is read all the same. */
static void
an_object_without_replication_is_read_with_the_overlap_alone(void **state)
{
	(void)state;
	ask_for(RK_BY_WINDOW, 1700000000000, RK_NO_TIME);
	fake_will_answer(400, "[{\"errorCode\":\"INVALID_TYPE\",\"message\":\"m\"}]");
	fake_will_answer(200, PAGE("true", ""));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_true(page.safe_until_ms == FAKE_NOW - 1000);
}

static void
values_cannot_leave_their_quotes(void **state)
{
	static const struct rk_text names[] = { RK_LIT("O'Neill \\ \"x\""), RK_LIT("a\nb") };
	static const struct rk_text ids[] = { RK_LIT(ID("1")), RK_LIT("' OR Id != null") };
	static const struct rk_text words[] = { RK_LIT("nine"), RK_LIT("1 OR 1") };

	(void)state;
	ask_for(RK_BY_FIELD, RK_NO_TIME, RK_NO_TIME);
	query.field = rk_z("LastName");
	query.values = names;
	query.value_count = 2;
	fake_will_answer(200, PAGE("true", ""));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_non_null(strstr(fake.seen[0].url, "/query?q="));
	assert_non_null(strstr(fake.seen[0].url, "LastName%20IN%20%28%27O%5C%27Neill%20%5C%5C%20"
	                       "%5C%22x%5C%22%27%2C%27a%5Cnb%27%29%20ORDER%20BY%20Id"));
	query.mode = RK_BY_IDS;
	query.values = ids;
	fake_will_answer(200, PAGE("true", ""));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_non_null(strstr(fake.seen[1].url, "Id%20IN%20%28%27003xx0000000001AAA%27%29%20"));
	ask_for(RK_BY_FIELD, RK_NO_TIME, RK_NO_TIME);
	fields[0] = fake_field("Score__c", RK_DECIMAL, 0);
	query.field = rk_z("Score__c");
	query.values = words;
	query.value_count = 2;
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 0);
	assert_int_equal(fake.seen_count, 2);
}

/* Whom an answer leaves off is asked for again; and what no URL holds, by another. */
static void
all_values_come_in_one_call(void **state)
{
	static const struct rk_text ids[] = { RK_LIT(ID("7")), RK_LIT(ID("8")),
	                                      RK_LIT(ID("9")) };
	static char long_ones[3][2001];
	struct rk_text words[3];

	(void)state;
	ask_for(RK_BY_IDS, RK_NO_TIME, RK_NO_TIME);
	query.values = ids;
	query.value_count = query.limit = 3;
	fake_will_answer(200, PAGE("false", RECORD(ID("7"), "09:00:00", "")));
	fake_will_answer(200, PAGE("false", RECORD(ID("8"), "08:00:00", "")));
	fake_will_answer(200, PAGE("true", ""));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 2);
	assert_int_equal(page.more, 0);
	assert_null(strstr(fake.seen[0].url, "Id%20%3E"));
	assert_non_null(strstr(fake.seen[2].url, "%29%20AND%20Id%20%3E%20%27003xx0000000008AAA"
	                       "%27%20ORDER%20BY%20Id%20ASC%20LIMIT%201"));
	fake_will_answer(200, PAGE("false", ""));
	assert_int_equal(list(rk_z("")), RK_AGAIN);
	query.mode = RK_BY_FIELD;
	query.field = rk_z("LastName");
	query.values = words;
	query.limit = 6;
	for (size_t i = 0; i < RK_COUNT(words); i++) {
		memset(long_ones[i], i ? '\'' : '/', 2000);
		words[i] = rk_z(long_ones[i]);
	}
	fake_will_answer(200, PAGE("true", RECORD(ID("2"), "09:00:00", "")));
	fake_will_answer(200, PAGE("true", RECORD(ID("1"), "09:00:00", "")));
	fake_will_answer(200, PAGE("true", RECORD(ID("3"), "09:00:00", "")));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 3);
	assert_int_equal(page.more, 0);
	assert_int_equal(fake.seen_count, 7);
	assert_null(strstr(fake.seen[5].url, "Id%20%3E"));
}

/* Forty fields with names so long that one query holds 35 of them. */
static void
ask_wide(uint32_t mode, int64_t since)
{
	static const struct rk_text ids[] = { RK_LIT(ID("1")), RK_LIT(ID("2")),
	                                      RK_LIT(ID("3")) };
	static struct rk_field wide[40];
	static char names[40][251];

	fake_open(settings);
	ask_for(mode, since, RK_NO_TIME);
	for (size_t i = 0; i < RK_COUNT(wide); i++) {
		memset(names[i], 'x', 250);
		names[i][0] = (char)('A' + i % 20);
		names[i][1] = (char)('a' + i / 20);
		wide[i] = fake_field(names[i], RK_TEXT, 0);
	}
	wide[0].name = rk_z("LastName");
	wide[39].name = rk_z("FirstName");
	query.fields = wide;
	query.field_count = RK_COUNT(wide);
	query.values = ids;
	query.value_count = query.limit = RK_COUNT(ids);
	if (mode == RK_BY_WINDOW)
		fake_will_answer(200, COVERED);
	fake_will_answer(200, PAGE("true", RECORD(ID("1"), "09:00:00", ",\"LastName\":\"A\"")
		"," RECORD(ID("2"), "09:00:00", "") "," RECORD(ID("3"), "09:00:00", "")));
}

/* What changed between two answers comes once more with its change, or is asked for again;
 * where the second answer is shorter, the page is. */
static void
a_wide_record_comes_by_several_queries(void **state)
{
	static const char first[] = RECORD(ID("1"), "09:00:00", ",\"FirstName\":\"B\"");
	const char *at;

	(void)state;
	ask_wide(RK_BY_WINDOW, RK_NO_TIME);
	fake_will_answer(200, PAGE("true", RECORD(ID("1"), "09:00:00", ",\"FirstName\":\"B\"")
		"," RECORD(ID("3"), "09:00:00", "") "," RECORD(ID("2"), "09:30:00", "")));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 2);
	assert_string_equal(fake_show(&page.records[0].values[0]), "TEXT:A");
	assert_string_equal(fake_show(&page.records[0].values[39]), "TEXT:B");
	assert_text(page.records[1].id, ID("3"));
	assert_null(strstr(fake.seen[1].url, "FirstName"));
	assert_null(strstr(fake.seen[2].url, "LastName"));
	at = strstr(fake.seen[2].url, "FROM");
	assert_string_equal(at, strstr(fake.seen[1].url, "FROM"));
	assert_true(strlen(fake.seen[1].url) < 14200);
	assert_non_null(strstr(fake_string(page.token), ID("3")));
	ask_wide(RK_BY_WINDOW, RK_NO_TIME);
	fake_will_answer(200, fake_string(rk_textf(&fake.host, PAGE("false", "%s"), first)));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 1);
	assert_int_equal(page.more, 1);
	assert_non_null(strstr(fake_string(page.token), ID("1")));
	ask_wide(RK_BY_WINDOW, RK_NO_TIME);
	fake_will_answer(200, PAGE("false", ""));
	assert_int_equal(list(rk_z("")), RK_AGAIN);
	ask_wide(RK_BY_IDS, RK_NO_TIME);
	fake_will_answer(200, fake_string(rk_textf(&fake.host, PAGE("true", "%s"), first)));
	assert_int_equal(list(rk_z("")), RK_AGAIN);
	ask_wide(RK_BY_IDS, RK_NO_TIME);
	fake_will_answer(500, "");
	assert_int_equal(list(rk_z("")), RK_AGAIN);
}

/* ---- upsert --------------------------------------------------------------------------- */

static void
prepare(uint32_t operation, uint64_t count)
{
	static const char *const keys_of[FAKE_ROWS] = { "c-0", "c-1", "c-2", "c-3", "c-4",
	                                                "c-5", "c-6", "c-7" };

	fields[0] = fake_field("Key__c", RK_TEXT, RK_FIELD_KEY | RK_FIELD_UNIQUE |
	                       RK_FIELD_WRITABLE);
	fields[1] = fake_field("LastName", RK_TEXT, RK_FIELD_WRITABLE);
	fields[2] = fake_field("Account.Code__c", RK_TEXT, RK_FIELD_WRITABLE);
	fields[3] = fake_field("Score__c", RK_DECIMAL, RK_FIELD_WRITABLE);
	fields[4] = fake_field("Once__c", RK_BOOL, RK_FIELD_WRITABLE);
	fields[4].native = rk_z("boolean create-only");
	fields[5] = fake_field("Seen__c", RK_DATETIME, RK_FIELD_WRITABLE);
	fake_batch("Contact", operation, 6, count, keys_of, 10);
	cells[0][2] = rk_value_of(RK_TEXT, rk_z("a-3"));
	cells[0][3] = rk_value_of(RK_DECIMAL, rk_z("1.50"));
	cells[0][4] = (struct rk_value){ .type = RK_BOOL, .number = 1 };
	cells[0][5] = (struct rk_value){ .type = RK_DATETIME, .number = 1700000000000 };
	cells[1][2] = (struct rk_value){ .type = RK_NULL };
	cells[1][3] = (struct rk_value){ .type = RK_NULL };
}

static void
an_upsert_goes_as_one_collection_in_types(void **state)
{
	(void)state;
	prepare(RK_OP_UPSERT, 2);
	fake_will_answer(200, "[{\"id\":\"" ID("1") "\",\"success\":true,\"created\":true,"
	                 "\"errors\":[]},{\"id\":\"" ID("2") "\",\"success\":true,"
	                 "\"created\":false,\"errors\":[]}]");
	assert_int_equal(write_batch(), RK_OK);
	assert_string_equal(fake.seen[0].method, "PATCH");
	assert_string_equal(fake.seen[0].url, BASE "/composite/sobjects/Contact/Key__c");
	assert_non_null(strstr(fake.seen[0].headers, "Sforce-Auto-Assign: FALSE\n"));
	assert_string_equal(fake.seen[0].body, "{\"allOrNone\":false,\"records\":["
		"{\"attributes\":{\"type\":\"Contact\"},\"Key__c\":\"c-0\",\"LastName\":\"N0\","
		"\"Account\":{\"Code__c\":\"a-3\"},\"Score__c\":1.50,\"Once__c\":true,"
		"\"Seen__c\":\"2023-11-14T22:13:20Z\"},"
		"{\"attributes\":{\"type\":\"Contact\"},\"Key__c\":\"c-1\",\"LastName\":\"N1\","
		"\"Account\":null,\"Score__c\":null}]}");
	assert_int_equal(outcomes[0].status, RK_CREATED);
	assert_int_equal(outcomes[1].status, RK_UPDATED);
	assert_text(outcomes[1].id, ID("2"));
}

static void
a_time_of_day_goes_in_the_form_of_the_org(void **state)
{
	(void)state;
	prepare(RK_OP_UPSERT, 1);
	fields[4].type = RK_TIME;
	cells[0][4] = rk_value_of(RK_TIME, rk_z("09:15:30"));
	fake_will_answer(200, "[{\"id\":\"" ID("1") "\",\"success\":true,"
	                 "\"created\":true,\"errors\":[]}]");
	assert_int_equal(write_batch(), RK_OK);
	assert_non_null(strstr(fake.seen[0].body, "\"Once__c\":\"09:15:30.000Z\""));
}

static void
other_operations_go_by_id(void **state)
{
	(void)state;
	prepare(RK_OP_UPDATE, 1);
	fake_will_answer(200, "[{\"id\":\"10\",\"success\":true,\"errors\":[]}]");
	assert_int_equal(write_batch(), RK_OK);
	assert_string_equal(fake.seen[0].url, BASE "/composite/sobjects");
	assert_non_null(strstr(fake.seen[0].body, "\"id\":\"10\",\"Key__c\":\"c-0\""));
	assert_null(strstr(fake.seen[0].body, "Once__c"));
	assert_int_equal(outcomes[0].status, RK_UPDATED);
	prepare(RK_OP_CREATE, 1);
	fake_will_answer(200, "[{\"id\":\"" ID("1") "\",\"success\":true,\"errors\":[]}]");
	assert_int_equal(write_batch(), RK_OK);
	assert_string_equal(fake.seen[1].method, "POST");
	assert_int_equal(outcomes[0].status, RK_CREATED);
	prepare(RK_OP_ARCHIVE, 2);
	fake_will_answer(200, "[{\"id\":\"10\",\"success\":true,\"errors\":[]},{\"success\":false,"
	                 "\"errors\":[{\"statusCode\":\"ENTITY_IS_DELETED\",\"message\":\"m\","
	                 "\"fields\":[]}]}]");
	assert_int_equal(write_batch(), RK_OK);
	assert_string_equal(fake.seen[2].method, "DELETE");
	assert_string_equal(fake.seen[2].url, BASE "/composite/sobjects?allOrNone=false&ids=10,11");
	assert_int_equal(outcomes[0].status, RK_ARCHIVED);
	assert_int_equal(outcomes[1].status, RK_ARCHIVED);
}

static void
rules_of_the_org_are_as_the_settings_say(void **state)
{
	(void)state;
	fake_open(with_oauth);
	prepare(RK_OP_UPSERT, 1);
	fake_will_answer(200, "[{\"id\":\"" ID("1") "\",\"success\":true,\"errors\":[]}]");
	assert_int_equal(write_batch(), RK_OK);
	assert_non_null(strstr(fake.seen[0].url, "/services/data/v60.0/"));
	assert_non_null(strstr(fake.seen[0].headers, "Bearer <access_token>"));
	assert_non_null(strstr(fake.seen[0].headers,
	                       "Sforce-Duplicate-Rule-Header: allowSave=true\n"));
	assert_null(strstr(fake.seen[0].headers, "Sforce-Auto-Assign"));
}

/* What passes is none of the rows': the good ones are written, the others go again. */
static void
a_lock_puts_off_its_rows_alone(void **state)
{
	(void)state;
	prepare(RK_OP_UPSERT, 3);
	fake_will_answer(200, "[{\"id\":\"" ID("1") "\",\"success\":true,\"created\":false},"
	                 "{\"success\":false,\"errors\":[{\"statusCode\":\"UNABLE_TO_LOCK_ROW\","
	                 "\"message\":\"m\"}]},{\"success\":false,\"errors\":[{\"statusCode\":"
	                 "\"DUPLICATE_VALUE\",\"message\":\"value on record with id: "
	                 "003xx0000000009\",\"fields\":[\"Key__c\"]}]}]");
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[0].status, RK_UPDATED);
	assert_int_equal(outcomes[1].status, RK_RETRY);
	assert_text(outcomes[1].code, "UNABLE_TO_LOCK_ROW");
	assert_int_equal(outcomes[2].status, RK_REJECTED);
	assert_text(outcomes[2].other_id, "003xx0000000009");
	assert_text(outcomes[2].value, "c-2");
}

static void
an_unreadable_batch_is_split(void **state)
{
	(void)state;
	prepare(RK_OP_UPSERT, 2);
	fake_will_answer(400, "[{\"errorCode\":\"JSON_PARSER_ERROR\",\"message\":\"m\"}]");
	assert_int_equal(write_batch(), RK_REJECT);
	assert_int_equal(outcomes[0].status, RK_RETRY);
	prepare(RK_OP_UPSERT, 2);
	fake_will_answer(200, "[{\"id\":\"" ID("1") "\",\"success\":true}]");
	assert_int_equal(write_batch(), RK_BUG);
	assert_int_equal(fake_err.maybe_sent, 1);
	prepare(RK_OP_UPSERT, 1);
	fake_will_answer(200, "[{\"success\":true}]");
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[0].status, RK_UNKNOWN);
	prepare(RK_OP_UPSERT, 2001);
	assert_int_equal(write_batch(), RK_BUG);
	assert_int_equal(fake.seen_count, 3);
}

/* ---- Jobs ------------------------------------------------------------------------------- */

static const struct fake_setting with_jobs[] = {
	{ "token", NULL }, { "host", "https://x.my.salesforce.com" }, { "version", "67.0" },
	{ "bulk_from", "2" }, { NULL, NULL },
};

#define JOB "750xx0000000001AAA"
#define OF_JOB BASE "/jobs/ingest/" JOB

static void
a_large_batch_becomes_a_job(void **state)
{
	(void)state;
	prepare(RK_OP_UPSERT, 3);
	cells[2][1] = rk_value_of(RK_TEXT, rk_z("a \"b\"\nc"));
	cells[1][4].type = RK_ABSENT;
	fake_will_answer(200, "{\"id\":\"" JOB "\",\"state\":\"Open\"}");
	fake_will_answer(201, "");
	fake_will_answer(200, "{\"state\":\"UploadComplete\"}");
	assert_int_equal(write_job(""), RK_PENDING);
	assert_text(result.token, JOB);
	assert_int_equal(result.wait_ms, 2000);
	assert_string_equal(fake.seen[0].body, "{\"object\":\"Contact\",\"operation\":"
		"\"upsert\",\"externalIdFieldName\":\"Key__c\",\"contentType\":\"CSV\","
		"\"lineEnding\":\"LF\",\"columnDelimiter\":\"COMMA\"}");
	assert_string_equal(fake.seen[1].url, OF_JOB "/batches");
	assert_non_null(strstr(fake.seen[1].headers, "Content-Type: text/csv\n"));
	assert_null(strstr(fake.seen[1].headers, "Content-Type: application"));
	assert_string_equal(fake.seen[1].body,
		"\"Key__c\",\"LastName\",\"Account.Code__c\",\"Score__c\",\"Once__c\","
		"\"Seen__c\"\n"
		"\"c-0\",\"N0\",\"a-3\",\"1.50\",\"true\",\"2023-11-14T22:13:20Z\"\n"
		"\"c-1\",\"N1\",\"#N/A\",\"#N/A\",,\n"
		"\"c-2\",\"a \"\"b\"\"\nc\",,,,\n");
	assert_string_equal(fake.seen[2].method, "PATCH");
	fake_will_answer(200, "{\"state\":\"InProgress\"}");
	assert_int_equal(write_job(JOB), RK_PENDING);
	assert_int_equal(result.wait_ms, 5000);
}

/* The files are in another order, and name rows by their key alone. */
static void
a_job_tells_its_rows_in_three_files(void **state)
{
	(void)state;
	prepare(RK_OP_UPSERT, 4);
	fake_will_answer(200, "{\"state\":\"JobComplete\"}");
	fake_will_answer(200, "\"sf__Id\",\"sf__Created\",Key__c,LastName\n\"" ID("2")
	                 "\",\"false\",\"C-1\",\"a,\"\"\nb\"\r\n\"" ID("1") "\",true,c-0,\n");
	fake_will_answer(200, "\"sf__Id\",\"sf__Error\",Key__c\n\"\",\"STRING_TOO_LONG:Last: too "
	                 "large (max length=80):LastName --\",c-2\n");
	fake_will_answer(200, "Key__c,LastName\nc-3,x\n");
	fields[0].flags |= RK_FIELD_KEY_NOCASE;
	assert_int_equal(write_job(JOB), RK_OK);
	assert_string_equal(fake.seen[1].url, OF_JOB "/successfulResults/");
	assert_non_null(strstr(fake.seen[1].headers, "Accept: text/csv\n"));
	assert_int_equal(outcomes[0].status, RK_CREATED);
	assert_int_equal(outcomes[1].status, RK_UPDATED);
	assert_text(outcomes[1].id, ID("2"));
	assert_int_equal(outcomes[2].status, RK_REJECTED);
	assert_int_equal(outcomes[2].category, RK_CAT_PROPERTY_VALUE);
	assert_text(outcomes[2].field, "LastName");
	assert_text(outcomes[2].message, "Last: too large (max length=80)");
	assert_int_equal(outcomes[3].status, RK_RETRY);
}

static void
a_job_that_cannot_be_read_leaves_its_rows_open(void **state)
{
	static const struct { int32_t http; const char *body; int32_t status; } cases[] = {
		{ 404, "[{\"errorCode\":\"NOT_FOUND\",\"message\":\"m\"}]", RK_PAUSE },
		{ 503, "", RK_AGAIN }, { 200, "<html>", RK_AGAIN },
		{ 200, "{\"state\":\"Dancing\"}", RK_BUG },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		fake_open(with_jobs);
		prepare(RK_OP_UPSERT, 3);
		fake_will_answer(cases[i].http, cases[i].body);
		assert_int_equal(write_job(JOB), cases[i].status);
		assert_int_equal(fake_err.maybe_sent, 1);
		assert_int_equal(outcomes[0].status, RK_UNKNOWN);
	}
	fake_open(with_jobs);
	prepare(RK_OP_UPSERT, 3);
	assert_int_equal(write_job("no job"), RK_BUG);
	fake_will_answer(200, "{\"state\":\"JobComplete\"}");
	fake_will_answer(200, "\"sf__Id\",\"sf__Created\",Key__c\n\"" ID("1") "\",true,\"c-");
	assert_int_equal(write_job(JOB), RK_AGAIN);
	assert_int_equal(outcomes[0].status, RK_UNKNOWN);
}

/* Cells take no more room than they need: a file of many is no danger. */
static void
many_cells_need_little_room(void **state)
{
	static char file[100000];
	size_t len = 0;

	(void)state;
	prepare(RK_OP_UPSERT, 1);
	len = (size_t)sprintf(file, "\"sf__Id\",\"sf__Created\",Key__c\n");
	for (int i = 0; i < 5000; i++)
		len += (size_t)sprintf(file + len, "\"x\",\"\"\"\",\"k\"\n");
	sprintf(file + len, "\"" ID("1") "\",\"true\",\"c-0\"\n");
	fake_will_answer(200, "{\"state\":\"JobComplete\"}");
	fake_will_answer(200, file);
	fake_will_answer(200, "");
	fake_will_answer(200, "");
	assert_int_equal(write_job(JOB), RK_OK);
	assert_int_equal(outcomes[0].status, RK_CREATED);
	assert_true(fake.block_count < 100);
}

/* Why a job failed it tells for none of its rows: what it never began goes as a collection.
 * Of what it did begin nothing is told where the file lacks the id. */
static void
a_job_that_failed_is_written_by_collections(void **state)
{
	(void)state;
	prepare(RK_OP_UPSERT, 3);
	fake_will_answer(200, "{\"state\":\"Failed\",\"errorMessage\":\"InvalidBatch : x\"}");
	fake_will_answer(200, "\"sf__Created\",Key__c\n\"true\",c-1\n");
	fake_will_answer(200, "");
	fake_will_answer(200, "Key__c\nc-0\nc-2\n");
	fake_will_answer(200, "[{\"success\":false,\"errors\":[{\"statusCode\":\"INVALID_FIELD\","
	                 "\"message\":\"no X__c\"}]},{\"id\":\"" ID("3") "\",\"success\":true,"
	                 "\"created\":true}]");
	assert_int_equal(write_job(JOB), RK_OK);
	assert_non_null(strstr(fake.seen[4].body, "c-0"));
	assert_null(strstr(fake.seen[4].body, "c-1"));
	assert_int_equal(outcomes[0].status, RK_REJECTED);
	assert_int_equal(outcomes[0].category, RK_CAT_PROPERTY_MAPPING);
	assert_int_equal(outcomes[1].status, RK_UNKNOWN);
	assert_int_equal(outcomes[2].status, RK_CREATED);
}

/* Whoever stopped it knows why: its rows are errors, and do not go again by themselves. */
static void
a_job_that_was_aborted_is_an_error_of_its_rows(void **state)
{
	(void)state;
	prepare(RK_OP_UPSERT, 2);
	fake_will_answer(200, "{\"state\":\"Aborted\"}");
	fake_will_answer(200, "\"sf__Id\",\"sf__Created\",Key__c\n\"" ID("1") "\",true,c-1\n");
	fake_will_answer(200, "");
	fake_will_answer(200, "Key__c\nc-0\n");
	assert_int_equal(write_job(JOB), RK_OK);
	assert_int_equal(outcomes[0].status, RK_REJECTED);
	assert_int_equal(outcomes[0].category, RK_CAT_OTHER);
	assert_text(outcomes[0].message, "the job was aborted in Salesforce");
	assert_int_equal(outcomes[1].status, RK_CREATED);
}

static void
a_job_that_is_not_uploaded_is_aborted(void **state)
{
	(void)state;
	prepare(RK_OP_UPSERT, 2);
	fake_will_answer(200, "{\"id\":\"" JOB "\",\"state\":\"Open\"}");
	fake_will_answer(400, "[{\"errorCode\":\"INVALIDJOBSTATE\",\"message\":\"m\"}]");
	fake_will_answer(200, "{\"state\":\"Aborted\"}");
	assert_int_equal(write_job(""), RK_REJECT);
	assert_int_equal(outcomes[0].status, RK_RETRY);
	assert_string_equal(fake.seen[2].method, "PATCH");
	assert_string_equal(fake.seen[2].body, "{\"state\":\"Aborted\"}");
}

static void
where_no_job_will_do_it_goes_as_collections(void **state)
{
	static const char good[] = "[{\"id\":\"" ID("1") "\",\"success\":true},{\"id\":\""
		ID("2") "\",\"success\":true}]";

	(void)state;
	prepare(RK_OP_UPSERT, 2);
	fake_will_answer(400, "[{\"errorCode\":\"LIMIT_EXCEEDED\",\"message\":\"m\"}]");
	fake_will_answer(200, good);
	assert_int_equal(write_job(""), RK_OK);
	assert_int_equal(outcomes[1].status, RK_UPDATED);
	prepare(RK_OP_UPSERT, 2);
	cells[1][1] = rk_value_of(RK_TEXT, rk_z("#N/A"));
	fake_will_answer(200, good);
	assert_int_equal(write_job(""), RK_OK);
	assert_non_null(strstr(fake.seen[2].body, "\"LastName\":\"#N/A\""));
}

static const struct fake_setting with_reading[] = {
	{ "token", NULL }, { "host", "https://x.my.salesforce.com" }, { "version", "67.0" },
	{ "bulk_read_from", "9" }, { NULL, NULL },
};

static void
results(const char *body, const char *header, const char *value)
{
	fake_will_answer(200, body);
	fake.answers[fake.answer_count - 1].header = header;
	fake.answers[fake.answer_count - 1].header_value = value;
}

#define HEADER "\"Id\",\"SystemModstamp\",\"IsDeleted\",\"MasterRecordId\",\"LastName\"," \
	"\"Account.Code__c\"\n"
#define LINE(id, name, more) "\"" id "\",\"2026-11-18T09:00:00.000Z\",false,,\"" name "\"," \
	more "\n"

static void
begin_reading(void)
{
	fake_open(with_reading);
	ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
	fake_will_answer(200, COVERED);
	fake_will_answer(200, "{\"totalSize\":9,\"done\":true,\"records\":[]}");
	fake_will_answer(200, "{\"id\":\"" JOB "\",\"state\":\"UploadComplete\"}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 0);
	assert_int_equal(page.more, 1);
	assert_int_equal(page.wait_ms, 2000);
}

static void
a_large_object_is_read_by_a_job(void **state)
{
	char *token;

	(void)state;
	begin_reading();
	assert_string_equal(fake.seen[2].body, "{\"operation\":\"queryAll\",\"query\":\"SELECT "
		"Id,SystemModstamp,IsDeleted,MasterRecordId,LastName,Account.Code__c FROM Contact "
		"WHERE Id != null\",\"columnDelimiter\":\"COMMA\",\"lineEnding\":\"LF\"}");
	token = fake_string(page.token);
	fake_will_answer(200, "{\"state\":\"InProgress\"}");
	assert_int_equal(list(rk_z(token)), RK_OK);
	assert_int_equal(page.wait_ms, 5000);
	fake_will_answer(200, "{\"state\":\"JobComplete\"}");
	results(HEADER LINE(ID("2"), "a \"\"b\"\"\nc", "x") LINE(ID("1"), "", ""),
	        "sforce-numberofrecords", "2");
	/* Without a locator it is not known whether more follows. */
	assert_int_equal(list(rk_z(token)), RK_BUG);
	assert_string_equal(fake.seen[5].url, BASE "/jobs/query/" JOB "/results?maxRecords=2");
	assert_int_equal(page.record_count, 2);
	assert_string_equal(fake_show(&page.records[0].values[0]), "TEXT:a \"b\"\nc");
	assert_string_equal(fake_show(&page.records[0].values[1]), "TEXT:x");
	assert_string_equal(fake_show(&page.records[1].values[0]), "NULL:");
}

/* One bad letter of one record must not stop all of them: it is cut out and told. */
static void
a_job_tells_a_nul_and_times_of_day(void **state)
{
	static const char file[] = HEADER LINE(ID("1"), "a\0b", "09:15:00.000Z")
	                           "\"" ID("2") "\",2026-11-18T09:00:00.000Z,false,,c\0,\n";

	(void)state;
	begin_reading();
	fields[1].type = RK_TIME;
	fake_will_answer(200, "{\"state\":\"JobComplete\"}");
	results(file, "sforce-numberofrecords", "2");
	fake.answers[fake.answer_count - 1].body_bytes = sizeof file - 1;
	assert_int_equal(list(rk_z(fake_string(page.token))), RK_BUG);  /* No locator. */
	assert_int_equal(page.record_count, 2);
	assert_string_equal(fake_show(&page.records[0].values[0]), "TEXT!:ab");
	assert_string_equal(fake_show(&page.records[0].values[1]), "TIME:09:15:00");
	assert_string_equal(fake_show(&page.records[1].values[0]), "TEXT!:c");
}

static void
a_job_that_read_wrong_is_no_page(void **state)
{
	static const struct { int32_t http; const char *body, *count; int32_t status; } cases[] = {
		{ 200, HEADER LINE(ID("1"), "a", "x"), "2", RK_AGAIN },
		{ 200, HEADER "\"" ID("1") "\",\"2026", "1", RK_AGAIN },
		{ 200, HEADER LINE("nobody", "a", "x"), "1", RK_BUG },
		{ 200, HEADER LINE(ID("1"), "\xE3\x81", "x"), "1", RK_AGAIN },
		{ 200, "<html>", "1", RK_AGAIN },
		{ 404, "[{\"errorCode\":\"NOT_FOUND\",\"message\":\"m\"}]", "1", RK_RESYNC },
	};
	char *token;

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		begin_reading();
		token = fake_string(page.token);
		fake_will_answer(200, "{\"state\":\"JobComplete\"}");
		results(cases[i].body, "sforce-numberofrecords", cases[i].count);
		fake.answers[fake.answer_count - 1].http = cases[i].http;
		if (list(rk_z(token)) != cases[i].status)
			fail_msg("case %zu: %s", i, fake_err.message);
	}
	begin_reading();
	token = fake_string(page.token);
	fake_will_answer(200, "{\"state\":\"Failed\"}");
	assert_int_equal(list(rk_z(token)), RK_OK);
	assert_int_equal(page.record_count, 0);
	token = fake_string(page.token);
	fake_will_answer(200, PAGE("true", RECORD(ID("1"), "09:00:00", "")));
	assert_int_equal(list(rk_z(token)), RK_OK);     /* By queries, from the beginning. */
	assert_int_equal(page.record_count, 1);
	assert_int_equal(list(rk_z("B1 5 5 0 0 0 0 0 x/../limits")), RK_RESYNC);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(open_needs_a_token_and_the_address_of_the_api),
		TEST(auth_looks_for_the_version_and_proves_the_token),
		TEST(auth_tells_what_is_wrong),
		TEST(fields_are_as_the_org_describes_them),
		TEST(a_parent_that_is_hidden_is_left_out),
		TEST(objects_are_those_that_can_be_queried),
		TEST(a_window_goes_on_from_stamp_and_id),
		TEST(what_was_deleted_for_good_comes_last),
		TEST(a_short_page_is_the_last_one_only_if_it_says_so),
		TEST(what_does_not_follow_is_a_fault),
		TEST(an_object_without_replication_is_read_with_the_overlap_alone),
		TEST(values_cannot_leave_their_quotes),
		TEST(all_values_come_in_one_call),
		TEST(a_wide_record_comes_by_several_queries),
		TEST(an_upsert_goes_as_one_collection_in_types),
		TEST(a_time_of_day_goes_in_the_form_of_the_org),
		TEST(other_operations_go_by_id),
		TEST(rules_of_the_org_are_as_the_settings_say),
		TEST(a_lock_puts_off_its_rows_alone),
		TEST(an_unreadable_batch_is_split),
		FAKE_TEST(a_large_batch_becomes_a_job, with_jobs),
		FAKE_TEST(a_job_tells_its_rows_in_three_files, with_jobs),
		FAKE_TEST(a_job_that_cannot_be_read_leaves_its_rows_open, with_jobs),
		FAKE_TEST(many_cells_need_little_room, with_jobs),
		FAKE_TEST(a_job_that_failed_is_written_by_collections, with_jobs),
		FAKE_TEST(a_job_that_was_aborted_is_an_error_of_its_rows, with_jobs),
		FAKE_TEST(a_job_that_is_not_uploaded_is_aborted, with_jobs),
		FAKE_TEST(where_no_job_will_do_it_goes_as_collections, with_jobs),
		FAKE_TEST(a_large_object_is_read_by_a_job, with_reading),
		FAKE_TEST(a_job_tells_a_nul_and_times_of_day, with_reading),
		FAKE_TEST(a_job_that_read_wrong_is_no_page, with_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
