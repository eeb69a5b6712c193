/* SPDX-License-Identifier: Apache-2.0
 *
 * out_test.c - what commands tell: columns that stand under each other whatever the
 * script, nothing that moves a terminal's cursor, JSON that every parser takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/text.h"
#include "cli/out.h"
#include "cli/width.h"

static void
width_counts_columns_and_not_characters(void **state)
{
	(void)state;
	static const struct { const char *text; size_t want; } cases[] = {
		{ "", 0 }, { "abc", 3 }, { "氏名", 4 }, { "ｶﾅ", 2 }, { "e\xCC\x81", 1 },
		{ "😀", 2 }, { "a\nb", 4 }, { "\x1b[31m", 5 }, { "\xff", 1 },
		{ "\xE2\x80\xAEx", 2 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(width_of(text_of(cases[i].text)), cases[i].want);
}

static void
shown_text_is_tame_cut_and_filled(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t least, most;
		const char *want;
	} cases[] = {
		{ "ab", 4, 0, "ab  " },          { "氏名", 5, 0, "氏名 " },
		{ "abcdef", 0, 4, "abc…" },      { "氏名住所", 0, 4, "氏…" },
		{ "a\x1b[2Jb", 0, 0, "a?[2Jb" }, { "a\r\n\tb", 0, 0, "a\\r\\n\\tb" },
		{ "x\xff", 0, 0, "x?" },         { "abcd", 0, 4, "abcd" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		BUF_AUTO out = BUF_INIT(4096);
		width_add(&out, text_of(cases[i].text), cases[i].least, cases[i].most);
		struct rk_text shown = text_trim(buf_text(&out));
		struct rk_text want = text_trim(text_of(cases[i].want));
		assert_true(text_eq(shown, want));
		assert_true(width_of(buf_text(&out)) >= cases[i].least);
		assert_true(cases[i].most == 0 || width_of(shown) <= cases[i].most);
	}
}

static void
paragraphs_break_at_blanks_and_between_wide_characters(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t columns;
		const char *want;
	} cases[] = {
		{ "one two three", 7, "one two\nthree" },
		{ "one two", 7, "one two" },
		{ "abcdefghij", 4, "abcd\nefgh\nij" },
		{ "同期する。次", 8, "同期す\nる。次" },
		{ "同期 now 実行", 9, "同期 now\n実行" },
		{ "", 5, "" },
		{ "  one two", 6, "  one\n  two" },
		{ "  name    words of it  go on", 20,
		  "  name    words of\n          it  go on" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		BUF_AUTO out = BUF_INIT(4096);
		width_wrap(&out, text_of(cases[i].text), cases[i].columns);
		assert_string_equal(buf_str(&out), cases[i].want);
	}
}

static const struct column columns[] = {
	{ "name", W_NAME, 6 }, { "count", W_READ, 0 }, { "good", W_KEY, 0 },
	{ "note", W_MESSAGE, 0 },
};

static void
fill(struct table *t, struct arena *arena)
{
	*t = (struct table){ .columns = columns, .column_count = 4, .arena = arena };
	struct cell *row = table_row(t);
	row[0] = cell_str("氏名");
	row[1] = cell_number(7);
	row[2] = cell_bool(true);
	row[3] = cell_str("a \"quoted\"\nline \x01\xff");
	row = table_row(t);
	row[0] = cell_str("a very long name");
	row[1] = cell_number(12345);
	row[2] = cell_bool(false);
}

static void
a_table_stands_in_columns_for_people(void **state)
{
	(void)state;
	struct arena arena = ARENA_INIT;
	struct table t;
	struct out o;
	fill(&t, &arena);
	out_open(&o, false, false, LANG_EN);
	out_table(&o, "rows", &t);
	assert_non_null(strstr(buf_str(&o.text), "a very long name  12345\n"));
	buf_reset(&o.text);
	o.columns = 80;
	out_table(&o, "rows", &t);
	assert_string_equal(buf_str(&o.text),
	                    "name     read  key  message\n"
	                    "氏名        7  yes  a \"quoted\"\\nline ??\n"
	                    "a ver…  12345\n");
	buf_reset(&o.text);
	t.count = 0;
	out_table(&o, "rows", &t);
	assert_string_equal(buf_str(&o.text), "(none)\n");
	buf_reset(&o.text);
	out_close(&o);
	arena_free(&arena);
}

static void
numbers_stand_to_the_right_where_some_are_missing(void **state)
{
	(void)state;
	static const struct column two[] = { { "a", W_READ, 0 }, { "b", W_MESSAGE, 0 } };
	struct arena arena = ARENA_INIT;
	struct table t = { .columns = two, .column_count = 2, .arena = &arena };
	struct out o;
	table_row(&t)[0] = cell_number(12345);
	table_row(&t)[1] = cell_str("cut off");
	table_row(&t)[0] = cell_number(7);
	out_open(&o, false, false, LANG_EN);
	out_table(&o, "rows", &t);
	assert_string_equal(buf_str(&o.text),
	                    " read  message\n"
	                    "12345\n"
	                    "       cut off\n"
	                    "    7\n");
	buf_reset(&o.text);
	out_close(&o);
	arena_free(&arena);
}

static void
a_table_fits_the_terminal_or_stands_as_fields(void **state)
{
	(void)state;
	static const struct column three[] = {
		{ "a", W_UNCHANGED, 0 }, { "b", W_MESSAGE, 0 }, { "c", W_NAME, 0 },
	};
	struct arena arena = ARENA_INIT;
	struct table t = { .columns = three, .column_count = 3, .arena = &arena };
	struct out o;
	struct cell *row = table_row(&t);
	row[0] = cell_number(123456);
	row[1] = cell_str("a long message that tells a lot");
	row[2] = cell_str("short");
	out_open(&o, false, false, LANG_EN);
	o.columns = 32;
	out_table(&o, "rows", &t);
	assert_string_equal(buf_str(&o.text),
	                    "unchanged  message         name\n"
	                    "   123456  a long messag…  short\n");
	buf_reset(&o.text);
	o.columns = 20;
	out_table(&o, "rows", &t);
	assert_string_equal(buf_str(&o.text),
	                    "unchanged         123456\n"
	                    "message           a long message that tells a lot\n"
	                    "name              short\n");
	buf_reset(&o.text);
	out_close(&o);
	arena_free(&arena);
}

static void
the_same_table_is_json_for_programs(void **state)
{
	(void)state;
	struct arena arena = ARENA_INIT;
	struct table t;
	struct out o;
	fill(&t, &arena);
	out_open(&o, true, true, LANG_JA);
	out_title(&o, "not in JSON");
	out_line(&o, "nor this");
	out_table(&o, "rows", &t);
	out_time(&o, "at", W_START, RK_NO_TIME);
	out_time(&o, "epoch", W_START, 0);
	json_close(&o.doc, '}');
	cJSON *root = cJSON_ParseWithOpts(buf_str(&o.text), NULL, 1);
	assert_non_null(root);
	cJSON *rows = cJSON_GetObjectItemCaseSensitive(root, "rows");
	assert_int_equal(cJSON_GetArraySize(rows), 2);
	cJSON *first = cJSON_GetArrayItem(rows, 0), *second = cJSON_GetArrayItem(rows, 1);
	assert_string_equal(cJSON_GetObjectItem(first, "note")->valuestring,
	                    "a \"quoted\"\nline \x01\xEF\xBF\xBD");
	assert_true(cJSON_IsTrue(cJSON_GetObjectItem(first, "good")));
	assert_string_equal(cJSON_GetObjectItem(second, "name")->valuestring,
	                    "a very long name");
	assert_int_equal(cJSON_GetObjectItem(second, "count")->valueint, 12345);
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(second, "note")));
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(root, "at")));
	assert_string_equal(cJSON_GetObjectItem(root, "epoch")->valuestring,
	                    "1970-01-01T00:00:00Z");
	cJSON_Delete(root);
	buf_free(&o.text);
	arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(width_counts_columns_and_not_characters),
		cmocka_unit_test(shown_text_is_tame_cut_and_filled),
		cmocka_unit_test(paragraphs_break_at_blanks_and_between_wide_characters),
		cmocka_unit_test(a_table_stands_in_columns_for_people),
		cmocka_unit_test(a_table_fits_the_terminal_or_stands_as_fields),
		cmocka_unit_test(numbers_stand_to_the_right_where_some_are_missing),
		cmocka_unit_test(the_same_table_is_json_for_programs),
	};
	return cmocka_run_group_tests_name("out", tests, NULL, NULL);
}
