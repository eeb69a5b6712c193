/* SPDX-License-Identifier: Apache-2.0
 *
 * messages.c - what a run, renkei-connector and renkei-net tell each other of
 * requests, replies, channels, descriptions and accounts; byte 0 is which.  What was
 * read once is written in one way. */
#include "fuzz.h"

#include "base/err.h"
#include "record/http.h"
#include "record/schema.h"

static bool
rewrite(unsigned which, struct rk_text bytes, struct arena *arena, struct buf *out)
{
	struct rk_err err = ERR_INIT;
	struct net_open open;
	struct rk_request request;
	struct rk_reply reply;
	struct rk_schema schema;
	struct rk_account account;
	int64_t deadline;
	int32_t status;
	switch (which % 5) {
	case 0:
		if (!http_decode_open(bytes, arena, &open))
			return false;
		MUST(open.request_deadline_ms >= 1 && open.max_body_bytes >= 1);
		http_encode_open(out, &open);
		return true;
	case 1:
		if (!http_decode_request(bytes, arena, &request, &deadline))
			return false;
		MUST(fuzz_inside(request.url, bytes) && deadline >= 0);
		http_encode_request(out, &request, deadline);
		return true;
	case 2:
		if (!http_decode_reply(bytes, arena, &status, &err, &reply))
			return false;
		MUST(memchr(err.message, '\0', sizeof err.message) != NULL);
		http_encode_reply(out, status, &err, &reply);
		return true;
	case 3:
		if (!schema_decode(bytes, arena, &schema))
			return false;
		MUST(schema.field_count <= SCHEMA_FIELDS_MAX);
		schema_encode(out, &schema);
		return true;
	default:
		if (!account_decode(bytes, arena, &account))
			return false;
		account_encode(out, &account);
		return true;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rk_text bytes = fuzz_text(data, size);
	struct arena arena = ARENA_INIT;
	unsigned which = fuzz_byte(&bytes);
	BUF_AUTO once = BUF_INIT(1u << 22);
	BUF_AUTO twice = BUF_INIT(1u << 22);
	if (rewrite(which, bytes, &arena, &once)) {
		MUST(!once.over);
		MUST(rewrite(which, buf_text(&once), &arena, &twice));
		MUST(text_eq(buf_text(&once), buf_text(&twice)));
	}
	arena_free(&arena);
	return 0;
}
