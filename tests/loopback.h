/* SPDX-License-Identifier: Apache-2.0
 *
 * loopback.h - one HTTP request to 127.0.0.1, for tests that talk to the
 * simulators' control path.  No retry, no keep-alive; bounded by 30 seconds. */
#ifndef TESTS_LOOPBACK_H
#define TESTS_LOOPBACK_H

#include <stdbool.h>
#include <stdint.h>

/* The body of the answer, for the caller to free; NULL if there was none or its
 * status is not 200.  'body' NULL: a GET, else a POST. */
char *loopback_ask(uint16_t port, const char *path, const char *body);
/* Where a GET is sent on to by a 302, for the caller to free; NULL: nowhere. */
char *loopback_redirect(uint16_t port, const char *path);

#endif
