/* SPDX-License-Identifier: Apache-2.0
 *
 * link_recent.h - the links put lately.  A link belongs to a random block of three maps:
 * three pages of the file for 100 bytes.  So each transaction adds its links as one
 * row to the table `link_recent`, in order of arrival, and they are found here, in
 * memory; once they are many, link.c brings them into the maps in bulk.  They are
 * read from the file when a link is first asked for.  link.c uses them, verify.c looks
 * at them, and open.c asks when it closes whether they are many. */
#ifndef STORE_LINK_RECENT_H
#define STORE_LINK_RECENT_H

#include "store/db_sqlite.h"

/* So many are kept before they are brought in: about 5 MB. */
#define RECENT_MAX 24576u
/* From so many on they are brought in when the store is closed. */
#define RECENT_FEW 4096u

enum recent_way { RECENT_BY_ID, RECENT_BY_KEY, RECENT_BY_TARGET, RECENT_WAYS };

/* What the maps have of a record. */
struct link_base {
	bool known, there;
	int64_t key_hash, target_mark;
};

struct recent_link {
	struct rk_text from_id, body;  /* The link, encoded; as long as the recent links live. */
	int64_t marks[RECENT_WAYS];
	uint32_t next[RECENT_WAYS];    /* Of the same bucket: its place + 1; 0: none. */
	struct link_base base;
	bool replaced;                 /* A newer one of the same record follows. */
};

struct recent {
	struct arena arena;
	struct recent_link *links;     /* owned; in order of arrival */
	uint32_t *heads[RECENT_WAYS];  /* owned; twice as many as there is room for */
	size_t count, room, saved;     /* The first 'saved' stand in the file. */
};

/* What there is, read from the file if need be; NULL with 'err' filled. */
struct recent *recent_of(struct store *s, struct rk_err *err);
/* Of this record; NULL: none. */
const struct recent_link *recent_get(const struct recent *r, struct rk_text from_id);
/* Of another record, with this key, or to this record of the target; NULL: none. */
const struct recent_link *recent_by_key(const struct recent *r, int64_t key_hash,
                                        struct rk_text not_from_id);
const struct recent_link *recent_by_target(const struct recent *r, struct rk_text to_id,
                                           struct rk_text not_from_id);
void recent_add(struct store *s, const struct link *link, const struct link_base *base);
/* All of a link but the source's id, as both tables have it. */
void link_encode(struct buf *out, const struct link *link);
bool link_decode(struct rk_text from_id, struct rk_text body, struct link *link);
/* Writes those that the file does not have, as one row; in a transaction. */
bool recent_save(struct store *s, struct rk_err *err);
/* What is in memory is not what stands in the file any more. */
void recent_forget(struct store *s);

#endif
