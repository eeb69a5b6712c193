/* SPDX-License-Identifier: Apache-2.0
 *
 * keep.c - rows of pending.  `waiting` and `failed` mirror the table: whoever
 * puts or drops a row goes through here and says in which state it was. */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "sync/state.h"

#define MINUTE_MS 60000
#define DAY_MS 86400000

static int64_t *
counter(struct run *run, int64_t state)
{
	switch (state) {
	case PENDING_FAILED:  return &run->counts->failed;
	case PENDING_IGNORED: return &run->counts->ignored;
	default:              return &run->counts->waiting;
	}
}

bool
keep_row(struct run *run, struct pending *row, int64_t old_state)
{
	if (!store_pending_put(run->store, row, &run->err))
		return run_store_failed(run);
	if (old_state != 0)
		(*counter(run, old_state))--;
	else
		run->pending_rows++;
	(*counter(run, row->state))++;
	if (row->due_ms < run->next_due_ms)
		run->next_due_ms = row->due_ms;
	run->due_seen = false;
	return true;
}

bool
keep_drop(struct run *run, struct rk_text id, int64_t old_state)
{
	if (!store_pending_drop(run->store, id, &run->err))
		return run_store_failed(run);
	(*counter(run, old_state))--;
	run->pending_rows--;
	return !run->waits || store_wait_drop(run->store, id, &run->err) || run_store_failed(run);
}

/* 1, 2, 4 ... minutes, and nightly from there on. */
int64_t
keep_retry_due(int64_t now_ms, int64_t attempts)
{
	int64_t wait = attempts < 11 ? (int64_t)MINUTE_MS << attempts : DAY_MS;
	return now_ms + (wait < DAY_MS ? wait : DAY_MS);
}

void
keep_version(struct run *run, struct pending *row, const struct rk_record *record,
             const struct hash *from_hash)
{
	buf_reset(&run->scratch);
	record_encode(&run->scratch, record, run->from_count);
	row->body = buf_text(&run->scratch);
	row->from_hash = *from_hash;
	row->version = record->version;
	row->modified_ms = record->modified_ms;
	memcpy(row->revision, run->revision, sizeof row->revision);
}

bool
keep_is_same(const struct item *item, const struct pending *row)
{
	return hash_eq(&row->from_hash, &item->from_hash)
	       || (item->pending.id.len > 0
	           && hash_eq(&row->from_hash, &item->pending.from_hash));
}

bool
keep_is_open(const struct pending *row, int64_t now_ms)
{
	return row->state == PENDING_UNKNOWN || row->state == PENDING_UNDECIDED
	       || text_eq(row->code, TEXT_LIT(RK_CODE_NO_OUTCOME))
	       || row->hold_until_ms > now_ms || row->believe_after_ms > now_ms;
}

bool
keep_was_sent(const struct pending *row)
{
	return row->key.len > 0 || (row->operation != 0 && row->operation != RK_OP_ARCHIVE);
}

bool
keep_read_anew(struct run *run, struct pending *row)
{
	int64_t old_state = row->state;
	/* These are a person's. */
	if (row->state == PENDING_IGNORED || row->state == PENDING_UNDECIDED)
		return true;
	gone_undone(run, row);
	row->body = (struct rk_text){ NULL, 0 };
	row->due_ms = run_now(run);
	return keep_row(run, row, old_state);
}

void
keep_overtaken(struct run *run, const struct pending *row)
{
	if (row->state == PENDING_IGNORED)
		return;
	if (row->first_ms < run->report->started_ms && run->counts->carried > 0)
		run->counts->carried--;
	else
		run->counts->unchanged++;
}

bool
keep_link(struct run *run, const struct item *item, struct rk_text to_id,
          struct rk_text version)
{
	int64_t hold = item->pending.hold_until_ms;
	struct link link = {
		.from_id = item->record->id, .to_id = to_id, .key_hash = item->key_hash,
		.from_hash = item->from_hash, .to_hash = item->body_hash,
		.from_ms = item->record->modified_ms, .to_version = version,
		.hold_until_ms = hold > run_now(run) ? hold : 0 };
	if (!store_link_put(run->store, &link, &run->err))
		return run_store_failed(run);
	if (item->link.to_id.len > 0 && item->link.key_hash != link.key_hash)
		set_add(&run->freed_keys, item->link.key_hash);
	return gone_revived(run, item)
	       && (item->link.to_id.len > 0 || parents_linked(run, item));
}

/* While it was in hand, the listing put the very version in hand into the row that it
 * was taken from: both were counted, and there is one result. */
static bool
was_listed_too(const struct item *item, const struct pending *row)
{
	return item->pending.id.len > 0 && row->id.len > 0
	       && hash_eq(&row->from_hash, &item->from_hash)
	       && !hash_eq(&row->from_hash, &item->pending.from_hash);
}

bool
keep_look(struct run *run, const struct item *item, struct pending *row)
{
	*row = (struct pending){ 0 };
	if (run->pending_rows <= 0)
		return true;
	if (!store_pending_get(run->store, item->record->id, &item->page->arena, row,
	                       &run->err))
		return run_store_failed(run);
	if (was_listed_too(item, row))
		keep_overtaken(run, row);
	return true;
}

bool
keep_item(struct run *run, struct item *item, enum pending_state state, int64_t due_ms,
          const struct mapping_fault *fault, struct rk_text code)
{
	static const struct mapping_fault no_fault;
	if (fault == NULL)
		fault = &no_fault;
	struct pending row;
	int64_t now = run_now(run);
	if (!keep_look(run, item, &row))
		return false;
	/* A newer change took the row meanwhile: it is what is to be done. */
	int64_t old_state = row.id.len > 0 ? row.state : 0;
	if (old_state != 0 && !keep_is_same(item, &row)) {
		keep_overtaken(run, &row);
		return true;
	}
	keep_version(run, &row, item->record, &item->from_hash);
	/* What was sent stays known until it is settled, whatever else became of the
	 * record: here by the state, and on a sync error by the key on the row. */
	bool unknown = old_state == PENDING_UNKNOWN
	               || text_eq(row.code, TEXT_LIT(RK_CODE_NO_OUTCOME));
	row.id = item->record->id;
	row.state = unknown && state == PENDING_QUEUED ? PENDING_UNKNOWN : state;
	if (gone_is(item->record))
		row.operation = RK_OP_ARCHIVE;
	if (state == PENDING_FAILED)
		row.attempts = old_state == PENDING_FAILED || item->tries == 0
		               ? row.attempts + 1 : 1;
	else if (item->tries > row.attempts)
		row.attempts = item->tries;
	row.due_ms = state == PENDING_FAILED ? keep_retry_due(now, row.attempts - 1) : due_ms;
	row.first_ms = old_state != 0 ? row.first_ms : now;
	row.category = fault->category;
	row.code = code;
	row.field = fault->field;
	row.value = fault->value;
	row.message = fault->message;
	/* A duplicate is found by the key that it asks for, when that is given up. */
	if (row.key.len == 0)
		row.key_hash = fault->category == RK_CAT_DUPLICATE && fault->value.len > 0
		               ? hash_text64(fault->value) : 0;
	return keep_row(run, &row, old_state);
}

bool
keep_hint(struct run *run, const struct item *item)
{
	struct pending row;
	if (!keep_look(run, item, &row))
		return false;
	if (row.id.len > 0) {
		keep_overtaken(run, &row);
		return true;
	}
	row = (struct pending){ .id = item->record->id, .state = PENDING_QUEUED,
		                .from_hash = item->from_hash, .modified_ms = RK_NO_TIME,
		                .due_ms = run_now(run), .first_ms = run_now(run) };
	return keep_row(run, &row, 0);
}

bool
keep_unknown(struct run *run, struct pending *row, int64_t old_state,
             const struct keep_sent *sent)
{
	/* Without a key nothing can be looked up: only a person can know. */
	bool lost = sent->operation == RK_OP_CREATE
	            && (run->guarantee == GUARANTEE_E4 || sent->key.len == 0);
	bool failed = sent->failed && !lost;
	row->state = lost ? PENDING_UNDECIDED : failed ? PENDING_FAILED : PENDING_UNKNOWN;
	row->operation = sent->operation;
	row->key = sent->key;
	row->key_hash = sent->key.len > 0 ? hash_text64(sent->key) : 0;
	row->body_hash = sent->body_hash;
	if (sent->hold_until_ms > row->hold_until_ms)
		row->hold_until_ms = sent->hold_until_ms;
	if (sent->believe_after_ms > row->believe_after_ms)
		row->believe_after_ms = sent->believe_after_ms;
	row->category = lost || failed ? RK_CAT_OTHER : RK_CAT_NONE;
	row->code = lost ? TEXT_LIT(RK_CODE_UNDECIDED)
	            : failed ? TEXT_LIT(RK_CODE_NO_OUTCOME) : (struct rk_text){ NULL, 0 };
	if (lost)
		row->due_ms = INT64_MAX;
	return keep_row(run, row, old_state);
}

bool
keep_count(struct run *run)
{
	struct pending_counts rows;
	int64_t records;
	if (!store_pending_count(run->store, &rows, &run->err)
	    || !store_page_total(run->store, &records, &run->err))
		return run_store_failed(run);
	int64_t open = rows.queued + rows.unknown + rows.failed + rows.undecided;
	run->pending_rows = open + rows.ignored;
	run->counts->waiting = open - rows.failed;
	run->counts->failed = rows.failed;
	run->counts->ignored = rows.ignored;
	run->counts->carried = open + records;
	run->next_due_ms = rows.next_due_ms;
	return true;
}
