/* SPDX-License-Identifier: Apache-2.0
 *
 * played_test.c - what a scenario's CRM answers, request by request.  Run by make check. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "certify/scenario.h"

static const char file[] =
	"object = \"people\"; key = \"code\"; time = \"iso\"; records = 4;\n"
	"values = ( (\"code\", \"A-${n}\"), (\"open\", \"json:true\") );\n"
	"refuses = ( (\"name\", \"nobody\") );\n"
	"requests = (\n"
	" { request = \"GET /busy\"; when = \"\"; then = \"woken\"; status = 503; answer = \"no\"; },\n"
	" { request = \"GET /busy\"; when = \"woken\"; answer = \"yes\"; },\n"
	" { request = \"GET /people/by-id\"; does = \"get\"; ids = \"query.ids\";\n"
	"   each = \"${id}\"; answer = \"[${items}]\"; },\n"
	" { request = \"GET /people/{id}\"; does = \"get\"; ids = \"path.id\"; each = \"${values}\";\n"
	"   answer = \"${items}\"; refused = \"${reason}\"; refused_status = 404; },\n"
	" { request = \"POST /find\"; does = \"find\"; field = \"body.field\"; match = \"body.any_of\";\n"
	"   each = \"${id}\"; answer = \"[${items}]\"; },\n"
	" { request = \"GET /people?deep\"; answer = \"${query.deep}\"; },\n"
	" { request = \"GET /people\"; does = \"list\"; since = \"query.since\"; after = \"query.after\";\n"
	"   limit = \"query.size\"; most = 50; each = \"${id}\"; refused = \"${reason}\"; refused_status = 410;\n"
	"   answer = \"{\\\"n\\\":${count},\\\"people\\\":[${items}]${if next},\\\"next\\\":true${end}}\"; },\n"
	" { request = \"POST /upsert\"; does = \"upsert\"; rows = \"body.items\"; values = \"fields\";\n"
	"   most = 3; shuffled = true;\n"
	"   each = \"{\\\"ref\\\":${row.ref},\\\"is\\\":${if created}\\\"new\\\"${end}${if updated}\\\"old\\\"${end}}\";\n"
	"   refused = \"{\\\"ref\\\":${row.ref},\\\"no\\\":${reason}}\"; answer = \"[${items}]\"; },\n"
	" { request = \"POST /create\"; does = \"create\"; refused_status = 409; each = \"1\";\n"
	"   refused = \"${reason}\"; answer = \"[${items}]\"; },\n"
	" { request = \"PATCH /people/{id}\"; does = \"update\"; id = \"path.id\"; each = \"${values.open}\";\n"
	"   version = \"version\"; conflict = \"now ${version}\";\n"
	"   refused = \"${reason}\"; answer = \"${items}\"; },\n"
	" { request = \"POST /jobs\"; does = \"upsert\"; job = true; each = \"${id}\";\n"
	"   answer = \"${job}\"; },\n"
	" { request = \"GET /jobs/{name}\"; does = \"job\"; ids = \"path.name\";\n"
	"   pending = \"wait\"; answer = \"[${items}]\"; refused = \"${reason}\"; },\n"
	" { request = \"POST /archive\"; does = \"archive\"; rows = \"body.ids\"; id = \"\"; each = \"${id}\";\n"
	"   refused = \"${reason}\"; answer = \"[${items}]\"; }\n"
	");\n";

static struct scenario scenario;
static struct crm *crm;

static int
setup(void **state)
{
	char path[] = "/tmp/renkei-scenario.XXXXXX";
	struct problems problems = PROBLEMS_INIT;
	int fd = mkstemp(path);
	(void)state;
	assert_int_equal(write(fd, file, sizeof file - 1), sizeof file - 1);
	close(fd);
	bool good = scenario_read(&scenario, path, &problems);
	unlink(path);
	for (size_t i = 0; i < problems.count; i++)
		print_error("%u: %s\n", problems.list[i].at.line, problems.list[i].text);
	problems_free(&problems);
	assert_true(good);
	crm = played_new(&scenario);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	played_free(crm);
	scenario_free(&scenario);
	return 0;
}

/* "404 BODY" */
static const char *
ask(const char *method, const char *path, const char *body)
{
	struct rk_piece piece = { .text = text_of(body) };
	struct rk_request request = { .struct_size = sizeof request, .method = text_of(method),
		.url = arena_printf(&scenario.arena, "https://x.example%s", path),
		.body = &piece, .body_count = body != NULL };
	struct rk_reply reply = { .struct_size = sizeof reply };
	crm->answer(crm, &request, &scenario.arena, &reply);
	return arena_printf(&scenario.arena, "%d %.*s", reply.status, (int)reply.body.len,
	                    reply.body.ptr).ptr;
}

static void
requests_find_their_answers(void **state)
{
	static const struct {
		const char *method, *path, *body, *want;
	} cases[] = {
		{ "GET", "/busy", NULL, "503 no" },
		{ "GET", "/busy", NULL, "200 yes" },
		{ "GET", "/people/1001", NULL, "200 {\"code\":\"A-0\",\"open\":true}" },
		{ "GET", "/people/9", NULL, "404 \"there is no such record\"" },
		{ "GET", "/people/by-id?ids=1002,9,1003", NULL, "200 [\"1002\",\"1003\"]" },
		{ "POST", "/find", "{\"field\":\"code\",\"any_of\":[\"A-3\",\"A-1\",\"B\"]}",
		  "200 [\"1002\",\"1004\"]" },
		{ "GET", "/people?deep=a%20%26+b", NULL, "200 \"a & b\"" },
		{ "GET", "/people?size=3", NULL,
		  "200 {\"n\":3,\"people\":[\"1001\",\"1002\",\"1003\"],\"next\":true}" },
		{ "GET", "/people?size=4", NULL,
		  "200 {\"n\":4,\"people\":[\"1001\",\"1002\",\"1003\",\"1004\"]}" },
		{ "GET", "/people?since=2200-01-01T00:00:00Z", NULL, "200 {\"n\":0,\"people\":[]}" },
		{ "GET", "/people?after=what", NULL, "410 \"no such page\"" },
		{ "POST", "/upsert", "{\"items\":[{\"ref\":\"r1\",\"fields\":{\"code\":\"A-1\",\"open\":null}},"
		  "{\"ref\":\"r2\",\"fields\":{\"code\":\"N\",\"name\":\"nobody\"}},"
		  "{\"ref\":\"r3\",\"fields\":{\"code\":\"N\"}}]}",
		  "200 [{\"ref\":\"r3\",\"is\":\"new\"},{\"ref\":\"r2\",\"no\":\"name must not be nobody\"},"
		  "{\"ref\":\"r1\",\"is\":\"old\"}]" },
		/* More than it takes. */
		{ "POST", "/upsert", "{\"items\":[{},{},{},{}]}",
		  "400 {\"ref\":null,\"no\":\"too many in one request\"}" },
		{ "GET", "/people?size=51", NULL, "410 \"too many in one request\"" },
		{ "GET", "/people/1002", NULL, "200 {\"code\":\"A-1\",\"open\":null}" },
		/* With a status for refusals nothing is stored. */
		{ "POST", "/create", "[{\"code\":\"M\"},{\"code\":\"N\"}]",
		  "409 \"the key is taken by another record\"" },
		{ "POST", "/create", "[{\"code\":\"M\"}]", "200 [1]" },
		{ "PATCH", "/people/1004", "{\"open\":false}", "200 false" },
		{ "PATCH", "/people/1004", "{\"open\":true,\"version\":1}", "200 true" },
		{ "PATCH", "/people/1004", "{\"open\":false,\"version\":\"1\"}", "200 now 2" },
		{ "POST", "/archive", "{\"ids\":[\"1004\",\"1004\"]}",
		  "200 [\"1004\",\"there is no such record\"]" },
		{ "GET", "/people/1004", NULL, "404 \"there is no such record\"" },
		{ "POST", "/jobs", "[{\"code\":\"A-1\"}]", "200 \"job-1\"" },
		{ "GET", "/jobs/job-1", NULL, "200 wait" },
		{ "GET", "/jobs/job-1", NULL, "200 [\"1002\"]" },
		{ "GET", "/jobs/job-1", NULL, "200 [\"1002\"]" },
		{ "GET", "/jobs/job-2", NULL, "400 \"there is no such job\"" },
		{ "GET", "/elsewhere", NULL, "404 " },
	};
	(void)state;
	assert_null(crm->unmet(crm, &scenario.arena));
	ask("GET", "/people/by-id", NULL);
	assert_string_equal(crm->unmet(crm, &scenario.arena),
	                    "line 7: no GET /people/by-id had query.ids");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *got = ask(cases[i].method, cases[i].path, cases[i].body);
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s %s -> %s, expected %s", cases[i].method, cases[i].path, got,
			         cases[i].want);
	}
	assert_null(crm->unmet(crm, &scenario.arena));
	assert_string_equal(crm->missed, "GET /elsewhere");
	assert_true(crm->forget(crm));
	assert_string_equal(ask("GET", "/jobs/job-1", NULL), "400 \"there is no such job\"");
}

static void
what_cannot_be_played_is_told_with_its_line(void **state)
{
	static const struct {
		const char *line, *want;
	} cases[] = {
		{ "request = \"people\"", "a method and a path" },
		{ "request = \"GET /x\"; since = \"since\"", "query.NAME" },
		{ "request = \"GET /x\"; rows = \"query.x\"", "body.NAME" },
		{ "request = \"GET /x\"; does = \"lst\"", "\"list\"" },
		{ "answer = \"x\"", "request" },
		{ "request = \"GET /x\"; sinc = \"query.since\"", "did you mean \"since\"?" },
		{ "request = \"GET /x/{id}\"; does = \"get\"; ids = \"path.ids\"; each = \"1\"",
		  "ids: found a part of the path called \"ids\", which there is none of; there "
		  "are: id; did you mean \"id\"?" },
		{ "request = \"GET /x\"; does = \"get\"; each = \"1\"", "\"ids\" is required" },
		{ "request = \"GET /x\"; does = \"list\"", "\"each\" is required" },
		{ "request = \"GET /x\"; answer = \"[${item}]\"", "did you mean \"items\"?" },
		{ "request = \"GET /x\"; answer = \"[${qery.a}]\"", "did you mean \"query.\"?" },
		{ "request = \"GET /x\"; does = \"list\"; each = \"${values.emial}\"",
		  "each: found the field \"emial\", which there is none of; there are: email; did "
		  "you mean \"email\"?" },
		{ "request = \"GET /x\"; answer = \"${if nxt}1${end}\"", "did you mean \"next\"?" },
		{ "request = \"GET /x\"; answer = \"${if next}1\"", "without its \"${end}\"" },
		{ "request = \"GET /x\"; answer = \"1${end}\"", "without its \"${if\"" },
		{ "request = \"GET /x\"; answer = \"${if next}${if id}1${end}${end}\"",
		  "inside of another" },
		{ "request = \"GET /x\"; answer = \"${next\"", "without its \"}\"" },
		{ "request = \"GET /x\"; when = \"open\"", "found the state \"open\"" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char path[] = "/tmp/renkei-scenario.XXXXXX";
		struct problems problems = PROBLEMS_INIT;
		struct scenario bad;
		int fd = mkstemp(path);
		assert_true(dprintf(fd, "object = \"x\"; values = ( (\"email\", \"a${n}\") );\n"
		                    "requests = (\n{ %s; } );\n",
		                    cases[i].line) > 0);
		close(fd);
		assert_false(scenario_read(&bad, path, &problems));
		unlink(path);
		if (problems.count == 0 || strstr(problems.list[0].text, cases[i].want) == NULL
		    || problems.list[0].at.line != 3)
			fail_msg("row %zu: %u: %s", i, problems.count ? problems.list[0].at.line : 0,
			         problems.count ? problems.list[0].text : "no problem");
		problems_free(&problems);
		scenario_free(&bad);
	}
}

static void
what_stands_can_be_looked_at_and_changed_from_behind(void **state)
{
	struct crm_record *records;
	size_t count;
	(void)state;
	assert_true(crm->look(crm, &scenario.arena, &records, &count));
	assert_int_equal(count, 4);
	/* Stamps that are equal, so that a page may end between them. */
	assert_true(records[0].modified_ms == records[1].modified_ms
	            && records[3].modified_ms > records[0].modified_ms);
	assert_true(crm->edit(crm, TEXT_LIT("1001")) && crm->remove(crm, TEXT_LIT("1002")));
	assert_false(crm->edit(crm, TEXT_LIT("1002")));
	assert_true(crm->look(crm, &scenario.arena, &records, &count));
	assert_true(records[1].gone && records[0].modified_ms > records[3].modified_ms);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_cannot_be_played_is_told_with_its_line),
		cmocka_unit_test_setup_teardown(requests_find_their_answers, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_stands_can_be_looked_at_and_changed_from_behind, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
