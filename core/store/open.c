/* SPDX-License-Identifier: Apache-2.0
 *
 * open.c - opens and closes the file of a sync's state.
 *
 * WAL with synchronous=FULL: a commit is on disk when it returns, which costs
 * nothing visible at a commit a page and is what every promise rests on. */
#include "store/link_recent.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/text.h"

#define SCHEMA_VERSION 3

static const char write_pragmas[] =
	"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;"
	"PRAGMA wal_autocheckpoint = 10000; PRAGMA journal_size_limit = 67108864;"
	"PRAGMA cache_size = -6144; PRAGMA secure_delete = FAST;";

static bool
check_identity(struct store *s, const char *identity, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_META_GET, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, TEXT_LIT("identity"));
	enum db_step step = db_step(s, st, err);
	if (step == DB_FAILED)
		return false;
	const char *there = step == DB_ROW ? (const char *)sqlite3_column_text(st, 0) : NULL;
	if (identity == NULL) {
		sqlite3_reset(st);
		return true;
	}
	bool other = there != NULL && strcmp(there, identity) != 0;
	if (other) {
		err_set(err, RK_PAUSE, RK_CAT_CONFIG,
		        "sync \"%s\" belongs to %s, but its configuration now says %s.  Give the "
		        "new sync a name of its own, or run \"renkei cursor reset %s\" to begin "
		        "anew under this name", s->name, there, identity, s->name);
		sqlite3_reset(st);
		return false;
	}
	sqlite3_reset(st);
	return true;
}

/* 0: an empty file. */
static bool
schema_version(struct store *s, int *version, struct rk_err *err)
{
	sqlite3_stmt *st;
	if (sqlite3_prepare_v2(s->db, "PRAGMA user_version", -1, &st, NULL) != SQLITE_OK)
		return db_fail(s, err);
	int step = sqlite3_step(st);
	*version = step == SQLITE_ROW ? sqlite3_column_int(st, 0) : -1;
	sqlite3_finalize(st);
	if (step != SQLITE_ROW)
		return db_fail(s, err);
	if (*version == 0 || *version == SCHEMA_VERSION)
		return true;
	if (*version < SCHEMA_VERSION) {
		err_set(err, RK_PAUSE, RK_CAT_CONFIG,
		        "state of sync \"%s\" was written by a renkei before its first release (its "
		        "version is %d, this program writes %d).  Remove the file: the next run "
		        "reads everything again and finds the records by their keys", s->name,
		        *version, SCHEMA_VERSION);
		return false;
	}
	err_set(err, RK_PAUSE, RK_CAT_CONFIG,
	        "state of sync \"%s\" was written by a newer renkei (its version is %d, this "
	        "program knows up to %d).  Install that version again; nothing was changed",
	        s->name, *version, SCHEMA_VERSION);
	return false;
}

/* A look sees one moment of the file, whatever a run does beside it; where
 * nothing is yet, an empty store in memory. */
static bool
open_to_look(struct store *s, const char *path, struct rk_err *err)
{
	int version = 0;
	if (access(path, F_OK) == 0
	    && (!db_open(s, path, SQLITE_OPEN_READONLY, err)
	        || !schema_version(s, &version, err)))
		return false;
	if (version == 0) {
		sqlite3_close(s->db);
		s->db = NULL;
		if (!db_open(s, ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err)
		    || !db_make(s, db_schema, err))
			return false;
	}
	return db_exec(s, "PRAGMA query_only = ON; BEGIN", err);
}

static bool
open_file(struct store *s, const char *path, struct rk_err *err)
{
	int version;
	if (s->look ? !open_to_look(s, path, err)
	            : !db_open(s, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err)
	              || !schema_version(s, &version, err) || !db_exec(s, write_pragmas, err)
	              || (version != SCHEMA_VERSION && !db_make(s, db_schema, err)))
		return false;
	s->waits = db_has_table(s, "wait");
	if (s->look || s->waits)
		return true;
	s->waits = true;
	return db_exec(s, db_added_tables, err);
}

bool
store_exists(const char *dir, const char *name)
{
	char path[PATH_MAX];
	return snprintf(path, sizeof path, "%s/%s.db", dir, name) >= (int)sizeof path
	       || access(path, F_OK) == 0;
}

struct store *
db_new(const char *name, bool look)
{
	struct store *s = calloc(1, sizeof *s);
	if (s == NULL)
		abort();
	s->name = strdup(name);
	s->way = "";
	s->look = look;
	s->scratch = (struct buf)BUF_INIT(STORE_SCRATCH_MAX);
	return s;
}

bool
store_open(struct store **out, const char *dir, const char *name, const char *identity,
           enum store_mode mode, struct rk_err *err)
{
	char path[PATH_MAX];
	struct store *s = db_new(name, mode == STORE_LOOK);
	*out = NULL;
	if (snprintf(path, sizeof path, "%s/%s.db", dir, name) >= (int)sizeof path) {
		store_close(s);
		err_set(err, RK_PAUSE, RK_CAT_CONFIG, "the state directory's path is too long");
		return false;
	}
	if (!s->look && !io_mkdirs(dir)) {
		store_close(s);
		err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "the state directory %s cannot be made",
		          dir);
		return false;
	}
	if (!open_file(s, path, err) || !check_identity(s, identity, err)
	    || !store_number_get(s, "epoch", &s->epoch, err) || !db_load_secret(s, err)) {
		store_close(s);
		return false;
	}
	*out = s;
	return true;
}

/* So that the next run has few links to read before its first one.  Nothing is lost
 * if it fails. */
static void
merge_many(struct store *s)
{
	struct rk_err err = ERR_INIT;
	if (s->recent == NULL || s->recent->count < RECENT_FEW || s->look
	    || !sqlite3_get_autocommit(s->db) || !store_begin(s, &err))
		return;
	if (link_merge(s, &err))
		store_commit(s, &err);
	store_rollback(s);
}

static void
free_store(struct store *s, bool with_db)
{
	for (int i = 0; i < DB_SQL_COUNT; i++)
		sqlite3_finalize(s->statements[i]);
	if (with_db)
		sqlite3_close(s->db);
	link_forget(s);
	buf_free(&s->scratch);
	free(s->name);
	free(s);
}

void
db_close_back(struct store *s)
{
	if (s->back == NULL)
		return;
	merge_many(s->back);
	free_store(s->back, s->back->db != s->db);
	s->back = NULL;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	merge_many(s);
	db_close_back(s);
	free_store(s, true);
}
