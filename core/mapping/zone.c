/* SPDX-License-Identifier: Apache-2.0
 *
 * zone.c - see zone.h.
 *
 * A TZif file of version 2 or later holds its data twice, first with 32-bit
 * times, which are skipped, then with 64-bit times; a line at the end holds the
 * rule (a POSIX TZ text) for all times after the last transition.
 *
 * Shape:  header of 44 bytes: "TZif", version, 15 unused, then six counts of
 *         32 bits: ut/local, std/wall, leap, transitions, types, characters;
 *         then times, type numbers, types of 6 bytes (offset, dst, name), ...
 * Units:  seconds, big-endian.
 * Errors: NULL and RK_CAT_CONFIG.
 * Source: RFC 8536; POSIX.1-2008, Base Definitions 8.3 (TZ). */
#include "mapping/zone.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "mapping/cut.h"
#include "mapping/moment.h"

#define FILE_MAX (256u * 1024)
#define HEADER 44u
#define DAY_S 86400

/* One of both changes in a year. */
struct change {
	enum { DAY_JULIAN, DAY_ZERO, DAY_OF_MONTH } kind;
	int month, week, day;
	int64_t second;                    /* Of local time; may lie outside a day. */
};

struct rule {
	int64_t standard_s, summer_s;      /* East of Greenwich. */
	bool has_summer;
	struct change start, end;
};

struct zone {
	const int64_t *times;
	const int32_t *offsets;            /* One for each time: valid from then on. */
	size_t count;
	int32_t first_s;                   /* Before the first time. */
	bool has_rule;
	struct rule rule;
};

struct reader {
	const unsigned char *at;
	size_t left;
};

struct header {
	uint32_t ut, wall, leap, times, types, chars;
	unsigned char version;
};

static uint64_t
big_endian(const unsigned char *p, int bytes)
{
	uint64_t n = 0;
	for (int i = 0; i < bytes; i++)
		n = n << 8 | p[i];
	return n;
}

static const unsigned char *
take(struct reader *r, size_t bytes)
{
	if (r->left < bytes)
		return NULL;
	const unsigned char *p = r->at;
	r->at += bytes;
	r->left -= bytes;
	return p;
}

static bool
take_header(struct reader *r, struct header *h)
{
	const unsigned char *p = take(r, HEADER);
	if (p == NULL || memcmp(p, "TZif", 4) != 0)
		return false;
	uint32_t *counts[] = {
		&h->ut, &h->wall, &h->leap, &h->times, &h->types, &h->chars
	};
	for (size_t i = 0; i < 6; i++)
		*counts[i] = (uint32_t)big_endian(p + 20 + 4 * i, 4);
	h->version = p[4];
	for (size_t i = 0; i < 6; i++)
		if (*counts[i] > FILE_MAX)
			return false;
	return h->types > 0 && h->types <= 256;
}

/* Digits at the front; false if there are none or more than three. */
static bool
take_count(struct rk_text *s, int *number)
{
	size_t i = 0;
	*number = 0;
	while (i < s->len && i < 3 && s->ptr[i] >= '0' && s->ptr[i] <= '9')
		*number = *number * 10 + (s->ptr[i++] - '0');
	cut(s, i);
	return i > 0;
}

/* [+-]hh[:mm[:ss]] */
static bool
take_clock(struct rk_text *s, int64_t *seconds)
{
	int h, m = 0, sec = 0;
	bool minus = cut_char(s, '-');
	if (!minus)
		cut_char(s, '+');
	if (!take_count(s, &h) || (cut_char(s, ':') && !take_count(s, &m))
	    || (cut_char(s, ':') && !take_count(s, &sec)))
		return false;
	*seconds = (minus ? -1 : 1) * ((int64_t)h * 3600 + m * 60 + sec);
	return true;
}

/* "CET" or "<+09>". */
static bool
take_name(struct rk_text *s)
{
	size_t i = 0;
	if (cut_char(s, '<')) {
		while (i < s->len && s->ptr[i] != '>')
			i++;
		if (i == s->len)
			return false;
		i++;
	} else {
		while (i < s->len
		       && ((s->ptr[i] | 32) >= 'a' && (s->ptr[i] | 32) <= 'z'))
			i++;
	}
	cut(s, i);
	return i > 0;
}

/* "M3.5.0/2", "J60", "59" */
static bool
take_change(struct rk_text *s, struct change *c)
{
	c->second = 7200;
	if (cut_char(s, 'M')) {
		c->kind = DAY_OF_MONTH;
		if (!take_count(s, &c->month) || !cut_char(s, '.')
		    || !take_count(s, &c->week) || !cut_char(s, '.')
		    || !take_count(s, &c->day) || c->month < 1 || c->month > 12
		    || c->week < 1 || c->week > 5 || c->day > 6)
			return false;
	} else {
		c->kind = cut_char(s, 'J') ? DAY_JULIAN : DAY_ZERO;
		if (!take_count(s, &c->day))
			return false;
	}
	return !cut_char(s, '/') || take_clock(s, &c->second);
}

static bool
parse_rule(struct rk_text s, struct rule *r)
{
	if (!take_name(&s) || !take_clock(&s, &r->standard_s))
		return false;
	r->standard_s = -r->standard_s;
	r->has_summer = s.len > 0;
	if (!r->has_summer)
		return true;
	if (!take_name(&s))
		return false;
	r->summer_s = r->standard_s + 3600;
	if (s.len > 0 && *s.ptr != ',') {
		if (!take_clock(&s, &r->summer_s))
			return false;
		r->summer_s = -r->summer_s;
	}
	return cut_char(&s, ',') && take_change(&s, &r->start) && cut_char(&s, ',')
	       && take_change(&s, &r->end) && s.len == 0;
}

static bool
is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Seconds since 1970 of local time. */
static int64_t
change_at(const struct change *c, int64_t year)
{
	int64_t day;
	if (c->kind == DAY_OF_MONTH) {
		int64_t first = moment_day(year, c->month, 1);
		int64_t next = c->month == 12 ? moment_day(year + 1, 1, 1)
		                              : moment_day(year, c->month + 1, 1);
		int64_t weekday = ((first + 4) % 7 + 7) % 7; /* 1970-01-01: Thursday. */
		day = first + (c->day - weekday + 7) % 7 + (c->week - 1) * 7;
		while (day >= next)
			day -= 7;
	} else {
		/* Julian days count from 1 and never count February 29. */
		int64_t n = c->kind == DAY_JULIAN
		            ? c->day - 1 + (is_leap(year) && c->day >= 60) : c->day;
		day = moment_day(year, 1, 1) + n;
	}
	return day * DAY_S + c->second;
}

static int64_t
rule_offset_s(const struct rule *r, int64_t utc_s)
{
	if (!r->has_summer)
		return r->standard_s;
	int64_t local = utc_s + r->standard_s;
	int64_t year = moment_year(local / DAY_S - (local % DAY_S < 0));
	int64_t start = change_at(&r->start, year) - r->standard_s;
	int64_t end = change_at(&r->end, year) - r->summer_s;
	/* South of the equator summer begins in one year and ends in the next. */
	bool summer = start < end ? utc_s >= start && utc_s < end
	                          : utc_s >= start || utc_s < end;
	return summer ? r->summer_s : r->standard_s;
}

int64_t
zone_offset_s(const struct zone *zone, int64_t utc_s)
{
	size_t low = 0, high = zone->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (zone->times[middle] <= utc_s)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == zone->count && zone->has_rule)
		return rule_offset_s(&zone->rule, utc_s);
	return low == 0 ? zone->first_s : zone->offsets[low - 1];
}

/* The block with 64-bit times. */
static bool
read_block(struct reader *r, struct zone *z, struct arena *arena)
{
	struct header h;
	if (!take_header(r, &h))
		return false;
	const unsigned char *times = take(r, (size_t)h.times * 8);
	const unsigned char *kinds = take(r, h.times);
	const unsigned char *types = take(r, (size_t)h.types * 6);
	if (times == NULL || kinds == NULL || types == NULL
	    || take(r, (size_t)h.chars + (size_t)h.leap * 12 + h.wall + h.ut) == NULL)
		return false;
	int64_t *at = arena_new_array(arena, h.times, int64_t);
	int32_t *offsets = arena_new_array(arena, h.times, int32_t);
	for (size_t i = 0; i < h.times; i++) {
		at[i] = (int64_t)big_endian(times + 8 * i, 8);
		if (kinds[i] >= h.types || (i > 0 && at[i] <= at[i - 1]))
			return false;
		offsets[i] = (int32_t)(uint32_t)big_endian(types + 6 * (size_t)kinds[i],
		                                           4);
	}
	z->times = at;
	z->offsets = offsets;
	z->count = h.times;
	z->first_s = (int32_t)(uint32_t)big_endian(types, 4);
	return true;
}

/* "\nCET-1CEST,M3.5.0,M10.5.0/3\n"; the text may be empty. */
static bool
read_footer(struct reader *r, struct zone *z)
{
	if (r->left < 2 || r->at[0] != '\n' || r->at[r->left - 1] != '\n')
		return false;
	struct rk_text rule = { (const char *)r->at + 1, r->left - 2 };
	z->has_rule = rule.len > 0;
	return rule.len == 0 || parse_rule(rule, &z->rule);
}

static bool
parse_file(struct rk_text file, struct zone *z, struct arena *arena)
{
	struct reader r = { (const unsigned char *)file.ptr, file.len };
	struct header h;
	if (!take_header(&r, &h) || h.version < '2')
		return false;
	size_t narrow = (size_t)h.times * 5 + (size_t)h.types * 6 + h.chars
	                + (size_t)h.leap * 8 + h.wall + h.ut;
	return take(&r, narrow) != NULL && read_block(&r, z, arena) && read_footer(&r, z);
}

/* No way out of the database's folder. */
static bool
name_is_safe(struct rk_text name)
{
	if (name.len == 0 || name.len > 100 || *name.ptr == '/')
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i], low = (char)(c | 32);
		if (!(low >= 'a' && low <= 'z') && !(c >= '0' && c <= '9')
		    && (c == '\0' || strchr("_+-/", c) == NULL))
			return false;
	}
	return true;
}

const struct zone *
zone_load(const char *dir, struct rk_text name, struct arena *arena, struct rk_err *err)
{
	BUF_AUTO file = BUF_INIT(FILE_MAX);
	char path[512];
	struct zone *z = arena_new(arena, struct zone);
	if (text_is(name, "UTC"))
		return z;
	if (!name_is_safe(name)) {
		err_set(err, RK_PAUSE, RK_CAT_CONFIG,
		        "found \"%.*s\", expected a time zone such as \"Asia/Tokyo\"",
		        (int)(name.len < 100 ? name.len : 100), name.ptr);
		return NULL;
	}
	snprintf(path, sizeof path, "%s/%.*s", dir, (int)name.len, name.ptr);
	if (!io_read_file(path, &file)) {
		err_set(err, RK_PAUSE, RK_CAT_CONFIG,
		        "time zone \"%.*s\" is not in %s (%s): correct its name, or "
		        "install the package tzdata",
		        (int)name.len, name.ptr, dir, strerror(errno));
		return NULL;
	}
	if (!parse_file(buf_text(&file), z, arena)) {
		err_set(err, RK_PAUSE, RK_CAT_CONFIG,
			"%s is damaged or no time zone file", path);
		return NULL;
	}
	return z;
}
