/* SPDX-License-Identifier: Apache-2.0
 *
 * names.h - names to numbers, for the checker; one name may have several.  Memory
 * that is gone ends the program. */
#ifndef TESTS_NAMES_H
#define TESTS_NAMES_H

#include <stddef.h>

struct names_entry {
	char *name;                    /* owned */
	size_t number;
	struct names_entry *next;
};
struct names {                         /* All zero is empty. */
	struct names_entry **slots;    /* owned */
	size_t cap, count;
};

void names_add(struct names *n, const char *name, size_t number);
/* The next entry of that name after 'e'; NULL: the first one.  NULL: no more. */
const struct names_entry *names_next(const struct names *n, const struct names_entry *e,
                                     const char *name);
void names_free(struct names *n);
char *names_copy(const char *text);

#endif
