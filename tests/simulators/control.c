/* SPDX-License-Identifier: Apache-2.0 */
/* control.c - the control path `/_control/...` of every simulated CRM: load and
 * edit data, move the clock, plant faults, read back.  No credentials, never
 * counted.  Checks of the CRM are bypassed: a tester may make what no API would
 * take.  Routes of one CRM alone stand in its own file.  Called by sim.c. */
#include "oauth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)
#define LATE_MS 400                     /* Below every lag that is configured. */

static void
complain(struct reply *r, const char *why)
{
	struct buf *out = reply_start(r, 400);

	buf_str(out, "{\"error\":");
	buf_quotez(out, why);
	buf_str(out, "}");
}

/* The object that the request names, or NULL after a complaint. */
static struct object *
object_of(struct request *q, struct reply *r)
{
	struct text name = q->json ? json_text(q->json, "object") :
		request_query(q, "object");
	struct object *o = sim_object(q->sim, name);

	if (!o)
		complain(r, "\"object\" names no object of this CRM");
	return o;
}

/* ---- clock, counts ------------------------------------------------------ */

static void
get_clock(struct request *q, struct reply *r)
{
	(void)q;
	buf_fmt(reply_start(r, 200), "{\"now_ms\":%lld}", (long long)sim_now_ms());
}

static void
post_clock(struct request *q, struct reply *r)
{
	sim_clock_move(json_int(q->json, "advance_ms", 0));
	get_clock(q, r);
}

/* {label: number} of what is not zero. */
static void
put_by_route(struct buf *out, const struct crm *crm, const uint64_t *numbers)
{
	bool first = true;
	size_t n = 0;

	buf_str(out, "{");
	for (; crm->routes[n].method; n++) {
		if (!numbers[n])
			continue;
		buf_comma(out, &first);
		buf_quotez(out, crm->routes[n].label);
		buf_fmt(out, ":%llu", (unsigned long long)numbers[n]);
	}
	if (numbers[n]) {
		buf_comma(out, &first);
		buf_fmt(out, "\"unknown\":%llu", (unsigned long long)numbers[n]);
	}
	buf_str(out, "}");
}

static void
get_counts(struct request *q, struct reply *r)
{
	const struct sim *sim = q->sim;
	struct buf *out = reply_start(r, 200);

	buf_fmt(out, "{\"calls\":%llu,\"in_flight\":%llu,\"by\":",
		(unsigned long long)sim->calls, (unsigned long long)sim->in_flight);
	put_by_route(out, sim->crm, sim->by_route);
	buf_str(out, ",\"in_flight_by\":");
	put_by_route(out, sim->crm, sim->inside);
	buf_str(out, "}");
}

static void
post_counts(struct request *q, struct reply *r)
{
	struct sim *sim = q->sim;

	if (!json_true(q->json, "reset")) {
		complain(r, "\"reset\" must be true");
		return;
	}
	sim->calls = 0;
	for (size_t n = 0;; n++) {
		sim->by_route[n] = 0;
		if (!sim->crm->routes[n].method)
			break;
	}
	get_counts(q, r);
}

/* ---- load --------------------------------------------------------------- */

/* A time as ISO 8601 text or milliseconds. */
static int64_t
time_member(const struct json *j, const char *name)
{
	struct text t = json_text(j, name);
	int64_t ms = 0;

	if (!text_int(t, &ms) && t.len)
		time_parse(t, &ms, NULL);
	return ms;
}

/* The changes of a JSON object of values; NULL after a complaint. */
static struct change *
read_changes(struct request *q, struct reply *r, struct object *o,
	     const struct json *values, size_t *count)
{
	size_t n = values ? values->count : 0;
	struct change *changes = arena_alloc(q->arena, (n + 1) * sizeof *changes);
	char why[256];

	*count = 0;
	for (const struct json *m = values ? values->child : NULL; m; m = m->next) {
		if (q->sim->crm->change(q->arena, o, m->name, m, &changes[*count])) {
			++*count;
			continue;
		}
		snprintf(why, sizeof why, "object %s has no field \"%.*s\"", o->name,
			 (int)m->name.len, m->name.ptr);
		complain(r, why);
		return NULL;
	}
	return changes;
}

static bool
load_one(struct request *q, struct reply *r, struct object *o, const struct json *j)
{
	struct origin by = { .op = "load", .by = "control", .now_ms = q->now_ms,
			     .updated_ms = time_member(j, "updatedAt"), .settled = true };
	uint64_t id = sim_id_number(o->crm, json_text(j, "id"));
	char shown[SIM_ID_BYTES];
	size_t count;
	struct change *changes = read_changes(q, r, o, json_get(j, q->sim->crm->values),
					      &count);

	if (!changes)
		return false;
	struct record *record = id ? object_record(o, id) : NULL;
	if (record) {
		store_update(o, record, changes, count, &by);
	} else {
		record = store_create(o, id, changes, count, &by);
		if (json_get(j, "createdAt"))
			record->created_ms = time_member(j, "createdAt");
	}
	record->visible_ms = time_member(j, "visible_at_ms");
	buf_fmt(&r->body, "\"%s\"", sim_id(o->crm, record->id, shown));
	return true;
}

static void
post_load(struct request *q, struct reply *r)
{
	struct object *o = object_of(q, r);
	const struct json *records = json_get(q->json, "records");
	bool first = true;

	if (!o)
		return;
	buf_str(reply_start(r, 200), "{\"ids\":[");
	for (const struct json *j = records ? records->child : NULL; j; j = j->next) {
		buf_comma(&r->body, &first);
		if (!load_one(q, r, o, j))
			return;
	}
	buf_fmt(&r->body, "],\"last\":%llu}", (unsigned long long)o->last_id);
}

/* ---- seed --------------------------------------------------------------- */

struct seeding {
	struct object *o;
	uint64_t seed, count;
	int64_t first_ms, now_ms, late_ms;
	bool hard;
};

static void
seed_one(const struct seeding *s, uint64_t i)
{
	struct arena arena = { 0 };
	struct seed_row row = { 0 };
	struct change changes[SEED_COLUMNS + 2];

	if (s->hard)
		seed_hard(&arena, s->seed, s->o->seeded + i, &row);
	else
		seed_plain(&arena, s->seed, s->o->seeded + i, &row);
	size_t n = s->o->crm->seeded(&arena, s->o, &row, changes);
	int64_t spread = row.same_stamp ? 0 : (int64_t)(i * (uint64_t)HOUR_MS / s->count);
	struct origin by = { .op = "load", .by = "control", .now_ms = s->now_ms,
			     .updated_ms = row.late ? s->now_ms : s->first_ms + spread,
			     .settled = true };
	struct record *record = store_create(s->o, 0, changes, n, &by);
	record->created_ms = by.updated_ms - (int64_t)(i % 720) * HOUR_MS;
	if (row.late)
		record->visible_ms = s->now_ms + s->late_ms;
	arena_clear(&arena);
}

static void
post_seed(struct request *q, struct reply *r)
{
	struct object *o = object_of(q, r);
	struct seeding s = { .o = o, .seed = (uint64_t)json_int(q->json, "seed", 1),
			     .count = (uint64_t)json_int(q->json, "count", 0),
			     .now_ms = q->now_ms,
			     .late_ms = json_int(q->json, "late_ms", LATE_MS),
			     .hard = text_is(json_text(q->json, "kind"), "hard") };

	if (!o)
		return;
	if (s.hard && !json_get(q->json, "count"))
		s.count = seed_case_count;
	s.first_ms = q->now_ms - json_int(q->json, "age_ms", 2 * HOUR_MS);
	char first[SIM_ID_BYTES], last[SIM_ID_BYTES];
	uint64_t number = o->last_id + 1;
	sim_id(o->crm, number, first);
	for (uint64_t i = 0; i < s.count; i++)
		seed_one(&s, i);
	o->seeded += s.count;
	buf_fmt(reply_start(r, 200),
		"{\"count\":%llu,\"first\":\"%s\",\"last\":\"%s\",\"number\":%llu}",
		(unsigned long long)s.count, first, sim_id(o->crm, o->last_id, last),
		(unsigned long long)number);
}

static void
get_cases(struct request *q, struct reply *r)
{
	struct buf *out = reply_start(r, 200);
	bool first = true;

	(void)q;
	buf_str(out, "{\"cases\":[");
	for (size_t i = 0; i < seed_case_count; i++) {
		buf_comma(out, &first);
		buf_fmt(out, "{\"number\":%zu,\"name\":", i);
		buf_quotez(out, seed_cases[i].name);
		buf_str(out, ",\"expect\":");
		buf_quotez(out, seed_cases[i].expect);
		buf_str(out, ",\"why\":");
		buf_quotez(out, seed_cases[i].why);
		buf_str(out, "}");
	}
	buf_str(out, "]}");
}

/* ---- edit --------------------------------------------------------------- */

struct editing {
	struct object *o;
	const struct json *fields;
	uint64_t seed, serial;
	struct origin by;
};

static bool
wanted(const struct json *fields, const char *name)
{
	for (const struct json *f = fields ? fields->child : NULL; f; f = f->next)
		if (text_is(f->text, name))
			return true;
	return !fields;
}

/* Keeps the changes that are asked for and differ from what stands. */
static size_t
keep_wanted(const struct editing *e, const struct record *record, struct change *changes,
	    size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (!wanted(e->fields, changes[i].field->name))
			continue;
		if (changes[i].field->flags & FIELD_UNIQUE)
			continue;
		if (!text_equal(block_get(record->now.block, changes[i].field),
				changes[i].raw))
			changes[kept++] = changes[i];
	}
	return kept;
}

/* New values until at least one differs; false: no such field is generated. */
static bool
edit_record(struct editing *e, struct record *record)
{
	for (int attempt = 0; attempt < 50; attempt++) {
		struct arena arena = { 0 };
		struct seed_row row = { 0 };
		struct change changes[SEED_COLUMNS + 2];

		seed_edit(&arena, e->seed, e->serial++, &row);
		size_t n = e->o->crm->seeded(&arena, e->o, &row, changes);
		n = keep_wanted(e, record, changes, n);
		if (n)
			store_update(e->o, record, changes, n, &e->by);
		arena_clear(&arena);
		if (n)
			return true;
	}
	return false;
}

static bool
editable(const struct record *record, int64_t now_ms)
{
	return !record->gone && !record->now.archived && record->visible_ms <= now_ms;
}

static uint64_t
next_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

/* Edits 'count' different records, drawn from the seed: one walk in which each
 * record is taken with the chance that is left (Knuth's selection sampling). */
static void
edit_random(struct request *q, struct reply *r, struct editing *e, size_t count)
{
	uint64_t state = e->seed ^ UINT64_C(0x5DEECE66D) * (e->serial + 1);
	char shown[SIM_ID_BYTES];
	size_t left = 0;
	bool first = true;

	for (size_t i = 0; i < e->o->count; i++)
		left += editable(e->o->records[i], q->now_ms);
	buf_str(reply_start(r, 200), "{\"ids\":[");
	for (size_t i = 0; i < e->o->count && count; i++) {
		struct record *record = e->o->records[i];

		if (!editable(record, q->now_ms) || next_random(&state) % left-- >= count)
			continue;
		count--;
		if (!edit_record(e, record)) {
			complain(r, "no field to edit is one that the generator fills");
			return;
		}
		buf_comma(&r->body, &first);
		buf_fmt(&r->body, "\"%s\"", sim_id(e->o->crm, record->id, shown));
	}
	buf_str(&r->body, "]}");
}

static void
edit_one(struct request *q, struct reply *r, struct editing *e)
{
	struct record *record = object_record(e->o, sim_id_number(e->o->crm,
						json_text(q->json, "id")));
	char shown[SIM_ID_BYTES];
	size_t count;

	if (!record) {
		complain(r, "\"id\" names no record");
		return;
	}
	struct change *changes = read_changes(q, r, e->o, json_get(q->json, "values"),
					      &count);
	if (!changes)
		return;
	store_update(e->o, record, changes, count, &e->by);
	buf_fmt(reply_start(r, 200), "{\"ids\":[\"%s\"]}",
		sim_id(e->o->crm, record->id, shown));
}

static void
post_edit(struct request *q, struct reply *r)
{
	static uint64_t serial;
	struct editing e = {
		.o = object_of(q, r), .fields = json_get(q->json, "fields"),
		.seed = (uint64_t)json_int(q->json, "seed", 1), .serial = serial,
		.by = { .op = "edit", .by = "control", .now_ms = q->now_ms },
	};

	if (!e.o)
		return;
	if (json_get(q->json, "random"))
		edit_random(q, r, &e, (size_t)json_int(q->json, "random", 0));
	else
		edit_one(q, r, &e);
	serial = e.serial;
}

/* ---- delete ------------------------------------------------------------- */

static void
post_delete(struct request *q, struct reply *r)
{
	struct object *o = object_of(q, r);
	const struct json *ids = json_get(q->json, "ids");
	struct origin by = { .op = "delete", .by = "control", .now_ms = q->now_ms };
	size_t count = 0;

	if (!o)
		return;
	for (const struct json *j = ids ? ids->child : NULL; j; j = j->next) {
		struct record *record = object_record(o, sim_id_number(o->crm, j->text));

		if (!record || record->now.archived)
			continue;
		count++;
		if (o->crm->archives)
			store_archive(o, record, &by);
		else
			store_delete(o, record, &by);
	}
	buf_fmt(reply_start(r, 200), "{\"count\":%zu}", count);
}

/* {"object","ids"}: out of the recycle bin. */
static void
post_restore(struct request *q, struct reply *r)
{
	struct object *o = object_of(q, r);
	const struct json *ids = json_get(q->json, "ids");
	struct origin by = { .op = "restore", .by = "control", .now_ms = q->now_ms };
	size_t count = 0;

	if (!o)
		return;
	for (const struct json *j = ids ? ids->child : NULL; j; j = j->next) {
		struct record *record = object_record(o, sim_id_number(o->crm, j->text));

		count += record && store_restore(o, record, &by);
	}
	buf_fmt(reply_start(r, 200), "{\"count\":%zu}", count);
}

/* ---- reading back ------------------------------------------------------- */

static void
write_record(struct buf *out, const struct object *o, const struct record *record)
{
	char shown[SIM_ID_BYTES];
	size_t at = 0;
	unsigned slot;
	struct text raw;
	bool first = true;

	buf_fmt(out,
		"{\"id\":\"%s\",\"created_ms\":%lld,\"updated_ms\":%lld,\"version\":\"",
		sim_id(o->crm, record->id, shown), (long long)record->created_ms,
		(long long)record->now.updated_ms);
	o->crm->version(out, record->now.revision, record->now.updated_ms);
	buf_fmt(out, "\",\"archived\":%s,\"visible_at_ms\":%lld,\"values\":{",
		record->now.archived ? "true" : "false", (long long)record->visible_ms);
	while (block_next(record->now.block, &at, &slot, &raw)) {
		buf_comma(out, &first);
		buf_str(out, o->fields[slot]->quoted);
		buf_text(out, raw);
	}
	buf_str(out, "}}");
}

static int64_t
query_int(const struct request *q, const char *name, int64_t otherwise)
{
	int64_t n;

	return text_int(request_query(q, name), &n) ? n : otherwise;
}

static void
get_records(struct request *q, struct reply *r)
{
	struct object *o = object_of(q, r);
	int64_t limit = query_int(q, "limit", INT64_MAX);
	bool first = true;

	if (!o)
		return;
	buf_str(reply_start(r, 200), "{\"records\":[");
	size_t i = object_seek(o, (uint64_t)query_int(q, "from", 0));
	for (; i < o->count && limit; i++) {
		if (o->records[i]->gone)
			continue;
		buf_comma(&r->body, &first);
		buf_str(&r->body, "\n");
		write_record(&r->body, o, o->records[i]);
		limit--;
	}
	buf_str(&r->body, "],\"next\":");
	if (i < o->count)
		buf_fmt(&r->body, "\"%llu\"", (unsigned long long)o->records[i]->id);
	else
		buf_str(&r->body, "null");
	buf_fmt(&r->body, ",\"live\":%zu}", o->live);
}

static void
get_log(struct request *q, struct reply *r)
{
	r->type = "application/x-ndjson;charset=utf-8";
	log_write(reply_start(r, 200), (uint64_t)query_int(q, "from", 1),
		  (uint64_t)query_int(q, "limit", INT64_MAX));
	reply_header(r, "X-Log-Last", "%llu", (unsigned long long)log_last());
}

static void
post_delay(struct request *q, struct reply *r)
{
	q->sim->delay_ms = json_int(q->json, "ms", 0);
	buf_fmt(reply_start(r, 200), "{\"ms\":%lld}", (long long)q->sim->delay_ms);
}

/* A new token is accepted from now on, the old one no more. */
static void
post_token(struct request *q, struct reply *r)
{
	struct text token = json_text(q->json, "token");

	if (!token.len) {
		complain(r, "\"token\" must be a text");
		return;
	}
	free(q->sim->new_token);
	q->sim->new_token = sim_strdup(token);
	q->sim->token = q->sim->new_token;
	buf_str(reply_start(r, 200), "{}");
}

static void get_help(struct request *q, struct reply *r);

/* ---- Dispatch ----------------------------------------------------------- */

static const struct control controls[] = {
	{ "GET",  "clock",   "read the clock", get_clock, NULL },
	{ "POST", "clock",   "move the clock", post_clock, "{\"advance_ms\":300000}" },
	{ "GET",  "counts",  "calls so far", get_counts, NULL },
	{ "POST", "counts",  "begin to count anew", post_counts, "{\"reset\":true}" },
	{ "POST", "seed",    "made-up records", post_seed,
	  "{\"object\":\"OBJECT\",\"count\":1000,\"seed\":1,\"kind\":\"plain\"}" },
	{ "GET",  "cases",   "what kind \"hard\" holds", get_cases, NULL },
	{ "POST", "load",    "records as they are given", post_load,
	  "{\"object\":\"OBJECT\",\"records\":[{\"id\":\"ID\","
	  "\"updatedAt\":\"2026-11-01T00:00:00Z\",\"VALUES\":{}}]}" },
	{ "POST", "edit",    "a user's edit: of one record, or of so many by \"random\"",
	  post_edit, "{\"object\":\"OBJECT\",\"id\":\"ID\",\"values\":{},\"random\":10}" },
	{ "POST", "delete",  "a user's delete", post_delete,
	  "{\"object\":\"OBJECT\",\"ids\":[\"ID\"]}" },
	{ "POST", "restore", "a user's restore", post_restore,
	  "{\"object\":\"OBJECT\",\"ids\":[\"ID\"]}" },
	{ "GET",  "records", "what stands: ?object=OBJECT&from=ID&limit=100", get_records, NULL },
	{ "GET",  "log",     "the write log: ?from=1&limit=100", get_log, NULL },
	{ "GET",  "fault",   "planted faults", fault_list, NULL },
	{ "POST", "fault",   "plant a fault, or clear all", fault_set,
	  "{\"match\":\"POST *\",\"contains\":\"\",\"action\":\"status\",\"status\":503,"
	  "\"nth\":1,\"times\":2,\"ms\":0,\"headers\":{},\"body\":\"\",\"clear\":false}" },
	{ "POST", "delay",   "latency of every answer", post_delay, "{\"ms\":60}" },
	{ "POST", "token",   "accept another token", post_token, "{\"token\":\"another\"}" },
	{ "GET",  "oauth",   "what was issued", oauth_look, NULL },
	{ "POST", "oauth",   "another app; end what was issued", oauth_change,
	  "{\"expires_in\":1800,\"rotate\":true,\"scopes\":\"oauth\",\"expire\":true,"
	  "\"revoke\":true,\"deny\":false,\"restore\":true}" },
	{ "GET",  "help",    "this list", get_help, NULL },
	{ NULL, NULL, NULL, NULL, NULL },
};

static void
list_controls(struct buf *out, const struct control *list)
{
	for (const struct control *t = list; t && t->method; t++) {
		buf_fmt(out, "%-4s /_control/%-12s  %s\n", t->method, t->path, t->label);
		if (t->given)
			buf_fmt(out, "     %s\n", t->given);
	}
}

static void
get_help(struct request *q, struct reply *r)
{
	r->type = "text/plain;charset=utf-8";
	list_controls(reply_start(r, 200), controls);
	list_controls(&r->body, q->sim->crm->controls);
}

static const struct control *
find(const struct control *list, const struct request *q, struct text name)
{
	for (const struct control *t = list; t && t->method; t++)
		if (text_is(q->method, t->method) && text_is(name, t->path))
			return t;
	return NULL;
}

void
control_run(struct request *q, struct reply *r)
{
	size_t skip = strlen("/_control/");
	struct text name = { q->path.ptr + skip, q->path.len - skip };
	const struct control *t = find(controls, q, name);

	q->now_ms = sim_now_ms();
	if (!t)
		t = find(q->sim->crm->controls, q, name);
	if (!t)
		complain(r, "no such control");
	else if (text_is(q->method, "POST") && (!q->json || q->json->kind != JSON_OBJECT))
		complain(r, "the body must be a JSON object");
	else
		t->run(q, r);
}
