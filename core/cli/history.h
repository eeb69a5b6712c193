/* SPDX-License-Identifier: Apache-2.0
 *
 * history.h - the table of runs, as history and status show it. */
#ifndef CLI_HISTORY_H
#define CLI_HISTORY_H

#include "cli/look.h"

/* An empty table for the runs of these; 'with_sync': its first column names the sync. */
struct table history_table(struct app *app, bool with_sync, const struct look *looks,
                           size_t look_count);
/* A run of 'look'; 'sync' NULL: the table has no such column. */
void history_add(struct table *t, struct app *app, const char *sync, const struct look *look,
                 const struct run_row *run);

#endif
