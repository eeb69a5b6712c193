/* SPDX-License-Identifier: Apache-2.0
 *
 * width.c - see width.h. */
#include "cli/width.h"

#include <string.h>
#include <utf8proc.h>

#include "base/text.h"

/* A run of bytes as it is shown: itself, or what stands in its place. */
struct glyph {
	const char *shown;
	size_t bytes;                  /* of 'shown' */
	size_t columns;
};

/* Line ends and tabs tell themselves; every other control is a blot, and so are
 * the marks that turn the direction of writing. */
static struct glyph
show(const char *at, size_t n, utf8proc_int32_t c)
{
	utf8proc_category_t category = utf8proc_category(c);
	if (c == '\n')
		return (struct glyph){ "\\n", 2, 2 };
	if (c == '\r')
		return (struct glyph){ "\\r", 2, 2 };
	if (c == '\t')
		return (struct glyph){ "\\t", 2, 2 };
	if (category == UTF8PROC_CATEGORY_CC || (c >= 0x202A && c <= 0x202E)
	    || (c >= 0x2066 && c <= 0x2069))
		return (struct glyph){ "?", 1, 1 };
	return (struct glyph){ at, n, (size_t)utf8proc_charwidth(c) };
}

/* The glyph at the beginning of 'text', which loses its bytes. */
static struct glyph
next(struct rk_text *text)
{
	utf8proc_int32_t c;
	const char *at = text->ptr;
	utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)at,
	                                      (utf8proc_ssize_t)text->len, &c);
	struct glyph glyph = { "?", 1, 1 };
	if (n < 1)
		n = 1;
	else
		glyph = show(at, (size_t)n, c);
	text->ptr += n;
	text->len -= (size_t)n;
	return glyph;
}

size_t
width_of(struct rk_text text)
{
	size_t columns = 0;
	while (text.len > 0)
		columns += next(&text).columns;
	return columns;
}

static void
add_blanks(struct buf *out, size_t count)
{
	while (count-- > 0)
		buf_addc(out, ' ');
}

void
width_add(struct buf *out, struct rk_text text, size_t least, size_t most)
{
	bool cut = most > 0 && width_of(text) > most;
	size_t room = cut ? most - 1 : SIZE_MAX, columns = 0;
	while (text.len > 0) {
		struct glyph glyph = next(&text);
		if (columns + glyph.columns > room)
			break;
		buf_add(out, glyph.shown, glyph.bytes);
		columns += glyph.columns;
	}
	if (cut) {
		buf_adds(out, "…");
		columns++;
	}
	if (columns < least)
		add_blanks(out, least - columns);
}

void
width_add_right(struct buf *out, struct rk_text text, size_t least)
{
	size_t columns = width_of(text);
	if (columns < least)
		add_blanks(out, least - columns);
	width_add(out, text, 0, least);
}

/* No line begins with these: they close what stands before them. */
static bool
closes(struct rk_text rest)
{
	static const char *const marks[] = { "、", "。", "）", "」" };
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (rest.len >= 3 && memcmp(rest.ptr, marks[i], 3) == 0)
			return true;
	return false;
}

/* How many bytes of 'text' make a line. */
static size_t
line_bytes(struct rk_text text, size_t columns)
{
	struct rk_text rest = text;
	size_t used = 0, good = 0;
	while (rest.len > 0) {
		size_t fits = text.len - rest.len;
		bool blank = rest.ptr[0] == ' ';
		struct glyph glyph = next(&rest);
		used += glyph.columns;
		if (used > columns + blank && fits > 0)
			return good > 0 ? good : fits;
		if (blank || (glyph.columns == 2 && !closes(rest)))
			good = text.len - rest.len;
	}
	return text.len;
}

/* Where the lines after the first one of an indented text begin: below its words, or
 * below what three blanks set off as a second column. */
static size_t
hang_of(struct rk_text text, size_t columns)
{
	size_t hang = 0, blanks = 0;
	for (size_t i = 0; i < text.len && i <= columns / 2; i++) {
		if (text.ptr[i] != ' ' && (blanks == i || blanks >= 3))
			hang = i;
		blanks = text.ptr[i] == ' ' ? blanks + 1 : 0;
	}
	return hang;
}

static void
wrap_line(struct buf *out, struct rk_text text, size_t columns)
{
	size_t hang = hang_of(text, columns), left = columns;
	while (text.len > 0) {
		size_t bytes = line_bytes(text, left);
		struct rk_text line = { text.ptr, bytes };
		if (left < columns)
			line = text_trim(line);
		text.ptr += bytes;
		text.len -= bytes;
		while (text.len > 0 && line.len > 0 && line.ptr[line.len - 1] == ' ')
			line.len--;
		width_add(out, line, 0, 0);
		if (text.len > 0) {
			buf_addc(out, '\n');
			add_blanks(out, hang);
		}
		left = columns - hang;
	}
}

void
width_wrap(struct buf *out, struct rk_text text, size_t columns)
{
	const char *end;
	while ((end = memchr(text.ptr, '\n', text.len)) != NULL) {
		size_t bytes = (size_t)(end - text.ptr);
		wrap_line(out, (struct rk_text){ text.ptr, bytes }, columns);
		buf_addc(out, '\n');
		text.ptr += bytes + 1;
		text.len -= bytes + 1;
	}
	wrap_line(out, text, columns);
}
