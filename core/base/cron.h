/* SPDX-License-Identifier: Apache-2.0
 *
 * cron.h - times as crontab(5) writes them: minute, hour, day, month, weekday, and L
 * for the last day of a month.  They are what the clocks of a zone show: one that is
 * skipped in spring comes at the first moment after the gap, one that comes twice in
 * autumn counts once. */
#ifndef BASE_CRON_H
#define BASE_CRON_H

#include <stdbool.h>
#include <stdint.h>

struct cron {
	uint64_t minutes;              /* A bit each, of 0 to 59. */
	uint32_t hours, days, months;  /* 0 to 23, 1 to 31, 1 to 12. */
	uint32_t weekdays;             /* 0 is Sunday. */
	bool last_day;                 /* Also the last one of a month. */
	bool either;                   /* Day and weekday both stand there: one is enough. */
};

/* False: the text has not that form. */
bool cron_read(struct cron *c, const char *text);
/* The first moment after 'after_ms' (UTC) in a zone of zone.h; INT64_MAX: there is none,
 * as on the 30th of February. */
int64_t cron_next(const struct cron *c, const char *zone, int64_t after_ms);

#endif
