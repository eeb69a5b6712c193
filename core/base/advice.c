/* SPDX-License-Identifier: Apache-2.0
 *
 * advice.c - see advice.h.  A row with a code is for that case of its category; the
 * row without one, for all others. */
#include "base/advice.h"

#include <stddef.h>
#include <string.h>

#include <renkei/connector.h>

struct row {
	int32_t category;
	const char *code;
	const char *title, *title_ja;
	const char *causes, *causes_ja;
	const char *remedies, *remedies_ja;
	bool always;
};

static const struct row rows[] = {
	{ RK_CAT_AUTH, "oauth-login", "Not logged in", "未ログイン",
	  "the connection uses OAuth, and nobody has let renkei in at the CRM yet",
	  "OAuth の接続だが、まだ CRM で接続を許可していない",
	  "run \"renkei login CONNECTION\"; \"--dry-run\" tells first what to register with "
	  "the app",
	  "\"renkei login 接続\" を実行する（\"--dry-run\" でアプリに登録する内容を確認できる）",
	  true },
	{ RK_CAT_AUTH, "oauth-revoked", "Login ended by the CRM", "CRM による許可の取り消し",
	  "somebody removed the app's access in the CRM, or uninstalled the app\n"
	  "the user who logged in was disabled, deleted, or changed the password\n"
	  "the refresh token was not used for longer than the CRM allows",
	  "CRM でアプリの許可が取り消されたか、アプリがアンインストールされた\n"
	  "ログインしたユーザーが無効化・削除されたか、パスワードを変更した\n"
	  "リフレッシュトークンが CRM の定める期間使われなかった",
	  "run \"renkei login CONNECTION\" again; connection and syncs stay as they are, and "
	  "nothing is lost",
	  "\"renkei login 接続\" をやり直す（接続と同期の設定はそのままで、データは失われない）",
	  true },
	{ RK_CAT_AUTH, "oauth-lost", "A new token was lost", "新しいトークンの喪失",
	  "renkei-net was ended, or the connection cut, between the CRM's answer and the disk, "
	  "and this CRM accepts a refresh token only once",
	  "CRM の応答を保存する前に renkei-net が終了したか通信が切れた。この CRM ではリフレッシュ"
	  "トークンは 1 回しか使えない",
	  "run \"renkei login CONNECTION\" again; connection and syncs stay as they are, and "
	  "nothing is lost",
	  "\"renkei login 接続\" をやり直す（接続と同期の設定はそのままで、データは失われない）",
	  true },
	{ RK_CAT_AUTH, "oauth-client", "Client id or secret refused",
	  "クライアント ID またはシークレットの誤り",
	  "client_id or client_secret was mistyped\n"
	  "the secret was regenerated at the CRM\n"
	  "the app was deleted or switched off at the CRM",
	  "client_id または client_secret の入力誤り\n"
	  "CRM でシークレットが再発行された\n"
	  "CRM でアプリが削除または無効化された",
	  "compare both with the app's page at the CRM and correct them in the connection; the "
	  "login itself stays good\n"
	  "if the app is gone, register a new one (\"renkei login CONNECTION --dry-run\" tells "
	  "with what) and log in again",
	  "CRM のアプリ画面の値と比べ、接続の設定を直す（ログインのやり直しは不要）\n"
	  "アプリが存在しない場合は登録し直し（内容は \"renkei login 接続 --dry-run\"）、"
	  "もう一度ログインする", true },
	{ RK_CAT_AUTH, "oauth-account", "Account refused", "アカウントの拒否",
	  "the account was deleted at the CRM, or it no longer lets this app in\n"
	  "the user is not among those that may use the app",
	  "CRM のアカウントが削除されたか、このアプリの利用を認めていない\n"
	  "ユーザーがアプリの利用者に含まれていない",
	  "look in the CRM whether the account exists and who may use the app, then run "
	  "\"renkei login CONNECTION\" again",
	  "CRM でアカウントとアプリの利用者を確認し、\"renkei login 接続\" をやり直す", true },
	{ RK_CAT_AUTH, "oauth-redirect", "Redirect URI differs", "リダイレクト URI の不一致",
	  "the redirect URI that is registered with the app is another one than redirect_uri of "
	  "the connection",
	  "アプリに登録されたリダイレクト URI が、接続の redirect_uri と一致しない",
	  "register exactly what \"renkei login CONNECTION --dry-run\" prints, or set "
	  "redirect_uri to what is registered; then log in again",
	  "\"renkei login 接続 --dry-run\" が表示する値をアプリに登録するか、redirect_uri を登録"
	  "済みの値に合わせ、もう一度ログインする", true },
	{ RK_CAT_AUTH, "oauth-scope", "Scope missing", "スコープの不足",
	  "the app does not have the scope, or it was taken from it\n"
	  "the user who logged in may not give it",
	  "アプリにスコープがない、または外された\n"
	  "ログインしたユーザーにその権限がない",
	  "give the app the scopes that \"renkei login CONNECTION --dry-run\" prints, then log in "
	  "again",
	  "\"renkei login 接続 --dry-run\" が表示するスコープをアプリに付け、もう一度ログインする",
	  true },
	{ RK_CAT_AUTH, "oauth-code", "Code refused", "認可コードの拒否",
	  "a code holds for a few minutes and works once\n"
	  "it belongs to another login, or was not pasted whole",
	  "認可コードの有効期間は数分で、1 回しか使えない\n"
	  "別のログインのコードか、貼り付けが途中で切れている",
	  "run \"renkei login CONNECTION\" again and use its newest address\n"
	  "if that does not help, clear the browser's cache and cookies for the CRM",
	  "\"renkei login 接続\" をやり直し、新しいアドレスを使う\n"
	  "それでも失敗する場合は、ブラウザーの CRM のキャッシュと Cookie を消す", true },
	{ RK_CAT_AUTH, "oauth-denied", "Access denied", "アクセスの拒否",
	  "on the CRM's page the request was declined\n"
	  "the user may not let apps in",
	  "CRM の画面で許可されなかった\n"
	  "ユーザーにアプリを許可する権限がない",
	  "run \"renkei login CONNECTION\" again as a user who may let apps in, and accept",
	  "アプリを許可できるユーザーで \"renkei login 接続\" をやり直し、許可する", true },
	{ RK_CAT_AUTH, "oauth-changed", "Login of another app", "別のアプリのログイン",
	  "client_id or the host of the connection was changed since the login, and tokens are "
	  "sent only where they came from",
	  "ログイン後に接続の client_id またはホストが変更された（トークンは発行元以外には送ら"
	  "ない）",
	  "run \"renkei login CONNECTION\" again, or put the former values back",
	  "\"renkei login 接続\" をやり直すか、元の値に戻す", true },
	{ RK_CAT_AUTH, "oauth-key", "Tokens cannot be opened", "トークンを開けない",
	  "the key that tokens are sealed with (seal.key) is missing, or is another one: the "
	  "state was restored or copied without it",
	  "トークンを封印した鍵（seal.key）がないか、別の鍵になっている（状態の復元やコピーの際に"
	  "鍵が含まれていなかった）",
	  "put the key back from the same backup, or run \"renkei login CONNECTION\" again",
	  "同じバックアップの鍵を戻すか、\"renkei login 接続\" をやり直す", true },
	{ RK_CAT_AUTH, "hook-proof", "Webhook refused", "Webhook の拒否",
	  "it does not come from the CRM, or the secret of the connection's hook is another one "
	  "than the CRM has\n"
	  "the CRM was given another address than url, where the signature covers it",
	  "CRM からのものではない、または接続の hook の secret が CRM 側と異なる\n"
	  "署名がアドレスを含む場合に、CRM に登録したアドレスが url と異なる",
	  "compare secret and url of the hook with what the CRM has; a CRM that signs nothing is "
	  "given https://.../hooks/NAME/SECRET",
	  "hook の secret と url を CRM 側の設定と照らし合わせる。署名しない CRM には "
	  "https://.../hooks/名前/SECRET を登録する", false },
	{ RK_CAT_AUTH, "oauth-refused", "Login refused", "ログインの拒否",
	  "the CRM refused for the reason that it names",
	  "CRM が示された理由で拒否した",
	  "check client_id, client_secret, redirect URI and scopes, in this order, then run "
	  "\"renkei login CONNECTION\" again\n"
	  "if it lasts, send the exact text to the vendor's support",
	  "client_id・client_secret、リダイレクト URI、スコープの順に確認し、"
	  "\"renkei login 接続\" をやり直す\n"
	  "続く場合は表示された文面をベンダーのサポートに伝える", true },
	{ RK_CAT_AUTH, NULL, "Credentials refused", "認証エラー",
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
	{ RK_CAT_PERMISSION, RK_CODE_IP_RULE, "Address refused", "IP アドレスによる拒否",
	  "the CRM, or a gate before it, takes requests from certain IP addresses only, "
	  "and the address of this machine is none of them",
	  "CRM またはその手前の関門が接続元の IP アドレスを制限しており、このマシンの"
	  "アドレスが許可されていない",
	  "allow this machine's address in the CRM's admin screen, among the security "
	  "settings for IP addresses; behind a router or proxy it is the public address "
	  "of that router or proxy, which the network's administrator knows\n"
	  "nothing is lost: the sync goes on with its next run once the address is "
	  "allowed",
	  "CRM の管理画面のセキュリティ設定（IP アドレス制限）で、このマシンのアドレスを"
	  "許可する。ルーターやプロキシの内側では、そのグローバルアドレスを許可する"
	  "（ネットワーク管理者に確認する）\n"
	  "データは失われず、許可後の次の実行から再開する", true },
	{ RK_CAT_PERMISSION, RK_CODE_NOT_ENTITLED, "Not in the contract", "契約対象外",
	  "the contract (plan, edition) of this account does not include the API, the "
	  "object or the function that the sync needs",
	  "このアカウントの契約（プラン、エディション）に、同期に必要な API・オブジェクト・"
	  "機能が含まれていない",
	  "compare the plan in the CRM's billing screen with what is named, and ask the "
	  "vendor for the option\n"
	  "or leave the object out: remove the sync, or the fields, that need it",
	  "CRM の契約画面でプランを確認し、必要なオプションをベンダーに問い合わせる\n"
	  "または、それを必要とする同期かフィールドを設定から外す", true },
	{ RK_CAT_PERMISSION, NULL, "Permission", "権限",
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
	{ RK_CAT_RATE_LIMIT, NULL, "Too many requests", "リクエスト過多",
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
	{ RK_CAT_QUOTA, NULL, "Quota used up", "API 使用量の上限",
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
	{ RK_CAT_UNREACHABLE, NULL, "Connection failed", "Connection failed（接続失敗）",
	  "the host is mistyped\n"
	  "https:// is missing\n"
	  "the domain of the instance is another one\n"
	  "the CRM is under maintenance, or the network or a proxy does not let us "
	  "through",
	  "ホストの入力誤り\n"
	  "https:// が付いていない\n"
	  "インスタンスのドメインが違う\n"
	  "CRM のメンテナンス中、またはネットワークやプロキシに遮られている",
	  "check the host of the connection\n"
	  "write it with https://\n"
	  "compare it with the address of the CRM's admin screen\n"
	  "if it is right, wait: the sync goes on when the CRM can be reached",
	  "接続のホストを確認する\n"
	  "https:// を付けて指定する\n"
	  "CRM の管理画面の URL と比べる\n"
	  "正しい場合は待つ（CRM に届くようになれば同期は自動で再開する）", true },
	{ RK_CAT_SERVER, NULL, "The CRM has trouble", "CRM 側の障害",
	  "the CRM answered with an error of its own",
	  "CRM が内部エラーを返した",
	  "wait: it is tried again, nothing is lost\n"
	  "look at the vendor's status page if it lasts",
	  "待つ（自動で再試行され、データは失われない）\n"
	  "続く場合はベンダーの稼働状況を確認する", false },
	{ RK_CAT_CONFIG, NULL, "Configuration", "設定",
	  "the configuration names something that is not there, or not in this form",
	  "設定が存在しないもの、または形式の違うものを指している",
	  "correct what is named, then run \"renkei check --online\"",
	  "示された箇所を直し、\"renkei check --online\" を実行する", false },
	{ RK_CAT_BUG, NULL, "Unexpected answer", "想定外の応答",
	  "the connector and the CRM do not understand each other",
	  "コネクターが CRM の応答を解釈できない",
	  "run it again with -v; if it lasts, report the exact text to the connector's "
	  "author",
	  "-v を付けて再実行し、続く場合は表示された文面をコネクターの作者に伝える",
	  false },
	{ RK_CAT_ASSOCIATION, RK_CODE_PARENT_MISSING, "Association", "関連付け",
	  "the record that it refers to is not in the target yet, or not visible to the "
	  "connecting user",
	  "参照先のレコードが同期先にまだないか、接続ユーザーから見えない",
	  "create or sync the record that is named, or give the right to view it; this "
	  "one follows by itself",
	  "示されたレコードを作成または同期するか、閲覧権限を付与する"
	  "（このレコードは自動で続く）", false },
	{ RK_CAT_ASSOCIATION, RK_CODE_ASSOCIATION_LIMIT, "Association", "関連付け",
	  "the target's record has as many associations as the CRM allows",
	  "同期先レコードの関連付けが CRM の上限に達している",
	  "open the target's record and remove associations that are not needed, then "
	  "resync this one",
	  "同期先のレコードを開き、不要な関連付けを外してから再同期する", false },
	{ RK_CAT_ASSOCIATION, NULL, "Association", "関連付け",
	  "the record refers to a record that is not synced yet\n"
	  "the record of the target has reached its limit of associations",
	  "まだ同期されていないレコードを参照している\n"
	  "同期先レコードの関連付けが上限に達している",
	  "sync the record that it refers to; this one follows by itself\n"
	  "remove associations that are not needed",
	  "参照先のレコードを同期する（このレコードは自動で続く）\n"
	  "不要な関連付けを外す", false },
	{ RK_CAT_CUSTOM_CODE, NULL, "Custom code", "カスタムコード",
	  "an automation, a flow or a validation rule of the CRM refuses the record; its "
	  "own message stands beside the error",
	  "CRM の自動化・フロー・入力規則がレコードを拒否した（CRM のメッセージはエラーに"
	  "併記）",
	  "change the record so that the rule accepts it, then resync\n"
	  "or change the rule in the CRM's settings (automation, workflow, required or "
	  "validated properties)",
	  "規則に合うようにレコードを直して再同期する\n"
	  "または CRM の設定（自動化、ワークフロー、必須・入力規則）で規則を直す", false },
	{ RK_CAT_DUPLICATE, NULL, "Duplicate", "重複",
	  "another record has the same key or the same unique value",
	  "同じキーまたは重複禁止の値を持つレコードが既にある",
	  "open both records, then merge them, or change the value in one of them\n"
	  "if both are meant to be one, delete the one that is not needed at the source\n"
	  "if two records exchange their keys, give one of them a third value, sync, then "
	  "the right one",
	  "両方のレコードを開き、統合するか、一方の値を変える\n"
	  "同じものであれば、同期元で不要な方を削除する\n"
	  "2 件のキーを入れ替える場合は、一方をいったん別の値にして同期し、その後正しい値に"
	  "する", false },
	{ RK_CAT_PICKLIST, RK_CODE_OPTION_UNKNOWN, "Picklist", "選択リスト",
	  "the value is not among the options of the target's field, or not in the value "
	  "map",
	  "値が同期先フィールドの選択肢、または値の対応表にない",
	  "add the option to the field in the CRM's form settings: the record heals by "
	  "itself with the next run\n"
	  "or map the value to an option that exists (`values`, `otherwise`)\n"
	  "or correct the value at the source",
	  "CRM のフォーム設定でフィールドに選択肢を追加する（次の実行で自動的に回復する）\n"
	  "または map で既存の選択肢に対応付ける（values、otherwise）\n"
	  "または同期元の値を直す", false },
	{ RK_CAT_PICKLIST, RK_CODE_OPTIONS_FULL, "Picklist", "選択リスト",
	  "the field has as many options as the CRM allows",
	  "フィールドの選択肢の数が CRM の上限に達している",
	  "delete options that nobody uses in the CRM's field settings\n"
	  "or map several values to one option (`values`, `otherwise`)",
	  "CRM のフィールド設定で使われていない選択肢を削除する\n"
	  "または複数の値を 1 つの選択肢に対応付ける（values、otherwise）", false },
	{ RK_CAT_PICKLIST, RK_CODE_OPTION_INVALID, "Picklist", "選択リスト",
	  "the value cannot be an option there: it is empty, retired, or of another form",
	  "値が選択肢として無効（空、廃止済み、または形式が違う）",
	  "choose a valid option in the source record, or convert the value in `map`",
	  "同期元のレコードで有効な選択肢を選ぶか、map で変換する", false },
	{ RK_CAT_PICKLIST, NULL, "Picklist", "選択リスト",
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
	{ RK_CAT_PROPERTY_MAPPING, RK_CODE_TYPES_DIFFER, "Property mapping",
	  "フィールドの対応付け",
	  "the types of both fields do not fit each other",
	  "両フィールドの型が合わない",
	  "map to a field of a fitting type, or convert the value in `map`; "
	  "\"renkei describe CONNECTION OBJECT\" shows the types",
	  "型の合うフィールドに対応付けるか、map で変換する"
	  "（型は \"renkei describe 接続 オブジェクト\" で確認）", false },
	{ RK_CAT_PROPERTY_MAPPING, RK_CODE_FIELD_GONE, "Property mapping",
	  "フィールドの対応付け",
	  "a field that the mapping names was deleted, renamed or made read-only",
	  "対応付けたフィールドが削除・改名されたか、書き込めなくなった",
	  "restore the field in the CRM, or correct its name in `map`; \"renkei describe "
	  "CONNECTION OBJECT\" shows the fields there are",
	  "CRM でフィールドを元に戻すか、map の名前を直す"
	  "（現在のフィールドは \"renkei describe 接続 オブジェクト\" で確認）", false },
	{ RK_CAT_PROPERTY_MAPPING, RK_CODE_REFERENCE_UNMAPPED, "Property mapping",
	  "フィールドの対応付け",
	  "the field refers to records of another object, which no sync maps yet",
	  "フィールドが参照する別オブジェクトのレコードが、まだどの同期でも対応付けられて"
	  "いない",
	  "add a sync for the object that it refers to, run it first, then resync this "
	  "record",
	  "参照先オブジェクトの同期を追加して先に実行し、その後このレコードを再同期する",
	  false },
	{ RK_CAT_PROPERTY_MAPPING, NULL, "Property mapping", "フィールドの対応付け",
	  "the types of both fields do not fit\n"
	  "a field that the mapping names is gone\n"
	  "a reference needs a mapping of its own first",
	  "両フィールドの型が合わない\n"
	  "対応付けたフィールドが存在しない\n"
	  "参照フィールドには先に対応付けが必要",
	  "compare `map` with \"renkei describe CONNECTION OBJECT\"",
	  "\"renkei describe 接続 オブジェクト\" の結果と map を見比べる", false },
	{ RK_CAT_PROPERTY_VALUE, NULL, "Property value", "フィールドの値",
	  "the record holds a value that the target does not take",
	  "同期先が受け付けない値がレコードに入っている",
	  "correct the value at the source, or convert it in `map`",
	  "元のレコードの値を直すか、map で変換する", false },
	{ RK_CAT_OTHER, RK_CODE_UNDECIDED, "Undecided", "要判断",
	  "a record was sent, no answer came back, and the CRM offers no way to look up "
	  "whether it was created",
	  "レコードを送信したが応答がなく、作成されたかどうかを CRM に照会する方法もない",
	  "look in the CRM whether the record is there, then say so: \"renkei errors\" "
	  "shows the record and how to settle it; until then it is not sent again",
	  "CRM でレコードの有無を確認し、結果を指定する（対象と指定方法は "
	  "\"renkei errors\" に表示。それまで再送しない）", false },
	{ RK_CAT_OTHER, RK_CODE_LOOP, "Written in turn", "交互の書き込み",
	  "both sides of a two-way sync wrote this record in turn, more often than the sync's "
	  "`loop_breaker` allows: two systems correct each other, or each CRM alters what it "
	  "is given in its own way",
	  "双方向の同期で、このレコードへの交互の書き込みが `loop_breaker` の回数を超えた。"
	  "2 つのシステムが互いに値を直しているか、それぞれの CRM が受け取った値を別々に変えている",
	  "look which field goes to and fro: `renkei why SYNC RECORD`\n"
	  "say direction = \"to\" or \"from\" for that field, or switch off the workflow that alters "
	  "it in one of the CRMs\n"
	  "then `renkei errors resync SYNC RECORD`; later runs try it again as well",
	  "`renkei why SYNC RECORD` で往復しているフィールドを確かめる\n"
	  "そのフィールドに direction = \"to\" か \"from\" を指定するか、片方の CRM で値を変えている"
	  "ワークフローを止める\n"
	  "その後 `renkei errors resync SYNC RECORD` を実行する（後の実行でも再試行される）", false },
	{ RK_CAT_OTHER, RK_CODE_NEVER_TAKEN, "Never taken", "受け付けられないレコード",
	  "the CRM answers each try to write this record with an error that says to try "
	  "again, while it takes other records; something in this record, or a lock on the "
	  "one at the target, makes it fail",
	  "CRM は他のレコードは受け付けるが、このレコードの書き込みには毎回「再試行」を求める"
	  "エラーを返す。このレコードの内容か、同期先レコードのロックが原因と考えられる",
	  "open the record in both CRMs and try the same change by hand at the target\n"
	  "correct or shorten its values at the source, or leave it out with `filter`\n"
	  "send the CRM's own words, with the id in them, to the vendor's support\n"
	  "the others go on; this one is tried again by a later run",
	  "両方の CRM でレコードを開き、同じ変更を同期先で手作業で試す\n"
	  "元のレコードの値を直すか短くする。または filter で対象から外す\n"
	  "CRM のメッセージを、記載の ID を添えてベンダーのサポートに問い合わせる\n"
	  "他のレコードの同期は続き、このレコードも後の実行で再試行される", false },
	{ RK_CAT_OTHER, RK_CODE_NO_OUTCOME, "No outcome", "結果不明のレコード",
	  "each time this record is sent, no usable answer comes back, while other records "
	  "are answered; whether it was written is not known",
	  "他のレコードには応答があるが、このレコードを送ると毎回有効な応答がなく、書き込まれたか"
	  "どうか分からない",
	  "look at the record at the target; nothing is sent that could double it\n"
	  "correct or shorten its values at the source, or leave it out with `filter`\n"
	  "ask the vendor's support, or whoever runs a proxy on the way\n"
	  "the others go on; this one is tried again by a later run",
	  "同期先でレコードを確認する（重複を生む送信は行わない）\n"
	  "元のレコードの値を直すか短くする。または filter で対象から外す\n"
	  "ベンダーのサポート、または途中のプロキシの管理者に問い合わせる\n"
	  "他のレコードの同期は続き、このレコードも後の実行で再試行される", false },
	{ RK_CAT_OTHER, RK_CODE_RECORD_GONE, "Deleted at the other side", "相手側で削除されたレコード",
	  "somebody deleted this record's partner at the other side, or it is out of sight for "
	  "the user in whose name renkei writes; an update does not bring it back",
	  "相手側のレコードが削除されたか、renkei の利用者からは見えない。更新では復活させない",
	  "if it was meant: set it aside with \"renkei errors ignore\", or delete this record "
	  "too\n"
	  "if not: \"renkei errors resync\" creates it anew at the other side",
	  "意図した削除の場合: \"renkei errors ignore\" で無視するか、このレコードも削除する\n"
	  "そうでない場合: \"renkei errors resync\" で相手側に作り直す", false },
	{ RK_CAT_OTHER, NULL, "Other", "その他",
	  "the CRM refused the record for a reason that is in no other category; its own "
	  "words stand beside the error",
	  "他の分類に当てはまらない理由で CRM が拒否した（CRM のメッセージをそのまま併記）",
	  "read the CRM's own words; if they do not help, send them with the id in them "
	  "to the vendor's support",
	  "CRM のメッセージを確認し、分からない場合は記載の ID を添えてベンダーのサポートに"
	  "問い合わせる", false },
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
row_of(int32_t category, const char *code)
{
	size_t count = sizeof rows / sizeof *rows;
	for (size_t i = 0; i < count; i++)
		if (rows[i].category == category
		    && (rows[i].code == NULL
		        || (code != NULL && strcmp(code, rows[i].code) == 0)))
			return &rows[i];
	return &rows[count - 1];
}

const char *
advice_own(int32_t category, const char *code)
{
	const struct row *row = row_of(category, code);
	return row->category == category ? row->code : NULL;
}

struct advice
advice_for(int32_t category, int http_status, const char *code, enum words_lang lang)
{
	const struct row *row = row_of(category, code);
	bool ja = lang == LANG_JA;
	struct advice advice = {
		.title = ja ? row->title_ja : row->title,
		.causes = ja ? row->causes_ja : row->causes,
		.remedies = ja ? row->remedies_ja : row->remedies,
		.always = row->always };
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
		if (statuses[i].status == http_status && row->code == NULL)
			advice.title = statuses[i].title;
	return advice;
}
