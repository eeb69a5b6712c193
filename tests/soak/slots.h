/* SPDX-License-Identifier: Apache-2.0
 *
 * slots.h - reads what a daemon logged of its runs, and counts the slots that it missed.
 * It knows nothing of processes and asks no clock: only the daemon's own times count, so
 * the verdict on one log is always the same.  Called by tests/soak.c.
 *
 *     new -> line ... -> counts -> free
 *
 * A sync's slot is `every` after its last run began.  The first run that begins in or
 * after it serves it, late as it may be: a run that is still on its way, or a place that
 * is free only later, makes one run of several slots, by design (catch-up once).  It is
 * missed where nothing of that is the reason, so that it would be so on any machine:
 *
 * - another sync was served whose slot came more than a whole interval later, or
 * - for SLOTS_PATIENCE_MS the sync did not run, its slot had come, and a place was free. */
#ifndef TESTS_SOAK_SLOTS_H
#define TESTS_SOAK_SLOTS_H

#include <stddef.h>
#include <stdint.h>

#define SLOTS_PATIENCE_MS 30000

struct slots_counts {
	size_t syncs, runs;            /* That began. */
	size_t missed;                 /* Slots; each counts once. */
	size_t killed, failed;         /* Runs: ended by a signal; by another code than 0. */
	size_t odd;                    /* Ends of runs that never began, and the like. */
};

struct slots;

/* 'places': how many runs go at a time. */
struct slots *slots_new(int64_t every_ms, size_t places);
void slots_free(struct slots *s);
/* A line of the log; all but three kinds are nothing to it. */
void slots_line(struct slots *s, const char *line);
struct slots_counts slots_counts(const struct slots *s);

#endif
