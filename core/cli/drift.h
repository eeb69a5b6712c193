/* SPDX-License-Identifier: Apache-2.0
 *
 * drift.h - fields that changed at a CRM, as notices, status and check tell them. */
#ifndef CLI_DRIFT_H
#define CLI_DRIFT_H

#include "cli/app.h"
#include "store/drift.h"

/* The changes that still stand, the newest first: records may or will fail by them, the
 * lines they touch are what they were, and the field did not change again.  What nothing
 * waits for is told for a week.  'waiting' is how many records wait now. */
bool drift_standing(struct app *app, const struct config_sync *sync, struct store *store,
                    struct drift **list, size_t *count, struct rk_err *err);
/* What a description told just now would be told as; 'store' holds what was known. */
bool drift_between(struct app *app, const struct config_sync *sync, bool target,
                   const struct rk_schema *now, struct store *store, struct drift **list,
                   size_t *count, struct rk_err *err);
/* One change in words, on lines of their own. */
void drift_words(struct app *app, struct buf *out, const struct drift *d);
/* All of them: for programs the list 'name', for people the same words. */
void drift_tell(struct app *app, const char *name, const struct drift *list, size_t count);
/* One of them makes records fail. */
bool drift_breaks(const struct drift *list, size_t count);

#endif
