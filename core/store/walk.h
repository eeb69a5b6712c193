/* SPDX-License-Identifier: Apache-2.0
 *
 * walk.h - a slow walk over all records of a sync, which a kill does not send back to its
 * beginning: where its listing stands, whom it has met, and what whoever walks keeps of
 * it.  It does not move the cursor, and is nobody's link.
 *
 *     get -> ( see | saw | store_link_some | put )* -> end
 *
 * Walks have a kind, "reconcile" for one, and a sync may have several kinds under way.
 * Put, see and end belong in a transaction: of a page either all is kept or nothing.
 * The tables are made by the first walk, and a state that had none costs no more. */
#ifndef STORE_WALK_H
#define STORE_WALK_H

#include "store/store.h"

/* The kind that compare.c walks as. */
#define STORE_RECONCILE "reconcile"

struct walk {
	int64_t part;                  /* The caller's own; 0: none is under way. */
	int64_t began_ms;
	unsigned char revision[16];    /* Of the mapping that it serves. */
	struct rk_text token;          /* Of a listing. */
	int64_t at;                    /* For store_link_some. */
	struct rk_text body;           /* The caller's own. */
};

bool store_walk_get(struct store *s, const char *kind, struct arena *arena,
                    struct walk *walk, struct rk_err *err);
bool store_walk_put(struct store *s, const char *kind, const struct walk *walk,
                    struct rk_err *err);
/* Forgets it, and whom it has met. */
bool store_walk_end(struct store *s, const char *kind, struct rk_err *err);
/* It has met the record of this id. */
bool store_walk_see(struct store *s, const char *kind, struct rk_text id,
                    struct rk_err *err);
bool store_walk_saw(struct store *s, const char *kind, struct rk_text id, bool *saw,
                    struct rk_err *err);

/* The links that come next; begins with *at 0, which moves, and is -1 when all were given.
 * What is put meanwhile may be given twice, and none is left out.  In a transaction. */
bool store_link_some(struct store *s, int64_t *at, struct arena *arena,
                     struct link **links, size_t *count, struct rk_err *err);

/* ---- What walks that compare found ------------------------------------------ */

#define STORE_COMPARED_KEPT 100
#define STORE_FOUND_KEPT 10000         /* Of one walk; the rest is counted only. */

/* What a walk that compares both sides counted. */
struct compared {
	int64_t began_ms, ended_ms;    /* ended_ms 0: it goes on. */
	int64_t equal, missing, different, waiting;
	int64_t extra;                 /* At the target, with nothing at the source. */
	int64_t excluded;              /* By the filter, or without a key. */
	int64_t repaired;              /* Queued, to be written by the next run. */
	int64_t source_calls, target_calls;
	bool whole;                    /* The target was listed too. */
	unsigned char digest[16];      /* Of all it met, in order: two of the same are one list. */
};

/* In hundredths of a percent, and 10000 only if all are: of the records that are to be at
 * the target, how many are there as they should.  -1: there are none. */
int64_t compared_in_step(const struct compared *c);
/* Keeps the result of a walk that came to its end, of all the newest
 * STORE_COMPARED_KEPT, and what that walk alone found.  In a transaction. */
bool store_compared_put(struct store *s, const struct compared *c, struct rk_err *err);
/* The newest first, at most 'most'. */
bool store_compared_list(struct store *s, size_t most, struct arena *arena,
                         struct compared **list, size_t *count, struct rk_err *err);
/* For the body of a walk. */
void compared_encode(struct buf *out, const struct compared *c);
bool compared_decode(struct rk_text body, struct compared *c);

/* A difference, as a person is told it; of a record that differs one for each field. */
struct found {
	struct rk_text verdict;        /* "missing", "different", "extra", "waiting" */
	struct rk_text id, key, to_id; /* Empty: there is none. */
	struct rk_text field, from, to; /* A field that differs, and both values. */
	struct rk_text reason;
};

/* Of the walk that began then.  In a transaction. */
bool store_found_put(struct store *s, int64_t began_ms, const struct found *found,
                     struct rk_err *err);
/* Those of that walk after 'seq', at most 'most'; *seq becomes the last one's. */
bool store_found_list(struct store *s, int64_t began_ms, int64_t *seq, size_t most,
                      struct arena *arena, struct found **list, size_t *count,
                      struct rk_err *err);

/* For store_reset: what was under way is forgotten, and with 'everything' what was found. */
bool walk_reset(struct store *s, bool everything, struct rk_err *err);

#endif
