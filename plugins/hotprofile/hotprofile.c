/* SPDX-License-Identifier: Apache-2.0
 *
 * hotprofile.c - the HotProfile connector: companies, departments, leads and deals by the
 * open API, with the key of one user.  Here are its manifest, its table, and the proof of
 * the key; api.c calls, fields.c describes, list.c and departments.c read, write.c writes,
 * value.c converts.  Waiting, retrying, limits and secrets are the host's.
 *
 * Source: the vendor's guide and sheets of the open API (2018 to 2024), its Power Platform
 * connector, and a public client.  What none of them shows is taken leniently. */
#include "hotprofile.h"

RK_MANIFEST(hotprofile_manifest,
	name = "hotprofile"; title = "HotProfile"; title_ja = "ホットプロファイル";
	version = "1.0.0"; vendor = "Hammock Corporation"; licence = "Apache-2.0"; abi = 1;
	settings = (
	  { name = "host"; type = "url"; required = true; pattern = "https?://[^/?#@ ]+";
	    reduce = "^(https?://[^/?#@ ]+)/.*";
	    hint = "Address of your instance, https://NAME.hot-profile.com, without a path";
	    hint_ja = "インスタンスのアドレス https://インスタンス名.hot-profile.com "
	              "(パスは付けない)"; example = "https://example.hot-profile.com"; },
	  { name = "api_key"; type = "secret"; required = true;
	    hint = "API key of a user with the attribute API link; leads go as this user may "
	           "see them";
	    hint_ja = "API連携の属性を持つユーザーの API キー "
	              "(リードはこのユーザーが閲覧できるものだけ)";
	    example = "env:HOTPROFILE_API_KEY"; },
	  { name = "client_items"; type = "text";
	    hint = "Custom items of companies: LABEL:ID:TYPE:CODE=LABEL,...; TYPE is text, "
	           "note, number, date, choice, checks, user or file";
	    hint_ja = "会社のカスタム項目。ラベル:ID:型:コード=ラベル,... を ; で区切る。"
	              "型は text、note、number、date、choice、checks、user、file";
	    example = "ランク:101:choice:A,B,C; 口座数:102:number"; },
	  { name = "lead_items"; type = "text";
	    hint = "Custom items of leads, in the same form";
	    hint_ja = "リードのカスタム項目 (同じ形式)";
	    example = "区分:201:choice:2010=営業,2011=技術"; },
	  { name = "deal_items"; type = "text";
	    hint = "Custom items of deals, in the same form";
	    hint_ja = "商談のカスタム項目 (同じ形式)"; example = "競合:301:text"; },
	  { name = "departments"; type = "choice"; default = "all";
	    choices = ( "all", "daily", "changed" );
	    hint = "all: the departments of every company in each run, a call a company; "
	           "changed: those of companies that changed; daily: the same, and all in the "
	           "first run of a day";
	    hint_ja = "all は毎回すべての会社の部署 (1 社につき 1 回の呼び出し)、"
	              "changed は更新された会社の部署のみ、daily は changed に加えて 1 日の最初の"
	              "実行ですべて"; },
	  { name = "data_cleansing"; type = "choice"; default = "stop";
	    choices = ( "stop", "reviewed" );
	    hint = "stop: wait for a person once data cleansing has merged a company; "
	           "reviewed: the mapping was looked at, go on";
	    hint_ja = "stop はデータクレンジングによる会社の統合を検知したら停止、"
	              "reviewed は対応付け確認済みとして続行"; },
	  { name = "read_back"; type = "bool"; default = "true";
	    hint = "Look whether names and addresses of companies were stored, by one more call";
	    hint_ja = "会社の名称と住所が実際に保存されたかを確認する (呼び出しが 1 回増える)"; },
	  { name = "screen"; type = "url"; pattern = "https?://[^/?#@ ]+";
	    hint = "Address of HotProfile's screens, which is another one, for links";
	    hint_ja = "HotProfile の画面のアドレス (API とは異なる。リンク用)";
	    example = "https://12345.example.hot-profile.com"; }
	);
	hosts = ( "${host}" );
	limits = (
	  { name = "slot"; calls = "750"; per = "5m"; scope = "host"; },
	  { name = "parallel"; concurrent = "1"; scope = "host"; }
	);
	objects = (
	  { name = "clients"; label = "Companies"; label_ja = "会社";
	    operations = ( "list", "ids", "field", "create", "update" );
	    page = 100; calls_page = 100; batch = 1; calls_batch = 2; guarantee = "E3";
	    links = "[${screen}/clients/${id}]"; },
	  { name = "organizations"; label = "Departments"; label_ja = "部署";
	    operations = ( "list", "ids" ); page = 100; calls_page = 200; },
	  { name = "leads"; label = "Leads"; label_ja = "リード";
	    operations = ( "list", "ids", "field", "create", "update" );
	    page = 100; calls_page = 100; batch = 1; calls_batch = 2; guarantee = "E3"; },
	  { name = "deals"; label = "Deals"; label_ja = "商談";
	    operations = ( "list", "ids" ); page = 100; calls_page = 100; }
	);
	lags = { late_commit = "60s"; index_lag = "0s"; clock = "60s";
	         t_land = "60s"; t_visible = "10s"; };
	usual = (
	  { object = "clients"; is = "company"; },
	  { object = "organizations"; is = "department"; fields = ( ("id", "organization_id") ); },
	  { object = "leads"; is = "person"; }
	);
	texts = (
	  { code = "not-stored";
	    cause = "Data cleansing or the automatic update of company data is on: "
	            "HotProfile takes the value and does not store it.";
	    remedy = "Leave name, zip, pref and address of companies out of the mapping, or "
	             "switch that off in HotProfile.";
	    cause_ja = "データクレンジングまたは企業情報の自動更新設定が有効なため、"
	               "HotProfile が値を受け付けても保存しない。";
	    remedy_ja = "会社の会社名・郵便番号・都道府県・住所を対応付けから外すか、"
	                "HotProfile の設定を無効にする。"; }
	);
);

static int32_t
hotprofile_open(const struct rk_host *host, struct rk_conn **conn, struct rk_err *err)
{
	int32_t status = hot_check_items(host, err);

	return status == RK_OK ? rk_conn_open(host, conn) : status;
}

/* What a bad key is answered is not published: a status of its own, errors without a list
 * of companies, a page for people, or a redirect to one. */
static int32_t
hotprofile_auth(struct rk_conn *conn, struct rk_account *account, struct rk_err *err)
{
	const struct rk_host *host = conn->host;
	struct rk_json_out form = hot_form(host);
	struct rk_answer answer = { .root = NULL };
	const cJSON *list;
	int32_t status, http;

	hot_put_number(&form, "page[display_number]", 1);
	status = hot_ask_list(host, rk_z("clients"), &form, &answer, &list, NULL, err);
	http = answer.reply.status;
	account->account = host->setting(host, "host");
	if (status == RK_OK || http == 0 || http == 404 || http == 408 || http == 429 ||
	    http >= 500 || err->category == RK_CAT_PERMISSION)
		return status;
	if (http == 200 && !answer.root && !rk_is_page(&answer.reply))
		return status;
	if (http == 200 && answer.root && !rk_json_get(answer.root, "errors"))
		return status;
	return rk_fail(err, RK_PAUSE, RK_CAT_AUTH, "HotProfile does not take the key: %.*s",
	               RK_S(rk_textf(host, "%s", err->message)));
}

RK_CONNECTOR = {
	.struct_size = sizeof(struct rk_connector), .abi = RK_ABI,
	.manifest = hotprofile_manifest,
	.open = hotprofile_open, .auth = hotprofile_auth,
	.describe_fields = hotprofile_describe_fields,
	.list_changed = hotprofile_list_changed,
	.upsert = hotprofile_upsert, .close = rk_conn_close,
};
