/* SPDX-License-Identifier: Apache-2.0
 *
 * hubspot_test.c - what the HubSpot connector sends and how it reads answers, with
 * the fake host.  Run by make check. */
#include "plugins/testing/fake_host.h"

static const struct fake_setting settings[] = {
	{ "token", NULL },        { "host", "https://api.example.com/" },
	{ "version", "2026-09" }, { "index_lag", "60s" },
	{ NULL, NULL },
};

#define TEST(name) FAKE_TEST(name, settings)

/* ---- open, auth, describe ------------------------------------------------------- */

static void
open_needs_a_token_and_no_network(void **state)
{
	static const struct fake_setting none[] = { { NULL, NULL } };
	struct rk_conn *conn = NULL;

	(void)state;
	assert_int_equal(fake.seen_count, 0);
	fake.settings = none;
	assert_int_equal(renkei_connector_v1.open(&fake.host, &conn, &fake_err),
	                 RK_PAUSE);
	assert_int_equal(fake_err.category, RK_CAT_CONFIG);
	assert_non_null(strstr(fake_err.message, "token"));
}

static void
auth_names_the_account_and_the_missing_scopes(void **state)
{
	struct rk_account account = { .struct_size = sizeof account };
	size_t missing = 0;

	(void)state;
	fake_will_answer(200, "{\"portalId\":62515,\"accountType\":\"SANDBOX\","
	                      "\"timeZone\":\"Asia/Tokyo\"}");
	fake_will_answer(200, "{\"userId\":7,\"hubId\":62515,\"scopes\":[\"crm.objects."
	                      "contacts.read\",\"crm.objects.owners.read\"]}");
	assert_int_equal(renkei_connector_v1.auth(fake_conn, &account, &fake_err), RK_OK);
	assert_text(account.account, "Hub ID 62515 (SANDBOX)");
	assert_text(account.zone, "Asia/Tokyo");
	assert_text(account.user, "7");
	for (uint64_t i = 0; i < account.grant_count; i++)
		missing += !account.grants[i].granted;
	assert_int_equal(account.grant_count, 13);
	assert_int_equal(missing, 11);
	assert_string_equal(fake.seen[0].url,
	                    "https://api.example.com/account-info/2026-09/details");
	assert_string_equal(fake.seen[0].headers,
	                    "Authorization: Bearer <token>\nAccept: application/json\n");
	assert_string_equal(fake.seen[1].body, "{\"tokenKey\":\"<token>\"}");
	assert_string_equal(fake.seen[1].spends, "burst day ");
}

static void
auth_lives_without_token_info_and_tells_a_wrong_host(void **state)
{
	struct rk_account account = { .struct_size = sizeof account };

	(void)state;
	fake_will_answer(403, "{\"category\":\"MISSING_SCOPES\"}");
	fake_will_answer(404, "<html>");
	assert_int_equal(renkei_connector_v1.auth(fake_conn, &account, &fake_err), RK_OK);
	assert_int_equal(account.grant_count, 0);
	fake_will_answer(200, "<html>");
	assert_int_equal(renkei_connector_v1.auth(fake_conn, &account, &fake_err),
	                 RK_PAUSE);
	assert_int_equal(fake_err.category, RK_CAT_CONFIG);
}

static const char properties[] =
	"{\"results\":["
	"{\"name\":\"email\",\"label\":\"E-mail\",\"type\":\"string\",\"fieldType\":"
        "\"text\","
	"\"hasUniqueValue\":false,\"modificationMetadata\":{\"readOnlyValue\":false}},"
	"{\"name\":\"createdate\",\"label\":\"C\",\"type\":\"datetime\",\"fieldType\":"
        "\"date\","
	"\"calculated\":false,\"modificationMetadata\":{\"readOnlyValue\":true}},"
	"{\"name\":\"score\",\"type\":\"number\",\"fieldType\":\"calculation_score\"},"
	"{\"name\":\"code\",\"type\":\"string\",\"fieldType\":\"text\","
        "\"hasUniqueValue\":true},"
	"{\"name\":\"stage\",\"type\":\"enumeration\",\"fieldType\":\"radio\","
        "\"options\":["
	"{\"label\":\"Lead\",\"value\":\"lead\"},{\"label\":\"Kunde\",\"value\":"
        "\"customer\"}]},"
	"{\"name\":\"tags\",\"type\":\"enumeration\",\"fieldType\":\"checkbox\"},"
	"{\"name\":\"owner\",\"type\":\"enumeration\",\"fieldType\":\"select\","
	"\"externalOptions\":true,\"referencedObjectType\":\"OWNER\"},"
	"{\"name\":\"gone\",\"type\":\"string\",\"fieldType\":\"text\",\"archived\":true}"
        ","
	"{\"name\":\"bio\",\"type\":\"string\",\"fieldType\":\"html\"},"
	"{\"name\":\"geo\",\"type\":\"object_coordinates\",\"fieldType\":\"text\"},"
	"{\"name\":\"new\",\"type\":\"hologram\",\"fieldType\":\"beam\"},"
	"{\"name\":\"yes\",\"type\":\"bool\",\"fieldType\":\"booleancheckbox\"},"
	"{\"name\":\"birthday\",\"type\":\"date\",\"fieldType\":\"date\"}]}";

#define NO_LABELS "{\"results\":[{\"category\":\"HUBSPOT_DEFINED\",\"typeId\":279," \
	"\"label\":null}]}"

static void
describe_reads_types_rights_and_keys(void **state)
{
	static const struct { const char *name; uint32_t type, flags; } want[] = {
		{ "email", RK_TEXT, RK_FIELD_WRITABLE | RK_FIELD_UNIQUE | RK_FIELD_KEY |
		  RK_FIELD_KEY_NOCASE },
		{ "createdate", RK_DATETIME, 0 },
		{ "score", RK_DECIMAL, RK_FIELD_COMPUTED },
		{ "code", RK_TEXT, RK_FIELD_WRITABLE | RK_FIELD_UNIQUE | RK_FIELD_KEY },
		{ "stage", RK_CHOICE, RK_FIELD_WRITABLE },
		{ "tags", RK_CHOICES, RK_FIELD_WRITABLE },
		{ "owner", RK_USER, RK_FIELD_WRITABLE },
		{ "bio", RK_RICH, RK_FIELD_WRITABLE },
		{ "geo", RK_TEXT, 0 },
		{ "new", RK_TEXT, RK_FIELD_WRITABLE },
		{ "yes", RK_BOOL, RK_FIELD_WRITABLE },
		{ "birthday", RK_DATE, RK_FIELD_WRITABLE },
		{ "associations.companies", RK_REFS,
		  RK_FIELD_WRITABLE | RK_FIELD_COMPUTED },
		{ "associations.deals", RK_REFS, RK_FIELD_WRITABLE | RK_FIELD_COMPUTED },
		{ "associations.companies.primary", RK_REF,
		  RK_FIELD_WRITABLE | RK_FIELD_COMPUTED },
		{ "associations.companies.37", RK_REFS,
		  RK_FIELD_WRITABLE | RK_FIELD_COMPUTED },
	};
	struct rk_schema schema = { .struct_size = sizeof schema };

	(void)state;
	fake_will_answer(200, properties);
	fake_will_answer(200, "{\"results\":[{\"category\":\"HUBSPOT_DEFINED\",\"typeId\":1,"
	                      "\"label\":\"Primary\"},{\"category\":\"USER_DEFINED\","
	                      "\"typeId\":37,\"label\":\"Billing\"},{\"typeId\":279}]}");
	fake_will_answer(400, "{\"category\":\"VALIDATION_ERROR\"}");
	fake_will_answer(200, "{\"results\":[{\"id\":\"101\",\"email\":\"a@x.jp\"}],"
	                      "\"paging\":{\"next\":{\"after\":\"5\"}}}");
	fake_will_answer(200, "{\"results\":[{\"id\":\"102\",\"email\":\"b@x.jp\"}]}");
	fake_will_answer(403, "{\"category\":\"MISSING_SCOPES\"}");
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z("contacts"),
	                                                     &schema, &fake_err), RK_OK);
	assert_int_equal(schema.field_count, RK_COUNT(want));
	for (size_t i = 0; i < RK_COUNT(want); i++) {
		const struct rk_field *field = &schema.fields[i];

		if (!rk_text_is(field->name, want[i].name) ||
		    field->type != want[i].type || field->flags != want[i].flags)
			fail_msg("%s: %.*s type %u flags %x", want[i].name,
			         RK_S(field->name), field->type, field->flags);
	}
	assert_int_equal(schema.fields[4].option_count, 2);
	assert_text(schema.fields[4].options[1].value, "customer");
	assert_int_equal(schema.fields[0].max_length, 65536);
	assert_true(schema.fields[8].unmappable.len > 0);
	assert_int_equal(schema.fields[6].option_count, 2);
	assert_text(schema.fields[6].options[1].value, "102");
	assert_text(schema.fields[6].options[1].label, "b@x.jp");
	assert_string_equal(fake.seen[4].url,
	        "https://api.example.com/crm/owners/2026-09?limit=100&after=5");
	assert_text(schema.fields[12].ref_object, "companies");
	assert_text(schema.fields[15].ref_object, "companies");
	assert_text(schema.fields[15].label, "Associated companies: Billing");
	assert_text(schema.fields[15].native, "association/USER_DEFINED");
	assert_string_equal(fake.seen[1].url, "https://api.example.com/crm/associations/"
	                    "2026-09/contacts/companies/labels");
	assert_string_equal(fake.seen[0].url,
	                    "https://api.example.com/crm/properties/2026-09/"
	                    "contacts?archived=false&dataSensitivity=non_sensitive");
}

static void
without_their_scope_owners_are_not_checked(void **state)
{
	struct rk_schema schema = { .struct_size = sizeof schema };

	(void)state;
	fake_will_answer(200, properties);
	for (int i = 0; i < 4; i++)
		fake_will_answer(403, "{\"category\":\"MISSING_SCOPES\"}");
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z("contacts"),
	                                                     &schema, &fake_err), RK_OK);
	assert_int_equal(schema.fields[6].option_count, 0);
}

static void
stages_of_deals_come_from_the_pipelines(void **state)
{
	struct rk_schema schema = { .struct_size = sizeof schema };

	(void)state;
	for (int good = 0; good < 2; good++) {
		fake_open(settings);
		fake_will_answer(200, "{\"results\":[{\"name\":\"dealstage\",\"type\":"
		                      "\"enumeration\",\"fieldType\":\"radio\"}]}");
		fake_will_answer(200, NO_LABELS);
		fake_will_answer(200, NO_LABELS);
		fake_will_answer(good ? 200 : 403,
		                 "{\"results\":[{\"id\":\"default\",\"label\":\"P\","
		                 "\"stages\":[{\"id\":\"won\",\"label\":\"W\"}]},{\"id\":"
		                 "\"2\",\"label\":\"Q\",\"stages\":[{\"id\":\"8\","
		                 "\"label\":\"X\"}]}]}");
		fake_will_answer(404, "");
		assert_int_equal(renkei_connector_v1.describe_fields(
			fake_conn, rk_z("deals"), &schema, &fake_err), RK_OK);
		assert_int_equal(schema.fields[0].option_count, good ? 2 : 0);
		assert_int_equal(schema.fields[0].flags,
		                 RK_FIELD_WRITABLE | RK_FIELD_REQUIRED);
	}
	assert_text(schema.fields[0].options[1].value, "8");
	assert_text(schema.fields[0].options[1].label, "Q: X");
	assert_string_equal(fake.seen[3].url,
	                    "https://api.example.com/crm/pipelines/2026-09/deals");
}

static void
describe_without_an_object_lists_objects(void **state)
{
	struct rk_schema schema = { .struct_size = sizeof schema };

	(void)state;
	fake_will_answer(200, "{\"results\":[{\"objectTypeId\":\"2-77\","
	                      "\"fullyQualifiedName\":\"p9_cars\",\"labels\":"
	                      "{\"singular\":\"Car\",\"plural\":\"Cars\"}},{}]}");
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z(""), &schema,
	                                                     &fake_err), RK_OK);
	assert_true(schema.object_count >= 4);
	assert_text(schema.objects[0].name, "contacts");
	assert_text(schema.objects[schema.object_count - 1].name, "2-77");
	assert_text(schema.objects[schema.object_count - 1].label, "Cars (p9_cars)");
	assert_string_equal(fake.seen[0].url, "https://api.example.com/crm-object-schemas/"
	        "2026-09/schemas?includePropertyDefinitions=false&"
	        "includeAuditMetadata=false");
}

static void
without_their_scope_custom_objects_are_not_listed_and_that_is_told(void **state)
{
	static const struct { int http; const char *body; int32_t status; } cases[] = {
		{ 403, "{\"category\":\"MISSING_SCOPES\",\"message\":\"m\",\"context\":"
		       "{\"requiredScopes\":[\"crm.schemas.custom.read\"]}}", RK_OK },
		{ 403, "<html>blocked</html>", RK_PAUSE },
		{ 401, "{\"category\":\"INVALID_AUTHENTICATION\"}", RK_PAUSE },
		{ 500, "", RK_AGAIN },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		struct rk_schema schema = { .struct_size = sizeof schema };

		fake_open(settings);
		fake_will_answer(cases[i].http, cases[i].body);
		assert_int_equal(renkei_connector_v1.describe_fields(
			fake_conn, rk_z(""), &schema, &fake_err), cases[i].status);
		if (cases[i].status == RK_OK)
			assert_text(schema.objects[0].name, "contacts");
	}
}

static void
a_custom_object_tells_what_it_requires_and_to_what_it_leads(void **state)
{
	static const char car[] = "{\"results\":[{\"name\":\"plate\",\"type\":"
		"\"string\",\"fieldType\":\"text\",\"hasUniqueValue\":true}]}";
	struct rk_schema schema = { .struct_size = sizeof schema };

	(void)state;
	fake_will_answer(200, car);
	fake_will_answer(200, "{\"objectTypeId\":\"2-77\",\"requiredProperties\":"
	        "[\"plate\",\"gone\"],\"associations\":[{\"fromObjectTypeId\":\"2-77\","
	        "\"toObjectTypeId\":\"0-1\"},{\"fromObjectTypeId\":\"0-1\","
	        "\"toObjectTypeId\":\"2-77\"},{\"fromObjectTypeId\":\"2-77\","
	        "\"toObjectTypeId\":\"2-78\"},{\"fromObjectTypeId\":\"2-77\","
	        "\"toObjectTypeId\":\"0-1\"}]}");
	fake_will_answer(200, NO_LABELS);
	fake_will_answer(200, NO_LABELS);
	fake_will_answer(200, "{\"results\":[]}");
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z("2-77"),
	                                                     &schema, &fake_err), RK_OK);
	assert_int_equal(schema.field_count, 3);
	assert_int_equal(schema.fields[0].flags, RK_FIELD_WRITABLE | RK_FIELD_UNIQUE |
	                                         RK_FIELD_KEY | RK_FIELD_REQUIRED);
	assert_text(schema.fields[1].name, "associations.contacts");
	assert_text(schema.fields[2].name, "associations.2-78");
	assert_text(schema.fields[2].ref_object, "2-78");
	fake_open(settings);
	fake_will_answer(200, car);
	fake_will_answer(403, "{\"category\":\"MISSING_SCOPES\",\"message\":\"m\"}");
	for (int i = 0; i < 4; i++)
		fake_will_answer(200, NO_LABELS);
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z("p9_cars"),
	                                                     &schema, &fake_err), RK_OK);
	assert_int_equal(schema.field_count, 4);
	assert_string_equal(fake.seen[1].url, "https://api.example.com/crm-object-schemas/"
	        "2026-09/schemas/p9_cars?includePropertyDefinitions=false&"
	        "includeAuditMetadata=false");
}

#define RULE(type, value) "{\"ruleType\":\"" type "\",\"ruleArguments\":[" value "]}"

static void
rules_of_administrators_limit_the_fields(void **state)
{
	static const struct {
		const char *rules;
		int64_t least, most;
		const char *smallest, *largest, *native;
	} cases[] = {
		{ RULE("MIN_LENGTH", "\"3\"") "," RULE("MAX_LENGTH", "\"9\""), 3, 9, "", "",
		  "string/text" },
		{ RULE("MIN_LENGTH", "\"9\"") "," RULE("MAX_LENGTH", "\"3\""), -1, 3, "", "",
		  "string/text" },
		{ RULE("REGEX", "\"^a\"") "," RULE("ALPHANUMERIC", ""), -1, 65536, "", "",
		  "string/text REGEX ALPHANUMERIC" },
		{ RULE("MAX_LENGTH", "\"-1\"") "," RULE("MIN_NUMBER", "\"1\""), -1, 65536, "",
		  "", "string/text MAX_LENGTH MIN_NUMBER" },
		{ "{\"ruleArguments\":7},8", -1, 65536, "", "", "string/text" },
		{ RULE("MIN_NUMBER", "\"-0.5\"") "," RULE("MAX_NUMBER", "\"1e3\""), -1, -1,
		  "-0.5", "1000", "number/number" },
		{ RULE("MAX_NUMBER", "\"x\""), -1, -1, "", "", "number/number" },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		struct rk_schema schema = { .struct_size = sizeof schema };
		const struct rk_field *field;

		fake_open(settings);
		fake_will_answer(200, "{\"results\":[{\"name\":\"a\",\"type\":\"string\","
		                 "\"fieldType\":\"text\"},{\"name\":\"b\",\"type\":"
		                 "\"number\",\"fieldType\":\"number\"}]}");
		for (int j = 0; j < 3; j++)
			fake_will_answer(200, NO_LABELS);
		fake_will_answer(200, rk_textf(&fake.host, "{\"results\":[{\"propertyName\":"
		                 "\"%s\",\"propertyValidationRules\":[%s]}]}",
		                 cases[i].native[0] == 's' ? "a" : "b",
		                 cases[i].rules).ptr);
		assert_int_equal(renkei_connector_v1.describe_fields(
			fake_conn, rk_z("tickets"), &schema, &fake_err), RK_OK);
		field = &schema.fields[cases[i].native[0] == 's' ? 0 : 1];
		assert_int_equal(field->min_length, cases[i].least);
		assert_int_equal(field->max_length, cases[i].most);
		assert_text(field->min_value, cases[i].smallest);
		assert_text(field->max_value, cases[i].largest);
		assert_text(field->native, cases[i].native);
		assert_string_equal(fake.seen[4].url,
		        "https://api.example.com/crm/property-validations/2026-09/0-5");
	}
}

static void
sensitive_properties_are_asked_for_where_the_connection_says_so(void **state)
{
	static const struct fake_setting with[] = {
		{ "token", NULL }, { "host", "https://api.example.com/" },
		{ "version", "2026-03" }, { "sensitive", "highly_sensitive" },
		{ NULL, NULL },
	};
	struct rk_schema schema = { .struct_size = sizeof schema };

	(void)state;
	fake_open(with);
	fake_will_answer(200, "{\"results\":[{\"name\":\"a\",\"type\":\"string\"}]}");
	fake_will_answer(200, "{\"results\":[{\"name\":\"b\",\"type\":\"string\"}]}");
	fake_will_answer(200, "{\"results\":[{\"name\":\"c\",\"type\":\"string\"}]}");
	for (int i = 0; i < 3; i++)
		fake_will_answer(200, NO_LABELS);
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z("tickets"),
	                                                     &schema, &fake_err), RK_OK);
	assert_text(schema.fields[2].name, "c");
	assert_text(schema.fields[3].name, "associations.contacts");
	assert_string_equal(fake.seen[2].url, "https://api.example.com/crm/properties/"
	        "2026-03/tickets?archived=false&dataSensitivity=highly_sensitive");
	fake_open(with);
	fake_will_answer(200, "{\"results\":[]}");
	fake_will_answer(403, "{\"category\":\"MISSING_SCOPES\",\"errors\":[{\"context\":"
	                      "{\"requiredGranularScopes\":[\"x.sensitive.read\"]}}]}");
	assert_int_equal(renkei_connector_v1.describe_fields(
		fake_conn, rk_z("tickets"), &schema, &fake_err), RK_PAUSE);
	assert_non_null(strstr(fake_err.message, "x.sensitive.read"));
}

/* Only what is not for this account is done without. */
static void
trouble_with_labels_is_no_missing_label(void **state)
{
	static const struct { int http; const char *body; int32_t status; } cases[] = {
		{ 401, "{\"category\":\"INVALID_AUTHENTICATION\"}", RK_PAUSE },
		{ 403, "<html>blocked</html>", RK_PAUSE }, { 502, "", RK_AGAIN },
		{ 200, "<html>", RK_AGAIN },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		struct rk_schema schema = { .struct_size = sizeof schema };

		fake_open(settings);
		fake_will_answer(200, properties);
		fake_will_answer(cases[i].http, cases[i].body);
		assert_int_equal(renkei_connector_v1.describe_fields(
			fake_conn, rk_z("contacts"), &schema, &fake_err), cases[i].status);
	}
}

/* ---- list_changed ------------------------------------------------------------------ */

static void
ask_for(uint32_t mode, int64_t since, int64_t until)
{
	fake_query("contacts", mode, since, until);
	fields[0] = fake_field("email", RK_TEXT, RK_FIELD_KEY);
	fields[1] = fake_field("name", RK_TEXT, 0);
}

#define REC(id, email, date)                                                             \
	"{\"id\":\"" id "\",\"properties\":{\"email\":" email ",\"hs_object_id\":\"" id  \
	"\",\"lastmodifieddate\":\"" date "\",\"name\":\"N\"},"                          \
	"\"updatedAt\":\"2026-11-01T00:00:00.000Z\",\"archived\":false}"

static void
a_full_listing_goes_by_page_tokens(void **state)
{
	(void)state;
	ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
	fake_will_answer(200,
	                 "{\"results\":[" REC(
				 "51", "\"a@b.c\"",
				 "2026-11-02T00:00:00.000Z") "," REC("52", "null",
	                                                             "2026-11-02T00:00:"
	                                                             "00Z") "],"
	                                                                    "\"paging\":{"
	                                                                    "\"next\":"
	                                                                    "{\"after\":"
	                                                                    "\"53 "
	                                                                    "x\"}}}");
	fake_will_answer(200, "{\"total\":3,\"results\":[]}");
	fake_will_answer(200, "{\"results\":[]}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 2);
	assert_int_equal(page.total, 3);
	assert_int_equal(page.more, 1);
	assert_int_equal(page.source_time_ms, FAKE_NOW);
	assert_int_equal(page.safe_until_ms, FAKE_NOW - 60000);
	assert_text(page.records[0].id, "51");
	assert_text(page.records[0].version, "2026-11-01T00:00:00.000Z");
	assert_int_equal(page.records[0].modified_ms, 1793577600000);
	assert_string_equal(fake_show(&page.records[0].values[0]), "TEXT:a@b.c");
	assert_string_equal(fake_show(&page.records[1].values[0]), "NULL:");
	assert_int_equal(list(page.token), RK_OK);
	assert_int_equal(page.record_count, 0);
	assert_int_equal(page.more, 0);
	assert_string_equal(fake.seen[0].method, "GET");
	assert_string_equal(
		fake.seen[0].url,
		"https://api.example.com/crm/objects/2026-09/"
		"contacts?limit=2&archived=false&properties=lastmodifieddate,"
		"hs_merged_object_ids,email,name");
	/* How many there are is asked once. */
	assert_string_equal(fake.seen[1].url,
	                    "https://api.example.com/crm/objects/2026-09/contacts/search");
	assert_string_equal(fake.seen[2].url,
	                    "https://api.example.com/crm/objects/2026-09/"
	                    "contacts?limit=2&after=53%20x&archived=false&"
	                    "properties=lastmodifieddate,"
		"hs_merged_object_ids,email,name");
	assert_string_equal(fake.seen[0].object, "contacts");
}

static void
a_loop_of_page_tokens_is_a_bug(void **state)
{
	static const char *const loops[][4] = { { "1", "1", "1", "1" },
		                                { "1", "2", "1", "2" },
		                                { "1", "2", "3", "4" } };
	int32_t status = RK_OK;

	(void)state;
	for (size_t i = 0; i < RK_COUNT(loops); i++) {
		fake_open(settings);
		ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
		page.token = rk_z("");
		status = RK_OK;
		for (int step = 0; step < 20 && status == RK_OK; step++) {
			const char *after = i < 2 ? loops[i][step % 4]
			                  : rk_textf(&fake.host, "%d", step).ptr;

			fake_will_answer(200, rk_textf(&fake.host,
			                               "{\"results\":[],\"paging\":"
			                               "{\"next\":{\"after\":\"%s\"}}}",
			                               after)
			                              .ptr);
			if (page.token.len == 0)
				fake_will_answer(429, "{}");
			status = list(page.token);
		}
		assert_int_equal(status, i < 2 ? RK_BUG : RK_OK);
	}
}

static void
a_window_is_a_keyset_search_that_freezes_its_end(void **state)
{
	(void)state;
	ask_for(RK_BY_WINDOW, FAKE_NOW - 600000, RK_NO_TIME);
	fake_will_answer(200, "{\"total\":3,\"results\":["
	                 REC("51", "\"a\"", "2026-11-18T11:00:00.000Z") ","
	                 REC("60", "\"late\"", "2026-11-18T11:06:41.000Z") "]}");
	fake_will_answer(200, "{\"results\":["
	                 REC("61", "\"old\"", "2026-11-18T10:00:00.000Z") "]}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 1);   /* 60 lies after the first answer. */
	assert_int_equal(page.more, 1);
	assert_int_equal(list(page.token), RK_OK);
	assert_int_equal(page.record_count, 0);   /* 61 lies before the window. */
	assert_int_equal(page.more, 0);
	assert_int_equal(page.source_time_ms, FAKE_NOW);
	assert_string_equal(
		fake.seen[0].body,
		"{\"filterGroups\":[{\"filters\":["
		"{\"propertyName\":\"lastmodifieddate\",\"operator\":\"GTE\","
		"\"value\":\"1794999400000\"},"
		"{\"propertyName\":\"hs_object_id\",\"operator\":\"GT\",\"value\":\"0\"}]"
	        "}],"
		"\"sorts\":[{\"propertyName\":\"hs_object_id\",\"direction\":"
	        "\"ASCENDING\"}],"
		"\"properties\":[\"lastmodifieddate\",\"hs_merged_object_ids\",\"email\","
		"\"name\"],\"limit\":2}");
	assert_non_null(strstr(fake.seen[1].body, "\"operator\":\"BETWEEN\",\"value\":"
	        "\"1794999400000\",\"highValue\":\"1794999999999\"}"));
	assert_non_null(strstr(fake.seen[1].body, "\"GT\",\"value\":\"60\""));
	assert_string_equal(fake.seen[1].spends, "search day ");
	assert_null(strstr(fake.seen[1].body, "after"));
}

/* What a search compares as the host does is asked for, four tests at most; what HubSpot
 * computes may be old in the index.  A listing that was begun so ends so. */
static void
a_hint_makes_the_first_listing_a_search(void **state)
{
	static const struct rk_text texts[] = { { "lead", 4 }, { "2", 1 } };
	static const struct rk_hint hints[] = {
		{ .field = { "name", 4 }, .test = RK_HINT_IN, .values = texts, .value_count = 2 },
		{ .field = { "sum", 3 }, .test = RK_HINT_LEAST, .values = texts + 1, .value_count = 1 },
		{ .field = { "n", 1 }, .test = RK_HINT_EMPTY },
		{ .field = { "stage", 5 }, .test = RK_HINT_IN, .values = texts, .value_count = 2 },
		{ .field = { "n", 1 }, .test = RK_HINT_MOST, .values = texts + 1, .value_count = 1 },
		{ .field = { "n", 1 }, .test = RK_HINT_FILLED },
		{ .field = { "n", 1 }, .test = RK_HINT_FILLED },
		{ .field = { "n", 1 }, .test = RK_HINT_LEAST, .values = texts + 1, .value_count = 1 },
	};
	static struct rk_field with[4];

	(void)state;
	ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
	with[0] = fake_field("name", RK_TEXT, RK_FIELD_WRITABLE);
	with[1] = fake_field("sum", RK_DECIMAL, RK_FIELD_COMPUTED);
	with[2] = fake_field("n", RK_DECIMAL, RK_FIELD_WRITABLE);
	with[3] = fake_field("stage", RK_CHOICE, RK_FIELD_WRITABLE);
	query.fields = with;
	query.field_count = 4;
	query.hints = hints;
	query.hint_count = 3;           /* None of these means the same there. */
	query.limit = 1;
	fake_will_answer(200, "{\"results\":[]}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_string_equal(fake.seen[0].method, "GET");
	query.hint_count = RK_COUNT(hints);
	fake_will_answer(200, "{\"total\":1,\"results\":["
	                 REC("51", "\"a\"", "2026-11-18T11:00:00.000Z") "]}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.total, 1);
	assert_non_null(strstr(fake.seen[1].body,
		",{\"propertyName\":\"stage\",\"operator\":\"IN\",\"values\":[\"lead\",\"2\"]},"
		"{\"propertyName\":\"n\",\"operator\":\"LTE\",\"value\":\"2\"},"
		"{\"propertyName\":\"n\",\"operator\":\"HAS_PROPERTY\"},"
		"{\"propertyName\":\"n\",\"operator\":\"HAS_PROPERTY\"},"
		"{\"propertyName\":\"hs_object_id\",\"operator\":\"GT\",\"value\":\"0\"}]"));
	query.hint_count = 0;
	fake_will_answer(200, "{\"results\":[]}");
	assert_int_equal(list(page.token), RK_OK);
	assert_string_equal(fake.seen[2].method, "POST");
	assert_null(strstr(fake.seen[2].body, "stage\",\"operator"));
	/* A host that is older than hints does not tell of them. */
	query.hint_count = RK_COUNT(hints);
	query.struct_size = offsetof(struct rk_query, hints);
	fake_will_answer(200, "{\"results\":[]}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_string_equal(fake.seen[3].method, "GET");
	query.struct_size = sizeof query;
}

static void
companies_and_deals_have_another_modified_date(void **state)
{
	(void)state;
	ask_for(RK_BY_WINDOW, 0, FAKE_NOW);
	query.object = rk_z("deals");
	fake_will_answer(200, "{\"results\":[]}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_non_null(strstr(fake.seen[0].body,
	                       "{\"propertyName\":\"hs_lastmodifieddate\","
	                       "\"operator\":\"BETWEEN\",\"value\":\"1000\","
	                       "\"highValue\":\"1794999999999\"}"));
}

static void
a_search_that_does_not_advance_is_a_bug(void **state)
{
	(void)state;
	ask_for(RK_BY_WINDOW, 1000, RK_NO_TIME);
	fake_will_answer(
		200,
		"{\"results\":[" REC("52", "\"a\"", "2026-11-18T11:00:00.000Z") "," REC(
			"51", "\"b\"", "2026-11-18T11:00:00.000Z") "]}");
	assert_int_equal(list(rk_z("")), RK_BUG);
	fake_will_answer(200, "{\"results\":[{\"id\":\"x\"}]}");
	assert_int_equal(list(rk_z("")), RK_BUG);
	fake_will_answer(
		200,
		"{\"results\":[" REC("52", "\"a\"", "2026-11-18T11:00:00.000Z") "," REC(
			"52", "\"a\"", "2026-11-18T11:00:00.000Z") "]}");
	assert_int_equal(list(rk_z("")), RK_BUG);
	assert_int_equal(list(rk_z("nonsense")), RK_RESYNC);
}

/* The survivor's line ends with whom it took over. */
#define SURVIVOR(ids) "{\"results\":[{\"id\":\"51\",\"properties\":{\"email\":\"a\"," \
	"\"hs_merged_object_ids\":" ids "},\"updatedAt\":\"2026-11-18T11:00:00.000Z\"}]}"

static void
a_survivor_tells_whom_it_took_over(void **state)
{
	(void)state;
	for (int window = 0; window < 2; window++) {
		fake_open(settings);
		ask_for(RK_BY_WINDOW, window ? 1000 : RK_NO_TIME, RK_NO_TIME);
		fake_will_answer(200, SURVIVOR("\"7; 8;;\""));
		assert_int_equal(list(rk_z("")), RK_OK);
		assert_int_equal(page.record_count, 3);
		assert_text(page.records[0].id, "51");
		assert_int_equal(page.records[0].merged_into.len, 0);
		for (uint64_t i = 1; i < 3; i++) {
			assert_text(page.records[i].id, i == 1 ? "7" : "8");
			assert_text(page.records[i].merged_into, "51");
			assert_int_equal(page.records[i].flags, RK_RECORD_MERGED);
			assert_int_equal(page.records[i].modified_ms,
			                 page.records[0].modified_ms);
			assert_string_equal(fake_show(&page.records[i].values[1]), "ABSENT:");
		}
	}
	ask_for(RK_BY_WINDOW, 1000, RK_NO_TIME);
	fake_will_answer(200, SURVIVOR("null"));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 1);
}

static void
many_properties_are_read_in_batches(void **state)
{
	static struct rk_field many[300];
	struct rk_text answer = rk_z("{\"results\":[" REC("51", "\"a\"",
	                             "2026-11-18T11:00:00.000Z") "]}");

	(void)state;
	for (int window = 0; window < 2; window++) {
		fake_open(settings);
		ask_for(RK_BY_WINDOW, window ? 1000 : RK_NO_TIME, RK_NO_TIME);
		for (int i = 0; i < 300; i++)
			many[i] = fake_field(
				rk_textf(&fake.host, "a_rather_long_property_%d", i).ptr,
				RK_TEXT, 0);
		many[7] = fields[0];
		query.fields = many;
		query.field_count = 300;
		fake_will_answer(200, answer.ptr);
		fake_will_answer(200, answer.ptr);
		assert_int_equal(list(rk_z("")), RK_OK);
		assert_int_equal(page.record_count, 1);
		assert_string_equal(fake_show(&page.records[0].values[7]), "TEXT:a");
		assert_true(strlen(fake.seen[0].url) + strlen(fake.seen[0].body) < 3000);
		assert_string_equal(fake.seen[1].url,
		                    "https://api.example.com/crm/objects/"
		                    "2026-09/contacts/batch/read?archived=false");
		assert_non_null(strstr(
			fake.seen[1].body,
			"\"a_rather_long_property_299\"],"
			"\"propertiesWithHistory\":[],\"inputs\":[{\"id\":\"51\"}]}"));
	}
}

static void
ids_and_unique_values_are_read_in_one_call(void **state)
{
	static const struct rk_text ids[] = { RK_LIT("51"), RK_LIT("99") };
	static const struct rk_text mails[] = { RK_LIT("A@b.c") };

	(void)state;
	ask_for(RK_BY_IDS, RK_NO_TIME, RK_NO_TIME);
	query.values = ids;
	query.value_count = 2;
	query.limit = 100;
	fake_will_answer(
		207,
		"{\"status\":\"COMPLETE\",\"results\":[" REC(
			"51", "\"a\"",
			"2026-11-18T11:00:00.000Z") "],\"numErrors\":1,\"errors\":["
						    "{\"category\":\"OBJECT_NOT_FOUND\","
	                                            "\"context\":{\"ids\":[\"99\"]}}]}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 1);
	assert_int_equal(page.more, 0);
	assert_non_null(strstr(fake.seen[0].body,
	                       "\"inputs\":[{\"id\":\"51\"},{\"id\":\"99\"}]"));
	query.mode = RK_BY_FIELD;
	query.field = rk_z("email");
	query.values = mails;
	query.value_count = 1;
	fake_will_answer(200, "{\"results\":[]}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_non_null(strstr(fake.seen[1].body, "\"idProperty\":\"email\",\"inputs\":"
	                       "[{\"id\":\"A@b.c\"}]"));
}

static void
many_ids_are_one_page_of_several_calls(void **state)
{
	static struct rk_text ids[150];

	(void)state;
	ask_for(RK_BY_IDS, RK_NO_TIME, RK_NO_TIME);
	for (int i = 0; i < 150; i++)
		ids[i] = rk_textf(&fake.host, "%d", i + 1);
	query.values = ids;
	query.value_count = 150;
	query.limit = 120;
	for (int i = 0; i < 3; i++)
		fake_will_answer(207, "{\"results\":[" REC("51", "\"a\"",
		        "2026-11-18T11:00:00.000Z") "],\"errors\":[{\"category\":"
		        "\"OBJECT_NOT_FOUND\"}]}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 3);
	assert_int_equal(page.more, 0);
	assert_non_null(strstr(fake.seen[1].body, "{\"id\":\"120\"}]"));
	assert_non_null(strstr(fake.seen[2].body, "[{\"id\":\"121\"}"));
}

static void
other_values_are_searched_in_lower_case_and_paged(void **state)
{
	static const struct rk_text names[] = { RK_LIT("Ann"), RK_LIT("山田Ｂ") };

	(void)state;
	ask_for(RK_BY_FIELD, RK_NO_TIME, RK_NO_TIME);
	query.field = rk_z("name");
	query.values = names;
	query.value_count = 2;
	query.limit = 4;
	fake_will_answer(
		200,
		"{\"results\":[" REC("51", "\"a\"", "2026-11-18T11:00:00.000Z") "," REC(
			"52", "\"a\"", "2026-11-18T12:00:00.000Z") "],"
		"\"paging\":{\"next\":{\"after\":\"2\"}}}");
	fake_will_answer(200, "{\"results\":[]}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 2);
	assert_int_equal(page.more, 0);
	assert_non_null(strstr(fake.seen[0].body,
	                       "{\"propertyName\":\"name\",\"operator\":"
	                       "\"IN\",\"values\":[\"ann\",\"山田Ｂ\"]}"));
	assert_non_null(strstr(fake.seen[1].body, "\"GT\",\"value\":\"52\""));
}

static void
a_silent_batch_read_is_never_taken_for_deleted_records(void **state)
{
	static const struct rk_text ids[] = { RK_LIT("51"), RK_LIT("52") };

	(void)state;
	ask_for(RK_BY_IDS, RK_NO_TIME, RK_NO_TIME);
	query.values = ids;
	query.value_count = 2;
	fake_will_answer(200, "{\"results\":[]}");
	assert_int_equal(list(rk_z("")), RK_AGAIN);
	fake_will_answer(
		207, "{\"results\":[],\"errors\":[{\"category\":\"INTERNAL_ERROR\"}]}");
	assert_int_equal(list(rk_z("")), RK_AGAIN);
}

static void
values_become_what_the_property_is(void **state)
{
	static const struct { uint32_t type; const char *json, *want; } cases[] = {
		{ RK_TEXT, "\"x\"", "TEXT:x" }, { RK_TEXT, "\"\"", "NULL:" },
		{ RK_TEXT, "null", "NULL:" }, { RK_TEXT, "\"a\\u0000b\"", "TEXT!:ab" },
		{ RK_TEXT, "\"\\u0000\"", "TEXT!:" }, { RK_TEXT, "5", "TEXT:5" },
		{ RK_TEXT, "[1]", "JSON:[1]" },
		{ RK_RICH, "\"<b>\"", "RICH:<b>" },
		{ RK_DECIMAL, "\"1500.00\"", "DECIMAL:1500.00" },
		{ RK_DECIMAL, "\"1.5E3\"", "DECIMAL:1500" },
		{ RK_DECIMAL, "9007199254740993", "DECIMAL:9007199254740993" },
		{ RK_DECIMAL, "\"12,5\"", "TEXT:12,5" },
		{ RK_INTEGER, "\"9007199254740993\"", "INTEGER:9007199254740993" },
		{ RK_INTEGER, "\"9223372036854775808\"", "TEXT:9223372036854775808" },
		{ RK_BOOL, "\"true\"", "BOOL:1" }, { RK_BOOL, "\"No\"", "BOOL:0" },
		{ RK_BOOL, "true", "BOOL:1" }, { RK_BOOL, "\"maybe\"", "TEXT:maybe" },
		{ RK_DATE, "\"2026-02-28\"", "DATE:2026-02-28" },
		{ RK_DATE, "\"1767225600000\"", "DATE:2026-01-01" },
		{ RK_DATE, "\"2026-01-01T00:00:00Z\"", "DATE:2026-01-01" },
		{ RK_DATE, "\"1767225600001\"", "TEXT:1767225600001" },
		{ RK_DATE, "\"2026-02-30\"", "TEXT:2026-02-30" },
		{ RK_DATE, "\"9223372036854775000\"", "TEXT:9223372036854775000" },
		{ RK_DATETIME, "\"2026-01-01T00:00:00.007Z\"", "DATETIME:1767225600007" },
		{ RK_DATETIME, "\"1767225600007\"", "DATETIME:1767225600007" },
		{ RK_DATETIME, "\"soon\"", "TEXT:soon" },
		{ RK_DATETIME, "\"9999999999999999\"", "TEXT:9999999999999999" },
		{ RK_CHOICE, "\"lead\"", "CHOICE:lead" },
		{ RK_CHOICES, "\"a;b; c\"", "CHOICES:[CHOICE:a,CHOICE:b,CHOICE:c]" },
		{ RK_CHOICES, "\";a;\"", "CHOICES:[CHOICE:a]" },
		{ RK_USER, "\"41629779\"", "USER:41629779" },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		fake_open(settings);
		ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
		fields[0].type = cases[i].type;
		fake_will_answer(200, rk_textf(&fake.host, "{\"results\":[{\"id\":\"1\","
		                 "\"properties\":{\"other\":\"1\",\"email\":%s}}]}",
		                 cases[i].json).ptr);
		assert_int_equal(list(rk_z("")), RK_OK);
		if (strcmp(fake_show(&page.records[0].values[0]), cases[i].want) != 0)
			fail_msg("%s -> %s, wanted %s", cases[i].json,
			         fake_show(&page.records[0].values[0]), cases[i].want);
		assert_string_equal(fake_show(&page.records[0].values[1]), "ABSENT:");
	}
}

/* ---- errors of the connection ---------------------------------------------------- */

static void
a_retry_after_of_the_answer_wins(void **state)
{
	(void)state;
	ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
	fake_will_answer(429, "{}");
	fake.answers[0].retry_after_ms = 4000;
	assert_int_equal(list(rk_z("")), RK_AGAIN);
	assert_int_equal(fake_err.retry_after_ms, 4000);
}

/* ---- upsert ------------------------------------------------------------------------ */

/* Rows a@, b@, c@ ... with an e-mail and a name. */
static void
prepare(uint32_t operation, uint64_t count)
{
	static const char *const mails[FAKE_ROWS] = {
		"a@x.jp", "b@x.jp", "c@x.jp", "d@x.jp",
		"e@x.jp", "f@x.jp", "g@x.jp", "h@x.jp",
	};

	fields[0] = fake_field("email", RK_TEXT, RK_FIELD_KEY | RK_FIELD_KEY_NOCASE);
	fields[1] = fake_field("name", RK_TEXT, RK_FIELD_WRITABLE);
	fields[2] = fake_field("stage", RK_CHOICE, RK_FIELD_WRITABLE);
	fake_batch("contacts", operation, 3, count, mails, 51);
}

static void
bodies_are_as_the_api_wants_them(void **state)
{
	(void)state;
	prepare(RK_OP_UPSERT, 1);
	cells[0][1] = rk_value_of(RK_NULL, rk_z(""));
	fake_will_answer(200, "{\"results\":[]}");
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[0].status, RK_UNKNOWN);   /* 2xx that tells nothing. */
	prepare(RK_OP_CREATE, 1);
	fake_will_answer(201, "{\"results\":[]}");
	write_batch();
	prepare(RK_OP_UPDATE, 1);
	cells[0][0].type = RK_ABSENT;
	fake_will_answer(200, "{\"results\":[]}");
	write_batch();
	prepare(RK_OP_ARCHIVE, 2);
	fake_will_answer(204, "");
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[1].status, RK_ARCHIVED);
	assert_string_equal(fake.seen[0].url,
	        "https://api.example.com/crm/objects/2026-09/contacts/batch/upsert");
	assert_string_equal(fake.seen[0].body,
	                    "{\"inputs\":[{\"idProperty\":\"email\",\"id\":"
	                    "\"a@x.jp\",\"objectWriteTraceId\":\"t0\",\"properties\":{"
	                    "\"email\":\"a@x.jp\","
	                    "\"name\":\"\"}}]}");
	assert_string_equal(fake.seen[1].body,
	                    "{\"inputs\":[{\"objectWriteTraceId\":\"t0\","
	                    "\"properties\":{\"email\":\"a@x.jp\",\"name\":\"N0\"},"
	                    "\"associations\":[]}]}");
	assert_string_equal(fake.seen[2].body, "{\"inputs\":[{\"id\":\"51\","
	        "\"objectWriteTraceId\":\"t0\",\"properties\":{\"name\":\"N0\"}}]}");
	assert_string_equal(fake.seen[3].body,
	                    "{\"inputs\":[{\"id\":\"51\"},{\"id\":\"52\"}]}");
	assert_string_equal(fake.seen[3].url,
	        "https://api.example.com/crm/objects/2026-09/contacts/batch/archive");
}

/* Two rows that name companies 9 and 8, and 9. */
static void
prepare_references(uint32_t operation)
{
	static const struct rk_value both[] = {
		{ .type = RK_REF, .text = RK_LIT("9") },
		{ .type = RK_REF, .text = RK_LIT("8") },
	};

	prepare(operation, 2);
	fields[2] = fake_field("associations.companies", RK_REFS, RK_FIELD_WRITABLE);
	cells[0][2] = (struct rk_value){ .type = RK_REFS, .items = both, .count = 2 };
	cells[1][2] = (struct rk_value){ .type = RK_REFS, .items = both, .count = 1 };
}
#define FOUND(ids) "{\"status\":\"COMPLETE\",\"results\":[" ids "]}"
#define WRITTEN "{\"results\":[{\"id\":\"51\",\"objectWriteTraceId\":\"t0\"}," \
	"{\"id\":\"52\",\"objectWriteTraceId\":\"t1\"}]}"

static void
associations_are_looked_up_then_made_after_the_write(void **state)
{
	(void)state;
	prepare_references(RK_OP_UPDATE);
	fake_will_answer(200, FOUND("{\"id\":\"9\"},{\"id\":\"8\"}"));
	fake_will_answer(200, WRITTEN);
	fake_will_answer(200, "{\"status\":\"COMPLETE\",\"results\":[],\"errors\":[]}");
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[0].status, RK_UPDATED);
	assert_int_equal(outcomes[1].status, RK_UPDATED);
	assert_string_equal(fake.seen[0].body,
	        "{\"properties\":[],\"propertiesWithHistory\":[],\"inputs\":["
	        "{\"id\":\"8\"},{\"id\":\"9\"}]}");
	assert_string_equal(fake.seen[0].url, "https://api.example.com/crm/objects/"
	        "2026-09/companies/batch/read?archived=false");
	assert_null(strstr(fake.seen[1].body, "associations"));
	assert_string_equal(fake.seen[2].url, "https://api.example.com/crm/associations/"
	        "2026-09/contacts/companies/batch/associate/default");
	assert_string_equal(fake.seen[2].body,
	        "{\"inputs\":[{\"from\":{\"id\":\"51\"},\"to\":{\"id\":\"9\"}},"
	        "{\"from\":{\"id\":\"51\"},\"to\":{\"id\":\"8\"}},"
	        "{\"from\":{\"id\":\"52\"},\"to\":{\"id\":\"9\"}}]}");
}

/* Two fields name one pair: a call that made one label would drop the other. */
static void
labels_of_a_pair_are_written_together_and_read_apart(void **state)
{
	(void)state;
	prepare_references(RK_OP_UPDATE);
	fields[2] = fake_field("associations.companies.37", RK_REFS, RK_FIELD_WRITABLE);
	fields[2].native = rk_z("association/USER_DEFINED");
	fields[1] = fake_field("associations.companies.primary", RK_REF,
	                       RK_FIELD_WRITABLE);
	cells[0][1] = rk_value_of(RK_REF, rk_z("8"));
	cells[1][1] = (struct rk_value){ .type = RK_ABSENT };
	fake_will_answer(200, FOUND("{\"id\":\"9\"},{\"id\":\"8\"}"));
	fake_will_answer(200, WRITTEN);
	fake_will_answer(201, "{\"status\":\"COMPLETE\",\"results\":[]}");
	fake_will_answer(201, "{\"status\":\"COMPLETE\",\"results\":[]}");
	assert_int_equal(write_batch(), RK_OK);
#define PAIR(from, to, types) "{\"from\":{\"id\":\"" from "\"},\"to\":{\"id\":\"" to \
	"\"},\"types\":[" types "]}"
#define TYPE(category, type) "{\"associationCategory\":\"" category \
	"\",\"associationTypeId\":" type "}"
#define BOTH TYPE("HUBSPOT_DEFINED", "1") "," TYPE("USER_DEFINED", "37")
	assert_string_equal(fake.seen[2].body, "{\"inputs\":[" PAIR("51", "8", BOTH) "]}");
	assert_string_equal(fake.seen[3].body, "{\"inputs\":["
	        PAIR("51", "9", TYPE("USER_DEFINED", "37")) "," PAIR("51", "8", BOTH) ","
	        PAIR("52", "9", TYPE("USER_DEFINED", "37")) "]}");
	assert_non_null(strstr(fake.seen[3].url, "/contacts/companies/batch/create"));
	fake_open(settings);
	ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
	fields[0] = fake_field("associations.companies.37", RK_REFS, 0);
	fields[1] = fake_field("associations.companies", RK_REFS, 0);
	fake_will_answer(200, "{\"results\":[{\"id\":\"51\",\"properties\":{}},"
	                      "{\"id\":\"52\",\"properties\":{}}]}");
	fake_will_answer(200, "{\"results\":[{\"from\":{\"id\":\"51\"},\"to\":["
	        "{\"toObjectId\":8,\"associationTypes\":[{\"typeId\":279},{\"typeId\":37}]},"
	        "{\"toObjectId\":8,\"associationTypes\":[{\"typeId\":37}]},"
	        "{\"toObjectId\":9,\"associationTypes\":[{\"typeId\":279}]}]},"
	        "{\"from\":{\"id\":\"52\"},\"to\":[{\"toObjectId\":9}]}]}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(fake.seen_count, 2);   /* One answer serves both fields. */
	assert_string_equal(fake_show(&page.records[0].values[0]), "REFS:[REF:8]");
	assert_string_equal(fake_show(&page.records[0].values[1]), "REFS:[REF:8,REF:9]");
	assert_string_equal(fake_show(&page.records[1].values[0]), "NULL:");
}

static void
a_primary_company_is_written_and_read_by_its_type(void **state)
{
	static const struct { const char *object, *type, *other; } cases[] = {
		{ "contacts", "1", "279" }, { "0-1", "1", "2" }, { "deals", "5", "341" },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		fake_open(settings);
		prepare_references(RK_OP_UPDATE);
		batch.object = rk_z(cases[i].object);
		fields[2] = fake_field("associations.companies.primary", RK_REF,
		                       RK_FIELD_WRITABLE);
		cells[0][2] = rk_value_of(RK_REF, rk_z("9"));
		cells[1][2] = (struct rk_value){ .type = RK_ABSENT };
		fake_will_answer(200, FOUND("{\"id\":\"9\"}"));
		fake_will_answer(200, WRITTEN);
		fake_will_answer(201, "{\"status\":\"COMPLETE\",\"results\":[]}");
		assert_int_equal(write_batch(), RK_OK);
		assert_non_null(strstr(fake.seen[0].url, "/companies/batch/read"));
		assert_non_null(strstr(fake.seen[2].url, "/companies/batch/create"));
		assert_string_equal(fake.seen[2].body, rk_textf(&fake.host,
		        "{\"inputs\":[{\"from\":{\"id\":\"51\"},\"to\":{\"id\":\"9\"},"
		        "\"types\":[{\"associationCategory\":\"HUBSPOT_DEFINED\","
		        "\"associationTypeId\":%s}]}]}", cases[i].type).ptr);
		fake_open(settings);
		ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
		query.object = rk_z(cases[i].object);
		fields[0] = fake_field("associations.companies.primary", RK_REF, 0);
		fake_will_answer(200, "{\"results\":[{\"id\":\"51\",\"properties\":{}},"
		                      "{\"id\":\"52\",\"properties\":{}}]}");
		fake_will_answer(200, rk_textf(&fake.host, "{\"results\":[{\"from\":{\"id\":"
		        "\"51\"},\"to\":[{\"toObjectId\":8,\"associationTypes\":[{\"typeId\":"
		        "%s}]},{\"toObjectId\":9,\"associationTypes\":[{\"typeId\":%s},"
		        "{\"typeId\":%s}]}]},{\"from\":{\"id\":\"52\"},\"to\":[{"
		        "\"toObjectId\":8}]}]}", cases[i].other, cases[i].other,
		        cases[i].type).ptr);
		assert_int_equal(list(rk_z("")), RK_OK);
		assert_string_equal(fake_show(&page.records[0].values[0]), "REF:9");
		assert_string_equal(fake_show(&page.records[1].values[0]), "NULL:");
	}
}

/* HubSpot makes no lead without its primary contact, which so goes with it; what else it
 * has comes after it, and an update has nothing with it. */
static void
a_new_lead_goes_with_its_primary_contact(void **state)
{
#define MADE "{\"results\":[{\"id\":\"51\",\"objectWriteTraceId\":\"t0\"}]}"
	(void)state;
	for (uint32_t create = 0; create < 2; create++) {
		fake_open(settings);
		prepare(create ? RK_OP_CREATE : RK_OP_UPDATE, 1);
		batch.object = rk_z("leads");
		batch.key_field = NULL;
		fields[1] = fake_field("associations.contacts.primary", RK_REF,
		                       RK_FIELD_WRITABLE);
		fields[2] = fake_field("associations.companies", RK_REFS,
		                       RK_FIELD_WRITABLE);
		cells[0][1] = rk_value_of(RK_REF, rk_z("8"));
		cells[0][2] = rk_value_of(RK_REF, rk_z("9"));
		fake_will_answer(200, FOUND("{\"id\":\"8\"}"));
		fake_will_answer(200, FOUND("{\"id\":\"9\"}"));
		fake_will_answer(create ? 201 : 200, MADE);
		fake_will_answer(200, "{\"status\":\"COMPLETE\",\"results\":[]}");
		fake_will_answer(200, "{\"status\":\"COMPLETE\",\"results\":[]}");
		assert_int_equal(write_batch(), RK_OK);
		assert_int_equal(outcomes[0].status, create ? RK_CREATED : RK_UPDATED);
		assert_int_equal(fake.seen_count, create ? 4 : 5);
		assert_non_null(strstr(fake.seen[fake.seen_count - 1].url,
		        "/leads/companies/batch/associate/default"));
		if (create)
			assert_non_null(strstr(fake.seen[2].body, "\"associations\":["
			        "{\"to\":{\"id\":\"8\"},\"types\":[" TYPE(
			        "HUBSPOT_DEFINED", "578") "]}]"));
		else
			assert_non_null(strstr(fake.seen[3].body, PAIR("51", "8",
			        TYPE("HUBSPOT_DEFINED", "578"))));
	}
}

static void
a_missing_parent_is_told_before_anything_is_written(void **state)
{
	(void)state;
	prepare_references(RK_OP_UPSERT);
	fake_will_answer(207, FOUND("{\"id\":\"9\"}"));
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(fake.seen_count, 1);
	assert_int_equal(outcomes[0].status, RK_REJECTED);
	assert_int_equal(outcomes[0].category, RK_CAT_ASSOCIATION);
	assert_text(outcomes[0].code, RK_CODE_PARENT_MISSING);
	assert_text(outcomes[0].field, "associations.companies");
	assert_text(outcomes[0].value, "8");
	assert_int_equal(outcomes[1].status, RK_RETRY);
}

static void
a_row_that_is_not_associated_is_not_done(void **state)
{
	static const struct {
		uint32_t operation;
		int32_t http, status, outcome;
		const char *body;
	} cases[] = {
		{ RK_OP_UPDATE, 500, RK_AGAIN, RK_UNKNOWN, "{}" },
		{ RK_OP_UPDATE, 0, RK_AGAIN, RK_UNKNOWN, NULL },
		{ RK_OP_CREATE, 429, RK_AGAIN, RK_UNKNOWN, "{}" },
		{ RK_OP_CREATE, 400, RK_OK, RK_UNKNOWN, "{\"message\":\"m\"}" },
		{ RK_OP_UPDATE, 403, RK_PAUSE, RK_UNKNOWN, "{\"message\":\"m\"}" },
		{ RK_OP_UPDATE, 400, RK_OK, RK_REJECTED, "{\"message\":\"m\"}" },
		{ RK_OP_UPDATE, 207, RK_OK, RK_REJECTED, "{\"errors\":[{\"subCategory\":"
		  "\"crm.associations.TO_OBJECT_NOT_FOUND\",\"message\":\"m\"}]}" },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		int32_t status;

		fake_open(settings);
		prepare_references(cases[i].operation);
		fake_will_answer(200, FOUND("{\"id\":\"9\"},{\"id\":\"8\"}"));
		fake_will_answer(200, WRITTEN);
		fake_will_answer(cases[i].http, cases[i].body);
		status = write_batch();
		if (status != cases[i].status || outcomes[1].status != cases[i].outcome)
			fail_msg("%zu -> %d, outcome %d", i, status, outcomes[1].status);
		if (outcomes[1].status == RK_REJECTED)
			assert_int_equal(outcomes[1].category, RK_CAT_ASSOCIATION);
	}
}

static void
associations_are_read_page_by_page_and_folded(void **state)
{
	(void)state;
	ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
	fields[0] = fake_field("associations.companies", RK_REFS, 0);
	fake_will_answer(200, "{\"results\":[{\"id\":\"51\",\"properties\":{\"name\":"
	                      "\"A\"}},{\"id\":\"52\",\"properties\":{}}]}");
	fake_will_answer(207, "{\"results\":[{\"from\":{\"id\":\"51\"},\"to\":["
	        "{\"toObjectId\":10},{\"toObjectId\":\"9\"},{\"toObjectId\":10}],"
	        "\"paging\":{\"next\":{\"after\":\"x\"}}}],\"errors\":[{\"subCategory\":"
	        "\"crm.associations.NO_ASSOCIATIONS_FOUND\"}]}");
	fake_will_answer(200, "{\"results\":[{\"from\":{\"id\":\"51\"},\"to\":["
	        "{\"toObjectId\":11}]}]}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_null(strstr(fake.seen[0].url, "associations"));
	assert_string_equal(fake_show(&page.records[0].values[0]),
	                    "REFS:[REF:9,REF:10,REF:11]");
	assert_string_equal(fake_show(&page.records[0].values[1]), "TEXT:A");
	assert_string_equal(fake_show(&page.records[1].values[0]), "NULL:");
	assert_string_equal(fake.seen[1].body,
	                    "{\"inputs\":[{\"id\":\"51\"},{\"id\":\"52\"}]}");
	assert_string_equal(fake.seen[2].body,
	                    "{\"inputs\":[{\"id\":\"51\",\"after\":\"x\"}]}");
}

static void
the_key_goes_into_the_properties_once(void **state)
{
	(void)state;
	prepare(RK_OP_UPSERT, 1);
	batch.fields = fields + 1;
	batch.field_count = 2;
	rows[0].values = cells[0] + 1;
	fake_will_answer(200, "{\"results\":[]}");
	write_batch();
	assert_non_null(strstr(fake.seen[0].body,
	        "\"properties\":{\"name\":\"N0\",\"email\":\"a@x.jp\"}"));
}

static void
every_type_is_written_as_a_string(void **state)
{
	static const struct rk_value choices[] = {
		{ .type = RK_CHOICE, .text = RK_LIT("a") },
		{ .type = RK_CHOICE, .text = RK_LIT("b") },
	};
	static const struct { struct rk_value value; const char *want;
	} cases[] = {
		{ { .type = RK_BOOL, .number = 1 }, "\"true\"" },
		{ { .type = RK_INTEGER, .number = -5 }, "\"-5\"" },
		{ { .type = RK_DECIMAL, .text = RK_LIT("1.50") }, "\"1.50\"" },
		{ { .type = RK_DATE, .text = RK_LIT("2026-01-01") }, "\"2026-01-01\"" },
		{ { .type = RK_DATETIME, .number = FAKE_NOW },
		  "\"2026-11-18T11:06:40.000Z\"" },
		{ { .type = RK_CHOICES, .items = choices, .count = 2 }, "\"a;b\"" },
		{ { .type = RK_CHOICES }, "\"\"" },
		{ { .type = RK_NULL }, "\"\"" },
		{ { .type = RK_TEXT, .text = RK_LIT("q\"\\\n日本") },
		  "\"q\\\"\\\\\\n日本\"" },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		fake_open(settings);
		prepare(RK_OP_UPDATE, 1);
		cells[0][1] = cases[i].value;
		fake_will_answer(200, "{\"results\":[]}");
		write_batch();
		if (!strstr(fake.seen[0].body, rk_textf(&fake.host, "\"name\":%s}",
		                                        cases[i].want).ptr))
			fail_msg("%s not in %s", cases[i].want, fake.seen[0].body);
	}
}

static void
outcomes_are_matched_by_name_never_by_position(void **state)
{
	static const char *const bodies[] = {
		/* By trace id, backwards. */
		"{\"results\":[{\"id\":\"8\",\"new\":true,\"updatedAt\":\"v8\","
		"\"objectWriteTraceId\":"
		"\"t1\",\"properties\":{\"name\":\"kept\"}},{\"id\":\"7\",\"new\":false,"
		"\"objectWriteTraceId\":\"t0\"}]}",
		/* By the key's value, in another case. */
		"{\"results\":[{\"id\":\"8\",\"new\":true,\"updatedAt\":\"v8\","
		"\"properties\":{\"email\":"
		"\"B@X.jp\",\"name\":\"kept\"}},{\"id\":\"7\",\"properties\":{\"email\":"
		"\"a@x.jp\"}}]}",
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(bodies); i++) {
		fake_open(settings);
		prepare(RK_OP_UPSERT, 3);
		fake_will_answer(200, bodies[i]);
		assert_int_equal(write_batch(), RK_OK);
		assert_int_equal(outcomes[0].status, RK_UPDATED);
		assert_text(outcomes[0].id, "7");
		assert_int_equal(outcomes[1].status, RK_CREATED);
		assert_text(outcomes[1].id, "8");
		assert_text(outcomes[1].version, "v8");
		assert_string_equal(fake_show(&outcomes[1].values[1]), "TEXT:kept");
		assert_string_equal(fake_show(&outcomes[1].values[2]), "ABSENT:");
		assert_int_equal(outcomes[2].status, RK_UNKNOWN);
	}
}

static void
a_207_gives_each_row_its_own(void **state)
{
	(void)state;
	prepare(RK_OP_CREATE, 3);
	cells[2][2] = rk_value_of(RK_CHOICE, rk_z("zz"));
	fake_will_answer(
		207, "{\"status\":\"COMPLETE\",\"results\":[{\"id\":\"9\","
		     "\"objectWriteTraceId\":\"t1\"}],\"numErrors\":2,\"errors\":["
		     "{\"status\":\"error\",\"category\":\"VALIDATION_ERROR\","
	             "\"message\":\"Property values "
		     "were not valid: [{\\\"isValid\\\":false,\\\"message\\\":\\\"zz was "
	             "not one of the "
		     "allowed options: "
	             "[a]\\\",\\\"error\\\":\\\"INVALID_OPTION\\\",\\\"name\\\":"
		     "\\\"stage\\\"}]\",\"context\":{\"objectWriteTraceId\":[\"t2\"]}},"
		     "{\"category\":\"CONFLICT\",\"message\":\"Contact already exists. "
	             "Existing ID: 6001\","
		     "\"context\":{\"objectWriteTraceId\":[\"t0\"]}}]}");
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[1].status, RK_CREATED);
	assert_int_equal(outcomes[2].status, RK_REJECTED);
	assert_int_equal(outcomes[2].category, RK_CAT_PICKLIST);
	assert_text(outcomes[2].code, "INVALID_OPTION");
	assert_text(outcomes[2].field, "stage");
	assert_text(outcomes[2].value, "zz");
	assert_text(outcomes[2].message, "zz was not one of the allowed options: [a]");
	assert_int_equal(outcomes[0].category, RK_CAT_DUPLICATE);
	assert_text(outcomes[0].other_id, "6001");
}

static void
errors_without_a_name_are_split_or_taken_by_the_last_row(void **state)
{
#define NAMELESS(count) "{\"results\":[{\"id\":\"9\",\"objectWriteTraceId\":\"t0\"}]," \
	"\"numErrors\":" count ",\"errors\":[{\"message\":\"odd\"}]}"

	(void)state;
	prepare(RK_OP_CREATE, 3);
	fake_will_answer(207, NAMELESS("2"));
	assert_int_equal(write_batch(), RK_REJECT);
	assert_int_equal(outcomes[0].status, RK_CREATED);
	assert_int_equal(outcomes[1].status, RK_RETRY);
	fake_will_answer(207, NAMELESS("1"));
	assert_int_equal(write_batch(), RK_OK);   /* One error, two silent rows. */
	assert_int_equal(outcomes[1].status, RK_UNKNOWN);
	batch.row_count = 2;
	fake_will_answer(207, NAMELESS("1"));
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[1].status, RK_REJECTED);
	assert_text(outcomes[1].message, "odd");
}

static void
a_refused_batch_is_split_unless_it_names_the_culprit(void **state)
{
	(void)state;
	prepare(RK_OP_UPSERT, 3);
	fake_will_answer(
		400, "{\"category\":\"VALIDATION_ERROR\",\"message\":\"m\",\"errors\":["
		     "{\"code\":\"INVALID_EMAIL\",\"message\":\"Email address x is "
	             "invalid\"}]}");
	assert_int_equal(write_batch(), RK_REJECT);
	assert_int_equal(fake_err.category, RK_CAT_PROPERTY_VALUE);
	assert_int_equal(outcomes[2].status, RK_RETRY);
	fake_will_answer(
		400,
		"{\"category\":\"VALIDATION_ERROR\",\"message\":\"Duplicate IDs found "
		"in batch input: [b@x.jp]. IDs must be unique\",\"context\":{\"ids\":"
		"[\"b@x.jp\"]}}");
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[0].status, RK_RETRY);
	assert_int_equal(outcomes[1].status, RK_REJECTED);
	assert_int_equal(outcomes[1].category, RK_CAT_DUPLICATE);
	fake_will_answer(400,
	                 "{\"message\":\"m\",\"errors\":[{\"code\":\"INVALID_OPTION\","
	                 "\"context\":{\"objectWriteTraceId\":[\"t2\"]}}]}");
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[2].category, RK_CAT_PICKLIST);
	assert_int_equal(outcomes[1].status, RK_RETRY);
}

static void
a_refusal_that_names_a_value_means_the_rows_that_have_it(void **state)
{
#define ABOUT(name, message) "{\"category\":\"VALIDATION_ERROR\",\"message\":\"m\"," \
	"\"errors\":[{\"code\":\"INVALID_X\",\"message\":\"" message "\"," \
	"\"context\":{\"propertyName\":[\"" name "\"]}}]}"
	static const struct { const char *body; int32_t status, outcomes[3]; } cases[] = {
		{ ABOUT("email", "Email address b@x.jp is invalid"), RK_OK,
		  { RK_RETRY, RK_REJECTED, RK_RETRY } },
		{ ABOUT("name", "N0 was not one of the allowed options: [N1, N2]"), RK_OK,
		  { RK_REJECTED, RK_RETRY, RK_RETRY } },
		{ ABOUT("name", "N2 is at 6:12:58.0 UTC, not midnight!"), RK_OK,
		  { RK_RETRY, RK_RETRY, RK_REJECTED } },
		/* Another value that begins so, another property, another message. */
		{ ABOUT("name", "N01 was not a valid long."), RK_REJECT,
		  { RK_RETRY, RK_RETRY, RK_RETRY } },
		{ ABOUT("email", "N0 was not a valid long."), RK_REJECT,
		  { RK_RETRY, RK_RETRY, RK_RETRY } },
		{ ABOUT("name", "it was not N0"), RK_REJECT,
		  { RK_RETRY, RK_RETRY, RK_RETRY } },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		fake_open(settings);
		prepare(RK_OP_UPSERT, 3);
		fake_will_answer(400, cases[i].body);
		assert_int_equal(write_batch(), cases[i].status);
		for (size_t j = 0; j < 3; j++)
			if (outcomes[j].status != cases[i].outcomes[j])
				fail_msg("case %zu, row %zu: %d", i, j,
				         outcomes[j].status);
	}
}

static void
only_a_sure_refusal_may_go_again_at_once(void **state)
{
	static const struct {
		int32_t http;
		uint32_t maybe_sent;
		const char *body;
		int32_t status, outcome;
	} cases[] = {
		{ 0, 0, NULL, RK_AGAIN, RK_RETRY },
		{ 0, 1, NULL, RK_AGAIN, RK_UNKNOWN },
		{ 401, 0, "{}", RK_PAUSE, RK_RETRY },
		{ 403, 0, "{}", RK_PAUSE, RK_RETRY },
		{ 404, 0, "{\"message\":\"no such object\"}", RK_PAUSE, RK_RETRY },
		{ 429, 0, "{}", RK_AGAIN, RK_RETRY },
		{ 429, 0, "{\"policyName\":\"DAILY\"}", RK_HOLD, RK_RETRY },
		{ 423, 0, "{}", RK_AGAIN, RK_UNKNOWN },
		{ 500, 0, "{}", RK_AGAIN, RK_UNKNOWN },
		{ 503, 0, "", RK_AGAIN, RK_UNKNOWN },
		{ 522, 0, "", RK_AGAIN, RK_UNKNOWN },
		{ 200, 0, "{\"results\":[{\"id\":\"9\",", RK_AGAIN, RK_UNKNOWN },
		{ 200, 0, "", RK_AGAIN, RK_UNKNOWN },
		{ 200, 0, "{\"status\":\"PENDING\"}", RK_OK, RK_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		int32_t status;

		fake_open(settings);
		prepare(RK_OP_UPSERT, 2);
		fake_will_answer(cases[i].http, cases[i].body);
		fake.answers[0].maybe_sent = cases[i].maybe_sent;
		status = write_batch();
		if (status != cases[i].status || outcomes[0].status != cases[i].outcome ||
		    outcomes[1].status != cases[i].outcome)
			fail_msg("HTTP %d %s -> %d, outcome %d", cases[i].http,
			         cases[i].body, status, outcomes[0].status);
		if (status != RK_OK)
			assert_int_equal(fake_err.maybe_sent,
			                 cases[i].outcome == RK_UNKNOWN);
	}
}

static void
impossible_batches_are_refused_without_a_call(void **state)
{
	(void)state;
	fake_refuse_impossible(prepare);
}

static void
answers_of_odd_shapes_do_no_harm(void **state)
{
	static const struct fake_case lists[] = {
		{ 200, "{\"results\":[1]}", RK_BUG, RK_CAT_BUG, NULL, 0 },
		{ 200, "{\"results\":[[1]]}", RK_BUG, RK_CAT_BUG, NULL, 0 },
		{ 200, "{\"results\":[{\"id\":{}}]}", RK_BUG, RK_CAT_BUG, NULL, 0 },
		{ 200, "{\"results\":[{\"id\":\"1\",\"properties\":[1,{}]}]}",
		  RK_OK, 0, NULL, 0 },
		{ 200, "{\"results\":[{\"id\":\"1\",\"properties\":\"x\"}]"
		       ",\"paging\":[1]}",
		  RK_OK, 0, NULL, 0 },
		{ 200, "{\"results\":[{\"id\":\"1\"},{\"id\":\"2\"},{\"id\":\"3\"}]}",
		  RK_BUG, RK_CAT_BUG, NULL, 0 },
		{ 200, "[]", RK_BUG, RK_CAT_BUG, NULL, 0 },
		{ 200, "\"results\"", RK_BUG, RK_CAT_BUG, NULL, 0 },
	};
	static const char *const writes[] = {
		"[]", "{\"results\":[1,[2],{\"id\":[],\"properties\":[3]}]}",
		"{\"errors\":[1,[2],{\"context\":[3],\"errors\":4}],\"numErrors\":9}",
		"{\"errors\":{\"a\":{\"context\":{\"ids\":{\"b\":{}}}}}}",
	};

	(void)state;
	fake_lists(lists, RK_COUNT(lists), settings, ask_for);
	for (size_t i = 0; i < RK_COUNT(writes); i++) {
		fake_open(settings);
		prepare(RK_OP_UPSERT, 3);
		fake_will_answer(200, writes[i]);
		fake_will_answer(400, writes[i]);
		write_batch();
		for (size_t j = 0; j < 3; j++)
			assert_true(outcomes[j].status == RK_UNKNOWN ||
			            outcomes[j].status == RK_RETRY);
		assert_int_equal(write_batch(), RK_REJECT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(open_needs_a_token_and_no_network),
		TEST(auth_names_the_account_and_the_missing_scopes),
		TEST(auth_lives_without_token_info_and_tells_a_wrong_host),
		TEST(describe_reads_types_rights_and_keys),
		TEST(without_their_scope_owners_are_not_checked),
		TEST(stages_of_deals_come_from_the_pipelines),
		TEST(describe_without_an_object_lists_objects),
		TEST(without_their_scope_custom_objects_are_not_listed_and_that_is_told),
		TEST(rules_of_administrators_limit_the_fields),
		TEST(sensitive_properties_are_asked_for_where_the_connection_says_so),
		TEST(trouble_with_labels_is_no_missing_label),
		TEST(a_custom_object_tells_what_it_requires_and_to_what_it_leads),
		TEST(a_full_listing_goes_by_page_tokens),
		TEST(a_loop_of_page_tokens_is_a_bug),
		TEST(a_window_is_a_keyset_search_that_freezes_its_end),
		TEST(companies_and_deals_have_another_modified_date),
		TEST(a_hint_makes_the_first_listing_a_search),
		TEST(a_search_that_does_not_advance_is_a_bug),
		TEST(a_survivor_tells_whom_it_took_over),
		TEST(many_properties_are_read_in_batches),
		TEST(ids_and_unique_values_are_read_in_one_call),
		TEST(many_ids_are_one_page_of_several_calls),
		TEST(other_values_are_searched_in_lower_case_and_paged),
		TEST(a_silent_batch_read_is_never_taken_for_deleted_records),
		TEST(values_become_what_the_property_is),
		TEST(answers_of_odd_shapes_do_no_harm),
		TEST(a_retry_after_of_the_answer_wins),
		TEST(bodies_are_as_the_api_wants_them),
		TEST(associations_are_looked_up_then_made_after_the_write),
		TEST(a_new_lead_goes_with_its_primary_contact),
		TEST(labels_of_a_pair_are_written_together_and_read_apart),
		TEST(a_primary_company_is_written_and_read_by_its_type),
		TEST(a_missing_parent_is_told_before_anything_is_written),
		TEST(a_row_that_is_not_associated_is_not_done),
		TEST(associations_are_read_page_by_page_and_folded),
		TEST(the_key_goes_into_the_properties_once),
		TEST(every_type_is_written_as_a_string),
		TEST(outcomes_are_matched_by_name_never_by_position),
		TEST(a_207_gives_each_row_its_own),
		TEST(errors_without_a_name_are_split_or_taken_by_the_last_row),
		TEST(a_refused_batch_is_split_unless_it_names_the_culprit),
		TEST(a_refusal_that_names_a_value_means_the_rows_that_have_it),
		TEST(only_a_sure_refusal_may_go_again_at_once),
		TEST(impossible_batches_are_refused_without_a_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
