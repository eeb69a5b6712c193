/* SPDX-License-Identifier: Apache-2.0
 *
 * bytes.c - see bytes.h. */
#include "tests/faults/bytes.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

char *
bytes_room(struct bytes *b, size_t more)
{
	if (b->cap - b->len < more) {
		b->cap = (b->len + more) * 2;
		b->ptr = realloc(b->ptr, b->cap);
	}
	if (b->ptr == NULL)
		abort();
	return b->ptr + b->len;
}

void
bytes_add(struct bytes *b, const char *more, size_t len)
{
	char *to = bytes_room(b, len + 1);
	memcpy(to, more, len);
	b->len += len;
}

/* 'cut' bytes at 'at' give way to others. */
static void
splice(struct bytes *b, size_t at, size_t cut, const char *text, size_t len)
{
	bytes_room(b, len);
	memmove(b->ptr + at + len, b->ptr + at + cut, b->len - at - cut);
	memcpy(b->ptr + at, text, len);
	b->len = b->len + len - cut;
}

void
bytes_insert(struct bytes *b, size_t at, const char *text)
{
	struct bytes plain = { 0 };
	bytes_unescape(&plain, text);
	splice(b, at, 0, plain.ptr, plain.len);
	bytes_free(&plain);
}

void
bytes_free(struct bytes *b)
{
	free(b->ptr);
	*b = (struct bytes){ 0 };
}

/* One character of an escaped text; moves on behind it. */
static char
unescape_one(const char **at)
{
	char hex[3] = { 0 }, c = *(*at)++;
	if (c != '\\' || **at == '\0')
		return c;
	c = *(*at)++;
	switch (c) {
	case 'r': return '\r';
	case 'n': return '\n';
	case 't': return '\t';
	case '0': return '\0';
	case 'x':
		strncpy(hex, *at, 2);
		*at += strlen(hex);
		return (char)strtoul(hex, NULL, 16);
	default:  return c;
	}
}

void
bytes_unescape(struct bytes *b, const char *text)
{
	bytes_room(b, strlen(text) + 1);
	while (*text != '\0') {
		char c = unescape_one(&text);
		bytes_add(b, &c, 1);
	}
}

/* ---- HTTP ---------------------------------------------------------------------- */

size_t
bytes_body(const struct bytes *b)
{
	const char *end = b->len > 0 ? memmem(b->ptr, b->len, "\r\n\r\n", 4) : NULL;
	return end != NULL ? (size_t)(end - b->ptr) + 4 : 0;
}

size_t
bytes_line(const struct bytes *b)
{
	const char *end = memmem(b->ptr, b->len, "\r\n", 2);
	return end != NULL ? (size_t)(end - b->ptr) + 2 : b->len;
}

/* Where the header's line begins; 0: there is none. */
static size_t
find(const struct bytes *b, size_t body_at, const char *name)
{
	size_t len = strlen(name);
	for (size_t at = bytes_line(b); at + len < body_at; at++) {
		if (strncasecmp(b->ptr + at, name, len) == 0 && b->ptr[at + len] == ':')
			return at;
		const char *end = memchr(b->ptr + at, '\n', body_at - at);
		at = (size_t)(end - b->ptr);
	}
	return 0;
}

size_t
bytes_length(const struct bytes *b, size_t body_at)
{
	size_t at = find(b, body_at, "Content-Length");
	return at > 0 ? strtoul(b->ptr + at + strlen("Content-Length:"), NULL, 10) : 0;
}

size_t
bytes_header(struct bytes *b, const char *name, const char *value)
{
	size_t at = find(b, bytes_body(b), name);
	if (at > 0) {
		const char *end = memchr(b->ptr + at, '\n', b->len - at);
		splice(b, at, (size_t)(end - b->ptr) + 1 - at, "", 0);
	}
	if (value != NULL) {
		at = bytes_line(b);
		splice(b, at, 0, "\r\n", 2);
		splice(b, at, 0, value, strlen(value));
		splice(b, at, 0, ": ", 2);
		splice(b, at, 0, name, strlen(name));
	}
	return bytes_body(b);
}

void
bytes_replace(struct bytes *b, size_t at, const char *from, size_t from_len,
              const struct bytes *to)
{
	const char *hit = b->ptr + at;
	size_t len = b->len - at;
	if (from_len > 0) {
		hit = memmem(b->ptr + at, b->len - at, from, from_len);
		len = from_len;
	}
	if (hit != NULL)
		splice(b, (size_t)(hit - b->ptr), len, to->ptr, to->len);
}

/* ---- gzip ---------------------------------------------------------------------- */

static const char gzip_head[10] = { 0x1f, (char)0x8b, 8, 0, 0, 0, 0, 0, 0, 3 };

static void
add_number(struct bytes *b, uint32_t n, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = (char)(n >> 8 * i & 0xff);
		bytes_add(b, &c, 1);
	}
}

static uint32_t
crc(const char *bytes, size_t len)
{
	uint32_t c = UINT32_MAX;
	for (size_t i = 0; i < len; i++) {
		c ^= (unsigned char)bytes[i];
		for (int bit = 0; bit < 8; bit++)
			c = c >> 1 ^ (c & 1 ? UINT32_C(0xEDB88320) : 0);
	}
	return ~c;
}

void
bytes_pack(struct bytes *b, const char *plain, size_t len)
{
	bytes_add(b, gzip_head, sizeof gzip_head);
	for (size_t at = 0; at == 0 || at < len;) {
		uint32_t block = (uint32_t)(len - at < 65535 ? len - at : 65535);
		add_number(b, at + block == len, 1);
		add_number(b, block, 2);
		add_number(b, ~block, 2);
		bytes_add(b, plain + at, block);
		at += block;
		if (block == 0)
			break;
	}
	add_number(b, crc(plain, len), 4);
	add_number(b, (uint32_t)len, 4);
}

struct bits { struct bytes *out; unsigned held, count; };

/* Huffman codes come with their first bit first. */
static void
put_code(struct bits *bits, unsigned code, unsigned len)
{
	while (len-- > 0) {
		bits->held |= (code >> len & 1) << bits->count;
		if (++bits->count < 8)
			continue;
		add_number(bits->out, bits->held, 1);
		bits->held = bits->count = 0;
	}
}

void
bytes_bomb(struct bytes *b, size_t len)
{
	struct bits bits = { .out = b };
	bytes_add(b, gzip_head, sizeof gzip_head);
	put_code(&bits, 2, 3);                 /* Not the last block; fixed codes. */
	put_code(&bits, 0x30, 8);              /* The literal 0 ... */
	for (size_t told = 1; told < len; told += 258) {
		put_code(&bits, 0xc5, 8);      /* ... and 258 bytes more ... */
		put_code(&bits, 0, 5);         /* ... from one byte before. */
	}
}
