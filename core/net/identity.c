/* SPDX-License-Identifier: Apache-2.0
 *
 * identity.c - see identity.h.  Whether key and password fit, OpenSSL says when a
 * connection is made (transfer.c). */
#include "net/identity.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"

/* A copy that ends with a NUL beyond its 'len' bytes. */
static char *
locked_copy(const char *bytes, size_t len)
{
	char *copy = sodium_malloc(len + 1);
	if (copy == NULL)
		abort();
	memcpy(copy, bytes, len);
	copy[len] = '\0';
	return copy;
}

void
identity_clear(struct identity *id)
{
	sodium_free(id->bytes);
	sodium_free(id->password);
	*id = (struct identity){ .form = NULL };
}

/* PKCS#12 is one ASN.1 SEQUENCE with a long length; NULL: neither. */
static const char *
form_of(const char *bytes, size_t len)
{
	static const char mark[] = "-----BEGIN ";
	if (len > 4 && bytes[0] == 0x30 && (bytes[1] & 0x80) != 0)
		return "P12";
	return memmem(bytes, len, mark, sizeof mark - 1) != NULL ? "PEM" : NULL;
}

/* Variables and sealed texts hold no raw bytes: there it stands in base64. */
static void
decode(struct identity *id)
{
	size_t len = 0;
	char *plain = sodium_malloc(id->len + 1);
	if (plain == NULL)
		abort();
	if (sodium_base642bin((unsigned char *)plain, id->len, id->bytes, id->len,
	                      " \t\r\n", &len, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		len = 0;
	sodium_free(id->bytes);
	id->bytes = plain;
	id->len = len;
	id->form = form_of(plain, len);
}

int32_t
identity_take(struct identity *id, struct secret_set *secrets, struct rk_err *err)
{
	struct rk_text text;
	int32_t status = RK_OK;
	identity_clear(id);
	if (!secret_is_set(secrets, NET_CLIENT_CERTIFICATE))
		return RK_OK;
	/* No answer can repeat it, for it is sent to nobody: nothing to mask. */
	status = secret_get(secrets, TEXT_LIT(NET_CLIENT_CERTIFICATE), SECRET_LOGIN, &text,
	                    err);
	if (status != RK_OK)
		return status;
	id->bytes = locked_copy(text.ptr, text.len);
	id->len = text.len;
	id->form = form_of(id->bytes, id->len);
	if (id->form == NULL)
		decode(id);
	if (id->form == NULL)
		return err_set(err, RK_PAUSE, RK_CAT_CONFIG,
		               "client_certificate is neither PKCS#12 (PFX) nor PEM, nor "
		               "either of them in base64; name its file, \"file:/PATH\"");
	text = TEXT_LIT("");
	if (secret_is_set(secrets, NET_CLIENT_PASSWORD))
		status = secret_get(secrets, TEXT_LIT(NET_CLIENT_PASSWORD), SECRET_HIDDEN,
		                    &text, err);
	if (status == RK_OK)
		id->password = locked_copy(text.ptr, text.len);
	return status;
}

void
identity_show(const struct identity *id, CURL *easy)
{
	struct curl_blob blob = { id->bytes, id->len, CURL_BLOB_COPY };
	if (id->password == NULL)
		return;
	curl_easy_setopt(easy, CURLOPT_SSLCERT_BLOB, &blob);
	curl_easy_setopt(easy, CURLOPT_SSLCERTTYPE, id->form);
	/* In PEM the key stands beside the certificate.  A password is always given, or
	 * OpenSSL would ask for one at a terminal. */
	if (strcmp(id->form, "PEM") == 0)
		curl_easy_setopt(easy, CURLOPT_SSLKEY_BLOB, &blob);
	curl_easy_setopt(easy, CURLOPT_KEYPASSWD, id->password);
}
