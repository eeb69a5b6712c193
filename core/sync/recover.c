/* SPDX-License-Identifier: Apache-2.0
 *
 * recover.c - what a dead run left behind.  Its batches were on their way:
 * each of their records becomes an unknown row of pending, with the waits that
 * the batch declared.  Its pages are simply worked through again. */
#include <string.h>

#include "base/text.h"
#include "sync/state.h"

/* The encoded record of that id in a page's body; empty if it is not there. */
static struct rk_text
find_record(struct rk_text body, struct rk_text id)
{
	struct wire_reader r = wire_reader(body);
	while (wire_more(&r)) {
		struct rk_text part;
		wire_take_any(&r, &part);
		struct wire_reader record = wire_reader(part);
		if (text_eq(wire_take_text(&record), id))
			return part;
	}
	return (struct rk_text){ NULL, 0 };
}

/* Gives the row its record from the page; without one it is read anew by id. */
static bool
find_body(struct run *run, const struct batch_entry *entry, struct page *page,
          struct arena *arena, struct pending *row)
{
	if (entry->page_seq == 0)
		return true;
	if (page->seq != entry->page_seq
	    && !store_page_get(run->store, entry->page_seq, arena, page, &run->err))
		return run_store_failed(run);
	row->body = find_record(page->body, entry->id);
	memcpy(row->revision, page->revision, sizeof row->revision);
	return true;
}

static bool
make_unknown(struct run *run, const struct store_batch *batch,
             const struct batch_entry *entry, struct page *page, struct arena *arena)
{
	struct pending row;
	if (!store_pending_get(run->store, entry->id, arena, &row, &run->err))
		return run_store_failed(run);
	int64_t old_state = row.id.len > 0 ? row.state : 0;
	/* A row beside it is a newer change of the record: its body stays. */
	if (row.id.len == 0 && !find_body(run, entry, page, arena, &row))
		return false;
	if (row.id.len == 0)
		row.first_ms = run->report->started_ms - 1;
	row.id = entry->id;
	/* A failed row was read anew for that batch: its own record is older; so too if a
	 * person set it aside since. */
	if ((old_state == PENDING_FAILED && row.operation != RK_OP_ARCHIVE)
	    || old_state == PENDING_IGNORED)
		row.body = (struct rk_text){ NULL, 0 };
	row.due_ms = run_now(run);
	return keep_unknown(run, &row, old_state, &(struct keep_sent){
		.operation = (uint32_t)batch->operation, .key = entry->key,
		.body_hash = entry->body_hash, .hold_until_ms = batch->hold_until_ms,
		.believe_after_ms = batch->believe_after_ms });
}

static bool
recover_batch(struct run *run, const struct store_batch *batch, struct arena *arena)
{
	struct page page = { 0 };
	if (batch->operation == STORE_OP_UNDO && !revert_recovered(run, batch))
		return false;
	for (size_t i = 0; batch->operation != STORE_OP_UNDO && i < batch->count; i++)
		if (!history_recovered(run, batch, batch->entries[i].id)
		    || !make_unknown(run, batch, &batch->entries[i], &page, arena))
			return false;
	if (!store_batch_drop(run->store, batch->seq, &run->err))
		return run_store_failed(run);
	return true;
}

bool
recover(struct run *run)
{
	if (run_looks(run))
		return true;
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	for (;;) {
		struct store_batch batch;
		arena_clear(&arena);
		if (!store_batch_next(run->store, 0, &arena, &batch, &run->err))
			return run_store_failed(run);
		if (batch.seq == 0)
			return true;
		if (!store_begin(run->store, &run->err)
		    || !recover_batch(run, &batch, &arena)
		    || !store_commit(run->store, &run->err))
			return run_store_failed(run);
	}
}
