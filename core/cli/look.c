/* SPDX-License-Identifier: Apache-2.0
 *
 * look.c - see look.h. */
#include "cli/look.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "cli/drift.h"
#include "cli/errors.h"
#include "cli/overrides.h"
#include "sync/breaker.h"
#include "sync/run.h"

bool
look_at_links(struct app *app, const struct config_sync *sync, int64_t *links,
              struct rk_err *err)
{
	struct store *store;
	if (!store_open(&store, app_syncs_dir(app), sync->name, NULL, STORE_LOOK, err))
		return false;
	bool sound = store_link_count(store, links, err);
	store_close(store);
	return sound;
}

/* What waits on the way back counts as well; and what is asked of a person. */
static bool
look_at_back(struct app *app, struct store *store, struct look *look, struct rk_err *err)
{
	struct pending_counts more;
	struct store *back;
	int64_t all, journal;
	if (!store_has_back(store))
		return true;
	if ((back = store_back(store, err)) == NULL || !store_pending_count(back, &more, err)
	    || !store_page_total(back, &journal, err)
	    || !store_conflict_count(store, &all, &look->conflicts, err)
	    || !store_run_list(back, look->run_count, &app->arena, &look->back_runs,
	                       &look->back_count, err))
		return false;
	struct pending_counts *sum = &look->pending;
	sum->queued += more.queued;
	sum->unknown += more.unknown;
	sum->failed += more.failed;
	sum->undecided += more.undecided;
	sum->ignored += more.ignored;
	if (more.next_due_ms < sum->next_due_ms)
		sum->next_due_ms = more.next_due_ms;
	look->journal += journal;
	return true;
}

bool
look_at_withheld(struct store *store, int64_t *count, struct rk_err *err)
{
	int64_t withheld;
	*count = 0;
	return store_number_get(store, STORE_WITHHELD, &withheld, err)
	       && (withheld == 0 || store_pending_held_count(store, count, err));
}

/* 'identity' NULL: of whatever objects the state is. */
static bool
look_at_state(struct app *app, const struct config_sync *sync, const char *identity,
              size_t runs, struct look *look, struct rk_err *err)
{
	struct store *store;
	struct walk walk = { 0 };
	size_t most = breaker_runs(sync);
	if (!store_exists(app_syncs_dir(app), sync->name)) {
		look->cursor.watermark_ms = look->cursor.origin_ms = RK_NO_TIME;
		look->pending.next_due_ms = INT64_MAX;
		return true;
	}
	if (!store_open(&store, app_syncs_dir(app), sync->name, identity, STORE_LOOK,
	                err))
		return false;
	bool sound = store_cursor_get(store, &app->arena, &look->cursor, err)
	             && store_pending_count(store, &look->pending, err)
	             && store_page_total(store, &look->journal, err)
	             && look_at_withheld(store, &look->withheld, err)
	             && store_number_get(store, STORE_HINTED, &look->hinted, err)
	             && store_number_get(store, STORE_MISSED, &look->missed, err)
	             && store_number_get(store, STORE_LISTED, &look->listed, err)
	             && store_number_get(store, STORE_ABOUT, &look->about, err)
	             && store_run_list(store, runs > most ? runs : most, &app->arena,
	                               &look->runs, &look->run_count, err);
	sound = sound && store_compared_list(store, 1, &app->arena, &look->walks,
	                                     &look->walk_count, err)
	        && store_walk_get(store, STORE_RECONCILE, &app->arena, &walk, err)
	        && drift_standing(app, sync, store, &look->drift, &look->drift_count, err);
	look->walk_open = walk.part != 0;
	sound = sound && (sync->back == NULL || look_at_back(app, store, look, err));
	if (sound)
		look->waits = sync_waits(store, app_syncs_dir(app), &look->released);
	store_close(store);
	look->broken_until_ms = sound ? breaker_until(sync, look->runs, look->run_count,
	                                              clock_now_ms()) : 0;
	if (look->run_count > runs)
		look->run_count = runs;
	return sound;
}

bool
look_at_sync(struct app *app, const struct config_sync *sync, size_t runs,
             struct look *look, struct rk_err *err)
{
	const char *identity = sync_identity(sync, &app->arena).ptr;
	return look_at_state(app, sync, identity, runs, look, err);
}

bool
look_at_any(struct app *app, const struct config_sync *sync, size_t runs,
            struct look *look, struct rk_err *err)
{
	struct rk_err second = ERR_INIT;
	if (look_at_sync(app, sync, runs, look, err))
		return true;
	look->other = err->category == RK_CAT_CONFIG
	              && look_at_state(app, sync, NULL, runs, look, &second);
	return look->other;
}

bool
look_was_stopped(const struct run_row *run)
{
	return run->exit_code == EXIT_FAILED || run->exit_code == EXIT_USAGE
	       || run->exit_code == EXIT_HELD || run->exit_code == EXIT_CREDENTIALS;
}

/* What its newest run was stopped by, in the words of whoever found it; NULL: nothing. */
static const char *
stopped_by(struct app *app, const struct look *look)
{
	const struct run_row *run = look->runs;
	if (look->run_count == 0 || !look_was_stopped(run) || run->message.len == 0)
		return NULL;
	return arena_text(&app->arena, run->message).ptr;
}

static const char *
cause_of(struct app *app, const struct config_sync *sync, const struct look *look)
{
	bool held = look->run_count > 0 && look->runs[0].exit_code == EXIT_HELD;
	return overrides_cause(app, sync, held ? stopped_by(app, look) : NULL);
}

const char *
look_reason(struct app *app, const struct config_sync *sync, const struct look *look)
{
	const char *stopped = stopped_by(app, look), *cause = cause_of(app, sync, look);
	if (stopped == NULL)
		return cause;
	stopped = app_told(app, text_of(stopped)).ptr;
	return cause == NULL ? stopped
		: arena_printf(&app->arena, "%s; %s", stopped, cause).ptr;
}

/* A connector's own words are told by the run itself; here are the host's. */
void
look_tell_reason(struct app *app, const struct config_sync *sync, const struct look *look)
{
	const char *stopped = stopped_by(app, look), *cause = cause_of(app, sync, look);
	if (!app->json && look->withheld > 0)
		out_line(&app->out, app_sayf(app, W_WITHHELD, app_number(app, look->withheld),
		                             sync->delete_budget, sync->name, NULL));
	if (!app->json && look->conflicts > 0)
		out_line(&app->out, app_sayf(app, W_NOTE_CONFLICTS,
		                             app_number(app, look->conflicts), sync->name, NULL));
	if (app->json || (stopped == NULL && cause == NULL))
		return;
	out_line(&app->out, "");
	if (stopped != NULL)
		out_line(&app->out, arena_printf(&app->arena, "%s: %s: %s", sync->name,
		                                 look_result(app, look->runs[0].exit_code),
		                                 app_told(app, text_of(stopped)).ptr).ptr);
	if (cause != NULL)
		out_line(&app->out, cause);
	int64_t code = stopped != NULL ? look->runs[0].exit_code : EXIT_DONE;
	if (code != EXIT_CREDENTIALS && code != EXIT_USAGE)
		return;
	int32_t category = code == EXIT_USAGE ? RK_CAT_CONFIG : RK_CAT_AUTH;
	struct explained e = explain(app, category, 0, NULL, NULL);
	errors_tell_explained(app, &e);
}

/* The last row is of a run that has not ended. */
static const struct { int64_t exit_code; enum word shown; const char *code; } results[] = {
	{ EXIT_DONE, W_RESULT_DONE, "done" },
	{ EXIT_FAILED, W_RESULT_FAILED, "failed" },
	{ EXIT_USAGE, W_RESULT_CONFIG, "configuration" },
	{ EXIT_RECORDS, W_RESULT_RECORDS, "records" },
	{ EXIT_HELD, W_RESULT_HELD, "held" },
	{ EXIT_CREDENTIALS, W_RESULT_CREDENTIALS, "credentials" },
	{ -2, W_RESULT_STOPPED, "stopped" },
	{ -1, W_RESULT_OPEN, "open" },
};

const char *
look_result(const struct app *app, int64_t exit_code)
{
	size_t i = 0;
	while (i + 1 < sizeof results / sizeof *results && results[i].exit_code != exit_code)
		i++;
	return app_code(app, results[i].shown, results[i].code);
}
