/* SPDX-License-Identifier: Apache-2.0
 *
 * arena.h - memory of many small things that die together: a page, a call, a
 * configuration.  Nothing is freed alone.  Memory is zeroed.  When the machine
 * has none left the process aborts: what matters is durable, the next run goes
 * on.  A size that came from outside must have met its ceiling before. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include <renkei/connector.h>

struct arena_block;

struct arena {
	struct arena_block *block;     /* owned; the newest first */
	size_t used;                   /* of the newest block */
	size_t total_bytes;            /* handed out since the last clear */
};

#define ARENA_INIT { NULL, 0, 0 }

void *arena_alloc(struct arena *a, size_t bytes);
/* Room for 'n' things of 'size'; aborts if the product overflows. */
void *arena_array(struct arena *a, size_t n, size_t size);
/* Copies; the copy ends with a NUL that its length does not count. */
struct rk_text arena_text(struct arena *a, struct rk_text text);
char *arena_str(struct arena *a, const char *s);
struct rk_text arena_printf(struct arena *a, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Everything goes; the largest block stays for the next use. */
void arena_clear(struct arena *a);
/* Everything goes. */
void arena_free(struct arena *a);

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_new_array(a, n, type) ((type *)arena_array((a), (n), sizeof(type)))

#endif
