/* SPDX-License-Identifier: Apache-2.0
 *
 * jwt.c - see jwt.h. */
#include "net/jwt.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sodium.h>

#include "base/err.h"
#include "base/text.h"

#define CLAIM_MAX 8192
#define URL64 sodium_base64_VARIANT_URLSAFE_NO_PADDING

/* A password would be asked for at a terminal. */
static int
no_password(char *into, int size, int writes, void *data)
{
	(void)into;
	(void)size;
	(void)writes;
	(void)data;
	return -1;
}

static EVP_PKEY *
read_key(struct rk_text pem)
{
	BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
	EVP_PKEY *key = bio != NULL
	                ? PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL) : NULL;
	BIO_free(bio);
	if (key != NULL && EVP_PKEY_is_a(key, "RSA"))
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

static void
add_base64(struct buf *out, const void *bytes, size_t len)
{
	size_t room = sodium_base64_encoded_len(len, URL64);
	char *text = malloc(room);
	if (text == NULL)
		abort();
	sodium_bin2base64(text, room, bytes, len, URL64);
	buf_adds(out, text);
	free(text);
}

static void
add_string(struct buf *out, const char *name, struct rk_text text)
{
	buf_addf(out, "\"%s\":\"", name);
	for (uint64_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c < 0x20 || c == '"' || c == '\\')
			buf_addf(out, "\\u%04x", c);
		else
			buf_add(out, text.ptr + i, 1);
	}
	buf_adds(out, "\"");
}

/* BASE64(header) "." BASE64(claims) */
static void
add_claims(struct buf *out, const struct jwt_claim *claim)
{
	static const char header[] = "{\"alg\":\"RS256\"}";
	BUF_AUTO claims = BUF_INIT(CLAIM_MAX);
	buf_adds(&claims, "{");
	add_string(&claims, "iss", claim->issuer);
	buf_adds(&claims, ",");
	add_string(&claims, "sub", claim->subject);
	buf_adds(&claims, ",");
	add_string(&claims, "aud", claim->audience);
	buf_addf(&claims, ",\"exp\":%lld}", (long long)claim->expires_s);
	add_base64(out, header, sizeof header - 1);
	buf_adds(out, ".");
	add_base64(out, buf_text(&claims).ptr, buf_text(&claims).len);
}

static bool
add_signature(struct buf *out, EVP_PKEY *key)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	struct rk_text signed_text = buf_text(out);
	unsigned char signature[1024];
	size_t len = sizeof signature;
	bool done = context != NULL
	            && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1
	            && EVP_DigestSign(context, signature, &len,
	                              (const unsigned char *)signed_text.ptr,
	                              signed_text.len) == 1;
	EVP_MD_CTX_free(context);
	if (!done)
		return false;
	buf_adds(out, ".");
	add_base64(out, signature, len);
	return true;
}

int32_t
jwt_sign(const struct jwt_claim *claim, struct rk_text key, struct secret_set *set,
         const char *name, struct rk_err *err)
{
	BUF_AUTO out = BUF_INIT(4 * CLAIM_MAX);
	EVP_PKEY *pkey = read_key(key);
	bool done = false;
	if (pkey != NULL) {
		add_claims(&out, claim);
		done = add_signature(&out, pkey);
	}
	EVP_PKEY_free(pkey);
	if (!done)
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG,
		               "jwt_key is no private RSA key as PEM text without a password");
	secret_put(set, name, buf_text(&out));
	return RK_OK;
}
