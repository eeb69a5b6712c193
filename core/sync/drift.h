/* SPDX-License-Identifier: Apache-2.0
 *
 * drift.h - two descriptions of the fields that a sync uses, and what changed between
 * them.  drift.c looks in a run, renkei check between two of them. */
#ifndef SYNC_DRIFT_H
#define SYNC_DRIFT_H

#include <renkei/connector.h>

#include "base/buf.h"
#include "config/config.h"
#include "store/drift.h"

/* With the side: the digest of the fields that runs are refused for, so that each is told
 * once; 0: of none. */
#define STORE_DRIFT_REFUSED "drift.refused."
/* Of an encoded description. */
#define DRIFT_FIELDS_MAX (64u * 1024 * 1024)

struct drift_look {
	const struct config_sync *sync;
	const struct config_side *side;
	bool target;
	const struct rk_schema *now;
	struct store *store;           /* For how many records wait. */
	struct arena *arena;           /* The list's. */
	int64_t at_ms;
	struct drift *list;            /* What changed; NULL before drift_compare. */
	size_t count;
	enum drift_gravity worst;
};

/* The description as far as the sync uses it. */
void drift_encode(const struct drift_look *l, struct buf *out);
/* Lists what changed since the encoded description 'before'; empty: nothing. */
void drift_compare(struct drift_look *l, struct rk_text before);

/* drift_lines.c: whether a line of the mapping, the key or the filter uses a field. */
bool drift_uses(const struct drift_look *l, struct rk_text field);
/* Those lines, as "renkei.conf:12, renkei.conf:14". */
struct rk_text drift_lines(const struct drift_look *l, struct rk_text field);
/* What these lines say, as a digest: another one when somebody changed them. */
int64_t drift_rule(const struct config_sync *sync, bool target, struct rk_text field);
/* What the mapping makes of an option: the pair of a value map that names it; or it goes
 * as it is, NULL, and 'passes'. */
const struct config_pair *drift_pair(const struct drift_look *l, struct rk_text field,
                                     struct rk_text value, bool *passes, bool *otherwise);

#endif
