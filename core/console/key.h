/* SPDX-License-Identifier: Apache-2.0
 *
 * key.h - random keys of sessions and one-time links, of which only a hash is kept; for
 * the console, and for `renkei user`, which makes links. */
#ifndef CONSOLE_KEY_H
#define CONSOLE_KEY_H

#include "store/user.h"

#define KEY_BYTES 65                   /* 32 random bytes in hex, and a NUL. */
#define KEY_LINK_MS (24 * 3600000LL)

void key_new(char key[KEY_BYTES]);
/* What is kept of a key; 'use' keeps keys of one kind from opening another. */
void key_mark(const char *use, const char *key, unsigned char mark[USER_MARK_BYTES]);
/* A link that lets 'name' set a password once, within a day: its key. */
bool key_invite(struct host *host, const char *name, enum user_role role, int64_t now_ms,
                char key[KEY_BYTES], struct rk_err *err);

#endif
