/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_sync.c - renkei sync: runs one sync or all, now, and prints a line a run. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "cli/command.h"
#include "sync/run.h"

static void
print_line(const struct sync_report *r, const char *name)
{
	const struct sync_counts *c = &r->counts;
	printf("%s: read=%" PRId64 " created=%" PRId64 " updated=%" PRId64 " unchanged=%" PRId64
	       " excluded=%" PRId64 " waiting=%" PRId64 " failed=%" PRId64 " carried=%" PRId64
	       " source_calls=%" PRId64 " target_calls=%" PRId64 " writes=%" PRId64
	       " seconds=%.2f\n", name, c->read, c->created, c->updated, c->unchanged,
	       c->excluded, c->waiting, c->failed, c->carried, c->source_calls, c->target_calls,
	       c->writes, (double)(r->ended_ms - r->started_ms) / 1000);
	if (r->err.category != RK_CAT_NONE)
		fprintf(stderr, "%s: %s (%s)\n", r->side != NULL ? r->side : name, r->err.message,
		        err_category_name(r->err.category));
}

int
cmd_sync(struct app *app, int argc, char **argv)
{
	if (!app_load(app))
		return EXIT_USAGE;
	int code = EXIT_DONE;
	for (int i = 1; i < argc; i++) {
		const struct config_sync *sync = config_sync(&app->config, argv[i]);
		if (sync == NULL) {
			fprintf(stderr, "there is no sync \"%s\"\n", argv[i]);
			return EXIT_USAGE;
		}
		struct sync_options options = { .mode = SYNC_RUN };
		struct sync_report report;
		struct problems problems = PROBLEMS_INIT;
		sync_run(&app->world, sync, &options, &problems, &report);
		BUF_AUTO text = BUF_INIT(1024 * 1024);
		problems_print(&problems, &text);
		fputs(buf_str(&text), stderr);
		print_line(&report, sync->name);
		if (report.exit_code != 0)
			code = report.exit_code;
		problems_free(&problems);
	}
	return code;
}
