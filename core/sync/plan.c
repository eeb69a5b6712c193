/* SPDX-License-Identifier: Apache-2.0
 *
 * plan.c - stands in the place of a write when a run only plans: asks the
 * target what it has now, and tells each field that would change. */
#include "base/err.h"
#include "base/text.h"
#include "record/value.h"
#include "sync/state.h"

bool
plan_ask(struct run *run)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct side *side = &run->target;
	struct session_object object;
	struct rk_err err;
	struct rk_text *ids = arena_new_array(&arena, run->flight.count, struct rk_text);
	size_t count = 0;
	for (const struct item *item = run->flight.first; item != NULL; item = item->next)
		ids[count++] = item->to_id;
	struct rk_query query = {
		.struct_size = sizeof query, .mode = RK_BY_IDS, .fields = run->to_fields,
		.field_count = run->to_count, .since_ms = RK_NO_TIME, .until_ms = RK_NO_TIME,
		.limit = count, .values = ids, .value_count = count };
	int32_t status = session_object(&side->session, run->sync->to.object, &object, &err);
	query.object = text_of(object.name);
	if (status == RK_OK)
		status = session_ask_list(&side->session, &object, &query, &err);
	if (status != RK_OK)
		run_side_failed(run, side, status, &err, false);
	return status == RK_OK;
}

static const struct rk_record *
find(const struct rk_page *page, struct rk_text id)
{
	for (uint64_t i = 0; i < page->record_count; i++)
		if (text_eq(page->records[i].id, id))
			return &page->records[i];
	return NULL;
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
tell_flight(struct run *run, const struct rk_page *page)
{
	struct item *item;
	run->planned[run->flight_lane] += (int64_t)run->flight.count;
	while ((item = list_take(&run->flight)) != NULL) {
		tell(run, item, page != NULL ? find(page, item->to_id) : NULL);
		if (!stage_release(run, item))
			return false;
	}
	return true;
}

bool
plan_create(struct run *run)
{
	return tell_flight(run, NULL);
}

bool
plan_take(struct run *run, const struct runner_answer *answer)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct side *side = &run->target;
	struct rk_page page;
	struct rk_err err = answer->err;
	int32_t status = answer->status;
	if (status == RK_OK
	    && !record_decode_page(answer->bytes, &arena, run->to_count, &page))
		status = err_set(&err, RK_BUG, RK_CAT_BUG, "connector %s broke the contract: its "
		                 "page is damaged", side->session.connection->connector);
	if (status != RK_OK) {
		run_side_failed(run, side, status, &err, answer->ended);
		return false;
	}
	side->failures = 0;
	return tell_flight(run, &page);
}
