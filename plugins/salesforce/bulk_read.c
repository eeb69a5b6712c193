/* SPDX-License-Identifier: Apache-2.0
 *
 * bulk_read.c - everything of a large object by a job of Bulk API 2.0: begun with the first
 * page, asked for with the next ones, then read as CSV from locator to locator.  The
 * token's note is the job's id, and behind a blank the locator.  Called by list.c. */
#include "salesforce.h"

/* Answers that mean: not by a job, but by queries. */
static const char no_job[] = "INVALIDENTITY FUNCTIONALITY_NOT_ENABLED API_ERROR INVALIDJOB "
                             "LIMIT_EXCEEDED EXCEEDED_QUOTA TOO_MANY_JOBS";

int32_t
salesforce_is_much(struct rk_listing *l, int *much)
{
	struct rk_call call;
	struct rk_answer answer;
	int64_t from = 0, count = 0;
	int32_t status = salesforce_check_name(l->query->object, l->err);

	*much = 0;
	if (status != RK_OK || !rk_text_int(l->host->setting(l->host, "bulk_read_from"), &from)
	    || from == 0 || l->query->field_count > SALESFORCE_COLUMNS_MAX - 8)
		return status;
	call = salesforce_call(l->host, "GET", l->query->object,
		rk_textf(l->host, "/query?q=SELECT%%20count%%28%%29%%20FROM%%20%.*s",
		         RK_S(l->query->object)));
	status = rk_ask_read(l->host, &call, &answer, l->err);
	if (status == RK_OK && !rk_json_int(rk_json_get(answer.root, "totalSize"), &count))
		return rk_fail_bug(l->err, "the answer has no \"totalSize\"");
	*much = status == RK_OK && count >= from;
	return status;
}

/* The order of rows is nobody's to promise here, so that none is asked for. */
static int32_t
soql_of(struct rk_listing *l, struct rk_json_out *out)
{
	int64_t until = l->query->until_ms;
	int32_t status;

	rk_json_begin(out, l->host, 1024, SALESFORCE_BODY_MAX);
	status = salesforce_put_select(out, l, 0, l->query->field_count);
	salesforce_put_hints(out, l);
	if (until == RK_NO_TIME)
		rk_putf(out, "Id != null");
	else                            /* The window's end, rounded up. */
		rk_putf(out, "SystemModstamp < %s", rk_time_text(l->host,
		        (until + 999) / 1000 * 1000, 0).ptr);
	return status;
}

int32_t
salesforce_read_begin(struct rk_listing *l, int *begun)
{
	struct rk_call call = salesforce_call(l->host, "POST", l->query->object,
	                                      rk_z("/jobs/query"));
	struct rk_json_out soql, out;
	struct rk_answer answer;
	int32_t status = soql_of(l, &soql);

	*begun = 0;
	if (status != RK_OK)
		return status;
	rk_json_begin(&out, l->host, 1024, SALESFORCE_BODY_MAX);
	rk_put_open(&out, '{');
	rk_put_pair(&out, "operation", rk_z("queryAll"));
	rk_put_pair(&out, "query", rk_text_of(soql.buf, soql.len));
	rk_put_pair(&out, "columnDelimiter", rk_z("COMMA"));
	rk_put_pair(&out, "lineEnding", rk_z("LF"));
	rk_put_close(&out, '}');
	call.body = rk_text_of(out.buf, out.len);
	status = rk_ask_read(l->host, &call, &answer, l->err);
	if (status != RK_OK)
		return rk_text_among(rk_z(l->err->code), no_job) ? RK_OK : status;
	l->at.note = rk_json_str(l->host, answer.root, "id");
	if (!salesforce_is_id(l->at.note))
		return rk_fail_bug(l->err, "a job was made without an id");
	l->at.kind = 'B';
	rk_listing_clock(l, &answer);
	*begun = 1;
	return RK_OK;
}

/* ---- Its rows ----------------------------------------------------------------------------- */

struct reading {
	struct rk_listing *l;
	struct rk_text names[SALESFORCE_COLUMNS_MAX], cells[SALESFORCE_COLUMNS_MAX];
	int64_t slots[SALESFORCE_COLUMNS_MAX];
	int count;
};

static void
read_own(struct rk_record *record, struct rk_text name, struct rk_text cell)
{
	if (rk_text_is(name, "Id"))
		record->id = cell;
	else if (rk_text_is(name, "MasterRecordId"))
		record->merged_into = cell;
	else if (rk_text_is(name, "IsDeleted") && rk_text_is(cell, "true"))
		record->flags |= RK_RECORD_DELETED;
	else if (rk_text_is(name, "SystemModstamp") &&
	         rk_time_parse(cell, &record->modified_ms))
		record->version = cell;
}

static int32_t
read_row(struct reading *r)
{
	struct rk_listing *l = r->l;
	struct rk_record *record = rk_listing_add(l, NULL);
	struct rk_value *values = (struct rk_value *)(uintptr_t)record->values;

	for (int i = 0; i < r->count; i++) {
		read_own(record, r->names[i], r->cells[i]);
		if (r->slots[i] >= 0)
			values[r->slots[i]] = rk_value_cell(
				l->host, l->query->fields[r->slots[i]].type, r->cells[i]);
	}
	if (record->flags && record->merged_into.len)
		record->flags = RK_RECORD_MERGED;
	if (salesforce_is_id(record->id) && record->version.len)
		return RK_OK;
	return rk_fail_bug(l->err, "a record has no \"Id\" or no \"SystemModstamp\"");
}

/* The rows must be as many as a header says: a file that was cut off is none. */
static int32_t
read_rows(struct rk_listing *l, const struct rk_reply *reply)
{
	struct reading *r = l->host->alloc(l->host, sizeof *r);
	struct rk_text rest = reply->body;
	int64_t told = -1;
	int32_t status = RK_OK;
	int count = 0;

	if (!rk_utf8_whole_or(rest, 1))
		return rk_fail(l->err, RK_AGAIN, RK_CAT_SERVER, "a result file is no UTF-8");
	r->l = l;
	r->count = salesforce_csv_row(l->host, &rest, r->names);
	for (int i = 0; i < r->count; i++)
		r->slots[i] = rk_columns_find(&l->columns, r->names[i]);
	while (status == RK_OK && r->count > 0 && l->page->record_count < l->limit &&
	       (count = salesforce_csv_row(l->host, &rest, r->cells)) == r->count)
		status = read_row(r);
	rk_text_int(rk_reply_header(reply, "sforce-numberofrecords"), &told);
	if (status == RK_OK && (rest.len || told != (int64_t)l->page->record_count))
		status = rk_fail(l->err, RK_AGAIN, RK_CAT_SERVER, "a result file is cut off");
	return status;
}

/* ---- Pages ---------------------------------------------------------------------------------- */

static int32_t
get(struct rk_listing *l, struct rk_text path, int csv, struct rk_answer *answer)
{
	struct rk_call call = salesforce_call(l->host, "GET", l->query->object, path);
	int32_t status = salesforce_ask_job(l->host, &call, csv, answer, l->err);

	if (status != RK_OK && rk_text_is(rk_z(l->err->code), "NOT_FOUND"))
		status = rk_fail(l->err, RK_RESYNC, RK_CAT_OTHER, "the job is gone");
	return status;
}

/* *ready 0: there is another page to come, and nothing on this one. */
static int32_t
look(struct rk_listing *l, struct rk_text id, int *ready)
{
	struct rk_answer answer;
	struct rk_text state;
	int32_t status = get(l, rk_textf(l->host, "/jobs/query/%.*s", RK_S(id)), 0, &answer);

	*ready = 0;
	if (status != RK_OK)
		return status;
	state = rk_json_str(l->host, answer.root, "state");
	l->page->wait_ms = SALESFORCE_NEXT_LOOK_MS;
	if (rk_text_is(state, "JobComplete"))
		*ready = 1;
	else if (rk_text_among(state, "Failed Aborted")) {
		l->at.kind = 'W';       /* Queries tell the cause, if there is one. */
		l->at.note = rk_z("");
		l->page->wait_ms = 0;
	} else if (!rk_text_among(state, "UploadComplete InProgress Open"))
		status = rk_fail_bug(l->err, "a job is in no state that is known");
	return status;
}

static int32_t
read_page(struct rk_listing *l, struct rk_text id, struct rk_text locator, int *more)
{
	struct rk_answer answer;
	struct rk_text next;
	int32_t status = get(l, rk_textf(l->host, "/jobs/query/%.*s/results?maxRecords=%llu%s%.*s",
		RK_S(id), (unsigned long long)l->limit, locator.len ? "&locator=" : "",
		RK_S(rk_url_text(l->host, locator))), 1, &answer);

	if (status == RK_OK)
		status = read_rows(l, &answer.reply);
	if (status != RK_OK)
		return status;
	next = rk_reply_header(&answer.reply, "sforce-locator");
	*more = next.len && !rk_text_is(next, "null");
	if (*more && rk_text_eq(next, locator))
		return rk_fail_bug(l->err, "the page token \"%.*s\" came back, a loop",
		                   RK_S(next));
	if (next.len == 0)
		return rk_fail_bug(l->err, "a result file does not say whether another "
		                   "follows");
	l->at.note = rk_textf(l->host, "%.*s %.*s", RK_S(id), RK_S(next));
	return RK_OK;
}

int32_t
salesforce_read_on(struct rk_listing *l)
{
	const char *note = rk_text_z(l->host, l->at.note);
	struct rk_text id = rk_text_of(note, strcspn(note, " "));
	struct rk_text locator = rk_z(note[id.len] ? note + id.len + 1 : "");
	int more = 1, ready = locator.len != 0;
	int64_t wait_ms;
	int32_t status = RK_OK;

	if (!salesforce_is_id(id))
		return rk_fail(l->err, RK_RESYNC, RK_CAT_OTHER,
		               "the page token is not of this query");
	l->page->wait_ms = 0;
	if (!ready)
		status = look(l, id, &ready);
	if (status == RK_OK && ready)
		status = read_page(l, id, locator, &more);
	if (status != RK_OK)
		return status;
	wait_ms = ready ? 0 : l->page->wait_ms;
	rk_listing_more(l, more);
	status = rk_listing_end(l, 1000, 1000);
	l->page->wait_ms = wait_ms;
	return status;
}
