/* SPDX-License-Identifier: Apache-2.0
 *
 * site.h - the addresses that settings hold: taken apart, judged, and cut to
 * the origin that requests may go to.  Which address a name leads to is net's to
 * check, at the moment of the connection. */
#ifndef CONNECTOR_SITE_H
#define CONNECTOR_SITE_H

#include <stdbool.h>

#include "base/arena.h"

struct site {
	bool plain;                    /* http, not https */
	struct rk_text host;           /* lower case; with brackets, if it has them */
	unsigned port;                 /* of the scheme, if none is given */
	struct rk_text path;           /* what follows, with its slash; or empty */
	bool inside;                   /* loopback, private, link-local: by its look */
};

/* Takes 'text' apart; NULL, or what was expected as the end of a sentence. */
const char *site_parse(struct rk_text text, struct arena *arena, struct site *out);
/* "https://host", with the port unless it is the scheme's own. */
struct rk_text site_origin(const struct site *site, struct arena *arena);

#endif
