/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_override.c - renkei override: values of the configuration that hold otherwise until
 * they are cleared.  Which may be is the table below; what `enabled` does is
 * cmd_pause.c's too. */
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/overrides.h"
#include "config/form.h"
#include "connector/settings.h"

/* Each says what is wrong, and then gives false. */
typedef bool check_fn(struct app *app, const char *name, const char *item,
                      const char *value);

static bool
wrong_value(struct app *app, const char *value, const char *expected)
{
	app_usage(app, app_sayf(app, W_OVERRIDE_VALUE, value, expected, NULL));
	return false;
}

static bool
check_enabled(struct app *app, const char *name, const char *item, const char *value)
{
	(void)item;
	if (app_sync(app, name) == NULL)
		return false;
	return strcmp(value, "true") == 0 || strcmp(value, "false") == 0
	       || wrong_value(app, value, "true, false");
}

/* Of a limit that the connection has: a number of calls, or a share of the limit. */
static bool
check_allocation(struct app *app, const char *name, const char *item, const char *value)
{
	const struct config_connection *c = app_connection(app, name);
	struct session session;
	int code = EXIT_DONE;
	bool known = false;
	if (c == NULL || !app_session(app, name, &session, &code))
		return false;
	BUF_AUTO limits = BUF_INIT(4096);
	for (size_t i = 0; i < session.settings.limit_count; i++) {
		struct rk_text limit = session.settings.limits[i].name;
		known |= text_is(limit, item);
		buf_addf(&limits, "%s%.*s", i > 0 ? ", " : "", (int)limit.len, limit.ptr);
	}
	session_close(&session);
	if (!known)
		return wrong_value(app, item, limits.len > 0 ? buf_str(&limits)
		                                            : app_say(app, W_NONE));
	const char *expected = form_share(value);
	return expected == NULL || wrong_value(app, value, app_told(app, text_of(expected)).ptr);
}

static bool
check_send(struct app *app, const char *name, const char *item, const char *value)
{
	static const char *const values[] = { "immediate", "daily", "weekly", "off" };
	const struct config *config = &app->config;
	const char **names = arena_new_array(&app->arena, config->notice_count + 1,
	                                     const char *);
	bool known = false;
	(void)item;
	for (size_t i = 0; i < config->notice_count; i++) {
		names[i] = config->notices[i].name;
		known |= strcmp(names[i], name) == 0;
	}
	if (!known) {
		const char *near = text_nearest(name, names, config->notice_count);
		return wrong_value(app, name, near != NULL ? near : "notify: { NAME: ...");
	}
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		if (strcmp(values[i], value) == 0)
			return true;
	return wrong_value(app, value, "immediate, daily, weekly, off");
}

static const struct kind {
	const char *what;
	int names;                     /* How many words say which one. */
	check_fn *check;
} kinds[] = {
	{ OVERRIDE_ALLOCATION, 2, check_allocation },
	{ OVERRIDE_ENABLED, 1, check_enabled },
	{ OVERRIDE_SEND, 1, check_send },
};

static int
usage(struct app *app, const char *name)
{
	return app_usage(app, app_sayf(app, W_TOO_FEW, name, app->command->arguments, NULL));
}

static const struct kind *
kind_of(const char *what)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].what, what) == 0)
			return &kinds[i];
	return NULL;
}

/* Runs that are on their way keep to it at once; those that come bring it along. */
static void
tell_net(struct app *app, const char *connection)
{
	struct session session;
	struct rk_err err;
	if (config_connection(&app->config, connection) == NULL)
		return;
	if (session_open(&session, &app->world, connection, &err) != RK_OK
	    || session_tell_limits(&session, &err) != RK_OK)
		log_info("override.net", "%s", err.message);
	session_close(&session);
}

/* argv: override set|clear WHAT NAME [ITEM] [VALUE] */
static int
change(struct app *app, int argc, char **argv)
{
	bool sets = strcmp(argv[1], "set") == 0;
	const struct kind *kind = argc > 2 ? kind_of(argv[2]) : NULL;
	int code = EXIT_DONE;
	app->acts = true;
	if (argc > 2 && kind == NULL)
		return wrong_value(app, argv[2], "allocation, enabled, notify.send"), EXIT_USAGE;
	if (kind == NULL || argc != 3 + kind->names + sets)
		return usage(app, argv[0]);
	const char *item = kind->names > 1 ? argv[4] : "";
	const char *value = sets ? argv[argc - 1] : NULL;
	if (!app_load(app) || (sets && !kind->check(app, argv[3], item, value)))
		return EXIT_USAGE;
	if (!sets && override_find(overrides_of(app), kind->what, argv[3], item) == NULL)
		return app_usage(app, app_say(app, W_OVERRIDE_NONE));
	if (!overrides_set(app, kind->what, argv[3], item, value, &code))
		return code;
	if (strcmp(kind->what, OVERRIDE_ALLOCATION) == 0)
		tell_net(app, argv[3]);
	code = overrides_changed(app, code);
	overrides_tell(app, argv[3]);
	return code;
}

int
cmd_override(struct app *app, int argc, char **argv)
{
	if (strcmp(argv[1], "set") == 0 || strcmp(argv[1], "clear") == 0)
		return change(app, argc, argv);
	if (strcmp(argv[1], "list") != 0 || argc > 2)
		return usage(app, argv[0]);
	if (!app_load(app))
		return EXIT_USAGE;
	if (overrides_of(app)->count == 0)
		out_line(&app->out, app_say(app, W_NONE));
	overrides_tell(app, NULL);
	return EXIT_DONE;
}
