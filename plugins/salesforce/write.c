/* SPDX-License-Identifier: Apache-2.0
 *
 * write.c - batches written, as sObject collections: bodies, and what the answer says of
 * each row.  Called through the table of salesforce.c. */
#include "salesforce.h"

/* Some fields are set once, when a record is created. */
static int
is_written(uint32_t operation, const struct rk_field *field)
{
	return !(operation == RK_OP_UPDATE && rk_text_find(field->native, " create-only")) &&
	       !(operation == RK_OP_CREATE && rk_text_find(field->native, " update-only"));
}

int
salesforce_is_written(const struct rk_batch *batch, const struct rk_field *field)
{
	return is_written(batch->operation, field) &&
	       !(batch->operation == RK_OP_UPSERT &&
	         rk_text_eq(field->name, batch->key_field->name));
}

/* A time of day goes as it comes, "09:15:00.000Z". */
struct rk_text
salesforce_text(const struct rk_host *host, const struct rk_value *value)
{
	struct rk_text text = rk_value_text(host, value, 0);

	return value->type != RK_TIME ? text
	     : rk_textf(host, "%.*s%s.000Z", RK_S(text), text.len == 5 ? ":00" : "");
}

/* "Account":{"Renkei_Id__c":"a-3"} of the field Account.Renkei_Id__c; without a parent
 * the relation itself is null. */
static void
put_parent(struct rk_json_out *out, const struct rk_field *field,
           const struct rk_value *value)
{
	const char *name = rk_text_z(out->host, field->name);
	size_t len = strcspn(name, ".");

	rk_put_key(out, rk_text_of(name, len));
	if (value->type == RK_NULL) {
		rk_put_raw(out, rk_z("null"));
		return;
	}
	rk_put_open(out, '{');
	rk_put_name(out, name + len + 1);
	rk_put_typed(out, field, value);
	rk_put_close(out, '}');
}

static int
is_parent(const struct rk_field *field)
{
	return field->name.len && memchr(field->name.ptr, '.', field->name.len) != NULL;
}

static void
put_row(struct rk_json_out *out, const struct rk_batch *batch, const struct rk_row *row)
{
	const struct rk_field *field;
	const struct rk_value *value;

	rk_put_open(out, '{');
	rk_put_enter(out, "attributes", '{');
	rk_put_pair(out, "type", batch->object);
	rk_put_close(out, '}');
	if (batch->operation == RK_OP_UPDATE)
		rk_put_pair(out, "id", row->id);
	for (uint64_t at = 0; (field = rk_row_next(batch, row, 0, &at, &value)) != NULL;) {
		if (!is_written(batch->operation, field))
			continue;
		if (is_parent(field)) {
			put_parent(out, field, value);
			continue;
		}
		rk_put_key(out, field->name);
		if (value->type == RK_TIME)
			rk_put_text(out, salesforce_text(out->host, value));
		else
			rk_put_typed(out, field, value);
	}
	rk_put_close(out, '}');
}

/* ---- The call ------------------------------------------------------------------------- */

static struct rk_call
begin_call(const struct rk_host *host, const struct rk_batch *batch)
{
	struct rk_text path = rk_z("/composite/sobjects");

	switch (batch->operation) {
	case RK_OP_CREATE:
		return salesforce_call(host, "POST", batch->object, path);
	case RK_OP_UPSERT:
		path = rk_textf(host, "/composite/sobjects/%.*s/%.*s", RK_S(batch->object),
		                RK_S(batch->key_field->name));
		break;
	case RK_OP_ARCHIVE:
		path = rk_z("/composite/sobjects?allOrNone=false&ids=");
		for (uint64_t i = 0; i < batch->row_count; i++)
			path = rk_textf(host, "%s%s%.*s", path.ptr, i ? "," : "",
			                RK_S(rk_url_text(host, batch->rows[i].id)));
		return salesforce_call(host, "DELETE", batch->object, path);
	}
	return salesforce_call(host, "PATCH", batch->object, path);
}

/* Rules of the org that a sync is better off without, unless they are wanted. */
static void
add_rules(const struct rk_host *host, struct rk_call *call)
{
	if (rk_setting_is(host, "duplicate_rules", "pass_alerts"))
		rk_call_says(host, call, "Sforce-Duplicate-Rule-Header",
		                      rk_z("allowSave=true"));
	if (!rk_setting_is(host, "assignment_rules", "true"))
		rk_call_says(host, call, "Sforce-Auto-Assign", rk_z("FALSE"));
}

static int32_t
prepare(struct rk_writing *w, struct rk_call *call)
{
	const struct rk_batch *batch = w->batch;
	struct rk_json_out out;
	int32_t status = salesforce_check_name(batch->object, w->err);

	if (status == RK_OK && batch->operation == RK_OP_UPSERT)
		status = salesforce_check_name(batch->key_field->name, w->err);
	if (status != RK_OK)
		return status;
	*call = begin_call(w->host, batch);
	add_rules(w->host, call);
	if (batch->operation == RK_OP_ARCHIVE)
		return RK_OK;
	rk_json_begin(&out, w->host, 64 << 10, SALESFORCE_BODY_MAX);
	rk_put_open(&out, '{');
	rk_put_name(&out, "allOrNone");
	rk_put_raw(&out, rk_z("false"));
	rk_put_rows(&out, "records", batch, put_row);
	rk_put_close(&out, '}');
	return rk_json_end(&out, &call->body, w->err);
}

/* ---- Answers ---------------------------------------------------------------------------- */

/* What a code means by what was sent for the field that it names. */
static void
look_at_row(const struct rk_writing *w, uint64_t at, struct rk_fault *fault)
{
	const struct rk_value *sent;
	const struct rk_field *field = rk_row_field(w->batch, &w->batch->rows[at],
	                                            fault->field, &sent);
	int by_id = w->batch->operation == RK_OP_UPDATE ||
	            w->batch->operation == RK_OP_ARCHIVE;

	if (rk_text_is(fault->code, "REQUIRED_FIELD_MISSING") && field)
		fault->category = RK_CAT_PROPERTY_VALUE;
	if (rk_text_is(fault->code, "INVALID_FIELD_FOR_INSERT_UPDATE") && field &&
	    !(field->flags & RK_FIELD_WRITABLE))
		fault->category = RK_CAT_PROPERTY_MAPPING;
	if (rk_text_among(fault->code, "MALFORMED_ID INVALID_ID_FIELD") && field &&
	    (field->ref_object.len || field->type == RK_USER))
		fault->category = RK_CAT_ASSOCIATION;
	/* Without a field it is the record itself that is gone. */
	if (rk_text_is(fault->code, "INVALID_CROSS_REFERENCE_KEY") && by_id &&
	    fault->field.len == 0)
		fault->category = RK_CAT_OTHER;
	if (fault->category == RK_CAT_ASSOCIATION && fault->field.len == 0)
		rk_name_reference(w, at, fault);
}

static int
is_gone(struct rk_text code)
{
	return rk_text_among(code, "ENTITY_IS_DELETED NOT_FOUND INVALID_CROSS_REFERENCE_KEY");
}

void
salesforce_refuse_row(struct rk_writing *w, uint64_t at, struct rk_fault *fault,
                      struct rk_fault *put_off)
{
	if (fault->status != RK_OK && fault->status != RK_REJECT) {
		rk_refuse_row(w, at, fault);
		w->outcomes[at].status = RK_RETRY;
		if (put_off->status == RK_OK)
			*put_off = *fault;
		return;
	}
	if (w->batch->operation == RK_OP_ARCHIVE && is_gone(fault->code)) {
		rk_row_done(w, at, RK_ARCHIVED, w->batch->rows[at].id, rk_z(""));
		return;
	}
	look_at_row(w, at, fault);
	rk_refuse_row(w, at, fault);
}

static void
take_row(struct rk_writing *w, uint64_t at, const cJSON *item, struct rk_fault *put_off)
{
	static const int32_t done[] = { [RK_OP_UPSERT] = RK_UPDATED,
		[RK_OP_CREATE] = RK_CREATED, [RK_OP_UPDATE] = RK_UPDATED,
		[RK_OP_ARCHIVE] = RK_ARCHIVED };
	const cJSON *success = rk_json_get(item, "success");
	const cJSON *errors = rk_json_get(item, "errors");
	struct rk_text id = rk_json_str(w->host, item, "id");
	int32_t status = done[w->batch->operation];
	struct rk_fault fault;

	if (rk_json_is(success, cJSON_True) && id.len) {
		if (w->batch->operation == RK_OP_UPSERT &&
		    rk_json_true(item, "created"))
			status = RK_CREATED;
		rk_row_done(w, at, status, id, rk_z(""));
		return;
	}
	if (!rk_json_is(success, cJSON_False))
		return;                 /* Not told: it stays unknown. */
	fault = salesforce_read_fault(w->host, errors ? errors->child : NULL);
	if (fault.message.len == 0)
		fault.message = rk_z("refused without a reason");
	salesforce_refuse_row(w, at, &fault, put_off);
}

/* Records that others hold are these rows' trouble alone where others were written. */
static int
is_of_rows(const struct rk_writing *w, const struct rk_fault *put_off)
{
	int written = 0;

	for (uint64_t i = 0; i < w->batch->row_count; i++)
		written |= w->outcomes[i].status >= RK_CREATED &&
		           w->outcomes[i].status <= RK_ARCHIVED;
	return written && put_off->status == RK_AGAIN && put_off->category == RK_CAT_OTHER;
}

int32_t
salesforce_told(struct rk_writing *w, const struct rk_fault *put_off)
{
	if (put_off->status == RK_OK || is_of_rows(w, put_off))
		return RK_OK;
	rk_fail_fault(w->err, put_off->status, put_off);
	w->err->retry_after_ms = put_off->wait_ms ? put_off->wait_ms : -1;
	return put_off->status;
}

/* A result for each row, in their order.
 *
 * Shape: [{"id":"..","success":true,"created":false,"errors":[]},
 *        {"success":false,"errors":[{"statusCode":"..","message":"..","fields":[..]}]}] */
static int32_t
taken(struct rk_writing *w, const struct rk_answer *answer)
{
	struct rk_fault put_off = { .status = RK_OK };
	uint64_t at = 0;

	if (!rk_json_is(answer->root, cJSON_Array))
		return rk_fail_bug(w->err, "the answer is no list");
	if (rk_rows_told(w, answer->root) != RK_OK)
		return RK_BUG;
	rk_json_each(item, answer->root)
		take_row(w, at++, item, &put_off);
	return salesforce_told(w, &put_off);
}

/* Refused as a whole: the request could not be read, or names what there is none of. */
static int32_t
refused(struct rk_writing *w, const struct rk_answer *answer)
{
	const cJSON *first = rk_json_is(answer->root, cJSON_Array) ? answer->root->child : NULL;
	struct rk_fault fault = salesforce_read_fault(w->host, first);

	if (w->batch->row_count == 1)
		look_at_row(w, 0, &fault);
	if (w->err->category == RK_CAT_DUPLICATE)
		fault.category = RK_CAT_DUPLICATE;
	fault.code = rk_text_or(fault.code, rk_z(w->err->code));
	return rk_refuse_rest(w, &fault);
}

int32_t
salesforce_write_collections(struct rk_writing *w, int32_t left)
{
	static const struct rk_writer writer = { SALESFORCE_BATCH_MAX, prepare, taken,
	                                         refused };

	return rk_write_left(&writer, w, left, SALESFORCE_ROWS_MAX);
}

/* A job is for a batch that is as large as the settings say; where the org takes no more
 * jobs today, it goes as collections too. */
int32_t
salesforce_upsert(struct rk_conn *conn, const struct rk_batch *batch,
                  struct rk_result *result, struct rk_err *err)
{
	struct rk_writing w = rk_writing_of(conn->host, batch, result, err);
	int32_t status = rk_batch_check(batch, SALESFORCE_ROWS_MAX, err);

	if (status != RK_OK || batch->row_count == 0)
		return status;
	if (batch->token.len)
		return salesforce_bulk_end(&w, result);
	if (!salesforce_is_bulk(conn->host, batch))
		return salesforce_write_collections(&w, RK_UNKNOWN);
	status = salesforce_bulk_begin(&w, result);
	if (status != RK_PENDING && !err->maybe_sent &&
	    rk_text_among(rk_z(err->code), "LIMIT_EXCEEDED EXCEEDED_QUOTA TOO_MANY_JOBS")) {
		memset(result->outcomes, 0, batch->row_count * sizeof *result->outcomes);
		return salesforce_write_collections(&w, RK_UNKNOWN);
	}
	return status;
}
