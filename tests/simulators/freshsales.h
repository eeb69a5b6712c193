/* SPDX-License-Identifier: Apache-2.0 */
/* freshsales.h - what the files of the Freshsales simulator share.  Every rule is from
 * the project's Freshsales fact sheet; section numbers are of that sheet.  What the sheet
 * calls unconfirmed is an option of the control path where a connector could trip. */
#ifndef SIM_FRESHSALES_H
#define SIM_FRESHSALES_H

#include "sim.h"

#define FRESHSALES_JOBS 64u
#define FRESHSALES_KINDS 4u

/* One kind of record: how it is called where (section 2). */
struct freshsales_kind {
	const char *plural, *singular;
};

/* A bulk upsert that was taken; its rows are written, its report waits. */
struct freshsales_job {
	char *report;                        /* owned; NULL: the job failed. */
	uint64_t polls;
};

struct freshsales {
	struct freshsales_job jobs[FRESHSALES_JOBS];
	uint64_t job_count;
	int64_t job_polls;                   /* Answers before a job has ended. */
	int64_t hour, calls, hourly;         /* The allowance, by the clock's hour. */
	bool classic;                        /* Old addresses, with leads. */
	bool all_deals, mobile_unique, search_short, busy, job_fails, reset_epoch, offset;
	char errors[8];                      /* Shape: list, text, flat. */
	char report[8];                      /* Names rows by emails, id, none. */
	char views[16];                      /* What the views of everything are called. */
	char deny[96];                       /* Paths that answer 403, blanks between. */
};

struct freshsales *freshsales_state(const struct sim *sim);
const struct freshsales_kind *freshsales_kind(struct text plural);
const struct freshsales_kind *freshsales_singular(struct text singular);
void freshsales_error(struct request *q, struct reply *r, int status,
		      const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Whether the body, or an object in it, has these members alone, blanks between; false
 * after an answer. */
bool freshsales_members(struct request *q, struct reply *r, const struct json *object,
			const char *names);
bool freshsales_params(struct request *q, struct reply *r, const char *names);
/* The number in a shown id; 0: there is none. */
uint64_t freshsales_read_id(struct text shown);
bool freshsales_word(const char *words, struct text word);

/* ---- freshsales_fields.c: what a record has ------------------------------- */

enum { F_TEXT, F_PARAGRAPH, F_NUMBER, F_DECIMAL, F_MONEY, F_CHECKBOX, F_DATE, F_STANDARD,
       F_CUSTOM, F_MULTI, F_EMAIL, F_ACCOUNTS, F_REF, F_TAGS, F_TYPES };

struct freshsales_choice {
	uint64_t id;
	const char *value;
};

struct freshsales_field {
	const char *object, *name, *label;
	int type;
	unsigned flags;                      /* FIELD_* */
	const struct freshsales_choice *choices; /* Ends with an id of 0. */
	enum seed_column seed;               /* SEED_COLUMNS: none. */
};

void freshsales_define(struct sim *sim);
const struct freshsales_field *freshsales_field(struct text object, struct text name);
route_fn freshsales_settings, freshsales_selector;
bool freshsales_change(struct arena *a, struct object *o, struct text name,
		       const struct json *value, struct change *change);
size_t freshsales_seeded(struct arena *a, struct object *o, const struct seed_row *row,
			 struct change *changes);

/* ---- freshsales_read.c ----------------------------------------------------- */

struct freshsales_show {
	bool accounts, detail;               /* include=sales_accounts; with custom_field */
};
void freshsales_put(const struct request *q, struct buf *out, const struct object *o,
		    const struct record *r, const struct version *v,
		    struct freshsales_show show);
/* The record of a shown id; NULL: none, or it lies in the Recycle Bin. */
struct record *freshsales_record(const struct object *o, struct text id);
route_fn freshsales_filters, freshsales_view, freshsales_search, freshsales_lookup,
	freshsales_get;

/* ---- freshsales_write.c ---------------------------------------------------- */

route_fn freshsales_upsert, freshsales_create, freshsales_update, freshsales_delete,
	freshsales_bulk, freshsales_job;

#endif
