/* SPDX-License-Identifier: Apache-2.0
 *
 * audit.h - who did what and when, in host.db: each command by which a person changed
 * what renkei does, typed at a terminal or asked for in the console, with how it ended.
 * The newest 10,000 stay. */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include "base/arena.h"
#include "store/host.h"

struct audit {
	int64_t id, at_ms, code;       /* How it ended: an exit code. */
	const char *who, *action;      /* "anna"; "pause contacts" */
};

/* False: 'err' says why. */
bool audit_add(struct host *h, const struct audit *row, struct rk_err *err);
/* The newest first, at most 'most'; NULL with a count of 0: none. */
struct audit *audit_list(struct host *h, size_t most, struct arena *arena, size_t *count);

#endif
