/* SPDX-License-Identifier: Apache-2.0
 *
 * cache.h - what is known of connections for an hour (accounts and descriptions of
 * fields), in host.db, shared by all syncs.  It may be lost at any time: it is asked
 * for again.  Without a host.db (NULL) nothing is kept. */
#ifndef STORE_CACHE_H
#define STORE_CACHE_H

#include "base/arena.h"
#include "store/host.h"

/* What 'connection' told under 'name' at or after 'since_ms'; false if nothing. */
bool cache_get(struct host *h, const char *connection, const char *name,
               int64_t since_ms, struct arena *arena, struct rk_text *body);
void cache_put(struct host *h, const char *connection, const char *name, int64_t now_ms,
               struct rk_text body);

#endif
