/* SPDX-License-Identifier: Apache-2.0
 *
 * revision.c - the fingerprint of a mapping: BLAKE2b over a plain rendering in
 * which every text carries its length, so that no two configurations render
 * alike. */
#include <string.h>

#include <sodium.h>

#include "mapping/compile.h"

/* Raise it when the same configuration makes other rows than before. */
#define RULES "renkei mapping 1"

static void
add_bytes(crypto_generichash_state *h, const void *bytes, size_t len)
{
	uint64_t size = len;
	crypto_generichash_update(h, (const unsigned char *)&size, sizeof size);
	if (len > 0)
		crypto_generichash_update(h, bytes, len);
}

/* Not given and empty are two things. */
static void
add(crypto_generichash_state *h, const char *text)
{
	add_bytes(h, text != NULL ? "+" : "-", 1);
	add_bytes(h, text, text != NULL ? strlen(text) : 0);
}

/* What came later than version 0.1.0 counts where it is used: a state made before it
 * stays what it is. */
static void
add_new(crypto_generichash_state *h, const char *name, uint32_t value)
{
	if (value == 0)
		return;
	add(h, name);
	add_bytes(h, &value, sizeof value);
}

static void
add_map(crypto_generichash_state *h, const struct config_map *map)
{
	uint32_t nulls = (uint32_t)map->nulls;
	uint64_t count = map->value_count;
	add(h, map->to);
	add(h, map->from);
	add_bytes(h, &count, sizeof count);
	for (size_t i = 0; i < map->value_count; i++) {
		add(h, map->values[i].from);
		add(h, map->values[i].to);
	}
	add(h, map->otherwise);
	add_bytes(h, &nulls, sizeof nulls);
	add(h, map->nulls == NULLS_DEFAULT ? map->default_value : NULL);
	add_new(h, "only", map->only);
	add_new(h, "parent", map->parent > PARENT_WAIT ? (uint32_t)map->parent : 0);
}

void
compile_mark(const struct config_map *map, unsigned char mark[16])
{
	crypto_generichash_state h;
	crypto_generichash_init(&h, NULL, 0, 16);
	add_bytes(&h, mark, 16);
	add_map(&h, map);
	crypto_generichash_final(&h, mark, 16);
}

void
compile_revision(const struct work *w, unsigned char out[16])
{
	const struct config_sync *sync = w->sync;
	const struct inputs *in = &w->m->inputs;
	crypto_generichash_state h;
	crypto_generichash_init(&h, NULL, 0, 16);
	add(&h, RULES);
	add(&h, sync->from.object);
	add(&h, sync->to.object);
	add(&h, sync->to.key);
	add(&h, sync->from.filter);
	/* What was left out under one policy must be looked at under another. */
	const uint32_t policies[] = { (uint32_t)sync->empty_key,
		                      (uint32_t)sync->existing };
	add_bytes(&h, policies, sizeof policies);
	add_new(&h, "only", sync->only);
	for (size_t i = 0; i < sync->to.fallback_count; i++) {
		add(&h, "fallback");
		add(&h, sync->to.fallback_keys[i]);
	}
	for (size_t i = 0; i < sync->map_count; i++)
		if (sync->maps[i].enabled)
			add_map(&h, &sync->maps[i]);
	for (size_t i = 0; i < in->used_count; i++) {
		add_bytes(&h, in->used[i].name.ptr, in->used[i].name.len);
		add_bytes(&h, &in->used[i].type, sizeof in->used[i].type);
	}
	crypto_generichash_final(&h, out, 16);
}
