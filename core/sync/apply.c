/* SPDX-License-Identifier: Apache-2.0
 *
 * apply.c - writes what was planned and looked at, and nothing else.  The records are
 * read by id and go the way of all others; before one is written the caller sees what
 * would be written now, and lets it go or not (options->allow).  Where reading stands
 * does not move, rows of pending are not taken up, and no page is journaled: the plan is
 * the journal, and what was done already is found unchanged. */
#include "base/text.h"
#include "sync/state.h"

#define IDS_MAX 100

static bool
take_ids(struct run *run)
{
	int64_t wait_ms = 0;
	bool idle = run->record_count == 0 && write_idle(run);
	arena_clear(&run->fetch_arena);
	run->apply_ids = arena_new_array(&run->fetch_arena, IDS_MAX, struct rk_text);
	run->apply_count = run->options->next(run->options->with, &run->fetch_arena,
	                                      run->apply_ids, IDS_MAX, idle, &wait_ms);
	run->apply_dry = run->apply_count == 0;
	if (run->apply_count > 0)
		return true;
	run->read_done = wait_ms == 0;
	run->read_wait_mono = run_mono(run) + wait_ms;
	return false;
}

void
apply_step(struct run *run)
{
	if (run->read_done || !run_may_call(run, &run->reader) || !may_read_ahead(run)
	    || run_mono(run) < run->read_wait_mono)
		return;
	if (run->apply_count == 0 && !take_ids(run))
		return;
	struct rk_query query = ASK_INIT;
	query.mode = RK_BY_IDS;
	query.fields = run->from_fields;
	query.field_count = run->from_count;
	query.limit = query.value_count = run->apply_count;
	query.values = run->apply_ids;
	ask_list(run, &run->reader, run->sync->from.object, &query);
}

static void
leave_out(struct run *run, struct rk_text id, const char *reason)
{
	run->counts->excluded++;
	run_tell(run, &(struct sync_line){ .action = ACTION_EXCLUDE, .id = id,
		                           .reason = text_of(reason) });
}

void
apply_answer(struct run *run, const struct runner_answer *answer)
{
	struct work_page *work = page_new(run->apply_count);
	struct rk_page page;
	if (!ask_take_page(run, &run->reader, answer, run->from_count, NULL, &work->arena,
	                   &page)) {
		page_free(work);
		return;
	}
	for (size_t i = 0; i < run->apply_count; i++) {
		const struct rk_record *record = ask_find(&page, run->apply_ids[i]);
		run->counts->read++;
		if (record == NULL
		    || (record->flags & (RK_RECORD_DELETED | RK_RECORD_MERGED)) != 0)
			leave_out(run, run->apply_ids[i], "deleted at the source");
		else if (!mapping_keeps(run->mapping, record))
			leave_out(run, run->apply_ids[i], "left out by the filter");
		else
			page_add(run, work, record);
	}
	run->apply_count = 0;
	page_enqueue(run, work);
}

bool
apply_leaves(struct run *run, const struct item *item)
{
	if (run->options->mode != SYNC_APPLY || item->pending.state != PENDING_UNDECIDED)
		return false;
	run_tell(run, &(struct sync_line){
		.action = ACTION_FAIL, .id = item->record->id,
		.category = RK_CAT_OTHER, .link = item->record->link,
		.reason = TEXT_LIT("a person must settle first whether it was created") });
	return true;
}

bool
apply_allows(struct run *run, struct item *item)
{
	struct sync_line line;
	/* A deletion stands in no plan that is carried out. */
	if (item->row == NULL)
		return false;
	plan_line(run, item, &line);
	return run->options->allow(run->options->with, &line);
}
