/* SPDX-License-Identifier: Apache-2.0
 *
 * slots.h - when the daemon last began each sync, in host.db: a daemon that is started
 * again makes up for what was missed once, and does nothing twice. */
#ifndef STORE_SLOTS_H
#define STORE_SLOTS_H

#include "store/host.h"

/* RK_NO_TIME: never. */
int64_t slots_get(struct host *h, const char *sync);
/* False: 'err' says why. */
bool slots_put(struct host *h, const char *sync, int64_t began_ms, struct rk_err *err);

#endif
