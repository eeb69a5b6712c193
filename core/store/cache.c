/* SPDX-License-Identifier: Apache-2.0
 *
 * cache.c - see cache.h. */
#include "store/cache.h"

#include <sqlite3.h>

#include "record/hash.h"

static sqlite3_stmt *
prepare(struct host *h, const char *sql, const char *connection, const char *name)
{
	sqlite3_stmt *st = host_prepare(h, sql);
	sqlite3_bind_text(st, 1, connection, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, name, -1, SQLITE_STATIC);
	return st;
}

bool
cache_get(struct host *h, const char *connection, const char *name, int64_t since_ms,
          struct arena *arena, struct rk_text *body)
{
	sqlite3_stmt *st = prepare(h, "SELECT sum, body FROM schema_cache WHERE connection = ?1"
	                           " AND name = ?2 AND at >= ?3", connection, name);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 3, since_ms);
	bool found = sqlite3_step(st) == SQLITE_ROW;
	if (found) {
		struct rk_text bytes = { sqlite3_column_blob(st, 1),
			                 (uint64_t)sqlite3_column_bytes(st, 1) };
		found = sqlite3_column_int64(st, 0) == hash_checksum(bytes.ptr, bytes.len);
		*body = arena_text(arena, bytes);
	}
	sqlite3_finalize(st);
	return found;
}

void
cache_put(struct host *h, const char *connection, const char *name, int64_t now_ms,
          struct rk_text body)
{
	sqlite3_stmt *st = prepare(h, "INSERT OR REPLACE INTO schema_cache(connection, name, at,"
	                           " sum, body) VALUES(?1, ?2, ?3, ?4, ?5)", connection, name);
	if (st == NULL)
		return;
	sqlite3_bind_int64(st, 3, now_ms);
	sqlite3_bind_int64(st, 4, hash_checksum(body.ptr, body.len));
	sqlite3_bind_blob64(st, 5, body.ptr, body.len, SQLITE_STATIC);
	host_change(h, st, NULL);
}
