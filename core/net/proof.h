/* SPDX-License-Identifier: Apache-2.0
 *
 * proof.h - whether who sent a webhook has the secret of the connection's `hook`: the
 * secret itself, or an HMAC under it.  Only net has that secret. */
#ifndef NET_PROOF_H
#define NET_PROOF_H

#include "net/secret.h"

/* RK_OK; RK_REJECT, category auth: it is wrong; else as secret_get says. */
int32_t proof_check(struct secret_set *secrets, enum net_proof how, struct rk_text text,
                    struct rk_text proof, struct rk_err *err);

#endif
