/* SPDX-License-Identifier: Apache-2.0
 *
 * report.c - see report.h. */
#include "cli/report.h"

#include <inttypes.h>
#include <stddef.h>

#include "base/err.h"
#include "cli/kinds.h"

/* In the order of the line; what is in none stands in JSON only. */
static const struct {
	const char *name;
	size_t at;
	bool in_line, if_any;          /* if_any: where it is not 0. */
} counts_table[] = {
	{ "read", offsetof(struct sync_counts, read), true, false },
	{ "created", offsetof(struct sync_counts, created), true, false },
	{ "updated", offsetof(struct sync_counts, updated), true, false },
	{ "archived", offsetof(struct sync_counts, archived), false, true },
	{ "unchanged", offsetof(struct sync_counts, unchanged), true, false },
	{ "excluded", offsetof(struct sync_counts, excluded), true, false },
	{ "waiting", offsetof(struct sync_counts, waiting), true, false },
	{ "withheld", offsetof(struct sync_counts, withheld), false, false },
	{ "failed", offsetof(struct sync_counts, failed), true, false },
	{ "ignored", offsetof(struct sync_counts, ignored), false, false },
	{ "conflicts", offsetof(struct sync_counts, asked), false, false },
	{ "carried", offsetof(struct sync_counts, carried), true, false },
	{ "source_calls", offsetof(struct sync_counts, source_calls), true, false },
	{ "target_calls", offsetof(struct sync_counts, target_calls), true, false },
	{ "writes", offsetof(struct sync_counts, writes), true, false },
};
#define COUNTS (sizeof counts_table / sizeof *counts_table)

static int64_t
count_at(const struct sync_counts *counts, size_t i)
{
	return *(const int64_t *)(const void *)((const char *)counts
	                                        + counts_table[i].at);
}

bool
report_begun(const struct sync_report *report)
{
	const struct sync_counts *c = &report->counts;
	return report->err.category == RK_CAT_NONE
	       || c->read + c->carried + c->waiting + c->failed + c->writes > 0;
}

static void
add_line(struct buf *out, const struct sync_counts *counts)
{
	for (size_t i = 0; i < COUNTS; i++)
		if (counts_table[i].in_line
		    || (counts_table[i].if_any && count_at(counts, i) != 0))
			buf_addf(out, "%s=%" PRId64 " ", counts_table[i].name,
			         count_at(counts, i));
}

void
report_line(struct buf *out, const struct sync_counts *counts, double seconds)
{
	add_line(out, counts);
	buf_addf(out, "seconds=%.2f", seconds);
}

static void
tell_way(struct app *app, const struct sync_counts *counts, const char *from, const char *to)
{
	struct out *o = &app->out;
	BUF_AUTO line = BUF_INIT(4096);
	out_group(o, NULL, NULL);
	out_json_str(o, "from", from);
	out_json_str(o, "to", to);
	for (size_t i = 0; i < COUNTS; i++)
		out_json_number(o, counts_table[i].name, count_at(counts, i));
	buf_addf(&line, "%s -> %s: ", from, to);
	add_line(&line, counts);
	out_line(o, buf_str(&line));
	out_group_end(o);
}

void
report_ways(struct app *app, const struct sync_report *report, const struct config_sync *sync)
{
	if (!report->two_way)
		return;
	out_list(&app->out, "ways");
	tell_way(app, &report->ways[0], sync->from.connection, sync->to.connection);
	tell_way(app, &report->ways[1], sync->to.connection, sync->from.connection);
	out_list_end(&app->out);
}

void
report_json(struct out *o, const struct sync_report *report)
{
	for (size_t i = 0; i < COUNTS; i++)
		out_json_number(o, counts_table[i].name, count_at(&report->counts, i));
	json_bool(&o->doc, "begun", report_begun(report));
	out_json_number(o, "milliseconds", report->ended_ms - report->started_ms);
	out_json_number(o, "exit_code", report->exit_code);
}

void
report_error(struct app *app, const struct sync_report *report,
             const struct config_sync *sync)
{
	if (report->err.category == RK_CAT_NONE)
		return;
	int32_t status = report->exit_code == EXIT_HELD ? RK_HOLD : RK_PAUSE;
	app_error(app, status, &report->err,
	          report->side != NULL ? report->side : sync->name);
}

/* "picklist 2, duplicate 1" */
static const char *
by_title(struct app *app, const struct kinds *kinds)
{
	BUF_AUTO text = BUF_INIT(4096);
	for (size_t i = 0; i < kinds->count; i++)
		buf_addf(&text, "%s%s %" PRId64, i == 0 ? ""
		         : app->lang == LANG_JA ? "、" : ", ", kinds->list[i].title,
		         kinds->list[i].records);
	return arena_text(&app->arena, buf_text(&text)).ptr;
}

static void
tell_failed(struct app *app, int64_t failed, const struct config_sync *sync)
{
	struct kinds kinds = { 0 };
	struct rk_err err;
	if (!kinds_of_sync(app, sync, &kinds, &err))
		kinds = (struct kinds){ 0 };
	enum word how = kinds.waits == 0 ? W_REST_FAILED
	                : kinds.waits == kinds.all ? W_REST_FAILED_WAIT : W_REST_FAILED_BOTH;
	out_line(&app->out,
	         app_sayf(app, how, app_number(app, failed), by_title(app, &kinds), sync->name,
	                  app_number(app, kinds.waits), NULL));
}

void
report_rest(struct app *app, const struct sync_report *report,
            const struct config_sync *sync)
{
	const struct sync_counts *c = &report->counts;
	if (app->quiet)
		return;
	int64_t waiting = c->waiting - c->withheld;
	if (waiting > 0 && report->next_due_ms != INT64_MAX)
		out_line(&app->out, app_sayf(app, W_REST_WAITS_UNTIL,
		                             app_number(app, waiting),
		                             app_time(app, report->next_due_ms), NULL));
	else if (waiting > 0)
		out_line(&app->out,
		         app_sayf(app, W_REST_WAITS, app_number(app, waiting), NULL));
	if (c->withheld > 0)
		out_line(&app->out,
		         app_sayf(app, W_WITHHELD, app_number(app, c->withheld),
		                  sync->delete_budget, sync->name, NULL));
	if (c->asked > 0)
		out_line(&app->out, app_sayf(app, W_NOTE_CONFLICTS, app_number(app, c->asked),
		                             sync->name, NULL));
	if (c->failed > 0)
		tell_failed(app, c->failed, sync);
}
