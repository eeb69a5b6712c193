/* SPDX-License-Identifier: Apache-2.0 */
/* store.h - the records of a simulated CRM, in memory, and the write log.
 *
 * An object (a kind of record) has fields; a record has one immutable block of
 * values and, where the CRM's search lags, the versions before it.  A value is
 * kept as the JSON text that is sent out, so that a page is mostly copying.
 * The log shares the blocks: a million writes cost no second copy.
 *
 * Knows nothing of HTTP and of what a CRM allows: hubspot.c, kintone.c check
 * before they write.  All calls want the simulator's lock. */
#ifndef SIM_STORE_H
#define SIM_STORE_H

#include "text.h"

#include <stdio.h>

/* ---- Fields ------------------------------------------------------------- */

#define FIELD_UNIQUE   0x01u
#define FIELD_READONLY 0x02u
#define FIELD_REQUIRED 0x04u
#define FIELD_MULTI    0x08u            /* Several options. */
#define FIELD_SYSTEM   0x10u            /* Made from the record, not stored. */
#define FIELD_CUSTOM   0x20u            /* Not the vendor's own. */

struct field {
	char *name;                          /* owned */
	char *quoted;                        /* owned; `"name":`, as sent out */
	unsigned slot;                       /* Position in the object. */
	int type;                            /* Of the CRM's own enumeration. */
	unsigned flags;
	struct text definition;              /* owned; raw JSON, as described. */
	char **options;                      /* owned, each too */
	size_t option_count;
	struct index *index;                 /* owned; unique fields only. */
	void *rules;                         /* owned; the CRM's own. */
};

/* ---- Records ------------------------------------------------------------ */

struct block;

struct version {
	struct block *block;                 /* owned, counted */
	int64_t updated_ms;                  /* As the CRM tells it. */
	int64_t written_ms;                  /* When it happened: for the lag. */
	struct version *older;               /* owned */
	uint32_t revision;
	bool archived;
};

struct record {
	uint64_t id;
	int64_t created_ms, visible_ms, archived_ms;
	struct version now;
	bool gone;                           /* Deleted for good. */
};

struct object {
	const struct crm *crm;               /* borrowed */
	char *name;                          /* owned */
	struct field **fields;               /* owned, each too */
	size_t field_count;
	uint32_t *names;                     /* owned; hash of names -> slot + 1 */
	size_t names_cap;
	struct record **records;             /* By id, ascending; owned, each too */
	size_t count, cap, live;
	uint64_t last_id;
	uint64_t edition;                    /* Grows with every write. */
	uint64_t seeded;                     /* Rows that the generator made. */
	int64_t lag_ms;                      /* Versions are kept for so long. */
	bool doubled;                        /* A loaded key stands there twice. */
	bool fold_keys;                      /* Keys compare trimmed, without case. */
	void *extra;                         /* owned; the CRM's own. */
	struct object *next;
};

struct object *object_new(const struct crm *crm, const char *name);
void object_free(struct object *o);
/* Adds a field, or gives the one of that name back as it stands. */
struct field *object_add_field(struct object *o, struct text name);
struct field *object_field(const struct object *o, struct text name);
/* From now on 'f' is unique: what is stored is put into its index. */
void object_index(struct object *o, struct field *f);
void field_add_option(struct field *f, struct text option);
bool field_remove_option(struct field *f, struct text option);
bool field_has_option(const struct field *f, struct text option);

/* The position of the first record whose id is at least 'id'. */
size_t object_seek(const struct object *o, uint64_t id);
/* NULL if there is none or it is deleted for good. */
struct record *object_record(const struct object *o, uint64_t id);
/* A live record that has 'key' (decoded text) in unique field 'f', or NULL. */
struct record *object_by_key(const struct object *o, const struct field *f,
			     struct text key);

/* The raw JSON of a value; len 0 if it is not set. */
struct text block_get(const struct block *b, const struct field *f);
/* Walks a block in order of slots: 'at' starts at 0, false at the end. */
bool block_next(const struct block *b, size_t *at, unsigned *slot, struct text *raw);
/* The version that a reader sees which lags 'lag_ms' behind; NULL: none yet. */
const struct version *record_seen(const struct record *r, int64_t now_ms,
				  int64_t lag_ms);

/* ---- Writing ------------------------------------------------------------ */

struct change {
	struct field *field;
	struct text raw;                     /* len 0: unset. */
};

/* Who writes, and what the log says of it. */
struct origin {
	const char *op;                      /* "create", "update", ... */
	const char *by;                      /* "api" or "control" */
	struct text key;                     /* Of the upsert, if any. */
	int64_t now_ms;
	int64_t updated_ms;                  /* 0: now. */
	bool settled;                        /* No lag: written long ago. */
};

/* Makes a record.  'id' 0: the next one; a taken id is given the next one. */
struct record *store_create(struct object *o, uint64_t id, const struct change *changes,
			    size_t count, const struct origin *by);
/* True if a value differs from what stood there; a version is made anyway. */
bool store_update(struct object *o, struct record *r, const struct change *changes,
		  size_t count, const struct origin *by);
/* It stays, marked; false if it already was. */
bool store_restore(struct object *o, struct record *r, const struct origin *by);
bool store_archive(struct object *o, struct record *r, const struct origin *by);
void store_delete(struct object *o, struct record *r, const struct origin *by);

/* What is written from here on is undone by store_rollback, in the log too. */
void store_begin(void);
void store_commit(void);
void store_rollback(void);

/* ---- The write log ------------------------------------------------------ */

/* Everything after entry 'from' - 1 as JSON Lines, at most 'limit' lines. */
void log_write(struct buf *out, uint64_t from, uint64_t limit);
uint64_t log_last(void);
/* Also appends each entry to 'file'; NULL: no more. */
void log_to(FILE *file);
/* Without it nothing is kept in memory; for benchmarks. */
void log_keep(bool keep);
void log_free(void);

#endif
