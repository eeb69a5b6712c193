/* SPDX-License-Identifier: Apache-2.0
 *
 * origin.h - where a connection's requests may go: scheme, host and port,
 * compared exactly, and the address that the host's name leads to.
 *
 * Addresses inside (loopback, private, link-local with the clouds' metadata
 * services, multicast and the like) are refused, whatever name leads to them,
 * unless the allowed origin names that address itself, or says "localhost" and
 * means this machine.  Looking at the resolved address is what defeats a name
 * that changes its mind between the check and the connection. */
#ifndef NET_ORIGIN_H
#define NET_ORIGIN_H

#include <curl/curl.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "base/arena.h"

struct origin {
	const char *scheme, *host;     /* Lower case; host without brackets. */
	unsigned port;
};

/* The origin of a parsed URL; false if it has none that we speak. */
bool origin_of_url(CURLU *url, struct arena *arena, struct origin *out);
/* "https://host[:port]"; false with a reason in 'err' if it is no origin. */
bool origin_parse(struct rk_text text, struct arena *arena, struct origin *out);
bool origin_equal(const struct origin *a, const struct origin *b);
/* Whether a socket for 'origin' may be opened to this address. */
bool origin_admits(const struct origin *origin, const struct sockaddr *address);
/* An address as text, for people. */
void origin_address_text(const struct sockaddr *address, char *out, size_t size);

#endif
