/* SPDX-License-Identifier: Apache-2.0
 *
 * compare.h - a slow walk that compares both sides of a sync and changes neither.
 *
 * It lists the source, maps each record and looks at what the target has: by link, else by
 * key.  Then come the links that the listing did not name, and at last the target itself,
 * where it can be listed, for what nobody knows of.  What does not agree is read once more
 * at both sides before it counts, for records change while a walk goes on.
 *
 * It holds the sync's lock, keeps its place with each page (store/walk.h) and goes on
 * there; its calls have the priority of a backfill.  With 'repair' what is missing or
 * different becomes a row of pending, which the next run writes as any other.  What the
 * target has too much is told and never touched. */
#ifndef SYNC_COMPARE_H
#define SYNC_COMPARE_H

#include "store/walk.h"
#include "sync/run.h"

struct compare_options {
	bool repair;
	int64_t most_ms;               /* It ends after so long, to go on later; 0: never. */
	int stop_fd;                   /* Readable: it is to end; 0: nobody asks. */
	/* May be NULL: after each page. */
	void (*progress)(void *with, const struct compared *so_far);
	void *with;
};

struct compare_report {
	struct compared result;        /* ended_ms 0: the walk goes on with the next call. */
	int exit_code;                 /* As that of a run; 3: not all are in step. */
	struct rk_err err;
	const char *side;              /* Connection that 'err' is about; or NULL. */
};

/* Mistakes of the mapping go to 'problems'; exit code 2 then. */
void sync_compare(struct world *world, const struct config_sync *sync,
                  const struct compare_options *options, struct problems *problems,
                  struct compare_report *report);

#endif
