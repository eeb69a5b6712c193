/* SPDX-License-Identifier: Apache-2.0
 *
 * note.h - what renkei itself has to tell somebody, made ready to send: a mail, or a POST
 * to an address that is a secret.  channel.c takes it in and sends it. */
#ifndef NET_NOTE_H
#define NET_NOTE_H

#include "net/request.h"

struct note_terms {
	const char *name;              /* Whose notices; for error texts. */
	const struct route *route;     /* borrowed */
	struct secret_set *secrets;    /* borrowed */
	size_t max_body_bytes;
};

/* Fills 'request' from a message NET_NOTE, which must live until it is cleared.  RK_BUG
 * for what is none, RK_PAUSE for what only a person can mend. */
int32_t note_prepare(struct request *request, const struct note_terms *terms,
                     struct rk_text bytes, struct rk_err *err);

#endif
