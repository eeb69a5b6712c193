/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_connectors.c - renkei connectors: what can be connected, read from the
 * connectors' manifests without loading their code; and the values of one
 * connection, secrets by reference. */
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/login.h"
#include "cli/overrides.h"

static const char *
told(const struct app *app, const char *en, const char *ja)
{
	return app->lang == LANG_JA && ja != NULL ? ja : en;
}

/* ---- The list ---------------------------------------------------------- */

static int
tell_list(struct app *app, const char *const *dirs)
{
	static const struct column columns[] = {
		{ "name", W_NAME, 0 },       { "title", W_TITLE, 40 },
		{ "version", W_VERSION, 0 }, { "vendor", W_VENDOR, 30 },
		{ "licence", W_LICENCE, 0 }, { "file", W_FILE, 0 },
	};
	struct table t = { .columns = columns, .arena = &app->arena, .column_count = 6 };
	struct problems problems = PROBLEMS_INIT;
	size_t count;
	const char *const *paths = manifest_list(dirs, &app->arena, &count);
	for (size_t i = 0; i < count; i++) {
		struct manifest m;
		if (!manifest_read(&m, paths[i], &problems))
			continue;
		struct cell *row = table_row(&t);
		struct arena *a = &app->arena;
		row[0] = cell_str(arena_str(a, m.name));
		row[1] = cell_str(arena_str(a, told(app, m.title, m.title_ja)));
		row[2] = cell_str(arena_str(a, m.version));
		row[3] = cell_str(m.vendor != NULL ? arena_str(a, m.vendor) : NULL);
		row[4] = cell_str(m.licence != NULL ? arena_str(a, m.licence) : NULL);
		row[5] = cell_str(paths[i]);
		manifest_free(&m);
	}
	out_table(&app->out, "connectors", &t);
	out_flush(&app->out);
	bool sound = problems.count == 0;
	out_group(&app->out, "manifests", NULL);
	app_tell_problems(app, &problems);
	out_group_end(&app->out);
	problems_free(&problems);
	return sound ? EXIT_DONE : EXIT_USAGE;
}

/* ---- One manifest ------------------------------------------------------ */

static const char *const type_names[] = {
	[MANIFEST_TEXT] = "text", [MANIFEST_URL] = "url", [MANIFEST_INTEGER] = "integer",
	[MANIFEST_BOOL] = "bool", [MANIFEST_SECONDS] = "seconds",
	[MANIFEST_SECRET] = "secret", [MANIFEST_CHOICE] = "choice",
	[MANIFEST_PATH] = "path",
};

/* The value that holds at the connection, as it may be shown. */
static const char *
value_of(const struct config_connection *c, const struct manifest_setting *s)
{
	const char *value = config_setting(c, s->name);
	return value != NULL ? settings_shown(s, value) : s->normal;
}

static void
tell_settings(struct app *app, const struct manifest *m,
              const struct config_connection *c)
{
	static const struct column columns[] = {
		{ "name", W_NAME, 0 },         { "type", W_TYPE, 0 },
		{ "required", W_REQUIRED, 0 }, { "default", W_DEFAULT, 30 },
		{ "value", W_VALUE, 50 },      { "hint", W_HINT, 0 },
	};
	static const struct column without_value[] = {
		{ "name", W_NAME, 0 },         { "type", W_TYPE, 0 },
		{ "required", W_REQUIRED, 0 }, { "default", W_DEFAULT, 30 },
		{ "example", W_EXAMPLE, 40 },  { "hint", W_HINT, 0 },
	};
	struct table t = { .columns = c != NULL ? columns : without_value,
	                   .arena = &app->arena, .column_count = 6 };
	for (size_t i = 0; i < m->setting_count; i++) {
		const struct manifest_setting *s = &m->settings[i];
		struct cell *row = table_row(&t);
		row[0] = cell_str(s->name);
		row[1] = cell_str(type_names[s->type]);
		/* Instead of such a key a login will do; the hint says so. */
		row[2] = cell_bool(s->required && !(s->type == MANIFEST_SECRET
		                                    && m->oauth.token != NULL));
		row[3] = cell_str(s->normal);
		row[4] = cell_str(c != NULL ? value_of(c, s) : s->example);
		row[5] = cell_str(told(app, s->hint, s->hint_ja));
	}
	out_line(&app->out, "");
	out_title(&app->out, app_say(app, W_SETTINGS));
	out_table(&app->out, "settings", &t);
}

static const char *
owned(const char *own, const char *declared)
{
	return own != NULL ? own : declared;
}

static void
tell_limits(struct app *app, const struct manifest *m, const struct config_connection *c)
{
	static const struct column columns[] = {
		{ "name", W_NAME, 0 },   { "calls", W_CALLS, 0 },
		{ "per", W_PER, 0 },     { "concurrent", W_CONCURRENT, 0 },
		{ "scope", W_SCOPE, 0 }, { "resets", W_RESETS, 0 },
		{ "zone", W_ZONE, 0 },   { "reserve", W_RESERVE, 0 },
		{ "allocation", W_ALLOCATION, 0 },
	};
	static const struct config_limit none;
	struct table t = { .columns = columns, .arena = &app->arena, .column_count = 9 };
	for (size_t i = 0; i < m->limit_count; i++) {
		const struct manifest_limit *l = &m->limits[i];
		const struct config_limit *own = &none;
		for (size_t j = 0; c != NULL && j < c->limit_count; j++)
			if (strcmp(c->limits[j].limit, l->name) == 0)
				own = &c->limits[j];
		struct cell *row = table_row(&t);
		row[0] = cell_str(l->name);
		row[1] = cell_str(owned(own->calls, l->calls));
		row[2] = cell_str(owned(own->per, l->per));
		row[3] = cell_str(owned(own->concurrent, l->concurrent));
		row[4] = cell_str(l->scope);
		row[5] = cell_str(owned(own->resets, l->resets));
		row[6] = cell_str(owned(own->zone, l->zone));
		row[7] = cell_str(owned(own->reserve, l->reserve));
		row[8] = cell_str(own->allocation);
	}
	out_line(&app->out, "");
	out_title(&app->out, app_say(app, W_LIMITS_TITLE));
	if (c != NULL && c->limits_off)
		out_line(&app->out, app_say(app, W_LIMITS_OFF));
	out_table(&app->out, "limits", &t);
}

static struct cell
list_cell(struct app *app, const char *const *items, size_t count)
{
	struct rk_text *texts = arena_new_array(&app->arena, count + 1, struct rk_text);
	for (size_t i = 0; i < count; i++)
		texts[i] = text_of(items[i]);
	return cell_list(texts, count);
}

static void
tell_objects(struct app *app, const struct manifest *m)
{
	static const struct column columns[] = {
		{ "name", W_OBJECT, 0 }, { "label", W_LABEL, 30 },
		{ "operations", W_OPERATIONS, 0 }, { "page", W_PAGE, 0 },
		{ "batch", W_BATCH, 0 }, { "writers", W_WRITERS, 0 },
		{ "guarantee", W_GUARANTEE, 0 }, { "read_scopes", W_READ_SCOPES, 40 },
		{ "write_scopes", W_WRITE_SCOPES, 40 },
	};
	struct table t = { .columns = columns, .arena = &app->arena, .column_count = 9 };
	for (size_t i = 0; i < m->object_count; i++) {
		const struct manifest_object *object = &m->objects[i];
		struct cell *row = table_row(&t);
		row[0] = cell_str(strcmp(object->name, "*") == 0 && !app->json
		                          ? app_say(app, W_ANY_OTHER) : object->name);
		row[1] = cell_str(told(app, object->label, object->label_ja));
		row[2] = list_cell(app, object->operations, object->operation_count);
		row[3] = cell_number(object->page);
		row[4] = cell_number(object->batch);
		row[5] = cell_number(object->writers);
		row[6] = cell_text(
			arena_printf(&app->arena, "E%d", object->guarantee + 1));
		row[7] = list_cell(app, object->read_scopes, object->read_scope_count);
		row[8] = list_cell(app, object->write_scopes, object->write_scope_count);
	}
	out_line(&app->out, "");
	out_title(&app->out, app_say(app, W_OBJECTS));
	out_table(&app->out, "objects", &t);
}

static int64_t
lag(int64_t own, int64_t declared)
{
	return own >= 0 ? own : declared;
}

static void
tell_lags(struct app *app, const struct manifest *m, const struct config_connection *c)
{
	static const struct config_connection none = { .late_commit_ms = -1,
		                                       .index_lag_ms = -1,
		                                       .t_land_ms = -1,
		                                       .t_visible_ms = -1 };
	const struct config_connection *own = c != NULL ? c : &none;
	struct out *o = &app->out;
	out_line(o, "");
	out_group(o, "lags_ms", app_say(app, W_LAGS));
	out_number(o, "late_commit", W_LATE_COMMIT,
	           lag(own->late_commit_ms, m->lags.late_commit_ms));
	out_number(o, "index_lag", W_INDEX_LAG,
	           lag(own->index_lag_ms, m->lags.index_lag_ms));
	out_number(o, "clock", W_CLOCK_LAG, m->lags.clock_ms);
	out_number(o, "t_land", W_T_LAND, lag(own->t_land_ms, m->lags.t_land_ms));
	out_number(o, "t_visible", W_T_VISIBLE,
	           lag(own->t_visible_ms, m->lags.t_visible_ms));
	out_group_end(o);
}

/* The tokens of a connection that uses OAuth, masked; net is asked, no CRM. */
static void
tell_tokens(struct app *app, const struct config_connection *c)
{
	struct session session;
	struct net_grant told;
	struct rk_err err = ERR_INIT;
	int code = EXIT_DONE;
	if (c == NULL || c->client_id == NULL || !app_session(app, c->name, &session, &code))
		return;
	out_line(&app->out, "");
	out_group(&app->out, "oauth", "OAuth 2.0");
	out_text(&app->out, "client_id", W_CLIENT_ID, session.settings.oauth.client_id);
	out_text(&app->out, "redirect_uri", W_REDIRECT_URI, session.settings.oauth.redirect_uri);
	int32_t status = login_look(app, &session, &told, &err);
	if (status == RK_OK)
		login_tell(app, &told);
	out_group_end(&app->out);
	out_flush(&app->out);
	if (status != RK_OK)
		app_error(app, status, &err, c->name);
	session_close(&session);
}

static void
tell_manifest(struct app *app, const struct manifest *m,
              const struct config_connection *c)
{
	struct out *o = &app->out;
	char hash[65];
	if (c != NULL)
		out_str(o, "connection", W_CONNECTION, c->name);
	out_str(o, "name", W_CONNECTOR, m->name);
	out_str(o, "title", W_TITLE, told(app, m->title, m->title_ja));
	out_str(o, "version", W_VERSION, m->version);
	out_str(o, "vendor", W_VENDOR, m->vendor);
	out_str(o, "licence", W_LICENCE, m->licence);
	out_str(o, "file", W_FILE, m->path);
	out_str(o, "sha256", W_SHA256, manifest_file_hash(m->path, hash) ? hash : NULL);
	if (c != NULL)
		out_str(o, "sandbox", W_SANDBOX,
		        c->sandbox != NULL ? c->sandbox : "seccomp");
	tell_tokens(app, c);
	tell_settings(app, m, c);
	tell_limits(app, m, c);
	if (c != NULL)
		overrides_tell(app, c->name);
	tell_objects(app, m);
	tell_lags(app, m, c);
	out_line(o, "");
	out_line(o, app_sayf(app, W_HELP_PAGE, m->name, NULL));
}

static int
show(struct app *app, const char *const *dirs, const char *name)
{
	const struct config_connection *c =
		app->loaded ? config_connection(&app->config, name) : NULL;
	struct manifest m;
	struct problems problems = PROBLEMS_INIT;
	struct place nowhere = { NULL, 0 };
	bool found = manifest_find(&m, dirs, c != NULL ? c->connector : name,
	                           c != NULL ? c->at : nowhere, &problems);
	if (found)
		tell_manifest(app, &m, c);
	out_flush(&app->out);
	out_group(&app->out, "manifest", NULL);
	app_tell_problems(app, &problems);
	out_group_end(&app->out);
	problems_free(&problems);
	if (found)
		manifest_free(&m);
	return found ? EXIT_DONE : EXIT_USAGE;
}

int
cmd_connectors(struct app *app, int argc, char **argv)
{
	/* Connectors can be shown before there is a configuration, and while it has
	 * mistakes: whoever mends it looks here for the settings. */
	bool configured = access(app->config_path, R_OK) == 0;
	bool sound = !configured || app_load(app);
	if (!sound && argc == 3 && config_connection(&app->config, argv[2]) != NULL)
		return EXIT_USAGE;
	const char *const *dirs =
		connector_dirs(configured ? &app->config : NULL, &app->arena);
	if (argc == 1)
		return tell_list(app, dirs);
	if (argc == 2 || strcmp(argv[1], "show") != 0)
		return app_usage(app, app_sayf(app, W_CONNECTORS_VERB, argv[1], NULL));
	return show(app, dirs, argv[2]);
}
