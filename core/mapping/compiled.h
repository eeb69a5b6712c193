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
	struct target target;              /* The field, or the column of a table. */
	size_t slot;                       /* Of the row. */
	int column;                        /* Of the table in that slot; -1: all of it. */
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

/* A table of the target that is put together from maps to its columns. */
struct line_table {
	const struct rk_field *field;
	size_t slot;
	const struct line **lines;
	size_t line_count;
};

struct mapping {
	struct arena arena;                /* owned; all else here is its */
	struct inputs inputs;
	const struct filter *filter;       /* NULL: every record is kept. */
	struct line *lines;
	size_t line_count;
	struct rk_field *targets;          /* In the order of slots. */
	size_t target_count;
	struct line_table *tables;
	size_t table_count;
	const struct line *key;
	unsigned char revision[16];
};

/* The value of one line for one source value that is not absent: converted, or
 * looked up in the value map; absent where there is nothing. */
bool line_value(const struct line *line, const struct rk_value *in,
                const struct transform_scene *scene, struct rk_value *out);
/* What the line writes when the source has nothing. */
bool line_null(const struct line *line, struct arena *arena, struct rk_value *out,
               struct mapping_fault *fault);
/* False, with the fault, if the target requires a value and there is none. */
bool line_required(const struct line *line, const struct rk_value *value,
                   struct arena *arena, struct mapping_fault *fault);
/* Builds a table from the maps to its columns. */
bool columns_make(const struct line_table *table, const struct transform_scene *scene,
                struct rk_value *out);

#endif
