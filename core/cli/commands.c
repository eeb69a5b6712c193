/* SPDX-License-Identifier: Apache-2.0
 *
 * commands.c - the table of commands and the table of options. */
#include <string.h>

#include "base/text.h"
#include "cli/command.h"

#define VERBS_MOST 16

const struct command commands[] = {
	{ .name = "apply", .arguments = "FILE", .min = 1, .max = 1, .options = USES_OLDER,
	  .run = cmd_apply,
	  .group = GROUP_BEFORE,
	  .help = "do what a plan in a file says, and nothing else",
	  .help_ja = "ファイルに保存した計画どおりに書き込む（それ以外は書き込まない）",
	  .more = "FILE is what \"renkei plan SYNC --out FILE\" wrote. Each of its writes is made "
	          "only if the record would be written just so now: where a value has changed "
	          "since, at the source or the target, the line is refused and told, and the "
	          "command ends with 3. Where reading stands does not move. After a crash the "
	          "same command goes on; what was done is found unchanged. A plan is good for 24 "
	          "hours, or for as long as --older says.",
	  .more_ja = "FILE は \"renkei plan SYNC --out FILE\" で作成したものです。今も計画どおりの内容に"
	             "なる場合に限り、1 件ずつ書き込みます。計画後に同期元または同期先の値が変わった"
	             "行は拒否して表示し、終了コードは 3 になります。読み取り位置は動きません。中断後"
	             "は同じコマンドで続行でき、書き込み済みの分は変更なしと判定します。計画の有効期"
	             "間は 24 時間、または --older で指定した長さです。" },
	{ .name = "approve", .arguments = "SYNC [NUMBER]", .min = 1, .max = 2,
	  .run = cmd_approve,
	  .group = GROUP_MEND,
	  .help = "deletions that a run withheld; have exactly so many carried out",
	  .help_ja = "保留された削除の表示と、件数を指定した承認",
	  .more = "More deletions than the sync's delete_budget, or a listing that was suddenly "
	          "empty, may be a mistake: none of them is carried out before a person says so. "
	          "Additions and updates go on. NUMBER must be how many wait; where that has "
	          "changed since, nothing is done and the new number is told.",
	  .more_ja = "同期の delete_budget を超える削除や、急に空になった一覧は、誤りの可能性がありま"
	             "す。承認されるまで削除は 1 件も行われません（追加と更新は続きます）。NUMBER は"
	             "承認待ちの件数です。その後に件数が変わっていれば、何もせずに新しい件数を表示し"
	             "ます。" },
	{ .name = "backup", .arguments = "FILE", .min = 1, .max = 1, .run = cmd_backup,
	  .group = GROUP_KEEP,
	  .help = "keep the whole state in one file, while runs go on",
	  .help_ja = "実行中でも、保存状態の全体を 1 つのファイルに保存する",
	  .more = "Each database as it stood at one moment, with every row verified, and what "
	          "logins gave, which stays sealed. FILE is a tar archive with a SHA-256 of each "
	          "part; it holds records that wait, so it is made readable for this user alone. "
	          "Not in it are the configuration and seal.key: keep those apart from it. "
	          "\"renkei restore\" puts it back.",
	  .more_ja = "各データベースをある一時点の状態で保存し、全行を検証します。ログインで得たト"
	             "ークンは封印されたままです。FILE は各部分の SHA-256 を含む tar 形式で、保留中の"
	             "レコードを含むため、本人だけが読めるように作ります。設定ファイルと seal.key "
	             "は含みません。別に保管してください。戻すには \"renkei restore\" を使います。" },
	{ .name = "audit", .arguments = "", .options = USES_LIMIT, .run = cmd_audit,
	  .group = GROUP_LOOK,
	  .help = "who did what and when, the newest first",
	  .help_ja = "操作の記録（新しい順）",
	  .more = "Commands that change what renkei does, typed or asked for in the console, with "
	          "the code that they ended with. The last 20, or as many as --limit says.",
	  .more_ja = "renkei の動作を変えたコマンド（端末とコンソール）と終了コードです。直近の 20 件、"
	             "または --limit で指定した件数を表示します。" },
	{ .name = "bundle", .arguments = "FILE", .min = 1, .max = 1, .run = cmd_bundle,
	  .group = GROUP_MEND,
	  .help = "what somebody who helps must see, in one file, without secrets",
	  .help_ja = "サポートに必要な情報を、秘密情報を除いて 1 つのファイルにまとめる",
	  .more = "Versions, the configuration with its secrets masked and without comments, and "
	          "what check, connectors, doctor, errors, history, status and usage tell. Errors "
	          "have their exact text, ids and names of fields; values of records are masked. "
	          "FILE is a tar archive of texts: look through it before you hand it on. No CRM "
	          "is asked.",
	  .more_ja = "バージョン、秘密情報を伏せてコメントを除いた設定、check、connectors、doctor、"
	             "errors、history、status、usage の出力を含みます。エラーは原文のまま、ID とフィ"
	             "ールド名を含みますが、レコードの値は伏せます。FILE はテキストの tar 形式です。"
	             "渡す前に内容を確認してください。CRM には問い合わせません。" },
	{ .name = "check", .arguments = "[--online]", .options = USES_ONLINE,
	  .run = cmd_check,
	  .group = GROUP_SETUP,
	  .help = "check configuration, connectors and mappings",
	  .help_ja = "設定・コネクター・対応付けを検査する",
	  .more = "Tells all mistakes at once, each with its line. With --online each "
	          "connection is asked whose account it is and what is granted, each "
	          "object is described, each mapping is compiled against the real "
	          "fields, and for each sync the record written last is read back from "
	          "its target, and the last runs, fields that changed since, and the errors on "
	          "record are looked at. Ends with 3 if that record is gone, a change of a field "
	          "makes records fail or errors stand.",
	  .more_ja = "すべての誤りを行番号とともに一度に表示します。--online を付ける"
	             "と、各接続のアカウントと権限を確認し、各オブジェクトのフィールド"
	             "を取得して、対応付けを実際のフィールドに照らして検査します。さらに同期"
	             "ごとに、最後に書き込んだレコードを同期先から読み戻し、直近の実行、その後に"
	             "変わったフィールド、残っているエラーを確認します。そのレコードがないとき、"
	             "フィールドの変更でレコードが失敗するとき、またはエラーが残っているときは "
	             "3 で終わります。" },
	{ .name = "conflicts", .arguments = "[list|show|settle] [SYNC] [ID] [FIELD]", .max = 4,
	  .group = GROUP_MEND,
	  .options = USES_CONFLICTS | USES_ALL | USES_LIMIT, .run = cmd_conflicts,
	  .help = "fields that both sides of a two-way sync changed, for a person to settle",
	  .help_ja = "双方向の同期で両側が変更したフィールドの一覧と決着",
	  .more = "Where conflict = \"ask\", neither side is written in such a field until somebody "
	          "has chosen; other fields go on. Where both sides become equal, the conflict is "
	          "gone.\n"
	          "list: the record, the field, what each side has, what both had before; the "
	          "oldest first, with --limit so many.\n"
	          "show: all of one record, with the addresses of both.\n"
	          "settle: --take from or --take to, or the name of that side's connection, says "
	          "whose value stays; without FIELD for "
	          "every field of the record, with --all for the whole sync. ID is of the from "
	          "side; one of the other side is written CONNECTION/ID. The run that follows "
	          "writes it, if both sides still have what was shown; else it asks anew. With "
	          "--seen MARK it is refused at once where the values are not those of the "
	          "list.",
	  .more_ja = "conflict = \"ask\" の場合、両側で変更されたフィールドは、選択されるまでどちらに"
	             "も書き込みません（ほかのフィールドは同期します）。両側が同じ値になれば競合は"
	             "なくなります。\n"
	             "list: レコード、フィールド、両側の値、以前の値を古い順に表示する。--limit で件数"
	             "を指定できます。\n"
	             "show: 1 件の詳細と、両方のレコードを開くアドレス。\n"
	             "settle: --take from または --take to（または接続名）で残す側を選ぶ。FIELD を省略するとそのレ"
	             "コードの全フィールド、--all で同期全体が対象です。ID は from 側のもので、反対側は "
	             "接続名/ID と書きます。続く実行が書き込みます。そ"
	             "の時点で値が変わっていれば書き込まず、改めて確認を求めます。--seen MARK を付"
	             "けると、一覧で見た値から変わっている場合はすぐに拒否します。" },
	{ .name = "connectors", .arguments = "[show NAME|CONNECTION]", .max = 2,
	  .run = cmd_connectors,
	  .group = GROUP_SETUP,
	  .help = "what can be connected; settings, limits and objects of one",
	  .help_ja = "接続できる CRM の一覧と、その設定・制限・オブジェクト",
	  .more = "For a connection its values are shown; a secret is shown by "
	          "reference.",
	  .more_ja = "接続名を指定すると設定値を表示します（秘密情報は参照名のみ）。" },
	{ .name = "cursor", .arguments = "show|set|reset SYNC [TIME|--links]", .min = 2,
	  .max = 3, .options = USES_LINKS, .run = cmd_cursor,
	  .group = GROUP_RUN,
	  .help = "where reading stands; move it, or begin anew",
	  .help_ja = "読み取り位置の表示・変更・初期化",
	  .more = "set takes a date, a date and time with its zone, or now: the next "
	          "run reads what changed from there on.  reset forgets the position, "
	          "so that the next run reads everything; with --links it forgets as "
	          "well which records belong together and what is pending.",
	  .more_ja = "set には日付、タイムゾーン付き日時、または now を指定します。次回"
	             "の実行はそこから後の変更を読みます。reset は位置を忘れ、次回すべ"
	             "てを読みます。--links を付けると、レコードの対応と保留中のレコー"
	             "ドも忘れます。" },
	{ .name = "daemon", .arguments = "", .run = cmd_daemon,
	  .group = GROUP_RUN,
	  .help = "run each sync when it is due, until told to stop",
	  .help_ja = "停止の指示があるまで、予定の時刻に各同期を実行する",
	  .more = "What `every`, `cron`, `window` and `blackout` of a sync say. Stays in the "
	          "foreground, for a manager of services such as systemd. SIGTERM stops it: "
	          "runs end what is on its way. SIGHUP has the configuration read anew, "
	          "as \"renkei reload\" does. What was missed is made up for once. Four "
	          "syncs run at a time, of which first loads and others that take minutes "
	          "are at most three.",
	  .more_ja = "同期の `every`、`cron`、`window`、`blackout` に従います。systemd などのサービ"
	             "ス管理のもとでフォアグラウンドで動きます。SIGTERM で停止し、実行中の同期は"
	             "送信中の処理を終えます。\"renkei reload\" と同じく、SIGHUP で設定を読み直し"
	             "ます。実行できなかった分は一度だけ取り戻します。同時に実行する同期は 4 つまで"
	             "で、初回の読み込みなど時間のかかるものは 3 つまでです。" },
	{ .name = "demo", .arguments = "[--once]", .options = USES_ONCE, .run = cmd_demo,
	  .group = GROUP_OTHER,
	  .help = "a sync from nothing, between simulated CRMs",
	  .help_ja = "模擬 CRM の間で同期を試す",
	  .more = "Needs no account and no configuration.  The simulated CRMs listen "
	          "on 127.0.0.1 only and are ended with it; with --once right after "
	          "the runs.",
	  .more_ja = "アカウントも設定も不要です。模擬 CRM は 127.0.0.1 だけで待ち受"
	             "け、終了時に止まります（--once では実行後すぐに止まります）。" },
	{ .name = "describe", .arguments = "CONNECTION [OBJECT]", .min = 1, .max = 2,
	  .run = cmd_describe,
	  .group = GROUP_SETUP,
	  .help = "the objects of a connection, or the fields of an object",
	  .help_ja = "接続のオブジェクト、またはオブジェクトのフィールド",
	  .more = "A field that cannot be mapped is listed with the reason.",
	  .more_ja = "対応付けできないフィールドは理由とともに表示します。" },
	{ .name = "doctor", .arguments = "", .run = cmd_doctor,
	  .group = GROUP_MEND,
	  .help = "look whether this machine and this state are fit to run",
	  .help_ja = "この環境と保存状態が実行に適しているか調べる",
	  .more = "Sandbox, programs and libraries, folders and who may see them, connectors, "
	          "the state of each sync with every checksum, clock, disk, memory that can be "
	          "locked. Asks no CRM. Ends with 1 if something is bad.",
	  .more_ja = "サンドボックス、プログラムとライブラリー、ディレクトリーの権限、コネクター、各同"
	             "期の保存状態（全チェックサム）、時計、ディスク、ロックできるメモリーを調べま"
	             "す。CRM には接続しません。異常があれば終了コードは 1 です。" },
	{ .name = "errors",
	  .arguments = "[list|show|resync|ignore|settle|export] [SYNC] [ID...]",
	  .max = ANY_NUMBER,
	  .options = USES_ERRORS | USES_FIELD | USES_OUT | USES_ALL | USES_ONLINE,
	  .run = cmd_errors,
	  .group = GROUP_MEND,
	  .help = "records that could not be written, why, and what to do",
	  .help_ja = "書き込めなかったレコード、その理由と対処",
	  .more = "ID is the record's id at the source, of a two-way sync CONNECTION/ID where "
	          "both sides may have it; without SYNC all syncs are meant.\n"
	          "list: a count for each category, the records (with --group the errors), "
	          "what helps.\n"
	          "show: all of one error, with the addresses of both records; --online asks the "
	          "target who holds the value of a duplicate.\n"
	          "resync: runs the sync with these records due at once; any number of "
	          "them, or --category, --field, --all; --ignored takes back what was set "
	          "aside. What was deleted at the other side is created anew by this alone.\n"
	          "ignore: sets errors aside until the record changes.\n"
	          "settle: for a record whose create was lost on the way and cannot be "
	          "looked up: --created-as TARGET-ID if it is there, --not-created if it "
	          "is not.\n"
	          "export: CSV, or JSON Lines with --format jsonl.",
	  .more_ja = "ID は元のレコードの ID です。双方向の同期では 接続/ID で側を指定できます。"
	             "同期名を省略するとすべての同期が対象です。\n"
	             "list: 分類ごとの件数、レコードの一覧（--group でエラー別）、対処。\n"
	             "show: 1 件の詳細と、両方のレコードを開くアドレス。--online を付けると、重"
	             "複した値を持つレコードを同期先に問い合わせます。\n"
	             "resync: 指定したレコードをすぐに再同期する（件数は自由。--category、"
	             "--field、--all でも指定できます）。--ignored で無視した分を戻します。相手側で"
	             "削除されたレコードは、これを実行したときだけ作り直します。\n"
	             "ignore: レコードが変わるまでエラーを無視する。\n"
	             "settle: 作成の結果が分からず、検索もできないレコードを決着させる。"
	             "同期先にあれば --created-as 同期先ID、なければ --not-created。\n"
	             "export: CSV で出力する（--format jsonl で JSON Lines）。" },
	{ .name = "help", .arguments = "[COMMAND|CONNECTOR|config|console|mapping|notices|quotas]", .max = 1,
	  .options = USES_MAN, .run = cmd_help,
	  .group = GROUP_OTHER,
	  .help = "help on a command, a connector, the configuration, mappings",
	  .help_ja = "コマンド・コネクター・設定・対応付けの説明" },
	{ .name = "history", .arguments = "[SYNC]", .max = 1, .options = USES_LIMIT,
	  .run = cmd_history,
	  .group = GROUP_LOOK,
	  .help = "the runs of a sync, or of all, the newest first",
	  .help_ja = "実行の履歴（新しい順）",
	  .more = "The last 20, or as many as --limit says.",
	  .more_ja = "直近の 20 件、または --limit で指定した件数を表示します。" },
	{ .name = "hook", .arguments = "CONNECTION", .min = 1, .max = 1, .run = cmd_hook,
	  .group = GROUP_RUN,
	  .help = "take a webhook of a CRM from standard input",
	  .help_ja = "CRM の Webhook を標準入力から受け取る",
	  .more = "The first line is the method and, where the CRM signs nothing, the secret; "
	          "header lines, an empty line and the body follow. What it says of records is "
	          "no data: the next run of each sync reads them by id, at once, and where "
	          "reading stands does not move. The console does this for the webhooks that it "
	          "receives.  A sender of your own posts {\"object\": \"contacts\", \"id\": \"501\"}, "
	          "or a list \"ids\", for any connector.  The run waits while a window is closed "
	          "or a quota, a breaker or a pause holds the sync.",
	  .more_ja = "1 行目はメソッドと、CRM が署名しない場合は秘密情報。続けてヘッダー、空行、本"
	             "文。内容はデータとしては使わず、各同期の次の実行が該当レコードを ID ですぐに"
	             "読みます(読み取り位置は動きません)。コンソールは受け取った Webhook をこのよ"
	             "うに渡します。自作の送信側は、どのコネクターに対しても {\"object\": \"contacts\", "
	             "\"id\": \"501\"} (または一覧 \"ids\") を送れます。実行時間外、または上限・ブレーカー"
	             "・一時停止で止まっている間は、実行を待ちます。" },
	{ .name = "map", .arguments = "CONNECTION[/OBJECT] CONNECTION[/OBJECT] | SYNC", .min = 1,
	  .max = 2, .run = cmd_map,
	  .group = GROUP_SETUP,
	  .help = "propose a mapping from one object to another, ready to be edited",
	  .help_ja = "2 つのオブジェクトの対応付けの案を設定の形で出力する",
	  .more = "First the source, then the target; without objects, all those that are "
	          "the same kind of thing. Fields go together by what their connectors say "
	          "of them, by name, label or meaning. What does not fit is listed with the reason, as are fields that "
	          "are left over. The sync that it prints is switched off. With the name of a "
	          "sync: the mapping that it has, and what of it does not fit.",
	  .more_ja = "同期元、同期先の順に指定します。オブジェクトを省くと、同じ種類のものすべて"
	             "が対象です。フィールドはコネクターの宣言・名前・ラベル・意味で組み合わせ"
	             "ます。合わないものは理由とともに、残ったフィールドも一覧にします。出力され"
	             "る同期は無効（enabled = false）です。同期の名前を指定すると、設定済みの対応"
	             "付けと合わない箇所を表示します。" },
	{ .name = "login", .arguments = "CONNECTION", .min = 1, .max = 1,
	  .options = USES_DRY_RUN, .run = cmd_login,
	  .group = GROUP_SETUP,
	  .help = "let renkei in at a CRM by OAuth, with a browser",
	  .help_ja = "ブラウザーを使い OAuth で CRM への接続を許可する",
	  .more = "Prints the address of the CRM's page of consent and waits until the browser "
	          "comes back to redirect_uri at this machine; from another machine the address "
	          "that it ends at, or the code in it, is pasted. It can be repeated at any time "
	          "and changes nothing else of the connection or its syncs. --dry-run prints "
	          "what to register with the app: the redirect URI and the scopes that the "
	          "configured syncs need, and no more.",
	  .more_ja = "CRM の許可画面のアドレスを表示し、ブラウザーがこのマシンの redirect_uri に"
	             "戻るのを待ちます。別のマシンのブラウザーを使う場合は、戻り先のアドレスか"
	             "その中のコードを貼り付けます。何度でもやり直せ、接続や同期の設定は変わり"
	             "ません。--dry-run はアプリに登録する内容（リダイレクト URI と、設定済みの"
	             "同期に必要な最小限のスコープ）を表示します。" },
	{ .name = "logout", .arguments = "CONNECTION", .min = 1, .max = 1, .run = cmd_logout,
	  .group = GROUP_SETUP,
	  .help = "end what \"renkei login\" began, here and at the CRM",
	  .help_ja = "\"renkei login\" で得た許可を取り消す",
	  .more = "The refresh token is revoked where the CRM offers that, and forgotten here in "
	          "any case. Syncs of the connection stop until the next login; nothing of "
	          "theirs is lost.",
	  .more_ja = "CRM が対応していればリフレッシュトークンを無効にし、この環境からも消しま"
	             "す。同期は次のログインまで止まりますが、データは失われません。" },
	{ .name = "notify", .arguments = "test [GROUP] | list | send", .min = 1, .max = 2,
	  .run = cmd_notify,
	  .group = GROUP_SETUP,
	  .help = "try whether notices arrive; see and send those that wait",
	  .help_ja = "通知のテスト、待機中の通知の表示と送信",
	  .more = "test: sends a test message to GROUP of the setting notify, or to all, and tells "
	          "for each way whether the other side took it.\n"
	          "list: the last 20 notices, with what became of them.\n"
	          "send: sends those that are due, as the daemon does by itself. What does not get "
	          "through is tried again after 1, 2, 4 ... 60 minutes, and given up after a day; "
	          "one address gets 12 messages an hour at most, what is more comes together.",
	  .more_ja = "test: 設定 notify の GROUP（省略時はすべて）にテスト通知を送り、方法ごとに相手が受"
	             "け取ったかを表示します。\n"
	             "list: 最近の通知 20 件とその結果を表示します。\n"
	             "send: 送るべき通知を送信します（daemon は自動で行います）。届かないものは 1、2、4 "
	             "… 60 分後に再送し、1 日で断念します。1 つの宛先には 1 時間に 12 通までで、それを"
	             "超える分はまとめて送ります。" },
	{ .name = "override", .arguments = "list | set WHAT NAME [LIMIT] VALUE | clear WHAT NAME "
	  "[LIMIT]", .min = 1, .max = 5, .run = cmd_override,
	  .group = GROUP_RUN,
	  .help = "values that hold otherwise than configured, until they are cleared",
	  .help_ja = "設定ファイルと異なる値を実行時に指定・解除する",
	  .more = "WHAT is allocation (of a connection's LIMIT: a number of calls, or a share such "
	          "as 80%), enabled (of a sync: true, false) or notify.send (of a notice). They "
	          "hold at once and outlive the daemon; who set them and when is shown beside "
	          "what is configured. \"renkei pause\" sets enabled.",
	  .more_ja = "WHAT は allocation（接続の LIMIT の配分。回数または 80% などの割合）、enabled（同"
	             "期。true または false）、notify.send（通知）です。すぐに有効になり、daemon を再"
	             "起動しても残ります。誰がいつ指定したかを、設定ファイルの値と並べて表示します。"
	             "enabled は \"renkei pause\" でも変わります。" },
	{ .name = "pause", .arguments = "SYNC...|CONNECTION...|--all", .max = ANY_NUMBER,
	  .options = USES_ALL, .run = cmd_pause,
	  .group = GROUP_RUN,
	  .help = "run a sync no more until \"renkei resume\"",
	  .help_ja = "同期を一時停止する（\"renkei resume\" で再開）",
	  .more = "A sync, every sync of a connection, or all of them; the configuration stays "
	          "as it is. A run of the daemon that is on its way ends with what it has sent, "
	          "and goes on from there when it is resumed. By hand it does not run either.",
	  .more_ja = "同期、接続のすべての同期、または全体を指定します。設定ファイルは変わりません。"
	             "daemon が実行中の同期は送信済みの処理を終えて止まり、再開後に続きから進みます。"
	             "手動でも実行できません。" },
	{ .name = "plan", .arguments = "SYNC [--out FILE]", .min = 1, .max = 1,
	  .options = USES_OUT, .run = cmd_plan,
	  .group = GROUP_BEFORE,
	  .help = "see every write before it happens; changes nothing",
	  .help_ja = "書き込みを事前に表示する（何も変更しない）",
	  .more = "Each create, each update with old -> new, what cannot be written and "
	          "why, the API calls that the run will make at both sides, and about how "
	          "long it takes. Before them the sync's rule in words. Records that the "
	          "filter leaves out are counted; -v lists them too. With --out the writes "
	          "go to a file, for \"renkei apply\".",
	  .more_ja = "新規作成、更新（旧 -> 新）、書き込めないレコードとその理由、書き"
	             "込みに要する API 呼び出し回数と所要時間の見込みを、同期の内容の説明とと"
	             "もに表示します。--out で \"renkei apply\" 用のファイルに保存します。フィルターで対象外とな"
	             "るレコードは件数だけを数え、-v を付けると 1 件ずつ表示します。" },
	{ .name = "preview", .arguments = "SYNC --match FIELD=VALUE", .min = 1, .max = 1,
	  .options = USES_MATCH, .run = cmd_preview,
	  .group = GROUP_BEFORE,
	  .help = "source values and mapped values of one record, side by side",
	  .help_ja = "1 件のレコードの元の値と変換後の値を並べて表示する" },
	{ .name = "reconcile", .arguments = "SYNC | show SYNC", .min = 1, .max = 2,
	  .options = USES_REPAIR, .run = cmd_reconcile,
	  .group = GROUP_MEND,
	  .help = "compare both sides of a sync, record by record, and tell one number",
	  .help_ja = "同期の両側を 1 件ずつ比較し、一致率を示す",
	  .more = "Lists the source, looks at the target for each record that the sync keeps, and "
	          "tells what is missing there, what differs and in which field, what waits to be "
	          "written, and what the target has too much. in_step is the percentage of records "
	          "that are at the target as they should be. Nothing is written. With --repair "
	          "what is missing or different is queued for the next run; nothing is ever "
	          "deleted. What is cut off goes on where it stood. Its calls come after those of "
	          "all others. Ends with 3 if something is not in step. `reconcile` in the "
	          "configuration of a sync has `renkei daemon` do it by itself.\n"
	          "show: the last results, and what the newest one found.",
	  .more_ja = "同期元の全件を読み、対象となる各レコードを同期先と比べて、不足、相違とそのフィー"
	             "ルド、書き込み待ち、同期先だけにあるものを示します。in_step は正しく同期先にあ"
	             "るレコードの割合 (%) です。書き込みは行いません。--repair を付けると、不足・相"
	             "違を次の実行の対象にします。削除は行いません。中断しても続きから再開します。API "
	             "呼び出しの優先度は最も低くなります。不一致があれば終了コードは 3 です。同期の設"
	             "定 `reconcile` により `renkei daemon` が自動で実行します。\n"
	             "show: 直近の結果と、最後の比較で見つかったもの。" },
	{ .name = "reload", .arguments = "", .run = cmd_reload,
	  .group = GROUP_RUN,
	  .help = "have the running daemon read the configuration anew",
	  .help_ja = "実行中の daemon に設定を読み直させる",
	  .more = "As a whole, or not at all: with a mistake that stops everything the old one "
	          "holds. A sync with mistakes of its own does not run until they are mended: "
	          "\"renkei check\" tells them before. Runs that are on their way end as they "
	          "began; those of syncs that are off now are asked to end. SIGHUP does the same.",
	  .more_ja = "全体を読み直すか、まったく変えないかのどちらかです。全体に関わる誤りがあれ"
	             "ば元の設定のままです。個々の同期に誤りがあれば、直すまでその同期は実行されま"
	             "せん（事前に \"renkei check\" で分かります）。実行中の同期は始めたときの設定で"
	             "終わり、無効になった同期には終了を求めます。SIGHUP でも同じです。" },
	{ .name = "restore", .arguments = "FILE", .min = 1, .max = 1, .run = cmd_restore,
	  .group = GROUP_KEEP,
	  .help = "put back what \"renkei backup\" kept",
	  .help_ja = "\"renkei backup\" で保存した状態を戻す",
	  .more = "Only where no state is: move the old one aside, and stop the daemon first. "
	          "Every checksum must fit, or nothing is put back. Reading then goes on where it "
	          "stood at the backup: what changed since is listed again and written again, "
	          "also where it looks unchanged, and what was created since is found by its key. "
	          "So nothing is lost, and nothing is created twice. A record without a key, which "
	          "cannot be found so, becomes an undecided error for a person. Overrides and users "
	          "are those of the backup; whoever was signed in signs in again; a CRM that gives "
	          "each refresh token once asks for \"renkei login\".",
	  .more_ja = "状態のない場所にだけ戻せます。先に daemon を止め、古い状態を移動してくださ"
	             "い。チェックサムがすべて合わなければ何も戻しません。読み取りはバックアップ時"
	             "の位置から続きます。その後に変わったレコードは、変更がないように見えても読み"
	             "直して書き直し、その後に作成したものはキーで見つけます。欠落も二重作成も起き"
	             "ません。キーのないレコードは見つけられないため、要判断のエラーになります。一"
	             "時的な設定変更と利用者はバックアップ時の内容に戻り、コンソールには再度サインインが必"
	             "要です。リフレッシュトークンを 1 回しか使えない CRM では \"renkei login\" が必"
	             "要です。" },
	{ .name = "resume", .arguments = "SYNC...|CONNECTION...|--all", .max = ANY_NUMBER,
	  .options = USES_ALL, .run = cmd_resume,
	  .group = GROUP_RUN,
	  .help = "take back what \"renkei pause\" said of the same name",
	  .help_ja = "\"renkei pause\" を取り消す",
	  .more = "What was missed is made up for once. A sync that another pause holds stays "
	          "paused, and that is said.",
	  .more_ja = "実行できなかった分は一度だけ取り戻します。ほかの一時停止が残っている同期は停止"
	             "したままで、その旨を表示します。" },
	{ .name = "revert", .arguments = "SYNC RUN", .options = USES_YES, .min = 2, .max = 2,
	  .run = cmd_revert,
	  .group = GROUP_MEND,
	  .help = "give fields back the values that they had before a run",
	  .help_ja = "1 回の実行による変更を元の値に戻す",
	  .more = "For syncs with a history. Tells what it would do; with --yes it does it. A "
	          "field gets its old value where the target still has what the run wrote; what "
	          "was touched since, by a later run or by others, is left alone and listed, as "
	          "are records that the run created. \"renkei history\" has the numbers of runs. "
	          "It is a run of its own, which can be reverted too; cut off, it is begun again. "
	          "The next sync does not write the same values again while the source stays as "
	          "it is; a full read, as after a changed mapping, does: mend the mapping first. "
	          "Ends with 3 if something was left.",
	  .more_ja = "history のある同期で使えます。実行内容を表示するだけで、--yes を付けると実行します。"
	             "同期先の値がその実行の書いたままであれば元の値に戻し、後の実行や他の利用者が変え"
	             "たもの、その実行が新規作成したレコードは、そのまま残して一覧に示します。実行の番号は "
	             "\"renkei history\" で分かります。取り消しも 1 回の実行として記録され、取り消せます。"
	             "途中で止まったら、もう一度実行してください。同期元が変わらない限り、次の同期が同じ値を書"
	             "き直すことはありません。ただし、対応付けの変更後などの全件読み込みでは書き直すため、先に"
	             "対応付けを直してください。残したものがあれば 3 で終わります。" },
	{ .name = "seal", .arguments = "CONNECTION SETTING", .min = 2, .max = 2,
	  .options = USES_OUT, .run = cmd_seal,
	  .group = GROUP_SETUP,
	  .help = "seal a key, so that it may stand in the configuration",
	  .help_ja = "キーを封印し、設定ファイルに書ける形にする",
	  .more = "The key is typed at a prompt, where it is not shown, or comes as one line on "
	          "standard input. What is printed is the line for the configuration; it opens "
	          "for this connection and setting alone, and on this machine alone: with the "
	          "key in seal.key of the state directory, which nobody else may read and which "
	          "belongs in your backup. With --out the sealed text goes to a file, which may "
	          "be replaced at any time while syncs run.",
	  .more_ja = "キーはプロンプトで入力するか（画面には表示されません）、標準入力の 1 行とし"
	             "て渡します。設定ファイルに書く行を表示します。その行はこの接続のこの設定"
	             "でしか開けず、鍵は状態ディレクトリーの seal.key にあります（他の利用者は読"
	             "めません。バックアップに含めてください）。--out を付けるとファイルに書き出"
	             "し、実行中でも差し替えられます。" },
	{ .name = "simulate", .arguments = "[OPTIONS] [CRM[=PORT]...]", .max = ANY_NUMBER,
	  .raw = true, .run = cmd_simulate,
	  .group = GROUP_OTHER,
	  .help = "run simulated CRMs on 127.0.0.1",
	  .help_ja = "模擬 CRM を 127.0.0.1 で動かす",
	  .more = "All that follows is handed to renkei-simulator; without a CRM, all "
	          "of them are simulated. Each prints its address. GET "
	          "ADDRESS/_control/help lists how data is put in, changed and looked "
	          "at, such as: curl -d '{\"object\":\"contacts\",\"count\":10}' "
	          "ADDRESS/_control/seed",
	  .more_ja = "引数はすべて renkei-simulator に渡されます。CRM を省略するとすべ"
	             "てを模擬し、それぞれのアドレスを表示します。データの投入・変更・確"
	             "認の方法は GET アドレス/_control/help で表示します。例: curl -d "
	             "'{\"object\":\"contacts\",\"count\":10}' "
	             "アドレス/_control/seed" },
	{ .name = "status", .arguments = "[SYNC]", .max = 1, .run = cmd_status,
	  .group = GROUP_LOOK,
	  .help = "last runs, what waits, what failed, what is due next",
	  .help_ja = "直近の実行、待機中・失敗の件数、次回の予定",
	  .more = "Also deletions that wait for a person, how far a listing of everything is, "
	          "how many records were in step, and fields that changed at a CRM: of one "
	          "sync each change with the lines that use the field, what could stand there "
	          "and how many records wait. A change is told until these lines say something "
	          "else; where nothing waits, for a week.",
	  .more_ja = "承認待ちの削除、全件読み込みの進み具合、一致率、CRM 側で変わったフィールドも"
	             "表示します。同期を指定すると、変更ごとに、使っている行、書き替える案、待機件数を"
	             "示します。その行が直されるまで（待機がなければ 1 週間）表示します。" },
	{ .name = "sync", .arguments = "SYNC... | --all", .max = ANY_NUMBER,
	  .options = USES_ALL | USES_PRIORITY, .run = cmd_sync,
	  .group = GROUP_RUN,
	  .help = "run now, where it is typed",
	  .help_ja = "今すぐ同期する",
	  .more = "Prints a line a run.  What is cut off at any moment goes on with "
	          "the next run; nothing is lost and nothing is written twice.\n"
	          "Where calls of several runs wait for a limit of the CRM, those of --priority "
	          "hand (what is typed) go first, then incremental (what the daemon runs on "
	          "time), retry, and backfill, which leaves the reserve of each limit to the "
	          "others. A first run that reads everything is a backfill, whatever is said.",
	  .more_ja = "実行ごとに 1 行を表示します。途中で止まっても次の実行が続きから行"
	             "い、データの欠落や二重書き込みは起きません。\n"
	             "複数の実行が CRM の上限を待つときは、--priority が hand（手動）、incremental"
	             "（daemon の定期実行）、retry、backfill の順に呼び出します。backfill は各上限の"
	             "予備を他のために残します。全件を読む初回の実行は、指定にかかわらず backfill で"
	             "す。" },
	{ .name = "test", .arguments = "SYNC --match FIELD=VALUE", .min = 1, .max = 1,
	  .options = USES_MATCH, .run = cmd_test,
	  .group = GROUP_BEFORE,
	  .help = "send exactly one record, and tell what became of it",
	  .help_ja = "1 件だけを送信し、結果を表示する" },
	{ .name = "usage", .arguments = "[CONNECTION]", .max = 1, .run = cmd_usage,
	  .group = GROUP_LOOK,
	  .help = "calls made, by limit and by sync, and what is left",
	  .help_ja = "API 呼び出し回数（制限別・同期別）と残り",
	  .more = "Asks renkei-net alone; no CRM is called. What the CRM itself allows, and "
	          "what is left there, is shown as it told it last.",
	  .more_ja = "CRM には問い合わせません。CRM の上限と残りは、最後に CRM が伝えた値"
	             "です。" },
	{ .name = "user", .arguments = "list | link NAME [viewer|operator] | remove NAME", .min = 1,
	  .max = 3, .run = cmd_user,
	  .group = GROUP_SETUP,
	  .help = "who may use the console",
	  .help_ja = "管理画面の利用者",
	  .more = "link: prints an address at which NAME sets a password, once, within 24 hours; "
	          "it adds the user, as a viewer unless told otherwise, or is for a forgotten "
	          "password. A viewer looks; an operator also runs, pauses, resyncs and changes "
	          "allocations. remove: ends the user's sessions too. A page makes links for "
	          "viewers and removes them; who is an operator is decided here alone.",
	  .more_ja = "link: NAME がパスワードを設定するアドレスを表示します（24 時間以内に 1 回だけ有効）。"
	             "利用者の追加にも、パスワードを忘れたときにも使います。役割を省略すると、新しい利用"
	             "者は viewer です。viewer は閲覧のみ、operator は実行・一時停止・再同期・割り当ての変更"
	             "もできます。remove: 利用者とそのセッションを消します。管理画面で追加・削除できるのは viewer だけで、"
	             "operator を決められるのはこのコマンドだけです。" },
	{ .name = "vendor", .arguments = "certify FILE.so | new NAME [DIR]", .min = 2, .max = 3,
	  .options = USES_VENDOR, .run = cmd_vendor,
	  .group = GROUP_OTHER,
	  .help = "for makers of connectors: the conformance suite; a skeleton to begin with",
	  .help_ja = "コネクター開発者向け: 適合試験と雛形",
	  .more = "certify: calls the connector in its sandbox as a run does, with a CRM that "
	          "is played from a scenario file (by default NAME.scenario beside NAME.so) or "
	          "by a bundled simulator, and with faults of renkei's own; tells each case that "
	          "fails, and the guarantee class that is proved beside the one that is "
	          "claimed. Looks at the help page too: NAME.md beside NAME.so or the scenario, "
	          "and NAME.ja.md beside it. -v lists every case. Ends with 1 if a case fails; "
	          "advice costs nothing.\n"
	          "new: writes a project of its own that builds and certifies; docs/"
	          "connector-guide.md explains the rest.",
	  .more_ja = "certify: コネクターを実際の実行と同じくサンドボックス内で呼び出し、シナリオ"
	             "ファイル（既定は NAME.so と同じ場所の NAME.scenario）または付属の模擬 CRM と、"
	             "renkei が起こす障害とで試験します。失敗した項目と、宣言された保証クラスおよび"
	             "証明された保証クラスを表示します。説明ページ（NAME.so またはシナリオと同じ場所の "
	             "NAME.md と NAME.ja.md）も調べます。-v で全項目を表示します。失敗があれば終了コ"
	             "ードは 1 です（助言は影響しません）。\n"
	             "new: そのままビルドでき、適合試験に通るプロジェクトを作ります。説明は docs/"
	             "connector-guide.md にあります。" },
	{ .name = "version", .arguments = "", .run = cmd_version,
	  .group = GROUP_OTHER,
	  .help = "print the version", .help_ja = "バージョンを表示する" },
	{ .name = "why", .arguments = "SYNC RECORD", .options = USES_FIELD | USES_LIMIT,
	  .min = 2, .max = 2, .run = cmd_why,
	  .group = GROUP_LOOK,
	  .help = "the story of one record: where it stands, what happens next, what was "
	          "written",
	  .help_ja = "1 件のレコードの経緯、現在の状態、次に起きること、書き込んだ内容",
	  .more = "RECORD is its id at the source or at the target, or its key.  No CRM is "
	          "asked; \"renkei preview\" asks.\n"
	          "Where the sync has a history, what each write changed follows, the newest "
	          "first: when, by which run and from which side, before and after, why, and by "
	          "which line of the mapping. The last 50 changes, or as many as --limit says; "
	          "of one field with --field.",
	  .more_ja = "レコードは元または同期先の ID、またはキーで指定します。CRM には問い合"
	             "わせません（問い合わせるには \"renkei preview\"）。\n"
	             "同期に history があれば、書き込みごとの変更を新しい順に表示します（時刻、実行、"
	             "書込元、変更前後の値、理由、対応付け）。直近の 50 件、または --limit で指定した件"
	             "数です。--field で 1 つのフィールドに絞れます。" },
	{ 0 },
};

const struct option_row option_rows[] = {
	{ "config", "FILE", OPTION_CONFIG, 0, "the configuration", "設定ファイル", NULL },
	{ "state", "DIR", OPTION_STATE, 0, "where state is kept",
	  "状態を保存するディレクトリー", NULL },
	{ "lang", "en|ja", OPTION_LANG, 0, "the language of messages", "表示言語", NULL },
	{ "json", NULL, OPTION_JSON, 0, "print JSON", "JSON で出力する", NULL },
	{ "quiet", NULL, OPTION_QUIET, 0, "print no progress and no summary",
	  "進行状況と要約を表示しない", NULL },
	{ "verbose", NULL, OPTION_VERBOSE, 0, "tell what is done; twice: tell more",
	  "動作を詳しく表示する（2 回でさらに詳しく）", NULL },
	{ "no-color", NULL, OPTION_NO_COLOR, 0, "use no colours", "色を付けない", NULL },
	{ "help", NULL, OPTION_HELP, 0, "help on the command", "コマンドの説明", NULL },
	{ "version", NULL, OPTION_VERSION, 0, "print the version", "バージョンを表示する",
	  NULL },
	{ "online", NULL, OPTION_ONLINE, USES_ONLINE, "ask the CRMs as well",
	  "CRM にも問い合わせる", NULL },
	{ "match", "FIELD=VALUE", OPTION_MATCH, USES_MATCH,
	  "the record whose field has this value",
	  "この値を持つレコード", NULL },
	{ "all", NULL, OPTION_ALL, USES_ALL, "every sync that is switched on; every error",
	  "有効なすべての同期、またはすべてのエラー", NULL },
	{ "priority", "hand|incremental|retry|backfill", OPTION_PRIORITY, USES_PRIORITY,
	  "who goes first where calls wait for a limit", "上限を待つときの優先順位", NULL },
	{ "category", "NAME", OPTION_CATEGORY, USES_ERRORS, "errors of this category",
	  "この分類のエラー", NULL },
	{ "field", "NAME", OPTION_FIELD, USES_FIELD, "what is about this field",
	  "このフィールドに関するもの", NULL },
	{ "value", "TEXT", OPTION_VALUE, USES_ERRORS, "errors about this value",
	  "この値のエラー", NULL },
	{ "group", NULL, OPTION_GROUP, USES_ERRORS,
	  "list: one line an error, with how many records have it",
	  "list: 同じエラーをまとめ、該当するレコード数を示す", NULL },
	{ "ignored", NULL, OPTION_IGNORED, USES_ERRORS, "those that were set aside",
	  "無視しているエラー", NULL },
	{ "created-as", "ID", OPTION_CREATED_AS, USES_ERRORS,
	  "settle: this record of the target is it", "settle: 作成された同期先レコード",
	  NULL },
	{ "not-created", NULL, OPTION_NOT_CREATED, USES_ERRORS,
	  "settle: the target has no such record", "settle: 同期先に作成されていない", NULL },
	{ "format", "csv|jsonl", OPTION_FORMAT, USES_ERRORS, "export: the form",
	  "export: 形式", NULL },
	{ "out", "FILE", OPTION_OUT, USES_OUT,
	  "to a file, which is replaced as a whole", "出力先ファイル（置き換える）",
	  NULL },
	{ "older", "DURATION", OPTION_OLDER, USES_OLDER,
	  "take a plan of this age too, such as 3d", "この期間内の計画も認める（例 3d）", NULL },
	{ "bom", NULL, OPTION_BOM, USES_ERRORS,
	  "export: begin with a byte order mark, for Excel", "export: BOM を付ける（Excel 用）",
	  NULL },
	{ "yes", NULL, OPTION_YES, USES_YES, "do it", "実行する", NULL },
	{ "limit", "N", OPTION_LIMIT, USES_LIMIT, "at most so many", "最大件数", NULL },
	{ "scenario", "FILE", OPTION_SCENARIO, USES_VENDOR, "certify: how the CRM answers",
	  "certify: CRM の応答を記したシナリオ", NULL },
	{ "simulator", "NAME", OPTION_SIMULATOR, USES_VENDOR,
	  "certify: a bundled simulator as the CRM", "certify: 付属の模擬 CRM を使う", NULL },
	{ "page", "FILE", OPTION_PAGE, USES_VENDOR, "certify: the connector's help page",
	  "certify: コネクターの説明ページ", NULL },
	{ "report", "FILE", OPTION_REPORT, USES_VENDOR, "certify: write a report, as JSON",
	  "certify: 報告書を JSON で書き出す", NULL },
	{ "only", "PATTERN", OPTION_ONLY, USES_VENDOR,
	  "certify: cases whose names fit, such as \"list.*\"",
	  "certify: 名前が合う項目だけ（例 \"list.*\"）", NULL },
	{ "links", NULL, OPTION_LINKS, USES_LINKS, "forget links and pending records too",
	  "レコードの対応と保留分も忘れる", NULL },
	{ "take", "from|to", OPTION_TAKE, USES_CONFLICTS, "settle: whose value stays",
	  "settle: 残す値の側", NULL },
	{ "seen", "MARK", OPTION_SEEN, USES_CONFLICTS,
	  "settle: only if the values are still those of this mark",
	  "settle: 値がこの印の時点のままの場合だけ", NULL },
	{ "repair", NULL, OPTION_REPAIR, USES_REPAIR,
	  "reconcile: have the next run write what is missing or different",
	  "reconcile: 不足・相違を次の実行で書き込む", NULL },
	{ "slice", NULL, OPTION_SLICE, USES_REPAIR, "reconcile: end after a minute, to go on later",
	  "reconcile: 1 分で中断し、後で続ける", "the daemon's" },
	{ "dry-run", NULL, OPTION_DRY_RUN, USES_DRY_RUN,
	  "print what to register with the app, and ask nobody",
	  "アプリに登録する内容だけを表示する", NULL },
	{ "once", NULL, OPTION_ONCE, USES_ONCE, "leave nothing running",
	  "実行後にすべて止める", NULL },
	{ "man", NULL, OPTION_MAN, USES_MAN, "print the manual page",
	  "マニュアルを出力する",
	  "the build makes renkei.1 with it" },
	{ "completion", NULL, OPTION_COMPLETION, USES_MAN, "print tables for completion",
	  "補完用の表を出力する", "the build makes the completion for bash with it" },
	{ 0 },
};

const struct command *
command_find(const char *name)
{
	for (const struct command *c = commands; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

const char *
command_nearest(const char *name)
{
	const char *names[sizeof commands / sizeof *commands];
	size_t count = 0;
	for (const struct command *c = commands; c->name != NULL; c++)
		names[count++] = c->name;
	return text_nearest(name, names, count);
}

/* The verbs of 'arguments'; none where something else may stand there. */
static size_t
verbs_of(const char *arguments, struct arena *arena, const char *verbs[VERBS_MOST])
{
	size_t count = 0;
	for (const char *at = arguments; at != NULL && count < VERBS_MOST;) {
		size_t len = strcspn(at, " |");
		if (*at < 'a' || *at > 'z')
			return 0;
		verbs[count++] = arena_printf(arena, "%.*s", (int)len, at).ptr;
		const char *form = strstr(at, " | ");
		at = at[len] == '|' ? at + len + 1 : form != NULL ? form + 3 : NULL;
	}
	return count;
}

bool
command_takes(const struct command *c, const char *word, struct arena *arena,
              const char **near)
{
	const char *verbs[VERBS_MOST];
	size_t count = verbs_of(c->arguments, arena, verbs);
	for (size_t i = 0; i < count; i++)
		if (strcmp(verbs[i], word) == 0)
			return true;
	*near = text_nearest(word, verbs, count);
	return count == 0;
}
