/* SPDX-License-Identifier: Apache-2.0
 *
 * undo.c - see undo.h.  A field gets its old value back where the target still has what
 * the run wrote and no later write of ours touched it; all else is left, and told. */
#include "sync/undo.h"

#include "base/text.h"
#include "record/value.h"

static const struct revert *
revert_of(const struct run *run)
{
	return run->options->revert;
}

bool
undo_is_of(const struct run *run, const struct field_line *line)
{
	return line->run == revert_of(run)->options->run && line->way == 1
	       && !field_is_beside(line->cause);
}

/* A line that a revert of this run wrote. */
static bool
is_ours(const struct revert *r, const struct field_line *line)
{
	return line->cause == FIELD_REVERTED && text_is(line->note, r->number);
}

static void
note(struct undo *u, struct revert_line line)
{
	u->told[u->told_count++] = line;
}

/* ---- A field --------------------------------------------------------------------- */

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
find_change(const struct run *run, const struct undo *u, struct rk_text field,
            struct field_change *whole, int64_t *later)
{
	bool found = false;
	*later = 0;
	for (size_t i = 0; i < u->lines.count; i++) {
		const struct field_line *line = &u->lines.list[i];
		const struct field_change *change = change_of(line, field);
		if (change == NULL || line->way != 1 || field_is_beside(line->cause)
		    || is_ours(revert_of(run), line))
			continue;
		if (!undo_is_of(run, line) && !found) {
			*later = line->run;
			return false;
		}
		if (!undo_is_of(run, line))
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

static enum revert_verdict
judge_change(const struct field_change *change, const struct rk_value *now)
{
	if (change->before.type == RK_ABSENT || change->cut_before || change->cut_after)
		return REVERT_NOT_KEPT;
	if (before_same(now, &change->before))
		return REVERT_ALREADY;
	return before_same(now, &change->after) ? REVERT_DONE : REVERT_TOUCHED;
}

static void
judge_field(const struct run *run, struct item *item, struct rk_text field)
{
	static const struct rk_value cleared = { .type = RK_NULL };
	struct undo *u = item->undo;
	struct field_change change;
	size_t slot = slot_of(run, field);
	struct revert_line line = { .verdict = REVERT_GONE, .field = field };
	if (slot < run->to_count) {
		line.verdict = REVERT_TOUCHED;
		line.now = &item->there->values[slot];
	}
	if (line.now != NULL && find_change(run, u, field, &change, &line.run)) {
		struct rk_value *old = arena_new(&item->page->arena, struct rk_value);
		*old = change.before;
		line.old = old;
		line.verdict = judge_change(&change, line.now);
	}
	note(u, line);
	if (line.verdict != REVERT_DONE)
		return;
	item->send[slot] = value_is_empty(line.old) ? cleared : *line.old;
	u->sends++;
}

static bool
was_judged(const struct run *run, const struct undo *u, size_t at, struct rk_text field)
{
	for (size_t i = 0; i < at; i++)
		if (undo_is_of(run, &u->lines.list[i])
		    && change_of(&u->lines.list[i], field) != NULL)
			return true;
	return false;
}

static void
judge_fields(const struct run *run, struct item *item)
{
	const struct undo *u = item->undo;
	for (size_t i = 0; i < u->lines.count; i++) {
		const struct field_line *line = &u->lines.list[i];
		for (size_t c = 0; undo_is_of(run, line) && c < line->count; c++)
			if (!was_judged(run, u, i, line->changes[c].field))
				judge_field(run, item, line->changes[c].field);
	}
}

/* ---- The record ------------------------------------------------------------------ */

/* Whether the run did this to the record. */
static bool
did(const struct run *run, const struct undo *u, enum field_cause cause)
{
	for (size_t i = 0; i < u->lines.count; i++)
		if (undo_is_of(run, &u->lines.list[i]) && u->lines.list[i].cause == cause)
			return true;
	return false;
}

/* A revert of this run was cut off while it wrote the record. */
static bool
was_begun(const struct run *run, const struct undo *u)
{
	for (size_t i = 0; i < u->lines.count; i++)
		if (is_ours(revert_of(run), &u->lines.list[i])
		    && u->lines.list[i].state == FIELD_UNKNOWN)
			return true;
	return false;
}

/* Of a record as a whole; REVERT_DONE: its fields are judged. */
static enum revert_verdict
judge_record(const struct run *run, const struct item *item)
{
	const struct undo *u = item->undo;
	bool open = item->pending.id.len > 0 && keep_is_open(&item->pending, run_now(run));
	if (open || (item->link.hold_until_ms > run_now(run) && !was_begun(run, u)))
		return REVERT_BUSY;
	if (item->there == NULL || gone_is(item->there))
		return REVERT_GONE;
	if (did(run, u, FIELD_CREATED) || did(run, u, FIELD_ANEW))
		return REVERT_CREATED;
	return did(run, u, FIELD_ARCHIVED) ? REVERT_NOT_KEPT : REVERT_DONE;
}

bool
undo_begin(struct run *run, struct item *item)
{
	struct undo *u = item->undo = arena_new(&item->page->arena, struct undo);
	if (!field_log_of_record(run->store, item->record->id, INT64_MAX, UNDO_LINES,
	                         &item->page->arena, &u->lines, &run->err))
		return run_store_failed(run);
	item->to_id = item->link.to_id;
	for (size_t i = u->lines.count; i-- > 0;)
		if (undo_is_of(run, &u->lines.list[i]) && u->lines.list[i].to_id.len > 0)
			item->to_id = u->lines.list[i].to_id;
	return true;
}

void
undo_judge(struct run *run, struct item *item)
{
	struct arena *arena = &item->page->arena;
	struct undo *u = item->undo;
	size_t most = 1;
	for (size_t i = 0; i < u->lines.count; i++)
		most += undo_is_of(run, &u->lines.list[i]) ? u->lines.list[i].count : 0;
	u->told = arena_new_array(arena, most, struct revert_line);
	u->told_count = u->sends = 0;
	item->send = arena_new_array(arena, run->to_count, struct rk_value);
	enum revert_verdict verdict = judge_record(run, item);
	if (verdict == REVERT_DONE)
		judge_fields(run, item);
	else
		note(u, (struct revert_line){ .verdict = verdict });
}

bool
undo_settle_old(struct run *run, const struct item *item)
{
	const struct undo *u = item->undo;
	bool goes = u->sends > 0;
	for (size_t i = 0; i < u->lines.count; i++) {
		const struct field_line *line = &u->lines.list[i];
		if (!is_ours(revert_of(run), line) || line->state != FIELD_UNKNOWN)
			continue;
		bool done = goes ? field_log_drop(run->store, line->seq, &run->err)
		                 : field_log_state(run->store, line->seq, FIELD_DONE, &run->err);
		if (!done)
			return run_store_failed(run);
	}
	return true;
}
