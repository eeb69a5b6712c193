/* SPDX-License-Identifier: Apache-2.0
 *
 * write.c - records written: one by one, and many contacts by one job whose report is
 * asked for later.  Called through the table of freshsales.c.
 *
 * A job tells how many rows failed, and which, in a form that is not published; and of
 * those that did not it tells no ids.  These are read from the view, newest change first.
 * Rows of which neither tells anything are upserted again one by one, which does no harm
 * and gives each its own answer. */
#include "freshsales.h"

#define JOB_ID_MAX   200u
#define POLLS_MAX    40        /* About three hours. */
#define WAIT_MAX_MS  INT64_C(300000)
#define LOOK_PAGES   3u        /* Of the view, after a job. */
#define ALONE_MAX    10u       /* Rows of one call that go one by one. */
#define SECOND_MS    1000

/* ---- Bodies ------------------------------------------------------------------------------ */

/* The primary account: the list is a set of which exactly one is primary. */
static void
put_account(struct rk_json_out *out, const struct rk_value *value)
{
	rk_put_open(out, '[');
	if (value->type != RK_NULL) {
		rk_put_open(out, '{');
		rk_put_name(out, "id");
		rk_put_raw(out, value->text);
		rk_put_name(out, "is_primary");
		rk_put_raw(out, rk_z("true"));
		rk_put_close(out, '}');
	}
	rk_put_close(out, ']');
}

/* Ids go as numbers, several options as one text, "a;b". */
static void
put_value(struct rk_json_out *out, const struct rk_field *field, const struct rk_value *value)
{
	int64_t number;

	if ((field->type == RK_REF ||
	     (field->type == RK_CHOICE && !freshsales_is_custom(field->name))) &&
	    rk_text_int(value->text, &number))
		rk_put_raw(out, value->text);
	else
		rk_put_typed(out, field, value);
}

static void
put_member(struct rk_json_out *out, const struct freshsales_object *object,
           const struct rk_field *field, const struct rk_value *value)
{
	if (object->contact && rk_text_is(field->name, "email")) {
		rk_put_name(out, "emails");
		if (value->type == RK_NULL)
			rk_put_raw(out, rk_z("[]"));
		else
			rk_put_text(out, value->text);
	} else if (object->contact && rk_text_is(field->name, "sales_account_id")) {
		rk_put_name(out, "sales_accounts");
		put_account(out, value);
	} else {
		rk_put_key(out, field->name);
		put_value(out, field, value);
	}
}

/* The members of one kind; custom ones stand in an object of their own. */
static void
put_members(struct rk_json_out *out, const struct freshsales_object *object,
            const struct rk_batch *batch, const struct rk_row *row, int custom)
{
	const struct rk_field *field;
	const struct rk_value *value;
	int count = 0;

	for (uint64_t at = 0; (field = rk_row_next(batch, row, 1, &at, &value)) != NULL;) {
		if (freshsales_is_custom(field->name) != custom)
			continue;
		if (custom && count++ == 0)
			rk_put_enter(out, "custom_field", '{');
		put_member(out, object, field, value);
	}
	if (count)
		rk_put_close(out, '}');
}

/* {NAME: value, ..., "custom_field": {...}} of what the row tells; the key of an upsert
 * stands elsewhere. */
static void
put_row(struct rk_json_out *out, const struct freshsales_object *object,
        const struct rk_batch *batch, const struct rk_row *row)
{
	rk_put_open(out, '{');
	put_members(out, object, batch, row, 0);
	put_members(out, object, batch, row, 1);
	rk_put_close(out, '}');
}

/* What an upsert calls its key. */
static struct rk_text
identifier_of(const struct rk_batch *batch)
{
	return batch->operation == RK_OP_UPDATE ? rk_z("id")
	     : rk_text_is(batch->key_field->name, "email") ? rk_z("emails")
	     : batch->key_field->name;
}

static struct rk_text
identifier_value(const struct rk_host *host, const struct rk_batch *batch,
                 const struct rk_row *row)
{
	return batch->operation == RK_OP_UPDATE ? row->id : rk_value_text(host, row->key, 0);
}

/* ---- What a refusal means ------------------------------------------------------------------ */

/* Of a dropdown an invalid value is no option, of a reference no record. */
static struct rk_fault
fault_of(const struct rk_writing *w, struct rk_text message)
{
	struct rk_fault fault = { .message = message,
	                          .category = freshsales_category(w->host, message) };
	const struct rk_field *field = rk_field_in(w, message, 0);

	if (!field)
		return fault;
	fault.field = field->name;
	if (fault.category != RK_CAT_PROPERTY_VALUE && fault.category != RK_CAT_OTHER)
		return fault;
	if (field->type == RK_CHOICE || field->type == RK_CHOICES)
		fault.category = RK_CAT_PICKLIST;
	else if (field->ref_object.len)
		fault.category = RK_CAT_ASSOCIATION;
	return fault;
}

/* An option that there is none of would be taken and lost: such a row does not go out. */
static void
refuse_options(struct rk_writing *w)
{
	const struct rk_batch *batch = w->batch;

	for (uint64_t r = 0; batch->operation != RK_OP_ARCHIVE && r < batch->row_count; r++)
		for (uint64_t i = 0; i < batch->field_count; i++) {
			struct rk_fault fault = { .category = RK_CAT_PICKLIST,
				.code = rk_z(RK_CODE_OPTION_INVALID),
				.field = batch->fields[i].name,
				.message = rk_z("the value is no choice of this field") };

			if (rk_options_fit(&batch->fields[i], &batch->rows[r].values[i]) ||
			    w->outcomes[r].status != RK_UNKNOWN)
				continue;
			rk_refuse_row(w, r, &fault);
		}
}

static int32_t
refused(struct rk_writing *w, const struct rk_answer *answer)
{
	struct rk_text message = freshsales_message(w->host, answer->root);
	struct rk_fault fault = fault_of(w, message);

	if (w->err->category == RK_CAT_DUPLICATE)
		fault.category = RK_CAT_DUPLICATE;
	return rk_refuse_rest(w, &fault);
}

/* ---- One row ---------------------------------------------------------------------------------- */

/* What the callbacks find as 'own'. */
struct work {
	const struct freshsales_object *object;
	struct rk_result *result;
};

static const struct freshsales_object *
object_of(const struct rk_writing *w)
{
	return ((const struct work *)w->own)->object;
}

/* {object}, {object}/upsert or {object}/{id}. */
static struct rk_call
row_call(const struct rk_writing *w, const char *name)
{
	struct rk_text id = rk_url_text(w->host, w->batch->rows->id);

	switch (w->batch->operation) {
	case RK_OP_CREATE:
		return freshsales_call(w->host, "POST", rk_z(name));
	case RK_OP_UPSERT:
		return freshsales_call(w->host, "POST", rk_textf(w->host, "%s/upsert", name));
	}
	return freshsales_call_record(w->host, w->batch->operation == RK_OP_UPDATE
		? "PUT" : "DELETE", rk_textf(w->host, "%s/%.*s", name, RK_S(id)));
}

static int32_t
prepare_row(struct rk_writing *w, struct rk_call *call)
{
	const struct freshsales_object *object = object_of(w);
	const struct rk_row *row = w->batch->rows;
	struct rk_json_out out;

	*call = row_call(w, object->name);
	if (w->batch->operation == RK_OP_ARCHIVE)
		return RK_OK;
	rk_json_begin(&out, w->host, 2048, FRESHSALES_BODY_MAX);
	rk_put_open(&out, '{');
	if (w->batch->operation == RK_OP_UPSERT) {
		rk_put_enter(&out, "unique_identifier", '{');
		rk_put_member(&out, identifier_of(w->batch),
		              identifier_value(w->host, w->batch, row));
		rk_put_close(&out, '}');
	}
	rk_put_name(&out, object->one);
	put_row(&out, object, w->batch, row);
	rk_put_close(&out, '}');
	return rk_json_end(&out, &call->body, w->err);
}

/* {"contact":{"id":70012345678,"updated_at":".."}}; an upsert tells by 201 that it made a
 * record. */
static int32_t
take_row(struct rk_writing *w, const struct rk_answer *answer)
{
	const struct rk_batch *batch = w->batch;
	const cJSON *item = rk_json_get(answer->root, object_of(w)->one);
	struct rk_text id = rk_json_str(w->host, item, "id");
	int created = batch->operation == RK_OP_CREATE ||
	              (batch->operation == RK_OP_UPSERT && answer->reply.status == 201);

	if (batch->operation == RK_OP_ARCHIVE) {
		rk_rest_is(w, RK_ARCHIVED);
		return RK_OK;
	}
	if (id.len == 0 || (batch->operation == RK_OP_UPDATE &&
	                    !rk_text_eq(id, batch->rows->id)))
		return rk_fail_bug(w->err, "the answer does not tell the record that was "
		                   "written");
	rk_row_done(w, 0, created ? RK_CREATED : RK_UPDATED, id,
	            rk_json_str(w->host, item, "updated_at"));
	return RK_OK;
}

/* What was to be deleted and is not there is deleted. */
static int32_t
refuse_row(struct rk_writing *w, const struct rk_answer *answer)
{
	struct rk_fault gone = { .category = RK_CAT_OTHER,
		.code = rk_z(RK_CODE_RECORD_GONE),
		.message = rk_z("there is no such record any more") };

	if (answer->reply.status != 404)
		return refused(w, answer);
	if (w->batch->operation == RK_OP_ARCHIVE)
		rk_rest_is(w, RK_ARCHIVED);
	else
		rk_refuse_row(w, 0, &gone);
	return RK_OK;
}

/* Each row that nothing was told of, as many as a call has time for. */
static int32_t
write_rows(struct rk_writing *w)
{
	static const struct rk_writer writer = { 1, prepare_row, take_row, refuse_row };

	return rk_write_left(&writer, w, RK_UNKNOWN, ALONE_MAX);
}

/* ---- A job is handed in ------------------------------------------------------------------------- */

/* {"contacts":[{"emails":"aya@example.jp","data":{..}}]} of the rows that are left. */
static int32_t
prepare_job(struct rk_writing *w, struct rk_call *call)
{
	const struct freshsales_object *object = object_of(w);
	const struct rk_batch *batch = w->batch;
	struct rk_json_out out;

	*call = freshsales_call(w->host, "POST", rk_textf(w->host, "%s/bulk_upsert",
	                                                  object->name));
	rk_json_begin(&out, w->host, 64 << 10, FRESHSALES_BODY_MAX);
	rk_put_open(&out, '{');
	rk_put_enter(&out, object->name, '[');
	for (uint64_t i = 0; i < batch->row_count; i++) {
		if (w->outcomes[i].status != RK_UNKNOWN)
			continue;
		rk_put_open(&out, '{');
		rk_put_member(&out, identifier_of(batch),
		              identifier_value(w->host, batch, &batch->rows[i]));
		rk_put_name(&out, "data");
		put_row(&out, object, batch, &batch->rows[i]);
		rk_put_close(&out, '}');
	}
	rk_put_ends(&out, "]}");
	return rk_json_end(&out, &call->body, w->err);
}

static int
is_job_id(struct rk_text id)
{
	return id.len <= JOB_ID_MAX && rk_text_made_of(id, "-_");
}

/* The job's name is the end of its address; where that lies is not followed, so that the
 * key goes to no other host. */
static int32_t
take_job(struct rk_writing *w, const struct rk_answer *answer)
{
	struct rk_result *result = ((struct work *)w->own)->result;
	struct rk_text id = rk_json_str(w->host, answer->root, "job_status_url");
	int64_t date = answer->reply.date_ms;

	for (uint64_t i = id.len; i > 0; i--)
		if (id.ptr[i - 1] == '/') {
			id = rk_text_of(id.ptr + i, id.len - i);
			break;
		}
	if (!is_job_id(id))
		return rk_fail_bug(w->err, "the answer names no job");
	result->token = rk_textf(w->host, "J1 0 %lld %.*s", (long long)
		(date >= 0 ? date : w->host->now_ms(w->host)), RK_S(id));
	result->wait_ms = SECOND_MS;
	return RK_PENDING;
}

static const struct rk_writer job_writer = { FRESHSALES_BATCH_MAX, prepare_job, take_job,
                                             refused };

/* ---- A job is asked for --------------------------------------------------------------------------- */

struct job {
	long long polls, date_ms;
	struct rk_text id;
};

static int
read_token(const struct rk_host *host, struct rk_text token, struct job *job)
{
	const char *text = rk_text_z(host, token);
	int end = 0;

	if (sscanf(text, "J1 %lld %lld %n", &job->polls, &job->date_ms, &end) != 2 || !end)
		return 0;
	job->id = rk_z(text + end);
	return job->polls >= 0 && is_job_id(job->id);
}

/* The report is JSON in a string; as an object it is taken too. */
static const cJSON *
read_report(const struct rk_writing *w, const cJSON *root)
{
	const cJSON *data = rk_json_get(root, "data");
	struct rk_err ignored = { .struct_size = sizeof ignored };
	cJSON *report = NULL;

	if (rk_json_is(data, cJSON_String) &&
	    rk_json_parse(w->host, rk_z(data->valuestring), &report, &ignored) == RK_OK)
		return report;
	return data;
}

/* Gives the failures of the report to the rows that they name; returns how many name
 * none. */
static uint64_t
blame(struct rk_writing *w, const cJSON *report)
{
	static const char *const keys[] = { "emails", "email", "external_id",
	                                    "mobile_number" };
	const struct rk_host *host = w->host;
	uint64_t untied = 0;

	rk_json_each(item, rk_json_get(report, "detailed_failure_report")) {
		struct rk_naming by = { .id = rk_json_str(host, item, "id") };
		struct rk_fault fault = fault_of(w, freshsales_message(host, item));
		int64_t row;

		for (size_t i = 0; i < RK_COUNT(keys) && by.key.len == 0; i++)
			by.key = rk_json_str(host, item, keys[i]);
		row = rk_row_find(w, &by);
		if (row < 0 || fault.message.len == 0)
			untied++;
		else if (w->outcomes[row].status == RK_UNKNOWN)
			rk_refuse_row(w, (uint64_t)row, &fault);
	}
	return untied;
}

/* What a job did, as its report and the view tell it. */
struct done {
	int64_t since_ms;              /* When the job was handed in.         */
	int whole;                     /* Every failure has its row.          */
	uint64_t fresh;                /* Rows changed since then.            */
	struct rk_outcome *found;      /* One a row; without an id: not seen. */
};

/* Notes the rows that stand in a page of the view; returns the records.  One made in the
 * second in which the job was handed in may have been there before. */
static uint64_t
look_at_page(struct rk_writing *w, const cJSON *list, struct done *done)
{
	const struct rk_host *host = w->host;
	const struct rk_field *key = w->batch->key_field;

	rk_json_each(item, list) {
		struct rk_naming by = { .id = rk_json_str(host, item, "id") };
		int64_t row, created = 0, updated = 0;
		struct rk_outcome *found;

		if (w->batch->operation == RK_OP_UPSERT)
			by.key = rk_json_str(host, item, rk_text_z(host, key->name));
		row = rk_row_find(w, &by);
		if (row < 0 || w->outcomes[row].status != RK_UNKNOWN ||
		    done->found[row].id.len)
			continue;
		rk_time_parse(rk_json_str(host, item, "created_at"), &created);
		found = &done->found[row];
		found->id = by.id;
		found->version = rk_json_str(host, item, "updated_at");
		rk_time_parse(found->version, &updated);
		found->status = created >= done->since_ms + SECOND_MS ? RK_CREATED : RK_UPDATED;
		if (updated >= rk_ms_down(done->since_ms, SECOND_MS))
			done->fresh++;
		else if (!done->whole)
			found->status = RK_UNKNOWN;
	}
	return rk_json_count(list);
}

static int32_t
look_at_view(struct rk_writing *w, struct done *done)
{
	const struct freshsales_object *object = object_of(w);
	const struct rk_host *host = w->host;
	struct rk_answer views;
	int64_t view;
	int32_t status = freshsales_find_view(host, object, &view, &views, w->err);

	for (uint64_t page = 1; status == RK_OK && view && page <= LOOK_PAGES; page++) {
		struct rk_call call = freshsales_view_call(host, object, view, page,
		                                           FRESHSALES_PAGE_MAX);
		struct rk_answer answer;
		const cJSON *list;

		status = rk_ask_list(host, &call, object->name, &answer, &list, w->err);
		if (status == RK_OK &&
		    (look_at_page(w, list, done) < FRESHSALES_PAGE_MAX ||
		     done->fresh >= rk_rows_left(w)))
			break;
	}
	return status;
}

/* A job that ended.  Where every failure names its row, the others did well; where not,
 * as many records must have changed since as the job says that it wrote.  What is not
 * known so goes again by itself. */
static int32_t
finish(struct rk_writing *w, const struct job *job, const cJSON *root, int good)
{
	const cJSON *report = read_report(w, root);
	const cJSON *counts = rk_json_get(report, "record_status");
	uint64_t rows = w->batch->row_count, untied = blame(w, report);
	int64_t failed = -1, succeeded = -1;
	struct done done = { .since_ms = job->date_ms };
	int32_t status;

	rk_json_int(rk_json_get(counts, "failed"), &failed);
	rk_json_int(rk_json_get(counts, "succeeded"), &succeeded);
	done.whole = !untied && failed == (int64_t)rk_json_count(
		rk_json_get(report, "detailed_failure_report"));
	if (!good || failed < 0)
		return write_rows(w);
	for (uint64_t i = 0; done.whole && i < rows; i++)
		if (w->batch->operation == RK_OP_UPDATE && w->outcomes[i].status == RK_UNKNOWN)
			rk_row_done(w, i, RK_UPDATED, w->batch->rows[i].id, rk_z(""));
	if (rk_rows_left(w) == 0)
		return RK_OK;
	done.found = w->host->alloc(w->host, rows * sizeof *done.found);
	status = look_at_view(w, &done);
	if (status != RK_OK)
		return status;
	for (uint64_t i = 0; i < rows && (done.whole || (int64_t)done.fresh == succeeded); i++)
		if (w->outcomes[i].status == RK_UNKNOWN)
			rk_row_done(w, i, done.found[i].status, done.found[i].id,
			            done.found[i].version);
	return write_rows(w);
}

/* States other than SUCCESS are not published: what speaks of a failure is one, all else
 * is under way.  Rows of a job that is lost, or that does not end, go one by one.  Whatever
 * goes wrong here, the job may have acted. */
static int32_t
ask_job(struct rk_writing *w, struct rk_result *result)
{
	const struct rk_host *host = w->host;
	struct rk_err *err = w->err;
	struct rk_answer answer;
	struct rk_text state;
	struct rk_call call;
	struct job job;
	int64_t wait;
	int32_t status;

	if (!read_token(host, w->batch->token, &job))
		return rk_fail_bug(err, "this is no job of Freshsales");
	call = freshsales_call(host, "GET", rk_textf(host, "job_statuses/%.*s",
	                                             RK_S(job.id)));
	status = rk_ask_read(host, &call, &answer, err);
	if (status != RK_OK && answer.reply.status == 404)
		return write_rows(w);           /* It is not known any more. */
	if (status != RK_OK)
		return status;
	state = rk_text_lower(host, rk_json_str(host, answer.root, "status"));
	if (state.len == 0)
		return rk_fail_bug(err, "the answer tells no state of the job");
	if (rk_text_find(state, "success") || rk_text_find(state, "fail") ||
	    rk_text_find(state, "error"))
		return finish(w, &job, answer.root, rk_text_is(state, "success"));
	if (job.polls >= POLLS_MAX)
		return write_rows(w);
	wait = job.polls < 8 ? INT64_C(2000) << job.polls : WAIT_MAX_MS;
	result->token = rk_textf(host, "J1 %lld %lld %.*s", job.polls + 1, job.date_ms,
	                         RK_S(job.id));
	result->wait_ms = wait < WAIT_MAX_MS ? wait : WAIT_MAX_MS;
	return RK_PENDING;
}

/* ---- upsert ------------------------------------------------------------------------------------------ */

/* Bulk upserts are published for contacts alone. */
static int
goes_as_job(const struct rk_writing *w)
{
	uint32_t operation = w->batch->operation;

	return object_of(w)->contact && rk_rows_left(w) > 1 &&
	       (operation == RK_OP_UPSERT || operation == RK_OP_UPDATE) &&
	       !rk_setting_is(w->host, "bulk", "false");
}

/* Nothing of a job, or behind a call whose answer is lost, is surely not done. */
static void
leave_open(struct rk_writing *w)
{
	for (uint64_t i = 0; i < w->batch->row_count; i++)
		if (w->outcomes[i].status == RK_RETRY)
			w->outcomes[i] = (struct rk_outcome){ .status = RK_UNKNOWN };
}

int32_t
freshsales_upsert(struct rk_conn *conn, const struct rk_batch *batch,
                  struct rk_result *result, struct rk_err *err)
{
	struct rk_writing w = rk_writing_of(conn->host, batch, result, err);
	struct work own = { .result = result };
	int32_t status = rk_batch_check(batch, FRESHSALES_BATCH_MAX, err);

	if (status == RK_OK)
		status = freshsales_object_find(conn->host, batch->object, &own.object, err);
	if (status != RK_OK || batch->row_count == 0)
		return status;
	w.own = &own;
	refuse_options(&w);
	if (batch->token.len)
		status = ask_job(&w, result);
	else if (goes_as_job(&w))
		return rk_write_call(&job_writer, &w);
	else
		status = write_rows(&w);
	if (batch->token.len && status != RK_OK && status != RK_PENDING)
		err->maybe_sent = 1;
	if (batch->token.len || (status != RK_OK && err->maybe_sent))
		leave_open(&w);
	return status;
}
