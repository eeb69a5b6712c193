/* SPDX-License-Identifier: Apache-2.0
 *
 * hints.h - records of which a CRM's webhook said that they changed, in host.db, until
 * the sync's next run reads them by id.  A hint is no data: one that is lost, doubled or
 * wrong costs a call at most, since listing finds what changed all the same. */
#ifndef STORE_HINTS_H
#define STORE_HINTS_H

#include "base/arena.h"
#include "store/host.h"

/* More wait for no sync: listing brings the rest. */
#define HINTS_MAX 10000

struct hint {
	int64_t seq;                   /* Grows. */
	struct rk_text id;             /* The source's. */
};

/* Whether the delivery with this mark was here before. */
bool hints_was_here(struct host *h, int64_t mark);
/* It is here; those before 'since_ms' are forgotten. */
void hints_remember(struct host *h, int64_t mark, int64_t now_ms, int64_t since_ms);
/* One that is there already is put again, as the newest.  False: 'err' says why. */
bool hints_put(struct host *h, const char *sync, struct rk_text id, struct rk_err *err);
/* The oldest first; at most HINTS_MAX. */
size_t hints_list(struct host *h, const char *sync, struct arena *arena,
                  struct hint **hints);
/* Forgets those up to 'seq'. */
bool hints_drop(struct host *h, const char *sync, int64_t seq, struct rk_err *err);

#endif
