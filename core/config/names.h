/* SPDX-License-Identifier: Apache-2.0
 *
 * names.h - lists of things that begin with their name (a const char *): the one
 * of a name, the nearest one for "did you mean", and those that stand twice. */
#ifndef CONFIG_NAMES_H
#define CONFIG_NAMES_H

#include <stddef.h>

#include "base/arena.h"

struct named {                         /* borrowed */
	const void *list;
	size_t count, size;
};

#define NAMED(list, count) ((struct named){ (list), (count), sizeof *(list) })

/* The first of that name; NULL: none, or 'name' is NULL. */
const void *named_find(struct named of, const char *name);
/* The names alone. */
const char **named_names(struct named of, struct arena *arena);
/* "a, b, c" */
const char *named_joined(struct named of, struct arena *arena);
/* "; did you mean "a"?", or nothing. */
const char *named_near(struct named of, const char *name, struct arena *arena);

/* What was met before, for lists of ten thousand. */
struct names {
	void *root;                    /* owned */
};

/* Remembers a thing, which is borrowed.  If one of its name is known already,
 * nothing changes and that one is returned; else NULL. */
const void *names_add(struct names *names, const void *thing);
const void *names_find(const struct names *names, const char *name);
void names_free(struct names *names);

#endif
