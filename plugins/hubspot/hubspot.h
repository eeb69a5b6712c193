/* SPDX-License-Identifier: Apache-2.0
 *
 * hubspot.h - what the files of the HubSpot connector share.  Nothing here leaves the
 * shared object. */
#ifndef HUBSPOT_H
#define HUBSPOT_H

#include <renkei/json.h>

#define HUBSPOT_BATCH_MAX 100u                      /* Inputs of one batch call. */
#define HUBSPOT_BODY_MAX  (UINT64_C(16) << 20)      /* Of a request, in bytes. */

struct rk_conn {
	const struct rk_host *host;
};

/* ---- api.c ---- */

struct call {
	const char *method;
	struct rk_text path, body, object;
	const struct rk_piece *pieces; /* A body with secrets, in its place.  */
	uint64_t piece_count;
	int search, safe;
};

/* Sends one call.  RK_OK: an answer arrived, good or bad. */
int32_t hubspot_ask(const struct rk_host *host, const struct call *call,
                    struct rk_answer *answer, struct rk_err *err);
/* A reading call, whose good answer is JSON; anything else is an error. */
int32_t hubspot_ask_read(const struct rk_host *host, struct call *call,
                         struct rk_answer *answer, struct rk_err *err);
/* /crm/AREA/VERSION/OBJECT REST, NUL-terminated. */
struct rk_text hubspot_crm_path(const struct rk_host *host, const char *area,
                                struct rk_text object, const char *rest);
int hubspot_is_contacts(struct rk_text object);
/* The property that moves with every change. */
const char *hubspot_modified_name(struct rk_text object);

/* What one error object says, wherever it says it. */
struct fault {
	struct rk_text code, category, sub, message, field;
	int32_t kind;                  /* RK_CAT_*, of a record.              */
};

/* Reads an error body, an entry of a batch's "errors", or one of their details. */
struct fault hubspot_read_fault(const struct rk_host *host, const cJSON *node);
/* What a bad answer means for the call as a whole; fills 'err'.  RK_REJECT: the
 * request itself was refused, category says why. */
int32_t hubspot_judge(const struct rk_host *host, const struct rk_answer *answer,
                      struct rk_err *err);
/* As hubspot_judge, for calls that only read: nothing there can be split. */
int32_t hubspot_judge_read(const struct rk_host *host, const struct rk_answer *answer,
                           struct rk_err *err);

/* ---- value.c ---- */

/* One property as a value of the described type; null and "" are both null. */
struct rk_value hubspot_read_value(const struct rk_host *host,
                                   const struct rk_field *field, const cJSON *item);
/* A value as HubSpot wants it: always a string, "" clears. */
struct rk_text hubspot_wire_text(const struct rk_host *host,
                                 const struct rk_value *value);

/* ---- fields.c, list.c, write.c: the slots ---- */

int32_t hubspot_describe_fields(struct rk_conn *conn, struct rk_text object,
                                struct rk_schema *schema, struct rk_err *err);
int32_t hubspot_list_changed(struct rk_conn *conn, const struct rk_query *query,
                             struct rk_page *page, struct rk_err *err);
int32_t hubspot_upsert(struct rk_conn *conn, const struct rk_batch *batch,
                       struct rk_result *result, struct rk_err *err);

#endif
