/* SPDX-License-Identifier: Apache-2.0
 *
 * app.c - see app.h. */
#include "cli/app.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "base/texts.h"
#include "base/zone.h"
#include "cli/command.h"
#include "cli/explain.h"
#include "cli/notices.h"
#include "cli/width.h"
#include "config/names.h"
#include "notify/way.h"
#include "schedule/control.h"

#define TEXT_MAX (1024u * 1024)

struct complaint_row {
	struct complaint_row *next;
	const char *about;
	int32_t category;
	int http_status;
	const char *code, *field, *value, *message;
	struct explained explained;
};

/* ---- Words ------------------------------------------------------------- */

const char *
app_say(const struct app *app, enum word id)
{
	return word(app->lang, id);
}

const char *
app_sayf(struct app *app, enum word id, ...)
{
	const char *texts[9];
	size_t count = 0;
	va_list args;
	va_start(args, id);
	for (const char *s; count < 9 && (s = va_arg(args, const char *)) != NULL;)
		texts[count++] = s;
	va_end(args);
	BUF_AUTO text = BUF_INIT(TEXT_MAX);
	words_fill(&text, app->lang, id, texts, count);
	return arena_text(&app->arena, buf_text(&text)).ptr;
}

const char *
app_code(const struct app *app, enum word id, const char *code)
{
	return app->json ? code : app_say(app, id);
}

const char *
app_time(struct app *app, int64_t ms)
{
	BUF_AUTO text = BUF_INIT(64);
	zone_format(&text, ms);
	return arena_text(&app->arena, buf_text(&text)).ptr;
}

struct rk_text
app_told(struct app *app, struct rk_text text)
{
	BUF_AUTO told = BUF_INIT(TEXT_MAX);
	if (text.ptr == NULL)
		return text;
	texts_add(&told, app->lang, text);
	return arena_text(&app->arena, buf_text(&told));
}

const char *
app_number(struct app *app, int64_t number)
{
	return arena_printf(&app->arena, "%" PRId64, number).ptr;
}

bool
app_is_asked(void)
{
	const char *as = getenv(CONTROL_USER_VARIABLE);
	return as != NULL && as[0] != '\0';
}

const char *
app_user(struct app *app)
{
	const char *as = app_is_asked() ? getenv(CONTROL_USER_VARIABLE) : NULL;
	const struct passwd *login = as == NULL ? getpwuid(geteuid()) : NULL;
	if (login != NULL)
		as = login->pw_name;
	return as != NULL ? arena_str(&app->arena, as) : app_number(app, geteuid());
}

/* ---- Complaints -------------------------------------------------------- */

static void
keep_complaint(struct app *app, const struct complaint_row *row)
{
	struct complaint_row *kept = arena_new(&app->arena, struct complaint_row);
	*kept = *row;
	kept->next = NULL;
	*app->complaints_last = kept;
	app->complaints_last = &kept->next;
}

/* "  why:  first\n        second\n" */
static void
add_list(struct buf *out, const char *label, size_t columns, const char *const *lines,
         size_t count)
{
	for (size_t i = 0; i < count; i++) {
		buf_adds(out, "  ");
		width_add(out, text_of(i == 0 ? label : ""), columns, 0);
		buf_addf(out, "  - %s\n", lines[i]);
	}
}

/* Whether the name stands there as a word: "hub" is none in "api.hubspot.com". */
static bool
has_word(const char *text, const char *name)
{
	static const char word[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789._-/";
	size_t len = strlen(name);
	for (const char *at = text; len > 0 && (at = strstr(at, name)) != NULL; at++)
		if ((at == text || strchr(word, at[-1]) == NULL)
		    && (at[len] == '\0' || at[len] == '.' || strchr(word, at[len]) == NULL))
			return true;
	return false;
}

static void
print_complaint(const struct app *app, const struct complaint_row *row)
{
	BUF_AUTO out = BUF_INIT(TEXT_MAX);
	BUF_AUTO message = BUF_INIT(TEXT_MAX);
	bool red = app->color && isatty(STDERR_FILENO);
	const char *title = row->explained.title;
	bool titled = title != NULL && row->category != RK_CAT_CONFIG
	              && strstr(row->message, title) == NULL;
	buf_addf(&out, "%srenkei:%s ", red ? "\033[31m" : "", red ? "\033[0m" : "");
	/* Many a message names itself whom it is about. */
	if (row->about != NULL && !has_word(row->message, row->about))
		buf_addf(&out, "%s: ", row->about);
	if (titled)
		buf_addf(&out, "%s: ", title);
	texts_add(&message, app->lang, text_of(row->message));
	width_add(&out, buf_text(&message), 0, 0);
	if (row->code[0] != '\0' && strstr(row->message, row->code) == NULL) {
		buf_adds(&out, " [");
		width_add(&out, text_of(row->code), 0, 0);
		buf_adds(&out, "]");
	}
	buf_addc(&out, '\n');
	const struct explained *e = &row->explained;
	size_t why = width_of(text_of(app_say(app, W_WHY)));
	size_t what = width_of(text_of(app_say(app, W_DO)));
	size_t columns = why > what ? why : what;
	add_list(&out, app_say(app, W_WHY), columns, e->causes, e->cause_count);
	add_list(&out, app_say(app, W_DO), columns, e->remedies, e->remedy_count);
	io_write_all(STDERR_FILENO, buf_str(&out), out.len);
}

/* Whether our own words on a configuration say already what to do: a command, or what
 * stands behind a semicolon or in a second sentence. */
static bool
names_remedy(const struct rk_err *err)
{
	static const char *const marks[] = { "; ", ".  ", "。", "\"renkei " };
	bool said = false;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		said = said || strstr(err->message, marks[i]) != NULL;
	return said && err->category == RK_CAT_CONFIG && err->http_status == 0
	       && err->code[0] == '\0';
}

int
app_error(struct app *app, int32_t status, const struct rk_err *err, const char *about)
{
	struct arena *arena = &app->arena;
	struct complaint_row row = { .about = about,
		                     .category = err->category,
		                     .http_status = err->http_status,
		                     .code = arena_str(arena, err->code),
		                     .field = arena_str(arena, err->field),
		                     .value = arena_str(arena, err->value),
		                     .message = arena_str(arena, err->message) };
	/* What is ours alone (state, locks) says itself what to do. */
	bool ours = err->category == RK_CAT_OTHER && err->http_status == 0;
	if (!ours && !names_remedy(err))
		row.explained =
			explain(app, err->category, err->http_status, err->code, about);
	keep_complaint(app, &row);
	print_complaint(app, &row);
	return exit_of(status, err);
}

static int
refuse(struct app *app, const char *code, const char *text)
{
	struct complaint_row row = { .category = RK_CAT_CONFIG, .code = code, .field = "",
	                             .value = "", .message = text };
	keep_complaint(app, &row);
	print_complaint(app, &row);
	return EXIT_USAGE;
}

int
app_usage(struct app *app, const char *text)
{
	return refuse(app, "", text);
}

int
app_stale(struct app *app, const char *text)
{
	return refuse(app, ERR_CODE_STALE, text);
}

static void
json_lines(struct json_out *j, const char *key, const char *const *lines, size_t count)
{
	json_open(j, key, '[');
	for (size_t i = 0; i < count; i++)
		json_text(j, NULL, text_of(lines[i]));
	json_close(j, ']');
}

static void
json_complaints(struct app *app)
{
	struct out *o = &app->out;
	out_list(o, "errors");
	for (const struct complaint_row *c = app->complaints; c != NULL; c = c->next) {
		out_group(o, NULL, NULL);
		out_json_str(o, "about", c->about);
		out_json_str(o, "category", err_category_name(c->category));
		out_json_number(o, "http_status", c->http_status);
		out_json_str(o, "code", c->code);
		out_json_str(o, "field", c->field);
		out_json_str(o, "value", c->value);
		out_json_str(o, "title", c->explained.title);
		out_text(o, "message", W_MESSAGE, app_told(app, text_of(c->message)));
		json_lines(&o->doc, "causes", c->explained.causes,
		           c->explained.cause_count);
		json_lines(&o->doc, "remedies", c->explained.remedies,
		           c->explained.remedy_count);
		out_group_end(o);
	}
	out_list_end(o);
}

/* ---- Configuration ----------------------------------------------------- */

static void
json_problems(struct app *app, const struct problems *problems)
{
	static const char *const weights[] = { "warning", "sync", "fatal" };
	struct out *o = &app->out;
	out_list(o, "problems");
	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *p = &problems->list[i];
		out_group(o, NULL, NULL);
		out_json_str(o, "weight", weights[p->weight]);
		out_json_str(o, "file", p->at.file);
		out_json_number(o, "line", p->at.line);
		out_json_str(o, "sync", p->sync);
		out_text(o, "text", W_MESSAGE, app_told(app, text_of(p->text)));
		out_group_end(o);
	}
	out_list_end(o);
}

void
app_tell_problems(struct app *app, const struct problems *problems)
{
	BUF_AUTO text = BUF_INIT(16 * TEXT_MAX);
	BUF_AUTO told = BUF_INIT(16 * TEXT_MAX);
	problems_print(problems, &text);
	for (const char *line = buf_str(&text); *line != '\0';) {
		size_t len = strcspn(line, "\n");
		texts_add(&told, app->lang, (struct rk_text){ line, len });
		buf_addc(&told, '\n');
		line += len + 1;
	}
	io_write_all(STDERR_FILENO, buf_str(&told), told.len);
	if (app->json)
		json_problems(app, problems);
}

/* What a setting is for, in the language of the person. */
static void
turn_hints(const struct app *app, struct manifest *m)
{
	for (size_t i = 0; i < m->setting_count; i++)
		if (app->lang == LANG_JA && m->settings[i].hint_ja != NULL)
			m->settings[i].hint = m->settings[i].hint_ja;
}

/* The sides of all syncs, and the connection of each. */
struct side {
	struct config_side *side;
	const struct config_sync *sync;
	enum settings_use use;
	const struct config_connection *of;    /* NULL: there is none. */
};

/* Two for each sync. */
static struct side *
list_sides(struct config *config)
{
	struct names names = { NULL };
	struct side *sides = arena_new_array(&config->arena, 2 * config->sync_count + 1,
	                                     struct side);
	for (size_t i = 0; i < config->connection_count; i++)
		names_add(&names, &config->connections[i]);
	for (size_t i = 0; i < config->sync_count; i++) {
		struct config_sync *s = &config->syncs[i];
		sides[2 * i] = (struct side){ &s->from, s, SETTINGS_READ, NULL };
		sides[2 * i + 1] = (struct side){ &s->to, s, SETTINGS_WRITE, NULL };
	}
	for (size_t i = 0; i < 2 * config->sync_count; i++)
		if (sides[i].side->connection != NULL)
			sides[i].of = names_find(&names, sides[i].side->connection);
	names_free(&names);
	return sides;
}

/* Each connection against its manifest, each sync's sides against theirs. */
static void
check_against_manifests(struct app *app)
{
	struct config *config = &app->config;
	const char *const *dirs = connector_dirs(config, &config->arena);
	struct side *sides = list_sides(config);
	for (size_t i = 0; i < config->connection_count; i++) {
		const struct config_connection *c = &config->connections[i];
		struct manifest manifest;
		struct settings settings;
		if (!manifest_find(&manifest, dirs, c->connector, c->at, &app->problems))
			continue;
		turn_hints(app, &manifest);
		settings_check(&settings, c, &manifest, &config->arena, &app->problems);
		for (struct side *s = sides; s < sides + 2 * config->sync_count; s++)
			if (s->of == c)
				settings_check_side(&settings, s->side, s->use, s->sync,
				                    &config->arena, &app->problems);
		manifest_free(&manifest);
	}
}

bool
app_load(struct app *app)
{
	bool again = app->loaded;
	app->loaded = true;
	bool sound = config_load(&app->config, app->config_path, &app->problems);
	if (sound) {
		check_against_manifests(app);
		way_check(&app->config, &app->problems);
	}
	app->world =
		(struct world){ .config = &app->config, .state_dir = app->state_dir,
		                .user = app->command != NULL ? app->command->name : NULL };
	if (!again || app->problems.count > 0)
		app_tell_problems(app, &app->problems);
	if (!sound || problems_fatal(&app->problems))
		return false;
	if (io_mkdirs(app->state_dir))
		return true;
	struct rk_err err;
	int32_t status =
		err_errno(&err, RK_PAUSE, RK_CAT_CONFIG,
	                  "the state directory %s cannot be made; name another with "
	                  "--state, or make it writable for this user",
	                  app->state_dir);
	app_error(app, status, &err, NULL);
	return false;
}

const struct config_sync *
app_sync(struct app *app, const char *name)
{
	const struct config *config = &app->config;
	const struct config_sync *sync = config_sync(config, name);
	if (sync != NULL)
		return sync;
	const char **names =
		arena_new_array(&app->arena, config->sync_count + 1, const char *);
	for (size_t i = 0; i < config->sync_count; i++)
		names[i] = config->syncs[i].name;
	const char *near = text_nearest(name, names, config->sync_count);
	app_usage(app, near != NULL ? app_sayf(app, W_NO_SYNC_NEAR, name, near, NULL)
	                            : app_sayf(app, W_NO_SYNC, name, NULL));
	return NULL;
}

const struct config_connection *
app_connection(struct app *app, const char *name)
{
	const struct config *config = &app->config;
	const struct config_connection *c = config_connection(config, name);
	if (c != NULL)
		return c;
	const char **names =
		arena_new_array(&app->arena, config->connection_count + 1, const char *);
	for (size_t i = 0; i < config->connection_count; i++)
		names[i] = config->connections[i].name;
	const char *near = text_nearest(name, names, config->connection_count);
	app_usage(app, near != NULL
	                       ? app_sayf(app, W_NO_CONNECTION_NEAR, name, near, NULL)
	                       : app_sayf(app, W_NO_CONNECTION, name, NULL));
	return NULL;
}

bool
app_session(struct app *app, const char *connection, struct session *session, int *code)
{
	struct rk_err err = ERR_INIT;
	int32_t status = session_open(session, &app->world, connection, &err);
	if (status == RK_OK)
		return true;
	*code = exit_worse(*code, app_error(app, status, &err, connection));
	session_close(session);
	return false;
}

const char *
app_syncs_dir(struct app *app)
{
	return arena_printf(&app->arena, "%s/syncs", app->state_dir).ptr;
}

/* ---- Beginning and end ------------------------------------------------- */

void
app_open(struct app *app)
{
	app->complaints_last = &app->complaints;
	out_open(&app->out, app->json, app->color && isatty(STDOUT_FILENO), app->lang);
}

int
app_close(struct app *app, int code)
{
	if (app->json) {
		json_complaints(app);
		out_json_number(&app->out, "exit_code", code);
	}
	out_close(&app->out);
	if (app->told)
		notices_flush(app);
	if (app->loaded) {
		world_close(&app->world);
		config_free(&app->config);
		problems_free(&app->problems);
	}
	arena_free(&app->arena);
	return app->out.failed ? exit_worse(code, EXIT_FAILED) : code;
}
