/* SPDX-License-Identifier: Apache-2.0
 *
 * freshsales.h - what the files of the Freshsales connector share.  Nothing here leaves
 * the shared object. */
#ifndef FRESHSALES_H
#define FRESHSALES_H

#include <renkei/connection.h>
#include <renkei/listing.h>
#include <renkei/writing.h>

#define FRESHSALES_BATCH_MAX 100u                   /* Rows of one job. */
#define FRESHSALES_PAGE_MAX  100u                   /* Records of one page. */
#define FRESHSALES_BODY_MAX  (UINT64_C(16) << 20)   /* Of a request, in bytes. */

/* One kind of record: how it is called where. */
struct freshsales_object {
	const char *name, *one, *view;   /* "deals", "deal", "All Deals"      */
	const char *view_setting;
	const char *lookups;             /* Fields that a look-up takes.      */
	int contact;                     /* Has e-mails and accounts.         */
};

/* ---- api.c ---- */

/* Whether the address is one of the product's first generation, which has leads. */
int freshsales_is_classic(const struct rk_host *host);
/* The row of an object; RK_PAUSE if there is none of that name. */
int32_t freshsales_object_find(const struct rk_host *host, struct rk_text name,
                               const struct freshsales_object **object,
                               struct rk_err *err);
/* A call of METHOD and the path behind the API's. */
struct rk_call freshsales_call(const struct rk_host *host, const char *method,
                               struct rk_text path);
/* The same for a write of one record by its id: a 404 is of the record, and refuses it. */
struct rk_call freshsales_call_record(const struct rk_host *host, const char *method,
                                      struct rk_text path);
/* The message of an error body in any of its shapes, and what it is about. */
struct rk_text freshsales_message(const struct rk_host *host, const cJSON *root);
int32_t freshsales_category(const struct rk_host *host, struct rk_text message);

/* ---- fields.c ---- */

/* One member of a record, as a value of the described type. */
struct rk_value freshsales_read_value(const struct rk_host *host,
                                      const struct rk_field *field, const cJSON *item);
int freshsales_is_custom(struct rk_text name);

/* ---- list.c ---- */

/* The number of the view that holds all records; 0: the account has none. */
int32_t freshsales_find_view(const struct rk_host *host,
                             const struct freshsales_object *object, int64_t *view,
                             struct rk_answer *answer, struct rk_err *err);
/* {object}/view/{view}, newest change first. */
struct rk_call freshsales_view_call(const struct rk_host *host,
                                    const struct freshsales_object *object,
                                    int64_t view, uint64_t page, uint64_t size);

/* ---- fields.c, list.c, write.c: the slots ---- */

rk_describer freshsales_describe_fields;
rk_lister    freshsales_list_changed;
rk_upserter  freshsales_upsert;

#endif
