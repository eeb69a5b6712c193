/* SPDX-License-Identifier: Apache-2.0
 *
 * wire.c - see wire.h. */
#include "record/wire.h"

#include <string.h>

static void
put32(unsigned char *at, uint32_t n)
{
	at[0] = (unsigned char)n;
	at[1] = (unsigned char)(n >> 8);
	at[2] = (unsigned char)(n >> 16);
	at[3] = (unsigned char)(n >> 24);
}

static uint32_t
get32(const unsigned char *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16
	       | (uint32_t)at[3] << 24;
}

void
wire_put64(unsigned char *at, int64_t number)
{
	if (at == NULL)
		return;
	put32(at, (uint32_t)(uint64_t)number);
	put32(at + 4, (uint32_t)((uint64_t)number >> 32));
}

int64_t
wire_get64(const unsigned char *at)
{
	return (int64_t)((uint64_t)get32(at) | (uint64_t)get32(at + 4) << 32);
}

static unsigned char *
item(struct buf *out, uint8_t type, size_t len)
{
	if (len > UINT32_MAX) {
		out->over = true;
		return NULL;
	}
	unsigned char *at = buf_extend(out, WIRE_HEADER_BYTES + len);
	if (at == NULL)
		return NULL;
	at[0] = type;
	put32(at + 1, (uint32_t)len);
	return at + WIRE_HEADER_BYTES;
}

void
wire_int(struct buf *out, int64_t number)
{
	wire_put64(item(out, WIRE_INT, 8), number);
}

void
wire_item(struct buf *out, uint8_t type, struct rk_text bytes)
{
	unsigned char *at = item(out, type, bytes.len);
	if (at != NULL && bytes.len > 0)
		memcpy(at, bytes.ptr, bytes.len);
}

void
wire_text(struct buf *out, struct rk_text text)
{
	wire_item(out, WIRE_TEXT, text);
}

void
wire_str(struct buf *out, const char *s)
{
	wire_text(out, (struct rk_text){ s, s != NULL ? strlen(s) : 0 });
}

size_t
wire_open(struct buf *out, uint8_t type)
{
	item(out, type, 0);
	return out->len;
}

void
wire_close(struct buf *out, size_t mark)
{
	size_t len = out->len - mark;
	if (out->over || len > UINT32_MAX) {
		out->over = true;
		return;
	}
	put32((unsigned char *)out->ptr + mark - 4, (uint32_t)len);
}

struct wire_reader
wire_reader(struct rk_text bytes)
{
	const unsigned char *at = (const unsigned char *)bytes.ptr;
	return (struct wire_reader){ at, at + bytes.len, false };
}

bool
wire_more(const struct wire_reader *r)
{
	return !r->bad && r->at < r->end;
}

uint8_t
wire_take_any(struct wire_reader *r, struct rk_text *bytes)
{
	*bytes = (struct rk_text){ NULL, 0 };
	if (r->bad || (size_t)(r->end - r->at) < WIRE_HEADER_BYTES) {
		r->bad = true;
		return 0;
	}
	uint8_t type = r->at[0];
	uint32_t len = get32(r->at + 1);
	if (len > (size_t)(r->end - r->at) - WIRE_HEADER_BYTES) {
		r->bad = true;
		return 0;
	}
	*bytes = (struct rk_text){ (const char *)r->at + WIRE_HEADER_BYTES, len };
	r->at += WIRE_HEADER_BYTES + len;
	return type;
}

static struct rk_text
take(struct wire_reader *r, uint8_t wanted)
{
	struct rk_text bytes;
	if (wire_take_any(r, &bytes) != wanted) {
		r->bad = true;
		return (struct rk_text){ NULL, 0 };
	}
	return bytes;
}

int64_t
wire_take_int(struct wire_reader *r)
{
	struct rk_text bytes = take(r, WIRE_INT);
	if (bytes.len != 8) {
		r->bad = true;
		return 0;
	}
	return wire_get64((const unsigned char *)bytes.ptr);
}

int64_t
wire_take_range(struct wire_reader *r, int64_t least, int64_t most)
{
	int64_t number = wire_take_int(r);
	if (number < least || number > most) {
		r->bad = true;
		return least;
	}
	return number;
}

struct rk_text
wire_take_text(struct wire_reader *r)
{
	return take(r, WIRE_TEXT);
}

struct wire_reader
wire_take_list(struct wire_reader *r, uint8_t type)
{
	struct wire_reader list = wire_reader(take(r, type));
	list.bad = r->bad;
	return list;
}

const char *
wire_after(const char *at)
{
	return at + WIRE_HEADER_BYTES + get32((const unsigned char *)at + 1);
}

size_t
wire_count(const struct wire_reader *r)
{
	struct wire_reader walk = *r;
	struct rk_text bytes;
	size_t count = 0;
	while (wire_more(&walk)) {
		wire_take_any(&walk, &bytes);
		count++;
	}
	return walk.bad ? 0 : count;
}
