/* SPDX-License-Identifier: Apache-2.0
 *
 * extent.c - how far a listing of everything has come, for who waits for its end: the
 * records that it told, in earlier runs too, and how many there are about, as the source
 * told with its first page.  Both stand in the store while it is open. */
#include "sync/state.h"

bool
extent_begin(struct run *run)
{
	if (!run->report->full_read || !run->cursor.listing)
		return true;
	return (store_number_get(run->store, STORE_LISTED, &run->counts->listed, &run->err)
	        && store_number_get(run->store, STORE_ABOUT, &run->counts->about, &run->err))
	       || run_store_failed(run);
}

void
extent_first(struct run *run, const struct rk_page *page)
{
	run->counts->listed = 0;
	run->counts->about = run->report->full_read ? page->total : 0;
}

bool
extent_keep(struct run *run, size_t records)
{
	if (!run->report->full_read)
		return true;
	run->counts->listed += (int64_t)records;
	return (store_number_put(run->store, STORE_LISTED, run->counts->listed, &run->err)
	        && store_number_put(run->store, STORE_ABOUT, run->counts->about, &run->err))
	       || run_store_failed(run);
}
