/* SPDX-License-Identifier: Apache-2.0
 *
 * texts.h - error texts for people in Japanese.  Errors are written, kept and logged in
 * English, where the facts are; whoever tells one to a person turns it here.  The table
 * holds the formats they are made from.  What stands in a gap is carried over, and
 * turned likewise if it is one of the texts itself and not in quotes. */
#ifndef BASE_TEXTS_H
#define BASE_TEXTS_H

#include "base/words.h"

/* Adds 'text' in that language; in English, and what no format fits, as it is.  The text
 * may hold anything: the work is bounded.  Where several formats fit, one that begins
 * with words goes before one that begins with a gap, then the one with the most bytes
 * outside of its gaps is taken, then the first of the table. */
void texts_add(struct buf *out, enum words_lang lang, struct rk_text text);

#endif
