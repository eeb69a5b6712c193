/* SPDX-License-Identifier: Apache-2.0
 *
 * hints.h - the part of a sync's filter that its source may be asked for. */
#ifndef MAPPING_HINTS_H
#define MAPPING_HINTS_H

#include "mapping/mapping.h"

/* The tests that each record passes which the filter keeps, of those that a connector has
 * 'declared' ("choice in"); '*count' of them, in the arena.  Their values are text. */
const struct rk_hint *mapping_hints(const struct mapping *m, const char *const *declared,
                                    size_t declared_count, struct arena *arena,
                                    size_t *count);

#endif
