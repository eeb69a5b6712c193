/* SPDX-License-Identifier: Apache-2.0
 *
 * frames.c - a stream of frames from another program: byte 0 is the number of
 * pieces in which the rest arrives.  However it is cut, the same messages come out;
 * what came out can be sent and comes out again. */
#include "fuzz.h"

#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "record/frame.h"

#define MOST_BYTES 65536u
#define CEILING 1024u
#define MOST_MESSAGES 32

struct heard {                         /* What came out of a stream. */
	struct { uint16_t type; uint32_t call; struct rk_text bytes; } list[MOST_MESSAGES];
	size_t count;
	enum frame_status end;
};

/* Takes all messages that are there. */
static void
hear(struct frame_stream *s, struct arena *arena, struct heard *heard)
{
	struct frame_message m;
	while ((heard->end = frame_receive(s, &m)) == FRAME_MESSAGE
	       && heard->count < MOST_MESSAGES) {
		MUST(m.bytes.len <= CEILING);
		heard->list[heard->count].type = m.type;
		heard->list[heard->count].call = m.call;
		heard->list[heard->count++].bytes = arena_text(arena, m.bytes);
	}
}

/* Sends the bytes in pieces of 'step' and hears what they say. */
static void
stream(struct rk_text bytes, size_t step, struct arena *arena, struct heard *heard)
{
	struct frame_stream s;
	int ends[2];
	MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	frame_open(&s, ends[0], CEILING);
	*heard = (struct heard){ .end = FRAME_NONE };
	while (bytes.len > 0 && heard->end == FRAME_NONE) {
		size_t len = bytes.len < step ? bytes.len : step;
		MUST(send(ends[1], bytes.ptr, len, MSG_DONTWAIT) == (ssize_t)len);
		bytes.ptr += len;
		bytes.len -= len;
		hear(&s, arena, heard);
	}
	frame_close(&s);
	close(ends[1]);
}

static void
same(const struct heard *a, const struct heard *b)
{
	MUST(a->count == b->count);
	for (size_t i = 0; i < a->count; i++) {
		MUST(a->list[i].type == b->list[i].type);
		MUST(a->list[i].call == b->list[i].call);
		MUST(text_eq(a->list[i].bytes, b->list[i].bytes));
	}
}

static void
send_again(const struct heard *heard, struct arena *arena)
{
	struct frame_stream from, to;
	struct heard again = { .end = FRAME_NONE };
	int ends[2];
	MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	frame_open(&from, ends[0], CEILING);
	frame_open(&to, ends[1], CEILING);
	for (size_t i = 0; i < heard->count; i++)
		MUST(frame_send(&from, heard->list[i].type, heard->list[i].call,
		                heard->list[i].bytes, -1, clock_mono_ms() + 5000));
	hear(&to, arena, &again);
	MUST(again.end == FRAME_NONE || heard->count == MOST_MESSAGES);
	same(heard, &again);
	frame_close(&from);
	frame_close(&to);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rk_text bytes = fuzz_text(data, size);
	struct arena arena = ARENA_INIT;
	struct heard whole, pieces;
	size_t step = size / (fuzz_byte(&bytes) % 8 + 1u) + 1;
	if (size > MOST_BYTES)
		return 0;
	stream(bytes, MOST_BYTES, &arena, &whole);
	stream(bytes, step, &arena, &pieces);
	if (whole.count < MOST_MESSAGES && pieces.count < MOST_MESSAGES) {
		MUST(whole.end == pieces.end);
		same(&whole, &pieces);
	}
	send_again(&whole, &arena);
	arena_free(&arena);
	return 0;
}
