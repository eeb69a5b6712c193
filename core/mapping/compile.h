/* SPDX-License-Identifier: Apache-2.0
 *
 * compile.h - what compile.c and its two helpers share: compile_values.c for
 * what stands fixed in the configuration, compile_key.c for the key and for
 * what the target asks of a new record. */
#ifndef MAPPING_COMPILE_H
#define MAPPING_COMPILE_H

#include "mapping/compiled.h"
#include "mapping/complaint.h"

/* What all steps of compiling one sync need. */
struct work {
	struct mapping *m;
	const struct config_sync *sync;
	const struct rk_schema *target;    /* NULL: only reading. */
	struct problems *problems;
	unsigned mistakes;
};

struct complaint compile_complaint(const struct work *w, struct place at,
                                   const char *what);
const struct rk_field *compile_find_target(const struct rk_schema *target,
                                           struct rk_text name);

/* Turns a text of the configuration into a value of the target's field; an
 * empty one into null, but for texts.  'where' names the setting. */
bool compile_constant(struct work *w, const struct target *t, const char *text,
                      const char *where, struct rk_value *out, struct complaint *c);
/* The value map of a line. */
bool compile_values(struct work *w, const struct config_map *map, struct line *line,
                    struct complaint *c);
/* The type of one value that the line writes: a list goes down a column of a
 * table item by item. */
uint32_t compile_cell_type(const struct line *line);

void compile_key(struct work *w);
/* Warns of fields that the target requires and no map fills. */
void compile_required(struct work *w);

#endif
