/* SPDX-License-Identifier: Apache-2.0
 *
 * fields.h - the line of values of each field of a record, from the field log. */
#ifndef CLI_FIELDS_H
#define CLI_FIELDS_H

#include "cli/app.h"
#include "store/store.h"

/* A table of what was written to the record, the newest first: of one field, if
 * app->field says which; at most app->limit changes.  'revision' is the mapping's that
 * was used last.  False: 'err' says why. */
bool fields_tell(struct app *app, const struct config_sync *sync, struct store *store,
                 struct rk_text from_id, const unsigned char revision[16],
                 struct rk_err *err);
/* The same of each record in whose place this one was made anew, the oldest first. */
bool fields_tell_older(struct app *app, const struct config_sync *sync,
                       struct store *store, struct rk_text from_id,
                       const unsigned char revision[16], struct rk_err *err);

#endif
