/* SPDX-License-Identifier: Apache-2.0
 *
 * progress.h - how far a run has come, on one line of a terminal.  Where the source told
 * how much it lists, the bar is the share of that, with an estimate of what is left, by
 * the pace of this run; else it is the share of what was read that is settled. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/app.h"
#include "sync/run.h"

struct progress {
	const struct app *app;         /* borrowed */
	const char *name;
	bool shown;
	int64_t began_mono, began_at;  /* When and where the pace is taken from; 0: not yet. */
};

/* As sync_options.progress; shows nothing where nobody would see it. */
void progress_show(struct progress *p, const struct sync_counts *counts);
/* Takes the line away. */
void progress_end(struct progress *p);

#endif
