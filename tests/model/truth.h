/* SPDX-License-Identifier: Apache-2.0
 *
 * truth.h - what is true of both sides.  It reads the simulators' write log, knows every
 * edit of people with its side, field, time and place in the order of the world, is told of
 * each run what the run could see, and says what the sync did wrong:
 *
 *     new -> ( read | run ... -> judge ) ... -> free
 *
 * Every name begins with the number of its pair ("p7.") and no text that people write
 * comes twice, so that a value tells by itself which edit of which record it is.
 *
 * lost     at rest a field is not the same on both sides, or holds a value that neither
 *          the last edit nor a rule of conflict explains; or a record has no other side
 * doubled  a second live record of a pair or for a key; a deleted one that came back
 * stale    the sync wrote a value although that side had shown a newer one of that origin
 * phantom  it wrote what nobody ever gave this field of this record
 *
 * stale, phantom and a second record are found as the log is read; `judge` makes sense
 * only at rest.  What an edit of both sides cost one of them, a value that the other side
 * never showed, is a conflict, and is kept for whoever looks it up in the history. */
#ifndef TESTS_MODEL_TRUTH_H
#define TESTS_MODEL_TRUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/model/pairing.h"

enum truth_rule { RULE_NEWEST, RULE_FROM, RULE_TO };

struct truth_counts {
	size_t pairs, edits, writes, conflicts;
	size_t lost, doubled, stale, phantom;
};

/* One record of one side.  'now': in the words of the `from` side; owned. */
struct truth_record {
	char id[40];                   /* Empty: there is none. */
	bool live;
	char *now[FIELDS];
};

/* An edit of people which the sync overwrote with one of the other side. */
struct truth_conflict {
	size_t pair;
	int field;
	enum side loser;
	const char *text;              /* In the words of the `from` side. */
};

struct truth;

/* 'both': two-way, by 'rule'; else only edits of the `from` side reach the other one. */
struct truth *truth_new(const struct pairing *pairing, bool both, enum truth_rule rule);
void truth_free(struct truth *t);
/* The number of a pair that is to come. */
size_t truth_add_pair(struct truth *t);
size_t truth_pair_count(const struct truth *t);
const struct truth_record *truth_record(const struct truth *t, size_t pair,
                                        enum side side);
/* Whether somebody deleted one of the two: from then on they go their own ways. */
bool truth_is_ended(const struct truth *t, size_t pair);
/* All lines that the simulator on this loopback port has and 't' has not. */
bool truth_read(struct truth *t, uint16_t port);
/* A run began; all that was logged until now was there, at this time of the CRMs. */
void truth_run_begins(struct truth *t, int64_t now_ms);
/* How it ended: 'sound' if it came to its end with nothing left over. */
void truth_run_ends(struct truth *t, bool sound);
/* Writes of the sync, until now. */
size_t truth_writes(const struct truth *t);
/* A fault in words; 'pair' may be SIZE_MAX. */
typedef void truth_tell_fn(void *with, const char *fault, size_t pair, const char *what);
/* How things stand at rest; what was well is settled from here on. */
void truth_judge(struct truth *t, struct truth_counts *counts, truth_tell_fn *tell,
                 void *with);
const struct truth_conflict *truth_conflicts(const struct truth *t, size_t *count);
/* The life of one pair, on stderr. */
void truth_print(const struct truth *t, size_t pair);

#endif
