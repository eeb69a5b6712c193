/* SPDX-License-Identifier: Apache-2.0
 *
 * turn.h - a two-way sync as seen from its other side. */
#ifndef CONFIG_TURN_H
#define CONFIG_TURN_H

#include "config/config.h"
#include "config/table.h"

/* Makes sync->back if it is two-way: sides exchanged, maps turned round.  Says what cannot
 * be turned, and what only a two-way sync may say. */
void turn_sync(struct table_reader *r, config_setting_t *group, struct config_sync *sync);

#endif
