/* SPDX-License-Identifier: Apache-2.0
 *
 * jobs.h - commands that the daemon runs for the console: at once, or beside the
 * request, to be asked for by number until ten minutes after the end. */
#ifndef CONSOLE_JOBS_H
#define CONSOLE_JOBS_H

#include "console/console.h"

struct job {
	const struct request *q;       /* borrowed, until the call returns */
	const char *const *argv;
	size_t argc;
	bool csv;                      /* Its "records" as CSV. */
};

/* Runs it and answers. */
void jobs_run(const struct job *job, struct answer *a);
/* Answers 202 with {"job": NUMBER}; it goes on. */
void jobs_begin(const struct job *job, struct answer *a);
/* The answer of the job in q->part, or 202 with {"job": NUMBER} while it runs. */
void jobs_answer(struct request *q, struct answer *a);

#endif
