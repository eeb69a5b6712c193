/* SPDX-License-Identifier: Apache-2.0
 *
 * settle.c - what becomes of each row of a batch by its outcome: a link, an error, a
 * row of pending, or another try.  write.c calls it, in the transaction that ends
 * the batch.  A row whose outcome is not known becomes an unknown row of pending;
 * stage.c, identity.c and, both ways, intent.c settle it. */

#include "base/text.h"
#include "sync/both.h"

#define UNKNOWN_RETRY_MS 1000
#define RESEND_MAX 24

/* For whoever watches single records; a run of many has nobody. */
static void
tell(struct run *run, const struct item *item, enum sync_action action,
     struct rk_text target_id, const struct mapping_fault *fault)
{
	run_tell(run, &(struct sync_line){
		.action = action, .id = item->record->id, .key = item->key,
		.target_id = target_id, .link = item->record->link, .record = item->record,
		.category = fault->category, .field = fault->field, .value = fault->value,
		.reason = fault->message });
}

/* The target record was overwritten with values of another: its own record is read
 * anew and written again. */
static bool
write_again(struct run *run, struct item *item, struct rk_text from_id)
{
	struct arena *arena = &item->page->arena;
	struct link link;
	struct pending row;
	if (!store_link_get(run->store, from_id, arena, &link, &run->err)
	    || !store_pending_get(run->store, from_id, arena, &row, &run->err))
		return run_store_failed(run);
	link.to_hash = link.from_hash = (struct hash){ 0 };
	if (!store_link_put(run->store, &link, &run->err))
		return run_store_failed(run);
	if (row.id.len > 0)
		return true;
	row = (struct pending){ .id = from_id, .state = PENDING_QUEUED,
	                        .due_ms = run_now(run), .first_ms = run_now(run) };
	run->counts->carried++;
	return keep_row(run, &row, 0);
}

static void
mark_in(const struct flight *flight, struct rk_text from_id)
{
	for (struct item *item = flight->items.first; item != NULL; item = item->next)
		item->overwritten |= text_eq(item->record->id, from_id);
}

/* The same where that record is itself on its way, or further back in this batch: its
 * outcome must not say that the target has its values. */
static void
mark_overwritten(struct run *run, struct rk_text from_id)
{
	for (size_t i = 0; i < run->writer_count; i++) {
		mark_in(&run->writers[i].flight, from_id);
		mark_in(&run->writers[i].done, from_id);
	}
}

static bool
settle_written(struct run *run, struct item *item, const struct rk_outcome *outcome)
{
	struct pending now_there;
	struct rk_text to_id = outcome->id.len > 0 ? outcome->id : item->to_id;
	if (!keep_link(run, item, to_id, outcome->version)
	    || (run->twin != NULL && !both_settled(run, item, to_id, outcome))
	    || !history_settled(run, item, outcome) || !keep_look(run, item, &now_there))
		return false;
	static const struct mapping_fault none;
	enum sync_action action = ACTION_UPDATE;
	switch (outcome->status) {
	case RK_CREATED:
		action = ACTION_CREATE;
		run->counts->created++;
		break;
	case RK_UPDATED:   run->counts->updated++;   break;
	case RK_ARCHIVED:  run->counts->archived++;  break;
	default:
		action = ACTION_UNCHANGED;
		run->counts->unchanged++;
		break;
	}
	tell(run, item, action, to_id, &none);
	if (now_there.id.len > 0 && keep_is_same(item, &now_there)
	    && !keep_drop(run, now_there.id, now_there.state))
		return false;
	if (item->overwritten && !write_again(run, item, item->record->id))
		return false;
	if (item->owes && !parents_owe(run, item))
		return false;
	return item_release(run, item);
}

static bool
settle_rejected(struct run *run, struct item *item, const struct mapping_fault *fault,
                struct rk_text code)
{
	struct mapping_fault why = *fault;
	if (why.category == RK_CAT_NONE || why.category > RK_CAT_OTHER)
		why.category = RK_CAT_OTHER;
	if (run_reverts(run))
		return revert_refused(run, item, false, why.message);
	tell(run, item, ACTION_FAIL, item->to_id, &why);
	return identity_unsent(run, item) && history_unsent(run, item)
	       && intent_unsent(run, item)
	       && keep_item(run, item, PENDING_FAILED, 0, &why, code)
	       && item_release(run, item);
}

/* The same for an answer about this row, which may say that its record is gone. */
static bool
settle_refused(struct run *run, struct item *item, const struct mapping_fault *fault,
               const struct rk_outcome *outcome)
{
	bool gone;
	struct mapping_fault why;
	if (!gone_at_target(run, item, outcome, &gone))
		return false;
	if (!gone)
		return settle_rejected(run, item, fault, outcome->code);
	if (run_reverts(run))
		return revert_refused(run, item, true, fault->message);
	if (gone_is(item->record))
		return gone_settled(run, item) && item_release(run, item);
	gone_refusal(run, item, &why);
	return settle_rejected(run, item, &why, TEXT_LIT(RK_CODE_RECORD_GONE));
}

/* A call that failed has pauses and an end of its own.  A row that is sent well and told
 * nothing of is asked for after 1, 2, 4 ... seconds, or its run would not end. */
static int64_t
unknown_wait(const struct pending *row, const struct verdict *call)
{
	int64_t doubled = row->attempts - (call->status == RK_OK ? 1 : TRIES_OPEN);
	return (int64_t)UNKNOWN_RETRY_MS << (doubled < 0 ? 0 : doubled < 6 ? doubled : 6);
}

/* Counts a try, and says when the next one is.  True: it was tried often enough. */
static bool
count_try(struct run *run, const struct item *item, const struct verdict *call,
          struct pending *row)
{
	int64_t now = run_now(run);
	bool was_failed = row->state == PENDING_FAILED;
	if (item->tries > row->attempts)
		row->attempts = item->tries;
	if (call->suspect)
		row->attempts = blame_count(run, row->attempts, call->rows);
	else
		row->attempts += call->status == RK_OK;
	bool enough = call->blamed || blame_is_known(row)
	              || (call->status == RK_OK && row->attempts >= TRIES_OPEN);
	if (!enough) {
		row->due_ms = now + unknown_wait(row, call);
		return false;
	}
	if (!was_failed)
		row->attempts = 1;
	row->due_ms = keep_retry_due(now, row->attempts - 1);
	return true;
}

static bool
settle_unknown(struct run *run, struct item *item, const struct verdict *call)
{
	const struct session *session = run_target(run);
	int64_t hold = run_now(run) + session->t_land_ms;
	struct pending row;
	if (run_reverts(run))
		return revert_unknown(run, item, call);
	if (!keep_look(run, item, &row))
		return false;
	int64_t old_state = row.id.len > 0 ? row.state : 0;
	if (old_state != 0 && !keep_is_same(item, &row))
		keep_overtaken(run, &row);
	else
		keep_version(run, &row, item->record, &item->from_hash);
	if (old_state == 0)
		row.first_ms = run_now(run);
	if (hold < row.hold_until_ms)
		hold = row.hold_until_ms;
	if (hold < call->lands_ms)
		hold = call->lands_ms;
	bool failed = count_try(run, item, call, &row);
	row.id = item->record->id;
	row.message = failed && call->status != RK_OK
		? text_of(call->err.message)
		: TEXT_LIT("the outcome of its last write is not known");
	tell(run, item, failed ? ACTION_FAIL : ACTION_WAIT, item->to_id,
	     &(struct mapping_fault){ .category = failed ? RK_CAT_OTHER : RK_CAT_NONE,
	                              .message = row.message });
	return history_unknown(run, item)
	       && keep_unknown(run, &row, old_state, &(struct keep_sent){
			.operation = item->operation, .key = item->key,
			.body_hash = item->body_hash, .hold_until_ms = hold,
			.believe_after_ms = hold + session->t_visible_ms, .failed = failed })
	       && item_release(run, item);
}

/* Sure not to have happened: it goes again, alone or with fewer if the batch
 * as a whole was refused, or failed once more. */
static bool
settle_again(struct run *run, struct item *item, const struct verdict *call, bool refused)
{
	item->tries = call->suspect ? blame_count(run, item->tries, call->rows)
	                            : item->tries + 1;
	if (call->suspect)
		item->most = blame_most(run, item);
	else if (refused)
		item->most = call->rows / 2 > 0 ? call->rows / 2 : 1;
	if (!identity_unsent(run, item) || !history_unsent(run, item)
	    || !intent_unsent(run, item))
		return false;
	if (item->tries <= RESEND_MAX) {
		/* What was seen of the target may be old by then. */
		item->looked = false;
		list_add(&run->lanes[call->lane == LANE_UPDATE ? item_update_lane(run, item)
		                                               : call->lane], item);
		return true;
	}
	if (run_reverts(run))
		return revert_refused(run, item, false, text_of(call->err.message));
	return keep_item(run, item, PENDING_QUEUED, run_now(run) + 60000, NULL,
	                 (struct rk_text){ NULL, 0 })
	       && item_release(run, item);
}

/* A native upsert met a record that belongs to another one of the source, or an update
 * is said to have changed such a record: that is told, and no second link is made. */
static bool
met_linked(struct run *run, struct item *item, const struct rk_outcome *outcome,
           struct rk_text *other)
{
	struct link link = { 0 };
	bool met = item->operation == RK_OP_UPSERT && outcome->status != RK_CREATED;
	bool moved = item->to_id.len > 0 && outcome->id.len > 0
	             && !text_eq(item->to_id, outcome->id);
	if ((met || moved)
	    && !store_link_by_target(run->store, outcome->id, item->record->id,
	                             &item->page->arena, &link, &run->err))
		return run_store_failed(run);
	bool dead = false;
	if (link.from_id.len > 0 && !gone_frees(run, &link, &dead))
		return false;
	*other = dead ? (struct rk_text){ NULL, 0 } : link.from_id;
	return true;
}

static bool
settle_success(struct run *run, struct item *item, const struct rk_outcome *outcome)
{
	struct rk_text other = { NULL, 0 };
	if (run_reverts(run))
		return revert_written(run, item, outcome);
	if (!met_linked(run, item, outcome, &other))
		return false;
	if (other.len == 0 && gone_is(item->record))
		return gone_settled(run, item) && item_release(run, item);
	if (other.len == 0)
		return settle_written(run, item, outcome);
	if (!write_again(run, item, other))
		return false;
	mark_overwritten(run, other);
	struct mapping_fault fault = {
		.category = RK_CAT_DUPLICATE, .field = run->to_fields[run->key_slot].name,
		.value = item->key,
		.message = arena_printf(&item->page->arena, "record %.*s of the target has this key "
		                        "and belongs to record %.*s of the source; two records "
		                        "cannot be one", (int)outcome->id.len, outcome->id.ptr,
		                        (int)other.len, other.ptr) };
	return settle_rejected(run, item, &fault, (struct rk_text){ NULL, 0 });
}

/* It is the target's trouble with this one record. */
static bool
settle_blamed(struct run *run, struct item *item, const struct rk_outcome *outcome,
              const struct verdict *call)
{
	struct mapping_fault fault = {
		.category = RK_CAT_OTHER, .field = text_of(call->err.field),
		.value = text_of(call->err.value),
		.message = call->status != RK_OK ? text_of(call->err.message)
		           : outcome->message.len > 0 ? outcome->message
		           : TEXT_LIT("the target put this record off, again and again") };
	return settle_rejected(run, item, &fault, TEXT_LIT(RK_CODE_NEVER_TAKEN));
}

bool
settle_row(struct run *run, struct item *item, const struct rk_outcome *outcome,
           const struct verdict *call)
{
	int32_t status = outcome->status;
	bool refused = call->status == RK_REJECT;
	bool sure_not = refused || (call->status != RK_OK && !call->err.maybe_sent);
	if (status == RK_UNKNOWN && sure_not)
		status = RK_RETRY;
	struct mapping_fault fault = {
		.category = outcome->category, .field = outcome->field,
		.value = outcome->value, .message = outcome->message };
	if (status == RK_RETRY && call->blamed)
		return settle_blamed(run, item, outcome, call);
	switch (status) {
	case RK_CREATED:
	case RK_UPDATED:
	case RK_UNCHANGED:
	case RK_ARCHIVED:
		return settle_success(run, item, outcome);
	case RK_REJECTED:
		return settle_refused(run, item, &fault, outcome);
	case RK_CONFLICT:
	case RK_RETRY:
		break;
	default:
		return settle_unknown(run, item, call);
	}
	if (!refused || call->rows > 1)
		return settle_again(run, item, call, refused && !call->culprit_named);
	fault = (struct mapping_fault){
		.category = call->err.category, .field = text_of(call->err.field),
		.value = text_of(call->err.value), .message = text_of(call->err.message) };
	return settle_rejected(run, item, &fault, text_of(call->err.code));
}
