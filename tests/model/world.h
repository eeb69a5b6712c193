/* SPDX-License-Identifier: Apache-2.0
 *
 * world.h - the people at both sides, the clock of the CRMs and what goes wrong there: one
 * step after another, drawn from a seed.  What came of a step is for the log to say; the
 * world knows only what it must not do:
 *
 * - no text is written twice, and a key only by one who takes it from a record that gives
 *   it up; such records stay, as a deleted one may keep its key at the other side;
 * - while a write of the sync lands late at a side, nobody edits there: without
 *   conditional writes no sync could tell;
 * - the clock goes back by less than every overlap. */
#ifndef TESTS_MODEL_WORLD_H
#define TESTS_MODEL_WORLD_H

#include "tests/kill/place.h"
#include "tests/model/truth.h"

#define WORLD_LATE_MS 450              /* The latest landing. */

struct world {
	struct place *place;           /* borrowed */
	struct truth *truth;           /* borrowed */
	const struct pairing *pairing;
	bool both;                     /* People edit the `to` side too. */
	uint64_t random, serial;
	size_t recent[8];              /* Pairs edited lately: 1 + number, 0: none. */
	size_t *batch_of;              /* owned: the batch in which a pair last got a key */
	size_t batch_room, batch;
	int64_t advanced_ms;           /* Since the clock went back. */
	bool late;                     /* A write lands late ... */
	enum side late_side;           /* ... here. */
	size_t faults;
};

uint64_t world_below(struct world *w, uint64_t end);
/* What another seed or command draws. */
uint64_t world_draw(struct world *w);
/* The first records, at both sides if people work at both. */
bool world_begin(struct world *w, size_t records);
/* From here on what was edited may be edited again, as the log knows of it. */
void world_next_batch(struct world *w);
/* One step; false: a simulator did not do it, as told on stderr. */
bool world_step(struct world *w);
/* An edit of that side, of any record or of one that was edited lately. */
bool world_edit_at(struct world *w, enum side side, bool lately);
/* Whether the write that is to land late was sent. */
bool world_late_is_sent(const struct world *w);
/* No call meets a fault from now on; what lands late still does. */
bool world_clear_faults(struct world *w);
/* Requests that are inside the simulators now; -1: they did not answer. */
int world_inside(const struct world *w);
void world_end(struct world *w);

#endif
