/* SPDX-License-Identifier: Apache-2.0
 *
 * vendor.h - what the files of `renkei vendor` share. */
#ifndef CLI_VENDOR_H
#define CLI_VENDOR_H

#include "certify/certify.h"
#include "cli/app.h"
#include "cli/simulator.h"

/* A bundled simulator in the place of a scenario's CRM. */
struct vendor_simulator {
	struct crm crm;                /* First: found by it. */
	struct simulator simulator;    /* owned */
	struct scenario *scenario;     /* borrowed */
	int64_t edits;
};

/* Starts it, fills it with records, and puts its address and token in the place of
 * ${simulator} and ${token} in the scenario's settings. */
bool vendor_simulator_start(struct vendor_simulator *v, struct scenario *scenario,
                            struct rk_err *err);
void vendor_simulator_stop(struct vendor_simulator *v);

/* A directory in the place of a scenario's CRM. */
struct vendor_files {
	struct crm crm;                /* First: found by it. */
	struct scenario *scenario;     /* borrowed */
	char dir[256];
	cJSON *kept;                   /* owned: what the last look found */
	int64_t edits;
};

/* Makes it, fills it with records, and puts its path in the place of ${simulator}. */
bool vendor_files_start(struct vendor_files *v, struct scenario *scenario,
                        struct rk_err *err);
void vendor_files_stop(struct vendor_files *v);

/* renkei vendor new NAME [DIR]; returns the exit code. */
int vendor_new(struct app *app, const char *name, const char *dir);

#endif
