/* SPDX-License-Identifier: Apache-2.0
 *
 * inputs.h - the source's side: names to slots at compile time, slots to
 * values while records flow.  For expressions and filters. */
#ifndef MAPPING_INPUTS_H
#define MAPPING_INPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include <renkei/connector.h>

#include "base/arena.h"
#include "mapping/complaint.h"
#include "mapping/mapping.h"

/* Slots that are no field: every record has them. */
#define SLOT_NONE     (-1)
#define SLOT_ID       (-2)             /* "$id", text */
#define SLOT_MODIFIED (-3)             /* "$modified", datetime */

struct inputs {
	const struct rk_schema *schema;    /* borrowed */
	struct rk_field *used; /* In the order of slots; owned by the arena. */
	size_t used_count;
	int *slots;                        /* One for each field of the schema. */
	const struct rk_field **by_name;   /* Sorted. */
};

void inputs_init(struct inputs *in, const struct rk_schema *schema, struct arena *arena);
/* The slot of a name, which is then used; SLOT_NONE if no field has it. */
int inputs_slot(struct inputs *in, struct rk_text name);
/* The same for a name that must be there and be readable: NULL with the
 * complaint made if it is not. */
const struct rk_field *inputs_require(struct inputs *in, struct rk_text name,
                                      struct arena *arena, struct complaint *c,
                                      int *slot);
const struct rk_field *inputs_field(const struct inputs *in, int slot);

/* The value of a slot as it came; 'room' holds the values that are no field. */
const struct rk_value *inputs_peek(const struct rk_record *record, int slot,
                                   struct rk_value *room);
/* The value of a slot; false with 'fault' filled if it is not of the type that
 * the source described. */
bool inputs_value(const struct inputs *in, const struct rk_record *record, int slot,
                  struct arena *arena, struct rk_value *out, struct mapping_fault *fault);
/* Whether a value is of the described type, content too. */
bool inputs_sound(const struct rk_field *field, const struct rk_value *value);

/* The field of 'fields' whose name is nearest, or whose label it is; empty:
 * none is near. */
struct rk_text inputs_nearest(const struct rk_field *fields, size_t count,
                              struct rk_text name, struct arena *arena);

#endif
