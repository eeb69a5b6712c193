/* SPDX-License-Identifier: Apache-2.0
 *
 * salesforce.c - the Salesforce connector: leads, contacts, accounts, opportunities and
 * every other object of an org, custom ones too.  Here are its manifest, its table, and
 * the proof of the credentials; api.c calls, fields.c describes, list.c reads and write.c
 * writes.  Waiting, retrying, limits and secrets are the host's.
 *
 * Source: Salesforce developer documentation of versions 60.0 to 68.0; where a remark in
 * these files says "seen", it was observed by others and is not documented. */
#include "salesforce.h"

RK_MANIFEST(salesforce_manifest,
	name = "salesforce"; title = "Salesforce"; version = "1.0.0";
	vendor = "Salesforce, Inc."; licence = "Apache-2.0"; abi = 1;
	settings = (
	  { name = "host"; type = "url"; required = true; pattern = "https?://[^/?#@ ]+";
	    reduce = "^(https?://[^/?#@ ]+)/.*";
	    hint = "My Domain of the org, https://NAME.my.salesforce.com";
	    hint_ja = "組織の「私のドメイン」 https://名前.my.salesforce.com";
	    example = "https://example.my.salesforce.com"; },
	  { name = "token"; type = "secret";
	    hint = "An access token by hand, which ends with its session; else client_id";
	    hint_ja = "手動で取得したアクセストークン (セッション終了で失効)。通常は client_id"; },
	  { name = "login_host"; type = "url"; default = "https://login.salesforce.com";
	    pattern = "https?://[^/?#@ ]+";
	    hint = "Whom a signed claim is for; of a sandbox https://test.salesforce.com";
	    hint_ja = "署名の宛先。Sandbox では https://test.salesforce.com"; },
	  { name = "version"; type = "text"; default = "67.0";
	    pattern = "(5[2-9]|[6-9][0-9])[.]0";
	    hint = "Version of the API in every path, 52.0 or later";
	    hint_ja = "すべてのパスに入る API のバージョン (52.0 以降)"; },
	  { name = "bulk_from"; type = "integer"; default = "2000"; pattern = "[0-9]+";
	    hint = "Rows of a batch from which it goes as a job of Bulk API; 0: never";
	    hint_ja = "バッチがこの件数以上なら Bulk API のジョブで書き込む。0 = 使わない"; },
	  { name = "bulk_read_from"; type = "integer"; default = "20000"; pattern = "[0-9]+";
	    hint = "Records of an object from which all are read by a job; 0: never";
	    hint_ja = "全件読み取りで、この件数以上なら Bulk API のジョブを使う。0 = 使わない"; },
	  { name = "duplicate_rules"; type = "choice"; default = "obey";
	    choices = ( "obey", "pass_alerts" );
	    hint = "Whether duplicate rules that only alert stop a write";
	    hint_ja = "警告のみの重複ルールで書き込みを止めるか (obey = 止める)"; },
	  { name = "assignment_rules"; type = "bool"; default = "false";
	    hint = "Whether the org's assignment rules give new leads their owner";
	    hint_ja = "新しいリードに組織の割り当てルールを適用するか"; }
	);
	hosts = ( "${host}" );
	limits = (
	  { name = "parallel"; concurrent = "25"; scope = "host"; },
	  { name = "day"; calls = "100000"; per = "1d"; scope = "host"; reserve = "20%";
	    told_used = "sforce-limit-info api-usage=";
	    told_calls = "sforce-limit-info api-usage=#/"; }
	);
	gone = ( "ENTITY_IS_DELETED", "NOT_FOUND", "INVALID_CROSS_REFERENCE_KEY" );
	objects = (
	  { name = "*"; tells_deleted = true; id_pattern = "[A-Za-z][A-Za-z0-9_]*";
	    operations = ( "list", "ids", "field", "upsert", "create", "update",
	                   "archive" );
	    hints = ( "choice in", "decimal in", "decimal order", "decimal empty",
	              "date in", "date order", "date empty" );
	    page = 2000; calls_page = 250; batch = 2000; calls_batch = 10; rows_call = 200; writers = 4; guarantee = "E1";
	    read_scopes = ( "api" ); write_scopes = ( "api" );
	    links = "${host}/${id}"; }
	);
	oauth = { grants = ( "authorization_code", "refresh_token", "client_credentials",
	                     "jwt_bearer" );
	          audience = "${login_host}";
	          authorize = "${host}/services/oauth2/authorize";
	          token = "${host}/services/oauth2/token";
	          revoke = "${host}/services/oauth2/revoke";
	          scope_separator = " "; pkce = true; client_auth = "body";
	          scopes = ( "api", "refresh_token" ); };
	hook = { format = "soap"; };
	lags = { late_commit = "10m"; index_lag = "0s"; clock = "5s";
	         t_land = "30s"; t_visible = "10s"; };
	usual = (
	  { object = "Account"; is = "company";
	    fields = ( ("company", "Name"), ("street", "BillingStreet"),
	               ("city", "BillingCity"), ("state", "BillingState"),
	               ("zip", "BillingPostalCode"), ("country", "BillingCountry") ); },
	  { object = "Contact"; is = "person";
	    fields = ( ("street", "MailingStreet"), ("city", "MailingCity"),
	               ("state", "MailingState"), ("zip", "MailingPostalCode"),
	               ("country", "MailingCountry") ); },
	  { object = "Opportunity"; is = "deal"; fields = ( ("deal_name", "Name") ); },
	  { object = "Lead"; is = "lead"; }
	);
	texts = (
	  { code = "INVALID_SESSION_ID";
	    cause = "The access token ended, was revoked, or its app was blocked.";
	    remedy = "Log in again with renkei login; check the app and its user in Setup.";
	    cause_ja = "アクセストークンの失効・取り消し、またはアプリのブロック。";
	    remedy_ja = "renkei login でログインし直し、設定でアプリと利用者を確認する。"; },
	  { code = "API_DISABLED_FOR_ORG";
	    cause = "The user or the edition of the org may not use the API.";
	    remedy = "Give the user the permission API Enabled, or use an edition that has it.";
	    cause_ja = "利用者または組織のエディションで API が使えない。";
	    remedy_ja = "利用者に「API の有効化」権限を付けるか、対応エディションにする。"; },
	  { code = "REQUEST_LIMIT_EXCEEDED";
	    cause = "The org's API calls of 24 hours are used up; all integrations share them.";
	    remedy = "It goes on by itself; see renkei usage and Setup, System Overview.";
	    cause_ja = "組織の 24 時間の API コール数を使い切った（全連携で共有）。";
	    remedy_ja = "自動で再開する。内訳は renkei usage と設定の「システムの概要」で確認する。"; },
	  { code = "DUPLICATES_DETECTED";
	    cause = "A duplicate rule of the org stopped the record.";
	    remedy = "Merge or change one of the records; a rule that only alerts is passed "
	             "with duplicate_rules = \"pass_alerts\".";
	    cause_ja = "組織の重複ルールによりレコードが拒否された。";
	    remedy_ja = "レコードを統合または修正する。警告のみのルールは duplicate_rules で通せる。"; },
	  { code = "DUPLICATE_VALUE";
	    cause = "Another record has this value in a field that must be unique.";
	    remedy = "Change the value in one of both records, or merge them in Salesforce.";
	    cause_ja = "一意であるべき項目に、同じ値のレコードがすでにある。";
	    remedy_ja = "一方の値を変えるか、Salesforce で 2 つのレコードを統合する。"; },
	  { code = "FIELD_CUSTOM_VALIDATION_EXCEPTION";
	    cause = "A validation rule or trigger of the org refused the record.";
	    remedy = "The message is the administrator's own: correct the record by it.";
	    cause_ja = "組織の入力規則またはトリガーがレコードを拒否した。";
	    remedy_ja = "メッセージは管理者が定めたもの。それに従いレコードを直す。"; },
	  { code = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST";
	    cause = "The value is not in the restricted picklist, or not for this record type.";
	    remedy = "Add the value in Salesforce, or map it to one that exists.";
	    cause_ja = "値が制限付き選択リストにない、またはレコードタイプで使えない。";
	    remedy_ja = "Salesforce に値を追加するか、値の対応表を直す。"; },
	  { code = "REQUIRED_FIELD_MISSING";
	    cause = "A field that a new record needs has no value.";
	    remedy = "Map the named field, or fill it in at the source.";
	    cause_ja = "新しいレコードの必須項目に値がない。";
	    remedy_ja = "示された項目を対応付けるか、同期元で値を入れる。"; },
	  { code = "INVALID_FIELD";
	    cause = "The field does not exist or is hidden from the user.";
	    remedy = "Compare the mapping with describe; give the user read access to it.";
	    cause_ja = "項目が存在しないか、利用者に見えない。";
	    remedy_ja = "describe と対応付けを見比べ、項目レベルセキュリティを確認する。"; },
	  { code = "INVALID_FIELD_FOR_INSERT_UPDATE";
	    cause = "The user may not write a field that the mapping writes.";
	    remedy = "Give the user edit access in field-level security, or unmap the field.";
	    cause_ja = "対応付けが書き込む項目の編集権限がない。";
	    remedy_ja = "項目レベルセキュリティで編集を許可するか、対応付けから外す。"; },
	  { code = "INSUFFICIENT_ACCESS_OR_READONLY";
	    cause = "The user may not change this record or object.";
	    remedy = "Check profile, permission sets and sharing of the integration user.";
	    cause_ja = "利用者にこのレコードまたはオブジェクトの権限がない。";
	    remedy_ja = "連携ユーザーのプロファイル・権限セット・共有設定を確認する。"; },
	  { code = "ENTITY_IS_DELETED";
	    cause = "The record, or one that it points to, was deleted or merged.";
	    remedy = "Restore it from the recycle bin, or change the source record.";
	    cause_ja = "レコードまたは参照先が削除・統合された。";
	    remedy_ja = "ごみ箱から復元するか、同期元のレコードを直す。"; },
	  { code = "INVALID_CROSS_REFERENCE_KEY";
	    cause = "The record that a lookup points to is missing or hidden.";
	    remedy = "Sync the parent first, or give the user access to it; then resync.";
	    cause_ja = "参照先のレコードが存在しないか、利用者に見えない。";
	    remedy_ja = "親レコードを先に同期するか権限を付け、再同期する。"; },
	  { code = "UNABLE_TO_LOCK_ROW";
	    cause = "Other writers held the record or its parent at that moment.";
	    remedy = "Nothing to do: it is tried again; fewer writers help.";
	    cause_ja = "同時の書き込みでレコードまたは親がロックされていた。";
	    remedy_ja = "自動で再試行される。頻発する場合は writers を減らす。"; },
	  { code = "STORAGE_LIMIT_EXCEEDED";
	    cause = "The org's data storage is full.";
	    remedy = "Delete data or add storage in Salesforce.";
	    cause_ja = "組織のデータストレージがいっぱい。";
	    remedy_ja = "Salesforce でデータを削除するか容量を追加する。"; },
	  { code = "UNSUPPORTED_API_VERSION";
	    cause = "Salesforce has retired the version of the API that is configured.";
	    remedy = "Set version of the connection to one that the org lists.";
	    cause_ja = "設定された API バージョンは廃止された。";
	    remedy_ja = "接続の version を組織が対応するものにする。"; }
	);
);

static int32_t
salesforce_open(const struct rk_host *host, struct rk_conn **conn, struct rk_err *err)
{
	struct rk_text name = host->setting(host, "host");

	if (!host->has_setting(host, "token") && !host->has_setting(host, "access_token"))
		return rk_fail_config(err, "client_id is missing (or token)");
	if (rk_text_find(name, ".lightning.force.com"))
		return rk_fail_config(err, "host is the address of the pages for people; "
		                      "use https://NAME.my.salesforce.com");
	return rk_conn_open(host, conn);
}

/* Whether the org serves the version that is set.  Needs no credentials.
 *
 * Shape: [{"label":"..","url":"..","version":"67.0"}] */
static int32_t
check_version(const struct rk_host *host, struct rk_err *err)
{
	struct rk_text wanted = host->setting(host, "version"), newest = rk_z("none");
	struct rk_call call = salesforce_call(host, "GET", rk_z(""), rk_z(""));
	struct rk_answer answer;
	int32_t status;

	call.url = rk_textf(host, "%.*s/services/data/", RK_S(rk_base_url(host, "host")));
	status = rk_ask_read(host, &call, &answer, err);
	if (status != RK_OK)
		return status;
	rk_json_each(one, answer.root) {
		newest = rk_json_str(host, one, "version");
		if (rk_text_eq(newest, wanted))
			return RK_OK;
	}
	if (!rk_json_is(answer.root, cJSON_Array))
		return rk_fail_config(err, "this is not Salesforce's API: the answer has "
		                      "no versions");
	return rk_fail_config(err, "version %.*s of the API is not served there; the "
	                      "newest is %.*s", RK_S(wanted), RK_S(newest));
}

/* Proves the credentials.  Limits are shown to those who may view the setup: a refusal
 * of that right alone is no refusal of the token. */
static int32_t
salesforce_auth(struct rk_conn *conn, struct rk_account *account, struct rk_err *err)
{
	const struct rk_host *host = conn->host;
	struct rk_call call = salesforce_call(host, "GET", rk_z(""), rk_z("/limits"));
	struct rk_answer answer;
	const cJSON *calls;
	int32_t status = check_version(host, err);

	account->account = host->setting(host, "host");
	if (status == RK_OK)
		status = rk_ask_read(host, &call, &answer, err);
	if (status == RK_PAUSE && err->category == RK_CAT_PERMISSION &&
	    strncmp(err->code, "INSUFFICIENT_ACCESS", 19) == 0)
		return RK_OK;
	if (status != RK_OK)
		return status;
	calls = rk_json_get(answer.root, "DailyApiRequests");
	if (!calls)
		return rk_fail_config(err, "this is not Salesforce's API: the answer has "
		                      "no limits");
	rk_grant_tell(host, rk_z("api"), rk_textf(host, "%.*s of %.*s calls left",
	              RK_S(rk_json_str(host, calls, "Remaining")),
	              RK_S(rk_json_str(host, calls, "Max"))), account);
	return RK_OK;
}

RK_CONNECTOR = {
	.struct_size = sizeof(struct rk_connector), .abi = RK_ABI,
	.manifest = salesforce_manifest,
	.open = salesforce_open, .auth = salesforce_auth,
	.describe_fields = salesforce_describe_fields,
	.list_changed = salesforce_list_changed,
	.upsert = salesforce_upsert, .close = rk_conn_close,
};
