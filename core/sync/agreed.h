/* SPDX-License-Identifier: Apache-2.0
 *
 * agreed.h - what both sides of a two-way link agreed on last, field by field, as values
 * and as a row of the store; and what a write on its way is about to bring (intent.c).
 * Lists of values are for asked.c and intent.c, too; the rest is both.c's. */
#ifndef SYNC_AGREED_H
#define SYNC_AGREED_H

#include "sync/both.h"

static inline bool
both_is_back(const struct run *run)
{
	return run->sync->is_back;
}

static inline struct rk_text *
agreed_mine_version(struct run *run, struct base *base)
{
	return both_is_back(run) ? &base->to_version : &base->from_version;
}

static inline struct rk_text *
agreed_their_version(struct run *run, struct base *base)
{
	return both_is_back(run) ? &base->from_version : &base->to_version;
}

/* NULL: it was not known then.  Lists stand in the order of the fields, as a rule. */
const struct base_value *agreed_find(const struct base_list *list, struct rk_text name,
                                     size_t near);
void agreed_encode(struct buf *out, const struct base_list *list);
bool agreed_decode(struct rk_text bytes, struct arena *arena, struct base_list *list);
/* The base of this link goes to 'b'; none: b->base.from_id is empty. */
bool agreed_load(struct run *run, struct rk_text source_id, struct rk_text target_id,
                 struct arena *arena, struct both_item *b);
bool agreed_put(struct run *run, struct base *base, const struct base_list *mine,
                const struct base_list *theirs);
/* What both sides agree on now that the item ended well; fields that are left to the other
 * way or to a person keep their base. */
bool agreed_settle(struct run *run, const struct item *item, struct base *base,
                   const struct rk_outcome *outcome);

/* intent.c.  A look shows what the target has, and nothing of ours is on its way to it:
 * of a write whose outcome was not known, the fields that landed are agreed on now. */
bool intent_adopt(struct run *run, struct item *item);
/* Its outcome is known. */
bool intent_drop(struct run *run, const struct item *item);

#endif
