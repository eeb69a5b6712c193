/* SPDX-License-Identifier: Apache-2.0
 *
 * identity.c - who a record without a link is at the target: what it is asked for before
 * anything is created, and what its answer means.
 *
 * Without a native upsert the target is asked for the key before each create, and after
 * an unknown create a "no" is believed only after the wait. */
#include "base/text.h"
#include "record/value.h"
#include "sync/both.h"

bool
identity_holder(struct run *run, struct item *item, struct rk_text *other)
{
	struct link link;
	if (!store_link_by_key(run->store, item->key_hash, item->record->id,
	                       &item->page->arena, &link, &run->err))
		return run_store_failed(run);
	*other = link.from_id;
	return true;
}

bool
identity_refuse(struct run *run, struct item *item, struct rk_text other)
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
	return item_fail(run, item, &fault);
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
		return item_to_lane(run, item, LANE_CREATE, RK_OP_CREATE);
	item_tell(run, item, ACTION_WAIT, &fault, NULL);
	return keep_item(run, item, PENDING_UNDECIDED, INT64_MAX, &fault,
	                 TEXT_LIT(RK_CODE_UNDECIDED))
	       && page_settled(run, item->page);
}

static bool
empty_key(struct run *run, struct item *item)
{
	switch (run->sync->empty_key) {
	case EMPTY_KEY_SKIP:
		return item_exclude(run, item, "its key is empty");
	case EMPTY_KEY_CREATE:
		return run->sync->only == ONLY_UPDATE
		       ? item_exclude(run, item, "its key is empty")
		       : blind_create(run, item);
	case EMPTY_KEY_ERROR:
		break;
	}
	struct mapping_fault fault = {
		.category = RK_CAT_PROPERTY_VALUE,
		.field = run->to_fields[run->key_slot].name,
		.message = TEXT_LIT("the key is empty, and the sync's empty_key says error"),
	};
	return item_fail(run, item, &fault);
}

bool
identity_ask(struct run *run, struct item *item, struct rk_text key)
{
	item->probe_key = key;
	return item_to_lane(run, item, LANE_PROBE, 0);
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
bool
identity_new(struct run *run, struct item *item)
{
	struct mapping_fault fault;
	if (!mapping_may_create(run->mapping, item->row, &item->page->arena, &fault))
		return item_fail(run, item, &fault);
	/* What is unknown under another key is settled first. */
	if (item_is_unknown(run, item) && item->pending.key.len > 0
	    && !text_eq(item->pending.key, item->key))
		return identity_ask(run, item, item->pending.key);
	if (item->key.len == 0 && falls_back(run, item))
		return identity_ask(run, item, item->probe_key);
	if (item->key.len == 0)
		return empty_key(run, item);
	if (looks_up(run))
		return identity_ask(run, item, item->key);
	if (item_is_unknown(run, item)
	    && !hash_eq(&item->body_hash, &item->pending.body_hash)
	    && run_now(run) < item->pending.hold_until_ms)
		return item_wait(run, item, item->pending.hold_until_ms,
		                 "an older write of it may still land");
	return item_to_lane(run, item, LANE_UPSERT, RK_OP_UPSERT);
}

/* The target does not have it. */
static bool
create(struct run *run, struct item *item)
{
	if (run->sync->only == ONLY_UPDATE)
		return item_exclude(run, item,
		                    "the target does not have it, and the sync updates only");
	if (run->guarantee == GUARANTEE_E4)
		return blind_create(run, item);
	/* Who made one with this key in between is met, not doubled; in a two-way sync it is
	 * met when the create was refused, for it has values of its own. */
	if (run->guarantee == GUARANTEE_E1 && run->sync->existing != EXISTING_REFUSE
	    && !run->creates_only && !run_looks(run) && run->twin == NULL)
		return item_to_lane(run, item, LANE_UPSERT, RK_OP_UPSERT);
	return item_to_lane(run, item, LANE_CREATE, RK_OP_CREATE);
}

/* No record of the target has the key that was asked for: the next one, or a new record. */
static bool
not_met(struct run *run, struct item *item)
{
	if (falls_back(run, item))
		return identity_ask(run, item, item->probe_key);
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
	return item_fail(run, item, &fault);
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
	item_tell(run, item, ours ? ACTION_CREATE : ACTION_UNCHANGED, NULL,
	     "the target has a record with this key, and takes new records only");
	return item_drop_pending(run, item) && page_settled(run, item->page);
}

/* A create that is found has landed; of what else was sent to it nobody knows. */
static bool
may_land(const struct run *run, const struct item *item)
{
	const struct pending *row = &item->pending;
	bool again = run->twin == NULL && hash_eq(&item->body_hash, &row->body_hash);
	return row->operation != RK_OP_CREATE && !again && run_now(run) < row->hold_until_ms;
}

/* We wrote it under the key that was asked for: from here on it is known by its id, for what
 * is sent to it may give it another key, and nobody may tell what became of that either. */
static bool
link_ours(struct run *run, struct item *item)
{
	bool made = item->pending.operation != RK_OP_UPDATE;
	if (run_looks(run))
		return true;
	item->link = (struct link){
		.from_id = item->record->id, .to_id = item->to_id,
		.key_hash = hash_text64(item->probe_key),
		.from_ms = item->record->modified_ms };
	return (store_link_put(run->store, &item->link, &run->err) || run_store_failed(run))
	       && gone_revived(run, item) && parents_linked(run, item)
	       && (!made || history_landed(run, item));
}

static bool
wait_for_other(struct run *run, struct item *item)
{
	return item_wait(run, item, run_now(run) + ITEM_BUSY_MS,
	                 "another record is about to be linked to its target");
}

static bool
wait_to_believe(struct run *run, struct item *item, int64_t believe_ms)
{
	return item_wait(run, item, believe_ms, "its create may not be visible yet");
}

static bool
found_one(struct run *run, struct item *item, struct rk_text id)
{
	bool ours = item_is_unknown(run, item) && item->probe_rank == 0;
	struct link link;
	if (set_has(&run->busy_targets, hash_mark(id)))
		return run_looks(run) ? identity_refuse(run, item, (struct rk_text){ NULL, 0 })
		                      : wait_for_other(run, item);
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
		return identity_refuse(run, item, link.from_id);
	if (!ours && run->sync->existing == EXISTING_REFUSE) {
		struct mapping_fault fault = {
			.category = RK_CAT_DUPLICATE,
			.field = probed_field(run, item),
			.value = item->probe_key,
			.message = arena_printf(&item->page->arena, "record %.*s of the target has "
			                        "this key already, and the sync's existing says "
			                        "refuse", (int)id.len, id.ptr),
		};
		return item_fail(run, item, &fault);
	}
	item->to_id = arena_text(&item->page->arena, id);
	if (run->creates_only)
		return (!ours || history_landed(run, item)) && link_found(run, item, ours);
	if (ours && !link_ours(run, item))
		return false;
	if (ours && may_land(run, item))
		return item_wait(run, item, item->pending.hold_until_ms,
		                 "an older write of it may still land");
	return item_to_update(run, item);
}

static bool
found_none(struct run *run, struct item *item)
{
	int64_t believe_ms = doubt_believe_ms(run);
	if (item_is_unknown(run, item) && believe_ms < item->pending.believe_after_ms)
		believe_ms = item->pending.believe_after_ms;
	if (run_now(run) < believe_ms)
		return wait_to_believe(run, item, believe_ms);
	/* Nothing landed under the old key: the record is new again. */
	if (item->probe_rank == 0 && !text_eq(item->probe_key, item->key)) {
		item->pending.state = PENDING_QUEUED;
		item->pending.key = (struct rk_text){ NULL, 0 };
		return identity_new(run, item);
	}
	return not_met(run, item);
}

/* Whether the record that was found belongs to another one of the source. */
static bool
is_of_another(struct run *run, struct item *item, struct rk_text id, bool *another)
{
	struct link link;
	if (!store_link_by_target(run->store, id, item->record->id, &item->page->arena, &link,
	                          &run->err))
		return run_store_failed(run);
	*another = link.from_id.len > 0;
	item->to_id = arena_text(&item->page->arena, id);
	return true;
}

/* A write of it that was lost before it was deleted: did it land? */
static bool
gone_probed(struct run *run, struct item *item, size_t found, struct rk_text id)
{
	bool another = false;
	if (found > 1)
		return fail_ambiguous(run, item, found);
	if (found > 0 && set_has(&run->busy_targets, hash_mark(id)))
		return wait_for_other(run, item);
	if (found > 0 && !is_of_another(run, item, id, &another))
		return false;
	if (found > 0 && !another)
		return item_to_lane(run, item, LANE_GONE, RK_OP_ARCHIVE);
	if (run_now(run) < item->pending.believe_after_ms)
		return wait_to_believe(run, item, item->pending.believe_after_ms);
	return item_exclude(run, item, "deleted at the source");
}

/* The same before it was left out: what is ours is linked, and nothing is written. */
static bool
left_probed(struct run *run, struct item *item, size_t found, struct rk_text id)
{
	bool another = false;
	if (found > 1)
		return fail_ambiguous(run, item, found);
	if (found == 0 && run_now(run) < item->pending.believe_after_ms)
		return wait_to_believe(run, item, item->pending.believe_after_ms);
	if (found == 0)
		return item_leave(run, item);
	if (set_has(&run->busy_targets, hash_mark(id)))
		return wait_for_other(run, item);
	if (!is_of_another(run, item, id, &another) || (!another && !link_ours(run, item)))
		return false;
	return !another && run->twin != NULL
	       ? item_to_lane(run, item, LANE_BEFORE, RK_OP_UPDATE) : item_leave(run, item);
}

bool
identity_told(struct run *run, struct item *item, size_t found, struct rk_text id)
{
	item_unclaim(run, item);
	if (item->left)
		return left_probed(run, item, found, id);
	if (gone_is(item->record))
		return gone_probed(run, item, found, id);
	if (found > 1)
		return item->probe_rank > 0 ? not_met(run, item)
		                            : fail_ambiguous(run, item, found);
	return found == 1 ? found_one(run, item, id) : found_none(run, item);
}

/* ---- Met by another field, and on its way ------------------------------------------- */

static bool
put_met(struct run *run, const struct item *item, struct rk_text to_id)
{
	/* The key that is sent is not the target's yet. */
	struct link link = { .from_id = item->record->id, .to_id = to_id,
		             .from_ms = to_id.len > 0 ? item->record->modified_ms : 0 };
	if (item->operation != RK_OP_UPDATE || item->probe_rank == 0
	    || item->link.to_id.len > 0)
		return true;
	return store_link_put(run->store, &link, &run->err) || run_store_failed(run);
}

bool
identity_sent(struct run *run, const struct flight *flight)
{
	for (const struct item *item = flight->items.first; item != NULL; item = item->next)
		if (!put_met(run, item, item->to_id))
			return false;
	return true;
}

bool
identity_unsent(struct run *run, const struct item *item)
{
	return put_met(run, item, (struct rk_text){ NULL, 0 });
}

bool
identity_grounded(struct run *run, const struct flight *flight)
{
	for (const struct item *item = flight->items.first; item != NULL; item = item->next)
		if (!identity_unsent(run, item))
			return false;
	return true;
}
