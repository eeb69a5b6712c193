/* SPDX-License-Identifier: MIT-0
 *
 * helpers.h - small things that every connector needs: text, errors, decimals.
 * Header only, static inline, C11 and C++17, libc alone.  Called by connectors; the
 * host has its own.  On it stand, each with one noun:
 *
 *     times.h               dates and times
 *     json_scan.h, json.h   JSON read and written
 *     values.h              fields described, values by type
 *     connection.h          the connection that keeps nothing
 *     http.h                a call, and what a bad answer means
 *     listing.h             pages of records
 *     writing.h             batches, and what became of each row */
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

	return len == 0 || (a.len >= len && memcmp(a.ptr, z, len) == 0);
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

/* Whether 'a' is one of the words, which stand between blanks. */
static inline int
rk_text_among(struct rk_text a, const char *words)
{
	for (const char *at = words; *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");

		if (rk_text_eq(a, rk_text_of(at, len)))
			return 1;
		at += len;
	}
	return 0;
}

/* Whether it is made of ASCII letters, digits and the characters 'also', one at least. */
static inline int
rk_text_made_of(struct rk_text a, const char *also)
{
	uint64_t good = 0;

	while (good < a.len && (unsigned char)a.ptr[good] < 0x80 &&
	       (isalnum((unsigned char)a.ptr[good]) ||
	        (a.ptr[good] && strchr(also, a.ptr[good]))))
		good++;
	return good && good == a.len;
}

/* Where in the list 'a' stands; 'count': nowhere. */
static inline uint64_t
rk_text_place(const struct rk_text *list, uint64_t count, struct rk_text a)
{
	uint64_t i = 0;

	while (i < count && !rk_text_eq(list[i], a))
		i++;
	return i;
}

/* Takes the next part off '*rest', which stands before 'end' or is all of it; trimmed. */
static inline struct rk_text
rk_text_next(struct rk_text *rest, char end)
{
	const char *stop = rest->len ? (const char *)memchr(rest->ptr, end, rest->len) : NULL;
	uint64_t len = stop ? (uint64_t)(stop - rest->ptr) : rest->len;
	struct rk_text part = rk_text_trim(rk_text_of(rest->ptr, len));

	len += stop != NULL;
	if (rest->len)
		*rest = rk_text_of(rest->ptr + len, rest->len - len);
	return part;
}

/* With the ASCII letters of 'text' in lower case. */
static inline struct rk_text
rk_text_lower(const struct rk_host *host, struct rk_text text)
{
	char *lower = (char *)host->alloc(host, text.len + 1);

	for (uint64_t i = 0; i < text.len; i++)
		lower[i] = text.ptr[i] >= 'A' && text.ptr[i] <= 'Z'
		         ? (char)(text.ptr[i] - 'A' + 'a') : text.ptr[i];
	return rk_text_of(lower, text.len);
}

/* 'a', or 'b' where it is empty. */
static inline struct rk_text
rk_text_or(struct rk_text a, struct rk_text b)
{
	return a.len ? a : b;
}

/* Where 'z' begins in 'a'; NULL if nowhere. */
static inline const char *
rk_text_find(struct rk_text a, const char *z)
{
	size_t len = strlen(z);

	for (uint64_t i = 0; a.ptr && i + len <= a.len; i++)
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

/* 'all' and 'one', with 'between' between them where there is something before. */
static inline struct rk_text
rk_text_join(const struct rk_host *host, struct rk_text all, const char *between,
             struct rk_text one)
{
	uint64_t len = all.len ? strlen(between) : 0;
	char *text = (char *)host->alloc(host, all.len + len + one.len + 1);

	if (all.len) {
		memcpy(text, all.ptr, all.len);
		memcpy(text + all.len, between, len);
	}
	if (one.len)
		memcpy(text + all.len + len, one.ptr, one.len);
	return rk_text_of(text, all.len + len + one.len);
}

/* The text with a NUL behind it. */
static inline const char *
rk_text_z(const struct rk_host *host, struct rk_text text)
{
	char *z = (char *)host->alloc(host, text.len + 1);

	if (text.len)
		memcpy(z, text.ptr, text.len);
	return z;
}

/* The two arguments that "%.*s" wants. */
#define RK_S(text) (int)((text).len > 4096 ? 4096 : (text).len), \
	((text).ptr ? (text).ptr : "")

/* Whether the setting 'name', or its default, is that word. */
static inline int
rk_setting_is(const struct rk_host *host, const char *name, const char *word)
{
	return rk_text_is(host->setting(host, name), word);
}

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
	for (; *at < end && *signs; signs++)
		if (**at == *signs)
			return *(*at)++;
	return 0;
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

static inline void
rk_fail_with(struct rk_err *err, int32_t category, const char *format,
             va_list args) RK_PRINTF(3, 0);
static inline int32_t
rk_fail(struct rk_err *err, int32_t status, int32_t category, const char *format,
        ...) RK_PRINTF(4, 5);
static inline int32_t
rk_fail_config(struct rk_err *err, const char *format, ...) RK_PRINTF(2, 3);
static inline int32_t
rk_fail_bug(struct rk_err *err, const char *format, ...) RK_PRINTF(2, 3);

static inline void
rk_fail_with(struct rk_err *err, int32_t category, const char *format, va_list args)
{
	char message[2048];

	vsnprintf(message, sizeof message, format, args);
	err->category = category;
	err->http_status = 0;
	err->maybe_sent = 0;
	err->retry_after_ms = -1;
	err->code[0] = err->field[0] = err->value[0] = 0;
	RK_ERR_SET(err->message, rk_z(message));
}

/* Fills 'err' anew, returns 'status'.  Set code, field and the rest after it. */
static inline int32_t
rk_fail(struct rk_err *err, int32_t status, int32_t category, const char *format,
        ...)
{
	va_list args;

	va_start(args, format);
	rk_fail_with(err, category, format, args);
	va_end(args);
	return status;
}

/* RK_PAUSE: what is configured cannot be done. */
static inline int32_t
rk_fail_config(struct rk_err *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	rk_fail_with(err, RK_CAT_CONFIG, format, args);
	va_end(args);
	return RK_PAUSE;
}

/* RK_BUG: an answer, or a call of the host, that makes no sense. */
static inline int32_t
rk_fail_bug(struct rk_err *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	rk_fail_with(err, RK_CAT_BUG, format, args);
	va_end(args);
	return RK_BUG;
}

/* What vendor codes mean.  A table of these ends with a NULL text. */
struct rk_code {
	const char *codes;             /* One or more, between blanks.        */
	int32_t status, category;
};

static inline const struct rk_code *
rk_code_find(const struct rk_code *table, struct rk_text code)
{
	for (; table->codes; table++)
		if (rk_text_among(code, table->codes))
			return table;
	return NULL;
}

/* What words of a message mean, where no code tells.  A table of these ends with NULL, and
 * what is meant where no words fit. */
struct rk_phrase {
	const char *words;
	int32_t category;
};

/* Of the first words that stand in the message. */
static inline int32_t
rk_phrase_category(const struct rk_phrase *table, struct rk_text message)
{
	while (table->words && !rk_text_find(message, table->words))
		table++;
	return table->category;
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

/* The digits behind 'phrase' in a message; empty if it does not stand there. */
static inline struct rk_text
rk_digits_after(struct rk_text message, const char *phrase)
{
	const char *at = rk_text_find(message, phrase);

	if (!at)
		return rk_text_of(NULL, 0);
	at += strlen(phrase);
	return rk_digit_run(&at, message.ptr + message.len);
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

/* ---- UTF-8 ------------------------------------------------------------------ */

/* Bytes of the well-formed UTF-8 character above ASCII at 'at'; 0: there is none.
 * Source: Unicode 15, table 3-7. */
static inline int
rk_utf8_bytes(const char *at, const char *end)
{
	const unsigned char *p = (const unsigned char *)at;
	ptrdiff_t left = end - at;
	unsigned char lo = 0x80, hi = 0xBF;
	int bytes = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;

	if (p[0] < 0xC2 || p[0] > 0xF4 || left < bytes)
		return 0;
	if (p[0] == 0xE0)
		lo = 0xA0;
	else if (p[0] == 0xED)
		hi = 0x9F;
	else if (p[0] == 0xF0)
		lo = 0x90;
	else if (p[0] == 0xF4)
		hi = 0x8F;
	if (p[1] < lo || p[1] > hi)
		return 0;
	for (int i = 2; i < bytes; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	return bytes;
}

/* Behind the well-formed characters above ASCII from 'at' on: the end, ASCII, or a byte
 * that is no UTF-8.  Those of three bytes, as of Japanese, are checked in one step. */
static inline const char *
rk_utf8_run(const char *at, const char *end)
{
	for (int bytes; at < end && (unsigned char)*at >= 0x80; at += bytes) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		for (uint32_t x; end - at >= 4; at += 3) {
			memcpy(&x, at, 4);
			/* Neither too long a form, E0 80-9F, nor a surrogate, ED A0-BF. */
			if ((x & 0xC0C0F0) != 0x8080E0 || (x & 0x200F) == 0 ||
			    (x & 0x200F) == 0x200D)
				break;
		}
		if (at == end || (unsigned char)*at < 0x80)
			return at;
#endif
		bytes = rk_utf8_bytes(at, end);
		if (bytes == 0)
			return at;
	}
	return at;
}

/* Whether all of it is UTF-8; U+0000 is not where 'nul' is 0. */
static inline int
rk_utf8_whole_or(struct rk_text text, int nul)
{
	const char *at = text.ptr, *end = at + text.len;

	while (text.len && at < end) {
		const char *from = at;

		while (at < end && (*at || nul) && (unsigned char)*at < 0x80)
			at++;
		at = rk_utf8_run(at, end);
		if (at == from)
			return 0;
	}
	return 1;
}

/* Whether all of it is UTF-8, without U+0000. */
static inline int
rk_utf8_whole(struct rk_text text)
{
	return rk_utf8_whole_or(text, 0);
}

/* ---- Hash ------------------------------------------------------------------- */

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

/* ---- Circles ---------------------------------------------------------------- */

/* Whether a walk goes in a circle, by hashes of where it is.  Brent's rule: a mark that
 * moves at every power of two meets any circle, with no memory but itself. */
struct rk_circle {
	uint64_t mark;
	int64_t steps, power;
};

static inline int
rk_circle_closes(struct rk_circle *c, uint64_t hash)
{
	if (c->steps && hash == c->mark)
		return 1;
	if (c->steps++ == c->power) {
		c->mark = hash;
		c->power = c->power * 2 + 1;
	}
	return 0;
}

#endif
