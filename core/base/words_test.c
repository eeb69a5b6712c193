/* SPDX-License-Identifier: Apache-2.0
 *
 * words_test.c - the two tables of texts for people, words and advice, are whole in
 * both languages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <renkei/connector.h>

#include "base/advice.h"
#include "base/text.h"
#include "base/words.h"

static size_t
times(const char *text, char number)
{
	size_t n = 0;
	for (const char *at = text; (at = strchr(at, '{')) != NULL; at++)
		n += at[1] == number && at[2] == '}';
	return n;
}

static void
every_word_stands_in_both_languages_with_the_same_gaps(void **state)
{
	(void)state;
	for (int i = 0; i < WORD_COUNT; i++) {
		const char *en = word(LANG_EN, (enum word)i);
		const char *ja = word(LANG_JA, (enum word)i);
		assert_true(en[0] != '\0' && ja[0] != '\0');
		assert_true(text_utf8_valid(text_of(ja)));
		for (char number = '1'; number <= '9'; number++)
			assert_int_equal(times(en, number) > 0, times(ja, number) > 0);
		for (const char *at = en; *at != '\0'; at++)
			assert_true((unsigned char)*at < 0x80);
	}
}

static void
gaps_are_filled_in_any_order_and_nothing_else_is_touched(void **state)
{
	(void)state;
	const char *texts[] = { "a{2}", "b" };
	BUF_AUTO out = BUF_INIT(4096);
	words_fill(&out, LANG_EN, W_NO_SYNC_NEAR, texts, 2);
	assert_string_equal(buf_str(&out),
	                    "there is no sync \"a{2}\" in the configuration; "
	                    "did you mean \"b\"?");
	buf_reset(&out);
	words_fill(&out, LANG_EN, W_NO_SYNC_NEAR, texts, 1);
	assert_non_null(strstr(buf_str(&out), "did you mean \"{2}\"?"));
}

static void
what_is_counted_is_told_as_one_or_many(void **state)
{
	(void)state;
	static const struct { const char *number, *want; } cases[] = {
		{ "0", "0 records cannot be written" },
		{ "1", "1 record cannot be written" },
		{ "2", "2 records cannot be written" },
		{ "1,001", "1,001 records cannot be written" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		BUF_AUTO out = BUF_INIT(4096);
		words_fill(&out, LANG_EN, W_NOTE_RECORDS, &cases[i].number, 1);
		assert_string_equal(buf_str(&out), cases[i].want);
	}
}

/* One that lacks a sign of "{1?one|many}" would swallow the rest of the text. */
static void
what_is_counted_is_whole_in_every_text(void **state)
{
	(void)state;
	for (int i = 0; i < WORD_COUNT; i++)
		for (const char *at = word(LANG_EN, (enum word)i);
		     (at = strchr(at, '{')) != NULL; at++) {
			size_t one = strcspn(at, "|}");
			if (at[1] < '1' || at[1] > '9' || at[2] != '?')
				continue;
			assert_int_equal(at[one], '|');
			assert_int_equal(at[one + 1 + strcspn(at + one + 1, "|}{")], '}');
		}
}

static void
the_locale_decides_the_language(void **state)
{
	(void)state;
	static const struct { const char *locale; enum words_lang want;
	} cases[] = {
		{ NULL, LANG_EN },       { "", LANG_EN },
		{ "C", LANG_EN },        { "en_US.UTF-8", LANG_EN },
		{ "ja", LANG_JA },       { "ja_JP.UTF-8", LANG_JA },
		{ "ja.eucJP", LANG_JA }, { "jam_JM", LANG_EN },
		{ "j", LANG_EN },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(words_lang_of(cases[i].locale), cases[i].want);
}

static void
every_category_has_a_title_and_a_remedy(void **state)
{
	(void)state;
	for (int32_t c = 1; c < RK_CAT_COUNT; c++) {
		struct advice en = advice_for(c, 0, NULL, LANG_EN),
			      ja = advice_for(c, 0, NULL, LANG_JA);
		assert_true(en.title[0] != '\0' && ja.title[0] != '\0');
		assert_true(en.remedies[0] != '\0' && ja.remedies[0] != '\0');
		assert_string_not_equal(en.remedies, ja.remedies);
		assert_string_not_equal(en.causes, ja.causes);
	}
	assert_string_equal(advice_for(99, 0, NULL, LANG_EN).title, "Other");
}

static void
special_cases_have_words_of_their_own_in_both_languages(void **state)
{
	(void)state;
	static const struct { int32_t category; const char *code; } cases[] = {
		{ RK_CAT_PERMISSION, RK_CODE_IP_RULE },
		{ RK_CAT_PERMISSION, RK_CODE_NOT_ENTITLED },
		{ RK_CAT_ASSOCIATION, RK_CODE_PARENT_MISSING },
		{ RK_CAT_ASSOCIATION, RK_CODE_ASSOCIATION_LIMIT },
		{ RK_CAT_PICKLIST, RK_CODE_OPTION_UNKNOWN },
		{ RK_CAT_PICKLIST, RK_CODE_OPTIONS_FULL },
		{ RK_CAT_PICKLIST, RK_CODE_OPTION_INVALID },
		{ RK_CAT_PROPERTY_MAPPING, RK_CODE_TYPES_DIFFER },
		{ RK_CAT_PROPERTY_MAPPING, RK_CODE_FIELD_GONE },
		{ RK_CAT_PROPERTY_MAPPING, RK_CODE_REFERENCE_UNMAPPED },
		{ RK_CAT_OTHER, RK_CODE_UNDECIDED },
		{ RK_CAT_OTHER, RK_CODE_NEVER_TAKEN },
		{ RK_CAT_OTHER, RK_CODE_LOOP },
		{ RK_CAT_OTHER, RK_CODE_NO_OUTCOME },
		{ RK_CAT_OTHER, RK_CODE_RECORD_GONE },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (enum words_lang lang = LANG_EN; lang <= LANG_JA; lang++) {
			struct advice a = advice_for(cases[i].category, 403,
			                             cases[i].code, lang),
			              usual = advice_for(cases[i].category, 0, NULL, lang);
			assert_string_not_equal(a.causes, usual.causes);
			assert_string_not_equal(a.remedies, usual.remedies);
			assert_null(strstr(a.title, "HTTP"));
			assert_true(text_utf8_valid(text_of(a.remedies)));
		}
	assert_string_equal(advice_own(RK_CAT_OTHER, RK_CODE_RECORD_GONE), RK_CODE_RECORD_GONE);
	assert_null(advice_own(RK_CAT_PICKLIST, RK_CODE_RECORD_GONE));
	assert_null(advice_own(RK_CAT_OTHER, "A1"));
	assert_null(advice_own(RK_CAT_OTHER, NULL));
	assert_string_equal(advice_for(RK_CAT_PICKLIST, 0, "A1", LANG_EN).causes,
	                    advice_for(RK_CAT_PICKLIST, 0, NULL, LANG_EN).causes);
}

static void
known_troubles_list_their_causes_and_remedies(void **state)
{
	(void)state;
	static const struct {
		int32_t category;
		int http;
		const char *title, *words[3];
	} cases[] = {
		{ RK_CAT_AUTH, 401, "HTTP 401 Unauthorized",
		  { "mistyped", "disabled", "regenerated" } },
		{ RK_CAT_RATE_LIMIT, 429, "HTTP 429 Too Many Requests",
		  { "short time", "other applications", "kind of key" } },
		{ RK_CAT_QUOTA, 429, "HTTP 429 Too Many Requests",
		  { "used up", "other applications", "kind of key" } },
		{ RK_CAT_UNREACHABLE, 0, "Connection failed",
		  { "mistyped", "https://", "domain" } },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct advice a = advice_for(cases[i].category, cases[i].http,
		                             NULL, LANG_EN);
		assert_string_equal(a.title, cases[i].title);
		assert_true(a.always);
		for (size_t w = 0; w < 3; w++)
			assert_non_null(strstr(a.causes, cases[i].words[w]));
		size_t remedies = 1;
		for (const char *at = a.remedies; *at != '\0'; at++)
			remedies += *at == '\n';
		assert_true(remedies >= 3);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_stands_in_both_languages_with_the_same_gaps),
		cmocka_unit_test(
			gaps_are_filled_in_any_order_and_nothing_else_is_touched),
		cmocka_unit_test(what_is_counted_is_told_as_one_or_many),
		cmocka_unit_test(what_is_counted_is_whole_in_every_text),
		cmocka_unit_test(the_locale_decides_the_language),
		cmocka_unit_test(every_category_has_a_title_and_a_remedy),
		cmocka_unit_test(special_cases_have_words_of_their_own_in_both_languages),
		cmocka_unit_test(known_troubles_list_their_causes_and_remedies),
	};
	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
