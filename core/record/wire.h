/* SPDX-License-Identifier: Apache-2.0
 *
 * wire.h - the one encoding of renkei: frames between its programs, rows of
 * its journal and the bytes under its hashes.
 *
 * A document is a run of items: a type (1 byte), a length (4 bytes, little
 * endian), so many bytes.  Lists nest by length, so that anything can be
 * skipped.  The reader treats every byte as hostile: it never reads past the
 * end, and after the first mistake every further take gives zeros and `bad`
 * stays set, so that a decoder checks once, at its end. */
#ifndef RECORD_WIRE_H
#define RECORD_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define WIRE_INT  1u
#define WIRE_TEXT 2u
#define WIRE_LIST 3u
#define WIRE_VALUE 0x40u       /* + RK_ABSENT ... RK_JSON */
#define WIRE_FLAGGED 0x80u     /* A value whose first byte is its flags. */
#define WIRE_HEADER_BYTES 5u

/* Eight bytes of a number, at 'at'; NULL, where there was no room, is left alone. */
void wire_put64(unsigned char *at, int64_t number);
int64_t wire_get64(const unsigned char *at);
void wire_int(struct buf *out, int64_t number);
void wire_text(struct buf *out, struct rk_text text);
void wire_str(struct buf *out, const char *s);          /* NULL: empty. */
/* An item of any type with these bytes. */
void wire_item(struct buf *out, uint8_t type, struct rk_text bytes);
/* A list is opened, filled and closed; 'mark' is what open gave. */
size_t wire_open(struct buf *out, uint8_t type);
void wire_close(struct buf *out, size_t mark);

struct wire_reader {
	const unsigned char *at, *end;
	bool bad;
};

struct wire_reader wire_reader(struct rk_text bytes);
bool wire_more(const struct wire_reader *r);            /* Another item follows. */
int64_t wire_take_int(struct wire_reader *r);
/* An int in the range; else bad. */
int64_t wire_take_range(struct wire_reader *r, int64_t least, int64_t most);
struct rk_text wire_take_text(struct wire_reader *r);   /* Points into the document. */
struct wire_reader wire_take_list(struct wire_reader *r, uint8_t type);
/* Any item: its type and its bytes. */
uint8_t wire_take_any(struct wire_reader *r, struct rk_text *bytes);
/* Behind the item at 'at', of a document that was read without a mistake. */
const char *wire_after(const char *at);
/* How many items stand in the list; bad makes it 0. */
size_t wire_count(const struct wire_reader *r);

#endif
