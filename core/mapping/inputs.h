/* SPDX-License-Identifier: Apache-2.0
 *
 * inputs.h - the source's side: names to slots at compile time, slots to
 * values while records flow.  For expressions and filters. */
#ifndef MAPPING_INPUTS_H
#define MAPPING_INPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include <renkei/connector.h>

#include "mapping/complaint.h"

/* Slots that are no field: every record has them. */
#define SLOT_NONE     (-1)
#define SLOT_ID       (-2)             /* "$id", text */
#define SLOT_MODIFIED (-3)             /* "$modified", datetime */

struct inputs {
	const struct rk_schema *schema;    /* borrowed */
	struct rk_field *used;             /* In the order of slots; the arena's. */
	size_t used_count;
	struct arena *arena;               /* borrowed */
};

void inputs_init(struct inputs *in, const struct rk_schema *schema, struct arena *arena);
/* The field of a name, whose slot is then used; NULL, with the complaint made,
 * if there is none or it cannot be read. */
const struct rk_field *inputs_require(struct inputs *in, struct rk_text name,
                                      struct complaint *c, int *slot);

/* The value of a slot; false with the fault filled if it is not of the type that
 * the source described. */
bool inputs_value(const struct scene *s, int slot, struct rk_value *out);

/* The field of a name, or NULL.  For the target's description, too. */
const struct rk_field *schema_find(const struct rk_schema *schema, struct rk_text name);
/* ' (did you mean "x"?)' with the name that is nearest, or whose label it is. */
const char *schema_suggest(const struct rk_schema *schema, struct rk_text name,
                           struct arena *arena);

#endif
