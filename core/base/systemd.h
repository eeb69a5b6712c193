/* SPDX-License-Identifier: Apache-2.0
 *
 * systemd.h - what a service tells the manager that started it (sd_notify(3)); elsewhere
 * nothing happens. */
#ifndef BASE_SYSTEMD_H
#define BASE_SYSTEMD_H

#include <stdint.h>

/* "READY=1", "STOPPING=1", "RELOADING=1", "WATCHDOG=1" ... lines. */
void systemd_tell(const char *lines);
/* How often WATCHDOG=1 is awaited; 0: it is not. */
int64_t systemd_watchdog_ms(void);

#endif
