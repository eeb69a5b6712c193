/* SPDX-License-Identifier: Apache-2.0
 *
 * target.h - one field of the target, made ready: what its description allows
 * is indexed and parsed once, and each value is held against it. */
#ifndef MAPPING_TARGET_H
#define MAPPING_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include <renkei/connector.h>

#include "base/arena.h"
#include "mapping/decimal.h"
#include "mapping/mapping.h"

/* A text that names an option: its value, or its label where no other option
 * has it as value or label. */
struct target_option {
	struct rk_text text, value;
};

struct target {
	const struct rk_field *field;      /* borrowed */
	struct target_option *options;     /* Sorted by text. */
	size_t option_count;
	bool has_min, has_max;
	struct decimal min, max;
	struct target *columns;            /* RK_TABLE: one for each column. */
	int *column_from;                  /* The source's column, or -1. */
};

void target_init(struct target *t, const struct rk_field *field, struct arena *arena);
/* The value of the option that a text names; false: there is none such.  A
 * field that lists no options takes every text. */
bool target_option(const struct target *t, struct rk_text text, struct rk_text *value);
/* Its first options, for messages: "A", "B", "C" and 12 more. */
struct rk_text target_list_options(const struct target *t, struct arena *arena);
/* Lengths, digits and range; false with 'fault' filled.  Nothing is ever cut
 * or rounded to make it fit. */
bool target_fits(const struct target *t, const struct rk_value *value,
                 struct arena *arena, struct mapping_fault *fault);

#endif
