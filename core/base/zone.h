/* SPDX-License-Identifier: Apache-2.0
 *
 * zone.h - named time zones, as the C library reads them from the system's
 * database.  The library knows one zone a process: whoever asks here switches
 * it.  So one thread asks, and nobody else uses local time. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include <renkei/connector.h>

#include "base/buf.h"

#define ZONE_DIR "/usr/share/zoneinfo"

/* Makes the place where the C library looks for the zone our own; to be called
 * before the first thread starts, in a process that has several. */
void zone_init(void);
/* The environment has the zone again that this process was started in: before another
 * program is started, which would take that of the last question for it. */
void zone_home(void);
/* Adds 2026-11-22T04:44:40+09:00 in the zone that this process was started in (TZ, else
 * the machine's), or ...T19:44:40Z where that is UTC. */
void zone_format(struct buf *out, int64_t ms);
/* The same in a zone; NULL: the one that this process was started in. */
void zone_format_in(struct buf *out, const char *zone, int64_t ms);
/* "UTC", "Asia/Tokyo": a name that the system's zone files may hold. */
bool zone_is_name(const char *zone);
/* Whether 'dir' has a whole file for that zone; else 'err' is filled
 * (RK_CAT_CONFIG).  The library would take UTC in silence. */
bool zone_check(const char *dir, const char *zone, struct rk_err *err);
/* Seconds east of Greenwich at a moment; an unknown zone counts as UTC, NULL is the one
 * that this process was started in. */
int64_t zone_offset_s(const char *zone, int64_t utc_s);
/* The first moment (UTC) when the clocks of 'zone' show 'shown', seconds as if it were
 * UTC; where they skip it, the moment of the skip. */
int64_t zone_moment_s(const char *zone, int64_t shown);
/* The next moment after 'wall' (UTC ms) when the clocks of 'zone' show
 * 'minute' (of the day); an unknown zone counts as UTC. */
int64_t zone_next(const char *zone, int minute, int64_t wall);

#endif
