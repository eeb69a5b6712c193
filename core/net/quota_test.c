/* SPDX-License-Identifier: Apache-2.0
 *
 * quota_test.c - who may spend how much of a limit, and who goes first: allocation,
 * reserve, priorities.  Half a day of a backfill beside a five-minute sync passes
 * in the clock that the limiter is given, and every call is counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/text.h"
#include "base/zone.h"
#include "net/limiter.h"

#define WALL INT64_C(1795290280000)    /* 2026-11-21T19:44:40Z */

static struct limiter_rules
rules_of(const struct net_limit *limits, size_t count)
{
	struct limiter_rules rules = { NULL, 0 };
	struct rk_err err = ERR_INIT;
	if (limiter_rules_set(&rules, limits, count, &err) != RK_OK)
		fail_msg("%s", err.message);
	return rules;
}

static struct limiter_answer
ask(struct limiter *limiter, const struct limiter_rules *rules, enum net_priority priority,
    int64_t cost, int64_t now, struct limiter_ticket *ticket)
{
	const struct rk_spend spends[] = { { TEXT_LIT("calls"), (uint64_t)cost },
	                                   { TEXT_LIT("places"), 1 } };
	struct limiter_ask asked = { .rules = rules, .connection = TEXT_LIT("a"),
		.host = TEXT_LIT("h"), .spends = spends, .spend_count = 2,
		.priority = priority };
	return limiter_ask(limiter, &asked, now, WALL + now, ticket);
}

static int
admitted(struct limiter *limiter, const struct limiter_rules *rules,
         enum net_priority priority, int64_t now)
{
	struct limiter_ticket ticket = { .count = 0 };
	int count = 0;
	while (ask(limiter, rules, priority, 1, now, &ticket).admitted) {
		limiter_release(&ticket, now);
		count++;
	}
	return count;
}

static void
the_allocation_is_what_is_used_and_a_backfill_leaves_the_reserve(void **state)
{
	(void)state;
	static const struct {
		int64_t calls;
		const char *allocation, *reserve;
		int backfill, rest;            /* Admitted to it, and to others after it. */
	} cases[] = {
		{ 200, "", "", 180, 20 },     { 200, "80%", "", 144, 16 },
		{ 200, "80%", "25%", 120, 40 }, { 200, "50", "10", 40, 10 },
		{ 200, "500", "0", 200, 0 },  { 200, "0", "", 0, 0 },
		{ 1, "", "", 1, 0 },          { 5, "", "", 5, 0 },
		{ 10, "", "100%", 1, 9 },     { 3, "50%", "50%", 1, 0 },
		{ 10, "100%", "700", 1, 9 },  { 250000, "80%", "10%", 180000, 20000 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct net_limit limit = { .name = TEXT_LIT("calls"), .calls = cases[i].calls,
			.per_ms = 60000, .allocation = net_part_of(cases[i].allocation),
			.reserve = net_part_of(cases[i].reserve) };
		struct limiter_rules rules = rules_of(&limit, 1);
		struct limiter limiter = { 0 };
		int backfill = admitted(&limiter, &rules, NET_BACKFILL, 1);
		int retry = admitted(&limiter, &rules, NET_RETRY, 1);
		if (backfill != cases[i].backfill || retry != cases[i].rest)
			fail_msg("row %zu: %d and %d", i, backfill, retry);
		assert_int_equal(admitted(&limiter, &rules, NET_BY_HAND, 2), 0);
		assert_int_equal(net_allowed(cases[i].calls, -1, limit.allocation),
		                 backfill + retry);
		limiter_clear(&limiter);
		limiter_rules_clear(&rules);
	}
}

static void
the_lower_of_what_the_crm_tells_and_what_is_declared_holds(void **state)
{
	(void)state;
	static const struct { const char *told; int most; } cases[] = {
		{ "100", 80 }, { "1000", 160 }, { "0", 160 }, { "-5", 160 }, { "x", 160 },
		{ "99999999999999999999", 160 }, { "1", 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct net_limit limit = { .name = TEXT_LIT("calls"), .calls = 200,
			.per_ms = 60000, .allocation = net_part_of("80%"),
			.told_calls = TEXT_LIT("x-limit") };
		struct limiter_rules rules = rules_of(&limit, 1);
		struct limiter limiter = { 0 };
		struct limiter_ticket ticket;
		assert_true(ask(&limiter, &rules, NET_BY_HAND, 1, 1, &ticket).admitted);
		struct rk_piece piece = { .text = text_of(cases[i].told) };
		struct rk_header header = { .name = TEXT_LIT("x-limit"), .pieces = &piece,
		                            .piece_count = 1 };
		limiter_note(&ticket, &rules, &header, 1);
		limiter_release(&ticket, 1);
		int more = admitted(&limiter, &rules, NET_BY_HAND, 2);
		int most = cases[i].most > 1 ? cases[i].most - 1 : 0;
		if (more != most)
			fail_msg("%s: %d more", cases[i].told, more);
		limiter_clear(&limiter);
		limiter_rules_clear(&rules);
	}
}

static void
another_allocation_holds_for_the_window_that_has_begun(void **state)
{
	(void)state;
	static const struct { const char *allocation; int more; } cases[] = {
		{ "50", 50 }, { "40", 0 }, { "70%", 20 }, { "10%", 0 }, { "", 30 },
	};
	struct limiter limiter = { 0 };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct net_limit limit = { .name = TEXT_LIT("calls"), .calls = 100,
			.per_ms = 86400000, .resets = TEXT_LIT("00:00"),
			.allocation = net_part_of(cases[i].allocation) };
		struct limiter_rules rules = rules_of(&limit, 1);
		assert_int_equal(admitted(&limiter, &rules, NET_BY_HAND, 1), cases[i].more);
		limiter_rules_clear(&rules);
	}
	limiter_clear(&limiter);
}

static int
by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

static void
what_one_waits_for_none_behind_it_takes(void **state)
{
	(void)state;
	struct net_limit limits[] = { { .name = TEXT_LIT("calls"), .calls = 10, .per_ms = 1000 },
	                              { .name = TEXT_LIT("places"), .concurrent = 2 } };
	struct limiter_rules rules = rules_of(limits, 2);
	struct limiter limiter = { 0 };
	struct limiter_ticket ticket, other;
	assert_true(ask(&limiter, &rules, NET_BY_HAND, 8, 1, &ticket).admitted);
	limiter_round(&limiter);
	struct limiter_answer first = ask(&limiter, &rules, NET_BY_HAND, 5, 2, &other);
	struct limiter_answer behind = ask(&limiter, &rules, NET_RETRY, 1, 2, &other);
	assert_false(first.admitted);
	assert_false(behind.admitted);
	assert_true(first.at > 2 && behind.at == first.at);
	/* Who waited has gone: what it waited for is anybody's again. */
	limiter_round(&limiter);
	assert_true(ask(&limiter, &rules, NET_RETRY, 1, 2, &other).admitted);
	limiter_release(&ticket, 2);
	limiter_release(&other, 2);
	limiter_clear(&limiter);
	limiter_rules_clear(&rules);
}

static void
the_order_is_priority_and_then_who_was_served_longest_ago(void **state)
{
	(void)state;
	static const struct { struct limiter_turn a, b; bool before; } cases[] = {
		{ { NET_BY_HAND, 9 }, { NET_INCREMENTAL, 1 }, true },
		{ { NET_INCREMENTAL, 9 }, { NET_RETRY, 1 }, true },
		{ { NET_RETRY, 9 }, { NET_BACKFILL, 1 }, true },
		{ { NET_BACKFILL, 1 }, { NET_BY_HAND, 9 }, false },
		{ { NET_RETRY, 1 }, { NET_RETRY, 2 }, true },
		{ { NET_RETRY, 2 }, { NET_RETRY, 1 }, false },
		{ { NET_RETRY, 1 }, { NET_RETRY, 1 }, false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(limiter_before(cases[i].a, cases[i].b), cases[i].before);
}

static void
a_gap_is_kept_whatever_a_call_spends(void **state)
{
	(void)state;
	struct net_limit gap = { .name = TEXT_LIT(NET_MIN_GAP), .calls = 1, .per_ms = 200,
	                         .every = 1 };
	struct limiter_rules rules = rules_of(&gap, 1);
	struct limiter limiter = { 0 };
	struct limiter_ask nothing = { .rules = &rules, .connection = TEXT_LIT("a") };
	struct limiter_ticket ticket;
	int64_t last = -200;
	int count = 0;
	for (int64_t now = 1; now < 2000; now++) {
		bool good = now % 2 ? ask(&limiter, &rules, NET_BACKFILL, 1, now, &ticket).admitted
			: limiter_ask(&limiter, &nothing, now, WALL + now, &ticket).admitted;
		if (!good)
			continue;
		assert_true(now - last >= 200);
		last = now;
		count++;
		limiter_release(&ticket, now);
	}
	assert_in_range(count, 9, 10);
	limiter_clear(&limiter);
	limiter_rules_clear(&rules);
}

/* Calls come to the CRM late, each by another time, as they do where a machine is busy. */
static void
no_window_at_the_crm_holds_more_however_late_calls_come(void **state)
{
	(void)state;
	enum { LIMIT = 20, WAY = 900, COUNT = 4000, PLACES = 6 };
	struct net_limit limits[] = { { .name = TEXT_LIT("calls"), .calls = LIMIT,
	                                .per_ms = 10000 },
	                              { .name = TEXT_LIT("places"), .concurrent = PLACES } };
	struct limiter_rules rules = rules_of(limits, 2);
	struct limiter limiter = { 0 };
	static int64_t came[COUNT];
	struct { struct limiter_ticket ticket; int64_t ends; } calls[PLACES] = { 0 };
	uint64_t drawn = 1;
	size_t count = 0;
	for (int64_t now = 1; count < COUNT; now += 10) {
		for (size_t i = 0; i < PLACES && count < COUNT; i++) {
			if (calls[i].ticket.count > 0 && calls[i].ends <= now)
				limiter_release(&calls[i].ticket, now);
			if (calls[i].ticket.count > 0
			    || !ask(&limiter, &rules, NET_RETRY, 1, now, &calls[i].ticket).admitted)
				continue;
			drawn = drawn * UINT64_C(6364136223846793005) + 1442695040888963407U;
			came[count] = now + (int64_t)(drawn >> 33) % WAY;
			calls[i].ends = came[count++] + 20;
		}
	}
	qsort(came, COUNT, sizeof *came, by_number);
	for (size_t i = LIMIT; i < COUNT; i++)
		if (came[i] - came[i - LIMIT] < 10000)
			fail_msg("%d calls in %lld ms", LIMIT + 1,
			         (long long)(came[i] - came[i - LIMIT]));
	/* It is used nearly as much as it may be. */
	assert_in_range(came[COUNT - 1], 0, COUNT / LIMIT * 12000);
	limiter_clear(&limiter);
	limiter_rules_clear(&rules);
}

/* ---- A backfill beside a five-minute sync -------------------------------------- */

#define LANES 8                        /* Of the backfill; the sync has one. */
#define CYCLE_MS 300000
#define CYCLES 144                     /* Half a day, with a midnight in it. */
#define CHANGE_MS 3000                 /* A record changes so often. */
#define ROWS 10                        /* A write takes so many of them. */
#define ANSWER_MS 200                  /* What a call takes at the CRM. */
#define CALLS_MAX 2000000
#define NEVER INT64_MAX

enum lane_state { LANE_IDLE, LANE_WAITING, LANE_RUNNING };

struct lane {
	enum lane_state state;
	enum net_priority priority;
	uint64_t *served;              /* borrowed: its run's */
	uint64_t round;
	int64_t at;                    /* It asks then, or its call ends. */
	int64_t asked_at;
	struct limiter_ticket ticket;
};

struct day {
	struct limiter limiter;
	struct limiter_rules rules;
	struct lane lanes[1 + LANES];  /* The first is the sync's. */
	size_t lane_count;
	uint64_t served, sync_served, backfill_served;
	int64_t now, wake;
	int64_t left, carried_to, slot; /* Of the sync: calls of its run; what it carries. */
	int64_t *waits;                /* From change to target, each change. */
	size_t wait_count;
	int64_t *calls;                /* When each call came to the CRM. */
	size_t call_count;
	int64_t backfilled, longest_wait;
};

/* A run reads a page, and writes what has changed since the last one. */
static void
begin_run(struct day *d)
{
	int64_t changes = d->now / CHANGE_MS - d->carried_to;
	d->left = 1 + (changes + ROWS - 1) / ROWS;
}

static void
end_run(struct day *d)
{
	int64_t upto = d->slot / CHANGE_MS;
	for (; d->carried_to < upto; d->carried_to++)
		d->waits[d->wait_count++] = d->now - (d->carried_to + 1) * CHANGE_MS;
	d->slot += CYCLE_MS;
	d->lanes[0].at = d->slot > d->now ? d->slot : d->now;
}

static void
end_call(struct day *d, struct lane *lane)
{
	limiter_release(&lane->ticket, d->now);
	d->wake = d->now;
	lane->state = LANE_IDLE;
	if (lane == &d->lanes[0] && --d->left == 0)
		end_run(d);
}

static void
act(struct day *d, struct lane *lane)
{
	if (lane->state == LANE_RUNNING && lane->at <= d->now)
		end_call(d, lane);
	if (lane->state != LANE_IDLE || lane->at > d->now)
		return;
	if (lane == &d->lanes[0] && d->left == 0)
		begin_run(d);
	lane->state = LANE_WAITING;
	lane->asked_at = d->now;
	d->wake = d->now;
}

static struct lane *
next_lane(struct day *d)
{
	struct lane *first = NULL;
	for (size_t i = 0; i < d->lane_count; i++) {
		struct lane *lane = &d->lanes[i];
		if (lane->state == LANE_WAITING && lane->round != d->limiter.round
		    && (first == NULL
		        || limiter_before((struct limiter_turn){ lane->priority, *lane->served },
		                          (struct limiter_turn){ first->priority, *first->served })))
			first = lane;
	}
	return first;
}

static void
serve(struct day *d)
{
	d->wake = NEVER;
	limiter_round(&d->limiter);
	for (struct lane *lane; (lane = next_lane(d)) != NULL;) {
		lane->round = d->limiter.round;
		struct limiter_answer answer = ask(&d->limiter, &d->rules, lane->priority, 1,
		                                   d->now, &lane->ticket);
		if (!answer.admitted) {
			d->wake = answer.at < d->wake ? answer.at : d->wake;
			continue;
		}
		int64_t waited = d->now - lane->asked_at;
		*lane->served = ++d->served;
		lane->state = LANE_RUNNING;
		lane->at = d->now + ANSWER_MS;
		assert_true(d->call_count < CALLS_MAX);
		d->calls[d->call_count++] = d->now;
		if (lane != &d->lanes[0])
			d->backfilled++;
		else if (waited > d->longest_wait)
			d->longest_wait = waited;
	}
}

static int64_t
next_event(const struct day *d)
{
	int64_t next = d->wake;
	for (size_t i = 0; i < d->lane_count; i++)
		if (d->lanes[i].state != LANE_WAITING && d->lanes[i].at < next)
			next = d->lanes[i].at;
	return next;
}

/* 'lanes' of a backfill that goes with this priority; none: the sync is alone. */
static void
pass_day(struct day *d, const struct net_limit *limits, size_t lanes,
         enum net_priority priority)
{
	*d = (struct day){ .rules = rules_of(limits, 2), .lane_count = 1 + lanes,
		.wake = NEVER, .slot = CYCLE_MS };
	d->waits = calloc((size_t)CYCLES * CYCLE_MS / CHANGE_MS, sizeof *d->waits);
	d->calls = calloc(CALLS_MAX, sizeof *d->calls);
	assert_true(d->waits != NULL && d->calls != NULL);
	d->lanes[0] = (struct lane){ .priority = NET_INCREMENTAL, .at = CYCLE_MS,
	                             .served = &d->sync_served };
	for (size_t i = 1; i <= lanes; i++)
		d->lanes[i] = (struct lane){ .priority = priority, .at = 1,
		                             .served = &d->backfill_served };
	while (d->slot < (int64_t)CYCLES * CYCLE_MS) {
		d->now = next_event(d);
		for (size_t i = 0; i < d->lane_count; i++)
			act(d, &d->lanes[i]);
		if (d->wake <= d->now)
			serve(d);
	}
}

static void
forget_day(struct day *d)
{
	limiter_clear(&d->limiter);
	limiter_rules_clear(&d->rules);
	free(d->waits);
	free(d->calls);
}

static int64_t
p95(struct day *d)
{
	assert_true(d->wait_count > 1000);
	qsort(d->waits, d->wait_count, sizeof *d->waits, by_number);
	return d->waits[d->wait_count * 95 / 100];
}

/* Any window of that length, not only those of a clock; a window by the day is that of
 * UTC here. */
static void
check_windows(const struct day *d, const struct net_limit *limit)
{
	size_t most = (size_t)net_allowed(limit->calls, -1, limit->allocation);
	for (size_t i = most; i < d->call_count; i++) {
		int64_t then = d->calls[i - most], now = d->calls[i];
		if (limit->resets.len > 0
		        ? (WALL + then) / 86400000 == (WALL + now) / 86400000
		        : now - then < limit->per_ms)
			fail_msg("over %zu calls in a window that ends at %lld", most,
			         (long long)now);
	}
}

static void
a_backfill_does_not_keep_a_five_minute_sync_waiting(void **state)
{
	(void)state;
	static const struct {
		struct net_limit limits[2];
		int64_t backfilled;            /* At least; the sync makes 1,573 calls. */
	} cases[] = {
		/* HotProfile: one call at a time, 750 in five minutes. */
		{ { { .name = TEXT_LIT("calls"), .calls = 750, .per_ms = 300000 },
		    { .name = TEXT_LIT("places"), .concurrent = 1 } }, 15730 },
		/* The same with a share of it. */
		{ { { .name = TEXT_LIT("calls"), .calls = 750, .per_ms = 300000,
		      .allocation = { NET_PART_PERCENT, 40 } },
		    { .name = TEXT_LIT("places"), .concurrent = 1 } }, 15730 },
		/* HubSpot's burst. */
		{ { { .name = TEXT_LIT("calls"), .calls = 190, .per_ms = 10000 },
		    { .name = TEXT_LIT("places"), .concurrent = 4 } }, 15730 },
		/* kintone: so many a day, which the backfill would use up in an hour. */
		{ { { .name = TEXT_LIT("calls"), .calls = 10000, .per_ms = 86400000,
		      .resets = TEXT_LIT("00:00"), .reserve = { NET_PART_PERCENT, 40 } },
		    { .name = TEXT_LIT("places"), .concurrent = 100 } }, 6000 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct day alone, beside;
		pass_day(&alone, cases[i].limits, 0, NET_BACKFILL);
		pass_day(&beside, cases[i].limits, LANES, NET_BACKFILL);
		int64_t without = p95(&alone), with = p95(&beside);
		if (with * 10 > without * 11)
			fail_msg("row %zu: %lld ms at p95, %lld alone", i, (long long)with,
			         (long long)without);
		check_windows(&beside, &cases[i].limits[0]);
		if (beside.backfilled < cases[i].backfilled)
			fail_msg("row %zu: the backfill made %lld calls", i,
			         (long long)beside.backfilled);
		/* A call waits for one that is under way, at most. */
		if (beside.longest_wait > ANSWER_MS)
			fail_msg("row %zu: a call of the sync waited %lld ms", i,
			         (long long)beside.longest_wait);
		forget_day(&alone);
		forget_day(&beside);
	}
}

/* So that the case above means something. */
static void
a_backfill_that_passes_for_a_sync_does(void **state)
{
	(void)state;
	static const struct net_limit limits[] = {
		{ .name = TEXT_LIT("calls"), .calls = 750, .per_ms = 300000 },
		{ .name = TEXT_LIT("places"), .concurrent = 1 },
	};
	struct day alone, beside;
	pass_day(&alone, limits, 0, NET_BACKFILL);
	pass_day(&beside, limits, LANES, NET_INCREMENTAL);
	assert_true(p95(&beside) * 10 > p95(&alone) * 11);
	check_windows(&beside, &limits[0]);
	forget_day(&alone);
	forget_day(&beside);
}

static int
begin(void **state)
{
	(void)state;
	zone_init();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_allocation_is_what_is_used_and_a_backfill_leaves_the_reserve),
		cmocka_unit_test(the_lower_of_what_the_crm_tells_and_what_is_declared_holds),
		cmocka_unit_test(another_allocation_holds_for_the_window_that_has_begun),
		cmocka_unit_test(what_one_waits_for_none_behind_it_takes),
		cmocka_unit_test(the_order_is_priority_and_then_who_was_served_longest_ago),
		cmocka_unit_test(a_gap_is_kept_whatever_a_call_spends),
		cmocka_unit_test(no_window_at_the_crm_holds_more_however_late_calls_come),
		cmocka_unit_test(a_backfill_does_not_keep_a_five_minute_sync_waiting),
		cmocka_unit_test(a_backfill_that_passes_for_a_sync_does),
	};
	return cmocka_run_group_tests(tests, begin, NULL);
}
