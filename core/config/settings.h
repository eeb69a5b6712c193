/* SPDX-License-Identifier: Apache-2.0
 *
 * settings.h - the one table of what may stand in a configuration, for those
 * inside this folder: config.c reads by it, manual.c prints it. */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include "config/table.h"

/* The whole file; the other levels hang from its rows. */
extern const struct table_level config_top;

/* What the rows alone cannot say; in rules.c. */
void rules_other_setting(struct table_reader *r, config_setting_t *member, void *into);
void rules_begin_sync(struct table_reader *r, config_setting_t *group, void *into);
void rules_finish_sync(struct table_reader *r, config_setting_t *group, void *into);
void rules_finish_map(struct table_reader *r, config_setting_t *group, void *into);
void rules_finish_notice(struct table_reader *r, config_setting_t *group, void *into);

#endif
