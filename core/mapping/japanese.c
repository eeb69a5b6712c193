/* SPDX-License-Identifier: Apache-2.0
 *
 * japanese.c - the table of the Japanese transforms and their words, and what their
 * readers share. */
#include "mapping/japanese.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "base/text.h"

static const struct japanese_kind kinds[] = {
	{ "width", japanese_width, { "usual", "wide", "narrow" } },
	{ "kana", japanese_kana, { "hiragana", "katakana" } },
	{ "company", japanese_company, { "long", "short", "strip", "form" } },
	{ "postal", japanese_postal, { "usual" } },
	{ "phone", japanese_phone, { "domestic", "e164" } },
	{ "prefecture", japanese_prefecture, { "name", "short", "english", "code", "rest" } },
	{ "era", japanese_era, { "kanji", "letter", "iso" } },
	{ "name", japanese_name, { "full", "family", "given" } },
};

const struct japanese_kind *
japanese_find(const char *name)
{
	size_t i = 0;
	while (strcmp(kinds[i].name, name) != 0) {
		i++;
		assert(i < sizeof kinds / sizeof *kinds);
	}
	return &kinds[i];
}

bool
japanese_cut_front(struct rk_text *text, const char *prefix)
{
	struct rk_text want = text_of(prefix);
	if (text->len < want.len
	    || !text_eq((struct rk_text){ text->ptr, want.len }, want))
		return false;
	text->ptr += want.len;
	text->len -= want.len;
	return true;
}

bool
japanese_cut_end(struct rk_text *text, const char *suffix)
{
	struct rk_text want = text_of(suffix);
	if (text->len < want.len
	    || !text_eq((struct rk_text){ text->ptr + text->len - want.len, want.len },
	                want))
		return false;
	text->len -= want.len;
	return true;
}

bool
japanese_cut_dash(struct rk_text *text)
{
	/* U+2010 to U+2015, minus, long mark, box line; those of U+FF00 are plain by now. */
	static const char *const dashes[] = {
		"-", "‐", "‑", "‒", "–", "—", "―", "−", "ー", "─", "━",
	};
	for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++)
		if (japanese_cut_front(text, dashes[i]))
			return true;
	return false;
}
