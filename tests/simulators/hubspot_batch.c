/* SPDX-License-Identifier: Apache-2.0 */
/* hubspot_batch.c - every write of the simulated HubSpot: each input becomes a
 * plan, all plans are checked, then all good ones are done, or none (sheet,
 * section 4).  The routes of hubspot.c call it. */
#include "hubspot.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define BATCH_MAX 100u
#define LEAD_TO_PRIMARY_CONTACT 578

enum verb { CREATE, UPDATE, UPSERT };

/* One input. */
struct plan {
	const struct json *input;
	struct text id, trace;
	struct field *key;                   /* idProperty; NULL: the record id. */
	struct record *target;               /* NULL: to be created. */
	bool missing;                        /* Update of what is not there. */
	bool no_key;                         /* Then the batch fails as a whole. */
	struct change *changes;
	size_t count;
	struct hubspot_problems problems;
};

struct batch {
	struct request *q;
	struct reply *r;
	struct object *o;
	enum verb verb;
	struct plan *plans;
	size_t count;
};

/* ---- Problems ----------------------------------------------------------- */

__attribute__((format(printf, 4, 5)))
static void
refuse(struct plan *p, int status, const char *category, const char *format, ...)
{
	char message[512];
	va_list args;

	if (p->problems.count)
		return;
	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	p->problems.count++;
	p->problems.status = status;
	p->problems.category = category;
	buf_str(&p->problems.plain, message);
}

static void
write_message(struct buf *out, const struct hubspot_problems *p)
{
	struct buf m = { 0 };

	if (p->plain.len) {
		buf_quote(out, buf_view(&p->plain));
		return;
	}
	buf_str(&m, "Property values were not valid: [");
	buf_text(&m, buf_view(&p->nested));
	buf_str(&m, "]");
	buf_quote(out, buf_view(&m));
	buf_clear(&m);
}

static const char *
category_of(const struct hubspot_problems *p)
{
	return p->category ? p->category : "VALIDATION_ERROR";
}

/* The whole batch is refused because of this plan; nothing was written. */
static void
refuse_all(struct batch *b, const struct plan *p)
{
	struct buf *out =
		reply_start(b->r, p->problems.status ? p->problems.status : 400);
	char id[40];

	sim_uuid(id);
	buf_str(out, "{\"status\":\"error\",\"message\":");
	write_message(out, &p->problems);
	buf_fmt(out, ",\"correlationId\":\"%s\",\"category\":\"%s\"", id,
		category_of(&p->problems));
	if (p->problems.errors.len) {
		buf_str(out, ",\"errors\":[");
		buf_text(out, buf_view(&p->problems.errors));
		buf_str(out, "]");
	}
	buf_str(out, "}");
}

/* ---- Checking one input ------------------------------------------------- */

static struct record *
live(struct request *q, struct record *record)
{
	if (!record || record->now.archived || record->visible_ms > q->now_ms)
		return NULL;
	return record;
}

static void
find_target(struct batch *b, struct plan *p)
{
	int64_t id = 0;

	if (b->verb == CREATE)
		return;
	if (p->key)
		p->target = live(b->q, object_by_key(b->o, p->key, p->id));
	else if (text_int(p->id, &id))
		p->target = live(b->q, object_record(b->o, (uint64_t)id));
	p->missing = !p->target && (b->verb == UPDATE || !p->key);
}

/* False: the property cannot be a key; said in the plan. */
static bool
find_key(struct batch *b, struct plan *p, struct text name)
{
	struct field *f = name.len ? object_field(b->o, name) : NULL;

	if (!name.len)
		return true;
	if (f && hubspot_is_key(b->o, f)) {
		p->key = f;
		return true;
	}
	p->no_key = true;
	refuse(p, 400, "VALIDATION_ERROR",
	       "Unable to perform update/upsert by non-unique %s "
	       "property %.*s",
	       hubspot_type_id(b->o), (int)name.len, name.ptr);
	return false;
}

static bool
sets(const struct plan *p, const struct field *f)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->changes[i].field == f && p->changes[i].raw.len)
			return true;
	return false;
}

/* An upsert that creates stores its key by itself. */
static void
add_key(struct batch *b, struct plan *p)
{
	struct json key = { .kind = JSON_STRING,
			    .text = p->id,
			    .name = text_of(p->key->name) };

	if (!sets(p, p->key) && hubspot_value(b->q, b->o, NULL, &key,
					       &p->changes[p->count], &p->problems))
		p->count++;
}

static void
read_values(struct batch *b, struct plan *p)
{
	const struct json *values = json_get(p->input, "properties");
	size_t n = values ? values->count : 0;

	p->changes = arena_alloc(b->q->arena, (n + 4) * sizeof *p->changes);
	for (const struct json *m = values ? values->child : NULL; m; m = m->next)
		if (hubspot_value(b->q, b->o, p->target, m, &p->changes[p->count],
				  &p->problems))
			p->count++;
	if (!n && b->verb != CREATE)
		refuse(p, 400, "VALIDATION_ERROR",
		       "No properties found to update, please "
		       "provide at least one.");
	if (b->verb == UPSERT && p->key && !p->target)
		add_key(b, p);
}

static void
require(struct batch *b, struct plan *p, const char *a, const char *or)
{
	const struct field *f = object_field(b->o, text_of(a));
	const struct field *g = or ? object_field(b->o, text_of(or)) : NULL;
	char message[160];

	if (sets(p, f) || (g && sets(p, g)))
		return;
	snprintf(message, sizeof message, "Required property '%s' is missing", a);
	hubspot_problem(&p->problems, text_of(a), "MISSING_REQUIRED_PROPERTY", message);
}

/* The value that field 'f' will have. */
static struct text
will_be(struct batch *b, const struct plan *p, const struct field *f)
{
	for (size_t i = p->count; i-- > 0;)
		if (p->changes[i].field == f)
			return json_unquote(b->q->arena, p->changes[i].raw);
	return p->target ? json_unquote(b->q->arena, block_get(p->target->now.block, f))
			 : (struct text){ 0 };
}

/* Rules of the account's administrators; API writes keep them since 2026-09. */
static void
check_admin_rules(struct batch *b, struct plan *p)
{
	char message[300];

	for (size_t i = 0; i < b->o->field_count; i++) {
		const struct field *f = b->o->fields[i];
		const struct hubspot_rules *rules = f->rules;

		if ((!rules->required && !rules->because) || will_be(b, p, f).len)
			continue;
		if (rules->required && !p->target) {
			snprintf(message, sizeof message, "Required property '%s' is "
				 "missing", f->name);
			hubspot_problem(&p->problems, text_of(f->name),
					"MISSING_REQUIRED_PROPERTY", message);
		}
		if (rules->because &&
		    text_is(will_be(b, p, rules->because), rules->because_value)) {
			snprintf(message, sizeof message, "Property '%s' is required "
				 "because of [%s]", f->name, rules->because->name);
			hubspot_problem(&p->problems, text_of(f->name),
					"MISSING_CONDITIONAL_REQUIRED_PROPERTY", message);
		}
	}
}

static void
check_required(struct batch *b, struct plan *p)
{
	if (!p->missing && text_is(b->q->vars[0], "2026-09"))
		check_admin_rules(b, p);
	if (p->target || p->missing || p->problems.count)
		return;
	for (size_t i = 0; i < b->o->field_count; i++)
		if (b->o->fields[i]->flags & FIELD_REQUIRED)
			require(b, p, b->o->fields[i]->name, NULL);
	if (!strcmp(b->o->name, "deals")) {
		require(b, p, "dealname", NULL);
		require(b, p, "dealstage", NULL);
	}
	if (!strcmp(b->o->name, "companies"))
		require(b, p, "name", "domain");
	if (!strcmp(b->o->name, "leads"))
		require(b, p, "hs_lead_name", NULL);
	if (object_field(b->o, TEXT("hs_timestamp")))
		require(b, p, "hs_timestamp", NULL);
}

/* A new lead names its primary contact, which only a create can. */
static void
check_parent(struct batch *b, struct plan *p)
{
	const struct json *list = json_get(p->input, "associations");

	if (p->target || strcmp(b->o->name, "leads"))
		return;
	for (const struct json *j = list && b->verb == CREATE ? list->child : NULL; j;
	     j = j->next) {
		const struct json *types = json_get(j, "types");

		if (json_int(types ? types->child : NULL, "associationTypeId", 0) ==
		    LEAD_TO_PRIMARY_CONTACT)
			return;
	}
	/* XXX HubSpot's words for it were never seen. */
	refuse(p, 400, "VALIDATION_ERROR", "The lead has no primary contact");
}

/* The addresses in {"from":{"email"},"to":[{"email"}]}, which stand apart as well. */
static void
read_headers(struct batch *b, struct plan *p)
{
	const struct field *headers = object_field(b->o, TEXT("hs_email_headers"));
	struct field *from = object_field(b->o, TEXT("hs_email_from_email"));
	struct field *to = object_field(b->o, TEXT("hs_email_to_email"));

	if (strcmp(b->o->name, "emails") || !sets(p, headers))
		return;
	const struct json *root = json_parse(b->q->arena, will_be(b, p, headers), NULL);
	const struct json *list = json_get(root, "to");
	struct text one = json_text(json_get(root, "from"), "email");
	struct text other = json_text(list ? list->child : NULL, "email");
	if (one.len)
		p->changes[p->count++] = (struct change){ from,
					json_quoted(b->q->arena, one) };
	if (other.len)
		p->changes[p->count++] = (struct change){ to,
					json_quoted(b->q->arena, other) };
}

static void
conflict(struct batch *b, struct plan *p, const struct field *f, uint64_t id)
{
	if (!strcmp(f->name, "email") && !strcmp(b->o->name, "contacts"))
		refuse(p, 409, "CONFLICT", "Contact already exists. Existing ID: %llu",
		       (unsigned long long)id);
	else
		hubspot_problem(&p->problems, text_of(f->name),
				"CONFLICTING_UNIQUE_VALUE",
				"Another object already has that value");
}

/* Against what is stored, and against the inputs before it. */
static void
check_unique(struct batch *b, struct plan *p)
{
	for (size_t i = 0; i < p->count && !sim_options.no_unique; i++) {
		const struct change *c = &p->changes[i];

		if (!c->field->index || !c->raw.len)
			continue;
		struct record *other = object_by_key(b->o, c->field,
					json_unquote(b->q->arena, c->raw));
		if (other && other != p->target)
			conflict(b, p, c->field, other->id);
		for (const struct plan *e = b->plans; e < p; e++)
			for (size_t j = 0; j < e->count; j++)
				if (e->changes[j].field == c->field &&
				    text_equal(e->changes[j].raw, c->raw))
					conflict(b, p, c->field, b->o->last_id + 1);
	}
}

/* Associations that stand in a create (section 5.1). */
static void
check_links(struct batch *b, struct plan *p)
{
	if (b->verb == CREATE &&
	    !hubspot_join_new(b->q, b->o, NULL, json_get(p->input, "associations")))
		refuse(p, 400, "VALIDATION_ERROR",
		       "One or more associations are invalid");
}

static void
check(struct batch *b, struct plan *p, struct text id_property)
{
	if (!find_key(b, p, id_property))
		return;
	find_target(b, p);
	if (p->missing)
		return;
	read_values(b, p);
	check_required(b, p);
	if (!p->problems.count)
		check_unique(b, p);
	check_parent(b, p);
	check_links(b, p);
	read_headers(b, p);
}

/* ---- Doing -------------------------------------------------------------- */

static void
do_plan(struct batch *b, struct plan *p)
{
	struct origin by = { .op = p->target ? "update" : "create", .by = "api",
			     .key = p->key ? p->id : (struct text){ 0 },
			     .now_ms = b->q->now_ms };

	if (p->target)
		store_update(b->o, p->target, p->changes, p->count, &by);
	else
		p->target = store_create(b->o, 0, p->changes, p->count, &by);
	if (b->verb == CREATE)
		hubspot_join_new(b->q, b->o, p->target,
				 json_get(p->input, "associations"));
}

/* What was sent, and what the record says of itself. */
static void
write_result(struct batch *b, struct plan *p, bool created)
{
	struct text *names = arena_alloc(b->q->arena, (p->count + 1) * sizeof *names);
	struct buf *out = &b->r->body;

	for (size_t i = 0; i < p->count; i++)
		names[i] = text_of(p->changes[i].field->name);
	struct hubspot_wanted w = hubspot_want(b->q, b->o, names, p->count);
	buf_str(out, "{");
	hubspot_write_object(out, b->o, p->target, &p->target->now, &w);
	if (b->verb == UPSERT)
		buf_str(out, created ? ",\"new\":true" : ",\"new\":false");
	if (p->trace.len) {
		buf_str(out, ",\"objectWriteTraceId\":");
		buf_quote(out, p->trace);
	}
	if (p->problems.warnings.len) {
		buf_str(out, ",\"warnings\":[");
		buf_text(out, buf_view(&p->problems.warnings));
		buf_str(out, "]");
	}
	buf_str(out, "}");
}

static void
write_error(struct buf *out, const struct plan *p)
{
	buf_str(out, "{\"status\":\"error\",\"category\":\"");
	buf_str(out, p->missing ? "OBJECT_NOT_FOUND" : category_of(&p->problems));
	buf_str(out, "\",\"message\":");
	if (p->missing)
		buf_str(out,
			"\"Could not get some objects, they may be deleted or not exist. "
			"Check that ids are valid.\"");
	else
		write_message(out, &p->problems);
	buf_str(out, ",\"context\":{");
	if (p->missing) {
		buf_str(out, "\"ids\":[");
		buf_quote(out, p->id);
		buf_str(out, p->trace.len ? "]," : "]");
	}
	if (p->trace.len) {
		buf_str(out, "\"objectWriteTraceId\":[");
		buf_quote(out, p->trace);
		buf_str(out, "]");
	}
	buf_str(out, "}}");
}

static bool
bad(const struct plan *p)
{
	return p->missing || p->problems.count;
}

static void
write_errors(struct batch *b)
{
	struct buf *out = &b->r->body;
	size_t errors = 0;
	bool first = true;

	for (size_t i = 0; i < b->count; i++)
		errors += bad(&b->plans[i]);
	if (!errors)
		return;
	b->r->status = 207;
	buf_fmt(out, ",\"numErrors\":%zu,\"errors\":[", errors);
	for (size_t i = 0; i < b->count; i++) {
		if (!bad(&b->plans[i]))
			continue;
		buf_comma(out, &first);
		write_error(out, &b->plans[i]);
	}
	buf_str(out, "]");
}

static void
write_times(struct batch *b)
{
	char iso[40];

	time_iso(iso, b->q->now_ms);
	buf_fmt(&b->r->body, ",\"startedAt\":\"%s\",\"completedAt\":\"%s\"}", iso, iso);
}

/* Done in order of the inputs, told from the last to the first: nobody may
 * count on positions (section 4.3). */
static void
do_batch(struct batch *b)
{
	bool first = true, keep = hubspot_options(b->q->sim)->keep_order;
	bool *created = arena_alloc(b->q->arena, b->count + 1);

	buf_str(reply_start(b->r, b->verb == CREATE ? 201 : 200),
		"{\"status\":\"COMPLETE\",\"results\":[");
	for (size_t i = 0; i < b->count; i++) {
		created[i] = !b->plans[i].target;
		if (!bad(&b->plans[i]))
			do_plan(b, &b->plans[i]);
	}
	for (size_t i = 0; i < b->count; i++) {
		size_t at = keep ? i : b->count - 1 - i;

		if (bad(&b->plans[at]))
			continue;
		buf_comma(&b->r->body, &first);
		write_result(b, &b->plans[at], created[at]);
	}
	buf_str(&b->r->body, "]");
	write_errors(b);
	write_times(b);
}

/* ---- Whole batches ------------------------------------------------------ */

/* One bad input spoils the batch, unless each one has a trace id of its own. */
static bool
partial(const struct batch *b)
{
	for (size_t i = 0; i < b->count; i++) {
		const struct plan *p = &b->plans[i];

		if (!p->trace.len || p->no_key)
			return false;
		for (size_t j = 0; j < i; j++)
			if (text_equal(b->plans[j].trace, p->trace))
				return false;
		if (b->verb == UPSERT && p->key && !strcmp(p->key->name, "email") &&
		    !hubspot_options(b->q->sim)->partial_email)
			return false;
	}
	return true;
}

static bool
same_id(struct text a, struct text b)
{
	a = text_trim(a);
	b = text_trim(b);
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		char x = a.ptr[i], y = b.ptr[i];

		x = x >= 'A' && x <= 'Z' ? (char)(x | 32) : x;
		y = y >= 'A' && y <= 'Z' ? (char)(y | 32) : y;
		if (x != y)
			return false;
	}
	return true;
}

static bool
duplicate_ids(struct batch *b)
{
	for (size_t i = 0; i < b->count && b->verb != CREATE; i++) {
		for (size_t j = 0; j < i; j++) {
			struct text id = b->plans[i].id;

			if (!same_id(id, b->plans[j].id))
				continue;
			hubspot_error(b->r, 400, "VALIDATION_ERROR",
				      "Duplicate IDs found in "
				      "batch input: [%.*s]. IDs must be unique",
				      (int)id.len, id.ptr);
			b->r->body.len--;
			buf_str(&b->r->body, ",\"context\":{\"ids\":[");
			buf_quote(&b->r->body, id);
			buf_str(&b->r->body, "]}}");
			return true;
		}
	}
	return false;
}

static bool
mixed_keys(struct batch *b)
{
	for (size_t i = 1; i < b->count; i++) {
		if (text_equal(json_text(b->plans[i].input, "idProperty"),
			       json_text(b->plans[0].input, "idProperty")))
			continue;
		/* XXX unconfirmed; a connector must not depend on mixing. */
		hubspot_error(b->r, 400, "VALIDATION_ERROR",
			      "All inputs of a batch must use "
			      "the same idProperty");
		return true;
	}
	return false;
}

static bool
read_inputs(struct batch *b)
{
	const struct json *inputs = json_get(b->q->json, "inputs");

	if (!inputs || inputs->kind != JSON_ARRAY) {
		hubspot_error(b->r, 400, "VALIDATION_ERROR",
			      "Invalid input JSON on line 1, "
			      "column 1: Some required fields were not set: [inputs]");
		return false;
	}
	if (inputs->count > BATCH_MAX) {
		hubspot_error(b->r, 400, "VALIDATION_ERROR", "The number of inputs, %zu, "
			      "exceeds the limit of %u", inputs->count, BATCH_MAX);
		return false;
	}
	b->plans = arena_alloc(b->q->arena, (inputs->count + 1) * sizeof *b->plans);
	memset(b->plans, 0, (inputs->count + 1) * sizeof *b->plans);
	for (const struct json *j = inputs->child; j; j = j->next)
		b->plans[b->count++] = (struct plan){
			.input = j, .id = json_text(j, "id"),
			.trace = json_text(j, "objectWriteTraceId"),
		};
	return !duplicate_ids(b) && !mixed_keys(b);
}

static void
clear(struct batch *b)
{
	for (size_t i = 0; i < b->count; i++)
		hubspot_problems_clear(&b->plans[i].problems);
}

static struct object *
object_of(struct request *q, struct reply *r)
{
	struct text name = q->vars[1].len ? q->vars[1] : json_text(q->json, "object");
	struct object *o = hubspot_object(q->sim, name);

	if (!o)
		hubspot_error(r, 400, "VALIDATION_ERROR",
			      "Unable to infer object type from: "
			      "%.*s",
			      (int)name.len, name.ptr);
	return o;
}

static void
run_batch(struct request *q, struct reply *r, enum verb verb)
{
	struct batch b = { .q = q, .r = r, .verb = verb, .o = object_of(q, r) };
	const struct plan *spoiler = NULL;

	if (!b.o || !read_inputs(&b))
		return;
	for (size_t i = 0; i < b.count; i++) {
		check(&b, &b.plans[i], verb == CREATE ? (struct text){ 0 } :
		      json_text(b.plans[i].input, "idProperty"));
		if (b.plans[i].problems.count && !spoiler)
			spoiler = &b.plans[i];
	}
	if (spoiler && !partial(&b))
		refuse_all(&b, spoiler);
	else
		do_batch(&b);
	clear(&b);
}

void
hubspot_batch_create(struct request *q, struct reply *r)
{
	run_batch(q, r, CREATE);
}

void
hubspot_batch_update(struct request *q, struct reply *r)
{
	run_batch(q, r, UPDATE);
}

void
hubspot_batch_upsert(struct request *q, struct reply *r)
{
	run_batch(q, r, UPSERT);
}

/* Ids that are not there are passed over; the answer has no body. */
void
hubspot_batch_archive(struct request *q, struct reply *r)
{
	struct batch b = { .q = q, .r = r, .verb = UPDATE, .o = object_of(q, r) };
	struct origin by = { .op = "archive", .by = "api", .now_ms = q->now_ms };

	if (!b.o || !read_inputs(&b))
		return;
	reply_start(r, 204);
	for (size_t i = 0; i < b.count; i++) {
		find_target(&b, &b.plans[i]);
		if (b.plans[i].target)
			store_archive(b.o, b.plans[i].target, &by);
	}
}

/* ---- Single records ----------------------------------------------------- */

static void
run_single(struct request *q, struct reply *r, enum verb verb)
{
	struct plan plan = { .input = q->json, .id = q->vars[2] };
	struct batch b = { .q = q, .r = r, .verb = verb, .o = object_of(q, r),
			   .plans = &plan, .count = 1 };

	if (!b.o)
		return;
	check(&b, &plan, verb == CREATE ? (struct text){ 0 } :
	      request_query(q, "idProperty"));
	if (plan.missing) {
		hubspot_error(r, 404, "OBJECT_NOT_FOUND", "resource not found");
	} else if (plan.problems.count) {
		refuse_all(&b, &plan);
	} else {
		do_plan(&b, &plan);
		reply_start(r, verb == CREATE ? 201 : 200);
		write_result(&b, &plan, verb == CREATE);
	}
	clear(&b);
}

void
hubspot_create(struct request *q, struct reply *r)
{
	run_single(q, r, CREATE);
}

void
hubspot_update(struct request *q, struct reply *r)
{
	run_single(q, r, UPDATE);
}

/* Archiving twice, or what is not there, is no error. */
void
hubspot_archive(struct request *q, struct reply *r)
{
	struct object *o = object_of(q, r);
	struct origin by = { .op = "archive", .by = "api", .now_ms = q->now_ms };
	int64_t id = 0;

	if (!o)
		return;
	struct record *record = text_int(q->vars[2], &id) ?
		live(q, object_record(o, (uint64_t)id)) : NULL;
	if (record)
		store_archive(o, record, &by);
	reply_start(r, 204);
}

/* ---- Merge (section 3.4) ------------------------------------------------ */

static size_t
merge_changes(struct request *q, struct object *o, const struct record *keep,
	      const struct record *lose, struct change *changes)
{
	struct field *merged = object_field(o, TEXT("hs_merged_object_ids"));
	struct text old = json_unquote(q->arena, block_get(keep->now.block, merged));
	struct buf ids = { 0 };
	size_t n = 0, at = 0;
	unsigned slot;
	struct text raw;

	while (block_next(lose->now.block, &at, &slot, &raw))
		if (!block_get(keep->now.block, o->fields[slot]).len &&
		    o->fields[slot] != merged && !o->fields[slot]->index)
			changes[n++] = (struct change){ o->fields[slot], raw };
	buf_fmt(&ids, "\"%.*s%s%llu\"", (int)old.len, old.len ? old.ptr : "",
		old.len ? ";" : "", (unsigned long long)lose->id);
	changes[n++] = (struct change){ merged, arena_take(q->arena, &ids) };
	return n;
}

void
hubspot_merge(struct request *q, struct reply *r)
{
	struct object *o = object_of(q, r);
	struct record *keep, *lose;

	if (!o)
		return;
	keep = live(q,
		    object_record(o, (uint64_t)json_int(q->json, "primaryObjectId", 0)));
	lose = live(q,
		    object_record(o, (uint64_t)json_int(q->json, "objectIdToMerge", 0)));
	if (!keep || !lose || keep == lose) {
		hubspot_error(r, 400, "VALIDATION_ERROR", "The objects to merge were not "
			      "found, or are one and the same");
		return;
	}
	const char *who = q->route ? "api" : "control";
	struct origin by = { .op = "delete", .by = who, .now_ms = q->now_ms };
	struct change *changes = arena_alloc(q->arena,
					     (o->field_count + 1) * sizeof *changes);
	size_t n = merge_changes(q, o, keep, lose, changes);
	store_delete(o, lose, &by);
	by.op = q->route ? "update" : "edit";
	store_update(o, keep, changes, n, &by);
	struct hubspot_wanted w = hubspot_want(q, o, NULL, 0);
	buf_str(reply_start(r, 200), "{");
	hubspot_write_object(&r->body, o, keep, &keep->now, &w);
	buf_str(&r->body, "}");
}
