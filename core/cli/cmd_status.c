/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_status.c - renkei status: how each sync stands; for one, its last runs. */
#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "base/zone.h"
#include "cli/command.h"
#include "cli/drift.h"
#include "cli/history.h"
#include "cli/look.h"
#include "cli/overrides.h"
#include "cli/reconcile.h"
#include "schedule/schedule.h"
#include "store/lock.h"
#include "store/slots.h"

#define RUNS_SHOWN 10

static const struct column columns[] = {
	{ "name", W_SYNC, 30 }, { "state", W_STATE, 0 }, { "last_run", W_LAST_RUN, 0 },
	{ "result", W_RESULT, 0 }, { "read", W_READ, 0 }, { "written", W_WRITTEN, 0 },
	{ "waiting", W_WAITING, 0 }, { "failed", W_FAILED, 0 },
	{ "ignored", W_IGNORED, 0 },
	{ "read_up_to", W_READ_UP_TO, 0 }, { "next_due", W_NEXT_DUE, 0 },
	{ "reason", W_REASON, 0 }, { "hinted", W_RECORDS, 0 }, { "missed", W_RECORDS, 0 },
	{ "after", W_AFTER_SYNC, 0 }, { "in_step", W_IN_STEP, 0 },
	{ "reconciled", W_RECONCILED, 0 }, { "listed", W_READ, 0 }, { "about", W_READ, 0 },
	{ "withheld", W_DELETIONS, 0 }, { "drifted", W_FIELD, 0 },
	{ "conflicts", W_RECORDS, 0 },
};
#define JSON_ALONE 11

/* For people the reason stands below the table. */
static struct table
syncs_table(struct app *app)
{
	size_t count = sizeof columns / sizeof *columns;
	return (struct table){ .columns = columns, .arena = &app->arena,
	                       .column_count = app->json ? count : count - JSON_ALONE };
}

static const char *
state_of(struct app *app, const struct config_sync *sync)
{
	if (problems_stop_sync(&app->problems, sync->name))
		return app_code(app, W_STATE_MISTAKES, "mistakes");
	if (overrides_pause(app, sync) != NULL)
		return app_code(app, W_STATE_PAUSED, "paused");
	return overrides_enabled(app, sync) ? app_code(app, W_STATE_ON, "on")
	                                    : app_code(app, W_STATE_OFF, "off");
}

static void
fill_row(struct app *app, struct cell *row, const struct look *look)
{
	const struct pending_counts *p = &look->pending;
	if (look->run_count > 0) {
		const struct run_row *run = &look->runs[0];
		row[2] = cell_time(run->started_ms);
		row[3] = cell_str(look_result(app, run->exit_code));
		row[4] = cell_number(run->read);
		row[5] = cell_number(run->created + run->updated + run->archived);
	} else {
		row[3] = cell_str(app_code(app, W_NEVER_RAN, "never"));
	}
	row[6] = cell_number(p->queued + p->unknown + p->undecided + look->journal);
	row[7] = cell_number(p->failed);
	row[8] = cell_number(p->ignored);
	row[9] = cell_time(look->cursor.watermark_ms);
}

/* When the daemon is to run it; without one, or without a time, a person does. */
static void
fill_due(struct app *app, struct cell *cell, const struct config_sync *sync,
         const struct look *look)
{
	struct schedule schedule;
	int64_t due = SCHEDULE_NEVER, now = clock_now_ms();
	bool runs = overrides_enabled(app, sync) && lock_is_held(app->state_dir, "daemon");
	struct host *host = runs ? world_host(&app->world) : NULL;
	schedule_read(&schedule, sync);
	if (host != NULL)
		due = schedule_due(&schedule, slots_get(host, sync->name), now);
	int64_t held = host != NULL && due != SCHEDULE_NEVER ? slots_held(host, sync->name) : 0;
	if (held != 0)
		due = schedule_free(&schedule, held > now ? held : now);
	if (look->broken_until_ms != 0 && (due == SCHEDULE_NEVER || due < look->broken_until_ms))
		due = look->broken_until_ms;
	if (due != SCHEDULE_NEVER)
		*cell = cell_time(due);
	else if (!app->json && (runs || overrides_enabled(app, sync)))
		*cell = cell_str(runs && sync->after != NULL
		                 ? app_sayf(app, W_AFTER_SYNC, sync->after, NULL)
		                 : app_say(app, W_BY_HAND));
}

/* Below the table: whose state it is.  It does not keep others from being shown. */
static void
tell_other(struct app *app, const struct look *look, const struct rk_err *err)
{
	if (look->other)
		out_line(&app->out, app_told(app, text_of(err->message)).ptr);
}

/* The one number, for people below the table. */
static void
tell_in_step(struct app *app, const struct config_sync *sync, const struct look *look)
{
	BUF_AUTO at = BUF_INIT(64);
	const char *percent = look->walk_count > 0 ? reconcile_percent(app, look->walks) : NULL;
	if (percent == NULL || app->json)
		return;
	zone_format(&at, look->walks->ended_ms);
	out_line(&app->out, app_sayf(app, W_IN_STEP_AT, sync->name, percent, buf_str(&at), NULL));
}

/* Of many syncs only that there is something to see. */
static void
tell_drifted(struct app *app, const struct config_sync *sync, const struct look *look)
{
	if (look->drift_count > 0 && !app->json)
		out_line(&app->out, app_sayf(app, W_DRIFTED, sync->name,
		                             app_number(app, (int64_t)look->drift_count), NULL));
}

/* A listing of everything is on its way, or was cut off and goes on with the next run. */
static void
tell_extent(struct app *app, const struct config_sync *sync, const struct look *look)
{
	if (!look->cursor.listing || look->listed == 0 || app->json)
		return;
	const char *listed = app_number(app, look->listed);
	out_line(&app->out, look->about < look->listed
	         ? app_sayf(app, W_LISTED, sync->name, listed, NULL)
	         : app_sayf(app, W_LISTED_OF, sync->name, listed,
	                    app_number(app, look->about),
	                    app_number(app, look->listed * 100 / look->about), NULL));
}

static int
add_sync(struct app *app, struct table *t, const struct config_sync *sync,
         struct look *look, size_t runs, struct rk_err *err)
{
	struct cell *row = table_row(t);
	row[0] = cell_str(sync->name);
	row[1] = cell_str(state_of(app, sync));
	if (!look_at_any(app, sync, runs, look, err))
		return app_error(app, RK_PAUSE, err, sync->name);
	fill_row(app, row, look);
	fill_due(app, &row[10], sync, look);
	if (look->broken_until_ms != 0)
		row[1] = cell_str(app_code(app, W_STATE_BROKEN, "broken"));
	if (lock_is_held(app_syncs_dir(app), sync->name))
		row[1] = cell_str(app_code(app, W_STATE_RUNNING, "running"));
	if (look->other)
		row[1] = cell_str(app_code(app, W_STATE_OTHER, "other"));
	if (app->json) {
		row[11] = cell_str(look->other ? err->message : look_reason(app, sync, look));
		row[12] = cell_number(look->hinted);
		row[13] = cell_number(look->missed);
		row[14] = cell_str(sync->after);
		if (look->walk_count > 0) {
			row[15] = cell_str(reconcile_percent(app, look->walks));
			row[16] = cell_time(look->walks->ended_ms);
		}
		if (look->cursor.listing && look->listed > 0) {
			row[17] = cell_number(look->listed);
			row[18] = cell_number(look->about);
		}
		row[21] = cell_number(look->conflicts);
		row[19] = cell_number(look->withheld);
		row[20] = cell_number((int64_t)look->drift_count);
	}
	return EXIT_DONE;
}

/* What has a schedule waits for ever without one. */
static void
tell_daemon(struct app *app)
{
	bool runs = lock_is_held(app->state_dir, "daemon"), waits = false;
	out_json_str(&app->out, "daemon", runs ? "runs" : "none");
	for (size_t i = 0; i < app->config.sync_count; i++)
		waits |= config_has_times(&app->config.syncs[i]);
	if (waits && !runs && !app->json) {
		out_line(&app->out, "");
		out_line(&app->out, app_say(app, W_NO_DAEMON));
	}
}

static int
tell_all(struct app *app)
{
	int code = EXIT_DONE;
	struct table t = syncs_table(app);
	size_t count = app->config.sync_count;
	struct look *looks = arena_new_array(&app->arena, count, struct look);
	struct rk_err *errs = arena_new_array(&app->arena, count, struct rk_err);
	for (size_t i = 0; i < count; i++)
		code = exit_worse(code, add_sync(app, &t, &app->config.syncs[i],
		                                 &looks[i], 1, &errs[i]));
	out_table(&app->out, "syncs", &t);
	for (size_t i = 0; i < count; i++) {
		tell_other(app, &looks[i], &errs[i]);
		look_tell_reason(app, &app->config.syncs[i], &looks[i]);
		tell_in_step(app, &app->config.syncs[i], &looks[i]);
		tell_extent(app, &app->config.syncs[i], &looks[i]);
		tell_drifted(app, &app->config.syncs[i], &looks[i]);
	}
	overrides_tell(app, NULL);
	tell_daemon(app);
	return code;
}

int
cmd_status(struct app *app, int argc, char **argv)
{
	if (!app_load(app))
		return EXIT_USAGE;
	if (argc == 1)
		return tell_all(app);
	const struct config_sync *sync = app_sync(app, argv[1]);
	if (sync == NULL)
		return EXIT_USAGE;
	struct look look = { 0 };
	struct table t = syncs_table(app);
	struct rk_err err = ERR_INIT;
	int code = add_sync(app, &t, sync, &look, RUNS_SHOWN, &err);
	out_table(&app->out, "syncs", &t);
	tell_other(app, &look, &err);
	look_tell_reason(app, sync, &look);
	tell_in_step(app, sync, &look);
	tell_extent(app, sync, &look);
	if (look.drift_count > 0)
		out_line(&app->out, app_say(app, W_DRIFT_STANDS));
	drift_tell(app, "drift", look.drift, look.drift_count);
	overrides_tell(app, sync->name);
	struct table runs = history_table(app, false, &look, 1);
	for (size_t i = 0; i < look.run_count; i++)
		history_add(&runs, app, NULL, &look, &look.runs[i]);
	out_line(&app->out, "");
	out_title(&app->out, app_say(app, W_LAST_RUNS));
	out_table(&app->out, "runs", &runs);
	if (look.pending.failed > 0)
		out_line(&app->out, app_sayf(app, W_SEE_ERRORS, sync->name, NULL));
	return code;
}
