/* SPDX-License-Identifier: Apache-2.0
 *
 * kintone_test.c - what the kintone connector sends and how it reads answers, with
 * the fake host.  Run by make check. */
#include "plugins/testing/fake_host.h"

static const struct fake_setting settings[] = {
	{ "api_token", NULL }, { "host", "https://x.example.com/" }, { NULL, NULL },
};

static const struct fake_setting with_password[] = {
	{ "login", NULL }, { "password", NULL }, { "host", "https://x.example.com" },
	{ "guest_space", "12" }, { NULL, NULL },
};

#define TEST(name) FAKE_TEST(name, settings)

/* ---- open, auth, describe ------------------------------------------------------- */

static void
open_needs_a_token_or_a_login_and_no_network(void **state)
{
	static const struct fake_setting half[] = { { "login", NULL }, { NULL, NULL } };
	struct rk_conn *conn = NULL;

	(void)state;
	fake.settings = half;
	assert_int_equal(renkei_connector_v1.open(&fake.host, &conn, &fake_err),
	                 RK_PAUSE);
	assert_int_equal(fake_err.category, RK_CAT_CONFIG);
	assert_int_equal(fake.seen_count, 0);
}

static void
auth_tells_a_good_token_from_a_bad_one(void **state)
{
	struct rk_account account;

	(void)state;
	fake_will_answer(403, "{\"code\":\"GAIA_NO01\",\"id\":\"i\",\"message\":\"m\"}");
	fake_will_answer(400,
	                 "{\"code\":\"GAIA_IA02\",\"id\":\"q1\",\"message\":\"bad\"}");
	fake_will_answer(200, "<html>");
	fake_will_answer(404, "<html>");
	assert_int_equal(fake_auth(&account), RK_OK);
	assert_int_equal(fake_auth(&account), RK_PAUSE);
	assert_int_equal(fake_err.category, RK_CAT_AUTH);
	assert_string_equal(fake_err.message, "HTTP 400 GAIA_IA02: bad (id q1)");
	assert_int_equal(fake_auth(&account), RK_PAUSE);
	assert_int_equal(fake_err.category, RK_CAT_CONFIG);
	assert_int_equal(fake_auth(&account), RK_PAUSE);
	assert_int_equal(fake_err.category, RK_CAT_CONFIG);
	assert_string_equal(fake.seen[0].url,
	                    "https://x.example.com/k/v1/apps.json?limit=1");
	assert_string_equal(fake.seen[0].headers, "X-Cybozu-API-Token: <api_token>\n");
	assert_string_equal(fake.seen[0].spends, "parallel ");
}

static void
a_password_goes_as_base64_of_both_and_a_guest_space_into_the_path(void **state)
{
	struct rk_account account;

	(void)state;
	fake_open(with_password);
	fake_will_answer(200, "{\"apps\":[]}");
	assert_int_equal(fake_auth(&account), RK_OK);
	assert_string_equal(fake.seen[0].url,
	                    "https://x.example.com/k/guest/12/v1/apps.json?limit=1");
	assert_string_equal(fake.seen[0].headers,
	                    "X-Cybozu-Authorization: <login:password>\n");
}

static void
basic_authentication_goes_beside_the_token(void **state)
{
	static const struct fake_setting gate[] = {
		{ "api_token", NULL }, { "host", "https://x.example.com" },
		{ "basic_login", NULL }, { "basic_password", NULL }, { NULL, NULL },
	};
	static const struct fake_setting half[] = {
		{ "api_token", NULL }, { "basic_login", NULL }, { NULL, NULL },
	};
	static const struct fake_setting oauth[] = {
		{ "api_token", NULL }, { "basic_login", NULL }, { "basic_password", NULL },
		{ "access_token", NULL }, { NULL, NULL },
	};
	struct rk_account account;
	struct rk_conn *conn = NULL;

	(void)state;
	fake_open(gate);
	fake_will_answer(200, "{\"apps\":[]}");
	assert_int_equal(fake_auth(&account), RK_OK);
	assert_string_equal(fake.seen[0].headers,
	                    "X-Cybozu-API-Token: <api_token>\n"
	                    "Authorization: Basic <basic_login:basic_password>\n");
	fake.settings = half;
	assert_int_equal(renkei_connector_v1.open(&fake.host, &conn, &fake_err), RK_PAUSE);
	fake.settings = oauth;
	assert_int_equal(renkei_connector_v1.open(&fake.host, &conn, &fake_err), RK_PAUSE);
	assert_non_null(strstr(fake_err.message, "share a header"));
}

static void
an_app_of_the_settings_proves_the_token(void **state)
{
	static const struct fake_setting with_app[] = {
		{ "api_token", NULL },
		{ "host", "https://x.example.com" },
		{ "app", "5" },
		{ NULL, NULL },
	};
	struct rk_account account;

	(void)state;
	fake_open(with_app);
	fake_will_answer(200, "{\"appId\":\"5\",\"name\":\"顧客\"}");
	assert_int_equal(fake_auth(&account), RK_OK);
	assert_text(account.grants[0].name, "app 5");
	assert_text(account.grants[0].detail, "顧客");
	assert_string_equal(fake.seen[0].url, "https://x.example.com/k/v1/app.json?id=5");
}

static const char form[] =
	"{\"properties\":{"
	"\"会員番号\":{\"type\":\"SINGLE_LINE_TEXT\",\"code\":\"会員番号\",\"label\":"
        "\"No\","
	"\"required\":true,\"unique\":true,\"minLength\":\"\",\"maxLength\":\"128\","
        "\"defaultValue\":\"\"},"
	"\"num\":{\"type\":\"NUMBER\",\"unique\":true,\"minValue\":\"-1\",\"maxValue\":"
        "\"99\"},"
	"\"url\":{\"type\":\"LINK\",\"protocol\":\"WEB\",\"unique\":true},"
	"\"auto\":{\"type\":\"SINGLE_LINE_TEXT\",\"expression\":\"num & url\"},"
	"\"calc\":{\"type\":\"CALC\",\"format\":\"DATE\",\"required\":true},"
	"\"rank\":{\"type\":\"DROP_DOWN\",\"required\":true,\"defaultValue\":\"B\","
        "\"options\":{"
	"\"B\":{\"label\":\"B\",\"index\":\"1\"},\"A\":{\"label\":\"A\",\"index\":\"0\"}}"
        "},"
	"\"tags\":{\"type\":\"CHECK_BOX\",\"required\":true,\"defaultValue\":[],"
        "\"options\":{}},"
	"\"company\":{\"type\":\"SINGLE_LINE_TEXT\",\"lookup\":{\"relatedApp\":{\"app\":"
        "\"9\"},"
	"\"relatedKeyField\":\"k\",\"fieldMappings\":[{\"field\":\"copied\","
        "\"relatedField\":\"n\"}]}},"
	"\"copied\":{\"type\":\"SINGLE_LINE_TEXT\",\"required\":true},"
	"\"rich\":{\"type\":\"RICH_TEXT\"},\"t\":{\"type\":\"TIME\"},\"dt\":{\"type\":"
        "\"DATETIME\"},"
	"\"who\":{\"type\":\"USER_SELECT\"},\"file\":{\"type\":\"FILE\"},"
	"\"ref\":{\"type\":\"REFERENCE_TABLE\"},\"grp\":{\"type\":\"GROUP\"},"
	"\"状態\":{\"type\":\"STATUS\",\"enabled\":false},"
	"\"更新日時\":{\"type\":\"UPDATED_TIME\"},\"new\":{\"type\":\"HOLOGRAM\"},"
	"\"lines\":{\"type\":\"SUBTABLE\",\"fields\":{\"qty\":{\"type\":\"NUMBER\"},"
	"\"sum\":{\"type\":\"CALC\",\"format\":\"NUMBER\"},\"item\":{\"type\":\"SINGLE_"
        "LINE_TEXT\"}}}"
	"},\"revision\":\"7\"}";

static void
describe_reads_types_rights_and_the_exact_key_rule(void **state)
{
	static const struct {
		const char *name;
		uint32_t type, flags;
		int mappable;
	} want[] = {
		{ "会員番号", RK_TEXT,
		  RK_FIELD_WRITABLE | RK_FIELD_UNIQUE | RK_FIELD_KEY | RK_FIELD_REQUIRED,
		  1 },
		{ "num", RK_DECIMAL, RK_FIELD_WRITABLE | RK_FIELD_UNIQUE | RK_FIELD_KEY,
		  1 },
		{ "url", RK_TEXT, RK_FIELD_WRITABLE | RK_FIELD_UNIQUE, 1 },
		{ "auto", RK_TEXT, RK_FIELD_COMPUTED, 1 },
		{ "calc", RK_DATE, RK_FIELD_COMPUTED, 1 },
		{ "rank", RK_CHOICE, RK_FIELD_WRITABLE, 1 },
		{ "tags", RK_CHOICES, RK_FIELD_WRITABLE | RK_FIELD_REQUIRED, 1 },
		{ "company", RK_TEXT, RK_FIELD_WRITABLE, 1 },
		{ "copied", RK_TEXT, RK_FIELD_COMPUTED, 1 },
		{ "rich", RK_RICH, RK_FIELD_WRITABLE, 1 },
		{ "t", RK_TIME, RK_FIELD_WRITABLE | RK_FIELD_MINUTES, 1 },
		{ "dt", RK_DATETIME, RK_FIELD_WRITABLE | RK_FIELD_MINUTES, 1 },
		{ "who", RK_USER, RK_FIELD_WRITABLE, 1 },
		{ "file", RK_TEXT, 0, 0 },
		{ "ref", RK_TEXT, 0, 0 },
		{ "grp", RK_TEXT, 0, 0 },
		{ "状態", RK_TEXT, 0, 0 },
		{ "更新日時", RK_DATETIME, 0, 1 },
		{ "new", RK_TEXT, 0, 0 },
		{ "lines", RK_TABLE, RK_FIELD_WRITABLE, 1 },
	};
	struct rk_schema schema = { .struct_size = sizeof schema };
	const struct rk_field *f;

	(void)state;
	fake_will_answer(200, form);
	fake_will_answer(
		200, "{\"numberPrecision\":{\"digits\":\"16\",\"decimalPlaces\":\"4\"}}");
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z("5"),
	                                                     &schema, &fake_err),
	                 RK_OK);
	assert_int_equal(schema.field_count, RK_COUNT(want));
	for (size_t i = 0; i < RK_COUNT(want); i++) {
		f = &schema.fields[i];
		if (!rk_text_is(f->name, want[i].name) || f->type != want[i].type ||
		    f->flags != want[i].flags ||
		    (f->unmappable.len == 0) != want[i].mappable)
			fail_msg("%s: type %u flags %x %.*s", want[i].name, f->type,
			         f->flags, RK_S(f->unmappable));
	}
	f = schema.fields;
	assert_int_equal(f[0].max_length, 64);
	assert_int_equal(f[0].min_length, -1);
	assert_int_equal(f[1].integer_digits, 12);
	assert_int_equal(f[1].decimals, 4);
	assert_text(f[1].max_value, "99");
	assert_text(f[5].options[0].value, "A");
	assert_text(f[7].ref_object, "9");
	assert_int_equal(f[19].column_count, 3);
	assert_int_equal(f[19].columns[0].flags, RK_FIELD_WRITABLE);
	assert_int_equal(f[19].columns[1].flags, RK_FIELD_COMPUTED);
	assert_string_equal(fake.seen[0].url,
	                    "https://x.example.com/k/v1/app/form/fields.json?app=5");
	assert_string_equal(fake.seen[0].headers, "X-Cybozu-API-Token: <api_token>\n");
	assert_string_equal(fake.seen[0].spends, "parallel app-day ");
	assert_string_equal(fake.seen[0].object, "5");
}

static void
precision_is_a_bonus_and_an_app_is_a_number(void **state)
{
	struct rk_schema schema = { .struct_size = sizeof schema };

	(void)state;
	fake_will_answer(200, form);
	fake_will_answer(403, "{\"code\":\"CB_NO02\"}");
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z("5"),
	                                                     &schema, &fake_err),
	                 RK_OK);
	assert_int_equal(schema.fields[1].integer_digits, -1);
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z("5&x=1"),
	                                                     &schema, &fake_err),
	                 RK_PAUSE);
	assert_int_equal(fake_err.category, RK_CAT_CONFIG);
	assert_int_equal(fake.seen_count, 2);
}

static void
apps_are_listed_for_a_password_only(void **state)
{
	struct rk_schema schema = { .struct_size = sizeof schema };

	(void)state;
	fake_will_answer(403, "{\"code\":\"GAIA_NO01\"}");
	fake_will_answer(200, "{\"apps\":[{\"appId\":\"5\",\"name\":\"顧客\"}]}");
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z(""), &schema,
	                                                     &fake_err), RK_OK);
	assert_int_equal(schema.object_count, 0);
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z(""), &schema,
	                                                     &fake_err), RK_OK);
	assert_int_equal(schema.object_count, 1);
	assert_text(schema.objects[0].label, "顧客");
}

/* ---- list_changed ------------------------------------------------------------------ */

static void
ask_for(uint32_t mode, int64_t since, int64_t until)
{
	fake_query("5", mode, since, until);
	fields[0] = fake_field("mail", RK_TEXT, 0);
	fields[1] = fake_field("変更", RK_DATETIME, 0);
	fields[1].native = rk_z("UPDATED_TIME");
}

static void
ask_for_a_table(uint32_t mode, int64_t since, int64_t until)
{
	static struct rk_field column;

	column = fake_field("a", RK_TEXT, 0);
	ask_for(mode, since, until);
	fields[0] = fake_field("mail", RK_TABLE, 0);
	fields[0].columns = &column;
	fields[0].column_count = 1;
}

#define REC(id, mail)                                                                    \
	"{\"$id\":{\"type\":\"__ID__\",\"value\":\"" id "\"},\"$revision\":{"            \
	"\"type\":\"__REVISION__\",\"value\":\"3\"},\"変更\":{\"type\":\"UPDATED_"     \
	"TIME\",\"value\":"                                                              \
	"\"2026-11-18T11:05:00Z\"},\"mail\":{\"type\":\"SINGLE_LINE_TEXT\","             \
	"\"value\":" mail "}}"

static void
a_window_goes_by_minutes_and_by_id(void **state)
{
	(void)state;
	ask_for(RK_BY_WINDOW, FAKE_NOW - 600000 + 5000, FAKE_NOW);
	fake_will_answer(200,
	                 "{\"records\":[" REC("41", "\"a\"") "," REC("43", "\"\"") "]}");
	fake_will_answer(200, "{\"records\":[" REC("44", "null") "]}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 2);
	assert_int_equal(page.more, 1);
	assert_text(page.records[0].id, "41");
	assert_text(page.records[0].version, "3");
	assert_int_equal(page.records[0].modified_ms, FAKE_NOW - 100000);
	assert_string_equal(fake_show(&page.records[0].values[0]), "TEXT:a");
	assert_string_equal(fake_show(&page.records[1].values[0]), "NULL:");
	assert_int_equal(page.source_time_ms, FAKE_NOW);
	assert_int_equal(page.safe_until_ms, FAKE_NOW - 40000 - 60000);
	assert_int_equal(list(page.token), RK_OK);
	assert_int_equal(page.more, 0);
	assert_int_equal(page.record_count, 1);
	assert_string_equal(fake.seen[0].method, "POST");
	assert_string_equal(fake.seen[0].url, "https://x.example.com/k/v1/records.json");
	assert_string_equal(fake.seen[0].headers, "X-Cybozu-API-Token: <api_token>\n"
	        "Content-Type: application/json\nX-HTTP-Method-Override: GET\n");
	assert_string_equal(
		fake.seen[0].body,
		"{\"app\":5,\"fields\":[\"$id\",\"$revision\","
		"\"変更\",\"mail\"],\"query\":\"(変更 >= \\\"2026-11-18T10:56:00Z\\\" "
	        "and 変更 < "
		"\\\"2026-11-18T11:07:00Z\\\") and $id > 0 order by $id asc limit 2\"}");
	assert_non_null(
		strstr(fake.seen[1].body, "and $id > 43 order by $id asc limit 2"));
}

static void
the_first_load_has_no_times_and_finds_the_stamp_by_its_type(void **state)
{
	(void)state;
	ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
	query.field_count = 1;
	fake_will_answer(200, form);
	fake_will_answer(200,
	                 "{\"records\":[" REC("1", "\"a\"") "," REC("2", "\"a\"") "]}");
	fake_will_answer(200, "{\"records\":[]}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(list(page.token), RK_OK);
	assert_int_equal(page.more, 0);
	assert_int_equal(fake.seen_count, 3);       /* The token keeps the name. */
	assert_non_null(strstr(fake.seen[2].body,
	                       "[\"$id\",\"$revision\",\"更新日時\",\"mail\"],"
	                       "\"query\":\"$id > 2 order by $id asc limit 2\""));
}

/* What the query language compares as the host does is asked for; the rest is not, and a
 * search that the service gives up is begun anew by the host, without hints. */
static void
a_hint_becomes_a_condition_where_kintone_means_the_same(void **state)
{
	(void)state;
	static const struct rk_text texts[] = { { "a\"b", 3 }, { "2", 1 } };
	static const struct rk_hint hints[] = {
		{ .field = { "stage", 5 }, .test = RK_HINT_IN, .values = texts, .value_count = 2 },
		{ .field = { "stage", 5 }, .test = RK_HINT_EMPTY },
		{ .field = { "n", 1 }, .test = RK_HINT_LEAST, .values = texts + 1, .value_count = 1 },
		{ .field = { "n", 1 }, .test = RK_HINT_FILLED },
		{ .field = { "n", 1 }, .test = RK_HINT_IN, .values = texts + 1, .value_count = 1 },
		{ .field = { "d", 1 }, .test = RK_HINT_IN, .values = texts, .value_count = 2 },
		{ .field = { "t", 1 }, .test = RK_HINT_IN, .values = texts, .value_count = 2 },
		{ .field = { "gone", 4 }, .test = RK_HINT_EMPTY },
	};
	static struct rk_field with[5];
	ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
	with[0] = fields[1];
	with[1] = fake_field("stage", RK_CHOICE, 0);
	with[1].native = rk_z("DROP_DOWN");
	with[2] = fake_field("n", RK_DECIMAL, 0);
	with[2].native = rk_z("NUMBER");
	with[3] = fake_field("d", RK_DATE, 0);
	with[3].native = rk_z("DATE");
	with[4] = fake_field("t", RK_TEXT, 0);
	query.fields = with;
	query.field_count = 5;
	query.hints = hints;
	query.hint_count = RK_COUNT(hints);
	fake_will_answer(200, "{\"records\":[]}");
	fake_will_answer(200, "{\"records\":[]}");
	fake_will_answer(200, "{\"records\":[]}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_non_null(strstr(fake.seen[0].body, "\"query\":\"(stage in (\\\"a\\\\\\\"b\\\","
		"\\\"2\\\")) and stage in (\\\"\\\") and n >= \\\"2\\\" and (n in (\\\"2\\\")) and "
		"(d = \\\"a\\\\\\\"b\\\" or d = \\\"2\\\") and $id > 0 order by"));
	/* A host that is older than hints does not tell of them. */
	query.struct_size = offsetof(struct rk_query, hints);
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_non_null(strstr(fake.seen[1].body, "\"query\":\"$id > 0 order by"));
	query.struct_size = sizeof query;
	query.hint_count = 0;
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_non_null(strstr(fake.seen[2].body, "\"query\":\"$id > 0 order by"));
}

/* An import may create records with any time of change: what is above the greatest id
 * of the listing before belongs to the next one, whatever its time. */
static void
what_came_since_the_last_listing_is_found_by_its_id(void **state)
{
	struct rk_text left;

	(void)state;
	ask_for(RK_BY_WINDOW, FAKE_NOW - 600000 + 5000, RK_NO_TIME);
	fake_will_answer(200, "{\"records\":[{\"$id\":{\"type\":\"__ID__\",\"value\":"
	                 "\"40\"}}]}");
	fake_will_answer(200, "{\"records\":[" REC("7", "\"a\"") "," REC("41", "\"b\"") "]}");
	fake_will_answer(200, "{\"records\":[]}");
	fake_will_answer(200, "{\"records\":[]}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_string_equal(fake.seen[0].body, "{\"app\":5,\"fields\":[\"$id\"],\"query\":"
	                    "\"order by $id desc limit 1\"}");
	assert_non_null(strstr(fake.seen[1].body, "\"query\":\"(変更 >= \\\"2026-11-18T10:"
	                       "56:00Z\\\" or $id > 40) and $id > 0 order by"));
	assert_int_equal(page.more, 1);
	assert_int_equal(list(page.token), RK_OK);
	assert_non_null(strstr(fake.seen[2].body, " or $id > 40) and $id > 41 order by"));
	assert_int_equal(page.more, 0);
	assert_int_equal(page.source_time_ms, FAKE_NOW);
	left = page.token;
	/* The next listing asks nothing first, and begins at the beginning. */
	assert_int_equal(list(left), RK_OK);
	assert_int_equal(fake.seen_count, 4);
	assert_non_null(strstr(fake.seen[3].body, " or $id > 41) and $id > 0 order by"));
	assert_int_equal(page.more, 0);
	assert_true(rk_text_eq(page.token, left));
}

static void
values_cannot_leave_their_quotes(void **state)
{
	static const struct rk_text values[] = { RK_LIT("a\" or $id > 0 or x = \""),
		RK_LIT("back\\slash\ttrn\n") };
	static const struct rk_text dates[] = { RK_LIT("2026-01-01"),
		                                RK_LIT("2026-01-02") };

	(void)state;
	ask_for(RK_BY_FIELD, RK_NO_TIME, RK_NO_TIME);
	query.field = rk_z("mail");
	query.values = values;
	query.value_count = 2;
	fake_will_answer(200, "{\"records\":[]}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.more, 0);
	assert_non_null(strstr(fake.seen[0].body,
	                       "\"(mail in (\\\"a\\\\\\\" or $id > 0 or x = "
	                       "\\\\\\\"\\\",\\\"back\\\\\\\\slash\\\\ttrn\\\\n\\\")) "
	                       "and $id > 0 order"));
	query.field = rk_z("変更");
	query.values = dates;
	fake_will_answer(200, "{\"records\":[]}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_non_null(strstr(fake.seen[1].body,
	        "\"(変更 = \\\"2026-01-01\\\" or 変更 = \\\"2026-01-02\\\") and $id > 0"));
}

static void
ids_come_in_one_answer_of_several_calls(void **state)
{
	static struct rk_text ids[3];

	(void)state;
	ask_for(RK_BY_IDS, RK_NO_TIME, RK_NO_TIME);
	for (int i = 0; i < 3; i++)
		ids[i] = rk_textf(&fake.host, "%d", i + 1);
	query.values = ids;
	query.value_count = 3;
	fake_will_answer(200,
	                 "{\"records\":[" REC("1", "\"a\"") "," REC("2", "\"a\"") "]}");
	fake_will_answer(200, "{\"records\":[]}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 2);
	assert_int_equal(page.more, 0);
	assert_non_null(
		strstr(fake.seen[0].body, "($id in (\\\"1\\\",\\\"2\\\")) and $id > 0"));
	assert_non_null(strstr(fake.seen[1].body, "($id in (\\\"3\\\")) and $id > 0"));
	query.value_count = 0;
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.more, 0);
}

static void
values_go_by_the_hundred_into_one_answer(void **state)
{
	static struct rk_text values[101];

	(void)state;
	ask_for(RK_BY_FIELD, RK_NO_TIME, RK_NO_TIME);
	query.field = rk_z("mail");
	for (int i = 0; i < 101; i++)
		values[i] = rk_textf(&fake.host, "%d", i + 1);
	query.values = values;
	query.value_count = 101;
	query.limit = 202;
	fake_will_answer(200,
	                 "{\"records\":[" REC("1", "\"a\"") "," REC("2", "\"a\"") "]}");
	fake_will_answer(200, "{\"records\":[" REC("3", "\"a\"") "]}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 3);
	assert_int_equal(page.more, 0);
	assert_non_null(strstr(fake.seen[0].body, "\\\"100\\\")) and $id > 0"));
	assert_non_null(strstr(fake.seen[1].body, "(mail in (\\\"101\\\")) and $id > 0"));
}

static void
a_page_that_does_not_advance_or_is_cut_is_a_bug(void **state)
{
	(void)state;
	ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
	fake_will_answer(200,
	                 "{\"records\":[" REC("2", "\"a\"") "," REC("2", "\"a\"") "]}");
	assert_int_equal(list(rk_z("")), RK_BUG);
	fake_will_answer(200, "{\"records\":[" REC("1", "1") "," REC("2", "1") "," REC(
				      "3", "1") "]}");
	assert_int_equal(list(rk_z("")), RK_BUG);
	fake_will_answer(200, "{\"records\":[" REC("1", "\"a\"") "]}");
	fake.answers[2].header = "x-cybozu-warning";
	fake.answers[2].header_value =
		"Filter aborted because of too many search results";
	assert_int_equal(list(rk_z("")), RK_BUG);
	assert_int_equal(list(rk_z("x")), RK_RESYNC);
	assert_int_equal(list(rk_z("K1 1 1 -5 0 0 0 0 x")), RK_RESYNC);
	assert_int_equal(list(rk_z("K1 1 1 0 -5 0 0 0 x")), RK_RESYNC);
	assert_int_equal(list(rk_z("S1 1 1 0 0 0 0 0 x")), RK_RESYNC);
}

static void
values_become_what_the_field_is(void **state)
{
	static const struct { uint32_t type; const char *json, *want;
	} cases[] = {
		{ RK_TEXT, "\"x\"", "TEXT:x" },
		{ RK_TEXT, "\"a\\u0000\"", "TEXT!:a" },
		{ RK_DECIMAL, "\"9007199254740993\"", "DECIMAL:9007199254740993" },
		{ RK_DECIMAL, "\"12.5000\"", "DECIMAL:12.5000" },
		{ RK_DECIMAL, "\"\"", "NULL:" },
		{ RK_DECIMAL, "\"x\"", "TEXT:x" },
		{ RK_DATE, "\"2026-01-01\"", "DATE:2026-01-01" },
		{ RK_DATE, "null", "NULL:" },
		{ RK_DATE, "\"soon\"", "TEXT:soon" },
		{ RK_TIME, "\"09:30\"", "TIME:09:30" },
		{ RK_DATETIME, "\"2026-01-01T00:00:00Z\"", "DATETIME:1767225600000" },
		{ RK_CHOICE, "\"A\"", "CHOICE:A" },
		{ RK_CHOICES, "[]", "NULL:" },
		{ RK_CHOICES, "[\"A\",\"B\"]", "CHOICES:[CHOICE:A,CHOICE:B]" },
		{ RK_USER, "[{\"code\":\"sato\",\"name\":\"S\"}]", "USER:sato" },
		{ RK_USER, "{\"code\":\"sato\",\"name\":\"S\"}", "USER:sato" },
		{ RK_USER, "[{\"code\":\"a\"},{\"code\":\"b\"}]",
		  "USER:[USER:a,USER:b]" },
		{ RK_TABLE,
		  "[{\"id\":\"1\",\"value\":{\"b\":{\"value\":\"2\"},\"z\":{\"value\":"
		  "\"9\"}}},"
		  "{\"id\":\"4\",\"value\":{\"a\":{\"value\":\"x\"},\"b\":{\"value\":"
		  "\"\"}}}]",
		  "TABLE:[ROW:1[ABSENT:,DECIMAL:2],ROW:4[TEXT:x,NULL:]]" },
	};
	struct rk_field columns[2];

	(void)state;
	columns[0] = fake_field("a", RK_TEXT, 0);
	columns[1] = fake_field("b", RK_DECIMAL, 0);
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		fake_open(settings);
		ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
		fields[0].type = cases[i].type;
		fields[0].columns = columns;
		fields[0].column_count = 2;
		fake_will_answer(200, rk_textf(&fake.host,
		                               "{\"records\":[{\"$id\":{\"value\":"
		                               "\"1\"},\"mail\":{\"value\":%s}}]}",
		                               cases[i].json)
		                              .ptr);
		assert_int_equal(list(rk_z("")), RK_OK);
		if (strcmp(fake_show(&page.records[0].values[0]), cases[i].want) != 0)
			fail_msg("%s -> %s, wanted %s", cases[i].json,
			         fake_show(&page.records[0].values[0]), cases[i].want);
	}
}

/* ---- upsert ------------------------------------------------------------------------ */

static struct rk_option rank_options[] = { { RK_LIT("A"), RK_LIT("A") },
                                           { RK_LIT("B"), RK_LIT("B") } };

/* Rows C-0, C-1 ... with a name; other cells are absent. */
static void
prepare(uint32_t operation, uint64_t count)
{
	static const struct {
		const char *name, *native;
		uint32_t type, flags;
	} have[] = {
		{ "no", "SINGLE_LINE_TEXT", RK_TEXT, RK_FIELD_KEY | RK_FIELD_UNIQUE },
		{ "name", "SINGLE_LINE_TEXT", RK_TEXT, RK_FIELD_REQUIRED },
		{ "rank", "DROP_DOWN", RK_CHOICE, 0 },
		{ "num", "NUMBER", RK_DECIMAL, RK_FIELD_UNIQUE },
		{ "company", "SINGLE_LINE_TEXT LOOKUP", RK_TEXT, 0 },
		{ "tags", "CHECK_BOX", RK_CHOICES, 0 },
		{ "who", "USER_SELECT", RK_USER, 0 },
	};
	static const char *const numbers[FAKE_ROWS] = { "C-0", "C-1", "C-2", "C-3",
	                                                "C-4", "C-5", "C-6", "C-7" };

	for (size_t i = 0; i < RK_COUNT(have); i++) {
		fields[i] = fake_field(have[i].name, have[i].type,
		                       have[i].flags | RK_FIELD_WRITABLE);
		fields[i].native = rk_z(have[i].native);
	}
	fields[1].max_length = 5;
	fields[2].options = rank_options;
	fields[2].option_count = 2;
	fields[3].integer_digits = 12;
	fields[3].max_value = rk_z("99");
	fields[4].ref_object = rk_z("9");
	fake_batch("5", operation, RK_COUNT(have), count, numbers, 41);
	if (operation != RK_OP_UPSERT)
		batch.key_field = NULL;
}

static void
an_upsert_keeps_the_key_out_of_the_record(void **state)
{
	(void)state;
	prepare(RK_OP_UPSERT, 2);
	rows[1].version = rk_z("3");
	fake_will_answer(
		200,
		"{\"records\":[{\"id\":\"41\",\"operation\":\"UPDATE\",\"revision\":"
		"\"4\"},{\"id\":\"57\",\"operation\":\"INSERT\",\"revision\":\"1\"}]}");
	assert_int_equal(write_batch(), RK_OK);
	assert_string_equal(fake.seen[0].method, "PUT");
	assert_string_equal(fake.seen[0].body,
	                    "{\"app\":5,\"upsert\":true,\"records\":["
	                    "{\"updateKey\":{\"field\":\"no\",\"value\":\"C-0\"},"
	                    "\"record\":{\"name\":{\"value\":"
	                    "\"N0\"}}},{\"updateKey\":{\"field\":\"no\",\"value\":\"C-"
	                    "1\"},\"revision\":3,"
	                    "\"record\":{\"name\":{\"value\":\"N1\"}}}]}");
	assert_string_equal(fake.seen[0].headers, "X-Cybozu-API-Token: <api_token>\n"
	                    "Content-Type: application/json\n");
	assert_int_equal(outcomes[0].status, RK_UPDATED);
	assert_text(outcomes[0].id, "41");
	assert_text(outcomes[0].version, "4");
	assert_int_equal(outcomes[1].status, RK_CREATED);
	assert_text(outcomes[1].id, "57");
}

static void
create_update_and_archive_are_as_the_api_wants_them(void **state)
{
	(void)state;
	prepare(RK_OP_CREATE, 2);
	fake_will_answer(200, "{\"ids\":[\"58\",\"59\"],\"revisions\":[\"1\",\"2\"]}");
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[1].status, RK_CREATED);
	assert_text(outcomes[1].id, "59");
	assert_text(outcomes[1].version, "2");
	prepare(RK_OP_UPDATE, 2);
	cells[0][0].type = cells[1][0].type = RK_ABSENT;
	fake_will_answer(
		200, "{\"records\":[{\"id\":\"41\",\"revision\":\"4\"},{\"id\":\"99\","
		     "\"revision\":\"5\"}]}");
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[0].status, RK_UPDATED);
	assert_int_equal(outcomes[1].status, RK_UNKNOWN); /* Not the record asked for. */
	prepare(RK_OP_ARCHIVE, 2);
	rows[1].version = rk_z("7");
	fake_will_answer(200, "{}");
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[1].status, RK_ARCHIVED);
	assert_string_equal(fake.seen[0].method, "POST");
	assert_string_equal(fake.seen[0].body,
	                    "{\"app\":5,\"records\":[{\"no\":{\"value\":\"C-0\"},"
	                    "\"name\":{\"value\":\"N0\"}},{\"no\":{\"value\":\"C-1\"},"
	                    "\"name\":{\"value\":"
	                    "\"N1\"}}]}");
	assert_string_equal(fake.seen[1].body,
	                    "{\"app\":5,\"records\":[{\"id\":\"41\",\"record\":{"
	                    "\"name\":{\"value\":\"N0\"}}},{\"id\":\"42\",\"record\":{"
	                    "\"name\":{\"value\":"
	                    "\"N1\"}}}]}");
	assert_string_equal(fake.seen[2].method, "DELETE");
	assert_string_equal(
		fake.seen[2].url,
		"https://x.example.com/k/v1/records.json?app=5"
		"&ids%5B0%5D=41&revisions%5B0%5D=-1&ids%5B1%5D=42&revisions%5B1%5D=7");
	assert_string_equal(fake.seen[2].body, "");
}

static void
every_type_is_written_as_the_field_wants_it(void **state)
{
	static const struct rk_value choices[] = {
		{ .type = RK_CHOICE, .text = RK_LIT("a") },
		{ .type = RK_CHOICE, .text = RK_LIT("b") },
	};
	static const struct rk_value row_cells[] = {
		{ .type = RK_TEXT, .text = RK_LIT("x") },
		{ .type = RK_DECIMAL, .text = RK_LIT("5") },
		{ .type = RK_ABSENT },
	};
	static const struct rk_value table_rows[] = {
		{ .type = RK_ROW, .text = RK_LIT("7"), .items = row_cells, .count = 3 },
		{ .type = RK_ROW, .items = row_cells, .count = 3 },
	};
	static const struct {
		uint32_t field;
		struct rk_value value;
		const char *want;
	} cases[] = {
		{ RK_TEXT, { .type = RK_NULL }, "\"\"" },
		{ RK_DECIMAL, { .type = RK_NULL }, "\"\"" },
		{ RK_CHOICE, { .type = RK_NULL }, "null" },
		{ RK_DATE, { .type = RK_NULL }, "null" },
		{ RK_CHOICES, { .type = RK_NULL }, "[]" },
		{ RK_TABLE, { .type = RK_NULL }, "[]" },
		{ RK_USER, { .type = RK_NULL }, "[]" },
		{ RK_TEXT,
		  { .type = RK_TEXT, .text = RK_LIT("\"日\n") },
		  "\"\\\"日\\n\"" },
		{ RK_DECIMAL, { .type = RK_INTEGER, .number = 5 }, "\"5\"" },
		{ RK_DECIMAL,
		  { .type = RK_DECIMAL, .text = RK_LIT("1.50") },
		  "\"1.50\"" },
		{ RK_DATETIME,
		  { .type = RK_DATETIME, .number = FAKE_NOW },
		  "\"2026-11-18T11:06:40Z\"" },
		{ RK_CHOICES,
		  { .type = RK_CHOICES, .items = choices, .count = 2 },
		  "[\"a\",\"b\"]" },
		{ RK_CHOICES, { .type = RK_CHOICE, .text = RK_LIT("a") }, "[\"a\"]" },
		{ RK_USER,
		  { .type = RK_USER, .text = RK_LIT("sato") },
		  "[{\"code\":\"sato\"}]" },
		{ RK_USER,
		  { .type = RK_USER, .text = RK_LIT("sato"), .items = choices },
		  "[{\"code\":\"sato\"}]" },
		{ RK_USER,
		  { .type = RK_USER, .items = choices, .count = 2 },
		  "[{\"code\":\"a\"},{\"code\":\"b\"}]" },
		{ RK_TABLE,
		  { .type = RK_TABLE, .items = table_rows, .count = 2 },
		  "[{\"id\":\"7\",\"value\":{\"a\":{\"value\":\"x\"}}},"
		  "{\"value\":{\"a\":{\"value\":\"x\"}}}]" },
	};
	struct rk_field columns[3];

	(void)state;
	columns[0] = fake_field("a", RK_TEXT, RK_FIELD_WRITABLE);
	columns[1] = fake_field("sum", RK_DECIMAL, RK_FIELD_COMPUTED);
	columns[2] = fake_field("c", RK_TEXT, RK_FIELD_WRITABLE);
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		fake_open(settings);
		prepare(RK_OP_UPDATE, 1);
		fields[1].type = cases[i].field;
		fields[1].columns = columns;
		fields[1].column_count = 3;
		cells[0][0].type = RK_ABSENT;
		cells[0][1] = cases[i].value;
		fake_will_answer(200, "{\"records\":[{\"id\":\"41\"}]}");
		assert_int_equal(write_batch(), RK_OK);
		if (!strstr(fake.seen[0].body,
		            rk_textf(&fake.host, "\"name\":{\"value\":%s}}",
		                     cases[i].want)
		                    .ptr))
			fail_msg("%s not in %s", cases[i].want, fake.seen[0].body);
	}
}

static void
an_answer_of_another_length_tells_nothing(void **state)
{
	(void)state;
	prepare(RK_OP_UPSERT, 2);
	fake_will_answer(200, "{\"records\":[{\"id\":\"41\",\"operation\":\"UPDATE\"}]}");
	assert_int_equal(write_batch(), RK_BUG);
	assert_int_equal(outcomes[0].status, RK_UNKNOWN);
	assert_int_equal(fake_err.maybe_sent, 1);
}

static void
indexed_errors_blame_their_rows_and_the_rest_goes_again(void **state)
{
	(void)state;
	prepare(RK_OP_UPSERT, 8);
	cells[3][2] = rk_value_of(RK_CHOICE, rk_z("Z"));
	fake_will_answer(400, "{\"code\":\"CB_VA01\",\"id\":\"u\",\"message\":"
	                      "\"入力内容が正しくありません。\","
	                      "\"errors\":{\"records[3].rank.value\":{\"messages\":["
	                      "\"\\\"Z\\\"は選択肢にありません。\"]},"
	                      "\"records[7].name.value\":{\"messages\":[\"必須です。\"]},"
	                      "\"records[7].rank.value\":{\"messages\":[\"x\"]}}}");
	assert_int_equal(write_batch(), RK_OK);
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(outcomes[i].status,
		                 i == 3 || i == 7 ? RK_REJECTED : RK_RETRY);
	assert_int_equal(outcomes[3].category, RK_CAT_PICKLIST);
	assert_text(outcomes[3].field, "rank");
	assert_text(outcomes[3].value, "Z");
	assert_text(outcomes[3].code, "CB_VA01");
	assert_text(outcomes[3].message, "\"Z\"は選択肢にありません。");
	assert_text(outcomes[7].field, "name");
}

static void
a_field_error_is_sorted_without_its_words(void **state)
{
	static const struct { const char *key; int cell; const char *value, *message;
	                      int32_t category; const char *field;
	} cases[] = {
		{ "records[0].name.value", 1, "", "?", RK_CAT_PROPERTY_VALUE, "name" },
		{ "records[0].name.value", 1, "123456", "?", RK_CAT_PROPERTY_VALUE,
		  "name" },
		{ "records[0].rank.value", 2, "Z", "?", RK_CAT_PICKLIST, "rank" },
		{ "records[0].rank.value", 2, "A", "?", RK_CAT_PROPERTY_VALUE, "rank" },
		{ "records[0].rank.value", 2, "A",
		  "The value, \\\"A\\\", is not in options.", RK_CAT_PICKLIST, "rank" },
		{ "records[0].num.value", 3, "5", "?", RK_CAT_DUPLICATE, "num" },
		{ "records[0].num.value", 3, "100", "?", RK_CAT_PROPERTY_VALUE, "num" },
		{ "records[0].num.value", 3, "-1234567890123", "?", RK_CAT_PROPERTY_VALUE,
		  "num" },
		{ "records[0][num].value", 3, "1,000", "?", RK_CAT_PROPERTY_VALUE,
		  "num" },
		{ "records[0].company.value", 4, "x", "?", RK_CAT_ASSOCIATION,
		  "company" },
		{ "records[0].tags.values[1].value", 5, "x", "?", RK_CAT_PICKLIST,
		  "tags" },
		{ "records[0].tags.values", 5, "", "?", RK_CAT_PROPERTY_VALUE, "tags" },
		{ "records[0].who.values.value", 6, "", "?", RK_CAT_PROPERTY_VALUE,
		  "who" },
		{ "records[0].ghost.value", 1, "x", "?", RK_CAT_PROPERTY_MAPPING,
		  "ghost" },
		{ "records[0].no.value", 1, "x", "?", RK_CAT_DUPLICATE, "no" },
		{ "records[0].updateKey.value", 1, "x", "?", RK_CAT_DUPLICATE, "no" },
		{ "records[0].name.value", 1, "x", "値がほかのレコードと重複しています。",
		  RK_CAT_DUPLICATE, "name" },
		{ "records[0].name.value", 1, "x",
		  "This value already exists in another record.", RK_CAT_DUPLICATE,
		  "name" },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		fake_open(settings);
		prepare(RK_OP_UPSERT, 2);
		cells[0][cases[i].cell] = rk_value_of(RK_TEXT, rk_z(cases[i].value));
		fake_will_answer(400,
		                 rk_textf(&fake.host,
		                          "{\"code\":\"CB_VA01\",\"errors\":{\"%s\":{"
		                          "\"messages\":[\"%s\"]}}}",
		                          cases[i].key, cases[i].message)
		                         .ptr);
		if (write_batch() != RK_OK || outcomes[0].status != RK_REJECTED ||
		    outcomes[1].status != RK_RETRY ||
		    outcomes[0].category != cases[i].category ||
		    !rk_text_is(outcomes[0].field, cases[i].field))
			fail_msg("%s \"%s\" -> category %d, wanted %d; field %.*s",
			         cases[i].key, cases[i].value, outcomes[0].category,
			         cases[i].category, RK_S(outcomes[0].field));
	}
}

static void
an_error_in_a_table_names_table_and_column(void **state)
{
	struct rk_field column = fake_field("qty", RK_DECIMAL, RK_FIELD_WRITABLE);

	(void)state;
	prepare(RK_OP_UPSERT, 1);
	fields[1] = fake_field("lines", RK_TABLE, RK_FIELD_WRITABLE);
	fields[1].columns = &column;
	fields[1].column_count = 1;
	cells[0][1] = rk_value_of(RK_TABLE, rk_z(""));
	fake_will_answer(
		400,
		"{\"code\":\"CB_VA01\",\"errors\":{\"records[0].lines.value[2].value."
		"qty.value\":{\"messages\":[\"m\"]}}}");
	assert_int_equal(write_batch(), RK_OK);
	assert_text(outcomes[0].field, "lines.qty");
	assert_int_equal(outcomes[0].category, RK_CAT_PROPERTY_VALUE);
}

static void
hostile_error_keys_do_no_harm(void **state)
{
	static const char *const names[] = {
		"records[99].name.value",
		"records[-1].name.value",
		"records",
		"",
		"....",
		"[[[]]]",
		"records[9223372036854775807].x.y",
		"records[0]",
		"a.b.c.d.e.f.g.h.i.j.k.l.m",
		"records[0].a.b.c.d.e.f.g.h.i.j.k",
		"upsert",
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(names); i++) {
		int32_t status;

		fake_open(settings);
		prepare(RK_OP_UPSERT, 2);
		fake_will_answer(400, rk_textf(&fake.host,
		                               "{\"code\":\"CB_VA01\",\"errors\":{\"%s\":"
		                               "{\"messages\":[]}}}",
		                               names[i])
		                              .ptr);
		status = write_batch();
		if (i != 9)
			assert_int_equal(status, RK_BUG);
		assert_int_equal(outcomes[0].status, i == 9 ? RK_REJECTED : RK_RETRY);
	}
}

static void
a_refusal_without_an_index_is_for_the_host_to_split(void **state)
{
	(void)state;
	prepare(RK_OP_UPSERT, 3);
	cells[0][4] = rk_value_of(RK_TEXT, rk_z("acme"));
	fake_will_answer(400,
	                 "{\"code\":\"GAIA_LO04\",\"message\":\"company \\\"acme\\\"\"}");
	assert_int_equal(write_batch(), RK_REJECT);
	assert_int_equal(fake_err.category, RK_CAT_ASSOCIATION);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(outcomes[i].status, RK_RETRY);
	batch.row_count = 1;
	fake_will_answer(400,
	                 "{\"code\":\"GAIA_LO04\",\"message\":\"company \\\"acme\\\"\"}");
	assert_int_equal(write_batch(), RK_OK);
	assert_text(outcomes[0].field, "company");
	assert_text(outcomes[0].value, "acme");
	rows[0].version = rk_z("3");
	fake_will_answer(409, "{\"code\":\"GAIA_CO02\",\"message\":\"m\"}");
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[0].status, RK_CONFLICT);
	prepare(RK_OP_ARCHIVE, 1);
	fake_will_answer(404, "{\"code\":\"GAIA_RE01\",\"message\":\"m\"}");
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[0].status, RK_ARCHIVED);
}

static void
only_a_sure_refusal_may_go_again_at_once(void **state)
{
	static const struct { int32_t http; uint32_t maybe_sent; const char *body;
	                      int32_t status, outcome; } cases[] = {
		{ 0, 0, NULL, RK_AGAIN, RK_RETRY },
		{ 0, 1, NULL, RK_AGAIN, RK_UNKNOWN },
		{ 403, 0, "<html>", RK_PAUSE, RK_RETRY },
		{ 429, 0, "", RK_AGAIN, RK_RETRY },
		{ 500, 0, "", RK_AGAIN, RK_UNKNOWN },
		{ 502, 0, "<html>", RK_AGAIN, RK_UNKNOWN },
		{ 503, 0, "Service Unavailable", RK_AGAIN, RK_UNKNOWN },
		{ 200, 0, "<html>", RK_AGAIN, RK_UNKNOWN },
		{ 200, 0, "{\"records\":[{\"id\":\"4", RK_AGAIN, RK_UNKNOWN },
		{ 200, 0, "{}", RK_BUG, RK_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		fake_open(settings);
		prepare(RK_OP_UPSERT, 2);
		fake_will_answer(cases[i].http, cases[i].body);
		fake.answers[0].maybe_sent = cases[i].maybe_sent;
		if (write_batch() != cases[i].status ||
		    outcomes[0].status != cases[i].outcome ||
		    outcomes[1].status != cases[i].outcome ||
		    fake_err.maybe_sent != (cases[i].outcome == RK_UNKNOWN))
			fail_msg("HTTP %d %s -> outcome %d \"%s\"", cases[i].http,
			         cases[i].body, outcomes[0].status, fake_err.message);
	}
}

static void
answers_of_odd_shapes_do_no_harm(void **state)
{
	static const struct fake_case lists[] = {
		{ 200, "{\"records\":[1]}", RK_BUG, RK_CAT_BUG, NULL, 0 },
		{ 200, "{\"records\":[[1,{}]]}", RK_BUG, RK_CAT_BUG, NULL, 0 },
		{ 200, "{\"records\":[{\"$id\":\"1\"}]}", RK_BUG, RK_CAT_BUG, NULL, 0 },
		{ 200, "{\"records\":[{\"$id\":{\"value\":\"1\"},\"mail\":5}]}",
		  RK_OK, 0, NULL, 0 },
		{ 200, "{\"records\":[{\"$id\":{\"value\":\"1\"},\"mail\":{\"value\":"
		  "[1,[2],{\"id\":3,\"value\":[4]},{\"value\":{\"a\":[]}}]}}]}",
		  RK_OK, 0, NULL, 0 },
		{ 200, "[]", RK_BUG, RK_CAT_BUG, NULL, 0 },
	};
	static const char *const refusals[] = {
		"{\"code\":\"CB_VA01\",\"errors\":[1,[2]]}",
		"{\"code\":\"CB_VA01\",\"errors\":5}",
		"{\"code\":\"CB_VA01\",\"errors\":{}}",
	};

	(void)state;
	fake_lists(lists, RK_COUNT(lists), settings, ask_for_a_table);
	for (size_t i = 0; i < RK_COUNT(refusals); i++) {
		fake_open(settings);
		prepare(RK_OP_UPSERT, 2);
		fake_will_answer(400, refusals[i]);
		assert_int_equal(write_batch(), RK_REJECT);
		assert_int_equal(outcomes[0].status, RK_RETRY);
	}
}

static void
impossible_batches_and_apps_are_refused_without_a_call(void **state)
{
	(void)state;
	fake_refuse_impossible(prepare);
	prepare(RK_OP_CREATE, 1);
	batch.object = rk_z("https://x/k/5");
	assert_int_equal(write_batch(), RK_PAUSE);
	assert_int_equal(fake.seen_count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(open_needs_a_token_or_a_login_and_no_network),
		TEST(auth_tells_a_good_token_from_a_bad_one),
		TEST(a_password_goes_as_base64_of_both_and_a_guest_space_into_the_path),
		TEST(basic_authentication_goes_beside_the_token),
		TEST(an_app_of_the_settings_proves_the_token),
		TEST(describe_reads_types_rights_and_the_exact_key_rule),
		TEST(precision_is_a_bonus_and_an_app_is_a_number),
		TEST(apps_are_listed_for_a_password_only),
		TEST(a_window_goes_by_minutes_and_by_id),
		TEST(the_first_load_has_no_times_and_finds_the_stamp_by_its_type),
		TEST(a_hint_becomes_a_condition_where_kintone_means_the_same),
		TEST(what_came_since_the_last_listing_is_found_by_its_id),
		TEST(values_cannot_leave_their_quotes),
		TEST(ids_come_in_one_answer_of_several_calls),
		TEST(values_go_by_the_hundred_into_one_answer),
		TEST(a_page_that_does_not_advance_or_is_cut_is_a_bug),
		TEST(values_become_what_the_field_is),
		TEST(an_upsert_keeps_the_key_out_of_the_record),
		TEST(create_update_and_archive_are_as_the_api_wants_them),
		TEST(every_type_is_written_as_the_field_wants_it),
		TEST(an_answer_of_another_length_tells_nothing),
		TEST(indexed_errors_blame_their_rows_and_the_rest_goes_again),
		TEST(a_field_error_is_sorted_without_its_words),
		TEST(an_error_in_a_table_names_table_and_column),
		TEST(hostile_error_keys_do_no_harm),
		TEST(a_refusal_without_an_index_is_for_the_host_to_split),
		TEST(only_a_sure_refusal_may_go_again_at_once),
		TEST(answers_of_odd_shapes_do_no_harm),
		TEST(impossible_batches_and_apps_are_refused_without_a_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
