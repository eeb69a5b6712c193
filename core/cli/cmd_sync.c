/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_sync.c - renkei sync: runs one sync or all, now, and prints a line a run.
 * One that cannot run does not stop the next. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/zone.h"
#include "base/err.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/look.h"
#include "cli/notices.h"
#include "cli/overrides.h"
#include "cli/progress.h"
#include "cli/report.h"

/* What goes along with a run. */
struct watched {
	struct progress progress;
	struct app *app;
	const struct config_sync *sync;
	bool drifted;
};

static void
show_progress(void *with, const struct sync_counts *counts)
{
	struct watched *w = with;
	progress_show(&w->progress, counts);
}

static void
tell_drift(void *with, const struct drift *list, size_t count)
{
	struct watched *w = with;
	w->drifted = true;
	notices_drift(w->app, w->sync, list, count);
}

static void
tell_counts(struct app *app, const struct config_sync *sync,
            const struct sync_report *report)
{
	BUF_AUTO line = BUF_INIT(4096);
	buf_addf(&line, "%s: ", sync->name);
	report_line(&line, &report->counts,
	            (double)(report->ended_ms - report->started_ms) / 1000);
	out_line(&app->out, buf_str(&line));
	report_rest(app, report, sync);
}

static void
tell(struct app *app, const struct config_sync *sync, const struct sync_report *report,
     const struct problems *problems)
{
	struct out *o = &app->out;
	if (report_begun(report))
		tell_counts(app, sync, report);
	out_flush(o);                  /* Before what goes to standard error. */
	out_group(o, NULL, NULL);
	out_json_str(o, "name", sync->name);
	if (o->json)
		report_json(o, report);
	if (report_begun(report) && !app->quiet)
		report_ways(app, report, sync);
	app_tell_problems(app, problems);
	out_group_end(o);
	report_error(app, report, sync);
}

static const char *const priorities[] = { "hand", "incremental", "retry", "backfill" };
#define PRIORITIES (sizeof priorities / sizeof *priorities)

/* PRIORITIES: there is none of that name. */
static size_t
priority_of(const struct app *app)
{
	size_t i = 0;
	while (app->priority != NULL && i < PRIORITIES
	       && strcmp(app->priority, priorities[i]) != 0)
		i++;
	return i;
}

/* ---- Being asked to end ----------------------------------------------------- */

static int stop_ends[2];

static void
ask_to_stop(int signal)
{
	(void)signal;
	if (write(stop_ends[1], "", 1) < 0)
		_exit(128 + SIGTERM);
}

/* The first SIGTERM or SIGINT has the run settle what is on its way, the second ends it:
 * that loses nothing either.  What is readable then; 0: signals just end it. */
int
stop_signals(void)
{
	static const int ours[] = { SIGTERM, SIGINT };
	struct sigaction action = { .sa_handler = ask_to_stop,
	                            .sa_flags = (int)(SA_RESETHAND | SA_RESTART) };
	if (stop_ends[0] != 0)
		return stop_ends[0];
	if (pipe2(stop_ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return 0;
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		sigaction(ours[i], &action, NULL);
	return stop_ends[0];
}

static bool
is_asked_to_stop(void)
{
	struct pollfd asked = { .fd = stop_ends[0], .events = POLLIN };
	return stop_ends[0] != 0 && poll(&asked, 1, 0) > 0;
}

/* ---- Runs -------------------------------------------------------------------- */

int
sync_by_hand(struct app *app, const struct config_sync *sync)
{
	const struct override *pause = overrides_pause(app, sync);
	struct rk_err err;
	/* Where nothing can be written the run itself says it, and does nothing. */
	if (overrides_of(app)->unread && access(app->state_dir, W_OK) == 0) {
		overrides_unread(&err);
		return app_error(app, RK_PAUSE, &err, sync->name);
	}
	if (pause != NULL)
		return app_usage(app, overrides_words(app, sync, pause));
	if (!overrides_enabled(app, sync))
		return app_usage(app, app_sayf(app, W_SYNC_OFF, sync->name, NULL));
	if (problems_stop_sync(&app->problems, sync->name))
		return app_usage(app, app_sayf(app, W_SYNC_MISTAKES, sync->name, NULL));
	struct watched watched = { .progress = { .app = app, .name = sync->name },
	                           .app = app, .sync = sync };
	struct sync_options options = { .mode = SYNC_RUN, .progress = show_progress,
	                                .stop_fd = stop_signals(), .with = &watched,
	                                .drifted = tell_drift,
	                                .priority = (enum net_priority)priority_of(app) };
	struct sync_report report;
	struct problems problems = PROBLEMS_INIT;
	sync_run(&app->world, sync, &options, &problems, &report);
	progress_end(&watched.progress);
	tell(app, sync, &report, &problems);
	notices_ran(app, sync, &report);
	problems_free(&problems);
	/* It may have been paused: a daemon is to know. */
	if (watched.drifted && sync->drift == DRIFT_PAUSE)
		overrides_changed(app, report.exit_code);
	return report.exit_code;
}

/* A sync that its breaker holds is said, and does not run.  A state that cannot be
 * looked at is for the run to complain of. */
static bool
is_held(struct app *app, const struct config_sync *sync)
{
	struct look look = { 0 };
	struct rk_err err = ERR_INIT;
	BUF_AUTO until = BUF_INIT(64);
	if (sync->breaker == NULL || !look_at_sync(app, sync, 1, &look, &err)
	    || look.broken_until_ms == 0)
		return false;
	zone_format(&until, look.broken_until_ms);
	text_copy(err.message, sizeof err.message,
	          text_of(app_sayf(app, W_BROKEN, sync->name, sync->breaker,
	                           buf_str(&until),
	                           app_told(app, look.runs[0].message).ptr,
	                           NULL)));
	err.category = RK_CAT_OTHER;
	out_flush(&app->out);
	app_error(app, RK_PAUSE, &err, NULL);
	return true;
}

static int
run_all(struct app *app)
{
	int code = EXIT_DONE;
	for (size_t i = 0; i < app->config.sync_count && !is_asked_to_stop(); i++) {
		const struct config_sync *sync = &app->config.syncs[i];
		const struct override *pause = overrides_pause(app, sync);
		if (pause != NULL)
			out_line(&app->out, overrides_words(app, sync, pause));
		else if (overrides_enabled(app, sync))
			code = exit_worse(code, is_held(app, sync) ? EXIT_FAILED
			                                           : sync_by_hand(app, sync));
	}
	return code;
}

/* All names are looked up before anything runs. */
static int
run_named(struct app *app, int count, char **names)
{
	int code = EXIT_DONE;
	for (int i = 0; i < count; i++)
		if (app_sync(app, names[i]) == NULL)
			code = EXIT_USAGE;
	for (int i = 0; i < count && code != EXIT_USAGE && !is_asked_to_stop(); i++) {
		bool again = false;
		for (int j = 0; j < i; j++)
			again = again || strcmp(names[i], names[j]) == 0;
		if (!again)
			code = exit_worse(code, sync_by_hand(app, app_sync(app, names[i])));
	}
	return code;
}

int
cmd_sync(struct app *app, int argc, char **argv)
{
	if (app->all == (argc > 1))
		return app_usage(app,
		                 app_sayf(app, app->all ? W_ALL_AND_NAMES : W_TOO_FEW,
		                          argv[0], app->command->arguments, NULL));
	if (priority_of(app) == PRIORITIES)
		return app_usage(app, app_sayf(app, W_BAD_PRIORITY, app->priority, NULL));
	if (!app_load(app))
		return EXIT_USAGE;
	out_list(&app->out, "syncs");
	int code = app->all ? run_all(app) : run_named(app, argc - 1, argv + 1);
	out_list_end(&app->out);
	return code;
}
