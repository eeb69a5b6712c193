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
	bool create = batch->operation == RK_OP_CREATE;
	/* A failed row was read anew for that batch: its own record is older; so too if a
	 * person set it aside since. */
	if (old_state == PENDING_FAILED || old_state == PENDING_IGNORED)
		row.body = (struct rk_text){ NULL, 0 };
	/* Without a key nothing can be looked up: only a person can know. */
	row.state = create && (run->guarantee == 4 || entry->key.len == 0)
	                    ? PENDING_UNDECIDED : PENDING_UNKNOWN;
	row.operation = batch->operation;
	row.key = entry->key;
	row.key_hash = hash_text64(entry->key);
	row.body_hash = entry->body_hash;
	row.hold_until_ms = batch->hold_until_ms;
	row.believe_after_ms = batch->believe_after_ms;
	row.due_ms = run_now(run);
	if (row.state == PENDING_UNDECIDED) {
		row.due_ms = INT64_MAX;
		row.category = RK_CAT_OTHER;
		row.code = TEXT_LIT(RK_CODE_UNDECIDED);
	}
	return keep_row(run, &row, old_state);
}

static bool
recover_batch(struct run *run, const struct store_batch *batch, struct arena *arena)
{
	struct page page = { 0 };
	for (size_t i = 0; i < batch->count; i++)
		if (!make_unknown(run, batch, &batch->entries[i], &page, arena))
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
