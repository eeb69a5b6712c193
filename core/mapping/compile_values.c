/* SPDX-License-Identifier: Apache-2.0
 *
 * compile_values.c - what stands fixed in the configuration: value maps,
 * `otherwise`, `default`.  Each is held against the target before any record
 * flows. */
#include <stdlib.h>

#include "base/text.h"
#include "mapping/compile.h"
#include "mapping/convert.h"
#include "mapping/fault.h"
#include "record/value.h"

bool
compile_constant(struct work *w, const struct target *t, const char *text,
                 const char *where, struct rk_value *out, struct complaint *c)
{
	struct mapping_fault fault = { 0 };
	struct rk_value in = { .type = RK_TEXT,
		               .text = arena_text(&w->m->arena, text_of(text)) };
	const struct rk_field *field = t->field;
	if (convert_why_not(RK_TEXT, field->type) != NULL)
		return complain(c, "%s: a field of type %s takes no fixed value", where,
		                value_type_name(field->type));
	if (!convert_value(t, &in, out, &w->m->arena, &fault))
		return complain(c, "%s: found \"%.*s\": %.*s", where, fault_len(in.text),
		                in.text.ptr, (int)fault.message.len, fault.message.ptr);
	if (value_is_empty(out) && (field->flags & RK_FIELD_REQUIRED) != 0)
		return complain(c, "%s: found nothing, but \"%.*s\" is required", where,
		                fault_len(field->name), field->name.ptr);
	return true;
}

/* Pairs of a list's map stand for one item each. */
static bool
pair_value(struct work *w, const struct target *t, const char *text, const char *where,
           struct rk_value *out, struct complaint *c)
{
	if (!compile_constant(w, t, text, where, out, c))
		return false;
	if (out->type == RK_CHOICES || out->type == RK_REFS)
		*out = out->items[0];
	return true;
}

/* ---- Value maps ---------------------------------------------------------- */

static int
by_from(const void *a, const void *b)
{
	return text_cmp(((const struct line_pair *)a)->from,
	                ((const struct line_pair *)b)->from);
}

/* The left side of a pair as it is looked up: numbers in their shortest form, an
 * option by its value. */
static struct rk_text
pair_key(struct work *w, const struct expr *e, const struct target *options,
         const char *text, struct complaint *c)
{
	struct rk_text key = arena_text(&w->m->arena, text_of(text)), value;
	struct decimal d;
	if ((e->type == RK_INTEGER || e->type == RK_DECIMAL)
	    && decimal_parse(&d, key, &w->m->arena))
		return decimal_text(&d, &w->m->arena);
	if (options->field == NULL || key.len == 0)
		return key;
	if (target_option(options, key, &value))
		return value;
	struct rk_text list = target_list_options(options, &w->m->arena);
	complain_warning(c,
	                 "values: \"%s\" is no option of the source's \"%.*s\"; it has "
	                 "%.*s",
	                 text, fault_len(e->field->name), e->field->name.ptr,
	                 (int)list.len, list.ptr);
	return key;
}

static bool
no_pair_twice(const struct line *line, struct complaint *c)
{
	bool good = true;
	for (size_t i = 1; i < line->pair_count; i++)
		if (text_eq(line->pairs[i].from, line->pairs[i - 1].from))
			good = complain(c,
			                "values: found \"%.*s\" twice, expected each "
			                "value once",
			                fault_len(line->pairs[i].from),
			                line->pairs[i].from.ptr);
	return good;
}

static bool
compile_pairs(struct work *w, const struct config_map *map, struct line *line,
              struct complaint *c)
{
	struct target options = { 0 };
	bool good = true;
	if (line->expr.field != NULL)
		target_init(&options, line->expr.field, &w->m->arena);
	line->pair_count = map->value_count;
	line->pairs = arena_new_array(&w->m->arena, map->value_count, struct line_pair);
	for (size_t i = 0; i < map->value_count; i++) {
		line->pairs[i].from = pair_key(w, &line->expr, &options,
		                               map->values[i].from, c);
		if (w->target != NULL
		    && !pair_value(w, &line->target, map->values[i].to, "values",
		                   &line->pairs[i].to, c))
			good = false;
	}
	qsort(line->pairs, line->pair_count, sizeof *line->pairs, by_from);
	return no_pair_twice(line, c) && good;
}

static bool
is_list(uint32_t type)
{
	return type == RK_CHOICES || type == RK_REFS;
}

uint32_t
compile_cell_type(const struct line *line)
{
	uint32_t from = line->expr.type;
	if (line->column < 0 || from == line->target.field->type || !is_list(from))
		return from;
	return from == RK_CHOICES ? RK_CHOICE : RK_REF;
}

bool
compile_values(struct work *w, const struct config_map *map, struct line *line,
               struct complaint *c)
{
	uint32_t from = line->expr.type;
	bool good = true;
	line->has_values = true;
	if (!convert_has_text(from) && !is_list(from))
		good = complain(c,
		                "values: found %s, expected something with a text to "
		                "look up",
		                value_type_name(from));
	if (w->target != NULL && is_list(compile_cell_type(line))
	    && !is_list(line->target.field->type) && line->target.field->type != RK_USER)
		good = complain(c, "values: found a list for a field of one value: add "
		                   "`| first`");
	if (!compile_pairs(w, map, line, c))
		good = false;
	line->has_otherwise = map->otherwise != NULL;
	if (w->target != NULL && map->otherwise != NULL
	    && !pair_value(w, &line->target, map->otherwise, "otherwise",
	                   &line->otherwise, c))
		good = false;
	return good;
}
