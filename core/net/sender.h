/* SPDX-License-Identifier: Apache-2.0
 *
 * sender.h - sends a message as frames (record/frame.h) without ever waiting:
 * net serves all connectors in one thread, and a slow one must not stop the
 * others. */
#ifndef NET_SENDER_H
#define NET_SENDER_H

#include "record/frame.h"

struct sender {
	struct rk_text message;        /* borrowed until it is sent */
	uint16_t type;
	uint32_t call;
	uint64_t sent;                 /* Bytes of the stream, headers counted. */
};

enum sender_status {
	SENDER_DONE,
	SENDER_BLOCKED,                /* Go on when the socket can be written. */
	SENDER_GONE,
};

void sender_begin(struct sender *s, uint16_t type, uint32_t call, struct rk_text message);
enum sender_status sender_push(struct sender *s, int fd);

#endif
