/* SPDX-License-Identifier: Apache-2.0
 *
 * table.h - tests/faults.txt: the kinds of faults, what makes each, and what a run must
 * say of it.  The file's head tells the columns.  Called by faults.c. */
#ifndef TESTS_FAULTS_TABLE_H
#define TESTS_FAULTS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

enum side { SOURCE, TARGET, SIDES };
/* HubSpot to kintone, and back; Sansan to kintone; and of the others each as target and
 * as source, by HubSpot or kintone; HubSpot to files, files to kintone; HubSpot and kintone
 * in step both ways. */
enum way { CONTACTS_WAY, CUSTOMERS_WAY, CARDS_WAY, PERSONS_WAY, LEADS_WAY, BUYERS_WAY,
           PROSPECTS_WAY, GUESTS_WAY, VISITORS_WAY, EXPORTS_WAY, LOADS_WAY, PAIRS_WAY,
           WAYS };

enum maker { BY_PROXY, BY_SIMULATOR, BY_FRONT, BY_HOST, BY_ROUTE, BY_PAUSE, BY_ROW,
             BY_APP, BY_RENEWAL, BY_ROTATION, BY_DISK, BY_FILE, MAKERS };

struct kind {
	char *name;                    /* owned, as all that follow */
	enum maker maker;
	bool sides[WAYS][SIDES];
	unsigned first_place, places;  /* Of first, middle, last, fresh. */
	unsigned times;                /* How many calls meet it. */
	/* Of "a,b" any; "-": nothing is told; "record:a": of the records that fail. */
	char *category;
	int exit_code;
	char *action, *text;           /* By the proxy; others have it all in 'text'. */
	long number;
	char *words;                   /* What the run logs besides; NULL: any. */
};

struct table {
	struct kind *kinds;            /* owned */
	size_t count;
};

/* False: told on stderr, with the line. */
bool table_read(struct table *t, const char *path);
/* Different names: a kind may have a line a side. */
size_t table_names(const struct table *t);
void table_free(struct table *t);

#endif
