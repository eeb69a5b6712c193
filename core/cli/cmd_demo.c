/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_demo.c - renkei demo: a sync from nothing.  Simulated CRMs, a configuration
 * and a state directory of its own in a folder that goes away with it; three runs
 * whose figures are known beforehand.  A figure that is another ends it with 1. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/report.h"
#include "cli/simulator.h"
#include "net/client.h"

#define SYNC "contacts"

/* Lags are short: simulated CRMs answer at once. */
static const char config_text[] =
	"# Made by renkei demo.  Secrets stand in files beside it.\n"
	"connections: {\n"
	"  hubspot: {\n"
	"    connector = \"hubspot\";\n"
	"    host      = \"http://127.0.0.1:%u\";\n"
	"    token     = \"file:%s/hubspot.token\";\n"
	"    index_lag = \"1s\"; t_land = \"2s\"; t_visible = \"1s\";\n"
	"  };\n"
	"  kintone: {\n"
	"    connector = \"kintone\";\n"
	"    host      = \"http://127.0.0.1:%u\";\n"
	"    api_token = \"file:%s/kintone.token\";\n"
	"    t_land = \"2s\"; t_visible = \"1s\";\n"
	"  };\n"
	"};\n"
	"syncs = (\n"
	"  {\n"
	"    name = \"" SYNC "\";\n"
	"    from = { connection = \"hubspot\"; object = \"contacts\"; };\n"
	"    to   = { connection = \"kintone\"; object = \"1\"; key = \"メールアドレス"
	"\"; };\n"
	"    map = (\n"
	"      { from = \"email\";                    to = \"メールアドレス\"; },\n"
	"      { from = \"${lastname} ${firstname}\"; to = \"氏名\"; },\n"
	"      { from = \"company\";                  to = \"会社名\"; },\n"
	"      { from = \"jobtitle\";                 to = \"役職\"; },\n"
	"      { from = \"phone\";                    to = \"電話\"; },\n"
	"      { from = \"zip\";                      to = \"郵便番号\"; },\n"
	"      { from = \"lifecyclestage\";           to = \"段階\";\n"
	"        values = ( (\"lead\", \"リード\"), (\"customer\", \"顧客\") );\n"
	"        otherwise = \"その他\"; }\n"
	"    );\n"
	"  }\n"
	");\n";

struct demo {
	struct app *app;
	struct simulator simulator;
	char dir[PATH_MAX];
	int run;
	bool wrong;
};

/* A figure of a run: exactly this, or at most. */
struct figure {
	const char *name;
	size_t at;                     /* in struct sync_counts */
	int64_t want;
	bool most;
};

#define EXACTLY(what, number) \
	{ #what, offsetof(struct sync_counts, what), (number), false }
#define AT_MOST(what, number) \
	{ #what, offsetof(struct sync_counts, what), (number), true }
#define NO_TROUBLE \
	EXACTLY(unchanged, 0), EXACTLY(excluded, 0), EXACTLY(waiting, 0), \
	EXACTLY(failed, 0), EXACTLY(carried, 0)

static const struct figure first_run[] = {
	EXACTLY(read, 1000), EXACTLY(created, 1000), EXACTLY(updated, 0), NO_TROUBLE,
	EXACTLY(writes, 10), { 0 },
};
static const struct figure nothing_to_do[] = {
	EXACTLY(read, 0), EXACTLY(created, 0), EXACTLY(updated, 0), NO_TROUBLE,
	AT_MOST(source_calls, 2), EXACTLY(target_calls, 0), EXACTLY(writes, 0), { 0 },
};
static const struct figure ten_edited[] = {
	EXACTLY(read, 10), EXACTLY(created, 0), EXACTLY(updated, 10), NO_TROUBLE,
	EXACTLY(writes, 1), { 0 },
};

static volatile sig_atomic_t interrupted;

static void
interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

/* ---- Its folder -------------------------------------------------------- */

static bool
write_file(const struct demo *d, const char *name, struct rk_text text)
{
	char path[PATH_MAX + 32];
	snprintf(path, sizeof path, "%s/%s", d->dir, name);
	FD_AUTO fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return fd >= 0 && io_write_all(fd, text.ptr, text.len);
}

static bool
make_folder(struct demo *d, struct rk_err *err)
{
	const char *tmp = getenv("TMPDIR");
	BUF_AUTO config = BUF_INIT(64 * 1024);
	snprintf(d->dir, sizeof d->dir, "%s/renkei-demo-XXXXXX",
	         tmp != NULL && tmp[0] == '/' ? tmp : "/tmp");
	if (mkdtemp(d->dir) == NULL) {
		err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "cannot make %s", d->dir);
		d->dir[0] = '\0';
		return false;
	}
	buf_addf(&config, config_text, simulator_port(&d->simulator, "hubspot"), d->dir,
	         simulator_port(&d->simulator, "kintone"), d->dir);
	if (write_file(d, "renkei.conf", buf_text(&config))
	    && write_file(d, "hubspot.token", TEXT_LIT("sim-hubspot-token\n"))
	    && write_file(d, "kintone.token", TEXT_LIT("sim-kintone-token\n")))
		return true;
	err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "cannot write to %s", d->dir);
	return false;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	remove(path);
	return 0;
}

/* ---- Runs -------------------------------------------------------------- */

static bool
control(struct demo *d, const char *crm, const char *path, const char *body,
        struct rk_err *err)
{
	BUF_AUTO answer = BUF_INIT(1024 * 1024);
	return simulator_ask(&d->simulator, crm, "POST", path, body, &answer, err);
}

static bool
count_calls(struct demo *d, struct sync_counts *counts, struct rk_err *err)
{
	counts->source_calls = simulator_calls(&d->simulator, "hubspot", err);
	if (counts->source_calls < 0)
		return false;
	counts->target_calls = simulator_calls(&d->simulator, "kintone", err);
	return counts->target_calls >= 0;
}

static void
compare(struct demo *d, const struct sync_counts *counts, const struct figure *figures)
{
	struct app *app = d->app;
	for (const struct figure *f = figures; f->name != NULL; f++) {
		int64_t is =
			*(const int64_t *)(const void *)((const char *)counts + f->at);
		if (f->most ? is <= f->want : is == f->want)
			continue;
		d->wrong = true;
		out_flush(&app->out);
		app_usage(app,
		          app_sayf(app, f->most ? W_DEMO_WRONG_MOST : W_DEMO_WRONG,
		                   app_number(app, d->run), f->name, app_number(app, is),
		                   app_number(app, f->want), NULL));
	}
}

static void
tell(struct demo *d, const struct sync_report *report)
{
	struct out *o = &d->app->out;
	BUF_AUTO line = BUF_INIT(4096);
	buf_addf(&line, "run=%d ", d->run);
	report_line(&line, &report->counts,
	            (double)(report->ended_ms - report->started_ms) / 1000);
	out_line(o, buf_str(&line));
	out_group(o, NULL, NULL);
	out_json_number(o, "run", d->run);
	if (o->json)
		report_json(o, report);
	out_group_end(o);
	out_flush(o);
}

/* One run whose calls the simulators count. */
static bool
run_once(struct demo *d, const struct figure *figures, struct rk_err *err)
{
	struct app *app = d->app;
	struct sync_options options = { .mode = SYNC_RUN };
	struct sync_report report;
	struct problems problems = PROBLEMS_INIT;
	const struct config_sync *sync = config_sync(&app->config, SYNC);
	static const char reset[] = "{\"reset\":true}";
	if (!control(d, "hubspot", "/_control/counts", reset, err)
	    || !control(d, "kintone", "/_control/counts", reset, err))
		return false;
	d->run++;
	sync_run(&app->world, sync, &options, &problems, &report);
	problems_free(&problems);
	report_error(app, &report, sync);
	d->wrong = d->wrong || report.exit_code != EXIT_DONE;
	if (!count_calls(d, &report.counts, err))
		return false;
	tell(d, &report);
	compare(d, &report.counts, figures);
	return true;
}

static bool
edit_ten(struct demo *d, struct rk_err *err)
{
	out_line(&d->app->out, app_say(d->app, W_DEMO_EDIT));
	return control(d, "hubspot", "/_control/edit",
	               "{\"object\":\"contacts\",\"random\":10,\"seed\":7,"
	               "\"fields\":[\"firstname\",\"phone\"]}",
	               err)
	       && control(d, "hubspot", "/_control/clock", "{\"advance_ms\":300000}",
	                  err);
}

static bool
goes_on(const struct demo *d)
{
	return !interrupted && !d->wrong;
}

static bool
all_runs(struct demo *d, struct rk_err *err)
{
	return control(d, "hubspot", "/_control/seed",
	               "{\"object\":\"contacts\",\"count\":1000,\"seed\":1,"
	               "\"kind\":\"plain\",\"age_ms\":7200000}", err)
	       && run_once(d, first_run, err)
	       && (!goes_on(d) || run_once(d, nothing_to_do, err))
	       && (!goes_on(d) || edit_ten(d, err))
	       && (!goes_on(d) || run_once(d, ten_edited, err));
}

/* ---- Beginning and end ------------------------------------------------- */

static void
tell_address(struct demo *d)
{
	struct app *app = d->app;
	const char *addresses[2], *const crms[] = { "hubspot", "kintone" };
	for (size_t i = 0; i < 2; i++) {
		addresses[i] = arena_printf(&app->arena, "http://127.0.0.1:%u",
		                            simulator_port(&d->simulator, crms[i])).ptr;
		out_json_str(&app->out, crms[i], addresses[i]);
	}
	out_line(&app->out,
	         app_sayf(app, W_DEMO_INTRO, addresses[0], addresses[1], NULL));
	out_flush(&app->out);
}

static void
tell_next(struct demo *d)
{
	static const char *const commands_to_try[] = {
		"status", "describe kintone 1", "plan " SYNC, "sync " SYNC,
	};
	struct app *app = d->app;
	const char *program =
		arena_printf(&app->arena, "%s/renkei", io_program_dir()).ptr;
	out_line(&app->out, "");
	out_line(&app->out, app_say(app, W_DEMO_NEXT));
	for (size_t i = 0; !app->once && i < sizeof commands_to_try / sizeof(char *); i++)
		out_line(&app->out,
		         arena_printf(&app->arena,
		                      "  %s -c %s/renkei.conf --state %s/state %s",
		                      program, d->dir, d->dir, commands_to_try[i])
		                 .ptr);
	if (app->once)
		out_line(&app->out, arena_printf(&app->arena, "  %s demo", program).ptr);
	out_line(&app->out, arena_printf(&app->arena, "  %s",
	                                 app_say(app, W_DEMO_OWN)).ptr);
	if (!app->once)
		out_line(&app->out, app_say(app, W_DEMO_RUNNING));
	out_flush(&app->out);
}

/* Until Ctrl-C, or until the simulator ends by itself. */
static void
stay(struct demo *d)
{
	while (!interrupted) {
		char waste[256];
		struct pollfd p = { .fd = d->simulator.out, .events = POLLIN };
		if (poll(&p, 1, 1000) > 0 && read(p.fd, waste, sizeof waste) <= 0)
			return;
	}
}

/* Net would wait for another run of this state directory, which goes away. */
static void
end_net(struct app *app)
{
	int32_t pid = app->world.net != NULL ? net_process(app->world.net) : 0;
	world_close(&app->world);
	if (pid <= 1)
		return;
	kill(pid, SIGTERM);
	for (int tries = 0; tries < 200 && waitpid(pid, NULL, WNOHANG) == 0; tries++)
		poll(NULL, 0, 10);
}

static void
clean_up(struct demo *d)
{
	if (d->app->loaded)
		end_net(d->app);
	simulator_stop(&d->simulator);
	if (d->dir[0] != '\0')
		nftw(d->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static bool
play(struct demo *d, struct rk_err *err)
{
	static const char *const crms[] = { "hubspot", "kintone", NULL };
	struct app *app = d->app;
	if (!simulator_start(&d->simulator, crms, err) || !make_folder(d, err))
		return false;
	tell_address(d);
	app->config_path = arena_printf(&app->arena, "%s/renkei.conf", d->dir).ptr;
	app->state_dir = arena_printf(&app->arena, "%s/state", d->dir).ptr;
	if (!app_load(app)) {
		d->wrong = true;
		return true;
	}
	out_list(&app->out, "runs");
	bool played = all_runs(d, err);
	out_list_end(&app->out);
	if (!played || !goes_on(d))
		return played;
	tell_next(d);
	if (!app->once)
		stay(d);
	return true;
}

int
cmd_demo(struct app *app, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	struct demo d = { .app = app, .simulator = { .out = -1 } };
	struct sigaction action = { .sa_handler = interrupt };
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	struct rk_err err = ERR_INIT;
	bool played = play(&d, &err);
	int code = played ? EXIT_DONE : app_error(app, RK_PAUSE, &err, NULL);
	clean_up(&d);
	return d.wrong || (interrupted && d.run < 3) ? EXIT_FAILED : code;
}
