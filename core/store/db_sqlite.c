/* SPDX-License-Identifier: Apache-2.0
 *
 * db_sqlite.c - the store's file: schema, statements, transactions.
 *
 * WAL with synchronous=FULL: a commit is on disk when it returns, which costs
 * nothing visible at a commit a page and is what every promise rests on. */
#include "store/link_recent.h"
#include "store/walk.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/text.h"

#define SCHEMA_VERSION 3
#define BUSY_MS 10000
#define SQL_MAX 16384

/* What each way of a sync has of its own; "~" is the way's suffix: nothing, or WAY_BACK for
 * the way back of a two-way sync. */
#define WAY_SCHEMA \
	"CREATE TABLE cursor~(id INTEGER PRIMARY KEY CHECK(id = 1), watermark INTEGER," \
	" listing INTEGER, since INTEGER, source_start INTEGER, safe_until INTEGER," \
	" token BLOB, revision BLOB, origin INTEGER, sum INTEGER);" \
	"CREATE TABLE page~(seq INTEGER PRIMARY KEY AUTOINCREMENT, revision BLOB," \
	" count INTEGER, sum INTEGER, body BLOB);" \
	"CREATE TABLE batch~(seq INTEGER PRIMARY KEY AUTOINCREMENT, epoch INTEGER," \
	" operation INTEGER, hold_until INTEGER, believe_after INTEGER, token BLOB," \
	" sum INTEGER, entries BLOB);" \
	"CREATE TABLE pending~(id TEXT PRIMARY KEY, state INTEGER, operation INTEGER," \
	" version TEXT, from_hash BLOB, revision BLOB, key_hash INTEGER, body_hash BLOB," \
	" hold_until INTEGER, believe_after INTEGER, attempts INTEGER, due INTEGER," \
	" first INTEGER, category INTEGER, code TEXT, field TEXT, value TEXT," \
	" message TEXT, key TEXT, modified INTEGER, sum INTEGER, body BLOB) WITHOUT ROWID;" \
	"CREATE INDEX pending_due~ ON pending~(due);" \
	"CREATE INDEX pending_key~ ON pending~(key_hash) WHERE key_hash <> 0;" \
	"CREATE INDEX pending_sent~ ON pending~(key) WHERE key > '';" \
	"CREATE TABLE link_recent~(seq INTEGER PRIMARY KEY, sum INTEGER, body BLOB);" \
	"CREATE TABLE link_block~(id INTEGER PRIMARY KEY, sum INTEGER, body BLOB);" \
	"CREATE TABLE run~(id INTEGER PRIMARY KEY AUTOINCREMENT, epoch INTEGER," \
	" started INTEGER, ended INTEGER, read INTEGER, carried INTEGER, created INTEGER," \
	" updated INTEGER, archived INTEGER, unchanged INTEGER, excluded INTEGER," \
	" waiting INTEGER, failed INTEGER, source_calls INTEGER, target_calls INTEGER," \
	" writes INTEGER, exit_code INTEGER, message TEXT);"

static const char schema[] =
	"CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;"
	WAY_SCHEMA
	"INSERT INTO meta VALUES('secret', randomblob(16));"
	"PRAGMA user_version = 3;";

static const char walk_tables[] =
	"CREATE TABLE IF NOT EXISTS walk(kind TEXT PRIMARY KEY, part INTEGER, began INTEGER,"
	" revision BLOB, token BLOB, at INTEGER, sum INTEGER, body BLOB) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS walk_seen(kind TEXT, mark INTEGER,"
	" PRIMARY KEY(kind, mark)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS compared(began INTEGER PRIMARY KEY, sum INTEGER,"
	" body BLOB);"
	"CREATE TABLE IF NOT EXISTS compared_found(seq INTEGER PRIMARY KEY AUTOINCREMENT,"
	" began INTEGER, sum INTEGER, body BLOB);";
/* What came after version 0.1.0: a state of that is added to when it is next written. */
static const char added[] =
	"CREATE TABLE IF NOT EXISTS wait(id TEXT PRIMARY KEY, parent TEXT, sum INTEGER)"
	" WITHOUT ROWID;"
	"CREATE INDEX IF NOT EXISTS wait_parent ON wait(parent);";
/* Made when a sync first runs both ways; files of one-way syncs stay as they are. */
const char db_back_schema[] =
	WAY_SCHEMA
	"CREATE TABLE base(from_id TEXT PRIMARY KEY, to_id TEXT, from_version TEXT,"
	" to_version TEXT, last_way INTEGER, turns INTEGER, turns_since INTEGER, sum INTEGER,"
	" from_values BLOB, to_values BLOB) WITHOUT ROWID;"
	"CREATE TABLE intent(way INTEGER, id TEXT, sum INTEGER, mine BLOB, theirs BLOB,"
	" PRIMARY KEY(way, id)) WITHOUT ROWID;"
	"CREATE TABLE conflict(id INTEGER PRIMARY KEY AUTOINCREMENT, from_id TEXT, to_id TEXT,"
	" from_field TEXT, to_field TEXT, base TEXT, from_value TEXT, to_value TEXT,"
	" since INTEGER, seen INTEGER, decision INTEGER, decided_by TEXT,"
	" sum INTEGER, UNIQUE(from_id, to_field));";

static const char drift_tables[] =
	"CREATE TABLE IF NOT EXISTS fields_known(side TEXT PRIMARY KEY, sum INTEGER, body BLOB)"
	" WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS drift(seq INTEGER PRIMARY KEY AUTOINCREMENT, sum INTEGER,"
	" body BLOB);";

#define PENDING_COLUMNS \
	"id, state, operation, version, from_hash, revision, key_hash, body_hash," \
	" hold_until, believe_after, attempts, due, first, category, code, field, value," \
	" message, key, modified, sum, body"
#define RUN_COLUMNS \
	"id, epoch, started, ended, read, carried, created, updated, archived, unchanged," \
	" excluded, waiting, failed, source_calls, target_calls, writes, exit_code, message"

#define LINE_COLUMNS "seq, at, run, batch, state, record, sum, body"
#define CONFLICT_COLUMNS \
	"id, from_id, to_id, from_field, to_field, base, from_value, to_value, since, seen," \
	" decision, decided_by, sum"

static const char *const texts[DB_SQL_COUNT] = {
	[DB_BEGIN] = "BEGIN IMMEDIATE",
	[DB_COMMIT] = "COMMIT",
	[DB_ROLLBACK] = "ROLLBACK",
	[DB_META_GET] = "SELECT value FROM meta WHERE name = ?1",
	[DB_META_PUT] = "INSERT OR REPLACE INTO meta(name, value) VALUES(?1, ?2)",
	[DB_CURSOR_GET] = "SELECT watermark, listing, since, source_start, safe_until,"
	                  " token, revision, origin, sum FROM cursor~ WHERE id = 1",
	[DB_CURSOR_PUT] = "INSERT OR REPLACE INTO cursor~ VALUES(1, ?1, ?2, ?3, ?4, ?5,"
	                  " ?6, ?7, ?8, ?9)",
	[DB_PAGE_PUT] = "INSERT INTO page~(revision, count, sum, body) VALUES(?1, ?2, ?3, ?4)",
	[DB_PAGE_NEXT] = "SELECT seq, revision, count, sum, body FROM page~ WHERE seq > ?1"
	                 " ORDER BY seq LIMIT 1",
	[DB_PAGE_GET] = "SELECT seq, revision, count, sum, body FROM page~ WHERE seq = ?1",
	[DB_PAGE_DROP] = "DELETE FROM page~ WHERE seq = ?1",
	[DB_PAGE_TOTAL] = "SELECT coalesce(sum(count), 0) FROM page~",
	[DB_BATCH_PUT] = "INSERT INTO batch~(epoch, operation, hold_until, believe_after,"
	                 " token, sum, entries) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[DB_BATCH_AGAIN] = "UPDATE batch~ SET hold_until = ?1, believe_after = ?2, token = ?3,"
	                   " sum = ?4 WHERE seq = ?5",
	[DB_BATCH_NEXT] = "SELECT seq, epoch, operation, hold_until, believe_after, token,"
	                   " sum, entries FROM batch~ WHERE seq > ?1 ORDER BY seq LIMIT 1",
	[DB_BATCH_DROP] = "DELETE FROM batch~ WHERE seq = ?1",
	[DB_PENDING_PUT] = "INSERT OR REPLACE INTO pending~(" PENDING_COLUMNS ") VALUES(?1,"
	                   " ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
	                   " ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
	[DB_PENDING_GET] = "SELECT " PENDING_COLUMNS " FROM pending~ WHERE id = ?1",
	[DB_PENDING_DROP] = "DELETE FROM pending~ WHERE id = ?1",
	[DB_PENDING_DUE] = "SELECT " PENDING_COLUMNS " FROM pending~ WHERE due <= ?1"
	                   " ORDER BY due LIMIT ?2",
	[DB_PENDING_NEXT_DUE] = "SELECT due FROM pending~ ORDER BY due LIMIT 1",
	[DB_PENDING_ERRORS] = "SELECT " PENDING_COLUMNS " FROM pending~ WHERE state >= 3"
	                      " AND id > ?1 ORDER BY id LIMIT ?2",
	[DB_PENDING_OF_KEY] = "SELECT " PENDING_COLUMNS " FROM pending~"
	                      " WHERE ((key_hash = ?3 AND key_hash <> 0) OR key > '')"
	                      " AND state = 3"
	                      " AND id > ?1 ORDER BY id LIMIT ?2",
	[DB_PENDING_CATEGORIES] = "SELECT category, count(*) FROM pending~ WHERE state IN (3, 4)"
	                          " GROUP BY category",
	[DB_PENDING_KEY] = "SELECT 1 FROM pending~ WHERE key_hash = ?1 AND key_hash <> 0"
	                   " AND (state IN (2, 4) OR believe_after > ?3) AND id <> ?2"
	                   " LIMIT 1",
	[DB_PENDING_COUNT] = "SELECT state, count(*), min(due) FROM pending~ GROUP BY state",
	/* 4: RK_OP_ARCHIVE. */
	[DB_PENDING_HELD] = "SELECT " PENDING_COLUMNS " FROM pending~ WHERE due ="
	                    " 9223372036854775807 AND operation = 4 AND state = 1 LIMIT ?1",
	[DB_PENDING_HELD_COUNT] = "SELECT count(*) FROM pending~ WHERE due ="
	                          " 9223372036854775807 AND operation = 4 AND state = 1",
	[DB_TOMB_MAKE] = "CREATE TABLE IF NOT EXISTS tomb~(from_id TEXT PRIMARY KEY,"
	                 " to_id TEXT, why INTEGER, at INTEGER, stamp INTEGER, into_id TEXT,"
	                 " sum INTEGER) WITHOUT ROWID",
	[DB_TOMB_GET] = "SELECT from_id, to_id, why, at, stamp, into_id, sum FROM tomb~"
	                " WHERE from_id = ?1",
	[DB_TOMB_PUT] = "INSERT OR REPLACE INTO tomb~(from_id, to_id, why, at, stamp, into_id,"
	                " sum) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[DB_TOMB_DROP] = "DELETE FROM tomb~ WHERE from_id = ?1",
	[DB_TOMB_COUNT] = "SELECT count(*) FROM tomb~",
	[DB_TOMB_TRIM] = "DELETE FROM tomb~ WHERE at < ?1",
	[DB_RECENT_LIST] = "SELECT sum, body FROM link_recent~ ORDER BY seq",
	[DB_RECENT_PUT] = "INSERT INTO link_recent~(sum, body) VALUES(?1, ?2)",
	[DB_BLOCK_GET] = "SELECT sum, body FROM link_block~ WHERE id = ?1",
	[DB_BLOCK_PUT] = "INSERT OR REPLACE INTO link_block~(id, sum, body) VALUES(?1, ?2, ?3)",
	[DB_WAIT_PUT] = "INSERT OR REPLACE INTO wait(id, parent, sum) VALUES(?1, ?2, ?3)",
	[DB_WAIT_DROP] = "DELETE FROM wait WHERE id = ?1",
	[DB_WAIT_NEXT] = "SELECT parent FROM wait WHERE parent > ?1 ORDER BY parent LIMIT 1",
	[DB_WAIT_LIST] = "SELECT id, sum FROM wait WHERE parent = ?1 AND id > ?2 ORDER BY id",
	[DB_RUN_BEGIN] = "INSERT INTO run~(epoch, started, exit_code) VALUES(?1, ?2, -1)",
	[DB_RUN_END] = "INSERT OR REPLACE INTO run~(" RUN_COLUMNS ") VALUES(?1, ?2, ?3, ?4,"
	               " ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
	[DB_RUN_TRIM] = "DELETE FROM run~ WHERE id <= ?1",
	[DB_RUN_LIST] = "SELECT " RUN_COLUMNS " FROM run~ ORDER BY id DESC LIMIT ?1",
	[DB_RUN_TALLY] = "SELECT count(*), sum(exit_code IN (1, 2, 4, 5)),"
	                 " sum(created + updated + archived) FROM run~"
	                 " WHERE started >= ?1 AND started < ?2",
	[DB_RESET_CURSOR] = "DELETE FROM cursor~",
	[DB_RESET_PAGE] = "DELETE FROM page~",
	[DB_RESET_BATCH] = "DELETE FROM batch~",
	[DB_RESET_PENDING] = "DELETE FROM pending~",
	[DB_RESET_RECENT] = "DELETE FROM link_recent~",
	[DB_RESET_BLOCK] = "DELETE FROM link_block~",
	[DB_RESET_BASE] = "DELETE FROM base",
	[DB_RESET_INTENT] = "DELETE FROM intent",
	[DB_RESET_CONFLICT] = "DELETE FROM conflict",
	[DB_BASE_GET] = "SELECT to_id, from_version, to_version, last_way, turns, turns_since,"
	                " sum, from_values, to_values FROM base WHERE from_id = ?1",
	[DB_BASE_PUT] = "INSERT OR REPLACE INTO base(from_id, to_id, from_version, to_version,"
	                " last_way, turns, turns_since, sum, from_values, to_values)"
	                " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	[DB_BASE_DROP] = "DELETE FROM base WHERE from_id = ?1",
	[DB_INTENT_GET] = "SELECT sum, mine, theirs FROM intent WHERE way = ?1 AND id = ?2",
	[DB_INTENT_PUT] = "INSERT OR REPLACE INTO intent(way, id, sum, mine, theirs)"
	                  " VALUES(?1, ?2, ?3, ?4, ?5)",
	[DB_INTENT_DROP] = "DELETE FROM intent WHERE way = ?1 AND id = ?2",
	[DB_CONFLICT_OF] = "SELECT " CONFLICT_COLUMNS " FROM conflict WHERE from_id = ?1"
	                   " ORDER BY id LIMIT ?2",
	[DB_CONFLICT_LIST] = "SELECT " CONFLICT_COLUMNS " FROM conflict WHERE id > ?1"
	                     " ORDER BY id LIMIT ?2",
	[DB_CONFLICT_PUT] = "INSERT OR REPLACE INTO conflict(" CONFLICT_COLUMNS ") VALUES(?1,"
	                    " ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
	[DB_CONFLICT_DROP] = "DELETE FROM conflict WHERE id = ?1",
	[DB_CONFLICT_COUNT] = "SELECT count(*), coalesce(sum(decision = 0), 0) FROM conflict",
	[DB_FIELDS_GET] = "SELECT sum, body FROM fields_known WHERE side = ?1",
	[DB_FIELDS_PUT] = "INSERT OR REPLACE INTO fields_known(side, sum, body)"
	                  " VALUES(?1, ?2, ?3)",
	[DB_DRIFT_PUT] = "INSERT INTO drift(sum, body) VALUES(?1, ?2)",
	[DB_DRIFT_TRIM] = "DELETE FROM drift WHERE seq <= ?1",
	[DB_DRIFT_LIST] = "SELECT sum, body FROM drift ORDER BY seq DESC LIMIT ?1",
	[DB_PENDING_AT_FIELD] = "SELECT count(*) FROM pending~ WHERE field = ?1",
	[DB_WALK_GET] = "SELECT part, began, revision, token, at, sum, body FROM walk"
	                " WHERE kind = ?1",
	[DB_WALK_PUT] = "INSERT OR REPLACE INTO walk(part, began, revision, token, at, sum,"
	                " body, kind) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[DB_WALK_END] = "DELETE FROM walk WHERE kind = ?1 OR ?1 = ''",
	[DB_WALK_FORGET] = "DELETE FROM walk_seen WHERE kind = ?1 OR ?1 = ''",
	[DB_WALK_SEE] = "INSERT OR IGNORE INTO walk_seen(kind, mark) VALUES(?1, ?2)",
	[DB_WALK_SAW] = "SELECT 1 FROM walk_seen WHERE kind = ?1 AND mark = ?2",
	[DB_COMPARED_PUT] = "INSERT OR REPLACE INTO compared(began, sum, body)"
	                    " VALUES(?1, ?2, ?3)",
	[DB_COMPARED_TRIM] = "DELETE FROM compared WHERE ?1 = 0 OR began NOT IN"
	                     " (SELECT began FROM compared ORDER BY began DESC LIMIT ?1)",
	[DB_COMPARED_LIST] = "SELECT sum, body FROM compared ORDER BY began DESC LIMIT ?1",
	[DB_FOUND_PUT] = "INSERT INTO compared_found(began, sum, body) VALUES(?1, ?2, ?3)",
	[DB_FOUND_DROP] = "DELETE FROM compared_found WHERE began <> ?1",
	[DB_FOUND_LIST] = "SELECT seq, sum, body FROM compared_found"
	                  " WHERE began = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
	[DB_RESET_WAIT] = "DELETE FROM wait",
	[DB_LINE_TABLE] = "SELECT 1 FROM sqlite_master WHERE name = 'field_line'",
	[DB_LINE_PUT] = "INSERT INTO field_line(at, run, batch, state, record, sum, body)"
	                " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[DB_LINE_AGAIN] = "UPDATE field_line SET at = ?1, run = ?2, batch = ?3, state = ?4,"
	                  " record = ?5, sum = ?6, body = ?7 WHERE seq = ?8",
	[DB_LINE_GET] = "SELECT " LINE_COLUMNS " FROM field_line WHERE seq = ?1",
	[DB_LINE_DROP] = "DELETE FROM field_line WHERE seq = ?1",
	[DB_LINES_OF_RECORD] = "SELECT " LINE_COLUMNS " FROM field_line WHERE record = ?1"
	                       " AND seq < ?2 ORDER BY seq DESC",
	[DB_LINES_ALL] = "SELECT " LINE_COLUMNS " FROM field_line",
	[DB_LINES_OF_RUN] = "SELECT " LINE_COLUMNS " FROM field_line WHERE run = ?1"
	                    " AND seq > ?2 ORDER BY seq",
	/* The times of the oldest tell of all: a clock that was set back delays, no more. */
	[DB_LINES_TRIM] = "DELETE FROM field_line WHERE seq IN (SELECT seq FROM field_line"
	                  " ORDER BY seq LIMIT ?2) AND (at < ?1 OR seq <="
	                  " (SELECT max(seq) FROM field_line) - ?3)",
};

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
		*st = db_prepare(s, texts[sql], err);
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

/* Numbers are a way's own; but for the epoch, which only the way there asks for. */
static void
bind_name(const struct store *s, sqlite3_stmt *st, const char *name)
{
	char own[64];
	int len = snprintf(own, sizeof own, "%s%s", name, s->way);
	sqlite3_bind_text(st, 1, own, len < (int)sizeof own ? len : (int)sizeof own - 1,
	                  SQLITE_TRANSIENT);
}

static bool
has_table(struct store *s, const char *name)
{
	return sqlite3_table_column_metadata(s->db, NULL, name, NULL, NULL, NULL, NULL, NULL,
	                                     NULL) == SQLITE_OK;
}

bool
db_has_walks(struct store *s)
{
	return has_table(s, "compared_found");
}

bool
db_make_walks(struct store *s, struct rk_err *err)
{
	return db_has_walks(s) || db_exec(s, walk_tables, err);
}

bool
db_has_drift(struct store *s)
{
	return has_table(s, "drift");
}

bool
db_make_drift(struct store *s, struct rk_err *err)
{
	return db_has_drift(s) || db_exec(s, drift_tables, err);
}

bool
store_number_get(struct store *s, const char *name, int64_t *number, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_META_GET, err);
	if (st == NULL)
		return false;
	bind_name(s, st, name);
	enum db_step step = db_step(s, st, err);
	*number = step == DB_ROW ? sqlite3_column_int64(st, 0) : 0;
	sqlite3_reset(st);
	return step != DB_FAILED;
}

bool
store_number_put(struct store *s, const char *name, int64_t number, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_META_PUT, err);
	if (st == NULL)
		return false;
	bind_name(s, st, name);
	sqlite3_bind_int64(st, 2, number);
	return db_change(s, st, err);
}

/* Its checksum goes before it. */
bool
store_note_get(struct store *s, const char *name, struct arena *arena, struct rk_text *note,
               struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_META_GET, err);
	if (st == NULL)
		return false;
	bind_name(s, st, name);
	enum db_step step = db_step(s, st, err);
	*note = step == DB_ROW ? db_text(st, 0, arena) : (struct rk_text){ NULL, 0 };
	sqlite3_reset(st);
	if (step != DB_ROW)
		return step != DB_FAILED;
	if (note->len < sizeof(int64_t)
	    || wire_get64((const unsigned char *)note->ptr)
	       != hash_checksum(note->ptr + sizeof(int64_t), note->len - sizeof(int64_t)))
		return db_damaged(s, "meta", err);
	*note = (struct rk_text){ note->ptr + sizeof(int64_t), note->len - sizeof(int64_t) };
	return true;
}

bool
store_note_put(struct store *s, const char *name, struct rk_text note, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_META_PUT, err);
	unsigned char sum[sizeof(int64_t)];
	if (st == NULL)
		return false;
	wire_put64(sum, hash_checksum(note.ptr, note.len));
	buf_reset(&s->scratch);
	buf_addt(&s->scratch, (struct rk_text){ (const char *)sum, sizeof sum });
	buf_addt(&s->scratch, note);
	bind_name(s, st, name);
	db_bind_blob(st, 2, s->scratch.ptr, s->scratch.len);
	return db_change(s, st, err);
}

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

bool
store_bind(struct store *s, const char *identity, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_META_PUT, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, TEXT_LIT("identity"));
	db_bind_text(st, 2, text_of(identity));
	return db_change(s, st, err);
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

static const char write_pragmas[] =
	"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;"
	"PRAGMA wal_autocheckpoint = 10000; PRAGMA journal_size_limit = 67108864;"
	"PRAGMA cache_size = -6144; PRAGMA secure_delete = FAST;";

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
		    || !db_make(s, schema, err))
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
	              || (version != SCHEMA_VERSION && !db_make(s, schema, err)))
		return false;
	s->waits = has_table(s, "wait");
	if (s->look || s->waits)
		return true;
	s->waits = true;
	return db_exec(s, added, err);
}

static bool
load_secret(struct store *s, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_META_GET, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, TEXT_LIT("secret"));
	enum db_step step = db_step(s, st, err);
	if (step == DB_FAILED)
		return false;
	bool there = step == DB_ROW && sqlite3_column_bytes(st, 0) == HASH_BYTES;
	if (there)
		memcpy(s->secret, sqlite3_column_blob(st, 0), HASH_BYTES);
	sqlite3_reset(st);
	return there || db_damaged(s, "meta", err);
}

const unsigned char *
store_secret(const struct store *s)
{
	return s->secret;
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
	    || !store_number_get(s, "epoch", &s->epoch, err) || !load_secret(s, err)) {
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

/* Somebody took a newer epoch: this run is a ghost. */
static bool
epoch_holds(struct store *s, struct rk_err *err)
{
	int64_t newest;
	if (!store_number_get(s, "epoch", &newest, err))
		return false;
	if (newest == s->epoch)
		return true;
	err_set(err, RK_PAUSE, RK_CAT_OTHER,
	        "another run of sync \"%s\" took over; this one stops and changes nothing",
	        s->name);
	return false;
}

bool
store_begin(struct store *s, struct rk_err *err)
{
	s = db_front(s);
	if (s->look)
		return true;
	sqlite3_stmt *st = db_use(s, DB_BEGIN, err);
	if (!db_change(s, st, err))
		return false;
	if (epoch_holds(s, err))
		return true;
	store_rollback(s);
	return false;
}

bool
store_commit(struct store *s, struct rk_err *err)
{
	s = db_front(s);
	if (s->look)
		return true;
	if (link_commit(s, err) && links_note(s, err)
	    && (s->back == NULL || link_commit(s->back, err))
	    && db_change(s, db_use(s, DB_COMMIT, err), err))
		return true;
	store_rollback(s);
	return false;
}

void
store_rollback(struct store *s)
{
	/* NULL: it could not be opened; who fails then comes here all the same. */
	if (s == NULL || s->look)
		return;
	s = db_front(s);
	/* A commit that fails may have rolled back by itself. */
	link_forget(s);
	s->links_made = 0;
	s->tombs = 0;
	if (s->back != NULL) {
		link_forget(s->back);
		s->back->tombs = 0;
	}
	if (!sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

bool
store_new_epoch(struct store *s, int64_t *epoch, struct rk_err *err)
{
	int64_t newest;
	sqlite3_stmt *st = db_use(s, DB_BEGIN, err);
	if (!db_change(s, st, err))
		return false;
	if (store_number_get(s, "epoch", &newest, err)
	    && store_number_put(s, "epoch", newest + 1, err)) {
		*epoch = s->epoch = newest + 1;
		if (s->back != NULL)
			s->back->epoch = s->epoch;
		return store_commit(s, err);
	}
	store_rollback(s);
	return false;
}

static bool
reset_way(struct store *s, bool everything, struct rk_err *err)
{
	static const enum db_sql parts[] = { DB_RESET_CURSOR, DB_RESET_PAGE, DB_RESET_BATCH,
	                                     DB_RESET_PENDING, DB_RESET_WAIT,
	                                     DB_RESET_RECENT, DB_RESET_BLOCK };
	size_t count = everything ? sizeof parts / sizeof *parts : 2;
	link_forget(s);
	for (size_t i = 0; i < count; i++)
		if (!db_change(s, db_use(s, parts[i], err), err))
			return false;
	return !everything || store_tomb_trim(s, INT64_MAX, err);
}

bool
store_reset(struct store *s, bool everything, const char *identity, struct rk_err *err)
{
	bool both = store_has_back(s);
	struct store *back = both ? store_back(s, err) : NULL;
	return reset_way(s, everything, err)
	       && (!both || (back != NULL && reset_way(back, everything, err)))
	       && (!both || !everything
	           || (db_change(s, db_use(s, DB_RESET_BASE, err), err)
	               && db_change(s, db_use(s, DB_RESET_INTENT, err), err)
	               && db_change(s, db_use(s, DB_RESET_CONFLICT, err), err)))
	       && walk_reset(s, everything, err) && store_bind(s, identity, err);
}
