/* SPDX-License-Identifier: Apache-2.0
 *
 * merge.c - see merge.h. */
#include "sync/merge.h"

#include <string.h>

#include "base/text.h"
#include "mapping/decimal.h"
#include "mapping/unicode.h"
#include "record/value.h"

/* Longer values are compared as they are. */
#define SHOWN_MAX (8u * 1024 * 1024)

static bool
is_number(const struct rk_value *v)
{
	return v->type == RK_INTEGER || v->type == RK_DECIMAL;
}

/* Without what a CRM may take away or add by itself. */
static struct rk_text
plain(const struct rk_value *v, struct arena *arena)
{
	BUF_AUTO shown = BUF_INIT(SHOWN_MAX);
	value_show(&shown, v);
	struct rk_text text = text_trim(buf_text(&shown));
	char *bytes = arena_alloc(arena, text.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] != '\r' || i + 1 == text.len || text.ptr[i + 1] != '\n')
			bytes[len++] = text.ptr[i];
	text = (struct rk_text){ bytes, len };
	unicode_normal(&text, false, arena);
	return text;
}

static bool
same_text(const struct rk_value *a, const struct rk_value *b, struct arena *arena)
{
	struct rk_text left = plain(a, arena), right = plain(b, arena);
	struct decimal x, y;
	if (text_eq(left, right))
		return true;
	return (is_number(a) || is_number(b)) && decimal_parse(&x, left, arena)
	       && decimal_parse(&y, right, arena) && decimal_cmp(&x, &y) == 0;
}

static bool
has_item(const struct rk_value *list, const struct rk_value *item, struct arena *arena)
{
	for (uint64_t i = 0; i < list->count; i++)
		if (same_text(&list->items[i], item, arena))
			return true;
	return false;
}

/* Choices have no order. */
static bool
same_choices(const struct rk_value *a, const struct rk_value *b, struct arena *arena)
{
	if (a->count != b->count)
		return false;
	for (uint64_t i = 0; i < a->count; i++)
		if (!has_item(b, &a->items[i], arena) || !has_item(a, &b->items[i], arena))
			return false;
	return true;
}

static bool
same_rows(const struct rk_value *a, const struct rk_value *b, struct arena *arena)
{
	for (uint64_t i = 0; i < a->count && i < b->count; i++)
		if (!merge_same(&a->items[i], &b->items[i], arena))
			return false;
	return a->count == b->count;
}

bool
merge_same(const struct rk_value *a, const struct rk_value *b, struct arena *arena)
{
	if (value_is_empty(a) || value_is_empty(b))
		return value_is_empty(a) && value_is_empty(b);
	if (value_eq(a, b))
		return true;
	if (a->type == RK_CHOICES && b->type == RK_CHOICES)
		return same_choices(a, b, arena);
	if (a->type == b->type
	    && (a->type == RK_TABLE || a->type == RK_ROW || a->type == RK_REFS))
		return same_rows(a, b, arena);
	return same_text(a, b, arena);
}

/* No base: nothing is lost where one side has nothing. */
static enum merge
first_meeting(const struct merge_field *f)
{
	if (f->mine->type == RK_ABSENT)
		return MERGE_LEAVE;
	if (f->one_way || value_is_empty(f->theirs))
		return MERGE_WRITE;
	return value_is_empty(f->mine) ? MERGE_LEAVE : MERGE_CONFLICT;
}

enum merge
merge_field(const struct merge_field *f, struct arena *arena)
{
	if (merge_same(f->mine, f->theirs, arena))
		return MERGE_SAME;
	if (f->mine_base == NULL || f->theirs_base == NULL)
		return first_meeting(f);
	/* What is absent says nothing, so it changed nothing. */
	bool here = f->mine->type != RK_ABSENT && !merge_same(f->mine, f->mine_base, arena);
	bool there = !merge_same(f->theirs, f->theirs_base, arena);
	if (f->one_way && f->mine->type != RK_ABSENT)
		return here || there ? MERGE_WRITE : MERGE_QUIET;
	if (here)
		return there ? MERGE_CONFLICT : MERGE_WRITE;
	return there ? MERGE_LEAVE : MERGE_QUIET;
}
