/* SPDX-License-Identifier: Apache-2.0
 *
 * truth.c - renkei-truth: reads the write log of a renkei-simulator once and says
 * what the sync of its contacts did wrong, or the one of app 1's customers to HubSpot.
 * For scripts and people; tests in C use checker.h.
 *
 *     renkei-truth PORT [--verbose] [contacts | customers | cards]
 *     truth: records=1000 targets=1000 writes=1010 lost=0 doubled=0 stale=0 phantom=0
 *
 * Ends with 1 if one of the last four is not 0. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/checker.h"

#define TOLD_MAX 20

struct teller {
	const struct checker *checker;
	bool verbose;
	size_t told;
};

static void
tell(void *with, const char *fault, const char *source_id, const char *what)
{
	struct teller *t = with;
	if (t->told++ >= TOLD_MAX)
		return;
	fprintf(stderr, "%s: source record %s: %s\n", fault, source_id, what);
	if (t->verbose && source_id[0] != '\0')
		checker_print_record(t->checker, source_id, stderr);
}

int
main(int argc, char **argv)
{
	unsigned long port = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	bool verbose = argc > 2 && strcmp(argv[2], "--verbose") == 0;
	int at = verbose ? 3 : 2;
	const struct checker_rule *rule
		= argc == at ? &checker_contacts
	                     : argc == at + 1 ? checker_rule_named(argv[at]) : NULL;
	if (port == 0 || port > 65535 || rule == NULL) {
		fputs("usage: renkei-truth PORT [--verbose] [RULE]\n",
		      stderr);
		return 2;
	}
	struct checker *c = checker_new(rule);
	struct teller teller = { .checker = c, .verbose = verbose };
	struct checker_counts counts;
	bool read = checker_read(c, (uint16_t)port);
	if (!read)
		fprintf(stderr, "renkei-truth: port %lu has no whole write log\n", port);
	checker_judge(c, &counts, tell, &teller);
	printf("truth: records=%zu targets=%zu writes=%zu lost=%zu doubled=%zu stale=%zu "
	       "phantom=%zu\n",
	       counts.sources, counts.targets, counts.writes, counts.lost, counts.doubled,
	       counts.stale, counts.phantom);
	checker_free(c);
	return read && checker_faults(&counts) == 0 ? 0 : 1;
}
