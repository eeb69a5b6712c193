/* SPDX-License-Identifier: Apache-2.0
 *
 * names.c - see names.h. */
#include "tests/names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

char *
names_copy(const char *text)
{
	char *p = strdup(text);
	if (p == NULL)
		abort();
	return p;
}

static size_t
slot_of(const char *name, size_t cap)
{
	uint64_t h = UINT64_C(0xCBF29CE484222325);
	for (; *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * UINT64_C(0x100000001B3);
	return (size_t)(h ^ h >> 32) & (cap - 1);
}

static void
names_grow(struct names *n)
{
	size_t cap = n->cap == 0 ? 1024 : n->cap * 2;
	struct names_entry **slots = calloc(cap, sizeof *slots);
	if (slots == NULL)
		abort();
	for (size_t i = 0; i < n->cap; i++) {
		for (struct names_entry *e = n->slots[i], *next; e != NULL; e = next) {
			size_t at = slot_of(e->name, cap);
			next = e->next;
			e->next = slots[at];
			slots[at] = e;
		}
	}
	free(n->slots);
	n->slots = slots;
	n->cap = cap;
}

void
names_add(struct names *n, const char *name, size_t number)
{
	if (n->count >= n->cap)
		names_grow(n);
	struct names_entry *e = malloc(sizeof *e);
	if (e == NULL)
		abort();
	size_t at = slot_of(name, n->cap);
	*e = (struct names_entry){ names_copy(name), number, n->slots[at] };
	n->slots[at] = e;
	n->count++;
}

/* The next entry of that name after 'e'; NULL: the first one. */
const struct names_entry *
names_next(const struct names *n, const struct names_entry *e, const char *name)
{
	if (n->cap == 0)
		return NULL;
	e = e == NULL ? n->slots[slot_of(name, n->cap)] : e->next;
	while (e != NULL && strcmp(e->name, name) != 0)
		e = e->next;
	return e;
}

void
names_free(struct names *n)
{
	for (size_t i = 0; i < n->cap; i++) {
		for (struct names_entry *e = n->slots[i], *next; e != NULL; e = next) {
			next = e->next;
			free(e->name);
			free(e);
		}
	}
	free(n->slots);
}
