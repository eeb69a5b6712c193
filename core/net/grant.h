/* SPDX-License-Identifier: Apache-2.0
 *
 * grant.h - what OAuth gave for one connection: the tokens, until when they hold, for
 * which app; in locked memory and, sealed (seal.h), in tokens/CONNECTION of the state
 * directory.
 *
 *     load -> ( look | change -> save )* -> clear
 *
 * A file of its own and not net.db: net.db may begin anew at any time, a refresh token
 * that is lost needs a person.  Whoever changes it holds the file's lock: while one net
 * leaves and another comes, both may be there. */
#ifndef NET_GRANT_H
#define NET_GRANT_H

#include <stdbool.h>

#include "base/buf.h"

struct grant {
	char *access, *refresh;        /* owned, locked; NULL: none */
	char *scopes;                  /* owned; granted, between blanks; NULL: not told */
	char *client_id, *token_url;   /* owned; the app and the place they are good for */
	int64_t generation;            /* Grows with each new token. */
	int64_t obtained_ms, expires_ms; /* UTC, by our own clock. */
	int64_t renewing_ms;           /* A renewal began and its end is not known; or 0. */
};

/* Where it stands, and what it is sealed with. */
struct grant_place {
	int dir;                       /* borrowed; the state directory */
	const char *state_dir, *connection, *seal_key; /* borrowed */
};

/* Reads it; RK_OK and no refresh token: nobody has logged in.  On failure 'g' is as it
 * was. */
int32_t grant_load(struct grant *g, const struct grant_place *place, struct rk_err *err);
/* All of it is on the disk when this returns RK_OK. */
int32_t grant_save(const struct grant *g, const struct grant_place *place,
                   struct rk_err *err);
/* Nobody is logged in any more. */
int32_t grant_remove(const struct grant_place *place, struct rk_err *err);
/* The lock of the file; -1 with errno EWOULDBLOCK while another net holds it.  Closing
 * gives it back. */
int grant_lock(const struct grant_place *place);
void grant_clear(struct grant *g);
/* Puts a copy of 'text' in locked memory into '*into', which is given back first. */
void grant_keep(char **into, struct rk_text text);

#endif
