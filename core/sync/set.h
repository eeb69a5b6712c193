/* SPDX-License-Identifier: Apache-2.0
 *
 * set.h - a small set of 64-bit hashes: the ids and keys that are on their way. */
#ifndef SYNC_SET_H
#define SYNC_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct set {
	int64_t *slots;                /* owned; 0 is free */
	size_t room, count;
};

bool set_has(const struct set *s, int64_t hash);
void set_add(struct set *s, int64_t hash);
void set_remove(struct set *s, int64_t hash);
void set_free(struct set *s);

#endif
