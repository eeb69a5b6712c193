/* SPDX-License-Identifier: Apache-2.0
 *
 * history.h - the table of runs, as history and status show it. */
#ifndef CLI_HISTORY_H
#define CLI_HISTORY_H

#include "cli/app.h"
#include "store/store.h"

/* An empty table; 'with_sync': its first column names the sync. */
struct table history_table(struct app *app, bool with_sync);
/* 'sync' NULL: the table has no such column. */
void history_add(struct table *t, struct app *app, const char *sync,
                 const struct run_row *run);

#endif
