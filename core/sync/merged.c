/* SPDX-License-Identifier: Apache-2.0
 *
 * merged.c - one record of the source was taken over by another, or has another id now.
 * The link goes along with what it stood for: the survivor is then written to the record
 * of the target that there is, instead of one of its own.  Where both have one, a person
 * is told: the target has a duplicate, which is never deleted by us. */
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "sync/state.h"

/* The loser's link ends; its tomb says who took it over. */
static bool
bury(struct run *run, const struct rk_record *record, const struct link *old)
{
	struct tomb tomb = { .from_id = record->id, .to_id = old->to_id, .why = TOMB_MERGED,
		             .at_ms = run_now(run), .stamp_ms = record->modified_ms,
		             .into = record->merged_into };
	struct link ended = { .from_id = record->id };
	run->tombs++;
	return (store_tomb_put(run->store, &tomb, &run->err)
	        && store_link_put(run->store, &ended, &run->err))
	       || run_store_failed(run);
}

/* The survivor is read by its id and written, whether the listing tells of it or not. */
static bool
write_survivor(struct run *run, struct rk_text id, struct arena *arena)
{
	struct pending row;
	if (!store_pending_get(run->store, id, arena, &row, &run->err))
		return run_store_failed(run);
	if (row.id.len > 0)
		return true;
	row = (struct pending){ .id = id, .state = PENDING_QUEUED, .due_ms = run_now(run),
		                .first_ms = run_now(run) };
	run->counts->carried++;
	return keep_row(run, &row, 0);
}

static bool
move(struct run *run, const struct rk_record *record, const struct link *old,
     struct arena *arena)
{
	struct link link = *old;
	link.from_id = record->merged_into;
	link.from_hash = link.to_hash = (struct hash){ 0 };
	link.from_ms = RK_NO_TIME;
	run->counts->excluded++;
	log_info("sync.merged", "sync=%s id=%.*s into=%.*s target=%.*s: the link goes along",
	         run->sync->name, (int)record->id.len, record->id.ptr,
	         (int)record->merged_into.len, record->merged_into.ptr, (int)old->to_id.len,
	         old->to_id.ptr);
	return (store_link_put(run->store, &link, &run->err) || run_store_failed(run))
	       && write_survivor(run, record->merged_into, arena);
}

/* For a person; it does not heal by itself. */
static bool
tell_duplicate(struct run *run, const struct rk_record *record, const struct link *old,
               const struct link *survivor, struct arena *arena)
{
	struct pending row = {
		.id = record->id, .state = PENDING_FAILED, .due_ms = INT64_MAX, .attempts = 1,
		.first_ms = run_now(run), .modified_ms = record->modified_ms,
		.category = RK_CAT_DUPLICATE,
		.message = arena_printf(arena, "record %.*s was merged into %.*s at the source, "
		                        "and the target has a record of both: %.*s and %.*s; "
		                        "merge them there, then set this error aside",
		                        (int)record->id.len, record->id.ptr,
		                        (int)record->merged_into.len, record->merged_into.ptr,
		                        (int)old->to_id.len, old->to_id.ptr,
		                        (int)survivor->to_id.len, survivor->to_id.ptr) };
	return keep_row(run, &row, 0);
}

bool
merged_stays(struct run *run, struct pending *row, bool *stays)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct tomb tomb;
	int64_t old_state = row->state;
	*stays = false;
	if (run->tombs == 0 || row->category != RK_CAT_DUPLICATE)
		return true;
	if (!store_tomb_get(run->store, row->id, &arena, &tomb, &run->err))
		return run_store_failed(run);
	*stays = tomb.why == TOMB_MERGED;
	if (!*stays)
		return true;
	row->state = PENDING_FAILED;
	row->due_ms = INT64_MAX;
	row->attempts++;
	return keep_row(run, row, old_state);
}

enum gone_told
merged_told(struct run *run, const struct rk_record *record, struct arena *arena)
{
	struct link old, survivor;
	struct tomb tomb;
	struct pending row = { 0 };
	if (!store_link_get(run->store, record->id, arena, &old, &run->err)
	    || !store_link_get(run->store, record->merged_into, arena, &survivor, &run->err)
	    || !store_tomb_get(run->store, record->id, arena, &tomb, &run->err)
	    || (run->pending_rows > 0
	        && !store_pending_get(run->store, record->id, arena, &row, &run->err))) {
		run_store_failed(run);
		return GONE_BROKEN;
	}
	/* What is on its way of either comes first: it is told again. */
	if (tomb.why == TOMB_MERGED) {
		run->counts->unchanged++;
		return GONE_KEPT;
	}
	if (old.to_id.len == 0 || tomb.why != 0 || run_looks(run)
	    || text_eq(record->id, record->merged_into)
	    || (row.id.len > 0 && keep_is_open(&row, run_now(run)))
	    || set_has(&run->busy_ids, hash_mark(record->id))
	    || (survivor.to_id.len == 0
	        && set_has(&run->busy_ids, hash_mark(record->merged_into))))
		return GONE_LEFT;
	if (row.id.len > 0) {
		keep_overtaken(run, &row);
		if (!keep_drop(run, row.id, row.state))
			return GONE_BROKEN;
	}
	bool both = survivor.to_id.len > 0 && !text_eq(survivor.to_id, old.to_id);
	if (!bury(run, record, &old))
		return GONE_BROKEN;
	if (both ? !tell_duplicate(run, record, &old, &survivor, arena)
	         : !move(run, record, &old, arena))
		return GONE_BROKEN;
	return GONE_KEPT;
}
