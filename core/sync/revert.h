/* SPDX-License-Identifier: Apache-2.0
 *
 * revert.h - undoes what one run wrote to fields, from the field log.
 *
 * A field gets back the value it had before that run, if the target still has what the
 * run wrote and no later write touched it; what is left out is told.  It holds the
 * sync's lock, is a run of its own in `history`, and leaves lines of its own, so that it
 * can be undone as well.  Cut off at any moment and begun again it comes to the same
 * end.  Records that the run created are told and left as they are. */
#ifndef SYNC_REVERT_H
#define SYNC_REVERT_H

#include "sync/run.h"

enum revert_verdict {
	REVERT_DONE,                   /* It has its old value, or would get it. */
	REVERT_ALREADY,                /* It had it already. */
	REVERT_TOUCHED,                /* By a later run, or by others at the target. */
	REVERT_NOT_KEPT,               /* The old value is not known whole. */
	REVERT_CREATED,                /* The record was created by the run. */
	REVERT_GONE,                   /* The target does not have it, or not the field. */
	REVERT_BUSY,                   /* A write of the record may still land. */
	REVERT_FAILED,                 /* The target refused. */
	REVERT_BACK,                   /* Written to the source, which is not undone. */
	REVERT_UNKNOWN,                /* The answer was lost: to be asked by another revert. */
	REVERT_VERDICTS,
};

struct revert_line {
	enum revert_verdict verdict;
	struct rk_text from_id, to_id, field;  /* field empty: the record. */
	const struct rk_value *now, *old;      /* NULL: not told. */
	int64_t run;                   /* That touched it later; 0: none of ours. */
	struct rk_text reason;         /* Of the target. */
};

struct revert_options {
	int64_t run;
	bool looks;                    /* Says what it would do, and does nothing. */
	void (*line)(void *with, const struct revert_line *line);
	void *with;
};

struct revert_report {
	int64_t counts[REVERT_VERDICTS];
	int64_t run;                   /* Its own number; 0: it looked. */
	bool found;                    /* The log knows the run. */
	int exit_code;
	struct rk_err err;
	const char *side;
};

void sync_revert(struct world *world, const struct config_sync *sync,
                 const struct revert_options *options, struct problems *problems,
                 struct revert_report *report);

#endif
