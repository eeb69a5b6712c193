/* SPDX-License-Identifier: Apache-2.0
 *
 * schedule.h - when a sync is due, by what its configuration says: `every`, which counts
 * elapsed time, or `cron`, which goes by the clocks of a zone; and when it may not run:
 * outside of `window`, and on the days of `blackout`.  What was missed is made up for
 * once. */
#ifndef SCHEDULE_SCHEDULE_H
#define SCHEDULE_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cron.h"
#include "config/config.h"

#define SCHEDULE_NEVER INT64_MAX

struct schedule {
	int64_t every_ms;              /* 0: by cron, if there is one. */
	bool has_cron;
	struct cron cron;
	const char *zone;              /* borrowed; NULL: that of the process */
	int open, close;               /* Minutes of the day; the same: always. */
	const char *const *blackout;   /* borrowed */
	size_t blackout_count;
};

/* The configuration was checked, so its texts have their forms. */
void schedule_read(struct schedule *s, const struct config_sync *sync);
/* When both sides are compared: in its window and not on its days off, too. */
void schedule_read_walks(struct schedule *s, const struct config_sync *sync);
/* When the digest of a notice comes: every day or every week, by the clocks of its zone. */
void schedule_read_digest(struct schedule *s, const struct config_notice *notice,
                          bool weekly);
/* When the next run is due, 'now_ms' or later; 'last_ms' is when the last one began,
 * RK_NO_TIME if there was none.  SCHEDULE_NEVER: it has no times, or none that it may
 * run at. */
int64_t schedule_due(const struct schedule *s, int64_t last_ms, int64_t now_ms);
/* The first moment from 'at_ms' on at which it may run. */
int64_t schedule_free(const struct schedule *s, int64_t at_ms);

#endif
