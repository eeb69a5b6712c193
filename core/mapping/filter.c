/* SPDX-License-Identifier: Apache-2.0
 *
 * filter.c - asks a compiled filter about records.  See filter.h for what a
 * test means when there is no value. */
#include "mapping/filter.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "mapping/filter_tree.h"
#include "mapping/moment.h"
#include "record/value.h"

static int
order_text(const void *a, const void *b)
{
	return text_cmp(((const struct filter_value *)a)->text,
	                ((const struct filter_value *)b)->text);
}

static int
order_number(const void *a, const void *b)
{
	return decimal_cmp(&((const struct filter_value *)a)->number,
	                   &((const struct filter_value *)b)->number);
}

filter_order *
filter_order_of(uint32_t type)
{
	bool number = type == RK_BOOL || type == RK_INTEGER || type == RK_DECIMAL
	              || type == RK_TIME || type == RK_DATETIME;
	return number ? order_number : order_text;
}

struct decimal
filter_number(const struct rk_value *v, struct decimal_room *room)
{
	struct decimal d = { 0 };
	int64_t n = v->number;
	if (v->type == RK_DECIMAL)
		decimal_read(&d, v->text);
	else if (v->type != RK_TIME || moment_time(v->text, &n))
		d = decimal_of(v->type == RK_BOOL ? n != 0 : n, room);
	return d;
}

static bool
compares(const struct filter_test *t, const struct rk_value *v)
{
	struct decimal_room room;
	bool one_user = v->type == RK_USER && v->count == 1;
	struct filter_value mine = { .text = one_user ? v->items[0].text : v->text };
	if (t->order == order_number)
		mine.number = filter_number(v, &room);
	if (t->op == OP_IN)
		return bsearch(&mine, t->values, t->value_count, sizeof mine, t->order)
		       != NULL;
	int found = t->order(&mine, &t->values[0]);
	return t->op == OP_LT ? found < 0 : t->op == OP_LE ? found <= 0
	       : t->op == OP_GT ? found > 0 : found >= 0;
}

static bool
contains(const struct filter_test *t, const struct rk_value *v)
{
	struct rk_text wanted = t->values[0].text;
	if (v->type == RK_TEXT || v->type == RK_RICH || v->type == RK_JSON)
		return memmem(v->text.ptr, v->text.len, wanted.ptr, wanted.len) != NULL;
	for (uint64_t i = 0; i < v->count; i++)
		if (text_eq(v->items[i].text, wanted))
			return true;
	return v->type == RK_USER && text_eq(v->text, wanted);
}

static bool
passes(const struct filter_test *t, const struct scene *s)
{
	struct rk_value v;
	bool empty = !inputs_value(s, t->slot, &v) || value_is_empty(&v);
	bool passed = t->op == OP_EMPTY ? empty : t->op == OP_CONTAINS
	              ? !empty && contains(t, &v) : !empty && compares(t, &v);
	return passed != t->not;
}

static bool
holds(const struct filter_node *n, const struct scene *s)
{
	if (n->kind == NODE_TEST)
		return passes(&n->test, s);
	if (n->kind == NODE_NOT)
		return !holds(n->first, s);
	bool enough = n->kind == NODE_OR;
	for (const struct filter_node *child = n->first; child != NULL;
	     child = child->next)
		if (holds(child, s) == enough)
			return enough;
	return !enough;
}

bool
filter_judges(const struct filter *f, const struct scene *s)
{
	struct rk_value v;
	for (const struct filter_test *t = f->tests; t != NULL; t = t->next)
		if (!inputs_value(s, t->slot, &v))
			return false;
	return true;
}

bool
filter_keeps(const struct filter *f, const struct scene *s)
{
	return holds(f->root, s);
}
