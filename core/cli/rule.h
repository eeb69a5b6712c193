/* SPDX-License-Identifier: Apache-2.0
 *
 * rule.h - what a sync does, in sentences: which records, from where to where, found by
 * what, each field, what happens to blanks, what is there already, deletions, and when. */
#ifndef CLI_RULE_H
#define CLI_RULE_H

#include "cli/app.h"

/* Under a title; in JSON a list "rule" of texts. */
void rule_tell(struct app *app, const struct config_sync *sync);

#endif
