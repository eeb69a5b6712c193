/* SPDX-License-Identifier: Apache-2.0
 *
 * meaning.h - what fields and options are called for the same thing, in English and in
 * Japanese.  A connector's manifest says so of fields whose name and label do not
 * (`usual`); docs/connector-guide.md lists the words.  For propose.c. */
#ifndef MAPPING_MEANING_H
#define MAPPING_MEANING_H

#include <stdbool.h>

#include <renkei/connector.h>

#include "base/arena.h"

/* Widths unified, lower case, without blanks and marks: the form that names are
 * compared in. */
struct rk_text meaning_plain(struct rk_text text, struct arena *arena);

/* What fields called 'word', which is plain, mean: the first word for it; empty if it is
 * not known. */
struct rk_text meaning_of_field(struct rk_text word);
/* The same of options. */
struct rk_text meaning_of_option(struct rk_text word);

/* Whether one holds what the other does and more, so that it may stand in for it. */
bool meaning_near(struct rk_text a, struct rk_text b);

#endif
