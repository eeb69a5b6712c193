/* SPDX-License-Identifier: Apache-2.0
 *
 * buf.h - a growing run of bytes with a ceiling.  Past the ceiling nothing is
 * added any more and `over` stays set, so that a writer checks once, at the
 * end.  The bytes always end with a NUL that `len` does not count. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include <renkei/connector.h>

struct buf {
	char *ptr;                     /* owned; NULL while empty */
	size_t len, cap;
	size_t max;                    /* ceiling of len */
	bool over;
};

#define BUF_INIT(ceiling) { NULL, 0, 0, (ceiling), false }

void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_addt(struct buf *b, struct rk_text text);
void buf_addf(struct buf *b, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void *buf_grow(struct buf *b, size_t len);  /* The part of buf_extend that takes time. */

/* Room for 'len' more bytes, to be filled by the caller; NULL past the ceiling. */
static inline void *
buf_extend(struct buf *b, size_t len)
{
	if (b->over || len >= b->cap - b->len || len > b->max - b->len)
		return buf_grow(b, len);
	char *at = b->ptr + b->len;
	b->len += len;
	b->ptr[b->len] = '\0';
	return at;
}

/* Drops the first 'len' bytes. */
void buf_consume(struct buf *b, size_t len);
/* Empties it, keeps the memory. */
void buf_reset(struct buf *b);
void buf_free(struct buf *b);
const char *buf_str(const struct buf *b);   /* Never NULL. */
struct rk_text buf_text(const struct buf *b);

#define BUF_AUTO __attribute__((cleanup(buf_free))) struct buf

#endif
