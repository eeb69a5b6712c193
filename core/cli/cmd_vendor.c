/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_vendor.c - renkei vendor: the conformance suite over a connector, and a skeleton
 * of one.  What the suite does is core/certify's. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/vendor.h"

#ifndef RK_HELPDIR
#define RK_HELPDIR "/usr/share/renkei/help"
#endif

#define REPORT_MAX (4u * 1024 * 1024)

static const char *const state_names[] = {
	[CERTIFY_PASSED] = "passed", [CERTIFY_FAILED] = "failed",
	[CERTIFY_ADVICE] = "advice", [CERTIFY_SKIPPED] = "skipped",
};

/* The state in the person's words; in English it is its name. */
static const char *
state_told(struct app *app, enum certify_state state)
{
	static const enum word words[] = {
		[CERTIFY_PASSED] = W_PASSED, [CERTIFY_FAILED] = W_FAILED,
		[CERTIFY_ADVICE] = W_ADVICE, [CERTIFY_SKIPPED] = W_SKIPPED,
	};
	return app->json ? state_names[state] : app_say(app, words[state]);
}

static const char *
class_name(struct app *app, int class)
{
	return class > 0 ? arena_printf(&app->arena, "E%d", class).ptr : "-";
}

/* ---- What is told -------------------------------------------------------------- */

static void
tell_cases(struct app *app, const struct certify_report *report)
{
	static const struct column columns[] = {
		{ "case", W_CASE, 0 }, { "result", W_RESULT, 0 }, { "what", W_DETAIL, 60 },
		{ "why", W_REASON, 0 },
	};
	struct table t = { .columns = columns, .arena = &app->arena, .column_count = 4 };
	for (size_t i = 0; i < report->count; i++) {
		const struct certify_result *r = &report->results[i];
		bool told = r->state == CERTIFY_FAILED || r->state == CERTIFY_ADVICE;
		if (!told && app->verbose == 0 && !app->json)
			continue;
		struct cell *row = table_row(&t);
		row[0] = cell_str(r->name);
		row[1] = cell_str(state_told(app, r->state));
		row[2] = cell_str(app->lang == LANG_JA && !app->json ? r->what_ja : r->what);
		if (r->why != NULL)
			row[3] = cell_text(app_told(app, text_of(r->why)));
	}
	if (t.count > 0 || app->json)
		out_table(&app->out, "cases", &t);
}

/* A line a group: how many passed, failed, ... */
static void
tell_groups(struct app *app, const struct certify_report *report)
{
	static const struct column columns[] = {
		{ "group", W_GROUP, 0 }, { "passed", W_PASSED, 0 }, { "failed", W_FAILED, 0 },
		{ "advice", W_ADVICE, 0 }, { "skipped", W_SKIPPED, 0 },
	};
	struct table t = { .columns = columns, .arena = &app->arena, .column_count = 5 };
	struct cell *row = NULL;
	for (size_t i = 0; i < report->count; i++) {
		const struct certify_result *r = &report->results[i];
		struct rk_text group = { r->name, strcspn(r->name, ".") };
		if (row == NULL || !text_eq(row[0].text, group)) {
			row = table_row(&t);
			row[0] = cell_text(group);
			for (size_t c = 1; c < 5; c++)
				row[c] = cell_number(0);
		}
		row[1 + r->state].number++;
	}
	out_table(&app->out, "groups", &t);
}

static bool
is_well(const struct certify_report *report)
{
	return report->of[CERTIFY_FAILED] == 0 && report->of[CERTIFY_PASSED] > 0;
}

/* Some of the cases alone certify nothing. */
static bool
is_certified(const struct app *app, const struct certify_report *report)
{
	return is_well(report) && app->only == NULL;
}

static void
tell(struct app *app, const struct certify_report *report)
{
	struct out *o = &app->out;
	if (!app->quiet || app->json) {
		tell_groups(app, report);
		tell_cases(app, report);
	}
	out_json_str(o, "connector", report->connector);
	out_json_str(o, "version", report->version);
	out_json_str(o, "object", report->object);
	out_json_number(o, "passed", (int64_t)report->of[CERTIFY_PASSED]);
	out_json_number(o, "failed", (int64_t)report->of[CERTIFY_FAILED]);
	out_json_number(o, "advice", (int64_t)report->of[CERTIFY_ADVICE]);
	out_json_number(o, "skipped", (int64_t)report->of[CERTIFY_SKIPPED]);
	out_json_str(o, "claimed", class_name(app, report->claimed));
	out_json_str(o, "proved", class_name(app, report->proved));
	out_json_str(o, "certified", is_certified(app, report) ? "yes" : "no");
	out_line(o, arena_printf(&app->arena, "certify: connector=%s version=%s object=%s "
	         "cases=%zu passed=%zu failed=%zu advice=%zu skipped=%zu claimed=%s proved=%s",
	         report->connector, report->version, report->object, report->count,
	         report->of[CERTIFY_PASSED], report->of[CERTIFY_FAILED],
	         report->of[CERTIFY_ADVICE], report->of[CERTIFY_SKIPPED],
	         class_name(app, report->claimed), class_name(app, report->proved)).ptr);
	if (app->only == NULL || !is_well(report))
		out_line(o, app_sayf(app, is_well(report) ? W_CERTIFIED : W_NOT_CERTIFIED,
		                     report->connector, NULL));
}

/* The report as a file: one JSON document, the same in every language. */
static void
write_report(struct app *app, const struct certify_report *report, struct buf *text)
{
	struct json_out j = { .out = text };
	json_open(&j, NULL, '{');
	json_text(&j, "connector", text_of(report->connector));
	json_text(&j, "version", text_of(report->version));
	json_text(&j, "object", text_of(report->object));
	json_text(&j, "claimed", text_of(class_name(app, report->claimed)));
	json_text(&j, "proved", text_of(class_name(app, report->proved)));
	json_bool(&j, "certified", is_certified(app, report));
	json_number(&j, "calls", (int64_t)report->calls);
	json_number(&j, "requests", (int64_t)report->requests);
	json_open(&j, "cases", '[');
	for (size_t i = 0; i < report->count; i++) {
		const struct certify_result *r = &report->results[i];
		json_open(&j, NULL, '{');
		json_text(&j, "case", text_of(r->name));
		json_text(&j, "result", text_of(state_names[r->state]));
		json_text(&j, "what", text_of(r->what));
		if (r->why != NULL)
			json_text(&j, "why", text_of(r->why));
		json_close(&j, '}');
	}
	json_close(&j, ']');
	json_close(&j, '}');
	buf_adds(text, "\n");
}

static int
save_report(struct app *app, const struct certify_report *report)
{
	BUF_AUTO text = BUF_INIT(REPORT_MAX);
	struct rk_err err = ERR_INIT;
	if (app->report == NULL)
		return EXIT_DONE;
	write_report(app, report, &text);
	FILE *file = fopen(app->report, "we");
	bool done = file != NULL && fwrite(text.ptr, 1, text.len, file) == text.len;
	done = (file == NULL || fclose(file) == 0) && done;
	if (done)
		return EXIT_DONE;
	err_errno(&err, RK_PAUSE, RK_CAT_CONFIG, "%s cannot be written; name a file in a folder "
	          "where this user may write", app->report);
	return app_error(app, RK_PAUSE, &err, NULL);
}

/* ---- The scenario -------------------------------------------------------------- */

static const char *
folder_of(struct app *app, const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash == NULL ? "."
	       : arena_printf(&app->arena, "%.*s", (int)(slash - path), path).ptr;
}

/* What the name begins with and 'end', in the first folder that has it: beside the .so,
 * beside 'other' (NULL: none), or where help pages are.  NULL: it is nowhere. */
static const char *
find_beside(struct app *app, const char *so_path, const char *other, const char *name,
            const char *end)
{
	const char *dirs[] = { folder_of(app, so_path),
		               folder_of(app, other != NULL ? other : so_path),
		               arena_printf(&app->arena, "%s/help", io_program_dir()).ptr,
		               RK_HELPDIR };
	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		const char *path = arena_printf(&app->arena, "%s/%.*s%s", dirs[i],
		                                (int)strcspn(name, "."), name, end).ptr;
		if (access(path, R_OK) == 0)
			return path;
	}
	return NULL;
}

/* What the scenario plays, a bundled simulator, or a directory of files. */
struct stage {
	struct vendor_simulator simulator;
	struct vendor_files files;
	void (*stop)(struct stage *s);
	struct crm *crm;
};

static void
stop_simulator(struct stage *s)
{
	vendor_simulator_stop(&s->simulator);
}

static void
stop_files(struct stage *s)
{
	vendor_files_stop(&s->files);
}

static void
stop_played(struct stage *s)
{
	played_free(s->crm);
}

static bool
set_stage(struct stage *s, struct scenario *scenario, struct rk_err *err)
{
	if (scenario->simulator == NULL) {
		*s = (struct stage){ .crm = played_new(scenario), .stop = stop_played };
		return true;
	}
	if (strcmp(scenario->simulator, "files") == 0) {
		s->crm = &s->files.crm;
		s->stop = stop_files;
		return vendor_files_start(&s->files, scenario, err);
	}
	s->crm = &s->simulator.crm;
	s->stop = stop_simulator;
	return vendor_simulator_start(&s->simulator, scenario, err);
}

static int
run_suite(struct app *app, const char *so_path, const char *page, struct scenario *scenario)
{
	struct stage stage;
	struct certify_report report = { 0 };
	struct rk_err err = ERR_INIT;
	struct certify_options options = { .so_path = so_path, .page = page,
		                           .scenario = scenario, .only = app->only };
	bool ready = set_stage(&stage, scenario, &err);
	if (ready) {
		options.crm = stage.crm;
		ready = certify(&options, &report, &err);
		stage.stop(&stage);
	}
	if (!ready)
		return app_error(app, RK_PAUSE, &err, NULL);
	tell(app, &report);
	int code = is_well(&report) ? EXIT_DONE : EXIT_FAILED;
	code = exit_worse(code, save_report(app, &report));
	certify_free(&report);
	return code;
}

static int
certify_file(struct app *app, const char *file)
{
	char so_path[PATH_MAX];
	struct problems problems = PROBLEMS_INIT;
	struct scenario scenario;
	if (realpath(file, so_path) == NULL)
		return app_usage(app, app_sayf(app, W_NO_SUCH_FILE, file, strerror(errno), NULL));
	const char *name = strrchr(so_path, '/') + 1;
	const char *path = app->scenario != NULL ? app->scenario
		: find_beside(app, so_path, NULL, app->simulator != NULL ? app->simulator : name,
		              ".scenario");
	if (path == NULL)
		return app_usage(app, app_sayf(app, W_NO_SCENARIO, file, NULL));
	const char *page = app->page != NULL ? app->page
		: find_beside(app, so_path, path, name, ".md");
	int code = EXIT_USAGE;
	if (scenario_read(&scenario, path, &problems)) {
		if (app->simulator != NULL)
			scenario.simulator = app->simulator;
		code = run_suite(app, so_path, page, &scenario);
	} else {
		app_tell_problems(app, &problems);
	}
	problems_free(&problems);
	scenario_free(&scenario);
	return code;
}

int
cmd_vendor(struct app *app, int argc, char **argv)
{
	if (strcmp(argv[1], "certify") == 0 && argc == 3)
		return certify_file(app, argv[2]);
	if (strcmp(argv[1], "new") == 0)
		return vendor_new(app, argv[2], argc > 3 ? argv[3] : NULL);
	return app_usage(app, app_sayf(app, W_TOO_MANY, argv[0], app->command->arguments, NULL));
}
