/* SPDX-License-Identifier: Apache-2.0
 *
 * bulk.c - a large batch as a job of Bulk API 2.0: its rows go as CSV, and what became of
 * them is asked for later, by the job's id in the token.  Called by write.c. */
#include "salesforce.h"

#define CLEARS "#N/A"              /* An empty cell leaves the field alone. */

/* ---- CSV ------------------------------------------------------------------------------- */

static void
put_cell(struct rk_json_out *out, struct rk_text text)
{
	rk_put_char(out, '"');
	for (uint64_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			rk_put_char(out, '"');
		rk_put_char(out, text.ptr[i]);
	}
	rk_put_char(out, '"');
}

/* A cell without the quotes that double its own. */
static struct rk_text
undoubled(const struct rk_host *host, struct rk_text cell)
{
	char *out = (char *)host->alloc(host, cell.len);
	uint64_t len = 0;

	for (uint64_t i = 0; i < cell.len; i++) {
		out[len++] = cell.ptr[i];
		i += cell.ptr[i] == '"';
	}
	return rk_text_of(out, len);
}

/* The next cell of 'rest', decoded; '*last': it ends its row.  0: it is none. */
static int
take_cell(const struct rk_host *host, struct rk_text *rest, struct rk_text *cell, int *last)
{
	const char *at = rest->ptr, *end = at + rest->len;
	int quoted = at < end && *at == '"', doubled = 0;

	cell->ptr = at += quoted;
	for (; at < end; at++) {
		if (!quoted && *at && strchr(",\n\r", *at))
			break;
		if (!quoted || *at != '"')
			continue;
		if (at + 1 == end || at[1] != '"')
			break;
		doubled = 1;
		at++;
	}
	cell->len = (uint64_t)(at - cell->ptr);
	if (doubled)
		*cell = undoubled(host, *cell);
	if (quoted && at++ == end)
		return 0;
	at += at < end && *at == '\r';
	*last = at >= end || *at == '\n';
	if (at < end && *at != ',' && *at != '\n')
		return 0;
	at += at < end;
	*rest = rk_text_of(at, (uint64_t)(end - at));
	return 1;
}

int
salesforce_csv_row(const struct rk_host *host, struct rk_text *rest, struct rk_text *cells)
{
	int count = 0, last = 0;

	while (rest->len && !last) {
		if (count == (int)SALESFORCE_COLUMNS_MAX ||
		    !take_cell(host, rest, &cells[count++], &last))
			return -1;
	}
	return count;
}

int32_t
salesforce_ask_job(const struct rk_host *host, struct rk_call *call, int csv,
                   struct rk_answer *answer, struct rk_err *err)
{
	int32_t status;

	call->safe = 1;
	if (csv)
		rk_call_says(host, call, "Accept", rk_z("text/csv"));
	status = rk_ask(host, call, answer, err);
	if (status == RK_OK && answer->reply.status != 200)
		status = rk_judge_read(host, call->api, answer, err);
	if (status == RK_OK && (csv ? rk_is_page(&answer->reply) : !answer->root))
		status = rk_fail_no_json(answer, call, err);
	return status;
}

/* ---- Which batches ----------------------------------------------------------------------- */

/* What cannot be told in CSV: the word that clears, as a value. */
static int
is_tellable(const struct rk_host *host, const struct rk_batch *batch)
{
	for (uint64_t i = 0; i < batch->row_count; i++)
		for (uint64_t k = 0; k < batch->field_count; k++)
			if (rk_text_is(rk_value_text(host, &batch->rows[i].values[k], 0), CLEARS))
				return 0;
	return 1;
}

int
salesforce_is_bulk(const struct rk_host *host, const struct rk_batch *batch)
{
	int64_t from = 0;

	return rk_text_int(host->setting(host, "bulk_from"), &from) && from > 0 &&
	       batch->row_count >= (uint64_t)from &&
	       (batch->operation == RK_OP_UPSERT || batch->operation == RK_OP_UPDATE) &&
	       batch->field_count < SALESFORCE_COLUMNS_MAX - 4 && is_tellable(host, batch);
}

/* ---- Begin --------------------------------------------------------------------------------- */

/* The header has every column that any row tells: a cell left empty says nothing. */
static int32_t
csv_of(const struct rk_writing *w, struct rk_text *csv)
{
	const struct rk_batch *batch = w->batch;
	int by_key = batch->operation == RK_OP_UPSERT;
	struct rk_json_out out;

	rk_json_begin(&out, w->host, 1 << 20, SALESFORCE_BODY_MAX);
	put_cell(&out, by_key ? batch->key_field->name : rk_z("Id"));
	for (uint64_t k = 0; k < batch->field_count; k++)
		if (salesforce_is_written(batch, &batch->fields[k])) {
			rk_put_char(&out, ',');
			put_cell(&out, batch->fields[k].name);
		}
	rk_put_char(&out, '\n');
	for (uint64_t i = 0; i < batch->row_count; i++) {
		const struct rk_row *row = &batch->rows[i];

		put_cell(&out, by_key ? rk_value_text(w->host, row->key, 0) : row->id);
		for (uint64_t k = 0; k < batch->field_count; k++) {
			struct rk_text text = salesforce_text(w->host, &row->values[k]);

			if (!salesforce_is_written(batch, &batch->fields[k]))
				continue;
			rk_put_char(&out, ',');
			if (row->values[k].type != RK_ABSENT)
				put_cell(&out, text.len ? text : rk_z(CLEARS));
		}
		rk_put_char(&out, '\n');
	}
	return rk_json_end(&out, csv, w->err);
}

/* A call about the job 'id', or a part of it. */
static struct rk_call
job_call(const struct rk_writing *w, const char *method, struct rk_text id, const char *part)
{
	return salesforce_call(w->host, method, w->batch->object,
		rk_textf(w->host, "/jobs/ingest%s%.*s%s", id.len ? "/" : "", RK_S(id), part));
}

/* RK_OK for a good answer.  A job that is not closed does nothing; but what was lost on its
 * way is left unknown all the same: rows by key may go again. */
static int32_t
step(const struct rk_writing *w, const struct rk_call *call, struct rk_answer *answer,
     struct rk_err *err)
{
	int32_t status = rk_ask(w->host, call, answer, err), http = answer->reply.status;

	if (status == RK_OK && (http < 200 || http > 299))
		status = rk_judge(w->host, call->api, answer, err);
	if (status == RK_REJECT && err->category < RK_CAT_AUTH)
		err->category = RK_CAT_OTHER;
	return status;
}

static int32_t
create_job(struct rk_writing *w, struct rk_text *id)
{
	const struct rk_batch *batch = w->batch;
	int by_key = batch->operation == RK_OP_UPSERT;
	struct rk_call call = job_call(w, "POST", rk_z(""), "");
	struct rk_json_out out;
	struct rk_answer answer;
	int32_t status;

	rk_json_begin(&out, w->host, 512, SALESFORCE_BODY_MAX);
	rk_put_open(&out, '{');
	rk_put_pair(&out, "object", batch->object);
	rk_put_pair(&out, "operation", rk_z(by_key ? "upsert" : "update"));
	if (by_key)
		rk_put_pair(&out, "externalIdFieldName", batch->key_field->name);
	rk_put_pair(&out, "contentType", rk_z("CSV"));
	rk_put_pair(&out, "lineEnding", rk_z("LF"));
	rk_put_pair(&out, "columnDelimiter", rk_z("COMMA"));
	rk_put_close(&out, '}');
	call.body = rk_text_of(out.buf, out.len);
	status = step(w, &call, &answer, w->err);
	if (status != RK_OK)
		return status;
	*id = rk_json_str(w->host, answer.root, "id");
	if (salesforce_is_id(*id))
		return RK_OK;
	if (!answer.root)
		return rk_fail_no_json(&answer, &call, w->err);
	status = rk_fail_bug(w->err, "a job was made without an id");
	w->err->maybe_sent = 1;
	return status;
}

static int32_t
upload(struct rk_writing *w, struct rk_text id, struct rk_text csv)
{
	struct rk_call call = job_call(w, "PUT", id, "/batches");
	struct rk_answer answer;

	call.body = csv;
	call.type = "text/csv";
	return step(w, &call, &answer, w->err);
}

/* Once it is complete the rows may be written, whatever the answer.  A job without rows
 * would stay open for a day, and is aborted; others stay for a week, for an answer about
 * them that was lost is asked for again. */
static int32_t
become(struct rk_writing *w, struct rk_text id, const char *state, struct rk_err *err)
{
	struct rk_call call = job_call(w, "PATCH", id, "");
	struct rk_answer answer;

	call.body = rk_textf(w->host, "{\"state\":\"%s\"}", state);
	return step(w, &call, &answer, err);
}

int32_t
salesforce_bulk_begin(struct rk_writing *w, struct rk_result *result)
{
	struct rk_err unsaid = { .struct_size = sizeof unsaid };
	struct rk_text csv = rk_z(""), id = rk_z("");
	int32_t status = csv_of(w, &csv);

	if (status == RK_OK)
		status = create_job(w, &id);
	if (status == RK_OK) {
		status = upload(w, id, csv);
		if (status != RK_OK)
			become(w, id, "Aborted", &unsaid);
	}
	if (status == RK_OK)
		status = become(w, id, "UploadComplete", w->err);
	if (status != RK_OK) {
		if (!w->err->maybe_sent)
			rk_rest_is(w, RK_RETRY);
		return status;
	}
	result->token = id;
	result->wait_ms = SALESFORCE_FIRST_LOOK_MS;
	return RK_PENDING;
}

/* ---- End -------------------------------------------------------------------------------------- */

/* Whatever goes wrong here, the job may have written the rows. */
static int32_t
open_end(struct rk_writing *w, int32_t status)
{
	w->err->maybe_sent = 1;
	return status == RK_REJECT ? RK_BUG : status;
}

static int32_t
look(struct rk_writing *w, struct rk_text id, const char *file, struct rk_answer *answer)
{
	struct rk_call call = job_call(w, "GET", id, file);
	int32_t status = salesforce_ask_job(w->host, &call, *file, answer, w->err);

	return status == RK_OK ? RK_OK : open_end(w, status);
}

/* "CODE:message:Field --" */
static struct rk_fault
read_error(struct rk_text error)
{
	struct rk_fault fault = { .message = error };
	const char *colon = memchr(error.ptr ? error.ptr : "", ':', error.len), *end;

	if (!colon)
		return fault;
	fault.code = rk_text_of(error.ptr, (uint64_t)(colon - error.ptr));
	end = error.ptr + error.len;
	fault.message = rk_text_of(colon + 1, (uint64_t)(end - colon - 1));
	while (end > colon + 1 && end[-1] != ':')
		end--;
	if (end > colon + 1 && rk_text_find(rk_text_of(end, (uint64_t)(error.ptr + error.len - end)),
	                                    " --")) {
		fault.field = rk_text_of(end, strcspn(end, ", -"));
		fault.message.len = (uint64_t)(end - 1 - fault.message.ptr);
	}
	salesforce_judge(&fault);
	return fault;
}

struct columns {
	int id, created, error, key;
};

static int
column(const struct rk_text *cells, int count, struct rk_text name)
{
	for (int i = 0; i < count; i++)
		if (rk_text_eq_nocase(cells[i], name))
			return i;
	return -1;
}

/* Gives one row of a result file to the row of the batch that has its key or id. */
static void
take_result(struct rk_writing *w, const struct columns *c, const struct rk_text *cells,
            struct rk_fault *put_off)
{
	struct rk_naming by = { .key = cells[c->key], .id = cells[c->key] };
	struct rk_fault fault;
	int64_t at = rk_row_find(w, &by);

	if (at < 0 || w->outcomes[at].status != RK_UNKNOWN)
		return;
	if (c->error >= 0) {
		fault = read_error(cells[c->error]);
		salesforce_refuse_row(w, (uint64_t)at, &fault, put_off);
	} else if (c->created >= 0 && c->id >= 0 && salesforce_is_id(cells[c->id])) {
		rk_row_done(w, (uint64_t)at, rk_text_is(cells[c->created], "true")
		            ? RK_CREATED : RK_UPDATED, cells[c->id], rk_z(""));
	} else if (c->created < 0) {
		w->outcomes[at].status = RK_RETRY;      /* Never begun. */
	}
}

/* The order is not that of the upload, and what is in the file is not the header's to
 * promise: each row is found by its own key. */
static int32_t
take_file(struct rk_writing *w, struct rk_text csv, struct rk_fault *put_off)
{
	const struct rk_batch *batch = w->batch;
	struct rk_text *cells = w->host->alloc(w->host, SALESFORCE_COLUMNS_MAX * sizeof *cells);
	int count = salesforce_csv_row(w->host, &csv, cells), more;
	struct columns c = { column(cells, count, rk_z("sf__Id")),
		column(cells, count, rk_z("sf__Created")),
		column(cells, count, rk_z("sf__Error")),
		column(cells, count, batch->operation == RK_OP_UPSERT
		       ? batch->key_field->name : rk_z("Id")) };

	if (!rk_utf8_whole(csv))
		return open_end(w, rk_fail(w->err, RK_AGAIN, RK_CAT_SERVER,
		                           "a result file is no UTF-8"));
	if (count > 0 && c.key < 0)
		return open_end(w, rk_fail_bug(w->err, "a result file lacks the key's "
		                               "column"));
	while ((more = salesforce_csv_row(w->host, &csv, cells)) == count && count > 0)
		take_result(w, &c, cells, put_off);
	return more == 0 || count == 0 ? RK_OK
	     : open_end(w, rk_fail(w->err, RK_AGAIN, RK_CAT_SERVER,
	                           "a result file is cut off"));
}

/* What an ended job left alone.  Why it failed it tells for the job as a whole, if at all;
 * collections tell it of each row.  What a person stopped is theirs to send again. */
static int32_t
not_begun(struct rk_writing *w, int aborted, struct rk_text cause)
{
	struct rk_fault fault = { .code = rk_z("Aborted"), .category = RK_CAT_OTHER,
		.message = rk_text_or(cause, rk_z("the job was aborted in Salesforce")) };
	int32_t status;

	for (uint64_t i = 0; aborted && i < w->batch->row_count; i++)
		if (w->outcomes[i].status == RK_RETRY && w->outcomes[i].code.len == 0)
			rk_refuse_row(w, i, &fault);
	status = aborted ? RK_OK : salesforce_write_collections(w, RK_RETRY);
	return status == RK_REJECT ? RK_AGAIN : status;
}

int32_t
salesforce_bulk_end(struct rk_writing *w, struct rk_result *result)
{
	static const char *const files[] = { "/successfulResults/", "/failedResults/",
	                                     "/unprocessedrecords/" };
	struct rk_text id = w->batch->token, state, cause;
	struct rk_fault put_off = { .status = RK_OK };
	struct rk_answer answer;
	int32_t status;

	if (!salesforce_is_id(id))
		return open_end(w, rk_fail_bug(w->err, "the token is that of no job"));
	status = look(w, id, "", &answer);
	state = rk_json_str(w->host, status == RK_OK ? answer.root : NULL, "state");
	cause = rk_json_str(w->host, status == RK_OK ? answer.root : NULL, "errorMessage");
	if (status == RK_OK && rk_text_among(state, "Open UploadComplete InProgress")) {
		result->token = id;
		result->wait_ms = SALESFORCE_NEXT_LOOK_MS;
		return RK_PENDING;
	}
	if (status == RK_OK && !rk_text_among(state, "JobComplete Failed Aborted"))
		return open_end(w, rk_fail_bug(w->err, "a job is in no state that is "
		                               "known"));
	for (size_t i = 0; i < RK_COUNT(files) && status == RK_OK; i++) {
		status = look(w, id, files[i], &answer);
		if (status == RK_OK)
			status = take_file(w, answer.reply.body, &put_off);
	}
	if (status != RK_OK)
		return status;
	if (!rk_text_is(state, "JobComplete"))
		status = not_begun(w, rk_text_is(state, "Aborted"), cause);
	if (status == RK_OK)
		status = salesforce_told(w, &put_off);
	return status == RK_OK ? RK_OK : open_end(w, status);
}
