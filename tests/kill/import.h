/* SPDX-License-Identifier: Apache-2.0
 *
 * import.h - the files of a source, for tests of whole runs: made-up rows in CSV files
 * of one directory, edited like the records of a simulator, and told to the checker as
 * they are.  A row is known by its column "id"; the others are those that a rule maps.
 *
 *     open -> ( seed | add | edit | remove ... -> save )* -> close
 *
 * Nothing stands in a file before "save", which adds rows to the newest file, or puts
 * another one in its place, or moves it aside and begins a new one: all that the page
 * of the connector allows.  Called by place.c. */
#ifndef TESTS_KILL_IMPORT_H
#define TESTS_KILL_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/checker.h"

struct import;

/* 'rule' and 'checker' are borrowed; 'dir' is there. */
struct import *import_open(const char *dir, const struct checker_rule *rule,
                           struct checker *checker);
void import_close(struct import *m);
/* So many rows; the id of the first one. */
uint64_t import_seed(struct import *m, size_t count, uint64_t seed);
uint64_t import_add(struct import *m, const char *key, const char *name);
/* One value of a row; false: there is no such row or column. */
bool import_edit(struct import *m, uint64_t id, const char *column, const char *text);
/* New values in all columns of so many rows, the key aside. */
bool import_edit_some(struct import *m, size_t count, uint64_t seed);
bool import_remove(struct import *m, uint64_t id);
/* From now on a file looks as if it had been saved so many seconds before. */
void import_age(struct import *m, unsigned age_s);
/* What was edited stands in the files from now on; false: told on stderr. */
bool import_save(struct import *m);

#endif
