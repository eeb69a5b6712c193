/* SPDX-License-Identifier: Apache-2.0
 *
 * stage.c - decides what becomes of each record: nothing, an error, a wait, or
 * a row in one of the lanes that lead to the target.
 *
 * The rules that keep a record from being doubled or written stale:
 * - One key, one lane: an id or key that is on its way waits.
 * - A linked record is written by the target's id.  Its key may change.
 * - A key that another record holds is a duplicate error, never last-wins.
 * - After an unknown outcome the same body may go again at once where that has
 *   no second effect; another body waits until the old one can no longer land.
 * What a record without a link is at the target is asked by identity.c. */
#include <string.h>

#include "base/text.h"
#include "record/value.h"
#include "sync/both.h"

/* A key behind a write whose outcome is unknown; longer than a run waits. */
#define HELD_MS (PATIENCE_MS * 2)

static bool
stage_linked(struct run *run, struct item *item)
{
	int64_t now = run_now(run);
	/* What we wrote last tells nothing where the other way writes too. */
	bool same = run->twin == NULL && hash_eq(&item->body_hash, &item->link.to_hash);
	item->to_id = item->link.to_id;
	if (run->creates_only && same)
		return item_unchanged(run, item);
	if (run->creates_only)
		return item_keep_seen(run, item)
		       && item_exclude(run, item, "the target takes new records only");
	if (same && !item_is_unknown(run, item) && !run_is_single(run))
		return item_unchanged(run, item);
	bool again = run->twin == NULL && hash_eq(&item->body_hash, &item->pending.body_hash);
	if (item_is_unknown(run, item) && !again && now < item->pending.hold_until_ms)
		return item_wait(run, item, item->pending.hold_until_ms,
		                 "an older write of it may still land");
	if (!same && item->link.hold_until_ms > now)
		return item_wait(run, item, item->link.hold_until_ms,
		                 "an older write of it may still land");
	bool sure = !item_is_unknown(run, item)
	            || hash_eq(&item->body_hash, &item->pending.body_hash);
	/* What was written without a reference is not as its link says. */
	if (run->twin == NULL && !parents_owed(item) && sure && !remap_trim(run, item))
		return item_seen_same(run, item, item->link.to_version);
	parents_alone(run, item);
	return item_to_update(run, item);
}

/* For how long the key is not free, as far as one can say; 0: it is. */
static bool
key_is_busy(struct run *run, struct item *item, int64_t *busy_ms)
{
	bool held = false;
	*busy_ms = set_has(&run->busy_keys, item->key_hash) ? ITEM_BUSY_MS : 0;
	if (*busy_ms > 0 || run->pending_rows == 0)
		return true;
	if (!store_pending_holds_key(run->store, item->key_hash, item->record->id,
	                             run_now(run), &held, &run->err))
		return run_store_failed(run);
	*busy_ms = held ? HELD_MS : 0;
	return true;
}

/* The record is mapped; its key decides who it is. */
static bool
stage_mapped(struct run *run, struct item *item)
{
	bool linked = item->link.to_id.len > 0;
	const char *why = NULL;
	if (run->twin != NULL && !both_must_wait(run, item, &why))
		return false;
	if (why != NULL)
		return item_wait(run, item, run_now(run) + PATIENCE_MS + ITEM_BUSY_MS, why);
	if (item->key.len > 0 && !(linked && item->link.key_hash == item->key_hash)) {
		struct rk_text other = { NULL, 0 };
		int64_t busy_ms = 0;
		if (!identity_holder(run, item, &other) || !key_is_busy(run, item, &busy_ms))
			return false;
		/* A plan has met the one that gives it up. */
		if (run_looks(run) && set_has(&run->freed_keys, item->key_hash))
			other.len = 0;
		/* Who holds the key may be about to give it up. */
		if (other.len > 0 && !run_looks(run)
		    && set_has(&run->busy_ids, hash_mark(other)))
			return item_wait(run, item, run_now(run) + ITEM_BUSY_MS,
			                 "the record that had this key is on its way");
		if (other.len > 0 || (busy_ms > 0 && run_looks(run)))
			return identity_refuse(run, item, other);
		if (busy_ms > 0)
			return item_wait(run, item, run_now(run) + busy_ms,
			                 "another record with this key is on its way");
	}
	return linked ? stage_linked(run, item) : identity_new(run, item);
}

static bool
look_up(struct run *run, struct item *item)
{
	struct arena *arena = &item->page->arena;
	struct rk_text id = item->record->id;
	if (!store_link_get(run->store, id, arena, &item->link, &run->err)
	    || (run->pending_rows > 0
	        && !store_pending_get(run->store, id, arena, &item->pending, &run->err)))
		return run_store_failed(run);
	return run->twin == NULL || both_look_up(run, item);
}

/* Nothing to do for it: a page of an earlier run met again, whose record was
 * written or is kept in pending in this version or a newer one; or a row that was
 * taken up and has a newer change now, for which it stays due. */
static bool
done_before(struct run *run, struct item *item, size_t at, bool *done)
{
	const struct link *link = &item->link;
	bool kept = item->pending.id.len > 0;
	*done = false;
	if (item->page->from_pending) {
		*done = !kept || !hash_eq(&item->pending.from_hash, &item->page->taken[at]);
		return !*done || page_settled(run, item->page);
	}
	/* What is only looked at was looked up a moment ago. */
	if (item->page->seq == 0 && (run_picks(run) || run_looks(run)))
		return true;
	*done = kept;
	if (*done) {
		run->counts->unchanged++;
		return page_settled(run, item->page);
	}
	/* What is on its way may be another version, and has the last word then. */
	*done = link->to_id.len > 0 && hash_eq(&link->from_hash, &item->from_hash)
	        && !set_has(&run->busy_ids, hash_mark(item->record->id));
	return !*done || item_unchanged(run, item);
}

/* It is stamped before what was seen of it, and another: an old view of it, or an edit by
 * a clock that was set back.  Only a look by its id tells. */
static bool
is_doubtful(const struct run *run, const struct item *item)
{
	const struct link *link = &item->link;
	return run->options->mode == SYNC_RUN && !item->page->from_pending
	       && link->to_id.len > 0 && item->record->modified_ms != RK_NO_TIME
	       && item->record->modified_ms < link->from_ms;
}

/* It was deleted at the target: only a person has it created anew. */
static bool
fail_gone(struct run *run, struct item *item, const struct mapping_fault *fault)
{
	item_tell(run, item, ACTION_FAIL, fault, NULL);
	return keep_item(run, item, PENDING_FAILED, 0, fault,
	                 TEXT_LIT(RK_CODE_RECORD_GONE))
	       && page_settled(run, item->page);
}

static bool
refuse_gone(struct run *run, struct item *item)
{
	struct mapping_fault fault;
	gone_refusal(run, item, &fault);
	return fail_gone(run, item, &fault);
}

static bool
stage_gone(struct run *run, struct item *item, bool *lives)
{
	enum gone_step step;
	*lives = false;
	if (!gone_decide(run, item, &step))
		return false;
	switch (step) {
	case GONE_EXCLUDE: return item_exclude(run, item, "deleted at the source");
	case GONE_PROBE:   return identity_ask(run, item, item->key);
	case GONE_SEND:    return item_to_lane(run, item, LANE_GONE, RK_OP_ARCHIVE);
	case GONE_REFUSE:  return refuse_gone(run, item);
	case GONE_WAIT:
		return item_wait(run, item, gone_lands_ms(run, item),
		                 "an older write of it may still land");
	case GONE_LIVES:
		break;
	}
	*lives = true;
	return true;
}

/* Its write was lost, and then the filter left it out, or it was deleted and that is not
 * carried over: what came of the write is asked for, and nothing else is done. */
static bool
is_left(const struct run *run, const struct item *item)
{
	if (!item->page->from_pending || !keep_was_sent(&item->pending) || run_looks(run))
		return false;
	return gone_is(item->record) ? run->sync->deletes == DELETES_IGNORE
	                             : !mapping_keeps(run->mapping, item->record);
}

static bool
stage_left_out(struct run *run, struct item *item)
{
	item->left = true;
	item->to_id = item->link.to_id;
	if (item->to_id.len > 0)
		return run->twin == NULL ? item_leave(run, item)
		                         : item_to_lane(run, item, LANE_BEFORE, RK_OP_UPDATE);
	item->key = item->pending.key;
	item->key_hash = item->pending.key_hash;
	return item->key.len > 0 ? identity_ask(run, item, item->key) : item_leave(run, item);
}

static bool
stage_record(struct run *run, struct work_page *page, size_t at)
{
	struct item *item = arena_new(&page->arena, struct item);
	bool done;
	item->page = page;
	item->record = &page->records[at];
	item->from_hash = page->hashes[at];
	if (!look_up(run, item) || !done_before(run, item, at, &done))
		return false;
	if (done)
		return true;
	if (run_reverts(run))
		return revert_stage(run, item);
	if (apply_leaves(run, item))
		return page_settled(run, page);
	int64_t id = hash_mark(item->record->id);
	if (set_has(&run->busy_ids, id))
		return item_wait(run, item, run_now(run) + ITEM_BUSY_MS,
		                 "an older change of it is on its way");
	if (both_is_hint(run, item))
		return keep_item(run, item, PENDING_QUEUED, run_now(run), NULL,
		                 (struct rk_text){ NULL, 0 })
		       && page_settled(run, page);
	if (is_doubtful(run, item))
		return keep_hint(run, item) && page_settled(run, page);
	if (run_looks(run))
		set_add(&run->busy_ids, id);
	if (is_left(run, item))
		return stage_left_out(run, item);
	bool lives = true;
	if ((run->tombs > 0 || gone_is(item->record)) && !stage_gone(run, item, &lives))
		return false;
	if (!lives)
		return true;
	struct mapping_fault fault;
	item->row = arena_new_array(&page->arena, run->to_count, struct rk_value);
	if (!mapping_apply(run->mapping, item->record, &page->arena, item->row, &fault))
		return item_fail(run, item, &fault);
	if (!parents_resolve(run, item))
		return false;
	item->key = mapping_key(run->mapping, 0, item->row, &page->arena);
	item->key_hash = item->key.len > 0 ? hash_text64(item->key) : 0;
	item->body_hash = hash_values(&run->to_hash_key, item->row, run->to_count,
	                              &run->scratch);
	return item->waits ? item_wait_for_parent(run, item) : stage_mapped(run, item);
}

bool
stage_lanes_empty(const struct run *run)
{
	for (int i = 0; i < LANE_COUNT; i++)
		if (run->lanes[i].count > 0)
			return false;
	return true;
}

bool
stage_left(const struct run *run)
{
	if (run->arrived != NULL)
		return true;
	for (const struct work_page *page = run->pages; page != NULL; page = page->next)
		if (page->staged < page->count)
			return true;
	return false;
}

bool
stage_has_room(const struct run *run)
{
	for (int i = 0; i < LANE_COUNT; i++)
		if (run->lanes[i].count >= run->batch_max)
			return false;
	return true;
}

/* Of the pages that were taken. */
static bool
stage_taken(struct run *run)
{
	for (struct work_page *page = run->pages; page != NULL;) {
		/* Settling the last record frees the page. */
		struct work_page *next = page->next;
		size_t left = page->count - page->staged;
		while (left-- > 0) {
			if (!stage_has_room(run))
				return true;
			if (!stage_record(run, page, page->staged++))
				return false;
		}
		page = next;
	}
	return true;
}

bool
stage(struct run *run)
{
	if (!stage_taken(run))
		return false;
	/* No page is taken before its records can be staged: most then fly at once. */
	while (run->arrived != NULL && stage_has_room(run))
		if (!read_take(run) || !stage_taken(run))
			return false;
	return true;
}

bool
stage_looked(struct run *run, struct item *item, bool differs)
{
	item_unclaim(run, item);
	return differs ? item_to_update(run, item)
	               : item_seen_same(run, item, item->there->version);
}

bool
stage_looked_gone(struct run *run, struct item *item)
{
	struct mapping_fault fault;
	item_unclaim(run, item);
	if (!intent_unsent(run, item))
		return false;
	/* It was found by its key a moment ago. */
	if (item->link.to_id.len == 0)
		return item_wait(run, item, run_now(run) + ITEM_BUSY_MS,
		                 "the record with its key is gone again");
	if (!both_is_edited(run, item))
		return item_keep_seen(run, item)
		       && item_exclude(run, item, "its record of the other side is gone");
	return gone_seen(run, item, &fault) && fail_gone(run, item, &fault);
}

bool
stage_looked_refused(struct run *run, struct item *item, const struct mapping_fault *fault,
                     struct rk_text code)
{
	item_unclaim(run, item);
	item_tell(run, item, ACTION_FAIL, fault, NULL);
	return keep_item(run, item, PENDING_FAILED, 0, fault, code)
	       && page_settled(run, item->page);
}
