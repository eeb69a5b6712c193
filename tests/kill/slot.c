/* SPDX-License-Identifier: Apache-2.0
 *
 * slot.c - see slot.h. */
#include "tests/kill/slot.h"

#include "schedule/schedule.h"

int64_t
slot_after(const char *every, int64_t last_ms)
{
	struct config_sync sync = { .every = every };
	struct schedule schedule;
	schedule_read(&schedule, &sync);
	return schedule_due(&schedule, last_ms, last_ms);
}
