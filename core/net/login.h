/* SPDX-License-Identifier: Apache-2.0
 *
 * login.h - one login by browser: the address to open, the code that comes back to
 * http://localhost or is pasted, and nothing of another login (state, PKCE: RFC 7636).
 *
 *     begin -> ( the browser comes | a person pastes ) -> exchange (oauth.c) -> ended
 *
 * While it lasts net listens on loopback, at the port of redirect_uri alone; a channel
 * that was opened for it is told how it ends.  State and verifier never leave net. */
#ifndef NET_LOGIN_H
#define NET_LOGIN_H

#include "record/http.h"

struct account;
struct net;

struct login {
	uint32_t channel;              /* That waits for the end; 0: none */
	int listener, browser;         /* owned; -1: none */
	struct buf head;               /* owned; of the browser's request */
	int64_t until, browser_until;  /* Monotonic. */
	char state[48], verifier[48];
};

void login_init(struct login *login);
/* Nobody waits for it any more. */
void login_forget(struct login *login);
/* Fills in the address to open, and whether net listens for the way back. */
int32_t login_begin(struct net *net, struct account *account, uint32_t channel,
                    struct arena *arena, struct net_grant *told, struct rk_err *err);
/* A code, or the whole address that the browser was sent to. */
int32_t login_code(struct net *net, struct account *account, struct rk_text pasted,
                   struct rk_err *err);
/* The channel 'number' waits for the end of what was begun for it. */
void login_await(struct account *account, uint32_t channel);
void login_event(struct net *net, struct account *account, bool browser);
int64_t login_wake(struct net *net, struct account *account);

#endif
