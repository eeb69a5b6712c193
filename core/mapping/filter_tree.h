/* SPDX-License-Identifier: Apache-2.0
 *
 * filter_tree.h - a filter made ready: filter_parse.c builds it, filter.c asks
 * it.  Nobody else looks inside. */
#ifndef MAPPING_FILTER_TREE_H
#define MAPPING_FILTER_TREE_H

#include "mapping/decimal.h"
#include "mapping/filter.h"

enum filter_op {
	OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_IN, OP_NOT_IN, OP_CONTAINS,
	OP_NOT_CONTAINS, OP_EMPTY, OP_NOT_EMPTY,
};

/* How values of a type compare, which tests it allows, how one is written. */
enum filter_by { BY_TEXT, BY_NUMBER, BY_DECIMAL };

struct filter_kind {
	uint32_t ops;                      /* A bit an operator. */
	enum filter_by by;
	const char *literal, *example;
};

extern const struct filter_kind filter_kinds[RK_TYPE_COUNT];

struct filter_value {
	struct rk_text text;
	int64_t number;
	struct decimal decimal;
};

struct filter_test {
	int slot;
	uint32_t type;                     /* As the source describes it. */
	enum filter_op op;
	struct filter_value *values;       /* Sorted for OP_IN and OP_NOT_IN. */
	size_t value_count;
};

struct filter_node {
	enum { NODE_AND, NODE_OR, NODE_NOT, NODE_TEST } kind;
	struct filter_node *first, *next;  /* Children; the next child of the parent. */
	struct filter_test test;
};

struct filter {
	const struct filter_node *root;
	int *slots;                        /* Those of all tests, once each. */
	size_t slot_count;
};

typedef int filter_order(const void *a, const void *b);
/* The order of two struct filter_value. */
filter_order *filter_order_by(enum filter_by by);

#endif
