/* SPDX-License-Identifier: Apache-2.0
 *
 * identity.h - the client certificate that a connection shows in TLS, with its key: from
 * its secrets to libcurl, without a file.  Only requests to the connection's own hosts
 * are prepared at all, and libcurl keeps connections made with other certificates apart.
 *
 *     take -> show -> clear */
#ifndef NET_IDENTITY_H
#define NET_IDENTITY_H

#include <curl/curl.h>

#include "net/secret.h"

struct identity {                      /* All zero: none. */
	const char *form;              /* As libcurl calls it: "P12", "PEM". */
	char *bytes;                   /* owned, locked */
	size_t len;
	char *password;                /* owned, locked; "": none. */
};

/* Takes it as it is now; none is RK_OK.  RK_PAUSE, category config, if it cannot be read
 * or is no certificate by its form. */
int32_t identity_take(struct identity *id, struct secret_set *secrets, struct rk_err *err);
/* libcurl keeps a copy until the transfer and its connection have ended. */
void identity_show(const struct identity *id, CURL *easy);
void identity_clear(struct identity *id);

#endif
