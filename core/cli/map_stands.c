/* SPDX-License-Identifier: Apache-2.0
 *
 * map_stands.c - renkei map SYNC: the mapping that the configuration has, field by field
 * of the target, with what does not fit.  Both sides are described as they are now. */
#include <string.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/describe.h"
#include "cli/map.h"
#include "mapping/mapping.h"
#include "record/value.h"

enum stands { STANDS_MAPPED, STANDS_UNFIT, STANDS_OFF, STANDS_ALONE, STANDS_CLOSED };

static const char *const kinds[] = { "mapped", "unfit", "off", "alone", "closed" };

static int
describe_side(struct app *app, const struct config_side *side, struct rk_schema *schema)
{
	struct session session;
	int code = EXIT_DONE;
	if (!app_session(app, side->connection, &session, &code))
		return code;
	code = describe_object(app, &session, side->object, schema);
	session_close(&session);
	return code;
}

/* What was found wrong on the line of this map. */
static const char *
mistake_of(struct app *app, const struct config_map *m, const struct problems *problems)
{
	for (size_t i = 0; i < problems->count; i++)
		if (problems->list[i].at.line == m->at.line && m->at.line != 0
		    && strcmp(problems->list[i].at.file, m->at.file) == 0)
			return app_told(app, text_of(problems->list[i].text)).ptr;
	return NULL;
}

/* "lead = リード, customer = 顧客, else その他"; NULL: values go as they are. */
static const char *
values_of(struct app *app, const struct config_map *m)
{
	BUF_AUTO out = BUF_INIT(1u << 20);
	for (size_t i = 0; i < m->value_count; i++)
		buf_addf(&out, "%s%s = %s", i > 0 ? ", " : "", m->values[i].from,
		         m->values[i].to);
	if (m->otherwise != NULL)
		buf_addf(&out, ", * = %s", m->otherwise);
	return out.len > 0 ? arena_text(&app->arena, buf_text(&out)).ptr : NULL;
}

static const struct rk_field *
field_of(const struct rk_schema *schema, const char *name)
{
	for (uint64_t i = 0; i < schema->field_count; i++)
		if (text_is(schema->fields[i].name, name))
			return &schema->fields[i];
	return NULL;
}

static const struct config_map *
map_of(const struct config_sync *s, struct rk_text field)
{
	for (size_t i = 0; i < s->map_count; i++)
		if (text_is(field, s->maps[i].to))
			return &s->maps[i];
	return NULL;
}

/* A row of the table; its field's columns are empty where the target has no such field. */
static struct cell *
add_row(struct app *app, struct table *t, struct rk_text name, const struct rk_field *field,
        enum stands kind)
{
	static const enum word words[] = { W_STATE_ON, W_STATE_MISTAKES, W_STATE_OFF,
	                                   W_NONE, W_NONE };
	struct cell *row = table_row(t);
	row[0] = cell_text(name);
	if (field != NULL) {
		row[1] = cell_text(field->label);
		row[2] = cell_str(value_type_name(field->type));
	}
	row[5] = cell_str(app_code(app, words[kind], kinds[kind]));
	return row;
}

static void
add_mapped(struct app *app, struct table *t, const struct config_map *m,
           const struct rk_field *field, const char *mistake)
{
	enum stands kind = mistake != NULL ? STANDS_UNFIT
	                   : m->enabled    ? STANDS_MAPPED : STANDS_OFF;
	struct cell *row = add_row(app, t, text_of(m->to), field, kind);
	row[3] = cell_str(m->from);
	row[4] = cell_str(values_of(app, m));
	row[6] = cell_str(mistake != NULL ? mistake : "");
}

static void
add_alone(struct app *app, struct table *t, const struct rk_field *field)
{
	bool closed = (field->flags & RK_FIELD_WRITABLE) == 0;
	struct cell *row = add_row(app, t, field->name, field,
	                           closed ? STANDS_CLOSED : STANDS_ALONE);
	row[6] = cell_text(app_told(app, field->unmappable));
}

static void
tell_fields(struct app *app, const struct config_sync *s, const struct rk_schema *target,
            const struct problems *problems)
{
	static const struct column columns[] = {
		{ "to", W_TO, 40 }, { "label", W_LABEL, 40 }, { "type", W_TYPE, 0 },
		{ "from", W_FROM, 40 }, { "values", W_VALUE, 40 }, { "state", W_STATE, 0 },
		{ "why", W_REASON, 60 },
	};
	struct table t = { .columns = columns, .arena = &app->arena, .column_count = 7 };
	for (size_t i = 0; i < s->map_count; i++)
		add_mapped(app, &t, &s->maps[i], field_of(target, s->maps[i].to),
		           mistake_of(app, &s->maps[i], problems));
	for (uint64_t i = 0; i < target->field_count; i++)
		if (map_of(s, target->fields[i].name) == NULL)
			add_alone(app, &t, &target->fields[i]);
	out_table(&app->out, "fields", &t);
}

static void
tell_rule(struct app *app, const struct config_sync *s)
{
	struct out *out = &app->out;
	out_json_str(out, "sync", s->name);
	out_json_str(out, "from", arena_printf(&app->arena, "%s/%s", s->from.connection,
	                                       s->from.object).ptr);
	out_json_str(out, "to", arena_printf(&app->arena, "%s/%s", s->to.connection,
	                                     s->to.object).ptr);
	out_json_str(out, "direction", s->back != NULL ? "both" : "to");
	out_json_str(out, "key", s->to.key);
	out_json_str(out, "filter", s->from.filter);
	out_json_str(out, "every", s->every);
	out_json_str(out, "cron", s->cron);
	out_json_str(out, "window", s->window);
}

int
map_tell_sync(struct app *app, const char *name)
{
	const struct config_sync *s = app_sync(app, name);
	struct rk_schema source, target;
	struct problems problems = PROBLEMS_INIT;
	struct mapping *mapping = NULL;
	if (s == NULL)
		return EXIT_USAGE;
	int code = describe_side(app, &s->from, &source);
	if (code == EXIT_DONE)
		code = describe_side(app, &s->to, &target);
	if (code != EXIT_DONE)
		return code;
	bool sound = mapping_compile(&mapping, s, &source, &target, &problems);
	mapping_free(mapping);
	tell_rule(app, s);
	tell_fields(app, s, &target, &problems);
	if (!sound && !app->json) {
		out_flush(&app->out);
		app_tell_problems(app, &problems);
	}
	problems_free(&problems);
	return sound ? EXIT_DONE : EXIT_USAGE;
}
