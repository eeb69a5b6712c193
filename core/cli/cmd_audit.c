/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_audit.c - renkei audit: who did what and when; and how a command that changes
 * something is put on that list when it has ended (main.c). */
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "cli/command.h"
#include "store/audit.h"

#define ROWS_SHOWN 20
#define ROWS_MOST 10000
#define ACTION_MAX 1000

/* A list that cannot be written is said, and changes nothing of how it ended. */
void
audit_command(struct app *app, int argc, char **argv, int code)
{
	struct rk_err err = ERR_INIT;
	BUF_AUTO action = BUF_INIT(ACTION_MAX);
	for (int i = 0; i < argc && strlen(argv[i]) + 1 < ACTION_MAX - action.len; i++)
		buf_addf(&action, "%s%s", i > 0 ? " " : "", argv[i]);
	if (app->options_told.len < ACTION_MAX - action.len)
		buf_addt(&action, app->options_told);
	struct audit row = { .at_ms = clock_now_ms(), .code = code, .who = app_user(app),
	                     .action = buf_str(&action) };
	if (app->loaded && !audit_add(world_host(&app->world), &row, &err))
		app_error(app, RK_PAUSE, &err, NULL);
}

int
cmd_audit(struct app *app, int argc, char **argv)
{
	static const struct column columns[] = {
		{ "at", W_AT, 0 }, { "who", W_WHO, 30 }, { "action", W_ACTION, 0 },
		{ "code", W_EXIT_CODE, 0 },
	};
	int64_t most = ROWS_SHOWN;
	size_t count;
	(void)argc;
	(void)argv;
	if (app->limit != NULL && (!text_int64(text_of(app->limit), &most) || most < 1
	                           || most > ROWS_MOST))
		return app_usage(app, app_sayf(app, W_BAD_LIMIT, app->limit, NULL));
	if (!app_load(app))
		return EXIT_USAGE;
	struct table t = { .columns = columns, .arena = &app->arena, .column_count = 4 };
	struct audit *rows = audit_list(world_host(&app->world), (size_t)most, &app->arena,
	                                &count);
	for (size_t i = 0; i < count; i++) {
		struct cell *row = table_row(&t);
		row[0] = cell_time(rows[i].at_ms);
		row[1] = cell_str(rows[i].who);
		row[2] = cell_str(rows[i].action);
		row[3] = cell_number(rows[i].code);
	}
	out_table(&app->out, "actions", &t);
	return EXIT_DONE;
}
