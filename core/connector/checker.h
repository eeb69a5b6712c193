/* SPDX-License-Identifier: Apache-2.0
 *
 * checker.h - what the files that check a connection share; nobody else's. */
#ifndef CONNECTOR_CHECKER_H
#define CONNECTOR_CHECKER_H

#include "connector/settings.h"

struct checker {
	const struct manifest *manifest;
	const struct config_connection *connection;
	struct settings *out;          /* NULL while a side of a sync is checked. */
	struct arena *arena;
	struct problems *problems;
	enum problem_weight weight;    /* of a mistake, and its sync */
	const char *sync;
};

void checker_complain(struct checker *c, struct place at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
bool checker_blank(const char *text);
/* The setting as the operator wrote it; NULL: not given. */
const struct config_setting *checker_given(const struct checker *c, const char *name);
/* What the connector is to see of it so far; NULL: nothing. */
const char *checker_value(const struct checker *c, const char *name);

/* value.c: the value as the connector gets it; NULL: it was complained about. */
const char *value_take(struct checker *c, const struct manifest_setting *s,
                       const char *value, struct place at);
struct value_shape {
	const char *name, *pattern, *reduce;
	const char *wanted;            /* What a value of another shape is told. */
};
/* The value if the whole of it matches the pattern, or the part that 'reduce' (may
 * be NULL) finds in it, with a warning; NULL: it was complained about. */
const char *value_fit(struct checker *c, const struct value_shape *shape,
                      const char *value, struct place at);
/* ", such as ..." or nothing. */
const char *value_example(const struct checker *c, const struct manifest_setting *s);

/* reference.c: the form of a reference to a secret. */
void reference_check(struct checker *c, const struct manifest_setting *s,
                     const char *value, struct place at);
/* Of those that are not the connector's. */
void reference_check_own(struct checker *c);

/* consent.c: whether the connection uses OAuth; fills out->oauth, after the origins. */
bool consent_wanted(const struct checker *c);
void consent_fill(struct checker *c);

/* origins.c: what is expected of an address instead; NULL: it is one. */
const char *origins_fault(const char *address);
/* Fills out->origins from the manifest's templates. */
void origins_fill(struct checker *c);

#endif
