/* SPDX-License-Identifier: Apache-2.0
 *
 * zone.h - when a day ends at the CRM, which counts in its own zone. */
#ifndef NET_ZONE_H
#define NET_ZONE_H

#include <stdbool.h>
#include <stdint.h>

/* Once, before any thread starts: makes the place where the C library looks
 * for the zone our own. */
void zone_init(void);
/* "UTC", "Asia/Tokyo": a name that the system's zone files may hold. */
bool zone_is_name(const char *zone);
/* The next moment after 'wall' (UTC ms) when the clocks of 'zone' show
 * 'minute' (of the day); an unknown zone counts as UTC. */
int64_t zone_next(const char *zone, int minute, int64_t wall);

#endif
