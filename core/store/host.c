/* SPDX-License-Identifier: Apache-2.0
 *
 * host.c - see host.h. */
#include "store/host.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"

#define BUSY_MS 5000

struct host {
	sqlite3 *db;                   /* owned */
};

/* Added to, never changed: a newer program finds the tables of an older one as they are. */
static const char schema[] =
	"CREATE TABLE IF NOT EXISTS schema_cache(connection TEXT, name TEXT, at INTEGER,"
	" sum INTEGER, body BLOB, PRIMARY KEY(connection, name)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS slot(sync TEXT PRIMARY KEY, began INTEGER) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS override(what TEXT, name TEXT, item TEXT, value TEXT NOT NULL,"
	" who TEXT NOT NULL, at INTEGER, PRIMARY KEY(what, name, item)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS hold(sync TEXT PRIMARY KEY, until INTEGER) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS audit(id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER,"
	" who TEXT NOT NULL, action TEXT NOT NULL, code INTEGER);"
	"CREATE TABLE IF NOT EXISTS hint(seq INTEGER PRIMARY KEY AUTOINCREMENT, sync TEXT,"
	" id TEXT, UNIQUE(sync, id));"
	"CREATE TABLE IF NOT EXISTS hook_seen(mark INTEGER PRIMARY KEY, at INTEGER);"
	"CREATE TABLE IF NOT EXISTS user(name TEXT PRIMARY KEY, role INTEGER, password TEXT)"
	" WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS invite(mark BLOB PRIMARY KEY, user TEXT, role INTEGER,"
	" until INTEGER) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS session(mark BLOB PRIMARY KEY, user TEXT, begun INTEGER,"
	" seen INTEGER) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS login_try(who TEXT PRIMARY KEY, failed INTEGER,"
	" until INTEGER) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS outbox(id INTEGER PRIMARY KEY AUTOINCREMENT, target TEXT,"
	" way TEXT, kind TEXT, at INTEGER, due INTEGER, tries INTEGER, state INTEGER,"
	" sent_as INTEGER, subject TEXT, body TEXT, doc TEXT, error TEXT);"
	"CREATE INDEX IF NOT EXISTS outbox_due ON outbox(state, due);"
	"CREATE TABLE IF NOT EXISTS watch(sync TEXT PRIMARY KEY, state INTEGER, since INTEGER,"
	" good INTEGER) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS mark(name TEXT PRIMARY KEY, at INTEGER) WITHOUT ROWID;";

static bool
failed(struct host *h, struct rk_err *err)
{
	if (err != NULL)
		err_set(err, RK_PAUSE, RK_CAT_OTHER, "host.db: %s; free some space, or move it "
		        "and host.db-wal aside: it is made anew, without users, pauses and notices",
		        h != NULL && h->db != NULL ? sqlite3_errmsg(h->db) : "it cannot be opened");
	return false;
}

/* SQLite does not wait for another one that changes the journal's mode, as the first two
 * who open a new host.db at one moment both do. */
static bool
set_up(sqlite3 *db)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	int64_t until = clock_mono_ms() + BUSY_MS;
	int code = SQLITE_BUSY;
	while (code == SQLITE_BUSY && clock_mono_ms() < until) {
		code = sqlite3_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
		                    "PRAGMA trusted_schema = OFF;", NULL, NULL, NULL);
		if (code == SQLITE_OK)
			code = sqlite3_exec(db, schema, NULL, NULL, NULL);
		if (code == SQLITE_BUSY)
			nanosleep(&pause, NULL);
	}
	return code == SQLITE_OK;
}

static bool
open_db(struct host *h, const char *path)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	return sqlite3_open_v2(path, &h->db, flags, NULL) == SQLITE_OK
	       && sqlite3_busy_timeout(h->db, BUSY_MS) == SQLITE_OK && set_up(h->db);
}

struct host *
host_open(const char *state_dir, struct rk_err *err)
{
	char path[PATH_MAX];
	struct host *h = calloc(1, sizeof *h);
	if (h == NULL)
		abort();
	if (snprintf(path, sizeof path, "%s/host.db", state_dir) < (int)sizeof path
	    && io_mkdirs(state_dir) && open_db(h, path))
		return h;
	failed(h, err);
	host_close(h);
	return NULL;
}

void
host_close(struct host *h)
{
	if (h == NULL)
		return;
	sqlite3_close(h->db);
	free(h);
}

sqlite3_stmt *
host_prepare(struct host *h, const char *sql)
{
	sqlite3_stmt *st = NULL;
	return h != NULL && sqlite3_prepare_v2(h->db, sql, -1, &st, NULL) == SQLITE_OK ? st
	                                                                               : NULL;
}

bool
host_change(struct host *h, sqlite3_stmt *st, struct rk_err *err)
{
	bool done = st != NULL && sqlite3_step(st) == SQLITE_DONE;
	if (!done)
		failed(h, err);
	sqlite3_finalize(st);
	return done;
}

bool
host_begin(struct host *h, struct rk_err *err)
{
	return host_change(h, host_prepare(h, "BEGIN IMMEDIATE"), err);
}

bool
host_end(struct host *h, bool keep, struct rk_err *err)
{
	if (keep && host_change(h, host_prepare(h, "COMMIT"), err))
		return true;
	host_change(h, host_prepare(h, "ROLLBACK"), NULL);
	return false;
}
