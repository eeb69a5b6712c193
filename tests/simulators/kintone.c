/* SPDX-License-Identifier: Apache-2.0 */
/* kintone.c - the simulated kintone: paths, credentials, messages and reads
 * (sheet, sections 0, 1, 3, 5, 6).  Apps are defined in kintone_app.c, queries
 * run in kintone_query.c, cursors in kintone_cursor.c, writes in
 * kintone_write.c.  The table of CRMs in main.c names `kintone_crm`. */
#include "kintone.h"
#include "oauth.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define URI_MAX 8192u
#define CONCURRENT_MAX 100u
#define TOKENS_MAX 9u
#define LIST_MAX 1000u

struct kintone *
kintone_state(const struct sim *sim)
{
	return sim->state;
}

/* ---- Messages and errors (section 5) ------------------------------------ */

static const struct { const char *ja, *en; } messages[KM_MESSAGES] = {
	[KM_INVALID]   = { "不正な値です。", "Invalid value." },
	[KM_REQUIRED]  = { "必須です。", "Required." },
	[KM_DUPLICATE] = { "値がほかのレコードと重複しています。",
			   "This value already exists in another record." },
	[KM_OPTION]    = { "\"%s\"は選択肢にありません。",
			   "The value, \"%s\", is not in options." },
	[KM_SHORTER]   = { "%s文字より短くなければなりません。",
			   "Enter less than %s characters." },
	[KM_LONGER]    = { "%s文字より長くなければなりません。",
			   "Enter more than %s characters." },
	[KM_AT_MOST]   = { "%s以下である必要があります。", "The value must be %s or less." },
	[KM_AT_LEAST]  = { "%s以上である必要があります。", "The value must be %s or more." },
	[KM_NUMBER]    = { "数字でなければなりません。", "Only numbers are allowed." },
	[KM_DIGITS]    = { "有効桁数を超えています。", "Significant digits are exceeded." },
	[KM_URL]       = { "URL の形式が正しくありません。", "The URL is invalid." },
	[KM_QUERY]     = { "クエリ記法が間違っています。", "Query notation is incorrect." },
	[KM_FORMAT]    = { "形式が正しくありません。", "The format is invalid." },
	[KM_BATCH]     = { "一度に%s件までのレコードを更新できます。",
			   "A maximum of %s records can be updated at one time." },
};

static bool
english(const struct request *q)
{
	return text_starts(request_header(q, "Accept-Language"), "en");
}

void
kintone_say(const struct request *q, struct buf *out, enum kintone_message m,
	    const char *detail)
{
	const char *z = english(q) ? messages[m].en : messages[m].ja;
	const char *hole = strstr(z, "%s");

	if (!hole) {
		buf_str(out, z);
		return;
	}
	buf_add(out, z, (size_t)(hole - z));
	buf_str(out, detail ? detail : "");
	buf_str(out, hole + 2);
}

static void
error_head(struct reply *r, int status, const char *code, const char *message)
{
	struct buf *out = reply_start(r, status);
	char id[40];

	sim_uuid(id);
	buf_fmt(out, "{\"code\":\"%s\",\"id\":\"%.8s%.4s%.4s%.4s\",\"message\":", code,
		id, id + 9, id + 14, id + 19);
	buf_quotez(out, message);
}

void
kintone_error(struct reply *r, int status, const char *code, const char *format, ...)
{
	struct buf message = { 0 };
	char line[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	buf_str(&message, line);
	error_head(r, status, code, message.ptr);
	buf_str(&r->body, "}");
	buf_clear(&message);
}

void
kintone_invalid(const struct request *q, struct reply *r, struct text errors)
{
	error_head(r, 400, "CB_VA01", english(q) ? "Missing or invalid input." :
		   "入力内容が正しくありません。");
	buf_str(&r->body, ",\"errors\":{");
	buf_text(&r->body, errors);
	buf_str(&r->body, "}}");
}

void
kintone_invalid_key(const struct request *q, struct reply *r, const char *key,
		    enum kintone_message m, const char *detail)
{
	struct kintone_complaints c = { 0 };

	kintone_complain(q, &c, key, m, detail);
	kintone_invalid(q, r, buf_view(&c.errors));
	buf_clear(&c.errors);
}

static void
kintone_unknown(struct request *q, struct reply *r)
{
	(void)q;
	r->type = "text/html;charset=utf-8";
	buf_str(reply_start(r, 404), "<html><body>Not Found</body></html>");
}

/* ---- Parameters --------------------------------------------------------- */

struct text
kintone_param(const struct request *q, const char *name)
{
	const struct json *j = json_get(q->json, name);

	if (j && j->kind == JSON_BOOL)
		return j->truth ? TEXT("true") : TEXT("false");
	return j ? j->text : request_query(q, name);
}

struct text *
kintone_list(const struct request *q, const char *name, size_t *count)
{
	const struct json *j = json_get(q->json, name);
	size_t most = q->query_count + (j ? j->count : 0) + 1, len = strlen(name);
	struct text *list = arena_alloc(q->arena, most * sizeof *list);

	*count = 0;
	for (const struct json *m = j ? j->child : NULL; m; m = m->next)
		list[(*count)++] = m->text;
	for (size_t i = 0; i < q->query_count && !j; i++)
		if (text_starts(q->query[i].name, name) && q->query[i].name.len > len &&
		    q->query[i].name.ptr[len] == '[')
			list[(*count)++] = q->query[i].value;
	return list;
}

/* ---- The gate ----------------------------------------------------------- */

static bool
known_token(const struct sim *sim, struct text token)
{
	if (text_is(token, sim->token))
		return true;
	for (const struct object *o = sim->objects; o; o = o->next)
		if (o->extra && kintone_app(o)->token.len &&
		    text_equal(token, kintone_app(o)->token))
			return true;
	return false;
}

static struct text
next_token(struct text *rest)
{
	return text_trim(text_until(rest, ','));
}

static bool
check_tokens(struct request *q, struct reply *r, struct text list)
{
	struct text seen[TOKENS_MAX];
	size_t n = 0;

	while (list.len) {
		struct text token = next_token(&list);

		if (n == TOKENS_MAX) {
			kintone_error(r, 400, "CB_VA01", "APIトークンは9個まで指定できます。");
			return false;
		}
		if (!known_token(q->sim, token)) {
			kintone_error(r, 400, "GAIA_IA02",
				      "指定したAPIトークンは正しくありません。");
			return false;
		}
		for (size_t i = 0; i < n; i++) {
			if (!text_equal(seen[i], token))
				continue;
			kintone_error(r, 400, "GAIA_DA03", "同じアプリのAPIトークンが複数指定され"
				      "ています。");
			return false;
		}
		seen[n++] = token;
	}
	return true;
}

/* The scope that a call needs (section 1.2). */
static const char *
scope_of(const struct request *q)
{
	struct text path = q->path;

	if (text_starts(path, "/k/v1/app"))
		return "k:app_settings:read";
	return text_is(q->method, "GET") || text_starts(path, "/k/v1/records/cursor")
	       ? "k:app_record:read" : "k:app_record:write";
}

static bool
check_bearer(struct request *q, struct reply *r)
{
	struct text given = request_header(q, "Authorization"), rest;
	const char *scopes = "";
	int64_t expired_s;

	given = (struct text){ given.ptr + 7, given.len - 7 };
	if (oauth_judge(q, given, &scopes, &expired_s) != OAUTH_GOOD) {
		kintone_error(r, 401, "CB_OA01", "Cannot access protected resource.");
		return false;
	}
	for (rest = text_of(scopes); rest.len;)
		if (text_is(text_until(&rest, ' '), scope_of(q)))
			return true;
	kintone_error(r, 403, "CB_OA02", "The scope of the access token is too small.");
	return false;
}

/* A password goes before a token (section 1.1). */
static bool
authenticated(struct request *q, struct reply *r)
{
	struct text password = request_header(q, "X-Cybozu-Authorization");
	struct text tokens = request_header(q, "X-Cybozu-API-Token");

	if (password.len) {
		/* base64 of "sim:sim" */
		if (text_is(password, "c2ltOnNpbQ=="))
			return true;
		kintone_error(r, 401, "CB_WA01", "ユーザーのパスワード認証に失敗しました。"
			      "「X-Cybozu-Authorization」の値が正しくありません。");
		return false;
	}
	if (tokens.len)
		return check_tokens(q, r, tokens);
	if (text_starts(request_header(q, "Authorization"), "Bearer "))
		return check_bearer(q, r);
	kintone_error(r, 401, "CB_AU01", "%s", english(q) ? "Please login." :
		      "ログインしてください。");
	return false;
}

bool
kintone_token_opens(const struct request *q, const struct kintone_app *app)
{
	struct text rest = request_header(q, "X-Cybozu-API-Token");

	if (request_header(q, "X-Cybozu-Authorization").len || !app->token.len)
		return true;
	while (rest.len)
		if (text_equal(next_token(&rest), app->token))
			return true;
	return false;
}

static bool
kintone_gate(struct request *q, struct reply *r)
{
	bool raw_brackets = memchr(q->uri.ptr, '[', q->uri.len) != NULL;
	bool get = text_is(q->method, "GET");

	if (q->uri.len > URI_MAX) {
		r->type = "text/html;charset=utf-8";
		buf_str(reply_start(r, 414),
			"<html><body>Request URL Too Large</body></html>");
		return true;
	}
	if (q->route && (q->route->kind & ROUTE_OPEN))
		return false;
	if (q->sim->in_flight > CONCURRENT_MAX && !sim_options.no_limits) {
		kintone_error(r, 429, "GAIA_TO04",
			      "The number of concurrent API requests exceeds the limit.");
		reply_header(r, "X-Cybozu-Error", "GAIA_TO04");
		return true;
	}
	if (kintone_state(q->sim)->gate[0] &&
	    !text_is(request_header(q, "Authorization"), kintone_state(q->sim)->gate)) {
		r->type = "text/html;charset=utf-8";
		buf_str(reply_start(r, 401), "<html><body>Unauthorized</body></html>");
		return true;
	}
	if (!authenticated(q, r))
		return true;
	if (raw_brackets ||
	    (get && !q->body.len && request_header(q, "Content-Type").len))
		kintone_error(r, 400, "CB_IL02", "不正なリクエストです。");
	else if (q->body.len && (!q->json || q->json->kind != JSON_OBJECT))
		kintone_error(r, 400, "CB_IJ01", "不正なJSON文字列です。");
	else
		return false;
	return true;
}

static void
kintone_finish(struct request *q, struct reply *r)
{
	reply_header(r, "X-ConcurrencyLimit-Limit", "%u", CONCURRENT_MAX);
	reply_header(r, "X-ConcurrencyLimit-Running", "%llu",
		     (unsigned long long)q->sim->in_flight);
}

/* "/k/guest/3/v1/x.json" is "/k/v1/x.json"; the space is read from the URI. */
static struct text
kintone_normal(struct arena *a, struct text path)
{
	struct buf b = { 0 };
	size_t skip = strlen("/k/guest/");
	const char *slash;

	if (!text_starts(path, "/k/guest/"))
		return path;
	slash = memchr(path.ptr + skip, '/', path.len - skip);
	if (!slash)
		return path;
	buf_str(&b, "/k");
	buf_add(&b, slash, path.len - (size_t)(slash - path.ptr));
	return arena_take(a, &b);
}

static struct text
guest_of(struct text uri)
{
	size_t skip = strlen("/k/guest/");
	const char *slash;

	if (!text_starts(uri, "/k/guest/"))
		return (struct text){ 0 };
	slash = memchr(uri.ptr + skip, '/', uri.len - skip);
	return (struct text){ uri.ptr + skip,
			      slash ? (size_t)(slash - uri.ptr) - skip : uri.len - skip };
}

static bool
has_rights(const struct kintone_app *app, const char *rights)
{
	for (; *rights; rights++)
		if ((*rights == 'v' && !app->view) || (*rights == 'a' && !app->add) ||
		    (*rights == 'e' && !app->edit) || (*rights == 'd' && !app->remove))
			return false;
	return true;
}

static bool
app_opens(struct request *q, struct reply *r, const struct kintone_app *app,
	  const char *rights)
{
	struct text guest = guest_of(q->uri);

	if (app->guest.len && !guest.len)
		kintone_error(r, 400, "GAIA_IL23", "ゲストスペース内のアプリの操作はできません。");
	else if (!text_equal(guest, app->guest))
		kintone_error(r, 403, "CB_NO02", "権限がありません。");
	else if (!kintone_token_opens(q, app))
		kintone_error(r, 400, "GAIA_IA02", "指定したAPIトークンは正しくありません。");
	else if (!has_rights(app, rights) &&
		 request_header(q, "X-Cybozu-Authorization").len)
		kintone_error(r, 403, "CB_NO02", "権限がありません。");
	else if (!has_rights(app, rights))
		kintone_error(r, 403, "GAIA_NO01",
			      "Using this API token, you cannot run the specified API.");
	else
		return true;
	return false;
}

struct object *
kintone_app_of(struct request *q, struct reply *r, struct text id, const char *rights)
{
	struct object *o = sim_object(q->sim, id);
	int64_t n;

	if (!id.len)
		kintone_invalid_key(q, r, "app", KM_REQUIRED, NULL);
	else if (!text_int(id, &n) || n < 1)
		kintone_invalid_key(q, r, "app", KM_INVALID, NULL);
	else if (!o || !o->extra)
		kintone_error(r, 404, "GAIA_AP01", "指定したアプリ(id: %.*s)が見つかりません。"
			      "削除されている可能性があります。", (int)id.len, id.ptr);
	else if (app_opens(q, r, kintone_app(o), rights))
		return o;
	return NULL;
}

/* ---- Records as they are sent out --------------------------------------- */

static bool
asked_for(const struct field *f, const struct text *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_is(names[i], f->name))
			return true;
	return count == 0;
}

struct kintone_wanted
kintone_want(struct arena *a, const struct object *o, const struct text *names,
	     size_t count)
{
	struct kintone_wanted w = { .fields = arena_alloc(a, (o->field_count + 1) *
								     sizeof(void *)),
				    .code = kintone_app(o)->code };

	for (size_t i = 0; i < o->field_count; i++)
		if ((kintone_kinds[o->fields[i]->type].shape != SHAPE_NONE ||
		     kintone_rules(o->fields[i])->enabled) &&
		    asked_for(o->fields[i], names, count))
			w.fields[w.count++] = o->fields[i];
	return w;
}

static void
write_minute(struct buf *out, int64_t ms)
{
	char z[40];

	time_minute(z, ms);
	buf_quotez(out, z);
}

static void
write_system(struct buf *out, const struct field *f, const struct record *r,
	     struct text code)
{
	switch ((enum kintone_type)f->type) {
	case K_ID:
	case K_NUMBERING:
		buf_str(out, "\"");
		if (f->type == K_NUMBERING && code.len)
			buf_fmt(out, "%.*s-", (int)code.len, code.ptr);
		buf_int(out, (int64_t)r->id);
		buf_str(out, "\"");
		return;
	case K_REVISION:
		buf_str(out, "\"");
		buf_int(out, (int64_t)r->now.revision);
		buf_str(out, "\"");
		return;
	case K_CREATED:
		write_minute(out, r->created_ms);
		return;
	case K_UPDATED:
		write_minute(out, r->now.updated_ms);
		return;
	default:
		buf_str(out, "{\"code\":\"Administrator\",\"name\":\"Administrator\"}");
	}
}

void
kintone_write_record(struct buf *out, const struct record *r,
		     const struct kintone_wanted *w)
{
	size_t at = 0;
	unsigned slot = 0;
	struct text raw = { 0 };
	bool more = block_next(r->now.block, &at, &slot, &raw), first = true;

	buf_str(out, "{");
	for (size_t i = 0; i < w->count; i++) {
		const struct field *f = w->fields[i];

		buf_comma(out, &first);
		buf_str(out, kintone_rules(f)->open);
		while (more && slot < f->slot)
			more = block_next(r->now.block, &at, &slot, &raw);
		if (f->flags & FIELD_SYSTEM)
			write_system(out, f, r, w->code);
		else if (more && slot == f->slot)
			buf_text(out, raw);
		else
			buf_str(out, kintone_kinds[f->type].empty);
		buf_str(out, "}");
	}
	buf_str(out, "}");
}

static void
get_records(struct request *q, struct reply *r)
{
	struct object *o = kintone_app_of(q, r, kintone_param(q, "app"), "v");
	bool total = text_is(kintone_param(q, "totalCount"), "true"), first = true;
	struct kintone_result result;
	size_t count;

	if (!o ||
	    !kintone_select(q, r, o, kintone_param(q, "query"), total, false, &result))
		return;
	struct text *names = kintone_list(q, "fields", &count);
	if (count > LIST_MAX) {
		kintone_invalid_key(q, r, "fields", KM_INVALID, NULL);
		return;
	}
	struct kintone_wanted w = kintone_want(q->arena, o, names, count);
	struct buf *out = reply_start(r, 200);
	buf_str(out, "{\"records\":[");
	for (size_t i = 0; i < result.count; i++) {
		buf_comma(out, &first);
		kintone_write_record(out, result.records[i], &w);
	}
	if (total)
		buf_fmt(out, "],\"totalCount\":\"%llu\"}",
			(unsigned long long)result.total);
	else
		buf_str(out, "],\"totalCount\":null}");
}

static void
get_record(struct request *q, struct reply *r)
{
	struct object *o = kintone_app_of(q, r, kintone_param(q, "app"), "v");
	struct text id = kintone_param(q, "id");
	int64_t n = 0;

	if (!o)
		return;
	if (!text_int(id, &n)) {
		kintone_invalid_key(q, r, "id", id.len ? KM_INVALID : KM_REQUIRED, NULL);
		return;
	}
	struct record *record = object_record(o, (uint64_t)n);
	if (!record || record->visible_ms > q->now_ms) {
		kintone_error(r, 404, "GAIA_RE01", "指定したレコード(id: %.*s)が見つかりません。",
			      (int)id.len, id.ptr);
		return;
	}
	struct kintone_wanted w = kintone_want(q->arena, o, NULL, 0);
	buf_str(reply_start(r, 200), "{\"record\":");
	kintone_write_record(&r->body, record, &w);
	buf_str(&r->body, "}");
}

/* ---- Apps --------------------------------------------------------------- */

static void
write_app(struct buf *out, const struct object *o)
{
	const struct kintone_app *app = kintone_app(o);

	buf_str(out, "{\"appId\":");
	buf_quotez(out, o->name);
	buf_str(out, ",\"code\":");
	buf_quote(out, app->code);
	buf_str(out, ",\"name\":");
	buf_quote(out, app->name);
	buf_str(out, ",\"description\":\"\",\"createdAt\":\"2026-01-05T00:00:00.000Z\","
		"\"creator\":{\"code\":\"sim\",\"name\":\"sim\"},"
		"\"modifiedAt\":\"2026-01-05T00:00:00.000Z\","
		"\"modifier\":{\"code\":\"sim\",\"name\":\"sim\"},\"spaceId\":");
	if (app->guest.len)
		buf_quote(out, app->guest);
	else
		buf_str(out, "null");
	buf_str(out, ",\"threadId\":null}");
}

static void
get_app(struct request *q, struct reply *r)
{
	struct text id = kintone_param(q, "id");

	if (!id.len) {
		kintone_invalid_key(q, r, "id", KM_REQUIRED, NULL);
		return;
	}
	struct object *o = kintone_app_of(q, r, id, "");
	if (o)
		write_app(reply_start(r, 200), o);
}

/* Not open to tokens (section 1.1). */
static void
get_apps(struct request *q, struct reply *r)
{
	bool first = true;
	int64_t id;

	if (!request_header(q, "X-Cybozu-Authorization").len &&
	    request_header(q, "X-Cybozu-API-Token").len) {
		kintone_error(r, 403, "GAIA_NO01",
			      "Using this API token, you cannot run the specified API.");
		return;
	}
	struct buf *out = reply_start(r, 200);
	buf_str(out, "{\"apps\":[");
	for (const struct object *o = q->sim->objects; o; o = o->next) {
		if (!o->extra || !text_int(text_of(o->name), &id))
			continue;
		buf_comma(out, &first);
		write_app(out, o);
	}
	buf_str(out, "]}");
}

static void
get_fields(struct request *q, struct reply *r)
{
	struct object *o = kintone_app_of(q, r, kintone_param(q, "app"), "");

	if (!o)
		return;
	if (!kintone_app(o)->view && !kintone_app(o)->add) {
		kintone_error(r, 403, "GAIA_NO01",
			      "Using this API token, you cannot run the specified API.");
		return;
	}
	buf_str(reply_start(r, 200), "{\"properties\":{");
	kintone_write_properties(&r->body, o);
	buf_fmt(&r->body, "},\"revision\":\"%llu\"}",
		(unsigned long long)kintone_app(o)->form_revision);
}

static void
get_settings(struct request *q, struct reply *r)
{
	struct object *o = kintone_app_of(q, r, kintone_param(q, "app"), "");

	if (!o)
		return;
	struct buf *out = reply_start(r, 200);
	buf_str(out, "{\"name\":");
	buf_quote(out, kintone_app(o)->name);
	buf_fmt(out,
		",\"description\":\"\",\"icon\":{\"type\":\"PRESET\",\"key\":\"APP72\"},"
		"\"theme\":\"WHITE\",\"titleField\":{\"selectionMode\":\"AUTO\"},"
		"\"enableThumbnails\":true,\"enableBulkDeletion\":false,"
		"\"enableComments\":true,"
		"\"enableDuplicateRecord\":true,\"enableInlineRecordEditing\":true,"
		"\"numberPrecision\":{\"digits\":\"%lld\",\"decimalPlaces\":\"%lld\","
		"\"roundingMode\":\"HALF_EVEN\"},\"firstMonthOfFiscalYear\":\"4\","
		"\"revision\":\"%llu\"}",
		(long long)kintone_app(o)->digits, (long long)kintone_app(o)->decimals,
		(unsigned long long)kintone_app(o)->form_revision);
}

/* ---- The control path's own --------------------------------------------- */

static const struct json *
kept_json(struct request *q)
{
	struct arena *a = &kintone_state(q->sim)->arena;

	return json_parse(a, arena_copy(a, q->body), NULL);
}

/* {"app":"2","fields":{...},"name","code","token","guest_space","numberPrecision"} */
static void
control_app(struct request *q, struct reply *r)
{
	struct arena *a = &kintone_state(q->sim)->arena;
	struct text id = json_text(q->json, "app");
	int64_t n;

	if (!text_int(id, &n) ||
	    !kintone_define(q->sim, a, sim_strz(a, id), kept_json(q))) {
		buf_str(reply_start(r, 400),
			"{\"error\":\"\\\"app\\\" wants a number and each "
			"field a known type\"}");
		return;
	}
	buf_str(reply_start(r, 200), "{}");
}

/* {"app","field","add":"X"} or {"remove":"X"} */
static void
control_option(struct request *q, struct reply *r)
{
	struct object *o = sim_object(q->sim, json_text(q->json, "app"));
	struct field *f = o ? object_field(o, json_text(q->json, "field")) : NULL;

	if (!f) {
		buf_str(reply_start(r, 400), "{\"error\":\"no such app or field\"}");
		return;
	}
	if (json_text(q->json, "add").len)
		field_add_option(f, json_text(q->json, "add"));
	if (json_text(q->json, "remove").len)
		field_remove_option(f, json_text(q->json, "remove"));
	kintone_app(o)->form_revision++;
	buf_str(reply_start(r, 200), "{}");
}

/* {"app","rights":"vaed"}: what the caller may do from now on. */
static void
control_rights(struct request *q, struct reply *r)
{
	struct object *o = sim_object(q->sim, json_text(q->json, "app"));
	struct text rights = json_text(q->json, "rights");

	if (!o || !o->extra || !rights.ptr) {
		buf_str(reply_start(r, 400), "{\"error\":\"no such app, or no rights\"}");
		return;
	}
	struct kintone_app *app = kintone_app(o);
	app->view = rights.len && memchr(rights.ptr, 'v', rights.len);
	app->add = rights.len && memchr(rights.ptr, 'a', rights.len);
	app->edit = rights.len && memchr(rights.ptr, 'e', rights.len);
	app->remove = rights.len && memchr(rights.ptr, 'd', rights.len);
	buf_str(reply_start(r, 200), "{}");
}

/* ---- Tables ------------------------------------------------------------- */

static void
grant_members(struct buf *out, const struct sim *sim, const char *scopes)
{
	(void)sim;
	buf_fmt(out, ",\"scope\":\"%s\"", scopes);
}

static void
grant_error(struct reply *r, int status, const char *error, const char *name,
	    const char *words)
{
	(void)name;
	(void)words;
	buf_fmt(reply_start(r, status), "{\"error\":\"%s\"}", error);
}

static const struct oauth_vendor oauth = {
	.scopes = "k:app_record:read k:app_record:write k:app_settings:read "
		  "k:app_settings:write k:file:read k:file:write",
	.life_s = 3600, .access_bytes = 80, .basic = true, .wants_state = true,
	.wants_response_type = true, .grant = grant_members, .error = grant_error,
};

static const struct route routes[] = {
	{ "GET", "/k/v1/app.json", "GET /k/v1/app.json", get_app, 0 },
	{ "GET", "/k/v1/apps.json", "GET /k/v1/apps.json", get_apps, 0 },
	{ "GET", "/k/v1/app/form/fields.json", "GET /k/v1/app/form/fields.json",
	  get_fields, 0 },
	{ "GET", "/k/v1/app/settings.json", "GET /k/v1/app/settings.json", get_settings,
	  0 },
	{ "GET", "/k/v1/records.json", "GET /k/v1/records.json", get_records, 0 },
	{ "POST", "/k/v1/records.json", "POST /k/v1/records.json", kintone_post_records,
	  0 },
	{ "PUT", "/k/v1/records.json", "PUT /k/v1/records.json", kintone_put_records, 0 },
	{ "DELETE", "/k/v1/records.json", "DELETE /k/v1/records.json",
	  kintone_delete_records, 0 },
	{ "GET", "/k/v1/record.json", "GET /k/v1/record.json", get_record, 0 },
	{ "POST", "/k/v1/record.json", "POST /k/v1/record.json", kintone_post_record, 0 },
	{ "PUT", "/k/v1/record.json", "PUT /k/v1/record.json", kintone_put_record, 0 },
	{ "POST", "/k/v1/records/cursor.json", "POST /k/v1/records/cursor.json",
	  kintone_post_cursor, 0 },
	{ "GET", "/k/v1/records/cursor.json", "GET /k/v1/records/cursor.json",
	  kintone_get_cursor, 0 },
	{ "DELETE", "/k/v1/records/cursor.json", "DELETE /k/v1/records/cursor.json",
	  kintone_delete_cursor, 0 },
	{ "POST", "/k/v1/bulkRequest.json", "POST /k/v1/bulkRequest.json", kintone_bulk,
	  0 },
	{ "GET", "/oauth2/authorization", "GET /oauth2/authorization", oauth_authorize,
	  ROUTE_OPEN },
	{ "POST", "/oauth2/token", "POST /oauth2/token", oauth_token, ROUTE_OPEN },
	{ NULL, NULL, NULL, NULL, 0 },
};

/* {"header":"Basic dXNlcjpwYXNz"}: what a request must carry to reach the API. */
static void
control_gate(struct request *q, struct reply *r)
{
	struct kintone *k = kintone_state(q->sim);
	struct text header = json_text(q->json, "header");

	snprintf(k->gate, sizeof k->gate, "%.*s", (int)header.len,
		 header.len ? header.ptr : "");
	buf_str(reply_start(r, 200), "{}");
}

static const struct control controls[] = {
	{ "POST", "app",    "define an app", control_app,
	  "{\"app\":\"12\",\"fields\":{\"Code\":{\"type\":\"SINGLE_LINE_TEXT\","
	  "\"label\":\"Code\",\"unique\":true}}}" },
	{ "POST", "option", "an option: \"add\" or \"remove\"", control_option,
	  "{\"app\":\"1\",\"field\":\"段階\",\"add\":\"新規\"}" },
	{ "POST", "rights", "what the caller may do", control_rights,
	  "{\"app\":\"1\",\"rights\":\"vaed\"}" },
	{ "POST", "gate",   "Basic authentication before the API", control_gate,
	  "{\"header\":\"Basic dXNlcjpwYXNz\"}" },
	{ NULL, NULL, NULL, NULL, NULL },
};

static void
kintone_init(struct sim *sim)
{
	struct kintone *k = sim_alloc(sizeof *k);

	sim->state = k;
	sim->oauth = oauth_new(&oauth);
	kintone_define_default(sim, &k->arena);
}

static void
kintone_end(struct sim *sim)
{
	struct kintone *k = kintone_state(sim);

	kintone_clear_cursors(k);
	arena_clear(&k->arena);
}

static void
kintone_version(struct buf *out, uint32_t revision, int64_t updated_ms)
{
	(void)updated_ms;
	buf_int(out, (int64_t)revision);
}

const struct crm kintone_crm = {
	.name = "kintone", .token = "sim-kintone-token",
	.routes = routes, .controls = controls,
	.init = kintone_init, .end = kintone_end, .normal = kintone_normal,
	.gate = kintone_gate, .finish = kintone_finish, .unknown = kintone_unknown,
	.values = "record", .change = kintone_change, .seeded = kintone_seeded,
	.version = kintone_version, .archives = false,
};
