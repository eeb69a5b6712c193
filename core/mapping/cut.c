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

/* Where the text in quotes that 'text' begins with ends: at its last quote. */
static size_t
quoted_end(struct rk_text text)
{
	for (size_t i = 1; i < text.len; i++) {
		if (text.ptr[i] != *text.ptr)
			continue;
		if (i + 1 == text.len || text.ptr[i + 1] != *text.ptr)
			return i;
		i++;
	}
	return 0;
}

bool
cut_quoted(struct rk_text *text, struct arena *arena, struct rk_text *out)
{
	size_t end = quoted_end(*text), len = 0;
	if (end == 0)
		return false;
	char *copy = arena_alloc(arena, end);
	for (size_t i = 1; i < end; i++) {
		copy[len++] = text->ptr[i];
		i += text->ptr[i] == *text->ptr;
	}
	cut(text, end + 1);
	*out = (struct rk_text){ copy, len };
	return true;
}
