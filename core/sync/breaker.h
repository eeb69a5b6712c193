/* SPDX-License-Identifier: Apache-2.0
 *
 * breaker.h - whether a sync that fails again and again waits before its next try, by
 * the rule `breaker = "3 in 1h"` of its configuration.  Asked by whoever starts syncs
 * that nobody named: a person's word is always tried. */
#ifndef SYNC_BREAKER_H
#define SYNC_BREAKER_H

#include "config/config.h"
#include "store/store.h"

/* How many of the newest runs the rule looks at; 0: there is none. */
size_t breaker_runs(const struct config_sync *sync);
/* Until when the sync waits; 0: it does not.  'runs' are the newest, newest first.
 *
 * A run counts that failed as a whole, whatever the reason: an unreachable CRM, a refused
 * key, a fault of a connector.  Single records that failed do not, nor does a quota;
 * one run that was none of it wipes out what was before. */
int64_t breaker_until(const struct config_sync *sync, const struct run_row *runs,
                      size_t count, int64_t now_ms);

#endif
