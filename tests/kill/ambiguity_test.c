/* SPDX-License-Identifier: Apache-2.0
 *
 * ambiguity_test.c - one write whose outcome nobody knows: its answer is lost, it
 * is refused, or it lands late.  Whatever it was, the sync must end with nothing
 * lost, doubled or stale; also when a newer edit comes while the old write may
 * still land, and when the run is killed at that moment.
 *
 * Each group has simulators of its own, and most of its time goes into waits that
 * the engine owes its guarantee: so all groups go at once. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/kill/place.h"
#include "tests/loopback.h"

#define CONTACTS 210                   /* Three writes of at most 100. */
#define NEWER_EDITS 60
#define PATIENCE_US 10000000

static const struct fault { const char *says, *json; } faults[] = {
	{ "is lost on its way", "\"action\":\"drop\"" },
	{ "is done, but its answer is lost", "\"action\":\"drop_after\"" },
	{ "is done, but answered 503",
	  "\"action\":\"status_after\",\"status\":503,\"body\":\"busy\"" },
	{ "lands late, without an answer", "\"action\":\"late\",\"ms\":250" },
};
#define FAULTS (sizeof faults / sizeof *faults)

enum then { THEN_NOTHING, THEN_EDIT, THEN_KILL_AND_EDIT, THENS };
static const char *const then_says[THENS] = {
	[THEN_NOTHING] = "",
	[THEN_EDIT] = ", and newer edits follow",
	[THEN_KILL_AND_EDIT] = ", the run is killed, and newer edits follow",
};

static const struct scenario { const char *says; bool create; int nth; } scenarios[] = {
	{ "the first create", true, 1 },
	{ "a create in the middle", true, 2 },
	{ "the last create", true, 3 },
	{ "an update", false, 2 },
};
#define SCENARIOS (sizeof scenarios / sizeof *scenarios)

struct group {
	struct place place;
	const struct checker_rule *rule;
	const struct fault *fault;
	enum then then;
	bool e3;
	char name[200];                /* Of the scenario. */
};

static void
tell(void *with, const char *fault, const char *source_id, const char *what)
{
	struct group *g = with;
	fprintf(stderr, "%s: %s: source record %s: %s\n", g->name, fault, source_id,
		what);
	place_print_record(&g->place, source_id);
}

static bool
plant(struct group *g, const struct scenario *s)
{
	struct place *p = &g->place;
	const struct place_crm *crm = p->target;
	return place_do(p, p->target_port, "fault", "{\"clear\":true}")
	       && place_do(p, p->target_port, "fault",
	                   "{\"match\":\"%s\",\"nth\":%d,%s}",
	                   !s->create ? crm->update : g->e3 ? crm->create : crm->upsert,
	                   s->nth, g->fault->json);
}

static bool
change_source(struct group *g, const struct scenario *s, size_t number)
{
	struct place *p = &g->place;
	/* Seeds carry stamps of up to two hours ago. */
	bool done
	    = place_advance(p, 7500000)
	      && (s->create
		      ? place_seed(p, CONTACTS, number + 1)
		      : place_edit_some(p, CONTACTS, number));
	return done && place_advance(p, 5000);
}

/* Waits until the fault has hit a write; false: the run ended without it. */
static bool
wait_for_hit(struct group *g)
{
	int64_t until = place_mono_us() + PATIENCE_US;
	while (place_mono_us() < until) {
		char *faults_now = loopback_ask(g->place.target_port, "/_control/fault",
						NULL);
		bool hit = faults_now != NULL && strstr(faults_now, "\"hits\":1") != NULL;
		free(faults_now);
		if (hit)
			return true;
		place_sleep_us(2000);
	}
	fprintf(stderr, "%s: the fault hit no write\n", g->name);
	return false;
}

/* What comes while the write may still land.  'end' is the last run's. */
static bool
go_on(struct group *g, pid_t run, struct place_run *end)
{
	struct place *p = &g->place;
	if (g->then == THEN_KILL_AND_EDIT)
		kill(run, SIGKILL);
	if (g->then != THEN_NOTHING
	    && (!place_edit_some(p, NEWER_EDITS, 99) || !place_advance(p, 1500)))
		return false;
	place_wait(p, run, end);
	return !end->hung && (g->then == THEN_NOTHING || place_sync(p, end));
}

static bool
play(struct group *g, const struct scenario *s, size_t number)
{
	struct place_run end;
	struct checker_counts counts = { 0 };
	size_t echo = 0;
	if (!change_source(g, s, number) || !plant(g, s))
		return false;
	pid_t run = place_start(&g->place);
	if (run < 0)
		return false;
	if (!wait_for_hit(g)) {
		place_wait(&g->place, run, &end);
		return false;
	}
	if (!go_on(g, run, &end) || !place_settle(&g->place, &counts, &echo, tell, g))
		return false;
	if (echo > 0)
		fprintf(stderr, "%s: %zu records were written after all was done\n",
			g->name, echo);
	return checker_faults(&counts) == 0 && echo == 0 && counts.sources >= CONTACTS;
}

/* All scenarios of one group; the number of those that failed. */
static int
play_all(struct group *g)
{
	static const struct place_options usual = {
		.target_delay_ms = 6, .source_delay_ms = 1, .request_deadline_ms = 600,
		.t_land_ms = 400, .t_visible_ms = 50,
	};
	struct place_options options = usual;
	int failures = 0;
	options.e3 = g->e3;
	options.rule = g->rule;
	if (!place_open(&g->place, &options))
		return (int)SCENARIOS;
	for (size_t i = 0; i < SCENARIOS; i++) {
		snprintf(g->name, sizeof g->name, "%s to %s, %s: %s %s%s",
		         g->rule->from_crm, g->rule->to_crm, g->e3 ? "E3" : "E1",
		         scenarios[i].says, g->fault->says, then_says[g->then]);
		bool good = play(g, &scenarios[i], i);
		printf("%sok - %s\n", good ? "" : "not ", g->name);
		fflush(stdout);
		failures += !good;
	}
	if (failures > 0)
		fprintf(stderr, "kept for a look: %s\n", g->place.dir);
	place_close(&g->place, failures > 0);
	return failures;
}

static bool
start_group(bool back, bool e3, const struct fault *fault, enum then then)
{
	struct group g = { .rule = back ? &checker_customers : &checker_contacts,
	                   .fault = fault, .then = then, .e3 = e3 };
	pid_t pid = fork();
	if (pid == 0)
		_exit(play_all(&g));
	return pid > 0;
}

int
main(void)
{
	bool good = true;
	int state;
	signal(SIGPIPE, SIG_IGN);
	for (int kind = 0; kind < 4; kind++)
		for (size_t i = 0; i < FAULTS; i++)
			for (int then = 0; then < THENS; then++)
				good &= start_group(kind >= 2, kind % 2 == 1, &faults[i],
				                    (enum then)then);
	while (wait(&state) > 0 || errno == EINTR)
		good &= state == 0;
	return good ? 0 : 1;
}
