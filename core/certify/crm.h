/* SPDX-License-Identifier: Apache-2.0
 *
 * crm.h - the CRM that a connector is certified against, as the suite sees it: it
 * answers requests, and it can be looked at from behind.  One is played from a
 * scenario (played.c); another is a bundled simulator (cli/vendor_simulator.c).  Faults
 * are no business of it: kit.c puts them between it and the connector. */
#ifndef CERTIFY_CRM_H
#define CERTIFY_CRM_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "base/arena.h"

struct crm_record {                    /* What really stands. */
	struct rk_text id;
	int64_t modified_ms;
	bool gone;                     /* Deleted or archived. */
	const cJSON *values;           /* By the CRM's own names; texts, mostly. */
};

struct crm {
	/* The last request that the CRM has no such path for, and the first; empty: none. */
	char unknown[256], missed[256];
	/* The memory of an answer is the arena's. */
	void (*answer)(struct crm *crm, const struct rk_request *request,
	               struct arena *arena, struct rk_reply *reply);
	/* All records of the object.  False: it cannot be told. */
	bool (*look)(struct crm *crm, struct arena *arena, struct crm_record **records,
	             size_t *count);
	/* What its scenario names and no request ever had, in words; NULL: nothing. */
	const char *(*unmet)(struct crm *crm, struct arena *arena);
	/* A person takes a value out of a record: it is null from then on. */
	bool (*blank)(struct crm *crm, struct rk_text id, const char *field);
	/* The CRM loses every job that it was given; false: there was none. */
	bool (*forget)(struct crm *crm);
	/* While 'on' no page token is taken any more; how many were refused since. */
	unsigned (*expire)(struct crm *crm, bool on);
	/* A person changes a record, or deletes it; false: there is none.  Both stand for
	 * every CRM; those above may be NULL. */
	bool (*edit)(struct crm *crm, struct rk_text id);
	bool (*remove)(struct crm *crm, struct rk_text id);
};

#endif
