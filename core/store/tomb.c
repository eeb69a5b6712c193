/* SPDX-License-Identifier: Apache-2.0
 *
 * tomb.c - linked records that were deleted at one side: what is told of them later
 * must not make them anew.  The table is made with the first of them: a sync that has
 * none, and a file of an older renkei, go without it. */
#include <string.h>

#include "store/db_sqlite.h"

#define IN_SCHEMA "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'tomb~'"

/* The statement, if there is a table; NULL: there is none, or it failed. */
static sqlite3_stmt *
use(struct store *s, enum db_sql sql, struct rk_err *err, bool *failed)
{
	sqlite3_stmt *st;
	*failed = false;
	if (s->tombs == 0) {
		int step = SQLITE_ERROR;
		st = db_prepare(s, IN_SCHEMA, err);
		if (st != NULL)
			step = sqlite3_step(st);
		sqlite3_finalize(st);
		*failed = step != SQLITE_ROW && step != SQLITE_DONE;
		if (*failed)
			db_fail(s, err);
		s->tombs = step == SQLITE_ROW ? 1 : step == SQLITE_DONE ? -1 : 0;
	}
	if (s->tombs <= 0)
		return NULL;
	st = db_use(s, sql, err);
	*failed = st == NULL;
	return st;
}

static int64_t
sum_of(struct store *s, const struct tomb *t)
{
	struct buf *b = &s->scratch;
	buf_reset(b);
	wire_text(b, t->from_id);
	wire_text(b, t->to_id);
	wire_int(b, t->why);
	wire_int(b, t->at_ms);
	wire_int(b, t->stamp_ms);
	wire_text(b, t->into);
	return hash_checksum(b->ptr, b->len);
}

bool
store_tomb_get(struct store *s, struct rk_text from_id, struct arena *arena,
               struct tomb *tomb, struct rk_err *err)
{
	bool failed;
	*tomb = (struct tomb){ 0 };
	sqlite3_stmt *st = use(s, DB_TOMB_GET, err, &failed);
	if (st == NULL)
		return !failed;
	db_bind_text(st, 1, from_id);
	enum db_step step = db_step(s, st, err);
	if (step != DB_ROW)
		return step == DB_DONE;
	*tomb = (struct tomb){ .from_id = db_text(st, 0, arena), .to_id = db_text(st, 1, arena),
	                       .why = sqlite3_column_int64(st, 2),
	                       .at_ms = sqlite3_column_int64(st, 3),
	                       .stamp_ms = sqlite3_column_int64(st, 4),
	                       .into = db_text(st, 5, arena) };
	bool sound = sqlite3_column_int64(st, 6) == sum_of(s, tomb);
	sqlite3_reset(st);
	return sound || db_damaged(s, "tomb", err);
}

bool
store_tomb_put(struct store *s, const struct tomb *t, struct rk_err *err)
{
	if (s->look)
		return true;
	if (s->tombs <= 0 && !db_change(s, db_use(s, DB_TOMB_MAKE, err), err))
		return false;
	s->tombs = 1;
	sqlite3_stmt *st = db_use(s, DB_TOMB_PUT, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, t->from_id);
	db_bind_text(st, 2, t->to_id);
	sqlite3_bind_int64(st, 3, t->why);
	sqlite3_bind_int64(st, 4, t->at_ms);
	sqlite3_bind_int64(st, 5, t->stamp_ms);
	db_bind_text(st, 6, t->into);
	sqlite3_bind_int64(st, 7, sum_of(s, t));
	return db_change(s, st, err);
}

bool
store_tomb_drop(struct store *s, struct rk_text from_id, struct rk_err *err)
{
	bool failed;
	sqlite3_stmt *st = use(s, DB_TOMB_DROP, err, &failed);
	if (st == NULL)
		return !failed;
	db_bind_text(st, 1, from_id);
	return db_change(s, st, err);
}

bool
store_tomb_trim(struct store *s, int64_t before_ms, struct rk_err *err)
{
	bool failed;
	sqlite3_stmt *st = use(s, DB_TOMB_TRIM, err, &failed);
	if (st == NULL)
		return !failed;
	sqlite3_bind_int64(st, 1, before_ms);
	return db_change(s, st, err);
}

bool
store_tomb_count(struct store *s, int64_t *count, struct rk_err *err)
{
	bool failed;
	*count = 0;
	sqlite3_stmt *st = use(s, DB_TOMB_COUNT, err, &failed);
	if (st == NULL)
		return !failed;
	enum db_step step = db_step(s, st, err);
	if (step == DB_ROW)
		*count = sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	return step == DB_ROW;
}

bool
store_tomb_walk(struct store *s, store_tomb_fn *see, void *with, struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	bool failed;
	sqlite3_stmt *st = use(s, DB_TOMB_IDS, err, &failed);
	if (st == NULL)
		return !failed;
	enum db_step step;
	while ((step = db_step(s, st, err)) == DB_ROW) {
		arena_clear(&arena);
		see(with, db_text(st, 0, &arena));
	}
	return step == DB_DONE;
}
