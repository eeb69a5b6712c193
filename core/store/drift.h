/* SPDX-License-Identifier: Apache-2.0
 *
 * drift.h - what a sync last knew of the fields that it uses, and how they changed since.
 * The tables are made when the first description is kept. */
#ifndef STORE_DRIFT_H
#define STORE_DRIFT_H

#include "store/store.h"

#define STORE_DRIFT_KEPT 200
/* That one look finds. */
#define DRIFT_CHANGES_MAX 100

/* Kept as numbers: added to, never changed. */
enum drift_gravity { DRIFT_OK, DRIFT_MAY_FAIL, DRIFT_WILL_FAIL, DRIFT_GRAVITIES };

struct drift {
	int64_t at_ms;
	enum drift_gravity gravity;
	struct rk_text connection, object, field;
	struct rk_text what;           /* In words: "field X is gone". */
	struct rk_text lines;          /* Of the mapping: "renkei.conf:12, :14"; or empty. */
	struct rk_text advice;         /* What could stand there instead; or empty. */
	int64_t waiting;               /* Records that wait with this field. */
	bool target;                   /* Of which side the field is. */
	int64_t rule;                  /* Digest of these lines as they were. */
	int64_t refused;               /* Of the fields that runs are refused for; 0: they went on. */
};

/* The fields of a side ("from", "to") as encoded by schema.h; found: body->len is not 0. */
bool store_fields_get(struct store *s, const char *side, struct arena *arena,
                      struct rk_text *body, struct rk_err *err);
/* Both in a transaction. */
bool store_fields_put(struct store *s, const char *side, struct rk_text body,
                      struct rk_err *err);
bool store_drift_put(struct store *s, const struct drift *drift, struct rk_err *err);
/* The newest first, at most 'most'. */
bool store_drift_list(struct store *s, size_t most, struct arena *arena,
                      struct drift **list, size_t *count, struct rk_err *err);
/* How many rows of pending failed at this field. */
bool store_pending_at_field(struct store *s, struct rk_text field, int64_t *count,
                            struct rk_err *err);

#endif
