/* SPDX-License-Identifier: Apache-2.0
 *
 * rows.h - an answer's "records" as a table for a spreadsheet. */
#ifndef CONSOLE_ROWS_H
#define CONSOLE_ROWS_H

#include "console/console.h"

/* The body becomes CSV, with a heading, if it has "records"; else it stays. */
void rows_csv(struct answer *a);

#endif
