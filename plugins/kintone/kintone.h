/* SPDX-License-Identifier: Apache-2.0
 *
 * kintone.h - what the files of the kintone connector share.  Nothing here leaves the
 * shared object. */
#ifndef KINTONE_H
#define KINTONE_H

#include <renkei/connection.h>
#include <renkei/listing.h>
#include <renkei/writing.h>

#define KINTONE_KEY_MAX   64                        /* Characters. */
#define KINTONE_BATCH_MAX 100u                      /* Rows of one write. */
#define KINTONE_BODY_MAX  (UINT64_C(32) << 20)      /* Of a request, in bytes. */

/* ---- api.c ---- */

/* A call of METHOD /k/v1/API, which counts for 'app' unless that is empty. */
struct rk_call kintone_call(const struct rk_host *host, const char *method,
                            struct rk_text app, const char *api);
/* RK_PAUSE if 'app' is not the number of an app. */
int32_t kintone_check_app(struct rk_text app, struct rk_err *err);
/* The form of an app: *properties is {CODE:{"type":..,..},..}. */
int32_t kintone_ask_fields(const struct rk_host *host, struct rk_text app,
                           struct rk_answer *answer, const cJSON **properties,
                           struct rk_err *err);

/* ---- value.c ---- */

/* One field, {"type":..,"value":..}, as a value of the described type; empty is null. */
struct rk_value kintone_read_field(const struct rk_host *host,
                                   const struct rk_field *field, const cJSON *item);
/* Puts {"value": ...}. */
void kintone_put_value(struct rk_json_out *out, const struct rk_field *field,
                       const struct rk_value *value);

/* ---- refusal.c ---- */

/* Gives a refusal to the rows that it means; returns the status of the call. */
int32_t kintone_refused(struct rk_writing *w, const struct rk_answer *answer);

/* ---- fields.c, list.c, write.c: the slots ---- */

rk_describer kintone_describe_fields;
rk_lister    kintone_list_changed;
rk_upserter  kintone_upsert;

#endif
