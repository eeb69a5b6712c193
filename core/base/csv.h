/* SPDX-License-Identifier: Apache-2.0
 *
 * csv.h - lines for spreadsheets (RFC 4180).  What stands in the cells comes from a
 * CRM, where anybody may have written it: every cell is quoted, and one that a
 * spreadsheet would take for a formula gets an apostrophe in front. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/buf.h"

/* Adds one line of 'count' cells. */
void csv_line(struct buf *out, const struct rk_text *cells, size_t count);

#endif
