/* SPDX-License-Identifier: Apache-2.0
 *
 * decimal.h - exact decimal numbers, worked on as text: nothing here ever
 * becomes a double, so nothing is rounded.  A number is a view into a text,
 * without the zeros that say nothing; zero has no digits at all. */
#ifndef MAPPING_DECIMAL_H
#define MAPPING_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <renkei/connector.h>

#include "base/arena.h"

#define DECIMAL_DIGITS_MAX 1000        /* Longer texts are no numbers for us. */

struct decimal {
	bool negative;
	struct rk_text whole, fraction;    /* Digits only; borrowed. */
};

/* Reads the contract's form, [-]digits[.digits].  False: it is not one. */
bool decimal_read(struct decimal *d, struct rk_text text);
/* Reads what people and CRMs write: also a plus sign, ".5", "5." and an
 * exponent ("1.2E+3").  No blanks, no thousands. */
bool decimal_parse(struct decimal *d, struct rk_text text, struct arena *arena);
/* Below, at or above zero: a < b, a = b, a > b. */
int decimal_cmp(const struct decimal *a, const struct decimal *b);
/* The shortest text of it. */
struct rk_text decimal_text(const struct decimal *d, struct arena *arena);

/* Room for the digits of an int64; decimal_of keeps a view into it. */
struct decimal_room {
	char text[24];
};
struct decimal decimal_of(int64_t number, struct decimal_room *room);

#endif
