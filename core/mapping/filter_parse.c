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
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "mapping/cut.h"
#include "mapping/fault.h"
#include "mapping/filter_tree.h"
#include "mapping/moment.h"
#include "mapping/target.h"
#include "record/value.h"

#define OP(op) (1u << (op))
#define EMPTINESS (OP(OP_EMPTY) | OP(OP_NOT_EMPTY))
#define EQUALITY (EMPTINESS | OP(OP_EQ) | OP(OP_NE) | OP(OP_IN) | OP(OP_NOT_IN))
#define ORDER (EQUALITY | OP(OP_LT) | OP(OP_LE) | OP(OP_GT) | OP(OP_GE))
#define PARTS (EMPTINESS | OP(OP_CONTAINS) | OP(OP_NOT_CONTAINS))

const struct filter_kind filter_kinds[RK_TYPE_COUNT] = {
	[RK_BOOL] = { EQUALITY, BY_NUMBER, "true or false", "true" },
	[RK_INTEGER] = { ORDER, BY_DECIMAL, "a number", "10" },
	[RK_DECIMAL] = { ORDER, BY_DECIMAL, "a number", "10.5" },
	[RK_TEXT] = { ORDER | PARTS, BY_TEXT, "a text in quotes", "'text'" },
	[RK_RICH] = { PARTS, BY_TEXT, "a text in quotes", "'text'" },
	[RK_DATE] = { ORDER, BY_TEXT, "a date", "2026-01-31" },
	[RK_TIME] = { ORDER, BY_NUMBER, "a time of day", "09:30" },
	[RK_DATETIME] = { ORDER, BY_NUMBER, "a moment with its zone",
	                  "2026-01-31T00:00:00+09:00" },
	[RK_CHOICE] = { EQUALITY, BY_TEXT, "an option in quotes", "'lead'" },
	[RK_CHOICES] = { PARTS, BY_TEXT, "an option in quotes", "'lead'" },
	[RK_REF] = { EQUALITY, BY_TEXT, "an id in quotes", "'123'" },
	[RK_REFS] = { PARTS, BY_TEXT, "an id in quotes", "'123'" },
	[RK_USER] = { EQUALITY | PARTS, BY_TEXT, "a user's id in quotes", "'aya'" },
	[RK_TABLE] = { EMPTINESS, BY_TEXT, "nothing", "" },
	[RK_JSON] = { PARTS, BY_TEXT, "a text in quotes", "'text'" },
};

static const struct {
	const char *sign;
	enum filter_op op;
} signs[] = {                              /* The longer of two goes first. */
	{ "!=", OP_NE }, { "<>", OP_NE }, { "<=", OP_LE }, { ">=", OP_GE },
	{ "==", OP_EQ }, { "=", OP_EQ }, { "<", OP_LT }, { ">", OP_GT },
};

static const char *const op_names[] = {
    [OP_EQ] = "=",
    [OP_NE] = "!=",
    [OP_LT] = "<",
    [OP_LE] = "<=",
    [OP_GT] = ">",
    [OP_GE] = ">=",
    [OP_IN] = "in",
    [OP_NOT_IN] = "not in",
    [OP_CONTAINS] = "contains",
    [OP_NOT_CONTAINS] = "not contains",
    [OP_EMPTY] = "is empty",
    [OP_NOT_EMPTY] = "is not empty",
};

enum token_kind { T_END, T_WORD, T_FIELD, T_TEXT, T_NUMBER, T_SIGN, T_BRACKET, T_BAD };

struct token {
	enum token_kind kind;
	struct rk_text text; /* As written; of T_TEXT, T_FIELD: the inside. */
	enum filter_op op;                 /* T_SIGN */
	size_t at;                         /* Bytes from the start. */
};

struct parser {
	struct rk_text whole, rest;
	struct token token;                /* The one that is to be read next. */
	struct inputs *in;
	struct arena *arena;
	struct complaint *c;
	struct filter *filter;
	struct target options;             /* Of the field last asked. */
	size_t tests, values;
	bool broken;                       /* Nothing more can be made of it. */
};

/* ---- Tokens -------------------------------------------------------------- */

/* Ends a bare word: blanks and what means something by itself. */
static bool
ends_word(struct rk_text s)
{
	static const char wide_blank[] = "\xE3\x80\x80";
	return (*s.ptr != '\0' && strchr(" \t\r\n=!<>(),'\"", *s.ptr) != NULL)
	       || (s.len >= 3 && memcmp(s.ptr, wide_blank, 3) == 0);
}

static struct rk_text
take_word(struct rk_text *s)
{
	struct rk_text word = { s->ptr, 0 };
	while (s->len > 0 && !ends_word(*s)) {
		cut(s, 1);
		word.len++;
	}
	return word;
}

static void
read_field(struct parser *p, struct token *t)
{
	const char *end = memchr(p->rest.ptr, '}', p->rest.len);
	t->kind = end != NULL ? T_FIELD : T_BAD;
	t->text = p->rest;
	if (end == NULL)
		return;
	t->text = text_trim((struct rk_text){ p->rest.ptr + 2,
	                                      (uint64_t)(end - p->rest.ptr) - 2 });
	cut(&p->rest, (size_t)(end - p->rest.ptr) + 1);
}

static bool
read_sign(struct parser *p, struct token *t)
{
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		size_t len = strlen(signs[i].sign);
		if (p->rest.len >= len && memcmp(p->rest.ptr, signs[i].sign, len) == 0) {
			*t = (struct token){
				T_SIGN, { p->rest.ptr, len }, signs[i].op, t->at
			};
			cut(&p->rest, len);
			return true;
		}
	}
	return false;
}

static void
next(struct parser *p)
{
	struct token *t = &p->token;
	cut_blanks(&p->rest);
	*t = (struct token){ .kind = T_END, .text = p->rest,
	                     .at = (size_t)(p->rest.ptr - p->whole.ptr) };
	if (p->rest.len == 0)
		return;
	char c = *p->rest.ptr;
	if (c == '\'' || c == '"') {
		t->kind = cut_quoted(&p->rest, p->arena, &t->text) ? T_TEXT : T_BAD;
	} else if (c == '$' && p->rest.len > 1 && p->rest.ptr[1] == '{') {
		read_field(p, t);
	} else if (c == '(' || c == ')' || c == ',') {
		*t = (struct token){ T_BRACKET, { p->rest.ptr, 1 }, OP_EQ, t->at };
		cut(&p->rest, 1);
	} else if (!read_sign(p, t)) {
		t->kind = cut_is_digit(c) || c == '-' || c == '+' ? T_NUMBER : T_WORD;
		t->text = take_word(&p->rest);
		if (t->text.len == 0)
			t->kind = T_BAD;
	}
}

static size_t
column(const struct parser *p, size_t at)
{
	return (size_t)text_utf8_count((struct rk_text){ p->whole.ptr, at }) + 1;
}

/* A mistake in form: reading ends here. */
static void
expected(struct parser *p, const char *what)
{
	const struct token *t = &p->token;
	if (!p->broken && t->kind == T_END)
		complain(p->c, "at character %zu: found the end, expected %s",
		         column(p, t->at), what);
	else if (!p->broken && t->kind == T_BAD)
		complain(p->c,
			 "at character %zu: found \"%.*s\" without its end, expected %s",
			 column(p, t->at), fault_len(t->text), t->text.ptr, what);
	else if (!p->broken)
		complain(p->c, "at character %zu: found \"%.*s\", expected %s",
		         column(p, t->at), fault_len(t->text), t->text.ptr, what);
	p->broken = true;
}

static bool
at_word(const struct parser *p, const char *word)
{
	size_t len = strlen(word);
	return p->token.kind == T_WORD && p->token.text.len == len
	       && strncasecmp(p->token.text.ptr, word, len) == 0;
}

static bool
take_the_word(struct parser *p, const char *word)
{
	if (!at_word(p, word))
		return false;
	next(p);
	return true;
}

static bool
take_bracket(struct parser *p, char c)
{
	if (p->token.kind != T_BRACKET || *p->token.text.ptr != c)
		return false;
	next(p);
	return true;
}

/* ---- Values -------------------------------------------------------------- */

static bool
wrong_value(struct parser *p, const struct token *t, uint32_t type, const char *hint)
{
	return complain(p->c,
	                "at character %zu: found \"%.*s\", expected %s such as %s%s",
	                column(p, t->at), fault_len(t->text), t->text.ptr,
	                filter_kinds[type].literal, filter_kinds[type].example, hint);
}

static bool
moment_value(struct parser *p, const struct token *t, struct filter_value *v)
{
	switch (moment_datetime(t->text, &v->number)) {
	case MOMENT_OK:
		return true;
	case MOMENT_NO_ZONE:
		return wrong_value(p, t, RK_DATETIME, " (the zone is missing)");
	case MOMENT_NONE:
		break;
	}
	return wrong_value(p, t, RK_DATETIME,
	                   moment_date(t->text, &v->number)
	                   ? " (a date is no moment: in which zone does it begin?)" : "");
}

static bool
date_value(struct parser *p, const struct token *t, struct filter_value *v)
{
	int64_t ms;
	v->text = t->text;
	if (moment_date(t->text, &ms))
		return true;
	return wrong_value(p, t, RK_DATE, moment_datetime(t->text, &ms) != MOMENT_NONE
	                   ? " (a moment is no date)" : "");
}

static bool
option_value(struct parser *p, const struct token *t, const struct rk_field *field,
             struct filter_value *v)
{
	if (p->options.field != field)
		target_init(&p->options, field, p->arena);
	if (target_option(&p->options, t->text, &v->text))
		return true;
	struct rk_text list = target_list_options(&p->options, p->arena);
	return complain(p->c,
	                "at character %zu: found \"%.*s\", expected an option of "
	                "\"%.*s\": %.*s",
	                column(p, t->at), fault_len(t->text), t->text.ptr,
	                fault_len(field->name), field->name.ptr, (int)list.len, list.ptr);
}

/* Gives the token's text the meaning that the field's type asks for. */
static bool
value_of(struct parser *p, const struct token *t, const struct rk_field *field,
         struct filter_value *v)
{
	uint32_t type = field->type;
	v->text = t->text;
	switch (type) {
	case RK_BOOL:
		v->number = text_is(t->text, "true");
		return v->number != 0 || text_is(t->text, "false")
		       || wrong_value(p, t, type, "");
	case RK_INTEGER:
	case RK_DECIMAL:
		return decimal_parse(&v->decimal, t->text, p->arena)
		       || wrong_value(p, t, type, "");
	case RK_DATE:
		return date_value(p, t, v);
	case RK_TIME:
		return moment_time(t->text, &v->number) || wrong_value(p, t, type, "");
	case RK_DATETIME:
		return moment_value(p, t, v);
	default:
		break;
	}
	if (t->kind != T_TEXT)
		return wrong_value(p, t, type, "");
	if (t->text.len == 0)
		return wrong_value(p, t, type,
		                   " (for what is empty there is `is empty`)");
	return type != RK_CHOICE && type != RK_CHOICES ? true
	                                               : option_value(p, t, field, v);
}

/* Takes one value; 'field' is NULL when its name was wrong. */
static void
take_value(struct parser *p, const struct rk_field *field, struct filter_value *v)
{
	struct token t = p->token;
	bool word = t.kind == T_WORD && (at_word(p, "true") || at_word(p, "false"));
	if (at_word(p, "null")) {
		expected(p, "a value (for what has none there is `is empty`)");
		return;
	}
	if (t.kind != T_TEXT && t.kind != T_NUMBER && !word) {
		expected(p, field != NULL
		                    ? filter_kinds[field->type].literal
		                    : "a value: a text in quotes, a number or a date");
		return;
	}
	if (++p->values > FILTER_VALUES_MAX) {
		expected(p, "fewer values in all");
		return;
	}
	next(p);
	if (field != NULL)
		value_of(p, &t, field, v);
}

struct value_list {
	struct filter_value *list;
	size_t count, room;
};

static struct filter_value *
add_value(struct value_list *values, struct arena *arena)
{
	if (values->count == values->room) {
		size_t room = values->room == 0 ? 8 : values->room * 2;
		struct filter_value *more = arena_new_array(arena, room,
		                                            struct filter_value);
		if (values->count > 0)
			memcpy(more, values->list, values->count * sizeof *more);
		values->list = more;
		values->room = room;
	}
	return &values->list[values->count++];
}

static void
take_values(struct parser *p, const struct rk_field *field, struct filter_test *test)
{
	struct value_list values = { 0 };
	if (!take_bracket(p, '(')) {
		expected(p, "\"(\" and a list of values");
		return;
	}
	do
		take_value(p, field, add_value(&values, p->arena));
	while (!p->broken && take_bracket(p, ','));
	if (!p->broken && !take_bracket(p, ')'))
		expected(p, "\",\" or \")\"");
	test->values = values.list;
	test->value_count = values.count;
	if (field != NULL)
		qsort(values.list, values.count, sizeof *values.list,
		      filter_order_by(filter_kinds[field->type].by));
}

/* ---- Tests --------------------------------------------------------------- */

static void
use_slot(struct filter *f, int slot)
{
	for (size_t i = 0; i < f->slot_count; i++)
		if (f->slots[i] == slot)
			return;
	f->slots[f->slot_count++] = slot;
}

/* "is [not] empty", "[not] in", "[not] contains" or a sign; false: none. */
static bool
take_op(struct parser *p, enum filter_op *op)
{
	bool not;
	if (p->token.kind == T_SIGN) {
		*op = p->token.op;
		next(p);
		return true;
	}
	if (take_the_word(p, "is")) {
		not = take_the_word(p, "not");
		*op = not ? OP_NOT_EMPTY : OP_EMPTY;
		return take_the_word(p, "empty");
	}
	not = take_the_word(p, "not");
	if (take_the_word(p, "in")) {
		*op = not ? OP_NOT_IN : OP_IN;
		return true;
	}
	*op = not ? OP_NOT_CONTAINS : OP_CONTAINS;
	return take_the_word(p, "contains");
}

static void
check_op(struct parser *p, const struct rk_field *field, enum filter_op op, size_t at)
{
	if ((filter_kinds[field->type].ops & OP(op)) != 0)
		return;
	BUF_AUTO list = BUF_INIT(256);
	for (unsigned i = 0; i < sizeof op_names / sizeof *op_names; i++)
		if ((filter_kinds[field->type].ops & OP(i)) != 0)
			buf_addf(&list, "%s%s", list.len > 0 ? ", " : "", op_names[i]);
	complain(p->c,
		 "at character %zu: found \"%s\" on \"%.*s\" of type %s, expected one of "
		 "%s",
		 column(p, at), op_names[op], fault_len(field->name), field->name.ptr,
		 value_type_name(field->type), buf_str(&list));
}

static struct filter_node *
parse_test(struct parser *p)
{
	struct filter_node *n = arena_new(p->arena, struct filter_node);
	n->kind = NODE_TEST;
	if (p->token.kind != T_WORD && p->token.kind != T_FIELD) {
		expected(p, "the name of a field, \"not\" or \"(\"");
		return n;
	}
	if (++p->tests > FILTER_TESTS_MAX) {
		expected(p, "fewer tests in all");
		return n;
	}
	const struct rk_field *field =
		inputs_require(p->in, p->token.text, p->arena, p->c, &n->test.slot);
	next(p);
	size_t at = p->token.at;
	if (!take_op(p, &n->test.op)) {
		expected(p, "one of = != < <= > >=, in, not in, contains, is empty, "
		            "is not empty");
		return n;
	}
	if (field != NULL) {
		n->test.type = field->type;
		use_slot(p->filter, n->test.slot);
		check_op(p, field, n->test.op, at);
	}
	if (n->test.op == OP_IN || n->test.op == OP_NOT_IN) {
		take_values(p, field, &n->test);
	} else if (n->test.op != OP_EMPTY && n->test.op != OP_NOT_EMPTY) {
		n->test.values = arena_new(p->arena, struct filter_value);
		n->test.value_count = 1;
		take_value(p, field, n->test.values);
	}
	return n;
}

/* ---- Structure ----------------------------------------------------------- */

static struct filter_node *
parse_or(struct parser *p, int depth);

static struct filter_node *
parse_not(struct parser *p, int depth)
{
	if (depth > FILTER_DEPTH_MAX) {
		expected(p, "fewer brackets inside each other");
		return arena_new(p->arena, struct filter_node);
	}
	if (take_the_word(p, "not")) {
		struct filter_node *n = arena_new(p->arena, struct filter_node);
		n->kind = NODE_NOT;
		n->first = parse_not(p, depth + 1);
		return n;
	}
	if (!take_bracket(p, '('))
		return parse_test(p);
	struct filter_node *n = parse_or(p, depth + 1);
	if (!p->broken && !take_bracket(p, ')'))
		expected(p, "\")\", \"and\" or \"or\"");
	return n;
}

static struct filter_node *
parse_and(struct parser *p, int depth)
{
	struct filter_node *n = arena_new(p->arena, struct filter_node);
	n->kind = NODE_AND;
	n->first = parse_not(p, depth);
	for (struct filter_node *last = n->first; !p->broken && take_the_word(p, "and");
	     last = last->next)
		last->next = parse_not(p, depth);
	return n;
}

static struct filter_node *
parse_or(struct parser *p, int depth)
{
	struct filter_node *n = arena_new(p->arena, struct filter_node);
	n->kind = NODE_OR;
	n->first = parse_and(p, depth);
	for (struct filter_node *last = n->first; !p->broken && take_the_word(p, "or");
	     last = last->next)
		last->next = parse_and(p, depth);
	return n;
}

const struct filter *
filter_compile(const char *text, struct inputs *in, struct arena *arena,
               struct complaint *c)
{
	struct parser p = { .whole = text_of(text), .in = in, .arena = arena, .c = c };
	unsigned before = c->mistakes;
	if (p.whole.len > FILTER_BYTES_MAX) {
		complain(c, "found a text of %" PRIu64 " bytes, expected at most %d",
		         p.whole.len, FILTER_BYTES_MAX);
		return NULL;
	}
	p.whole = p.rest = arena_text(arena, p.whole);
	p.filter = arena_new(arena, struct filter);
	p.filter->slots = arena_new_array(arena, FILTER_TESTS_MAX, int);
	next(&p);
	p.filter->root = parse_or(&p, 0);
	if (!p.broken && p.token.kind != T_END)
		expected(&p, "\"and\", \"or\" or the end");
	return c->mistakes == before ? p.filter : NULL;
}

void
filter_print_help(struct buf *out, const char *lang)
{
	static const struct {
		const char *form, *en, *ja;
	} rows[] = {
		{ "FIELD = VALUE", "also != < <= > >=", "ほかに != < <= > >=" },
		{ "FIELD in (VALUE, ...)", "one of these; also not in",
		  "いずれかに一致。not in もある" },
		{ "FIELD contains VALUE",
		  "part of a text, item of a list; also not contains",
		  "文字列の一部、またはリストの項目。not contains もある" },
		{ "FIELD is empty", "has no value; also is not empty",
		  "値がない。is not empty もある" },
		{ "TEST and TEST, TEST or TEST", "`and` binds closer than `or`",
		  "and は or より強く結び付く" },
		{ "not TEST, ( ... )", "the opposite; brackets", "否定とかっこ" },
		{ "${FIELD}", "a name with blanks or signs in it",
		  "空白や記号を含むフィールド名" },
	};
	bool ja = strcmp(lang, "ja") == 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		buf_addf(out, "  %-28s %s\n", rows[i].form, ja ? rows[i].ja : rows[i].en);
}
