/* SPDX-License-Identifier: Apache-2.0
 *
 * hints.c - what of a filter a CRM may be asked for, so that it does not list what the
 * filter would leave out.  Only tests that each kept record passes (the filter is one, or
 * an `and` of them), of types that every system compares alike, and that the connector has
 * declared.  Texts are none of them: case and collation are each CRM's own.  Whatever
 * comes is asked of the filter all the same. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "mapping/compile.h"
#include "mapping/filter_tree.h"
#include "mapping/hints.h"
#include "record/record.h"
#include "record/value.h"

#define VALUES_MAX 50
#define BYTES_MAX 2000

struct finder {
	const struct mapping *m;
	const char *const *declared;
	size_t declared_count, count;
	struct rk_hint *hints;
	struct arena *arena;
};

static bool
is_declared(const struct finder *f, uint32_t type, const char *test)
{
	char words[40];
	snprintf(words, sizeof words, "%s %s", value_type_name(type), test);
	for (size_t i = 0; i < f->declared_count; i++)
		if (strcmp(f->declared[i], words) == 0)
			return true;
	return false;
}

/* The values as text, which outlives the mapping; false: too many. */
static bool
take_values(const struct finder *f, const struct filter_test *t, uint32_t type,
            struct rk_hint *hint)
{
	struct rk_text *texts = arena_new_array(f->arena, t->value_count, struct rk_text);
	uint64_t bytes = 0;
	bool number = type == RK_INTEGER || type == RK_DECIMAL;
	hint->values = texts;
	hint->value_count = t->value_count;
	for (size_t i = 0; i < t->value_count; i++) {
		texts[i] = arena_text(f->arena, number
		                      ? decimal_text(&t->values[i].number, f->arena)
		                      : t->values[i].text);
		bytes += texts[i].len;
	}
	return t->value_count <= VALUES_MAX && bytes <= BYTES_MAX;
}

static void
take_test(struct finder *f, const struct filter_test *t)
{
	static const struct { const char *declared; uint32_t test;
	} tests[] = {
		/* A CRM may keep a number less exactly than the filter compares it: what is
		 * less or the same is asked for where less is wanted. */
		[OP_IN] = { "in", RK_HINT_IN },       [OP_EMPTY] = { "empty", RK_HINT_EMPTY },
		[OP_LT] = { "order", RK_HINT_MOST },  [OP_LE] = { "order", RK_HINT_MOST },
		[OP_GT] = { "order", RK_HINT_LEAST }, [OP_GE] = { "order", RK_HINT_LEAST },
	};
	if (f->count == RECORD_HINTS_MAX || t->slot < 0 || t->op == OP_CONTAINS
	    || (t->not && t->op != OP_EMPTY))
		return;
	const struct rk_field *field = &f->m->inputs.used[t->slot];
	struct rk_hint hint = { .field = arena_text(f->arena, field->name),
		                .test = tests[t->op].test };
	if (!is_declared(f, field->type, tests[t->op].declared))
		return;
	if (t->op == OP_EMPTY)
		hint.test = t->not ? RK_HINT_FILLED : RK_HINT_EMPTY;
	else if (!take_values(f, t, field->type, &hint))
		return;
	f->hints[f->count++] = hint;
}

static void
walk(struct finder *f, const struct filter_node *n)
{
	if (n->kind == NODE_TEST)
		take_test(f, &n->test);
	else if (n->kind == NODE_AND
	         || (n->kind == NODE_OR && n->first != NULL && n->first->next == NULL))
		for (const struct filter_node *child = n->first; child != NULL;
		     child = child->next)
			walk(f, child);
}

const struct rk_hint *
mapping_hints(const struct mapping *m, const char *const *declared, size_t declared_count,
              struct arena *arena, size_t *count)
{
	struct finder f = { .m = m, .declared = declared, .declared_count = declared_count,
		            .arena = arena };
	*count = 0;
	if (m->filter == NULL || declared_count == 0)
		return NULL;
	f.hints = arena_new_array(arena, RECORD_HINTS_MAX, struct rk_hint);
	walk(&f, m->filter->root);
	*count = f.count;
	return f.hints;
}
