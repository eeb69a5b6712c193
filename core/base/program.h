/* SPDX-License-Identifier: Apache-2.0
 *
 * program.h - the programs that belong to this one: beside it where it was built, else
 * where they are installed. */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"

/* Where "renkei-net" and the like lie; whether there is one, its start tells. */
void program_path(const char *name, char *path, size_t size);
/* Starts the program at 'path' with no input, output to 'out' (-1: to nowhere), errors to
 * 'err' (-1: where ours go), no other descriptor and no signal held back.  0, or what
 * errno says. */
int program_spawn(const char *path, const char *const *argv, char *const *env, int out,
                  int err, pid_t *pid);
/* The same with input from 'in'. */
int program_spawn_fed(const char *path, const char *const *argv, char *const *env, int in,
                      int out, int err, pid_t *pid);
/* Runs it with one argument and an empty environment, to its end; what it prints is
 * added to 'out'.  False: it could not be started, or did not end well. */
bool program_says(const char *name, const char *argument, struct buf *out);

#endif
