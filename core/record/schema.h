/* SPDX-License-Identifier: Apache-2.0
 *
 * schema.h - descriptions of objects and fields, and accounts: encoded for
 * frames and for the cache. */
#ifndef RECORD_SCHEMA_H
#define RECORD_SCHEMA_H

#include "base/arena.h"
#include "record/wire.h"

/* Ceilings of what a connector may tell. */
#define SCHEMA_FIELDS_MAX 10000
#define SCHEMA_OPTIONS_MAX 100000

void schema_encode_fields(struct buf *out, const struct rk_field *fields, uint64_t count);
const struct rk_field *schema_decode_fields(struct wire_reader *r, struct arena *arena,
                                            uint64_t *count);

void schema_encode(struct buf *out, const struct rk_schema *schema);
bool schema_decode(struct rk_text bytes, struct arena *arena, struct rk_schema *schema);

void account_encode(struct buf *out, const struct rk_account *account);
bool account_decode(struct rk_text bytes, struct arena *arena,
                    struct rk_account *account);


#endif
