/* SPDX-License-Identifier: Apache-2.0
 *
 * look.h - what the state of a sync tells, read without disturbing a run. */
#ifndef CLI_LOOK_H
#define CLI_LOOK_H

#include "cli/app.h"
#include "store/drift.h"
#include "store/walk.h"

struct look {
	struct cursor cursor;
	struct pending_counts pending;
	struct run_row *runs;          /* The newest first. */
	size_t run_count;
	struct run_row *back_runs;     /* Two-way: what of them went back, by the same ids. */
	size_t back_count;
	int64_t journal;               /* Records read but not settled. */
	int64_t conflicts;             /* Fields that wait for a person. */
	int64_t withheld;              /* Deletions that wait for a person. */
	int64_t listed, about;         /* Of a listing of everything that is open; 0: not known. */
	int64_t hinted, missed;        /* By webhooks: told; found without them. */
	int64_t broken_until_ms;       /* By its breaker; 0: it may run. */
	struct compared *walks;        /* The newest walk over both sides, if there was one. */
	size_t walk_count;
	bool walk_open;                /* One is under way, or was cut off. */
	struct drift *drift;           /* Fields that changed, as cli/drift.h has them. */
	size_t drift_count;
	bool waits, released;          /* For records of other syncs; some are linked now. */
	bool other;                    /* The state is of other objects than the sync. */
};

/* Fills 'look' with at most 'runs' runs; false: 'err' says why not. */
bool look_at_sync(struct app *app, const struct config_sync *sync, size_t runs,
                  struct look *look, struct rk_err *err);
/* The same, but the state of other objects is looked at as well: 'look->other', and
 * 'err' says whose it is. */
bool look_at_any(struct app *app, const struct config_sync *sync, size_t runs,
                 struct look *look, struct rk_err *err);
/* How many deletions wait for a person. */
bool look_at_withheld(struct store *store, int64_t *count, struct rk_err *err);
/* How many pairs it knows; who asks of all syncs does not ask for that. */
bool look_at_links(struct app *app, const struct config_sync *sync, int64_t *links,
                   struct rk_err *err);
/* Something kept this run from its end; single records do not count. */
bool look_was_stopped(const struct run_row *run);
/* Why the sync is not well, in a line: what stopped its newest run, whatever came after,
 * and what was set at run time to that end; NULL: nothing did, or nobody said why. */
const char *look_reason(struct app *app, const struct config_sync *sync,
                        const struct look *look);
/* The same with causes and remedies, for people. */
void look_tell_reason(struct app *app, const struct config_sync *sync,
                      const struct look *look);
/* "done", "held by quota" ... of an exit code; in JSON its code. */
const char *look_result(const struct app *app, int64_t exit_code);

#endif
