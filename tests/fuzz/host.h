/* SPDX-License-Identifier: Apache-2.0
 *
 * host.h - a host of connectors that has memory and nothing else; cJSON's memory is
 * the same.  For targets of what the contract's headers do. */
#ifndef FUZZ_HOST_H
#define FUZZ_HOST_H

#include "fuzz.h"

#include <renkei/json.h>

static struct arena arena;             /* Of one input. */

static inline void *
host_alloc(const struct rk_host *host, uint64_t bytes)
{
	(void)host;
	return arena_alloc(&arena, bytes);
}

static inline void *
host_json_alloc(size_t bytes)
{
	return arena_alloc(&arena, bytes);
}

static inline void
host_json_free(void *ptr)
{
	(void)ptr;
}

static inline void
host_use_arena_for_json(void)
{
	cJSON_InitHooks(&(cJSON_Hooks){ host_json_alloc, host_json_free });
}

static const struct rk_host memory_host = {
	.struct_size = sizeof memory_host, .alloc = host_alloc,
};

#endif
