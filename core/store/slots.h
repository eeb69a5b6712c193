/* SPDX-License-Identifier: Apache-2.0
 *
 * slots.h - when the daemon last began each sync, in host.db: a daemon that is started
 * again makes up for what was missed once, and does nothing twice. */
#ifndef STORE_SLOTS_H
#define STORE_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

#include <renkei/connector.h>

struct slots;

/* NULL: 'err' says why. */
struct slots *slots_open(const char *state_dir, struct rk_err *err);
void slots_close(struct slots *s);
/* RK_NO_TIME: never. */
int64_t slots_get(struct slots *s, const char *sync);
/* Outlives the process when it returns; false: 'err' says why. */
bool slots_put(struct slots *s, const char *sync, int64_t began_ms, struct rk_err *err);

#endif
