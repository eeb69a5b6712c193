/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_describe.c - renkei describe: the objects of a connection, or the fields of
 * one, as the CRM tells them now. */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/describe.h"
#include "record/value.h"

#define OPTIONS_COLUMNS 40

/* "2 to 64 characters", "14.4 digits", "from 0": only what was told. */
static struct rk_text
limits_of(struct app *app, const struct rk_field *f)
{
	BUF_AUTO text = BUF_INIT(4096);
	if (f->min_length >= 0 && f->max_length >= 0 && f->min_length > 0)
		buf_addf(&text, "%" PRId64 "-%" PRId64 " ", f->min_length, f->max_length);
	else if (f->max_length >= 0)
		buf_addf(&text, "<=%" PRId64 " ", f->max_length);
	else if (f->min_length > 0)
		buf_addf(&text, ">=%" PRId64 " ", f->min_length);
	if (text.len > 0)
		buf_addf(&text, "%s ", app_say(app, W_CHARACTERS));
	if (f->integer_digits >= 0)
		buf_addf(&text, "%" PRId32 " %s ", f->integer_digits,
		         app_say(app, W_DIGITS));
	if (f->decimals >= 0)
		buf_addf(&text, "%" PRId32 " %s ", f->decimals, app_say(app, W_DECIMALS));
	if ((f->flags & (RK_FIELD_MINUTES | RK_FIELD_SECONDS)) != 0)
		buf_addf(&text, "%s ", app_say(app, (f->flags & RK_FIELD_MINUTES) != 0
		                                    ? W_WHOLE_MINUTES : W_WHOLE_SECONDS));
	if (f->min_value.len > 0)
		buf_addf(&text, ">=%.*s ", (int)f->min_value.len, f->min_value.ptr);
	if (f->max_value.len > 0)
		buf_addf(&text, "<=%.*s ", (int)f->max_value.len, f->max_value.ptr);
	return text_trim(arena_text(&app->arena, buf_text(&text)));
}

/* By its value; for people with the label where that says more. */
static struct rk_text
option_of(struct app *app, const struct rk_option *o)
{
	if (app->json || o->label.len == 0
	    || (o->label.len == o->value.len
	        && strncasecmp(o->label.ptr, o->value.ptr, o->value.len) == 0))
		return o->value;
	return arena_printf(&app->arena, "%.*s (%.*s)", (int)o->value.len, o->value.ptr,
	                    (int)o->label.len, o->label.ptr);
}

/* Options by value, for references the object, for tables the columns. */
static struct cell
options_of(struct app *app, const struct rk_field *f)
{
	struct rk_text *items;
	if (f->ref_object.len > 0)
		return cell_text(arena_printf(&app->arena, "-> %.*s",
		                              (int)f->ref_object.len, f->ref_object.ptr));
	uint64_t count = f->option_count > 0 ? f->option_count : f->column_count;
	items = arena_new_array(&app->arena, count + 1, struct rk_text);
	for (uint64_t i = 0; i < count; i++)
		items[i] = f->option_count > 0 ? option_of(app, &f->options[i])
		                               : f->columns[i].name;
	return count > 0 ? cell_list(items, count) : (struct cell){ 0 };
}

static void
tell_fields(struct app *app, const struct rk_schema *schema)
{
	static const struct column columns[] = {
		{ "field", W_FIELD, 40 },
		{ "label", W_LABEL, 30 },
		{ "type", W_TYPE, 0 },
		{ "native", W_NATIVE, 24 },
		{ "required", W_REQUIRED, 0 },
		{ "unique", W_UNIQUE, 0 },
		{ "key", W_KEY, 0 },
		{ "writable", W_WRITABLE, 0 },
		{ "limits", W_LIMITS, 30 },
		{ "options", W_OPTIONS, OPTIONS_COLUMNS },
		{ "unmappable", W_UNMAPPABLE, 60 },
	};
	struct table t = { .columns = columns, .arena = &app->arena,
	                   .column_count = sizeof columns / sizeof *columns };
	for (uint64_t i = 0; i < schema->field_count; i++) {
		const struct rk_field *f = &schema->fields[i];
		struct cell *row = table_row(&t);
		row[0] = cell_text(f->name);
		row[1] = cell_text(f->label);
		row[2] = cell_str(value_type_name(f->type));
		row[3] = cell_text(f->native);
		row[4] = cell_bool((f->flags & RK_FIELD_REQUIRED) != 0);
		row[5] = cell_bool((f->flags & RK_FIELD_UNIQUE) != 0);
		row[6] = cell_bool((f->flags & RK_FIELD_KEY) != 0);
		row[7] = cell_bool((f->flags & RK_FIELD_WRITABLE) != 0);
		row[8] = cell_text(limits_of(app, f));
		row[9] = options_of(app, f);
		row[10] = f->unmappable.len > 0 ? cell_text(app_told(app, f->unmappable))
		                                : (struct cell){ 0 };
	}
	out_table(&app->out, "fields", &t);
}

/* Why a connection names no objects, and how one is named all the same. */
static void
tell_no_objects(struct app *app, const struct session *session)
{
	const struct manifest_object *any = manifest_object(&session->manifest, "*");
	bool numbers = any != NULL && any->id_pattern != NULL
	               && strcmp(any->id_pattern, "[0-9]+") == 0;
	const char *label = app->lang == LANG_JA && any != NULL ? any->label_ja
	                    : any != NULL                       ? any->label : NULL;
	out_line(&app->out,
	         app_sayf(app, numbers ? W_OBJECTS_BY_NUMBER : W_OBJECTS_BY_NAME,
	                  session->connection->name,
	                  label != NULL ? label : app_say(app, W_OBJECT),
	                  session->manifest.name, NULL));
}

static void
tell_objects(struct app *app, const struct session *session,
             const struct rk_schema *schema)
{
	static const struct column columns[] = {
		{ "object", W_OBJECT, 40 }, { "label", W_LABEL, 60 },
	};
	struct table t = { .columns = columns, .arena = &app->arena, .column_count = 2 };
	for (uint64_t i = 0; i < schema->object_count; i++) {
		struct cell *row = table_row(&t);
		row[0] = cell_text(schema->objects[i].name);
		row[1] = cell_text(schema->objects[i].label);
	}
	if (t.count > 0 || app->json)
		out_table(&app->out, "objects", &t);
	else
		tell_no_objects(app, session);
}

/* Adds to what is wrong with an object's name what names there are, and which is near. */
static void
add_objects(struct app *app, struct session *session, const char *object,
            struct rk_err *err)
{
	struct rk_schema schema;
	struct rk_err unused = ERR_INIT;
	BUF_AUTO names = BUF_INIT(64 * 1024);
	if (session_schema(session, "", 0, &app->arena, &schema, &unused) != RK_OK
	    || schema.object_count == 0)
		return;
	const char **list =
		arena_new_array(&app->arena, schema.object_count, const char *);
	for (uint64_t i = 0; i < schema.object_count; i++) {
		list[i] = arena_text(&app->arena, schema.objects[i].name).ptr;
		buf_addf(&names, "%s%s", i > 0 ? ", " : "", list[i]);
	}
	const char *near = text_nearest(object, list, schema.object_count);
	const char *text =
		app_sayf(app, near != NULL ? W_OBJECTS_NEAR : W_OBJECTS_ARE,
		         app_told(app, text_of(err->message)).ptr, buf_str(&names),
		         near, NULL);
	int32_t http_status = err->http_status;
	err_set(err, RK_PAUSE, RK_CAT_CONFIG, "%s", text);
	err->http_status = http_status;
}

int
describe_object(struct app *app, struct session *session, const char *object,
                struct rk_schema *schema)
{
	struct rk_err err = ERR_INIT;
	struct session_object known;
	int32_t status = RK_OK;
	*schema = (struct rk_schema){ 0 };
	if (object[0] != '\0')
		status = session_object(session, object, &known, &err);
	if (status == RK_OK)
		status = session_schema(session, object, 0, &app->arena, schema, &err);
	if (status != RK_OK && object[0] != '\0' && err.category == RK_CAT_CONFIG)
		add_objects(app, session, object, &err);
	return status == RK_OK ? EXIT_DONE
	                       : app_error(app, status, &err, session->connection->name);
}

static int
describe(struct app *app, struct session *session, const char *object)
{
	struct rk_schema schema = { 0 };
	int code = describe_object(app, session, object, &schema);
	if (code == EXIT_DONE && object[0] == '\0')
		tell_objects(app, session, &schema);
	else if (code == EXIT_DONE)
		tell_fields(app, &schema);
	return code;
}

int
cmd_describe(struct app *app, int argc, char **argv)
{
	struct session session;
	int code = EXIT_DONE;
	if (!app_load(app) || app_connection(app, argv[1]) == NULL)
		return EXIT_USAGE;
	if (!app_session(app, argv[1], &session, &code))
		return code;
	out_json_str(&app->out, "connection", argv[1]);
	out_json_str(&app->out, "object", argc > 2 ? argv[2] : NULL);
	code = describe(app, &session, argc > 2 ? argv[2] : "");
	session_close(&session);
	return code;
}
