/* SPDX-License-Identifier: Apache-2.0
 *
 * hubspot.c - the HubSpot connector: contacts, companies, deals and every other
 * CRM object that HubSpot serves under /crm/objects.  It builds requests, reads
 * answers and says what each means; waiting, retrying, limits and credentials are
 * the host's.  Called through the table at the end.
 *
 * Source: HubSpot developer documentation, version 2026-09; where a remark says
 * "seen", it was observed by others and is not documented. */
#include <ctype.h>

#include <renkei/json.h>

RK_MANIFEST(hubspot_manifest,
	name = "hubspot"; title = "HubSpot CRM"; version = "1.0.0";
	vendor = "HubSpot Inc."; licence = "Apache-2.0"; abi = 1;
	settings = (
	  { name = "token"; type = "secret"; required = true;
	    hint = "Access token of a service key or private app, pat-REGION-...";
	    hint_ja = "サービスキーまたは非公開アプリのアクセストークン (pat-地域-...)";
	    example = "env:HUBSPOT_TOKEN"; },
	  { name = "host"; type = "url"; default = "https://api.hubapi.com";
	    pattern = "https?://[^/?#@ ]+";
	    hint = "Address of the API, with https:// and without a path";
	    hint_ja = "API のアドレス。https:// を付け、パスは付けない"; },
	  { name = "version"; type = "choice"; default = "2026-09";
	    choices = ( "2026-09", "2026-03" );
	    hint = "Version of the API in every path";
	    hint_ja = "すべてのパスに入る API のバージョン"; },
	  { name = "index_lag"; type = "seconds"; default = "60s";
	    hint = "How long a change may stay invisible to search; the same number as the lag";
	    hint_ja = "変更が検索に現れるまでの最長時間"; },
	  { name = "portal"; type = "integer";
	    hint = "Hub ID, for links that open a record in HubSpot";
	    hint_ja = "Hub ID。HubSpot のレコードを開くリンクに使う"; example = "12345678"; }
	);
	hosts = ( "${host}" );
	limits = (
	  { name = "burst"; calls = "190"; per = "10s"; scope = "connection"; },
	  { name = "search"; calls = "5"; per = "1s"; scope = "connection"; },
	  { name = "day"; calls = "250000"; per = "1d"; scope = "connection";
	    resets = "00:00"; zone = "UTC"; reserve = "10%"; }
	);
	objects = (
	  { name = "contacts"; label = "Contacts"; label_ja = "コンタクト";
	    operations = ( "list", "ids", "field", "upsert", "create", "update", "archive" );
	    page = 100; batch = 100; writers = 1; guarantee = "E1"; calls_page = 1; calls_batch = 1;
	    read_scopes = ( "crm.objects.contacts.read" );
	    write_scopes = ( "crm.objects.contacts.write" );
	    links = "https://app.hubspot.com/contacts/${portal}/record/0-1/${id}"; },
	  { name = "companies"; label = "Companies"; label_ja = "会社";
	    operations = ( "list", "ids", "field", "upsert", "create", "update", "archive" );
	    page = 100; batch = 100; writers = 1; guarantee = "E1"; calls_page = 1; calls_batch = 1;
	    read_scopes = ( "crm.objects.companies.read" );
	    write_scopes = ( "crm.objects.companies.write" );
	    links = "https://app.hubspot.com/contacts/${portal}/record/0-2/${id}"; },
	  { name = "deals"; label = "Deals"; label_ja = "取引";
	    operations = ( "list", "ids", "field", "upsert", "create", "update", "archive" );
	    page = 100; batch = 100; writers = 1; guarantee = "E1"; calls_page = 1; calls_batch = 1;
	    read_scopes = ( "crm.objects.deals.read" );
	    write_scopes = ( "crm.objects.deals.write" );
	    links = "https://app.hubspot.com/contacts/${portal}/record/0-3/${id}"; },
	  { name = "*"; id_pattern = "[A-Za-z0-9_-]+";
	    operations = ( "list", "ids", "field", "upsert", "create", "update", "archive" );
	    page = 100; batch = 100; writers = 1; guarantee = "E1"; calls_page = 1; calls_batch = 1;
	    links = "https://app.hubspot.com/contacts/${portal}/record/${object}/${id}"; }
	);
	lags = { late_commit = "0s"; index_lag = "60s"; clock = "5s";
	         t_land = "30s"; t_visible = "60s"; };
	texts = (
	  { code = "INVALID_AUTHENTICATION";
	    cause = "The token was mistyped, deleted or rotated, or its user was disabled.";
	    remedy = "Copy the token again from HubSpot (Development, Keys) and update the secret.";
	    cause_ja = "トークンの入力誤り、削除・再発行、または利用者の無効化。";
	    remedy_ja = "HubSpot の開発者設定でトークンを確認し、接続の秘密情報を更新する。"; },
	  { code = "MISSING_SCOPES";
	    cause = "The key lacks a scope that this call needs.";
	    remedy = "Add the named scope to the key in HubSpot; the sync goes on by itself.";
	    cause_ja = "キーに必要なスコープがない。";
	    remedy_ja = "示されたスコープを HubSpot のキーに追加する。"; },
	  { code = "PROPERTY_DOESNT_EXIST";
	    cause = "The mapping names a property that the object does not have.";
	    remedy = "Compare the mapping with describe; the property may have been renamed or deleted.";
	    cause_ja = "マッピングが存在しないプロパティを指している。";
	    remedy_ja = "describe の結果とマッピングを見比べる。"; },
	  { code = "INVALID_OPTION";
	    cause = "The value is not an option of the property.";
	    remedy = "Add the option in HubSpot, or map the value to one that exists.";
	    cause_ja = "値がプロパティの選択肢にない。";
	    remedy_ja = "HubSpot に選択肢を追加するか、値の対応表を直す。"; },
	  { code = "CONFLICT";
	    cause = "A contact with this e-mail address exists already.";
	    remedy = "Merge the two contacts, or remove the address from one of them.";
	    cause_ja = "同じメールアドレスのコンタクトがすでに存在する。";
	    remedy_ja = "コンタクトを統合するか、一方のアドレスを削除する。"; }
	);
);

#define LIST_MAX     100u      /* Records of one listing page.               */
#define SEARCH_MAX   200u      /* Of one search page.                        */
#define BATCH_MAX    100u      /* Inputs of one batch call.                  */
#define IDS_MAX      1000u     /* Ids of one page, ten batch calls.          */
#define SEARCH_BODY  3000u     /* Longest search body, in characters.        */
#define URL_MAX      5000u     /* URLs broke between 8 and 16 KB; half of it. */
#define BODY_MAX     (UINT64_C(16) << 20)
#define AFTER_MAX    1000u     /* Longest page token that we carry.          */

struct rk_conn {
	const struct rk_host *host;
};

/* ---- Calling ----------------------------------------------------------------- */

static const struct rk_spend spend_plain[] = {
	{ RK_LIT("burst"), 1 }, { RK_LIT("day"), 1 },
};

/* Search has a limit of its own, and its answers count in no other. */
static const struct rk_spend spend_search[] = {
	{ RK_LIT("search"), 1 }, { RK_LIT("day"), 1 },
};

static const struct rk_piece bearer[] = {
	{ RK_PIECE_TEXT, RK_ENC_RAW, RK_LIT("Bearer "), RK_LIT("") },
	{ RK_PIECE_SECRET, RK_ENC_RAW, RK_LIT("token"), RK_LIT("") },
};

static const struct rk_piece json_type[] = {
	{ RK_PIECE_TEXT, RK_ENC_RAW, RK_LIT("application/json"), RK_LIT("") },
};

static const struct rk_header headers[] = {
	{ RK_LIT("Authorization"), bearer, RK_COUNT(bearer) },
	{ RK_LIT("Accept"), json_type, 1 },
	{ RK_LIT("Content-Type"), json_type, 1 },      /* Only with a body. */
};

struct call {
	const char *method;
	struct rk_text path, body, object;
	const struct rk_piece *pieces; /* A body with secrets, in its place.  */
	uint64_t piece_count;
	int search, safe;
};

/* Sends one call.  RK_OK: an answer arrived, good or bad. */
static int32_t
ask(const struct rk_host *host, const struct call *call, struct rk_answer *answer,
    struct rk_err *err)
{
	struct rk_text base = host->setting(host, "host");
	struct rk_piece body = { RK_PIECE_TEXT, RK_ENC_RAW, call->body, RK_LIT("") };
	struct rk_request request = { .struct_size = sizeof request };

	while (base.len && base.ptr[base.len - 1] == '/')
		base.len--;
	request.flags = call->safe ? RK_HTTP_SAFE : 0;
	request.method = rk_z(call->method);
	request.url = rk_textf(host, "%.*s%s", RK_S(base), call->path.ptr);
	request.headers = headers;
	request.body = call->pieces ? call->pieces : &body;
	request.body_count = call->pieces ? call->piece_count : call->body.len != 0;
	request.header_count = request.body_count ? 3 : 2;
	request.object = call->object;
	request.spends = call->search ? spend_search : spend_plain;
	request.spend_count = 2;
	return rk_json_ask(host, &request, answer, err);
}

/* /crm/AREA/VERSION/OBJECT REST, NUL-terminated. */
static struct rk_text
crm_path(const struct rk_host *host, const char *area, struct rk_text object,
         const char *rest)
{
	struct rk_text version = host->setting(host, "version");

	object = rk_url_text(host, object);
	return rk_textf(host, "/crm/%s/%.*s/%.*s%s", area, RK_S(version), RK_S(object),
	                rest);
}

/* Contacts keep the date that moves with every change under a name of their own;
 * their hs_lastmodifieddate behaves differently. */
static const char *
modified_name(struct rk_text object)
{
	return rk_text_is(object, "contacts") || rk_text_is(object, "0-1")
	     ? "lastmodifieddate" : "hs_lastmodifieddate";
}

static int
is_contacts(struct rk_text object)
{
	return rk_text_is(object, "contacts") || rk_text_is(object, "0-1");
}

/* ---- Errors ------------------------------------------------------------------- */

/* What one error object says, wherever it says it. */
struct fault {
	struct rk_text code, category, sub, message, field;
	int32_t kind;                  /* RK_CAT_*, of a record.              */
};

static const struct rk_code record_codes[] = {
	{ "PROPERTY_DOESNT_EXIST", RK_REJECT, RK_CAT_PROPERTY_MAPPING },
	{ "READ_ONLY_VALUE", RK_REJECT, RK_CAT_PROPERTY_MAPPING },
	{ "INVALID_OPTION", RK_REJECT, RK_CAT_PICKLIST },
	{ "MISSING_CONDITIONAL_REQUIRED_PROPERTY", RK_REJECT, RK_CAT_CUSTOM_CODE },
	{ "MISSING_REQUIRED_PROPERTY", RK_REJECT, RK_CAT_CUSTOM_CODE },
	{ "CONFLICTING_UNIQUE_VALUE", RK_REJECT, RK_CAT_DUPLICATE },
	{ "CONFLICT", RK_REJECT, RK_CAT_DUPLICATE },
	{ "OBJECT_ALREADY_EXISTS", RK_REJECT, RK_CAT_DUPLICATE },
	{ "MISSING_SCOPES", RK_REJECT, RK_CAT_PERMISSION },
	{ "OBJECT_NOT_FOUND", RK_REJECT, RK_CAT_OTHER },
	{ "RATE_LIMITS", RK_AGAIN, RK_CAT_RATE_LIMIT },
	{ NULL, 0, 0 },
};

/* The last resort: HubSpot answers in English whatever the account's language. */
static const struct { const char *words; int32_t category; } record_words[] = {
	{ "by non-unique ", RK_CAT_PROPERTY_MAPPING },
	{ "No properties found to update", RK_CAT_PROPERTY_MAPPING },
	{ "already has that value", RK_CAT_DUPLICATE },
	{ "already exists", RK_CAT_DUPLICATE },
	{ "Duplicate IDs found in batch", RK_CAT_DUPLICATE },
	{ "Missing 'Edit Associations' permission", RK_CAT_PERMISSION },
	{ "associations are invalid", RK_CAT_ASSOCIATION },
	{ "invalid from object type", RK_CAT_ASSOCIATION },
	{ "was not one of the allowed options", RK_CAT_PICKLIST },
	{ "does not exist", RK_CAT_PROPERTY_MAPPING },
	{ "Email address", RK_CAT_PROPERTY_VALUE },
	{ "was not a valid", RK_CAT_PROPERTY_VALUE },
	{ "not midnight", RK_CAT_PROPERTY_VALUE },
};

/* Without these HubSpot itself creates nothing; any other required property is a
 * rule of the account's administrators. */
static const char *const built_in_required[] = {
	"dealname", "dealstage", "pipeline", "domain", "name",
};

static struct rk_text
first_text(const struct rk_host *host, const cJSON *list)
{
	return rk_json_text(host, rk_json_is(list, cJSON_Array) ? list->child : list, NULL);
}

/* Some messages hold the machine-readable part as a JSON list behind ": [". */
static void
read_message(const struct rk_host *host, struct fault *fault)
{
	const char *from = rk_text_find(fault->message, ": [");
	const char *end = fault->message.ptr + fault->message.len;
	struct rk_err ignored = { .struct_size = sizeof ignored };
	cJSON *list;

	while (from && end > from && end[-1] != ']')
		end--;
	if (!from || end <= from + 2 ||
	    rk_json_parse(host, rk_text_of(from + 2, (uint64_t)(end - from - 2)), &list,
	                  &ignored) != RK_OK || !list->child)
		return;
	fault->code = rk_json_str(host, list->child, "error");
	fault->field = rk_json_str(host, list->child, "name");
	if (rk_json_str(host, list->child, "message").len)
		fault->message = rk_json_str(host, list->child, "message");
}

static int32_t
category_of(const struct fault *fault)
{
	const struct rk_code *known = rk_code_find(record_codes, fault->code);

	if (rk_text_is(fault->code, "MISSING_REQUIRED_PROPERTY"))
		for (size_t i = 0; i < RK_COUNT(built_in_required); i++)
			if (rk_text_is(fault->field, built_in_required[i]))
				return RK_CAT_PROPERTY_MAPPING;
	if (known)
		return known->category;
	if (rk_text_starts(fault->code, "INVALID_") && !rk_text_starts(fault->code, "INVALID_A"))
		return RK_CAT_PROPERTY_VALUE;
	if (rk_text_starts(fault->sub, "crm.associations."))
		return RK_CAT_ASSOCIATION;
	known = rk_code_find(record_codes, fault->category);
	if (known)
		return known->category;
	for (size_t i = 0; i < RK_COUNT(record_words); i++)
		if (rk_text_find(fault->message, record_words[i].words))
			return record_words[i].category;
	return RK_CAT_OTHER;
}

/* Reads an error body, an entry of a batch's "errors", or one of their details.
 *
 * Shape:  {message, category, subCategory, context{k:[text]}, errors[{message,
 *         code, context}]}; every part may be missing.
 * Source: HubSpot, "Error handling", and the recorded answers that differ. */
static struct fault
read_fault(const struct rk_host *host, const cJSON *node)
{
	const cJSON *details = rk_json_get(node, "errors");
	const cJSON *detail = rk_json_is(details, cJSON_Array) ? details->child : NULL;
	const cJSON *context = rk_json_get(node, "context");
	struct fault fault = { .kind = RK_CAT_OTHER };

	fault.message = rk_json_str(host, node, "message");
	fault.category = rk_json_str(host, node, "category");
	fault.sub = rk_json_str(host, node, "subCategory");
	fault.code = rk_json_str(host, node, "code");
	fault.field = first_text(host, rk_json_get(context, "propertyName"));
	if (fault.code.len == 0 && detail) {
		fault.code = rk_json_str(host, detail, "code");
		context = rk_json_get(detail, "context");
		if (rk_json_str(host, detail, "message").len)
			fault.message = rk_json_str(host, detail, "message");
		if (fault.field.len == 0)
			fault.field = first_text(host, rk_json_get(context, "propertyName"));
		if (fault.sub.len == 0)
			fault.sub = rk_json_str(host, detail, "subCategory");
	}
	if (fault.code.len == 0)
		read_message(host, &fault);
	fault.kind = category_of(&fault);
	if (fault.code.len == 0)
		fault.code = fault.sub.len ? fault.sub : fault.category;
	return fault;
}

/* The scopes of which the call wanted one, from the three shapes seen. */
static struct rk_text
missing_scopes(const struct rk_host *host, const cJSON *root)
{
	static const char *const names[] = {
		"requiredGranularScopes", "requiredScopes", "missingScopes",
	};
	const cJSON *errors = rk_json_get(root, "errors");
	const cJSON *from[] = { root, rk_json_get(root, "context"),
		rk_json_get(errors ? errors->child : NULL, "context") };
	struct rk_text all = rk_z("");

	for (size_t i = 0; i < RK_COUNT(from); i++)
		for (size_t j = 0; j < RK_COUNT(names); j++)
			rk_json_each(scope, rk_json_get(from[i], names[j]))
				all = rk_textf(host, "%.*s%s%.*s", RK_S(all),
				               all.len ? " or " : "",
				               RK_S(rk_json_text(host, scope, NULL)));
	return all;
}

static const struct http_class {
	int32_t from, to, status, category;
	const char *words;
} http_classes[] = {
	{ 401, 401, RK_PAUSE, RK_CAT_AUTH, " Unauthorized" },
	{ 403, 403, RK_PAUSE, RK_CAT_PERMISSION, " Forbidden" },
	{ 429, 429, RK_AGAIN, RK_CAT_RATE_LIMIT, " Too Many Requests" },
	{ 423, 423, RK_AGAIN, RK_CAT_SERVER, " Locked" },
	{ 477, 477, RK_AGAIN, RK_CAT_SERVER, " Migration in Progress" },
	{ 300, 399, RK_PAUSE, RK_CAT_CONFIG, " (a redirect: check host)" },
	{ 400, 499, RK_REJECT, RK_CAT_OTHER, "" },
	{ 521, 523, RK_AGAIN, RK_CAT_UNREACHABLE, "" },
	{ 525, 526, RK_AGAIN, RK_CAT_UNREACHABLE, " (TLS before HubSpot)" },
	{ 0, INT32_MAX, RK_AGAIN, RK_CAT_SERVER, "" },
};

/* A 429 says which of the three limits it was. */
static int32_t
limit_reached(const struct rk_host *host, const struct rk_answer *answer,
              struct rk_err *err)
{
	struct rk_text policy = rk_json_str(host, answer->root, "policyName");
	struct rk_text message = rk_json_str(host, answer->root, "message");

	if (rk_text_is(policy, "DAILY") || rk_text_find(message, "daily limit")) {
		err->category = RK_CAT_QUOTA;
		RK_ERR_SET(err->code, rk_z("DAILY"));
		return RK_HOLD;
	}
	if (policy.len)
		RK_ERR_SET(err->code, policy);
	if (err->retry_after_ms < 0)
		err->retry_after_ms = rk_text_find(message, " secondly") ? 1000 : 10000;
	return RK_AGAIN;
}

/* What a bad answer means for the call as a whole; fills 'err'.  RK_REJECT: the
 * request itself was refused, category says why. */
static int32_t
judge(const struct rk_host *host, const struct rk_answer *answer, struct rk_err *err)
{
	const struct http_class *class = http_classes;
	struct fault fault = read_fault(host, answer->root);
	struct rk_text scopes = missing_scopes(host, answer->root);
	struct rk_text correlation = rk_json_str(host, answer->root, "correlationId");
	int32_t http = answer->reply.status;

	while (http < class->from || http > class->to)
		class++;
	rk_fail(err, class->status, class->status == RK_REJECT ? fault.kind : class->category,
	        "HTTP %d%s: %.*s%s%.*s%s%.*s%s", http, class->words,
	        RK_S(answer->root ? fault.message : rk_z("the answer is no JSON")),
	        scopes.len ? "; missing scope: " : "", RK_S(scopes),
	        correlation.len ? " (correlationId " : "", RK_S(correlation),
	        correlation.len ? ")" : "");
	err->http_status = http;
	err->maybe_sent = class->status == RK_AGAIN && http != 429;
	err->retry_after_ms = answer->reply.retry_after_ms;
	RK_ERR_SET(err->code, fault.code);
	RK_ERR_SET(err->field, fault.field);
	return http == 429 ? limit_reached(host, answer, err) : class->status;
}

/* As judge, for calls that only read: nothing there can be split. */
static int32_t
judge_read(const struct rk_host *host, const struct rk_answer *answer,
           struct rk_err *err)
{
	int32_t status = judge(host, answer, err);

	if (status != RK_REJECT)
		return status;
	if (err->http_status == 404 || err->category == RK_CAT_PROPERTY_MAPPING) {
		if (err->http_status == 404)
			err->category = RK_CAT_CONFIG;
		return RK_PAUSE;
	}
	err->category = RK_CAT_BUG;
	return RK_BUG;
}

/* A reading call whose good answer must be JSON. */
static int32_t
ask_read(const struct rk_host *host, struct call *call, struct rk_answer *answer,
         struct rk_err *err)
{
	int32_t status;

	call->safe = 1;
	status = ask(host, call, answer, err);
	if (status != RK_OK)
		return status;
	if (answer->reply.status != 200 && answer->reply.status != 207)
		return judge_read(host, answer, err);
	if (!answer->root)
		return rk_fail(err, RK_BUG, RK_CAT_BUG, "%s: %s", call->path.ptr,
		               answer->why.message);
	return RK_OK;
}

/* ---- open, auth, close ---------------------------------------------------------- */

static int32_t
hubspot_open(const struct rk_host *host, struct rk_conn **conn, struct rk_err *err)
{
	if (!host->has_setting(host, "token"))
		return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG, "token is missing");
	*conn = calloc(1, sizeof **conn);
	if (!*conn)
		abort();
	(*conn)->host = host;
	return RK_OK;
}

static void
hubspot_close(struct rk_conn *conn)
{
	free(conn);
}

static const char *const known_scopes[] = {
	"crm.objects.contacts.read", "crm.objects.contacts.write",
	"crm.objects.companies.read", "crm.objects.companies.write",
	"crm.objects.deals.read", "crm.objects.deals.write", "crm.objects.owners.read",
};

static void
read_grants(const struct rk_host *host, const cJSON *info, struct rk_account *account)
{
	const cJSON *scopes = rk_json_get(info, "scopes");
	struct rk_grant *grants;

	if (!rk_json_is(scopes, cJSON_Array))
		return;
	grants = host->alloc(host, sizeof known_scopes / sizeof *known_scopes * sizeof *grants);
	for (size_t i = 0; i < RK_COUNT(known_scopes); i++) {
		grants[i].name = rk_z(known_scopes[i]);
		rk_json_each(scope, scopes)
			if (rk_text_is(rk_json_text(host, scope, NULL), known_scopes[i]))
				grants[i].granted = 1;
		if (!grants[i].granted)
			grants[i].detail = rk_z("add this scope to the key in HubSpot");
	}
	account->grants = grants;
	account->grant_count = RK_COUNT(known_scopes);
}

/* Asks which scopes the token has.  The call is undocumented, so its failure says
 * nothing about the token.
 *
 * Shape: {"hubId":1,"userId":2,"scopes":["..."]} */
static int32_t
token_info(const struct rk_host *host, struct rk_account *account, struct rk_err *err)
{
	static const struct rk_piece body[] = {
		{ RK_PIECE_TEXT, RK_ENC_RAW, RK_LIT("{\"tokenKey\":\""), RK_LIT("") },
		{ RK_PIECE_SECRET, RK_ENC_JSON, RK_LIT("token"), RK_LIT("") },
		{ RK_PIECE_TEXT, RK_ENC_RAW, RK_LIT("\"}"), RK_LIT("") },
	};
	struct call call = { .method = "POST", .safe = 1,
		.path = RK_LIT("/oauth/v2/private-apps/get/access-token-info"),
		.pieces = body, .piece_count = RK_COUNT(body) };
	struct rk_answer answer;
	int32_t status = ask(host, &call, &answer, err);

	if (status != RK_OK)
		return status;
	if (answer.reply.status != 200) {
		host->log(host, RK_LOG_INFO, rk_textf(host,
		          "the scopes of the token are not told (HTTP %d)",
		          answer.reply.status));
		return RK_OK;
	}
	if (account->account.len == 0)
		account->account = rk_textf(host, "Hub ID %.*s",
		                   RK_S(rk_json_str(host, answer.root, "hubId")));
	account->user = rk_json_str(host, answer.root, "userId");
	read_grants(host, answer.root, account);
	return RK_OK;
}

/* A key without any account scope may still read records: 403 is no refusal of
 * the token. */
static int32_t
hubspot_auth(struct rk_conn *conn, struct rk_account *account, struct rk_err *err)
{
	const struct rk_host *host = conn->host;
	struct rk_text version = host->setting(host, "version");
	struct call call = { .method = "GET", .safe = 1,
		.path = rk_textf(host, "/account-info/%.*s/details", RK_S(version)) };
	struct rk_answer answer;
	int32_t status = ask(host, &call, &answer, err);

	if (status != RK_OK)
		return status;
	account->expires_ms = -1;
	if (answer.reply.status != 200 && answer.reply.status != 403)
		return judge_read(host, &answer, err);
	if (answer.reply.status == 200 && !rk_json_get(answer.root, "portalId"))
		return rk_fail(err, RK_PAUSE, RK_CAT_CONFIG,
		               "this is not HubSpot's API: the answer has no portalId");
	if (answer.reply.status == 200) {
		account->account = rk_textf(host, "Hub ID %.*s (%.*s)",
		                   RK_S(rk_json_str(host, answer.root, "portalId")),
		                   RK_S(rk_json_str(host, answer.root, "accountType")));
		account->zone = rk_json_str(host, answer.root, "timeZone");
	}
	return token_info(host, account, err);
}

/* ---- describe_fields -------------------------------------------------------------- */

static const struct rk_object objects[] = {
	{ .name = RK_LIT("contacts"), .label = RK_LIT("Contacts") },
	{ .name = RK_LIT("companies"), .label = RK_LIT("Companies") },
	{ .name = RK_LIT("deals"), .label = RK_LIT("Deals") },
	{ .name = RK_LIT("leads"), .label = RK_LIT("Leads") },
	{ .name = RK_LIT("tickets"), .label = RK_LIT("Tickets") },
	{ .name = RK_LIT("tasks"), .label = RK_LIT("Tasks") },
	{ .name = RK_LIT("emails"), .label = RK_LIT("E-mail activity") },
};

/* First match wins; an empty text matches all. */
static const struct { const char *type, *field_type; uint32_t is; } types[] = {
	{ "bool", "", RK_BOOL },
	{ "number", "", RK_DECIMAL },
	{ "date", "", RK_DATE },
	{ "datetime", "", RK_DATETIME },
	{ "enumeration", "checkbox", RK_CHOICES },
	{ "enumeration", "", RK_CHOICE },
	{ "string", "html", RK_RICH },
	{ "", "", RK_TEXT },
};

static void
read_options(const struct rk_host *host, const cJSON *property, struct rk_field *field)
{
	const cJSON *list = rk_json_get(property, "options");
	struct rk_option *options = host->alloc(host,
	                            (rk_json_count(list) + 1) * sizeof *options);
	uint64_t count = 0;

	rk_json_each(option, list) {
		options[count].value = rk_json_str(host, option, "value");
		options[count++].label = rk_json_str(host, option, "label");
	}
	field->options = options;
	field->option_count = count;
}

/* "calculated" misses many read-only properties, and e-mail is a key that is not
 * marked unique: both seen in recorded schemas. */
static uint32_t
field_flags(const struct rk_host *host, const cJSON *property, struct rk_text object,
            const struct rk_field *field)
{
	const cJSON *rules = rk_json_get(property, "modificationMetadata");
	struct rk_text control = rk_json_str(host, property, "fieldType");
	int email = is_contacts(object) && rk_text_is(field->name, "email");
	int computed = rk_json_bool(rk_json_get(property, "calculated"), 0) ||
	               rk_text_starts(control, "calculation_");
	uint32_t flags = 0;

	if (!computed && !rk_json_bool(rk_json_get(rules, "readOnlyValue"), 0))
		flags |= RK_FIELD_WRITABLE;
	if (computed)
		flags |= RK_FIELD_COMPUTED;
	if (email)
		flags |= RK_FIELD_UNIQUE | RK_FIELD_KEY | RK_FIELD_KEY_NOCASE;
	if (rk_json_bool(rk_json_get(property, "hasUniqueValue"), 0) &&
	    !rk_text_is(field->name, "hs_object_id"))
		flags |= RK_FIELD_UNIQUE | RK_FIELD_KEY;
	if (rk_text_is(field->name, "dealname") || rk_text_is(field->name, "dealstage"))
		flags |= RK_FIELD_REQUIRED;
	return flags;
}

static void
read_property(const struct rk_host *host, const cJSON *property, struct rk_text object,
              struct rk_field *field)
{
	struct rk_text type = rk_json_str(host, property, "type");
	struct rk_text control = rk_json_str(host, property, "fieldType");
	size_t i = 0;

	while ((*types[i].type && !rk_text_is(type, types[i].type)) ||
	       (*types[i].field_type && !rk_text_is(control, types[i].field_type)))
		i++;
	field->type = types[i].is;
	field->name = rk_json_str(host, property, "name");
	field->label = rk_json_str(host, property, "label");
	field->native = rk_textf(host, "%.*s/%.*s", RK_S(type), RK_S(control));
	field->min_length = -1;
	field->max_length = rk_text_is(type, "string") ? 65536 : -1;
	field->integer_digits = field->decimals = -1;
	field->flags = field_flags(host, property, object, field);
	read_options(host, property, field);
	if (rk_text_is(rk_json_str(host, property, "referencedObjectType"), "OWNER")) {
		field->type = RK_USER;
		field->ref_object = rk_z("owners");
	}
	if (rk_text_is(type, "json") || rk_text_is(type, "object_coordinates")) {
		field->flags &= ~(uint32_t)RK_FIELD_WRITABLE;
		field->unmappable = rk_z("a value that HubSpot keeps for itself");
	}
}

static int32_t
hubspot_describe_fields(struct rk_conn *conn, struct rk_text object,
                        struct rk_schema *schema, struct rk_err *err)
{
	const struct rk_host *host = conn->host;
	struct call call = { .method = "GET", .object = object };
	struct rk_answer answer;
	const cJSON *results;
	struct rk_field *fields;
	int32_t status;

	if (object.len == 0) {
		schema->objects = objects;
		schema->object_count = RK_COUNT(objects);
		return RK_OK;
	}
	call.path = crm_path(host, "properties", object,
	                     "?archived=false&dataSensitivity=non_sensitive");
	status = ask_read(host, &call, &answer, err);
	if (status != RK_OK)
		return status;
	results = rk_json_get(answer.root, "results");
	if (!rk_json_is(results, cJSON_Array))
		return rk_fail(err, RK_BUG, RK_CAT_BUG, "properties: no list \"results\"");
	fields = host->alloc(host, (rk_json_count(results) + 1) * sizeof *fields);
	schema->fields = fields;
	schema->field_count = 0;
	rk_json_each(property, results)
		if (!rk_json_bool(rk_json_get(property, "archived"), 0))
			read_property(host, property, object, &fields[schema->field_count++]);
	return RK_OK;
}

/* ---- Values ---------------------------------------------------------------------- */

static int
read_bool(struct rk_text text, int64_t *number)
{
	static const char *const words[] = { "false", "true", "no", "yes" };

	for (size_t i = 0; i < RK_COUNT(words); i++)
		if (rk_text_eq_nocase(text, rk_z(words[i]))) {
			*number = (int64_t)(i & 1);
			return 1;
		}
	return 0;
}

/* A date comes as YYYY-MM-DD, or as milliseconds or a time at midnight UTC. */
static int
read_date(const struct rk_host *host, struct rk_text text, struct rk_text *date)
{
	int64_t days, ms;

	if (rk_date_parse(text, &days)) {
		*date = text;
		return 1;
	}
	if (!rk_text_int(text, &ms) && !rk_time_parse(text, &ms))
		return 0;
	if (ms % RK_DAY_MS || !rk_time_sane(ms))
		return 0;
	*date = rk_date_text(host, ms / RK_DAY_MS);
	return 1;
}

/* "a;b;c" as its parts; a leading ';' and empty parts are nothing. */
static struct rk_value
read_choices(const struct rk_host *host, struct rk_text text)
{
	struct rk_value value = rk_value_of(RK_CHOICES, rk_text_of(NULL, 0));
	struct rk_value *items;
	uint64_t most = 1;
	const char *at = text.ptr, *end = text.ptr + text.len;

	for (const char *p = at; p < end; p++)
		most += *p == ';';
	items = host->alloc(host, most * sizeof *items);
	while (at < end) {
		const char *stop = memchr(at, ';', (size_t)(end - at));
		struct rk_text part;

		stop = stop ? stop : end;
		part = rk_text_trim(rk_text_of(at, (uint64_t)(stop - at)));
		if (part.len)
			items[value.count++] = rk_value_of(RK_CHOICE, part);
		at = stop + 1;
	}
	value.items = items;
	return value;
}

static struct rk_value
typed_value(const struct rk_host *host, uint32_t type, struct rk_text text)
{
	struct rk_value value = rk_value_of(type, text);
	int ok = 1;

	switch (type) {
	case RK_BOOL:     ok = read_bool(text, &value.number); break;
	case RK_INTEGER:  ok = rk_text_int(text, &value.number); break;
	case RK_DECIMAL:  ok = rk_decimal(host, text, &value.text); break;
	case RK_DATE:     ok = read_date(host, text, &value.text); break;
	case RK_DATETIME: ok = (rk_text_int(text, &value.number) ||
	                        rk_time_parse(text, &value.number)) &&
	                       rk_time_sane(value.number); break;
	case RK_CHOICES:  return read_choices(host, text);
	case RK_CHOICE: case RK_USER: case RK_RICH: case RK_TEXT: break;
	default:          ok = 0;
	}
	if (!ok)                    /* The host fails this record, and no other. */
		return rk_value_of(RK_TEXT, text);
	if (type == RK_BOOL || type == RK_INTEGER || type == RK_DATETIME)
		value.text = rk_text_of(NULL, 0);
	return value;
}

/* One property as a value of the described type.  On the wire all values are
 * strings; null and "" both mean that there is none. */
static struct rk_value
read_value(const struct rk_host *host, const struct rk_field *field, const cJSON *item)
{
	struct rk_value value;
	struct rk_json_out out;
	struct rk_text text;
	uint32_t flags = 0;

	if (rk_json_is(item, cJSON_Object) || rk_json_is(item, cJSON_Array)) {
		rk_json_begin(&out, host, 256, BODY_MAX);
		rk_put_item(&out, item, &flags);
		value = rk_value_of(RK_JSON, rk_text_of(out.buf, out.len));
		value.flags = flags;
		return value;
	}
	text = rk_json_text(host, item, &flags);
	value = text.len || flags ? typed_value(host, field->type, text)
	                          : rk_value_of(RK_NULL, text);
	value.flags |= flags;
	return value;
}

/* "a;b;c" without blanks, as HubSpot wants several options. */
static struct rk_text
join_items(const struct rk_host *host, const struct rk_value *value)
{
	uint64_t room = 1, len = 0;
	char *all;

	for (uint64_t i = 0; i < value->count; i++)
		room += value->items[i].text.len + 1;
	all = host->alloc(host, room);
	for (uint64_t i = 0; i < value->count; i++) {
		struct rk_text item = value->items[i].text;

		if (i)
			all[len++] = ';';
		if (item.len)
			memcpy(all + len, item.ptr, item.len);
		len += item.len;
	}
	return rk_text_of(all, len);
}

/* A value as HubSpot wants it: always a string, "" clears. */
static struct rk_text
wire_text(const struct rk_host *host, const struct rk_value *value)
{
	switch (value->type) {
	case RK_BOOL:     return rk_z(value->number ? "true" : "false");
	case RK_INTEGER:  return rk_textf(host, "%lld", (long long)value->number);
	case RK_DATETIME: return rk_time_text(host, value->number, 1);
	default:          return value->count ? join_items(host, value) : value->text;
	}
}

/* ---- list_changed: tokens ----------------------------------------------------------- */

#define BY_LISTING 'L'
#define BY_SEARCH  'S'
#define BY_IDS     'I'
#define BY_VALUES  'V'

/* Where a listing stands; text of a token. */
struct cursor {
	char kind;
	int64_t source_ms, until_ms;   /* Of the first answer; of the window. */
	int64_t last_id;               /* Search: the greatest id so far.     */
	int64_t offset;                /* Ids, values: how many are done.     */
	int64_t steps, power;          /* Listing: see advance().             */
	uint64_t mark;
	struct rk_text after;
};

static struct rk_text
cursor_text(const struct rk_host *host, const struct cursor *c)
{
	return rk_textf(host, "%c1 %lld %lld %lld %lld %lld %lld %llx %.*s", c->kind,
	                (long long)c->source_ms, (long long)c->until_ms,
	                (long long)c->last_id, (long long)c->offset, (long long)c->steps,
	                (long long)c->power, (unsigned long long)c->mark, RK_S(c->after));
}

static int
cursor_parse(const struct rk_host *host, struct rk_text token, struct cursor *c)
{
	struct rk_text text = rk_textf(host, "%.*s", RK_S(token));
	long long n[6];
	unsigned long long mark;
	int end = 0;

	if (sscanf(text.ptr, "%c1 %lld %lld %lld %lld %lld %lld %llx%n", &c->kind, &n[0],
	           &n[1], &n[2], &n[3], &n[4], &n[5], &mark, &end) != 8 || !end ||
	    text.ptr[end] != ' ')
		return 0;
	c->source_ms = n[0];
	c->until_ms = n[1];
	c->last_id = n[2];
	c->offset = n[3];
	c->steps = n[4];
	c->power = n[5];
	c->mark = mark;
	c->after = rk_z(text.ptr + end + 1);
	return c->offset >= 0;
}

/* Goes on to the page token 'after'.  Brent's rule: a mark that moves at every
 * power of two meets any loop of tokens, with no memory but the token itself. */
static int32_t
advance(struct cursor *c, struct rk_text after, struct rk_err *err)
{
	uint64_t hash = rk_hash(after.ptr, after.len);

	if (after.len > AFTER_MAX)
		return rk_fail(err, RK_BUG, RK_CAT_BUG, "listing: a page token of %llu bytes",
		               (unsigned long long)after.len);
	if (rk_text_eq(after, c->after) || (c->steps && hash == c->mark))
		return rk_fail(err, RK_BUG, RK_CAT_BUG,
		               "listing: the page token \"%.*s\" came back, a loop",
		               RK_S(after));
	if (c->steps++ == c->power) {
		c->mark = hash;
		c->power = c->power * 2 + 1;
	}
	c->after = after;
	return RK_OK;
}

/* ---- list_changed: pages -------------------------------------------------------------- */

struct listing {
	const struct rk_host *host;
	const struct rk_query *query;
	struct rk_page *page;
	struct rk_err *err;
	struct rk_columns columns;
	struct cursor at;
	const char *modified;
	struct rk_record *records;     /* Room for 'limit', and for a page.   */
	uint64_t count;
};

static uint64_t
page_limit(const struct rk_query *query, uint64_t most)
{
	return query->limit == 0 ? LIST_MAX : query->limit < most ? query->limit : most;
}

/* Reads one record of an answer into 'record'; one pass over its properties.
 *
 * Shape:  {"id":"51","properties":{name: text or null},"updatedAt":time,
 *         "archived":bool,"url":"..."}
 * Errors: RK_BUG if it has no id. */
static int32_t
read_record(struct listing *l, const cJSON *item, struct rk_record *record)
{
	const struct rk_host *host = l->host;
	const struct rk_query *query = l->query;
	struct rk_value *values = host->alloc(host,
	                          (query->field_count + 1) * sizeof *values);
	int64_t slot;

	record->id = rk_json_str(host, item, "id");
	if (record->id.len == 0)
		return rk_fail(l->err, RK_BUG, RK_CAT_BUG, "a record has no \"id\"");
	record->version = rk_json_str(host, item, "updatedAt");
	record->link = rk_json_str(host, item, "url");
	record->values = values;
	record->modified_ms = RK_NO_TIME;
	if (rk_json_bool(rk_json_get(item, "archived"), 0))
		record->flags |= RK_RECORD_DELETED;
	rk_json_each(property, rk_json_get(item, "properties")) {
		slot = rk_columns_find(&l->columns, property->string,
		                       strlen(property->string));
		if (slot >= 0)
			values[slot] = read_value(host, &query->fields[slot], property);
		if (strcmp(property->string, l->modified) == 0)
			rk_time_parse(rk_json_text(host, property, NULL),
			              &record->modified_ms);
	}
	if (record->modified_ms == RK_NO_TIME)
		rk_time_parse(record->version, &record->modified_ms);
	return RK_OK;
}

static void
put_properties(struct rk_json_out *out, const struct listing *l, int all)
{
	rk_put_name(out, "properties");
	rk_put_open(out, '[');
	rk_put_text(out, rk_z(l->modified));
	for (uint64_t i = 0; all && i < l->query->field_count; i++)
		if (!rk_text_is(l->query->fields[i].name, l->modified))
			rk_put_text(out, l->query->fields[i].name);
	rk_put_close(out, ']');
}

static int32_t
results_of(struct listing *l, const struct rk_answer *answer, const cJSON **results)
{
	*results = rk_json_get(answer->root, "results");
	if (!rk_json_is(*results, cJSON_Array))
		return rk_fail(l->err, RK_BUG, RK_CAT_BUG, "no list \"results\"");
	if (rk_json_count(*results) > SEARCH_MAX)
		return rk_fail(l->err, RK_BUG, RK_CAT_BUG, "more records than asked for");
	return RK_OK;
}

/* Errors of a batch read other than "not found" would hide records. */
static int32_t
check_read_errors(struct listing *l, const struct rk_answer *answer, uint64_t asked)
{
	const cJSON *errors = rk_json_get(answer->root, "errors");
	uint64_t found = rk_json_count(rk_json_get(answer->root, "results"));

	rk_json_each(error, errors) {
		struct fault fault = read_fault(l->host, error);

		if (!rk_text_is(fault.category, "OBJECT_NOT_FOUND"))
			return rk_fail(l->err, RK_AGAIN, RK_CAT_SERVER, "batch read: %.*s",
			               RK_S(fault.message));
	}
	if (found < asked && !(errors && errors->child))
		return rk_fail(l->err, RK_AGAIN, RK_CAT_SERVER,
		               "batch read: %llu of %llu records told, no word of the rest",
		               (unsigned long long)found, (unsigned long long)asked);
	return RK_OK;
}

/* Reads up to BATCH_MAX records by id, or by the unique property 'key', and adds
 * them to the page.  What is not there is left out.
 *
 * Source: POST /crm/objects/{V}/{object}/batch/read; 207 tells missing ids. */
static int32_t
batch_read(struct listing *l, const struct rk_text *ids, uint64_t count,
           struct rk_text key)
{
	const struct rk_host *host = l->host;
	struct call call = { .method = "POST", .object = l->query->object };
	struct rk_json_out out;
	struct rk_answer answer;
	const cJSON *results;
	int32_t status;

	rk_json_begin(&out, host, 4096, BODY_MAX);
	rk_put_open(&out, '{');
	put_properties(&out, l, 1);
	rk_put_name(&out, "propertiesWithHistory");
	rk_put_raw(&out, rk_z("[]"));
	if (key.len)
		rk_put_pair(&out, "idProperty", key);
	rk_put_name(&out, "inputs");
	rk_put_open(&out, '[');
	for (uint64_t i = 0; i < count; i++) {
		rk_put_open(&out, '{');
		rk_put_pair(&out, "id", ids[i]);
		rk_put_close(&out, '}');
	}
	rk_put_close(&out, ']');
	rk_put_close(&out, '}');
	status = rk_json_end(&out, &call.body, l->err);
	if (status != RK_OK)
		return status;
	call.path = crm_path(host, "objects", l->query->object, "/batch/read?archived=false");
	status = ask_read(host, &call, &answer, l->err);
	if (status == RK_OK)
		status = results_of(l, &answer, &results);
	if (status == RK_OK && rk_json_count(results) > count)
		status = rk_fail(l->err, RK_BUG, RK_CAT_BUG, "more records than asked for");
	if (status == RK_OK)
		status = check_read_errors(l, &answer, key.len ? 0 : count);
	if (status != RK_OK)
		return status;
	if (l->at.source_ms == RK_NO_TIME && answer.reply.date_ms >= 0)
		l->at.source_ms = answer.reply.date_ms;
	rk_json_each(item, results) {
		status = read_record(l, item, &l->records[l->count++]);
		if (status != RK_OK)
			return status;
	}
	return RK_OK;
}

static void
remember_clock(struct listing *l, const struct rk_answer *answer)
{
	if (l->at.source_ms == RK_NO_TIME && answer->reply.date_ms >= 0)
		l->at.source_ms = answer->reply.date_ms;
}

/* Replaces records read with few properties by the same with all of them. */
static int32_t
reread(struct listing *l)
{
	uint64_t count = l->count;
	struct rk_text *ids = l->host->alloc(l->host, (count + 1) * sizeof *ids);
	int32_t status = RK_OK;

	for (uint64_t i = 0; i < count; i++)
		ids[i] = l->records[i].id;
	memset(l->records, 0, count * sizeof *l->records);
	l->count = 0;
	for (uint64_t i = 0; i < count && status == RK_OK; i += BATCH_MAX)
		status = batch_read(l, ids + i, count - i < BATCH_MAX ? count - i : BATCH_MAX,
		                    rk_z(""));
	return status;
}

/* The path of a listing page.  All wanted names go into the URL while it stays
 * short; *slim says that they did not. */
static struct rk_text
listing_path(struct listing *l, uint64_t limit, int *slim)
{
	const struct rk_host *host = l->host;
	struct rk_text path = crm_path(host, "objects", l->query->object, "");
	struct rk_text after = rk_url_text(host, l->at.after);
	uint64_t room = path.len + after.len + 64 + strlen(l->modified);
	char *names;
	uint64_t len = 0;

	for (uint64_t i = 0; i < l->query->field_count; i++)
		room += rk_url_text(host, l->query->fields[i].name).len + 1;
	*slim = room > URL_MAX;
	names = host->alloc(host, room);
	for (uint64_t i = 0; !*slim && i < l->query->field_count; i++) {
		struct rk_text name = rk_url_text(host, l->query->fields[i].name);

		if (rk_text_is(name, l->modified))
			continue;
		names[len++] = ',';
		memcpy(names + len, name.ptr, name.len);
		len += name.len;
	}
	return rk_textf(host, "%s?limit=%llu%s%.*s&archived=false&properties=%s%s", path.ptr,
	                (unsigned long long)limit, after.len ? "&after=" : "", RK_S(after),
	                l->modified, names);
}

/* One page of everything.  No times here: what changes meanwhile is found by the
 * search that follows, from the first answer's clock on. */
static int32_t
list_all(struct listing *l)
{
	struct call call = { .method = "GET", .object = l->query->object };
	struct rk_answer answer;
	const cJSON *results;
	struct rk_text after;
	int slim;
	int32_t status;

	call.path = listing_path(l, page_limit(l->query, LIST_MAX), &slim);
	status = ask_read(l->host, &call, &answer, l->err);
	if (status == RK_OK)
		status = results_of(l, &answer, &results);
	if (status != RK_OK)
		return status;
	remember_clock(l, &answer);
	rk_json_each(item, results) {
		status = read_record(l, item, &l->records[l->count++]);
		if (status != RK_OK)
			return status;
	}
	after = rk_json_str(l->host, rk_json_get(rk_json_get(answer.root, "paging"), "next"),
	                    "after");
	l->page->more = after.len != 0;
	if (l->page->more)
		status = advance(&l->at, after, l->err);
	return status == RK_OK && slim && l->count ? reread(l) : status;
}

static void
put_filter(struct rk_json_out *out, const char *name, const char *operator, int64_t value,
           int64_t high)
{
	const struct rk_host *host = out->host;

	rk_put_open(out, '{');
	rk_put_pair(out, "propertyName", rk_z(name));
	rk_put_pair(out, "operator", rk_z(operator));
	rk_put_pair(out, "value", rk_textf(host, "%lld", (long long)value));
	if (high != RK_NO_TIME)
		rk_put_pair(out, "highValue", rk_textf(host, "%lld", (long long)high));
	rk_put_close(out, '}');
}

/* The window's own filter; a filter at the epoch itself was answered 500 (seen). */
static void
put_window(struct rk_json_out *out, const struct listing *l)
{
	int64_t since = l->query->since_ms < 1000 ? 1000 : l->query->since_ms;
	int64_t until = l->at.until_ms;

	if (until == RK_NO_TIME)
		put_filter(out, l->modified, "GTE", since, RK_NO_TIME);
	else
		put_filter(out, l->modified, "BETWEEN", since, until - 1);
}

/* Enumerations compare with case; strings only match in lower case (both as
 * documented for IN). */
static void
put_values(struct rk_json_out *out, const struct listing *l, uint64_t from, uint64_t count)
{
	const struct rk_query *query = l->query;
	const struct rk_field *field = rk_field_find(query->fields, query->field_count,
	                                             query->field);
	int exact = field && (field->type == RK_CHOICE || field->type == RK_CHOICES);

	rk_put_open(out, '{');
	rk_put_pair(out, "propertyName", query->field);
	rk_put_pair(out, "operator", rk_z("IN"));
	rk_put_name(out, "values");
	rk_put_open(out, '[');
	for (uint64_t i = from; i < from + count; i++) {
		struct rk_text value = query->values[i];
		char *lower = l->host->alloc(l->host, value.len + 1);

		for (uint64_t j = 0; j < value.len; j++)
			lower[j] = (char)(exact || (unsigned char)value.ptr[j] >= 0x80
			         ? value.ptr[j] : tolower((unsigned char)value.ptr[j]));
		rk_put_text(out, rk_text_of(lower, value.len));
	}
	rk_put_close(out, ']');
	rk_put_close(out, '}');
}

/* A search body: the window or 'count' values, above the last id, in order of id.
 * Keyset paging: 'after' would end at 10,000 records. */
static struct rk_text
search_body(struct listing *l, uint64_t values, uint64_t limit, int all)
{
	struct rk_json_out out;

	rk_json_begin(&out, l->host, 4096, BODY_MAX);
	rk_put_open(&out, '{');
	rk_put_name(&out, "filterGroups");
	rk_put_raw(&out, rk_z("[{\"filters\":["));
	out.comma = 0;
	if (l->query->mode == RK_BY_FIELD)
		put_values(&out, l, (uint64_t)l->at.offset, values);
	else
		put_window(&out, l);
	put_filter(&out, "hs_object_id", "GT", l->at.last_id, RK_NO_TIME);
	rk_put_bytes(&out, "]}]", 3);
	rk_put_name(&out, "sorts");
	rk_put_raw(&out, rk_z("[{\"propertyName\":\"hs_object_id\","
	                      "\"direction\":\"ASCENDING\"}]"));
	put_properties(&out, l, all);
	rk_put_name(&out, "limit");
	rk_put_int(&out, (int64_t)limit);
	rk_put_close(&out, '}');
	return rk_text_of(out.buf, out.len);
}

/* Seen live near "now": records outside of the window that was asked for. */
static int
in_window(const struct listing *l, const struct rk_record *record)
{
	if (l->query->mode != RK_BY_WINDOW || record->modified_ms == RK_NO_TIME)
		return 1;
	return record->modified_ms >= l->query->since_ms &&
	       (l->at.until_ms == RK_NO_TIME || record->modified_ms < l->at.until_ms);
}

/* Adds the found records that lie in the window; moves the last id on. */
static int32_t
read_found(struct listing *l, const cJSON *results)
{
	int32_t status;
	int64_t id;

	rk_json_each(item, results) {
		struct rk_record *record = &l->records[l->count];

		memset(record, 0, sizeof *record);
		status = read_record(l, item, record);
		if (status != RK_OK)
			return status;
		if (!rk_text_int(record->id, &id) || id <= l->at.last_id)
			return rk_fail(l->err, RK_BUG, RK_CAT_BUG,
			               "search: id \"%.*s\" does not follow %lld",
			               RK_S(record->id), (long long)l->at.last_id);
		l->at.last_id = id;
		if (in_window(l, record))
			l->count++;
	}
	return RK_OK;
}

/* One search call.  *full tells that more may match. */
static int32_t
search(struct listing *l, uint64_t values, int *full)
{
	struct call call = { .method = "POST", .object = l->query->object, .search = 1 };
	uint64_t limit = page_limit(l->query, SEARCH_MAX);
	struct rk_answer answer;
	const cJSON *results;
	int32_t status;
	int slim;

	call.path = crm_path(l->host, "objects", l->query->object, "/search");
	call.body = search_body(l, values, limit, 1);
	slim = call.body.len > SEARCH_BODY;
	if (slim)
		call.body = search_body(l, values, limit, 0);
	status = ask_read(l->host, &call, &answer, l->err);
	if (status == RK_OK)
		status = results_of(l, &answer, &results);
	if (status != RK_OK)
		return status;
	remember_clock(l, &answer);
	if (l->at.until_ms == RK_NO_TIME)
		l->at.until_ms = l->at.source_ms;
	status = read_found(l, results);
	*full = rk_json_count(results) >= limit ||
	        (results->child && rk_json_get(rk_json_get(answer.root, "paging"), "next"));
	return status == RK_OK && slim && l->count ? reread(l) : status;
}

static int32_t
list_window(struct listing *l)
{
	int full = 0;
	int32_t status = search(l, 0, &full);

	l->page->more = (uint32_t)full;
	return status;
}

/* As many values as fit into a search body beside the rest. */
static uint64_t
values_that_fit(const struct listing *l)
{
	uint64_t bytes = 0, count = 0;

	for (uint64_t i = (uint64_t)l->at.offset; i < l->query->value_count; i++, count++) {
		bytes += l->query->values[i].len + 3;
		if (count && (bytes > 1800 || count == BATCH_MAX))
			break;
	}
	return count;
}

static int32_t
list_values(struct listing *l)
{
	uint64_t count = values_that_fit(l);
	int full = 0;
	int32_t status = count ? search(l, count, &full) : RK_OK;

	if (status != RK_OK)
		return status;
	if (!full) {
		l->at.offset += (int64_t)count;
		l->at.last_id = 0;
	}
	l->page->more = (uint64_t)l->at.offset < l->query->value_count;
	return RK_OK;
}

static int32_t
list_ids(struct listing *l)
{
	struct rk_text key = l->query->mode == RK_BY_FIELD ? l->query->field : rk_z("");
	uint64_t done = (uint64_t)l->at.offset, all = l->query->value_count;
	uint64_t end = done + page_limit(l->query, IDS_MAX);
	int32_t status = RK_OK;

	for (end = end < all ? end : all; done < end && status == RK_OK;) {
		uint64_t count = end - done < BATCH_MAX ? end - done : BATCH_MAX;

		status = batch_read(l, l->query->values + done, count, key);
		done += count;
	}
	l->at.offset = (int64_t)done;
	l->page->more = done < all;
	return status;
}

static const struct { char kind; int32_t (*run)(struct listing *l); } ways[] = {
	{ BY_LISTING, list_all }, { BY_SEARCH, list_window }, { BY_IDS, list_ids },
	{ BY_VALUES, list_values },
};

static char
way_of(const struct rk_query *query)
{
	const struct rk_field *field = rk_field_find(query->fields, query->field_count,
	                                             query->field);

	if (query->mode == RK_BY_IDS)
		return BY_IDS;
	if (query->mode == RK_BY_WINDOW)
		return query->since_ms == RK_NO_TIME ? BY_LISTING : BY_SEARCH;
	if ((is_contacts(query->object) && rk_text_is(query->field, "email")) ||
	    (field && field->flags & RK_FIELD_KEY))
		return BY_IDS;
	return BY_VALUES;
}

static void
finish_page(struct listing *l)
{
	int64_t lag = rk_duration_ms(l->host->setting(l->host, "index_lag"), 60000);

	l->page->records = l->records;
	l->page->record_count = l->count;
	l->page->token = l->page->more ? cursor_text(l->host, &l->at) : rk_z("");
	l->page->wait_ms = 0;
	l->page->source_time_ms = l->at.source_ms;
	l->page->safe_until_ms = l->at.source_ms == RK_NO_TIME ? RK_NO_TIME
	                       : l->at.source_ms - lag;
}

static int32_t
hubspot_list_changed(struct rk_conn *conn, const struct rk_query *query,
                     struct rk_page *page, struct rk_err *err)
{
	const struct rk_host *host = conn->host;
	struct listing l = { .host = host, .query = query, .page = page, .err = err,
		.modified = modified_name(query->object),
		.at = { .kind = way_of(query), .source_ms = RK_NO_TIME,
		        .until_ms = query->until_ms } };
	char kind = l.at.kind;
	int32_t status = RK_BUG;

	if (query->token.len && (!cursor_parse(host, query->token, &l.at) || l.at.kind != kind))
		return rk_fail(err, RK_RESYNC, RK_CAT_OTHER, "the page token is not of this query");
	l.columns = rk_columns_make(host, query->fields, query->field_count);
	l.records = host->alloc(host, (SEARCH_MAX + page_limit(query, IDS_MAX)) *
	                              sizeof *l.records);
	for (size_t i = 0; i < RK_COUNT(ways); i++)
		if (ways[i].kind == kind)
			status = ways[i].run(&l);
	if (status == RK_OK)
		finish_page(&l);
	return status;
}

/* ---- upsert --------------------------------------------------------------------------- */

static const struct verb {
	uint32_t operation;
	const char *path;
	int32_t done;                  /* What a result means, if it tells nothing. */
} verbs[] = {
	{ RK_OP_UPSERT, "/batch/upsert", RK_UPDATED },
	{ RK_OP_CREATE, "/batch/create", RK_CREATED },
	{ RK_OP_UPDATE, "/batch/update", RK_UPDATED },
	{ RK_OP_ARCHIVE, "/batch/archive", RK_ARCHIVED },
};

static void
put_row_properties(struct rk_json_out *out, const struct rk_batch *batch,
                   const struct rk_row *row)
{
	const struct rk_host *host = out->host;
	int key_told = 0;

	rk_put_name(out, "properties");
	rk_put_open(out, '{');
	for (uint64_t i = 0; i < batch->field_count; i++) {
		if (row->values[i].type == RK_ABSENT)
			continue;
		rk_put_key(out, batch->fields[i].name);
		rk_put_text(out, wire_text(host, &row->values[i]));
		key_told |= batch->key_field &&
		            rk_text_eq(batch->fields[i].name, batch->key_field->name);
	}
	if (batch->operation == RK_OP_UPSERT && !key_told) {
		rk_put_key(out, batch->key_field->name);
		rk_put_text(out, wire_text(host, row->key));
	}
	rk_put_close(out, '}');
}

/* The trace id makes HubSpot answer each input for itself. */
static void
put_row(struct rk_json_out *out, const struct rk_batch *batch, const struct rk_row *row)
{
	uint32_t operation = batch->operation;

	rk_put_open(out, '{');
	if (operation == RK_OP_UPSERT) {
		rk_put_pair(out, "idProperty", batch->key_field->name);
		rk_put_pair(out, "id", wire_text(out->host, row->key));
	} else if (operation != RK_OP_CREATE) {
		rk_put_pair(out, "id", row->id);
	}
	if (operation != RK_OP_ARCHIVE) {
		if (row->trace.len)
			rk_put_pair(out, "objectWriteTraceId", row->trace);
		put_row_properties(out, batch, row);
	}
	if (operation == RK_OP_CREATE) {
		rk_put_name(out, "associations");
		rk_put_raw(out, rk_z("[]"));
	}
	rk_put_close(out, '}');
}

struct writing {
	const struct rk_host *host;
	const struct rk_batch *batch;
	struct rk_outcome *outcomes;
	const struct verb *verb;
	struct rk_columns columns;
	uint64_t hint;                 /* Answers mostly keep the order.      */
};

/* What a result or error names its input by; whichever is not empty. */
struct naming {
	struct rk_text trace, id, key;
};

static int
row_is(const struct writing *w, const struct rk_row *row, const struct naming *by)
{
	struct rk_text key;

	if (by->trace.len)
		return rk_text_eq(row->trace, by->trace);
	if (w->batch->operation != RK_OP_UPSERT)
		return by->id.len && rk_text_eq(row->id, by->id);
	key = rk_text_trim(wire_text(w->host, row->key));
	return by->key.len && (w->batch->key_field->flags & RK_FIELD_KEY_NOCASE
	                       ? rk_text_eq_nocase(key, rk_text_trim(by->key))
	                       : rk_text_eq(key, rk_text_trim(by->key)));
}

/* The row that is meant, or -1.  Never by position: that is only where the search
 * begins. */
static int64_t
find_row(struct writing *w, const struct naming *by)
{
	for (uint64_t i = 0; i < w->batch->row_count; i++) {
		uint64_t at = (w->hint + i) % w->batch->row_count;

		if (row_is(w, &w->batch->rows[at], by)) {
			w->hint = at + 1;
			return (int64_t)at;
		}
	}
	return -1;
}

/* What HubSpot says that it stored: it may keep an old value, as with a lifecycle
 * stage that would go back. */
static const struct rk_value *
stored_values(const struct writing *w, const cJSON *properties)
{
	const struct rk_batch *batch = w->batch;
	struct rk_value *values;
	int64_t slot;

	if (!rk_json_is(properties, cJSON_Object) || batch->field_count == 0)
		return NULL;
	values = w->host->alloc(w->host, batch->field_count * sizeof *values);
	rk_json_each(property, properties) {
		slot = rk_columns_find(&w->columns, property->string,
		                       strlen(property->string));
		if (slot >= 0)
			values[slot] = read_value(w->host, &batch->fields[slot], property);
	}
	return values;
}

static void
take_result(struct writing *w, const cJSON *item)
{
	const struct rk_host *host = w->host;
	const cJSON *properties = rk_json_get(item, "properties");
	struct naming by = { .trace = rk_json_str(host, item, "objectWriteTraceId"),
	                     .id = rk_json_str(host, item, "id") };
	struct rk_outcome *outcome;
	int64_t at;

	if (w->batch->operation == RK_OP_UPSERT)
		rk_json_each(property, properties)
			if (rk_text_is(w->batch->key_field->name, property->string))
				by.key = rk_json_text(host, property, NULL);
	at = find_row(w, &by);
	if (at < 0 || by.id.len == 0)
		return;
	outcome = &w->outcomes[at];
	outcome->status = rk_json_bool(rk_json_get(item, "new"), 0) ? RK_CREATED
	                : w->verb->done;
	outcome->id = by.id;
	outcome->version = rk_json_str(host, item, "updatedAt");
	outcome->values = stored_values(w, properties);
}

/* "Contact already exists. Existing ID: 6001" */
static struct rk_text
existing_id(struct rk_text message)
{
	const char *at = rk_text_find(message, "Existing ID: ");

	if (!at)
		return rk_text_of(NULL, 0);
	at += strlen("Existing ID: ");
	return rk_digit_run(&at, message.ptr + message.len);
}

static void
refuse_row(struct writing *w, uint64_t at, const struct fault *fault)
{
	struct rk_outcome *outcome = &w->outcomes[at];
	const struct rk_batch *batch = w->batch;

	outcome->status = fault->kind == RK_CAT_RATE_LIMIT ? RK_RETRY : RK_REJECTED;
	outcome->category = fault->kind;
	outcome->code = fault->code;
	outcome->message = fault->message;
	outcome->field = fault->field;
	outcome->other_id = existing_id(fault->message);
	for (uint64_t i = 0; i < batch->field_count; i++)
		if (fault->field.len && rk_text_eq(batch->fields[i].name, fault->field))
			outcome->value = wire_text(w->host, &batch->rows[at].values[i]);
}

/* Gives an error to every row that it names; how many that were. */
static uint64_t
blame(struct writing *w, const cJSON *error)
{
	const cJSON *context = rk_json_get(error, "context");
	const cJSON *traces = rk_json_get(context, "objectWriteTraceId");
	struct fault fault = read_fault(w->host, error);
	uint64_t count = 0;

	rk_json_each(name, traces ? traces : rk_json_get(context, "ids")) {
		struct rk_text text = rk_json_text(w->host, name, NULL);
		struct naming by = { .id = text, .key = text };
		int64_t at;

		if (traces)
			by.trace = text;
		at = text.len ? find_row(w, &by) : -1;
		if (at < 0)
			continue;
		refuse_row(w, (uint64_t)at, &fault);
		count++;
	}
	return count;
}

static uint64_t
untold(const struct writing *w)
{
	uint64_t count = 0;

	for (uint64_t i = 0; i < w->batch->row_count; i++)
		count += w->outcomes[i].status == RK_UNKNOWN;
	return count;
}

/* Errors that name no input, in an answer that otherwise accounts for all rows:
 * those left were refused.  One row takes the error; of several the host finds
 * the culprit by splitting. */
static int32_t
settle_rest(struct writing *w, const struct fault *fault, struct rk_err *err)
{
	uint64_t left = untold(w);

	for (uint64_t i = 0; i < w->batch->row_count; i++) {
		if (w->outcomes[i].status != RK_UNKNOWN)
			continue;
		if (left == 1)
			refuse_row(w, i, fault);
		else
			w->outcomes[i].status = RK_RETRY;
	}
	if (left == 1)
		return RK_OK;
	rk_fail(err, RK_REJECT, fault->kind, "%.*s", RK_S(fault->message));
	RK_ERR_SET(err->code, fault->code);
	RK_ERR_SET(err->field, fault->field);
	return RK_REJECT;
}

/* A batch answer: every input has a result or an error.
 *
 * Shape:  {"status":"COMPLETE","results":[...],"numErrors":1,"errors":[...]}
 * Errors: an input of which nothing is told stays RK_UNKNOWN: a 2xx that tells
 *         nothing at all has been seen. */
static int32_t
take_answer(struct writing *w, const struct rk_answer *answer, struct rk_err *err)
{
	struct fault fault = { .kind = RK_CAT_OTHER };
	int64_t nameless = 0, told = 0;

	rk_json_each(item, rk_json_get(answer->root, "results"))
		take_result(w, item);
	rk_json_each(error, rk_json_get(answer->root, "errors")) {
		told++;
		if (blame(w, error))
			continue;
		nameless++;
		fault = read_fault(w->host, error);
	}
	if (nameless == 0 || untold(w) == 0)
		return RK_OK;
	rk_json_int(rk_json_get(answer->root, "numErrors"), &told);
	if ((int64_t)untold(w) > told)
		return RK_OK;
	return settle_rest(w, &fault, err);
}

/* The batch was refused as a whole and nothing of it was written. */
static int32_t
take_refusal(struct writing *w, const struct rk_answer *answer, struct rk_err *err)
{
	struct fault fault = read_fault(w->host, answer->root);
	uint64_t named = blame(w, answer->root);

	rk_json_each(error, rk_json_get(answer->root, "errors"))
		named += blame(w, error);
	if (named == 0)
		return settle_rest(w, &fault, err);
	for (uint64_t i = 0; i < w->batch->row_count; i++)
		if (w->outcomes[i].status == RK_UNKNOWN)
			w->outcomes[i].status = RK_RETRY;
	return RK_OK;
}

static void
all_rows(struct writing *w, int32_t status)
{
	for (uint64_t i = 0; i < w->batch->row_count; i++) {
		w->outcomes[i].status = status;
		if (status == RK_ARCHIVED)
			w->outcomes[i].id = w->batch->rows[i].id;
	}
}

static int32_t
take_reply(struct writing *w, const struct rk_answer *answer, struct rk_err *err)
{
	int32_t http = answer->reply.status;
	int32_t status;

	if (http == 204 && w->batch->operation == RK_OP_ARCHIVE) {
		all_rows(w, RK_ARCHIVED);
		return RK_OK;
	}
	if (http >= 200 && http < 300 && answer->root)
		return take_answer(w, answer, err);
	if (http >= 200 && http < 300) {
		rk_fail(err, RK_AGAIN, RK_CAT_SERVER, "HTTP %d: %s", http, answer->why.message);
		err->maybe_sent = 1;
		return RK_AGAIN;
	}
	status = judge(w->host, answer, err);
	if (http == 404 && !rk_text_is(rk_json_str(w->host, answer->root, "category"),
	                               "OBJECT_NOT_FOUND")) {
		err->category = RK_CAT_CONFIG;         /* No such object or path. */
		status = RK_PAUSE;
	}
	if (status == RK_REJECT)
		return take_refusal(w, answer, err);
	if (!err->maybe_sent)           /* 401, 403, 429: refused at the door. */
		all_rows(w, RK_RETRY);
	return status;
}

static int32_t
check_batch(const struct rk_batch *batch, const struct verb **verb, struct rk_err *err)
{
	for (size_t i = 0; i < RK_COUNT(verbs); i++)
		if (verbs[i].operation == batch->operation)
			*verb = &verbs[i];
	if (!*verb || (batch->operation == RK_OP_UPSERT && !batch->key_field))
		return rk_fail(err, RK_BUG, RK_CAT_BUG, "operation %u cannot be done",
		               batch->operation);
	if (batch->row_count > BATCH_MAX)
		return rk_fail(err, RK_BUG, RK_CAT_BUG, "%llu rows, HubSpot takes 100",
		               (unsigned long long)batch->row_count);
	return RK_OK;
}

static int32_t
hubspot_upsert(struct rk_conn *conn, const struct rk_batch *batch,
               struct rk_result *result, struct rk_err *err)
{
	struct writing w = { .host = conn->host, .batch = batch,
	                     .outcomes = result->outcomes };
	struct call call = { .method = "POST", .object = batch->object };
	struct rk_json_out out;
	struct rk_answer answer;
	int32_t status = check_batch(batch, &w.verb, err);

	if (status != RK_OK || batch->row_count == 0)
		return status;
	w.columns = rk_columns_make(w.host, batch->fields, batch->field_count);
	rk_json_begin(&out, w.host, 64 << 10, BODY_MAX);
	rk_put_open(&out, '{');
	rk_put_name(&out, "inputs");
	rk_put_open(&out, '[');
	for (uint64_t i = 0; i < batch->row_count; i++)
		put_row(&out, batch, &batch->rows[i]);
	rk_put_close(&out, ']');
	rk_put_close(&out, '}');
	status = rk_json_end(&out, &call.body, err);
	if (status != RK_OK) {
		all_rows(&w, RK_RETRY);
		return status;
	}
	call.path = crm_path(w.host, "objects", batch->object, w.verb->path);
	status = ask(w.host, &call, &answer, err);
	if (status == RK_OK)
		return take_reply(&w, &answer, err);
	if (!err->maybe_sent)
		all_rows(&w, RK_RETRY);
	return status;
}

RK_CONNECTOR = {
	.struct_size = sizeof(struct rk_connector), .abi = RK_ABI,
	.manifest = hubspot_manifest,
	.open = hubspot_open, .auth = hubspot_auth,
	.describe_fields = hubspot_describe_fields, .list_changed = hubspot_list_changed,
	.upsert = hubspot_upsert, .close = hubspot_close,
};
