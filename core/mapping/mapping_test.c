/* SPDX-License-Identifier: Apache-2.0
 *
 * mapping_test.c - runs the cases of mapping.test (its head says how they are
 * written), and tables for what stands below: decimals, dates, zones, keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <cjson/cJSON.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "mapping/decimal.h"
#include "mapping/html.h"
#include "mapping/mapping.h"
#include "mapping/mapping_fields.h"
#include "mapping/moment.h"
#include "mapping/propose.h"
#include "mapping/unicode.h"

/* ---- JSON to values and back --------------------------------------------- */

static struct rk_value
value_of(struct arena *a, const struct rk_field *field, const cJSON *json);

static struct rk_value
list_of(struct arena *a, const struct rk_field *field, const cJSON *json)
{
	static const uint32_t items[RK_TYPE_COUNT] = {
		[RK_CHOICES] = RK_CHOICE, [RK_REFS] = RK_REF, [RK_USER] = RK_USER,
		[RK_TABLE] = RK_ROW,
	};
	int n = cJSON_GetArraySize(json);
	struct rk_value *list = arena_new_array(a, (size_t)n, struct rk_value);
	for (int i = 0; i < n; i++) {
		struct rk_field item = *field;
		item.type = items[field->type];
		if (field->type == RK_ROW)
			item = field->columns[i];
		list[i] = value_of(a, &item, cJSON_GetArrayItem(json, i));
	}
	return (struct rk_value){ .type = field->type,
		                  .items = list,
		                  .count = (uint64_t)n };
}

/* {"nul": "a"}: a text that held U+0000.  {"raw": "a"}: a text whatever the
 * field's type, as a connector hands on what it could not parse. */
static struct rk_value
value_of(struct arena *a, const struct rk_field *field, const cJSON *json)
{
	struct rk_value v = { .type = field->type };
	if (json == NULL)
		return (struct rk_value){ .type = RK_ABSENT };
	if (cJSON_IsNull(json))
		return (struct rk_value){ .type = RK_NULL };
	if (cJSON_IsArray(json))
		return list_of(a, field, json);
	if (cJSON_IsObject(json)) {
		v.flags = cJSON_GetObjectItem(json, "nul") != NULL ? RK_VALUE_HAS_NUL : 0;
		v.type = v.flags != 0 ? field->type : RK_TEXT;
		json = json->child;
	}
	if (cJSON_IsNumber(json)) {
		v.type = RK_INTEGER;
		v.number = (int64_t)json->valuedouble;
	} else if (cJSON_IsBool(json)) {
		v.number = cJSON_IsTrue(json);
	} else {
		v.text = arena_text(a, text_of(json->valuestring));
		if (v.type == RK_DATETIME)
			assert_int_equal(moment_datetime(v.text, &v.number), MOMENT_OK);
	}
	if (v.type == RK_REF)
		v.object = field->ref_object;
	return v;
}

static cJSON *
json_of(struct arena *a, const struct rk_value *v)
{
	cJSON *out;
	switch (v->type) {
	case RK_NULL: return cJSON_CreateNull();
	case RK_BOOL: return cJSON_CreateBool(v->number != 0);
	case RK_INTEGER:
		return cJSON_CreateRaw(arena_printf(a, "%lld", (long long)v->number).ptr);
	case RK_DATETIME:
		return cJSON_CreateString(
			arena_text(a, moment_print_datetime(v->number, a)).ptr);
	case RK_REF:
		out = cJSON_CreateObject();
		cJSON_AddStringToObject(out, arena_text(a, v->object).ptr,
		                        arena_text(a, v->text).ptr);
		if ((v->flags & RK_VALUE_BY_KEY) != 0)
			cJSON_AddTrueToObject(out, "by_key");
		return out;
	case RK_USER:
		if (v->count == 0)
			break;
		/* fallthrough */
	case RK_CHOICES: case RK_REFS: case RK_TABLE: case RK_ROW:
		out = cJSON_CreateArray();
		for (uint64_t i = 0; i < v->count; i++)
			cJSON_AddItemToArray(out, v->items[i].type == RK_ABSENT
			                     ? cJSON_CreateString("absent")
			                     : json_of(a, &v->items[i]));
		return out;
	default:
		break;
	}
	return cJSON_CreateString(arena_text(a, v->text).ptr);
}

static struct rk_record
record_of(struct arena *a, const struct rk_field *fields, size_t count, const char *text)
{
	cJSON *json = cJSON_Parse(text);
	struct rk_value *values = arena_new_array(a, count, struct rk_value);
	if (json == NULL)
		fail_msg("not JSON: %s", text);
	for (size_t i = 0; i < count; i++)
		values[i] = value_of(a, &fields[i],
		                     cJSON_GetObjectItemCaseSensitive(
					     json, arena_text(a, fields[i].name).ptr));
	cJSON_Delete(json);
	int64_t modified;
	assert_int_equal(moment_datetime(text_of("2026-02-03T04:05:06Z"), &modified),
	                 MOMENT_OK);
	return (struct rk_record){ .id = T("id 7"),
		                   .modified_ms = modified,
		                   .values = values };
}

/* ---- Cases from the file --------------------------------------------------- */

struct test_case {
	struct arena arena;                /* owned; of the case */
	unsigned line;                     /* Of the rule. */
	struct config_map maps[2];
	struct config_sync sync;
	struct mapping *mapping;           /* owned; NULL if it did not compile */
	char *said;                        /* owned; the problems */
	bool again;                        /* What comes out is put in again. */
};

static const char *file_run;
static unsigned failures, cases_run;

#define WRONG(line, ...) \
	(failures++, fprintf(stderr, "%s:%u: ", file_run, (line)), \
	 fprintf(stderr, __VA_ARGS__), fputc('\n', stderr))

static char *
after(char *s, const char *what)
{
	size_t len = strlen(what);
	if (strncmp(s, what, len) != 0)
		return NULL;
	s += len;
	while (*s == ' ')
		s++;
	return s;
}

static void
take_pairs(struct test_case *c, char *s)
{
	struct config_map *map = &c->maps[0];
	struct config_pair *pairs = arena_new_array(&c->arena, 20, struct config_pair);
	map->values = pairs;
	for (char *part = strtok(s, ","); part != NULL; part = strtok(NULL, ",")) {
		while (*part == ' ')
			part++;
		char *equals = strchr(part, '=');
		assert_non_null(equals);
		*equals = '\0';
		pairs[map->value_count++] = (struct config_pair){ part, equals + 1 };
	}
}

static void
take_option(struct test_case *c, char *s)
{
	struct config_map *map = &c->maps[0];
	char *rest;
	if ((rest = after(s, "values")) != NULL)
		take_pairs(c, rest);
	else if ((rest = after(s, "otherwise")) != NULL)
		map->otherwise = rest;
	else if ((rest = after(s, "default")) != NULL) {
		map->default_value = rest;
		map->nulls = NULLS_DEFAULT;
	} else if (strcmp(s, "nulls clear") == 0)
		map->nulls = NULLS_CLEAR;
	else if (strcmp(s, "once") == 0)
		c->again = false;
	else
		fail_msg("%s:%u: unknown option \"%s\"", file_run, c->line, s);
}

/* "TARGET = EXPRESSION" or "? FILTER" */
static void
start_case(struct test_case *c, char *rule, unsigned line)
{
	static const struct config_map key = { .from = "$id",
		                               .to = "key",
		                               .enabled = true };
	*c = (struct test_case){ .line = line };
	c->sync = (struct config_sync){ .name = "s", .maps = c->maps, .map_count = 2 };
	c->sync.from.object = "contacts";
	c->sync.to.object = "123";
	c->sync.to.key = "key";
	c->maps[1] = key;
	c->maps[0] =
		(struct config_map){ .from = "text", .to = "to_text", .enabled = true };
	char *filter = after(rule, "?"), *equals = strstr(rule, " = ");
	if (filter != NULL) {
		c->sync.from.filter = filter;
		return;
	}
	if (equals == NULL)
		fail_msg("%s:%u: no \" = \"", file_run, line);
	*equals = '\0';
	c->maps[0].to = rule;
	c->maps[0].from = equals + 3;
	c->again = strcmp(file_run, "japanese.test") == 0
	           && strncmp(equals + 3, "text |", 6) == 0;
	if (strcmp(rule, "key") == 0)
		c->sync.map_count = 1;
}

static void
compile_case(struct test_case *c)
{
	struct problems problems = PROBLEMS_INIT;
	BUF_AUTO out = BUF_INIT(100000);
	bool good = mapping_compile(&c->mapping, &c->sync, &source, &target, &problems);
	problems_print(&problems, &out);
	c->said = strdup(buf_str(&out));
	if (good == problems_stop_sync(&problems, "s"))
		WRONG(c->line, "compile says %s, the problems say:\n%s",
		      good ? "yes" : "no", c->said);
	problems_free(&problems);
}

static void
end_case(struct test_case *c)
{
	mapping_free(c->mapping);
	arena_free(&c->arena);
	free(c->said);
	*c = (struct test_case){ 0 };
}

static void
expect_fault(const struct mapping_fault *fault, const char *want, unsigned line)
{
	char got[2000];
	snprintf(got, sizeof got, "%s: %.*s", err_category_name(fault->category),
	         (int)fault->message.len, fault->message.ptr);
	if (strncmp(got, want, strcspn(want, ":")) != 0
	    || (strchr(want, ':') != NULL && strstr(got, strchr(want, ':') + 2) == NULL))
		WRONG(line, "got  !%s\n     want !%s", got, want);
}

/* f(f(x)) = f(x): what the rule has made of a text it makes of itself. */
static void
expect_again(struct test_case *c, const struct rk_value *first, unsigned line)
{
	struct rk_value value = { .type = RK_TEXT, .text = first->text }, row[2];
	struct rk_record record = { .id = T("id 7"), .values = &value };
	struct mapping_fault fault = { 0 };
	size_t count;
	mapping_source_fields(c->mapping, &count);
	assert_int_equal(count, 1);
	if (!mapping_apply(c->mapping, &record, &c->arena, row, &fault)
	    || !text_eq(row[0].text, first->text))
		WRONG(line, "put in again, \"%.*s\" gives \"%.*s\"",
		      (int)first->text.len, first->text.ptr, (int)row[0].text.len,
		      row[0].text.ptr);
}

static void
expect_row(struct test_case *c, const struct rk_record *record, const char *want,
           unsigned line)
{
	struct rk_value row[2];
	struct mapping_fault fault = { 0 };
	bool good = mapping_apply(c->mapping, record, &c->arena, row, &fault);
	if (*want == '!' || !good) {
		if (good)
			WRONG(line, "got a row, want %s", want);
		else if (*want != '!')
			WRONG(line, "got !%.*s, want %s", (int)fault.message.len,
			      fault.message.ptr, want);
		else
			expect_fault(&fault, want + 1, line);
		return;
	}
	cJSON *got = row[0].type == RK_ABSENT ? cJSON_CreateString("absent")
	                                      : json_of(&c->arena, &row[0]);
	cJSON *json = cJSON_Parse(want);
	if (json == NULL)
		fail_msg("%s:%u: not JSON: %s", file_run, line, want);
	char *a = cJSON_PrintUnformatted(got), *b = cJSON_PrintUnformatted(json);
	/* As written first: cJSON would alter integers above 2^53. */
	if (strcmp(a, want) != 0 && strcmp(a, b) != 0)
		WRONG(line, "got %s, want %s", a, b);
	if (c->again && row[0].type == RK_TEXT)
		expect_again(c, &row[0], line);
	free(a);
	free(b);
	cJSON_Delete(got);
	cJSON_Delete(json);
}

static void
expect_kept(struct test_case *c, const struct rk_record *record, const char *want,
            unsigned line)
{
	struct rk_value row[2];
	struct mapping_fault fault = { 0 };
	bool kept = mapping_keeps(c->mapping, record);
	if (*want == '!') {
		if (!kept || mapping_apply(c->mapping, record, &c->arena, row, &fault))
			WRONG(line, "got no fault, want %s", want);
		else
			expect_fault(&fault, want + 1, line);
	} else if (kept != (strcmp(want, "keep") == 0)) {
		WRONG(line, "got %s, want %s", kept ? "keep" : "drop", want);
	}
}

/* "!..." before any record: what compiling must complain of. */
static void
expect_problem(struct test_case *c, const char *want)
{
	cases_run++;
	if (strstr(c->said, want) == NULL)
		WRONG(c->line, "got  %s\n     want %s", *c->said ? c->said : "no problem",
		      want);
}

/* SOURCE => WANT */
static void
run_record(struct test_case *c, char *s, unsigned line)
{
	char *arrow = strstr(s, " => ");
	size_t count;
	if (arrow == NULL)
		fail_msg("%s:%u: no \" => \"", file_run, line);
	*arrow = '\0';
	cases_run++;
	if (c->mapping == NULL) {
		WRONG(c->line, "does not compile: %s", c->said);
		return;
	}
	const struct rk_field *fields = mapping_source_fields(c->mapping, &count);
	struct rk_record record = record_of(&c->arena, fields, count, s);
	if (c->sync.from.filter != NULL)
		expect_kept(c, &record, arrow + 4, line);
	else
		expect_row(c, &record, arrow + 4, line);
}

static char *
read_cases(void)
{
	const char *folder = getenv("srcdir");
	char path[4096];
	BUF_AUTO file = BUF_INIT(1 << 20);
	snprintf(path, sizeof path, "%s/core/mapping/%s", folder ? folder : ".",
		 file_run);
	if (!io_read_file(path, &file))
		fail_msg("cannot read %s", path);
	return strdup(buf_str(&file));
}

static void
run_file(const char *name, unsigned least)
{
	file_run = name;
	cases_run = failures = 0;
	char *text = read_cases(), *end;
	struct test_case c = { 0 };
	unsigned line = 0;
	for (char *s = text; s != NULL && *s != '\0'; s = end) {
		line++;
		if ((end = strchr(s, '\n')) != NULL)
			*end++ = '\0';
		if (*s == '\0') {
			end_case(&c);
		} else if (*s == '#') {
			continue;
		} else if (c.line == 0) {
			start_case(&c, s, line);
		} else if (after(s, "+") != NULL) {
			take_option(&c, after(s, "+"));
		} else {
			if (c.said == NULL)
				compile_case(&c);
			if (*s == '!')
				expect_problem(&c, s + 1);
			else
				run_record(&c, s, line);
		}
	}
	end_case(&c);
	free(text);
	print_message("%s: %u cases\n", name, cases_run);
	assert_true(cases_run > least);
	assert_int_equal(failures, 0);
}

static void
every_case_of_the_file_comes_out_as_written(void **state)
{
	(void)state;
	run_file("mapping.test", 200);
}

static void
japanese_values_come_out_as_published_and_a_second_time_the_same(void **state)
{
	(void)state;
	run_file("japanese.test", 180);
}

/* ---- Tables ---------------------------------------------------------------- */

static void
decimals_are_exact_and_compare_as_numbers(void **state)
{
	(void)state;
	static const struct { const char *in, *out;
	} cases[] = {
		{ "0", "0" },
		{ "-0", "0" },
		{ "007", "7" },
		{ "1.50", "1.5" },
		{ "-0.10", "-0.1" },
		{ "+5", "5" },
		{ ".5", "0.5" },
		{ "5.", "5" },
		{ "1e3", "1000" },
		{ "1.25E+1", "12.5" },
		{ "125e-4", "0.0125" },
		{ "0e9", "0" },
		{ "9007199254740993", "9007199254740993" },
		{ "123456789012345678901234567890.12345678901234567890",
		  "123456789012345678901234567890.1234567890123456789" },
		{ "", NULL },
		{ "-", NULL },
		{ ".", NULL },
		{ "1,000", NULL },
		{ "1e", NULL },
		{ "1e9999999", NULL },
		{ "1e1001", NULL },
		{ " 1", NULL },
		{ "0x1", NULL },
		{ "NaN", NULL },
		{ "1.2.3", NULL },
		{ "--1", NULL },
		{ "１", NULL },
	};
	static const struct { const char *a, *b; int order; } pairs[] = {
		{ "1", "2", -1 }, { "10", "9", 1 }, { "-1", "1", -1 }, { "-2", "-1", -1 },
		{ "0.1", "0.10", 0 }, { "0.09", "0.1", -1 }, { "1.05", "1.5", -1 },
		{ "-0", "0", 0 }, { "9007199254740992", "9007199254740993", -1 },
		{ "1e2", "100", 0 }, { "-0.5", "-0.25", -1 },
	};
	struct arena arena = ARENA_INIT;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct decimal d;
		bool good = decimal_parse(&d, text_of(cases[i].in), &arena);
		if (good != (cases[i].out != NULL))
			fail_msg("\"%s\": %s", cases[i].in,
				 good ? "accepted" : "refused");
		if (good && !text_is(decimal_text(&d, &arena), cases[i].out))
			fail_msg("\"%s\" is not %s", cases[i].in, cases[i].out);
	}
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct decimal a, b;
		assert_true(decimal_parse(&a, text_of(pairs[i].a), &arena));
		assert_true(decimal_parse(&b, text_of(pairs[i].b), &arena));
		int order = decimal_cmp(&a, &b);
		if ((order > 0) - (order < 0) != pairs[i].order)
			fail_msg("%s against %s: %d", pairs[i].a, pairs[i].b, order);
	}
	arena_free(&arena);
}

static void
moments_are_read_and_printed_to_the_millisecond(void **state)
{
	(void)state;
	static const struct {
		const char *in;
		enum moment_form form;
		int64_t ms;
	} cases[] = {
		{ "1970-01-01T00:00:00Z", MOMENT_OK, 0 },
		{ "1969-12-31T23:59:59.999Z", MOMENT_OK, -1 },
		{ "2026-01-31T09:08:07.123456Z", MOMENT_OK, 1769850487123 },
		{ "2026-01-31T18:08:07.123+09:00", MOMENT_OK, 1769850487123 },
		{ "2026-01-31 04:08:07-0500", MOMENT_OK, 1769850487000 },
		{ "2024-02-29T00:00Z", MOMENT_OK, 1709164800000 },
		{ "0000-01-01T00:00Z", MOMENT_OK, -62167219200000 },
		{ "2026-01-31T09:08:07", MOMENT_NO_ZONE, 0 },
		{ "2026-01-31", MOMENT_NONE, 0 },
		{ "2026-02-30T00:00Z", MOMENT_NONE, 0 },
		{ "2023-02-29T00:00Z", MOMENT_NONE, 0 },
		{ "2026-01-31T24:00Z", MOMENT_NONE, 0 },
		{ "2026-01-31T09:60Z", MOMENT_NONE, 0 },
		{ "2026-1-31T09:00Z", MOMENT_NONE, 0 },
		{ "2026-01-31T09:00Zx", MOMENT_NONE, 0 },
		{ "2026-01-31T09:00:00.Z", MOMENT_NONE, 0 },
		{ "", MOMENT_NONE, 0 },
	};
	struct arena arena = ARENA_INIT;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t ms = 0;
		if (moment_datetime(text_of(cases[i].in), &ms) != cases[i].form
		    || (cases[i].form == MOMENT_OK && ms != cases[i].ms))
			fail_msg("\"%s\": %lld", cases[i].in, (long long)ms);
		if (cases[i].form != MOMENT_OK)
			continue;
		int64_t again;
		assert_int_equal(moment_datetime(moment_print_datetime(ms, &arena),
		                                 &again),
		                 MOMENT_OK);
		assert_int_equal(again, ms);
	}
	for (int64_t day = -719528; day < 800000; day += 37) {
		struct rk_text date = moment_print_date(day * 86400000 + 1, &arena);
		int64_t again;
		assert_true(moment_is_date(date));
		date = arena_printf(&arena, "%.*sT00:00Z", (int)date.len, date.ptr);
		assert_int_equal(moment_datetime(date, &again), MOMENT_OK);
		assert_int_equal(again, day * 86400000);
	}
	arena_free(&arena);
}

static void
rich_text_keeps_words_and_lines_and_nothing_else(void **state)
{
	(void)state;
	static const struct { const char *html, *text;
	} cases[] = {
		{ "<p>a</p><p>b &amp; c</p>", "a\nb & c" },
		{ "a<br/>b<BR>c", "a\nb\nc" },
		{ "<script>x()</script>y<!-- z -->", "y" },
		{ "&#12354;&#x3044;&#0;", "あい&#0;" },
		{ "1 < 2", "1" },
		{ "&lt;b&gt;", "<b>" },
		{ "a&nbsp;b", "a b" },
		{ "<a href='x'>link</a>", "link" },
		{ "<", "" },
		{ "&#xD800;", "&#xD800;" },
		{ "<style>p{}</style", "" },
		{ "&#9999999;", "&#9999999;" },
		{ "", "" },
	};
	struct arena arena = ARENA_INIT;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct rk_text text = html_to_text(text_of(cases[i].html), &arena);
		if (!text_is(text, cases[i].text))
			fail_msg("%s: got \"%.*s\"", cases[i].html, (int)text.len,
				 text.ptr);
	}
	struct rk_text back = html_from_text(text_of("a < b &\n\"c\""), &arena);
	assert_true(text_is(back, "a &lt; b &amp;<br>&quot;c&quot;"));
	assert_true(text_is(html_to_text(back, &arena), "a < b &\n\"c\""));
	arena_free(&arena);
}

static struct mapping *
compile_key(const char *to, const char *from)
{
	struct config_map map = { .from = from, .to = to, .enabled = true };
	struct config_sync sync = { .name = "s", .maps = &map, .map_count = 1 };
	struct problems problems = PROBLEMS_INIT;
	struct mapping *m = NULL;
	sync.from.object = "contacts";
	sync.to.object = "123";
	sync.to.key = to;
	assert_true(mapping_compile(&m, &sync, &source, &target, &problems));
	problems_free(&problems);
	return m;
}

static void
keys_compare_trimmed_composed_and_by_the_targets_case(void **state)
{
	(void)state;
	static const struct {
		const char *to;
		struct rk_value value;
		const char *key;
	} cases[] = {
		{ "key",
		  { .type = RK_TEXT, .text = T(" Aya@Example.JP\n") },
		  "aya@example.jp" },
		{ "key", { .type = RK_TEXT, .text = T("\u3000か\u3099\u3000") }, "が" },
		{ "key", { .type = RK_TEXT, .text = T("ÄÖ") }, "äö" },
		{ "key", { .type = RK_TEXT, .text = T("A\u0308") }, "ä" },
		{ "key", { .type = RK_TEXT, .text = T("Ａ") }, "ａ" },
		{ "key", { .type = RK_TEXT, .text = T("  ") }, "" },
		{ "key", { .type = RK_NULL }, "" },
		{ "key", { .type = RK_ABSENT }, "" },
		{ "key", { .type = RK_INTEGER, .number = 7 }, "7" },
		{ "number_key", { .type = RK_DECIMAL, .text = T("007.50") }, "7.5" },
		{ "number_key", { .type = RK_INTEGER, .number = -7 }, "-7" },
		{ "number_key", { .type = RK_TEXT, .text = T("1e2") }, "100" },
	};
	struct arena arena = ARENA_INIT;
	struct mapping *m = NULL;
	for (size_t i = 0; i < COUNT(cases); i++) {
		m = compile_key(cases[i].to,
		                strcmp(cases[i].to, "key") == 0 ? "text" : "dec");
		assert_int_equal(mapping_key_slot(m, 0), 0);
		struct rk_text key = mapping_key(m, 0, &cases[i].value, &arena);
		if (!text_is(key, cases[i].key))
			fail_msg("case %zu: got \"%.*s\", want \"%s\"", i, (int)key.len,
				 key.ptr, cases[i].key);
		mapping_free(m);
	}
	arena_free(&arena);
}

static void
the_revision_changes_with_what_decides_a_row_and_with_nothing_else(void **state)
{
	(void)state;
	struct config_pair pairs[] = { { "lead", "L" } };
	struct config_map maps[] = {
		{ .from = "text", .to = "key", .enabled = true },
		{ .from = "choice", .to = "to_choice", .enabled = true, .values = pairs,
		  .value_count = 1 },
		{ .from = "text2", .to = "to_text", .enabled = false },
	};
	struct config_sync sync = { .name = "s", .maps = maps, .map_count = 3 };
	struct rk_field fields[COUNT(source_fields)];
	struct rk_schema other = source;
	struct mapping *m;
	struct problems problems = PROBLEMS_INIT;
	unsigned char seen[10][16];
	size_t count = 0;
	memcpy(fields, source_fields, sizeof fields);
	other.fields = fields;
	sync.from.object = "contacts";
	sync.to.object = "123";
	sync.to.key = "key";
#define SEE(schema_)                                                                     \
	do {                                                                             \
		assert_true(mapping_compile(&m, &sync, (schema_), &target, &problems));  \
		mapping_revision(m, seen[count++]);                                      \
		mapping_free(m);                                                         \
	} while (0)
	SEE(&source);
	maps[0].from = "text | lower"; SEE(&source);
	pairs[0].to = "X1"; SEE(&source);
	maps[1].otherwise = "X2"; SEE(&source);
	maps[1].nulls = NULLS_CLEAR; SEE(&source);
	maps[2].enabled = true; SEE(&source);
	sync.from.filter = "text is not empty"; SEE(&source);
	fields[0].type = RK_CHOICE; SEE(&other);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(seen[i], seen[k], 16);
	fields[0].type = RK_TEXT;
	fields[0].label = (struct rk_text)T("another label");
	sync.name = "another name";
	sync.enabled = true;
	SEE(&other);
	assert_memory_equal(seen[count - 1], seen[6], 16);
	assert_true(mapping_compile(&m, &sync, &source, NULL, &problems));
	mapping_revision(m, seen[count]);
	assert_memory_equal(seen[count], seen[6], 16);
	mapping_free(m);
	problems_free(&problems);
}

static void
all_mistakes_of_a_sync_are_said_at_once_with_their_places(void **state)
{
	(void)state;
	struct config_pair pairs[] = {{"lead", "Lx"}, {"lead", "L"}, {"nope", "L"}};
	struct config_map maps[] = {
		{ .from = "texd", .to = "to_text", .enabled = true },
		{ .from = "text", .to = "to_txt", .enabled = true },
		{ .from = "text", .to = "read_only", .enabled = true },
		{ .from = "text", .to = "number", .enabled = true },
		{ .from = "text", .to = "to_text", .enabled = true },
		{ .from = "choice", .to = "to_choice", .enabled = true, .values = pairs,
		  .value_count = 3 },
		{ .from = "moment", .to = "to_date", .enabled = true },
	};
	static const char *const want[] = {
		"filter: found field \"texd\", expected a field of the source",
		"expected an option of \"choice\": \"lead\"",
		"(a moment is no date)",
		"map to \"to_text\": found field \"texd\", expected a field of the "
		"source (did you mean \"text\"?)",
		"map to \"to_txt\": found no such field in the target, expected one of "
		"its 32 fields (did you mean \"to_text\"?)",
		"map to \"read_only\": this field of the target cannot be written: the "
		"CRM computes it",
		"map to \"number\": this field of the target cannot be mapped: record "
		"numbers are",
		"map to \"to_text\": found a second map for this field (the first is in "
		"line 10)",
		"values: found \"Lx\": \"Lx\" is no option of \"to_choice\"",
		"values: found \"lead\" twice",
		"values: \"nope\" is no option of the source's \"choice\"",
		"map to \"to_date\": found datetime, expected date: a moment becomes a "
		"date only in a zone",
		"key: found \"to_text\", which does not prohibit duplicate values, "
		"expected a field that can be the key: \"key\", \"number_key\"",
		"map: no map fills \"must\", which the target requires",
	};
	struct config_sync sync = { .name = "s", .maps = maps, .map_count = COUNT(maps) };
	struct problems problems = PROBLEMS_INIT;
	struct mapping *m = NULL;
	BUF_AUTO out = BUF_INIT(100000);
	sync.to.key = "to_text";
	sync.to.key_at = sync.from.filter_at = (struct place){ "a.conf", 9 };
	sync.from.filter =
		"texd = 'x' and choice = 'leed' and date > '2026-01-01T00:00:00Z'";
	for (unsigned i = 0; i < COUNT(maps); i++)
		maps[i].at = (struct place){ "a.conf", 10 + i };
	assert_false(mapping_compile(&m, &sync, &source, &target, &problems));
	problems_print(&problems, &out);
	for (size_t i = 0; i < COUNT(want); i++)
		if (strstr(buf_str(&out), want[i]) == NULL)
			fail_msg("not said: %s\nsaid:\n%s", want[i], buf_str(&out));
	problems_free(&problems);
}

static void
a_create_needs_what_the_target_requires_and_an_update_does_not(void **state)
{
	(void)state;
	struct config_map maps[] = {
		{ .from = "text", .to = "key", .enabled = true },
		{ .from = "text2", .to = "must", .enabled = true },
	};
	struct config_sync sync = { .name = "s", .maps = maps, .map_count = 2 };
	struct problems problems = PROBLEMS_INIT;
	struct mapping *m;
	struct arena arena = ARENA_INIT;
	struct rk_value row[2], values[2] = { { .type = RK_TEXT, .text = T("a") },
	                                      { .type = RK_NULL } };
	struct rk_record record = { .id = T("1"), .values = values };
	struct mapping_fault fault = { 0 };
	sync.to.key = "key";
	assert_true(mapping_compile(&m, &sync, &source, &target, &problems));
	assert_true(mapping_apply(m, &record, &arena, row, &fault));
	assert_int_equal(row[1].type, RK_ABSENT);
	assert_false(mapping_may_create(m, row, &arena, &fault));
	assert_int_equal(fault.category, RK_CAT_PROPERTY_VALUE);
	assert_true(text_is(fault.field, "must"));
	values[1] = values[0];
	assert_true(mapping_apply(m, &record, &arena, row, &fault));
	assert_true(mapping_may_create(m, row, &arena, &fault));
	/* What did not change was not copied. */
	assert_ptr_equal(row[1].text.ptr, values[1].text.ptr);
	mapping_free(m);
	problems_free(&problems);
	arena_free(&arena);
}

static void
columns_of_one_table_stand_side_by_side(void **state)
{
	(void)state;
	struct config_map maps[] = {
		{ .from = "refs", .to = "to_table.item", .enabled = true },
		{ .from = "$id", .to = "key", .enabled = true },
		{ .from = "text", .to = "to_table.note", .enabled = true },
		{ .from = "table", .to = "to_table", .enabled = false },
	};
	struct config_sync sync = { .name = "s", .maps = maps, .map_count = 4 };
	struct problems problems = PROBLEMS_INIT;
	struct mapping *m;
	struct arena arena = ARENA_INIT;
	struct rk_value row[2];
	struct mapping_fault fault = { 0 };
	size_t count;
	sync.to.key = "key";
	assert_true(mapping_compile(&m, &sync, &source, &target, &problems));
	mapping_target_fields(m, &count);
	assert_int_equal(count, 2);
	assert_int_equal(mapping_key_slot(m, 0), 1);
	const struct rk_field *fields = mapping_source_fields(m, &count);
	struct rk_record record = record_of(&arena, fields, count,
	                                    "{\"refs\":[\"1\",\"2\"],\"text\":\"x\"}");
	assert_true(mapping_apply(m, &record, &arena, row, &fault));
	cJSON *made = json_of(&arena, &row[0]);
	char *json = cJSON_PrintUnformatted(made);
	cJSON_Delete(made);
	assert_string_equal(json,
	                    "[[\"absent\",\"1\",\"x\"],[\"absent\",\"2\",\"absent\"]]");
	free(json);
	/* A table is written whole: what was not told leaves it alone. */
	record = record_of(&arena, fields, count, "{\"refs\":[\"1\"]}");
	assert_true(mapping_apply(m, &record, &arena, row, &fault));
	assert_int_equal(row[0].type, RK_ABSENT);
	mapping_free(m);
	maps[3].enabled = true;
	assert_false(mapping_compile(&m, &sync, &source, &target, &problems));
	problems_free(&problems);
	arena_free(&arena);
}

static void
a_table_that_holds_more_than_can_be_written_is_told(void **state)
{
	(void)state;
	static const char want[] = "map to \"to_table.item\": writing the table may lose what "
	                           "its column \"papers\" holds: files stay behind";
	struct config_map maps[] = {
		{ .from = "text", .to = "key", .enabled = true },
		{ .from = "refs", .to = "to_table.item", .enabled = true },
		{ .from = "text", .to = "to_table.note", .enabled = true },
	};
	struct config_sync sync = { .name = "s", .maps = maps, .map_count = 3 };
	struct problems problems = PROBLEMS_INIT;
	struct mapping *m;
	struct rk_field fields[64], columns[8];
	struct rk_schema wider = target;
	struct rk_field *table = fields;
	BUF_AUTO out = BUF_INIT(100000);
	memcpy(fields, target.fields, target.field_count * sizeof *fields);
	wider.fields = fields;
	while (table->type != RK_TABLE)
		table++;
	memcpy(columns, table->columns, table->column_count * sizeof *columns);
	columns[table->column_count++] = (struct rk_field){
		.name = T("papers"), .type = RK_TEXT, .unmappable = T("files stay behind") };
	table->columns = columns;
	sync.to.key = "key";
	assert_true(mapping_compile(&m, &sync, &source, &wider, &problems));
	problems_print(&problems, &out);
	const char *said = strstr(buf_str(&out), want);
	assert_non_null(said);
	assert_null(strstr(said + strlen(want), "papers"));
	mapping_free(m);
	problems_free(&problems);
}

static void
filters_of_any_size_end_in_an_answer(void **state)
{
	(void)state;
	static const struct {
		const char *part;
		size_t times;
		const char *says;
	} cases[] = {
		{ "(", 20000, "fewer brackets" },
		{ "not ", 8000, "fewer brackets" },
		{ "text='a' and ", 2000, "fewer tests" },
		{ "'", 30001, "without its end" },
		{ "\xE3\x80", 5000, "expected" },
		{ "text in ('a',", 3000, "expected" },
		{ "x", 40000, "expected at most" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct config_sync sync = { .name = "s" };
		struct problems problems = PROBLEMS_INIT;
		struct mapping *m;
		BUF_AUTO text = BUF_INIT(1000000);
		BUF_AUTO out = BUF_INIT(1000000);
		for (size_t k = 0; k < cases[i].times; k++)
			buf_adds(&text, cases[i].part);
		sync.from.filter = buf_str(&text);
		assert_false(mapping_compile(&m, &sync, &source, NULL, &problems));
		problems_print(&problems, &out);
		if (strstr(buf_str(&out), cases[i].says) == NULL)
			fail_msg("%zu: %s", i, buf_str(&out));
		problems_free(&problems);
	}
}

/* Texts near to good ones reach further into a parser than noise does. */
static char *
spoil(struct arena *a, const char *good, uint32_t *seed)
{
	static const char pieces[] = "|${}()'\",=<>! $\\\xE3\x80\xFF\x01not in is 09-:TZ";
	size_t len = strlen(good);
	char *text = arena_str(a, good);
	for (unsigned n = 1 + (*seed >> 7) % 4; n > 0 && len > 0; n--) {
		*seed = *seed * 1664525u + 1013904223u;
		text[(*seed >> 8) % len] = pieces[(*seed >> 20) % (sizeof pieces - 1)];
		if ((*seed >> 28) == 0)
			text[len = (*seed >> 8) % len] = '\0';
	}
	return text;
}

static void
whatever_is_written_compiles_or_is_complained_of(void **state)
{
	(void)state;
	static const char *const good[] = {
		"${text | trim | first(text2, 姓 名)} and ${choices | join(', ')} || $$ | "
		"upper",
		"moment | date(Asia/Tokyo)",
		"'it''s' | lower",
		"choices | first | nfkc | digits",
		"text in ('a', \"b\", 'c''d') and not (int >= 10.5e1 or date < "
		"2026-01-31)",
		"${姓 名} is not empty or moment > 2026-01-31T00:00:00+09:00 and bool = "
		"true",
	};
	uint32_t seed = 20260131;
	unsigned compiled = 0;
	struct arena arena = ARENA_INIT;
	for (unsigned i = 0; i < 30000; i++) {
		struct config_map map = { .to = "to_text",
			                  .enabled = true,
			                  .from = "text" };
		struct config_sync sync = { .name = "s", .maps = &map, .map_count = 1 };
		struct problems problems = PROBLEMS_INIT;
		struct mapping *m;
		char *text = spoil(&arena, good[i % COUNT(good)], &seed);
		*(i % COUNT(good) < 4 ? &map.from : &sync.from.filter) = text;
		map.to = i % COUNT(good) == 1 ? "to_date" : map.to;
		bool yes = mapping_compile(&m, &sync, &source, NULL, &problems);
		if (yes == problems_stop_sync(&problems, "s"))
			fail_msg("\"%s\": compile says %d", text, yes);
		if (yes) {
			compiled++;
			mapping_free(m);
		}
		problems_free(&problems);
		if (i % 100 == 0)
			arena_clear(&arena);
	}
	assert_in_range(compiled, 300, 29000);
	arena_free(&arena);
}

static void
help_names_every_transform_in_both_languages(void **state)
{
	(void)state;
	static const char *const names[] = { "trim",  "lower",   "upper",      "digits",
		                             "clean", "nfkc",    "date(ZONE)", "first",
		                             "join",  "contains",
		                             "width", "kana",    "company",    "postal",
		                             "phone", "era",     "prefecture", "name(" };
	BUF_AUTO en = BUF_INIT(100000);
	BUF_AUTO ja = BUF_INIT(100000);
	mapping_print_help(&en, "en");
	mapping_print_help(&ja, "ja");
	for (size_t i = 0; i < COUNT(names); i++) {
		assert_non_null(strstr(buf_str(&en), names[i]));
		assert_non_null(strstr(buf_str(&ja), names[i]));
	}
	assert_non_null(strstr(buf_str(&ja), "フィルター"));
	assert_true(text_utf8_valid(buf_text(&ja)));
}

/* What is proposed for each field of a target, from a source of its own. */
static void
a_proposal_goes_by_name_label_and_meaning_and_says_what_does_not_fit(void **state)
{
	(void)state;
	static const struct rk_option ja[] = { { T("見込み"), T("見込み") },
		                               { T("顧客"), T("顧客") } };
	static const struct rk_option en[] = { { T("lead"), T("見込み") },
		                               { T("lost"), T("Lost") } };
	static const struct rk_option strange[] = { { T("x"), T("X") } };
#define PICK(list) .type = RK_CHOICE, FREE, .options = (list), .option_count = COUNT(list)
	static const struct rk_field from[] = {
		{ .name = T("email"), .type = RK_TEXT, FREE },
		{ .name = T("mail_2"), .label = T("Mail"), .type = RK_TEXT, FREE },
		{ .name = T("lastname"), .type = RK_TEXT, FREE },
		{ .name = T("firstname"), .type = RK_TEXT, FREE },
		{ .name = T("name"), .label = T("Company Name"), .type = RK_TEXT, FREE },
		{ .name = T("seen"), .label = T("最終接触"), .type = RK_DATETIME, FREE },
		{ .name = T("state1"), .label = T("段階"), PICK(en) },
		{ .name = T("kind"), PICK(strange) },
		{ .name = T("doc"), .type = RK_TEXT, FREE, .unmappable = T("a file") },
		{ .name = T("spare"), .type = RK_TEXT, FREE },
	};
	static const struct rk_field to[] = {
		{ .name = T("Ｅ－ｍａｉｌ"), .type = RK_TEXT, LIMITS(-1, 64, -1, -1),
		  .flags = W | RK_FIELD_KEY },
		{ .name = T("氏名"), .type = RK_TEXT, FREE, .flags = W },
		{ .name = T("会社名"), .type = RK_TEXT, FREE, .flags = W },
		{ .name = T("最終接触"), .type = RK_DATE, FREE, .flags = W },
		{ .name = T("段階"), .flags = W, PICK(ja) },
		{ .name = T("kind"), .flags = W, PICK(ja) },
		{ .name = T("doc"), .type = RK_TEXT, FREE, .flags = W },
		{ .name = T("番号"), .type = RK_TEXT, FREE,
		  .flags = W | RK_FIELD_REQUIRED | RK_FIELD_KEY },
		{ .name = T("sum"), .type = RK_DECIMAL, FREE, .flags = RK_FIELD_COMPUTED },
	};
#undef PICK
	static const struct { enum proposal_kind kind; const char *expression, *why; }
	want[COUNT(to)] = {
		{ PROPOSAL_MAPPED, "email", NULL },
		{ PROPOSAL_MAPPED, "${lastname} ${firstname}", NULL },
		{ PROPOSAL_MAPPED, "name", NULL },
		{ PROPOSAL_UNFIT, "seen", "only in a zone" },
		{ PROPOSAL_MAPPED, "state1", NULL },
		{ PROPOSAL_UNFIT, "kind", "no option" },
		{ PROPOSAL_UNFIT, "doc", "a file" },
		{ PROPOSAL_ALONE, NULL, NULL },
		{ PROPOSAL_CLOSED, NULL, NULL },
	};
	struct rk_schema have = { .fields = from, .field_count = COUNT(from) };
	struct rk_schema wanted = { .fields = to, .field_count = COUNT(to) };
	struct arena arena = { 0 };
	struct proposals found;
	struct proposal_side one = { .schema = &have }, two = { .schema = &wanted };
	propose(&one, &two, LANG_EN, &arena, &found);
	assert_int_equal(found.count, COUNT(to));
	for (size_t i = 0; i < COUNT(to); i++) {
		const struct proposal *p = &found.rows[i];
		assert_int_equal(p->kind, want[i].kind);
		assert_true((p->expression == NULL) == (want[i].expression == NULL));
		if (p->expression != NULL)
			assert_string_equal(p->expression, want[i].expression);
		assert_true((p->why == NULL) == (want[i].why == NULL));
		if (p->why != NULL)
			assert_non_null(strstr(p->why, want[i].why));
	}
	assert_true(found.key == &found.rows[0] && found.key->longer);
	assert_int_equal(found.rows[4].pair_count, 2);
	assert_true(text_is(found.rows[4].pairs[0].value, "見込み"));
	assert_int_equal(found.rows[4].pairs[1].value.len, 0);
	assert_int_equal(found.unused_count, 2);        /* mail_2, spare */
	assert_ptr_equal(found.unused[0], &from[1]);
	arena_free(&arena);
}

/* What connectors state goes before what fields are called, and words that we do not know
 * meet too; types are brought together; the source's id is the key, or would be. */
static void
what_is_stated_meets_and_types_are_brought_together(void **state)
{
	(void)state;
	static const struct rk_option stages[] = { { T("1"), T("New") },
		                                   { T("2"), T("Closed Won") } };
	static const struct rk_option words[] = { { T("受注"), T("受注") },
		                                  { T("新規"), T("新規") } };
	static const struct rk_option colours[] = { { T("r"), T("Red") } };
	static const struct rk_field from[] = {
		{ .name = T("Id"), .type = RK_TEXT, FREE },
		{ .name = T("Name"), .type = RK_TEXT, FREE },
		{ .name = T("Mail_Street"), .type = RK_TEXT, FREE },
		{ .name = T("odd"), .type = RK_TEXT, FREE },
		{ .name = T("seen"), .type = RK_DATETIME, FREE },
		{ .name = T("due"), .type = RK_DATE, FREE, .flags = RK_FIELD_REQUIRED },
		{ .name = T("day"), .type = RK_DATE, FREE },
		{ .name = T("tags"), .type = RK_CHOICES, FREE },
		{ .name = T("phase"), .type = RK_CHOICE, FREE, .options = stages,
		  .option_count = COUNT(stages) },
		{ .name = T("colour"), .type = RK_CHOICE, FREE, .options = colours,
		  .option_count = COUNT(colours) },
		{ .name = T("renkei_id"), .type = RK_TEXT, FREE },
	};
	static const struct rk_field to[] = {
		{ .name = T("会社名"), .type = RK_TEXT, FREE, .flags = W },
		{ .name = T("住所"), .type = RK_TEXT, FREE, .flags = W },
		{ .name = T("other"), .type = RK_TEXT, FREE, .flags = W },
		{ .name = T("seen"), .type = RK_DATE, FREE, .flags = W },
		{ .name = T("due"), .type = RK_DATETIME, FREE, .flags = W },
		{ .name = T("day"), .type = RK_DATETIME, FREE, .flags = W },
		{ .name = T("tags"), .type = RK_TEXT, FREE, .flags = W },
		{ .name = T("フェーズ"), .type = RK_CHOICE, FREE, .flags = W, .options = words,
		  .option_count = COUNT(words) },
		{ .name = T("colour"), .type = RK_TEXT, FREE, .flags = W },
		{ .name = T("Renkei_Id__c"), .type = RK_TEXT, FREE, .flags = W | RK_FIELD_KEY },
	};
	static const char *const want[COUNT(to)] = {
		"Name", "Mail_Street", "odd", "seen | date(Asia/Tokyo)", "${due}T12:00:00Z", NULL,
		"tags | join(', ')", "phase", "colour", "Id",
	};
	static const struct config_pair usual[] = {
		{ "company", "Name" }, { "street", "Mail_Street" }, { "deal_stage", "phase" },
		{ "shoe_size", "odd" }, { "fax", "not there" },
	}, theirs[] = { { "shoe size", "other" } };
	struct rk_schema have = { .fields = from, .field_count = COUNT(from) };
	struct rk_schema wanted = { .fields = to, .field_count = COUNT(to) };
	struct proposal_side one = { &have, usual, COUNT(usual), "Asia/Tokyo" };
	struct proposal_side two = { &wanted, theirs, COUNT(theirs), NULL };
	struct arena arena = { 0 };
	struct proposals found;
	propose(&one, &two, LANG_EN, &arena, &found);
	for (size_t i = 0; i < COUNT(to); i++) {
		const struct proposal *p = &found.rows[i];
		assert_int_equal(p->kind, want[i] != NULL ? PROPOSAL_MAPPED : PROPOSAL_UNFIT);
		if (want[i] != NULL)
			assert_string_equal(p->expression, want[i]);
	}
	assert_non_null(strstr(found.rows[5].why, "only in a zone"));
	assert_true(text_is(found.rows[7].pairs[0].value, "新規"));
	assert_true(text_is(found.rows[7].pairs[1].value, "受注"));
	assert_true(text_is(found.rows[8].pairs[0].value, "Red"));
	assert_ptr_equal(found.key, &found.rows[9]);
	wanted.field_count--;
	one.zone = NULL;
	propose(&one, &two, LANG_EN, &arena, &found);
	assert_null(found.key);
	assert_ptr_equal(found.key_from, &from[0]);
	assert_int_equal(found.rows[3].kind, PROPOSAL_UNFIT);
	arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_of_the_file_comes_out_as_written),
		cmocka_unit_test(
			japanese_values_come_out_as_published_and_a_second_time_the_same),
		cmocka_unit_test(decimals_are_exact_and_compare_as_numbers),
		cmocka_unit_test(moments_are_read_and_printed_to_the_millisecond),
		cmocka_unit_test(rich_text_keeps_words_and_lines_and_nothing_else),
		cmocka_unit_test(keys_compare_trimmed_composed_and_by_the_targets_case),
		cmocka_unit_test(
			the_revision_changes_with_what_decides_a_row_and_with_nothing_else),
		cmocka_unit_test(
			all_mistakes_of_a_sync_are_said_at_once_with_their_places),
		cmocka_unit_test(
			a_create_needs_what_the_target_requires_and_an_update_does_not),
		cmocka_unit_test(columns_of_one_table_stand_side_by_side),
		cmocka_unit_test(a_table_that_holds_more_than_can_be_written_is_told),
		cmocka_unit_test(filters_of_any_size_end_in_an_answer),
		cmocka_unit_test(whatever_is_written_compiles_or_is_complained_of),
		cmocka_unit_test(help_names_every_transform_in_both_languages),
		cmocka_unit_test(
			a_proposal_goes_by_name_label_and_meaning_and_says_what_does_not_fit),
		cmocka_unit_test(what_is_stated_meets_and_types_are_brought_together),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
