/* SPDX-License-Identifier: Apache-2.0
 *
 * jwt.h - a claim that the app signs itself (RFC 7519, 7523), for CRMs that give tokens
 * for it.  Called by oauth.c. */
#ifndef NET_JWT_H
#define NET_JWT_H

#include "net/secret.h"

struct jwt_claim {
	struct rk_text issuer, subject, audience;
	int64_t expires_s;             /* Since 1970. */
};

/* Signs 'claim' by RS256 with the RSA key that the PEM text 'key' holds, and leaves it in
 * 'set' as the secret 'name'.
 *
 * Errors: RK_PAUSE, category config, if the key cannot be read or is none of RSA. */
int32_t jwt_sign(const struct jwt_claim *claim, struct rk_text key, struct secret_set *set,
                 const char *name, struct rk_err *err);

#endif
