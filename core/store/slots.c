/* SPDX-License-Identifier: Apache-2.0
 *
 * slots.c - see slots.h. */
#include "store/slots.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/io.h"

struct slots {
	sqlite3 *db;                   /* owned, as the statements */
	sqlite3_stmt *get, *put;
};

static const char schema[] =
	"PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
	"PRAGMA trusted_schema = OFF;"
	"CREATE TABLE IF NOT EXISTS slot(sync TEXT PRIMARY KEY, began INTEGER) WITHOUT ROWID;";

static bool
failed(const struct slots *s, struct rk_err *err)
{
	err_set(err, RK_PAUSE, RK_CAT_OTHER, "host.db: %s; free some space, or move the file "
	        "aside: it is made anew", sqlite3_errmsg(s->db));
	return false;
}

static bool
open_db(struct slots *s, const char *path)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	return sqlite3_open_v2(path, &s->db, flags, NULL) == SQLITE_OK
	       && sqlite3_busy_timeout(s->db, 5000) == SQLITE_OK
	       && sqlite3_exec(s->db, schema, NULL, NULL, NULL) == SQLITE_OK
	       && sqlite3_prepare_v2(s->db, "SELECT began FROM slot WHERE sync = ?1", -1,
	                             &s->get, NULL) == SQLITE_OK
	       && sqlite3_prepare_v2(s->db, "INSERT OR REPLACE INTO slot(sync, began)"
	                             " VALUES(?1, ?2)", -1, &s->put, NULL) == SQLITE_OK;
}

struct slots *
slots_open(const char *state_dir, struct rk_err *err)
{
	char path[PATH_MAX];
	struct slots *s = calloc(1, sizeof *s);
	if (s == NULL)
		abort();
	if (snprintf(path, sizeof path, "%s/host.db", state_dir) < (int)sizeof path
	    && io_mkdirs(state_dir) && open_db(s, path))
		return s;
	failed(s, err);
	slots_close(s);
	return NULL;
}

void
slots_close(struct slots *s)
{
	if (s == NULL)
		return;
	sqlite3_finalize(s->get);
	sqlite3_finalize(s->put);
	sqlite3_close(s->db);
	free(s);
}

int64_t
slots_get(struct slots *s, const char *sync)
{
	sqlite3_bind_text(s->get, 1, sync, -1, SQLITE_STATIC);
	int64_t began = sqlite3_step(s->get) == SQLITE_ROW ? sqlite3_column_int64(s->get, 0)
	                                                   : RK_NO_TIME;
	sqlite3_reset(s->get);
	return began;
}

bool
slots_put(struct slots *s, const char *sync, int64_t began_ms, struct rk_err *err)
{
	sqlite3_bind_text(s->put, 1, sync, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s->put, 2, began_ms);
	bool done = sqlite3_step(s->put) == SQLITE_DONE;
	sqlite3_reset(s->put);
	return done || failed(s, err);
}
