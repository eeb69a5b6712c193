/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_history.c - renkei history: what runs did, the newest first; of one sync, or of
 * all of them in the order of their beginning. */
#include <stdlib.h>

#include "base/err.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/history.h"
#include "cli/look.h"

#define RUNS_SHOWN 20
#define RUNS_MOST 100000

/* What only some syncs have stands there where it is not 0; in JSON always. */
#define USUAL 14

struct table
history_table(struct app *app, bool with_sync, const struct look *looks, size_t look_count)
{
	static const struct column columns[] = {
		{ "sync", W_SYNC, 30 },
		{ "id", W_RUN, 0 },
		{ "started", W_STARTED, 0 },
		{ "seconds", W_SECONDS, 0 },
		{ "result", W_RESULT, 0 },
		{ "read", W_READ, 0 },
		{ "created", W_CREATED, 0 },
		{ "updated", W_UPDATED, 0 },
		{ "unchanged", W_UNCHANGED, 0 },
		{ "excluded", W_EXCLUDED, 0 },
		{ "waiting", W_WAITING, 0 },
		{ "failed", W_FAILED, 0 },
		{ "calls", W_CALLS, 0 },
		{ "message", W_MESSAGE, 60 },
		{ "archived", W_DELETIONS, 0 },
		{ "back_read", W_BACK_READ, 0 },
		{ "back_created", W_BACK_CREATED, 0 },
		{ "back_updated", W_BACK_UPDATED, 0 },
		{ "back_failed", W_BACK_FAILED, 0 },
	};
	size_t skip = with_sync ? 0 : 1, count = USUAL;
	for (size_t i = 0; i < look_count; i++) {
		for (size_t r = 0; r < looks[i].run_count && count == USUAL; r++)
			count += looks[i].runs[r].archived != 0;
		if (looks[i].back_count > 0)
			count = sizeof columns / sizeof *columns;
	}
	if (app->json)
		count = sizeof columns / sizeof *columns;
	return (struct table){ .columns = columns + skip, .arena = &app->arena,
		               .column_count = count - skip };
}

/* The way back of a run has its number. */
static const struct run_row *
back_of(const struct look *look, const struct run_row *run)
{
	for (size_t i = 0; i < look->back_count; i++)
		if (look->back_runs[i].id == run->id)
			return &look->back_runs[i];
	return NULL;
}

static void
add_more(struct cell *cells, size_t count, const struct look *look, const struct run_row *run)
{
	const struct run_row *back = back_of(look, run);
	if (count > 0)
		cells[0] = cell_number(run->archived);
	if (count <= 1 || back == NULL)
		return;
	cells[1] = cell_number(back->read);
	cells[2] = cell_number(back->created);
	cells[3] = cell_number(back->updated);
	cells[4] = cell_number(back->failed);
}

void
history_add(struct table *t, struct app *app, const char *sync, const struct look *look,
            const struct run_row *run)
{
	struct cell *row = table_row(t);
	if (sync != NULL)
		*row++ = cell_str(sync);
	row[0] = cell_number(run->id);
	row[1] = cell_time(run->started_ms);
	row[3] = cell_str(look_result(app, run->exit_code));
	row[12] = cell_text(app_told(app, run->message));
	if (run->ended_ms == 0)
		return;
	row[2] = cell_number((run->ended_ms - run->started_ms + 999) / 1000);
	const int64_t counts[] = { run->read, run->created, run->updated, run->unchanged,
		                   run->excluded, run->waiting, run->failed,
		                   run->source_calls + run->target_calls };
	for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
		row[4 + c] = cell_number(counts[c]);
	size_t usual = sync != NULL ? USUAL : USUAL - 1;
	add_more(row + USUAL - 1, t->column_count - usual, look, run);
}

struct told {
	const char *sync;
	const struct look *look;
	const struct run_row *run;
};

static int
newest_first(const void *a, const void *b)
{
	const struct told *x = a, *y = b;
	int64_t ax = x->run->started_ms, ay = y->run->started_ms;
	if (ax == ay)
		return (x->run->id < y->run->id) - (x->run->id > y->run->id);
	return (ax < ay) - (ax > ay);
}

static int
tell(struct app *app, const struct config_sync *only, size_t most)
{
	size_t count = 0;
	int code = EXIT_DONE;
	struct look *looks = arena_new_array(&app->arena, app->config.sync_count,
	                                     struct look);
	for (size_t i = 0; i < app->config.sync_count; i++) {
		const struct config_sync *sync = &app->config.syncs[i];
		struct rk_err err = ERR_INIT;
		if (only != NULL && sync != only)
			continue;
		if (!look_at_any(app, sync, most, &looks[i], &err))
			code = exit_worse(code, app_error(app, RK_PAUSE, &err,
			                                  sync->name));
		count += looks[i].run_count;
	}
	struct told *all = arena_new_array(&app->arena, count, struct told);
	count = 0;
	for (size_t i = 0; i < app->config.sync_count; i++)
		for (size_t r = 0; r < looks[i].run_count; r++)
			all[count++] = (struct told){ app->config.syncs[i].name, &looks[i],
				                      &looks[i].runs[r] };
	qsort(all, count, sizeof *all, newest_first);
	struct table t = history_table(app, true, looks, app->config.sync_count);
	for (size_t i = 0; i < count && i < most; i++)
		history_add(&t, app, all[i].sync, all[i].look, all[i].run);
	out_table(&app->out, "runs", &t);
	return code;
}

int
cmd_history(struct app *app, int argc, char **argv)
{
	int64_t most = RUNS_SHOWN;
	const struct config_sync *only = NULL;
	if (app->limit != NULL && (!text_int64(text_of(app->limit), &most) || most < 1
	                           || most > RUNS_MOST))
		return app_usage(app, app_sayf(app, W_BAD_LIMIT, app->limit, NULL));
	if (!app_load(app) || (argc > 1 && (only = app_sync(app, argv[1])) == NULL))
		return EXIT_USAGE;
	return tell(app, only, (size_t)most);
}
