/* SPDX-License-Identifier: Apache-2.0
 *
 * control.h - asks the daemon of a state directory to do something: the socket
 * `daemon.sock` there, open to our own user alone.  One question a connection, in the
 * frames of record/frame.h.  The daemon's side is control_server.c; who asks is the
 * console, and those commands that a running daemon must hear of. */
#ifndef SCHEDULE_CONTROL_H
#define SCHEDULE_CONTROL_H

#include <stdbool.h>
#include <stddef.h>

#include <renkei/connector.h>

#include "base/buf.h"

#define CONTROL_SOCKET_NAME "daemon.sock"
#define CONTROL_PROTOCOL 2
#define CONTROL_MESSAGE_MAX (1u * 1024 * 1024)
#define CONTROL_ANSWER_MAX (10u * 1024 * 1024)
#define CONTROL_ARGUMENTS_MAX 10000u
/* Tells a command who wants what it does, in its environment. */
#define CONTROL_USER_VARIABLE "RENKEI_AS"
/* No person, but a CRM that tells of a change. */
#define CONTROL_WEBHOOK "webhook"
/* What a command runs at most, from when it was asked; one that waits its turn too. */
#define CONTROL_LONGEST_MS 3600000

/* ASK: protocol, user, input, arguments.  ANSWER: exit code, bytes, and a descriptor of a file
 * that holds them.  REFUSED: status and error of http.h. */
enum control_message { CONTROL_ASK = 1, CONTROL_ANSWER, CONTROL_REFUSED };

/* Has the daemon run "renkei --json ARGUMENTS" and adds what it prints to 'out': a
 * JSON object.  'user' is who wants it ("console:anna"), for the list of actions.  Values of
 * options stand in the same argument, as in "--limit=20"; behind "--" is no option.
 *
 * `sync NAME...`, `reload` and `wake` (overrides have changed) are done by the daemon
 * itself, which answers at once.
 *
 * False: 'err' says why nothing was done or nothing is known of it; RK_PAUSE when no
 * daemon runs.  Waits up to an hour: not for a thread that others wait for. */
bool control_ask(const char *state_dir, const char *user, const char *const *argv,
                 size_t argc, struct buf *out, int *exit_code, struct rk_err *err);
/* The same for a command that reads 'input'. */
bool control_ask_with(const char *state_dir, const char *user, struct rk_text input,
                      const char *const *argv, size_t argc, struct buf *out, int *exit_code,
                      struct rk_err *err);

/* Whether a daemon takes questions there. */
bool control_reachable(const char *state_dir);

#endif
