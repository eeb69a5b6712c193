/* SPDX-License-Identifier: Apache-2.0
 *
 * db_sqlite.h - the little of SQLite that the store's files share: prepared
 * statements kept by number, typed binding and reading, one way to fail. */
#ifndef STORE_DB_SQLITE_H
#define STORE_DB_SQLITE_H

#include <sqlite3.h>

#include "store/store.h"

/* One prepared statement each; the texts stand in sql.c. */
enum db_sql {
	DB_BEGIN, DB_COMMIT, DB_ROLLBACK,
	DB_META_GET, DB_META_PUT,
	DB_CURSOR_GET, DB_CURSOR_PUT,
	DB_PAGE_PUT, DB_PAGE_NEXT, DB_PAGE_GET, DB_PAGE_DROP, DB_PAGE_TOTAL,
	DB_BATCH_PUT, DB_BATCH_AGAIN, DB_BATCH_NEXT, DB_BATCH_DROP,
	DB_PENDING_PUT, DB_PENDING_GET, DB_PENDING_DROP, DB_PENDING_DUE, DB_PENDING_NEXT_DUE, DB_PENDING_ERRORS,
	DB_PENDING_OF_KEY, DB_PENDING_KINDS, DB_PENDING_KEY,
	DB_PENDING_COUNT, DB_PENDING_HELD, DB_PENDING_HELD_COUNT,
	DB_RECENT_LIST, DB_RECENT_PUT,
	DB_BLOCK_GET, DB_BLOCK_PUT,
	DB_WAIT_PUT, DB_WAIT_DROP, DB_WAIT_NEXT, DB_WAIT_LIST,
	DB_TOMB_MAKE, DB_TOMB_GET, DB_TOMB_PUT, DB_TOMB_DROP, DB_TOMB_COUNT, DB_TOMB_TRIM,
	DB_TOMB_IDS,
	DB_RUN_BEGIN, DB_RUN_TRIM, DB_RUN_END, DB_RUN_LIST, DB_RUN_TALLY,
	DB_RESET_CURSOR, DB_RESET_PAGE, DB_RESET_BATCH, DB_RESET_PENDING, DB_RESET_RECENT,
	DB_RESET_BLOCK, DB_RESET_BASE, DB_RESET_INTENT, DB_RESET_CONFLICT,
	DB_BASE_GET, DB_BASE_PUT,
	DB_INTENT_GET, DB_INTENT_PUT, DB_INTENT_DROP,
	DB_CONFLICT_OF, DB_CONFLICT_LIST, DB_CONFLICT_PUT, DB_CONFLICT_DROP, DB_CONFLICT_COUNT,
	DB_WALK_GET, DB_WALK_PUT, DB_WALK_END, DB_WALK_FORGET, DB_WALK_SEE, DB_WALK_SAW,
	DB_COMPARED_PUT, DB_COMPARED_TRIM, DB_COMPARED_LIST,
	DB_FOUND_PUT, DB_FOUND_DROP, DB_FOUND_LIST,
	DB_RESET_WAIT,
	DB_LINE_TABLE, DB_LINE_PUT, DB_LINE_AGAIN, DB_LINE_GET, DB_LINE_DROP,
	DB_LINES_OF_RECORD, DB_LINES_OF_RUN, DB_LINES_ALL, DB_LINES_TRIM,
	DB_FIELDS_GET, DB_FIELDS_PUT, DB_DRIFT_PUT, DB_DRIFT_TRIM, DB_DRIFT_LIST,
	DB_PENDING_AT_FIELD,
	DB_SQL_COUNT,
};

/* The longest row that a checksum is built over. */
#define STORE_SCRATCH_MAX (128u * 1024 * 1024)

struct store {
	sqlite3 *db;                   /* owned; of the way back borrowed, as a rule */
	const char *way;               /* Behind the names of its tables: nothing, or "_back". */
	struct store *back;            /* owned; NULL until asked for */
	struct store *front;           /* Of which this is the way back; NULL: it is no such. */
	sqlite3_stmt *statements[DB_SQL_COUNT]; /* owned; NULL until used */
	char *name;                    /* owned: for messages */
	bool look;                     /* Changes are dropped. */
	bool waits;                    /* It has the table `wait`. */
	int64_t links_made;            /* In this transaction. */
	int64_t epoch;                 /* Of this owner; 0: none taken. */
	unsigned char secret[HASH_BYTES];
	struct buf scratch;            /* owned */
	struct kept_link *kept_links;  /* owned; see link.c */
	struct recent *recent;         /* owned; NULL until asked for */
	int tombs;                     /* There is a table of them: 1; -1: not; see tomb.c. */
	struct blocks *blocks;         /* owned; NULL until asked for */
};

static inline struct store *
db_front(struct store *s)
{
	return s->front != NULL ? s->front : s;
}
extern const char *const db_texts[DB_SQL_COUNT];
/* The tables of every state; those that came later, and those that are made when they
 * are first needed: the way back's (way.c), a walk's, those of drift. */
extern const char db_schema[], db_added_tables[];
extern const char db_back_schema[], db_walk_tables[], db_drift_tables[];
bool db_has_table(struct store *s, const char *name);
/* What marks are made with; in a new state too. */
bool db_load_secret(struct store *s, struct rk_err *err);
void db_close_back(struct store *s);
struct store *db_new(const char *name, bool look);
bool db_open(struct store *s, const char *file, int flags, struct rk_err *err);
/* In a transaction of its own; "~" becomes the way's suffix. */
bool db_make(struct store *s, const char *tables, struct rk_err *err);
/* NULL with 'err' filled; finalized by the caller. */
sqlite3_stmt *db_prepare(struct store *s, const char *sql, struct rk_err *err);
bool db_exec(struct store *s, const char *sql, struct rk_err *err);
/* The statement, ready to bind; NULL with 'err' filled. */
sqlite3_stmt *db_use(struct store *s, enum db_sql sql, struct rk_err *err);
void db_bind_text(sqlite3_stmt *st, int at, struct rk_text text);
void db_bind_blob(sqlite3_stmt *st, int at, const void *bytes, size_t len);
/* Runs a statement that gives no rows; does nothing on a store that looks. */
bool db_change(struct store *s, sqlite3_stmt *st, struct rk_err *err);
enum db_step { DB_ROW, DB_DONE, DB_FAILED };
enum db_step db_step(struct store *s, sqlite3_stmt *st, struct rk_err *err);
struct rk_text db_text(sqlite3_stmt *st, int at, struct arena *arena);
void db_hash(sqlite3_stmt *st, int at, unsigned char *bytes, size_t len);
bool db_fail(struct store *s, struct rk_err *err);
/* What link.c, link_recent.c and link_blocks.c have in memory is not what stands in the
 * file any more. */
void link_forget(struct store *s);
/* Before a commit: writes what was put in this transaction. */
bool link_commit(struct store *s, struct rk_err *err);
/* Brings the links put lately into the maps; in a transaction. */
bool link_merge(struct store *s, struct rk_err *err);
/* Tables that a state gets when they are first needed (walk.h). */
bool db_has_walks(struct store *s);
bool db_make_walks(struct store *s, struct rk_err *err);
/* Before a commit: counts the links that were made in this transaction. */
bool links_note(struct store *s, struct rk_err *err);
/* The same of drift.h. */
bool db_has_drift(struct store *s);
bool db_make_drift(struct store *s, struct rk_err *err);
/* A row would be cut short, and lose what it holds. */
bool db_too_large(struct store *s, struct rk_err *err);
/* A checksum did not fit: says which table, and what to do. */
bool db_damaged(struct store *s, const char *table, struct rk_err *err);

#endif
