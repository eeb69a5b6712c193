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
 * - Without a native upsert the target is asked for the key before each create,
 *   and after an unknown create a "no" is believed only after the wait. */
#include <string.h>

#include "base/text.h"
#include "record/value.h"
#include "sync/both.h"

/* A key or id that is on its way is looked at again after this. */
#define BUSY_MS 100
/* A key behind a write whose outcome is unknown; longer than a run waits. */
#define HELD_MS (PATIENCE_MS * 2)

/* An id is "on its way" from here until stage_release. */
static void
claim(struct run *run, const struct item *item)
{
	set_add(&run->busy_ids, hash_mark(item->record->id));
	if (item->key.len > 0)
		set_add(&run->busy_keys, item->key_hash);
	if (item->to_id.len > 0 && item->link.to_id.len == 0)
		set_add(&run->busy_targets, hash_mark(item->to_id));
}

static void
unclaim(struct run *run, const struct item *item)
{
	/* A plan writes nothing that would show it what it has planned already. */
	if (run_looks(run))
		return;
	set_remove(&run->busy_ids, hash_mark(item->record->id));
	if (item->key.len > 0)
		set_remove(&run->busy_keys, item->key_hash);
	if (item->to_id.len > 0 && item->link.to_id.len == 0)
		set_remove(&run->busy_targets, hash_mark(item->to_id));
}

bool
stage_release(struct run *run, struct item *item)
{
	unclaim(run, item);
	return page_settled(run, item->page);
}

static void
tell(struct run *run, const struct item *item, enum sync_action action,
     const struct mapping_fault *fault, const char *reason)
{
	struct sync_line line = { .action = action, .id = item->record->id,
	                          .key = item->key, .target_id = item->to_id,
	                          .link = item->record->link, .record = item->record,
	                          .reason = text_of(reason) };
	if (fault != NULL) {
		line.category = fault->category;
		line.field = fault->field;
		line.value = fault->value;
		line.reason = fault->message;
	}
	run_tell(run, &line);
}

/* What our own checks found has a code of ours, for the advice. */
static struct rk_text
own_code(int32_t category)
{
	switch (category) {
	case RK_CAT_PICKLIST:         return TEXT_LIT(RK_CODE_OPTION_UNKNOWN);
	case RK_CAT_PROPERTY_MAPPING: return TEXT_LIT(RK_CODE_TYPES_DIFFER);
	default:                      return (struct rk_text){ NULL, 0 };
	}
}

static bool
fail(struct run *run, struct item *item, const struct mapping_fault *fault)
{
	tell(run, item, ACTION_FAIL, fault, NULL);
	return keep_item(run, item, PENDING_FAILED, 0, fault, own_code(fault->category))
	       && page_settled(run, item->page);
}

static bool
wait_until(struct run *run, struct item *item, int64_t due_ms, const char *reason)
{
	tell(run, item, ACTION_WAIT, NULL, reason);
	return keep_item(run, item, PENDING_QUEUED, due_ms, NULL, (struct rk_text){ NULL, 0 })
	       && page_settled(run, item->page);
}

static bool
wait_for_parent(struct run *run, struct item *item)
{
	tell(run, item, ACTION_WAIT, &item->missing, NULL);
	return parents_wait(run, item) && page_settled(run, item->page);
}

static bool
drop_pending(struct run *run, const struct item *item)
{
	return item->pending.id.len == 0
	       || keep_drop(run, item->pending.id, item->pending.state);
}

static bool
exclude(struct run *run, struct item *item, const char *reason)
{
	tell(run, item, ACTION_EXCLUDE, NULL, reason);
	run->counts->excluded++;
	return drop_pending(run, item) && page_settled(run, item->page);
}

/* What the source has now needs no second look. */
static bool
keep_seen(struct run *run, const struct item *item)
{
	struct link link = item->link;
	if (hash_eq(&link.from_hash, &item->from_hash))
		return true;
	link.from_hash = item->from_hash;
	return store_link_put(run->store, &link, &run->err) || run_store_failed(run);
}

static bool
unchanged(struct run *run, struct item *item)
{
	/* All but a reference. */
	if (item->owes)
		return keep_seen(run, item) && wait_for_parent(run, item);
	tell(run, item, ACTION_UNCHANGED, NULL, "the target has these values");
	run->counts->unchanged++;
	return keep_seen(run, item) && drop_pending(run, item)
	       && page_settled(run, item->page);
}

static bool
to_lane(struct run *run, struct item *item, enum lane lane, uint32_t operation)
{
	if (run->options->mode == SYNC_APPLY && lane > LANE_BEFORE && !apply_allows(run, item)) {
		run->counts->excluded++;
		return page_settled(run, item->page);
	}
	item->operation = operation;
	if (item->tries < item->pending.attempts && item->pending.state != PENDING_FAILED)
		item->tries = item->pending.attempts;
	item->most = blame_most(run, item);
	claim(run, item);
	list_add(&run->lanes[lane], item);
	return true;
}

enum lane
stage_update_lane(const struct run *run, const struct item *item)
{
	return (run->looks_before || run_looks(run)) && !item->looked ? LANE_BEFORE
	                                                              : LANE_UPDATE;
}

static bool
to_update(struct run *run, struct item *item)
{
	return to_lane(run, item, stage_update_lane(run, item), RK_OP_UPDATE);
}

/* A write of it may still land: the times on the row tell, whatever its state. */
static bool
is_unknown(const struct run *run, const struct item *item)
{
	return item->pending.id.len > 0 && keep_is_open(&item->pending, run_now(run));
}

/* The key is held by another record: which one? */
static bool
held_by_other(struct run *run, struct item *item, struct rk_text *other)
{
	struct link link;
	if (!store_link_by_key(run->store, item->key_hash, item->record->id,
	                       &item->page->arena, &link, &run->err))
		return run_store_failed(run);
	*other = link.from_id;
	return true;
}

static bool
fail_duplicate(struct run *run, struct item *item, struct rk_text other)
{
	/* The target would have to hold one key twice, or a key that nobody gave it. */
	const char *swap = item->link.to_id.len == 0 ? ""
		: "; if the two exchange their keys, give one of them a third key first";
	struct mapping_fault fault = {
		.category = RK_CAT_DUPLICATE,
		.field = run->to_fields[run->key_slot].name,
		.value = item->key,
		.message = arena_printf(&item->page->arena, "%s%.*s of the source has this key "
		                        "already; two records cannot be one%s",
		                        other.len > 0 ? "record " : "another record",
		                        (int)other.len, other.ptr, swap),
	};
	if (other.len > 0 && item->probe_key.len == 0 && held_add(run, item, &fault))
		return page_settled(run, item->page);
	return fail(run, item, &fault);
}

/* Linked from now on, and nothing was written: the target has these values, or keeps its
 * own where only blanks are filled. */
static bool
seen_same(struct run *run, struct item *item, struct rk_text version)
{
	if (!keep_link(run, item, item->to_id, version)
	    || (run->twin != NULL && !both_settled(run, item, item->to_id, NULL)))
		return false;
	if (item->owes)
		return wait_for_parent(run, item);
	tell(run, item, ACTION_UNCHANGED, NULL, "the target has these values");
	run->counts->unchanged++;
	return drop_pending(run, item) && page_settled(run, item->page);
}

static bool
stage_linked(struct run *run, struct item *item)
{
	int64_t now = run_now(run);
	/* What we wrote last tells nothing where the other way writes too. */
	bool same = run->twin == NULL && hash_eq(&item->body_hash, &item->link.to_hash);
	item->to_id = item->link.to_id;
	if (run->creates_only && same)
		return unchanged(run, item);
	if (run->creates_only)
		return keep_seen(run, item)
		       && exclude(run, item, "the target takes new records only");
	if (same && !is_unknown(run, item) && !run_is_single(run))
		return unchanged(run, item);
	if (is_unknown(run, item) && !hash_eq(&item->body_hash, &item->pending.body_hash)
	    && now < item->pending.hold_until_ms)
		return wait_until(run, item, item->pending.hold_until_ms,
		                  "an older write of it may still land");
	if (!same && item->link.hold_until_ms > now)
		return wait_until(run, item, item->link.hold_until_ms,
		                  "an older write of it may still land");
	bool sure = !is_unknown(run, item)
	            || hash_eq(&item->body_hash, &item->pending.body_hash);
	/* What was written without a reference is not as its link says. */
	if (run->twin == NULL && !parents_owed(item) && sure && !remap_trim(run, item))
		return seen_same(run, item, item->link.to_version);
	parents_alone(run, item);
	return to_update(run, item);
}

/* A create that nobody looks up first. */
static bool
blind_create(struct run *run, struct item *item)
{
	struct mapping_fault fault = {
		.category = RK_CAT_OTHER,
		.message = TEXT_LIT("the state was put back from a backup: whether it was "
		                    "created since is not known"),
	};
	if (!doubt_has(run, item) || run_looks(run))
		return to_lane(run, item, LANE_CREATE, RK_OP_CREATE);
	tell(run, item, ACTION_WAIT, &fault, NULL);
	return keep_item(run, item, PENDING_UNDECIDED, INT64_MAX, &fault,
	                 TEXT_LIT(RK_CODE_UNDECIDED))
	       && page_settled(run, item->page);
}

static bool
empty_key(struct run *run, struct item *item)
{
	switch (run->sync->empty_key) {
	case EMPTY_KEY_SKIP:
		return exclude(run, item, "its key is empty");
	case EMPTY_KEY_CREATE:
		return run->sync->only == ONLY_UPDATE ? exclude(run, item, "its key is empty")
		                                      : blind_create(run, item);
	case EMPTY_KEY_ERROR:
		break;
	}
	struct mapping_fault fault = {
		.category = RK_CAT_PROPERTY_VALUE,
		.field = run->to_fields[run->key_slot].name,
		.message = TEXT_LIT("the key is empty, and the sync's empty_key says error"),
	};
	return fail(run, item, &fault);
}

static bool
probe(struct run *run, struct item *item, struct rk_text key)
{
	item->probe_key = key;
	return to_lane(run, item, LANE_PROBE, 0);
}

/* The next field to fall back on that the record has a value of. */
static bool
falls_back(const struct run *run, struct item *item)
{
	while (++item->probe_rank < mapping_key_count(run->mapping)) {
		item->probe_key = mapping_key(run->mapping, item->probe_rank, item->row,
		                              &item->page->arena);
		if (item->probe_key.len > 0)
			return true;
	}
	return false;
}

/* Whether the target is asked for the key before anything is written by it. */
static bool
looks_up(const struct run *run)
{
	return run->guarantee != GUARANTEE_E1 || run->sync->existing == EXISTING_REFUSE
	       || run->sync->only != ONLY_ALL || run->sync->to.fallback_count > 0
	       || run->looks_before || run_looks(run);
}

/* A record that is not linked yet. */
static bool
stage_new(struct run *run, struct item *item)
{
	struct mapping_fault fault;
	if (!mapping_may_create(run->mapping, item->row, &item->page->arena, &fault))
		return fail(run, item, &fault);
	/* What is unknown under another key is settled first. */
	if (is_unknown(run, item) && item->pending.key.len > 0
	    && !text_eq(item->pending.key, item->key))
		return probe(run, item, item->pending.key);
	if (item->key.len == 0 && falls_back(run, item))
		return probe(run, item, item->probe_key);
	if (item->key.len == 0)
		return empty_key(run, item);
	if (looks_up(run))
		return probe(run, item, item->key);
	if (is_unknown(run, item) && !hash_eq(&item->body_hash, &item->pending.body_hash)
	    && run_now(run) < item->pending.hold_until_ms)
		return wait_until(run, item, item->pending.hold_until_ms,
		                  "an older write of it may still land");
	return to_lane(run, item, LANE_UPSERT, RK_OP_UPSERT);
}

/* For how long the key is not free, as far as one can say; 0: it is. */
static bool
key_is_busy(struct run *run, struct item *item, int64_t *busy_ms)
{
	bool held = false;
	*busy_ms = set_has(&run->busy_keys, item->key_hash) ? BUSY_MS : 0;
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
		return wait_until(run, item, run_now(run) + HELD_MS, why);
	if (item->key.len > 0 && !(linked && item->link.key_hash == item->key_hash)) {
		struct rk_text other = { NULL, 0 };
		int64_t busy_ms = 0;
		if (!held_by_other(run, item, &other) || !key_is_busy(run, item, &busy_ms))
			return false;
		/* A plan has met the one that gives it up. */
		if (run_looks(run) && set_has(&run->freed_keys, item->key_hash))
			other.len = 0;
		/* Who holds the key may be about to give it up. */
		if (other.len > 0 && !run_looks(run)
		    && set_has(&run->busy_ids, hash_mark(other)))
			return wait_until(run, item, run_now(run) + BUSY_MS,
			                  "the record that had this key is on its way");
		if (other.len > 0 || (busy_ms > 0 && run_looks(run)))
			return fail_duplicate(run, item, other);
		if (busy_ms > 0)
			return wait_until(run, item, run_now(run) + busy_ms,
			                  "another record with this key is on its way");
	}
	return linked ? stage_linked(run, item) : stage_new(run, item);
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
	*done = kept || (link->to_id.len > 0 && item->record->modified_ms != RK_NO_TIME
	                 && item->record->modified_ms < link->from_ms);
	if (*done) {
		run->counts->unchanged++;
		return page_settled(run, item->page);
	}
	*done = link->to_id.len > 0 && hash_eq(&link->from_hash, &item->from_hash);
	return !*done || unchanged(run, item);
}

/* It was deleted at the target: only a person has it created anew. */
static bool
refuse_gone(struct run *run, struct item *item)
{
	struct mapping_fault fault;
	gone_refusal(run, item, &fault);
	tell(run, item, ACTION_FAIL, &fault, NULL);
	return keep_item(run, item, PENDING_FAILED, 0, &fault,
	                 TEXT_LIT(RK_CODE_RECORD_GONE))
	       && page_settled(run, item->page);
}

static bool
stage_gone(struct run *run, struct item *item, bool *lives)
{
	enum gone_step step;
	*lives = false;
	if (!gone_decide(run, item, &step))
		return false;
	switch (step) {
	case GONE_EXCLUDE: return exclude(run, item, "deleted at the source");
	case GONE_PROBE:   return probe(run, item, item->key);
	case GONE_SEND:    return to_lane(run, item, LANE_GONE, RK_OP_ARCHIVE);
	case GONE_REFUSE:  return refuse_gone(run, item);
	case GONE_WAIT:
		return wait_until(run, item, item->pending.hold_until_ms,
		                  "an older write of it may still land");
	case GONE_LIVES:
		break;
	}
	*lives = true;
	return true;
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
	if (apply_leaves(run, item))
		return page_settled(run, page);
	int64_t id = hash_mark(item->record->id);
	if (set_has(&run->busy_ids, id))
		return wait_until(run, item, run_now(run) + BUSY_MS,
		                  "an older change of it is on its way");
	if (run_looks(run))
		set_add(&run->busy_ids, id);
	bool lives = true;
	if ((run->tombs > 0 || gone_is(item->record)) && !stage_gone(run, item, &lives))
		return false;
	if (!lives)
		return true;
	struct mapping_fault fault;
	item->row = arena_new_array(&page->arena, run->to_count, struct rk_value);
	if (!mapping_apply(run->mapping, item->record, &page->arena, item->row, &fault))
		return fail(run, item, &fault);
	if (!parents_resolve(run, item))
		return false;
	item->key = mapping_key(run->mapping, 0, item->row, &page->arena);
	item->key_hash = item->key.len > 0 ? hash_text64(item->key) : 0;
	item->body_hash = hash_values(&run->to_hash_key, item->row, run->to_count,
	                              &run->scratch);
	return item->waits ? wait_for_parent(run, item) : stage_mapped(run, item);
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

/* The target does not have it. */
static bool
create(struct run *run, struct item *item)
{
	if (run->sync->only == ONLY_UPDATE)
		return exclude(run, item, "the target does not have it, and the sync updates only");
	if (run->guarantee == GUARANTEE_E4)
		return blind_create(run, item);
	/* Who made one with this key in between is met, not doubled; in a two-way sync it is
	 * met when the create was refused, for it has values of its own. */
	if (run->guarantee == GUARANTEE_E1 && run->sync->existing != EXISTING_REFUSE
	    && !run->creates_only && !run_looks(run) && run->twin == NULL)
		return to_lane(run, item, LANE_UPSERT, RK_OP_UPSERT);
	return to_lane(run, item, LANE_CREATE, RK_OP_CREATE);
}

/* No record of the target has the key that was asked for: the next one, or a new record. */
static bool
not_met(struct run *run, struct item *item)
{
	if (falls_back(run, item))
		return probe(run, item, item->probe_key);
	return item->key.len == 0 ? empty_key(run, item) : create(run, item);
}

static struct rk_text
probed_field(const struct run *run, const struct item *item)
{
	return run->to_fields[mapping_key_slot(run->mapping, item->probe_rank)].name;
}

/* Two records of the target carry the key: nobody can say which is meant. */
static bool
fail_ambiguous(struct run *run, struct item *item, size_t found)
{
	struct mapping_fault fault = {
		.category = RK_CAT_DUPLICATE,
		.field = probed_field(run, item),
		.value = item->probe_key,
		.message = arena_printf(&item->page->arena, "%zu records of the target have this "
		                        "key; merge them, then send it again", found),
	};
	return fail(run, item, &fault);
}

/* A target that takes new records only has it, from us if a write of it was unknown. */
static bool
link_found(struct run *run, struct item *item, bool ours)
{
	struct link link = {
		.from_id = item->record->id, .to_id = item->to_id,
		.key_hash = item->key_hash, .from_hash = item->from_hash,
		.from_ms = item->record->modified_ms };
	if (ours)
		link.to_hash = item->body_hash;
	if (!store_link_put(run->store, &link, &run->err))
		return run_store_failed(run);
	if (ours)
		run->counts->created++;
	else
		run->counts->unchanged++;
	tell(run, item, ours ? ACTION_CREATE : ACTION_UNCHANGED, NULL,
	     "the target has a record with this key, and takes new records only");
	return drop_pending(run, item) && page_settled(run, item->page);
}

static bool
found_one(struct run *run, struct item *item, struct rk_text id)
{
	bool ours = is_unknown(run, item) && item->probe_rank == 0;
	struct link link;
	if (set_has(&run->busy_targets, hash_mark(id)))
		return run_looks(run) ? fail_duplicate(run, item, (struct rk_text){ NULL, 0 })
		       : wait_until(run, item, run_now(run) + BUSY_MS,
		                    "another record is about to be linked to its target");
	if (!store_link_by_target(run->store, id, item->record->id, &item->page->arena, &link,
	                          &run->err))
		return run_store_failed(run);
	/* Who shares a phone number with a linked record is somebody else. */
	if (link.from_id.len > 0 && item->probe_rank > 0)
		return not_met(run, item);
	bool dead = false;
	if (link.from_id.len > 0 && !gone_frees(run, &link, &dead))
		return false;
	if (link.from_id.len > 0 && !dead)
		return fail_duplicate(run, item, link.from_id);
	if (!ours && run->sync->existing == EXISTING_REFUSE) {
		struct mapping_fault fault = {
			.category = RK_CAT_DUPLICATE,
			.field = probed_field(run, item),
			.value = item->probe_key,
			.message = arena_printf(&item->page->arena, "record %.*s of the target has "
			                        "this key already, and the sync's existing says "
			                        "refuse", (int)id.len, id.ptr),
		};
		return fail(run, item, &fault);
	}
	item->to_id = arena_text(&item->page->arena, id);
	if (ours && !history_landed(run, item))
		return false;
	if (run->creates_only)
		return link_found(run, item, ours);
	return to_update(run, item);
}

static bool
found_none(struct run *run, struct item *item)
{
	int64_t believe_ms = doubt_believe_ms(run);
	if (is_unknown(run, item) && believe_ms < item->pending.believe_after_ms)
		believe_ms = item->pending.believe_after_ms;
	if (run_now(run) < believe_ms)
		return wait_until(run, item, believe_ms, "its create may not be visible yet");
	/* Nothing landed under the old key: the record is new again. */
	if (item->probe_rank == 0 && !text_eq(item->probe_key, item->key)) {
		item->pending.state = PENDING_QUEUED;
		item->pending.key = (struct rk_text){ NULL, 0 };
		return stage_new(run, item);
	}
	return not_met(run, item);
}

/* A write of it that was lost before it was deleted: did it land? */
static bool
gone_probed(struct run *run, struct item *item, size_t found, struct rk_text id)
{
	if (found > 0) {
		item->to_id = arena_text(&item->page->arena, id);
		return to_lane(run, item, LANE_GONE, RK_OP_ARCHIVE);
	}
	if (run_now(run) < item->pending.believe_after_ms)
		return wait_until(run, item, item->pending.believe_after_ms,
		                  "its create may not be visible yet");
	return exclude(run, item, "deleted at the source");
}

bool
stage_probed(struct run *run, struct item *item, size_t found, struct rk_text id)
{
	unclaim(run, item);
	if (gone_is(item->record))
		return gone_probed(run, item, found, id);
	if (found > 1)
		return item->probe_rank > 0 ? not_met(run, item)
		                            : fail_ambiguous(run, item, found);
	return found == 1 ? found_one(run, item, id) : found_none(run, item);
}

bool
stage_looked(struct run *run, struct item *item, bool differs)
{
	unclaim(run, item);
	return differs ? to_update(run, item)
	               : seen_same(run, item, item->there->version);
}

bool
stage_looked_refused(struct run *run, struct item *item, const struct mapping_fault *fault,
                     struct rk_text code)
{
	unclaim(run, item);
	tell(run, item, ACTION_FAIL, fault, NULL);
	return keep_item(run, item, PENDING_FAILED, 0, fault, code)
	       && page_settled(run, item->page);
}
