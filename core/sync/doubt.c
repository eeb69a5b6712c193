/* SPDX-License-Identifier: Apache-2.0
 *
 * doubt.c - a state that was put back from a backup is older than what it tells of: the
 * records written since are the target's, not its own.  Reading goes on where it stood
 * then, so each of them is listed again; from there on nothing is lost.  What the state
 * believes of them is in doubt until that listing is worked through:
 *
 * - What the target holds.  A record that is back at the values of its link may have had
 *   others in between, and the target has those still: its link's hashes are forgotten,
 *   so that it is written again.
 * - Whether a record without a link is at the target.  Where it can be looked up, or an
 *   upsert finds it, nothing is doubled; a "no" is believed once the last write before
 *   the state was put back must be visible.  Where it cannot, a person decides. */
#include "base/clock.h"
#include "base/log.h"
#include "sync/state.h"

#define NAME "doubt"
#define SINCE "doubt_since"
#define OPEN INT64_MAX

static bool
put_doubt(struct store *store, struct rk_err *err)
{
	return store_number_put(store, NAME, OPEN, err)
	       && store_number_put(store, SINCE, clock_now_ms(), err);
}

bool
sync_doubt(struct store *store, struct rk_err *err)
{
	struct store *back = store;
	if (store_has_back(store) && (back = store_back(store, err)) == NULL)
		return false;
	return store_begin(store, err) && put_doubt(store, err)
	       && (back == store || put_doubt(back, err)) && store_commit(store, err);
}

bool
doubt_begin(struct run *run)
{
	if (!store_number_get(run->store, NAME, &run->doubt_ms, &run->err)
	    || !store_number_get(run->store, SINCE, &run->doubt_since_ms, &run->err))
		return run_store_failed(run);
	if (run->doubt_ms == OPEN)
		log_info("sync.doubt", "sync=%s: its state was put back from a backup; what "
		         "changed since is written again", run->sync->name);
	return true;
}

bool
doubt_link(struct run *run, struct link *link)
{
	if (run->doubt_ms != OPEN || link->to_id.len == 0 || run_looks(run))
		return true;
	link->from_hash = link->to_hash = (struct hash){ 0 };
	return store_link_put(run->store, link, &run->err) || run_store_failed(run);
}

bool
doubt_has(const struct run *run, const struct item *item)
{
	return item->pending.id.len > 0 ? item->pending.first_ms <= run->doubt_ms
	                                : run->doubt_ms == OPEN;
}

int64_t
doubt_believe_ms(const struct run *run)
{
	const struct session *target = run_target(run);
	return run->doubt_ms != OPEN || run_looks(run)
		? 0 : run->doubt_since_ms + target->t_land_ms + target->t_visible_ms;
}

bool
doubt_end(struct run *run)
{
	int64_t records = 0;
	if (run->doubt_ms != OPEN || run->options->mode != SYNC_RUN || !run->read_done
	    || run->cursor.listing || run->source.stopped || run->target.stopped)
		return true;
	if (!store_page_total(run->store, &records, &run->err))
		return false;
	return records > 0
	       || store_number_put(run->store, NAME, clock_now_ms(), &run->err);
}
