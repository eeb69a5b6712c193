/* SPDX-License-Identifier: Apache-2.0
 *
 * columns.c - a table of the target from maps to its columns ("lines.item").  A
 * list gives a row for each item, anything else the first row; the columns of
 * one row stand side by side.  As a table is always written whole, one column
 * that was not told leaves all of it alone. */
#include "mapping/compiled.h"
#include "mapping/fault.h"

/* The values of one column, from the top. */
struct cells {
	const struct rk_value *items;
	uint64_t count;
	struct rk_value one;
};

static bool
is_list(const struct rk_value *v)
{
	return v->type == RK_CHOICES || v->type == RK_REFS || v->count > 0;
}

static bool
take_cells(const struct line *line, const struct transform_scene *scene,
           struct cells *cells, bool *absent)
{
	if (!expr_run(&line->expr, scene, &cells->one))
		return false;
	const struct rk_value *v = &cells->one;
	bool list = is_list(v) && line->target.field->type != v->type;
	*absent |= v->type == RK_ABSENT;
	cells->items = list ? v->items : v;
	cells->count = list ? v->count
	                    : v->type != RK_NULL || line->nulls == NULLS_DEFAULT;
	return true;
}

static bool
fill_column(const struct line *line, const struct cells *cells,
            const struct transform_scene *scene, struct rk_value *const *rows,
            uint64_t count)
{
	static const struct rk_value nothing = { .type = RK_NULL };
	for (uint64_t i = 0; i < count; i++) {
		struct rk_value *cell = &rows[i][line->column];
		const struct rk_value *in = i < cells->count ? &cells->items[i]
		                                             : &nothing;
		if (!line_value(line, in, scene, cell))
			return false;
		if (cell->type == RK_ABSENT
		    && !line_null(line, scene->arena, cell, scene->fault))
			return false;
		if (!line_required(line, cell, scene->arena, scene->fault))
			return false;
	}
	return true;
}

/* Nothing in any column: what the first of the maps says about null. */
static bool
no_rows(const struct line_table *table, struct rk_value *out)
{
	bool clear = table->lines[0]->nulls == NULLS_CLEAR;
	*out = (struct rk_value){ .type = clear ? RK_TABLE : RK_ABSENT };
	return true;
}

bool
columns_make(const struct line_table *table, const struct transform_scene *scene,
           struct rk_value *out)
{
	struct arena *arena = scene->arena;
	struct cells *columns = arena_new_array(arena, table->line_count, struct cells);
	bool absent = false;
	uint64_t count = 0;
	for (size_t i = 0; i < table->line_count; i++) {
		if (!take_cells(table->lines[i], scene, &columns[i], &absent))
			return false;
		count = columns[i].count > count ? columns[i].count : count;
	}
	*out = (struct rk_value){ .type = RK_ABSENT };
	if (absent)
		return true;
	if (count == 0)
		return no_rows(table, out);
	struct rk_value *rows = arena_new_array(arena, count, struct rk_value);
	struct rk_value **cells = arena_new_array(arena, count, struct rk_value *);
	for (uint64_t i = 0; i < count; i++) {
		cells[i] = arena_new_array(arena, table->field->column_count,
		                           struct rk_value);
		rows[i] = (struct rk_value){ .type = RK_ROW, .items = cells[i],
		                             .count = table->field->column_count };
	}
	for (size_t i = 0; i < table->line_count; i++)
		if (!fill_column(table->lines[i], &columns[i], scene, cells, count))
			return false;
	*out = (struct rk_value){ .type = RK_TABLE, .items = rows, .count = count };
	return true;
}
