/* SPDX-License-Identifier: Apache-2.0
 *
 * buf.c - see buf.h. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
grow(struct buf *b, size_t len)
{
	if (b->over || len > b->max || b->len > b->max - len) {
		b->over = true;
		return false;
	}
	size_t need = b->len + len + 1;
	if (need <= b->cap)
		return true;
	size_t cap = b->cap < 64 ? 64 : b->cap * 2;
	if (cap < need)
		cap = need;
	char *ptr = realloc(b->ptr, cap);
	if (ptr == NULL)
		abort();
	b->ptr = ptr;
	b->cap = cap;
	return true;
}

void *
buf_grow(struct buf *b, size_t len)
{
	if (!grow(b, len))
		return NULL;
	char *at = b->ptr + b->len;
	b->len += len;
	b->ptr[b->len] = '\0';
	return at;
}

void
buf_add(struct buf *b, const void *bytes, size_t len)
{
	char *at = buf_extend(b, len);
	if (at != NULL && len > 0)
		memcpy(at, bytes, len);
}

void
buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_addc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_addt(struct buf *b, struct rk_text text)
{
	buf_add(b, text.ptr, text.len);
}

void
buf_addf(struct buf *b, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		abort();
	if (grow(b, (size_t)len)) {
		vsnprintf(b->ptr + b->len, (size_t)len + 1, format, again);
		b->len += (size_t)len;
	}
	va_end(again);
}

void
buf_consume(struct buf *b, size_t len)
{
	if (len >= b->len) {
		buf_reset(b);
		return;
	}
	memmove(b->ptr, b->ptr + len, b->len - len + 1);
	b->len -= len;
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
	b->over = false;
	if (b->ptr != NULL)
		b->ptr[0] = '\0';
}

void
buf_free(struct buf *b)
{
	free(b->ptr);
	b->ptr = NULL;
	b->len = b->cap = 0;
	b->over = false;
}

const char *
buf_str(const struct buf *b)
{
	return b->ptr != NULL ? b->ptr : "";
}

struct rk_text
buf_text(const struct buf *b)
{
	return (struct rk_text){ b->ptr, b->len };
}
