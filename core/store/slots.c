/* SPDX-License-Identifier: Apache-2.0
 *
 * slots.c - see slots.h. */
#include "store/slots.h"

#include <sqlite3.h>

int64_t
slots_get(struct host *h, const char *sync)
{
	int64_t began = RK_NO_TIME;
	sqlite3_stmt *st = host_prepare(h, "SELECT began FROM slot WHERE sync = ?1");
	sqlite3_bind_text(st, 1, sync, -1, SQLITE_STATIC);
	if (st != NULL && sqlite3_step(st) == SQLITE_ROW)
		began = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return began;
}

bool
slots_put(struct host *h, const char *sync, int64_t began_ms, struct rk_err *err)
{
	sqlite3_stmt *st = host_prepare(h, "INSERT OR REPLACE INTO slot(sync, began)"
	                                " VALUES(?1, ?2)");
	sqlite3_bind_text(st, 1, sync, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, began_ms);
	return host_change(h, st, err);
}

int64_t
slots_held(struct host *h, const char *sync)
{
	int64_t until = 0;
	sqlite3_stmt *st = host_prepare(h, "SELECT until FROM hold WHERE sync = ?1");
	sqlite3_bind_text(st, 1, sync, -1, SQLITE_STATIC);
	if (st != NULL && sqlite3_step(st) == SQLITE_ROW)
		until = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return until;
}

bool
slots_hold(struct host *h, const char *sync, int64_t until_ms, struct rk_err *err)
{
	sqlite3_stmt *st = host_prepare(h, until_ms > 0
	                                ? "INSERT OR REPLACE INTO hold(sync, until) VALUES(?1, ?2)"
	                                : "DELETE FROM hold WHERE sync = ?1");
	sqlite3_bind_text(st, 1, sync, -1, SQLITE_STATIC);
	if (until_ms > 0)
		sqlite3_bind_int64(st, 2, until_ms);
	return host_change(h, st, err);
}
