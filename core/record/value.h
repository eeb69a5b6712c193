/* SPDX-License-Identifier: Apache-2.0
 *
 * value.h - values of the contract: encoded, decoded, compared, shown. */
#ifndef RECORD_VALUE_H
#define RECORD_VALUE_H

#include "base/arena.h"
#include "record/wire.h"

/* Lists in tables in lists end here. */
#define VALUE_DEPTH_MAX 4

void value_encode(struct buf *out, const struct rk_value *value);
/* Text points into the document; lists come from the arena. */
struct rk_value value_decode(struct wire_reader *r, struct arena *arena);

bool value_eq(const struct rk_value *a, const struct rk_value *b);
/* Absent, null, or a text or list without content. */
bool value_is_empty(const struct rk_value *value);
/* For people and exports: plain text, lists joined by "; ". */
void value_show(struct buf *out, const struct rk_value *value);
/* "text", "datetime", ... */
const char *value_type_name(uint32_t type);

#endif
