/* SPDX-License-Identifier: Apache-2.0
 *
 * revert.c - see revert.h.  The records that the run wrote take the place of a listing;
 * each goes the way of all others from there: looked at, judged (undo.c), journaled with
 * its lines in the field log, sent, settled.  Two things differ.  No row of pending stands
 * for one: what failed or is not known is told, and is for another revert; until a write
 * of it can land no more, its link says so.  And the link keeps the hash of the source's
 * values: an unchanged record is not written again by the next run. */
#include "sync/revert.h"

#include <stdio.h>

#include "base/err.h"
#include "base/exit.h"
#include "base/text.h"
#include "sync/undo.h"

/* ---- The run's records ----------------------------------------------------------- */

/* What is not undone, whatever its record has now. */
static void
leave(struct run *run, const struct field_line *line, enum revert_verdict verdict)
{
	const struct revert *r = run->options->revert;
	r->report->counts[verdict]++;
	run->counts->excluded++;
	if (r->options->line != NULL)
		r->options->line(r->options->with, &(struct revert_line){
			.verdict = verdict, .from_id = line->from_id, .to_id = line->to_id });
}

/* Once a record, at its last line of the run; one that so many lines stand before is not
 * looked at. */
static bool
add(struct run *run, struct work_page *page, const struct field_line *line)
{
	struct arena *arena = &page->arena;
	struct field_lines lines;
	size_t at = 0;
	if (!field_log_of_record(run->store, line->from_id, INT64_MAX, UNDO_LINES, arena,
	                         &lines, &run->err))
		return run_store_failed(run);
	while (at < lines.count && !undo_is_of(run, &lines.list[at]))
		at++;
	if (at == lines.count)
		leave(run, line, REVERT_NOT_KEPT);
	if (at == lines.count || lines.list[at].seq != line->seq)
		return true;
	page->records[page->count++] = (struct rk_record){
		.id = arena_text(arena, line->from_id), .modified_ms = RK_NO_TIME,
		.values = arena_new_array(arena, run->from_count, struct rk_value) };
	run->counts->read++;
	return true;
}

void
revert_step(struct run *run)
{
	struct revert *r = run->options->revert;
	struct field_lines lines;
	if (run->read_done || !may_read_ahead(run))
		return;
	struct work_page *page = page_new(run->batch_max);
	r->report->run = run->id;
	if (!field_log_of_run(run->store, r->options->run, r->after_seq, run->batch_max,
	                      &page->arena, &lines, &run->err)) {
		run_store_failed(run);
		page_free(page);
		return;
	}
	bool good = true;
	for (size_t i = 0; good && i < lines.count; i++) {
		const struct field_line *line = &lines.list[i];
		r->report->found = true;
		r->after_seq = line->seq;
		if (line->damaged)
			r->report->counts[REVERT_NOT_KEPT]++;
		else if (undo_is_of(run, line))
			good = add(run, page, line);
		else if (!field_is_beside(line->cause))
			leave(run, line, REVERT_BACK);
	}
	run->read_done = lines.count < run->batch_max;
	page_enqueue(run, page);
}

struct rk_text
revert_number(const struct run *run)
{
	return text_of(run->options->revert->number);
}

/* ---- A record's way -------------------------------------------------------------- */

static int64_t *
counter(struct run *run, enum revert_verdict verdict)
{
	switch (verdict) {
	case REVERT_DONE:     return &run->counts->updated;
	case REVERT_ALREADY:  return &run->counts->unchanged;
	case REVERT_FAILED:   return &run->counts->failed;
	case REVERT_UNKNOWN:  return &run->counts->waiting;
	default:              return &run->counts->excluded;
	}
}

/* It is told now; 'became': of what was sent. */
static bool
end(struct run *run, struct item *item, enum revert_verdict became, struct rk_text reason)
{
	const struct revert *r = run->options->revert;
	const struct undo *u = item->undo;
	enum revert_verdict whole = u->told_count > 0 ? u->told[0].verdict : REVERT_ALREADY;
	for (size_t i = 0; i < u->told_count; i++) {
		struct revert_line line = u->told[i];
		if (line.verdict == REVERT_DONE) {
			line.verdict = whole = became;
			line.reason = reason;
		}
		line.from_id = item->record->id;
		line.to_id = item->to_id;
		r->report->counts[line.verdict]++;
		if (r->options->line != NULL)
			r->options->line(r->options->with, &line);
	}
	(*counter(run, whole))++;
	return item_release(run, item);
}

bool
revert_stage(struct run *run, struct item *item)
{
	return undo_begin(run, item)
	       && item_to_lane(run, item, LANE_BEFORE, RK_OP_UPDATE);
}

/* The target's record is not what the last write of the sync made it. */
static bool
put_link(struct run *run, struct rk_text from_id, struct rk_text to_id,
         struct rk_text version, int64_t hold_until_ms)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct link link;
	if (!store_link_get(run->store, from_id, &arena, &link, &run->err))
		return run_store_failed(run);
	if (link.to_id.len == 0 || (to_id.len > 0 && !text_eq(link.to_id, to_id)))
		return true;
	link.to_hash = (struct hash){ 0 };
	link.to_version = version;
	if (hold_until_ms == 0 || link.hold_until_ms < hold_until_ms)
		link.hold_until_ms = hold_until_ms;
	return store_link_put(run->store, &link, &run->err) || run_store_failed(run);
}

/* What a revert that was cut off sent has landed: nothing of it is to come. */
static bool
free_landed(struct run *run, const struct item *item)
{
	const struct undo *u = item->undo;
	for (size_t i = 0; i < u->told_count; i++)
		if (u->told[i].verdict != REVERT_ALREADY)
			return true;
	return item->link.hold_until_ms == 0
	       || put_link(run, item->record->id, item->to_id, item->there->version, 0);
}

bool
revert_looked(struct run *run, struct item *item)
{
	static const struct rk_text none;
	undo_judge(run, item);
	if (!undo_settle_old(run, item) || !free_landed(run, item))
		return false;
	if (run_looks(run) || item->undo->sends == 0)
		return end(run, item, REVERT_DONE, none);
	item_unclaim(run, item);
	return item_to_lane(run, item, LANE_UPDATE, RK_OP_UPDATE);
}

/* ---- Outcomes -------------------------------------------------------------------- */

bool
revert_written(struct run *run, struct item *item, const struct rk_outcome *outcome)
{
	static const struct rk_text none;
	return history_settled(run, item, outcome)
	       && put_link(run, item->record->id, item->to_id, outcome->version, 0)
	       && end(run, item, REVERT_DONE, none);
}

bool
revert_refused(struct run *run, struct item *item, bool gone, struct rk_text reason)
{
	return history_unsent(run, item)
	       && end(run, item, gone ? REVERT_GONE : REVERT_FAILED, reason);
}

bool
revert_unknown(struct run *run, struct item *item, const struct verdict *call)
{
	int64_t hold = run_now(run) + run_target(run)->t_land_ms;
	return history_unknown(run, item)
	       && put_link(run, item->record->id, item->to_id, (struct rk_text){ NULL, 0 },
	                   hold > call->lands_ms ? hold : call->lands_ms)
	       && end(run, item, REVERT_UNKNOWN, text_of(call->err.message));
}

bool
revert_recovered(struct run *run, const struct store_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		if (!history_recovered(run, batch, batch->entries[i].id)
		    || !put_link(run, batch->entries[i].id, (struct rk_text){ NULL, 0 },
		                 (struct rk_text){ NULL, 0 }, batch->hold_until_ms))
			return false;
	return true;
}

/* ---- The whole ------------------------------------------------------------------- */

static void
sum_up(struct revert_report *report, const struct sync_report *told)
{
	/* 3 is of records, and those of the sync are none of ours. */
	report->exit_code = told->exit_code == EXIT_RECORDS ? EXIT_DONE : told->exit_code;
	report->err = told->err;
	report->side = told->side;
	for (int v = REVERT_TOUCHED; v < REVERT_VERDICTS; v++)
		if (report->exit_code == EXIT_DONE && report->counts[v] > 0)
			report->exit_code = EXIT_RECORDS;
}

void
sync_revert(struct world *world, const struct config_sync *sync,
            const struct revert_options *options, struct problems *problems,
            struct revert_report *report)
{
	/* A run is undone at the target; of a sync that goes both ways that is an edit there
	 * like any other, and no pass of its own. */
	struct config_sync there = *sync;
	there.back = NULL;
	struct revert r = { .options = options, .report = report };
	struct sync_options how = { .mode = options->looks ? SYNC_REVERT_LOOK : SYNC_REVERT,
		                    .priority = NET_BY_HAND, .revert = &r };
	struct sync_report told;
	*report = (struct revert_report){ .err = ERR_INIT };
	snprintf(r.number, sizeof r.number, "%lld", (long long)options->run);
	sync_run(world, &there, &how, problems, &told);
	sum_up(report, &told);
}
