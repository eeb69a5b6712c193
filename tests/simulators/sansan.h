/* SPDX-License-Identifier: Apache-2.0 */
/* sansan.h - what the files of the Sansan simulator share.  Every rule is from the
 * project's Sansan fact sheet; section numbers are of that sheet.  What the sheet
 * calls unconfirmed is an option of the control path where a connector could trip. */
#ifndef SIM_SANSAN_H
#define SIM_SANSAN_H

#include "ring.h"
#include "sim.h"

#define SANSAN_KEYS 8u
#define SANSAN_TAGS 400u
#define SANSAN_MEMBERS 4u

enum sansan_tag_type { TAG_PRIVATE, TAG_SHARED, TAG_PUBLIC, TAG_TYPES };

struct sansan_tag {
	char id[24], name[160], owner[24];
	enum sansan_tag_type type;
	char members[SANSAN_MEMBERS][24];    /* Of a shared tag. */
};

/* A key belongs to a user and sees what that user sees (section 0). */
struct sansan_key {
	char key[80], user[24];
	bool sees_all;
	struct ring burst;
};

struct sansan {
	struct sansan_key keys[SANSAN_KEYS];
	size_t key_count;
	struct sansan_tag tags[SANSAN_TAGS];
	size_t tag_count;
	int64_t window_days;                 /* The longest window taken. */
	bool entitled, creates, wrapped;
	char answer[8];                      /* Of a create: id, data, item, none. */
};

struct sansan *sansan_state(const struct sim *sim);

/* ---- sansan.c ----------------------------------------------------------- */

/* The key that the request came with; NULL: none that is known. */
struct sansan_key *sansan_caller(const struct request *q);
void sansan_error(struct reply *r, int status, const char *code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
bool sansan_tag_seen(const struct sansan_tag *tag, const char *user);
const struct sansan_tag *sansan_tag(const struct sansan *s, struct text id);
void sansan_put_tag(struct buf *out, const struct sansan_tag *tag, bool owner);
/* "5501" and the like; NULL: nobody. */
const struct sansan_user *sansan_user(struct text id);

struct sansan_user {
	const char *id, *name, *email;       /* NULL: it has no e-mail. */
};

/* ---- Parameters --------------------------------------------------------- */

/* A parameter of the query: its name, and what its value must be. */
struct sansan_param {
	const char *name;
	/* 't' text, 'b' true or false, 'd' a time, 'n' a number up to 'most', or the
	 * words that there are, between blanks. */
	const char *form;
	int64_t most;
	bool repeats;
};

/* Whether the query has these parameters alone, each of its form; false after an
 * answer.  The table ends with a NULL name. */
bool sansan_params(struct request *q, struct reply *r, const struct sansan_param *table);
/* Where a page token stands, 0 without one; false after an answer: a token goes with
 * the parameters that it was given for (section 3). */
bool sansan_page(struct request *q, struct reply *r, size_t *from);
/* ],"hasMore":..,"nextPageToken":".."} of so many, where 'to' is the next. */
void sansan_page_end(struct request *q, struct buf *out, size_t to, size_t count);

/* ---- sansan_cards.c ----------------------------------------------------- */

void sansan_define(struct sim *sim);
void sansan_show_id(char out[SIM_ID_BYTES], uint64_t id);
uint64_t sansan_read_id(struct text shown);
bool sansan_change(struct arena *a, struct object *o, struct text name,
		   const struct json *value, struct change *change);
size_t sansan_seeded(struct arena *a, struct object *o, const struct seed_row *row,
		     struct change *changes);
route_fn sansan_list, sansan_search, sansan_get_card, sansan_card_tags, sansan_get_person,
	sansan_create;

#endif
