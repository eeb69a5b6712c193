/* SPDX-License-Identifier: Apache-2.0
 *
 * revert.c - see revert.h.  A batch at a time: what the target has is read, each field is
 * judged, and in one transaction each record gets its line, marked as not known, and its
 * link forgets what it believed of the target: that is the journal.  Then the batch
 * leaves, and the outcomes settle the lines.  The link keeps the hash of the source's
 * values: an unchanged record is not written again by the next run. */
#include "sync/revert.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/text.h"
#include "record/record.h"
#include "record/value.h"
#include "store/field_log.h"
#include "sync/compare_look.h"
#include "sync/state.h"

#define LINES_LOOKED 200

struct undo {
	struct field_lines lines;      /* All of the record, the newest first. */
	struct rk_text from_id, to_id;
	const struct rk_record *there;
	struct rk_value *send;         /* As run->to_fields; what is absent is left alone. */
	struct field_line line;        /* Of this revert. */
	size_t count;                  /* Of fields to send. */
};

struct revert {
	struct run *run;
	const struct revert_options *options;
	struct revert_report *report;
	struct arena arena;            /* owned: of a batch */
	struct undo *undos;
	size_t count, most;
	int64_t after_seq;
	char number[24];               /* Of the run, as notes have it. */
};

static bool
store_fails(struct revert *r)
{
	return run_store_failed(r->run);
}

static void
tell(struct revert *r, const struct undo *u, struct revert_line line)
{
	line.from_id = u->from_id;
	line.to_id = u->to_id;
	r->report->counts[line.verdict]++;
	if (r->options->line != NULL)
		r->options->line(r->options->with, &line);
}

/* ---- What the run did to a record -------------------------------------------- */

static bool
is_ours(const struct revert *r, const struct field_line *line)
{
	return line->cause == FIELD_REVERTED && text_is(line->note, r->number);
}

static const struct field_change *
change_of(const struct field_line *line, struct rk_text field)
{
	for (size_t i = 0; i < line->count; i++)
		if (text_eq(line->changes[i].field, field))
			return &line->changes[i];
	return NULL;
}

/* The field's change by the run: from before its first write to after its last.  False:
 * a later line touched it. */
static bool
find_change(const struct revert *r, const struct undo *u, struct rk_text field,
            struct field_change *whole, int64_t *later)
{
	bool found = false;
	*later = 0;
	for (size_t i = 0; i < u->lines.count; i++) {
		const struct field_line *line = &u->lines.list[i];
		const struct field_change *change = change_of(line, field);
		if (change == NULL || line->cause == FIELD_CONFLICT || is_ours(r, line))
			continue;
		if (line->run != r->options->run && !found) {
			*later = line->run;
			return false;
		}
		if (line->run != r->options->run)
			break;
		if (!found)
			*whole = *change;
		whole->before = change->before;
		whole->cut_before = change->cut_before;
		found = true;
	}
	return found;
}

static size_t
slot_of(const struct run *run, struct rk_text field)
{
	size_t i = 0;
	while (i < run->to_count && !text_eq(run->to_fields[i].name, field))
		i++;
	return i;
}

static void
judge_field(struct revert *r, struct undo *u, struct rk_text field)
{
	struct run *run = r->run;
	struct field_change change;
	int64_t later;
	size_t slot = slot_of(run, field);
	struct revert_line line = { .verdict = REVERT_TOUCHED, .field = field };
	if (slot == run->to_count) {
		line.verdict = REVERT_GONE;
		tell(r, u, line);
		return;
	}
	line.now = &u->there->values[slot];
	if (!find_change(r, u, field, &change, &later)) {
		line.run = later;
		tell(r, u, line);
		return;
	}
	line.old = &change.before;
	if (change.before.type == RK_ABSENT || change.cut_before || change.cut_after)
		line.verdict = REVERT_NOT_KEPT;
	else if (before_same(line.now, &change.before))
		line.verdict = REVERT_ALREADY;
	else if (before_same(line.now, &change.after))
		line.verdict = REVERT_DONE;
	if (line.verdict != REVERT_DONE || r->options->looks) {
		tell(r, u, line);
		return;
	}
	static const struct rk_value cleared = { .type = RK_NULL };
	u->send[slot] = value_is_empty(&change.before) ? cleared : change.before;
	u->line.changes[u->count++] = (struct field_change){
		.field = field, .before = *line.now, .after = u->send[slot] };
}

static bool
was_judged(const struct revert *r, const struct undo *u, size_t at, struct rk_text field)
{
	for (size_t i = 0; i < at; i++)
		if (u->lines.list[i].run == r->options->run
		    && change_of(&u->lines.list[i], field) != NULL)
			return true;
	return false;
}

static void
judge_fields(struct revert *r, struct undo *u)
{
	struct run *run = r->run;
	u->send = arena_new_array(&r->arena, run->to_count, struct rk_value);
	u->line.changes = arena_new_array(&r->arena, run->to_count, struct field_change);
	for (size_t i = 0; i < u->lines.count; i++) {
		const struct field_line *line = &u->lines.list[i];
		for (size_t c = 0; line->run == r->options->run && c < line->count; c++)
			if (!was_judged(r, u, i, line->changes[c].field))
				judge_field(r, u, line->changes[c].field);
	}
}

/* What the target tells of the record as a whole; REVERT_DONE: its fields are judged. */
static bool
judge_record(struct revert *r, const struct undo *u, enum revert_verdict *verdict)
{
	struct run *run = r->run;
	struct pending row;
	if (!store_pending_get(run->store, u->from_id, &r->arena, &row, &run->err))
		return store_fails(r);
	*verdict = REVERT_DONE;
	if (row.id.len > 0 && keep_is_open(&row, run_now(run)))
		*verdict = REVERT_BUSY;
	else if (u->there == NULL || (u->there->flags & (RK_RECORD_DELETED | RK_RECORD_MERGED)))
		*verdict = REVERT_GONE;
	for (size_t i = 0; i < u->lines.count; i++)
		if (u->lines.list[i].run == r->options->run
		    && (u->lines.list[i].cause == FIELD_CREATED
		        || u->lines.list[i].cause == FIELD_ARCHIVED))
			*verdict = u->lines.list[i].cause == FIELD_CREATED ? REVERT_CREATED
			                                                   : REVERT_NOT_KEPT;
	return true;
}

static bool
judge_all(struct revert *r)
{
	struct run *run = r->run;
	struct rk_page page;
	struct rk_text *ids = arena_new_array(&r->arena, r->count, struct rk_text);
	for (size_t i = 0; i < r->count; i++)
		ids[i] = r->undos[i].to_id;
	if (!look_by_ids(run, &run->writers[0].caller, run->sync->to.object, run->to_fields,
	                 run->to_count, ids, r->count, &r->arena, &page))
		return false;
	for (size_t i = 0; i < r->count; i++) {
		struct undo *u = &r->undos[i];
		enum revert_verdict verdict = REVERT_GONE;
		u->there = ask_find(&page, u->to_id);
		if (!judge_record(r, u, &verdict))
			return false;
		if (verdict == REVERT_DONE)
			judge_fields(r, u);
		else
			tell(r, u, (struct revert_line){ .verdict = verdict });
	}
	return true;
}

/* ---- Writing ------------------------------------------------------------------- */

/* Lines of a revert of this run that was cut off: the look has told what came of them. */
static bool
settle_old(struct revert *r, const struct undo *u)
{
	struct rk_err *err = &r->run->err;
	for (size_t i = 0; i < u->lines.count; i++) {
		const struct field_line *line = &u->lines.list[i];
		if (!is_ours(r, line) || line->state != FIELD_UNKNOWN)
			continue;
		if (!(u->count == 0 ? field_log_state(r->run->store, line->seq, FIELD_DONE, err)
		                    : field_log_drop(r->run->store, line->seq, err)))
			return store_fails(r);
	}
	return true;
}

static bool
put_link(struct revert *r, const struct undo *u, int64_t hold_until_ms)
{
	struct run *run = r->run;
	struct link link;
	if (!store_link_get(run->store, u->from_id, &r->arena, &link, &run->err))
		return store_fails(r);
	if (!text_eq(link.to_id, u->to_id))
		return true;
	link.to_hash = (struct hash){ 0 };
	link.hold_until_ms = hold_until_ms;
	return store_link_put(run->store, &link, &run->err) || store_fails(r);
}

static bool
journal(struct revert *r)
{
	struct run *run = r->run;
	int64_t hold = run_now(run) + 2 * run->write_deadline_ms + run_target(run)->t_land_ms;
	if (!store_begin(run->store, &run->err))
		return store_fails(r);
	for (size_t i = 0; i < r->count; i++) {
		struct undo *u = &r->undos[i];
		if (!settle_old(r, u))
			return false;
		if (u->count == 0)
			continue;
		u->line.count = u->count;
		u->line.at_ms = run_now(run);
		u->line.run = run->id;
		u->line.way = 1;
		u->line.state = FIELD_UNKNOWN;
		u->line.cause = FIELD_REVERTED;
		u->line.from_id = u->from_id;
		u->line.to_id = u->to_id;
		u->line.note = text_of(r->number);
		memcpy(u->line.revision, run->revision, sizeof u->line.revision);
		if (!put_link(r, u, hold)
		    || !(field_log_put(run->store, &u->line, &run->err) || store_fails(r)))
			return false;
	}
	return store_commit(run->store, &run->err) || store_fails(r);
}

/* One call, with the job that it may be; the answer's outcomes, or NULL. */
static int32_t
call(struct revert *r, const struct rk_row *rows, size_t count, struct rk_result *result,
     struct rk_err *err)
{
	struct run *run = r->run;
	struct caller *caller = &run->writers[0].caller;
	struct session_object object;
	struct runner_answer answer;
	struct rk_batch batch = { .struct_size = sizeof batch, .operation = RK_OP_UPDATE,
	                          .fields = run->to_fields, .field_count = run->to_count,
	                          .rows = rows, .row_count = count };
	do {
		*result = (struct rk_result){ 0 };
		int32_t status = session_object(&caller->session, run->sync->to.object, &object,
		                                err);
		if (status != RK_OK)
			return status;
		batch.object = text_of(object.name);
		status = session_ask_upsert(&caller->session, &object, &batch, err);
		if (status != RK_OK)
			return status;
		session_wait(&caller->session, &answer);
		*err = answer.err;
		if (answer.ended || !record_decode_outcomes(arena_text(&r->arena, answer.bytes),
		                                            &r->arena, count, run->to_count,
		                                            result)) {
			err->maybe_sent = 1;
			result->outcomes = NULL;
			return answer.status != RK_OK ? answer.status : RK_BUG;
		}
		batch.token = result->token;
		if (answer.status == RK_PENDING)
			usleep((useconds_t)(result->wait_ms + 1) * 1000);
	} while (answer.status == RK_PENDING);
	return answer.status;
}

static bool
settle_one(struct revert *r, struct undo *u, const struct rk_outcome *outcome,
           int32_t status)
{
	struct run *run = r->run;
	enum revert_verdict verdict = status == RK_UPDATED || status == RK_UNCHANGED ? REVERT_DONE
	                              : status == RK_UNKNOWN                         ? REVERT_UNKNOWN
	                              : status == RK_CONFLICT                        ? REVERT_TOUCHED
	                                                                             : REVERT_FAILED;
	bool done = verdict == REVERT_UNKNOWN
	            || (verdict == REVERT_DONE
	                        ? field_log_state(run->store, u->line.seq, FIELD_DONE, &run->err)
	                        : field_log_drop(run->store, u->line.seq, &run->err));
	if (!done)
		return store_fails(r);
	for (size_t i = 0; i < u->count; i++)
		tell(r, u, (struct revert_line){
			.verdict = verdict, .field = u->line.changes[i].field,
			.now = &u->line.changes[i].before, .old = &u->line.changes[i].after,
			.reason = outcome != NULL ? outcome->message : text_of("") });
	return verdict == REVERT_UNKNOWN || put_link(r, u, 0);
}

static bool
settle(struct revert *r, struct undo *const *sent, size_t count,
       const struct rk_result *result, int32_t status, const struct rk_err *err)
{
	struct run *run = r->run;
	bool sure_not = status != RK_OK && (status == RK_REJECT || !err->maybe_sent);
	if (!store_begin(run->store, &run->err))
		return store_fails(r);
	for (size_t i = 0; i < count; i++) {
		const struct rk_outcome *o = result->outcomes != NULL ? &result->outcomes[i] : NULL;
		int32_t became = o != NULL ? o->status : RK_UNKNOWN;
		if (became == RK_UNKNOWN && sure_not)
			became = RK_REJECTED;
		if (!settle_one(r, sent[i], o, became))
			return false;
	}
	return store_commit(run->store, &run->err) || store_fails(r);
}

/* A batch that is refused as a whole goes again in halves: one bad record keeps none. */
static bool
send(struct revert *r, struct undo *const *sent, size_t count)
{
	struct run *run = r->run;
	struct rk_result result;
	struct rk_err err = ERR_INIT;
	if (count == 0)
		return true;
	struct rk_row *rows = arena_new_array(&r->arena, count, struct rk_row);
	for (size_t i = 0; i < count; i++)
		rows[i] = (struct rk_row){ .id = sent[i]->to_id, .values = sent[i]->send,
		                           .version = sent[i]->there->version,
		                           .trace = arena_printf(&r->arena, "v%lld-%zu",
		                                                 (long long)run->id, i) };
	int32_t status = call(r, rows, count, &result, &err);
	if (status == RK_REJECT && result.outcomes == NULL && count > 1)
		return send(r, sent, count / 2) && send(r, sent + count / 2, count - count / 2);
	if (!settle(r, sent, count, &result, status, &err))
		return false;
	if (status == RK_OK || status == RK_REJECT)
		return true;
	run_report_failure(run, run_exit_code(status, &err), &err, run->sync->to.connection);
	return false;
}

static bool
flush(struct revert *r)
{
	if (r->count == 0)
		return true;
	struct undo **sent = arena_new_array(&r->arena, r->count, struct undo *);
	size_t count = 0;
	if (!judge_all(r) || (!r->options->looks && !journal(r)))
		return false;
	for (size_t i = 0; i < r->count; i++)
		if (r->undos[i].count > 0)
			sent[count++] = &r->undos[i];
	r->count = 0;
	return r->options->looks || send(r, sent, count);
}

/* ---- The run's records ---------------------------------------------------------- */

/* Once a record, at its first line of the run. */
static bool
add(struct revert *r, const struct field_line *line)
{
	struct run *run = r->run;
	struct undo *u = &r->undos[r->count];
	*u = (struct undo){ .from_id = arena_text(&r->arena, line->from_id),
	                    .to_id = arena_text(&r->arena, line->to_id) };
	if (!field_log_of_record(run->store, u->from_id, INT64_MAX, LINES_LOOKED, &r->arena,
	                         &u->lines, &run->err))
		return store_fails(r);
	for (size_t i = 0; i < u->lines.count; i++)
		if (u->lines.list[i].run == r->options->run && u->lines.list[i].seq < line->seq)
			return true;
	r->count++;
	return true;
}

static bool
step(struct revert *r, bool *more)
{
	struct run *run = r->run;
	struct field_lines lines;
	arena_clear(&r->arena);
	r->undos = arena_new_array(&r->arena, r->most, struct undo);
	r->count = 0;
	if (!field_log_of_run(run->store, r->options->run, r->after_seq, r->most, &r->arena,
	                      &lines, &run->err))
		return store_fails(r);
	*more = lines.count == r->most;
	for (size_t i = 0; i < lines.count; i++) {
		const struct field_line *line = &lines.list[i];
		r->report->found = true;
		r->after_seq = line->seq;
		if (line->damaged || line->cause == FIELD_CONFLICT)
			r->report->counts[REVERT_NOT_KEPT] += line->damaged;
		else if (!add(r, line))
			return false;
	}
	return flush(r);
}

/* ---- Beginning and ending --------------------------------------------------------- */

/* What a dead run had on its way is for the next run to find out. */
static bool
nothing_under_way(struct revert *r)
{
	struct run *run = r->run;
	struct store_batch batch;
	if (!store_batch_next(run->store, 0, &r->arena, &batch, &run->err))
		return store_fails(r);
	if (batch.seq == 0)
		return true;
	err_set(&run->err, RK_PAUSE, RK_CAT_OTHER, "the last run was cut off while it wrote: let "
	        "\"renkei sync %s\" end well first", run->sync->name);
	run_report_failure(run, 1, &run->err, NULL);
	return false;
}

static bool
open_run(struct revert *r, struct run_row *row)
{
	struct run *run = r->run;
	row->started_ms = run->report->started_ms;
	if (r->options->looks)
		return true;
	if (!field_log_open(run->store, &run->err) || !store_begin(run->store, &run->err)
	    || !store_run_begin(run->store, row, &run->err)
	    || !store_commit(run->store, &run->err))
		return store_fails(r);
	run->id = r->report->run = row->id;
	return true;
}

static void
close_run(struct revert *r, struct run_row *row)
{
	struct run *run = r->run;
	const int64_t *n = r->report->counts;
	if (r->options->looks || run->id == 0 || run->store_failed)
		return;
	row->ended_ms = run_now(run);
	row->updated = n[REVERT_DONE];
	row->unchanged = n[REVERT_ALREADY];
	row->excluded = n[REVERT_TOUCHED] + n[REVERT_NOT_KEPT] + n[REVERT_CREATED]
	                + n[REVERT_GONE] + n[REVERT_BUSY];
	row->waiting = n[REVERT_UNKNOWN];
	row->failed = n[REVERT_FAILED];
	row->target_calls = run_target(run)->calls;
	row->source_calls = run->reader.session.calls;
	row->exit_code = run->report->exit_code;
	row->message = run->report->err.category != RK_CAT_NONE
		? text_of(run->report->err.message)
		: arena_printf(&run->arena, "the revert of run %s", r->number);
	if (!store_begin(run->store, &run->err) || !store_run_end(run->store, row, &run->err)
	    || !store_commit(run->store, &run->err))
		store_fails(r);
}

static void
sum_up(struct revert *r, const struct sync_report *told)
{
	struct revert_report *report = r->report;
	report->exit_code = told->exit_code;
	report->err = told->err;
	report->side = told->side;
	for (int v = REVERT_TOUCHED; v < REVERT_VERDICTS; v++)
		if (report->exit_code == 0 && report->counts[v] > 0)
			report->exit_code = 3;
}

void
sync_revert(struct world *world, const struct config_sync *sync,
            const struct revert_options *options, struct problems *problems,
            struct revert_report *report)
{
	struct sync_options how = { .mode = SYNC_REVERT, .priority = NET_BY_HAND };
	struct sync_report told;
	struct run_row row = { 0 };
	int lock = -1;
	bool more = true;
	*report = (struct revert_report){ .err = ERR_INIT };
	struct revert r = { .options = options, .report = report,
	                    .run = run_new(world, sync, &how, problems, &told) };
	snprintf(r.number, sizeof r.number, "%lld", (long long)options->run);
	if (begin_walk(r.run, &lock) && nothing_under_way(&r) && open_run(&r, &row)) {
		r.most = r.run->batch_max;
		while (more && step(&r, &more))
			;
		close_run(&r, &row);
	}
	sum_up(&r, &told);
	arena_free(&r.arena);
	run_free(r.run);
	if (lock >= 0)
		close(lock);
}
