/* SPDX-License-Identifier: Apache-2.0
 *
 * lock.h - one run of a sync at a time: an flock that the kernel frees the
 * moment its owner dies. */
#ifndef STORE_LOCK_H
#define STORE_LOCK_H

#include <stdbool.h>

#include <renkei/connector.h>

/* The descriptor that holds the lock, to be closed by the caller; -1 with
 * 'err' filled (RK_AGAIN: another run holds it). */
int lock_take(const char *dir, const char *name, struct rk_err *err);
/* Whether somebody holds it now. */
bool lock_is_held(const char *dir, const char *name);

#endif
