/* SPDX-License-Identifier: Apache-2.0
 *
 * line.c - one row taken apart.
 *
 * CSV:    RFC 4180; a row may span lines in quotes, ends with CRLF or LF, and the last one
 *         may have no end.  A quote inside a value that is not quoted is a character.
 * JSONL:  one object a line; a text is its value, a number and true are their text, null
 *         is none, what has parts is its own JSON.
 *
 * Called by rows.c; all cells lie in the reader's memory. */
#include "file.h"

/* ---- Text ------------------------------------------------------------------------ */

static int
is_utf8(struct rk_text text)
{
	const char *at = text.ptr, *end = at + text.len;

	while (at < end) {
		if ((unsigned char)*at >= 0x80) {
			const char *behind = rk_utf8_run(at, end);

			if (behind == at)
				return 0;
			at = behind;
		} else if (*at++ == 0) {
			return 0;
		}
	}
	return 1;
}

/* 'text' in UTF-8, written to 'into' where it was not; 0: it is none. */
static int
to_utf8(const struct rk_conn *conn, struct rk_text *text, char *into, uint64_t *used)
{
	int64_t len;

	*used = 0;
	if (!conn->cp932 || text->len == 0)
		return is_utf8(*text);
	if (memchr(text->ptr, 0, text->len))
		return 0;
	len = cp932_decode(conn->cp932, *text, into);
	if (len < 0)
		return 0;
	*text = rk_text_of(into, (uint64_t)len);
	*used = (uint64_t)len;
	return 1;
}

static const char *
not_encoded(const struct rk_conn *conn)
{
	return conn->cp932 ? "it holds bytes that are no Shift_JIS"
	                   : "it holds bytes that are no UTF-8";
}

static void
took(struct file_reader *r, const char *end)
{
	const char *from = r->buffer + r->at;

	r->raw = rk_text_of(from, (uint64_t)(end - from));
	for (const char *at = from; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
		r->next_line++;
	r->at += r->raw.len;
}

/* ---- CSV ------------------------------------------------------------------------- */

struct csv {
	const struct rk_conn *conn;
	const char *at, *end;
	char *to;                      /* Where the cell's bytes go.          */
	int more, open;                /* In quotes that were not closed.     */
	const char *what;
};

/* Copies one character: its second byte may look like one of ours. */
static void
copy_one(struct csv *c)
{
	int two = c->conn->cp932 && cp932_is_first((unsigned char)*c->at) &&
	          c->at + 1 < c->end;

	*c->to++ = *c->at++;
	if (two)
		*c->to++ = *c->at++;
}

static int
at_line_end(const struct csv *c)
{
	return c->at < c->end && (*c->at == '\n' || (*c->at == '\r' && c->at + 1 < c->end &&
	                                             c->at[1] == '\n'));
}

static void
quoted_cell(struct csv *c)
{
	c->open = 1;
	for (c->at++; c->at < c->end;) {
		if (*c->at != '"') {
			copy_one(c);
		} else if (c->at + 1 < c->end && c->at[1] == '"') {
			*c->to++ = '"';
			c->at += 2;
		} else {
			c->open = 0;
			c->at++;
			break;
		}
	}
	if (!c->open && c->at < c->end && *c->at != c->conn->delimiter && !at_line_end(c) &&
	    !(*c->at == '\r' && c->at + 1 == c->end))
		c->what = "behind a closing quote stands something else";
}

/* Reads a cell; its bytes are as they stand in the file, but for its quotes. */
static struct rk_text
csv_cell(struct csv *c)
{
	char *from = c->to;

	if (c->at < c->end && *c->at == '"')
		quoted_cell(c);
	else
		while (c->at < c->end && *c->at != c->conn->delimiter && !at_line_end(c))
			copy_one(c);
	return rk_text_of(from, (uint64_t)(c->to - from));
}

static const char *
decode_cells(struct file_reader *r)
{
	char *into = r->spare;
	uint64_t used;

	for (uint64_t i = 0; i < r->count; i++) {
		if (!to_utf8(r->conn, &r->cells[i], into, &used))
			return not_encoded(r->conn);
		into += used;
		r->is_null[i] = r->cells[i].len == 0;
	}
	return NULL;
}

enum file_parsed
file_parse_csv(struct file_reader *r, int more, const char **what)
{
	const char *from = r->buffer + r->at;
	struct csv c = { r->conn, from, r->buffer + r->have, r->words, more, 0, NULL };

	for (r->count = 0;; c.at++) {
		if (r->count == FILE_COLUMNS) {
			*what = "it has over 500 columns";
			return FILE_BAD;
		}
		r->cells[r->count++] = csv_cell(&c);
		if (c.at == c.end || c.what || *c.at != r->conn->delimiter)
			break;
	}
	if (more && c.end - c.at < 2 && !(c.at < c.end && *c.at == '\n'))
		return FILE_SHORT;
	r->torn = c.open || c.at == c.end;
	if (c.open)
		c.what = "a quote is not closed";
	if (c.what) {
		*what = c.what;
		return FILE_BAD;
	}
	if (c.at < c.end)
		c.at += *c.at == '\r' ? 2 : 1;
	took(r, c.at);
	if (r->count == 1 && r->cells[0].len == 0 && *from != '"')
		return FILE_BLANK;
	*what = decode_cells(r);
	return *what ? FILE_BAD : FILE_ROW;
}

/* ---- JSON Lines ------------------------------------------------------------------ */

struct line {
	const char *at, *end;
	char *to;
	int depth;
};

static void
blanks(struct line *l)
{
	while (l->at < l->end && strchr(" \t\r", *l->at))
		l->at++;
}

static int
is_next(struct line *l, char c)
{
	blanks(l);
	if (l->at == l->end || *l->at != c)
		return 0;
	l->at++;
	return 1;
}

/* An escape, from its backslash on; 0: it is none. */
static int
escape(struct line *l)
{
	static const char known[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
	const char *plain = l->end - l->at > 1 ? strchr(known, l->at[1]) : NULL;
	int32_t code, low;

	if (plain && *plain) {
		*l->to++ = means[plain - known];
		l->at += 2;
		return 1;
	}
	code = l->end - l->at >= 6 && l->at[1] == 'u' ? rk_hex4(l->at + 2) : -1;
	if (code <= 0 || (code >= 0xDC00 && code <= 0xDFFF))
		return 0;
	l->at += 6;
	if (code >= 0xD800 && code <= 0xDBFF) {
		low = l->end - l->at >= 6 && l->at[0] == '\\' && l->at[1] == 'u'
		    ? rk_hex4(l->at + 2) : -1;
		if (low < 0xDC00 || low > 0xDFFF)
			return 0;
		code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
		l->at += 6;
	}
	l->to = rk_utf8_put(l->to, (uint32_t)code);
	return 1;
}

static int
string(struct line *l, struct rk_text *text)
{
	char *from = l->to;

	if (!is_next(l, '"'))
		return 0;
	while (l->at < l->end && *l->at != '"') {
		if ((unsigned char)*l->at < ' ' || (*l->at == '\\' && !escape(l)))
			return 0;
		if (l->at < l->end && *l->at != '"' && *l->at != '\\' &&
		    (unsigned char)*l->at >= ' ')
			*l->to++ = *l->at++;
	}
	*text = rk_text_of(from, (uint64_t)(l->to - from));
	return l->at < l->end && l->at++;
}

/* A number, true, false or null; what it is is the text's own. */
static int
word(struct line *l, struct rk_text *text)
{
	const char *from = l->at;
	struct rk_number_parts parts;

	while (l->at < l->end && !strchr(",]} \t\r", *l->at))
		l->at++;
	*text = rk_text_of(from, (uint64_t)(l->at - from));
	if (rk_text_among(*text, "true false null"))
		return 1;
	from += text->len && *from == '-';
	/* Of JSON: digits first, and no zero before another. */
	return from < l->at && isdigit((unsigned char)*from) &&
	       !(*from == '0' && l->at - from > 1 && isdigit((unsigned char)from[1])) &&
	       rk_number_split(*text, &parts);
}

/* Any value, passed over. */
static int
pass(struct line *l)
{
	struct rk_text text;
	char first, last;
	int good = 1;

	blanks(l);
	first = l->at < l->end ? *l->at : 0;
	if (first == '"')
		return string(l, &text);
	if (first != '{' && first != '[')
		return word(l, &text);
	if (l->depth == 64)
		return 0;
	l->depth++;
	last = first == '{' ? '}' : ']';
	l->at++;
	if (!is_next(l, last)) {
		do
			good = (first == '[' || (string(l, &text) && is_next(l, ':'))) &&
			       pass(l);
		while (good && is_next(l, ','));
		good = good && is_next(l, last);
	}
	l->depth--;
	return good;
}

static int
member(struct file_reader *r, struct line *l)
{
	struct rk_text *cell = &r->cells[r->count];
	const char *from;

	r->is_null[r->count] = 0;
	if (!string(l, &r->names[r->count]) || !is_next(l, ':'))
		return 0;
	blanks(l);
	from = l->at;
	if (from < l->end && *from == '"') {
		if (!string(l, cell))
			return 0;
	} else if (!pass(l)) {
		return 0;
	} else {
		*cell = rk_text_of(from, (uint64_t)(l->at - from));
		if (rk_text_is(*cell, "null")) {
			*cell = rk_z("");
			r->is_null[r->count] = 1;
		}
	}
	r->parts[r->count++] = rk_text_of(from, (uint64_t)(l->at - from));
	return 1;
}

static const char *
take_object(struct file_reader *r, struct rk_text text)
{
	struct line l = { text.ptr, text.ptr + text.len, r->words, 0 };
	int good = is_next(&l, '{');

	r->count = 0;
	if (good && !is_next(&l, '}')) {
		do {
			if (r->count == FILE_COLUMNS)
				return "it has over 500 columns";
			good = member(r, &l);
		} while (good && is_next(&l, ','));
		good = good && is_next(&l, '}');
	}
	blanks(&l);
	return good && l.at == l.end ? NULL : "it is no JSON object";
}

enum file_parsed
file_parse_jsonl(struct file_reader *r, int more, const char **what)
{
	const char *from = r->buffer + r->at, *end = r->buffer + r->have;
	const char *newline = memchr(from, '\n', (size_t)(end - from));
	struct rk_text text;
	uint64_t used;

	if (!newline && more)
		return FILE_SHORT;
	r->torn = !newline;
	text = rk_text_of(from, (uint64_t)((newline ? newline : end) - from));
	if (rk_text_trim(text).len == 0) {
		took(r, newline ? newline + 1 : end);
		return FILE_BLANK;
	}
	if (!to_utf8(r->conn, &text, r->spare, &used)) {
		*what = not_encoded(r->conn);
		return FILE_BAD;
	}
	*what = take_object(r, text);
	if (*what)
		return FILE_BAD;
	took(r, newline ? newline + 1 : end);
	return FILE_ROW;
}
