/* SPDX-License-Identifier: Apache-2.0
 *
 * hash.h - what tells a changed record from an unchanged one (SipHash, 128 bits,
 * under a key of the store: who writes into a CRM cannot find two records of one
 * hash), a damaged row from a sound one (64 bits; a guard against accidents, not
 * against forgery), and keys in an index (SipHash, 64 bits). */
#ifndef RECORD_HASH_H
#define RECORD_HASH_H

#include <stdbool.h>

#include "record/value.h"

#define HASH_BYTES 16

struct hash {
	unsigned char bytes[HASH_BYTES];
};

/* The key of one meaning of values, such as a mapping's revision, in one store. */
struct hash hash_key(const unsigned char secret[HASH_BYTES], const void *meaning, size_t len);
/* Of values, as encoded.  Absent values count. */
struct hash hash_values(const struct hash *key, const struct rk_value *values, size_t count,
                        struct buf *scratch);
/* The same, of values that are encoded. */
struct hash hash_encoded(const struct hash *key, struct rk_text values);
bool hash_eq(const struct hash *a, const struct hash *b);
int64_t hash_checksum(const void *bytes, size_t len);
/* 64 bits of a text: for indexes that stay, and for marks in memory, which cost less.
 * Their key is no secret: who makes two keys of records with one mark has one of them
 * refused as a duplicate of the other, and harms nobody else. */
int64_t hash_text64(struct rk_text text);
int64_t hash_mark(struct rk_text text);

#endif
