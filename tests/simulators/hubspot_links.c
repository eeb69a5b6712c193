/* SPDX-License-Identifier: Apache-2.0 */
/* hubspot_links.c - associations of the simulated HubSpot: read, made, labelled and
 * removed in batches (sheet, sections 3.5, 4.5, 8).  The routes of hubspot.c call it,
 * and hubspot_batch.c for those that stand in a create. */
#include "hubspot.h"

#include <stdio.h>
#include <string.h>

#define READ_MAX 1000u                  /* Inputs of a read, and of a write. */
#define WRITE_MAX 2000u
#define PAGE 500u                       /* Associations of one record in an answer. */
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Of the vendor's own objects (section 8). */
static const struct hubspot_kind kinds[] = {
	{ "contacts", "companies", 279, 1 }, { "companies", "contacts", 280, 2 },
	{ "deals", "contacts", 3, 0 },       { "contacts", "deals", 4, 0 },
	{ "deals", "companies", 341, 5 },    { "companies", "deals", 342, 6 },
	{ "contacts", "contacts", 449, 0 },  { "companies", "companies", 450, 0 },
	{ "deals", "deals", 451, 0 },
	{ "leads", "contacts", 608, 578 },   { "leads", "companies", 610, 0 },
	{ "tasks", "contacts", 204, 0 },     { "contacts", "tasks", 203, 0 },
	{ "tasks", "companies", 192, 0 },    { "companies", "tasks", 191, 0 },
	{ "tasks", "deals", 216, 0 },        { "deals", "tasks", 215, 0 },
	{ "emails", "contacts", 198, 0 },    { "contacts", "emails", 197, 0 },
	{ "emails", "companies", 186, 0 },   { "companies", "emails", 185, 0 },
	{ "emails", "deals", 210, 0 },       { "deals", "emails", 209, 0 },
	/* XXX not seen: the ways back from a lead. */
	{ "contacts", "leads", 609, 579 },   { "companies", "leads", 611, 0 },
};

static const struct hubspot_kind *
among(const struct hubspot_kind *list, size_t count, const struct object *from,
      const struct object *to)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i].from, from->name) && !strcmp(list[i].to, to->name))
			return &list[i];
	return NULL;
}

/* NULL: such objects are not associated. */
static const struct hubspot_kind *
kind_of(const struct object *from, const struct object *to)
{
	const struct hubspot_schema *a = hubspot_schema_of(from);
	const struct hubspot_schema *b = hubspot_schema_of(to);
	const struct hubspot_kind *kind = among(kinds, COUNT(kinds), from, to);

	if (!kind)
		kind = among(a->kinds, a->kind_count, from, to);
	return kind ? kind : among(b->kinds, b->kind_count, from, to);
}

/* Those of custom objects are the account's own. */
static const char *
category_of(const struct hubspot_kind *kind)
{
	return kind->plain < HUBSPOT_OWN_TYPES ? "HUBSPOT_DEFINED" : "USER_DEFINED";
}

/* ---- Labels of the account ------------------------------------------------- */

#define FIRST_LABEL 2000                /* Type of the first; each has two. */

/* The type of label 'i' from an object to another; 0: it is not of such a pair. */
static int64_t
label_type(const struct hubspot_links *l, size_t i, const struct object *from,
	   const struct object *to)
{
	const struct hubspot_label *label = &l->labels[i];

	if (label->from == from && label->to == to)
		return FIRST_LABEL + 2 * (int64_t)i;
	return label->from == to && label->to == from ? FIRST_LABEL + 2 * (int64_t)i + 1
						       : 0;
}

void
hubspot_post_label(struct request *q, struct reply *r)
{
	struct hubspot_links *l = hubspot_links(q->sim);
	struct object *from = hubspot_object(q->sim, json_text(q->json, "from"));
	struct object *to = hubspot_object(q->sim, json_text(q->json, "to"));

	if (!from || !to || from == to || l->label_count == HUBSPOT_LABELS) {
		buf_str(reply_start(r, 400), "{\"error\":\"no such objects\"}");
		return;
	}
	struct hubspot_label *label = &l->labels[l->label_count];
	*label = (struct hubspot_label){ .from = from, .to = to };
	snprintf(label->name, sizeof label->name, "%s",
		 sim_strz(q->arena, json_text(q->json, "label")));
	buf_fmt(reply_start(r, 200), "{\"typeId\":%lld}",
		(long long)label_type(l, l->label_count++, from, to));
}

/* ---- What is kept: each pair twice, once from either end ------------------- */

static struct hubspot_link *
find(struct hubspot_links *l, const struct hubspot_link *wanted)
{
	for (size_t i = 0; i < l->count; i++) {
		struct hubspot_link *k = &l->list[i];

		if (k->from == wanted->from && k->to == wanted->to &&
		    k->from_id == wanted->from_id && k->to_id == wanted->to_id)
			return k;
	}
	return NULL;
}

static struct hubspot_link
turned(const struct hubspot_link *k)
{
	return (struct hubspot_link){ k->to, k->from, k->to_id, k->from_id, k->primary,
				      k->labels };
}

static void
set(struct hubspot_links *l, const struct hubspot_link *k, bool labels)
{
	struct hubspot_link *old = find(l, k);

	if (old) {
		old->primary = labels ? k->primary : old->primary;
		old->labels = labels ? k->labels : old->labels;
		return;
	}
	if ((l->count & (l->count + 1)) == 0)
		l->list = sim_realloc(l->list, (l->count + 1) * 2 * sizeof *l->list);
	l->list[l->count++] = *k;
}

/* A record has one primary company, a lead one primary contact: the one before is none any
 * more. */
static void
demote(struct hubspot_links *l, const struct hubspot_link *k)
{
	for (size_t i = 0; i < l->count; i++) {
		struct hubspot_link *one = &l->list[i];

		if (one->from != k->from || one->from_id != k->from_id || one->to != k->to)
			continue;
		struct hubspot_link back = turned(one);
		struct hubspot_link *other = find(l, &back);
		one->primary = false;
		if (other)
			other->primary = false;
	}
}

/* 'labels': they replace what the pair had; else an old pair stays as it is. */
static void
join(struct hubspot_links *l, const struct hubspot_link *k, bool labels)
{
	struct hubspot_link back = turned(k);

	if (k->primary)
		demote(l, strcmp(k->from->name, "companies") && strcmp(k->to->name, "leads")
			  ? k : &back);
	set(l, k, labels);
	set(l, &back, labels);
}

static void
part(struct hubspot_links *l, const struct hubspot_link *k)
{
	struct hubspot_link *old = find(l, k);

	if (old)
		*old = l->list[--l->count];
}

/* ---- Inputs ------------------------------------------------------------------ */

struct pairing {
	struct request *q;
	struct reply *r;
	struct object *from, *to;
	const struct hubspot_kind *kind;
	const struct json *inputs;
	struct buf errors;
	size_t error_count;
};

/* False after an answer. */
static bool
begin(struct pairing *p, struct request *q, struct reply *r, size_t most)
{
	*p = (struct pairing){ .q = q, .r = r, .from = hubspot_object(q->sim, q->vars[1]),
			       .to = hubspot_object(q->sim, q->vars[2]),
			       .inputs = json_get(q->json, "inputs") };
	if (!p->from || !p->to) {
		struct text name = q->vars[p->from ? 2 : 1];

		hubspot_error(r, 400, "VALIDATION_ERROR", "Unable to infer object type "
			      "from: %.*s", (int)name.len, name.ptr);
		return false;
	}
	p->kind = kind_of(p->from, p->to);
	/* XXX HubSpot's words for it were never seen. */
	if (!p->kind)
		hubspot_error(r, 400, "VALIDATION_ERROR", "No association is defined "
			      "from %s to %s", hubspot_type_id(p->from),
			      hubspot_type_id(p->to));
	return p->kind && hubspot_inputs_ok(q, r, most);
}

static struct record *
live(struct pairing *p, struct object *o, const struct json *id)
{
	int64_t number = 0;
	struct record *record = text_int(json_text(id, "id"), &number) ?
		object_record(o, (uint64_t)number) : NULL;

	return record && !record->now.archived && record->visible_ms <= p->q->now_ms ?
	       record : NULL;
}

static void
complain(struct pairing *p, const char *sub, const char *message, const char *which,
	 struct text id)
{
	bool first = p->error_count++ == 0;
	struct buf *out = &p->errors;

	buf_comma(out, &first);
	buf_fmt(out, "{\"status\":\"error\",\"category\":\"OBJECT_NOT_FOUND\","
		"\"subCategory\":\"crm.associations.%s\",\"message\":\"%s\","
		"\"context\":{\"%s\":[", sub, message, which);
	buf_quote(out, id);
	buf_str(out, "]}}");
}

/* Both ends of an input; false: one is not there, and that was noted. */
static bool
ends(struct pairing *p, const struct json *from, const struct json *to,
     struct hubspot_link *k)
{
	struct record *a = live(p, p->from, from), *b = live(p, p->to, to);

	if (!a)
		complain(p, "FROM_OBJECT_NOT_FOUND", "A record was not found.",
			 "fromObjectId", json_text(from, "id"));
	else if (!b)
		complain(p, "TO_OBJECT_NOT_FOUND", "A record was not found.",
			 "toObjectId", json_text(to, "id"));
	else
		*k = (struct hubspot_link){ p->from, p->to, a->id, b->id, false, 0 };
	return a && b;
}

static void
finish(struct pairing *p, int partial)
{
	struct buf *out = &p->r->body;
	char iso[40];

	time_iso(iso, p->q->now_ms);
	if (p->error_count)
		p->r->status = partial;
	buf_fmt(out, "],\"numErrors\":%zu,\"errors\":[", p->error_count);
	buf_text(out, buf_view(&p->errors));
	buf_fmt(out, "],\"startedAt\":\"%s\",\"completedAt\":\"%s\"}", iso, iso);
	buf_clear(&p->errors);
}

/* ---- Writing ----------------------------------------------------------------- */

void
hubspot_associate_default(struct request *q, struct reply *r)
{
	struct pairing p;
	struct hubspot_link k;
	bool first = true;

	if (!begin(&p, q, r, WRITE_MAX))
		return;
	buf_str(reply_start(r, 200), "{\"status\":\"COMPLETE\",\"results\":[");
	for (const struct json *j = p.inputs->child; j; j = j->next) {
		if (!ends(&p, json_get(j, "from"), json_get(j, "to"), &k))
			continue;
		join(hubspot_links(q->sim), &k, false);
		buf_comma(&r->body, &first);
		buf_fmt(&r->body, "{\"from\":{\"id\":\"%llu\"},\"to\":{\"id\":\"%llu\"},"
			"\"associationSpec\":{\"associationCategory\":\"%s\","
			"\"associationTypeId\":%d}}", (unsigned long long)k.from_id,
			(unsigned long long)k.to_id, category_of(p.kind), p.kind->plain);
	}
	finish(&p, 200);            /* The contract knows no 207 here. */
}

/* Notes one type in 'k'; false: this way has no such type. */
static bool
take_type(const struct pairing *p, const struct json *spec, struct hubspot_link *k)
{
	const struct hubspot_links *l = hubspot_links(p->q->sim);
	int64_t id = json_int(spec, "associationTypeId", -1);
	struct text category = json_text(spec, "associationCategory");

	for (size_t i = 0; i < l->label_count; i++)
		if (id == label_type(l, i, p->from, p->to)) {
			k->labels |= 1u << i;
			return text_is(category, "USER_DEFINED");
		}
	bool primary = p->kind->primary && id == p->kind->primary;
	k->primary |= primary;
	return (primary || id == p->kind->plain) &&
	       text_is(category, category_of(p->kind));
}

/* Types of this way only; false after an answer. */
static bool
read_types(struct pairing *p, const struct json *types, struct hubspot_link *k)
{
	for (const struct json *t = types ? types->child : NULL; t; t = t->next) {
		if (take_type(p, t, k))
			continue;
		hubspot_error(p->r, 400, "VALIDATION_ERROR",
			      "invalid from object type %s for type id %lld",
			      hubspot_type_id(p->from),
			      (long long)json_int(t, "associationTypeId", -1));
		return false;
	}
	return true;
}

static void
write_labels(struct buf *out, const struct pairing *p, const struct hubspot_link *k)
{
	const struct hubspot_links *l = hubspot_links(p->q->sim);
	bool first = true;

	if (k->primary) {
		buf_comma(out, &first);
		buf_str(out, "\"Primary\"");
	}
	for (size_t i = 0; i < l->label_count; i++)
		if (k->labels & 1u << i) {
			buf_comma(out, &first);
			buf_quotez(out, l->labels[i].name);
		}
}

void
hubspot_associate(struct request *q, struct reply *r)
{
	struct pairing p;
	struct hubspot_link k = { 0 };
	bool first = true;

	if (!begin(&p, q, r, WRITE_MAX))
		return;
	for (const struct json *j = p.inputs->child; j; j = j->next)
		if (!read_types(&p, json_get(j, "types"), &k))
			return;
	buf_str(reply_start(r, 201), "{\"status\":\"COMPLETE\",\"results\":[");
	for (const struct json *j = p.inputs->child; j; j = j->next) {
		if (!ends(&p, json_get(j, "from"), json_get(j, "to"), &k))
			continue;
		read_types(&p, json_get(j, "types"), &k);
		join(hubspot_links(q->sim), &k, true);
		buf_comma(&r->body, &first);
		buf_fmt(&r->body, "{\"fromObjectTypeId\":\"%s\","
			"\"fromObjectId\":\"%llu\",\"toObjectTypeId\":\"%s\","
			"\"toObjectId\":\"%llu\",\"labels\":[",
			hubspot_type_id(p.from), (unsigned long long)k.from_id,
			hubspot_type_id(p.to), (unsigned long long)k.to_id);
		write_labels(&r->body, &p, &k);
		buf_str(&r->body, "]}");
	}
	finish(&p, 207);
}

/* What is not associated is passed over. */
void
hubspot_dissociate(struct request *q, struct reply *r)
{
	struct pairing p;

	if (!begin(&p, q, r, WRITE_MAX))
		return;
	for (const struct json *j = p.inputs->child; j; j = j->next) {
		const struct json *list = json_get(j, "to"), *to = list ? list->child : NULL;

		for (; to; to = to->next) {
			struct hubspot_link k = {
				p.from, p.to,
				(uint64_t)json_int(json_get(j, "from"), "id", 0),
				(uint64_t)json_int(to, "id", 0), false, 0 };
			struct hubspot_link back = turned(&k);

			part(hubspot_links(q->sim), &k);
			part(hubspot_links(q->sim), &back);
		}
	}
	reply_start(r, 204);
}

/* The way whose type this is; 0 is none. */
static const struct hubspot_kind *
kind_of_type(const struct object *from, int64_t type)
{
	const struct hubspot_schema *own = hubspot_schema_of(from);

	for (size_t i = 0; i < COUNT(kinds) + own->kind_count && type; i++) {
		const struct hubspot_kind *kind = i < COUNT(kinds) ? &kinds[i]
					: &own->kinds[i - COUNT(kinds)];

		if (!strcmp(kind->from, from->name) &&
		    (kind->plain == type || kind->primary == type))
			return kind;
	}
	return NULL;
}

bool
hubspot_join_new(struct request *q, struct object *o, const struct record *record,
		 const struct json *list)
{
	for (const struct json *j = list ? list->child : NULL; j; j = j->next) {
		const struct json *types = json_get(j, "types");
		int64_t type = json_int(types ? types->child : NULL, "associationTypeId",
					0);
		int64_t id = json_int(json_get(j, "to"), "id", 0);
		const struct hubspot_kind *kind = kind_of_type(o, type);
		struct object *to = kind ? sim_object(q->sim, text_of(kind->to)) : NULL;
		const struct record *other = to ? object_record(to, (uint64_t)id) : NULL;

		if (!other || other->now.archived)
			return false;
		struct hubspot_link k = { o, to, record ? record->id : 0, (uint64_t)id,
					  type == kind->primary, 0 };
		if (record)
			join(hubspot_links(q->sim), &k, true);
	}
	return true;
}

/* ---- Reading ------------------------------------------------------------------- */

/* With a comma behind it. */
static void
write_label(struct buf *out, const struct hubspot_links *l, size_t i,
	    const struct object *from, const struct object *to)
{
	buf_fmt(out, "{\"category\":\"USER_DEFINED\",\"typeId\":%lld,\"label\":",
		(long long)label_type(l, i, from, to));
	buf_quotez(out, l->labels[i].name);
	buf_str(out, "},");
}

static void
write_one(struct buf *out, const struct pairing *p, const struct hubspot_link *k)
{
	const struct hubspot_links *l = hubspot_links(p->q->sim);

	buf_fmt(out, "{\"toObjectId\":%llu,\"associationTypes\":[",
		(unsigned long long)k->to_id);
	if (k->primary)
		buf_fmt(out, "{\"category\":\"HUBSPOT_DEFINED\",\"typeId\":%d,\"label\":"
			"\"Primary\"},", p->kind->primary);
	for (size_t i = 0; i < l->label_count; i++)
		if (k->labels & 1u << i)
			write_label(out, l, i, p->from, p->to);
	buf_fmt(out, "{\"category\":\"%s\",\"typeId\":%d,\"label\":null}]}",
		category_of(p->kind), p->kind->plain);
}

/* One page of one record's; false: it has none. */
static bool
write_page(struct pairing *p, const struct json *input, bool *first)
{
	struct hubspot_links *l = hubspot_links(p->q->sim);
	uint64_t id = (uint64_t)json_int(input, "id", 0);
	int64_t after = json_int(input, "after", 0), at = 0, end = after + PAGE;
	bool none = true;

	for (size_t i = 0; i < l->count; i++) {
		const struct hubspot_link *k = &l->list[i];

		if (k->from != p->from || k->to != p->to || k->from_id != id ||
		    at++ < after || at > end)
			continue;
		if (none) {
			buf_comma(&p->r->body, first);
			buf_fmt(&p->r->body, "{\"from\":{\"id\":\"%llu\"},\"to\":[",
				(unsigned long long)id);
		}
		buf_comma(&p->r->body, &none);
		write_one(&p->r->body, p, k);
	}
	if (at > after)
		buf_str(&p->r->body, "]");
	if (at > end)
		buf_fmt(&p->r->body, ",\"paging\":{\"next\":{\"after\":\"%lld\"}}",
			(long long)end);
	if (at > after)
		buf_str(&p->r->body, "}");
	return at > after;
}

void
hubspot_read_associations(struct request *q, struct reply *r)
{
	struct pairing p;
	bool first = true;

	if (!begin(&p, q, r, READ_MAX))
		return;
	buf_str(reply_start(r, 200), "{\"status\":\"COMPLETE\",\"results\":[");
	for (const struct json *j = p.inputs->child; j; j = j->next)
		if (!write_page(&p, j, &first))
			complain(&p, "NO_ASSOCIATIONS_FOUND", "No associations found.",
				 "fromObjectId", json_text(j, "id"));
	finish(&p, 207);
}

void
hubspot_get_labels(struct request *q, struct reply *r)
{
	const struct hubspot_links *l = hubspot_links(q->sim);
	struct object *from = hubspot_object(q->sim, q->vars[1]);
	struct object *to = hubspot_object(q->sim, q->vars[2]);
	const struct hubspot_kind *kind = from && to ? kind_of(from, to) : NULL;
	struct buf *out = reply_start(r, 200);

	buf_str(out, "{\"results\":[");
	for (size_t i = 0; kind && i < l->label_count; i++)
		if (label_type(l, i, from, to))
			write_label(out, l, i, from, to);
	if (kind && kind->primary)
		buf_fmt(out, "{\"category\":\"HUBSPOT_DEFINED\",\"typeId\":%d,\"label\":"
			"\"Primary\"},", kind->primary);
	if (kind)
		buf_fmt(out, "{\"category\":\"%s\",\"typeId\":%d,\"label\":null}",
			category_of(kind), kind->plain);
	buf_str(out, "]}");
}
