/* SPDX-License-Identifier: Apache-2.0
 *
 * reconcile.h - what reconcile and status tell of walks that compared both sides. */
#ifndef CLI_RECONCILE_H
#define CLI_RECONCILE_H

#include "cli/app.h"
#include "store/walk.h"

/* "99.98"; NULL: there was no record. */
const char *reconcile_percent(struct app *app, const struct compared *c);

#endif
