/* SPDX-License-Identifier: Apache-2.0
 *
 * quiet.c - see quiet.h. */
#include "net/quiet.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/zone.h"

#define USUAL_HOUR 22
#define DAY_S 86400
#define HOUR_MS ((int64_t)3600 * 1000)
#define DAY_MS (24 * HOUR_MS)
#define BUSY_MS 200

static int64_t
sum_from(const int64_t calls[24], int hour)
{
	int64_t sum = 0;
	for (int i = 0; i < QUIET_HOURS; i++)
		sum += calls[(hour + i) % 24];
	return sum;
}

void
quiet_choose(struct quiet *quiet, const int64_t calls[24], int days)
{
	int best = USUAL_HOUR;
	*quiet = (struct quiet){ .days = days };
	for (int hour = 0; hour < 24; hour++)
		quiet->all += calls[hour];
	/* Of hours that are alike the usual ones are taken, or those next after them. */
	for (int i = 1; i < 24 && days >= QUIET_DAYS_LEAST; i++) {
		int hour = (USUAL_HOUR + i) % 24;
		if (sum_from(calls, hour) < sum_from(calls, best))
			best = hour;
	}
	quiet->calls = sum_from(calls, best);
	quiet->open = best * 60;
	quiet->close = (best + QUIET_HOURS) % 24 * 60;
}

static sqlite3_stmt *
ask(sqlite3 *db, const char *one, const char *other, int64_t now_ms)
{
	sqlite3_stmt *st = NULL;
	if (sqlite3_prepare_v2(db, "SELECT slot, sum(calls) FROM hour WHERE connection"
	                       " IN (?1, ?2) AND slot > ?3 AND slot <= ?4 GROUP BY 1", -1,
	                       &st, NULL) != SQLITE_OK)
		return NULL;
	sqlite3_bind_text(st, 1, one, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, other, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 3, now_ms - QUIET_DAYS_MOST * DAY_MS);
	sqlite3_bind_int64(st, 4, now_ms);
	return st;
}

static void
look_at_ledger(struct quiet *quiet, const struct config_sync *sync, const char *state_dir,
               int64_t now_ms)
{
	char path[PATH_MAX];
	int64_t calls[24] = { 0 }, first = now_ms;
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	snprintf(path, sizeof path, "%s/net.db", state_dir);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL)
	    == SQLITE_OK) {
		sqlite3_busy_timeout(db, BUSY_MS);
		st = ask(db, sync->from.connection, sync->to.connection, now_ms);
	}
	while (st != NULL && sqlite3_step(st) == SQLITE_ROW) {
		int64_t slot = sqlite3_column_int64(st, 0), made = sqlite3_column_int64(st, 1);
		int64_t shown = slot / 1000 + zone_offset_s(sync->zone, slot / 1000);
		calls[(shown % DAY_S + DAY_S) % DAY_S / 3600] += made > 0 ? made : 0;
		first = slot < first ? slot : first;
	}
	sqlite3_finalize(st);
	sqlite3_close(db);
	/* The first hour is one that was under way. */
	quiet_choose(quiet, calls, (int)((now_ms - first + HOUR_MS) / DAY_MS));
}

bool
quiet_is_auto(const struct config_sync *sync)
{
	return strcmp(sync->backfill, "auto") == 0;
}

void
quiet_look(struct quiet *quiet, const struct config_sync *sync, const char *state_dir,
           int64_t now_ms)
{
	const char *text = sync->backfill;
	if (quiet_is_auto(sync))
		look_at_ledger(quiet, sync, state_dir, now_ms);
	else
		*quiet = (struct quiet){ .open = atoi(text) * 60 + atoi(text + 3),
			                 .close = atoi(text + 6) * 60 + atoi(text + 9) };
}

void
quiet_text(const struct quiet *quiet, char text[QUIET_TEXT])
{
	snprintf(text, QUIET_TEXT, "%02d:%02d-%02d:%02d", quiet->open / 60, quiet->open % 60,
	         quiet->close / 60, quiet->close % 60);
}

int64_t
quiet_from(const struct quiet *quiet, const char *zone, int64_t now_ms)
{
	int64_t now_s = now_ms / 1000, shown = now_s + zone_offset_s(zone, now_s);
	int64_t midnight = shown - (shown % DAY_S + DAY_S) % DAY_S;
	int minute = (int)((shown - midnight) / 60);
	bool after = minute >= quiet->open, before = minute < quiet->close;
	if (quiet->open < quiet->close ? after && before : after || before)
		return now_ms;
	int64_t next = zone_moment_s(zone, midnight + quiet->open * 60);
	if (next <= now_s)
		next = zone_moment_s(zone, midnight + DAY_S + quiet->open * 60);
	return next * 1000;
}
