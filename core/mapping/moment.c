/* SPDX-License-Identifier: Apache-2.0
 *
 * moment.c - see moment.h.  Days are counted in years that begin in March, so
 * that the leap day is the last (the usual algorithm; H. Hinnant, "chrono-
 * Compatible Low-Level Date Algorithms"). */
#include "mapping/moment.h"

#include "mapping/cut.h"

#define DAY_S 86400

int64_t
moment_day(int64_t year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100
	                     + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

struct civil {
	int64_t year;
	int month, day;
};

static struct civil
civil_of(int64_t day)
{
	int64_t z = day + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);
	return (struct civil){ .year = yoe + era * 400 + (month <= 2), .month = month,
	                       .day = (int)(doy - (153 * mp + 2) / 5 + 1) };
}

int64_t
moment_year(int64_t day)
{
	return civil_of(day).year;
}

/* Takes exactly 'digits' digits from the front. */
static bool
take_number(struct rk_text *text, size_t digits, int *number)
{
	int n = 0;
	if (text->len < digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		if (text->ptr[i] < '0' || text->ptr[i] > '9')
			return false;
		n = n * 10 + (text->ptr[i] - '0');
	}
	cut(text, digits);
	*number = n;
	return true;
}

static bool
take_date(struct rk_text *text, int64_t *day)
{
	int y, m, d;
	if (!take_number(text, 4, &y) || !cut_char(text, '-') || !take_number(text, 2, &m)
	    || !cut_char(text, '-') || !take_number(text, 2, &d))
		return false;
	if (m < 1 || m > 12 || d < 1 || d > 31)
		return false;
	int64_t n = moment_day(y, m, d);
	struct civil back = civil_of(n);
	if (back.day != d || back.month != m)
		return false;
	*day = n;
	return true;
}

static bool
take_time(struct rk_text *text, int64_t *second)
{
	int h, m, s = 0;
	if (!take_number(text, 2, &h) || !cut_char(text, ':')
	    || !take_number(text, 2, &m))
		return false;
	if (cut_char(text, ':') && !take_number(text, 2, &s))
		return false;
	if (h > 23 || m > 59 || s > 59)
		return false;
	*second = h * 3600 + m * 60 + s;
	return true;
}

bool
moment_date(struct rk_text text, int64_t *day)
{
	return take_date(&text, day) && text.len == 0;
}

bool
moment_time(struct rk_text text, int64_t *second)
{
	return take_time(&text, second) && text.len == 0;
}

/* Takes ".123456" and yields milliseconds; without a point: 0. */
static bool
take_fraction(struct rk_text *text, int64_t *ms)
{
	static const int worth[] = { 100, 10, 1 };
	*ms = 0;
	if (!cut_char(text, '.'))
		return true;
	size_t i = 0;
	for (int digit; i < 12 && take_number(text, 1, &digit); i++)
		*ms += i < 3 ? digit * worth[i] : 0;
	return i > 0;
}

static bool
take_offset(struct rk_text *text, int64_t *seconds)
{
	int h, m = 0;
	*seconds = 0;
	if (cut_char(text, 'Z'))
		return true;
	bool minus = cut_char(text, '-');
	if (!minus && !cut_char(text, '+'))
		return false;
	if (!take_number(text, 2, &h))
		return false;
	cut_char(text, ':');
	if (!take_number(text, 2, &m) || h > 23 || m > 59)
		return false;
	*seconds = (minus ? -1 : 1) * (h * 3600 + m * 60);
	return true;
}

enum moment_form
moment_datetime(struct rk_text text, int64_t *ms)
{
	int64_t day, second, fraction, offset;
	if (!take_date(&text, &day) || (!cut_char(&text, 'T') && !cut_char(&text, ' '))
	    || !take_time(&text, &second) || !take_fraction(&text, &fraction))
		return MOMENT_NONE;
	if (text.len == 0)
		return MOMENT_NO_ZONE;
	if (!take_offset(&text, &offset) || text.len > 0)
		return MOMENT_NONE;
	*ms = (day * DAY_S + second - offset) * 1000 + fraction;
	return MOMENT_OK;
}

bool
moment_is_sane(int64_t ms)
{
	return ms >= -62167219200000 && ms <= 253402300799999;
}

/* 'digits' digits of a number that is not negative. */
static char *
put_number(char *at, int64_t number, int digits)
{
	for (int i = digits; i > 0; i--, number /= 10)
		at[i - 1] = (char)('0' + number % 10);
	return at + digits;
}

static char *
put_date(char *at, int64_t day)
{
	struct civil c = civil_of(day);
	at = put_number(at, c.year, 4);
	*at++ = '-';
	at = put_number(at, c.month, 2);
	*at++ = '-';
	return put_number(at, c.day, 2);
}

struct rk_text
moment_print_date(int64_t day, struct arena *arena)
{
	char *out = arena_alloc(arena, 16);
	return (struct rk_text){ out, (uint64_t)(put_date(out, day) - out) };
}

struct rk_text
moment_print_datetime(int64_t ms, struct arena *arena)
{
	int64_t seconds = ms / 1000 - (ms % 1000 < 0);
	int64_t rest = ms % 1000 + (ms % 1000 < 0 ? 1000 : 0);
	int64_t day = seconds / DAY_S - (seconds % DAY_S < 0);
	int64_t second = seconds - day * DAY_S;
	char *out = arena_alloc(arena, 32), *at = put_date(out, day);
	*at++ = 'T';
	at = put_number(at, second / 3600, 2);
	*at++ = ':';
	at = put_number(at, second / 60 % 60, 2);
	*at++ = ':';
	at = put_number(at, second % 60, 2);
	if (rest != 0) {
		*at++ = '.';
		at = put_number(at, rest, 3);
	}
	*at++ = 'Z';
	return (struct rk_text){ out, (uint64_t)(at - out) };
}
