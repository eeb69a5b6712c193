/* SPDX-License-Identifier: Apache-2.0
 *
 * answer.c - the head of an HTTP answer; line 1 is the value of a Retry-After.  Names
 * come out in lower case and values without blanks, all inside the head; written
 * again they read the same; no wait is longer than 31 days. */
#include "fuzz.h"

#include "net/answer.h"
#include "renkei/http.h"

#define NOW INT64_C(1795000000000)
#define WAIT_MOST (INT64_C(31) * 86400000)

static void
wait(struct rk_text value)
{
	int64_t s = answer_wait_ms(value, false, NOW);
	int64_t ms = answer_wait_ms(value, true, NOW);
	MUST(s >= -1 && s <= WAIT_MOST && ms >= -1 && ms <= WAIT_MOST);
	MUST((s < 0) == (ms < 0));
	if (s > 0 && s < WAIT_MOST)
		MUST(s == ms || s / 1000 == ms || s == ms * 1000 || s / 1000 == ms + 1);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void
check_header(const struct rk_header *h, struct rk_text head)
{
	MUST(h->piece_count == 1 && h->pieces->kind == RK_PIECE_TEXT);
	struct rk_text value = h->pieces->text;
	MUST(h->name.len > 0 && fuzz_inside(h->name, head) && fuzz_inside(value, head));
	for (uint64_t i = 0; i < h->name.len; i++)
		MUST(h->name.ptr[i] < 'A' || h->name.ptr[i] > 'Z');
	if (value.len > 0)
		MUST(!is_blank(value.ptr[0]) && !is_blank(value.ptr[value.len - 1])
		     && memchr(value.ptr, '\n', value.len) == NULL);
}

static bool
take_apart(struct buf *head, struct arena *arena, struct rk_reply *reply)
{
	*reply = (struct rk_reply){ .struct_size = sizeof *reply };
	if (!answer_head(head, arena, NOW, reply))
		return false;
	MUST(reply->header_count <= ANSWER_HEADERS_MAX);
	MUST(reply->retry_after_ms >= -1 && reply->retry_after_ms <= WAIT_MOST);
	MUST(reply->date_ms >= -1);
	for (uint64_t i = 0; i < reply->header_count; i++)
		check_header(&reply->headers[i], buf_text(head));
	return true;
}

static void
same(const struct rk_reply *a, const struct rk_reply *b)
{
	MUST(a->header_count == b->header_count && a->date_ms == b->date_ms
	     && a->retry_after_ms == b->retry_after_ms);
	for (uint64_t i = 0; i < a->header_count; i++) {
		MUST(text_eq(a->headers[i].name, b->headers[i].name));
		MUST(text_eq(a->headers[i].pieces->text, b->headers[i].pieces->text));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rk_text text = fuzz_text(data, size);
	struct arena arena = ARENA_INIT;
	struct rk_reply once, twice;
	BUF_AUTO head = BUF_INIT(1u << 20);
	BUF_AUTO again = BUF_INIT(1u << 22);
	wait(fuzz_line(&text));
	buf_addt(&head, text);
	if (take_apart(&head, &arena, &once)) {
		for (uint64_t i = 0; i < once.header_count; i++) {
			buf_addt(&again, once.headers[i].name);
			buf_adds(&again, ":\t");
			buf_addt(&again, once.headers[i].pieces->text);
			buf_adds(&again, " \r\n");
		}
		MUST(take_apart(&again, &arena, &twice));
		same(&once, &twice);
	}
	arena_free(&arena);
	return 0;
}
