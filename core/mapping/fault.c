/* SPDX-License-Identifier: Apache-2.0
 *
 * fault.c - see fault.h. */
#include "mapping/fault.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

#define SHOWN_BYTES 80

int
fault_len(struct rk_text text)
{
	size_t len = text.len < SHOWN_BYTES ? text.len : SHOWN_BYTES;
	while (len > 0 && len < text.len && ((unsigned char)text.ptr[len] & 0xC0) == 0x80)
		len--;
	return (int)len;
}

bool
fault_set(struct mapping_fault *fault, struct arena *arena, int32_t category,
          struct rk_text value, const char *format, ...)
{
	char message[1024], shown[256];
	va_list args;
	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	text_copy(shown, sizeof shown, value);
	*fault = (struct mapping_fault){
		.category = category,
		.value = arena_text(arena, text_of(shown)),
		.message = arena_text(arena, text_of(message)),
	};
	return false;
}
