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
	int64_t x = ((const struct filter_value *)a)->number;
	int64_t y = ((const struct filter_value *)b)->number;
	return (x > y) - (x < y);
}

static int
order_decimal(const void *a, const void *b)
{
	return decimal_cmp(&((const struct filter_value *)a)->decimal,
	                   &((const struct filter_value *)b)->decimal);
}

filter_order *
filter_order_by(enum filter_by by)
{
	static filter_order *const orders[] = {
		[BY_TEXT] = order_text,
		[BY_NUMBER] = order_number,
		[BY_DECIMAL] = order_decimal,
	};
	return orders[by];
}

/* The record's value as it compares; sound values only. */
static void
operand(const struct rk_value *v, struct filter_value *out, struct decimal_room *room)
{
	*out = (struct filter_value){ .text = v->text, .number = v->number };
	if (v->type == RK_INTEGER)
		out->decimal = decimal_of(v->number, room);
	else if (v->type == RK_DECIMAL)
		decimal_read(&out->decimal, v->text);
	else if (v->type == RK_TIME)
		moment_time(v->text, &out->number);
	else if (v->type == RK_BOOL)
		out->number = v->number != 0;
	else if (v->type == RK_USER && v->count == 1)
		out->text = v->items[0].text;
}

static bool
compares(const struct filter_test *t, const struct rk_value *v)
{
	struct decimal_room room;
	struct filter_value mine;
	filter_order *order = filter_order_by(filter_kinds[t->type].by);
	operand(v, &mine, &room);
	if (t->op == OP_IN || t->op == OP_NOT_IN)
		return bsearch(&mine, t->values, t->value_count, sizeof mine, order) !=
		       NULL;
	int found = order(&mine, &t->values[0]);
	switch (t->op) {
	case OP_EQ: case OP_NE: return found == 0;
	case OP_LT: return found < 0;
	case OP_LE: return found <= 0;
	case OP_GT: return found > 0;
	case OP_GE: return found >= 0;
	default: return false;
	}
}

static bool
contains(const struct filter_test *t, const struct rk_value *v)
{
	struct rk_text wanted = t->values[0].text;
	if (v->type == RK_TEXT || v->type == RK_RICH || v->type == RK_JSON)
		return v->text.len > 0
		       && memmem(v->text.ptr, v->text.len, wanted.ptr, wanted.len)
		                  != NULL;
	for (uint64_t i = 0; i < v->count; i++)
		if (text_eq(v->items[i].text, wanted))
			return true;
	return v->type == RK_USER && text_eq(v->text, wanted);
}

static bool
passes(const struct filter_test *t, const struct rk_record *record)
{
	struct rk_value room;
	const struct rk_value *v = inputs_peek(record, t->slot, &room);
	bool empty = value_is_empty(v);
	switch (t->op) {
	case OP_EMPTY: return empty;
	case OP_NOT_EMPTY: return !empty;
	case OP_CONTAINS: return !empty && contains(t, v);
	case OP_NOT_CONTAINS: return empty || !contains(t, v);
	case OP_NE: case OP_NOT_IN: return empty || !compares(t, v);
	default: return !empty && compares(t, v);
	}
}

static bool
holds(const struct filter_node *n, const struct rk_record *record)
{
	if (n->kind == NODE_TEST)
		return passes(&n->test, record);
	if (n->kind == NODE_NOT)
		return !holds(n->first, record);
	bool enough = n->kind == NODE_OR;
	for (const struct filter_node *child = n->first; child != NULL;
	     child = child->next)
		if (holds(child, record) == enough)
			return enough;
	return !enough;
}

bool
filter_judges(const struct filter *f, const struct inputs *in,
              const struct rk_record *record, struct arena *arena,
              struct mapping_fault *fault)
{
	for (size_t i = 0; i < f->slot_count; i++) {
		struct rk_value room, *copy = &room;
		const struct rk_field *field = inputs_field(in, f->slots[i]);
		if (inputs_sound(field, inputs_peek(record, f->slots[i], &room)))
			continue;
		if (fault != NULL)
			inputs_value(in, record, f->slots[i], arena, copy, fault);
		return false;
	}
	return true;
}

bool
filter_keeps(const struct filter *f, const struct inputs *in,
             const struct rk_record *record)
{
	(void)in;
	return holds(f->root, record);
}
