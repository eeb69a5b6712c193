/* SPDX-License-Identifier: Apache-2.0
 *
 * hints.c - see hints.h. */
#include "store/hints.h"

#include <sqlite3.h>

static sqlite3_stmt *
of_sync(struct host *h, const char *sql, const char *sync)
{
	sqlite3_stmt *st = host_prepare(h, sql);
	sqlite3_bind_text(st, 1, sync, -1, SQLITE_STATIC);
	return st;
}

bool
hints_was_here(struct host *h, int64_t mark)
{
	sqlite3_stmt *st = host_prepare(h, "SELECT 1 FROM hook_seen WHERE mark = ?1");
	sqlite3_bind_int64(st, 1, mark);
	bool was = st != NULL && sqlite3_step(st) == SQLITE_ROW;
	sqlite3_finalize(st);
	return was;
}

void
hints_remember(struct host *h, int64_t mark, int64_t now_ms, int64_t since_ms)
{
	sqlite3_stmt *old = host_prepare(h, "DELETE FROM hook_seen WHERE at < ?1");
	sqlite3_bind_int64(old, 1, since_ms);
	host_change(h, old, NULL);
	sqlite3_stmt *st = host_prepare(h, "INSERT OR REPLACE INTO hook_seen(mark, at)"
	                                " VALUES(?1, ?2)");
	sqlite3_bind_int64(st, 1, mark);
	sqlite3_bind_int64(st, 2, now_ms);
	host_change(h, st, NULL);
}

bool
hints_put(struct host *h, const char *sync, struct rk_text id, struct rk_err *err)
{
	sqlite3_stmt *st = of_sync(h, "INSERT OR REPLACE INTO hint(sync, id) SELECT ?1, ?2"
	                           " WHERE (SELECT count(*) FROM hint WHERE sync = ?1) < ?3",
	                           sync);
	sqlite3_bind_text(st, 2, id.ptr, (int)id.len, SQLITE_STATIC);
	sqlite3_bind_int64(st, 3, HINTS_MAX);
	return host_change(h, st, err);
}

size_t
hints_list(struct host *h, const char *sync, struct arena *arena, struct hint **hints)
{
	size_t count = 0;
	sqlite3_stmt *st = of_sync(h, "SELECT seq, id FROM hint WHERE sync = ?1 ORDER BY seq"
	                           " LIMIT ?2", sync);
	sqlite3_bind_int64(st, 2, HINTS_MAX);
	*hints = NULL;
	while (st != NULL && sqlite3_step(st) == SQLITE_ROW) {
		struct rk_text id = { (const char *)sqlite3_column_text(st, 1),
		                      (uint64_t)sqlite3_column_bytes(st, 1) };
		if (count == 0)
			*hints = arena_new_array(arena, HINTS_MAX, struct hint);
		(*hints)[count++] = (struct hint){ sqlite3_column_int64(st, 0),
		                                   arena_text(arena, id) };
	}
	sqlite3_finalize(st);
	return count;
}

bool
hints_drop(struct host *h, const char *sync, int64_t seq, struct rk_err *err)
{
	sqlite3_stmt *st = of_sync(h, "DELETE FROM hint WHERE sync = ?1 AND seq <= ?2", sync);
	sqlite3_bind_int64(st, 2, seq);
	return host_change(h, st, err);
}
