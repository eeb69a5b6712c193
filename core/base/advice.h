/* SPDX-License-Identifier: Apache-2.0
 *
 * advice.h - what usually lies behind an error of each category, and what helps:
 * one table in English and Japanese.  A connector's own words for a vendor's code
 * are more exact; they stand in its manifest. */
#ifndef BASE_ADVICE_H
#define BASE_ADVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/words.h"

struct advice {
	const char *title;             /* "HTTP 401 Unauthorized", "Picklist" */
	const char *causes, *remedies; /* One a line; or NULL. */
	bool always;                   /* To be said beside a connector's own words. */
};

/* 'http_status' 0: there was none; 'code' is one of RK_CODE_* or a vendor's, or NULL.
 * Never fails: what is not known is "Other". */
struct advice advice_for(int32_t category, int http_status, const char *code,
                         enum words_lang lang);

/* The code, if it has words of its own in its category, which lives for ever; or NULL. */
const char *advice_own(int32_t category, const char *code);

#endif
