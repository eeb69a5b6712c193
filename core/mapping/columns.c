/* SPDX-License-Identifier: Apache-2.0
 *
 * columns.c - a table of the target from maps to its columns ("lines.item").  A
 * list gives a row for each item, anything else the first row; the columns of
 * one row stand side by side.  As a table is always written whole, one column
 * that was not told leaves all of it alone. */
#include "mapping/compile.h"
#include "mapping/convert.h"

/* The values of one column, from the top. */
struct cells {
	const struct rk_value *items;
	uint64_t count;
	struct rk_value one;
};

static bool
take_cells(const struct line *line, const struct scene *s, struct cells *cells)
{
	const struct rk_value *v = &cells->one;
	if (!expr_run(&line->expr, s, &cells->one))
		return false;
	if (convert_is_list(v) && line->target.field->type != v->type) {
		cells->items = v->items;
		cells->count = v->count;
	} else {
		cells->items = v;
		cells->count = v->type != RK_NULL || line->nulls == NULLS_DEFAULT;
	}
	return true;
}

static bool
fill_column(const struct line *line, const struct scene *s, const struct cells *cells,
            struct rk_value *const *rows, uint64_t count)
{
	static const struct rk_value nothing = { .type = RK_NULL };
	for (uint64_t i = 0; i < count; i++) {
		const struct rk_value *in = i < cells->count ? &cells->items[i]
		                                             : &nothing;
		if (!line_make(line, s, in, &rows[i][line->column]))
			return false;
	}
	return true;
}

/* Rows without content, and where their cells are. */
static struct rk_value **
make_rows(uint64_t width, const struct scene *s, struct rk_value *out)
{
	uint64_t count = out->count;
	struct rk_value *rows = arena_new_array(s->arena, count, struct rk_value);
	struct rk_value **cells = arena_new_array(s->arena, count, struct rk_value *);
	for (uint64_t i = 0; i < count; i++) {
		cells[i] = arena_new_array(s->arena, width, struct rk_value);
		rows[i] = (struct rk_value){ .type = RK_ROW, .items = cells[i],
			                     .count = width };
	}
	out->items = rows;
	return cells;
}

bool
columns_make(const struct mapping *m, const struct line *first, const struct scene *s,
             struct rk_value *out)
{
	size_t lines = (size_t)(m->lines + m->line_count - first);
	struct cells *columns = arena_new_array(s->arena, lines, struct cells);
	bool absent = false;
	*out = (struct rk_value){ .type = RK_TABLE };
	for (size_t i = 0; i < lines; i++) {
		if (first[i].slot != first->slot)
			continue;
		if (!take_cells(&first[i], s, &columns[i]))
			return false;
		absent |= columns[i].one.type == RK_ABSENT;
		if (columns[i].count > out->count)
			out->count = columns[i].count;
	}
	/* Nothing in any column: what the first of the maps says about null. */
	if (absent || (out->count == 0 && first->nulls != NULLS_CLEAR)) {
		*out = (struct rk_value){ .type = RK_ABSENT };
		return true;
	}
	struct rk_value **rows = make_rows(m->targets[first->slot].column_count, s, out);
	for (size_t i = 0; i < lines; i++)
		if (first[i].slot == first->slot
		    && !fill_column(&first[i], s, &columns[i], rows, out->count))
			return false;
	return true;
}
