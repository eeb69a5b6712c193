/* SPDX-License-Identifier: Apache-2.0
 *
 * compare_look.h - what compare.c asks of single records: what each should be at the
 * target, what it is there, and what that makes of it. */
#ifndef SYNC_COMPARE_LOOK_H
#define SYNC_COMPARE_LOOK_H

#include "sync/state.h"

enum verdict_of_pair { PAIR_EQUAL, PAIR_EXCLUDED, PAIR_GONE, PAIR_WAITING, PAIR_MISSING,
                       PAIR_DIFFERENT };

/* A record of the source, and what the target has for it. */
struct pair {
	const struct rk_record *record;
	struct hash from_hash;
	struct rk_value *row;          /* NULL: it cannot be mapped. */
	struct rk_text key;
	struct link link;              /* to_id empty: not linked. */
	const struct rk_record *there; /* NULL: the target has none. */
	struct rk_text to_id;          /* As linked or found; or empty. */
	bool by_key;
	bool held;                     /* Not to be repaired: a person must look. */
	enum verdict_of_pair verdict;
	const char *reason;            /* Or NULL. */
};

/* Fills a pair for each record and judges it; all in the arena.  'waits' has those ids
 * that stand in the journal.  False: a side or the store failed. */
bool look_at_pairs(struct run *run, const struct set *waits,
                   const struct rk_record *records, size_t count, struct arena *arena,
                   struct pair *pairs);
/* Asks a side until it answers, or gives up.  Of a listing 'token' is that which was asked
 * with; RK_RESYNC then is *dead, and the page is empty. */
bool look_ask(struct run *run, struct caller *caller, const char *object,
              const struct rk_query *query, const struct rk_text *token, bool *dead,
              struct arena *arena, struct rk_page *page);
/* Records of a side by id, in one call; 'fields' as wanted. */
bool look_by_ids(struct run *run, struct caller *caller, const char *object,
                 const struct rk_field *fields, size_t field_count,
                 const struct rk_text *ids, size_t count, struct arena *arena,
                 struct rk_page *page);
/* Whether a field of a pair with 'row' and 'there' agrees. */
bool look_agrees(const struct run *run, const struct pair *pair, size_t field);

#endif
