/* SPDX-License-Identifier: Apache-2.0
 *
 * main.c - renkei: finds the command and the options all commands share. */
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"

const struct command commands[] = {
	{ "sync", "SYNC... | --all", cmd_sync, "run now, where it is typed", "今すぐ同期する" },
	{ 0 },
};

int
main(int argc, char **argv)
{
	struct app app = { .config_path = "renkei.conf", .state_dir = "state", .lang = "en" };
	signal(SIGPIPE, SIG_IGN);
	if (sodium_init() < 0)
		abort();
	int at = 1;
	for (; at < argc && argv[at][0] == '-'; at++) {
		if (strcmp(argv[at], "-c") == 0 && at + 1 < argc)
			app.config_path = argv[++at];
		else if (strcmp(argv[at], "--state") == 0 && at + 1 < argc)
			app.state_dir = argv[++at];
	}
	for (const struct command *c = commands; at < argc && c->name != NULL; c++) {
		if (strcmp(c->name, argv[at]) != 0)
			continue;
		int code = c->run(&app, argc - at, argv + at);
		app_free(&app);
		return code;
	}
	fputs("usage: renkei [-c FILE] [--state DIR] COMMAND\n", stderr);
	return EXIT_USAGE;
}
