/* SPDX-License-Identifier: Apache-2.0
 *
 * clock.h - the only place that asks the system for the time.  All other code
 * takes `now_ms` as an argument, so that tests can move it. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#include "base/buf.h"

/* UTC, milliseconds since 1970. */
int64_t clock_now_ms(void);
/* For waits and deadlines inside one process: never jumps. */
int64_t clock_mono_ms(void);
/* Adds 2026-11-21T19:44:40Z. */
void clock_format(struct buf *out, int64_t ms);

#endif
