/* SPDX-License-Identifier: Apache-2.0
 *
 * plan.c - stands in the place of a write when a run only plans: tells each field that
 * would change, from what before.c saw. */
#include "base/text.h"
#include "record/value.h"
#include "sync/both.h"

void
plan_line(struct run *run, struct item *item, struct sync_line *line)
{
	struct arena *arena = &item->page->arena;
	struct sync_change *changes = arena_new_array(arena, run->to_count, struct sync_change);
	*line = (struct sync_line){
		.action = item->to_id.len > 0 ? ACTION_UPDATE : ACTION_CREATE,
		.id = item->record->id, .key = item->key, .target_id = item->to_id,
		.link = item->record->link, .record = item->record, .changes = changes };
	if (item->there != NULL)
		line->version = item->there->version;
	bool preview = run->options->mode == SYNC_PREVIEW;
	const struct rk_value *row = item->send != NULL ? item->send : item->row;
	for (size_t i = 0; i < run->to_count; i++) {
		const struct rk_value *after = &row[i];
		const struct rk_value *before =
			item->there != NULL ? &item->there->values[i] : NULL;
		bool quiet = after->type == RK_ABSENT
		             || (before != NULL && before_same(before, after))
		             || (before == NULL && value_is_empty(after));
		if (quiet && !preview)
			continue;
		changes[line->change_count++] = (struct sync_change){
			.field = run->to_fields[i].name, .before = before,
			.after = preview ? &item->row[i] : after };
	}
}

/* What becomes of a field in which the sides differ that have never agreed. */
static struct rk_text
first_end(enum merge merge)
{
	switch (merge) {
	case MERGE_CONFLICT:
		return TEXT_LIT("the sides differ and have not been in step before; neither is "
		                "written until a person chooses (renkei conflicts)");
	case MERGE_WRITE:
		return TEXT_LIT("the sides differ and have not been in step before; by the rule "
		                "this side's value wins");
	default:
		return TEXT_LIT("the sides differ and have not been in step before; by the rule "
		                "the other side's value wins, and goes back with the next run");
	}
}

/* What becomes of a field that both sides changed. */
static struct rk_text
conflict_end(enum merge merge)
{
	switch (merge) {
	case MERGE_CONFLICT:
		return TEXT_LIT("both sides changed it; neither is written until a person "
		                "chooses (renkei conflicts)");
	case MERGE_WRITE:
		return TEXT_LIT("both sides changed it; by the rule this side's value wins");
	default:
		return TEXT_LIT("both sides changed it; by the rule the other side's value wins, "
		                "and goes back with the next run");
	}
}

void
plan_conflicts(struct run *run, const struct item *item)
{
	const struct both_item *b = item->both;
	bool first = b->base.from_id.len == 0;
	for (size_t f = 0; f < run->to_count; f++) {
		if (!b->by_rule[f])
			continue;
		bool asks = b->merges[f] == MERGE_CONFLICT;
		run_tell(run, &(struct sync_line){
			.action = asks ? ACTION_WAIT : ACTION_CONFLICT, .id = item->record->id,
			.key = item->key, .target_id = item->to_id, .link = item->record->link,
			.record = item->record, .field = run->to_fields[f].name,
			.reason = first ? first_end(b->merges[f])
			                : conflict_end(b->merges[f]) });
	}
}

static void
tell(struct run *run, struct item *item)
{
	struct sync_line line;
	plan_line(run, item, &line);
	run_tell(run, &line);
	held_free(run, item);
	if (line.action == ACTION_CREATE)
		run->counts->created++;
	else
		run->counts->updated++;
}

bool
plan_take(struct run *run, struct writer *writer)
{
	struct item *item;
	while ((item = list_take(&writer->flight.items)) != NULL) {
		const struct pending *row = &item->pending;
		cost_write(run, item, writer->flight.lane);
		if (row->id.len > 0 && !keep_drop(run, row->id, row->state))
			return false;
		tell(run, item);
		if (!item_release(run, item))
			return false;
	}
	return true;
}
