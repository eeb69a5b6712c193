/* SPDX-License-Identifier: Apache-2.0 */
/* hotprofile_simulator_test.c - the simulated HotProfile refuses what the fact sheet says
 * that the vendor refuses.  Run by `make check`. */
static const struct { const char *name, *header; } vendors[] = {
	{ "hotprofile", "Accept: application/json" },
};
#define VENDORS (sizeof vendors / sizeof *vendors)

#include "asking.h"

#define HOT(rows) ROWS_OF(0, rows)
#define FORM "Content-Type: application/x-www-form-urlencoded"
#define KEY "api_key=sim-hotprofile-token"
#define CALL(api, body, status, want) \
	{ "POST", "/rest_api/v1/" api, KEY body, status, want, FORM }
#define LIST(object, body, status, want) CALL(object "/get_entry_list", body, status, want)
#define SEARCH(name) "&search%5B" name "%5D="
#define PAGE(name) "&page%5B" name "%5D="
#define OPTIONS(text) { "POST", "/_control/options", text, 200, NULL, NULL }
#define RECORD(id, values) "{\"id\":\"" id "\",\"updatedAt\":\"2026-03-01T02:00:00Z\"," \
	"\"createdAt\":\"2026-02-28T01:10:00Z\",\"values\":{" values "}}"
#define LOAD(object, records) { "POST", "/_control/load", "{\"object\":\"" object \
	"\",\"records\":[" records "]}", 200, NULL, NULL }
#define CLOCK(ms) { "POST", "/_control/clock", "{\"advance_ms\":" ms "}", 200, NULL, NULL }

static void
it_checks_who_asks_and_how(void **state)
{
	static const struct row rows[] = {
		{ "POST", "/rest_api/v1/clients/get_entry_list", "api_key=wrong", 401, "errors",
		  FORM },
		{ "POST", "/rest_api/v1/clients/get_entry_list", "a=b", 401, "errors", FORM },
		{ "POST", "/rest_api/v1/clients/get_entry_list", KEY, 415, "errors",
		  "Content-Type: text/plain" },
		LIST("clients", "", 200, "\"total_count\":1"),
		{ "POST", "/rest_api/v1/clients/get_entry_list", "{\"api_key\":"
		  "\"sim-hotprofile-token\",\"search\":{\"name\":\"商事\"},\"page\":"
		  "{\"display_number\":200}}", 200, "\"display_number\":200", NULL },
		{ "GET", "/rest_api/v1/clients/get_entry_list", NULL, 404, "<html>", NULL },
		CALL("clients/upsert", "", 404, "<html>"),
		OPTIONS("{\"bad_key\":\"200\"}"),
		{ "POST", "/rest_api/v1/clients/get_entry_list", "api_key=wrong", 200, "errors",
		  FORM },
		OPTIONS("{\"bad_key\":\"page\"}"),
		{ "POST", "/rest_api/v1/clients/get_entry_list", "api_key=wrong", 200, "<html>",
		  FORM },
	};

	(void)state;
	HOT(rows);
}

/* So many calls in a slot of five minutes, the last of which is refused. */
static void
a_slot_holds_so_many_calls(void **state)
{
	static const struct row first[] = { OPTIONS("{\"calls\":3}"), CLOCK("300000") };
	static const struct row later[] = { CLOCK("300000"), LIST("clients", "", 200, NULL),
		OPTIONS("{\"blocked_status\":503,\"calls\":1}"),
		LIST("clients", "", 503, "上限") };
	const struct row call = LIST("clients", "", 200, NULL);
	struct answer a = { .status = 200 };
	int calls = 0;

	(void)state;
	HOT(first);
	/* A slot may end between them: then another three are to be had. */
	for (; calls < 100 && a.status == 200; calls++) {
		free(a.text);
		a = ask(&call, 0);
	}
	assert_int_equal(a.status, 429);
	assert_true(calls >= 3);
	free(a.text);
	HOT(later);
}

static void
lists_have_pages_windows_and_partial_matches(void **state)
{
	static const struct row rows[] = {
		LOAD("clients", RECORD("1", "\"name\":\"森商事株式会社\"") ","
		     RECORD("2", "\"name\":\"林商事株式会社\",\"pref\":\"東京都\"")),
		LIST("clients", PAGE("display_number") "1", 200, "\"total_number\":2"),
		LIST("clients", PAGE("display_number") "1" PAGE("number") "2", 200, "林"),
		LIST("clients", PAGE("display_number") "1" PAGE("number") "2", 200, "!森"),
		LIST("clients", PAGE("display_number") "1001", 400, "表示件数"),
		LIST("leads", PAGE("display_number") "101", 400, "表示件数"),
		LIST("clients", PAGE("number") "0", 400, "ページ番号"),
		LIST("clients", "&colour=red", 400, "パラメータ"),
		LIST("clients", SEARCH("email") "a", 400, "パラメータ"),
		LIST("clients", "", 200, "\"updated_at\":\"2026/03/01 11:00:00\""),
		LIST("clients", PAGE("date_format_option") "1", 200,
		     "\"updated_at\":\"2026-03-01T11:00:00+09:00\""),
		LIST("clients", SEARCH("name") "%E5%95%86%E4%BA%8B", 200, "\"total_count\":2"),
		LIST("clients", SEARCH("from_id") "2" SEARCH("to_id") "2", 200, "!森"),
		/* Both ends count, and they are Japan's. */
		LIST("clients", SEARCH("from_datetime_updated_on") "2026%2F03%2F01%2011:00:00",
		     200, "\"total_count\":2"),
		LIST("clients", SEARCH("to_datetime_updated_on") "2026-03-01 11:00:00", 200,
		     "\"total_count\":2"),
		LIST("clients", SEARCH("from_datetime_updated_on") "2026/03/01 11:00:01", 200,
		     "\"total_count\":0"),
		LIST("clients", SEARCH("from_datetime_updated_on") "2026-03-01T11:00:00Z", 400,
		     "更新日時"),
		LIST("clients", "&order%5Bkey%5D=id&order%5Btype%5D=asc", 200, "森"),
		LIST("clients", "&order%5Bkey%5D=updated_on", 500, "Internal"),
		LIST("leads", "&order%5Bkey%5D=id", 500, "Internal"),
	};

	(void)state;
	HOT(rows);
}

static void
leads_are_seen_by_whom_they_may_be_and_hide_fields(void **state)
{
	static const struct row rows[] = {
		LOAD("leads", RECORD("1", "\"client_id\":\"1\",\"family_name\":\"甲\",\"email\":"
		     "\"ko@example.jp\",\"own\":\"true\",\"item.201\":\"営業\"") ","
		     RECORD("2", "\"client_id\":\"1\",\"family_name\":\"乙\"")),
		LIST("leads", "", 200, "乙"),
		LIST("leads", "", 200, "\"client_name\":\"見本商事株式会社\""),
		LIST("leads", "", 200, "\"organization_hierarchy\":null"),
		LIST("leads", "", 200, "{\"id\":201,\"label\":\"区分\",\"value\":\"営業\"}"),
		LIST("leads", SEARCH("ids") "2,7", 200, "!甲"),
		LIST("leads", SEARCH("email") "ko@", 200, "甲"),
		LIST("leads", SEARCH("private_flg"), 200, "!乙"),
		OPTIONS("{\"hidden\":\"email item.201\"}"),
		LIST("leads", "", 200, "\"email\":\"\""),
		LIST("leads", "", 200, "\"items\":[\"email\"],\"custom_items\":[201]"),
		LIST("leads", "", 200, "!営業"),
		OPTIONS("{\"sees_all\":false}"),
		LIST("leads", "", 200, "!乙"),
		LIST("clients", "", 200, "見本"),
	};

	(void)state;
	HOT(rows);
}

static void
a_company_is_written_by_its_rules(void **state)
{
	static const struct row rows[] = {
		CALL("clients/create", "", 400, "会社名を入力してください"),
		CALL("clients/create", "&name=%E6%A3%AE&pref_id=13", 200, "{\"id\":2}"),
		LIST("clients", "", 200, "\"pref\":\"東京都\""),
		CALL("clients/create", "&name=%E6%A3%AE", 400, "既に登録されている会社名"),
		CALL("clients/update", "&id=1&name=%E6%A3%AE", 400, "既に登録されている会社名"),
		CALL("clients/update", "&id=9&note=x", 400, "会社は存在しません"),
		CALL("clients/update", "&id=2&pref_id=48", 400, "都道府県コードは不正な値です"),
		CALL("clients/update", "&id=2&pref=x", 400, "パラメータ"),
		CALL("clients/update", "&id=2&corporate_number=1", 400, "パラメータ"),
		CALL("clients/update", "&id=2&items%5B101%5D=D", 400, "ランクは不正な値です"),
		CALL("clients/update", "&id=2&items%5B102%5D=1,200", 400, "数値で入力"),
		CALL("clients/update", "&id=2&items%5B999%5D=x", 400, "カスタム項目IDは不正です"),
		CALL("clients/update", "&id=2&items%5B101%5D=A&items%5B102%5D=1200"
		     "&items%5B103%5D=2026%2F04%2F01", 200, "{\"id\":2}"),
		LIST("clients", "", 200, "{\"label\":\"ランク\",\"value\":\"A\"}"),
		LIST("clients", "", 200, "\"value\":\"1,200\""),
		LIST("clients", "", 200, "\"value\":\"2026/04/01\""),
		OPTIONS("{\"auto_update\":true}"),
		CALL("clients/update", "&id=2&pref_id=1&note=kept", 200, "{\"id\":2}"),
		LIST("clients", "", 200, "\"pref\":\"東京都\""),
		LIST("clients", "", 200, "\"note\":\"kept\""),
		OPTIONS("{\"errors\":\"hash\",\"error_status\":200}"),
		CALL("clients/create", "", 200, "{\"errors\":{\"base\":["),
		OPTIONS("{\"errors\":\"text\",\"error_status\":422}"),
		CALL("clients/create", "", 422, "{\"errors\":\""),
	};

	(void)state;
	HOT(rows);
}

static void
a_lead_is_written_by_its_rules(void **state)
{
	static const struct row rows[] = {
		CALL("leads/create", "&family_name=a", 400, "会社IDを指定してください"),
		CALL("leads/create", "&client_id=9&family_name=a", 400, "会社IDは不正"),
		CALL("leads/create", "&client_id=1", 400, "姓を入力してください"),
		CALL("leads/create", "&client_id=1&family_name=a&email=a@example.jp", 200,
		     "{\"id\":1}"),
		CALL("leads/create", "&client_id=1&family_name=a&email=a@example.jp", 400,
		     "同じ名寄せキーを持つリード"),
		CALL("leads/update", "&id=1&post=x", 400, "会社IDを指定してください"),
		CALL("leads/update", "&id=1&client_id=1&not_mail_flg=", 400, "不正な値"),
		CALL("leads/update", "&id=1&client_id=1&not_mail_flg=1", 200, NULL),
		LIST("leads", "", 200, "\"not_mail_flg\":\"◯\""),
		LIST("leads", "", 200, "\"not_tel_flg\":\"ー\""),
		CALL("leads/update", "&id=1&client_id=1&lead_status=3", 400, "リードステータス"),
		CALL("leads/update", "&id=1&client_id=1&organization_id=7", 400, "部署IDは不正"),
		/* A choice is written by its id, and read by its label. */
		CALL("leads/update", "&id=1&client_id=1&items%5B201%5D=2011", 200, NULL),
		LIST("leads", "", 200, "\"value\":\"技術\""),
		CALL("leads/update", "&id=1&client_id=1&items%5B201%5D=%E5%96%B6", 400, "区分"),
		CALL("leads/update", "&id=1&client_id=1&items%5B202%5D%5B%5D=2020"
		     "&items%5B202%5D%5B%5D=2022", 200, NULL),
		LIST("leads", "", 200, "\"value\":\"製品A 製品C\""),
	};

	(void)state;
	HOT(rows);
}

static void
departments_are_a_tree_and_companies_merge(void **state)
{
	static const struct row rows[] = {
		LIST("organizations", "", 400, "会社IDを指定してください"),
		LIST("organizations", "&client_id=9", 400, "会社は存在しません"),
		LIST("organizations", "&client_id=1", 200, "未所属"),
		CALL("organizations/create", "&client_id=1&name=sales", 200, "{\"id\":1}"),
		CALL("organizations/create", "&client_id=1&name=one&organization_id=1", 200,
		     "{\"id\":2}"),
		LIST("organizations", "&client_id=1", 200, "\"name\":\"sales\",\"organizations\":"
		     "[{\"id\":2,\"name\":\"one\",\"organizations\":[]}]"),
		CALL("organizations/create", "&client_id=1&name=x&organization_id=8", 400,
		     "親組織IDは不正"),
		CALL("organizations/create", "&client_id=9&name=x", 400, "会社IDは不正"),
		CALL("organizations/update", "&id=2&name=two", 200, "{\"id\":2}"),
		CALL("leads/create", "&client_id=1&family_name=a&organization_id=2", 200, NULL),
		LIST("leads", "", 200, "\"organization_hierarchy\":[\"sales\",\"two\"]"),
		CALL("clients/create", "&name=new", 200, "{\"id\":2}"),
		OPTIONS("{\"cleansing\":true}"),
		{ "POST", "/_control/merge", "{\"from\":\"1\",\"to\":\"2\"}", 200, NULL, NULL },
		LIST("clients", "", 200, "\"total_count\":1"),
		LIST("clients", "", 200, "\"client_histories\":[{\"client_id\":2,"
		     "\"current_client_id\":2"),
		LIST("leads", "", 200, "\"client_id\":2"),
		CALL("clients/update", "&id=1&note=x", 400, "会社は存在しません"),
		LOAD("deals", RECORD("1", "\"client_id\":\"2\",\"title\":\"t\",\"amount\":"
				     "\"1234567\",\"orders_date_on\":\"2026-05-01\"")),
		LIST("deals", "", 200, "\"amount\":\"1,234,567円\""),
		LIST("deals", PAGE("date_format_option") "1", 200,
		     "\"orders_date_on\":\"2026-05-01T00:00:00+09:00\""),
	};

	(void)state;
	HOT(rows);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNLIMITED(it_checks_who_asks_and_how),
		{ "a_slot_holds_so_many_calls", a_slot_holds_so_many_calls, start_plain, stop,
		  NULL },
		UNLIMITED(lists_have_pages_windows_and_partial_matches),
		UNLIMITED(leads_are_seen_by_whom_they_may_be_and_hide_fields),
		UNLIMITED(a_company_is_written_by_its_rules),
		UNLIMITED(a_lead_is_written_by_its_rules),
		UNLIMITED(departments_are_a_tree_and_companies_merge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
