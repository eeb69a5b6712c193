/* SPDX-License-Identifier: Apache-2.0
 *
 * unicode.c - see unicode.h.  The tables are utf8proc's. */
#include "mapping/unicode.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "base/text.h"

int32_t
unicode_lower(int32_t c)
{
	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
	return utf8proc_tolower(c);
}

/* utf8proc makes a capital of U+00DF that hardly anybody can type or find;
 * Unicode's simple mapping leaves it alone. */
int32_t
unicode_upper(int32_t c)
{
	return c == 0xDF ? c : utf8proc_toupper(c);
}

struct rk_text
unicode_each(struct rk_text text, unicode_change *change, struct arena *arena)
{
	/* A character may grow in bytes (U+023A to U+2C65), never past four. */
	utf8proc_uint8_t *out = arena_alloc(arena, text.len * 2 + 4), *to = out;
	const utf8proc_uint8_t *in = (const utf8proc_uint8_t *)text.ptr;
	const utf8proc_uint8_t *end = in + text.len;
	while (in < end) {
		utf8proc_int32_t c = *in;
		utf8proc_ssize_t n = c < 0x80 ? 1 : utf8proc_iterate(in, end - in, &c);
		if (n <= 0) {
			*to++ = *in++;
			continue;
		}
		in += n;
		c = change(c);
		if (c >= 0 && c < 0x80)
			*to++ = (utf8proc_uint8_t)c;
		else if (c >= 0)
			to += utf8proc_encode_char(c, to);
	}
	return (struct rk_text){ (const char *)out, (uint64_t)(to - out) };
}

bool
unicode_normal(struct rk_text *text, bool widths, struct arena *arena)
{
	if (text_ascii_prefix(*text) == text->len)
		return true;
	utf8proc_uint8_t *out = NULL;
	int options = UTF8PROC_STABLE | UTF8PROC_COMPOSE | (widths ? UTF8PROC_COMPAT : 0);
	utf8proc_ssize_t len = utf8proc_map((const utf8proc_uint8_t *)text->ptr,
	                                    (utf8proc_ssize_t)text->len, &out,
	                                    (utf8proc_option_t)options);
	if (len == UTF8PROC_ERROR_NOMEM)
		abort();
	if (len < 0)
		return false;
	*text = arena_text(arena, (struct rk_text){ (const char *)out, (uint64_t)len });
	free(out);
	return true;
}
