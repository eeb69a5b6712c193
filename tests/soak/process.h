/* SPDX-License-Identifier: Apache-2.0
 *
 * process.h - what a process holds now, by /proc: memory of its own, descriptors, threads;
 * and whether it holds more than it did.  Called by tests/soak.c. */
#ifndef TESTS_SOAK_PROCESS_H
#define TESTS_SOAK_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define PROCESS_SAMPLES 64

enum process_figure { PROCESS_MEMORY_KB, PROCESS_FDS, PROCESS_THREADS, PROCESS_FIGURES };

/* Of two spans of time; all zero is none yet. */
struct process_watch {
	const char *name;
	long slack_kb;                 /* What it may have more, besides. */
	pid_t pid;
	size_t count[2];
	long samples[2][PROCESS_FIGURES][PROCESS_SAMPLES];
};

/* Adds a sample to span 0 or 1; full, it takes no more.  False: it is gone. */
bool process_sample(struct process_watch *w, int span);
/* Of a span's samples the least memory, as it is at rest between two pieces of work, or
 * the middle one of what is counted; 0: it has none. */
long process_holds(const struct process_watch *w, int span, enum process_figure figure);

#endif
