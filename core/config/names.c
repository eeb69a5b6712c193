/* SPDX-License-Identifier: Apache-2.0
 *
 * names.c - see names.h. */
#include "config/names.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

#define NEAR_MOST 256                  /* Beyond it the hint is not worth its time. */

static const char *
name_of(const void *thing)
{
	return *(const char *const *)thing;
}

const void *
named_find(struct named of, const char *name)
{
	const char *at = of.list;
	for (size_t i = 0; name != NULL && i < of.count; i++, at += of.size)
		if (name_of(at) != NULL && strcmp(name_of(at), name) == 0)
			return at;
	return NULL;
}

const char **
named_names(struct named of, struct arena *arena)
{
	const char **names = arena_new_array(arena, of.count + 1, const char *);
	for (size_t i = 0; i < of.count; i++) {
		const char *name = name_of((const char *)of.list + i * of.size);
		names[i] = name != NULL ? name : "";
	}
	return names;
}

const char *
named_joined(struct named of, struct arena *arena)
{
	const char **names = named_names(of, arena);
	BUF_AUTO out = BUF_INIT(16384);
	for (size_t i = 0; i < of.count; i++)
		buf_addf(&out, "%s%s", i > 0 ? ", " : "", names[i]);
	return arena_str(arena, buf_str(&out));
}

const char *
named_near(struct named of, const char *name, struct arena *arena)
{
	size_t n = of.count < NEAR_MOST ? of.count : NEAR_MOST;
	const char *near = text_nearest(name, named_names(of, arena), n);
	return near == NULL ? ""
	                    : arena_printf(arena, "; did you mean \"%s\"?", near).ptr;
}

/* ---- Met before ---------------------------------------------------------------- */

static int
by_name(const void *a, const void *b)
{
	return strcmp(name_of(a), name_of(b));
}

const void *
names_add(struct names *names, const void *thing)
{
	void **node = tsearch(thing, &names->root, by_name);
	if (node == NULL)
		abort();
	return *node != thing ? *node : NULL;
}

const void *
names_find(const struct names *names, const char *name)
{
	void *const *node = tfind(&name, &names->root, by_name);
	return node != NULL ? *node : NULL;
}

static void
keep(void *thing)
{
	(void)thing;
}

void
names_free(struct names *names)
{
	tdestroy(names->root, keep);
}
