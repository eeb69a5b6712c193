/* SPDX-License-Identifier: Apache-2.0
 *
 * sansan_test.c - what the Sansan connector sends and how it reads answers, with the
 * fake host.  Run by make check. */
#include "plugins/testing/fake_host.h"

#define COMMON { "host", "https://api.example.com/" }, { "api_version", "v3.2" }, \
	{ "range", "all" }, { "start_date", "2026-11-01" }, { "window_days", "30" }

static const struct fake_setting settings[] = {
	{ "api_key", NULL }, COMMON, { NULL, NULL },
};
static const struct fake_setting two_keys[] = {
	{ "api_key", NULL }, { "api_key_3", NULL }, COMMON, { NULL, NULL },
};
static const struct fake_setting chosen_tags[] = {
	{ "api_key", NULL }, { "tag_ids", "7001, 7002" }, { "app_id", "app-9" }, COMMON,
	{ NULL, NULL },
};
static const struct fake_setting anybody[] = {
	{ "api_key", NULL }, { "require_email", "false" }, { "include_past", "true" },
	COMMON, { NULL, NULL },
};
static const struct fake_setting creating[] = {
	{ "api_key", NULL }, { "allow_create", "true" }, { "create_tag_id", "7004" }, COMMON,
	{ NULL, NULL },
};
static const struct fake_setting creating_by_two[] = {
	{ "api_key", NULL }, { "api_key_3", NULL }, { "allow_create", "true" }, COMMON,
	{ NULL, NULL },
};

#define TEST(name) FAKE_TEST(name, settings)
#define BASE "https://api.example.com/v3.2/"
#define STAMP(n) INT64_C(1793664000000) + (n) * INT64_C(1000)   /* 2026-11-03 */

#define CARD(id, second, more) "{\"id\":\"" id "\",\"personId\":\"p" id "\",\"updatedTime\":" \
	"\"2026-11-03T00:00:" second "Z\",\"email\":\"" id "@example.jp\"" more "}"
#define PAGE(cards) "{\"data\":[" cards "],\"hasMore\":false}"
#define FIRST(cards, token) "{\"data\":[" cards "],\"hasMore\":true,\"nextPageToken\":" \
	"\"" token "\"}"

static void
ask_for(uint32_t mode, int64_t since, int64_t until)
{
	fields[0] = fake_field("email", RK_TEXT, RK_FIELD_KEY | RK_FIELD_KEY_NOCASE);
	fields[1] = fake_field("title", RK_TEXT, 0);
	fake_query("cards", mode, since, until);
	fake_err.retry_after_ms = -1;
}

/* ---- open, auth, describe -------------------------------------------------------- */

static int32_t
open_with(const struct fake_setting *with)
{
	struct rk_conn *conn = NULL;

	fake.settings = with;
	return renkei_connector_v1.open(&fake.host, &conn, &fake_err);
}

static void
open_needs_a_key_and_at_most_300_tags(void **state)
{
	static char ids[301 * 5 + 1];
	const struct fake_setting none[] = { { NULL, NULL } };
	const struct fake_setting many[] = { { "api_key", NULL }, { "tag_ids", ids },
	                                     { NULL, NULL } };
	const struct fake_setting bad_day[] = { { "api_key", NULL },
		{ "start_date", "2026-13-01" }, { NULL, NULL } };

	(void)state;
	assert_int_equal(open_with(none), RK_PAUSE);
	assert_non_null(strstr(fake_err.message, "api_key"));
	for (int i = 0; i < 301; i++)
		snprintf(ids + i * 5, 6, "%04d,", i);
	assert_int_equal(open_with(many), RK_PAUSE);
	assert_int_equal(fake_err.category, RK_CAT_CONFIG);
	assert_non_null(strstr(fake_err.message, "301 tags; at most 300"));
	assert_int_equal(open_with(bad_day), RK_PAUSE);
	assert_non_null(strstr(fake_err.message, "2026-13-01"));
	assert_int_equal(fake.seen_count, 0);
}

static void
auth_proves_every_key_and_names_the_bad_one(void **state)
{
	struct rk_account account;

	(void)state;
	fake_open(two_keys);
	fake_will_answer(200, PAGE(""));
	fake_will_answer(200, PAGE(""));
	assert_int_equal(fake_auth(&account), RK_OK);
	assert_int_equal(account.grant_count, 2);
	assert_text(account.grants[1].name, "api_key_3");
	assert_string_equal(fake.seen[0].url, BASE "bizCards?updatedFrom=2026-11-18T11%3A05"
		"%3A00Z&updatedTo=2026-11-18T11%3A06%3A00Z&range=all&limit=1");
	assert_string_equal(fake.seen[1].headers, "X-Sansan-Api-Key: <api_key_3>\n"
	                    "Accept: application/json\n");
	assert_string_equal(fake.seen[1].spends, "burst ");
	fake_open(two_keys);
	fake_will_answer(200, PAGE(""));
	fake_will_answer(401, "{\"message\":\"bad key\"}");
	assert_int_equal(fake_auth(&account), RK_PAUSE);
	assert_int_equal(fake_err.category, RK_CAT_AUTH);
	assert_non_null(strstr(fake_err.message, "api_key_3: HTTP 401"));
	fake_open(settings);
	fake_will_answer(200, "<html>");
	assert_int_equal(fake_auth(&account), RK_PAUSE);
	assert_int_equal(fake_err.category, RK_CAT_CONFIG);
}

#define TAGS "{\"data\":[{\"id\":\"7001\",\"name\":\"A\",\"type\":\"public\"}," \
	"{\"id\":\"7003\",\"name\":\"C\",\"type\":\"private\"}],\"hasMore\":true," \
	"\"nextPageToken\":\"t2\"}"
#define MORE_TAGS(type) "{\"data\":[{\"id\":\"7002\",\"name\":\"B\",\"type\":\"" type \
	"\"}],\"hasMore\":false}"

/* S4-11, S4-12: of the tags chosen, each must be public or shared. */
static void
a_private_tag_cannot_be_chosen(void **state)
{
	struct rk_account account;

	(void)state;
	fake_open(chosen_tags);
	fake_will_answer(200, PAGE(""));
	fake_will_answer(200, TAGS);
	fake_will_answer(200, MORE_TAGS("shared"));
	assert_int_equal(fake_auth(&account), RK_OK);
	assert_string_equal(fake.seen[2].url,
	                    BASE "tags?range=all&limit=100&nextPageToken=t2");
	assert_non_null(strstr(fake.seen[1].headers, "X-Sansan-App-Id: app-9\n"));
	fake_open(chosen_tags);
	fake_will_answer(200, PAGE(""));
	fake_will_answer(200, TAGS);
	fake_will_answer(200, MORE_TAGS("private"));
	assert_int_equal(fake_auth(&account), RK_PAUSE);
	assert_int_equal(fake_err.category, RK_CAT_CONFIG);
	assert_non_null(strstr(fake_err.message, "\"7002\" is no public or shared tag"));
}

static void
describe_tells_the_fields_and_the_tags_to_choose_from(void **state)
{
	struct rk_schema schema = { .struct_size = sizeof schema };
	const struct rk_field *tags;

	(void)state;
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z(""), &schema,
	                                                     &fake_err), RK_OK);
	assert_int_equal(schema.object_count, 2);
	fake_will_answer(200, TAGS);
	fake_will_answer(200, MORE_TAGS("shared"));
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z("cards"),
	                                                     &schema, &fake_err), RK_OK);
	tags = fake_described(&schema, "tags");
	assert_int_equal(tags->option_count, 2);
	assert_text(tags->options[1].value, "7002");
	assert_text(tags->options[1].label, "B");
	assert_int_equal(fake_described(&schema, "lastName")->max_length, 250);
	assert_int_equal(fake_described(&schema, "exchangeDate")->type, RK_DATE);
	assert_true(fake_described(&schema, "email")->flags & RK_FIELD_KEY);
	assert_false(fake_described(&schema, "personId")->flags & RK_FIELD_WRITABLE);
	fake_open(settings);
	fake_will_answer(200, MORE_TAGS("public"));
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z("persons"),
	                                                     &schema, &fake_err), RK_OK);
	assert_int_equal(fake_described(&schema, "email")->flags, 0);
	assert_int_equal(renkei_connector_v1.describe_fields(fake_conn, rk_z("companies"),
	                                                     &schema, &fake_err), RK_PAUSE);
	assert_int_equal(fake_err.category, RK_CAT_CONFIG);
}

/* ---- Windows --------------------------------------------------------------------- */

#define WINDOW(from, to, rest) BASE "bizCards?updatedFrom=" from "&updatedTo=" to \
	"&range=all&entryStatus=completed&includePastBizCards=false&includeTags=false" \
	"&orderBy=updatedAt&orderDirection=asc&limit=2" rest
#define NOW "2026-11-18T11%3A06%3A40Z"

static void
a_window_goes_by_the_stamp_of_the_last_card(void **state)
{
	(void)state;
	ask_for(RK_BY_WINDOW, STAMP(0) + 900, RK_NO_TIME);
	fake_will_answer(200, FIRST(CARD("a", "01", "") "," CARD("b", "02", ""), "t1"));
	fake_will_answer(200, PAGE(CARD("b", "02", "")));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 2);
	assert_int_equal(page.more, 1);
	assert_text(page.records[0].id, "a");
	assert_int_equal(page.records[1].modified_ms, STAMP(2));
	assert_int_equal(page.source_time_ms, FAKE_NOW);
	assert_int_equal(list(page.token), RK_OK);
	assert_int_equal(page.more, 0);
	assert_string_equal(fake.seen[0].url,
	                    WINDOW("2026-11-03T00%3A00%3A00Z", NOW, ""));
	assert_string_equal(fake.seen[1].url,
	                    WINDOW("2026-11-03T00%3A00%3A02Z", NOW, ""));
}

static void
within_one_stamp_the_token_leads_on(void **state)
{
	(void)state;
	ask_for(RK_BY_WINDOW, STAMP(0), RK_NO_TIME);
	fake_will_answer(200, FIRST(CARD("a", "01", "") "," CARD("b", "01", ""), "t/1"));
	fake_will_answer(200, FIRST(CARD("c", "01", "") "," CARD("d", "03", ""), "t2"));
	fake_will_answer(200, FIRST(CARD("d", "03", "") "," CARD("e", "03", ""), "t/1"));
	fake_will_answer(200, FIRST(CARD("f", "03", "") "," CARD("g", "03", ""), "t/1"));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(list(page.token), RK_OK);
	assert_string_equal(fake.seen[1].url, WINDOW("2026-11-03T00%3A00%3A00Z", NOW,
	                                             "&nextPageToken=t%2F1"));
	/* The same token of another window is no loop; twice in one it is. */
	assert_int_equal(list(page.token), RK_OK);
	assert_string_equal(fake.seen[2].url,
	                    WINDOW("2026-11-03T00%3A00%3A03Z", NOW, ""));
	assert_int_equal(page.more, 1);
	assert_int_equal(list(page.token), RK_BUG);
}

/* What pages go by is not trusted: cards would be passed over without a word. */
static void
cards_that_are_out_of_order_are_refused(void **state)
{
	static const char *const second[] = { CARD("c", "02", "") "," CARD("d", "01", ""),
		CARD("c", "00", "") "," CARD("d", "02", "") };

	(void)state;
	ask_for(RK_BY_WINDOW, STAMP(0), RK_NO_TIME);
	fake_will_answer(200, FIRST(CARD("a", "02", "") "," CARD("b", "01", ""), "t1"));
	assert_int_equal(list(rk_z("")), RK_BUG);
	assert_non_null(strstr(fake_err.message, "\"b\" comes behind one that was updated"));
	/* Nor is it from page to page. */
	for (size_t i = 0; i < RK_COUNT(second); i++) {
		fake_open(settings);
		ask_for(RK_BY_WINDOW, STAMP(0), RK_NO_TIME);
		fake_will_answer(200, FIRST(CARD("a", "01", "") "," CARD("b", "01", ""), "t1"));
		fake_will_answer(200, rk_textf(&fake.host, "{\"data\":[%s]}", second[i]).ptr);
		assert_int_equal(list(rk_z("")), RK_OK);
		assert_int_equal(list(page.token), RK_BUG);
	}
	/* One that is left out by a filter counts as well. */
	fake_open(settings);
	ask_for(RK_BY_WINDOW, STAMP(0), RK_NO_TIME);
	fake_will_answer(200, PAGE("{\"id\":\"x\",\"updatedTime\":\"2026-11-03T00:00:05Z\"},"
	                           CARD("a", "01", "")));
	assert_int_equal(list(rk_z("")), RK_BUG);
}

static void
a_token_that_is_refused_begins_the_listing_anew(void **state)
{
	(void)state;
	ask_for(RK_BY_WINDOW, STAMP(0), RK_NO_TIME);
	fake_will_answer(200, FIRST(CARD("a", "01", "") "," CARD("b", "01", ""), "t1"));
	fake_will_answer(400, "{\"message\":\"the token expired\"}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(list(page.token), RK_RESYNC);
	assert_int_equal(list(rk_z("none of ours")), RK_RESYNC);
}

static void
empty_windows_are_passed_over(void **state)
{
	static const struct fake_setting from_afar[] = {
		{ "api_key", NULL }, { "host", "https://api.example.com" },
		{ "api_version", "v6.0" }, { "range", "me" }, { "start_date", "2026-06-01" },
		{ "window_days", "30" }, { NULL, NULL },
	};

	(void)state;
	fake_open(from_afar);
	ask_for(RK_BY_WINDOW, RK_NO_TIME, RK_NO_TIME);
	for (int i = 0; i < 5; i++)
		fake_will_answer(200, PAGE(""));
	fake_will_answer(200, PAGE(CARD("a", "01", "")));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(fake.seen_count, 4);
	assert_int_equal(page.record_count, 0);
	assert_int_equal(page.more, 1);
	assert_non_null(strstr(fake.seen[0].url, "v6.0/bizCards?updatedFrom=2026-06-01T00%3A"
		"00%3A00Z&updatedTo=2026-07-01T00%3A00%3A00Z&range=me"));
	assert_int_equal(list(page.token), RK_OK);
	assert_int_equal(page.record_count, 1);
	assert_int_equal(page.more, 0);
	assert_int_equal(fake.seen_count, 6);
}

/* Sansan's clock counts: a listing goes up to it, and not beyond what was read. */
static void
an_open_window_ends_by_the_clock_of_sansan(void **state)
{
	static const struct { int64_t ahead_ms, source_ms; size_t calls; } cases[] = {
		{ -60000, -60000, 1 }, { 0, 0, 1 }, { 3000, 0, 1 }, { 60000, 60000, 2 },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		fake_open(settings);
		ask_for(RK_BY_WINDOW, STAMP(0), RK_NO_TIME);
		fake_will_answer(200, PAGE(""));
		fake_will_answer(200, PAGE(""));
		fake.answers[0].date_ms = FAKE_NOW + cases[i].ahead_ms;
		fake.answers[1].date_ms = FAKE_NOW + cases[i].ahead_ms;
		assert_int_equal(list(rk_z("")), RK_OK);
		assert_int_equal(page.more, 0);
		assert_int_equal(fake.seen_count, cases[i].calls);
		assert_int_equal(page.source_time_ms, FAKE_NOW + cases[i].source_ms);
	}
	assert_non_null(strstr(fake.seen[1].url, "updatedFrom=" NOW "&updatedTo=2026-11-18T"
	                                         "11%3A07%3A40Z"));
}

static void
a_token_keeps_the_end_of_its_window(void **state)
{
	(void)state;
	ask_for(RK_BY_WINDOW, STAMP(0), RK_NO_TIME);
	for (int i = 0; i < 3; i++)
		fake.answers[i].date_ms = FAKE_NOW + 60000;
	fake_will_answer(200, FIRST(CARD("a", "01", "") "," CARD("b", "01", ""), "t1"));
	fake_will_answer(200, PAGE(CARD("c", "01", "")));
	fake_will_answer(200, PAGE(CARD("d", "02", "")));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.source_time_ms, FAKE_NOW + 60000);
	assert_int_equal(list(page.token), RK_OK);
	assert_string_equal(fake.seen[1].url, WINDOW("2026-11-03T00%3A00%3A00Z", NOW,
	                                             "&nextPageToken=t1"));
	assert_int_equal(page.more, 1);
	assert_int_equal(list(page.token), RK_OK);
	assert_string_equal(fake.seen[2].url, WINDOW(NOW, "2026-11-18T11%3A07%3A40Z", ""));
	assert_int_equal(page.more, 0);
}

/* S4-14: the cards of all keys are one listing. */
static void
every_key_is_listed_in_turn(void **state)
{
	static const struct fake_setting fewer[] = { { "api_key", NULL }, COMMON,
	                                             { NULL, NULL } };

	(void)state;
	fake_open(two_keys);
	ask_for(RK_BY_WINDOW, STAMP(0), STAMP(3600));
	fake_will_answer(200, PAGE(CARD("a", "01", "")));
	fake_will_answer(200, PAGE(CARD("b", "01", "")));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.more, 1);
	struct rk_text token = page.token;
	fake.settings = fewer;
	assert_int_equal(list(token), RK_RESYNC);
	fake.settings = two_keys;
	assert_int_equal(list(token), RK_OK);
	assert_int_equal(page.more, 0);
	assert_text(page.records[0].id, "b");
	assert_non_null(strstr(fake.seen[1].headers, "<api_key_3>"));
	assert_non_null(strstr(fake.seen[1].url, "updatedTo=2026-11-03T01%3A00%3A00Z"));
}

/* S4-21, S4-22: without an e-mail only where that was unticked. */
static void
only_cards_with_an_address_are_listed_unless_told_otherwise(void **state)
{
	static const char *const bad[] = { "", "a", "a@", "@b.example", "a b@c.example",
		"a@b", "a@b@c.example", "a@.", "a@b." };

	(void)state;
	for (size_t i = 0; i < RK_COUNT(bad) * 2; i++) {
		fake_open(i % 2 ? anybody : settings);
		ask_for(RK_BY_WINDOW, STAMP(0), RK_NO_TIME);
		fake_will_answer(200, rk_textf(&fake.host, "{\"data\":[{\"id\":\"x\","
			"\"updatedTime\":\"2026-11-03T00:00:01Z\",\"email\":\"%s\"}]}",
			bad[i / 2]).ptr);
		assert_int_equal(list(rk_z("")), RK_OK);
		if (page.record_count != i % 2)
			fail_msg("\"%s\": %d records", bad[i / 2], (int)page.record_count);
	}
	assert_non_null(strstr(fake.seen[0].url, "includePastBizCards=true"));
}

#define TAG(id, type) "{\"id\":\"" id "\",\"name\":\"n\",\"type\":\"" type "\"}"

static void
only_cards_with_a_chosen_tag_are_listed(void **state)
{
	(void)state;
	fake_open(chosen_tags);
	ask_for(RK_BY_WINDOW, STAMP(0), RK_NO_TIME);
	query.limit = 5;
	fake_will_answer(200, PAGE(
		CARD("a", "01", ",\"tags\":[" TAG("7009", "public") "," TAG("7002", "shared") "]")
		"," CARD("b", "01", ",\"tags\":[" TAG("7009", "public") "]")
		"," CARD("c", "01", ",\"tags\":[" TAG("7001", "private") "]")
		"," CARD("d", "01", "") "," CARD("e", "01", ",\"tags\":[]")));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 1);
	assert_text(page.records[0].id, "a");
	assert_non_null(strstr(fake.seen[0].url, "includeTags=true"));
	/* What is asked for by name is given, whatever its tags. */
	fake_open(chosen_tags);
	ask_for(RK_BY_IDS, 0, 0);
	struct rk_text id = rk_z("b");
	query.values = &id;
	query.value_count = 1;
	fake_will_answer(200, CARD("b", "01", ""));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 1);
}

static void
of_a_person_the_newest_card_counts(void **state)
{
	(void)state;
	ask_for(RK_BY_WINDOW, STAMP(0), RK_NO_TIME);
	fake_open(anybody);
	query.object = rk_z("persons");
	query.limit = 5;
#define OF(person, title, day, time) "{\"id\":\"x\",\"personId\":\"" person "\",\"email\":" \
	"\"a@example.jp\",\"updatedTime\":\"2026-11-03T00:00:01Z\",\"title\":\"" title \
	"\",\"exchangeDate\":" day ",\"registeredTime\":\"2026-01-0" time "T00:00:00Z\"}"
	fake_will_answer(200, PAGE(OF("p", "new", "\"2026-02-01\"", "1") ","
		OF("p", "old", "\"2025-02-01\"", "2") "," OF("p", "undated", "null", "9") ","
		OF("q", "first", "null", "1") "," OF("q", "second", "null", "2")));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 2);
	assert_text(page.records[0].id, "p");
	assert_text(page.records[0].values[1].text, "new");
	assert_text(page.records[1].id, "q");
	assert_text(page.records[1].values[1].text, "second");
	/* An older card that was edited last would take the person back to its employer. */
	assert_non_null(strstr(fake.seen[0].url, "includePastBizCards=false"));
}

/* ---- Values ---------------------------------------------------------------------- */

static void
values_of_a_card_are_what_the_field_is(void **state)
{
	static const struct { const char *name; uint32_t type; const char *want; } want[] = {
		{ "id", RK_TEXT, "TEXT:a" },
		{ "title", RK_TEXT, "NULL:" }, { "tel", RK_TEXT, "NULL:" },
		{ "fax", RK_TEXT, "NULL:" }, { "memo", RK_TEXT, "ABSENT:" },
		{ "countryCode", RK_TEXT, "ABSENT:" },
		{ "exchangeDate", RK_DATE, "DATE:2026-02-27" },
		{ "registeredTime", RK_DATETIME, "DATETIME:1772241000000" },
		{ "owner.id", RK_TEXT, "TEXT:5501" }, { "owner.name", RK_TEXT, "TEXT:佐々木 一" },
		{ "owner.email", RK_TEXT, "NULL:" },
		{ "tags", RK_CHOICES, "CHOICES:[CHOICE:7001,CHOICE:7002]" },
	};

	(void)state;
	for (int several = 0; several < 2; several++) {
		fake_open(several ? two_keys : settings);
		ask_for(RK_BY_WINDOW, STAMP(0), RK_NO_TIME);
		for (size_t i = 0; i < RK_COUNT(want); i++)
			fields[i] = fake_field(want[i].name, want[i].type, 0);
		query.field_count = RK_COUNT(want);
		fake_will_answer(200, PAGE(CARD("a", "01", ",\"title\":\"\",\"tel\":null,"
			"\"exchangeDate\":\"2026-02-27\",\"registeredTime\":"
			"\"2026-02-28T01:10:00Z\",\"owner\":{\"id\":\"5501\",\"name\":"
			"\"佐々木 一\",\"email\":null},\"tags\":[" TAG("7001", "public") ","
			TAG("7002", "shared") "," TAG("7003", "private") "]")));
		assert_int_equal(list(rk_z("")), RK_OK);
		assert_int_equal(page.record_count, 1);
		for (size_t i = 0; i < RK_COUNT(want); i++) {
			char *shown = fake_show(&page.records[0].values[i]);
			/* A shared tag is not seen by every key alike. */
			const char *wanted = several && strcmp(want[i].name, "tags") == 0
				? "CHOICES:[CHOICE:7001]" : want[i].want;

			if (strcmp(shown, wanted) != 0)
				fail_msg("%s is %s, not %s", want[i].name, shown, wanted);
		}
	}
}

/* ---- By ids, by values ----------------------------------------------------------- */

static void
ask_by(uint32_t mode, const struct rk_text *values, uint64_t count, const char *field)
{
	ask_for(mode, 0, 0);
	query.values = values;
	query.value_count = count;
	query.limit = 10;
	query.field = rk_z(field);
}

#define MISSING "{\"error\":{\"code\":\"not_found\",\"message\":\"m\"}}"

static void
a_card_is_asked_for_by_every_key_until_one_has_it(void **state)
{
	struct rk_text ids[] = { rk_z("a/1"), rk_z("gone"), rk_z("") };

	(void)state;
	fake_open(two_keys);
	ask_by(RK_BY_IDS, ids, 3, "");
	fake_will_answer(404, MISSING);
	fake_will_answer(200, "{\"item\":" CARD("a/1", "01", "") "}");
	fake_will_answer(404, MISSING);
	fake_will_answer(404, MISSING);
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 1);
	assert_int_equal(page.more, 0);
	assert_string_equal(fake.seen[1].url, BASE "bizCards/a%2F1?includeTags=false");
	assert_non_null(strstr(fake.seen[1].headers, "<api_key_3>"));
	fake_open(settings);
	ask_by(RK_BY_IDS, ids, 1, "");
	query.object = rk_z("persons");
	fake_will_answer(200, "{\"item\":{\"id\":\"pa/1\",\"headBizCard\":"
	                 CARD("a/1", "01", "") "}}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_text(page.records[0].id, "pa/1");
	assert_string_equal(fake.seen[0].url, BASE "persons/a%2F1?includeTags=false");
	/* The head card need not say whose it is. */
	fake_will_answer(200, "{\"item\":{\"id\":\"pa/1\",\"headBizCard\":{\"id\":\"c\","
	                 "\"updatedTime\":\"2026-03-01T02:00:00Z\"}}}");
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_text(page.records[0].id, "pa/1");
}

/* A version that is gone must not make all of them look deleted. */
static void
that_nothing_is_there_is_believed_if_cards_can_be_listed(void **state)
{
	struct rk_text ids[] = { rk_z("a") };

	(void)state;
	ask_by(RK_BY_IDS, ids, 1, "");
	fake_will_answer(404, MISSING);
	fake_will_answer(200, PAGE(""));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 0);
	fake_open(settings);
	ask_by(RK_BY_IDS, ids, 1, "");
	fake_will_answer(404, MISSING);
	fake_will_answer(404, MISSING);
	assert_int_equal(list(rk_z("")), RK_PAUSE);
	assert_int_equal(fake_err.category, RK_CAT_UNREACHABLE);
	fake_open(settings);
	ask_by(RK_BY_IDS, ids, 1, "");
	fake_will_answer(404, "<html>");
	assert_int_equal(list(rk_z("")), RK_PAUSE);
}

static void
a_search_keeps_what_is_equal_and_never_asks_for_nothing(void **state)
{
	struct rk_text mails[] = { rk_z("A+x@example.jp"), rk_z(" ") };
	struct rk_text names[] = { rk_z("森商事") };

	(void)state;
	ask_by(RK_BY_FIELD, mails, 2, "email");
	fake_will_answer(200, PAGE(""));
	fake_will_answer(200, PAGE(CARD("a+x", "01", "") "," CARD("b", "01", "")));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 1);
	assert_text(page.records[0].id, "a+x");
	assert_string_equal(fake.seen[0].url,
	                    BASE "bizCards/search?email=A%2Bx%40example.jp&limit=10");
	assert_string_equal(fake.seen[1].url,
	                    BASE "bizCards/search?email=a%2Bx%40example.jp&limit=10");
	fake_open(settings);
	ask_by(RK_BY_FIELD, names, 1, "companyName");
	fake_will_answer(200, FIRST(CARD("a", "01", ",\"companyName\":\"森商事株式会社\""), "t"));
	fake_will_answer(200, PAGE(CARD("b", "01", ",\"companyName\":\"森商事\"")));
	assert_int_equal(list(rk_z("")), RK_OK);
	assert_int_equal(page.record_count, 1);
	assert_non_null(strstr(fake.seen[1].url, "&nextPageToken=t"));
	ask_by(RK_BY_FIELD, names, 1, "city");
	assert_int_equal(list(rk_z("")), RK_PAUSE);
	assert_int_equal(fake_err.category, RK_CAT_CONFIG);
	assert_non_null(strstr(fake_err.message, "cannot be searched by \"city\""));
}

/* ---- New cards ------------------------------------------------------------------- */

static void
prepare(uint32_t operation, uint64_t count)
{
	static const char *const mails[FAKE_ROWS] = { "a@example.jp", "b", "c", "d", "e",
	                                              "f", "g", "h" };

	fields[0] = fake_field("email", RK_TEXT, RK_FIELD_WRITABLE | RK_FIELD_KEY);
	fields[1] = fake_field("lastName", RK_TEXT, RK_FIELD_WRITABLE);
	fields[1].max_length = 250;
	fields[2] = fake_field("countryCode", RK_TEXT, RK_FIELD_WRITABLE);
	fields[3] = fake_field("tags", RK_CHOICES, RK_FIELD_WRITABLE);
	fields[4] = fake_field("tel", RK_TEXT, RK_FIELD_WRITABLE);
	fake_batch("cards", operation, 5, count, mails, 1);
	for (int i = 0; i < FAKE_ROWS; i++)
		for (int f = 2; f < 5; f++)
			cells[i][f].type = RK_ABSENT;
}

static void
a_card_is_created_with_the_tag_of_ours(void **state)
{
	static const char *const answers[] = { "{\"id\":\"n1\"}", "{\"data\":{\"id\":\"n1\"}}",
	                                       "{\"item\":{\"id\":\"n1\"}}" };
	struct rk_value tags[] = { rk_value_of(RK_CHOICE, rk_z("7001")),
	                           rk_value_of(RK_CHOICE, rk_z("7004")) };

	(void)state;
	for (size_t i = 0; i < RK_COUNT(answers); i++) {
		fake_open(creating);
		prepare(RK_OP_CREATE, 1);
		cells[0][3] = (struct rk_value){ .type = RK_CHOICES, .items = tags, .count = 2 };
		cells[0][4].type = RK_NULL;
		fake_will_answer(201, answers[i]);
		assert_int_equal(write_batch(), RK_OK);
		assert_int_equal(outcomes[0].status, RK_CREATED);
		assert_text(outcomes[0].id, "n1");
	}
	assert_string_equal(fake.seen[0].method, "POST");
	assert_string_equal(fake.seen[0].url, BASE "bizCards");
	assert_string_equal(fake.seen[0].object, "cards");
	assert_string_equal(fake.seen[0].body, "{\"email\":\"a@example.jp\",\"lastName\":"
	                    "\"N0\",\"tagIds\":[\"7004\",\"7001\"]}");
	/* An id that is nowhere is looked up by the host. */
	fake_open(creating);
	prepare(RK_OP_CREATE, 1);
	fake_will_answer(200, "{\"status\":\"accepted\"}");
	assert_int_equal(write_batch(), RK_AGAIN);
	assert_int_equal(fake_err.maybe_sent, 1);
	assert_int_equal(outcomes[0].status, RK_UNKNOWN);
}

static void
nothing_is_written_that_was_not_allowed(void **state)
{
	(void)state;
	prepare(RK_OP_CREATE, 1);
	assert_int_equal(write_batch(), RK_PAUSE);
	assert_int_equal(fake_err.category, RK_CAT_CONFIG);
	assert_non_null(strstr(fake_err.message, "allow_create"));
	fake_open(creating);
	for (uint32_t op = RK_OP_UPSERT; op <= RK_OP_ARCHIVE; op++) {
		prepare(op, 1);
		if (op == RK_OP_CREATE)
			batch.object = rk_z("persons");
		assert_int_equal(write_batch(), RK_OK);
		assert_int_equal(outcomes[0].status, RK_REJECTED);
		assert_int_equal(outcomes[0].category, RK_CAT_PERMISSION);
	}
	prepare(RK_OP_CREATE, 1);
	batch.object = rk_z("companies");
	assert_int_equal(write_batch(), RK_PAUSE);
	fake_refuse_impossible(prepare);
}

static void
a_person_who_is_there_is_not_added_again(void **state)
{
	(void)state;
	fake_open(creating);
	prepare(RK_OP_CREATE, 1);
	batch.key_field = &fields[4];
	fake_will_answer(200, PAGE(CARD("there", "01", "")));
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[0].status, RK_REJECTED);
	assert_int_equal(outcomes[0].category, RK_CAT_DUPLICATE);
	assert_text(outcomes[0].other_id, "there");
	assert_text(outcomes[0].field, "email");
	assert_string_equal(fake.seen[0].url,
	                    BASE "bizCards/search?email=a%40example.jp&limit=1");
	fake_open(creating);
	prepare(RK_OP_CREATE, 1);
	batch.key_field = &fields[4];
	fake_will_answer(200, PAGE(""));
	fake_will_answer(201, "{\"id\":\"n\"}");
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[0].status, RK_CREATED);
	fake_open(creating);
	prepare(RK_OP_CREATE, 1);
	batch.key_field = &fields[4];
	fake_will_answer(503, "");
	assert_int_equal(write_batch(), RK_AGAIN);
	/* A card that the second user alone sees, with the address in small letters. */
	fake_open(creating_by_two);
	prepare(RK_OP_CREATE, 1);
	batch.key_field = &fields[4];
	cells[0][0] = rk_value_of(RK_TEXT, rk_z("A@example.jp"));
	for (int i = 0; i < 3; i++)
		fake_will_answer(200, PAGE(""));
	fake_will_answer(200, PAGE(CARD("theirs", "01", "")));
	assert_int_equal(write_batch(), RK_OK);
	assert_int_equal(outcomes[0].status, RK_REJECTED);
	assert_text(outcomes[0].other_id, "theirs");
	assert_int_equal(fake.seen_count, 4);
	assert_non_null(strstr(fake.seen[1].url, "email=a%40example.jp"));
	assert_non_null(strstr(fake.seen[3].headers, "<api_key_3>"));
}

static void
what_sansan_refuses_is_not_sent(void **state)
{
	static char long_name[252];
	struct rk_value tag = rk_value_of(RK_CHOICE, rk_z("7")), many[16];
	static const struct { int field; const char *text; int32_t category;
	                      const char *names; } cases[] = {
		{ 1, "", RK_CAT_PROPERTY_VALUE, "lastName" },
		{ 1, " ", RK_CAT_PROPERTY_VALUE, "lastName" },
		{ 1, long_name, RK_CAT_PROPERTY_VALUE, "lastName" },
		{ 2, "Japan", RK_CAT_PICKLIST, "countryCode" },
		{ 2, "jp", RK_CAT_PICKLIST, "countryCode" },
		{ 3, NULL, RK_CAT_PROPERTY_VALUE, "tags" },
	};

	(void)state;
	memset(long_name, 'x', 251);
	for (size_t i = 0; i < RK_COUNT(many); i++)
		many[i] = tag;
	fake_open(creating);
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		prepare(RK_OP_CREATE, 1);
		cells[0][cases[i].field] = cases[i].text
			? rk_value_of(RK_TEXT, rk_z(cases[i].text))
			: (struct rk_value){ .type = RK_CHOICES, .items = many, .count = 16 };
		assert_int_equal(write_batch(), RK_OK);
		assert_int_equal(outcomes[0].status, RK_REJECTED);
		assert_int_equal(outcomes[0].category, cases[i].category);
		assert_text(outcomes[0].field, cases[i].names);
	}
	assert_int_equal(fake.seen_count, 0);
}

/* ---- Odd answers ----------------------------------------------------------------- */

static void
answers_of_odd_shapes_do_no_harm(void **state)
{
	static const struct fake_case lists[] = {
		{ 200, "[]", RK_BUG, RK_CAT_BUG, NULL, 0 },
		{ 200, "{\"data\":{}}", RK_BUG, RK_CAT_BUG, NULL, 0 },
		{ 200, PAGE("1"), RK_BUG, RK_CAT_BUG, NULL, 0 },
		{ 200, PAGE("{\"id\":\"a\"}"), RK_BUG, RK_CAT_BUG, NULL, 0 },
		{ 200, PAGE("{\"updatedTime\":\"2026-11-03T00:00:01Z\"}"), RK_BUG, RK_CAT_BUG,
		  NULL, 0 },
		{ 200, PAGE("{\"id\":\"a\",\"updatedTime\":\"yesterday\"}"), RK_BUG, RK_CAT_BUG,
		  NULL, 0 },
		{ 200, "{\"data\":[],\"hasMore\":true}", RK_BUG, RK_CAT_BUG, NULL, 0 },
		{ 200, PAGE(CARD("a", "01", ",\"owner\":[1],\"tags\":{\"id\":5},\"title\":[2]")),
		  RK_OK, 0, NULL, 0 },
		{ 200, PAGE(CARD("a", "01", "") "," CARD("b", "01", "") "," CARD("c", "01", "")),
		  RK_BUG, RK_CAT_BUG, NULL, 0 },
	};

	(void)state;
	fake_lists(lists, RK_COUNT(lists), settings, ask_for);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(open_needs_a_key_and_at_most_300_tags),
		TEST(auth_proves_every_key_and_names_the_bad_one),
		TEST(a_private_tag_cannot_be_chosen),
		TEST(describe_tells_the_fields_and_the_tags_to_choose_from),
		TEST(a_window_goes_by_the_stamp_of_the_last_card),
		TEST(within_one_stamp_the_token_leads_on),
		TEST(cards_that_are_out_of_order_are_refused),
		TEST(a_token_that_is_refused_begins_the_listing_anew),
		TEST(empty_windows_are_passed_over),
		TEST(an_open_window_ends_by_the_clock_of_sansan),
		TEST(a_token_keeps_the_end_of_its_window),
		TEST(every_key_is_listed_in_turn),
		TEST(only_cards_with_an_address_are_listed_unless_told_otherwise),
		TEST(only_cards_with_a_chosen_tag_are_listed),
		TEST(of_a_person_the_newest_card_counts),
		TEST(values_of_a_card_are_what_the_field_is),
		TEST(a_card_is_asked_for_by_every_key_until_one_has_it),
		TEST(that_nothing_is_there_is_believed_if_cards_can_be_listed),
		TEST(a_search_keeps_what_is_equal_and_never_asks_for_nothing),
		TEST(a_card_is_created_with_the_tag_of_ours),
		TEST(nothing_is_written_that_was_not_allowed),
		TEST(a_person_who_is_there_is_not_added_again),
		TEST(what_sansan_refuses_is_not_sent),
		TEST(answers_of_odd_shapes_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
