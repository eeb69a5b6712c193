/* SPDX-License-Identifier: Apache-2.0
 *
 * names.c - see names.h.  Open addressing, at most half full. */
#include "config/names.h"

#include <stdint.h>
#include <string.h>

struct names_slot {
	const char *name;
	void *what;
};

/* FNV-1a, 64 bits. */
static size_t
hash(const char *name)
{
	uint64_t h = 14695981039346656037u;
	for (; *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * 1099511628211u;
	return (size_t)(h ^ h >> 32);
}

/* The slot that holds 'name' or would take it; there is always a free one. */
static struct names_slot *
slot_of(const struct names *names, const char *name)
{
	size_t i = hash(name) & (names->room - 1);
	while (names->slots[i].name != NULL && strcmp(names->slots[i].name, name) != 0)
		i = (i + 1) & (names->room - 1);
	return &names->slots[i];
}

static void
grow(struct names *names)
{
	struct names old = *names;
	names->room = old.room == 0 ? 16 : old.room * 2;
	names->slots = arena_new_array(names->arena, names->room, struct names_slot);
	for (size_t i = 0; i < old.room; i++)
		if (old.slots[i].name != NULL)
			*slot_of(names, old.slots[i].name) = old.slots[i];
}

void *
names_add(struct names *names, const char *name, void *what)
{
	if (names->count * 2 >= names->room)
		grow(names);
	struct names_slot *slot = slot_of(names, name);
	if (slot->name != NULL)
		return slot->what;
	*slot = (struct names_slot){ name, what };
	names->count++;
	return NULL;
}

void *
names_find(const struct names *names, const char *name)
{
	return names->room == 0 ? NULL : slot_of(names, name)->what;
}
