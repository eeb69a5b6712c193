/* SPDX-License-Identifier: Apache-2.0
 *
 * app.h - what every command has: the options that stand before or behind its
 * name, the configuration, the state directory, and where output goes. */
#ifndef CLI_APP_H
#define CLI_APP_H

#include "config/config.h"
#include "connector/session.h"

enum exit_code { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_RECORDS = 3,
                 EXIT_HELD = 4, EXIT_CREDENTIALS = 5 };

struct app {
	const char *config_path;       /* -c */
	const char *state_dir;         /* --state */
	const char *lang;              /* "en" or "ja" */
	bool json, quiet, color;
	struct config config;
	struct problems problems;
	struct world world;
	bool loaded;
};

/* Reads and checks the configuration against the manifests.  Prints what is
 * wrong; false: exit with EXIT_USAGE. */
bool app_load(struct app *app);
void app_free(struct app *app);

#endif
