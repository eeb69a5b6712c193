/* SPDX-License-Identifier: Apache-2.0
 *
 * asked.h - conflict = "ask": a field that both sides changed is a question to a person,
 * one row of table `conflict` while it stands, and neither side is written in it.  What
 * was decided goes the way of every write: the record is due, is read and merged anew, and
 * the decision holds only if both sides have the very values that were decided about.
 *
 *     begin -> ( load -> ( decide -> ( full )? )* -> settle* )* , gone
 *
 * All but the first in a transaction. */
#ifndef SYNC_ASKED_H
#define SYNC_ASKED_H

#include "sync/both.h"

/* How many questions there are. */
bool asked_begin(struct run *run);
/* Whether there is one about the record that this way reads; its link is known. */
bool asked_about(struct run *run, struct rk_text front_id, bool *there);
/* Those about the item's record. */
bool asked_load(struct run *run, struct item *item);
/* Both sides changed this field: MERGE_CONFLICT until a person has decided. */
enum merge asked_decide(struct run *run, struct item *item, size_t f);
/* Whether more questions are about to be put than one can keep. */
bool asked_full(struct run *run, const struct item *item, struct mapping_fault *fault);
/* Who decided this field; empty: nobody was asked, or nobody has. */
struct rk_text asked_by(const struct run *run, const struct item *item, size_t f);
/* The item ends: its questions are put, put anew, or done with. */
bool asked_settle(struct run *run, struct item *item);
/* A record of this way's source is deleted: so are the questions about it. */
bool asked_gone(struct run *run, struct rk_text id);

#endif
