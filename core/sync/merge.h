/* SPDX-License-Identifier: Apache-2.0
 *
 * merge.h - what becomes of one field of a two-way link: a three-way merge of what both
 * sides have against what they agreed on last.  Pure: nothing is read or kept here. */
#ifndef SYNC_MERGE_H
#define SYNC_MERGE_H

#include <stdbool.h>

#include <renkei/connector.h>

#include "base/arena.h"

/* As this way sees it: 'mine' is what its source would have the target hold. */
struct merge_field {
	const struct rk_value *mine, *theirs;
	/* The same, when they last agreed; NULL: never yet. */
	const struct rk_value *mine_base, *theirs_base;
	bool one_way;                  /* It does not come back: the source is its master. */
};

enum merge {
	MERGE_SAME,                    /* Both have it: that is agreed from here on. */
	MERGE_QUIET,                   /* They differ as they did when they agreed. */
	MERGE_WRITE,                   /* Ours is sent. */
	MERGE_LEAVE,                   /* Theirs stays; the other way carries it. */
	MERGE_CONFLICT,                /* Both changed it, and not to the same. */
};

enum merge merge_field(const struct merge_field *field, struct arena *arena);
/* Whether two values mean the same: blanks around a text, its Unicode form, its line
 * ends, the order of choices, the zeros of a number and the type that a CRM tells a value
 * in do not count. */
bool merge_same(const struct rk_value *a, const struct rk_value *b, struct arena *arena);

#endif
