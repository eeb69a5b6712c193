/* SPDX-License-Identifier: Apache-2.0
 *
 * command.h - one row a command; help and manual print from the same table.
 * Each command stands in a file of its own, cmd_NAME.c. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/app.h"

struct command {
	const char *name, *arguments;
	int (*run)(struct app *app, int argc, char **argv);  /* argv[0] is the name. */
	const char *help, *help_ja;    /* One line. */
};

extern const struct command commands[];        /* Ends with a NULL name. */

int cmd_sync(struct app *app, int argc, char **argv);

#endif
