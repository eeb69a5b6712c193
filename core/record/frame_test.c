/* SPDX-License-Identifier: Apache-2.0
 *
 * frame_test.c - messages over a socket whose other end may send anything. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"
#include "record/frame.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define CEILING (1024u * 1024)

static int raw;                        /* The other end, without manners. */
static struct frame_stream stream;

static int
open_pair(void **state)
{
	(void)state;
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return -1;
	raw = pair[0];
	frame_open(&stream, pair[1], CEILING);
	return 0;
}

static int
close_pair(void **state)
{
	(void)state;
	io_close(&raw);
	frame_close(&stream);
	return 0;
}

static int64_t
soon(void)
{
	return clock_mono_ms() + 5000;
}

static void
header(unsigned char *at, uint32_t len, uint16_t type, uint16_t flags, uint32_t call)
{
	const uint32_t parts[] = { len, (uint32_t)type | (uint32_t)flags << 16, call };
	for (size_t i = 0; i < 12; i++)
		at[i] = (unsigned char)(parts[i / 4] >> 8 * (i % 4));
}

static void
send_frame(uint32_t len, uint16_t type, uint16_t flags, uint32_t call, const char *bytes)
{
	unsigned char head[FRAME_HEADER_BYTES];
	header(head, len, type, flags, call);
	assert_true(io_write_all(raw, head, sizeof head));
	assert_true(io_write_all(raw, bytes, strlen(bytes)));
}

static size_t
open_descriptors(void)
{
	size_t count = 0;
	DIR *all = opendir("/proc/self/fd");
	while (readdir(all) != NULL)
		count++;
	closedir(all);
	return count;
}

static void
frames_of_one_message_are_put_together(void **state)
{
	(void)state;
	struct frame_message m;
	send_frame(3, 7, FRAME_MORE, 9, "abc");
	send_frame(2, 7, FRAME_MORE, 9, "xy");
	assert_int_equal(frame_receive(&stream, &m), FRAME_NONE);
	send_frame(2, 7, 0, 9, "de");
	send_frame(1, 8, 0, 10, "x");
	send_frame(0, 9, 0, 11, "");
	assert_int_equal(frame_wait(&stream, &m, soon()), FRAME_MESSAGE);
	assert_true(m.type == 7 && m.call == 9 && text_is(m.bytes, "abcxyde"));
	assert_int_equal(frame_wait(&stream, &m, soon()), FRAME_MESSAGE);
	assert_true(m.type == 8 && m.call == 10 && text_is(m.bytes, "x"));
	assert_int_equal(frame_wait(&stream, &m, soon()), FRAME_MESSAGE);
	assert_true(m.type == 9 && m.call == 11 && m.bytes.len == 0);
	assert_int_equal(frame_receive(&stream, &m), FRAME_NONE);
}

static void
a_message_may_come_byte_by_byte(void **state)
{
	(void)state;
	unsigned char bytes[FRAME_HEADER_BYTES + 3];
	header(bytes, 3, 1, 0, 2);
	memcpy(bytes + FRAME_HEADER_BYTES, "abc", 3);
	struct frame_message m;
	for (size_t i = 0; i < sizeof bytes; i++) {
		assert_int_equal(frame_receive(&stream, &m), FRAME_NONE);
		assert_true(io_write_all(raw, bytes + i, 1));
	}
	assert_int_equal(frame_receive(&stream, &m), FRAME_MESSAGE);
	assert_true(text_is(m.bytes, "abc"));
}

static void
what_is_no_frame_breaks_the_stream(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		uint32_t len;
		uint16_t type, flags;
		uint32_t call;
	} second[] = {
		{ "a frame too long", FRAME_MAX_BYTES + 1, 7, 0, 9 },
		{ "a length below zero", 0xFFFFFFFF, 7, 0, 9 },
		{ "an unknown flag", 1, 7, 2, 9 },
		{ "an unknown flag beside a known one", 1, 7, 0x8001, 9 },
		{ "nothing, and more of it", 0, 7, FRAME_MORE, 9 },
		{ "another call inside a message", 1, 7, 0, 10 },
		{ "another type inside a message", 1, 8, FRAME_MORE, 9 },
	};
	for (size_t i = 0; i < COUNT(second); i++) {
		struct frame_message m;
		open_pair(NULL);
		send_frame(3, 7, FRAME_MORE, 9, "abc");
		send_frame(second[i].len, second[i].type, second[i].flags, second[i].call, "x");
		if (frame_wait(&stream, &m, soon()) != FRAME_BROKEN)
			fail_msg("%s", second[i].what);
		close_pair(NULL);
	}
}

/* The sender never stops: the ceiling must, and before the memory is used up. */
static void
a_message_past_the_ceiling_breaks_the_stream(void **state)
{
	(void)state;
	pid_t child = fork();
	if (child == 0) {
		static unsigned char frame[FRAME_HEADER_BYTES + FRAME_MAX_BYTES];
		header(frame, FRAME_MAX_BYTES, 7, FRAME_MORE, 9);
		io_close(&stream.fd);
		while (io_write_all(raw, frame, sizeof frame))
			continue;
		_exit(0);
	}
	io_close(&raw);
	struct frame_message m;
	assert_int_equal(frame_wait(&stream, &m, soon()), FRAME_BROKEN);
	assert_true(stream.message.cap <= 2 * CEILING);
	frame_close(&stream);
	int how;
	assert_int_equal(waitpid(child, &how, 0), child);
}

static void
one_frame_past_the_ceiling_breaks_the_stream(void **state)
{
	(void)state;
	unsigned char frame[FRAME_HEADER_BYTES + 101] = { 0 };
	struct frame_message m;
	stream.max_message = 100;
	header(frame, 100, 7, 0, 9);
	assert_true(io_write_all(raw, frame, FRAME_HEADER_BYTES + 100));
	assert_int_equal(frame_receive(&stream, &m), FRAME_MESSAGE);
	header(frame, 101, 7, 0, 9);
	assert_true(io_write_all(raw, frame, sizeof frame));
	assert_int_equal(frame_receive(&stream, &m), FRAME_BROKEN);
}

/* A byte a frame, for ever: below the ceiling for long, past the deadline soon. */
static void
a_message_in_drops_is_given_up_at_the_deadline(void **state)
{
	(void)state;
	pid_t child = fork();
	if (child == 0) {
		unsigned char drop[FRAME_HEADER_BYTES + 1];
		header(drop, 1, 7, FRAME_MORE, 9);
		io_close(&stream.fd);
		while (io_write_all(raw, drop, sizeof drop))
			continue;
		_exit(0);
	}
	struct frame_message m;
	int64_t began = clock_mono_ms();
	assert_int_equal(frame_wait(&stream, &m, began + 100), FRAME_NONE);
	assert_in_range(clock_mono_ms() - began, 90, 2000);
	io_close(&raw);
	frame_close(&stream);
	int how;
	assert_int_equal(waitpid(child, &how, 0), child);
}

static void
large_messages_cross_in_frames_and_too_large_ones_are_not_sent(void **state)
{
	(void)state;
	static const size_t sizes[] = { 0, 1, FRAME_MAX_BYTES - 1, FRAME_MAX_BYTES,
	                                FRAME_MAX_BYTES + 1, 3 * FRAME_MAX_BYTES, CEILING };
	static char bytes[CEILING + 1];
	for (size_t i = 0; i < CEILING; i++)
		bytes[i] = (char)(i * 31 + i / 7);
	pid_t child = fork();
	if (child == 0) {
		struct frame_stream sender;
		io_close(&stream.fd);
		frame_open(&sender, raw, CEILING);
		for (size_t i = 0; i < COUNT(sizes); i++)
			if (!frame_send(&sender, 1, (uint32_t)i,
			                (struct rk_text){ bytes, sizes[i] }, -1, soon()))
				_exit(1);
		_exit(0);
	}
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct frame_message m;
		assert_int_equal(frame_wait(&stream, &m, soon()), FRAME_MESSAGE);
		assert_int_equal(m.call, i);
		assert_true(text_eq(m.bytes, (struct rk_text){ bytes, sizes[i] }));
	}
	int how;
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_int_equal(how, 0);
	assert_false(frame_send(&stream, 1, 1, (struct rk_text){ bytes, CEILING + 1 }, -1,
	                        soon()));
	assert_int_equal(errno, EMSGSIZE);
}

static void
an_end_that_closes_is_told_after_what_it_sent(void **state)
{
	(void)state;
	struct frame_message m;
	send_frame(1, 7, 0, 9, "a");
	send_frame(5, 7, 0, 9, "cut");
	io_close(&raw);
	assert_int_equal(frame_wait(&stream, &m, soon()), FRAME_MESSAGE);
	assert_int_equal(frame_wait(&stream, &m, soon()), FRAME_CLOSED);
	assert_false(frame_send(&stream, 1, 1, text_of("x"), -1, soon()));
	assert_int_equal(errno, EPIPE);
}

static void
a_descriptor_goes_along_with_its_message(void **state)
{
	(void)state;
	struct frame_stream sender;
	frame_open(&sender, dup(raw), CEILING);
	int pipes[2];
	assert_int_equal(pipe(pipes), 0);
	assert_true(frame_send(&sender, 1, 1, text_of("take it"), pipes[1], soon()));
	close(pipes[1]);
	struct frame_message m;
	assert_int_equal(frame_wait(&stream, &m, soon()), FRAME_MESSAGE);
	assert_true(stream.received_fd >= 0);
	assert_true((fcntl(stream.received_fd, F_GETFD) & FD_CLOEXEC) != 0);
	assert_true(io_write_all(stream.received_fd, "x", 1));
	char got;
	assert_int_equal(read(pipes[0], &got, 1), 1);
	close(pipes[0]);
	frame_close(&sender);
}

static void
send_descriptors(const unsigned char *bytes, size_t len, size_t count)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(8 * sizeof(int))] = { 0 };
	struct iovec part = { (void *)(uintptr_t)bytes, len };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
	                      .msg_controllen = CMSG_SPACE(count * sizeof(int)) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(count * sizeof(int));
	for (size_t i = 0; i < count; i++)
		memcpy(CMSG_DATA(c) + i * sizeof(int), &raw, sizeof(int));
	assert_int_equal(sendmsg(raw, &msg, 0), len);
}

/* An end that sends descriptors nobody asked for must not use ours up. */
static void
descriptors_beyond_the_last_one_are_closed(void **state)
{
	(void)state;
	size_t before = open_descriptors();
	unsigned char head[FRAME_HEADER_BYTES];
	header(head, 0, 1, 0, 1);
	for (size_t count = 1; count <= 8; count++) {
		struct frame_message m;
		send_descriptors(head, sizeof head, count);
		assert_int_equal(frame_wait(&stream, &m, soon()), FRAME_MESSAGE);
	}
	assert_int_equal(open_descriptors(), before + 1);
}

static void
who_does_not_read_is_given_up_at_the_deadline(void **state)
{
	(void)state;
	static char bytes[CEILING];
	int64_t began = clock_mono_ms();
	assert_false(frame_send(&stream, 1, 1, (struct rk_text){ bytes, CEILING }, -1,
	                        began + 150));
	assert_int_equal(errno, ETIMEDOUT);
	assert_in_range(clock_mono_ms() - began, 100, 2000);
	struct frame_message m;
	began = clock_mono_ms();
	assert_int_equal(frame_wait(&stream, &m, began + 150), FRAME_NONE);
	assert_in_range(clock_mono_ms() - began, 100, 2000);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_pair, close_pair)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(frames_of_one_message_are_put_together),
		CASE(a_message_may_come_byte_by_byte),
		cmocka_unit_test(what_is_no_frame_breaks_the_stream),
		CASE(a_message_past_the_ceiling_breaks_the_stream),
		CASE(one_frame_past_the_ceiling_breaks_the_stream),
		CASE(a_message_in_drops_is_given_up_at_the_deadline),
		CASE(large_messages_cross_in_frames_and_too_large_ones_are_not_sent),
		CASE(an_end_that_closes_is_told_after_what_it_sent),
		CASE(a_descriptor_goes_along_with_its_message),
		CASE(descriptors_beyond_the_last_one_are_closed),
		CASE(who_does_not_read_is_given_up_at_the_deadline),
	};
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
