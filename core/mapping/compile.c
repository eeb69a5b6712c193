/* SPDX-License-Identifier: Apache-2.0
 *
 * compile.c - a sync's maps against both descriptions.  Says every mistake, so
 * that one look mends all; leaves what apply.c and key.c run on. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "mapping/compiled.h"
#include "mapping/convert.h"
#include "mapping/fault.h"
#include "mapping/revision.h"
#include "record/value.h"

#define KEYS_SHOWN 8

/* What all steps of compiling one sync need. */
struct work {
	struct mapping *m;
	const struct config_sync *sync;
	const struct rk_schema *target;    /* NULL: only reading. */
	struct problems *problems;
	unsigned mistakes;
};

static struct complaint
complaint_about(const struct work *w, struct place at, const char *what)
{
	return (struct complaint){ .problems = w->problems, .sync = w->sync->name, .at = at,
	                           .what = what };
}

/* ---- Fixed values -------------------------------------------------------- */

/* Turns a text of the configuration into a value of the target's field; an
 * empty one into null, but for texts. */
static bool
constant(struct work *w, const struct target *t, const char *text, const char *where,
         struct rk_value *out, struct complaint *c)
{
	struct mapping_fault fault = { 0 };
	struct rk_value in = { .type = RK_TEXT, .text = arena_text(&w->m->arena, text_of(text)) };
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
	if (!constant(w, t, text, where, out, c))
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
	complain_warning(c, "values: \"%s\" is no option of the source's \"%.*s\"; it has "
	                 "%.*s", text, fault_len(e->field->name), e->field->name.ptr,
	                 (int)list.len, list.ptr);
	return key;
}

static bool
no_pair_twice(const struct line *line, struct complaint *c)
{
	bool good = true;
	for (size_t i = 1; i < line->pair_count; i++)
		if (text_eq(line->pairs[i].from, line->pairs[i - 1].from))
			good = complain(c, "values: found \"%.*s\" twice, expected each value once",
			                fault_len(line->pairs[i].from), line->pairs[i].from.ptr);
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
		line->pairs[i].from = pair_key(w, &line->expr, &options, map->values[i].from, c);
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

static bool
compile_values(struct work *w, const struct config_map *map, struct line *line,
               struct complaint *c)
{
	uint32_t from = line->expr.type;
	bool good = true;
	line->has_values = true;
	if (!convert_has_text(from) && !is_list(from))
		good = complain(c, "values: found %s, expected something with a text to look up",
		                value_type_name(from));
	if (w->target != NULL && is_list(from) && !is_list(line->target.field->type)
	    && line->target.field->type != RK_USER)
		good = complain(c, "values: found a list for a field of one value: add `| first`");
	if (!compile_pairs(w, map, line, c))
		good = false;
	line->has_otherwise = map->otherwise != NULL;
	if (w->target != NULL && map->otherwise != NULL
	    && !pair_value(w, &line->target, map->otherwise, "otherwise", &line->otherwise, c))
		good = false;
	return good;
}

/* ---- Types --------------------------------------------------------------- */

/* Columns of tables go together by name, as there is no other way to say it. */
static bool
pair_columns(struct line *line, struct complaint *c)
{
	const struct rk_field *from = line->expr.field, *to = line->target.field;
	bool good = true;
	size_t found = 0;
	for (size_t i = 0; from != NULL && i < from->column_count; i++) {
		for (size_t k = 0; k < to->column_count; k++) {
			if (!text_eq(from->columns[i].name, to->columns[k].name))
				continue;
			const char *why = convert_why_not(from->columns[i].type,
			                                  to->columns[k].type);
			line->target.column_from[k] = (int)i;
			found++;
			if (why != NULL)
				good = complain(c, "column \"%.*s\": found %s, expected %s: %s",
				                fault_len(to->columns[k].name),
				                to->columns[k].name.ptr,
				                value_type_name(from->columns[i].type),
				                value_type_name(to->columns[k].type), why);
		}
	}
	return found > 0 ? good : complain(c, "the two tables have no column of the same name");
}

static bool
check_types(struct line *line, struct complaint *c)
{
	uint32_t from = line->expr.type, to = line->target.field->type;
	const char *why = convert_why_not(from, to);
	if (why != NULL)
		return complain(c, "found %s, expected %s: %s", value_type_name(from),
		                value_type_name(to), why);
	return to != RK_TABLE || pair_columns(line, c);
}

/* ---- The target's side --------------------------------------------------- */

static const struct rk_field *
find_target(const struct rk_schema *target, struct rk_text name)
{
	for (size_t i = 0; i < target->field_count; i++)
		if (text_eq(target->fields[i].name, name))
			return &target->fields[i];
	return NULL;
}

static bool
unknown_target(struct work *w, struct rk_text name, struct complaint *c)
{
	struct rk_text near = inputs_nearest(w->target->fields, w->target->field_count, name,
	                                     &w->m->arena);
	return complain(c, "found no such field in the target, expected one of its %zu "
	                "fields%s%.*s%s", (size_t)w->target->field_count,
	                near.len > 0 ? " (did you mean \"" : "", (int)near.len, near.ptr,
	                near.len > 0 ? "\"?)" : "");
}

static bool
check_target(const struct rk_field *field, struct complaint *c)
{
	if (field->unmappable.len > 0)
		return complain(c, "this field of the target cannot be mapped: %.*s",
		                fault_len(field->unmappable), field->unmappable.ptr);
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
			return complain(c, "found a second map for this field (the first is in line "
			                "%u), expected one: a template such as \"${a} ${b}\" takes "
			                "several fields", maps[i].at.line);
	return true;
}

static bool
compile_target(struct work *w, const struct config_map *map, struct line *line,
               struct complaint *c)
{
	struct rk_text name = text_of(map->to);
	const struct rk_field *field = find_target(w->target, name);
	if (field == NULL)
		return unknown_target(w, name, c);
	target_init(&line->target, field, &w->m->arena);
	w->m->targets[w->m->line_count] = *field;
	line->is_key = w->sync->to.key != NULL && text_is(name, w->sync->to.key);
	return check_target(field, c);
}

static bool
compile_default(struct work *w, const struct config_map *map, struct line *line,
                struct complaint *c)
{
	line->nulls = map->nulls;
	if (map->nulls == NULLS_DEFAULT && map->default_value == NULL)
		return complain(c, "found no \"default\", expected the value to write when the "
		                "source has none");
	if (map->nulls != NULLS_DEFAULT && map->default_value != NULL)
		complain_warning(c, "\"default\" is not used: say nulls = \"default\"");
	return map->nulls != NULLS_DEFAULT || w->target == NULL
	       || constant(w, &line->target, map->default_value, "default", &line->fallback, c);
}

/* ---- Lines --------------------------------------------------------------- */

static bool
is_plain(const struct line *line)
{
	return line->expr.field != NULL && line->expr.parts[0].slot >= 0
	       && line->expr.type == RK_TEXT && line->target.field->type == RK_TEXT
	       && !line->has_values && (line->target.field->flags & RK_FIELD_REQUIRED) == 0;
}

static bool
compile_line(struct work *w, size_t index)
{
	struct mapping *m = w->m;
	const struct config_map *map = &w->sync->maps[index];
	struct line *line = &m->lines[m->line_count];
	const char *to = map->to != NULL ? map->to : "";
	struct rk_text what = arena_printf(&m->arena, "map to \"%s\"", to);
	struct complaint c = complaint_about(w, map->at, what.ptr);
	*line = (struct line){ 0 };
	if (map->from == NULL || *to == '\0')
		return complain(&c, "found no \"%s\", expected one", *to == '\0' ? "to" : "from");
	bool once = check_once(w, index, &c);
	bool source = expr_compile(&line->expr, map->from, &m->inputs, &m->arena, &c);
	bool target = w->target == NULL || compile_target(w, map, line, &c);
	if (!once || !source || !target)
		return false;
	bool good = compile_default(w, map, line, &c);
	if (map->value_count > 0 || map->otherwise != NULL)
		good = compile_values(w, map, line, &c) && good;
	else if (w->target != NULL)
		good = check_types(line, &c) && good;
	line->is_plain = w->target != NULL && is_plain(line);
	m->line_count++;
	return good;
}

static void
compile_lines(struct work *w)
{
	struct mapping *m = w->m;
	m->lines = arena_new_array(&m->arena, w->sync->map_count, struct line);
	m->targets = arena_new_array(&m->arena, w->sync->map_count, struct rk_field);
	for (size_t i = 0; i < w->sync->map_count; i++)
		if (w->sync->maps[i].enabled && !compile_line(w, i))
			w->mistakes++;
}

static void
compile_filter(struct work *w)
{
	const struct config_side *from = &w->sync->from;
	struct complaint c = complaint_about(w, from->filter_at, "filter");
	if (from->filter == NULL || text_trim(text_of(from->filter)).len == 0)
		return;
	w->m->filter = filter_compile(from->filter, &w->m->inputs, &w->m->arena, &c);
	w->mistakes += c.mistakes;
}

/* ---- The key ------------------------------------------------------------- */

/* "these could be: a, b" */
static struct rk_text
key_candidates(const struct work *w)
{
	BUF_AUTO out = BUF_INIT(4096);
	size_t count = 0;
	for (size_t i = 0; i < w->target->field_count; i++) {
		const struct rk_field *f = &w->target->fields[i];
		if ((f->flags & RK_FIELD_KEY) == 0)
			continue;
		if (count++ < KEYS_SHOWN)
			buf_addf(&out, "%s\"%.*s\"", out.len > 0 ? ", " : "", fault_len(f->name),
			         f->name.ptr);
	}
	if (count == 0)
		buf_adds(&out, "none of the fields can; make one unique in the CRM first");
	else if (count > KEYS_SHOWN)
		buf_addf(&out, " and %zu more", count - KEYS_SHOWN);
	return arena_text(&w->m->arena, buf_text(&out));
}

static bool
check_key_field(struct work *w, const char *key, struct complaint *c)
{
	const struct rk_field *field = find_target(w->target, text_of(key));
	struct rk_text could = key_candidates(w);
	if (field == NULL && strchr(key, ',') != NULL)
		return complain(c, "found \"%s\", expected exactly one field; these can be the "
		                "key: %.*s", key, (int)could.len, could.ptr);
	if (field == NULL)
		return complain(c, "found \"%s\", expected a field of the target; these can be "
		                "the key: %.*s", key, (int)could.len, could.ptr);
	if ((field->flags & RK_FIELD_KEY) == 0)
		return complain(c, "found \"%s\"%s, expected a field that can be the key: %.*s",
		                key, (field->flags & RK_FIELD_UNIQUE) == 0
		                     ? ", which does not prohibit duplicate values" : "",
		                (int)could.len, could.ptr);
	return true;
}

static bool
is_mapped(const struct work *w, const char *to)
{
	for (size_t i = 0; i < w->sync->map_count; i++)
		if (w->sync->maps[i].enabled && w->sync->maps[i].to != NULL
		    && strcmp(w->sync->maps[i].to, to) == 0)
			return true;
	return false;
}

static void
compile_key(struct work *w)
{
	const char *key = w->sync->to.key;
	struct complaint c = complaint_about(w, w->sync->to.key_at, "key");
	if (w->target == NULL)
		return;
	if (key == NULL || *key == '\0') {
		struct rk_text could = key_candidates(w);
		complain(&c, "found none, expected exactly one field; these can be the key: %.*s",
		         (int)could.len, could.ptr);
	} else if (check_key_field(w, key, &c) && !is_mapped(w, key)) {
		complain(&c, "no map fills \"%s\", expected one", key);
	}
	for (size_t i = 0; i < w->m->line_count; i++)
		if (w->m->lines[i].is_key)
			w->m->key_slot = i;
	w->mistakes += c.mistakes;
}

/* Updates can do without; creates will be refused by the CRM. */
static void
warn_of_required(struct work *w)
{
	struct complaint c = complaint_about(w, w->sync->at, "map");
	for (size_t i = 0; w->target != NULL && i < w->target->field_count; i++) {
		const struct rk_field *f = &w->target->fields[i];
		uint32_t needed = RK_FIELD_REQUIRED | RK_FIELD_WRITABLE;
		if ((f->flags & needed) == needed && f->unmappable.len == 0
		    && !is_mapped(w, arena_text(&w->m->arena, f->name).ptr))
			complain_warning(&c, "no map fills \"%.*s\", which the target requires: new "
			                 "records may be refused", fault_len(f->name), f->name.ptr);
	}
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
	compile_key(&w);
	warn_of_required(&w);
	revision_make(m->revision, sync, &m->inputs);
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
	*count = m->line_count;
	return m->targets;
}

size_t
mapping_key_slot(const struct mapping *m)
{
	return m->key_slot;
}

void
mapping_revision(const struct mapping *m, unsigned char revision[16])
{
	memcpy(revision, m->revision, sizeof m->revision);
}
