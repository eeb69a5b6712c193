/* SPDX-License-Identifier: Apache-2.0
 *
 * answer.h - the head of an HTTP answer, taken apart for the connector. */
#ifndef NET_ANSWER_H
#define NET_ANSWER_H

#include "base/arena.h"
#include "base/buf.h"

#define ANSWER_HEADERS_MAX 500

/* Takes the header lines "Name: value CR LF"... in 'head' apart into 'reply':
 * names in lower case, values trimmed, Date and Retry-After understood.  The
 * texts point into 'head', which is changed.  'now_ms' is UTC.  False if there
 * are too many, a line is no header, or two lengths differ. */
bool answer_head(struct buf *head, struct arena *arena, int64_t now_ms,
                 struct rk_reply *reply);

/* A wait as servers write it, in milliseconds; -1 if it is none.
 *
 * Shape:  "120", "1.5" (seconds), "1500ms", "Fri, 31 Dec 2027 23:59:59 GMT";
 *         with 'in_ms' a bare number is milliseconds (Retry-After-Ms).
 * Units:  at most 31 days; more is cut to that.
 * Source: RFC 9110, 10.2.3; the other forms were seen at vendors. */
int64_t answer_wait_ms(struct rk_text value, bool in_ms, int64_t now_ms);

#endif
