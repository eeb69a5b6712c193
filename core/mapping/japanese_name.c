/* SPDX-License-Identifier: Apache-2.0
 *
 * japanese_name.c - a person's name, family name first, with blanks of any kind
 * between its parts.  Where there is no blank nobody can say where one ends. */
#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "mapping/cut.h"
#include "mapping/japanese.h"

static bool
at_blank(struct rk_text text)
{
	return text_trim(text).ptr != text.ptr;
}

/* Parts with one plain blank between them; their number. */
static size_t
put_parts(struct rk_text text, struct arena *arena, struct rk_text *out)
{
	char *to = arena_alloc(arena, text.len + 1);
	size_t len = 0, parts = 0;
	for (text = text_trim(text); text.len > 0; cut_blanks(&text)) {
		if (parts++ > 0)
			to[len++] = ' ';
		while (text.len > 0 && !at_blank(text)) {
			to[len++] = *text.ptr;
			cut(&text, 1);
		}
	}
	*out = (struct rk_text){ to, len };
	return parts;
}

enum japanese
japanese_name(struct rk_text text, unsigned word, struct arena *arena,
              struct rk_text *out)
{
	enum { FULL, FAMILY, GIVEN };
	struct rk_text full;
	size_t parts = put_parts(text, arena, &full);
	const char *blank = memchr(full.ptr, ' ', full.len);
	if (word == GIVEN && blank == NULL)
		return JAPANESE_NO_PART;
	size_t family = blank == NULL ? full.len : (size_t)(blank - full.ptr);
	*out = full;
	if (word == FAMILY)
		out->len = family;
	else if (word == GIVEN)
		cut(out, family + 1);
	return parts == 2 ? JAPANESE_DONE : JAPANESE_UNKNOWN;
}
