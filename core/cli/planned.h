/* SPDX-License-Identifier: Apache-2.0
 *
 * planned.h - what plan and apply share: whose data a plan is about, and a write that is
 * not what the plan said any more. */
#ifndef CLI_PLANNED_H
#define CLI_PLANNED_H

#include "cli/app.h"
#include "sync/run.h"

/* The accounts of both connections, as they tell it; false: it was said why not. */
bool planned_accounts(struct app *app, const struct config_sync *sync,
                      const char **accounts);
void planned_hex(const unsigned char revision[16], char hex[33]);
void planned_revision(const char *hex, unsigned char revision[16]);

/* 'planned' is the line of the plan, 'now' what would be written, in the same form; NULL:
 * nothing would, for the line's reason. */
void planned_tell_moved(struct app *app, const char *planned, const struct sync_line *line,
                        const char *now);

#endif
