/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_errors.c - renkei errors: the records of a sync, or of all, that could not be
 * written, with category, field, value and the CRM's words; then what helps, by
 * category. */
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/explain.h"
#include "store/store.h"
#include "sync/run.h"

#define CHUNK 500

/* What lives longer than the chunk it came with. */
static struct cell
kept(struct app *app, struct rk_text text)
{
	return cell_text(arena_text(&app->arena, text));
}

static void
add_row(struct app *app, struct table *t, const struct pending *p)
{
	struct cell *row = table_row(t);
	row[0] = kept(app, p->id);
	row[1] = cell_str(err_category_name((int32_t)p->category));
	row[2] = kept(app, p->field);
	row[3] = kept(app, p->value);
	row[4] = cell_number(p->attempts);
	row[5] = p->state == PENDING_UNDECIDED ? (struct cell){ 0 }
	                                       : cell_time(p->due_ms);
	row[6] = kept(app, p->code);
	row[7] = kept(app, p->message);
}

static bool
walk(struct app *app, struct store *store, struct table *t, bool seen[RK_CAT_COUNT],
     struct rk_err *err)
{
	__attribute__((cleanup(arena_free))) struct arena last = ARENA_INIT;
	struct rk_text after = { "", 0 };
	size_t count;
	do {
		__attribute__((cleanup(arena_free))) struct arena chunk = ARENA_INIT;
		struct pending *rows;
		if (!store_pending_errors(store, after, CHUNK, &chunk, &rows, &count,
		                          err))
			return false;
		for (size_t i = 0; i < count; i++) {
			add_row(app, t, &rows[i]);
			if (rows[i].category > 0 && rows[i].category < RK_CAT_COUNT)
				seen[rows[i].category] = true;
		}
		if (count > 0)
			after = arena_text(&last, rows[count - 1].id);
	} while (count == CHUNK);
	return true;
}

static void
tell_advice(struct app *app, const bool seen[RK_CAT_COUNT])
{
	for (int32_t i = 1; i < RK_CAT_COUNT; i++) {
		if (!seen[i])
			continue;
		struct explained e = explain(app, i, 0, NULL, NULL);
		out_line(&app->out, "");
		out_title(&app->out, arena_printf(&app->arena, "%s (%s)", e.title,
		                                  err_category_name(i)).ptr);
		for (size_t c = 0; c < e.cause_count; c++)
			out_line(&app->out, arena_printf(&app->arena, "  %s %s",
			                                 app_say(app, W_WHY), e.causes[c])
			                            .ptr);
		for (size_t r = 0; r < e.remedy_count; r++)
			out_line(&app->out,
			         arena_printf(&app->arena, "  %s %s", app_say(app, W_DO),
			                      e.remedies[r])
			                 .ptr);
	}
}

/* One sync; marks the categories that it has in 'seen'. */
static int
list(struct app *app, const struct config_sync *sync, bool seen[RK_CAT_COUNT])
{
	static const struct column columns[] = {
		{ "id", W_RECORD, 30 },        { "category", W_CATEGORY, 0 },
		{ "field", W_FIELD, 30 },      { "value", W_VALUE, 30 },
		{ "attempts", W_ATTEMPTS, 0 }, { "next_try", W_NEXT_TRY, 0 },
		{ "code", W_CODE, 30 },        { "message", W_MESSAGE, 0 },
	};
	struct table t = { .columns = columns, .arena = &app->arena,
	                   .column_count = sizeof columns / sizeof *columns };
	struct rk_err err;
	struct store *store;
	struct rk_text identity = sync_identity(sync, &app->arena);
	if (!store_open(&store, app_syncs_dir(app), sync->name, identity.ptr, STORE_LOOK,
	                &err))
		return app_error(app, RK_PAUSE, &err, sync->name);
	bool sound = walk(app, store, &t, seen, &err);
	store_close(store);
	if (!sound)
		return app_error(app, RK_PAUSE, &err, sync->name);
	out_json_str(&app->out, "sync", sync->name);
	out_table(&app->out, "records", &t);
	if (t.count > 0)
		out_line(&app->out, app_sayf(app, W_ERRORS_HEAL, sync->name, NULL));
	return EXIT_DONE;
}

static int
list_all(struct app *app, bool seen[RK_CAT_COUNT])
{
	int code = EXIT_DONE;
	struct out *o = &app->out;
	out_list(o, "syncs");
	for (size_t i = 0; i < app->config.sync_count; i++) {
		if (i > 0)
			out_line(o, "");
		out_title(o, app->config.syncs[i].name);
		out_flush(o);          /* Before what goes to standard error. */
		out_group(o, NULL, NULL);
		code = exit_worse(code, list(app, &app->config.syncs[i], seen));
		out_group_end(o);
	}
	out_list_end(o);
	return code;
}

int
cmd_errors(struct app *app, int argc, char **argv)
{
	bool seen[RK_CAT_COUNT] = { false };
	bool verb = argc > 1 && strcmp(argv[1], "list") == 0;
	if (argc == 3 && !verb)
		return app_usage(app, app_sayf(app, W_ERRORS_VERB, argv[1], NULL));
	if (!app_load(app))
		return EXIT_USAGE;
	/* A sync may be called "list" itself. */
	bool all = argc == 1
	           || (argc == 2 && verb && config_sync(&app->config, "list") == NULL);
	const struct config_sync *sync = all ? NULL : app_sync(app, argv[argc - 1]);
	if (!all && sync == NULL)
		return EXIT_USAGE;
	int code = all ? list_all(app, seen) : list(app, sync, seen);
	tell_advice(app, seen);
	return code;
}
