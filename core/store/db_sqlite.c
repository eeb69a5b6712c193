/* SPDX-License-Identifier: Apache-2.0
 *
 * db_sqlite.c - see db_sqlite.h. */
#include "store/db_sqlite.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"

#define BUSY_MS 10000
#define SQL_MAX 16384

static const char *
remedy(int code)
{
	switch (code & 0xff) {
	case SQLITE_FULL:
		return "; the disk is full: free some space, then run the sync again";
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
		return "; make the state directory writable for this user";
	case SQLITE_IOERR:
		return "; the disk failed or is full: check it, then run the sync again";
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return "; the file is damaged: restore it from a backup, or remove it and "
		       "let the next run read everything again (records are found by key; "
		       "what nobody knew of, renkei errors list, is forgotten with it)";
	case SQLITE_BUSY:
		return "; another program holds it: end that one, then run the sync again";
	default:
		return "";
	}
}

bool
db_fail(struct store *s, struct rk_err *err)
{
	int code = s->db != NULL ? sqlite3_extended_errcode(s->db) : SQLITE_NOMEM;
	const char *what = s->db != NULL ? sqlite3_errmsg(s->db) : "no memory";
	if ((code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB)
		err_set(err, RK_PAUSE, RK_CAT_OTHER, "state of sync \"%s\": %s%s", s->name, what,
		        remedy(code));
	else
		err_set(err, RK_PAUSE, RK_CAT_OTHER, "state of sync \"%s\": %s%s; nothing was "
		        "lost", s->name, what, remedy(code));
	snprintf(err->code, sizeof err->code, "sqlite-%d", code);
	return false;
}

bool
db_damaged(struct store *s, const char *table, struct rk_err *err)
{
	bool reading = strcmp(table, "cursor") == 0 || strcmp(table, "page") == 0;
	err_set(err, RK_PAUSE, RK_CAT_OTHER,
	        "state of sync \"%s\": a row of table \"%s\" is damaged (its checksum does not "
	        "fit); nothing was sent.  Restore the file from a backup, or run "
	        "\"renkei cursor reset %s%s\" to read everything again%s", s->name, table,
	        s->name, reading ? "" : " --links", reading ? "" : " (records are found by key)");
	return false;
}

bool
db_too_large(struct store *s, struct rk_err *err)
{
	err_set(err, RK_PAUSE, RK_CAT_OTHER,
	        "state of sync \"%s\": the links of one step are too large to keep (ids of "
	        "megabytes); nothing was lost.  Look at the ids that the connectors give",
	        s->name);
	return false;
}

/* An SQL text with the names of the tables of this way. */
static void
of_way(const struct store *s, const char *sql, struct buf *out)
{
	for (const char *mark; (mark = strchr(sql, '~')) != NULL; sql = mark + 1) {
		buf_add(out, sql, (size_t)(mark - sql));
		buf_adds(out, s->way);
	}
	buf_adds(out, sql);
}

sqlite3_stmt *
db_prepare(struct store *s, const char *sql, struct rk_err *err)
{
	sqlite3_stmt *st = NULL;
	BUF_AUTO text = BUF_INIT(SQL_MAX);
	of_way(s, sql, &text);
	if (sqlite3_prepare_v3(s->db, buf_str(&text), -1, SQLITE_PREPARE_PERSISTENT, &st, NULL)
	    != SQLITE_OK)
		db_fail(s, err);
	return st;
}

sqlite3_stmt *
db_use(struct store *s, enum db_sql sql, struct rk_err *err)
{
	sqlite3_stmt **st = &s->statements[sql];
	if (*st == NULL)
		*st = db_prepare(s, db_texts[sql], err);
	if (*st != NULL)
		sqlite3_reset(*st);
	return *st;
}

void
db_bind_text(sqlite3_stmt *st, int at, struct rk_text text)
{
	sqlite3_bind_text64(st, at, text.len > 0 ? text.ptr : "", text.len, SQLITE_STATIC,
	                    SQLITE_UTF8);
}

void
db_bind_blob(sqlite3_stmt *st, int at, const void *bytes, size_t len)
{
	sqlite3_bind_blob64(st, at, len > 0 ? bytes : "", len, SQLITE_STATIC);
}

enum db_step
db_step(struct store *s, sqlite3_stmt *st, struct rk_err *err)
{
	switch (sqlite3_step(st)) {
	case SQLITE_ROW:
		return DB_ROW;
	case SQLITE_DONE:
		sqlite3_reset(st);
		return DB_DONE;
	default:
		db_fail(s, err);
		sqlite3_reset(st);
		return DB_FAILED;
	}
}

bool
db_change(struct store *s, sqlite3_stmt *st, struct rk_err *err)
{
	if (st == NULL)
		return false;
	if (s->look)
		return true;
	return db_step(s, st, err) == DB_DONE;
}

struct rk_text
db_text(sqlite3_stmt *st, int at, struct arena *arena)
{
	const void *bytes = sqlite3_column_blob(st, at);
	size_t len = (size_t)sqlite3_column_bytes(st, at);
	return arena_text(arena, (struct rk_text){ bytes, len });
}

void
db_hash(sqlite3_stmt *st, int at, unsigned char *bytes, size_t len)
{
	const void *there = sqlite3_column_blob(st, at);
	if (there != NULL && (size_t)sqlite3_column_bytes(st, at) == len)
		memcpy(bytes, there, len);
	else
		memset(bytes, 0, len);
}

bool
db_exec(struct store *s, const char *sql, struct rk_err *err)
{
	BUF_AUTO text = BUF_INIT(SQL_MAX);
	of_way(s, sql, &text);
	return sqlite3_exec(s->db, buf_str(&text), NULL, NULL, NULL) == SQLITE_OK
	       || db_fail(s, err);
}

bool
db_has_table(struct store *s, const char *name)
{
	return sqlite3_table_column_metadata(s->db, NULL, name, NULL, NULL, NULL, NULL, NULL,
	                                     NULL) == SQLITE_OK;
}

bool
db_has_walks(struct store *s)
{
	return db_has_table(s, "compared_found");
}

bool
db_make_walks(struct store *s, struct rk_err *err)
{
	return db_has_walks(s) || db_exec(s, db_walk_tables, err);
}

bool
db_has_drift(struct store *s)
{
	return db_has_table(s, "drift");
}

bool
db_make_drift(struct store *s, struct rk_err *err)
{
	return db_has_drift(s) || db_exec(s, db_drift_tables, err);
}

bool
db_make(struct store *s, const char *tables, struct rk_err *err)
{
	if (!db_exec(s, "BEGIN EXCLUSIVE", err))
		return false;
	if (db_exec(s, tables, err) && db_exec(s, "COMMIT", err))
		return true;
	sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

/* Every program of ours that has a store has one thread: no locks, and nobody asks
 * how much memory SQLite has.  Too late, where SQLite runs already, does no harm. */
static void
set_library(void)
{
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

bool
db_open(struct store *s, const char *file, int flags, struct rk_err *err)
{
	set_library();
	if (sqlite3_open_v2(file, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return db_fail(s, err);
	sqlite3_busy_timeout(s->db, BUSY_MS);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	return true;
}
