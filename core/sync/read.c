/* SPDX-License-Identifier: Apache-2.0
 *
 * read.c - READ: asks the source for page after page, drops what the filter
 * excludes and what did not change, and takes the rest with the cursor.
 *
 * The watermark moves after the last page only, to the source's own time at
 * the start of the listing, or to what the source calls safe if that is less;
 * the next listing begins an overlap before it.  What is listed twice is
 * recognised by its hash and costs nothing. */
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/text.h"
#include "record/frame.h"
#include "record/value.h"
#include "sync/asked.h"
#include "sync/both.h"

#define CLOCK_APART_MS 60000
/* So many pages wait for the commit of an answer, if little of them is to be written. */
#define ARRIVED_MAX 2

static size_t
bytes_ahead(const struct run *run)
{
	size_t sum = 0;
	for (const struct work_page *page = run->pages; page != NULL; page = page->next)
		sum += page->arena.total_bytes;
	for (const struct work_page *page = run->arrived; page != NULL; page = page->next)
		sum += page->arena.total_bytes;
	return sum;
}

/* A target that takes large batches is given them: one on its way and the one after it,
 * as long as they are no burden. */
bool
may_read_ahead(const struct run *run)
{
	size_t records = run->record_count + run->arrived_records;
	if (run->page_count + run->arrived_count >= PAGES_AHEAD)
		return false;
	return records < RECORDS_AHEAD * run->writer_count
	       || (records < 2 * run->batch_max && bytes_ahead(run) < BYTES_AHEAD);
}

void
read_step(struct run *run)
{
	if (run->options->mode == SYNC_APPLY) {
		apply_step(run);
		return;
	}
	if (run_reverts(run)) {
		revert_step(run);
		return;
	}
	/* What an earlier run read is older than what comes now: it goes first. */
	if (!run->old_loaded || run->old_pages > 0
	    || (run->drain_first && run->record_count + run->arrived_records > 0))
		return;
	run->drain_first = false;
	if (run->read_done || !run_may_call(run, &run->reader) || !may_read_ahead(run)
	    || run_mono(run) < run->read_wait_mono)
		return;
	struct rk_query query = ASK_INIT;
	query.fields = run->from_fields;
	query.field_count = run->from_count;
	if (run_is_single(run)) {
		query.mode = RK_BY_FIELD;
		query.field = run->options->match_field;
		query.values = &run->options->match_value;
		query.value_count = 1;
		query.limit = 2;
	} else {
		query.mode = RK_BY_WINDOW;
		query.since_ms = run->cursor.since_ms;
		query.token = run->cursor.token;
		query.hints = run->hints;
		query.hint_count = run->hint_count;
	}
	ask_list(run, &run->reader, run->sync->from.object, &query);
}

/* A listing may lag behind what was read by id: older is not newer. */
static bool
is_older(const struct rk_record *record, int64_t than_ms)
{
	return record->modified_ms != RK_NO_TIME && than_ms != RK_NO_TIME
	       && record->modified_ms < than_ms;
}

/* A record that the run need not look at any more; its old pending row goes,
 * unless a write of it may still land, or has. */
static bool
leave_out(struct run *run, const struct rk_record *record, struct arena *arena,
          int64_t *counter)
{
	(*counter)++;
	if (run->pending_rows == 0)
		return true;
	struct pending row;
	if (!store_pending_get(run->store, record->id, arena, &row, &run->err))
		return run_store_failed(run);
	/* What was seen later than this is not undone by it: a deletion may be told late. */
	if (row.id.len == 0 || keep_is_open(&row, run_now(run))
	    || is_older(record, row.modified_ms))
		return true;
	if (keep_was_sent(&row))
		return keep_read_anew(run, &row);
	/* What is on its way has a result of its own. */
	if (!set_has(&run->busy_ids, hash_mark(record->id)))
		keep_overtaken(run, &row);
	return keep_drop(run, row.id, row.state);
}

enum survives { SURVIVES, SETTLED, BROKEN };

/* A row is due, and something else is told of its record, stamped before what was seen of
 * it last: which of them is the record's state, its id will tell. */
static enum survives
doubt_row(struct run *run, struct pending *row)
{
	run->counts->unchanged++;
	if (row->body.len == 0 || row->operation == RK_OP_ARCHIVE)
		return SETTLED;
	row->body = (struct rk_text){ NULL, 0 };
	return keep_row(run, row, row->state) ? SETTLED : BROKEN;
}

/* A row of pending always holds the newest change: it replaces the older one,
 * and what may still land stays known. */
static enum survives
replace_row(struct run *run, const struct rk_record *record, const struct hash *hash,
            struct pending *row)
{
	int64_t old_state = row->state;
	/* One result for one record; what is on its way has a result of its own. */
	bool in_hand = set_has(&run->busy_ids, hash_mark(record->id));
	if (!in_hand)
		keep_overtaken(run, row);
	keep_version(run, row, record, hash);
	parents_heed(run, row);
	gone_undone(run, row);
	if (row->state == PENDING_FAILED || row->state == PENDING_IGNORED) {
		row->state = PENDING_QUEUED;
		row->due_ms = run_now(run);
		row->attempts = 0;
	}
	return keep_row(run, row, old_state) ? SETTLED : BROKEN;
}

/* The same in a plan, which keeps no row: the change is planned at once. */
static enum survives
look_anew(struct run *run, const struct pending *row, bool in_hand)
{
	keep_overtaken(run, row);
	return in_hand ? SETTLED : SURVIVES;
}

static enum survives
changed(struct run *run, const struct rk_record *record, const struct hash *hash,
        struct arena *arena)
{
	struct link link;
	struct pending row = { 0 };
	if (!store_link_get(run->store, record->id, arena, &link, &run->err)
	    || (run->pending_rows > 0
	        && !store_pending_get(run->store, record->id, arena, &row, &run->err))) {
		run_store_failed(run);
		return BROKEN;
	}
	if (!doubt_link(run, &link))
		return BROKEN;
	bool linked = link.to_id.len > 0, kept = row.id.len > 0;
	/* An overlap that reads the same again does not replace the row. */
	if (kept && row.body.len > 0
	    && (hash_eq(&row.from_hash, hash) || is_older(record, row.modified_ms)
	        || gone_outlives(&row, record))) {
		run->counts->unchanged++;
		return SETTLED;
	}
	bool two = run->twin != NULL;
	if (!two && linked && kept && !hash_eq(&link.from_hash, hash)
	    && is_older(record, link.from_ms))
		return doubt_row(run, &row);
	bool same = linked && hash_eq(&link.from_hash, hash);
	/* An older change of it that is on its way must not have the last word. */
	bool in_hand = set_has(&run->busy_ids, hash_mark(record->id));
	if (two && linked && !kept && !same && !in_hand
	    && !both_is_echo(run, record, &link, hash, arena, &same))
		return BROKEN;
	/* What is as its link says goes behind another version of it that was read before; what
	 * the other way left to this one stays due, whatever is listed. */
	if (same && (kept || !pages_hold(run, record->id)) && !(two && kept)
	    && !(kept && (in_hand || keep_was_sent(&row) || keep_is_open(&row, run_now(run)))))
		return leave_out(run, record, arena, &run->counts->unchanged) ? SETTLED : BROKEN;
	if (kept && run_looks(run))
		return look_anew(run, &row, in_hand);
	return kept ? replace_row(run, record, hash, &row) : SURVIVES;
}

static enum survives
look_at(struct run *run, const struct rk_record *record, struct hash *hash,
        struct arena *arena)
{
	run->counts->read++;
	bool gone = gone_is(record);
	struct rk_text values;
	record_bytes(record, run->from_count, &values);
	*hash = hash_encoded(&run->from_hash_key, values);
	if (gone && !asked_gone(run, record->id))
		return BROKEN;
	enum gone_told told = gone ? gone_told(run, record, arena) : GONE_LEFT;
	if (told != GONE_LEFT)
		return told == GONE_KEPT ? SETTLED : BROKEN;
	if (gone || !mapping_keeps(run->mapping, record)) {
		run_tell(run, &(struct sync_line){
			.action = ACTION_EXCLUDE, .id = record->id, .link = record->link,
			.record = record,
			.reason = gone ? TEXT_LIT("deleted at the source")
			               : TEXT_LIT("left out by the filter") });
		return leave_out(run, record, arena, &run->counts->excluded) ? SETTLED : BROKEN;
	}
	/* A test sends its record whether it changed or not. */
	return run_is_single(run) ? SURVIVES : changed(run, record, hash, arena);
}

/* Moves the survivors to the front. */
static bool
sift(struct run *run, struct work_page *page)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	size_t kept = 0;
	page->hashes = arena_new_array(&page->arena, page->count, struct hash);
	for (size_t i = 0; i < page->count; i++) {
		struct hash hash;
		enum survives s = look_at(run, &page->records[i], &hash, &arena);
		if (s == BROKEN)
			return false;
		if (s == SETTLED)
			continue;
		page->hashes[kept] = hash;
		page->records[kept++] = page->records[i];
	}
	page->count = kept;
	return true;
}

bool
read_take(struct run *run)
{
	struct work_page *page = run->arrived;
	size_t arrived = page->count;
	if (!sift(run, page))
		return false;
	if (!hinted_missed(run, page->count) || !extent_keep(run, arrived)
	    || (!run_is_single(run) && !store_cursor_put(run->store, &page->after, &run->err)))
		return run_store_failed(run);
	run->arrived = page->next;
	run->arrived_count--;
	run->arrived_records -= arrived;
	run->sparse = page->count < arrived / 2;
	page->next = NULL;
	page_enqueue(run, page);
	return true;
}

/* A commit comes before they are needed.  Where most goes to the target, all wait for it. */
static bool
may_wait(const struct run *run)
{
	return write_loaded(run) && (!run->sparse || run->arrived_count < ARRIVED_MAX);
}

void
read_arrived(struct run *run)
{
	if (run->arrived == NULL || may_wait(run) || run->store_failed)
		return;
	bool done = store_begin(run->store, &run->err);
	while (done && run->arrived != NULL)
		done = read_take(run);
	if (!done || !pages_commit(run))
		run_store_failed(run);
}

static int64_t
lesser_time(int64_t a, int64_t b)
{
	if (a == RK_NO_TIME || b == RK_NO_TIME)
		return a == RK_NO_TIME ? b : a;
	return a < b ? a : b;
}

static void
note_times(struct run *run, const struct rk_page *page)
{
	struct cursor *c = &run->cursor;
	if (!c->listing) {
		c->listing = true;
		extent_first(run, page);
		c->source_start_ms = page->source_time_ms;
		c->safe_until_ms = page->safe_until_ms;
		int64_t apart = page->source_time_ms - clock_now_ms();
		if (page->source_time_ms != RK_NO_TIME
		    && (apart > CLOCK_APART_MS || apart < -CLOCK_APART_MS))
			log_info("sync.clock_apart", "sync=%s seconds=%lld: the source's clock "
			         "and this machine's differ; the source's counts",
			         run->sync->name, (long long)apart / 1000);
	}
	c->safe_until_ms = lesser_time(c->safe_until_ms, page->safe_until_ms);
}

static void
advance(struct run *run, const struct rk_page *page)
{
	struct cursor *c = &run->cursor;
	const char *object = run->sync->from.object;
	buf_reset(&run->token);
	if (page->more || manifest_object(&run->reader.session.manifest, object)->resumes)
		buf_addt(&run->token, page->token);
	c->token = buf_text(&run->token);
	if (page->more) {
		run->read_wait_mono = run_mono(run) + page->wait_ms;
		run->read_waited_ms += page->wait_ms;
		/* The token is enough to go on from: the next run does. */
		run->read_done = run->read_waited_ms > LONGEST_WAIT_MS;
		return;
	}
	int64_t reached = lesser_time(c->source_start_ms, c->safe_until_ms);
	if (reached != RK_NO_TIME && (c->watermark_ms == RK_NO_TIME || reached > c->watermark_ms
	                              || run->report->full_read))
		c->watermark_ms = reached;
	c->listing = false;
	run->hint_count = 0;
	/* What changed since an earlier run began this listing belongs to this run too. */
	run->read_done = !run->resumed || c->watermark_ms == RK_NO_TIME;
	run->resumed = false;
	run->drain_first = !run->read_done;
	if (!run->read_done)
		c->since_ms = c->watermark_ms - run->reader.session.overlap_ms;
}

static void
arrive(struct run *run, struct work_page *work, const struct rk_page *page)
{
	struct work_page **last = &run->arrived;
	while (*last != NULL)
		last = &(*last)->next;
	*last = work;
	work->records = (struct rk_record *)(uintptr_t)page->records;
	work->count = page->record_count;
	run->arrived_count++;
	run->arrived_records += work->count;
	if (!run_is_single(run)) {
		note_times(run, page);
		advance(run, page);
		work->after = run->cursor;
		work->after.token = arena_text(&work->arena, run->cursor.token);
		/* The source works on the next page while this one is looked at. */
		read_step(run);
	}
}

/* A test is about exactly one record. */
static bool
one_match(struct run *run, const struct rk_page *page)
{
	struct rk_err err;
	run->read_done = true;
	if (page->record_count == 1 && !page->more)
		return true;
	err_set(&err, RK_REJECT, RK_CAT_OTHER, "%s of %s where %.*s is \"%.*s\"; name a field "
	        "and value that exactly one record has",
	        page->record_count == 0 ? "there is no record" : "there are several records",
	        run->sync->from.object, (int)run->options->match_field.len,
	        run->options->match_field.ptr, (int)run->options->match_value.len,
	        run->options->match_value.ptr);
	run_call_failed(run, &run->reader, RK_REJECT, &err, false);
	return false;
}

/* The token died: the window is listed again, repeats are free.  But not for ever: a
 * listing that always ends so would never be done. */
static struct runner_answer
list_again(struct run *run, const struct runner_answer *answer)
{
	struct runner_answer told = *answer;
	told.status = RK_RESYNC;
	push_ended(run);               /* Some of it may be linked by now. */
	run->drain_first = true;
	run->tokens = run->contents = (struct rk_circle){ 0 };
	run->cursor.listing = false;
	run->cursor.token = (struct rk_text){ NULL, 0 };
	if (++run->resyncs > RESYNCS_MAX)
		told.status = err_set(&told.err, RK_BUG, RK_CAT_BUG, "page tokens were refused "
		                      "%d times in one run: %s", run->resyncs,
		                      answer->err.message);
	return told;
}

void
read_answer(struct run *run, const struct runner_answer *answer)
{
	if (run->options->mode == SYNC_APPLY) {
		apply_answer(run, answer);
		return;
	}
	struct work_page *work = page_new(0);
	struct runner_answer again;
	struct rk_page page;
	if (push_was_refused(run, answer) || answer->status == RK_RESYNC) {
		again = list_again(run, answer);
		answer = &again;
	}
	if (ask_take_page(run, &run->reader, answer, run->from_count, &run->cursor.token,
	                  &work->arena, &page)
	    && (!run_is_single(run) || one_match(run, &page)))
		arrive(run, work, &page);
	else
		page_free(work);
}
