/* SPDX-License-Identifier: Apache-2.0
 *
 * intent.c - what a write of a two-way sync is about to bring, kept until its outcome is
 * known: a look at the target can then tell our own late write from a person's edit. */
#include "store/db_sqlite.h"

static int64_t
way_of(const struct store *s)
{
	return s->front != NULL ? 2 : 1;
}

static int64_t
sum_of(struct store *s, int64_t way, const struct intent *i)
{
	buf_reset(&s->scratch);
	wire_int(&s->scratch, way);
	wire_text(&s->scratch, i->id);
	wire_text(&s->scratch, i->mine);
	wire_text(&s->scratch, i->theirs);
	return hash_checksum(s->scratch.ptr, s->scratch.len);
}

bool
store_intent_get(struct store *s, struct rk_text id, struct arena *arena,
                 struct intent *intent, struct rk_err *err)
{
	int64_t way = way_of(s);
	*intent = (struct intent){ .id = { NULL, 0 } };
	s = store_back(s, err);
	sqlite3_stmt *st = s != NULL ? db_use(s, DB_INTENT_GET, err) : NULL;
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, way);
	db_bind_text(st, 2, id);
	enum db_step step = db_step(s, st, err);
	if (step != DB_ROW)
		return step == DB_DONE;
	intent->id = arena_text(arena, id);
	int64_t sum = sqlite3_column_int64(st, 0);
	intent->mine = db_text(st, 1, arena);
	intent->theirs = db_text(st, 2, arena);
	sqlite3_reset(st);
	return sum == sum_of(s, way, intent) || db_damaged(s, "intent", err);
}

bool
store_intent_put(struct store *s, const struct intent *intent, struct rk_err *err)
{
	int64_t way = way_of(s);
	s = store_back(s, err);
	sqlite3_stmt *st = s != NULL ? db_use(s, DB_INTENT_PUT, err) : NULL;
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, way);
	db_bind_text(st, 2, intent->id);
	sqlite3_bind_int64(st, 3, sum_of(s, way, intent));
	db_bind_blob(st, 4, intent->mine.ptr, intent->mine.len);
	db_bind_blob(st, 5, intent->theirs.ptr, intent->theirs.len);
	return db_change(s, st, err);
}

bool
store_intent_drop(struct store *s, struct rk_text id, struct rk_err *err)
{
	int64_t way = way_of(s);
	s = store_back(s, err);
	sqlite3_stmt *st = s != NULL ? db_use(s, DB_INTENT_DROP, err) : NULL;
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, way);
	db_bind_text(st, 2, id);
	return db_change(s, st, err);
}
