/* SPDX-License-Identifier: Apache-2.0
 *
 * gone.h - edits of a record whose partner people deleted: a two-way sync tells each as an
 * error, by which a person can have the partner made anew.  The model's people do not want
 * that: they set these aside. */
#ifndef TESTS_MODEL_GONE_H
#define TESTS_MODEL_GONE_H

#include <stdbool.h>

#include "tests/kill/place.h"

/* False: the state cannot be read, or an error not be set aside. */
bool gone_set_aside(struct place *place);

#endif
