/* SPDX-License-Identifier: Apache-2.0
 *
 * export.h - the file that a sync writes, for tests of whole runs: reads the CSV file of
 * one object by itself, sees which rows are other ones than before, and tells the checker
 * of them as a simulator's log would.
 *
 *     open -> look ... -> close
 *
 * The file is there from the beginning, with rows of somebody else before all others:
 * they must stay as they are.  A row keeps its line for ever: its number is what the
 * checker knows it by.  Called by place.c, between runs. */
#ifndef TESTS_KILL_EXPORT_H
#define TESTS_KILL_EXPORT_H

#include <stdbool.h>

#include "tests/checker.h"

struct export;

/* 'rule' and 'checker' are borrowed; NULL: the file cannot be made, told on stderr. */
struct export *export_open(const char *dir, const struct checker_rule *rule,
                           struct checker *checker);
void export_close(struct export *e);
/* Tells what was written since the last look.  A file that is not there, or not whole, or
 * has fewer rows than it had, is a loss, as the connector promises that whoever looks
 * sees the old file or the new one. */
void export_look(struct export *e);
/* Whether a new file is being written beside it now, or was when its run ended. */
bool export_is_written(const struct export *e);
/* Its columns as the configuration names them, joined by commas. */
const char *export_columns(const struct export *e);

#endif
