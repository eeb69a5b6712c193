/* SPDX-License-Identifier: Apache-2.0
 *
 * compile_values.c - what stands fixed in the configuration: value maps,
 * `otherwise`, `default`, `flag`.  Each is held against the target before any record
 * flows. */
#include "base/text.h"
#include "mapping/compile.h"
#include "mapping/convert.h"
#include "record/value.h"

/* Turns a text of the configuration into a value of the target's field; an
 * empty one into null, but for texts.  'where' names the setting. */
static bool
constant(struct work *w, const struct target *t, const char *text, const char *where,
         struct rk_value *out, struct complaint *c)
{
	struct mapping_fault fault = { 0 };
	struct scene s = { .arena = &w->m->arena, .fault = &fault };
	struct rk_value in = { .type = RK_TEXT,
		               .text = arena_text(&w->m->arena, text_of(text)) };
	const struct rk_field *field = t->field;
	if (convert_why_not(RK_TEXT, field->type) != NULL)
		return complain(c, "%s: a field of type %s takes no fixed value", where,
		                value_type_name(field->type));
	if (!convert_value(t, &s, &in, out))
		return complain(c, "%s: found \"%.*s\": %.*s", where, SHOWN(in.text),
		                (int)fault.message.len, fault.message.ptr);
	if (value_is_empty(out) && (field->flags & RK_FIELD_REQUIRED) != 0)
		return complain(c, "%s: found nothing, but \"%.*s\" is required", where,
		                SHOWN(field->name));
	return true;
}

/* What a text maps to; pairs of a list's map stand for one item each. */
static void
mapped_value(struct work *w, const struct target *t, const char *text, const char *where,
             struct rk_value *out, struct complaint *c)
{
	if (w->target != NULL && constant(w, t, text, where, out, c)
	    && (out->type == RK_CHOICES || out->type == RK_REFS))
		*out = out->items[0];
}

/* The left side of a pair as it is looked up: numbers in their shortest form, an
 * option by its value. */
static struct rk_text
pair_key(struct work *w, const struct expr *e, const struct target *options,
         const char *text, struct complaint *c)
{
	struct arena *arena = &w->m->arena;
	struct rk_text key = arena_text(arena, text_of(text)), value;
	struct decimal d;
	if ((e->type == RK_INTEGER || e->type == RK_DECIMAL)
	    && decimal_parse(&d, key, arena))
		return decimal_text(&d, arena);
	if (options->field == NULL || key.len == 0)
		return key;
	if (!target_option(options, key, &value))
		complain_warning(c, "values: \"%s\" is no option of the source's "
		                 "\"%.*s\"; it has %s", text, SHOWN(e->field->name),
		                 target_list_options(options, arena).ptr);
	return value;
}

static void
compile_pairs(struct work *w, const struct config_map *map, struct line *line,
              struct complaint *c)
{
	struct target options = { 0 };
	if (line->expr.field != NULL)
		target_init(&options, line->expr.field, &w->m->arena);
	line->pair_count = map->value_count;
	line->pairs = arena_new_array(&w->m->arena, map->value_count, struct pair);
	for (size_t i = 0; i < map->value_count; i++) {
		struct pair *pair = &line->pairs[i];
		pair->from = pair_key(w, &line->expr, &options, map->values[i].from, c);
		mapped_value(w, &line->target, map->values[i].to, "values", &pair->to, c);
	}
	pairs_sort(line->pairs, line->pair_count);
	for (size_t i = 1; i < line->pair_count; i++)
		if (text_eq(line->pairs[i].from, line->pairs[i - 1].from))
			complain(c, "values: found \"%.*s\" twice, expected each value "
			         "once", SHOWN(line->pairs[i].from));
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
	return convert_item_type(from);
}

/* What a line with a value map may read and write. */
static void
check_map_types(const struct work *w, const struct line *line, struct complaint *c)
{
	uint32_t from = line->expr.type;
	if (!convert_has_text(from) && !is_list(from))
		complain(c, "values: found %s, expected something with a text to look up",
		         value_type_name(from));
	if (w->target != NULL && is_list(compile_cell_type(line))
	    && !is_list(line->target.field->type) && line->target.field->type != RK_USER)
		complain(c, "values: found a list for a field of one value: add "
		            "`| first`");
}

void
compile_values(struct work *w, const struct config_map *map, struct line *line,
               struct complaint *c)
{
	line->nulls = map->nulls;
	if (map->nulls == NULLS_DEFAULT && map->default_value == NULL)
		complain(c, "found no \"default\", expected the value to write when the "
		            "source has none");
	else if (map->nulls == NULLS_DEFAULT && w->target != NULL)
		constant(w, &line->target, map->default_value, "default", &line->fallback,
		         c);
	else if (map->nulls != NULLS_DEFAULT && map->default_value != NULL)
		complain_warning(c, "\"default\" is not used: say nulls = \"default\"");
	line->has_otherwise = map->otherwise != NULL;
	line->has_values = map->value_count > 0 || line->has_otherwise;
	if (!line->has_values)
		return;
	check_map_types(w, line, c);
	compile_pairs(w, map, line, c);
	if (line->has_otherwise)
		mapped_value(w, &line->target, map->otherwise, "otherwise",
		             &line->otherwise, c);
}

void
compile_flag(struct work *w)
{
	struct mapping *m = w->m;
	const struct config_flag *flag = &w->sync->flag;
	struct complaint c = compile_complaint(w, flag->at, "flag");
	struct target target;
	if (w->sync->deletes != DELETES_FLAG || flag->field == NULL || flag->value == NULL)
		return;
	struct rk_text name = text_of(flag->field);
	const struct rk_field *field = schema_find(w->target, name);
	if (field == NULL) {
		complain(&c, "found no field \"%.*s\" in the target, expected one of its %zu "
		         "fields%s", SHOWN(name), (size_t)w->target->field_count,
		         schema_suggest(w->target, name, &m->arena));
		return;
	}
	target_init(&target, field, &m->arena);
	if (compile_may_write(field, &c)
	    && constant(w, &target, flag->value, "value", &m->flag_value, &c))
		m->flag = field;
}
