/* SPDX-License-Identifier: Apache-2.0
 *
 * item.c - what an item becomes: a row in a lane that leads to the target, or an end
 * without a write; see state.h. */
#include "base/text.h"
#include "sync/both.h"

/* An id is "on its way" from here until item_release. */
static void
claim(struct run *run, const struct item *item)
{
	set_add(&run->busy_ids, hash_mark(item->record->id));
	if (item->key.len > 0)
		set_add(&run->busy_keys, item->key_hash);
	if (item->to_id.len > 0 && item->link.to_id.len == 0)
		set_add(&run->busy_targets, hash_mark(item->to_id));
}

void
item_unclaim(struct run *run, const struct item *item)
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
item_release(struct run *run, struct item *item)
{
	item_unclaim(run, item);
	return page_settled(run, item->page);
}

void
item_tell(struct run *run, const struct item *item, enum sync_action action,
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

bool
item_fail(struct run *run, struct item *item, const struct mapping_fault *fault)
{
	item_tell(run, item, ACTION_FAIL, fault, NULL);
	return keep_item(run, item, PENDING_FAILED, 0, fault, own_code(fault->category))
	       && page_settled(run, item->page);
}

bool
item_wait(struct run *run, struct item *item, int64_t due_ms, const char *reason)
{
	item_tell(run, item, ACTION_WAIT, NULL, reason);
	return keep_item(run, item, PENDING_QUEUED, due_ms, NULL, (struct rk_text){ NULL, 0 })
	       && page_settled(run, item->page);
}

bool
item_wait_for_parent(struct run *run, struct item *item)
{
	item_tell(run, item, ACTION_WAIT, &item->missing, NULL);
	return parents_wait(run, item) && page_settled(run, item->page);
}

bool
item_drop_pending(struct run *run, const struct item *item)
{
	struct pending row;
	if (item->pending.id.len == 0)
		return true;
	if (!keep_look(run, item, &row))
		return false;
	/* A newer change took the row meanwhile, or the listing dropped it. */
	return row.id.len == 0 || !keep_is_same(item, &row)
	       || keep_drop(run, row.id, row.state);
}

bool
item_exclude(struct run *run, struct item *item, const char *reason)
{
	item_tell(run, item, ACTION_EXCLUDE, NULL, reason);
	run->counts->excluded++;
	return item_drop_pending(run, item) && page_settled(run, item->page);
}

bool
item_keep_seen(struct run *run, const struct item *item)
{
	struct link link = item->link;
	if (hash_eq(&link.from_hash, &item->from_hash))
		return true;
	link.from_hash = item->from_hash;
	return store_link_put(run->store, &link, &run->err) || run_store_failed(run);
}

/* The next look at it is not to believe what the target was thought to have. */
static bool
forget(struct run *run, const struct item *item)
{
	struct link link = item->link;
	link.from_hash = link.to_hash = (struct hash){ 0 };
	return store_link_put(run->store, &link, &run->err) || run_store_failed(run);
}

bool
item_leave(struct run *run, struct item *item)
{
	return (item->link.to_id.len == 0 || forget(run, item))
	       && item_exclude(run, item, "left out, and what was sent of it is settled");
}

bool
item_unchanged(struct run *run, struct item *item)
{
	/* All but a reference. */
	if (item->owes)
		return item_keep_seen(run, item) && item_wait_for_parent(run, item);
	item_tell(run, item, ACTION_UNCHANGED, NULL, "the target has these values");
	run->counts->unchanged++;
	return item_keep_seen(run, item) && item_drop_pending(run, item)
	       && page_settled(run, item->page);
}

bool
item_to_lane(struct run *run, struct item *item, enum lane lane, uint32_t operation)
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
item_update_lane(const struct run *run, const struct item *item)
{
	return (run->looks_before || run_looks(run)) && !item->looked ? LANE_BEFORE
	                                                              : LANE_UPDATE;
}

bool
item_to_update(struct run *run, struct item *item)
{
	return item_to_lane(run, item, item_update_lane(run, item), RK_OP_UPDATE);
}

bool
item_seen_same(struct run *run, struct item *item, struct rk_text version)
{
	if (!keep_link(run, item, item->to_id, version)
	    || (run->twin != NULL && !both_settled(run, item, item->to_id, NULL)))
		return false;
	if (item->owes)
		return item_wait_for_parent(run, item);
	item_tell(run, item, ACTION_UNCHANGED, NULL, "the target has these values");
	run->counts->unchanged++;
	return item_drop_pending(run, item) && page_settled(run, item->page);
}

bool
item_is_unknown(const struct run *run, const struct item *item)
{
	const struct pending *row = &item->pending;
	/* A sync error since then does not settle what was sent before it. */
	return row->id.len > 0 && (keep_was_sent(row) || keep_is_open(row, run_now(run)));
}
