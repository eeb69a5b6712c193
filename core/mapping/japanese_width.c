/* SPDX-License-Identifier: Apache-2.0
 *
 * japanese_width.c - wide and narrow characters, hiragana and katakana.
 *
 * Unlike NFKC this changes widths and nothing else: a circled digit, a unit, the
 * square (ltd.) and a kanji of the compatibility block stay what they are.
 * Source: Unicode, chart UFF00, "Halfwidth and Fullwidth Forms". */
#include <stddef.h>

#include <utf8proc.h>

#include "base/text.h"
#include "mapping/japanese.h"

#define NO_CHARACTER 0x110000          /* And the byte that is no UTF-8. */
#define VOICED 0x3099
#define HALF_VOICED 0x309A

/* U+FF61 to U+FF9F. */
static const uint16_t wide_kana[] = {
	0x3002, 0x300C, 0x300D, 0x3001, 0x30FB, 0x30F2, 0x30A1, 0x30A3, 0x30A5, 0x30A7,
	0x30A9, 0x30E3, 0x30E5, 0x30E7, 0x30C3, 0x30FC, 0x30A2, 0x30A4, 0x30A6, 0x30A8,
	0x30AA, 0x30AB, 0x30AD, 0x30AF, 0x30B1, 0x30B3, 0x30B5, 0x30B7, 0x30B9, 0x30BB,
	0x30BD, 0x30BF, 0x30C1, 0x30C4, 0x30C6, 0x30C8, 0x30CA, 0x30CB, 0x30CC, 0x30CD,
	0x30CE, 0x30CF, 0x30D2, 0x30D5, 0x30D8, 0x30DB, 0x30DE, 0x30DF, 0x30E0, 0x30E1,
	0x30E2, 0x30E4, 0x30E6, 0x30E8, 0x30E9, 0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF,
	0x30F3, 0x309B, 0x309C,
};
#define KANA_COUNT (sizeof wide_kana / sizeof *wide_kana)

static const struct {
	int32_t wide, narrow;
} signs[] = {
	{ 0x3000, ' ' },    { 0xFFE0, 0xA2 }, { 0xFFE1, 0xA3 },   { 0xFFE2, 0xAC },
	{ 0xFFE3, 0xAF },   { 0xFFE4, 0xA6 }, { 0xFFE5, 0xA5 },   { 0xFFE6, 0x20A9 },
};
#define SIGN_COUNT (sizeof signs / sizeof *signs)

/* What one way makes of each character. */
struct way {
	bool narrow_signs, wide_signs, wide_kana, narrow_kana;
	int kana;                          /* -1 to hiragana, 1 to katakana */
};

struct writer {
	utf8proc_uint8_t *at;
};

static int32_t
take(struct rk_text *text)
{
	utf8proc_int32_t c;
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text->ptr;
	utf8proc_ssize_t n = utf8proc_iterate(at, (utf8proc_ssize_t)text->len, &c);
	if (n <= 0) {
		c = NO_CHARACTER + *at;
		n = 1;
	}
	text->ptr += n;
	text->len -= (uint64_t)n;
	return c;
}

static void
put(struct writer *w, int32_t c)
{
	if (c >= NO_CHARACTER)
		*w->at++ = (utf8proc_uint8_t)(c - NO_CHARACTER);
	else
		w->at += utf8proc_encode_char(c, w->at);
}

static bool
is_half_kana(int32_t c)
{
	return c >= 0xFF61 && c <= 0xFF9F;
}

static int32_t
narrow_sign(int32_t c)
{
	if (c >= 0xFF01 && c <= 0xFF5E)
		return c - 0xFF01 + '!';
	for (size_t i = 0; i < SIGN_COUNT; i++)
		if (signs[i].wide == c)
			return signs[i].narrow;
	return c;
}

static int32_t
wide_sign(int32_t c)
{
	if (c >= '!' && c <= '~')
		return c - '!' + 0xFF01;
	for (size_t i = 0; i < SIGN_COUNT; i++)
		if (signs[i].narrow == c)
			return signs[i].wide;
	return c;
}

/* The katakana 'c' with a mark, as one character; 0: there is none. */
static int32_t
voiced_katakana(int32_t c, int32_t mark)
{
	bool row_ha = c >= 0x30CF && c <= 0x30DB && (c - 0x30CF) % 3 == 0;
	if (mark == HALF_VOICED)
		return row_ha ? c + 2 : 0;
	if (c == 0x30A6)
		return 0x30F4;
	if (c >= 0x30EF && c <= 0x30F2)
		return c + 8;
	bool row_ka_to_chi = c >= 0x30AB && c <= 0x30C1 && c % 2 == 1;
	bool row_tsu_to_to = c == 0x30C4 || c == 0x30C6 || c == 0x30C8;
	return row_ha || row_ka_to_chi || row_tsu_to_to || c == 0x30FD ? c + 1 : 0;
}

/* The same of hiragana, which has no voiced wa, wi, we, wo. */
static int32_t
voiced(int32_t c, int32_t mark)
{
	if (c < 0x3041 || c > 0x309D)
		return voiced_katakana(c, mark);
	int32_t to = voiced_katakana(c + 0x60, mark);
	return to == 0 || (to >= 0x30F7 && to <= 0x30FA) ? 0 : to - 0x60;
}

static int32_t
mark_of(int32_t c)
{
	return c == 0xFF9E ? VOICED : c == 0xFF9F ? HALF_VOICED
	       : c == VOICED || c == HALF_VOICED ? c : 0;
}

/* Takes the mark that follows and belongs to 'c'. */
static int32_t
compose(int32_t c, struct rk_text *text)
{
	struct rk_text rest = *text;
	if (rest.len == 0 || (*rest.ptr & 0x80) == 0)
		return c;
	int32_t mark = mark_of(take(&rest));
	int32_t one = mark == 0 ? 0 : voiced(c, mark);
	if (one == 0)
		return c;
	*text = rest;
	return one;
}

static int32_t
half_kana(int32_t c)
{
	for (size_t i = 0; i < KANA_COUNT; i++)
		if (wide_kana[i] == c)
			return 0xFF61 + (int32_t)i;
	return 0;
}

static void
put_half_kana(struct writer *w, int32_t c)
{
	static const int32_t marks[] = { VOICED, HALF_VOICED };
	int32_t half = half_kana(c);
	if (half != 0 || c < 0x3099 || c > 0x30FF) {
		put(w, half != 0 ? half : c);
		return;
	}
	for (int32_t i = 0; i < 2; i++) {
		if (c == marks[i]) {
			put(w, 0xFF9E + i);
			return;
		}
		for (int32_t base = 0x30A6; base <= 0x30F2; base++)
			if (voiced_katakana(base, marks[i]) == c
			    && (half = half_kana(base)) != 0) {
				put(w, half);
				put(w, 0xFF9E + i);
				return;
			}
	}
	put(w, c);
}

static int32_t
other_kana(int32_t c, int to)
{
	if (to < 0 && ((c >= 0x30A1 && c <= 0x30F6) || c == 0x30FD || c == 0x30FE))
		return c - 0x60;
	if (to > 0 && ((c >= 0x3041 && c <= 0x3096) || c == 0x309D || c == 0x309E))
		return c + 0x60;
	return c;
}

static void
change(struct writer *w, const struct way *way, struct rk_text *text)
{
	int32_t c = take(text);
	if (way->narrow_signs)
		c = narrow_sign(c);
	if (way->wide_signs)
		c = wide_sign(c);
	if (way->wide_kana) {
		if (is_half_kana(c))
			c = wide_kana[c - 0xFF61];
		c = compose(c, text);
	}
	c = other_kana(c, way->kana);
	if (way->narrow_kana)
		put_half_kana(w, c);
	else
		put(w, c);
}

static struct rk_text
each(struct rk_text text, const struct way *way, struct arena *arena)
{
	/* A byte becomes three (ASCII to wide), three become six (ga to ka and mark). */
	char *out = arena_alloc(arena, text.len * 3 + 4);
	struct writer w = { (utf8proc_uint8_t *)out };
	while (text.len > 0)
		change(&w, way, &text);
	return (struct rk_text){ out, (uint64_t)((char *)w.at - out) };
}

static const struct way usual = { .narrow_signs = true, .wide_kana = true };

enum japanese
japanese_width(struct rk_text text, unsigned word, struct arena *arena,
               struct rk_text *out)
{
	static const struct way wide = { .wide_signs = true, .wide_kana = true };
	static const struct way narrow = { .narrow_signs = true, .narrow_kana = true };
	static const struct way *const ways[] = { &usual, &wide, &narrow };
	*out = each(text, ways[word], arena);
	return JAPANESE_DONE;
}

enum japanese
japanese_kana(struct rk_text text, unsigned word, struct arena *arena,
              struct rk_text *out)
{
	struct way way = { .wide_kana = true, .kana = word == 0 ? -1 : 1 };
	*out = each(text, &way, arena);
	return JAPANESE_DONE;
}

struct rk_text
japanese_plain(struct rk_text text, struct arena *arena)
{
	return text_trim(each(text_trim(text), &usual, arena));
}
