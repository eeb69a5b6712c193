/* SPDX-License-Identifier: Apache-2.0
 *
 * convert.h - a value of one type becomes a value of another, exactly or not
 * at all.  One table says which types go together. */
#ifndef MAPPING_CONVERT_H
#define MAPPING_CONVERT_H

#include <stdbool.h>

#include <renkei/connector.h>

#include "base/arena.h"
#include "mapping/mapping.h"
#include "mapping/target.h"

/* Whether values of type 'from' can go into a field of type 'to'.  NULL: yes;
 * else why not, and what helps. */
const char *convert_why_not(uint32_t from, uint32_t to);

/* Converts a value that is neither absent nor null for the target's field and
 * holds it against the field's limits.  An empty text becomes null where the
 * target is no text. */
bool convert_value(const struct target *target, const struct rk_value *in,
                   struct rk_value *out, struct arena *arena,
                   struct mapping_fault *fault);

/* The value as one text; false: it has none (lists, tables). */
bool convert_text(const struct rk_value *value, struct arena *arena,
                  struct rk_text *text);
/* Whether values of this type have one. */
bool convert_has_text(uint32_t type);

#endif
