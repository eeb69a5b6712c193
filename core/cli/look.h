/* SPDX-License-Identifier: Apache-2.0
 *
 * look.h - what the state of a sync tells, read without disturbing a run. */
#ifndef CLI_LOOK_H
#define CLI_LOOK_H

#include "cli/app.h"
#include "store/store.h"

struct look {
	struct cursor cursor;
	struct pending_counts pending;
	struct run_row *runs;          /* The newest first. */
	size_t run_count;
	int64_t journal, links;        /* Records read but not settled; pairs. */
	int64_t broken_until_ms;       /* By its breaker; 0: it may run. */
	bool other;                    /* The state is of other objects than the sync. */
};

/* Fills 'look' with at most 'runs' runs; false: 'err' says why not. */
bool look_at_sync(struct app *app, const struct config_sync *sync, size_t runs,
                  struct look *look, struct rk_err *err);
/* The same, but the state of other objects is looked at as well: 'look->other', and
 * 'err' says whose it is. */
bool look_at_any(struct app *app, const struct config_sync *sync, size_t runs,
                 struct look *look, struct rk_err *err);
/* "done", "held" ... of an exit code. */
const char *look_result(const struct app *app, int64_t exit_code);

#endif
