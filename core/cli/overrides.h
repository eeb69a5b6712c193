/* SPDX-License-Identifier: Apache-2.0
 *
 * overrides.h - what was set otherwise at run time (store/override.h), as commands see
 * and tell it. */
#ifndef CLI_OVERRIDES_H
#define CLI_OVERRIDES_H

#include "cli/app.h"
#include "store/override.h"

/* Read once a command. */
const struct overrides *overrides_of(struct app *app);
/* NULL: the sync is not paused. */
const struct override *overrides_pause(struct app *app, const struct config_sync *sync);
/* Whether the sync may run: as was set at run time, else as the configuration says. */
bool overrides_enabled(struct app *app, const struct config_sync *sync);
/* Fills 'err' for whoever must not run what may be paused. */
void overrides_unread(struct rk_err *err);
/* "contacts: paused by anna since ...", and how it goes on. */
const char *overrides_words(struct app *app, const struct config_sync *sync,
                            const struct override *pause);
/* What was set at run time that keeps the sync from running, and how it is taken back:
 * a pause, or where a quota holds it ('hold' is what its run said of that; "": any limit;
 * NULL: none holds it) the allocation of that limit.  NULL: nothing. */
const char *overrides_cause(struct app *app, const struct config_sync *sync,
                            const char *hold);
/* A table of those that are about 'name' (NULL: of all), beside what the configuration
 * says; people are shown none where there are none. */
void overrides_tell(struct app *app, const char *name);
/* Has a running daemon look at them; without one there is nothing to do.  'code', or a
 * worse one where the daemon would not: that was said. */
int overrides_changed(struct app *app, int code);
/* Sets or clears (value NULL) one.  False: it was said why not, and 'code' is set. */
bool overrides_set(struct app *app, const char *what, const char *name, const char *item,
                   const char *value, int *code);

#endif
