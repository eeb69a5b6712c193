/* SPDX-License-Identifier: Apache-2.0
 *
 * zone.c - see zone.h.  The C library finds the zone in the environment.
 * setenv() would move the environment under the feet of a resolver's threads,
 * which read it; so the variable is put there once and only its text changes. */
#include "base/zone.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"

#define NAME_MAX_BYTES 64
#define FILE_MAX (256u * 1024)
#define HEADER 44u
#define DAY_S 86400

static char variable[NAME_MAX_BYTES + 4] = "TZ=UTC";
static char started_in[NAME_MAX_BYTES] = ":/etc/localtime";
static bool is_ours;

void
zone_init(void)
{
	const char *given = getenv("TZ");
	if (!is_ours && given != NULL && strlen(given) < sizeof started_in)
		snprintf(started_in, sizeof started_in, "%s", given);
	putenv(variable);
	tzset();
	is_ours = true;
}

/* The zones of "right/" count leap seconds: as long as the library is in one, each
 * moment that anybody prints is 27 seconds early. */
bool
zone_is_name(const char *zone)
{
	size_t len = strlen(zone);
	if (strncmp(zone, "right/", 6) == 0)
		return false;
	if (len == 0 || len >= NAME_MAX_BYTES || zone[0] == '/'
	    || strstr(zone, "..") != NULL)
		return false;
	return strspn(zone, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                    "0123456789_+-/") == len;
}

/* At each change the library reads the file anew. */
static void
switch_to(const char *zone)
{
	if (!is_ours)
		zone_init();
	if (strcmp(variable + 3, zone) == 0)
		return;
	snprintf(variable, sizeof variable, "TZ=%s", zone);
	tzset();
}

void
zone_home(void)
{
	if (is_ours)
		switch_to(started_in);
}

static void
enter(const char *zone)
{
	if (!is_ours)
		zone_init();
	switch_to(zone == NULL ? started_in : zone_is_name(zone) ? zone : "UTC");
}

void
zone_format(struct buf *out, int64_t ms)
{
	zone_format_in(out, NULL, ms);
}

void
zone_format_in(struct buf *out, const char *zone, int64_t ms)
{
	time_t seconds = (time_t)(ms / 1000 - (ms % 1000 < 0));
	struct tm tm;
	char text[40];
	enter(zone);
	if (localtime_r(&seconds, &tm) == NULL || tm.tm_gmtoff == 0
	    || strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm) == 0) {
		clock_format(out, ms);
		return;
	}
	long minutes = labs(tm.tm_gmtoff / 60);
	buf_addf(out, "%s%c%02ld:%02ld", text, tm.tm_gmtoff < 0 ? '-' : '+', minutes / 60,
	         minutes % 60);
}

/* Steps over one block of a zone file; false if it is not all there.
 *
 * Shape:  header of 44 bytes: "TZif", version, 15 unused, six counts of 32 bits
 *         (big-endian): ut/local, std/wall, leap, transitions, types,
 *         characters; then their data, times of 'time_bytes' each.
 * Source: RFC 8536, 3. */
static bool
skip_block(const struct buf *file, size_t *at, size_t time_bytes)
{
	uint32_t counts[6] = { 0 };
	if (file->len - *at < HEADER || memcmp(file->ptr + *at, "TZif", 4) != 0
	    || file->ptr[*at + 4] < '2')
		return false;
	for (size_t i = 0; i < 24; i++)
		counts[i / 4] = counts[i / 4] << 8
		                | (unsigned char)file->ptr[*at + 20 + i];
	size_t sizes[] = { 1, 1, time_bytes + 4, time_bytes + 1, 6, 1 };
	*at += HEADER;
	for (size_t i = 0; i < 6; i++) {
		if (counts[i] > (file->len - *at) / sizes[i])
			return false;
		*at += counts[i] * sizes[i];
	}
	return true;
}

/* Two blocks, and a rule for later years on a line of its own. */
static bool
is_whole(const struct buf *file)
{
	size_t at = 0;
	return skip_block(file, &at, 4) && skip_block(file, &at, 8) && file->len - at > 1
	       && file->ptr[at] == '\n' && file->ptr[file->len - 1] == '\n';
}

bool
zone_check(const char *dir, const char *zone, struct rk_err *err)
{
	BUF_AUTO file = BUF_INIT(FILE_MAX);
	char path[512];
	if (!zone_is_name(zone)) {
		err_set(err, RK_PAUSE, RK_CAT_CONFIG,
		        "found \"%.100s\", expected a time zone such as \"Asia/Tokyo\"",
		        zone);
		return false;
	}
	if (strcmp(zone, "UTC") == 0)
		return true;
	snprintf(path, sizeof path, "%s/%s", dir, zone);
	if (!io_read_file(path, &file)) {
		err_set(err, RK_PAUSE, RK_CAT_CONFIG,
		        "time zone \"%s\" is not in %s (%s): correct its name, or "
		        "install the package tzdata", zone, dir, strerror(errno));
		return false;
	}
	if (!is_whole(&file)) {
		err_set(err, RK_PAUSE, RK_CAT_CONFIG,
		        "%s is damaged or no time zone file", path);
		return false;
	}
	return true;
}

int64_t
zone_offset_s(const char *zone, int64_t utc_s)
{
	time_t moment = (time_t)utc_s;
	struct tm tm;
	enter(zone);
	return localtime_r(&moment, &tm) != NULL ? tm.tm_gmtoff : 0;
}

/* The offsets a day before and after: there is one change between them, or none. */
int64_t
zone_moment_s(const char *zone, int64_t shown)
{
	int64_t before = zone_offset_s(zone, shown - DAY_S);
	int64_t after = zone_offset_s(zone, shown + DAY_S);
	int64_t early = shown - (before > after ? before : after);
	int64_t late = shown - (before > after ? after : before);
	if (early + zone_offset_s(zone, early) == shown)
		return early;
	if (late + zone_offset_s(zone, late) == shown)
		return late;
	while (early + 1 < late) {
		int64_t middle = early + (late - early) / 2;
		if (zone_offset_s(zone, middle) == before)
			early = middle;
		else
			late = middle;
	}
	return late;
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
	return next > now ? (int64_t)next * 1000 : wall + 86400000;
}
