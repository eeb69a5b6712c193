/* SPDX-License-Identifier: Apache-2.0
 *
 * sql.c - the tables of a sync's state, and every statement that is run on them. */
#include "store/db_sqlite.h"

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

const char db_schema[] =
	"CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;"
	WAY_SCHEMA
	"INSERT INTO meta VALUES('secret', randomblob(16));"
	"PRAGMA user_version = 3;";

const char db_walk_tables[] =
	"CREATE TABLE IF NOT EXISTS walk(kind TEXT PRIMARY KEY, part INTEGER, began INTEGER,"
	" revision BLOB, token BLOB, at INTEGER, sum INTEGER, body BLOB) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS walk_seen(kind TEXT, mark INTEGER,"
	" PRIMARY KEY(kind, mark)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS compared(began INTEGER PRIMARY KEY, sum INTEGER,"
	" body BLOB);"
	"CREATE TABLE IF NOT EXISTS compared_found(seq INTEGER PRIMARY KEY AUTOINCREMENT,"
	" began INTEGER, sum INTEGER, body BLOB);";

/* What came after version 0.1.0: a state of that is added to when it is next written. */
const char db_added_tables[] =
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

const char db_drift_tables[] =
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

const char *const db_texts[DB_SQL_COUNT] = {
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
	[DB_PENDING_KINDS] = "SELECT category, code, state, due = 9223372036854775807,"
	                     " count(*) FROM pending~ WHERE state IN (3, 4)"
	                     " GROUP BY 1, 2, 3, 4",
	[DB_PENDING_KEY] = "SELECT 1 FROM pending~ WHERE key_hash = ?1 AND key_hash <> 0"
	                   " AND (state IN (2, 4) OR key > '' OR believe_after > ?3)"
	                   " AND id <> ?2"
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
	[DB_TOMB_IDS] = "SELECT from_id FROM tomb~",
	[DB_TOMB_COUNT] = "SELECT count(*) FROM tomb~",
	/* 1, 2: TOMB_ARCHIVED, TOMB_FLAGGED. */
	[DB_TOMB_TRIM] = "DELETE FROM tomb~ WHERE at < ?1 AND (why NOT IN (1, 2)"
	                 " OR ?1 = 9223372036854775807)",
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
