/* SPDX-License-Identifier: Apache-2.0
 *
 * history.h - looks into the field log of a sync, as table `field_line` of its state file
 * has it, for a text that a person wrote: no sync ever carried it, so that a line in which
 * it stands is the one of the conflict in which it lost. */
#ifndef TESTS_MODEL_HISTORY_H
#define TESTS_MODEL_HISTORY_H

#include <stdbool.h>

struct history;

/* NULL: the file cannot be read, or keeps no such table. */
struct history *history_open(const char *path);
bool history_tells(struct history *h, const char *text);
void history_close(struct history *h);

#endif
