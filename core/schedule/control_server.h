/* SPDX-License-Identifier: Apache-2.0
 *
 * control_server.h - the daemon's side of control.h: who asks, what may be asked, and
 * the commands that answer.  It never waits: a client that hangs or drips holds one of
 * 64 places for ten seconds, and an answer is a file that is handed over.  cmd_daemon.c
 * drives it. */
#ifndef SCHEDULE_CONTROL_SERVER_H
#define SCHEDULE_CONTROL_SERVER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <renkei/connector.h>

#include "base/buf.h"

struct control;

struct control_question {
	const char *user;
	struct rk_text input;          /* What the command reads; empty: nothing. */
	const char *const *argv;       /* Ends with NULL. */
	size_t argc;
};

struct control_options {
	const char *program;           /* Runs `renkei --json COMMAND ...`. */
	const char *config_path, *state_dir;   /* Given on to it; borrowed, as it. */
	/* What the daemon does itself, at once: `sync`, `reload` and `wake`.  Adds JSON to 'out'
	 * and sets 'code'; false: 'err' says why not. */
	bool (*act)(void *with, const struct control_question *question, struct buf *out,
	            int *code, struct rk_err *err);
	void *with;
};

/* NULL: 'err' says why. */
struct control *control_open(const struct control_options *options, struct rk_err *err);
/* Readable when control_step has something to do. */
int control_fd(const struct control *c);
/* Does what there is to do; how many milliseconds it may wait for the next call. */
int64_t control_step(struct control *c);
/* A child has ended; false: it is none of ours. */
bool control_ended(struct control *c, pid_t pid, int status);
/* Refuses those who wait, and ends the commands that run.  Safe on NULL. */
void control_close(struct control *c);

#endif
