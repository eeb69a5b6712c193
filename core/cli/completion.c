/* SPDX-License-Identifier: Apache-2.0
 *
 * completion.c - "renkei help --completion": the completion for bash, as tables of
 * commands and options, which the build puts before completion.bash; and, when that asks
 * for them, the names of syncs, connections, connectors and notices. */
#include <string.h>

#include "cli/command.h"
#include "connector/manifest.h"

static void
add_commands(struct buf *out)
{
	buf_adds(out, "declare -gA _renkei_arguments=(");
	for (const struct command *c = commands; c->name != NULL; c++)
		buf_addf(out, "\n\t[%s]='%s'", c->name, c->arguments);
	buf_adds(out, "\n)\n");
}

/* Those of 'use', 0: of every command; each with two dashes. */
static void
add_options(struct buf *out, unsigned use)
{
	const char *space = "";
	for (const struct option_row *o = option_rows; o->name != NULL; o++)
		if (o->hidden == NULL && (use == 0 ? o->use == 0 : (o->use & use) != 0)) {
			buf_addf(out, "%s--%s", space, o->name);
			space = " ";
		}
}

static void
add_switches(struct buf *out)
{
	buf_adds(out, "_renkei_switches='");
	add_options(out, 0);
	buf_adds(out, "'\ndeclare -gA _renkei_options=(");
	for (const struct command *c = commands; c->name != NULL; c++) {
		if (c->options == 0)
			continue;
		buf_addf(out, "\n\t[%s]='", c->name);
		add_options(out, c->options);
		buf_addc(out, '\'');
	}
	buf_adds(out, "\n)\ndeclare -gA _renkei_takes=(");
	for (const struct option_row *o = option_rows; o->name != NULL; o++) {
		if (o->argument == NULL)
			continue;
		buf_addf(out, "\n\t[--%s]='%s'", o->name, o->argument);
		if (o->letter < 256)
			buf_addf(out, " [-%c]='%s'", o->letter, o->argument);
	}
	buf_adds(out, "\n)\n");
}

/* What the configuration names; nothing where it cannot be read. */
static void
add_names(struct app *app, const char *of, struct buf *out)
{
	struct config config;
	struct problems problems = PROBLEMS_INIT;
	bool read = config_load(&config, app->config_path, &problems);
	for (size_t i = 0; read && strcmp(of, "syncs") == 0 && i < config.sync_count; i++)
		buf_addf(out, "%s\n", config.syncs[i].name);
	for (size_t i = 0; read && strcmp(of, "connections") == 0 && i < config.connection_count;
	     i++)
		buf_addf(out, "%s\n", config.connections[i].name);
	for (size_t i = 0; read && strcmp(of, "notices") == 0 && i < config.notice_count; i++)
		buf_addf(out, "%s\n", config.notices[i].name);
	if (strcmp(of, "connectors") == 0) {
		size_t count;
		const char *const *dirs = connector_dirs(read ? &config : NULL, &app->arena);
		const char *const *paths = manifest_list(dirs, &app->arena, &count);
		for (size_t i = 0; i < count; i++) {
			const char *name = strrchr(paths[i], '/') + 1;
			buf_addf(out, "%.*s\n", (int)(strlen(name) - strlen(".so")), name);
		}
	}
	config_free(&config);
	problems_free(&problems);
}

void
help_completion(struct app *app, const char *names_of, struct buf *out)
{
	if (names_of != NULL) {
		add_names(app, names_of, out);
		return;
	}
	add_commands(out);
	add_switches(out);
}
