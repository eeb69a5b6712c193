/* SPDX-License-Identifier: Apache-2.0
 *
 * limiter_test.c - the limiter, and the ledger that keeps it, under a clock that the
 * test moves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/err.h"
#include "base/text.h"
#include "base/zone.h"
#include "net/ledger.h"
#include "record/http.h"
#include "record/wire.h"

#define WALL INT64_C(1795290280000)    /* 2026-11-21T19:44:40Z */

static const struct rk_spend burst[] = { { { "burst", 5 }, 1 } };

static struct limiter_rules
rules_of(const struct net_limit *limits, size_t count)
{
	struct limiter_rules rules = { NULL, 0 };
	struct rk_err err = ERR_INIT;
	if (limiter_rules_set(&rules, limits, count, &err) != RK_OK)
		fail_msg("%s", err.message);
	return rules;
}

static struct limiter_ask
ask_for(const struct limiter_rules *rules, const char *connection, const char *object)
{
	return (struct limiter_ask){ .rules = rules, .connection = text_of(connection),
	                             .object = text_of(object), .host = TEXT_LIT("h"),
	                             .spends = burst, .spend_count = 1 };
}

/* Admitted and ended at once. */
static bool
call(struct limiter *limiter, const struct limiter_ask *ask, int64_t now)
{
	struct limiter_ticket ticket;
	bool admitted = limiter_ask(limiter, ask, now, WALL + now, &ticket).admitted;
	if (admitted)
		limiter_release(&ticket, now);
	return admitted;
}

static void
no_window_ever_holds_more_than_the_limit(void **state)
{
	(void)state;
	static const struct { int64_t calls, per_ms, step_ms; } cases[] = {
		{ 1, 1000, 1 }, { 5, 1000, 7 }, { 190, 10000, 3 }, { 4, 10, 1 },
		{ 100, 60000, 50 }, { 7, 1000, 400 },
	};
	for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
		struct net_limit limit = {.name = TEXT_LIT("burst"),
					  .calls = cases[k].calls,
					  .per_ms = cases[k].per_ms};
		struct limiter_rules rules = rules_of(&limit, 1);
		struct limiter limiter = { 0 };
		struct limiter_ask ask = ask_for(&rules, "a", "");
		int64_t *at = calloc(200000, sizeof *at);
		size_t count = 0;
		for (int64_t now = 1; now < cases[k].per_ms * 6; now += cases[k].step_ms)
			if (call(&limiter, &ask, now))
				at[count++] = now;
		size_t most = (size_t)cases[k].calls;
		for (size_t i = most; i < count; i++)
			assert_true(at[i] - at[i - most] >= cases[k].per_ms);
		/* And the limit is made use of: nine tenths of what six windows hold,
		 * or of what was asked. */
		size_t asked = (size_t)(cases[k].per_ms * 6 / cases[k].step_ms);
		size_t could = asked < most * 6 ? asked : most * 6;
		assert_true(count * 10 >= could * 8);
		free(at);
		limiter_clear(&limiter);
		limiter_rules_clear(&rules);
	}
}

static void
the_wait_that_is_told_is_the_wait(void **state)
{
	(void)state;
	struct net_limit limit = {.name = TEXT_LIT("burst"), .calls = 3, .per_ms = 1000};
	struct limiter_rules rules = rules_of(&limit, 1);
	struct limiter limiter = { 0 };
	struct limiter_ask ask = ask_for(&rules, "a", "");
	struct limiter_ticket ticket;
	for (int64_t now = 100; now <= 300; now += 100)
		assert_true(call(&limiter, &ask, now));
	struct limiter_answer answer = limiter_ask(&limiter, &ask, 400, WALL, &ticket);
	assert_false(answer.admitted);
	assert_true(answer.at >= 1100 && answer.at <= 1100 + 1000 / 64 + 1);
	assert_string_equal(answer.by->name, "burst");
	assert_false(call(&limiter, &ask, answer.at - 1));
	assert_true(call(&limiter, &ask, answer.at));
	limiter_clear(&limiter);
	limiter_rules_clear(&rules);
}

static void
scopes_count_apart_or_together(void **state)
{
	(void)state;
	static const struct {
		const char *scope, *connection, *object, *host;
		bool admitted;                 /* After a call of "a", "x", "h". */
	} cases[] = {
	    {"connection", "a", "x", "h", false}, {"connection", "a", "y", "i", false},
	    {"connection", "b", "x", "h", true},  {"object", "a", "x", "i", false},
	    {"object", "a", "y", "h", true},      {"object", "b", "x", "h", true},
	    {"host", "b", "y", "h", false},       {"host", "a", "x", "i", true},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct net_limit limit = {.name = TEXT_LIT("burst"),
					  .calls = 1,
					  .per_ms = 1000,
					  .scope = text_of(cases[i].scope)};
		struct limiter_rules rules = rules_of(&limit, 1);
		struct limiter limiter = { 0 };
		struct limiter_ask ask = ask_for(&rules, "a", "x");
		assert_true(call(&limiter, &ask, 1));
		ask = ask_for(&rules, cases[i].connection, cases[i].object);
		ask.host = text_of(cases[i].host);
		if (call(&limiter, &ask, 2) != cases[i].admitted)
			fail_msg("row %zu", i);
		limiter_clear(&limiter);
		limiter_rules_clear(&rules);
	}
}

static void
places_are_taken_and_given_back(void **state)
{
	(void)state;
	struct net_limit limit = { .name = TEXT_LIT("burst"), .concurrent = 2 };
	struct limiter_rules rules = rules_of(&limit, 1);
	struct limiter limiter = { 0 };
	struct limiter_ask ask = ask_for(&rules, "a", "");
	struct limiter_ticket one = {.count = 0}, two = {.count = 0},
			      three = {.count = 0};
	assert_true(limiter_ask(&limiter, &ask, 1, WALL, &one).admitted);
	assert_true(limiter_ask(&limiter, &ask, 1, WALL, &two).admitted);
	struct limiter_answer answer = limiter_ask(&limiter, &ask, 1, WALL, &three);
	assert_false(answer.admitted);
	assert_true(answer.at == INT64_MAX);
	limiter_release(&three, 1);               /* Holds nothing: harmless. */
	limiter_release(&one, 1);
	limiter_release(&one, 1);
	assert_true(limiter_ask(&limiter, &ask, 1, WALL, &three).admitted);
	assert_false(limiter_ask(&limiter, &ask, 1, WALL, &one).admitted);
	limiter_release(&two, 1);
	limiter_release(&three, 1);
	limiter_clear(&limiter);
	limiter_rules_clear(&rules);
}

/* How many calls of the limit go at the same time, after 'calls' and 'used' were told. */
static size_t
places_after(const struct net_limit *limit, const char *calls, const char *used)
{
	const struct rk_piece pieces[] = { { .text = text_of(calls) },
	                                   { .text = text_of(used) } };
	const struct rk_header headers[] = { { TEXT_LIT("x-most"), &pieces[0], 1 },
	                                     { TEXT_LIT("x-used"), &pieces[1], 1 } };
	struct limiter_ticket tickets[20];
	struct limiter_rules rules = rules_of(limit, 1);
	struct limiter limiter = { 0 };
	struct limiter_ask ask = ask_for(&rules, "a", "");
	size_t count = 0;
	assert_true(limiter_ask(&limiter, &ask, 1, WALL, &tickets[0]).admitted);
	limiter_note(&tickets[0], &rules, headers, 2);
	limiter_release(&tickets[0], 1);
	while (count < 20
	       && limiter_ask(&limiter, &ask, 2, WALL, &tickets[count]).admitted)
		count++;
	for (size_t i = 0; i < count; i++)
		limiter_release(&tickets[i], 2);
	assert_true(call(&limiter, &ask, 3));
	limiter_clear(&limiter);
	limiter_rules_clear(&rules);
	return count;
}

static void
where_others_take_most_places_one_call_goes_at_a_time(void **state)
{
	(void)state;
	static const struct net_limit limit = {
		.name = { "burst", 5 }, .concurrent = 8, .told_calls = { "x-most", 6 },
		.told_used = { "x-used", 6 } };
	static const struct { const char *calls, *used; size_t places; } cases[] = {
		{ "100", "1", 8 }, { "100", "50", 8 }, { "100", "51", 1 },
		{ "100", "101", 1 }, { "100", "x", 8 }, { "x", "99", 8 }, { "0", "0", 8 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(places_after(&limit, cases[i].calls, cases[i].used),
		                 cases[i].places);
}

/* "api-usage=18/100000; per-app-api-usage=17/250(appName=x)" is one header. */
static void
numbers_may_be_parts_of_a_header(void **state)
{
	(void)state;
	static const struct net_limit limit = {
		.name = { "burst", 5 }, .concurrent = 8,
		.told_calls = TEXT_LIT("x-most api-usage=#/"),
		.told_used = TEXT_LIT("x-used api-usage=") };
	static const struct { const char *text; size_t places; } cases[] = {
		{ "api-usage=51/100", 1 }, { "api-usage=50/100; api-bursts=1/750", 8 },
		{ "per-app-api-usage=1/100; api-usage=51/100", 1 },
		{ "per-app-api-usage=51/100", 8 }, { "api-usage=51", 8 },
		{ "api-usage=/100", 8 }, { "api-usage=", 8 }, { "", 8 },
		{ "api-usage=51/100/7(x=api-usage=1/2)", 1 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(places_after(&limit, cases[i].text, cases[i].text),
		                 cases[i].places);
}

static void
one_limit_that_refuses_spends_none_of_the_others(void **state)
{
	(void)state;
	static const struct rk_spend both[] = {
	    {{"burst", 5}, 1}, {{"day", 3}, 1}, {{"unheard-of", 10}, 1}};
	struct net_limit limits[] = {
		{ .name = TEXT_LIT("burst"), .calls = 2, .per_ms = 1000 },
		{ .name = TEXT_LIT("day"), .calls = 1, .resets = TEXT_LIT("00:00") },
	};
	struct limiter_rules rules = rules_of(limits, 2);
	struct limiter limiter = { 0 };
	struct limiter_ticket ticket;
	struct limiter_ask ask = ask_for(&rules, "a", "");
	ask.spends = both;
	ask.spend_count = 3;
	assert_true(call(&limiter, &ask, 1));
	struct limiter_answer answer = limiter_ask(&limiter, &ask, 2, WALL, &ticket);
	assert_false(answer.admitted);
	assert_string_equal(answer.by->name, "day");
	assert_false(call(&limiter, &ask, 3));
	ask.spend_count = 1;
	assert_true(call(&limiter, &ask, 4));  /* One of two was left. */
	assert_false(call(&limiter, &ask, 5));
	limiter_clear(&limiter);
	limiter_rules_clear(&rules);
}

static void
a_day_ends_when_it_ends_at_the_crm(void **state)
{
	(void)state;
	static const struct { const char *resets, *zone; int64_t after_ms; } cases[] = {
		/* From 19:44:40Z, which is 04:44:40 of the next day in Tokyo. */
		{ "00:00", "", (4 * 3600 + 15 * 60 + 20) * 1000 },
		{ "00:00", "Asia/Tokyo", (19 * 3600 + 15 * 60 + 20) * 1000 },
		{ "05:00", "Asia/Tokyo", (15 * 60 + 20) * 1000 },
		/* 11:44:40 in Los Angeles, winter time. */
		{ "12:00", "America/Los_Angeles", (15 * 60 + 20) * 1000 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct net_limit limit = { .name = TEXT_LIT("burst"), .calls = 2,
		                           .resets = text_of(cases[i].resets),
		                           .zone = text_of(cases[i].zone) };
		struct limiter_rules rules = rules_of(&limit, 1);
		struct limiter limiter = { 0 };
		struct limiter_ask ask = ask_for(&rules, "a", "");
		struct limiter_ticket ticket;
		assert_true(call(&limiter, &ask, 0));
		assert_true(call(&limiter, &ask, 1));
		struct limiter_answer answer =
		    limiter_ask(&limiter, &ask, 0, WALL, &ticket);
		if (answer.admitted || answer.at != cases[i].after_ms)
			fail_msg("row %zu: %lld", i, (long long)answer.at);
		assert_false(call(&limiter, &ask, cases[i].after_ms - 1));
		assert_true(call(&limiter, &ask, cases[i].after_ms));
		limiter_clear(&limiter);
		limiter_rules_clear(&rules);
	}
}

static void
a_pause_holds_all_that_spend_the_same(void **state)
{
	(void)state;
	struct net_limit limit = {
	    .name = TEXT_LIT("burst"), .calls = 100, .per_ms = 1000};
	struct limiter_rules rules = rules_of(&limit, 1);
	struct limiter limiter = { 0 };
	struct limiter_ask ask = ask_for(&rules, "a", ""),
			   other = ask_for(&rules, "b", "");
	struct limiter_ticket ticket, none;
	assert_true(limiter_ask(&limiter, &ask, 1, WALL, &ticket).admitted);
	limiter_pause(&ticket, 5000);
	limiter_pause(&ticket, 3000);          /* The longer one holds. */
	limiter_release(&ticket, 1);
	struct limiter_answer answer = limiter_ask(&limiter, &ask, 2, WALL, &none);
	assert_false(answer.admitted);
	assert_true(answer.paused && answer.at == 5000);
	assert_true(call(&limiter, &other, 2));
	assert_true(call(&limiter, &ask, 5000));
	limiter_clear(&limiter);
	limiter_rules_clear(&rules);
}

static void
memory_stays_bounded_however_many_objects_are_named(void **state)
{
	(void)state;
	struct net_limit limit = { .name = TEXT_LIT("burst"), .calls = 10, .per_ms = 100,
	                           .scope = TEXT_LIT("object") };
	struct limiter_rules rules = rules_of(&limit, 1);
	struct limiter limiter = { 0 };
	for (int i = 0; i < 5000; i++) {
		char name[20];
		snprintf(name, sizeof name, "o%d", i);
		struct limiter_ask ask = ask_for(&rules, "a", name);
		assert_true(call(&limiter, &ask, i * 10));
	}
	assert_true(limiter.count < 300);
	for (int i = 0; i < 12000; i++) {      /* All at one moment. */
		char name[20];
		snprintf(name, sizeof name, "p%d", i);
		struct limiter_ask ask = ask_for(&rules, "a", name);
		call(&limiter, &ask, 100000);
	}
	assert_true(limiter.count <= 10001);
	limiter_clear(&limiter);
	limiter_rules_clear(&rules);
}

static void
rules_that_make_no_sense_are_refused_by_name(void **state)
{
	(void)state;
	static const struct { struct net_limit limit; const char *words;
	} cases[] = {
	    {{.name = {"day", 3}, .calls = 5}, "window"},
	    {{.name = {"day", 3}, .calls = 5, .resets = {"24:00", 5}}, "24:00"},
	    {{.name = {"day", 3}, .calls = 5, .resets = {"0:000", 5}}, "0:000"},
	    {{.name = {"day", 3},
	      .calls = 5,
	      .resets = {"00:00", 5},
	      .zone = {"../passwd", 9}},
	     "../passwd"},
	    {{.name = {"day", 3}, .scope = {"planet", 6}}, "planet"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct limiter_rules rules = { NULL, 0 };
		struct rk_err err = ERR_INIT;
		assert_int_equal(limiter_rules_set(&rules, &cases[i].limit, 1, &err),
				 RK_PAUSE);
		assert_int_equal(err.category, RK_CAT_CONFIG);
		if (strstr(err.message, cases[i].words) == NULL
		    || strstr(err.message, "'day'") == NULL)
			fail_msg("row %zu: %s", i, err.message);
		assert_null(rules.rules);
	}
}

static void
a_minute_that_a_day_lacks_is_found_all_the_same(void **state)
{
	(void)state;
	/* 2027-03-14 in New York: 02:30 does not exist; from 00:00 local on. */
	int64_t midnight = INT64_C(1805000400000);
	int64_t next = zone_next("America/New_York", 150, midnight);
	assert_true(next > midnight && next <= midnight + 26 * 3600 * 1000);
	assert_int_equal(zone_next("No/Such_Zone", 0, WALL) % 86400000, 0);
}

struct kept {
	char key[8][128], body[8][2048];
	size_t key_len[8], body_len[8], count;
};

static bool
keep(void *with, struct rk_text key, struct rk_text body, int64_t rests)
{
	struct kept *k = with;
	assert_true(k->count < 8 && key.len < 128 && body.len < 2048 && rests > 0);
	memcpy(k->key[k->count], key.ptr, key.len);
	memcpy(k->body[k->count], body.ptr, body.len);
	k->key_len[k->count] = key.len;
	k->body_len[k->count++] = body.len;
	return true;
}

static void
load_kept(struct limiter *limiter, const struct kept *k, int64_t now, int64_t wall)
{
	for (size_t i = 0; i < k->count; i++)
		limiter_load(limiter, (struct rk_text){ k->key[i], k->key_len[i] },
		             (struct rk_text){ k->body[i], k->body_len[i] }, now, wall);
}

static void
what_is_saved_holds_in_a_later_limiter(void **state)
{
	(void)state;
	struct net_limit limit = { .name = TEXT_LIT("burst"), .calls = 2, .per_ms = 60000 };
	struct limiter_rules rules = rules_of(&limit, 1);
	struct limiter old = { 0 }, new = { 0 }, much = { 0 };
	struct limiter_ask ask = ask_for(&rules, "a", "");
	struct limiter_ticket ticket;
	struct kept kept = { .count = 0 };
	assert_true(call(&old, &ask, 1000));
	assert_true(call(&old, &ask, 2000));
	limiter_save(&old, 2000, WALL + 2000, keep, &kept);
	assert_int_equal(kept.count, 1);
	limiter_saved(&old);
	limiter_save(&old, 2000, WALL + 2000, keep, &kept);
	assert_int_equal(kept.count, 1);        /* Nothing has changed. */
	/* Another boot: the monotonic clock begins anew, ten seconds later. */
	load_kept(&new, &kept, 0, WALL + 12000);
	assert_false(limiter_ask(&new, &ask, 0, WALL + 12000, &ticket).admitted);
	assert_true(limiter_ask(&new, &ask, 52000, WALL + 64000, &ticket).admitted);
	limiter_pause(&ticket, INT64_C(90) * 24 * 3600 * 1000);
	limiter_release(&ticket, 52000);
	kept.count = 0;
	limiter_save(&new, 52000, WALL + 64000, keep, &kept);
	load_kept(&much, &kept, 0, WALL + 64000);
	assert_true(limiter_ask(&much, &ask, 0, WALL + 64000, &ticket).at
	            <= LIMITER_PAUSE_MAX_MS);
	limiter_clear(&old);
	limiter_clear(&new);
	limiter_clear(&much);
	limiter_rules_clear(&rules);
}

/* A limit of a day, and in the second row a pause, kept under a clock a year ahead;
 * then one net after another, each loading what the one before it kept. */
static void
a_clock_that_was_ahead_holds_nothing_back_for_long(void **state)
{
	(void)state;
	static const int64_t day = INT64_C(24) * 3600 * 1000, pauses[] = { 0, 60000 };
	struct net_limit limit = { .name = TEXT_LIT("burst"), .calls = 2, .per_ms = day };
	struct limiter_rules rules = rules_of(&limit, 1);
	struct limiter_ask ask = ask_for(&rules, "a", "");
	for (size_t i = 0; i < 2; i++) {
		struct limiter ahead = { 0 };
		struct limiter_ticket ticket;
		struct kept kept = { .count = 0 };
		int64_t wall = WALL;
		assert_true(i == 1 || call(&ahead, &ask, 1000));
		assert_true(limiter_ask(&ahead, &ask, 1000, wall, &ticket).admitted);
		limiter_pause(&ticket, pauses[i]);
		limiter_release(&ticket, 1000);
		limiter_save(&ahead, 1000, WALL + 365 * day, keep, &kept);
		limiter_clear(&ahead);
		for (int net = 0; net < 3; net++, wall += day * 3 / 4) {
			struct limiter next = { 0 };
			load_kept(&next, &kept, 0, wall);
			bool admitted =
			    limiter_ask(&next, &ask, 0, wall, &ticket).admitted;
			if (admitted != (i == 0 ? net == 2 : net > 0))
				fail_msg("row %zu, net %d: %d", i, net, admitted);
			if (admitted)
				limiter_release(&ticket, 0);
			struct kept later = { .count = 0 };
			limiter_save(&next, 0, wall, keep, &later);
			if (later.count > 0)
				kept = later;
			limiter_clear(&next);
		}
	}
	limiter_rules_clear(&rules);
}

static void
what_is_no_bucket_is_not_loaded(void **state)
{
	(void)state;
	struct limiter limiter = { 0 };
	static const char junk[] = "\1\10\0\0\0\1\2\3\4\5\6\7\10\1\10\0\0\0\377\377\377\377"
	                           "\377\377\377\377";
	for (size_t len = 0; len < sizeof junk; len++)
		limiter_load(&limiter, TEXT_LIT("k"), (struct rk_text){ junk, len }, 0, WALL);
	assert_int_equal(limiter.count, 0);
	limiter_clear(&limiter);
}

/* ---- The ledger ------------------------------------------------------------ */

struct place {                         /* A state folder with a net.db. */
	char folder[64], file[80];
	sqlite3 *other;                /* Another program at the same file. */
};

static struct place
make_place(void)
{
	struct place p = { .folder = "/tmp/ledger_test.XXXXXX" };
	assert_non_null(mkdtemp(p.folder));
	snprintf(p.file, sizeof p.file, "%s/net.db", p.folder);
	return p;
}

static void
other(struct place *p, const char *sql)
{
	if (p->other == NULL)
		assert_int_equal(sqlite3_open(p->file, &p->other), SQLITE_OK);
	if (sqlite3_exec(p->other, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(p->other));
}

/* The first number that 'sql' finds in the file. */
static int64_t
found(struct place *p, const char *sql)
{
	sqlite3_stmt *st;
	other(p, "");
	assert_int_equal(sqlite3_prepare_v2(p->other, sql, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	int64_t number = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return number;
}

static void
remove_place(struct place *p)
{
	sqlite3_close(p->other);
	unlink(p->file);
	assert_int_equal(rmdir(p->folder), 0);
}

static const char calls_kept[] = "SELECT sum(calls) FROM spend WHERE limit_name = ''";

/* Neither by a lock when it is begun, nor by one of readers when it is ended. */
static void
what_a_held_file_refuses_waits_and_is_written_later(void **state)
{
	(void)state;
	static const char *const locks[] = { "BEGIN EXCLUSIVE",
	                                     "BEGIN; SELECT count(*) FROM spend" };
	struct net_limit limit = { .name = TEXT_LIT("burst"), .calls = 2, .per_ms = 60000 };
	struct limiter_rules rules = rules_of(&limit, 1);
	struct limiter_ask ask = ask_for(&rules, "a", "");
	for (size_t i = 0; i < 2; i++) {
		struct place p = make_place();
		struct limiter limiter = { 0 };
		struct ledger *l = ledger_open(p.folder, &limiter, 0, WALL);
		assert_true(call(&limiter, &ask, 1));
		ledger_spend(l, TEXT_LIT("a"), TEXT_LIT("one"), burst, 1, 1, WALL);
		other(&p, locks[i]);
		ledger_flush(l, 1000, WALL);
		assert_true(ledger_due(l) > 2000 && ledger_due(l) < 60000);
		ledger_spend(l, TEXT_LIT("a"), TEXT_LIT("one"), burst, 1, 1500, WALL);
		assert_true(ledger_due(l) > 2000);
		other(&p, "ROLLBACK");
		assert_int_equal(found(&p, calls_kept), 0);
		ledger_flush(l, ledger_due(l), WALL);
		assert_true(ledger_due(l) == INT64_MAX);
		assert_int_equal(found(&p, calls_kept), 2);
		assert_int_equal(found(&p, "SELECT count(*) FROM bucket"), 1);
		ledger_close(l);
		limiter_clear(&limiter);
		remove_place(&p);
	}
	limiter_rules_clear(&rules);
}

/* Calls at 'burst' that are told as those of the last 24 hours. */
static int64_t
told_at(struct ledger *l, int64_t wall)
{
	int64_t calls = 0;
	struct arena arena = { 0 };
	struct net_usage usage;
	BUF_AUTO message = BUF_INIT(65536);
	wire_close(&message, wire_open(&message, WIRE_LIST));
	ledger_shares(l, &message, wall);
	assert_true(http_decode_usage(buf_text(&message), &arena, &usage));
	for (size_t i = 0; i < usage.share_count; i++)
		if (text_is(usage.shares[i].limit, "burst"))
			calls += usage.shares[i].calls;
	arena_free(&arena);
	return calls;
}

static void
calls_leave_the_last_day_one_by_one(void **state)
{
	(void)state;
	static const int64_t hour = 3600 * 1000, day = 24 * hour;
	static const struct { int64_t after_ms, calls; } cases[] = {
		{ 23 * hour, 5 }, { day - hour / 4, 5 }, { day, 2 }, { 46 * hour, 2 },
		{ 47 * hour, 0 },
	};
	struct limiter limiter = { 0 };
	struct place p = make_place();
	struct ledger *l = ledger_open(p.folder, &limiter, 0, WALL);
	for (int i = 0; i < 5; i++) {
		int64_t wall = i < 3 ? WALL : WALL + 23 * hour;
		ledger_spend(l, TEXT_LIT("a"), TEXT_LIT("one"), burst, 1, 1, wall);
		ledger_flush(l, 1000, wall);
	}
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(told_at(l, WALL + cases[i].after_ms), cases[i].calls);
	ledger_close(l);
	limiter_clear(&limiter);
	remove_place(&p);
}

static void
calls_of_an_hour_are_kept_for_a_week(void **state)
{
	(void)state;
	static const int64_t hour = 3600 * 1000;
	struct limiter limiter = { 0 };
	struct place p = make_place();
	struct ledger *l = ledger_open(p.folder, &limiter, 0, WALL);
	for (int i = 0; i < 300; i++) {
		ledger_hour(l, i % 2 ? TEXT_LIT("a") : TEXT_LIT("b"), WALL + i / 100 * hour);
		if (i % 50 == 0)
			ledger_flush(l, 1000, WALL + i / 100 * hour);
	}
	ledger_flush(l, 1000, WALL + 3 * hour);
	assert_int_equal(found(&p, "SELECT sum(calls) FROM hour"), 300);
	assert_int_equal(found(&p, "SELECT count(*) FROM hour"), 6);
	assert_int_equal(found(&p, "SELECT max(calls) FROM hour"), 50);
	ledger_flush(l, 1000, WALL + 7 * 24 * hour);
	assert_int_equal(found(&p, "SELECT sum(calls) FROM hour"), 300);
	ledger_flush(l, 1000, WALL + 9 * 24 * hour);
	assert_int_equal(found(&p, "SELECT count(*) FROM hour"), 0);
	ledger_close(l);
	limiter_clear(&limiter);
	remove_place(&p);
}

static void
only_a_damaged_file_begins_anew(void **state)
{
	(void)state;
	struct limiter limiter = { 0 };
	struct place p = make_place();
	other(&p, "CREATE TABLE spend(connection TEXT, limit_name TEXT, who TEXT,"
	      " slot INTEGER, calls INTEGER); INSERT INTO spend VALUES('a', '', '', 1, 7);"
	      " CREATE TABLE bucket(other TEXT)");
	other(&p, "BEGIN EXCLUSIVE");
	ledger_close(ledger_open(p.folder, &limiter, 0, WALL));     /* Held. */
	other(&p, "ROLLBACK");
	ledger_close(ledger_open(p.folder, &limiter, 0, WALL));     /* Of another shape. */
	sqlite3_close(p.other);        /* It would go on seeing a file that is removed. */
	p.other = NULL;
	assert_int_equal(found(&p, calls_kept), 7);
	sqlite3_close(p.other);
	p.other = NULL;
	FILE *file = fopen(p.file, "w");
	assert_non_null(file);
	for (int i = 0; i < 4000; i++)
		fputc(i * 7 % 251, file);
	fclose(file);
	ledger_close(ledger_open(p.folder, &limiter, 0, WALL));
	assert_int_equal(found(&p, "SELECT count(*) FROM spend"), 0);
	limiter_clear(&limiter);
	remove_place(&p);
}

static void
no_share_is_lost_however_many_come_at_once(void **state)
{
	(void)state;
	struct limiter limiter = { 0 };
	struct place p = make_place();
	struct ledger *l = ledger_open(p.folder, &limiter, 0, WALL);
	for (int i = 0; i < 3000; i++) {
		char who[20];
		snprintf(who, sizeof who, "w%d", i);
		ledger_spend(l, TEXT_LIT("a"), text_of(who), burst, 1, 1, WALL);
	}
	ledger_flush(l, 1000, WALL);
	ledger_close(l);
	assert_int_equal(found(&p, calls_kept), 3000);
	limiter_clear(&limiter);
	remove_place(&p);
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
		cmocka_unit_test(no_window_ever_holds_more_than_the_limit),
		cmocka_unit_test(the_wait_that_is_told_is_the_wait),
		cmocka_unit_test(scopes_count_apart_or_together),
		cmocka_unit_test(places_are_taken_and_given_back),
		cmocka_unit_test(where_others_take_most_places_one_call_goes_at_a_time),
		cmocka_unit_test(numbers_may_be_parts_of_a_header),
		cmocka_unit_test(one_limit_that_refuses_spends_none_of_the_others),
		cmocka_unit_test(a_day_ends_when_it_ends_at_the_crm),
		cmocka_unit_test(a_pause_holds_all_that_spend_the_same),
		cmocka_unit_test(memory_stays_bounded_however_many_objects_are_named),
		cmocka_unit_test(rules_that_make_no_sense_are_refused_by_name),
		cmocka_unit_test(what_is_saved_holds_in_a_later_limiter),
		cmocka_unit_test(a_clock_that_was_ahead_holds_nothing_back_for_long),
		cmocka_unit_test(what_is_no_bucket_is_not_loaded),
		cmocka_unit_test(what_a_held_file_refuses_waits_and_is_written_later),
		cmocka_unit_test(calls_leave_the_last_day_one_by_one),
		cmocka_unit_test(calls_of_an_hour_are_kept_for_a_week),
		cmocka_unit_test(only_a_damaged_file_begins_anew),
		cmocka_unit_test(no_share_is_lost_however_many_come_at_once),
		cmocka_unit_test(a_minute_that_a_day_lacks_is_found_all_the_same),
	};
	return cmocka_run_group_tests(tests, begin, NULL);
}
