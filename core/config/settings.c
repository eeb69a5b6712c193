/* SPDX-License-Identifier: Apache-2.0
 *
 * settings.c - the one table of what may stand in a configuration.  Checks, help
 * and manual all come from these rows; a new setting is a new row, and a member
 * in config.h for its value. */
#include "config/settings.h"

#include "config/config.h"
#include "config/form.h"

#define DAY_MS 86400000

static const struct table_rule limit_rows[] = {
	{ "limit", TABLE_TEXT, INTO(config_limit, limit), .required = true,
	  .form = form_filled,
	  .hint = "The name of the limit, as `renkei connectors show` lists it",
	  .hint_ja = "制限の名前(`renkei connectors show` に一覧)" },
	{ "calls", TABLE_TEXT, INTO(config_limit, calls), .form = form_count,
	  .expect = "a number in quotes, such as \"100000\"",
	  .hint = "Calls in one window", .hint_ja = "1期間の呼び出し回数" },
	{ "per", TABLE_TEXT, INTO(config_limit, per), .form = form_duration,
	  .hint = "Length of the window, such as \"10s\" or \"1d\"",
	  .hint_ja = "期間の長さ。例 \"10s\" \"1d\"" },
	{ "concurrent", TABLE_TEXT, INTO(config_limit, concurrent), .form = form_count,
	  .expect = "a number in quotes, such as \"5\"", .hint = "Calls at the same time",
	  .hint_ja = "同時の呼び出し数" },
	{ "resets", TABLE_TEXT, INTO(config_limit, resets), .form = form_time,
	  .hint = "Time of day at which a day's window ends",
	  .hint_ja = "1日の期間が終わる時刻" },
	{ "zone", TABLE_TEXT, INTO(config_limit, zone), .form = form_zone,
	  .hint = "Time zone of resets", .hint_ja = "resets の時間帯" },
	{ "reserve", TABLE_TEXT, INTO(config_limit, reserve), .form = form_share,
	  .expect = "a text such as \"500\" or \"10%\"",
	  .hint = "What a first load leaves for everyday runs, such as \"10%\"",
	  .hint_ja = "初回の読み込みが日常の同期のために残す量。例 \"10%\"" },
};

static const struct table_level limit_level = {
	.path = "connections.NAME.limits", .what = "a limit", FILLS(config_limit),
	ROWS(limit_rows), PLACE(config_limit, at),
	.title = "A limit of the account, where it differs from what the connector "
	"declares", .title_ja = "コネクタの宣言と異なるアカウントの制限",
};

static const struct table_rule connection_rows[] = {
	{ "connector", TABLE_TEXT, INTO(config_connection, connector), .required = true,
	  .form = form_name,
	  .hint = "Which connector speaks to this CRM, such as \"hubspot\"",
	  .hint_ja = "使うコネクタの名前。例 \"hubspot\"" },
	{ "sha256", TABLE_TEXT, INTO(config_connection, sha256), .form = form_sha256,
	  .hint = "Pins the connector's file: any other content is refused",
	  .hint_ja = "コネクタのファイルを固定する。内容が違えば拒否される" },
	{ "sandbox", TABLE_TEXT, INTO(config_connection, sandbox),
	  ONE_OF("full", "seccomp", "off"), .normal = "seccomp",
	  .hint = "The least isolation that is accepted for the connector",
	  .hint_ja = "コネクタの隔離として許す最低の水準" },
	{ "guarantee", TABLE_TEXT, INTO(config_connection, guarantee),
	  ONE_OF("E1", "E2", "E3", "E4"),
	  .hint = "Lowers the guarantee class that the connector declares, for an "
	  "account without upsert by unique key",
	  .hint_ja = "コネクタが宣言する保証クラスを下げる(一意キーによるupsertが使えない"
	  "場合)" },
	{ "limits", TABLE_GROUPS, LIST(config_connection, limits, limit_count),
	  .sub = &limit_level, .none = offsetof(struct config_connection, limits_off),
	  .expect = "a list of limits, ( { limit = \"...\"; } ), or \"none\"",
	  .hint = "A list of limits that differ from the connector's; \"none\" switches "
	  "all of them off",
	  .hint_ja = "コネクタの宣言と異なる制限の一覧。\"none\" で全制限を無効にする" },
	{ "request_deadline", TABLE_DURATION,
	  INTO(config_connection, request_deadline_ms), WITHIN(100, 600000),
	  .hint = "Longest wait for one answer of the CRM, 60s if not given",
	  .hint_ja = "CRMの応答を待つ最長時間。省略時 60s" },
	{ "late_commit", TABLE_DURATION, INTO(config_connection, late_commit_ms),
	  WITHIN(0, DAY_MS),
	  .hint = "How late a change may become visible under an older time stamp",
	  .hint_ja = "変更が古い時刻のまま遅れて見える最大の時間" },
	{ "index_lag", TABLE_DURATION, INTO(config_connection, index_lag_ms),
	  WITHIN(0, DAY_MS), .hint = "How late a change appears in the CRM's search",
	  .hint_ja = "変更がCRMの検索に現れるまでの遅れ" },
	{ "t_land", TABLE_DURATION, INTO(config_connection, t_land_ms), WITHIN(0, DAY_MS),
	  .hint = "How long after its deadline a request may still take effect",
	  .hint_ja = "期限切れの要求がその後なお効き得る時間" },
	{ "t_visible", TABLE_DURATION, INTO(config_connection, t_visible_ms),
	  WITHIN(0, DAY_MS),
	  .hint = "How long after it took effect a write may still be invisible",
	  .hint_ja = "書き込みが効いた後、まだ見えないことのある時間" },
};

static const struct table_level connection_level = {
	.path = "connections.NAME", .what = "a connection", FILLS(config_connection),
	ROWS(connection_rows), PLACE(config_connection, at), .other = rules_other_setting,
	.title = "A connection: one account at a CRM.  Settings of its connector "
	"(`renkei connectors show NAME`) stand beside these.",
	.title_ja = "接続: CRMの1アカウント。コネクタ固有の設定(`renkei connectors show "
	"NAME`)もここに並べて書く。",
};

static const struct table_rule from_rows[] = {
	{ "connection", TABLE_TEXT, INTO(config_side, connection), .required = true,
	  .form = form_filled, .hint = "Name of a connection", .hint_ja = "接続の名前" },
	{ "object", TABLE_TEXT, INTO(config_side, object), PLACE(config_side, object_at),
	  .required = true, .form = form_filled,
	  .expect = "the object's name in quotes, such as \"contacts\"",
	  .hint = "The kind of record, as `renkei describe CONNECTION` lists it",
	  .hint_ja = "レコードの種類(`renkei describe CONNECTION` に一覧)" },
	{ "filter", TABLE_TEXT, INTO(config_side, filter), PLACE(config_side, filter_at),
	  .form = form_filled,
	  .hint = "Only records that meet this, such as \"email is not empty\"",
	  .hint_ja = "条件に合うレコードのみ。例 \"email is not empty\"" },
};

static const struct table_level from_level = {
	.path = "syncs.from", .what = "the source of a sync", FILLS(config_side),
	ROWS(from_rows), PLACE(config_side, at), .title = "Where a sync reads",
	.title_ja = "同期元",
};

static const struct table_rule to_rows[] = {
	{ "connection", TABLE_TEXT, INTO(config_side, connection), .required = true,
	  .form = form_filled, .hint = "Name of a connection", .hint_ja = "接続の名前" },
	{ "object", TABLE_TEXT, INTO(config_side, object), PLACE(config_side, object_at),
	  .required = true, .form = form_filled,
	  .expect = "the object's name in quotes, such as \"123\"",
	  .hint = "The kind of record, such as a kintone app's number",
	  .hint_ja = "レコードの種類。例 kintoneのアプリ番号" },
	{ "key", TABLE_TEXT, INTO(config_side, key), PLACE(config_side, key_at),
	  .required = true, .form = form_filled,
	  .expect = "exactly one key field, in quotes",
	  .hint = "The one field, unique at the target, that tells records apart",
	  .hint_ja = "レコードを見分ける、同期先で重複のないフィールド1つ" },
};

static const struct table_level to_level = {
	.path = "syncs.to", .what = "the target of a sync", FILLS(config_side),
	ROWS(to_rows), PLACE(config_side, at), .title = "Where a sync writes",
	.title_ja = "同期先",
};

static const struct table_rule map_rows[] = {
	{ "from", TABLE_TEXT, INTO(config_map, from), .required = true,
	  .form = form_filled,
	  .hint = "A source field, a template \"${a} ${b}\", transforms after \"|\"",
	  .hint_ja = "同期元のフィールド、テンプレート \"${a} ${b}\"、\"|\" の後に変換" },
	{ "to", TABLE_TEXT, INTO(config_map, to), .required = true, .form = form_filled,
	  .hint = "The target field", .hint_ja = "同期先のフィールド" },
	{ "values", TABLE_PAIRS, LIST(config_map, values, value_count),
	  .hint = "Pairs of a source value and what is written for it",
	  .hint_ja = "同期元の値と、代わりに書く値の組" },
	{ "otherwise", TABLE_TEXT, INTO(config_map, otherwise),
	  .hint = "What is written for any other value; without it such a record is an "
	  "error", .hint_ja = "組にない値のときに書く値。なければそのレコードはエラー" },
	{ "nulls", TABLE_PICK, INTO(config_map, nulls),
	  ONE_OF("keep", "clear", "default"), .normal = "keep",
	  .hint = "What a source field without a value does to the target",
	  .hint_ja = "同期元に値がないとき、同期先をどうするか" },
	{ "default", TABLE_TEXT, INTO(config_map, default_value),
	  .hint = "What is written where the source has no value",
	  .hint_ja = "同期元に値がないときに書く値" },
	{ "enabled", TABLE_BOOL, INTO(config_map, enabled), .normal = "true",
	  .hint = "false: this field is left alone",
	  .hint_ja = "false でこのフィールドに触れない" },
};

static const struct table_level map_level = {
	.path = "syncs.map", .what = "a map", FILLS(config_map), ROWS(map_rows),
	PLACE(config_map, at), .finish = rules_finish_map,
	.title = "One target field and what is written to it",
	.title_ja = "同期先の1フィールドと、そこに書く値",
};

static const struct table_rule sync_rows[] = {
	{ "name", TABLE_TEXT, INTO(config_sync, name), .required = true,
	  .form = form_name, .hint = "Its identity: under another name it begins anew",
	  .hint_ja = "同期の識別名。変えると初めからやり直しになる" },
	{ "enabled", TABLE_BOOL, INTO(config_sync, enabled), .normal = "true",
	  .hint = "false: it does not run", .hint_ja = "false で実行しない" },
	{ "from", TABLE_GROUP, INTO(config_sync, from), .sub = &from_level,
	  .required = true, .hint = "Where it reads", .hint_ja = "同期元" },
	{ "to", TABLE_GROUP, INTO(config_sync, to), .sub = &to_level, .required = true,
	  .hint = "Where it writes", .hint_ja = "同期先" },
	{ "map", TABLE_GROUPS, LIST(config_sync, maps, map_count), .sub = &map_level,
	  .required = true, .hint = "The fields", .hint_ja = "フィールドの対応" },
	{ "start", TABLE_START, INTO(config_sync, start_ms), .form = form_start,
	  .normal = "all",
	  .hint = "What the first run takes: \"all\", \"now\" (only later changes), or "
	  "what changed since a date or time",
	  .hint_ja = "初回の対象: \"all\" は全件、\"now\" は以後の変更のみ、"
	  "日付・時刻はそれ以後の変更" },
	{ "empty_key", TABLE_PICK, INTO(config_sync, empty_key),
	  ONE_OF("skip", "create", "error"), .normal = "skip",
	  .hint = "What becomes of a record whose key is empty",
	  .hint_ja = "キーが空のレコードの扱い" },
	{ "existing", TABLE_PICK, INTO(config_sync, existing), ONE_OF("adopt", "refuse"),
	  .normal = "adopt",
	  .hint = "Whether a target record that has the key already is taken over",
	  .hint_ja = "キーの一致する既存レコードを引き継ぐか拒むか" },
	{ "every", TABLE_TEXT, INTO(config_sync, every), .form = form_duration,
	  .expect = "a duration in quotes, such as \"5m\"",
	  .hint = "Runs again after this time, such as \"5m\"",
	  .hint_ja = "実行の間隔。例 \"5m\"" },
	{ "cron", TABLE_TEXT, INTO(config_sync, cron), .form = form_cron,
	  .hint = "Runs at these times, in five fields as in crontab(5)",
	  .hint_ja = "実行の時刻。crontab(5) の5欄" },
	{ "zone", TABLE_TEXT, INTO(config_sync, zone), .form = form_zone,
	  .hint = "Time zone of cron and window", .hint_ja = "cron と window の時間帯" },
	{ "window", TABLE_TEXT, INTO(config_sync, window), .form = form_window,
	  .hint = "Runs only between these times of day, such as \"22:00-06:00\"",
	  .hint_ja = "実行してよい時間帯。例 \"22:00-06:00\"" },
	{ "notify", TABLE_TEXTS, LIST(config_sync, notify, notify_count),
	  .expect = "a list of names, such as ( \"ops\" )",
	  .hint = "Whom to tell; names of notify", .hint_ja = "通知先(notify の名前)" },
};

static const struct table_level sync_level = {
	.path = "syncs", .what = "a sync", FILLS(config_sync), ROWS(sync_rows),
	PLACE(config_sync, at), .begin = rules_begin_sync, .finish = rules_finish_sync,
	.title = "A sync: a rule that keeps one object in step with another",
	.title_ja = "同期: 1つのオブジェクトをもう1つに合わせ続ける規則",
};

static const struct table_rule notice_rows[] = {
	{ "mail", TABLE_TEXT, INTO(config_notice, mail), .form = form_mail,
	  .hint = "A mail address", .hint_ja = "メールアドレス" },
	{ "chat", TABLE_TEXT, INTO(config_notice, chat), .form = form_filled,
	  .hint = "The address of a chat's incoming webhook, by reference (env:, file:)",
	  .hint_ja = "チャットの受信webhookのアドレス(env: や file: で参照)" },
	{ "webhook", TABLE_TEXT, INTO(config_notice, webhook), .form = form_filled,
	  .hint = "An address that notices are posted to as JSON",
	  .hint_ja = "通知をJSONで送る先のアドレス" },
	{ "send", TABLE_TEXT, INTO(config_notice, send),
	  ONE_OF("immediate", "daily", "weekly"), .normal = "immediate",
	  .hint = "When to tell", .hint_ja = "いつ知らせるか" },
};

static const struct table_level notice_level = {
	.path = "notify.NAME", .what = "a notice", FILLS(config_notice),
	ROWS(notice_rows), PLACE(config_notice, at), .finish = rules_finish_notice,
	.title = "Whom to tell", .title_ja = "通知先",
};

static const struct table_rule top_rows[] = {
	{ "connections", TABLE_NAMED, LIST(config, connections, connection_count),
	  .sub = &connection_level, .hint = "The connections, under names of your choice",
	  .hint_ja = "接続。名前は自由に付ける" },
	{ "syncs", TABLE_GROUPS, LIST(config, syncs, sync_count), .sub = &sync_level,
	  .hint = "The syncs", .hint_ja = "同期の一覧" },
	{ "notify", TABLE_NAMED, LIST(config, notices, notice_count), .sub = &notice_level,
	  .hint = "Whom to tell, under names that syncs refer to",
	  .hint_ja = "通知先。同期からこの名前で参照する" },
	{ "connector_dirs", TABLE_TEXTS,
	  LIST(config, connector_dirs, connector_dir_count),
	  PLACE(config, connector_dirs_at), .form = form_path,
	  .hint = "Folders that hold connectors, in place of the built-in one",
	  .hint_ja = "コネクタを置くフォルダ。指定すると既定の場所の代わりになる" },
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
