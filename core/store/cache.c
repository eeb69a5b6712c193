/* SPDX-License-Identifier: Apache-2.0
 *
 * cache.c - see cache.h. */
#include "store/cache.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "record/hash.h"

struct cache {
	sqlite3 *db;                   /* owned; NULL: nothing is kept */
};

static const char schema[] =
	"PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
	"PRAGMA trusted_schema = OFF;"
	"CREATE TABLE IF NOT EXISTS schema_cache(connection TEXT, name TEXT, at INTEGER,"
	" sum INTEGER, body BLOB, PRIMARY KEY(connection, name)) WITHOUT ROWID;";

struct cache *
cache_open(const char *state_dir)
{
	struct cache *c = calloc(1, sizeof *c);
	if (c == NULL)
		abort();
	char path[PATH_MAX];
	if (snprintf(path, sizeof path, "%s/host.db", state_dir) >= (int)sizeof path
	    || !io_mkdirs(state_dir))
		return c;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	if (sqlite3_open_v2(path, &c->db, flags, NULL) == SQLITE_OK) {
		sqlite3_busy_timeout(c->db, 5000);
		if (sqlite3_exec(c->db, schema, NULL, NULL, NULL) == SQLITE_OK)
			return c;
	}
	sqlite3_close(c->db);
	c->db = NULL;
	return c;
}

void
cache_close(struct cache *c)
{
	if (c == NULL)
		return;
	sqlite3_close(c->db);
	free(c);
}

static sqlite3_stmt *
prepare(struct cache *c, const char *sql, const char *connection, const char *name)
{
	sqlite3_stmt *st = NULL;
	if (c->db == NULL || sqlite3_prepare_v2(c->db, sql, -1, &st, NULL) != SQLITE_OK)
		return NULL;
	sqlite3_bind_text(st, 1, connection, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, name, -1, SQLITE_STATIC);
	return st;
}

bool
cache_get(struct cache *c, const char *connection, const char *name, int64_t since_ms,
          struct arena *arena, struct rk_text *body)
{
	sqlite3_stmt *st = prepare(c, "SELECT sum, body FROM schema_cache WHERE connection = ?1"
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
cache_put(struct cache *c, const char *connection, const char *name, int64_t now_ms,
          struct rk_text body)
{
	sqlite3_stmt *st = prepare(c, "INSERT OR REPLACE INTO schema_cache(connection, name, at,"
	                           " sum, body) VALUES(?1, ?2, ?3, ?4, ?5)", connection, name);
	if (st == NULL)
		return;
	sqlite3_bind_int64(st, 3, now_ms);
	sqlite3_bind_int64(st, 4, hash_checksum(body.ptr, body.len));
	sqlite3_bind_blob64(st, 5, body.ptr, body.len, SQLITE_STATIC);
	sqlite3_step(st);
	sqlite3_finalize(st);
}
