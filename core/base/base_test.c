/* SPDX-License-Identifier: Apache-2.0
 *
 * base_test.c - the ground floor: texts, buffers, arenas, times, errors, files. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

/* ---- text -------------------------------------------------------------------------------  */

static void
durations_have_one_unit_and_nothing_else(void **state)
{
	(void)state;
	static const struct { const char *text; int64_t ms; } cases[] = {
		{ "250ms", 250 }, { "0s", 0 }, { "90s", 90000 }, { "5m", 300000 },
		{ "1h", 3600000 }, { "2d", 172800000 }, { "106751991167d", 9223372036828800000 },
		{ "", -1 }, { "5", -1 }, { "m", -1 }, { "-5m", -1 }, { "+5m", -1 }, { " 5m", -1 },
		{ "5m ", -1 }, { "5 m", -1 }, { "5min", -1 }, { "1.5h", -1 }, { "1h30m", -1 },
		{ "0x5s", -1 }, { "5M", -1 }, { "1w", -1 }, { "106751991168d", -1 },
		{ "99999999999999999999s", -1 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t ms = -1;
		bool took = text_duration_ms(cases[i].text, &ms);
		if (took != (cases[i].ms >= 0) || ms != cases[i].ms)
			fail_msg("\"%s\": %lld", cases[i].text, (long long)ms);
	}
}

static void
waits_are_told_as_people_say_them(void **state)
{
	(void)state;
	static const struct { int64_t ms; const char *text; } cases[] = {
		{ 0, "0 s" }, { 1, "1 s" }, { 39001, "40 s" }, { 120000, "120 s" },
		{ 120001, "3 min" }, { 3540000, "59 min" }, { 3540001, "1 h 0 min" },
		{ 7800000, "2 h 10 min" }, { 172800000, "48 h 0 min" },
		{ 172800001, "2 d 1 h" }, { 273600000, "3 d 4 h" },
		{ INT64_MAX, "106751991167 d 8 h" },
	};
	char text[48];
	for (size_t i = 0; i < COUNT(cases); i++)
		if (strcmp(text_wait(text, cases[i].ms), cases[i].text) != 0)
			fail_msg("%lld: %s", (long long)cases[i].ms, text);
}

static void
numbers_fill_the_whole_text_and_fit(void **state)
{
	(void)state;
	static const struct { const char *text; bool fits; int64_t number; } cases[] = {
		{ "0", true, 0 }, { "-7", true, -7 }, { "9223372036854775807", true, INT64_MAX },
		{ "-9223372036854775808", true, INT64_MIN }, { "9223372036854775808", false, 0 },
		{ "", false, 0 }, { "-", false, 0 }, { " 1", false, 0 }, { "1 ", false, 0 },
		{ "1x", false, 0 }, { "0x10", false, 0 }, { "1e3", false, 0 },
		{ "000000000000000000000000000001", false, 0 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t number = 0;
		if (text_int64(text_of(cases[i].text), &number) != cases[i].fits
		    || number != cases[i].number)
			fail_msg("\"%s\": %lld", cases[i].text, (long long)number);
	}
	int64_t number = 0;
	assert_false(text_int64((struct rk_text){ "1\0002", 3 }, &number));
	/* A text is not ended by a NUL: what follows it is not read. */
	assert_true(text_int64((struct rk_text){ "12345", 2 }, &number));
	assert_int_equal(number, 12);
}

static void
trimming_knows_the_blanks_of_both_worlds(void **state)
{
	(void)state;
	static const struct { const char *text, *trimmed; } cases[] = {
		{ "a", "a" }, { "", "" }, { " \t\r\n", "" }, { "  a b  ", "a b" },
		{ "\u3000\u5c71\u3000\u7530\u3000", "\u5c71\u3000\u7530" },
		{ "\u00a0a\u00a0", "a" }, { " \u3000 \u00a0x\n\u3000", "x" },
		/* Ends in the last byte of a blank, and is none. */
		{ "\u0100", "\u0100" }, { "\u4000", "\u4000" }, { "\u00e0", "\u00e0" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct rk_text got = text_trim(text_of(cases[i].text));
		if (!text_is(got, cases[i].trimmed))
			fail_msg("row %zu: \"%.*s\"", i, (int)got.len, got.ptr);
	}
	assert_int_equal(text_trim((struct rk_text){ "\0 ", 2 }).len, 1);
	assert_int_equal(text_trim((struct rk_text){ NULL, 0 }).len, 0);
}

static void
copies_end_at_a_character_and_with_a_nul(void **state)
{
	(void)state;
	static const struct { const char *text; size_t room; const char *copied; } cases[] = {
		{ "abc", 4, "abc" }, { "abc", 3, "ab" }, { "abc", 1, "" },
		{ "\u5c71\u7530", 7, "\u5c71\u7530" }, { "\u5c71\u7530", 6, "\u5c71" },
		{ "\u5c71\u7530", 4, "\u5c71" }, { "\u5c71\u7530", 3, "" },
		{ "\U0001F600x", 5, "\U0001F600" }, { "\U0001F600x", 4, "" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		char out[16];
		memset(out, '#', sizeof out);
		text_copy(out, cases[i].room, text_of(cases[i].text));
		if (strcmp(out, cases[i].copied) != 0 || out[cases[i].room] != '#')
			fail_msg("row %zu: \"%s\"", i, out);
	}
	char out[4] = "###";
	text_copy(out, sizeof out, (struct rk_text){ NULL, 0 });
	assert_string_equal(out, "");
}

static void
utf8_is_judged_byte_by_byte(void **state)
{
	(void)state;
	static const struct { const char *bytes; size_t len; bool valid; } cases[] = {
		{ "", 0, true }, { "a\0b", 3, true }, { "\xC2\x80", 2, true },
		{ "\xEF\xBF\xBF", 3, true }, { "\xF0\x90\x80\x80", 4, true },
		{ "\xF4\x8F\xBF\xBF", 4, true }, { "\xED\x9F\xBF", 3, true },
		{ "\x80", 1, false }, { "\xC0\x80", 2, false }, { "\xC1\xBF", 2, false },
		{ "\xC2", 1, false }, { "\xE0\x9F\xBF", 3, false }, { "\xED\xA0\x80", 3, false },
		{ "\xF0\x8F\xBF\xBF", 4, false }, { "\xF4\x90\x80\x80", 4, false },
		{ "\xF5\x80\x80\x80", 4, false }, { "\xFF", 1, false }, { "\xE3\x81", 2, false },
		{ "\xE3\x81g", 3, false }, { "ab\xF0\x9F\x98", 5, false },
	};
	for (size_t i = 0; i < COUNT(cases); i++)
		if (text_utf8_valid((struct rk_text){ cases[i].bytes, cases[i].len })
		    != cases[i].valid)
			fail_msg("row %zu", i);
	assert_int_equal(text_utf8_count(text_of("a\u00e9\u5c71\U0001F600")), 4);
}

static void
texts_compare_by_bytes_then_length(void **state)
{
	(void)state;
	assert_true(text_eq((struct rk_text){ NULL, 0 }, text_of("")));
	assert_false(text_eq(text_of("a"), text_of("b")));
	assert_true(text_cmp(text_of("a"), text_of("ab")) < 0);
	assert_true(text_cmp(text_of("b"), text_of("ab")) > 0);
	assert_true(text_cmp(text_of("\xC3"), text_of("z")) > 0);
	assert_int_equal(text_cmp((struct rk_text){ NULL, 0 }, text_of("")), 0);
	assert_false(text_is((struct rk_text){ "a\0", 2 }, "a"));
}

static void
the_nearest_name_is_near_or_none(void **state)
{
	(void)state;
	static const char *const names[] = { "connections", "connector", "syncs", "key" };
	static const struct { const char *name, *nearest; } cases[] = {
		{ "conections", "connections" }, { "connecter", "connector" },
		{ "sync", "syncs" },
		{ "kye", "key" }, { "qx", NULL }, { "ky", "key" },
		{ "frobnicate", NULL }, { "", NULL },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *got = text_nearest(cases[i].name, names, COUNT(names));
		const char *want = cases[i].nearest;
		if (got != want && (got == NULL || want == NULL || strcmp(got, want) != 0))
			fail_msg("\"%s\": %s", cases[i].name, got != NULL ? got : "none");
	}
	char longer[200];
	memset(longer, 'a', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	assert_null(text_nearest(longer, names, COUNT(names)));
	assert_null(text_nearest("x", names, 0));
}

/* ---- buf and arena ----------------------------------------------------------------------  */

static void
a_buffer_stops_at_its_ceiling_and_says_so(void **state)
{
	(void)state;
	BUF_AUTO b = BUF_INIT(10);
	assert_string_equal(buf_str(&b), "");
	buf_adds(&b, "12345");
	buf_addf(&b, "%d", 67890);
	assert_string_equal(buf_str(&b), "1234567890");
	assert_false(b.over);
	buf_addc(&b, 'x');
	assert_true(b.over);
	assert_null(buf_extend(&b, 0));
	assert_string_equal(buf_str(&b), "1234567890");
	buf_reset(&b);
	assert_false(b.over);
	buf_addf(&b, "%s", "12345678901");
	assert_true(b.over);
	assert_int_equal(b.len, 0);
	buf_reset(&b);
	buf_add(&b, NULL, 0);
	buf_addt(&b, (struct rk_text){ NULL, 0 });
	assert_null(buf_extend(&b, SIZE_MAX));
	assert_int_equal(b.len, 0);
}

static void
a_buffer_gives_up_its_front(void **state)
{
	(void)state;
	static const struct { size_t drop; const char *rest; } cases[] = {
		{ 0, "abcdef" }, { 2, "cdef" }, { 6, "" }, { 99, "" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		BUF_AUTO b = BUF_INIT(100);
		buf_adds(&b, "abcdef");
		buf_consume(&b, cases[i].drop);
		assert_string_equal(buf_str(&b), cases[i].rest);
		assert_int_equal(b.len, strlen(cases[i].rest));
	}
}

static void
an_arena_hands_out_zeroed_aligned_memory_of_any_size(void **state)
{
	(void)state;
	struct arena a = ARENA_INIT;
	for (int round = 0; round < 3; round++) {
		for (size_t bytes = 0; bytes < 300000; bytes = bytes * 2 + 1) {
			unsigned char *p = arena_alloc(&a, bytes);
			assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
			for (size_t i = 0; i < bytes; i++)
				assert_int_equal(p[i], 0);
			memset(p, 0xAB, bytes);
		}
		arena_clear(&a);
		assert_int_equal(a.total_bytes, 0);
	}
	struct rk_text copy = arena_text(&a, (struct rk_text){ "a\0b", 3 });
	assert_memory_equal(copy.ptr, "a\0b", 4);
	assert_string_equal(arena_str(&a, "text"), "text");
	assert_true(text_is(arena_printf(&a, "%d/%s", 7, "x"), "7/x"));
	assert_int_equal(arena_text(&a, (struct rk_text){ NULL, 0 }).len, 0);
	arena_free(&a);
	assert_null(a.block);
}

/* A product past SIZE_MAX ends the process: never a small block for many things. */
static void
an_overflowing_array_aborts(void **state)
{
	(void)state;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGABRT, SIG_DFL);
		struct arena a = ARENA_INIT;
		arena_array(&a, SIZE_MAX / 4, 8);
		_exit(0);
	}
	int how;
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGABRT);
}

/* ---- clock and err ----------------------------------------------------------------------  */

static void
times_are_shown_in_utc(void **state)
{
	(void)state;
	static const struct { int64_t ms; const char *text; } cases[] = {
		{ 0, "1970-01-01T00:00:00Z" }, { 1795290280000, "2026-11-21T19:44:40Z" },
		{ 1795290280999, "2026-11-21T19:44:40Z" }, { -1, "1969-12-31T23:59:59Z" },
		{ -1000, "1969-12-31T23:59:59Z" }, { 951782400000, "2000-02-29T00:00:00Z" },
		{ 253402300799000, "9999-12-31T23:59:59Z" },
		{ INT64_MAX, "292278994-08-17T07:12:55Z" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		BUF_AUTO b = BUF_INIT(100);
		clock_format(&b, cases[i].ms);
		assert_string_equal(buf_str(&b), cases[i].text);
	}
	int64_t before = clock_mono_ms();
	assert_true(clock_mono_ms() >= before);
	assert_true(clock_now_ms() > 1700000000000);
}

static void
an_error_keeps_category_status_and_whole_characters(void **state)
{
	(void)state;
	struct rk_err err = { .http_status = 500, .maybe_sent = 1 };
	assert_int_equal(err_set(&err, RK_PAUSE, RK_CAT_CONFIG, "%s %d", "line", 3), RK_PAUSE);
	assert_string_equal(err.message, "line 3");
	assert_int_equal(err.category, RK_CAT_CONFIG);
	assert_int_equal(err.http_status, 0);
	assert_int_equal(err.retry_after_ms, -1);
	assert_int_equal(err.maybe_sent, 0);
	assert_int_equal(err_set(NULL, RK_HOLD, 0, "nobody listens"), RK_HOLD);

	char longer[3000] = "";
	for (size_t shift = 0; shift < 3; shift++) {
		memset(longer, 'x', shift);
		for (size_t i = shift; i + 3 < sizeof longer; i += 3)
			memcpy(longer + i, "\u5c71", 4);
		err_set(&err, RK_BUG, RK_CAT_BUG, "%s", longer);
		assert_true(text_utf8_valid(text_of(err.message)));
		assert_in_range(strlen(err.message), sizeof err.message - 5,
		                sizeof err.message - 1);
	}
	errno = ENOSPC;
	err_errno(&err, RK_PAUSE, RK_CAT_OTHER, "file %s", "x.db");
	assert_string_equal(err.message, "file x.db: No space left on device");
}

static void
categories_and_statuses_have_names(void **state)
{
	(void)state;
	for (int32_t i = 0; i < RK_CAT_COUNT; i++)
		for (int32_t j = 0; j < RK_CAT_COUNT; j++)
			assert_int_equal(strcmp(err_category_name(i), err_category_name(j)) == 0,
			                 i == j);
	assert_string_equal(err_category_name(-1), "none");
	assert_string_equal(err_category_name(RK_CAT_COUNT), "none");
	assert_string_equal(err_status_name(RK_RESYNC), "resync");
	assert_string_equal(err_status_name(-1), "bug");
	assert_string_equal(err_status_name(RK_BUG + 1), "bug");
}

/* ---- io and log -------------------------------------------------------------------------  */

static char dir[64];

static int
make_dir(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/base_test.XXXXXX");
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static int
drop_dir(void **state)
{
	(void)state;
	char command[128];
	snprintf(command, sizeof command, "rm -rf %s", dir);
	return system(command);
}

static void
files_are_read_whole_or_not_at_all(void **state)
{
	(void)state;
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%s/file", dir);
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	char chunk[50000];
	memset(chunk, 'a', sizeof chunk);
	assert_true(io_write_all(fd, chunk, sizeof chunk));
	io_close(&fd);
	assert_int_equal(fd, -1);
	BUF_AUTO all = BUF_INIT(sizeof chunk);
	assert_true(io_read_file(path, &all));
	assert_int_equal(all.len, sizeof chunk);
	BUF_AUTO less = BUF_INIT(sizeof chunk - 1);
	assert_false(io_read_file(path, &less));
	assert_int_equal(errno, EFBIG);
	assert_false(io_read_file("/no/such/file", &less));
	assert_int_equal(errno, ENOENT);
	fd = open("/dev/full", O_WRONLY);
	assert_false(io_write_all(fd, chunk, 10));
	assert_int_equal(errno, ENOSPC);
	io_close(&fd);
}

static void
folders_are_made_with_their_parents(void **state)
{
	(void)state;
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%s/a/b/c", dir);
	assert_true(io_mkdirs(path));
	assert_true(io_mkdirs(path));
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	snprintf(path, sizeof path, "%s/file/x", dir);
	assert_false(io_mkdirs(path));
	snprintf(path, sizeof path, "%s/file", dir);
	assert_false(io_mkdirs(path));
	assert_false(io_mkdirs(""));
	char longer[PATH_MAX + 10];
	memset(longer, 'a', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	assert_false(io_mkdirs(longer));
	assert_int_equal(access(io_program_dir(), X_OK), 0);
}

/* What log_event writes to standard error, caught in a file. */
static void
caught(const char *path, struct buf *out, const char *text)
{
	int kept = dup(STDERR_FILENO);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	dup2(fd, STDERR_FILENO);
	log_warn("test.event", "text=%s", text);
	log_info("test.silent", "below the least level");
	dup2(kept, STDERR_FILENO);
	close(kept);
	close(fd);
	buf_reset(out);
	assert_true(io_read_file(path, out));
}

static void
a_log_line_is_one_line_whatever_it_holds(void **state)
{
	(void)state;
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%s/log", dir);
	BUF_AUTO out = BUF_INIT(100000);
	caught(path, &out, "a\nb\r\033[31mc\177");
	assert_non_null(strstr(buf_str(&out), " warn test.event text=a b  [31mc \n"));
	assert_ptr_equal(strchr(buf_str(&out), '\n'), out.ptr + out.len - 1);
	char longer[10000];
	memset(longer, 'x', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	caught(path, &out, longer);
	assert_in_range(out.len, 3000, 4096);
	assert_int_equal(out.ptr[out.len - 1], '\n');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations_have_one_unit_and_nothing_else),
		cmocka_unit_test(waits_are_told_as_people_say_them),
		cmocka_unit_test(numbers_fill_the_whole_text_and_fit),
		cmocka_unit_test(trimming_knows_the_blanks_of_both_worlds),
		cmocka_unit_test(copies_end_at_a_character_and_with_a_nul),
		cmocka_unit_test(utf8_is_judged_byte_by_byte),
		cmocka_unit_test(texts_compare_by_bytes_then_length),
		cmocka_unit_test(the_nearest_name_is_near_or_none),
		cmocka_unit_test(a_buffer_stops_at_its_ceiling_and_says_so),
		cmocka_unit_test(a_buffer_gives_up_its_front),
		cmocka_unit_test(an_arena_hands_out_zeroed_aligned_memory_of_any_size),
		cmocka_unit_test(an_overflowing_array_aborts),
		cmocka_unit_test(times_are_shown_in_utc),
		cmocka_unit_test(an_error_keeps_category_status_and_whole_characters),
		cmocka_unit_test(categories_and_statuses_have_names),
		cmocka_unit_test(files_are_read_whole_or_not_at_all),
		cmocka_unit_test(folders_are_made_with_their_parents),
		cmocka_unit_test(a_log_line_is_one_line_whatever_it_holds),
	};
	return cmocka_run_group_tests(tests, make_dir, drop_dir);
}
