/* SPDX-License-Identifier: Apache-2.0
 *
 * japanese.h - Japanese values as transforms: width, kana, company forms, postal
 * codes, telephone numbers, prefectures, eras, names.  What each makes of what
 * stands in japanese.test, from which docs/japanese.md is printed.
 *
 * All are pure: a text and one of the words below give a text.  What is not
 * understood is left as it was, and a part that is not there is null; with the
 * argument `strict` either is an error of the record (transform.c does both). */
#ifndef MAPPING_JAPANESE_H
#define MAPPING_JAPANESE_H

#include <stdbool.h>
#include <stdint.h>

#include <renkei/connector.h>

#include "base/arena.h"

enum japanese {
	JAPANESE_DONE,                     /* '*out' is what comes out. */
	JAPANESE_UNKNOWN,                  /* Not understood: '*out' is what is left. */
	JAPANESE_NO_PART,                  /* It has no such part. */
};

/* 'word' counts in the list of its words, of which the first needs not be written.
 * '*out' is the text when this is called. */
typedef enum japanese japanese_change(struct rk_text text, unsigned word,
                                      struct arena *arena, struct rk_text *out);

struct japanese_kind {
	const char *name;
	japanese_change *change;
	const char *words[6];              /* Ends with a NULL. */
};
/* The one of a name, which is there. */
const struct japanese_kind *japanese_find(const char *name);

/* ---- Each in a file of its own, in the order of the table ------------------- */

japanese_change japanese_width, japanese_kana, japanese_company, japanese_postal,
	japanese_phone, japanese_prefecture, japanese_era, japanese_name;

/* ---- For these only --------------------------------------------------------- */

/* Letters, digits, signs and blanks narrow, katakana wide, without blanks at the
 * ends: what the readers of forms look at. */
struct rk_text japanese_plain(struct rk_text text, struct arena *arena);
/* Whether 'prefix' stands at the front (the end), which is cut off then. */
bool japanese_cut_front(struct rk_text *text, const char *prefix);
bool japanese_cut_end(struct rk_text *text, const char *suffix);
/* A hyphen, or one of the dashes and long marks that people type for it. */
bool japanese_cut_dash(struct rk_text *text);
/* How many digits of a domestic number are its area code, the 0 included; 0: the
 * number begins like none.  'digits' begins with 0 and has ten. */
unsigned japanese_area_digits(const char digits[10]);

#endif
