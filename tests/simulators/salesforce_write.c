/* SPDX-License-Identifier: Apache-2.0 */
/* salesforce_write.c - every write at the simulated Salesforce: single records and sObject
 * collections, by id and by external id (sheet, section 4).  Jobs write through the same
 * rows (salesforce_bulk.c). */
#include "salesforce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ROWS_MAX 200u

/* ---- One row ------------------------------------------------------------------- */

static bool
is_frame(struct text name)
{
	return text_is(name, "attributes") || (name.len == 2 && !strncasecmp(name.ptr, "id", 2));
}

/* Live records that have 'key' in an external id; the first one in '*found'. */
static size_t
holders(struct request *q, const struct object *o, const struct field *f, struct text key,
	struct record **found)
{
	size_t count = 0;

	*found = NULL;
	if (f->index && !o->doubled) {
		*found = object_by_key(o, f, key);
		return *found != NULL;
	}
	for (size_t i = 0; i < o->count; i++) {
		struct record *r = o->records[i];

		if (r->gone || r->now.archived ||
		    salesforce_compare_text(text_trim(json_unquote(q->arena,
				block_get(r->now.block, f))), text_trim(key)) != 0)
			continue;
		*found = count++ ? *found : r;
	}
	return count;
}

static void
find_target(struct request *q, struct object *o, struct salesforce_row *row)
{
	const struct json *key = row->key ? json_get(row->json, row->key->name) : NULL;
	size_t count;

	if (row->op == S_INSERT)
		return;
	if (row->op == S_UPSERT) {
		if (!key || !key->text.len) {
			salesforce_wrong(&row->problem, "MISSING_ARGUMENT", row->key->name,
					 "%s not specified", row->key->name);
			return;
		}
		count = holders(q, o, row->key, key->text, &row->record);
		if (count > 1)
			salesforce_wrong(&row->problem, "DUPLICATE_EXTERNAL_ID",
					 row->key->name, "%s: more than one record found for "
					 "external id field", row->key->name);
		return;
	}
	uint64_t id = salesforce_read_id(o, row->id);
	row->record = id ? object_record(o, id) : NULL;
	if (!id)
		salesforce_wrong(&row->problem, "MALFORMED_ID", "Id", "%s ID: id value of "
				 "incorrect type: %.*s", salesforce_of(o)->label,
				 (int)row->id.len, row->id.len ? row->id.ptr : "");
	else if (!row->record)
		salesforce_wrong(&row->problem, "INVALID_CROSS_REFERENCE_KEY", NULL,
				 "invalid cross reference id");
	else if (row->record->now.archived)
		salesforce_wrong(&row->problem, "ENTITY_IS_DELETED", NULL, "entity is deleted");
}

bool
salesforce_read_row(struct request *q, struct object *o, struct salesforce_row *row)
{
	size_t most = row->json ? row->json->count : 0;

	find_target(q, o, row);
	row->changes = arena_alloc(q->arena, (most + 1) * sizeof *row->changes);
	for (const struct json *m = row->json ? row->json->child : NULL; m; m = m->next) {
		if (is_frame(m->name))
			continue;
		if (salesforce_value(q, o, m, !row->record, &row->changes[row->count],
				     &row->problem))
			row->count++;
		if (row->problem.parse)
			return false;
	}
	return true;
}

static struct text
after(struct object *o, const struct salesforce_row *row, const struct field *f)
{
	(void)o;
	for (size_t i = 0; i < row->count; i++)
		if (row->changes[i].field == f)
			return row->changes[i].raw;
	return row->record ? block_get(row->record->now.block, f) : (struct text){ 0 };
}

/* {"message","fields"}: all that a new record lacks. */
static void
check_required(struct object *o, struct salesforce_row *row)
{
	char names[200] = "";

	for (size_t i = 0; i < o->field_count; i++) {
		const struct field *f = o->fields[i];
		const struct salesforce_rules *rules = f->rules;

		if (!(f->flags & FIELD_REQUIRED) || rules->defaulted || after(o, row, f).len)
			continue;
		snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s",
			 names[0] ? ", " : "", f->name);
	}
	if (names[0])
		salesforce_wrong(&row->problem, "REQUIRED_FIELD_MISSING", names,
				 "Required fields are missing: [%s]", names);
}

static void
check_unique(struct request *q, struct object *o, struct salesforce_row *row)
{
	for (size_t i = 0; i < row->count; i++) {
		const struct field *f = row->changes[i].field;
		struct record *other = f->index && row->changes[i].raw.len
			? object_by_key(o, f, json_unquote(q->arena, row->changes[i].raw))
			: NULL;
		char id[SALESFORCE_ID + 1];

		if (!other || other == row->record || sim_options.no_unique)
			continue;
		salesforce_id(id, salesforce_of(o)->prefix, other->id);
		salesforce_wrong(&row->problem, "DUPLICATE_VALUE", f->name, "duplicate value "
				 "found: %s duplicates value on record with id: %.15s",
				 f->name, id);
	}
}

/* A duplicate rule of the org; the header lets one pass that only alerts. */
static void
check_alike(struct request *q, struct object *o, struct salesforce_row *row)
{
	const struct salesforce_object *extra = o->extra;
	struct text allow = request_header(q, "Sforce-Duplicate-Rule-Header");
	bool allowed = allow.len && !extra->alike_blocks &&
		strstr(sim_strz(q->arena, allow), "allowSave=true");
	struct text raw = extra->alike ? after(o, row, extra->alike) : (struct text){ 0 };

	for (size_t i = 0; raw.len && !allowed && i < o->count; i++) {
		const struct record *r = o->records[i];

		if (r == row->record || r->gone || r->now.archived ||
		    !text_equal(block_get(r->now.block, extra->alike), raw))
			continue;
		salesforce_wrong(&row->problem, "DUPLICATES_DETECTED", NULL,
				 "Use one of these records?");
		return;
	}
}

static bool
is_forbidden(struct salesforce_object *extra)
{
	if (!extra->forbidden[0] || extra->spared-- > 0 || extra->refusals == 0)
		return false;
	extra->refusals--;
	return true;
}

static void
check_org(struct object *o, struct salesforce_row *row)
{
	struct salesforce_object *extra = o->extra;

	if (is_forbidden(extra))
		salesforce_wrong(&row->problem, extra->forbidden,
				 extra->forbidden_field[0] ? extra->forbidden_field : NULL,
				 "%s", extra->forbids[0] ? extra->forbids
				 : "insufficient access rights on object id");
	if (extra->trigger[0])
		salesforce_wrong(&row->problem, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", NULL,
				 "%sTrigger: execution of BeforeInsert caused by: %s", o->name,
				 extra->trigger);
	for (size_t i = 0; i < o->field_count; i++) {
		const struct field *f = o->fields[i];

		if (salesforce_rules(f)->complaint[0] && !after(o, row, f).len)
			salesforce_wrong(&row->problem, "FIELD_CUSTOM_VALIDATION_EXCEPTION",
					 f->name, "%s", salesforce_rules(f)->complaint);
	}
}

/* What others hold is not waited for (section 5). */
static void
check_locks(struct request *q, struct salesforce_row *row, const struct json *key)
{
	struct salesforce *s = salesforce_state(q->sim);

	if (row->problem.code || (s->locks == 0 && !(key && s->locked[0] &&
	                                             text_is(key->text, s->locked))))
		return;
	s->locks -= s->locks > 0;
	salesforce_wrong(&row->problem, "UNABLE_TO_LOCK_ROW", NULL,
			 "unable to obtain exclusive access to this record");
}

void
salesforce_write_row(struct request *q, struct object *o, struct salesforce_row *row)
{
	static const char *const ops[] = { "create", "update", "upsert", "archive" };
	const struct json *key = row->key ? json_get(row->json, row->key->name) : NULL;
	struct origin by = { .op = ops[row->op], .by = "api", .now_ms = q->now_ms };
	char id[SALESFORCE_ID + 1];

	/* The rows before may have made what this one looks for. */
	if (row->op == S_UPSERT && !row->problem.code)
		find_target(q, o, row);
	if (row->op != S_DELETE) {
		check_required(o, row);
		check_org(o, row);
		check_unique(q, o, row);
		check_alike(q, o, row);
	}
	check_locks(q, row, key);
	if (row->problem.code)
		return;
	by.key = key ? key->text : (struct text){ 0 };
	row->created = !row->record;
	if (row->op == S_DELETE)
		store_archive(o, row->record, &by);
	else if (row->record)
		store_update(o, row->record, row->changes, row->count, &by);
	else
		row->record = store_create(o, 0, row->changes, row->count, &by);
	salesforce_id(id, salesforce_of(o)->prefix, row->record->id);
	row->id = arena_copy(q->arena, text_of(id));
}

/* ---- Single records -------------------------------------------------------------- */

/* A name in a list: "a, b" -> "a","b". */
static void
put_names(struct buf *out, const char *names)
{
	struct text rest = text_of(names);
	bool first = true;

	while (rest.len) {
		buf_comma(out, &first);
		buf_quote(out, text_trim(text_until(&rest, ',')));
	}
}

static void
answer_problem(struct reply *r, const struct salesforce_problem *p)
{
	int status = !strcmp(p->code, "ENTITY_IS_DELETED") ? 404
		: !strcmp(p->code, "INVALID_CROSS_REFERENCE_KEY") && !p->field[0] ? 404
		: !strncmp(p->code, "INSUFFICIENT_ACCESS", 19) ? 403 : 400;
	struct buf *out = reply_start(r, status);

	buf_str(out, "[{\"message\":");
	buf_quotez(out, p->message);
	buf_fmt(out, ",\"errorCode\":\"%s\",\"fields\":[",
		status == 404 && strcmp(p->code, "ENTITY_IS_DELETED") ? "NOT_FOUND" : p->code);
	put_names(out, p->field);
	buf_str(out, "]}]");
}

static bool
body_is_object(struct request *q, struct reply *r)
{
	if (q->json && q->json->kind == JSON_OBJECT)
		return true;
	salesforce_error(r, 400, "JSON_PARSER_ERROR", NULL, "The HTTP entity body is required, "
			 "but this request has no entity body.");
	return false;
}

static void
write_single(struct request *q, struct reply *r, struct object *o, struct salesforce_row *row)
{
	if (salesforce_read_row(q, o, row))
		salesforce_write_row(q, o, row);
	if (row->problem.code) {
		answer_problem(r, &row->problem);
		return;
	}
	if (row->op != S_UPSERT && row->op != S_INSERT) {
		reply_start(r, 204);
		return;
	}
	buf_fmt(reply_start(r, row->created ? 201 : 200), "{\"id\":\"%.*s\",\"success\":true,"
		"\"errors\":[]%s}", (int)row->id.len, row->id.ptr,
		row->op == S_INSERT ? "" : row->created ? ",\"created\":true"
		: ",\"created\":false");
}

static void
single(struct request *q, struct reply *r, enum salesforce_op op)
{
	struct object *o = salesforce_object_of(q, r, q->vars[1]);
	struct salesforce_row row = { .json = q->json, .op = op, .id = q->vars[2] };

	if (o && (op == S_DELETE || body_is_object(q, r)))
		write_single(q, r, o, &row);
}

void
salesforce_post_record(struct request *q, struct reply *r)
{
	single(q, r, S_INSERT);
}

void
salesforce_patch_record(struct request *q, struct reply *r)
{
	single(q, r, S_UPDATE);
}

void
salesforce_delete_record(struct request *q, struct reply *r)
{
	single(q, r, S_DELETE);
}

static void
write_whole(struct request *q, struct reply *r, const struct object *o,
	    const struct record *record)
{
	struct text names = request_query(q, "fields");
	struct buf *out = reply_start(r, 200);
	char id[SALESFORCE_ID + 1];

	salesforce_id(id, salesforce_of(o)->prefix, record->id);
	buf_fmt(out, "{\"attributes\":{\"type\":\"%s\",\"url\":\"/services/data/v67.0/sobjects/"
		"%s/%s\"}", o->name, o->name, id);
	for (size_t i = 0; i < o->field_count; i++) {
		struct text rest = names, raw;
		bool wanted = !names.len;

		while (rest.len)
			wanted |= text_is(text_until(&rest, ','), o->fields[i]->name);
		if (!wanted || salesforce_rules(o->fields[i])->hidden)
			continue;
		raw = salesforce_raw(q->arena, o, record, o->fields[i]);
		buf_str(out, ",");
		buf_str(out, o->fields[i]->quoted);
		buf_text(out, raw.len ? raw : TEXT("null"));
	}
	buf_str(out, "}");
}

static void
not_found(struct reply *r)
{
	salesforce_error(r, 404, "NOT_FOUND", NULL, "The requested resource does not exist");
}

void
salesforce_get_record(struct request *q, struct reply *r)
{
	struct object *o = salesforce_object_of(q, r, q->vars[1]);
	uint64_t id = o ? salesforce_read_id(o, q->vars[2]) : 0;
	struct record *record = id ? object_record(o, id) : NULL;

	if (record && !record->now.archived && record->visible_ms <= q->now_ms)
		write_whole(q, r, o, record);
	else if (o)
		not_found(r);
}

/* 300: the key is of several records, and nothing is done (section 0, shape e). */
static bool
several(struct request *q, struct reply *r, struct object *o, const struct field *f)
{
	struct record *found;
	char id[SIM_ID_BYTES];
	bool first = true;

	if (holders(q, o, f, q->vars[3], &found) < 2)
		return false;
	buf_str(reply_start(r, 300), "[");
	for (size_t i = 0; i < o->count; i++) {
		struct text raw = block_get(o->records[i]->now.block, f);

		if (o->records[i]->gone || o->records[i]->now.archived ||
		    salesforce_compare_text(json_unquote(q->arena, raw), q->vars[3]) != 0)
			continue;
		buf_comma(&r->body, &first);
		buf_fmt(&r->body, "\"/services/data/v67.0/sobjects/%s/%s\"", o->name,
			sim_id(o->crm, o->records[i]->id, id));
	}
	buf_str(&r->body, "]");
	return true;
}

static struct field *
key_of(struct reply *r, const struct object *o, struct text name)
{
	struct field *f = o ? salesforce_seen(o, name) : NULL;

	if (f && salesforce_rules(f)->external)
		return f;
	if (o)
		not_found(r);
	return NULL;
}

/* The body of an upsert by path, with the key in it. */
static const struct json *
with_key(struct request *q, const struct field *f, struct text value)
{
	struct json *whole = arena_alloc(q->arena, sizeof *whole);
	struct json *key = arena_alloc(q->arena, sizeof *key);

	*key = (struct json){ .kind = JSON_STRING, .name = text_of(f->name), .text = value,
			      .next = q->json->child };
	*whole = *q->json;
	whole->child = key;
	whole->count++;
	return whole;
}

void
salesforce_upsert_record(struct request *q, struct reply *r)
{
	struct object *o = salesforce_object_of(q, r, q->vars[1]);
	struct field *f = key_of(r, o, q->vars[2]);
	struct salesforce_row row = { .op = S_UPSERT, .key = f };
	struct record *found;

	if (!f || !body_is_object(q, r) || several(q, r, o, f))
		return;
	if (json_get(q->json, f->name)) {
		salesforce_error(r, 400, "INVALID_FIELD", f->name, "The %s field should not be "
				 "specified in the sobject data.", f->name);
		return;
	}
	if (text_is(request_query(q, "updateOnly"), "true") &&
	    !holders(q, o, f, q->vars[3], &found)) {
		not_found(r);
		return;
	}
	row.json = with_key(q, f, q->vars[3]);
	write_single(q, r, o, &row);
}

void
salesforce_get_by_key(struct request *q, struct reply *r)
{
	struct object *o = salesforce_object_of(q, r, q->vars[1]);
	struct field *f = key_of(r, o, q->vars[2]);
	struct record *found = NULL;

	if (!f || several(q, r, o, f))
		return;
	if (holders(q, o, f, q->vars[3], &found))
		write_whole(q, r, o, found);
	else
		not_found(r);
}

/* ---- Collections (section 4.1) ------------------------------------------------------ */

struct batch {
	struct salesforce_row rows[ROWS_MAX];
	struct object *objects[ROWS_MAX];
	size_t count;
	bool all_or_none;
};

static void
put_result(struct buf *out, const struct salesforce_row *row, bool rolled_back)
{
	const struct salesforce_problem *p = &row->problem;

	if (!p->code && !rolled_back) {
		buf_fmt(out, "{\"id\":\"%.*s\",\"success\":true,\"errors\":[]%s}",
			(int)row->id.len, row->id.ptr, row->op != S_UPSERT ? ""
			: row->created ? ",\"created\":true" : ",\"created\":false");
		return;
	}
	buf_str(out, "{");
	if (row->op == S_UPDATE || row->op == S_DELETE) {
		buf_str(out, "\"id\":");
		buf_quote(out, row->id);
		buf_str(out, ",");
	}
	buf_fmt(out, "\"success\":false,\"errors\":[{\"statusCode\":\"%s\",\"message\":",
		p->code ? p->code : "ALL_OR_NONE_OPERATION_ROLLED_BACK");
	buf_quotez(out, p->code ? p->message : "Record rolled back because not all records were "
		   "valid and the request was using AllOrNone header");
	buf_str(out, ",\"fields\":[");
	put_names(out, p->field);
	buf_fmt(out, "]}]%s}", row->op == S_UPSERT ? ",\"created\":false" : "");
}

static void
write_batch(struct request *q, struct reply *r, struct batch *b)
{
	bool failed = false, first = true;

	for (size_t i = 0; i < b->count; i++)
		if (!salesforce_read_row(q, b->objects[i], &b->rows[i])) {
			answer_problem(r, &b->rows[i].problem);
			return;
		}
	if (b->all_or_none)
		store_begin();
	for (size_t i = 0; i < b->count; i++) {
		salesforce_write_row(q, b->objects[i], &b->rows[i]);
		failed |= b->rows[i].problem.code != NULL;
	}
	if (b->all_or_none && failed)
		store_rollback();
	else if (b->all_or_none)
		store_commit();
	buf_str(reply_start(r, 200), "[");
	for (size_t i = 0; i < b->count; i++) {
		buf_comma(&r->body, &first);
		put_result(&r->body, &b->rows[i], b->all_or_none && failed);
	}
	buf_str(&r->body, "]");
}

static bool
add_row(struct request *q, struct reply *r, struct batch *b, const struct json *j,
	enum salesforce_op op, const struct field *key)
{
	struct text type = json_text(json_get(j, "attributes"), "type");
	struct object *o = sim_object(q->sim, type);
	struct text id = json_text(j, "id");

	if (!id.ptr)
		id = json_text(j, "Id");
	if (!o) {
		salesforce_error(r, 400, type.len ? "INVALID_TYPE" : "INVALID_INPUT", NULL,
				 "Include an entity type in the attributes of each record: "
				 "\"%.*s\"", (int)type.len, type.len ? type.ptr : "");
		return false;
	}
	if ((op == S_UPSERT || op == S_INSERT) && id.ptr) {
		salesforce_error(r, 400, "INVALID_INPUT", "Id",
				 "The Id field should not be specified in the sobject data.");
		return false;
	}
	b->objects[b->count] = o;
	b->rows[b->count++] = (struct salesforce_row){ .json = j, .op = op, .key = key,
						       .id = id };
	return true;
}

static const struct json *
records_of(struct request *q, struct reply *r)
{
	const struct json *records = body_is_object(q, r) ? json_get(q->json, "records") : NULL;

	if (!q->json || q->json->kind != JSON_OBJECT)
		return NULL;
	if (!records || records->kind != JSON_ARRAY || !records->count) {
		salesforce_error(r, 400, "INVALID_INPUT", NULL, "No records were specified");
		return NULL;
	}
	if (records->count > ROWS_MAX) {
		salesforce_error(r, 400, "EXCEEDED_ID_LIMIT", NULL, "record limit reached. "
				 "cannot submit more than 200 records in this request");
		return NULL;
	}
	return records;
}

static void
collection(struct request *q, struct reply *r, enum salesforce_op op, struct object *o,
	   const struct field *key)
{
	const struct json *records = records_of(q, r);
	struct batch *b = arena_alloc(q->arena, sizeof *b);

	if (!records)
		return;
	memset(b, 0, sizeof *b);
	b->all_or_none = json_true(q->json, "allOrNone");
	for (const struct json *j = records->child; j; j = j->next) {
		if (!add_row(q, r, b, j, op, key))
			return;
		if (o && b->objects[b->count - 1] != o) {
			salesforce_error(r, 400, "INVALID_INPUT", NULL, "The records must be of "
					 "one type, %s", o->name);
			return;
		}
	}
	write_batch(q, r, b);
}

void
salesforce_collections_post(struct request *q, struct reply *r)
{
	collection(q, r, S_INSERT, NULL, NULL);
}

void
salesforce_collections_patch(struct request *q, struct reply *r)
{
	collection(q, r, S_UPDATE, NULL, NULL);
}

void
salesforce_collections_upsert(struct request *q, struct reply *r)
{
	struct object *o = salesforce_object_of(q, r, q->vars[1]);
	struct field *f = key_of(r, o, q->vars[2]);

	if (f && sim_options.no_upsert)
		salesforce_error(r, 400, "INVALID_ENTITY_FOR_UPSERT", NULL,
				 "upsert is not supported for this entity");
	else if (f)
		collection(q, r, S_UPSERT, o, f);
}

void
salesforce_collections_delete(struct request *q, struct reply *r)
{
	struct batch *b = arena_alloc(q->arena, sizeof *b);
	struct text rest = request_query(q, "ids");

	memset(b, 0, sizeof *b);
	b->all_or_none = text_is(request_query(q, "allOrNone"), "true");
	while (rest.len && b->count < ROWS_MAX) {
		struct text id = text_until(&rest, ',');
		struct object *o = q->sim->objects;

		while (o && (id.len < 3 || strncmp(salesforce_of(o)->prefix, id.ptr, 3) != 0))
			o = o->next;
		b->objects[b->count] = o ? o : q->sim->objects;
		b->rows[b->count++] = (struct salesforce_row){ .op = S_DELETE, .id = id };
	}
	if (!b->count || rest.len) {
		salesforce_error(r, 400, "INVALID_INPUT", NULL, "from 1 to 200 ids are wanted");
		return;
	}
	write_batch(q, r, b);
}
