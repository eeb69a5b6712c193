/* SPDX-License-Identifier: Apache-2.0
 *
 * write.c - companies and leads written, one a call, and what a refusal means.  Called
 * through the table of hotprofile.c. */
#include "hotprofile.h"

#define NOT_STORED "not-stored"        /* Data cleansing owns the field. */

static const struct hot_kind *
kind_of(const struct rk_writing *w)
{
	return hot_kind_find(w->batch->object, w->err);
}

/* ---- Requests -------------------------------------------------------------------- */

/* One record by its id, as the API shows it; '*row' is NULL if there is none. */
static int32_t
ask_one(const struct rk_writing *w, struct rk_text id, const cJSON **row,
        struct rk_err *err)
{
	struct rk_json_out form = hot_form(w->host);
	struct rk_answer answer;
	const cJSON *list = NULL;
	int32_t status;

	hot_put(&form, "page[date_format_option]", rk_z("1"));
	hot_put(&form, "search[from_id]", id);
	hot_put(&form, "search[to_id]", id);
	status = hot_ask_list(w->host, w->batch->object, &form, &answer, &list, NULL,
	                      err);
	*row = NULL;
	if (status == RK_OK)
		rk_json_each(item, list)
			if (rk_text_eq(rk_json_str(w->host, item, "id"), id))
				*row = item;
	return status;
}

/* An update of a lead wants its company again, which need not be mapped. */
static int32_t
put_company(struct rk_writing *w, struct rk_json_out *form)
{
	struct rk_text id = w->batch->rows[0].id;
	const struct rk_value *company;
	const cJSON *lead;
	int32_t status;

	rk_row_field(w->batch, w->batch->rows, rk_z("client_id"), &company);
	if (w->batch->operation != RK_OP_UPDATE || (company && company->type != RK_ABSENT) ||
	    !rk_text_is(w->batch->object, "leads"))
		return RK_OK;
	status = ask_one(w, id, &lead, w->err);
	if (status != RK_OK)
		return status;
	if (!lead)
		return rk_fail(w->err, RK_REJECT, RK_CAT_ASSOCIATION,
		               "HotProfile shows no lead %.*s", RK_S(id));
	hot_put(form, "client_id", rk_json_str(w->host, lead, "client_id"));
	return RK_OK;
}

static int32_t
prepare(struct rk_writing *w, struct rk_call *call)
{
	const struct rk_batch *batch = w->batch;
	const struct hot_kind *kind = kind_of(w);
	int create = batch->operation == RK_OP_CREATE;
	struct rk_json_out form = hot_form(w->host);
	const struct rk_field *field;
	const struct rk_value *value;
	int32_t status;

	if (!create)
		hot_put(&form, "id", batch->rows[0].id);
	status = put_company(w, &form);
	for (uint64_t at = 0; (field = rk_row_next(batch, batch->rows, 0, &at, &value)) != NULL;)
		hot_put_value(&form, kind, field, value);
	*call = hot_call(w->host, batch->object, create ? "create" : "update", &form);
	if (status == RK_OK && form.full)
		return rk_fail(w->err, RK_REJECT, RK_CAT_PROPERTY_VALUE,
		               "the row is longer than 1 MiB");
	return status;
}

/* ---- Refusals -------------------------------------------------------------------- */

/* A message begins with the label of its field.  "Not a right value" of a field that has no options is no matter of options. */
static struct rk_fault
sorted_fault(const struct rk_writing *w, const struct rk_answer *answer)
{
	struct rk_fault fault = hot_read_fault(w->host, answer);
	const struct rk_field *field = rk_field_in(w, fault.message, 1);

	if (!field)
		return fault;
	fault.field = field->name;
	if (fault.category == RK_CAT_PICKLIST && field->type != RK_CHOICE &&
	    field->type != RK_CHOICES)
		fault.category = RK_CAT_PROPERTY_VALUE;
	return fault;
}

static int32_t
refused(struct rk_writing *w, const struct rk_answer *answer)
{
	struct rk_fault fault = sorted_fault(w, answer);

	return rk_refuse_rest(w, &fault);
}

/* {"id":1234}; a refusal may come with the same status, and tells "errors". */
static int32_t
taken(struct rk_writing *w, const struct rk_answer *answer)
{
	int create = w->batch->operation == RK_OP_CREATE;
	struct rk_text id = rk_json_str(w->host, answer->root, "id");
	struct rk_fault fault;

	if (id.len) {
		if (create || rk_text_eq(id, w->batch->rows[0].id))
			rk_row_done(w, 0, create ? RK_CREATED : RK_UPDATED, id, rk_z(""));
		return RK_OK;
	}
	if (!rk_json_get(answer->root, "errors"))
		return rk_fail_bug(w->err, "the answer has neither id nor errors");
	fault = sorted_fault(w, answer);
	if (fault.status != RK_AGAIN)
		return rk_refuse_rest(w, &fault);
	rk_fail_fault(w->err, RK_AGAIN, &fault);
	w->err->retry_after_ms = fault.wait_ms;
	return rk_all_again(w, RK_AGAIN, fault.category);
}

/* ---- Read back ------------------------------------------------------------------- */

/* The first field that was sent, and that data cleansing may own, whose value is another
 * in 'row'; NULL: whatever its value. */
static const struct rk_field *
owned_field(const struct rk_writing *w, const cJSON *row)
{
	const struct rk_field *field;
	const struct rk_value *sent;

	for (uint64_t at = 0;
	     (field = rk_row_next(w->batch, w->batch->rows, 0, &at, &sent)) != NULL;) {
		struct rk_text now = rk_json_str(w->host, row,
		                                 rk_text_z(w->host, field->name));

		if (rk_text_among(field->name, "name zip pref address") &&
		    (!row || !rk_text_eq(rk_text_trim(now),
		                         rk_text_trim(rk_value_text(w->host, sent, 0)))))
			break;
	}
	return field;
}

/* With data cleansing or automatic updates on, names and addresses of companies are taken
 * and not stored, and the answer does not say so. */
static void
read_back(struct rk_writing *w)
{
	struct rk_outcome *outcome = &w->outcomes[0];
	struct rk_err unused = { .struct_size = sizeof unused };
	const struct rk_field *field;
	const cJSON *row;

	if (outcome->status != RK_UPDATED || !owned_field(w, NULL) ||
	    !rk_text_is(w->batch->object, "clients") ||
	    rk_setting_is(w->host, "read_back", "false") ||
	    ask_one(w, outcome->id, &row, &unused) != RK_OK || !row)
		return;
	field = owned_field(w, row);
	if (!field)
		return;
	outcome->status = RK_REJECTED;
	outcome->category = RK_CAT_OTHER;
	outcome->code = rk_z(NOT_STORED);
	outcome->field = field->name;
	outcome->message = rk_z("value not stored (data cleansing or automatic update "
	                        "is on)");
}

/* ---- The slot -------------------------------------------------------------------- */

/* What refuses a row before it is sent means that row alone. */
static int32_t
write_row(const struct rk_host *host, const struct rk_batch *batch,
          struct rk_outcome *outcome, struct rk_err *err)
{
	static const struct rk_writer writer = { 1, prepare, taken, refused };
	struct rk_result result = { .struct_size = sizeof result, .outcomes = outcome };
	struct rk_writing w = { .host = host, .batch = batch, .outcomes = outcome,
	                        .err = err };
	int32_t status = rk_write(&writer, host, batch, &result, err);

	if (status == RK_OK)
		read_back(&w);
	if (status != RK_REJECT)
		return status;
	outcome->status = RK_REJECTED;
	outcome->category = err->category;
	outcome->message = rk_textf(host, "%s", err->message);
	return RK_OK;
}

int32_t
hotprofile_upsert(struct rk_conn *conn, const struct rk_batch *batch,
                  struct rk_result *result, struct rk_err *err)
{
	int32_t status = rk_batch_check(batch, 1, err);
	int writable = rk_text_is(batch->object, "clients") ||
	               rk_text_is(batch->object, "leads");

	if (status == RK_OK && (!writable || (batch->operation != RK_OP_CREATE &&
	                                      batch->operation != RK_OP_UPDATE)))
		return rk_fail_bug(err, "operation %u cannot be done", batch->operation);
	if (status == RK_OK && batch->row_count)
		status = write_row(conn->host, batch, result->outcomes, err);
	return status;
}
