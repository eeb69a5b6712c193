/* SPDX-License-Identifier: Apache-2.0
 *
 * sansan.c - the Sansan connector: business cards, and the people whose cards they are,
 * by one API key or several, each of a user of Sansan.  Here are its manifest, its table,
 * and the proof of the keys; api.c calls, fields.c describes, list.c reads and write.c
 * creates.  Waiting, retrying, limits and secrets are the host's.
 *
 * Source: the opening sections of the Sansan Open API reference, and public clients of
 * its versions 1 to 6.0.  What none of them shows is marked "not published" in these
 * files, and is a setting where it may differ. */
#include "sansan.h"

RK_MANIFEST(sansan_manifest,
	name = "sansan"; title = "Sansan"; version = "1.0.0";
	vendor = "Sansan, Inc."; licence = "Apache-2.0"; abi = 1;
	settings = (
	  { name = "api_key"; type = "secret"; required = true;
	    hint = "API key of a user who may see all cards";
	    hint_ja = "すべての名刺を閲覧できるユーザーの API キー";
	    example = "env:SANSAN_API_KEY"; },
	  { name = "api_key_2"; type = "secret";
	    hint = "API key of a second user; the cards of all keys are united";
	    hint_ja = "2 人目のユーザーの API キー (すべてのキーの名刺をまとめて同期)"; },
	  { name = "api_key_3"; type = "secret"; hint = "API key of a third user";
	    hint_ja = "3 人目のユーザーの API キー"; },
	  { name = "api_key_4"; type = "secret"; hint = "API key of a fourth user";
	    hint_ja = "4 人目のユーザーの API キー"; },
	  { name = "api_key_5"; type = "secret"; hint = "API key of a fifth user";
	    hint_ja = "5 人目のユーザーの API キー"; },
	  { name = "app_id"; type = "text"; pattern = "[A-Za-z0-9_-]+";
	    hint = "App id, for partner applications only";
	    hint_ja = "アプリ ID (パートナーアプリの場合のみ)"; },
	  { name = "host"; type = "url"; default = "https://api.sansan.com";
	    pattern = "https?://[^/?#@ ]+";
	    hint = "Address of the API, with https:// and without a path";
	    hint_ja = "API のアドレス。https:// を付け、パスは付けない"; },
	  { name = "api_version"; type = "text"; default = "v3.2";
	    pattern = "v[0-9]+(\\.[0-9]+)?";
	    hint = "Version of the API in every path";
	    hint_ja = "すべてのパスに入る API のバージョン"; },
	  { name = "tag_ids"; type = "text"; pattern = "[^,]+(,[^,]+)*";
	    hint = "Only cards with one of these tags: up to 300 ids of public or shared "
	           "tags, joined by commas; renkei describe CONNECTION cards lists them";
	    hint_ja = "同期するタグの ID。公開タグと共有タグのみ、カンマ区切りで 300 個まで "
	              "(一覧は renkei describe 接続名 cards)"; example = "7001,7002"; },
	  { name = "require_email"; type = "bool"; default = "true";
	    hint = "Only cards with a valid e-mail address, which makes duplicates rarer";
	    hint_ja = "有効なメールアドレスのある名刺だけを同期する (重複を減らす)"; },
	  { name = "range"; type = "choice"; default = "all"; choices = ( "all", "me" );
	    hint = "all: every card that the user may see; me: the user's own";
	    hint_ja = "all は閲覧できるすべての名刺、me は自分の名刺のみ"; },
	  { name = "include_past"; type = "bool"; default = "false";
	    hint = "Older cards of the same person too";
	    hint_ja = "同じ人物の過去の名刺も同期する"; },
	  { name = "start_date"; type = "text"; default = "2007-01-01";
	    pattern = "[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]";
	    hint = "The first load begins with cards updated on this day";
	    hint_ja = "初回の同期はこの日以後に更新された名刺から"; },
	  { name = "window_days"; type = "integer"; default = "30";
	    pattern = "[1-9][0-9]{0,4}";
	    hint = "How many days one call asks for";
	    hint_ja = "1 回の呼び出しで取得する日数"; },
	  { name = "allow_create"; type = "bool"; default = "false";
	    hint = "Whether new cards may be added to Sansan, which cannot be undone here";
	    hint_ja = "Sansan への名刺の新規登録を許可する (ここからは取り消せない)"; },
	  { name = "create_tag_id"; type = "text"; pattern = "[^, ]+";
	    hint = "Tag that every added card gets";
	    hint_ja = "登録した名刺に付けるタグの ID"; }
	);
	hosts = ( "${host}" );
	limits = ( { name = "burst"; calls = "8"; per = "1s"; scope = "connection"; } );
	objects = (
	  { name = "persons"; label = "People"; label_ja = "人物";
	    operations = ( "list", "ids", "field" ); page = 300; calls_page = 4; },
	  { name = "cards"; label = "Business cards"; label_ja = "名刺";
	    operations = ( "list", "ids", "field", "create" );
	    page = 300; calls_page = 4; batch = 1; calls_batch = 2; guarantee = "E3"; }
	);
	lags = { late_commit = "120s"; index_lag = "0s"; clock = "5s";
	         t_land = "60s"; t_visible = "30s"; };
	usual = ( { object = "persons"; is = "person"; fields = ( ("street", "street") ); },
	          { object = "cards"; fields = ( ("street", "street") ); } );
	texts = (
	  { code = "unauthorized";
	    cause = "The API key is wrong or was revoked.";
	    remedy = "In Sansan, Settings, External services, API: issue a key again and "
	             "put it where the connection reads it.";
	    cause_ja = "API キーが誤っているか、無効になっている。";
	    remedy_ja = "Sansan の「設定」「外部サービス連携」「API」でキーを再発行し、"
	                "接続の参照先に置く。"; },
	  { code = "forbidden";
	    cause = "The user of this key may not use the API.";
	    remedy = "Ask the Sansan administrator to allow the API for this user.";
	    cause_ja = "このキーのユーザーに API の利用権限がない。";
	    remedy_ja = "Sansan の管理者に API の利用許可を依頼する。"; },
	  { code = "not-entitled";
	    cause = "The Sansan contract does not include the Open API.";
	    remedy = "Ask the Sansan administrator which plan includes it.";
	    cause_ja = "Sansan のご契約に Open API が含まれていない。";
	    remedy_ja = "Sansan の管理者に契約プランを確認する。"; },
	  { code = "not_found";
	    cause = "The version of the API in the address does not exist.";
	    remedy = "Set api_version of the connection to one that Sansan serves.";
	    cause_ja = "アドレスの API バージョンが存在しない。";
	    remedy_ja = "接続の api_version を Sansan が提供するものに変える。"; }
	);
);

static int32_t
sansan_open(const struct rk_host *host, struct rk_conn **conn, struct rk_err *err)
{
	struct rk_text ids[SANSAN_TAGS_MAX], start = host->setting(host, "start_date");
	uint64_t count = sansan_chosen_tags(host, ids);
	int64_t days;

	if (!host->has_setting(host, "api_key"))
		return rk_fail_config(err, "api_key is missing");
	if (count > SANSAN_TAGS_MAX)
		return rk_fail_config(err, "tag_ids names %llu tags; at most 300 can be "
		                      "synced", (unsigned long long)count);
	if (start.len && !rk_date_parse(start, &days))
		return rk_fail_config(err, "start_date \"%.*s\" is no date", RK_S(start));
	return rk_conn_open(host, conn);
}

/* ---- auth ------------------------------------------------------------------------ */

struct chosen {
	struct rk_text ids[SANSAN_TAGS_MAX];
	int found[SANSAN_TAGS_MAX];
	uint64_t count;
};

static void
find_chosen(void *to, const struct rk_host *host, const cJSON *tag)
{
	struct chosen *chosen = to;
	struct rk_text id = rk_json_str(host, tag, "id");

	for (uint64_t i = 0; i < chosen->count; i++)
		chosen->found[i] |= rk_text_eq(chosen->ids[i], id);
}

/* A tag that is private, or that is not there, would leave every card out. */
static int32_t
check_tags(const struct rk_host *host, struct rk_err *err)
{
	struct chosen *chosen = host->alloc(host, sizeof *chosen);
	int32_t status;

	chosen->count = sansan_chosen_tags(host, chosen->ids);
	if (chosen->count == 0)
		return RK_OK;
	status = sansan_read_tags(host, find_chosen, chosen, err);
	for (uint64_t i = 0; i < chosen->count && status == RK_OK; i++)
		if (!chosen->found[i])
			return rk_fail_config(err, "tag_ids: \"%.*s\" is no public or "
			                      "shared tag that the keys can see",
			                      RK_S(chosen->ids[i]));
	return status;
}

/* Proves each key; an error tells whose it is. */
static int32_t
sansan_auth(struct rk_conn *conn, struct rk_account *account, struct rk_err *err)
{
	const struct rk_host *host = conn->host;
	unsigned key = sansan_key_from(host, 0);

	for (; key < SANSAN_KEYS; key = sansan_key_from(host, key + 1)) {
		int32_t status = sansan_probe(host, key, err);

		if (status != RK_OK) {
			struct rk_text told = rk_textf(
				host, "%s: %s", sansan_key_names[key], err->message);

			RK_ERR_SET(err->message, told);
			return status;
		}
		rk_grant_tell(host, rk_z(sansan_key_names[key]), rk_z(""), account);
	}
	account->account = host->setting(host, "host");
	return check_tags(host, err);
}

RK_CONNECTOR = {
	.struct_size = sizeof(struct rk_connector), .abi = RK_ABI,
	.manifest = sansan_manifest,
	.open = sansan_open, .auth = sansan_auth,
	.describe_fields = sansan_describe_fields, .list_changed = sansan_list_changed,
	.upsert = sansan_upsert, .close = rk_conn_close,
};
