/* SPDX-License-Identifier: Apache-2.0
 *
 * japanese_company.c - the legal form in a company's name: in full, in brackets or
 * as one square character, before the name or after it.
 *
 * Sources: Companies Act, art. 6 (the form is part of the name); the brackets are
 * those of business use; U+3231 to U+323F and U+337F are Unicode's. */
#include <stddef.h>

#include "base/text.h"
#include "mapping/japanese.h"

struct form {
	const char *full, *shortened, *square;
};

/* A form that another one ends or begins with stands after it. */
static const struct form forms[] = {
	{ "株式会社", "株", "㈱" },
	{ "有限会社", "有", "㈲" },
	{ "合同会社", "同", NULL },
	{ "合資会社", "資", "㈾" },
	{ "合名会社", "名", "㈴" },
	{ "相互会社", "相", NULL },
	{ "一般社団法人", "一社", NULL },
	{ "一般財団法人", "一財", NULL },
	{ "公益社団法人", "公社", NULL },
	{ "公益財団法人", "公財", NULL },
	{ "医療法人社団", "医社", NULL },
	{ "医療法人財団", "医財", NULL },
	{ "社団法人", "社", "㈳" },
	{ "財団法人", "財", "㈶" },
	{ "医療法人", "医", NULL },
	{ "学校法人", "学", "㈻" },
	{ "宗教法人", "宗", NULL },
	{ "社会福祉法人", "福", NULL },
	{ "特定非営利活動法人", "特非", NULL },
	{ "地方独立行政法人", "地独", NULL },
	{ "独立行政法人", "独", NULL },
	{ "国立大学法人", "国大", NULL },
	{ "公立大学法人", "公大", NULL },
	{ "農事組合法人", "農", NULL },
	{ "弁護士法人", "弁", NULL },
	{ "税理士法人", "税", NULL },
	{ "司法書士法人", "司", NULL },
	{ "行政書士法人", "行", NULL },
	{ "社会保険労務士法人", "労", NULL },
	{ "監査法人", "監", "㈼" },
	{ "有限責任事業組合", "責", NULL },
	{ "協同組合", "協", "㈿" },
};
#define FORM_COUNT (sizeof forms / sizeof *forms)

typedef bool cutter(struct rk_text *text, const char *what);

/* "(株)", each bracket of either width. */
static bool
cut_brackets(struct rk_text *text, const char *shortened, bool front)
{
	cutter *cut = front ? japanese_cut_front : japanese_cut_end;
	const char *first[] = { front ? "(" : ")", front ? "（" : "）" };
	const char *last[] = { front ? ")" : "(", front ? "）" : "（" };
	struct rk_text rest = *text;
	if (!cut(&rest, first[0]) && !cut(&rest, first[1]))
		return false;
	if (!cut(&rest, shortened))
		return false;
	if (!cut(&rest, last[0]) && !cut(&rest, last[1]))
		return false;
	*text = rest;
	return true;
}

static bool
cut_this(struct rk_text *text, const struct form *form, bool front)
{
	cutter *cut = front ? japanese_cut_front : japanese_cut_end;
	return cut(text, form->full) || cut_brackets(text, form->shortened, front)
	       || (form->square != NULL && cut(text, form->square))
	       || (form == forms && cut(text, "㍿"));
}

static const struct form *
cut_form(struct rk_text *text, bool front)
{
	for (size_t i = 0; i < FORM_COUNT; i++)
		if (cut_this(text, &forms[i], front)) {
			*text = text_trim(*text);
			return &forms[i];
		}
	return NULL;
}

static struct rk_text
print(const struct form *form, bool front, bool full, struct rk_text name,
      struct arena *arena)
{
	const char *left = full ? "" : "(", *right = full ? "" : ")";
	const char *word = full ? form->full : form->shortened;
	int len = (int)name.len;
	return front ? arena_printf(arena, "%s%s%s%.*s", left, word, right, len, name.ptr)
	             : arena_printf(arena, "%.*s%s%s%s", len, name.ptr, left, word, right);
}

enum japanese
japanese_company(struct rk_text text, unsigned word, struct arena *arena,
                 struct rk_text *out)
{
	enum { LONG, SHORT, STRIP, FORM };
	struct rk_text name = text_trim(text);
	bool front = true;
	const struct form *form = cut_form(&name, true);
	if (form == NULL) {
		front = false;
		form = cut_form(&name, false);
	}
	if (form == NULL)
		return word == FORM ? JAPANESE_NO_PART : JAPANESE_UNKNOWN;
	if (word == FORM) {
		*out = text_of(form->full);
		return JAPANESE_DONE;
	}
	/* A form alone is no name, and neither is one form after another. */
	struct rk_text rest = name;
	if (name.len == 0 || cut_form(&rest, true) != NULL
	    || cut_form(&rest, false) != NULL)
		return JAPANESE_UNKNOWN;
	*out = word == STRIP ? name : print(form, front, word == LONG, name, arena);
	return JAPANESE_DONE;
}
