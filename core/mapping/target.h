/* SPDX-License-Identifier: Apache-2.0
 *
 * target.h - one field of the target, made ready: what its description allows
 * is indexed and parsed once, and each value is held against it. */
#ifndef MAPPING_TARGET_H
#define MAPPING_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include <renkei/connector.h>

#include "mapping/complaint.h"
#include "mapping/decimal.h"

/* A text and the value it stands for: of a value map, or an option's. */
struct pair {
	struct rk_text from;
	struct rk_value to;
};

void pairs_sort(struct pair *pairs, size_t count);
/* The pair of a text among sorted ones, or NULL. */
const struct pair *pairs_find(const struct pair *pairs, size_t count,
                              struct rk_text from);

struct target {
	const struct rk_field *field;      /* borrowed */
	struct pair *options;              /* Sorted; by value, or by unique label. */
	size_t option_count;
	bool has_min, has_max;
	struct decimal min, max;
	struct target *columns;            /* RK_TABLE: one for each column. */
	int *column_from;                  /* The source's column, or -1. */
};

void target_init(struct target *t, const struct rk_field *field, struct arena *arena);
/* The value of the option that a text names: its value, or its label where no
 * other option has that as value or label.  False: there is none such.  A field
 * that lists no options takes every text. */
bool target_option(const struct target *t, struct rk_text text, struct rk_text *value);
/* Its first options, for messages: "A", "B", "C" and 12 more. */
struct rk_text target_list_options(const struct target *t, struct arena *arena);
/* Lengths, digits and range; false with the fault filled.  Nothing is ever cut
 * or rounded to make it fit. */
bool target_fits(const struct target *t, const struct scene *s,
                 const struct rk_value *value);

#endif
