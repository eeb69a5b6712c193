/* SPDX-License-Identifier: Apache-2.0
 *
 * scan.h - looks over the text of a libconfig document before libconfig does,
 * and finds what that would hide or point at the wrong line: a NUL (taken for
 * the end), bytes that are not UTF-8, numbers beyond what it can hold, text,
 * comments and brackets that are never closed (named by the line that opens
 * them), @include, and sizes at which it gets slow.  Whether the rest is
 * a document is left to libconfig.
 *
 * Called by config.c for files of the operator and by connector/manifest.c for
 * the text inside a connector. */
#ifndef CONFIG_SCAN_H
#define CONFIG_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

#define SCAN_BYTES (4u * 1024 * 1024)  /* of the whole text */
#define SCAN_MEMBERS 4096u             /* of one group: libconfig searches it linearly */
#define SCAN_DEPTH 32                  /* of brackets in each other */

struct scan_fault {
	unsigned line;
	char text[240];                /* what was found, what was expected */
};

/* Whether 'text' may be handed to libconfig; false fills 'fault' with the first
 * reason.  'fit' (may be NULL) gets the text as libconfig reads it whole: without
 * the byte order mark that some editors put in front, numbers of more than 32 bits
 * marked as such, a line's end at the end. */
bool scan_text(struct rk_text text, struct buf *fit, struct scan_fault *fault);

#endif
