/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_hook.c - renkei hook: takes one webhook from standard input and keeps, for each sync
 * that reads the objects it tells of, which records its next run is to read at once.  The
 * console calls it; so can any other receiver. */
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/overrides.h"
#include "hook/hook.h"
#include "schedule/control.h"
#include "store/hints.h"

#define DAY_MS 86400000

/* Keeps the ids for one sync; -1: host.db failed. */
static int
keep(struct app *app, const struct session *session, const struct config_sync *sync,
     const struct hook_events *events, struct rk_err *err)
{
	int kept = 0;
	if (!overrides_enabled(app, sync) || strcmp(sync->from.connection, session->connection->name) != 0)
		return 0;
	for (size_t i = 0; i < events->count; i++) {
		if (!hook_is_object(&session->manifest, events->list[i].object, sync->from.object))
			continue;
		if (!hints_put(world_host(&app->world), sync->name, events->list[i].id, err))
			return -1;
		kept++;
	}
	return kept;
}

/* A daemon that runs begins them at once; else the next run reads what was kept. */
static void
begin_runs(struct app *app, const struct table *t)
{
	BUF_AUTO said = BUF_INIT(CONTROL_ANSWER_MAX);
	struct rk_err err;
	int code;
	const char **argv = arena_new_array(&app->arena, t->count + 2, const char *);
	argv[0] = "sync";
	argv[1] = "--";
	for (size_t i = 0; i < t->count; i++)
		argv[i + 2] = t->cells[i * t->column_count].text.ptr;
	if (t->count > 0 && !control_ask(app->state_dir, CONTROL_WEBHOOK, argv, t->count + 2, &said,
	                                 &code, &err))
		log_info("hook.run", "no run was begun: %s", err.message);
}

/* Tells the syncs that have something to read, and what the CRM wants to hear. */
static int
keep_all(struct app *app, const struct session *session, const struct hook_events *events)
{
	static const struct column columns[] = { { "sync", W_SYNC, 0 },
	                                         { "records", W_RECORDS, 0 } };
	struct table t = { columns, 2, &app->arena, NULL, 0, 0 };
	const char *type, *answer = hook_answer(&session->manifest, &type);
	struct rk_err err;
	for (size_t i = 0; i < app->config.sync_count; i++) {
		const struct config_sync *sync = &app->config.syncs[i];
		int kept = keep(app, session, sync, events, &err);
		if (kept < 0)
			return app_error(app, RK_PAUSE, &err, session->connection->name);
		if (kept == 0)
			continue;
		struct cell *row = table_row(&t);
		row[0] = cell_str(sync->name);
		row[1] = cell_number(kept);
	}
	out_table(&app->out, "syncs", &t);
	begin_runs(app, &t);
	out_json_str(&app->out, "answer_type", type);
	out_json_str(&app->out, "answer", answer);
	return EXIT_DONE;
}

static int
take(struct app *app, struct session *session, struct rk_text text)
{
	struct hook_request request;
	struct hook_events *events = arena_alloc(&app->arena, sizeof *events);
	struct rk_err err = ERR_INIT;
	int64_t mark = 0, now = clock_now_ms();
	int32_t status = hook_parse(&request, text, &err);
	if (status == RK_OK)
		status = hook_prove(session, &request, now, &mark, &err);
	if (status == RK_OK)
		status = hook_read(&session->manifest, &request, &app->arena, events, &err);
	if (status != RK_OK) {
		int code = app_error(app, status, &err, session->connection->name);
		/* What was sent is wrong, nothing here: whoever sent it need not send it again. */
		return status == RK_REJECT && code == EXIT_FAILED ? EXIT_USAGE : code;
	}
	/* The CRM sent it again, or somebody else did: what it says is kept already. */
	if (mark != 0 && hints_was_here(world_host(&app->world), mark))
		events->count = 0;
	int code = keep_all(app, session, events);
	if (mark != 0 && code == EXIT_DONE)
		hints_remember(world_host(&app->world), mark, now, now - DAY_MS);
	return code;
}

int
cmd_hook(struct app *app, int argc, char **argv)
{
	(void)argc;
	struct session session;
	int code = EXIT_USAGE;
	const struct config_connection *connection;
	if (!app_load(app) || (connection = app_connection(app, argv[1])) == NULL)
		return EXIT_USAGE;
	if (connection->hook.secret == NULL)
		return app_usage(app, app_sayf(app, W_NO_HOOK, argv[1], NULL));
	BUF_AUTO text = BUF_INIT(HOOK_BODY_MAX + HOOK_HEAD_MAX + 1024);
	if (!io_read_all(STDIN_FILENO, &text))
		return app_usage(app, app_say(app, W_HOOK_TOO_LARGE));
	if (app_session(app, argv[1], &session, &code))
		code = take(app, &session, buf_text(&text));
	session_close(&session);
	return code;
}
