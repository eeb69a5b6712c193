/* SPDX-License-Identifier: Apache-2.0
 *
 * compile.c - a sync's maps against both descriptions.  Says every mistake, so
 * that one look mends all; leaves what apply.c and key.c run on. */
#include "mapping/compile.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "mapping/convert.h"
#include "record/value.h"

struct complaint
compile_complaint(struct work *w, struct place at, const char *what)
{
	return (struct complaint){ w->problems, w->sync->name, at, what, &w->mistakes };
}

/* ---- Types --------------------------------------------------------------- */

/* Columns of tables go together by name, as there is no other way to say it; what the
 * CRM computes in a row is left to it. */
static void
pair_columns(struct line *line, struct complaint *c)
{
	const struct rk_field *from = line->expr.field, *to = line->target.field;
	size_t found = 0;
	for (size_t i = 0; from != NULL && i < from->column_count; i++) {
		for (size_t k = 0; k < to->column_count; k++) {
			const struct rk_field *a = &from->columns[i];
			const struct rk_field *b = &to->columns[k];
			if (!text_eq(a->name, b->name)
			    || (b->flags & RK_FIELD_WRITABLE) == 0)
				continue;
			const char *why = convert_why_not(a->type, b->type);
			line->target.column_from[k] = (int)i;
			found++;
			if (why != NULL)
				complain(c, "column \"%.*s\": found %s, expected %s: %s",
				         SHOWN(b->name), value_type_name(a->type),
				         value_type_name(b->type), why);
		}
	}
	if (found == 0)
		complain(c, "the two tables have no column of the same name");
}

static void
check_types(struct line *line, struct complaint *c)
{
	uint32_t from = compile_cell_type(line), to = line->target.field->type;
	const char *why = convert_why_not(from, to);
	if (why != NULL)
		complain(c, "found %s, expected %s: %s", value_type_name(from),
		         value_type_name(to), why);
	else if (to == RK_TABLE)
		pair_columns(line, c);
}

/* ---- The target's side --------------------------------------------------- */

bool
compile_may_write(const struct rk_field *field, struct complaint *c)
{
	if (field->unmappable.len > 0)
		return complain(c, "this field of the target cannot be mapped: %.*s",
		                SHOWN(field->unmappable));
	if ((field->flags & RK_FIELD_WRITABLE) == 0)
		return complain(c, "this field of the target cannot be written%s",
		                (field->flags & RK_FIELD_COMPUTED) != 0
		                ? ": the CRM computes it" : "");
	return true;
}

/* A second map for a target; the configuration's own check may have said so. */
static bool
check_once(const struct work *w, size_t index, struct complaint *c)
{
	const struct config_map *maps = w->sync->maps;
	for (size_t i = 0; i < index; i++)
		if (maps[i].enabled && maps[i].to != NULL
		    && strcmp(maps[i].to, maps[index].to) == 0)
			return complain(c, "found a second map for this field (the first "
			                "is in line %u), expected one: a template such "
			                "as \"${a} ${b}\" takes several fields",
			                maps[i].at.line);
	return true;
}

/* "table.column"; NULL if the name is not one. */
static const struct rk_field *
find_column(const struct rk_schema *schema, struct rk_text name, int *column)
{
	for (size_t at = 0; at < name.len; at++) {
		struct rk_text rest = { name.ptr + at + 1, name.len - at - 1 };
		const struct rk_field *field = NULL;
		if (name.ptr[at] == '.')
			field = schema_find(schema, (struct rk_text){ name.ptr, at });
		if (field == NULL || field->type != RK_TABLE)
			continue;
		for (size_t i = 0; i < field->column_count; i++) {
			if (text_eq(field->columns[i].name, rest)) {
				*column = (int)i;
				return field;
			}
		}
	}
	return NULL;
}

/* A table is written whole, and what no connector transfers goes with its old rows. */
static void
warn_of_loss(const struct rk_field *table, struct complaint *c)
{
	for (size_t i = 0; i < table->column_count; i++)
		if (table->columns[i].unmappable.len > 0)
			complain_warning(c, "writing the table may lose what its column "
			                 "\"%.*s\" holds: %.*s",
			                 SHOWN(table->columns[i].name),
			                 SHOWN(table->columns[i].unmappable));
}

/* The slot of a field of the target, a new one if it has none yet. */
static size_t
target_slot(struct mapping *m, const struct rk_field *field)
{
	for (size_t i = 0; i < m->target_count; i++)
		if (text_eq(m->targets[i].name, field->name))
			return i;
	m->targets[m->target_count] = *field;
	return m->target_count++;
}

static bool
compile_target(struct work *w, struct rk_text name, struct line *line,
               struct complaint *c)
{
	struct mapping *m = w->m;
	const struct rk_field *field = schema_find(w->target, name);
	if (field == NULL)
		field = find_column(w->target, name, &line->column);
	if (field == NULL)
		return complain(c, "found no such field in the target, expected one of "
		                "its %zu fields%s", (size_t)w->target->field_count,
		                schema_suggest(w->target, name, &m->arena));
	target_init(&line->target, line->column < 0 ? field
	            : &field->columns[line->column], &m->arena);
	size_t before = m->target_count;
	line->slot = target_slot(m, field);
	line->opens_table = line->column >= 0 && line->slot == before;
	line->is_key = w->sync->to.key != NULL && text_is(name, w->sync->to.key);
	for (size_t i = 0; i < m->line_count; i++)
		if (m->lines[i].slot == line->slot
		    && (m->lines[i].column < 0) != (line->column < 0))
			return complain(c, "found maps to a table and to its columns, "
			                "expected the one or the other");
	if (!compile_may_write(field, c)
	    || (line->column >= 0 && !compile_may_write(line->target.field, c)))
		return false;
	if (line->slot == before)
		warn_of_loss(field, c);
	return true;
}

/* ---- Maps ---------------------------------------------------------------- */

static void
compile_line(struct work *w, size_t index)
{
	struct mapping *m = w->m;
	const struct config_map *map = &w->sync->maps[index];
	struct line *line = &m->lines[m->line_count];
	const char *to = map->to != NULL ? map->to : "";
	struct rk_text what = arena_printf(&m->arena, "map to \"%s\"", to);
	struct complaint c = compile_complaint(w, map->at, what.ptr);
	*line = (struct line){ .column = -1 };
	if (map->from == NULL || *to == '\0') {
		complain(&c, "found no \"%s\", expected one",
		         *to == '\0' ? "to" : "from");
		return;
	}
	bool once = check_once(w, index, &c);
	bool source = expr_compile(&line->expr, map->from, &m->inputs, &c);
	bool target = w->target == NULL || compile_target(w, text_of(to), line, &c);
	if (!once || !source || !target)
		return;
	if (map->only == ONLY_BLANKS && line->column >= 0)
		complain(&c, "found only = \"blanks\" for a column, expected it at a whole field");
	compile_mark(map, m->marks[line->slot]);
	m->only_blanks[line->slot] = map->only == ONLY_BLANKS;
	m->has_blanks |= map->only == ONLY_BLANKS;
	compile_values(w, map, line, &c);
	if (!line->has_values && w->target != NULL)
		check_types(line, &c);
	if (w->target != NULL)
		compile_reference(w, map, line, &c);
	m->line_count++;
}

static void
compile_lines(struct work *w)
{
	struct mapping *m = w->m;
	m->lines = arena_new_array(&m->arena, w->sync->map_count, struct line);
	m->targets = arena_new_array(&m->arena, w->sync->map_count, struct rk_field);
	m->marks = arena_alloc(&m->arena, (w->sync->map_count + 1) * sizeof *m->marks);
	m->only_blanks = arena_new_array(&m->arena, w->sync->map_count, bool);
	m->references = arena_new_array(&m->arena, w->sync->map_count,
	                                struct mapping_reference);
	for (size_t i = 0; i < w->sync->map_count; i++)
		if (w->sync->maps[i].enabled)
			compile_line(w, i);
}

static void
compile_filter(struct work *w)
{
	const struct config_side *from = &w->sync->from;
	struct complaint c = compile_complaint(w, from->filter_at, "filter");
	if (text_trim(text_of(from->filter)).len > 0)
		w->m->filter = filter_compile(from->filter, &w->m->inputs, &c);
}

bool
mapping_compile(struct mapping **out, const struct config_sync *sync,
                const struct rk_schema *source, const struct rk_schema *target,
                struct problems *problems)
{
	struct mapping *m = calloc(1, sizeof *m);
	if (m == NULL)
		abort();
	struct work w = { .m = m, .sync = sync, .target = target, .problems = problems };
	inputs_init(&m->inputs, source, &m->arena);
	compile_filter(&w);
	compile_lines(&w);
	if (target != NULL) {
		compile_key(&w);
		compile_flag(&w);
	}
	compile_revision(&w, m->revision);
	if (w.mistakes > 0) {
		mapping_free(m);
		return false;
	}
	*out = m;
	return true;
}

void
mapping_free(struct mapping *m)
{
	if (m == NULL)
		return;
	arena_free(&m->arena);
	free(m);
}

const struct rk_field *
mapping_source_fields(const struct mapping *m, size_t *count)
{
	*count = m->inputs.used_count;
	return m->inputs.used;
}

const struct rk_field *
mapping_target_fields(const struct mapping *m, size_t *count)
{
	*count = m->target_count;
	return m->targets;
}

const struct rk_field *
mapping_flag(const struct mapping *m, const struct rk_value **value)
{
	*value = &m->flag_value;
	return m->flag;
}

size_t
mapping_key_count(const struct mapping *m)
{
	return m->key_count;
}

size_t
mapping_key_slot(const struct mapping *m, size_t rank)
{
	return m->keys[rank]->slot;
}

size_t
mapping_slot_count(const struct mapping *m)
{
	return m->target_count;
}

struct rk_text
mapping_mark(const struct mapping *m, size_t slot, unsigned char mark[16])
{
	memcpy(mark, m->marks[slot], sizeof m->marks[slot]);
	return m->targets[slot].name;
}

bool
mapping_only_blanks(const struct mapping *m, size_t slot)
{
	return m->only_blanks[slot];
}

bool
mapping_has_blanks(const struct mapping *m)
{
	return m->has_blanks;
}

void
mapping_revision(const struct mapping *m, unsigned char revision[16])
{
	memcpy(revision, m->revision, sizeof m->revision);
}
