/* SPDX-License-Identifier: Apache-2.0 */
/* oauth_jwt.c - a claim that an app signed itself, as a CRM judges it: who, for whom, at
 * whom, how long, and whether the signature is by the key that is registered.  Called by
 * oauth.c. */
#include "oauth.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sodium.h>
#include <string.h>

#define LIFE_MAX_S 300

static struct text
decode(const struct request *q, struct text t)
{
	char *out = arena_alloc(q->arena, t.len + 1);
	size_t len = 0;

	if (sodium_base642bin((unsigned char *)out, t.len, t.ptr, t.len, NULL, &len, NULL,
			      sodium_base64_VARIANT_URLSAFE_NO_PADDING))
		return (struct text){ 0 };
	return (struct text){ out, len };
}

static bool
signed_by(const char *pem, struct text body, struct text signature)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	EVP_PKEY *key = bio ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = key && context &&
		EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
		EVP_DigestVerify(context, (const unsigned char *)signature.ptr, signature.len,
				 (const unsigned char *)body.ptr, body.len) == 1;

	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	BIO_free(bio);
	return good;
}

const char *
oauth_claim_fault(const struct request *q, const struct jwt_terms *terms,
		  struct text assertion)
{
	struct text rest = assertion, head = text_until(&rest, '.');
	struct text body = { assertion.ptr, 0 }, claims = text_until(&rest, '.');
	const struct json *h = json_parse(q->arena, decode(q, head), NULL);
	const struct json *c = json_parse(q->arena, decode(q, claims), NULL);
	int64_t left_s = json_int(c, "exp", 0) - q->now_ms / 1000;

	body.len = head.len + 1 + claims.len;
	if (!h || !c || !text_is(json_text(h, "alg"), "RS256"))
		return "invalid assertion";
	if (!text_is(json_text(c, "aud"), terms->audience))
		return "Audience validation failed";
	if (!text_is(json_text(c, "iss"), terms->issuer))
		return "client identifier invalid";
	if (!text_is(json_text(c, "sub"), terms->subject))
		return "user hasn't approved this consumer";
	if (left_s <= 0 || left_s > LIFE_MAX_S)
		return "expired authorization code";
	return signed_by(terms->key, body, decode(q, rest)) ? NULL : "invalid assertion";
}
