/* SPDX-License-Identifier: Apache-2.0 */
/* kintone_write.c - every write of the simulated kintone: all rows of a call
 * are checked, then all are stored, or none (sheet, section 4).  Values are
 * checked in kintone_values.c.  The routes of kintone.c call it. */
#include "kintone.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ROWS_MAX 100u
#define BULK_MAX 20u
#define KEY_CHARS_MAX 64u

struct writing {
	struct request *q;
	struct reply *r;
	struct object *o;
	struct kintone_row *rows;
	size_t count;
	bool upsert;
	struct kintone_complaints complaints;
};

static void
clear(struct writing *w)
{
	buf_clear(&w->complaints.errors);
	buf_clear(&w->complaints.message);
}

__attribute__((format(printf, 4, 5)))
static bool
refuse(struct writing *w, int status, const char *code, const char *format, ...)
{
	char line[512];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	kintone_error(w->r, status, code, "%s", line);
	return false;
}

/* ---- Which record is meant ---------------------------------------------- */

static void
complain_row(struct writing *w, const struct kintone_row *row, const char *what,
	     enum kintone_message m)
{
	struct buf key = { 0 };

	buf_fmt(&key, "%s.%s", row->prefix, what);
	kintone_complain(w->q, &w->complaints, key.ptr, m, NULL);
	buf_clear(&key);
}

static struct record *
seen(const struct request *q, struct record *r)
{
	return r && r->visible_ms <= q->now_ms ? r : NULL;
}

/* Text and number fields that are unique, nothing else (section 2.1). */
static bool
find_by_key(struct writing *w, struct kintone_row *row, const struct json *key)
{
	struct text name = json_text(key, "field"), value = json_text(key, "value");
	const struct field *f = object_field(w->o, name);

	if (!f)
		return refuse(w, 400, "GAIA_FC01", "フィールド(code: %.*s)が見つかりません。",
			      (int)name.len, name.len ? name.ptr : "");
	if ((f->type != K_TEXT && f->type != K_NUMBER) || !f->index) {
		complain_row(w, row, "updateKey.field", KM_INVALID);
		return true;
	}
	if (!value.len || text_chars(value) > KEY_CHARS_MAX) {
		complain_row(w, row, "updateKey.value",
			     value.len ? KM_INVALID : KM_REQUIRED);
		return true;
	}
	if (f->type == K_NUMBER &&
	    !kintone_decimal(w->q->arena, value, kintone_app(w->o)->decimals, &value)) {
		complain_row(w, row, "updateKey.value", KM_NUMBER);
		return true;
	}
	row->key = f;
	row->key_value = value;
	row->target = seen(w->q, object_by_key(w->o, f, value));
	if (!row->target && !w->upsert)
		return refuse(w, 404, "GAIA_RE20", "指定したキー「%.*s」のレコードが見つかりません。",
			      (int)value.len, value.ptr);
	return true;
}

static bool
find_by_id(struct writing *w, struct kintone_row *row, struct text id)
{
	int64_t n = 0;

	if (!text_int(id, &n) || n < 1) {
		complain_row(w, row, "id", KM_INVALID);
		return true;
	}
	row->key_value = id;
	row->target = seen(w->q, object_record(w->o, (uint64_t)n));
	if (!row->target && !w->upsert)
		return refuse(w, 404, "GAIA_RE01", "指定したレコード(id: %.*s)が見つかりません。",
			      (int)id.len, id.ptr);
	return true;
}

static bool
check_revision(struct writing *w, const struct kintone_row *row, const struct json *j)
{
	int64_t want = json_int(j, "revision", -1);

	if (want == -1 || !row->target || want == (int64_t)row->target->now.revision)
		return true;
	return refuse(w, 409, "GAIA_CO02", "指定したrevisionは最新ではありません。ほかのユーザーが"
		      "レコードを更新した可能性があります。");
}

/* False after an answer; what is wrong inside the row is a complaint. */
static bool
find_target(struct writing *w, struct kintone_row *row, const struct json *j)
{
	const struct json *key = json_get(j, "updateKey");
	struct text id = json_text(j, "id");

	if ((key != NULL) == (id.ptr != NULL)) {
		complain_row(w, row, "id", key ? KM_INVALID : KM_REQUIRED);
		return true;
	}
	if (!(key ? find_by_key(w, row, key) : find_by_id(w, row, id)))
		return false;
	return check_revision(w, row, j);
}

/* XXX unconfirmed what the service does; nobody may rely on it. */
static void
refuse_twins(struct writing *w)
{
	for (size_t i = 0; i < w->count; i++)
		for (size_t j = 0; j < i; j++)
			if (w->rows[i].key == w->rows[j].key &&
			    w->rows[i].key_value.len &&
			    text_equal(w->rows[i].key_value, w->rows[j].key_value))
				complain_row(w, &w->rows[i],
					     w->rows[i].key ? "updateKey.value" : "id",
					     KM_DUPLICATE);
}

/* Unique values that two rows of one call share. */
static void
check_shared(struct writing *w, const struct kintone_row *row)
{
	for (size_t i = 0; i < row->count; i++) {
		const struct change *c = &row->changes[i];
		struct buf what = { 0 };
		bool twice = false;

		if (!c->field->index || !c->raw.len)
			continue;
		for (const struct kintone_row *e = w->rows; e < row && !twice; e++)
			for (size_t j = 0; j < e->count; j++)
				twice |= e->changes[j].field == c->field &&
					text_equal(e->changes[j].raw, c->raw);
		buf_fmt(&what, "%s.value", c->field->name);
		if (twice)
			complain_row(w, row, what.ptr, KM_DUPLICATE);
		buf_clear(&what);
	}
}

/* ---- All rows of a call ------------------------------------------------- */

/* False after the answer that refuses the whole. */
static bool
check_rows(struct writing *w)
{
	struct kintone_complaints *c = &w->complaints;

	for (size_t i = 0; i < w->count; i++) {
		kintone_check(w->q, w->o, &w->rows[i], c);
		check_shared(w, &w->rows[i]);
	}
	if (c->errors.len) {
		kintone_invalid(w->q, w->r, buf_view(&c->errors));
		return false;
	}
	if (c->status)
		return refuse(w, c->status, c->code, "%s", c->message.ptr);
	return true;
}

static void
store_row(struct writing *w, struct kintone_row *row, bool insert)
{
	struct origin by = { .op = insert ? "create" : "update", .by = "api",
			     .key = row->key ? row->key_value : (struct text){ 0 },
			     .now_ms = w->q->now_ms };

	if (insert)
		row->target = store_create(w->o, 0, row->changes, row->count, &by);
	else
		store_update(w->o, row->target, row->changes, row->count, &by);
}

/* The array `records`; false after an answer. */
static bool
read_rows(struct writing *w)
{
	const struct json *records = json_get(w->q->json, "records");
	size_t i = 0;

	if (!records || records->kind != JSON_ARRAY) {
		kintone_invalid_key(w->q, w->r, "records", KM_REQUIRED, NULL);
		return false;
	}
	if (records->count > ROWS_MAX) {
		kintone_invalid_key(w->q, w->r, "records", KM_BATCH, "100");
		return false;
	}
	w->rows = arena_alloc(w->q->arena, (records->count + 1) * sizeof *w->rows);
	memset(w->rows, 0, (records->count + 1) * sizeof *w->rows);
	w->count = records->count;
	for (const struct json *j = records->child; j; j = j->next, i++)
		snprintf(w->rows[i].prefix, sizeof w->rows[i].prefix, "records[%zu]", i);
	return true;
}

/* A single record of parameter `record`. */
static void
read_single(struct writing *w)
{
	w->rows = arena_alloc(w->q->arena, sizeof *w->rows);
	memset(w->rows, 0, sizeof *w->rows);
	w->count = 1;
	snprintf(w->rows[0].prefix, sizeof w->rows[0].prefix, "record");
	w->rows[0].record = json_get(w->q->json, "record");
}

static void
insert_rows(struct writing *w, bool single)
{
	struct buf revisions = { 0 };
	bool first = true, second = true;

	if (!check_rows(w))
		return;
	struct buf *out = reply_start(w->r, 200);
	buf_str(out, single ? "{\"id\":" : "{\"ids\":[");
	for (size_t i = 0; i < w->count; i++) {
		store_row(w, &w->rows[i], true);
		buf_comma(out, &first);
		buf_fmt(out, "\"%llu\"", (unsigned long long)w->rows[i].target->id);
		buf_comma(&revisions, &second);
		buf_str(&revisions, "\"1\"");
	}
	buf_str(out, single ? ",\"revision\":" : "],\"revisions\":[");
	buf_text(out, buf_view(&revisions));
	buf_str(out, single ? "}" : "]}");
	buf_clear(&revisions);
}

void
kintone_post_records(struct request *q, struct reply *r)
{
	struct writing w = { .q = q, .r = r };
	const struct json *j;
	size_t i = 0;

	w.o = kintone_app_of(q, r, kintone_param(q, "app"), "a");
	if (!w.o || !read_rows(&w))
		return;
	for (j = json_get(q->json, "records")->child; j; j = j->next)
		w.rows[i++].record = j;
	insert_rows(&w, false);
	clear(&w);
}

void
kintone_post_record(struct request *q, struct reply *r)
{
	struct writing w = { .q = q, .r = r };

	w.o = kintone_app_of(q, r, kintone_param(q, "app"), "a");
	if (!w.o)
		return;
	read_single(&w);
	insert_rows(&w, true);
	clear(&w);
}

static void
write_updated(struct writing *w, const struct kintone_row *row, bool insert, bool *first)
{
	struct buf *out = &w->r->body;

	buf_comma(out, first);
	buf_fmt(out, "{\"id\":\"%llu\",", (unsigned long long)row->target->id);
	if (w->upsert)
		buf_fmt(out, "\"operation\":\"%s\",", insert ? "INSERT" : "UPDATE");
	buf_fmt(out, "\"revision\":\"%u\"}", row->target->now.revision);
}

static void
update_rows(struct writing *w)
{
	bool first = true;

	refuse_twins(w);
	if (!check_rows(w))
		return;
	buf_str(reply_start(w->r, 200), "{\"records\":[");
	for (size_t i = 0; i < w->count; i++) {
		bool insert = !w->rows[i].target;

		store_row(w, &w->rows[i], insert);
		write_updated(w, &w->rows[i], insert, &first);
	}
	buf_str(&w->r->body, "]}");
}

void
kintone_put_records(struct request *q, struct reply *r)
{
	struct writing w = { .q = q, .r = r, .upsert = json_true(q->json, "upsert") };
	const struct json *j;
	size_t i = 0;

	w.o = kintone_app_of(q, r, kintone_param(q, "app"), w.upsert ? "ea" : "e");
	if (!w.o || !read_rows(&w))
		return;
	if (w.upsert && sim_options.no_upsert) {
		kintone_invalid_key(q, r, "upsert", KM_INVALID, NULL);
		return;
	}
	for (j = json_get(q->json, "records")->child; j; j = j->next, i++) {
		w.rows[i].record = json_get(j, "record");
		if (!find_target(&w, &w.rows[i], j)) {
			clear(&w);
			return;
		}
	}
	update_rows(&w);
	clear(&w);
}

void
kintone_put_record(struct request *q, struct reply *r)
{
	struct writing w = { .q = q, .r = r };

	w.o = kintone_app_of(q, r, kintone_param(q, "app"), "e");
	if (!w.o)
		return;
	read_single(&w);
	if (find_target(&w, &w.rows[0], q->json) && check_rows(&w)) {
		store_row(&w, &w.rows[0], false);
		buf_fmt(reply_start(r, 200), "{\"revision\":\"%u\"}",
			w.rows[0].target->now.revision);
	}
	clear(&w);
}

/* ---- Deleting ----------------------------------------------------------- */

/* NULL after an answer. */
static struct record *
deletable(struct request *q, struct reply *r, struct object *o, struct text id,
	  struct text revision)
{
	int64_t n = 0, want = -1;
	struct record *record = text_int(id, &n) ?
		seen(q, object_record(o, (uint64_t)n)) : NULL;

	if (!record)
		kintone_error(r, 404, "GAIA_RE01", "指定したレコード(id: %.*s)が見つかりません。",
			      (int)id.len, id.len ? id.ptr : "");
	else if (text_int(revision, &want) && want != -1 &&
		 want != (int64_t)record->now.revision)
		kintone_error(r, 409, "GAIA_CO02", "指定したrevisionは最新ではありません。");
	else
		return record;
	return NULL;
}

void
kintone_delete_records(struct request *q, struct reply *r)
{
	struct object *o = kintone_app_of(q, r, kintone_param(q, "app"), "d");
	struct origin by = { .op = "delete", .by = "api", .now_ms = q->now_ms };
	size_t count, revisions;

	if (!o)
		return;
	struct text *ids = kintone_list(q, "ids", &count);
	struct text *wants = kintone_list(q, "revisions", &revisions);
	if (count == 0 || count > ROWS_MAX) {
		kintone_invalid_key(q, r, "ids", count ? KM_BATCH : KM_REQUIRED, "100");
		return;
	}
	struct record **records = arena_alloc(q->arena, count * sizeof(void *));
	for (size_t i = 0; i < count; i++) {
		records[i] = deletable(q, r, o, ids[i], i < revisions ? wants[i] :
				       (struct text){ 0 });
		if (!records[i])
			return;
	}
	for (size_t i = 0; i < count; i++)
		store_delete(o, records[i], &by);
	buf_str(reply_start(r, 200), "{}");
}

/* ---- bulkRequest: one transaction over several calls -------------------- */

static const struct { const char *method, *api; route_fn *run; } bulk[] = {
	{ "POST",   "record.json",  kintone_post_record },
	{ "PUT",    "record.json",  kintone_put_record },
	{ "POST",   "records.json", kintone_post_records },
	{ "PUT",    "records.json", kintone_put_records },
	{ "DELETE", "records.json", kintone_delete_records },
};

static route_fn *
bulk_call(const struct json *j)
{
	struct text method = json_text(j, "method"), api = json_text(j, "api");

	for (size_t i = 0; i < sizeof bulk / sizeof *bulk; i++) {
		size_t len = strlen(bulk[i].api);

		if (text_is(method, bulk[i].method) && text_starts(api, "/k/") &&
		    api.len > len && api.ptr[api.len - len - 1] == '/' &&
		    text_is((struct text){ api.ptr + api.len - len, len }, bulk[i].api))
			return bulk[i].run;
	}
	return NULL;
}

/* Status of the call; its answer is in 'r'. */
static int
bulk_one(struct request *q, const struct json *j, struct reply *r)
{
	struct request inner = *q;
	route_fn *run = bulk_call(j);

	inner.json = json_get(j, "payload");
	inner.uri = json_text(j, "api");
	inner.query_count = 0;
	if (run)
		run(&inner, r);
	else
		kintone_invalid_key(q, r, "requests", KM_INVALID, NULL);
	return r->status;
}

/* Only the call that failed has a body; the rest is {}. */
static void
bulk_failed(struct reply *r, int status, const struct reply *bad, size_t at, size_t count)
{
	struct buf *out = reply_start(r, status);
	bool first = true;

	buf_str(out, "{\"results\":[");
	for (size_t i = 0; i < count; i++) {
		buf_comma(out, &first);
		if (i == at)
			buf_text(out, buf_view(&bad->body));
		else
			buf_str(out, "{}");
	}
	buf_str(out, "]}");
}

void
kintone_bulk(struct request *q, struct reply *r)
{
	const struct json *requests = json_get(q->json, "requests");
	struct buf results = { 0 };
	bool first = true;
	size_t i = 0;

	if (!requests || requests->kind != JSON_ARRAY || requests->count > BULK_MAX) {
		kintone_invalid_key(q, r, "requests", KM_INVALID, NULL);
		return;
	}
	store_begin();
	for (const struct json *j = requests->child; j; j = j->next, i++) {
		struct reply one = { .status = 200 };

		if (bulk_one(q, j, &one) != 200) {
			store_rollback();
			bulk_failed(r, one.status, &one, i, requests->count);
			buf_clear(&one.body);
			buf_clear(&results);
			return;
		}
		buf_comma(&results, &first);
		buf_text(&results, buf_view(&one.body));
		buf_clear(&one.body);
	}
	store_commit();
	buf_str(reply_start(r, 200), "{\"results\":[");
	buf_text(&r->body, buf_view(&results));
	buf_str(&r->body, "]}");
	buf_clear(&results);
}
