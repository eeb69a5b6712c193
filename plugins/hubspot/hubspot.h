/* SPDX-License-Identifier: Apache-2.0
 *
 * hubspot.h - what the files of the HubSpot connector share.  Nothing here leaves the
 * shared object. */
#ifndef HUBSPOT_H
#define HUBSPOT_H

#include <renkei/connection.h>
#include <renkei/listing.h>
#include <renkei/writing.h>

#define HUBSPOT_WINDOW_MAX_MS 600000
#define HUBSPOT_BATCH_MAX 100u                      /* Inputs of one batch call. */
#define HUBSPOT_BODY_MAX  (UINT64_C(16) << 20)      /* Of a request, in bytes. */

/* ---- api.c ---- */

/* A call of METHOD /AREA/VERSION/OBJECT REST; no AREA: of REST alone. */
struct rk_call hubspot_call(const struct rk_host *host, const char *method,
                            const char *area, struct rk_text object, const char *rest);
int hubspot_is_contacts(struct rk_text object);
/* The property that moves with every change. */
const char *hubspot_modified_name(struct rk_text object);
/* Reads an error body, an entry of a batch's "errors", or one of their details. */
struct rk_fault hubspot_read_fault(const struct rk_host *host, const cJSON *node);

/* ---- associations.c ---- */

#define HUBSPOT_ASSOCIATIONS 103u      /* With HubSpot's own objects, and labels: at most. */

/* Adds the references that an object has to 'fields', which has room for
 * HUBSPOT_ASSOCIATIONS more than 'schema' lists.  It is that of a custom object; NULL:
 * they are not told. */
int32_t hubspot_describe_associations(const struct rk_host *host, struct rk_text object,
                                      const cJSON *schema, struct rk_field *fields,
                                      uint64_t *count, struct rk_err *err);
/* Whether a field of that name is no property. */
int hubspot_is_association(struct rk_text name);
/* Completes a page of records, which have their properties. */
int32_t hubspot_read_associations(struct rk_listing *l);
/* Before anything is written: rows that name records which are not there are refused,
 * and then the others may go again. */
int32_t hubspot_check_associations(struct rk_writing *w);
int hubspot_has_associations(const struct rk_batch *batch);
/* Puts "associations":[...]: what a record is not made without. */
void hubspot_put_parents(struct rk_json_out *out, const struct rk_batch *batch,
                         const struct rk_row *row);
/* Makes those of the rows that were written.  They are added, none is removed. */
int32_t hubspot_associate(struct rk_writing *w);

/* ---- fields.c, list.c, write.c: the slots ---- */

rk_describer hubspot_describe_fields;
rk_lister    hubspot_list_changed;
rk_upserter  hubspot_upsert;

#endif
