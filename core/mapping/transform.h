/* SPDX-License-Identifier: Apache-2.0
 *
 * transform.h - what may stand behind a `|` in an expression.  One table says
 * name, argument, types, what it does; checks, running and help all use it. */
#ifndef MAPPING_TRANSFORM_H
#define MAPPING_TRANSFORM_H

#include <stdbool.h>
#include <stddef.h>

#include <renkei/connector.h>

#include "base/arena.h"
#include "mapping/complaint.h"
#include "mapping/inputs.h"

#define TRANSFORM_FIELDS_MAX 10        /* Arguments of `first(...)`. */

/* One transform as it stands in an expression, made ready. */
struct transform {
	const struct transform_kind *kind;
	struct rk_text separator;          /* join */
	const char *zone;                  /* date */
	int *slots;                        /* first */
	size_t slot_count;
};

/* Makes the transform 'name' with 'args' ready for values of '*type' and sets
 * '*type' to what comes out; false with the complaint made. */
bool transform_compile(struct transform *t, struct rk_text name,
                       const struct rk_text *args, size_t arg_count, uint32_t *type,
                       struct inputs *in, struct arena *arena, struct complaint *c);

/* What a transform runs on. */
struct transform_scene {
	const struct inputs *inputs;
	const struct rk_record *record;
	struct arena *arena;
	struct mapping_fault *fault;
};

/* Changes 'value' in place; null and absent pass through all but `first`. */
bool transform_run(const struct transform *t, const struct transform_scene *scene,
                   struct rk_value *value);

/* Adds one line a transform: name, argument, what it does. */
void transform_print_help(struct buf *out, const char *lang);

#endif
