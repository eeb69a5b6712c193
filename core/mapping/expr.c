/* SPDX-License-Identifier: Apache-2.0
 *
 * expr.c - see expr.h.  A small parser that reads from the front, and a runner
 * without any names. */
#include "mapping/expr.h"

#include <string.h>

#include "base/text.h"
#include "mapping/convert.h"
#include "mapping/cut.h"
#include "mapping/fault.h"
#include "record/value.h"

/* One text being compiled. */
struct parser {
	struct rk_text text;               /* What is left. */
	struct inputs *in;
	struct arena *arena;
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
at_quote(const struct parser *p)
{
	return p->text.len > 0 && (*p->text.ptr == '\'' || *p->text.ptr == '"');
}

static bool
found(struct parser *p, const char *expected)
{
	if (p->text.len == 0)
		return complain(p->c, "found the end, expected %s", expected);
	return complain(p->c, "found \"%.*s\", expected %s", fault_len(p->text),
	                p->text.ptr, expected);
}

static bool
take_argument(struct parser *p, struct rk_text *arg)
{
	cut_blanks(&p->text);
	if (at_quote(p)) {
		if (!cut_quoted(&p->text, p->arena, arg))
			return found(p, "its closing quote");
		cut_blanks(&p->text);
		return true;
	}
	*arg = take_until(p, ",)|}");
	return arg->len > 0 || found(p, "an argument");
}

/* "(a, 'b')", if it is there. */
static bool
take_arguments(struct parser *p, struct rk_text *args, size_t *count)
{
	*count = 0;
	if (!cut_char(&p->text, '('))
		return true;
	do {
		if (*count == TRANSFORM_FIELDS_MAX)
			return complain(p->c, "found more than %d arguments",
			                TRANSFORM_FIELDS_MAX);
		if (!take_argument(p, &args[(*count)++]))
			return false;
	} while (cut_char(&p->text, ','));
	return cut_char(&p->text, ')') || found(p, "\")\"");
}

/* "| name(args) | ...", as many as there are. */
static bool
take_transforms(struct parser *p, const struct transform **out, size_t *count,
                uint32_t *type)
{
	struct transform *list = NULL;
	bool good = true;
	for (*count = 0; cut_blanks(&p->text), cut_char(&p->text, '|'); (*count)++) {
		struct rk_text args[TRANSFORM_FIELDS_MAX], name = take_until(p, "(|}");
		size_t arg_count;
		if (*count == EXPR_TRANSFORMS_MAX)
			return complain(p->c, "found more than %d transforms in a row",
			                EXPR_TRANSFORMS_MAX);
		if (list == NULL)
			list = arena_new_array(p->arena, EXPR_TRANSFORMS_MAX,
			                       struct transform);
		if (!take_arguments(p, args, &arg_count))
			return false;
		/* What follows a broken one has no known type to work on. */
		good = good
		       && transform_compile(&list[*count], name, args, arg_count, type,
		                            p->in, p->arena, p->c);
	}
	*out = list;
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
	*field = inputs_require(p->in, name, p->arena, p->c, &part->slot);
	/* The transforms of a field that is not there are read, to find their end. */
	part->type = *field != NULL ? (*field)->type : RK_TEXT;
	bool good = take_transforms(p, &part->transforms, &part->transform_count,
	                            &part->type);
	return good && *field != NULL;
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
	char *copy = arena_alloc(p->arena, p->text.len + 1);
	size_t len = 0;
	while (p->text.len > 0) {
		char c = *p->text.ptr, next = p->text.len > 1 ? p->text.ptr[1] : '\0';
		if ((c == '$' && next == '{') || at_bar(p))
			break;
		cut(&p->text, (c == '|' || c == '$') && next == c ? 2 : 1);
		copy[len++] = c;
	}
	return (struct rk_text){ copy, len };
}

/* Blanks before the bar are the bar's, not the template's. */
static void
trim_end(struct rk_text *literal)
{
	while (literal->len > 0 && literal->ptr[literal->len - 1] == ' ')
		literal->len--;
}

static bool
take_part(struct parser *p, struct expr_part *part, const struct rk_field **field)
{
	part->before = take_literal(p);
	part->slot = SLOT_NONE;
	part->type = RK_TEXT;
	if (at_bar(p))
		trim_end(&part->before);
	if (p->text.len == 0 || at_bar(p))
		return true;
	cut(&p->text, 2);
	bool good = take_field(p, "|}", part, field);
	if (cut_char(&p->text, '}'))
		return good;
	if (good)
		found(p, "\"}\"");
	p->text.len = 0;
	return false;
}

/* All of a template must have a text form. */
static bool
parts_have_text(const struct parser *p, const struct expr *e)
{
	bool good = true;
	for (size_t i = 0; i < e->part_count; i++)
		if (!convert_has_text(e->parts[i].type))
			good = complain(p->c, "found %s in a template, expected text: %s",
			                value_type_name(e->parts[i].type),
			                convert_why_not(e->parts[i].type, RK_TEXT));
	return good;
}

static bool
take_template(struct parser *p, struct expr *e)
{
	bool good = true;
	const struct rk_field *field = NULL;
	e->parts = arena_new_array(p->arena, EXPR_PARTS_MAX, struct expr_part);
	while (p->text.len > 0 && !at_bar(p)) {
		if (e->part_count == EXPR_PARTS_MAX)
			return complain(p->c, "found more than %d fields in a template",
			                EXPR_PARTS_MAX);
		if (!take_part(p, &e->parts[e->part_count++], &field))
			good = false;
	}
	const struct expr_part *first = &e->parts[0];
	e->template = e->part_count != 1 || first->before.len > 0
	              || first->slot == SLOT_NONE;
	e->type = e->template ? RK_TEXT : first->type;
	e->field = e->template || first->transform_count > 0 ? NULL : field;
	return good && (!e->template || parts_have_text(p, e));
}

static bool
take_fixed(struct parser *p, struct expr *e)
{
	e->parts = arena_new(p->arena, struct expr_part);
	e->part_count = 1;
	e->parts->slot = SLOT_NONE;
	e->template = true;
	e->type = RK_TEXT;
	return cut_quoted(&p->text, p->arena, &e->parts->before)
	       || found(p, "its closing quote");
}

static bool
take_bare(struct parser *p, struct expr *e)
{
	e->parts = arena_new(p->arena, struct expr_part);
	e->part_count = 1;
	bool good = take_field(p, "|", e->parts, &e->field);
	e->type = e->parts->type;
	if (e->parts->transform_count > 0)
		e->field = NULL;
	return good;
}

static bool
is_template(struct rk_text text)
{
	for (size_t i = 0; i + 1 < text.len; i++)
		if (text.ptr[i] == '$' && text.ptr[i + 1] == '{')
			return true;
	return false;
}

bool
expr_compile(struct expr *e, const char *text, struct inputs *in, struct arena *arena,
             struct complaint *c)
{
	struct parser p = { text_of(text), in, arena, c };
	*e = (struct expr){ .type = RK_TEXT };
	if (p.text.len > EXPR_BYTES_MAX)
		return complain(c,
		                "found an expression of %zu bytes, expected at most %d",
		                (size_t)p.text.len, EXPR_BYTES_MAX);
	if (text_trim(p.text).len == 0)
		return complain(c,
		                "found nothing in \"from\", expected a field, a template "
		                "such as \"${a} ${b}\", or a fixed 'text'");
	p.text = arena_text(arena, is_template(p.text) ? p.text : text_trim(p.text));
	bool good = is_template(p.text) ? take_template(&p, e)
	            : at_quote(&p) ? take_fixed(&p, e) : take_bare(&p, e);
	/* Where the source is broken the rest would be guesswork. */
	if (!good)
		return false;
	if (!take_transforms(&p, &e->transforms, &e->transform_count, &e->type))
		return false;
	if (e->transform_count > 0)
		e->field = NULL;
	return p.text.len == 0
	       || found(&p, "\"|\" or the end (in a template a bar is ||)");
}

static bool
run_transforms(const struct transform *list, size_t count,
               const struct transform_scene *scene, struct rk_value *value)
{
	for (size_t i = 0; i < count; i++)
		if (!transform_run(&list[i], scene, value))
			return false;
	return true;
}

static bool
run_part(const struct expr_part *part, const struct transform_scene *scene,
         struct rk_value *out)
{
	return inputs_value(scene->inputs, scene->record, part->slot, scene->arena, out,
	                    scene->fault)
	       && run_transforms(part->transforms, part->transform_count, scene, out);
}

/* What a template is made of, while it is being made. */
struct pieces {
	struct rk_text texts[EXPR_PARTS_MAX];
	uint32_t flags;
	size_t fields, empty;
	bool absent, null;
};

static bool
take_piece(const struct expr_part *part, const struct transform_scene *scene,
           struct pieces *p, struct rk_text *text)
{
	struct rk_value v;
	*text = (struct rk_text){ 0 };
	if (part->slot == SLOT_NONE)
		return true;
	if (!run_part(part, scene, &v))
		return false;
	p->fields++;
	p->absent |= v.type == RK_ABSENT;
	p->null |= v.type == RK_NULL;
	p->flags |= v.flags & RK_VALUE_HAS_NUL;
	if (v.type != RK_ABSENT && v.type != RK_NULL
	    && !convert_text(&v, scene->arena, text))
		return fault_set(scene->fault, scene->arena, RK_CAT_PROPERTY_VALUE,
		                 v.text,
		                 "found several users in a template, expected one: add "
		                 "`| first` or `| join(...)`");
	p->empty += text->len == 0;
	return true;
}

static struct rk_text
put_together(const struct expr *e, const struct pieces *p, struct arena *arena)
{
	size_t len = 0;
	for (size_t i = 0; i < e->part_count; i++)
		len += e->parts[i].before.len + p->texts[i].len;
	char *out = arena_alloc(arena, len + 1), *at = out;
	for (size_t i = 0; i < e->part_count; i++) {
		const struct rk_text both[] = { e->parts[i].before, p->texts[i] };
		for (size_t k = 0; k < 2; k++) {
			if (both[k].len > 0)
				memcpy(at, both[k].ptr, both[k].len);
			at += both[k].len;
		}
	}
	return (struct rk_text){ out, len };
}

static bool
run_template(const struct expr *e, const struct transform_scene *scene,
             struct rk_value *out)
{
	struct pieces p;
	p.flags = 0;
	p.fields = p.empty = 0;
	p.absent = p.null = false;
	for (size_t i = 0; i < e->part_count; i++)
		if (!take_piece(&e->parts[i], scene, &p, &p.texts[i]))
			return false;
	bool nothing = p.fields > 0 && p.empty == p.fields;
	*out = (struct rk_value){ .type = RK_TEXT, .flags = p.flags };
	if (p.absent)
		out->type = RK_ABSENT;
	else if (nothing && p.null)
		out->type = RK_NULL;
	else if (!nothing)
		out->text = put_together(e, &p, scene->arena);
	return true;
}

bool
expr_run(const struct expr *e, const struct transform_scene *scene, struct rk_value *out)
{
	bool good = e->template ? run_template(e, scene, out)
	                        : run_part(&e->parts[0], scene, out);
	return good && run_transforms(e->transforms, e->transform_count, scene, out);
}
