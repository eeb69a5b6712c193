/* SPDX-License-Identifier: Apache-2.0 */
/* text.c - text, buffers, arena and times of the simulators; see text.h.  The
 * JSON reader is in json.c.  Called by every file of this folder. */
#include "text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CHUNK_BYTES 65536u
#define MINUTE_MS 60000
#define DAY_MS INT64_C(86400000)

struct arena_chunk {
	struct arena_chunk *older;
	size_t used, size;
	max_align_t bytes[];
};

void *
sim_alloc(size_t bytes)
{
	void *p = calloc(1, bytes ? bytes : 1);

	if (!p)
		abort();
	return p;
}

void *
sim_realloc(void *old, size_t bytes)
{
	void *p = realloc(old, bytes ? bytes : 1);

	if (!p)
		abort();
	return p;
}

char *
sim_strdup(struct text t)
{
	char *z = sim_alloc(t.len + 1);

	if (t.len)
		memcpy(z, t.ptr, t.len);
	return z;
}

struct text
text_of(const char *z)
{
	return (struct text){ z, z ? strlen(z) : 0 };
}

bool
text_equal(struct text a, struct text b)
{
	return a.len == b.len && (!a.len || !memcmp(a.ptr, b.ptr, a.len));
}

bool
text_is(struct text t, const char *z)
{
	return text_equal(t, text_of(z));
}

bool
text_starts(struct text t, const char *z)
{
	size_t len = strlen(z);

	return t.len >= len && !memcmp(t.ptr, z, len);
}

static bool
blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct text
text_trim(struct text t)
{
	while (t.len && blank(t.ptr[0])) {
		t.ptr++;
		t.len--;
	}
	while (t.len && blank(t.ptr[t.len - 1]))
		t.len--;
	return t;
}

struct text
text_until(struct text *rest, char c)
{
	const char *at = rest->len ? memchr(rest->ptr, c, rest->len) : NULL;
	struct text part = { rest->ptr, at ? (size_t)(at - rest->ptr) : rest->len };

	rest->ptr += part.len + (at ? 1 : 0);
	rest->len -= part.len + (at ? 1 : 0);
	return part;
}

size_t
text_chars(struct text t)
{
	size_t n = 0;

	for (size_t i = 0; i < t.len; i++)
		n += ((unsigned char)t.ptr[i] & 0xC0) != 0x80;
	return n;
}

bool
text_int(struct text t, int64_t *n)
{
	bool minus = t.len && t.ptr[0] == '-';
	size_t i = minus;
	int64_t v = 0;

	if (i == t.len)
		return false;
	for (; i < t.len; i++) {
		if (t.ptr[i] < '0' || t.ptr[i] > '9')
			return false;
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_sub_overflow(v, t.ptr[i] - '0', &v))
			return false;
	}
	if (!minus && v == INT64_MIN)
		return false;
	*n = minus ? v : -v;
	return true;
}

/* ---- Buffer ------------------------------------------------------------- */

void
buf_reserve(struct buf *b, size_t more)
{
	size_t cap = b->cap ? b->cap : 256;

	if (b->cap - b->len > more)
		return;
	while (cap - b->len <= more)
		cap *= 2;
	b->ptr = sim_realloc(b->ptr, cap);
	b->cap = cap;
}

void
buf_add(struct buf *b, const void *bytes, size_t len)
{
	buf_reserve(b, len);
	if (len)
		memcpy(b->ptr + b->len, bytes, len);
	b->len += len;
	b->ptr[b->len] = '\0';
}

void
buf_text(struct buf *b, struct text t)
{
	buf_add(b, t.ptr, t.len);
}

void
buf_str(struct buf *b, const char *z)
{
	buf_add(b, z, strlen(z));
}

void
buf_int(struct buf *b, int64_t n)
{
	char digits[24];
	int len = snprintf(digits, sizeof digits, "%" PRId64, n);

	buf_add(b, digits, (size_t)len);
}

void
buf_fmt(struct buf *b, const char *format, ...)
{
	va_list args, again;

	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	buf_reserve(b, (size_t)len + 1);
	vsnprintf(b->ptr + b->len, (size_t)len + 1, format, again);
	va_end(again);
	b->len += (size_t)len;
}

static void
quote_byte(struct buf *b, unsigned char c)
{
	static const char names[] = { ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n',
		['\f'] = 'f', ['\r'] = 'r', ['"'] = '"', ['\\'] = '\\' };

	if (c < sizeof names && names[c])
		buf_fmt(b, "\\%c", names[c]);
	else
		buf_fmt(b, "\\u%04x", c);
}

void
buf_quote(struct buf *b, struct text t)
{
	size_t from = 0;

	buf_reserve(b, t.len + 2);
	buf_add(b, "\"", 1);
	for (size_t i = 0; i < t.len; i++) {
		unsigned char c = (unsigned char)t.ptr[i];

		if (c >= ' ' && c != '"' && c != '\\')
			continue;
		buf_add(b, t.ptr + from, i - from);
		quote_byte(b, c);
		from = i + 1;
	}
	if (t.len)
		buf_add(b, t.ptr + from, t.len - from);
	buf_add(b, "\"", 1);
}

void
buf_quotez(struct buf *b, const char *z)
{
	buf_quote(b, text_of(z));
}

void
buf_comma(struct buf *b, bool *first)
{
	if (!*first)
		buf_add(b, ",", 1);
	*first = false;
}

void
buf_clear(struct buf *b)
{
	free(b->ptr);
	*b = (struct buf){ 0 };
}

struct text
buf_view(const struct buf *b)
{
	return (struct text){ b->ptr, b->len };
}

/* ---- Arena -------------------------------------------------------------- */

void *
arena_alloc(struct arena *a, size_t bytes)
{
	struct arena_chunk *c = a->chunk;
	size_t need = (bytes + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);

	if (!c || c->size - c->used < need) {
		size_t size = need > CHUNK_BYTES ? need : CHUNK_BYTES;

		c = sim_alloc(sizeof *c + size);
		c->size = size;
		c->older = a->chunk;
		a->chunk = c;
	}
	void *p = (char *)c->bytes + c->used;
	c->used += need;
	return p;
}

struct text
arena_copy(struct arena *a, struct text t)
{
	char *p = arena_alloc(a, t.len + 1);

	if (t.len)
		memcpy(p, t.ptr, t.len);
	p[t.len] = '\0';
	return (struct text){ p, t.len };
}

const char *
sim_strz(struct arena *a, struct text t)
{
	return arena_copy(a, t).ptr;
}

struct text
arena_take(struct arena *a, struct buf *b)
{
	struct text t = arena_copy(a, buf_view(b));

	buf_clear(b);
	return t;
}

void
arena_clear(struct arena *a)
{
	while (a->chunk) {
		struct arena_chunk *older = a->chunk->older;

		free(a->chunk);
		a->chunk = older;
	}
}

/* ---- Times -------------------------------------------------------------- */

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar; years
 * of 400-year eras that begin in March make the leap day the last day. */
static int64_t
days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = floor_div(y, 400);
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static struct tm
tm_of(int64_t ms)
{
	time_t s = (time_t)floor_div(ms, 1000);
	struct tm tm;

	if (!gmtime_r(&s, &tm))
		memset(&tm, 0, sizeof tm);
	return tm;
}

void
time_iso(char *out, int64_t ms)
{
	struct tm tm = tm_of(ms);
	size_t n = strftime(out, 24, "%Y-%m-%dT%H:%M:%S", &tm);

	snprintf(out + n, 8, ".%03dZ", (int)(ms - floor_div(ms, 1000) * 1000));
}

void
time_minute(char *out, int64_t ms)
{
	struct tm tm = tm_of(floor_div(ms, MINUTE_MS) * MINUTE_MS);

	strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

void
time_date(char *out, int64_t ms)
{
	struct tm tm = tm_of(ms);

	strftime(out, 32, "%Y-%m-%d", &tm);
}

void
time_http(char *out, int64_t ms)
{
	struct tm tm = tm_of(ms);

	strftime(out, 32, "%a, %d %b %Y %H:%M:%S GMT", &tm);
}

/* Takes 'digits' digits off the front of 't'. */
static bool
take_digits(struct text *t, size_t digits, int64_t *n)
{
	struct text part = { t->ptr, digits };

	if (t->len < digits || t->ptr[0] == '-' || !text_int(part, n))
		return false;
	t->ptr += digits;
	t->len -= digits;
	return true;
}

static bool
take_char(struct text *t, char c)
{
	if (!t->len || t->ptr[0] != c)
		return false;
	t->ptr++;
	t->len--;
	return true;
}

/* Z, +hh:mm or +hhmm, which must be all that is left. */
static bool
take_zone(struct text *t, int64_t *offset_ms)
{
	int64_t hours, minutes, sign = 1;

	*offset_ms = 0;
	if (take_char(t, 'Z'))
		return t->len == 0;
	if (take_char(t, '-'))
		sign = -1;
	else if (!take_char(t, '+'))
		return false;
	if (!take_digits(t, 2, &hours))
		return false;
	take_char(t, ':');
	if (!take_digits(t, 2, &minutes) || t->len || hours > 14 || minutes > 59)
		return false;
	*offset_ms = sign * (hours * 60 + minutes) * MINUTE_MS;
	return true;
}

static bool
take_clock(struct text *t, int64_t *ms)
{
	int64_t h, m, s = 0, thousandths = 0;

	if (!take_digits(t, 2, &h) || !take_char(t, ':') || !take_digits(t, 2, &m))
		return false;
	if (take_char(t, ':') && !take_digits(t, 2, &s))
		return false;
	if (take_char(t, '.')) {
		int64_t digit, unit = 100;

		while (take_digits(t, 1, &digit)) {
			thousandths += digit * unit;
			unit /= 10;
		}
	}
	if (h > 23 || m > 59 || s > 59)
		return false;
	*ms = ((h * 60 + m) * 60 + s) * 1000 + thousandths;
	return true;
}

bool
time_parse(struct text t, int64_t *ms, bool *date_only)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int64_t year, month, day, clock = 0, zone = 0;

	if (!take_digits(&t, 4, &year) || !take_char(&t, '-') ||
	    !take_digits(&t, 2, &month) || !take_char(&t, '-') ||
	    !take_digits(&t, 2, &day) || month < 1 || month > 12 || day < 1)
		return false;
	bool leap = month == 2 && (year % 4 == 0) && (year % 100 != 0 || year % 400 == 0);
	if (day > lengths[month - 1] + leap)
		return false;
	bool only = t.len == 0;
	if (!only && (!take_char(&t, 'T') || !take_clock(&t, &clock) ||
		      !take_zone(&t, &zone)))
		return false;
	*ms = days_of(year, month, day) * DAY_MS + clock - zone;
	if (date_only)
		*date_only = only;
	return true;
}
