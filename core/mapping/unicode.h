/* SPDX-License-Identifier: Apache-2.0
 *
 * unicode.h - what needs the Unicode tables. */
#ifndef MAPPING_UNICODE_H
#define MAPPING_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

#include <renkei/connector.h>

#include "base/arena.h"

/* The character that one becomes; below zero: none. */
typedef int32_t unicode_change(int32_t c);
/* Simple case mapping. */
unicode_change unicode_lower, unicode_upper;
/* Each character by 'change'.  What is no UTF-8 stays, for others to refuse. */
struct rk_text unicode_each(struct rk_text text, unicode_change *change,
                            struct arena *arena);
/* The normal form NFC, or NFKC, which unifies widths, too; plain ASCII is not
 * copied.  False: not well-formed UTF-8. */
bool unicode_normal(struct rk_text *text, bool widths, struct arena *arena);

#endif
