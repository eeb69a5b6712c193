/* SPDX-License-Identifier: Apache-2.0
 *
 * override.h - values of the configuration that were set otherwise at run time, in
 * host.db: who set them and when stands with each.  Three may be:
 *
 *     what          name         item          value
 *     "allocation"  connection   limit         as the setting of that name
 *     "enabled"     sync         ""            "true", "false"
 *     "enabled"     connection   "connection"  "false": all its syncs are paused
 *     "enabled"     ""           "all"         "false": all syncs are paused
 *     "notify.send" notice       ""            as the setting `send`
 *
 * What a value may be is for the command that sets it (cli/cmd_override.c). */
#ifndef STORE_OVERRIDE_H
#define STORE_OVERRIDE_H

#include "base/arena.h"
#include "store/host.h"

struct override {
	const char *what, *name, *item, *value, *who;
	int64_t at_ms;
};

struct overrides {
	struct override *list;
	size_t count;
	bool unread;                   /* host.db cannot be read: what is paused is unknown. */
};

#define OVERRIDE_ALLOCATION "allocation"
#define OVERRIDE_ENABLED "enabled"
#define OVERRIDE_SEND "notify.send"
#define OVERRIDE_CONNECTION "connection"
#define OVERRIDE_ALL "all"

/* False: 'err' says why. */
bool override_put(struct host *h, const struct override *o, struct rk_err *err);
bool override_clear(struct host *h, const char *what, const char *name, const char *item,
                    struct rk_err *err);
/* By what, name and item; none, and 'unread', when host.db cannot be read. */
struct overrides override_list(struct host *h, struct arena *arena);
/* NULL: it was not set. */
const struct override *override_find(const struct overrides *all, const char *what,
                                     const char *name, const char *item);
/* What pauses a sync between these connections: all are paused, one of its connections
 * is, or it itself; NULL: nothing. */
const struct override *override_pause(const struct overrides *all, const char *sync,
                                      const char *from, const char *to);

#endif
