/* SPDX-License-Identifier: Apache-2.0
 *
 * account.h - who asks: passwords, one-time links, sessions.  Beside store/user.h, which
 * keeps them. */
#ifndef CONSOLE_ACCOUNT_H
#define CONSOLE_ACCOUNT_H

#include "console/console.h"
#include "console/key.h"

/* Fills in the session of the cookie, if it has one that holds. */
void account_recognise(struct request *q, int64_t now_ms);
/* What a page has to send along with what changes something; of this session alone. */
void account_csrf(const struct request *q, char token[KEY_BYTES]);

/* The routes of their own. */
typedef void account_fn(struct request *q, struct answer *a);
account_fn account_who, account_log_in, account_log_out, account_set_password;

#endif
