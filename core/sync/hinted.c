/* SPDX-License-Identifier: Apache-2.0
 *
 * hinted.c - records of which a webhook said that they changed become rows of pending
 * that are due, so that fetch.c reads them by id at once.  Where reading stands does not
 * move: listing finds the same records, and more, whatever a webhook said or missed. */
#include "store/hints.h"
#include "sync/state.h"

static bool
add_number(struct run *run, const char *name, int64_t more)
{
	int64_t number;
	return store_number_get(run->store, name, &number, &run->err)
	       && store_number_put(run->store, name, number + more, &run->err);
}

/* One that is queued, on its way or set aside stays as it is. */
static bool
take(struct run *run, struct rk_text id, struct arena *arena)
{
	struct pending row;
	if (!store_pending_get(run->store, id, arena, &row, &run->err))
		return false;
	if (row.id.len > 0 && row.state != PENDING_FAILED)
		return true;
	if (row.id.len == 0)
		row = (struct pending){ .id = id, .state = PENDING_QUEUED,
		                        .modified_ms = RK_NO_TIME,
		                        .first_ms = run->report->started_ms - 1 };
	row.due_ms = run_now(run);
	return store_pending_put(run->store, &row, &run->err);
}

static bool
take_all(struct run *run, const struct hint *hints, size_t count)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	for (size_t i = 0; i < count; i++)
		if (!take(run, hints[i].id, &arena))
			return false;
	return add_number(run, STORE_HINTED, (int64_t)count);
}

bool
hinted(struct run *run)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct hint *hints;
	const char *name = run->sync->name;
	/* Webhooks tell of what the sync's `from` has. */
	if (run_looks(run) || run_picks(run) || run->sync->is_back)
		return true;
	struct host *host = world_host(run->world);
	size_t count = hints_list(host, name, &arena, &hints);
	if (count == 0)
		return true;
	if (!store_begin(run->store, &run->err) || !take_all(run, hints, count)
	    || !store_commit(run->store, &run->err))
		return run_store_failed(run);
	/* Those that stay are taken once more, which costs a call. */
	hints_drop(host, name, hints[count - 1].seq, NULL);
	return true;
}

bool
hinted_missed(struct run *run, size_t changed)
{
	bool hooked = run->reader.session.connection->hook.secret != NULL;
	return !hooked || changed == 0 || run->report->full_read || run_is_single(run)
	       || add_number(run, STORE_MISSED, (int64_t)changed);
}
