/* SPDX-License-Identifier: Apache-2.0
 *
 * watch.h - how each sync stood when somebody was last told of it, in host.db: a notice
 * is of a change, and not of a run. */
#ifndef STORE_WATCH_H
#define STORE_WATCH_H

#include "base/arena.h"
#include "store/host.h"

/* Kept as numbers: added to, never changed. */
enum watch_state { WATCH_WELL, WATCH_RECORDS, WATCH_HELD, WATCH_LOGIN, WATCH_FAILING,
                   WATCH_BROKEN, WATCH_OVERDUE, WATCH_DELETIONS, WATCH_CONFLICTS,
                   WATCH_RECORDS_AND_CONFLICTS, WATCH_STATES };

struct watch {
	enum watch_state state;
	int64_t since_ms;
	int64_t good_ms;               /* The last run that came to its end. */
	bool known;                    /* It was put before. */
};

/* Its runs come to their end, whatever of it waits for a person. */
bool watch_is_good(enum watch_state state);
struct watch watch_get(struct host *h, const char *sync);
/* All that were put, by name. */
struct watches {
	struct watch_row *list;        /* in the arena */
	size_t count;
};

struct watches watch_list(struct host *h, struct arena *arena);
struct watch watch_of(const struct watches *all, const char *sync);
bool watch_put(struct host *h, const char *sync, const struct watch *watch,
               struct rk_err *err);

#endif
