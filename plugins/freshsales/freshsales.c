/* SPDX-License-Identifier: Apache-2.0
 *
 * freshsales.c - the Freshsales (Freshworks CRM) connector: contacts, accounts and deals,
 * and leads of the first generation, by the API key of a user.  Here are its manifest, its
 * table, and the proof of the key; api.c calls, fields.c describes, list.c reads and
 * write.c writes.  Waiting, retrying, limits and secrets are the host's.
 *
 * Source: the API references of Freshworks CRM and of classic Freshsales, and public
 * clients of both.  What none of them shows is marked "not published" in these files, and
 * is read leniently or is a setting. */
#include "freshsales.h"

RK_MANIFEST(freshsales_manifest,
	name = "freshsales"; title = "Freshsales"; version = "1.0.0";
	vendor = "Freshworks Inc."; licence = "Apache-2.0"; abi = 1;
	settings = (
	  { name = "host"; type = "url"; required = true; pattern = "https?://[^/?#@ ]+";
	    reduce = "^(https?://[^/?#@ ]+)/.*";
	    hint = "Address of your account, https://NAME.freshsales.io or "
	           "https://NAME.myfreshworks.com, without a path";
	    hint_ja = "アカウントのアドレス https://サブドメイン.freshsales.io または "
	              "https://サブドメイン.myfreshworks.com (パスは付けない)";
	    example = "https://example.myfreshworks.com"; },
	  { name = "api_key"; type = "secret"; required = true;
	    hint = "API key of the user as whom renkei reads and writes";
	    hint_ja = "読み書きに使うユーザーの API キー";
	    example = "env:FRESHSALES_API_KEY"; },
	  { name = "api_path"; type = "text"; pattern = "(/[A-Za-z0-9_-]+)+";
	    hint = "Path of the API, if it is not /api of freshsales.io or /crm/sales/api";
	    hint_ja = "API のパス (freshsales.io の /api、その他の /crm/sales/api 以外の場合)"; },
	  { name = "read_mode"; type = "choice"; default = "auto";
	    choices = ( "auto", "view", "search" );
	    hint = "How changes are found: by a view that holds all records, by a search, or "
	           "auto: the view where there is one";
	    hint_ja = "変更の取得方法。view は全件のビュー、search は検索、"
	              "auto は全件のビューがあればビュー"; },
	  { name = "contacts_view"; type = "text";
	    hint = "Name or number of the view that holds all contacts";
	    hint_ja = "すべてのコンタクトを含むビューの名前または ID"; example = "All Contacts"; },
	  { name = "accounts_view"; type = "text";
	    hint = "Name or number of the view that holds all accounts";
	    hint_ja = "すべてのアカウントを含むビューの名前または ID"; },
	  { name = "deals_view"; type = "text";
	    hint = "Name or number of a view that holds all deals";
	    hint_ja = "すべての商談を含むビューの名前または ID"; },
	  { name = "leads_view"; type = "text";
	    hint = "Name or number of the view that holds all leads";
	    hint_ja = "すべてのリードを含むビューの名前または ID"; },
	  { name = "bulk"; type = "bool"; default = "true";
	    hint = "Several contacts are written by one job; else one by one";
	    hint_ja = "複数のコンタクトを一括ジョブで書き込む (false なら 1 件ずつ)"; }
	);
	hosts = ( "${host}" );
	limits = (
	  { name = "hour"; calls = "1000"; per = "1h"; scope = "host"; reserve = "5%";
	    told_left = "x-ratelimit-remaining"; }
	);
	objects = (
	  { name = "contacts"; label = "Contacts"; label_ja = "コンタクト";
	    operations = ( "list", "ids", "field", "upsert", "create", "update", "archive" );
	    page = 100; calls_page = 10; batch = 100; calls_batch = 15;
	    writers = 2; guarantee = "E1"; read_scopes = ( "contacts" );
	    links = "${host}/crm/sales/contacts/${id}"; },
	  { name = "sales_accounts"; label = "Accounts"; label_ja = "アカウント";
	    operations = ( "list", "ids", "field", "upsert", "create", "update", "archive" );
	    page = 100; calls_page = 10; batch = 1; writers = 4; guarantee = "E1";
	    read_scopes = ( "sales_accounts" );
	    links = "${host}/crm/sales/sales_accounts/${id}"; },
	  { name = "deals"; label = "Deals"; label_ja = "商談";
	    operations = ( "list", "ids", "field", "create", "update", "archive" );
	    page = 100; calls_page = 10; batch = 1; writers = 4; guarantee = "E3";
	    read_scopes = ( "deals" ); links = "${host}/crm/sales/deals/${id}"; },
	  { name = "leads"; label = "Leads"; label_ja = "リード";
	    operations = ( "list", "ids", "field" ); page = 100; calls_page = 10;
	    read_scopes = ( "leads" ); links = "${host}/leads/${id}"; }
	);
	lags = { late_commit = "60s"; index_lag = "60s"; clock = "5s";
	         t_land = "60s"; t_visible = "30s"; };
	usual = (
	  { object = "contacts"; is = "person";
	    fields = ( ("company", "sales_account_name"), ("street", "address") ); },
	  { object = "sales_accounts"; is = "company";
	    fields = ( ("company", "name"), ("street", "address") ); },
	  { object = "deals"; is = "deal";
	    fields = ( ("deal_name", "name"), ("deal_stage", "deal_stage_id") ); }
	);
	texts = (
	  { code = "option-invalid";
	    cause = "The value is no choice of the field; Freshsales would take it and drop it.";
	    remedy = "Map the value to one of the choices that describe shows: standard fields "
	             "take the number of a choice, custom ones its text.";
	    cause_ja = "値が項目の選択肢にない (Freshsales は受け付けたうえで値を捨てる)。";
	    remedy_ja = "describe に出る選択肢に対応付ける。標準項目は選択肢の ID、"
	                "カスタム項目は選択肢の文字列を使う。"; }
	);
);

static int32_t
freshsales_open(const struct rk_host *host, struct rk_conn **conn, struct rk_err *err)
{
	if (!host->has_setting(host, "api_key"))
		return rk_fail_config(err, "api_key is missing");
	return rk_conn_open(host, conn);
}

/* Asks for the views of one object, which needs no more than the right to read it.  A key
 * without that right is as good as another, and told so.
 *
 * Source: selector/owners refused a key whose contacts could be written. */
static int32_t
probe(const struct rk_host *host, const char *object, struct rk_account *account,
      struct rk_err *err)
{
	struct rk_call call = freshsales_call(host, "GET",
	                                      rk_textf(host, "%s/filters", object));
	struct rk_answer answer;
	int32_t status = rk_ask_proof(host, &call, "filters", "Freshsales", &answer, err);
	struct rk_grant *grant = rk_grant_tell(host, rk_z(object), rk_z(""), account);

	grant->granted = status == RK_OK;
	if (answer.reply.status != 403 || !answer.root)
		return status;
	grant->detail = rk_textf(host, "the owner of the key may not read these: %.*s",
	                         RK_S(freshsales_message(host, answer.root)));
	return RK_OK;
}

static int32_t
freshsales_auth(struct rk_conn *conn, struct rk_account *account, struct rk_err *err)
{
	static const char *const objects[] = { "contacts", "sales_accounts", "deals", "leads" };
	const struct rk_host *host = conn->host;
	int32_t status = RK_OK;

	account->account = host->setting(host, "host");
	for (uint64_t i = 0; i < RK_COUNT(objects) - !freshsales_is_classic(host) &&
	                     status == RK_OK; i++)
		status = probe(host, objects[i], account, err);
	return status;
}

RK_CONNECTOR = {
	.struct_size = sizeof(struct rk_connector), .abi = RK_ABI,
	.manifest = freshsales_manifest,
	.open = freshsales_open, .auth = freshsales_auth,
	.describe_fields = freshsales_describe_fields,
	.list_changed = freshsales_list_changed,
	.upsert = freshsales_upsert, .close = rk_conn_close,
};
