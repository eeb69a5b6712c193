/* SPDX-License-Identifier: Apache-2.0
 *
 * cursor.c - where reading stands. */
#include <string.h>

#include "store/db_sqlite.h"

static int64_t
sum_of(struct store *s, const struct cursor *c)
{
	buf_reset(&s->scratch);
	wire_int(&s->scratch, c->watermark_ms);
	wire_int(&s->scratch, c->listing);
	wire_int(&s->scratch, c->since_ms);
	wire_int(&s->scratch, c->source_start_ms);
	wire_int(&s->scratch, c->safe_until_ms);
	wire_int(&s->scratch, c->origin_ms);
	wire_text(&s->scratch, c->token);
	buf_add(&s->scratch, c->revision, sizeof c->revision);
	return hash_checksum(s->scratch.ptr, s->scratch.len);
}

bool
cursor_was_listed(const struct cursor *c)
{
	return c->watermark_ms != RK_NO_TIME || (!c->listing && c->token.len > 0);
}

bool
store_cursor_get(struct store *s, struct arena *arena, struct cursor *cursor,
                 struct rk_err *err)
{
	*cursor = (struct cursor){ .watermark_ms = RK_NO_TIME,
	                           .origin_ms = RK_NO_TIME };
	sqlite3_stmt *st = db_use(s, DB_CURSOR_GET, err);
	if (st == NULL)
		return false;
	enum db_step step = db_step(s, st, err);
	if (step != DB_ROW)
		return step == DB_DONE;
	cursor->known = true;
	cursor->watermark_ms = sqlite3_column_int64(st, 0);
	cursor->listing = sqlite3_column_int(st, 1) == 1;
	cursor->since_ms = sqlite3_column_int64(st, 2);
	cursor->source_start_ms = sqlite3_column_int64(st, 3);
	cursor->safe_until_ms = sqlite3_column_int64(st, 4);
	cursor->token = db_text(st, 5, arena);
	db_hash(st, 6, cursor->revision, sizeof cursor->revision);
	cursor->origin_ms = sqlite3_column_int64(st, 7);
	int64_t sum = sqlite3_column_int64(st, 8);
	sqlite3_reset(st);
	return sum == sum_of(s, cursor) || db_damaged(s, "cursor", err);
}

bool
store_cursor_put(struct store *s, const struct cursor *cursor, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_CURSOR_PUT, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, cursor->watermark_ms);
	sqlite3_bind_int(st, 2, cursor->listing);
	sqlite3_bind_int64(st, 3, cursor->since_ms);
	sqlite3_bind_int64(st, 4, cursor->source_start_ms);
	sqlite3_bind_int64(st, 5, cursor->safe_until_ms);
	db_bind_blob(st, 6, cursor->token.ptr, cursor->token.len);
	db_bind_blob(st, 7, cursor->revision, sizeof cursor->revision);
	sqlite3_bind_int64(st, 8, cursor->origin_ms);
	sqlite3_bind_int64(st, 9, sum_of(s, cursor));
	return db_change(s, st, err);
}
