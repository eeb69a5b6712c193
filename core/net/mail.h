/* SPDX-License-Identifier: Apache-2.0
 *
 * mail.h - a request that is a mail: SMTP by libcurl, for transfer.c. */
#ifndef NET_MAIL_H
#define NET_MAIL_H

#include "net/request.h"

/* Everything but the timeout; 'request' has a mail, and lives until the transfer ends. */
void mail_set(CURL *easy, struct request *request);
/* What a failure means where it is the mail server's: 'said' are its lines.  Else the
 * status and the error stay as they are. */
int32_t mail_explain(const struct request *request, CURLcode result, struct rk_text said,
                     int32_t status, struct rk_err *err);

#endif
