/* SPDX-License-Identifier: Apache-2.0
 *
 * budget.c - how many records of the target a run may delete: what gone.c held back is
 * weighed once the listing is at its end.  Within the sync's budget it is released; beyond
 * it, or when a listing was empty, all of it waits until a person approves just that
 * number. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "sync/state.h"

#define ROWS_AT_ONCE 100

static bool
budget_of(struct run *run, int64_t *budget)
{
	const char *text = run->sync->delete_budget;
	int64_t number = atoll(text), links;
	*budget = number;
	if (text[strlen(text) - 1] != '%')
		return true;
	if (!store_link_count(run->store, &links, &run->err))
		return false;
	*budget = (links > run->tombs ? links - run->tombs : 0) * number / 100;
	return true;
}

static bool
release_some(struct run *run, size_t *count)
{
	__attribute__((cleanup(arena_free))) struct arena arena = ARENA_INIT;
	struct pending *rows;
	if (!store_pending_held(run->store, ROWS_AT_ONCE, &arena, &rows, count, &run->err))
		return false;
	for (size_t i = 0; i < *count; i++) {
		rows[i].due_ms = run_now(run);
		if (!keep_row(run, &rows[i], rows[i].state))
			return false;
	}
	return true;
}

static bool
release(struct run *run)
{
	size_t count;
	do {
		if (!release_some(run, &count))
			return false;
	} while (count == ROWS_AT_ONCE);
	return true;
}

/* What was withheld once waits for a person, however many are left of it. */
static bool
weigh(struct run *run)
{
	int64_t held, budget, withheld;
	if (!store_pending_held_count(run->store, &held, &run->err)
	    || !store_number_get(run->store, STORE_WITHHELD, &withheld, &run->err)
	    || !budget_of(run, &budget))
		return false;
	bool waits = held > 0 && (withheld > 0 || held > budget || run->gone_empty);
	run->counts->withheld = waits ? held : 0;
	if (waits)
		log_info("sync.withheld", "sync=%s deletions=%" PRId64 " budget=%s: none of them "
		         "is carried out before a person approves them", run->sync->name, held,
		         run->sync->delete_budget);
	if ((withheld > 0) != waits
	    && !store_number_put(run->store, STORE_WITHHELD, waits, &run->err))
		return false;
	return waits || release(run);
}

void
budget_step(struct run *run)
{
	bool told = run->read_done && !run->cursor.listing && run->arrived == NULL
	            && !sweep_lasts(run);
	if (run->gone_weighed || run->sync->deletes == DELETES_IGNORE || !told
	    || run->options->mode != SYNC_RUN || run->source.stopped || run->store_failed)
		return;
	run->gone_weighed = true;
	if (run->pending_rows == 0 && !run->gone_withheld)
		return;
	if (!store_begin(run->store, &run->err) || !weigh(run)
	    || !store_commit(run->store, &run->err))
		run_store_failed(run);
}
