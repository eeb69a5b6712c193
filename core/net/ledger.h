/* SPDX-License-Identifier: Apache-2.0
 *
 * ledger.h - net.db: what was spent in the last day and by whom, and what the limiter
 * holds, for a net that comes after this one.  Names and numbers, never a secret.
 *
 *     open -> ( spend -> flush )* -> close
 *
 * Nothing is written while a call is made: spends gather and are written about once a
 * second, or seconds later when another program holds the file or the disk is full.  A
 * ledger that cannot be opened keeps nothing, and no call fails for it; a damaged one
 * begins anew. */
#ifndef NET_LEDGER_H
#define NET_LEDGER_H

#include "net/limiter.h"

struct ledger;

/* Opens net.db in 'state_dir' and gives 'limiter', which must outlive the ledger,
 * what it held.  'now' is monotonic, 'wall' UTC, in milliseconds, as everywhere here. */
struct ledger *ledger_open(const char *state_dir, struct limiter *limiter, int64_t now,
                           int64_t wall);
/* One call of 'who' at a connection, and the limits that it spends. */
void ledger_spend(struct ledger *ledger, struct rk_text connection, struct rk_text who,
                  const struct rk_spend *spends, size_t count, int64_t now, int64_t wall);
/* One call at a connection that was not made to read everything, in its hour; these are
 * kept for a week. */
void ledger_hour(struct ledger *ledger, struct rk_text connection, int64_t wall);
/* When flush is due; INT64_MAX: nothing waits. */
int64_t ledger_due(const struct ledger *ledger);
void ledger_flush(struct ledger *ledger, int64_t now, int64_t wall);
/* Adds the shares of the last 24 hours to a message (record/http.h). */
void ledger_shares(struct ledger *ledger, struct buf *out, int64_t wall);
void ledger_close(struct ledger *ledger);

#endif
