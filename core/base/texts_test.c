/* SPDX-License-Identifier: Apache-2.0
 *
 * texts_test.c - error texts in Japanese: the right format, gaps carried over, and
 * nothing that others put into a gap does harm.  With "--turn" it turns the lines of
 * standard input, for tests/texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/texts.h"
#include "base/texts_table.h"

#define ROW(en, ja) { en, ja },
static const struct { const char *en, *ja; } rows[] = { TEXTS_TABLE(ROW) };
#define ROWS (sizeof rows / sizeof *rows)

static void
turns(const char *english, const char *japanese)
{
	BUF_AUTO out = BUF_INIT(1024 * 1024);
	texts_add(&out, LANG_JA, text_of(english));
	assert_string_equal(buf_str(&out), japanese);
}

static void
stays(const char *english)
{
	turns(english, english);
}

static unsigned
gaps_of(const char *english)
{
	unsigned n = 0;
	for (const char *at = english; *at != '\0'; at++)
		n += at[0] == '%' && (at[1] == 's' || at[1] == 'd');
	return n;
}

static void
every_row_has_the_same_gaps_and_stands_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		unsigned gaps = gaps_of(rows[i].en);
		assert_true(gaps <= 9);
		assert_true(text_utf8_valid(text_of(rows[i].ja)));
		assert_string_not_equal(rows[i].en, rows[i].ja);
		for (unsigned n = 1; n <= 9; n++) {
			char mark[] = { '{', (char)('0' + n), '}', '\0' };
			assert_int_equal(strstr(rows[i].ja, mark) != NULL, n <= gaps);
		}
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(rows[i].en, rows[k].en);
	}
}

/* Its gaps filled, a row is found again and not another one. */
static void
every_row_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		BUF_AUTO en = BUF_INIT(4096);
		BUF_AUTO ja = BUF_INIT(4096);
		int n = 0;
		for (const char *at = rows[i].en; *at != '\0'; at++) {
			bool gap = at[0] == '%' && (at[1] == 's' || at[1] == 'd');
			if (gap)
				buf_addf(&en, "%d", 70000 + ++n);
			else
				buf_addc(&en, *at);
			at += gap;
		}
		for (const char *at = rows[i].ja; *at != '\0'; at++) {
			bool gap = at[0] == '{' && at[1] >= '1' && at[1] <= '9';
			if (gap)
				buf_addf(&ja, "%d", 70000 + at[1] - '0');
			else
				buf_addc(&ja, *at);
			at += gap ? 2 : 0;
		}
		turns(buf_str(&en), buf_str(&ja));
	}
}

static void
parts_are_turned_and_names_are_not(void **state)
{
	(void)state;
	turns("cannot make /x/y: Permission denied", "/x/y を作成できません: 権限がありません");
	turns("secret 'no memory' is empty", "秘密情報 'no memory' が空です");
	turns("renkei.conf:30: sync \"contacts\": found \"evry\", which is no setting of a "
	      "sync; did you mean \"every\"?",
	      "renkei.conf:30: 同期 \"contacts\": \"evry\" は同期の設定ではありません（\"every\" "
	      "のことですか？）");
	turns("sync \"a\": map to \"氏名\": found the end, expected \"}\"",
	      "同期 \"a\": \"氏名\" への対応付け: 途中で終わっています。\"}\"が必要です");
	turns("key: found \"Email\", which does not prohibit duplicate values, expected a "
	      "field that can be the key: \"Id\"",
	      "key: \"Email\"（値の重複を禁止していません）はキーにできません。キーにできるもの: "
	      "\"Id\"");
	turns("window_days: found \"abc\", expected a whole number",
	      "window_days: \"abc\" ではなく、整数を指定してください");
	turns("HTTP 401 before the API: Basic authentication or an IP rule of the domain, or "
	      "host is another one; this machine asked from 192.0.2.1",
	      "API の手前で HTTP 401: ドメインの Basic 認証か IP アドレス制限、または host "
	      "の誤り。このマシンのアドレスは 192.0.2.1 です");
}

static void
most_text_outside_of_gaps_wins(void **state)
{
	(void)state;
	turns("found \"a\", expected a date, YYYY-MM-DD",
	      "\"a\" ではなく、日付 YYYY-MM-DD を指定してください");
	turns("found 12 characters, expected at most 5", "12 文字あります。上限は 5 文字です");
	turns("found x characters, expected at most 5",
	      "x characters は上限の 5 を超えています");
}

static void
what_is_not_ours_stays(void **state)
{
	(void)state;
	stays("");
	stays("Property values were not valid");
	stays("Failed to connect");
	stays("a: b: c: d: e: f: g: h");
	stays("値が正しくありません。");
	turns("a.example:443: TLS failed: error:0A00010B",
	      "a.example:443: TLS に失敗しました: error:0A00010B");
	turns("/my files/x.conf:7: from: found nothing, but \"a\" is required",
	      "/my files/x.conf:7: from: 値がありませんが、\"a\" は必須です");
	BUF_AUTO out = BUF_INIT(4096);
	texts_add(&out, LANG_EN, text_of("no memory"));
	assert_string_equal(buf_str(&out), "no memory");
}

static void
what_others_write_into_a_gap_does_no_harm(void **state)
{
	(void)state;
	turns("secret '%s {1} %d\n\r\t' is empty", "秘密情報 '%s {1} %d\n\r\t' が空です");
	turns("associations: {9} %n\nsecond line", "関連付け: {9} %n\nsecond line");
	static const char with_nul[] = "associations: a\0b";
	BUF_AUTO out = BUF_INIT(4096);
	texts_add(&out, LANG_JA, (struct rk_text){ with_nul, sizeof with_nul - 1 });
	assert_int_equal(out.len, strlen("関連付け: a") + 2);
}

/* Formats inside each other, and colons without end: looked up so often and no more. */
static void
what_is_nested_without_end_is_bounded(void **state)
{
	(void)state;
	static const char *const parts[] = { "warning: ", "associations: ", "x: ",
		                             "the answer has no a \"b\"; it says: ",
		                             "found a, expected ", "; did you mean \"" };
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		BUF_AUTO text = BUF_INIT(1024 * 1024);
		BUF_AUTO out = BUF_INIT(1024 * 1024);
		while (text.len < 8000)
			buf_adds(&text, parts[i]);
		texts_add(&out, LANG_JA, buf_text(&text));
		assert_false(out.over);
		assert_true(out.len > 4000 && out.len < 3 * text.len);
		while (text.len < 100000)
			buf_adds(&text, parts[i]);
		stays(buf_str(&text));
	}
}

static int
turn_lines(void)
{
	char line[8192];
	while (fgets(line, sizeof line, stdin) != NULL) {
		BUF_AUTO out = BUF_INIT(1024 * 1024);
		line[strcspn(line, "\n")] = '\0';
		texts_add(&out, LANG_JA, text_of(line));
		puts(buf_str(&out));
	}
	return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_has_the_same_gaps_and_stands_once),
		cmocka_unit_test(every_row_is_found),
		cmocka_unit_test(parts_are_turned_and_names_are_not),
		cmocka_unit_test(most_text_outside_of_gaps_wins),
		cmocka_unit_test(what_is_not_ours_stays),
		cmocka_unit_test(what_others_write_into_a_gap_does_no_harm),
		cmocka_unit_test(what_is_nested_without_end_is_bounded),
	};
	if (argc > 1 && strcmp(argv[1], "--turn") == 0)
		return turn_lines();
	return cmocka_run_group_tests_name("texts", tests, NULL, NULL);
}
