/* SPDX-License-Identifier: Apache-2.0
 *
 * kintone.h - what the files of the kintone connector share.  Nothing here leaves the
 * shared object. */
#ifndef KINTONE_H
#define KINTONE_H

#include <renkei/json.h>

#define KINTONE_BATCH_MAX 100u                      /* Rows of one write. */
#define KINTONE_BODY_MAX  (UINT64_C(32) << 20)      /* Of a request, in bytes. */

struct rk_conn {
	const struct rk_host *host;
};

/* ---- api.c ---- */

struct call {
	const char *method, *api;      /* "records.json", maybe with a query. */
	struct rk_text body, object;
	int reads;                     /* A GET whose parameters are the body. */
};

/* Sends one call.  RK_OK: an answer arrived, good or bad. */
int32_t kintone_ask(const struct rk_host *host, const struct call *call,
                    struct rk_answer *answer, struct rk_err *err);
/* A reading call, whose good answer is JSON; anything else is an error. */
int32_t kintone_ask_read(const struct rk_host *host, struct call *call,
                         struct rk_answer *answer, struct rk_err *err);
/* What a bad answer means for the call as a whole; fills 'err'.  RK_REJECT: nothing
 * was stored, category says why. */
int32_t kintone_judge(const struct rk_host *host, const struct rk_answer *answer,
                      struct rk_err *err);
/* RK_PAUSE if 'object' is not the number of an app. */
int32_t kintone_check_app(struct rk_text object, struct rk_err *err);
/* The number of an app, which kintone_check_app has seen. */
void kintone_put_app(struct rk_json_out *out, struct rk_text object);

/* ---- fields.c ---- */

/* The form of an app: *properties is {CODE:{"type":..,..},..}. */
int32_t kintone_ask_fields(const struct rk_host *host, struct rk_text app,
                           struct rk_answer *answer, const cJSON **properties,
                           struct rk_err *err);

/* ---- value.c ---- */

/* One field's "value" as a value of the described type; empty is null. */
struct rk_value kintone_read_cell(const struct rk_host *host,
                                  const struct rk_field *field, const cJSON *item);
/* Puts {"value": ...}. */
void kintone_put_value(struct rk_json_out *out, const struct rk_field *field,
                       const struct rk_value *value);
/* A scalar as the text that kintone takes: numbers and times are strings too. */
struct rk_text kintone_wire_text(const struct rk_host *host,
                                 const struct rk_value *value);

/* ---- refusal.c ---- */

struct writing {
	const struct rk_host *host;
	const struct rk_batch *batch;
	struct rk_outcome *outcomes;
};

void kintone_all_rows(struct writing *w, int32_t status);
/* Gives a refusal that kintone_judge called RK_REJECT to the rows that it means;
 * returns the status of the call. */
int32_t kintone_take_refusal(struct writing *w, const struct rk_answer *answer,
                             struct rk_err *err);

/* ---- fields.c, list.c, write.c: the slots ---- */

int32_t kintone_describe_fields(struct rk_conn *conn, struct rk_text object,
                                struct rk_schema *schema, struct rk_err *err);
int32_t kintone_list_changed(struct rk_conn *conn, const struct rk_query *query,
                             struct rk_page *page, struct rk_err *err);
int32_t kintone_upsert(struct rk_conn *conn, const struct rk_batch *batch,
                       struct rk_result *result, struct rk_err *err);

#endif
