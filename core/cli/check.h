/* SPDX-License-Identifier: Apache-2.0
 *
 * check.h - the part of renkei check that looks at what a sync brought about. */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include "cli/errors.h"

/* Tells of one sync its sample, its last runs and its errors, as an item of an open
 * list; the exit code.  'asks': its target may be asked. */
int check_results(struct app *app, const struct config_sync *sync, bool asks);

#endif
