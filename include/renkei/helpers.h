/* SPDX-License-Identifier: MIT-0
 *
 * helpers.h - small things that every connector needs: text, errors, times,
 * decimals, columns by name, vendor codes.  Header only, static inline, C11 and
 * C++17, libc alone.  JSON lives in json.h.  Called by connectors; the host has
 * its own. */
#ifndef RENKEI_HELPERS_H
#define RENKEI_HELPERS_H

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <renkei/connector.h>

#if defined(__GNUC__)
#define RK_PRINTF(at, first) __attribute__((format(printf, at, first)))
#else
#define RK_PRINTF(at, first)
#endif

#define RK_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- Text ---------------------------------------------------------------- */

/* An initializer of a struct rk_text from a literal, for static tables. */
#define RK_LIT(s) { "" s, sizeof(s) - 1 }

static inline struct rk_text
rk_text_of(const char *ptr, uint64_t len)
{
	struct rk_text text;

	text.ptr = ptr;
	text.len = len;
	return text;
}

static inline struct rk_text
rk_z(const char *z)
{
	return rk_text_of(z, z ? strlen(z) : 0);
}

static inline int
rk_text_eq(struct rk_text a, struct rk_text b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline int
rk_text_is(struct rk_text a, const char *z)
{
	return rk_text_eq(a, rk_z(z));
}

/* Equal but for the case of ASCII letters. */
static inline int
rk_text_eq_nocase(struct rk_text a, struct rk_text b)
{
	return a.len == b.len && (a.len == 0 || strncasecmp(a.ptr, b.ptr, a.len) == 0);
}

static inline int
rk_text_starts(struct rk_text a, const char *z)
{
	size_t len = strlen(z);

	return a.len >= len && memcmp(a.ptr, z, len) == 0;
}

static inline struct rk_text
rk_text_trim(struct rk_text a)
{
	while (a.len && strchr(" \t\r\n", a.ptr[0])) {
		a.ptr++;
		a.len--;
	}
	while (a.len && strchr(" \t\r\n", a.ptr[a.len - 1]))
		a.len--;
	return a;
}

/* Where 'z' begins in 'a'; NULL if nowhere. */
static inline const char *
rk_text_find(struct rk_text a, const char *z)
{
	size_t len = strlen(z);

	for (uint64_t i = 0; i + len <= a.len; i++)
		if (memcmp(a.ptr + i, z, len) == 0)
			return a.ptr + i;
	return NULL;
}

static inline struct rk_text
rk_textf(const struct rk_host *host, const char *format, ...) RK_PRINTF(2, 3);

/* Formats into the call's arena.  The text is NUL-terminated beyond its length. */
static inline struct rk_text
rk_textf(const struct rk_host *host, const char *format, ...)
{
	va_list args;
	char *ptr;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		return rk_text_of(NULL, 0);
	ptr = (char *)host->alloc(host, (uint64_t)len + 1);
	va_start(args, format);
	vsnprintf(ptr, (size_t)len + 1, format, args);
	va_end(args);
	return rk_text_of(ptr, (uint64_t)len);
}

/* The two arguments that "%.*s" wants. */
#define RK_S(text) (int)((text).len > 4096 ? 4096 : (text).len), \
	((text).ptr ? (text).ptr : "")

/* Percent-encodes what is not unreserved in a URL (RFC 3986, 2.3). */
static inline struct rk_text
rk_url_text(const struct rk_host *host, struct rk_text text)
{
	static const char hex[] = "0123456789ABCDEF";
	char *out = (char *)host->alloc(host, text.len * 3 + 1);
	uint64_t len = 0;

	for (uint64_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if ((c < 0x80 && isalnum(c)) || (c && strchr("-._~", c))) {
			out[len++] = (char)c;
			continue;
		}
		out[len++] = '%';
		out[len++] = hex[c >> 4];
		out[len++] = hex[c & 15];
	}
	return rk_text_of(out, len);
}

/* Reads a whole text of digits, with a sign.  Returns 0 if it is none. */
static inline int
rk_text_int(struct rk_text text, int64_t *number)
{
	char digits[24];
	char *end;

	if (text.len == 0 || text.len > 20)
		return 0;
	memcpy(digits, text.ptr, text.len);
	digits[text.len] = 0;
	if (!isdigit((unsigned char)digits[0]) &&
	    !(digits[0] == '-' && isdigit((unsigned char)digits[1])))
		return 0;
	if (text.len > 18) {        /* The only lengths that can overflow. */
		long long ll = strtoll(digits, &end, 10);
		char again[24];

		snprintf(again, sizeof again, "%lld", ll);
		*number = ll;
		return *end == 0 && strcmp(again, digits) == 0;
	}
	*number = strtoll(digits, &end, 10);
	return *end == 0;
}

/* ---- Errors --------------------------------------------------------------- */

/* Copies into a fixed array, cut at a whole character; control characters
 * become blanks, so that a CRM's words cannot break a line of a log. */
static inline void
rk_err_text(char *into, size_t size, struct rk_text text)
{
	size_t len = text.len < size ? (size_t)text.len : size - 1;

	while (len && len < text.len && ((unsigned char)text.ptr[len] & 0xC0) == 0x80)
		len--;
	for (size_t i = 0; i < len; i++)
		into[i] = (unsigned char)text.ptr[i] < 0x20 ? ' ' : text.ptr[i];
	into[len] = 0;
}

#define RK_ERR_SET(member, text) rk_err_text(member, sizeof(member), text)

static inline int32_t
rk_fail(struct rk_err *err, int32_t status, int32_t category, const char *format,
        ...) RK_PRINTF(4, 5);

/* Fills 'err' anew, returns 'status'.  Set code, field and the rest after it. */
static inline int32_t
rk_fail(struct rk_err *err, int32_t status, int32_t category, const char *format,
        ...)
{
	char message[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	err->category = category;
	err->http_status = 0;
	err->maybe_sent = 0;
	err->retry_after_ms = -1;
	err->code[0] = err->field[0] = err->value[0] = 0;
	RK_ERR_SET(err->message, rk_z(message));
	return status;
}

/* What a vendor's code means.  A table of these ends with a NULL code. */
struct rk_code {
	const char *code;
	int32_t status, category;
};

static inline const struct rk_code *
rk_code_find(const struct rk_code *table, struct rk_text code)
{
	for (; table->code; table++)
		if (rk_text_is(code, table->code))
			return table;
	return NULL;
}

/* ---- Times ---------------------------------------------------------------- */

#define RK_DAY_MS INT64_C(86400000)

/* The years 0000 to 9999, beyond which a time has no text of ISO 8601. */
static inline int
rk_time_sane(int64_t ms)
{
	return ms >= INT64_C(-62167219200000) && ms <= INT64_C(253402300799999);
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

/* Exactly 'count' digits at *at; -1 if they are not there. */
static inline int
rk_digits(const char **at, const char *end, int count)
{
	int number = 0;

	if (end - *at < count)
		return -1;
	for (int i = 0; i < count; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return -1;
		number = number * 10 + (**at - '0');
	}
	return number;
}

static inline int
rk_sign(const char **at, const char *end, const char *signs)
{
	if (*at < end && **at && strchr(signs, **at))
		return *(*at)++;
	return 0;
}

/* YYYY-MM-DD at *at as days since 1970; 0 if there is none or it is no day. */
static inline int
rk_date_at(const char **at, const char *end, int64_t *days)
{
	int64_t y2, m2, d2;
	int y = rk_digits(at, end, 4);
	int m = rk_sign(at, end, "-") ? rk_digits(at, end, 2) : -1;
	int d = rk_sign(at, end, "-") ? rk_digits(at, end, 2) : -1;

	if (y < 0 || m < 1 || m > 12 || d < 1 || d > 31)
		return 0;
	*days = rk_days_of(y, m, d);
	rk_date_of(*days, &y2, &m2, &d2);
	return y2 == y && m2 == m && d2 == d;
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
	if (digits.len > 9 || !rk_text_int(digits, &number) || number < 0)
		return otherwise;
	for (size_t i = 0; i < RK_COUNT(units); i++)
		if (rk_text_is(rk_text_of(text.ptr + digits.len, text.len - digits.len),
		               units[i].unit))
			return number * units[i].ms;
	return otherwise;
}

/* ---- Decimals ------------------------------------------------------------- */

/* Digits of a number taken apart: value = [-]digits * 10^exponent. */
struct rk_number_parts {
	struct rk_text whole, fraction;
	int64_t exponent;
	int negative;
};

static inline struct rk_text
rk_digit_run(const char **at, const char *end)
{
	const char *start = *at;

	while (*at < end && **at >= '0' && **at <= '9')
		(*at)++;
	return rk_text_of(start, (uint64_t)(*at - start));
}

static inline int
rk_number_split(struct rk_text text, struct rk_number_parts *parts)
{
	const char *at = text.ptr, *end = at + text.len, *from;
	int sign;

	if (text.len == 0)
		return 0;
	parts->negative = rk_sign(&at, end, "+-") == '-';
	parts->whole = rk_digit_run(&at, end);
	parts->fraction = rk_text_of(at, 0);
	parts->exponent = 0;
	if (rk_sign(&at, end, "."))
		parts->fraction = rk_digit_run(&at, end);
	if (parts->whole.len + parts->fraction.len == 0)
		return 0;
	if (at == end)
		return 1;
	if (!rk_sign(&at, end, "eE"))
		return 0;
	sign = rk_sign(&at, end, "+-");
	from = at;
	rk_digit_run(&at, end);
	if (at != end || !rk_text_int(rk_text_of(from, (uint64_t)(at - from)),
	                              &parts->exponent))
		return 0;
	if (sign == '-')
		parts->exponent = -parts->exponent;
	return 1;
}

/* Rewrites a number as [-]digits[.digits], exactly; 0 if 'text' is no number, or
 * one of an exponent beyond 400. */
static inline int
rk_decimal(const struct rk_host *host, struct rk_text text, struct rk_text *decimal)
{
	struct rk_number_parts n;
	int64_t digits, point;
	char *out, *o;

	if (!rk_number_split(text, &n) || n.exponent > 400 || n.exponent < -400)
		return 0;
	if (n.whole.len && text.ptr[0] != '+' && !memchr(text.ptr, 'e', text.len) &&
	    !memchr(text.ptr, 'E', text.len) && text.ptr[text.len - 1] != '.') {
		*decimal = text;
		return 1;
	}
	digits = (int64_t)(n.whole.len + n.fraction.len);
	point = (int64_t)n.whole.len + n.exponent;   /* Digits before the point. */
	o = out = (char *)host->alloc(host, (uint64_t)digits + 410);
	if (n.negative)
		*o++ = '-';
	if (point <= 0)
		*o++ = '0';
	for (int64_t i = point < 0 ? point : 0; i < digits || i < point; i++) {
		if (i == point)
			*o++ = '.';
		*o++ = i < 0 || i >= digits ? '0'
		     : i < (int64_t)n.whole.len ? n.whole.ptr[i]
		     : n.fraction.ptr[i - (int64_t)n.whole.len];
	}
	*decimal = rk_text_of(out, (uint64_t)(o - out));
	return 1;
}

/* ---- Columns by name ------------------------------------------------------- */

/* Spreads short names well; not for hostile sets, which rk_columns never holds:
 * its names are the query's own. */
static inline uint64_t
rk_hash(const char *ptr, uint64_t len)
{
	const uint64_t k = UINT64_C(0x9E3779B97F4A7C15);
	uint64_t hash = len * k, a = 0, b = 0;
	uint32_t x, y;

	for (; len > 8; ptr += 8, len -= 8) {
		memcpy(&a, ptr, 8);
		hash = (hash ^ a) * k;
		hash ^= hash >> 32;
	}
	if (len >= 4) {
		memcpy(&x, ptr, 4);
		memcpy(&y, ptr + len - 4, 4);
		a = x;
		b = y;
	} else if (len) {
		a = (unsigned char)ptr[0];
		b = (uint64_t)(unsigned char)ptr[len / 2] << 8 |
		    (unsigned char)ptr[len - 1];
	}
	hash = (hash ^ a ^ b << 32) * k;
	return hash ^ hash >> 29;
}

/* Finds the slot of a wanted field by its name, so that a record is filled in one
 * pass over what the CRM sent. */
struct rk_columns {
	const struct rk_field *fields;
	uint32_t *slots;               /* Slot + 1; 0: free.                  */
	uint64_t mask;
};

static inline struct rk_columns
rk_columns_make(const struct rk_host *host, const struct rk_field *fields,
                uint64_t count)
{
	struct rk_columns columns;
	uint64_t size = 8;

	while (size < count * 2)
		size *= 2;
	columns.fields = fields;
	columns.mask = size - 1;
	columns.slots = (uint32_t *)host->alloc(host, size * sizeof(uint32_t));
	for (uint64_t i = 0; i < count; i++) {
		uint64_t at = rk_hash(fields[i].name.ptr, fields[i].name.len);

		while (columns.slots[at & columns.mask])
			at++;
		columns.slots[at & columns.mask] = (uint32_t)i + 1;
	}
	return columns;
}

/* The slot of 'name', or -1.  Where one name is wanted twice, the first. */
static inline int64_t
rk_columns_find(const struct rk_columns *columns, const char *name, uint64_t len)
{
	uint64_t at = rk_hash(name, len);
	uint32_t slot;

	for (; (slot = columns->slots[at & columns->mask]) != 0; at++)
		if (rk_text_eq(columns->fields[slot - 1].name, rk_text_of(name, len)))
			return (int64_t)slot - 1;
	return -1;
}

/* The described field 'name', or NULL. */
static inline const struct rk_field *
rk_field_find(const struct rk_field *fields, uint64_t count, struct rk_text name)
{
	for (uint64_t i = 0; i < count; i++)
		if (rk_text_eq(fields[i].name, name))
			return &fields[i];
	return NULL;
}

static inline struct rk_value
rk_value_of(uint32_t type, struct rk_text text)
{
	struct rk_value value;

	memset(&value, 0, sizeof value);
	value.type = type;
	value.text = text;
	return value;
}

static inline struct rk_value
rk_value_number(uint32_t type, int64_t number)
{
	struct rk_value value = rk_value_of(type, rk_text_of(NULL, 0));

	value.number = number;
	return value;
}

/* 'text' as a value of a scalar type; as RK_TEXT if it does not read so, which makes
 * the host fail that record and no other. */
static inline struct rk_value
rk_value_read(const struct rk_host *host, uint32_t type, struct rk_text text)
{
	struct rk_value value = rk_value_of(type, text);
	int64_t days;
	int ok = 1;

	switch (type) {
	case RK_INTEGER:
		ok = rk_text_int(text, &value.number);
		break;
	case RK_DATETIME:
		ok = rk_time_parse(text, &value.number);
		break;
	case RK_DECIMAL:
		ok = rk_decimal(host, text, &value.text);
		break;
	case RK_DATE:
		ok = rk_date_parse(text, &days);
		break;
	default:
		break;
	}
	if (!ok)
		return rk_value_of(RK_TEXT, text);
	if (type == RK_INTEGER || type == RK_DATETIME)
		value.text = rk_text_of(NULL, 0);
	return value;
}

/* A scalar as text: true, -5, 1.50, 2026-01-31T09:08:07.123Z ... */
static inline struct rk_text
rk_value_text(const struct rk_host *host, const struct rk_value *value, int with_ms)
{
	switch (value->type) {
	case RK_BOOL:
		return rk_z(value->number ? "true" : "false");
	case RK_INTEGER:
		return rk_textf(host, "%lld", (long long)value->number);
	case RK_DATETIME:
		return rk_time_text(host, value->number, with_ms);
	default:
		return value->text;
	}
}

/* The setting 'name', an address, without the slashes at its end. */
static inline struct rk_text
rk_base_url(const struct rk_host *host, const char *name)
{
	struct rk_text base = host->setting(host, name);

	while (base.len && base.ptr[base.len - 1] == '/')
		base.len--;
	return base;
}

#endif
