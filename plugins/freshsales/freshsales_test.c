/* SPDX-License-Identifier: Apache-2.0
 *
 * freshsales_test.c - what the Freshsales connector sends and how it reads answers, with
 * the fake host.  Run by make check. */
#include "plugins/testing/fake_host.h"

#define BASE "https://x.myfreshworks.com/crm/sales/api"

static const struct fake_setting settings[] = {
	{ "api_key", NULL }, { "host", "https://x.myfreshworks.com/" }, { NULL, NULL },
};
static const struct fake_setting classic[] = {
	{ "api_key", NULL }, { "host", "https://x.freshsales.io" }, { NULL, NULL },
};
static const struct fake_setting searching[] = {
	{ "api_key", NULL }, { "host", "https://x.myfreshworks.com" },
	{ "read_mode", "search" }, { NULL, NULL },
};

#define TEST(name) FAKE_TEST(name, settings)

/* ---- open, auth ------------------------------------------------------------------- */

#define FILTERS "{\"filters\":[{\"id\":70001,\"name\":\"All Contacts\"}]}"

static void
each_object_is_probed_apart(void **state)
{
	struct rk_account account;

	(void)state;
	fake_will_answer(200, FILTERS);
	fake_will_answer(403, "{\"errors\":{\"message\":[\"You are not authorised to perform "
	                      "this operation.\"]}}");
	fake_will_answer(200, "{\"filters\":[]}");
	assert_int_equal(fake_auth(&account), RK_OK);
	assert_int_equal(account.grant_count, 3);
	assert_int_equal(account.grants[0].granted, 1);
	assert_text(account.grants[1].name, "sales_accounts");
	assert_int_equal(account.grants[1].granted, 0);
	assert_text(account.grants[1].detail, "the owner of the key may not read these: "
	            "You are not authorised to perform this operation.");
	assert_int_equal(account.grants[2].granted, 1);
	assert_string_equal(fake.seen[0].url, BASE "/contacts/filters");
	assert_string_equal(fake.seen[0].headers,
	                    "Authorization: Token token=<api_key>\nAccept: application/json\n");
	assert_string_equal(fake.seen[0].spends, "hour ");
}

static void
a_bad_key_is_told_from_a_wrong_address(void **state)
{
	static const struct fake_proof proofs[] = {
		{ 401, "{\"message\":\"Incorrect or expired API key\"}", RK_PAUSE, RK_CAT_AUTH },
		{ 404, "<html>", RK_PAUSE, RK_CAT_CONFIG },
		{ 302, "", RK_PAUSE, RK_CAT_CONFIG },
		{ 200, "<html>Log in</html>", RK_PAUSE, RK_CAT_CONFIG },
		{ 200, "{}", RK_PAUSE, RK_CAT_CONFIG },
		{ 403, "<html>", RK_PAUSE, RK_CAT_PERMISSION },
		{ 429, "", RK_AGAIN, RK_CAT_RATE_LIMIT },
		{ 500, "", RK_AGAIN, RK_CAT_SERVER },
		{ 0, NULL, RK_AGAIN, RK_CAT_UNREACHABLE },
	};

	(void)state;
	fake_proofs(proofs, RK_COUNT(proofs), settings);
}

static void
an_old_address_has_another_path_and_leads(void **state)
{
	static const struct fake_setting given[] = { { "api_key", NULL },
		{ "host", "http://127.0.0.1:8080" }, { "api_path", "/proxy/api" },
		{ NULL, NULL } };
	struct rk_schema schema = { .struct_size = sizeof schema };
	struct rk_account account;

	(void)state;
	for (int i = 0; i < 4; i++)
		fake_will_answer(200, "{\"filters\":[]}");
	assert_int_equal(fake_auth(&account), RK_OK);
	assert_int_equal(account.grant_count, 4);
	assert_string_equal(fake.seen[3].url, "https://x.freshsales.io/api/leads/filters");
	fake_open(settings);
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z("leads"), &schema,
	                                                     &fake_err), RK_PAUSE);
	assert_non_null(strstr(fake_err.message, "freshsales.io only"));
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z(""), &schema,
	                                                     &fake_err), RK_OK);
	assert_int_equal(schema.object_count, 3);
	assert_int_equal(fake.seen_count, 0);
	fake_open(given);
	fake_will_answer(401, "{}");
	assert_int_equal(fake_auth(&account), RK_PAUSE);
	assert_string_equal(fake.seen[0].url, "http://127.0.0.1:8080/proxy/api/contacts/filters");
}

/* ---- describe_fields ------------------------------------------------------------------ */

static const char form[] = "{\"fields\":["
	"{\"name\":\"last_name\",\"label\":\"Last name\",\"type\":\"text\",\"default\":true,"
	"\"required\":true,\"choices\":[]},"
	"{\"name\":\"lifecycle_stage_id\",\"label\":\"Lifecycle stage\",\"type\":\"dropdown\","
	"\"default\":true,\"choices\":[{\"id\":71010794467,\"value\":\"Lead\"}]},"
	"{\"name\":\"cf_plan\",\"label\":\"Plan\",\"type\":\"dropdown\",\"default\":false,"
	"\"choices\":[{\"id\":501,\"value\":\"Basic\"}]},"
	"{\"name\":\"owner_id\",\"label\":\"Owner\",\"type\":\"dropdown\",\"default\":true},"
	"{\"name\":\"creater_id\",\"label\":\"By\",\"type\":\"dropdown\",\"choices\":null},"
	"{\"name\":\"lead_score\",\"label\":\"Score\",\"type\":\"number\",\"default\":true},"
	"{\"name\":\"cf_bdr_stage_-_contact\",\"label\":\"\",\"type\":\"paragraph\"},"
	"{\"name\":\"cf_many\",\"label\":\"Many\",\"type\":\"multi_select_dropdown\","
	"\"choices\":[{\"id\":1,\"value\":\"a\"},{\"id\":2,\"value\":\"b\"}]},"
	"{\"name\":\"cf_ref\",\"label\":\"R\",\"type\":\"auto_complete\",\"auto_suggest_url\":"
	"\"/search?include=sales_account\"},"
	"{\"name\":\"cf_refs\",\"label\":\"R\",\"type\":\"auto_complete\",\"multiple\":true,"
	"\"auto_suggest_url\":\"/search?include=contact\"},"
	"{\"name\":\"sales_accounts\",\"label\":\"Accounts\",\"type\":\"group_field\"},"
	"{\"name\":\"email\",\"label\":\"E\",\"type\":\"text\"},"
	"{\"name\":\"cf_new\",\"label\":\"New\",\"type\":\"hologram\"}]}";

static void
standard_choices_are_ids_and_custom_ones_are_texts(void **state)
{
	static const struct {
		const char *name;
		uint32_t type, flags;
		int mappable;
	} want[] = {
		{ "id", RK_TEXT, RK_FIELD_UNIQUE, 1 },
		{ "email", RK_TEXT, RK_FIELD_WRITABLE | RK_FIELD_UNIQUE | RK_FIELD_KEY |
		  RK_FIELD_KEY_NOCASE, 1 },
		{ "external_id", RK_TEXT, RK_FIELD_WRITABLE | RK_FIELD_UNIQUE | RK_FIELD_KEY, 1 },
		{ "sales_account_id", RK_REF, RK_FIELD_WRITABLE, 1 },
		{ "sales_account_name", RK_TEXT, RK_FIELD_COMPUTED, 1 },
		{ "updated_at", RK_DATETIME, 0, 1 },
		{ "last_name", RK_TEXT, RK_FIELD_WRITABLE | RK_FIELD_REQUIRED, 1 },
		{ "lifecycle_stage_id", RK_CHOICE, RK_FIELD_WRITABLE, 1 },
		{ "cf_plan", RK_CHOICE, RK_FIELD_WRITABLE, 1 },
		{ "owner_id", RK_CHOICE, RK_FIELD_WRITABLE, 1 },
		{ "creater_id", RK_CHOICE, RK_FIELD_COMPUTED, 1 },
		{ "lead_score", RK_DECIMAL, RK_FIELD_COMPUTED, 1 },
		{ "cf_bdr_stage_-_contact", RK_TEXT, RK_FIELD_WRITABLE, 1 },
		{ "cf_many", RK_CHOICES, RK_FIELD_WRITABLE, 1 },
		{ "cf_ref", RK_REF, RK_FIELD_WRITABLE, 1 },
		{ "cf_refs", RK_REF, 0, 0 },
		{ "sales_accounts", RK_JSON, 0, 0 },
		{ "cf_new", RK_JSON, 0, 0 },
	};
	struct rk_schema schema = { .struct_size = sizeof schema };

	(void)state;
	fake_will_answer(200, form);
	fake_will_answer(200, "{\"users\":[{\"id\":7,\"email\":\"a@example.jp\"}]}");
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z("contacts"),
	                                                     &schema, &fake_err), RK_OK);
	for (size_t i = 0; i < RK_COUNT(want); i++) {
		const struct rk_field *f = fake_described(&schema, want[i].name);

		if (f->type != want[i].type || f->flags != want[i].flags ||
		    (f->unmappable.len == 0) != want[i].mappable)
			fail_msg("%s: type %u flags %x %.*s", want[i].name, f->type, f->flags,
			         RK_S(f->unmappable));
	}
	assert_text(fake_described(&schema, "lifecycle_stage_id")->options[0].value, "71010794467");
	assert_text(fake_described(&schema, "lifecycle_stage_id")->options[0].label, "Lead");
	assert_text(fake_described(&schema, "cf_plan")->options[0].value, "Basic");
	assert_text(fake_described(&schema, "owner_id")->options[0].value, "7");
	assert_text(fake_described(&schema, "creater_id")->options[0].label, "a@example.jp");
	assert_text(fake_described(&schema, "cf_ref")->ref_object, "sales_accounts");
	assert_text(fake_described(&schema, "cf_bdr_stage_-_contact")->label,
	            "cf_bdr_stage_-_contact");
	assert_int_equal(fake.seen_count, 2);
	assert_string_equal(fake.seen[1].url, BASE "/selector/owners");
}

static void
a_selector_that_is_refused_costs_its_choices_alone(void **state)
{
	struct rk_schema schema = { .struct_size = sizeof schema };

	(void)state;
	fake_will_answer(200, form);
	fake_will_answer(403, "{\"message\":\"You are not authorised\"}");
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z("contacts"),
	                                                     &schema, &fake_err), RK_OK);
	assert_int_equal(fake_described(&schema, "owner_id")->option_count, 0);
	fake_open(settings);
	fake_will_answer(200, form);
	fake_will_answer(500, "");
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z("contacts"),
	                                                     &schema, &fake_err), RK_AGAIN);
}

/* ---- list_changed ------------------------------------------------------------------------ */

#define REC(id, mail, time) "{\"id\":" id ",\"email\":\"" mail "\",\"created_at\":" \
	"\"2026-01-01T00:00:00Z\",\"updated_at\":\"2026-11-01T" time "\",\"custom_field\":" \
	"{\"cf_day\":\"2026-03-01T00:00:00-07:00\"},\"sales_accounts\":[{\"id\":1,\"name\":" \
	"\"B\"},{\"id\":70012345678,\"name\":\"A\",\"is_primary\":true}]}"
#define PAGE(records, pages) "{\"users\":[],\"contacts\":[" records "],\"meta\":" \
	"{\"total_pages\":" pages "}}"

static void
ask_for(uint32_t mode, int64_t since, int64_t until)
{
	fields[0] = fake_field("email", RK_TEXT, 0);
	fields[1] = fake_field("cf_day", RK_DATE, 0);
	fields[2] = fake_field("sales_account_id", RK_REF, 0);
	fields[2].ref_object = rk_z("sales_accounts");
	fields[3] = fake_field("sales_account_name", RK_TEXT, 0);
	fake_query("contacts", mode, since, until);
	query.field_count = 4;
}

static void
a_view_is_walked_from_the_newest(void **state)
{
	struct rk_text token;

	(void)state;
	ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
	fake_will_answer(200, FILTERS);
	fake_will_answer(200, PAGE(REC("70012345671", "a@x.jp", "05:00:00Z") ","
	                           REC("72", "b@x.jp", "13:00:00+09:00"), "2"));
	fake_will_answer(200, PAGE(REC("72", "b@x.jp", "13:00:00+09:00") ","
	                           REC("73", "c@x.jp", "03:00:00Z"), "1"));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 2);
	assert_int_equal(page.more, 1);
	assert_text(page.records[0].id, "70012345671");
	assert_int_equal(page.records[1].modified_ms - page.records[0].modified_ms, -3600000);
	assert_string_equal(fake_show(&page.records[0].values[1]), "DATE:2026-03-01");
	assert_string_equal(fake_show(&page.records[0].values[2]), "REF:70012345678");
	assert_string_equal(fake_show(&page.records[0].values[3]), "TEXT:A");
	assert_text(page.records[0].link,
	            "https://x.myfreshworks.com/crm/sales/contacts/70012345671");
	token = rk_textf(&fake.host, "%.*s", RK_S(page.token));
	/* The record before comes once more; it shows that nothing slipped through. */
	assert_int_equal(list(token), RK_OK);
	assert_int_equal(page.record_count, 1);
	assert_text(page.records[0].id, "73");
	assert_int_equal(page.more, 0);
	assert_string_equal(fake.seen[1].url, BASE "/contacts/view/70001?page=1&per_page=2"
	                    "&sort=updated_at&sort_type=desc&include=sales_accounts");
	assert_string_equal(fake.seen[2].url, BASE "/contacts/view/70001?page=1&per_page=4"
	                    "&sort=updated_at&sort_type=desc&include=sales_accounts");
}

/* A page that begins with what was not listed: something before it was deleted. */
static void
a_record_that_moved_up_is_not_lost(void **state)
{
	struct rk_text token = rk_z("V1 1795000000000 1795000000000 1793512800000 200 1 0 "
	                            "11171 70 71");

	(void)state;
	ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
	fake_will_answer(200, PAGE(REC("99", "z@x.jp", "01:00:00Z"), "9"));
	assert_int_equal(list(token), RK_OK);
	assert_int_equal(page.record_count, 0);
	assert_int_equal(page.more, 1);
	assert_non_null(strstr(fake_string(page.token), " 1793512800000 "));
	assert_null(strstr(fake_string(page.token), " 200 "));
	/* What was listed last, or is newer, is no gap. */
	fake_open(settings);
	ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
	fake_will_answer(200, PAGE(REC("71", "y@x.jp", "06:00:00Z") "," REC("99", "z@x.jp",
	                           "01:00:00Z"), "9"));
	assert_int_equal(list(token), RK_OK);
	assert_int_equal(page.record_count, 1);
	assert_text(page.records[0].id, "99");
}

static void
a_window_ends_the_walk(void **state)
{
	(void)state;
	ask_for(RK_BY_WINDOW, INT64_C(1793505600500), RK_NO_TIME);      /* 04:00:00.5 */
	query.limit = 10;
	fake_will_answer(200, FILTERS);
	fake_will_answer(200, PAGE(REC("71", "a@x.jp", "05:00:00Z") ","
	                           REC("72", "b@x.jp", "04:00:00Z") ","
	                           REC("73", "c@x.jp", "03:59:59Z"), "9"));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 2);
	assert_int_equal(page.more, 1);         /* What was deleted follows. */
	assert_int_equal(page.source_time_ms, FAKE_NOW);
}

#define FOUND(records, total) "{\"contacts\":[" records "],\"meta\":{\"total\":" total "}}"

/* A server that does not know the rule would answer records that are not deleted. */
static void
what_was_deleted_follows_what_changed(void **state)
{
	struct rk_text token;

	(void)state;
	ask_for(RK_BY_WINDOW, INT64_C(1793505600000), RK_NO_TIME);
	query.limit = 10;
	fake_will_answer(200, FILTERS);
	fake_will_answer(200, PAGE("", "0"));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.more, 1);
	token = rk_textf(&fake.host, "%.*s", RK_S(page.token));
	fake_will_answer(200, FOUND(REC("71", "a@x.jp", "05:00:00Z") ",{\"id\":72,"
	        "\"is_deleted\":true,\"updated_at\":\"2026-11-01T05:00:00Z\"}", "2"));
	fake_will_answer(200, FOUND("", "2"));
	assert_int_equal(list(token), RK_OK);
	assert_int_equal(page.record_count, 1);
	assert_text(page.records[0].id, "72");
	assert_int_equal(page.records[0].flags, RK_RECORD_DELETED);
	assert_string_equal(fake.seen[2].body, "{\"filter_rule\":[{\"attribute\":\"updated_at\","
		"\"operator\":\"is_after\",\"value\":\"2026-11-01T03:59:59Z\"},{\"attribute\":"
		"\"updated_at\",\"operator\":\"is_before\",\"value\":\"2026-11-18T11:06:40Z\"},"
		"{\"attribute\":\"deleted\",\"operator\":\"is\",\"value\":1}],"
		"\"sort\":\"updated_at\",\"sort_type\":\"asc\",\"detail\":true}");
	assert_int_equal(page.more, 1);
	assert_int_equal(list(rk_textf(&fake.host, "%.*s", RK_S(page.token))), RK_OK);
	assert_int_equal(page.record_count + page.more, 0);
	/* Who may not see them is not told, and misses nothing else. */
	fake_will_answer(403, "{\"message\":\"You are not authorised\"}");
	assert_int_equal(list(token), RK_OK);
	assert_int_equal(page.record_count + page.more, 0);
	fake_will_answer(500, "");
	assert_int_equal(list(token), RK_AGAIN);
}

static void
views_are_found_by_setting_name_and_beginning(void **state)
{
	static const struct fake_setting named[] = { { "api_key", NULL },
		{ "host", "https://x.myfreshworks.com" }, { "contacts_view", "Mine" },
		{ NULL, NULL } };
	static const struct { const char *filters; int32_t status; const char *url; }
	cases[] = {
		{ "{\"id\":1,\"name\":\"My\",\"is_default\":true},{\"id\":2,\"name\":\"All mine\"},"
		  "{\"id\":3,\"name\":\"All Contacts\"}", RK_OK, "/contacts/view/3?" },
		{ "{\"id\":1,\"name\":\"My\"},{\"id\":2,\"name\":\"All people\"}", RK_OK,
		  "/contacts/view/2?" },
		{ "{\"id\":1,\"name\":\"すべてのコンタクト\"}", RK_OK, "/contacts/view/1?" },
		/* One that is not known to hold all would hide records. */
		{ "{\"id\":1,\"name\":\"My\",\"is_default\":true}", RK_OK,
		  "/filtered_search/contact?page=1&per_page=2" },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		fake_open(settings);
		ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
		fake_will_answer(200, fake_string(rk_textf(&fake.host, "{\"filters\":[%s]}",
		                                           cases[i].filters)));
		fake_will_answer(200, PAGE("", "0"));
		assert_int_equal(list(rk_z("")), cases[i].status);
		assert_non_null(strstr(fake.seen[1].url, cases[i].url));
	}
	fake_open(named);
	ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
	fake_will_answer(200, FILTERS);
	assert_int_equal(list(rk_z("")), RK_PAUSE);
	assert_string_equal(fake_err.message, "contacts_view: there is no view \"Mine\"");
}

static void
an_unsorted_view_is_no_listing(void **state)
{
	(void)state;
	ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
	fake_will_answer(200, FILTERS);
	fake_will_answer(200, PAGE(REC("71", "a@x.jp", "05:00:00Z") ","
	                           REC("72", "b@x.jp", "06:00:00Z"), "1"));
	assert_int_equal(list(rk_z("")), RK_BUG);
	assert_non_null(strstr(fake_err.message, "not sorted"));
}

static void
a_search_ends_with_an_empty_page_and_steps_back(void **state)
{
	struct rk_text token = rk_z("");

	(void)state;
	ask_for(RK_BY_WINDOW, INT64_C(1793505600500), RK_NO_TIME);
	fake_will_answer(200, FILTERS);
	fake_will_answer(200, FOUND(REC("71", "a@x.jp", "04:00:00Z"), "3"));
	fake_will_answer(200, FOUND(REC("73", "c@x.jp", "06:00:00Z"), "2"));
	fake_will_answer(200, FOUND(REC("72", "b@x.jp", "05:30:00Z"), "2"));
	fake_will_answer(200, FOUND("", "2"));
	for (int i = 0; i < 4; i++) {
		assert_int_equal(list(token), RK_OK);
		assert_int_equal(page.record_count, i < 3);
		assert_int_equal(page.more, 1);
		assert_int_equal(fake_string(page.token)[0], i < 3 ? 'S' : 'D');
		token = rk_textf(&fake.host, "%.*s", RK_S(page.token));
	}
	assert_string_equal(fake.seen[1].body, "{\"filter_rule\":[{\"attribute\":\"updated_at\","
		"\"operator\":\"is_after\",\"value\":\"2026-11-01T03:59:59Z\"},{\"attribute\":"
		"\"updated_at\",\"operator\":\"is_before\",\"value\":\"2026-11-18T11:06:40Z\"}],"
		"\"sort\":\"updated_at\",\"sort_type\":\"asc\",\"detail\":true}");
	assert_string_equal(fake.seen[2].url,
		BASE "/filtered_search/contact?page=2&per_page=2&include=sales_accounts");
	assert_non_null(strstr(fake.seen[3].url, "?page=1&"));
}

static void
records_are_read_by_id_and_looked_up_by_value(void **state)
{
	static struct rk_text ids[] = { RK_LIT("71"), RK_LIT("../x"), RK_LIT("72"),
	                                RK_LIT("73") };
	static struct rk_text mails[] = { RK_LIT("A+1@x.jp"), RK_LIT("") };

	(void)state;
	ask_for(RK_BY_IDS, RK_NO_TIME, RK_NO_TIME);
	query.values = ids;
	query.value_count = query.limit = 4;
	fake_will_answer(200, "{\"contact\":" REC("71", "a@x.jp", "05:00:00Z") "}");
	fake_will_answer(404, "");
	fake_will_answer(404, "<html>");
	fake_will_answer(200, FILTERS);
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 1);
	assert_string_equal(fake.seen[0].url, BASE "/contacts/71?include=sales_accounts");
	/* A page instead of a record, and no views either: the address is wrong. */
	fake_open(settings);
	query.value_count = 1;
	fake_will_answer(404, "<html>");
	fake_will_answer(404, "<html>");
	assert_int_equal(list(rk_z("")), RK_PAUSE);
	fake_open(settings);
	ask_for(RK_BY_FIELD, RK_NO_TIME, RK_NO_TIME);
	query.field = rk_z("email");
	query.values = mails;
	query.value_count = 2;
	fake_will_answer(200, "{\"contacts\":{\"contacts\":[" REC("71", "a+1@X.jp", "05:00:00Z")
	                 "," REC("72", "b@x.jp", "05:00:00Z") "]}}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 1);
	assert_int_equal(page.more, 0);
	assert_string_equal(fake.seen[0].url,
	                    BASE "/lookup?q=A%2B1%40x.jp&f=email&entities=contact");
	query.field = rk_z("city");
	assert_int_equal(list(rk_z("")), RK_PAUSE);
	assert_int_equal(fake.seen_count, 1);
}

/* ---- upsert ---------------------------------------------------------------------------------- */

static struct rk_option plans[] = { { RK_LIT("Gold"), RK_LIT("Gold") } };
static void
prepare(uint32_t operation, uint64_t count)
{
	static const char *const mails[FAKE_ROWS] = { "a@x.jp", "b@x.jp", "c@x.jp", "d@x.jp",
		"e@x.jp", "f@x.jp", "g@x.jp", "h@x.jp" };

	fields[0] = fake_field("email", RK_TEXT, RK_FIELD_WRITABLE | RK_FIELD_UNIQUE |
	                       RK_FIELD_KEY | RK_FIELD_KEY_NOCASE);
	fields[1] = fake_field("last_name", RK_TEXT, RK_FIELD_WRITABLE);
	fields[2] = fake_field("cf_plan", RK_CHOICE, RK_FIELD_WRITABLE);
	fields[2].options = plans;
	fields[2].option_count = 1;
	fields[3] = fake_field("lifecycle_stage_id", RK_CHOICE, RK_FIELD_WRITABLE);
	fields[4] = fake_field("sales_account_id", RK_REF, RK_FIELD_WRITABLE);
	fields[4].ref_object = rk_z("sales_accounts");
	fields[5] = fake_field("do_not_disturb", RK_BOOL, RK_FIELD_WRITABLE);
	fake_batch("contacts", operation, 6, count, mails, 41);
}

static void
one_row_is_upserted_by_its_key(void **state)
{
	(void)state;
	prepare(RK_OP_UPSERT, 1);
	cells[0][2] = rk_value_of(RK_CHOICE, rk_z("Gold"));
	cells[0][3] = rk_value_of(RK_CHOICE, rk_z("71010794467"));
	cells[0][4] = rk_value_of(RK_REF, rk_z("70012345678"));
	cells[0][5].type = RK_NULL;
	fake_will_answer(201, "{\"contact\":{\"id\":70099,\"updated_at\":\"t\"}}");
	fake_will_answer(200, "{\"contact\":{\"id\":70099,\"updated_at\":\"u\"}}");
	fake_will_answer(200, "{\"contact\":{}}");
	assert_int_equal(write_job(""), RK_OK);
	assert_int_equal(outcomes[0].status, RK_CREATED);
	assert_text(outcomes[0].id, "70099");
	assert_string_equal(fake.seen[0].url, BASE "/contacts/upsert");
	assert_string_equal(fake.seen[0].body, "{\"unique_identifier\":{\"emails\":\"a@x.jp\"},"
		"\"contact\":{\"last_name\":\"N0\",\"lifecycle_stage_id\":71010794467,"
		"\"sales_accounts\":[{\"id\":70012345678,\"is_primary\":true}],"
		"\"do_not_disturb\":null,\"custom_field\":{\"cf_plan\":\"Gold\"}}}");
	assert_int_equal(write_job(""), RK_OK);
	assert_int_equal(outcomes[0].status, RK_UPDATED);
	assert_int_equal(write_job(""), RK_BUG);
	assert_int_equal(fake_err.maybe_sent, 1);
	assert_int_equal(outcomes[0].status, RK_UNKNOWN);
}

static void
a_value_that_would_be_dropped_does_not_go_out(void **state)
{
	(void)state;
	prepare(RK_OP_UPSERT, 1);
	cells[0][2] = rk_value_of(RK_CHOICE, rk_z("Platinum"));
	assert_int_equal(write_job(""), RK_OK);
	assert_int_equal(outcomes[0].status, RK_REJECTED);
	assert_int_equal(outcomes[0].category, RK_CAT_PICKLIST);
	assert_text(outcomes[0].field, "cf_plan");
	assert_text(outcomes[0].value, "Platinum");
	assert_int_equal(fake.seen_count, 0);
}

static void
rows_are_created_changed_and_deleted_by_id(void **state)
{
	(void)state;
	prepare(RK_OP_CREATE, 2);
	fake_will_answer(400, "{\"errors\":{\"message\":[\"Email has already been taken\"]}}");
	fake_will_answer(200, "{\"contact\":{\"id\":5}}");
	assert_int_equal(write_job(""), RK_OK);
	assert_int_equal(outcomes[0].category, RK_CAT_DUPLICATE);
	assert_text(outcomes[0].field, "email");
	assert_int_equal(outcomes[1].status, RK_CREATED);
	assert_string_equal(fake.seen[1].url, BASE "/contacts");
	assert_string_equal(fake.seen[1].body, "{\"contact\":{\"emails\":\"b@x.jp\","
	                    "\"last_name\":\"N1\"}}");
	fake_open(settings);
	prepare(RK_OP_UPDATE, 1);
	fake_will_answer(200, "{\"contact\":{\"id\":41}}");
	fake_will_answer(404, "");
	assert_int_equal(write_job(""), RK_OK);
	assert_int_equal(outcomes[0].status, RK_UPDATED);
	assert_string_equal(fake.seen[0].method, "PUT");
	assert_string_equal(fake.seen[0].url, BASE "/contacts/41");
	assert_int_equal(write_job(""), RK_OK);
	assert_int_equal(outcomes[0].status, RK_REJECTED);
	fake_open(settings);
	prepare(RK_OP_ARCHIVE, 3);
	fake_will_answer(200, "");
	fake_will_answer(404, "<html>");
	fake_will_answer(429, "");
	assert_int_equal(write_job(""), RK_AGAIN);
	assert_int_equal(outcomes[0].status, RK_ARCHIVED);
	assert_int_equal(outcomes[1].status, RK_ARCHIVED);
	assert_int_equal(outcomes[2].status, RK_RETRY);
	assert_string_equal(fake.seen[0].method, "DELETE");
}

#define JOB "{\"job_status_url\":\"https://elsewhere.example.com/job_statuses/ab-12\"}"
#define DONE(failed, report) "{\"status\":\"SUCCESS\",\"data\":\"{\\\"record_status\\\":" \
	"{\\\"succeeded\\\":1,\\\"failed\\\":" failed "},\\\"detailed_failure_report\\\":[" \
	report "]}\"}"
#define TOKEN "J1 1 1793509200000 ab-12"         /* 2026-11-01T05:00:00Z */

static void
several_contacts_are_a_job(void **state)
{
	(void)state;
	prepare(RK_OP_UPSERT, 2);
	fake_will_answer(202, JOB);
	assert_int_equal(write_job(""), RK_PENDING);
	assert_text(result.token, "J1 0 1795000000000 ab-12");
	assert_int_equal(result.wait_ms, 1000);
	assert_string_equal(fake.seen[0].url, BASE "/contacts/bulk_upsert");
	assert_string_equal(fake.seen[0].body, "{\"contacts\":[{\"emails\":\"a@x.jp\",\"data\":"
	        "{\"last_name\":\"N0\"}},{\"emails\":\"b@x.jp\",\"data\":{\"last_name\":"
	        "\"N1\"}}]}");
	fake_open(settings);
	prepare(RK_OP_UPSERT, 2);
	fake_will_answer(200, "{\"status\":\"IN_PROGRESS\"}");
	assert_int_equal(write_job("J1 2 1795000000000 ab-12"), RK_PENDING);
	assert_text(result.token, "J1 3 1795000000000 ab-12");
	assert_int_equal(result.wait_ms, 8000);
	/* The key goes to the connection's own host alone. */
	assert_string_equal(fake.seen[0].url, BASE "/job_statuses/ab-12");
	fake_open(settings);
	prepare(RK_OP_UPSERT, 2);
	fake_will_answer(405, "");
	assert_int_equal(write_job(""), RK_AGAIN);
	assert_int_equal(outcomes[0].status, RK_RETRY);
	assert_int_equal(fake_err.retry_after_ms, 5000);
}

static void
the_ids_of_a_job_are_read_from_the_view(void **state)
{
	(void)state;
	prepare(RK_OP_UPSERT, 2);
	fake_will_answer(200, DONE("0", ""));
	fake_will_answer(200, FILTERS);
	fake_will_answer(200, "{\"contacts\":[{\"id\":7,\"email\":\"B@x.jp\",\"created_at\":"
	        "\"2026-11-01T05:00:07Z\",\"updated_at\":\"u\"},{\"id\":8,\"email\":\"a@x.jp\","
	        "\"created_at\":\"2026-01-01T05:00:07Z\"}]}");
	assert_int_equal(write_job(TOKEN), RK_OK);
	assert_int_equal(outcomes[0].status, RK_UPDATED);
	assert_text(outcomes[0].id, "8");
	assert_int_equal(outcomes[1].status, RK_CREATED);
	assert_text(outcomes[1].id, "7");
	assert_string_equal(fake.seen[2].url, BASE "/contacts/view/70001?page=1&per_page=100"
	                    "&sort=updated_at&sort_type=desc");
}

static void
a_failure_belongs_to_the_row_that_it_names(void **state)
{
	(void)state;
	prepare(RK_OP_UPDATE, 2);
	fake_will_answer(200, DONE("1", "{\\\"id\\\":42,\\\"errors\\\":[\\\"Last name is too "
	                                "long\\\"]}"));
	assert_int_equal(write_job(TOKEN), RK_OK);
	assert_int_equal(outcomes[0].status, RK_UPDATED);
	assert_text(outcomes[0].id, "41");
	assert_int_equal(outcomes[1].status, RK_REJECTED);
	assert_int_equal(outcomes[1].category, RK_CAT_PROPERTY_VALUE);
	assert_int_equal(fake.seen_count, 1);
}

/* One that names none: as many records must have changed since the job was handed in as
 * it says that it wrote; the rest goes again for its own answer. */
static void
a_report_without_names_is_held_against_the_view(void **state)
{
	static const char *const reports[] = { DONE("1", ""), DONE("1", "{\\\"x\\\":1}") };
	static const char *const pages[] = {
		PAGE(REC("5", "a@x.jp", "05:00:01Z") "," REC("6", "b@x.jp", "04:59:59Z"), "1"),
		/* A person changed the other one meanwhile: nothing is sure. */
		PAGE(REC("5", "a@x.jp", "05:00:01Z") "," REC("6", "b@x.jp", "05:00:01Z"), "1"),
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(reports); i++) {
		fake_open(settings);
		prepare(RK_OP_UPSERT, 2);
		fake_will_answer(200, reports[i]);
		fake_will_answer(200, FILTERS);
		fake_will_answer(200, pages[i]);
		if (i)
			fake_will_answer(200, "{\"contact\":{\"id\":5}}");
		fake_will_answer(400, "{\"errors\":{\"message\":[\"Email is invalid\"]}}");
		assert_int_equal(write_job(TOKEN), RK_OK);
		assert_int_equal(outcomes[0].status, RK_UPDATED);
		assert_text(outcomes[0].id, "5");
		assert_int_equal(outcomes[1].status, RK_REJECTED);
		assert_int_equal(fake.seen_count, i ? 5 : 4);
	}
}

static void
rows_of_a_job_that_tells_nothing_go_one_by_one(void **state)
{
	static const struct { int32_t http; const char *body, *token; } reports[] = {
		{ 200, "{\"status\":\"SUCCESS\",\"data\":\"no JSON\"}", TOKEN },
		{ 200, "{\"status\":\"FAILED\"}", TOKEN }, { 404, "", TOKEN },
		{ 200, "{\"status\":\"QUEUED\"}", "J1 40 1 ab-12" },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(reports); i++) {
		fake_open(settings);
		prepare(RK_OP_UPSERT, 2);
		fake_will_answer(reports[i].http, reports[i].body);
		fake_will_answer(200, "{\"contact\":{\"id\":5}}");
		fake_will_answer(400, "{\"errors\":{\"message\":[\"Email is invalid\"]}}");
		assert_int_equal(write_job(reports[i].token), RK_OK);
		assert_int_equal(outcomes[0].status, RK_UPDATED);
		assert_int_equal(outcomes[1].status, RK_REJECTED);
		assert_string_equal(fake.seen[1].url, BASE "/contacts/upsert");
	}
}

static void
a_row_of_a_job_is_never_surely_not_done(void **state)
{
	(void)state;
	prepare(RK_OP_UPSERT, 3);
	fake_will_answer(200, "{\"status\":\"FAILED\"}");
	fake_will_answer(200, "{\"contact\":{\"id\":5}}");
	fake_will_answer(429, "");
	assert_int_equal(write_job(TOKEN), RK_AGAIN);
	assert_int_equal(fake_err.maybe_sent, 1);
	assert_int_equal(outcomes[0].status, RK_UPDATED);
	assert_int_equal(outcomes[1].status, RK_UNKNOWN);
	assert_int_equal(outcomes[2].status, RK_UNKNOWN);
}

/* Whatever becomes of the question, the job may have acted. */
static void
a_question_about_a_job_leaves_its_rows_open(void **state)
{
	static const struct { int32_t http; const char *body, *token; int32_t status; }
	cases[] = {
		{ 500, "", TOKEN, RK_AGAIN },
		{ 401, "{}", TOKEN, RK_PAUSE }, { 429, "", TOKEN, RK_AGAIN },
		{ 200, "<html>", TOKEN, RK_AGAIN }, { 200, "{}", TOKEN, RK_BUG },
		{ 0, NULL, "J1 1 1 ../x", RK_BUG }, { 0, NULL, "nonsense", RK_BUG },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		fake_open(settings);
		prepare(RK_OP_UPSERT, 2);
		if (cases[i].http)
			fake_will_answer(cases[i].http, cases[i].body);
		if (write_job(cases[i].token) != cases[i].status || !fake_err.maybe_sent ||
		    outcomes[0].status != RK_UNKNOWN)
			fail_msg("case %zu: %s", i, fake_err.message);
	}
}

static void
what_cannot_be_done_is_refused_without_a_call(void **state)
{
	(void)state;
	fake_refuse_impossible(prepare);
	prepare(RK_OP_UPSERT, 1);
	batch.object = rk_z("tasks");
	assert_int_equal(write_job(""), RK_PAUSE);
	assert_int_equal(fake.seen_count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_object_is_probed_apart),
		TEST(a_bad_key_is_told_from_a_wrong_address),
		FAKE_TEST(an_old_address_has_another_path_and_leads, classic),
		TEST(standard_choices_are_ids_and_custom_ones_are_texts),
		TEST(a_selector_that_is_refused_costs_its_choices_alone),
		TEST(a_view_is_walked_from_the_newest),
		TEST(a_record_that_moved_up_is_not_lost),
		TEST(a_window_ends_the_walk),
		TEST(what_was_deleted_follows_what_changed),
		TEST(views_are_found_by_setting_name_and_beginning),
		TEST(an_unsorted_view_is_no_listing),
		FAKE_TEST(a_search_ends_with_an_empty_page_and_steps_back, searching),
		TEST(records_are_read_by_id_and_looked_up_by_value),
		TEST(one_row_is_upserted_by_its_key),
		TEST(a_value_that_would_be_dropped_does_not_go_out),
		TEST(rows_are_created_changed_and_deleted_by_id),
		TEST(several_contacts_are_a_job),
		TEST(the_ids_of_a_job_are_read_from_the_view),
		TEST(a_failure_belongs_to_the_row_that_it_names),
		TEST(a_report_without_names_is_held_against_the_view),
		TEST(rows_of_a_job_that_tells_nothing_go_one_by_one),
		TEST(a_row_of_a_job_is_never_surely_not_done),
		TEST(a_question_about_a_job_leaves_its_rows_open),
		TEST(what_cannot_be_done_is_refused_without_a_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
