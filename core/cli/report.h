/* SPDX-License-Identifier: Apache-2.0
 *
 * report.h - what a run did, in one line, in JSON, and in words. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "cli/app.h"
#include "sync/run.h"

/* False: something stopped the run before it touched any record, so that there is
 * nothing to count. */
bool report_begun(const struct sync_report *report);
/* "read=1 created=0 ... seconds=0.12" */
void report_line(struct buf *out, const struct sync_counts *counts, double seconds);
/* The counts as members of the open JSON object. */
void report_json(struct out *o, const struct sync_report *report);
/* Of a two-way run: what each way did. */
void report_ways(struct app *app, const struct sync_report *report,
                 const struct config_sync *sync);
/* Tells what stopped the run, if something did; 'sync' names it. */
void report_error(struct app *app, const struct sync_report *report,
                  const struct config_sync *sync);
/* Runs one sync now and tells its line, as an item of an open list; the exit code. */
int sync_by_hand(struct app *app, const struct config_sync *sync);
/* The first SIGTERM or SIGINT asks whoever runs to end in good order, the second ends it at
 * once.  What is readable then; 0: signals just end it. */
int stop_signals(void);
/* What waits and what failed, and what to do next. */
void report_rest(struct app *app, const struct sync_report *report,
                 const struct config_sync *sync);

#endif
