/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_revert.c - renkei revert: gives fields back what they had before a run wrote them.
 * Without --yes it tells what it would do. */
#include "base/text.h"
#include "cli/command.h"
#include "cli/lines.h"
#include "cli/overrides.h"
#include "sync/revert.h"

static const struct {
	const char *code;
	enum word word;
} verdicts[REVERT_VERDICTS] = {
	[REVERT_DONE] = { "reverted", W_REVERT_DONE },
	[REVERT_ALREADY] = { "already", W_REVERT_ALREADY },
	[REVERT_TOUCHED] = { "touched", W_REVERT_TOUCHED },
	[REVERT_NOT_KEPT] = { "not_kept", W_REVERT_NOT_KEPT },
	[REVERT_CREATED] = { "created", W_REVERT_CREATED },
	[REVERT_GONE] = { "gone", W_REVERT_GONE },
	[REVERT_BUSY] = { "busy", W_REVERT_BUSY },
	[REVERT_FAILED] = { "failed", W_REVERT_FAILED },
	[REVERT_BACK] = { "back", W_REVERT_BACK },
	[REVERT_UNKNOWN] = { "unknown", W_REVERT_UNKNOWN },
};

struct teller {
	struct app *app;
	bool looks;
	struct table table;
};

static void
tell_line(void *with, const struct revert_line *line)
{
	struct teller *t = with;
	struct app *app = t->app;
	/* What went well is counted; in JSON, and before it is done, it is listed too. */
	bool well = line->verdict == REVERT_DONE || line->verdict == REVERT_ALREADY;
	if (well && !t->looks && !app->json)
		return;
	struct cell *row = table_row(&t->table);
	const char *told = app_code(app, verdicts[line->verdict].word,
	                            verdicts[line->verdict].code);
	row[0] = cell_text(arena_text(&app->arena, line->from_id));
	row[1] = cell_text(arena_text(&app->arena, line->to_id));
	row[2] = cell_text(arena_text(&app->arena, line->field));
	row[3] = cell_text(lines_value(app, line->now));
	row[4] = cell_text(lines_value(app, line->old));
	row[5] = cell_str(told);
	if (line->run > 0)
		row[6] = cell_number(line->run);
	row[7] = cell_text(app_told(app, arena_text(&app->arena, line->reason)));
}

static void
tell_counts(struct app *app, const struct revert_report *report, bool looks,
            bool two_way)
{
	struct out *o = &app->out;
	out_group(o, "totals", app_say(app, W_TOTALS));
	for (int v = 0; v < REVERT_VERDICTS; v++)
		if (report->counts[v] > 0 || app->json)
			out_number(o, verdicts[v].code, verdicts[v].word, report->counts[v]);
	out_group_end(o);
	if (looks)
		out_line(o, app_say(app, W_REVERT_LOOKED));
	else if (report->run > 0)
		out_line(o, app_sayf(app, W_REVERT_RUN, app_number(app, report->run), NULL));
	if (!looks && report->counts[REVERT_DONE] > 0)
		out_line(o, app_say(app, two_way ? W_REVERT_NEXT_BOTH : W_REVERT_NEXT));
}

static int
revert(struct app *app, const struct config_sync *sync, int64_t run)
{
	static const struct column columns[] = {
		{ "id", W_RECORD, 30 }, { "target_id", W_TARGET_RECORD, 30 },
		{ "field", W_FIELD, 30 }, { "now", W_AFTER, 40 }, { "old", W_BEFORE, 40 },
		{ "verdict", W_RESULT, 0 }, { "run", W_RUN, 0 }, { "message", W_MESSAGE, 60 },
	};
	struct teller t = { .app = app, .looks = !app->yes };
	t.table = (struct table){ .columns = columns, .arena = &app->arena,
	                          .column_count = sizeof columns / sizeof *columns };
	struct revert_options options = { .run = run, .looks = !app->yes, .line = tell_line,
	                                  .with = &t };
	struct revert_report report;
	struct problems problems = PROBLEMS_INIT;
	out_json_str(&app->out, "sync", sync->name);
	sync_revert(&app->world, sync, &options, &problems, &report);
	if (report.found || app->json)
		out_table(&app->out, "fields", &t.table);
	if (report.found)
		tell_counts(app, &report, options.looks, sync->back != NULL);
	out_flush(&app->out);
	out_group(&app->out, "mapping", NULL);
	app_tell_problems(app, &problems);
	out_group_end(&app->out);
	problems_free(&problems);
	if (report.err.category != RK_CAT_NONE)
		app_error(app, report.exit_code == EXIT_HELD ? RK_HOLD : RK_PAUSE, &report.err,
		          report.side != NULL ? report.side : sync->name);
	else if (!report.found)
		return app_usage(app, app_sayf(app, W_REVERT_NOTHING, app_number(app, run),
		                               sync->name, NULL));
	return report.exit_code;
}

int
cmd_revert(struct app *app, int argc, char **argv)
{
	(void)argc;
	int64_t run;
	const struct config_sync *sync;
	app->acts = app->yes;
	if (!app_load(app) || (sync = app_sync(app, argv[1])) == NULL)
		return EXIT_USAGE;
	if (!text_int64(text_of(argv[2]), &run) || run < 1)
		return app_usage(app, app_sayf(app, W_REVERT_NOTHING, argv[2], sync->name,
		                               NULL));
	if (overrides_pause(app, sync) != NULL)
		return app_usage(app, overrides_words(app, sync, overrides_pause(app, sync)));
	if (problems_stop_sync(&app->problems, sync->name))
		return app_usage(app, app_sayf(app, W_SYNC_MISTAKES, sync->name, NULL));
	return revert(app, sync, run);
}
