/* SPDX-License-Identifier: Apache-2.0
 *
 * json_test.c - tests of renkei/json.h, helpers.h, times.h and values.h, with the fake
 * host.  Run by make check. */
#define FAKE_HOST_ALONE
#include "plugins/testing/fake_host.h"

static struct rk_err err;

static int
setup(void **state)
{
	(void)state;
	fake_reset(NULL);
	memset(&err, 0, sizeof err);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	fake_reset(NULL);
	return 0;
}

/* The nodes of 'body'; NULL, and 'err', if it is refused. */
static cJSON *
scan(struct rk_text body)
{
	cJSON *root = NULL;

	memset(&err, 0, sizeof err);
	rk_json_parse(&fake.host, body, &root, &err);
	return root;
}

static void
good_documents_are_taken(void **state)
{
	static const char *const cases[] = {
		"{}", " [ ] ", "null", "\"\"", "0", "-0", "-12.50", "123456789012345",
		"0.000000000000000001", "[true,false,null]", "{\"a\":{\"b\":[1,{}]}}",
		"{\"a\":1,\"A\":2}", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
		"\"\\ud83d\\ude00\"", "\"日本語 ｶﾅ 😀 e\xCC\x81 and a long ASCII tail\"",
		"{\"\":1}", "[[],{},\"x\"]\n", "{\"a\":{\"x\":1},\"b\":{\"x\":1}}",
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++)
		if (!scan(rk_z(cases[i])))
			fail_msg("%s -> %s", cases[i], err.message);
}

static void
bad_documents_are_refused_with_the_byte_and_the_reason(void **state)
{
	static const struct { const char *body, *message; } cases[] = {
		{ "", "byte 0 of 0: expected a value" },
		{ "<html>", "byte 0 of 6: expected a value" },
		{ "{\"a\":1", "byte 6 of 6: expected ',' or '}'" },
		{ "[1,", "byte 3 of 3: expected a value" },
		{ "[1,]", "byte 3 of 4: expected a value" },
		{ "{\"a\":1,}", "byte 7 of 8: expected a name in quotes" },
		{ "{a:1}", "byte 1 of 5: expected a name in quotes" },
		{ "{\"a\" 1}", "byte 5 of 7: expected ':'" },
		{ "[1}", "byte 2 of 3: expected ',' or ']'" },
		{ "1 2", "byte 2 of 3: expected the end" },
		{ "{} x", "byte 3 of 4: expected the end" },
		{ "[01]", "byte 1 of 4: expected a number without leading" },
		{ "[-]", "byte 2 of 3: expected a number" },
		{ "[1.]", "byte 3 of 4: expected a digit" },
		{ "[.5]", "byte 1 of 4: expected a value" },
		{ "[1e]", "byte 3 of 4: expected a digit" },
		{ "[+1]", "byte 1 of 4: expected a value" },
		{ "[NaN]", "byte 1 of 5: expected a value" },
		{ "[tru]", "byte 1 of 5: expected a value" },
		{ "\"a\nb\"", "byte 2 of 5: raw control character" },
		{ "\"a\tb\"", "byte 2 of 5: raw control character" },
		{ "\"abc", "byte 4 of 4: expected the end of a string" },
		{ "\"a\\x\"", "byte 2 of 5: unknown escape" },
		{ "\"a\\", "byte 2 of 3: unknown escape" },
		{ "\"\\u12g4\"", "byte 1 of 8: expected four hex digits" },
		{ "\"\\ud83d\"", "byte 1 of 8: half of a surrogate pair" },
		{ "\"\\ud83d\\u0041\"", "byte 1 of 14: half of a surrogate pair" },
		{ "\"\\ude00\"", "byte 1 of 8: half of a surrogate pair" },
		{ "\"\xC3\"", "byte 1 of 3: text is not UTF-8" },
		{ "\"\xC0\xAF\"", "byte 1 of 4: text is not UTF-8" },
		{ "\"\xED\xA0\x80\"", "byte 1 of 5: text is not UTF-8" },
		{ "\"\xF4\x90\x80\x80\"", "byte 1 of 6: text is not UTF-8" },
		{ "\"\xE0\x80\x80\"", "byte 1 of 5: text is not UTF-8" },
		{ "\"\xFF\"", "byte 1 of 3: text is not UTF-8" },
		{ "{\"a\":1,\"a\":2}", "one name stands twice" },
		{ "{\"a\":1,\"\\u0061\":2}", "one name stands twice" },
		{ "{\"é\":1,\"\\u00E9\":2}", "one name stands twice" },
		{ "[{\"x\":{\"k\":1,\"k\":1}}]", "one name stands twice" },
		{ "{\"a\\u0000\":1}", "a name holds U+0000" },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		const cJSON *root = scan(rk_z(cases[i].body));

		if (root || err.category != RK_CAT_BUG ||
		    !strstr(err.message, cases[i].message))
			fail_msg("%s -> \"%s\", wanted \"%s\"", cases[i].body,
			         err.message, cases[i].message);
	}
}

static void
what_cjson_would_alter_stays_exact(void **state)
{
	static const struct { const char *body, *nodes; } cases[] = {
		{ "9007199254740993", "\"9007199254740993\"" },
		{ "[1,-1234567890123456,2]", "[1,\"-1234567890123456\",2]" },
		{ "{\"a\":0.1234567890123456}", "{\"a\":\"0.1234567890123456\"}" },
		/* A double still holds the first; of more zeros it would make 0. */
		{ "[0.00000000000000000000000000000000000000000000000000000000000001]",
		  "[1e-62]" },
		{ "[0.000000000000000000000000000000000000000000000000000000000000001]",
		  "[\"0.000000000000000000000000000000000000000000000000000000000000001\"]" },
		{ "[1e5,1E-2]", "[\"1e5\",\"1E-2\"]" },
		{ "[\"x\",1.5e+300 , {\"a\":\t1e1}]", "[\"x\",\"1.5e+300\",{\"a\":\"1e1\"}]" },
		{ "\"a\\u0000b\"", "\"ab\"" },
		{ "\"\\ufdd0\"", "\"\xEF\xB7\x90\"" },
		{ "[\"\\u00e9\\ud83d\\ude00\\/\\u0000\\n\",\"b\"]", "[\"é😀/\\n\",\"b\"]" },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		cJSON *root = scan(rk_z(cases[i].body));
		const char *shown = root ? cJSON_PrintUnformatted(root) : err.message;

		if (strcmp(shown, cases[i].nodes) != 0)
			fail_msg("%s -> %s", cases[i].body, shown);
	}
}

static char *
repeated(const char *first, const char *middle, const char *last, size_t times)
{
	size_t a = strlen(first), b = strlen(middle);
	char *all = fake_bytes(a + b * times + strlen(last) + 1);

	memcpy(all, first, a);
	for (size_t i = 0; i < times; i++)
		memcpy(all + a + i * b, middle, b);
	strcpy(all + a + b * times, last);
	return all;
}

static void
depth_elements_and_bytes_have_ceilings(void **state)
{
	char *deep = repeated("", "[", "", 64), *deeper = repeated("", "[", "", 65);
	char *many = repeated("[0", ",0", "]", 999998);
	char *more = repeated("[0", ",0", "]", 999999);
	char *large = repeated("\"", "x", "\"", (10u << 20) - 1);
	char *close = repeated("", "]", "", 64);

	(void)state;
	assert_non_null(scan(rk_textf(&fake.host, "%s%s", deep, close)));
	assert_null(scan(rk_z(deeper)));
	assert_non_null(strstr(err.message, "nested deeper than 64"));
	assert_int_equal(rk_json_count(scan(rk_z(many))), 999999);
	assert_null(scan(rk_z(more)));
	assert_non_null(strstr(err.message, "more than a million elements"));
	assert_null(scan(rk_z(large)));
	assert_non_null(strstr(err.message, "longer than 10 MiB"));
	large[strlen(large) - 1] = 0;
	large[strlen(large) - 1] = '"';
	assert_int_equal(rk_z(scan(rk_z(large))->valuestring).len, (10u << 20) - 2);
}

static void
a_name_twice_is_found_in_large_objects_too(void **state)
{
	char *body = fake_bytes(1 << 20), *at = body;

	(void)state;
	*at++ = '{';
	for (int i = 0; i < 30000; i++)
		at += sprintf(at, "\"name%d\":%d,", i, i);
	strcpy(at, "\"last\":0}");
	assert_int_equal(rk_json_count(scan(rk_z(body))), 30001);
	strcpy(at, "\"name17\":0}");
	assert_null(scan(rk_z(body)));
	assert_non_null(strstr(err.message, "one name stands twice"));
}

static cJSON *
parse(const char *body)
{
	cJSON *root = NULL;

	assert_int_equal(rk_json_parse(&fake.host, rk_z(body), &root, &err), RK_OK);
	return root;
}

/* What cJSON itself makes of the same text is the measure, numbers to the last bit. */
static void
the_nodes_are_those_that_cjson_makes(void **state)
{
	static const char *const cases[] = {
		"{}", " [ ] ", "null", "\"\"", "0", "-0", "-12.50", "123456789012345",
		"0.000000000000000001", "[true,false,null]", "{\"a\":{\"b\":[1,{}]}}",
		"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9 \\u20ac\"",
		"[\"\\ud83d\\ude00 and more\", \"ab\\u0041\"]", "[[],{},\"x\"]\n",
		"{\"a\":{\"x\":1},\"b\\n\":{\"x\":[1.5,2.25,-3]}, \"c\":[[[]]]}",
		"[0.1,0.3,123456.789012345,-0.00001234,2147483647,2147483648,-2147483649,"
		"999999999999999,0.00000000000000000000000000000123]",
		"{ \"long enough for eight\" : \"\\\\ at once and \\\" a tail\" , \"n\" : 7 }",
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		cJSON *theirs = cJSON_Parse(cases[i]), *ours = NULL;
		struct rk_text body = rk_z(cases[i]);
		char *a, *b;

		assert_int_equal(rk_json_parse(&fake.host, body, &ours, &err), RK_OK);
		a = cJSON_PrintUnformatted(theirs);
		b = cJSON_PrintUnformatted(ours);
		assert_string_equal(a, b);
		assert_true(cJSON_Compare(theirs, ours, 1));
		for (const cJSON *x = theirs->child, *y = ours->child; x;
		     x = x->next, y = y->next)
			assert_memory_equal(&x->valuedouble, &y->valuedouble,
			                    sizeof x->valuedouble);
	}
}

static void
values_come_out_exact_and_nul_is_told(void **state)
{
	static const struct { const char *json, *text; uint32_t flags;
	} cases[] = {
		{ "\"x\"", "x", 0 },
		{ "\"\"", "", 0 },
		{ "null", "", 0 },
		{ "[]", "", 0 },
		{ "true", "true", 0 },
		{ "12", "12", 0 },
		{ "-0.5", "-0.5", 0 },
		{ "0.00000012", "0.00000012", 0 },
		{ "9007199254740993", "9007199254740993", 0 },
		{ "123456789012.345", "123456789012.345", 0 },
		{ "\"a\\u0000b\"", "ab", RK_VALUE_HAS_NUL },
		{ "\"\\u0000\"", "", RK_VALUE_HAS_NUL },
		{ "\"\\u0000\\u0000z\"", "z", RK_VALUE_HAS_NUL },
		{ "\"ＡＢＣ\"", "ＡＢＣ", 0 },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		uint32_t flags = 0;
		struct rk_text text = rk_json_text(&fake.host, parse(cases[i].json),
		                                   &flags);

		if (!rk_text_is(text, cases[i].text) || flags != cases[i].flags)
			fail_msg("%s -> %.*s flags %u", cases[i].json, RK_S(text), flags);
	}
}

static void
accessors_take_nothing_for_what_it_is_not(void **state)
{
	cJSON *root = parse("{\"n\":5,\"s\":\"6\",\"f\":1.5,\"b\":true,\"N\":\"x\","
	                    "\"big\":9007199254740993,\"t\":\"6x\",\"e\":\"\"}");
	int64_t n = 0;

	(void)state;
	assert_true(rk_json_int(rk_json_get(root, "n"), &n) && n == 5);
	assert_true(rk_json_int(rk_json_get(root, "s"), &n) && n == 6);
	assert_true(rk_json_int(rk_json_get(root, "big"), &n) && n == 9007199254740993);
	assert_false(rk_json_int(rk_json_get(root, "f"), &n));
	assert_false(rk_json_int(rk_json_get(root, "t"), &n));
	assert_false(rk_json_int(rk_json_get(root, "e"), &n));
	assert_false(rk_json_int(rk_json_get(root, "none"), &n));
	assert_int_equal(rk_json_bool(rk_json_get(root, "b"), 0), 1);
	assert_int_equal(rk_json_bool(rk_json_get(root, "n"), 7), 7);
	assert_null(rk_json_get(root, "B"));
	assert_null(rk_json_get(rk_json_get(root, "n"), "x"));
	assert_null(rk_json_get(NULL, "x"));
}

static void
the_writer_escapes_and_stops_at_its_ceiling(void **state)
{
	struct rk_json_out out;
	struct rk_text text = rk_z("");

	(void)state;
	rk_json_begin(&out, &fake.host, 4, 200);
	rk_put_open(&out, '{');
	rk_put_pair(&out, "k\"", rk_text_of("a\\\n\x01\x1f é/\0", 10));
	rk_put_name(&out, "l");
	rk_put_open(&out, '[');
	rk_put_int(&out, INT64_MIN);
	rk_put_raw(&out, rk_z("null"));
	rk_put_open(&out, '{');
	rk_put_close(&out, '}');
	rk_put_item(&out, parse("{\"a\":[1,\"x\",true,null,{}],\"b\":0.5}"), NULL);
	rk_put_close(&out, ']');
	rk_put_close(&out, '}');
	assert_int_equal(rk_json_end(&out, &text, &err), RK_OK);
	assert_string_equal(fake_string(text),
	                    "{\"k\\\"\":\"a\\\\\\n\\u0001\\u001f é/\\u0000\",\"l\":"
	                    "[-9223372036854775808,null,{},{\"a\":[1,\"x\",true,null,{}],"
	                    "\"b\":0.5}]}");
	rk_json_begin(&out, &fake.host, 4, 200);
	rk_put_text(&out, rk_z(repeated("", "x", "", 198)));
	assert_int_equal(rk_json_end(&out, &text, &err), RK_OK);
	rk_put_text(&out, rk_z(""));
	assert_int_equal(rk_json_end(&out, &text, &err), RK_REJECT);
}

static void
decimals_are_moved_never_rounded(void **state)
{
	static const struct { const char *from, *to; } cases[] = {
		{ "0", "0" }, { "17", "17" }, { "-1500.00", "-1500.00" }, { "+5", "5" },
		{ ".5", "0.5" }, { "-.5", "-0.5" }, { "5.", "5" }, { "1e3", "1000" },
		{ "1.5e1", "15" }, { "1.25E+1", "12.5" }, { "12e-3", "0.012" },
		{ "-1.5e-1", "-0.15" }, { "123e-3", "0.123" }, { "1e0", "1" },
		{ "12345678901234567890.12345", "12345678901234567890.12345" },
		{ "1e401", NULL }, { "", NULL }, { "-", NULL }, { "1,000", NULL },
		{ "1e", NULL }, { "abc", NULL }, { "1.2.3", NULL }, { " 1", NULL },
		{ "1e99999999999999999999", NULL }, { "0x10", NULL },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		struct rk_text got = rk_z("");
		int ok = rk_decimal(&fake.host, rk_z(cases[i].from), &got);

		if (ok != (cases[i].to != NULL) || (ok && !rk_text_is(got, cases[i].to)))
			fail_msg("%s -> %d %.*s", cases[i].from, ok, RK_S(got));
	}
}

static void
times_are_read_and_written(void **state)
{
	static const struct { const char *text; int64_t ms;
	} cases[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01T00:00:00.001Z", 1 },
		{ "2026-11-18T11:06:40.000Z", FAKE_NOW },
		{ "2026-11-18T11:06Z", 1794999960000 },
		{ "2026-11-18T20:06:40+09:00", FAKE_NOW },
		{ "2026-11-18T20:06:40+0900", FAKE_NOW },
		{ "1969-12-31T23:59:59.5Z", -500 },
		{ "2000-02-29T00:00:00Z", 951782400000 },
		{ "0001-01-01T00:00:00Z", -62135596800000 },
		{ "2026-02-29T00:00:00Z", -1 },
		{ "2026-11-18", -1 },
		{ "", -1 },
		{ "2026-11-18T11:06:40", -1 },
		{ "2026-11-18T24:00:00Z", -1 },
		{ "2026-13-18T11:06:40Z", -1 },
		{ "2026-11-18T11:06:40Zx", -1 },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		int64_t ms = -1;

		rk_time_parse(rk_z(cases[i].text), &ms);
		if (ms != cases[i].ms)
			fail_msg("%s -> %lld", cases[i].text, (long long)ms);
	}
	assert_true(rk_text_is(rk_time_text(&fake.host, FAKE_NOW + 7, 1),
	                       "2026-11-18T11:06:40.007Z"));
	assert_true(rk_text_is(rk_time_text(&fake.host, -1, 0), "1969-12-31T23:59:59Z"));
	assert_true(rk_text_is(rk_time_text(&fake.host, 253402300799999, 1),
	                       "9999-12-31T23:59:59.999Z"));
	assert_true(rk_text_is(rk_time_text(&fake.host, 253402300800000, 1),
	                       "253402300800000"));
	assert_true(rk_text_is(rk_date_text(&fake.host, -719528), "0000-01-01"));
	assert_int_equal(rk_duration_ms(rk_z("5m"), -1), 300000);
	assert_int_equal(rk_duration_ms(rk_z("500ms"), -1), 500);
	assert_int_equal(rk_duration_ms(rk_z("7"), -1), 7000);
	assert_int_equal(rk_duration_ms(rk_z("soon"), -1), -1);
}

/* As the contract wants it; what has another zone than UTC is no time of day. */
static void
a_time_of_day_is_told_without_fraction_and_zone(void **state)
{
	static const struct { const char *told, *want; } cases[] = {
		{ "09:15", "09:15" }, { "09:15:30", "09:15:30" },
		{ "09:15:30.250Z", "09:15:30" }, { "09:15:00.000Z", "09:15:00" },
		{ "09:15Z", "09:15" }, { "09:15.5Z", "09:15" }, { "09:15:30+09:00", NULL },
		{ "25:00", NULL }, { "9:15", NULL }, { "09:15 or so", NULL },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		struct rk_value value = rk_value_read(&fake.host, RK_TIME,
		                                      rk_z(cases[i].told));
		const char *want = cases[i].want ? cases[i].want : cases[i].told;

		assert_int_equal(value.type, cases[i].want ? RK_TIME : RK_TEXT);
		assert_true(rk_text_eq(value.text, rk_z(want)));
	}
}

static void
columns_are_found_by_name(void **state)
{
	struct rk_field fields[300];
	struct rk_columns columns;

	(void)state;
	memset(fields, 0, sizeof fields);
	for (int i = 0; i < 300; i++)
		fields[i].name = rk_textf(&fake.host, "column_%d", i);
	columns = rk_columns_make(&fake.host, fields, 300);
	for (int i = 0; i < 300; i++)
		assert_int_equal(rk_columns_find(&columns, fields[i].name), i);
	assert_int_equal(rk_columns_find(&columns, rk_z("column_300")), -1);
	assert_int_equal(rk_columns_find(&columns, rk_z("")), -1);
	columns = rk_columns_make(&fake.host, NULL, 0);
	assert_int_equal(rk_columns_find(&columns, rk_z("x")), -1);
}

static void
words_phrases_and_first_matches_are_found(void **state)
{
	static const struct rk_code codes[] = {
		{ "A1 B2", RK_REJECT, RK_CAT_OTHER }, { "B", RK_BUG, RK_CAT_BUG },
		{ NULL, 0, 0 },
	};
	static const struct rk_kind kinds[] = {
		{ "CALC", "DATE TIME", RK_DATE, 0, NULL },
		{ "CALC", "", RK_TEXT, 0, NULL },
		{ "", "", RK_JSON, 0, "unknown" },
	};

	(void)state;
	assert_ptr_equal(rk_code_find(codes, rk_z("B2")), &codes[0]);
	assert_ptr_equal(rk_code_find(codes, rk_z("B")), &codes[1]);
	assert_null(rk_code_find(codes, rk_z("A")));
	assert_null(rk_code_find(codes, rk_z("A1 B2")));
	assert_null(rk_code_find(codes, rk_z("")));
	assert_int_equal(rk_kind_find(kinds, rk_z("CALC"), rk_z("TIME"))->is, RK_DATE);
	assert_int_equal(rk_kind_find(kinds, rk_z("CALC"), rk_z("DAT"))->is, RK_TEXT);
	assert_int_equal(rk_kind_find(kinds, rk_z(""), rk_z("DATE"))->is, RK_JSON);
	assert_true(rk_text_is(rk_digits_after(rk_z("x: id 42."), "id "), "42"));
	assert_int_equal(rk_digits_after(rk_z("x: id"), "id ").len, 0);
}

static void
messages_and_lists_are_taken_apart(void **state)
{
	static const struct rk_phrase phrases[] = {
		{ "too long", RK_CAT_PROPERTY_VALUE }, { "long", RK_CAT_DUPLICATE },
		{ NULL, RK_CAT_OTHER },
	};
	static const char *const parts[] = { "a b", "", "c", "" };
	struct rk_text rest = rk_z(" a b ,,c, "), none = rk_text_of(NULL, 0);

	(void)state;
	assert_int_equal(rk_phrase_category(phrases, rk_z("It is too long.")),
	                 RK_CAT_PROPERTY_VALUE);
	assert_int_equal(rk_phrase_category(phrases, rk_z("so long")), RK_CAT_DUPLICATE);
	assert_int_equal(rk_phrase_category(phrases, rk_z("")), RK_CAT_OTHER);
	assert_int_equal(rk_phrase_category(phrases, none), RK_CAT_OTHER);
	for (size_t i = 0; i < RK_COUNT(parts); i++)
		assert_string_equal(fake_string(rk_text_next(&rest, ',')), parts[i]);
	assert_int_equal(rest.len, 0);
	assert_int_equal(rk_text_next(&none, ',').len, 0);
}

static void
ends_of_a_window_fall_on_the_grain(void **state)
{
	static const struct { int64_t ms, down, up; } cases[] = {
		{ 0, 0, 0 }, { 1, 0, 1000 }, { 999, 0, 1000 }, { 1000, 1000, 1000 },
		{ -1, -1000, 0 }, { -1000, -1000, -1000 },
		{ FAKE_NOW + 7, FAKE_NOW, FAKE_NOW + 1000 },
	};

	(void)state;
	for (size_t i = 0; i < RK_COUNT(cases); i++) {
		assert_int_equal(rk_ms_down(cases[i].ms, 1000), cases[i].down);
		assert_int_equal(rk_ms_up(cases[i].ms, 1000), cases[i].up);
	}
}

static void
a_quoted_text_cannot_leave_its_quotes(void **state)
{
	struct rk_json_out out;

	(void)state;
	rk_json_begin(&out, &fake.host, 4, 200);
	rk_put_quoted(&out, '\'', rk_text_of("a' or\\\n\0日", 11), "'\\\n", "'\\n");
	rk_put_quoted(&out, '"', rk_z(""), "\"", "\"");
	assert_int_equal(out.len, 16 + 2);
	assert_memory_equal(out.buf, "'a\\' or\\\\\\n\0日'\"\"", out.len);
}

static void
a_field_that_is_known_tells_no_limits(void **state)
{
	struct rk_field field;

	(void)state;
	rk_field_known(&field, RK_DATE, RK_FIELD_UNIQUE, "day", "Day");
	assert_int_equal(field.type, RK_DATE);
	assert_int_equal(field.flags, RK_FIELD_UNIQUE);
	assert_string_equal(fake_string(field.name), "day");
	assert_string_equal(fake_string(field.label), "Day");
	assert_int_equal(field.max_length, -1);
	assert_int_equal(field.unmappable.len, 0);
}

static void
errors_are_cut_at_whole_characters(void **state)
{
	char small[6];

	(void)state;
	rk_err_text(small, sizeof small, rk_z("日本語"));
	assert_string_equal(small, "日");
	rk_err_text(small, sizeof small, rk_z("a\nb"));
	assert_string_equal(small, "a b");
	assert_int_equal(rk_fail(&err, RK_PAUSE, RK_CAT_AUTH, "%d", 5), RK_PAUSE);
	assert_string_equal(err.message, "5");
	assert_int_equal(err.retry_after_ms, -1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(good_documents_are_taken),
		TEST(bad_documents_are_refused_with_the_byte_and_the_reason),
		TEST(what_cjson_would_alter_stays_exact),
		TEST(depth_elements_and_bytes_have_ceilings),
		TEST(a_name_twice_is_found_in_large_objects_too),
		TEST(the_nodes_are_those_that_cjson_makes),
		TEST(values_come_out_exact_and_nul_is_told),
		TEST(accessors_take_nothing_for_what_it_is_not),
		TEST(the_writer_escapes_and_stops_at_its_ceiling),
		TEST(decimals_are_moved_never_rounded),
		TEST(times_are_read_and_written),
		TEST(a_time_of_day_is_told_without_fraction_and_zone),
		TEST(columns_are_found_by_name),
		TEST(words_phrases_and_first_matches_are_found),
		TEST(messages_and_lists_are_taken_apart),
		TEST(ends_of_a_window_fall_on_the_grain),
		TEST(a_quoted_text_cannot_leave_its_quotes),
		TEST(a_field_that_is_known_tells_no_limits),
		TEST(errors_are_cut_at_whole_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
