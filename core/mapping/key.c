/* SPDX-License-Identifier: Apache-2.0
 *
 * key.c - how keys compare.  Both sides go through the same steps, so that
 * " Aya@Example.jp" and "aya@example.jp" meet where the target takes them for
 * one, and a number meets itself however many zeros it carries. */
#include "base/text.h"
#include "mapping/compile.h"
#include "mapping/convert.h"
#include "mapping/unicode.h"

struct rk_text
mapping_key_as(const struct rk_field *field, const struct rk_value *value,
               struct arena *arena)
{
	struct scene s = { .arena = arena };
	struct rk_text text;
	struct decimal d;
	if (!convert_text(&s, value, &text))
		return (struct rk_text){ 0 };
	text = text_trim(text);
	if (field->type == RK_INTEGER || field->type == RK_DECIMAL)
		return decimal_parse(&d, text, arena) ? decimal_text(&d, arena) : text;
	/* What is not UTF-8 never was a row of ours: apply refuses it. */
	if (!unicode_normal(&text, false, arena) || (field->flags & RK_FIELD_KEY_NOCASE) == 0)
		return text;
	return unicode_each(text, unicode_lower, arena);
}

struct rk_text
mapping_key_of(const struct mapping *m, size_t rank, const struct rk_value *value,
               struct arena *arena)
{
	return mapping_key_as(m->keys[rank]->target.field, value, arena);
}

struct rk_text
mapping_key(const struct mapping *m, size_t rank, const struct rk_value *row,
            struct arena *arena)
{
	return mapping_key_of(m, rank, &row[m->keys[rank]->slot], arena);
}
