/* SPDX-License-Identifier: Apache-2.0
 *
 * pages.c - the pages in memory.  A page owns the memory of its records and of
 * all that is made of them, and goes when the last of them is settled.
 *
 * The cursor on disk is behind every page that was taken, so each of their records must
 * be found there: as settled, in the batch row of its flight, or in a row of its page.
 * As a rule a page is flown in the commit that takes it and never needs that row; after a
 * crash its records are then read anew by their ids. */
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "record/frame.h"
#include "sync/state.h"

/* What is kept of a page is no longer than the message that brought it. */
#define PAGE_BODY_MAX FRAME_MESSAGE_MAX

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

bool
pages_hold(const struct run *run, struct rk_text id)
{
	if (set_has(&run->busy_ids, hash_mark(id)))
		return true;
	for (const struct work_page *page = run->pages; page != NULL; page = page->next)
		for (size_t i = page->staged; i < page->count; i++)
			if (text_eq(page->records[i].id, id))
				return true;
	return false;
}

static bool
needs_row(const struct work_page *page)
{
	return page->seq == 0 && !page->from_pending
	       && page->settled + page->flown < page->count;
}

static bool
journal(struct run *run, struct work_page *page)
{
	BUF_AUTO body = BUF_INIT(PAGE_BODY_MAX);
	for (size_t i = 0; i < page->count; i++) {
		struct rk_text values;
		wire_item(&body, WIRE_LIST,
		          record_bytes(&page->records[i], run->from_count, &values));
	}
	if (body.over) {
		err_set(&run->err, RK_BUG, RK_CAT_BUG, "a page of %zu records is too long for the "
		        "journal; nothing of it was taken", page->count);
		return false;
	}
	struct page row = { .count = (int64_t)page->count, .body = buf_text(&body) };
	memcpy(row.revision, run->revision, sizeof row.revision);
	if (!store_page_put(run->store, &row, &run->err))
		return false;
	page->seq = row.seq;
	return true;
}

bool
pages_commit(struct run *run)
{
	bool done = true;
	for (struct work_page *page = run->pages; done && page != NULL; page = page->next)
		if (needs_row(page) && !run_picks(run) && !run_looks(run))
			done = journal(run, page);
	return (done && store_commit(run->store, &run->err)) || run_store_failed(run);
}
