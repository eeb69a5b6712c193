/* SPDX-License-Identifier: Apache-2.0
 *
 * demo_live.c - the last of renkei demo: a daemon and its console, on what the runs before
 * have left.  Both end with the demo. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/program.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/demo.h"

#define LOOK_MS 50
#define START_MS 60000
/* A daemon that stops lets its runs settle for so long at most. */
#define STOP_MS 30000
#define LOG_MAX (1u << 20)
#define TOLD_MAX 300u                  /* Of its last words. */

/* "http://127.0.0.1:PORT/#link=KEY" of what the console said so far; NULL: not yet. */
static const char *
link_in(struct app *app, const char *path)
{
	BUF_AUTO said = BUF_INIT(LOG_MAX);
	if (!io_read_file(path, &said))
		return NULL;
	const char *mark = strstr(buf_str(&said), "/#link="), *begin = mark;
	if (mark == NULL || strpbrk(mark, " \n") == NULL)
		return NULL;
	while (begin > buf_str(&said) && begin[-1] != ' ')
		begin--;
	struct rk_text link = { begin, (uint64_t)(strpbrk(mark, " \n") - begin) };
	return arena_text(&app->arena, link).ptr;
}

static bool
start(struct demo *d, const char *path, struct rk_err *err)
{
	const char *config = d->app->config_path, *state = d->app->state_dir;
	const char *argv[] = { "renkei", "-c", config, "--state", state, "daemon", NULL };
	char program[PATH_MAX];
	program_path("renkei", program, sizeof program);
	FD_AUTO to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int failed = to < 0 ? errno : program_spawn(program, argv, environ, -1, to, &d->daemon);
	if (failed == 0)
		return true;
	d->daemon = 0;
	errno = failed;
	err_errno(err, RK_PAUSE, RK_CAT_CONFIG, "cannot start %s", program);
	return false;
}

bool
demo_live(struct demo *d, bool (*go_on)(const struct demo *d), struct rk_err *err)
{
	struct app *app = d->app;
	const char *path = arena_printf(&app->arena, "%s/daemon.log", d->dir).ptr;
	const char *link = NULL;
	if (!start(d, path, err))
		return false;
	for (int ms = 0; link == NULL && ms < START_MS && go_on(d); ms += LOOK_MS) {
		poll(NULL, 0, LOOK_MS);
		link = link_in(app, path);
	}
	if (link == NULL && go_on(d)) {
		BUF_AUTO said = BUF_INIT(LOG_MAX);
		bool read = io_read_file(path, &said);
		size_t from = read && said.len > TOLD_MAX ? said.len - TOLD_MAX : 0;
		err_set(err, RK_PAUSE, RK_CAT_CONFIG, "the console did not start; the daemon "
		        "said: %s", read ? buf_str(&said) + from : "");
		return false;
	}
	if (link != NULL) {
		out_line(&app->out, "");
		out_line(&app->out, app_sayf(app, W_DEMO_CONSOLE, link, NULL));
		out_json_str(&app->out, "console", link);
	}
	return true;
}

void
demo_live_end(struct demo *d)
{
	if (d->daemon == 0)
		return;
	kill(d->daemon, SIGTERM);
	for (int ms = 0; waitpid(d->daemon, NULL, WNOHANG) == 0; ms += LOOK_MS) {
		if (ms == STOP_MS)
			kill(d->daemon, SIGKILL);
		poll(NULL, 0, LOOK_MS);
	}
	d->daemon = 0;
}
