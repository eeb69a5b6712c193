/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_plan.c - renkei plan: every write before it happens, with what it costs and
 * what the sync's start leaves out. */
#include <string.h>

#include "base/zone.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/lines.h"
#include "cli/report.h"

static void
tell_line(void *with, const struct sync_line *line)
{
	struct app *app = with;
	/* A filter may leave out most of a CRM: listed only if asked. */
	if (line->action != ACTION_EXCLUDE || app->verbose > 0)
		lines_tell(app, line);
}

static const char *
time_text(struct app *app, int64_t ms)
{
	BUF_AUTO text = BUF_INIT(64);
	zone_format(&text, ms);
	return arena_text(&app->arena, buf_text(&text)).ptr;
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
		                     time_text(app, report->start_ms), NULL));
	else
		out_line(o, app_sayf(app, W_READS_CHANGES,
		                     time_text(app, report->start_ms), NULL));
	out_json_str(o, "start", sync->start_ms == CONFIG_START_ALL   ? "all"
	                         : sync->start_ms == CONFIG_START_NOW ? "now"
	                         : time_text(app, sync->start_ms));
}

/* "1d" in words; NULL: none is told. */
static const char *
span_of(struct app *app, const char *per)
{
	static const struct {
		const char *unit;
		enum word word;
	} units[] = { { "ms", W_SPAN_MS }, { "s", W_SPAN_S }, { "m", W_SPAN_M },
		      { "h", W_SPAN_H }, { "d", W_SPAN_D } };
	size_t digits = per != NULL ? strspn(per, "0123456789") : 0;
	for (size_t i = 0; digits > 0 && i < sizeof units / sizeof *units; i++)
		if (strcmp(per + digits, units[i].unit) == 0)
			return app_sayf(app, units[i].word,
			                arena_text(&app->arena, (struct rk_text){
			                        per, digits }).ptr, NULL);
	return per != NULL ? per : "-";
}

/* The limits that writing spends from, as they hold for the connection. */
static void
tell_limits(struct app *app, const struct config_sync *sync)
{
	struct session session;
	int code = EXIT_DONE;
	if (!app_session(app, sync->to.connection, &session, &code))
		return;
	for (size_t i = 0; i < session.manifest.limit_count; i++) {
		const struct manifest_limit *l = &session.manifest.limits[i];
		const char *calls = l->calls, *per = l->per;
		if (calls == NULL || session.connection->limits_off)
			continue;
		for (size_t j = 0; j < session.connection->limit_count; j++) {
			const struct config_limit *own = &session.connection->limits[j];
			if (!text_is(text_of(own->limit), l->name))
				continue;
			calls = own->calls != NULL ? own->calls : calls;
			per = own->per != NULL ? own->per : per;
		}
		out_line(&app->out, app_sayf(app, W_LIMIT_LINE, sync->to.connection,
		                             l->name, calls, span_of(app, per), NULL));
	}
	session_close(&session);
}

static void
tell_totals(struct app *app, const struct config_sync *sync,
            const struct sync_report *report)
{
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
	out_number(o, "write_calls", W_WRITE_CALLS, report->planned_calls);
	tell_limits(app, sync);
	tell_start(app, sync, report);
	out_line(o, app_say(app, W_PLAN_CHANGED_NOTHING));
	out_group_end(o);
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
	struct sync_options options = { .mode = SYNC_PLAN,
		                        .line = tell_line,
		                        .with = app };
	struct sync_report report;
	struct problems problems = PROBLEMS_INIT;
	out_json_str(&app->out, "sync", sync->name);
	out_list(&app->out, "records");
	sync_run(&app->world, sync, &options, &problems, &report);
	out_list_end(&app->out);
	if (app->json)
		json_bool(&app->out.doc, "begun", has_plan(&report));
	if (has_plan(&report))
		tell_totals(app, sync, &report);
	out_flush(&app->out);
	out_group(&app->out, "mapping", NULL);
	app_tell_problems(app, &problems);
	out_group_end(&app->out);
	problems_free(&problems);
	report_error(app, &report, sync);
	return report.exit_code;
}
