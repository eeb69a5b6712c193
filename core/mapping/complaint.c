/* SPDX-License-Identifier: Apache-2.0
 *
 * complaint.c - see complaint.h. */
#include "mapping/complaint.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

__attribute__((format(printf, 3, 0)))
static void
add(struct complaint *c, enum problem_weight weight, const char *format, va_list args)
{
	char text[2048], whole[2048];
	vsnprintf(text, sizeof text, format, args);
	/* A text cut in the middle of a character could not be printed. */
	text_copy(whole, sizeof whole - 1, text_of(text));
	problem_add(c->problems, weight, c->at, c->sync, "%s: %s", c->what, whole);
}

bool
complain(struct complaint *c, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add(c, PROBLEM_SYNC, format, args);
	va_end(args);
	c->mistakes++;
	return false;
}

void
complain_warning(struct complaint *c, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add(c, PROBLEM_WARNING, format, args);
	va_end(args);
}
