/* SPDX-License-Identifier: Apache-2.0
 *
 * texts_table.h - the table of texts.h: the format of an error text with "%s" for a
 * gap, "%d" for a whole number (gaps side by side are one "%s"), and its Japanese with
 * {1}, {2} ... for them.  Parts that are filled into others stand here as well.
 * Included by texts.c and nowhere else. */
#ifndef BASE_TEXTS_TABLE_H
#define BASE_TEXTS_TABLE_H

#define TEXTS_TABLE(X) \
	/* Of many places. */ \
	X("the revert of run %s", "実行 {1} の取り消し") \
	X("the last run was cut off while it wrote: let \"renkei sync %s\" end well first", \
	  "前回の実行が書き込み中に途切れています。先に \"renkei sync {1}\" を正常に終えてください") \
	X("%s; did you mean \"%s\"?", "{1}（\"{2}\" のことですか？）") \
	X("%s (did you mean \"%s\"?)", "{1}（\"{2}\" のことですか？）") \
	X("sync \"%s\": %s", "同期 \"{1}\": {2}") \
	X("connection \"%s\": %s", "接続 \"{1}\": {2}") \
	X("connection \"%s\": its secret %s cannot be read: %s", \
	  "接続 \"{1}\": 秘密情報 {2} を読み込めません: {3}") \
	X("connection '%s': %s", "接続 \"{1}\": {2}") \
	X("warning: %s", "注意: {1}") \
	X("warning: sync \"%s\": %s", "注意: 同期 \"{1}\": {2}") \
	X("found %s, expected %s", "{1} ではなく、{2} を指定してください") \
	X("found \"%s\", expected %s", "\"{1}\" ではなく、{2} を指定してください") \
	X("\"%s\" or \"%s\"", "\"{1}\" または \"{2}\"") \
	X("cannot be read: %s", "読み込めません: {1}") \
	X("the console did not start; the daemon said: %s", \
	  "コンソールが起動しませんでした。daemon の出力: {1}") \
	X("cannot start %s", "{1} を起動できません") \
	X("cannot start %s: %s", "{1} を起動できません: {2}") \
	X("cannot make %s: %s", "{1} を作成できません: {2}") \
	X("cannot write to %s: %s", "{1} に書き込めません: {2}") \
	X("%s cannot be written: %s", "{1} に書き込めません: {2}") \
	X("the state directory %s holds no state, so there is nothing to keep; name another with " \
	  "--state", \
	  "状態ディレクトリー {1} には保存するものがありません。--state で別の場所を指定してく" \
	  "ださい") \
	X("%s cannot be copied: %s; look at it with \"renkei doctor\"", \
	  "{1} をコピーできません: {2}。\"renkei doctor\" で調べてください") \
	X("%s is no backup of renkei, or was cut off or changed since; nothing was restored.  Take " \
	  "another one", \
	  "{1} は renkei のバックアップではないか、途中で切れている、または変更されています。何も" \
	  "戻していません。別のバックアップを使ってください") \
	X("%s cannot be restored; nothing was changed: %s", \
	  "{1} を戻せません。何も変更していません: {2}") \
	X("%s was made by a newer renkei; install that version to restore it", \
	  "{1} は新しい版の renkei で作られています。その版をインストールして戻してください") \
	X("the state directory %s is in use; stop the daemon, move syncs, tokens and all " \
	  "that begins with net.db or host.db aside, or name another directory with --state", \
	  "状態ディレクトリー {1} は使用中です。daemon を止め、syncs、tokens と、net.db・host.db で始" \
	  "まるものをすべて移動するか、--state で別の場所を指定してください") \
	X("the state was put back from a backup: whether it was created since is not known", \
	  "状態をバックアップから戻したため、その後に作成されたかどうか分かりません") \
	X("%s cannot be written; name a file in a folder where this user may " \
	  "write: %s", \
	  "{1} に書き込めません。このユーザーが書き込めるディレクトリーのファイルを指" \
	  "定してください: {2}") \
	X("%s cannot be written; name another file, or free some space: %s", \
	  "{1} に書き込めません。別のファイルを指定するか、空き容量を増やしてくだ" \
	  "さい: {2}") \
	X("%s cannot be made: %s", "{1} を作成できません: {2}") \
	X("the state directory %s cannot be made; name another with --state, or " \
	  "make it writable for this user: %s", \
	  "状態ディレクトリー {1} を作成できません。--state で別の場所を指定するか、" \
	  "このユーザーが書き込めるようにしてください: {2}") \
	X("the state directory %s cannot be made; name another with --state: %s", \
	  "状態ディレクトリー {1} を作成できません。--state で別の場所を指定してくだ" \
	  "さい: {2}") \
	X("the state directory %s cannot be made; make it writable for this user," \
	  " or name another with --state: %s", \
	  "状態ディレクトリー {1} を作成できません。このユーザーが書き込めるようにす" \
	  "るか、--state で別の場所を指定してください: {2}") \
	X("the state directory %s cannot be made: %s", \
	  "状態ディレクトリー {1} を作成できません: {2}") \
	X("the state directory %s cannot be written; make it writable for this " \
	  "user, or free some space: %s", \
	  "状態ディレクトリー {1} に書き込めません。このユーザーが書き込めるようにす" \
	  "るか、空き容量を増やしてください: {2}") \
	X("the daemon broke the protocol; are it and this program of one version?", \
	  "daemon の応答を解釈できません。daemon とこのプログラムは同じバージョンですか？") \
	X("no daemon runs on the state directory %s; start it (\"renkei daemon\", or " \
	  "its service), or name another directory with --state", \
	  "状態ディレクトリー {1} で動いている daemon がありません。起動する（\"renkei daemon\" また" \
	  "はサービス）か、--state で別の場所を指定してください") \
	X("the daemon of the state directory %s cannot be reached; ask as the user that it " \
	  "runs as: %s", \
	  "状態ディレクトリー {1} の daemon に接続できません。daemon と同じユーザーで実行してくださ" \
	  "い: {2}") \
	X("more than %d arguments or %d bytes are too many for one question; ask in parts", \
	  "一度に送れる引数は {1} 個、{2} バイトまでです。分けて実行してください") \
	X("the daemon does not listen: %s", "daemon が応答しません: {1}") \
	X("the daemon ended before it answered; look at what was done, then ask again", \
	  "daemon が応答の前に終了しました。結果を確認してから、やり直してください") \
	X("the daemon does not run \"%s\"; type it at a terminal", \
	  "daemon は \"{1}\" を実行しません。端末で実行してください") \
	X("the daemon does not take the option \"%s\" of another program; type the command " \
	  "at a terminal", \
	  "daemon は他のプログラムからのオプション \"{1}\" を受け付けません。端末で実行してくだ" \
	  "さい") \
	X("a login is made at a terminal: \"renkei login\"", \
	  "ログインは端末で行ってください: \"renkei login\"") \
	X("what \"%s\" prints is longer than %d bytes; ask for less of it, as with --limit, " \
	  "or type it at a terminal", \
	  "\"{1}\" の出力が {2} バイトを超えています。--limit などで減らすか、端末で実行してく" \
	  "ださい") \
	X("no room for an answer: %s", "応答を置く場所がありません: {1}") \
	X("\"%s\" took longer than %d seconds and was ended; type it at a terminal", \
	  "\"{1}\" は {2} 秒を超えたため中止しました。端末で実行してください") \
	X("\"%s\" was ended by signal %d; type it at a terminal to see more", \
	  "\"{1}\" はシグナル {2} で終了しました。端末で実行すると詳しく分かります") \
	X("a question that is none; are the daemon and the program that asks of one version?", \
	  "問い合わせを解釈できません。daemon と問い合わせ元のプログラムは同じバージョンですか？") \
	X("the daemon has too much to do; ask again later", \
	  "daemon が混み合っています。後でやり直してください") \
	X("%s/%s cannot be made; look who may write there: %s", \
	  "{1}/{2} を作成できません。書き込み権限を確認してください: {3}") \
	X("it was asked to end; the next run goes on where this one stood", \
	  "停止の指示を受けました。次の実行は続きから進みます") \
	X("after: found no sync \"%s\"%s", "after: 同期 \"{1}\" がありません{2}") \
	X("after: \"%s\" waits, in the end, for this sync itself; take one `after` of the " \
	  "ring away", \
	  "after: \"{1}\" はたどるとこの同期自身を待ちます。輪になった `after` のどれかを外してく" \
	  "ださい") \
	X("the daemon is stopping; ask again when it runs", \
	  "daemon は停止中です。起動してからやり直してください") \
	X("the daemon knows no sync \"%s\"; \"renkei reload\" has it read the configuration " \
	  "anew", \
	  "daemon は同期 \"{1}\" を知りません。\"renkei reload\" で設定を読み直させてください") \
	X("sync \"%s\" is paused or off, or its configuration has mistakes; \"renkei check\" " \
	  "tells", \
	  "同期 \"{1}\" は一時停止中または無効か、設定に誤りがあります。\"renkei check\" で確認できます") \
	X("a flag", "flag ") \
	X("a hook", "hook") \
	X("the console is busy with other webhooks; send this one again later", \
	  "コンソールは他の Webhook を処理中です。あとで再送してください") \
	X("more records are promised, and none come", "続きがあるとされましたが、レコードが届きません") \
	X("the answer holds a record without id", "応答に ID のないレコードがあります") \
	X("this webhook could not be kept; send it again later", \
	  "この Webhook を保存できませんでした。あとで再送してください") \
	X("this webhook does not prove that it is the CRM's", \
	  "この Webhook は CRM からのものと確認できません") \
	X("this is no webhook", "Webhook ではありません") \
	X("the webhooks", "Webhook") \
	X("this is no webhook: expected a method, header lines, an empty line and at most " \
	  "64 KiB of body", \
	  "Webhook の形ではありません。メソッド、ヘッダー、空行、64 KiB 以下の本文が必要です") \
	X("the webhook is no outbound message of Salesforce", \
	  "Salesforce のアウトバウンドメッセージではありません") \
	X("the webhook is no JSON: %s", "Webhook の本文が JSON ではありません: {1}") \
	X("who sent this webhook does not have the secret of the connection's hook", \
	  "この Webhook の送信元は、接続の hook の秘密情報を持っていません") \
	X("this webhook is signed with another time than now; look whether this machine's " \
	  "clock is right", \
	  "この Webhook の署名の時刻が現在と合いません。このマシンの時計を確認してください") \
	X("this webhook has no signature (%s)", "この Webhook には署名 ({1}) がありません") \
	X("the address of this webhook does not end in the secret of the connection's hook", \
	  "この Webhook のアドレスの末尾が、接続の hook の秘密情報ではありません") \
	X("a daemon runs on the state directory %s already; stop that one, or name " \
	  "another directory with --state", \
	  "状態ディレクトリー {1} では daemon がすでに動いています。それを止めるか、" \
	  "--state で別の場所を指定してください") \
	X("host.db: %s; free some space, or move it and host.db-wal aside: it is made anew, " \
	  "without users, pauses and notices", \
	  "host.db: {1}。空き容量を増やすか、host.db と host.db-wal を別の場所に移してください" \
	  "（利用者、一時停止、通知のない状態で新しく作られます）") \
	X("host.db cannot be read, so what is paused is not known, and nothing runs; \"renkei " \
	  "doctor\" tells more", \
	  "host.db を読み込めないため一時停止の有無が分からず、何も実行しません。詳しくは " \
	  "\"renkei doctor\" を見てください") \
	X("it cannot be opened", "開けません") \
	X("state directory %s: %s", "状態ディレクトリー {1}: {2}") \
	/* What the system says. */ \
	X("No such file or directory", "ファイルまたはディレクトリーがありません") \
	X("Permission denied", "権限がありません") \
	X("Operation not permitted", "許可されていない操作です") \
	X("No space left on device", "空き容量がありません") \
	X("Disk quota exceeded", "ディスクの割り当てを使い切りました") \
	X("Read-only file system", "読み取り専用のファイルシステムです") \
	X("File exists", "すでに存在します") \
	X("Not a directory", "ディレクトリーではありません") \
	X("Is a directory", "ディレクトリーです") \
	X("Too many levels of symbolic links", "シンボリックリンクの階層が多すぎます") \
	X("Too many open files", "開いているファイルが多すぎます") \
	X("File too large", "ファイルが大きすぎます") \
	X("File name too long", "ファイル名が長すぎます") \
	X("Input/output error", "入出力エラーです") \
	X("Cannot allocate memory", "メモリーが足りません") \
	X("Resource temporarily unavailable", "一時的に利用できません") \
	X("Connection refused", "接続を拒否されました") \
	X("Address already in use", "アドレスはすでに使われています") \
	X("Text file busy", "ファイルは実行中です") \
	X("Exec format error", "実行できる形式ではありません") \
	X("no memory", "メモリーが足りません") \
	/* Time zones. */ \
	X("found \"%s\", expected a time zone such as \"Asia/Tokyo\"", \
	  "\"{1}\" ではなく、\"Asia/Tokyo\" のようなタイムゾーンを指定してくださ" \
	  "い") \
	X("time zone \"%s\" is not in %s (%s): correct its name, or install the " \
	  "package tzdata", \
	  "タイムゾーン \"{1}\" が {2} にありません（{3}）。名前を直すか、パッケ" \
	  "ージ tzdata をインストールしてください") \
	X("%s is damaged or no time zone file", \
	  "{1} は壊れているか、タイムゾーンのファイルではありません") \
	/* Commands. */ \
	X("renkei-net is gone", "renkei-net が終了しました") \
	X("record %s of the target belongs to record %s of the source already; " \
	  "name the record that the lost create made, or use --not-created", \
	  "同期先のレコード {1} は、すでに元のレコード {2} と結び付いています。結" \
	  "果の分からない作成でできたレコードを指定するか、--not-created を使って" \
	  "ください") \
	X("the create of record %s may still land until %s; look again after " \
	  "that, then settle it", \
	  "レコード {1} の作成は {2} まで反映される可能性があります。その後にもう" \
	  "一度確認してから確定してください") \
	X("the connection cannot be used; run \"renkei check\"", \
	  "接続を使えません。\"renkei check\" を実行してください") \
	X("standard output could not be written; use --out FILE", \
	  "標準出力に書き込めませんでした。--out ファイル を使ってください") \
	X("%s did not say that it is ready", "{1} の準備ができませんでした") \
	X("the simulator of %s answered %s %s with %d: %s", \
	  "{1} の模擬 CRM が {2} {3} に {4} を返しました: {5}") \
	X("the simulator of %s tells no counts", "{1} の模擬 CRM が件数を返しません") \
	X("%s cannot be read; is renkei installed as a whole?: %s", \
	  "{1} を読み込めません。renkei がすべてインストールされているか確認して" \
	  "ください: {2}") \
	X("%s cannot be read; install the contract's headers: %s", \
	  "{1} を読み込めません。コネクター開発用のヘッダーをインストールしてくだ" \
	  "さい: {2}") \
	/* Configuration: the file. */ \
	X("cannot be read: %s; %s", "読み込めません: {1}。{2}") \
	X("split it over files in conf.d", "conf.d のファイルに分割してください") \
	X("let the user who runs renkei read it, or name another with -c", \
	  "renkei を実行するユーザーが読めるようにするか、-c で別のファイルを指定" \
	  "してください") \
	X("write one, or name another with -c", \
	  "作成するか、-c で別のファイルを指定してください") \
	X("everybody on this machine may write this file; chmod o-w it", \
	  "このファイルは、このマシンの誰でも書き換えられます。chmod o-w を実行し" \
	  "てください") \
	X("a second %s of the name \"%s\", the first is at %s:%d", \
	  "同じ名前の {1} \"{2}\" が 2 つあります（1 つ目は {3}:{4}）") \
	X("a second sync of the name \"%s\", the first is at %s:%d", \
	  "同じ名前の同期 \"{1}\" が 2 つあります（1 つ目は {2}:{3}）") \
	X("a second connection of the name \"%s\", the first is at %s:%d", \
	  "同じ名前の接続 \"{1}\" が 2 つあります（1 つ目は {2}:{3}）") \
	X("found no connection \"%s\"%s", "接続 \"{1}\" がありません{2}") \
	X("found no connection \"%s\"; did you mean \"%s\"?", \
	  "接続 \"{1}\" がありません（\"{2}\" のことですか？）") \
	X("; there are none", "（接続が 1 つもありません）") \
	X("notify: found no \"%s\" in notify", \
	  "notify: 通知先 \"{1}\" が notify にありません") \
	X("found a NUL byte, expected text; is this a file in UTF-16?", \
	  "テキストではなく NUL バイトがあります。UTF-16 のファイルではありません" \
	  "か？") \
	X("found bytes that are not UTF-8; save the file as UTF-8", \
	  "UTF-8 ではないバイトがあります。ファイルを UTF-8 で保存してください") \
	X("found \\x%s in a text, expected \\x01 to \\x7f; write other characters" \
	  " as they are, in UTF-8", \
	  "文字列に \\x{1} があります。使えるのは \\x01 から \\x7f までです。ほか" \
	  "の文字は UTF-8 でそのまま書いてください") \
	X("found a text that is not closed on its line, expected \" at its end " \
	  "(long texts: \"one part\" \"and the next\")", \
	  "文字列がその行で閉じていません。最後に \" を付けてください（長い文字列" \
	  "は \"前半\" \"後半\" のように分けます）") \
	X("found a comment that is never closed, expected */", \
	  "コメントが閉じていません。*/ で閉じてください") \
	X("found the number %s, expected at most %d; write large numbers as text," \
	  " in quotes", \
	  "数値 {1} は上限の {2} を超えています。大きな数値は引用符で囲んで書いて" \
	  "ください") \
	X("found %s, expected a number; texts stand in quotes", \
	  "{1} ではなく数値が必要です。文字列は引用符で囲んでください") \
	X("found %s after %s, expected a comma between two parts of the list that" \
	  " begins in line %d", \
	  "{2} の後に {1} があります。{3} 行目から始まるリストの項目の間にはカン" \
	  "マが必要です") \
	X("found brackets nested deeper than %d", "括弧の入れ子が {1} 段を超えています") \
	X("found %s that is not closed before the %s in line %d", \
	  "{1} が、{3} 行目の {2} より前に閉じられていません") \
	X("found %s, but what is open here is the %s of line %d", \
	  "{1} がありますが、ここで開いているのは {3} 行目の {2} です") \
	X("found %s, but nothing is open here", \
	  "{1} がありますが、開いている括弧はありません") \
	X("found a comma before %s, expected none after the last part of a list", \
	  "{1} の前にカンマがあります。リストの最後の項目の後にカンマは付けません") \
	X("found more than %d settings in one group", \
	  "1 つのグループに {1} 個を超える設定があります") \
	X("found @include, which is not allowed; put the file into conf.d, where " \
	  "every *.conf is read", \
	  "@include は使えません。ファイルを conf.d に置くと、*.conf がすべて読み" \
	  "込まれます") \
	X("found %s that is never closed", "{1} が閉じられていません") \
	X("found %d bytes, expected at most %d", \
	  "{1} バイトあります。上限は {2} バイトです") \
	X("found a setting that this group has already", \
	  "このグループに同じ設定がすでにあります") \
	X("%s; look here and at the line above, expected name = value; with lists" \
	  " ( a, b ) and groups { }", \
	  "{1}。この行と前の行を確認してください。形式は 名前 = 値; で、リストは " \
	  "( a, b )、グループは { } です") \
	X("syntax error", "構文の誤り") \
	/* Configuration: values. */ \
	X("a text, a number, true or false", "文字列、数値、true、false のいずれか") \
	X("large numbers as text, in quotes", "大きな数値は引用符で囲んだ文字列") \
	X("a second source for \"%s\", the first is in line %d; join them in one " \
	  "expression, such as from = \"${a} ${b}\"", \
	  "\"{1}\" の元が 2 つあります（1 つ目は {2} 行目）。from = \"${a} ${b}\"" \
	  " のように 1 つの式にまとめてください") \
	X("map to \"%s\": %s; say direction = \"to\" (or \"from\") for this field, or make it " \
	  "one that can go both ways", \
	  "\"{1}\" への対応: {2}。このフィールドに direction = \"to\"（または \"from\"）を指定するか、" \
	  "両方向に運べる形にしてください") \
	X("\"%s\" and \"%s\" both become \"%s\", so the way back cannot tell them apart", \
	  "\"{1}\" と \"{2}\" がどちらも \"{3}\" になるため、逆方向で区別できません") \
	X("its source is no plain field", "元が単独のフィールドではありません") \
	X("\"%s\" would go back to \"%s\", as \"%s\" does (line %d); say direction = \"to\" for " \
	  "one of them", \
	  "\"{1}\" も \"{3}\"（{4} 行目）も \"{2}\" に戻ることになります。どちらかに " \
	  "direction = \"to\" を指定してください") \
	X("the key goes one way only, expected from = { key = \"...\" }, the field by which " \
	  "records of the other side are found", \
	  "キーが一方向にしか運ばれません。もう一方のレコードを見つけるためのフィールドを " \
	  "from = { key = \"...\" } に指定してください") \
	X("key of from: no map brings \"%s\" back, expected one with direction = \"both\" or " \
	  "\"from\"", \
	  "from の key: \"{1}\" に戻す対応がありません。direction が \"both\" か \"from\" の対応が" \
	  "必要です") \
	X("key of from: %s; the key of a one-way sync stands in `to`", \
	  "from の key: {1}。一方向の同期のキーは `to` に書きます") \
	X("filter of to: %s; what a one-way sync reads is filtered in `from`", \
	  "to の filter: {1}。一方向の同期で読むレコードは `from` の filter で絞ります") \
	X("expected direction = \"both\" for the sync", \
	  "同期の direction = \"both\" が必要です") \
	X("conflict: %s", "conflict: {1}") \
	X("map to \"%s\": direction and conflict: %s", \
	  "\"{1}\" への対応の direction、conflict: {2}") \
	X("both sides changed this record, and %d questions wait for a person already, which is " \
	  "as many as a sync keeps; settle them with \"renkei conflicts\"", \
	  "両側で変更されましたが、選択待ちの競合が上限の {1} 件に達しています。\"renkei conflicts\" で解決してください") \
	X("both sides write this record in turn, more often than loop_breaker = \"%s\" allows", \
	  "このレコードには両側から交互に書き込みがあり、loop_breaker = \"{1}\" の回数を超えました") \
	X("a write of the other way to it may still land", \
	  "逆方向の書き込みが、まだ反映される可能性があります") \
	X("a record with this key is being made by the other way", \
	  "このキーのレコードを、逆方向の同期が作成しているところです") \
	X("map: found no fields, expected at least the key's", \
	  "map: フィールドがありません。少なくともキーの対応が必要です") \
	X("found both \"every\" and \"cron\", expected one of them", \
	  "\"every\" と \"cron\" の両方があります。どちらか一方にしてください") \
	X("from and to are the same object, \"%s\" of \"%s\"", \
	  "from と to が同じオブジェクト（\"{2}\" の \"{1}\"）です") \
	X("nulls = \"default\" without \"default\", expected the text to write", \
	  "nulls = \"default\" には、書き込む値の \"default\" が必要です") \
	X("found \"default\" beside nulls = \"%s\", expected nulls = \"default\"", \
	  "\"default\" は nulls = \"{1}\" では使えません。nulls = \"default\" に" \
	  "してください") \
	X("found \"otherwise\" without \"values\"", \
	  "\"otherwise\" には \"values\" が必要です") \
	X("found none of \"mail\", \"chat\", \"webhook\", \"command\" and \"heartbeat\", expected at least" \
	  " one", \
	  "\"mail\"、\"chat\"、\"webhook\"、\"command\"、\"heartbeat\" のうち少なくとも 1 つ" \
	  "が必要です") \
	X("the number %s", "数値 {1}") \
	X("a list of %d", "{1} 項目のリスト") \
	X("a text in quotes", "引用符で囲んだ文字列") \
	X("true or false", "true または false") \
	X("a duration in quotes, such as \"90s\", \"5m\" or \"1h\"", \
	  "引用符で囲んだ \"90s\"、\"5m\"、\"1h\" などの時間") \
	X("a list of texts, such as ( \"a\", \"b\" )", \
	  "( \"a\", \"b\" ) のような文字列のリスト") \
	X("a list of pairs, such as ( (\"a\", \"b\"), (\"c\", \"d\") )", \
	  "( (\"a\", \"b\"), (\"c\", \"d\") ) のような組のリスト") \
	X("a group { }", "グループ { }") \
	X("a list of groups, ( { }, { } )", "グループのリスト ( { }, { } )") \
	X("a group of groups, { name = { }; }", "グループのグループ { 名前 = { }; }") \
	X("%d to %s", "{1} から {2} まで") \
	X("a pair of texts, (\"from\", \"to\")", "(\"元\", \"先\") の形の文字列の組") \
	X("%s, a group { }", "{1}（グループ { }）") \
	X("found \"%s\", which is no setting of %s", \
	  "\"{1}\" は {2} の設定ではありません") \
	X("found \"%s\", which is no setting of %s; did you mean \"%s\"?", \
	  "\"{1}\" は {2} の設定ではありません（\"{3}\" のことですか？）") \
	X("found \"%s\", expected a setting of %s: %s", \
	  "\"{1}\" は {2} の設定ではありません。使える設定: {3}") \
	X("%s without \"%s\", expected %s", \
	  "{1} に \"{2}\" がありません。{3} を指定してください") \
	X("the configuration", "設定ファイル") \
	X("a connection", "接続") \
	X("a limit", "制限") \
	X("a sync", "同期") \
	X("a map", "対応付け") \
	X("a notice", "通知先") \
	X("the source of a sync", "同期元") \
	X("the target of a sync", "同期先") \
	X("a name of 1 to 64 letters, digits, \".\", \"_\" and \"-\" that begins " \
	  "with a letter or digit", \
	  "英数字で始まり、英数字と \".\"、\"_\"、\"-\" からなる 1～64 文字の名前") \
	X("64 hexadecimal digits, as sha256sum prints them", \
	  "sha256sum が出力する 64 桁の 16 進数") \
	X("the address of a proxy without a login or a path, such as \"" \
	  "http://proxy.example:3128\"", \
	  "\"http://proxy.example:3128\" のような、ログイン情報とパスを含まないプ" \
	  "ロキシのアドレス") \
	X("an address as the app has it registered, such as \"" \
	  "http://localhost:47811/callback\" or \"https://HOST/PATH\"", \
	  "アプリに登録したアドレス（\"http://localhost:47811/callback\"、\"" \
	  "https://ホスト/パス\" など）") \
	X("a whole number", "整数") \
	X("a whole number above 0, such as \"100000\"", \
	  "\"100000\" のような 1 以上の整数") \
	X("a number such as \"500\", or a share such as \"10%\"", \
	  "\"500\" のような数値、または \"10%\" のような割合") \
	X("a number of runs up to 100 and a duration, such as \"3 in 1h\"", \
	  "\"3 in 1h\" のような 100 以下の実行回数と時間") \
	X("a duration such as \"90s\", \"5m\" or \"1h\"", \
	  "\"90s\"、\"5m\"、\"1h\" などの時間") \
	X("a time of day such as \"09:30\"", "\"09:30\" のような時刻") \
	X("two times of day such as \"22:00-06:00\"", \
	  "\"22:00-06:00\" のような 2 つの時刻") \
	X("\"auto\", or two times of day such as \"22:00-06:00\"", \
	  "\"auto\"、または \"22:00-06:00\" のような 2 つの時刻") \
	X("a time zone of this machine, such as \"Asia/Tokyo\" or \"UTC\"", \
	  "\"Asia/Tokyo\"、\"UTC\" など、このマシンにあるタイムゾーン") \
	X("five fields of numbers as in crontab(5): minute hour day month " \
	  "weekday, such as \"0 9 * * 1-5\"; the day may be L, the last one of a month", \
	  "\"0 9 * * 1-5\" のような、crontab(5) と同じ 5 つの値（分 時 日 月 曜日。日には" \
	  "月末を表す L も可）") \
	X("a mail address such as \"ops@example.jp\"", \
	  "\"ops@example.jp\" のようなメールアドレス") \
	X("an absolute path, such as \"/usr/lib/renkei\"", \
	  "\"/usr/lib/renkei\" のような絶対パス") \
	X("\"all\", \"now\", a date such as \"2026-01-01\" (from 00:00 UTC) or a " \
	  "time with its zone such as \"2026-01-01T00:00:00+09:00\"", \
	  "\"all\"、\"now\"、\"2026-01-01\" のような日付（UTC の 0 時から）、\"" \
	  "2026-01-01T00:00:00+09:00\" のようなタイムゾーン付きの日時のいずれか") \
	X("something that is not blank", "空白以外の値") \
	X("a number in quotes, such as \"%s\"", "引用符で囲んだ \"{1}\" のような数値") \
	X("a text such as \"500\" or \"10%\"", "\"500\"、\"10%\" などの文字列") \
	X("a list of limits, ( { limit = \"...\"; } ), or \"none\"", \
	  "制限のリスト ( { limit = \"...\"; } )、または \"none\"") \
	X("the object's name in quotes, such as \"%s\"", \
	  "引用符で囲んだオブジェクトの名前（例: \"{1}\"）") \
	X("exactly one key field, in quotes", "引用符で囲んだキーフィールド 1 つ") \
	X("a number from 1 to 64", "1～64 の数値") \
	X("a duration in quotes, such as \"5m\"", "引用符で囲んだ \"5m\" のような時間") \
	X("a day such as \"2027-01-01\", \"12-31\" of each year, or \"sun\"", \
	  "\"2027-01-01\"、毎年の \"12-31\"、\"sun\" のような日") \
	X("mon, tue, wed, thu, fri, sat or sun", "mon、tue、wed、thu、fri、sat、sun のいずれか") \
	X("a list of days, such as ( \"sun\", \"12-31\" )", \
	  "( \"sun\", \"12-31\" ) のような日のリスト") \
	X("a list of fields, such as ( \"phone\" )", "( \"phone\" ) のようなフィールドのリスト") \
	X("a list of names, such as ( \"ops\" )", "( \"ops\" ) のような名前のリスト") \
	/* Connectors: settings. */ \
	X("connector: no connector \"%s\" in %s; there are%s", \
	  "connector: コネクター \"{1}\" が {2} にありません。使えるコネクター{3}") \
	X(" none", "はありません") \
	X("oauth: %s of %s is \"%s\", which is at none of its hosts", \
	  "oauth: {2} の {1} は \"{3}\" ですが、このコネクターのホストではありま" \
	  "せん") \
	X("connection \"%s\" has \"client_id\" without \"client_secret\"; the " \
	  "app's page at the CRM shows both", \
	  "接続 \"{1}\" には \"client_id\" だけがあり、\"client_secret\" がありま" \
	  "せん。どちらも CRM のアプリ画面で確認できます") \
	X("connection \"%s\" has \"client_certificate_password\" without " \
	  "\"client_certificate\"", \
	  "接続 \"{1}\" には \"client_certificate_password\" だけがあり、" \
	  "\"client_certificate\" がありません") \
	X("client_id: %s connects by a key alone; see `renkei connectors show %s`", \
	  "client_id: {1} はキーだけで接続します。`renkei connectors show {2}` を" \
	  "参照してください") \
	X("host: found \"%s\", expected %s", \
	  "host: \"{1}\" ではなく、{2} を指定してください") \
	X("found \"%s\", expected part of a host's name", \
	  "\"{1}\" ではなく、ホスト名の一部を指定してください") \
	X("%s wants to send to \"%s\", which is %s; only a setting of your own " \
	  "may say so", \
	  "{1} は \"{2}\"（{3}）に送ろうとしています。これを許可できるのは自分で" \
	  "書いた設定だけです") \
	X("plain http", "暗号化されない http") \
	X("inside this network", "このネットワークの内部") \
	X("plain http; whoever is on the way reads the credentials", \
	  "暗号化されない http です。経路上の誰でも認証情報を読めます") \
	X("an address without blanks and the like", "空白などを含まないアドレス") \
	X("an address that begins with https:// (include https://)", \
	  "https:// で始まるアドレス（https:// も書いてください）") \
	X("an address without a user and password in it", \
	  "ユーザー名とパスワードを含まないアドレス") \
	X("an address such as https://HOST or https://HOST:PORT", \
	  "https://ホスト または https://ホスト:ポート の形のアドレス") \
	X("the secret itself stands in the file; write \"env:NAME\" or \"" \
	  "file:/PATH\" and keep it there, or let \"renkei seal %s %s\" make it " \
	  "safe to stand here", \
	  "秘密情報そのものがファイルに書かれています。\"env:名前\" または \"" \
	  "file:/パス\" と書いてそこに保管するか、\"renkei seal {1} {2}\" で封印" \
	  "した値をここに書いてください") \
	X("found \"env:%s\", expected the name of an environment variable, such " \
	  "as \"env:TOKEN\"", \
	  "\"env:{1}\" ではなく、\"env:TOKEN\" のように環境変数の名前を指定してく" \
	  "ださい") \
	X("found \"file:%s\", expected an absolute path, such as \"" \
	  "file:/run/secrets/token\"", \
	  "\"file:{1}\" ではなく、\"file:/run/secrets/token\" のように絶対パスを" \
	  "指定してください") \
	X("found \"credential:%s\", expected the name of a credential of the " \
	  "service, as LoadCredential= of its unit calls it", \
	  "\"credential:{1}\" ではなく、サービスのユニットの LoadCredential= にあ" \
	  "る名前を指定してください") \
	X("found \"sealed:%s...\", expected %s", \
	  "\"sealed:{1}...\" ではなく、{2} を指定してください") \
	X("what \"renkei seal\" prints, or the absolute path of a file with that", \
	  "\"renkei seal\" の出力、またはそれを保存したファイルの絶対パス") \
	X("connection \"%s\": %s is env:%s, but the environment variable %s is " \
	  "%s; set it where renkei is started (export %s=..., or Environment= of " \
	  "the service)", \
	  "接続 \"{1}\": {2} は env:{3} ですが、環境変数 {4} が{5}です。renkei を" \
	  "起動する環境で設定してください（export {6}=...、またはサービスの " \
	  "Environment=）") \
	X("not set", "未設定") \
	X("empty", "空") \
	X("connection \"%s\": %s is env:%s, whose value holds line ends or other " \
	  "controls; expected the secret alone", \
	  "接続 \"{1}\": {2} は env:{3} ですが、値に改行などの制御文字が含まれて" \
	  "います。秘密情報だけにしてください") \
	X("connection \"%s\": %s is credential:%s, but CREDENTIALS_DIRECTORY is " \
	  "not set; start renkei as a service with LoadCredential=%s:/PATH in its" \
	  " unit, or try it with systemd-run -p LoadCredential=...", \
	  "接続 \"{1}\": {2} は credential:{3} ですが、CREDENTIALS_DIRECTORY が設" \
	  "定されていません。ユニットに LoadCredential={4}:/パス を書いてサービス" \
	  "として起動するか、systemd-run -p LoadCredential=... で試してください") \
	X("connection \"%s\" without \"%s\": %s", \
	  "接続 \"{1}\" に \"{2}\" がありません: {3}") \
	X("it is required", "必須です") \
	X("%s, such as \"%s\"", "{1}（例: \"{2}\"）") \
	X("found \"%s\", which is no setting of %s; see `renkei connectors show " \
	  "%s`", \
	  "\"{1}\" は {2} の設定ではありません。`renkei connectors show {3}` を参" \
	  "照してください") \
	X("; see `renkei connectors show %s`", \
	  "（`renkei connectors show {1}` を参照してください）") \
	X("limit: found \"%s\", expected a limit of %s: %s", \
	  "limit: \"{1}\" は {2} の制限ではありません。使える制限: {3}") \
	X("it has none", "ありません") \
	X("limit \"%s\" stands twice", "制限 \"{1}\" が 2 回書かれています") \
	X("guarantee: found \"E%d\", but %s declares no better than \"E%d\"; it " \
	  "may only be lowered", \
	  "guarantee: \"E{1}\" ですが、{2} が宣言しているのは \"E{3}\" までです。" \
	  "下げることだけができます") \
	X("sha256: %s cannot be read", "sha256: {1} を読み込めません") \
	X("sha256: %s is another file than the one pinned; its hash is %s", \
	  "sha256: {1} は固定されたものと別のファイルです。そのハッシュは {2} で" \
	  "す") \
	X("%s of the form %s", "{2} の形の{1}") \
	X("a name", "名前") \
	X("object: found \"%s\", which %s does not have%s", \
	  "object: \"{1}\" は {2} にありません{3}") \
	X("object: \"%s\" of %s cannot be %s (it has no \"%s\", which %s asks fo" \
	  "r)", \
	  "object: {2} の \"{1}\" は{3}できません（{5}に必要な \"{4}\" がありま" \
	  "せん）") \
	X("guarantee class E%d", "保証クラス E{1} ") \
	X("existing = \"refuse\"", "existing = \"refuse\" ") \
	X("empty_key = \"create\"", "empty_key = \"create\" ") \
	X("deletes = \"archive\"", "deletes = \"archive\" ") \
	X("deletes = \"flag\"", "deletes = \"flag\" ") \
	X("read", "読み取り") \
	X("written", "書き込み") \
	X("writers: found %d, but %s allows %d for \"%s\" at most", \
	  "writers: {1} ですが、{2} の \"{4}\" では {3} が上限です") \
	X("found \"%s\", taken as \"%s\"; write %s = \"%s\"", \
	  "\"{1}\" を \"{2}\" とみなしました。{3} = \"{4}\" と書いてください") \
	X("a duration such as \"30s\", \"500ms\" or \"2m\"", \
	  "\"30s\"、\"500ms\"、\"2m\" などの時間") \
	X("one of \"%s\"", "\"{1}\" のいずれか") \
	/* Connectors: their files. */ \
	X("HTTP request with struct_size %d", "HTTP 要求の struct_size が {1} です") \
	X("no time is left in this call for another request", \
	  "この呼び出しには、次の要求を送る時間が残っていません") \
	X("HTTP request over %d bytes", "HTTP 要求が {1} バイトを超えています") \
	X("%s cannot be loaded: %s", "{1} を読み込めません: {2}") \
	X("a connector is an absolute path that ends in .so", \
	  "コネクターは .so で終わる絶対パスです") \
	X("it does not export %s; it was built for another version of the " \
	  "contract, or is no connector", \
	  "{1} を公開していません。別の版の契約向けに作られたものか、コネクターで" \
	  "はありません") \
	X("its table lacks auth or describe_fields", \
	  "関数表に auth または describe_fields がありません") \
	X("%s cannot be loaded: its table has ABI %d and size %d, expected ABI %d" \
	  " and at least %d", \
	  "{1} を読み込めません: 関数表の ABI は {2}、大きさは {3} ですが、ABI " \
	  "{4}、大きさ {5} 以上が必要です") \
	X("a message from the run was damaged", "同期からのメッセージが壊れています") \
	X("this connector has no %s", "このコネクターには {1} がありません") \
	X("list_changed: nothing can be read from it", \
	  "list_changed（読み取りはできません）") \
	X("upsert: nothing can be written to it", "upsert（書き込みはできません）") \
	X("the connector returned status %d, which is none here", \
	  "コネクターが、ここでは使えない状態 {1} を返しました") \
	X("the connector's answer is over %d bytes", \
	  "コネクターの応答が {1} バイトを超えています") \
	X("%s is a choice without \"choices\"", \
	  "{1} は choice ですが \"choices\" がありません") \
	X("%s is a secret with a default", "{1} は secret ですが既定値があります") \
	X("%s has \"reduce\" without \"pattern\"", \
	  "{1} には \"reduce\" がありますが \"pattern\" がありません") \
	X("a limit needs \"calls\" with \"per\", or \"concurrent\"", \
	  "制限には \"calls\" と \"per\"、または \"concurrent\" が必要です") \
	X("a limit has \"calls\" and \"per\" together", \
	  "制限の \"calls\" と \"per\" は一緒に書きます") \
	X("setting \"%s\" stands twice, or is one of the host's own", \
	  "設定 \"{1}\" が 2 回あるか、renkei 自身の設定と同じ名前です") \
	X("setting \"%s\" is a lag, expected type \"seconds\"", \
	  "設定 \"{1}\" は遅れを表すので、型は \"seconds\" にしてください") \
	X("usual: found \"%s\", which is none of its objects", \
	  "usual: \"{1}\" というオブジェクトは宣言されていません") \
	X("object \"%s\" stands twice", "オブジェクト \"{1}\" が 2 回書かれています") \
	X("found \"%s\", expected ${NAME} to be a setting that is no secret", \
	  "\"{1}\" の ${名前} は、秘密情報ではない設定にしてください") \
	X("its manifest is that of \"%s\"; a connector's file is NAME.so", \
	  "マニフェストは \"{1}\" のものです。コネクターのファイル名は 名前.so で" \
	  "す") \
	X("it was made for version %d of the contract, this renkei has version " \
	  "%d; install the connector's release for it", \
	  "契約の第 {1} 版向けに作られていますが、この renkei は第 {2} 版です。こ" \
	  "の版向けのコネクターをインストールしてください") \
	X("a setting of a manifest", "マニフェストの設定") \
	X("a setting", "設定") \
	X("an object", "オブジェクト") \
	X("the lags", "遅れ") \
	X("the usual fields of an object", "オブジェクトの usual の項目") \
	X("the OAuth part", "OAuth の部分") \
	X("more scopes", "追加のスコープ") \
	X("a text", "文字列") \
	X("a manifest", "マニフェスト") \
	X("an expression of at most 256 bytes", "256 バイト以下の正規表現") \
	X("an expression whose counted repeats multiply to at most 1000", \
	  "回数指定の繰り返しの積が 1000 以下の正規表現") \
	X("an expression without back-references", "後方参照を使わない正規表現") \
	X("an extended regular expression", "拡張正規表現") \
	X("a name of 1 to 64 lower-case letters, digits and \"_\"", \
	  "英小文字、数字、\"_\" からなる 1～64 文字の名前") \
	X("belongs to another user; expected root or you (chown it)", \
	  "別のユーザーの所有です。所有者を root か自分にしてください（chown）") \
	X("may be written by others (chmod go-w it)", \
	  "ほかのユーザーが書き換えられます（chmod go-w を実行してください）") \
	X("lies in a folder that belongs to another user or may be written by " \
	  "others (chown it, chmod go-w it)", \
	  "別のユーザーの所有か、ほかのユーザーが書き換えられるディレクトリーにありま" \
	  "す（chown、chmod go-w を実行してください）") \
	X("is a symbolic link, expected the file itself", \
	  "シンボリックリンクです。ファイルそのものを置いてください") \
	X("is damaged: it names a section that it does not have", \
	  "壊れています（存在しないセクションを参照しています）") \
	X("was built for another kind of machine", \
	  "別の種類のマシン向けに作られています") \
	X("is no shared object (an object file or a program)", \
	  "共有ライブラリーではありません（オブジェクトファイルかプログラムです）") \
	X("has no section .renkei, so it is no connector (or was stripped of its " \
	  "section headers)", \
	  "セクション .renkei がないため、コネクターではありません（またはセクシ" \
	  "ョンヘッダーが取り除かれています）") \
	X("has no section .renkei, so it is no connector", \
	  "セクション .renkei がないため、コネクターではありません") \
	X("is damaged: it has no names of sections", \
	  "壊れています（セクションの名前がありません）") \
	X("has a section .renkei that holds no text", \
	  "セクション .renkei の中身がテキストではありません") \
	X("has a section .renkei of a wrong size, expected 1 byte to 256 KiB", \
	  "セクション .renkei の大きさが正しくありません（1 バイトから 256 KiB ま" \
	  "で）") \
	X("has more than one manifest in its section .renkei", \
	  "セクション .renkei に複数のマニフェストがあります") \
	X("is no ELF file", "ELF ファイルではありません") \
	X("is damaged", "壊れています") \
	/* Connectors: their processes. */ \
	X("no socket for a connector: %s", "コネクター用のソケットを作れません: {1}") \
	X("no pipe for a connector: %s", "コネクター用のパイプを作れません: {1}") \
	X("%s cannot be started: %s", "{1} を起動できません: {2}") \
	X("connector %s %s and was ended", "コネクター {1} は{2}ため、終了させました") \
	X("connector %s was ended by signal %d (%s)", \
	  "コネクター {1} はシグナル {2}（{3}）で終了しました") \
	X("renkei-net ended, or stood still, while connector %s had a call under way; the next " \
	  "call starts anew", \
	  "コネクター {1} の呼び出し中に renkei-net が終了したか、停止していました。次の呼び出しは新しく始まります") \
	X("connector %s ended by itself with code %d in the middle of a call", \
	  "コネクター {1} が呼び出しの途中でコード {2} を返して終了しました") \
	X("the connector is not running", "コネクターが動いていません") \
	X("connector %s sent what is no valid answer and was ended", \
	  "コネクター {1} が正しくない応答を送ったため、終了させました") \
	X("connector %s did not answer within %d s and was ended", \
	  "コネクター {1} が {2} 秒以内に応答しなかったため、終了させました") \
	X("asked for more memory than a call may have", \
	  "1 回の呼び出しの上限を超えるメモリーを求めた") \
	X("tried to start a process or a thread", \
	  "プロセスまたはスレッドを起動しようとした") \
	X("tried to run a program", "プログラムを実行しようとした") \
	X("reached for another process", "別のプロセスに触れようとした") \
	X("tried to open a socket", "ソケットを開こうとした") \
	X("tried to open a file", "ファイルを開こうとした") \
	X("tried to change the system", "システムを変更しようとした") \
	X("tried to make memory executable", "メモリーを実行可能にしようとした") \
	X("made a system call that no connector needs", \
	  "コネクターに不要なシステムコールを行った") \
	X("the connection accepts no less than sandbox = \"%s\", and this machine" \
	  " gives \"%s\"; `renkei doctor` says what its kernel lacks", \
	  "接続には sandbox = \"{1}\" が必要ですが、このマシンでは \"{2}\" までで" \
	  "す。カーネルに足りないものは `renkei doctor` で確認できます") \
	X("the connection cannot be used", "接続を使えません") \
	X("there is no connection \"%s\" in the configuration", \
	  "接続 \"{1}\" は設定にありません") \
	X("connector %s has no object \"%s\"", \
	  "コネクター {1} にオブジェクト \"{2}\" はありません") \
	X("connector %s broke the contract: its %s is damaged", \
	  "コネクター {1} が契約に違反しました: {2}が壊れています") \
	X("connector %s broke the contract: %s", \
	  "コネクター {1} が契約に違反しました: {2}") \
	X("list of objects", "オブジェクトの一覧") \
	X("description of fields", "フィールドの説明") \
	X("the contract of the account at connection \"%s\" does not include this" \
	  " use of the CRM", \
	  "接続 \"{1}\" のアカウントの契約には、CRM のこの使い方が含まれていませ" \
	  "ん") \
	/* Mapping: rules. */ \
	X("map to \"%s\"", "\"{1}\" への対応付け") \
	X("\"parent\" is not used: the map writes no reference by id", \
	  "\"parent\" は使われません。ID による参照を書く対応付けではありません") \
	X("a reference needs a mapping of its own first (property-mapping): found no sync from " \
	  "\"%s\" of \"%s\" to \"%s\" of \"%s\", expected one; or say parent = \"skip\", or map " \
	  "the id as text into another field", \
	  "参照フィールドには先に対応付けが必要です（property-mapping）。\"{2}\" の \"{1}\" から " \
	  "\"{4}\" の \"{3}\" への同期がありません。その同期を追加するか、parent = \"skip\" とするか、" \
	  "ID を文字列として別のフィールドに対応付けてください") \
	X("waits for record %s of %s, which sync \"%s\" has not linked yet", \
	  "{2} のレコード {1} を待っています。同期 \"{3}\" がまだ対応付けていません") \
	X("map to \"%s\": %s", "\"{1}\" への対応付け: {2}") \
	X("column \"%s\": found %s, expected %s: %s", \
	  "列 \"{1}\": {2} ではなく {3} が必要です: {4}") \
	X("found %s, expected %s: %s", "{1} ではなく {2} が必要です: {3}") \
	X("the two tables have no column of the same name", \
	  "2 つのテーブルに同じ名前の列がありません") \
	X("this field of the target cannot be mapped: %s", \
	  "同期先のこのフィールドには対応付けできません: {1}") \
	X("writing the table may lose what its column \"%s\" holds: %s", \
	  "テーブルに書き込むと、列 \"{1}\" の内容が失われることがあります: {2}") \
	X("this field of the target cannot be written%s", \
	  "同期先のこのフィールドには書き込めません{1}") \
	X(": the CRM computes it", "（CRM が計算する値です）") \
	X("found a second map for this field (the first is in line %d), expected " \
	  "one: a template such as \"${a} ${b}\" takes several fields", \
	  "このフィールドへの対応付けが 2 つあります（1 つ目は {1} 行目）。1 つに" \
	  "してください。\"${a} ${b}\" のようなテンプレートで複数のフィールドを使" \
	  "えます") \
	X("found no such field in the target, expected one of its %d fields%s", \
	  "同期先にそのようなフィールドはありません。{1} 個のフィールドのいずれか" \
	  "を指定してください{2}") \
	X("found maps to a table and to its columns, expected the one or the " \
	  "other", \
	  "テーブルと、その列の両方に対応付けがあります。どちらか一方にしてくださ" \
	  "い") \
	X("found no \"%s\", expected one", "\"{1}\" がありません。指定してください") \
	X("found none, expected exactly one field; these can be the key: %s", \
	  "キーがありません。フィールドを 1 つ指定してください。キーにできるもの:" \
	  " {1}") \
	X("found \"%s\", expected %s; these can be the key: %s", \
	  "\"{1}\" ではなく、{2}を指定してください。キーにできるもの: {3}") \
	X("exactly one field", "フィールド 1 つ") \
	X("a field of the target", "同期先のフィールド") \
	X("found \"%s\"%s, expected a field that can be the key: %s", \
	  "\"{1}\"{2} はキーにできません。キーにできるもの: {3}") \
	X(", which does not prohibit duplicate values", \
	  "（値の重複を禁止していません）") \
	X("none of the fields can; make one unique in the CRM first", \
	  "ありません。まず CRM でフィールドの値の重複を禁止してください") \
	X("\"%s\" and %d more", "\"{1}\" ほか {2} 件") \
	X("found \"%s\", which is the key itself", "\"{1}\" は主キーです。別のフィールドを指定してください") \
	X("deletes: a sync that goes both ways carries no deletions, expected \"ignore\"", \
	  "deletes には \"ignore\" を指定してください。双方向の同期は削除を運びません") \
	X("repair: a sync that goes both ways repairs nothing, expected false", \
	  "repair には false を指定してください。双方向の同期では修復を行いません") \
	X("no map fills \"%s\", expected one", \
	  "\"{1}\" への対応付けがありません。追加してください") \
	X("no map fills \"%s\", which the target requires: new records may be " \
	  "refused", \
	  "同期先の必須フィールド \"{1}\" への対応付けがありません。新しいレコー" \
	  "ドが拒否されることがあります") \
	X("a field of type %s takes no fixed value", \
	  "型 {1} のフィールドに固定値は書けません") \
	X("found nothing, but \"%s\" is required", \
	  "値がありませんが、\"{1}\" は必須です") \
	X("found \"%s\": %s", "\"{1}\" は使えません: {2}") \
	X("values: \"%s\" is no option of the source's \"%s\"; it has %s", \
	  "values: \"{1}\" は元の \"{2}\" の選択肢にありません。選択肢: {3}") \
	X("values: found \"%s\" twice, expected each value once", \
	  "values: \"{1}\" が 2 回あります。それぞれの値は 1 回だけ書いてください") \
	X("values: found %s, expected something with a text to look up", \
	  "values: {1} ではなく、対応を調べる文字列を持つ値が必要です") \
	X("values: found a list for a field of one value: add `| first`", \
	  "values: 複数の値を、値が 1 つのフィールドに書こうとしています。`| " \
	  "first` を付けてください") \
	X("found no \"default\", expected the value to write when the source has " \
	  "none", \
	  "\"default\" がありません。元に値がないときに書き込む値を指定してくださ" \
	  "い") \
	X("\"default\" is not used: say nulls = \"default\"", \
	  "\"default\" は使われません。nulls = \"default\" にしてください") \
	X("found the end, expected %s", "途中で終わっています。{1}が必要です") \
	X("its closing quote", "閉じる引用符") \
	X("an argument", "引数") \
	X("the name of a field", "フィールドの名前") \
	X("\"|\" or the end (in a template a bar is ||)", \
	  "\"|\" または式の終わり（テンプレートの中の | は || と書きます）") \
	X("found more than %d arguments", "引数が {1} 個を超えています") \
	X("in that zone there is no such day", "そのタイムゾーンにその日はありません") \
	X("%s(%s): \"%s\" is not understood", "{1}({2}): 「{3}」を読み取れません") \
	X("found more than %d transforms in a row", "変換が {1} 個を超えて続いています") \
	X("found more than %d fields in a template", \
	  "テンプレートのフィールドが {1} 個を超えています") \
	X("found %s in a template, expected text: %s", \
	  "テンプレートに {1} があります。text が必要です: {2}") \
	X("found an expression of %d bytes, expected at most %d", \
	  "式が {1} バイトあります。上限は {2} バイトです") \
	X("found nothing in \"from\", expected a field, a template such as \"${a}" \
	  " ${b}\", or a fixed 'text'", \
	  "\"from\" が空です。フィールド、\"${a} ${b}\" のようなテンプレート、ま" \
	  "たは '固定の文字列' を指定してください") \
	X("at character %d: found %s, expected %s", \
	  "{1} 文字目: {2} ではなく、{3}が必要です") \
	X("at character %d: found \"%s\", expected %s such as %s", \
	  "{1} 文字目: \"{2}\" ではなく、{3}（例: {4}）が必要です") \
	X("at character %d: found \"%s\", expected an option of \"%s\": %s", \
	  "{1} 文字目: \"{2}\" は \"{3}\" の選択肢にありません。選択肢: {4}") \
	X("at character %d: found \"%s\" on \"%s\" of type %s, expected one of %s", \
	  "{1} 文字目: \"{2}\" は、型が {4} の \"{3}\" には使えません。使えるもの" \
	  ": {5}") \
	X("\"%s\" without its end", "閉じていない \"{1}\"") \
	X("the end", "式の終わり") \
	X("%s (a date is no moment: in which zone does it begin?)", \
	  "{1}（日付は日時ではありません。どのタイムゾーンで始まる日ですか？）") \
	X("%s (for what is empty there is `is empty`)", \
	  "{1}（空の値には `is empty` を使います）") \
	X("a value (for what has none there is `is empty`)", \
	  "値（値がないことは `is empty` で調べます）") \
	X("a value: a text in quotes, a number or a date", \
	  "値（引用符で囲んだ文字列、数値、または日付）") \
	X("fewer values in all", "より少ない数の値") \
	X("\"(\" and a list of values", "\"(\" と値のリスト") \
	X("\",\" or \")\"", "\",\" または \")\"") \
	X("the name of a field, \"not\" or \"(\"", \
	  "フィールドの名前、\"not\"、または \"(\"") \
	X("fewer tests in all", "より少ない数の条件") \
	X("one of = != < <= > >=, in, not in, contains, is empty, is not empty", \
	  "= != < <= > >=、in、not in、contains、is empty、is not empty のいずれ" \
	  "か") \
	X("fewer brackets inside each other", "より浅い括弧の入れ子") \
	X("\")\", \"and\" or \"or\"", "\")\"、\"and\"、または \"or\"") \
	X("\"and\", \"or\" or the end", "\"and\"、\"or\"、または式の終わり") \
	X("found a text of %s bytes, expected at most %d", \
	  "文字列が {1} バイトあります。上限は {2} バイトです") \
	X("found field \"%s\", expected a field of the source%s", \
	  "フィールド \"{1}\" は元にありません{2}") \
	X("field \"%s\" of the source cannot be mapped: %s", \
	  "元のフィールド \"{1}\" は対応付けできません: {2}") \
	X("field \"%s\" of the source has a type that renkei does not know", \
	  "元のフィールド \"{1}\" の型は renkei が知らないものです") \
	X("found transform \"%s\", expected one of %s", \
	  "変換 \"{1}\" はありません。使える変換: {2}") \
	X("first: found field \"%s\" of type %s, expected %s", \
	  "first: フィールド \"{1}\" の型は {2} ですが、{3} が必要です") \
	X("first: found %s, expected a list, or fields to choose from: " \
	  "first(FIELD, ...)", \
	  "first: {1} ではなく、リストか、選ぶ対象のフィールド first(フィールド, " \
	  "...) が必要です") \
	X("%s does not work on %s", "{1} は {2} には使えません") \
	X("found an argument, expected none", "引数は付けられません") \
	X("found %d arguments, expected %s", \
	  "引数が {1} 個あります。{2} の形で書いてください") \
	X("these types do not go together", "この 2 つの型は対応付けできません") \
	X("a moment becomes a date only in a zone: add `| date(Asia/Tokyo)`", \
	  "日時を日付にするにはタイムゾーンが要ります。`| date(Asia/Tokyo)` を付" \
	  "けてください") \
	X("a day begins at a moment only in a zone: add `| midnight(Asia/Tokyo)`", \
	  "日付を日時にするにはタイムゾーンが要ります。`| midnight(Asia/Tokyo)` を付けてください") \
	X("a moment has a zone and a time of day has none", \
	  "日時にはタイムゾーンがあり、時刻にはありません") \
	X("a list needs `| first` or `| join(\", \")`", \
	  "複数の値には `| first` または `| join(\", \")` が要ります") \
	X("a list needs `| first`", "複数の値には `| first` が要ります") \
	X("only a value map (values = ...) can say which is which", \
	  "値の対応 (values = ...) が必要です") \
	/* Mapping: values of records. */ \
	X("found no value, but \"%s\" is required", \
	  "値がありませんが、\"{1}\" は必須です") \
	X("the value map cannot look up a value that holds U+0000", \
	  "U+0000 を含む値は、値の対応で調べられません") \
	X("\"%s\" is not in the value map, and the map has no \"otherwise\"", \
	  "\"{1}\" は値の対応になく、\"otherwise\" もありません") \
	X("found several users, expected one: add `| first` or `| join(...)`", \
	  "ユーザーが複数います。1 人にするため `| first` または `| join(...)` を" \
	  "付けてください") \
	X("found %s, expected one text", "{1} ではなく、1 つの文字列が必要です") \
	X("a number", "数値") \
	X("a whole number that fits into 64 bits", "64 ビットに収まる整数") \
	X("true or false; a value map turns other words into these", \
	  "true または false（ほかの言葉は値の対応で変換できます）") \
	X("a date, YYYY-MM-DD", "日付 YYYY-MM-DD") \
	X("a time of day, HH:MM or HH:MM:SS", "時刻 HH:MM または HH:MM:SS") \
	X("a zone at its end, \"Z\" or \"+09:00\"", \
	  "末尾のタイムゾーン（\"Z\" または \"+09:00\"）") \
	X("a moment, YYYY-MM-DDTHH:MM:SSZ", "日時 YYYY-MM-DDTHH:MM:SSZ") \
	X("the moment lies outside the years 0 to 9999", \
	  "日時が西暦 0～9999 年の範囲にありません") \
	X("\"%s\" is no option of \"%s\"; it has %s", \
	  "\"{1}\" は \"{2}\" の選択肢にありません。選択肢: {3}") \
	X("the text holds the character U+0000, which was cut out: add `| clean` " \
	  "to write what is left", \
	  "文字列に文字 U+0000 が含まれていたため、取り除きました。残りを書き込む" \
	  "には `| clean` を付けてください") \
	X("the source sent a value of \"%s\" that is not of its type: found %s, " \
	  "expected %s", \
	  "元の CRM が \"{1}\" の型に合わない値を送りました: {3} ではなく {2} で" \
	  "す") \
	X("found %d characters, expected at most %d", \
	  "{1} 文字あります。上限は {2} 文字です") \
	X("found %d characters, expected at least %d", \
	  "{1} 文字しかありません。{2} 文字以上が必要です") \
	X("found %d decimals, expected at most %d", \
	  "小数部が {1} 桁あります。上限は {2} 桁です") \
	X("found %d digits before the point, expected at most %d", \
	  "整数部が {1} 桁あります。上限は {2} 桁です") \
	X("found %d items, expected at most %d", \
	  "{1} 項目あります。上限は {2} 項目です") \
	X("found %d items, expected at least %d", \
	  "{1} 項目しかありません。{2} 項目以上が必要です") \
	X("found %s, expected at most %s", "{1} は上限の {2} を超えています") \
	X("found %s, expected at least %s", "{1} は下限の {2} に達していません") \
	X("the text is not well-formed UTF-8", "文字列が正しい UTF-8 ではありません") \
	X("in that zone the date lies outside the years 0 to 9999", \
	  "そのタイムゾーンでは、日付が西暦 0～9999 年の範囲にありません") \
	X("the joined text has more than %d bytes", \
	  "つないだ文字列が {1} バイトを超えています") \
	/* Network: the program renkei-net. */ \
	X("over %d channels are open", "開いている通信路が {1} を超えています") \
	X("a channel of no connection", "接続のない通信路です") \
	X("connection '%s' has over %d secrets", \
	  "接続 '{1}' の秘密情報が {2} 個を超えています") \
	X("connection '%s': '%s' is no address of the form https://host[:port]", \
	  "接続 '{1}': '{2}' は https://ホスト[:ポート] の形のアドレスではありま" \
	  "せん") \
	X("limit '%s' of connection '%s': %s; room in %s", \
	  "接続 '{2}' の制限 '{1}': {3}。{4}後に空きます") \
	X("%d s", "{1} 秒") \
	X("%d min", "{1} 分") \
	X("%d h %d min", "{1} 時間 {2} 分") \
	X("%d d %d h", "{1} 日 {2} 時間") \
	X("the CRM asked to wait", "CRM が待つよう求めています") \
	X("all its places are taken", "空きがありません") \
	X("it is used up", "使い切りました") \
	X("the call's deadline has passed; nothing was sent", \
	  "呼び出しの期限が過ぎました。何も送っていません") \
	X("no login can be managed here", "ここではログインを扱えません") \
	X("renkei-net ended while it was asked; it is started again next time", \
	  "問い合わせ中に renkei-net が終了しました。次回もう一度起動します") \
	X("renkei-net has not answered within %d seconds", \
	  "renkei-net が {1} 秒以内に応答しませんでした") \
	X("renkei-net has not answered", "renkei-net が応答しませんでした") \
	X("renkei-net broke the protocol", "renkei-net の応答が正しくありません") \
	X("%s/net.lock is held by another program", \
	  "{1}/net.lock は別のプログラムが使っています") \
	X("renkei-net did not start; %s/net.log tells why", \
	  "renkei-net が起動しませんでした。理由は {1}/net.log にあります") \
	X("%s/net.sock belongs to another user", \
	  "{1}/net.sock は別のユーザーの所有です") \
	X("the settings of connection %s are over 4 MiB", \
	  "接続 {1} の設定が 4 MiB を超えています") \
	X("a greeting that is none", "最初のメッセージが正しくありません") \
	X("renkei-net serves another version or configuration and leaves", \
	  "renkei-net は別の版または設定のもので、終了します") \
	X("a priority that is none", "優先順位が正しくありません") \
	X("limits that are none", "制限の指定が正しくありません") \
	X("a channel's settings that are none", "通信路の設定が正しくありません") \
	X("this run has opened over %d channels", \
	  "この実行が開いた通信路が {1} を超えました") \
	X("no channel %d of this run", "この実行に通信路 {1} はありません") \
	X("no message of type %d here", "種類 {1} のメッセージはここでは使えません") \
	X("limit '%s': scope is connection, object or host, not '%s'", \
	  "制限 '{1}': scope は connection、object、host のいずれかで、'{2}' は使" \
	  "えません") \
	X("limit '%s': calls need a window", "制限 '{1}': calls には期間が必要です") \
	X("limit '%s': resets is a time of day such as 00:00, not '%s'", \
	  "制限 '{1}': resets は 00:00 のような時刻で、'{2}' は使えません") \
	X("limit '%s': '%s' is no time zone", \
	  "制限 '{1}': '{2}' はタイムゾーンではありません") \
	/* Network: the way to the CRM. */ \
	X("the name is not found (DNS)", "名前が見つかりません（DNS）") \
	X("the name of the proxy is not found (DNS)", \
	  "プロキシの名前が見つかりません（DNS）") \
	X("no connection", "接続できません") \
	X("TLS failed", "TLS に失敗しました") \
	X("the list of certificates cannot be read (ca_file, or the package " \
	  "ca-certificates)", \
	  "証明書の一覧を読み込めません（ca_file、またはパッケージ " \
	  "ca-certificates）") \
	X("client_certificate cannot be used", "client_certificate を使えません") \
	X("client_certificate is locked by a cipher that OpenSSL 3 no longer opens; " \
	  "write it anew (`openssl pkcs12 -legacy -in OLD -nodes -out NEW.pem`)", \
	  "client_certificate の暗号方式が古く、OpenSSL 3 では開けません。" \
	  "`openssl pkcs12 -legacy -in OLD -nodes -out NEW.pem` で作り直してください") \
	X("client_certificate_password does not fit client_certificate", \
	  "client_certificate_password が client_certificate と合いません") \
	X("client_certificate cannot be opened; see whether its file is whole and " \
	  "client_certificate_password is right", \
	  "client_certificate を開けません。ファイルが壊れていないか、" \
	  "client_certificate_password が正しいか確認してください") \
	X("client_certificate cannot be used; it must hold a certificate and its key", \
	  "client_certificate を使えません。証明書とその鍵の両方が必要です") \
	X("the key in client_certificate is missing, or client_certificate_password " \
	  "does not fit it", \
	  "client_certificate に鍵がないか、client_certificate_password が合いません") \
	X("it lets nobody in without a client certificate; set client_certificate of " \
	  "the connection", \
	  "クライアント証明書がないと接続できません。接続に client_certificate を設定して" \
	  "ください") \
	X("it does not accept client_certificate", \
	  "client_certificate が受け付けられません") \
	X("client_certificate was revoked; get a new one", \
	  "client_certificate は失効しています。新しいものを入手してください") \
	X("client_certificate has expired; get a new one", \
	  "client_certificate の有効期限が切れています。新しいものを入手してください") \
	X("client_certificate is neither PKCS#12 (PFX) nor PEM, nor either of them in " \
	  "base64; name its file, \"file:/PATH\"", \
	  "client_certificate が PKCS#12 (PFX) でも PEM でもなく、その base64 でもありま" \
	  "せん。\"file:/PATH\" の形でファイルを指定してください") \
	X("the connection ended without an answer", "応答のないまま接続が終了しました") \
	X("the connection broke while sending", "送信中に接続が切れました") \
	X("the connection broke before the answer", "応答の前に接続が切れました") \
	X("a kept connection ended without an answer; the request is not sent " \
	  "twice", \
	  "保持していた接続が応答のないまま終了しました。要求は 2 回送りません") \
	X("the answer is cut short", "応答が途中で切れています") \
	X("the answer cannot be decompressed", "応答を展開できません") \
	X("the answer is no HTTP", "応答が HTTP ではありません") \
	X("the answer's headers are too long", "応答のヘッダーが長すぎます") \
	X("its certificate has expired (or this machine's clock is wrong)", \
	  "証明書の有効期限が切れています（またはこのマシンの時計が誤っています）") \
	X("its certificate is not valid yet (or this machine's clock is wrong)", \
	  "証明書の有効期間がまだ始まっていません（またはこのマシンの時計が誤って" \
	  "います）") \
	X("who issued its certificate is not trusted here (ca_file names an " \
	  "authority of your own)", \
	  "証明書の発行者がここでは信頼されていません（自前の認証局は ca_file で" \
	  "指定します）") \
	X("its certificate is for another host", "証明書が別のホストのものです") \
	X("its certificate is not trusted", "証明書を信頼できません") \
	X("the proxy %s made no connection to %s:%d within %d ms", \
	  "プロキシ {1} は {4} ミリ秒以内に {2}:{3} へ接続できませんでした") \
	X("no connection within %d ms", "{1} ミリ秒以内に接続できませんでした") \
	X("no whole answer within %d ms (timeout)", \
	  "{1} ミリ秒以内に応答が完了しませんでした（タイムアウト）") \
	X("the answer is over %d bytes", "応答が {1} バイトを超えています") \
	X("the answer's headers are malformed or over %d KiB", \
	  "応答のヘッダーが正しくないか、{1} KiB を超えています") \
	X("%s leads to %s, an address inside a network; only a host setting that " \
	  "names the address itself may reach it", \
	  "{1} はネットワーク内部のアドレス {2} を指しています。内部のアドレスに" \
	  "接続できるのは、host の設定にそのアドレス自体を書いた場合だけです") \
	X("the proxy %s does not lead there: %s", \
	  "プロキシ {1} を通ってそこへは行けません: {2}") \
	X("the proxy %s, which should lead to %s:%d, takes no connection: see " \
	  "whether it runs, or correct `proxy` of the connection", \
	  "{2}:{3} へのプロキシ {1} に接続できません。プロキシが動いているか" \
	  "確認するか、接続の `proxy` を直してください") \
	X("no name to resolve", "名前を解決できません") \
	/* Network: what a connector asks. */ \
	X("the connector's request %s: '%s'", "コネクターの要求は{1}: '{2}'") \
	X("the connector asked for %s, which is not a host of connection '%s'", \
	  "コネクターが {1} を求めましたが、接続 '{2}' のホストではありません") \
	X("has a method that is not spoken here", "メソッドがここでは使えません") \
	X("has a URL of no bytes or over 64 KiB", "URL が空か 64 KiB を超えています") \
	X("has a URL with a byte that must be escaped", \
	  "URL にエスケープが必要なバイトがあります") \
	X("has no absolute http or https URL without a login", \
	  "URL が、ログイン情報を含まない http または https の絶対 URL ではありま" \
	  "せん") \
	X("names a secret that is no setting", "設定にない秘密情報を指しています") \
	X("the connector's request is over %d MiB", \
	  "コネクターの要求が {1} MiB を超えています") \
	X("a secret changed while it was filled in", \
	  "書き込む途中で秘密情報が変わりました") \
	X("has a header name that is none", "ヘッダー名が正しくありません") \
	X("sets a header that renkei sets itself", \
	  "renkei 自身が付けるヘッダーを付けています") \
	X("may put a scheme and secrets there and nothing else", \
	  "そこには方式名と秘密情報だけを置けます") \
	X("has a control character in header", "ヘッダーに制御文字があります") \
	X("a secret for header %s holds a line break or another control character", \
	  "ヘッダー {1} に使う秘密情報に、改行などの制御文字が含まれています") \
	X("has headers over 64 KiB, at", "ヘッダーが 64 KiB を超えています") \
	X("spends more than 16 limit classes", "16 を超える種類の制限を使っています") \
	/* Secrets. */ \
	X("%s is no plain file; it must hold the key that secrets are sealed with", \
	  "{1} は通常のファイルではありません。秘密情報を封印する鍵のファイルにし" \
	  "てください") \
	X("%s belongs to another user; chown it to the user that runs renkei", \
	  "{1} は別のユーザーの所有です。所有者を renkei を実行するユーザーにして" \
	  "ください（chown）") \
	X("%s can be read or written by others; chmod 600 it", \
	  "{1} はほかのユーザーが読み書きできます。chmod 600 を実行してください") \
	X("the key that secrets are sealed with cannot be read; put it back from " \
	  "a backup, or seal the secrets anew: %s", \
	  "秘密情報を封印した鍵を読み込めません。バックアップから戻すか、秘密情報" \
	  "を封印し直してください: {1}") \
	X("%s is damaged: expected %d hexadecimal digits; put it back from a " \
	  "backup, or remove it and seal the secrets anew", \
	  "{1} が壊れています（{2} 桁の 16 進数が必要です）。バックアップから戻す" \
	  "か、削除して秘密情報を封印し直してください") \
	X("the key that secrets are sealed with cannot be made: %s", \
	  "秘密情報を封印する鍵を作成できません: {1}") \
	X("'%s' was sealed with another key than the one that is here; put that " \
	  "key back, or seal the secret anew (renkei seal)", \
	  "'{1}' は、ここにあるものとは別の鍵で封印されています。その鍵を戻すか、" \
	  "秘密情報を封印し直してください（renkei seal）") \
	X("what stands at '%s' was sealed for another connection or setting, or " \
	  "is damaged; seal the secret anew (renkei seal)", \
	  "'{1}' の値は、別の接続または設定のために封印されたものか、壊れています" \
	  "。秘密情報を封印し直してください（renkei seal）") \
	X("what stands at '%s' is nothing that renkei sealed, or was cut; seal " \
	  "the secret anew (renkei seal)", \
	  "'{1}' の値は renkei が封印したものではないか、途中で切れています。秘密" \
	  "情報を封印し直してください（renkei seal）") \
	X("secret '%s': file %s", "秘密情報 '{1}': ファイル {2}") \
	X("secret '%s': %s is not a plain file", \
	  "秘密情報 '{1}': {2} は通常のファイルではありません") \
	X("secret '%s' is not set for this connection", \
	  "この接続には秘密情報 '{1}' が設定されていません") \
	X("secret '%s' is empty", "秘密情報 '{1}' が空です") \
	/* OAuth. */ \
	X("the tokens of connection '%s' are of another version of renkei; log in again: " \
	  "renkei login %s", \
	  "接続 '{1}' のトークンは renkei の別の版のものです。ログインし直してください: renkei login {2}") \
	X("a page of %d records is too long for the journal; nothing of it was taken", \
	  "{1} 件のページが長すぎてジャーナルに入りません。その分は何も取り込んでいません") \
	X("the tokens of connection '%s' cannot be read: %s", \
	  "接続 '{1}' のトークンを読み込めません: {2}") \
	X("the tokens are over %d bytes", "トークンが {1} バイトを超えています") \
	X("the tokens of connection '%s' cannot be written to %s; make room, or " \
	  "the folder writable: %s", \
	  "接続 '{1}' のトークンを {2} に書き込めません。空き容量を増やすか、ディ" \
	  "レクトリーを書き込めるようにしてください: {3}") \
	X("%s cannot be removed: %s", "{1} を削除できません: {2}") \
	X("connection '%s': another login is under way; end that one first", \
	  "接続 '{1}': 別のログインの途中です。先にそれを終えてください") \
	X("the CRM did not let us in: %s", "CRM が接続を許可しませんでした: {1}") \
	X("no login has begun", "ログインが始まっていません") \
	X("what came holds no code", "受け取ったものに認可コードがありません") \
	X("the answer belongs to another login than the one that was begun", \
	  "応答が、始めたものとは別のログインのものです") \
	X("the login was not ended within 15 minutes", \
	  "ログインが 15 分以内に終わりませんでした") \
	X("nobody has logged in yet", "まだ誰もログインしていません") \
	X("its tokens were given for another client_id or another host", \
	  "トークンは別の client_id または別のホストのものです") \
	X("connection '%s': the lock of its tokens in %s/tokens cannot be had: %s", \
	  "接続 '{1}': {2}/tokens にあるトークンのロックを取得できません: {3}") \
	X("the CRM gave an access token without a refresh token", \
	  "CRM がリフレッシュトークンなしでアクセストークンを発行しました") \
	X("connection '%s': redirect_uri here is %s, and the CRM says that " \
	  "another one is registered with the app: %s", \
	  "接続 '{1}': ここでの redirect_uri は {2} ですが、CRM はアプリに別のも" \
	  "のが登録されていると答えました: {3}") \
	X("%s (HTTP %d %s)", "{1}（HTTP {2} {3}）") \
	X("connection '%s': the CRM could not %s now: HTTP %s", \
	  "接続 '{1}': CRM は今{2}できませんでした: HTTP {3}") \
	X("exchange the code", "認可コードを交換") \
	X("end the login", "ログインを終了") \
	X("renew the access token", "アクセストークンを更新") \
	X("an answer that is none", "応答が正しくありません") \
	X("the CRM does not know client_id, or its app was deleted", \
	  "CRM に client_id がないか、アプリが削除されています") \
	X("the CRM does not accept client_secret", \
	  "CRM が client_secret を受け付けません") \
	X("the CRM no longer has this account", "CRM にこのアカウントはもうありません") \
	X("the CRM does not give these scopes to the app", \
	  "CRM はこれらのスコープをアプリに与えません") \
	X("the code belongs to another login", "認可コードが別のログインのものです") \
	X("the CRM does not know the code, or it was used already", \
	  "CRM が認可コードを知らないか、すでに使われています") \
	X("the code has expired", "認可コードの期限が切れています") \
	X("the CRM no longer accepts the login", \
	  "CRM がログインを受け付けなくなりました") \
	X("the CRM does not accept client_id and client_secret, or the app was " \
	  "deleted", \
	  "CRM が client_id と client_secret を受け付けないか、アプリが削除されて" \
	  "います") \
	X("the CRM does not let this app do so", \
	  "CRM がこのアプリにそれを許していません") \
	X("the CRM denies this account access", \
	  "CRM がこのアカウントの利用を拒否しています") \
	X("the CRM refused for a reason of its own", "CRM が独自の理由で拒否しました") \
	X("the CRM does not accept the code", "CRM が認可コードを受け付けません") \
	X("an earlier renewal was cut off before its answer was stored, and the " \
	  "CRM has put a new refresh token in the place of the one that is here", \
	  "前回の更新が応答を保存する前に中断され、CRM ではここにあるものに代わる" \
	  "新しいリフレッシュトークンが発行されています") \
	/* State. */ \
	X("state of sync \"%s\": %s", "同期 \"{1}\" の状態: {2}") \
	X("state of sync \"%s\": %s; nothing was lost", \
	  "同期 \"{1}\" の状態: {2}。失われたデータはありません") \
	X("state of sync \"%s\": a row of table \"%s\" is damaged (its checksum " \
	  "does not fit); nothing was sent.  Restore the file from a backup, or " \
	  "run \"renkei cursor reset %s\" to read everything again%s", \
	  "同期 \"{1}\" の状態: テーブル \"{2}\" の行が壊れています（チェックサム" \
	  "が一致しません）。何も送っていません。ファイルをバックアップから復元す" \
	  "るか、\"renkei cursor reset {3}\" で全件を読み直してください{4}") \
	X(" (records are found by key)", "（レコードはキーで見つけます）") \
	X("state of sync \"%s\": the links of one step are too large to keep (ids" \
	  " of megabytes); nothing was lost.  Look at the ids that the connectors" \
	  " give", \
	  "同期 \"{1}\" の状態: 1 回分の結び付きが大きすぎて保存できません（ID が" \
	  "数 MB あります）。失われたデータはありません。コネクターが返す ID を確" \
	  "認してください") \
	X("sync \"%s\" belongs to %s, but its configuration now says %s.  Give " \
	  "the new sync a name of its own, or run \"renkei cursor reset %s\" to " \
	  "begin anew under this name", \
	  "同期 \"{1}\" の状態は {2} のものですが、設定は {3} になっています。新" \
	  "しい同期に別の名前を付けるか、\"renkei cursor reset {4}\" を実行してこ" \
	  "の名前で最初から始めてください") \
	X("state of sync \"%s\" was written by a renkei before its first release " \
	  "(its version is %d, this program writes %d).  Remove the file: the " \
	  "next run reads everything again and finds the records by their keys", \
	  "同期 \"{1}\" の状態は、最初のリリースより前の renkei が書いたものです" \
	  "（版は {2}、このプログラムの版は {3}）。ファイルを削除してください。次" \
	  "回の実行で全件を読み直し、キーでレコードを見つけます") \
	X("state of sync \"%s\" was written by a newer renkei (its version is %d," \
	  " this program knows up to %d).  Install that version again; nothing " \
	  "was changed", \
	  "同期 \"{1}\" の状態は、より新しい renkei が書いたものです（版は {2}、" \
	  "このプログラムが扱えるのは {3} まで）。その版をもう一度インストールし" \
	  "てください。何も変更していません") \
	X("the state directory's path is too long", "状態ディレクトリーのパスが長すぎます") \
	X("another run of sync \"%s\" took over; this one stops and changes " \
	  "nothing", \
	  "同期 \"{1}\" の別の実行が引き継ぎました。この実行は何も変更せずに終了" \
	  "します") \
	X("sync \"%s\" is running already; wait until that run has ended", \
	  "同期 \"{1}\" はすでに実行中です。その実行が終わるまで待ってください") \
	X("%s cannot be locked: %s", "{1} をロックできません: {2}") \
	X("state of sync \"%s\": page %d of the journal cannot be read; restore " \
	  "the file from a backup", \
	  "同期 \"{1}\" の状態: ジャーナルのページ {2} を読み込めません。ファイル" \
	  "をバックアップから復元してください") \
	/* Runs. */ \
	X("the configuration of sync \"%s\" does not fit the fields of its " \
	  "objects; each mistake is listed", \
	  "同期 \"{1}\" の設定がオブジェクトのフィールドに合いません。誤りはそれ" \
	  "ぞれ表示しています") \
	X("its page is damaged", "ページが壊れています") \
	X("it gave the same token twice: the listing makes no progress", \
	  "同じトークンを 2 回返しました。一覧が先に進みません") \
	X("it gave the same page twice: the listing makes no progress", \
	  "同じページを 2 回返しました。一覧が先に進みません") \
	X("it says that another page follows, but gives no token for it", \
	  "次のページがあると答えましたが、そのトークンがありません") \
	X("it was asked for certain records and says that a page follows", \
	  "指定したレコードを求めたのに、次のページがあると答えました") \
	X("record %s was deleted at the target; it is not created anew unless \"renkei errors " \
	  "resync %s\" asks for it", \
	  "レコード {1} は同期先で削除されました。\"renkei errors resync {2}\" で指示しない限り、" \
	  "作り直しません") \
	X("both sides changed it; neither is written until a person chooses (renkei conflicts)", \
	  "両側で変更されました。人が選ぶまでどちらにも書き込みません（renkei conflicts）") \
	X("both sides changed it; by the rule this side's value wins", \
	  "両側で変更されました。規則により、こちら側の値を採用します") \
	X("both sides changed it; by the rule the other side's value wins, and goes back with " \
	  "the next run", \
	  "両側で変更されました。規則により相手側の値を採用し、次の実行で逆向きに反映します") \
	X("the sides differ and have not been in step before; neither is written until a person " \
	  "chooses (renkei conflicts)", \
	  "両側の値が異なり、一致していた記録がありません。人が選ぶまでどちらにも書き込みません（renkei conflicts）") \
	X("the sides differ and have not been in step before; by the rule this side's value wins", \
	  "両側の値が異なり、一致していた記録がありません。規則により、こちら側の値を採用します") \
	X("the sides differ and have not been in step before; by the rule the other side's value " \
	  "wins, and goes back with the next run", \
	  "両側の値が異なり、一致していた記録がありません。規則により相手側の値を採用し、次の実行で逆向きに反映します") \
	X("the record with its key is gone again", \
	  "同じキーのレコードがまた見つからなくなりました") \
	X("record %s of %s was deleted there; this edit does not go over, and the record is not " \
	  "created anew unless \"renkei errors resync %s\" asks for it", \
	  "{2} のレコード {1} は削除されました。この編集は反映されず、\"renkei errors resync {3}\" で" \
	  "指示しない限り、レコードは作り直しません") \
	X("deletes = \"flag\" without \"flag\", expected flag = { field = \"...\"; value = " \
	  "\"...\"; }", \
	  "deletes = \"flag\" に \"flag\" がありません。flag = { field = \"...\"; value = \"...\"; } " \
	  "を指定してください") \
	X("found \"flag\" without deletes = \"flag\"", \
	  "\"flag\" は deletes = \"flag\" のときだけ指定できます") \
	X("found no field \"%s\" in the target, expected one of its %d fields%s", \
	  "同期先に項目 \"{1}\" がありません。{2} 個のフィールドから指定してください{3}") \
	X("record %s was merged into %s at the source, and the target has a record of both: %s and " \
	  "%s; merge them there, then set this error aside", \
	  "レコード {1} は同期元で {2} に統合されましたが、同期先には両方のレコード {3} と {4} があり" \
	  "ます。同期先で統合してから、このエラーを無視する設定にしてください") \
	X("deleted at the source", "元の CRM で削除されました") \
	X("plan %s: %s", "計画 {1}: {2}") \
	X("it is no plan of renkei, or was cut off or altered; make a new one with \"renkei plan " \
	  "SYNC --out FILE\"", \
	  "renkei の計画ではないか、途中で切れている、または変更されています。\"renkei plan SYNC " \
	  "--out FILE\" で作り直してください") \
	X("it could not be written", "書き込めませんでした") \
	X("the mapping, filter or key of sync \"%s\" was changed since the plan; make a new one", \
	  "計画の作成後に、同期 \"{1}\" の対応付け、フィルター、またはキーが変更されました。作り直" \
	  "してください") \
	X("a person must settle first whether it was created", \
	  "作成されたかどうかを、先に人が確認する必要があります") \
	X("its record of the other side is gone", "相手側のレコードがなくなっています") \
	X("left out by the filter", "フィルターの対象外になりました") \
	X("%s of %s where %s is \"%s\"; name a field and value that exactly one " \
	  "record has", \
	  "{3} が \"{4}\" の {2} は{1}。ちょうど 1 件に決まるフィールドと値を指定" \
	  "してください") \
	X("there is no record", "ありません") \
	X("there are several records", "複数あります") \
	X("the outcome of its last write is not known", \
	  "前回の書き込みの結果が分かっていません") \
	X("record %s of the target has this key and belongs to record %s of the " \
	  "source; two records cannot be one", \
	  "同期先のレコード {1} がこのキーを持ち、元のレコード {2} と結び付いてい" \
	  "ます。2 件を 1 件にまとめることはできません") \
	X("the target put this record off, again and again", \
	  "同期先がこのレコードを何度も後回しにしました") \
	X("record %s of the source has this key already; two records cannot be " \
	  "one", \
	  "元のレコード {1} がすでにこのキーを持っています。2 件を 1 件にまとめる" \
	  "ことはできません") \
	X("another record of the source has this key already; two records cannot " \
	  "be one", \
	  "元の別のレコードがすでにこのキーを持っています。2 件を 1 件にまとめる" \
	  "ことはできません") \
	X("%s; if the two exchange their keys, give one of them a third key first", \
	  "{1}。2 件のキーを入れ替える場合は、先に一方を別のキーにしてください") \
	X("the key is empty, and the sync's empty_key says error", \
	  "キーが空で、同期の empty_key が error です") \
	X("%d records of the target have this key; merge them, then send it again", \
	  "同期先の {1} 件のレコードがこのキーを持っています。1 件に統合してから" \
	  "、もう一度送ってください") \
	X("record %s of the target has this key already, and the sync's existing " \
	  "says refuse", \
	  "同期先のレコード {1} がすでにこのキーを持ち、同期の existing が refuse" \
	  " です") \
	X("every row of a batch was put off by the target", \
	  "同期先が一括書き込みのすべての行を後回しにしました") \
	X("an older write of it may still land", \
	  "以前の書き込みが、まだ反映される可能性があります") \
	X("record %s of the source leads to this record of the target, too", \
	  "同期元のレコード {1} も同期先の同じレコードに対応しています") \
	X("field \"%s\" is called \"%s\" now", "フィールド \"{1}\" は \"{2}\" になりました") \
	X("field \"%s\" is gone", "フィールド \"{1}\" がなくなりました") \
	X("field \"%s\" has no option \"%s\" any more", \
	  "フィールド \"{1}\" の選択肢 \"{2}\" がなくなりました") \
	X("field \"%s\" has a new option \"%s\"", \
	  "フィールド \"{1}\" に選択肢 \"{2}\" が加わりました") \
	X("field \"%s\" is required now", "フィールド \"{1}\" が必須になりました") \
	X("field \"%s\" takes each value once now", "フィールド \"{1}\" の値が重複禁止になりました") \
	X("field \"%s\" cannot be written any more", \
	  "フィールド \"{1}\" に書き込めなくなりました") \
	X("field \"%s\" is the key and is not unique any more", \
	  "キーのフィールド \"{1}\" が重複禁止ではなくなりました") \
	X("field \"%s\" takes %d characters at most now", \
	  "フィールド \"{1}\" の上限が {2} 文字になりました") \
	X("field \"%s\" takes other numbers now", \
	  "フィールド \"{1}\" の数値の範囲が変わりました") \
	X("field \"%s\" was %s and is %s now", \
	  "フィールド \"{1}\" の型が {2} から {3} になりました") \
	X("%s; the sync's drift says pause: look at it, then \"renkei resume %s\"", \
	  "{1}。同期の drift が pause のため停止しました。確認して \"renkei resume {2}\" を実行してく" \
	  "ださい") \
	X("%s; the sync's drift says refuse: runs of \"%s\" end here until the configuration or " \
	  "the field fits", \
	  "{1}。同期の drift が refuse のため、設定とフィールドが合うまで \"{2}\" は実行しません") \
	X("it waits for its turn", "順番を待っています") \
	X("it is on its way", "送信中です") \
	X("it changed since the last run read the source", \
	  "前回の読み取りの後に変更されました") \
	X("the record of the target that it is linked with is not there any more", \
	  "対応する同期先のレコードがなくなっています") \
	X("its record of the source is not there any more", \
	  "同期元のレコードがなくなっています") \
	X("no record of the source is linked with it", \
	  "対応する同期元のレコードがありません") \
	X("the record that had this key is on its way", \
	  "このキーを持っていたレコードを送信中です") \
	X("another record with this key is on its way", \
	  "同じキーの別のレコードを送信中です") \
	X("an older change of it is on its way", "以前の変更を送信中です") \
	X("its create may not be visible yet", "作成がまだ見えていない可能性があります") \
	/* What the CRM answers, by the connectors' helpers. */ \
	X("%s; it refers to \"%s\"", "{1}（参照先: \"{2}\"）") \
	X("%s; the answer names the address %s", "{1}。応答にあるアドレスは {2} です") \
	X("%s; this machine asked from %s", "{1}。このマシンのアドレスは {2} です") \
	X("%s; it may be asked again in %d s", "{1}。{2} 秒後にもう一度試せます") \
	X("%s; missing scope: %s", "{1}。足りないスコープ: {2}") \
	X("the answer is no JSON", "応答が JSON ではありません") \
	X("HTTP %d before the API: %s", "API の手前で HTTP {1}: {2}") \
	X("Basic authentication or an IP rule of the domain, or host is another one", \
	  "ドメインの Basic 認証か IP アドレス制限、または host の誤り") \
	X("an IP rule of the domain; allow this host's address", \
	  "ドメインの IP アドレス制限です。このマシンのアドレスを許可してください") \
	X("HTTP %d with a web page: a proxy, a login or a maintenance page " \
	  "answers for the CRM (%s %s)", \
	  "HTTP {1} で Web ページが返りました。CRM の代わりにプロキシ、ログイン" \
	  "画面、メンテナンス画面などが応答しています（{2} {3}）") \
	X("HTTP %d: %s (%s %s)", "HTTP {1}: {2}（{3} {4}）") \
	X("the answer has no %s \"%s\"%s", "応答に {1} \"{2}\" がありません{3}") \
	X("; it says: %s", "。応答の内容: {1}") \
	X("the request is larger than %d bytes", "要求が {1} バイトを超えています") \
	X("JSON, byte %d of %d: %s", "JSON の {2} バイト中 {1} バイト目: {3}") \
	X("unknown escape in a string", "文字列に不明なエスケープがあります") \
	X("expected four hex digits after \\u", "\\u の後に 4 桁の 16 進数が必要です") \
	X("half of a surrogate pair", "サロゲートペアの片方しかありません") \
	X("expected the end of a string", "文字列が閉じていません") \
	X("raw control character in a string", \
	  "文字列に制御文字がそのまま含まれています") \
	X("text is not UTF-8", "UTF-8 ではありません") \
	X("one name stands twice in an object", "オブジェクトに同じ名前が 2 回あります") \
	X("expected a name in quotes", "引用符で囲んだ名前が必要です") \
	X("a name holds U+0000", "名前に U+0000 が含まれています") \
	X("expected ':'", "':' が必要です") \
	X("expected a number without leading zeros", \
	  "先頭に 0 を付けない数値が必要です") \
	X("expected a digit", "数字が必要です") \
	X("expected a value", "値が必要です") \
	X("nested deeper than 64", "入れ子が 64 段を超えています") \
	X("expected the end, something follows the document", \
	  "文書の終わりの後に余分なものがあります") \
	X("expected ',' or '}'", "',' または '}' が必要です") \
	X("expected ',' or ']'", "',' または ']' が必要です") \
	X("more than a million elements", "要素が 100 万個を超えています") \
	X("JSON of %d bytes: longer than 10 MiB", \
	  "JSON が {1} バイトあり、10 MiB を超えています") \
	X("the page token is not of this query", \
	  "ページのトークンがこの問い合わせのものではありません") \
	X("the id \"%s\" of a record does not follow %d", \
	  "レコードの ID \"{1}\" が {2} の次に並んでいません") \
	X("a page token of %d bytes", "ページのトークンが {1} バイトあります") \
	X("the page token \"%s\" came back, a loop", \
	  "ページのトークン \"{1}\" が再び返り、先に進みません") \
	X("\"%s\" holds %d records, more than asked for", \
	  "\"{1}\" に、求めた数を超える {2} 件のレコードがあります") \
	X("%d results for %d rows", "{2} 行に対して {1} 件の結果が返りました") \
	X("refused without a reason", "理由なく拒否されました") \
	X("operation %d cannot be done", "操作 {1} は行えません") \
	X("%d rows, at most %d go", "{1} 行ありますが、上限は {2} 行です") \
	X("connection failed", "接続できません") \
	X("this is not the API of %s: the answer has no \"%s\"", \
	  "{1} の API ではありません（応答に \"{2}\" がありません）") \
	/* HubSpot and kintone. */ \
	X("no record \"%s\" in %s", "{2} にレコード \"{1}\" がありません") \
	X("associations: %s", "関連付け: {1}") \
	X("associations do not end", "関連付けの一覧が終わりません") \
	X("token is missing", "token がありません") \
	X("a record has no \"id\"", "レコードに \"id\" がありません") \
	X("batch read: %s", "一括読み取り: {1}") \
	X("batch read: %d records are not told", \
	  "一括読み取り: {1} 件のレコードについて応答がありません") \
	X("search promises more records and tells none", \
	  "検索の応答は続きがあると言いながら、レコードを返しません") \
	X("\"%s\" is not the number of an app", "\"{1}\" はアプリ番号ではありません") \
	X("this function is switched off in the app", \
	  "この機能はアプリで無効になっています") \
	X("api_token is missing, or login and password, or client_id", \
	  "api_token、login と password、client_id のいずれかが必要です") \
	X("basic_login and basic_password go together", \
	  "basic_login と basic_password は両方を指定してください") \
	X("Basic authentication and OAuth share a header: use an API token or a " \
	  "login instead of OAuth", \
	  "Basic 認証と OAuth は同じヘッダーを使います。OAuth の代わりに API トー" \
	  "クンまたはログイン名を使ってください") \
	X("the app has no UPDATED_TIME field", \
	  "アプリに更新日時（UPDATED_TIME）フィールドがありません") \
	X("grant: %s has no \"%s\"", "grant: {1} は \"{2}\" に対応していません") \
	X("connection \"%s\" has grant = \"jwt_bearer\" without \"jwt_key\" or " \
	  "\"jwt_user\"", \
	  "接続 \"{1}\" は grant = \"jwt_bearer\" ですが、\"jwt_key\" または " \
	  "\"jwt_user\" がありません") \
	X("jwt_key is no private RSA key as PEM text without a password", \
	  "jwt_key がパスワードなしの RSA 秘密鍵（PEM）ではありません") \
	X("connection '%s': its app is given tokens without a login (grant)", \
	  "接続 '{1}': ログインせずにトークンを取得する設定です（grant）") \
	X("the CRM does not know client_id", "CRM に client_id が登録されていません") \
	X("the user is not active in the CRM", "CRM で利用者が有効ではありません") \
	X("the CRM gives this app no token of its own", \
	  "CRM がこのアプリ自身へのトークン発行を拒否しました") \
	/* Salesforce. */ \
	X("several records have this external id", \
	  "この外部 ID のレコードが複数あります") \
	X("\"%s\" is no name of an object or field of Salesforce", \
	  "\"{1}\" は Salesforce のオブジェクトまたは項目の名前ではありません") \
	X("a record has no \"Id\" or no \"SystemModstamp\"", \
	  "レコードに \"Id\" または \"SystemModstamp\" がありません") \
	X("the record \"%s\" does not follow \"%s\"", \
	  "レコード \"{1}\" が \"{2}\" の後に続く順序になっていません") \
	X("records were changed while they were read", "読み取り中にレコードが変更されました") \
	X("a value is too long for Salesforce to be searched by it", \
	  "値が長すぎるため、Salesforce をその値で検索できません") \
	X("a query promises more records and tells none", \
	  "クエリーの応答は続きがあると言いながら、レコードを返しません") \
	X("the answer has no \"latestDateCovered\"", \
	  "応答に \"latestDateCovered\" がありません") \
	X("client_id is missing (or token)", "client_id（または token）がありません") \
	X("host is the address of the pages for people; use " \
	  "https://NAME.my.salesforce.com", \
	  "host が画面用のアドレスです。https://名前.my.salesforce.com を使ってください") \
	X("this is not Salesforce's API: the answer has no versions", \
	  "Salesforce の API ではありません（応答にバージョンがありません）") \
	X("version %s of the API is not served there; the newest is %s", \
	  "API のバージョン {1} には対応していません。最新は {2} です") \
	X("this is not Salesforce's API: the answer has no limits", \
	  "Salesforce の API ではありません（応答に上限がありません）") \
	X("%s of %s calls left", "残り {1} / {2} 回") \
	X("the answer is no list", "応答がリストではありません") \
	X("the answer has no \"totalSize\"", "応答に \"totalSize\" がありません") \
	X("the job is gone", "ジョブがなくなりました") \
	X("a result file does not say whether another follows", \
	  "結果ファイルに続きがあるかどうか示されていません") \
	X("a job was made without an id", "作成されたジョブに ID がありません") \
	X("a result file lacks the key's column", \
	  "結果ファイルにキーの列がありません") \
	X("a result file is no UTF-8", "結果ファイルが UTF-8 ではありません") \
	X("a result file is cut off", "結果ファイルが途中で切れています") \
	X("the token is that of no job", "トークンがジョブのものではありません") \
	X("the job was aborted in Salesforce", "ジョブは Salesforce で中止されました") \
	X("a job is in no state that is known", "ジョブの状態が不明です") \
	/* Sansan. */ \
	X("Sansan has no object \"%s\", only \"persons\" and \"cards\"", \
	  "Sansan のオブジェクトは \"persons\" と \"cards\" だけで、\"{1}\" はありません") \
	X("a card without id or updatedTime", \
	  "名刺に id または updatedTime がありません") \
	X("more cards are promised, and there is no nextPageToken", \
	  "名刺の続きがあるのに nextPageToken がありません") \
	X("the card \"%s\" comes behind one that was updated later: cards would be missed", \
	  "名刺 \"{1}\" が更新順に並んでいません。このまま進むと名刺が漏れます") \
	X("Sansan took a card and does not tell its id", \
	  "Sansan が名刺を受け付けましたが、その id が応答にありません") \
	X("Sansan refuses the page token", \
	  "Sansan がページトークンを受け付けません") \
	X("the page token is of a key that is not given any more", \
	  "ページトークンのキーは、もう設定されていません") \
	X("Sansan cannot be searched by \"%s\"; by id, email, tel, mobile and companyName it can", \
	  "Sansan は \"{1}\" で検索できません。id、email、tel、mobile、companyName で検索できます") \
	X("api_key is missing", \
	  "api_key がありません") \
	X("tag_ids names %d tags; at most 300 can be synced", \
	  "tag_ids のタグが {1} 個あります。同期できるのは 300 個までです") \
	X("start_date \"%s\" is no date", \
	  "start_date の \"{1}\" は日付ではありません") \
	X("tag_ids: \"%s\" is no public or shared tag that the keys can see", \
	  "tag_ids の \"{1}\" は、キーから見える公開タグ・共有タグではありません") \
	X("the value is longer than Sansan takes", \
	  "値が Sansan の上限より長すぎます") \
	X("a card needs a companyName, a lastName or a firstName", \
	  "名刺には companyName、lastName、firstName のいずれかが必要です") \
	X("a country is two capital letters, or AUTO", \
	  "国は大文字 2 字または AUTO です") \
	X("a new card takes at most 15 tags, one of them is create_tag_id", \
	  "新しい名刺のタグは create_tag_id を含めて 15 個までです") \
	X("Sansan has a card with this e-mail address; nothing was added", \
	  "このメールアドレスの名刺が Sansan にあるため、登録しませんでした") \
	X("Sansan Open API has no card update: cards can only be created", \
	  "Sansan Open API では名刺を更新できません。登録だけができます") \
	X("allow_create is not set: nothing is written to Sansan", \
	  "allow_create が設定されていないため、Sansan には書き込みません") \
	/* Freshsales. */ \
	X("leads exist at addresses of the form https://NAME.freshsales.io only", \
	  "リードは https://サブドメイン.freshsales.io の形のアドレスにだけあります") \
	X("Freshsales has no object \"%s\"", \
	  "Freshsales にオブジェクト \"{1}\" はありません") \
	X("several values in one; its main value has a field of its own", \
	  "複数の値をまとめた項目です。主な値には別の項目があります") \
	X("it points to several records, or to an object that is not synced", \
	  "複数のレコード、または同期しないオブジェクトを指しています") \
	X("the fields of %s are not told: %s", \
	  "{1} の項目を取得できません: {2}") \
	X("the choices of %s are not told: %s", \
	  "{1} の選択肢を取得できません: {2}") \
	X("a record without id or updated_at", \
	  "レコードに id または updated_at がありません") \
	X("%s: there is no view \"%s\"", \
	  "{1}: \"{2}\" というビューはありません") \
	X("the view is not sorted by updated_at: set read_mode to \"search\"", \
	  "ビューが updated_at の順に並んでいません。read_mode を \"search\" にしてください") \
	X("Freshsales cannot look up %s by \"%s\"", \
	  "Freshsales は {1} を \"{2}\" で検索できません") \
	X("no view of %s holds all of them: name one in %s, or set read_mode to \"search\"", \
	  "{1} の全件を含むビューがありません。{2} にビューを指定するか、read_mode を \"search\" にしてください") \
	X("the value is no choice of this field", \
	  "値がこの項目の選択肢にありません") \
	X("there is no such record any more", \
	  "そのレコードはもうありません") \
	X("the answer does not tell the record that was written", \
	  "書き込んだレコードが応答に示されていません") \
	X("the answer names no job", \
	  "応答にジョブが示されていません") \
	X("this is no job of Freshsales", \
	  "Freshsales のジョブではありません") \
	X("the answer tells no state of the job", \
	  "応答にジョブの状態がありません") \
	X("the owner of the key may not read these: %s", \
	  "キーの所有者に閲覧権限がありません: {1}") \
	/* HotProfile. */ \
	X("the answer has no total_count", "応答に total_count がありません") \
	X("a question of over 1 MiB", "問い合わせが 1 MiB を超えています") \
	X("HotProfile has no object \"%s\", only clients, organizations, leads and deals", \
	  "HotProfile のオブジェクトは clients、organizations、leads、deals だけで、\"{1}\" はありません") \
	X("the entry \"%s\" of %s is no custom item of the form LABEL:ID:TYPE:CODE=LABEL,...", \
	  "{2} の \"{1}\" は、ラベル:ID:型:コード=ラベル,... の形のカスタム項目ではありません") \
	X("data cleansing is switched on in HotProfile: company %s was merged; review the mapping, then set data_cleansing = \"reviewed\"", \
	  "HotProfile のデータクレンジングが有効です（会社 {1} が統合されました）。対応付けを確認し、data_cleansing = \"reviewed\" を設定してください") \
	X("a record without id", "id のないレコードです") \
	X("the answer holds record %d, which was not asked for", \
	  "応答に、問い合わせていないレコード {1} があります") \
	X("%d rows came of %d that match", "該当する {2} 件のうち {1} 件だけが届きました") \
	X("over %d records hold \"%s\" as a part of %s", \
	  "{3} に \"{2}\" を含むレコードが {1} 件を超えています") \
	X("HotProfile cannot be searched by \"%s\"; it can by items of your own, clients " \
	  "by name, name_kana and main_tel, leads by email and client_id", \
	  "HotProfile は \"{1}\" で検索できません。検索できるのは独自項目、顧客の name・" \
	  "name_kana・main_tel、リードの email・client_id です") \
	X("records cannot be listed so", "この方法ではレコードを一覧できません") \
	X("the departments of company %s are no tree", \
	  "会社 {1} の部署が階層になっていません") \
	X("company %s has over %d leads: take persons out of the mapping", \
	  "会社 {1} のリードが {2} 件を超えています。対応付けから persons を外してください") \
	X("HotProfile shows no lead %s", "HotProfile にリード {1} が見えません") \
	X("the row is longer than 1 MiB", "行が 1 MiB を超えています") \
	X("the answer has neither id nor errors", "応答に id も errors もありません") \
	X("value not stored (data cleansing or automatic update is on)", \
	  "値が保存されていません（データクレンジングまたは自動更新が有効）") \
	X("HotProfile does not take the key: %s", \
	  "HotProfile がキーを受け付けません: {1}") \
	/* Why a connector does not certify (core/certify). */ \
	X("the section \"%s\" stands behind the last one, which is \"%s\"; use ### inside of " \
	  "a section", \
	  "節「{1}」が最後の節「{2}」の後にあります。節の中では ### を使ってください") \
	X("section %d is \"%s\", expected \"%s\"", \
	  "{1} 番目の節は「{3}」のはずですが、「{2}」です") \
	X("the page has no section \"%s\"", "説明ページに節「{1}」がありません") \
	X("the setting %s is in no row below \"%s\"", \
	  "設定 {1} が節「{2}」の表にありません") \
	X("the setting %s is required, and its row does not say so", \
	  "設定 {1} は必須ですが、表の行にその印がありません") \
	X("the row of the setting %s has no example", \
	  "設定 {1} の行に例がありません") \
	X("the code %s has a text of its own, and is in no row below \"%s\"", \
	  "コード {1} には文言がありますが、節「{2}」の表にありません") \
	X("there is no such page", "そのページがありません") \
	X("the help page %s is no file", "説明ページ {1} はファイルではありません") \
	X("the help page %s cannot be read: %s", "説明ページ {1} を読み取れません: {2}") \
	X("the help page %s is larger than %d KiB", \
	  "説明ページ {1} が {2} KiB を超えています") \
	X("the help page %s is no UTF-8", "説明ページ {1} は UTF-8 ではありません") \
	X("there is no page %s.md beside the file or the scenario; people ask for it by " \
	  "\"renkei help %s\"", \
	  "説明ページ {1}.md がファイルまたはシナリオと同じ場所にありません。利用者は" \
	  "「renkei help {2}」で参照します") \
	X("its process does not end well after close: %s %d", \
	  "close の後、プロセスが正常に終了しません: {1} {2}") \
	X("close does not return", "close が戻りません") \
	X("the memory of its process cannot be read", \
	  "プロセスのメモリー使用量を読み取れません") \
	X("%d calls leave %d KiB behind", \
	  "{1} 回の呼び出しで {2} KiB のメモリーが残ります") \
	X("fields are described of an object that there is none of", \
	  "存在しないオブジェクトのフィールドを返しています") \
	X("the CRM was not asked: nothing is proved", \
	  "CRM に問い合わせていないため、何も確認できていません") \
	X("neither account nor user is told", "アカウントも利用者も返していません") \
	X("the account is said not to be entitled", \
	  "アカウントに利用資格がないと返しています") \
	X("a right has no name, or is missing without a reason", \
	  "権限に名前がないか、ない権限に理由がありません") \
	X("asked twice it tells another account or user", \
	  "2 回目の問い合わせで別のアカウントまたは利用者を返します") \
	X("the field %s has no label", "フィールド {1} に表示名がありません") \
	X("the field %s does not tell the CRM's own type", \
	  "フィールド {1} に CRM での型がありません") \
	X("an option of the field %s is empty or stands twice", \
	  "フィールド {1} の選択肢に、空または重複するものがあります") \
	X("the reference %s names no object", \
	  "参照 {1} に参照先のオブジェクトがありません") \
	X("the table %s has no columns", "テーブル {1} に列がありません") \
	X("the limits of the field %s cannot be met", \
	  "フィールド {1} の制限は満たせません") \
	X("the field %s may be a key and is not unique", \
	  "フィールド {1} はキーになれますが、一意ではありません") \
	X("the field %s has no type and no reason why", \
	  "フィールド {1} に型がなく、その理由もありません") \
	X("the field %s is the scenario's key, and is not described as one", \
	  "フィールド {1} はシナリオのキーですが、describe_fields がキーとして返し" \
	  "ていません") \
	X("usual: the manifest names %s as the %s, which is not described", \
	  "usual: マニフェストは {1} を {2} としていますが、describe_fields が返していません") \
	X("the scenario has values for %s, which is not described", \
	  "シナリオに {1} の値がありますが、describe_fields が返していません") \
	X("the scenario writes %s, which is not described as writable", \
	  "シナリオは {1} に書き込みますが、describe_fields が書き込み可能として返" \
	  "していません") \
	X("a field has no name", "名前のないフィールドがあります") \
	X("two fields are called %s", "{1} という名前のフィールドが 2 つあります") \
	X("an object has no name", "名前のないオブジェクトがあります") \
	X("no fields are described", "フィールドを 1 つも返していません") \
	X("asked twice it describes other fields", \
	  "2 回目の問い合わせで別のフィールドを返します") \
	X("the scenario has no request like %s", \
	  "シナリオに {1} のような要求がありません") \
	X("the same question gives another page: the connector remembers", \
	  "同じ問い合わせに別のページを返します。コネクターが状態を持っています") \
	X("only a write has results", "行ごとの結果があるのは書き込みだけです") \
	X("there is no second page", "2 ページ目がありません") \
	X("a batch of this object holds fewer rows", "このオブジェクトの一括の件数が足りません") \
	X("nothing is created", "新規作成がありません") \
	X("the call says that all is well, and row %d has no outcome", \
	  "呼び出しは成功を返しましたが、{1} 行目の結果がありません") \
	X("row %d is refused, which nobody did", \
	  "{1} 行目を拒否としていますが、CRM は拒否していません") \
	X("row %d is to go again, which will not help", \
	  "{1} 行目を再送としていますが、再送しても直りません") \
	X("row %d has an unexpected category: %s", "{1} 行目の分類が想定外です: {2}") \
	X("row %d is said to be written, which no answer told", \
	  "{1} 行目を書き込み済みとしていますが、応答にはありません") \
	X("row %d is said not to have happened, and it has", \
	  "{1} 行目を書き込まれていないとしていますが、書き込まれています") \
	X("unexpected: %s", "想定外の結果です: {1}") \
	X("unexpected category: %s", "想定外の分類です: {1}") \
	X("the call says that all is well", "呼び出しが成功を返しました") \
	X("Retry-After said %d s and the error says %d ms", \
	  "Retry-After は {1} 秒ですが、エラーは {2} ミリ秒としています") \
	X("%s makes no request", "{1} は要求を送りません") \
	X("the first page", "最初のページ") \
	X("the second page", "2 ページ目") \
	X("a batch", "一括書き込み") \
	X("the same call after it: %s", "その後の同じ呼び出し: {1}") \
	X("the setting %s has no hint", "設定 {1} に説明（hint）がありません") \
	X("the setting %s has no hint_ja", \
	  "設定 {1} に日本語の説明（hint_ja）がありません") \
	X("the setting %s is required and has no example", \
	  "設定 {1} は必須ですが、例（example）がありません") \
	X("there are no texts: what a person can do about the CRM's commonest codes", \
	  "文言（texts）がありません。CRM でよくあるコードへの対処を書いてください") \
	X("the text of %s lacks cause or remedy", \
	  "{1} の文言に cause または remedy がありません") \
	X("the text of %s lacks cause_ja or remedy_ja", \
	  "{1} の文言に cause_ja または remedy_ja がありません") \
	X("nothing is created in %s", "{1} には新規作成がありません") \
	X("%s needs the operation \"%s\"", "{1} には操作 \"{2}\" が必要です") \
	X("the object %s has no label", \
	  "オブジェクト {1} に表示名（label）がありません") \
	X("the object %s has no operations", \
	  "オブジェクト {1} に操作（operations）がありません") \
	X("the object %s tells no page of 1 to %d, or no batch", \
	  "オブジェクト {1} に 1〜{2} の page がないか、batch がありません") \
	X("the object %s has no \"links\" to open a record by", \
	  "オブジェクト {1} に、レコードを開くための \"links\" がありません") \
	X("the manifest declares no OAuth", "マニフェストに OAuth の宣言がありません") \
	X("the object %s names no scopes", "オブジェクト {1} にスコープがありません") \
	X("the manifest lacks %s", "マニフェストに {1} がありません") \
	X("version (digits and dots)", "version（数字と点）") \
	X("lags, at least t_land", "lags（少なくとも t_land）") \
	X("it names a path to search libraries in; link without -rpath", \
	  "ライブラリーの検索パスが指定されています。-rpath なしでリンクしてくださ" \
	  "い") \
	X("its stack is executable; link with -Wl,-z,noexecstack", \
	  "スタックが実行可能です。-Wl,-z,noexecstack でリンクしてください") \
	X("what is relocated stays writable; link with -Wl,-z,relro", \
	  "再配置された領域が書き込み可能なままです。-Wl,-z,relro でリンクしてくだ" \
	  "さい") \
	X("its symbols are bound late; link with -Wl,-z,now", \
	  "シンボルが遅延束縛です。-Wl,-z,now でリンクしてください") \
	X("its code is relocated; compile with -fPIC", \
	  "コードに再配置が必要です。-fPIC でコンパイルしてください") \
	X("it exports %s too; compile with -fvisibility=hidden", \
	  "{1} も公開しています。-fvisibility=hidden でコンパイルしてください") \
	X("it does not export the data symbol renkei_connector_v1", \
	  "データシンボル renkei_connector_v1 を公開していません") \
	X("it calls %s: %s", "{1} を呼び出しています: {2}") \
	X("the host's services come by the table that open is given", \
	  "本体の機能は open に渡される表から使います") \
	X("the host has set the hooks", "フックは本体が設定します") \
	X("a connector has one thread", "コネクターのスレッドは 1 つだけです") \
	X("a connector reads and writes no files", \
	  "コネクターはファイルを読み書きしません") \
	X("only the host speaks to the world", "外部と通信するのは本体だけです") \
	X("a connector neither starts programs nor ends its own", \
	  "コネクターはプログラムを起動せず、自身を終了させません") \
	X("the host alone waits", "待機するのは本体だけです") \
	X("a connector leaves the process as it is", \
	  "コネクターはプロセスの状態を変えません") \
	X("it needs %s: whoever installs it must have that too", \
	  "{1} が必要です。導入する環境にもなければなりません") \
	X("others than its owner can write to the file; chmod go-w", \
	  "所有者以外がファイルに書き込めます。chmod go-w を実行してください") \
	X("its table of symbols cannot be read", "シンボル表を読み込めません") \
	X("the manifest declares no \"%s\" for %s", \
	  "マニフェストの {2} に \"{1}\" の宣言がありません") \
	X("%s, category %s: %s", "{1}、分類 {2}: {3}") \
	X("%s, category %s: %s; the scenario has no request like %s", \
	  "{1}、分類 {2}: {3}。シナリオに {4} のような要求がありません") \
	X("a piece names the secret \"%s\", which the manifest does not declare", \
	  "マニフェストに宣言のない秘密情報 \"{1}\" を参照しています") \
	X("the header Authorization holds no piece that names a secret", \
	  "Authorization ヘッダーに秘密情報を参照する部分がありません") \
	X("%s %s names no limit that it spends", \
	  "{1} {2} が、消費する制限を示していません") \
	X("a request spends the limit \"%s\", which the manifest does not declare", \
	  "要求が、マニフェストに宣言のない制限 \"{1}\" を消費します") \
	X("\"%s\" is no method that goes out", \
	  "\"{1}\" は送信できるメソッドではありません") \
	X("%s is not marked RK_HTTP_SAFE", "{1} に RK_HTTP_SAFE が付いていません") \
	X("%s is marked RK_HTTP_SAFE", "{1} に RK_HTTP_SAFE が付いています") \
	X("the byte 0x%s stands in a URL as it is: %s", \
	  "URL にバイト 0x{1} がそのまま入っています: {2}") \
	X("a request goes to %s, which the manifest does not declare", \
	  "マニフェストに宣言のない {1} に要求を送っています") \
	X("the connection was lost before an answer arrived", \
	  "応答が届く前に接続が切れました") \
	X("the connection was refused", "接続を拒否されました") \
	X("this is not a host of the connection", "この接続の接続先ではありません") \
	X("open makes a request; it must do without the network", \
	  "open が要求を送っています。open では通信できません") \
	X("%s writes to its standard error", "{1} が標準エラー出力に書き込んでいます") \
	X("one call logs %d lines", "1 回の呼び出しでログを {1} 行出力しています") \
	X("after %s it asks the same again within the call", \
	  "障害 {1} の後、同じ呼び出しの中で再び要求しています") \
	X("a call ends with %s and names no category", \
	  "呼び出しが {1} で終わりましたが、分類がありません") \
	X("a call ends with %s and says nothing", \
	  "呼び出しが {1} で終わりましたが、文言がありません") \
	X("a call ends with %s and says what is no UTF-8", \
	  "呼び出しが {1} で終わりましたが、文言が UTF-8 ではありません") \
	X("one call of %s makes %d requests, where the manifest says %s = %d", \
	  "{1} の 1 回の呼び出しで {2} 件の要求を送っていますが、マニフェストでは {" \
	  "3} = {4} です") \
	X("not called any more: %d calls did not come back", \
	  "戻らない呼び出しが {1} 回あったため、これ以上呼び出しません") \
	X("its answer cannot be read: %s", \
	  "コネクターの返した内容を読み取れません: {1}") \
	X("the account", "アカウント") \
	X("the description of fields", "フィールドの説明") \
	X("its token is longer than 4096 bytes", \
	  "トークンが 4096 バイトを超えています") \
	X("a text of it is no UTF-8", "UTF-8 でない文字列があります") \
	X("a length, a type or a number is out of bounds", \
	  "長さ、型、数値のいずれかが範囲外です") \
	X("a value has a type that there is none of, or it is too large", \
	  "存在しない型の値があるか、値が大きすぎます") \
	X("an outcome is out of range", "結果が範囲外です") \
	X("the file is no connector", "コネクターのファイルではありません") \
	X("the scenario is about the object \"%s\", which %s does not declare", \
	  "シナリオの対象はオブジェクト \"{1}\" ですが、{2} は宣言していません") \
	X("record %s: the field %s is described as %s and listed as %s", \
	  "レコード {1}: フィールド {2} の型は {3} のはずですが、一覧では {4} です") \
	X("page %d holds a record without id", \
	  "{1} ページ目に ID のないレコードがあります") \
	X("page %d holds a record without values", \
	  "{1} ページ目に値のないレコードがあります") \
	X("record %s tells no time of its change", \
	  "レコード {1} に更新時刻がありません") \
	X("page %d holds record %s twice", \
	  "{1} ページ目にレコード {2} が 2 回あります") \
	X("page %d gives only records that earlier pages gave, and says that more " \
	  "follows", \
	  "{1} ページ目は前のページと同じレコードだけで、さらに続きがあるとしていま" \
	  "す") \
	X("page %d holds %d records, %d were asked for", \
	  "{1} ページ目は {2} 件ありますが、指定は {3} 件です") \
	X("page %d does not tell the CRM's time", \
	  "{1} ページ目に CRM の時刻がありません") \
	X("page %d tells a time that is %d s away from now", \
	  "{1} ページ目の時刻が現在と {2} 秒ずれています") \
	X("page %d calls the future safe", \
	  "{1} ページ目が未来の時刻を確定済みとしています") \
	X("page %d says that more follows and gives no token", \
	  "{1} ページ目は続きがあるとしていますが、トークンがありません") \
	X("pages %d and %d give the same token: the listing makes no progress", \
	  "{1} ページ目と {2} ページ目のトークンが同じで、一覧が進みません") \
	X("page %d cannot be read: %s", "{1} ページ目を読み取れません: {2}") \
	X("page %d: %s", "{1} ページ目: {2}") \
	X("after %d pages it still says that more follows", \
	  "{1} ページ読んでも、まだ続きがあるとしています") \
	X("record %s was never listed", "レコード {1} が一覧にありません") \
	X("record %s was listed; the CRM has none of that id", \
	  "レコード {1} が一覧にありますが、CRM にその ID はありません") \
	X("the listing was not answered", "一覧が返りませんでした") \
	X("from the token of page %d on the listing is not the rest of the first " \
	  "one", \
	  "{1} ページ目のトークンから再開した一覧が、最初の一覧の残りと一致しません") \
	X("from the token of page %d on: %s", "{1} ページ目のトークンから再開: {2}") \
	X("the CRM holds too few records for a second page", \
	  "CRM のレコードが少なく、2 ページ目がありません") \
	X("a token that it never gave is taken without a word, and %d of %d " \
	  "records are listed: what was left out would be lost", \
	  "発行していないトークンを受け入れ、{2} 件のうち {1} 件だけを返しました。" \
	  "残りは失われます") \
	X("record %s is older than what was asked for", \
	  "レコード {1} は指定した期間より古いものです") \
	X("record %s is newer than what was asked for", \
	  "レコード {1} は指定した期間より新しいものです") \
	X("the CRM holds no records", "CRM にレコードがありません") \
	X("%d records are listed of a time to come", \
	  "未来の更新として {1} 件が返りました") \
	X("there is no second page to come", "2 ページ目がありません") \
	X("nobody can change records of this CRM from behind", \
	  "この CRM のレコードを外から変更できません") \
	X("record %s was changed after the first page; then %s", \
	  "レコード {1} を最初のページの後に変更すると: {2}") \
	X("record %s was deleted after the first page; then %s", \
	  "レコード {1} を最初のページの後に削除すると: {2}") \
	X("no record came, or none with values", \
	  "レコードが返らないか、値がありません") \
	X("the scenario gives values for one field only", \
	  "シナリオに値のあるフィールドが 1 つだけです") \
	X("with its fields in another order the values are others: they must stand " \
	  "in the order of the query's fields", \
	  "フィールドの順を変えると値が変わります。値は問い合わせのフィールドの順に" \
	  "並べてください") \
	X("record %s was asked for and is not there", \
	  "指定したレコード {1} がありません") \
	X("record %s was not asked for", "レコード {1} は指定していません") \
	X("with a hint: %s", "絞り込みを付けると: {1}") \
	X("record %s passes a hint on the field %s and is not listed by it: it would " \
	  "be lost", \
	  "レコード {1} はフィールド {2} の絞り込みに合いますが、一覧にありません。失われ" \
	  "ます") \
	X("no field of it has such a hint declared", \
	  "宣言された絞り込みに合うフィールドがありません") \
	X("no record has a value of such a field", \
	  "そのフィールドに値のあるレコードがありません") \
	X("everything is to be read, which begins between %s only", \
	  "全件の読み取りが必要ですが、開始する時間帯は {1} です") \
	X("everything is to be read, which begins between %s only: the usual hours, as " \
	  "it is not known for %d days yet when both connections are used", \
	  "全件の読み取りが必要ですが、開始する時間帯は {1} です。両接続の使用状況がまだ " \
	  "{2} 日分わからないため、既定の時間帯です") \
	X("everything is to be read, which begins between %s only: then %d of %d calls " \
	  "were made in %d days", \
	  "全件の読み取りが必要ですが、開始する時間帯は {1} です。直近 {4} 日間の呼び出し " \
	  "{3} 回のうち、この時間帯は {2} 回です") \
	X("it says that a page follows of what was asked for by name", \
	  "名指しの問い合わせに、続きのページがあるとしています") \
	X("the scenario names no key", "シナリオにキーがありません") \
	X("%d records are said to have the value \"%s\"", \
	  "{1} 件のレコードが値 \"{2}\" を持つとしています") \
	X("expected \"requests\", or a \"simulator\"", \
	  "\"requests\" または \"simulator\" を指定してください") \
	X("the scenario names no key, or no field of that name is described", \
	  "シナリオにキーがないか、その名前のフィールドを describe_fields が返して" \
	  "いません") \
	X("row %d of a batch that went well has no outcome", \
	  "成功した一括書き込みの {1} 行目に結果がありません") \
	X("row %d was to be written and is said to be %s", \
	  "書き込むはずの {1} 行目の結果が {2} です") \
	X("row %d was written and has no id", "書き込んだ {1} 行目に ID がありません") \
	X("rows %d and %d are said to be one record, %s", \
	  "{1} 行目と {2} 行目が同じレコード {3} だとしています") \
	X("the row of %s is said to be written, and is not there", \
	  "行 {1} を書き込み済みとしていますが、CRM にありません") \
	X("row %s stands there %d times", "行 {1} が CRM に {2} 件あります") \
	X("row %s has the id %s at the CRM and %s in its outcome", \
	  "行 {1} の ID は CRM では {2}、結果では {3} です") \
	X("the batch was not answered", "一括書き込みが返りませんでした") \
	X("row %d: outcome %d, category %s: %s", "{1} 行目: 結果 {2}、分類 {3}: {4}") \
	X("row %s stands %d times at the CRM, expected once", \
	  "行 {1} は CRM に 1 件のはずですが、{2} 件あります") \
	X("a batch without rows made %d requests", \
	  "0 行の一括書き込みで {1} 件の要求を送りました") \
	X("the same batch again: %s", "同じ一括書き込みを再送: {1}") \
	X("the same row again is said to be created", \
	  "再送した同じ行を新規作成としています") \
	X("the same row again is said to be another record", \
	  "再送した同じ行を別のレコードとしています") \
	X("the same rows in another order are not taken", \
	  "順を変えた同じ行が受け付けられません") \
	X("with the rows in another order an outcome went to another row", \
	  "行の順を変えると、結果が別の行に付きます") \
	X("%s by id: %s", "ID による {1}: {2}") \
	X("row %d was to be updated and is not: outcome %d", \
	  "{1} 行目は更新のはずですが、されていません: 結果 {2}") \
	X("an update of one record is said to be of another", \
	  "あるレコードの更新を、別のレコードの更新としています") \
	X("what is archived already: %s", "すでにアーカイブ済みのもの: {1}") \
	X("row %d was to be archived and is not: outcome %d", \
	  "{1} 行目はアーカイブのはずですが、されていません: 結果 {2}") \
	X("record %s still stands at the CRM", "レコード {1} がまだ CRM にあります") \
	X("an update of a record that nobody has is said to be done", \
	  "存在しないレコードの更新を成功としています") \
	X("the scenario gives no value for a text field that may be empty and " \
	  "holds 40 characters", \
	  "空にできて 40 文字入る文字列フィールドの値が、シナリオにありません") \
	X("the row was not written: %s", "行が書き込まれませんでした: {1}") \
	X("without \"ids\" it cannot be read back at once", \
	  "\"ids\" がないため、すぐに読み戻せません") \
	X("what was written cannot be read by its id: %s", \
	  "書き込んだものを ID で読めません: {1}") \
	X("\"%s\" was written and \"%s\" is read", \
	  "\"{1}\" を書き込みましたが、\"{2}\" が読まれます") \
	X("null was written and the old value still stands", \
	  "null を書き込みましたが、古い値が残っています") \
	X("the value was left out of the row and is gone at the CRM", \
	  "行から省いた値が CRM で消えています") \
	X("a record was updated by id and the old value still stands", \
	  "ID で更新しましたが、古い値が残っています") \
	X("the scenario names no value that the CRM refuses", \
	  "CRM が拒否する値がシナリオにありません") \
	X("a row that the CRM refuses: %s, outcome %d", \
	  "CRM が拒否する行: {1}、結果 {2}") \
	X("the refusal has the category %s, which is none of a record", \
	  "拒否の分類 {1} は、レコードの分類ではありません") \
	X("the refusal says nothing", "拒否に文言がありません") \
	X("the refusal does not name the field", "拒否にフィールドがありません") \
	X("row %d is said to be written, and is not there", \
	  "{1} 行目を書き込み済みとしていますが、CRM にありません") \
	X("row %d is said not to be written, and is there", \
	  "{1} 行目を書き込まれていないとしていますが、CRM にあります") \
	X("row %d has no outcome, though the CRM answered: %s", \
	  "CRM が応答したのに、{1} 行目に結果がありません: {2}") \
	X("row %d is refused for the fault of row 2", \
	  "2 行目の誤りで {1} 行目を拒否としています") \
	X("row 2 is refused by the CRM, and said to be written", \
	  "CRM が拒否した 2 行目を書き込み済みとしています") \
	X("what cannot be done is said to be done", "できないことを成功としています") \
	X("it wrote nothing: %s", "何も書き込みませんでした: {1}") \
	X("the answer was lost, and row %d is said to have an outcome", \
	  "応答が失われたのに、{1} 行目に結果があるとしています") \
	X("the same rows again: %s", "同じ行を再送: {1}") \
	X("the look-up by key: %s", "キーによる検索: {1}") \
	X("what was created is found %d times by its key, expected once", \
	  "作成したものはキーで 1 件見つかるはずですが、{1} 件あります") \
	X("E%d is claimed and E%d is proved", "宣言は E{1}、証明は E{2} です") \
	X("the object %s has no label_ja", \
	  "オブジェクト {1} に日本語の表示名（label_ja）がありません") \
	X("found %s \"%s\", which there is none of; there are: %s", \
	  "{1} \"{2}\" はありません。使えるもの: {3}") \
	X("found %s \"%s\", which there is none of; there are: %s; did you mean " \
	  "\"%s\"?", \
	  "{1} \"{2}\" はありません（\"{4}\" のことですか？）。使えるもの: {3}") \
	X("a part of the path called", "パスの部分") \
	X("the field", "フィールド") \
	X("the name", "名前") \
	X("the state", "状態") \
	X("found a \"${\" without its \"}\"", "\"${\" に対応する \"}\" がありません") \
	X("found a \"${if\" inside of another one", \
	  "\"${if\" を別の \"${if\" の中に置くことはできません") \
	X("found an \"${end}\" without its \"${if\"", \
	  "\"${end}\" に対応する \"${if\" がありません") \
	X("found an \"${if\" without its \"${end}\"", \
	  "\"${if\" に対応する \"${end}\" がありません") \
	X("found no value for the key \"%s\" among \"values\"", \
	  "\"values\" にキー \"{1}\" の値がありません") \
	X("found %s \"%s\", which there is none of", "{1} \"{2}\" はありません") \
	X("line %d: no %s had %s", "{1} 行目: {2} に {3} がありませんでした") \
	X("no request spends the limit \"%s\" of the manifest", \
	  "マニフェストの制限 \"{1}\" を消費する要求がありません") \
	X("the scenario names no \"error\"", "シナリオに \"error\" がありません") \
	X("a page token is dead, which is RK_RESYNC: %s", \
	  "ページトークンが無効になった場合は RK_RESYNC ですが、次の結果です: {1}") \
	X("no request of the listing has a page token of the CRM", \
	  "一覧の要求に CRM のページトークンがありません") \
	X("a record with nulls is not listed: %s", \
	  "null のあるレコードが返りません: {1}") \
	X("the field %s is null at the CRM and listed as %s", \
	  "フィールド {1} は CRM では null ですが、{2} として返ります") \
	X("a simulator judges types itself", "型は模擬 CRM が検査します") \
	X("the field %s is written as a JSON %s, where the scenario's records have " \
	  "a %s", \
	  "フィールド {1} を JSON の {2} で書き込んでいますが、シナリオのレコードで" \
	  "は {3} です") \
	X("a job without a token, or with one over 4096 bytes", \
	  "ジョブにトークンがないか、4096 バイトを超えています") \
	X("a job that does not end", "ジョブが終わりません") \
	X("a batch is answered at once, without a job", \
	  "一括書き込みはジョブにならず、すぐに返ります") \
	X("a job has no token, or a time to wait that is none", \
	  "ジョブにトークンがないか、待ち時間が正しくありません") \
	X("the call says that all is well after %s", \
	  "{1}の後、呼び出しが成功を返しました") \
	X("after %s row %d of the job is said to be done, or surely not; set " \
	  "err->maybe_sent", \
	  "{1}の後、ジョブの {2} 行目を書き込み済みまたは未実行としています。err->m" \
	  "aybe_sent を設定してください") \
	X("a job that is lost", "失われたジョブ") \
	X("a refused connection", "接続拒否") \
	X("a web page", "HTML の応答") \
	X("a job came to its end without its rows: %s", \
	  "ジョブが終わりましたが、行の結果がありません: {1}") \
	X("asked again, a job that ended tells something else: %s", \
	  "終わったジョブが、再度の問い合わせに別の結果を返します: {1}") \
	X("the CRM cannot lose a job", "この CRM のジョブを失わせることができません") \
	X("a record is listed without its version: %s", \
	  "レコードの一覧に版がありません: {1}") \
	X("the scenario says nothing of \"versions\"", \
	  "シナリオに \"versions\" がありません") \
	X("a row that expects the version that stands: %s, outcome %d", \
	  "現在の版を指定した行: {1}、結果 {2}") \
	X("a row that expects an older version: %s, outcome %d", \
	  "古い版を指定した行: {1}、結果 {2}") \
	X("a row that expects an older version was written", \
	  "古い版を指定した行が書き込まれました") \
	/* Reasons of a line, of a connector's file, and of fields. */ \
	X("its table has no manifest", "関数表にマニフェストがありません") \
	X("its table lacks open or close", "関数表に open または close がありません") \
	X("is cut short or damaged", "途中で切れているか、壊れています") \
	X("cannot be read", "読み込めません") \
	X("is no shared object", "共有ライブラリーではありません") \
	X("has too many sections", "セクションが多すぎます") \
	X("is no regular file", "通常のファイルではありません") \
	X("is larger than 64 MiB", "64 MiB を超えています") \
	X("it gave a record without id or values", \
	  "ID または値のないレコードを返しました") \
	X("it gave the same record twice on one page", \
	  "1 ページに同じレコードを 2 回返しました") \
	X("page tokens were refused %d times in one run: %s", \
	  "ページトークンが 1 回の実行で {1} 回拒否されました: {2}") \
	X("the target takes new records only", "同期先は新規レコードのみ受け付けます") \
	X("the target has a record with this key, and takes new records only", \
	  "同期先に同じキーのレコードがあり、新規レコードのみ受け付けます") \
	X("another record is about to be linked to its target", \
	  "別のレコードが、この同期先レコードに結び付けられるところです") \
	X("the target does not have it, and the sync updates only", \
	  "同期先にこのレコードがなく、この同期は更新のみ行います") \
	X("the target has these values", "同期先はすでにこの値です") \
	X("its key is empty", "キーが空です") \
	X("add this scope to the key in HubSpot", \
	  "HubSpot でキーにこのスコープを追加してください") \
	X("a value that HubSpot keeps for itself", "HubSpot が内部で使う値です") \
	X("attached files are not transferred", "添付ファイルは転送しません") \
	X("a list of related records, which is not stored in the record", \
	  "関連レコードの一覧で、レコードには保存されない値です") \
	X("a frame around fields, which holds no value", \
	  "フィールドを囲む枠で、値はありません") \
	X("a type of field that this connector does not know", \
	  "このコネクターが知らない種類のフィールドです") \
	/* Files: core/connector/files.c, plugins/file. */ \
	X("%s/%s cannot be %s: %s", \
	  "{1}/{2} を{3}できません: {4}") \
	X("listed", \
	  "一覧に") \
	X("replaced", \
	  "置き換え") \
	X("opened", \
	  "使用") \
	X("replaced for sure", \
	  "確実に置き換え") \
	X("%s/%s was changed by somebody else meanwhile", \
	  "{1}/{2} がその間にほかから変更されました") \
	X("%s holds over %d files; move those away that are no longer needed", \
	  "{1} に {2} 件を超えるファイルがあります。不要なものを移してください") \
	X("another run writes to %s/%s", \
	  "{1}/{2} には別の実行が書き込んでいます") \
	X("%s/%s would be over 1 GiB; let it be rotated", \
	  "{1}/{2} が 1 GiB を超えます。rotate で分けてください") \
	X("nothing was written that could become %s", \
	  "{1} になるものが書き込まれていません") \
	X("no directory is configured", \
	  "ディレクトリーが設定されていません") \
	X("a write of over %d bytes", \
	  "{1} バイトを超える書き込みです") \
	X("%s is a path, which is called \"directory\"", \
	  "{1} はパスですが、その名前は \"directory\" に限られます") \
	X("the absolute path of a directory", \
	  "ディレクトリーの絶対パス") \
	X("a directory that this user may look into", \
	  "このユーザーが中を見られるディレクトリー") \
	X("a directory that is there", \
	  "存在するディレクトリー") \
	X("a directory", \
	  "ディレクトリー") \
	X("a directory that belongs to root or to this user", \
	  "root またはこのユーザーが所有するディレクトリー") \
	X("a directory that not everybody may write to (chmod o-w)", \
	  "誰でも書き込める状態でないディレクトリー (chmod o-w)") \
	X("a directory that this user may read", \
	  "このユーザーが読めるディレクトリー") \
	X("there is no file of \"%s\" that names its columns; put one there, or set \"columns\"", \
	  "列名のわかる \"{1}\" のファイルがありません。ファイルを置くか、columns を設定してください") \
	X("directory is missing", \
	  "directory がありません") \
	X("header is false: columns must name the columns", \
	  "header が false のときは columns に列名が必要です") \
	X("\"%s\" is no name of files: it may not end like a date or a number", \
	  "\"{1}\" はファイルの名前に使えません (末尾が日付や番号の形)") \
	X("%s is being written: its last row has no end", \
	  "{1} は書き込み中です (最終行が終わっていません)") \
	X("this token is none of ours", \
	  "この続き位置はこのコネクターのものではありません") \
	X("\"%s\" has %d files, at most %d are followed; move old ones away", \
	  "\"{1}\" のファイルが {2} 件あります。追えるのは {3} 件までなので、古いものを移してください") \
	X("another row of the batch has this key", \
	  "同じ一括の別の行がこのキーを持っています") \
	X("a key has 1 to 500 bytes", \
	  "キーは 1～500 バイトです") \
	X("Shift_JIS has no such character", \
	  "Shift_JIS にない文字です") \
	X("a row is longer than 1 MiB", \
	  "行が 1 MiB を超えています") \
	X("no file has a row of this key", \
	  "このキーの行はどのファイルにもありません") \
	X("another row has this key", \
	  "別の行がこのキーを持っています") \
	X("Shift_JIS has not all characters of the column \"%s\"", \
	  "列 \"{1}\" に Shift_JIS にない文字があります") \
	X("%s has no column \"%s\"", \
	  "{1} に列 \"{2}\" がありません") \
	X("rows of files are written by their key, and not archived", \
	  "ファイルの行はキーで書き込み、アーカイブはできません") \
	X("files whose key is several columns are read only", \
	  "キーが複数列のファイルは読み取り専用です") \
	X("the key of the sync must be \"%s\", which is the files' key", \
	  "同期のキーはファイルのキー \"{1}\" でなければなりません") \
	X("%s:%d: %s", \
	  "{1}:{2}: {3}") \
	X("there is no key column; set \"key\"", \
	  "キーの列がありません。key を設定してください") \
	X("its key is longer than 500 bytes", \
	  "キーが 500 バイトを超えています") \
	X("it has fewer cells than there are columns", \
	  "値の数が列の数より少ないです") \
	X("it has more cells than there are columns", \
	  "値の数が列の数より多いです") \
	X("a column has no name", \
	  "名前のない列があります") \
	X("a column's name stands twice", \
	  "列名が重複しています") \
	X("it holds bytes that are no Shift_JIS", \
	  "Shift_JIS でないバイトがあります") \
	X("it holds bytes that are no UTF-8", \
	  "UTF-8 でないバイトがあります") \
	X("behind a closing quote stands something else", \
	  "閉じ引用符の後に別の文字があります") \
	X("a quote is not closed", \
	  "引用符が閉じていません") \
	X("it has over 500 columns", \
	  "列が 500 を超えています") \
	X("it is no JSON object", \
	  "JSON オブジェクトではありません") \
	X("the file cannot be reached", \
	  "ファイルに到達できません") \
	/* The console. */ \
	X("the console", \
	  "管理画面") \
	X("found one of \"certificate\" and \"key\", expected both or none", \
	  "\"certificate\" と \"key\" の片方だけがあります。両方書くか、両方省いてください") \
	X("listen is beyond this machine without TLS, expected \"certificate\" and \"key\", or \"behind\", the address of a proxy that has TLS", \
	  "listen がこのマシンの外に開いていますが TLS がありません。\"certificate\" と \"key\"、または TLS を持つプロキシのアドレス \"behind\" が必要です") \
	X("found \"behind\" without \"address\", expected where people find the console, such as \"https://renkei.example.jp\"", \
	  "\"behind\" がありますが \"address\" がありません。利用者が開くアドレスを書いてください（例 \"https://renkei.example.jp\"）") \
	X("address is not https://, expected that the proxy has TLS", \
	  "address が https:// ではありません。プロキシには TLS が必要です") \
	X("a numeric address and a port, such as \"127.0.0.1:8080\" or \"[::1]:8080\"", \
	  "数字のアドレスとポート（例 \"127.0.0.1:8080\"、\"[::1]:8080\"）") \
	X("an address without a path, such as \"https://renkei.example.jp\"", \
	  "パスを含まないアドレス（例 \"https://renkei.example.jp\"）") \
	X("a numeric address, such as \"10.0.0.5\"", \
	  "数字のアドレス（例 \"10.0.0.5\"）") \
	X("too many attempts to log in failed; try again in %d seconds", \
	  "ログインの失敗が続いています。{1} 秒後にやり直してください") \
	X("a login needs \"user\" and \"password\"", \
	  "ログインには \"user\" と \"password\" が必要です") \
	X("user or password is wrong; an operator of this machine makes a new link with \"renkei user link NAME\"", \
	  "利用者名またはパスワードが違います。このマシンの管理者は \"renkei user link NAME\" で新しいリンクを作れます") \
	X("setting a password needs \"link\" and \"password\"", \
	  "パスワードの設定には \"link\" と \"password\" が必要です") \
	X("a password has at least %d characters and at most %d bytes", \
	  "パスワードは {1} 文字以上、{2} バイト以下にしてください") \
	X("this link was used already, has run out, or a newer one was made; \"renkei user link " \
	  "NAME\" makes another", \
	  "このリンクは使用済みか期限切れ、または新しいリンクが作られています。\"renkei user link NAME\" で新しいリンクを作れます") \
	X("there is no memory to hash a password; free 64 MiB, and make a new link with \"renkei user link NAME\"", \
	  "パスワードの処理に必要なメモリーがありません。64 MiB を空け、\"renkei user link NAME\" で新しいリンクを作ってください") \
	X("%d jobs run already; try again when one of them has ended", \
	  "すでに {1} 件の処理が動いています。どれかが終わってからやり直してください") \
	X("there is no such job, or it ended more than ten minutes ago", \
	  "その処理はないか、終了から 10 分以上たっています") \
	X("this address takes %s only", \
	  "このアドレスで使えるのは {1} だけです") \
	X("log in first", \
	  "先にログインしてください") \
	X("there is nothing at this address; %s/openapi.json lists what there is", \
	  "このアドレスには何もありません。一覧は {1}/openapi.json にあります") \
	X("there is nothing at this address", \
	  "このアドレスには何もありません") \
	X("the parameter \"%s\" is missing", \
	  "パラメーター \"{1}\" がありません") \
	X("the header X-CSRF-Token is missing or of another session; load the page anew", \
	  "ヘッダー X-CSRF-Token がないか、別のセッションのものです。ページを読み込み直してください") \
	X("only an operator may do this; you are a viewer", \
	  "この操作は operator だけができます。あなたは viewer です") \
	X("this console is not at the address that was asked for; \"address\" of the console's settings tells where it is", \
	  "この管理画面のアドレスではありません。アドレスは設定 console の \"address\" で決まります") \
	X("a page of another origin may not ask this", \
	  "ほかのサイトのページからの要求は受け付けません") \
	X("a request has at most %d bytes", \
	  "要求は {1} バイトまでです") \
	X("what is sent is application/json", \
	  "送る内容は application/json にしてください") \
	X("parameters are text without control characters of at most %d bytes; a body is one JSON object of texts, numbers, truths, or lists of them", \
	  "パラメーターは制御文字のない {1} バイト以下のテキストです。本文は、テキスト・数値・真偽値、またはその一覧からなる JSON オブジェクト 1 つです") \
	X("the console cannot listen at %s; free that port, or name another with listen in the group console: %s", \
	  "管理画面は {1} で待ち受けできません。そのポートを空けるか、console の listen で別のポートを指定してください: {2}") \
	X("the console cannot read %s; let the user who runs renkei read it: %s", \
	  "管理画面が {1} を読めません。renkei を動かす利用者が読めるようにしてください: {2}") \
	X("the console cannot serve at %s; if certificate and key are given, are they of one pair, in PEM?", \
	  "管理画面を {1} で開けません。certificate と key は対になる PEM ファイルですか？") \
	X("notify \"%s\" has \"mail\", but there is no group smtp, which names the mail server: no mail is sent", \
	  "notify \"{1}\" に \"mail\" がありますが、メールサーバーを示すグループ smtp がないため、メールは送信されません") \
	X("found \"secret\" without \"webhook\", which it signs", \
	  "\"secret\" には、署名対象の \"webhook\" が必要です") \
	X("tls: found \"none\", expected \"starttls\" or \"tls\", as \"%s\" is another machine", \
	  "tls: \"{1}\" は別のマシンなので、\"none\" ではなく \"starttls\" または \"tls\" を指定してください") \
	X("found one of \"user\" and \"password\", expected both or neither", \
	  "\"user\" と \"password\" は両方を指定するか、どちらも省いてください") \
	X("a mail server", \
	  "メールサーバー") \
	X("the address answers %d to the notice", \
	  "通知の送信先が {1} を返しました") \
	X("a notice of over 4 MiB", \
	  "通知が 4 MiB を超えています") \
	X("the mail server %s:%d offers no STARTTLS; see whether `port` and `tls` of smtp fit together", \
	  "メールサーバー {1}:{2} は STARTTLS に対応していません。smtp の `port` と `tls` の組み合わせを確認してください") \
	X("the mail server %s:%d does not accept `user` and `password` of smtp: %s", \
	  "メールサーバー {1}:{2} が smtp の `user` と `password` を受け付けません: {3}") \
	X("the mail server %s:%d does not take the mail: %s", \
	  "メールサーバー {1}:{2} がメールを受け取りません: {3}") \
	X("a mail without its addresses", \
	  "宛先または差出人のないメールです") \
	X("a notice that is none", \
	  "通知の形式ではありません") \
	X("what stands for %s of %s is no URL; write https://HOST/PATH there", \
	  "{2} の {1} が URL ではありません。https://HOST/PATH の形で指定してください") \
	X("%s had not ended after %d s and was ended", \
	  "{1} が {2} 秒たっても終わらないため、終了させました") \
	X("notify has no \"%s\" any more", \
	  "notify に \"{1}\" はもうありません") \
	X("there is no group smtp in the configuration, which names the mail server", \
	  "メールサーバーを示すグループ smtp が設定にありません") \
	X("%s ended with code %d", \
	  "{1} が終了コード {2} で終わりました") \
	X("notify.%s has no %s any more", \
	  "notify.{1} に {2} はもうありません")

#endif
