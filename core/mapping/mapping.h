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
 * mapping_target_fields().  Nothing is looked up by name while records flow.
 *
 * Two names exist for every record without being asked for: "$id", its id as
 * text, and "$modified", its time of change. */
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
 * them at once, with the nearest valid name; false if there was one, and then
 * there is no mapping.  The descriptions are borrowed for the mapping's life,
 * the configuration is not. */
bool mapping_compile(struct mapping **out, const struct config_sync *sync,
                     const struct rk_schema *source, const struct rk_schema *target,
                     struct problems *problems);
void mapping_free(struct mapping *m);

/* The fields to ask the source for: those that maps and filter use, once each. */
const struct rk_field *mapping_source_fields(const struct mapping *m, size_t *count);
/* The fields to write, in the order of the maps; the key's field is one of them. */
const struct rk_field *mapping_target_fields(const struct mapping *m, size_t *count);
/* What says at the target that a record was deleted; NULL: the sync has none. */
const struct rk_field *mapping_flag(const struct mapping *m, const struct rk_value **value);
/* Which of the target's fields is the key (rank 0), or one to fall back on. */
size_t mapping_key_count(const struct mapping *m);
size_t mapping_key_slot(const struct mapping *m, size_t rank);
/* How many fields of the target there are; the name of one, and a mark that is another
 * one when what its maps say is. */
size_t mapping_slot_count(const struct mapping *m);
struct rk_text mapping_mark(const struct mapping *m, size_t slot, unsigned char mark[16]);
/* Whether this field is written only where the target has nothing; whether one is. */
bool mapping_only_blanks(const struct mapping *m, size_t slot);
bool mapping_has_blanks(const struct mapping *m);
/* Changes when a filter, map, key, object or used source type changes; the same
 * with and without a target. */
void mapping_revision(const struct mapping *m, unsigned char revision[16]);

/* A field of the row that refers to a record by the id that it has at the source. */
struct mapping_reference {
	size_t slot;                   /* Of the row. */
	struct rk_text from_object, to_object; /* What it refers to, at either side. */
	enum config_parent parent;
	struct place at;
};
const struct mapping_reference *mapping_references(const struct mapping *m, size_t *count);
/* The sync whose links tell what such an id is at the target: the sync itself, or another
 * between the same connections; *backwards: one that goes the other way.  NULL: none. */
const struct config_sync *mapping_reference_sync(const struct config *config,
                                                 const struct config_sync *sync,
                                                 const struct mapping_reference *ref,
                                                 bool *backwards);
/* Whether there is one for each that needs it; else mistakes, as of compile. */
bool mapping_check_references(const struct mapping *m, const struct config *config,
                              const struct config_sync *sync, struct problems *problems);

/* Whether the filter keeps a record; without a filter: yes.  A record whose
 * values are not of the described type cannot be judged: it is kept, and apply
 * then says what is wrong with it. */
bool mapping_keeps(const struct mapping *m, const struct rk_record *record);

/* What is wrong with a record, of category property-value, picklist,
 * property-mapping ...: field is the target's name. */
struct mapping_fault {
	int32_t category;
	struct rk_text field, value, message;
};

/* Fills 'row' (one value for each target field).  RK_ABSENT: leave alone.
 * False: 'fault' says why this record cannot be written.  What did not change
 * on the way is borrowed from the record, the rest is the arena's.  References
 * come out as they went in: with the id of the source's record, which the
 * engine replaces through links; or by key (RK_VALUE_BY_KEY), ready to write. */
bool mapping_apply(const struct mapping *m, const struct rk_record *record,
                   struct arena *arena, struct rk_value *row,
                   struct mapping_fault *fault);

/* Whether a row may become a new record: each mapped field that the target
 * requires has a value.  (An update may leave such a field alone.) */
bool mapping_may_create(const struct mapping *m, const struct rk_value *row,
                        struct arena *arena, struct mapping_fault *fault);

/* The key of a row as it compares: trimmed, NFC, lower case where the target
 * says so; as text whatever its type.  Empty: there is no key. */
struct rk_text mapping_key(const struct mapping *m, size_t rank,
                           const struct rk_value *row, struct arena *arena);
/* The same for a value of the key's field that the target itself told. */
struct rk_text mapping_key_of(const struct mapping *m, size_t rank,
                              const struct rk_value *value, struct arena *arena);

/* The same for a value that an object has in 'field', whatever is mapped to it. */
struct rk_text mapping_key_as(const struct rk_field *field, const struct rk_value *value,
                              struct arena *arena);

/* What expressions and filters may say, from the tables that run them; 'lang'
 * "ja" or anything else for English. */
void mapping_print_help(struct buf *out, const char *lang);

#endif
