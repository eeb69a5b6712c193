/* SPDX-License-Identifier: Apache-2.0 */
/* freshsales_read.c - records of the simulated Freshsales as they are shown, by views,
 * filtered search, look-up and id (sheet, sections 4, 10).  Called through the table of
 * freshsales.c. */
#include "freshsales.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define PAGE_MOST 100
#define PAGE_USUAL 25

static const char includes[] = "sales_accounts owner campaign contact_status creater updater "
	"source tasks appointments notes deals territory business_type industry_type contacts "
	"child_sales_accounts sales_account deal_stage deal_type deal_reason currency";

/* ---- A record as JSON ------------------------------------------------------ */

static void
put_time(const struct request *q, struct buf *out, const char *name, int64_t ms)
{
	bool offset = freshsales_state(q->sim)->offset;
	char iso[40];

	time_iso(iso, offset ? ms + 9 * INT64_C(3600000) : ms);
	buf_fmt(out, ",\"%s\":\"%.19s%s\"", name, iso, offset ? "+09:00" : "Z");
}

static void
put_name_of(struct buf *out, const struct object *accounts, struct text id)
{
	struct record *r = accounts ? freshsales_record(accounts, id) : NULL;
	struct text raw = r ? block_get(r->now.block, object_field(accounts, TEXT("name")))
		: (struct text){ 0 };

	buf_text(out, raw.len ? raw : TEXT("null"));
}

/* The stored [{"id":..,"is_primary":..}] with the names of today. */
static void
put_accounts(const struct request *q, struct buf *out, struct text raw)
{
	const struct object *accounts = sim_object(q->sim, TEXT("sales_accounts"));
	const struct json *list = raw.len ? json_parse(q->arena, raw, NULL) : NULL;
	bool first = true;

	buf_str(out, ",\"sales_accounts\":[");
	for (const struct json *j = list ? list->child : NULL; j; j = j->next) {
		struct text id = json_get(j, "id") ? json_get(j, "id")->text
						   : (struct text){ 0 };

		buf_comma(out, &first);
		buf_str(out, "{\"id\":");
		buf_text(out, id);
		buf_str(out, ",\"name\":");
		put_name_of(out, accounts, id);
		buf_fmt(out, ",\"is_primary\":%s}", json_true(j, "is_primary") ? "true" : "false");
	}
	buf_str(out, "]");
}

static void
put_emails(struct buf *out, struct text raw)
{
	buf_str(out, ",\"emails\":[");
	if (raw.len) {
		buf_str(out, "{\"id\":1,\"value\":");
		buf_text(out, raw);
		buf_str(out, ",\"is_primary\":true,\"label\":null,\"_destroy\":false}");
	}
	buf_str(out, "]");
}

/* Money is a string with a point, whatever was written. */
static void
put_money(struct buf *out, struct text raw)
{
	if (raw.len && raw.ptr[0] == '"')
		buf_text(out, raw);
	else
		buf_fmt(out, "\"%.*s%s\"", (int)(raw.len ? raw.len : 1), raw.len ? raw.ptr : "0",
			raw.len && memchr(raw.ptr, '.', raw.len) ? "" : ".0");
}

static void
put_values(const struct request *q, struct buf *out, const struct object *o,
	   const struct version *v, struct freshsales_show show)
{
	for (size_t i = 0; i < o->field_count; i++) {
		const struct field *f = o->fields[i];
		struct text raw = block_get(v->block, f);

		if (f->flags & FIELD_CUSTOM)
			continue;
		if (f->type == F_ACCOUNTS && show.accounts)
			put_accounts(q, out, raw);
		if (f->type == F_EMAIL)
			put_emails(out, raw);
		if (f->type == F_ACCOUNTS)
			continue;
		buf_str(out, ",");
		buf_str(out, f->quoted);
		if (f->type == F_MONEY && (raw.len || f->flags & FIELD_READONLY))
			put_money(out, raw);
		else
			buf_text(out, raw.len ? raw : f->type == F_TAGS ? TEXT("[]")
					      : f->type == F_CHECKBOX ? TEXT("false")
								      : TEXT("null"));
	}
}

static void
put_custom(struct buf *out, const struct object *o, const struct version *v)
{
	bool first = true;

	buf_str(out, ",\"custom_field\":{");
	for (size_t i = 0; i < o->field_count; i++) {
		const struct field *f = o->fields[i];
		struct text raw = block_get(v->block, f);

		if (!(f->flags & FIELD_CUSTOM))
			continue;
		buf_comma(out, &first);
		buf_str(out, f->quoted);
		buf_text(out, raw.len ? raw : TEXT("null"));
	}
	buf_str(out, "}");
}

/* XXX not seen: that a deletion moves the time of change.  Who asks for deleted records by
 * it counts on that. */
static int64_t
changed_ms(const struct record *r, const struct version *v)
{
	return v->archived ? r->archived_ms : v->updated_ms;
}

void
freshsales_put(const struct request *q, struct buf *out, const struct object *o,
	       const struct record *r, const struct version *v, struct freshsales_show show)
{
	char id[SIM_ID_BYTES];

	buf_fmt(out, "{\"id\":%s", sim_id(o->crm, r->id, id));
	put_values(q, out, o, v, show);
	if (show.detail)
		put_custom(out, o, v);
	buf_fmt(out, ",\"is_deleted\":%s", v->archived ? "true" : "false");
	put_time(q, out, "created_at", r->created_ms);
	put_time(q, out, "updated_at", changed_ms(r, v));
	buf_str(out, "}");
}

struct record *
freshsales_record(const struct object *o, struct text id)
{
	struct record *r = object_record(o, freshsales_read_id(id));

	return r && !r->now.archived ? r : NULL;
}

/* The object that a path names; NULL after an answer. */
static struct object *
object_of(struct request *q, struct reply *r, const struct freshsales_kind *kind)
{
	struct object *o = kind ? sim_object(q->sim, text_of(kind->plural)) : NULL;

	if (o && (strcmp(kind->plural, "leads") || freshsales_state(q->sim)->classic))
		return o;
	q->sim->crm->unknown(q, r);
	return NULL;
}

/* ---- Hits, in order, by pages ------------------------------------------------ */

struct hit {
	const struct record *record;
	const struct version *version;
	int64_t order;
};

struct hits {
	struct hit *list;                    /* In the arena. */
	size_t count;
};

static int
by_order(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return x->record->id < y->record->id ? -1 : x->record->id > y->record->id;
}

static int
by_order_down(const void *a, const void *b)
{
	return by_order(b, a);
}

static struct hits
hits_new(struct request *q, const struct object *o)
{
	return (struct hits){ arena_alloc(q->arena, (o->count + 1) * sizeof(struct hit)), 0 };
}

static void
sort_hits(struct hits *hits, struct text by, bool down)
{
	for (size_t i = 0; i < hits->count; i++)
		hits->list[i].order = text_is(by, "created_at")
			? hits->list[i].record->created_ms
			: changed_ms(hits->list[i].record, hits->list[i].version);
	qsort(hits->list, hits->count, sizeof *hits->list, down ? by_order_down : by_order);
}

/* A number of the query; false after an answer. */
static bool
page_number(struct request *q, struct reply *r, const char *name, int64_t most, int64_t *n)
{
	struct text t = request_query(q, name);

	if (!t.len || (text_int(t, n) && *n >= 1 && *n <= most))
		return true;
	freshsales_error(q, r, 400, "%s must be from 1 to %lld.", name, (long long)most);
	return false;
}

static bool
asked_accounts(const struct request *q, struct reply *r, bool *good)
{
	struct text rest = request_query(q, "include");
	bool accounts = false;

	*good = true;
	while (rest.len) {
		struct text one = text_until(&rest, ',');

		accounts |= text_is(one, "sales_accounts");
		if (freshsales_word(includes, one))
			continue;
		freshsales_error((struct request *)(uintptr_t)q, r, 400,
				 "include: %.*s is unknown.", (int)one.len, one.ptr);
		*good = false;
	}
	return accounts;
}

static void
send_page(struct request *q, struct reply *r, const struct object *o, const struct hits *hits,
	  bool detail, bool short_pages)
{
	struct freshsales_show show = { .detail = detail };
	int64_t page = 1, size = PAGE_USUAL, pages;
	bool first = true, good;

	show.accounts = asked_accounts(q, r, &good);
	if (!good || !page_number(q, r, "page", INT32_MAX, &page) ||
	    !page_number(q, r, "per_page", PAGE_MOST, &size))
		return;
	if (short_pages)
		size = (size + 1) / 2;
	pages = ((int64_t)hits->count + size - 1) / size;
	struct buf *out = reply_start(r, 200);
	buf_fmt(out, "{\"%s\":[", o->name);
	for (int64_t i = (page - 1) * size; i < (int64_t)hits->count && i < page * size; i++) {
		buf_comma(out, &first);
		freshsales_put(q, out, o, hits->list[i].record, hits->list[i].version, show);
	}
	buf_fmt(out, "],\"meta\":{\"total_pages\":%lld,\"total\":%zu}}", (long long)pages,
		hits->count);
}

/* ---- Views (section 4.1) ------------------------------------------------------ */

enum { V_ALL, V_MINE, V_OPEN, V_WON, V_LOST, V_BIN };

static const struct view {
	unsigned number;
	const char *object;
	int what;
	const char *name;
} views[] = {
	{ 1, "contacts", V_ALL, "%s Contacts" },
	{ 2, "contacts", V_MINE, "My Contacts" },
	{ 3, "contacts", V_BIN, "Recycle Bin" },
	{ 11, "sales_accounts", V_ALL, "%s Accounts" },
	{ 12, "sales_accounts", V_MINE, "My Accounts" },
	{ 13, "sales_accounts", V_BIN, "Recycle Bin" },
	{ 21, "deals", V_ALL, "%s Deals" },
	{ 22, "deals", V_OPEN, "Open Deals" },
	{ 23, "deals", V_WON, "Won Deals" },
	{ 24, "deals", V_LOST, "Lost Deals" },
	{ 25, "deals", V_BIN, "Recycle Bin" },
	{ 31, "leads", V_ALL, "%s Leads" },
};

#define VIEW_FROM 70000070000u

static bool
view_stands(const struct request *q, const struct view *v)
{
	return strcmp(v->object, "deals") || v->what != V_ALL ||
		freshsales_state(q->sim)->all_deals;
}

void
freshsales_filters(struct request *q, struct reply *r)
{
	const struct object *o = object_of(q, r, freshsales_kind(q->vars[0]));
	bool first = true;

	if (!o || !freshsales_params(q, r, ""))
		return;
	struct buf *out = reply_start(r, 200);
	buf_str(out, "{\"filters\":[");
	for (size_t i = 0; i < COUNT(views); i++) {
		char name[64];

		if (strcmp(views[i].object, o->name) || !view_stands(q, &views[i]))
			continue;
		snprintf(name, sizeof name, views[i].what == V_ALL ? "%s%s" : "%.0s%s",
			 freshsales_state(q->sim)->views,
			 views[i].name + (views[i].what == V_ALL ? 2 : 0));
		buf_comma(out, &first);
		buf_fmt(out, "{\"id\":%llu,\"name\":", (unsigned long long)
			(VIEW_FROM + views[i].number));
		buf_quotez(out, name);
		buf_fmt(out, ",\"model_class_name\":\"%s\",\"user_id\":1,\"is_default\":%s,"
			"\"updated_at\":null,\"current_user_permissions\":[\"edit\"]}",
			o->name, views[i].what == V_MINE ? "true" : "false");
	}
	buf_str(out, "]}");
}

static uint64_t
stage_number(const struct object *o, const struct version *v)
{
	const struct field *f = object_field(o, TEXT("deal_stage_id"));
	int64_t n = 0;

	return f && text_int(block_get(v->block, f), &n) ? (uint64_t)n : 0;
}

static bool
in_view(const struct object *o, const struct record *record, int what)
{
	uint64_t stage = what >= V_OPEN && what <= V_LOST ? stage_number(o, &record->now) : 0;

	if (record->gone || record->now.archived != (what == V_BIN))
		return false;
	switch (what) {
	case V_WON:  return stage == 71010900003;
	case V_LOST: return stage == 71010900004;
	case V_OPEN: return stage != 71010900003 && stage != 71010900004;
	case V_MINE: return record->id % 2;
	default:     return true;
	}
}

/* Views know no lag. */
void
freshsales_view(struct request *q, struct reply *r)
{
	const struct object *o = object_of(q, r, freshsales_kind(q->vars[0]));
	struct text sort = request_query(q, "sort"), type = request_query(q, "sort_type");
	const struct view *v = views;
	int64_t id = 0;

	if (!o || !freshsales_params(q, r, "page per_page sort sort_type include"))
		return;
	text_int(q->vars[1], &id);
	while (v < views + COUNT(views) && (VIEW_FROM + v->number != (uint64_t)id ||
					    strcmp(v->object, o->name) || !view_stands(q, v)))
		v++;
	if (v == views + COUNT(views)) {
		q->sim->crm->unknown(q, r);
		return;
	}
	if ((sort.len && !freshsales_word("lead_score created_at updated_at open_deals_amount "
					  "last_contacted", sort)) ||
	    (type.len && !freshsales_word("asc desc", type))) {
		freshsales_error(q, r, 400, "sort or sort_type is invalid.");
		return;
	}
	struct hits hits = hits_new(q, o);
	for (size_t i = 0; i < o->count; i++)
		if (in_view(o, o->records[i], v->what) && o->records[i]->visible_ms <= q->now_ms)
			hits.list[hits.count++] = (struct hit){ o->records[i],
				&o->records[i]->now, 0 };
	sort_hits(&hits, sort, !text_is(type, "asc"));
	send_page(q, r, o, &hits, true, false);
}

/* ---- Filtered search (section 4.2) --------------------------------------------- */

/* An attribute is a time, a text of a field, or "deleted". */
static bool
rule_is_wrong(struct request *q, struct reply *r, const struct object *o,
	      const struct json *rule)
{
	struct text name = json_text(rule, "attribute"), op = json_text(rule, "operator");
	const struct json *value = json_get(rule, "value");
	bool time = freshsales_word("updated_at created_at", name);
	int64_t ms;

	if (!freshsales_members(q, r, rule, "attribute operator value"))
		return true;
	if (value && time && freshsales_word("is_after is_before", op) &&
	    value->kind == JSON_STRING && time_parse(value->text, &ms, NULL))
		return false;
	if (value && text_is(name, "deleted") && text_is(op, "is"))
		return false;
	if (value && freshsales_word("is is_in contains starts_with", op) &&
	    value->kind == JSON_STRING && !time &&
	    (text_is(name, "contact_email.email") || object_field(o, name)))
		return false;
	freshsales_error(q, r, 400, "filter_rule: %.*s %.*s is invalid.", (int)name.len,
			 name.ptr ? name.ptr : "", (int)op.len, op.ptr ? op.ptr : "");
	return true;
}

static bool
time_fits(struct text op, struct text value, int64_t ms)
{
	int64_t bound = 0;

	time_parse(value, &bound, NULL);
	return text_is(op, "is_after") ? ms / 1000 > bound / 1000 : ms / 1000 < bound / 1000;
}

static bool
text_fits(struct text op, struct text value, struct text has)
{
	if (text_is(op, "is") || text_is(op, "is_in"))
		return text_equal(has, value);
	for (size_t i = 0; i + value.len <= has.len; i++) {
		if (!memcmp(has.ptr + i, value.ptr, value.len))
			return true;
		if (text_is(op, "starts_with"))
			return false;
	}
	return false;
}

static bool
rule_fits(struct request *q, const struct object *o, const struct record *record,
	  const struct version *v, const struct json *rule)
{
	struct text name = json_text(rule, "attribute"), op = json_text(rule, "operator");
	struct text value = json_get(rule, "value")->text;
	const struct field *f;

	if (text_is(name, "deleted"))
		return v->archived;
	if (text_is(name, "updated_at"))
		return time_fits(op, value, changed_ms(record, v));
	if (text_is(name, "created_at"))
		return time_fits(op, value, record->created_ms);
	f = object_field(o, text_is(name, "contact_email.email") ? TEXT("email") : name);
	return f && text_fits(op, value, json_unquote(q->arena, block_get(v->block, f)));
}

static bool
asks_deleted(const struct json *rules)
{
	for (const struct json *j = rules->child; j; j = j->next)
		if (text_is(json_text(j, "attribute"), "deleted"))
			return true;
	return false;
}

void
freshsales_search(struct request *q, struct reply *r)
{
	const struct object *o = object_of(q, r, freshsales_singular(q->vars[0]));
	const struct json *rules = json_get(q->json, "filter_rule");
	struct text type = json_text(q->json, "sort_type");

	if (!o || !freshsales_params(q, r, "page per_page include") ||
	    !freshsales_members(q, r, q->json, "filter_rule sort sort_type detail"))
		return;
	if (!rules || rules->kind != JSON_ARRAY || !rules->child) {
		freshsales_error(q, r, 400, "filter_rule must be a list.");
		return;
	}
	for (const struct json *j = rules->child; j; j = j->next)
		if (rule_is_wrong(q, r, o, j))
			return;
	struct hits hits = hits_new(q, o);
	for (size_t i = 0; i < o->count; i++) {
		const struct version *v = record_seen(o->records[i], q->now_ms, o->lag_ms);
		bool fits = v && v->archived == asks_deleted(rules);

		for (const struct json *j = rules->child; j && fits; j = j->next)
			fits = rule_fits(q, o, o->records[i], v, j);
		if (fits)
			hits.list[hits.count++] = (struct hit){ o->records[i], v, 0 };
	}
	sort_hits(&hits, json_text(q->json, "sort"), text_is(type, "desc"));
	send_page(q, r, o, &hits, json_true(q->json, "detail"),
		  freshsales_state(q->sim)->search_short);
}

/* ---- Look-up and one record (section 4.3) ---------------------------------------- */

static void
look_up(struct request *q, struct buf *out, const struct freshsales_kind *kind)
{
	const struct object *o = sim_object(q->sim, text_of(kind->plural));
	const struct field *f = object_field(o, request_query(q, "f"));
	struct text wanted = request_query(q, "q");
	bool first = true;

	buf_fmt(out, "\"%s\":{\"%s\":[", kind->plural, kind->plural);
	for (size_t i = 0; f && i < o->count; i++) {
		const struct record *record = o->records[i];
		struct text has = json_unquote(q->arena, block_get(record->now.block, f));

		if (record->gone || record->now.archived || record->visible_ms > q->now_ms ||
		    (f->index ? object_by_key(o, f, wanted) != record
			      : !text_equal(has, wanted)))
			continue;
		buf_comma(out, &first);
		freshsales_put(q, out, o, record, &record->now,
			       (struct freshsales_show){ .detail = true });
	}
	buf_str(out, "]}");
}

void
freshsales_lookup(struct request *q, struct reply *r)
{
	struct text f = request_query(q, "f"), rest = request_query(q, "entities");
	bool first = true;

	if (!freshsales_params(q, r, "q f entities"))
		return;
	if (!request_query(q, "q").len || !rest.len ||
	    !(freshsales_word("email name mobile_number external_id", f) ||
	      text_starts(f, "cf_"))) {
		freshsales_error(q, r, 400, "q, f or entities is missing or invalid.");
		return;
	}
	struct buf *out = reply_start(r, 200);
	buf_str(out, "{");
	while (rest.len) {
		const struct freshsales_kind *kind = freshsales_singular(text_until(&rest, ','));

		if (!kind) {
			freshsales_error(q, r, 400, "entities is invalid.");
			return;
		}
		buf_comma(out, &first);
		look_up(q, out, kind);
	}
	buf_str(out, "}");
}

void
freshsales_get(struct request *q, struct reply *r)
{
	const struct freshsales_kind *kind = freshsales_kind(q->vars[0]);
	const struct object *o = object_of(q, r, kind);
	struct freshsales_show show = { .detail = true };
	bool good;

	if (!o || !freshsales_params(q, r, "include"))
		return;
	show.accounts = asked_accounts(q, r, &good);
	const struct record *record = freshsales_record(o, q->vars[1]);
	if (good && !record)
		reply_start(r, 404);         /* The body is relied on by nobody. */
	if (!good || !record)
		return;
	struct buf *out = reply_start(r, 200);
	buf_fmt(out, "{\"%s\":", kind->singular);
	freshsales_put(q, out, o, record, &record->now, show);
	buf_str(out, "}");
}
