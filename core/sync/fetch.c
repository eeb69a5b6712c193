/* SPDX-License-Identifier: Apache-2.0
 *
 * fetch.c - brings back what earlier runs left: pages of the journal, and rows
 * of pending that are due.  A row that has its record is taken as it is; a
 * failed one, and one of another mapping, is read anew from the source by id.
 * Both become pages, so that one way leads on from there. */
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "sync/asked.h"

#define DUE_MAX 100                    /* Asked for in one call. */
#define TAKEN_MAX 4000                 /* Taken up at once. */
/* A row whose record is gone is looked at again when its write cannot land. */
#define LATER_MS 60000

/* Records of a page that another mapping read stand in another order: they are
 * parked without a body and read anew. */
static bool
park_old_page(struct run *run, const struct page *row, struct arena *arena)
{
	struct wire_reader r = wire_reader(row->body);
	while (wire_more(&r)) {
		struct rk_text part;
		wire_take_any(&r, &part);
		struct wire_reader record = wire_reader(part);
		struct pending there, kept = { .id = wire_take_text(&record),
			                       .state = PENDING_QUEUED,
			                       .due_ms = run_now(run),
			                       .first_ms = run->report->started_ms - 1 };
		if (record.bad || !store_pending_get(run->store, kept.id, arena, &there, &run->err))
			return run_store_failed(run);
		if (there.id.len > 0)
			run->counts->carried--;
		else if (!keep_row(run, &kept, 0))
			return false;
	}
	if (!store_page_drop(run->store, row->seq, &run->err))
		return run_store_failed(run);
	return true;
}

static bool
decode_old_page(struct run *run, const struct page *row)
{
	struct work_page *page = page_new((size_t)row->count);
	struct rk_text body = arena_text(&page->arena, row->body);
	struct wire_reader r = wire_reader(body);
	page->seq = row->seq;
	page->old = true;
	while (wire_more(&r) && page->count < (size_t)row->count) {
		struct wire_reader in = wire_take_list(&r, WIRE_LIST);
		struct rk_record record;
		if (!record_decode(&in, &page->arena, run->from_count, &record))
			break;
		page_add(run, page, &record);
	}
	if (r.bad || page->count != (size_t)row->count) {
		err_set(&run->err, RK_PAUSE, RK_CAT_OTHER,
		        "state of sync \"%s\": page %lld of the journal cannot be read; restore "
		        "the file from a backup", run->sync->name, (long long)row->seq);
		return run_store_failed(run);
	}
	page_enqueue(run, page);
	return true;
}

/* The next page that an earlier run left. */
static bool
fetch_old_page(struct run *run)
{
	if (run->old_loaded)
		return true;
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct page row;
	if (!store_page_next(run->store, run->old_seq, &arena, &row, &run->err))
		return run_store_failed(run);
	if (row.seq == 0) {
		run->old_loaded = true;
		return true;
	}
	run->old_seq = row.seq;
	if (memcmp(row.revision, run->revision, sizeof row.revision) == 0)
		return decode_old_page(run, &row);
	return (store_begin(run->store, &run->err) && park_old_page(run, &row, &arena)
	        && store_commit(run->store, &run->err))
	       || run_store_failed(run);
}

static bool
has_body(const struct run *run, const struct pending *row)
{
	/* What a two-way sync merges was read in this pass. */
	bool gone = row->operation == RK_OP_ARCHIVE;
	bool whole = row->state != PENDING_FAILED && run->twin == NULL;
	return row->body.len > 0 && (whole || gone)
	       && memcmp(row->revision, run->revision, sizeof row->revision) == 0;
}

static bool
take_body(struct run *run, struct work_page *page, const struct pending *row)
{
	struct rk_text body = arena_text(&page->arena, row->body);
	struct wire_reader r = wire_reader(body);
	struct rk_record record;
	if (!record_decode(&r, &page->arena, run->from_count, &record))
		return false;
	page_add_due(run, page, &record, row);
	return true;
}

static void
ask_anew(struct run *run)
{
	struct rk_text *ids = arena_new_array(&run->fetch_arena, run->fetch_count,
	                                      struct rk_text);
	for (size_t i = 0; i < run->fetch_count; i++)
		ids[i] = run->fetch_rows[i].id;
	struct rk_query query = ASK_INIT;
	query.mode = RK_BY_IDS;
	query.fields = run->from_fields;
	query.field_count = run->from_count;
	query.limit = query.value_count = run->fetch_count;
	query.values = ids;
	run->fetching = ask_list(run, &run->reader, run->sync->from.object, &query);
}

/* Nothing is due: until when? */
static bool
refresh_due(struct run *run)
{
	if (!store_pending_next_due(run->store, &run->next_due_ms, &run->err))
		return run_store_failed(run);
	run->due_seen = true;
	return true;
}

/* Those that need no call may be many: two batches for each writer. */
static size_t
most_due(const struct run *run)
{
	size_t most = 2 * run->batch_max * run->writer_count;
	return most < DUE_MAX ? DUE_MAX : most < TAKEN_MAX ? most : TAKEN_MAX;
}

/* Takes up rows that are due and not on their way already. */
static bool
take_due(struct run *run)
{
	struct pending *rows;
	size_t count, most = most_due(run);
	arena_clear(&run->fetch_arena);
	run->fetch_count = 0;
	if (!store_pending_due(run->store, run_now(run), most + run->busy_ids.count,
	                       &run->fetch_arena, &rows, &count, &run->err))
		return run_store_failed(run);
	if (count == 0)
		return refresh_due(run);
	struct work_page *page = page_new(count);
	page->from_pending = true;
	run->fetch_rows = arena_new_array(&run->fetch_arena, count, struct pending);
	for (size_t i = 0; i < count && page->count < most && run->fetch_count < DUE_MAX; i++) {
		int64_t id = hash_mark(rows[i].id);
		if (set_has(&run->busy_ids, id))
			continue;
		if (!has_body(run, &rows[i]) || !take_body(run, page, &rows[i]))
			run->fetch_rows[run->fetch_count++] = rows[i];
	}
	/* What is due but on its way is looked at when that has ended. */
	run->due_seen = page->count == 0 && run->fetch_count == 0;
	page_enqueue(run, page);
	return true;
}

void
fetch_step(struct run *run)
{
	if (run_picks(run)) {
		run->old_loaded = true;        /* They are not this run's business. */
		return;
	}
	if (may_read_ahead(run) && !fetch_old_page(run))
		return;
	if (run->fetch_count > 0) {
		if (run_may_call(run, &run->reader))
			ask_anew(run);
		return;
	}
	/* One chunk at a time: a row must not be taken up twice. */
	if (run->due_pages > 0 || run->pending_rows <= 0 || !may_read_ahead(run)
	    || (run->due_seen && run_now(run) < run->next_due_ms)) {
		parents_step(run);
		return;
	}
	take_due(run);
}

/* Past these moments a write whose outcome is not known has landed, or never will. */
static bool
may_land(const struct run *run, const struct pending *row)
{
	int64_t now = run_now(run);
	return row->state == PENDING_UNDECIDED || row->hold_until_ms > now
	       || row->believe_after_ms > now;
}

/* What was sent of it before is settled first.  A page takes records as they were read. */
static bool
settle_first(struct run *run, struct work_page *work, const struct pending *row,
             const struct rk_record *record)
{
	struct rk_record bare = { .id = row->id, .modified_ms = row->modified_ms,
		                  .flags = RK_RECORD_DELETED };
	struct pending told = *row;
	if (record != NULL) {
		page_add_due(run, work, record, row);
		return true;
	}
	buf_reset(&run->scratch);
	record_encode(&run->scratch, &bare, run->from_count);
	told.body = buf_text(&run->scratch);
	return take_body(run, work, &told);
}

/* A record that is gone, or that the filter excludes now, needs no row; unless a
 * write of it may still land. */
static bool
drop_row(struct run *run, struct work_page *work, struct pending *row,
         const struct rk_record *record)
{
	if (run_looks(run))
		set_add(&run->busy_ids, hash_mark(row->id));
	if (!may_land(run, row) && keep_was_sent(row) && !run_looks(run))
		return settle_first(run, work, row, record);
	if (!may_land(run, row)) {
		run->counts->excluded++;
		return keep_drop(run, row->id, row->state);
	}
	row->due_ms = run_now(run) + LATER_MS;
	return keep_row(run, row, row->state);
}

/* It is not to be written: what the row is by now, for the listing may have told of it while
 * its id was asked for. */
static bool
settle_absent(struct run *run, struct work_page *work, struct rk_text id,
              const struct rk_record *record)
{
	bool gone = record == NULL || gone_is(record), stays;
	struct pending row;
	if (gone && !asked_gone(run, id))
		return false;
	if (!store_pending_get(run->store, id, &run->fetch_arena, &row, &run->err))
		return run_store_failed(run);
	if (row.id.len == 0)
		return true;
	if (!merged_stays(run, &row, &stays) || stays)
		return stays;
	enum gone_told told = gone ? gone_fetched(run, &row) : GONE_LEFT;
	return told != GONE_BROKEN
	       && (told != GONE_LEFT || drop_row(run, work, &row, record));
}

static bool
settle_fetch(struct run *run, struct work_page *work, const struct rk_page *page)
{
	for (size_t i = 0; i < run->fetch_count; i++) {
		const struct pending *row = &run->fetch_rows[i];
		const struct rk_record *record = ask_find(page, row->id);
		if (record != NULL && !gone_is(record) && mapping_keeps(run->mapping, record))
			page_add_due(run, work, record, row);
		else if (!settle_absent(run, work, row->id, record))
			return false;
	}
	return true;
}

void
fetch_answer(struct run *run, const struct runner_answer *answer)
{
	struct work_page *work = page_new(run->fetch_count);
	struct rk_page page;
	work->from_pending = true;
	run->fetching = false;
	if (!ask_take_page(run, &run->reader, answer, run->from_count, NULL, &work->arena,
	                   &page)) {
		page_free(work);
		return;
	}
	if (!store_begin(run->store, &run->err) || !settle_fetch(run, work, &page)
	    || !store_commit(run->store, &run->err)) {
		page_free(work);
		run_store_failed(run);
		return;
	}
	run->fetch_count = 0;
	page_enqueue(run, work);
}
