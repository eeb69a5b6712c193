/* SPDX-License-Identifier: Apache-2.0
 *
 * held.c - a plan writes nothing, so a key that one record gives up seems to stand in the
 * way of another that takes it.  Such a record is held until the plan meets the one that
 * frees its key, or fails as a duplicate when the plan ends: as the run after it does. */
#include "base/text.h"
#include "sync/state.h"

/* More would be held in memory than a plan may take: they are told as duplicates. */
#define HELD_BYTES (4u * 1024 * 1024)

struct held {
	struct held *next;
	int64_t key_hash;
	struct rk_text body;           /* The record, encoded. */
	int64_t state;                 /* Of its row of pending; 0: it has none. */
	struct sync_line line;         /* What is told if nobody gives up the key. */
};

bool
held_add(struct run *run, struct item *item, const struct mapping_fault *fault)
{
	struct arena *arena = &run->held_arena;
	if (run->options->mode != SYNC_PLAN || arena->total_bytes > HELD_BYTES)
		return false;
	struct held *held = arena_new(arena, struct held);
	buf_reset(&run->scratch);
	record_encode(&run->scratch, item->record, run->from_count);
	*held = (struct held){ .next = run->held, .key_hash = item->key_hash,
		.body = arena_text(arena, buf_text(&run->scratch)),
		.state = item->pending.id.len > 0 ? item->pending.state : 0,
		.line = { .action = ACTION_FAIL, .category = fault->category,
			  .id = arena_text(arena, item->record->id),
			  .key = arena_text(arena, item->key),
			  .target_id = arena_text(arena, item->link.to_id),
			  .link = arena_text(arena, item->record->link),
			  .field = arena_text(arena, fault->field),
			  .value = arena_text(arena, fault->value),
			  .reason = arena_text(arena, fault->message) } };
	run->held = held;
	set_add(&run->held_keys, item->key_hash);
	/* It comes again as a record of its own. */
	set_remove(&run->busy_ids, hash_mark(item->record->id));
	return true;
}

static void
bring_back(struct run *run, const struct held *held)
{
	struct work_page *page = page_new(1);
	run->brought_back += held->state != 0;
	struct rk_text body = arena_text(&page->arena, held->body);
	struct wire_reader r = wire_reader(body);
	struct rk_record record;
	if (record_decode(&r, &page->arena, run->from_count, &record))
		page_add(run, page, &record);
	page_enqueue(run, page);
}

void
held_free(struct run *run, const struct item *item)
{
	const struct link *link = &item->link;
	if (link->to_id.len == 0 || link->key_hash == 0 || link->key_hash == item->key_hash)
		return;
	set_add(&run->freed_keys, link->key_hash);
	if (!set_has(&run->held_keys, link->key_hash))
		return;
	for (struct held **at = &run->held; *at != NULL;) {
		struct held *held = *at;
		if (held->key_hash != link->key_hash) {
			at = &held->next;
			continue;
		}
		*at = held->next;
		bring_back(run, held);
	}
	set_remove(&run->held_keys, link->key_hash);
}

void
held_end(struct run *run)
{
	for (const struct held *held = run->held; held != NULL; held = held->next) {
		struct pending row = { .id = held->line.id, .state = PENDING_FAILED,
			               .due_ms = INT64_MAX };
		run_tell(run, &held->line);
		if (!keep_row(run, &row, held->state))
			break;
	}
	arena_free(&run->held_arena);
	set_free(&run->held_keys);
}
