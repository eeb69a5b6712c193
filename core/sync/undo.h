/* SPDX-License-Identifier: Apache-2.0
 *
 * undo.h - what the undoing of a run comes to for one record: undo.c judges it by the
 * field log and by what the target has; revert.c carries it out. */
#ifndef SYNC_UNDO_H
#define SYNC_UNDO_H

#include "store/field_log.h"
#include "sync/revert.h"
#include "sync/state.h"

/* So many lines of a record are looked at. */
#define UNDO_LINES 200

struct undo {
	struct field_lines lines;      /* All of the record, the newest first. */
	struct revert_line *told;      /* What is told of it when it ends. */
	size_t told_count;
	size_t sends;                  /* Fields that get their old value. */
};

struct revert {
	const struct revert_options *options;
	struct revert_report *report;
	int64_t after_seq;             /* The line of the run that was read last. */
	char number[24];               /* Of the run, as notes have it. */
};

/* Begins the item's 'undo': what is known of its record, and who that is at the target. */
bool undo_begin(struct run *run, struct item *item);
/* Judges it, whose target was looked at: what is told of it, and what is sent. */
void undo_judge(struct run *run, struct item *item);
/* Lines of a revert of the same run that was cut off: the look has told what came of
 * them.  In a transaction. */
bool undo_settle_old(struct run *run, const struct item *item);
/* A line of the run that is undone, of what it wrote to the target. */
bool undo_is_of(const struct run *run, const struct field_line *line);

#endif
