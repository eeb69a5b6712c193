/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_reconcile.c - renkei reconcile: walks over both sides of a sync and tells what is not
 * in step, with one number; and what earlier walks found. */
#include "cli/reconcile.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/look.h"
#include "cli/overrides.h"
#include "cli/report.h"
#include "schedule/supervisor.h"
#include "sync/compare.h"

/* The daemon's walks make room for the sync itself so often. */
#define SLICE_MS 60000
#define LISTED_MOST STORE_COMPARED_KEPT

static const struct {
	const char *name;
	size_t at;
} counts[] = {
	{ "equal", offsetof(struct compared, equal) },
	{ "missing", offsetof(struct compared, missing) },
	{ "different", offsetof(struct compared, different) },
	{ "waiting", offsetof(struct compared, waiting) },
	{ "extra", offsetof(struct compared, extra) },
	{ "excluded", offsetof(struct compared, excluded) },
	{ "repaired", offsetof(struct compared, repaired) },
	{ "source_calls", offsetof(struct compared, source_calls) },
	{ "target_calls", offsetof(struct compared, target_calls) },
};
#define COUNTS (sizeof counts / sizeof *counts)

const char *
reconcile_percent(struct app *app, const struct compared *c)
{
	int64_t part = compared_in_step(c);
	return part < 0 ? NULL
		: arena_printf(&app->arena, "%" PRId64 ".%02" PRId64, part / 100, part % 100).ptr;
}

static const char *
digest_of(struct app *app, const struct compared *c)
{
	BUF_AUTO hex = BUF_INIT(64);
	for (size_t i = 0; i < sizeof c->digest; i++)
		buf_addf(&hex, "%02x", c->digest[i]);
	return arena_text(&app->arena, buf_text(&hex)).ptr;
}

/* ---- What was found ------------------------------------------------------------ */

static bool
tell_found(struct app *app, const struct config_sync *sync, int64_t began_ms,
           struct rk_err *err)
{
	static const struct column columns[] = {
		{ "verdict", W_RESULT, 0 }, { "id", W_RECORD, 0 }, { "key", W_KEY, 40 },
		{ "target_id", W_AT_TARGET, 0 }, { "field", W_FIELD, 0 },
		{ "source", W_SHOULD_BE, 40 }, { "target", W_IS_THERE, 40 },
		{ "reason", W_REASON, 0 },
	};
	struct table t = { .columns = columns, .arena = &app->arena,
	                   .column_count = sizeof columns / sizeof *columns };
	struct store *store;
	struct found *list;
	size_t count = 0;
	int64_t seq = 0;
	if (!store_open(&store, app_syncs_dir(app), sync->name, NULL, STORE_LOOK, err))
		return false;
	bool read = store_found_list(store, began_ms, &seq, STORE_FOUND_KEPT, &app->arena, &list,
	                             &count, err);
	store_close(store);
	for (size_t i = 0; read && i < count; i++) {
		struct cell *row = table_row(&t);
		const struct rk_text texts[] = { list[i].verdict, list[i].id, list[i].key,
			                         list[i].to_id, list[i].field, list[i].from,
			                         list[i].to,
			                         app_told(app, list[i].reason) };
		for (size_t c = 0; c < sizeof texts / sizeof *texts; c++)
			row[c] = cell_text(texts[c]);
	}
	if (read && (count > 0 || app->json))
		out_table(&app->out, "found", &t);
	return read;
}

static void
tell_json(struct app *app, const struct compared *c)
{
	struct out *o = &app->out;
	if (!app->json)
		return;
	out_group(o, "result", NULL);
	out_json_str(o, "in_step", reconcile_percent(app, c));
	for (size_t i = 0; i < COUNTS; i++)
		out_json_number(o, counts[i].name,
		                *(const int64_t *)(const void *)((const char *)c + counts[i].at));
	out_time(o, "began", W_STARTED, c->began_ms);
	out_time(o, "ended", W_STARTED, c->ended_ms > 0 ? c->ended_ms : RK_NO_TIME);
	out_yes(o, "target_listed", W_AT_TARGET, c->whole);
	out_json_str(o, "list_hash", c->ended_ms > 0 ? digest_of(app, c) : NULL);
	out_group_end(o);
}

static void
tell_line(struct app *app, const struct config_sync *sync, const struct compared *c)
{
	BUF_AUTO line = BUF_INIT(4096);
	const char *percent = reconcile_percent(app, c);
	buf_addf(&line, "%s: in_step=%s", sync->name, percent != NULL ? percent : "-");
	for (size_t i = 0; i < COUNTS; i++)
		buf_addf(&line, " %s=%" PRId64, counts[i].name,
		         *(const int64_t *)(const void *)((const char *)c + counts[i].at));
	buf_addf(&line, " seconds=%.2f list=%s", (double)(c->ended_ms - c->began_ms) / 1000,
	         digest_of(app, c));
	out_line(&app->out, buf_str(&line));
	if (!c->whole)
		out_line(&app->out, app_say(app, W_TARGET_NOT_LISTED));
	if (c->repaired > 0)
		out_line(&app->out, app_sayf(app, W_REPAIRS_WAIT, app_number(app, c->repaired),
		                             sync->name, NULL));
}

/* ---- Earlier walks --------------------------------------------------------------- */

/* The newest results first; none of a sync that was never walked over. */
static bool
read_last(struct app *app, const struct config_sync *sync, size_t most,
          struct compared **list, size_t *count, struct rk_err *err)
{
	struct store *store;
	*count = 0;
	if (!store_exists(app_syncs_dir(app), sync->name))
		return true;
	if (!store_open(&store, app_syncs_dir(app), sync->name, NULL, STORE_LOOK, err))
		return false;
	bool read = store_compared_list(store, most, &app->arena, list, count, err);
	store_close(store);
	return read;
}

static int
show(struct app *app, const struct config_sync *sync)
{
	static const struct column columns[] = {
		{ "began", W_STARTED, 0 }, { "in_step", W_IN_STEP, 0 }, { "equal", W_EQUAL, 0 },
		{ "missing", W_MISSING, 0 }, { "different", W_DIFFERENT, 0 },
		{ "waiting", W_WAITING, 0 }, { "extra", W_EXTRA, 0 },
		{ "repaired", W_REPAIRED, 0 }, { "list_hash", W_LIST_HASH, 0 },
	};
	struct table t = { .columns = columns, .arena = &app->arena,
	                   .column_count = sizeof columns / sizeof *columns };
	struct rk_err err = ERR_INIT;
	struct compared *list = NULL;
	size_t count;
	if (!read_last(app, sync, LISTED_MOST, &list, &count, &err))
		return app_error(app, RK_PAUSE, &err, sync->name);
	if (count > 0 && !tell_found(app, sync, list[0].began_ms, &err))
		return app_error(app, RK_PAUSE, &err, sync->name);
	for (size_t i = 0; i < count; i++) {
		const struct compared *c = &list[i];
		struct cell *row = table_row(&t);
		const int64_t numbers[] = { c->equal, c->missing, c->different, c->waiting,
			                    c->extra, c->repaired };
		row[0] = cell_time(c->began_ms);
		row[1] = cell_str(reconcile_percent(app, c));
		for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
			row[2 + n] = cell_number(numbers[n]);
		row[8] = cell_str(digest_of(app, c));
	}
	out_table(&app->out, "results", &t);
	return EXIT_DONE;
}

/* ---- A walk ------------------------------------------------------------------------ */

static void
show_progress(void *with, const struct compared *c)
{
	const struct app *app = with;
	BUF_AUTO out = BUF_INIT(4096);
	if (app->quiet || app->json || !isatty(STDERR_FILENO))
		return;
	buf_addf(&out, "\r\033[K%s %" PRId64 "  %s %" PRId64 "  %s %" PRId64,
	         app_say(app, W_EQUAL), c->equal, app_say(app, W_MISSING), c->missing,
	         app_say(app, W_DIFFERENT), c->different);
	io_write_all(STDERR_FILENO, buf_str(&out), out.len);
}

static void
end_progress(const struct app *app)
{
	static const char clear[] = "\r\033[K";
	if (!app->quiet && !app->json && isatty(STDERR_FILENO))
		io_write_all(STDERR_FILENO, clear, sizeof clear - 1);
}

static int
tell(struct app *app, const struct config_sync *sync, const struct compare_report *report,
     const struct problems *problems)
{
	const struct compared *c = &report->result;
	struct rk_err err = ERR_INIT;
	int code = report->exit_code;
	out_json_str(&app->out, "sync", sync->name);
	if (c->ended_ms > 0 && !tell_found(app, sync, c->began_ms, &err))
		code = exit_worse(code, app_error(app, RK_PAUSE, &err, sync->name));
	tell_json(app, c);
	if (c->ended_ms > 0)
		tell_line(app, sync, c);
	if (c->ended_ms > 0 && sync->back != NULL && c->missing + c->different > 0)
		out_line(&app->out, app_sayf(app, W_RECONCILED_BOTH, sync->name, NULL));
	out_flush(&app->out);
	out_group(&app->out, "mapping", NULL);
	app_tell_problems(app, problems);
	out_group_end(&app->out);
	if (report->err.category != RK_CAT_NONE)
		app_error(app, report->exit_code == EXIT_HELD ? RK_HOLD : RK_PAUSE, &report->err,
		          report->side != NULL ? report->side : sync->name);
	else if (c->ended_ms == 0)
		out_line(&app->out, app_sayf(app, W_WALK_GOES_ON, sync->name, NULL));
	return code;
}

/* What keeps a run from beginning keeps a walk as well. */
static int
refused(struct app *app, const struct config_sync *sync)
{
	const struct override *pause = overrides_pause(app, sync);
	if (pause != NULL)
		return app_usage(app, overrides_words(app, sync, pause));
	if (sync->back != NULL && app->repair)
		return app_usage(app, app_sayf(app, W_NO_REPAIR_BOTH, sync->name, NULL));
	if (problems_stop_sync(&app->problems, sync->name))
		return app_usage(app, app_sayf(app, W_SYNC_MISTAKES, sync->name, NULL));
	return EXIT_DONE;
}

static int
walk(struct app *app, const struct config_sync *sync)
{
	struct compare_options options = {
		.repair = app->repair || sync->reconcile.repair, .stop_fd = stop_signals(),
		.most_ms = app->slice ? SLICE_MS : 0, .progress = show_progress, .with = app };
	struct compare_report report;
	struct problems problems = PROBLEMS_INIT;
	int code = refused(app, sync);
	if (code != EXIT_DONE)
		return code;
	sync_compare(&app->world, sync, &options, &problems, &report);
	end_progress(app);
	code = tell(app, sync, &report, &problems);
	problems_free(&problems);
	if (code != EXIT_DONE || report.result.ended_ms > 0)
		return code;
	return app->slice ? RECONCILE_GOES_ON : EXIT_FAILED;
}

int
cmd_reconcile(struct app *app, int argc, char **argv)
{
	bool shows = argc == 3;
	const struct config_sync *sync;
	if (shows && strcmp(argv[1], "show") != 0)
		return app_usage(app, app_sayf(app, W_TOO_MANY, argv[0],
		                               app->command->arguments, NULL));
	app->acts = !shows && app->repair;
	if (!app_load(app) || (sync = app_sync(app, argv[argc - 1])) == NULL)
		return EXIT_USAGE;
	return shows ? show(app, sync) : walk(app, sync);
}
