/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_simulate.c - renkei simulate: becomes renkei-simulator.  Without a CRM named,
 * all that are known here are simulated. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/program.h"
#include "base/text.h"
#include "cli/command.h"

static bool
names_crm(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (argv[i][0] != '-' || strcmp(argv[i], "--help") == 0)
			return true;
	return false;
}

int
cmd_simulate(struct app *app, int argc, char **argv)
{
	static const char *const crms[] = { "hubspot", "kintone", "salesforce", "freshsales",
	                                    "sansan", "hotprofile" };
	char path[PATH_MAX];
	program_path("renkei-simulator", path, sizeof path);
	size_t room = (size_t)argc + sizeof crms / sizeof *crms + 1, count = 0;
	char **args = arena_new_array(&app->arena, room, char *);
	args[count++] = arena_str(&app->arena, path);
	for (int i = 1; i < argc; i++)
		args[count++] = argv[i];
	if (!names_crm(argc, argv))
		for (size_t i = 0; i < sizeof crms / sizeof *crms; i++)
			args[count++] = arena_str(&app->arena, crms[i]);
	execv(path, args);
	app_usage(app, app_sayf(app, W_NO_SIMULATOR, path, strerror(errno), NULL));
	return EXIT_FAILED;
}
