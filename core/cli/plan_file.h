/* SPDX-License-Identifier: Apache-2.0
 *
 * plan_file.h - a plan in a file: one JSON line that says what it is, a line a write, and
 * a last line with the BLAKE2b of all before it.
 *
 *     begin -> line* -> end | drop            open -> next* -> close
 *
 * It is written beside its place and renamed, for this user alone, for it holds values of
 * records.  Neither end keeps more than a line in memory. */
#ifndef CLI_PLAN_FILE_H
#define CLI_PLAN_FILE_H

#include <stdio.h>

#include "sync/run.h"

struct plan_head {
	const char *sync, *identity;   /* Its name; both objects. */
	const char *accounts;          /* Whose data it is on both sides, as they told. */
	char revision[33];             /* Of the mapping; hex. */
	int64_t made_ms, start_ms;
	int64_t writes, creates, updates, source_calls, target_calls;
};

struct plan_file {
	FILE *out;
	const char *path, *part;
	int64_t lines;
	bool failed;
};

/* False: 'err' says why. */
bool plan_file_begin(struct plan_file *f, const char *path, struct arena *arena,
                     struct rk_err *err);
void plan_file_line(struct plan_file *f, const struct sync_line *line);
bool plan_file_end(struct plan_file *f, const struct plan_head *head, struct rk_err *err);
void plan_file_drop(struct plan_file *f);

/* A write as its line has it, but for what follows the changes. */
void plan_file_show(struct buf *out, const struct sync_line *line);

struct plan_reader {
	FILE *in;
	struct buf line;               /* owned */
	int64_t left;                  /* Lines of writes. */
};

/* Opens a plan that is whole and not altered; memory of 'head' is the arena's. */
bool plan_file_open(struct plan_reader *r, const char *path, struct arena *arena,
                    struct plan_head *head, struct rk_err *err);
/* The next write, in r->line; false: that was all. */
bool plan_file_next(struct plan_reader *r);
void plan_file_close(struct plan_reader *r);

#endif
