/* SPDX-License-Identifier: Apache-2.0
 *
 * report.c - see report.h. */
#include "cli/report.h"

#include <inttypes.h>
#include <stddef.h>

#include "base/advice.h"
#include "base/err.h"
#include "store/store.h"

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
by_category(struct app *app, const struct config_sync *sync)
{
	struct store *store;
	struct rk_err err;
	int64_t counts[RK_CAT_COUNT] = { 0 };
	BUF_AUTO text = BUF_INIT(4096);
	struct rk_text identity = sync_identity(sync, &app->arena);
	if (!store_open(&store, app_syncs_dir(app), sync->name, identity.ptr, STORE_LOOK,
	                &err))
		return "";
	store_pending_categories(store, counts, &err);
	if (sync->back != NULL && store_has_back(store)) {
		int64_t back[RK_CAT_COUNT] = { 0 };
		struct store *other = store_back(store, &err);
		if (other != NULL)
			store_pending_categories(other, back, &err);
		for (int32_t i = 1; i < RK_CAT_COUNT; i++)
			counts[i] += back[i];
	}
	store_close(store);
	for (int32_t i = 1; i < RK_CAT_COUNT; i++) {
		if (counts[i] == 0)
			continue;
		struct advice advice = advice_for(i, 0, NULL, app->lang);
		buf_addf(&text, "%s%s %" PRId64, text.len == 0 ? ""
		         : app->lang == LANG_JA ? "、" : ", ", advice.title,
		         counts[i]);
	}
	return arena_text(&app->arena, buf_text(&text)).ptr;
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
		out_line(&app->out,
		         app_sayf(app, W_REST_FAILED, app_number(app, c->failed),
		                  by_category(app, sync), sync->name, NULL));
}
