/* SPDX-License-Identifier: Apache-2.0
 *
 * cell.h - one field of one pair of records: what people wrote into it on either side, what
 * of it each side has shown, and what it should hold at rest.  Called by truth.c. */
#ifndef TESTS_MODEL_CELL_H
#define TESTS_MODEL_CELL_H

#include "tests/model/truth.h"

/* An edit of people. */
struct cell_event {
	char *text;                    /* owned */
	enum side side;
	uint64_t seq;                  /* Place in the log. */
	int64_t ms;                    /* Of the CRMs' clock, which may go back. */
	uint64_t shown[2];             /* Since this entry; 0: never. */
	bool told;                     /* As a conflict. */
};

struct cell {
	struct cell_event *events;     /* owned, in the order of the world */
	size_t count, first;           /* first: of those since the last rest. */
	size_t reached[2][2];          /* By side and origin: 1 + the newest event shown. */
	uint64_t written[2];           /* The last entry of the sync. */
	char *settled;                 /* owned: of the last rest; NULL: there was none. */
	bool loose;                    /* Few values, which come again. */
};

/* When a record was written, or stamped for a write that changed nothing. */
struct touches {
	struct touch { uint64_t seq; int64_t ms; } *items; /* owned */
	size_t count, room;
};

struct runs {
	struct runs_one { uint64_t seq; int64_t ms; bool sound; } *items; /* owned */
	size_t count, room;
};

struct cell_rules {
	bool both;
	enum truth_rule rule;
	int64_t stamp_ms;
	struct runs runs;              /* Since the last rest. */
};

void touches_add(struct touches *t, uint64_t seq, int64_t ms);
void touches_clear(struct touches *t);
void runs_begin(struct runs *r, uint64_t seq, int64_t ms);
void runs_end(struct runs *r, bool sound);
void runs_clear(struct runs *r);
void runs_free(struct runs *r);

/* 'other': what stands at the other side. */
void cell_edited(struct cell *c, enum side side, const char *text, const char *other,
                 uint64_t seq, int64_t ms);
enum cell_fault { CELL_SOUND, CELL_STALE, CELL_PHANTOM };
/* The sync wrote 'text' over 'before'.  '*overwritten': an edit of that side which the
 * other one never showed, told once. */
enum cell_fault cell_written(struct cell *c, enum side side, const char *text,
                             const char *before, uint64_t seq,
                             const struct cell_event **overwritten);
/* Whether it holds at rest what it should; then that is settled.  Else 'why' says what is
 * wrong. */
bool cell_judge(struct cell *c, const struct cell_rules *rules,
                struct touches *const touches[2], const char *from, const char *to,
                char why[200]);
void cell_print(const struct cell *c, const char *name);
void cell_free(struct cell *c);

#endif
