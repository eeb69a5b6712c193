/* SPDX-License-Identifier: Apache-2.0
 *
 * map.h - the usual mapping of two objects.  For the demo. */
#ifndef CLI_MAP_H
#define CLI_MAP_H

#include "cli/app.h"

/* Adds what `map` proposes for two "CONNECTION/OBJECT" as one sync of the configuration,
 * switched on.  Not EXIT_DONE: it was said why there is none. */
int map_usual(struct app *app, const char *const *names, struct buf *out);

#endif
