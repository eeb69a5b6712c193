/* SPDX-License-Identifier: Apache-2.0
 *
 * conflict.c - fields that both sides of a link changed, one row each, until they are
 * settled. */
#include "store/db_sqlite.h"

static const size_t texts[] = {
	offsetof(struct conflict, from_id), offsetof(struct conflict, to_id),
	offsetof(struct conflict, from_field), offsetof(struct conflict, to_field),
	offsetof(struct conflict, base), offsetof(struct conflict, from_value),
	offsetof(struct conflict, to_value),
};
#define TEXTS ((int)(sizeof texts / sizeof *texts))

static struct rk_text *
text_at(const struct conflict *c, int at)
{
	return (struct rk_text *)(void *)((char *)(uintptr_t)c + texts[at]);
}

static int64_t
sum_of(struct store *s, const struct conflict *c)
{
	buf_reset(&s->scratch);
	for (int i = 0; i < TEXTS; i++)
		wire_text(&s->scratch, *text_at(c, i));
	wire_int(&s->scratch, c->since_ms);
	wire_int(&s->scratch, c->seen_ms);
	wire_int(&s->scratch, c->decision);
	wire_text(&s->scratch, c->decided_by);
	return hash_checksum(s->scratch.ptr, s->scratch.len);
}

static bool
read_row(struct store *s, sqlite3_stmt *st, struct arena *arena, struct conflict *c,
         struct rk_err *err)
{
	c->id = sqlite3_column_int64(st, 0);
	for (int i = 0; i < TEXTS; i++)
		*text_at(c, i) = db_text(st, i + 1, arena);
	c->since_ms = sqlite3_column_int64(st, TEXTS + 1);
	c->seen_ms = sqlite3_column_int64(st, TEXTS + 2);
	c->decision = sqlite3_column_int64(st, TEXTS + 3);
	c->decided_by = db_text(st, TEXTS + 4, arena);
	return sqlite3_column_int64(st, TEXTS + 5) == sum_of(s, c)
	       || db_damaged(s, "conflict", err);
}

/* Of a statement whose first parameter is bound. */
static bool
take_rows(struct store *s, sqlite3_stmt *st, size_t most, struct arena *arena,
          struct conflict **rows, size_t *count, struct rk_err *err)
{
	enum db_step step;
	size_t room = 0;
	sqlite3_bind_int64(st, 2, (int64_t)most);
	while ((step = db_step(s, st, err)) == DB_ROW) {
		if (*count == room) {
			struct conflict *more = arena_new_array(arena, room = room * 2 + 4,
			                                        struct conflict);
			for (size_t i = 0; i < *count; i++)
				more[i] = (*rows)[i];
			*rows = more;
		}
		if (!read_row(s, st, arena, &(*rows)[*count], err)) {
			sqlite3_reset(st);
			return false;
		}
		(*count)++;
	}
	return step != DB_FAILED;
}

bool
store_conflict_of(struct store *s, struct rk_text from_id, struct arena *arena,
                  struct conflict **rows, size_t *count, struct rk_err *err)
{
	*count = 0;
	*rows = NULL;
	s = store_back(s, err);
	sqlite3_stmt *st = s != NULL ? db_use(s, DB_CONFLICT_OF, err) : NULL;
	if (st == NULL)
		return false;
	db_bind_text(st, 1, from_id);
	return take_rows(s, st, STORE_CONFLICTS_OF, arena, rows, count, err);
}

bool
store_conflict_list(struct store *s, int64_t after, size_t most, struct arena *arena,
                    struct conflict **rows, size_t *count, struct rk_err *err)
{
	*count = 0;
	*rows = NULL;
	s = store_back(s, err);
	sqlite3_stmt *st = s != NULL ? db_use(s, DB_CONFLICT_LIST, err) : NULL;
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, after);
	return take_rows(s, st, most, arena, rows, count, err);
}

bool
store_conflict_put(struct store *s, struct conflict *row, struct rk_err *err)
{
	s = store_back(s, err);
	sqlite3_stmt *st = s != NULL ? db_use(s, DB_CONFLICT_PUT, err) : NULL;
	if (st == NULL)
		return false;
	if (row->id != 0)
		sqlite3_bind_int64(st, 1, row->id);
	else
		sqlite3_bind_null(st, 1);
	for (int i = 0; i < TEXTS; i++)
		db_bind_text(st, i + 2, *text_at(row, i));
	sqlite3_bind_int64(st, TEXTS + 2, row->since_ms);
	sqlite3_bind_int64(st, TEXTS + 3, row->seen_ms);
	sqlite3_bind_int64(st, TEXTS + 4, row->decision);
	db_bind_text(st, TEXTS + 5, row->decided_by);
	sqlite3_bind_int64(st, TEXTS + 6, sum_of(s, row));
	if (!db_change(s, st, err))
		return false;
	if (row->id == 0)
		row->id = sqlite3_last_insert_rowid(s->db);
	return true;
}

bool
store_conflict_drop(struct store *s, int64_t id, struct rk_err *err)
{
	s = store_back(s, err);
	sqlite3_stmt *st = s != NULL ? db_use(s, DB_CONFLICT_DROP, err) : NULL;
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, id);
	return db_change(s, st, err);
}

bool
store_conflict_count(struct store *s, int64_t *count, int64_t *open, struct rk_err *err)
{
	*count = *open = 0;
	if (!store_has_back(s))
		return true;
	s = store_back(s, err);
	sqlite3_stmt *st = s != NULL ? db_use(s, DB_CONFLICT_COUNT, err) : NULL;
	if (st == NULL)
		return false;
	enum db_step step = db_step(s, st, err);
	if (step == DB_ROW) {
		*count = sqlite3_column_int64(st, 0);
		*open = sqlite3_column_int64(st, 1);
	}
	sqlite3_reset(st);
	return step != DB_FAILED;
}
