/* SPDX-License-Identifier: Apache-2.0
 *
 * runner_test.c - connectors in their own process, well-behaved and not: what is
 * loaded, what is refused and why, and that whatever a connector does costs its own
 * call and nothing else.  The test plays the run and renkei-net; the connectors are
 * in tests/connectors. */
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "connector/runner.h"
#include "record/http.h"
#include "record/schema.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define T(s) { (s), sizeof(s) - 1 }

static struct runner runner = RUNNER_INIT;
static struct frame_stream net;        /* Our end: what renkei-net would hold. */
static struct arena arena = ARENA_INIT;
static struct rk_err err;

static int
begin(void **state)
{
	(void)state;
	net.fd = net.received_fd = -1;
	err = (struct rk_err)ERR_INIT;
	return 0;
}

static int
end(void **state)
{
	(void)state;
	runner_stop(&runner);
	runner = (struct runner)RUNNER_INIT;
	frame_close(&net);
	arena_free(&arena);
	/* Whatever happened, nobody is left behind. */
	return waitpid(-1, NULL, WNOHANG) == -1 ? 0 : -1;
}

static int32_t
start_file(const char *path, const struct runner_setting *settings, size_t count,
           int64_t open_deadline_ms)
{
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	frame_open(&net, pair[0], FRAME_MESSAGE_MAX);
	struct runner_spec spec = { .connector = "tested", .so_path = path,
	                            .settings = settings, .setting_count = count,
	                            .sandbox = sandbox_named(NULL),
	                            .open_deadline_ms = open_deadline_ms };
	return runner_start(&runner, &spec, pair[1], &err);
}

static int32_t
start(const char *name)
{
	static const struct runner_setting settings[] = {
		{ T("host"), T("https://crm.example/"), false },
		{ T("token"), T("hidden-secret"), true },
	};
	char path[PATH_MAX];
	snprintf(path, sizeof path, CONNECTORS "/%s.so", name);
	return start_file(path, settings, COUNT(settings), 5000);
}

static void
started(const char *name)
{
	if (start(name) != RK_OK)
		fail_msg("%s: %s", name, err.message);
}

static const struct rk_field fields[] = {
	{ .name = T("email"), .type = RK_TEXT, .min_length = -1, .max_length = -1 },
	{ .name = T("name"), .type = RK_TEXT, .min_length = -1, .max_length = -1 },
};

static void
ask_list(const char *object, int64_t allowed_ms)
{
	struct rk_query query = { .struct_size = sizeof query, .mode = RK_BY_WINDOW,
	                          .object = text_of(object), .fields = fields,
	                          .field_count = COUNT(fields), .since_ms = RK_NO_TIME,
	                          .until_ms = RK_NO_TIME, .limit = 100 };
	record_encode_query(runner_arguments(&runner, allowed_ms), &query);
	runner_ask(&runner, CONNECTOR_LIST);
}

static const struct rk_value row_values[2][2] = {
	{ { .type = RK_TEXT, .text = T("a@x.example") }, { .type = RK_TEXT, .text = T("A") } },
	{ { .type = RK_TEXT, .text = T("b@x.example") }, { .type = RK_ABSENT } },
};

static void
ask_upsert(const char *object, int64_t allowed_ms)
{
	struct rk_row rows[2] = { { .key = &row_values[0][0], .values = row_values[0] },
	                          { .key = &row_values[1][0], .values = row_values[1] } };
	struct rk_batch batch = { .struct_size = sizeof batch, .operation = RK_OP_UPSERT,
	                          .object = text_of(object), .fields = fields,
	                          .field_count = COUNT(fields), .key_field = &fields[0],
	                          .rows = rows, .row_count = 2 };
	record_encode_batch(runner_arguments(&runner, allowed_ms), &batch);
	runner_ask(&runner, CONNECTOR_UPSERT);
}

/* ---- Loading ------------------------------------------------------------------------------  */

static void
what_cannot_be_loaded_says_the_true_reason(void **state)
{
	(void)state;
	static const struct { const char *name, *why; } cases[] = {
		{ "other_abi", "its table has ABI 2" },
		{ "small", "expected ABI 1 and at least" },
		{ "no_symbol", "does not export renkei_connector_v1" },
		{ "no_function", "undefined symbol: nobody_has_this_function" },
		{ "no_variable", "undefined symbol: nobody_has_this_variable" },
		{ "no_open", "lacks open" },
		{ "not_there", "cannot open shared object file: No such file or directory" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		begin(NULL);
		if (start(cases[i].name) != RK_PAUSE || err.category != RK_CAT_CONFIG
		    || strstr(err.message, cases[i].why) == NULL
		    || strstr(err.message, cases[i].name) == NULL)
			fail_msg("%s: %s", cases[i].name, err.message);
		assert_int_equal(end(NULL), 0);
	}
}

static void
a_file_that_is_no_object_says_so(void **state)
{
	(void)state;
	static const struct { const char *name, *content, *why; } cases[] = {
		{ "text.so", "hello\n", "too short" },
		{ "long.so", "#!/bin/sh\n# a text that is no ELF file and is longer than the "
		  "header of one would be, so that it is looked at\n", "invalid ELF header" },
		{ "empty.so", "", "too short" },
		{ "name.txt", "hello\n", "ends in .so" },
	};
	char dir[] = "/tmp/runner_test.XXXXXX", path[PATH_MAX];
	assert_non_null(mkdtemp(dir));
	for (size_t i = 0; i < COUNT(cases); i++) {
		snprintf(path, sizeof path, "%s/%s", dir, cases[i].name);
		int fd = open(path, O_WRONLY | O_CREAT, 0600);
		assert_true(io_write_all(fd, cases[i].content, strlen(cases[i].content)));
		io_close(&fd);
		begin(NULL);
		if (start_file(path, NULL, 0, 5000) != RK_PAUSE
		    || strstr(err.message, cases[i].why) == NULL)
			fail_msg("%s: %s", cases[i].name, err.message);
		assert_int_equal(end(NULL), 0);
		unlink(path);
	}
	rmdir(dir);
	begin(NULL);
	assert_int_equal(start_file("sample.so", NULL, 0, 5000), RK_PAUSE);
	assert_non_null(strstr(err.message, "absolute"));
}

static void
a_larger_table_of_a_later_version_is_loaded(void **state)
{
	(void)state;
	struct runner_answer answer;
	started("large");
	ask_list("x", 2000);
	runner_wait(&runner, &answer);
	assert_int_equal(answer.status, RK_OK);
}

static void
a_slot_that_is_missing_is_told_and_not_called(void **state)
{
	(void)state;
	struct runner_answer answer;
	started("read_only");
	ask_upsert("x", 2000);
	runner_wait(&runner, &answer);
	assert_int_equal(answer.status, RK_PAUSE);
	assert_non_null(strstr(answer.err.message, "no upsert"));
	assert_false(answer.ended);
	struct rk_result result;
	assert_true(record_decode_outcomes(answer.bytes, &arena, 2, COUNT(fields),
		                                   &result));
	assert_int_equal(result.outcomes[0].status, RK_UNKNOWN);
}

/* ---- A connector that does as it should ------------------------------------------------------  */

/* Answers each HTTP request of the call with the next text; notes what was asked.  With
 * 'http_status' 0 a limit refuses it, as renkei-net does: nothing was sent. */
static void
serve(const char *const *bodies, int32_t http_status, struct runner_answer *answer,
      struct buf *asked)
{
	int64_t deadline = clock_mono_ms() + 10000;
	while (!runner_poll(&runner, answer)) {
		assert_true(clock_mono_ms() < deadline);
		struct pollfd p[] = { { .fd = runner_fd(&runner), .events = POLLIN },
		                      { .fd = net.fd, .events = POLLIN } };
		poll(p, 2, 1000);
		struct frame_message message;
		struct rk_request request;
		int64_t willing_ms;
		if (frame_receive(&net, &message) != FRAME_MESSAGE)
			continue;
		assert_int_equal(message.type, NET_HTTP);
		assert_true(http_decode_request(message.bytes, &arena, &request, &willing_ms));
		assert_in_range(willing_ms, 1, 5000);
		buf_addf(asked, "%.*s %.*s", (int)request.method.len, request.method.ptr,
		         (int)request.url.len, request.url.ptr);
		assert_true(text_is(request.headers[0].pieces[1].text, "token"));
		assert_int_equal(request.headers[0].pieces[1].kind, RK_PIECE_SECRET);
		for (uint64_t i = 0; i < request.body_count; i++)
			buf_addt(asked, request.body[i].text);
		struct rk_reply reply = { .struct_size = sizeof reply, .status = http_status,
		                          .body = text_of(*bodies++), .date_ms = -1,
		                          .retry_after_ms = 7000 };
		BUF_AUTO out = BUF_INIT(FRAME_MESSAGE_MAX);
		struct rk_err refusal = ERR_INIT;
		int32_t status = http_status != 0 ? RK_OK
			: err_set(&refusal, RK_HOLD, RK_CAT_QUOTA, "the limit is used up");
		http_encode_reply(&out, status, &refusal, &reply);
		assert_true(frame_send(&net, NET_HTTP_REPLY, message.call, buf_text(&out), -1,
		                       deadline));
	}
}

static void
the_sample_connector_lists_and_writes(void **state)
{
	(void)state;
	struct runner_answer answer;
	BUF_AUTO asked = BUF_INIT(10000);
	started("sample");
	ask_list("contacts", 3000);
	static const char *const list[] = {
		"{\"contacts\":[{\"id\":\"1\",\"modified\":1795290280000,\"email\":\"a@x.example\","
		"\"name\":\"\\u5c71\"},{\"id\":\"2\",\"email\":null}],\"next\":\"p2\"}" };
	serve(list, 200, &answer, &asked);
	assert_int_equal(answer.status, RK_OK);
	assert_int_equal(answer.http_calls, 1);
	struct rk_page page;
	assert_true(record_decode_page(answer.bytes, &arena, COUNT(fields), &page));
	assert_true(page.record_count == 2 && page.more && text_is(page.token, "p2"));
	const struct rk_record *r = page.records;
	assert_true(r[0].modified_ms == 1795290280000
	            && text_is(r[0].values[1].text, "\u5c71")
	            && r[1].values[0].type == RK_NULL && r[1].values[1].type == RK_ABSENT
	            && r[1].modified_ms == RK_NO_TIME);
	assert_string_equal(buf_str(&asked),
	                    "GET https://crm.example/contacts?since=0&after=&limit=100");
	buf_reset(&asked);
	ask_upsert("contacts", 3000);
	static const char *const written[] = {
		"[{\"id\":\"7\",\"created\":true},{\"error\":\"no such name\"}]" };
	serve(written, 200, &answer, &asked);
	struct rk_result result;
	assert_true(record_decode_outcomes(answer.bytes, &arena, 2, COUNT(fields),
		                                   &result));
	assert_true(result.outcomes[0].status == RK_CREATED
	            && text_is(result.outcomes[0].id, "7")
	            && result.outcomes[1].status == RK_REJECTED
	            && text_is(result.outcomes[1].message, "no such name"));
	assert_string_equal(buf_str(&asked), "POST https://crm.example/contacts"
	                    "[{\"email\":\"a@x.example\",\"name\":\"A\"},"
	                    "{\"email\":\"b@x.example\"}]");
}

static void
a_request_that_a_limit_refused_is_no_call(void **state)
{
	(void)state;
	struct runner_answer answer;
	BUF_AUTO asked = BUF_INIT(10000);
	static const char *const nothing[] = { "" };
	started("sample");
	ask_list("contacts", 3000);
	serve(nothing, 0, &answer, &asked);
	assert_int_equal(answer.status, RK_HOLD);
	assert_int_equal(answer.http_calls, 0);
}

static void
answers_of_the_crm_are_classified_and_rows_stay_unknown(void **state)
{
	(void)state;
	static const struct {
		int32_t http_status;
		const char *body;
		int32_t status, category;
		uint32_t maybe_sent;
	} cases[] = {
		{ 401, "{}", RK_PAUSE, RK_CAT_AUTH, 0 },
		{ 429, "", RK_AGAIN, RK_CAT_RATE_LIMIT, 0 },
		{ 500, "<html>", RK_AGAIN, RK_CAT_SERVER, 1 },
		{ 200, "<html>", RK_BUG, RK_CAT_BUG, 1 },
		{ 200, "[{\"id\":", RK_BUG, RK_CAT_BUG, 1 },
		{ 200, "[]", RK_OK, RK_CAT_NONE, 0 },
		{ 200, "[{},{},{}]", RK_BUG, RK_CAT_BUG, 1 },
	};
	started("sample");
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct runner_answer answer;
		struct rk_result result;
		BUF_AUTO asked = BUF_INIT(10000);
		ask_upsert("contacts", 3000);
		serve(&cases[i].body, cases[i].http_status, &answer, &asked);
		if (answer.status != cases[i].status || answer.err.category != cases[i].category
		    || answer.err.maybe_sent != cases[i].maybe_sent)
			fail_msg("row %zu: status %d: %s", i, answer.status, answer.err.message);
		assert_true(record_decode_outcomes(answer.bytes, &arena, 2, COUNT(fields),
		                                   &result));
		assert_int_equal(result.outcomes[0].status, RK_UNKNOWN);
		assert_int_equal(result.outcomes[1].status, RK_UNKNOWN);
		assert_false(answer.ended);
	}
}

static void
auth_and_fields_are_told(void **state)
{
	(void)state;
	struct runner_answer answer;
	BUF_AUTO asked = BUF_INIT(10000);
	started("sample");
	runner_arguments(&runner, 3000);
	runner_ask(&runner, CONNECTOR_AUTH);
	static const char *const me[] = { "{\"account\":\"Acme\",\"user\":\"aya\"}" };
	serve(me, 200, &answer, &asked);
	struct rk_account account;
	assert_true(account_decode(answer.bytes, &arena, &account));
	assert_true(text_is(account.account, "Acme") && account.expires_ms == -1);
	static const struct { const char *object; int32_t status; uint64_t fields; } cases[] = {
		{ "", RK_OK, 0 }, { "contacts", RK_OK, 2 }, { "deals", RK_PAUSE, 0 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		wire_str(runner_arguments(&runner, 3000), cases[i].object);
		runner_ask(&runner, CONNECTOR_DESCRIBE);
		runner_wait(&runner, &answer);
		assert_int_equal(answer.status, cases[i].status);
		struct rk_schema schema;
		if (answer.status == RK_OK)
			assert_true(schema_decode(answer.bytes, &arena, &schema)
			            && schema.field_count == cases[i].fields);
	}
}

/* Net goes: the connector leaves at once and its call says so. */
static void
a_connector_without_net_ends(void **state)
{
	(void)state;
	struct runner_answer answer;
	started("sample");
	frame_close(&net);
	ask_list("contacts", 3000);
	int64_t began = clock_mono_ms();
	runner_wait(&runner, &answer);
	assert_true(clock_mono_ms() - began < 2000);
	assert_int_equal(answer.status, RK_AGAIN);
	assert_true(answer.ended);
	assert_int_equal(answer.err.maybe_sent, 1);
	ask_list("contacts", 3000);
	runner_wait(&runner, &answer);
	assert_int_equal(answer.status, RK_AGAIN);
	assert_non_null(strstr(answer.err.message, "not running"));
}

/* ---- A connector that does not ------------------------------------------------------------------  */

static const struct rogue {
	const char *object;
	int32_t status;
	bool ended;
	const char *why;
} rogues[] = {
	{ "crash", RK_AGAIN, true, "ended by signal 11 (Segmentation fault)" },
	{ "leave", RK_AGAIN, true, "ended by itself with code 7" },
	{ "hang", RK_BUG, true, "did not answer within" },
	{ "spin", RK_BUG, true, "did not answer within" },
	{ "flood", RK_BUG, true, "did not answer within" },
	{ "garbage", RK_PAUSE, true, "no valid answer" },
	{ "odd-status", RK_PAUSE, true, "no valid answer" },
	{ "other-call", RK_PAUSE, true, "no valid answer" },
	{ "other-type", RK_PAUSE, true, "no valid answer" },
	{ "endless", RK_PAUSE, true, "no valid answer" },
	{ "memory", RK_PAUSE, true, "asked for more memory than a call may have" },
	{ "one-piece", RK_PAUSE, true, "asked for more memory than a call may have" },
	{ "close", RK_AGAIN, true, "connector tested" },
	{ "status", RK_BUG, false, "returned status 99" },
	{ "negative", RK_BUG, false, "returned status -5" },
	{ "pending", RK_BUG, false, "returned status 1" },
	{ "large", RK_BUG, false, "answer is over" },
	{ "say-much", RK_OK, false, "" },
	{ "print", RK_OK, false, "" },
};

/* What only the sandbox stops. */
static const struct rogue reaching[] = {
	{ "own-memory", RK_AGAIN, true, "ended by signal 11" },
	{ "fork", RK_PAUSE, true, "tried to start a process or a thread" },
	{ "thread", RK_PAUSE, true, "tried to start a process or a thread" },
	{ "exec", RK_PAUSE, true, "tried to run a program" },
	{ "ptrace", RK_PAUSE, true, "reached for another process" },
	{ "kill", RK_PAUSE, true, "reached for another process" },
	{ "open", RK_PAUSE, true, "tried to open a file" },
	{ "socket", RK_PAUSE, true, "tried to open a socket" },
	{ "code", RK_PAUSE, true, "tried to make memory executable" },
};

static void
check_rogue(const struct rogue *rogue, int64_t allowed_ms, bool by_poll)
{
	struct runner_answer answer;
	started("rogue");
	int64_t began = clock_mono_ms();
	ask_list(rogue->object, allowed_ms);
	if (by_poll)
		while (!runner_poll(&runner, &answer))
			poll(&(struct pollfd){ .fd = runner_fd(&runner), .events = POLLIN }, 1, 20);
	else
		runner_wait(&runner, &answer);
	if (answer.status != rogue->status || answer.ended != rogue->ended
	    || strstr(answer.err.message, rogue->why) == NULL)
		fail_msg("%s: status %d, ended %d: %s", rogue->object, answer.status,
		         answer.ended, answer.err.message);
	if (answer.status != RK_OK)
		assert_int_equal(answer.err.category, RK_CAT_BUG);
	assert_true(clock_mono_ms() - began < 6000);
	/* One that was ended was waited for, too. */
	assert_int_equal(runner.pid != 0, !rogue->ended);
}

static void
whatever_a_connector_does_costs_its_own_call(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rogues); i++) {
		bool talks = strcmp(rogues[i].object, "say-much") == 0;
		begin(NULL);
		check_rogue(&rogues[i], talks ? 3000 : 100, i % 2 == 0);
		assert_int_equal(end(NULL), 0);
	}
}

static void
what_a_connector_reaches_for_is_refused_and_named(void **state)
{
	(void)state;
	started("rogue");
	bool confined = runner.sandbox != SANDBOX_OFF;
	assert_int_equal(end(NULL), 0);
	if (!confined)
		skip();
	for (size_t i = 0; i < COUNT(reaching); i++) {
		begin(NULL);
		check_rogue(&reaching[i], 3000, i % 2 == 0);
		assert_int_equal(end(NULL), 0);
	}
}

static void
after_a_crash_another_process_serves(void **state)
{
	(void)state;
	struct runner_answer answer;
	started("rogue");
	ask_list("crash", 1000);
	runner_wait(&runner, &answer);
	assert_true(answer.ended);
	frame_close(&net);
	runner_stop(&runner);
	started("rogue");
	ask_list("fine", 1000);
	runner_wait(&runner, &answer);
	assert_int_equal(answer.status, RK_OK);
}

static void
one_that_fails_while_it_is_opened_is_told(void **state)
{
	(void)state;
	static const struct { const char *way; int32_t status; const char *why; } cases[] = {
		{ "refuse", RK_PAUSE, "the setting \"open\" says so" },
		{ "crash", RK_AGAIN, "ended by signal 11" },
		{ "hang", RK_BUG, "did not answer within" },
		{ "garbage", RK_PAUSE, "no valid answer" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct runner_setting settings[] = { { T("open"), text_of(cases[i].way), false } };
		begin(NULL);
		int32_t status = start_file(CONNECTORS "/rogue.so", settings, 1, 100);
		if (status != cases[i].status || strstr(err.message, cases[i].why) == NULL)
			fail_msg("%s: %d: %s", cases[i].way, status, err.message);
		assert_int_equal(runner.pid, 0);
		assert_int_equal(end(NULL), 0);
	}
}

static void
pages_past_their_ceilings_are_refused(void **state)
{
	(void)state;
	static const struct { const char *object; bool fits; } cases[] = {
		{ "fine", true }, { "long-token", false }, { "long-id", false },
	};
	started("rogue");
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct runner_answer answer;
		struct rk_page page;
		ask_list(cases[i].object, 1000);
		runner_wait(&runner, &answer);
		assert_int_equal(answer.status, RK_OK);
		if (record_decode_page(answer.bytes, &arena, COUNT(fields), &page) != cases[i].fits)
			fail_msg("%s", cases[i].object);
	}
}

static void
outcomes_are_unknown_until_told_and_odd_ones_refused(void **state)
{
	(void)state;
	static const struct { const char *object; bool fits; int32_t outcome; } cases[] = {
		{ "fine", true, RK_CREATED }, { "silent", true, RK_UNKNOWN },
		{ "odd-outcome", false, 0 },
	};
	started("rogue");
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct runner_answer answer;
		struct rk_result result;
		ask_upsert(cases[i].object, 1000);
		runner_wait(&runner, &answer);
		bool fits = record_decode_outcomes(answer.bytes, &arena, 2, COUNT(fields), &result);
		if (answer.status != RK_OK || fits != cases[i].fits
		    || (fits && result.outcomes[1].status != cases[i].outcome))
			fail_msg("%s", cases[i].object);
	}
}

/* Texts without an end and numbers out of range must not reach the run. */
static void
an_error_without_end_is_cut_or_refused(void **state)
{
	(void)state;
	struct runner_answer answer;
	started("rogue");
	ask_list("error", 1000);
	runner_wait(&runner, &answer);
	assert_int_equal(answer.status, RK_PAUSE);
	assert_in_range(answer.err.category, 0, RK_CAT_COUNT - 1);
	assert_true(strlen(answer.err.code) < sizeof answer.err.code);
	assert_true(strlen(answer.err.message) < sizeof answer.err.message);
}

static void
a_connector_is_given_two_sockets_and_nothing_else(void **state)
{
	(void)state;
	struct runner_answer answer;
	struct rk_page page;
	int extra = dup(1);            /* Would be inherited if nobody took care. */
	setenv("HIDDEN", "variable", 1);
	started("rogue");
	ask_list("surroundings", 1000);
	runner_wait(&runner, &answer);
	assert_true(record_decode_page(answer.bytes, &arena, COUNT(fields), &page));
	static const char *const expected[] = { "fd 0", "fd 1", "fd 2", "fd 3", "fd 4" };
	for (uint64_t i = 0; i < page.record_count; i++)
		if (i >= COUNT(expected) || !text_is(page.records[i].id, expected[i]))
			fail_msg("%.*s", (int)page.records[i].id.len, page.records[i].id.ptr);
	assert_int_equal(page.record_count, COUNT(expected));
	close(extra);
}

static void
a_stopped_connector_is_gone_at_once(void **state)
{
	(void)state;
	started("rogue");
	pid_t pid = runner.pid;
	ask_list("hang", 60000);
	int64_t began = clock_mono_ms();
	runner_stop(&runner);
	assert_true(clock_mono_ms() - began < 1000);
	assert_int_not_equal(kill(pid, 0), 0);
}

/* The run dies without a word: the kernel ends the connector. */
static void
a_connector_dies_with_its_run(void **state)
{
	(void)state;
	int told[2];
	assert_int_equal(pipe2(told, O_CLOEXEC), 0);
	pid_t child = fork();
	if (child == 0) {
		if (start("rogue") == RK_OK)
			ask_list("hang", 60000);
		if (write(told[1], &runner.pid, sizeof runner.pid) < 0)
			_exit(1);
		kill(getpid(), SIGKILL);
	}
	pid_t connector = 0;
	assert_int_equal(read(told[0], &connector, sizeof connector), sizeof connector);
	assert_true(connector > 0);
	waitpid(child, NULL, 0);
	char path[64], stat[256] = "";
	snprintf(path, sizeof path, "/proc/%d/stat", (int)connector);
	bool alive = true;
	for (int i = 0; i < 200 && alive; i++) {
		/* Nobody may be there to wait for it: a zombie is dead enough. */
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t n = fd >= 0 ? read(fd, stat, sizeof stat - 1) : 0;
		stat[n > 0 ? n : 0] = '\0';
		io_close(&fd);
		alive = n > 0 && strstr(stat, ") Z") == NULL;
		poll(NULL, 0, 10);
	}
	assert_false(alive);
	close(told[0]);
	close(told[1]);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_cannot_be_loaded_says_the_true_reason),
		cmocka_unit_test_teardown(a_file_that_is_no_object_says_so, end),
		CASE(a_larger_table_of_a_later_version_is_loaded),
		CASE(a_slot_that_is_missing_is_told_and_not_called),
		CASE(the_sample_connector_lists_and_writes),
		CASE(a_request_that_a_limit_refused_is_no_call),
		CASE(answers_of_the_crm_are_classified_and_rows_stay_unknown),
		CASE(auth_and_fields_are_told),
		CASE(a_connector_without_net_ends),
		cmocka_unit_test(whatever_a_connector_does_costs_its_own_call),
		cmocka_unit_test(what_a_connector_reaches_for_is_refused_and_named),
		CASE(after_a_crash_another_process_serves),
		cmocka_unit_test(one_that_fails_while_it_is_opened_is_told),
		CASE(pages_past_their_ceilings_are_refused),
		CASE(outcomes_are_unknown_until_told_and_odd_ones_refused),
		CASE(an_error_without_end_is_cut_or_refused),
		CASE(a_connector_is_given_two_sockets_and_nothing_else),
		CASE(a_stopped_connector_is_gone_at_once),
		CASE(a_connector_dies_with_its_run),
	};
	signal(SIGPIPE, SIG_IGN);
	log_set_level(LOG_LEVEL_NONE);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
