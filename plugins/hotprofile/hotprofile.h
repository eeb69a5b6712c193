/* SPDX-License-Identifier: Apache-2.0
 *
 * hotprofile.h - what the files of the HotProfile connector share.  Nothing here leaves
 * the shared object. */
#ifndef HOTPROFILE_H
#define HOTPROFILE_H

#include <renkei/connection.h>
#include <renkei/listing.h>
#include <renkei/writing.h>

#define HOT_PAGE_MAX  100u                      /* Rows of one call. */
#define HOT_BODY_MAX  (UINT64_C(1) << 20)       /* Of a request, in bytes. */
#define HOT_PREFECTURES 47
#define HOT_PERSON_COLUMNS 7

/* ---- api.c ---- */

/* Begins the form of a call; the key stands before it. */
struct rk_json_out hot_form(const struct rk_host *host);
/* Puts &NAME=VALUE, both percent-encoded. */
void hot_put(struct rk_json_out *form, const char *name, struct rk_text value);
void hot_put_number(struct rk_json_out *form, const char *name, int64_t number);
/* POST OBJECT/VERB with that form. */
struct rk_call hot_call(const struct rk_host *host, struct rk_text object,
                        const char *verb, const struct rk_json_out *form);
/* What "errors" of an answer says. */
struct rk_fault hot_read_fault(const struct rk_host *host,
                               const struct rk_answer *answer);
/* A list call; '*list' is its rows, '*total' how many match on all pages together. */
int32_t hot_ask_list(const struct rk_host *host, struct rk_text object,
                     const struct rk_json_out *form, struct rk_answer *answer,
                     const cJSON **list, int64_t *total, struct rk_err *err);

/* ---- fields.c ---- */

struct hot_kind {
	const char *name;
	const struct rk_field *fields;
	uint64_t field_count;
	const char *items;             /* Setting of its custom items; NULL: none. */
};

/* A custom item as the administrator described it, LABEL:ID:TYPE:CODE=LABEL,... */
struct hot_item {
	struct rk_text label, id, choices;
	uint32_t type;
};

extern const struct rk_option hot_prefectures[HOT_PREFECTURES];
extern const struct rk_field hot_person_columns[HOT_PERSON_COLUMNS];

const struct hot_kind *hot_kind_find(struct rk_text object, struct rk_err *err);
/* The described item of that label; 0: there is none. */
int hot_item_find(const struct rk_host *host, const struct hot_kind *kind,
                  struct rk_text label, struct hot_item *item);
/* Takes the next CODE=LABEL off '*choices'; a code that is not told is the label. */
int hot_choice_next(struct rk_text *choices, struct rk_text *code, struct rk_text *label);
/* RK_PAUSE, and which entry of which setting cannot be read. */
int32_t hot_check_items(const struct rk_host *host, struct rk_err *err);
/* The part of a field's name behind "item."; empty: no custom item. */
struct rk_text hot_item_label(struct rk_text name);

/* ---- value.c ---- */

struct rk_value hot_read_value(const struct rk_host *host, const struct rk_field *field,
                               const cJSON *item);
/* A custom item's "value"; 'item' is its description or NULL. */
struct rk_value hot_read_item(const struct rk_host *host, const struct rk_field *field,
                              const struct hot_item *item, const cJSON *value);
/* Puts a value as a write wants it. */
void hot_put_value(struct rk_json_out *form, const struct hot_kind *kind,
                   const struct rk_field *field, const struct rk_value *value);

/* ---- list.c ---- */

/* The form of a list call: which page, of how many rows. */
struct rk_json_out hot_page_form(const struct rk_host *host, int page, uint64_t rows);

/* Rows of one call in a range of ids, in their order. */
struct hot_range {
	const cJSON *rows[HOT_PAGE_MAX];
	int64_t ids[HOT_PAGE_MAX];
	uint64_t count;
	int whole;                     /* All that match are here.            */
};

void hot_range_add(struct hot_range *range, const cJSON *row, int64_t id);
/* Asks for the next range of a walk over ids, at most 'most' rows. */
int32_t hot_ask_range(struct rk_listing *l, struct rk_text object, int windowed,
                      uint64_t most, struct hot_range *range);
/* The range was taken up to the id 'until', or whole where that is -1. */
void hot_range_done(struct rk_listing *l, const struct hot_range *range, uint64_t most,
                    int64_t until);
int64_t hot_id(const struct rk_host *host, const cJSON *row, const char *name);

#define HOT_ROWS_MAX 1000u                      /* Of one search. */

/* All rows that a search finds, in the order of their ids. */
struct hot_rows {
	const cJSON **list;
	uint64_t count;
	int64_t total;                 /* Over HOT_ROWS_MAX: then no rows.    */
};

/* Asks for all rows of a search, by as many pages as there are.
 *
 * Errors: RK_AGAIN if some of them did not come, however often the pages were walked. */
int32_t hot_ask_all(struct rk_listing *l, struct rk_text object,
                    const struct rk_json_out *search, struct hot_rows *all);
/* RK_PAUSE for a company that was merged, until a person has looked at the mapping. */
int32_t hot_check_cleansing(const struct rk_listing *l, const cJSON *company);

/* ---- departments.c ---- */

/* A page of all of them, or those of the ids that were taken. */
int32_t hot_list_departments(struct rk_listing *l);

/* ---- fields.c, list.c, write.c: the slots ---- */

rk_describer hotprofile_describe_fields;
rk_lister    hotprofile_list_changed;
rk_upserter  hotprofile_upsert;

#endif
