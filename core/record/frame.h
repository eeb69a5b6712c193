/* SPDX-License-Identifier: Apache-2.0
 *
 * frame.h - messages between renkei's programs over a stream socket.
 *
 * A message has a type, a call number and bytes.  It travels as a run of
 * frames of at most 256 KiB: length of the payload (4 bytes), type (2), flags
 * (2; bit 0: more of this message follows), call (4), all little endian.
 * Another type or call inside a run, a frame too long or a message past the
 * stream's ceiling breaks the stream.  Nothing is retried here. */
#ifndef RECORD_FRAME_H
#define RECORD_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define FRAME_HEADER_BYTES 12u
#define FRAME_MAX_BYTES (256u * 1024)
#define FRAME_MORE 1u
#define FRAME_MESSAGE_MAX (64u * 1024 * 1024)

struct frame_stream {
	int fd;                        /* owned */
	size_t max_message;
	struct buf in;                 /* owned: bytes not yet looked at */
	size_t in_at;                  /* how far of them is done */
	struct buf message;            /* owned: the message of several frames */
	bool in_message;
	uint16_t type;
	uint32_t call;
	int received_fd;               /* owned; -1: none came along */
};

struct frame_message {
	uint16_t type;
	uint32_t call;
	struct rk_text bytes;          /* Valid until the next receive. */
};

void frame_open(struct frame_stream *s, int fd, size_t max_message);
void frame_close(struct frame_stream *s);

/* Sends a message; 'fd' (or -1) goes along with it.  False with errno set;
 * ETIMEDOUT when the other side has not read by 'deadline' (clock_mono_ms). */
bool frame_send(struct frame_stream *s, uint16_t type, uint32_t call, struct rk_text bytes,
                int fd, int64_t deadline);

enum frame_status {
	FRAME_NONE,                    /* Nothing whole yet. */
	FRAME_MESSAGE,
	FRAME_CLOSED,                  /* The other side is gone. */
	FRAME_BROKEN,                  /* It sent what is no frame. */
};

/* What is there already; reads once from the socket without waiting. */
enum frame_status frame_receive(struct frame_stream *s, struct frame_message *out);
/* Waits for a message until 'deadline' (clock_mono_ms); FRAME_NONE: it passed. */
enum frame_status frame_wait(struct frame_stream *s, struct frame_message *out,
                             int64_t deadline);

#endif
