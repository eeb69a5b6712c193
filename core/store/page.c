/* SPDX-License-Identifier: Apache-2.0
 *
 * page.c - the journal of reading: one row a page.  A row is never changed; it
 * leaves when the last of its records is settled.  A page met again after a
 * crash is worked through again: what was written is unchanged by its link. */
#include <string.h>

#include "store/db_sqlite.h"

static int64_t
sum_of(struct store *s, const struct page *page)
{
	buf_reset(&s->scratch);
	wire_int(&s->scratch, page->count);
	buf_add(&s->scratch, page->revision, sizeof page->revision);
	wire_int(&s->scratch, hash_checksum(page->body.ptr, page->body.len));
	return hash_checksum(s->scratch.ptr, s->scratch.len);
}

bool
store_page_put(struct store *s, struct page *page, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_PAGE_PUT, err);
	if (st == NULL)
		return false;
	db_bind_blob(st, 1, page->revision, sizeof page->revision);
	sqlite3_bind_int64(st, 2, page->count);
	sqlite3_bind_int64(st, 3, sum_of(s, page));
	db_bind_blob(st, 4, page->body.ptr, page->body.len);
	if (!db_change(s, st, err))
		return false;
	page->seq = sqlite3_last_insert_rowid(s->db);
	return true;
}

static bool
get(struct store *s, enum db_sql sql, int64_t seq, struct arena *arena, struct page *page,
    struct rk_err *err)
{
	*page = (struct page){ 0 };
	sqlite3_stmt *st = db_use(s, sql, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, seq);
	enum db_step step = db_step(s, st, err);
	if (step != DB_ROW)
		return step == DB_DONE;
	page->seq = sqlite3_column_int64(st, 0);
	db_hash(st, 1, page->revision, sizeof page->revision);
	page->count = sqlite3_column_int64(st, 2);
	int64_t sum = sqlite3_column_int64(st, 3);
	page->body = db_text(st, 4, arena);
	sqlite3_reset(st);
	return sum == sum_of(s, page) || db_damaged(s, "page", err);
}

bool
store_page_next(struct store *s, int64_t seq, struct arena *arena, struct page *page,
                struct rk_err *err)
{
	return get(s, DB_PAGE_NEXT, seq, arena, page, err);
}

bool
store_page_get(struct store *s, int64_t seq, struct arena *arena, struct page *page,
               struct rk_err *err)
{
	return get(s, DB_PAGE_GET, seq, arena, page, err);
}

bool
store_page_drop(struct store *s, int64_t seq, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_PAGE_DROP, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, seq);
	return db_change(s, st, err);
}

bool
store_page_total(struct store *s, int64_t *records, struct rk_err *err)
{
	*records = 0;
	sqlite3_stmt *st = db_use(s, DB_PAGE_TOTAL, err);
	if (st == NULL)
		return false;
	enum db_step step = db_step(s, st, err);
	if (step == DB_ROW)
		*records = sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	return step != DB_FAILED;
}
