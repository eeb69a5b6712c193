/* SPDX-License-Identifier: Apache-2.0
 *
 * encode.h - how a secret is written where it goes: the encodings RK_ENC_* of
 * the contract.  The same forms are what mask.c looks for in answers. */
#ifndef NET_ENCODE_H
#define NET_ENCODE_H

#include "base/buf.h"

/* application/x-www-form-urlencoded, every byte but letters, digits and -._~
 * as %XX (a blank too: both forms of a blank are understood, one is safe). */
void encode_form(struct buf *out, struct rk_text text);
/* As inside a JSON string (RFC 8259, section 7). */
void encode_json(struct buf *out, struct rk_text text);
/* base64(user ":" password), RFC 7617. */
void encode_basic(struct buf *out, struct rk_text user, struct rk_text password);

#endif
