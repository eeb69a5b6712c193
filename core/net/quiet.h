/* SPDX-License-Identifier: Apache-2.0
 *
 * quiet.h - the hours of the day in which least is asked of some connections, by what
 * net.db tells of the last days: for who has everything to read.  What was asked in order
 * to read everything is not counted there, or such a run would drive itself away. */
#ifndef NET_QUIET_H
#define NET_QUIET_H

#include <stdbool.h>
#include <stdint.h>

#include "config/config.h"

#define QUIET_HOURS 8
/* With less known the hours are the usual ones. */
#define QUIET_DAYS_LEAST 2
#define QUIET_DAYS_MOST 7

struct quiet {
	int open, close;               /* Minutes of the day. */
	int64_t calls, all;            /* In these hours, and in all of the days known. */
	int days;                      /* How many are known. */
};

/* The rule alone: of 'calls' in each hour of the day, in so many days. */
void quiet_choose(struct quiet *quiet, const int64_t calls[24], int days);
/* The hours of the sync's `backfill`, which it has: those that it says; "auto": of both
 * connections, by the clocks of its zone.  A net.db that cannot be read knows nothing. */
void quiet_look(struct quiet *quiet, const struct config_sync *sync, const char *state_dir,
                int64_t now_ms);
bool quiet_is_auto(const struct config_sync *sync);
/* "22:00-06:00" */
#define QUIET_TEXT 48
void quiet_text(const struct quiet *quiet, char text[QUIET_TEXT]);
/* The first moment from 'now_ms' on between these times of day. */
int64_t quiet_from(const struct quiet *quiet, const char *zone, int64_t now_ms);

#endif
