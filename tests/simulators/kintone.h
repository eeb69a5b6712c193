/* SPDX-License-Identifier: Apache-2.0 */
/* kintone.h - what the files of the kintone simulator share.  Every rule is
 * from the project's kintone fact sheet; section numbers are of that sheet.
 * An app is an object of the store; its name is the app's id. */
#ifndef SIM_KINTONE_H
#define SIM_KINTONE_H

#include "sim.h"

enum kintone_type {
	K_TEXT, K_NUMBER, K_LINES, K_RICH, K_LINK, K_CALC, K_CHECKS, K_SELECTS, K_RADIO,
	K_DROP, K_DATE, K_TIME, K_DATETIME, K_USERS, K_ORGANIZATIONS, K_GROUPS, K_FILE,
	K_TABLE, K_REFERENCE, K_GROUP, K_NUMBERING, K_CREATOR, K_MODIFIER, K_CREATED,
	K_UPDATED, K_STATUS, K_ASSIGNEE, K_CATEGORY, K_ID, K_REVISION, K_TYPES,
};

/* What a value of the type looks like. */
enum kintone_shape { SHAPE_TEXT, SHAPE_LIST, SHAPE_CODES, SHAPE_ROWS, SHAPE_SYSTEM,
		     SHAPE_NONE };

struct kintone_kind {
	const char *name;                    /* "SINGLE_LINE_TEXT" */
	enum kintone_shape shape;
	const char *empty;                   /* JSON of a value that is not set. */
};
extern const struct kintone_kind kintone_kinds[K_TYPES];

/* What belongs to one field; its 'rules'.  Texts lie in the CRM's arena. */
struct kintone_rules {
	char *open;                          /* `"CODE":{"type":"T","value":` */
	const struct json *definition;
	int64_t min_length, max_length;      /* -1: none. */
	struct text min_value, max_value;    /* Empty: none. */
	struct text protocol;                /* WEB, CALL, MAIL */
	struct text default_raw;             /* len 0: none. */
	bool calculated, copy_target;
	bool enabled;                        /* STATUS and its like: switched on. */
	const struct json *lookup;           /* NULL: no lookup. */
	struct object *columns;              /* K_TABLE: its fields; borrowed. */
};

/* What belongs to one app; its 'extra'. */
struct kintone_app {
	struct text name, code;
	struct text token, guest;            /* Empty: any token; no guest space. */
	int64_t digits, decimals;            /* numberPrecision */
	bool view, add, edit, remove;        /* Rights of whoever calls. */
	uint64_t form_revision, next_row;
};

#define KINTONE_CURSORS 10u

struct kintone_cursor {
	char id[40];                         /* Empty: this one is free. */
	struct object *o;                    /* borrowed */
	uint64_t *ids;                       /* owned */
	struct text *fields;                 /* owned, the texts too */
	size_t count, at, field_count;
	int64_t size, until_ms;
};

/* The CRM's state. */
struct kintone {
	struct arena arena;                  /* Definitions of apps. */
	struct kintone_cursor cursors[KINTONE_CURSORS];
	char gate[128];                      /* "Basic ..." of the domain; empty: none. */
};

struct kintone *kintone_state(const struct sim *sim);
struct kintone_rules *kintone_rules(const struct field *f);
struct kintone_app *kintone_app(const struct object *o);

/* ---- kintone_app.c: definitions ----------------------------------------- */

/* Defines app 'id' from {"fields": {...}, "name", "code", "token", "guest_space",
 * "numberPrecision"}; all in 'arena', which lives as long as the CRM. */
struct object *kintone_define(struct sim *sim, struct arena *arena, const char *id,
			      const struct json *description);
void kintone_define_default(struct sim *sim, struct arena *arena);
/* The properties of fields.json, without the braces around them. */
void kintone_write_properties(struct buf *out, const struct object *o);
bool kintone_change(struct arena *a, struct object *o, struct text name,
		    const struct json *value, struct change *change);
size_t kintone_seeded(struct arena *a, struct object *o, const struct seed_row *row,
		      struct change *changes);

/* ---- kintone.c: errors, parameters, records out ------------------------- */

enum kintone_message {
	KM_INVALID,
	KM_REQUIRED,
	KM_DUPLICATE,
	KM_OPTION,
	KM_SHORTER,
	KM_LONGER,
	KM_AT_MOST,
	KM_AT_LEAST,
	KM_NUMBER,
	KM_DIGITS,
	KM_URL,
	KM_QUERY,
	KM_FORMAT,
	KM_BATCH,
	KM_MESSAGES,
};

/* The message in the caller's language; '%s' in it takes 'detail'. */
void kintone_say(const struct request *q, struct buf *out, enum kintone_message m,
		 const char *detail);
/* {"code","id","message"} */
void kintone_error(struct reply *r, int status, const char *code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* CB_VA01 with 'errors', the inside of an object. */
void kintone_invalid(const struct request *q, struct reply *r, struct text errors);
/* CB_VA01 with one key. */
void kintone_invalid_key(const struct request *q, struct reply *r, const char *key,
			 enum kintone_message m, const char *detail);
/* A parameter, from the JSON body or the query string. */
struct text kintone_param(const struct request *q, const char *name);
/* The app of parameter 'name', checked for credentials and rights; NULL after
 * an answer.  'right' is one of v, a, e, d. */
struct object *kintone_app_of(struct request *q, struct reply *r, struct text id,
			      const char *rights);
/* Fields that an answer shows, in order of slots. */
struct kintone_wanted {
	struct field **fields;               /* In the arena. */
	size_t count;
	struct text code;                    /* Of the app; before record numbers. */
};

/* All of them when 'count' is 0. */
struct kintone_wanted kintone_want(struct arena *a, const struct object *o,
				   const struct text *names, size_t count);
void kintone_write_record(struct buf *out, const struct record *r,
			  const struct kintone_wanted *w);
/* Whether one of the caller's tokens is for the app, or a password is there. */
bool kintone_token_opens(const struct request *q, const struct kintone_app *app);
/* The texts of an array parameter: `name` in JSON, `name[0]`... in the query. */
struct text *kintone_list(const struct request *q, const char *name, size_t *count);

/* ---- kintone_values.c --------------------------------------------------- */

/* One record of a write, checked against its app. */
struct kintone_row {
	const struct json *record;           /* {CODE: {"value": ...}} */
	char prefix[32];                     /* "record" or "records[3]" */
	struct record *target;               /* NULL: insert. */
	const struct field *key;             /* updateKey, or NULL */
	struct text key_value;
	struct change *changes;
	size_t count, cap;
};

/* Complaints about fields; and the one about the whole, which is told alone. */
struct kintone_complaints {
	struct buf errors;                   /* "key":{"messages":[..]},... */
	int status;                          /* Not 0: an unindexed refusal. */
	const char *code;
	struct buf message;
};

void kintone_complain(const struct request *q, struct kintone_complaints *c,
		      const char *key, enum kintone_message m, const char *detail);
/* Makes the changes of one row; what is wrong goes to 'c'. */
void kintone_check(struct request *q, struct object *o, struct kintone_row *row,
		   struct kintone_complaints *c);

/* ---- kintone_decimal.c -------------------------------------------------- */

/* Plain decimal text, exact; false: not a number.  'decimals' < 0: all kept. */
bool kintone_decimal(struct arena *a, struct text t, int64_t decimals, struct text *out);
int kintone_decimal_order(struct text a, struct text b);
/* Before the point. */
size_t kintone_integer_digits(struct text t);

/* ---- kintone_query.c ---------------------------------------------------- */

struct kintone_result {
	struct record **records;             /* In the arena. */
	size_t count;
	uint64_t total;
};

/* Runs query text; false after an answer.  'total': count all matches.
 * 'all': no default limit, and none allowed in the text (cursors). */
bool kintone_select(struct request *q, struct reply *r, struct object *o,
		    struct text text, bool total, bool all,
		    struct kintone_result *result);

/* ---- kintone_cursor.c --------------------------------------------------- */

void kintone_post_cursor(struct request *q, struct reply *r);
void kintone_get_cursor(struct request *q, struct reply *r);
void kintone_delete_cursor(struct request *q, struct reply *r);
void kintone_clear_cursors(struct kintone *k);

/* ---- kintone_write.c ---------------------------------------------------- */

void kintone_post_record(struct request *q, struct reply *r);
void kintone_post_records(struct request *q, struct reply *r);
void kintone_put_record(struct request *q, struct reply *r);
void kintone_put_records(struct request *q, struct reply *r);
void kintone_delete_records(struct request *q, struct reply *r);
void kintone_bulk(struct request *q, struct reply *r);

#endif
