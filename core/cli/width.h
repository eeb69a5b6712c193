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
/* Adds a paragraph in lines of at most 'columns', broken at blanks or between wide
 * characters; without a newline at the end.  What is indented goes on below its words,
 * or below its second column, which three blanks set off. */
void width_wrap(struct buf *out, struct rk_text text, size_t columns);
/* As width_add, filled from the left. */
void width_add_right(struct buf *out, struct rk_text text, size_t least);

#endif
