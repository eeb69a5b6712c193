/* SPDX-License-Identifier: Apache-2.0
 *
 * conflicts.h - what the verbs of "renkei conflicts" share: the fields that both sides of a
 * two-way sync changed, and that a person settles (sync/asked.h). */
#ifndef CLI_CONFLICTS_H
#define CLI_CONFLICTS_H

#include "cli/app.h"
#include "store/store.h"

/* Which ones of a sync; NULL: all. */
struct conflicts_pick {
	const struct config_sync *sync;
	const char *id;                /* Of its record at from, or "CONNECTION/ID". */
	const char *field;             /* As from calls it, or else to. */
};

/* False ends the walk: 'err' says why. */
typedef bool conflicts_take(void *with, struct store *store, struct conflict *row,
                            struct rk_err *err);

/* Hands those that fit to 'take', the oldest first. */
bool conflicts_walk(struct store *store, const struct conflicts_pick *pick,
                    conflicts_take *take, void *with, struct rk_err *err);
/* Eight letters that stand for both values and for what was decided, so that nobody
 * decides about others, or past somebody else. */
const char *conflicts_mark(struct app *app, const struct conflict *row);

/* None is meant: says so; the exit code. */
int conflicts_none(struct app *app, const struct conflicts_pick *pick);
int conflicts_settle(struct app *app, const struct conflicts_pick *pick);

#endif
