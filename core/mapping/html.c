/* SPDX-License-Identifier: Apache-2.0
 *
 * html.c - see html.h. */
#include "mapping/html.h"

#include <string.h>
#include <strings.h>

#include <utf8proc.h>

#include "base/buf.h"
#include "base/text.h"
#include "mapping/cut.h"

static const struct {
	const char *name, *text;
} entities[] = {
	{ "amp;", "&" },  { "lt;", "<" },    { "gt;", ">" },
	{ "quot;", "\"" }, { "apos;", "'" }, { "nbsp;", " " },
};

/* What comes out of both ways has a bound, so that a buffer never fails:
 * "\n" to "<br>" and '"' to "&quot;" are the worst. */
#define GROWTH 6

static struct rk_text
finish(struct buf *out, struct arena *arena)
{
	return arena_text(arena, buf_text(out));
}

struct rk_text
html_from_text(struct rk_text text, struct arena *arena)
{
	BUF_AUTO out = BUF_INIT(text.len * GROWTH);
	for (; text.len > 0; cut(&text, 1)) {
		switch (*text.ptr) {
		case '&': buf_adds(&out, "&amp;"); break;
		case '<': buf_adds(&out, "&lt;"); break;
		case '>': buf_adds(&out, "&gt;"); break;
		case '"': buf_adds(&out, "&quot;"); break;
		case '\n': buf_adds(&out, "<br>"); break;
		case '\r': break;
		default: buf_addc(&out, *text.ptr);
		}
	}
	return finish(&out, arena);
}

static bool
begins(struct rk_text text, const char *with)
{
	size_t len = strlen(with);
	return text.len >= len && strncasecmp(text.ptr, with, len) == 0;
}

/* Bytes up to and with 'end', or all that is left. */
static size_t
upto(struct rk_text text, const char *end)
{
	size_t len = strlen(end);
	for (size_t i = 0; i + len <= text.len; i++)
		if (strncasecmp(text.ptr + i, end, len) == 0)
			return i + len;
	return text.len;
}

static bool
ends_a_line(struct rk_text tag)
{
	static const char *const blocks[] = {
		"br",  "/p",  "/div", "/li", "/tr",         "/h1",  "/h2",
		"/h3", "/h4", "/h5",  "/h6", "/blockquote", "/pre",
	};
	for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
		size_t len = strlen(blocks[i]);
		if (begins(tag, blocks[i])
		    && (tag.len == len || strchr(" \t\r\n/>", tag.ptr[len]) != NULL))
			return true;
	}
	return false;
}

/* Takes "<...>" away; 'html' stands behind the '<'. */
static void
take_tag(struct rk_text *html, struct buf *out)
{
	if (begins(*html, "!--")) {
		cut(html, upto(*html, "-->"));
		return;
	}
	if (begins(*html, "script") || begins(*html, "style")) {
		cut(html, upto(*html, begins(*html, "script") ? "</script" : "</style"));
		cut(html, upto(*html, ">"));
		return;
	}
	if (ends_a_line(*html))
		buf_addc(out, '\n');
	cut(html, upto(*html, ">"));
}

/* "#39;" or "#x27;"; 0 if it is none. */
static size_t
numeric_entity(struct rk_text s, struct buf *out)
{
	size_t i = 1;
	int base = 10, value = 0;
	if (i < s.len && (s.ptr[i] | 32) == 'x') {
		base = 16;
		i++;
	}
	size_t first = i;
	for (; i < s.len && i < first + 7 && s.ptr[i] != ';'; i++) {
		static const char digits[] = "0123456789abcdef";
		char c = (char)(s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? s.ptr[i] | 32
		                                                   : s.ptr[i]);
		const char *at = c != '\0' ? strchr(digits, c) : NULL;
		if (at == NULL || at - digits >= base)
			return 0;
		value = value * base + (int)(at - digits);
	}
	if (i == first || i >= s.len || s.ptr[i] != ';' || value < 32
	    || !utf8proc_codepoint_valid(value))
		return 0;
	utf8proc_uint8_t bytes[4];
	buf_add(out, bytes, (size_t)utf8proc_encode_char(value, bytes));
	return i + 1;
}

/* 's' stands behind the '&'; what is no entity is text. */
static size_t
entity(struct rk_text s, struct buf *out)
{
	if (s.len > 0 && *s.ptr == '#')
		return numeric_entity(s, out);
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
		if (begins(s, entities[i].name)) {
			buf_adds(out, entities[i].text);
			return strlen(entities[i].name);
		}
	}
	return 0;
}

struct rk_text
html_to_text(struct rk_text html, struct arena *arena)
{
	BUF_AUTO out = BUF_INIT(html.len);
	while (html.len > 0) {
		if (cut_char(&html, '<')) {
			take_tag(&html, &out);
		} else if (cut_char(&html, '&')) {
			size_t taken = entity(html, &out);
			if (taken == 0)
				buf_addc(&out, '&');
			cut(&html, taken);
		} else {
			buf_addc(&out, *html.ptr);
			cut(&html, 1);
		}
	}
	return text_trim(finish(&out, arena));
}
