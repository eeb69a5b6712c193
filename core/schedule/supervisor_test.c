/* SPDX-License-Identifier: Apache-2.0
 *
 * supervisor_test.c - which syncs get the places that there are: first loads never have
 * them all.  Runs are a program that ends at once; they count until the supervisor hears
 * of it, which is when a case says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/zone.h"
#include "schedule/supervisor.h"

#define NOW INT64_C(1795290280000)
#define PLACES 4
#define MINUTE 60000

static size_t looks;

/* "load-..." reads everything yet, "late-..." took an hour, the others are short. */
static void
look(void *with, const struct config_sync *sync, struct supervisor_facts *facts)
{
	(void)with;
	looks++;
	facts->loads = strncmp(sync->name, "load", 4) == 0;
	facts->took_ms = strncmp(sync->name, "late", 4) == 0 ? 60 * MINUTE : 800;
	facts->waits = facts->released = strncmp(sync->name, "child", 5) == 0;
	facts->broken_until_ms = strcmp(sync->name, "broken") == 0 ? NOW + 60 * MINUTE : 0;
}

static bool
may_run(void *with, const struct config_sync *sync)
{
	return with == NULL || strcmp(sync->name, with) != 0;
}

static const char *program = "/bin/true";

struct stage {
	char dir[64];
	struct host *host;
	struct supervisor *s;
	struct config config;
	struct config_sync syncs[8];
};

/* Each has begun before, so that its state is looked at: "soon" just now, the others
 * are due.  'off' may not run. */
static void
begin(struct stage *p, const char *const *names, const char *off)
{
	struct supervisor_options options = { .program = program, .config_path = "",
		.state_dir = "", .runs_max = PLACES, .look = look, .may_run = may_run,
		.with = (void *)(uintptr_t)off };
	*p = (struct stage){ .dir = "/tmp/renkei-supervisor-XXXXXX" };
	assert_non_null(mkdtemp(p->dir));
	p->host = host_open(p->dir, NULL);
	assert_non_null(p->host);
	p->config.syncs = p->syncs;
	for (; names[p->config.sync_count] != NULL; p->config.sync_count++) {
		const char *name = names[p->config.sync_count];
		p->syncs[p->config.sync_count] = (struct config_sync){ .name = name,
			.enabled = true, .every = "5m",
			.from = { .connection = name }, .to = { .connection = name } };
		int64_t ago = strcmp(name, "soon") == 0 ? 0 : 10 * MINUTE;
		assert_true(slots_put(p->host, name, NOW - ago, NULL));
	}
	p->s = supervisor_new(&options, p->host);
	supervisor_take(p->s, &p->config, NOW);
}

static void
end(struct stage *p)
{
	static const char *const files[] = { "host.db-wal", "host.db-shm", "host.db" };
	char path[100];
	supervisor_free(p->s);
	host_close(p->host);
	while (waitpid(-1, NULL, 0) > 0)
		continue;
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s/%s", p->dir, files[i]);
		remove(path);
	}
	remove(p->dir);
}

static void
one_ends(struct stage *p)
{
	int status;
	pid_t pid = waitpid(-1, &status, 0);
	assert_true(supervisor_ended(p->s, pid, status, NOW));
}

static void
long_runs_leave_a_place_to_short_ones(void **state)
{
	(void)state;
	static const struct {
		const char *names[8], *off;
		size_t first, then;            /* Runs at first; when one has ended. */
	} cases[] = {
		{ { "load-a", "load-b", "load-c", "load-d", "load-e" }, NULL, 4, 4 },
		{ { "load-a", "late-b", "load-c", "late-d", "short" }, NULL, 4, 0 },
		{ { "a", "b", "c", "d", "e", "f" }, NULL, 4, 4 },
		{ { "a", "load-b", "load-c", "d", "e" }, NULL, 4, 4 },
		/* Kept for those that may run alone. */
		{ { "load-a", "load-b", "load-c", "load-d", "short" }, "short", 4, 3 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct stage p;
		begin(&p, cases[i].names, cases[i].off);
		supervisor_step(p.s, NOW);
		if (supervisor_running(p.s) != cases[i].first)
			fail_msg("row %zu: %zu runs", i, supervisor_running(p.s));
		if (cases[i].then > 0) {
			one_ends(&p);
			supervisor_step(p.s, NOW);
			assert_int_equal(supervisor_running(p.s), cases[i].then);
		}
		end(&p);
	}
}

/* Four loads wait for it; it comes later, and runs when it is due. */
static void
a_short_one_that_comes_later_finds_a_place(void **state)
{
	(void)state;
	static const char *const names[] = { "load-a", "load-b", "load-c", "load-d", "soon",
	                                     NULL };
	struct stage p;
	begin(&p, names, NULL);
	int64_t next = supervisor_step(p.s, NOW);
	assert_int_equal(supervisor_running(p.s), PLACES - 1);
	/* Nobody turns in circles for the load that waits. */
	assert_true(next > NOW);
	supervisor_step(p.s, NOW + 5 * MINUTE);
	assert_int_equal(supervisor_running(p.s), PLACES);
	one_ends(&p);
	supervisor_step(p.s, NOW + 5 * MINUTE);
	assert_in_range(supervisor_running(p.s), PLACES - 1, PLACES);
	end(&p);
}

/* What was due by the old times is due by the new ones. */
static void
a_clock_that_is_set_back_stops_nothing(void **state)
{
	(void)state;
	static const char *const names[] = { "soon", NULL };
	struct stage p;
	begin(&p, names, NULL);
	supervisor_step(p.s, NOW);
	assert_int_equal(supervisor_running(p.s), 0);
	supervisor_step(p.s, NOW - 60 * MINUTE);
	supervisor_step(p.s, NOW - 54 * MINUTE);
	assert_int_equal(supervisor_running(p.s), 1);
	end(&p);
}

/* A person may run what its breaker holds; a webhook may not. */
static void
a_hint_waits_for_what_holds_the_sync(void **state)
{
	(void)state;
	static const char *const names[] = { "broken", "soon", NULL };
	struct stage p;
	begin(&p, names, NULL);
	assert_int_equal(supervisor_run(p.s, "broken", false, NOW), SUPERVISOR_STARTS);
	assert_int_equal(supervisor_run(p.s, "soon", false, NOW + 2000), SUPERVISOR_STARTS);
	supervisor_step(p.s, NOW + 2000);
	assert_int_equal(supervisor_running(p.s), 1);
	assert_int_equal(supervisor_run(p.s, "broken", true, NOW + 2000), SUPERVISOR_STARTS);
	supervisor_step(p.s, NOW + 2000);
	assert_int_equal(supervisor_running(p.s), 2);
	end(&p);
}

/* Its time stays owed. */
static void
what_cannot_be_started_is_tried_again(void **state)
{
	(void)state;
	static const char *const names[] = { "a", NULL };
	struct stage p;
	program = "/nonexistent";
	begin(&p, names, NULL);
	supervisor_step(p.s, NOW);
	assert_int_equal(supervisor_running(p.s), 0);
	assert_int_equal(slots_get(p.host, "a"), NOW - 10 * MINUTE);
	assert_true(supervisor_step(p.s, NOW) <= NOW + MINUTE);
	end(&p);
	program = "/bin/true";
}

/* The last of them is due, the others are not. */
static struct config_sync *
many_syncs(struct stage *p, size_t count)
{
	struct config_sync *syncs = calloc(count, sizeof *syncs);
	char *names = calloc(count, 16);
	assert_true(syncs != NULL && names != NULL);
	assert_true(host_begin(p->host, NULL));
	for (size_t i = 0; i < count; i++) {
		char *name = names + 16 * i;
		snprintf(name, 16, "s%zu", i);
		syncs[i] = (struct config_sync){ .name = name, .enabled = true, .every = "5m",
			.from = { .connection = name }, .to = { .connection = name } };
		int64_t ago = i == count - 1 ? 10 * MINUTE : 0;
		assert_true(slots_put(p->host, name, NOW - ago, NULL));
	}
	assert_true(host_end(p->host, true, NULL));
	return syncs;
}

static void
many_states_keep_no_start_waiting(void **state)
{
	(void)state;
	static const char *const none[] = { NULL };
	enum { COUNT_OF_ALL = 2000, AT_ONCE = 60 };
	struct stage p;
	begin(&p, none, NULL);
	struct config_sync *syncs = many_syncs(&p, COUNT_OF_ALL);
	struct config config = { .syncs = syncs, .sync_count = COUNT_OF_ALL };
	looks = 0;
	supervisor_take(p.s, &config, NOW);
	assert_int_equal(looks, 0);
	/* What is due is looked at before all others, and begins. */
	int64_t next = supervisor_step(p.s, NOW);
	assert_int_equal(supervisor_running(p.s), 1);
	assert_in_range(looks, 1, AT_ONCE);
	for (size_t before = looks; next <= NOW; before = looks) {
		next = supervisor_step(p.s, NOW);
		assert_true(looks - before <= AT_ONCE);
		assert_true(next > NOW || looks > before);
	}
	assert_int_equal(looks, COUNT_OF_ALL);
	supervisor_step(p.s, NOW);
	assert_int_equal(looks, COUNT_OF_ALL);
	end(&p);
	free((char *)(uintptr_t)syncs[0].name);
	free(syncs);
}

static void
what_waits_for_another_syncs_records_is_due_when_that_ends(void **state)
{
	(void)state;
	static const char *const names[] = { "child", "parent", "other", NULL };
	struct stage p;
	begin(&p, names, NULL);
	p.syncs[0].from = p.syncs[1].from;
	supervisor_step(p.s, NOW);
	assert_int_equal(supervisor_running(p.s), 3);
	while (supervisor_running(p.s) > 0)
		one_ends(&p);
	supervisor_step(p.s, NOW + 1000);
	assert_int_equal(supervisor_running(p.s), 1);
	/* Its own end is no reason. */
	one_ends(&p);
	supervisor_step(p.s, NOW + 3000);
	assert_int_equal(supervisor_running(p.s), 0);
	end(&p);
}

static int
begin_all(void **state)
{
	(void)state;
	zone_init();
	return 0;
}

static void
a_walk_makes_room_for_its_sync(void **state)
{
	(void)state;
	static const char *const names[] = { "soon", NULL };
	struct stage p;
	int status;
	begin(&p, names, NULL);
	p.syncs[0].reconcile.cron = "* * * * *";
	supervisor_take(p.s, &p.config, NOW);
	supervisor_step(p.s, NOW);
	assert_int_equal(supervisor_running(p.s), 0);
	supervisor_step(p.s, NOW + 2 * MINUTE);
	assert_int_equal(supervisor_running(p.s), 1);
	/* What is asked for by hand does not wait for the walk, nor does what is due. */
	assert_int_equal(supervisor_run(p.s, "soon", true, NOW + 3 * MINUTE),
	                 SUPERVISOR_STARTS);
	supervisor_step(p.s, NOW + 3 * MINUTE);
	assert_true(supervisor_ended(p.s, waitpid(-1, &status, 0), RECONCILE_GOES_ON << 8,
	                             NOW + 3 * MINUTE));
	supervisor_step(p.s, NOW + 3 * MINUTE + 2000);
	assert_int_equal(supervisor_running(p.s), 1);
	assert_int_equal(supervisor_run(p.s, "soon", true, NOW + 3 * MINUTE + 2000),
	                 SUPERVISOR_RUNS_ALREADY);
	end(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(long_runs_leave_a_place_to_short_ones),
		cmocka_unit_test(a_short_one_that_comes_later_finds_a_place),
		cmocka_unit_test(a_clock_that_is_set_back_stops_nothing),
		cmocka_unit_test(a_hint_waits_for_what_holds_the_sync),
		cmocka_unit_test(what_cannot_be_started_is_tried_again),
		cmocka_unit_test(what_waits_for_another_syncs_records_is_due_when_that_ends),
		cmocka_unit_test(many_states_keep_no_start_waiting),
		cmocka_unit_test(a_walk_makes_room_for_its_sync),
	};
	return cmocka_run_group_tests(tests, begin_all, NULL);
}
