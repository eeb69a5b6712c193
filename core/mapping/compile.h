/* SPDX-License-Identifier: Apache-2.0
 *
 * compile.h - a mapping made ready: compile.c and its helpers make it
 * (compile_values.c what stands fixed in the configuration, compile_key.c the
 * key), apply.c, columns.c and key.c use it.  Nobody else looks inside. */
#ifndef MAPPING_COMPILE_H
#define MAPPING_COMPILE_H

#include "mapping/expr.h"
#include "mapping/filter.h"
#include "mapping/mapping.h"
#include "mapping/target.h"

/* One map. */
struct line {
	struct expr expr;
	struct target target;              /* The field, or the column of a table. */
	size_t slot;                       /* Of the row. */
	int column;                        /* Of the table in that slot; -1: all of it. */
	bool opens_table;                  /* The first map to a column of that slot. */
	bool is_key;
	bool has_values;                   /* A value map instead of a conversion. */
	struct pair *pairs;                /* Sorted by text. */
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
	struct line *lines;
	size_t line_count;
	struct rk_field *targets;          /* In the order of slots. */
	size_t target_count;
	bool *only_blanks;                 /* Of each slot. */
	unsigned char (*marks)[16];        /* Of each slot: what its maps say. */
	bool has_blanks;                   /* Of one at least. */
	const struct line **keys;          /* The key, then those to fall back on. */
	size_t key_count;
	struct mapping_reference *references;
	size_t reference_count;
	const struct rk_field *flag;       /* borrowed; NULL: none. */
	struct rk_value flag_value;
	unsigned char revision[16];
};

/* What all steps of compiling one sync need. */
struct work {
	struct mapping *m;
	const struct config_sync *sync;
	const struct rk_schema *target;    /* NULL: only reading. */
	struct problems *problems;
	unsigned mistakes;
};

struct complaint compile_complaint(struct work *w, struct place at, const char *what);
/* The value map of a line, and what it writes when the source has nothing. */
void compile_values(struct work *w, const struct config_map *map, struct line *line,
                    struct complaint *c);
/* What a sync with deletes = "flag" writes. */
void compile_flag(struct work *w);
/* Whether a field of the target may be written at all. */
bool compile_may_write(const struct rk_field *field, struct complaint *c);
/* The type of one value that the line writes: a list goes down a column of a
 * table item by item. */
uint32_t compile_cell_type(const struct line *line);
/* Takes note of a line whose value refers to another record by its id. */
void compile_reference(struct work *w, const struct config_map *map,
                       const struct line *line, struct complaint *c);
/* Finds the key, and warns of fields that the target requires and no map fills. */
void compile_key(struct work *w);
/* A fingerprint of what decides a row: objects, key, filter, the maps that are
 * on, and the types of the fields they use.  When it changes, records that did
 * not change must be looked at again.  The order of the maps counts: it gives
 * the order of the values that a link's hash is made of. */
void compile_revision(const struct work *w, unsigned char out[16]);
/* The same of the maps to one field of the target; what was made of those before. */
void compile_mark(const struct config_map *map, unsigned char mark[16]);

/* What one line writes for one value of the source that is not absent: converted,
 * or looked up in the value map, or what the line says about null. */
bool line_make(const struct line *line, const struct scene *s,
               const struct rk_value *in, struct rk_value *out);
/* Builds a table from the maps to its columns, the first of which is 'first'. */
bool columns_make(const struct mapping *m, const struct line *first,
                  const struct scene *s, struct rk_value *out);

#endif
