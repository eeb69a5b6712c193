/* SPDX-License-Identifier: Apache-2.0
 *
 * encode.c - see encode.h. */
#include "net/encode.h"

#include <sodium.h>
#include <string.h>

static bool
is_unreserved(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
	       || c == '-' || c == '.' || c == '_' || c == '~';
}

void
encode_form(struct buf *out, struct rk_text text)
{
	static const char hex[] = "0123456789ABCDEF";
	for (uint64_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (is_unreserved(c)) {
			buf_addc(out, (char)c);
			continue;
		}
		char escape[3] = { '%', hex[c >> 4], hex[c & 15] };
		buf_add(out, escape, sizeof escape);
	}
}

void
encode_json(struct buf *out, struct rk_text text)
{
	static const char hex[] = "0123456789abcdef";
	for (uint64_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c == '"' || c == '\\') {
			buf_addc(out, '\\');
			buf_addc(out, (char)c);
		} else if (c < 0x20) {
			char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
			buf_add(out, escape, sizeof escape);
		} else {
			buf_addc(out, (char)c);
		}
	}
}

void
encode_basic(struct buf *out, struct rk_text user, struct rk_text password)
{
	size_t len = user.len + 1 + password.len;
	unsigned char *joined = sodium_malloc(len);
	if (joined == NULL)
		abort();
	memcpy(joined, user.ptr, user.len);
	joined[user.len] = ':';
	if (password.len > 0)
		memcpy(joined + user.len + 1, password.ptr, password.len);
	size_t size = sodium_base64_ENCODED_LEN(len, sodium_base64_VARIANT_ORIGINAL);
	char *at = buf_extend(out, size);
	if (at != NULL) {
		sodium_bin2base64(at, size, joined, len, sodium_base64_VARIANT_ORIGINAL);
		out->len--;            /* The NUL that it wrote. */
	}
	sodium_free(joined);
}
