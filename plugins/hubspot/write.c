/* SPDX-License-Identifier: Apache-2.0
 *
 * write.c - batches written: bodies, and what the answer says of each row.  Called
 * through the table of hubspot.c. */
#include "hubspot.h"

static const struct verb {
	uint32_t operation;
	const char *path;
	int32_t done;                  /* What a result means, if it tells nothing. */
} verbs[] = {
	{ RK_OP_UPSERT, "/batch/upsert", RK_UPDATED },
	{ RK_OP_CREATE, "/batch/create", RK_CREATED },
	{ RK_OP_UPDATE, "/batch/update", RK_UPDATED },
	{ RK_OP_ARCHIVE, "/batch/archive", RK_ARCHIVED },
};

static void
put_row_properties(struct rk_json_out *out, const struct rk_batch *batch,
                   const struct rk_row *row)
{
	const struct rk_host *host = out->host;
	int key_told = 0;

	rk_put_name(out, "properties");
	rk_put_open(out, '{');
	for (uint64_t i = 0; i < batch->field_count; i++) {
		if (row->values[i].type == RK_ABSENT)
			continue;
		rk_put_key(out, batch->fields[i].name);
		rk_put_text(out, hubspot_wire_text(host, &row->values[i]));
		key_told |= batch->key_field &&
		            rk_text_eq(batch->fields[i].name, batch->key_field->name);
	}
	if (batch->operation == RK_OP_UPSERT && !key_told) {
		rk_put_key(out, batch->key_field->name);
		rk_put_text(out, hubspot_wire_text(host, row->key));
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
		rk_put_pair(out, "id", hubspot_wire_text(out->host, row->key));
	} else if (operation != RK_OP_CREATE) {
		rk_put_pair(out, "id", row->id);
	}
	if (operation != RK_OP_ARCHIVE) {
		if (row->trace.len)
			rk_put_pair(out, "objectWriteTraceId", row->trace);
		put_row_properties(out, batch, row);
	}
	if (operation == RK_OP_CREATE) {
		rk_put_name(out, "associations");
		rk_put_raw(out, rk_z("[]"));
	}
	rk_put_close(out, '}');
}

struct writing {
	const struct rk_host *host;
	const struct rk_batch *batch;
	struct rk_outcome *outcomes;
	const struct verb *verb;
	struct rk_columns columns;
	uint64_t hint;                 /* Answers mostly keep the order.      */
};

/* What a result or error names its input by; whichever is not empty. */
struct naming {
	struct rk_text trace, id, key;
};

static int
row_is(const struct writing *w, const struct rk_row *row, const struct naming *by)
{
	struct rk_text key;

	if (by->trace.len)
		return rk_text_eq(row->trace, by->trace);
	if (w->batch->operation != RK_OP_UPSERT)
		return by->id.len && rk_text_eq(row->id, by->id);
	key = rk_text_trim(hubspot_wire_text(w->host, row->key));
	return by->key.len && (w->batch->key_field->flags & RK_FIELD_KEY_NOCASE
	                       ? rk_text_eq_nocase(key, rk_text_trim(by->key))
	                       : rk_text_eq(key, rk_text_trim(by->key)));
}

/* The row that is meant, or -1.  Never by position: that is only where the search
 * begins. */
static int64_t
find_row(struct writing *w, const struct naming *by)
{
	for (uint64_t i = 0; i < w->batch->row_count; i++) {
		uint64_t at = (w->hint + i) % w->batch->row_count;

		if (row_is(w, &w->batch->rows[at], by)) {
			w->hint = at + 1;
			return (int64_t)at;
		}
	}
	return -1;
}

/* What HubSpot says that it stored: it may keep an old value, as with a lifecycle
 * stage that would go back. */
static const struct rk_value *
stored_values(const struct writing *w, const cJSON *properties)
{
	const struct rk_batch *batch = w->batch;
	struct rk_value *values;
	int64_t slot;

	if (!rk_json_is(properties, cJSON_Object) || batch->field_count == 0)
		return NULL;
	values = w->host->alloc(w->host, batch->field_count * sizeof *values);
	rk_json_each(property, properties) {
		slot = rk_columns_find(&w->columns, property->string,
		                       strlen(property->string));
		if (slot >= 0)
			values[slot] = hubspot_read_value(w->host, &batch->fields[slot],
			                                  property);
	}
	return values;
}

static void
take_result(struct writing *w, const cJSON *item)
{
	const struct rk_host *host = w->host;
	const cJSON *properties = rk_json_get(item, "properties");
	struct naming by = { .trace = rk_json_str(host, item, "objectWriteTraceId"),
	                     .id = rk_json_str(host, item, "id") };
	struct rk_outcome *outcome;
	int64_t at;

	if (w->batch->operation == RK_OP_UPSERT)
		rk_json_each(property, properties)
			if (rk_text_is(w->batch->key_field->name, property->string))
				by.key = rk_json_text(host, property, NULL);
	at = find_row(w, &by);
	if (at < 0 || by.id.len == 0)
		return;
	outcome = &w->outcomes[at];
	outcome->status = rk_json_bool(rk_json_get(item, "new"), 0) ? RK_CREATED
	                : w->verb->done;
	outcome->id = by.id;
	outcome->version = rk_json_str(host, item, "updatedAt");
	outcome->values = stored_values(w, properties);
}

/* "Contact already exists. Existing ID: 6001" */
static struct rk_text
existing_id(struct rk_text message)
{
	const char *at = rk_text_find(message, "Existing ID: ");

	if (!at)
		return rk_text_of(NULL, 0);
	at += strlen("Existing ID: ");
	return rk_digit_run(&at, message.ptr + message.len);
}

static void
refuse_row(struct writing *w, uint64_t at, const struct fault *fault)
{
	struct rk_outcome *outcome = &w->outcomes[at];
	const struct rk_batch *batch = w->batch;

	outcome->status = fault->kind == RK_CAT_RATE_LIMIT ? RK_RETRY : RK_REJECTED;
	outcome->category = fault->kind;
	outcome->code = fault->code;
	outcome->message = fault->message;
	outcome->field = fault->field;
	outcome->other_id = existing_id(fault->message);
	for (uint64_t i = 0; i < batch->field_count; i++)
		if (fault->field.len && rk_text_eq(batch->fields[i].name, fault->field))
			outcome->value = hubspot_wire_text(w->host,
			                                   &batch->rows[at].values[i]);
}

/* Gives an error to every row that it names; how many that were. */
static uint64_t
blame(struct writing *w, const cJSON *error)
{
	const cJSON *context = rk_json_get(error, "context");
	const cJSON *traces = rk_json_get(context, "objectWriteTraceId");
	struct fault fault = hubspot_read_fault(w->host, error);
	uint64_t count = 0;

	rk_json_each(name, traces ? traces : rk_json_get(context, "ids")) {
		struct rk_text text = rk_json_text(w->host, name, NULL);
		struct naming by = { .id = text, .key = text };
		int64_t at;

		if (traces)
			by.trace = text;
		at = text.len ? find_row(w, &by) : -1;
		if (at < 0)
			continue;
		refuse_row(w, (uint64_t)at, &fault);
		count++;
	}
	return count;
}

static uint64_t
untold(const struct writing *w)
{
	uint64_t count = 0;

	for (uint64_t i = 0; i < w->batch->row_count; i++)
		count += w->outcomes[i].status == RK_UNKNOWN;
	return count;
}

/* Errors that name no input, in an answer that otherwise accounts for all rows:
 * those left were refused.  One row takes the error; of several the host finds
 * the culprit by splitting. */
static int32_t
settle_rest(struct writing *w, const struct fault *fault, struct rk_err *err)
{
	uint64_t left = untold(w);

	for (uint64_t i = 0; i < w->batch->row_count; i++) {
		if (w->outcomes[i].status != RK_UNKNOWN)
			continue;
		if (left == 1)
			refuse_row(w, i, fault);
		else
			w->outcomes[i].status = RK_RETRY;
	}
	if (left == 1)
		return RK_OK;
	rk_fail(err, RK_REJECT, fault->kind, "%.*s", RK_S(fault->message));
	RK_ERR_SET(err->code, fault->code);
	RK_ERR_SET(err->field, fault->field);
	return RK_REJECT;
}

/* A batch answer: every input has a result or an error.
 *
 * Shape:  {"status":"COMPLETE","results":[...],"numErrors":1,"errors":[...]}
 * Errors: an input of which nothing is told stays RK_UNKNOWN: a 2xx that tells
 *         nothing at all has been seen. */
static int32_t
take_answer(struct writing *w, const struct rk_answer *answer, struct rk_err *err)
{
	struct fault fault = { .kind = RK_CAT_OTHER };
	int64_t nameless = 0, told = 0;

	rk_json_each(item, rk_json_get(answer->root, "results"))
		take_result(w, item);
	rk_json_each(error, rk_json_get(answer->root, "errors")) {
		told++;
		if (blame(w, error))
			continue;
		nameless++;
		fault = hubspot_read_fault(w->host, error);
	}
	if (nameless == 0 || untold(w) == 0)
		return RK_OK;
	rk_json_int(rk_json_get(answer->root, "numErrors"), &told);
	if ((int64_t)untold(w) > told)
		return RK_OK;
	return settle_rest(w, &fault, err);
}

/* The batch was refused as a whole and nothing of it was written. */
static int32_t
take_refusal(struct writing *w, const struct rk_answer *answer, struct rk_err *err)
{
	struct fault fault = hubspot_read_fault(w->host, answer->root);
	uint64_t named = blame(w, answer->root);

	rk_json_each(error, rk_json_get(answer->root, "errors"))
		named += blame(w, error);
	if (named == 0)
		return settle_rest(w, &fault, err);
	for (uint64_t i = 0; i < w->batch->row_count; i++)
		if (w->outcomes[i].status == RK_UNKNOWN)
			w->outcomes[i].status = RK_RETRY;
	return RK_OK;
}

static void
all_rows(struct writing *w, int32_t status)
{
	for (uint64_t i = 0; i < w->batch->row_count; i++) {
		w->outcomes[i].status = status;
		if (status == RK_ARCHIVED)
			w->outcomes[i].id = w->batch->rows[i].id;
	}
}

static int32_t
take_reply(struct writing *w, const struct rk_answer *answer, struct rk_err *err)
{
	int32_t http = answer->reply.status;
	int32_t status;

	if (http == 204 && w->batch->operation == RK_OP_ARCHIVE) {
		all_rows(w, RK_ARCHIVED);
		return RK_OK;
	}
	if (http >= 200 && http < 300 && answer->root)
		return take_answer(w, answer, err);
	if (http >= 200 && http < 300) {
		rk_fail(err, RK_AGAIN, RK_CAT_SERVER, "HTTP %d: %s", http,
		        answer->why.message);
		err->maybe_sent = 1;
		return RK_AGAIN;
	}
	status = hubspot_judge(w->host, answer, err);
	if (http == 404 && !rk_text_is(rk_json_str(w->host, answer->root, "category"),
	                               "OBJECT_NOT_FOUND")) {
		err->category = RK_CAT_CONFIG;         /* No such object or path. */
		status = RK_PAUSE;
	}
	if (status == RK_REJECT)
		return take_refusal(w, answer, err);
	if (!err->maybe_sent)           /* 401, 403, 429: refused at the door. */
		all_rows(w, RK_RETRY);
	return status;
}

static int32_t
check_batch(const struct rk_batch *batch, const struct verb **verb, struct rk_err *err)
{
	for (size_t i = 0; i < RK_COUNT(verbs); i++)
		if (verbs[i].operation == batch->operation)
			*verb = &verbs[i];
	if (!*verb || (batch->operation == RK_OP_UPSERT && !batch->key_field))
		return rk_fail(err, RK_BUG, RK_CAT_BUG, "operation %u cannot be done",
		               batch->operation);
	if (batch->row_count > HUBSPOT_BATCH_MAX)
		return rk_fail(err, RK_BUG, RK_CAT_BUG, "%llu rows, HubSpot takes 100",
		               (unsigned long long)batch->row_count);
	return RK_OK;
}

int32_t
hubspot_upsert(struct rk_conn *conn, const struct rk_batch *batch,
               struct rk_result *result, struct rk_err *err)
{
	struct writing w = { .host = conn->host, .batch = batch,
	                     .outcomes = result->outcomes };
	struct call call = { .method = "POST", .object = batch->object };
	struct rk_json_out out;
	struct rk_answer answer;
	int32_t status = check_batch(batch, &w.verb, err);

	if (status != RK_OK || batch->row_count == 0)
		return status;
	w.columns = rk_columns_make(w.host, batch->fields, batch->field_count);
	rk_json_begin(&out, w.host, 64 << 10, HUBSPOT_BODY_MAX);
	rk_put_open(&out, '{');
	rk_put_name(&out, "inputs");
	rk_put_open(&out, '[');
	for (uint64_t i = 0; i < batch->row_count; i++)
		put_row(&out, batch, &batch->rows[i]);
	rk_put_close(&out, ']');
	rk_put_close(&out, '}');
	status = rk_json_end(&out, &call.body, err);
	if (status != RK_OK) {
		all_rows(&w, RK_RETRY);
		return status;
	}
	call.path = hubspot_crm_path(w.host, "objects", batch->object, w.verb->path);
	status = hubspot_ask(w.host, &call, &answer, err);
	if (status == RK_OK)
		return take_reply(&w, &answer, err);
	if (!err->maybe_sent)
		all_rows(&w, RK_RETRY);
	return status;
}
