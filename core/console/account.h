/* SPDX-License-Identifier: Apache-2.0
 *
 * account.h - who asks: passwords, one-time links, sessions.  Beside store/user.h, which
 * keeps them. */
#ifndef CONSOLE_ACCOUNT_H
#define CONSOLE_ACCOUNT_H

#include "console/console.h"

#define ACCOUNT_KEY_BYTES 65           /* 32 random bytes in hex, and a NUL. */
#define ACCOUNT_LINK_MS (24 * 3600000LL)

/* A link that lets 'name' set a password once: its key in hex. */
bool account_invite(struct host *host, const char *name, enum user_role role,
                    int64_t now_ms, char key[ACCOUNT_KEY_BYTES], struct rk_err *err);
/* Fills in the session of the cookie, if it has one that holds. */
void account_recognise(struct request *q, int64_t now_ms);
/* What a page has to send along with what changes something; of this session alone. */
void account_csrf(const struct request *q, char token[ACCOUNT_KEY_BYTES]);

/* The routes of their own. */
typedef void account_fn(struct request *q, struct answer *a);
account_fn account_who, account_log_in, account_log_out, account_set_password;

#endif
