/* SPDX-License-Identifier: Apache-2.0
 *
 * transform.c - see transform.h. */
#include "mapping/transform.h"

#include "base/err.h"
#include "base/text.h"
#include "base/zone.h"
#include "mapping/convert.h"
#include "mapping/japanese.h"
#include "mapping/moment.h"
#include "mapping/unicode.h"
#include "record/value.h"

#define JOIN_BYTES_MAX (10u * 1024 * 1024)
#define BIT(type) (1u << (type))
#define PLAIN (BIT(RK_TEXT) | BIT(RK_CHOICE) | BIT(RK_REF) | BIT(RK_USER))
#define LISTS (BIT(RK_CHOICES) | BIT(RK_REFS) | BIT(RK_USER))

enum argument { ARG_NONE, ARG_SEPARATOR, ARG_ZONE, ARG_FIELDS, ARG_WORDS };

typedef bool transform_step(const struct transform *t, const struct scene *s,
                            struct rk_value *value);

struct transform_kind {
	const char *name, *usage;
	enum argument argument;
	uint32_t takes;                    /* A bit a type. */
	uint32_t gives;                    /* RK_TEXT leaves rich text rich. */
	unicode_change *each;              /* Of a text, each character, or: */
	transform_step *run;
	const char *help, *help_ja;
};

/* Full width digits (U+FF10 to U+FF19) become plain ones. */
static int32_t
digit(int32_t c)
{
	if (c >= 0xFF10 && c <= 0xFF19)
		c += '0' - 0xFF10;
	return c >= '0' && c <= '9' ? c : -1;
}

/* Control characters are C0 but for tab and line ends, DEL, and C1. */
static int32_t
no_control(int32_t c)
{
	bool control = (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
	               || (c >= 0x7F && c < 0xA0);
	return control ? -1 : c;
}

static bool
run_trim(const struct transform *t, const struct scene *s, struct rk_value *v)
{
	(void)t, (void)s;
	v->text = text_trim(v->text);
	return true;
}

static bool
run_clean(const struct transform *t, const struct scene *s, struct rk_value *v)
{
	(void)t;
	v->flags &= ~RK_VALUE_HAS_NUL;
	v->text = unicode_each(v->text, no_control, s->arena);
	return true;
}

static bool
run_nfkc(const struct transform *t, const struct scene *s, struct rk_value *v)
{
	(void)t;
	return unicode_normal(&v->text, true, s->arena)
	       || UNFIT(s, v->text, "the text is not well-formed UTF-8");
}

static bool
run_date(const struct transform *t, const struct scene *s, struct rk_value *v)
{
	int64_t second = v->number / 1000 - (v->number % 1000 < 0);
	int64_t local = (second + zone_offset_s(t->args[0].ptr, second)) * 1000;
	if (!moment_is_sane(local))
		return UNFIT(s, moment_print_datetime(v->number, s->arena),
		             "in that zone the date lies outside the years 0 to 9999");
	*v = (struct rk_value){ .type = RK_DATE,
		                .text = moment_print_date(local, s->arena) };
	return true;
}

/* A day that the zone's clocks skip (Samoa's 2011-12-30) would become another one. */
static bool
run_midnight(const struct transform *t, const struct scene *s, struct rk_value *v)
{
	const char *zone = t->args[0].ptr;
	int64_t day;
	if (!rk_date_parse(v->text, &day))
		return UNFIT(s, v->text, "found \"%.*s\", expected a date, YYYY-MM-DD",
		             SHOWN(v->text));
	int64_t shown = day * (RK_DAY_MS / 1000), second = zone_moment_s(zone, shown);
	int64_t into = second + zone_offset_s(zone, second) - shown;
	if (into < 0 || into >= RK_DAY_MS / 1000 || !moment_is_sane(second * 1000))
		return UNFIT(s, v->text, "in that zone there is no such day");
	*v = (struct rk_value){ .type = RK_DATETIME, .number = second * 1000 };
	return true;
}

/* Without arguments: the first item of a list.  With fields: the first of the
 * value and these fields that is not empty; what was not told could be it, so
 * nothing is said then. */
static bool
run_first(const struct transform *t, const struct scene *s, struct rk_value *v)
{
	for (size_t i = 0; i < t->arg_count; i++)
		if (v->type == RK_ABSENT || !value_is_empty(v))
			return true;
		else if (!inputs_value(s, t->slots[i], v))
			return false;
	if (t->arg_count > 0 || v->type == RK_ABSENT)
		return true;
	if (v->count > 0) {
		struct rk_value item = v->items[0];
		*v = item;
	} else if (v->type != RK_USER) {
		*v = (struct rk_value){ .type = RK_NULL };
	}
	return true;
}

static bool
run_join(const struct transform *t, const struct scene *s, struct rk_value *v)
{
	struct rk_text part;
	uint32_t flags = v->flags;
	BUF_AUTO text = BUF_INIT(JOIN_BYTES_MAX);
	buf_addt(&text, v->text);
	for (uint64_t i = 0; i < v->count; i++) {
		if (!convert_text(s, &v->items[i], &part))
			return false;
		if (i > 0)
			buf_addt(&text, t->args[0]);
		buf_addt(&text, part);
		flags |= v->items[i].flags;
	}
	if (text.over)
		return UNFIT(s, v->text, "the joined text has more than %u bytes",
		             JOIN_BYTES_MAX);
	*v = (struct rk_value){ .type = RK_TEXT, .flags = flags & RK_VALUE_HAS_NUL,
		                .text = arena_text(s->arena, buf_text(&text)) };
	return true;
}

/* What is not understood stays, a part that is not there is null; or it is wrong. */
static bool
run_japanese(const struct transform *t, const struct scene *s, struct rk_value *v)
{
	struct rk_text out = v->text;
	enum japanese what = t->japanese->change(v->text, t->word, s->arena, &out);
	if (what != JAPANESE_DONE && t->strict && v->text.len > 0)
		return UNFIT(s, v->text, "%s(%s): \"%.*s\" is not understood",
		             t->kind->name, t->japanese->words[t->word], SHOWN(v->text));
	if (what == JAPANESE_NO_PART && v->flags == 0)
		*v = (struct rk_value){ .type = RK_NULL };
	else
		v->text = out;
	return true;
}

static const struct transform_kind kinds[] = {
	{ "trim", "trim", ARG_NONE, PLAIN | BIT(RK_RICH), RK_TEXT, NULL, run_trim,
	  "removes blanks at both ends, also U+00A0 and the wide U+3000",
	  "前後の空白を取り除く（U+00A0 と全角空白も）" },
	{ "lower", "lower", ARG_NONE, PLAIN, RK_TEXT, unicode_lower, NULL,
	  "makes small letters", "小文字にする" },
	{ "upper", "upper", ARG_NONE, PLAIN, RK_TEXT, unicode_upper, NULL,
	  "makes capital letters", "大文字にする" },
	{ "digits", "digits", ARG_NONE, PLAIN, RK_TEXT, digit, NULL,
	  "keeps digits only; wide digits become plain ones",
	  "数字だけを残す（全角数字は半角になる）" },
	{ "clean", "clean", ARG_NONE, PLAIN | BIT(RK_RICH), RK_TEXT, NULL, run_clean,
	  "removes control characters but tab and line ends, and accepts a text from "
	  "which U+0000 was cut",
	  "タブと改行を除く制御文字を取り除き、U+0000 を含んでいた文字列も受け入れる" },
	{ "nfkc", "nfkc", ARG_NONE, PLAIN, RK_TEXT, NULL, run_nfkc,
	  "unifies widths and composed characters (Unicode NFKC)",
	  "全角・半角や合成文字を統一する（Unicode NFKC）" },
	{ "date", "date(ZONE)", ARG_ZONE, BIT(RK_DATETIME), RK_DATE, NULL, run_date,
	  "the date of a moment in a zone: `created | date(Asia/Tokyo)`",
	  "日時を、指定したタイムゾーンでの日付にする: `created | date(Asia/Tokyo)`" },
	{ "midnight", "midnight(ZONE)", ARG_ZONE, BIT(RK_DATE), RK_DATETIME, NULL,
	  run_midnight, "the moment at which a day begins in a zone: "
	  "`due | midnight(Asia/Tokyo)`",
	  "日付を、指定したタイムゾーンでその日が始まる日時にする: `due | midnight(Asia/Tokyo)`" },
	{ "first", "first, first(FIELD, ...)", ARG_FIELDS, ~0u, RK_ABSENT, NULL,
	  run_first, "the first item of a list; with fields, the first of the value and "
	  "these fields that is not empty",
	  "リストの最初の項目。フィールドを指定すると、値とそれらのうち空でない最初のもの" },
	{ "join", "join(SEPARATOR)", ARG_SEPARATOR, LISTS, RK_TEXT, NULL, run_join,
	  "the items of a list as one text: `interests | join(\", \")`",
	  "リストの項目を一つの文字列にする: `interests | join(\", \")`" },
	{ "width", "width, width(wide|narrow)", ARG_WORDS, PLAIN, RK_TEXT, NULL, run_japanese,
	  "letters, digits and signs narrow, katakana wide; or all wide, or all narrow",
	  "英数字と記号は半角、カタカナは全角にする。wide はすべて全角、narrow はすべて半角" },
	{ "kana", "kana(hiragana|katakana)", ARG_WORDS, PLAIN, RK_TEXT, NULL, run_japanese,
	  "katakana, narrow ones too, become hiragana; or the other way",
	  "カタカナ（半角も）をひらがなに、またはその逆にする" },
	{ "company", "company(long|short|strip|form)", ARG_WORDS, PLAIN, RK_TEXT, NULL,
	  run_japanese, "the legal form of a company in full, in brackets, taken off, or "
	  "alone", "会社名の法人格を正式名、括弧付きの略称にする。strip は取り除き、form は法人格だけにする" },
	{ "postal", "postal", ARG_WORDS, PLAIN, RK_TEXT, NULL, run_japanese,
	  "a postal code as NNN-NNNN", "郵便番号を NNN-NNNN の形にする" },
	{ "phone", "phone(domestic|e164)", ARG_WORDS, PLAIN, RK_TEXT, NULL, run_japanese,
	  "a telephone number of Japan with its hyphens, or as +81...",
	  "日本の電話番号を市外局番で区切る。e164 は +81 で始まる形にする" },
	{ "prefecture", "prefecture(name|short|english|code|rest)", ARG_WORDS, PLAIN, RK_TEXT,
	  NULL, run_japanese, "the prefecture of an address, in one of these forms; rest: "
	  "what follows it", "住所の都道府県を取り出す（名前、略称、英語、JIS コード）。rest はその残り" },
	{ "era", "era(kanji|letter|iso)", ARG_WORDS, PLAIN | BIT(RK_DATE), RK_TEXT, NULL,
	  run_japanese, "a date in the Japanese calendar, in kanji or with a letter; iso: "
	  "back to YYYY-MM-DD", "日付を和暦にする（letter は R6.5.1 の形）。iso は和暦を YYYY-MM-DD にする" },
	{ "name", "name(full|family|given)", ARG_WORDS, PLAIN, RK_TEXT, NULL, run_japanese,
	  "a name with one blank between its parts, or one part of it",
	  "氏名の空白を半角 1 つにする。family は姓、given は名だけにする" },
};

#define KIND_COUNT (sizeof kinds / sizeof *kinds)

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
	return complain(c, "found transform \"%.*s\", expected one of %s%s", SHOWN(name),
	                buf_str(&list), suggestion(text_of(near), arena));
}

/* `first` takes an item of a list, or fields of the value's own type. */
static bool
compile_first(struct transform *t, uint32_t *type, struct inputs *in,
              struct complaint *c)
{
	uint32_t item = *type == RK_TABLE ? RK_ABSENT : convert_item_type(*type);
	bool good = true;
	for (size_t i = 0; i < t->arg_count; i++) {
		const struct rk_field *field = inputs_require(in, t->args[i], c,
		                                              &t->slots[i]);
		if (field == NULL)
			good = false;
		else if (field->type != *type)
			good = complain(c, "first: found field \"%.*s\" of type %s, "
			                "expected %s", SHOWN(t->args[i]),
			                value_type_name(field->type),
			                value_type_name(*type));
	}
	if (t->arg_count > 0)
		return good;
	if (item == RK_ABSENT)
		return complain(c, "first: found %s, expected a list, or fields to "
		                "choose from: first(FIELD, ...)", value_type_name(*type));
	*type = item;
	return true;
}

static bool
compile_zone(const struct transform *t, struct complaint *c)
{
	struct rk_err err = ERR_INIT;
	return zone_check(ZONE_DIR, t->args[0].ptr, &err)
	       || complain(c, "%s: %s", t->kind->name, err.message);
}

/* One of the words, and "strict"; in any order. */
static bool
compile_words(struct transform *t, struct complaint *c)
{
	t->japanese = japanese_find(t->kind->name);
	const char *const *words = t->japanese->words;
	bool told = false, good = true;
	for (size_t i = 0; i < t->arg_count; i++) {
		unsigned n = 0;
		while (words[n] != NULL && !text_is(t->args[i], words[n]))
			n++;
		if (text_is(t->args[i], "strict"))
			t->strict = true;
		else if (words[n] == NULL || told)
			good = complain(c, "%s: found \"%.*s\", expected %s, and \"strict\" "
			                "if wanted", t->kind->name, SHOWN(t->args[i]),
			                t->kind->usage);
		else
			t->word = n;
		told |= words[n] != NULL;
	}
	return good;
}

bool
transform_compile(struct transform *t, struct rk_text name, uint32_t *type,
                  struct inputs *in, struct complaint *c)
{
	uint32_t from = *type;
	bool good = true;
	t->kind = kinds;
	while (t->kind < kinds + KIND_COUNT && !text_is(name, t->kind->name))
		t->kind++;
	if (t->kind == kinds + KIND_COUNT)
		return unknown(name, in->arena, c);
	if ((t->kind->takes & BIT(from)) == 0)
		return complain(c, "%s does not work on %s", t->kind->name,
		                value_type_name(from));
	if (t->kind->argument == ARG_FIELDS)
		return compile_first(t, type, in, c);
	if (t->kind->argument == ARG_WORDS)
		good = compile_words(t, c);
	else if (t->kind->argument == ARG_NONE && t->arg_count > 0)
		good = complain(c, "%s: found an argument, expected none", t->kind->name);
	else if (t->kind->argument != ARG_NONE && t->arg_count != 1)
		good = complain(c, "%s: found %zu arguments, expected %s", t->kind->name,
		                t->arg_count, t->kind->usage);
	else if (t->kind->argument == ARG_ZONE)
		good = compile_zone(t, c);
	*type = from == RK_RICH ? RK_RICH : t->kind->gives;
	return good;
}

bool
transform_run(const struct transform *t, const struct scene *s, struct rk_value *value)
{
	const struct transform_kind *kind = t->kind;
	struct rk_text text;
	if ((value->type == RK_NULL || value->type == RK_ABSENT)
	    && kind->argument != ARG_FIELDS)
		return true;
	if ((kind->argument == ARG_NONE || kind->argument == ARG_WORDS)
	    && value->type != RK_RICH) {
		if (!convert_text(s, value, &text))
			return false;
		*value = (struct rk_value){ .type = RK_TEXT, .text = text,
			                    .flags = value->flags & RK_VALUE_HAS_NUL };
	}
	if (kind->run != NULL)
		return kind->run(t, s, value);
	value->text = unicode_each(value->text, kind->each, s->arena);
	return true;
}

void
transform_print_help(struct buf *out, bool ja)
{
	for (size_t i = 0; i < KIND_COUNT; i++)
		buf_addf(out, "  %-28s %s\n", kinds[i].usage,
		         ja ? kinds[i].help_ja : kinds[i].help);
}
