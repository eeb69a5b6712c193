/* SPDX-License-Identifier: Apache-2.0
 *
 * records.c - records, queries, pages, batches and outcomes as another program or a
 * damaged journal may write them: byte 0 is which, byte 1 how many values or rows.
 * No text of them lies outside the bytes, and what was read once is written in one
 * way: written, read and written again it is the same. */
#include "fuzz.h"

#include "record/record.h"
#include "record/value.h"

static void
write_value(struct buf *out, const struct rk_value *v, struct rk_text whole)
{
	BUF_AUTO shown = BUF_INIT(1u << 20);
	MUST(fuzz_inside(v->text, whole) && fuzz_inside(v->object, whole));
	MUST(value_eq(v, v));
	value_show(&shown, v);
	if (value_is_empty(v))
		MUST(v->text.len == 0 && v->count == 0);
	for (uint64_t i = 0; i < v->count; i++)
		MUST(fuzz_inside(v->items[i].text, whole));
	value_encode(out, v);
}

/* Reads 'bytes' as message 'which' and writes it anew; false: it is none. */
static bool
rewrite(unsigned which, size_t count, struct rk_text bytes, struct arena *arena,
        struct buf *out)
{
	struct wire_reader r = wire_reader(bytes);
	struct rk_record record;
	struct rk_query query;
	struct rk_page page;
	struct rk_batch batch;
	struct rk_result result;
	switch (which % 6) {
	case 0:
		while (wire_more(&r)) {
			struct rk_value v = value_decode(&r, arena);
			if (!r.bad)
				write_value(out, &v, bytes);
		}
		return !r.bad;
	case 1:
		if (!record_decode(&r, arena, count, &record) || wire_more(&r))
			return false;
		MUST(record.id.len <= RECORD_ID_MAX && fuzz_inside(record.id, bytes));
		record_encode(out, &record, count);
		return true;
	case 2:
		if (!record_decode_query(bytes, arena, &query))
			return false;
		record_encode_query(out, &query);
		return true;
	case 3:
		if (!record_decode_page(bytes, arena, count, &page))
			return false;
		MUST(page.record_count <= RECORD_PAGE_MAX);
		MUST(page.token.len <= RECORD_TOKEN_MAX);
		record_encode_page(out, &page, count);
		return true;
	case 4:
		if (!record_decode_batch(bytes, arena, &batch))
			return false;
		record_encode_batch(out, &batch);
		return true;
	default:
		if (!record_decode_outcomes(bytes, arena, count, count, &result))
			return false;
		record_encode_outcomes(out, &result, count, count);
		return true;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rk_text bytes = fuzz_text(data, size);
	struct arena arena = ARENA_INIT;
	unsigned which = fuzz_byte(&bytes), count = fuzz_byte(&bytes) % 16;
	BUF_AUTO once = BUF_INIT(1u << 22);
	BUF_AUTO twice = BUF_INIT(1u << 22);
	if (rewrite(which, count, bytes, &arena, &once)) {
		MUST(!once.over);
		MUST(rewrite(which, count, buf_text(&once), &arena, &twice));
		MUST(text_eq(buf_text(&once), buf_text(&twice)));
	}
	arena_free(&arena);
	return 0;
}
