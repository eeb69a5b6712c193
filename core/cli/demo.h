/* SPDX-License-Identifier: Apache-2.0
 *
 * demo.h - what the parts of renkei demo share. */
#ifndef CLI_DEMO_H
#define CLI_DEMO_H

#include <limits.h>

#include "cli/app.h"
#include "cli/simulator.h"
#include "sync/run.h"

#define DEMO_SYNC "contacts"
/* The contact whose error stays to the end. */
#define DEMO_LEFT "503"

struct demo {
	struct app *app;
	struct simulator simulator;
	char dir[PATH_MAX];
	int run;
	bool wrong;                    /* A figure was another than the one promised. */
	bool done;                     /* All was run. */
	pid_t daemon;                  /* 0: none runs. */
};

/* Done at the control path of a simulator. */
struct deed {
	const char *crm, *path, *body;
};

/* A figure of a run: exactly this, or at most. */
struct figure {
	const char *name;
	size_t at;                     /* in struct sync_counts */
	int64_t want;
	bool most;
};

/* cmd_demo.c: writes the configuration anew, with these syncs beside the first. */
bool demo_configure(struct demo *d, const char *more, struct rk_err *err);

/* demo_runs.c: runs as long as 'go_on' says so; false: 'err' says why not. */
bool demo_play(struct demo *d, bool (*go_on)(const struct demo *d), struct rk_err *err);
/* Deeds up to one without a CRM. */
bool demo_do(struct demo *d, const struct deed *deeds, struct rk_err *err);
/* One run between two CRMs (the second NULL: no CRM), whose calls are counted; it must end with 'code' and have
 * these figures. */
bool demo_run(struct demo *d, const char *sync, const char *const crms[2],
              const struct figure *figures, int code, struct sync_report *report,
              struct rk_err *err);

/* demo_pairs.c: the same for other CRMs, by the usual mappings. */
bool demo_play_pairs(struct demo *d, bool (*go_on)(const struct demo *d),
                     struct rk_err *err);

/* demo_live.c: starts daemon and console and tells where it is.  False: 'err' says why
 * not. */
bool demo_live(struct demo *d, bool (*go_on)(const struct demo *d), struct rk_err *err);
void demo_live_end(struct demo *d);

#endif
