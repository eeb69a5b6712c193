/* SPDX-License-Identifier: Apache-2.0 */
/* hubspot_read.c - records of the simulated HubSpot as they are sent out: listed,
 * one by one, by a batch of ids, and their associations (sheet, sections 3.1,
 * 3.3, 3.5).  The routes of hubspot.c call it; so do search and writes. */
#include "hubspot.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_MAX 100
#define BATCH_MAX 100

/* ---- Objects as they are sent out --------------------------------------- */

static int
by_slot(const void *a, const void *b)
{
	const struct field *const *x = a, *const *y = b;

	return (*x)->slot < (*y)->slot ? -1 : (*x)->slot > (*y)->slot;
}

static const char *const defaults[][8] = {
	{ "contacts", "firstname", "lastname", "email", "createdate", "lastmodifieddate",
	  "hs_object_id" },
	{ "companies", "name", "domain", "createdate", "hs_lastmodifieddate",
	  "hs_object_id" },
	{ "deals", "dealname", "amount", "closedate", "pipeline", "dealstage",
	  "createdate", "hs_lastmodifieddate" },
};

struct hubspot_wanted
hubspot_want(struct request *q, struct object *o, const struct text *names, size_t count)
{
	struct hubspot_wanted w = {
		.fields = arena_alloc(q->arena, (count + 10) * sizeof(void *)),
	};
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		struct field *f = object_field(o, names[i]);

		if (f)
			w.fields[w.count++] = f;
	}
	for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
		for (size_t j = 1; j < 8 && defaults[i][j]; j++)
			if (!strcmp(o->name, defaults[i][0]) &&
			    (!count || text_starts(text_of(defaults[i][j]), "hs_") ||
			     strstr(defaults[i][j], "date")))
				w.fields[w.count++] = object_field(o,
							text_of(defaults[i][j]));
	qsort(w.fields, w.count, sizeof *w.fields, by_slot);
	for (size_t i = 0; i < w.count; i++)
		if (!kept || w.fields[kept - 1] != w.fields[i])
			w.fields[kept++] = w.fields[i];
	w.count = kept;
	return w;
}

struct hubspot_wanted
hubspot_want_json(struct request *q, struct object *o, const struct json *names)
{
	size_t n = 0;
	struct text *list = arena_alloc(q->arena,
				((names ? names->count : 0) + 1) * sizeof *list);

	for (const struct json *j = names ? names->child : NULL; j; j = j->next)
		list[n++] = j->text;
	return hubspot_want(q, o, list, n);
}

/* `properties=a,b` and `properties=a&properties=b` alike: the vendor's own
 * client sends the second. */
static struct hubspot_wanted
want_query(struct request *q, struct object *o)
{
	struct text *list = arena_alloc(q->arena, (q->uri.len + 1) * sizeof *list);
	size_t n = 0;

	for (size_t i = 0; i < q->query_count; i++) {
		struct text rest = q->query[i].value;

		if (text_is(q->query[i].name, "properties"))
			while (rest.len)
				list[n++] = text_until(&rest, ',');
	}
	return hubspot_want(q, o, list, n);
}

static void
write_time(struct buf *out, int64_t ms)
{
	char iso[40];

	time_iso(iso, ms);
	buf_add(out, "\"", 1);
	buf_str(out, iso);
	buf_add(out, "\"", 1);
}

static void
write_system(struct buf *out, const struct field *f, const struct record *r,
	     const struct version *v)
{
	const struct hubspot_rules *rules = f->rules;

	if (rules->system == H_ID)
		buf_fmt(out, "\"%llu\"", (unsigned long long)r->id);
	else
		write_time(out,
			   rules->system == H_CREATED ? r->created_ms : v->updated_ms);
}

static void
write_properties(struct buf *out, const struct record *r, const struct version *v,
		 const struct hubspot_wanted *w)
{
	size_t at = 0;
	unsigned slot = 0;
	struct text raw = { 0 };
	bool more = block_next(v->block, &at, &slot, &raw), first = true;

	for (size_t i = 0; i < w->count; i++) {
		const struct field *f = w->fields[i];

		buf_comma(out, &first);
		buf_str(out, f->quoted);
		while (more && slot < f->slot)
			more = block_next(v->block, &at, &slot, &raw);
		if (f->flags & FIELD_SYSTEM)
			write_system(out, f, r, v);
		else if (more && slot == f->slot)
			buf_text(out, raw);
		else
			buf_str(out, "null");
	}
}

void
hubspot_write_object(struct buf *out, const struct object *o, const struct record *r,
		     const struct version *v, const struct hubspot_wanted *w)
{
	buf_str(out, "\"id\":\"");
	buf_int(out, (int64_t)r->id);
	buf_str(out, "\",\"properties\":{");
	write_properties(out, r, v, w);
	buf_str(out, "},\"createdAt\":");
	write_time(out, r->created_ms);
	buf_str(out, ",\"updatedAt\":");
	write_time(out, v->updated_ms);
	buf_str(out, v->archived ? ",\"archived\":true" : ",\"archived\":false");
	if (v->archived) {
		buf_str(out, ",\"archivedAt\":");
		write_time(out, r->archived_ms);
	}
	buf_fmt(out, ",\"url\":\"https://app.hubspot.com/contacts/62515/record/%s/%llu\"",
		hubspot_type_id(o), (unsigned long long)r->id);
}

/* ---- Reads -------------------------------------------------------------- */

static bool
page_size(struct request *q, struct reply *r, int64_t *limit)
{
	struct text given = request_query(q, "limit");
	int64_t most =
		request_query(q, "propertiesWithHistory").len ? PAGE_MAX / 2 : PAGE_MAX;

	*limit = 10;
	if (!given.len)
		return true;
	if (text_int(given, limit) && *limit >= 1 && *limit <= most)
		return true;
	hubspot_error(r, 400, "VALIDATION_ERROR",
		      "Invalid page size: limit must be between 1 "
		      "and %lld",
		      (long long)most);
	return false;
}

static void
write_next(struct buf *out, uint64_t after)
{
	buf_fmt(out, ",\"paging\":{\"next\":{\"after\":\"%llu\",\"link\":"
		"\"https://api.hubapi.com/crm/objects?after=%llu\"}}",
		(unsigned long long)after, (unsigned long long)after);
}

/* The record that is listed at position 'i'.  In disorder, for benchmarks: by steps of
 * a prime that is above any count, so each comes once. */
static const struct record *
record_listed(const struct request *q, const struct object *o, size_t i)
{
	if (hubspot_options(q->sim)->disorder)
		i = (size_t)((uint64_t)i * UINT64_C(2654435761) % o->count);
	return o->records[i];
}

static bool
listed(const struct record *record, bool archived, int64_t now_ms)
{
	return !record->gone && record->now.archived == archived &&
	       record->visible_ms <= now_ms;
}

void
hubspot_get_list(struct request *q, struct reply *r)
{
	struct object *o = hubspot_object_of(q, r);
	bool archived = text_is(request_query(q, "archived"), "true"), first = true;
	struct text after_text = request_query(q, "after");
	int64_t limit, after = 0;

	if (!o || !page_size(q, r, &limit))
		return;
	if (after_text.len && (!text_int(after_text, &after) || after < 0)) {
		hubspot_error(r, 400, "VALIDATION_ERROR", "Invalid paging cursor: %.*s",
			      (int)after_text.len, after_text.ptr);
		return;
	}
	struct hubspot_wanted w = want_query(q, o);
	struct buf *out = reply_start(r, 200);
	bool disorder = hubspot_options(q->sim)->disorder;
	size_t i = disorder ? (size_t)after : object_seek(o, (uint64_t)after);
	buf_str(out, "{\"results\":[");
	for (; i < o->count && limit; i++) {
		const struct record *record = record_listed(q, o, i);

		if (!listed(record, archived, q->now_ms))
			continue;
		limit--;
		buf_comma(out, &first);
		buf_str(out, "{");
		hubspot_write_object(out, o, record, &record->now, &w);
		buf_str(out, "}");
	}
	while (i < o->count && !listed(record_listed(q, o, i), archived, q->now_ms))
		i++;
	buf_str(out, "]");
	if (i < o->count)
		write_next(out, disorder ? i : o->records[i]->id);
	buf_str(out, "}");
}

/* By id, or by a unique property. */
static struct record *
find_one(struct request *q, struct object *o, struct text id, struct text id_property,
	 bool archived)
{
	int64_t n = 0;
	struct record *record = NULL;
	struct field *f = id_property.len ? object_field(o, id_property) : NULL;

	if (f && !text_is(id_property, "hs_object_id"))
		record = object_by_key(o, f, id);
	else if (text_int(id, &n))
		record = object_record(o, (uint64_t)n);
	if (!record || record->now.archived != archived || record->visible_ms > q->now_ms)
		return NULL;
	return record;
}

/* Who took over the record of that id: read alone, HubSpot answers with the survivor. */
static struct record *
find_survivor(struct request *q, struct object *o, struct text id)
{
	struct field *merged = object_field(o, TEXT("hs_merged_object_ids"));

	for (size_t i = 0; merged && i < o->count; i++) {
		struct record *record = o->records[i];
		struct text rest = record->gone || record->now.archived ? TEXT("")
			: json_unquote(q->arena, block_get(record->now.block, merged));

		while (rest.len)
			if (text_equal(text_until(&rest, ';'), id))
				return record;
	}
	return NULL;
}

void
hubspot_get_one(struct request *q, struct reply *r)
{
	struct object *o = hubspot_object_of(q, r);

	if (!o)
		return;
	struct record *record = find_one(q, o, q->vars[2], request_query(q, "idProperty"),
		text_is(request_query(q, "archived"), "true"));
	if (!record)
		record = find_survivor(q, o, q->vars[2]);
	if (!record) {
		hubspot_error(r, 404, "OBJECT_NOT_FOUND",
			      "Object not found. objectId are "
			      "usually numeric.");
		return;
	}
	struct hubspot_wanted w = want_query(q, o);
	struct buf *out = reply_start(r, 200);
	buf_str(out, "{");
	hubspot_write_object(out, o, record, &record->now, &w);
	buf_str(out, "}");
}

static void
write_missing(struct buf *out, const struct object *o, const struct buf *missing,
	      size_t count)
{
	static const char *const names[][2] = {
		{ "contacts", "CONTACT" },
		{ "companies", "COMPANY" },
		{ "deals", "DEAL" },
	};
	const char *name = "OBJECT";

	for (size_t i = 0; i < 3; i++)
		if (!strcmp(o->name, names[i][0]))
			name = names[i][1];
	buf_fmt(out,
		",\"numErrors\":%zu,\"errors\":[{\"status\":\"error\",\"category\":"
		"\"OBJECT_NOT_FOUND\",\"message\":\"Could not get some %s objects, they "
		"may "
		"be "
		"deleted or not exist. Check that ids are "
		"valid.\",\"context\":{\"ids\":[",
		count ? (size_t)1 : 0, name);
	buf_text(out, buf_view(missing));
	buf_str(out, "]}}]");
}

static void
write_span(struct buf *out, int64_t now_ms)
{
	buf_str(out, ",\"startedAt\":");
	write_time(out, now_ms);
	buf_str(out, ",\"completedAt\":");
	write_time(out, now_ms);
}

bool
hubspot_inputs_ok(struct request *q, struct reply *r, size_t most)
{
	const struct json *inputs = json_get(q->json, "inputs");

	if (!inputs || inputs->kind != JSON_ARRAY) {
		hubspot_error(r, 400, "VALIDATION_ERROR", "Invalid input JSON on line 1, "
			      "column 1: Some required fields were not set: [inputs]");
		return false;
	}
	if (inputs->count > most) {
		hubspot_error(r, 400, "VALIDATION_ERROR",
			      "The number of inputs, %zu, exceeds "
			      "the limit of %zu",
			      inputs->count, most);
		return false;
	}
	return true;
}

static bool
id_property_ok(struct reply *r, struct object *o, struct text name)
{
	struct field *f = name.len ? object_field(o, name) : NULL;

	if (!name.len || (f && hubspot_is_key(o, f)))
		return true;
	hubspot_error(r, 400, "VALIDATION_ERROR",
		      "Unable to perform read by non-unique %s "
		      "property %.*s",
		      hubspot_type_id(o), (int)name.len, name.ptr);
	return false;
}

void
hubspot_batch_read(struct request *q, struct reply *r)
{
	struct object *o = hubspot_object_of(q, r);
	struct text id_property = json_text(q->json, "idProperty");
	struct buf missing = { 0 };
	size_t count = 0;
	bool first = true, none = true;

	if (!o || !hubspot_inputs_ok(q, r, BATCH_MAX) || !id_property_ok(r, o, id_property))
		return;
	struct hubspot_wanted w =
		hubspot_want_json(q, o, json_get(q->json, "properties"));
	struct buf *out = reply_start(r, 200);
	buf_str(out, "{\"status\":\"COMPLETE\",\"results\":[");
	for (const struct json *j = json_get(q->json, "inputs")->child; j; j = j->next) {
		struct record *record = find_one(q, o, json_text(j, "id"), id_property,
			text_is(request_query(q, "archived"), "true"));

		if (!record) {
			buf_comma(&missing, &none);
			buf_quote(&missing, json_text(j, "id"));
			count++;
			continue;
		}
		buf_comma(out, &first);
		buf_str(out, "{");
		hubspot_write_object(out, o, record, &record->now, &w);
		buf_str(out, "}");
	}
	buf_str(out, "]");
	if (count) {
		r->status = 207;
		write_missing(out, o, &missing, count);
	}
	write_span(out, q->now_ms);
	buf_str(out, "}");
	buf_clear(&missing);
}
