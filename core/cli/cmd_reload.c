/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_reload.c - renkei reload: the running daemon reads the configuration anew. */
#include "base/err.h"
#include "cli/command.h"
#include "schedule/control.h"

int
cmd_reload(struct app *app, int argc, char **argv)
{
	(void)argc;
	int code = EXIT_FAILED;
	struct rk_err err = ERR_INIT;
	const char *const question[] = { argv[0] };
	BUF_AUTO answer = BUF_INIT(CONTROL_ANSWER_MAX);
	app->acts = true;
	/* What is wrong with it is told here; the daemon decides for itself. */
	if (!app_load(app))
		return EXIT_USAGE;
	if (!control_ask(app->state_dir, app_user(app), question, 1, &answer, &code, &err))
		return app_error(app, RK_PAUSE, &err, NULL);
	bool taken = code == EXIT_DONE;
	out_json_str(&app->out, "daemon", taken ? "taken" : "kept");
	out_json_number(&app->out, "mistakes", (int64_t)app->problems.count);
	out_line(&app->out, app_say(app, !taken ? W_NOT_RELOADED
	                            : app->problems.count > 0 ? W_RELOADED_IN_PART
	                            : W_RELOADED));
	return taken && app->problems.count > 0 ? EXIT_USAGE : code;
}
