/* SPDX-License-Identifier: Apache-2.0
 *
 * lines.h - what would be, or was, done to single records: as plan, preview and
 * test tell it. */
#ifndef CLI_LINES_H
#define CLI_LINES_H

#include "cli/app.h"
#include "sync/run.h"

/* "create", "update" ... for people; and as JSON says it. */
const char *lines_action(const struct app *app, enum sync_action action);
const char *lines_action_key(enum sync_action action);
/* A value as people read it; arena text.  NULL or absent: empty. */
struct rk_text lines_value(struct app *app, const struct rk_value *value);
/* One record: action, ids, and each field old -> new, or the reason. */
void lines_tell(struct app *app, const struct sync_line *line);

/* FIELD=VALUE; false: it was complained about. */
bool lines_match(struct app *app, struct sync_options *options);

#endif
