/* SPDX-License-Identifier: Apache-2.0 */
/* hotprofile.h - what the files of the HotProfile simulator share.  Every rule is from
 * the project's HotProfile fact sheet; section numbers are of that sheet.  What the
 * sheet calls unconfirmed is an option of the control path where a connector could
 * trip. */
#ifndef SIM_HOTPROFILE_H
#define SIM_HOTPROFILE_H

#include "sim.h"

enum hot_type {
	HOT_TEXT, HOT_PREFECTURE, HOT_FLAG, HOT_ID, HOT_CLIENT, HOT_STATUS, HOT_MONEY,
	HOT_DATE, HOT_LIST,
};

/* A field of an object: as it is stored and read, and as it is written (section 5 to 7).
 * A custom item has a number and is written as items[NUMBER]. */
struct hot_field {
	const char *name, *param;            /* param NULL: read only. */
	const char *label;
	enum hot_type type;
	int64_t most;                        /* Characters; 0: no limit told. */
	bool required;
	enum seed_column seed;               /* SEED_COLUMNS: none. */
};

enum hot_item_type { ITEM_TEXT, ITEM_NUMBER, ITEM_DATE, ITEM_CHOICE, ITEM_CHECKS };

struct hot_item {
	const char *object, *id, *label;
	enum hot_item_type type;
	const char *choices[4];              /* Labels; their ids count from 'id' * 10. */
};

/* One kind of search: which rows a parameter leaves. */
enum hot_search { BY_FROM_ID, BY_TO_ID, BY_FROM_TIME, BY_TO_TIME, BY_IDS, BY_PART, BY_WHOLE,
	BY_OWN };

struct hot_filter {
	const char *param, *field;
	enum hot_search kind;
};

struct hot_object {
	const char *name, *label;
	const struct hot_field *fields;      /* Ends with a NULL name. */
	const struct hot_filter *filters;    /* The same. */
	const char *orders;                  /* Keys, between blanks. */
	int64_t page;                        /* The largest. */
	bool item_ids, choice_ids;           /* Items: read with an id, written by one. */
};

struct hotprofile {
	int64_t slot;                        /* Five minutes each (section 3). */
	int64_t slot_calls, calls;
	int64_t parallel;
	int64_t error_status, blocked_status;
	char errors[8];                      /* array, hash, text. */
	char bad_key[8];                     /* 401, 200, page. */
	bool entitled, sees_all, cleansing, auto_update;
	char hidden[128];                    /* Names of fields of leads, between blanks. */
};

/* The parameters of a request, nested ones as search[name]. */
struct hot_params {
	const struct pair *list;             /* In the arena. */
	size_t count;
};

struct hotprofile *hot_state(const struct sim *sim);
const struct hot_object *hot_object(const char *name);
extern const struct hot_item hot_items[];
extern const char *const hot_prefectures[47];
const struct hot_item *hot_item(const char *object, struct text id);
void hot_error(struct request *q, struct reply *r, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
struct hot_params hot_params(const struct request *q);
/* The value of 'name'; a NULL ptr: it is not there. */
struct text hot_param(const struct hot_params *p, const char *name);
bool hot_word(const char *words, struct text word);
/* The value of a stored field, decoded; empty if there is none. */
struct text hot_value(struct arena *a, const struct object *o, const struct record *r,
		      const char *name);
route_fn hot_list, hot_write, hot_tree, hot_write_tree, hot_merge;

#endif
