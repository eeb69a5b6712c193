/* SPDX-License-Identifier: Apache-2.0 */
/* freshsales_simulator_test.c - the simulated Freshsales answers and refuses as the fact
 * sheet says that the vendor does.  Run by `make check`. */
static const struct { const char *name, *header; } vendors[] = {
	{ "freshsales", "Authorization: Token token=sim-freshsales-token" },
};
#define VENDORS (sizeof vendors / sizeof *vendors)

#include "asking.h"

#define FRESHSALES(rows) ROWS_OF(0, rows)
#define V "/crm/sales/api"
#define OPTIONS(text) { "POST", "/_control/options", text, 200, NULL, NULL }
#define GET(path, status, want) { "GET", V path, NULL, status, want, NULL }
#define POST(path, body, status, want) { "POST", V path, body, status, want, NULL }
#define LOAD(object, records) { "POST", "/_control/load", \
	"{\"object\":\"" object "\",\"records\":[" records "]}", 200, "\"ids\":[\"7001", NULL }
#define RECORD(values) "{\"updatedAt\":\"2026-03-01T02:00:00Z\",\"createdAt\":" \
	"\"2026-02-28T01:10:00Z\",\"values\":{" values "}}"
#define LATER(values) "{\"updatedAt\":\"2026-03-01T03:00:00Z\",\"values\":{" values "}}"
#define ALL "/contacts/view/70000070001"
/* Ids of records 1 and 2. */
#define ONE "70010000001"
#define TWO "70010000002"

static void
it_checks_who_asks_and_where(void **state)
{
	static const struct row rows[] = {
		{ "GET", V "/contacts/filters", NULL, 401, "Incorrect or expired API key", "-" },
		{ "GET", V "/contacts/filters", NULL, 401, "\"login\":\"failed\"",
		  "-Authorization: Token token=wrong" },
		{ "GET", V "/contacts/filters", NULL, 401, NULL,
		  "-Authorization: Token sim-freshsales-token" },
		GET("/contacts/filters", 200, "All Contacts"),
		{ "GET", "/contacts", NULL, 200, "<html>", NULL },
		{ "GET", "/api/contacts/filters", NULL, 404, "<html>", NULL },
		GET("/nothing/filters", 404, "<html>"),
		GET("/leads/filters", 404, NULL),
		GET("/contacts/filters?x=1", 400, "Unexpected parameter x"),
		OPTIONS("{\"classic\":true}"),
		{ "GET", "/api/contacts/filters", NULL, 200, "All Contacts", NULL },
		{ "GET", "/api/leads/filters", NULL, 200, "All Leads", NULL },
		GET("/contacts/filters", 404, "<html>"),
		OPTIONS("{\"classic\":false,\"deny\":\"deals selector/owners\"}"),
		GET("/deals/filters", 403, "not authorised"),
		GET("/selector/owners", 403, "not authorised"),
		GET("/selector/lead_sources", 200, "{\"lead_sources\":[{\"id\":"),
		GET("/contacts/filters", 200, NULL),
	};

	(void)state;
	FRESHSALES(rows);
}

static void
the_allowance_is_of_an_hour(void **state)
{
	static const struct row rows[] = {
		{ "POST", "/_control/options", "{\"hourly\":2}", 200, NULL, NULL },
		GET("/contacts/filters", 200, "x-ratelimit-remaining: 1"),
		GET("/contacts/filters", 200, "x-ratelimit-remaining: 0"),
		GET("/contacts/filters", 429, "x-ratelimit-reset: "),
		GET("/contacts/filters", 429, "!Retry-After"),
		{ "POST", "/_control/clock", "{\"advance_ms\":3600000}", 200, NULL, NULL },
		GET("/contacts/filters", 200, NULL),
	};

	char body[64];
	const struct row aligned[] = {
		{ "POST", "/_control/clock", body, 200, NULL, NULL } };

	(void)state;
	/* An hour begins, so that it does not turn between two of them. */
	snprintf(body, sizeof body, "{\"advance_ms\":%lld}",
		 (3600 - (long long)time(NULL) % 3600) * 1000);
	FRESHSALES(aligned);
	FRESHSALES(rows);
}

static void
fields_and_choices_are_described(void **state)
{
	static const struct row rows[] = {
		GET("/settings/contacts/fields", 200, "{\"fields\":[{\"id\":9001"),
		GET("/settings/contacts/fields", 200, "\"name\":\"cf_plan\",\"label\":\"Plan\","
		    "\"type\":\"dropdown\",\"default\":false"),
		GET("/settings/contacts/fields", 200, "{\"id\":71010794467,\"value\":\"Lead\"}"),
		GET("/settings/contacts/fields", 200, "!\"name\":\"email\""),
		GET("/settings/contacts/fields", 200, "\"type\":\"group_field\""),
		GET("/settings/deals/fields?include=field_group", 200, "include=sales_account"),
		GET("/settings/forms/fields", 404, NULL),
		GET("/selector/owners", 200, "{\"users\":[{\"id\":70000001001,\"email\""),
		GET("/selector/nothing", 404, NULL),
	};

	(void)state;
	FRESHSALES(rows);
}

static void
a_view_is_sorted_and_paged(void **state)
{
	static const struct row rows[] = {
		LOAD("contacts", RECORD("\"last_name\":\"森\",\"email\":\"a@example.jp\","
			"\"cf_plan\":\"Gold\",\"sales_accounts\":[{\"id\":5,\"is_primary\":true}]")
			"," LATER("\"last_name\":\"林\",\"email\":\"b@example.jp\"")),
		GET(ALL, 200, "{\"contacts\":[{\"id\":" TWO ",\"first_name\":null"),
		GET(ALL "?sort=updated_at&sort_type=asc", 200, "{\"contacts\":[{\"id\":" ONE),
		GET(ALL "?per_page=1", 200, "\"meta\":{\"total_pages\":2,\"total\":2}"),
		GET(ALL "?per_page=1&page=2", 200, "森"),
		GET(ALL "?per_page=1&page=3", 200, "{\"contacts\":[],\"meta\""),
		GET(ALL, 200, "\"custom_field\":{\"cf_plan\":\"Gold\""),
		GET(ALL, 200, "\"updated_at\":\"2026-03-01T02:00:00Z\""),
		GET(ALL, 200, "\"emails\":[{\"id\":1,\"value\":\"a@example.jp\""),
		GET(ALL, 200, "!\"sales_accounts\""),
		GET(ALL "?include=sales_accounts", 200, "\"sales_accounts\":[{\"id\":5,"),
		GET(ALL, 200, "\"open_deals_amount\":\"0.0\""),
		GET(ALL "?per_page=101", 400, "per_page"),
		GET(ALL "?page=0", 400, "page"),
		GET(ALL "?sort=name", 400, "sort"),
		GET(ALL "?include=nothing", 400, "include"),
		GET("/contacts/view/1", 404, NULL),
		GET("/deals/filters", 200, "!All Deals"),
		GET("/deals/view/70000070021", 404, NULL),
		OPTIONS("{\"all_deals\":true,\"offset\":true}"),
		GET("/deals/filters", 200, "All Deals"),
		GET("/deals/view/70000070021", 200, "{\"deals\":[]"),
		GET(ALL, 200, "\"updated_at\":\"2026-03-01T11:00:00+09:00\""),
		GET("/contacts/" ONE, 200, "{\"contact\":{\"id\":" ONE),
		GET("/contacts/1", 404, NULL),
	};

	(void)state;
	FRESHSALES(rows);
}

#define RULE(a, op, v) "{\"attribute\":\"" a "\",\"operator\":\"" op "\",\"value\":\"" v "\"}"
#define ASK(rules, more) "{\"filter_rule\":[" rules "]" more "}"

static void
a_search_has_rules(void **state)
{
	static const struct row rows[] = {
		LOAD("contacts", RECORD("\"last_name\":\"森\",\"email\":\"a@example.jp\","
			"\"cf_plan\":\"Gold\"") "," LATER("\"last_name\":\"林\"")),
		POST("/filtered_search/contact", ASK(RULE("updated_at", "is_after",
			"2026-03-01T02:30:00Z"), ""), 200, "林"),
		POST("/filtered_search/contact", ASK(RULE("updated_at", "is_after",
			"2026-03-01T02:30:00Z"), ""), 200, "!森"),
		POST("/filtered_search/contact", ASK(RULE("updated_at", "is_before",
			"2026-03-01T02:30:00Z"), ""), 200, "!cf_plan"),
		POST("/filtered_search/contact", ASK(RULE("updated_at", "is_before",
			"2026-03-01T02:30:00Z"), ",\"detail\":true"), 200, "cf_plan"),
		POST("/filtered_search/contact", ASK(RULE("contact_email.email", "is_in",
			"a@example.jp"), ""), 200, "森"),
		POST("/filtered_search/contact", ASK(RULE("updated_at", "is_in", "x"), ""), 400,
		     "updated_at"),
		POST("/filtered_search/contact", ASK(RULE("nothing", "is", "x"), ""), 400,
		     "nothing"),
		POST("/filtered_search/contact", "{}", 400, "filter_rule"),
		POST("/filtered_search/contact", ASK(RULE("created_at", "is_after",
			"2020-01-01T00:00:00Z"), ",\"limit\":1"), 400, "limit"),
		POST("/filtered_search/contacts", "{}", 404, NULL),
		OPTIONS("{\"search_short\":true}"),
		POST("/filtered_search/contact?per_page=2", ASK(RULE("created_at", "is_after",
			"2020-01-01T00:00:00Z"), ",\"sort\":\"updated_at\",\"sort_type\":\"asc\""),
		     200, "!林"),
		POST("/filtered_search/contact?per_page=2&page=2", ASK(RULE("created_at",
			"is_after", "2020-01-01T00:00:00Z"), ",\"sort\":\"updated_at\""), 200,
		     "\"total\":2"),
		{ "POST", "/_control/delete", "{\"object\":\"contacts\",\"ids\":[\"" ONE "\"]}",
		  200, "\"count\":1", NULL },
		GET(ALL, 200, "!森"),
		GET("/contacts/view/70000070003", 200, "\"is_deleted\":true"),
		POST("/filtered_search/contact", "{\"filter_rule\":[{\"attribute\":\"deleted\","
			"\"operator\":\"is\",\"value\":1}]}", 200, "森"),
		GET("/contacts/" ONE, 404, NULL),
	};

	(void)state;
	FRESHSALES(rows);
}

static void
a_lookup_is_nested(void **state)
{
	static const struct row rows[] = {
		LOAD("contacts", RECORD("\"last_name\":\"森\",\"email\":\"a@example.jp\","
			"\"external_id\":\"X-1\",\"cf_member_no\":\"M1\"")),
		GET("/lookup?q=A@example.jp&f=email&entities=contact", 200,
		    "{\"contacts\":{\"contacts\":[{\"id\":" ONE),
		GET("/lookup?q=X-1&f=external_id&entities=contact,deal", 200,
		    "\"deals\":{\"deals\":[]}}"),
		GET("/lookup?q=M1&f=cf_member_no&entities=contact", 200, "森"),
		GET("/lookup?q=nobody&f=email&entities=contact", 200,
		    "{\"contacts\":{\"contacts\":[]}}"),
		GET("/lookup?q=x&f=city&entities=contact", 400, NULL),
		GET("/lookup?q=x&f=email", 400, NULL),
		GET("/lookup?q=x&f=email&entities=contacts", 400, NULL),
	};

	(void)state;
	FRESHSALES(rows);
}

#define UPSERT(by, values, status, want) POST("/contacts/upsert", \
	"{\"unique_identifier\":{" by "},\"contact\":{" values "}}", status, want)
#define MORI "\"emails\":\"aya@example.jp\""

static void
an_upsert_has_one_identifier(void **state)
{
	static const struct row rows[] = {
		UPSERT(MORI, "\"first_name\":\"Aya\"", 400, "Last name can't be blank"),
		UPSERT(MORI, "\"last_name\":\"Mori\",\"custom_field\":{\"cf_plan\":\"Gold\"}",
		       201, "\"cf_plan\":\"Gold\""),
		UPSERT("\"emails\":\"AYA@example.jp\"", "\"job_title\":\"Buyer\"", 200, "Mori"),
		{ "GET", "/_control/records?object=contacts", NULL, 200, "\"live\":1", NULL },
		UPSERT("\"id\":" ONE, "\"city\":\"Osaka\"", 200, "Osaka"),
		UPSERT("\"id\":5", "\"city\":\"Osaka\"", 404, NULL),
		UPSERT(MORI ",\"external_id\":\"x\"", "\"city\":\"Osaka\"", 400, "one member"),
		UPSERT("\"city\":\"Osaka\"", "\"city\":\"Osaka\"", 400, "unique_identifier"),
		UPSERT("\"external_id\":\"X-1\"", "\"last_name\":\"Ki\",\"mobile_number\":\"090\"",
		       201, "X-1"),
		POST("/contacts/upsert", "{" MORI "}", 400, "Unexpected parameter emails"),
		POST("/contacts/upsert", "[]", 400, "JSON object"),
		{ "POST", V "/contacts/upsert", "{}", 415, "Content-Type",
		  "Content-Type: text/plain" },
		POST("/sales_accounts/upsert", "{\"unique_identifier\":{\"name\":\"Mori Shoji\"},"
			"\"sales_account\":{\"phone\":\"03\"}}", 201, "\"name\":\"Mori Shoji\""),
		POST("/sales_accounts/upsert", "{\"unique_identifier\":{\"name\":\"mori shoji\"},"
			"\"sales_account\":{\"phone\":\"03\"}}", 201, "\"name\":\"mori shoji\""),
		POST("/deals/upsert", "{\"unique_identifier\":{\"name\":\"x\"},\"deal\":{}}", 400,
			"unique_identifier name"),
	};

	(void)state;
	FRESHSALES(rows);
}

#define PUT(values, status, want) { "PUT", V "/contacts/" ONE, "{\"contact\":{" values "}}", \
	status, want, NULL }

static void
values_are_checked(void **state)
{
	static const struct row rows[] = {
		LOAD("contacts", RECORD("\"last_name\":\"森\",\"email\":\"a@example.jp\","
			"\"mobile_number\":\"090\"") "," RECORD("\"email\":\"b@example.jp\"")),
		PUT("\"nickname\":\"M\"", 400, "Unexpected field nickname"),
		PUT("\"email\":\"c@example.jp\"", 400, "Unexpected field email"),
		PUT("\"lead_score\":5", 400, "Unexpected field lead_score"),
		PUT("\"emails\":\"b@example.jp\"", 400, "Email has already been taken"),
		PUT("\"emails\":\"nobody\"", 400, "Email is invalid"),
		PUT("\"emails\":[{\"value\":\"c@example.jp\",\"is_primary\":true}]", 200,
		    "\"email\":\"c@example.jp\""),
		PUT("\"last_name\":null", 400, "can't be blank"),
		PUT("\"first_name\":5", 400, "The type for first_name is invalid"),
		PUT("\"do_not_disturb\":\"true\"", 400, "The type for do_not_disturb"),
		PUT("\"lifecycle_stage_id\":5", 400, "not included in the list"),
		PUT("\"lifecycle_stage_id\":\"Lead\"", 400, "not included in the list"),
		PUT("\"lifecycle_stage_id\":71010794467", 200, "71010794467"),
		PUT("\"sales_accounts\":[5]", 400, "The type for sales_accounts is invalid."),
		PUT("\"sales_accounts\":[{\"id\":5,\"is_primary\":true}]", 400, "no such record"),
		/* Taken, and dropped without a word. */
		PUT("\"custom_field\":{\"cf_plan\":\"Platinum\",\"cf_nothing\":1,"
		    "\"cf_employees\":\"7\"}", 200, "\"cf_plan\":null"),
		PUT("\"custom_field\":{\"cf_plan\":502}", 200, "\"cf_plan\":null"),
		PUT("\"custom_field\":{\"cf_interests\":\"event;support\",\"cf_contract_on\":"
		    "\"2026-01-31\"}", 200, "\"cf_interests\":\"event;support\""),
		PUT("\"custom_field\":{\"cf_contract_on\":\"2026-01-31T00:00:00-07:00\"}", 200,
		    "\"cf_contract_on\":\"2026-01-31\""),
		PUT("\"mobile_number\":\"090\"", 200, NULL),
		OPTIONS("{\"mobile_unique\":true}"),
		PUT("\"mobile_number\":\"090\"", 400, "Mobile has already been taken"),
		OPTIONS("{\"errors\":\"text\"}"),
		PUT("\"nickname\":\"M\"", 400, "\"message\":\"Unexpected"),
		OPTIONS("{\"errors\":\"flat\"}"),
		PUT("\"nickname\":\"M\"", 400, "{\"message\":\"Unexpected"),
		OPTIONS("{\"errors\":\"list\"}"),
		POST("/deals", "{\"deal\":{\"name\":\"D\"}}", 400, "Deal value can't be blank"),
		POST("/deals", "{\"deal\":{\"name\":\"D\",\"amount\":\"many\"}}", 400,
		     "Deal value is not a number"),
		POST("/deals", "{\"deal\":{\"name\":\"D\",\"amount\":1200}}", 201,
		     "\"amount\":\"1200.0\""),
		POST("/deals", "{\"name\":\"D\"}", 400, "Unexpected parameter name"),
		POST("/contacts", "{\"contact\":{\"last_name\":\"K\"}}", 400, "mobile number"),
		POST("/contacts", "{\"contact\":{\"last_name\":\"K\",\"emails\":"
		     "\"b@example.jp\"}}", 400, "already been taken"),
		{ "DELETE", V "/contacts/" TWO, NULL, 200, NULL, NULL },
		{ "DELETE", V "/contacts/" TWO, NULL, 404, NULL, NULL },
		POST("/contacts", "{\"contact\":{\"last_name\":\"K\",\"emails\":"
		     "\"b@example.jp\"}}", 201, "\"contact\""),
	};

	(void)state;
	FRESHSALES(rows);
}

#define BULK(entries, status, want) POST("/contacts/bulk_upsert", \
	"{\"contacts\":[" entries "]}", status, want)
#define AYA "{\"emails\":\"aya@example.jp\",\"data\":{\"last_name\":\"Mori\"}}"

static void
a_bulk_upsert_is_a_job(void **state)
{
	char *entries;
	static const struct row rows[] = {
		BULK(AYA ",{\"emails\":\"bad\",\"data\":{\"last_name\":\"B\"}}", 202,
		     "/crm/sales/api/job_statuses/job0\""),
		GET("/job_statuses/job0", 200, "\"IN_PROGRESS\""),
		GET("/job_statuses/job0", 200, "{\"status\":\"SUCCESS\",\"data\":\"{"),
		GET("/job_statuses/job0", 200, "\\\"succeeded\\\":1,\\\"failed\\\":1"),
		GET("/job_statuses/job0", 200, "{\\\"emails\\\":\\\"bad\\\""),
		GET("/job_statuses/job7", 404, NULL),
		GET("/job_statuses/x", 404, NULL),
		{ "GET", "/_control/records?object=contacts", NULL, 200, "\"live\":1", NULL },
		BULK("{\"id\":\"" ONE "\",\"data\":{\"job_title\":\"Head\"}}", 202, "job1"),
		GET("/contacts/" ONE, 200, "Head"),
		OPTIONS("{\"report\":\"none\",\"job_polls\":0}"),
		BULK("{\"emails\":\"bad\",\"data\":{\"last_name\":\"B\"}}", 202, "job2"),
		GET("/job_statuses/job2", 200, "failure_report\\\":[]"),
		BULK("", 400, "1 to 100"),
		BULK("{\"data\":{}}", 400, "one identifier"),
		BULK("{\"emails\":\"x@example.jp\",\"id\":5,\"data\":{}}", 400, "one identifier"),
		OPTIONS("{\"job_fails\":true}"),
		BULK(AYA, 202, "job3"),
		GET("/job_statuses/job3", 200, "FAILED"),
		OPTIONS("{\"busy\":true}"),
		BULK(AYA, 405, "Too many"),
		POST("/sales_accounts/bulk_upsert", "{}", 404, NULL),
	};

	(void)state;
	FRESHSALES(rows);
	entries = many("{\"contacts\":[", "{\"emails\":\"p#@example.jp\",\"data\":{}}", 101, "]}");
	const struct row too_many[] = { OPTIONS("{\"busy\":false}"),
		POST("/contacts/bulk_upsert", entries, 400, "1 to 100") };
	FRESHSALES(too_many);
	free(entries);
}

static void
made_up_records_stand_and_change(void **state)
{
	static const struct row rows[] = {
		{ "POST", "/_control/seed", "{\"object\":\"contacts\",\"count\":120}", 200,
		  "\"last\":\"70010000120\"", NULL },
		{ "POST", "/_control/seed", "{\"object\":\"sales_accounts\",\"count\":5}", 200,
		  NULL, NULL },
		{ "POST", "/_control/seed", "{\"object\":\"deals\",\"count\":5}", 200, NULL, NULL },
		GET(ALL "?per_page=100&page=2", 200, "\"total\":120"),
		GET("/deals/view/70000070022", 200, "\"amount\":\""),
		GET("/sales_accounts/view/70000070011", 200, "\"cf_code\":\""),
		{ "POST", "/_control/edit", "{\"object\":\"contacts\",\"random\":10}", 200,
		  "\"7001", NULL },
	};

	(void)state;
	FRESHSALES(rows);
}

static int
start_at_once(void **state)
{
	(void)state;
	start("--no-limits", "--index-lag", "0");
	return 0;
}

#define ON(test) { #test, test, start_at_once, stop, NULL }

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON(it_checks_who_asks_and_where),
		{ "the_allowance_is_of_an_hour", the_allowance_is_of_an_hour, start_plain, stop,
		  NULL },
		ON(fields_and_choices_are_described),
		ON(a_view_is_sorted_and_paged),
		ON(a_search_has_rules),
		ON(a_lookup_is_nested),
		ON(an_upsert_has_one_identifier),
		ON(values_are_checked),
		ON(a_bulk_upsert_is_a_job),
		ON(made_up_records_stand_and_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
