/* SPDX-License-Identifier: Apache-2.0
 *
 * list.h - a listing under way: what list.c and search.c share. */
#ifndef HUBSPOT_LIST_H
#define HUBSPOT_LIST_H

#include "hubspot.h"

#define SEARCH_MAX 200u         /* Records of one search page. */
#define IDS_MAX    1000u        /* Ids of one page, ten batch calls. */

#define BY_LISTING 'L'
#define BY_SEARCH  'S'
#define BY_IDS     'I'
#define BY_VALUES  'V'

/* Where a listing stands; text of a token. */
struct cursor {
	char kind;
	int64_t source_ms, until_ms;   /* Of the first answer; of the window. */
	int64_t last_id;               /* Search: the greatest id so far.     */
	int64_t offset;                /* Ids, values: how many are done.     */
	int64_t steps, power;          /* Listing: see advance().             */
	uint64_t mark;
	struct rk_text after;
};

struct listing {
	const struct rk_host *host;
	const struct rk_query *query;
	struct rk_page *page;
	struct rk_err *err;
	struct rk_columns columns;
	struct cursor at;
	const char *modified;
	struct rk_record *records;     /* Room for 'limit', and for a page.   */
	uint64_t count;
};

/* How many records a page may have: as asked, at most 'most'. */
uint64_t listing_limit(const struct rk_query *query, uint64_t most);
/* Reads one record of an answer; RK_BUG if it has no id. */
int32_t listing_read_record(struct listing *l, const cJSON *item,
                            struct rk_record *record);
/* Puts "properties":[...]: all wanted ones, or the modified date alone. */
void listing_put_properties(struct rk_json_out *out, const struct listing *l, int all);
/* The list "results" of an answer; RK_BUG if there is none. */
int32_t listing_results(struct listing *l, const struct rk_answer *answer,
                        const cJSON **results);
/* Keeps the clock of the first answer. */
void listing_clock(struct listing *l, const struct rk_answer *answer);
/* Replaces records read with few properties by the same with all of them. */
int32_t listing_reread(struct listing *l);

/* search.c: one search call, for the window or the next 'values' values.  *full tells
 * that more may match. */
int32_t listing_search(struct listing *l, uint64_t values, int *full);

#endif
