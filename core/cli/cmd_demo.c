/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_demo.c - renkei demo: a sync from nothing.  Simulated CRMs, a configuration
 * and a state directory of its own in a folder that goes away with it; runs
 * whose figures are known beforehand stand in demo_runs.c. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/demo.h"
#include "net/client.h"

/* Lags are short: simulated CRMs answer at once. */
static const struct {
	const char *name, *secret, *more;
} crms[] = {
	{ "hubspot", "token", "index_lag = \"1s\"; t_land = \"2s\"; t_visible = \"1s\";" },
	{ "kintone", "api_token", "t_land = \"2s\"; t_visible = \"1s\";" },
	{ "salesforce", "token", "late_commit = \"1s\"; t_land = \"2s\";" },
	{ "sansan", "api_key", "late_commit = \"1s\"; start_date = \"2026-01-01\"; "
	  "window_days = \"360\";" },
	{ "hotprofile", "api_key", "late_commit = \"1s\"; t_land = \"2s\";" },
	{ "freshsales", "api_key", "late_commit = \"1s\"; index_lag = \"1s\";" },
};
#define CRMS (sizeof crms / sizeof *crms)

/* Files that are written to: a first row says which columns they have. */
static const struct {
	const char *name, *columns;
} files[] = {
	{ "files", NULL },
	{ "files/contacts.csv", "id,last_name,first_name,email,job_title,company,phone,address\n" },
	{ "files/accounts.csv", "id,company,phone,website,industry,employees,address\n" },
	{ "files/deals.csv", "id,deal_name,amount,deal_stage,close_date\n" },
};

static const char first_sync[] =
	"  {\n"
	"    name = \"" DEMO_SYNC "\";\n"
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
	"        otherwise = \"その他\"; },\n"
	"      { from = \"member_no\";                to = \"会員番号\"; },\n"
	"      { from = \"country\";                  to = \"国\"; }\n"
	"    );\n"
	"  }";

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
	FD_AUTO fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	return fd >= 0 && io_write_all(fd, text.ptr, text.len);
}

static void
add_connection(const struct demo *d, struct buf *config, size_t i)
{
	buf_addf(config,
	         "  %s: {\n"
	         "    connector = \"%s\";\n"
	         "    host      = \"http://127.0.0.1:%u\";\n"
	         "    %-9s = \"file:%s/%s.token\";\n"
	         "    %s\n"
	         "  };\n",
	         crms[i].name, crms[i].name, simulator_port(&d->simulator, crms[i].name),
	         crms[i].secret, d->dir, crms[i].name, crms[i].more);
}

static bool
write_config(const struct demo *d, const char *more, struct rk_err *err)
{
	BUF_AUTO config = BUF_INIT(1u << 20);
	buf_adds(&config, "# Made by renkei demo.  Secrets stand in files beside it.\n"
	                  "connections: {\n");
	for (size_t i = 0; i < CRMS; i++)
		add_connection(d, &config, i);
	buf_addf(&config, "  file: { connector = \"file\"; directory = \"%s/files\"; };\n"
	         "};\nconsole: { listen = \"127.0.0.1:0\"; };\nsyncs = (\n%s%s\n);\n", d->dir, first_sync, more);
	bool written = write_file(d, "renkei.conf", buf_text(&config));
	for (size_t i = 0; written && i < CRMS; i++) {
		char name[64], secret[64];
		snprintf(name, sizeof name, "%s.token", crms[i].name);
		snprintf(secret, sizeof secret, "sim-%s-token\n", crms[i].name);
		written = write_file(d, name, text_of(secret));
	}
	if (!written)
		err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "cannot write to %s", d->dir);
	return written;
}

static bool
make_files(const struct demo *d, struct rk_err *err)
{
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char path[PATH_MAX + 32];
		snprintf(path, sizeof path, "%s/%s", d->dir, files[i].name);
		bool made = files[i].columns != NULL
		            ? write_file(d, files[i].name, text_of(files[i].columns))
		            : mkdir(path, 0700) == 0;
		if (!made) {
			err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "cannot make %s", path);
			return false;
		}
	}
	return true;
}

static bool
make_folder(struct demo *d, struct rk_err *err)
{
	const char *tmp = getenv("TMPDIR");
	snprintf(d->dir, sizeof d->dir, "%s/renkei-demo-XXXXXX",
	         tmp != NULL && tmp[0] == '/' ? tmp : "/tmp");
	if (mkdtemp(d->dir) != NULL)
		return make_files(d, err) && write_config(d, "", err);
	err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "cannot make %s", d->dir);
	d->dir[0] = '\0';
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

static bool
goes_on(const struct demo *d)
{
	return !interrupted && !d->wrong;
}

/* ---- Beginning and end ------------------------------------------------- */

static void
tell_address(struct demo *d)
{
	struct app *app = d->app;
	const char *addresses[CRMS];
	for (size_t i = 0; i < CRMS; i++) {
		const char *name = crms[i].name;
		addresses[i] = arena_printf(&app->arena, "http://127.0.0.1:%u",
		                            simulator_port(&d->simulator, name)).ptr;
		out_json_str(&app->out, name, addresses[i]);
	}
	out_line(&app->out,
	         app_sayf(app, W_DEMO_INTRO, addresses[0], addresses[1], NULL));
	out_flush(&app->out);
}

static void
tell_next(struct demo *d)
{
	static const char *const commands_to_try[] = {
		"status", "errors show " DEMO_LEFT, "plan " DEMO_SYNC, "sync " DEMO_SYNC,
		"map sansan/persons hubspot/contacts",
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
	demo_live_end(d);
	if (d->app->loaded)
		end_net(d->app);
	simulator_stop(&d->simulator);
	if (d->dir[0] != '\0')
		nftw(d->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

bool
demo_configure(struct demo *d, const char *more, struct rk_err *err)
{
	struct app *app = d->app;
	if (!write_config(d, more, err))
		return false;
	world_close(&app->world);
	config_free(&app->config);
	problems_free(&app->problems);
	d->wrong = !app_load(app) || d->wrong;
	return true;
}

static bool
play(struct demo *d, struct rk_err *err)
{
	const char *names[CRMS + 1] = { NULL };
	struct app *app = d->app;
	for (size_t i = 0; i < CRMS; i++)
		names[i] = crms[i].name;
	if (!simulator_start(&d->simulator, names, err) || !make_folder(d, err))
		return false;
	tell_address(d);
	app->config_path = arena_printf(&app->arena, "%s/renkei.conf", d->dir).ptr;
	app->state_dir = arena_printf(&app->arena, "%s/state", d->dir).ptr;
	if (!app_load(app)) {
		d->wrong = true;
		return true;
	}
	out_list(&app->out, "runs");
	bool played = demo_play(d, goes_on, err);
	out_list_end(&app->out);
	played = played && demo_play_pairs(d, goes_on, err);
	if (!played || !goes_on(d))
		return played;
	d->done = true;
	if (!app->once && !demo_live(d, goes_on, err))
		return false;
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
	return d.wrong || (interrupted && !d.done) ? EXIT_FAILED : code;
}
