/* SPDX-License-Identifier: Apache-2.0
 *
 * seal.h - secrets at rest: what is sealed can be opened with the key file alone,
 * and only for the purpose it was sealed for ("CONNECTION.SETTING"), so that it
 * cannot be moved to another connection and read there.
 *
 * The key is 32 random bytes, as 64 hexadecimal digits in a file of the user's own
 * that nobody else may read.  Called by renkei-net, which opens, and by `renkei seal`.
 *
 * Form of what is sealed: base64 (RFC 4648, section 5, without padding) of a version
 * byte, 4 bytes that tell keys apart, a nonce of 24 bytes, and XChaCha20-Poly1305. */
#ifndef NET_SEAL_H
#define NET_SEAL_H

#include <stdbool.h>

#include "base/buf.h"

#define SEAL_KEY_NAME "seal.key"
/* What a reference to a sealed secret begins with, and its longest secret. */
#define SEAL_PREFIX "sealed:"
#define SEAL_PLAIN_MAX (64 * 1024)

/* Adds 'plain', sealed, to 'out'; makes the key if there is none.  RK_PAUSE with the
 * reason if the key cannot be read or made. */
int32_t seal_close(const char *key_path, struct rk_text purpose, struct rk_text plain,
                   struct buf *out, struct rk_err *err);
/* Opens it into locked memory, which the caller gives back with sodium_free. */
int32_t seal_open(const char *key_path, struct rk_text purpose, struct rk_text sealed,
                  char **plain, size_t *len, struct rk_err *err);
/* Whether 'text' has the form of something sealed. */
bool seal_has_form(struct rk_text text);

#endif
