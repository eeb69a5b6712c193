/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_plan.c - renkei plan: every write before it happens, with what it costs and
 * what the sync's start leaves out. */
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/forecast.h"
#include "cli/lines.h"
#include "cli/plan_file.h"
#include "cli/planned.h"
#include "cli/report.h"
#include "cli/rule.h"

struct planning {
	struct app *app;
	const struct config_sync *sync;
	struct forecast forecast;
	bool begun;                    /* Its rule is told, and records follow. */
	struct plan_file file;         /* out NULL: there is none. */
};

static void
begun(void *with)
{
	struct planning *p = with;
	forecast_begun(p->app, &p->forecast);
	rule_tell(p->app, p->sync);
	out_list(&p->app->out, "records");
	p->begun = true;
}

static void
tell_line(void *with, const struct sync_line *line)
{
	struct planning *p = with;
	struct app *app = p->app;
	bool writes = line->action == ACTION_CREATE || line->action == ACTION_UPDATE;
	if (writes && p->file.out != NULL)
		plan_file_line(&p->file, line);
	/* A filter may leave out most of a CRM: listed only if asked. */
	if (line->action != ACTION_EXCLUDE || app->verbose > 0)
		lines_tell(app, line);
}

/* From where it reads, and what that leaves out. */
static void
tell_start(struct app *app, const struct config_sync *sync,
           const struct sync_report *report)
{
	struct out *o = &app->out;
	out_time(o, "reads_from", W_READS_FROM, report->start_ms);
	out_yes(o, "full_read", W_FULL_READ, report->full_read);
	if (report->start_ms == RK_NO_TIME)
		out_line(o, app_say(app, W_READS_ALL));
	else if (report->full_read)
		out_line(o, app_sayf(app, W_START_LEAVES_OUT,
		                     app_time(app, report->start_ms), NULL));
	else
		out_line(o, app_sayf(app, W_READS_CHANGES,
		                     app_time(app, report->start_ms), NULL));
	out_json_str(o, "start", sync->start_ms == CONFIG_START_ALL   ? "all"
	                         : sync->start_ms == CONFIG_START_NOW ? "now"
	                         : app_time(app, sync->start_ms));
}

static void
tell_totals(struct planning *p, const struct config_sync *sync,
            const struct sync_report *report)
{
	struct app *app = p->app;
	struct out *o = &app->out;
	const struct sync_counts *c = &report->counts;
	out_line(o, "");
	out_group(o, "totals", app_say(app, W_TOTALS));
	out_number(o, "read", W_READ, c->read);
	out_number(o, "create", W_CREATE, c->created);
	out_number(o, "update", W_UPDATE, c->updated);
	if (sync->deletes != DELETES_IGNORE)
		out_number(o, "delete", W_DELETE, c->archived);
	out_number(o, "unchanged", W_UNCHANGED, c->unchanged);
	out_number(o, "exclude", W_EXCLUDED, c->excluded);
	out_number(o, "wait", W_WAITING, c->waiting);
	out_number(o, "fail", W_FAILED, c->failed);
	if (c->excluded > 0 && app->verbose == 0)
		out_line(o, app_sayf(app, W_PLAN_EXCLUDED,
		                     app_number(app, c->excluded), NULL));
	out_number(o, "write_calls", W_WRITE_CALLS, report->cost.write_calls);
	forecast_tell(app, sync, report, &p->forecast);
	tell_start(app, sync, report);
	out_line(o, app_say(app, W_PLAN_CHANGED_NOTHING));
	out_group_end(o);
}

/* The file is there when the plan came to its end, and not before. */
static int
keep_file(struct planning *p, const struct sync_report *report)
{
	struct app *app = p->app;
	const struct sync_cost *cost = &report->cost;
	struct plan_head head = {
		.sync = p->sync->name, .identity = sync_identity(p->sync, &app->arena).ptr,
		.made_ms = report->started_ms, .start_ms = report->start_ms,
		.creates = report->counts.created, .updates = report->counts.updated,
		.source_calls = cost->source_calls,
		.target_calls = cost->look_calls + cost->write_calls };
	struct rk_err err = ERR_INIT;
	const char *lines = app_number(app, p->file.lines);
	planned_hex(report->revision, head.revision);
	if (report->err.category != RK_CAT_NONE
	    || !planned_accounts(app, p->sync, &head.accounts)) {
		plan_file_drop(&p->file);
		return EXIT_FAILED;
	}
	if (!plan_file_end(&p->file, &head, &err))
		return app_error(app, RK_PAUSE, &err, NULL);
	out_json_str(&app->out, "file", app->file);
	out_line(&app->out, app_sayf(app, W_PLAN_WRITTEN, app->file, lines, NULL));
	return EXIT_DONE;
}

/* False: what stopped it stopped it before there was anything to plan. */
static bool
has_plan(const struct sync_report *report)
{
	const struct sync_counts *c = &report->counts;
	return report->err.category == RK_CAT_NONE
	       || c->read + c->created + c->updated + c->archived > 0;
}

int
cmd_plan(struct app *app, int argc, char **argv)
{
	(void)argc;
	const struct config_sync *sync;
	if (!app_load(app) || (sync = app_sync(app, argv[1])) == NULL)
		return EXIT_USAGE;
	if (problems_stop_sync(&app->problems, sync->name))
		return app_usage(app, app_sayf(app, W_SYNC_MISTAKES, sync->name, NULL));
	struct planning p = { .app = app, .sync = sync };
	struct rk_err err = ERR_INIT;
	if (app->file != NULL && !plan_file_begin(&p.file, app->file, &app->arena, &err))
		return app_error(app, RK_PAUSE, &err, NULL);
	struct sync_options options = { .mode = SYNC_PLAN, .line = tell_line,
		                        .begun = begun, .with = &p };
	struct sync_report report;
	struct problems problems = PROBLEMS_INIT;
	out_json_str(&app->out, "sync", sync->name);
	sync_run(&app->world, sync, &options, &problems, &report);
	if (!p.begun)
		out_list(&app->out, "records");
	out_list_end(&app->out);
	forecast_ended(app, &p.forecast);
	if (app->json)
		json_bool(&app->out.doc, "begun", has_plan(&report));
	if (has_plan(&report))
		tell_totals(&p, sync, &report);
	if (app->file != NULL)
		report.exit_code = exit_worse(report.exit_code, keep_file(&p, &report));
	out_flush(&app->out);
	out_group(&app->out, "mapping", NULL);
	app_tell_problems(app, &problems);
	out_group_end(&app->out);
	problems_free(&problems);
	report_error(app, &report, sync);
	return report.exit_code;
}
