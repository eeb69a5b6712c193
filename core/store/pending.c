/* SPDX-License-Identifier: Apache-2.0
 *
 * pending.c - records that stay, one row each. */
#include <string.h>

#include "store/db_sqlite.h"

static int64_t
sum_of(struct store *s, const struct pending *p)
{
	struct buf *b = &s->scratch;
	buf_reset(b);
	wire_text(b, p->id);
	wire_int(b, p->state);
	wire_int(b, p->operation);
	wire_text(b, p->version);
	buf_add(b, p->from_hash.bytes, HASH_BYTES);
	buf_add(b, p->revision, sizeof p->revision);
	wire_int(b, p->key_hash);
	buf_add(b, p->body_hash.bytes, HASH_BYTES);
	wire_int(b, p->hold_until_ms);
	wire_int(b, p->believe_after_ms);
	wire_int(b, p->attempts);
	wire_int(b, p->due_ms);
	wire_int(b, p->first_ms);
	wire_int(b, p->category);
	wire_text(b, p->code);
	wire_text(b, p->field);
	wire_text(b, p->value);
	wire_text(b, p->message);
	wire_text(b, p->key);
	wire_int(b, p->modified_ms);
	wire_text(b, p->body);
	return hash_checksum(b->ptr, b->len);
}

static bool
read_row(struct store *s, sqlite3_stmt *st, struct arena *arena, struct pending *p,
         struct rk_err *err)
{
	p->id = db_text(st, 0, arena);
	p->state = sqlite3_column_int64(st, 1);
	p->operation = sqlite3_column_int64(st, 2);
	p->version = db_text(st, 3, arena);
	db_hash(st, 4, p->from_hash.bytes, HASH_BYTES);
	db_hash(st, 5, p->revision, sizeof p->revision);
	p->key_hash = sqlite3_column_int64(st, 6);
	db_hash(st, 7, p->body_hash.bytes, HASH_BYTES);
	p->hold_until_ms = sqlite3_column_int64(st, 8);
	p->believe_after_ms = sqlite3_column_int64(st, 9);
	p->attempts = sqlite3_column_int64(st, 10);
	p->due_ms = sqlite3_column_int64(st, 11);
	p->first_ms = sqlite3_column_int64(st, 12);
	p->category = sqlite3_column_int64(st, 13);
	p->code = db_text(st, 14, arena);
	p->field = db_text(st, 15, arena);
	p->value = db_text(st, 16, arena);
	p->message = db_text(st, 17, arena);
	p->key = db_text(st, 18, arena);
	p->modified_ms = sqlite3_column_int64(st, 19);
	p->body = db_text(st, 21, arena);
	return sqlite3_column_int64(st, 20) == sum_of(s, p) || db_damaged(s, "pending", err);
}

bool
store_pending_put(struct store *s, const struct pending *p, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_PENDING_PUT, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, p->id);
	sqlite3_bind_int64(st, 2, p->state);
	sqlite3_bind_int64(st, 3, p->operation);
	db_bind_text(st, 4, p->version);
	db_bind_blob(st, 5, p->from_hash.bytes, HASH_BYTES);
	db_bind_blob(st, 6, p->revision, sizeof p->revision);
	sqlite3_bind_int64(st, 7, p->key_hash);
	db_bind_blob(st, 8, p->body_hash.bytes, HASH_BYTES);
	sqlite3_bind_int64(st, 9, p->hold_until_ms);
	sqlite3_bind_int64(st, 10, p->believe_after_ms);
	sqlite3_bind_int64(st, 11, p->attempts);
	sqlite3_bind_int64(st, 12, p->due_ms);
	sqlite3_bind_int64(st, 13, p->first_ms);
	sqlite3_bind_int64(st, 14, p->category);
	db_bind_text(st, 15, p->code);
	db_bind_text(st, 16, p->field);
	db_bind_text(st, 17, p->value);
	db_bind_text(st, 18, p->message);
	db_bind_text(st, 19, p->key);
	sqlite3_bind_int64(st, 20, p->modified_ms);
	sqlite3_bind_int64(st, 21, sum_of(s, p));
	db_bind_blob(st, 22, p->body.ptr, p->body.len);
	return db_change(s, st, err);
}

bool
store_pending_get(struct store *s, struct rk_text id, struct arena *arena,
                  struct pending *row, struct rk_err *err)
{
	*row = (struct pending){ 0 };
	sqlite3_stmt *st = db_use(s, DB_PENDING_GET, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, id);
	enum db_step step = db_step(s, st, err);
	if (step != DB_ROW)
		return step == DB_DONE;
	bool sound = read_row(s, st, arena, row, err);
	sqlite3_reset(st);
	return sound;
}

bool
store_pending_drop(struct store *s, struct rk_text id, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_PENDING_DROP, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, id);
	return db_change(s, st, err);
}

/* Takes the rows of a statement that is bound. */
static bool
take_rows(struct store *s, sqlite3_stmt *st, size_t most, struct arena *arena,
          struct pending **rows, size_t *count, struct rk_err *err)
{
	enum db_step step;
	*rows = arena_new_array(arena, most, struct pending);
	while ((step = db_step(s, st, err)) == DB_ROW && *count < most) {
		if (!read_row(s, st, arena, &(*rows)[*count], err)) {
			sqlite3_reset(st);
			return false;
		}
		(*count)++;
	}
	sqlite3_reset(st);
	return step != DB_FAILED;
}

bool
store_pending_due(struct store *s, int64_t now_ms, size_t most, struct arena *arena,
                  struct pending **rows, size_t *count, struct rk_err *err)
{
	*count = 0;
	sqlite3_stmt *st = db_use(s, DB_PENDING_DUE, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, now_ms);
	sqlite3_bind_int64(st, 2, (int64_t)most);
	return take_rows(s, st, most, arena, rows, count, err);
}

bool
store_pending_held(struct store *s, size_t most, struct arena *arena,
                   struct pending **rows, size_t *count, struct rk_err *err)
{
	*count = 0;
	sqlite3_stmt *st = db_use(s, DB_PENDING_HELD, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, (int64_t)most);
	return take_rows(s, st, most, arena, rows, count, err);
}

bool
store_pending_held_count(struct store *s, int64_t *count, struct rk_err *err)
{
	*count = 0;
	sqlite3_stmt *st = db_use(s, DB_PENDING_HELD_COUNT, err);
	if (st == NULL)
		return false;
	enum db_step step = db_step(s, st, err);
	if (step == DB_ROW)
		*count = sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	return step == DB_ROW;
}

bool
store_pending_next_due(struct store *s, int64_t *due_ms, struct rk_err *err)
{
	*due_ms = INT64_MAX;
	sqlite3_stmt *st = db_use(s, DB_PENDING_NEXT_DUE, err);
	if (st == NULL)
		return false;
	enum db_step step = db_step(s, st, err);
	if (step == DB_ROW)
		*due_ms = sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	return step != DB_FAILED;
}

bool
store_pending_errors(struct store *s, struct rk_text after_id, size_t most,
                     struct arena *arena, struct pending **rows, size_t *count,
                     struct rk_err *err)
{
	*count = 0;
	sqlite3_stmt *st = db_use(s, DB_PENDING_ERRORS, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, after_id);
	sqlite3_bind_int64(st, 2, (int64_t)most);
	return take_rows(s, st, most, arena, rows, count, err);
}

bool
store_pending_of_key(struct store *s, int64_t key_hash, struct rk_text after_id,
                     size_t most, struct arena *arena, struct pending **rows,
                     size_t *count, struct rk_err *err)
{
	*count = 0;
	sqlite3_stmt *st = db_use(s, DB_PENDING_OF_KEY, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, after_id);
	sqlite3_bind_int64(st, 2, (int64_t)most);
	sqlite3_bind_int64(st, 3, key_hash);
	return take_rows(s, st, most, arena, rows, count, err);
}

bool
store_pending_kinds(struct store *s, store_kind_take *take, void *with, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_PENDING_KINDS, err);
	if (st == NULL)
		return false;
	enum db_step step;
	while ((step = db_step(s, st, err)) == DB_ROW) {
		__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
		bool timeless = sqlite3_column_int(st, 3) != 0;
		struct pending row = {
			.category = (int32_t)sqlite3_column_int64(st, 0),
			.code = db_text(st, 1, &arena),
			.state = sqlite3_column_int64(st, 2),
			.due_ms = timeless ? INT64_MAX : 0 };
		if (!take(with, &row, sqlite3_column_int64(st, 4)))
			break;
	}
	sqlite3_reset(st);
	return step != DB_FAILED;
}

bool
store_pending_holds_key(struct store *s, int64_t key_hash, struct rk_text not_id,
                        int64_t now_ms, bool *held, struct rk_err *err)
{
	*held = false;
	sqlite3_stmt *st = db_use(s, DB_PENDING_KEY, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, key_hash);
	db_bind_text(st, 2, not_id);
	sqlite3_bind_int64(st, 3, now_ms);
	enum db_step step = db_step(s, st, err);
	*held = step == DB_ROW;
	sqlite3_reset(st);
	return step != DB_FAILED;
}

bool
store_pending_count(struct store *s, struct pending_counts *counts, struct rk_err *err)
{
	*counts = (struct pending_counts){ .next_due_ms = INT64_MAX };
	sqlite3_stmt *st = db_use(s, DB_PENDING_COUNT, err);
	if (st == NULL)
		return false;
	enum db_step step;
	while ((step = db_step(s, st, err)) == DB_ROW) {
		int64_t n = sqlite3_column_int64(st, 1), due = sqlite3_column_int64(st, 2);
		switch (sqlite3_column_int(st, 0)) {
		case PENDING_QUEUED:    counts->queued = n; break;
		case PENDING_UNKNOWN:   counts->unknown = n; break;
		case PENDING_FAILED:    counts->failed = n; break;
		case PENDING_IGNORED:   counts->ignored = n; break;
		default:                counts->undecided = n; break;
		}
		if (due < counts->next_due_ms)
			counts->next_due_ms = due;
	}
	return step == DB_DONE;
}
