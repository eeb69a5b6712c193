/* SPDX-License-Identifier: Apache-2.0
 *
 * map.h - parts of renkei map: the usual mapping of two objects, for the demo too, and
 * the one that a sync has. */
#ifndef CLI_MAP_H
#define CLI_MAP_H

#include "cli/app.h"

/* Adds what `map` proposes for two "CONNECTION/OBJECT" as one sync of the configuration,
 * switched on.  Not EXIT_DONE: it was said why there is none. */
int map_usual(struct app *app, const char *const *names, struct buf *out);

/* Tells it, field by field of the target, and what of it does not fit. */
int map_tell_sync(struct app *app, const char *name);

#endif
