/* SPDX-License-Identifier: Apache-2.0
 *
 * advice.c - see advice.h.  The first row that fits counts. */
#include "base/advice.h"

#include <stddef.h>

#include <renkei/connector.h>

struct row {
	int32_t category;
	const char *title, *title_ja;
	const char *causes, *causes_ja;
	const char *remedies, *remedies_ja;
	bool always;
};

static const struct row rows[] = {
	{ RK_CAT_AUTH, "Credentials refused", "認証エラー",
	  "the key or token was mistyped\n"
	  "the user who owns the key was disabled or deleted\n"
	  "the key was regenerated, so the one that is stored is old",
	  "キーまたはトークンの入力誤り\n"
	  "キーの所有者であるユーザーが無効化または削除された\n"
	  "キーが再発行され、保存されているキーが古い",
	  "check the key that the connection names\n"
	  "check or regenerate the key in the CRM's admin screen\n"
	  "update the secret of the connection; no sync needs a change",
	  "接続に設定したキーをもう一度確認する\n"
	  "CRM の管理画面でキーを確認するか、再発行する\n"
	  "接続の秘密情報を更新する（同期の変更は不要）", true },
	{ RK_CAT_PERMISSION, "Permission", "権限",
	  "the connecting user or key may not use the object, field or function named\n"
	  "the key lacks a scope\n"
	  "the CRM takes requests from certain IP addresses only",
	  "接続ユーザーまたはキーに、示されたオブジェクト・フィールド・機能の権限がない\n"
	  "キーのスコープが足りない\n"
	  "CRM が接続元の IP アドレスを制限している",
	  "grant in the CRM what is named\n"
	  "\"renkei check --online\" tells what is granted and what is missing\n"
	  "if addresses are restricted, allow the address of this machine in the CRM",
	  "示された権限またはスコープを CRM で付与する\n"
	  "\"renkei check --online\" で付与済みと不足の一覧を確認する\n"
	  "IP アドレス制限がある場合は、このマシンのアドレスを CRM で許可する", false },
	{ RK_CAT_RATE_LIMIT, "Too many requests", "リクエスト過多",
	  "many requests were made in a short time\n"
	  "other applications use the same key\n"
	  "the limit of this kind of key is reached",
	  "短時間に多数のリクエストが送られた\n"
	  "他のアプリケーションが同じキーを使っている\n"
	  "キーの種類ごとの上限に達した",
	  "wait and run the sync again; nothing is lost, and it goes on by itself when "
	  "the window ends\n"
	  "run it less often, or space the requests with `limits` of the connection\n"
	  "see who else uses the key, and issue one for renkei alone",
	  "時間をおいて再実行する（データは失われず、制限の解除後に自動で再開する）\n"
	  "同期の頻度を下げるか、接続の limits でリクエストの間隔を空ける\n"
	  "同じキーを使う他のアプリケーションを確認し、専用のキーを発行する", true },
	{ RK_CAT_QUOTA, "Quota used up", "API 使用量の上限",
	  "the calls of this window (usually a day) are used up\n"
	  "other applications use the same key\n"
	  "the limit of this kind of key is reached",
	  "この期間（通常は 1 日）の呼び出し回数を使い切った\n"
	  "他のアプリケーションが同じキーを使っている\n"
	  "キーの種類ごとの上限に達した",
	  "wait: nothing is lost, and the sync goes on when the window ends\n"
	  "run it less often, or change the `limits` of the connection if they are "
	  "smaller than what the CRM allows\n"
	  "see who else uses the key, and issue one for renkei alone",
	  "待つ（データは失われず、期間が変わると自動で再開する）\n"
	  "同期の頻度を下げる。接続の limits が CRM の上限より小さい場合は見直す\n"
	  "同じキーを使う他のアプリケーションを確認し、専用のキーを発行する", true },
	{ RK_CAT_UNREACHABLE, "Connection failed", "Connection failed（接続失敗）",
	  "the host is mistyped\n"
	  "https:// is missing\n"
	  "the domain of the instance is another one\n"
	  "the CRM is under maintenance, or the network does not let us through",
	  "ホストの入力誤り\n"
	  "https:// が付いていない\n"
	  "インスタンスのドメインが違う\n"
	  "CRM のメンテナンス中、またはネットワークに遮られている",
	  "check the host of the connection\n"
	  "write it with https://\n"
	  "compare it with the address of the CRM's admin screen\n"
	  "if it is right, wait: the sync goes on when the CRM can be reached",
	  "接続のホストを確認する\n"
	  "https:// を付けて指定する\n"
	  "CRM の管理画面の URL と比べる\n"
	  "正しい場合は待つ（CRM に届くようになれば同期は自動で再開する）", true },
	{ RK_CAT_SERVER, "The CRM has trouble", "CRM 側の障害",
	  "the CRM answered with an error of its own",
	  "CRM が内部エラーを返した",
	  "wait: it is tried again, nothing is lost\n"
	  "look at the vendor's status page if it lasts",
	  "待つ（自動で再試行され、データは失われない）\n"
	  "続く場合はベンダーの稼働状況を確認する", false },
	{ RK_CAT_CONFIG, "Configuration", "設定",
	  NULL, NULL,
	  "correct what is named, then run \"renkei check --online\"",
	  "示された箇所を直し、\"renkei check --online\" を実行する", false },
	{ RK_CAT_BUG, "Unexpected answer", "想定外の応答",
	  "the connector and the CRM do not understand each other",
	  "コネクターが CRM の応答を解釈できない",
	  "run it again with -v; if it lasts, report the exact text to the connector's "
	  "author",
	  "-v を付けて再実行し、続く場合は表示された文面をコネクターの作者に伝える",
	  false },
	{ RK_CAT_ASSOCIATION, "Association", "関連付け",
	  "the record refers to a record that is not synced yet\n"
	  "the record of the target has reached its limit of associations",
	  "まだ同期されていないレコードを参照している\n"
	  "同期先レコードの関連付けが上限に達している",
	  "sync the record that it refers to; this one follows by itself\n"
	  "remove associations that are not needed",
	  "参照先のレコードを同期する（このレコードは自動で続く）\n"
	  "不要な関連付けを外す", false },
	{ RK_CAT_CUSTOM_CODE, "Custom code", "カスタムコード",
	  "an automation, a flow or a validation rule of the CRM refuses the record",
	  "CRM の自動化・フロー・入力規則がレコードを拒否した",
	  "change the record, or the rule in the CRM's settings",
	  "レコードまたは CRM 側の規則を直す", false },
	{ RK_CAT_DUPLICATE, "Duplicate", "重複",
	  "another record has the same key or the same unique value",
	  "同じキーまたは重複禁止の値を持つレコードが既にある",
	  "merge the two records, or change the value in one of them",
	  "2 つのレコードを統合するか、一方の値を変える", false },
	{ RK_CAT_PICKLIST, "Picklist", "選択リスト",
	  "the value is not an option of the target's field\n"
	  "the field has reached its greatest number of options\n"
	  "the value is not valid there",
	  "値が同期先フィールドの選択肢にない\n"
	  "選択肢の数が上限に達している\n"
	  "値が無効",
	  "add the option at the target, or map the value to one that exists "
	  "(`values`, `otherwise`)",
	  "同期先に選択肢を追加するか、既存の選択肢に対応付ける（values、otherwise）",
	  false },
	{ RK_CAT_PROPERTY_MAPPING, "Property mapping", "フィールドの対応付け",
	  "the types of both fields do not fit\n"
	  "a field that the mapping names is gone\n"
	  "a reference needs a mapping of its own first",
	  "両フィールドの型が合わない\n"
	  "対応付けたフィールドが存在しない\n"
	  "参照フィールドには先に対応付けが必要",
	  "compare `map` with \"renkei describe CONNECTION OBJECT\"",
	  "\"renkei describe 接続 オブジェクト\" の結果と map を見比べる", false },
	{ RK_CAT_PROPERTY_VALUE, "Property value", "フィールドの値",
	  "the record holds a value that the target does not take",
	  "同期先が受け付けない値がレコードに入っている",
	  "correct the value at the source, or convert it in `map`",
	  "元のレコードの値を直すか、map で変換する", false },
	{ RK_CAT_OTHER, "Other", "その他", NULL, NULL,
	  "read the CRM's own words; ask its support if they do not help",
	  "CRM のメッセージを確認し、分からない場合はサポートに問い合わせる", false },
};

/* Said as the CRM said it, whatever the language. */
static const struct {
	int status;
	const char *title;
} statuses[] = {
	{ 401, "HTTP 401 Unauthorized" },
	{ 403, "HTTP 403 Forbidden" },
	{ 404, "HTTP 404 Not Found" },
	{ 429, "HTTP 429 Too Many Requests" },
	{ 500, "HTTP 500 Internal Server Error" },
	{ 502, "HTTP 502 Bad Gateway" },
	{ 503, "HTTP 503 Service Unavailable" },
	{ 504, "HTTP 504 Gateway Timeout" },
};

static const struct row *
row_of(int32_t category)
{
	size_t count = sizeof rows / sizeof *rows;
	for (size_t i = 0; i < count; i++)
		if (rows[i].category == category)
			return &rows[i];
	return &rows[count - 1];
}

struct advice
advice_for(int32_t category, int http_status, enum words_lang lang)
{
	const struct row *row = row_of(category);
	bool ja = lang == LANG_JA;
	struct advice advice = {
		.title = ja ? row->title_ja : row->title,
		.causes = ja ? row->causes_ja : row->causes,
		.remedies = ja ? row->remedies_ja : row->remedies,
		.always = row->always };
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
		if (statuses[i].status == http_status)
			advice.title = statuses[i].title;
	return advice;
}
