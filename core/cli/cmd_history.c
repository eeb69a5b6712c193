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

struct table
history_table(struct app *app, bool with_sync)
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
	};
	size_t skip = with_sync ? 0 : 1;
	return (struct table){ .columns = columns + skip, .arena = &app->arena,
		               .column_count = sizeof columns / sizeof *columns - skip };
}

void
history_add(struct table *t, struct app *app, const char *sync, const struct run_row *run)
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
}

struct told {
	const char *sync;
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
	struct table t = history_table(app, true);
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
			all[count++] = (struct told){ app->config.syncs[i].name,
				                      &looks[i].runs[r] };
	qsort(all, count, sizeof *all, newest_first);
	for (size_t i = 0; i < count && i < most; i++)
		history_add(&t, app, all[i].sync, all[i].run);
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
