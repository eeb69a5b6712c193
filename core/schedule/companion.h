/* SPDX-License-Identifier: Apache-2.0
 *
 * companion.h - a program that runs beside the daemon as long as it is wanted: started
 * again when it ends, after waits that grow.  Whatever becomes of it touches nothing
 * else.  It has an empty environment; what it says on standard error is the daemon's. */
#ifndef SCHEDULE_COMPANION_H
#define SCHEDULE_COMPANION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"

struct companion {
	struct arena arena;            /* owned: argv */
	const char **argv;             /* NULL: it is not wanted. */
	pid_t pid;                     /* 0: it does not run. */
	unsigned failures;             /* One after the other. */
	int64_t began_ms, due_ms;      /* Monotonic, as all times here. */
};

/* From here on it runs with these arguments, or, with NULL, not at all; it is asked to
 * end where that changes something.  argv[0] is its name (base/program.h). */
void companion_want(struct companion *c, const char *const *argv);
/* Starts it when it is due; when to call again, INT64_MAX for never. */
int64_t companion_step(struct companion *c, int64_t now_ms);
/* A child has ended; false: it is not this one. */
bool companion_ended(struct companion *c, pid_t pid, int status, int64_t now_ms);
/* Asks it to end, or ends it; true while it is there. */
bool companion_stop(struct companion *c, bool at_once);
void companion_free(struct companion *c);

#endif
