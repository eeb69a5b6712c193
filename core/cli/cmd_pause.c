/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_pause.c - renkei pause and resume: a sync, all syncs of a connection, or all of
 * them.  A pause is an override of `enabled`: it outlives the daemon, and the
 * configuration stays as it is. */
#include <string.h>

#include "cli/command.h"
#include "cli/overrides.h"

struct target {
	const char *name, *item;       /* As in store/override.h. */
};

/* A sync, or else a connection; false: there is none, and that was said. */
static bool
find_target(struct app *app, const char *name, struct target *target)
{
	bool connection = config_sync(&app->config, name) == NULL
	                  && config_connection(&app->config, name) != NULL;
	*target = (struct target){ name, connection ? OVERRIDE_CONNECTION : "" };
	return connection || app_sync(app, name) != NULL;
}

static bool
read_targets(struct app *app, int argc, char **argv, struct target **targets, size_t *count)
{
	*count = 0;
	*targets = arena_new_array(&app->arena, (size_t)argc + 1, struct target);
	if (app->all == (argc > 1)) {
		app_usage(app, app_sayf(app, app->all ? W_ALL_AND_NAMES : W_TOO_FEW, argv[0],
		                        app->command->arguments, NULL));
		return false;
	}
	if (!app_load(app))
		return false;
	if (app->all)
		(*targets)[(*count)++] = (struct target){ "", OVERRIDE_ALL };
	for (int i = 1; i < argc; i++)
		if (!find_target(app, argv[i], &(*targets)[(*count)++]))
			return false;
	return true;
}

/* How the syncs stand that this is about, and what else holds them. */
static void
tell_syncs(struct app *app, const struct target *target, bool goes_on)
{
	for (size_t i = 0; i < app->config.sync_count; i++) {
		const struct config_sync *s = &app->config.syncs[i];
		bool meant = strcmp(target->item, OVERRIDE_ALL) == 0
		             || (target->item[0] == '\0' && strcmp(s->name, target->name) == 0)
		             || (strcmp(target->item, OVERRIDE_CONNECTION) == 0
		                 && (strcmp(s->from.connection, target->name) == 0
		                     || strcmp(s->to.connection, target->name) == 0));
		const struct override *pause = overrides_pause(app, s);
		if (!meant)
			continue;
		out_group(&app->out, NULL, NULL);
		out_json_str(&app->out, "name", s->name);
		out_json_str(&app->out, "state", pause != NULL ? "paused"
		             : overrides_enabled(app, s) ? "on" : "off");
		out_line(&app->out, pause != NULL ? overrides_words(app, s, pause)
		         : app_sayf(app, !overrides_enabled(app, s) ? W_SYNC_OFF
		                    : goes_on ? W_GOES_ON : W_NOT_PAUSED,
		                    s->name, NULL));
		out_group_end(&app->out);
	}
}

static int
set_all(struct app *app, int argc, char **argv, const char *value)
{
	struct target *targets;
	size_t count;
	int code = EXIT_DONE;
	bool goes_on = false;
	app->acts = true;
	if (!read_targets(app, argc, argv, &targets, &count))
		return EXIT_USAGE;
	for (size_t i = 0; i < count; i++) {
		const struct override *o = override_find(overrides_of(app), OVERRIDE_ENABLED,
		                                         targets[i].name, targets[i].item);
		/* One that has it run though the configuration says no stays. */
		if (value == NULL && o != NULL && strcmp(o->value, "true") == 0)
			continue;
		goes_on |= o != NULL;
		if (!overrides_set(app, OVERRIDE_ENABLED, targets[i].name, targets[i].item,
		                   value, &code))
			return code;
	}
	code = overrides_changed(app, code);
	out_list(&app->out, "syncs");
	for (size_t i = 0; i < count; i++)
		tell_syncs(app, &targets[i], goes_on);
	out_list_end(&app->out);
	return code;
}

int
cmd_pause(struct app *app, int argc, char **argv)
{
	return set_all(app, argc, argv, "false");
}

int
cmd_resume(struct app *app, int argc, char **argv)
{
	return set_all(app, argc, argv, NULL);
}
