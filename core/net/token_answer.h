/* SPDX-License-Identifier: Apache-2.0
 *
 * token_answer.h - what a token endpoint answers (RFC 6749, 5.1 and 5.2), and what a
 * refusal means: each case has a code of its own, by which people are told cause and
 * remedy (base/advice.c). */
#ifndef NET_TOKEN_ANSWER_H
#define NET_TOKEN_ANSWER_H

#include <stdbool.h>

#include "base/arena.h"

struct token_asked {
	const char *connection, *redirect_uri;
	bool exchange, revoke;         /* Else a renewal. */
	bool lost;                     /* An earlier renewal's end is not known. */
	bool alone;                    /* The app asks for itself: nobody logs in. */
};

struct token_answer {                  /* Texts are the arena's. */
	struct rk_text access, refresh, scopes;
	int64_t expires_s;
};

/* Reads a reply message (record/http.h).
 *
 * Shape:  {"access_token":"..","refresh_token":"..","expires_in":1800,"scope":"a b"}, or
 *         "scopes":["a","b"]; {"error":"..","error_description":"..","status":".."}.
 * Units:  'expires_s' is 1 to 10 years; an hour where it is not told.
 * Errors: RK_AGAIN for what passes (transport, 429, 5xx, no JSON); RK_PAUSE, category
 *         auth, with a code for all else.
 * Source: RFC 6749; HubSpot's and kintone's names of errors. */
int32_t token_answer_read(const struct token_asked *asked, struct rk_text reply,
                          struct arena *arena, struct token_answer *answer,
                          struct rk_err *err);

#endif
