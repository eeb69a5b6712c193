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
	for (size_t i = 0; i < count; i++)
		value_encode(scratch, &values[i]);
	return hash_encoded(revision, buf_text(scratch));
}

struct hash
hash_encoded(const unsigned char revision[16], struct rk_text values)
{
	struct hash h;
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, sizeof h.bytes);
	crypto_generichash_update(&state, revision, 16);
	crypto_generichash_update(&state, (const unsigned char *)values.ptr, values.len);
	crypto_generichash_final(&state, h.bytes, sizeof h.bytes);
	return h;
}

bool
hash_eq(const struct hash *a, const struct hash *b)
{
	return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/* Two odd constants multiplied into 128 bits, both halves folded: each bit of the
 * input moves about half of the output's. */
static uint64_t
fold(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)(a ^ UINT64_C(0x9E3779B97F4A7C15))
	                            * (b ^ UINT64_C(0xE7037ED1A0B428DB));
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

int64_t
hash_checksum(const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	uint64_t sum = len, parts[2];
	for (; len >= sizeof parts; len -= sizeof parts, at += sizeof parts) {
		memcpy(parts, at, sizeof parts);
		sum = fold(parts[0] ^ sum, parts[1]);
	}
	if (len > 0) {
		memset(parts, 0, sizeof parts);
		memcpy(parts, at, len);
		sum = fold(parts[0] ^ sum, parts[1]);
	}
	return (int64_t)fold(sum, UINT64_C(0xA0761D6478BD642F));
}

int64_t
hash_text64(struct rk_text text)
{
	static const unsigned char key[crypto_shorthash_KEYBYTES] = "renkei row check";
	unsigned char sum[crypto_shorthash_BYTES];
	crypto_shorthash(sum, (const unsigned char *)text.ptr, text.len, key);
	int64_t number;
	memcpy(&number, sum, sizeof number);
	return number;
}

int64_t
hash_mark(struct rk_text text)
{
	return hash_checksum(text.ptr, text.len);
}
