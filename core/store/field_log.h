/* SPDX-License-Identifier: Apache-2.0
 *
 * field_log.h - what was written to which record: one line a write, with each field's
 * value before and after, by which run and why.  It stands in NAME.db, in table
 * `field_line`, which is made when a sync first keeps a history.  Lines lie in the
 * order they were written; the oldest go.
 *
 *     open -> ( put -> ( drop | state )? | of_record | of_run )* -> trim
 *
 * Functions return false and fill 'err' when the store failed.  A line that is damaged
 * harms nobody but who reads it: it is handed out with 'damaged' and nothing else. */
#ifndef STORE_FIELD_LOG_H
#define STORE_FIELD_LOG_H

#include "store/store.h"

/* A value is kept whole up to this, as encoded; what is longer is cut and says so. */
#define FIELD_VALUE_MAX 8192
/* Lines of one sync, whatever its `history`: some 4 GB. */
#define FIELD_LINES_MAX 20000000

enum field_cause {
	FIELD_MAPPED = 1,              /* The source has other values. */
	FIELD_CREATED = 2,
	FIELD_ARCHIVED = 3,
	FIELD_CONFLICT = 4,            /* Both sides changed; 'note': the rule. */
	FIELD_SETTLED = 5,             /* A person decided; 'note': who. */
	FIELD_APPLIED = 6,             /* A plan that was applied. */
	FIELD_REVERTED = 7,            /* 'note': the number of the run. */
	FIELD_ANEW = 8,                /* Created in place of one that is gone: 'note'. */
	FIELD_CAUSE_COUNT,
};

/* Told beside the line of the write itself, which has the same values. */
static inline bool
field_is_beside(int64_t cause)
{
	return cause == FIELD_CONFLICT || cause == FIELD_SETTLED;
}

enum field_state {
	FIELD_SENT = 1,                /* On its way while its batch is; else it was done. */
	FIELD_UNKNOWN = 2,             /* Whether it was done is not known yet. */
	FIELD_DONE = 3,
};

struct field_change {
	struct rk_text field;
	struct rk_value before, after; /* RK_ABSENT: not known, or nothing. */
	bool cut_before, cut_after;    /* The value was too long: its beginning, as text. */
};

struct field_line {
	int64_t seq, at_ms, run;
	int64_t way;                   /* 1: from -> to; 2: the other way of a two-way sync. */
	int64_t batch;                 /* In whose journal it stood; 0: none. */
	int64_t state, cause;          /* enum field_state, enum field_cause */
	struct rk_text from_id, to_id; /* By the sides of the configuration, whatever the way. */
	struct rk_text note;
	unsigned char revision[16];    /* Of the mapping. */
	struct field_change *changes;
	size_t count;
	bool damaged;
};

/* Makes the table, if it is missing; in no transaction. */
bool field_log_open(struct store *s, struct rk_err *err);
/* In a transaction, as all that change something.  Sets seq. */
bool field_log_put(struct store *s, struct field_line *line, struct rk_err *err);
bool field_log_drop(struct store *s, int64_t seq, struct rk_err *err);
bool field_log_state(struct store *s, int64_t seq, enum field_state state,
                     struct rk_err *err);

struct field_lines {
	struct field_line *list;       /* The arena's. */
	size_t count;
};

/* Of one record, by its id at the configured source, the newest first, before line
 * 'before_seq' (INT64_MAX: all), at most 'most'.  None where there is no table. */
bool field_log_of_record(struct store *s, struct rk_text from_id, int64_t before_seq,
                         size_t most, struct arena *arena, struct field_lines *lines,
                         struct rk_err *err);
/* Of one run in the order they were written, after line 'after_seq'. */
bool field_log_of_run(struct store *s, int64_t run, int64_t after_seq, size_t most,
                      struct arena *arena, struct field_lines *lines, struct rk_err *err);
/* How many of all lines are damaged. */
bool field_log_damaged(struct store *s, int64_t *count, struct rk_err *err);
/* Drops, of the oldest 'most' lines, those before 'before_ms' or beyond FIELD_LINES_MAX;
 * 'gone' is how many. */
bool field_log_trim(struct store *s, int64_t before_ms, size_t most, int64_t *gone,
                    struct rk_err *err);

#endif
