/* SPDX-License-Identifier: Apache-2.0 */
/* hubspot.h - what the files of the HubSpot simulator share.  Every rule is
 * from the project's HubSpot fact sheet; section numbers are of that sheet. */
#ifndef SIM_HUBSPOT_H
#define SIM_HUBSPOT_H

#include "sim.h"

enum hubspot_type { H_STRING, H_NUMBER, H_BOOL, H_ENUM, H_DATE, H_DATETIME, H_OWNER };

/* System properties, told from the record itself. */
enum hubspot_system { H_STORED, H_ID, H_CREATED, H_MODIFIED };

/* What belongs to one field; its 'rules'. */
struct hubspot_rules {
	enum hubspot_system system;
	const char *sensitivity;             /* NULL: none. */
	bool required;                       /* By an administrator, on create. */
	struct field *because;               /* Required where this one has ... */
	char because_value[64];              /* ... this value (section 4.6). */
	/* What its values must be like (section 2.2); empty: no more of them. */
	struct { char type[24], argument[32]; } validations[4];
};

/* One way of a pair; 'primary' is 0 where there is no such label (section 8). */
struct hubspot_kind {
	const char *from, *to;               /* Names of objects, for ever. */
	int plain, primary;
};

#define HUBSPOT_OWN_TYPES 1000           /* From here on they are the account's. */
#define HUBSPOT_PARTNERS 4u

/* What belongs to an object; its 'extra'. */
struct hubspot_schema {
	char type_id[24];
	char full_name[128];                 /* Of a custom object; or empty. */
	char label[64], labels[64];          /* One, and many. */
	/* A custom object's associations, one way and back. */
	struct hubspot_kind kinds[2 * HUBSPOT_PARTNERS];
	size_t kind_count;
};

/* ---- hubspot_properties.c ----------------------------------------------- */

/* HubSpot's own objects with the properties of section 8. */
void hubspot_define(struct sim *sim);
const struct hubspot_schema *hubspot_schema_of(const struct object *o);
/* "0-1" for contacts. */
const char *hubspot_type_id(const struct object *o);
/* "contacts", "0-1", a custom object's "2-1000001" or full name; NULL: none. */
struct object *hubspot_object(struct sim *sim, struct text name);
/* The properties that every object has. */
void hubspot_define_system(struct object *o);
bool hubspot_is_key(const struct object *o, const struct field *f);
/* Adds or replaces a property from a JSON description (section 2); NULL if its
 * name or type will not do. */
struct field *hubspot_property(struct arena *a, struct object *o, const struct json *j);

/* Strings, numbers and booleans alike are taken as text; false: none of them. */
bool hubspot_as_text(const struct json *j, struct text *t);
/* Whether the list of this level, as the query names it, has the property. */
bool hubspot_is_of_level(const struct field *f, struct text level);
void hubspot_get_validations(struct request *q, struct reply *r);
/* The control path's way in: no checks. */
bool hubspot_change(struct arena *a, struct object *o, struct text name,
		    const struct json *value, struct change *change);
size_t hubspot_seeded(struct arena *a, struct object *o, const struct seed_row *row,
		      struct change *changes);

/* ---- hubspot_values.c --------------------------------------------------- */

/* What is wrong with the properties of one input. */
struct hubspot_problems {
	size_t count;
	const char *category;                /* NULL: VALIDATION_ERROR. */
	int status;                          /* 0: 400. */
	struct buf nested;                   /* The JSON array inside the message. */
	struct buf errors;                   /* errors[], without brackets. */
	struct buf warnings;                 /* warnings[], without brackets. */
	struct buf plain;                    /* A message instead of the nested one. */
};

void hubspot_problems_clear(struct hubspot_problems *p);
void hubspot_problem(struct hubspot_problems *p, struct text property, const char *code,
		     const char *message);
/* Checks one property and makes the change of it.  False: nothing to write,
 * either because it is wrong (said in 'p') or because it is null. */
bool hubspot_value(struct request *q, struct object *o, const struct record *old,
		   const struct json *member, struct change *change,
		   struct hubspot_problems *p);

/* ---- hubspot.c ---------------------------------------------------------- */

/* The object of the path, or NULL after an answer. */
struct object *hubspot_object_of(struct request *q, struct reply *r);
void hubspot_error(struct reply *r, int status, const char *category,
		   const char *format, ...) __attribute__((format(printf, 4, 5)));
/* ---- hubspot_read.c ----------------------------------------------------- */

void hubspot_get_list(struct request *q, struct reply *r);
void hubspot_get_one(struct request *q, struct reply *r);
void hubspot_batch_read(struct request *q, struct reply *r);
/* Whether "inputs" is a list of at most so many; false after an answer. */
bool hubspot_inputs_ok(struct request *q, struct reply *r, size_t most);

/* Properties that an answer shows, in order of slots. */
struct hubspot_wanted {
	struct field **fields;               /* In the arena. */
	size_t count;
};

struct hubspot_wanted hubspot_want(struct request *q, struct object *o,
				   const struct text *names, size_t count);
/* The names in a JSON array; with none, the object's defaults. */
struct hubspot_wanted hubspot_want_json(struct request *q, struct object *o,
					const struct json *names);
/* `"id":"..","properties":{..},...` without the outer braces. */
void hubspot_write_object(struct buf *out, const struct object *o, const struct record *r,
			  const struct version *v, const struct hubspot_wanted *w);

/* ---- hubspot_search.c --------------------------------------------------- */

void hubspot_search(struct request *q, struct reply *r);

/* ---- hubspot_links.c: associations --------------------------------------- */

struct hubspot_link {
	struct object *from, *to;
	uint64_t from_id, to_id;
	bool primary;                        /* Has that label. */
	unsigned labels;                     /* A bit for each of the account's own. */
};
/* A label that the account's people made; it has a type each way. */
struct hubspot_label {
	struct object *from, *to;
	char name[64];
};
#define HUBSPOT_LABELS 8u
struct hubspot_links {
	struct hubspot_link *list;           /* owned */
	size_t count, label_count;
	struct hubspot_label labels[HUBSPOT_LABELS];
};
struct hubspot_links *hubspot_links(const struct sim *sim);

void hubspot_read_associations(struct request *q, struct reply *r);
void hubspot_associate_default(struct request *q, struct reply *r);
void hubspot_associate(struct request *q, struct reply *r);
void hubspot_dissociate(struct request *q, struct reply *r);
void hubspot_get_labels(struct request *q, struct reply *r);
/* {"from","to","label"}: the type of the one way, that of the other is one more. */
void hubspot_post_label(struct request *q, struct reply *r);
/* Makes the "associations" of a create; 'record' NULL: only looks whether they are
 * valid. */
bool hubspot_join_new(struct request *q, struct object *o, const struct record *record,
		      const struct json *list);

/* ---- hubspot_schemas.c: custom objects ----------------------------------- */

void hubspot_get_schemas(struct request *q, struct reply *r);
void hubspot_get_schema(struct request *q, struct reply *r);
void hubspot_post_schema(struct request *q, struct reply *r);

/* ---- hubspot_batch.c: every write --------------------------------------- */

void hubspot_batch_create(struct request *q, struct reply *r);
void hubspot_batch_update(struct request *q, struct reply *r);
void hubspot_batch_upsert(struct request *q, struct reply *r);
void hubspot_batch_archive(struct request *q, struct reply *r);
void hubspot_create(struct request *q, struct reply *r);
void hubspot_update(struct request *q, struct reply *r);
void hubspot_archive(struct request *q, struct reply *r);
void hubspot_merge(struct request *q, struct reply *r);

/* Options that the control path sets (POST _control/options). */
struct hubspot_options {
	bool partial_email;                  /* 207 also for upsert by e-mail. */
	bool keep_order;                     /* Results in order of the inputs. */
	bool disorder;                       /* Listed in no order; for benchmarks. */
};
const struct hubspot_options *hubspot_options(const struct sim *sim);

#endif
