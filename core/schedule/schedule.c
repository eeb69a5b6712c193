/* SPDX-License-Identifier: Apache-2.0
 *
 * schedule.c - see schedule.h. */
#include "schedule/schedule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "base/zone.h"
#include "config/form.h"

#define DAY_S 86400
/* A rule with no moment that is free within so many steps has none. */
#define TRIES_MAX 4000

static int
minute_of(const char *text)
{
	return atoi(text) * 60 + atoi(text + 3);
}

void
schedule_read(struct schedule *s, const struct config_sync *sync)
{
	*s = (struct schedule){ .zone = sync->zone, .blackout = sync->blackout,
	                        .blackout_count = sync->blackout_count };
	s->has_cron = sync->cron != NULL && cron_read(&s->cron, sync->cron);
	if (sync->every != NULL && !text_duration_ms(sync->every, &s->every_ms))
		s->every_ms = 0;
	if (sync->window != NULL) {
		s->open = minute_of(sync->window);
		s->close = minute_of(sync->window + 6);
	}
}

void
schedule_read_walks(struct schedule *s, const struct config_sync *sync)
{
	schedule_read(s, sync);
	s->every_ms = 0;
	s->has_cron = sync->reconcile.cron != NULL && cron_read(&s->cron, sync->reconcile.cron);
}

void
schedule_read_digest(struct schedule *s, const struct config_notice *notice, bool weekly)
{
	char cron[32], day[4] = "*";
	int minute = minute_of(notice->digest_at);
	for (int i = 0; i < 7 && weekly; i++)
		if (strcmp(form_weekdays[i], notice->digest_day) == 0)
			snprintf(day, sizeof day, "%d", i);
	snprintf(cron, sizeof cron, "%d %d * * %s", minute % 60, minute / 60, day);
	*s = (struct schedule){ .zone = notice->zone };
	s->has_cron = cron_read(&s->cron, cron);
}

/* ---- When it may run ------------------------------------------------------- */

/* "2027-01-01", "12-31" of each year, "sun". */
static bool
is_day(const char *written, const struct tm *day)
{
	char date[16];
	strftime(date, sizeof date, "%Y-%m-%d", day);
	return strcmp(written, date) == 0 || strcmp(written, date + 5) == 0
	       || strcmp(written, form_weekdays[day->tm_wday]) == 0;
}

static bool
is_blackout(const struct schedule *s, int64_t midnight)
{
	time_t seconds = (time_t)midnight;
	struct tm day;
	if (gmtime_r(&seconds, &day) == NULL)
		return false;
	for (size_t i = 0; i < s->blackout_count; i++)
		if (is_day(s->blackout[i], &day))
			return true;
	return false;
}

static bool
is_open(const struct schedule *s, int minute)
{
	return s->open < s->close ? minute >= s->open && minute < s->close
	                          : minute >= s->open || minute < s->close;
}

/* Whether it may run at that moment; else 'next' is a later one to look at. */
static bool
may_run(const struct schedule *s, int64_t at_s, int64_t *next)
{
	int64_t shown = at_s + zone_offset_s(s->zone, at_s);
	int64_t midnight = shown - (shown % DAY_S + DAY_S) % DAY_S;
	int minute = (int)((shown - midnight) / 60);
	if (is_blackout(s, midnight)) {
		*next = zone_moment_s(s->zone, midnight + DAY_S);
		return false;
	}
	if (s->open == s->close || is_open(s, minute))
		return true;
	*next = zone_moment_s(s->zone, midnight + s->open * 60);
	if (*next <= at_s)
		*next = zone_moment_s(s->zone, midnight + DAY_S);
	return false;
}

int64_t
schedule_free(const struct schedule *s, int64_t at_ms)
{
	int64_t at_s = at_ms / 1000, next;
	for (int i = 0; i < TRIES_MAX; i++, at_s = next)
		if (may_run(s, at_s, &next))
			return i == 0 ? at_ms : at_s * 1000;
	return SCHEDULE_NEVER;
}

/* ---- When it is due -------------------------------------------------------- */

/* A time of cron at which it may not run is none; the next one is looked for from where it
 * may run again, so that a closed week of minutes costs no more than its days. */
static int64_t
next_time(const struct schedule *s, int64_t after_ms)
{
	for (int i = 0; i < TRIES_MAX; i++) {
		int64_t open_s;
		int64_t at_ms = cron_next(&s->cron, s->zone, after_ms);
		if (at_ms == SCHEDULE_NEVER || may_run(s, at_ms / 1000, &open_s))
			return at_ms;
		after_ms = open_s * 1000 > at_ms ? open_s * 1000 - 1 : at_ms;
	}
	return SCHEDULE_NEVER;
}

int64_t
schedule_due(const struct schedule *s, int64_t last_ms, int64_t now_ms)
{
	/* A clock that was set back must not stop it until it is there again. */
	if (last_ms > now_ms)
		last_ms = now_ms;
	if (s->every_ms > 0) {
		int64_t due = last_ms == RK_NO_TIME ? now_ms : last_ms + s->every_ms;
		return schedule_free(s, due > now_ms ? due : now_ms);
	}
	if (!s->has_cron)
		return SCHEDULE_NEVER;
	int64_t due = next_time(s, last_ms == RK_NO_TIME ? now_ms : last_ms);
	return due > now_ms ? due : schedule_free(s, now_ms);
}
