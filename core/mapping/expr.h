/* SPDX-License-Identifier: Apache-2.0
 *
 * expr.h - the `from` of a map:
 *
 *     email                                 a field, with its own type
 *     phone | digits                        a field through transforms
 *     ${lastname} ${firstname | trim}       a template: text
 *     ${zip} ${city} | trim                 transforms of the whole template
 *     'web'                                 a fixed text
 *
 * In a template "||" is a bar and "$$" a dollar. */
#ifndef MAPPING_EXPR_H
#define MAPPING_EXPR_H

#include "mapping/transform.h"

#define EXPR_BYTES_MAX 8192
#define EXPR_PARTS_MAX 64              /* Fields of a template. */
#define EXPR_TRANSFORMS_MAX 16         /* One behind the other. */

/* Transforms one behind the other. */
struct expr_chain {
	struct transform *list;
	size_t count;
};

struct expr_part {
	struct rk_text before;             /* The literal before the field. */
	int slot;                          /* SLOT_NONE: a literal alone. */
	struct expr_chain chain;
	uint32_t type;                     /* Behind the transforms. */
};

struct expr {
	struct expr_part *parts;
	size_t part_count;
	bool template;                     /* The parts make one text. */
	struct expr_chain chain;           /* Of the whole. */
	uint32_t type;                     /* Of what comes out. */
	const struct rk_field *field;      /* Whose values come out unchanged. */
};

/* Compiles 'text'; false with every mistake complained of. */
bool expr_compile(struct expr *e, const char *text, struct inputs *in,
                  struct complaint *c);
/* The value for one record.  A template is null when all its fields are null or
 * empty; what is null among others is written as nothing.  A part that was not
 * told makes the whole absent. */
bool expr_run(const struct expr *e, const struct scene *s, struct rk_value *out);

#endif
