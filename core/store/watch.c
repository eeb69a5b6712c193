/* SPDX-License-Identifier: Apache-2.0
 *
 * watch.c - see watch.h. */
#include "store/watch.h"

#include <sqlite3.h>

struct watch
watch_get(struct host *h, const char *sync)
{
	struct watch watch = { .state = WATCH_WELL, .since_ms = RK_NO_TIME,
	                       .good_ms = RK_NO_TIME };
	sqlite3_stmt *st = host_prepare(h, "SELECT state, since, good FROM watch"
	                                " WHERE sync = ?1");
	sqlite3_bind_text(st, 1, sync, -1, SQLITE_STATIC);
	if (st != NULL && sqlite3_step(st) == SQLITE_ROW) {
		int64_t state = sqlite3_column_int64(st, 0);
		watch.known = true;
		watch.state = state >= 0 && state < WATCH_STATES ? (enum watch_state)state
		                                                  : WATCH_FAILING;
		watch.since_ms = sqlite3_column_int64(st, 1);
		watch.good_ms = sqlite3_column_int64(st, 2);
	}
	sqlite3_finalize(st);
	return watch;
}

bool
watch_put(struct host *h, const char *sync, const struct watch *watch, struct rk_err *err)
{
	sqlite3_stmt *st = host_prepare(h, "INSERT OR REPLACE INTO watch(sync, state, since, good)"
	                                " VALUES(?1, ?2, ?3, ?4)");
	sqlite3_bind_text(st, 1, sync, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, watch->state);
	sqlite3_bind_int64(st, 3, watch->since_ms);
	sqlite3_bind_int64(st, 4, watch->good_ms);
	return host_change(h, st, err);
}
