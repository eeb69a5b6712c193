/* SPDX-License-Identifier: Apache-2.0
 *
 * key.c - see key.h. */
#include "console/key.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

void
key_new(char key[KEY_BYTES])
{
	unsigned char bytes[(KEY_BYTES - 1) / 2];
	randombytes_buf(bytes, sizeof bytes);
	sodium_bin2hex(key, KEY_BYTES, bytes, sizeof bytes);
}

void
key_mark(const char *use, const char *key, unsigned char mark[USER_MARK_BYTES])
{
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, USER_MARK_BYTES);
	crypto_generichash_update(&state, (const unsigned char *)use, strlen(use) + 1);
	crypto_generichash_update(&state, (const unsigned char *)key, strlen(key));
	crypto_generichash_final(&state, mark, USER_MARK_BYTES);
}

bool
key_invite(struct host *host, const char *name, enum user_role role, int64_t now_ms,
           char key[KEY_BYTES], struct rk_err *err)
{
	unsigned char mark[USER_MARK_BYTES];
	struct user user = { .role = role };
	snprintf(user.name, sizeof user.name, "%s", name);
	key_new(key);
	key_mark("link", key, mark);
	return user_invite(host, mark, &user, now_ms + KEY_LINK_MS, err);
}
