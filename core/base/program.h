/* SPDX-License-Identifier: Apache-2.0
 *
 * program.h - the programs that belong to this one: beside it where it was built, else
 * where they are installed. */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Where "renkei-net" and the like lie; whether there is one, its start tells. */
void program_path(const char *name, char *path, size_t size);
/* Runs it with one argument and an empty environment, to its end; what it prints is
 * added to 'out'.  False: it could not be started, or did not end well. */
bool program_says(const char *name, const char *argument, struct buf *out);

#endif
