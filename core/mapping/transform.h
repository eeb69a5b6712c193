/* SPDX-License-Identifier: Apache-2.0
 *
 * transform.h - what may stand behind a `|` in an expression.  One table says
 * name, argument, types, what it does; checks, running and help all use it. */
#ifndef MAPPING_TRANSFORM_H
#define MAPPING_TRANSFORM_H

#include "mapping/inputs.h"

#define TRANSFORM_FIELDS_MAX 10        /* Arguments of `first(...)`. */

/* One transform as it stands in an expression, made ready. */
struct transform {
	const struct transform_kind *kind;
	struct rk_text args[TRANSFORM_FIELDS_MAX]; /* As written; end with a NUL. */
	int slots[TRANSFORM_FIELDS_MAX];   /* first: of the fields. */
	size_t arg_count;
	const struct japanese_kind *japanese; /* Those with words ... */
	unsigned word;                     /* ... and which of them. */
	bool strict;                       /* What is not understood is an error. */
};

/* Makes the transform 'name', whose arguments are set, ready for values of
 * '*type' and sets '*type' to what comes out; false with the complaint made. */
bool transform_compile(struct transform *t, struct rk_text name, uint32_t *type,
                       struct inputs *in, struct complaint *c);

/* Changes 'value' in place; null and absent pass through all but `first`. */
bool transform_run(const struct transform *t, const struct scene *s,
                   struct rk_value *value);

/* Adds one line a transform: name, argument, what it does. */
void transform_print_help(struct buf *out, bool ja);

#endif
