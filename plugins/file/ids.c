/* SPDX-License-Identifier: Apache-2.0
 *
 * ids.c - which ids newer files have: of each a hash of 64 bits, and the newest file that
 * has it; ten bytes an id, while the rows may be gigabytes.  Which files these are list.c
 * says, which alone calls this.
 *
 * Two ids of one hash would leave the older file's row out.  Of n ids that are looked up
 * among m others that is n * m / 2^64: one in 18 million loads of a million each, one in
 * 130,000 at the ceiling. */
#include "file.h"

#define ROOM_FIRST UINT64_C(4096)

static uint64_t
hash_of(struct rk_text id)
{
	uint64_t hash = rk_hash(id.ptr, id.len);

	return hash ? hash : 1;        /* 0 is a free slot. */
}

static uint64_t
slot_of(const struct file_ids *ids, uint64_t hash)
{
	uint64_t at = hash & (ids->room - 1);

	while (ids->hashes[at] && ids->hashes[at] != hash)
		at = (at + 1) & (ids->room - 1);
	return at;
}

static void
grow(struct file_ids *ids)
{
	struct file_ids old = *ids;

	ids->room = old.room ? old.room * 2 : ROOM_FIRST;
	ids->hashes = calloc(ids->room, sizeof *ids->hashes);
	ids->newest = calloc(ids->room, sizeof *ids->newest);
	if (!ids->hashes || !ids->newest)
		abort();
	for (uint64_t i = 0, slot; i < old.room; i++) {
		if (!old.hashes[i])
			continue;
		slot = slot_of(ids, old.hashes[i]);
		ids->hashes[slot] = old.hashes[i];
		ids->newest[slot] = old.newest[i];
	}
	free(old.hashes);
	free(old.newest);
}

int
file_ids_add(struct file_ids *ids, struct rk_text id)
{
	uint64_t slot;

	if (ids->count * 4 >= ids->room * 3)
		grow(ids);
	slot = slot_of(ids, hash_of(id));
	if (!ids->hashes[slot] && ids->count++ == ids->most)
		return 0;
	ids->hashes[slot] = hash_of(id);
	if (!ids->newest[slot] || ids->at[ids->newest[slot]] < ids->at[ids->file_count])
		ids->newest[slot] = (uint16_t)ids->file_count;
	return 1;
}

uint16_t
file_ids_find(const struct file_ids *ids, struct rk_text id)
{
	return ids->room ? ids->newest[slot_of(ids, hash_of(id))] : 0;
}

void
file_ids_forget(struct file_ids *ids)
{
	free(ids->hashes);
	free(ids->newest);
	*ids = (struct file_ids){ .most = ids->most };
}
