/* SPDX-License-Identifier: Apache-2.0
 *
 * progress.h - how far a run has come, on one line of a terminal.  How much a
 * source will list nobody knows before the end; the bar is the share of what was
 * read that is settled. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/app.h"
#include "sync/run.h"

struct progress {
	const struct app *app;         /* borrowed */
	const char *name;
	bool shown;
};

/* As sync_options.progress; shows nothing where nobody would see it. */
void progress_show(struct progress *p, const struct sync_counts *counts);
/* Takes the line away. */
void progress_end(struct progress *p);

#endif
