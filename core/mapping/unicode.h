/* SPDX-License-Identifier: Apache-2.0
 *
 * unicode.h - what needs the Unicode tables.  Plain ASCII, and what would not
 * change, is handed back as it came, without a copy. */
#ifndef MAPPING_UNICODE_H
#define MAPPING_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

#include <renkei/connector.h>

#include "base/arena.h"

/* Simple case mapping, character by character. */
struct rk_text unicode_lower(struct rk_text text, struct arena *arena);
struct rk_text unicode_upper(struct rk_text text, struct arena *arena);
/* Normal forms.  False: not well-formed UTF-8. */
bool unicode_nfc(struct rk_text *text, struct arena *arena);
bool unicode_nfkc(struct rk_text *text, struct arena *arena);
/* Characters (code points) of a text; false: it is not well-formed UTF-8. */
bool unicode_count(struct rk_text text, uint64_t *count);

#endif
