/* SPDX-License-Identifier: Apache-2.0 */
/* hubspot.c - the simulated HubSpot: paths, credentials, limits and what is not
 * a record (sheet, sections 0, 1, 2, 5, 6).  Records are read in hubspot_read.c,
 * searched in hubspot_search.c, written in hubspot_batch.c; custom objects are in
 * hubspot_schemas.c.  The table of CRMs
 * in main.c names `hubspot_crm`. */
#include "hubspot.h"
#include "oauth.h"
#include "ring.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define URI_MAX 8192u                   /* Reports begin at 8 KB; section 3.1. */
#define BURST_CALLS 190u
#define BURST_MS 10000
#define SEARCH_CALLS 5u
#define SEARCH_MS 1000
#define DAY_CALLS 1000000u
#define DAY_MS INT64_C(86400000)
#define ZONE_MS INT64_C(32400000)       /* The account's zone, Asia/Tokyo. */

/* A route spends of one of these. */
enum { SPEND_BURST, SPEND_SEARCH };
/* And wants one of these scopes, shifted above the class. */
enum { SCOPE_NONE, SCOPE_READ = 0x10, SCOPE_WRITE = 0x20, SCOPE_SCHEMA = 0x30,
       SCOPE_SCHEMA_WRITE = 0x40, SCOPE_OWNERS = 0x50, SCOPE_CUSTOM = 0x70,
       SCOPE_CUSTOM_WRITE = 0x80, SCOPE_MASK = 0xF0 };

struct hubspot {
	struct hubspot_options options;
	struct ring burst, search;
	int64_t day;                         /* Days since 1970 in the zone. */
	uint64_t day_used, day_limit;
	char scopes[1024];                   /* Blank-separated, blanks at both ends. */
	struct hubspot_links links;
};

static const char all_scopes[] =
	" oauth crm.objects.contacts.read crm.objects.contacts.write"
	" crm.objects.companies.read crm.objects.companies.write crm.objects.deals.read"
	" crm.objects.deals.write crm.schemas.contacts.read crm.schemas.contacts.write"
	" crm.schemas.companies.read crm.schemas.companies.write crm.schemas.deals.read"
	" crm.schemas.deals.write crm.objects.owners.read crm.schemas.custom.read"
	" crm.schemas.custom.write crm.objects.custom.read crm.objects.custom.write"
	" crm.objects.leads.read crm.objects.leads.write sales-email-read ";

static struct hubspot *
state_of(const struct sim *sim)
{
	return sim->state;
}

const struct hubspot_options *
hubspot_options(const struct sim *sim)
{
	return &state_of(sim)->options;
}

struct hubspot_links *
hubspot_links(const struct sim *sim)
{
	return &state_of(sim)->links;
}

/* ---- Error bodies (section 5) ------------------------------------------- */

void
hubspot_error(struct reply *r, int status, const char *category, const char *format, ...)
{
	struct buf *out = reply_start(r, status);
	char message[1024], id[40];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	sim_uuid(id);
	buf_str(out, "{\"status\":\"error\",\"message\":");
	buf_quotez(out, message);
	buf_fmt(out, ",\"correlationId\":\"%s\",\"category\":\"%s\"}", id, category);
}

static void
limit_error(struct reply *r, const char *message, const char *policy)
{
	struct buf *out = reply_start(r, 429);
	char id[40];

	sim_uuid(id);
	buf_fmt(out,
		"{\"status\":\"error\",\"message\":\"%s\",\"errorType\":\"RATE_LIMIT\","
		"\"correlationId\":\"%s\",\"policyName\":\"%s\"}",
		message, id, policy);
}

static void
hubspot_unknown(struct request *q, struct reply *r)
{
	(void)q;
	r->type = "text/html;charset=utf-8";
	buf_str(reply_start(r, 404), "<html><body>resource not found</body></html>");
}

/* ---- The gate: size, credentials, scopes, limits ------------------------ */

static bool
limited(struct request *q, struct reply *r)
{
	struct hubspot *h = state_of(q->sim);
	int64_t day = (q->now_ms + ZONE_MS) / DAY_MS;
	bool search = q->route && (q->route->kind & ~SCOPE_MASK) == SPEND_SEARCH;

	if (day != h->day) {
		h->day = day;
		h->day_used = 0;
	}
	h->day_used++;
	if (sim_options.no_limits)
		return false;
	if (h->day_used > h->day_limit) {
		limit_error(r, "You have reached your daily limit.", "DAILY");
		return true;
	}
	if (search) {
		if (ring_take(&h->search, q->now_ms))
			return false;
		hubspot_error(r, 429, "RATE_LIMITS",
			      "You have reached your secondly limit.");
		return true;
	}
	if (ring_take(&h->burst, q->now_ms))
		return false;
	limit_error(r, "You have reached your ten_secondly_rolling limit.",
		    "TEN_SECONDLY_ROLLING");
	return true;
}

/* What the bearer token is worth; OAUTH_GOOD for the static one. */
static enum oauth_verdict
authorised(const struct request *q, const char **scopes, int64_t *expired_s)
{
	struct text given = request_header(q, "Authorization");

	if (!text_starts(given, "Bearer "))
		return OAUTH_UNKNOWN;
	struct text token = { given.ptr + 7, given.len - 7 };
	*scopes = state_of(q->sim)->scopes;
	if (text_is(token, q->sim->token))
		return OAUTH_GOOD;
	return oauth_judge(q, token, scopes, expired_s);
}

static bool
has_scope(const struct request *q, const char *scope)
{
	struct buf padded = { 0 }, has = { 0 };
	const char *scopes = "";
	int64_t expired_s;

	authorised(q, &scopes, &expired_s);
	buf_fmt(&padded, " %s ", scope);
	buf_fmt(&has, " %s ", scopes);
	bool found = strstr(has.ptr, padded.ptr) != NULL;
	buf_clear(&padded);
	buf_clear(&has);
	return found;
}

static const char *
object_name(const struct request *q)
{
	struct object *o = hubspot_object(q->sim, q->vars[1]);

	if (o && hubspot_schema_of(o)->full_name[0])
		return "custom";
	/* Activities have no scopes of their own. */
	if (o && (!strcmp(o->name, "tasks") || !strcmp(o->name, "emails")))
		return "contacts";
	return o ? o->name : "contacts";
}

/* The scopes of which any one is enough (section 1.3); at most three. */
static size_t
scopes_of(const struct request *q, char out[3][64])
{
	const char *o = object_name(q);
	struct text level = request_query(q, "dataSensitivity");

	switch (q->route->kind & SCOPE_MASK) {
	case SCOPE_READ:
		snprintf(out[0], 64, "crm.objects.%s.read", o);
		return 1;
	case SCOPE_WRITE:
		snprintf(out[0], 64, "crm.objects.%s.write", o);
		return 1;
	case SCOPE_SCHEMA:
		if (level.len && !text_is(level, "non_sensitive")) {
			snprintf(out[0], 64, "crm.objects.%s.%.*s.read.v2", o,
				 level.len < 20 ? (int)level.len : 20, level.ptr);
			return 1;
		}
		snprintf(out[0], 64, "crm.schemas.%s.read", o);
		snprintf(out[1], 64, "crm.objects.%s.read", o);
		snprintf(out[2], 64, "crm.objects.%s.write", o);
		return 3;
	case SCOPE_SCHEMA_WRITE:
		snprintf(out[0], 64, "crm.schemas.%s.write", o);
		return 1;
	case SCOPE_OWNERS:
		snprintf(out[0], 64, "crm.objects.owners.read");
		return 1;
	case SCOPE_CUSTOM:
		snprintf(out[0], 64, "crm.schemas.custom.read");
		snprintf(out[1], 64, "crm.objects.custom.read");
		return 2;
	case SCOPE_CUSTOM_WRITE:
		snprintf(out[0], 64, "crm.schemas.custom.write");
		return 1;
	default:
		return 0;
	}
}

static bool
scope_missing(struct request *q, struct reply *r)
{
	char scopes[3][64];
	size_t n = q->route ? scopes_of(q, scopes) : 0;
	bool first = true;
	char id[40];

	for (size_t i = 0; i < n; i++)
		if (has_scope(q, scopes[i]))
			return false;
	if (!n)
		return false;
	struct buf *out = reply_start(r, 403);
	sim_uuid(id);
	buf_fmt(out,
		"{\"status\":\"error\",\"message\":\"This app hasn't been granted all "
		"required scopes to make this call. Read more about required scopes "
		"here: "
		"https://example.com/"
		"scopes.\",\"correlationId\":\"%s\",\"errors\":[{\"message\":"
		"\"One or more of the following scopes are required.\",\"context\":{"
		"\"requiredGranularScopes\":[",
		id);
	for (size_t i = 0; i < n; i++) {
		buf_comma(out, &first);
		buf_quotez(out, scopes[i]);
	}
	buf_str(out, "]}}],\"links\":{\"scopes\":\"https://example.com/scopes\"},"
		"\"category\":\"MISSING_SCOPES\"}");
	return true;
}

static void
json_error(struct request *q, struct reply *r)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < q->json_stop && i < q->body.len; i++) {
		column = q->body.ptr[i] == '\n' ? 1 : column + 1;
		line += q->body.ptr[i] == '\n';
	}
	hubspot_error(r, 400, "VALIDATION_ERROR",
		      "Invalid input JSON on line %zu, column "
		      "%zu: unexpected character or end of input",
		      line, column);
}

static bool
known_version(struct text v)
{
	return text_is(v, "2026-09") || text_is(v, "2026-03") || text_is(v, "v3") ||
	       text_is(v, "v4");
}

static bool
hubspot_gate(struct request *q, struct reply *r)
{
	bool has_body = q->route && !text_is(q->method, "GET") &&
		!text_is(q->method, "DELETE");
	const char *scopes;
	int64_t expired_s = 0;

	if (q->uri.len > URI_MAX) {
		r->type = "text/html";
		buf_str(reply_start(r, 414),
			"<html><head><title>414 Request-URI Too Large"
			"</title></head><body><h1>414</h1></body></html>");
		return true;
	}
	if (q->route && (q->route->kind & ROUTE_OPEN))
		return false;
	enum oauth_verdict verdict = authorised(q, &scopes, &expired_s);
	if (verdict == OAUTH_EXPIRED) {
		hubspot_error(r, 401, "EXPIRED_AUTHENTICATION", "The OAuth token used to make "
			      "this call expired %lld second(s) ago.", (long long)expired_s);
		return true;
	}
	if (verdict == OAUTH_UNKNOWN) {
		hubspot_error(
			r, 401, "INVALID_AUTHENTICATION",
			"Authentication credentials "
			"not found. This API supports OAuth 2.0 authentication and you "
			"can find more details in the documentation.");
		return true;
	}
	if (limited(q, r))
		return true;
	if (q->route && q->vars[0].len && !known_version(q->vars[0])) {
		hubspot_unknown(q, r);
		return true;
	}
	if (has_body && (!q->json || q->json->kind != JSON_OBJECT)) {
		json_error(q, r);
		return true;
	}
	return scope_missing(q, r);
}

/* Search answers carry no burst headers (section 6). */
static void
hubspot_finish(struct request *q, struct reply *r)
{
	struct hubspot *h = state_of(q->sim);
	bool search = q->route && (q->route->kind & ~SCOPE_MASK) == SPEND_SEARCH;
	char id[40];

	sim_uuid(id);
	reply_header(r, "X-HubSpot-Correlation-Id", "%s", id);
	if (search || r->status == 401 || r->status == 414)
		return;
	unsigned used = ring_used(&h->burst, q->now_ms);
	reply_header(r, "X-HubSpot-RateLimit-Max", "%u", h->burst.limit);
	reply_header(r, "X-HubSpot-RateLimit-Remaining", "%u",
		     used < h->burst.limit ? h->burst.limit - used : 0);
	reply_header(r, "X-HubSpot-RateLimit-Interval-Milliseconds", "%d", BURST_MS);
	reply_header(r, "X-HubSpot-RateLimit-Daily", "%llu",
		     (unsigned long long)h->day_limit);
	reply_header(r, "X-HubSpot-RateLimit-Daily-Remaining", "%llu",
		     (unsigned long long)(h->day_used < h->day_limit ?
					  h->day_limit - h->day_used : 0));
}

/* "/crm/v3/objects/..." is "/crm/objects/v3/..." of the dated paths. */
static struct text
hubspot_normal(struct arena *a, struct text path)
{
	struct buf b = { 0 };
	struct text rest = { path.ptr + 5, path.len - (path.len > 5 ? 5 : path.len) };
	const char *slash;

	if (!text_starts(path, "/crm/v") || !(slash = memchr(rest.ptr, '/', rest.len)))
		return path;
	struct text version = { rest.ptr, (size_t)(slash - rest.ptr) };
	struct text after = { slash + 1, rest.len - version.len - 1 };
	const char *end = memchr(after.ptr, '/', after.len);
	size_t area = end ? (size_t)(end - after.ptr) : after.len;
	buf_str(&b, "/crm/");
	buf_add(&b, after.ptr, area);
	buf_str(&b, "/");
	buf_text(&b, version);
	buf_add(&b, after.ptr + area, after.len - area);
	return arena_take(a, &b);
}

/* The object of the path, or NULL after an answer. */
struct object *
hubspot_object_of(struct request *q, struct reply *r)
{
	struct object *o = hubspot_object(q->sim, q->vars[1]);

	if (!o)
		hubspot_error(r, 400, "VALIDATION_ERROR",
			      "Unable to infer object type from: "
			      "%.*s",
			      (int)q->vars[1].len, q->vars[1].ptr);
	return o;
}

/* ---- Properties, account, the small rest -------------------------------- */

static void
get_properties(struct request *q, struct reply *r)
{
	struct object *o = hubspot_object_of(q, r);
	bool first = true;

	if (!o)
		return;
	struct buf *out = reply_start(r, 200);
	struct text sensitive = request_query(q, "dataSensitivity");
	bool none = text_is(request_query(q, "archived"), "true");
	buf_str(out, "{\"results\":[");
	for (size_t i = 0; i < o->field_count && !none; i++) {
		if (!hubspot_is_of_level(o->fields[i], sensitive))
			continue;
		buf_comma(out, &first);
		buf_text(out, o->fields[i]->definition);
	}
	buf_str(out, "]}");
}

static void
get_property(struct request *q, struct reply *r)
{
	struct object *o = hubspot_object_of(q, r);
	struct field *f = o ? object_field(o, q->vars[2]) : NULL;

	if (f)
		buf_text(reply_start(r, 200), f->definition);
	else if (o)
		hubspot_error(r, 404, "OBJECT_NOT_FOUND",
			      "No property exists with name '%.*s'", (int)q->vars[2].len,
			      q->vars[2].ptr);
}

static void
post_property(struct request *q, struct reply *r)
{
	struct object *o = hubspot_object_of(q, r);
	struct text name = json_text(q->json, "name");

	if (!o)
		return;
	if (object_field(o, name)) {
		hubspot_error(r, 409, "OBJECT_ALREADY_EXISTS", "A property named '%.*s' "
			      "already exists.", (int)name.len, name.ptr);
		return;
	}
	struct field *f = hubspot_property(q->arena, o, q->json);
	if (f)
		buf_text(reply_start(r, 201), f->definition);
	else
		hubspot_error(r, 400, "VALIDATION_ERROR",
			      "The property's name or type is "
			      "not valid.");
}

static void
get_account(struct request *q, struct reply *r)
{
	(void)q;
	buf_str(reply_start(r, 200), "{\"portalId\":62515,\"accountType\":\"STANDARD\","
		"\"timeZone\":\"Asia/Tokyo\",\"companyCurrency\":\"JPY\","
		"\"additionalCurrencies\":[],\"utcOffset\":\"+09:00\","
		"\"utcOffsetMilliseconds\":32400000,\"uiDomain\":\"app.hubspot.com\","
		"\"dataHostingLocation\":\"na1\"}");
}

static void
post_token_info(struct request *q, struct reply *r)
{
	struct text rest = text_of(state_of(q->sim)->scopes);
	bool first = true;

	if (!text_is(json_text(q->json, "tokenKey"), q->sim->token)) {
		hubspot_error(r, 404, "OBJECT_NOT_FOUND",
			      "The access token is not known.");
		return;
	}
	struct buf *out = reply_start(r, 200);
	buf_str(out, "{\"userId\":9,\"hubId\":62515,\"appId\":54321,\"scopes\":[");
	for (rest = text_trim(rest); rest.len; rest = text_trim(rest)) {
		buf_comma(out, &first);
		buf_quote(out, text_until(&rest, ' '));
	}
	buf_str(out, "]}");
}

#define STAMPS "\"createdAt\":\"2025-04-01T00:00:00.000Z\"," \
	"\"updatedAt\":\"2026-01-05T00:00:00.000Z\""

struct stage { const char *id, *label, *chance; bool closed; };

static const struct stage deal_stages[] = {
	{ "appointmentscheduled", "Appointment Scheduled", "0.2", false },
	{ "presentationscheduled", "Presentation Scheduled", "0.4", false },
	{ "contractsent", "Contract Sent", "0.9", false },
	{ "closedwon", "Closed Won", "1.0", true },
	{ 0 },
};
static const struct stage lead_stages[] = {
	{ "new-stage-id", "New", "0.0", false },
	{ "attempting-stage-id", "Attempting", "0.0", false },
	{ "connected-stage-id", "Connected", "0.0", false },
	{ "qualified-stage-id", "Qualified", "0.0", true },
	{ "unqualified-stage-id", "Disqualified", "0.0", true },
	{ 0 },
};

/* Deals and leads have one each, the other objects none. */
static void
get_pipelines(struct request *q, struct reply *r)
{
	const struct object *o = hubspot_object_of(q, r);
	bool first = true, leads = o && !strcmp(o->name, "leads");
	const struct stage *stages = leads ? lead_stages : deal_stages;

	if (!o)
		return;
	struct buf *out = reply_start(r, 200);
	if (!leads && strcmp(o->name, "deals")) {
		buf_str(out, "{\"results\":[]}");
		return;
	}
	buf_fmt(out, "{\"results\":[{\"id\":\"%s\",\"label\":\"%s\","
		"\"displayOrder\":0," STAMPS ",\"archived\":false,\"stages\":[",
		leads ? "lead-pipeline-id" : "default",
		leads ? "Lead pipeline" : "Sales Pipeline");
	for (size_t i = 0; stages[i].id; i++) {
		buf_comma(out, &first);
		buf_fmt(out,
			"{\"id\":\"%s\",\"label\":\"%s\",\"displayOrder\":%zu," STAMPS
			",\"archived\":false,\"metadata\":{\"probability\":\"%s\","
			"\"isClosed\":\"%s\"},\"writePermissions\":\"CRM_PERMISSIONS\"}",
			stages[i].id, stages[i].label, i, stages[i].chance,
			stages[i].closed ? "true" : "false");
	}
	buf_str(out, "]}]}");
}

static void
get_owners(struct request *q, struct reply *r)
{
	(void)q;
	buf_str(reply_start(r, 200),
		"{\"results\":[{\"id\":\"101\",\"type\":\"PERSON\",\"userId\":9,"
		"\"email\":\"owner1@example.com\",\"firstName\":\"Owner\","
		"\"lastName\":\"One\"," STAMPS ",\"archived\":false},"
		"{\"id\":\"102\",\"type\":\"PERSON\",\"userId\":10,"
		"\"email\":\"owner2@example.com\",\"firstName\":\"担当\","
		"\"lastName\":\"二\"," STAMPS ",\"archived\":false}]}");
}

/* ---- The control path's own --------------------------------------------- */

static void
control_property(struct request *q, struct reply *r)
{
	struct object *o = hubspot_object(q->sim, json_text(q->json, "object"));
	struct field *f = o ? hubspot_property(q->arena, o, q->json) : NULL;

	if (f)
		buf_text(reply_start(r, 200), f->definition);
	else
		buf_str(reply_start(r, 400),
			"{\"error\":\"no such object, or a bad name or "
			"type\"}");
}

static void
set_flag(const struct json *j, const char *name, bool *flag)
{
	if (json_get(j, name))
		*flag = json_true(j, name);
}

/* {"burst":N,"search":N,"daily":N,"scopes":[..],"partial_email":bool,
 * "keep_order":bool,"disorder":bool,"index_lag_ms":N}; what is left out stays. */
static void
control_options(struct request *q, struct reply *r)
{
	struct hubspot *h = state_of(q->sim);
	const struct json *scopes = json_get(q->json, "scopes");
	struct buf list = { 0 };
	int64_t lag = json_int(q->json, "index_lag_ms", sim_options.index_lag_ms);

	h->burst.limit = (unsigned)json_int(q->json, "burst", h->burst.limit) % RING;
	h->search.limit = (unsigned)json_int(q->json, "search", h->search.limit) % RING;
	h->day_limit = (uint64_t)json_int(q->json, "daily", (int64_t)h->day_limit);
	set_flag(q->json, "partial_email", &h->options.partial_email);
	set_flag(q->json, "keep_order", &h->options.keep_order);
	set_flag(q->json, "disorder", &h->options.disorder);
	sim_options.index_lag_ms = lag;
	for (struct object *o = q->sim->objects; o; o = o->next)
		o->lag_ms = lag;
	buf_str(&list, " ");
	for (const struct json *j = scopes ? scopes->child : NULL; j; j = j->next) {
		buf_text(&list, j->text);
		buf_str(&list, " ");
	}
	if (scopes)
		snprintf(h->scopes, sizeof h->scopes, "%s", list.ptr);
	buf_clear(&list);
	buf_fmt(reply_start(r, 200), "{\"burst\":%u,\"search\":%u,\"daily\":%llu}",
		h->burst.limit, h->search.limit, (unsigned long long)h->day_limit);
}

/* {"object":"contacts","property":"city","required":true} or
 * {..., "because":"hs_lead_status","value":"OPEN"} or {..., "validations":
 * [{"ruleType":"MAX_LENGTH","ruleArguments":["5"]}]}; none of them: no rule. */
static void
control_rule(struct request *q, struct reply *r)
{
	struct object *o = hubspot_object(q->sim, json_text(q->json, "object"));
	struct field *f = o ? object_field(o, json_text(q->json, "property")) : NULL;
	struct text because = json_text(q->json, "because");
	const struct json *list = json_get(q->json, "validations");
	struct hubspot_rules *rules = f ? f->rules : NULL;
	size_t i = 0;

	if (!rules) {
		buf_str(reply_start(r, 400), "{\"error\":\"no such property\"}");
		return;
	}
	rules->required = json_true(q->json, "required");
	rules->because = because.len ? object_field(o, because) : NULL;
	snprintf(rules->because_value, sizeof rules->because_value, "%s",
		 sim_strz(q->arena, json_text(q->json, "value")));
	memset(rules->validations, 0, sizeof rules->validations);
	for (const struct json *j = list ? list->child : NULL; j && i < 4; j = j->next) {
		const struct json *arguments = json_get(j, "ruleArguments");

		snprintf(rules->validations[i].type, sizeof rules->validations[i].type,
			 "%s", sim_strz(q->arena, json_text(j, "ruleType")));
		if (arguments && arguments->child)
			snprintf(rules->validations[i].argument,
				 sizeof rules->validations[i].argument, "%s",
				 sim_strz(q->arena, arguments->child->text));
		i++;
	}
	buf_str(reply_start(r, 200), "{}");
}

/* {"from":"contacts","to":"companies"} */
static void
control_associations(struct request *q, struct reply *r)
{
	const struct hubspot_links *l = hubspot_links(q->sim);
	const struct object *from = hubspot_object(q->sim, json_text(q->json, "from"));
	const struct object *to = hubspot_object(q->sim, json_text(q->json, "to"));
	bool first = true;

	buf_str(reply_start(r, 200), "{\"pairs\":[");
	for (size_t i = 0; i < l->count; i++) {
		if (l->list[i].from != from || l->list[i].to != to)
			continue;
		buf_comma(&r->body, &first);
		buf_fmt(&r->body, "[%llu,%llu%s", (unsigned long long)l->list[i].from_id,
			(unsigned long long)l->list[i].to_id,
			l->list[i].primary ? ",\"primary\"" : "");
		for (size_t j = 0; j < l->label_count; j++)
			if (l->list[i].labels & 1u << j) {
				buf_str(&r->body, ",");
				buf_quotez(&r->body, l->labels[j].name);
			}
		buf_str(&r->body, "]");
	}
	buf_str(&r->body, "]}");
}

/* ---- Tables ------------------------------------------------------------- */

static void
grant_members(struct buf *out, const struct sim *sim, const char *scopes)
{
	bool first = true;

	(void)sim;
	buf_str(out, ",\"hub_id\":62515,\"user_id\":9,\"user\":\"oauth.user@example.com\","
		"\"token_use\":\"access_token\",\"scopes\":[");
	for (struct text rest = text_of(scopes); rest.len;) {
		buf_comma(out, &first);
		buf_quote(out, text_until(&rest, ' '));
	}
	buf_str(out, "]");
}

static void
grant_error(struct reply *r, int status, const char *error, const char *name,
	    const char *words)
{
	buf_fmt(reply_start(r, status), "{\"status\":\"%s\",\"message\":\"%s\",\"error\":"
		"\"%s\",\"error_description\":\"%s\"}", name, words, error, words);
}

static const struct oauth_vendor oauth = {
	.scopes = "oauth crm.objects.contacts.read crm.objects.contacts.write "
		  "crm.objects.companies.read crm.objects.companies.write "
		  "crm.objects.deals.read crm.objects.deals.write crm.objects.owners.read",
	.life_s = 1800, .access_bytes = 300, .grant = grant_members, .error = grant_error,
};

#define O "/crm/objects/{}/{}"

static const struct route routes[] = {
	{ "GET", O, "GET /crm/objects", hubspot_get_list, SCOPE_READ },
	{ "POST", O, "POST /crm/objects", hubspot_create, SCOPE_WRITE },
	{ "POST", O "/search", "POST /crm/objects/search", hubspot_search,
	  SCOPE_READ | SPEND_SEARCH },
	{ "POST", O "/merge", "POST /crm/objects/merge", hubspot_merge, SCOPE_WRITE },
	{ "POST", O "/batch/read", "POST /crm/objects/batch/read", hubspot_batch_read,
	  SCOPE_READ },
	{ "POST", O "/batch/create", "POST /crm/objects/batch/create",
	  hubspot_batch_create, SCOPE_WRITE },
	{ "POST", O "/batch/update", "POST /crm/objects/batch/update",
	  hubspot_batch_update, SCOPE_WRITE },
	{ "POST", O "/batch/upsert", "POST /crm/objects/batch/upsert",
	  hubspot_batch_upsert, SCOPE_WRITE },
	{ "POST", O "/batch/archive", "POST /crm/objects/batch/archive",
	  hubspot_batch_archive, SCOPE_WRITE },
	{ "GET", O "/{}", "GET /crm/objects/id", hubspot_get_one, SCOPE_READ },
	{ "PATCH", O "/{}", "PATCH /crm/objects/id", hubspot_update, SCOPE_WRITE },
	{ "DELETE", O "/{}", "DELETE /crm/objects/id", hubspot_archive, SCOPE_WRITE },
	{ "GET", "/crm/properties/{}/{}", "GET /crm/properties", get_properties,
	  SCOPE_SCHEMA },
	{ "POST", "/crm/properties/{}/{}", "POST /crm/properties", post_property,
	  SCOPE_SCHEMA_WRITE },
	{ "GET", "/crm/properties/{}/{}/{}", "GET /crm/properties/name", get_property,
	  SCOPE_SCHEMA },
	{ "GET", "/crm/property-validations/{}/{}", "GET /crm/property-validations",
	  hubspot_get_validations, SCOPE_SCHEMA },
	{ "GET", "/crm/pipelines/{}/{}", "GET /crm/pipelines", get_pipelines,
	  SCOPE_READ },
	{ "GET", "/crm/owners/{}", "GET /crm/owners", get_owners, SCOPE_OWNERS },
	{ "POST", "/crm/associations/{}/{}/{}/batch/read",
	  "POST /crm/associations/batch/read", hubspot_read_associations, SCOPE_READ },
	{ "POST", "/crm/associations/{}/{}/{}/batch/associate/default",
	  "POST /crm/associations/batch/associate/default", hubspot_associate_default,
	  SCOPE_WRITE },
	{ "POST", "/crm/associations/{}/{}/{}/batch/create",
	  "POST /crm/associations/batch/create", hubspot_associate, SCOPE_WRITE },
	{ "POST", "/crm/associations/{}/{}/{}/batch/archive",
	  "POST /crm/associations/batch/archive", hubspot_dissociate, SCOPE_WRITE },
	{ "GET", "/crm/associations/{}/{}/{}/labels", "GET /crm/associations/labels",
	  hubspot_get_labels, SCOPE_READ },
	{ "GET", "/crm-object-schemas/{}/schemas", "GET /crm-object-schemas/schemas",
	  hubspot_get_schemas, SCOPE_CUSTOM },
	{ "POST", "/crm-object-schemas/{}/schemas", "POST /crm-object-schemas/schemas",
	  hubspot_post_schema, SCOPE_CUSTOM_WRITE },
	{ "GET", "/crm-object-schemas/{}/schemas/{}",
	  "GET /crm-object-schemas/schemas/name", hubspot_get_schema, SCOPE_CUSTOM },
	{ "GET", "/account-info/{}/details", "GET /account-info/details", get_account,
	  SCOPE_NONE },
	{ "POST", "/oauth/v2/private-apps/get/access-token-info",
	  "POST /oauth/v2/private-apps/get/access-token-info", post_token_info,
	  SCOPE_NONE },
	{ "GET", "/oauth/authorize", "GET /oauth/authorize", oauth_authorize, ROUTE_OPEN },
	{ "POST", "/oauth/{}/token", "POST /oauth/token", oauth_token, ROUTE_OPEN },
	{ "POST", "/oauth/{}/token/revoke", "POST /oauth/token/revoke", oauth_revoke,
	  ROUTE_OPEN },
	{ "POST", "/oauth/{}/token/introspect", "POST /oauth/token/introspect",
	  oauth_introspect, ROUTE_OPEN },
	{ NULL, NULL, NULL, NULL, 0 },
};

static const struct control controls[] = {
	{ "POST", "property", "define a property", control_property,
	  "{\"object\":\"contacts\",\"name\":\"renkei_id\",\"label\":\"Id\","
	  "\"type\":\"string\",\"fieldType\":\"text\",\"hasUniqueValue\":true}" },
	{ "POST", "merge",    "merge two records", hubspot_merge,
	  "{\"object\":\"contacts\",\"primaryObjectId\":1,\"objectIdToMerge\":2}" },
	{ "POST", "schema",   "define a custom object", hubspot_post_schema,
	  "{\"name\":\"cars\",\"labels\":{\"singular\":\"Car\",\"plural\":\"Cars\"},"
	  "\"properties\":[{\"name\":\"plate\",\"label\":\"Plate\","
	  "\"type\":\"string\",\"fieldType\":\"text\"}],"
	  "\"associatedObjects\":[\"contacts\"]}" },
	{ "POST", "options",  "limits, scopes, habits", control_options,
	  "{\"burst\":100,\"search\":5,\"daily\":250000,\"index_lag_ms\":30000,"
	  "\"scopes\":[\"oauth\"]}" },
	{ "POST", "associations", "pairs of two objects", control_associations,
	  "{\"from\":\"contacts\",\"to\":\"companies\"}" },
	{ "POST", "label",    "a label of associations", hubspot_post_label,
	  "{\"from\":\"contacts\",\"to\":\"companies\",\"label\":\"Payer\"}" },
	{ "POST", "rule",     "a property that is required", control_rule,
	  "{\"object\":\"contacts\",\"property\":\"city\",\"required\":true}" },
	{ NULL, NULL, NULL, NULL, NULL },
};

static void
hubspot_init(struct sim *sim)
{
	struct hubspot *h = sim_alloc(sizeof *h);

	h->burst = (struct ring){ .limit = BURST_CALLS, .window_ms = BURST_MS };
	h->search = (struct ring){ .limit = SEARCH_CALLS, .window_ms = SEARCH_MS };
	h->day_limit = DAY_CALLS;
	snprintf(h->scopes, sizeof h->scopes, "%s", all_scopes);
	sim->state = h;
	sim->oauth = oauth_new(&oauth);
	hubspot_define(sim);
}

static void
hubspot_version(struct buf *out, uint32_t revision, int64_t updated_ms)
{
	char iso[40];

	(void)revision;
	time_iso(iso, updated_ms);
	buf_str(out, iso);
}

static void
hubspot_end(struct sim *sim)
{
	free(state_of(sim)->links.list);
}

const struct crm hubspot_crm = {
	.name = "hubspot", .token = "sim-hubspot-token",
	.routes = routes, .controls = controls,
	.init = hubspot_init, .normal = hubspot_normal, .gate = hubspot_gate,
	.finish = hubspot_finish, .unknown = hubspot_unknown,
	.values = "properties", .change = hubspot_change, .seeded = hubspot_seeded,
	.version = hubspot_version, .end = hubspot_end, .archives = true,
};
