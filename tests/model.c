/* SPDX-License-Identifier: Apache-2.0
 *
 * model.c - renkei-model-test: people edit records at both sides at random, calls fail,
 * clocks jump, runs are killed, and a model that knows the truth says whether a record or
 * an edit was lost, doubled or made stale.
 *
 *     renkei-model-test [--steps N] [--seed S] [--workers N] [--share N] [--verbose]
 *                       [--both newest|from|to|all]
 *
 * A step is an edit (of one field or several, a cleared field, another key, a key that is
 * passed on, a new record at one side or both, a deletion), a move of the clock, a fault
 * that is planted, or a run of the sync.  The steps are dealt out to shares, each with its
 * own simulators and state: every pairing of model/pairing.c, with and without upsert at
 * the target, with one writer and two.  A run comes after every 40 to 60 steps, and more than half of them are
 * killed at a moment drawn over the length of an undisturbed run.  Now and then
 * there is rest: no edits and no faults until nothing is due, then truth.h judges, and one
 * more run must write nothing.  Ends with
 *
 *     model: steps=100000 runs=2060 kills=900 faults=2900 conflicts=0 lost=0 doubled=0
 *     stale=0 seed=1
 *
 * in one line, and 1 if one of the three is not 0, if a conflict is not in the history or
 * if something else went wrong.  The same seed draws the same steps; where a kill falls is
 * for the machine to say. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/kill/place.h"
#include "tests/kill/victim.h"
#include "tests/model/gone.h"
#include "tests/model/history.h"
#include "tests/model/truth.h"
#include "tests/model/world.h"

#define WORKERS_MAX 16
#define RECORDS 60                     /* At first, of a share. */
#define BATCH_LEAST 40
#define BATCH_MORE 21
#define REST_ROUNDS 10                 /* A rest after so many runs, on an average. */
#define REST_PATIENCE_US INT64_C(240000000) /* Past the next try of what failed. */
#define T_LAND_MS 600
#define SETTLED_US 1500000             /* For requests of what was killed. */
#define FOLLOW_EDITS 8
#define FAULTS_TOLD 8

enum ways { WAYS_ONE, WAYS_NEWEST, WAYS_FROM, WAYS_TO, WAYS_ALL };
static const char *const ways[] = {
	[WAYS_ONE] = "one", [WAYS_NEWEST] = "newest", [WAYS_FROM] = "from", [WAYS_TO] = "to",
	[WAYS_ALL] = "all",
};

struct options {
	size_t steps, workers, share;
	uint64_t seed;
	enum ways ways;
	bool verbose;
};

/* What a worker tells its parent; plain numbers, it goes through a pipe. */
struct tally {
	size_t steps, runs, kills, faults, echo, unlogged;
	struct truth_counts counts;
	bool broken;
};

struct worker {
	const struct options *options;
	struct place place;
	struct truth *truth;           /* owned */
	struct world world;
	struct tally tally;
	int64_t length_us;             /* Of an undisturbed run, about. */
	size_t told, last_told;
	size_t conflicts;              /* Looked up in the history. */
	char name[60];
};

/* ---- Runs ------------------------------------------------------------------ */

static bool
look(struct worker *w)
{
	return truth_read(w->truth, w->place.source_port);
}

/* What a run asked for and is still under way comes to its end. */
static bool
await_calls(struct worker *w)
{
	int64_t until = place_mono_us() + SETTLED_US;
	int inside;
	while ((inside = world_inside(&w->world)) > 0 && place_mono_us() < until)
		place_sleep_us(5000);
	if (inside > 0)
		fprintf(stderr, "model: %s: %d requests do not end\n", w->name, inside);
	return inside == 0;
}

static bool
begin_run(struct worker *w)
{
	int64_t now_ms = place_now_ms(&w->place);
	if (now_ms == 0 || !look(w))
		return false;
	truth_run_begins(w->truth, now_ms);
	w->tally.runs++;
	w->tally.steps++;
	return true;
}

static bool
end_run(struct worker *w, const struct place_run *end)
{
	truth_run_ends(w->truth, end->code == 0 && end->told && end->waiting == 0
	                                 && end->failed == 0);
	return !end->hung && await_calls(w) && look(w);
}

static bool
run_whole(struct worker *w, struct place_run *end)
{
	return begin_run(w) && place_sync(&w->place, end) && end_run(w, end);
}

enum victim { VICTIM_RUN, VICTIM_TARGET, VICTIM_SOURCE, VICTIM_NET };

static pid_t
find_victim(struct worker *w, pid_t run, enum victim v)
{
	switch (v) {
	case VICTIM_RUN:    break;
	case VICTIM_TARGET: return victim_connector(run, w->place.target->name, 0);
	case VICTIM_SOURCE: return victim_connector(run, w->place.source->name, 0);
	case VICTIM_NET:    return victim_net(run, w->place.state);
	}
	return run;
}

/* Whoever is gone already by then is not killed: it is a run like others. */
static bool
run_killed(struct worker *w)
{
	static const enum victim victims[] = { VICTIM_RUN, VICTIM_RUN, VICTIM_RUN, VICTIM_TARGET,
	                                       VICTIM_SOURCE, VICTIM_NET };
	struct place_run end;
	enum victim v = victims[world_below(&w->world, 6)];
	uint64_t part = world_below(&w->world, 1000);
	pid_t run = begin_run(w) ? place_start(&w->place) : -1;
	if (run < 0)
		return false;
	place_sleep_us(w->length_us * (int64_t)part / 1000);
	if (!place_ended(&w->place, run, &end)) {
		pid_t pid = find_victim(w, run, v);
		w->tally.kills += pid > 0 && kill(pid, SIGKILL) == 0;
		place_wait(&w->place, run, &end);
	}
	return end_run(w, &end);
}

/* Killed as soon as the write is sent that lands late: a run that lives waits for it. */
static bool
run_until_late(struct worker *w)
{
	struct place_run end;
	pid_t run = begin_run(w) ? place_start(&w->place) : -1;
	if (run < 0)
		return false;
	bool ended;
	while (!(ended = place_ended(&w->place, run, &end))
	       && !world_late_is_sent(&w->world))
		place_sleep_us(1000);
	if (!ended) {
		w->tally.kills += kill(run, SIGKILL) == 0;
		place_wait(&w->place, run, &end);
	}
	return end_run(w, &end);
}

/* While a write is about to land late at one side, people go on at the other, and so
 * does the sync. */
static bool
follow_late(struct worker *w)
{
	struct place_run end;
	enum side side = !w->world.late_side;
	bool done = world_clear_faults(&w->world);
	bool edits = w->world.both || side == SIDE_FROM;
	for (int i = 0; done && edits && i < FOLLOW_EDITS; i++, w->tally.steps++)
		done = world_edit_at(&w->world, side, true);
	done = done && place_advance(&w->place, 1500) && run_whole(w, &end);
	place_sleep_us(WORLD_LATE_MS * 1000);
	w->world.late = false;
	return done && look(w);
}

/* ---- Rest ------------------------------------------------------------------ */

static void
tell(void *with, const char *fault, size_t pair, const char *what)
{
	struct worker *w = with;
	if (w->told >= FAULTS_TOLD)
		return;
	fprintf(stderr, "model: %s: %s: pair %zu: %s\n", w->name, fault, pair, what);
	if (w->told++ == 0 || pair != w->last_told)
		truth_print(w->truth, pair);
	w->last_told = pair;
}

/* Sync errors heal by waits of real minutes; a person need not wait. */
static bool
send_again(struct worker *w)
{
	struct place_run end;
	return place_command(&w->place, (const char *[]){ "errors", "resync", w->place.name,
	                                                  "--all", NULL }, &end);
}

static bool
tell_restless(struct worker *w, const struct place_run *end)
{
	char command[1000];
	fprintf(stderr, "model: %s: no rest: the last run ended with code %d:\n", w->name,
	        end->code);
	snprintf(command, sizeof command, "cat '%s/run.out'; '%s/renkei' -c '%s/renkei.conf' "
	         "--state '%s' errors list '%s'", w->place.dir, w->place.programs, w->place.dir,
	         w->place.state, w->place.name);
	if (system(command) != 0)
		fprintf(stderr, "(renkei told nothing)\n");
	return false;
}

/* Until a run has nothing to write; '*before': what had been written before that one. */
static bool
come_to_rest(struct worker *w, size_t *before)
{
	struct place_run end = { 0 };
	int64_t until = place_mono_us() + REST_PATIENCE_US;
	for (int tries = 0; place_mono_us() < until; tries++) {
		*before = truth_writes(w->truth);
		if (!place_advance(&w->place, 300000) || !run_whole(w, &end))
			return false;
		bool sound = end.told && end.code == 0 && end.waiting == 0
		             && end.failed == 0;
		if (sound && end.writes == 0)
			return true;
		if (!sound)
			place_sleep_us(200000);
		if (end.failed > 0 && w->world.both && !gone_set_aside(&w->place))
			return false;
		if (end.failed > 0 && tries > 2 && !send_again(w))
			return false;
	}
	return tell_restless(w, &end);
}

/* The last run said that it wrote nothing; if the log does not, it is asked again. */
static bool
count_echo(struct worker *w, size_t before)
{
	struct place_run end;
	if (truth_writes(w->truth) == before)
		return true;
	before = truth_writes(w->truth);
	if (!place_advance(&w->place, 300000) || !run_whole(w, &end))
		return false;
	w->tally.echo += truth_writes(w->truth) - before;
	return true;
}

/* What an edit of one side lost to the other one stands in the history. */
static void
look_up_conflicts(struct worker *w)
{
	char path[200];
	size_t count;
	const struct truth_conflict *list = truth_conflicts(w->truth, &count);
	if (count == w->conflicts)
		return;
	snprintf(path, sizeof path, "%s/syncs/%s.db", w->place.state, w->place.name);
	struct history *history = history_open(path);
	for (; w->conflicts < count; w->conflicts++) {
		const struct truth_conflict *c = &list[w->conflicts];
		if (history != NULL && history_tells(history, c->text))
			continue;
		w->tally.unlogged++;
		tell(w, "unlogged", c->pair, c->text);
	}
	history_close(history);
}

static bool
rest(struct worker *w)
{
	size_t before = 0;
	struct truth_counts *c = &w->tally.counts;
	bool calm = world_clear_faults(&w->world) && come_to_rest(w, &before)
	            && count_echo(w, before);
	if (!look(w))
		return false;
	truth_judge(w->truth, c, tell, w);
	world_next_batch(&w->world);
	look_up_conflicts(w);
	if (w->options->verbose)
		fprintf(stderr, "model: %s: %zu steps, %zu runs, %zu pairs, %zu edits, %zu "
		        "writes: lost=%zu doubled=%zu stale=%zu phantom=%zu echo=%zu\n", w->name,
		        w->tally.steps, w->tally.runs, c->pairs, c->edits, c->writes, c->lost,
		        c->doubled, c->stale, c->phantom, w->tally.echo);
	return calm && c->lost + c->doubled + c->stale + c->phantom == 0
	       && w->tally.echo + w->tally.unlogged == 0;
}

/* ---- A share --------------------------------------------------------------- */

static bool
prepare(struct worker *w)
{
	struct place_run end;
	if (!world_begin(&w->world, RECORDS) || !place_advance(&w->place, 5000)
	    || !run_whole(w, &end) || end.code != 0)
		return false;
	int64_t began = place_mono_us();
	if (!world_edit_at(&w->world, SIDE_FROM, false) || !place_advance(&w->place, 5000)
	    || !run_whole(w, &end))
		return false;
	w->length_us = place_mono_us() - began;
	return true;
}

static bool
go_round(struct worker *w, size_t steps)
{
	size_t count = BATCH_LEAST + world_below(&w->world, BATCH_MORE);
	struct place_run end;
	/* What was passed on at one side is known at the other one after a rest. */
	if (!w->world.both)
		world_next_batch(&w->world);
	for (size_t i = 0; i < count && w->tally.steps < steps; i++, w->tally.steps++)
		if (!world_step(&w->world))
			return false;
	bool kills = world_below(&w->world, 5) < 3;
	if (w->world.late)
		return run_until_late(w) && follow_late(w);
	if (!(kills ? run_killed(w) : run_whole(w, &end)))
		return false;
	return world_below(&w->world, 2) == 0 || world_clear_faults(&w->world);
}

static bool
go(struct worker *w, size_t steps)
{
	if (!prepare(w))
		return false;
	while (w->tally.steps < steps)
		if (!go_round(w, steps)
		    || (world_below(&w->world, REST_ROUNDS) == 0 && !rest(w)))
			return false;
	return rest(w);
}

/* ---- Shares and workers ---------------------------------------------------- */

/* Each pairing with and without upsert, and with one writer and two. */
static size_t
count_shares(void)
{
	return pairing_count * 4;
}

/* Of two-way shares both sides are read and written: each has the lags of a source, and
 * is as sure or unsure as a target. */
static void
set_both(struct place_options *options, enum ways way, bool e3, char text[2][160])
{
	snprintf(text[0], 160, "direction = \"both\"; conflict = \"%s\"; history = \"90d\";"
	         /* People of the model work by clocks that run faster. */
	         " loop_breaker = \"100 in 1s\";",
	         ways[way]);
	snprintf(text[1], 160, "t_land = \"%dms\"; t_visible = \"50ms\";%s", T_LAND_MS,
	         e3 ? " guarantee = \"E3\";" : "");
	options->sync_more = text[0];
	options->source_more = text[1];
	options->target_more = "late_commit = \"2s\"; index_lag = \"100ms\";";
}

/* With "all" every other share goes both ways. */
static enum ways
ways_of(const struct options *o, size_t share)
{
	if (o->ways != WAYS_ALL)
		return o->ways;
	return share % 4 < 2 ? WAYS_ONE : (enum ways)(WAYS_NEWEST + (share / 4 + share) % 3);
}

static void
work(const struct options *o, size_t share, int report)
{
	size_t shares = o->share != SIZE_MAX ? 1 : count_shares();
	struct worker w = { .options = o };
	const struct pairing *pairing = &pairings[share / 4];
	struct place_options options = {
		.rule = &pairing->rule, .e3 = share % 2 == 1, .request_deadline_ms = 400,
		.t_land_ms = T_LAND_MS, .t_visible_ms = 50,
		.source_delay_ms = 2, .target_delay_ms = 6,
		.writers = (int)(1 + share % 4 / 2), .verbose = o->verbose,
	};
	enum ways way = ways_of(o, share);
	char more[2][160];
	bool both = way != WAYS_ONE;
	if (both)
		set_both(&options, way, options.e3, more);
	size_t steps = o->steps / shares + (share < o->steps % shares);
	snprintf(w.name, sizeof w.name, "%s-%s-%s", pairing->name, options.e3 ? "e3" : "e1",
	         ways[way]);
	bool sound = false;
	if (place_open(&w.place, &options)) {
		w.truth = truth_new(pairing, both,
		                    way == WAYS_FROM ? RULE_FROM
		                    : way == WAYS_TO ? RULE_TO : RULE_NEWEST);
		w.world = (struct world){ .place = &w.place, .truth = w.truth,
		                          .pairing = pairing, .both = both,
		                          .random = o->seed * 1000 + share };
		sound = go(&w, steps);
		w.tally.faults = w.world.faults;
		place_close(&w.place, !sound);
		if (!sound)
			fprintf(stderr, "model: %s: share %zu, kept for a look: %s\n", w.name,
			        share, w.place.dir);
	}
	w.tally.broken = !sound;
	if (write(report, &w.tally, sizeof w.tally) != sizeof w.tally)
		_exit(1);
	world_end(&w.world);
	truth_free(w.truth);
}

static void
add_tally(struct tally *all, const struct tally *one)
{
	all->steps += one->steps;
	all->runs += one->runs;
	all->kills += one->kills;
	all->faults += one->faults;
	all->echo += one->echo;
	all->unlogged += one->unlogged;
	all->counts.conflicts += one->counts.conflicts;
	all->counts.lost += one->counts.lost;
	all->counts.doubled += one->counts.doubled;
	all->counts.stale += one->counts.stale;
	all->counts.phantom += one->counts.phantom;
	all->broken |= one->broken;
}

static pid_t
start_worker(const struct options *o, size_t share, int report)
{
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		work(o, share, report);
		exit(0);
	}
	return pid;
}

/* As many at once as there are workers; false: one of them did not tell how it ended. */
static bool
run_shares(const struct options *o, struct tally *all)
{
	int ends[2], state;
	size_t shares = count_shares(), next = 0, running = 0, told = 0;
	struct tally one;
	if (pipe(ends) != 0)
		return false;
	while (next < shares || running > 0) {
		if (next < shares && running < o->workers) {
			if (o->share == SIZE_MAX || o->share == next)
				running += start_worker(o, next, ends[1]) > 0;
			next++;
			continue;
		}
		if (wait(&state) > 0)
			running--;
	}
	close(ends[1]);
	while (read(ends[0], &one, sizeof one) == sizeof one) {
		add_tally(all, &one);
		told++;
	}
	close(ends[0]);
	return told == (o->share == SIZE_MAX ? shares : 1);
}

static size_t
number_of(const char *text)
{
	return (size_t)strtoull(text, NULL, 10);
}

static bool
read_ways(const char *text, enum ways *way)
{
	for (*way = WAYS_ONE; *way <= WAYS_ALL; ++*way)
		if (strcmp(ways[*way], text) == 0)
			return true;
	return false;
}

static bool
read_options(int argc, char **argv, struct options *o)
{
	static const struct option words[] = {
		{ "steps", required_argument, NULL, 'n' },
		{ "seed", required_argument, NULL, 's' },
		{ "workers", required_argument, NULL, 'w' },
		{ "both", required_argument, NULL, 'b' },
		{ "share", required_argument, NULL, 'h' },
		{ "verbose", no_argument, NULL, 'v' },
		{ 0 },
	};
	for (int c; (c = getopt_long(argc, argv, "", words, NULL)) != -1;) {
		switch (c) {
		case 'n': o->steps = number_of(optarg);            break;
		case 's': o->seed = strtoull(optarg, NULL, 10);    break;
		case 'w': o->workers = number_of(optarg);          break;
		case 'h': o->share = number_of(optarg);            break;
		case 'b':
			if (!read_ways(optarg, &o->ways))
				return false;
			break;
		case 'v': o->verbose = true;                       break;
		default:  return false;
		}
	}
	return optind == argc && o->steps > 0 && o->workers > 0
	       && o->workers <= WORKERS_MAX
	       && (o->share == SIZE_MAX || o->share < count_shares());
}

int
main(int argc, char **argv)
{
	struct options o = { .steps = 10000, .seed = 1, .workers = 16, .share = SIZE_MAX };
	struct tally all = { 0 };
	if (!read_options(argc, argv, &o)) {
		fprintf(stderr, "usage: renkei-model-test [--steps N] [--seed S] "
		        "[--workers N] [--share N] [--verbose] [--both RULE]\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	bool told = run_shares(&o, &all);
	const struct truth_counts *c = &all.counts;
	printf("model: steps=%zu runs=%zu kills=%zu faults=%zu conflicts=%zu lost=%zu "
	       "doubled=%zu stale=%zu seed=%" PRIu64 "\n", all.steps, all.runs, all.kills,
	       all.faults, c->conflicts, c->lost, c->doubled, c->stale, o.seed);
	if (c->phantom + all.echo + all.unlogged > 0)
		printf("model: phantom=%zu echo=%zu unlogged=%zu\n", c->phantom, all.echo,
		       all.unlogged);
	return told && !all.broken ? 0 : 1;
}
