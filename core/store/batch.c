/* SPDX-License-Identifier: Apache-2.0
 *
 * batch.c - the journal of writing: what is on its way, by key and hash of the
 * body, and until when it may land.  The row is committed before the first
 * byte is sent. */
#include <string.h>

#include "base/err.h"
#include "store/db_sqlite.h"

#define ENTRIES_MAX 10000
/* Five numbers and a token. */
#define SUMMED_MAX (64u * 1024)

static void
encode_entries(struct buf *out, const struct store_batch *batch)
{
	buf_reset(out);
	wire_int(out, batch->epoch);
	wire_int(out, batch->operation);
	for (size_t i = 0; i < batch->count; i++) {
		const struct batch_entry *e = &batch->entries[i];
		wire_text(out, e->id);
		wire_text(out, e->key);
		wire_text(out, (struct rk_text){ (const char *)e->body_hash.bytes, HASH_BYTES });
		wire_int(out, e->page_seq);
	}
}

static bool
decode_entries(struct rk_text bytes, struct arena *arena, struct store_batch *batch)
{
	struct wire_reader r = wire_reader(bytes);
	size_t items = wire_count(&r);
	if (items < 2 || (items - 2) % 4 != 0 || items > ENTRIES_MAX * 4
	    || wire_take_int(&r) != batch->epoch || wire_take_int(&r) != batch->operation)
		return false;
	batch->count = (items - 2) / 4;
	batch->entries = arena_new_array(arena, batch->count, struct batch_entry);
	for (size_t i = 0; i < batch->count; i++) {
		struct batch_entry *e = &batch->entries[i];
		e->id = wire_take_text(&r);
		e->key = wire_take_text(&r);
		struct rk_text hash = wire_take_text(&r);
		e->page_seq = wire_take_int(&r);
		if (hash.len != HASH_BYTES)
			return false;
		memcpy(e->body_hash.bytes, hash.ptr, HASH_BYTES);
	}
	return !r.bad;
}

/* Of all columns. */
static int64_t
sum_of(const struct store_batch *batch)
{
	BUF_AUTO b = BUF_INIT(SUMMED_MAX);
	wire_int(&b, batch->epoch);
	wire_int(&b, batch->operation);
	wire_int(&b, batch->hold_until_ms);
	wire_int(&b, batch->believe_after_ms);
	wire_text(&b, batch->token);
	wire_int(&b, batch->entries_sum);
	return hash_checksum(b.ptr, b.len);
}

bool
store_batch_put(struct store *s, struct store_batch *batch, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_BATCH_PUT, err);
	if (st == NULL)
		return false;
	batch->epoch = s->epoch;
	encode_entries(&s->scratch, batch);
	batch->entries_sum = hash_checksum(s->scratch.ptr, s->scratch.len);
	sqlite3_bind_int64(st, 1, batch->epoch);
	sqlite3_bind_int64(st, 2, batch->operation);
	sqlite3_bind_int64(st, 3, batch->hold_until_ms);
	sqlite3_bind_int64(st, 4, batch->believe_after_ms);
	db_bind_blob(st, 5, batch->token.ptr, batch->token.len);
	sqlite3_bind_int64(st, 6, sum_of(batch));
	db_bind_blob(st, 7, s->scratch.ptr, s->scratch.len);
	if (!db_change(s, st, err))
		return false;
	batch->seq = sqlite3_last_insert_rowid(s->db);
	return true;
}

bool
store_batch_again(struct store *s, const struct store_batch *batch, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_BATCH_AGAIN, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, batch->hold_until_ms);
	sqlite3_bind_int64(st, 2, batch->believe_after_ms);
	db_bind_blob(st, 3, batch->token.ptr, batch->token.len);
	sqlite3_bind_int64(st, 4, sum_of(batch));
	sqlite3_bind_int64(st, 5, batch->seq);
	return db_change(s, st, err);
}

bool
store_batch_next(struct store *s, int64_t seq, struct arena *arena,
                 struct store_batch *batch, struct rk_err *err)
{
	*batch = (struct store_batch){ 0 };
	sqlite3_stmt *st = db_use(s, DB_BATCH_NEXT, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, seq);
	enum db_step step = db_step(s, st, err);
	if (step != DB_ROW)
		return step == DB_DONE;
	batch->seq = sqlite3_column_int64(st, 0);
	batch->epoch = sqlite3_column_int64(st, 1);
	batch->operation = sqlite3_column_int64(st, 2);
	batch->hold_until_ms = sqlite3_column_int64(st, 3);
	batch->believe_after_ms = sqlite3_column_int64(st, 4);
	batch->token = db_text(st, 5, arena);
	int64_t sum = sqlite3_column_int64(st, 6);
	struct rk_text entries = db_text(st, 7, arena);
	sqlite3_reset(st);
	batch->entries_sum = hash_checksum(entries.ptr, entries.len);
	if (sum != sum_of(batch) || !decode_entries(entries, arena, batch))
		return db_damaged(s, "batch", err);
	return true;
}

bool
store_batch_drop(struct store *s, int64_t seq, struct rk_err *err)
{
	sqlite3_stmt *st = db_use(s, DB_BATCH_DROP, err);
	if (st == NULL)
		return false;
	sqlite3_bind_int64(st, 1, seq);
	return db_change(s, st, err);
}
