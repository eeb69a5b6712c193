/* SPDX-License-Identifier: Apache-2.0
 *
 * cut.h - reading a text from its front: what was read is cut off.  For the
 * readers of numbers, rich text, expressions and filters. */
#ifndef MAPPING_CUT_H
#define MAPPING_CUT_H

#include <stdbool.h>
#include <stddef.h>

#include <renkei/connector.h>

#include "base/arena.h"

/* Blanks at the front, the wide one (U+3000) too. */
void cut_blanks(struct rk_text *text);
/* The text in quotes, '...' or "...", that stands at the front; a doubled quote
 * inside stands for one.  False: it has no end. */
bool cut_quoted(struct rk_text *text, struct arena *arena, struct rk_text *out);

static inline void
cut(struct rk_text *text, size_t bytes)
{
	text->ptr += bytes;
	text->len -= bytes;
}

static inline bool
cut_char(struct rk_text *text, char c)
{
	if (text->len == 0 || *text->ptr != c)
		return false;
	cut(text, 1);
	return true;
}

static inline bool
cut_at_quote(struct rk_text text)
{
	return text.len > 0 && (*text.ptr == '\'' || *text.ptr == '"');
}

static inline bool
cut_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

#endif
