/* SPDX-License-Identifier: Apache-2.0
 *
 * fault.h - says what is wrong with one record. */
#ifndef MAPPING_FAULT_H
#define MAPPING_FAULT_H

#include "mapping/mapping.h"

/* Fills 'fault' and returns false, so that the caller can pass it on.  The
 * field is filled in by whoever knows which line of the mapping runs. */
bool fault_set(struct mapping_fault *fault, struct arena *arena, int32_t category,
               struct rk_text value, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* A text inside a message: at most 80 bytes, never half a character.  For
 * "%.*s": fault_len(text), text.ptr. */
int fault_len(struct rk_text text);

#endif
