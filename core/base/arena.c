/* SPDX-License-Identifier: Apache-2.0
 *
 * arena.c - blocks that grow by doubling, handed out from the front. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALIGN 16u
#define FIRST_BYTES (16u * 1024)
#define LARGEST_BYTES (1024u * 1024)

struct arena_block {
	struct arena_block *older;     /* owned */
	size_t bytes;
	_Alignas(ALIGN) unsigned char data[];
};

static void
add_block(struct arena *a, size_t at_least)
{
	size_t bytes = a->block != NULL ? a->block->bytes * 2 : FIRST_BYTES;
	if (bytes > LARGEST_BYTES)
		bytes = LARGEST_BYTES;
	if (bytes < at_least)
		bytes = at_least;
	struct arena_block *block = malloc(sizeof *block + bytes);
	if (block == NULL)
		abort();
	block->older = a->block;
	block->bytes = bytes;
	a->block = block;
	a->used = 0;
}

static void *
take(struct arena *a, size_t bytes)
{
	if (bytes > SIZE_MAX / 2)
		abort();
	size_t need = (bytes + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (a->block == NULL || a->block->bytes - a->used < need)
		add_block(a, need);
	void *p = a->block->data + a->used;
	a->used += need;
	a->total_bytes += need;
	return p;
}

void *
arena_alloc(struct arena *a, size_t bytes)
{
	return memset(take(a, bytes), 0, bytes);
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
	char *p = take(a, text.len + 1);
	if (text.len > 0)
		memcpy(p, text.ptr, text.len);
	p[text.len] = '\0';
	return (struct rk_text){ p, text.len };
}

char *
arena_str(struct arena *a, const char *s)
{
	size_t len = strlen(s);
	return memcpy(arena_alloc(a, len + 1), s, len);
}

struct rk_text
arena_printf(struct arena *a, const char *format, ...)
{
	char brief[128];               /* Most are, and are formatted once. */
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(brief, sizeof brief, format, args);
	va_end(args);
	if (len < 0)
		abort();
	char *p = arena_alloc(a, (size_t)len + 1);
	if ((size_t)len < sizeof brief)
		memcpy(p, brief, (size_t)len);
	else
		vsnprintf(p, (size_t)len + 1, format, again);
	va_end(again);
	return (struct rk_text){ p, (uint64_t)len };
}

void
arena_clear(struct arena *a)
{
	if (a->block != NULL) {
		struct arena_block *block = a->block->older;
		a->block->older = NULL;
		while (block != NULL) {
			struct arena_block *older = block->older;
			free(block);
			block = older;
		}
	}
	a->used = 0;
	a->total_bytes = 0;
}

void
arena_free(struct arena *a)
{
	arena_clear(a);
	free(a->block);
	*a = (struct arena)ARENA_INIT;
}
