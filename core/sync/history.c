/* SPDX-License-Identifier: Apache-2.0
 *
 * history.c - keeps what each write did to the fields of its record, where the sync has
 * a `history`; store/field_log.h says what a line is.
 *
 * An update overwrites what it replaces, so its line is put with the journal of its
 * batch, before anything leaves: after a crash the old values are not asked for in
 * vain.  What turns out not to have happened takes its line back; what is not known
 * stays marked so until a later look at the target tells.  A create replaces nothing:
 * its line comes with its outcome, which has its id. */
#include <string.h>

#include "base/text.h"
#include "store/field_log.h"
#include "sync/state.h"

/* Lines of one record that a look may settle: it has one open write at a time. */
#define OPEN_LINES 8
#define TRIM_FEW 64
#define TRIM_PIECE 2000
#define TRIM_PIECES 50

bool
history_on(const struct run *run)
{
	return (run->sync->history_ms > 0 || run_reverts(run)) && run->id != 0
	       && !run_looks(run);
}

bool
history_begin(struct run *run)
{
	return !history_on(run) || field_log_open(run->store, &run->err)
	       || run_store_failed(run);
}

static void
fill(const struct run *run, const struct item *item, enum field_cause cause,
     struct field_line *line)
{
	bool back = run->sync->is_back;
	*line = (struct field_line){
		.at_ms = run_now(run), .run = run->id, .way = back ? 2 : 1, .cause = cause,
		.from_id = back ? item->to_id : item->record->id,
		.to_id = back ? item->record->id : item->to_id };
	if (run_reverts(run))
		line->note = revert_number(run);
	else if (cause == FIELD_ANEW)
		line->note = item->replaces;
	memcpy(line->revision, run->revision, sizeof line->revision);
}

static bool
put(struct run *run, struct field_line *line)
{
	return field_log_put(run->store, line, &run->err) || run_store_failed(run);
}

/* The fields of a row that are written, with what the target has in them. */
static void
add_changes(struct run *run, const struct item *item, struct arena *arena,
            struct field_line *line)
{
	static const struct rk_value not_known = { .type = RK_ABSENT };
	const struct rk_value *row = item->send != NULL ? item->send : item->row;
	line->changes = arena_new_array(arena, run->to_count, struct field_change);
	for (size_t i = 0; i < run->to_count; i++) {
		if (row[i].type == RK_ABSENT)
			continue;
		line->changes[line->count++] = (struct field_change){
			.field = run->to_fields[i].name, .after = row[i],
			.before = item->there != NULL ? item->there->values[i] : not_known };
	}
}

/* ---- Updates: a line goes with the journal --------------------------------- */

static enum field_cause
cause_of_create(const struct item *item)
{
	return item->replaces.len > 0 ? FIELD_ANEW : FIELD_CREATED;
}

static enum field_cause
cause_of(const struct run *run, const struct item *item)
{
	if (item->operation == RK_OP_ARCHIVE)
		return FIELD_ARCHIVED;
	if (run_reverts(run))
		return FIELD_REVERTED;
	return run->options->mode == SYNC_APPLY ? FIELD_APPLIED : FIELD_MAPPED;
}

static bool
put_sent(struct run *run, struct item *item, int64_t batch)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct field_line line;
	fill(run, item, cause_of(run, item), &line);
	line.batch = batch;
	line.state = FIELD_SENT;
	if (item->operation == RK_OP_UPDATE)
		add_changes(run, item, &arena, &line);
	if (!put(run, &line))
		return false;
	item->line = line.seq;
	return true;
}

bool
history_sent(struct run *run, const struct flight *flight)
{
	uint32_t operation = flight->items.first->operation;
	if (!history_on(run) || (operation != RK_OP_UPDATE && operation != RK_OP_ARCHIVE))
		return true;
	for (struct item *item = flight->items.first; item != NULL; item = item->next)
		if (!put_sent(run, item, flight->batch.seq))
			return false;
	return true;
}

bool
history_unsent(struct run *run, struct item *item)
{
	int64_t line = item->line;
	item->line = 0;
	return line == 0 || field_log_drop(run->store, line, &run->err)
	       || run_store_failed(run);
}

bool
history_grounded(struct run *run, const struct flight *flight)
{
	for (struct item *item = flight->items.first; item != NULL; item = item->next)
		if (!history_unsent(run, item))
			return false;
	return true;
}

bool
history_unknown(struct run *run, const struct item *item)
{
	return item->line == 0
	       || field_log_state(run->store, item->line, FIELD_UNKNOWN, &run->err)
	       || run_store_failed(run);
}

bool
history_recovered(struct run *run, const struct store_batch *batch,
                  struct rk_text from_id)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct field_lines lines;
	/* Of the way back 'from_id' is not what a line is found by. */
	if ((!history_on(run) && batch->operation != STORE_OP_UNDO) || run->sync->is_back)
		return true;
	if (!field_log_of_record(run->store, from_id, INT64_MAX, OPEN_LINES, &arena, &lines,
	                         &run->err))
		return run_store_failed(run);
	for (size_t i = 0; i < lines.count; i++)
		if (lines.list[i].way == 1 && lines.list[i].batch == batch->seq
		    && lines.list[i].state == FIELD_SENT
		    && !field_log_state(run->store, lines.list[i].seq, FIELD_UNKNOWN, &run->err))
			return run_store_failed(run);
	return true;
}

enum landed { LANDED, LANDED_NOT, LANDED_OR_NOT };

/* A record is written as a whole: one field that has its new value tells for all of them,
 * whatever people did to the others since.  It was sure not written if all have their old
 * ones. */
static enum landed
has_landed(const struct run *run, const struct item *item, const struct field_line *line)
{
	bool all_old = true;
	for (size_t c = 0; c < line->count; c++) {
		const struct field_change *change = &line->changes[c];
		for (size_t i = 0; i < run->to_count; i++) {
			const struct rk_value *there = &item->there->values[i];
			if (!text_eq(run->to_fields[i].name, change->field))
				continue;
			if (!change->cut_after && before_same(there, &change->after))
				return LANDED;
			all_old &= change->cut_before || before_same(there, &change->before);
		}
	}
	return all_old ? LANDED_NOT : LANDED_OR_NOT;
}

bool
history_looked(struct run *run, const struct item *item)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct field_lines lines;
	bool back = run->sync->is_back;
	if (!history_on(run) || item->there == NULL || item->pending.id.len == 0)
		return true;
	if (!field_log_of_record(run->store, back ? item->to_id : item->record->id, INT64_MAX,
	                         OPEN_LINES, &arena, &lines, &run->err))
		return run_store_failed(run);
	for (size_t i = 0; i < lines.count; i++) {
		const struct field_line *line = &lines.list[i];
		if (line->state != FIELD_UNKNOWN || line->damaged || line->way != (back ? 2 : 1))
			continue;
		enum landed landed = has_landed(run, item, line);
		if (landed == LANDED_OR_NOT)
			continue;
		bool done = landed == LANDED
			? field_log_state(run->store, line->seq, FIELD_DONE, &run->err)
			: field_log_drop(run->store, line->seq, &run->err);
		if (!done)
			return run_store_failed(run);
	}
	return true;
}

/* ---- Creates: a line comes with the outcome --------------------------------- */

static bool
put_done(struct run *run, const struct item *item, enum field_cause cause,
         struct rk_text to_id, bool with_values)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct field_line line;
	fill(run, item, cause, &line);
	line.state = FIELD_DONE;
	*(run->sync->is_back ? &line.from_id : &line.to_id) = to_id;
	if (with_values)
		add_changes(run, item, &arena, &line);
	return put(run, &line);
}

bool
history_settled(struct run *run, struct item *item, const struct rk_outcome *outcome)
{
	struct rk_text to_id = outcome->id.len > 0 ? outcome->id : item->to_id;
	if (!history_on(run))
		return true;
	if (outcome->status == RK_UNCHANGED)
		return history_unsent(run, item);
	if (item->line != 0)
		return true;
	return put_done(run, item, outcome->status == RK_CREATED ? cause_of_create(item)
	                                                         : cause_of(run, item),
	                to_id, true);
}

bool
history_landed(struct run *run, const struct item *item)
{
	return !history_on(run)
	       || put_done(run, item, cause_of_create(item), item->to_id,
	                   hash_eq(&item->pending.body_hash, &item->body_hash));
}

bool
history_note(struct run *run, const struct history_note *note)
{
	struct field_change change = { .field = note->field, .before = *note->before,
	                               .after = *note->after };
	struct field_line line = {
		.at_ms = run_now(run), .run = run->id, .way = run->sync->is_back ? 2 : 1,
		.cause = note->cause,
		.state = FIELD_DONE, .from_id = note->from_id, .to_id = note->to_id,
		.note = note->note, .changes = &change, .count = 1 };
	memcpy(line.revision, run->revision, sizeof line.revision);
	return !history_on(run) || put(run, &line);
}

/* ---- The oldest go ------------------------------------------------------------ */

static bool
trim(struct run *run, size_t most, bool *more)
{
	int64_t gone = 0;
	if (!store_begin(run->store, &run->err)
	    || !field_log_trim(run->store, run_now(run) - run->sync->history_ms, most, &gone,
	                       &run->err)
	    || !store_commit(run->store, &run->err))
		return run_store_failed(run);
	*more = gone == (int64_t)most;
	return true;
}

bool
history_end(struct run *run)
{
	bool more = history_on(run) && run->sync->history_ms > 0 && !run->store_failed;
	if (more && !trim(run, TRIM_FEW, &more))
		return false;
	for (int i = 0; more && i < TRIM_PIECES; i++)
		if (!trim(run, TRIM_PIECE, &more))
			return false;
	return true;
}
