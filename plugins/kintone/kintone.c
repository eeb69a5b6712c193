/* SPDX-License-Identifier: Apache-2.0
 *
 * kintone.c - the kintone connector: the records of an app, by API token, by OAuth, or
 * by login and password.  Here are its manifest, its table, and the proof of the credentials;
 * api.c calls, fields.c describes, list.c reads, write.c writes and refusal.c sorts
 * out what was refused, value.c converts.  Waiting, retrying, limits and secrets are
 * the host's.
 *
 * Source: cybozu.dev and kintone's published OpenAPI document; where a remark in
 * these files says "measured", others observed it on a live domain and no page says
 * it. */
#include "kintone.h"

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
	    hint = "API token, or up to 9 joined by commas; else client_id and client_secret, "
	           "or login and password";
	    hint_ja = "アプリの API トークン (カンマ区切りで 9 個まで)。または client_id と "
	              "client_secret、もしくはログイン名とパスワード";
	    example = "env:KINTONE_TOKEN"; },
	  { name = "login"; type = "secret"; hint = "Login name, if no API token is used";
	    hint_ja = "ログイン名 (API トークンを使わない場合)"; },
	  { name = "password"; type = "secret"; hint = "Password of the login name";
	    hint_ja = "ログイン名のパスワード"; },
	  { name = "basic_login"; type = "secret";
	    hint = "User name of the domain's Basic authentication, if it has one";
	    hint_ja = "ドメインの Basic 認証のユーザー名 (設定されている場合)"; },
	  { name = "basic_password"; type = "secret";
	    hint = "Password of the domain's Basic authentication";
	    hint_ja = "ドメインの Basic 認証のパスワード"; },
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
	  { name = "parallel"; concurrent = "100"; scope = "host";
	    told_calls = "x-concurrencylimit-limit";
	    told_used = "x-concurrencylimit-running"; },
	  { name = "app-day"; calls = "10000"; per = "1d"; scope = "object";
	    resets = "00:00"; zone = "UTC"; reserve = "10%"; }
	);
	gone = ( "GAIA_RE01" );
	objects = (
	  { name = "*"; label = "App"; label_ja = "アプリ";
	    id_pattern = "[0-9]+"; id_reduce = "[^?#]*/([0-9]+)(/[a-z]*)?([?#].*)?";
	    operations = ( "list", "ids", "field", "upsert", "create", "update",
	                   "archive" );
	    hints = ( "choice in", "choice empty", "decimal in", "decimal order",
	              "date in", "date order" );
	    resumes = true; page = 500; calls_page = 3; batch = 100; writers = 8; guarantee = "E1";
	    read_scopes = ( "k:app_record:read", "k:app_settings:read" );
	    write_scopes = ( "k:app_record:write" );
	    links = "${host}/k/[guest/${guest_space}/]${object}/show#record=${id}"; }
	);
	oauth = { grants = ( "authorization_code", "refresh_token" );
	          authorize = "${host}/oauth2/authorization";
	          token = "${host}/oauth2/token";
	          scope_separator = " "; pkce = true; client_auth = "basic"; };
	hook = { objects = ( "app.id" ); ids = ( "record.$id.value", "recordId" ); };
	lags = { late_commit = "60s"; index_lag = "0s"; clock = "60s";
	         t_land = "30s"; t_visible = "10s"; };
	texts = (
	  { code = "GAIA_IA02";
	    cause = "The API token is unknown, or the app was not updated since.";
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
	    remedy = "Check subdomain, app number and login.";
	    cause_ja = "このアプリ ID のアプリが存在しない、または削除された。";
	    remedy_ja = "サブドメイン、アプリ ID、ログインを確認する。"; },
	  { code = "GAIA_LO04";
	    cause = "The record that the lookup points to is missing or hidden.";
	    remedy = "Add it to the source app, or the right to view it; send again.";
	    cause_ja = "ルックアップ元のレコードが存在しない、または閲覧権限がない。";
	    remedy_ja = "元アプリにレコードを追加するか閲覧権限を付け、再送する。"; },
	  { code = "GAIA_NO01";
	    cause = "The API token lacks a right: a source needs view; a target, view, "
	            "add and edit.";
	    remedy = "Tick the rights in the API token settings and update the app.";
	    cause_ja = "API トークンに権限が足りない (同期元は閲覧、同期先は閲覧・追"
	               "加・編集が必要)。";
	    remedy_ja = "アプリの API トークン設定で権限を付け、アプリを更新する。"; },
	  { code = "GAIA_IL26";
	    cause = "The mapping writes a user whom kintone does not know.";
	    remedy = "Map to the login name of an active kintone user, or add the "
	             "user.";
	    cause_ja = "書き込む値のユーザーが kintone に存在しない。";
	    remedy_ja = "kintone の有効なユーザーのログイン名に対応付けるか、ユーザー"
	             "を追加する。"; },
	  { code = "GAIA_IL28";
	    cause = "The mapping writes an organization that kintone does not know.";
	    remedy = "Map to the code of an organization of cybozu.com Administration.";
	    cause_ja = "書き込む値の組織が kintone に存在しない。";
	    remedy_ja = "cybozu.com 共通管理にある組織のコードに対応付ける。"; },
	  { code = "GAIA_LO03";
	    cause = "The key field of the lookup is not unique in its source app.";
	    remedy = "Forbid duplicates for that field in the source app, or look "
	             "up by another.";
	    cause_ja = "ルックアップのキーが元アプリで重複禁止になっていない。";
	    remedy_ja = "元アプリのフィールドで「値の重複を禁止する」を設定する。"; },
	  { code = "GAIA_FU01";
	    cause = "The user may not edit a field that the mapping writes.";
	    remedy = "Give the right in the app settings, Permissions for Fields.";
	    cause_ja = "対応付けが書き込むフィールドの編集権限がない。";
	    remedy_ja = "アプリの設定の「フィールドのアクセス権」で編集を許可する。"; },
	  { code = "GAIA_NO02";
	    cause = "The app is in maintenance mode.";
	    remedy = "Nothing to do: it is tried again; or end the maintenance in "
	             "the app.";
	    cause_ja = "アプリがメンテナンスモードになっている。";
	    remedy_ja = "終了後に自動で再試行される。急ぐ場合はメンテナンスモードを解"
	             "除する。"; },
	  { code = "GAIA_IL23";
	    cause = "The app lies in a guest space, and the connection names none.";
	    remedy = "Set guest_space of the connection to the number of that space.";
	    cause_ja = "ゲストスペース内のアプリだが、接続に guest_space がない。";
	    remedy_ja = "接続の guest_space にスペースの ID を設定する。"; },
	  { code = "GAIA_DA03";
	    cause = "Two API tokens of the same app were given.";
	    remedy = "Keep one API token for each app in api_token.";
	    cause_ja = "同じアプリの API トークンが 2 つ指定されている。";
	    remedy_ja = "api_token にはアプリごとに 1 つだけ指定する。"; },
	  { code = "CB_TW02";
	    cause = "The user has two-factor authentication: a password alone is "
	             "refused.";
	    remedy = "Use an API token, or a user without two-factor authentication.";
	    cause_ja = "2 要素認証の利用者はパスワードだけでは接続できない。";
	    remedy_ja = "API トークンを使うか、2 要素認証のない利用者で接続する。"; },
	  { code = "GAIA_TO04";
	    cause = "Over 100 requests to the domain were under way at once.";
	    remedy = "It is tried again; let fewer integrations run at the same time.";
	    cause_ja = "ドメインの同時リクエスト数が 100 を超えた。";
	    remedy_ja = "自動で再試行される。同時に動く連携を減らす。"; },
	  { code = "ip-rule";
	    cause = "The domain takes requests from certain IP addresses only.";
	    remedy = "In cybozu.com Administration, Security, IP Address Restriction: "
	             "add the address of this machine's network.";
	    cause_ja = "ドメインの IP アドレス制限で接続元が許可されていない。";
	    remedy_ja = "cybozu.com 共通管理の「IP アドレス制限」に、"
	                "このマシンの接続元アドレスを追加する。"; },
	  { code = "CB_NO02";
	    cause = "The user may not use this app, record or field.";
	    remedy = "Give the user the right in the app's permission settings.";
	    cause_ja = "利用者にアプリ・レコード・フィールドの権限がない。";
	    remedy_ja = "アプリのアクセス権を確認する。"; }
	);
);

static int32_t
kintone_open(const struct rk_host *host, struct rk_conn **conn, struct rk_err *err)
{
	int token = host->has_setting(host, "api_token");
	int login = host->has_setting(host, "login") &&
	            host->has_setting(host, "password");

	if (!token && !login && !host->has_setting(host, "access_token"))
		return rk_fail_config(err, "api_token is missing, or login and password, "
		                      "or client_id");
	if (host->has_setting(host, "basic_login") !=
	    host->has_setting(host, "basic_password"))
		return rk_fail_config(err, "basic_login and basic_password go together");
	if (host->has_setting(host, "basic_login") &&
	    host->has_setting(host, "access_token"))
		return rk_fail_config(err, "Basic authentication and OAuth share a "
		                      "header: use an API token or a login instead of "
		                      "OAuth");
	return rk_conn_open(host, conn);
}

/* Proves host and credentials, by the app of the settings if there is one.  Else a
 * password may list the apps; an API token may not, and is refused with a code of its
 * own only after it was found valid.  What a token may do in an app shows when that
 * app is described. */
static int32_t
kintone_auth(struct rk_conn *conn, struct rk_account *account, struct rk_err *err)
{
	const struct rk_host *host = conn->host;
	int token = host->has_setting(host, "api_token");
	struct rk_text app = host->setting(host, "app");
	struct rk_call call = kintone_call(host, "GET", app, app.len
		? rk_textf(host, "app.json?id=%.*s", RK_S(app)).ptr
		: "apps.json?limit=1");
	struct rk_answer answer;
	int32_t status = rk_ask_proof(host, &call, app.len ? "name" : "apps", "kintone",
	                              &answer, err);

	account->account = host->setting(host, "host");
	account->user = rk_z(token ? "Administrator (API token)" : "");
	if (token && !app.len && status == RK_PAUSE &&
	    strcmp(err->code, "GAIA_NO01") == 0)
		return RK_OK;
	if (status != RK_OK || !app.len)
		return status;
	rk_grant_tell(host, rk_textf(host, "app %.*s", RK_S(app)),
	              rk_json_str(host, answer.root, "name"), account);
	return RK_OK;
}

RK_CONNECTOR = {
	.struct_size = sizeof(struct rk_connector), .abi = RK_ABI,
	.manifest = kintone_manifest,
	.open = kintone_open, .auth = kintone_auth,
	.describe_fields = kintone_describe_fields, .list_changed = kintone_list_changed,
	.upsert = kintone_upsert, .close = rk_conn_close,
};
