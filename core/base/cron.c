/* SPDX-License-Identifier: Apache-2.0
 *
 * cron.c - see cron.h. */
#include "base/cron.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/zone.h"

#define DAY_S 86400
#define CHANGE_MAX_S 10800             /* Clocks are never set back by more. */
/* The 29th of February comes within eight years, on a given weekday within 40. */
#define DAYS_AHEAD (41 * 366)

/* ---- Reading --------------------------------------------------------------- */

/* A number, a range or a star, and a step; 'bits' gets its numbers. */
static const char *
read_part(const char *text, long least, long most, uint64_t *bits)
{
	char *at = (char *)(uintptr_t)text;
	long from = least, to = most, step = 1;
	bool many = *at == '*';
	if (many) {
		at++;
	} else if (isdigit((unsigned char)*at)) {
		from = to = strtol(at, &at, 10);
		many = *at == '-' && isdigit((unsigned char)at[1]);
		if (many)
			to = strtol(at + 1, &at, 10);
	} else {
		return NULL;
	}
	if (many && *at == '/' && isdigit((unsigned char)at[1]))
		step = strtol(at + 1, &at, 10);
	if (from < least || to > most || from > to || step < 1)
		return NULL;
	for (long i = from; i <= to; i += step < most ? step : most + 1)
		*bits |= UINT64_C(1) << i;
	return at;
}

/* Parts with commas between them; what follows, NULL: it is no such field. */
static const char *
read_field(const char *text, long least, long most, uint64_t *bits, bool *last_day)
{
	for (*bits = 0; text != NULL; text++) {
		if (last_day != NULL && *text == 'L') {
			*last_day = true;
			text++;
		} else {
			text = read_part(text, least, most, bits);
		}
		if (text == NULL || *text != ',')
			return text != NULL && strchr(" \t", *text) != NULL ? text : NULL;
	}
	return NULL;
}

bool
cron_read(struct cron *c, const char *text)
{
	static const struct { long least, most; } fields[] = {
		{ 0, 59 }, { 0, 23 }, { 1, 31 }, { 1, 12 }, { 0, 7 },
	};
	uint64_t bits[5];
	bool starred[5];
	*c = (struct cron){ 0 };
	for (int i = 0; i < 5 && text != NULL; i++) {
		text += strspn(text, " \t");
		starred[i] = *text == '*';
		text = read_field(text, fields[i].least, fields[i].most, &bits[i],
		                  i == 2 ? &c->last_day : NULL);
	}
	if (text == NULL || text[strspn(text, " \t")] != '\0')
		return false;
	c->minutes = bits[0];
	c->hours = (uint32_t)bits[1];
	c->days = (uint32_t)bits[2];
	c->months = (uint32_t)bits[3];
	c->weekdays = (uint32_t)((bits[4] | bits[4] >> 7) & 0x7f);  /* 7 is Sunday too. */
	c->either = !starred[2] && !starred[4];
	return true;
}

/* ---- The next one ---------------------------------------------------------- */

static bool
has_day(const struct cron *c, const struct tm *day)
{
	struct tm next = *day;
	next.tm_mday++;
	timegm(&next);
	bool dated = (c->days >> day->tm_mday & 1) != 0
	             || (c->last_day && next.tm_mday == 1);
	bool named = (c->weekdays >> day->tm_wday & 1) != 0;
	return (c->months >> (day->tm_mon + 1) & 1) != 0
	       && (c->either ? dated || named : dated && named);
}

static bool
has_minute(const struct cron *c, int minute)
{
	return (c->hours >> minute / 60 & 1) != 0 && (c->minutes >> minute % 60 & 1) != 0;
}

/* The first moment of that day after 'after_s', when clocks showed 'shown'; INT64_MAX:
 * none. */
static int64_t
next_of_day(const struct cron *c, const char *zone, int64_t midnight, int64_t after_s,
            int64_t shown)
{
	for (int minute = 0; minute < DAY_S / 60; minute++) {
		int64_t wanted = midnight + minute * 60;
		if (!has_minute(c, minute) || wanted < shown - CHANGE_MAX_S)
			continue;
		int64_t at = zone_moment_s(zone, wanted);
		if (at > after_s)
			return at;
	}
	return INT64_MAX;
}

int64_t
cron_next(const struct cron *c, const char *zone, int64_t after_ms)
{
	int64_t after_s = after_ms / 1000 - (after_ms % 1000 < 0);
	int64_t shown = after_s + zone_offset_s(zone, after_s);
	int64_t midnight = shown - (shown % DAY_S + DAY_S) % DAY_S;
	for (int i = 0; i < DAYS_AHEAD; i++, midnight += DAY_S) {
		time_t seconds = (time_t)midnight;
		struct tm day;
		if (gmtime_r(&seconds, &day) == NULL)
			break;
		int64_t at = has_day(c, &day) ? next_of_day(c, zone, midnight, after_s,
		                                            shown)
		                              : INT64_MAX;
		if (at != INT64_MAX)
			return at * 1000;
	}
	return INT64_MAX;
}
