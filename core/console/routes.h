/* SPDX-License-Identifier: Apache-2.0
 *
 * routes.h - the API: each route is a command, run by the daemon (schedule/control.h),
 * whose --json output is the answer.  docs/openapi.json tells the same to programs. */
#ifndef CONSOLE_ROUTES_H
#define CONSOLE_ROUTES_H

#include "console/console.h"

#define ROUTES_PREFIX "/api/v1"

/* Answers what stands below ROUTES_PREFIX. */
void routes_answer(struct request *q, struct answer *a);
/* A line a route: method, path, who may, and the names of its parameters. */
void routes_print(struct buf *out);

#endif
