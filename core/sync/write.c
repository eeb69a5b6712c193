/* SPDX-License-Identifier: Apache-2.0
 *
 * write.c - WRITE: takes a lane's rows, journals them as a batch, and has one of
 * the writers send them; settle.c says what becomes of each by its outcome.
 *
 * Nothing leaves before the batch row is committed.  While a flight is under way the
 * writer's next one is staged and journaled, so that it leaves as soon as the answer is
 * there; only then links, rows that stay, the end of the batch and the journal of the
 * one after it are brought to disk, in one commit. */
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/text.h"
#include "sync/state.h"

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

static bool
nothing_read(const struct run *run)
{
	return run->arrived == NULL && all_staged(run);
}

bool
write_idle(const struct run *run)
{
	for (size_t i = 0; i < run->writer_count; i++)
		if (run->writers[i].flight.items.count > 0 || run->writers[i].next.items.count > 0)
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
take_flight(struct run *run, struct flight *flight, enum lane lane)
{
	struct item_list *list = &run->lanes[lane];
	size_t most = list->first->most;
	flight->lane = lane;
	while (list->first != NULL && list->first->most == most && flight->items.count < most)
		list_add(&flight->items, list_take(list));
}

/* One that is sent within the time of a call, which may take as long. */
static void
set_times(struct run *run, struct flight *flight)
{
	const struct session *session = run_target(run);
	struct store_batch *batch = &flight->batch;
	flight->send_by_mono = run_mono(run) + run->write_deadline_ms;
	batch->hold_until_ms = run_now(run) + 2 * run->write_deadline_ms + session->t_land_ms;
	batch->believe_after_ms = batch->hold_until_ms + session->t_visible_ms;
}

static bool
journal_flight(struct run *run, struct flight *flight)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct store_batch *batch = &flight->batch;
	*batch = (struct store_batch){ .operation = flight->items.first->operation,
	                               .count = flight->items.count };
	set_times(run, flight);
	batch->entries = arena_new_array(&arena, batch->count, struct batch_entry);
	size_t at = 0;
	for (const struct item *item = flight->items.first; item != NULL; item = item->next)
		batch->entries[at++] = (struct batch_entry){
			.id = item->record->id, .key = item->key, .body_hash = item->body_hash,
			.page_seq = item->page->from_pending ? 0 : item->page->seq };
	return store_batch_put(run->store, batch, &run->err) || run_store_failed(run);
}

/* What names a row in the vendor's logs: "rBATCH-ROW". */
static struct rk_text
trace_of(struct arena *arena, struct rk_text batch, size_t row)
{
	char digits[20], *at = digits + sizeof digits;
	do
		*--at = (char)('0' + row % 10);
	while ((row /= 10) > 0);
	size_t len = (size_t)(digits + sizeof digits - at);
	char *trace = arena_alloc(arena, batch.len + len);
	memcpy(trace, batch.ptr, batch.len);
	memcpy(trace + batch.len, at, len);
	return (struct rk_text){ trace, batch.len + len };
}

static int32_t
ask_upsert(struct run *run, struct writer *writer, struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	const struct flight *flight = &writer->flight;
	struct session_object object;
	struct session *session = &writer->caller.session;
	int32_t status = session_object(session, run->sync->to.object, &object, err);
	if (status != RK_OK)
		return status;
	struct rk_row *rows = arena_new_array(&arena, flight->items.count, struct rk_row);
	struct rk_text trace = arena_printf(&arena, "r%lld-", (long long)flight->batch.seq);
	bool by_key = flight->items.first->operation == RK_OP_UPSERT;
	size_t at = 0;
	for (const struct item *item = flight->items.first; item != NULL; item = item->next, at++)
		rows[at] = (struct rk_row){
			.id = item->to_id, .values = item->row,
			.key = by_key ? &item->row[run->key_slot] : NULL,
			.trace = trace_of(&arena, trace, at) };
	struct rk_batch batch = {
		.struct_size = sizeof batch, .operation = flight->items.first->operation,
		.object = text_of(object.name), .fields = run->to_fields,
		.field_count = run->to_count,
		.key_field = by_key ? &run->to_fields[run->key_slot] : NULL,
		.rows = rows, .row_count = at, .token = flight->batch.token };
	return session_ask_upsert(session, &object, &batch, err);
}

/* Nothing was asked after all: the rows go back to the front of their lane. */
static void
give_back(struct run *run, struct flight *flight)
{
	struct item_list *lane = &run->lanes[flight->lane];
	struct item_list waiting = *lane;
	if (waiting.count > 0 && waiting.last == &lane->first)
		waiting.last = &waiting.first;
	*lane = (struct item_list){ 0 };
	struct item *item;
	while ((item = list_take(&flight->items)) != NULL)
		list_add(lane, item);
	while (waiting.count > 0 && (item = list_take(&waiting)) != NULL)
		list_add(lane, item);
}

static bool
drop_batch(struct run *run, struct flight *flight)
{
	struct store_batch *batch = &flight->batch;
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
		run->counts->writes += writer->flight.batch.token.len == 0;
		return;
	}
	/* Sure not sent: the journal must not call it unknown. */
	run_call_failed(run, &writer->caller, status, &err, false);
	if (store_begin(run->store, &run->err) && drop_batch(run, &writer->flight)
	    && store_commit(run->store, &run->err))
		give_back(run, &writer->flight);
	else
		run_store_failed(run);
}

static void
look(struct run *run, struct writer *writer, bool (*ask)(struct run *, struct writer *))
{
	writer->looks = ask(run, writer);
	if (!writer->looks)
		give_back(run, &writer->flight);
}

/* Stages records, and takes and journals a flight if there is one to go.  In a
 * transaction, after whose commit it may fly. */
static bool
load_flight(struct run *run, struct flight *flight)
{
	if (!stage(run))
		return false;
	enum lane lane = choose_lane(run);
	if (lane == LANE_COUNT)
		return true;
	take_flight(run, flight, lane);
	return lane == LANE_PROBE || run_looks(run) || journal_flight(run, flight);
}

static bool
all_busy(const struct run *run)
{
	for (size_t i = 0; i < run->writer_count; i++)
		if (!run->writers[i].caller.asked)
			return false;
	return true;
}

/* The same for the one after it; not where another writer could take it at once, nor
 * for what must be asked first. */
static bool
load_next(struct run *run, struct writer *writer)
{
	if (!stage(run))
		return false;
	enum lane lane = choose_lane(run);
	if (lane == LANE_COUNT || lane == LANE_PROBE || run_looks(run)
	    || writer->looks || writer->next.items.count > 0 || !all_busy(run))
		return true;
	take_flight(run, &writer->next, lane);
	return journal_flight(run, &writer->next);
}

/* It does not fly after all: its rows go back.  In a transaction. */
static bool
ground_next(struct run *run, struct writer *writer)
{
	if (writer->next.items.count == 0)
		return true;
	give_back(run, &writer->next);
	return drop_batch(run, &writer->next);
}

static bool
prepare(struct run *run, struct writer *writer)
{
	return (store_begin(run->store, &run->err) && load_flight(run, &writer->flight)
	        && store_commit(run->store, &run->err))
	       || run_store_failed(run);
}

/* While all writers are busy: the next flight is then ready when one of them is not. */
static void
load_ahead(struct run *run)
{
	if (nothing_read(run) || !run->has_target || !stage_has_room(run))
		return;
	bool done = store_begin(run->store, &run->err) && stage(run);
	for (size_t i = 0; done && i < run->writer_count; i++)
		done = load_next(run, &run->writers[i]);
	if (!done || !store_commit(run->store, &run->err))
		run_store_failed(run);
}

static void
fly(struct run *run, struct writer *writer)
{
	if (writer->flight.lane == LANE_PROBE)
		look(run, writer, probe_ask);
	else if (run_looks(run) && writer->flight.lane == LANE_UPDATE)
		look(run, writer, plan_ask);
	else if (run_looks(run))
		plan_create(run, writer);
	else
		send_flight(run, writer);
}

/* The one that was loaded ahead leaves; one that waited too long gets new times. */
static void
fly_next(struct run *run, struct writer *writer)
{
	writer->flight = writer->next;
	writer->next = (struct flight){ 0 };
	if (run_mono(run) > writer->flight.send_by_mono) {
		set_times(run, &writer->flight);
		if (!store_begin(run->store, &run->err)
		    || !store_batch_put(run->store, &writer->flight.batch, &run->err)
		    || !store_commit(run->store, &run->err)) {
			run_store_failed(run);
			return;
		}
	}
	fly(run, writer);
}

/* A writer that may call: flies what it has, or what there is to fly; false: nothing. */
static bool
use_writer(struct run *run, struct writer *writer)
{
	/* One that carries a job asks for it again, by its token. */
	if (writer->flight.items.count > 0) {
		fly(run, writer);
		return true;
	}
	if (writer->next.items.count > 0) {
		fly_next(run, writer);
		return true;
	}
	if ((lanes_empty(run) && nothing_read(run)) || !begin_target(run) || !prepare(run, writer)
	    || writer->flight.items.count == 0)
		return false;
	fly(run, writer);
	return true;
}

void
write_step(struct run *run)
{
	bool idle = false;             /* Nothing is ready for a writer without a batch. */
	/* Whether the target is needed at all is known once they were looked at. */
	if (!run->has_target)
		read_arrived(run);
	for (size_t i = 0; i < run->writer_count && !run->store_failed; i++) {
		struct writer *writer = &run->writers[i];
		bool carries = writer->flight.items.count + writer->next.items.count > 0;
		if (run_may_call(run, &writer->caller) && run_mono(run) >= writer->wait_until_mono
		    && (carries || !idle))
			idle |= !use_writer(run, writer);
	}
	if (!run->store_failed)
		load_ahead(run);
	read_arrived(run);
}

/* ---- Answers --------------------------------------------------------------- */

/* The writer goes on at once. */
static bool
goes_on(const struct run *run, const struct writer *writer, const struct verdict *call)
{
	return call->status == RK_OK && !call->only_again && run_may_call(run, &writer->caller);
}

/* 'on': the writer goes on; its next flight may be under way already. */
static bool
settle(struct run *run, struct writer *writer, struct flight *done,
       const struct rk_result *result, const struct verdict *call, bool on)
{
	if (!store_begin(run->store, &run->err))
		return run_store_failed(run);
	static const struct rk_outcome unknown;
	for (size_t at = 0; at < call->rows; at++) {
		struct item *item = list_take(&done->items);
		const struct rk_outcome *outcome =
			result->outcomes != NULL ? &result->outcomes[at] : &unknown;
		if (!settle_row(run, item, outcome, call))
			return false;
	}
	bool done_well = heal_keys(run) && drop_batch(run, done);
	if (done_well && !on)
		done_well = ground_next(run, writer);
	else if (done_well && writer->flight.items.count == 0)
		done_well = load_flight(run, &writer->flight);
	else if (done_well)
		done_well = load_next(run, writer);
	return (done_well && store_commit(run->store, &run->err)) || run_store_failed(run);
}

/* A job was accepted: its token is on disk before we wait for it. */
static void
accept_job(struct run *run, struct writer *writer, const struct rk_result *result)
{
	const struct session *session = &writer->caller.session;
	struct store_batch *batch = &writer->flight.batch;
	batch->token = arena_text(&run->arena, result->token);
	writer->wait_until_mono = run_mono(run) + result->wait_ms;
	batch->hold_until_ms = run_now(run) + result->wait_ms + run->write_deadline_ms
	                       + session->t_land_ms;
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
	for (const struct item *item = writer->flight.items.first; item != NULL; item = item->next) {
		silent &= outcome->status == RK_UNKNOWN;
		int64_t id = hash_mark(outcome->id);
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

/* What the answer says of the call as a whole; its rows' outcomes go to 'result', whose
 * memory is the arena's, if it can be believed. */
static void
judge_answer(const struct run *run, const struct writer *writer,
             const struct runner_answer *answer, struct arena *arena,
             struct rk_result *result, struct verdict *call)
{
	const char *fault = NULL;
	*call = (struct verdict){ .status = answer->status, .err = answer->err,
	                          .lane = writer->flight.lane, .rows = writer->flight.items.count };
	if (!answer->ended
	    && !record_decode_outcomes(answer->bytes, arena, call->rows, run->to_count, result))
		fault = "its outcomes are damaged";
	else if (call->status == RK_PENDING && result->token.len == 0)
		fault = "it began a job and gave no token for it";
	else if (result->outcomes != NULL && call->status != RK_PENDING)
		fault = outcomes_fault(writer, result, call->status);
	if (fault != NULL) {
		call->status = err_set(&call->err, RK_BUG, RK_CAT_BUG, "connector %s broke the "
		                       "contract: %s",
		                       writer->caller.session.connection->connector, fault);
		call->err.maybe_sent = 1;
		result->outcomes = NULL;
	}
	call->only_again = result->outcomes != NULL;
	for (size_t i = 0; result->outcomes != NULL && i < call->rows; i++) {
		int32_t status = result->outcomes[i].status;
		call->culprit_named |= status == RK_REJECTED;
		call->only_again &= status == RK_RETRY;
		call->decided |= status != RK_RETRY && status != RK_UNKNOWN;
	}
}

static void
settle_answer(struct run *run, struct writer *writer, const struct runner_answer *answer)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	const struct caller *caller = &writer->caller;
	struct rk_result result = { 0 };
	struct verdict call;
	judge_answer(run, writer, answer, &arena, &result, &call);
	if (call.status == RK_PENDING) {
		accept_job(run, writer, &result);
		return;
	}
	bool known = blame_is_known(&writer->flight.items.first->pending);
	blame(run, writer, &call);
	caller->side->wrote |= call.decided;
	bool on = goes_on(run, writer, &call);
	struct flight done = writer->flight;
	writer->flight = (struct flight){ 0 };
	if (on && writer->next.items.count > 0) {
		fly_next(run, writer);
		on = caller->asked || goes_on(run, writer, &call);
	}
	if (run->store_failed || !settle(run, writer, &done, &result, &call, on))
		return;
	/* The side is well, but for that record. */
	if (call.blamed && (known || caller->side->wrote))
		return;
	if (call.status == RK_OK && call.only_again)
		run_call_failed(run, caller,
		                err_set(&call.err, RK_AGAIN, RK_CAT_SERVER, "every row of a batch "
		                        "was put off by the target"), &call.err, false);
	else if (call.status != RK_OK && call.status != RK_REJECT)
		run_call_failed(run, caller, call.status, &call.err, answer->ended);
	else
		caller->side->failures = 0;
	if (writer->flight.items.count > 0 && !caller->asked)
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
	bool taken = writer->flight.lane == LANE_PROBE ? probe_take(run, writer, answer)
	                                        : plan_take(run, writer, answer);
	if (!taken && !run->store_failed)
		give_back(run, &writer->flight);
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

/* A row that was taken up stays as it is, if it is an error. */
static bool
park(struct run *run, struct item *item)
{
	int64_t state = item->pending.state;
	if (item->tries == 0 || item->tries <= item->pending.attempts
	    || state == PENDING_FAILED)
		return true;
	return keep_item(run, item,
	                 state == PENDING_UNKNOWN ? PENDING_UNKNOWN : PENDING_QUEUED,
	                 run_now(run), NULL, (struct rk_text){ NULL, 0 })
	       && stage_release(run, item);
}

static bool
park_all(struct run *run)
{
	struct item *item;
	for (int i = 0; i < LANE_COUNT; i++)
		while ((item = list_take(&run->lanes[i])) != NULL)
			if (!park(run, item))
				return false;
	return true;
}

void
write_end(struct run *run)
{
	if (write_idle(run) || run->options->mode != SYNC_RUN || run->store_failed)
		return;
	bool done = store_begin(run->store, &run->err);
	for (size_t i = 0; done && i < run->writer_count; i++)
		done = ground_next(run, &run->writers[i]);
	if (!done || !park_all(run) || !store_commit(run->store, &run->err))
		run_store_failed(run);
}
