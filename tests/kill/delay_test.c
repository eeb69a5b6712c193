/* SPDX-License-Identifier: Apache-2.0
 *
 * delay_test.c - how long a change is on its way: an hour of the simulators' clock, whole
 * runs of renkei at the times that the schedule has for `every = "5m"`, changes at moments
 * that a seed draws, and a search that sees them half a minute late.  The simulators' log
 * tells when each was made and when it was written. */
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/kill/place.h"
#include "tests/kill/slot.h"
#include "tests/loopback.h"

#define RECORDS 120
#define CHANGES 80
#define MINUTE 60000
#define HOUR (60 * MINUTE)
#define LAG_MS 30000
#define MOST_MS (10 * MINUTE)

struct hour {
	struct place place;
	uint64_t first_id;
	int64_t last_ms;               /* When the last run began. */
	int64_t change_ms[CHANGES];    /* From the beginning, in order. */
	size_t changed, runs;
};

static int
by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* The same moments for the same seed, everywhere. */
static void
draw_moments(struct hour *h, uint64_t seed)
{
	for (size_t i = 0; i < CHANGES; i++) {
		seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		h->change_ms[i] = (int64_t)((seed >> 33) % HOUR);
	}
	qsort(h->change_ms, CHANGES, sizeof *h->change_ms, by_number);
}

/* Until the simulators' clock shows at least that. */
static void
wait_until(const struct hour *h, int64_t ms)
{
	int64_t now = place_now_ms(&h->place);
	assert_true(now > 0);
	if (ms > now)
		assert_true(place_advance(&h->place, ms - now));
}

static void
run(struct hour *h)
{
	struct place_run end;
	h->last_ms = place_now_ms(&h->place);
	assert_true(place_sync(&h->place, &end));
	assert_true(end.told);
	assert_int_equal(end.code, 0);
	h->runs++;
}

/* Each change is of a record of its own, by a name that nothing else has. */
static void
change(struct hour *h)
{
	char name[40];
	snprintf(name, sizeof name, "change-%zu-", h->changed);
	assert_true(place_edit(&h->place, h->first_id + h->changed, PLACE_NAME, name));
	h->changed++;
}

static void
pass_an_hour(struct hour *h)
{
	int64_t begin = place_now_ms(&h->place);
	int64_t end = begin + HOUR + 2 * 5 * MINUTE;
	for (;;) {
		int64_t due = slot_after("5m", h->last_ms);
		int64_t next = h->changed < CHANGES ? begin + h->change_ms[h->changed] : due;
		if (due > end)
			break;
		wait_until(h, next < due ? next : due);
		if (next < due)
			change(h);
		else
			run(h);
	}
	assert_int_equal(h->changed, CHANGES);
	assert_true(h->runs > 1);
}

/* When that name was first written into the object, by the log; 0: never. */
static int64_t
written_ms(const char *log, const char *name, const char *crm)
{
	char member[40];
	snprintf(member, sizeof member, "\"crm\":\"%s\"", crm);
	for (const char *line = log; line != NULL && *line != '\0';) {
		size_t len = strcspn(line, "\n");
		char *text = strndup(line, len);
		const char *ms = strstr(text, "\"ms\":");
		int64_t at = strstr(text, name) != NULL && strstr(text, member) != NULL && ms != NULL
		             ? strtoll(ms + 5, NULL, 10) : 0;
		free(text);
		if (at != 0)
			return at;
		line += len + (line[len] == '\n');
	}
	return 0;
}

static void
judge(const struct hour *h)
{
	int64_t took[CHANGES];
	char *log = loopback_ask(h->place.target_port, "/_control/log", NULL);
	assert_non_null(log);
	for (size_t i = 0; i < CHANGES; i++) {
		char name[40];
		snprintf(name, sizeof name, "change-%zu-", i);
		int64_t made = written_ms(log, name, h->place.source->name);
		int64_t there = written_ms(log, name, h->place.target->name);
		assert_true(made > 0 && there > 0);
		took[i] = there - made;
	}
	free(log);
	qsort(took, CHANGES, sizeof *took, by_number);
	print_message("%s to %s: %d changes, %zu runs; on their way p50 %" PRId64 " s, p95 %"
	              PRId64 " s, at most %" PRId64 " s\n", h->place.source->name,
	              h->place.target->name, CHANGES, h->runs, took[CHANGES / 2] / 1000,
	              took[CHANGES * 95 / 100] / 1000, took[CHANGES - 1] / 1000);
	assert_true(took[0] >= 0);
	assert_true(took[CHANGES - 1] <= MOST_MS);
	/* The clock did pass: who is unlucky waits for most of the five minutes. */
	assert_true(took[CHANGES - 1] > 4 * MINUTE);
}

static void
see(const struct checker_rule *rule, uint64_t seed)
{
	struct place_options options = { .rule = rule, .request_deadline_ms = 5000,
	                                 .source_deadline_ms = 5000,
	                                 .t_land_ms = 400, .t_visible_ms = 50,
	                                 .lag_ms = LAG_MS };
	struct hour h = { 0 };
	assert_true(place_open(&h.place, &options));
	draw_moments(&h, seed);
	h.first_id = place_seed(&h.place, RECORDS, seed);
	assert_true(h.first_id > 0);
	/* What was loaded must be seen by its search. */
	assert_true(place_advance(&h.place, 3 * HOUR));
	run(&h);
	pass_an_hour(&h);
	judge(&h);
	place_close(&h.place, false);
}

static void
a_change_of_hubspot_arrives_within_ten_minutes(void **state)
{
	(void)state;
	see(&checker_contacts, 1);
}

static void
a_change_of_kintone_arrives_within_ten_minutes(void **state)
{
	(void)state;
	see(&checker_customers, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_change_of_hubspot_arrives_within_ten_minutes),
		cmocka_unit_test(a_change_of_kintone_arrives_within_ten_minutes),
	};
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
