/* SPDX-License-Identifier: Apache-2.0
 *
 * japanese_era.c - dates in the Japanese calendar.  An era ends with the day on which
 * the next one begins (Meiji, Taisho) or with the day before (Showa, Heisei).
 *
 * Sources: the edicts of 1912-07-30 and 1926-12-25, both in force on their own day;
 * Cabinet orders 1/1989 (Heisei from 1989-01-08) and 143/2019 (Reiwa from 2019-05-01).
 * Before 1873-01-01 the calendar was of the moon (edict 337 of Meiji 5): days before
 * that are not understood. */
#include <stddef.h>
#include <string.h>

#include <renkei/times.h>

#include "base/text.h"
#include "mapping/cut.h"
#include "mapping/japanese.h"

static const struct era {
	const char *name, *square, *letter;
	const char *first, *last;          /* NULL: it goes on. */
	int before;                        /* The year before its first. */
} eras[] = {
	{ "令和", "㋿", "R", "2019-05-01", NULL, 2018 },
	{ "平成", "㍻", "H", "1989-01-08", "2019-04-30", 1988 },
	{ "昭和", "㍼", "S", "1926-12-25", "1989-01-07", 1925 },
	{ "大正", "㍽", "T", "1912-07-30", "1926-12-25", 1911 },
	{ "明治", "㍾", "M", "1873-01-01", "1912-07-30", 1867 },
};
#define ERA_COUNT (sizeof eras / sizeof *eras)

static const struct era *
cut_era(struct rk_text *text)
{
	for (size_t i = 0; i < ERA_COUNT; i++) {
		char small[] = { (char)(*eras[i].letter | 0x20), '\0' };
		if (japanese_cut_front(text, eras[i].name)
		    || japanese_cut_front(text, eras[i].square)
		    || japanese_cut_front(text, eras[i].letter)
		    || japanese_cut_front(text, small))
			return &eras[i];
	}
	return NULL;
}

static int
cut_kanji_digit(struct rk_text *text)
{
	static const char *const digits[] = { "一", "二", "三", "四", "五", "六", "七", "八",
		                              "九" };
	for (int i = 0; i < 9; i++)
		if (japanese_cut_front(text, digits[i]))
			return i + 1;
	return 0;
}

/* "31", "三十一"; 0: there is none. */
static int
cut_number(struct rk_text *text)
{
	int n = 0, digits = 0;
	cut_blanks(text);
	for (; text->len > 0 && cut_is_digit(*text->ptr) && digits < 4; digits++) {
		n = n * 10 + *text->ptr - '0';
		cut(text, 1);
	}
	if (digits > 0)
		return n;
	n = cut_kanji_digit(text);
	if (japanese_cut_front(text, "十"))
		n = (n > 0 ? n : 1) * 10 + cut_kanji_digit(text);
	return n;
}

struct parts {
	int year, month, day;
};

/* "5年3月1日", "5.3.1", "5/3/1", "5-3-1". */
static bool
cut_parts(struct rk_text *text, bool of_era, struct parts *p)
{
	static const char *const ends[][3] = {
		{ "年", "月", "日" }, { ".", ".", "" }, { "/", "/", "" }, { "-", "-", "" },
	};
	size_t i = 0;
	p->year = of_era && japanese_cut_front(text, "元") ? 1 : cut_number(text);
	cut_blanks(text);
	while (i < 4 && !japanese_cut_front(text, ends[i][0]))
		i++;
	if (i == 4)
		return false;
	p->month = cut_number(text);
	cut_blanks(text);
	if (!japanese_cut_front(text, ends[i][1]))
		return false;
	p->day = cut_number(text);
	cut_blanks(text);
	return japanese_cut_front(text, ends[i][2]) && text->len == 0 && p->year > 0;
}

/* The date as ISO 8601, in 'iso'; false: it is none, or lies outside its era. */
static bool
read_date(struct rk_text text, char iso[11], struct arena *arena)
{
	struct parts p;
	int64_t day;
	const struct era *era = cut_era(&text);
	cut_blanks(&text);
	if (!cut_parts(&text, era != NULL, &p) || p.month > 12 || p.day > 31)
		return false;
	if (era == NULL ? p.year < 1000 : p.year > 999)
		return false;
	struct rk_text printed = arena_printf(arena, "%04d-%02d-%02d",
	                                      era == NULL ? p.year : p.year + era->before,
	                                      p.month, p.day);
	if (!rk_date_parse(printed, &day))
		return false;
	memcpy(iso, printed.ptr, 11);
	return era == NULL || (strcmp(iso, era->first) >= 0
	                       && (era->last == NULL || strcmp(iso, era->last) <= 0));
}

static const struct era *
era_of(const char *iso)
{
	for (size_t i = 0; i < ERA_COUNT; i++)
		if (strcmp(iso, eras[i].first) >= 0)
			return &eras[i];
	return NULL;
}

enum japanese
japanese_era(struct rk_text text, unsigned word, struct arena *arena, struct rk_text *out)
{
	enum { KANJI, LETTER, ISO };
	char iso[11];
	if (!read_date(japanese_plain(text, arena), iso, arena))
		return JAPANESE_UNKNOWN;
	if (word == ISO) {
		*out = arena_printf(arena, "%s", iso);
		return JAPANESE_DONE;
	}
	const struct era *era = era_of(iso);
	if (era == NULL)
		return JAPANESE_UNKNOWN;
	int year = (iso[0] - '0') * 1000 + (iso[1] - '0') * 100 + (iso[2] - '0') * 10
	           + (iso[3] - '0') - era->before;
	int month = (iso[5] - '0') * 10 + iso[6] - '0', day = (iso[8] - '0') * 10 + iso[9] - '0';
	if (word == LETTER)
		*out = arena_printf(arena, "%s%d.%d.%d", era->letter, year, month, day);
	else if (year == 1)
		*out = arena_printf(arena, "%s元年%d月%d日", era->name, month, day);
	else
		*out = arena_printf(arena, "%s%d年%d月%d日", era->name, year, month, day);
	return JAPANESE_DONE;
}
