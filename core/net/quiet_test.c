/* SPDX-License-Identifier: Apache-2.0
 *
 * quiet_test.c - which hours are quiet, by made-up histories; and when they begin. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/zone.h"
#include "net/quiet.h"


/* An hour each, from midnight: a digit, 'A' for a thousand, '.' for none. */
static void
read_hours(const char *text, int64_t calls[24])
{
	for (int i = 0; i < 24; i++)
		calls[i] = text[i] == '.' ? 0 : text[i] == 'A' ? 1000 : text[i] - '0';
}

static void
the_hours_with_the_fewest_calls_are_quiet(void **state)
{
	(void)state;
	static const struct {
		const char *name, *hours;
		int days, open;
		int64_t calls;
	} cases[] = {
		{ "an office", "........99AAAAAAAA99....", 7, 22, 0 },
		{ "a shop that is open late", "AA......................", 7, 2, 0 },
		{ "a night shift", "AAAAAA..........99AAAAAA", 7, 6, 0 },
		{ "jobs at night, people by day", "9A9999......AAAAAA999999", 7, 4, 18 },
		{ "always the same", "555555555555555555555555", 7, 22, 40 },
		{ "nothing at all", "........................", 7, 22, 0 },
		{ "one call in the usual hours", ".......................1", 7, 0, 0 },
		{ "a day and a half", "AAAAAA..........99AAAAAA", 1, 22, 8000 },
		{ "two days are enough", "AAAAAA..........99AAAAAA", 2, 6, 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct quiet q;
		int64_t calls[24];
		read_hours(cases[i].hours, calls);
		quiet_choose(&q, calls, cases[i].days);
		if (q.open != cases[i].open * 60 || q.calls != cases[i].calls
		    || q.close != (cases[i].open + QUIET_HOURS) % 24 * 60)
			fail_msg("%s: from %d:00, %lld calls", cases[i].name, q.open / 60,
			         (long long)q.calls);
	}
}

/* 2026-03-29 has no 02:00 to 03:00 in Berlin. */
static void
they_begin_by_the_clocks_of_the_zone(void **state)
{
	(void)state;
	static const struct {
		const char *zone;
		int64_t now_s;
		int open, close;
		int64_t wait_s;
	} cases[] = {
		{ "UTC", 1767225600, 22 * 60, 6 * 60, 0 },
		{ "UTC", 1767225600 + 6 * 3600 - 1, 22 * 60, 6 * 60, 0 },
		{ "UTC", 1767225600 + 6 * 3600, 22 * 60, 6 * 60, 16 * 3600 },
		{ "UTC", 1767225600 + 12 * 3600, 9 * 60, 10 * 60, 21 * 3600 },
		{ "Asia/Tokyo", 1767225600, 22 * 60, 6 * 60, 13 * 3600 },
		{ "Asia/Kolkata", 1767225600, 6 * 60, 14 * 60, 1800 },
		{ "Europe/Berlin", 1774738800, 3 * 60, 11 * 60, 2 * 3600 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct quiet q = { .open = cases[i].open, .close = cases[i].close };
		int64_t at = quiet_from(&q, cases[i].zone, cases[i].now_s * 1000);
		if (at != (cases[i].now_s + cases[i].wait_s) * 1000)
			fail_msg("row %zu: after %lld s", i,
			         (long long)(at / 1000 - cases[i].now_s));
	}
}

static void
without_a_ledger_nothing_is_known(void **state)
{
	(void)state;
	struct config_sync sync = { .backfill = "auto", .zone = "UTC" };
	struct quiet q;
	char text[QUIET_TEXT];
	sync.from.connection = "a";
	sync.to.connection = "b";
	quiet_look(&q, &sync, "/nowhere", 1767225600000);
	assert_int_equal(q.days, 0);
	quiet_text(&q, text);
	assert_string_equal(text, "22:00-06:00");
	sync.backfill = "01:30-02:45";
	quiet_look(&q, &sync, "/nowhere", 1767225600000);
	quiet_text(&q, text);
	assert_string_equal(text, "01:30-02:45");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hours_with_the_fewest_calls_are_quiet),
		cmocka_unit_test(they_begin_by_the_clocks_of_the_zone),
		cmocka_unit_test(without_a_ledger_nothing_is_known),
	};
	zone_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
