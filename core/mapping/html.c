/* SPDX-License-Identifier: Apache-2.0
 *
 * html.c - see html.h. */
#include "mapping/html.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <utf8proc.h>

#include "base/buf.h"
#include "base/text.h"
#include "mapping/cut.h"

/* The first ones are also what a plain text is escaped with. */
static const struct entity {
	const char *name, *text;
} entities[] = {
	{ "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" }, { "&quot;", "\"" },
	{ "<br>", "\n" }, { "", "\r" }, { "&apos;", "'" }, { "&nbsp;", " " },
};
#define ESCAPED 6
/* The worst that escaping does is '"' to "&quot;". */
#define GROWTH 6

struct rk_text
html_from_text(struct rk_text text, struct arena *arena)
{
	BUF_AUTO out = BUF_INIT(text.len * GROWTH);
	for (; text.len > 0; cut(&text, 1)) {
		size_t i = 0;
		while (i < ESCAPED && *text.ptr != *entities[i].text)
			i++;
		if (i < ESCAPED)
			buf_adds(&out, entities[i].name);
		else
			buf_addc(&out, *text.ptr);
	}
	return arena_text(arena, buf_text(&out));
}

static bool
begins(struct rk_text text, const char *with)
{
	size_t len = strlen(with);
	return text.len >= len && strncasecmp(text.ptr, with, len) == 0;
}

/* Cuts up to and with 'end', or all that is left. */
static void
cut_upto(struct rk_text *text, const char *end)
{
	while (text->len > 0 && !begins(*text, end))
		cut(text, 1);
	cut(text, text->len > 0 ? strlen(end) : 0);
}

static bool
ends_a_line(struct rk_text tag)
{
	static const char *const blocks[] = {
		"br", "/p", "/div", "/li", "/tr", "/h1", "/h2", "/h3", "/h4", "/h5",
		"/h6", "/blockquote", "/pre",
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
		cut_upto(html, "-->");
		return;
	}
	if (begins(*html, "script"))
		cut_upto(html, "</script");
	else if (begins(*html, "style"))
		cut_upto(html, "</style");
	else if (ends_a_line(*html))
		buf_addc(out, '\n');
	cut_upto(html, ">");
}

/* "&#39;" or "&#x27;": the bytes it takes; 0 if it is none. */
static size_t
take_number(struct rk_text s, struct buf *out)
{
	char text[16], *end;
	text_copy(text, sizeof text, s);
	bool hex = begins(s, "&#x");
	const char *digits = text + (hex ? 3 : 2);
	if (!begins(s, "&#") || !isxdigit((unsigned char)*digits))
		return 0;
	long value = strtol(digits, &end, hex ? 16 : 10);
	if (*end != ';' || value < 32 || value > 0x10FFFF
	    || !utf8proc_codepoint_valid((utf8proc_int32_t)value))
		return 0;
	utf8proc_uint8_t bytes[4];
	buf_add(out, bytes, (size_t)utf8proc_encode_char((utf8proc_int32_t)value, bytes));
	return (size_t)(end + 1 - text);
}

/* The entity at the front; 0: what stands there is text. */
static size_t
take_entity(struct rk_text s, struct buf *out)
{
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
		if (*entities[i].name == '&' && begins(s, entities[i].name)) {
			buf_adds(out, entities[i].text);
			return strlen(entities[i].name);
		}
	}
	return take_number(s, out);
}

struct rk_text
html_to_text(struct rk_text html, struct arena *arena)
{
	BUF_AUTO out = BUF_INIT(html.len);
	while (html.len > 0) {
		if (cut_char(&html, '<')) {
			take_tag(&html, &out);
			continue;
		}
		size_t taken = *html.ptr == '&' ? take_entity(html, &out) : 0;
		if (taken == 0)
			buf_addc(&out, *html.ptr);
		cut(&html, taken > 0 ? taken : 1);
	}
	return text_trim(arena_text(arena, buf_text(&out)));
}
