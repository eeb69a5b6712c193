/* SPDX-License-Identifier: Apache-2.0
 *
 * unicode.c - see unicode.h.  The tables are utf8proc's. */
#include "mapping/unicode.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

/* Bytes of ASCII at the front, eight at a time: most texts end here. */
static size_t
ascii_prefix(struct rk_text text)
{
	size_t i = 0;
	for (uint64_t eight; i + 8 <= text.len; i += 8) {
		memcpy(&eight, text.ptr + i, 8);
		if ((eight & 0x8080808080808080u) != 0)
			break;
	}
	while (i < text.len && ((unsigned char)text.ptr[i] & 0x80) == 0)
		i++;
	return i;
}

/* Bytes of the well-formed sequence that 's' begins with, 0 if it is none
 * (RFC 3629: shortest form, no surrogates, at most U+10FFFF). */
static size_t
sequence(const unsigned char *s, size_t left)
{
	static const struct {
		unsigned char first, last, low, high, bytes;
	} forms[] = {                              /* low, high: of the second byte. */
		{ 0xE1, 0xEC, 0x80, 0xBF, 3 }, { 0x00, 0x7F, 0x00, 0xFF, 1 },
		{ 0xC2, 0xDF, 0x80, 0xBF, 2 }, { 0xEE, 0xEF, 0x80, 0xBF, 3 },
		{ 0xE0, 0xE0, 0xA0, 0xBF, 3 }, { 0xED, 0xED, 0x80, 0x9F, 3 },
		{ 0xF0, 0xF0, 0x90, 0xBF, 4 }, { 0xF1, 0xF3, 0x80, 0xBF, 4 },
		{ 0xF4, 0xF4, 0x80, 0x8F, 4 },
	};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (s[0] < forms[i].first || s[0] > forms[i].last)
			continue;
		size_t n = forms[i].bytes;
		if (n > left || (n > 1 && (s[1] < forms[i].low || s[1] > forms[i].high))
		    || (n > 2 && (s[2] & 0xC0) != 0x80)
		    || (n > 3 && (s[3] & 0xC0) != 0x80))
			return 0;
		return n;
	}
	return 0;
}

bool
unicode_count(struct rk_text text, uint64_t *count)
{
	size_t at = ascii_prefix(text);
	uint64_t n = at;
	for (size_t step; at < text.len; at += step, n++) {
		step = sequence((const unsigned char *)text.ptr + at, text.len - at);
		if (step == 0)
			return false;
	}
	*count = n;
	return true;
}

typedef utf8proc_int32_t map_character(utf8proc_int32_t c);

/* A character may grow in bytes (U+023A to U+2C65), never past four. */
static struct rk_text
map_all(struct rk_text text, map_character *map, struct arena *arena)
{
	utf8proc_uint8_t *out = arena_alloc(arena, text.len * 2 + 4), *at = out;
	const utf8proc_uint8_t *in = (const utf8proc_uint8_t *)text.ptr,
			       *end = in + text.len;
	while (in < end) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n = utf8proc_iterate(in, end - in, &c);
		if (n <= 0) {
			*at++ = *in++;
			continue;
		}
		at += utf8proc_encode_char(map(c), at);
		in += n;
	}
	return (struct rk_text){ (const char *)out, (uint64_t)(at - out) };
}

/* 'first' to 'first' + 25 change by the bit that tells case in ASCII. */
static struct rk_text
map_ascii(struct rk_text text, char first, struct arena *arena)
{
	size_t i = 0;
	while (i < text.len && (unsigned char)(text.ptr[i] - first) > 25)
		i++;
	if (i == text.len)
		return text;
	char *out = arena_alloc(arena, text.len);
	for (size_t k = 0; k < text.len; k++) {
		char c = text.ptr[k];
		out[k] = (unsigned char)(c - first) <= 25 ? (char)(c ^ 0x20) : c;
	}
	return (struct rk_text){ out, text.len };
}

struct rk_text
unicode_lower(struct rk_text text, struct arena *arena)
{
	return ascii_prefix(text) == text.len ? map_ascii(text, 'A', arena)
	                                      : map_all(text, utf8proc_tolower, arena);
}

/* utf8proc makes a capital of U+00DF that hardly anybody can type or find;
 * Unicode's simple mapping leaves it alone. */
static utf8proc_int32_t
to_upper(utf8proc_int32_t c)
{
	return c == 0xDF ? c : utf8proc_toupper(c);
}

struct rk_text
unicode_upper(struct rk_text text, struct arena *arena)
{
	return ascii_prefix(text) == text.len ? map_ascii(text, 'a', arena)
	                                      : map_all(text, to_upper, arena);
}

static bool
normalise(struct rk_text *text, unsigned options, struct arena *arena)
{
	if (ascii_prefix(*text) == text->len)
		return true;
	utf8proc_uint8_t *out = NULL;
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

bool
unicode_nfc(struct rk_text *text, struct arena *arena)
{
	return normalise(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE, arena);
}

bool
unicode_nfkc(struct rk_text *text, struct arena *arena)
{
	return normalise(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT,
	                 arena);
}
