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

/* Puts one of "ONE|MANY}", by whether 'number' is one; what stands behind it. */
static const char *
put_counted(struct buf *out, const char *at, const char *number)
{
	size_t one = strcspn(at, "|"), many = strcspn(at + one, "}");
	if (strcmp(number, "1") == 0)
		buf_add(out, at, one);
	else if (many > 0)
		buf_add(out, at + one + 1, many - 1);
	return at + one + many;
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
		} else if (which < 9 && which < count && at[2] == '?') {
			at = put_counted(out, at + 3, texts[which]);
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
