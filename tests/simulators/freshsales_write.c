/* SPDX-License-Identifier: Apache-2.0 */
/* freshsales_write.c - what may be written into the simulated Freshsales, one record or a
 * job of a hundred (sheet, sections 6, 7, 8).  Called through the table of freshsales.c. */
#include "freshsales.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BULK_MOST 100u
#define ACCOUNTS_MOST 10u
#define TEXT_MOST 255u
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* One write: where it goes, what it changes, and why it was refused. */
struct writing {
	struct request *q;
	struct object *o;
	struct record *record;               /* NULL: a new one. */
	struct change *changes;
	size_t count;
	int status;                          /* Of a refusal; 0: there is none. */
	char why[512];
};

__attribute__((format(printf, 2, 3)))
static bool
refuse(struct writing *w, const char *format, ...)
{
	va_list args;

	w->status = 400;
	va_start(args, format);
	vsnprintf(w->why, sizeof w->why, format, args);
	va_end(args);
	return false;
}

/* ---- One value (sections 3, 5, 6) -------------------------------------------- */

static bool
is_number(const struct json *j)
{
	char *end;

	if (j->kind != JSON_NUMBER && (j->kind != JSON_STRING || !j->text.len))
		return false;
	char copy[64];
	snprintf(copy, sizeof copy, "%.*s", (int)j->text.len, j->text.ptr);
	strtod(copy, &end);
	return *end == '\0';
}

static bool
has_id(const struct freshsales_choice *choices, const struct json *j)
{
	int64_t n;

	if (j->kind != JSON_NUMBER || !text_int(j->text, &n))
		return false;
	for (; choices->id; choices++)
		if (choices->id == (uint64_t)n)
			return true;
	return false;
}

/* All parts of "a;b" are choices. */
static bool
has_values(const struct freshsales_choice *choices, struct text t)
{
	while (t.len) {
		struct text one = text_until(&t, ';');
		const struct freshsales_choice *c = choices;

		while (c->id && !text_is(one, c->value))
			c++;
		if (!c->id)
			return false;
	}
	return true;
}

static bool
is_day(struct text t)
{
	bool date_only = false;
	int64_t ms;

	return t.len == 10 && time_parse(t, &ms, &date_only) && date_only;
}

static bool
account_stands(const struct writing *w, const struct json *id)
{
	const struct object *accounts = sim_object(w->q->sim, TEXT("sales_accounts"));

	return id && id->kind == JSON_NUMBER && freshsales_record(accounts, id->text);
}

/* [{"id":1,"is_primary":true}], at most ten, one of them primary (section 6.3). */
static bool
check_accounts(struct writing *w, const struct json *j)
{
	unsigned primary = 0;

	if (j->kind != JSON_ARRAY || j->count > ACCOUNTS_MOST)
		return refuse(w, "The type for %s is invalid.", "sales_accounts");
	for (const struct json *one = j->child; one; one = one->next) {
		if (one->kind != JSON_OBJECT || !json_get(one, "id"))
			return refuse(w, "The type for %s is invalid.", "sales_accounts");
		if (!account_stands(w, json_get(one, "id")))
			return refuse(w, "%s: there is no such record", "sales_accounts");
		primary += json_true(one, "is_primary");
	}
	return !j->child || primary == 1 ||
		refuse(w, "%s wants exactly one primary", "sales_accounts");
}

/* What is wrong with a value of a standard field; true if nothing is. */
static bool
check_value(struct writing *w, const struct freshsales_field *f, const struct json *j)
{
	size_t chars = text_chars(j->text);

	if (j->kind == JSON_NULL)
		return !(f->flags & FIELD_REQUIRED) || refuse(w, "%s can't be blank", f->label);
	switch (f->type) {
	case F_NUMBER: case F_DECIMAL: case F_MONEY:
		return is_number(j) || refuse(w, "%s is not a number", f->label);
	case F_CHECKBOX:
		return j->kind == JSON_BOOL || refuse(w, "The type for %s is invalid.", f->name);
	case F_DATE:
		return (j->kind == JSON_STRING && is_day(j->text)) ||
			refuse(w, "%s is invalid", f->label);
	case F_STANDARD:
		if (!strcmp(f->name, "owner_id") && j->kind == JSON_NUMBER)
			return true;
		return has_id(f->choices, j) || refuse(w, "%s is not included in the list",
						       f->label);
	case F_ACCOUNTS:
		return check_accounts(w, j);
	case F_REF:
		return account_stands(w, j) || refuse(w, "%s: there is no such record",
						      f->name);
	case F_TAGS:
		return j->kind == JSON_ARRAY || refuse(w, "The type for %s is invalid.",
						       f->name);
	default:
		if (j->kind != JSON_STRING)
			return refuse(w, "The type for %s is invalid.", f->name);
		if (!chars && f->flags & FIELD_REQUIRED)
			return refuse(w, "%s can't be blank", f->label);
		return chars <= TEXT_MOST || f->type == F_PARAGRAPH ||
			refuse(w, "%s is too long (maximum is 255 characters)", f->label);
	}
}

/* A custom value of another type is dropped without a word (sections 0, 11: T7). */
static bool
custom_fits(const struct freshsales_field *f, const struct json *j)
{
	switch (j->kind == JSON_NULL ? F_TYPES : f->type) {
	case F_TYPES:    return true;
	case F_NUMBER:   return j->kind == JSON_NUMBER;
	case F_CHECKBOX: return j->kind == JSON_BOOL;
	case F_DATE:     return j->kind == JSON_STRING && is_day(j->text);
	case F_CUSTOM:
	case F_MULTI:    return j->kind == JSON_STRING && has_values(f->choices, j->text);
	default:         return j->kind == JSON_STRING;
	}
}

static void
keep(struct writing *w, const char *name, const struct json *j)
{
	bool empty = j->kind == JSON_NULL || (j->kind == JSON_STRING && !j->text.len);
	struct change *c = &w->changes[w->count++];

	c->field = object_field(w->o, text_of(name));
	c->raw = empty ? (struct text){ 0 } : json_raw(w->q->arena, j);
}

/* ---- A record's members -------------------------------------------------------- */

/* A string, or [{"value":..,"is_primary":true}]; the primary one is kept. */
static bool
take_emails(struct writing *w, const struct json *j)
{
	const struct json *value = j;

	if (j->kind == JSON_ARRAY) {
		value = json_get(j->child, "value");
		for (const struct json *one = j->child; one; one = one->next)
			if (json_true(one, "is_primary"))
				value = json_get(one, "value");
	}
	if ((value && value->kind != JSON_STRING) || (!value && j->child))
		return refuse(w, "The type for %s is invalid.", "emails");
	if (value && value->text.len && !memchr(value->text.ptr, '@', value->text.len))
		return refuse(w, "%s is invalid", "Email");
	keep(w, "email", value ? value : &(struct json){ .kind = JSON_NULL });
	return true;
}

static bool
take_custom(struct writing *w, const struct json *values)
{
	if (values->kind != JSON_OBJECT)
		return refuse(w, "The type for %s is invalid.", "custom_field");
	for (const struct json *j = values->child; j; j = j->next) {
		const struct freshsales_field *f = freshsales_field(text_of(w->o->name), j->name);

		if (f && f->flags & FIELD_CUSTOM && custom_fits(f, j))
			keep(w, f->name, j);
	}
	return true;
}

static bool
take_member(struct writing *w, const struct json *j)
{
	const struct freshsales_field *f = freshsales_field(text_of(w->o->name), j->name);
	bool contact = !strcmp(w->o->name, "contacts") || !strcmp(w->o->name, "leads");

	if (text_is(j->name, "custom_field"))
		return take_custom(w, j);
	if (contact && text_is(j->name, "emails"))
		return take_emails(w, j);
	if (!f || f->flags & (FIELD_READONLY | FIELD_CUSTOM))
		return refuse(w, "Unexpected field %s",
			      sim_strz(w->q->arena, j->name));
	if (!check_value(w, f, j))
		return false;
	keep(w, f->name, j);
	return true;
}

/* ---- Rules of the whole record --------------------------------------------------- */

static struct text
value_then(const struct writing *w, const char *name)
{
	const struct field *f = object_field(w->o, text_of(name));

	for (size_t i = w->count; i > 0; i--)
		if (w->changes[i - 1].field == f)
			return w->changes[i - 1].raw;
	return f && w->record ? block_get(w->record->now.block, f) : (struct text){ 0 };
}

static bool
check_required(struct writing *w)
{
	bool contact = !strcmp(w->o->name, "contacts");

	if (w->record)
		return true;
	for (size_t i = 0; i < w->o->field_count; i++) {
		const struct field *f = w->o->fields[i];
		const struct freshsales_field *known =
			freshsales_field(text_of(w->o->name), text_of(f->name));

		if (f->flags & FIELD_REQUIRED && !value_then(w, f->name).len)
			return refuse(w, "%s can't be blank", known->label);
	}
	if (contact && !value_then(w, "email").len && !value_then(w, "mobile_number").len)
		return refuse(w, "%s can't be blank", "Email or mobile number");
	return true;
}

static bool
check_unique(struct writing *w)
{
	for (size_t i = 0; i < w->count && !sim_options.no_unique; i++) {
		const struct field *f = w->changes[i].field;
		struct text key = json_unquote(w->q->arena, w->changes[i].raw);
		const struct record *other;
		bool mobile = !strcmp(f->name, "mobile_number");

		if (!f->index || !key.len ||
		    (mobile && !freshsales_state(w->q->sim)->mobile_unique))
			continue;
		other = object_by_key(w->o, f, key);
		/* Its own number, sent again, is refused too (T5). */
		if (other && (other != w->record || mobile))
			return refuse(w, "%s has already been taken",
				freshsales_field(text_of(w->o->name), text_of(f->name))->label);
	}
	return true;
}

/* Reads the members of 'values'; nothing is written. */
static bool
take_values(struct writing *w, const struct json *values)
{
	if (!values || values->kind != JSON_OBJECT)
		return refuse(w, "param is missing or the value is empty: %s", w->o->name);
	w->changes = arena_alloc(w->q->arena, (values->count + w->o->field_count + 4) *
				 sizeof *w->changes);
	for (const struct json *j = values->child; j; j = j->next)
		if (!take_member(w, j))
			return false;
	return true;
}

/* True if a new record was made. */
static bool
store(struct writing *w, struct text key)
{
	struct origin by = { .op = w->record ? "update" : "create", .by = "api", .key = key,
			     .now_ms = w->q->now_ms };
	bool created = !w->record;

	if (created)
		w->record = store_create(w->o, 0, w->changes, w->count, &by);
	else
		store_update(w->o, w->record, w->changes, w->count, &by);
	return created;
}

/* ---- By an identifier (section 6.1) ------------------------------------------------ */

static const struct { const char *object, *identifiers; } identified[] = {
	{ "contacts", "emails mobile_number external_id id" },
	{ "leads", "emails mobile_number external_id id" },
	{ "sales_accounts", "name id" }, { "deals", "id" },
};

static bool
find_by(struct writing *w, const struct json *by)
{
	bool emails = text_is(by->name, "emails");

	for (size_t i = 0; i < COUNT(identified); i++)
		if (!strcmp(w->o->name, identified[i].object) &&
		    !freshsales_word(identified[i].identifiers, by->name))
			return refuse(w, "unique_identifier %s is invalid",
				      sim_strz(w->q->arena, by->name));
	if (!by->text.len)
		return refuse(w, "unique_identifier %s can't be blank",
			      sim_strz(w->q->arena, by->name));
	if (text_is(by->name, "id")) {
		w->record = freshsales_record(w->o, by->text);
		if (!w->record) {
			refuse(w, "%s not found", w->o->name);
			w->status = 404;
		}
		return w->record;
	}
	w->record = object_by_key(w->o, object_field(w->o, emails ? TEXT("email") : by->name),
				  by->text);
	return true;
}

/* The identifier is a value too: of a new record, and as it is written. */
static bool
keep_identifier(struct writing *w, const struct json *by)
{
	if (text_is(by->name, "id") || w->record)
		return true;
	if (text_is(by->name, "emails"))
		return take_emails(w, by);
	keep(w, sim_strz(w->q->arena, by->name), by);
	return true;
}

static bool
write_by(struct writing *w, const struct json *by, const struct json *values)
{
	return find_by(w, by) && take_values(w, values) && keep_identifier(w, by) &&
		check_required(w) && check_unique(w);
}

static struct writing
writing_of(struct request *q, struct reply *r, const struct freshsales_kind *kind)
{
	struct writing w = { .q = q };

	w.o = kind ? sim_object(q->sim, text_of(kind->plural)) : NULL;
	if (w.o && !strcmp(kind->plural, "leads") && !freshsales_state(q->sim)->classic)
		w.o = NULL;
	if (!w.o)
		q->sim->crm->unknown(q, r);
	return w;
}

static void
answer(struct writing *w, struct reply *r, const struct freshsales_kind *kind, int status)
{
	struct buf *out;

	if (w->status) {
		freshsales_error(w->q, r, w->status, "%s", w->why);
		return;
	}
	out = reply_start(r, status);
	buf_fmt(out, "{\"%s\":", kind->singular);
	freshsales_put(w->q, out, w->o, w->record, &w->record->now,
		       (struct freshsales_show){ .detail = true });
	buf_str(out, "}");
}

void
freshsales_upsert(struct request *q, struct reply *r)
{
	const struct freshsales_kind *kind = freshsales_kind(q->vars[0]);
	const struct json *by = json_get(q->json, "unique_identifier");
	struct writing w = writing_of(q, r, kind);
	char members[64];
	int status = 200;

	if (!w.o)
		return;
	snprintf(members, sizeof members, "unique_identifier %s", kind->singular);
	if (!freshsales_members(q, r, q->json, members))
		return;
	if (!by || by->kind != JSON_OBJECT || by->count != 1)
		refuse(&w, "%s wants one member", "unique_identifier");
	else if (write_by(&w, by->child, json_get(q->json, kind->singular)) &&
		 store(&w, by->child->text))
		status = 201;
	answer(&w, r, kind, status);
}

/* ---- One record (section 6.2) ------------------------------------------------------- */

static bool
only_member(struct request *q, struct reply *r, const struct freshsales_kind *kind)
{
	return freshsales_members(q, r, q->json, kind->singular);
}

void
freshsales_create(struct request *q, struct reply *r)
{
	const struct freshsales_kind *kind = freshsales_kind(q->vars[0]);
	struct writing w = writing_of(q, r, kind);

	if (!w.o || !only_member(q, r, kind))
		return;
	if (take_values(&w, json_get(q->json, kind->singular)) && check_required(&w) &&
	    check_unique(&w))
		store(&w, (struct text){ 0 });
	answer(&w, r, kind, 201);
}

void
freshsales_update(struct request *q, struct reply *r)
{
	const struct freshsales_kind *kind = freshsales_kind(q->vars[0]);
	struct writing w = writing_of(q, r, kind);

	if (!w.o || !only_member(q, r, kind))
		return;
	w.record = freshsales_record(w.o, q->vars[1]);
	if (!w.record) {
		reply_start(r, 404);
		return;
	}
	if (take_values(&w, json_get(q->json, kind->singular)) && check_unique(&w))
		store(&w, (struct text){ 0 });
	answer(&w, r, kind, 200);
}

/* It goes to the Recycle Bin. */
void
freshsales_delete(struct request *q, struct reply *r)
{
	struct writing w = writing_of(q, r, freshsales_kind(q->vars[0]));
	struct origin by = { .op = "delete", .by = "api", .now_ms = q->now_ms };

	if (!w.o)
		return;
	w.record = freshsales_record(w.o, q->vars[1]);
	if (!w.record) {
		reply_start(r, 404);
		return;
	}
	store_archive(w.o, w.record, &by);
	w.record->now.updated_ms = q->now_ms;
	buf_str(reply_start(r, 200), "true");
}

/* ---- Bulk upsert and its jobs (section 7) --------------------------------------------- */

/* {IDENTIFIER:"..","data":{..}}, one identifier. */
static const struct json *
entry_identifier(const struct json *entry)
{
	const struct json *by = NULL;
	size_t others = 0;

	for (const struct json *j = entry->child; j; j = j->next) {
		if (text_is(j->name, "data"))
			continue;
		by = j;
		others++;
	}
	return others == 1 && json_get(entry, "data") ? by : NULL;
}

static bool
bulk_is_wrong(struct request *q, struct reply *r, const struct json *list)
{
	if (!freshsales_members(q, r, q->json, "contacts"))
		return true;
	if (!list || list->kind != JSON_ARRAY || !list->count || list->count > BULK_MOST) {
		freshsales_error(q, r, 400, "contacts must be a list of 1 to %u.", BULK_MOST);
		return true;
	}
	for (const struct json *j = list->child; j; j = j->next)
		if (!entry_identifier(j)) {
			freshsales_error(q, r, 400, "An entry wants one identifier and data.");
			return true;
		}
	return false;
}

static void
put_failure(struct buf *out, const struct freshsales *s, const struct json *by,
	    const char *why, bool *first)
{
	if (!strcmp(s->report, "none"))
		return;
	buf_comma(out, first);
	buf_str(out, "{");
	buf_quote(out, by->name);
	buf_str(out, ":");
	buf_quote(out, by->text);
	buf_str(out, ",\"errors\":[");
	buf_quotez(out, why);
	buf_str(out, "]}");
}

/* Writes the rows at once; only the report waits. */
static void
run_job(struct request *q, const struct json *list, struct buf *report)
{
	const struct freshsales *s = freshsales_state(q->sim);
	struct buf failures = { 0 };
	size_t failed = 0;
	bool first = true;

	for (const struct json *j = list->child; j; j = j->next) {
		const struct json *by = entry_identifier(j);
		struct writing w = { .q = q, .o = sim_object(q->sim, TEXT("contacts")) };

		if (write_by(&w, by, json_get(j, "data"))) {
			store(&w, by->text);
			continue;
		}
		failed++;
		put_failure(&failures, s, by, w.why, &first);
	}
	buf_fmt(report, "{\"record_status\":{\"succeeded\":%zu,\"failed\":%zu},"
		"\"detailed_failure_report\":[", list->count - failed, failed);
	buf_text(report, buf_view(&failures));
	buf_str(report, "]}");
	buf_clear(&failures);
}

void
freshsales_bulk(struct request *q, struct reply *r)
{
	struct freshsales *s = freshsales_state(q->sim);
	const struct json *list = json_get(q->json, "contacts");
	struct freshsales_job *job = &s->jobs[s->job_count % FRESHSALES_JOBS];
	struct buf report = { 0 };

	if (s->busy) {
		freshsales_error(q, r, 405, "Too many jobs are running.");
		return;
	}
	if (bulk_is_wrong(q, r, list))
		return;
	if (!s->job_fails)
		run_job(q, list, &report);
	free(job->report);
	job->report = s->job_fails ? NULL : sim_strdup(buf_view(&report));
	job->polls = 0;
	buf_clear(&report);
	struct text host = request_header(q, "Host");
	buf_fmt(reply_start(r, 202), "{\"job_status_url\":\"https://%.*s%s/job_statuses/"
		"job%llu\"}", (int)host.len, host.ptr ? host.ptr : "",
		s->classic ? "/api" : "/crm/sales/api", (unsigned long long)s->job_count++);
}

void
freshsales_job(struct request *q, struct reply *r)
{
	struct freshsales *s = freshsales_state(q->sim);
	int64_t number = -1;
	struct text id = q->vars[0];

	if (text_starts(id, "job"))
		text_int((struct text){ id.ptr + 3, id.len - 3 }, &number);
	if (number < 0 || (uint64_t)number >= s->job_count ||
	    (uint64_t)number + FRESHSALES_JOBS < s->job_count) {
		reply_start(r, 404);
		return;
	}
	struct freshsales_job *job = &s->jobs[(uint64_t)number % FRESHSALES_JOBS];
	struct buf *out = reply_start(r, 200);
	if (job->polls++ < (uint64_t)s->job_polls) {
		buf_str(out, "{\"status\":\"IN_PROGRESS\",\"data\":null}");
	} else if (!job->report) {
		buf_str(out, "{\"status\":\"FAILED\",\"data\":null}");
	} else {
		buf_str(out, "{\"status\":\"SUCCESS\",\"data\":");
		buf_quotez(out, job->report);
		buf_str(out, "}");
	}
}
