/* SPDX-License-Identifier: Apache-2.0
 *
 * hooks.h - /hooks/CONNECTION[/SECRET]: what a CRM posts there goes to `renkei hook`,
 * which knows whether it is the CRM's.  Nobody is logged in here, and every host name
 * is right: who has the proof may come by any way. */
#ifndef CONSOLE_HOOKS_H
#define CONSOLE_HOOKS_H

#include "console/console.h"

#define HOOKS_PREFIX "/hooks/"

/* Answers a request whose path begins with HOOKS_PREFIX. */
void hooks_answer(struct request *q, struct rk_text body, struct answer *a);

#endif
