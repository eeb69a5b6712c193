/* SPDX-License-Identifier: Apache-2.0
 *
 * filter_tree.h - a filter made ready: filter_parse.c builds it, filter.c asks
 * it.  Nobody else looks inside. */
#ifndef MAPPING_FILTER_TREE_H
#define MAPPING_FILTER_TREE_H

#include "mapping/decimal.h"
#include "mapping/filter.h"

enum filter_op { OP_IN, OP_LT, OP_LE, OP_GT, OP_GE, OP_CONTAINS, OP_EMPTY };

struct filter_value {
	struct rk_text text;
	struct decimal number;
};

typedef int filter_order(const void *a, const void *b);

struct filter_test {
	int slot;
	enum filter_op op;
	bool not;
	filter_order *order;               /* Of two struct filter_value. */
	struct filter_value *values;       /* Sorted; one, but for OP_IN. */
	size_t value_count;
	const struct filter_test *next;    /* Of the whole filter. */
};

struct filter_node {
	enum { NODE_AND, NODE_OR, NODE_NOT, NODE_TEST } kind;
	struct filter_node *first, *next;  /* Children; the next child of the parent. */
	struct filter_test test;
};

struct filter {
	const struct filter_node *root;
	const struct filter_test *tests;
};

/* How values of a type compare; by number unless it is told otherwise. */
filter_order *filter_order_of(uint32_t type);
/* The number that a value compares by: of moments, times and yes-or-no, too. */
struct decimal filter_number(const struct rk_value *v, struct decimal_room *room);

#endif
