/* SPDX-License-Identifier: Apache-2.0
 *
 * frame.c - see frame.h. */
#include "record/frame.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"

#define READ_BYTES (128u * 1024)

void
frame_open(struct frame_stream *s, int fd, size_t max_message)
{
	*s = (struct frame_stream){
		.fd = fd,
		.max_message = max_message,
		.in = BUF_INIT(FRAME_HEADER_BYTES + FRAME_MAX_BYTES + READ_BYTES),
		.message = BUF_INIT(max_message),
		.received_fd = -1,
	};
}

void
frame_close(struct frame_stream *s)
{
	io_close(&s->fd);
	io_close(&s->received_fd);
	buf_free(&s->in);
	buf_free(&s->message);
}

static uint32_t
get_le(const unsigned char *at, int bytes)
{
	uint32_t n = 0;
	for (int i = 0; i < bytes; i++)
		n |= (uint32_t)at[i] << (8 * i);
	return n;
}

static void
put_le(unsigned char *at, int bytes, uint32_t n)
{
	for (int i = 0; i < bytes; i++)
		at[i] = (unsigned char)(n >> (8 * i));
}

/* Waits until 'events' are there; false with errno set at the deadline. */
static bool
wait_for(int fd, short events, int64_t deadline)
{
	for (;;) {
		int64_t left = deadline - clock_mono_ms();
		if (left < 0) {
			errno = ETIMEDOUT;
			return false;
		}
		struct pollfd p = { .fd = fd, .events = events };
		int n = poll(&p, 1, left > 60000 ? 60000 : (int)left);
		if (n > 0)
			return true;
		if (n < 0 && errno != EINTR)
			return false;
		if (n == 0 && left == 0) {
			errno = ETIMEDOUT;
			return false;
		}
	}
}

static void
attach_fd(struct msghdr *msg, void *control, size_t size, int fd)
{
	msg->msg_control = control;
	msg->msg_controllen = size;
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
}

static bool
send_parts(int socket, struct iovec *parts, int fd, int64_t deadline)
{
	while (parts[0].iov_len + parts[1].iov_len > 0) {
		_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof fd)] = { 0 };
		struct msghdr msg = { .msg_iov = parts, .msg_iovlen = 2 };
		if (fd >= 0)
			attach_fd(&msg, control, sizeof control, fd);
		ssize_t n = sendmsg(socket, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			return false;
		if (n < 0 && !wait_for(socket, POLLOUT, deadline))
			return false;
		if (n < 0)
			continue;
		fd = -1;
		for (int i = 0; i < 2 && n > 0; i++) {
			size_t done = (size_t)n < parts[i].iov_len ? (size_t)n : parts[i].iov_len;
			parts[i].iov_base = (char *)parts[i].iov_base + done;
			parts[i].iov_len -= done;
			n -= (ssize_t)done;
		}
	}
	return true;
}

bool
frame_send(struct frame_stream *s, uint16_t type, uint32_t call, struct rk_text bytes,
           int fd, int64_t deadline)
{
	if (bytes.len > s->max_message) {
		errno = EMSGSIZE;
		return false;
	}
	uint64_t at = 0;
	do {
		uint64_t left = bytes.len - at;
		uint32_t len = left < FRAME_MAX_BYTES ? (uint32_t)left : FRAME_MAX_BYTES;
		unsigned char header[FRAME_HEADER_BYTES];
		put_le(header, 4, len);
		put_le(header + 4, 2, type);
		put_le(header + 6, 2, left > len ? FRAME_MORE : 0);
		put_le(header + 8, 4, call);
		struct iovec parts[2] = {
			{ header, sizeof header },
			{ len > 0 ? (char *)(uintptr_t)bytes.ptr + at : NULL, len },
		};
		if (!send_parts(s->fd, parts, fd, deadline))
			return false;
		fd = -1;
		at += len;
	} while (at < bytes.len);
	return true;
}

/* Takes one frame out of what was read; its bytes are 'part'. */
static enum frame_status
take_frame(struct frame_stream *s, struct frame_message *head, struct rk_text *part,
           bool *more)
{
	size_t there = s->in.len - s->in_at;
	if (there < FRAME_HEADER_BYTES)
		return FRAME_NONE;
	const unsigned char *at = (const unsigned char *)s->in.ptr + s->in_at;
	uint32_t len = get_le(at, 4), flags = get_le(at + 6, 2);
	*head = (struct frame_message){ (uint16_t)get_le(at + 4, 2), get_le(at + 8, 4), { 0 } };
	*more = (flags & FRAME_MORE) != 0;
	if (len > FRAME_MAX_BYTES || len > s->max_message || (flags & ~FRAME_MORE) != 0)
		return FRAME_BROKEN;
	/* Nothing and more of it: nobody would ever reach the ceiling. */
	if (*more && len == 0)
		return FRAME_BROKEN;
	if (s->in_message && (head->type != s->type || head->call != s->call))
		return FRAME_BROKEN;
	if (there - FRAME_HEADER_BYTES < len)
		return FRAME_NONE;
	*part = (struct rk_text){ (const char *)at + FRAME_HEADER_BYTES, len };
	s->in_at += FRAME_HEADER_BYTES + len;
	return FRAME_MESSAGE;
}

/* A whole message out of what was read. */
static enum frame_status
next_message(struct frame_stream *s, struct frame_message *out)
{
	struct frame_message head;
	struct rk_text part;
	bool more;
	enum frame_status status;
	while ((status = take_frame(s, &head, &part, &more)) == FRAME_MESSAGE) {
		if (!s->in_message && !more) {
			*out = (struct frame_message){ head.type, head.call, part };
			return FRAME_MESSAGE;
		}
		if (!s->in_message)
			buf_reset(&s->message);
		s->in_message = more;
		s->type = head.type;
		s->call = head.call;
		buf_addt(&s->message, part);
		if (s->message.over)
			return FRAME_BROKEN;
		if (more)
			continue;
		*out = (struct frame_message){ head.type, head.call, buf_text(&s->message) };
		return FRAME_MESSAGE;
	}
	return status;
}

/* The room for one descriptor has room for two on 64 bits, by its alignment:
 * what comes beside the first must not stay open. */
static void
keep_fd(struct frame_stream *s, struct msghdr *msg)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t at = CMSG_LEN(0); at + sizeof(int) <= c->cmsg_len; at += sizeof(int)) {
			io_close(&s->received_fd);
			memcpy(&s->received_fd, (char *)c + at, sizeof(int));
		}
	}
}

/* Reads once; FRAME_MESSAGE here means that something came. */
static enum frame_status
read_some(struct frame_stream *s)
{
	if (s->in_at > 0) {
		buf_consume(&s->in, s->in_at);
		s->in_at = 0;
	}
	char *room = buf_extend(&s->in, READ_BYTES);
	if (room == NULL)
		return FRAME_BROKEN;
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
	struct iovec part = { room, READ_BYTES };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1,
	                      .msg_control = control, .msg_controllen = sizeof control };
	ssize_t n;
	do
		n = recvmsg(s->fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	s->in.len -= READ_BYTES - (n > 0 ? (size_t)n : 0);
	if (n < 0)
		return errno == EAGAIN ? FRAME_NONE : FRAME_CLOSED;
	if (n == 0)
		return FRAME_CLOSED;
	keep_fd(s, &msg);
	return FRAME_MESSAGE;
}

enum frame_status
frame_receive(struct frame_stream *s, struct frame_message *out)
{
	enum frame_status status = next_message(s, out);
	if (status != FRAME_NONE)
		return status;
	status = read_some(s);
	return status == FRAME_MESSAGE ? next_message(s, out) : status;
}

/* Pieces that keep coming do not move the deadline. */
enum frame_status
frame_wait(struct frame_stream *s, struct frame_message *out, int64_t deadline)
{
	for (;;) {
		enum frame_status status = frame_receive(s, out);
		if (status != FRAME_NONE)
			return status;
		if (!wait_for(s->fd, POLLIN, deadline))
			return errno == ETIMEDOUT ? FRAME_NONE : FRAME_CLOSED;
	}
}
