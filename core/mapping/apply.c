/* SPDX-License-Identifier: Apache-2.0
 *
 * apply.c - one record becomes one row.  See mapping.h for the promise; the
 * sync engine calls this a million times, so nothing here looks up a name. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "mapping/compiled.h"
#include "mapping/convert.h"
#include "mapping/fault.h"
#include "record/value.h"

bool
mapping_keeps(const struct mapping *m, const struct rk_record *record)
{
	if (m->filter == NULL)
		return true;
	return !filter_judges(m->filter, &m->inputs, record, NULL, NULL)
	       || filter_keeps(m->filter, &m->inputs, record);
}

static bool
is_nothing(const struct rk_value *v)
{
	return v->type == RK_ABSENT || v->type == RK_NULL;
}

bool
line_required(const struct line *line, const struct rk_value *value,
              struct arena *arena, struct mapping_fault *fault)
{
	const struct rk_field *field = line->target.field;
	/* What a row without a key means is the sync's policy, not ours. */
	if ((field->flags & RK_FIELD_REQUIRED) == 0 || line->is_key
	    || !value_is_empty(value))
		return true;
	return fault_set(fault, arena, RK_CAT_PROPERTY_VALUE, (struct rk_text){ 0 },
	                 "found no value, but \"%.*s\" is required",
	                 fault_len(field->name), field->name.ptr);
}

bool
line_null(const struct line *line, struct arena *arena, struct rk_value *out,
          struct mapping_fault *fault)
{
	*out = (struct rk_value){ .type = RK_ABSENT };
	switch (line->nulls) {
	case NULLS_KEEP:
		break;
	case NULLS_DEFAULT:
		*out = line->fallback;
		break;
	case NULLS_CLEAR:
		out->type = RK_NULL;
		return line_required(line, out, arena, fault);
	}
	return true;
}

static int
by_from(const void *a, const void *b)
{
	return text_cmp(((const struct line_pair *)a)->from,
	                ((const struct line_pair *)b)->from);
}

/* Numbers are looked up in their shortest form: "1.50" is "1.5". */
static bool
pair_text(const struct rk_value *in, struct arena *arena, struct rk_text *text)
{
	struct decimal d;
	if (!convert_text(in, arena, text))
		return false;
	if (in->type == RK_DECIMAL && decimal_read(&d, *text))
		*text = decimal_text(&d, arena);
	return true;
}

/* The pair's value, which may be null; absent if an empty value has no pair. */
static bool
map_one(const struct line *line, const struct rk_value *in, struct rk_value *out,
        struct arena *arena, struct mapping_fault *fault)
{
	struct line_pair wanted = { 0 };
	if ((in->flags & RK_VALUE_HAS_NUL) != 0 || !pair_text(in, arena, &wanted.from))
		return fault_set(fault, arena, RK_CAT_PROPERTY_VALUE, in->text,
		                 "the value map cannot look up a value that %s",
		                 (in->flags & RK_VALUE_HAS_NUL) != 0 ? "holds U+0000"
		                                                     : "is a list");
	const struct line_pair *found =
		bsearch(&wanted, line->pairs, line->pair_count, sizeof wanted, by_from);
	if (found != NULL)
		*out = found->to;
	else if (line->has_otherwise)
		*out = line->otherwise;
	else if (value_is_empty(in))
		*out = (struct rk_value){ .type = RK_ABSENT };
	else
		return fault_set(fault, arena, RK_CAT_PICKLIST, wanted.from,
		                 "\"%.*s\" is not in the value map, and the map has no "
		                 "\"otherwise\"",
		                 fault_len(wanted.from), wanted.from.ptr);
	return true;
}

/* A list goes through the map item by item; what maps to nothing falls out. */
static bool
map_list(const struct line *line, const struct rk_value *in, struct rk_value *out,
         struct arena *arena, struct mapping_fault *fault)
{
	struct rk_value *items = arena_new_array(arena, in->count, struct rk_value);
	*out = (struct rk_value){ .type = line->target.field->type, .items = items };
	for (uint64_t i = 0; i < in->count; i++) {
		if (!map_one(line, &in->items[i], &items[out->count], arena, fault))
			return false;
		out->count += !is_nothing(&items[out->count]);
	}
	return true;
}

static bool
map_value(const struct line *line, const struct rk_value *in, struct rk_value *out,
          struct arena *arena, struct mapping_fault *fault)
{
	uint32_t to = line->target.field->type;
	if (in->type == RK_CHOICES || in->type == RK_REFS || in->count > 0)
		return map_list(line, in, out, arena, fault);
	if (!map_one(line, in, out, arena, fault))
		return false;
	if ((to == RK_CHOICES || to == RK_REFS) && !is_nothing(out)) {
		struct rk_value *item = arena_new(arena, struct rk_value);
		*item = *out;
		*out = (struct rk_value){ .type = to, .items = item, .count = 1 };
	}
	return true;
}

bool
line_value(const struct line *line, const struct rk_value *in,
           const struct transform_scene *scene, struct rk_value *out)
{
	out->type = RK_ABSENT;
	if (in->type == RK_NULL)
		return true;
	if (line->has_values)
		return map_value(line, in, out, scene->arena, scene->fault);
	if (!convert_value(&line->target, in, out, scene->arena, scene->fault))
		return false;
	if (out->type == RK_NULL)
		out->type = RK_ABSENT;
	return true;
}

/* The most ordinary map of all: a text goes over as it is. */
static bool
run_plain(const struct line *line, const struct transform_scene *scene,
          struct rk_value *out, bool *good)
{
	const struct rk_value *in = &scene->record->values[line->expr.parts[0].slot];
	if (in->type != RK_TEXT || in->flags != 0)
		return false;
	*out = *in;
	*good = target_fits(&line->target, out, scene->arena, scene->fault);
	return true;
}

static bool
run_line(const struct line *line, const struct transform_scene *scene,
         struct rk_value *out)
{
	struct rk_value v;
	bool good;
	if (line->is_plain && run_plain(line, scene, out, &good))
		return good;
	if (!expr_run(&line->expr, scene, &v))
		return false;
	if (v.type == RK_ABSENT) {
		*out = v;
		return true;
	}
	if (!line_value(line, &v, scene, out))
		return false;
	if (out->type == RK_ABSENT)
		return line_null(line, scene->arena, out, scene->fault);
	return line_required(line, out, scene->arena, scene->fault);
}

static bool
of_field(const struct mapping *m, size_t slot, bool good, struct mapping_fault *fault)
{
	if (!good)
		fault->field = m->targets[slot].name;
	return good;
}

bool
mapping_apply(const struct mapping *m, const struct rk_record *record,
              struct arena *arena, struct rk_value *row, struct mapping_fault *fault)
{
	struct transform_scene scene = { &m->inputs, record, arena, fault };
	if (m->filter != NULL
	    && !filter_judges(m->filter, &m->inputs, record, arena, fault))
		return false;
	for (size_t i = 0; i < m->line_count; i++) {
		const struct line *line = &m->lines[i];
		if (line->column < 0
		    && !of_field(m, line->slot, run_line(line, &scene, &row[line->slot]),
		                 fault))
			return false;
	}
	for (size_t i = 0; i < m->table_count; i++) {
		size_t slot = m->tables[i].slot;
		if (!of_field(m, slot, columns_make(&m->tables[i], &scene, &row[slot]),
			      fault))
			return false;
	}
	return true;
}

bool
mapping_may_create(const struct mapping *m, const struct rk_value *row,
                   struct arena *arena, struct mapping_fault *fault)
{
	for (size_t i = 0; i < m->line_count; i++) {
		const struct line *line = &m->lines[i];
		if (line->column < 0
		    && !of_field(m, line->slot,
		                 line_required(line, &row[line->slot], arena, fault),
		                 fault))
			return false;
	}
	return true;
}
