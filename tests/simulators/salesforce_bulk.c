/* SPDX-License-Identifier: Apache-2.0 */
/* salesforce_bulk.c - Bulk API 2.0 at the simulated Salesforce: jobs that read and jobs
 * that write, CSV in and out (sheet, sections 3.4 and 4.4).  A job moves on when it is
 * looked at, never by time.  Called by the routes of salesforce.c. */
#include "salesforce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UPLOAD_MAX ((size_t)100 << 20)
#define COLUMNS_MAX 500u

/* ---- CSV -------------------------------------------------------------------------- */

static void
put_cell(struct buf *out, struct text t)
{
	bool quote = !t.len ? false : memchr(t.ptr, '"', t.len) || memchr(t.ptr, ',', t.len) ||
		memchr(t.ptr, '\n', t.len) || memchr(t.ptr, '\r', t.len);

	if (!quote) {
		buf_text(out, t);
		return;
	}
	buf_str(out, "\"");
	for (size_t i = 0; i < t.len; i++) {
		if (t.ptr[i] == '"')
			buf_str(out, "\"");
		buf_add(out, t.ptr + i, 1);
	}
	buf_str(out, "\"");
}

struct csv {
	struct arena *arena;
	struct text rest;
	bool bad;
};

/* The next cell; '*last': it ends its row. */
static struct text
take_cell(struct csv *c, bool *last)
{
	struct buf b = { 0 };
	bool quoted = c->rest.len && c->rest.ptr[0] == '"';
	size_t i = quoted;

	for (; i < c->rest.len; i++) {
		char ch = c->rest.ptr[i];

		if (quoted && ch == '"' && i + 1 < c->rest.len && c->rest.ptr[i + 1] == '"')
			i++;
		else if (quoted && ch == '"')
			break;
		else if (!quoted && (ch == ',' || ch == '\n'))
			break;
		else if (!quoted && (ch == '"' || ch == '\r'))
			c->bad = true;
		buf_add(&b, c->rest.ptr + i, 1);
	}
	if (quoted && i == c->rest.len)
		c->bad = true;
	i += quoted && i < c->rest.len;
	if (i < c->rest.len && c->rest.ptr[i] != ',' && c->rest.ptr[i] != '\n')
		c->bad = true;
	*last = i >= c->rest.len || c->rest.ptr[i] == '\n';
	i = i < c->rest.len ? i + 1 : c->rest.len;
	c->rest.ptr += i;
	c->rest.len -= i;
	buf_add(&b, "", 0);
	return arena_take(c->arena, &b);
}

static size_t
take_row(struct csv *c, struct text *cells)
{
	bool last = false;
	size_t n = 0;

	while (!last && n < COLUMNS_MAX)
		cells[n++] = take_cell(c, &last);
	c->bad |= !last;
	return n;
}

/* ---- Jobs --------------------------------------------------------------------------- */

static struct salesforce_job *
find_job(struct request *q, struct reply *r, bool query)
{
	struct salesforce_job *j = salesforce_state(q->sim)->jobs;

	while (j && (j->query != query || !text_is(q->vars[1], j->id)))
		j = j->next;
	if (!j)
		salesforce_error(r, 404, "NOT_FOUND", NULL, "The requested resource does not "
				 "exist");
	return j;
}

static bool
asks_query(const struct request *q)
{
	return strstr(q->route->path, "/jobs/query") != NULL;
}

static void
write_job(struct reply *r, int status, const struct salesforce_job *j)
{
	struct buf *out = reply_start(r, status);
	char z[40];

	salesforce_time(z, j->created_ms);
	buf_fmt(out, "{\"id\":\"%s\",\"operation\":\"%s\",\"object\":\"%s\",\"createdById\":"
		"\"005xx0000000001AAA\",\"createdDate\":\"%s\",\"systemModstamp\":\"%s\",\"state\":"
		"\"%s\",\"concurrencyMode\":\"Parallel\",\"contentType\":\"CSV\",\"apiVersion\":67.0,"
		"\"lineEnding\":\"%s\",\"columnDelimiter\":\"COMMA\"", j->id, j->operation,
		j->object, z, z, j->state, j->line);
	if (!j->query)
		buf_fmt(out, ",\"contentUrl\":\"services/data/v67.0/jobs/ingest/%s/batches\"",
			j->id);
	if (j->key[0])
		buf_fmt(out, ",\"externalIdFieldName\":\"%s\"", j->key);
	if (!strcmp(j->state, "JobComplete") || !strcmp(j->state, "Failed"))
		buf_fmt(out, ",\"numberRecordsProcessed\":%zu%s,\"retries\":0,"
			"\"totalProcessingTime\":10", j->processed, "");
	if (!j->query)
		buf_fmt(out, ",\"numberRecordsFailed\":%zu", j->errors);
	if (j->message[0]) {
		buf_str(out, ",\"errorMessage\":");
		buf_quotez(out, j->message);
	}
	buf_str(out, "}");
}

static bool
good_format(struct request *q, struct reply *r)
{
	struct text column = json_text(q->json, "columnDelimiter");
	struct text line = json_text(q->json, "lineEnding");

	if (salesforce_state(q->sim)->bulk_off) {
		salesforce_error(r, 400, "LIMIT_EXCEEDED", NULL, "Max number of jobs for the "
				 "rolling 24 hours reached");
		return false;
	}
	if ((!column.len || text_is(column, "COMMA")) && (!line.len || text_is(line, "LF")))
		return true;
	salesforce_error(r, 400, "INVALIDJOB", NULL, "this simulator knows COMMA and LF alone");
	return false;
}

static struct salesforce_job *
new_job(struct request *q, bool query)
{
	struct salesforce *s = salesforce_state(q->sim);
	struct salesforce_job *j = sim_alloc(sizeof *j);
	struct text operation = json_text(q->json, "operation");

	*j = (struct salesforce_job){ .query = query, .created_ms = q->now_ms,
				      .polls = s->polls, .next = s->jobs };
	snprintf(j->id, sizeof j->id, "750xx%010uAAA", ++s->job_count);
	snprintf(j->state, sizeof j->state, query ? "UploadComplete" : "Open");
	snprintf(j->operation, sizeof j->operation, "%.*s", (int)operation.len, operation.ptr);
	snprintf(j->line, sizeof j->line, "LF");
	s->jobs = j;
	return j;
}

void
salesforce_clear_jobs(struct salesforce *s)
{
	while (s->jobs) {
		struct salesforce_job *j = s->jobs;

		s->jobs = j->next;
		free((char *)(uintptr_t)j->soql.ptr);
		buf_clear(&j->csv);
		buf_clear(&j->done);
		buf_clear(&j->failed);
		free(j->rows_at);
		free(j);
	}
}

/* ---- Reading -------------------------------------------------------------------------- */

void
salesforce_query_job(struct request *q, struct reply *r)
{
	struct text operation = json_text(q->json, "operation");
	struct text soql = json_text(q->json, "query");
	struct salesforce_select s;
	bool all = text_is(operation, "queryAll");

	if (!all && !text_is(operation, "query")) {
		salesforce_error(r, 400, "INVALIDJOB", NULL, "operation must be query or "
				 "queryAll");
		return;
	}
	if (!good_format(q, r) || !salesforce_select(q, r, soql, all, true, &s))
		return;
	struct salesforce_job *j = new_job(q, true);
	j->all = all;
	j->soql = (struct text){ sim_strdup(soql), soql.len };
	snprintf(j->object, sizeof j->object, "%s", s.o->name);
	write_job(r, 200, j);
}

/* Datetimes have another form here (section 2.1). */
static void
put_value(struct request *q, struct buf *out, const struct field *f, struct text raw)
{
	struct text t = raw.len ? json_unquote(q->arena, raw) : raw;

	if (f->type == S_DATETIME && t.len == 28) {
		buf_add(out, t.ptr, 23);
		buf_str(out, "Z");
		return;
	}
	put_cell(out, t);
}

static void
run_query(struct request *q, struct salesforce_job *j)
{
	struct salesforce_select s;
	struct reply unused = { .status = 200 };

	if (!salesforce_select(q, &unused, j->soql, j->all, true, &s)) {
		snprintf(j->state, sizeof j->state, "Failed");
		snprintf(j->message, sizeof j->message, "the query failed");
		buf_clear(&unused.body);
		return;
	}
	j->rows_at = sim_alloc((s.record_count + 2) * sizeof *j->rows_at);
	for (size_t i = 0; i < s.field_count; i++) {
		buf_str(&j->csv, i ? ",\"" : "\"");
		buf_text(&j->csv, s.fields[i].name);
		buf_str(&j->csv, "\"");
	}
	buf_str(&j->csv, "\n");
	for (size_t i = 0; i < s.record_count; i++) {
		j->rows_at[i] = j->csv.len;
		for (size_t k = 0; k < s.field_count; k++) {
			if (k)
				buf_str(&j->csv, ",");
			put_value(q, &j->csv, s.fields[k].field,
				  salesforce_path_raw(q, s.records[i], &s.fields[k]));
		}
		buf_str(&j->csv, "\n");
	}
	j->rows_at[s.record_count] = j->csv.len;
	j->processed = s.record_count;
	snprintf(j->state, sizeof j->state, "JobComplete");
}

/* The locator is the number of the row that follows. */
void
salesforce_query_results(struct request *q, struct reply *r)
{
	struct salesforce_job *j = find_job(q, r, true);
	struct text locator = request_query(q, "locator");
	int64_t from = 0, most = 50000;

	if (!j)
		return;
	if (strcmp(j->state, "JobComplete") != 0) {
		salesforce_error(r, 400, "INVALIDJOBSTATE", NULL, "Results are not ready");
		return;
	}
	if ((locator.len && (locator.len < 4 || !text_int((struct text){ locator.ptr + 3,
				locator.len - 3 }, &from))) || from < 0 ||
	    (size_t)from > j->processed) {
		salesforce_error(r, 400, "INVALID_QUERY_LOCATOR", NULL, "invalid locator");
		return;
	}
	text_int(request_query(q, "maxRecords"), &most);
	size_t to = most > 0 && (size_t)(from + most) < j->processed ? (size_t)(from + most)
								     : j->processed;
	struct buf *out = reply_start(r, 200);
	r->type = "text/csv";
	buf_add(out, j->csv.ptr, j->rows_at[0]);
	buf_add(out, j->csv.ptr + j->rows_at[from], j->rows_at[to] - j->rows_at[from]);
	reply_header(r, "Sforce-NumberOfRecords", "%zu", to - (size_t)from);
	if (to < j->processed)
		reply_header(r, "Sforce-Locator", "MTA%zu", to);
	else
		reply_header(r, "Sforce-Locator", "null");
}

/* ---- Writing ---------------------------------------------------------------------------- */

static int
op_of(const char *operation)
{
	static const char *const names[] = { "insert", "update", "upsert", "delete" };
	int op = 0;

	while (op < 4 && strcmp(names[op], operation) != 0)
		op++;
	return op;
}

void
salesforce_ingest_job(struct request *q, struct reply *r)
{
	struct object *o = sim_object(q->sim, json_text(q->json, "object"));
	struct text operation = json_text(q->json, "operation");
	struct text key = json_text(q->json, "externalIdFieldName");
	struct field *f = o && key.len ? salesforce_seen(o, key) : NULL;
	int op = op_of(sim_strz(q->arena, operation));

	if (!good_format(q, r))
		return;
	struct text type = json_text(q->json, "contentType");
	if (!o || op == 4 || (type.len && !text_is(type, "CSV"))) {
		salesforce_error(r, 400, "INVALIDJOB", NULL, "object, operation or contentType "
				 "is not valid");
		return;
	}
	if (op == S_UPSERT && (!f || !salesforce_rules(f)->external)) {
		salesforce_error(r, 400, "INVALIDJOB", NULL, "InvalidJob : Field name provided, "
				 "%.*s does not match an External ID, Salesforce Id, or "
				 "indexed field for %s", (int)key.len, key.len ? key.ptr : "",
				 o->name);
		return;
	}
	struct salesforce_job *j = new_job(q, false);
	snprintf(j->object, sizeof j->object, "%s", o->name);
	snprintf(j->key, sizeof j->key, "%s", f ? f->name : "");
	write_job(r, 200, j);
}

void
salesforce_upload(struct request *q, struct reply *r)
{
	struct salesforce_job *j = find_job(q, r, false);

	if (!j)
		return;
	if (strcmp(j->state, "Open") != 0 || j->csv.len || q->body.len > UPLOAD_MAX) {
		salesforce_error(r, 400, "INVALIDJOBSTATE", NULL, "the job takes one upload of at "
				 "most 100 MB while it is open");
		return;
	}
	buf_text(&j->csv, q->body);
	reply_start(r, 201);
}

/* A cell as the JSON value that its field wants. */
static struct json *
json_of(struct request *q, const struct object *o, struct text name, struct text cell)
{
	struct json *j = arena_alloc(q->arena, sizeof *j);
	const char *dot = memchr(name.ptr, '.', name.len);
	struct field *f = salesforce_seen(o, name);

	*j = (struct json){ .kind = JSON_STRING, .name = name, .text = cell };
	if (dot) {
		struct json *key = arena_alloc(q->arena, sizeof *key);

		*key = *j;
		key->name = (struct text){ dot + 1, name.len - (size_t)(dot - name.ptr) - 1 };
		*j = (struct json){ .kind = JSON_OBJECT, .child = key, .count = 1,
				    .name = { name.ptr, (size_t)(dot - name.ptr) } };
	} else if (text_is(cell, "#N/A")) {
		j->kind = JSON_NULL;
	} else if (f && f->type == S_BOOLEAN) {
		j->kind = JSON_BOOL;
		j->truth = text_is(cell, "true") || text_is(cell, "1");
	} else if (f && f->type >= S_INT && f->type <= S_PERCENT) {
		j->kind = JSON_NUMBER;
	}
	return j;
}

/* An empty cell says nothing of its field (section 4.4). */
static struct json *
row_of(struct request *q, const struct object *o, const struct text *names,
       const struct text *cells, size_t count)
{
	struct json *row = arena_alloc(q->arena, sizeof *row), **to = &row->child;

	*row = (struct json){ .kind = JSON_OBJECT };
	for (size_t i = 0; i < count; i++) {
		if (!cells[i].len || text_is(names[i], "Id"))
			continue;
		*to = json_of(q, o, names[i], cells[i]);
		to = &(*to)->next;
		row->count++;
	}
	return row;
}

static void
put_outcome(struct salesforce_job *j, const struct salesforce_row *row, const char *line,
	    size_t len)
{
	const struct salesforce_problem *p = &row->problem;
	struct buf *out = p->code ? &j->failed : &j->done, error = { 0 };

	buf_fmt(out, "\"%.*s\",", (int)row->id.len, row->id.len ? row->id.ptr : "");
	if (p->code) {
		buf_fmt(&error, "%s:%s:%s --", p->code, p->message, p->field);
		put_cell(out, buf_view(&error));
		buf_clear(&error);
	} else {
		buf_str(out, row->created ? "true" : "false");
	}
	buf_str(out, ",");
	buf_add(out, line, len);
	buf_str(out, "\n");
	j->processed++;
	j->errors += p->code != NULL;
}

static void
fail_job(struct salesforce_job *j, const char *why)
{
	snprintf(j->state, sizeof j->state, "Failed");
	snprintf(j->message, sizeof j->message, "%s", why);
}

static size_t
count_lines(const struct buf *b)
{
	size_t n = 1;

	for (size_t i = 0; i < b->len; i++)
		n += b->ptr[i] == '\n';
	return n;
}

/* The rows backwards: the order of the results is not that of the upload. */
static void
run_ingest(struct request *q, struct salesforce_job *j)
{
	struct object *o = sim_object(q->sim, text_of(j->object));
	struct csv c = { .arena = q->arena, .rest = buf_view(&j->csv) };
	struct text *names = arena_alloc(q->arena, COLUMNS_MAX * sizeof *names);
	struct text *cells = arena_alloc(q->arena, COLUMNS_MAX * sizeof *cells);
	size_t columns = take_row(&c, names), count = 0;
	struct text header = { j->csv.ptr, (size_t)(c.rest.ptr - j->csv.ptr) };
	size_t room = count_lines(&j->csv);
	struct salesforce_row *rows = arena_alloc(q->arena, room * sizeof *rows);
	struct text *lines = arena_alloc(q->arena, room * sizeof *lines);

	snprintf(j->state, sizeof j->state, "JobComplete");
	while (header.len && header.ptr[header.len - 1] == '\n')
		header.len--;
	buf_str(&j->done, "\"sf__Id\",\"sf__Created\",");
	buf_str(&j->failed, "\"sf__Id\",\"sf__Error\",");
	buf_text(&j->done, header);
	buf_text(&j->failed, header);
	buf_str(&j->done, "\n");
	buf_str(&j->failed, "\n");
	while (c.rest.len && !c.bad && count < room) {
		struct text line = c.rest;
		struct salesforce_row row = { .op = (enum salesforce_op)op_of(j->operation),
			.key = j->key[0] ? object_field(o, text_of(j->key)) : NULL };

		if (take_row(&c, cells) != columns || c.bad)
			break;
		row.json = row_of(q, o, names, cells, columns);
		for (size_t i = 0; i < columns; i++)
			if (text_is(names[i], "Id"))
				row.id = cells[i];
		line.len = (size_t)(c.rest.ptr - line.ptr);
		while (line.len && line.ptr[line.len - 1] == '\n')
			line.len--;
		lines[count] = line;
		rows[count++] = row;
	}
	if (c.rest.len) {
		fail_job(j, "InvalidBatch : the number of columns differs, or the CSV is bad");
		return;
	}
	for (size_t i = count; i-- > 0;) {
		if (salesforce_read_row(q, o, &rows[i]))
			salesforce_write_row(q, o, &rows[i]);
		put_outcome(j, &rows[i], lines[i].ptr, lines[i].len);
	}
}

/* ---- Looked at, changed, read --------------------------------------------------------------- */

void
salesforce_job_look(struct request *q, struct reply *r)
{
	struct salesforce_job *j = find_job(q, r, asks_query(q));

	if (!j)
		return;
	bool waits = !strcmp(j->state, "UploadComplete") || !strcmp(j->state, "InProgress");
	if (waits && j->polls-- > 0)
		snprintf(j->state, sizeof j->state, "InProgress");
	else if (waits && j->query)
		run_query(q, j);
	else if (waits && salesforce_state(q->sim)->job_fails[0])
		fail_job(j, salesforce_state(q->sim)->job_fails);
	else if (waits)
		run_ingest(q, j);
	write_job(r, 200, j);
}

void
salesforce_job_change(struct request *q, struct reply *r)
{
	struct salesforce_job *j = find_job(q, r, asks_query(q));
	struct text state = json_text(q->json, "state");

	if (!j)
		return;
	if (text_is(state, "Aborted") && strcmp(j->state, "JobComplete") != 0)
		snprintf(j->state, sizeof j->state, "Aborted");
	else if (!j->query && text_is(state, "UploadComplete") && !strcmp(j->state, "Open"))
		snprintf(j->state, sizeof j->state, "UploadComplete");
	else {
		salesforce_error(r, 400, "INVALIDJOBSTATE", NULL, "the job is %s", j->state);
		return;
	}
	write_job(r, 200, j);
}

void
salesforce_job_delete(struct request *q, struct reply *r)
{
	struct salesforce_job *j = find_job(q, r, asks_query(q));

	if (!j)
		return;
	j->id[0] = '\0';                /* Its memory is the CRM's. */
	reply_start(r, 204);
}

static void
write_rows(struct request *q, struct reply *r, int which)
{
	struct salesforce_job *j = find_job(q, r, false);

	if (!j)
		return;
	r->type = "text/csv";
	struct buf *out = reply_start(r, 200);
	if (which == 0)
		buf_text(out, buf_view(&j->done));
	else if (which == 1)
		buf_text(out, buf_view(&j->failed));
	else if (!strcmp(j->state, "Failed") || !strcmp(j->state, "Aborted"))
		buf_text(out, buf_view(&j->csv));
	else
		buf_add(out, j->csv.ptr, j->csv.len ? (size_t)((char *)memchr(j->csv.ptr, '\n',
			j->csv.len) - j->csv.ptr) + 1 : 0);
}

void
salesforce_done_rows(struct request *q, struct reply *r)
{
	write_rows(q, r, 0);
}

void
salesforce_failed_rows(struct request *q, struct reply *r)
{
	write_rows(q, r, 1);
}

void
salesforce_unprocessed_rows(struct request *q, struct reply *r)
{
	write_rows(q, r, 2);
}
