/* SPDX-License-Identifier: Apache-2.0
 *
 * hash.c - see hash.h. */
#include "record/hash.h"

#include <sodium.h>
#include <string.h>

struct hash
hash_key(const unsigned char secret[HASH_BYTES], const void *meaning, size_t len)
{
	struct hash key;
	crypto_generichash(key.bytes, sizeof key.bytes, meaning, len, secret, HASH_BYTES);
	return key;
}

struct hash
hash_values(const struct hash *key, const struct rk_value *values, size_t count,
            struct buf *scratch)
{
	buf_reset(scratch);
	for (size_t i = 0; i < count; i++)
		value_encode(scratch, &values[i]);
	return hash_encoded(key, buf_text(scratch));
}

struct hash
hash_encoded(const struct hash *key, struct rk_text values)
{
	struct hash h;
	crypto_shorthash_siphashx24(h.bytes, (const unsigned char *)values.ptr, values.len,
	                            key->bytes);
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

static uint64_t
step(uint64_t sum, const unsigned char *at)
{
	uint64_t a, b;
	memcpy(&a, at, sizeof a);
	memcpy(&b, at + sizeof a, sizeof b);
	return fold(a ^ sum, b);
}

int64_t
hash_checksum(const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	unsigned char rest[16] = { 0 };
	uint64_t a = len;
	if (len >= 64) {
		/* Four multiplications that do not wait for each other. */
		uint64_t b = 1, c = 2, d = 3;
		for (; len >= 64; len -= 64, at += 64) {
			a = step(a, at);
			b = step(b, at + 16);
			c = step(c, at + 32);
			d = step(d, at + 48);
		}
		a = fold(fold(a ^ b, c), d);
	}
	for (; len >= sizeof rest; len -= sizeof rest, at += sizeof rest)
		a = step(a, at);
	if (len > 0)
		a = step(a, memcpy(rest, at, len));
	return (int64_t)fold(a, UINT64_C(0xA0761D6478BD642F));
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
