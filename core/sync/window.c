/* SPDX-License-Identifier: Apache-2.0
 *
 * window.c - who has everything to read may begin in some hours only, those of `backfill`:
 * given, or chosen by what was asked of both connections in the last days.  A run that
 * somebody waits for goes at once, and one that has begun goes on. */
#include "base/err.h"
#include "net/quiet.h"
#include "sync/state.h"

static void
set_reason(const struct run *run, const struct quiet *q, struct rk_err *err)
{
	char hours[QUIET_TEXT];
	quiet_text(q, hours);
	if (!quiet_is_auto(run->sync))
		err_set(err, RK_HOLD, RK_CAT_OTHER, "everything is to be read, which begins "
		        "between %s only", hours);
	else if (q->days < QUIET_DAYS_LEAST)
		err_set(err, RK_HOLD, RK_CAT_OTHER, "everything is to be read, which begins "
		        "between %s only: the usual hours, as it is not known for %d days yet "
		        "when both connections are used", hours, QUIET_DAYS_LEAST);
	else
		err_set(err, RK_HOLD, RK_CAT_OTHER, "everything is to be read, which begins "
		        "between %s only: then %lld of %lld calls were made in %d days", hours,
		        (long long)q->calls, (long long)q->all, q->days);
}

bool
window_opens(struct run *run)
{
	const struct config_sync *sync = run->sync;
	struct quiet quiet;
	struct rk_err err;
	if (sync->backfill == NULL || run->world->priority != NET_BACKFILL
	    || run->options->priority == NET_BY_HAND || run->options->mode != SYNC_RUN)
		return true;
	int64_t now = run_now(run);
	quiet_look(&quiet, sync, run->world->state_dir, now);
	int64_t opens = quiet_from(&quiet, sync->zone, now);
	if (opens == now)
		return true;
	set_reason(run, &quiet, &err);
	err.retry_after_ms = opens - now;
	run_report_failure(run, EXIT_HELD, &err, NULL);
	return false;
}
