/* SPDX-License-Identifier: Apache-2.0
 *
 * convert.h - a value of one type becomes a value of another, exactly or not
 * at all.  One table says which types go together. */
#ifndef MAPPING_CONVERT_H
#define MAPPING_CONVERT_H

#include "base/words.h"
#include "mapping/target.h"

/* Whether values of type 'from' can go into a field of type 'to'.  NULL: yes;
 * else why not, and what helps. */
const char *convert_why_not(uint32_t from, uint32_t to);
const char *convert_why_not_in(enum words_lang lang, uint32_t from, uint32_t to);

/* Converts a value that is neither absent nor null for the target's field and
 * holds it against the field's limits.  An empty text becomes null where the
 * target is no text. */
bool convert_value(const struct target *target, const struct scene *s,
                   const struct rk_value *in, struct rk_value *out);

/* The value as one text; false with the fault filled: it is several, or has none
 * (lists, tables). */
bool convert_text(const struct scene *s, const struct rk_value *value,
                  struct rk_text *text);
/* Whether values of this type have one. */
bool convert_has_text(uint32_t type);

/* The type of one item of a list; RK_ABSENT: the type is no list. */
uint32_t convert_item_type(uint32_t list);
/* Whether a value has items; a user may have them or not. */
static inline bool
convert_is_list(const struct rk_value *v)
{
	return v->type == RK_CHOICES || v->type == RK_REFS || v->count > 0;
}

#endif
