/* SPDX-License-Identifier: Apache-2.0
 *
 * cp932.c - Shift_JIS as Windows has it, both ways.  A table of our own: the C library
 * reads files for its own, and a connector can open none.  Called by rows.c. */
#include "file.h"

#include "cp932_table.h"

#define ROW 188u

static unsigned
first_of(unsigned row)
{
	return row < 31 ? 0x81 + row : 0xE0 + row - 31;
}

int
cp932_is_first(unsigned char byte)
{
	return (byte >= 0x81 && byte <= 0x9F) || (byte >= 0xE0 && byte <= 0xFC);
}

/* The next character of a table's text, all of which are below U+10000. */
static uint16_t
next_code(const char **at)
{
	const unsigned char *p = (const unsigned char *)*at;

	*at += p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : 3;
	return (uint16_t)(p[0] < 0x80 ? p[0] : p[0] < 0xE0 ? (p[0] & 0x1F) << 6 | (p[1] & 0x3F)
	                  : (p[0] & 0x0F) << 12 | (p[1] & 0x3F) << 6 | (p[2] & 0x3F));
}

/* A character that stands twice is written as its first place says; but never as one of
 * the rows that NEC chose from IBM's. */
static void
fill_row(struct cp932 *table, unsigned row)
{
	const char *at = cp932_rows[row];
	unsigned first = first_of(row), own = first - 0xF0;

	for (unsigned i = 0; i < ROW; i++) {
		unsigned second = i + 0x40 + (i >= 0x3F);
		uint16_t code = own < 10 ? (uint16_t)(0xE000 + own * ROW + i)
		                         : at && *at ? next_code(&at) : ' ';

		if (code == ' ')
			continue;
		table->to[row * ROW + i] = code;
		if (!table->from[code] && first != 0xED && first != 0xEE)
			table->from[code] = (uint16_t)(first << 8 | second);
	}
}

struct cp932 *
cp932_new(void)
{
	struct cp932 *table = calloc(1, sizeof *table);

	if (!table)
		abort();
	for (unsigned row = 0; row < 60; row++)
		fill_row(table, row);
	return table;
}

int64_t
cp932_decode(const struct cp932 *table, struct rk_text text, char *into)
{
	const unsigned char *at = (const unsigned char *)text.ptr, *end = at + text.len;
	char *out = into;

	while (at < end) {
		unsigned code = *at++, second = at < end ? *at : 0;

		if (code >= 0xA1 && code <= 0xDF) {
			code += 0xFF61 - 0xA1;
		} else if (code >= 0x80) {
			unsigned row = code < 0xA0 ? code - 0x81 : code - 0xE0 + 31;

			if (!cp932_is_first((unsigned char)code) || second < 0x40 ||
			    second == 0x7F || second > 0xFC)
				return -1;
			code = table->to[row * ROW + second - 0x40 - (second > 0x7F)];
			if (!code)
				return -1;
			at++;
		}
		out = rk_utf8_put(out, code);
	}
	return out - into;
}

static uint32_t
utf8_next(const char **at)
{
	const unsigned char *p = (const unsigned char *)*at;
	int bytes = p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
	uint32_t code = bytes == 1 ? p[0] : p[0] & (0xFFu >> (bytes + 1));

	for (int i = 1; i < bytes; i++)
		code = code << 6 | (p[i] & 0x3F);
	*at += bytes;
	return code;
}

int64_t
cp932_encode(const struct cp932 *table, struct rk_text text, char *into)
{
	const char *at = text.ptr, *end = text.ptr + text.len;
	char *out = into;

	while (at < end) {
		uint32_t code = utf8_next(&at);

		if (code < 0x80) {
			*out++ = (char)code;
		} else if (code >= 0xFF61 && code <= 0xFF9F) {
			*out++ = (char)(code - 0xFF61 + 0xA1);
		} else if (code < 0x10000 && table->from[code]) {
			*out++ = (char)(table->from[code] >> 8);
			*out++ = (char)table->from[code];
		} else {
			return -1;
		}
	}
	return out - into;
}
