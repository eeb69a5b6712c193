/* SPDX-License-Identifier: Apache-2.0
 *
 * write.c - WRITE: when each of the writers loads a flight, sends it, and settles its
 * answer.  What a flight is, is flight.c's; what an answer says, verdict.c's; what
 * becomes of each row by its outcome, settle.c's.
 *
 * Nothing leaves before the batch row is committed.  While a flight is under way the
 * writer's next one is staged and journaled, so that it leaves as soon as the answer is
 * there; only then links, rows that stay, the end of the batch and the journal of the
 * one after it are brought to disk, in one commit. */
#include "base/err.h"
#include "sync/both.h"

bool
write_idle(const struct run *run)
{
	for (size_t i = 0; i < run->writer_count; i++)
		if (run->writers[i].flight.items.count > 0 || run->writers[i].next.items.count > 0)
			return false;
	return stage_lanes_empty(run) && !stage_left(run);
}

bool
write_loaded(const struct run *run)
{
	for (size_t i = 0; i < run->writer_count; i++)
		if (!run->writers[i].caller.asked || run->writers[i].next.items.count == 0)
			return false;
	return true;
}

/* Stages records, and loads a flight if there is one to go.  In a transaction, after
 * whose commit it may fly. */
static bool
load(struct run *run, struct flight *flight)
{
	if (!stage(run))
		return false;
	both_look_again(run);
	enum lane lane = flight_lane(run);
	return lane == LANE_COUNT || flight_load(run, flight, lane);
}

static void
look(struct run *run, struct writer *writer, bool (*ask)(struct run *, struct writer *))
{
	writer->looks = ask(run, writer);
	if (!writer->looks)
		flight_give_back(run, &writer->flight);
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
	enum lane lane = flight_lane(run);
	bool looked = run->twin != NULL && lane == LANE_UPDATE;
	if (lane == LANE_COUNT || lane <= LANE_BEFORE || looked || run_looks(run)
	    || writer->looks || writer->next.items.count > 0 || !all_busy(run))
		return true;
	return flight_load(run, &writer->next, lane);
}

/* It does not fly after all: its rows go back.  In a transaction. */
static bool
ground_next(struct run *run, struct writer *writer)
{
	if (writer->next.items.count == 0)
		return true;
	return flight_grounded(run, &writer->next);
}

static bool
prepare(struct run *run, struct writer *writer)
{
	return (store_begin(run->store, &run->err) && load(run, &writer->flight)
	        && pages_commit(run))
	       || run_store_failed(run);
}

/* While all writers are busy: the next flight is then ready when one of them is not. */
static void
load_ahead(struct run *run)
{
	if (!stage_left(run) || !run->has_target || !stage_has_room(run) || write_loaded(run))
		return;
	bool done = store_begin(run->store, &run->err) && stage(run);
	for (size_t i = 0; done && i < run->writer_count; i++)
		done = load_next(run, &run->writers[i]);
	if (!done || !pages_commit(run))
		run_store_failed(run);
}

static void
fly(struct run *run, struct writer *writer)
{
	if (writer->flight.lane == LANE_PROBE)
		look(run, writer, probe_ask);
	else if (writer->flight.lane == LANE_BEFORE)
		look(run, writer, before_ask);
	else if (run_looks(run))
		plan_take(run, writer);
	else
		flight_send(run, writer);
}

/* The one that was loaded ahead leaves; one that waited too long gets new times. */
static void
fly_next(struct run *run, struct writer *writer)
{
	writer->flight = writer->next;
	writer->next = (struct flight){ 0 };
	if (run_mono(run) <= writer->flight.send_by_mono
	    || flight_put_off(run, &writer->flight))
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
	if ((stage_lanes_empty(run) && !stage_left(run)) || !begin_target(run)
	    || !prepare(run, writer)
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
settle(struct run *run, struct writer *writer, const struct rk_result *result,
       const struct verdict *call, bool on)
{
	struct flight *done = &writer->done;
	if (!store_begin(run->store, &run->err))
		return run_store_failed(run);
	static const struct rk_outcome unknown;
	for (size_t at = 0; at < call->rows; at++) {
		struct item *item = list_take(&done->items);
		const struct rk_outcome *outcome =
			result->outcomes != NULL ? &result->outcomes[at] : &unknown;
		item->page->flown--;
		if (!settle_row(run, item, outcome, call))
			return false;
	}
	bool done_well = heal_keys(run) && flight_drop(run, done);
	if (done_well && !on)
		done_well = ground_next(run, writer);
	else if (done_well && writer->flight.items.count == 0)
		done_well = load(run, &writer->flight);
	else if (done_well)
		done_well = load_next(run, writer);
	return (done_well && pages_commit(run)) || run_store_failed(run);
}

/* A job was accepted: its token is on disk before we wait for it.  A run that dies leaves
 * a job that works on by itself, and only time tells that it has ended. */
static void
accept_job(struct run *run, struct writer *writer, const struct rk_result *result)
{
	const struct session *session = &writer->caller.session;
	struct store_batch *batch = &writer->flight.batch;
	batch->token = arena_text(&run->arena, result->token);
	writer->wait_until_mono = run_mono(run) + result->wait_ms;
	batch->hold_until_ms = run_now(run) + result->wait_ms + run->write_deadline_ms
	                       + (session->t_land_ms > JOB_LANDS_MS ? session->t_land_ms
	                                                            : JOB_LANDS_MS);
	batch->believe_after_ms = batch->hold_until_ms + session->t_visible_ms;
	if (!store_begin(run->store, &run->err)
	    || !store_batch_again(run->store, batch, &run->err)
	    || !store_commit(run->store, &run->err))
		run_store_failed(run);
}

/* What became of a job is not known because the question failed: it is asked again while
 * the side tries, and stands in the journal for the next run.  A job that tells of its
 * rows has ended, whatever is said of the call. */
static bool
asks_again(const struct writer *writer, const struct verdict *call)
{
	return writer->flight.batch.token.len > 0 && !call->told
	       && (call->status == RK_AGAIN || call->status == RK_PAUSE);
}

static void
settle_answer(struct run *run, struct writer *writer, const struct runner_answer *answer)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	const struct caller *caller = &writer->caller;
	struct rk_result result = { 0 };
	struct verdict call;
	verdict_of(run, writer, answer, &arena, &result, &call);
	if (call.status == RK_PENDING) {
		accept_job(run, writer, &result);
		return;
	}
	if (asks_again(writer, &call)) {
		run_call_failed(run, caller, call.status, &call.err, answer->ended);
		return;
	}
	bool known = blame_is_known(&writer->flight.items.first->pending);
	blame(run, writer, &call);
	caller->side->wrote |= call.decided;
	bool on = goes_on(run, writer, &call);
	writer->done = writer->flight;
	writer->flight = (struct flight){ 0 };
	if (on && writer->next.items.count > 0) {
		fly_next(run, writer);
		on = caller->asked || goes_on(run, writer, &call);
	}
	if (run->store_failed || !settle(run, writer, &result, &call, on))
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
	cost_look(run, writer->flight.lane, answer->http_calls);
	bool taken = writer->flight.lane == LANE_PROBE ? probe_take(run, writer, answer)
	                                        : before_take(run, writer, answer);
	if (!taken && !run->store_failed)
		flight_give_back(run, &writer->flight);
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
	       && item_release(run, item);
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
	if (!done || !park_all(run) || !pages_commit(run))
		run_store_failed(run);
}
