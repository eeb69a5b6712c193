/* SPDX-License-Identifier: Apache-2.0 */
/* salesforce.h - what the files of the Salesforce simulator share.  Every rule is
 * from the project's Salesforce fact sheet; section numbers are of that sheet.  A
 * record's number in the store is shown as an id of 18 characters. */
#ifndef SIM_SALESFORCE_H
#define SIM_SALESFORCE_H

#include "sim.h"

enum salesforce_type {
	S_ID, S_STRING, S_TEXTAREA, S_PHONE, S_URL, S_EMAIL, S_PICKLIST, S_MULTI,
	S_BOOLEAN, S_INT, S_DOUBLE, S_CURRENCY, S_PERCENT, S_DATE, S_DATETIME, S_TIME,
	S_REFERENCE, S_ADDRESS, S_TYPES,
};
extern const char *const salesforce_types[S_TYPES];

/* Told from the record itself. */
enum salesforce_system { S_STORED, S_OWN_ID, S_DELETED, S_CREATED, S_MODIFIED, S_STAMP,
			 S_USER, S_NAME, S_MAILING };

/* What belongs to one field; its 'rules'. */
struct salesforce_rules {
	char label[64], to[64], relationship[64];
	enum salesforce_system system;
	int length, precision, scale;
	bool external, lookup, restricted, defaulted, create_only, calculated;
	bool hidden, locked;                 /* By field-level security. */
	char complaint[256];                 /* A validation rule: must be filled. */
};

/* What belongs to one object; its 'extra'. */
struct salesforce_object {
	char prefix[4], label[64];
	bool custom;
	struct field *alike;                 /* A duplicate rule on it, or NULL. */
	bool alike_blocks;
	char trigger[256];                   /* What a trigger says to every write. */
	/* Rows that are refused: the code, what it says of which field, how many are let
	 * through before, and how many are refused then. */
	char forbidden[64], forbids[256], forbidden_field[64];
	int64_t spared, refusals;
};

struct salesforce_cursor {
	char id[24];
	struct text soql;                    /* owned */
	uint64_t *ids;                       /* owned */
	size_t count;
	bool all;
	int64_t until_ms;
};
#define SALESFORCE_CURSORS 32u

struct salesforce_job {
	char id[20], state[24], operation[16], object[64], key[64];
	char message[256];
	bool query, all;
	char column, line[8];
	struct text soql;                    /* owned */
	struct buf csv;                      /* owned: what came, or what is read */
	struct buf done, failed;             /* owned */
	size_t *rows_at;                     /* owned: offsets of rows in 'csv' */
	size_t processed, errors;
	int64_t created_ms;
	int polls;                           /* Looks until it is done. */
	struct salesforce_job *next;         /* owned */
};

/* The CRM's state. */
struct salesforce {
	struct salesforce_cursor cursors[SALESFORCE_CURSORS];
	unsigned cursor_count, job_count;
	struct salesforce_job *jobs;         /* owned */
	uint64_t used, allowed;              /* Calls of the day. */
	int64_t day;
	size_t page;                         /* Rows of a page at most; 0: as asked. */
	int polls;                           /* Of a job. */
	bool no_limits_right;                /* /limits is not this user's to see. */
	bool bulk_off;
	int locks;                           /* Writes that lose to another's lock. */
	char locked[80];                     /* The key of a record that is held. */
	char job_fails[120];                 /* Why jobs that write do; or empty. */
};

struct salesforce *salesforce_state(const struct sim *sim);
struct salesforce_rules *salesforce_rules(const struct field *f);
struct salesforce_object *salesforce_of(const struct object *o);

/* ---- salesforce.c: ids, errors -------------------------------------------- */

#define SALESFORCE_ID 18
#define SALESFORCE_BITS 40
#define SALESFORCE_NUMBER ((UINT64_C(1) << SALESFORCE_BITS) - 1)
/* "003xx0000000005AAA" */
void salesforce_id(char out[SALESFORCE_ID + 1], const char *prefix, uint64_t number);
/* What the numbers of an object's records in the store begin above. */
uint64_t salesforce_base(const char *prefix);
/* Of 15 or 18 characters; 0: none of this object. */
uint64_t salesforce_read_id(const struct object *o, struct text id);
/* [{"message","errorCode"}]; 'fields' may be NULL. */
void salesforce_error(struct reply *r, int status, const char *code, const char *field,
		      const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The object of the path, or NULL after an answer. */
struct object *salesforce_object_of(struct request *q, struct reply *r, struct text name);
/* "2026-03-01T09:15:00.000+0000", to the second; 32 bytes. */
void salesforce_time(char *out, int64_t ms);

/* ---- salesforce_fields.c: definitions and values --------------------------- */

void salesforce_define(struct sim *sim);
/* Adds a field from {"name","type","length","precision","scale","label","options",
 * "externalId","unique","to","relationship","restricted","required","formula"}. */
struct field *salesforce_field(struct object *o, const struct json *j);
struct object *salesforce_add(struct sim *sim, const char *name, const char *label,
			      const char *prefix);
void salesforce_write_describe(struct buf *out, const struct object *o, bool whole);
bool salesforce_change(struct arena *a, struct object *o, struct text name,
		       const struct json *value, struct change *change);
size_t salesforce_seeded(struct arena *a, struct object *o, const struct seed_row *row,
			 struct change *changes);
/* A field of the object that the caller may see; names compare without case. */
struct field *salesforce_seen(const struct object *o, struct text name);
/* The reference that is called so in paths, "Account" or "Plan__r". */
struct field *salesforce_relation(const struct object *o, struct text name);
/* A value as it is sent out; len 0: null. */
struct text salesforce_raw(struct arena *a, const struct object *o,
			   const struct record *r, const struct field *f);
int salesforce_compare_text(struct text a, struct text b);

/* What is wrong with a row. */
struct salesforce_problem {
	const char *code;                    /* NULL: nothing. */
	char message[600], field[256];
	bool parse;                          /* The whole request cannot be read. */
};

void salesforce_wrong(struct salesforce_problem *p, const char *code, const char *field,
		      const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Checks one member of a row, and makes the change of it.  False: wrong, said in 'p'. */
bool salesforce_value(struct request *q, struct object *o, const struct json *member,
		      bool creates, struct change *change, struct salesforce_problem *p);

/* ---- salesforce_query.c: SOQL ---------------------------------------------- */

struct salesforce_path {
	struct field *via;                   /* A reference, or NULL. */
	struct object *of;                   /* Of the field. */
	struct field *field;
	struct text name;                    /* As asked for. */
};

struct salesforce_select {
	struct object *o;
	struct salesforce_path *fields;
	size_t field_count;
	bool count;
	struct record **records;             /* In the arena, in order. */
	size_t record_count;
};

/* Parses and runs a query; false after an answer.  'bulk': under its rules. */
bool salesforce_select(struct request *q, struct reply *r, struct text soql, bool all,
		       bool bulk, struct salesforce_select *s);
struct text salesforce_path_raw(struct request *q, const struct record *r,
				const struct salesforce_path *p);
route_fn salesforce_query, salesforce_query_all, salesforce_query_more;
route_fn salesforce_updated, salesforce_deleted;
void salesforce_clear_cursors(struct salesforce *s);

/* ---- salesforce_write.c ----------------------------------------------------- */

enum salesforce_op { S_INSERT, S_UPDATE, S_UPSERT, S_DELETE };

struct salesforce_row {
	const struct json *json;             /* {FIELD: value, ...} */
	enum salesforce_op op;
	const struct field *key;             /* S_UPSERT */
	struct text id;                      /* Of the row, or of what was written. */
	bool created;
	struct record *record;
	struct change *changes;
	size_t count;
	struct salesforce_problem problem;
};

/* Reads a row; false: the whole request cannot be read. */
bool salesforce_read_row(struct request *q, struct object *o, struct salesforce_row *row);
/* Writes it, or says in 'problem' why not. */
void salesforce_write_row(struct request *q, struct object *o, struct salesforce_row *row);
route_fn salesforce_get_record, salesforce_post_record, salesforce_patch_record,
	salesforce_delete_record, salesforce_upsert_record, salesforce_get_by_key,
	salesforce_collections_post, salesforce_collections_patch,
	salesforce_collections_delete, salesforce_collections_upsert;

/* ---- salesforce_bulk.c ------------------------------------------------------ */

route_fn salesforce_query_job, salesforce_ingest_job, salesforce_job_look,
	salesforce_job_change, salesforce_job_delete, salesforce_query_results,
	salesforce_upload, salesforce_done_rows, salesforce_failed_rows,
	salesforce_unprocessed_rows;
void salesforce_clear_jobs(struct salesforce *s);

#endif
