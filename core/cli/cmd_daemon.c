/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_daemon.c - renkei daemon: runs each sync when it is due, until it is told to stop
 * (SIGTERM, SIGINT); `systemctl reload` (SIGHUP) has the configuration read anew.  When
 * is schedule/, and who else may ask for something is schedule/control.h; here are the
 * signals, and what the manager of services wants to hear. */
#include <limits.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/program.h"
#include "base/systemd.h"
#include "base/text.h"
#include "cli/command.h"
#include "base/json_out.h"
#include "cli/look.h"
#include "cli/notices.h"
#include "cli/overrides.h"
#include "schedule/companion.h"
#include "schedule/control.h"
#include "schedule/control_server.h"
#include "schedule/supervisor.h"
#include "store/audit.h"
#include "store/lock.h"
#include "store/override.h"

#define RUNS_AT_ONCE 4
#define STOP_MS 20000
#define POLL_MOST_MS 60000

struct daemon {
	struct app *app;               /* borrowed */
	struct supervisor *supervisor; /* owned, as all below */
	struct control *control;       /* NULL: it stops. */
	struct companion console;
	int signals;
	struct host *host;             /* borrowed */
	const char *program;           /* borrowed */
	struct notices_tender notices;
	struct arena arena;            /* owned: the overrides */
	struct overrides overrides;
};

static void
look(void *with, const struct config_sync *sync, struct supervisor_facts *facts)
{
	const struct daemon *d = with;
	struct app app = *d->app;
	struct look seen = { 0 };
	struct rk_err err;
	app.arena = (struct arena)ARENA_INIT;
	if (look_at_sync(&app, sync, 1, &seen, &err)) {
		facts->waiting_due_ms = seen.pending.next_due_ms;
		facts->broken_until_ms = seen.broken_until_ms;
		facts->waits = seen.waits;
		facts->released = seen.released;
		facts->loads = !cursor_was_listed(&seen.cursor);
		facts->walk_open = seen.walk_open;
		if (seen.run_count > 0)
			facts->took_ms = seen.runs[0].ended_ms - seen.runs[0].started_ms;
		if (seen.run_count > 0 && (seen.runs[0].exit_code == EXIT_DONE
		                           || seen.runs[0].exit_code == EXIT_RECORDS))
			facts->well_ms = seen.runs[0].ended_ms;
	}
	arena_free(&app.arena);
}

/* ---- What was set at run time ------------------------------------------------ */

/* A sync with mistakes is off, whatever was set. */
static bool
may_run(void *with, const struct config_sync *sync)
{
	const struct daemon *d = with;
	const struct overrides *all = &d->overrides;
	return !problems_stop_sync(&d->app->problems, sync->name)
	       && override_pause(all, sync->name, sync->from.connection,
	                         sync->to.connection) == NULL
	       && (sync->enabled || override_find(all, OVERRIDE_ENABLED, sync->name, ""));
}

/* What cannot be read stays as it was known: a pause must not end by a full disk. */
static bool
read_overrides(struct daemon *d)
{
	struct arena arena = ARENA_INIT;
	struct overrides all = override_list(d->host, &arena);
	if (all.unread) {
		arena_free(&arena);
		log_warn("daemon.overrides", "host.db cannot be read; what was set at run time "
		         "stays as it was known");
		return false;
	}
	arena_free(&d->arena);
	d->arena = arena;
	d->overrides = all;
	return true;
}

/* ---- Configuration --------------------------------------------------------- */

static size_t
scheduled(struct daemon *d)
{
	const struct config *config = &d->app->config;
	size_t count = 0;
	for (size_t i = 0; i < config->sync_count; i++) {
		const struct config_sync *sync = &config->syncs[i];
		count += (sync->every != NULL || sync->cron != NULL || sync->after != NULL)
		         && may_run(d, sync);
	}
	return count;
}

/* The console runs if the configuration has one, with what stands there. */
static void
want_console(struct daemon *d)
{
	const struct config_console *s = &d->app->config.console;
	const char *argv[16] = { "renkei-console", "--state", d->app->state_dir,
	                         "--listen", s->listen };
	const struct { const char *name, *value; } more[] = {
		{ "--address", s->address }, { "--certificate", s->certificate },
		{ "--key", s->key }, { "--behind", s->behind },
	};
	size_t count = 5;
	for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
		if (more[i].value == NULL)
			continue;
		argv[count++] = more[i].name;
		argv[count++] = more[i].value;
	}
	companion_want(&d->console, s->at.line > 0 ? argv : NULL);
}

/* The new configuration as a whole, or the old one as it was. */
static bool
reload(struct daemon *d)
{
	struct app *app = d->app;
	struct config old = app->config;
	struct problems old_problems = app->problems;
	systemd_tell("RELOADING=1");
	app->config = (struct config){ 0 };
	app->problems = (struct problems)PROBLEMS_INIT;
	bool sound = app_load(app);
	read_overrides(d);
	if (sound) {
		supervisor_take(d->supervisor, &app->config, clock_now_ms());
		want_console(d);
		d->notices.late_ms = d->notices.look_ms = 0;
	}
	config_free(sound ? &old : &app->config);
	problems_free(sound ? &old_problems : &app->problems);
	if (!sound) {
		app->config = old;
		app->problems = old_problems;
	}
	malloc_trim(0);
	log_info("daemon.reload", sound ? "the new configuration holds: %zu syncs have a time"
	         : "the configuration has mistakes: the old one holds, %zu syncs have a time",
	         scheduled(d));
	systemd_tell("READY=1");
	return sound;
}

/* ---- What others ask ------------------------------------------------------- */

static bool
run_one(struct daemon *d, const char *name, bool by_hand, struct json_out *j,
        struct rk_err *err)
{
	static const char *const words[] = { [SUPERVISOR_STARTS] = "starting",
	                                     [SUPERVISOR_RUNS_ALREADY] = "running" };
	enum supervisor_answer answer = supervisor_run(d->supervisor, name, by_hand,
	                                               clock_now_ms());
	if (answer == SUPERVISOR_UNKNOWN)
		err_set(err, RK_REJECT, RK_CAT_CONFIG, "the daemon knows no sync \"%s\"; "
		        "\"renkei reload\" has it read the configuration anew", name);
	if (answer == SUPERVISOR_OFF)
		err_set(err, RK_REJECT, RK_CAT_CONFIG, "sync \"%s\" is paused or off, or "
		        "its configuration has mistakes; \"renkei check\" tells", name);
	if (answer == SUPERVISOR_UNKNOWN || answer == SUPERVISOR_OFF)
		return false;
	json_open(j, NULL, '{');
	json_text(j, "name", text_of(name));
	json_text(j, "state", text_of(words[answer]));
	json_close(j, '}');
	return true;
}

static bool
act_sync(struct daemon *d, const struct control_question *q, struct json_out *j,
         struct rk_err *err)
{
	const struct config *config = &d->app->config;
	bool all = q->argc == 2 && strcmp(q->argv[1], "--all") == 0, done = true;
	bool by_hand = strcmp(q->user, CONTROL_WEBHOOK) != 0;
	json_open(j, "syncs", '[');
	for (size_t i = 0; all && i < config->sync_count; i++)
		if (may_run(d, &config->syncs[i]))
			done &= run_one(d, config->syncs[i].name, by_hand, j, err);
	for (size_t i = 1; !all && i < q->argc; i++)
		if (strcmp(q->argv[i], "--") != 0)
			done &= run_one(d, q->argv[i], by_hand, j, err);
	json_close(j, ']');
	return done;
}

/* What a command does goes on the list with it; this is no command.  Webhooks are no
 * person's doing, and would wash the list out. */
static void
audit_sync(struct daemon *d, const struct control_question *q, int code)
{
	struct rk_err err;
	BUF_AUTO action = BUF_INIT(1000);
	if (strcmp(q->user, CONTROL_WEBHOOK) == 0)
		return;
	for (size_t i = 0; i < q->argc; i++)
		buf_addf(&action, "%s%s", i > 0 ? " " : "", q->argv[i]);
	struct audit row = { .at_ms = clock_now_ms(), .code = code, .who = q->user,
	                     .action = buf_str(&action) };
	if (!audit_add(d->host, &row, &err))
		log_warn("daemon.audit", "%s", err.message);
}

static bool
act(void *with, const struct control_question *q, struct buf *out, int *code,
    struct rk_err *err)
{
	struct daemon *d = with;
	struct json_out j = { .out = out };
	bool done = true;
	*code = EXIT_DONE;
	json_open(&j, NULL, '{');
	if (strcmp(q->argv[0], "sync") == 0) {
		done = act_sync(d, q, &j, err);
		audit_sync(d, q, done ? EXIT_DONE : EXIT_USAGE);
	} else if (strcmp(q->argv[0], "wake") == 0) {
		read_overrides(d);
		supervisor_look(d->supervisor, clock_now_ms());
		d->notices.late_ms = d->notices.look_ms = 0;
	} else {
		*code = reload(d) ? EXIT_DONE : EXIT_USAGE;
		json_bool(&j, "taken", *code == EXIT_DONE);
		json_number(&j, "scheduled", (int64_t)scheduled(d));
	}
	json_number(&j, "exit_code", *code);
	json_close(&j, '}');
	buf_addc(out, '\n');
	return done;
}

/* ---- Signals --------------------------------------------------------------- */

static int
open_signals(void)
{
	static const int ours[] = { SIGCHLD, SIGTERM, SIGINT, SIGHUP };
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		sigaddset(&set, ours[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void
reap(struct daemon *d)
{
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (!notices_ended(&d->notices, pid, clock_now_ms())
		    && !supervisor_ended(d->supervisor, pid, status, clock_now_ms())
		    && !companion_ended(&d->console, pid, status, clock_mono_ms())
		    && d->control != NULL)
			control_ended(d->control, pid, status);
}

/* True: it is to stop. */
static bool
take_signals(struct daemon *d)
{
	struct signalfd_siginfo info;
	bool stop = false;
	while (read(d->signals, &info, sizeof info) == (ssize_t)sizeof info) {
		stop |= info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT;
		if (info.ssi_signo == SIGHUP)
			reload(d);
	}
	reap(d);
	return stop;
}

/* ---- Life ------------------------------------------------------------------ */

/* What comes first of the next run, the next notice, what the control waits for and the
 * watchdog. */
static int
wait_ms(struct daemon *d, int64_t watchdog_ms)
{
	int64_t control = control_step(d->control);
	int64_t now = clock_now_ms();
	int64_t notices = notices_tend(d->app, d->host, &d->notices, d->program, now) - now;
	int64_t wait = supervisor_step(d->supervisor, now) - clock_now_ms();
	if (wait > notices)
		wait = notices;
	int64_t console = companion_step(&d->console, clock_mono_ms());
	if (watchdog_ms > 0 && wait > watchdog_ms / 3)
		wait = watchdog_ms / 3;
	if (console != INT64_MAX && wait > console - clock_mono_ms())
		wait = console - clock_mono_ms();
	if (wait > control)
		wait = control;
	return wait < 0 ? 0 : wait < POLL_MOST_MS ? (int)wait : POLL_MOST_MS;
}

static void
serve(struct daemon *d)
{
	struct pollfd on[] = { { .fd = d->signals, .events = POLLIN },
	                       { .fd = control_fd(d->control), .events = POLLIN } };
	int64_t watchdog_ms = systemd_watchdog_ms();
	bool stop = false;
	/* What reading the configuration took is three times what is kept of it. */
	malloc_trim(0);
	systemd_tell("READY=1");
	while (!stop) {
		poll(on, 2, wait_ms(d, watchdog_ms));
		systemd_tell("WATCHDOG=1");
		stop = take_signals(d);
	}
	systemd_tell("STOPPING=1");
	log_info("daemon.stopping", "%zu runs are asked to end",
	         supervisor_running(d->supervisor));
	companion_want(&d->console, NULL);
	control_close(d->control);
	d->control = NULL;
	while (supervisor_stop(d->supervisor, clock_mono_ms())) {
		poll(on, 1, 1000);
		take_signals(d);
	}
	companion_stop(&d->console, true);
	companion_free(&d->console);
	log_info("daemon.stopped", "all runs have ended");
}

static int
run(struct app *app, struct host *host, struct rk_err *err)
{
	char program[PATH_MAX];
	program_path("renkei", program, sizeof program);
	struct daemon d = { .app = app, .signals = -1, .host = host, .program = program };
	struct supervisor_options options = {
		.program = program, .config_path = app->config_path, .state_dir = app->state_dir,
		.runs_max = RUNS_AT_ONCE, .stop_ms = STOP_MS, .look = look, .may_run = may_run, .with = &d };
	struct control_options control = {
		.program = program, .config_path = app->config_path, .state_dir = app->state_dir,
		.act = act, .with = &d };
	d.control = control_open(&control, err);
	if (d.control == NULL)
		return app_error(app, RK_PAUSE, err, NULL);
	d.supervisor = supervisor_new(&options, host);
	d.signals = open_signals();
	if (!read_overrides(&d)) {
		overrides_unread(err);
		supervisor_free(d.supervisor);
		close(d.signals);
		control_close(d.control);
		return app_error(app, RK_PAUSE, err, NULL);
	}
	supervisor_take(d.supervisor, &app->config, clock_now_ms());
	want_console(&d);
	log_info("daemon.started", "%zu of %zu syncs have a time", scheduled(&d),
	         app->config.sync_count);
	serve(&d);
	supervisor_free(d.supervisor);
	arena_free(&d.arena);
	close(d.signals);
	return EXIT_DONE;
}

int
cmd_daemon(struct app *app, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	struct rk_err err = ERR_INIT;
	if (app->verbose == 0 && !app->quiet)
		log_set_level(LOG_LEVEL_INFO);
	if (!app_load(app))
		return EXIT_USAGE;
	int lock = lock_take(app->state_dir, "daemon", &err);
	if (lock < 0 && err.category == RK_CAT_OTHER)
		err_set(&err, RK_AGAIN, RK_CAT_OTHER, "a daemon runs on the state directory %s "
		        "already; stop that one, or name another directory with --state",
		        app->state_dir);
	struct host *host = lock >= 0 ? host_open(app->state_dir, &err) : NULL;
	int code = host != NULL ? run(app, host, &err)
	                         : app_error(app, RK_PAUSE, &err, NULL);
	host_close(host);
	io_close(&lock);
	return code;
}
