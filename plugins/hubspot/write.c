/* SPDX-License-Identifier: Apache-2.0
 *
 * write.c - batches written: bodies, and what the answer says of each row.  Called
 * through the table of hubspot.c. */
#include "hubspot.h"

static const char *const paths[] = {
	[RK_OP_UPSERT] = "/batch/upsert", [RK_OP_CREATE] = "/batch/create",
	[RK_OP_UPDATE] = "/batch/update", [RK_OP_ARCHIVE] = "/batch/archive",
};

/* The key as HubSpot compares it: an e-mail address in lower case. */
static struct rk_text
key_text(const struct rk_host *host, const struct rk_batch *batch,
         const struct rk_row *row)
{
	struct rk_text text = rk_text_trim(rk_value_text(host, row->key, 1));

	return batch->key_field->flags & RK_FIELD_KEY_NOCASE ? rk_text_lower(host, text)
	                                                     : text;
}

/* Every value goes as a text, several options between semicolons; "" clears. */
static void
put_properties(struct rk_json_out *out, const struct rk_batch *batch,
               const struct rk_row *row)
{
	const struct rk_field *field;
	const struct rk_value *value;

	rk_put_enter(out, "properties", '{');
	for (uint64_t at = 0;
	     (field = rk_row_next(batch, row, 0, &at, &value)) != NULL;) {
		if (hubspot_is_association(field->name))
			continue;
		rk_put_key(out, field->name);
		rk_put_value(out, field, value);
	}
	rk_put_close(out, '}');
}

/* The trace id makes HubSpot answer each input for itself. */
static void
put_row(struct rk_json_out *out, const struct rk_batch *batch, const struct rk_row *row)
{
	uint32_t operation = batch->operation;

	rk_put_open(out, '{');
	if (operation == RK_OP_UPSERT) {
		rk_put_pair(out, "idProperty", batch->key_field->name);
		rk_put_pair(out, "id", key_text(out->host, batch, row));
	} else if (operation != RK_OP_CREATE) {
		rk_put_pair(out, "id", row->id);
	}
	if (operation != RK_OP_ARCHIVE) {
		if (row->trace.len)
			rk_put_pair(out, "objectWriteTraceId", row->trace);
		put_properties(out, batch, row);
	}
	if (operation == RK_OP_CREATE)
		hubspot_put_parents(out, batch, row);
	rk_put_close(out, '}');
}

static int32_t
prepare(struct rk_writing *w, struct rk_call *call)
{
	const struct rk_batch *batch = w->batch;
	struct rk_json_out out;

	*call = hubspot_call(w->host, "POST", "crm/objects", batch->object,
	                     paths[batch->operation]);
	rk_json_begin(&out, w->host, 64 << 10, HUBSPOT_BODY_MAX);
	rk_put_open(&out, '{');
	rk_put_rows(&out, "inputs", batch, put_row);
	rk_put_close(&out, '}');
	return rk_json_end(&out, &call->body, w->err);
}

/* Gives a result to its row, with what HubSpot says that it stored: it may keep an old
 * value, as with a lifecycle stage that would go back. */
static void
take_result(struct rk_writing *w, const struct rk_columns *columns, const cJSON *item)
{
	const struct rk_host *host = w->host;
	const struct rk_batch *batch = w->batch;
	const cJSON *properties = rk_json_get(item, "properties");
	struct rk_naming by = { .trace = rk_json_str(host, item, "objectWriteTraceId"),
	                        .id = rk_json_str(host, item, "id") };
	int32_t status = batch->operation == RK_OP_CREATE ||
	                 rk_json_true(item, "new")
	               ? RK_CREATED : RK_UPDATED;
	struct rk_outcome *outcome;
	int64_t at;

	if (batch->operation == RK_OP_UPSERT)
		by.key = rk_json_str(host, properties,
		                     rk_text_z(host, batch->key_field->name));
	at = rk_row_find(w, &by);
	if (at < 0 || by.id.len == 0)
		return;
	outcome = rk_row_done(w, (uint64_t)at, status, by.id,
	                      rk_json_str(host, item, "updatedAt"));
	if (rk_json_is(properties, cJSON_Object))
		outcome->values = rk_columns_read(host, columns, properties,
		                                  rk_value_plain);
}

/* Gives an error to every row that it names; how many that were. */
static uint64_t
blame(struct rk_writing *w, const cJSON *error)
{
	const cJSON *traces = rk_json_get2(error, "context", "objectWriteTraceId");
	struct rk_fault fault = hubspot_read_fault(w->host, error);
	uint64_t count = 0;

	rk_json_each(name, traces ? traces : rk_json_get2(error, "context", "ids")) {
		struct rk_text text = rk_json_text(w->host, name, NULL);
		struct rk_naming by = { .id = text, .key = text };
		int64_t at;

		if (traces)
			by.trace = text;
		at = text.len ? rk_row_find(w, &by) : -1;
		if (at < 0)
			continue;
		rk_refuse_row(w, (uint64_t)at, &fault);
		count++;
	}
	return count;
}

/* A batch answer: every input has a result or an error.
 *
 * Shape:  {"status":"COMPLETE","results":[...],"numErrors":1,"errors":[...]}
 * Errors: an input of which nothing is told stays RK_UNKNOWN: a 2xx that tells
 *         nothing at all has been seen. */
static int32_t
taken(struct rk_writing *w, const struct rk_answer *answer)
{
	struct rk_columns columns = rk_columns_make(w->host, w->batch->fields,
	                                            w->batch->field_count);
	struct rk_fault fault = { .category = RK_CAT_OTHER };
	int64_t nameless = 0, told = 0;

	rk_json_each(item, rk_json_get(answer->root, "results"))
		take_result(w, &columns, item);
	rk_json_each(error, rk_json_get(answer->root, "errors")) {
		told++;
		if (blame(w, error))
			continue;
		nameless++;
		fault = hubspot_read_fault(w->host, error);
	}
	rk_json_int(rk_json_get(answer->root, "numErrors"), &told);
	if (nameless == 0 || rk_rows_left(w) == 0 || (int64_t)rk_rows_left(w) > told)
		return RK_OK;
	return rk_refuse_rest(w, &fault);
}

/* Whether the message is about this very value, in the forms that were seen:
 * "Email address V is invalid", "V was not one of ...", "V is at ..., not midnight!". */
static int
is_about(struct rk_text message, struct rk_text value)
{
	static const char *const before[] = { "Email address ", "" };
	static const char *const after[] = { " is invalid", " was not ", " is at " };
	size_t skip = 0, from = 0;

	while (!rk_text_starts(message, before[from]))
		from++;
	skip = strlen(before[from]);
	if (value.len == 0 || message.len < skip + value.len ||
	    memcmp(message.ptr + skip, value.ptr, value.len) != 0)
		return 0;
	message.ptr += skip + value.len;
	message.len -= skip + value.len;
	for (size_t i = 0; i < RK_COUNT(after); i++)
		if (rk_text_starts(message, after[i]))
			return 1;
	return 0;
}

/* Gives an error that names a property and a value to the rows that have it; how many
 * that were. */
static uint64_t
blame_value(struct rk_writing *w, const cJSON *error)
{
	struct rk_fault fault = hubspot_read_fault(w->host, error);
	uint64_t count = 0;

	for (uint64_t i = 0; i < w->batch->row_count; i++) {
		const struct rk_value *sent;

		rk_row_field(w->batch, &w->batch->rows[i], fault.field, &sent);
		if (w->outcomes[i].status != RK_UNKNOWN || !sent ||
		    !is_about(fault.message, rk_value_text(w->host, sent, 1)))
			continue;
		rk_refuse_row(w, i, &fault);
		count++;
	}
	return count;
}

/* The batch was refused as a whole and nothing of it was written. */
static int32_t
refused(struct rk_writing *w, const struct rk_answer *answer)
{
	struct rk_fault fault = hubspot_read_fault(w->host, answer->root);
	uint64_t named = blame(w, answer->root) + blame_value(w, answer->root);

	rk_json_each(error, rk_json_get(answer->root, "errors"))
		named += blame(w, error) + blame_value(w, error);
	if (answer->reply.status == 409 && fault.category == RK_CAT_OTHER)
		fault.category = RK_CAT_DUPLICATE;
	if (named == 0)
		return rk_refuse_rest(w, &fault);
	rk_rest_is(w, RK_RETRY);
	return RK_OK;
}

int32_t
hubspot_upsert(struct rk_conn *conn, const struct rk_batch *batch,
               struct rk_result *result, struct rk_err *err)
{
	static const struct rk_writer writer = { HUBSPOT_BATCH_MAX, prepare, taken,
	                                         refused };
	int associates = hubspot_has_associations(batch);
	struct rk_writing w = rk_writing_of(conn->host, batch, result, err);
	int32_t status = RK_OK;

	if (associates && rk_batch_check(batch, writer.rows, err) == RK_OK)
		status = hubspot_check_associations(&w);
	if (status != RK_OK || (associates && rk_rows_left(&w) == 0))
		return status;
	status = rk_write(&writer, conn->host, batch, result, err);
	return status == RK_OK && associates ? hubspot_associate(&w) : status;
}
