/* SPDX-License-Identifier: Apache-2.0
 *
 * overrides.c - see overrides.h. */
#include "cli/overrides.h"

#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/zone.h"
#include "schedule/control.h"
#include "store/lock.h"

const struct overrides *
overrides_of(struct app *app)
{
	if (app->overrides == NULL) {
		app->overrides = arena_new(&app->arena, struct overrides);
		*app->overrides = override_list(world_host(&app->world), &app->arena);
	}
	return app->overrides;
}

void
overrides_unread(struct rk_err *err)
{
	err_set(err, RK_PAUSE, RK_CAT_OTHER, "host.db cannot be read, so what is paused is not "
	        "known, and nothing runs; \"renkei doctor\" tells more");
}

const struct override *
overrides_pause(struct app *app, const struct config_sync *sync)
{
	return override_pause(overrides_of(app), sync->name, sync->from.connection,
	                      sync->to.connection);
}

bool
overrides_enabled(struct app *app, const struct config_sync *sync)
{
	return overrides_pause(app, sync) == NULL
	       && (sync->enabled
	           || override_find(overrides_of(app), OVERRIDE_ENABLED, sync->name, ""));
}

const char *
overrides_words(struct app *app, const struct config_sync *sync,
                const struct override *pause)
{
	BUF_AUTO since = BUF_INIT(64);
	zone_format(&since, pause->at_ms);
	const char *what = strcmp(pause->item, OVERRIDE_ALL) == 0 ? "--all" : pause->name;
	return app_sayf(app, W_PAUSED, sync->name, pause->who, buf_str(&since), what, NULL);
}

/* Whether it is the allocation of a limit of the sync's that 'hold' names. */
static bool
allocates(const struct override *o, const struct config_sync *sync, const char *hold)
{
	BUF_AUTO limit = BUF_INIT(4096);
	buf_addf(&limit, "limit '%s' of connection '%s'", o->item, o->name);
	return strcmp(o->what, OVERRIDE_ALLOCATION) == 0
	       && (strcmp(o->name, sync->from.connection) == 0
	           || strcmp(o->name, sync->to.connection) == 0)
	       && (hold[0] == '\0' || strstr(hold, buf_str(&limit)) != NULL);
}

const char *
overrides_cause(struct app *app, const struct config_sync *sync, const char *hold)
{
	const struct overrides *all = overrides_of(app);
	const struct override *pause = overrides_pause(app, sync);
	if (pause != NULL)
		return overrides_words(app, sync, pause);
	for (size_t i = 0; hold != NULL && i < all->count; i++) {
		const struct override *o = &all->list[i];
		BUF_AUTO since = BUF_INIT(64);
		if (!allocates(o, sync, hold))
			continue;
		zone_format(&since, o->at_ms);
		return app_sayf(app, W_HELD_BY, o->name, o->item, o->value, o->who,
		                buf_str(&since), NULL);
	}
	return NULL;
}

/* ---- Telling --------------------------------------------------------------- */

static const char *
configured(const struct config *config, const struct override *o)
{
	const struct config_sync *sync = config_sync(config, o->name);
	if (strcmp(o->what, OVERRIDE_ENABLED) == 0 && o->item[0] == '\0' && sync != NULL)
		return sync->enabled ? "true" : "false";
	const struct config_connection *c = config_connection(config, o->name);
	for (size_t i = 0; c != NULL && i < c->limit_count; i++)
		if (strcmp(o->what, OVERRIDE_ALLOCATION) == 0
		    && strcmp(c->limits[i].limit, o->item) == 0)
			return c->limits[i].allocation;
	for (size_t i = 0; i < config->notice_count; i++)
		if (strcmp(o->what, OVERRIDE_SEND) == 0
		    && strcmp(config->notices[i].name, o->name) == 0)
			return config->notices[i].send;
	return NULL;
}

void
overrides_tell(struct app *app, const char *name)
{
	static const struct column columns[] = {
		{ "what", W_OVERRIDE_WHAT, 0 }, { "name", W_NAME, 30 }, { "item", W_OVERRIDE_ITEM, 0 },
		{ "value", W_VALUE, 30 }, { "configured", W_CONFIGURED, 30 },
		{ "who", W_WHO, 30 }, { "at", W_AT, 0 },
	};
	const struct overrides *all = overrides_of(app);
	struct table t = { .columns = columns, .arena = &app->arena, .column_count = 7 };
	for (size_t i = 0; i < all->count; i++) {
		const struct override *o = &all->list[i];
		if (name != NULL && strcmp(o->name, name) != 0)
			continue;
		struct cell *row = table_row(&t);
		row[0] = cell_str(o->what);
		row[1] = cell_str(o->name);
		row[2] = cell_str(o->item);
		row[3] = cell_str(o->value);
		row[4] = cell_str(configured(&app->config, o));
		row[5] = cell_str(o->who);
		row[6] = cell_time(o->at_ms);
	}
	if (t.count == 0 && !app->json)
		return;
	out_line(&app->out, "");
	out_title(&app->out, app_say(app, W_OVERRIDES));
	out_table(&app->out, "overrides", &t);
}

/* ---- Changing -------------------------------------------------------------- */

int
overrides_changed(struct app *app, int code)
{
	static const char *const question[] = { "wake" };
	struct rk_err err;
	BUF_AUTO answer = BUF_INIT(CONTROL_ANSWER_MAX);
	int unused;
	if (control_ask(app->state_dir, app_user(app), question, 1, &answer, &unused, &err)
	    || !lock_is_held(app->state_dir, "daemon"))
		return code;
	return exit_worse(code, app_error(app, RK_PAUSE, &err, NULL));
}

bool
overrides_set(struct app *app, const char *what, const char *name, const char *item,
              const char *value, int *code)
{
	struct rk_err err = ERR_INIT;
	struct host *host = world_host(&app->world);
	struct override o = { what, name, item, value, app_user(app), clock_now_ms() };
	bool done = value != NULL ? override_put(host, &o, &err)
	                          : override_clear(host, what, name, item, &err);
	if (!done)
		*code = app_error(app, RK_PAUSE, &err, NULL);
	app->overrides = NULL;
	return done;
}
