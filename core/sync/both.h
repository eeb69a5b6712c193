/* SPDX-License-Identifier: Apache-2.0
 *
 * both.h - what one way of a two-way sync must know of the other: which records belong
 * together there, what both sides agreed on last, what is open.  merge.h says what becomes
 * of a field; here it is brought to a record, and kept.  Where run->twin is NULL the sync
 * goes one way, and nothing of this is called for. */
#ifndef SYNC_BOTH_H
#define SYNC_BOTH_H

#include "sync/merge.h"
#include "sync/state.h"

/* A field of a record that both sides share, as it was. */
struct base_value {
	struct rk_text name;
	struct rk_value value;
	bool sent;                     /* As we sent it: how it is stored was not told. */
};

struct base_list {
	struct base_value *values;
	size_t count;
};

/* Of an item whose record is linked. */
struct both_item {
	struct base base;              /* from_id empty: none. */
	struct base_list mine, theirs; /* Of this way's source and target. */
	enum merge *merges;            /* For each target field; NULL: not merged. */
	struct rk_value *old;          /* What the target had, where ours is sent. */
	bool *by_rule;                 /* It was a conflict. */
	struct conflict *asked;        /* That a person was asked about. */
	size_t asked_count;
	int64_t looked_mono;           /* When the target was looked at. */
	bool leaves;                   /* The other way has something to carry. */
};

/* Fields in pairs; for each of the target's. */
struct both_field {
	int from_slot;                 /* -1: its source is not one field. */
	bool one_way;
	int rule;                      /* enum config_conflict */
	struct rk_text from_name;
};

/* Once the target's fields are known. */
bool both_begin_target(struct run *run);
/* What a dead run left on the way back is known before anything is written. */
bool both_recover(struct run *run);
/* The record that was read holds what was agreed on: it comes back from a write of ours.
 * In a transaction, as all below. */
bool both_is_echo(struct run *run, const struct rk_record *record, struct link *link,
                  const struct hash *hash, struct arena *arena, bool *echo);
/* Whether the item's record was edited since both sides agreed. */
bool both_is_edited(struct run *run, struct item *item);
/* A link that only the other way has; the base. */
bool both_look_up(struct run *run, struct item *item);
/* What was listed of a linked record only tells that there may be something to do: it is
 * read anew by its id. */
bool both_is_hint(const struct run *run, const struct item *item);
/* Rows that were looked at too long ago are looked at again. */
void both_look_again(struct run *run);
/* Why the record must wait for the other way; NULL: it need not. */
bool both_must_wait(struct run *run, struct item *item, const char **why);
/* What the target has is in item->there: what is sent of the row goes to 'send'.  '*sends':
 * something is left to send.  '*fault' with a category: the record is set aside. */
bool both_merge(struct run *run, struct item *item, struct rk_value *send, bool *sends,
                struct mapping_fault *fault);
/* The item ended well: what both sides agree on now, and what the other way is to do.
 * 'outcome' NULL: nothing was sent. */
bool both_settled(struct run *run, struct item *item, struct rk_text to_id,
                  const struct rk_outcome *outcome);

/* intent.c: what a flight is to bring, kept from before it leaves until it is known what
 * became of it.  Nothing, where run->twin is NULL. */
bool intent_sent(struct run *run, const struct flight *flight);
/* It was sure not written, or has not left at all. */
bool intent_unsent(struct run *run, const struct item *item);
bool intent_grounded(struct run *run, const struct flight *flight);

#endif
