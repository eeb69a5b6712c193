/* SPDX-License-Identifier: Apache-2.0
 *
 * compiled.h - a mapping made ready, as compile.c leaves it and apply.c and
 * key.c use it.  Nobody else looks inside. */
#ifndef MAPPING_COMPILED_H
#define MAPPING_COMPILED_H

#include "mapping/expr.h"
#include "mapping/filter.h"
#include "mapping/inputs.h"
#include "mapping/mapping.h"
#include "mapping/target.h"

/* One pair of a value map: the source's text, the target's value. */
struct line_pair {
	struct rk_text from;
	struct rk_value to;
};

/* One map. */
struct line {
	struct expr expr;
	struct target target;
	bool is_key;
	bool is_plain;                     /* Text to text as it stands: no detours. */
	bool has_values;                   /* A value map instead of a conversion. */
	struct line_pair *pairs;           /* Sorted by text. */
	size_t pair_count;
	bool has_otherwise;
	struct rk_value otherwise;
	enum config_nulls nulls;
	struct rk_value fallback;          /* NULLS_DEFAULT */
};

struct mapping {
	struct arena arena;                /* owned; all else here is its */
	struct inputs inputs;
	const struct filter *filter;       /* NULL: every record is kept. */
	struct line *lines;                /* One for each target field. */
	struct rk_field *targets;
	size_t line_count;
	size_t key_slot;
	unsigned char revision[16];
};

#endif
