/* SPDX-License-Identifier: Apache-2.0 */
/* freshsales.c - the simulated Freshsales: addresses, keys, rights, the hourly allowance,
 * shapes of errors, and the control path's own (sheet, sections 1, 8, 9).  What a record
 * has is in freshsales_fields.c, reading and writing have files of their own.  The table
 * of CRMs in main.c names `freshsales_crm`. */
#include "freshsales.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)
#define HOURLY 1000
#define COUNT(array) (sizeof(array) / sizeof *(array))
#define NEW_PATH "/crm/sales/api/"
#define OLD_PATH "/api/"

static const struct freshsales_kind kinds[FRESHSALES_KINDS] = {
	{ "contacts", "contact" },
	{ "sales_accounts", "sales_account" },
	{ "deals", "deal" },
	{ "leads", "lead" },
};

struct freshsales *
freshsales_state(const struct sim *sim)
{
	return sim->state;
}

const struct freshsales_kind *
freshsales_kind(struct text plural)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (text_is(plural, kinds[i].plural))
			return &kinds[i];
	return NULL;
}

const struct freshsales_kind *
freshsales_singular(struct text singular)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (text_is(singular, kinds[i].singular))
			return &kinds[i];
	return NULL;
}

/* ---- Errors (section 8) -------------------------------------------------- */

void
freshsales_error(struct request *q, struct reply *r, int status, const char *format, ...)
{
	const char *shape = freshsales_state(q->sim)->errors;
	struct buf *out = reply_start(r, status);
	char message[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	if (!strcmp(shape, "flat")) {
		buf_str(out, "{\"message\":");
		buf_quotez(out, message);
		buf_str(out, "}");
		return;
	}
	buf_fmt(out, "{\"errors\":{\"code\":%d,\"message\":", status);
	buf_str(out, strcmp(shape, "text") ? "[" : "");
	buf_quotez(out, message);
	buf_str(out, strcmp(shape, "text") ? "]}}" : "}}");
}

static void
web_page(struct reply *r, int status)
{
	r->type = "text/html;charset=utf-8";
	buf_str(reply_start(r, status), "<!DOCTYPE html><html><body>Freshworks</body></html>");
}

static void
freshsales_unknown(struct request *q, struct reply *r)
{
	(void)q;
	web_page(r, 404);
}

/* ---- Bodies and parameters ----------------------------------------------- */

bool
freshsales_word(const char *words, struct text word)
{
	struct text rest = text_of(words);

	while (rest.len)
		if (text_equal(text_until(&rest, ' '), word))
			return true;
	return false;
}

bool
freshsales_members(struct request *q, struct reply *r, const struct json *object,
		   const char *names)
{
	if (!object || object->kind != JSON_OBJECT) {
		freshsales_error(q, r, 400, "An object is expected.");
		return false;
	}
	for (const struct json *j = object->child; j; j = j->next) {
		if (freshsales_word(names, j->name))
			continue;
		freshsales_error(q, r, 400, "Unexpected parameter %.*s.", (int)j->name.len,
				 j->name.ptr);
		return false;
	}
	return true;
}

bool
freshsales_params(struct request *q, struct reply *r, const char *names)
{
	for (size_t i = 0; i < q->query_count; i++) {
		if (freshsales_word(names, q->query[i].name))
			continue;
		freshsales_error(q, r, 400, "Unexpected parameter %.*s.",
				 (int)q->query[i].name.len, q->query[i].name.ptr);
		return false;
	}
	return true;
}

/* ---- The gate (sections 1, 9) -------------------------------------------- */

/* "/crm/sales/api/contacts" and "/api/contacts" are "/contacts"; which of the two there
 * is, the gate looks at. */
static struct text
freshsales_normal(struct arena *a, struct text path)
{
	size_t skip = text_starts(path, NEW_PATH) ? sizeof NEW_PATH - 2
		: text_starts(path, OLD_PATH) ? sizeof OLD_PATH - 2 : 0;

	(void)a;
	return (struct text){ path.ptr + skip, path.len - skip };
}

static bool
key_is_good(const struct request *q)
{
	char want[256];

	snprintf(want, sizeof want, "Token token=%s", q->sim->token);
	return text_is(request_header(q, "Authorization"), want);
}

/* The whole account's, by the hour of the clock; every call counts. */
static bool
allowance_is_used(struct request *q)
{
	struct freshsales *s = freshsales_state(q->sim);

	if (s->hour != q->now_ms / HOUR_MS) {
		s->hour = q->now_ms / HOUR_MS;
		s->calls = 0;
	}
	return !sim_options.no_limits && ++s->calls > s->hourly;
}

/* "deals" denies /deals and all below it, "selector/owners" that one. */
static bool
is_denied(const struct request *q)
{
	struct text rest = text_of(freshsales_state(q->sim)->deny);

	while (rest.len) {
		struct text one = text_until(&rest, ' ');
		struct text path = { q->path.ptr + 1, q->path.len - 1 };

		if (one.len && path.len >= one.len && !memcmp(path.ptr, one.ptr, one.len) &&
		    (path.len == one.len || path.ptr[one.len] == '/'))
			return true;
	}
	return false;
}

static bool
body_is_wrong(struct request *q, struct reply *r)
{
	bool writes = text_is(q->method, "POST") || text_is(q->method, "PUT");

	if (!writes)
		return false;
	if (!text_starts(request_header(q, "Content-Type"), "application/json"))
		freshsales_error(q, r, 415, "Content-Type must be application/json.");
	else if (!q->json || q->json->kind != JSON_OBJECT)
		freshsales_error(q, r, 400, "The body is no JSON object.");
	else
		return false;
	return true;
}

static bool
freshsales_gate(struct request *q, struct reply *r)
{
	const struct freshsales *s = freshsales_state(q->sim);

	if (!text_starts(q->uri, NEW_PATH) && !text_starts(q->uri, OLD_PATH))
		web_page(r, 200);            /* The pages for people. */
	else if (s->classic != text_starts(q->uri, OLD_PATH))
		web_page(r, 404);
	else if (!key_is_good(q))
		buf_str(reply_start(r, 401), "{\"login\":\"failed\",\"message\":"
			"\"Incorrect or expired API key\"}");
	else if (allowance_is_used(q))
		buf_str(reply_start(r, 429), "{\"message\":\"You have exceeded the limit of "
			"requests per hour\"}");
	else if (is_denied(q))
		freshsales_error(q, r, 403,
				 "You are not authorised to perform this operation.");
	else
		return q->route && body_is_wrong(q, r);
	return true;
}

static void
freshsales_finish(struct request *q, struct reply *r)
{
	const struct freshsales *s = freshsales_state(q->sim);
	int64_t left = s->hourly - s->calls, reset = (s->hour + 1) * HOUR_MS;

	if (r->status == 401)
		return;
	reply_header(r, "x-ratelimit-remaining", "%lld", (long long)(left > 0 ? left : 0));
	reply_header(r, "x-ratelimit-reset", "%lld", (long long)
		     (s->reset_epoch ? reset / 1000 : (reset - q->now_ms) / 1000 + 1));
}

/* ---- The control path's own ---------------------------------------------- */

static void
set_flag(const struct json *j, const char *name, bool *flag)
{
	if (json_get(j, name))
		*flag = json_true(j, name);
}

static void
set_word(const struct json *j, const char *name, char *out, size_t size)
{
	struct text t = json_text(j, name);

	if (json_get(j, name))
		snprintf(out, size, "%.*s", (int)t.len, t.ptr ? t.ptr : "");
}

/* {"hourly":N,"job_polls":N,"classic":bool,"all_deals":bool,"mobile_unique":bool,
 * "search_short":bool,"busy":bool,"job_fails":bool,"reset_epoch":bool,"offset":bool,
 * "errors":"list|text|flat","report":"emails|id|none","views":"All","deny":"deals
 * selector/owners"}; what is left out stays. */
static void
control_options(struct request *q, struct reply *r)
{
	struct freshsales *s = freshsales_state(q->sim);
	const struct { const char *name; bool *flag; } flags[] = {
		{ "classic", &s->classic }, { "all_deals", &s->all_deals },
		{ "mobile_unique", &s->mobile_unique }, { "search_short", &s->search_short },
		{ "busy", &s->busy }, { "job_fails", &s->job_fails },
		{ "reset_epoch", &s->reset_epoch }, { "offset", &s->offset },
	};

	for (size_t i = 0; i < COUNT(flags); i++)
		set_flag(q->json, flags[i].name, flags[i].flag);
	s->hourly = json_int(q->json, "hourly", s->hourly);
	s->job_polls = json_int(q->json, "job_polls", s->job_polls);
	set_word(q->json, "errors", s->errors, sizeof s->errors);
	set_word(q->json, "report", s->report, sizeof s->report);
	set_word(q->json, "views", s->views, sizeof s->views);
	set_word(q->json, "deny", s->deny, sizeof s->deny);
	buf_str(reply_start(r, 200), "{}");
}

/* ---- Ids: beyond 32 bits (section 0) -------------------------------------- */

#define SHOWN_FROM UINT64_C(70010000000)

static void
freshsales_show_id(char out[SIM_ID_BYTES], uint64_t id)
{
	snprintf(out, SIM_ID_BYTES, "%llu", (unsigned long long)(SHOWN_FROM + id));
}

uint64_t
freshsales_read_id(struct text shown)
{
	int64_t n;

	return text_int(shown, &n) && (uint64_t)n > SHOWN_FROM ? (uint64_t)n - SHOWN_FROM : 0;
}

/* ---- Tables -------------------------------------------------------------- */

static const struct route routes[] = {
	{ "GET", "/settings/{}/fields", "GET /settings", freshsales_settings, 0 },
	{ "GET", "/selector/{}", "GET /selector", freshsales_selector, 0 },
	{ "GET", "/job_statuses/{}", "GET /job_statuses", freshsales_job, 0 },
	{ "GET", "/lookup", "GET /lookup", freshsales_lookup, 0 },
	{ "GET", "/{}/filters", "GET /filters", freshsales_filters, 0 },
	{ "GET", "/{}/view/{}", "GET /view", freshsales_view, 0 },
	{ "POST", "/filtered_search/{}", "POST /filtered_search", freshsales_search, 0 },
	{ "POST", "/contacts/bulk_upsert", "POST /bulk_upsert", freshsales_bulk, 0 },
	{ "POST", "/{}/upsert", "POST /upsert", freshsales_upsert, 0 },
	{ "POST", "/{}", "POST /", freshsales_create, 0 },
	{ "GET", "/{}/{}", "GET /id", freshsales_get, 0 },
	{ "PUT", "/{}/{}", "PUT /id", freshsales_update, 0 },
	{ "DELETE", "/{}/{}", "DELETE /id", freshsales_delete, 0 },
	{ NULL, NULL, NULL, NULL, 0 },
};

static const struct control controls[] = {
	{ "POST", "options", "limits and habits", control_options,
	  "{\"hourly\":1000,\"job_polls\":1,\"classic\":false,\"errors\":\"list\","
	  "\"views\":\"All\"}" },
	{ NULL, NULL, NULL, NULL, NULL },
};

static void
freshsales_init(struct sim *sim)
{
	struct freshsales *s = sim_alloc(sizeof *s);

	s->hourly = HOURLY;
	s->job_polls = 1;
	snprintf(s->errors, sizeof s->errors, "list");
	snprintf(s->report, sizeof s->report, "emails");
	snprintf(s->views, sizeof s->views, "All");
	sim->state = s;
	freshsales_define(sim);
}

static void
freshsales_end(struct sim *sim)
{
	struct freshsales *s = freshsales_state(sim);

	for (size_t i = 0; i < FRESHSALES_JOBS; i++)
		free(s->jobs[i].report);
}

static void
freshsales_version(struct buf *out, uint32_t revision, int64_t updated_ms)
{
	char iso[40];

	(void)revision;
	time_iso(iso, updated_ms);
	buf_str(out, iso);
}

const struct crm freshsales_crm = {
	.name = "freshsales", .token = "sim-freshsales-token",
	.routes = routes, .controls = controls,
	.init = freshsales_init, .normal = freshsales_normal, .gate = freshsales_gate,
	.finish = freshsales_finish, .unknown = freshsales_unknown, .end = freshsales_end,
	.values = "values", .change = freshsales_change, .seeded = freshsales_seeded,
	.show_id = freshsales_show_id, .read_id = freshsales_read_id,
	.version = freshsales_version, .archives = true,
};
