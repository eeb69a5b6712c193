/* SPDX-License-Identifier: Apache-2.0
 *
 * apply.c - one record becomes one row.  See mapping.h for the promise; the
 * sync engine calls this a million times, so nothing here looks up a name. */
#include "base/text.h"
#include "mapping/compile.h"
#include "mapping/convert.h"
#include "record/value.h"

bool
mapping_keeps(const struct mapping *m, const struct rk_record *record)
{
	struct scene s = { .inputs = &m->inputs, .record = record };
	return m->filter == NULL || !filter_judges(m->filter, &s)
	       || filter_keeps(m->filter, &s);
}

static bool
is_nothing(const struct rk_value *v)
{
	return v->type == RK_ABSENT || v->type == RK_NULL;
}

/* False, with the fault, if the target requires a value and there is none.  What
 * a row without a key means is the sync's policy, not ours. */
static bool
check_required(const struct line *line, const struct scene *s,
               const struct rk_value *value)
{
	const struct rk_field *field = line->target.field;
	return (field->flags & RK_FIELD_REQUIRED) == 0 || line->is_key
	       || !value_is_empty(value)
	       || UNFIT(s, (struct rk_text){ 0 }, "found no value, but \"%.*s\" is "
	                "required", SHOWN(field->name));
}

/* The pair's value, which may be null; absent if an empty value has no pair. */
static bool
map_one(const struct line *line, const struct scene *s, const struct rk_value *in,
        struct rk_value *out)
{
	struct rk_text text;
	struct decimal d;
	if ((in->flags & RK_VALUE_HAS_NUL) != 0)
		return UNFIT(s, in->text, "the value map cannot look up a value that "
		             "holds U+0000");
	if (!convert_text(s, in, &text))
		return false;
	/* Numbers are looked up in their shortest form: "1.50" is "1.5". */
	if (in->type == RK_DECIMAL && decimal_read(&d, text))
		text = decimal_text(&d, s->arena);
	const struct pair *found = pairs_find(line->pairs, line->pair_count, text);
	if (found == NULL && !line->has_otherwise && !value_is_empty(in))
		return fault_set(s, RK_CAT_PICKLIST, text, "\"%.*s\" is not in the value "
		                 "map, and the map has no \"otherwise\"", SHOWN(text));
	*out = found != NULL ? found->to
	       : line->has_otherwise ? line->otherwise : (struct rk_value){ 0 };
	return true;
}

/* A list goes through the map item by item; what maps to nothing falls out. */
static bool
map_value(const struct line *line, const struct scene *s, const struct rk_value *in,
          struct rk_value *out)
{
	uint32_t to = line->target.field->type;
	bool list = convert_is_list(in);
	uint64_t count = list ? in->count : 1;
	if (!list && to != RK_CHOICES && to != RK_REFS)
		return map_one(line, s, in, out);
	struct rk_value *items = arena_new_array(s->arena, count, struct rk_value);
	*out = (struct rk_value){ .type = to, .items = items };
	for (uint64_t i = 0; i < count; i++) {
		if (!map_one(line, s, list ? &in->items[i] : in, &items[out->count]))
			return false;
		out->count += !is_nothing(&items[out->count]);
	}
	if (!list && out->count == 0)
		*out = items[0];
	return true;
}

static bool
make_value(const struct line *line, const struct scene *s, const struct rk_value *in,
           struct rk_value *out)
{
	*out = (struct rk_value){ .type = RK_ABSENT };
	if (in->type == RK_NULL)
		return true;
	if (line->has_values)
		return map_value(line, s, in, out);
	if (!convert_value(&line->target, s, in, out))
		return false;
	if (out->type == RK_NULL)
		out->type = RK_ABSENT;
	return true;
}

bool
line_make(const struct line *line, const struct scene *s, const struct rk_value *in,
          struct rk_value *out)
{
	if (!make_value(line, s, in, out))
		return false;
	if (out->type == RK_ABSENT && line->nulls == NULLS_DEFAULT)
		*out = line->fallback;
	else if (out->type == RK_ABSENT && line->nulls == NULLS_CLEAR)
		out->type = RK_NULL;
	/* A field may be left alone; the cell of a row that is written may not. */
	return (out->type == RK_ABSENT && line->column < 0)
	       || check_required(line, s, out);
}

static bool
run_line(const struct line *line, const struct scene *s, struct rk_value *out)
{
	struct rk_value v;
	if (!expr_run(&line->expr, s, &v))
		return false;
	*out = (struct rk_value){ .type = RK_ABSENT };
	return v.type == RK_ABSENT || line_make(line, s, &v, out);
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
	struct scene s = { &m->inputs, record, arena, fault };
	if (m->filter != NULL && !filter_judges(m->filter, &s))
		return false;
	for (size_t i = 0; i < m->line_count; i++) {
		const struct line *line = &m->lines[i];
		struct rk_value *out = &row[line->slot];
		bool good = line->column < 0 ? run_line(line, &s, out)
		            : !line->opens_table || columns_make(m, line, &s, out);
		if (!of_field(m, line->slot, good, fault))
			return false;
	}
	return true;
}

bool
mapping_may_create(const struct mapping *m, const struct rk_value *row,
                   struct arena *arena, struct mapping_fault *fault)
{
	struct scene s = { .arena = arena, .fault = fault };
	for (size_t i = 0; i < m->line_count; i++) {
		const struct line *line = &m->lines[i];
		const struct rk_value *value = &row[line->slot];
		bool good = line->column >= 0 || check_required(line, &s, value);
		if (!of_field(m, line->slot, good, fault))
			return false;
	}
	return true;
}
