/* SPDX-License-Identifier: Apache-2.0
 *
 * exit.h - what a command or a run ends with, and which goes first where several
 * apply. */
#ifndef BASE_EXIT_H
#define BASE_EXIT_H

#include <stdint.h>

#include <renkei/connector.h>

enum exit_code { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_RECORDS = 3,
                 EXIT_HELD = 4, EXIT_CREDENTIALS = 5 };

/* Of what failed as a whole. */
int exit_of(int32_t status, const struct rk_err *err);
/* The lower goes first: 2, 5, 1, 4, 3, then all others. */
int exit_rank(int code);
/* The one of the two that goes first. */
int exit_worse(int a, int b);

#endif
