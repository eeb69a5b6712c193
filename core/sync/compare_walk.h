/* SPDX-License-Identifier: Apache-2.0
 *
 * compare_walk.h - what the walk of compare.c and its parts share.  Nothing here is for
 * others; where something returns false, the run has failed and says why. */
#ifndef SYNC_COMPARE_WALK_H
#define SYNC_COMPARE_WALK_H

#include "sync/compare.h"
#include "sync/compare_look.h"

#define COMPARE_KIND STORE_RECONCILE
/* Whom the walk has met at the target. */
#define COMPARE_KIND_TARGET "reconcile to"

struct compare {
	struct run *run;               /* owned */
	const struct compare_options *options;
	struct compare_report *report;
	struct walk walk;
	struct compared *so_far;       /* report->result */
	struct set waits;              /* owned: ids that stand in the journal */
	struct arena token;            /* owned: where walk.token lies */
	struct arena arena;            /* owned: of the page */
	bool stopped;                  /* It was asked to end, or its time is up. */
	int64_t calls_from[2];         /* What earlier processes made of it. */
};

/* ---- compare.c: its place ---- */

bool compare_fails(struct compare *c);
void compare_set_token(struct compare *c, struct rk_text token);
/* A transaction begins; compare_keep ends it, with the walk's place in it. */
bool compare_change(struct compare *c);
bool compare_keep(struct compare *c);
void compare_next_part(struct compare *c);

/* ---- compare_count.c ---- */

/* Those that the walk has not met: a listing gives a record again that changed on the
 * way. */
bool compare_fresh(struct compare *c, const char *kind, const struct rk_page *page,
                   struct rk_record **records, size_t *count);
/* Judges each, twice where the sides do not agree.  Asks both, changes nothing yet. */
bool compare_judge(struct compare *c, const struct rk_record *records, size_t count,
                  struct pair *pairs);
/* Counts, keeps and repairs them; in a transaction. */
bool compare_count(struct compare *c, const struct pair *pairs, size_t count);
/* One that the target has and the source has not. */
bool compare_extra(struct compare *c, struct rk_text id, struct rk_text to_id,
                   const char *reason);

/* ---- compare_parts.c: a page of each ---- */

bool compare_source(struct compare *c);
bool compare_links(struct compare *c);
bool compare_target(struct compare *c);
/* Whether the target can be listed, and the sync knows what it had before. */
bool compare_lists_target(const struct compare *c);

#endif
