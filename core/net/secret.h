/* SPDX-License-Identifier: Apache-2.0
 *
 * secret.h - the secrets of one connection, in locked memory that is wiped
 * when it is given back and that no core dump holds.
 *
 *     set -> ( get | renew )* -> clear
 *
 * A secret is a value or a file, either may be sealed (seal.h).  A file is read at
 * first use, again when it looks changed, and again after a refusal (401): somebody
 * may have turned the credentials in place. */
#ifndef NET_SECRET_H
#define NET_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "net/mask.h"
#include "record/http.h"

#define SECRET_BYTES_MAX (64 * 1024)

struct secret;

struct secret_set {
	struct secret *secrets;        /* owned */
	size_t count;
	struct mask mask;              /* owned: every value that was ever used */
	struct secret *own;            /* owned: net's own, which no channel replaces */
	size_t own_count;
	char *connection, *seal_key;   /* owned: what sealed ones are sealed for, and with */
	uint64_t changes;              /* Grows whenever a value is another than before. */
};

/* A login name is filled in like a secret, but it is also the name of a user,
 * whose mention in records must not be masked. */
enum secret_use { SECRET_HIDDEN, SECRET_LOGIN };

/* Replaces what 'set' holds by copies of what is given there. */
void secret_set(struct secret_set *set, const struct net_open *given);
/* One of net's own is this from now on; an empty one is none. */
void secret_put(struct secret_set *set, const char *name, struct rk_text value);
bool secret_is_set(const struct secret_set *set, const char *name);
/* The secret's text as it is now; valid until the next call on 'set'.
 * RK_PAUSE, category config, with the name if there is none, or if its file
 * cannot be read. */
int32_t secret_get(struct secret_set *set, struct rk_text name, enum secret_use use,
                   struct rk_text *text, struct rk_err *err);
/* The CRM refused: looks whether files that were used have changed; with 'distrust' it
 * reads them anew however they look.  'changes' then tells. */
void secret_renew(struct secret_set *set, bool distrust);
void secret_clear(struct secret_set *set);

#endif
