/* SPDX-License-Identifier: Apache-2.0
 *
 * expr.c - see expr.h.  A small parser that reads from the front, and a runner
 * without any names. */
#include "mapping/expr.h"

#include <string.h>

#include "base/text.h"
#include "mapping/convert.h"
#include "mapping/cut.h"
#include "record/value.h"

/* One text being compiled. */
struct parser {
	struct rk_text text;               /* What is left. */
	struct inputs *in;
	struct complaint *c;
};

/* Takes what stands before any of the characters in 'stops', without blanks
 * around it. */
static struct rk_text
take_until(struct parser *p, const char *stops)
{
	size_t n = 0;
	while (n < p->text.len
	       && (p->text.ptr[n] == '\0' || strchr(stops, p->text.ptr[n]) == NULL))
		n++;
	struct rk_text taken = { p->text.ptr, n };
	cut(&p->text, n);
	return text_trim(taken);
}

static bool
found(struct parser *p, const char *expected)
{
	if (p->text.len == 0)
		return complain(p->c, "found the end, expected %s", expected);
	return complain(p->c, "found \"%.*s\", expected %s", SHOWN(p->text), expected);
}

static bool
take_argument(struct parser *p, struct rk_text *arg)
{
	cut_blanks(&p->text);
	if (cut_at_quote(p->text)) {
		if (!cut_quoted(&p->text, p->in->arena, arg))
			return found(p, "its closing quote");
		cut_blanks(&p->text);
		return true;
	}
	*arg = arena_text(p->in->arena, take_until(p, ",)|}"));
	return arg->len > 0 || found(p, "an argument");
}

/* "(a, 'b')", if it is there. */
static bool
take_arguments(struct parser *p, struct transform *t)
{
	if (!cut_char(&p->text, '('))
		return true;
	do {
		if (t->arg_count == TRANSFORM_FIELDS_MAX)
			return complain(p->c, "found more than %d arguments",
			                TRANSFORM_FIELDS_MAX);
		if (!take_argument(p, &t->args[t->arg_count++]))
			return false;
	} while (cut_char(&p->text, ','));
	return cut_char(&p->text, ')') || found(p, "\")\"");
}

/* "| name(args) | ...", as many as there are. */
static bool
take_chain(struct parser *p, struct expr_chain *chain, uint32_t *type)
{
	bool good = true;
	for (; cut_blanks(&p->text), cut_char(&p->text, '|'); chain->count++) {
		if (chain->list == NULL)
			chain->list = arena_new_array(p->in->arena, EXPR_TRANSFORMS_MAX,
			                              struct transform);
		if (chain->count == EXPR_TRANSFORMS_MAX)
			return complain(p->c, "found more than %d transforms in a row",
			                EXPR_TRANSFORMS_MAX);
		struct transform *t = &chain->list[chain->count];
		struct rk_text name = take_until(p, "(|}");
		if (!take_arguments(p, t))
			return false;
		/* What follows a broken one has no known type to work on. */
		good = good && transform_compile(t, name, type, p->in, p->c);
	}
	return good;
}

/* A field and its transforms, up to one of 'stops'. */
static bool
take_field(struct parser *p, const char *stops, struct expr_part *part,
           const struct rk_field **field)
{
	struct rk_text name = take_until(p, stops);
	if (name.len == 0)
		return found(p, "the name of a field");
	*field = inputs_require(p->in, name, p->c, &part->slot);
	/* The transforms of a field that is not there are read, to find their end. */
	part->type = *field != NULL ? (*field)->type : RK_TEXT;
	return take_chain(p, &part->chain, &part->type) && *field != NULL;
}

/* A bar that is not doubled. */
static bool
at_bar(const struct parser *p)
{
	return p->text.len > 0 && *p->text.ptr == '|'
	       && (p->text.len == 1 || p->text.ptr[1] != '|');
}

/* The literal up to the next field, a bar or the end. */
static struct rk_text
take_literal(struct parser *p)
{
	char *copy = arena_alloc(p->in->arena, p->text.len + 1);
	size_t len = 0;
	while (p->text.len > 0 && !at_bar(p)) {
		char c = *p->text.ptr, next = p->text.len > 1 ? p->text.ptr[1] : '\0';
		if (c == '$' && next == '{')
			return (struct rk_text){ copy, len };
		cut(&p->text, (c == '|' || c == '$') && next == c ? 2 : 1);
		copy[len++] = c;
	}
	/* Blanks before the bar are the bar's, not the template's. */
	while (p->text.len > 0 && len > 0 && copy[len - 1] == ' ')
		len--;
	return (struct rk_text){ copy, len };
}

static bool
take_part(struct parser *p, struct expr_part *part, const struct rk_field **field)
{
	*part = (struct expr_part){ .before = take_literal(p), .slot = SLOT_NONE,
		                    .type = RK_TEXT };
	if (p->text.len == 0 || at_bar(p))
		return true;
	cut(&p->text, 2);
	bool good = take_field(p, "|}", part, field);
	if (!cut_char(&p->text, '}')) {
		good = good && found(p, "\"}\"");
		p->text.len = 0;
	}
	return good;
}

static bool
take_template(struct parser *p, struct expr *e)
{
	bool good = true;
	e->parts = arena_new_array(p->in->arena, EXPR_PARTS_MAX, struct expr_part);
	while (p->text.len > 0 && !at_bar(p)) {
		if (e->part_count == EXPR_PARTS_MAX)
			return complain(p->c, "found more than %d fields in a template",
			                EXPR_PARTS_MAX);
		good = take_part(p, &e->parts[e->part_count++], &e->field) && good;
	}
	const struct expr_part *first = &e->parts[0];
	e->template = e->part_count != 1 || first->before.len > 0
	              || first->slot == SLOT_NONE;
	if (!e->template || !good) {
		e->type = first->type;
		return good;
	}
	e->field = NULL;
	for (size_t i = 0; i < e->part_count; i++)
		if (!convert_has_text(e->parts[i].type))
			good = complain(p->c, "found %s in a template, expected text: %s",
			                value_type_name(e->parts[i].type),
			                convert_why_not(e->parts[i].type, RK_TEXT));
	return good;
}

/* A fixed text, or a field by its bare name. */
static bool
take_single(struct parser *p, struct expr *e)
{
	e->parts = arena_new(p->in->arena, struct expr_part);
	e->part_count = 1;
	e->template = cut_at_quote(p->text);
	if (e->template) {
		e->parts->slot = SLOT_NONE;
		return cut_quoted(&p->text, p->in->arena, &e->parts->before)
		       || found(p, "its closing quote");
	}
	bool good = take_field(p, "|", e->parts, &e->field);
	e->type = e->parts->type;
	return good;
}

bool
expr_compile(struct expr *e, const char *text, struct inputs *in, struct complaint *c)
{
	struct parser p = { text_of(text), in, c };
	*e = (struct expr){ .type = RK_TEXT };
	if (p.text.len > EXPR_BYTES_MAX)
		return complain(c, "found an expression of %zu bytes, expected at most "
		                "%d", (size_t)p.text.len, EXPR_BYTES_MAX);
	if (text_trim(p.text).len == 0)
		return complain(c, "found nothing in \"from\", expected a field, a "
		                "template such as \"${a} ${b}\", or a fixed 'text'");
	bool template = strstr(text, "${") != NULL;
	p.text = arena_text(in->arena, template ? p.text : text_trim(p.text));
	/* Where the source is broken the rest would be guesswork. */
	if (!(template ? take_template(&p, e) : take_single(&p, e))
	    || !take_chain(&p, &e->chain, &e->type))
		return false;
	if (e->chain.count > 0 || e->parts[0].chain.count > 0)
		e->field = NULL;
	return p.text.len == 0
	       || found(&p, "\"|\" or the end (in a template a bar is ||)");
}

static bool
run_chain(const struct expr_chain *chain, const struct scene *s, struct rk_value *value)
{
	for (size_t i = 0; i < chain->count; i++)
		if (!transform_run(&chain->list[i], s, value))
			return false;
	return true;
}

static bool
run_part(const struct expr_part *part, const struct scene *s, struct rk_value *out)
{
	return inputs_value(s, part->slot, out) && run_chain(&part->chain, s, out);
}

static struct rk_text
put_together(const struct rk_text *texts, size_t count, struct arena *arena)
{
	size_t len = 0;
	for (size_t i = 0; i < count; i++)
		len += texts[i].len;
	char *out = arena_alloc(arena, len + 1), *at = out;
	for (size_t i = 0; i < count; i++)
		if (texts[i].len > 0)
			at = mempcpy(at, texts[i].ptr, texts[i].len);
	return (struct rk_text){ out, len };
}

static bool
run_template(const struct expr *e, const struct scene *s, struct rk_value *out)
{
	struct rk_text texts[2 * EXPR_PARTS_MAX];
	size_t fields = 0, empty = 0;
	bool absent = false, null = false;
	*out = (struct rk_value){ .type = RK_TEXT };
	for (size_t i = 0; i < e->part_count; i++) {
		struct rk_text *text = &texts[2 * i + 1];
		struct rk_value v;
		texts[2 * i] = e->parts[i].before;
		*text = (struct rk_text){ 0 };
		if (e->parts[i].slot == SLOT_NONE)
			continue;
		if (!run_part(&e->parts[i], s, &v))
			return false;
		absent |= v.type == RK_ABSENT;
		null |= v.type == RK_NULL;
		if (v.type > RK_NULL && !convert_text(s, &v, text))
			return false;
		out->flags |= v.flags & RK_VALUE_HAS_NUL;
		fields++;
		empty += text->len == 0;
	}
	bool nothing = fields > 0 && empty == fields;
	if (absent)
		out->type = RK_ABSENT;
	else if (nothing && null)
		out->type = RK_NULL;
	else if (!nothing)
		out->text = put_together(texts, 2 * e->part_count, s->arena);
	return true;
}

bool
expr_run(const struct expr *e, const struct scene *s, struct rk_value *out)
{
	return (e->template ? run_template(e, s, out) : run_part(&e->parts[0], s, out))
	       && run_chain(&e->chain, s, out);
}
