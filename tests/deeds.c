/* SPDX-License-Identifier: Apache-2.0
 *
 * deeds.c - renkei-deeds-test: what else a kill or a lost answer could spoil: references
 * between records, deletions, a run that is undone, and a person's answers to conflicts.
 *
 *     renkei-deeds-test [--kills N] [--seed S] [--deed NAME|all] [--workers N] [--verbose]
 *
 * The kills are dealt out to shares: each deed with upsert at the target and without, each
 * share with its own simulators and state (see deeds/).  Ends with
 *
 *     deeds: kills=90 runs=260 faults=60 checked=2400 wrong=0 seed=1
 *
 * and 1 if something is wrong.  The same seed draws the same people and faults; where a
 * kill falls is for the machine to say. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/deeds/deed.h"

#define WORKERS_MAX 16

static const struct {
	const char *name;
	bool (*run)(struct deed *d, size_t kills, bool e3);
	enum deed_kind kind;
} deeds[] = {
	{ "references", deed_references, DEED_PLAIN },
	{ "associations", deed_references, DEED_HUBSPOT },
	{ "lookups", deed_references, DEED_KINTONE },
	{ "deletes", deed_deletes, DEED_PLAIN },
	{ "flags", deed_deletes, DEED_FLAGS },
	{ "revert", deed_revert, DEED_PLAIN },
	{ "revert-both", deed_revert, DEED_BOTH },
	{ "asks", deed_asks, DEED_BOTH },
};
#define DEEDS (sizeof deeds / sizeof *deeds)

struct options {
	size_t kills, workers, only;   /* DEEDS: all of them. */
	uint64_t seed;
	bool verbose;
};

static size_t
count_shares(const struct options *o)
{
	return o->only < DEEDS ? 2 : DEEDS * 2;
}

static void
work(const struct options *o, size_t share, int report)
{
	size_t shares = count_shares(o), which = o->only < DEEDS ? o->only : share / 2;
	size_t kills = o->kills / shares + (share < o->kills % shares);
	bool e3 = share % 2 == 1;
	struct deed d = { .random = o->seed * 1000 + share, .kind = deeds[which].kind,
		          .verbose = o->verbose };
	snprintf(d.name, sizeof d.name, "%s-%s", deeds[which].name, e3 ? "e3" : "e1");
	if (kills > 0 && !deeds[which].run(&d, kills, e3))
		d.tally.broken = true;
	fprintf(stderr, "deeds: %s: %zu kills, %zu runs, %zu records looked at, %zu wrong\n",
	        d.name, d.tally.kills, d.tally.runs, d.tally.checked, d.tally.wrong);
	if (write(report, &d.tally, sizeof d.tally) != sizeof d.tally)
		_exit(1);
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

static void
add_tally(struct deed_tally *all, const struct deed_tally *one)
{
	all->kills += one->kills;
	all->runs += one->runs;
	all->faults += one->faults;
	all->checked += one->checked;
	all->wrong += one->wrong;
	all->broken |= one->broken;
}

/* What all of them tell fits into the pipe, which is read when they have ended. */
static bool
run_workers(const struct options *o, struct deed_tally *all)
{
	int ends[2];
	size_t shares = count_shares(o), told = 0;
	if (pipe(ends) != 0)
		return false;
	for (size_t started = 0; started < shares; started++) {
		if (started >= o->workers)
			wait(NULL);
		if (!start_share(o, started, ends[1]))
			return false;
	}
	close(ends[1]);
	while (wait(NULL) > 0 || errno == EINTR)
		continue;
	for (struct deed_tally one; read(ends[0], &one, sizeof one) == sizeof one; told++)
		add_tally(all, &one);
	close(ends[0]);
	return told == shares;
}

static bool
read_number(const char *text, uint64_t most, uint64_t *number)
{
	char *end;
	errno = 0;
	*number = strtoull(text, &end, 10);
	return errno == 0 && end != text && *end == '\0' && *number <= most;
}

static bool
take_option(struct options *o, int option)
{
	uint64_t n = 0;
	bool good = true;
	switch (option) {
	case 'k': good = read_number(optarg, 1000000, &n); o->kills = n;     break;
	case 'w': good = read_number(optarg, WORKERS_MAX, &n) && n > 0; o->workers = n; break;
	case 's': good = read_number(optarg, UINT32_MAX, &o->seed);          break;
	case 'v': o->verbose = true;                                         break;
	case 'd':
		for (o->only = 0; o->only < DEEDS && strcmp(deeds[o->only].name, optarg) != 0;)
			o->only++;
		good = o->only < DEEDS || strcmp(optarg, "all") == 0;
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
		{ "deed", required_argument, NULL, 'd' },
		{ "workers", required_argument, NULL, 'w' },
		{ "verbose", no_argument, NULL, 'v' },
		{ 0 },
	};
	int option;
	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1)
		if (!take_option(o, option))
			return false;
	return optind == argc;
}

int
main(int argc, char **argv)
{
	struct options o = { .kills = 90, .workers = 6, .only = DEEDS, .seed = 1 };
	struct deed_tally all = { 0 };
	if (!read_options(&o, argc, argv)) {
		fputs("usage: renkei-deeds-test [--kills N] [--seed S] [--deed all", stderr);
		for (size_t i = 0; i < DEEDS; i++)
			fprintf(stderr, "|%s", deeds[i].name);
		fputs("] [--workers N] [--verbose]\n", stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	int64_t start = place_mono_us();
	bool sound = run_workers(&o, &all) && !all.broken;
	fprintf(stderr, "deeds: %.1f seconds\n", (double)(place_mono_us() - start) / 1000000);
	printf("deeds: kills=%zu runs=%zu faults=%zu checked=%zu wrong=%zu seed=%" PRIu64 "\n",
	       all.kills, all.runs, all.faults, all.checked, all.wrong, o.seed);
	return sound && all.wrong == 0 ? 0 : 1;
}
