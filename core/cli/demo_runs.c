/* SPDX-License-Identifier: Apache-2.0
 *
 * demo_runs.c - the runs of renkei demo from HubSpot to kintone: what is done in the
 * simulated CRMs before each, and the figures that must come of it.  A figure that is
 * another makes the demo wrong, which ends it with 1.  Other pairs are demo_pairs.c's. */
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "cli/demo.h"
#include "cli/errors.h"
#include "cli/report.h"

#define EXACTLY(what, number) \
	{ #what, offsetof(struct sync_counts, what), (number), false }
#define AT_MOST(what, number) \
	{ #what, offsetof(struct sync_counts, what), (number), true }
#define NO_TROUBLE \
	EXACTLY(unchanged, 0), EXACTLY(excluded, 0), EXACTLY(waiting, 0), \
	EXACTLY(failed, 0), EXACTLY(carried, 0)

static const struct figure first_run[] = {
	EXACTLY(read, 1000), EXACTLY(created, 1000), EXACTLY(updated, 0), NO_TROUBLE,
	EXACTLY(writes, 10), { 0 },
};
static const struct figure nothing_to_do[] = {
	EXACTLY(read, 0), EXACTLY(created, 0), EXACTLY(updated, 0), NO_TROUBLE,
	AT_MOST(source_calls, 2), EXACTLY(target_calls, 0), EXACTLY(writes, 0), { 0 },
};
static const struct figure ten_edited[] = {
	EXACTLY(read, 10), EXACTLY(created, 0), EXACTLY(updated, 10), NO_TROUBLE,
	EXACTLY(writes, 1), { 0 },
};
static const struct figure three_wrong[] = {
	EXACTLY(read, 3), EXACTLY(created, 0), EXACTLY(updated, 0), EXACTLY(unchanged, 0),
	EXACTLY(waiting, 0), EXACTLY(failed, 3), EXACTLY(carried, 0), EXACTLY(writes, 1),
	{ 0 },
};
/* The overlap may list again what was edited a moment ago; it is then not carried. */
static const struct figure two_left[] = {
	AT_MOST(read, 3), EXACTLY(created, 0), EXACTLY(updated, 1), EXACTLY(waiting, 0),
	EXACTLY(failed, 2), AT_MOST(carried, 3), EXACTLY(writes, 1), { 0 },
};
static const struct figure one_left[] = {
	AT_MOST(read, 3), EXACTLY(created, 0), EXACTLY(updated, 1), EXACTLY(waiting, 0),
	EXACTLY(failed, 1), AT_MOST(carried, 2), EXACTLY(writes, 1), { 0 },
};

/* ---- Runs -------------------------------------------------------------- */

static bool
control(struct demo *d, const char *crm, const char *path, const char *body,
        struct rk_err *err)
{
	BUF_AUTO answer = BUF_INIT(1024 * 1024);
	return simulator_ask(&d->simulator, crm, "POST", path, body, &answer, err);
}

static bool
count_calls(struct demo *d, const char *const crms[2], struct sync_counts *counts,
            struct rk_err *err)
{
	counts->source_calls = simulator_calls(&d->simulator, crms[0], err);
	if (counts->source_calls < 0 || crms[1] == NULL)
		return counts->source_calls >= 0;
	counts->target_calls = simulator_calls(&d->simulator, crms[1], err);
	return counts->target_calls >= 0;
}

static void
compare(struct demo *d, const struct sync_counts *counts, const struct figure *figures)
{
	struct app *app = d->app;
	for (const struct figure *f = figures; f->name != NULL; f++) {
		int64_t is =
			*(const int64_t *)(const void *)((const char *)counts + f->at);
		if (f->most ? is <= f->want : is == f->want)
			continue;
		d->wrong = true;
		out_flush(&app->out);
		app_usage(app,
		          app_sayf(app, f->most ? W_DEMO_WRONG_MOST : W_DEMO_WRONG,
		                   app_number(app, d->run), f->name, app_number(app, is),
		                   app_number(app, f->want), NULL));
	}
}

static void
tell(struct demo *d, const struct sync_report *report)
{
	struct out *o = &d->app->out;
	BUF_AUTO line = BUF_INIT(4096);
	buf_addf(&line, "run=%d ", d->run);
	report_line(&line, &report->counts,
	            (double)(report->ended_ms - report->started_ms) / 1000);
	out_line(o, buf_str(&line));
	out_group(o, NULL, NULL);
	out_json_number(o, "run", d->run);
	if (o->json)
		report_json(o, report);
	out_group_end(o);
	out_flush(o);
}

bool
demo_run(struct demo *d, const char *sync, const char *const crms[2],
         const struct figure *figures, int code, struct sync_report *report,
         struct rk_err *err)
{
	struct app *app = d->app;
	struct sync_options options = { .mode = SYNC_RUN };
	struct problems problems = PROBLEMS_INIT;
	const struct config_sync *s = config_sync(&app->config, sync);
	static const char reset[] = "{\"reset\":true}";
	if (!control(d, crms[0], "/_control/counts", reset, err)
	    || (crms[1] != NULL && !control(d, crms[1], "/_control/counts", reset, err)))
		return false;
	d->run++;
	sync_run(&app->world, s, &options, &problems, report);
	problems_free(&problems);
	report_error(app, report, s);
	d->wrong = d->wrong || report->exit_code != code;
	if (!count_calls(d, crms, &report->counts, err))
		return false;
	compare(d, &report->counts, figures);
	return true;
}

/* ---- What is done between them ------------------------------------------ */

/* A value that kintone does not have as an option, one that is too long, and one that
 * another record of kintone has in a unique field. */
static const struct deed before_first[] = {
	{ "hubspot", "/_control/seed", "{\"object\":\"contacts\",\"count\":1000,\"seed\":1,"
	  "\"kind\":\"plain\",\"age_ms\":7200000}" },
	{ "kintone", "/_control/app", "{\"app\":\"1\",\"numberPrecision\":{\"digits\":\"30\","
	  "\"decimalPlaces\":\"4\"},\"fields\":{\"国\":{\"type\":\"DROP_DOWN\",\"options\":"
	  "{\"日本\":{\"label\":\"日本\",\"index\":\"0\"}}}}}" },
	{ 0 },
};
static const struct deed ten_edits[] = {
	{ "hubspot", "/_control/edit", "{\"object\":\"contacts\",\"random\":10,\"seed\":7,"
	  "\"fields\":[\"firstname\",\"phone\"]}" },
	{ "hubspot", "/_control/clock", "{\"advance_ms\":300000}" },
	{ 0 },
};
static const struct deed three_mistakes[] = {
	{ "kintone", "/_control/load", "{\"object\":\"1\",\"records\":[{\"record\":{"
	  "\"メールアドレス\":{\"value\":\"by.hand@example.com\"},"
	  "\"氏名\":{\"value\":\"手入力\"},\"会員番号\":{\"value\":\"K-100\"}}}]}" },
	{ "hubspot", "/_control/edit", "{\"object\":\"contacts\",\"id\":501,"
	  "\"values\":{\"country\":\"シンガポール\"}}" },
	{ "hubspot", "/_control/edit", "{\"object\":\"contacts\",\"id\":502,"
	  "\"values\":{\"phone\":\"03-0000-0000, ask for extension 1234\"}}" },
	{ "hubspot", "/_control/edit", "{\"object\":\"contacts\",\"id\":" DEMO_LEFT ","
	  "\"values\":{\"member_no\":\"K-100\"}}" },
	{ "hubspot", "/_control/clock", "{\"advance_ms\":300000}" },
	{ 0 },
};
static const struct deed one_mended[] = {
	{ "hubspot", "/_control/edit", "{\"object\":\"contacts\",\"id\":502,"
	  "\"values\":{\"phone\":\"03-0000-0000\"}}" },
	{ 0 },
};
static const struct deed one_option[] = {
	{ "kintone", "/_control/option",
	  "{\"app\":\"1\",\"field\":\"国\",\"add\":\"シンガポール\"}" },
	{ 0 },
};

bool
demo_do(struct demo *d, const struct deed *deeds, struct rk_err *err)
{
	for (const struct deed *deed = deeds; deed->crm != NULL; deed++)
		if (!control(d, deed->crm, deed->path, deed->body, err))
			return false;
	return true;
}

/* What errors list and show say, in three lines: what, the first cause, what to do. */
static bool
tell_error(void *with, struct errors_place *place, const struct pending *row)
{
	struct app *app = with;
	struct explained e = errors_explain(app, place->sync, errors_kind(row),
	                                    arena_text(&app->arena, row->code).ptr);
	struct rk_text message = app_told(app, row->message);
	out_line(&app->out, arena_printf(&app->arena, "  %.*s  %s  %.*s: %.*s",
	                                 (int)row->id.len, row->id.ptr,
	                                 errors_kind_name(errors_kind(row)),
	                                 (int)row->field.len, row->field.ptr,
	                                 (int)message.len, message.ptr).ptr);
	if (e.cause_count > 0)
		out_line(&app->out, arena_printf(&app->arena, "       %s %s",
		                                 app_say(app, W_WHY), e.causes[0]).ptr);
	if (e.remedy_count > 0)
		out_line(&app->out, arena_printf(&app->arena, "       %s %s",
		                                 app_say(app, W_DO), e.remedies[0]).ptr);
	return true;
}

/* Each of the three kinds must be there, once. */
static bool
kinds_are_right(struct app *app, const struct config_sync *sync)
{
	static const char *const kinds[] = { "picklist", "property-value", "duplicate" };
	size_t right = 0;
	for (size_t i = 0; i < 3; i++) {
		struct errors_found *found;
		size_t count;
		struct errors_pick pick = { .only = sync, .states = ~0u,
			                    .kind = errors_kind_of(kinds[i]) };
		if (errors_find(app, &pick, &found, &count) == EXIT_DONE && count == 1)
			right += found[0].count == 1;
	}
	return right == 3;
}

static void
tell_errors(struct demo *d)
{
	struct app *app = d->app;
	const struct config_sync *sync = config_sync(&app->config, DEMO_SYNC);
	struct errors_pick pick = { .only = sync, .states = ~0u };
	if (!app->json && errors_walk(app, &pick, sync, tell_error, app) != EXIT_DONE)
		d->wrong = true;
	if (!kinds_are_right(app, sync)) {
		d->wrong = true;
		app_usage(app, app_say(app, W_DEMO_KINDS));
	}
	out_flush(&app->out);
}

static void
resync(struct demo *d, const char *id)
{
	struct app *app = d->app;
	struct rk_text ids[] = { text_of(id) };
	struct errors_found found = { .sync = config_sync(&app->config, DEMO_SYNC),
		                      .ids = ids, .count = 1 };
	int code;
	d->wrong = !errors_make_due(app, &found, &code) || d->wrong;
}

static const struct step {
	enum word say;                 /* W_NONE: nothing. */
	const struct deed *deeds;
	const char *resync;            /* errors resync of this record. */
	const struct figure *figures;
	int code;
	bool errors;                   /* Then the errors are told. */
} steps[] = {
	{ W_NONE, before_first, NULL, first_run, EXIT_DONE, false },
	{ W_NONE, NULL, NULL, nothing_to_do, EXIT_DONE, false },
	{ W_DEMO_EDIT, ten_edits, NULL, ten_edited, EXIT_DONE, false },
	{ W_DEMO_MISTAKES, three_mistakes, NULL, three_wrong, EXIT_RECORDS, true },
	{ W_DEMO_MENDED, one_mended, "502", two_left, EXIT_RECORDS, false },
	{ W_DEMO_OPTION, one_option, NULL, one_left, EXIT_RECORDS, false },
};

bool
demo_play(struct demo *d, bool (*go_on)(const struct demo *d), struct rk_err *err)
{
	static const char *const crms[] = { "hubspot", "kintone" };
	const struct step *end = steps + sizeof steps / sizeof *steps;
	for (const struct step *s = steps; s < end && go_on(d); s++) {
		struct sync_report report;
		if (s->say != W_NONE)
			out_line(&d->app->out, app_say(d->app, s->say));
		if (s->deeds != NULL && !demo_do(d, s->deeds, err))
			return false;
		if (s->resync != NULL)
			resync(d, s->resync);
		if (!demo_run(d, DEMO_SYNC, crms, s->figures, s->code, &report, err))
			return false;
		tell(d, &report);
		if (s->errors)
			tell_errors(d);
	}
	return true;
}
