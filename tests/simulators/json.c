/* SPDX-License-Identifier: Apache-2.0 */
/* json.c - the strict JSON reader and the writer of the simulators; see
 * text.h.  Numbers stay as they were written and strings may hold U+0000.
 * Called for request bodies and for the control path. */
#include "text.h"

#include <string.h>

#define DEPTH_MAX 64u

struct reader {
	const char *p, *end;
	struct arena *arena;
	unsigned depth;
};

static struct json *read_value(struct reader *r);

static void
skip_blank(struct reader *r)
{
	while (r->p < r->end &&
	       (*r->p == ' ' || *r->p == '\t' || *r->p == '\n' || *r->p == '\r'))
		r->p++;
}

static bool
take(struct reader *r, char c)
{
	skip_blank(r);
	if (r->p == r->end || *r->p != c)
		return false;
	r->p++;
	return true;
}

static bool
take_word(struct reader *r, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(r->end - r->p) < len || memcmp(r->p, word, len) != 0)
		return false;
	r->p += len;
	return true;
}

/* Length of the well-formed UTF-8 sequence at 'p', 0 if there is none.
 * Source: RFC 3629, section 4. */
static size_t
utf8_length(const unsigned char *p, size_t left)
{
	static const struct { unsigned char from, to, low, high; size_t len; } rows[] = {
		{ 0x20, 0x7F, 0x80, 0xBF, 1 }, { 0xC2, 0xDF, 0x80, 0xBF, 2 },
		{ 0xE0, 0xE0, 0xA0, 0xBF, 3 }, { 0xE1, 0xEC, 0x80, 0xBF, 3 },
		{ 0xED, 0xED, 0x80, 0x9F, 3 }, { 0xEE, 0xEF, 0x80, 0xBF, 3 },
		{ 0xF0, 0xF0, 0x90, 0xBF, 4 }, { 0xF1, 0xF3, 0x80, 0xBF, 4 },
		{ 0xF4, 0xF4, 0x80, 0x8F, 4 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (p[0] < rows[i].from || p[0] > rows[i].to)
			continue;
		if (left < rows[i].len)
			return 0;
		if (rows[i].len > 1 && (p[1] < rows[i].low || p[1] > rows[i].high))
			return 0;
		for (size_t j = 2; j < rows[i].len; j++)
			if ((p[j] & 0xC0) != 0x80)
				return 0;
		return rows[i].len;
	}
	return 0;
}

static bool
read_hex4(struct reader *r, unsigned *code)
{
	*code = 0;
	if (r->end - r->p < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		char c = *r->p++;
		unsigned digit;

		if (c >= '0' && c <= '9')
			digit = (unsigned)(c - '0');
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			digit = (unsigned)((c | 32) - 'a') + 10;
		else
			return false;
		*code = *code * 16 + digit;
	}
	return true;
}

static char *
put_utf8(char *out, unsigned code)
{
	if (code < 0x80) {
		*out++ = (char)code;
		return out;
	}
	if (code < 0x800) {
		*out++ = (char)(0xC0 | code >> 6);
	} else if (code < 0x10000) {
		*out++ = (char)(0xE0 | code >> 12);
		*out++ = (char)(0x80 | (code >> 6 & 0x3F));
	} else {
		*out++ = (char)(0xF0 | code >> 18);
		*out++ = (char)(0x80 | (code >> 12 & 0x3F));
		*out++ = (char)(0x80 | (code >> 6 & 0x3F));
	}
	*out++ = (char)(0x80 | (code & 0x3F));
	return out;
}

/* What follows "\u": one code point, maybe from a pair of surrogates. */
static char *
read_unicode(struct reader *r, char *out)
{
	unsigned code, low;

	if (!read_hex4(r, &code) || (code >= 0xDC00 && code <= 0xDFFF))
		return NULL;
	if (code < 0xD800 || code > 0xDBFF)
		return put_utf8(out, code);
	if (!take_word(r, "\\u") || !read_hex4(r, &low) || low < 0xDC00 || low > 0xDFFF)
		return NULL;
	return put_utf8(out, 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00));
}

static char *
read_escape(struct reader *r, char *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";

	if (r->p == r->end)
		return NULL;
	char c = *r->p++;
	if (c == 'u')
		return read_unicode(r, out);
	const char *at = c ? strchr(from, c) : NULL;
	if (!at)
		return NULL;
	*out = to[at - from];
	return out + 1;
}

/* Ends after the closing quote; 'r->p' stands on the first escape. */
static bool
read_escaped(struct reader *r, const char *start, struct text *out)
{
	const char *close = r->p;

	while (close < r->end && *close != '"')
		close += *close == '\\' && close + 1 < r->end ? 2 : 1;
	char *to = arena_alloc(r->arena, (size_t)(close - start) + 4);
	char *first = to;
	memcpy(to, start, (size_t)(r->p - start));
	to += r->p - start;
	while (r->p < r->end && *r->p != '"') {
		if (*r->p == '\\') {
			r->p++;
			to = read_escape(r, to);
			if (!to)
				return false;
			continue;
		}
		size_t len = utf8_length((const unsigned char *)r->p,
					 (size_t)(r->end - r->p));
		if (!len)
			return false;
		memcpy(to, r->p, len);
		to += len;
		r->p += len;
	}
	*out = (struct text){ first, (size_t)(to - first) };
	return r->p++ < r->end;
}

/* 'r->p' stands after the opening quote. */
static bool
read_string(struct reader *r, struct text *out)
{
	const char *start = r->p;

	while (r->p < r->end && *r->p != '"') {
		if (*r->p == '\\')
			return read_escaped(r, start, out);
		size_t len = utf8_length((const unsigned char *)r->p,
					 (size_t)(r->end - r->p));
		if (!len)
			return false;
		r->p += len;
	}
	*out = (struct text){ start, (size_t)(r->p - start) };
	return r->p++ < r->end;
}

static bool
digits(struct reader *r)
{
	const char *start = r->p;

	while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
		r->p++;
	return r->p > start;
}

static bool
read_number(struct reader *r, struct text *out)
{
	const char *start = r->p;

	take_word(r, "-");
	if (!take_word(r, "0") && !digits(r))
		return false;
	if (take_word(r, ".") && !digits(r))
		return false;
	if (r->p < r->end && (*r->p | 32) == 'e') {
		r->p++;
		if (!take_word(r, "-"))
			take_word(r, "+");
		if (!digits(r))
			return false;
	}
	*out = (struct text){ start, (size_t)(r->p - start) };
	return true;
}

static bool
read_member_name(struct reader *r, struct text *name)
{
	return take(r, '"') && read_string(r, name) && take(r, ':');
}

/* The elements up to 'close'; objects have names before them. */
static bool
read_children(struct reader *r, struct json *v, char close)
{
	struct json **tail = &v->child;

	if (take(r, close))
		return true;
	do {
		struct text name = { 0 };

		if (close == '}' && !read_member_name(r, &name))
			return false;
		struct json *child = read_value(r);
		if (!child)
			return false;
		child->name = name;
		*tail = child;
		tail = &child->next;
		v->count++;
	} while (take(r, ','));
	return take(r, close);
}

static bool
read_nested(struct reader *r, struct json *v, char close)
{
	v->kind = close == '}' ? JSON_OBJECT : JSON_ARRAY;
	if (++r->depth > DEPTH_MAX || !read_children(r, v, close))
		return false;
	r->depth--;
	return true;
}

static bool
read_kind(struct reader *r, struct json *v)
{
	switch (*r->p) {
	case '{':
		r->p++;
		return read_nested(r, v, '}');
	case '[':
		r->p++;
		return read_nested(r, v, ']');
	case '"':
		r->p++;
		v->kind = JSON_STRING;
		return read_string(r, &v->text);
	case 'n':
		return take_word(r, "null");
	case 't':
		v->kind = JSON_BOOL;
		v->truth = true;
		return take_word(r, "true");
	case 'f':
		v->kind = JSON_BOOL;
		return take_word(r, "false");
	default:
		v->kind = JSON_NUMBER;
		return read_number(r, &v->text);
	}
}

static struct json *
read_value(struct reader *r)
{
	struct json *v = arena_alloc(r->arena, sizeof *v);

	memset(v, 0, sizeof *v);
	skip_blank(r);
	return r->p < r->end && read_kind(r, v) ? v : NULL;
}

struct json *
json_parse(struct arena *a, struct text body, size_t *at)
{
	struct reader r = { .p = body.ptr, .end = body.ptr + body.len, .arena = a };
	struct json *v = body.len ? read_value(&r) : NULL;

	skip_blank(&r);
	if (at)
		*at = body.len ? (size_t)(r.p - body.ptr) : 0;
	return r.p == r.end ? v : NULL;
}

const struct json *
json_get(const struct json *object, const char *name)
{
	if (!object || object->kind != JSON_OBJECT)
		return NULL;
	for (const struct json *m = object->child; m; m = m->next)
		if (text_is(m->name, name))
			return m;
	return NULL;
}

struct text
json_text(const struct json *object, const char *name)
{
	const struct json *m = json_get(object, name);

	if (!m || (m->kind != JSON_STRING && m->kind != JSON_NUMBER))
		return (struct text){ 0 };
	return m->text;
}

int64_t
json_int(const struct json *object, const char *name, int64_t otherwise)
{
	int64_t n;

	return text_int(json_text(object, name), &n) ? n : otherwise;
}

bool
json_true(const struct json *object, const char *name)
{
	const struct json *m = json_get(object, name);

	return m && m->kind == JSON_BOOL && m->truth;
}

static void
write_children(struct buf *b, const struct json *value)
{
	bool first = true;

	for (const struct json *m = value->child; m; m = m->next) {
		buf_comma(b, &first);
		if (value->kind == JSON_OBJECT) {
			buf_quote(b, m->name);
			buf_add(b, ":", 1);
		}
		json_write(b, m);
	}
}

void
json_write(struct buf *b, const struct json *value)
{
	switch (value->kind) {
	case JSON_NULL:
		buf_str(b, "null");
		return;
	case JSON_BOOL:
		buf_str(b, value->truth ? "true" : "false");
		return;
	case JSON_NUMBER:
		buf_text(b, value->text);
		return;
	case JSON_STRING:
		buf_quote(b, value->text);
		return;
	case JSON_ARRAY:
	case JSON_OBJECT:
		buf_str(b, value->kind == JSON_ARRAY ? "[" : "{");
		write_children(b, value);
		buf_str(b, value->kind == JSON_ARRAY ? "]" : "}");
		return;
	}
}

struct text
json_raw(struct arena *a, const struct json *value)
{
	struct buf b = { 0 };

	json_write(&b, value);
	return arena_take(a, &b);
}

struct text
json_quoted(struct arena *a, struct text t)
{
	struct buf b = { 0 };

	buf_quote(&b, t);
	return arena_take(a, &b);
}

struct text
json_unquote(struct arena *a, struct text raw)
{
	if (raw.len < 2 || raw.ptr[0] != '"')
		return raw;
	if (!memchr(raw.ptr, '\\', raw.len))
		return (struct text){ raw.ptr + 1, raw.len - 2 };
	struct json *v = json_parse(a, raw, NULL);
	return v ? v->text : raw;
}
