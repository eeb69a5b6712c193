/* SPDX-License-Identifier: Apache-2.0
 *
 * certify.h - the conformance suite of connectors: one engine for vendors and for the
 * bundled ones.  It reads the file, then calls the connector in its sandbox as a run
 * does, stands itself in the place of renkei-net, and lets a CRM (crm.h) answer, with
 * faults between.  Cases are rows of tables, in eight groups:
 *
 *     file, contract, auth, describe, list, write, fault, pure
 *
 * It names the guarantee class that the writes have proved beside the one that the
 * manifest claims.  Called by `renkei vendor certify`. */
#ifndef CERTIFY_CERTIFY_H
#define CERTIFY_CERTIFY_H

#include "certify/scenario.h"

enum certify_state {
	CERTIFY_PASSED,
	CERTIFY_FAILED,
	CERTIFY_ADVICE,                /* Not as it should be; costs no certificate. */
	CERTIFY_SKIPPED,               /* It does not concern this connector. */
};

struct certify_result {
	const char *name;              /* "list.ties" */
	const char *what, *what_ja;    /* What must hold. */
	enum certify_state state;
	const char *why;               /* Of what did not pass. */
};

struct certify_report {
	struct arena arena;            /* owned */
	const char *connector, *version, *object;
	struct certify_result *results;
	size_t count;
	size_t of[CERTIFY_SKIPPED + 1];
	int claimed, proved;           /* 1 to 4: E1 ... E4; 0: nothing is written */
	uint64_t calls, requests;      /* What it took. */
};

struct certify_options {
	const char *so_path;           /* Absolute. */
	const char *page;              /* Its help page, NAME.md; NULL: there is none. */
	const struct scenario *scenario;
	struct crm *crm;               /* borrowed */
	const char *only;              /* Cases whose names it fits, "list.*"; NULL: all. */
};

/* False: nothing could be certified, and 'err' says why; else the report tells. */
bool certify(const struct certify_options *options, struct certify_report *report,
             struct rk_err *err);
void certify_free(struct certify_report *report);

#endif
