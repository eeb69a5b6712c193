/* SPDX-License-Identifier: Apache-2.0
 *
 * schedule_test.c - when a sync is due.  The last case holds weeks around changes of
 * the clock in three zones against a calculation of other people's making: every minute
 * of them by Python's zoneinfo. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/zone.h"
#include "schedule/schedule.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static int64_t
ms_of(const char *utc)
{
	struct tm tm = { 0 };
	if (utc == NULL)
		return RK_NO_TIME;
	assert_non_null(strptime(utc, "%Y-%m-%dT%H:%M:%SZ", &tm));
	return (int64_t)timegm(&tm) * 1000;
}

static void
it_is_due_when_its_rule_says_so(void **state)
{
	(void)state;
	static const char *weekend[] = { "sat", "sun", "12-31", "2027-01-01" };
	static const struct {
		struct config_sync sync;
		const char *last, *now, *due;  /* due NULL: never */
	} cases[] = {
		{ { .every = "5m" }, NULL, "2026-11-22T00:00:00Z", "2026-11-22T00:00:00Z" },
		{ { .every = "5m" }, "2026-11-22T00:00:00Z", "2026-11-22T00:02:00Z",
		  "2026-11-22T00:05:00Z" },
		/* Missed many times: once, now. */
		{ { .every = "5m" }, "2026-11-20T00:00:00Z", "2026-11-22T00:02:00Z",
		  "2026-11-22T00:02:00Z" },
		/* The clock was set back by a year. */
		{ { .every = "5m" }, "2027-11-22T00:00:00Z", "2026-11-22T00:00:00Z",
		  "2026-11-22T00:05:00Z" },
		{ { .cron = "0 9 * * *", .zone = "Asia/Tokyo" }, NULL, "2026-11-22T00:00:00Z",
		  "2026-11-23T00:00:00Z" },
		{ { .cron = "0 9 * * *", .zone = "Asia/Tokyo" }, "2026-11-20T00:00:00Z",
		  "2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z" },
		/* Four closed days have more minutes than are looked at one by one. */
		{ { .cron = "* * * * *", .zone = "UTC", .blackout = weekend, .blackout_count = 4 },
		  "2026-12-30T23:59:00Z", "2026-12-30T23:59:30Z", "2027-01-04T00:00:00Z" },
		{ { .cron = "*/5 9-17 * * *", .zone = "Asia/Tokyo", .blackout = weekend,
		    .blackout_count = 4 },
		  "2026-12-30T08:55:00Z", "2026-12-30T08:58:00Z", "2027-01-04T00:00:00Z" },
		{ { .cron = "0 9 30 2 *" }, NULL, "2026-11-22T00:00:00Z", NULL },
		{ { .every = NULL }, NULL, "2026-11-22T00:00:00Z", NULL },
		/* 22:00 to 06:00 in Tokyo is 13:00 to 21:00. */
		{ { .every = "1h", .window = "22:00-06:00", .zone = "Asia/Tokyo" },
		  "2026-11-22T20:30:00Z", "2026-11-22T20:30:00Z", "2026-11-23T13:00:00Z" },
		{ { .every = "1h", .window = "22:00-06:00", .zone = "Asia/Tokyo" },
		  "2026-11-22T12:30:00Z", "2026-11-22T13:20:00Z", "2026-11-22T13:30:00Z" },
		{ { .every = "5m", .window = "09:00-17:00" }, NULL, "2026-11-22T17:00:00Z",
		  "2026-11-23T09:00:00Z" },
		{ { .every = "5m", .blackout = weekend, .blackout_count = 4 }, NULL,
		  "2026-11-21T12:00:00Z", "2026-11-23T00:00:00Z" },
		{ { .every = "5m", .blackout = weekend, .blackout_count = 4 }, NULL,
		  "2026-12-31T00:00:00Z", "2027-01-04T00:00:00Z" },
		/* A time of cron that may not be is left out, not put off. */
		{ { .cron = "0 9 * * *", .blackout = weekend, .blackout_count = 4 }, NULL,
		  "2026-11-20T10:00:00Z", "2026-11-23T09:00:00Z" },
		{ { .cron = "0 * * * *", .window = "22:00-02:00" }, NULL,
		  "2026-11-22T01:30:00Z", "2026-11-22T22:00:00Z" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct schedule s;
		struct config_sync sync = cases[i].sync;
		if (sync.zone == NULL)
			sync.zone = "UTC";
		schedule_read(&s, &sync);
		int64_t due = schedule_due(&s, ms_of(cases[i].last), ms_of(cases[i].now));
		int64_t want = cases[i].due == NULL ? SCHEDULE_NEVER : ms_of(cases[i].due);
		if (due != want)
			fail_msg("case %zu: due %lld", i, (long long)(due / 1000));
	}
}

static void
a_week_without_a_free_day_is_never(void **state)
{
	(void)state;
	static const char *all[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat" };
	struct config_sync sync = { .every = "5m", .zone = "UTC", .blackout = all,
	                            .blackout_count = COUNT(all) };
	struct schedule s;
	schedule_read(&s, &sync);
	assert_true(schedule_due(&s, RK_NO_TIME, 0) == SCHEDULE_NEVER);
}

/* A line of the witness: zone, cron, window or "-", the moments (UTC seconds) of which
 * the first is where it begins. */
static size_t
compare_line(char *line)
{
	char *rest, *zone = strtok_r(line, "|", &rest), *cron = strtok_r(NULL, "|", &rest);
	char *window = strtok_r(NULL, "|", &rest);
	int64_t at = strtoll(rest, &rest, 10) * 1000;
	struct config_sync sync = { .zone = zone, .cron = cron,
	                            .window = window[0] == '-' ? NULL : window };
	struct schedule s;
	size_t count = 0;
	schedule_read(&s, &sync);
	for (; *rest == ' '; count++) {
		int64_t want = strtoll(rest, &rest, 10) * 1000;
		int64_t due = schedule_due(&s, at, at);
		if (due != want)
			fail_msg("%s \"%s\" %s after %lld: %lld, not %lld", zone, cron, window,
			         (long long)(at / 1000), (long long)(due / 1000),
			         (long long)(want / 1000));
		at = want;
	}
	return count;
}

/* How many moments the lines of the witness have, each of which 'compare' has looked at. */
static size_t
ask_witness(const char *what, size_t (*compare)(char *line), size_t *lines)
{
	const char *top = getenv("srcdir");
	char command[1000];
	snprintf(command, sizeof command, "python3 %s/core/schedule/witness.py %s",
	         top != NULL ? top : ".", what);
	FILE *f = popen(command, "re");
	assert_non_null(f);
	size_t room = 0, times = 0;
	*lines = 0;
	for (char *line = NULL; getline(&line, &room, f) > 0 || (free(line), false);)
		times += (++*lines, compare(line));
	assert_int_equal(pclose(f), 0);
	return times;
}

static void
times_are_those_of_an_independent_calculation(void **state)
{
	(void)state;
	size_t lines, times = ask_witness("", compare_line, &lines);
	assert_true(lines >= 30 && times >= 1000);
}

#define LOOK_MS (7 * (int64_t)60000)

/* A year with a clock that is looked at every 7 minutes: each digest comes at the first
 * look after its moment, once. */
static size_t
compare_digests(char *line)
{
	char *rest, *zone = strtok_r(line, "|", &rest), *day = strtok_r(NULL, "|", &rest);
	struct config_notice notice = { .zone = zone, .digest_day = day,
	                                .digest_at = strtok_r(NULL, "|", &rest) };
	struct schedule s;
	size_t count = 0;
	int64_t now = ms_of("2025-12-30T12:00:00Z"), last = now, due;
	schedule_read_digest(&s, &notice, day[0] != '-');
	/* What comes before the witness begins is none of its moments. */
	int64_t want = strtoll(rest, &rest, 10) * 1000;
	while ((due = schedule_due(&s, last, now)) < want)
		last = now = due;
	for (; want != 0; want = strtoll(rest, &rest, 10) * 1000, count++) {
		while ((due = schedule_due(&s, last, now)) > now)
			now += (due - now + LOOK_MS - 1) / LOOK_MS * LOOK_MS;
		if (now < want || now >= want + LOOK_MS)
			fail_msg("%s %s: at %lld, not %lld", zone, day, (long long)(now / 1000),
			         (long long)(want / 1000));
		last = now;
	}
	return count;
}

static void
digests_come_by_the_clocks_of_their_zone(void **state)
{
	(void)state;
	size_t lines, times = ask_witness("digests", compare_digests, &lines);
	assert_int_equal(lines, 6);
	assert_true(times >= 3 * 365 + 3 * 52);
}

/* The machine slept for three weeks and a half: one digest, and then as ever. */
static void
digests_that_were_missed_are_made_up_for_once(void **state)
{
	(void)state;
	struct config_notice notice = { .zone = "Asia/Tokyo", .digest_day = "mon",
	                                .digest_at = "08:00" };
	struct schedule s;
	schedule_read_digest(&s, &notice, true);
	int64_t last = ms_of("2026-11-01T23:00:00Z"), woke = ms_of("2026-11-26T03:00:00Z");
	assert_true(schedule_due(&s, last, woke) == woke);
	assert_true(schedule_due(&s, woke, woke) == ms_of("2026-11-29T23:00:00Z"));
}

int
main(void)
{
	zone_init();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_due_when_its_rule_says_so),
		cmocka_unit_test(a_week_without_a_free_day_is_never),
		cmocka_unit_test(times_are_those_of_an_independent_calculation),
		cmocka_unit_test(digests_come_by_the_clocks_of_their_zone),
		cmocka_unit_test(digests_that_were_missed_are_made_up_for_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
