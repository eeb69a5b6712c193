/* SPDX-License-Identifier: Apache-2.0
 *
 * mapping.h - from a record of the source to a row of the target: filter,
 * expressions, value maps, type conversion, checks against the target's
 * description.
 *
 *     compile -> ( keeps | apply )* -> free
 *
 * Names are resolved once, at compile time, to slots: a record's values stand
 * in the order of mapping_source_fields(), a row's in the order of
 * mapping_target_fields().  Nothing is looked up by name while records flow. */
#ifndef MAPPING_MAPPING_H
#define MAPPING_MAPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <renkei/connector.h>

#include "base/arena.h"
#include "config/config.h"

struct mapping;

/* Compiles the sync's filter and maps against both descriptions.  With
 * 'target' NULL the target's side is not checked and apply is not available
 * (a run that only reads).  Mistakes go to 'problems' as PROBLEM_SYNC, all of
 * them at once, with the nearest valid name; false if there was one.
 * The descriptions are borrowed for the mapping's life. */
bool mapping_compile(struct mapping **out, const struct config_sync *sync,
                     const struct rk_schema *source, const struct rk_schema *target,
                     struct problems *problems);
void mapping_free(struct mapping *m);

/* The fields to ask the source for: those that maps and filter use, once each. */
const struct rk_field *mapping_source_fields(const struct mapping *m, size_t *count);
/* The fields to write, in the order of the maps; the key's field is one of them. */
const struct rk_field *mapping_target_fields(const struct mapping *m, size_t *count);
/* Which of the target's fields is the key. */
size_t mapping_key_slot(const struct mapping *m);
/* Changes when a filter, map, key, object or used source type changes. */
void mapping_revision(const struct mapping *m, unsigned char revision[16]);

/* Whether the filter keeps a record with these values; without a filter: yes. */
bool mapping_keeps(const struct mapping *m, const struct rk_value *source);

/* What is wrong with a record, of category property-value, picklist,
 * property-mapping ...: field is the target's name. */
struct mapping_fault {
	int32_t category;
	struct rk_text field, value, message;
};

/* Fills 'row' (one value for each target field, from the arena).  RK_ABSENT:
 * leave alone.  False: 'fault' says why this record cannot be written. */
bool mapping_apply(const struct mapping *m, const struct rk_value *source,
                   struct arena *arena, struct rk_value *row, struct mapping_fault *fault);

/* The key of a row as it compares: trimmed, NFC, lower case where the target
 * says so; as text whatever its type.  Empty: there is no key. */
struct rk_text mapping_key(const struct mapping *m, const struct rk_value *row,
                           struct arena *arena);

#endif
