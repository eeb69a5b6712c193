/* SPDX-License-Identifier: Apache-2.0
 *
 * pairing.h - two objects of two CRMs that the model keeps people busy at: which of their
 * fields belong together.  Unlike the rules of tests/image.c each field can be turned
 * round, so that one table serves one way and both. */
#ifndef TESTS_MODEL_PAIRING_H
#define TESTS_MODEL_PAIRING_H

#include "tests/checker.h"

enum side { SIDE_FROM, SIDE_TO };
enum { FIELD_KEY, FIELD_NAME, FIELD_COMPANY, FIELD_TITLE, FIELD_STAGE, FIELDS };

struct pairing {
	const char *name;
	struct checker_rule rule;      /* For tests/kill/place.h; FIELDS fields. */
	/* Times of changes are told so exactly by the less exact side. */
	int64_t stamp_ms;
};

extern const struct pairing pairings[];
extern const size_t pairing_count;

const char *pairing_crm(const struct pairing *p, enum side side);
const char *pairing_object(const struct pairing *p, enum side side);
const char *pairing_field(const struct pairing *p, enum side side, int field);
/* The stage 'number' (of PAIRING_STAGES) as this side calls it. */
#define PAIRING_STAGES 4
const char *pairing_stage(const struct pairing *p, enum side side, size_t number);
/* What a field of this side holds, in the words of the `from` side. */
const char *pairing_common(const struct pairing *p, enum side side, int field,
                           const char *text);

#endif
