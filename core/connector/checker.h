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

/* value.c: the value as the connector gets it; NULL: it was complained about. */
const char *value_take(struct checker *c, const struct manifest_setting *s,
                       const char *value, struct place at);
/* Whether the whole of 'text' matches the expression. */
bool value_matches(const char *pattern, const char *text);
/* The first group of 'pattern' where it is found in 'text'; NULL: nowhere. */
const char *value_first_group(const char *pattern, const char *text, struct arena *arena);
/* ", such as ..." or nothing. */
const char *value_example(const struct manifest_setting *s, char *out, size_t size);

/* reference.c: the form of a reference to a secret. */
void reference_check(struct checker *c, const struct manifest_setting *s,
                     const char *value, struct place at);

/* origins.c: fills out->origins from the manifest's templates. */
void origins_fill(struct checker *c);

#endif
