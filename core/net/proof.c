/* SPDX-License-Identifier: Apache-2.0
 *
 * proof.c - see proof.h. */
#include "net/proof.h"

#include <sodium.h>

#include "base/err.h"
#include "base/text.h"

#define BASE64 sodium_base64_VARIANT_ORIGINAL

/* The room of the longest form, hex, which is longer than base64. */
struct written {
	char text[crypto_auth_hmacsha256_BYTES * 2 + 1];
};

static void
sign(struct written *w, enum net_proof how, struct rk_text text, struct rk_text key)
{
	crypto_auth_hmacsha256_state state;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.ptr, key.len);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)text.ptr, text.len);
	crypto_auth_hmacsha256_final(&state, mac);
	if (how == NET_PROOF_HMAC_HEX)
		sodium_bin2hex(w->text, sizeof w->text, mac, sizeof mac);
	else
		sodium_bin2base64(w->text, sizeof w->text, mac, sizeof mac, BASE64);
	sodium_memzero(&state, sizeof state);
}

/* The time tells the length at most. */
static bool
same(struct rk_text a, struct rk_text b)
{
	return a.len > 0 && a.len == b.len && sodium_memcmp(a.ptr, b.ptr, a.len) == 0;
}

int32_t
proof_check(struct secret_set *secrets, enum net_proof how, struct rk_text text,
            struct rk_text proof, struct rk_err *err)
{
	struct rk_text key;
	struct written made;
	int32_t status = secret_get(secrets, TEXT_LIT(NET_HOOK_SECRET), SECRET_HIDDEN,
	                            &key, err);
	if (status != RK_OK)
		return status;
	if (how != NET_PROOF_SECRET) {
		sign(&made, how, text, key);
		key = text_of(made.text);
	}
	if (same(key, proof))
		return RK_OK;
	return err_set(err, RK_REJECT, RK_CAT_AUTH, "who sent this webhook does not have the "
	               "secret of the connection's hook");
}
