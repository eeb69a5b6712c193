/* SPDX-License-Identifier: Apache-2.0
 *
 * plan.c - stands in the place of a write when a run only plans: asks the
 * target what it has now, and tells each field that would change. */
#include "base/text.h"
#include "record/value.h"
#include "sync/state.h"

bool
plan_ask(struct run *run, struct writer *writer)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct rk_text *ids = arena_new_array(&arena, writer->flight.items.count,
	                                      struct rk_text);
	struct rk_query query = ASK_INIT;
	for (const struct item *item = writer->flight.items.first; item != NULL;
	     item = item->next)
		ids[query.value_count++] = item->to_id;
	query.mode = RK_BY_IDS;
	query.fields = run->to_fields;
	query.field_count = run->to_count;
	query.values = ids;
	query.limit = query.value_count;
	return ask_list(run, &writer->caller, run->sync->to.object, &query);
}

static bool
same(const struct rk_value *before, const struct rk_value *after)
{
	if (value_is_empty(before) && value_is_empty(after))
		return true;
	if (value_eq(before, after))
		return true;
	/* A CRM may tell a value in another type than it takes it. */
	BUF_AUTO a = BUF_INIT(1024 * 1024);
	BUF_AUTO b = BUF_INIT(1024 * 1024);
	value_show(&a, before);
	value_show(&b, after);
	return text_eq(buf_text(&a), buf_text(&b));
}

static void
tell(struct run *run, struct item *item, const struct rk_record *there)
{
	struct arena *arena = &item->page->arena;
	struct sync_change *changes = arena_new_array(arena, run->to_count, struct sync_change);
	struct sync_line line = {
		.action = item->to_id.len > 0 ? ACTION_UPDATE : ACTION_CREATE,
		.id = item->record->id, .key = item->key, .target_id = item->to_id,
		.link = item->record->link, .record = item->record, .changes = changes };
	bool preview = run->options->mode == SYNC_PREVIEW;
	for (size_t i = 0; i < run->to_count; i++) {
		const struct rk_value *after = &item->row[i];
		const struct rk_value *before = there != NULL ? &there->values[i] : NULL;
		bool quiet = after->type == RK_ABSENT || (before != NULL && same(before, after))
		             || (before == NULL && value_is_empty(after));
		if (quiet && !preview)
			continue;
		changes[line.change_count++] = (struct sync_change){
			.field = run->to_fields[i].name, .before = before, .after = after };
	}
	run_tell(run, &line);
	if (line.action == ACTION_CREATE)
		run->counts->created++;
	else
		run->counts->updated++;
}

static bool
tell_flight(struct run *run, struct writer *writer, const struct rk_page *page)
{
	struct item *item;
	run->planned[writer->flight.lane] += (int64_t)writer->flight.items.count;
	while ((item = list_take(&writer->flight.items)) != NULL) {
		tell(run, item, page != NULL ? ask_find(page, item->to_id) : NULL);
		if (!stage_release(run, item))
			return false;
	}
	return true;
}

bool
plan_create(struct run *run, struct writer *writer)
{
	return tell_flight(run, writer, NULL);
}

bool
plan_take(struct run *run, struct writer *writer, const struct runner_answer *answer)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct rk_page page;
	return ask_take_page(run, &writer->caller, answer, run->to_count, NULL, &arena, &page)
	       && tell_flight(run, writer, &page);
}
