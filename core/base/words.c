/* SPDX-License-Identifier: Apache-2.0
 *
 * words.c - see words.h. */
#include "base/words.h"

#include <string.h>

struct pair {
	const char *en, *ja;
};

#define WORDS_PAIR(id, in_english, in_japanese)                                          \
	{ .en = (in_english), .ja = (in_japanese) },
static const struct pair pairs[] = { WORDS_TABLE(WORDS_PAIR) };

const char *
word(enum words_lang lang, enum word id)
{
	return lang == LANG_JA ? pairs[id].ja : pairs[id].en;
}

void
words_fill(struct buf *out, enum words_lang lang, enum word id, const char *const *texts,
           size_t count)
{
	for (const char *at = word(lang, id); *at != '\0'; at++) {
		size_t which = (size_t)(at[0] == '{' ? at[1] - '1' : 9);
		if (which < 9 && which < count && at[2] == '}') {
			buf_adds(out, texts[which]);
			at += 2;
		} else {
			buf_addc(out, *at);
		}
	}
}

enum words_lang
words_lang_of(const char *locale)
{
	bool ja = locale != NULL && strncmp(locale, "ja", 2) == 0
	          && strchr("_.-@", locale[2]) != NULL;
	return ja ? LANG_JA : LANG_EN;
}
