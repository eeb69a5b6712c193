/* SPDX-License-Identifier: Apache-2.0
 *
 * user.h - who may use the console, in host.db: people with their passwords, invitations
 * to set one, sessions, and who failed to log in of late.  Only hashes are kept of what
 * opens something; making and comparing them is for console/account.c. */
#ifndef STORE_USER_H
#define STORE_USER_H

#include "base/arena.h"
#include "store/host.h"

#define USER_NAME_MAX 64
#define USER_PASSWORD_BYTES 128        /* A hash with its parameters, as text. */
#define USER_MARK_BYTES 32             /* The hash of a random key. */

enum user_role { USER_VIEWER, USER_OPERATOR };

struct user {
	char name[USER_NAME_MAX + 1];
	enum user_role role;
	char password[USER_PASSWORD_BYTES];   /* "": not set yet */
};

const char *user_role_name(enum user_role role);
/* False: it is none. */
bool user_role_of(const char *name, enum user_role *role);

/* False: there is no such user. */
bool user_get(struct host *h, const char *name, struct user *user);
/* Whether anybody has a password. */
bool user_any(struct host *h);
/* By name; those who were invited and have no password yet too. */
struct user *user_list(struct host *h, struct arena *arena, size_t *count);
/* Adds the user, or gives it this role and password. */
bool user_put(struct host *h, const struct user *user, struct rk_err *err);
/* The user with its sessions and invitations; 'found' tells whether there was one. */
bool user_remove(struct host *h, const char *name, bool *found, struct rk_err *err);

/* In place of all earlier invitations of that user. */
bool user_invite(struct host *h, const unsigned char mark[USER_MARK_BYTES],
                 const struct user *user, int64_t until_ms, struct rk_err *err);
/* An invitation is good once; false: there is none, or it has run out.  Fills name and
 * role. */
bool user_invited(struct host *h, const unsigned char mark[USER_MARK_BYTES],
                  int64_t now_ms, struct user *user);

/* Who was invited as operator and has not come yet, the last one; false: nobody. */
bool user_awaited(struct host *h, int64_t now_ms, struct user *user);

bool user_session_put(struct host *h, const unsigned char mark[USER_MARK_BYTES],
                      const char *name, int64_t now_ms, struct rk_err *err);
/* The user of a session that began after 'begun_ms' and was used after 'seen_ms'. */
bool user_session_get(struct host *h, const unsigned char mark[USER_MARK_BYTES],
                      int64_t begun_ms, int64_t seen_ms, int64_t now_ms,
                      struct user *user);
bool user_session_end(struct host *h, const unsigned char mark[USER_MARK_BYTES],
                      struct rk_err *err);

/* How long 'who' has to wait before trying again, in milliseconds. */
int64_t user_wait_ms(struct host *h, const char *who, int64_t now_ms);
/* One more failure: after 'free' of them each doubles the wait, from a second up to
 * 'most_ms'.  A day without one forgets them. */
bool user_failed(struct host *h, const char *who, int64_t free, int64_t most_ms,
                 int64_t now_ms, struct rk_err *err);
bool user_forgiven(struct host *h, const char *who, struct rk_err *err);

#endif
