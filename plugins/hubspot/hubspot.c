/* SPDX-License-Identifier: Apache-2.0
 *
 * hubspot.c - the HubSpot connector: contacts, companies, deals and every other CRM
 * object that HubSpot serves under /crm/objects.  Here are its manifest, its table,
 * and the proof of the credentials; api.c calls, fields.c describes, list.c reads
 * and write.c writes.  Waiting, retrying, limits and secrets are the host's.
 *
 * Source: HubSpot developer documentation, version 2026-09; where a remark in these
 * files says "seen", it was observed by others and is not documented. */
#include "hubspot.h"

RK_MANIFEST(hubspot_manifest,
	name = "hubspot"; title = "HubSpot CRM"; version = "1.0.0";
	vendor = "HubSpot Inc."; licence = "Apache-2.0"; abi = 1;
	settings = (
	  { name = "token"; type = "secret"; required = true;
	    hint = "Access token of a service key or private app, pat-REGION-...; "
	           "else client_id and client_secret";
	    hint_ja = "サービスキーまたは非公開アプリのアクセストークン (pat-地域-...)。"
	              "または client_id と client_secret";
	    example = "env:HUBSPOT_TOKEN"; },
	  { name = "host"; type = "url"; default = "https://api.hubapi.com";
	    pattern = "https?://[^/?#@ ]+";
	    hint = "Address of the API, with https:// and without a path";
	    hint_ja = "API のアドレス。https:// を付け、パスは付けない"; },
	  { name = "app_host"; type = "url"; default = "https://app.hubspot.com";
	    pattern = "https?://[^/?#@ ]+";
	    hint = "Address of the pages on which an OAuth app is given its rights";
	    hint_ja = "OAuth アプリの許可画面のアドレス"; },
	  { name = "version"; type = "choice"; default = "2026-09";
	    choices = ( "2026-09", "2026-03" );
	    hint = "Version of the API in every path";
	    hint_ja = "すべてのパスに入る API のバージョン"; },
	  { name = "index_lag"; type = "seconds"; default = "60s";
	    hint = "How long a change may stay invisible to search";
	    hint_ja = "変更が検索に現れるまでの最長時間"; },
	  { name = "sensitive"; type = "choice"; default = "no";
	    choices = ( "no", "sensitive", "highly_sensitive" );
	    hint = "Whether properties marked sensitive are offered, and up to which level";
	    hint_ja = "機密プロパティを扱うか、どの段階まで扱うか"; },
	  { name = "portal"; type = "integer";
	    hint = "Hub ID, for links that open a record in HubSpot";
	    hint_ja = "Hub ID。HubSpot のレコードを開くリンクに使う"; example = "12345678"; }
	);
	hosts = ( "${host}" );
	limits = (
	  { name = "burst"; calls = "190"; per = "10s"; scope = "connection";
	    told_calls = "x-hubspot-ratelimit-max";
	    told_left = "x-hubspot-ratelimit-remaining"; },
	  { name = "search"; calls = "5"; per = "1s"; scope = "connection";
	    reads_only = true; },
	  { name = "day"; calls = "250000"; per = "1d"; scope = "connection";
	    resets = "00:00"; zone = "UTC"; reserve = "10%";
	    told_calls = "x-hubspot-ratelimit-daily";
	    told_left = "x-hubspot-ratelimit-daily-remaining"; }
	);
	hook = { header = "x-hubspot-signature-v3"; time = "x-hubspot-request-timestamp";
	         over = ( "method", "url", "body", "time" );
	         objects = ( "objectTypeId", "subscriptionType" );
	         ids = ( "objectId", "fromObjectId", "primaryObjectId", "newObjectId" ); };
	gone = ( "OBJECT_NOT_FOUND" );
	objects = (
	  { name = "contacts"; label = "Contacts"; label_ja = "コンタクト";
	    told_as = ( "contact", "0-1" );
	    operations = ( "list", "ids", "field", "upsert", "create", "update",
	                   "archive" );
	    hints = ( "choice in", "choice empty", "decimal order", "decimal empty" );
	    page = 200; calls_page = 12; batch = 100; calls_batch = 8;
	    writers = 4; guarantee = "E1";
	    read_scopes = ( "crm.objects.contacts.read" );
	    write_scopes = ( "crm.objects.contacts.write" );
	    links = "https://app.hubspot.com/contacts/${portal}/record/0-1/${id}"; },
	  { name = "companies"; label = "Companies"; label_ja = "会社";
	    told_as = ( "company", "0-2" );
	    operations = ( "list", "ids", "field", "upsert", "create", "update",
	                   "archive" );
	    hints = ( "choice in", "choice empty", "decimal order", "decimal empty" );
	    page = 200; calls_page = 12; batch = 100; calls_batch = 8;
	    writers = 4; guarantee = "E1";
	    read_scopes = ( "crm.objects.companies.read" );
	    write_scopes = ( "crm.objects.companies.write" );
	    links = "https://app.hubspot.com/contacts/${portal}/record/0-2/${id}"; },
	  { name = "deals"; label = "Deals"; label_ja = "取引";
	    told_as = ( "deal", "0-3" );
	    operations = ( "list", "ids", "field", "upsert", "create", "update",
	                   "archive" );
	    hints = ( "choice in", "choice empty", "decimal order", "decimal empty" );
	    page = 200; calls_page = 12; batch = 100; calls_batch = 8;
	    writers = 4; guarantee = "E1";
	    read_scopes = ( "crm.objects.deals.read" );
	    write_scopes = ( "crm.objects.deals.write" );
	    links = "https://app.hubspot.com/contacts/${portal}/record/0-3/${id}"; },
	  { name = "leads*"; id_pattern = "leads"; label = "Leads"; label_ja = "リード";
	    told_as = ( "lead", "0-136" );
	    operations = ( "list", "ids", "field", "create", "update", "archive" );
	    page = 200; calls_page = 12; batch = 100; calls_batch = 8;
	    writers = 4; guarantee = "E3";
	    read_scopes = ( "crm.objects.leads.read" );
	    write_scopes = ( "crm.objects.leads.write" );
	    links = "https://app.hubspot.com/contacts/${portal}/record/0-136/${id}"; },
	  { name = "tickets*"; id_pattern = "tickets"; label = "Tickets"; label_ja = "チケット";
	    told_as = ( "ticket", "0-5" );
	    operations = ( "list", "ids", "field", "upsert", "create", "update",
	                   "archive" );
	    page = 200; calls_page = 12; batch = 100; calls_batch = 8;
	    writers = 4; guarantee = "E1";
	    read_scopes = ( "tickets" );
	    write_scopes = ( "tickets" );
	    links = "https://app.hubspot.com/contacts/${portal}/record/0-5/${id}"; },
	  { name = "tasks*"; id_pattern = "tasks"; label = "Tasks"; label_ja = "タスク";
	    told_as = ( "task", "0-27" );
	    operations = ( "list", "ids", "field", "upsert", "create", "update",
	                   "archive" );
	    page = 200; calls_page = 12; batch = 100; calls_batch = 8;
	    writers = 4; guarantee = "E1";
	    read_scopes = ( "crm.objects.contacts.read" );
	    write_scopes = ( "crm.objects.contacts.write" );
	    links = "https://app.hubspot.com/contacts/${portal}/record/0-27/${id}"; },
	  { name = "emails*"; id_pattern = "emails"; label = "E-mail activity"; label_ja = "メール";
	    told_as = ( "email", "0-49" );
	    operations = ( "list", "ids", "field", "upsert", "create", "update",
	                   "archive" );
	    page = 200; calls_page = 12; batch = 100; calls_batch = 8;
	    writers = 4; guarantee = "E1";
	    read_scopes = ( "crm.objects.contacts.read", "sales-email-read" );
	    write_scopes = ( "crm.objects.contacts.write", "sales-email-read" );
	    links = "https://app.hubspot.com/contacts/${portal}/record/0-49/${id}"; },
	  { name = "2-*"; id_pattern = "2-[0-9]+";
	    label = "Custom object"; label_ja = "カスタムオブジェクト";
	    operations = ( "list", "ids", "field", "upsert", "create", "update",
	                   "archive" );
	    hints = ( "choice in", "choice empty", "decimal order", "decimal empty" );
	    page = 200; calls_page = 12; batch = 100; calls_batch = 8;
	    writers = 4; guarantee = "E1";
	    read_scopes = ( "crm.objects.custom.read" );
	    write_scopes = ( "crm.objects.custom.write" );
	    links = "https://app.hubspot.com/contacts/${portal}/record/${object}/${id}"; },
	  { name = "*"; id_pattern = "[A-Za-z0-9_-]+";
	    operations = ( "list", "ids", "field", "upsert", "create", "update",
	                   "archive" );
	    page = 200; calls_page = 12; batch = 100; calls_batch = 8;
	    writers = 4; guarantee = "E1";
	    links = "https://app.hubspot.com/contacts/${portal}/record/${object}/${id}"; }
	);
	oauth = { grants = ( "authorization_code", "refresh_token" );
	          authorize = "${app_host}/oauth/authorize";
	          token = "${host}/oauth/${version}/token";
	          revoke = "${host}/oauth/${version}/token/revoke";
	          scope_separator = " "; pkce = true; client_auth = "body";
	          scopes = ( "oauth" );
	          more = (
	            { field = "associations.contacts";
	              read_scopes = ( "crm.objects.contacts.read" ); },
	            { field = "associations.companies";
	              read_scopes = ( "crm.objects.companies.read" ); },
	            { field = "associations.deals";
	              read_scopes = ( "crm.objects.deals.read" ); },
	            { field = "associations.2-";
	              read_scopes = ( "crm.objects.custom.read" ); },
	            { field = "hubspot_owner_id";
	              read_scopes = ( "crm.objects.owners.read" ); },
	            { object = "contacts"; setting = "sensitive";
	              values = ( "sensitive", "highly_sensitive" );
	              read_scopes = ( "crm.objects.contacts.sensitive.read.v2" );
	              write_scopes = ( "crm.objects.contacts.sensitive.write.v2" ); },
	            { object = "contacts"; setting = "sensitive";
	              values = ( "highly_sensitive" );
	              read_scopes = ( "crm.objects.contacts.highly_sensitive.read.v2" );
	              write_scopes = ( "crm.objects.contacts.highly_sensitive.write.v2" ); },
	            { object = "companies"; setting = "sensitive";
	              values = ( "sensitive", "highly_sensitive" );
	              read_scopes = ( "crm.objects.companies.sensitive.read.v2" );
	              write_scopes = ( "crm.objects.companies.sensitive.write.v2" ); },
	            { object = "companies"; setting = "sensitive";
	              values = ( "highly_sensitive" );
	              read_scopes = ( "crm.objects.companies.highly_sensitive.read.v2" );
	              write_scopes = ( "crm.objects.companies.highly_sensitive.write.v2" ); },
	            { object = "deals"; setting = "sensitive";
	              values = ( "sensitive", "highly_sensitive" );
	              read_scopes = ( "crm.objects.deals.sensitive.read.v2" );
	              write_scopes = ( "crm.objects.deals.sensitive.write.v2" ); },
	            { object = "deals"; setting = "sensitive";
	              values = ( "highly_sensitive" );
	              read_scopes = ( "crm.objects.deals.highly_sensitive.read.v2" );
	              write_scopes = ( "crm.objects.deals.highly_sensitive.write.v2" ); },
	            { object = "2-*"; setting = "sensitive";
	              values = ( "sensitive", "highly_sensitive" );
	              read_scopes = ( "crm.objects.custom.sensitive.read.v2" );
	              write_scopes = ( "crm.objects.custom.sensitive.write.v2" ); },
	            { object = "2-*"; setting = "sensitive";
	              values = ( "highly_sensitive" );
	              read_scopes = ( "crm.objects.custom.highly_sensitive.read.v2" );
	              write_scopes = ( "crm.objects.custom.highly_sensitive.write.v2" ); }
	          ); };
	lags = { late_commit = "0s"; index_lag = "60s"; clock = "5s";
	         t_land = "30s"; t_visible = "60s"; };
	usual = (
	  { object = "contacts"; is = "person";
	    fields = ( ("id", "hs_object_id"), ("street", "address") ); },
	  { object = "companies"; is = "company";
	    fields = ( ("id", "hs_object_id"), ("company", "name"), ("street", "address") ); },
	  { object = "deals"; is = "deal"; fields = ( ("id", "hs_object_id") ); }
	);
	texts = (
	  { code = "INVALID_AUTHENTICATION";
	    cause = "The token was mistyped, deleted or rotated, or its user disabled.";
	    remedy = "Copy the token again from HubSpot and update the secret.";
	    cause_ja = "トークンの入力誤り、削除・再発行、または利用者の無効化。";
	    remedy_ja = "HubSpot の開発者設定でトークンを確認し、接続の秘密情報を更新する。"; },
	  { code = "MISSING_SCOPES";
	    cause = "The key lacks a scope that this call needs.";
	    remedy = "Add the named scope to the key in HubSpot.";
	    cause_ja = "キーに必要なスコープがない。";
	    remedy_ja = "示されたスコープを HubSpot のキーに追加する。"; },
	  { code = "PROPERTY_DOESNT_EXIST";
	    cause = "The mapping names a property that the object does not have.";
	    remedy = "Compare the mapping with describe; the property may be gone.";
	    cause_ja = "対応付けが存在しないプロパティを指している。";
	    remedy_ja = "describe の結果と対応付けを見比べる。"; },
	  { code = "INVALID_OPTION";
	    cause = "The value is not an option of the property.";
	    remedy = "Add the option in HubSpot, or map the value to one that exists.";
	    cause_ja = "値がプロパティの選択肢にない。";
	    remedy_ja = "HubSpot に選択肢を追加するか、値の対応表を直す。"; },
	  { code = "READ_ONLY_VALUE";
	    cause = "The mapping writes a property that HubSpot computes itself.";
	    remedy = "Map to another property, or take this one out of the mapping.";
	    cause_ja = "対応付けが HubSpot の自動計算・読み取り専用プロパティに書き"
	             "込もうとしている。";
	    remedy_ja = "別のプロパティに対応付けるか、対応付けから外す。"; },
	  { code = "MISSING_REQUIRED_PROPERTY";
	    cause = "A property that a new record needs has no value.";
	    remedy = "Map the named property, or change the rule in HubSpot, Settings, "
	             "Objects.";
	    cause_ja = "新しいレコードの必須プロパティに値がない。";
	    remedy_ja = "示されたプロパティを対応付けるか、HubSpot の設定で必須を外す"
	             "。"; },
	  { code = "MISSING_CONDITIONAL_REQUIRED_PROPERTY";
	    cause = "A rule of the account requires the property because another "
	             "has its value.";
	    remedy = "Fill in the named property, or change the rule in HubSpot, "
	             "Settings, Properties.";
	    cause_ja = "別のプロパティの値により必須となるプロパティに値がない。";
	    remedy_ja = "示されたプロパティに値を入れるか、HubSpot のプロパティ設定で"
	             "規則を直す。"; },
	  { code = "CONFLICTING_UNIQUE_VALUE";
	    cause = "Another record has this value in a property that must be unique.";
	    remedy = "Change the value in one of both records, or merge them in HubSpot.";
	    cause_ja = "一意であるべきプロパティに、同じ値のレコードがすでにある。";
	    remedy_ja = "一方の値を変えるか、HubSpot で 2 つのレコードを統合する。"; },
	  { code = "INVALID_EMAIL";
	    cause = "HubSpot takes the address for no valid e-mail address.";
	    remedy = "Correct the address in the source record; it follows by itself.";
	    cause_ja = "メールアドレスの形式が HubSpot に受け付けられない。";
	    remedy_ja = "同期元のレコードのアドレスを直す（自動で再送される）。"; },
	  { code = "crm.associations.TO_OBJECT_NOT_FOUND";
	    cause = "The record that is to be associated was archived or never there.";
	    remedy = "Restore it in HubSpot or sync it first, then resync this one.";
	    cause_ja = "関連付け先のレコードが存在しないか、削除された。";
	    remedy_ja = "HubSpot で復元するか先に同期し、このレコードを再同期する。"; },
	  { code = "OBJECT_NOT_FOUND";
	    cause = "The record was archived, merged or deleted in HubSpot meanwhile.";
	    remedy = "Restore it in HubSpot, or change the source record so that "
	             "it is sent anew.";
	    cause_ja = "HubSpot 側でレコードが削除または統合された。";
	    remedy_ja = "HubSpot で復元するか、同期元のレコードを編集して再送する。"; },
	  { code = "DAILY";
	    cause = "The calls of this day are used up; all private apps share them.";
	    remedy = "It goes on after midnight of the account; see renkei usage "
	             "for who spends.";
	    cause_ja = "1 日の呼び出し回数を使い切った（全アプリで共有）。";
	    remedy_ja = "アカウントの深夜 0 時以降に再開する。内訳は renkei usage で確"
	             "認する。"; },
	  { code = "CONFLICT";
	    cause = "A contact with this e-mail address exists already.";
	    remedy = "Merge the two contacts, or remove the address from one of them.";
	    cause_ja = "同じメールアドレスのコンタクトがすでに存在する。";
	    remedy_ja = "コンタクトを統合するか、一方のアドレスを削除する。"; }
	);
);

static int32_t
hubspot_open(const struct rk_host *host, struct rk_conn **conn, struct rk_err *err)
{
	if (!host->has_setting(host, "token") && !host->has_setting(host, "access_token"))
		return rk_fail_config(err, "token is missing");
	return rk_conn_open(host, conn);
}

static const char *const known_scopes[] = {
	"crm.objects.contacts.read", "crm.objects.contacts.write",
	"crm.objects.companies.read", "crm.objects.companies.write",
	"crm.objects.deals.read", "crm.objects.deals.write", "crm.objects.owners.read",
	"crm.objects.custom.read", "crm.objects.custom.write",
	"crm.objects.leads.read", "crm.objects.leads.write", "tickets", "sales-email-read",
};

/* Asks which scopes the token has.  The call is undocumented, so its failure says
 * nothing about the token.
 *
 * Shape: {"hubId":1,"userId":2,"scopes":["..."]} */
static int32_t
token_info(const struct rk_host *host, struct rk_account *account, struct rk_err *err)
{
	static const struct rk_piece body[] = {
		RK_SAYS("{\"tokenKey\":\""), RK_SECRET("token", RK_ENC_JSON),
		RK_SAYS("\"}"),
	};
	struct rk_call call = hubspot_call(host, "POST", "", rk_z(""),
	        "/oauth/v2/private-apps/get/access-token-info");
	struct rk_answer answer;
	int32_t status;

	if (!host->has_setting(host, "token"))
		return RK_OK;           /* What OAuth granted is the host's to know. */
	call.safe = 1;
	call.pieces = body;
	call.piece_count = RK_COUNT(body);
	status = rk_ask(host, &call, &answer, err);
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
	rk_grants_read(host, known_scopes, RK_COUNT(known_scopes),
	               rk_json_get(answer.root, "scopes"),
	               "add this scope to the key in HubSpot", account);
	return RK_OK;
}

/* A key without any account scope may still read records: 403 is no refusal of
 * the token, if it is the API's own. */
static int32_t
hubspot_auth(struct rk_conn *conn, struct rk_account *account, struct rk_err *err)
{
	const struct rk_host *host = conn->host;
	struct rk_call call = hubspot_call(host, "GET", "account-info", rk_z(""),
	                                   "/details");
	struct rk_answer answer;
	int32_t status = rk_ask_proof(host, &call, "portalId", "HubSpot", &answer, err);

	if (status != RK_OK && (answer.reply.status != 403 || !answer.root))
		return status;
	if (status == RK_OK) {
		account->account = rk_textf(host, "Hub ID %.*s (%.*s)",
		                   RK_S(rk_json_str(host, answer.root, "portalId")),
		                   RK_S(rk_json_str(host, answer.root, "accountType")));
		account->zone = rk_json_str(host, answer.root, "timeZone");
	}
	return token_info(host, account, err);
}

RK_CONNECTOR = {
	.struct_size = sizeof(struct rk_connector), .abi = RK_ABI,
	.manifest = hubspot_manifest,
	.open = hubspot_open, .auth = hubspot_auth,
	.describe_fields = hubspot_describe_fields, .list_changed = hubspot_list_changed,
	.upsert = hubspot_upsert, .close = rk_conn_close,
};
