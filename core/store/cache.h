/* SPDX-License-Identifier: Apache-2.0
 *
 * cache.h - host.db: what is known of connections for an hour (accounts and
 * descriptions of fields), shared by all syncs.  It may be lost at any time:
 * it is asked for again. */
#ifndef STORE_CACHE_H
#define STORE_CACHE_H

#include <stdbool.h>

#include "base/arena.h"

struct cache;

/* Opens host.db in 'state_dir'; a cache that cannot be opened is an empty one. */
struct cache *cache_open(const char *state_dir);
void cache_close(struct cache *c);
/* What 'connection' told under 'name' at or after 'since_ms'; false if nothing. */
bool cache_get(struct cache *c, const char *connection, const char *name,
               int64_t since_ms, struct arena *arena, struct rk_text *body);
void cache_put(struct cache *c, const char *connection, const char *name, int64_t now_ms,
               struct rk_text body);

#endif
