/* SPDX-License-Identifier: Apache-2.0
 *
 * trouble.c - a call or the state has failed: whether to wait and try again, and what the
 * run ends with. */
#include "base/err.h"
#include "base/log.h"
#include "sync/state.h"

void
run_report_failure(struct run *run, int code, const struct rk_err *err, const char *side)
{
	if (run->report->err.category != 0
	    && exit_rank(code) >= exit_rank(run->report->exit_code))
		return;
	run->report->exit_code = code;
	run->report->err = *err;
	run->report->side = side;
}

bool
run_store_failed(struct run *run)
{
	if (!run->store_failed) {
		run->store_failed = true;
		run_report_failure(run, run->err.category == RK_CAT_CONFIG ? EXIT_USAGE
		                                                           : EXIT_FAILED,
		                   &run->err, NULL);
	}
	store_rollback(run->store);
	return false;
}

static int64_t
greater(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t
backoff(const struct side *side, const struct rk_err *err, bool ended)
{
	if (err->retry_after_ms > 0)
		return err->retry_after_ms;
	return (int64_t)(ended ? 20 : 250) << (side->failures - 1);
}

void
run_call_failed(struct run *run, const struct caller *caller, int32_t status,
                const struct rk_err *err, bool ended)
{
	const char *name = caller->session.connection->name;
	struct side *side = caller->side;
	int64_t now = run_mono(run);
	/* What fails beside a call that has failed just now is the same trouble. */
	side->failures += now >= side->pause_until_mono || side->failures == 0;
	/* A connector that was late may have been unlucky, once. */
	bool passing = status == RK_AGAIN || status == RK_RESYNC
	               || (status == RK_BUG && ended && side->failures == 1);
	if (passing) {
		int64_t wait = backoff(side, err, ended);
		if (side->failures < TRIES_MAX && wait <= LONGEST_WAIT_MS) {
			side->pause_until_mono = greater(side->pause_until_mono, now + wait);
			log_info("sync.waits", "sync=%s connection=%s category=%s wait_ms=%lld: "
			         "%s", run->sync->name, name, err_category_name(err->category),
			         (long long)wait, err->message);
			return;
		}
	}
	side->stopped = true;
	run_report_failure(run, exit_of(status, err), err, name);
	log_info("sync.side_stopped", "sync=%s connection=%s status=%s category=%s: %s",
	         run->sync->name, name, err_status_name(status),
	         err_category_name(err->category), err->message);
}
