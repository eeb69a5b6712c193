/* SPDX-License-Identifier: Apache-2.0
 *
 * ids.c - the set of ids that newer files have: of each 63 bits of a hash, and whether it
 * was told from one of them; eight bytes an id, while the rows may be gigabytes.  Of which
 * files it is, list.c says, which alone calls this.
 *
 * Two ids of one hash would leave the older file's row out.  Of n ids that are looked up
 * among m others that is n * m / 2^63: one in nine million loads of a million each, one in
 * 64,000 at the ceiling. */
#include "file.h"

#define ROOM_FIRST UINT64_C(4096)

#define TOLD UINT64_C(1)

static uint64_t
hash_of(struct rk_text id)
{
	uint64_t hash = rk_hash(id.ptr, id.len) & ~TOLD;

	return hash ? hash : 2;        /* 0 is a free slot. */
}

static uint64_t *
slot_of(const struct file_ids *ids, uint64_t hash)
{
	uint64_t at = hash >> 1 & (ids->room - 1);

	while (ids->slots[at] && (ids->slots[at] ^ hash) > TOLD)
		at = (at + 1) & (ids->room - 1);
	return &ids->slots[at];
}

static void
grow(struct file_ids *ids)
{
	struct file_ids old = *ids;

	ids->room = old.room ? old.room * 2 : ROOM_FIRST;
	ids->slots = calloc(ids->room, sizeof *ids->slots);
	if (!ids->slots)
		abort();
	for (uint64_t i = 0; i < old.room; i++)
		if (old.slots[i])
			*slot_of(ids, old.slots[i]) = old.slots[i];
	free(old.slots);
}

int
file_ids_add(struct file_ids *ids, struct rk_text id)
{
	uint64_t hash = hash_of(id), *slot;

	if (ids->count * 4 >= ids->room * 3)
		grow(ids);
	slot = slot_of(ids, hash);
	if (!*slot && ids->count++ == ids->most)
		return 0;
	*slot |= hash | (ids->told ? TOLD : 0);
	return 1;
}

enum file_id
file_ids_find(const struct file_ids *ids, struct rk_text id)
{
	uint64_t slot = ids->room ? *slot_of(ids, hash_of(id)) : 0;

	return slot == 0 ? FILE_ID_NEW : slot & TOLD ? FILE_ID_TOLD : FILE_ID_LEFT;
}

void
file_ids_forget(struct file_ids *ids)
{
	free(ids->slots);
	*ids = (struct file_ids){ .most = ids->most };
}
