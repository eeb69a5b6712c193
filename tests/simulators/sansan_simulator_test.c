/* SPDX-License-Identifier: Apache-2.0 */
/* sansan_simulator_test.c - the simulated Sansan refuses what the fact sheet says that
 * the vendor refuses.  Run by `make check`. */
static const struct { const char *name, *header; } vendors[] = {
	{ "sansan", "X-Sansan-Api-Key: sim-sansan-token" },
};
#define VENDORS (sizeof vendors / sizeof *vendors)

#include "asking.h"

#define SANSAN(rows) ROWS_OF(0, rows)
#define V "/v3.2"
#define YEAR "updatedFrom=2026-01-01T00:00:00Z&updatedTo=2026-12-31T00:00:00Z"
#define ALL V "/bizCards?" YEAR "&range=all&orderBy=updatedAt&orderDirection=asc"
#define OPTIONS(text) { "POST", "/_control/options", text, 200, NULL, NULL }

/* Ids are opaque: that of record 1 stands in the answer to its load. */
#define CARD(values) "{\"updatedAt\":\"2026-03-01T02:00:00Z\",\"createdAt\":" \
	"\"2026-02-28T01:10:00Z\",\"values\":{" values "}}"
#define LOAD(cards) { "POST", "/_control/load", \
	"{\"object\":\"cards\",\"records\":[" cards "]}", 200, "\"ids\":[\"c", NULL }

static void
it_checks_who_asks(void **state)
{
	static const struct row rows[] = {
		{ "GET", ALL, NULL, 401, "error", "-" },
		{ "GET", ALL, NULL, 401, "error", "-X-Sansan-Api-Key: wrong" },
		{ "GET", ALL, NULL, 200, "{\"data\":[],\"hasMore\":false}", NULL },
		{ "GET", "/v9.9/bizCards?" YEAR, NULL, 404, "not_found", NULL },
		{ "GET", "/bizCards?" YEAR, NULL, 404, "not_found", NULL },
		{ "GET", V "/companies", NULL, 404, "not_found", NULL },
		{ "GET", V "/me", NULL, 200, "ichi@example.co.jp", NULL },
		OPTIONS("{\"entitled\":false}"),
		{ "GET", ALL, NULL, 403, "ご契約", NULL },
	};

	(void)state;
	SANSAN(rows);
}

static void
it_limits_its_callers(void **state)
{
	static const struct row one[] = { OPTIONS("{\"burst\":1}") };
	static const struct row later[] = {
		{ "POST", "/_control/clock", "{\"advance_ms\":1001}", 200, NULL, NULL },
		{ "GET", V "/tags", NULL, 200, NULL, NULL },
	};
	const struct row call = { "GET", V "/tags", NULL, 200, NULL, NULL };
	struct answer a = { .status = 200 };

	(void)state;
	SANSAN(one);
	/* Two calls within a second: a slow machine may need another try. */
	for (int i = 0; i < 100 && a.status == 200; i++) {
		free(a.text);
		a = ask(&call, 0);
	}
	assert_int_equal(a.status, 429);
	assert_non_null(strstr(a.text, "\"retry_after\":1"));
	free(a.text);
	SANSAN(later);
}

static void
windows_have_two_ends_and_pages_their_parameters(void **state)
{
	static const struct row rows[] = {
		LOAD(CARD("\"lastName\":\"森\",\"email\":\"a@example.jp\"") ","
		     CARD("\"lastName\":\"林\",\"email\":\"b@example.jp\"")),
		{ "GET", V "/bizCards", NULL, 400, "updatedFrom", NULL },
		{ "GET", V "/bizCards?updatedFrom=2026-01-01T00:00:00Z", NULL, 400,
		  "go together", NULL },
		{ "GET", V "/bizCards?updatedTo=2026-01-01T00:00:00Z&updatedFrom="
		  "2026-01-01T00:00:00Z", NULL, 400, "must be later", NULL },
		{ "GET", V "/bizCards?updatedFrom=2020-01-01T00:00:00Z&updatedTo="
		  "2026-01-01T00:00:00Z", NULL, 400, "366 days", NULL },
		{ "GET", V "/bizCards?updatedFrom=2026-01-01&updatedTo=2026-02-01", NULL,
		  400, "malformed", NULL },
		/* A plus sign that is not encoded is a blank. */
		{ "GET", V "/bizCards?updatedFrom=2026-01-01T00:00:00+09:00&updatedTo="
		  "2026-02-01T00:00:00Z", NULL, 400, "malformed", NULL },
		{ "GET", V "/bizCards?updatedFrom=2026-01-01T00:00:00%2B09:00&updatedTo="
		  "2026-02-01T00:00:00Z", NULL, 200, "\"data\":[]", NULL },
		{ "GET", ALL "&limit=301", NULL, 400, "limit", NULL },
		{ "GET", ALL "&limit=0", NULL, 400, "limit", NULL },
		{ "GET", ALL "&offset=5", NULL, 400, "unknown", NULL },
		{ "GET", ALL "&range=me", NULL, 400, "twice", NULL },
		{ "GET", ALL "&entryStatus=done", NULL, 400, "entryStatus", NULL },
		{ "GET", ALL, NULL, 200, "\"lastName\":\"森\"", NULL },
		{ "GET", ALL, NULL, 200, "\"updatedTime\":\"2026-03-01T02:00:00Z\"", NULL },
		{ "GET", ALL "&limit=1", NULL, 200, "!林", NULL },
		{ "GET", ALL "&limit=1", NULL, 200, "\"hasMore\":true,\"nextPageToken\"",
		  NULL },
		{ "GET", ALL "&limit=1&nextPageToken=eyJvIjoxfQ", NULL, 400,
		  "not of this query", NULL },
		/* Both ends count. */
		{ "GET", V "/bizCards?updatedFrom=2026-03-01T02:00:00Z&updatedTo="
		  "2026-03-01T03:00:00Z&range=all", NULL, 200, "森", NULL },
		{ "GET", V "/bizCards?updatedFrom=2026-03-01T01:00:00Z&updatedTo="
		  "2026-03-01T02:00:00Z&range=all", NULL, 200, "森", NULL },
		{ "GET", V "/bizCards?updatedFrom=2026-03-01T02:00:01Z&updatedTo="
		  "2026-03-01T03:00:00Z&range=all", NULL, 200, "!森", NULL },
	};

	(void)state;
	SANSAN(rows);
}

/* The second page, by the token that the first one gave. */
static void
a_token_goes_with_the_parameters_of_its_query(void **state)
{
	static const struct row load[] = {
		LOAD(CARD("\"lastName\":\"森\",\"email\":\"a@example.jp\"") ","
		     CARD("\"lastName\":\"林\",\"email\":\"b@example.jp\"")),
	};
	struct row first = { "GET", ALL "&limit=1", NULL, 200, NULL, NULL };
	struct answer a;
	char path[1024], token[128] = "", *at;

	(void)state;
	SANSAN(load);
	a = ask(&first, 0);
	at = strstr(a.text, "\"nextPageToken\":\"");
	assert_non_null(at);
	assert_int_equal(sscanf(at, "\"nextPageToken\":\"%127[^\"]", token), 1);
	free(a.text);
	const struct row rows[] = {
		{ "GET", path, NULL, 200, "林", NULL },
		{ "GET", path, NULL, 200, "\"hasMore\":false", NULL },
	};
	snprintf(path, sizeof path, ALL "&limit=1&nextPageToken=%s", token);
	SANSAN(rows);
	/* Alone it is worth nothing. */
	snprintf(path, sizeof path, V "/bizCards?" YEAR "&nextPageToken=%s", token);
	const struct row alone = { "GET", path, NULL, 400, "not of this query", NULL };
	check_row(&alone, 0, 0);
}

static void
a_card_is_seen_by_whom_it_may_be(void **state)
{
	static const struct row rows[] = {
		LOAD(CARD("\"lastName\":\"甲\",\"ownerId\":\"5501\"") ","
		     CARD("\"lastName\":\"乙\",\"ownerId\":\"5502\"") ","
		     CARD("\"lastName\":\"丙\",\"entryStatus\":\"processing\"")),
		{ "GET", V "/bizCards?" YEAR, NULL, 200, "甲", NULL },
		{ "GET", V "/bizCards?" YEAR, NULL, 200, "!乙", NULL },
		{ "GET", ALL, NULL, 200, "乙", NULL },
		{ "GET", ALL, NULL, 200, "!丙", NULL },
		{ "GET", ALL "&entryStatus=completed&entryStatus=processing", NULL, 200,
		  "丙", NULL },
		{ "POST", "/_control/keys", "{\"keys\":[{\"key\":\"second\",\"user\":"
		  "\"5502\",\"sees\":\"own\"}]}", 200, "\"count\":2", NULL },
		{ "GET", ALL, NULL, 200, "!甲", "-X-Sansan-Api-Key: second" },
		{ "GET", ALL, NULL, 200, "乙", "-X-Sansan-Api-Key: second" },
		OPTIONS("{\"sees\":\"own\"}"),
		{ "GET", ALL, NULL, 200, "!乙", NULL },
	};

	(void)state;
	SANSAN(rows);
}

static void
of_a_person_the_newest_card_is_listed(void **state)
{
	static const struct row rows[] = {
		LOAD(CARD("\"title\":\"旧\",\"personId\":\"p1\",\"exchangeDate\":"
			  "\"2025-01-01\"") ","
		     CARD("\"title\":\"新\",\"personId\":\"p1\",\"exchangeDate\":"
			  "\"2026-01-01\"") ","
		     CARD("\"title\":\"他\",\"email\":\"x@example.jp\"") ","
		     CARD("\"title\":\"同\",\"email\":\"x@example.jp\",\"exchangeDate\":"
			  "\"2020-01-01\"")),
		{ "GET", ALL, NULL, 200, "!旧", NULL },
		{ "GET", ALL, NULL, 200, "新", NULL },
		{ "GET", ALL, NULL, 200, "!他", NULL },
		{ "GET", ALL "&includePastBizCards=true", NULL, 200, "旧", NULL },
		{ "GET", V "/persons/p1", NULL, 200, "\"headBizCard\":{\"id\":\"c", NULL },
		{ "GET", V "/persons/p1", NULL, 200, "新", NULL },
		{ "GET", V "/persons/p2", NULL, 404, "not_found", NULL },
	};

	(void)state;
	SANSAN(rows);
}

static void
tags_are_private_shared_or_public(void **state)
{
	static const struct row rows[] = {
		LOAD(CARD("\"lastName\":\"森\",\"tags\":[\"7001\",\"7002\",\"7003\"]")),
		{ "GET", V "/tags?range=all", NULL, 200, "展示会2026", NULL },
		{ "GET", V "/tags?range=all&type=private", NULL, 200, "7003", NULL },
		{ "GET", V "/tags?range=all&type=public", NULL, 200, "!7003", NULL },
		{ "GET", V "/tags", NULL, 200, "!7002", NULL },
		{ "GET", V "/tags?limit=101", NULL, 400, "limit", NULL },
		{ "GET", V "/tags?type=secret", NULL, 400, "type", NULL },
		{ "GET", V "/tags?range=all&limit=1", NULL, 200, "nextPageToken", NULL },
		{ "GET", ALL, NULL, 200, "!\"tags\"", NULL },
		{ "GET", ALL "&includeTags=true", NULL, 200, "重点顧客", NULL },
		{ "GET", V "/bizCards/search?tagId=7002", NULL, 200, "森", NULL },
		{ "POST", "/_control/keys", "{\"keys\":[{\"key\":\"third\",\"user\":"
		  "\"5503\",\"sees\":\"all\"}]}", 200, NULL, NULL },
		{ "GET", V "/tags?range=all", NULL, 200, "!7002", "-X-Sansan-Api-Key: third" },
		{ "GET", ALL "&includeTags=true", NULL, 200, "!7003",
		  "-X-Sansan-Api-Key: third" },
		{ "GET", ALL "&includeTags=true", NULL, 200, "7001",
		  "-X-Sansan-Api-Key: third" },
		{ "GET", V "/bizCards/search?tagId=7002", NULL, 200, "!森",
		  "-X-Sansan-Api-Key: third" },
	};

	(void)state;
	SANSAN(rows);
}

static void
a_search_wants_a_condition(void **state)
{
	static const struct row rows[] = {
		LOAD(CARD("\"lastName\":\"森\",\"firstName\":\"彩\",\"email\":"
			  "\"aya@example.jp\",\"companyName\":\"森商事株式会社\"")),
		{ "GET", V "/bizCards/search", NULL, 400, "condition", NULL },
		{ "GET", V "/bizCards/search?limit=5", NULL, 400, "condition", NULL },
		{ "GET", V "/bizCards/search?email=aya@example.jp", NULL, 200, "森", NULL },
		{ "GET", V "/bizCards/search?email=AYA@example.jp", NULL, 200, "!森", NULL },
		{ "GET", V "/bizCards/search?email=aya", NULL, 200, "!森", NULL },
		{ "GET", V "/bizCards/search?companyName=%E5%95%86%E4%BA%8B", NULL, 200,
		  "森", NULL },
		{ "GET", V "/bizCards/search?name=%E6%A3%AE%E5%BD%A9", NULL, 200, "森", NULL },
		{ "GET", V "/bizCards/search?name=%E5%BD%A9", NULL, 200, "!森", NULL },
		{ "GET", V "/bizCards/search?corporateNumber=1", NULL, 400, "unknown", NULL },
		{ "GET", V "/bizCards/1", NULL, 404, "not_found", NULL },
		{ "GET", V "/bizCards/1?fields=x", NULL, 400, "unknown", NULL },
	};

	(void)state;
	SANSAN(rows);
}

#define NEW(body, status, want) { "POST", V "/bizCards", body, status, want, NULL }

static void
a_card_is_made_by_its_rules(void **state)
{
	char *tags;
	static const struct row rows[] = {
		NEW("{}", 400, "required"),
		NEW("[]", 400, "no JSON object"),
		NEW("{\"lastName\":\"森\"", 400, "no JSON object"),
		NEW("{\"email\":\"a@example.jp\"}", 400, "required"),
		NEW("{\"lastName\":5}", 400, "must be a string"),
		NEW("{\"lastName\":\"森\",\"nickname\":\"m\"}", 400, "unknown"),
		NEW("{\"lastName\":\"森\",\"personId\":\"p\"}", 400, "unknown"),
		NEW("{\"lastName\":\"森\",\"postalCode\":\"123-45678901\"}", 400, "too long"),
		NEW("{\"lastName\":\"森\",\"exchangeDate\":\"2026/01/02\"}", 400,
		    "YYYY-MM-DD"),
		NEW("{\"lastName\":\"森\",\"countryCode\":\"Japan\"}", 400, "countryCode"),
		NEW("{\"lastName\":\"森\",\"tagIds\":[\"nix\"]}", 400, "tagIds"),
		NEW("{\"lastName\":\"森\",\"tagIds\":\"7001\"}", 400, "tagIds"),
		{ "POST", V "/bizCards", "{\"lastName\":\"森\"}", 415, "Content-Type",
		  "Content-Type: text/plain" },
		NEW("{\"lastName\":\"森\",\"email\":\"a@example.jp\",\"countryCode\":\"AUTO\","
		    "\"tagIds\":[\"7001\"]}", 201, "{\"id\":\"c"),
		/* Never overwritten: another card, of the same person. */
		NEW("{\"lastName\":\"森\",\"email\":\"a@example.jp\"}", 201, "{\"id\":\"c"),
		{ "GET", "/_control/records?object=cards", NULL, 200, "\"live\":2", NULL },
		{ "PUT", V "/bizCards/1", "{\"lastName\":\"森\"}", 404, NULL, NULL },
		{ "DELETE", V "/bizCards/1", NULL, 404, NULL, NULL },
		OPTIONS("{\"answer\":\"data\"}"),
		NEW("{\"companyName\":\"森商事\"}", 201, "{\"data\":{\"id\":\"c"),
		OPTIONS("{\"answer\":\"none\"}"),
		NEW("{\"companyName\":\"森商事\"}", 201, "{}"),
		OPTIONS("{\"creates\":false}"),
		NEW("{\"companyName\":\"森商事\"}", 405, "method"),
	};

	(void)state;
	SANSAN(rows);
	tags = many("{\"lastName\":\"x\",\"tagIds\":[", "\"7001\"", 16, "]}");
	const struct row too_many[] = { OPTIONS("{\"creates\":true}"),
		NEW(tags, 400, "at most") };
	SANSAN(too_many);
	free(tags);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNLIMITED(it_checks_who_asks),
		{ "it_limits_its_callers", it_limits_its_callers, start_plain, stop, NULL },
		UNLIMITED(windows_have_two_ends_and_pages_their_parameters),
		UNLIMITED(a_token_goes_with_the_parameters_of_its_query),
		UNLIMITED(a_card_is_seen_by_whom_it_may_be),
		UNLIMITED(of_a_person_the_newest_card_is_listed),
		UNLIMITED(tags_are_private_shared_or_public),
		UNLIMITED(a_search_wants_a_condition),
		UNLIMITED(a_card_is_made_by_its_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
