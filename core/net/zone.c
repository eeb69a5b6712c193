/* SPDX-License-Identifier: Apache-2.0
 *
 * zone.c - see zone.h.  The C library knows one zone at a time, by the
 * environment.  setenv() would move the environment under the feet of the
 * resolver's threads, which read it; so the variable is put there once and
 * only its text is changed, by the one thread that does all the work. */
#include "net/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NAME_MAX_BYTES 64

static char variable[NAME_MAX_BYTES + 4] = "TZ=UTC";

void
zone_init(void)
{
	putenv(variable);
	tzset();
}

bool
zone_is_name(const char *zone)
{
	size_t len = strlen(zone);
	if (len == 0 || len >= NAME_MAX_BYTES || zone[0] == '/' ||
	    strstr(zone, "..") != NULL)
		return false;
	return strspn(zone, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                    "0123456789_+-/") == len;
}

static void
enter(const char *zone)
{
	snprintf(variable, sizeof variable, "TZ=%s", zone_is_name(zone) ? zone : "UTC");
	tzset();
}

int64_t
zone_next(const char *zone, int minute, int64_t wall)
{
	time_t now = (time_t)(wall / 1000);
	struct tm day;
	enter(zone);
	localtime_r(&now, &day);
	day.tm_hour = minute / 60;
	day.tm_min = minute % 60;
	day.tm_sec = 0;
	time_t next = -1;
	/* A day may lack that minute or have it twice; the third day is enough. */
	for (int i = 0; i < 3 && next <= now; i++) {
		struct tm at = day;
		at.tm_mday += i;
		at.tm_isdst = -1;
		next = mktime(&at);
	}
	enter("UTC");
	return next > now ? (int64_t)next * 1000 : wall + 86400000;
}
