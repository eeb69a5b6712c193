/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_daemon.c - renkei daemon: runs each sync when it is due, until it is told to stop
 * (SIGTERM, SIGINT); `systemctl reload` (SIGHUP) has the configuration read anew.  When
 * is schedule/; here are the signals, and what the manager of services wants to hear. */
#include <limits.h>
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
#include "cli/command.h"
#include "cli/look.h"
#include "schedule/supervisor.h"
#include "store/lock.h"

#define RUNS_AT_ONCE 4
#define STOP_MS 20000
#define POLL_MOST_MS 60000

static void
look(void *with, const struct config_sync *sync, struct supervisor_facts *facts)
{
	struct app app = *(struct app *)with;
	struct look seen = { 0 };
	struct rk_err err;
	app.arena = (struct arena)ARENA_INIT;
	if (look_at_sync(&app, sync, 1, &seen, &err)) {
		facts->waiting_due_ms = seen.pending.next_due_ms;
		facts->broken_until_ms = seen.broken_until_ms;
	}
	arena_free(&app.arena);
}

/* ---- Configuration --------------------------------------------------------- */

/* Syncs with mistakes are off, and were told. */
static void
leave_out_mistaken(struct app *app)
{
	for (size_t i = 0; i < app->config.sync_count; i++)
		if (problems_stop_sync(&app->problems, app->config.syncs[i].name))
			app->config.syncs[i].enabled = false;
}

static size_t
scheduled(const struct config *config)
{
	size_t count = 0;
	for (size_t i = 0; i < config->sync_count; i++)
		count += config->syncs[i].enabled
		         && (config->syncs[i].every != NULL || config->syncs[i].cron != NULL);
	return count;
}

/* The new configuration as a whole, or the old one as it was. */
static void
reload(struct app *app, struct supervisor *supervisor)
{
	struct config old = app->config;
	struct problems old_problems = app->problems;
	systemd_tell("RELOADING=1");
	app->config = (struct config){ 0 };
	app->problems = (struct problems)PROBLEMS_INIT;
	bool sound = app_load(app);
	if (sound) {
		leave_out_mistaken(app);
		supervisor_take(supervisor, &app->config, clock_now_ms());
	}
	config_free(sound ? &old : &app->config);
	problems_free(sound ? &old_problems : &app->problems);
	if (!sound) {
		app->config = old;
		app->problems = old_problems;
	}
	log_info("daemon.reload", sound ? "the new configuration holds: %zu syncs have a time"
	         : "the configuration has mistakes: the old one holds, %zu syncs have a time",
	         scheduled(&app->config));
	systemd_tell("READY=1");
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
reap(struct supervisor *supervisor)
{
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		supervisor_ended(supervisor, pid, status, clock_now_ms());
}

/* True: it is to stop. */
static bool
take_signals(struct app *app, struct supervisor *supervisor, int fd)
{
	struct signalfd_siginfo info;
	bool stop = false;
	while (read(fd, &info, sizeof info) == (ssize_t)sizeof info) {
		stop |= info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT;
		if (info.ssi_signo == SIGHUP)
			reload(app, supervisor);
	}
	reap(supervisor);
	return stop;
}

/* ---- Life ------------------------------------------------------------------ */

static int
wait_ms(int64_t until_ms, int64_t watchdog_ms)
{
	int64_t wait = until_ms - clock_now_ms();
	if (watchdog_ms > 0 && wait > watchdog_ms / 3)
		wait = watchdog_ms / 3;
	return wait < 0 ? 0 : wait < POLL_MOST_MS ? (int)wait : POLL_MOST_MS;
}

static void
serve(struct app *app, struct supervisor *supervisor, int signals)
{
	struct pollfd on = { .fd = signals, .events = POLLIN };
	int64_t watchdog_ms = systemd_watchdog_ms();
	bool stop = false;
	systemd_tell("READY=1");
	while (!stop) {
		int64_t next = supervisor_step(supervisor, clock_now_ms());
		poll(&on, 1, wait_ms(next, watchdog_ms));
		systemd_tell("WATCHDOG=1");
		stop = take_signals(app, supervisor, signals);
	}
	systemd_tell("STOPPING=1");
	log_info("daemon.stopping", "%zu runs are asked to end", supervisor_running(supervisor));
	while (supervisor_stop(supervisor, clock_mono_ms())) {
		poll(&on, 1, 1000);
		take_signals(app, supervisor, signals);
	}
	log_info("daemon.stopped", "all runs have ended");
}

static int
run(struct app *app, struct host *host)
{
	char program[PATH_MAX];
	program_path("renkei", program, sizeof program);
	struct supervisor_options options = {
		.program = program, .config_path = app->config_path, .state_dir = app->state_dir,
		.runs_max = RUNS_AT_ONCE, .stop_ms = STOP_MS, .look = look, .with = app };
	struct supervisor *supervisor = supervisor_new(&options, host);
	int signals = open_signals();
	leave_out_mistaken(app);
	supervisor_take(supervisor, &app->config, clock_now_ms());
	log_info("daemon.started", "%zu of %zu syncs have a time", scheduled(&app->config),
	         app->config.sync_count);
	serve(app, supervisor, signals);
	supervisor_free(supervisor);
	close(signals);
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
	int code = host != NULL ? run(app, host)
	                         : app_error(app, RK_PAUSE, &err, NULL);
	host_close(host);
	io_close(&lock);
	return code;
}
