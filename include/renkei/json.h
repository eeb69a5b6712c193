/* SPDX-License-Identifier: MIT-0
 *
 * json.h - the one way to read and write JSON in a connector: the strict reader of
 * json_scan.h, accessors, and a straight writer.  Header only, C11 and C++17, needs
 * cJSON.
 *
 *     rk_json_parse -> rk_json_get, rk_json_text, rk_json_int, rk_json_each
 *     rk_json_begin -> rk_put_* -> rk_json_end
 *
 * The host has set cJSON's hooks to the call's arena: nothing here is freed, and
 * a connector never calls cJSON_InitHooks. */
#ifndef RENKEI_JSON_H
#define RENKEI_JSON_H

#include <renkei/json_scan.h>

/* ---- Reading --------------------------------------------------------------- */

/* for (item : children of 'parent'), which may be NULL. */
#define rk_json_each(item, parent) \
	for (const cJSON *item = (parent) ? (parent)->child : NULL; item; \
	     item = item->next)

static inline int
rk_json_is(const cJSON *item, int type)
{
	return item && (item->type & 0xFF) == type;
}

static inline cJSON *
rk_json_get(const cJSON *object, const char *name)
{
	if (name && rk_json_is(object, cJSON_Object))
		for (cJSON *item = object->child; item; item = item->next)
			if (*item->string == *name && strcmp(item->string, name) == 0)
				return item;
	return NULL;
}

static inline uint64_t
rk_json_count(const cJSON *item)
{
	uint64_t count = 0;

	rk_json_each(child, item)
		count++;
	return count;
}

/* A number of at most 15 digits, as its digits; no exponent. */
static inline struct rk_text
rk_json_number_text(const struct rk_host *host, double number)
{
	char shown[32];
	struct rk_text plain;

	snprintf(shown, sizeof shown, "%.15g", number);
	if (!rk_decimal(host, rk_z(shown), &plain))
		return rk_text_of(NULL, 0);
	return plain.ptr == shown ? rk_textf(host, "%s", shown) : plain;
}

/* The text of a string, number or boolean; empty for anything else and for NULL.
 * U+0000 was cut out, which sets RK_VALUE_HAS_NUL in *flags (may be NULL). */
static inline struct rk_text
rk_json_text(const struct rk_host *host, const cJSON *item, uint32_t *flags)
{
	if (rk_json_is(item, cJSON_Number))
		return rk_json_number_text(host, item->valuedouble);
	if (rk_json_is(item, cJSON_True) || rk_json_is(item, cJSON_False))
		return rk_z(rk_json_is(item, cJSON_True) ? "true" : "false");
	if (!rk_json_is(item, cJSON_String))
		return rk_text_of(NULL, 0);
	if (item->valueint && flags)
		*flags |= RK_VALUE_HAS_NUL;
	return rk_z(item->valuestring);
}

/* The member of a member; NULL if either is missing. */
static inline cJSON *
rk_json_get2(const cJSON *object, const char *name, const char *inner)
{
	return rk_json_get(rk_json_get(object, name), inner);
}

/* The text of the member 'name'; empty if it is missing. */
static inline struct rk_text
rk_json_str(const struct rk_host *host, const cJSON *object, const char *name)
{
	return rk_json_text(host, rk_json_get(object, name), NULL);
}

/* A whole number, or a string of its digits.  Returns 0 if it is neither. */
static inline int
rk_json_int(const cJSON *item, int64_t *number)
{
	if (rk_json_is(item, cJSON_String))
		return rk_text_int(rk_z(item->valuestring), number);
	if (!rk_json_is(item, cJSON_Number))
		return 0;
	*number = (int64_t)item->valuedouble;      /* At most 15 digits: exact. */
	return (double)*number >= item->valuedouble &&
	       (double)*number <= item->valuedouble;
}

/* A whole number that is a limit; -1 if none is told. */
static inline int64_t
rk_json_limit(const cJSON *item)
{
	int64_t limit;

	return rk_json_int(item, &limit) && limit >= 0 ? limit : -1;
}

static inline int
rk_json_bool(const cJSON *item, int otherwise)
{
	return rk_json_is(item, cJSON_True) ? 1 : rk_json_is(item, cJSON_False) ? 0
	     : otherwise;
}

/* Whether the member 'name' is there and true. */
static inline int
rk_json_true(const cJSON *object, const char *name)
{
	return rk_json_is(rk_json_get(object, name), cJSON_True);
}

/* ---- Writing --------------------------------------------------------------- */

#define RK_PUT_PIECE 64u

struct rk_json_out {
	const struct rk_host *host;
	char *buf;
	uint64_t len, room, ceiling;
	int comma, full;
};

/* 'room' bytes to begin with; 'ceiling' is the most that the document may take. */
static inline void
rk_json_begin(struct rk_json_out *out, const struct rk_host *host, uint64_t room,
              uint64_t ceiling)
{
	out->host = host;
	out->room = room < ceiling ? room : ceiling;
	out->ceiling = ceiling;
	out->buf = (char *)host->alloc(host, out->room + RK_SCAN_SLACK);
	out->len = 0;
	out->comma = out->full = 0;
}

/* The part of rk_put_room that takes time.  Behind the ceiling there is room for
 * nothing any more. */
static inline char *
rk_put_grow(struct rk_json_out *out, uint64_t bytes)
{
	uint64_t room = (out->room + bytes) * 2;
	char *more;

	if (out->full || bytes > out->ceiling - out->len) {
		out->full = 1;
		out->room = out->len;
		return NULL;
	}
	out->room = room < out->ceiling ? room : out->ceiling;
	more = (char *)out->host->alloc(out->host, out->room + RK_SCAN_SLACK);
	memcpy(more, out->buf, out->len);
	out->buf = more;
	return out->buf + out->len;
}

/* Room for 'bytes' more; NULL, and nothing more is written, at the ceiling. */
static inline char *
rk_put_room(struct rk_json_out *out, uint64_t bytes)
{
	return out->room - out->len >= bytes ? out->buf + out->len
	                                     : rk_put_grow(out, bytes);
}

static inline void
rk_put_bytes(struct rk_json_out *out, const char *ptr, uint64_t len)
{
	char *at = rk_put_room(out, len);

	if (!at || len == 0)
		return;
	memcpy(at, ptr, len);
	out->len += len;
}

static inline void
rk_put_char(struct rk_json_out *out, char c)
{
	char *at = rk_put_room(out, 1);

	if (!at)
		return;
	*at = c;
	out->len++;
}

static inline void
rk_put_comma(struct rk_json_out *out)
{
	if (out->comma)
		rk_put_char(out, ',');
	out->comma = 1;
}

/* A value as it stands: a literal, digits, or a finished piece of JSON. */
static inline void
rk_put_raw(struct rk_json_out *out, struct rk_text raw)
{
	rk_put_comma(out);
	rk_put_bytes(out, raw.ptr, raw.len);
}

/* '{' or '['; closed by rk_put_close with the other half. */
static inline void
rk_put_open(struct rk_json_out *out, char bracket)
{
	rk_put_comma(out);
	rk_put_char(out, bracket);
	out->comma = 0;
}

static inline void
rk_put_close(struct rk_json_out *out, char bracket)
{
	rk_put_char(out, bracket);
	out->comma = 1;
}

/* Several at once. */
static inline void
rk_put_ends(struct rk_json_out *out, const char *brackets)
{
	for (; *brackets; brackets++)
		rk_put_close(out, *brackets);
}

static inline char *
rk_put_escape(char *at, char c)
{
	static const char hex[] = "0123456789abcdef";
	const char *known = c ? strchr("\"\"\\\\\bb\ff\nn\rr\tt", c) : NULL;

	*at++ = '\\';
	if (known) {
		*at++ = known[1];
		return at;
	}
	memcpy(at, "u00", 3);
	at[3] = hex[c >> 4 & 15];
	at[4] = hex[c & 15];
	return at + 5;
}

/* A string, escaped.  'text' is UTF-8, which the host has checked.  It is looked through
 * where it was copied to, in pieces: what must be escaped is copied again behind. */
static inline void
rk_put_text(struct rk_json_out *out, struct rk_text text)
{
	rk_put_comma(out);
	rk_put_char(out, '"');
	for (uint64_t at = 0; at < text.len;) {
		uint64_t piece = text.len - at < RK_PUT_PIECE ? text.len - at : RK_PUT_PIECE;
		char *to = rk_put_room(out, piece);
		uint64_t plain;

		if (!to)
			break;
		memcpy(to, text.ptr + at, piece);
		plain = (uint64_t)(rk_scan_plain(to, to + piece, 0) - to);
		at += plain;
		out->len += plain;
		to = plain < piece ? rk_put_room(out, 6) : NULL;
		if (to)
			out->len += (uint64_t)(rk_put_escape(to, text.ptr[at++]) - to);
		else if (plain < piece)
			break;
	}
	rk_put_char(out, '"');
}

static inline void
rk_put_key(struct rk_json_out *out, struct rk_text name)
{
	rk_put_text(out, name);
	rk_put_char(out, ':');
	out->comma = 0;
}

static inline void
rk_put_name(struct rk_json_out *out, const char *name)
{
	rk_put_key(out, rk_z(name));
}

/* "name": and '{' or '['. */
static inline void
rk_put_enter(struct rk_json_out *out, const char *name, char bracket)
{
	rk_put_name(out, name);
	rk_put_open(out, bracket);
}

static inline void
rk_put_int(struct rk_json_out *out, int64_t number)
{
	char digits[24];
	int len = snprintf(digits, sizeof digits, "%lld", (long long)number);

	rk_put_raw(out, rk_text_of(digits, (uint64_t)len));
}

/* "name":"text" */
static inline void
rk_put_pair(struct rk_json_out *out, const char *name, struct rk_text text)
{
	rk_put_name(out, name);
	rk_put_text(out, text);
}

/* A text, or {"MEMBER": text}. */
static inline void
rk_put_named(struct rk_json_out *out, const char *member, struct rk_text text)
{
	if (!member) {
		rk_put_text(out, text);
		return;
	}
	rk_put_open(out, '{');
	rk_put_pair(out, member, text);
	rk_put_close(out, '}');
}

/* "name":["a","b"] */
static inline void
rk_put_texts(struct rk_json_out *out, const char *name, const struct rk_text *texts,
             uint64_t count)
{
	rk_put_enter(out, name, '[');
	for (uint64_t i = 0; i < count; i++)
		rk_put_text(out, texts[i]);
	rk_put_close(out, ']');
}

static inline void
rk_putf(struct rk_json_out *out, const char *format, ...) RK_PRINTF(2, 3);

/* Formats as it stands, with no comma: for writers that build a plain text. */
static inline void
rk_putf(struct rk_json_out *out, const char *format, ...)
{
	va_list args;
	char *at;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	at = len > 0 ? rk_put_room(out, (uint64_t)len + 1) : NULL;
	if (!at)
		return;
	va_start(args, format);
	vsnprintf(at, (size_t)len + 1, format, args);
	va_end(args);
	out->len += (uint64_t)len;
}

/* A text of a query language between two quotes, which it cannot leave, with no comma:
 * what is one of 'special' gets a backslash, and goes as its fellow of 'letters'. */
static inline void
rk_put_quoted(struct rk_json_out *out, char quote, struct rk_text text,
              const char *special, const char *letters)
{
	rk_put_char(out, quote);
	for (uint64_t i = 0; i < text.len; i++) {
		const char *found = text.ptr[i] ? strchr(special, text.ptr[i]) : NULL;

		if (found)
			rk_put_char(out, '\\');
		rk_put_char(out, found ? letters[found - special] : text.ptr[i]);
	}
	rk_put_char(out, quote);
}

/* "name":"text" of a name that is not ours. */
static inline void
rk_put_member(struct rk_json_out *out, struct rk_text name, struct rk_text text)
{
	rk_put_key(out, name);
	rk_put_text(out, text);
}

/* A parsed value as JSON again; deep as the scan let it be.  Numbers that the scan
 * made strings stay strings; U+0000 sets RK_VALUE_HAS_NUL. */
static inline void
rk_put_item(struct rk_json_out *out, const cJSON *item, uint32_t *flags)
{
	int object = rk_json_is(item, cJSON_Object);

	if (object || rk_json_is(item, cJSON_Array)) {
		rk_put_open(out, object ? '{' : '[');
		rk_json_each(child, item) {
			if (object)
				rk_put_name(out, child->string);
			rk_put_item(out, child, flags);
		}
		rk_put_close(out, object ? '}' : ']');
	} else if (rk_json_is(item, cJSON_String)) {
		rk_put_text(out, rk_json_text(out->host, item, flags));
	} else {
		rk_put_raw(out, rk_json_is(item, cJSON_NULL) || !item
		           ? rk_z("null") : rk_json_text(out->host, item, flags));
	}
}

/* The finished document.  RK_REJECT if it is larger than its ceiling. */
static inline int32_t
rk_json_end(struct rk_json_out *out, struct rk_text *text, struct rk_err *err)
{
	if (out->full)
		return rk_fail(err, RK_REJECT, RK_CAT_PROPERTY_VALUE,
		               "the request is larger than %llu bytes",
		               (unsigned long long)out->ceiling);
	*text = rk_text_of(out->buf, out->len);
	return RK_OK;
}

#endif
