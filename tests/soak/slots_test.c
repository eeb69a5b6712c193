/* SPDX-License-Identifier: Apache-2.0
 *
 * slots_test.c - slots that were missed are found in hand-written logs, and none where
 * there is a reason.  A case is a text, one line of the log a word: "30+a" the run of
 * sync a begins at second 30, "33-a" it ends, "33-a9" it is killed so; "90." the daemon
 * stops.  Two run at a time, each every ten seconds. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/soak/slots.h"

struct slot_case {
	const char *name, *log;
	size_t runs, missed, killed, odd;
};

static const struct slot_case cases[] = {
	{ "nothing at all", "", 0, 0, 0, 0 },
	{ "each in its time", "0+a 1-a 1+b 2-b 10+a 11-a 11+b 12-b 20.", 4, 0, 0, 0 },
	{ "a run that goes on for several slots", "0+a 0+b 1-b 10+b 11-b 20+b 21-b 25-a "
	  "25+a 26-a 30.", 5, 0, 0, 0 },
	{ "no place for several slots", "0+a 0+b 0+c 1-a 1+c 90-b 90-c 90+a 91-a 91+c 92-c "
	  "92.", 5, 0, 0, 1 },
	{ "one that died is due again", "0+a 1-a9 10+a 11-a 12.", 2, 0, 1, 0 },
	{ "one is forgotten while another one goes on", "0+a 1-a 1+b 2-b 10+a 11-a 20+a 21-a "
	  "30+a 31-a 32.", 5, 1, 0, 0 },
	{ "it is told once a slot", "0+a 1-a 1+b 2-b 10+a 11-a 20+a 21-a 30+a 31-a 32+b 33-b "
	  "40+a 41-a 50+a 51-a 60+a 61-a 70+a 71-a 72.", 10, 2, 0, 0 },
	{ "nobody is served, with places free", "0+a 1-a 50.", 1, 1, 0, 0 },
	{ "and it comes late in the end", "0+a 1-a 0+b 1-b 60+a 60+b 61-a 61-b 62.", 4, 2, 0, 0 },
	{ "late, but not so late", "0+a 1-a 35+a 36-a 40.", 2, 0, 0, 0 },
	{ "what runs is started again, and what does not ends", "0+a 1+a 2-a 3-a", 1, 0, 0, 2 },
};

static void
play(struct slots *s, const char *word)
{
	char line[200];
	int at, n = 0;
	char what, sync = ' ', died = ' ';
	assert_true(sscanf(word, "%d%c%n%c%c", &at, &what, &n, &sync, &died) >= 2);
	n = snprintf(line, sizeof line, "2026-11-22T20:%02d:%02dZ info daemon.", at / 60, at % 60);
	if (what == '+')
		snprintf(line + n, sizeof line - (size_t)n, "run sync=%c pid=%d", sync, sync);
	else if (what == '-')
		snprintf(line + n, sizeof line - (size_t)n, "ended pid=%d code=%d milliseconds=9",
		         sync, died == '9' ? 137 : 0);
	else
		snprintf(line + n, sizeof line - (size_t)n, "stopping 0 runs are asked to end");
	slots_line(s, line);
}

static void
what_is_missed_is_counted_and_nothing_else(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *log = strdup(cases[i].log), *rest = log;
		struct slots *s = slots_new(10000, 2);
		slots_line(s, "no line of a daemon");
		for (char *word; (word = strsep(&rest, " ")) != NULL;)
			if (*word != '\0')
				play(s, word);
		struct slots_counts counts = slots_counts(s);
		print_message("%s\n", cases[i].name);
		assert_int_equal(counts.runs, cases[i].runs);
		assert_int_equal(counts.missed, cases[i].missed);
		assert_int_equal(counts.killed, cases[i].killed);
		assert_int_equal(counts.odd, cases[i].odd);
		slots_free(s);
		free(log);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_missed_is_counted_and_nothing_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
