/* SPDX-License-Identifier: Apache-2.0
 *
 * demo.h - what the parts of renkei demo share. */
#ifndef CLI_DEMO_H
#define CLI_DEMO_H

#include <limits.h>

#include "cli/app.h"
#include "cli/simulator.h"

#define DEMO_SYNC "contacts"
#define DEMO_RUNS 6
/* The contact whose error stays to the end. */
#define DEMO_LEFT "503"

struct demo {
	struct app *app;
	struct simulator simulator;
	char dir[PATH_MAX];
	int run;
	bool wrong;                    /* A figure was another than the one promised. */
};

/* demo_runs.c: all runs, as long as 'go_on' says so; false: 'err' says why not. */
bool demo_play(struct demo *d, bool (*go_on)(const struct demo *d), struct rk_err *err);

#endif
