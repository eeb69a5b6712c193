/* SPDX-License-Identifier: Apache-2.0
 *
 * push.c - hands a part of the filter to the source, so that a first listing tells what is
 * wanted and not everything.
 *
 * Only the very first listing of a sync, from its first page to its end, in however many
 * runs: nothing is linked when it begins, so that no record can have left the filter
 * unseen before.  What leaves or comes to pass the filter while it lasts has changed since
 * it began, and comes with the listing after it, which like all others has no hints: what
 * leaves the filter must be seen to leave.  A source that refuses them lists everything. */
#include "base/err.h"
#include "base/log.h"
#include "mapping/hints.h"
#include "sync/state.h"

static bool
note(struct run *run, bool narrowed)
{
	return run_looks(run)
	       || (store_begin(run->store, &run->err)
	           && store_number_put(run->store, STORE_NARROWED, narrowed, &run->err)
	           && store_commit(run->store, &run->err));
}

/* Whether the listing that begins is the first; or, where it goes on, was. */
static bool
is_first(struct run *run, bool *first)
{
	int64_t count;
	*first = false;
	if (cursor_was_listed(&run->cursor))
		return true;
	if (run->cursor.listing) {
		if (!store_number_get(run->store, STORE_NARROWED, &count, &run->err))
			return false;
		*first = count != 0;
		return true;
	}
	if (!store_link_count(run->store, &count, &run->err))
		return false;
	*first = count == 0;
	return note(run, *first);
}

bool
push_begin(struct run *run)
{
	const struct manifest_object *object = manifest_object(
		&run->reader.session.manifest, run->sync->from.object);
	bool first;
	run->hint_count = 0;
	if (run_picks(run) || object == NULL || object->hint_count == 0)
		return true;
	size_t count;
	run->hints = mapping_hints(run->mapping, object->hints, object->hint_count, &run->arena,
	                           &count);
	if (count == 0)
		return true;
	if (!is_first(run, &first))
		return run_store_failed(run);
	run->hint_count = first ? count : 0;
	return true;
}

void
push_ended(struct run *run)
{
	if (run->hint_count > 0 && !note(run, false))
		run_store_failed(run);
	run->hint_count = 0;
}

bool
push_was_refused(const struct run *run, const struct runner_answer *answer)
{
	int32_t category = answer->err.category;
	if (run->hint_count == 0 || category == RK_CAT_AUTH
	    || (answer->status != RK_REJECT && answer->status != RK_PAUSE
	        && answer->status != RK_BUG))
		return false;
	log_info("sync.filter_refused", "sync=%s: the source refuses a part of the filter, so "
	         "everything is listed: %s", run->sync->name, answer->err.message);
	return true;
}
