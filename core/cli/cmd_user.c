/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_user.c - renkei user: who may use the console; links at which a password is set.
 * Passwords are never typed at a terminal.  Who is an operator is decided at one alone:
 * a page that fell into wrong hands can make no other, and shut none out. */
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "cli/command.h"
#include "config/form.h"
#include "console/key.h"

static int
list(struct app *app, struct host *host)
{
	static const struct column columns[] = {
		{ "user", W_USER, 64 }, { "role", W_ROLE, 0 }, { "invited", W_USER_INVITED, 0 },
	};
	struct table t = { .columns = columns, .arena = &app->arena, .column_count = 3 };
	size_t count;
	struct user *users = user_list(host, &app->arena, &count);
	for (size_t i = 0; i < count; i++) {
		struct cell *row = table_row(&t);
		row[0] = cell_str(users[i].name);
		row[1] = cell_str(user_role_name(users[i].role));
		row[2] = cell_bool(users[i].password[0] == '\0');
	}
	out_table(&app->out, "users", &t);
	return EXIT_DONE;
}

static const char *
place(struct app *app)
{
	const struct config_console *c = &app->config.console;
	return c->address != NULL ? c->address
	       : arena_printf(&app->arena, "%s://%s",
	                      c->certificate != NULL ? "https" : "http", c->listen).ptr;
}

/* False: it was said why not. */
static bool
may_change(struct app *app, enum user_role role, const char *name)
{
	if (role != USER_OPERATOR || !app_is_asked())
		return true;
	app_usage(app, app_sayf(app, W_USER_TERMINAL, name, NULL));
	return false;
}

static int
make_link(struct app *app, struct host *host, const char *name, const char *told)
{
	struct rk_err err = ERR_INIT;
	struct user known = { .role = USER_VIEWER };
	char key[KEY_BYTES];
	bool there = user_get(host, name, &known);
	enum user_role old = known.role;
	if (!may_change(app, known.role, name))
		return EXIT_USAGE;
	if (told != NULL && !user_role_of(told, &known.role))
		return app_usage(app, app_sayf(app, W_USER_BAD_ROLE, told, NULL));
	if (!may_change(app, known.role, name))
		return EXIT_USAGE;
	if (app->config.console.at.line == 0)
		return app_usage(app, app_say(app, W_USER_NO_CONSOLE));
	app->acts = true;
	/* Who may do less from now on is not asked first. */
	if (there && known.role < old && !user_put(host, &known, &err))
		return app_error(app, RK_PAUSE, &err, NULL);
	if (!key_invite(host, name, known.role, clock_now_ms(), key, &err))
		return app_error(app, RK_PAUSE, &err, NULL);
	const char *link = arena_printf(&app->arena, "%s/#link=%s", place(app), key).ptr;
	out_json_str(&app->out, "user", name);
	out_json_str(&app->out, "role", user_role_name(known.role));
	out_json_str(&app->out, "link", link);
	out_line(&app->out, app_sayf(app, W_USER_LINK, link, name, NULL));
	const struct config_console *c = &app->config.console;
	const char *port = strrchr(c->listen, ':');
	if (c->address == NULL && port != NULL && strcmp(port, ":0") == 0)
		out_line(&app->out, app_say(app, W_USER_PORT));
	return EXIT_DONE;
}

static int
take_away(struct app *app, struct host *host, const char *name)
{
	struct rk_err err = ERR_INIT;
	struct user known = { .role = USER_VIEWER };
	bool found;
	user_get(host, name, &known);
	if (!may_change(app, known.role, name))
		return EXIT_USAGE;
	app->acts = true;
	if (!user_remove(host, name, &found, &err))
		return app_error(app, RK_PAUSE, &err, NULL);
	if (!found)
		return app_usage(app, app_sayf(app, W_USER_NONE, name, NULL));
	out_json_str(&app->out, "removed", name);
	out_line(&app->out, app_sayf(app, W_USER_REMOVED, name, NULL));
	return EXIT_DONE;
}

int
cmd_user(struct app *app, int argc, char **argv)
{
	const char *verb = argv[1], *name = argc > 2 ? argv[2] : NULL;
	if (!app_load(app))
		return EXIT_USAGE;
	struct host *host = world_host(&app->world);
	if (strcmp(verb, "list") == 0 && name == NULL)
		return list(app, host);
	if (name != NULL && (form_name(name) != NULL || strlen(name) > USER_NAME_MAX))
		return app_usage(app, app_sayf(app, W_USER_BAD_NAME, name, NULL));
	if (strcmp(verb, "link") == 0 && name != NULL)
		return make_link(app, host, name, argc > 3 ? argv[3] : NULL);
	if (strcmp(verb, "remove") == 0 && argc == 3)
		return take_away(app, host, name);
	return app_usage(app, app_sayf(app, W_TOO_FEW, argv[0], app->command->arguments, NULL));
}
