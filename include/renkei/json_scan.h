/* SPDX-License-Identifier: MIT-0
 *
 * json_scan.h - the strict scan that a JSON body passes before cJSON sees it.  Header
 * only, C11 and C++17, libc alone.  Called by json.h.
 *
 * cJSON alone accepts raw control characters, bad UTF-8, "[01]" and names given
 * twice, alters integers above 2^53 and cuts strings at U+0000.  The scan refuses
 * the first kind and rewrites the second: such numbers become strings of the same
 * digits, and U+0000 becomes a mark that rk_json_text takes out again and tells
 * as RK_VALUE_HAS_NUL. */
#ifndef RENKEI_JSON_SCAN_H
#define RENKEI_JSON_SCAN_H

#include <renkei/helpers.h>

#define RK_JSON_MAX_BYTES    (UINT64_C(10) << 20)
#define RK_JSON_MAX_DEPTH    64u
#define RK_JSON_MAX_ELEMENTS 1000000u
#define RK_JSON_MAX_DIGITS   15
#define RK_JSON_MAX_NUMBER   64     /* Bytes: so many zeros a double still holds. */

/* U+FDD0, never a character of a text: the mark and '0' stand for U+0000, the
 * mark twice for itself, should a CRM send it all the same. */
#define RK_JSON_MARK "\xEF\xB7\x90"

struct rk_json_name {
	const char *ptr;
	uint32_t len, hash;
};

struct rk_json_level {
	uint64_t first_name;           /* Of this object in 'names'.          */
	char close;                    /* '}' or ']'.                         */
};

struct rk_json_scanner {
	const struct rk_host *host;
	struct rk_err *err;
	const char *start, *at, *end;
	const char *kept;              /* Input before it stands in the copy. */
	char *copy, *copy_at;          /* NULL while nothing was rewritten.   */
	struct rk_json_name *names;
	uint64_t name_count, name_room, elements;
	uint32_t depth;
	struct rk_json_level levels[RK_JSON_MAX_DEPTH];
};

static inline int32_t
rk_scan_fail(struct rk_json_scanner *s, const char *at, const char *expected)
{
	return rk_fail(s->err, RK_BUG, RK_CAT_BUG, "JSON, byte %llu of %llu: %s",
	               (unsigned long long)(at - s->start),
	               (unsigned long long)(s->end - s->start), expected);
}

/* Replaces the input from 'from' to 'to' in the copy, which the first rewrite
 * begins: most documents need none. */
static inline void
rk_scan_replace(struct rk_json_scanner *s, const char *from, const char *to,
                struct rk_text with)
{
	size_t gap;

	if (!s->copy) {     /* Three bytes to six is the most that one grows. */
		s->copy = (char *)s->host->alloc(s->host,
		                                 (uint64_t)(s->end - s->start) * 2 + 8);
		s->copy_at = s->copy;
	}
	gap = (size_t)(from - s->kept);
	memcpy(s->copy_at, s->kept, gap);
	memcpy(s->copy_at + gap, with.ptr, with.len);
	s->copy_at += gap + with.len;
	s->kept = to;
}

static inline const char *
rk_scan_blanks(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
		at++;
	return at;
}

/* Skips plain text, eight bytes at a time: stops at a quote, a backslash, a
 * control character or the end; and at bytes above ASCII if 'ascii' is set. */
static inline const char *
rk_scan_plain(const char *at, const char *end, int ascii)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones * 0x80;
	const uint64_t above = ascii ? high : 0;

	for (uint64_t x, quote, slash, hit; end - at >= 8; at += 8) {
		memcpy(&x, at, 8);
		quote = x ^ (ones * '"');
		slash = x ^ (ones * '\\');
		hit = (x & above) | ((((x - ones * 0x20) & ~x) |
		       ((quote - ones) & ~quote) | ((slash - ones) & ~slash)) & high);
		if (hit)
			return at + (__builtin_ctzll(hit) >> 3);
	}
#endif
	while (at < end && (unsigned char)*at >= 0x20 && *at != '"' && *at != '\\' &&
	       !(ascii && (unsigned char)*at >= 0x80))
		at++;
	return at;
}

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

/* The four hex digits at 'at'; -1 if they are not there. */
static inline int32_t
rk_hex4(const char *at, const char *end)
{
	int32_t code = 0;

	if (end - at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = at[i];
		int digit = c >= '0' && c <= '9' ? c - '0'
		          : c >= 'a' && c <= 'f' ? c - 'a' + 10
		          : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;

		if (digit < 0)
			return -1;
		code = code * 16 + digit;
	}
	return code;
}

/* Checks \uXXXX at 'at'; moves *after behind it, and behind its second half. */
static inline int32_t
rk_scan_unicode(struct rk_json_scanner *s, const char *at, int is_name,
                const char **after)
{
	int32_t code = rk_hex4(at + 2, s->end);
	int32_t low;

	*after = at + 6;
	if (code < 0)
		return rk_scan_fail(s, at, "expected four hex digits after \\u");
	if (code == 0 && is_name)
		return rk_scan_fail(s, at, "a name holds U+0000");
	if (code == 0)
		rk_scan_replace(s, at, at + 6, rk_z(RK_JSON_MARK "0"));
	if (code == 0xFDD0 && !is_name)
		rk_scan_replace(s, at, at + 6, rk_z(RK_JSON_MARK RK_JSON_MARK));
	if (code < 0xD800 || code > 0xDFFF)
		return RK_OK;
	low = s->end - at >= 12 && at[6] == '\\' && at[7] == 'u'
	    ? rk_hex4(at + 8, s->end) : -1;
	*after = at + 12;
	if (code > 0xDBFF || low < 0xDC00 || low > 0xDFFF)
		return rk_scan_fail(s, at, "half of a surrogate pair");
	return RK_OK;
}

static inline int32_t
rk_scan_escape(struct rk_json_scanner *s, const char *at, int is_name,
               const char **after)
{
	if (s->end - at < 2 || !at[1] || !strchr("\"\\/bfnrtu", at[1]))
		return rk_scan_fail(s, at, "unknown escape in a string");
	*after = at + 2;
	return at[1] == 'u' ? rk_scan_unicode(s, at, is_name, after) : RK_OK;
}

/* Scans the string whose quote stands at s->at; leaves s->at behind it. */
static inline int32_t
rk_scan_string(struct rk_json_scanner *s, int is_name, int *escaped)
{
	const char *at = s->at + 1;
	int32_t status = RK_OK;

	*escaped = 0;
	for (int bytes; (at = rk_scan_plain(at, s->end, 1)) < s->end && *at != '"';) {
		if (*at == '\\') {
			*escaped = 1;
			status = rk_scan_escape(s, at, is_name, &at);
			if (status != RK_OK)
				return status;
			continue;
		}
		if ((unsigned char)*at < 0x20)
			return rk_scan_fail(s, at, "raw control character in a string");
		for (; at < s->end && (unsigned char)*at >= 0x80; at += bytes) {
			bytes = rk_utf8_bytes(at, s->end);
			if (bytes == 0)
				return rk_scan_fail(s, at, "text is not UTF-8");
			if (!is_name && bytes == 3 && memcmp(at, RK_JSON_MARK, 3) == 0)
				rk_scan_replace(s, at, at + 3,
				                rk_z(RK_JSON_MARK RK_JSON_MARK));
		}
	}
	if (at == s->end)
		return rk_scan_fail(s, at, "expected the end of a string");
	s->at = at + 1;
	return RK_OK;
}

static inline char *
rk_utf8_put(char *out, uint32_t code)
{
	static const unsigned char first[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
	int bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	if (bytes == 1) {
		*out = (char)code;
		return out + 1;
	}
	for (int i = bytes - 1; i > 0; i--, code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3F));
	out[0] = (char)(first[bytes] | code);
	return out + bytes;
}

/* A scanned name without its escapes, so that "a" and "\u0061" are one. */
static inline struct rk_text
rk_scan_unescape(struct rk_json_scanner *s, const char *at, const char *end)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	char *out = (char *)s->host->alloc(s->host, (uint64_t)(end - at));
	char *o = out;

	while (at < end) {
		uint32_t code;
		const char *known;

		if (*at != '\\') {
			*o++ = *at++;
			continue;
		}
		known = strchr(from, at[1]);
		if (at[1] != 'u') {
			*o++ = known ? to[known - from] : at[1];
			at += 2;
			continue;
		}
		code = (uint32_t)rk_hex4(at + 2, end);
		at += 6;
		if (code >= 0xD800 && code <= 0xDFFF) {
			code = 0x10000 + ((code - 0xD800) << 10) +
			       ((uint32_t)rk_hex4(at + 2, end) - 0xDC00);
			at += 6;
		}
		o = rk_utf8_put(o, code);
	}
	return rk_text_of(out, (uint64_t)(o - out));
}

static inline void
rk_scan_remember(struct rk_json_scanner *s, struct rk_text name)
{
	struct rk_json_name *entry;

	if (s->name_count == s->name_room) {
		uint64_t room = s->name_room ? s->name_room * 2 : 256;
		struct rk_json_name *more = (struct rk_json_name *)s->host->alloc(
			s->host, room * sizeof *more);

		if (s->name_count)
			memcpy(more, s->names, s->name_count * sizeof *more);
		s->names = more;
		s->name_room = room;
	}
	entry = &s->names[s->name_count++];
	entry->ptr = name.ptr;
	entry->len = (uint32_t)name.len;
	entry->hash = (uint32_t)rk_hash(name.ptr, name.len);
}

static inline int
rk_json_name_order(const void *a, const void *b)
{
	const struct rk_json_name *x = (const struct rk_json_name *)a;
	const struct rk_json_name *y = (const struct rk_json_name *)b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	return x->len ? memcmp(x->ptr, y->ptr, x->len) : 0;
}

/* Refuses a name given twice in the object that ends.  Small objects compare
 * hashes pair by pair, which beats any table; large ones are sorted, so that no
 * set of names makes it quadratic. */
static inline int32_t
rk_scan_names(struct rk_json_scanner *s, uint64_t first)
{
	struct rk_json_name *names = s->names + first;
	uint64_t count = s->name_count - first;

	s->name_count = first;
	if (count > 40)
		qsort(names, count, sizeof *names, rk_json_name_order);
	for (uint64_t i = 1; i < count; i++)
		for (uint64_t j = count > 40 ? i - 1 : 0; j < i; j++)
			if (names[i].hash == names[j].hash &&
			    rk_json_name_order(&names[i], &names[j]) == 0)
				return rk_scan_fail(s, s->at,
				                    "one name stands twice in an object");
	return RK_OK;
}

static inline int32_t
rk_scan_name(struct rk_json_scanner *s)
{
	const char *first;
	int32_t status;
	int escaped;

	s->at = rk_scan_blanks(s->at, s->end);
	if (s->at == s->end || *s->at != '"')
		return rk_scan_fail(s, s->at, "expected a name in quotes");
	first = s->at + 1;
	status = rk_scan_string(s, 1, &escaped);
	if (status != RK_OK)
		return status;
	rk_scan_remember(s, escaped ? rk_scan_unescape(s, first, s->at - 1)
	                            : rk_text_of(first, (uint64_t)(s->at - 1 - first)));
	s->at = rk_scan_blanks(s->at, s->end);
	if (s->at == s->end || *s->at != ':')
		return rk_scan_fail(s, s->at, "expected ':'");
	s->at++;
	return RK_OK;
}

/* Significant digits of a run of digits, to which 'before' already stand. */
static inline int64_t
rk_scan_digits(const char **at, const char *end, int64_t before)
{
	for (; *at < end && **at >= '0' && **at <= '9'; (*at)++)
		before += before || **at != '0';
	return before;
}

static inline int32_t
rk_scan_number(struct rk_json_scanner *s)
{
	const char *at = s->at, *from = s->at, *digits;
	int64_t significant;
	int exponent = 0;

	at += *at == '-';
	digits = at;
	significant = rk_scan_digits(&at, s->end, 0);
	if (at == digits || (*digits == '0' && at - digits > 1))
		return rk_scan_fail(s, digits, "expected a number without leading zeros");
	if (rk_sign(&at, s->end, ".")) {
		digits = at;
		significant = rk_scan_digits(&at, s->end, significant);
		if (at == digits)
			return rk_scan_fail(s, at, "expected a digit");
	}
	if (rk_sign(&at, s->end, "eE")) {
		exponent = 1;
		rk_sign(&at, s->end, "+-");
		digits = at;
		rk_scan_digits(&at, s->end, 0);
		if (at == digits)
			return rk_scan_fail(s, at, "expected a digit");
	}
	if (exponent || significant > RK_JSON_MAX_DIGITS ||
	    at - from > RK_JSON_MAX_NUMBER) {
		rk_scan_replace(s, from, from, rk_z("\""));
		rk_scan_replace(s, at, at, rk_z("\""));
	}
	s->at = at;
	return RK_OK;
}

static inline int32_t
rk_scan_literal(struct rk_json_scanner *s)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < RK_COUNT(words); i++) {
		size_t len = strlen(words[i]);

		if ((size_t)(s->end - s->at) >= len &&
		    memcmp(s->at, words[i], len) == 0) {
			s->at += len;
			return RK_OK;
		}
	}
	return rk_scan_fail(s, s->at, "expected a value");
}

static inline int32_t
rk_scan_open(struct rk_json_scanner *s)
{
	struct rk_json_level *level;

	if (s->depth == RK_JSON_MAX_DEPTH)
		return rk_scan_fail(s, s->at, "nested deeper than 64");
	level = &s->levels[s->depth++];
	level->close = *s->at == '{' ? '}' : ']';
	level->first_name = s->name_count;
	s->at = rk_scan_blanks(s->at + 1, s->end);
	return RK_OK;
}

/* Behind a value: closes what ends here, or goes to the next value.  *done tells
 * that the outermost value is over. */
static inline int32_t
rk_scan_after(struct rk_json_scanner *s, int *done)
{
	int32_t status = RK_OK;

	for (;;) {
		struct rk_json_level *level = &s->levels[s->depth ? s->depth - 1 : 0];

		s->at = rk_scan_blanks(s->at, s->end);
		*done = s->depth == 0;
		if (*done)
			return s->at == s->end
			               ? RK_OK
			               : rk_scan_fail(s, s->at,
			                              "expected the end, something "
			                              "follows the document");
		if (s->at == s->end || (*s->at != ',' && *s->at != level->close))
			return rk_scan_fail(s, s->at,
			                    level->close == '}' ? "expected ',' or '}'"
			                                        : "expected ',' or ']'");
		if (*s->at++ == ',')
			return level->close == '}' ? rk_scan_name(s) : RK_OK;
		s->depth--;
		if (level->close == '}')
			status = rk_scan_names(s, level->first_name);
		if (status != RK_OK)
			return status;
	}
}

/* One value at s->at, down to its first scalar. */
static inline int32_t
rk_scan_value(struct rk_json_scanner *s)
{
	int32_t status;
	int escaped;

	for (;;) {
		s->at = rk_scan_blanks(s->at, s->end);
		if (s->at == s->end)
			return rk_scan_fail(s, s->at, "expected a value");
		if (++s->elements > RK_JSON_MAX_ELEMENTS)
			return rk_scan_fail(s, s->at, "more than a million elements");
		switch (*s->at) {
		case '"':
			return rk_scan_string(s, 0, &escaped);
		case '{':
		case '[':
			break;
		case 't': case 'f': case 'n':
			return rk_scan_literal(s);
		default:
			return *s->at == '-' || isdigit((unsigned char)*s->at)
			     ? rk_scan_number(s)
			     : rk_scan_fail(s, s->at, "expected a value");
		}
		status = rk_scan_open(s);
		if (status != RK_OK)
			return status;
		if (s->at < s->end && *s->at == s->levels[s->depth - 1].close)
			return RK_OK;           /* rk_scan_after closes it. */
		if (s->levels[s->depth - 1].close == '}')
			status = rk_scan_name(s);
		if (status != RK_OK)
			return status;
	}
}

/* Checks 'body' and hands back what cJSON may see: 'body' itself, or a copy with
 * the rewritten parts.
 *
 * Errors: RK_BUG with the byte and what was expected there.
 * Source: RFC 8259; the ceilings are ours. */
static inline int32_t
rk_json_scan(const struct rk_host *host, struct rk_text body, struct rk_text *clean,
             struct rk_err *err)
{
	struct rk_json_scanner s;
	int32_t status = RK_OK;

	s.host = host;
	s.err = err;
	s.start = s.at = s.kept = body.ptr ? body.ptr : "";
	s.end = s.start + body.len;
	s.copy = s.copy_at = NULL;
	s.names = NULL;
	s.name_count = s.name_room = s.elements = 0;
	s.depth = 0;
	if (body.len > RK_JSON_MAX_BYTES)
		return rk_scan_fail(&s, s.start, "longer than 10 MiB");
	for (int done = 0; !done && status == RK_OK;) {
		status = rk_scan_value(&s);
		if (status == RK_OK)
			status = rk_scan_after(&s, &done);
	}
	if (status != RK_OK)
		return status;
	if (s.copy)
		rk_scan_replace(&s, s.end, s.end, rk_text_of("", 0));
	*clean = s.copy ? rk_text_of(s.copy, (uint64_t)(s.copy_at - s.copy)) : body;
	return RK_OK;
}

#endif
