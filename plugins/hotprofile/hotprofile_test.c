/* SPDX-License-Identifier: Apache-2.0
 *
 * hotprofile_test.c - what the HotProfile connector sends and how it reads answers, with
 * the fake host.  Run by make check. */
#include "plugins/testing/fake_host.h"

#define COMMON { "api_key", NULL }, { "host", "https://x.hot-profile.example/" }, \
	{ "client_items", "ランク:101:choice:A,B; 口座数:102:number; 契約日:103:date" }, \
	{ "lead_items", "区分:201:choice:2010=営業,2011=技術; " \
	  "興味:202:checks:2020=製品 A,2021=製品; 連携ID:203:text" }

static const struct fake_setting settings[] = { COMMON, { NULL, NULL } };
static const struct fake_setting reviewed[] = {
	COMMON, { "data_cleansing", "reviewed" }, { NULL, NULL },
};
static const struct fake_setting unread[] = {
	COMMON, { "read_back", "false" }, { NULL, NULL },
};

#define TEST(name) FAKE_TEST(name, settings)
#define BASE "https://x.hot-profile.example/rest_api/v1/"
#define LIST(object, rows, total) "{\"" object "\":[" rows "],\"pages\":{\"total_count\":" \
	total "}}"
#define COMPANY(id, more) "{\"id\":" id ",\"name\":\"N" id "\",\"updated_at\":" \
	"\"2026-03-01T05:30:00+09:00\"" more "}"

static void
ask_for(const char *object, uint32_t mode, int64_t since, int64_t until)
{
	fields[0] = fake_field("name", RK_TEXT, RK_FIELD_KEY);
	fields[1] = fake_field("note", RK_TEXT, 0);
	fake_query(object, mode, since, until);
	fake_err.retry_after_ms = -1;
}

static void
sent_has(size_t call, const char *text)
{
	if (!strstr(fake.seen[call].body, text))
		fail_msg("%s is not in %s", text, fake.seen[call].body);
}

static void
sent_lacks(size_t call, const char *text)
{
	if (strstr(fake.seen[call].body, text))
		fail_msg("%s is in %s", text, fake.seen[call].body);
}

/* ---- open, auth, describe -------------------------------------------------------- */

static void
open_reads_custom_items_and_makes_no_call(void **state)
{
	static const char *const bad[] = { "x", "ランク:A:text", "ランク:1:colour",
		"ランク:1:choice", "ランク:1:text:A,B", ":1:text", "a:1:text; b:2" };

	(void)state;
	for (size_t i = 0; i < RK_COUNT(bad); i++) {
		const struct fake_setting with[] = { { "lead_items", bad[i] }, { NULL, NULL } };
		struct rk_conn *conn = NULL;

		fake.settings = with;
		assert_int_equal(renkei_connector_v1.open(&fake.host, &conn, &fake_err),
		                 RK_PAUSE);
		assert_int_equal(fake_err.category, RK_CAT_CONFIG);
		assert_non_null(strstr(fake_err.message, "lead_items"));
	}
	assert_int_equal(fake.seen_count, 0);
}

static void
auth_asks_for_one_company_with_the_key_in_the_body(void **state)
{
	struct rk_account account = { .struct_size = sizeof account };

	(void)state;
	fake_will_answer(200, LIST("clients", "", "0"));
	assert_int_equal(renkei_connector_v1.auth(fake_conn, &account, &fake_err), RK_OK);
	assert_string_equal(fake.seen[0].method, "POST");
	assert_string_equal(fake.seen[0].url, BASE "clients/get_entry_list");
	assert_string_equal(fake.seen[0].body,
	                    "api_key=<api_key>&page%5Bdisplay_number%5D=1");
	assert_string_equal(fake.seen[0].headers,
	                    "Content-Type: application/x-www-form-urlencoded\n");
	assert_string_equal(fake.seen[0].spends, "slot parallel ");
}

/* What a bad key is answered is not published. */
static void
a_bad_key_is_known_in_any_form(void **state)
{
	static const struct fake_proof proofs[] = {
		{ 401, "", RK_PAUSE, RK_CAT_AUTH },
		{ 403, "{\"errors\":[\"x\"]}", RK_PAUSE, RK_CAT_PERMISSION },
		{ 200, "{\"errors\":[\"x\"]}", RK_PAUSE, RK_CAT_AUTH },
		{ 400, "{\"errors\":[\"x\"]}", RK_PAUSE, RK_CAT_AUTH },
		{ 422, "{\"message\":\"x\"}", RK_PAUSE, RK_CAT_AUTH },
		{ 200, "<html>login</html>", RK_PAUSE, RK_CAT_AUTH },
		{ 302, "", RK_PAUSE, RK_CAT_AUTH },
		{ 404, "", RK_PAUSE, RK_CAT_CONFIG },
		{ 429, "", RK_AGAIN, RK_CAT_RATE_LIMIT },
		{ 503, "", RK_AGAIN, RK_CAT_SERVER },
		{ 200, "{}", RK_BUG, RK_CAT_BUG },
		{ 200, "cut off", RK_AGAIN, RK_CAT_SERVER },
		{ 0, NULL, RK_AGAIN, RK_CAT_UNREACHABLE },
	};

	(void)state;
	fake_proofs(proofs, RK_COUNT(proofs), settings);
}

static void
describe_joins_tables_settings_and_what_stands_there(void **state)
{
	struct rk_schema schema = { .struct_size = sizeof schema };
	const struct rk_field *field;

	(void)state;
	fake_will_answer(200, LIST("leads", "{\"id\":1,\"items\":[{\"id\":201,\"label\":"
		"\"区分\",\"value\":\"\"},{\"id\":9,\"label\":\"新項目\",\"value\":\"x\"}]}", "1"));
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z("leads"),
	                 &schema, &fake_err), RK_OK);
	field = fake_described(&schema, "item.区分");
	assert_int_equal(field->type, RK_CHOICE);
	assert_text(field->options[1].value, "技術");
	assert_true(field->flags & RK_FIELD_WRITABLE);
	field = fake_described(&schema, "item.新項目");
	assert_int_equal(field->type, RK_TEXT);
	assert_int_equal(field->flags, 0);
	assert_int_equal(fake_described(&schema, "pref")->option_count, 47);
	assert_true(fake_described(&schema, "email")->flags & RK_FIELD_KEY);
	assert_true(fake_described(&schema, "email")->flags & RK_FIELD_KEY_NOCASE);
	assert_true(fake_described(&schema, "client_id")->flags & RK_FIELD_REQUIRED);
	assert_text(fake_described(&schema, "organization_id")->ref_object, "organizations");
	assert_int_equal(fake_described(&schema, "not_mail_flg")->type, RK_BOOL);
	/* Departments have no items: no call. */
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn,
	                 rk_z("organizations"), &schema, &fake_err), RK_OK);
	assert_int_equal(fake_described(&schema, "persons")->column_count, 7);
	fake_described(&schema, "client.address");
	assert_int_equal(fake.seen_count, 1);
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z("cards"),
	                 &schema, &fake_err), RK_PAUSE);
}

/* ---- Lists ----------------------------------------------------------------------- */

static void
a_window_is_japans_and_of_whole_seconds(void **state)
{
	(void)state;
	ask_for("clients", RK_BY_WINDOW, 1772310600001, 1772310660001);
	fake_will_answer(200, LIST("clients", COMPANY("7", ",\"note\":\"\""), "1"));
	assert_int_equal(list(rk_z("")), RK_OK);
	sent_has(0, "search%5Bfrom_datetime_updated_on%5D=2026%2F03%2F01%2005%3A30%3A00&");
	sent_has(0, "search%5Bto_datetime_updated_on%5D=2026%2F03%2F01%2005%3A31%3A01&");
	sent_has(0, "page%5Bdate_format_option%5D=1");
	sent_has(0, "page%5Bdisplay_number%5D=2&");
	sent_lacks(0, "order");
	assert_int_equal(page.record_count, 1);
	assert_text(page.records[0].id, "7");
	assert_int_equal(page.records[0].modified_ms, 1772310600000);
	assert_string_equal(fake_show(&page.records[0].values[0]), "TEXT:N7");
	assert_string_equal(fake_show(&page.records[0].values[1]), "NULL:");
	assert_int_equal(page.more, 0);
}

/* Five companies, two a page: ranges of ids, in whatever order answers come. */
static void
pages_go_by_ranges_of_ids(void **state)
{
	struct rk_text token;

	(void)state;
	ask_for("clients", RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
	fake_will_answer(200, LIST("clients", COMPANY("9", "") "," COMPANY("8", ""), "5"));
	fake_will_answer(200, LIST("clients", COMPANY("2", "") "," COMPANY("1", ""), "2"));
	assert_int_equal(list(rk_z("")), RK_OK);
	sent_lacks(0, "to_id");
	sent_has(1, "search%5Bfrom_id%5D=1&search%5Bto_id%5D=2");
	assert_int_equal(page.record_count, 2);
	assert_text(page.records[0].id, "1");
	assert_int_equal(page.more, 1);
	token = rk_z(fake_string(page.token));
	/* A gap, and the range grows; then what is left fits into one answer. */
	fake_will_answer(200, LIST("clients", "", "0"));
	assert_int_equal(list(token), RK_OK);
	sent_has(2, "search%5Bfrom_id%5D=3&search%5Bto_id%5D=4");
	assert_int_equal(page.record_count, 0);
	token = rk_z(fake_string(page.token));
	fake_will_answer(200, LIST("clients", COMPANY("8", "") "," COMPANY("7", ""), "3"));
	fake_will_answer(200, LIST("clients", COMPANY("8", "") "," COMPANY("7", ""), "2"));
	assert_int_equal(list(token), RK_OK);
	sent_has(3, "search%5Bfrom_id%5D=5&search%5Bto_id%5D=12");
	sent_has(4, "search%5Bfrom_id%5D=5&search%5Bto_id%5D=9");
	token = rk_z(fake_string(page.token));
	fake_will_answer(200, LIST("clients", COMPANY("12", ""), "1"));
	assert_int_equal(list(token), RK_OK);
	sent_has(5, "search%5Bfrom_id%5D=10");
	sent_lacks(5, "to_id");
	assert_int_equal(page.more, 0);
}

static void
an_answer_outside_of_its_range_is_no_answer(void **state)
{
	static const char *const bad[] = {
		LIST("clients", COMPANY("1", "") "," COMPANY("2", "") "," COMPANY("3", ""), "3"),
		LIST("clients", COMPANY("0", ""), "1"), LIST("clients", COMPANY("1", ""), "2"),
		LIST("clients", COMPANY("1", ""), "-1"), LIST("clients", "{}", "1"),
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(bad); i++) {
		fake_open(settings);
		ask_for("clients", RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
		fake_will_answer(200, bad[i]);
		assert_int_equal(list(rk_z("")), RK_BUG);
	}
}

static void
ids_are_asked_for_together_where_that_is_possible(void **state)
{
	static const struct rk_text ids[] = { RK_LIT("205"), RK_LIT("7"), RK_LIT("x"),
		RK_LIT("9") };

	(void)state;
	ask_for("clients", RK_BY_IDS, RK_NO_TIME, RK_NO_TIME);
	query.values = ids;
	query.value_count = query.limit = 4;
	fake_will_answer(200, LIST("clients", COMPANY("7", "") "," COMPANY("8", ""), "2"));
	fake_will_answer(200, LIST("clients", COMPANY("205", ""), "1"));
	assert_int_equal(list(rk_z("")), RK_OK);
	sent_has(0, "search%5Bfrom_id%5D=7&search%5Bto_id%5D=106");
	sent_has(1, "search%5Bfrom_id%5D=205&search%5Bto_id%5D=304");
	assert_int_equal(page.record_count, 2);
	ask_for("leads", RK_BY_IDS, RK_NO_TIME, RK_NO_TIME);
	query.values = ids;
	query.value_count = query.limit = 4;
	fake_will_answer(200, LIST("leads", "{\"id\":9}", "1"));
	assert_int_equal(list(rk_z("")), RK_OK);
	sent_has(2, "search%5Bids%5D=205%2C7%2C9");
	assert_int_equal(page.record_count, 1);
}

/* The API matches a part of the text: the first hit may be somebody else. */
static void
a_value_is_matched_whole(void **state)
{
	static const struct rk_text names[] = { RK_LIT("N1") };

	(void)state;
	ask_for("clients", RK_BY_FIELD, RK_NO_TIME, RK_NO_TIME);
	query.field = rk_z("name");
	query.values = names;
	query.value_count = 1;
	fake_will_answer(200, LIST("clients", COMPANY("11", "") "," COMPANY("1", ""), "2"));
	assert_int_equal(list(rk_z("")), RK_OK);
	sent_has(0, "search%5Bname%5D=N1");
	assert_int_equal(page.record_count, 1);
	assert_text(page.records[0].id, "1");
	query.object = rk_z("leads");
	query.field = rk_z("item.連携ID");
	fake_will_answer(200, LIST("leads", "{\"id\":5,\"items\":[{\"id\":203,\"label\":"
	                           "\"連携ID\",\"value\":\"N1\"}]}", "1"));
	assert_int_equal(list(rk_z("")), RK_OK);
	sent_has(1, "search%5Bitems%5D%5B203%5D=N1&"
	         "pattern_match%5Bitems%5D%5B203%5D%5Bexact%5D=true");
	assert_int_equal(page.record_count, 1);
	query.field = rk_z("note");
	assert_int_equal(list(rk_z("")), RK_PAUSE);
	assert_non_null(strstr(fake_err.message, "cannot be searched by"));
}

static const char *
shown(const char *name, uint32_t type)
{
	static const struct rk_text ids[] = { RK_LIT("5") };

	fields[0] = fake_field(name, type, 0);
	fake_query("leads", RK_BY_IDS, RK_NO_TIME, RK_NO_TIME);
	query.field_count = 1;
	query.values = ids;
	query.value_count = query.limit = 1;
	fake_will_answer(200, LIST("leads", "{\"id\":5,\"client_id\":41,\"organization_id\":17,"
		"\"email\":\"\",\"tel\":\"\",\"not_mail_flg\":\"◯\",\"not_tel_flg\":\"ー\","
		"\"trade_on\":\"2026-03-01T00:00:00+09:00\",\"fax\":\"03-1\","
		"\"organization_hierarchy\":[\"営業部\",\"一課\"],\"tags\":[\"a\",\"b\"],"
		"\"amount\":\"-1,000,000円\",\"private_items\":{\"items\":[\"tel\"],"
		"\"custom_items\":[203]},\"items\":[{\"id\":201,\"label\":\"区分\",\"value\":"
		"\"技術\"},{\"id\":202,\"label\":\"興味\",\"value\":\"製品 A 製品\"},{\"id\":203,"
		"\"label\":\"連携ID\",\"value\":\"\"}]}", "1"));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 1);
	return fake_show(&page.records[0].values[0]);
}

static void
values_are_read_as_what_they_mean(void **state)
{
	(void)state;
	assert_string_equal(shown("client_id", RK_REF), "REF:41");
	assert_string_equal(shown("organization_id", RK_REF), "REF:41-17");
	assert_string_equal(shown("email", RK_TEXT), "NULL:");
	/* Hidden: not told, which is not empty. */
	assert_string_equal(shown("tel", RK_TEXT), "ABSENT:");
	assert_string_equal(shown("item.連携ID", RK_TEXT), "ABSENT:");
	assert_string_equal(shown("not_mail_flg", RK_BOOL), "BOOL:1");
	assert_string_equal(shown("not_tel_flg", RK_BOOL), "BOOL:0");
	assert_string_equal(shown("trade_on", RK_DATE), "DATE:2026-03-01");
	assert_string_equal(shown("amount", RK_DECIMAL), "DECIMAL:-1000000");
	assert_string_equal(shown("organization_hierarchy", RK_TEXT), "TEXT:営業部/一課");
	assert_string_equal(shown("tags", RK_CHOICES), "CHOICES:[CHOICE:a,CHOICE:b]");
	assert_string_equal(shown("item.区分", RK_CHOICE), "CHOICE:技術");
	assert_string_equal(shown("item.興味", RK_CHOICES),
	                    "CHOICES:[CHOICE:製品 A,CHOICE:製品]");
	assert_string_equal(shown("fax", RK_DECIMAL), "TEXT:03-1");
}

#define MERGED COMPANY("7", ",\"client_histories\":[{\"current_client_id\":7,\"histories\":" \
	"[{\"client_id\":3},{\"client_id\":4}]}]")

static void
a_merged_company_stops_until_somebody_looked(void **state)
{
	(void)state;
	ask_for("clients", RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
	fake_will_answer(200, LIST("clients", MERGED, "1"));
	assert_int_equal(list(rk_z("")), RK_PAUSE);
	assert_int_equal(fake_err.category, RK_CAT_CONFIG);
	assert_non_null(strstr(fake_err.message, "data_cleansing"));
	/* Its departments have new ids too. */
	query.object = rk_z("organizations");
	fake_will_answer(200, LIST("clients", MERGED, "1"));
	assert_int_equal(list(rk_z("")), RK_PAUSE);
	assert_non_null(strstr(fake_err.message, "data_cleansing"));
	fake_open(reviewed);
	ask_for("clients", RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
	fields[1] = fake_field("client_histories", RK_TEXT, 0);
	fields[1].native = rk_z("histories");
	fake_will_answer(200, LIST("clients", MERGED, "1"));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_string_equal(fake_show(&page.records[0].values[1]), "TEXT:3,4");
}

/* ---- Departments ----------------------------------------------------------------- */

#define TREE "{\"organizations\":[{\"id\":1,\"name\":\"営業部\",\"organizations\":[{\"id\":2," \
	"\"name\":\"一課\",\"organizations\":[]}]},{\"id\":3,\"name\":\"総務\"," \
	"\"organizations\":[]}]}"

static void
ask_departments(void)
{
	fields[0] = fake_field("path", RK_TEXT, 0);
	fields[1] = fake_field("client.name", RK_TEXT, 0);
	fields[2] = fake_field("parent_id", RK_REF, 0);
	fake_query("organizations", RK_BY_WINDOW, 1772310600000, RK_NO_TIME);
	query.field_count = 3;
}

/* Two records a page: a company's tree may be left in its midst. */
static void
departments_come_with_their_company(void **state)
{
	struct rk_text token;

	(void)state;
	ask_departments();
	fake_will_answer(200, LIST("clients", COMPANY("7", "") "," COMPANY("5", ""), "2"));
	fake_will_answer(200, TREE);
	assert_int_equal(list(rk_z("")), RK_OK);
	sent_lacks(0, "datetime");              /* A department has no time of change. */
	sent_has(1, "client_id=5");
	assert_int_equal(page.record_count, 2);
	assert_text(page.records[0].id, "5-1");
	assert_text(page.records[1].id, "5-2");
	assert_string_equal(fake_show(&page.records[1].values[0]), "TEXT:営業部/一課");
	assert_string_equal(fake_show(&page.records[1].values[1]), "TEXT:N5");
	assert_string_equal(fake_show(&page.records[1].values[2]), "REF:5-1");
	assert_int_equal(page.more, 1);
	token = rk_z(fake_string(page.token));
	fake_will_answer(200, LIST("clients", COMPANY("7", "") "," COMPANY("5", ""), "2"));
	fake_will_answer(200, TREE);
	fake_will_answer(200, TREE);
	assert_int_equal(list(token), RK_OK);
	assert_text(page.records[0].id, "5-3");
	assert_text(page.records[1].id, "7-1");
	token = rk_z(fake_string(page.token));
	fake_will_answer(200, LIST("clients", COMPANY("7", ""), "1"));
	fake_will_answer(200, TREE);
	assert_int_equal(list(token), RK_OK);
	sent_has(5, "search%5Bfrom_id%5D=6");
	assert_int_equal(page.record_count, 2);
	assert_text(page.records[0].id, "7-2");
	assert_int_equal(page.more, 0);
}

/* Asks for the page behind 'token', the company's tree being this one. */
static int32_t
list_tree(struct rk_text token, const char *company, const char *tree)
{
	fake_will_answer(200, company);
	fake_will_answer(200, tree);
	return list(token);
}

#define ONLY(id) LIST("clients", COMPANY(id, ""), "1")
#define NODE(id) "{\"id\":" id ",\"name\":\"D" id "\",\"organizations\":[]}"
#define NODES(list) "{\"organizations\":[" list "]}"

/* What was listed of a company says nothing of the next one, nor where a department
 * stands that moved meanwhile. */
static void
departments_go_on_behind_an_id(void **state)
{
	struct rk_text token;

	(void)state;
	ask_departments();
	assert_int_equal(list_tree(rk_z(""), ONLY("5"), NODES(NODE("4") "," NODE("2") ","
	                           NODE("9") "," NODE("7"))), RK_OK);
	assert_text(page.records[0].id, "5-2");
	assert_text(page.records[1].id, "5-4");
	token = rk_z(fake_string(page.token));
	/* One that was listed is gone, and the order is another one. */
	assert_int_equal(list_tree(token, ONLY("5"), NODES(NODE("9") "," NODE("7") ","
	                           NODE("2"))), RK_OK);
	assert_int_equal(page.record_count, 2);
	assert_text(page.records[0].id, "5-7");
	assert_text(page.records[1].id, "5-9");
	/* The company is gone. */
	assert_int_equal(list_tree(token, ONLY("6"), NODES(NODE("1"))), RK_OK);
	assert_int_equal(page.record_count, 1);
	assert_text(page.records[0].id, "6-1");
	/* A token of before, which counted: the company begins anew. */
	token = rk_z("W1 1795000000000 1795000000000 4 0 2 0 0 ");
	assert_int_equal(list_tree(token, ONLY("5"), NODES(NODE("2") "," NODE("4"))), RK_OK);
	assert_int_equal(page.record_count, 2);
	assert_int_equal(page.more, 0);
}

/* By the settings, and the clock of Japan, where it is 20:06. */
static void
departments_of_all_companies_come_once_a_day(void **state)
{
	static const struct { const char *which; int64_t hours; int all; } cases[] = {
		{ "all", 1, 1 }, { "changed", 30, 0 }, { "daily", 1, 0 }, { "daily", 20, 0 },
		{ "daily", 21, 1 }, { "daily", 0, 1 },
	};
	struct fake_setting by_day[RK_COUNT(settings) + 1] = { { "departments", NULL } };

	(void)state;
	memcpy(by_day + 1, settings, sizeof settings);
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		by_day[0].value = cases[i].which;
		fake_open(by_day);
		ask_departments();
		query.since_ms = cases[i].hours ? FAKE_NOW - cases[i].hours * 3600000
		                                : RK_NO_TIME;
		fake_will_answer(200, LIST("clients", "", "0"));
		assert_int_equal(list(rk_z("")), RK_OK);
		if ((strstr(fake.seen[0].body, "from_datetime_updated_on") == NULL)
		    != cases[i].all)
			fail_msg("%s after %d hours", cases[i].which, (int)cases[i].hours);
	}
}

/* The ranges of companies use the cursor too: the place among the ids must be kept. */
static void
departments_asked_for_by_id_come_in_one_answer(void **state)
{
	static const struct rk_text ids[] = { RK_LIT("5-2"), RK_LIT("905-3") };

	(void)state;
	fields[0] = fake_field("name", RK_TEXT, 0);
	fake_query("organizations", RK_BY_IDS, RK_NO_TIME, RK_NO_TIME);
	query.field_count = 1;
	query.values = ids;
	query.value_count = 2;
	query.limit = 1;
	fake_will_answer(200, LIST("clients", COMPANY("5", ""), "1"));
	fake_will_answer(200, TREE);
	fake_will_answer(200, LIST("clients", COMPANY("905", ""), "1"));
	fake_will_answer(200, TREE);
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 2);
	assert_text(page.records[0].id, "5-2");
	assert_text(page.records[1].id, "905-3");
	assert_int_equal(page.more, 0);
}

static void
departments_have_their_people(void **state)
{
	static const struct rk_text ids[] = { RK_LIT("5-2"), RK_LIT("x"), RK_LIT("5-9") };

	(void)state;
	fields[0] = fake_field("persons", RK_TABLE, 0);
	fake_query("organizations", RK_BY_IDS, RK_NO_TIME, RK_NO_TIME);
	query.field_count = 1;
	query.values = ids;
	query.value_count = query.limit = 3;
	fake_will_answer(200, LIST("clients", COMPANY("5", ""), "1"));
	fake_will_answer(200, LIST("leads", "{\"id\":9,\"organization_id\":2,\"family_name\":"
		"\"林\"},{\"id\":4,\"organization_id\":2,\"family_name\":\"森\"},{\"id\":6,"
		"\"organization_id\":1}", "3"));
	fake_will_answer(200, TREE);
	assert_int_equal(list(rk_z("")), RK_OK);
	sent_has(1, "search%5Bclient_id%5D=5");
	assert_int_equal(page.record_count, 1);
	assert_int_equal(page.records[0].values[0].count, 2);
	assert_text(page.records[0].values[0].items[0].text, "4");
	assert_text(page.records[0].values[0].items[0].items[1].text, "森");
	assert_text(page.records[0].values[0].items[1].items[1].text, "林");
	fake_will_answer(200, LIST("clients", COMPANY("5", ""), "1"));
	fake_will_answer(200, LIST("leads", "", "1001"));
	/* Too many for one record: a value that fits no table, which the host tells. */
	fake_will_answer(200, TREE);
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 1);
	assert_string_equal(fake_show(&page.records[0].values[0]), "TEXT:company 5 has over "
	                    "1000 leads: take persons out of the mapping");
	/* Whose department may not be seen belongs to some: the rest is no whole table. */
	fake_will_answer(200, LIST("clients", COMPANY("5", ""), "1"));
	fake_will_answer(200, LIST("leads", "{\"id\":9,\"organization_id\":2},{\"id\":4,"
		"\"organization_id\":\"\",\"private_items\":{\"items\":[\"tel\","
		"\"organization_id\"],\"custom_items\":[]}}", "2"));
	fake_will_answer(200, TREE);
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 1);
	assert_int_equal(page.records[0].values[0].type, RK_ABSENT);
}

static void
will_tell_leads(int from, int count, int total)
{
	char *body = fake_bytes(16384);
	int len = sprintf(body, "{\"leads\":[");

	for (int i = 0; i < count; i++)
		len += sprintf(body + len, "%s{\"id\":%d,\"organization_id\":2,\"email\":"
		               "\"Aya%d@x.jp\"}", i ? "," : "", from + i, from + i);
	sprintf(body + len, "],\"pages\":{\"total_count\":%d}}", total);
	fake_will_answer(200, body);
}

/* Rows slip from one page to another while they are read. */
static void
people_are_told_whole_or_not_at_all(void **state)
{
	static const struct rk_text ids[] = { RK_LIT("5-2") };

	(void)state;
	fields[0] = fake_field("persons", RK_TABLE, 0);
	fake_query("organizations", RK_BY_IDS, RK_NO_TIME, RK_NO_TIME);
	query.field_count = 1;
	query.values = ids;
	query.value_count = query.limit = 1;
	fake_will_answer(200, LIST("clients", COMPANY("5", ""), "1"));
	will_tell_leads(1, 100, 102);
	will_tell_leads(100, 2, 102);           /* 100 twice, so one is missing. */
	will_tell_leads(1, 100, 102);
	will_tell_leads(102, 1, 101);           /* One went: 101 slipped over. */
	will_tell_leads(1, 100, 101);
	will_tell_leads(101, 1, 101);
	fake_will_answer(200, TREE);
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.records[0].values[0].count, 101);
	fake_will_answer(200, LIST("clients", COMPANY("5", ""), "1"));
	for (int i = 0; i < 3; i++)
		will_tell_leads(1, 1, 2);
	assert_int_equal(list(rk_z("")), RK_AGAIN);
	assert_non_null(strstr(fake_err.message, "1 rows came of 2"));
	assert_int_equal(fake.seen_count, 12);
}

/* A row that is missed would be a record that is not there, and be created. */
static void
a_value_is_looked_for_among_all_rows(void **state)
{
	static const struct rk_text mails[] = { RK_LIT("Aya3@x.jp") };
	static const struct rk_text lower = RK_LIT("aya3@x.jp");

	(void)state;
	ask_for("leads", RK_BY_FIELD, RK_NO_TIME, RK_NO_TIME);
	query.field = rk_z("email");
	query.values = mails;
	query.value_count = 1;
	will_tell_leads(4, 2, 3);
	will_tell_leads(3, 3, 3);
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 1);
	assert_text(page.records[0].id, "3");
	for (int i = 0; i < 3; i++)
		will_tell_leads(4, 2, 3);
	assert_int_equal(list(rk_z("")), RK_AGAIN);
	assert_non_null(strstr(fake_err.message, "2 rows came of 3"));
	/* As HotProfile holds it; the host compares keys without case. */
	query.values = &lower;
	will_tell_leads(3, 1, 1);
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 1);
	will_tell_leads(1, 100, 1001);
	assert_int_equal(list(rk_z("")), RK_BUG);
	assert_non_null(strstr(fake_err.message, "over 1000 records hold"));
}

/* ---- Writes ---------------------------------------------------------------------- */

static void
prepare(const char *object, uint32_t operation, uint64_t field_count)
{
	static const char *const names[FAKE_ROWS] = { "a@example.jp" };

	fields[0] = fake_field("email", RK_TEXT, RK_FIELD_WRITABLE | RK_FIELD_KEY);
	fields[1] = fake_field("family_name", RK_TEXT, RK_FIELD_WRITABLE);
	fake_batch(object, operation, field_count, 1, names, 41);
	fake_err.retry_after_ms = -1;
}

static void
cell(size_t i, const char *name, uint32_t type, const char *text)
{
	fields[i] = fake_field(name, type, RK_FIELD_WRITABLE);
	cells[0][i] = rk_value_of(type, rk_z(text));
	cells[0][i].number = type == RK_BOOL;
}

static void
a_row_is_written_by_codes(void **state)
{
	static const struct rk_value chosen[] = {
		{ .type = RK_CHOICE, .text = RK_LIT("製品") },
		{ .type = RK_CHOICE, .text = RK_LIT("製品 A") },
	};

	(void)state;
	prepare("leads", RK_OP_CREATE, 10);
	cell(2, "client_id", RK_REF, "5");
	cell(3, "organization_id", RK_REF, "5-17");
	cell(4, "pref", RK_CHOICE, "東京都");
	cell(5, "not_mail_flg", RK_BOOL, "");
	cell(6, "item.区分", RK_CHOICE, "技術");
	cell(7, "item.興味", RK_CHOICES, "");
	cells[0][7].items = chosen;
	cells[0][7].count = 2;
	cell(8, "not_tel_flg", RK_BOOL, "");
	cells[0][8] = rk_value_of(RK_NULL, rk_z(""));
	cell(9, "note", RK_TEXT, "a&b=c");
	fake_will_answer(200, "{\"id\":1234}");
	assert_int_equal(write_batch(), RK_OK);
	assert_string_equal(fake.seen[0].url, BASE "leads/create");
	assert_string_equal(fake.seen[0].body, "api_key=<api_key>&email=a%40example.jp&"
		"family_name=N0&client_id=5&organization_id=17&pref_id=13&not_mail_flg=1&"
		"items%5B201%5D=2011&items%5B202%5D%5B%5D=2021&items%5B202%5D%5B%5D=2020&"
		"not_tel_flg=0&note=a%26b%3Dc");
	assert_int_equal(outcomes[0].status, RK_CREATED);
	assert_text(outcomes[0].id, "1234");
}

static void
an_update_of_a_lead_sends_its_company(void **state)
{
	(void)state;
	prepare("leads", RK_OP_UPDATE, 2);
	fake_will_answer(200, LIST("leads", "{\"id\":41,\"client_id\":5}", "1"));
	fake_will_answer(200, "{\"id\":41}");
	assert_int_equal(write_batch(), RK_OK);
	assert_string_equal(fake.seen[1].body, "api_key=<api_key>&id=41&client_id=5&"
	                    "email=a%40example.jp&family_name=N0");
	assert_int_equal(outcomes[0].status, RK_UPDATED);
	/* Who is not shown to the key's owner cannot be written. */
	prepare("leads", RK_OP_UPDATE, 2);
	fake_will_answer(200, LIST("leads", "", "0"));
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[0].status, RK_REJECTED);
	assert_int_equal(outcomes[0].category, RK_CAT_ASSOCIATION);
	/* An answer of another record tells nothing of this one. */
	prepare("leads", RK_OP_UPDATE, 3);
	cell(2, "client_id", RK_REF, "5");
	fake_will_answer(200, "{\"id\":42}");
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[0].status, RK_UNKNOWN);
}

static void
prepare_company(const char *zip)
{
	prepare("clients", RK_OP_UPDATE, 2);
	cell(0, "zip", RK_TEXT, zip);
	cell(1, "note", RK_TEXT, "n");
}

static void
what_was_taken_and_not_stored_is_told(void **state)
{
	(void)state;
	prepare_company("100-0001");
	fake_will_answer(200, "{\"id\":41}");
	fake_will_answer(200, LIST("clients", "{\"id\":41,\"zip\":\"160-0000\"}", "1"));
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[0].status, RK_REJECTED);
	assert_int_equal(outcomes[0].category, RK_CAT_OTHER);
	assert_text(outcomes[0].code, "not-stored");
	assert_text(outcomes[0].field, "zip");
	prepare_company("160-0000");
	fake_will_answer(200, "{\"id\":41}");
	fake_will_answer(200, LIST("clients", "{\"id\":41,\"zip\":\"160-0000\"}", "1"));
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[0].status, RK_UPDATED);
	/* That it cannot be looked at changes nothing of what was told. */
	prepare_company("160-0000");
	fake_will_answer(200, "{\"id\":41}");
	fake_will_answer(503, "");
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[0].status, RK_UPDATED);
	fake_open(unread);
	prepare_company("160-0000");
	fake_will_answer(200, "{\"id\":41}");
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(fake.seen_count, 1);
}

static void
what_cannot_be_done_is_refused_without_a_call(void **state)
{
	static const char *const objects[] = { "organizations", "deals" };

	(void)state;
	for (size_t i = 0; i < RK_COUNT(objects); i++) {
		prepare(objects[i], RK_OP_CREATE, 2);
		assert_int_equal(write_batch(), RK_BUG);
	}
	prepare("leads", RK_OP_ARCHIVE, 2);
	assert_int_equal(write_batch(), RK_BUG);
	prepare("leads", RK_OP_CREATE, 2);
	batch.row_count = 2;
	assert_int_equal(write_batch(), RK_BUG);
	prepare("leads", RK_OP_CREATE, 2);
	batch.row_count = 0;
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(fake.seen_count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(open_reads_custom_items_and_makes_no_call),
		TEST(auth_asks_for_one_company_with_the_key_in_the_body),
		TEST(a_bad_key_is_known_in_any_form),
		TEST(describe_joins_tables_settings_and_what_stands_there),
		TEST(a_window_is_japans_and_of_whole_seconds),
		TEST(pages_go_by_ranges_of_ids),
		TEST(an_answer_outside_of_its_range_is_no_answer),
		TEST(ids_are_asked_for_together_where_that_is_possible),
		TEST(a_value_is_matched_whole),
		TEST(values_are_read_as_what_they_mean),
		TEST(a_merged_company_stops_until_somebody_looked),
		TEST(departments_come_with_their_company),
		TEST(departments_go_on_behind_an_id),
		TEST(departments_of_all_companies_come_once_a_day),
		TEST(departments_have_their_people),
		TEST(departments_asked_for_by_id_come_in_one_answer),
		TEST(people_are_told_whole_or_not_at_all),
		TEST(a_value_is_looked_for_among_all_rows),
		TEST(a_row_is_written_by_codes),
		TEST(an_update_of_a_lead_sends_its_company),
		TEST(what_was_taken_and_not_stored_is_told),
		TEST(what_cannot_be_done_is_refused_without_a_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
