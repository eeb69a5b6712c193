/* SPDX-License-Identifier: Apache-2.0
 *
 * write.c - WRITE: takes a lane's rows, journals them as a batch, sends them,
 * and settles each by its outcome.
 *
 * Nothing leaves before the batch row is committed; links, rows that stay and
 * the end of the batch are one commit.  A row whose outcome is not known
 * becomes an unknown row of pending; the rules of stage.c settle it. */
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/text.h"
#include "sync/state.h"

#define UNKNOWN_RETRY_MS 1000
#define RESEND_MAX 24

static bool
lanes_empty(const struct run *run)
{
	for (int i = 0; i < LANE_COUNT; i++)
		if (run->lanes[i].count > 0)
			return false;
	return true;
}

static bool
all_staged(const struct run *run)
{
	for (const struct work_page *page = run->pages; page != NULL; page = page->next)
		if (page->staged < page->count)
			return false;
	return true;
}

bool
write_idle(const struct run *run)
{
	for (size_t i = 0; i < run->writer_count; i++)
		if (run->writers[i].flight.count > 0)
			return false;
	return lanes_empty(run) && all_staged(run);
}

/* More records come without a write: a batch that is not full waits for them. */
static bool
more_to_come(const struct run *run)
{
	if (!all_staged(run) || (run->fetch_count > 0 && !run->source.stopped))
		return true;
	/* Reading itself waits until the pages of earlier runs are done. */
	return !run->read_done && !run->source.stopped && run->old_pages == 0
	       && !run->drain_first && may_read_ahead(run);
}

/* The lane to send from; LANE_COUNT: none yet. */
static enum lane
choose_lane(const struct run *run)
{
	for (int i = 0; i < LANE_COUNT; i++)
		if (run->lanes[i].count >= run->batch_max)
			return (enum lane)i;
	if (more_to_come(run))
		return LANE_COUNT;
	for (int i = 0; i < LANE_COUNT; i++)
		if (run->lanes[i].count > 0)
			return (enum lane)i;
	return LANE_COUNT;
}

/* Bisected rows go together with their like only. */
static void
take_flight(struct run *run, struct writer *writer, enum lane lane)
{
	struct item_list *list = &run->lanes[lane];
	size_t most = list->first->most;
	writer->lane = lane;
	while (list->first != NULL && list->first->most == most
	       && writer->flight.count < most)
		list_add(&writer->flight, list_take(list));
}

static bool
journal_flight(struct run *run, struct writer *writer)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	const struct session *session = &writer->caller.session;
	struct store_batch *batch = &writer->batch;
	*batch = (struct store_batch){ .operation = writer->flight.first->operation,
	                               .count = writer->flight.count };
	batch->hold_until_ms = run_now(run) + run->write_deadline_ms + session->t_land_ms;
	batch->believe_after_ms = batch->hold_until_ms + session->t_visible_ms;
	batch->entries = arena_new_array(&arena, batch->count, struct batch_entry);
	size_t at = 0;
	for (const struct item *item = writer->flight.first; item != NULL; item = item->next)
		batch->entries[at++] = (struct batch_entry){
			.id = item->record->id, .key = item->key, .body_hash = item->body_hash,
			.page_seq = item->page->from_pending ? 0 : item->page->seq };
	return store_batch_put(run->store, batch, &run->err) || run_store_failed(run);
}

static int32_t
ask_upsert(struct run *run, struct writer *writer, struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct session_object object;
	struct session *session = &writer->caller.session;
	int32_t status = session_object(session, run->sync->to.object, &object, err);
	if (status != RK_OK)
		return status;
	struct rk_row *rows = arena_new_array(&arena, writer->flight.count, struct rk_row);
	bool by_key = writer->flight.first->operation == RK_OP_UPSERT;
	size_t at = 0;
	for (const struct item *item = writer->flight.first; item != NULL; item = item->next, at++) {
		rows[at] = (struct rk_row){
			.id = item->to_id, .values = item->row,
			.key = by_key ? &item->row[run->key_slot] : NULL,
			.trace = arena_printf(&arena, "r%lld-%zu", (long long)writer->batch.seq, at) };
	}
	struct rk_batch batch = {
		.struct_size = sizeof batch, .operation = writer->flight.first->operation,
		.object = text_of(object.name), .fields = run->to_fields,
		.field_count = run->to_count,
		.key_field = by_key ? &run->to_fields[run->key_slot] : NULL,
		.rows = rows, .row_count = at, .token = writer->batch.token };
	return session_ask_upsert(session, &object, &batch, err);
}

/* Nothing was asked after all: the rows go back to the front of their lane. */
static void
give_back(struct run *run, struct writer *writer)
{
	struct item_list *lane = &run->lanes[writer->lane];
	struct item_list waiting = *lane;
	if (waiting.count > 0 && waiting.last == &lane->first)
		waiting.last = &waiting.first;
	*lane = (struct item_list){ 0 };
	struct item *item;
	while ((item = list_take(&writer->flight)) != NULL)
		list_add(lane, item);
	while (waiting.count > 0 && (item = list_take(&waiting)) != NULL)
		list_add(lane, item);
}

static bool
drop_batch(struct run *run, struct writer *writer)
{
	struct store_batch *batch = &writer->batch;
	if (batch->seq != 0 && !store_batch_drop(run->store, batch->seq, &run->err))
		return run_store_failed(run);
	*batch = (struct store_batch){ 0 };
	return true;
}

static void
send_flight(struct run *run, struct writer *writer)
{
	struct rk_err err;
	int32_t status = ask_upsert(run, writer, &err);
	if (status == RK_OK) {
		writer->caller.asked = true;
		run->counts->writes += writer->batch.token.len == 0;
		return;
	}
	/* Sure not sent: the journal must not call it unknown. */
	run_call_failed(run, &writer->caller, status, &err, false);
	if (store_begin(run->store, &run->err) && drop_batch(run, writer)
	    && store_commit(run->store, &run->err))
		give_back(run, writer);
	else
		run_store_failed(run);
}

static void
look(struct run *run, struct writer *writer, bool (*ask)(struct run *, struct writer *))
{
	writer->looks = ask(run, writer);
	if (!writer->looks)
		give_back(run, writer);
}

/* Stages records, and takes and journals a flight if there is one to go.  In a
 * transaction, after whose commit it may fly. */
static bool
load_flight(struct run *run, struct writer *writer)
{
	if (!stage(run))
		return false;
	enum lane lane = choose_lane(run);
	if (lane == LANE_COUNT)
		return true;
	take_flight(run, writer, lane);
	return lane == LANE_PROBE || run_looks(run) || journal_flight(run, writer);
}

static bool
prepare(struct run *run, struct writer *writer)
{
	return (store_begin(run->store, &run->err) && load_flight(run, writer)
	        && store_commit(run->store, &run->err))
	       || run_store_failed(run);
}

/* While all writers are busy: the next flight is then ready when one of them is not. */
static void
stage_ahead(struct run *run)
{
	if (all_staged(run) || !run->has_target || !stage_has_room(run))
		return;
	if (!store_begin(run->store, &run->err) || !stage(run)
	    || !store_commit(run->store, &run->err))
		run_store_failed(run);
}

static void
fly(struct run *run, struct writer *writer)
{
	if (writer->lane == LANE_PROBE)
		look(run, writer, probe_ask);
	else if (run_looks(run) && writer->lane == LANE_UPDATE)
		look(run, writer, plan_ask);
	else if (run_looks(run))
		plan_create(run, writer);
	else
		send_flight(run, writer);
}

void
write_step(struct run *run)
{
	for (size_t i = 0; i < run->writer_count && !run->store_failed; i++) {
		struct writer *writer = &run->writers[i];
		if (!run_may_call(run, &writer->caller) || run_now(run) < writer->wait_until_ms)
			continue;
		/* One that carries a job asks for it again, by its token. */
		bool carries = writer->flight.count > 0;
		if (!carries && ((lanes_empty(run) && all_staged(run)) || !run_target_ready(run)))
			return;
		if (!carries && (!prepare(run, writer) || writer->flight.count == 0))
			return;
		fly(run, writer);
	}
	if (!run->store_failed)
		stage_ahead(run);
}

/* ---- Settling ------------------------------------------------------------ */

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

/* The same where that record is itself on its way: its outcome must not say that the
 * target has its values. */
static void
mark_overwritten(struct run *run, struct rk_text from_id)
{
	for (size_t i = 0; i < run->writer_count; i++)
		for (struct item *item = run->writers[i].flight.first; item != NULL;
		     item = item->next)
			item->overwritten |= text_eq(item->record->id, from_id);
}

static bool
settle_written(struct run *run, struct item *item, const struct rk_outcome *outcome)
{
	struct pending now_there;
	int64_t hold = item->pending.hold_until_ms;
	struct link link = {
		.from_id = item->record->id,
		.to_id = outcome->id.len > 0 ? outcome->id : item->to_id,
		.key_hash = item->key.len > 0 ? hash_text64(item->key) : 0,
		.from_hash = item->from_hash, .to_hash = item->body_hash,
		.from_ms = item->record->modified_ms, .to_version = outcome->version,
		.hold_until_ms = hold > run_now(run) ? hold : 0 };
	if (!store_link_put(run->store, &link, &run->err))
		return run_store_failed(run);
	if (item->link.to_id.len > 0 && item->link.key_hash != link.key_hash)
		set_add(&run->freed_keys, item->link.key_hash);
	if (!keep_look(run, item, &now_there))
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
	tell(run, item, action, link.to_id, &none);
	if (now_there.id.len > 0 && keep_is_same(item, &now_there)
	    && !keep_drop(run, now_there.id, now_there.state))
		return false;
	if (item->overwritten && !write_again(run, item, item->record->id))
		return false;
	return stage_release(run, item);
}

static bool
settle_rejected(struct run *run, struct item *item, const struct mapping_fault *fault,
                struct rk_text code)
{
	struct mapping_fault why = *fault;
	if (why.category == RK_CAT_NONE || why.category > RK_CAT_OTHER)
		why.category = RK_CAT_OTHER;
	tell(run, item, ACTION_FAIL, item->to_id, &why);
	return keep_item(run, item, PENDING_FAILED, 0, &why, code)
	       && stage_release(run, item);
}

struct verdict {                       /* On the call as a whole. */
	int32_t status;
	const struct rk_err *err;
	enum lane lane;
	size_t rows;
	bool culprit_named;            /* A row was rejected: the others need no halving. */
	bool only_again;               /* Every row asks to be sent again. */
};

/* A target in trouble has its own tries.  One that answers well and never tells
 * an outcome is asked after 1, 2, 4 ... seconds, or its run would not end. */
static int64_t
unknown_wait(struct pending *row, const struct verdict *call)
{
	if (call->status != RK_OK)
		return UNKNOWN_RETRY_MS;
	row->attempts++;
	return (int64_t)UNKNOWN_RETRY_MS << (row->attempts < 7 ? row->attempts - 1 : 6);
}

static bool
settle_unknown(struct run *run, struct item *item, const struct verdict *call)
{
	const struct session *session = run_target(run);
	int64_t now = run_now(run);
	bool create = item->operation == RK_OP_CREATE;
	struct pending row;
	if (!keep_look(run, item, &row))
		return false;
	int64_t old_state = row.id.len > 0 ? row.state : 0;
	bool newer = old_state != 0 && !keep_is_same(item, &row);
	int64_t hold = now + session->t_land_ms;
	if (newer) {
		keep_overtaken(run, &row);
	} else {
		buf_reset(&run->scratch);
		record_encode(&run->scratch, item->record, run->from_count);
		row.body = buf_text(&run->scratch);
		row.from_hash = item->from_hash;
		row.version = item->record->version;
		row.modified_ms = item->record->modified_ms;
		memcpy(row.revision, run->revision, sizeof row.revision);
	}
	row.id = item->record->id;
	/* Without a key nothing can be looked up: only a person can know. */
	row.state = create && (run->guarantee == 4 || item->key.len == 0)
	                    ? PENDING_UNDECIDED : PENDING_UNKNOWN;
	row.operation = item->operation;
	row.key = item->key;
	row.key_hash = hash_text64(item->key);
	row.body_hash = item->body_hash;
	row.hold_until_ms = hold > row.hold_until_ms ? hold : row.hold_until_ms;
	row.believe_after_ms = row.hold_until_ms + session->t_visible_ms;
	row.due_ms = now + unknown_wait(&row, call);
	if (row.state == PENDING_UNDECIDED) {
		row.due_ms = INT64_MAX;
		row.category = RK_CAT_OTHER;
		row.code = TEXT_LIT(RK_CODE_UNDECIDED);
	}
	row.first_ms = old_state != 0 ? row.first_ms : now;
	row.message = TEXT_LIT("the outcome of its last write is not known");
	tell(run, item, ACTION_WAIT, item->to_id,
	     &(struct mapping_fault){ .message = row.message });
	return keep_row(run, &row, old_state) && stage_release(run, item);
}

/* Sure not to have happened: it goes again, alone or with fewer if the batch
 * as a whole was refused. */
static bool
settle_again(struct run *run, struct item *item, const struct verdict *call, bool refused)
{
	if (refused)
		item->most = call->rows / 2 > 0 ? call->rows / 2 : 1;
	if (++item->tries <= RESEND_MAX) {
		list_add(&run->lanes[call->lane], item);
		return true;
	}
	return keep_item(run, item, PENDING_QUEUED, run_now(run) + 60000, NULL,
	                 (struct rk_text){ NULL, 0 })
	       && stage_release(run, item);
}

/* A native upsert met a record that belongs to another one of the source: that is
 * told, and no second link is made. */
static bool
met_linked(struct run *run, struct item *item, const struct rk_outcome *outcome,
           struct rk_text *other)
{
	struct link link = { 0 };
	if (item->operation == RK_OP_UPSERT && outcome->status != RK_CREATED
	    && !store_link_by_target(run->store, outcome->id, item->record->id,
	                             &item->page->arena, &link, &run->err))
		return run_store_failed(run);
	*other = link.from_id;
	return true;
}

static bool
settle_success(struct run *run, struct item *item, const struct rk_outcome *outcome)
{
	struct rk_text other = { NULL, 0 };
	if (!met_linked(run, item, outcome, &other))
		return false;
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

static bool
settle_one(struct run *run, struct item *item, const struct rk_outcome *outcome,
           const struct verdict *call)
{
	int32_t status = outcome->status;
	bool refused = call->status == RK_REJECT;
	bool sure_not = refused || (call->status != RK_OK && !call->err->maybe_sent);
	if (status == RK_UNKNOWN && sure_not)
		status = RK_RETRY;
	struct mapping_fault fault = {
		.category = outcome->category, .field = outcome->field,
		.value = outcome->value, .message = outcome->message };
	switch (status) {
	case RK_CREATED:
	case RK_UPDATED:
	case RK_UNCHANGED:
	case RK_ARCHIVED:
		return settle_success(run, item, outcome);
	case RK_REJECTED:
		return settle_rejected(run, item, &fault, outcome->code);
	case RK_CONFLICT:
	case RK_RETRY:
		break;
	default:
		return settle_unknown(run, item, call);
	}
	if (!refused || call->rows > 1)
		return settle_again(run, item, call, refused && !call->culprit_named);
	fault = (struct mapping_fault){
		.category = call->err->category, .field = text_of(call->err->field),
		.value = text_of(call->err->value), .message = text_of(call->err->message) };
	return settle_rejected(run, item, &fault, text_of(call->err->code));
}

/* The next flight's journal goes with the outcomes of this one. */
static bool
goes_on(const struct run *run, const struct writer *writer, const struct verdict *call)
{
	return call->status == RK_OK && !call->only_again && run_may_call(run, &writer->caller);
}

static bool
settle(struct run *run, struct writer *writer, const struct rk_result *result,
       const struct verdict *call)
{
	if (!store_begin(run->store, &run->err))
		return run_store_failed(run);
	static const struct rk_outcome unknown;
	for (size_t at = 0; at < call->rows; at++) {
		struct item *item = list_take(&writer->flight);
		const struct rk_outcome *outcome =
			result->outcomes != NULL ? &result->outcomes[at] : &unknown;
		if (!settle_one(run, item, outcome, call))
			return false;
	}
	if (!heal_keys(run) || !drop_batch(run, writer)
	    || (goes_on(run, writer, call) && !load_flight(run, writer))
	    || !store_commit(run->store, &run->err))
		return run_store_failed(run);
	return true;
}

/* A job was accepted: its token is on disk before we wait for it. */
static void
accept_job(struct run *run, struct writer *writer, const struct rk_result *result)
{
	const struct session *session = &writer->caller.session;
	struct store_batch *batch = &writer->batch;
	batch->token = arena_text(&run->arena, result->token);
	writer->wait_until_ms = run_now(run) + result->wait_ms;
	batch->hold_until_ms =
		writer->wait_until_ms + run->write_deadline_ms + session->t_land_ms;
	batch->believe_after_ms = batch->hold_until_ms + session->t_visible_ms;
	if (!store_begin(run->store, &run->err)
	    || !store_batch_put(run->store, batch, &run->err)
	    || !store_commit(run->store, &run->err))
		run_store_failed(run);
}

/* Whether an outcome claims what its operation cannot bring about. */
static bool
is_lie(const struct item *item, const struct rk_outcome *outcome)
{
	switch (outcome->status) {
	case RK_CREATED:
		return item->operation == RK_OP_UPDATE || outcome->id.len == 0;
	case RK_UPDATED:
	case RK_UNCHANGED:
		return item->operation == RK_OP_CREATE
		       || (outcome->id.len == 0 && item->to_id.len == 0);
	case RK_ARCHIVED:
		return item->operation != RK_OP_ARCHIVE;
	default:
		return false;
	}
}

/* What the outcomes of a batch may not claim together, in words; NULL: sound. */
static const char *
outcomes_fault(const struct writer *writer, const struct rk_result *result, int32_t status)
{
	struct set created = { 0 };
	const char *fault = NULL;
	const struct rk_outcome *outcome = result->outcomes;
	bool silent = status == RK_OK;
	for (const struct item *item = writer->flight.first; item != NULL; item = item->next) {
		silent &= outcome->status == RK_UNKNOWN;
		int64_t id = hash_text64(outcome->id);
		if (is_lie(item, outcome))
			fault = "an outcome does not fit what was asked";
		else if (outcome->status == RK_CREATED && set_has(&created, id))
			fault = "two rows are said to have created one record";
		if (outcome->status == RK_CREATED)
			set_add(&created, id);
		outcome++;
	}
	set_free(&created);
	return fault == NULL && silent ? "it says that all is well and tells no outcome" : fault;
}

static void
settle_answer(struct run *run, struct writer *writer, const struct runner_answer *answer)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	const struct caller *caller = &writer->caller;
	struct rk_result result = { 0 };
	struct verdict call = { .status = answer->status, .err = &answer->err,
	                        .lane = writer->lane, .rows = writer->flight.count };
	struct rk_err err = answer->err;
	const char *fault = NULL;
	if (!answer->ended
	    && !record_decode_outcomes(answer->bytes, &arena, call.rows, run->to_count, &result))
		fault = "its outcomes are damaged";
	else if (call.status == RK_PENDING && result.token.len == 0)
		fault = "it began a job and gave no token for it";
	else if (result.outcomes != NULL && call.status != RK_PENDING)
		fault = outcomes_fault(writer, &result, call.status);
	if (fault != NULL) {
		call.status = err_set(&err, RK_BUG, RK_CAT_BUG, "connector %s broke the contract: "
		                      "%s", caller->session.connection->connector, fault);
		err.maybe_sent = 1;
		call.err = &err;
		result.outcomes = NULL;
	}
	if (call.status == RK_PENDING) {
		accept_job(run, writer, &result);
		return;
	}
	call.only_again = result.outcomes != NULL;
	for (size_t i = 0; result.outcomes != NULL && i < call.rows; i++) {
		call.culprit_named |= result.outcomes[i].status == RK_REJECTED;
		call.only_again &= result.outcomes[i].status == RK_RETRY;
	}
	if (!settle(run, writer, &result, &call))
		return;
	if (call.status == RK_OK && call.only_again)
		run_call_failed(run, caller,
		                err_set(&err, RK_AGAIN, RK_CAT_SERVER, "every row of a batch was "
		                        "put off by the target"), &err, false);
	else if (call.status != RK_OK && call.status != RK_REJECT)
		run_call_failed(run, caller, call.status, &err, answer->ended);
	else
		caller->side->failures = 0;
	if (writer->flight.count > 0)
		fly(run, writer);
}

/* The answer of a call under way; a look that failed gives its items back. */
static void
take_answer(struct run *run, struct writer *writer, const struct runner_answer *answer)
{
	if (!writer->looks) {
		settle_answer(run, writer, answer);
		return;
	}
	writer->looks = false;
	bool taken = writer->lane == LANE_PROBE ? probe_take(run, writer, answer)
	                                        : plan_take(run, writer, answer);
	if (!taken && !run->store_failed)
		give_back(run, writer);
}

void
write_answers(struct run *run)
{
	struct runner_answer answer;
	for (size_t i = 0; i < run->writer_count; i++) {
		struct writer *writer = &run->writers[i];
		if (ask_answered(&writer->caller, &answer))
			take_answer(run, writer, &answer);
	}
}
