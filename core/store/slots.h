/* SPDX-License-Identifier: Apache-2.0
 *
 * slots.h - when the daemon last began each sync, and until when a quota holds it, in
 * host.db: a daemon that is started again makes up for what was missed once, does nothing
 * twice, and asks for nothing that cannot be had yet. */
#ifndef STORE_SLOTS_H
#define STORE_SLOTS_H

#include "store/host.h"

/* RK_NO_TIME: never. */
int64_t slots_get(struct host *h, const char *sync);
/* False: 'err' says why. */
bool slots_put(struct host *h, const char *sync, int64_t began_ms, struct rk_err *err);

/* 0: it is not held.  What lies in the past is a hold that has ended. */
int64_t slots_held(struct host *h, const char *sync);
/* 'until_ms' 0: no longer.  False: 'err' says why. */
bool slots_hold(struct host *h, const char *sync, int64_t until_ms, struct rk_err *err);

#endif
