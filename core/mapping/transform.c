/* SPDX-License-Identifier: Apache-2.0
 *
 * transform.c - see transform.h. */
#include "mapping/transform.h"

#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "base/zone.h"
#include "mapping/convert.h"
#include "mapping/fault.h"
#include "mapping/moment.h"
#include "mapping/unicode.h"
#include "record/value.h"

#define BIT(type) (1u << (type))
#define PLAIN (BIT(RK_TEXT) | BIT(RK_CHOICE) | BIT(RK_REF) | BIT(RK_USER))
#define LISTS (BIT(RK_CHOICES) | BIT(RK_REFS) | BIT(RK_USER))

enum argument { ARG_NONE, ARG_SEPARATOR, ARG_ZONE, ARG_FIELDS };

typedef bool transform_step(const struct transform *t, const struct transform_scene *s,
                            struct rk_value *value);

struct transform_kind {
	const char *name, *usage;
	enum argument argument;
	uint32_t takes;                    /* A bit a type. */
	uint32_t gives;                    /* RK_TEXT leaves rich text rich. */
	transform_step *run;
	const char *help, *help_ja;
};

/* The value as plain text; rich text stays what it is. */
static bool
as_text(const struct transform_scene *s, struct rk_value *v)
{
	struct rk_text text;
	if (v->type == RK_TEXT || v->type == RK_RICH)
		return true;
	if (!convert_text(v, s->arena, &text))
		return fault_set(s->fault, s->arena, RK_CAT_PROPERTY_VALUE, v->text,
		                 "found several users, expected one: put `first` or "
		                 "`join` before");
	*v = (struct rk_value){ .type = RK_TEXT, .flags = v->flags & RK_VALUE_HAS_NUL,
	                        .text = text };
	return true;
}

static bool
run_trim(const struct transform *t, const struct transform_scene *s, struct rk_value *v)
{
	(void)t;
	if (!as_text(s, v))
		return false;
	v->text = text_trim(v->text);
	return true;
}

static bool
run_lower(const struct transform *t, const struct transform_scene *s, struct rk_value *v)
{
	(void)t;
	if (!as_text(s, v))
		return false;
	v->text = unicode_lower(v->text, s->arena);
	return true;
}

static bool
run_upper(const struct transform *t, const struct transform_scene *s, struct rk_value *v)
{
	(void)t;
	if (!as_text(s, v))
		return false;
	v->text = unicode_upper(v->text, s->arena);
	return true;
}

/* The digit that the text begins with, full width (U+FF10 to U+FF19) too, and
 * the bytes that it takes; '\0' for all else. */
static char
digit_at(struct rk_text text, size_t at, size_t *bytes)
{
	const unsigned char *p = (const unsigned char *)text.ptr + at;
	*bytes = 1;
	if (*p >= '0' && *p <= '9')
		return (char)*p;
	if (text.len - at < 3 || p[0] != 0xEF || p[1] != 0xBC || p[2] < 0x90
	    || p[2] > 0x99)
		return '\0';
	*bytes = 3;
	return (char)('0' + p[2] - 0x90);
}

static bool
run_digits(const struct transform *t, const struct transform_scene *s, struct rk_value *v)
{
	(void)t;
	if (!as_text(s, v))
		return false;
	char *out = arena_alloc(s->arena, v->text.len + 1);
	size_t len = 0;
	for (size_t i = 0, n; i < v->text.len; i += n) {
		char digit = digit_at(v->text, i, &n);
		if (digit != '\0')
			out[len++] = digit;
	}
	v->text = (struct rk_text){ out, len };
	return true;
}

/* Bytes of the control character at 'at', 0 if it is none: C0 but for tab and
 * line ends, DEL, and C1 (U+0080 to U+009F). */
static size_t
control_at(struct rk_text text, size_t at)
{
	const unsigned char *p = (const unsigned char *)text.ptr + at;
	if (*p < 0x20)
		return *p == '\t' || *p == '\n' || *p == '\r' ? 0 : 1;
	if (*p == 0x7F)
		return 1;
	return *p == 0xC2 && text.len - at > 1 && p[1] < 0xA0 ? 2 : 0;
}

static bool
run_clean(const struct transform *t, const struct transform_scene *s, struct rk_value *v)
{
	(void)t;
	if (!as_text(s, v))
		return false;
	v->flags &= ~RK_VALUE_HAS_NUL;
	size_t i = 0;
	while (i < v->text.len && control_at(v->text, i) == 0)
		i++;
	if (i == v->text.len)
		return true;
	char *out = arena_alloc(s->arena, v->text.len);
	size_t len = 0;
	for (i = 0; i < v->text.len;) {
		size_t n = control_at(v->text, i);
		if (n == 0)
			out[len++] = v->text.ptr[i];
		i += n > 0 ? n : 1;
	}
	v->text = (struct rk_text){ out, len };
	return true;
}

static bool
run_nfkc(const struct transform *t, const struct transform_scene *s, struct rk_value *v)
{
	(void)t;
	return as_text(s, v)
	       && (unicode_nfkc(&v->text, s->arena)
	           || fault_set(s->fault, s->arena, RK_CAT_PROPERTY_VALUE, v->text,
	                        "the text is not well-formed UTF-8"));
}

static bool
run_date(const struct transform *t, const struct transform_scene *s, struct rk_value *v)
{
	int64_t second = v->number / 1000 - (v->number % 1000 < 0);
	int64_t local = second + zone_offset_s(t->zone, second);
	if (!moment_is_sane(local * 1000))
		return fault_set(s->fault, s->arena, RK_CAT_PROPERTY_VALUE,
		                 moment_print_datetime(v->number, s->arena),
		                 "in that zone the date lies outside the years 0 to "
		                 "9999");
	int64_t day = local / 86400 - (local % 86400 < 0);
	*v = (struct rk_value){.type = RK_DATE, .text = moment_print_date(day, s->arena)};
	return true;
}

/* Without arguments: the first item of a list.  With fields: the first of the
 * value and these fields that is not empty; what was not told could be it, so
 * nothing is said then. */
static bool
run_first(const struct transform *t, const struct transform_scene *s, struct rk_value *v)
{
	if (t->slot_count == 0) {
		if (v->count > 0) {
			struct rk_value item = v->items[0];
			*v = item;
		} else if (v->type != RK_USER && v->type != RK_ABSENT) {
			*v = (struct rk_value){ .type = RK_NULL };
		}
		return true;
	}
	for (size_t i = 0; i < t->slot_count; i++) {
		if (v->type == RK_ABSENT || !value_is_empty(v))
			return true;
		if (!inputs_value(s->inputs, s->record, t->slots[i], s->arena, v,
		                  s->fault))
			return false;
	}
	return true;
}

static bool
run_join(const struct transform *t, const struct transform_scene *s, struct rk_value *v)
{
	struct rk_value out = { .type = RK_TEXT, .flags = v->flags & RK_VALUE_HAS_NUL };
	struct rk_text part;
	size_t len = v->text.len;
	for (uint64_t i = 0; i < v->count; i++)
		len += v->items[i].text.len + t->separator.len;
	BUF_AUTO text = BUF_INIT(len);
	buf_addt(&text, v->text);
	for (uint64_t i = 0; i < v->count; i++) {
		if (i > 0)
			buf_addt(&text, t->separator);
		if (convert_text(&v->items[i], s->arena, &part))
			buf_addt(&text, part);
		out.flags |= v->items[i].flags & RK_VALUE_HAS_NUL;
	}
	out.text = arena_text(s->arena, buf_text(&text));
	*v = out;
	return true;
}

static const struct transform_kind kinds[] = {
	{ "trim", "trim", ARG_NONE, PLAIN | BIT(RK_RICH), RK_TEXT, run_trim,
	  "removes blanks at both ends, also U+00A0 and the wide U+3000",
	  "前後の空白を取り除く（U+00A0 と全角空白も）" },
	{ "lower", "lower", ARG_NONE, PLAIN, RK_TEXT, run_lower,
	  "makes small letters", "小文字にする" },
	{ "upper", "upper", ARG_NONE, PLAIN, RK_TEXT, run_upper,
	  "makes capital letters", "大文字にする" },
	{ "digits", "digits", ARG_NONE, PLAIN, RK_TEXT, run_digits,
	  "keeps digits only; wide digits become plain ones",
	  "数字だけを残す（全角数字は半角になる）" },
	{ "clean", "clean", ARG_NONE, PLAIN | BIT(RK_RICH), RK_TEXT, run_clean,
	  "removes control characters but tab and line ends, and accepts a text from "
	  "which U+0000 was cut",
	  "タブと改行を除く制御文字を取り除き、U+0000 を含んでいた文字列も受け入れる" },
	{ "nfkc", "nfkc", ARG_NONE, PLAIN, RK_TEXT, run_nfkc,
	  "unifies widths and composed characters (Unicode NFKC)",
	  "全角・半角や合成文字を統一する（Unicode NFKC）" },
	{ "date", "date(ZONE)", ARG_ZONE, BIT(RK_DATETIME), RK_DATE, run_date,
	  "the date of a moment in a zone: `created | date(Asia/Tokyo)`",
	  "日時を、指定したタイムゾーンでの日付にする: `created | date(Asia/Tokyo)`" },
	{ "first", "first, first(FIELD, ...)", ARG_FIELDS, ~0u, RK_ABSENT, run_first,
	  "the first item of a list; with fields, the first of the value and these "
	  "fields that is not empty",
	  "リストの最初の項目。フィールドを指定すると、値とそれらのうち空でない最初のもの" },
	{ "join", "join(SEPARATOR)", ARG_SEPARATOR, LISTS, RK_TEXT, run_join,
	  "the items of a list as one text: `interests | join(\", \")`",
	  "リストの項目を一つの文字列にする: `interests | join(\", \")`" },
};

#define KIND_COUNT (sizeof kinds / sizeof *kinds)

static const struct transform_kind *
find_kind(struct rk_text name)
{
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (text_is(name, kinds[i].name))
			return &kinds[i];
	return NULL;
}

static bool
unknown(struct rk_text name, struct arena *arena, struct complaint *c)
{
	const char *names[KIND_COUNT];
	BUF_AUTO list = BUF_INIT(512);
	for (size_t i = 0; i < KIND_COUNT; i++) {
		names[i] = kinds[i].name;
		buf_addf(&list, "%s%s", i > 0 ? ", " : "", names[i]);
	}
	const char *near = text_nearest(arena_text(arena, name).ptr, names, KIND_COUNT);
	return complain(c, "found transform \"%.*s\", expected one of %s%s%s%s",
	                fault_len(name), name.ptr, buf_str(&list),
	                near != NULL ? " (did you mean \"" : "", near != NULL ? near : "",
	                near != NULL ? "\"?)" : "");
}

/* The fields of `first(...)` must be of the value's own type. */
static bool
compile_fields(struct transform *t, const struct rk_text *args, size_t count,
               uint32_t type, struct inputs *in, struct arena *arena,
               struct complaint *c)
{
	bool good = true;
	t->slots = arena_new_array(arena, count, int);
	t->slot_count = count;
	for (size_t i = 0; i < count; i++) {
		const struct rk_field *field = inputs_require(in, args[i], arena, c,
		                                              &t->slots[i]);
		if (field == NULL)
			good = false;
		else if (field->type != type)
			good = complain(
				c, "first: found field \"%.*s\" of type %s, expected %s",
				fault_len(args[i]), args[i].ptr,
				value_type_name(field->type), value_type_name(type));
	}
	return good;
}

static bool
compile_first(struct transform *t, const struct rk_text *args, size_t count,
              uint32_t *type, struct inputs *in, struct arena *arena,
              struct complaint *c)
{
	static const uint32_t item[RK_TYPE_COUNT] = {
		[RK_CHOICES] = RK_CHOICE, [RK_REFS] = RK_REF, [RK_USER] = RK_USER,
	};
	if (count > 0)
		return compile_fields(t, args, count, *type, in, arena, c);
	if (item[*type] == RK_ABSENT)
		return complain(c,
		                "first: found %s, expected a list, or fields to choose "
		                "from: first(FIELD, ...)",
		                value_type_name(*type));
	*type = item[*type];
	return true;
}

static bool
compile_argument(struct transform *t, const struct rk_text *args, size_t count,
                 uint32_t *type, struct inputs *in, struct arena *arena,
                 struct complaint *c)
{
	struct rk_err err = ERR_INIT;
	switch (t->kind->argument) {
	case ARG_FIELDS:
		return compile_first(t, args, count, type, in, arena, c);
	case ARG_NONE:
		return count == 0 || complain(c, "%s: found an argument, expected none",
		                              t->kind->name);
	case ARG_SEPARATOR:
		t->separator = count == 1 ? args[0] : (struct rk_text){ 0 };
		break;
	case ARG_ZONE:
		if (count != 1)
			break;
		t->zone = arena_text(arena, args[0]).ptr;
		return zone_check(ZONE_DIR, t->zone, &err)
		       || complain(c, "%s: %s", t->kind->name, err.message);
	}
	return count == 1 || complain(c, "%s: found %zu arguments, expected %s",
	                              t->kind->name, count, t->kind->usage);
}

bool
transform_compile(struct transform *t, struct rk_text name, const struct rk_text *args,
                  size_t arg_count, uint32_t *type, struct inputs *in,
                  struct arena *arena, struct complaint *c)
{
	const struct transform_kind *kind = find_kind(name);
	if (kind == NULL)
		return unknown(name, arena, c);
	t->kind = kind;
	uint32_t from = *type;
	bool good = compile_argument(t, args, arg_count, type, in, arena, c);
	if ((kind->takes & BIT(from)) == 0)
		return complain(c, "%s does not work on %s", kind->name,
		                value_type_name(from));
	if (kind->gives != RK_ABSENT)
		*type = from == RK_RICH ? RK_RICH : kind->gives;
	return good;
}

bool
transform_run(const struct transform *t, const struct transform_scene *scene,
              struct rk_value *value)
{
	if ((value->type == RK_NULL || value->type == RK_ABSENT)
	    && t->kind->argument != ARG_FIELDS)
		return true;
	return t->kind->run(t, scene, value);
}

void
transform_print_help(struct buf *out, const char *lang)
{
	bool ja = strcmp(lang, "ja") == 0;
	for (size_t i = 0; i < KIND_COUNT; i++)
		buf_addf(out, "  %-28s %s\n", kinds[i].usage,
		         ja ? kinds[i].help_ja : kinds[i].help);
}
