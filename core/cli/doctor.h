/* SPDX-License-Identifier: Apache-2.0
 *
 * doctor.h - what the parts of renkei doctor share. */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include "cli/app.h"

enum fitness { FIT, NOTED, BAD };

struct doctor {
	struct app *app;
	bool configured;
	struct table table;
	struct buf advice;             /* owned: below the table, for people */
	enum fitness worst;
};

/* What is not FIT has a reason and a remedy. */
void doctor_row(struct doctor *d, const char *check, enum fitness fitness,
                const char *found, const char *why, const char *remedy);
/* doctor_state.c: each sync's file, and the clock against its runs. */
void doctor_state(struct doctor *d);

#endif
