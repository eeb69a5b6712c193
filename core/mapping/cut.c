/* SPDX-License-Identifier: Apache-2.0
 *
 * cut.c - see cut.h. */
#include "mapping/cut.h"

#include "base/text.h"

void
cut_blanks(struct rk_text *text)
{
	struct rk_text rest = text_trim(*text);
	cut(text, rest.len == 0 ? text->len : (size_t)(rest.ptr - text->ptr));
}

bool
cut_quoted(struct rk_text *text, struct arena *arena, struct rk_text *out)
{
	char quote = *text->ptr, *copy = arena_alloc(arena, text->len);
	size_t len = 0;
	for (size_t i = 1; i < text->len; i++) {
		bool twice = i + 1 < text->len && text->ptr[i + 1] == quote;
		if (text->ptr[i] == quote && !twice) {
			cut(text, i + 1);
			*out = (struct rk_text){ copy, len };
			return true;
		}
		copy[len++] = text->ptr[i];
		i += text->ptr[i] == quote;
	}
	return false;
}
