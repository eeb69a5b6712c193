/* SPDX-License-Identifier: Apache-2.0
 *
 * soak.c - renkei-soak-test: a daemon with its console keeps all pairs of tests/image.c in
 * step, with and without upsert at the target, 200 runs a minute, while records change and
 * processes are killed at random.
 *
 *     renkei-soak-test [--seconds N] [--seed S]
 *
 * The daemon is never killed.  Runs and connectors are all the time, net and console at the
 * beginning and at the end: between, one of each lives on, so that its memory at a third
 * can be held against that near the end.  Then the daemon is asked to stop, each sync comes
 * to its end by hand, and the checker says what became of the records.  Ends with
 *
 *     soak: seconds=180 syncs=22 runs=640 kills=net:12,console:9,runs:80,connectors:70
 *     missed=0 lost=0 doubled=0 stale=0 memory=1.01 seed=1
 *
 * in one line, and 1 if one of the four is not 0, if the daemon, net or console has more
 * than 1.05 times the memory of before (`memory` is the worst of them; net may have 128 kB
 * besides), or if something else went wrong.  What a missed
 * slot is stands in soak/slots.h: on a slow machine there are fewer runs, and no other
 * verdict.  Seconds are only how long it goes on; it ends when all kinds were killed. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/kill/place.h"
#include "tests/kill/victim.h"
#include "tests/loopback.h"
#include "tests/soak/process.h"
#include "tests/soak/slots.h"

#define SYNCS 22                       /* Each pair with and without upsert. */
#define EVERY_MS 6000
#define PLACES 4                       /* Runs at once, of a daemon. */
#define CONTACTS 40
#define ADDED_KEPT 8
#define PATIENCE_US 120000000          /* For what is awaited, on any machine. */
#define T_LAND_MS 600
#define TICK_US 10000
#define CHANGE_US 250000
#define KILL_US 600000                 /* On an average. */
#define RUN_US 80000                   /* A kill waits for a part of it. */
#define LOOK_US 500000
#define MEMORY_MOST 1.05
/* What malloc may keep at the end of a heap that shrank (M_TRIM_THRESHOLD): net's goes up
 * and down with the calls that are on their way, and is never at rest. */
#define NET_SLACK_KB 128
#define MORE_FDS 16                    /* Connections that rest: net keeps 64 at most. */
#define MORE_THREADS 1

enum victim { VICTIM_NET, VICTIM_CONSOLE, VICTIM_RUN, VICTIM_CONNECTOR, VICTIMS };
static const struct { const char *name; unsigned share; } victims[VICTIMS] = {
	[VICTIM_NET] = { "net", 20 },
	[VICTIM_CONSOLE] = { "console", 15 },
	[VICTIM_RUN] = { "runs", 33 },
	[VICTIM_CONNECTOR] = { "connectors", 32 },
};

/* Parts of the time, in thousandths. */
#define SPARED_FROM 110                /* Net and console; they are watched from here ... */
#define SPARED_TO 900                  /* ... to here. */
static const int spans[2][2] = { { 300, 366 }, { 834, 900 } };

struct side {
	struct place place;
	uint64_t added[ADDED_KEPT];
	size_t added_count, serial;
};

struct soak {
	uint64_t seconds, seed, random;
	struct place house;            /* The daemon's configuration, state and log. */
	struct place_options options[SYNCS];
	char names[SYNCS][32], every[40];
	struct side sides[SYNCS];
	size_t side_count;
	pid_t daemon;
	FILE *log;                     /* owned */
	uint16_t console_port;
	struct slots *slots;           /* owned */
	size_t kills[VICTIMS], asked, told;
	struct process_watch watches[3];
	struct checker_counts counts;
	size_t echo;
	bool broken;                   /* As told on stderr. */
};

static void
wrong(struct soak *s, const char *what)
{
	fprintf(stderr, "soak: %s\n", what);
	s->broken = true;
}

static uint64_t
below(struct soak *s, uint64_t end)
{
	uint64_t z = s->random += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return (z ^ z >> 31) % end;
}

/* ---- What happens at the sources ------------------------------------------- */

static bool
add_one(struct soak *s, struct side *side)
{
	char key[80], name[24];
	snprintf(key, sizeof key, "added.%zu@%s.example.com", ++side->serial, side->place.name);
	snprintf(name, sizeof name, "No. %zu", side->serial);
	uint64_t id = place_add(&side->place, key, name, 0);
	size_t at = side->added_count < ADDED_KEPT ? side->added_count++
	                                           : (size_t)below(s, ADDED_KEPT);
	side->added[at] = id;
	return id != 0;
}

static bool
delete_one(struct soak *s, struct side *side)
{
	size_t at = (size_t)below(s, side->added_count);
	uint64_t id = side->added[at];
	side->added[at] = side->added[--side->added_count];
	return place_delete(&side->place, id);
}

static void
change_one(struct soak *s)
{
	struct side *side = &s->sides[below(s, s->side_count)];
	struct place *p = &side->place;
	bool done = place_edit_some(p, 1 + (size_t)below(s, 6), below(s, 1000000))
	            && (below(s, 3) != 0 || add_one(s, side))
	            && (side->added_count == 0 || below(s, 5) != 0 || delete_one(s, side))
	            && place_advance(p, (int64_t)below(s, 2500)) && place_save(p);
	if (!done)
		wrong(s, "a source cannot be changed");
}

/* ---- Who is killed --------------------------------------------------------- */

static pid_t
find_net(const struct soak *s)
{
	pid_t net = 0;
	for (size_t i = 0; net <= 0 && i < PLACES; i++)
		net = victim_net(victim_run(s->daemon, i), s->house.state);
	return net;
}

static pid_t
find_victim(struct soak *s, enum victim v, size_t which)
{
	switch (v) {
	case VICTIM_NET:     return find_net(s);
	case VICTIM_CONSOLE: return victim_console(s->daemon);
	case VICTIM_RUN:     return victim_run(s->daemon, which);
	case VICTIM_CONNECTOR:
		return victim_connector(victim_run(s->daemon, which), NULL, which / PLACES);
	case VICTIMS:        break;
	}
	return 0;
}

static enum victim
draw_victim(struct soak *s, bool spared)
{
	enum victim v;
	do {
		unsigned at = (unsigned)below(s, 100);
		for (v = VICTIM_NET; at >= victims[v].share; v++)
			at -= victims[v].share;
	} while (spared && (v == VICTIM_NET || v == VICTIM_CONSOLE));
	return v;
}

/* False: it was not there, or is gone before its moment. */
static bool
kill_one(struct soak *s, enum victim v)
{
	size_t which = (size_t)below(s, 1000);
	if (find_victim(s, v, which) <= 0)
		return false;
	place_sleep_us((int64_t)below(s, RUN_US));
	pid_t pid = find_victim(s, v, which);
	if (pid <= 0 || kill(pid, SIGKILL) != 0)
		return false;
	s->kills[v]++;
	return true;
}

/* ---- What the daemon says, and what its processes hold ---------------------- */

static void
read_log(struct soak *s)
{
	char *line = NULL;
	size_t room = 0;
	unsigned port;
	clearerr(s->log);
	while (getline(&line, &room, s->log) > 0) {
		const char *at = strstr(line, "console.started address=");
		slots_line(s->slots, line);
		if (at != NULL && sscanf(at, "console.started address=http://127.0.0.1:%u", &port) == 1)
			s->console_port = (uint16_t)port;
	}
	free(line);
}

static void
ask_console(struct soak *s)
{
	static const char *const paths[] = { "/", "/healthz", "/metrics" };
	free(loopback_ask(s->console_port, paths[s->asked++ % 3], NULL));
}

/* What lives on is known by its number: another one, and it has died unasked. */
static void
watch(struct soak *s, int span)
{
	const pid_t now[] = { s->daemon, find_net(s), victim_console(s->daemon) };
	for (size_t i = 0; i < 3; i++) {
		struct process_watch *w = &s->watches[i];
		if (w->pid == 0)
			w->pid = now[i];
		if (now[i] > 0 && now[i] == w->pid && process_sample(w, span))
			continue;
		fprintf(stderr, "soak: %s ended, and nobody killed it\n", w->name);
		s->broken = true;
	}
}

static bool
all_there(struct soak *s)
{
	return find_net(s) > 0 && victim_console(s->daemon) > 0;
}

/* ---- The soak -------------------------------------------------------------- */

static bool
await(struct soak *s, bool (*condition)(struct soak *s), const char *what)
{
	int64_t until = place_mono_us() + PATIENCE_US;
	while (!condition(s)) {
		if (place_mono_us() > until) {
			wrong(s, what);
			return false;
		}
		read_log(s);
		victim_reap(s->daemon);
		place_sleep_us(TICK_US);
	}
	return true;
}

/* Whether it is time for something that comes around; then it is due again in 'us'. */
static bool
is_due(int64_t *due_us, int64_t now_us, int64_t us)
{
	if (now_us < *due_us)
		return false;
	*due_us = now_us + us;
	return true;
}

/* The span that has samples to come at this part of the time; -1: none has. */
static int
span_of(const struct soak *s, int64_t part)
{
	for (int i = 0; i < 2; i++)
		if (s->watches[0].count[i] < PROCESS_SAMPLES)
			return part >= spans[i][0] ? i : -1;
	return 2;
}

static bool
all_were_killed(const struct soak *s)
{
	bool all = true;
	for (int v = 0; v < VICTIMS; v++)
		all &= s->kills[v] > 0;
	return all;
}

static void
look_at_exports(struct soak *s)
{
	for (size_t i = 0; i < SYNCS; i++)
		if (s->sides[i].place.export != NULL && !place_look(&s->sides[i].place))
			wrong(s, "a log cannot be read");
}

static void
go_on(struct soak *s)
{
	int64_t change_us = 0, kill_us = 0, look_us = 0, sample_us = 0;
	int64_t total_us = (int64_t)s->seconds * 1000000, start_us = place_mono_us(), now_us;
	bool spared = false, drawn = false;
	enum victim v = VICTIM_RUN;
	while ((now_us = place_mono_us() - start_us) < total_us + PATIENCE_US && !s->broken) {
		int64_t part = now_us * 1000 / total_us;
		int span = span_of(s, part);
		if (part >= 1000 && span == 2 && all_were_killed(s))
			return;
		bool spare = part >= SPARED_FROM && span != 2;
		if (spare && !spared && !await(s, all_there, "net or console is not there"))
			return;
		drawn &= spare == spared;
		spared = spare;
		if (span >= 0 && span < 2
		    && is_due(&sample_us, now_us, total_us * 66 / 1000 / PROCESS_SAMPLES))
			watch(s, span);
		if (is_due(&change_us, now_us, CHANGE_US))
			change_one(s);
		if (is_due(&look_us, now_us, LOOK_US)) {
			look_at_exports(s);
			ask_console(s);
		}
		if (!drawn) {
			v = draw_victim(s, spared);
			drawn = true;
		}
		if (now_us >= kill_us && kill_one(s, v)) {
			drawn = false;
			kill_us = now_us + (int64_t)below(s, 2 * KILL_US);
		}
		read_log(s);
		victim_reap(s->daemon);
		place_sleep_us(TICK_US);
	}
	if (!s->broken)
		wrong(s, "it did not come to its end");
}

/* ---- The end --------------------------------------------------------------- */

static bool
has_ended(struct soak *s)
{
	int state;
	if (waitpid(s->daemon, &state, WNOHANG) == 0)
		return false;
	if (!WIFEXITED(state) || WEXITSTATUS(state) != 0)
		wrong(s, "the daemon did not end well");
	s->daemon = 0;
	return true;
}

/* What the daemon had is ours now; a console that was killed needs a moment to go. */
static bool
nothing_is_left(struct soak *s)
{
	(void)s;
	return victim_run(getpid(), 0) == 0 && victim_console(getpid()) == 0;
}

static void
stop(struct soak *s)
{
	kill(s->daemon, SIGTERM);
	if (await(s, has_ended, "the daemon does not stop"))
		read_log(s);
	await(s, nothing_is_left, "the daemon left processes behind");
}

static void
tell(void *with, const char *fault, const char *source_id, const char *what)
{
	struct place *p = with;
	fprintf(stderr, "soak: %s: %s: source record %s: %s\n", p->name, fault, source_id, what);
	place_print_record(p, source_id);
}

/* The first pair, where each record is a call of its own, waits longest for what a killed
 * run may have sent: it comes last. */
static void
settle(struct soak *s)
{
	for (size_t i = SYNCS; i-- > 0;) {
		struct checker_counts one = { 0 };
		size_t echo = 0;
		int64_t from_us = place_mono_us();
		if (!place_settle(&s->sides[i].place, &one, &echo, tell, &s->sides[i].place))
			wrong(s, s->sides[i].place.name);
		s->counts.sources += one.sources;
		s->counts.writes += one.writes;
		s->counts.lost += one.lost;
		s->counts.doubled += one.doubled;
		s->counts.stale += one.stale;
		s->counts.phantom += one.phantom;
		s->echo += echo;
		fprintf(stderr, "soak: %s: %zu records, %zu writes, settled in %.1f s\n",
		        s->sides[i].place.name, one.sources, one.writes,
		        (double)(place_mono_us() - from_us) / 1000000);
	}
}

/* ---- Verdict --------------------------------------------------------------- */

static double
judge_processes(struct soak *s)
{
	static const char *const words[] = { "kB", "descriptors", "threads" };
	double worst = 0;
	for (size_t i = 0; i < 3; i++) {
		const struct process_watch *w = &s->watches[i];
		long now[PROCESS_FIGURES], before[PROCESS_FIGURES];
		for (int f = 0; f < PROCESS_FIGURES; f++) {
			before[f] = process_holds(w, 0, (enum process_figure)f);
			now[f] = process_holds(w, 1, (enum process_figure)f);
			fprintf(stderr, "soak: %s: %ld %s, then %ld\n", w->name, before[f], words[f],
			        now[f]);
		}
		double grown = before[PROCESS_MEMORY_KB] > 0
			? (double)now[PROCESS_MEMORY_KB] / (double)before[PROCESS_MEMORY_KB] : 0;
		worst = grown > worst ? grown : worst;
		if ((double)(now[PROCESS_MEMORY_KB] - w->slack_kb)
		        > MEMORY_MOST * (double)before[PROCESS_MEMORY_KB]
		    || before[PROCESS_MEMORY_KB] == 0
		    || now[PROCESS_FDS] > before[PROCESS_FDS] + MORE_FDS
		    || now[PROCESS_THREADS] > before[PROCESS_THREADS] + MORE_THREADS)
			wrong(s, "a process holds more and more");
	}
	return worst;
}

static double
cpu_s(void)
{
	struct rusage u;
	getrusage(RUSAGE_CHILDREN, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec)
	       + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000000;
}

static bool
judge(struct soak *s)
{
	struct slots_counts slots = slots_counts(s->slots);
	double memory = judge_processes(s);
	if (slots.syncs != SYNCS || slots.odd > 0)
		wrong(s, "the daemon's log has not all syncs, or runs that did not begin");
	fprintf(stderr, "soak: %zu records, %zu writes, %zu runs killed, %zu failed, phantom=%zu "
	        "echo=%zu, %.0f s of CPU\n", s->counts.sources, s->counts.writes, slots.killed,
	        slots.failed, s->counts.phantom, s->echo, cpu_s());
	printf("soak: seconds=%" PRIu64 " syncs=%zu runs=%zu kills=", s->seconds, slots.syncs,
	       slots.runs);
	for (int v = 0; v < VICTIMS; v++)
		printf("%s%s:%zu", v > 0 ? "," : "", victims[v].name, s->kills[v]);
	printf(" missed=%zu lost=%zu doubled=%zu stale=%zu memory=%.2f seed=%" PRIu64 "\n",
	       slots.missed, s->counts.lost, s->counts.doubled, s->counts.stale, memory, s->seed);
	return !s->broken && slots.missed == 0 && checker_faults(&s->counts) == 0
	       && s->echo == 0;
}

/* ---- Beginning and end ----------------------------------------------------- */

/* Pair by pair, first all with upsert, then all without. */
static bool
open_side(struct soak *s, size_t i)
{
	struct place_options *o = &s->options[i];
	struct side *side = &s->sides[i];
	*o = (struct place_options){
		.rule = checker_rules[i % checker_rule_count], .e3 = i >= checker_rule_count,
		.writers = i % 2 == 0 ? 2 : 1, .target_delay_ms = 12, .source_delay_ms = 2,
		.request_deadline_ms = 5000, .source_deadline_ms = 5000, .t_land_ms = T_LAND_MS,
		.t_visible_ms = 50, .name = s->names[i], .state = s->house.state,
		.sync_more = s->every,
	};
	snprintf(s->names[i], sizeof s->names[i], "%s-%zu", o->rule->name, i);
	if (!place_open(&side->place, o))
		return false;
	s->side_count++;
	return place_seed(&side->place, CONTACTS, s->seed + i) != 0 && place_save(&side->place);
}

static bool
write_configuration(const struct soak *s)
{
	char path[100];
	snprintf(path, sizeof path, "%s/renkei.conf", s->house.dir);
	FILE *f = fopen(path, "we");
	if (f == NULL)
		return false;
	fputs("console: { listen = \"127.0.0.1:0\"; };\nconnections: {\n", f);
	for (size_t i = 0; i < SYNCS; i++)
		place_print_connections(&s->sides[i].place, &s->options[i], f);
	fputs("};\nsyncs = (\n", f);
	for (size_t i = 0; i < SYNCS; i++) {
		place_print_sync(&s->sides[i].place, &s->options[i], f);
		fputs(i + 1 < SYNCS ? ",\n" : " );\n", f);
	}
	return fclose(f) == 0;
}

static bool
open_house(struct soak *s)
{
	struct place *h = &s->house;
	snprintf(s->every, sizeof s->every, "every = \"%dms\";", EVERY_MS);
	snprintf(h->dir, sizeof h->dir, "/tmp/renkei-soak.XXXXXX");
	if (mkdtemp(h->dir) == NULL)
		return false;
	snprintf(h->state, sizeof h->state, "%s/state", h->dir);
	return mkdir(h->state, 0700) == 0;
}

static bool
has_begun(struct soak *s)
{
	return s->console_port != 0;
}

static bool
begin(struct soak *s)
{
	char log[100];
	if (!open_house(s))
		return false;
	for (size_t i = 0; i < SYNCS; i++)
		if (!open_side(s, i))
			return false;
	memcpy(s->house.programs, s->sides[0].place.programs, sizeof s->house.programs);
	s->slots = slots_new(EVERY_MS, PLACES);
	s->daemon = write_configuration(s)
	            ? place_spawn(&s->house, (const char *[]){ "daemon", NULL }) : -1;
	snprintf(log, sizeof log, "%s/run.log", s->house.dir);
	s->log = s->daemon > 0 ? fopen(log, "re") : NULL;
	return s->log != NULL && await(s, has_begun, "the console does not start");
}

static void
end(struct soak *s, bool keep)
{
	if (s->daemon > 0)
		kill(s->daemon, SIGKILL);
	for (size_t i = 0; i < s->side_count; i++)
		place_close(&s->sides[i].place, keep);
	if (s->log != NULL)
		fclose(s->log);
	slots_free(s->slots);
	if (keep)
		fprintf(stderr, "soak: kept for a look: %s\n", s->house.dir);
	else
		place_remove(s->house.dir);
}

static bool
read_options(struct soak *s, int argc, char **argv)
{
	static const struct option names[] = {
		{ "seconds", required_argument, NULL, 'n' },
		{ "seed", required_argument, NULL, 's' },
		{ 0 },
	};
	int option;
	char *rest = NULL;
	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (option == '?')
			return false;
		*(option == 'n' ? &s->seconds : &s->seed) = strtoull(optarg, &rest, 10);
		if (rest == optarg || *rest != '\0')
			return false;
	}
	return optind == argc && s->seconds >= 10 && s->seconds <= 1000000;
}

int
main(int argc, char **argv)
{
	static struct soak s = {
		.seconds = 180,
		.watches = { { .name = "daemon" },
		             { .name = "net", .slack_kb = NET_SLACK_KB },
		             { .name = "console" } },
	};
	s.seed = (uint64_t)time(NULL) % 1000000;
	if (!read_options(&s, argc, argv)) {
		fputs("usage: renkei-soak-test [--seconds N] [--seed S]; of 10 seconds or more\n",
		      stderr);
		return 2;
	}
	s.random = s.seed;
	signal(SIGPIPE, SIG_IGN);
	bool good = begin(&s);
	if (good) {
		go_on(&s);
		stop(&s);
		settle(&s);
		good = judge(&s);
	} else {
		fputs("soak: it cannot begin\n", stderr);
	}
	end(&s, !good);
	return good ? 0 : 1;
}
