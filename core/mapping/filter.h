/* SPDX-License-Identifier: Apache-2.0
 *
 * filter.h - which records of the source a sync is about:
 *
 *     email is not empty and lifecyclestage in ('lead', 'customer')
 *
 * Compared by the field's own type, exactly and with case.  What is null,
 * absent or empty equals nothing and contains nothing: `=`, `<`, `in` are then
 * false, `!=` and `not in` true. */
#ifndef MAPPING_FILTER_H
#define MAPPING_FILTER_H

#include "mapping/inputs.h"

#define FILTER_BYTES_MAX 32768
#define FILTER_DEPTH_MAX 32            /* Brackets and `not` inside each other. */
#define FILTER_TESTS_MAX 500
#define FILTER_VALUES_MAX 5000         /* Of all tests together. */

struct filter;

/* Compiles 'text'; NULL with every mistake complained of. */
const struct filter *filter_compile(const char *text, struct inputs *in,
                                    struct complaint *c);
/* Whether every value that the filter looks at is of its described type; else
 * the fault is filled. */
bool filter_judges(const struct filter *f, const struct scene *s);
/* Whether a record that the filter can judge is kept. */
bool filter_keeps(const struct filter *f, const struct scene *s);

#endif
