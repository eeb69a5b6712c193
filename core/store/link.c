/* SPDX-License-Identifier: Apache-2.0
 *
 * link.c - which records belong together. */
#include <string.h>

#include "store/db_sqlite.h"

static int64_t
sum_of(struct store *s, const struct link *l)
{
	struct buf *b = &s->scratch;
	buf_reset(b);
	wire_text(b, l->from_id);
	wire_text(b, l->to_id);
	wire_int(b, l->key_hash);
	buf_add(b, l->from_hash.bytes, HASH_BYTES);
	buf_add(b, l->to_hash.bytes, HASH_BYTES);
	wire_text(b, l->to_version);
	wire_int(b, l->hold_until_ms);
	wire_int(b, l->from_ms);
	return hash_checksum(b->ptr, b->len);
}

static bool
take_row(struct store *s, sqlite3_stmt *st, struct arena *arena, struct link *l,
         struct rk_err *err)
{
	*l = (struct link){ 0 };
	enum db_step step = db_step(s, st, err);
	if (step != DB_ROW)
		return step == DB_DONE;
	l->from_id = db_text(st, 0, arena);
	l->to_id = db_text(st, 1, arena);
	l->key_hash = sqlite3_column_int64(st, 2);
	db_hash(st, 3, l->from_hash.bytes, HASH_BYTES);
	db_hash(st, 4, l->to_hash.bytes, HASH_BYTES);
	l->to_version = db_text(st, 5, arena);
	l->hold_until_ms = sqlite3_column_int64(st, 6);
	l->from_ms = sqlite3_column_int64(st, 7);
	int64_t sum = sqlite3_column_int64(st, 8);
	sqlite3_reset(st);
	return sum == sum_of(s, l) || db_damaged(s, "link", err);
}

bool
store_link_get(struct store *s, struct rk_text from_id, struct arena *arena,
               struct link *link, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_LINK_GET, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, from_id);
	return take_row(s, st, arena, link, err);
}

bool
store_link_by_key(struct store *s, int64_t key_hash, struct rk_text not_from_id,
                  struct arena *arena, struct link *link, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_LINK_BY_KEY, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, key_hash);
	db_bind_text(st, 2, not_from_id);
	return take_row(s, st, arena, link, err);
}

bool
store_link_by_target(struct store *s, struct rk_text to_id, struct rk_text not_from_id,
                     struct arena *arena, struct link *link, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_LINK_BY_TARGET, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, to_id);
	db_bind_text(st, 2, not_from_id);
	return take_row(s, st, arena, link, err);
}

bool
store_link_put(struct store *s, const struct link *link, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_LINK_PUT, err);
	if (st == NULL)
		return false;
	db_bind_text(st, 1, link->from_id);
	db_bind_text(st, 2, link->to_id);
	sqlite3_bind_int64(st, 3, link->key_hash);
	db_bind_blob(st, 4, link->from_hash.bytes, HASH_BYTES);
	db_bind_blob(st, 5, link->to_hash.bytes, HASH_BYTES);
	db_bind_text(st, 6, link->to_version);
	sqlite3_bind_int64(st, 7, link->hold_until_ms);
	sqlite3_bind_int64(st, 8, link->from_ms);
	sqlite3_bind_int64(st, 9, sum_of(s, link));
	return db_change(s, st, err);
}

bool
store_link_count(struct store *s, int64_t *count, struct rk_err *err)
{
	*count = 0;
	sqlite3_stmt *st = db_use(s, DB_LINK_COUNT, err);
	if (st == NULL)
		return false;
	enum db_step step = db_step(s, st, err);
	if (step == DB_ROW)
		*count = sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	return step != DB_FAILED;
}
