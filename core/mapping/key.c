/* SPDX-License-Identifier: Apache-2.0
 *
 * key.c - how keys compare.  Both sides go through the same steps, so that
 * " Aya@Example.jp" and "aya@example.jp" meet where the target takes them for
 * one, and a number meets itself however many zeros it carries. */
#include "base/text.h"
#include "mapping/compiled.h"
#include "mapping/convert.h"
#include "mapping/unicode.h"

static struct rk_text
as_number(struct rk_text text, struct arena *arena)
{
	struct decimal d;
	return decimal_parse(&d, text, arena) ? decimal_text(&d, arena) : text;
}

struct rk_text
mapping_key_of(const struct mapping *m, const struct rk_value *value,
               struct arena *arena)
{
	const struct rk_field *field = m->key->target.field;
	struct rk_text text = { 0 };
	if (!convert_text(value, arena, &text))
		return (struct rk_text){ 0 };
	text = text_trim(text);
	if (field->type == RK_INTEGER || field->type == RK_DECIMAL)
		return as_number(text, arena);
	/* What is not UTF-8 never was a row of ours: apply refuses it. */
	if (!unicode_nfc(&text, arena))
		return text;
	return (field->flags & RK_FIELD_KEY_NOCASE) != 0 ? unicode_lower(text, arena)
	                                                 : text;
}

struct rk_text
mapping_key(const struct mapping *m, const struct rk_value *row, struct arena *arena)
{
	return mapping_key_of(m, &row[m->key->slot], arena);
}
