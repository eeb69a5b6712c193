/* SPDX-License-Identifier: Apache-2.0
 *
 * slot.h - when the daemon runs a sync, for tests that have a clock of their own.  It
 * stands apart because `struct place` is another thing in core/config. */
#ifndef TESTS_KILL_SLOT_H
#define TESTS_KILL_SLOT_H

#include <stdint.h>

/* The next run of a sync with this `every` whose last one began at 'last_ms'. */
int64_t slot_after(const char *every, int64_t last_ms);

#endif
