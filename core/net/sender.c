/* SPDX-License-Identifier: Apache-2.0
 *
 * sender.c - see sender.h.  Each frame but the last is full, so that the place
 * in the message follows from the number of bytes sent. */
#include "net/sender.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>

void
sender_begin(struct sender *s, uint16_t type, uint32_t call, struct rk_text message)
{
	*s = (struct sender){ .message = message, .type = type, .call = call };
}

static void
put_le(unsigned char *at, int bytes, uint32_t n)
{
	for (int i = 0; i < bytes; i++)
		at[i] = (unsigned char)(n >> (8 * i));
}

enum sender_status
sender_push(struct sender *s, int fd)
{
	for (;;) {
		uint64_t frame = s->sent / (FRAME_HEADER_BYTES + FRAME_MAX_BYTES);
		uint64_t within = s->sent % (FRAME_HEADER_BYTES + FRAME_MAX_BYTES);
		uint64_t at = frame * FRAME_MAX_BYTES, left = s->message.len - at;
		uint32_t len = left < FRAME_MAX_BYTES ? (uint32_t)left : FRAME_MAX_BYTES;
		unsigned char header[FRAME_HEADER_BYTES];
		put_le(header, 4, len);
		put_le(header + 4, 2, s->type);
		put_le(header + 6, 2, left > len ? FRAME_MORE : 0);
		put_le(header + 8, 4, s->call);
		uint64_t of_head =
		    within < FRAME_HEADER_BYTES ? within : FRAME_HEADER_BYTES;
		uint64_t of_body = within - of_head;
		struct iovec parts[2] = {
		    {header + of_head, FRAME_HEADER_BYTES - of_head},
		    {(char *)(uintptr_t)s->message.ptr + at + of_body, len - of_body},
		};
		struct msghdr msg = { .msg_iov = parts, .msg_iovlen = 2 };
		ssize_t n = sendmsg(fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? SENDER_BLOCKED : SENDER_GONE;
		s->sent += (uint64_t)n;
		if (left == len && within + (uint64_t)n == FRAME_HEADER_BYTES + len)
			return SENDER_DONE;
	}
}
