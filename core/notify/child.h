/* SPDX-License-Identifier: Apache-2.0
 *
 * child.h - runs a program to its end, within a time: what it is told on its standard
 * input, and what it says on its standard output. */
#ifndef NOTIFY_CHILD_H
#define NOTIFY_CHILD_H

#include "base/buf.h"

struct child {
	const char *const *argv;       /* argv[0] is the path. */
	char *const *environment;
	struct rk_text input;
	int64_t most_ms;
	struct buf *out;               /* borrowed; what is past its ceiling is dropped. */
};

/* Its exit code; 128 and more: a signal ended it, -1: 'err' says why not.  One that takes
 * too long is ended with all that it started. */
int child_run(const struct child *child, struct rk_err *err);

#endif
