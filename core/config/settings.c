/* SPDX-License-Identifier: Apache-2.0
 *
 * settings.c - the one table of what may stand in a configuration, and what its
 * rows alone cannot say: settings of connectors, which settings need or exclude
 * each other, whose mistake a mistake is.  Checks, help and manual all come from
 * these rows; a new setting is a new row, and a member in config.h for its value. */
#include <string.h>

#include "config/config.h"
#include "config/form.h"
#include "config/names.h"
#include "config/table.h"
#include "config/turn.h"

#define DAY_MS 86400000

/* ---- Connections --------------------------------------------------------- */

/* A setting of the connector: its meaning is for connector/settings.c, which has
 * the manifest; here it only becomes text. */
static void
other_setting(struct table_reader *r, config_setting_t *member, void *into)
{
	struct config_connection *connection = into;
	const char *name = config_setting_name(member), *value = table_text(r, member);
	int64_t number = config_setting_get_int64(member);
	if (value == NULL) {
		table_wrong(r, name, member, "a text, a number, true or false");
		return;
	}
	if (number > INT32_MAX || number < INT32_MIN) {
		table_wrong(r, name, member, "large numbers as text, in quotes");
		return;
	}
	if (connection->settings == NULL) {
		int most = config_setting_length(config_setting_parent(member));
		connection->settings = arena_new_array(r->arena, (size_t)most,
		                                       struct config_setting);
	}
	connection->settings[connection->setting_count++] = (struct config_setting){
		arena_str(r->arena, name), value, table_place(r, member)
	};
}

/* ---- Syncs --------------------------------------------------------------- */

/* From here on mistakes are those of this sync, by its name or its line. */
static void
begin_sync(struct table_reader *r, config_setting_t *group, void *into)
{
	const char *name = NULL;
	(void)into;
	r->weight = PROBLEM_SYNC;
	if (config_setting_lookup_string(group, "name", &name) && form_name(name) == NULL)
		r->sync = arena_str(r->arena, name);
	else
		r->sync = arena_printf(r->arena, "(line %u)",
		                       config_setting_source_line(group)).ptr;
}

/* Two sources for one field need an expression, else the last would win. */
static void
refuse_second_sources(struct table_reader *r, const struct config_sync *sync)
{
	struct names targets = { NULL };
	for (size_t i = 0; i < sync->map_count; i++) {
		const struct config_map *map = &sync->maps[i];
		if (map->to == NULL || !map->enabled)
			continue;
		const struct config_map *first = names_add(&targets, map);
		if (first != NULL)
			problem_add(r->problems, r->weight, map->at, r->sync,
			            "a second source for \"%s\", the first is in line "
			            "%u; join them in one expression, such as "
			            "from = \"${a} ${b}\"", map->to, first->at.line);
	}
	names_free(&targets);
}

static bool
same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static void
finish_sync(struct table_reader *r, config_setting_t *group, void *into)
{
	struct config_sync *sync = into;
	if (sync->map_count == 0 && config_setting_get_member(group, "map") != NULL)
		table_complain(r, config_setting_get_member(group, "map"),
		               "map: found no fields, expected at least the key's");
	if (sync->every != NULL && sync->cron != NULL)
		table_complain(r, config_setting_get_member(group, "cron"),
		               "found both \"every\" and \"cron\", expected one of them");
	if (same(sync->from.connection, sync->to.connection)
	    && same(sync->from.object, sync->to.object))
		table_complain(r, group, "from and to are the same object, \"%s\" of "
		               "\"%s\"", sync->to.object, sync->to.connection);
	if ((sync->deletes == DELETES_FLAG) != (sync->flag.field != NULL))
		table_complain(r, group, sync->deletes == DELETES_FLAG
		               ? "deletes = \"flag\" without \"flag\", expected flag = { "
		                 "field = \"...\"; value = \"...\"; }"
		               : "found \"flag\" without deletes = \"flag\"");
	if (sync->name == NULL)
		sync->name = r->sync;      /* Off, and told by its line. */
	turn_sync(r, group, sync);
	refuse_second_sources(r, sync);
	r->weight = PROBLEM_FATAL;
	r->sync = NULL;
}

static void
finish_map(struct table_reader *r, config_setting_t *group, void *into)
{
	struct config_map *map = into;
	bool told = config_setting_get_member(group, "nulls") != NULL;
	if (map->default_value != NULL && !told)
		map->nulls = NULLS_DEFAULT;
	if (map->nulls == NULLS_DEFAULT && map->default_value == NULL)
		table_complain(r, group, "nulls = \"default\" without \"default\", "
		               "expected the text to write");
	if (map->default_value != NULL && map->nulls != NULLS_DEFAULT)
		table_complain(r, group, "found \"default\" beside nulls = \"%s\", "
		               "expected nulls = \"default\"",
		               map->nulls == NULLS_KEEP ? "keep" : "clear");
	if (map->otherwise != NULL && map->value_count == 0)
		table_complain(r, group, "found \"otherwise\" without \"values\"");
}

static void
finish_notice(struct table_reader *r, config_setting_t *group, void *into)
{
	struct config_notice *notice = into;
	if (config_setting_length(group) > 0 && notice->mail == NULL
	    && notice->chat == NULL && notice->webhook == NULL && notice->command == NULL
	    && notice->heartbeat == NULL)
		table_complain(r, group, "found none of \"mail\", \"chat\", \"webhook\", "
		               "\"command\" and \"heartbeat\", expected at least one");
	if (notice->secret != NULL && notice->webhook == NULL)
		table_complain(r, group, "found \"secret\" without \"webhook\", which it "
		               "signs");
}

/* What stands in a mail, and the password for it, go to no other machine in the clear. */
static void
finish_smtp(struct table_reader *r, config_setting_t *group, void *into)
{
	struct config_smtp *smtp = into;
	bool here = same(smtp->host, "localhost") || same(smtp->host, "127.0.0.1")
	            || same(smtp->host, "::1");
	if (same(smtp->tls, "none") && smtp->host != NULL && !here)
		table_complain(r, config_setting_get_member(group, "tls"), "tls: found "
		               "\"none\", expected \"starttls\" or \"tls\", as \"%s\" is "
		               "another machine", smtp->host);
	if ((smtp->user == NULL) != (smtp->password == NULL))
		table_complain(r, group, "found one of \"user\" and \"password\", expected "
		               "both or neither");
}

/* ---- The console ----------------------------------------------------------- */

const char *
config_console_mistake(const struct config_console *console)
{
	struct sockaddr_storage at;
	bool here = false;
	if ((console->certificate == NULL) != (console->key == NULL))
		return "found one of \"certificate\" and \"key\", expected both or none";
	if (console->listen == NULL || form_listen_at(console->listen, &at, &here) == 0)
		return NULL;           /* Told by its form. */
	if (!here && console->certificate == NULL && console->behind == NULL)
		return "listen is beyond this machine without TLS, expected \"certificate\" and "
		       "\"key\", or \"behind\", the address of a proxy that has TLS";
	if (console->behind != NULL && console->address == NULL)
		return "found \"behind\" without \"address\", expected where people find the "
		       "console, such as \"https://renkei.example.jp\"";
	if (!here && console->certificate == NULL
	    && strncmp(console->address, "https://", 8) != 0)
		return "address is not https://, expected that the proxy has TLS";
	return NULL;
}

static void
finish_console(struct table_reader *r, config_setting_t *group, void *into)
{
	const char *mistake = config_console_mistake(into);
	if (mistake != NULL)
		table_complain(r, group, "%s", mistake);
}

/* ---- The table ------------------------------------------------------------- */

#define TEXT(text, type, member) text, TABLE_TEXT, INTO(type, member)
#define LAG(text, member) \
	text, TABLE_DURATION, INTO(config_connection, member), WITHIN(0, DAY_MS)
#define NEED(how) .required = true, .form = (how)
#define HINT(en, ja) .hint = (en), .hint_ja = (ja)

static const struct table_rule limit_rows[] = {
	{ TEXT("limit", config_limit, limit), NEED(form_filled),
	  HINT("The name of the limit, as `renkei connectors show` lists it",
	       "制限の名前(`renkei connectors show` に一覧)") },
	{ TEXT("calls", config_limit, calls), .form = form_count,
	  .expect = "a number in quotes, such as \"100000\"",
	  HINT("Calls in one window", "1期間の呼び出し回数") },
	{ TEXT("per", config_limit, per), .form = form_duration,
	  HINT("Length of the window, such as \"10s\" or \"1d\"",
	       "期間の長さ。例 \"10s\" \"1d\"") },
	{ TEXT("concurrent", config_limit, concurrent), .form = form_count,
	  .expect = "a number in quotes, such as \"5\"",
	  HINT("Calls at the same time", "同時の呼び出し数") },
	{ TEXT("resets", config_limit, resets), .form = form_time,
	  HINT("Time of day at which a day's window ends", "1日の期間が終わる時刻") },
	{ TEXT("zone", config_limit, zone), .form = form_zone,
	  HINT("Time zone of resets", "resets のタイムゾーン") },
	{ TEXT("allocation", config_limit, allocation), .form = form_share,
	  .expect = "a text such as \"500\" or \"10%\"",
	  HINT("What renkei may use of the calls, such as \"80%\"; the rest is for others with "
	       "the same account, and calls beyond it are not made",
	       "呼び出しのうち renkei が使ってよい量。例 \"80%\"。残りは同じアカウントの他の利用者"
	       "のために空け、超える呼び出しは行わない") },
	{ TEXT("reserve", config_limit, reserve), .form = form_share,
	  .expect = "a text such as \"500\" or \"10%\"",
	  HINT("What a first load leaves of that for everyday runs, \"10%\" unless the "
	       "connector says otherwise",
	       "そのうち初回の読み込みが日常の同期のために残す量。指定がなければ1割") },
};

static const struct table_level limit_level = {
	.path = "connections.NAME.limits", .what = "a limit", FILLS(config_limit),
	ROWS(limit_rows), PLACE(config_limit, at),
	.title = "A limit of the account, where it differs from what the connector "
	"declares", .title_ja = "コネクターの宣言と異なるアカウントの制限",
};

static const struct table_rule hook_rows[] = {
	{ TEXT("secret", config_hook, secret), NEED(form_filled),
	  HINT("What proves that a webhook comes from the CRM, by reference (env:, file:, "
	       "credential:, sealed:): for HubSpot the client secret of the app; for a CRM that "
	       "signs nothing the last part of the address that it is given",
	       "Webhook が CRM からのものであることを示す秘密情報(env:、file:、credential:、"
	       "sealed: で参照)。HubSpot ではアプリの client secret、署名のない CRM ではアドレスの"
	       "最後の部分") },
	{ TEXT("url", config_hook, url), .form = form_filled,
	  HINT("The address that the CRM was given, to its last letter, where the signature "
	       "covers it (HubSpot)",
	       "CRM に登録したアドレスそのもの。署名の対象に含まれる場合(HubSpot)に必要") },
	{ TEXT("header", config_hook, header), .form = form_filled,
	  HINT("The header with an HMAC-SHA256 of the body under the secret, for a sender of "
	       "your own",
	       "本文の HMAC-SHA256 を載せたヘッダー(独自の送信元の場合)") },
	{ TEXT("encoding", config_hook, encoding), ONE_OF("hex", "base64"), .normal = "hex",
	  HINT("How that header is written", "そのヘッダーの表記") },
};

static const struct table_level hook_level = {
	.path = "connections.NAME.hook", .what = "a hook", FILLS(config_hook), ROWS(hook_rows),
	PLACE(config_hook, at),
	.title = "Webhooks of the CRM that say which records changed; renkei reads these at "
	"once. Its address is https://.../hooks/NAME of the console",
	.title_ja = "どのレコードが変わったかを CRM が知らせる Webhook。該当レコードをすぐに読む。"
	"アドレスはコンソールの https://.../hooks/NAME",
};

static const struct table_rule connection_rows[] = {
	{ TEXT("connector", config_connection, connector), NEED(form_name),
	  HINT("Which connector speaks to this CRM, such as \"hubspot\"",
	       "使うコネクターの名前。例 \"hubspot\"") },
	{ TEXT("sha256", config_connection, sha256), .form = form_sha256,
	  HINT("Pins the connector's file: any other content is refused",
	       "コネクターのファイルを固定する。内容が違えば拒否される") },
	{ TEXT("sandbox", config_connection, sandbox), ONE_OF("full", "seccomp", "off"),
	  .normal = "seccomp",
	  HINT("The least isolation that is accepted for the connector",
	       "コネクターの隔離として許す最低の水準") },
	{ "guarantee", TABLE_PICK, INTO(config_connection, guarantee),
	  ONE_OF("E1", "E2", "E3", "E4"),
	  HINT("Lowers the guarantee class that the connector declares, for an account "
	       "without upsert by unique key",
	       "コネクターが宣言する保証クラスを下げる(一意キーによるupsertが使えない場合)"
	       "") },
	{ "limits", TABLE_GROUPS, LIST(config_connection, limits, limit_count),
	  .sub = &limit_level, .none = offsetof(struct config_connection, limits_off),
	  .expect = "a list of limits, ( { limit = \"...\"; } ), or \"none\"",
	  HINT("A list of limits that differ from the connector's; \"none\" switches all "
	       "of them off",
	       "コネクターの宣言と異なる制限の一覧。\"none\" で全制限を無効にする") },
	{ "min_gap", TABLE_DURATION, INTO(config_connection, min_gap_ms), WITHIN(1, 600000),
	  HINT("The least time from one call of the CRM to the next, such as \"200ms\", for a "
	       "key that others need as well",
	       "CRM の呼び出しの最小間隔。例 \"200ms\"。他と共用のキー向け") },
	{ "request_deadline", TABLE_DURATION,
	  INTO(config_connection, request_deadline_ms), WITHIN(100, 600000),
	  HINT("Longest wait for one answer of the CRM, 60s if not given",
	       "CRMの応答を待つ最長時間。省略時 60s") },
	{ TEXT("proxy", config_connection, proxy), .form = form_proxy,
	  HINT("The HTTP proxy that leads to the CRM, such as "
	       "\"http://proxy.example:3128\"; those of the environment are not used",
	       "CRM への接続に使う HTTP プロキシ。例 \"http://proxy.example:3128\"。"
	       "環境変数のプロキシは使わない") },
	{ TEXT("ca_file", config_connection, ca_file), .form = form_path,
	  HINT("A file with the certificates to trust instead of this machine's, for a CRM "
	       "or a proxy with an authority of its own",
	       "このマシンの証明書一覧の代わりに信頼する証明書のファイル(独自の認証局を使う"
	       "CRM やプロキシ向け)") },
	{ TEXT("client_certificate", config_connection, client_certificate),
	  .form = form_filled,
	  HINT("The client certificate with its key that the CRM asks for, PKCS#12 (PFX) or PEM, "
	       "by reference: file: or credential: as it is, env: or sealed: in base64",
	       "CRM が求めるクライアント証明書と鍵(PKCS#12 (PFX) または PEM)。file: と "
	       "credential: はそのまま、env: と sealed: は base64 で参照") },
	{ TEXT("client_certificate_password", config_connection,
	       client_certificate_password), .form = form_filled,
	  HINT("The password of that certificate's file, by reference (env:, file:, "
	       "credential:, sealed:)",
	       "その証明書ファイルのパスワード(env:、file:、credential:、sealed: で参照)") },
	{ TEXT("client_id", config_connection, client_id), .form = form_filled,
	  HINT("Connects by OAuth 2.0 instead of a key: the id of the app that is registered at "
	       "the CRM; `renkei login` then opens its page of consent",
	       "キーの代わりに OAuth 2.0 で接続する: CRM に登録したアプリの ID。接続の許可は "
	       "`renkei login` で行う") },
	{ TEXT("client_secret", config_connection, client_secret), .form = form_filled,
	  HINT("The secret of that app, by reference (env:, file:, credential:, sealed:)",
	       "そのアプリのシークレット(env:、file:、credential:、sealed: で参照)") },
	{ TEXT("redirect_uri", config_connection, redirect_uri), .form = form_redirect,
	  .normal = "http://localhost:47811/callback",
	  HINT("Where the CRM sends the browser after consent; the same must be registered with "
	       "the app.  At http://localhost the way back is heard, any other address is "
	       "pasted",
	       "許可の後に CRM がブラウザーを送り返すアドレス。アプリにも同じものを登録する。"
	       "http://localhost なら自動で受け取り、それ以外は貼り付ける") },
	{ "grant", TABLE_TEXT, INTO(config_connection, grant),
	  ONE_OF("authorization_code", "client_credentials", "jwt_bearer"),
	  .normal = "authorization_code",
	  HINT("How the app is given its tokens: by a person who logs in, to itself, or by its "
	       "own key for the user jwt_user; the last two want no login",
	       "トークンの取得方法: 人のログイン、アプリ自身、または秘密鍵による jwt_user としての"
	       "取得。後の 2 つはログイン不要") },
	{ TEXT("jwt_key", config_connection, jwt_key), .form = form_filled,
	  HINT("The app's private key (PEM, RSA) for grant = \"jwt_bearer\", by reference (env:, "
	       "file:, credential:, sealed:)",
	       "grant = \"jwt_bearer\" で使うアプリの秘密鍵(PEM、RSA)。env:、file:、"
	       "credential:、sealed: で参照") },
	{ TEXT("jwt_user", config_connection, jwt_user), .form = form_filled,
	  HINT("The user in whose name the app then acts",
	       "その場合にアプリが代わりとなる利用者の名前") },
	{ "hook", TABLE_GROUP, INTO(config_connection, hook), .sub = &hook_level,
	  HINT("Webhooks of the CRM, which make a change known at once",
	       "変更をすぐに知らせる CRM の Webhook") },
	{ LAG("late_commit", late_commit_ms),
	  HINT("How late a change may become visible under an older time stamp",
	       "変更が古い時刻のまま遅れて見える最大の時間") },
	{ LAG("index_lag", index_lag_ms),
	  HINT("How late a change appears in the CRM's search",
	       "変更がCRMの検索に現れるまでの遅れ") },
	{ LAG("t_land", t_land_ms),
	  HINT("How long after its deadline a request may still take effect",
	       "期限切れの要求がその後なお効き得る時間") },
	{ LAG("t_visible", t_visible_ms),
	  HINT("How long after it took effect a write may still be invisible",
	       "書き込みが効いた後、まだ見えないことのある時間") },
};

static const struct table_level connection_level = {
	.path = "connections.NAME", .what = "a connection", FILLS(config_connection),
	ROWS(connection_rows), PLACE(config_connection, at), .other = other_setting,
	.title = "A connection: one account at a CRM.  Settings of its connector "
	"(`renkei connectors show NAME`) stand beside these.",
	.title_ja = "接続: CRMの1アカウント。コネクター固有の設定(`renkei connectors show "
	"NAME`)もここに並べて書く。",
};

static const struct table_rule from_rows[] = {
	{ TEXT("connection", config_side, connection), NEED(form_filled),
	  HINT("Name of a connection", "接続の名前") },
	{ TEXT("object", config_side, object), NEED(form_filled),
	  PLACE(config_side, object_at),
	  .expect = "the object's name in quotes, such as \"contacts\"",
	  HINT("The kind of record, as `renkei describe CONNECTION` lists it",
	       "レコードの種類(`renkei describe CONNECTION` に一覧)") },
	{ TEXT("filter", config_side, filter), PLACE(config_side, filter_at),
	  .form = form_filled,
	  HINT("Only records that meet this, such as \"email is not empty\"",
	       "条件に合うレコードのみ。例 \"email is not empty\"") },
	{ TEXT("key", config_side, key), .form = form_filled, PLACE(config_side, key_at),
	  .expect = "exactly one key field, in quotes",
	  HINT("Two-way: the unique field by which records of the other side are found here; that "
	       "which is mapped to the key of `to` if not given",
	       "双方向のとき、もう一方のレコードをここで見つけるための重複のないフィールド。省略時は "
	       "`to` の key に対応するフィールド") },
};

static const struct table_level from_level = {
	.path = "syncs.from", .what = "the source of a sync", FILLS(config_side),
	ROWS(from_rows), PLACE(config_side, at), .title = "Where a sync reads",
	.title_ja = "同期元",
};

static const struct table_rule to_rows[] = {
	{ TEXT("connection", config_side, connection), NEED(form_filled),
	  HINT("Name of a connection", "接続の名前") },
	{ TEXT("object", config_side, object), NEED(form_filled),
	  PLACE(config_side, object_at),
	  .expect = "the object's name in quotes, such as \"123\"",
	  HINT("The kind of record, such as a kintone app's number",
	       "レコードの種類。例 kintoneのアプリ番号") },
	{ TEXT("key", config_side, key), NEED(form_filled), PLACE(config_side, key_at),
	  .expect = "exactly one key field, in quotes",
	  HINT("The one field, unique at the target, that tells records apart",
	       "レコードを見分ける、同期先で重複のないフィールド1つ") },
	{ "fallback_keys", TABLE_TEXTS, LIST(config_side, fallback_keys, fallback_count),
	  PLACE(config_side, fallback_at),
	  .expect = "a list of fields, such as ( \"phone\" )",
	  HINT("Fields by which a new record that is not met by its key is looked for, in this "
	       "order; exactly one record must have the value",
	       "キーで見つからない新規レコードを、この順に探すフィールド。値の一致するレコードが"
	       "1件のときに限る") },
	{ TEXT("filter", config_side, filter), PLACE(config_side, filter_at),
	  .form = form_filled,
	  HINT("Two-way: only records of this side that meet this go back to `from`",
	       "双方向のとき、この条件に合うレコードのみ `from` へ戻す") },
	{ "writers", TABLE_INTEGER, INTO(config_side, writers),
	  PLACE(config_side, writers_at), WITHIN(1, 64), .normal = "1",
	  .expect = "a number from 1 to 64",
	  HINT("How many batches may be on their way at once; the connector says how many "
	       "it allows", "同時に送るバッチの数。上限はコネクターが定める") },
};

static const struct table_level to_level = {
	.path = "syncs.to", .what = "the target of a sync", FILLS(config_side),
	ROWS(to_rows), PLACE(config_side, at), .title = "Where a sync writes",
	.title_ja = "同期先",
};

static const struct table_rule map_rows[] = {
	{ TEXT("from", config_map, from), NEED(form_filled),
	  HINT("A source field, a template \"${a} ${b}\", transforms after \"|\"",
	       "同期元のフィールド、テンプレート \"${a} ${b}\"、\"|\" の後に変換") },
	{ TEXT("to", config_map, to), NEED(form_filled),
	  HINT("The target field", "同期先のフィールド") },
	{ "values", TABLE_PAIRS, LIST(config_map, values, value_count),
	  HINT("Pairs of a source value and what is written for it",
	       "同期元の値と、代わりに書く値の組") },
	{ TEXT("otherwise", config_map, otherwise),
	  HINT("What is written for any other value; without it such a record is an "
	       "error", "組にない値のときに書く値。なければそのレコードはエラー") },
	{ "nulls", TABLE_PICK, INTO(config_map, nulls),
	  ONE_OF("keep", "clear", "default"), .normal = "keep",
	  HINT("What a source field without a value does to the target",
	       "同期元に値がないとき、同期先をどうするか") },
	{ TEXT("default", config_map, default_value),
	  HINT("What is written where the source has no value",
	       "同期元に値がないときに書く値") },
	{ "only", TABLE_PICK, INTO(config_map, only), ONE_OF("always", "blanks"),
	  .normal = "always",
	  HINT("\"blanks\": written only where the target has nothing; the target is then read "
	       "before it is updated",
	       "\"blanks\" は同期先が空の場合だけ書く。そのため更新の前に同期先を読む") },
	{ "parent", TABLE_PICK, INTO(config_map, parent), ONE_OF("wait", "later", "skip"),
	  HINT("Of a reference whose record is not linked yet: wait for it; write the field "
	       "later, when it is; or go without it.  \"wait\" if not given, \"later\" where "
	       "syncs refer to each other in a circle",
	       "参照先がまだ対応付いていないとき: \"wait\" は待つ、\"later\" はこの項目だけ後で書く、"
	       "\"skip\" は書かない。省略時は \"wait\"、同期どうしが循環して参照するときは \"later\"") },
	{ "enabled", TABLE_BOOL, INTO(config_map, enabled), .normal = "true",
	  HINT("false: this field is left alone", "false でこのフィールドに触れない") },
	{ "direction", TABLE_PICK, INTO(config_map, direction),
	  ONE_OF("both", "to", "from"),
	  HINT("Of a two-way sync: which way this field goes; \"both\" if not given, which needs a "
	       "plain source field and values that can be turned round",
	       "双方向の同期で、このフィールドを運ぶ方向。省略時は \"both\"(変換のない 1 つの"
	       "フィールドと、逆にできる値の組が必要)") },
	{ "conflict", TABLE_PICK, INTO(config_map, conflict),
	  ONE_OF("from", "to", "newest", "ask"),
	  HINT("Of a two-way sync: who wins where both sides changed this field; as the sync has "
	       "it if not given", "双方向の同期で、両側が変えたときにどちらを採るか。省略時は同期の設定") },
};

static const struct table_level map_level = {
	.path = "syncs.map", .what = "a map", FILLS(config_map), ROWS(map_rows),
	PLACE(config_map, at), .finish = finish_map,
	.title = "One target field and what is written to it",
	.title_ja = "同期先の1フィールドと、そこに書く値",
};

static const struct table_rule reconcile_rows[] = {
	{ TEXT("cron", config_reconcile, cron), NEED(form_cron),
	  HINT("When, as cron of the sync says it", "時刻。書式は同期の cron と同じ") },
	{ "repair", TABLE_BOOL, INTO(config_reconcile, repair), .normal = "false",
	  HINT("true: what is missing or different is queued for the next run",
	       "true で、不足・相違を次の実行で書き込む") },
};

static const struct table_level reconcile_level = {
	.path = "syncs.reconcile", .what = "reconcile", FILLS(config_reconcile),
	ROWS(reconcile_rows), PLACE(config_reconcile, at),
	.title = "When both sides of a sync are compared, record by record",
	.title_ja = "両側の全件を比較する時刻",
};

static const struct table_rule flag_rows[] = {
	{ TEXT("field", config_flag, field), NEED(form_filled),
	  HINT("The target field", "同期先のフィールド") },
	{ TEXT("value", config_flag, value), NEED(form_filled),
	  HINT("What is written to it", "そこに書く値") },
};

static const struct table_level flag_level = {
	.path = "syncs.flag", .what = "a flag", FILLS(config_flag), ROWS(flag_rows),
	PLACE(config_flag, at),
	.title = "How the target shows that a record was deleted at the source",
	.title_ja = "同期元で削除されたことを同期先に示す方法",
};

static const struct table_rule sync_rows[] = {
	{ TEXT("name", config_sync, name), NEED(form_name),
	  HINT("Its identity: under another name it begins anew",
	       "同期の識別名。変えると初めからやり直しになる") },
	{ "enabled", TABLE_BOOL, INTO(config_sync, enabled), .normal = "true",
	  HINT("false: it does not run", "false で実行しない") },
	{ "from", TABLE_GROUP, INTO(config_sync, from), .sub = &from_level,
	  .required = true, HINT("Where it reads", "同期元") },
	{ "to", TABLE_GROUP, INTO(config_sync, to), .sub = &to_level, .required = true,
	  HINT("Where it writes", "同期先") },
	{ "map", TABLE_GROUPS, LIST(config_sync, maps, map_count), .sub = &map_level,
	  .required = true, HINT("The fields", "フィールドの対応") },
	{ "start", TABLE_START, INTO(config_sync, start_ms), .form = form_start,
	  .normal = "all",
	  HINT("What the first run takes: \"all\", \"now\" (only later changes), or what "
	       "changed since a date or time",
	       "初回の対象: \"all\" は全件、\"now\" は以後の変更のみ、"
	       "日付・時刻はそれ以後の変更") },
	{ "empty_key", TABLE_PICK, INTO(config_sync, empty_key),
	  ONE_OF("skip", "create", "error"), .normal = "skip",
	  HINT("What becomes of a record whose key is empty",
	       "キーが空のレコードの扱い") },
	{ "existing", TABLE_PICK, INTO(config_sync, existing), ONE_OF("adopt", "refuse"),
	  .normal = "adopt",
	  HINT("Whether a target record that has the key already is taken over",
	       "キーの一致する既存レコードを引き継ぐか拒むか") },
	{ "only", TABLE_PICK, INTO(config_sync, only), ONE_OF("all", "create", "update"),
	  .normal = "all",
	  HINT("\"create\": new records alone, what is there is left as it is; \"update\": only "
	       "records that the target has",
	       "\"create\" は新規作成のみで既存のレコードに触れない。\"update\" は同期先にある"
	       "レコードの更新のみ") },
	{ "deletes", TABLE_PICK, INTO(config_sync, deletes),
	  ONE_OF("ignore", "flag", "archive"), .normal = "ignore",
	  HINT("What becomes at the target of a record that was deleted at the source: nothing; "
	       "flag is written; or it is deleted there too, to the recycle bin where the CRM "
	       "has one",
	       "同期元で削除されたレコードの、同期先での扱い: 何もしない、flag を書き込む、または"
	       "同期先でも削除する(ごみ箱のある CRM ではごみ箱へ)") },
	{ "flag", TABLE_GROUP, INTO(config_sync, flag), .sub = &flag_level,
	  HINT("What deletes = \"flag\" writes", "deletes = \"flag\" で書き込む値") },
	{ TEXT("delete_budget", config_sync, delete_budget), .form = form_share,
	  .normal = "20",
	  HINT("So many deletions, or this share of the linked records (\"5%\"), are carried "
	       "out by one run; where there are more, none is before `renkei approve`",
	       "1回の実行で行う削除の上限。件数、または紐付け済みレコードに対する割合(\"5%\")。"
	       "超えた場合は `renkei approve` まで1件も行わない") },
	{ "sweep", TABLE_DURATION, INTO(config_sync, sweep_ms),
	  WITHIN(0, 400 * (int64_t)DAY_MS),
	  HINT("How often all ids of the source are listed to find what was deleted, where deletes "
	       "says flag or archive; 24h if not given, and never for a source that tells "
	       "deletions by itself",
	       "deletes が flag または archive のとき、削除を見つけるために同期元の全 ID を一覧する間隔。"
	       "省略時 24h。削除を自ら知らせる同期元では行わない") },
	{ "direction", TABLE_PICK, INTO(config_sync, two_way), ONE_OF("to", "both"),
	  .normal = "to",
	  HINT("\"both\": what changes at `to` goes back to `from` as well, field by field; "
	       "deletions are not carried",
	       "\"both\" にすると、`to` 側の変更もフィールドごとに `from` へ戻す(削除は運ばない)") },
	{ "conflict", TABLE_PICK, INTO(config_sync, conflict),
	  ONE_OF("from", "to", "newest", "ask"), .normal = "newest",
	  HINT("Two-way: which side wins where both changed one field since they last agreed: that "
	       "of `from`, that of `to`, or the record that changed last; \"ask\": neither is "
	       "written in that field until a person chooses (`renkei conflicts`)",
	       "双方向のとき、両側が同じフィールドを変えた場合に採る側: `from` 側、`to` 側、または後から"
	       "変更された方。\"ask\" では人が選ぶまでそのフィールドに書き込まない"
	       "(`renkei conflicts`)") },
	{ TEXT("loop_breaker", config_sync, loop_breaker), .form = form_breaker,
	  .normal = "6 in 10m",
	  HINT("Two-way: a record that the two sides write in turn more often than so many times "
	       "in so long, such as \"6 in 10m\", is set aside as a sync error",
	       "双方向のとき、両側が交互に書き込む回数が期間内にこれを超えたレコード(例 "
	       "\"6 in 10m\")は同期エラーとして止める") },
	{ TEXT("every", config_sync, every), .form = form_duration,
	  .expect = "a duration in quotes, such as \"5m\"",
	  HINT("`renkei daemon` runs it again after this time, such as \"5m\"",
	       "`renkei daemon` が実行する間隔。例 \"5m\"") },
	{ TEXT("cron", config_sync, cron), .form = form_cron,
	  HINT("`renkei daemon` runs it at these times, in five fields as in crontab(5); the day "
	       "may be L, the last one of a month",
	       "`renkei daemon` が実行する時刻。crontab(5) の5欄。日には月末を表す L も使える") },
	{ TEXT("after", config_sync, after), .form = form_name,
	  HINT("`renkei daemon` runs it when the sync of this name has ended well",
	       "`renkei daemon` が、この名前の同期が正常に終わった後に実行する") },
	{ TEXT("zone", config_sync, zone), .form = form_zone,
	  HINT("Time zone of cron, window, backfill and blackout; that of the daemon if not "
	       "given",
	       "cron、window、backfill、blackout のタイムゾーン。省略時は daemon のもの") },
	{ TEXT("window", config_sync, window), .form = form_window,
	  HINT("`renkei daemon` runs it only between these times of day, such as "
	       "\"22:00-06:00\"", "`renkei daemon` が実行してよい時間帯。例 \"22:00-06:00\"") },
	{ TEXT("backfill", config_sync, backfill), .form = form_backfill,
	  HINT("A run of the daemon that has everything to read begins only between these times "
	       "of day, such as \"22:00-06:00\"; \"auto\": in the 8 hours in which the fewest "
	       "calls were made at both connections in the last 7 days",
	       "全件を読む daemon の実行を開始してよい時間帯。例 \"22:00-06:00\"。\"auto\": 直近 7 "
	       "日間に両接続の呼び出しが最も少なかった 8 時間") },
	{ "blackout", TABLE_TEXTS, LIST(config_sync, blackout, blackout_count),
	  .form = form_day, .expect = "a list of days, such as ( \"sun\", \"12-31\" )",
	  HINT("Days on which `renkei daemon` does not run it, such as ( \"sun\", \"12-31\", "
	       "\"2027-01-01\" )",
	       "`renkei daemon` が実行しない日。例 ( \"sun\", \"12-31\", \"2027-01-01\" )") },
	{ TEXT("breaker", config_sync, breaker), .form = form_breaker,
	  HINT("After so many failed runs in so long, such as \"3 in 1h\", the daemon and `renkei "
	       "sync --all` leave the sync out until the first of them is so old; a sync that "
	       "is named always runs",
	       "期間内にこの回数の実行が失敗すると(例 \"3 in 1h\")、期間が過ぎるまで "
	       "daemon と `renkei sync --all` の対象から外す。名前を指定した実行は常に行う") },
	{ "notify", TABLE_TEXTS, LIST(config_sync, notify, notify_count),
	  .expect = "a list of names, such as ( \"ops\" )",
	  HINT("Whom to tell when it goes wrong, and when it is well again; names of notify",
	       "異常と回復の通知先(notify の名前)") },
	{ "drift", TABLE_PICK, INTO(config_sync, drift), ONE_OF("go-on", "pause", "refuse"),
	  .normal = "go-on",
	  HINT("What happens when a field that it uses is not as it was, beside being told: "
	       "\"pause\" holds the sync until `renkei resume`, \"refuse\" ends its runs until "
	       "configuration and fields fit",
	       "使用中のフィールドが変わったとき(通知は常に行う): \"pause\" は `renkei resume` "
	       "まで停止、\"refuse\" は設定とフィールドが合うまで実行しない") },
	{ "reconcile", TABLE_GROUP, INTO(config_sync, reconcile), .sub = &reconcile_level,
	  HINT("`renkei daemon` compares both sides at these times (`renkei reconcile`)",
	       "`renkei daemon` が両側を比較する時刻(`renkei reconcile`)") },
	{ "history", TABLE_DURATION, INTO(config_sync, history_ms),
	  WITHIN(3600000, 3660 * (int64_t)DAY_MS),
	  HINT("How long it is remembered what each write changed, such as \"90d\", for `renkei "
	       "why` and `renkei revert`: the fields of a record before and after. Records are "
	       "then read at the target before they are updated. Nothing is kept if not given",
	       "書き込みごとの変更内容(各フィールドの前後の値)を保存する期間。例 \"90d\"。"
	       "`renkei why` と `renkei revert` が使う。更新の前に同期先のレコードを読む。省略時は保存しない") },
	{ "overdue", TABLE_DURATION, INTO(config_sync, overdue_ms),
	  WITHIN(1000, 400 * (int64_t)DAY_MS),
	  HINT("Without a good run for so long, `notify` is told; three times `every`, and at "
	       "least 10m, if not given",
	       "正常な実行がこの期間なければ `notify` に知らせる。省略時は `every` の 3 倍"
	       "(10m 以上)") },
};

static const struct table_level sync_level = {
	.path = "syncs", .what = "a sync", FILLS(config_sync), ROWS(sync_rows),
	PLACE(config_sync, at), .begin = begin_sync, .finish = finish_sync,
	.title = "A sync: a rule that keeps one object in step with another",
	.title_ja = "同期: 1つのオブジェクトをもう1つに合わせ続ける規則",
};

static const struct table_rule notice_rows[] = {
	{ TEXT("mail", config_notice, mail), .form = form_mail,
	  HINT("A mail address; smtp names the server", "メールアドレス(サーバーは smtp で指定)") },
	{ TEXT("chat", config_notice, chat), .form = form_filled,
	  HINT("The address of a chat's incoming webhook, by reference (env:, file:, "
	       "credential:, sealed:); it gets { \"text\": ... }",
	       "チャットの受信webhookのアドレス(env:、file:、credential:、sealed: で参照)。"
	       "{ \"text\": ... } を送る") },
	{ TEXT("webhook", config_notice, webhook), .form = form_filled,
	  HINT("An address that notices are posted to as JSON; X-Renkei-Notice is the same where "
	       "one comes twice",
	       "通知をJSONで送る先のアドレス。重複した通知は X-Renkei-Notice が同じになる") },
	{ TEXT("secret", config_notice, secret), .form = form_filled,
	  HINT("Signs what goes to webhook, by reference: X-Renkei-Signature is "
	       "t=SECONDS,v1=HEX, the HMAC-SHA256 of \"SECONDS.BODY\"",
	       "webhook に送る内容の署名鍵(参照で指定)。X-Renkei-Signature は "
	       "t=秒,v1=16進で、\"秒.本文\" の HMAC-SHA256") },
	{ TEXT("command", config_notice, command), .form = form_path,
	  HINT("A program that gets the text on its standard input, JSON in RENKEI_NOTICE "
	       "(up to 100 KB, else it is not set), and in RENKEI_NOTICE_ID what is the same where one comes twice; it has 30s",
	       "標準入力で本文を、環境変数 RENKEI_NOTICE で JSON(100 KB まで。超えると未設定)を、RENKEI_NOTICE_ID で重複の見分けに使う "
	       "ID を受け取るプログラム(30秒以内)") },
	{ TEXT("heartbeat", config_notice, heartbeat), .form = form_filled,
	  HINT("An address that `renkei daemon` posts to while it lives, by reference: a "
	       "watchman elsewhere tells when it falls silent",
	       "`renkei daemon` が稼働中に送信し続けるアドレス(参照で指定)。途絶えたことを外部の監視が知らせる") },
	{ "heartbeat_every", TABLE_DURATION, INTO(config_notice, heartbeat_ms),
	  WITHIN(1000, DAY_MS), HINT("How often; 5m if not given", "その間隔。省略時 5m") },
	{ TEXT("send", config_notice, send), ONE_OF("immediate", "daily", "weekly", "off"),
	  .normal = "immediate",
	  HINT("When to tell: at once, or a digest every day, or every week",
	       "いつ知らせるか: すぐに、毎日のまとめ、毎週のまとめ") },
	{ TEXT("at", config_notice, digest_at), .form = form_time, .normal = "08:00",
	  HINT("Time of day of the digest", "まとめを送る時刻") },
	{ TEXT("day", config_notice, digest_day), .form = form_weekday, .normal = "mon",
	  HINT("Day of the weekly digest: mon, tue, wed, thu, fri, sat, sun",
	       "毎週のまとめを送る曜日: mon、tue、wed、thu、fri、sat、sun") },
	{ TEXT("zone", config_notice, zone), .form = form_zone,
	  HINT("Time zone of at and of the times in notices; that of this machine if not given",
	       "at と通知に書かれる時刻のタイムゾーン。省略時はこのマシンのもの") },
	{ TEXT("lang", config_notice, lang), ONE_OF("en", "ja"),
	  HINT("Language of the notices; that of the daemon if not given",
	       "通知の言語。省略時は daemon のもの") },
};

static const struct table_level notice_level = {
	.path = "notify.NAME", .what = "a notice", FILLS(config_notice),
	ROWS(notice_rows), PLACE(config_notice, at), .finish = finish_notice,
	.title = "Whom to tell, and how", .title_ja = "通知先",
};

static const struct table_rule smtp_rows[] = {
	{ TEXT("host", config_smtp, host), NEED(form_filled),
	  HINT("The mail server", "メールサーバー") },
	{ "port", TABLE_INTEGER, INTO(config_smtp, port), WITHIN(1, 65535),
	  HINT("Its port; 587 with \"starttls\", 465 with \"tls\", 25 with \"none\" if not given",
	       "ポート。省略時は \"starttls\" で 587、\"tls\" で 465、\"none\" で 25") },
	{ TEXT("tls", config_smtp, tls), ONE_OF("starttls", "tls", "none"),
	  .normal = "starttls",
	  HINT("How the way there is encrypted; \"none\" for this machine alone",
	       "経路の暗号化。\"none\" はこのマシンのサーバーに限る") },
	{ TEXT("user", config_smtp, user), .form = form_filled,
	  HINT("The name to log in with", "ログイン名") },
	{ TEXT("password", config_smtp, password), .form = form_filled,
	  HINT("Its password, by reference (env:, file:, credential:, sealed:)",
	       "そのパスワード(env:、file:、credential:、sealed: で参照)") },
	{ TEXT("from", config_smtp, from), NEED(form_mail),
	  HINT("Who mails come from", "差出人のメールアドレス") },
	{ TEXT("ca_file", config_smtp, ca_file), .form = form_path,
	  HINT("A file with the certificates to trust instead of this machine's",
	       "このマシンの証明書一覧の代わりに信頼する証明書のファイル") },
};

static const struct table_level smtp_level = {
	.path = "smtp", .what = "a mail server", FILLS(config_smtp), ROWS(smtp_rows),
	PLACE(config_smtp, at), .finish = finish_smtp,
	.title = "The mail server that takes notices", .title_ja = "通知を渡すメールサーバー",
};

static const struct table_rule console_rows[] = {
	{ TEXT("listen", config_console, listen), .form = form_listen,
	  .normal = "127.0.0.1:8080",
	  HINT("Where the console listens, a numeric address and a port; beyond this machine only "
	       "with certificate and key, or behind a proxy",
	       "管理画面が待ち受けるアドレス(数字)とポート。このマシンの外に開くには certificate と "
	       "key、または behind が必要") },
	{ TEXT("address", config_console, address), .form = form_origin,
	  HINT("Where people find it, such as \"https://renkei.example.jp\"; where it listens if "
	       "not given", "利用者が開くアドレス。例 \"https://renkei.example.jp\"。省略時は listen") },
	{ TEXT("certificate", config_console, certificate), .form = form_path,
	  HINT("The certificate of the console for TLS, with its chain, a PEM file",
	       "管理画面の TLS 証明書(中間証明書を含む PEM ファイル)") },
	{ TEXT("key", config_console, key), .form = form_path,
	  HINT("The key of that certificate, a PEM file that only the user of renkei reads",
	       "その証明書の鍵(renkei の利用者だけが読める PEM ファイル)") },
	{ TEXT("behind", config_console, behind), .form = form_ip,
	  HINT("The numeric address of the reverse proxy through which all come; nobody else is "
	       "let in, and its X-Forwarded-For is believed",
	       "必ず経由するリバースプロキシのアドレス(数字)。他からの接続は拒み、その "
	       "X-Forwarded-For を信じる") },
};

static const struct table_level console_level = {
	.path = "console", .what = "the console", FILLS(config_console), ROWS(console_rows),
	PLACE(config_console, at), .finish = finish_console,
	.title = "The console, a page for people, and its API; `renkei daemon` runs it when this "
	"group is there", .title_ja = "管理画面とその API。この設定があると `renkei daemon` が動かす",
};

static const struct table_rule top_rows[] = {
	{ "connections", TABLE_NAMED, LIST(config, connections, connection_count),
	  .sub = &connection_level,
	  HINT("The connections, under names of your choice",
	       "接続。名前は自由に付ける") },
	{ "syncs", TABLE_GROUPS, LIST(config, syncs, sync_count), .sub = &sync_level,
	  HINT("The syncs", "同期の一覧") },
	{ "notify", TABLE_NAMED, LIST(config, notices, notice_count),
	  .sub = &notice_level,
	  HINT("Whom to tell, under names that syncs refer to",
	       "通知先。同期からこの名前で参照する") },
	{ "console", TABLE_GROUP, INTO(config, console), .sub = &console_level,
	  HINT("The console", "管理画面") },
	{ "smtp", TABLE_GROUP, INTO(config, smtp), .sub = &smtp_level,
	  HINT("The server that takes mails for them", "メールを渡すサーバー") },
	{ "connector_dirs", TABLE_TEXTS,
	  LIST(config, connector_dirs, connector_dir_count), .form = form_path,
	  HINT("Folders that hold connectors, in place of the built-in one",
	       "コネクターを置くディレクトリー。指定すると既定の場所の代わりになる") },
};

const struct table_level config_top = {
	.path = "", .what = "the configuration", FILLS(config), ROWS(top_rows),
	.title = "The file", .title_ja = "ファイル全体",
};

struct named
config_own_settings(void)
{
	return NAMED(connection_rows, sizeof connection_rows / sizeof *connection_rows);
}
