/* SPDX-License-Identifier: Apache-2.0
 *
 * flight.c - a flight: rows of one lane that go to the target in one call.  It is
 * taken from its lane, journaled before anything of it leaves, and sent; what turns
 * out not to have left is given back.  When that happens is write.c's. */
#include <string.h>

#include "base/text.h"
#include "sync/both.h"

/* More records come without a write: a batch that is not full waits for them. */
static bool
more_to_come(const struct run *run)
{
	if (stage_left(run) || (run->fetch_count > 0 && !run->source.stopped))
		return true;
	/* Reading itself waits until the pages of earlier runs are done. */
	return !run->read_done && !run->source.stopped && run->old_pages == 0
	       && !run->drain_first && !run->apply_dry && may_read_ahead(run);
}

enum lane
flight_lane(const struct run *run)
{
	/* In a two-way sync a look is the last thing before its write. */
	if (run->twin != NULL && run->lanes[LANE_UPDATE].count > 0)
		return LANE_UPDATE;
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

/* Bisected rows go together with their like only, and one field is asked for at a time. */
static void
take(struct run *run, struct flight *flight, enum lane lane)
{
	struct item_list *list = &run->lanes[lane];
	size_t most = list->first->most, rank = list->first->probe_rank;
	flight->lane = lane;
	while (list->first != NULL && list->first->most == most
	       && (lane != LANE_PROBE || list->first->probe_rank == rank)
	       && flight->items.count < most)
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
journal(struct run *run, struct flight *flight)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct store_batch *batch = &flight->batch;
	*batch = (struct store_batch){
		.operation = run_reverts(run) ? STORE_OP_UNDO : flight->items.first->operation,
		.count = flight->items.count };
	set_times(run, flight);
	batch->entries = arena_new_array(&arena, batch->count, struct batch_entry);
	size_t at = 0;
	for (const struct item *item = flight->items.first; item != NULL; item = item->next) {
		item->page->flown++;
		batch->entries[at++] = (struct batch_entry){
			.id = item->record->id, .key = item->key, .body_hash = item->body_hash,
			.page_seq = item->page->from_pending ? 0 : item->page->seq };
	}
	bool done = store_batch_put(run->store, batch, &run->err);
	batch->entries = NULL;
	return done ? identity_sent(run, flight) && history_sent(run, flight)
	              && intent_sent(run, flight)
	            : run_store_failed(run);
}

bool
flight_load(struct run *run, struct flight *flight, enum lane lane)
{
	take(run, flight, lane);
	return lane <= LANE_BEFORE || run_looks(run) || journal(run, flight);
}

bool
flight_put_off(struct run *run, struct flight *flight)
{
	set_times(run, flight);
	return (store_begin(run->store, &run->err)
	        && store_batch_again(run->store, &flight->batch, &run->err)
	        && store_commit(run->store, &run->err))
	       || run_store_failed(run);
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
	for (const struct item *item = flight->items.first; item != NULL;
	     item = item->next, at++)
		rows[at] = (struct rk_row){
			.id = item->to_id, .values = item->send != NULL ? item->send : item->row,
			.version = item->there != NULL ? item->there->version
			                               : (struct rk_text){ NULL, 0 },
			.key = by_key ? &item->row[run->key_slot] : NULL,
			.trace = trace_of(&arena, trace, at) };
	struct rk_batch batch = {
		.struct_size = sizeof batch, .operation = flight->items.first->operation,
		.object = text_of(object.name), .fields = run->to_fields,
		.field_count = run->to_count,
		.key_field = by_key ? &run->to_fields[run->key_slot] : NULL,
		.rows = rows, .row_count = at, .token = flight->batch.token };
	if (flight->lane == LANE_GONE)
		gone_shape(run, &batch, rows);
	return session_ask_upsert(session, &object, &batch, err);
}

void
flight_give_back(struct run *run, struct flight *flight)
{
	struct item_list *lane = &run->lanes[flight->lane], *back = &flight->items;
	if (back->count == 0)
		return;
	if (flight->batch.seq != 0)
		for (const struct item *item = back->first; item != NULL; item = item->next)
			item->page->flown--;
	*back->last = lane->first;
	if (lane->count > 0)
		back->last = lane->last;
	back->count += lane->count;
	*lane = *back;
	*back = (struct item_list){ 0 };
}

bool
flight_drop(struct run *run, struct flight *flight)
{
	struct store_batch *batch = &flight->batch;
	if (batch->seq != 0 && !store_batch_drop(run->store, batch->seq, &run->err))
		return run_store_failed(run);
	*batch = (struct store_batch){ 0 };
	return true;
}

bool
flight_grounded(struct run *run, struct flight *flight)
{
	bool noted = identity_grounded(run, flight) && history_grounded(run, flight)
	             && intent_grounded(run, flight);
	flight_give_back(run, flight);
	return noted && flight_drop(run, flight);
}

void
flight_send(struct run *run, struct writer *writer)
{
	struct rk_err err;
	int32_t status = ask_upsert(run, writer, &err);
	if (status == RK_OK) {
		writer->caller.asked = true;
		run->counts->writes += writer->flight.batch.token.len == 0;
		return;
	}
	run_call_failed(run, &writer->caller, status, &err, false);
	if (writer->flight.batch.token.len > 0)
		return;                 /* The question about a job, not the batch. */
	/* Sure not sent: the journal must not call it unknown. */
	if (!store_begin(run->store, &run->err) || !flight_grounded(run, &writer->flight)
	    || !pages_commit(run))
		run_store_failed(run);
}
