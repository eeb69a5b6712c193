/* SPDX-License-Identifier: Apache-2.0
 *
 * filter_parse.c - reads the text of a filter.  The first mistake in its form
 * ends the reading; mistakes in meaning (names, types, options) are all said.
 *
 *     filter = and { "or" and }          and  = not { "and" not }
 *     not    = "not" not | "(" filter ")" | test
 *     test   = field ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) value
 *            | field [ "not" ] "in" "(" value { "," value } ")"
 *            | field [ "not" ] "contains" value
 *            | field "is" [ "not" ] "empty" */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "mapping/cut.h"
#include "mapping/filter_tree.h"
#include "mapping/moment.h"
#include "mapping/target.h"
#include "record/value.h"

#define OP(op) (1u << (op))
#define EQUALITY (OP(OP_EMPTY) | OP(OP_IN))
#define ORDER (EQUALITY | OP(OP_LT) | OP(OP_LE) | OP(OP_GT) | OP(OP_GE))
#define PARTS (OP(OP_EMPTY) | OP(OP_CONTAINS))

/* Which tests a type allows, and how its values are written. */
static const struct {
	uint32_t ops;                      /* A bit an operator. */
	const char *literal, *example;
} kinds[RK_TYPE_COUNT] = {
	[RK_BOOL] = { EQUALITY, "true or false", "true" },
	[RK_INTEGER] = { ORDER, "a number", "10" },
	[RK_DECIMAL] = { ORDER, "a number", "10.5" },
	[RK_TEXT] = { ORDER | PARTS, "a text in quotes", "'text'" },
	[RK_RICH] = { PARTS, "a text in quotes", "'text'" },
	[RK_DATE] = { ORDER, "a date", "2026-01-31" },
	[RK_TIME] = { ORDER, "a time of day", "09:30" },
	[RK_DATETIME] = { ORDER, "a moment with its zone", "2026-01-31T00:00:00+09:00" },
	[RK_CHOICE] = { EQUALITY, "an option in quotes", "'lead'" },
	[RK_CHOICES] = { PARTS, "an option in quotes", "'lead'" },
	[RK_REF] = { EQUALITY, "an id in quotes", "'123'" },
	[RK_REFS] = { PARTS, "an id in quotes", "'123'" },
	[RK_USER] = { EQUALITY | PARTS, "a user's id in quotes", "'aya'" },
	[RK_TABLE] = { OP(OP_EMPTY), "nothing", "" },
	[RK_JSON] = { PARTS, "a text in quotes", "'text'" },
};

static const struct form {
	const char *words;
	enum filter_op op;
	bool not, list;
} forms[] = {
	{ "=", OP_IN, false, false },   { "!=", OP_IN, true, false },
	{ "<", OP_LT, false, false },   { "<=", OP_LE, false, false },
	{ ">", OP_GT, false, false },   { ">=", OP_GE, false, false },
	{ "in", OP_IN, false, true },   { "not in", OP_IN, true, true },
	{ "contains", OP_CONTAINS, false, false },
	{ "not contains", OP_CONTAINS, true, false },
	{ "is empty", OP_EMPTY, false, false },
	{ "is not empty", OP_EMPTY, true, false },
};

#define FORM_COUNT (sizeof forms / sizeof *forms)

struct parser {
	struct rk_text whole, rest;
	struct inputs *in;
	struct complaint *c;
	struct filter *filter;
	struct target options;             /* Of the field last asked. */
	size_t tests, values;
	bool broken;                       /* Nothing more can be made of it. */
};

/* ---- Words --------------------------------------------------------------- */

/* The bare word at the front: up to a blank or what means something by itself. */
static struct rk_text
word_at(struct rk_text s)
{
	static const char ends[] = " \t\r\n=!<>(),'\"", wide_blank[] = "\xE3\x80\x80";
	size_t n = 0;
	while (n < s.len && (s.ptr[n] == '\0' || strchr(ends, s.ptr[n]) == NULL)
	       && (s.len - n < 3 || memcmp(s.ptr + n, wide_blank, 3) != 0))
		n++;
	return (struct rk_text){ s.ptr, n };
}

/* Takes words or signs, without regard to case; false: others stand there. */
static bool
take(struct parser *p, const char *words)
{
	struct rk_text rest = p->rest;
	while (*words != '\0') {
		size_t len = strcspn(words, " ");
		cut_blanks(&rest);
		if (rest.len < len || strncasecmp(rest.ptr, words, len) != 0
		    || (isalpha((unsigned char)*words) && word_at(rest).len != len))
			return false;
		cut(&rest, len);
		words += len + (words[len] == ' ');
	}
	p->rest = rest;
	return true;
}

/* "at character 7" counts from 1. */
static size_t
character(const struct parser *p, const char *at)
{
	struct rk_text before = { p->whole.ptr, (uint64_t)(at - p->whole.ptr) };
	return (size_t)text_utf8_count(before) + 1;
}

/* "${any name}" */
static bool
at_braces(struct rk_text s)
{
	return s.len > 1 && memcmp(s.ptr, "${", 2) == 0;
}

/* A mistake in form: reading ends here. */
static void
expected(struct parser *p, const char *what)
{
	if (p->broken)
		return;
	p->broken = true;
	cut_blanks(&p->rest);
	struct rk_text word = word_at(p->rest), rest = p->rest;
	bool open = cut_at_quote(rest) || at_braces(word);
	struct rk_text found = arena_printf(p->in->arena, "\"%.*s\"%s",
	                                    SHOWN(word.len == 0 || open ? rest : word),
	                                    open ? " without its end" : "");
	complain(p->c, "at character %zu: found %s, expected %s", character(p, rest.ptr),
	         rest.len > 0 ? found.ptr : "the end", what);
}

/* ---- Values -------------------------------------------------------------- */

/* A value as it is written. */
struct literal {
	struct rk_text text;
	const char *at;
	bool quoted;
};

static bool
wrong_value(struct parser *p, const struct literal *l, uint32_t type, const char *hint)
{
	return complain(p->c, "at character %zu: found \"%.*s\", expected %s such as "
	                "%s%s", character(p, l->at), SHOWN(l->text), kinds[type].literal,
	                kinds[type].example, hint);
}

static bool
option_value(struct parser *p, const struct literal *l, const struct rk_field *field,
             struct filter_value *v)
{
	if (p->options.field != field)
		target_init(&p->options, field, p->in->arena);
	return target_option(&p->options, l->text, &v->text)
	       || complain(p->c, "at character %zu: found \"%.*s\", expected an option "
	                   "of \"%.*s\": %s", character(p, l->at), SHOWN(l->text),
	                   SHOWN(field->name),
	                   target_list_options(&p->options, p->in->arena).ptr);
}

/* Why a text is no value of a type, where there is more to say. */
static const char *
hint_for(uint32_t type, struct rk_text text)
{
	int64_t ms;
	enum moment_form form = moment_datetime(text, &ms);
	if (type == RK_DATE && form != MOMENT_NONE)
		return " (a moment is no date)";
	if (type == RK_DATETIME && form == MOMENT_NO_ZONE)
		return " (the zone is missing)";
	if (type == RK_DATETIME && moment_is_date(text))
		return " (a date is no moment: in which zone does it begin?)";
	return "";
}

/* Gives a literal the meaning that the field's type asks for. */
static bool
value_of(struct parser *p, const struct literal *l, const struct rk_field *field,
         struct filter_value *v)
{
	struct rk_value value = { .type = field->type, .text = l->text };
	int64_t second;
	bool good = l->quoted;
	v->text = l->text;
	switch (field->type) {
	case RK_BOOL:
		value.number = text_is(l->text, "true");
		good = value.number != 0 || text_is(l->text, "false");
		break;
	case RK_INTEGER:
	case RK_DECIMAL:
		return decimal_parse(&v->number, l->text, p->in->arena)
		       || wrong_value(p, l, field->type, "");
	case RK_DATE:
		good = moment_is_date(l->text);
		break;
	case RK_TIME:
		good = moment_time(l->text, &second);
		break;
	case RK_DATETIME:
		good = moment_datetime(l->text, &value.number) == MOMENT_OK;
		break;
	default:
		if (good && l->text.len == 0)
			return wrong_value(p, l, field->type,
			                   " (for what is empty there is `is empty`)");
		if (good && (field->type == RK_CHOICE || field->type == RK_CHOICES))
			return option_value(p, l, field, v);
	}
	if (good)
		v->number = filter_number(&value, arena_new(p->in->arena,
		                                            struct decimal_room));
	return good || wrong_value(p, l, field->type, hint_for(field->type, l->text));
}

/* Takes one value; 'field' is NULL when its name was wrong. */
static void
take_value(struct parser *p, const struct rk_field *field, struct filter_value *v)
{
	cut_blanks(&p->rest);
	struct literal l = { word_at(p->rest), p->rest.ptr, cut_at_quote(p->rest) };
	bool bare = l.text.len > 0
	            && (cut_is_digit(*l.text.ptr) || strchr("+-", *l.text.ptr) != NULL
	                || text_is(l.text, "true") || text_is(l.text, "false"));
	if (l.quoted ? !cut_quoted(&p->rest, p->in->arena, &l.text) : !bare) {
		bool null = l.text.len == 4 && strncasecmp(l.text.ptr, "null", 4) == 0;
		expected(p, null ? "a value (for what has none there is `is empty`)"
		            : field != NULL ? kinds[field->type].literal
		            : "a value: a text in quotes, a number or a date");
	} else if (++p->values > FILTER_VALUES_MAX) {
		expected(p, "fewer values in all");
	} else {
		if (bare)
			cut(&p->rest, l.text.len);
		if (field != NULL)
			value_of(p, &l, field, v);
	}
}

static void
take_values(struct parser *p, const struct rk_field *field, struct filter_test *test)
{
	size_t room = 0;
	if (!take(p, "(")) {
		expected(p, "\"(\" and a list of values");
		return;
	}
	do {
		if (test->value_count == room) {
			const struct filter_value *less = test->values;
			test->values = arena_new_array(p->in->arena, 2 * room + 8,
			                               struct filter_value);
			if (room > 0)
				memcpy(test->values, less, room * sizeof *less);
			room = 2 * room + 8;
		}
		take_value(p, field, &test->values[test->value_count++]);
	} while (!p->broken && take(p, ","));
	if (!take(p, ")"))
		expected(p, "\",\" or \")\"");
	if (!p->broken)
		qsort(test->values, test->value_count, sizeof *test->values, test->order);
}

/* ---- Tests --------------------------------------------------------------- */

/* The longest form that stands there; NULL: none. */
static const struct form *
take_form(struct parser *p)
{
	const struct form *best = NULL;
	struct rk_text from = p->rest, rest = from;
	for (size_t i = 0; i < FORM_COUNT; i++, p->rest = from) {
		if (take(p, forms[i].words) && p->rest.len < rest.len) {
			best = &forms[i];
			rest = p->rest;
		}
	}
	p->rest = rest;
	return best;
}

static void
check_form(struct parser *p, const struct rk_field *field, const struct form *form,
           const char *at)
{
	BUF_AUTO list = BUF_INIT(256);
	if ((kinds[field->type].ops & OP(form->op)) != 0)
		return;
	for (size_t i = 0; i < FORM_COUNT; i++)
		if ((kinds[field->type].ops & OP(forms[i].op)) != 0)
			buf_addf(&list, "%s%s", list.len > 0 ? ", " : "", forms[i].words);
	complain(p->c, "at character %zu: found \"%s\" on \"%.*s\" of type %s, expected "
	         "one of %s", character(p, at), form->words, SHOWN(field->name),
	         value_type_name(field->type), buf_str(&list));
}

/* "name" or "${any name}"; empty: there is none. */
static struct rk_text
take_name(struct parser *p)
{
	cut_blanks(&p->rest);
	struct rk_text name = word_at(p->rest);
	if (at_braces(name)) {
		const char *end = memchr(p->rest.ptr, '}', p->rest.len);
		if (end == NULL)
			return (struct rk_text){ 0 };
		name = (struct rk_text){ name.ptr + 2, (uint64_t)(end - name.ptr) - 2 };
		cut(&p->rest, name.len + 3);
		return text_trim(name);
	}
	cut(&p->rest, name.len);
	return name;
}

static struct filter_node *
parse_test(struct parser *p)
{
	struct filter_node *n = arena_new(p->in->arena, struct filter_node);
	struct filter_test *test = &n->test;
	n->kind = NODE_TEST;
	struct rk_text name = take_name(p);
	if (name.len == 0)
		expected(p, "the name of a field, \"not\" or \"(\"");
	else if (++p->tests > FILTER_TESTS_MAX)
		expected(p, "fewer tests in all");
	if (p->broken)
		return n;
	const struct rk_field *field = inputs_require(p->in, name, p->c, &test->slot);
	cut_blanks(&p->rest);
	const char *at = p->rest.ptr;
	const struct form *form = take_form(p);
	if (form == NULL) {
		expected(p, "one of = != < <= > >=, in, not in, contains, is empty, "
		            "is not empty");
		return n;
	}
	test->op = form->op;
	test->not = form->not;
	test->order = filter_order_of(field != NULL ? field->type : RK_TEXT);
	if (field != NULL) {
		check_form(p, field, form, at);
		test->next = p->filter->tests;
		p->filter->tests = test;
	}
	if (form->list) {
		take_values(p, field, test);
	} else if (form->op != OP_EMPTY) {
		test->values = arena_new(p->in->arena, struct filter_value);
		test->value_count = 1;
		take_value(p, field, test->values);
	}
	return n;
}

/* ---- Structure ----------------------------------------------------------- */

static struct filter_node *
parse_list(struct parser *p, bool or, int depth);

static struct filter_node *
parse_one(struct parser *p, int depth)
{
	struct filter_node *n = NULL;
	if (depth > FILTER_DEPTH_MAX) {
		expected(p, "fewer brackets inside each other");
		return NULL;
	}
	if (take(p, "not")) {
		n = arena_new(p->in->arena, struct filter_node);
		n->kind = NODE_NOT;
		n->first = parse_one(p, depth + 1);
	} else if (take(p, "(")) {
		n = parse_list(p, true, depth + 1);
		if (!take(p, ")"))
			expected(p, "\")\", \"and\" or \"or\"");
	} else {
		n = parse_test(p);
	}
	return n;
}

/* Tests joined by "or", or those joined closer, by "and". */
static struct filter_node *
parse_list(struct parser *p, bool or, int depth)
{
	struct filter_node *n = arena_new(p->in->arena, struct filter_node);
	struct filter_node **next = &n->first;
	n->kind = or ? NODE_OR : NODE_AND;
	do {
		*next = or ? parse_list(p, false, depth) : parse_one(p, depth);
		if (p->broken)
			return n;
		next = &(*next)->next;
	} while (take(p, or ? "or" : "and"));
	return n;
}

const struct filter *
filter_compile(const char *text, struct inputs *in, struct complaint *c)
{
	struct parser p = { .whole = text_of(text), .in = in, .c = c };
	unsigned before = *c->mistakes;
	if (p.whole.len > FILTER_BYTES_MAX) {
		complain(c, "found a text of %" PRIu64 " bytes, expected at most %d",
		         p.whole.len, FILTER_BYTES_MAX);
		return NULL;
	}
	p.whole = p.rest = arena_text(in->arena, p.whole);
	p.filter = arena_new(in->arena, struct filter);
	p.filter->root = parse_list(&p, true, 0);
	cut_blanks(&p.rest);
	if (p.rest.len > 0)
		expected(&p, "\"and\", \"or\" or the end");
	return *c->mistakes == before ? p.filter : NULL;
}
