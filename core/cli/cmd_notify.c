/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_notify.c - renkei notify: a test message to one or all of `notify`, what lies in
 * the outbox, and sending what is due; and the daemon's part of notices.h. */
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/program.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/notices.h"
#include "notify/deliver.h"
#include "store/lock.h"
#include "store/outbox.h"

#define LOOK_AGAIN_MS 60000
#define AFTER_CHILD_MS 1000            /* What it left is not asked for without a pause. */
#define ROWS_SHOWN 20

/* What is said of CRMs does not fit here; the text says itself what to do. */
static void
ours(struct rk_err *err)
{
	err->category = RK_CAT_OTHER;
	err->http_status = 0;
	err->code[0] = '\0';
}

/* ---- Sending ---------------------------------------------------------------------- */

/* Sends what is due: digests, notices, and heartbeats where 'lives'. */
static void
send_all(struct app *app, bool lives, struct delivery *delivery)
{
	struct way_world world = { .config = &app->config, .state_dir = app->state_dir };
	int64_t now = clock_now_ms();
	struct host *host = host_open(app->state_dir, &delivery->err);
	if (host != NULL) {
		digests_put(app, host, now);
		notices_catch_up(app, host, now);
		if (!deliver_due(&world, host, now, delivery, &delivery->err))
			delivery->failed++;
		if (lives)
			deliver_heartbeats(&world, host, now, delivery);
	} else {
		delivery->failed++;
	}
	host_close(host);
	way_close(&world);
}

/* Whoever waits for the run does not wait for notices that cannot be sent: those are
 * told in the outbox. */
void
notices_flush(struct app *app)
{
	struct delivery d = { .err = ERR_INIT };
	if (!lock_is_held(app->state_dir, "daemon"))
		send_all(app, false, &d);
}

static int
send_due(struct app *app, bool lives)
{
	struct delivery d = { .err = ERR_INIT };
	send_all(app, lives, &d);
	ours(&d.err);
	out_json_number(&app->out, "sent", (int64_t)d.sent);
	out_json_number(&app->out, "failed", (int64_t)d.failed);
	if (!app->quiet)
		out_line(&app->out, app_sayf(app, W_NOTIFY_SENT,
		                             app_number(app, (int64_t)d.sent), NULL));
	return d.failed > 0 ? exit_worse(EXIT_FAILED, app_error(app, RK_PAUSE, &d.err, NULL))
	                    : EXIT_DONE;
}

/* ---- A test ------------------------------------------------------------------------ */

/* Straight, and not by the outbox: who tries it wants to know at once. */
static int
test_way(struct app *app, struct way_world *world, const struct config_notice *n,
         const char *way, struct table *t)
{
	struct rk_err err = ERR_INIT;
	struct cell *row = table_row(t);
	int64_t now = clock_now_ms();
	notice_speak(app, n);
	const char *subject = app_sayf(app, W_NOTE_SUBJECT, n->name,
	                               app_say(app, W_NOTE_TEST), NULL);
	const char *body = app_sayf(app, W_NOTE_TEST_BODY, n->name, n->send, NULL);
	notice_speak(app, NULL);
	BUF_AUTO doc = BUF_INIT(65536);
	struct json_out j = { .out = &doc };
	json_open(&j, NULL, '{');
	json_text(&j, "kind", TEXT_LIT("test"));
	json_text(&j, "subject", text_of(subject));
	json_text(&j, "text", text_of(body));
	json_close(&j, '}');
	struct way_message message = {
		.subject = text_of(subject), .body = text_of(body), .doc = buf_text(&doc),
		.at_ms = now,
		.id = arena_printf(&app->arena, "renkei-test-%lld-%d", (long long)now,
		                   (int)getpid()).ptr };
	int32_t status = way_send(world, n, text_of(way), &message, &err);
	row[0] = cell_str(n->name);
	row[1] = cell_str(way);
	row[2] = app->json ? cell_bool(status == RK_OK)
	                   : cell_str(app_say(app, status == RK_OK ? W_YES : W_NO));
	ours(&err);
	return status == RK_OK ? EXIT_DONE
		: exit_worse(EXIT_FAILED,
		             app_error(app, status, &err,
		                       arena_printf(&app->arena, "notify.%s", n->name).ptr));
}

static int
test(struct app *app, const char *only)
{
	static const struct column columns[] = {
		{ "name", W_NOTIFY_NAME, 30 }, { "way", W_NOTIFY_WAY, 0 },
		{ "sent", W_NOTIFY_TAKEN, 0 },
	};
	struct table t = { .columns = columns, .arena = &app->arena, .column_count = 3 };
	struct way_world world = { .config = &app->config, .state_dir = app->state_dir };
	bool found = false;
	int code = EXIT_DONE;
	for (size_t i = 0; i < app->config.notice_count; i++) {
		const struct config_notice *n = &app->config.notices[i];
		if (only != NULL && strcmp(only, n->name) != 0)
			continue;
		found = true;
		for (size_t w = 0; w < WAY_COUNT; w++)
			if (way_is_used(n, way_names[w]))
				code = exit_worse(code, test_way(app, &world, n, way_names[w], &t));
	}
	way_close(&world);
	if (!found)
		return app_usage(app, only != NULL ? app_sayf(app, W_NOTIFY_NO_NAME, only, NULL)
		                                   : app_say(app, W_NOTIFY_NOBODY));
	out_table(&app->out, "notify", &t);
	return code;
}

/* ---- The outbox --------------------------------------------------------------------- */

/* Who is told, how often, which ways. */
static void
tell_targets(struct app *app, struct host *host)
{
	static const struct column columns[] = {
		{ "name", W_NOTIFY_NAME, 30 }, { "ways", W_NOTIFY_WAY, 40 },
		{ "send", W_NOTIFY_SEND, 0 },
	};
	struct table t = { .columns = columns, .arena = &app->arena, .column_count = 3 };
	for (size_t i = 0; i < app->config.notice_count; i++) {
		const struct config_notice *n = &app->config.notices[i];
		struct rk_text *ways = arena_new_array(&app->arena, WAY_COUNT, struct rk_text);
		struct cell *row = table_row(&t);
		size_t count = 0;
		for (size_t w = 0; w < WAY_COUNT; w++)
			if (way_is_used(n, way_names[w]))
				ways[count++] = text_of(way_names[w]);
		row[0] = cell_str(n->name);
		row[1] = cell_list(ways, count);
		row[2] = cell_str(notice_send(app, host, n));
	}
	if (t.count > 0 || app->json)
		out_table(&app->out, "to", &t);
	if (t.count > 0)
		out_line(&app->out, "");
}

static int
list(struct app *app)
{
	static const struct column columns[] = {
		{ "at", W_STARTED, 0 }, { "name", W_NOTIFY_NAME, 30 }, { "way", W_NOTIFY_WAY, 0 },
		{ "state", W_STATE, 0 }, { "tries", W_ATTEMPTS, 0 }, { "due", W_NEXT_DUE, 0 },
		{ "subject", W_NOTIFY_SUBJECT, 60 }, { "error", W_REASON, 60 },
	};
	static const struct { enum word shown; const char *code; } states[] = {
		[OUTBOX_WAITS] = { W_WAITING, "waiting" },
		[OUTBOX_SENT] = { W_NOTIFY_STATE_SENT, "sent" },
		[OUTBOX_GIVEN_UP] = { W_NOTIFY_GIVEN_UP, "given-up" },
		[OUTBOX_RESTORED] = { W_NOTIFY_RESTORED, "restored" },
	};
	struct table t = { .columns = columns, .arena = &app->arena, .column_count = 8 };
	struct outbox_row *rows;
	size_t count = 0;
	struct rk_err err = ERR_INIT;
	struct host *host = host_open(app->state_dir, &err);
	bool read = host != NULL
	            && outbox_list(host, ROWS_SHOWN, &app->arena, &rows, &count, &err);
	if (read)
		tell_targets(app, host);
	host_close(host);
	if (!read)
		return app_error(app, RK_PAUSE, &err, NULL);
	for (size_t i = 0; i < count; i++) {
		struct cell *row = table_row(&t);
		row[0] = cell_time(rows[i].at_ms);
		row[1] = cell_text(rows[i].target);
		row[2] = cell_text(rows[i].way);
		row[3] = cell_str(app_code(app, states[rows[i].state].shown,
		                          states[rows[i].state].code));
		row[4] = cell_number(rows[i].tries);
		if (rows[i].state == OUTBOX_WAITS)
			row[5] = cell_time(rows[i].due_ms);
		row[6] = cell_text(rows[i].subject);
		row[7] = cell_text(app_told(app, rows[i].error));
	}
	out_table(&app->out, "notices", &t);
	return EXIT_DONE;
}

int
cmd_notify(struct app *app, int argc, char **argv)
{
	if (!app_load(app))
		return EXIT_USAGE;
	if (strcmp(argv[1], "test") == 0)
		return test(app, argc > 2 ? argv[2] : NULL);
	if (strcmp(argv[1], "list") == 0 && argc == 2)
		return list(app);
	if (strcmp(argv[1], "send") == 0)
		return send_due(app, argc > 2 && strcmp(argv[2], "alive") == 0);
	return app_usage(app, app_sayf(app, W_TOO_MANY, argv[0], app->command->arguments,
	                               NULL));
}

/* ---- The daemon's part ---------------------------------------------------------------- */

static int
start_child(const struct app *app, const char *program, int *pid)
{
	const char *argv[] = { "renkei", "-q", "-c", app->config_path, "--state", app->state_dir,
	                       "notify", "send", "alive", NULL };
	return program_spawn(program, argv, environ, -1, -1, pid);
}

/* When something is to be sent, at the latest. */
static int64_t
next_due(struct app *app, struct host *host, struct notices_tender *tender, int64_t now_ms)
{
	/* What is said of it lives as long as this look, and not as the daemon. */
	struct app own = *app;
	own.arena = (struct arena)ARENA_INIT;
	own.overrides = NULL;
	own.world.host = host;
	/* Or the clock was set back. */
	if (now_ms >= tender->late_ms || tender->late_ms > now_ms + LOOK_AGAIN_MS) {
		int64_t late = notices_look_overdue(&own, host, now_ms);
		tender->late_ms = late < now_ms + LOOK_AGAIN_MS ? late : now_ms + LOOK_AGAIN_MS;
		notices_catch_up(&own, host, now_ms);
	}
	const int64_t due[] = { outbox_next_due(host), digests_due(&own, host, now_ms),
	                        deliver_heartbeat_due(&own.config, host), tender->late_ms };
	int64_t next = now_ms + LOOK_AGAIN_MS;
	for (size_t i = 0; i < sizeof due / sizeof *due; i++)
		next = due[i] < next ? due[i] : next;
	arena_free(&own.arena);
	return next;
}

int64_t
notices_tend(struct app *app, struct host *host, struct notices_tender *tender,
             const char *program, int64_t now_ms)
{
	if (app->config.notice_count == 0 || tender->pid != 0)
		return now_ms + LOOK_AGAIN_MS;
	if (now_ms < tender->look_ms)
		return tender->look_ms;
	tender->look_ms = next_due(app, host, tender, now_ms);
	if (tender->look_ms > now_ms)
		return tender->look_ms;
	int failed = start_child(app, program, &tender->pid);
	if (failed != 0) {
		tender->pid = 0;
		log_warn("notify.child", "cannot be started: %s; it is tried again in a minute",
		         strerror(failed));
	}
	return tender->look_ms = now_ms + LOOK_AGAIN_MS;
}

bool
notices_ended(struct notices_tender *tender, int pid, int64_t now_ms)
{
	bool ours = pid == tender->pid;
	if (ours)
		tender->pid = 0;
	tender->look_ms = ours ? now_ms + AFTER_CHILD_MS : 0;
	return ours;
}
