/* SPDX-License-Identifier: Apache-2.0
 *
 * doctor_state.c - the part of renkei doctor that reads the state of each sync. */
#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "cli/doctor.h"
#include "cli/look.h"

/* A run that began later than this from now was told by another clock. */
#define CLOCK_AHEAD_MS 60000

static bool
read_state(struct doctor *d, const struct config_sync *sync, struct look *look,
           int64_t *links, const char **told, int64_t *damaged, struct rk_err *err)
{
	struct store *store;
	if (!look_at_any(d->app, sync, 1, look, err)
	    || !store_open(&store, app_syncs_dir(d->app), sync->name, NULL, STORE_LOOK, err))
		return false;
	bool sound = store_verify(store, err) && store_link_count(store, links, err)
	             && store_verify_told(store, told, damaged, err);
	store_close(store);
	return sound;
}

static const char *
file_of(struct app *app, const struct config_sync *sync)
{
	return arena_printf(&app->arena, "%s/%s.db", app_syncs_dir(app), sync->name).ptr;
}

static void
look_at_one(struct doctor *d, const struct config_sync *sync, struct look *look)
{
	struct app *app = d->app;
	struct rk_err err = ERR_INIT;
	int64_t links, damaged;
	const char *told, *check = arena_printf(&app->arena, "sync %s", sync->name).ptr;
	if (!read_state(d, sync, look, &links, &told, &damaged, &err)) {
		doctor_row(d, check, BAD, file_of(app, sync),
		           app_told(app, text_of(err.message)).ptr,
		           app_sayf(app, W_DOCTOR_STATE_DO, sync->name, NULL));
		return;
	}
	const struct pending_counts *p = &look->pending;
	int64_t pending = p->queued + p->unknown + p->undecided + p->failed;
	if (damaged > 0)
		doctor_row(d, check, BAD, file_of(app, sync),
		           app_sayf(app, W_DOCTOR_TOLD, told, app_number(app, damaged), NULL),
		           app_say(app, W_DOCTOR_TOLD_DO));
	else
		doctor_row(d, check, FIT,
		           app_sayf(app, W_DOCTOR_LINKS, app_number(app, links),
		                    app_number(app, pending), NULL), NULL, NULL);
}

void
doctor_state(struct doctor *d)
{
	struct app *app = d->app;
	int64_t latest_ms = 0;
	for (size_t i = 0; d->configured && i < app->config.sync_count; i++) {
		struct look look = { 0 };
		if (problems_stop_sync(&app->problems, app->config.syncs[i].name))
			continue;
		look_at_one(d, &app->config.syncs[i], &look);
		if (look.run_count > 0 && look.runs[0].started_ms > latest_ms)
			latest_ms = look.runs[0].started_ms;
	}
	BUF_AUTO now = BUF_INIT(64);
	clock_format(&now, clock_now_ms());
	doctor_row(d, "clock", latest_ms > clock_now_ms() + CLOCK_AHEAD_MS ? BAD : FIT,
	           buf_str(&now), app_say(app, W_DOCTOR_CLOCK_MEANS),
	           app_say(app, W_DOCTOR_CLOCK_DO));
}
