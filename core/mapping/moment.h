/* SPDX-License-Identifier: Apache-2.0
 *
 * moment.h - dates, times of day and moments as text.  A date has no zone and
 * is no moment; what turns a moment into a date is `| date(zone)`. */
#ifndef MAPPING_MOMENT_H
#define MAPPING_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

#include <renkei/times.h>

#include "base/arena.h"

/* "2026-02-28".  A day that no calendar has is none. */
bool moment_is_date(struct rk_text text);
/* "09:30" or "09:30:15" -> seconds since midnight. */
bool moment_time(struct rk_text text, int64_t *second);

enum moment_form { MOMENT_OK, MOMENT_NO_ZONE, MOMENT_NONE };
/* "2026-02-28T09:30[:15[.123]]Z" or with "+09:00" -> UTC milliseconds; a blank
 * may stand for the T.  Digits below a millisecond are dropped. */
enum moment_form moment_datetime(struct rk_text text, int64_t *ms);

/* Whether a moment lies in the years 0000 to 9999; only those have a text. */
static inline bool
moment_is_sane(int64_t ms)
{
	return rk_time_sane(ms);
}
/* The date of a sane moment. */
struct rk_text moment_print_date(int64_t ms, struct arena *arena);
/* "2026-02-28T09:30:15Z", with ".123" when there are milliseconds. */
struct rk_text moment_print_datetime(int64_t ms, struct arena *arena);

#endif
