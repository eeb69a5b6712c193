/* SPDX-License-Identifier: Apache-2.0
 *
 * kill.c - renkei-kill-test: kills parts of a sync at random moments, very often,
 * and lets the checker say whether a record was lost, doubled or made stale.
 *
 *     renkei-kill-test [--kills N] [--seed S] [--batch N] [--target e1|e3|both]
 *                      [--rule NAME|all] [--workers N] [--verbose]
 *
 * The pairs are the rules of tests/image.c: HubSpot to kintone (contacts), kintone to
 * HubSpot (customers), Sansan (cards), Freshsales (prospects) and HotProfile (visitors)
 * to kintone, HubSpot to Salesforce (persons), Freshsales (buyers) and HotProfile
 * (guests), Salesforce to HubSpot (leads), HubSpot to a file (exports), files to kintone
 * (loads).  The kills are dealt out to shares: one a
 * pair, with and without upsert at the target; of few kills as many as there are
 * workers, beginning by the seed.  Each round edits, adds and deletes contacts at the
 * source, starts a run, and kills one of its processes at a moment drawn over the
 * length of an undisturbed run.
 * After every batch of kills the sync runs to its end and the truth is looked up.
 * Shares have nothing in common: each has its own simulators and state; half of them
 * sync with two writers.  Ends with
 *
 *     kill: runs=1000 lost=0 doubled=0 stale=0 inflight=312 seed=1
 *
 * and 1 if one of the three is not 0, if less than a tenth of the kills met a write
 * that was inside the target, or if something else went wrong. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/kill/place.h"
#include "tests/kill/victim.h"

#define CONTACTS 300
#define EDITS 20
#define WIDE_EDITS 220                 /* More than two batches, for two writers. */
#define FEW_CONTACTS 80                /* Where each is a call of its own. */
#define SHARE_LEAST 20                 /* Kills; below it not every pair has a share. */
#define WORKERS_MAX 16
#define LENGTHS 5                      /* Undisturbed runs that are measured. */
#define MISSES_A_KILL 200
#define LENGTH_STEP 16                 /* A miss moves the length by such a part. */
#define MANY_KILLS 200                 /* Of which a tenth must meet a write on its way. */
#define HOT 6                          /* Contacts that are edited in every round ... */
#define HOT_EDITS 3                    /* ... so many of them. */
#define KEPT 16                        /* Contacts that stay, and pass keys on. */
#define T_LAND_MS 600
#define LATE_MS 300                    /* Well below it, or a busy machine is a fault. */
#define RECORDS_TOLD 5

enum victim { VICTIM_RUN, VICTIM_TARGET, VICTIM_SOURCE, VICTIM_NET, VICTIMS };
static const struct { const char *name; unsigned share; } victims[VICTIMS] = {
	[VICTIM_RUN] = { "run", 50 },
	[VICTIM_TARGET] = { "target connector", 20 },
	[VICTIM_SOURCE] = { "source connector", 10 },
	[VICTIM_NET] = { "net", 20 },
};

struct options {
	size_t kills, batch, workers;
	uint64_t seed;
	bool e1, e3, verbose;
	const struct checker_rule *rule;   /* NULL: another one a share. */
};

/* What a worker tells its parent; plain numbers, it goes through a pipe. */
struct tally {
	size_t kills[VICTIMS], inflight[VICTIMS];
	size_t runs, misses, lost, doubled, stale, phantom, echo;
	bool broken;
};

struct worker {
	const struct options *options;
	struct place place;
	struct tally tally;
	uint64_t random;
	int64_t length_us;
	uint64_t *ids;                 /* owned: of contacts that all can see */
	size_t id_count, serial, told;
	size_t keys[KEPT];             /* Serial of the key of each; 0: its first one. */
	bool late;                     /* A write of this round lands late. */
	int edits;                     /* A round. */
	char name[24];                 /* "contacts-e1" */
};

static uint64_t
draw(struct worker *w)
{
	uint64_t z = w->random += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

static uint64_t
below(struct worker *w, uint64_t end)
{
	return end > 0 ? draw(w) % end : 0;
}

static enum victim
draw_victim(struct worker *w)
{
	unsigned at = (unsigned)below(w, 100);
	enum victim v = VICTIM_RUN;
	while (at >= victims[v].share)
		at -= victims[v++].share;
	return v;
}

/* ---- What happens at the source -------------------------------------------- */

static void
know_id(struct worker *w, uint64_t id)
{
	w->ids = realloc(w->ids, (w->id_count + 1) * sizeof *w->ids);
	if (w->ids == NULL)
		abort();
	w->ids[w->id_count++] = id;
}

/* A new contact; one that commits late is stamped now but seen only later. */
static bool
add_contact(struct worker *w, bool late)
{
	char key[80], name[24];
	size_t n = ++w->serial;
	int64_t now = late ? place_now_ms(&w->place) : 0;
	snprintf(key, sizeof key, "added.%zu@%s.example.com", n, w->name);
	snprintf(name, sizeof name, "No. %zu", n);
	uint64_t id = place_add(&w->place, key, name, late ? now + 1500 : 0);
	if (id != 0 && !late)
		know_id(w, id);
	return id != 0 && (!late || now != 0);
}

static bool
give_key(struct worker *w, size_t at, size_t key)
{
	char text[80];
	if (at < KEPT)
		w->keys[at] = key;
	snprintf(text, sizeof text, "moved.%zu@%s.example.com", key, w->name);
	return place_edit(&w->place, w->ids[at], PLACE_KEY, text);
}

static bool
change_key(struct worker *w)
{
	size_t at = (size_t)below(w, w->id_count);
	return give_key(w, at, ++w->serial);
}

/* One contact takes the key that another one gives up.  They stay: a contact that is
 * deleted keeps its key at the target.  Keys go one way only: what two contacts
 * exchange while no run got through is for a person to settle. */
static bool
pass_key_on(struct worker *w)
{
	size_t from = (size_t)below(w, KEPT - 1);
	size_t to = from + 1 + (size_t)below(w, KEPT - 1 - from), key = w->keys[from];
	return give_key(w, from, ++w->serial) && (key == 0 || give_key(w, to, key));
}

static bool
edit_some(struct worker *w)
{
	return place_edit_some(&w->place, (size_t)w->edits, below(w, 1000000));
}

/* A newer value while an older one may be on its way: what holds are for. */
static bool
edit_hot(struct worker *w)
{
	uint64_t id = w->ids[below(w, HOT)];
	char name[24];
	snprintf(name, sizeof name, "hot %zu", ++w->serial);
	return place_edit(&w->place, id, PLACE_NAME, name);
}

static bool
delete_contact(struct worker *w)
{
	size_t at = KEPT + (size_t)below(w, w->id_count - KEPT);
	uint64_t id = w->ids[at];
	w->ids[at] = w->ids[--w->id_count];
	return place_delete(&w->place, id);
}

/* A row of a file is known by its key alone, and one whose key changed twice while no run
 * got through is found by nobody: there keys change before undisturbed runs only. */
static bool
change_keys(struct worker *w)
{
	return w->place.export != NULL
	       || ((below(w, 4) != 0 || change_key(w)) && (below(w, 2) != 0 || pass_key_on(w)));
}

/* The clock moves by less than the search lags, or by more: both are met. */
static bool
change_source(struct worker *w)
{
	bool done = edit_some(w);
	for (int i = 0; done && i < HOT_EDITS; i++)
		done = edit_hot(w);
	for (uint64_t adds = below(w, 3); done && adds > 0; adds--)
		done = add_contact(w, below(w, 4) == 0);
	return done && change_keys(w)
	       && (below(w, 4) != 0 || delete_contact(w))
	       && place_advance(&w->place, (int64_t)below(w, 2500));
}

/* Now and then the target lets go of a write and does it later, within T_land.  Files are
 * written by the run itself: what has ended writes no more. */
static bool
plant_late(struct worker *w)
{
	struct place *p = &w->place;
	w->late = p->export == NULL && below(w, 4) == 0;
	return place_clear_faults(p)
	       && (!w->late
		   || place_do(p, p->target_port, "fault",
			       "{\"match\":\"%s\",\"action\":\"late\","
			       "\"ms\":%" PRIu64 "}", p->target->any,
			       LATE_MS / 3 + below(w, LATE_MS)));
}

/* A run that nobody kills, with newer values, while the late write is on its way. */
static bool
follow_late(struct worker *w)
{
	struct place_run end;
	bool done = true;
	for (int i = 0; done && i < HOT_EDITS; i++)
		done = edit_hot(w);
	return done && place_advance(&w->place, 1500) && place_sync(&w->place, &end);
}

/* ---- Before a batch of kills ----------------------------------------------- */

static int
compare_times(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static bool
measure(struct worker *w)
{
	int64_t lengths[LENGTHS];
	struct place_run end;
	for (size_t i = 0; i < LENGTHS; i++) {
		if (!edit_some(w) || (w->place.export != NULL && !change_key(w))
		    || !place_advance(&w->place, 2000))
			return false;
		int64_t start = place_mono_us();
		if (!place_sync(&w->place, &end) || end.code != 0) {
			fprintf(
			    stderr,
			    "kill: %s: an undisturbed run ended with code %d, see %s\n",
			    w->name, end.code, w->place.dir);
			return false;
		}
		lengths[i] = place_mono_us() - start;
	}
	qsort(lengths, LENGTHS, sizeof *lengths, compare_times);
	w->length_us = lengths[LENGTHS / 2];
	fprintf(stderr, "kill: %s: an undisturbed run takes %.1f ms\n", w->name,
	        (double)w->length_us / 1000);
	return true;
}

static bool
prepare(struct worker *w)
{
	struct place_run end;
	size_t contacts = w->place.target->one_by_one ? FEW_CONTACTS : CONTACTS;
	uint64_t first = place_seed(&w->place, contacts, w->options->seed);
	for (uint64_t id = first; id < first + contacts; id++)
		know_id(w, id);
	return first != 0 && place_sync(&w->place, &end) && measure(w);
}

/* ---- One kill -------------------------------------------------------------- */

enum round { ROUND_KILLED, ROUND_MISSED, ROUND_BROKEN };

static pid_t
find_victim(struct worker *w, pid_t run, enum victim v, size_t which)
{
	switch (v) {
	case VICTIM_RUN:    return run;
	case VICTIM_TARGET:
		return victim_connector(run, w->place.target->name, which);
	case VICTIM_SOURCE:
		return victim_connector(run, w->place.source->name, 0);
	case VICTIM_NET:    return victim_net(run, w->place.state);
	case VICTIMS:       break;
	}
	return 0;
}

static enum round
let_end(struct worker *w, pid_t run, struct place_run *end, enum round round)
{
	place_wait(&w->place, run, end);
	return end->hung ? ROUND_BROKEN : round;
}

/* A file is written in a small part of a run's time: of the kills of an export every other
 * one waits until then.  A run that ends before is a miss like any other. */
static void
await_moment(struct worker *w, pid_t run, int64_t moment_us)
{
	siginfo_t ended = { 0 };
	if (w->place.export == NULL || below(w, 2) == 0)
		place_sleep_us(moment_us);
	else
		while (place_writes_inside(&w->place) == 0 && ended.si_pid == 0
		       && waitid(P_PID, (id_t)run, &ended, WEXITED | WNOHANG | WNOWAIT) == 0)
			place_sleep_us(100);
}

/* Too late for the run, or too early for its victim: under another load, and with what
 * lies at the source meanwhile, the length is another one. */
static enum round
kill_at(struct worker *w, enum victim v, int64_t moment_us)
{
	struct place_run end;
	int64_t start = place_mono_us();
	pid_t run = place_start(&w->place);
	if (run < 0)
		return ROUND_BROKEN;
	await_moment(w, run, start + moment_us - place_mono_us());
	if (place_ended(&w->place, run, &end)) {
		w->length_us -= w->length_us / LENGTH_STEP;
		return ROUND_MISSED;
	}
	size_t which = (size_t)moment_us;
	pid_t pid = find_victim(w, run, v, which);
	if (pid <= 0)
		w->length_us += w->length_us / LENGTH_STEP;
	int inside = pid > 0 ? place_writes_inside(&w->place) : 0;
	/* It may have ended while the simulator was asked. */
	if (pid <= 0 || find_victim(w, run, v, which) != pid || kill(pid, SIGKILL) != 0)
		return let_end(w, run, &end, inside < 0 ? ROUND_BROKEN : ROUND_MISSED);
	enum round round = let_end(w, run, &end,
				   inside < 0 ? ROUND_BROKEN : ROUND_KILLED);
	if (v == VICTIM_RUN && end.code != 128 + SIGKILL)
		return round == ROUND_KILLED ? ROUND_MISSED : round;
	w->tally.kills[v]++;
	w->tally.inflight[v] += inside > 0;
	return round;
}

/* The same victim at another moment until it was there to be killed, so that the
 * shares stay as they were drawn. */
static bool
kill_one(struct worker *w)
{
	enum victim v = draw_victim(w);
	for (int misses = 0; misses < MISSES_A_KILL; misses++) {
		if (!change_source(w) || !plant_late(w))
			return false;
		switch (kill_at(w, v, (int64_t)below(w, (uint64_t)w->length_us))) {
		case ROUND_KILLED: w->tally.runs++;   return !w->late || follow_late(w);
		case ROUND_MISSED: w->tally.misses++; break;
		case ROUND_BROKEN: return false;
		}
	}
	fprintf(stderr, "kill: %s: the %s was not there %d times\n", w->name,
		victims[v].name, MISSES_A_KILL);
	return false;
}

/* ---- The truth ------------------------------------------------------------- */

static void
tell(void *with, const char *fault, const char *source_id, const char *what)
{
	struct worker *w = with;
	if (w->told++ >= RECORDS_TOLD)
		return;
	fprintf(stderr, "kill: %s: %s: source record %s: %s\n", w->name, fault, source_id,
		what);
	place_print_record(&w->place, source_id);
}

static size_t
sum(const size_t *numbers)
{
	size_t all = 0;
	for (int i = 0; i < VICTIMS; i++)
		all += numbers[i];
	return all;
}

/* As it stands after this batch; false: something is wrong, and the worker ends. */
static bool
verify(struct worker *w)
{
	struct checker_counts counts = { 0 };
	struct tally *t = &w->tally;
	size_t echo = 0;
	if (!place_clear_faults(&w->place))
		return false;
	bool ended = place_settle(&w->place, &counts, &echo, tell, w);
	t->lost = counts.lost;
	t->doubled = counts.doubled;
	t->stale = counts.stale;
	t->phantom = counts.phantom;
	t->echo += echo;
	fprintf(stderr,
		"kill: %s: %zu runs, %zu in flight, %zu missed; %zu records, %zu writes: "
		"lost=%zu doubled=%zu stale=%zu phantom=%zu echo=%zu\n",
		w->name, t->runs, sum(t->inflight), t->misses, counts.sources,
		counts.writes, t->lost, t->doubled, t->stale, t->phantom, t->echo);
	return ended && checker_faults(&counts) == 0 && echo == 0;
}

static bool
kill_all(struct worker *w, size_t kills)
{
	if (!prepare(w))
		return false;
	for (size_t done = 1; done <= kills; done++) {
		if (!kill_one(w))
			return false;
		bool due = done % w->options->batch == 0 || done == kills;
		/* The length is another one under another load. */
		if (due && (!verify(w) || (done < kills && !measure(w))))
			return false;
		if (w->options->verbose)
			fprintf(stderr, "kill: %s: %zu\n", w->name, done);
	}
	return true;
}

/* ---- Shares and workers ---------------------------------------------------- */

/* Of a target: with upsert, without, or both. */
static size_t
variants(const struct options *o)
{
	return o->e1 && o->e3 ? 2 : 1;
}

/* Each share costs a first load, so of few kills not every pair has one. */
static size_t
count_shares(const struct options *o)
{
	size_t all = variants(o) * (o->rule != NULL ? 1 : checker_rule_count);
	return all > o->workers && o->kills >= all * SHARE_LEAST ? all : o->workers;
}

static bool
is_e3(const struct options *o, size_t share)
{
	return o->e1 && o->e3 ? share % 2 == 1 : o->e3;
}

static const struct checker_rule *
rule_of(const struct options *o, size_t share)
{
	size_t number = share / variants(o), rotate = count_shares(o) > o->workers ? 0 : o->seed;
	return o->rule != NULL ? o->rule
	                       : checker_rules[(number + rotate) % checker_rule_count];
}

static void
work(const struct options *o, size_t share, int report)
{
	static const struct place_options usual = {
		.target_delay_ms = 24, .source_delay_ms = 4, .request_deadline_ms = 400,
		.t_land_ms = T_LAND_MS, .t_visible_ms = 50,
	};
	struct worker w = { .options = o, .random = o->seed * 1000 + share };
	struct place_options options = usual;
	size_t shares = count_shares(o);
	size_t kills = o->kills / shares + (share < o->kills % shares);
	options.e3 = is_e3(o, share);
	options.writers = (share / 2 + o->seed) % 2 == 0 ? 2 : 1;
	options.rule = rule_of(o, share);
	snprintf(w.name, sizeof w.name, "%s-%s", options.rule->name,
	         options.e3 ? "e3" : "e1");
	bool sound = kills == 0;
	if (kills > 0 && place_open(&w.place, &options)) {
		bool wide = options.writers > 1 && !w.place.target->one_by_one;
		w.edits = wide ? WIDE_EDITS : EDITS;
		sound = kill_all(&w, kills);
		place_close(&w.place, !sound);
		if (!sound)
			fprintf(stderr, "kill: %s: kept for a look: %s\n", w.name,
				w.place.dir);
	}
	w.tally.broken = !sound;
	if (write(report, &w.tally, sizeof w.tally) != sizeof w.tally)
		_exit(1);
	free(w.ids);
}

static void
add_tally(struct tally *all, const struct tally *one)
{
	for (int i = 0; i < VICTIMS; i++) {
		all->kills[i] += one->kills[i];
		all->inflight[i] += one->inflight[i];
	}
	all->runs += one->runs;
	all->misses += one->misses;
	all->lost += one->lost;
	all->doubled += one->doubled;
	all->stale += one->stale;
	all->phantom += one->phantom;
	all->echo += one->echo;
	all->broken |= one->broken;
}

static bool
start_share(const struct options *o, size_t share, int report)
{
	pid_t pid = fork();
	if (pid == 0) {
		work(o, share, report);
		_exit(0);
	}
	return pid > 0;
}

/* What all of them tell fits into the pipe, which is read when they have ended. */
static bool
run_workers(const struct options *o, struct tally *all)
{
	int ends[2];
	size_t shares = count_shares(o), started = 0, told = 0;
	if (pipe(ends) != 0)
		return false;
	for (; started < shares; started++) {
		if (started >= o->workers)
			wait(NULL);
		if (!start_share(o, started, ends[1]))
			return false;
	}
	close(ends[1]);
	while (wait(NULL) > 0 || errno == EINTR)
		continue;
	for (struct tally one; read(ends[0], &one, sizeof one) == sizeof one; told++)
		add_tally(all, &one);
	close(ends[0]);
	return told == shares;
}

/* ---- Beginning and end ----------------------------------------------------- */

static bool
read_number(const char *text, uint64_t least, uint64_t most, uint64_t *number)
{
	char *end;
	errno = 0;
	*number = strtoull(text, &end, 10);
	return errno == 0 && end != text && *end == '\0' && *number >= least
	       && *number <= most;
}

static bool
take_option(struct options *o, int option)
{
	uint64_t n = 0;
	bool good = true;
	switch (option) {
	case 'k': good = read_number(optarg, 1, 1000000, &n); o->kills = n;   break;
	case 'b': good = read_number(optarg, 1, 1000000, &n); o->batch = n;   break;
	case 'w': good = read_number(optarg, 1, WORKERS_MAX, &n); o->workers = n; break;
	case 's': good = read_number(optarg, 0, UINT32_MAX, &o->seed);        break;
	case 'v': o->verbose = true;                                          break;
	case 'r':
		o->rule = checker_rule_named(optarg);
		good = o->rule != NULL || strcmp(optarg, "all") == 0;
		break;
	case 't':
		o->e1 = strcmp(optarg, "e3") != 0;
		o->e3 = strcmp(optarg, "e1") != 0;
		good = !o->e1 || !o->e3 || strcmp(optarg, "both") == 0;
		break;
	default:
		good = false;
	}
	return good;
}

static bool
read_options(struct options *o, int argc, char **argv)
{
	static const struct option names[] = {
		{ "kills", required_argument, NULL, 'k' },
		{ "seed", required_argument, NULL, 's' },
		{ "batch", required_argument, NULL, 'b' },
		{ "target", required_argument, NULL, 't' },
		{ "rule", required_argument, NULL, 'r' },
		{ "workers", required_argument, NULL, 'w' },
		{ "verbose", no_argument, NULL, 'v' },
		{ 0 },
	};
	int option;
	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1)
		if (!take_option(o, option))
			return false;
	if (o->e1 && o->e3 && o->workers < 2)
		o->workers = 2;
	return optind == argc;
}

static void
print_tally(const struct options *o, const struct tally *t)
{
	for (int i = 0; i < VICTIMS; i++)
		fprintf(stderr,
			"kill: %zu times the %s, %zu of them with a write inside the "
			"target\n",
			t->kills[i], victims[i].name, t->inflight[i]);
	if (t->phantom + t->echo > 0 || t->broken)
		fprintf(stderr, "kill: phantom=%zu echo=%zu%s\n", t->phantom, t->echo,
		        t->broken ? ", and not all was done" : "");
	/* A write that the source connector's end does not touch is none in flight. */
	printf("kill: runs=%zu lost=%zu doubled=%zu stale=%zu inflight=%zu seed=%" PRIu64
	       "\n",
	       t->runs, t->lost, t->doubled, t->stale,
	       sum(t->inflight) - t->inflight[VICTIM_SOURCE], o->seed);
}

static void
print_usage(void)
{
	fputs("usage: renkei-kill-test [--kills N] [--seed S] [--batch N] "
	      "[--target e1|e3|both] [--rule NAME|all] "
	      "[--workers N] [--verbose]\nrules:", stderr);
	for (size_t i = 0; i < checker_rule_count; i++)
		fprintf(stderr, " %s", checker_rules[i]->name);
	fputs("\n", stderr);
}

int
main(int argc, char **argv)
{
	struct options o = { .kills = 1000,
			     .batch = 50,
			     .workers = 12,
			     .e1 = true,
			     .e3 = true,
			     .seed = (uint64_t)time(NULL) % 1000000 };
	struct tally all = { 0 };
	if (!read_options(&o, argc, argv)) {
		print_usage();
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	int64_t start = place_mono_us();
	bool sound = run_workers(&o, &all) && !all.broken;
	fprintf(stderr, "kill: %.1f seconds\n",
		(double)(place_mono_us() - start) / 1000000);
	print_tally(&o, &all);
	/* In a few kills the share of those that meet a write is chance. */
	size_t inflight = sum(all.inflight) - all.inflight[VICTIM_SOURCE];
	bool good = sound
		    && all.lost + all.doubled + all.stale + all.phantom + all.echo == 0
		    && (inflight >= all.runs / 10 || all.runs < MANY_KILLS);
	return good ? 0 : 1;
}
