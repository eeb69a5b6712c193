/* SPDX-License-Identifier: Apache-2.0
 *
 * zones_test.c - dates and moments in every zone of this machine: a plain date stays
 * what it is whatever zone the process is in, and a day that becomes a moment and a day
 * again, in the zone that is named, is the same day or is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <renkei/times.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/zone.h"
#include "mapping/mapping.h"
#include "mapping/mapping_fields.h"
#include "mapping/moment.h"

#define ZONES ZONE_DIR "/tzdata.zi"

static struct mapping *
compile(const char *from, const char *to)
{
	struct config_map maps[] = { { .from = from, .to = to, .enabled = true },
		                     { .from = "$id", .to = "key", .enabled = true } };
	struct config_sync sync = { .name = "s", .maps = maps, .map_count = 2 };
	struct problems problems = PROBLEMS_INIT;
	struct mapping *m;
	sync.from.object = "contacts";
	sync.to.object = "123";
	sync.to.key = "key";
	if (!mapping_compile(&m, &sync, &source, &target, &problems))
		fail_msg("%s does not compile", from);
	problems_free(&problems);
	return m;
}

/* The date that comes out for a date; empty: the record is refused. */
static struct rk_text
send(const struct mapping *m, int64_t day, struct arena *arena)
{
	struct rk_value value = { .type = RK_DATE }, row[2];
	struct rk_record record = { .id = T("7"), .values = &value };
	struct mapping_fault fault = { 0 };
	value.text = moment_print_date(day * RK_DAY_MS, arena);
	return mapping_apply(m, &record, arena, row, &fault) ? row[0].text
	                                                     : (struct rk_text){ 0 };
}

struct tally {
	unsigned zones, days, skipped;
};

/* True if it comes out as it went in, false if it is refused; anything else fails. */
static bool
stays(const struct mapping *m, int64_t day, const char *zone, struct arena *arena)
{
	struct rk_text went = moment_print_date(day * RK_DAY_MS, arena);
	struct rk_text came = send(m, day, arena);
	if (came.len == 0)
		return false;
	if (came.len != went.len || memcmp(came.ptr, went.ptr, went.len) != 0)
		fail_msg("%s: %.10s became %.10s", zone, went.ptr, came.ptr);
	return true;
}

static void
try_zone(const struct mapping *plain, const char *zone, struct tally *tally)
{
	/* Around the date line's moves, the changes of the clock of 1987 to 2037, and
	 * each day of two years. */
	static const struct { int64_t year, month, day, count;
	} spans[] = {
		{ 2011, 12, 25, 14 }, { 1993, 8, 15, 14 }, { 1994, 12, 25, 14 },
		{ 2018, 1, 1, 365 }, { 2026, 1, 1, 365 }, { 1970, 1, 1, 2 }, { 1901, 12, 1, 40 },
		{ 2037, 12, 25, 14 }, { 1582, 10, 1, 20 },
	};
	char both[300];
	struct arena arena = ARENA_INIT;
	snprintf(both, sizeof both, "date | midnight(%s) | date(%s)", zone, zone);
	struct mapping *there = compile(both, "to_date");
	tally->zones++;
	for (size_t i = 0; i < COUNT(spans); i++) {
		int64_t day = rk_days_of(spans[i].year, spans[i].month, spans[i].day);
		for (int64_t last = day + spans[i].count; day < last; day++) {
			tally->days++;
			tally->skipped += !stays(there, day, zone, &arena);
			assert_true(stays(plain, day, zone, &arena));
		}
		arena_clear(&arena);
	}
	mapping_free(there);
	arena_free(&arena);
}

static void
no_zone_of_the_machine_shifts_a_date(void **state)
{
	(void)state;
	BUF_AUTO zones = BUF_INIT(1 << 20);
	struct mapping *plain = compile("date", "to_date");
	struct tally tally = { 0 };
	char name[100];
	if (!io_read_file(ZONES, &zones))
		skip();
	for (const char *at = buf_str(&zones); at != NULL && *at != '\0';) {
		if (sscanf(at, "Z %99s", name) == 1 || sscanf(at, "L %*s %99s", name) == 1)
			try_zone(plain, name, &tally);
		at = strchr(at, '\n');
		at += at != NULL;
	}
	print_message("%u zones, %u days, %u that a zone does not have\n", tally.zones,
	              tally.days, tally.skipped);
	mapping_free(plain);
	assert_true(tally.zones > 300);
	/* Samoa and Tokelau 2011, Kwajalein 1993, Kiribati 1994/95, with their links. */
	assert_in_range(tally.skipped, 4, 20);
}

static void
a_day_that_a_zone_skipped_is_refused_and_its_neighbours_are_not(void **state)
{
	(void)state;
	static const struct { const char *zone; int64_t year, month, day;
	} cases[] = {
		{ "Pacific/Apia", 2011, 12, 30 },
		{ "Pacific/Fakaofo", 2011, 12, 30 },
		{ "Pacific/Kwajalein", 1993, 8, 21 },
		{ "Pacific/Kiritimati", 1994, 12, 31 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena arena = ARENA_INIT;
		char both[300];
		int64_t day = rk_days_of(cases[i].year, cases[i].month, cases[i].day);
		snprintf(both, sizeof both, "date | midnight(%s) | date(%s)", cases[i].zone,
		         cases[i].zone);
		struct mapping *m = compile(both, "to_date");
		assert_true(stays(m, day - 1, cases[i].zone, &arena));
		assert_false(stays(m, day, cases[i].zone, &arena));
		assert_true(stays(m, day + 1, cases[i].zone, &arena));
		mapping_free(m);
		arena_free(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_zone_of_the_machine_shifts_a_date),
		cmocka_unit_test(a_day_that_a_zone_skipped_is_refused_and_its_neighbours_are_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
