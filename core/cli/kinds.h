/* SPDX-License-Identifier: Apache-2.0
 *
 * kinds.h - errors counted by what is said of them: one title and its advice each.  That is
 * the category's, or that of a code which has words of its own ("Deleted at the other
 * side" is no mere "Other"). */
#ifndef CLI_KINDS_H
#define CLI_KINDS_H

#include "cli/errors.h"

struct kind_count {
	int kind;                      /* Of errors_kind(). */
	const char *code;              /* Whose words they are; NULL: the category's. */
	const char *title;
	int64_t errors, records;
};

/* By kind, then by title. */
struct kinds {
	struct kind_count *list;       /* Of the app's arena. */
	size_t count, room;
	int64_t waits, all;            /* Records that wait for a person; and all. */
};

/* 'code' NULL or a vendor's: the category's words. */
void kinds_add(struct app *app, struct kinds *kinds, int kind, const char *code,
               int64_t errors, int64_t records);
/* Those of both ways of a sync, as its state has them. */
bool kinds_of_sync(struct app *app, const struct config_sync *sync, struct kinds *kinds,
                   struct rk_err *err);

#endif
