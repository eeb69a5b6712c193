/* SPDX-License-Identifier: Apache-2.0
 *
 * words_table.h - the table of words.h: name, English, Japanese.  Included there
 * and nowhere else. */
#ifndef BASE_WORDS_TABLE_H
#define BASE_WORDS_TABLE_H

#define WORDS_TABLE(X) \
	/* Small words. */ \
	X(W_YES, "yes", "はい") \
	X(W_NO, "no", "いいえ") \
	X(W_NONE, "(none)", "（なし）") \
	X(W_EMPTY, "(empty)", "（空）") \
	X(W_WHY, "why:", "原因:") \
	X(W_DO, "do:", "対処:") \
	X(W_ANY_OTHER, "(any other)", "（その他すべて）") \
	X(W_AFTER_SYNC, "after {1}", "{1} の後") \
	X(W_BY_HAND, "by hand", "手動") \
	/* Headings and labels. */ \
	X(W_ACCOUNT, "account", "アカウント") \
	X(W_ACTION, "action", "処理") \
	X(W_ATTEMPTS, "attempts", "試行") \
	X(W_BATCH, "batch", "一括件数") \
	X(W_ALLOWED, "allowed", "許容") \
	X(W_CALLED_BY, "by", "呼出元") \
	X(W_CALLS, "calls", "回数") \
	X(W_CRM_ALLOWS, "the CRM allows", "CRM の上限") \
	X(W_CRM_LEFT, "left there", "CRM の残り") \
	X(W_LAST_24H, "last 24 h", "24 時間") \
	X(W_OF, "of", "対象") \
	X(W_PAUSED_UNTIL, "paused until", "再開時刻") \
	X(W_USED, "used", "使用") \
	X(W_CATEGORY, "category", "分類") \
	X(W_CHARACTERS, "characters", "文字") \
	X(W_CLOCK_LAG, "clock", "時計のずれ") \
	X(W_CODE, "code", "コード") \
	X(W_CONCURRENT, "concurrent", "同時数") \
	X(W_CONNECTION, "connection", "接続") \
	X(W_CONNECTOR, "connector", "コネクター") \
	X(W_CREATED, "created", "作成") \
	X(W_DECIMALS, "decimals", "小数桁") \
	X(W_DEFAULT, "default", "既定値") \
	X(W_DETAIL, "detail", "詳細") \
	X(W_DIGITS, "digits", "整数桁") \
	X(W_ENABLED, "enabled", "有効") \
	X(W_ERRORS, "errors", "エラー") \
	X(W_EXAMPLE, "example", "例") \
	X(W_EXCLUDED, "excluded", "対象外") \
	X(W_EXPIRES, "expires", "有効期限") \
	X(W_FAILED, "failed", "失敗") \
	X(W_FIELD, "field", "フィールド") \
	X(W_FIELDS, "fields", "フィールド数") \
	X(W_FILE, "file", "ファイル") \
	X(W_FIRST_SEEN, "first seen", "初回") \
	X(W_FROM, "from", "元") \
	X(W_FULL_READ, "full read", "全件読込") \
	X(W_GRANT, "right", "権限") \
	X(W_GRANTED, "granted", "付与") \
	X(W_GUARANTEE, "guarantee", "保証") \
	X(W_HINT, "meaning", "説明") \
	X(W_IGNORED, "ignored", "無視") \
	X(W_INDEX_LAG, "index lag", "検索の遅れ") \
	X(W_JOURNAL, "journal", "処理待ち") \
	X(W_KEY, "key", "キー") \
	X(W_LABEL, "label", "ラベル") \
	X(W_LAGS, "Lags (milliseconds)", "遅延（ミリ秒）") \
	X(W_LAST_RUN, "last run", "前回の実行") \
	X(W_LAST_RUNS, "Last runs", "最近の実行") \
	X(W_LATE_COMMIT, "late commit", "遅延コミット") \
	X(W_LICENCE, "licence", "ライセンス") \
	X(W_LIMIT, "limit", "制限") \
	X(W_LIMITS, "limits", "制限") \
	X(W_LIMITS_TITLE, "Limits", "制限") \
	X(W_LINK, "link", "リンク") \
	X(W_LINKS, "links", "対応") \
	X(W_LISTING_OPEN, "listing open", "読込途中") \
	X(W_LISTING_SINCE, "listing since", "読込開始位置") \
	X(W_MAPPED_VALUE, "mapped value", "変換後の値") \
	X(W_MESSAGE, "message", "メッセージ") \
	X(W_NAME, "name", "名前") \
	X(W_NATIVE, "the CRM's type", "CRM の型") \
	X(W_NEEDED, "needed", "必要") \
	X(W_NEXT_DUE, "next due", "次回予定") \
	X(W_NEXT_TRY, "next try", "次の試行") \
	X(W_OBJECT, "object", "オブジェクト") \
	X(W_OBJECTS, "Objects", "オブジェクト") \
	X(W_OPENS_WITH, "opens with", "アドレス") \
	X(W_OPERATIONS, "operations", "操作") \
	X(W_OPTIONS, "options", "選択肢") \
	X(W_OPTION_VALUE, "name", "名前") \
	X(W_PAGE, "page", "ページ") \
	X(W_PAGE_TOKEN, "page token", "ページトークン") \
	X(W_PER, "per", "単位") \
	X(W_READ, "read", "読込") \
	X(W_READS_FROM, "reads from", "読込開始") \
	X(W_READ_SCOPES, "scopes to read", "読込スコープ") \
	X(W_READ_UP_TO, "read up to", "読込済み") \
	X(W_REASON, "reason", "理由") \
	X(W_RECORD, "record", "レコード") \
	X(W_RECORDS, "records", "レコード数") \
	X(W_REQUIRED, "required", "必須") \
	X(W_RESERVE, "reserve", "予備") \
	X(W_RESETS, "resets", "リセット") \
	X(W_RESULT, "result", "結果") \
	X(W_RUN, "run", "実行") \
	X(W_SAME_ERROR, "same error", "同じエラー") \
	X(W_SANDBOX, "sandbox", "サンドボックス") \
	X(W_SCOPE, "scope", "範囲") \
	X(W_SECONDS, "seconds", "秒") \
	X(W_SETTINGS, "Settings", "設定") \
	X(W_SHA256, "sha256", "SHA-256") \
	X(W_SOURCE_VALUE, "source value", "元の値") \
	X(W_START, "start", "起点") \
	X(W_STARTED, "started", "開始") \
	X(W_STATE_QUEUED, "queued", "待機") \
	X(W_STATE_UNDECIDED, "undecided", "要判断") \
	X(W_STATE_UNKNOWN, "unknown", "結果不明") \
	X(W_STATE, "state", "状態") \
	X(W_SYNC, "sync", "同期") \
	X(W_SYNCS, "Syncs", "同期") \
	X(W_TARGET_RECORD, "target record", "同期先レコード") \
	X(W_THERE_NOW, "there now", "現在の値") \
	X(W_TITLE, "title", "名称") \
	X(W_TO, "to", "先") \
	X(W_TOTALS, "Totals", "合計") \
	X(W_TYPE, "type", "型") \
	X(W_T_LAND, "t_land", "到達の遅れ") \
	X(W_T_VISIBLE, "t_visible", "可視化の遅れ") \
	X(W_AT_TARGET, "at the target", "同期先") \
	X(W_DIFFERENT, "different", "相違") \
	X(W_EQUAL, "equal", "一致") \
	X(W_EXTRA, "extra", "余分") \
	X(W_GROUP_BEFORE, "Look, then write", "確認してから書き込む") \
	X(W_GROUP_KEEP, "Keep", "保管") \
	X(W_GROUP_LOOK, "See how it stands", "状況の確認") \
	X(W_GROUP_MEND, "Put right", "問題への対処") \
	X(W_GROUP_OTHER, "Try, learn, and make connectors", "体験・ヘルプ・コネクター開発") \
	X(W_GROUP_RUN, "Run", "実行") \
	X(W_GROUP_SETUP, "Set up", "設定") \
	X(W_IN_STEP, "in step %", "一致率 %") \
	X(W_IS_THERE, "is there", "同期先の値") \
	X(W_LIST_HASH, "hash of the list", "一覧のハッシュ") \
	X(W_MISSING, "missing", "不足") \
	X(W_RECONCILED, "reconciled", "比較日時") \
	X(W_REPAIRED, "repaired", "修復") \
	X(W_SHOULD_BE, "should be", "あるべき値") \
	X(W_UNCHANGED, "unchanged", "変更なし") \
	X(W_UNIQUE, "unique", "一意") \
	X(W_UNMAPPABLE, "cannot be mapped because", "対応付けできない理由") \
	X(W_UPDATED, "updated", "更新") \
	X(W_USAGE, "Usage", "使い方") \
	X(W_USER, "user", "ユーザー") \
	X(W_VALUE, "value", "値") \
	X(W_VENDOR, "vendor", "提供元") \
	X(W_VERSION, "version", "バージョン") \
	X(W_WAITING, "waiting", "待機") \
	X(W_WHOLE_MINUTES, "whole minutes", "分単位") \
	X(W_WHOLE_SECONDS, "whole seconds", "秒単位") \
	X(W_WRITABLE, "writable", "書込可") \
	X(W_WRITERS, "writers", "並列書込") \
	X(W_WRITE_CALLS, "calls to write", "書込の呼出") \
	X(W_WRITE_SCOPES, "scopes to write", "書込スコープ") \
	X(W_WRITTEN, "written", "書込") \
	X(W_ZONE, "zone", "タイムゾーン") \
	/* What is done to a record. */ \
	X(W_CREATE, "create", "作成") \
	X(W_UPDATE, "update", "更新") \
	X(W_SKIP, "skip", "対象外") \
	X(W_WAIT, "wait", "待機") \
	X(W_FAIL, "fail", "失敗") \
	X(W_DELETE, "delete", "削除") \
	X(W_CONFLICT, "conflict", "競合") \
	/* How a run ended; how a sync stands. */ \
	X(W_RESULT_DONE, "done", "完了") \
	X(W_RESULT_FAILED, "failed", "失敗") \
	X(W_RESULT_CONFIG, "configuration", "設定エラー") \
	X(W_RESULT_RECORDS, "some records failed", "一部失敗") \
	X(W_RESULT_HELD, "held by quota", "上限待ち") \
	X(W_RESULT_CREDENTIALS, "credentials", "認証エラー") \
	X(W_RESULT_STOPPED, "ended when asked to", "指示により終了") \
	X(W_RESULT_OPEN, "runs, or was cut off", "実行中または中断") \
	X(W_NEVER_RAN, "never ran", "未実行") \
	X(W_STATE_ON, "on", "有効") \
	X(W_STATE_RUNNING, "running", "実行中") \
	X(W_STATE_OFF, "off (enabled = false)", "無効（enabled = false）") \
	X(W_STATE_MISTAKES, \
	  "off: its configuration has mistakes", \
	  "無効: 設定に誤りがある") \
	X(W_STATE_FIELDS_UNKNOWN, \
	  "fields not known yet: check --online", \
	  "フィールド未取得: check --online を実行") \
	X(W_STATE_NO_FIELDS, \
	  "its fields could not be read; the message says why", \
	  "フィールドを取得できません。理由はメッセージを参照") \
	X(W_STATE_PAUSED, "paused", "一時停止中") \
	X(W_STATE_BROKEN, "paused by its breaker", "breaker により休止中") \
	X(W_BROKEN, \
	  "\"{1}\" failed again and again ({2}), so it is left out until {3}; \"renkei " \
	  "sync {1}\" tries it now. The last time: {4}", \
	  "「{1}」は失敗が続いたため（{2}）、{3} まで対象から外します。今すぐ試すには \"renkei " \
	  "sync {1}\"。直近の理由: {4}") \
	X(W_STATE_OTHER, "its state is of other objects", "状態は別のオブジェクトのもの") \
	/* The command line. */ \
	X(W_BAD_LANG, \
	  "--lang: found \"{1}\", expected en or ja", \
	  "--lang: \"{1}\" は使えません。en または ja を指定してください") \
	X(W_NO_OPTION, \
	  "there is no option {1}; \"renkei help\" lists them", \
	  "{1} というオプションはありません。\"renkei help\" で一覧を表示します") \
	X(W_NO_OPTION_NEAR, \
	  "there is no option {1}; did you mean --{2}?", \
	  "{1} というオプションはありません。--{2} のことですか？") \
	X(W_OPTION_WANTS, "{1} wants a value", "{1} には値が必要です") \
	X(W_OPTION_NOT_HERE, \
	  "--{1} has no meaning for \"renkei {2}\"; see \"renkei help {2}\"", \
	  "--{1} は \"renkei {2}\" では使えません。\"renkei help {2}\" を参照してくだ" \
	  "さい") \
	X(W_NO_COMMAND, \
	  "there is no command \"{1}\"; \"renkei help\" lists them", \
	  "\"{1}\" というコマンドはありません。\"renkei help\" で一覧を表示します") \
	X(W_NO_COMMAND_NEAR, \
	  "there is no command \"{1}\"; did you mean \"{2}\"?", \
	  "\"{1}\" というコマンドはありません。\"{2}\" のことですか？") \
	X(W_HELP_CONSOLE, \
	  "The console is a page in a browser.  The group console of the configuration names where\n" \
	  "it listens (console: { listen = \"127.0.0.1:8080\"; };) and \"renkei daemon\" serves it.\n" \
	  "The first start prints a link to set a password; \"renkei user link NAME\" prints others.\n" \
	  "See also: renkei help daemon, renkei help user, renkei help config", \
	  "コンソールはブラウザーで開く画面です。設定の console で待ち受けるアドレスを指定すると\n" \
	  "（console: { listen = \"127.0.0.1:8080\"; };）、\"renkei daemon\" が提供します。最初の起動時にパス\n" \
	  "ワードを設定するリンクを表示します。ほかの人には \"renkei user link NAME\" で作ります。\n" \
	  "関連: renkei help daemon、renkei help user、renkei help config") \
	X(W_HELP_NOTICES, \
	  "Notices tell of a sync whose state changes, or that is overdue, or how all went in a day\n" \
	  "or week.  The group notify of the configuration names whom and how (mail, chat, webhook,\n" \
	  "command), smtp the mail server, and `notify` of a sync who is told of it.  \"renkei notify\n" \
	  "test\" tries it; \"renkei override set notify.send GROUP off\" is quiet until it is cleared.\n" \
	  "See also: renkei help notify, renkei help override, renkei help config", \
	  "通知は、同期の状態が変わったとき、予定どおり実行されていないとき、または日次・週次のまとめと\n" \
	  "して送られます。設定の notify に宛先と方法（mail、chat、webhook、command）、smtp にメールサー\n" \
	  "バー、同期の `notify` に宛先の名前を書きます。\"renkei notify test\" で試し、\"renkei override set\n" \
	  "notify.send GROUP off\" で一時的に止められます。\n" \
	  "関連: renkei help notify、renkei help override、renkei help config") \
	X(W_HELP_QUOTAS, \
	  "Each connector declares the limits of its CRM; `limits` of a connection sets others, and\n" \
	  "`allocation` the share that renkei may use.  \"renkei usage\" tells what is spent and when it\n" \
	  "will be used up; a sync that reaches a limit is held and goes on by itself when it frees.\n" \
	  "\"renkei override set allocation CONNECTION LIMIT 80%\" changes the share at once.\n" \
	  "See also: renkei help usage, renkei help override, renkei help config", \
	  "CRM の制限は各コネクターが宣言しています。接続の `limits` で変更し、`allocation` で renkei が使\n" \
	  "う割合を指定します。\"renkei usage\" で使用量と使い切る見込みを表示します。上限に達した同期は保\n" \
	  "留され、解除されると自動で再開します。\"renkei override set allocation CONNECTION LIMIT 80%\" で\n" \
	  "割合をすぐに変更できます。\n" \
	  "関連: renkei help usage、renkei help override、renkei help config") \
	X(W_NO_VERB, \
	  "there is no command \"{1}\"; \"renkei help {2}\" tells what there is", \
	  "\"{1}\" というコマンドはありません。\"renkei help {2}\" で使い方を表示します") \
	X(W_TOO_FEW, \
	  "something is missing: renkei {1} {2}", \
	  "引数が足りません: renkei {1} {2}") \
	X(W_TOO_MANY, \
	  "too many arguments: renkei {1} {2}", \
	  "引数が多すぎます: renkei {1} {2}") \
	X(W_ALL_AND_NAMES, \
	  "either --all or names, not both: renkei {1} {2}", \
	  "--all と名前は同時に指定できません: renkei {1} {2}") \
	X(W_NO_TOPIC, \
	  "there is no help on \"{1}\"; \"renkei help\" lists the commands, \"renkei " \
	  "connectors\" the connectors", \
	  "\"{1}\" の説明はありません。コマンドは \"renkei help\"、コネクターは " \
	  "\"renkei connectors\" で表示します") \
	X(W_NO_TOPIC_NEAR, \
	  "there is no help on \"{1}\"; did you mean \"{2}\"?", \
	  "\"{1}\" の説明はありません。\"{2}\" のことですか？") \
	X(W_NO_SYNC, \
	  "there is no sync \"{1}\" in the configuration; \"renkei status\" lists " \
	  "them", \
	  "同期 \"{1}\" は設定にありません。\"renkei status\" で一覧を表示します") \
	X(W_NO_SYNC_NEAR, \
	  "there is no sync \"{1}\" in the configuration; did you mean \"{2}\"?", \
	  "同期 \"{1}\" は設定にありません。\"{2}\" のことですか？") \
	X(W_NO_CONNECTION, \
	  "there is no connection \"{1}\" in the configuration", \
	  "接続 \"{1}\" は設定にありません") \
	X(W_NO_CONNECTION_NEAR, \
	  "there is no connection \"{1}\" in the configuration; did you mean \"{2}\"?", \
	  "接続 \"{1}\" は設定にありません。\"{2}\" のことですか？") \
	X(W_CONNECTORS_VERB, \
	  "found \"{1}\", expected: renkei connectors show NAME", \
	  "\"{1}\" は使えません: renkei connectors show 名前") \
	X(W_ERRORS_VERB, \
	  "found \"{1}\", expected list, show, resync, ignore, settle or export; did " \
	  "you mean \"{2}\"?", \
	  "\"{1}\" は使えません。list、show、resync、ignore、settle、export のいずれか" \
	  "です。\"{2}\" のことですか？") \
	X(W_ERRORS_CATEGORY, \
	  "--category: there is none named \"{1}\"; did you mean \"{2}\"?", \
	  "--category: \"{1}\" という分類はありません。\"{2}\" のことですか？") \
	X(W_ERRORS_CATEGORIES, \
	  "--category: there is none named \"{1}\"; there are {2}", \
	  "--category: \"{1}\" という分類はありません。使えるのは {2} です") \
	X(W_ERRORS_FORMAT, \
	  "--format: found \"{1}\", expected csv or jsonl", \
	  "--format: \"{1}\" は使えません。csv または jsonl を指定してください") \
	X(W_ERRORS_NO_ID, \
	  "\"errors {1}\" needs the id of a record: the first column of \"renkei " \
	  "errors\"; or --category, --field, --ignored or --all for several: renkei " \
	  "errors {1} [SYNC] ID...", \
	  "\"errors {1}\" にはレコードの ID が必要です（\"renkei errors\" の左端の列）。複" \
	  "数をまとめて扱うには --category、--field、--ignored、--all を使います: renkei " \
	  "errors {1} [同期] ID...") \
	X(W_ERRORS_WHICH, \
	  "name the records by their ids, or say --category, --field, --ignored or --all, " \
	  "not both: renkei errors {1} [SYNC] ID...", \
	  "ID か、--category、--field、--ignored、--all のどちらか一方で対象を指定してくだ" \
	  "さい: renkei errors {1} [同期] ID...") \
	X(W_ERRORS_SETTLE_FORM, \
	  "name one record and what became of it: renkei errors settle [SYNC] ID " \
	  "--created-as TARGET-ID, or --not-created", \
	  "1 件のレコードと結果を指定してください: renkei errors settle [同期] ID " \
	  "--created-as 同期先ID、または --not-created") \
	X(W_BAD_PRIORITY, \
	  "--priority: found \"{1}\", expected hand, incremental, retry or backfill", \
	  "--priority: \"{1}\" ではなく hand、incremental、retry、backfill のいずれかを指定してください") \
	X(W_BAD_LIMIT, \
	  "--limit: found \"{1}\", expected a number from 1 to 100000", \
	  "--limit: \"{1}\" は使えません。1 から 100000 の数を指定してください") \
	X(W_BAD_TIME, \
	  "found \"{1}\", expected now, a date such as 2026-01-01 (from 00:00 UTC), " \
	  "or a time with its zone such as 2026-01-01T00:00:00+09:00", \
	  "\"{1}\" は時刻ではありません。now、日付（2026-01-01、UTC 0 時）、またはタ" \
	  "イムゾーン付き日時（2026-01-01T00:00:00+09:00）を指定してください") \
	X(W_MATCH_FORM, \
	  "name the record: --match FIELD=VALUE, such as --match email=a@example.jp", \
	  "レコードを --match フィールド=値 で指定してください（例: --match " \
	  "email=a@example.jp）") \
	X(W_NO_FIELD, \
	  "{1} {2} has no field \"{3}\"; \"renkei describe {1} {2}\" lists them", \
	  "{1} {2} に \"{3}\" というフィールドはありません。\"renkei describe {1} {2}" \
	  "\" で一覧を表示します") \
	X(W_NO_FIELD_NEAR, \
	  "{1} {2} has no field \"{3}\"; did you mean \"{4}\"?", \
	  "{1} {2} に \"{3}\" というフィールドはありません。\"{4}\" のことですか？") \
	X(W_NO_SIMULATOR, "cannot start {1}: {2}", "{1} を起動できません: {2}") \
	/* Help. */ \
	X(W_HELP_INTRO, \
	  "renkei keeps CRMs in step.", \
	  "renkei は CRM どうしを同期します。") \
	X(W_OPTIONS_OF_ALL, \
	  "Options (before or behind the command)", \
	  "オプション（コマンドの前後どちらでも可）") \
	X(W_OPTIONS_TITLE, "Options", "オプション") \
	X(W_HELP_PLACES, \
	  "Configuration: /etc/renkei/renkei.conf and state: /var/lib/renkei for " \
	  "root and its owner where they exist,\nelse ~/.config/renkei/renkei.conf and " \
	  "~/.local/state/renkei.", \
	  "設定は /etc/renkei/renkei.conf、状態は /var/lib/renkei（root とその所有者。" \
	  "存在する場合）。\nそれ以外は ~/.config/renkei/renkei.conf と ~/.local/state/renkei。") \
	X(W_HELP_EXIT_CODES, \
	  "Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 some records " \
	  "failed (older errors count),\n4 held by a quota, 5 credentials, scopes or rights.", \
	  "終了コード: 0 完了、1 失敗、2 使い方または設定、3 一部のレコードが失敗" \
	  "（以前の分も含む）、\n4 API 上限による保留、5 認証・スコープ・権限。") \
	X(W_HELP_MORE, \
	  "renkei help COMMAND     one command        renkei help config   all " \
	  "settings\nrenkei help CONNECTOR   its help page      renkei help mapping  " \
	  "expressions, filters\nTo try it without any account: renkei demo", \
	  "renkei help コマンド      コマンドの説明        renkei help config   設定" \
	  "項目\nrenkei help コネクター    コネクターの説明      renkei help mapping " \
	  " 式とフィルター\nアカウントなしで試すには: renkei demo") \
	X(W_HELP_PAGE, "Its help page: renkei help {1}", "説明ページ: renkei help {1}") \
	/* check */ \
	X(W_CONNECTION_IS, "Connection {1}", "接続 {1}") \
	X(W_NOT_REACHED, "not usable; the message says why", \
	  "使用できません。理由はメッセージを参照") \
	X(W_GRANT_MISSING, \
	  "\"{1}\" is not granted, and a sync needs it. {2}", \
	  "\"{1}\" が付与されていませんが、同期に必要です。{2}") \
	X(W_ALLOCATION, "allocation", "割り当て") \
	X(W_USED_UP, "used up", "使い切り予測") \
	X(W_OTHERS, "others", "他の利用者") \
	X(W_USAGE_USED_UP, \
	  "limit \"{2}\" of {1} is used up: renkei may make {3} of its {4} calls, and makes no "\
	  "more until it frees. What waits goes on by itself then; to allow more: \"renkei " \
	  "override set allocation {1} {2} SHARE\", or \"allocation\" in the limits of the " \
	  "connection.", \
	  "{1} の制限「{2}」を使い切りました。renkei の割り当ては {4} 回のうち {3} 回で、空くまで呼" \
	  "び出しません。待機中の分は空きしだい自動で続きます。増やすには \"renkei override set " \
	  "allocation {1} {2} SHARE\"、または接続の limits の allocation を変更してください。") \
	X(W_USAGE_FORECAST, \
	  "at this pace limit \"{2}\" of {1} is used up at {3}, in {4}", \
	  "このペースでは {1} の制限「{2}」は {3}（{4}後）に使い切ります") \
	X(W_USAGE_OTHERS, \
	  "{1}: at least {2} calls of the limit \"{3}\" were made by others: some other " \
	  "application shares the key. Issue a key for renkei alone.", \
	  "{1}: 制限「{3}」のうち少なくとも {2} 回は他からの呼び出しです（他のアプリケー" \
	  "ションがキーを共用）。renkei 専用のキーを発行してください。") \
	X(W_DOCTOR_CHECK, "check", "項目") \
	X(W_DOCTOR_FOUND, "found", "結果") \
	X(W_DOCTOR_OK, "ok", "正常") \
	X(W_DOCTOR_NOTE, "note", "注意") \
	X(W_DOCTOR_BAD, "bad", "異常") \
	X(W_DOCTOR_SOUND, "Nothing is wrong here.", "異常はありません。") \
	X(W_DOCTOR_SANDBOX_FULL, "full: seccomp and Landlock {1}", \
	  "full: seccomp と Landlock {1}") \
	X(W_DOCTOR_SANDBOX_SECCOMP, "seccomp, no Landlock", "seccomp のみ（Landlock なし）") \
	X(W_DOCTOR_NO_LANDLOCK, \
	  "this kernel has no Landlock, or it is not switched on: while a connector is loaded, " \
	  "its files are not limited to libraries", \
	  "カーネルに Landlock がないか、無効です。コネクターの読み込み中は、読めるファイルをライ" \
	  "ブラリーに限定できません") \
	X(W_DOCTOR_GET_LANDLOCK, \
	  "use Linux 5.13 or newer with landlock among lsm=; seccomp alone is accepted unless " \
	  "a connection says sandbox = \"full\"", \
	  "lsm= に landlock を含む Linux 5.13 以降を使ってください。sandbox = \"full\" の接続がな" \
	  "ければ seccomp だけでも動作します") \
	X(W_DOCTOR_NO_SECCOMP, \
	  "the kernel, or a container around this, allows no seccomp filter (or renkei was built " \
	  "with a sanitizer)", \
	  "カーネルまたはコンテナーが seccomp フィルターを許していません（またはサニタイザー付き" \
	  "のビルドです）") \
	X(W_DOCTOR_GET_SECCOMP, \
	  "allow seccomp() in the container; until then every connection is refused that does not " \
	  "say sandbox = \"off\"", \
	  "コンテナーで seccomp() を許可してください。それまでは sandbox = \"off\" と書いた接続し" \
	  "か使えません") \
	X(W_DOCTOR_SANDBOX_OFF, "connection {1}: sandbox = \"off\"", \
	  "接続 {1}: sandbox = \"off\"") \
	X(W_DOCTOR_OFF_MEANS, \
	  "this connector can read files, open sockets and start programs as the user that runs " \
	  "renkei", \
	  "このコネクターは renkei の実行ユーザーとしてファイルの読み取り、通信、プログラムの起動" \
	  "ができます") \
	X(W_DOCTOR_OFF_DO, "remove the setting, unless you look for a fault of the connector", \
	  "コネクターの不具合調査中でなければ、設定を消してください") \
	X(W_DOCTOR_NO_PROGRAM, "{1} cannot be run", "{1} を実行できません") \
	X(W_DOCTOR_INSTALL, "install renkei whole, or build it again", \
	  "renkei をすべて入れ直すか、再ビルドしてください") \
	X(W_DOCTOR_ROOT, "runs as root", "root で実行中") \
	X(W_DOCTOR_ROOT_MEANS, "what goes wrong here goes wrong with every right there is", \
	  "問題が起きたとき、影響がシステム全体に及びます") \
	X(W_DOCTOR_ROOT_DO, "run it as a user of its own", "専用のユーザーで実行してください") \
	X(W_DOCTOR_NOT_THERE, "{1} (not there yet; the first run makes it)", \
	  "{1}（まだありません。最初の実行時に作られます）") \
	X(W_DOCTOR_OPEN_DIR, "{1}: owner {2}, mode {3}", "{1}: 所有者 {2}、モード {3}") \
	X(W_DOCTOR_OPEN_MEANS, "others can look into it or change it, or it is another user's", \
	  "他のユーザーが見たり変更したりできるか、所有者が違います") \
	X(W_DOCTOR_OPEN_DO, "chown {1} {2}; chmod {3} {2}", "chown {1} {2}; chmod {3} {2}") \
	X(W_DOCTOR_MISTAKES, "{1} has mistakes, told above", "{1} に誤りがあります（上に表示）") \
	X(W_DOCTOR_MISTAKES_DO, "renkei check tells them, each with its line", \
	  "renkei check が行番号とともに表示します") \
	X(W_DOCTOR_NO_CONFIG, "{1} is not there", "{1} がありません") \
	X(W_DOCTOR_NO_CONFIG_DO, "write one (renkei help config), or name it with -c", \
	  "作成する（renkei help config）か、-c で指定してください") \
	X(W_DOCTOR_CONNECTOR, "{1}, contract {2}, sha256 {3}", "{1}、契約 {2}、sha256 {3}") \
	X(W_DOCTOR_LINKS, "{1} {1?link|links}, {2} pending, every checksum fits", \
	  "対応 {1} 件、保留 {2} 件、チェックサムはすべて一致") \
	X(W_DOCTOR_TOLD, \
	  "{2} {2?row|rows} of table {1} {2?is|are} damaged (its checksum does not fit): what they told is lost; " \
	  "links and cursor are sound, and runs go on", \
	  "テーブル {1} の {2} 行が破損しています（チェックサム不一致）。その記録は失われていますが、" \
	  "対応とカーソルは正常で、実行は続けられます") \
	X(W_DOCTOR_TOLD_DO, \
	  "look at the disk; restore the file from a backup if these rows matter", \
	  "ディスクを確認し、その記録が必要ならバックアップからファイルを戻してください") \
	X(W_DOCTOR_STATE_DO, \
	  "restore the file from a backup, or read everything again: renkei cursor reset {1}", \
	  "バックアップからファイルを戻すか、renkei cursor reset {1} ですべてを読み直してください") \
	X(W_DOCTOR_CLOCK_MEANS, "the clock is set back: times of runs lie ahead of it", \
	  "時計が戻っています。過去の実行時刻が現在より先です") \
	X(W_DOCTOR_CLOCK_DO, "set the clock, by NTP best", \
	  "時計を合わせてください（NTP を推奨）") \
	X(W_DOCTOR_ADDRESS, "calls leave by {1}; where a CRM lets in addresses alone, allow this one, " \
	  "or the one that your router or proxy shows", "呼び出し元は {1} です。IP アドレスを制限している" \
	  " CRM では、このアドレス、またはルーターやプロキシの外側のアドレスを許可してください") \
	X(W_DOCTOR_FREE, "{1} MiB free", "空き {1} MiB") \
	X(W_DOCTOR_FREE_MEANS, "a full disk stops runs; nothing is lost, and nothing goes on", \
	  "ディスクが一杯になると実行が止まります（データは失われません）") \
	X(W_DOCTOR_FREE_DO, "free some space", "空き容量を増やしてください") \
	X(W_DOCTOR_LOCK, "{1} KiB", "{1} KiB") \
	X(W_DOCTOR_LOCK_MEANS, "secrets may be written to swap space", \
	  "秘密情報がスワップに書かれることがあります") \
	X(W_DOCTOR_LOCK_DO, "raise it: ulimit -l, or LimitMEMLOCK= of the service", \
	  "ulimit -l またはサービスの LimitMEMLOCK= を増やしてください") \
	X(W_CHECK_WARNED, "No mistake was found; look at the warnings above.", \
	  "誤りは見つかりませんでした。上の警告を確認してください。") \
	X(W_CHECK_DONE, \
	  "Nothing wrong was found. \"renkei check --online\" asks the CRMs as well.", \
	  "問題は見つかりませんでした。\"renkei check --online\" で CRM にも問い合わ" \
	  "せます。") \
	X(W_CHECK_ONLINE_DONE, \
	  "Nothing wrong was found.", \
	  "問題は見つかりませんでした。") \
	X(W_SYNC_IS, "Sync {1}", "同期 {1}") \
	X(W_CA_FILE_BAD, \
	  "connection \"{1}\": its ca_file {2} cannot be used: {3}; no call would be trusted. " \
	  "Name a file that holds the certificate of your authority as PEM and that this user " \
	  "may read, or remove ca_file to use this machine's list", \
	  "接続 \"{1}\": ca_file {2} を使えません（{3}）。このままではすべての呼び出しが拒否" \
	  "されます。認証局の証明書を PEM で含み、このユーザーが読めるファイルを指定するか、" \
	  "ca_file を削除してこのマシンの一覧を使ってください") \
	X(W_CA_FILE_EMPTY, "it holds no certificate", "証明書が含まれていません") \
	X(W_SAMPLE, "sample", "見本") \
	X(W_SAMPLE_THERE, "read back from the target: it is there", \
	  "同期先から読み戻しました。存在します") \
	X(W_SAMPLE_GONE, "not in the target any more; the message says more", \
	  "同期先に存在しません。詳しくはメッセージを参照") \
	X(W_SAMPLE_UNKNOWN, "could not be read back; the message says why", \
	  "読み戻せませんでした。理由はメッセージを参照") \
	X(W_SAMPLE_NONE, "nothing was synced yet", "まだ何も同期していません") \
	X(W_SAMPLE_FIRST, \
	  "One record first: renkei test {1} --match FIELD=VALUE. All of them: renkei plan " \
	  "{1}, then renkei sync {1}", \
	  "まず 1 件: renkei test {1} --match FIELD=VALUE。全件: renkei plan {1} の後に " \
	  "renkei sync {1}") \
	X(W_SAMPLE_GONE_IS, \
	  "record {2} ({3} {4}), which sync \"{1}\" wrote lately, is not there any more: it was " \
	  "deleted or merged at the target.  Restore it there; or \"renkei cursor reset {1} " \
	  "--links\", and the next run finds the others by their key and creates what is " \
	  "missing", \
	  "同期 \"{1}\" が最近書き込んだレコード {2}（{3} {4}）は同期先にありません。削除ま" \
	  "たは統合されています。同期先で復元するか、\"renkei cursor reset {1} --links\" を" \
	  "実行すると、次回の同期が他をキーで見つけ、ないものを作成します") \
	X(W_RUNS_CONFIG, \
	  "{1} of the last {2} runs were stopped by mistakes in the configuration.", \
	  "直近 {2} 回の実行のうち {1} 回が、設定の誤りで止まりました。") \
	X(W_RUNS_STOPPED, \
	  "{1} of the last {2} runs were stopped. Time-outs and authentication errors that " \
	  "come often point to the network or to an API limit (renkei usage, renkei history).", \
	  "直近 {2} 回の実行のうち {1} 回が途中で止まりました。タイムアウトや認証エラーが頻繁に" \
	  "起きる場合は、ネットワークまたは API の上限を確認してください（renkei usage、" \
	  "renkei history）。") \
	X(W_FIRST_ERROR, "The first of them", "最初のエラー") \
	/* map */ \
	X(W_MAP_WANTS, \
	  "\"{1}\" names no object: write CONNECTION/OBJECT, such as {2}", \
	  "\"{1}\" はオブジェクトを指していません。接続名/オブジェクト名で指定します。例: {2}") \
	X(W_MAP_NO_PAIR, \
	  "{1} and {2} have no objects that are known to be the same kind of thing: name " \
	  "both, as CONNECTION/OBJECT (renkei describe CONNECTION lists them)", \
	  "{1} と {2} には、同じ種類とわかるオブジェクトがありません。両方を 接続名/オブジェクト名 " \
	  "で指定してください（一覧は renkei describe 接続名）") \
	X(W_MAP_HEAD, \
	  "Proposed by renkei map {1} {2}. Look through it, then say enabled = true.", \
	  "renkei map {1} {2} による案です。内容を確かめてから enabled = true にしてください。") \
	X(W_MAP_OFF, \
	  "Any line of the map can be changed, or switched off: enabled = false; in it.", \
	  "map の各行は変更できます。行の中に enabled = false; と書けば外せます。") \
	X(W_MAP_NO_KEY, \
	  "Choose a key: a field of the target that is unique there and that a map fills.", \
	  "キーを決めてください。同期先で重複が禁止され、対応付けで値が入るフィールドです。") \
	X(W_MAP_MAKE_KEY, \
	  "No field there can be the key: make {1}, a text without duplicates, first.", \
	  "同期先にキーにできるフィールドがありません。先に {1} を「文字列・重複禁止」で" \
	  "作成してください。") \
	X(W_MAP_STRANGERS, \
	  "These options have no counterpart at the target; a record with one becomes an " \
	  "error:", \
	  "同期先に対応する選択肢がありません。この値のレコードはエラーになります:") \
	X(W_MAP_LONGER, \
	  "These may be longer than the target takes; such a record becomes an error:", \
	  "同期先の文字数制限を超えることがあります。超えたレコードはエラーになります:") \
	X(W_MAP_PARSED, \
	  "Texts at the source; one that is no such number, date or option becomes an " \
	  "error:", \
	  "同期元では文字列です。数値・日付・選択肢として読めない値はエラーになります:") \
	X(W_MAP_UNFIT, \
	  "Alike, but they do not fit:", \
	  "似ていますが、そのままでは対応付けできません:") \
	X(W_MAP_NEEDED, \
	  "The target requires these, and nothing like them was found:", \
	  "同期先で必須ですが、同期元に見つかりませんでした:") \
	X(W_MAP_ALONE, \
	  "Fields of the target for which nothing was found:", \
	  "同期元に見つからなかった同期先のフィールド:") \
	X(W_MAP_CLOSED, \
	  "Fields of the target that cannot be written:", \
	  "書き込めない同期先のフィールド:") \
	X(W_MAP_CLOSED_WHY, \
	  "Cannot be mapped ({1}):", \
	  "対応付けできない同期先のフィールド（{1}）:") \
	X(W_MAP_COMPUTED, \
	  "Fields of the target that the CRM computes:", \
	  "CRM が計算する同期先のフィールド:") \
	X(W_MAP_UNUSED, \
	  "Fields of the source that are not used:", \
	  "使われていない同期元のフィールド:") \
	X(W_MAP_UNUSED_WHY, \
	  "Fields of the source that cannot be mapped ({1}):", \
	  "対応付けできない同期元のフィールド（{1}）:") \
	X(W_MAP_NO_COLUMN, \
	  "the two tables have no column of the same name", \
	  "2 つのテーブルに同じ名前の列がありません") \
	X(W_MAP_NO_OPTION, \
	  "no option of the source is one of the target: write a value map", \
	  "選択肢が一致しません。値の対応 (values) を書いてください") \
	/* Why types do not go together */ \
	X(W_TYPES_APART, \
	  "these types do not go together", \
	  "この 2 つの型は対応付けできません") \
	X(W_TYPES_ZONE, \
	  "a moment becomes a date only in a zone: add `| date(Asia/Tokyo)`", \
	  "日時を日付にするにはタイムゾーンが要ります。`| date(Asia/Tokyo)` を付けてください") \
	X(W_TYPES_DAY, \
	  "a day begins at a moment only in a zone: add `| midnight(Asia/Tokyo)`", \
	  "日付を日時にするにはタイムゾーンが要ります。`| midnight(Asia/Tokyo)` を付けてください") \
	X(W_TYPES_CLOCK, \
	  "a moment has a zone and a time of day has none", \
	  "日時にはタイムゾーンがあり、時刻にはありません") \
	X(W_TYPES_JOIN, \
	  "a list needs `| first` or `| join(\", \")`", \
	  "複数の値には `| first` または `| join(\", \")` が要ります") \
	X(W_TYPES_FIRST, \
	  "a list needs `| first`", \
	  "複数の値には `| first` が要ります") \
	X(W_TYPES_VALUES, \
	  "only a value map (values = ...) can say which is which", \
	  "値の対応 (values = ...) が必要です") \
	/* describe */ \
	X(W_OBJECTS_ARE, \
	  "{1}; objects there: {2}", \
	  "{1}。使えるオブジェクト: {2}") \
	X(W_OBJECTS_NEAR, \
	  "{1}; did you mean \"{3}\"? Objects there: {2}", \
	  "{1}。もしかして: \"{3}\"（使えるオブジェクト: {2}）") \
	X(W_OBJECTS_BY_NUMBER, \
	  "{3}: each {2} is given by its number, and an API token cannot list them; " \
	  "name one, as in: renkei describe {1} 123", \
	  "{3}: {2}は番号で指定します。API トークンでは一覧を取得できません。例: renkei " \
	  "describe {1} 123") \
	X(W_OBJECTS_BY_NAME, \
	  "{3}: each {2} is given by its name, and they cannot be listed; name one: " \
	  "renkei describe {1} OBJECT", \
	  "{3}: {2}は名前で指定します。一覧は取得できません: renkei describe {1} 名前") \
	/* connectors */ \
	X(W_LIMITS_OFF, \
	  "switched off for this connection (limits = \"none\")", \
	  "この接続では無効（limits = \"none\"）") \
	/* sync, status, errors */ \
	X(W_PAUSED, \
	  "\"{1}\" was paused by {2} at {3}; \"renkei resume {4}\" has it go on", \
	  "「{1}」は {2} が {3} に一時停止しました。再開するには \"renkei resume {4}\"") \
	X(W_HELD_BY, \
	  "what renkei may use of limit \"{2}\" of {1} was set to {3} by {4} at {5}; \"renkei " \
	  "override clear allocation {1} {2}\" has the configuration hold again", \
	  "{1} の制限「{2}」で renkei が使える量は {4} が {5} に {3} に変更しました。設定ファイルの" \
	  "値に戻すには \"renkei override clear allocation {1} {2}\"") \
	X(W_GOES_ON, "\"{1}\" goes on.", "「{1}」を再開しました。") \
	X(W_NOT_PAUSED, "\"{1}\" is not paused.", "「{1}」は一時停止していません。") \
	X(W_OVERRIDES, "Set at run time", "実行時の変更") \
	X(W_OVERRIDE_WHAT, "what", "種類") \
	X(W_OVERRIDE_ITEM, "of", "対象") \
	X(W_CONFIGURED, "configured", "設定ファイル") \
	X(W_WHO, "who", "実行者") \
	X(W_AT, "at", "日時") \
	X(W_EXIT_CODE, "exit code", "終了コード") \
	X(W_OVERRIDE_VALUE, "found \"{1}\", expected: {2}", \
	  "\"{1}\" は使えません。指定できるもの: {2}") \
	X(W_OVERRIDE_NONE, "nothing is set there at run time; \"renkei override list\" lists " \
	  "what is", "そこに実行時の変更はありません。\"renkei override list\" で一覧を表示します") \
	X(W_RELOADED, "The daemon has taken the new configuration.", \
	  "daemon は新しい設定を読み込みました。") \
	X(W_RELOADED_IN_PART, "The daemon has taken the new configuration; the syncs with the " \
	  "mistakes told above do not run until these are mended.", \
	  "daemon は新しい設定を読み込みました。上記の誤りがある同期は、直すまで実行されません。") \
	X(W_NO_DAEMON, "No daemon runs on this state: nothing starts by itself. Start it with " \
	  "\"renkei daemon\" or its service.", \
	  "この状態ディレクトリーで動いている daemon がないため、自動では何も実行されません。" \
	  "\"renkei daemon\" またはサービスで起動してください。") \
	X(W_NOT_RELOADED, "The daemon has kept the old configuration; its log says why.", \
	  "daemon は元の設定のままです。理由は daemon のログにあります。") \
	X(W_SYNC_OFF, \
	  "sync \"{1}\" is switched off (enabled = false); set enabled = true", \
	  "同期 \"{1}\" は無効です（enabled = false）。enabled = true にしてください") \
	X(W_SYNC_MISTAKES, \
	  "sync \"{1}\" does not run: its configuration has the mistakes told above", \
	  "同期 \"{1}\" は実行できません。上記の設定の誤りを直してください") \
	X(W_REST_WAITS, \
	  "  {1} waiting: nothing is lost, they go with the next run", \
	  "  {1} 件が待機中です。失われず、次の実行で処理されます") \
	X(W_REST_WAITS_UNTIL, \
	  "  {1} waiting, due from {2}: nothing is lost, they go with a run after " \
	  "that", \
	  "  {1} 件が待機中です（{2} 以降）。失われず、その後の実行で処理されます") \
	X(W_REST_FAILED, \
	  "  {1} failed ({2}): see them with \"renkei errors list {3}\"; they are " \
	  "tried again by later runs", \
	  "  {1} 件が失敗しました（{2}）。\"renkei errors list {3}\" で確認できます。" \
	  "後の実行で再試行されます") \
	X(W_REST_FAILED_WAIT, \
	  "  {1} failed ({2}): see them with \"renkei errors list {3}\"; they wait for a person", \
	  "  {1} 件が失敗しました（{2}）。\"renkei errors list {3}\" で確認できます。人の判断を" \
	  "待っています") \
	X(W_REST_FAILED_BOTH, \
	  "  {1} failed ({2}): see them with \"renkei errors list {3}\"; {4} wait for a person, " \
	  "the others are tried again by later runs", \
	  "  {1} 件が失敗しました（{2}）。\"renkei errors list {3}\" で確認できます。{4} 件は人の" \
	  "判断を待ち、他は後の実行で再試行されます") \
	X(W_SEE_ERRORS, \
	  "See what failed: renkei errors list {1}", \
	  "失敗の一覧: renkei errors list {1}") \
	X(W_WAITS_FOR, "waits for", "待つ相手") \
	X(W_WAITING_FOR_PARENTS, \
	  "Records that refer to one that is not linked yet; they go by themselves when it is:", \
	  "参照先がまだ対応付いていないレコード。対応付き次第、自動的に処理されます:") \
	X(W_WHY_PARENT, \
	  "It goes by itself once the record that it refers to is linked.", \
	  "参照先のレコードが対応付き次第、自動的に処理されます。") \
	X(W_ERRORS_HEAL, \
	  "Each is tried again by a later run, with the record as it then is; \"renkei " \
	  "errors resync {1} {2}\" does it now, \"renkei errors show {2}\" tells all of one.", \
	  "どれも後の実行で、その時点のレコードにより再試行されます。\"renkei errors resync {1} " \
	  "{2}\" ですぐ再同期し、\"renkei errors show {2}\" で詳細を表示します。") \
	X(W_ERRORS_REST_HEALS, \
	  "The others are tried again by later runs, each with the record as it then is; \"renkei " \
	  "errors resync {1} {2}\" does it now, \"renkei errors show {2}\" tells all of one.", \
	  "他は後の実行で、その時点のレコードにより再試行されます。\"renkei errors resync {1} {2}\" ですぐ" \
	  "再同期し、\"renkei errors show {2}\" で詳細を表示します。") \
	X(W_ERRORS_WAIT, \
	  "Deleted at the other side: {1}, which wait for a person: renkei errors resync {2} {3} " \
	  "creates it anew, renkei errors ignore {2} {3} sets it aside.", \
	  "相手側で削除された {1} 件は人の判断を待っています。作り直すには renkei errors resync " \
	  "{2} {3}、無視するには renkei errors ignore {2} {3} を実行します。") \
	X(W_ID_OF_SIDE, "CONNECTION/ID", "接続/ID") \
	X(W_ANY_SYNC, "any sync", "すべての同期") \
	X(W_UNDECIDED, "Undecided", "要判断") \
	X(W_UNDECIDED_WHY, \
	  "the answer to its create was lost, and nothing tells whether the target has it", \
	  "作成の応答が失われ、同期先にあるかどうかを調べる方法がない") \
	X(W_UNDECIDED_DO, \
	  "look for the record in the target; nothing is sent until you decide", \
	  "同期先でレコードを探す（決めるまで何も送信されない）") \
	X(W_UNDECIDED_DO_THERE, \
	  "if it is there: renkei errors settle ID --created-as TARGET-ID", \
	  "ある場合: renkei errors settle ID --created-as 同期先ID") \
	X(W_UNDECIDED_DO_NOT, \
	  "if it is not: renkei errors settle ID --not-created", \
	  "ない場合: renkei errors settle ID --not-created") \
	X(W_NOT_LINKED, "none yet ({1})", "なし（{1}）") \
	X(W_ASK_HOLDER, \
	  "Which record has the value is not known here; {1} is asked with: renkei errors " \
	  "show {2} {3} --online", \
	  "この値を持つレコードは不明です。{1} に問い合わせるには: renkei errors show {2} {3} " \
	  "--online") \
	X(W_NO_SUCH_TARGET, \
	  "{1} {2} has no record \"{3}\" that this key may see; name the one that the lost " \
	  "create made, or use --not-created", \
	  "{1} {2} にレコード \"{3}\" はありません（またはこのキーでは見えません）。作成された" \
	  "レコードを指定するか、--not-created を使ってください") \
	X(W_NO_HOLDER, \
	  "{1} shows no record with this value; it may be hidden from this key, or gone by now.", \
	  "{1} にこの値を持つレコードは見つかりません。このキーでは見えないか、既に変わった" \
	  "可能性があります。") \
	X(W_HOLDER, "The value belongs to", "この値を持つレコード") \
	X(W_ERRORS_NOT_THERE, \
	  "record \"{1}\" has no error in {2}; \"renkei errors list\" lists those that have, " \
	  "\"renkei why SYNC {1}\" tells where it stands", \
	  "レコード \"{1}\" のエラーはありません（{2}）。\"renkei errors list\" で一覧、" \
	  "\"renkei why 同期 {1}\" で状態を表示します") \
	X(W_ERRORS_WHICH_SYNC, \
	  "record \"{1}\" has an error in several syncs ({2}); name the one that is meant", \
	  "レコード \"{1}\" のエラーは複数の同期にあります（{2}）。同期名を指定してくださ" \
	  "い") \
	X(W_ERRORS_WHICH_SIDE, \
	  "\"{1}\" has an error on both sides, of two different records; say which one is " \
	  "meant: \"{2}/{1}\" or \"{3}/{1}\"", \
	  "\"{1}\" のエラーは両側にあり、別々のレコードです。\"{2}/{1}\" か \"{3}/{1}\" で指定して" \
	  "ください") \
	X(W_ERRORS_IS_UNDECIDED, \
	  "whether record \"{1}\" was created at the target is not known, and sending it again " \
	  "might double it; look for it there, then: renkei errors settle {2} {1} " \
	  "--created-as TARGET-ID, or --not-created", \
	  "レコード \"{1}\" が同期先に作成されたかどうか不明で、再送すると重複する恐れがあ" \
	  "ります。同期先を確認してから: renkei errors settle {2} {1} --created-as 同期先ID、" \
	  "または --not-created") \
	X(W_ERRORS_IS_IGNORED, \
	  "the error of record \"{1}\" is set aside; take it back with: renkei errors resync " \
	  "{2} {1}", \
	  "レコード \"{1}\" のエラーは無視されています。戻すには: renkei errors resync {2} " \
	  "{1}") \
	X(W_ERRORS_IS_DECIDED, \
	  "record \"{1}\" failed, and nothing is to be decided; see: renkei errors show {2} {1}", \
	  "レコード \"{1}\" は失敗したもので、判断は不要です: renkei errors show {2} {1}") \
	X(W_ERRORS_IS_WAITING, \
	  "record \"{1}\" has no error, it waits; see: renkei why {2} {1}", \
	  "レコード \"{1}\" はエラーではなく待機中です: renkei why {2} {1}") \
	X(W_ERRORS_NONE_FIT, \
	  "No error fits; nothing was changed.", \
	  "該当するエラーはなく、何も変更していません。") \
	X(W_ERRORS_GONE, \
	  "{1} taken up again, none of them is an error any more.", \
	  "{1} 件を再同期し、エラーはすべて解消しました。") \
	X(W_ERRORS_STAY, \
	  "{1} taken up again, {2} still open: renkei errors list {3}", \
	  "{1} 件を再同期しましたが、{2} 件は未解決です: renkei errors list {3}") \
	X(W_ERRORS_SET_ASIDE, \
	  "{1} set aside in {2} until the records change; renkei errors list {2} --ignored " \
	  "lists them.", \
	  "{2} の {1} 件を、レコードが変わるまで無視します。renkei errors list {2} " \
	  "--ignored で一覧を表示します。") \
	X(W_ERRORS_ARE_IGNORED, \
	  "Set aside until the record changes; \"renkei errors resync {1} {2}\" takes one " \
	  "back.", \
	  "レコードが変わるまで無視します。\"renkei errors resync {1} {2}\" で戻せます。") \
	X(W_ERRORS_WRITTEN, \
	  "{1} {1?error|errors} written to {2}", \
	  "{1} 件のエラーを {2} に書き出しました") \
	/* why */ \
	X(W_PAGE_OF_JOURNAL, "read, page", "読込済みページ") \
	X(W_BATCH_SENT, "sent, batch", "送信済みバッチ") \
	X(W_LAST_WRITTEN, "as of", "書込内容の時点") \
	X(W_HOLD_UNTIL, "may land until", "到達の可能性") \
	X(W_NEXT, "next", "次") \
	X(W_WHY_UNKNOWN, \
	  "Nothing is known of \"{1}\" in {2}: it was not read yet, or the filter leaves it out, " \
	  "or it has neither error nor link. \"renkei preview {2} --match FIELD=VALUE\" asks the " \
	  "source.", \
	  "{2} に \"{1}\" の記録はありません。まだ読み込まれていないか、フィルターの対象外か、" \
	  "削除されています。\"renkei preview {2} --match フィールド=値\" で元に問い合わせます。") \
	X(W_WHY_SENT, \
	  "It is being written, or a run died while it was: the next run finds out what became " \
	  "of it.", \
	  "書き込み中か、書き込み中に実行が途切れました。次の実行が結果を確かめます。") \
	X(W_WHY_FAILED, \
	  "It is tried again from {1} on, at once when it changes at {4}, or now with: " \
	  "renkei errors resync {2} {3}", \
	  "{1} 以降に再試行します。{4} のレコードが変わればすぐに、今すぐなら: renkei errors " \
	  "resync {2} {3}") \
	X(W_WHY_GONE, \
	  "Deleted at {5}; it waits for a person. To create it anew there: renkei errors resync " \
	  "{2} {3}; to set it aside: renkei errors ignore {2} {3}", \
	  "{5} で削除されたため、人の判断を待っています。作り直すには: renkei errors resync {2} " \
	  "{3}、無視するには: renkei errors ignore {2} {3}") \
	X(W_WHY_PERSON, \
	  "It waits for a person: renkei errors show {2} {3}", \
	  "人の判断を待っています: renkei errors show {2} {3}") \
	X(W_WHY_UNDECIDED, \
	  "Nothing is sent until you decide: renkei errors show {2} {3}", \
	  "判断があるまで何も送信しません: renkei errors show {2} {3}") \
	X(W_WHY_IGNORED, \
	  "Nothing is sent until the record changes at {4}; to take it back: renkei errors " \
	  "resync {2} {3}", \
	  "{4} のレコードが変わるまで何も送信しません。戻すには: renkei errors resync {2} {3}") \
	X(W_WHY_QUEUED, \
	  "It waits, and goes with the first run from {1} on.", \
	  "待機中です。{1} 以降の最初の実行で処理します。") \
	X(W_WHY_LOST, \
	  "What became of its last write is not known; a run from {1} on finds out. It is not " \
	  "written twice.", \
	  "直前の書き込みの結果が不明です。{1} 以降の実行が確かめます。二重には書き込みま" \
	  "せん。") \
	X(W_WHY_JOURNAL, \
	  "It was read and is not written yet; it goes with the next run.", \
	  "読み込み済みで、次の実行で書き込みます。") \
	X(W_WHY_LINKED, \
	  "In step: the target has what the source had then. The next run takes it up when it " \
	  "changes.", \
	  "同期済みです。元のレコードが変われば次の実行で処理します。") \
	X(W_WHY_LINKED_BOTH, \
	  "In step: both sides have what they agreed on last. The next run takes it up when " \
	  "either side changes.", \
	  "同期済みです。両側の値は最後に一致した内容です。どちらかが変われば次の実行で処理しま" \
	  "す。") \
	X(W_WHY_ASKED, \
	  "Field {1} waits for a person: \"{2}\" on the from side, \"{3}\" on the to side; " \
	  "neither is written. To choose: renkei conflicts settle {4} {5} {1} --take from|to", \
	  "フィールド {1} は選択待ちです（from 側 \"{2}\"、to 側 \"{3}\"）。どちらにも書き込みませ" \
	  "ん。選択: renkei conflicts settle {4} {5} {1} --take from|to") \
	X(W_WHY_BACK, "the way back, {1} -> {2}", "逆向き {1} -> {2}") \
	X(W_TIME, "time", "時刻") \
	X(W_FROM_SIDE, "from", "書込元") \
	X(W_BEFORE, "before", "変更前") \
	X(W_AFTER, "after", "変更後") \
	X(W_CAUSE, "why", "理由") \
	X(W_MAPPING_LINE, "mapping", "対応付け") \
	X(W_NOTE, "note", "補足") \
	X(W_KNOWN, "known", "確認済み") \
	X(W_CUT, "cut", "省略あり") \
	X(W_EARLIER_MAPPING, "(an earlier one)", "（以前の対応付け）") \
	X(W_OUTCOME_UNKNOWN, "not known whether it was done", "結果は未確認") \
	X(W_CAUSE_OTHER, "other", "その他") \
	X(W_CAUSE_MAPPED, "changed at the source", "同期元の変更") \
	X(W_CAUSE_MAPPED_AT, "changed at {1}", "{1} での変更") \
	X(W_CAUSE_CREATED, "created", "新規作成") \
	X(W_CAUSE_ARCHIVED, "archived", "アーカイブ") \
	X(W_CAUSE_CONFLICT, "both sides changed, by the rule", "両側で変更、規則により") \
	X(W_CAUSE_SETTLED, "a conflict, settled by", "競合を解決した人") \
	X(W_CAUSE_APPLIED, "from a plan that was applied", "計画の適用") \
	X(W_CAUSE_REVERTED, "reverted, run", "取り消した実行") \
	X(W_CAUSE_ANEW, "created anew in place of", "削除されたレコードの代わりに作成") \
	X(W_WHY_OLDER, \
	  "Before that: record {1} of {2}, which was deleted there. What was written to that pair:", \
	  "以前の組: {2} のレコード {1}（{2} で削除済み）。その組への書き込み:") \
	X(W_WHY_NOW, "Now: record {1} of {2}, made anew. What was written since:", \
	  "現在の組: {2} のレコード {1}（作り直し）。以後の書き込み:") \
	X(W_NO_HISTORY, \
	  "What each write changed is not kept: the sync has no \"history\".", \
	  "書き込みごとの変更内容は保存していません（同期に \"history\" がありません）。") \
	X(W_LINES_DAMAGED, \
	  "{1} {1?line|lines} of its history {1?is|are} damaged (its checksum does not fit) and left out.", \
	  "履歴の {1} 行が壊れているため（チェックサム不一致）、表示していません。") \
	X(W_REVERT_DONE, "old value", "元の値に戻す") \
	X(W_REVERT_ALREADY, "has its old value", "既に元の値") \
	X(W_REVERT_TOUCHED, "touched since", "後で変更あり") \
	X(W_REVERT_NOT_KEPT, "old value not kept", "元の値の記録なし") \
	X(W_REVERT_CREATED, "created by the run", "この実行で新規作成") \
	X(W_REVERT_GONE, "not at the target", "同期先になし") \
	X(W_REVERT_BUSY, "a write may still land", "書き込みの結果待ち") \
	X(W_REVERT_FAILED, "refused", "拒否") \
	X(W_REVERT_BACK, "written to the source", "同期元への書き込み") \
	X(W_REVERT_UNKNOWN, "answer lost", "応答なし") \
	X(W_REVERT_LOOKED, "Nothing was changed; with --yes it is done.", \
	  "何も変更していません。--yes を付けると実行します。") \
	X(W_REVERT_RUN, "This was run {1}.", "この取り消しは実行 {1} です。") \
	X(W_REVERT_NEXT, \
	  "The next sync leaves these records alone as long as their source stays as it is; a "  \
	  "change there, or a full read, writes them again. Mend the cause first, or pause it.", \
	  "同期元が変わらない限り、次の同期はこれらのレコードに書き込みません。同期元の変更や全件の読み直し" \
	  "があると再び書き込みます。先に原因を直すか、同期を一時停止してください。") \
	X(W_REVERT_NEXT_BOTH, \
	  "The next sync carries these values to the source as well.", \
	  "次の同期で、これらの値は同期元にも反映されます。") \
	X(W_REVERT_NOTHING, \
	  "Nothing is known of what run {1} of {2} wrote: it wrote nothing, it is too long ago, or "  \
	  "the sync had no \"history\". \"renkei history {2}\" lists its runs.", \
	  "{2} の実行 {1} が書き込んだ内容の記録がありません。書き込みがなかったか、保存期間を過ぎた" \
	  "か、\"history\" がありませんでした。実行の一覧は \"renkei history {2}\" で見られます。") \
	/* cursor */ \
	X(W_RESET, \
	  "Sync {1} begins anew: the next run reads everything. Links and pending " \
	  "records stay.", \
	  "同期 {1} を初期化しました。次の実行で全件を読みます。対応と保留分は残りま" \
	  "す。") \
	X(W_RESET_ALL, \
	  "Sync {1} begins anew: the next run reads everything and finds records of " \
	  "the target by key. Links and pending records are forgotten.", \
	  "同期 {1} を初期化しました。次の実行で全件を読み、同期先をキーで探します。" \
	  "対応と保留分は消去しました。") \
	/* plan, preview, test */ \
	X(W_READS_ALL, \
	  "It reads everything; nothing is left out by its start.", \
	  "全件を読みます。起点による除外はありません。") \
	X(W_START_LEAVES_OUT, \
	  "It reads from {1}: what was not changed since is left out by the sync's " \
	  "start.", \
	  "{1} 以降を読みます。それ以降に変更のないレコードは、起点の設定により対象外" \
	  "です。") \
	X(W_READS_CHANGES, \
	  "It reads what was changed since {1}.", \
	  "{1} 以降の変更を読みます。") \
	X(W_DELETIONS, "deletions", "削除") \
	X(W_BACK_READ, "read back", "逆向き読込") \
	X(W_BACK_CREATED, "created back", "逆向き作成") \
	X(W_BACK_UPDATED, "updated back", "逆向き更新") \
	X(W_BACK_FAILED, "failed back", "逆向き失敗") \
	X(W_WITHHELD, \
	  "  {1} {1?deletion waits|deletions wait} for a person: delete_budget is {2}, or the listing was empty; " \
	  "\"renkei approve {3}\" shows them", \
	  "  {1} 件の削除が承認待ちです（delete_budget は {2}、または一覧が空）。" \
	  "\"renkei approve {3}\" で表示します") \
	X(W_NOTE_DELETIONS, \
	  "{1} {1?deletion waits|deletions wait} for a person; see: renkei approve {2}", \
	  "{1} 件の削除が承認待ちです。確認: renkei approve {2}") \
	/* conflicts */ \
	X(W_NOTE_CONFLICTS, \
	  "  {1} {1?field was changed on both sides and waits|fields were changed on both sides and wait} for a person; see: renkei conflicts {2}", \
	  "  両側で変更された {1} 個のフィールドが選択待ちです。確認: renkei conflicts {2}") \
	X(W_CONFLICT_BASE, "before", "以前") \
	X(W_CONFLICT_SINCE, "since", "発生") \
	X(W_CONFLICT_MARK, "mark", "印") \
	X(W_CONFLICT_BY, "decided by", "選択者") \
	X(W_CONFLICT_TARGET_FIELD, "target field", "同期先フィールド") \
	X(W_CONFLICT_OPEN, "open", "未選択") \
	X(W_CONFLICT_AGAIN, "open again, was edited since", "選択後に変更、未選択") \
	X(W_CONFLICT_FROM, "from stays", "元を残す") \
	X(W_CONFLICT_TO, "to stays", "先を残す") \
	X(W_CONFLICTS_HOW, \
	  "{1} {1?waits|wait} for a person; neither side is written in {1?it|them}. from is {3}, to is {4}. To " \
	  "choose: renkei conflicts settle {2} ID FIELD --take from|to", \
	  "{1} 件が選択待ちで、どちら側にも書き込みません。from は {3}、to は {4} です。選択: renkei " \
	  "conflicts settle {2} ID フィールド --take from|to") \
	X(W_CONFLICTS_NO_SYNC, "No sync goes both ways.", "双方向の同期はありません。") \
	X(W_CONFLICTS_ONE_WAY, \
	  "sync \"{1}\" goes one way; conflicts are of those with direction = \"both\"", \
	  "同期 \"{1}\" は片方向です。競合があるのは direction = \"both\" の同期だけです") \
	X(W_CONFLICTS_NONE, \
	  "no conflict of record {1} of sync {2} waits; \"renkei conflicts {2}\" lists them, and " \
	  "an id of {3} is written \"{3}/ID\"", \
	  "同期 {2} のレコード {1} に該当する競合はありません。一覧は \"renkei conflicts {2}\"、" \
	  "{3} 側の ID は \"{3}/ID\" と書きます") \
	X(W_CONFLICTS_NO_FIELD, \
	  "field \"{3}\" of record {1} of sync {2} is in no conflict; its fields that are: renkei " \
	  "conflicts show {2} {1}", \
	  "同期 {2} のレコード {1} のフィールド \"{3}\" に競合はありません。競合の確認: renkei " \
	  "conflicts show {2} {1}") \
	X(W_CONFLICTS_CHOICE, "{1} {2} = {3} {4}, {5}: \"{6}\" is taken, \"{7}\" goes", \
	  "{1} {2} = {3} {4}、{5}: \"{6}\" を採用し、\"{7}\" は使いません") \
	X(W_CONFLICTS_KEPT, "{1} settled, and written with the next run. {2}", \
	  "{1} 件を選択しました。書き込みは次の実行で行います。{2}") \
	X(W_CONFLICTS_FORM, \
	  "expected: renkei conflicts [SYNC] | show SYNC ID | settle SYNC ID [FIELD] --take " \
	  "from|to | settle SYNC --all --take from|to", \
	  "使い方: renkei conflicts [同期] | show 同期 ID | settle 同期 ID [フィールド] --take " \
	  "from|to | settle 同期 --all --take from|to") \
	X(W_CONFLICTS_CHANGED, \
	  "--seen {1}: field \"{2}\" was edited since; from has \"{3}\" and to has \"{4}\" now, " \
	  "which is --seen {5}; nothing was settled", \
	  "--seen {1}: フィールド \"{2}\" はその後変更されました。現在は元が \"{3}\"、先が \"{4}\"" \
	  "（--seen {5}）です。何も選択していません") \
	X(W_CONFLICTS_DECIDED, \
	  "--seen {1}: field \"{2}\" was settled since, by {3}, and the next run writes it; to " \
	  "choose anew, give --seen {4}; nothing was settled", \
	  "--seen {1}: フィールド \"{2}\" はその後 {3} が選択しました（次の実行で書き込みます）。" \
	  "選び直すには --seen {4} を付けてください。何も選択していません") \
	X(W_CONFLICTS_SETTLED, "{1} settled; {2} runs now and writes them.", \
	  "{1} 件を選択しました。{2} を実行して書き込みます。") \
	X(W_APPROVE_NONE, "No deletions of {1} wait for a person.", \
	  "{1} に承認待ちの削除はありません。") \
	X(W_APPROVE_HOW, \
	  "{1} {1?deletion waits|deletions wait}. None was carried out; \"renkei approve {2} {1}\" has exactly " \
	  "these carried out. Restored at the source, they wait no more.", \
	  "{1} 件の削除が承認待ちで、まだ 1 件も行われていません。\"renkei approve {2} {1}\" で" \
	  "この件数だけを行います。同期元で復元されたものは承認待ちから外れます。") \
	X(W_APPROVE_OTHER, \
	  "found {1}, but {2} {2?deletion waits|deletions wait} by now; look at them, then approve that number", \
	  "{1} 件ではなく、現在 {2} 件の削除が承認待ちです。確認のうえ、その件数を承認してください") \
	X(W_PLAN_EXCLUDED, \
	  "{1} left out by the filter or deleted at the source: -v lists them.", \
	  "{1} 件はフィルターまたは元での削除により対象外です。-v で一覧を表示します。") \
	X(W_TARGET_NOT_LISTED, \
	  "The target was not listed: what it has without a link is not counted.", \
	  "同期先の全件は読んでいません。対応のないレコードは数えていません。") \
	X(W_NO_REPAIR_BOTH, \
	  "{1} goes both ways: which side is right no repair can know; \"renkei reconcile {1}\" " \
	  "tells what differs, and each run carries what people edit: edit the side that is " \
	  "wrong", \
	  "{1} は双方向の同期で、どちらの側が正しいかを修復では判断できません。\"renkei reconcile {1}\" " \
	  "で違いを確認し、誤っている側を編集してください。編集は実行のたびに反映されます") \
	X(W_RECONCILED_BOTH, \
	  "{1} goes both ways: an edit that it has not carried yet counts as different, and the " \
	  "next run carries it; what stays different after that is not repaired: edit the side " \
	  "that is wrong.", \
	  "{1} は双方向の同期です。まだ反映していない編集も違いに数えられ、次の実行で反映されます。" \
	  "その後も残る違いは修復されないため、誤っている側を編集してください。") \
	X(W_REPAIRS_WAIT, \
	  "{1} wait to be written: \"renkei sync {2}\" does it now.", \
	  "{1} 件が書き込み待ちです。すぐに行うには \"renkei sync {2}\" を実行してください。") \
	X(W_LISTED, \
	  "{1}: reading everything, {2} {2?record|records} so far", \
	  "{1}: 全件を読み込み中、これまでに {2} 件") \
	X(W_LISTED_OF, \
	  "{1}: reading everything, {2} of about {3} records so far ({4} %)", \
	  "{1}: 全件を読み込み中、約 {3} 件のうち {2} 件({4} %)") \
	X(W_STILL, "still", "残り") \
	X(W_IN_STEP_AT, \
	  "{1}: {2} % of its records were in step on {3}", \
	  "{1}: {3} の比較で {2} % が一致") \
	X(W_WALK_GOES_ON, \
	  "{1}: the walk ended early; the next \"renkei reconcile {1}\" goes on where it stood.", \
	  "{1}: 途中で終わりました。次の \"renkei reconcile {1}\" が続きから行います。") \
	X(W_FORECAST_CALLS, \
	  "Calls of {1} by the run: {2}.", \
	  "実行で {1} に行う呼び出し: {2} 回。") \
	X(W_FORECAST_LIMIT, \
	  "  {1}, limit {2}: {3} % of {4} calls per {5}; {6} are left now.", \
	  "  {1} の制限 {2}: {5}あたり {4} 回の {3} %（現在の残り {6} 回）。") \
	X(W_FORECAST_TIME, \
	  "The run takes about {1}.", \
	  "実行時間はおよそ {1} です。") \
	/* the rule in words */ \
	X(W_RULE_TITLE, "What sync {1} does", "同期 {1} の内容") \
	X(W_RULE_WAY, \
	  "Records of {1} in {2} are written to {3} in {4}.", \
	  "{2} の {1} のレコードを {4} の {3} に書き込みます。") \
	X(W_RULE_FILTER, \
	  "Only those of which this is true: {1}.", \
	  "対象は次の条件に合うものだけです: {1}。") \
	X(W_RULE_ALL, \
	  "All of them; no filter leaves any out.", \
	  "すべてが対象です（フィルターなし）。") \
	X(W_RULE_START, \
	  "What was not changed since {1} is left out until it changes.", \
	  "{1} 以降に変更のないものは、変更されるまで対象外です。") \
	X(W_RULE_FIRST_RUN, "the first run", "初回の実行") \
	X(W_RULE_KEY, \
	  "A record of the target is found by its {1}; from then on the two are linked by" \
	  " their ids.", \
	  "同期先のレコードは {1} で探し、以後は ID で対応付けます。") \
	X(W_RULE_FALLBACK, \
	  "Where no record has that key, it is looked for by: {1}.", \
	  "そのキーのレコードがなければ、次で探します: {1}。") \
	X(W_RULE_BOTH, \
	  "What the target does not have is created, what it has is updated.", \
	  "同期先にないものは作成し、あるものは更新します。") \
	X(W_RULE_ONLY_CREATE, \
	  "What the target does not have is created; nothing is updated.", \
	  "同期先にないものは作成します。更新はしません。") \
	X(W_RULE_ONLY_UPDATE, \
	  "What the target has is updated; nothing is created.", \
	  "同期先にあるものは更新します。作成はしません。") \
	X(W_RULE_ADOPT, \
	  "A record that stands there with the same key already is taken over.", \
	  "同じキーの既存レコードは引き継ぎます。") \
	X(W_RULE_REFUSE, \
	  "A record that stands there with the same key already is left alone, and told " \
	  "as an error.", \
	  "同じキーの既存レコードには触れず、エラーとして知らせます。") \
	X(W_RULE_KEY_SKIP, \
	  "A record whose key is empty is left out.", \
	  "キーが空のレコードは対象外です。") \
	X(W_RULE_KEY_CREATE, \
	  "A record whose key is empty is created without being looked for.", \
	  "キーが空のレコードは、探さずに作成します。") \
	X(W_RULE_KEY_ERROR, \
	  "A record whose key is empty is an error.", \
	  "キーが空のレコードはエラーになります。") \
	X(W_RULE_MAP, "{1} goes to {2}", "{1} を {2} に書き込む") \
	X(W_RULE_VALUES, ", as {1}", "、値は {1}") \
	X(W_RULE_OTHERWISE, "; anything else as {1}", "、それ以外は {1}") \
	X(W_RULE_REFUSED, "; any other value is an error", "、それ以外の値はエラー") \
	X(W_RULE_BLANKS, ", where the target has nothing", "（同期先が空のときだけ）") \
	X(W_RULE_CLEARS, \
	  "; where it is empty, the target is cleared", \
	  "、空なら同期先も空にする") \
	X(W_RULE_DEFAULT, "; where it is empty, {1} is written", "、空なら {1} を書き込む") \
	X(W_RULE_KEEPS, \
	  "Where a field of the source is empty and nothing else is said, the target " \
	  "keeps what it has.", \
	  "同期元のフィールドが空で、特に指定がなければ、同期先の値を残します。") \
	X(W_RULE_OVERWRITES, \
	  "Other fields of the target are not touched. What is edited there in a mapped " \
	  "field stands until the record changes at the source.", \
	  "同期先のほかのフィールドには触れません。対応付けたフィールドを同期先で編集した" \
	  "場合、同期元で変更があるまでそのまま残ります。") \
	X(W_RULE_BACK, \
	  "And back, in the same run: what was changed in {2} is written to {3} in {4}, field " \
	  "by field.", \
	  "同じ実行で逆向きにも、{2} での変更をフィールドごとに {4} の {3} へ書き込みます。") \
	X(W_RULE_WINS, \
	  "Where both sides changed one field, {1} wins.", \
	  "同じフィールドを両側で変更した場合は、{1} の値を残します。") \
	X(W_RULE_NEWEST, \
	  "Where both sides changed one field, the record that was changed last wins.", \
	  "同じフィールドを両側で変更した場合は、後に更新されたレコードの値を残します。") \
	X(W_RULE_ASKS, \
	  "Where both sides changed one field, neither is written until somebody chooses.", \
	  "同じフィールドを両側で変更した場合は、人が選ぶまでどちらにも書き込みません。") \
	X(W_RULE_THERE, \
	  "The writes below are those to {1}; what goes back is seen when the sync runs.", \
	  "以下は {1} への書き込みです。逆向きの書き込みは実行時に決まります。") \
	X(W_RULE_DELETED, \
	  "What is deleted at the source stays at the target.", \
	  "同期元で削除されたものは、同期先に残ります。") \
	X(W_RULE_FLAGGED, \
	  "What is deleted at the source is marked at the target.", \
	  "同期元で削除されたものは、同期先に印を付けます。") \
	X(W_RULE_ARCHIVED, \
	  "What is deleted at the source is deleted at the target.", \
	  "同期元で削除されたものは、同期先でも削除します。") \
	X(W_RULE_EVERY, \
	  "It runs every {1}, where the daemon runs.", \
	  "デーモンの稼働中、{1} ごとに実行します。") \
	X(W_RULE_CRON, \
	  "It runs by the clock: {1} (zone {2}), where the daemon runs.", \
	  "デーモンの稼働中、時刻どおりに実行します: {1}（タイムゾーン {2}）。") \
	X(W_RULE_AFTER, \
	  "It runs when sync {1} has ended well.", \
	  "同期 {1} が正常に終わると実行します。") \
	X(W_RULE_BY_HAND, "It runs by hand only.", "手動でのみ実行します。") \
	X(W_RULE_WINDOW, "Only between {1}.", "実行時間帯は {1} です。") \
	X(W_RULE_BACKFILL, \
	  "The daemon begins to read everything only between {1}.", \
	  "デーモンが全件の読み取りを開始する時間帯は {1} です。") \
	X(W_RULE_BACKFILL_USUAL, \
	  "The daemon begins to read everything only between {1}: the usual hours, " \
	  "until the use of both connections is known for 2 days.", \
	  "デーモンが全件の読み取りを開始する時間帯は {1} です。両接続の使用状況が 2 " \
	  "日分わかるまでは既定の時間帯です。") \
	X(W_RULE_BACKFILL_QUIET, \
	  "The daemon begins to read everything only between {1}: {2} of {3} calls of " \
	  "the last {4} days were made then.", \
	  "デーモンが全件の読み取りを開始する時間帯は {1} です。直近 {4} 日間の呼び出し " \
	  "{3} 回のうち、この時間帯は {2} 回です。") \
	X(W_RULE_NOT_EMPTY, "is not empty", "が空でない") \
	X(W_RULE_EMPTY, "is empty", "が空") \
	X(W_RULE_NOT_CONTAINS, "does not contain", "が次を含まない") \
	X(W_RULE_CONTAINS, "contains", "が次を含む") \
	X(W_RULE_NOT_IN, "is none of", "が次のいずれでもない") \
	X(W_RULE_IN, "is one of", "が次のいずれか") \
	X(W_RULE_AND, "and", "かつ") \
	X(W_RULE_OR, "or", "または") \
	X(W_RULE_NOT, "not", "次でない:") \
	X(W_RULE_AT_LEAST, "is at least", "が次以上") \
	X(W_RULE_AT_MOST, "is at most", "が次以下") \
	X(W_RULE_IS_NOT, "is not", "が次と異なる") \
	X(W_RULE_IS, "is", "が次と等しい") \
	X(W_RULE_MORE, "is more than", "が次より大きい") \
	X(W_RULE_LESS, "is less than", "が次より小さい") \
	X(W_BAD_OLDER, \
	  "--older {1}: expected a duration, such as 12h or 3d", \
	  "--older {1}: 12h や 3d のような期間を指定してください") \
	X(W_PLAN_OLD, \
	  "plan {1} was made at {2}, and much may have changed since: make a new one, or " \
	  "take it all the same with --older", \
	  "計画 {1} は {2} に作成され、古くなっています。作り直すか、--older を付けて実行してく" \
	  "ださい") \
	X(W_PLAN_OTHER, \
	  "plan {1} was made for other objects or accounts than those of sync {2} now: make " \
	  "a new one", \
	  "計画 {1} は、現在の同期 {2} とは別のオブジェクトまたはアカウントのものです。作り直し" \
	  "てください") \
	X(W_PLAN_WRITTEN, \
	  "Written to {1}: {2} {2?write|writes}. Carry them out with: renkei apply {1}", \
	  "{1} に {2} 件の書き込みを保存しました。実行するには: renkei apply {1}") \
	X(W_PLANNED, "planned", "計画") \
	X(W_APPLIED, "done", "実行") \
	X(W_APPLIED_BEFORE, "there already", "変更なし") \
	X(W_MOVED, "refused, moved", "拒否（変化あり）") \
	X(W_NOT_APPLIED, "left", "残り") \
	X(W_APPLY_AGAIN, \
	  "The rest was not reached; the same command goes on with it.", \
	  "残りは未実行です。同じコマンドで続行できます。") \
	X(W_MOVED_LINE, "moved   {1}  {2}  {3} {4}", "変化    {1}  {2}  {3} {4}") \
	X(W_MOVED_GONE, \
	  "the target does not have the record any more", \
	  "同期先にレコードがありません") \
	X(W_MOVED_THERE, \
	  "the target has a record with this key now", \
	  "同期先に同じキーのレコードができています") \
	X(W_MOVED_TARGET, \
	  "record {1} of the target would be written now", \
	  "現在の書き込み先は同期先のレコード {1} です") \
	X(W_MOVED_KEY, "its key is {1} now", "キーは現在 {1} です") \
	X(W_MOVED_MORE, \
	  "would be written as \"{1}\" now, which the plan does not have", \
	  "計画にない値 \"{1}\" が現在は書き込み対象です") \
	X(W_MOVED_SAME, \
	  "need not be written any more; planned was \"{1}\"", \
	  "書き込みが不要になりました（計画では \"{1}\"）") \
	X(W_MOVED_OLD, \
	  "the target has \"{1}\" now, not \"{2}\"", \
	  "同期先の現在の値は \"{1}\" です（計画時は \"{2}\"）") \
	X(W_MOVED_NEW, \
	  "the source gives \"{1}\" now, not \"{2}\"", \
	  "同期元の現在の値は \"{1}\" です（計画時は \"{2}\"）") \
	X(W_PLAN_CHANGED_NOTHING, \
	  "Nothing was changed, the cursor neither.", \
	  "何も変更していません（読み取り位置も含む）。") \
	X(W_SENT, "Sent", "送信結果") \
	X(W_NOT_SENT, "Not sent", "送信していません") \
	X(W_TEST_DONE, \
	  "Processing succeeded; look at the record in {1}.", \
	  "処理に成功しました。{1} でレコードを確認してください。") \
	/* demo */ \
	X(W_DEMO_INTRO, \
	  "Six simulated CRMs, with 1000 made-up contacts in HubSpot ({1}); kintone " \
	  "({2}) is empty.", \
	  "6 つの模擬 CRM を起動しました。HubSpot（{1}）に架空のコンタクトが 1000 件" \
	  "あり、kintone（{2}）は空です。") \
	X(W_DEMO_PAIRS, \
	  "Other pairs, by the mappings that renkei map proposes for them:", \
	  "ほかの組み合わせも、renkei map が提案する対応付けのまま同期します。") \
	X(W_DEMO_EDIT, \
	  "10 contacts are edited in HubSpot, and the simulators' clock moves on by " \
	  "5 minutes.", \
	  "HubSpot で 10 件のコンタクトを編集し、模擬 CRM の時計を 5 分進めます。") \
	X(W_DEMO_MISTAKES, \
	  "Three more edits: a country that the drop-down in kintone lacks (501), a phone " \
	  "that is too long (502), a member number that another record in kintone has (503).", \
	  "さらに 3 件を編集します。kintone のドロップダウンにない国（501）、長すぎる電話番号" \
	  "（502）、kintone の別のレコードが持つ会員番号（503）。") \
	X(W_ACCESS_TOKEN, "access token", "アクセストークン") \
	X(W_REFRESH_TOKEN, "refresh token", "更新トークン") \
	X(W_OBTAINED, "obtained", "取得") \
	X(W_GRANTED_SCOPES, "granted scopes", "付与された権限") \
	X(W_SCOPES, "scopes", "スコープ") \
	X(W_CLIENT_ID, "client id", "クライアント ID") \
	X(W_REDIRECT_URI, "redirect URI", "リダイレクト URI") \
	X(W_AUTHORIZE, "consent at", "許可画面") \
	X(W_TOKEN_ADDRESS, "tokens from", "トークンの取得先") \
	X(W_LOGIN_NONE, "(none: renkei login)", "（なし: renkei login で取得）") \
	X(W_LOGIN_REGISTER, \
	  "Register this redirect URI with the app at the CRM, and give the app these scopes and " \
	  "no others:", \
	  "CRM のアプリに次のリダイレクト URI を登録し、次のスコープだけを付けてください:") \
	X(W_LOGIN_OPEN, \
	  "Open this address in a browser and let renkei in:\n\n{1}\n", \
	  "次のアドレスをブラウザーで開き、接続を許可してください:\n\n{1}\n") \
	X(W_LOGIN_WAIT, \
	  "Waiting for the browser to come back to {1}.  If it runs on another machine, paste " \
	  "the address that it ends at, or the code in it, here:", \
	  "ブラウザーが {1} に戻るのを待っています。別のマシンのブラウザーで開いた場合は、戻り先" \
	  "のアドレスかその中のコードをここに貼り付けてください:") \
	X(W_LOGIN_PASTE, \
	  "The browser is then sent to {1}; paste the address that it ends at, or the code in it, " \
	  "here:", \
	  "許可の後、ブラウザーは {1} に移動します。そのアドレスかその中のコードをここに貼り付けて" \
	  "ください:") \
	X(W_LOGIN_DONE, "Connection {1} is logged in.", "接続 {1} にログインしました。") \
	X(W_LOGIN_NO_CODE, \
	  "no code came; run \"renkei login\" again and paste the address that the browser ends at", \
	  "コードが入力されていません。\"renkei login\" をやり直し、ブラウザーの戻り先のアドレス" \
	  "を貼り付けてください") \
	X(W_LOGIN_KEY, \
	  "connection {1} connects by a key; for OAuth write client_id and client_secret into it, " \
	  "as \"renkei help config\" says", \
	  "接続 {1} はキーで接続します。OAuth を使うには client_id と client_secret を設定して" \
	  "ください（\"renkei help config\" を参照）") \
	X(W_LOGOUT_DONE, \
	  "Connection {1} is logged out, here and at the CRM.", \
	  "接続 {1} からログアウトしました（CRM 側のトークンも無効にしました）。") \
	X(W_LOGOUT_HERE, \
	  "The tokens of connection {1} are gone from here; the CRM was not told, or offers no way: " \
	  "remove the app's access in its settings.", \
	  "接続 {1} のトークンをこの環境から消しました。CRM 側では無効になっていないため、CRM の" \
	  "設定でアプリの許可を取り消してください。") \
	X(W_SCOPE_MISSING, \
	  "scope {1} is needed by the configured syncs and was not granted", \
	  "設定済みの同期に必要なスコープ {1} が付与されていません") \
	X(W_SEAL_PROMPT, \
	  "The secret for {1} of connection {2} (it is not shown while you type): ", \
	  "接続 {2} の {1} に使う秘密情報（入力中は表示されません）: ") \
	X(W_SEAL_NAMES, \
	  "\"{1}\" is no name; expected a connection and one of its settings, such as: " \
	  "renkei seal hubspot-main token", \
	  "\"{1}\" は名前として使えません。接続名とその設定名を指定してください" \
	  "（例: renkei seal hubspot-main token）") \
	X(W_SEAL_NOTHING, \
	  "no secret came; type it at the prompt, or give one line on standard input", \
	  "秘密情報が入力されていません。プロンプトで入力するか、標準入力に 1 行で渡して" \
	  "ください") \
	X(W_SEAL_CONTROLS, \
	  "what came holds control characters, or is over 64 KiB; expected the secret alone, in " \
	  "one line", \
	  "制御文字が含まれているか、64 KiB を超えています。秘密情報だけを 1 行で入力してく" \
	  "ださい") \
	X(W_SEAL_LINE, \
	  "Write this line into connection {1} of the configuration:", \
	  "設定ファイルの接続 {1} に次の行を書いてください:") \
	X(W_BUNDLE_DONE, \
	  "{1} holds no secrets and no values of records; names of syncs, connections and fields " \
	  "are in it. Look through it before you hand it on (tar -xf).", \
	  "{1} に秘密情報とレコードの値は含まれません。同期・接続・フィールドの名前は含まれます。" \
	  "渡す前に内容を確認してください（tar -xf）。") \
	X(W_BACKUP_DONE, \
	  "{1}: {2} {2?sync|syncs}, {3} {3?login|logins}, as of {4}; every checksum fits.", \
	  "{1}: 同期 {2} 件、ログイン {3} 件（{4} 時点）。チェックサムはすべて一致しました。") \
	X(W_BACKUP_WITHOUT, \
	  "Not in it: {1}, without which what is sealed does not open, and the configuration. " \
	  "Keep copies of both, apart from this file.", \
	  "{1}（封印した情報を開く鍵）と設定ファイルは含まれていません。このファイルとは別に保管" \
	  "してください。") \
	X(W_RESTORED, \
	  "Restored from {1}: {2} {2?sync|syncs}, {3} {3?login|logins}, as of {4}.", \
	  "{1} から戻しました: 同期 {2} 件、ログイン {3} 件（{4} 時点）。") \
	X(W_RESTORED_MEANS, \
	  "The next run of each sync lists what changed since then again, and writes it again; " \
	  "what was created since is found by its key, so nothing is doubled. What cannot be " \
	  "found so waits for you: renkei errors.", \
	  "各同期の次回の実行では、その後に変わったレコードを読み直して書き直します。その後に作成" \
	  "したレコードはキーで見つけるため、二重にはなりません。見つけられないものは判断を待ちま" \
	  "す: renkei errors") \
	X(W_RESTORED_KEY, \
	  "{1} is missing: put your copy of it back, or seal the keys anew and log in again.", \
	  "{1} がありません。保管した鍵を戻すか、キーの封印とログインをやり直してください。") \
	X(W_CASE, "case", "項目") \
	X(W_GROUP, "group", "グループ") \
	X(W_PASSED, "passed", "合格") \
	X(W_ADVICE, "advice", "助言") \
	X(W_SKIPPED, "skipped", "対象外") \
	X(W_CERTIFIED, "{1} is certified: no case failed.", "{1} は適合しています（失敗なし）。") \
	X(W_NOT_CERTIFIED, \
	  "{1} is not certified: mend the cases that failed and run it again.", \
	  "{1} は適合していません。失敗した項目を直し、もう一度実行してください。") \
	X(W_NO_SUCH_FILE, "{1} cannot be read: {2}", "{1} を読めません: {2}") \
	X(W_NO_SCENARIO, \
	  "there is no scenario for {1}: put NAME.scenario beside NAME.so, or name one with " \
	  "--scenario", \
	  "{1} のシナリオがありません。NAME.so と同じ場所に NAME.scenario を置くか、" \
	  "--scenario で指定してください") \
	X(W_VENDOR_NAME, \
	  "\"{1}\" is no name of a connector: 1 to 32 lower-case letters and digits, a letter " \
	  "first", \
	  "「{1}」はコネクター名に使えません。英小文字で始まる 1～32 文字の英小文字・数字で指定" \
	  "してください") \
	X(W_VENDOR_THERE, \
	  "{1} is there already and is no empty folder; name another one, or remove it", \
	  "{1} は既にあり、空のディレクトリーではありません。別のディレクトリーを指定するか、削除して" \
	  "ください") \
	X(W_VENDOR_MADE, \
	  "{1} is written. Next: cd {1} && make && make certify", \
	  "{1} を作成しました。次に: cd {1} && make && make certify") \
	X(W_DEMO_MENDED, \
	  "The phone is mended in HubSpot, then: renkei errors resync 502", \
	  "HubSpot で電話番号を直し、renkei errors resync 502 を実行します。") \
	X(W_DEMO_OPTION, \
	  "The option is added in kintone; the next run sees it, and 501 heals by itself.", \
	  "kintone に選択肢を追加します。次の実行がそれに気づき、501 は自動で直ります。") \
	X(W_DEMO_KINDS, \
	  "the errors are not one picklist, one property-value and one duplicate", \
	  "エラーが picklist、property-value、duplicate の各 1 件ではありません") \
	X(W_DEMO_WRONG, \
	  "run {1}: {2}={3}, expected {4}", \
	  "実行 {1}: {2}={3}（期待値 {4}）") \
	X(W_DEMO_WRONG_MOST, \
	  "run {1}: {2}={3}, expected at most {4}", \
	  "実行 {1}: {2}={3}（期待値 {4} 以下）") \
	X(W_NO_HOOK, \
	  "connection \"{1}\" takes no webhooks; give it hook = { secret = \"...\"; }", \
	  "接続 \"{1}\" は Webhook を受け付けません。hook = { secret = \"...\"; } を設定し" \
	  "てください") \
	X(W_HOOK_TOO_LARGE, \
	  "a webhook of more than 64 KiB, or one that could not be read", \
	  "64 KiB を超える、または読み込めない Webhook です") \
	X(W_DEMO_FAILED, "the demo could not go on: {1}", "デモを続けられません: {1}") \
	X(W_DOCTOR_RUNS, "runs", "動作中") \
	X(W_DOCTOR_RUNS_NOT, "does not run", "停止中") \
	X(W_DOCTOR_START, "start it: \"renkei daemon\", or its service (systemctl enable --now " \
	  "renkei)", "起動する: \"renkei daemon\" またはサービス (systemctl enable --now renkei)") \
	X(W_DOCTOR_CONSOLE_MEANS, "the daemon starts the console, and does not run", \
	  "コンソールは daemon が起動します。daemon が動いていません") \
	X(W_DOCTOR_NOTICES, "{1} wait, {2} of them in vain so far; {3} given up", \
	  "待機中 {1} 件（うち未達 {2} 件）、断念 {3} 件") \
	X(W_DOCTOR_NOTICES_MEANS, "somebody was not told what they should have been", \
	  "通知が届いていません") \
	X(W_DOCTOR_NOTICES_DO, \
	  "\"renkei notify list\" tells why; mend it and try \"renkei notify test\"", \
	  "\"renkei notify list\" で原因を確認し、直したら \"renkei notify test\" で試す") \
	/* Notices. */ \
	X(W_NOTE_DRIFT, "{1} {1?change|changes} of fields that it uses", \
	  "使用中のフィールドに {1} 件の変更がありました") \
	X(W_DRIFT_OK, "nothing fails by this", "影響はありません") \
	X(W_DRIFT_MAY_FAIL, "records may fail by this", "失敗するレコードが出るおそれがあります") \
	X(W_DRIFT_WILL_FAIL, "records will fail by this", "失敗するレコードが出ます") \
	X(W_DRIFT_NEW, "Changed since the last run looked:", "前回の実行以降の変更:") \
	X(W_DRIFT_STANDS, "Fields that changed at a CRM, with what it means for this sync:", \
	  "CRM 側で変わったフィールドと、この同期への影響:") \
	X(W_DRIFTED, \
	  "{1}: {2} {2?change of a field at its CRMs is|changes of fields at its CRMs are} not dealt with; \"renkei status {1}\" tells " \
	  "them", \
	  "{1}: CRM のフィールド変更 {2} 件に未対応です。\"renkei status {1}\" で表示します") \
	X(W_DRIFT_LINES, "lines that use it: {1}", "使用している行: {1}") \
	X(W_DRIFT_ADVICE, "suggested: {1}", "提案: {1}") \
	X(W_DRIFT_WAITING, "{1} {1?record waits|records wait} with this field already", \
	  "このフィールドで {1} 件が待機中です") \
	X(W_NOTE_SUBJECT, "[renkei] {1}: {2}", "[renkei] {1}: {2}") \
	X(W_NOTE_WELL, "well again", "回復しました") \
	X(W_NOTE_RECORDS, "{1} {1?record|records} cannot be written", "{1} 件のレコードを書き込めません") \
	X(W_NOTE_ASKED, \
	  "{1} {1?field that both sides changed waits|fields that both sides changed wait} for a person; see: renkei conflicts {2}", \
	  "両側で変更された {1} 個のフィールドが選択待ちです。確認: renkei conflicts {2}") \
	X(W_NOTE_SETTLED, "no conflict waits any more", "選択待ちの競合はなくなりました") \
	X(W_NOTE_HELD, "held, an API limit is reached", "保留中（API の上限に達しました）") \
	X(W_NOTE_LOGIN, "the CRM refuses renkei: credentials or rights", \
	  "CRM に拒否されました（認証または権限）") \
	X(W_NOTE_FAILING, "the sync failed", "同期に失敗しました") \
	X(W_NOTE_BROKEN, "stopped, as it failed again and again", \
	  "失敗が続いたため停止しました") \
	X(W_NOTE_OVERDUE, "no good run since {1}", "{1} 以降、正常に実行されていません") \
	X(W_NOTE_SYNC, "{1} {2} -> {3} {4}, at {5}", "{1} {2} -> {3} {4}、{5}") \
	X(W_NOTE_SINCE, "It was not well since {1}.", "{1} から異常が続いていましたが、回復しました。") \
	X(W_NOTE_GOES_ON, \
	  "It goes on by itself when the limit frees; nothing is lost.", \
	  "上限が解除されると自動で再開します。データは失われません。") \
	X(W_NOTE_PAUSED, "no good run since {1}: it is paused", \
	  "一時停止中のため、{1} 以降実行されていません") \
	X(W_NOTE_OFF, "no good run since {1}: it is switched off", \
	  "無効のため、{1} 以降実行されていません") \
	X(W_NOTE_LAST_RUN, "The last run began at {1} and ended so: {2}", \
	  "最後の実行: {1} 開始、結果: {2}") \
	X(W_NOTE_EXPECTED, "The next was expected at {1}.", "次の実行の予定: {1}") \
	X(W_NOTE_OFF_DO, \
	  "enabled = false keeps it from running; set it to true, or remove {1} from the configuration.", \
	  "enabled = false のため実行されません。true にするか、{1} を設定から取り除いてください。") \
	X(W_NOTE_OVERDUE_DO, \
	  "See whether the daemon runs, and what stands in its log; \"renkei sync {1}\" runs it now.", \
	  "daemon が動いているか、そのログを確認してください。\"renkei sync {1}\" ですぐに実行できます。") \
	X(W_NOTE_BREAKER, \
	  "The rule breaker = \"{1}\" of its configuration keeps it from running until {2}; " \
	  "\"renkei sync {3}\" runs it at once.", \
	  "設定 breaker = \"{1}\" により {2} まで実行しません。\"renkei sync {3}\" ですぐに実行できます。") \
	X(W_NOTE_LOOK, "More: renkei status {1}; renkei errors list {1}", \
	  "詳細: renkei status {1}、renkei errors list {1}") \
	X(W_NOTE_WHO, "You get this because notify.{1} has send = \"{2}\".", \
	  "この通知は notify.{1} の send = \"{2}\" により送信されました。") \
	X(W_NOTE_TEST, "test message", "テスト通知") \
	X(W_NOTE_TEST_BODY, \
	  "This is a test of notify.{1}; nothing is wrong.\nIt has send = \"{2}\".\n", \
	  "notify.{1} のテストです。異常はありません。\nsend = \"{2}\" です。\n") \
	X(W_DIGEST_DAILY, "[renkei] today {1} of {2} syncs are well", \
	  "[renkei] 日次まとめ: {2} 件中 {1} 件の同期が正常") \
	X(W_DIGEST_WEEKLY, "[renkei] this week {1} of {2} syncs are well", \
	  "[renkei] 週次まとめ: {2} 件中 {1} 件の同期が正常") \
	X(W_DIGEST_SPAN, "From {1} to {2}", "{1} から {2} まで") \
	X(W_DIGEST_SYNCS, "Syncs:", "同期:") \
	X(W_DIGEST_TREND, "Trend, with the time before it:", "推移（前の期間との比較）:") \
	X(W_DIGEST_RUNS, "runs: {1} (before: {2})", "実行: {1} 回（前: {2} 回）") \
	X(W_DIGEST_STOPPED, "of these stopped: {1} (before: {2})", \
	  "うち中断: {1} 回（前: {2} 回）") \
	X(W_DIGEST_WRITTEN, "records written: {1} (before: {2})", \
	  "書き込んだレコード: {1} 件（前: {2} 件）") \
	X(W_DIGEST_CAUSES, "What is wrong most often:", "多い原因:") \
	X(W_DIGEST_PERSON, "What waits for a person:", "対応待ち:") \
	X(W_DIGEST_ERRORS, "{1} {1?record|records} that cannot be written: renkei errors list", \
	  "書き込めないレコード {1} 件: renkei errors list") \
	X(W_DIGEST_CONFLICTS, "{1} {1?field|fields} that both sides changed: renkei conflicts", \
	  "両側で変更されたフィールド {1} 個: renkei conflicts") \
	X(W_DIGEST_LOGINS, "{1} {1?sync|syncs} that {1?its|their} CRM does not let in: renkei status", \
	  "CRM に接続を拒否された同期 {1} 件: renkei status") \
	X(W_DIGEST_QUOTA, "API use:", "API の利用:") \
	X(W_DIGEST_PAUSED, "{1} {1?sync|syncs} that somebody paused: renkei resume", \
	  "一時停止中の同期 {1} 件: renkei resume") \
	X(W_DIGEST_USED_UP, "at this pace it is used up at {1}", \
	  "このペースでは {1} に使い切ります") \
	X(W_DIGEST_LIMIT_OURS, "{1}, {2}: {3} of {4} used", "{1}、{2}: {4} のうち {3} を使用") \
	X(W_DIGEST_LIMIT, "{1}, {2}: {3} of {4} used; left at the CRM: {5}", \
	  "{1}、{2}: {4} のうち {3} を使用、CRM での残り {5}") \
	X(W_NOTIFY_NAME, "whom", "通知先") \
	X(W_NOTIFY_SEND, "how often", "頻度") \
	X(W_NOTIFY_WAY, "way", "方法") \
	X(W_NOTIFY_TAKEN, "taken", "受理") \
	X(W_NOTIFY_SUBJECT, "subject", "件名") \
	X(W_NOTIFY_STATE_SENT, "sent", "送信済み") \
	X(W_NOTIFY_GIVEN_UP, "given up", "断念") \
	X(W_NOTIFY_RESTORED, "not sent: restored", "未送信（復元）") \
	X(W_NOTIFY_SENT, "{1} {1?message is|messages are} sent.", "{1} 件のメッセージを送信しました。") \
	X(W_NOTIFY_NO_NAME, "There is no \"{1}\" in notify.", "notify に \"{1}\" はありません。") \
	X(W_NOTIFY_NOBODY, \
	  "The configuration has no notify; \"renkei help config\" shows what stands there.", \
	  "設定に notify がありません。書き方は \"renkei help config\" で確認できます。") \
	X(W_DEMO_NEXT, "What to try next:", "次に試せること:") \
	X(W_DEMO_CONSOLE, \
	  "A daemon and its console run on this now.  Open this to set a password:\n  {1}", \
	  "ここまでの結果の上で daemon とコンソールが動いています。次を開いてパスワードを設定します。\n  {1}") \
	X(W_DEMO_RUNNING, \
	  "The simulated CRMs keep running until Ctrl-C.", \
	  "模擬 CRM は Ctrl-C を押すまで動き続けます。") \
	X(W_DEMO_OWN, \
	  "renkei help config; renkei connectors show hubspot; then your own " \
	  "renkei.conf", \
	  "renkei help config、renkei connectors show hubspot を見て、renkei.conf を" \
	  "作る") \
	X(W_ROLE, "role", "役割") \
	X(W_USER_BAD_NAME, "\"{1}\" is no name for a user; letters, digits, \".\", \"_\" and \"-\", " \
	  "at most 64", "\"{1}\" は利用者名に使えません。英数字と \".\" \"_\" \"-\" で 64 文字以内にして" \
	  "ください") \
	X(W_USER_PORT, "Put the console's port in place of 0: it took a free one when it started, and " \
	  "the daemon's log tells which (console.started).", \
	  "0 はコンソールのポートに置き換えてください。起動時に空きポートを使っており、daemon のログ " \
	  "(console.started) で分かります。") \
	X(W_USER_BAD_ROLE, "\"{1}\" is no role; viewer or operator", \
	  "\"{1}\" という役割はありません。viewer か operator です") \
	X(W_USER_NONE, "there is no user \"{1}\"; \"renkei user list\" lists them", \
	  "利用者 \"{1}\" はいません。\"renkei user list\" で一覧を表示します") \
	X(W_USER_NO_CONSOLE, "the configuration has no group console; add console: { }; and reload", \
	  "設定に console がありません。console: { }; を加えて読み直してください") \
	X(W_USER_LINK, "open {1} within 24 hours to set the password of {2}; it works once", \
	  "24 時間以内に {1} を開いて {2} のパスワードを設定してください（1 回だけ有効）") \
	X(W_USER_INVITED, "invited", "招待中") \
	X(W_USER_TERMINAL, "who is an operator is decided at a terminal: \"renkei user link {1} " \
	  "operator\", \"renkei user remove {1}\"", "operator の追加・変更・削除は端末で行います: " \
	  "\"renkei user link {1} operator\"、\"renkei user remove {1}\"") \
	X(W_USER_REMOVED, "user {1} is removed", "利用者 {1} を削除しました")

#endif
