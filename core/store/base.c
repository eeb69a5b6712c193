/* SPDX-License-Identifier: Apache-2.0
 *
 * base.c - what both sides of a two-way link agreed on last, field by field: one row a
 * link, of two-way syncs only. */
#include "store/db_sqlite.h"

static int64_t
sum_of(struct store *s, const struct base *b)
{
	buf_reset(&s->scratch);
	wire_text(&s->scratch, b->from_id);
	wire_text(&s->scratch, b->to_id);
	wire_text(&s->scratch, b->from_version);
	wire_text(&s->scratch, b->to_version);
	wire_int(&s->scratch, b->last_way);
	wire_int(&s->scratch, b->turns);
	wire_int(&s->scratch, b->turns_since_ms);
	wire_text(&s->scratch, b->from_values);
	wire_text(&s->scratch, b->to_values);
	return hash_checksum(s->scratch.ptr, s->scratch.len);
}

bool
store_base_get(struct store *s, struct rk_text from_id, struct arena *arena,
               struct base *base, struct rk_err *err)
{
	*base = (struct base){ .last_way = 0 };
	s = store_back(s, err);
	sqlite3_stmt *st = s != NULL ? db_use(s, DB_BASE_GET, err) : NULL;
	if (st == NULL)
		return false;
	db_bind_text(st, 1, from_id);
	enum db_step step = db_step(s, st, err);
	if (step != DB_ROW)
		return step == DB_DONE;
	base->from_id = arena_text(arena, from_id);
	base->to_id = db_text(st, 0, arena);
	base->from_version = db_text(st, 1, arena);
	base->to_version = db_text(st, 2, arena);
	base->last_way = sqlite3_column_int64(st, 3);
	base->turns = sqlite3_column_int64(st, 4);
	base->turns_since_ms = sqlite3_column_int64(st, 5);
	int64_t sum = sqlite3_column_int64(st, 6);
	base->from_values = db_text(st, 7, arena);
	base->to_values = db_text(st, 8, arena);
	sqlite3_reset(st);
	return sum == sum_of(s, base) || db_damaged(s, "base", err);
}

bool
store_base_put(struct store *s, const struct base *base, struct rk_err *err)
{
	s = store_back(s, err);
	sqlite3_stmt *st = s != NULL ? db_use(s, DB_BASE_PUT, err) : NULL;
	if (st == NULL)
		return false;
	db_bind_text(st, 1, base->from_id);
	db_bind_text(st, 2, base->to_id);
	db_bind_text(st, 3, base->from_version);
	db_bind_text(st, 4, base->to_version);
	sqlite3_bind_int64(st, 5, base->last_way);
	sqlite3_bind_int64(st, 6, base->turns);
	sqlite3_bind_int64(st, 7, base->turns_since_ms);
	sqlite3_bind_int64(st, 8, sum_of(s, base));
	db_bind_blob(st, 9, base->from_values.ptr, base->from_values.len);
	db_bind_blob(st, 10, base->to_values.ptr, base->to_values.len);
	return db_change(s, st, err);
}
