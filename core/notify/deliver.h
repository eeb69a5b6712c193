/* SPDX-License-Identifier: Apache-2.0
 *
 * deliver.h - sends what lies in the outbox: what is due for one address goes as one
 * message, so many messages an hour at most; what does not get through is tried again
 * after growing waits, and given up after a day. */
#ifndef NOTIFY_DELIVER_H
#define NOTIFY_DELIVER_H

#include "notify/way.h"
#include "store/host.h"

struct delivery {
	size_t sent, failed;           /* Messages. */
	struct rk_err err;             /* Of the last that failed. */
};

/* One delivers at a time; who comes second leaves it to the first.  False: the outbox
 * cannot be read or written, and 'err' says why. */
bool deliver_due(struct way_world *world, struct host *host, int64_t now_ms,
                 struct delivery *delivery, struct rk_err *err);
/* Posts the heartbeats that are due. */
void deliver_heartbeats(struct way_world *world, struct host *host, int64_t now_ms,
                        struct delivery *delivery);
/* When the next heartbeat is due; INT64_MAX: none is wanted. */
int64_t deliver_heartbeat_due(const struct config *config, struct host *host);

#endif
