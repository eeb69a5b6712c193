/* SPDX-License-Identifier: Apache-2.0
 *
 * names.h - which names were met before, and where: finds duplicates and
 * references in lists of ten thousand without comparing each with each. */
#ifndef CONFIG_NAMES_H
#define CONFIG_NAMES_H

#include <stddef.h>

#include "base/arena.h"

struct names {
	struct arena *arena;           /* borrowed; memory comes from here */
	struct names_slot *slots;
	size_t count, room;
};

#define NAMES_INIT(from) { (from), NULL, 0, 0 }

/* Remembers 'name' with 'what' (not NULL), both borrowed.  If the name is known
 * already nothing changes and what it was remembered with is returned. */
void *names_add(struct names *names, const char *name, void *what);
/* What the name was remembered with; NULL: not known. */
void *names_find(const struct names *names, const char *name);

#endif
