/* SPDX-License-Identifier: Apache-2.0
 *
 * text.h - pointer-and-length text of the contract, and the few forms that
 * settings are written in. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <renkei/connector.h>

#include "base/buf.h"

#define TEXT_LIT(s) ((struct rk_text){ (s), sizeof(s) - 1 })

struct rk_text text_of(const char *s);          /* NULL gives an empty text. */
bool text_eq(struct rk_text a, struct rk_text b);
bool text_is(struct rk_text a, const char *s);
int text_cmp(struct rk_text a, struct rk_text b);
/* Without blanks at both ends: space, tab, CR, LF, U+00A0, U+3000. */
struct rk_text text_trim(struct rk_text text);
/* Copies into 'out', cut at a character, always with a NUL at the end. */
void text_copy(char *out, size_t size, struct rk_text text);
/* A copy with a NUL at its end, of which the caller becomes owner. */
char *text_dup(struct rk_text text);
/* Whether it is well-formed UTF-8 (RFC 3629). */
bool text_utf8_valid(struct rk_text text);
/* Bytes of ASCII at the front. */
size_t text_ascii_prefix(struct rk_text text);
/* Characters (code points) of well-formed UTF-8. */
uint64_t text_utf8_count(struct rk_text text);
/* "90s", "5m", "1h", "2d", "250ms" -> milliseconds; false if it is not one. */
bool text_duration_ms(const char *s, int64_t *ms);
/* A wait as people say it, not less than it is: "40 s", "12 min", "2 h 10 min", "3 d 4 h". */
const char *text_wait(char out[48], int64_t ms);
/* The whole text is a decimal number in the range of int64. */
bool text_int64(struct rk_text text, int64_t *number);
/* Adds text that troff takes as it stands, in lines that begin with a sentence. */
void text_add_troff(struct buf *out, const char *text);
/* The one of 'names' that is nearest to 'name', for "did you mean"; NULL if
 * none is near. */
const char *text_nearest(const char *name, const char *const *names, size_t count);

#endif
