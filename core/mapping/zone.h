/* SPDX-License-Identifier: Apache-2.0
 *
 * zone.h - named time zones, read from the system's database (TZif files).
 * The C library is not asked: it takes one zone for the whole process, and
 * takes UTC in silence when it does not find the name.  Here a missing or
 * damaged zone is an error. */
#ifndef MAPPING_ZONE_H
#define MAPPING_ZONE_H

#include <stdint.h>

#include <renkei/connector.h>

#include "base/arena.h"

#define ZONE_DIR "/usr/share/zoneinfo"

struct zone;

/* The zone of a name such as "Asia/Tokyo", in the arena; NULL with 'err' filled
 * (RK_CAT_CONFIG) if there is none.  "UTC" needs no database. */
const struct zone *zone_load(const char *dir, struct rk_text name, struct arena *arena,
                             struct rk_err *err);
/* Seconds east of Greenwich at a moment. */
int64_t zone_offset_s(const struct zone *zone, int64_t utc_s);

#endif
