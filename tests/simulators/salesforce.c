/* SPDX-License-Identifier: Apache-2.0 */
/* salesforce.c - the simulated Salesforce: paths, credentials, limits, ids and what is not
 * a record (sheet, sections 0, 1, 2, 5, 6).  Fields are in salesforce_fields.c, SOQL in
 * salesforce_query.c, writes in salesforce_write.c, jobs in salesforce_bulk.c.  The table
 * of CRMs in main.c names `salesforce_crm`. */
#include "salesforce.h"
#include "oauth.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define URI_MAX 16384u
#define DAY_CALLS 100000u
#define DAY_MS INT64_C(86400000)
#define PREFIXES 64u
#define OLDEST 31
#define NEWEST 68
/* Of routes, in 'kind': the body is no JSON. */
#define ROUTE_CSV 0x1

struct salesforce *
salesforce_state(const struct sim *sim)
{
	return sim->state;
}

struct salesforce_rules *
salesforce_rules(const struct field *f)
{
	return f->rules;
}

struct salesforce_object *
salesforce_of(const struct object *o)
{
	return o->extra;
}

/* ---- Ids ------------------------------------------------------------------------- */

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/* The last three characters say which of the others are capitals. */
void
salesforce_id(char out[SALESFORCE_ID + 1], const char *prefix, uint64_t number)
{
	static const char marks[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

	number &= SALESFORCE_NUMBER;
	snprintf(out, SALESFORCE_ID + 1, "%.3sxx0", prefix);
	for (int i = 14; i >= 6; i--, number /= 62)
		out[i] = digits[number % 62];
	for (int part = 0; part < 3; part++) {
		unsigned bits = 0;

		for (int i = 0; i < 5; i++)
			bits |= (unsigned)(out[part * 5 + i] >= 'A' && out[part * 5 + i] <= 'Z')
				<< i;
		out[15 + part] = marks[bits];
	}
	out[SALESFORCE_ID] = '\0';
}

/* An id in the store has the place of its object's prefix above the number. */
static char prefixes[PREFIXES][4];

uint64_t
salesforce_base(const char *prefix)
{
	uint64_t i = 0;

	while (i < PREFIXES - 1 && prefixes[i][0] && strcmp(prefixes[i], prefix) != 0)
		i++;
	snprintf(prefixes[i], sizeof prefixes[i], "%.3s", prefix);
	return (i + 1) << SALESFORCE_BITS;
}

static void
show_id(char out[SIM_ID_BYTES], uint64_t id)
{
	uint64_t at = id >> SALESFORCE_BITS;

	salesforce_id(out, at > 0 && at <= PREFIXES ? prefixes[at - 1] : "000", id);
}

static uint64_t
read_id(struct text id)
{
	uint64_t number = 0, at = 0;

	if (id.len != 15 && id.len != SALESFORCE_ID)
		return 0;
	while (at < PREFIXES && strncmp(id.ptr, prefixes[at], 3) != 0)
		at++;
	for (size_t i = 6; i < 15; i++) {
		const char *digit = id.ptr[i] ? strchr(digits, id.ptr[i]) : NULL;

		if (!digit)
			return 0;
		number = number * 62 + (uint64_t)(digit - digits);
	}
	return at < PREFIXES ? (at + 1) << SALESFORCE_BITS | (number & SALESFORCE_NUMBER) : 0;
}

uint64_t
salesforce_read_id(const struct object *o, struct text id)
{
	uint64_t number = read_id(id);

	return number && !strncmp(id.ptr, salesforce_of(o)->prefix, 3) ? number : 0;
}

void
salesforce_time(char *out, int64_t ms)
{
	ms -= ((ms % 1000) + 1000) % 1000;
	time_iso(out, ms);
	snprintf(out + strlen(out) - 1, 6, "+0000");
}

/* ---- Errors (section 5) ------------------------------------------------------------ */

void
salesforce_error(struct reply *r, int status, const char *code, const char *field,
		 const char *format, ...)
{
	struct buf *out = reply_start(r, status);
	char message[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	buf_str(out, "[{\"message\":");
	buf_quotez(out, message);
	buf_fmt(out, ",\"errorCode\":\"%s\"", code);
	if (field) {
		buf_str(out, ",\"fields\":[");
		buf_quotez(out, field);
		buf_str(out, "]");
	}
	buf_str(out, "}]");
}

static void
salesforce_unknown(struct request *q, struct reply *r)
{
	(void)q;
	salesforce_error(r, 404, "NOT_FOUND", NULL, "The requested resource does not exist");
}

struct object *
salesforce_object_of(struct request *q, struct reply *r, struct text name)
{
	struct object *o = sim_object(q->sim, name);

	if (!o)
		salesforce_unknown(q, r);
	return o;
}

/* ---- The gate ------------------------------------------------------------------------ */

static bool
authorised(const struct request *q)
{
	struct text given = request_header(q, "Authorization");
	size_t skip = text_starts(given, "Bearer ") ? 7 : text_starts(given, "OAuth ") ? 6 : 0;
	struct text token = { given.ptr + skip, given.len - skip };
	const char *scopes;
	int64_t expired_s;

	if (!skip)
		return false;
	return text_is(token, q->sim->token) ||
	       oauth_judge(q, token, &scopes, &expired_s) == OAUTH_GOOD;
}

/* "v67.0"; true after an answer. */
static bool
wrong_version(struct request *q, struct reply *r)
{
	struct text v = q->vars[0], whole = { v.ptr + 1, v.len ? v.len - 1 : 0 };
	int64_t number = 0;

	if (!v.len)
		return false;
	if (v.ptr[0] == 'v' && text_int(text_until(&whole, '.'), &number) && whole.len == 1 &&
	    whole.ptr[0] == '0' && number >= OLDEST && number <= NEWEST)
		return false;
	if (number > 6 && number < OLDEST)
		salesforce_error(r, 410, "UNSUPPORTED_API_VERSION", NULL, "GONE: The REST API "
				 "version %lld.0 is not supported", (long long)number);
	else
		salesforce_unknown(q, r);
	return true;
}

static bool
used_up(struct request *q, struct reply *r)
{
	struct salesforce *s = salesforce_state(q->sim);

	if (s->day != q->now_ms / DAY_MS) {
		s->day = q->now_ms / DAY_MS;
		s->used = 0;
	}
	s->used++;
	if (s->used <= s->allowed || sim_options.no_limits)
		return false;
	salesforce_error(r, 403, "REQUEST_LIMIT_EXCEEDED", NULL, "TotalRequests Limit exceeded.");
	return true;
}

static bool
wrong_body(struct request *q, struct reply *r)
{
	struct text type = request_header(q, "Content-Type");
	bool csv = q->route && (q->route->kind & ROUTE_CSV);

	if (text_is(q->method, "GET") || text_is(q->method, "DELETE") || !q->body.len)
		return false;
	if (!text_starts(type, csv ? "text/csv" : "application/json")) {
		salesforce_error(r, 415, "UNSUPPORTED_MEDIA_TYPE", NULL, "Content type header "
				 "'%.*s' not supported for this request", (int)type.len,
				 type.len ? type.ptr : "");
		return true;
	}
	if (csv || (q->json && q->json->kind == JSON_OBJECT))
		return false;
	salesforce_error(r, 400, "JSON_PARSER_ERROR", NULL, "Unexpected character at [line:1, "
			 "column:%zu]", q->json_stop + 1);
	return true;
}

static bool
salesforce_gate(struct request *q, struct reply *r)
{
	if (q->uri.len > URI_MAX) {
		r->type = "text/html";
		buf_str(reply_start(r, 431), "<html><body>Bad Message 431</body></html>");
		return true;
	}
	if (q->route && (q->route->kind & ROUTE_OPEN))
		return false;
	if (!authorised(q)) {
		salesforce_error(r, 401, "INVALID_SESSION_ID", NULL,
				 "Session expired or invalid");
		return true;
	}
	return wrong_version(q, r) || used_up(q, r) || wrong_body(q, r);
}

static void
salesforce_finish(struct request *q, struct reply *r)
{
	const struct salesforce *s = salesforce_state(q->sim);

	if (q->route && (q->route->kind & ROUTE_OPEN))
		return;
	reply_header(r, "Sforce-Limit-Info", "api-usage=%llu/%llu; per-app-api-usage=17/250"
		     "(appName=sim)", (unsigned long long)s->used,
		     (unsigned long long)s->allowed);
}

/* ---- What is no record ------------------------------------------------------------------ */

static void
get_versions(struct request *q, struct reply *r)
{
	bool first = true;

	(void)q;
	buf_str(reply_start(r, 200), "[");
	for (int v = OLDEST; v < NEWEST; v++) {
		buf_comma(&r->body, &first);
		buf_fmt(&r->body, "{\"label\":\"Release %d\",\"url\":\"/services/data/v%d.0\","
			"\"version\":\"%d.0\"}", v, v, v);
	}
	buf_str(&r->body, "]");
}

static void
get_limits(struct request *q, struct reply *r)
{
	const struct salesforce *s = salesforce_state(q->sim);

	if (s->no_limits_right) {
		salesforce_error(r, 403, "INSUFFICIENT_ACCESS", NULL, "insufficient access rights "
				 "on object id");
		return;
	}
	buf_fmt(reply_start(r, 200), "{\"DailyApiRequests\":{\"Max\":%llu,\"Remaining\":%llu},"
		"\"DailyBulkV2QueryJobs\":{\"Max\":10000,\"Remaining\":9998},"
		"\"DailyBulkV2QueryFileStorageMB\":{\"Max\":976562,\"Remaining\":976562},"
		"\"DailyBulkApiBatches\":{\"Max\":15000,\"Remaining\":15000}}",
		(unsigned long long)s->allowed,
		(unsigned long long)(s->allowed > s->used ? s->allowed - s->used : 0));
}

static void
get_sobjects(struct request *q, struct reply *r)
{
	bool first = true;

	buf_str(reply_start(r, 200), "{\"encoding\":\"UTF-8\",\"maxBatchSize\":200,\"sobjects\":[");
	for (const struct object *o = q->sim->objects; o; o = o->next) {
		buf_comma(&r->body, &first);
		salesforce_write_describe(&r->body, o, false);
	}
	buf_str(&r->body, "]}");
}

static void
get_describe(struct request *q, struct reply *r)
{
	struct object *o = salesforce_object_of(q, r, q->vars[1]);

	if (o)
		salesforce_write_describe(reply_start(r, 200), o, true);
}

static void
get_userinfo(struct request *q, struct reply *r)
{
	(void)q;
	buf_str(reply_start(r, 200), "{\"user_id\":\"005xx0000000001AAA\",\"organization_id\":"
		"\"00Dxx0000000001AAA\",\"preferred_username\":\"integration@sim.example.com\"}");
}

/* ---- The control path's own ---------------------------------------------------------------- */

static void
no_such(struct reply *r)
{
	buf_str(reply_start(r, 400), "{\"error\":\"no such object or field, or a bad type\"}");
}

/* {"name":"Plan__c","label":"Plan","prefix":"a00"} */
static void
control_object(struct request *q, struct reply *r)
{
	const char *name = sim_strz(q->arena, json_text(q->json, "name"));
	const char *label = sim_strz(q->arena, json_text(q->json, "label"));
	const char *prefix = sim_strz(q->arena, json_text(q->json, "prefix"));

	if (strlen(prefix) != 3 || !strstr(name, "__c")) {
		no_such(r);
		return;
	}
	salesforce_add(q->sim, name, label, prefix);
	buf_str(reply_start(r, 200), "{}");
}

static void
control_field(struct request *q, struct reply *r)
{
	struct object *o = sim_object(q->sim, json_text(q->json, "object"));

	if (o && salesforce_field(o, q->json))
		buf_str(reply_start(r, 200), "{}");
	else
		no_such(r);
}

/* {"object","field","add":"X"} or {"remove":"X"} */
static void
control_option(struct request *q, struct reply *r)
{
	struct object *o = sim_object(q->sim, json_text(q->json, "object"));
	struct field *f = o ? object_field(o, json_text(q->json, "field")) : NULL;

	if (!f) {
		no_such(r);
		return;
	}
	if (json_text(q->json, "add").len)
		field_add_option(f, json_text(q->json, "add"));
	if (json_text(q->json, "remove").len)
		field_remove_option(f, json_text(q->json, "remove"));
	buf_str(reply_start(r, 200), "{}");
}

static void
set_text(struct request *q, const char *name, char *into, size_t size)
{
	struct text t = json_text(q->json, name);

	if (t.ptr)
		snprintf(into, size, "%s", sim_strz(q->arena, t));
}

/* {"object","field","must":"words"}: a validation rule; "hidden", "locked": field-level
 * security; without a field "trigger":"words", "forbidden":"CODE" with "words", "of" a
 * field, "after" so many rows and so many "times", "alike":"FIELD" with "blocks".  Empty
 * texts end a rule. */
static void
control_rule(struct request *q, struct reply *r)
{
	struct object *o = sim_object(q->sim, json_text(q->json, "object"));
	struct text field = json_text(q->json, "field");
	struct field *f = o && field.len ? object_field(o, field) : NULL;

	if (!o || (field.len && !f)) {
		no_such(r);
		return;
	}
	if (f) {
		struct salesforce_rules *rules = salesforce_rules(f);

		set_text(q, "must", rules->complaint, sizeof rules->complaint);
		rules->hidden = json_true(q->json, "hidden");
		rules->locked = json_true(q->json, "locked");
	} else {
		struct salesforce_object *extra = salesforce_of(o);
		struct text alike = json_text(q->json, "alike");

		set_text(q, "trigger", extra->trigger, sizeof extra->trigger);
		set_text(q, "forbidden", extra->forbidden, sizeof extra->forbidden);
		set_text(q, "words", extra->forbids, sizeof extra->forbids);
		set_text(q, "of", extra->forbidden_field, sizeof extra->forbidden_field);
		extra->spared = json_int(q->json, "after", 0);
		extra->refusals = json_int(q->json, "times", INT64_MAX);
		extra->alike = alike.len ? object_field(o, alike) : NULL;
		extra->alike_blocks = json_true(q->json, "blocks");
	}
	buf_str(reply_start(r, 200), "{}");
}

/* {"daily":N,"used":N,"page":N,"polls":N,"no_limits_right":bool,"bulk_off":bool,
 * "job_fails":"why jobs that write do","locks":N,"locked":"key"}: the next N rows, and
 * the row with that key, are held by others. */
static void
control_options(struct request *q, struct reply *r)
{
	struct salesforce *s = salesforce_state(q->sim);

	s->allowed = (uint64_t)json_int(q->json, "daily", (int64_t)s->allowed);
	s->used = (uint64_t)json_int(q->json, "used", (int64_t)s->used);
	s->page = (size_t)json_int(q->json, "page", (int64_t)s->page);
	s->polls = (int)json_int(q->json, "polls", s->polls);
	if (json_get(q->json, "no_limits_right"))
		s->no_limits_right = json_true(q->json, "no_limits_right");
	if (json_get(q->json, "bulk_off"))
		s->bulk_off = json_true(q->json, "bulk_off");
	s->locks = (int)json_int(q->json, "locks", s->locks);
	if (json_get(q->json, "locked")) {
		struct text key = json_text(q->json, "locked");

		snprintf(s->locked, sizeof s->locked, "%.*s", (int)key.len, key.ptr);
	}
	if (json_get(q->json, "job_fails")) {
		struct text why = json_text(q->json, "job_fails");

		snprintf(s->job_fails, sizeof s->job_fails, "%.*s", (int)why.len, why.ptr);
	}
	buf_fmt(reply_start(r, 200), "{\"daily\":%llu}", (unsigned long long)s->allowed);
}

/* {"object","winner":"003..","loser":"003.."} */
static void
control_merge(struct request *q, struct reply *r)
{
	struct object *o = sim_object(q->sim, json_text(q->json, "object"));
	struct text winner = json_text(q->json, "winner"), loser = json_text(q->json, "loser");
	struct field *master = o ? object_field(o, TEXT("MasterRecordId")) : NULL;
	struct record *gone = master ? object_record(o, salesforce_read_id(o, loser)) : NULL;
	struct origin by = { .op = "merge", .by = "control", .now_ms = q->now_ms };

	if (!gone || !salesforce_read_id(o, winner)) {
		no_such(r);
		return;
	}
	struct change change = { master, json_quoted(q->arena, winner) };
	store_update(o, gone, &change, 1, &by);
	store_archive(o, gone, &by);
	buf_str(reply_start(r, 200), "{}");
}

/* {"object","id":"003.."}: deleted, and out of the recycle bin. */
static void
control_purge(struct request *q, struct reply *r)
{
	struct object *o = sim_object(q->sim, json_text(q->json, "object"));
	struct record *gone = o ? object_record(o, salesforce_read_id(o, json_text(q->json,
		"id"))) : NULL;
	struct origin by = { .op = "delete", .by = "control", .now_ms = q->now_ms };

	if (!gone) {
		no_such(r);
		return;
	}
	store_archive(o, gone, &by);
	store_delete(o, gone, &by);
	buf_str(reply_start(r, 200), "{}");
}

/* ---- Tables ---------------------------------------------------------------------------------- */

/* Without a life that is told (section 1.4). */
static void
grant_members(struct buf *out, const struct sim *sim, const char *scopes)
{
	buf_fmt(out, ",\"scope\":\"%s\",\"instance_url\":\"http%s://127.0.0.1:%u\",\"id\":"
		"\"https://login.salesforce.com/id/00Dxx0000000001AAA/005xx0000000001AAA\","
		"\"issued_at\":\"1763712000123\",\"signature\":\"c2lt\"", scopes,
		sim_options.cert ? "s" : "", sim->port);
}

static void
grant_error(struct reply *r, int status, const char *error, const char *name, const char *words)
{
	(void)name;
	buf_fmt(reply_start(r, status), "{\"error\":\"%s\",\"error_description\":\"%s\"}", error,
		words);
}

static const struct oauth_vendor oauth = {
	.scopes = "api refresh_token offline_access", .life_s = 7200, .access_bytes = 112,
	.alone = true, .audience = "https://login.salesforce.com",
	.grant = grant_members, .error = grant_error,
};

#define V "/services/data/{}"

static const struct route routes[] = {
	{ "GET", "/services/data", "GET /services/data", get_versions, ROUTE_OPEN },
	{ "GET", V "/limits", "GET /limits", get_limits, 0 },
	{ "GET", V "/sobjects", "GET /sobjects", get_sobjects, 0 },
	{ "GET", V "/sobjects/{}/describe", "GET /sobjects/describe", get_describe, 0 },
	{ "GET", V "/sobjects/{}/updated", "GET /sobjects/updated", salesforce_updated, 0 },
	{ "GET", V "/sobjects/{}/deleted", "GET /sobjects/deleted", salesforce_deleted, 0 },
	{ "POST", V "/sobjects/{}", "POST /sobjects", salesforce_post_record, 0 },
	{ "GET", V "/sobjects/{}/{}", "GET /sobjects/id", salesforce_get_record, 0 },
	{ "PATCH", V "/sobjects/{}/{}", "PATCH /sobjects/id", salesforce_patch_record, 0 },
	{ "DELETE", V "/sobjects/{}/{}", "DELETE /sobjects/id", salesforce_delete_record, 0 },
	{ "GET", V "/sobjects/{}/{}/{}", "GET /sobjects/key", salesforce_get_by_key, 0 },
	{ "PATCH", V "/sobjects/{}/{}/{}", "PATCH /sobjects/key", salesforce_upsert_record, 0 },
	{ "GET", V "/query", "GET /query", salesforce_query, 0 },
	{ "GET", V "/queryAll", "GET /queryAll", salesforce_query_all, 0 },
	{ "GET", V "/query/{}", "GET /query/more", salesforce_query_more, 0 },
	{ "GET", V "/queryAll/{}", "GET /query/more", salesforce_query_more, 0 },
	{ "POST", V "/composite/sobjects", "POST /composite/sobjects",
	  salesforce_collections_post, 0 },
	{ "PATCH", V "/composite/sobjects", "PATCH /composite/sobjects",
	  salesforce_collections_patch, 0 },
	{ "DELETE", V "/composite/sobjects", "DELETE /composite/sobjects",
	  salesforce_collections_delete, 0 },
	{ "PATCH", V "/composite/sobjects/{}/{}", "PATCH /composite/sobjects/key",
	  salesforce_collections_upsert, 0 },
	{ "POST", V "/jobs/query", "POST /jobs/query", salesforce_query_job, 0 },
	{ "GET", V "/jobs/query/{}", "GET /jobs/query", salesforce_job_look, 0 },
	{ "PATCH", V "/jobs/query/{}", "PATCH /jobs/query", salesforce_job_change, 0 },
	{ "DELETE", V "/jobs/query/{}", "DELETE /jobs/query", salesforce_job_delete, 0 },
	{ "GET", V "/jobs/query/{}/results", "GET /jobs/query/results",
	  salesforce_query_results, 0 },
	{ "POST", V "/jobs/ingest", "POST /jobs/ingest", salesforce_ingest_job, 0 },
	{ "GET", V "/jobs/ingest/{}", "GET /jobs/ingest", salesforce_job_look, 0 },
	{ "PATCH", V "/jobs/ingest/{}", "PATCH /jobs/ingest", salesforce_job_change, 0 },
	{ "DELETE", V "/jobs/ingest/{}", "DELETE /jobs/ingest", salesforce_job_delete, 0 },
	{ "PUT", V "/jobs/ingest/{}/batches", "PUT /jobs/ingest/batches", salesforce_upload,
	  ROUTE_CSV },
	{ "GET", V "/jobs/ingest/{}/successfulResults", "GET /jobs/ingest/successfulResults",
	  salesforce_done_rows, 0 },
	{ "GET", V "/jobs/ingest/{}/failedResults", "GET /jobs/ingest/failedResults",
	  salesforce_failed_rows, 0 },
	{ "GET", V "/jobs/ingest/{}/unprocessedrecords", "GET /jobs/ingest/unprocessedrecords",
	  salesforce_unprocessed_rows, 0 },
	{ "GET", "/services/oauth2/userinfo", "GET /services/oauth2/userinfo", get_userinfo,
	  0 },
	{ "GET", "/services/oauth2/authorize", "GET /services/oauth2/authorize",
	  oauth_authorize, ROUTE_OPEN },
	{ "POST", "/services/oauth2/token", "POST /services/oauth2/token", oauth_token,
	  ROUTE_OPEN },
	{ "POST", "/services/oauth2/revoke", "POST /services/oauth2/revoke", oauth_revoke,
	  ROUTE_OPEN },
	{ NULL, NULL, NULL, NULL, 0 },
};

static const struct control controls[] = {
	{ "POST", "object",  "define a custom object", control_object,
	  "{\"name\":\"Plan__c\",\"label\":\"Plan\",\"prefix\":\"a00\"}" },
	{ "POST", "field",   "define a field", control_field,
	  "{\"object\":\"Contact\",\"name\":\"Code__c\",\"label\":\"Code\","
	  "\"type\":\"string\",\"externalId\":true,\"unique\":true}" },
	{ "POST", "option",  "an option: \"add\" or \"remove\"", control_option,
	  "{\"object\":\"Contact\",\"field\":\"Stage__c\",\"add\":\"new\"}" },
	{ "POST", "rule",    "validation, triggers, duplicates, rights", control_rule,
	  "{\"object\":\"Contact\",\"field\":\"Phone\",\"must\":\"give a phone\"}" },
	{ "POST", "options", "limits and habits", control_options,
	  "{\"daily\":100000,\"used\":0,\"page\":2000,\"polls\":0,\"bulk_off\":false}" },
	{ "POST", "merge",   "merge two records", control_merge,
	  "{\"object\":\"Contact\",\"winner\":\"003xx0000000001AAA\","
	  "\"loser\":\"003xx0000000002AAA\"}" },
	{ "POST", "purge",   "delete a record for good", control_purge,
	  "{\"object\":\"Contact\",\"id\":\"003xx0000000002AAA\"}" },
	{ NULL, NULL, NULL, NULL, NULL },
};

static void
salesforce_init(struct sim *sim)
{
	struct salesforce *s = sim_alloc(sizeof *s);

	s->allowed = DAY_CALLS;
	s->polls = 1;
	sim->state = s;
	sim->oauth = oauth_new(&oauth);
	salesforce_define(sim);
}

static void
salesforce_end(struct sim *sim)
{
	struct salesforce *s = salesforce_state(sim);

	salesforce_clear_cursors(s);
	salesforce_clear_jobs(s);
}

static void
salesforce_version(struct buf *out, uint32_t revision, int64_t updated_ms)
{
	char z[40];

	(void)revision;
	salesforce_time(z, updated_ms);
	buf_str(out, z);
}

const struct crm salesforce_crm = {
	.name = "salesforce", .token = "sim-salesforce-token",
	.routes = routes, .controls = controls,
	.init = salesforce_init, .end = salesforce_end,
	.gate = salesforce_gate, .finish = salesforce_finish, .unknown = salesforce_unknown,
	.values = "fields", .change = salesforce_change, .seeded = salesforce_seeded,
	.version = salesforce_version, .archives = true,
	.show_id = show_id, .read_id = read_id,
};
