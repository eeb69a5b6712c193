/* SPDX-License-Identifier: Apache-2.0
 *
 * hash.c - see hash.h. */
#include "record/hash.h"

#include <sodium.h>
#include <string.h>

struct hash
hash_bytes(const void *bytes, size_t len)
{
	struct hash h;
	crypto_generichash(h.bytes, sizeof h.bytes, bytes, len, NULL, 0);
	return h;
}

struct hash
hash_values(const unsigned char revision[16], const struct rk_value *values, size_t count,
            struct buf *scratch)
{
	buf_reset(scratch);
	buf_add(scratch, revision, 16);
	for (size_t i = 0; i < count; i++)
		value_encode(scratch, &values[i]);
	return hash_bytes(scratch->ptr, scratch->len);
}

bool
hash_eq(const struct hash *a, const struct hash *b)
{
	return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

int64_t
hash_checksum(const void *bytes, size_t len)
{
	static const unsigned char key[crypto_shorthash_KEYBYTES] = "renkei row check";
	unsigned char sum[crypto_shorthash_BYTES];
	crypto_shorthash(sum, bytes, len, key);
	int64_t number;
	memcpy(&number, sum, sizeof number);
	return number;
}

int64_t
hash_text64(struct rk_text text)
{
	return hash_checksum(text.ptr, text.len);
}
