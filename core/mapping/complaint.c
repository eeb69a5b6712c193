/* SPDX-License-Identifier: Apache-2.0
 *
 * complaint.c - see complaint.h. */
#include "mapping/complaint.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

#define SHOWN_BYTES 80

bool
complain_of(struct complaint *c, enum problem_weight weight, const char *format, ...)
{
	char text[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	problem_add(c->problems, weight, c->at, c->sync, "%s: %s", c->what, text);
	*c->mistakes += weight == PROBLEM_SYNC;
	return false;
}

const char *
suggestion(struct rk_text near, struct arena *arena)
{
	if (near.len == 0)
		return "";
	return arena_printf(arena, " (did you mean \"%.*s\"?)", SHOWN(near)).ptr;
}

int
shown_len(struct rk_text text)
{
	size_t len = text.len < SHOWN_BYTES ? text.len : SHOWN_BYTES;
	while (len > 0 && len < text.len && ((unsigned char)text.ptr[len] & 0xC0) == 0x80)
		len--;
	return (int)len;
}

bool
fault_set(const struct scene *s, int32_t category, struct rk_text value,
          const char *format, ...)
{
	char message[1024], shown[256];
	va_list args;
	if (s->fault == NULL)
		return false;
	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	text_copy(shown, sizeof shown, value);
	*s->fault = (struct mapping_fault){
		.category = category,
		.value = arena_text(s->arena, text_of(shown)),
		.message = arena_text(s->arena, text_of(message)),
	};
	return false;
}
