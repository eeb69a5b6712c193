/* SPDX-License-Identifier: Apache-2.0
 *
 * sansan.h - what the files of the Sansan connector share.  Nothing here leaves the
 * shared object. */
#ifndef SANSAN_H
#define SANSAN_H

#include <renkei/connection.h>
#include <renkei/listing.h>
#include <renkei/writing.h>

#define SANSAN_PAGE_MAX 300u          /* Cards of one call. */
#define SANSAN_TAGS_MAX 300u          /* Chosen for a sync. */
#define SANSAN_TAGS_PAGE 100u

/* ---- api.c ---- */

/* How many keys there can be; the first is required, each belongs to a user of Sansan
 * and sees what that user sees. */
#define SANSAN_KEYS 5u
extern const char *const sansan_key_names[SANSAN_KEYS];

/* The key that is given at or after number 'key'; SANSAN_KEYS: none. */
unsigned sansan_key_from(const struct rk_host *host, unsigned key);
/* GET of BASE/VERSION/REST. */
struct rk_call sansan_get(const struct rk_host *host, unsigned key, struct rk_text rest);
/* What the next page of a list is asked for by; empty: there is none. */
struct rk_text sansan_next_page(const struct rk_host *host, const struct rk_answer *answer);
/* A reading call by each key in turn until one finds what 'rest' names; RK_OK and a
 * NULL root: none did. */
int32_t sansan_find(const struct rk_host *host, struct rk_text rest,
                    struct rk_answer *answer, struct rk_err *err);
struct rk_call sansan_post(const struct rk_host *host, struct rk_text object);
/* Whether the key may list cards, at the least cost. */
int32_t sansan_probe(const struct rk_host *host, unsigned key, struct rk_err *err);
struct rk_fault sansan_read_fault(const struct rk_host *host,
                                  const struct rk_answer *answer);

/* ---- fields.c ---- */

int sansan_is_persons(struct rk_text object);
/* RK_PAUSE if it is neither of ours. */
int32_t sansan_check_object(struct rk_text object, struct rk_err *err);
/* Whether a card without this member has no value there, and is not just silent. */
int sansan_is_told(struct rk_text name);
/* Calls 'each' for every public and shared tag that a key sees. */
typedef void sansan_tag_reader(void *to, const struct rk_host *host, const cJSON *tag);
int32_t sansan_read_tags(const struct rk_host *host, sansan_tag_reader *each, void *to,
                         struct rk_err *err);
int sansan_is_public(const struct rk_host *host, const cJSON *tag, int shared_too);

/* The ids of the setting tag_ids; a number above SANSAN_TAGS_MAX: there are more. */
uint64_t sansan_chosen_tags(const struct rk_host *host, struct rk_text *ids);

/* ---- fields.c, list.c, write.c: the slots ---- */

rk_describer sansan_describe_fields;
rk_lister    sansan_list_changed;
rk_upserter  sansan_upsert;

#endif
