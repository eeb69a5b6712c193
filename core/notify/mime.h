/* SPDX-License-Identifier: Apache-2.0
 *
 * mime.h - a notice as a mail (RFC 5322, 2045, 2047): plain text in UTF-8.  Whatever the
 * texts hold, they cannot add a header or end one. */
#ifndef NOTIFY_MIME_H
#define NOTIFY_MIME_H

#include <stdint.h>

#include "base/buf.h"

struct mime_mail {
	const char *from, *to;         /* Addresses of the form form_mail. */
	struct rk_text subject, body;  /* body: lines end with "\n". */
	int64_t at_ms;
	const char *id;                /* Before the @ of its Message-ID: the same again for
	                                * the same notice, so that a second one is known. */
};

void mime_write(struct buf *out, const struct mime_mail *mail);

#endif
