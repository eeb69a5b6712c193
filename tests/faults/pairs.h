/* SPDX-License-Identifier: Apache-2.0
 *
 * pairs.h - the truth of a sync that goes both ways, for faults.c: people edit other fields
 * at either side, and make records; what both sides are to be in the end is known before
 * the run that meets the fault.
 *
 *     edit -> a run -> settle -> judge */
#ifndef TESTS_FAULTS_PAIRS_H
#define TESTS_FAULTS_PAIRS_H

#include "tests/checker.h"
#include "tests/kill/place.h"

struct pairs;

/* Every record has something new at both sides, in other fields; and each side has a new
 * record, whose key has 'serial'.  What was known before is freed. */
bool pairs_edit(struct pairs **pairs, const struct place *p, size_t records, size_t serial);
/* Syncs until nothing is left to do; false: told on stderr. */
bool pairs_settle(struct place *p);
/* Lost: a side has not what it is to have; doubled: more of it.  'tell' as checker.h has
 * it.  False: a side cannot be read. */
bool pairs_judge(const struct pairs *pairs, const struct place *p,
                 struct checker_counts *counts, checker_tell_fn *tell, void *with);
void pairs_free(struct pairs *pairs);

#endif
