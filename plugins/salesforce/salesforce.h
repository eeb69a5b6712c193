/* SPDX-License-Identifier: Apache-2.0
 *
 * salesforce.h - what the files of the Salesforce connector share.  Nothing here leaves
 * the shared object. */
#ifndef SALESFORCE_H
#define SALESFORCE_H

#include <renkei/connection.h>
#include <renkei/listing.h>
#include <renkei/writing.h>

#define SALESFORCE_BATCH_MAX 200u                   /* Rows of one collection. */
#define SALESFORCE_ROWS_MAX  2000u                  /* Of one batch. */
#define SALESFORCE_COLUMNS_MAX 512u                 /* Of one row of CSV. */
#define SALESFORCE_FIRST_LOOK_MS 2000               /* After a job began; and then. */
#define SALESFORCE_NEXT_LOOK_MS  5000
#define SALESFORCE_BODY_MAX  (UINT64_C(16) << 20)   /* Of a request, in bytes. */

/* ---- api.c ---- */

/* A call of METHOD /services/data/vVERSION PATH, which counts for 'object'. */
struct rk_call salesforce_call(const struct rk_host *host, const char *method,
                               struct rk_text object, struct rk_text path);
/* Of 15 or 18 letters and digits. */
int salesforce_is_id(struct rk_text id);
/* Reads an error of a body, {"errorCode",..}, or of a row's result, {"statusCode",..}. */
struct rk_fault salesforce_read_fault(const struct rk_host *host, const cJSON *error);
/* What its code and words mean; fault->status stays RK_OK where the code is unknown. */
void salesforce_judge(struct rk_fault *fault);
/* RK_PAUSE unless 'name' is made of letters, digits and low lines. */
int32_t salesforce_check_name(struct rk_text name, struct rk_err *err);

/* ---- write.c, for bulk.c ---- */

/* Whether the operation writes the field, beside the key. */
int salesforce_is_written(const struct rk_batch *batch, const struct rk_field *field);
/* Gives an error to a row.  What passes is none of the row's: it goes again, and 'put_off'
 * is what the call says. */
void salesforce_refuse_row(struct rk_writing *w, uint64_t at, struct rk_fault *fault,
                           struct rk_fault *put_off);
/* A value as a text of JSON, or of a cell. */
struct rk_text salesforce_text(const struct rk_host *host, const struct rk_value *value);
/* The status of a call whose rows were told. */
int32_t salesforce_told(struct rk_writing *w, const struct rk_fault *put_off);
/* Writes the rows whose outcome is 'left' as collections, one after the other; those that
 * wait because others hold them have a code, and wait on. */
int32_t salesforce_write_collections(struct rk_writing *w, int32_t left);

/* ---- list.c, for bulk_read.c ---- */

/* Puts "SELECT .. FROM object WHERE ", with the fields from 'from' to 'to'. */
int32_t salesforce_put_select(struct rk_json_out *out, struct rk_listing *l, uint64_t from,
                              uint64_t to);
/* Adds the query's hints as conditions, each ended by " AND ". */
void salesforce_put_hints(struct rk_json_out *out, const struct rk_listing *l);

/* ---- bulk_read.c ---- */

/* Whether everything is so much that a job shall read it; asks the org. */
int32_t salesforce_is_much(struct rk_listing *l, int *much);
/* Begins the job; *begun 0: this object or org has none today. */
int32_t salesforce_read_begin(struct rk_listing *l, int *begun);
/* The next page of the job that the listing's note names. */
int32_t salesforce_read_on(struct rk_listing *l);

/* ---- bulk.c ---- */

/* The cells of the next row of 'rest'; 0: there is none, -1: it is broken. */
int salesforce_csv_row(const struct rk_host *host, struct rk_text *rest,
                       struct rk_text *cells);
/* A reading call about a job, which is answered by JSON, or by a file of 'csv'. */
int32_t salesforce_ask_job(const struct rk_host *host, struct rk_call *call, int csv,
                           struct rk_answer *answer, struct rk_err *err);

/* Whether a batch goes as a job. */
int salesforce_is_bulk(const struct rk_host *host, const struct rk_batch *batch);
/* RK_PENDING: the job runs. */
int32_t salesforce_bulk_begin(struct rk_writing *w, struct rk_result *result);
/* Looks at the job of the batch's token: RK_PENDING, or what became of the rows. */
int32_t salesforce_bulk_end(struct rk_writing *w, struct rk_result *result);

/* ---- fields.c, list.c, write.c: the slots ---- */

rk_describer salesforce_describe_fields;
rk_lister    salesforce_list_changed;
rk_upserter  salesforce_upsert;

#endif
