/* SPDX-License-Identifier: Apache-2.0
 *
 * set.c - see set.h.  Open addressing; a removal moves the run behind it up. */
#include "sync/set.h"

#include <stdlib.h>

static int64_t
solid(int64_t hash)
{
	return hash != 0 ? hash : 1;
}

static size_t
slot_of(const struct set *s, int64_t hash)
{
	size_t at = (size_t)hash & (s->room - 1);
	while (s->slots[at] != 0 && s->slots[at] != hash)
		at = (at + 1) & (s->room - 1);
	return at;
}

static void
grow(struct set *s)
{
	struct set wider = { NULL, s->room != 0 ? s->room * 2 : 256, 0 };
	wider.slots = calloc(wider.room, sizeof *wider.slots);
	if (wider.slots == NULL)
		abort();
	for (size_t i = 0; i < s->room; i++)
		if (s->slots[i] != 0)
			set_add(&wider, s->slots[i]);
	free(s->slots);
	*s = wider;
}

bool
set_has(const struct set *s, int64_t hash)
{
	return s->count > 0 && s->slots[slot_of(s, solid(hash))] != 0;
}

void
set_add(struct set *s, int64_t hash)
{
	if (s->count * 2 >= s->room)
		grow(s);
	size_t at = slot_of(s, solid(hash));
	s->count += s->slots[at] == 0;
	s->slots[at] = solid(hash);
}

void
set_remove(struct set *s, int64_t hash)
{
	if (!set_has(s, hash))
		return;
	size_t at = slot_of(s, solid(hash));
	s->slots[at] = 0;
	s->count--;
	for (size_t i = (at + 1) & (s->room - 1); s->slots[i] != 0;
	     i = (i + 1) & (s->room - 1)) {
		int64_t moved = s->slots[i];
		s->slots[i] = 0;
		s->slots[slot_of(s, moved)] = moved;
	}
}

void
set_free(struct set *s)
{
	free(s->slots);
	*s = (struct set){ NULL, 0, 0 };
}
