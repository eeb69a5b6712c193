/* SPDX-License-Identifier: Apache-2.0
 *
 * json_reader.h - the JSON reader of connectors (renkei/json.h) for the host's own use: it
 * wants their host, of which it uses the memory alone. */
#ifndef RECORD_JSON_READER_H
#define RECORD_JSON_READER_H

#include <renkei/json.h>

#include "base/arena.h"

struct json_reader {
	struct rk_host host;           /* First: alloc is given this. */
	struct arena *arena;           /* borrowed: what is read lies there */
};

static inline void *
json_reader_alloc(const struct rk_host *host, uint64_t bytes)
{
	return arena_alloc(((const struct json_reader *)(const void *)host)->arena, bytes);
}

/* Its host is what rk_json_parse and its like are given. */
static inline struct json_reader
json_reader_in(struct arena *arena)
{
	return (struct json_reader){ { .struct_size = sizeof(struct rk_host),
	                               .alloc = json_reader_alloc }, arena };
}

#endif
