/* SPDX-License-Identifier: Apache-2.0
 *
 * width.h - text as it stands on a terminal: how many columns it takes, and what
 * of it may be shown.  What a CRM sent must not move the cursor. */
#ifndef CLI_WIDTH_H
#define CLI_WIDTH_H

#include "base/buf.h"

/* Columns of the text as width_add() shows it. */
size_t width_of(struct rk_text text);
/* Adds the text, controls made visible, cut with an ellipsis past 'most' columns
 * (0: never), and filled with blanks up to 'least'. */
void width_add(struct buf *out, struct rk_text text, size_t least, size_t most);
/* The same, filled from the left. */
void width_add_right(struct buf *out, struct rk_text text, size_t least);

#endif
