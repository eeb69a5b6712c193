/* SPDX-License-Identifier: Apache-2.0
 *
 * app.c - see app.h. */
#include "cli/app.h"

#include <stdio.h>

/* Each connection against its manifest, each sync's sides against theirs. */
static void
check_against_manifests(struct app *app)
{
	struct config *config = &app->config;
	const char *const *dirs = connector_dirs(config, &config->arena);
	for (size_t i = 0; i < config->connection_count; i++) {
		const struct config_connection *c = &config->connections[i];
		struct manifest manifest;
		struct settings settings;
		if (!manifest_find(&manifest, dirs, c->connector, c->at, &app->problems))
			continue;
		settings_check(&settings, c, &manifest, &config->arena, &app->problems);
		for (size_t j = 0; j < config->sync_count; j++) {
			struct config_sync *s = &config->syncs[j];
			if (config_connection(config, s->from.connection) == c)
				settings_check_side(&settings, &s->from, SETTINGS_READ, s->name,
				                    &config->arena, &app->problems);
			if (config_connection(config, s->to.connection) == c)
				settings_check_side(&settings, &s->to, SETTINGS_WRITE, s->name,
				                    &config->arena, &app->problems);
		}
		manifest_free(&manifest);
	}
}

bool
app_load(struct app *app)
{
	app->loaded = true;
	bool sound = config_load(&app->config, app->config_path, &app->problems);
	if (sound)
		check_against_manifests(app);
	app->world = (struct world){ .config = &app->config, .state_dir = app->state_dir };
	BUF_AUTO text = BUF_INIT(1024 * 1024);
	problems_print(&app->problems, &text);
	fputs(buf_str(&text), stderr);
	return sound && !problems_fatal(&app->problems);
}

void
app_free(struct app *app)
{
	if (!app->loaded)
		return;
	world_close(&app->world);
	config_free(&app->config);
	problems_free(&app->problems);
}
