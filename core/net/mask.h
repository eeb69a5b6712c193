/* SPDX-License-Identifier: Apache-2.0
 *
 * mask.h - keeps secrets out of what comes back.  Some servers repeat a token
 * in an error text or a header; a connector must not read it there, nor may a
 * log.  Each find is overwritten by asterisks of the same length, so that
 * lengths and offsets stay and an answer is masked where it lies.
 *
 * A secret under 8 bytes is not looked for: it would be found by chance, and
 * masking by chance would destroy the data of records. */
#ifndef NET_MASK_H
#define NET_MASK_H

#include <stddef.h>

#include <renkei/connector.h>

#define MASK_LEAST_BYTES 8

struct mask_form;

struct mask {
	struct mask_form *forms;       /* owned; their texts in locked memory */
	size_t count;
};

/* Adds a secret in all forms in which it may come back: raw, form, JSON,
 * base64 of itself. */
void mask_add_secret(struct mask *mask, struct rk_text secret);
/* Adds a text as it stands, such as base64(user:password). */
void mask_add(struct mask *mask, struct rk_text text);
void mask_apply(const struct mask *mask, char *bytes, size_t len);
void mask_clear(struct mask *mask);

#endif
