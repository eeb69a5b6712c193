/* SPDX-License-Identifier: Apache-2.0
 *
 * japanese_place.c - postal codes, and the prefecture at the front of an address. */
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "mapping/cut.h"
#include "mapping/japanese.h"

#define POSTAL_DIGITS 7

/* Seven digits; between the third and the fourth a dash or a blank may stand, and
 * before them the mark. */
enum japanese
japanese_postal(struct rk_text text, unsigned word, struct arena *arena,
                struct rk_text *out)
{
	(void)word;
	char digits[POSTAL_DIGITS];
	struct rk_text rest = japanese_plain(text, arena);
	(void)(japanese_cut_front(&rest, "〒") || japanese_cut_front(&rest, "〶"));
	cut_blanks(&rest);
	for (size_t i = 0; i < POSTAL_DIGITS; i++) {
		if (i == 3) {
			cut_blanks(&rest);
			(void)japanese_cut_dash(&rest);
			cut_blanks(&rest);
		}
		if (rest.len == 0 || !cut_is_digit(*rest.ptr))
			return JAPANESE_UNKNOWN;
		digits[i] = *rest.ptr;
		cut(&rest, 1);
	}
	if (rest.len > 0)
		return JAPANESE_UNKNOWN;
	*out = arena_printf(arena, "%.3s-%.4s", digits, digits + 3);
	return JAPANESE_DONE;
}

/* In the order of their codes, 01 to 47.  Source: JIS X 0401; the Latin names are
 * those of the Geospatial Information Authority, without their marks. */
static const struct prefecture {
	const char *name, *suffix, *english;
} prefectures[] = {
	{ "北海道", "", "Hokkaido" },    { "青森", "県", "Aomori" },
	{ "岩手", "県", "Iwate" },       { "宮城", "県", "Miyagi" },
	{ "秋田", "県", "Akita" },       { "山形", "県", "Yamagata" },
	{ "福島", "県", "Fukushima" },   { "茨城", "県", "Ibaraki" },
	{ "栃木", "県", "Tochigi" },     { "群馬", "県", "Gunma" },
	{ "埼玉", "県", "Saitama" },     { "千葉", "県", "Chiba" },
	{ "東京", "都", "Tokyo" },       { "神奈川", "県", "Kanagawa" },
	{ "新潟", "県", "Niigata" },     { "富山", "県", "Toyama" },
	{ "石川", "県", "Ishikawa" },    { "福井", "県", "Fukui" },
	{ "山梨", "県", "Yamanashi" },   { "長野", "県", "Nagano" },
	{ "岐阜", "県", "Gifu" },        { "静岡", "県", "Shizuoka" },
	{ "愛知", "県", "Aichi" },       { "三重", "県", "Mie" },
	{ "滋賀", "県", "Shiga" },       { "京都", "府", "Kyoto" },
	{ "大阪", "府", "Osaka" },       { "兵庫", "県", "Hyogo" },
	{ "奈良", "県", "Nara" },        { "和歌山", "県", "Wakayama" },
	{ "鳥取", "県", "Tottori" },     { "島根", "県", "Shimane" },
	{ "岡山", "県", "Okayama" },     { "広島", "県", "Hiroshima" },
	{ "山口", "県", "Yamaguchi" },   { "徳島", "県", "Tokushima" },
	{ "香川", "県", "Kagawa" },      { "愛媛", "県", "Ehime" },
	{ "高知", "県", "Kochi" },       { "福岡", "県", "Fukuoka" },
	{ "佐賀", "県", "Saga" },        { "長崎", "県", "Nagasaki" },
	{ "熊本", "県", "Kumamoto" },    { "大分", "県", "Oita" },
	{ "宮崎", "県", "Miyazaki" },    { "鹿児島", "県", "Kagoshima" },
	{ "沖縄", "県", "Okinawa" },
};
#define PREFECTURE_COUNT (sizeof prefectures / sizeof *prefectures)

/* "13", "1", "JP-13". */
static const struct prefecture *
by_code(struct rk_text text)
{
	int64_t code;
	if (text.len == 5 && strncasecmp(text.ptr, "JP-", 3) == 0)
		cut(&text, 3);
	if (text.len > 2 || !text_int64(text, &code) || code < 1
	    || code > (int64_t)PREFECTURE_COUNT)
		return NULL;
	return &prefectures[code - 1];
}

/* A Latin name without its marks: a macron or a circumflex is not written. */
static struct rk_text
without_marks(struct rk_text text, struct arena *arena)
{
	static const struct {
		const char *marked;
		char plain;
	} letters[] = { { "ō", 'o' }, { "Ō", 'O' }, { "ô", 'o' }, { "ū", 'u' }, { "û", 'u' } };
	static const size_t count = sizeof letters / sizeof *letters;
	char *out = arena_alloc(arena, text.len + 1);
	size_t len = 0;
	while (text.len > 0) {
		size_t i = 0;
		while (i < count && !japanese_cut_front(&text, letters[i].marked))
			i++;
		if (i < count) {
			out[len++] = letters[i].plain;
		} else {
			out[len++] = *text.ptr;
			cut(&text, 1);
		}
	}
	return (struct rk_text){ out, len };
}

/* "Tokyo", "tokyo-to", "Osaka Prefecture". */
static const struct prefecture *
by_english(struct rk_text text, struct arena *arena)
{
	static const char *const tails[] = { "", "-to", "-do", "-fu", "-ken", " prefecture",
		                             " pref.", " metropolis" };
	struct rk_text plain = without_marks(text, arena);
	for (size_t i = 0; i < PREFECTURE_COUNT; i++) {
		size_t len = strlen(prefectures[i].english);
		if (plain.len < len
		    || strncasecmp(plain.ptr, prefectures[i].english, len) != 0)
			continue;
		for (size_t k = 0; k < sizeof tails / sizeof *tails; k++)
			if (plain.len - len == strlen(tails[k])
			    && strncasecmp(plain.ptr + len, tails[k], plain.len - len) == 0)
				return &prefectures[i];
	}
	return NULL;
}

/* At the front of an address; a name without its ending only where it stands alone,
 * as many a town is called like a prefecture. */
static const struct prefecture *
cut_prefecture(struct rk_text *text)
{
	for (size_t i = 0; i < PREFECTURE_COUNT; i++) {
		struct rk_text rest = *text;
		if (!japanese_cut_front(&rest, prefectures[i].name))
			continue;
		if (japanese_cut_front(&rest, prefectures[i].suffix) || rest.len == 0
		    || text_trim(rest).ptr != rest.ptr) {
			*text = text_trim(rest);
			return &prefectures[i];
		}
	}
	return NULL;
}

static const struct prefecture *
find(struct rk_text *text, struct arena *arena)
{
	const struct prefecture *p = cut_prefecture(text);
	if (p != NULL)
		return p;
	struct rk_text plain = japanese_plain(*text, arena);
	p = by_code(plain);
	if (p == NULL)
		p = by_english(plain, arena);
	if (p != NULL)
		text->len = 0;
	return p;
}

enum japanese
japanese_prefecture(struct rk_text text, unsigned word, struct arena *arena,
                    struct rk_text *out)
{
	enum { NAME, SHORT, ENGLISH, CODE, REST };
	struct rk_text rest = text_trim(text);
	const struct prefecture *p = find(&rest, arena);
	if (p == NULL)
		return word == REST ? JAPANESE_UNKNOWN : JAPANESE_NO_PART;
	switch (word) {
	case NAME: *out = arena_printf(arena, "%s%s", p->name, p->suffix); break;
	case SHORT: *out = text_of(p->name); break;
	case ENGLISH: *out = text_of(p->english); break;
	case CODE: *out = arena_printf(arena, "%02d", (int)(p - prefectures) + 1); break;
	default: *out = rest; break;
	}
	return out->len > 0 ? JAPANESE_DONE : JAPANESE_NO_PART;
}
