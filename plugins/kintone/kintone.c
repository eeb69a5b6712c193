/* SPDX-License-Identifier: Apache-2.0
 *
 * kintone.c - the kintone connector: the records of an app, by API token or by
 * login and password.  It builds requests, reads answers and says what each means;
 * waiting, retrying, limits and credentials are the host's.  Called through the
 * table at the end.
 *
 * Source: cybozu.dev and kintone's published OpenAPI document; where a remark says
 * "measured", others observed it on a live domain and no page says it. */
#include <renkei/json.h>

RK_MANIFEST(kintone_manifest,
	name = "kintone"; title = "kintone"; version = "1.0.0";
	vendor = "Cybozu, Inc."; licence = "Apache-2.0"; abi = 1;
	settings = (
	  { name = "host"; type = "url"; required = true; pattern = "https?://[^/?#@ ]+";
	    reduce = "^(https?://[^/?#@ ]+)/.*";
	    hint = "Address of your domain, https://NAME.cybozu.com, without a path";
	    hint_ja = "ドメインのアドレス https://サブドメイン.cybozu.com (パスは付けない)";
	    example = "https://example.cybozu.com"; },
	  { name = "api_token"; type = "secret";
	    hint = "API token of the app, or up to 9 joined by commas; or login and password";
	    hint_ja = "アプリの API トークン (カンマ区切りで 9 個まで)。またはログイン名とパスワード";
	    example = "env:KINTONE_TOKEN"; },
	  { name = "login"; type = "secret"; hint = "Login name, if no API token is used";
	    hint_ja = "ログイン名 (API トークンを使わない場合)"; },
	  { name = "password"; type = "secret"; hint = "Password of the login name";
	    hint_ja = "ログイン名のパスワード"; },
	  { name = "guest_space"; type = "integer"; pattern = "[0-9]+";
	    hint = "Number of the guest space that holds the apps";
	    hint_ja = "アプリがあるゲストスペースの ID"; },
	  { name = "app"; type = "text"; pattern = "[0-9]+";
	    reduce = "[^?#]*/([0-9]+)(/[a-z]*)?([?#].*)?";
	    hint = "An app by which auth may prove the API token";
	    hint_ja = "API トークンの確認に使うアプリ ID"; }
	);
	hosts = ( "${host}" );
	limits = (
	  { name = "parallel"; concurrent = "100"; scope = "host"; },
	  { name = "app-day"; calls = "10000"; per = "1d"; scope = "object";
	    resets = "00:00"; zone = "UTC"; reserve = "10%"; }
	);
	objects = (
	  { name = "*"; label = "App"; label_ja = "アプリ";
	    id_pattern = "[0-9]+"; id_reduce = "[^?#]*/([0-9]+)(/[a-z]*)?([?#].*)?";
	    operations = ( "list", "ids", "field", "upsert", "create", "update", "archive" );
	    page = 500; batch = 100; writers = 1; guarantee = "E1"; calls_page = 1; calls_batch = 1;
	    links = "${host}/k/${object}/show#record=${id}"; }
	);
	lags = { late_commit = "60s"; index_lag = "0s"; clock = "60s";
	         t_land = "30s"; t_visible = "10s"; };
	texts = (
	  { code = "GAIA_IA02";
	    cause = "The API token is unknown, belongs to another app, or the app was not updated after it was made.";
	    remedy = "Check token and app; press Update App after generating a token.";
	    cause_ja = "API トークンが無効、別アプリのもの、またはアプリが未更新。";
	    remedy_ja = "トークンとアプリ ID を確認し、トークン生成後に「アプリを更新」を押す。"; },
	  { code = "CB_WA01";
	    cause = "The login name or password is wrong, or the user was deleted.";
	    remedy = "Check login name and password, and that the user is active.";
	    cause_ja = "ログイン名またはパスワードの誤り、または利用者の削除。";
	    remedy_ja = "ログイン名とパスワード、利用者の状態を確認する。"; },
	  { code = "GAIA_AP01";
	    cause = "There is no app with this number, or it was deleted.";
	    remedy = "Check subdomain, app number and login; the app must exist before a sync.";
	    cause_ja = "このアプリ ID のアプリが存在しない、または削除された。";
	    remedy_ja = "サブドメイン、アプリ ID、ログインを確認する。"; },
	  { code = "GAIA_LO04";
	    cause = "The record that the lookup points to does not exist, or may not be seen.";
	    remedy = "Add the record to the source app, or the right to view it; then send again.";
	    cause_ja = "ルックアップ元のレコードが存在しない、または閲覧権限がない。";
	    remedy_ja = "元アプリにレコードを追加するか閲覧権限を付け、再送する。"; },
	  { code = "GAIA_NO01";
	    cause = "The API token lacks a right: upsert needs view, add and edit.";
	    remedy = "Tick the rights in the app's API token settings and update the app.";
	    cause_ja = "API トークンに権限が足りない (閲覧・追加・編集が必要)。";
	    remedy_ja = "アプリの API トークン設定で権限を付け、アプリを更新する。"; },
	  { code = "CB_NO02";
	    cause = "The user may not use this app, record or field.";
	    remedy = "Give the user the right in the app's permission settings.";
	    cause_ja = "利用者にアプリ・レコード・フィールドの権限がない。";
	    remedy_ja = "アプリのアクセス権を確認する。"; }
	);
);

#define PAGE_MAX  500u
#define BATCH_MAX 100u
#define BODY_MAX  (UINT64_C(32) << 20)
#define MINUTE_MS INT64_C(60000)
#define APPS_MAX  2000u        /* Apps that describe lists.                   */

struct rk_conn {
	const struct rk_host *host;
};

/* ---- Calling ----------------------------------------------------------------- */

static const struct rk_spend spend_app[] = {
	{ RK_LIT("parallel"), 1 }, { RK_LIT("app-day"), 1 },
};

static const struct rk_piece token_pieces[] = {
	{ RK_PIECE_SECRET, RK_ENC_RAW, RK_LIT("api_token"), RK_LIT("") },
};

static const struct rk_piece login_pieces[] = {
	{ RK_PIECE_SECRET, RK_ENC_BASIC, RK_LIT("login"), RK_LIT("password") },
};

static const struct rk_piece json_pieces[] = {
	{ RK_PIECE_TEXT, RK_ENC_RAW, RK_LIT("application/json"), RK_LIT("") },
};

static const struct rk_piece get_pieces[] = {
	{ RK_PIECE_TEXT, RK_ENC_RAW, RK_LIT("GET"), RK_LIT("") },
};

struct call {
	const char *method, *api;      /* "records.json", maybe with a query. */
	struct rk_text body, object;
	int reads;                     /* A GET whose parameters are the body. */
};

/* Sends one call.  RK_OK: an answer arrived, good or bad.  Content-Type goes only
 * with a body: a GET that had it was refused (measured). */
static int32_t
ask(const struct rk_host *host, const struct call *call, struct rk_answer *answer,
    struct rk_err *err)
{
	struct rk_text base = host->setting(host, "host");
	struct rk_text guest = host->setting(host, "guest_space");
	struct rk_piece body = { RK_PIECE_TEXT, RK_ENC_RAW, call->body, RK_LIT("") };
	struct rk_header headers[3] = { { RK_LIT("X-Cybozu-API-Token"), token_pieces, 1 } };
	struct rk_request request = { .struct_size = sizeof request };
	uint64_t count = 1;

	if (!host->has_setting(host, "api_token")) {
		headers[0].name = rk_z("X-Cybozu-Authorization");
		headers[0].pieces = login_pieces;
	}
	if (call->body.len)
		headers[count++] = (struct rk_header){ RK_LIT("Content-Type"), json_pieces, 1 };
	if (call->body.len && call->reads)
		headers[count++] = (struct rk_header){ RK_LIT("X-HTTP-Method-Override"),
		                                       get_pieces, 1 };
	while (base.len && base.ptr[base.len - 1] == '/')
		base.len--;
	request.flags = call->reads ? RK_HTTP_SAFE : 0;
	request.method = rk_z(call->reads && call->body.len ? "POST" : call->method);
	request.url = rk_textf(host, "%.*s/k/%s%.*s%sv1/%s", RK_S(base),
	                       guest.len ? "guest/" : "", RK_S(guest), guest.len ? "/" : "",
	                       call->api);
	request.headers = headers;
	request.header_count = count;
	request.body = &body;
	request.body_count = call->body.len != 0;
	request.object = call->object;
	request.spends = spend_app;
	request.spend_count = call->object.len ? 2 : 1;   /* Calls of no app count for none. */
	return rk_json_ask(host, &request, answer, err);
}

/* ---- Errors ------------------------------------------------------------------- */

/* Vendor code -> what it means.  RK_REJECT: the request was refused and nothing
 * was stored.  kintone publishes no list of codes; these were measured or stand
 * in its clients, and the same code came with 400 and with 520. */
static const struct rk_code codes[] = {
	{ "CB_VA01", RK_REJECT, RK_CAT_OTHER },        /* See judge_field(). */
	{ "CB_IL02", RK_BUG, RK_CAT_BUG },
	{ "CB_IJ01", RK_BUG, RK_CAT_BUG },
	{ "CB_AU01", RK_PAUSE, RK_CAT_AUTH },
	{ "CB_WA01", RK_PAUSE, RK_CAT_AUTH },
	{ "CB_OA01", RK_PAUSE, RK_CAT_AUTH },
	{ "CB_OA02", RK_PAUSE, RK_CAT_PERMISSION },
	{ "CB_TW02", RK_PAUSE, RK_CAT_AUTH },
	{ "GAIA_IA02", RK_PAUSE, RK_CAT_AUTH },
	{ "GAIA_DA03", RK_PAUSE, RK_CAT_AUTH },
	{ "CB_NO02", RK_REJECT, RK_CAT_PERMISSION },   /* May be of one record. */
	{ "GAIA_NO01", RK_PAUSE, RK_CAT_PERMISSION },
	{ "GAIA_FU01", RK_REJECT, RK_CAT_PERMISSION },
	{ "GAIA_NO02", RK_AGAIN, RK_CAT_UNREACHABLE }, /* App in maintenance. */
	{ "GAIA_AP01", RK_PAUSE, RK_CAT_CONFIG },
	{ "GAIA_IL23", RK_PAUSE, RK_CAT_CONFIG },      /* Guest space path. */
	{ "GAIA_IL25", RK_PAUSE, RK_CAT_CONFIG },
	{ "GAIA_RE01", RK_REJECT, RK_CAT_OTHER },
	{ "GAIA_RE20", RK_REJECT, RK_CAT_OTHER },
	{ "GAIA_CO02", RK_REJECT, RK_CAT_OTHER },      /* See take_refusal(). */
	{ "GAIA_UN03", RK_REJECT, RK_CAT_OTHER },
	{ "GAIA_LO04", RK_REJECT, RK_CAT_ASSOCIATION },
	{ "GAIA_LO03", RK_REJECT, RK_CAT_ASSOCIATION },
	{ "GAIA_IL26", RK_REJECT, RK_CAT_ASSOCIATION },
	{ "GAIA_IL28", RK_REJECT, RK_CAT_ASSOCIATION },
	{ "GAIA_IL42", RK_REJECT, RK_CAT_ASSOCIATION },
	{ "GAIA_IR02", RK_REJECT, RK_CAT_PROPERTY_MAPPING },
	{ "GAIA_IQ11", RK_REJECT, RK_CAT_PROPERTY_MAPPING },
	{ "GAIA_FC01", RK_REJECT, RK_CAT_PROPERTY_MAPPING },
	{ "GAIA_IQ03", RK_REJECT, RK_CAT_PROPERTY_MAPPING },
	{ "GAIA_IQ07", RK_REJECT, RK_CAT_PROPERTY_MAPPING },
	{ "GAIA_IQ10", RK_REJECT, RK_CAT_PICKLIST },
	{ "GAIA_IQ23", RK_BUG, RK_CAT_BUG },
	{ "GAIA_IQ25", RK_BUG, RK_CAT_BUG },
	{ "GAIA_IL08", RK_BUG, RK_CAT_BUG },
	{ "GAIA_QU01", RK_BUG, RK_CAT_BUG },
	{ "GAIA_QU02", RK_BUG, RK_CAT_BUG },
	{ "GAIA_IL01", RK_REJECT, RK_CAT_CUSTOM_CODE },
	{ "GAIA_IL03", RK_REJECT, RK_CAT_CUSTOM_CODE },
	{ "GAIA_ST02", RK_REJECT, RK_CAT_CUSTOM_CODE },
	{ "GAIA_NT01", RK_REJECT, RK_CAT_CUSTOM_CODE },
	{ "GAIA_BL01", RK_REJECT, RK_CAT_PROPERTY_VALUE },
	{ "GAIA_RE02", RK_REJECT, RK_CAT_OTHER },
	{ "GAIA_CN01", RK_RESYNC, RK_CAT_OTHER },
	{ "GAIA_TM12", RK_AGAIN, RK_CAT_RATE_LIMIT },
	{ "GAIA_TO04", RK_AGAIN, RK_CAT_RATE_LIMIT },
	{ "GAIA_DA02", RK_AGAIN, RK_CAT_SERVER },      /* Database lock. */
	{ "GAIA_RE18", RK_AGAIN, RK_CAT_SERVER },
	{ "GAIA_LT01", RK_AGAIN, RK_CAT_SERVER },
	{ NULL, 0, 0 },
};

/* Answers without a known code, by status alone: what is no JSON never reached
 * the API. */
static const struct http_class {
	int32_t from, to, json, status, category;
	const char *words;
} http_classes[] = {
	{ 401, 401, 1, RK_PAUSE, RK_CAT_AUTH, " Unauthorized" },
	{ 403, 403, 1, RK_PAUSE, RK_CAT_PERMISSION, " Forbidden" },
	{ 401, 401, 0, RK_PAUSE, RK_CAT_PERMISSION,
	  " before the API: Basic authentication or an IP rule of the domain" },
	{ 403, 403, 0, RK_PAUSE, RK_CAT_PERMISSION,
	  " before the API: an IP rule of the domain; allow this host's address" },
	{ 429, 429, -1, RK_AGAIN, RK_CAT_RATE_LIMIT, " Too Many Requests" },
	{ 503, 503, -1, RK_AGAIN, RK_CAT_UNREACHABLE, " (maintenance or outage)" },
	{ 200, 399, -1, RK_PAUSE, RK_CAT_CONFIG, " (no kintone API answers: check host)" },
	{ 404, 404, -1, RK_PAUSE, RK_CAT_CONFIG, " Not Found" },
	{ 400, 499, 1, RK_REJECT, RK_CAT_OTHER, "" },
	{ 400, 499, 0, RK_PAUSE, RK_CAT_CONFIG, " (no kintone API answers: check host)" },
	{ 0, INT32_MAX, -1, RK_AGAIN, RK_CAT_SERVER, "" },
};

/* What a bad answer means for the call as a whole; fills 'err'.
 *
 * Shape: {"code":"..","id":"..","message":"..","errors":{key:{"messages":[..]}}};
 *        the id is what Cybozu's support asks for. */
static int32_t
judge(const struct rk_host *host, const struct rk_answer *answer, struct rk_err *err)
{
	struct rk_text code = rk_json_str(host, answer->root, "code");
	struct rk_text id = rk_json_str(host, answer->root, "id");
	const struct rk_code *known = rk_code_find(codes, code);
	const struct http_class *class = http_classes;
	const cJSON *errors = rk_json_get(answer->root, "errors");
	const cJSON *first = rk_json_is(errors, cJSON_Object) ? errors->child : NULL;
	int32_t http = answer->reply.status, json = code.len != 0;

	while (http < class->from || http > class->to ||
	       (class->json >= 0 && class->json != json))
		class++;
	rk_fail(err, RK_OK, known ? known->category : class->category,
	        "HTTP %d%s%s%.*s: %.*s%s%s%s%.*s%s", http, known ? "" : class->words,
	        json ? " " : "", RK_S(code),
	        RK_S(json ? rk_json_str(host, answer->root, "message")
	                  : rk_z("the answer is no JSON")),
	        first ? ", " : "", first ? first->string : "",
	        id.len ? " (id " : "", RK_S(id), id.len ? ")" : "");
	err->http_status = http;
	err->retry_after_ms = answer->reply.retry_after_ms;
	err->maybe_sent = !known && http >= 500;
	RK_ERR_SET(err->code, code);
	return known ? known->status : class->status;
}

/* As judge, for calls that only read: nothing there can be split. */
static int32_t
judge_read(const struct rk_host *host, const struct rk_answer *answer,
           struct rk_err *err)
{
	int32_t status = judge(host, answer, err);

	if (status != RK_REJECT)
		return status;
	if (err->category == RK_CAT_PERMISSION || err->category == RK_CAT_PICKLIST ||
	    err->category == RK_CAT_PROPERTY_MAPPING)
		return RK_PAUSE;
	err->category = RK_CAT_BUG;
	return RK_BUG;
}

/* A reading call whose good answer must be JSON. */
static int32_t
ask_read(const struct rk_host *host, struct call *call, struct rk_answer *answer,
         struct rk_err *err)
{
	int32_t status;

	call->method = "GET";
	call->reads = 1;
	status = ask(host, call, answer, err);
	if (status != RK_OK)
		return status;
	if (answer->reply.status != 200)
		return judge_read(host, answer, err);
	if (!answer->root)
		return rk_fail(err, RK_BUG, RK_CAT_BUG, "%s: %s", call->api,
		               answer->why.message);
	return RK_OK;
}

static int32_t
check_app(struct rk_text object, struct rk_err *err)
{
	int64_t id;

	if (rk_text_int(object, &id) && id > 0)
		return RK_OK;
	return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG,
	               "\"%.*s\" is not the number of an app", RK_S(object));
}

/* The number of the app, which check_app has seen. */
static void
put_app(struct rk_json_out *out, struct rk_text object)
{
	int64_t id = 0;

	rk_text_int(object, &id);
	rk_put_int(out, id);
}

/* ---- open, auth, close ---------------------------------------------------------- */

static int32_t
kintone_open(const struct rk_host *host, struct rk_conn **conn, struct rk_err *err)
{
	int token = host->has_setting(host, "api_token");
	int login = host->has_setting(host, "login") && host->has_setting(host, "password");

	if (!token && !login)
		return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG,
		               "api_token is missing, or login and password");
	*conn = calloc(1, sizeof **conn);
	if (!*conn)
		abort();
	(*conn)->host = host;
	return RK_OK;
}

static void
kintone_close(struct rk_conn *conn)
{
	free(conn);
}

static int32_t
prove_by_app(const struct rk_host *host, struct rk_text app, struct rk_account *account,
             struct rk_err *err)
{
	struct call call = { .object = app };
	struct rk_grant *grant = host->alloc(host, sizeof *grant);
	struct rk_answer answer;
	int32_t status;

	call.api = rk_textf(host, "app.json?id=%.*s", RK_S(app)).ptr;
	status = ask_read(host, &call, &answer, err);
	if (status != RK_OK)
		return status;
	grant->name = rk_textf(host, "app %.*s", RK_S(app));
	grant->detail = rk_json_str(host, answer.root, "name");
	grant->granted = 1;
	account->grants = grant;
	account->grant_count = 1;
	return RK_OK;
}

/* Proves host and credentials.  A password may list the apps; an API token may
 * not, and is refused with a code of its own only after it was found valid.  What
 * a token may do in an app shows when that app is described. */
static int32_t
kintone_auth(struct rk_conn *conn, struct rk_account *account, struct rk_err *err)
{
	const struct rk_host *host = conn->host;
	int token = host->has_setting(host, "api_token");
	struct rk_text app = host->setting(host, "app");
	struct call call = { .api = "apps.json?limit=1" };
	struct rk_answer answer;
	int32_t status;

	account->expires_ms = -1;
	account->account = host->setting(host, "host");
	account->user = rk_z(token ? "Administrator (API token)" : "");
	if (app.len)
		return prove_by_app(host, app, account, err);
	status = ask_read(host, &call, &answer, err);
	if (token && status == RK_PAUSE && strcmp(err->code, "GAIA_NO01") == 0)
		return RK_OK;
	if ((status == RK_OK && !rk_json_get(answer.root, "apps")) ||
	    (status == RK_BUG && !answer.root))
		return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG,
		               "this is not kintone's API: the answer has no \"apps\"");
	return status;
}

/* ---- describe_fields -------------------------------------------------------------- */

enum {
	READ_ONLY = 1,                 /* The service fills it.               */
	KEYABLE = 2,                   /* Legal update key, if it is unique.  */
	SWITCHED = 4,                  /* Absent from records while "enabled" is false. */
};

static const struct kind {
	const char *name;
	uint32_t type;
	int traits;
	const char *unmappable;
} kinds[] = {
	{ "SINGLE_LINE_TEXT", RK_TEXT, KEYABLE, NULL },
	{ "NUMBER", RK_DECIMAL, KEYABLE, NULL },
	{ "MULTI_LINE_TEXT", RK_TEXT, 0, NULL },
	{ "RICH_TEXT", RK_RICH, 0, NULL },
	{ "LINK", RK_TEXT, 0, NULL },
	{ "CALC", RK_TEXT, READ_ONLY, NULL },
	{ "CHECK_BOX", RK_CHOICES, 0, NULL },
	{ "MULTI_SELECT", RK_CHOICES, 0, NULL },
	{ "RADIO_BUTTON", RK_CHOICE, 0, NULL },
	{ "DROP_DOWN", RK_CHOICE, 0, NULL },
	{ "DATE", RK_DATE, 0, NULL },
	{ "TIME", RK_TIME, 0, NULL },
	{ "DATETIME", RK_DATETIME, 0, NULL },
	{ "USER_SELECT", RK_USER, 0, NULL },
	{ "ORGANIZATION_SELECT", RK_USER, 0, NULL },
	{ "GROUP_SELECT", RK_USER, 0, NULL },
	{ "SUBTABLE", RK_TABLE, 0, NULL },
	{ "RECORD_NUMBER", RK_TEXT, READ_ONLY, NULL },
	{ "CREATOR", RK_USER, READ_ONLY, NULL },
	{ "MODIFIER", RK_USER, READ_ONLY, NULL },
	{ "CREATED_TIME", RK_DATETIME, READ_ONLY, NULL },
	{ "UPDATED_TIME", RK_DATETIME, READ_ONLY, NULL },
	{ "STATUS", RK_TEXT, READ_ONLY | SWITCHED, NULL },
	{ "STATUS_ASSIGNEE", RK_USER, READ_ONLY | SWITCHED, NULL },
	{ "CATEGORY", RK_CHOICES, READ_ONLY | SWITCHED, NULL },
	{ "FILE", RK_TEXT, READ_ONLY, "attached files are not transferred" },
	{ "REFERENCE_TABLE", RK_TEXT, READ_ONLY,
	  "a list of related records, which is not stored in the record" },
	{ "GROUP", RK_TEXT, READ_ONLY, "a frame around fields, which holds no value" },
	{ NULL, RK_TEXT, READ_ONLY, "a type of field that this connector does not know" },
};

static const struct { const char *format; uint32_t type; } calc_formats[] = {
	{ "NUMBER", RK_DECIMAL }, { "NUMBER_DIGIT", RK_DECIMAL },
	{ "DATETIME", RK_DATETIME }, { "DATE", RK_DATE }, { "TIME", RK_TIME },
};

struct described {
	const struct rk_host *host;
	int32_t integer_digits, decimals;
};

static int64_t
limit_of(const cJSON *property, const char *name)
{
	int64_t limit;

	return rk_json_int(rk_json_get(property, name), &limit) && limit >= 0 ? limit : -1;
}

struct ranked_option {
	struct rk_option option;
	int64_t index;
};

static int
by_index(const void *a, const void *b)
{
	int64_t x = ((const struct ranked_option *)a)->index;
	int64_t y = ((const struct ranked_option *)b)->index;

	return x < y ? -1 : x > y;
}

/* {"A":{"label":"A","index":"0"},...}; the label is the value. */
static void
read_options(const struct rk_host *host, const cJSON *list, struct rk_field *field)
{
	uint64_t count = rk_json_count(list), i = 0;
	struct ranked_option *ranked = host->alloc(host, (count + 1) * sizeof *ranked);
	struct rk_option *options = host->alloc(host, (count + 1) * sizeof *options);

	rk_json_each(option, list) {
		ranked[i].option.value = rk_json_str(host, option, "label");
		ranked[i].option.label = ranked[i].option.value;
		ranked[i].index = INT64_MAX;
		rk_json_int(rk_json_get(option, "index"), &ranked[i++].index);
	}
	qsort(ranked, count, sizeof *ranked, by_index);
	for (i = 0; i < count; i++)
		options[i] = ranked[i].option;
	field->options = options;
	field->option_count = count;
}

static int
has_default(const struct rk_host *host, const cJSON *property)
{
	const cJSON *preset = rk_json_get(property, "defaultValue");

	return rk_json_bool(rk_json_get(property, "defaultNowValue"), 0) ||
	       (rk_json_is(preset, cJSON_Array) ? preset->child != NULL
	                                        : rk_json_text(host, preset, NULL).len != 0);
}

/* Required means here: a new record without it is refused, for it has no default. */
static uint32_t
field_flags(const struct rk_host *host, const cJSON *property, const struct kind *kind)
{
	int unique = rk_json_bool(rk_json_get(property, "unique"), 0);
	int computed = rk_json_str(host, property, "expression").len != 0;
	uint32_t flags = 0;

	if (!(kind->traits & READ_ONLY) && !computed)
		flags |= RK_FIELD_WRITABLE;
	if (computed)
		flags |= RK_FIELD_COMPUTED;
	if (flags & RK_FIELD_WRITABLE && rk_json_bool(rk_json_get(property, "required"), 0) &&
	    !has_default(host, property))
		flags |= RK_FIELD_REQUIRED;
	if (unique)
		flags |= RK_FIELD_UNIQUE;
	if (unique && !computed && kind->traits & KEYABLE)
		flags |= RK_FIELD_KEY;
	return flags;
}

/* Sets what 'property' says about one field, columns apart.
 *
 * Shape:  one member of "properties" of app/form/fields.json; numbers are text.
 * Source: kintone OpenAPI 20250423, field types. */
static void
read_property(const struct described *d, const cJSON *property, struct rk_field *field)
{
	const struct rk_host *host = d->host;
	struct rk_text type = rk_json_str(host, property, "type");
	const cJSON *lookup = rk_json_get(property, "lookup");
	const struct kind *kind = kinds;

	while (kind->name && !rk_text_is(type, kind->name))
		kind++;
	field->name = rk_z(property->string);
	field->label = rk_json_str(host, property, "label");
	field->native = type;
	field->type = kind->type;
	field->flags = field_flags(host, property, kind);
	field->min_length = limit_of(property, "minLength");
	field->max_length = limit_of(property, "maxLength");
	field->integer_digits = rk_text_is(type, "NUMBER") ? d->integer_digits : -1;
	field->decimals = rk_text_is(type, "NUMBER") ? d->decimals : -1;
	field->min_value = rk_json_str(host, property, "minValue");
	field->max_value = rk_json_str(host, property, "maxValue");
	field->unmappable = rk_z(kind->unmappable);
	read_options(host, rk_json_get(property, "options"), field);
	if (lookup) {
		field->native = rk_textf(host, "%.*s LOOKUP", RK_S(type));
		field->ref_object = rk_json_str(host, rk_json_get(lookup, "relatedApp"), "app");
	}
	if (kind->traits & SWITCHED && !rk_json_bool(rk_json_get(property, "enabled"), 1))
		field->unmappable = rk_z("this function is switched off in the app");
	for (size_t i = 0; rk_text_is(type, "CALC") && i < RK_COUNT(calc_formats); i++)
		if (rk_text_is(rk_json_str(host, property, "format"), calc_formats[i].format))
			field->type = calc_formats[i].type;
	if (rk_text_is(type, "CALC"))
		field->flags |= RK_FIELD_COMPUTED;
}

/* What a lookup copies into is the service's to write: values sent are ignored. */
static void
mark_copies(const struct rk_host *host, const cJSON *properties, struct rk_field *fields,
            uint64_t count)
{
	rk_json_each(property, properties) {
		const cJSON *lookup = rk_json_get(property, "lookup");

		rk_json_each(pair, rk_json_get(lookup, "fieldMappings")) {
			struct rk_text name = rk_json_str(host, pair, "field");

			for (uint64_t i = 0; i < count; i++)
				if (rk_text_eq(fields[i].name, name)) {
					fields[i].flags &= ~(uint32_t)(RK_FIELD_WRITABLE |
						RK_FIELD_KEY | RK_FIELD_REQUIRED);
					fields[i].flags |= RK_FIELD_COMPUTED;
				}
		}
	}
}

static struct rk_field *
read_properties(const struct described *d, const cJSON *properties, uint64_t *count)
{
	struct rk_field *fields = d->host->alloc(d->host,
	                          (rk_json_count(properties) + 1) * sizeof *fields);

	*count = 0;
	rk_json_each(property, properties)
		read_property(d, property, &fields[(*count)++]);
	mark_copies(d->host, properties, fields, *count);
	return fields;
}

/* A number's digits are a setting of the app; without them no limit is told. */
static int32_t
read_precision(struct described *d, struct rk_text app, struct rk_err *err)
{
	struct call call = { .object = app };
	struct rk_answer answer;
	const cJSON *precision;
	int64_t digits, decimals;
	int32_t status;

	call.api = rk_textf(d->host, "app/settings.json?app=%.*s", RK_S(app)).ptr;
	status = ask_read(d->host, &call, &answer, err);
	if (status != RK_OK)
		return status == RK_AGAIN || status == RK_HOLD ? status : RK_OK;
	precision = rk_json_get(answer.root, "numberPrecision");
	if (rk_json_int(rk_json_get(precision, "digits"), &digits) &&
	    rk_json_int(rk_json_get(precision, "decimalPlaces"), &decimals) &&
	    decimals >= 0 && decimals <= digits && digits <= 64) {
		d->integer_digits = (int32_t)(digits - decimals);
		d->decimals = (int32_t)decimals;
	}
	return RK_OK;
}

static int
has_numbers(const struct rk_host *host, const cJSON *properties)
{
	rk_json_each(property, properties)
		if (rk_text_is(rk_json_str(host, property, "type"), "NUMBER") ||
		    has_numbers(host, rk_json_get(property, "fields")))
			return 1;
	return 0;
}

static int32_t
ask_fields(const struct rk_host *host, struct rk_text app, struct rk_answer *answer,
           const cJSON **properties, struct rk_err *err)
{
	struct call call = { .object = app };
	int32_t status = check_app(app, err);

	if (status != RK_OK)
		return status;
	call.api = rk_textf(host, "app/form/fields.json?app=%.*s", RK_S(app)).ptr;
	status = ask_read(host, &call, answer, err);
	if (status != RK_OK)
		return status;
	*properties = rk_json_get(answer->root, "properties");
	if (!rk_json_is(*properties, cJSON_Object))
		return rk_fail(err, RK_BUG, RK_CAT_BUG, "fields.json: no \"properties\"");
	return RK_OK;
}

static int32_t
describe_app(const struct rk_host *host, struct rk_text app, struct rk_schema *schema,
             struct rk_err *err)
{
	struct described d = { host, -1, -1 };
	const cJSON *properties;
	struct rk_answer answer;
	struct rk_field *fields;
	int32_t status = ask_fields(host, app, &answer, &properties, err);
	uint64_t i = 0;

	if (status == RK_OK && has_numbers(host, properties))
		status = read_precision(&d, app, err);
	if (status != RK_OK)
		return status;
	fields = read_properties(&d, properties, &schema->field_count);
	rk_json_each(property, properties) {
		if (fields[i].type == RK_TABLE)
			fields[i].columns = read_properties(&d, rk_json_get(property, "fields"),
			                                    &fields[i].column_count);
		i++;
	}
	schema->fields = fields;
	return RK_OK;
}

/* The apps that a password may see; an API token may not ask, and gets none. */
static int32_t
list_apps(const struct rk_host *host, struct rk_schema *schema, struct rk_err *err)
{
	struct rk_object *objects = host->alloc(host, APPS_MAX * sizeof *objects);
	uint64_t count = 0, before;
	struct rk_answer answer;
	int32_t status;

	do {
		struct call call = { .api = rk_textf(host, "apps.json?limit=100&offset=%llu",
		                            (unsigned long long)count).ptr };

		before = count;
		status = ask_read(host, &call, &answer, err);
		if (status == RK_PAUSE && strcmp(err->code, "GAIA_NO01") == 0)
			return RK_OK;
		if (status != RK_OK)
			return status;
		rk_json_each(app, rk_json_get(answer.root, "apps")) {
			if (count == APPS_MAX)
				break;
			objects[count].name = rk_json_str(host, app, "appId");
			objects[count++].label = rk_json_str(host, app, "name");
		}
	} while (count - before == 100 && count < APPS_MAX);
	schema->objects = objects;
	schema->object_count = count;
	return RK_OK;
}

static int32_t
kintone_describe_fields(struct rk_conn *conn, struct rk_text object,
                        struct rk_schema *schema, struct rk_err *err)
{
	return object.len ? describe_app(conn->host, object, schema, err)
	                  : list_apps(conn->host, schema, err);
}

/* ---- Values read ------------------------------------------------------------------- */

static struct rk_value
read_cell(const struct rk_host *host, const struct rk_field *field, const cJSON *item);

/* [{"code":"sato","name":".."}], or one such object. */
static struct rk_value
read_users(const struct rk_host *host, const cJSON *item)
{
	const cJSON *list = rk_json_is(item, cJSON_Array) ? item : NULL;
	uint64_t count = rk_json_count(list);
	struct rk_value value = rk_value_of(RK_USER, rk_text_of(NULL, 0));
	struct rk_value *items;

	if (!list || count == 1) {
		value.text = rk_json_text(host, rk_json_get(list ? list->child : item, "code"),
		                          &value.flags);
		return value;
	}
	items = host->alloc(host, (count + 1) * sizeof *items);
	rk_json_each(user, list)
		items[value.count++] = rk_value_of(RK_USER, rk_json_str(host, user, "code"));
	value.items = items;
	return value;
}

static struct rk_value
read_choices(const struct rk_host *host, const cJSON *item)
{
	struct rk_value value = rk_value_of(RK_CHOICES, rk_text_of(NULL, 0));
	struct rk_value *items = host->alloc(host, (rk_json_count(item) + 1) * sizeof *items);

	rk_json_each(choice, item) {
		struct rk_value *one = &items[value.count++];

		*one = rk_value_of(RK_CHOICE, rk_text_of(NULL, 0));
		one->text = rk_json_text(host, choice, &one->flags);
		value.flags |= one->flags;
	}
	value.items = items;
	return value;
}

/* [{"id":"1","value":{CODE:{"type":..,"value":..}}}] */
static struct rk_value
read_table(const struct rk_host *host, const struct rk_field *field, const cJSON *item)
{
	struct rk_value value = rk_value_of(RK_TABLE, rk_text_of(NULL, 0));
	struct rk_columns columns = rk_columns_make(host, field->columns, field->column_count);
	struct rk_value *rows = host->alloc(host, (rk_json_count(item) + 1) * sizeof *rows);

	rk_json_each(row, item) {
		struct rk_value *cells = host->alloc(host,
		                         (field->column_count + 1) * sizeof *cells);

		rk_json_each(cell, rk_json_get(row, "value")) {
			int64_t slot = rk_columns_find(&columns, cell->string,
			                               strlen(cell->string));

			if (slot >= 0)
				cells[slot] = read_cell(host, &field->columns[slot],
				                        rk_json_get(cell, "value"));
		}
		rows[value.count] = rk_value_of(RK_ROW, rk_json_str(host, row, "id"));
		rows[value.count].items = cells;
		rows[value.count++].count = field->column_count;
	}
	value.items = rows;
	return value;
}

/* A value that does not read as its type stays text: the host fails that record,
 * and no other. */
static struct rk_value
read_scalar(const struct rk_host *host, uint32_t type, const cJSON *item)
{
	uint32_t flags = 0;
	struct rk_text text = rk_json_text(host, item, &flags);
	struct rk_value value = rk_value_of(type, text);
	int64_t days;
	int ok = 1;

	if (text.len == 0 && !flags)
		return rk_value_of(RK_NULL, text);
	switch (type) {
	case RK_DECIMAL:  ok = rk_decimal(host, text, &value.text); break;
	case RK_INTEGER:  ok = rk_text_int(text, &value.number); break;
	case RK_DATE:     ok = rk_date_parse(text, &days); break;
	case RK_DATETIME: ok = rk_time_parse(text, &value.number); break;
	default:          break;
	}
	if (!ok)
		value = rk_value_of(RK_TEXT, text);
	else if (type == RK_DATETIME || type == RK_INTEGER)
		value.text = rk_text_of(NULL, 0);
	value.flags = flags;
	return value;
}

/* One field's "value", as a value of the described type.  kintone knows no
 * difference between empty and nothing; both are null. */
static struct rk_value
read_cell(const struct rk_host *host, const struct rk_field *field, const cJSON *item)
{
	int nothing = !item || rk_json_is(item, cJSON_NULL) ||
	              (rk_json_is(item, cJSON_Array) && !item->child);

	if (nothing)
		return rk_value_of(RK_NULL, rk_text_of(NULL, 0));
	switch (field->type) {
	case RK_USER:    return read_users(host, item);
	case RK_CHOICES: return read_choices(host, item);
	case RK_TABLE:   return read_table(host, field, item);
	default:         return read_scalar(host, field->type, item);
	}
}

/* ---- list_changed -------------------------------------------------------------------- */

/* Where a listing stands; text of a token. */
struct cursor {
	int64_t source_ms;             /* The clock of the first answer.      */
	int64_t last_id;
	int64_t offset;                /* Ids and values that are done.       */
	struct rk_text updated;        /* Code of the UPDATED_TIME field.     */
};

struct listing {
	const struct rk_host *host;
	const struct rk_query *query;
	struct rk_page *page;
	struct rk_err *err;
	struct cursor at;
	struct rk_columns columns;
	uint64_t limit, values;        /* Rows asked for; values in this page. */
};

static int
cursor_parse(const struct rk_host *host, struct rk_text token, struct cursor *c)
{
	struct rk_text text = rk_textf(host, "%.*s", RK_S(token));
	long long n[3];
	int end = 0;

	if (sscanf(text.ptr, "K1 %lld %lld %lld%n", &n[0], &n[1], &n[2], &end) != 3 || !end ||
	    text.ptr[end] != ' ' || n[1] < 0 || n[2] < 0)
		return 0;
	c->source_ms = n[0];
	c->last_id = n[1];
	c->offset = n[2];
	c->updated = rk_z(text.ptr + end + 1);
	return c->updated.len != 0;
}

/* The code of the UPDATED_TIME field differs by language and by app: found by its
 * type among the wanted fields, else in the form. */
static int32_t
find_updated(struct listing *l)
{
	struct rk_answer answer;
	const cJSON *properties;
	int32_t status;

	for (uint64_t i = 0; i < l->query->field_count; i++)
		if (rk_text_is(l->query->fields[i].native, "UPDATED_TIME"))
			l->at.updated = l->query->fields[i].name;
	if (l->at.updated.len)
		return RK_OK;
	status = ask_fields(l->host, l->query->object, &answer, &properties, l->err);
	if (status != RK_OK)
		return status;
	if (answer.reply.date_ms >= 0)
		l->at.source_ms = answer.reply.date_ms;
	rk_json_each(property, properties)
		if (rk_text_is(rk_json_str(l->host, property, "type"), "UPDATED_TIME"))
			l->at.updated = rk_z(property->string);
	if (l->at.updated.len == 0)
		return rk_fail(l->err, RK_BUG, RK_CAT_BUG, "the app has no UPDATED_TIME field");
	return RK_OK;
}

/* A text of the query language: in double quotes, \ and " escaped; raw tabs and
 * line ends inside of quotes are syntax errors (measured). */
static struct rk_text
query_text(const struct rk_host *host, struct rk_text text)
{
	static const char from[] = "\"\\\t\n\r", to[] = "\"\\tnr";
	char *out = host->alloc(host, text.len * 2 + 3);
	uint64_t len = 0;

	out[len++] = '"';
	for (uint64_t i = 0; i < text.len; i++) {
		const char *special = text.ptr[i] ? strchr(from, text.ptr[i]) : NULL;

		if (special)
			out[len++] = '\\';
		out[len++] = special ? to[special - from] : text.ptr[i];
	}
	out[len++] = '"';
	return rk_text_of(out, len);
}

/* Times compare by the minute that the service keeps: since rounds down, until up,
 * so that both ends may repeat a record and never lose one. */
static struct rk_text
window_condition(struct listing *l)
{
	const struct rk_host *host = l->host;
	int64_t since = l->query->since_ms, until = l->query->until_ms;
	struct rk_text name = l->at.updated, from = rk_z(""), to = rk_z("");

	if (since != RK_NO_TIME) {
		since = since < 0 ? 0 : since / MINUTE_MS * MINUTE_MS;
		from = rk_textf(host, "%.*s >= \"%s\"", RK_S(name),
		                rk_time_text(host, since, 0).ptr);
	}
	if (until != RK_NO_TIME) {
		until = (until + MINUTE_MS - 1) / MINUTE_MS * MINUTE_MS;
		to = rk_textf(host, "%.*s < \"%s\"", RK_S(name),
		              rk_time_text(host, until, 0).ptr);
	}
	if (from.len + to.len == 0)
		return from;
	return rk_textf(host, "(%.*s%s%.*s) and ", RK_S(from),
	                from.len && to.len ? " and " : "", RK_S(to));
}

/* Dates and times know no "in". */
static int
compares_only(const struct rk_field *field)
{
	return field && (field->type == RK_DATE || field->type == RK_TIME ||
	                 field->type == RK_DATETIME);
}

/* NAME in ("a","b"), or (NAME = "a" or NAME = "b"), of the next values.  A list of
 * values that comes out of a URL or a record is text: it cannot leave its quotes. */
static struct rk_text
values_condition(struct listing *l)
{
	const struct rk_query *query = l->query;
	struct rk_text name = query->mode == RK_BY_IDS ? rk_z("$id") : query->field;
	int equals = compares_only(rk_field_find(query->fields, query->field_count, name));
	struct rk_json_out out;          /* Used as a plain buffer. */

	rk_json_begin(&out, l->host, 4096, BODY_MAX);
	rk_put_bytes(&out, "(", 1);
	for (uint64_t i = 0; i < l->values; i++) {
		struct rk_text value = query_text(l->host,
		                       query->values[(uint64_t)l->at.offset + i]);

		if (i == 0 || equals)
			rk_put_bytes(&out, i ? " or " : "", i ? 4 : 0);
		if (i == 0 || equals)
			rk_put_bytes(&out, name.ptr, name.len);
		if (i == 0 || equals)
			rk_put_bytes(&out, equals ? " = " : " in (", equals ? 3 : 5);
		if (i && !equals)
			rk_put_bytes(&out, ",", 1);
		rk_put_bytes(&out, value.ptr, value.len);
	}
	rk_put_bytes(&out, "))", equals ? 1 : 2);
	rk_put_bytes(&out, " and ", 5);
	return rk_text_of(out.buf, out.len);
}

/* {"app":5,"fields":["$id","$revision",...],"query":"... order by $id asc limit n"};
 * keyset paging by $id, since an offset ends at 10,000. */
static struct rk_text
listing_body(struct listing *l)
{
	const struct rk_query *query = l->query;
	struct rk_text condition = query->mode == RK_BY_WINDOW ? window_condition(l)
	                                                       : values_condition(l);
	struct rk_text tail = rk_textf(l->host, "$id > %lld order by $id asc limit %llu",
	                      (long long)l->at.last_id, (unsigned long long)l->limit);
	char *text = l->host->alloc(l->host, condition.len + tail.len);
	struct rk_json_out out;

	if (condition.len)
		memcpy(text, condition.ptr, condition.len);
	memcpy(text + condition.len, tail.ptr, tail.len);
	rk_json_begin(&out, l->host, 4096, BODY_MAX);
	rk_put_open(&out, '{');
	rk_put_name(&out, "app");
	put_app(&out, query->object);
	rk_put_name(&out, "fields");
	rk_put_open(&out, '[');
	rk_put_text(&out, rk_z("$id"));
	rk_put_text(&out, rk_z("$revision"));
	rk_put_text(&out, l->at.updated);
	for (uint64_t i = 0; i < query->field_count; i++)
		if (!rk_text_eq(query->fields[i].name, l->at.updated))
			rk_put_text(&out, query->fields[i].name);
	rk_put_close(&out, ']');
	rk_put_pair(&out, "query", rk_text_of(text, condition.len + tail.len));
	rk_put_close(&out, '}');
	return rk_text_of(out.buf, out.len);
}

static struct rk_text
guest_link(const struct rk_host *host, struct rk_text app, struct rk_text id)
{
	struct rk_text base = host->setting(host, "host");
	struct rk_text guest = host->setting(host, "guest_space");

	if (guest.len == 0)
		return guest;
	return rk_textf(host, "%.*s/k/guest/%.*s/%.*s/show#record=%.*s", RK_S(base),
	                RK_S(guest), RK_S(app), RK_S(id));
}

/* Reads one record in one pass over its fields; moves the last id on.
 *
 * Shape:  {"$id":{"type":"__ID__","value":"41"},"$revision":{..},CODE:{"type":..,
 *         "value":..}}
 * Errors: RK_BUG if the id is missing or not above the one before. */
static int32_t
read_record(struct listing *l, const cJSON *item, struct rk_record *record)
{
	const struct rk_host *host = l->host;
	struct rk_value *values = host->alloc(host,
	                          (l->query->field_count + 1) * sizeof *values);
	int64_t id = 0, slot;

	record->values = values;
	record->modified_ms = RK_NO_TIME;
	rk_json_each(field, item) {
		const cJSON *value = rk_json_get(field, "value");
		struct rk_text name = rk_z(field->string);

		if (rk_text_is(name, "$id"))
			record->id = rk_json_text(host, value, NULL);
		if (rk_text_is(name, "$revision"))
			record->version = rk_json_text(host, value, NULL);
		if (rk_text_eq(name, l->at.updated))
			rk_time_parse(rk_json_text(host, value, NULL), &record->modified_ms);
		slot = rk_columns_find(&l->columns, name.ptr, name.len);
		if (slot >= 0)
			values[slot] = read_cell(host, &l->query->fields[slot], value);
	}
	if (!rk_text_int(record->id, &id) || id <= l->at.last_id)
		return rk_fail(l->err, RK_BUG, RK_CAT_BUG,
		               "records: $id \"%.*s\" does not follow %lld", RK_S(record->id),
		               (long long)l->at.last_id);
	l->at.last_id = id;
	record->link = guest_link(host, l->query->object, record->id);
	return RK_OK;
}

/* A filter that met too many records is answered 200 and cut short; only a header
 * says so. */
static int32_t
check_whole(const struct rk_reply *reply, struct rk_err *err)
{
	for (uint64_t i = 0; i < reply->header_count; i++)
		if (rk_text_is(reply->headers[i].name, "x-cybozu-warning") &&
		    reply->headers[i].piece_count &&
		    rk_text_find(reply->headers[i].pieces[0].text, "aborted"))
			return rk_fail(err, RK_BUG, RK_CAT_BUG, "records: %.*s",
			               RK_S(reply->headers[i].pieces[0].text));
	return RK_OK;
}

static int32_t
read_page(struct listing *l)
{
	struct call call = { .api = "records.json", .object = l->query->object };
	struct rk_record *records;
	struct rk_answer answer;
	const cJSON *list;
	uint64_t count;
	int32_t status;

	call.body = listing_body(l);
	status = ask_read(l->host, &call, &answer, l->err);
	if (status == RK_OK)
		status = check_whole(&answer.reply, l->err);
	if (status != RK_OK)
		return status;
	list = rk_json_get(answer.root, "records");
	count = rk_json_count(list);
	if (!rk_json_is(list, cJSON_Array) || count > l->limit)
		return rk_fail(l->err, RK_BUG, RK_CAT_BUG, "records.json: no list \"records\" "
		               "of at most %llu", (unsigned long long)l->limit);
	if (l->at.source_ms == RK_NO_TIME && answer.reply.date_ms >= 0)
		l->at.source_ms = answer.reply.date_ms;
	records = l->host->alloc(l->host, (count + 1) * sizeof *records);
	rk_json_each(item, list) {
		status = read_record(l, item, &records[l->page->record_count++]);
		if (status != RK_OK)
			return status;
	}
	l->page->records = records;
	l->page->more = count == l->limit;
	return RK_OK;
}

static uint64_t
values_left(const struct listing *l)
{
	uint64_t done = (uint64_t)l->at.offset, all = l->query->value_count;
	uint64_t left = done < all ? all - done : 0;
	uint64_t most = l->query->mode == RK_BY_IDS ? l->limit : BATCH_MAX;

	return left < most ? left : most;
}

/* The values of this page are done when it was short; an id is one record at most. */
static void
next_values(struct listing *l)
{
	if (l->page->more && l->query->mode != RK_BY_IDS)
		return;
	l->at.offset += (int64_t)l->values;
	l->at.last_id = 0;
	l->page->more = values_left(l) != 0;
}

/* The open minute may still change under the same stamp, and one more is left for
 * clocks: what lies before is final. */
static void
finish_page(struct listing *l)
{
	struct rk_page *page = l->page;
	int64_t source = l->at.source_ms;

	page->token = rk_z("");
	if (page->more)
		page->token = rk_textf(l->host, "K1 %lld %lld %lld %.*s", (long long)source,
		                       (long long)l->at.last_id, (long long)l->at.offset,
		                       RK_S(l->at.updated));
	page->wait_ms = 0;
	page->source_time_ms = source;
	page->safe_until_ms = source == RK_NO_TIME ? RK_NO_TIME
	                    : source / MINUTE_MS * MINUTE_MS - MINUTE_MS;
}

static int32_t
kintone_list_changed(struct rk_conn *conn, const struct rk_query *query,
                     struct rk_page *page, struct rk_err *err)
{
	struct listing l = { .host = conn->host, .query = query, .page = page, .err = err,
		.at = { .source_ms = RK_NO_TIME },
		.limit = query->limit && query->limit < PAGE_MAX ? query->limit : PAGE_MAX };
	int32_t status = check_app(query->object, err);

	if (status != RK_OK)
		return status;
	if (query->token.len && !cursor_parse(conn->host, query->token, &l.at))
		return rk_fail(err, RK_RESYNC, RK_CAT_OTHER, "the page token is not of this query");
	page->record_count = 0;
	page->records = NULL;
	page->more = 0;
	l.values = query->mode == RK_BY_WINDOW ? 0 : values_left(&l);
	if (query->mode != RK_BY_WINDOW && l.values == 0) {
		finish_page(&l);
		return RK_OK;
	}
	if (l.at.updated.len == 0)
		status = find_updated(&l);
	if (status != RK_OK)
		return status;
	l.columns = rk_columns_make(conn->host, query->fields, query->field_count);
	status = read_page(&l);
	if (status != RK_OK)
		return status;
	if (query->mode != RK_BY_WINDOW)
		next_values(&l);
	finish_page(&l);
	return RK_OK;
}

/* ---- upsert: values written ------------------------------------------------------------- */

static void
put_value(struct rk_json_out *out, const struct rk_field *field,
          const struct rk_value *value);

static int
is_single_user(const struct rk_field *field)
{
	return rk_text_is(field->native, "CREATOR") || rk_text_is(field->native, "MODIFIER");
}

static void
put_code(struct rk_json_out *out, struct rk_text code)
{
	rk_put_open(out, '{');
	rk_put_pair(out, "code", code);
	rk_put_close(out, '}');
}

/* Several options or users: a list, also of one or none. */
static void
put_list(struct rk_json_out *out, const struct rk_field *field,
         const struct rk_value *value)
{
	uint64_t count = value->items ? value->count : value->text.len != 0;

	if (field->type == RK_USER && is_single_user(field) && count == 1) {
		put_code(out, value->items ? value->items[0].text : value->text);
		return;
	}
	rk_put_open(out, '[');
	for (uint64_t i = 0; i < count; i++) {
		struct rk_text text = value->items ? value->items[i].text : value->text;

		if (field->type == RK_USER)
			put_code(out, text);
		else
			rk_put_text(out, text);
	}
	rk_put_close(out, ']');
}

/* Rows not sent are deleted and cells not sent may be lost: all of both go out,
 * but for what the service computes. */
static void
put_table(struct rk_json_out *out, const struct rk_field *field,
          const struct rk_value *value)
{
	rk_put_open(out, '[');
	for (uint64_t i = 0; i < value->count; i++) {
		const struct rk_value *row = &value->items[i];

		rk_put_open(out, '{');
		if (row->text.len)
			rk_put_pair(out, "id", row->text);
		rk_put_name(out, "value");
		rk_put_open(out, '{');
		for (uint64_t j = 0; j < row->count && j < field->column_count; j++)
			if (row->items[j].type != RK_ABSENT &&
			    field->columns[j].flags & RK_FIELD_WRITABLE) {
				rk_put_key(out, field->columns[j].name);
				put_value(out, &field->columns[j], &row->items[j]);
			}
		rk_put_close(out, '}');
		rk_put_close(out, '}');
	}
	rk_put_close(out, ']');
}

static void
put_null(struct rk_json_out *out, const struct rk_field *field)
{
	int list = field->type == RK_CHOICES || field->type == RK_TABLE ||
	           field->type == RK_USER;
	int text = field->type == RK_TEXT || field->type == RK_RICH ||
	           field->type == RK_DECIMAL;

	rk_put_raw(out, rk_z(list ? "[]" : text ? "\"\"" : "null"));
}

/* A value as the text that kintone takes: numbers and times are strings too. */
static struct rk_text
wire_text(const struct rk_host *host, const struct rk_value *value)
{
	switch (value->type) {
	case RK_BOOL:     return rk_z(value->number ? "true" : "false");
	case RK_INTEGER:  return rk_textf(host, "%lld", (long long)value->number);
	case RK_DATETIME: return rk_time_text(host, value->number, 0);
	default:          return value->text;
	}
}

/* {"value": ...} */
static void
put_value(struct rk_json_out *out, const struct rk_field *field,
          const struct rk_value *value)
{
	rk_put_open(out, '{');
	rk_put_name(out, "value");
	if (value->type == RK_NULL)
		put_null(out, field);
	else if (field->type == RK_TABLE)
		put_table(out, field, value);
	else if (field->type == RK_CHOICES || field->type == RK_USER)
		put_list(out, field, value);
	else
		rk_put_text(out, wire_text(out->host, value));
	rk_put_close(out, '}');
}

/* ---- upsert: requests ---------------------------------------------------------------------- */

struct writing {
	const struct rk_host *host;
	const struct rk_batch *batch;
	struct rk_outcome *outcomes;
};

static int
is_key(const struct rk_batch *batch, const struct rk_field *field)
{
	return batch->key_field && rk_text_eq(batch->key_field->name, field->name);
}

/* {CODE:{"value":..},..}.  On an upsert the key stands in updateKey and must not
 * stand here too; kintone stores it by itself. */
static void
put_record(struct rk_json_out *out, const struct rk_batch *batch, const struct rk_row *row)
{
	int create = batch->operation == RK_OP_CREATE, key_told = 0;

	rk_put_open(out, '{');
	for (uint64_t i = 0; i < batch->field_count; i++) {
		const struct rk_field *field = &batch->fields[i];
		int key = is_key(batch, field);

		key_told |= key && row->values[i].type != RK_ABSENT;
		if (row->values[i].type == RK_ABSENT ||
		    (key && batch->operation == RK_OP_UPSERT))
			continue;
		rk_put_key(out, field->name);
		put_value(out, field, &row->values[i]);
	}
	if (create && batch->key_field && row->key && !key_told) {
		rk_put_key(out, batch->key_field->name);
		put_value(out, batch->key_field, row->key);
	}
	rk_put_close(out, '}');
}

static void
put_version(struct rk_json_out *out, struct rk_text version)
{
	int64_t revision;

	if (!rk_text_int(version, &revision))
		return;
	rk_put_name(out, "revision");
	rk_put_int(out, revision);
}

static void
put_row(struct rk_json_out *out, const struct rk_batch *batch, const struct rk_row *row)
{
	if (batch->operation == RK_OP_CREATE) {
		put_record(out, batch, row);
		return;
	}
	rk_put_open(out, '{');
	if (batch->operation == RK_OP_UPSERT) {
		rk_put_name(out, "updateKey");
		rk_put_open(out, '{');
		rk_put_pair(out, "field", batch->key_field->name);
		rk_put_pair(out, "value", wire_text(out->host, row->key));
		rk_put_close(out, '}');
	} else {
		rk_put_pair(out, "id", row->id);
	}
	put_version(out, row->version);
	rk_put_name(out, "record");
	put_record(out, batch, row);
	rk_put_close(out, '}');
}

static struct rk_text
write_body(const struct writing *w, struct rk_err *err, int32_t *status)
{
	const struct rk_batch *batch = w->batch;
	struct rk_json_out out;
	struct rk_text body = rk_z("");

	rk_json_begin(&out, w->host, 64 << 10, BODY_MAX);
	rk_put_open(&out, '{');
	rk_put_name(&out, "app");
	put_app(&out, batch->object);
	if (batch->operation == RK_OP_UPSERT) {
		rk_put_name(&out, "upsert");
		rk_put_raw(&out, rk_z("true"));
	}
	rk_put_name(&out, "records");
	rk_put_open(&out, '[');
	for (uint64_t i = 0; i < batch->row_count; i++)
		put_row(&out, batch, &batch->rows[i]);
	rk_put_close(&out, ']');
	rk_put_close(&out, '}');
	*status = rk_json_end(&out, &body, err);
	return body;
}

/* records.json?app=5&ids[0]=1&revisions[0]=-1..., brackets encoded.  A hundred ids
 * stay well below the 8 KB that a URL may have. */
static const char *
delete_api(const struct writing *w)
{
	const struct rk_batch *batch = w->batch;
	struct rk_json_out out;
	int64_t number;

	rk_json_begin(&out, w->host, 8192, BODY_MAX);
	for (uint64_t i = 0; i < batch->row_count; i++) {
		const struct rk_row *row = &batch->rows[i];
		struct rk_text id = rk_textf(w->host, "&ids%%5B%llu%%5D=%.*s",
		                    (unsigned long long)i, RK_S(rk_url_text(w->host, row->id)));
		struct rk_text revision = rk_textf(w->host, "&revisions%%5B%llu%%5D=%.*s",
		                    (unsigned long long)i,
		                    RK_S(rk_text_int(row->version, &number) ? row->version
		                                                            : rk_z("-1")));

		rk_put_bytes(&out, id.ptr, id.len);
		rk_put_bytes(&out, revision.ptr, revision.len);
	}
	rk_put_bytes(&out, "", 1);
	return rk_textf(w->host, "records.json?app=%.*s%s", RK_S(batch->object), out.buf).ptr;
}

/* ---- upsert: outcomes ------------------------------------------------------------------------ */

static void
all_rows(struct writing *w, int32_t status)
{
	for (uint64_t i = 0; i < w->batch->row_count; i++) {
		w->outcomes[i].status = status;
		if (status == RK_ARCHIVED)
			w->outcomes[i].id = w->batch->rows[i].id;
	}
}

/* Where an error points: records[3].TABLE.value[0].value.CODE.value and its like. */
struct spot {
	int64_t row;                   /* -1: not of a record.                */
	struct rk_text field, cell;    /* cell: the column, if in a table.    */
	int of_option, of_list;        /* ends .values[j].value / .values     */
};

/* Splits a key of "errors".  Codes never hold '.', '[' or ']', so these part. */
static struct spot
read_spot(const char *key)
{
	struct rk_text parts[10];
	struct spot spot = { .row = -1 };
	uint64_t count = 0;
	int64_t number;

	for (const char *at = key; *at && count < RK_COUNT(parts);) {
		size_t len = strcspn(at, ".[]");

		if (len)
			parts[count++] = rk_text_of(at, len);
		at += len;
		at += *at != 0;
	}
	if (count < 3 || !rk_text_is(parts[0], "records") ||
	    !rk_text_int(parts[1], &spot.row) || spot.row < 0) {
		spot.row = -1;
		return spot;
	}
	spot.field = parts[2];
	spot.of_list = count > 3 && rk_text_is(parts[3], "values");
	spot.of_option = spot.of_list && count > 5 && rk_text_int(parts[4], &number);
	if (count > 6 && rk_text_is(parts[3], "value") && rk_text_int(parts[4], &number))
		spot.cell = parts[6];
	return spot;
}

/* What kintone says in its two main languages when nothing better tells. */
static const struct { const char *words; int32_t category; } field_words[] = {
	{ "値がほかのレコードと重複しています", RK_CAT_DUPLICATE },
	{ "already exists in another record", RK_CAT_DUPLICATE },
	{ "選択肢にありません", RK_CAT_PICKLIST },
	{ "not in options", RK_CAT_PICKLIST },
};

static int
has_option(const struct rk_field *field, struct rk_text value)
{
	for (uint64_t i = 0; i < field->option_count; i++)
		if (rk_text_eq(field->options[i].value, value))
			return 1;
	return 0;
}

static int
options_fit(const struct rk_field *field, const struct rk_value *value)
{
	if (field->option_count == 0 || !value || value->type <= RK_NULL)
		return 1;
	if (!value->items)
		return has_option(field, value->text);
	for (uint64_t i = 0; i < value->count; i++)
		if (!has_option(field, value->items[i].text))
			return 0;
	return 1;
}

static double
as_double(const struct rk_host *host, struct rk_text text)
{
	return strtod(rk_textf(host, "%.*s", RK_S(text)).ptr, NULL);
}

static int
number_fits(const struct writing *w, const struct rk_field *field, struct rk_text text)
{
	struct rk_text plain, whole;
	double number;

	if (!rk_decimal(w->host, rk_text_trim(text), &plain))
		return 0;
	number = as_double(w->host, plain);
	whole = rk_textf(w->host, "%.*s", RK_S(plain));
	whole.len = strcspn(whole.ptr, ".") - (*whole.ptr == '-');
	return !(field->integer_digits >= 0 && whole.len > (uint64_t)field->integer_digits) &&
	       !(field->min_value.len && number < as_double(w->host, field->min_value)) &&
	       !(field->max_value.len && number > as_double(w->host, field->max_value));
}

/* Whether 'value' keeps to number form, digits, range and length as described. */
static int
value_fits(const struct writing *w, const struct rk_field *field,
           const struct rk_value *value)
{
	struct rk_text text = wire_text(w->host, value);
	int64_t length = 0;

	if (field->type == RK_DECIMAL && text.len)
		return number_fits(w, field, text);
	for (uint64_t i = 0; i < text.len; i++)
		length += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
	return !(field->min_length >= 0 && length < field->min_length) &&
	       !(field->max_length >= 0 && length > field->max_length);
}

/* Sorts out a CB_VA01 of one field.  The message's language is the user's, so code,
 * key, description and our own value come first.
 *
 * Source: measured error bodies; the order of the tests is ours. */
static int32_t
judge_field(const struct writing *w, const struct spot *spot, struct rk_text message,
            const struct rk_field *field, const struct rk_value *value)
{
	int empty = !value || value->type <= RK_NULL ||
	            (wire_text(w->host, value).len == 0 && value->count == 0);

	if (!field || !(field->flags & RK_FIELD_WRITABLE))
		return RK_CAT_PROPERTY_MAPPING;
	if (spot->of_option || !options_fit(field, value))
		return RK_CAT_PICKLIST;
	if (field->ref_object.len)
		return RK_CAT_ASSOCIATION;
	if (spot->of_list || empty)
		return RK_CAT_PROPERTY_VALUE;
	if (!value_fits(w, field, value))
		return RK_CAT_PROPERTY_VALUE;
	for (size_t i = 0; i < RK_COUNT(field_words); i++)
		if (rk_text_find(message, field_words[i].words))
			return field_words[i].category;
	return field->flags & RK_FIELD_UNIQUE && !rk_text_is(field->native, "LINK")
	     ? RK_CAT_DUPLICATE : RK_CAT_PROPERTY_VALUE;
}

/* The described field and the sent value that an error points to. */
static const struct rk_field *
find_spot(const struct writing *w, const struct spot *spot, const struct rk_value **value)
{
	const struct rk_batch *batch = w->batch;
	const struct rk_row *row = &batch->rows[spot->row];
	const struct rk_field *field = rk_field_find(batch->fields, batch->field_count,
	                                             spot->field);

	*value = NULL;
	if (batch->key_field && row->key &&
	    (rk_text_is(spot->field, "updateKey") ||
	     rk_text_eq(batch->key_field->name, spot->field))) {
		*value = row->key;
		return batch->key_field;
	}
	if (!field)
		return NULL;
	*value = &row->values[field - batch->fields];
	if (spot->cell.len == 0)
		return field;
	*value = NULL;                  /* One of several rows: not compared. */
	return rk_field_find(field->columns, field->column_count, spot->cell);
}

/* Gives an indexed error to its row; the first one of a row stays. */
static int
blame(struct writing *w, const cJSON *error)
{
	struct spot spot = read_spot(error->string);
	const cJSON *messages = rk_json_get(error, "messages");
	const struct rk_value *value;
	const struct rk_field *field;
	struct rk_outcome *outcome;

	if (spot.row < 0 || (uint64_t)spot.row >= w->batch->row_count)
		return 0;
	outcome = &w->outcomes[spot.row];
	if (outcome->status == RK_REJECTED)
		return 1;
	field = find_spot(w, &spot, &value);
	outcome->status = RK_REJECTED;
	outcome->code = rk_z("CB_VA01");
	outcome->message = rk_json_text(w->host, messages ? messages->child : NULL, NULL);
	outcome->field = spot.cell.len ? rk_textf(w->host, "%.*s.%.*s", RK_S(spot.field),
	                                          RK_S(spot.cell)) : spot.field;
	if (field && rk_text_is(spot.field, "updateKey"))
		outcome->field = field->name;
	if (value)
		outcome->value = wire_text(w->host, value);
	outcome->category = judge_field(w, &spot, outcome->message, field, value);
	return 1;
}

/* Names the lookup that found no record: the one whose code stands in the message,
 * or the only one that was sent. */
static void
name_lookup(const struct writing *w, const struct rk_row *row, struct rk_outcome *outcome)
{
	const struct rk_batch *batch = w->batch;

	for (uint64_t i = 0; i < batch->field_count; i++) {
		struct rk_text name = batch->fields[i].name;

		if (batch->fields[i].ref_object.len == 0 || row->values[i].type <= RK_NULL)
			continue;
		if (outcome->field.len &&
		    !rk_text_find(outcome->message,
		                  rk_textf(w->host, "%.*s", RK_S(name)).ptr))
			continue;
		outcome->field = name;
		outcome->value = wire_text(w->host, &row->values[i]);
	}
}

/* The whole batch for one reason without an index.  Alone, the row takes it; else
 * the host finds the culprit by splitting. */
static int32_t
take_unindexed(struct writing *w, const struct rk_answer *answer, const struct rk_err *err)
{
	const struct rk_row *row = w->batch->rows;
	struct rk_outcome *outcome = w->outcomes;

	if (w->batch->row_count > 1) {
		all_rows(w, RK_RETRY);
		return RK_REJECT;
	}
	outcome->code = rk_json_str(w->host, answer->root, "code");
	outcome->message = rk_json_str(w->host, answer->root, "message");
	outcome->category = err->category;
	outcome->status = RK_REJECTED;
	if (rk_text_is(outcome->code, "GAIA_CO02") || rk_text_is(outcome->code, "GAIA_UN03"))
		outcome->status = RK_CONFLICT;
	if (w->batch->operation == RK_OP_ARCHIVE && rk_text_is(outcome->code, "GAIA_RE01")) {
		outcome->status = RK_ARCHIVED;         /* Gone already. */
		outcome->id = row->id;
	}
	if (err->category == RK_CAT_ASSOCIATION)
		name_lookup(w, row, outcome);
	return RK_OK;
}

static int
checks_versions(const struct rk_batch *batch)
{
	for (uint64_t i = 0; i < batch->row_count; i++)
		if (batch->rows[i].version.len)
			return 1;
	return 0;
}

/* A refused batch has stored nothing.  GAIA_CO02 without an expected version means
 * two writers at once, which passes. */
static int32_t
take_refusal(struct writing *w, const struct rk_answer *answer, struct rk_err *err)
{
	const cJSON *errors = rk_json_get(answer->root, "errors");
	int named = 0, foreign = 0;

	if (strcmp(err->code, "GAIA_CO02") == 0 && !checks_versions(w->batch)) {
		all_rows(w, RK_RETRY);
		err->category = RK_CAT_SERVER;
		return RK_AGAIN;
	}
	rk_json_each(error, errors) {
		int found = blame(w, error);

		named += found;
		foreign += !found;
	}
	if (foreign && !named) {        /* A parameter of ours, whatever the rows. */
		all_rows(w, RK_RETRY);
		err->category = RK_CAT_BUG;
		return RK_BUG;
	}
	if (!named)
		return take_unindexed(w, answer, err);
	for (uint64_t i = 0; i < w->batch->row_count; i++)
		if (w->outcomes[i].status == RK_UNKNOWN)
			w->outcomes[i].status = RK_RETRY;
	return RK_OK;
}

/* {"records":[{"id":"41","operation":"UPDATE","revision":"4"}]}, or of a create
 * {"ids":["58"],"revisions":["1"]}.  kintone promises the order of the request and
 * names rows by nothing else; an answer of another length tells nothing. */
static int32_t
take_answer(struct writing *w, const struct rk_answer *answer, struct rk_err *err)
{
	const struct rk_host *host = w->host;
	const struct rk_batch *batch = w->batch;
	int create = batch->operation == RK_OP_CREATE;
	const cJSON *list = rk_json_get(answer->root, create ? "ids" : "records");
	const cJSON *revisions = rk_json_get(answer->root, "revisions");
	const cJSON *revision = revisions ? revisions->child : NULL;
	struct rk_outcome *outcome = w->outcomes;

	if (rk_json_count(list) != batch->row_count) {
		rk_fail(err, RK_BUG, RK_CAT_BUG, "records.json: %llu results for %llu rows",
		        (unsigned long long)rk_json_count(list),
		        (unsigned long long)batch->row_count);
		err->maybe_sent = 1;
		return RK_BUG;
	}
	rk_json_each(item, list) {
		struct rk_text id = create ? rk_json_text(host, item, NULL)
		                           : rk_json_str(host, item, "id");
		const struct rk_row *row = &batch->rows[outcome - w->outcomes];

		outcome->id = id;
		outcome->version = create ? rk_json_text(host, revision, NULL)
		                          : rk_json_str(host, item, "revision");
		if (id.len && (batch->operation != RK_OP_UPDATE || rk_text_eq(id, row->id)))
			outcome->status = create || rk_text_is(rk_json_str(host, item,
				"operation"), "INSERT") ? RK_CREATED : RK_UPDATED;
		revision = revision ? revision->next : NULL;
		outcome++;
	}
	return RK_OK;
}

static int32_t
take_reply(struct writing *w, const struct rk_answer *answer, struct rk_err *err)
{
	int32_t status;

	if (answer->reply.status == 200 && answer->root) {
		if (w->batch->operation != RK_OP_ARCHIVE)
			return take_answer(w, answer, err);
		all_rows(w, RK_ARCHIVED);
		return RK_OK;
	}
	if (answer->reply.status == 200) {
		rk_fail(err, RK_AGAIN, RK_CAT_SERVER, "records.json: %s", answer->why.message);
		err->maybe_sent = 1;
		return RK_AGAIN;
	}
	status = judge(w->host, answer, err);
	if (status == RK_REJECT)
		return take_refusal(w, answer, err);
	if (!err->maybe_sent)
		all_rows(w, RK_RETRY);
	return status;
}

static const char *
method_of(uint32_t operation)
{
	switch (operation) {
	case RK_OP_UPSERT: case RK_OP_UPDATE: return "PUT";
	case RK_OP_CREATE:  return "POST";
	case RK_OP_ARCHIVE: return "DELETE";
	default:            return NULL;
	}
}

static int32_t
check_batch(const struct rk_batch *batch, struct rk_err *err)
{
	if (!method_of(batch->operation) ||
	    (batch->operation == RK_OP_UPSERT && !batch->key_field))
		return rk_fail(err, RK_BUG, RK_CAT_BUG, "operation %u cannot be done",
		               batch->operation);
	if (batch->row_count > BATCH_MAX)
		return rk_fail(err, RK_BUG, RK_CAT_BUG, "%llu rows, kintone takes 100",
		               (unsigned long long)batch->row_count);
	return check_app(batch->object, err);
}

static int32_t
kintone_upsert(struct rk_conn *conn, const struct rk_batch *batch,
               struct rk_result *result, struct rk_err *err)
{
	struct writing w = { conn->host, batch, result->outcomes };
	struct call call = { .method = method_of(batch->operation), .api = "records.json",
	                     .object = batch->object };
	struct rk_answer answer;
	int32_t status = check_batch(batch, err);

	if (status != RK_OK || batch->row_count == 0)
		return status;
	if (batch->operation == RK_OP_ARCHIVE)
		call.api = delete_api(&w);
	else
		call.body = write_body(&w, err, &status);
	if (status == RK_OK)
		status = ask(w.host, &call, &answer, err);
	if (status == RK_OK)
		return take_reply(&w, &answer, err);
	if (!err->maybe_sent)
		all_rows(&w, RK_RETRY);
	return status;
}

RK_CONNECTOR = {
	.struct_size = sizeof(struct rk_connector), .abi = RK_ABI,
	.manifest = kintone_manifest,
	.open = kintone_open, .auth = kintone_auth,
	.describe_fields = kintone_describe_fields, .list_changed = kintone_list_changed,
	.upsert = kintone_upsert, .close = kintone_close,
};
