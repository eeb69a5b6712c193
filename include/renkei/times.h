/* SPDX-License-Identifier: MIT-0
 *
 * times.h - dates and times of ISO 8601, to and from milliseconds since 1970; lengths
 * of time.  Header only, C11 and C++17, libc alone.  Called by connectors and
 * values.h. */
#ifndef RENKEI_TIMES_H
#define RENKEI_TIMES_H

#include <renkei/helpers.h>

#define RK_DAY_MS INT64_C(86400000)

/* The years 0000 to 9999, beyond which a time has no text of ISO 8601. */
static inline int
rk_time_sane(int64_t ms)
{
	return ms >= INT64_C(-62167219200000) && ms <= INT64_C(253402300799999);
}

/* The last multiple of 'grain' up to 'ms', and the first from it on: ends of a window
 * for a CRM that compares by the second or by the minute. */
static inline int64_t
rk_ms_down(int64_t ms, int64_t grain)
{
	return ms - (ms % grain + grain) % grain;
}

static inline int64_t
rk_ms_up(int64_t ms, int64_t grain)
{
	return rk_ms_down(ms + grain - 1, grain);
}

/* Days since 1970-01-01 of a date in the Gregorian calendar, and back.  Source:
 * H. Hinnant, "chrono-compatible low-level date algorithms". */
static inline int64_t
rk_days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static inline void
rk_date_of(int64_t days, int64_t *year, int64_t *month, int64_t *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day = doy - (153 * mp + 2) / 5 + 1;
	*month = mp < 10 ? mp + 3 : mp - 9;
	*year = yoe + era * 400 + (*month <= 2);
}

/* YYYY-MM-DD at *at as days since 1970; 0 if there is none or it is no day. */
static inline int
rk_date_at(const char **at, const char *end, int64_t *days)
{
	static const signed char lengths[] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
	                                       30, 31 };
	int y = rk_digits(at, end, 4);
	int m = rk_sign(at, end, "-") ? rk_digits(at, end, 2) : -1;
	int d = rk_sign(at, end, "-") ? rk_digits(at, end, 2) : -1;
	int leap = m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);

	if (y < 0 || m < 1 || m > 12 || d < 1 || d > lengths[m] + leap)
		return 0;
	*days = rk_days_of(y, m, d);
	return 1;
}

/* HH:MM[:SS[.fraction]] at *at as milliseconds; 0 if there is none. */
static inline int
rk_clock_at(const char **at, const char *end, int64_t *ms)
{
	int h = rk_digits(at, end, 2);
	int m = rk_sign(at, end, ":") ? rk_digits(at, end, 2) : -1;
	int s = rk_sign(at, end, ":") ? rk_digits(at, end, 2) : 0;
	int scale = 100;

	if (h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 60)
		return 0;
	*ms = ((int64_t)h * 60 + m) * 60000 + (int64_t)s * 1000;
	if (!rk_sign(at, end, ".,"))
		return 1;
	if (*at == end || **at < '0' || **at > '9')
		return 0;
	for (; *at < end && **at >= '0' && **at <= '9'; (*at)++, scale /= 10)
		*ms += (int64_t)(**at - '0') * scale;
	return 1;
}

/* Z, +HH:MM or +HHMM at *at as milliseconds east of UTC; 0 if there is none. */
static inline int
rk_zone_at(const char **at, const char *end, int64_t *ms)
{
	int sign = rk_sign(at, end, "Zz+-");
	int h, m;

	*ms = 0;
	if (sign == 'Z' || sign == 'z')
		return 1;
	h = sign ? rk_digits(at, end, 2) : -1;
	rk_sign(at, end, ":");
	m = h >= 0 ? rk_digits(at, end, 2) : -1;
	*ms = ((int64_t)h * 60 + m) * (sign == '-' ? -60000 : 60000);
	return h >= 0 && h <= 18 && m >= 0 && m <= 59;
}

/* Reads YYYY-MM-DD and nothing else. */
static inline int
rk_date_parse(struct rk_text text, int64_t *days)
{
	const char *at = text.ptr, *end = at + text.len;

	return text.len && rk_date_at(&at, end, days) && at == end;
}

/* Reads an ISO 8601 time with a zone into UTC milliseconds; 0 if it is none.
 * A fraction is cut to milliseconds. */
static inline int
rk_time_parse(struct rk_text text, int64_t *ms)
{
	const char *at = text.ptr, *end = at + text.len;
	int64_t days, clock, zone;

	if (text.len == 0 || !rk_date_at(&at, end, &days) || !rk_sign(&at, end, "Tt "))
		return 0;
	if (!rk_clock_at(&at, end, &clock) || !rk_zone_at(&at, end, &zone) || at != end)
		return 0;
	*ms = days * RK_DAY_MS + clock - zone;
	return 1;
}

/* 'count' digits and then 'after'. */
static inline char *
rk_digits_put(char *at, int64_t number, int count, char after)
{
	for (int i = count - 1; i >= 0; i--, number /= 10)
		at[i] = (char)('0' + number % 10);
	at[count] = after;
	return at + count + 1;
}

static inline char *
rk_date_put(char *at, int64_t days, char after)
{
	int64_t y, m, d;

	rk_date_of(days, &y, &m, &d);
	at = rk_digits_put(at, y, 4, '-');
	at = rk_digits_put(at, m, 2, '-');
	return rk_digits_put(at, d, 2, after);
}

/* YYYY-MM-DDTHH:MM:SS.mmmZ, or without the milliseconds; beyond the year 9999 the
 * bare milliseconds, which no CRM takes for another day. */
static inline struct rk_text
rk_time_text(const struct rk_host *host, int64_t ms, int with_ms)
{
	int64_t of_day = ((ms % RK_DAY_MS) + RK_DAY_MS) % RK_DAY_MS;
	char *text = (char *)host->alloc(host, 32);
	char *at;

	if (!rk_time_sane(ms))
		return rk_textf(host, "%lld", (long long)ms);
	at = rk_date_put(text, (ms - of_day) / RK_DAY_MS, 'T');
	at = rk_digits_put(at, of_day / 3600000, 2, ':');
	at = rk_digits_put(at, of_day / 60000 % 60, 2, ':');
	at = rk_digits_put(at, of_day / 1000 % 60, 2, with_ms ? '.' : 'Z');
	if (with_ms)
		at = rk_digits_put(at, of_day % 1000, 3, 'Z');
	return rk_text_of(text, (uint64_t)(at - text));
}

/* YYYY-MM-DD, of the years 0 to 9999. */
static inline struct rk_text
rk_date_text(const struct rk_host *host, int64_t days)
{
	char *text = (char *)host->alloc(host, 16);

	rk_date_put(text, days, 0);
	return rk_text_of(text, 10);
}

/* "90", "90s", "500ms", "5m", "1h", "1d" as milliseconds; 'otherwise' if it is
 * none of these. */
static inline int64_t
rk_duration_ms(struct rk_text text, int64_t otherwise)
{
	static const struct { const char *unit; int64_t ms; } units[] = {
		{ "", 1000 }, { "ms", 1 }, { "s", 1000 }, { "m", 60000 },
		{ "h", 3600000 }, { "d", RK_DAY_MS },
	};
	struct rk_text digits = text;
	int64_t number;

	while (digits.len && !isdigit((unsigned char)digits.ptr[digits.len - 1]))
		digits.len--;
	if (digits.len > 9 || !rk_text_int(digits, &number) || *digits.ptr == '-')
		return otherwise;
	for (size_t i = 0; i < RK_COUNT(units); i++)
		if (rk_text_is(rk_text_of(text.ptr + digits.len, text.len - digits.len),
		               units[i].unit))
			return number * units[i].ms;
	return otherwise;
}

#endif
