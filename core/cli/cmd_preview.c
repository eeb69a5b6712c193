/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_preview.c - renkei preview and renkei test: one record, found by a field's
 * value; its values at the source beside what they become, and, for a test, the
 * record sent and what became of it. */
#include <ctype.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/errors.h"
#include "cli/lines.h"
#include "cli/report.h"
#include "cli/width.h"

struct preview {
	struct app *app;
	const struct config_sync *sync;
	size_t lines;
	enum sync_action action;
};

#define SCHEMA_AGE_MS 3600000          /* As old as a run takes it. */

/* ---- Side by side ------------------------------------------------------ */

static bool
in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || ((unsigned char)c & 0x80) != 0;
}

/* Whether the expression uses the field: its name stands there as a word. */
static bool
uses(const char *expression, struct rk_text name)
{
	for (const char *at = expression; name.len > 0; at++) {
		at = memmem(at, strlen(at), name.ptr, name.len);
		if (at == NULL)
			return false;
		bool begins = at == expression || !in_name(at[-1]);
		if (begins && !in_name(at[name.len]))
			return true;
	}
	return false;
}

/* The values of all fields that the expression uses. */
static struct rk_text
source_values(struct app *app, const struct sync_line *line, const char *expression)
{
	BUF_AUTO text = BUF_INIT(64u * 1024 * 1024);
	for (size_t i = 0; i < line->field_count; i++) {
		if (!uses(expression, line->fields[i].name))
			continue;
		buf_adds(&text, text.len > 0 ? " / " : "");
		buf_addt(&text, lines_value(app, &line->record->values[i]));
	}
	return arena_text(&app->arena, buf_text(&text));
}

static const struct config_map *
map_to(const struct config_sync *sync, struct rk_text field)
{
	for (size_t i = 0; i < sync->map_count; i++)
		if (sync->maps[i].enabled && text_is(field, sync->maps[i].to))
			return &sync->maps[i];
	return NULL;
}

static struct cell
value_cell(struct app *app, const struct rk_value *value)
{
	return value == NULL ? (struct cell){ 0 } : cell_text(lines_value(app, value));
}

static void
tell_mapped(struct preview *p, const struct sync_line *line)
{
	static const struct column columns[] = {
		{ "from", W_FROM, 40 },       { "source", W_SOURCE_VALUE, 40 },
		{ "to", W_TO, 40 },           { "mapped", W_MAPPED_VALUE, 40 },
		{ "there", W_THERE_NOW, 40 },
	};
	struct app *app = p->app;
	struct table t = { .columns = columns, .arena = &app->arena, .column_count = 5 };
	for (size_t i = 0; i < line->change_count; i++) {
		const struct sync_change *c = &line->changes[i];
		const struct config_map *map = map_to(p->sync, c->field);
		struct cell *row = table_row(&t);
		row[0] = cell_str(map != NULL ? map->from : NULL);
		row[1] = cell_text(map != NULL ? source_values(app, line, map->from)
		                               : (struct rk_text){ "", 0 });
		row[2] = cell_text(c->field);
		row[3] = value_cell(app, c->after);
		row[4] = value_cell(app, c->before);
	}
	out_table(&app->out, "values", &t);
}

/* Without mapped values: a record that is left out, or that failed. */
static void
tell_source(struct preview *p, const struct sync_line *line)
{
	static const struct column columns[] = {
		{ "field", W_FIELD, 40 }, { "value", W_VALUE, 60 },
	};
	struct app *app = p->app;
	struct table t = { .columns = columns, .arena = &app->arena, .column_count = 2 };
	for (size_t i = 0; line->record != NULL && i < line->field_count; i++) {
		struct cell *row = table_row(&t);
		row[0] = cell_text(line->fields[i].name);
		row[1] = value_cell(app, &line->record->values[i]);
	}
	out_table(&app->out, "source_values", &t);
}

static void
tell_preview(void *with, const struct sync_line *line)
{
	struct preview *p = with;
	struct out *o = &p->app->out;
	p->lines++;
	p->action = line->action;
	out_group(o, NULL, NULL);
	out_text(o, "id", W_RECORD, line->id);
	if (line->link.len > 0)
		out_text(o, "link", W_LINK, line->link);
	out_text(o, "key", W_KEY, line->key);
	out_json_str(o, "action", lines_action_key(line->action));
	if (!o->json)
		out_str(o, "action", W_ACTION, lines_action(p->app, line->action));
	if (line->target_id.len > 0)
		out_text(o, "target_id", W_TARGET_RECORD, line->target_id);
	if (line->category != RK_CAT_NONE)
		out_str(o, "category", W_CATEGORY,
		        errors_kind_shown(p->app, line->category, NULL));
	if (line->field.len > 0)
		out_text(o, "field", W_FIELD, line->field);
	if (line->reason.len > 0)
		out_text(o, "reason", W_REASON, app_told(p->app, line->reason));
	out_line(o, "");
	if (line->change_count > 0)
		tell_mapped(p, line);
	else
		tell_source(p, line);
	out_group_end(o);
}

/* ---- The one record ---------------------------------------------------- */

/* The report counts the whole sync's rows; what failed before is not this record. */
static int
own_exit_code(const struct preview *p, const struct sync_report *report)
{
	if (report->exit_code != EXIT_RECORDS && report->exit_code != EXIT_DONE)
		return report->exit_code;
	if (p->action == ACTION_FAIL)
		return EXIT_RECORDS;
	return p->action == ACTION_WAIT ? EXIT_FAILED : EXIT_DONE;
}

static int
finish(struct preview *p, const struct sync_report *report, struct problems *problems)
{
	struct app *app = p->app;
	out_flush(&app->out);
	out_group(&app->out, "mapping", NULL);
	app_tell_problems(app, problems);
	out_group_end(&app->out);
	problems_free(problems);
	report_error(app, report, p->sync);
	return own_exit_code(p, report);
}

static int
preview(struct preview *p, const struct sync_options *match)
{
	struct app *app = p->app;
	struct problems problems = PROBLEMS_INIT;
	struct sync_report report;
	struct sync_options options = *match;
	options.mode = SYNC_PREVIEW;
	options.line = tell_preview;
	options.with = p;
	out_list(&app->out, "records");
	sync_run(&app->world, p->sync, &options, &problems, &report);
	out_list_end(&app->out);
	return finish(p, &report, &problems);
}

static void
no_field(struct app *app, const struct config_side *side, const struct rk_schema *schema,
         struct rk_text field)
{
	const char **names =
		arena_new_array(&app->arena, schema->field_count + 1, const char *);
	const char *name = arena_text(&app->arena, field).ptr;
	for (uint64_t i = 0; i < schema->field_count; i++)
		names[i] = arena_text(&app->arena, schema->fields[i].name).ptr;
	const char *near = text_nearest(name, names, schema->field_count);
	app_usage(app, near != NULL
		? app_sayf(app, W_NO_FIELD_NEAR, side->connection, side->object, name,
		           near, NULL)
		: app_sayf(app, W_NO_FIELD, side->connection, side->object, name, NULL));
}

/* Whether the source has the field to look by.  What was told an hour ago counts; a
 * field that is not there is asked for anew.  Trouble on the way is the run's to
 * tell. */
static bool
has_field(struct app *app, const struct config_side *side, struct rk_text field)
{
	static const int64_t ages[] = { SCHEMA_AGE_MS, 0 };
	struct session session;
	struct session_object object;
	struct rk_schema schema;
	struct rk_err err = ERR_INIT;
	bool found = false;
	int32_t status = session_open(&session, &app->world, side->connection, &err);
	if (status == RK_OK)
		status = session_object(&session, side->object, &object, &err);
	for (size_t i = 0; i < 2 && status == RK_OK && !found; i++) {
		status = session_schema(&session, side->object, ages[i], &app->arena,
		                        &schema, &err);
		for (uint64_t f = 0; status == RK_OK && f < schema.field_count; f++)
			found = found || text_eq(schema.fields[f].name, field);
	}
	if (status == RK_OK && !found)
		no_field(app, side, &schema, field);
	session_close(&session);
	return status != RK_OK || found;
}

/* Loads, finds the sync, reads --match; NULL: it was complained about. */
static const struct config_sync *
prepare(struct app *app, const char *name, struct sync_options *match)
{
	const struct config_sync *sync;
	if (!lines_match(app, match) || !app_load(app)
	    || (sync = app_sync(app, name)) == NULL)
		return NULL;
	if (problems_stop_sync(&app->problems, name)) {
		app_usage(app, app_sayf(app, W_SYNC_MISTAKES, name, NULL));
		return NULL;
	}
	return has_field(app, &sync->from, match->match_field) ? sync : NULL;
}

int
cmd_preview(struct app *app, int argc, char **argv)
{
	(void)argc;
	struct sync_options match = { .mode = SYNC_PREVIEW };
	struct preview p = { .app = app, .sync = prepare(app, argv[1], &match) };
	return p.sync != NULL ? preview(&p, &match) : EXIT_USAGE;
}

/* ---- Test -------------------------------------------------------------- */

static void
tell_sent(void *with, const struct sync_line *line)
{
	struct preview *p = with;
	p->lines++;
	p->action = line->action;
	lines_tell(p->app, line);
}

static int
send_record(struct preview *p, const struct sync_options *match)
{
	struct app *app = p->app;
	struct problems problems = PROBLEMS_INIT;
	struct sync_report report;
	struct sync_options options = *match;
	options.mode = SYNC_TEST;
	options.line = tell_sent;
	options.with = p;
	/* What the mapping refuses, or the filter leaves out, is not sent. */
	bool sends = p->action <= ACTION_UNCHANGED;
	p->lines = 0;
	p->action = ACTION_EXCLUDE;
	out_line(&app->out, "");
	out_title(&app->out, app_say(app, sends ? W_SENT : W_NOT_SENT));
	out_list(&app->out, "sent");
	sync_run(&app->world, p->sync, &options, &problems, &report);
	out_list_end(&app->out);
	bool processed = report.exit_code != EXIT_FAILED && p->action <= ACTION_UNCHANGED;
	if (processed && p->lines > 0)
		out_line(&app->out,
		         app_sayf(app, W_TEST_DONE, p->sync->to.connection, NULL));
	out_group(&app->out, "sending", NULL);
	app_tell_problems(app, &problems);
	out_group_end(&app->out);
	problems_free(&problems);
	report_error(app, &report, p->sync);
	return own_exit_code(p, &report);
}

int
cmd_test(struct app *app, int argc, char **argv)
{
	app->acts = true;
	(void)argc;
	struct sync_options match = { .mode = SYNC_TEST };
	struct preview p = { .app = app, .sync = prepare(app, argv[1], &match) };
	if (p.sync == NULL)
		return EXIT_USAGE;
	out_json_str(&app->out, "sync", p.sync->name);
	int code = preview(&p, &match);
	if (code != EXIT_DONE && code != EXIT_RECORDS)
		return code;
	return send_record(&p, &match);
}
