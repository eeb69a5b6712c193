/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_version.c - renkei version. */
#include "base/text.h"
#include "cli/command.h"

int
cmd_version(struct app *app, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	out_line(&app->out, "renkei " PACKAGE_VERSION);
	out_json_str(&app->out, "version", PACKAGE_VERSION);
	out_json_number(&app->out, "abi", RK_ABI);
	return EXIT_DONE;
}
