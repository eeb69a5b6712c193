/* SPDX-License-Identifier: Apache-2.0
 *
 * arena.c - the arena of base/arena.h with each thing in memory of its own, so that
 * the sanitizers know where it ends. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
	struct arena_block *older;     /* owned */
	void *thing;                   /* owned */
};

void *
arena_alloc(struct arena *a, size_t bytes)
{
	struct arena_block *block = malloc(sizeof *block);
	*block = (struct arena_block){ a->block, calloc(1, bytes) };
	a->block = block;
	a->total_bytes += bytes;
	return block->thing;
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(n, size, &bytes))
		abort();
	return arena_alloc(a, bytes);
}

struct rk_text
arena_text(struct arena *a, struct rk_text text)
{
	char *p = arena_alloc(a, text.len + 1);
	if (text.len > 0)
		memcpy(p, text.ptr, text.len);
	return (struct rk_text){ p, text.len };
}

char *
arena_str(struct arena *a, const char *s)
{
	return strcpy(arena_alloc(a, strlen(s) + 1), s);
}

struct rk_text
arena_printf(struct arena *a, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		abort();
	char *p = arena_alloc(a, (size_t)len + 1);
	vsnprintf(p, (size_t)len + 1, format, again);
	va_end(again);
	return (struct rk_text){ p, (uint64_t)len };
}

void
arena_clear(struct arena *a)
{
	while (a->block != NULL) {
		struct arena_block *block = a->block;
		a->block = block->older;
		free(block->thing);
		free(block);
	}
	a->total_bytes = 0;
}

void
arena_free(struct arena *a)
{
	arena_clear(a);
}
