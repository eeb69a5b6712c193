/* SPDX-License-Identifier: Apache-2.0
 *
 * pages.c - the pages in memory.  A page owns the memory of its records and of
 * all that is made of them, and goes when the last of them is settled. */
#include "sync/state.h"

struct work_page *
page_new(size_t most)
{
	struct arena arena = ARENA_INIT;
	struct work_page *page = arena_new(&arena, struct work_page);
	page->arena = arena;
	page->records = arena_new_array(&page->arena, most, struct rk_record);
	page->hashes = arena_new_array(&page->arena, most, struct hash);
	page->taken = arena_new_array(&page->arena, most, struct hash);
	return page;
}

void
page_add(struct run *run, struct work_page *page, const struct rk_record *record)
{
	page->records[page->count] = *record;
	struct rk_text values;
	record_bytes(record, run->from_count, &values);
	page->hashes[page->count] = hash_encoded(&run->from_hash_key, values);
	page->count++;
}

void
page_add_due(struct run *run, struct work_page *page, const struct rk_record *record,
             const struct pending *row)
{
	page->taken[page->count] = row->from_hash;
	page_add(run, page, record);
}

void
page_free(struct work_page *page)
{
	/* The page lies in its own arena. */
	struct arena arena = page->arena;
	arena_free(&arena);
}

void
page_enqueue(struct run *run, struct work_page *page)
{
	if (page->count == 0) {
		page_free(page);
		return;
	}
	*run->pages_last = page;
	run->pages_last = &page->next;
	run->page_count++;
	run->record_count += page->count;
	run->due_pages += page->from_pending;
	run->old_pages += page->old;
}

static void
unlink_page(struct run *run, struct work_page *page)
{
	struct work_page **at = &run->pages;
	while (*at != page)
		at = &(*at)->next;
	*at = page->next;
	if (run->pages_last == &page->next)
		run->pages_last = at;
	run->page_count--;
	run->due_pages -= page->from_pending;
	run->old_pages -= page->old;
}

bool
page_settled(struct run *run, struct work_page *page)
{
	run->record_count--;
	if (++page->settled < page->count)
		return true;
	unlink_page(run, page);
	int64_t seq = page->seq;
	page_free(page);
	if (seq != 0 && !store_page_drop(run->store, seq, &run->err))
		return run_store_failed(run);
	return true;
}
