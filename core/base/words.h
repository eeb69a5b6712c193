/* SPDX-License-Identifier: Apache-2.0
 *
 * words.h - what the programs say to people, in English and Japanese: one table.
 * Where something is filled in, {1}, {2} ... stand for it, in any order; {1?one|many}
 * stands for "one" where {1} is 1, else for "many".
 *
 * Keys, names of settings, and the lines that programs read are not words: they
 * are the same in every language. */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include "base/buf.h"
#include "base/words_table.h"

enum words_lang { LANG_EN, LANG_JA };

#define WORDS_ID(id, en, ja) id,
enum word { WORDS_TABLE(WORDS_ID) WORD_COUNT };
#undef WORDS_ID

const char *word(enum words_lang lang, enum word id);
/* Adds the words with 'texts' filled in for {1} ... {9}; one that is not given
 * stays as it is written. */
void words_fill(struct buf *out, enum words_lang lang, enum word id,
                const char *const *texts, size_t count);
/* "ja_JP.UTF-8", "ja" -> LANG_JA; anything else, or NULL: LANG_EN. */
enum words_lang words_lang_of(const char *locale);

#endif
