/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz.h - what the fuzz targets share.  A target is one file: it gets any bytes at
 * all and says with MUST what holds for them.  Built and run by tests/fuzz/run;
 * corpus/TARGET/ has the bytes to begin with and those that once were a finding.
 *
 * Targets are linked with arena.c of this folder, so that a read past the end of a
 * text is seen even where the text lies in an arena. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(what) ((what) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #what))

static inline void
fuzz_fail(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

static inline struct rk_text
fuzz_text(const uint8_t *data, size_t size)
{
	return (struct rk_text){ (const char *)data, size };
}

/* The first byte, taken off the front; 0 if there is none. */
static inline uint8_t
fuzz_byte(struct rk_text *text)
{
	if (text->len == 0)
		return 0;
	text->len--;
	return (uint8_t)*text->ptr++;
}

/* What stands before the first newline, taken off the front with it. */
static inline struct rk_text
fuzz_line(struct rk_text *text)
{
	struct rk_text line = *text;
	const char *end = text->len > 0 ? memchr(text->ptr, '\n', text->len) : NULL;
	if (end == NULL) {
		text->len = 0;
		return line;
	}
	line.len = (uint64_t)(end - line.ptr);
	text->ptr += line.len + 1;
	text->len -= line.len + 1;
	return line;
}

/* Text that is handed on with a NUL at its end can hold none. */
static inline bool
fuzz_has_nul(struct rk_text text)
{
	return text.len > 0 && memchr(text.ptr, '\0', text.len) != NULL;
}

/* Whether 'part' lies inside 'whole'. */
static inline bool
fuzz_inside(struct rk_text part, struct rk_text whole)
{
	return part.len == 0
	       || (part.ptr >= whole.ptr && part.len <= whole.len
	           && part.ptr - whole.ptr <= (ptrdiff_t)(whole.len - part.len));
}

#endif
