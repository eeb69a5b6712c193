# SPDX-License-Identifier: Apache-2.0
#
# source.sh - kintone as the source: what its apps hold becomes HubSpot contacts, and
# what went from HubSpot to kintone comes back as it was.

# The other direction: app 1 of kintone into contacts, by e-mail.
BACK_MAP='{ from = "メールアドレス"; to = "email"; },
{ from = "氏名"; to = "lastname"; },
{ from = "会社名"; to = "company"; nulls = "clear"; },
{ from = "電話"; to = "phone"; nulls = "clear"; },
{ from = "従業員数"; to = "employee_count"; nulls = "clear"; },
{ from = "契約日"; to = "contract_date"; nulls = "clear"; },
{ from = "備考"; to = "message"; nulls = "clear"; },
{ from = "段階"; to = "lifecyclestage"; values = ( ("リード", "lead"),
  ("見込み客", "marketingqualifiedlead"), ("商談中", "opportunity"),
  ("顧客", "customer") ); otherwise = "other"; }'

# back [MORE OF THE SYNC]: adds the sync "back" to the configuration.
back() {
	MORE_SYNCS=", { name = \"back\"; ${1-}
    from = { connection = \"kin\"; object = \"$APP\"; };
    to = { connection = \"hub\"; object = \"contacts\"; key = \"email\"; };
    map = ( $BACK_MAP ); }"
	configure
}
app() { tell "$KIN" "$1" "$2"; }

first_and_changed() {
	place
	back
	NAME=back
	app seed '{"object":"1","count":1200}'
	advance 200000
	renkei check --online
	code 0
	renkei sync back
	code 0
	figures read=1200 created=1200 failed=0
	count_anew
	renkei sync back
	figures created=0 updated=0
	equal "$(calls "$HUB")" 0 "calls at the target when nothing changed"
	[ "$(calls "$KIN")" -le 2 ] || fail "$(calls "$KIN") calls at the source when idle"
	app edit '{"object":"1","id":"7","values":{"会社名":{"value":"新しい"}}}'
	renkei sync back
	figures updated=1 created=0
	equal "$(values "$HUB" contacts company | grep -c 新しい)" 1 "changed"
}
scenario "an app becomes contacts, and only what changes goes again" first_and_changed

# imported NUMBER...: records that an import creates with the time of an older system.
imported() {
	local n records=
	for n in "$@"; do
		records+="${records:+,}{\"updatedAt\":\"1600000000000\",\"record\":{
			\"メールアドレス\":\"old$n@example.com\",\"氏名\":\"古い $n\"}}"
	done
	app load "{\"object\":\"1\",\"records\":[$records]}"
}

# S2-28: registered after the sync was enabled, whatever their time says.
backdated() {
	place
	back 'start = "now";'
	NAME=back
	imported 1 2
	app seed '{"object":"1","count":700}'
	advance 200000
	renkei sync back
	figures read=0 created=0
	imported 3
	count_anew
	renkei sync back
	figures created=1 failed=0
	equal "$(calls "$KIN")" 2 "calls at the source: the form and a page"
	equal "$(values "$HUB" contacts email)" old3@example.com "what came"
	renkei cursor show back
	code 0
	# Not taken for where a listing stands, and read once.
	renkei sync back
	figures read=0 created=0
	# Over a page, and none is missed when the run is cut off between two pages.
	imported $(seq 10 1300)
	fault "$KIN" '{"match":"GET /k/v1/records.json*","nth":2,"times":9,"action":"status",
		"status":403}'
	renkei sync back
	code 1
	no_faults
	renkei sync back
	code 0
	renkei sync back
	figures created=0
	equal "$(live "$HUB" contacts)" 1292 "contacts in the end"
	# After a reset everything from the start on is read, and the mark is asked for anew.
	renkei cursor reset back
	code 0
	renkei sync back
	code 0
	imported 2000
	renkei sync back
	figures created=1 failed=0
}
scenario "what an import creates with an older time is found" backdated

# More than an offset reaches and a search may give: pages go by the record's number.
past_ten_thousand() {
	place
	back
	NAME=back
	sed -i "s/object = \"1\"; };/object = \"1\"; filter = \"氏名 = 'nobody'\"; };/" \
		"$DIR/renkei.conf"
	grep -q nobody "$DIR/renkei.conf" || fail "no filter"
	app seed '{"object":"1","count":10600}'
	renkei sync back
	code 0
	figures read=10600 created=0 excluded=10600
	equal "$(calls_to "$KIN" "GET /k/v1/records.json")" 22 "pages of 500"
	equal "$(calls_to "$KIN" "POST /k/v1/records/cursor.json")" 0 cursors
}
scenario "more than 10,000 records are read without an offset or a cursor" past_ten_thousand

# proposed FROM TO KEY COUNT: the proposal loads as it stands, passes every check, and
# carries records of the source.
proposed() {
	place
	head -n "$(grep -n '^syncs' "$DIR/renkei.conf" | cut -d: -f1)" "$DIR/renkei.conf" |
		sed '$d' >"$DIR/connections"
	app seed '{"object":"1","count":50}'
	seed 50
	renkei map "$1" "$2"
	code 0
	says "$3"
	{ cat "$DIR/connections"; sed 's/enabled = false/enabled = true/' "$DIR/out"; } \
		>"$DIR/renkei.conf"
	renkei check --online
	code 0
	renkei sync --all
	code "$4"
}
proposal_there() {
	proposed hub/contacts kin/1 'key = "メールアドレス"' 0
}
proposal_back() {
	proposed kin/1 hub/contacts 'key = "email"' 0
}
scenario "a proposed mapping loads, is checked and runs" proposal_there
scenario "a proposed mapping from kintone to HubSpot does so too" proposal_back

map_mistakes() {
	place
	renkei map hub kin/1
	code 2
	says '"hub"' "CONNECTION/OBJECT"
	renkei map hub/contacts king/1
	code 2
	says '"king"' kin
	renkei map hub/contacts kin/99
	code 2
	says GAIA_AP01
	renkei --lang ja map hub/contacts kin/1
	code 0
	says "選択肢が一致しません" '("lead", "")' '"リード"'
	renkei --json map hub/contacts kin/1
	code 0
	valid_json
	says '"state":"unfit"' '"why":"no option'
}
scenario "a mapping is proposed for objects that are there" map_mistakes

# ---- kintone to kintone: every type of field, out of a guest space ----------------

# person CODE...: what a field of people holds.
person() {
	local code list=
	for code in "$@"; do list+="${list:+,}{\"code\":\"$code\",\"name\":\"$code\"}"; done
	echo "{\"value\":[$list]}"
}
# line NUMBER NAME COUNT DATE PEOPLE COLOURS: one row of 明細.
line() {
	printf '{"id":"%s","value":{"品名":{"type":"SINGLE_LINE_TEXT","value":"%s"},' "$1" "$2"
	printf '"数量":{"type":"NUMBER","value":"%s"},"納期":{"type":"DATE","value":%s},' "$3" "$4"
	printf '"係":%s,' "$(person $5 | sed 's/{"value"/{"type":"USER_SELECT","value"/')"
	printf '"色":{"type":"CHECK_BOX","value":[%s]},' "$6"
	printf '"小計":{"type":"CALC","value":"%s"}}}' "$3"
}
full_record() {
	cat <<END
"番号":{"value":"$1"},"件名":{"value":"件 $1"},"自動":{"value":"件 $1"},
"本文":{"value":"一行目\n二行目 \"引用\" \\\\"},"装飾":{"value":"<b>太字</b><br>&amp;"},
"数":{"value":"1.50"},"計":{"value":"3"},"計時間":{"value":"25:10"},
"計日時":{"value":"2026-02-28T01:02:00Z"},"担当者":$(person sato suzuki),
"部署":$(person sales),"組":$(person everyone Administrators),"選択":{"value":"甲"},
"丸":{"value":"乙"},"印":{"value":["甲","乙"]},"複数":{"value":["乙"]},
"日付":{"value":"2024-02-29"},"時刻":{"value":"09:30"},
"日時":{"value":"2026-02-28T15:02:00Z"},"リンク":{"value":"https://example.com/?a=1&b"},
"連絡先":{"value":"a@example.com"},"会社":{"value":"C-1"},"会社名":{"value":"例示商会"},
"添付":{"value":[{"contentType":"text/plain","fileKey":"k","name":"n","size":"3"}]},
"明細":{"value":[$(line 501 ねじ 3 '"2026-03-01"' "sato suzuki" '"赤","青"'),
$(line 502 "" "" null "" ""),$(line 503 釘 0.25 null suzuki '"青"')]}
END
}

# Apps 10 (in guest space 7) and 11 are alike; 12 is where lookups look.
two_apps() {
	place --record "$DIR/record"
	local fields
	fields=$(tr '\n' ' ' <"$PARTS/every_type")
	app app '{"app":"12","fields":{"会社番号":{"type":"SINGLE_LINE_TEXT","unique":true},
		"名称":{"type":"SINGLE_LINE_TEXT"}}}'
	app app "{\"app\":\"10\",\"guest_space\":\"7\",\"fields\":{$fields}}"
	app app "{\"app\":\"11\",\"fields\":{$fields}}"
	app load '{"object":"12","records":[{"record":{"会社番号":{"value":"C-1"},
		"名称":{"value":"例示商会"}}}]}'
	app load "{\"object\":\"10\",\"records\":[{\"record\":{$(full_record N-1)}},
		{\"record\":{\"番号\":{\"value\":\"N-2\"},\"丸\":{\"value\":\"甲\"}}}]}"
	cat >"$DIR/connections" <<END
connections: {
  guest: { connector = "kintone"; host = "$KINTONE"; api_token = "env:KINTONE_TOKEN";
    guest_space = "7"; $KIN_MORE };
  kin: { connector = "kintone"; host = "$KINTONE"; api_token = "env:KINTONE_TOKEN";
    $KIN_MORE };
};
END
	cp "$DIR/connections" "$DIR/renkei.conf"
	NAME=10-11
}
# Takes the proposal, which clears what the source has no value for.
take_proposal() {
	renkei map guest/10 kin/11
	code 0
	{ cat "$DIR/connections"
	  sed 's/enabled = false/enabled = true/; s/; }\(,\?\)$/; nulls = "clear"; }\1/' \
		"$DIR/out"; } >"$DIR/renkei.conf"
}
same_in_both() {
	ask "$KIN" GET "/_control/records?object=10" >"$DIR/from"
	ask "$KIN" GET "/_control/records?object=11" >"$DIR/to"
	python3 "$PARTS/look.py" same "$DIR/from" "$DIR/to" 番号 件名 本文 装飾 担当者 部署 組 \
		選択 丸 印 複数 日付 時刻 日時 リンク 連絡先 会社 会社名 明細 || fail "they differ"
}

every_type() {
	two_apps
	take_proposal
	says 'from = "明細"; to = "明細"' 'attached files are not transferred' \
		'a list of related records'
	silent_about 'to = "自動"' 'to = "会社名"' 'to = "計"' 'to = "添付"' 'to = "レコード番号"'
	renkei check --online
	code 0
	renkei sync 10-11
	code 0
	figures created=2 failed=0
	same_in_both
	app edit "{\"object\":\"10\",\"id\":\"1\",\"values\":{\"部署\":{\"value\":[]},
		\"担当者\":$(person suzuki),\"選択\":{\"value\":null},\"日付\":{\"value\":null},
		\"数\":{\"value\":\"-0.5\"},\"明細\":{\"value\":[$(line 503 釘 7 null "" '"赤"')]}}}"
	app edit "{\"object\":\"10\",\"id\":\"2\",\"values\":{\"会社\":{\"value\":\"C-1\"},
		\"会社名\":{\"value\":\"例示商会\"},\"印\":{\"value\":[\"乙\"]}}}"
	renkei sync 10-11
	code 0
	figures updated=2 failed=0
	same_in_both
	as_described kintone
}
scenario "every type of field goes from app to app, out of a guest space" every_type

# ---- There and back ------------------------------------------------------------------

# twin FROM TO: a map each way.
STAGE_PAIRS='subscriber=登録読者 lead=リード marketingqualifiedlead=MQL
salesqualifiedlead=SQL opportunity=商談 customer=顧客 evangelist=推奨者 other=その他'
INTEREST_PAIRS='product=製品 event=イベント support=サポート newsletter=メールマガジン'
TWINS='email=メール lastname=姓 firstname=名 company=会社名 jobtitle=役職 phone=電話
website=ウェブ address=住所 city=市区町村 state=都道府県 zip=郵便番号 country=国
message=備考 member_no=会員番号 employee_count=従業員数 contract_date=契約日
closedate=クローズ日 lifecyclestage=段階 interests=興味'
# twin_map BACK: the maps of TWINS, turned round if BACK is 1.
twin_map() {
	local back=$1 twin a b pairs pair left right first=1
	for twin in $TWINS; do
		a=${twin%%=*} b=${twin#*=} pairs=
		case $a in
		lifecyclestage) pairs=$STAGE_PAIRS ;;
		interests) pairs=$INTEREST_PAIRS ;;
		esac
		[ $first = 1 ] || echo ,
		first=0
		[ $a != email ] || [ $back = 1 ] || a="email | trim | lower"
		[ $back = 0 ] || { left=$a a=$b b=$left; }
		printf '{ from = "%s"; to = "%s"; nulls = "clear";' "$a" "$b"
		[ -z "$pairs" ] || printf ' values = ('
		left=
		for pair in $pairs; do
			[ $back = 0 ] && right="(\"${pair%%=*}\", \"${pair#*=}\")" ||
				right="(\"${pair#*=}\", \"${pair%%=*}\")"
			printf '%s%s' "$left" "$right"
			left=', '
		done
		printf '%s }' "${pairs:+ );}"
	done
}

# Every seed, and values that the page of kintone says it keeps in another form.
there_and_back() {
	place
	app app "{\"app\":\"2\",\"numberPrecision\":{\"digits\":\"30\",
		\"decimalPlaces\":\"4\"},\"fields\":{$(tr '\n' ' ' <"$PARTS/twin_app")}}"
	seed 300
	tell "$HUB" seed '{"object":"contacts","kind":"hard"}'
	contact second '"closedate":"2026-02-03T04:05:06.789Z"'
	contact zeros '"employee_count":"0042.50"'
	contact list '"interests":";support;product"'
	contact nothing '"company":"","phone":""'
	APP=2 KEY=メール MAP=$(twin_map 0)
	BACK_MAP=$(twin_map 1)
	back
	renkei check --online
	code 0
	renkei sync contacts
	code 3
	sleep 0.5                       # What commits late is seen after it.
	advance 300000
	renkei sync contacts
	code 3
	ask "$HUB" GET "/_control/records?object=contacts" >"$DIR/before"
	renkei sync back
	code 0
	NAME=back
	figures created=0 failed=0 "updated=$(live "$KIN" 2)"
	ask "$HUB" GET "/_control/records?object=contacts" >"$DIR/after"
	python3 "$PARTS/look.py" back "$DIR/before" "$DIR/after" email \
		"second@example.com closedate 2026-02-03T04:05:06.789Z 2026-02-03T04:05:00.000Z" \
		"zeros@example.com employee_count 0042.50 42.5" \
		"list@example.com interests ;support;product support;product" ||
		fail "it came back different"
	# Two syncs face to face come to rest.
	NAME=contacts
	advance 300000
	renkei sync contacts
	figures created=0
	NAME=back
	renkei sync back
	NAME=contacts
	advance 300000
	count_anew
	renkei sync contacts
	figures created=0 updated=0
	NAME=back
	renkei sync back
	figures created=0 updated=0
	equal "$(calls_to "$KIN" "PUT /k/v1/records.json")" 0 "writes to kintone at rest"
}
scenario "what goes to kintone and back is what it was, but for what the page says" \
	there_and_back

# ---- Rights, tokens, and what is not there ---------------------------------------------

# S2-55: apps with a token each, all in one secret; the lookup's app is one of them.
token_each() {
	two_apps
	local fields
	fields=$(tr '\n' ' ' <"$PARTS/every_type")
	app app "{\"app\":\"10\",\"guest_space\":\"7\",\"token\":\"ten\",\"fields\":{$fields}}"
	app app "{\"app\":\"11\",\"token\":\"eleven\",\"fields\":{$fields}}"
	app app '{"app":"12","token":"twelve","fields":{}}'
	app edit '{"object":"10","id":"2","values":{"会社":{"value":"C-9"}}}'
	export KINTONE_TOKEN=ten
	renkei describe guest 10
	code 0
	renkei describe kin 11
	code 5
	says GAIA_IA02
	export KINTONE_TOKEN=ten,eleven,twelve
	take_proposal
	renkei check --online
	code 0
	renkei sync 10-11
	code 3
	figures created=1 failed=1
	renkei errors 10-11
	says association GAIA_LO04 会社 C-9 'it refers to "12"'
	renkei --lang ja errors 10-11
	says '参照先: "12"'
	app load '{"object":"12","records":[{"record":{"会社番号":{"value":"C-9"},
		"名称":{"value":"あとから"}}}]}'
	renkei errors resync 10-11 2
	code 0
	equal "$(values "$KIN" 11 会社名 | tr '\n' ' ')" "あとから 例示商会 " "copies"
	# Without the token of the lookup's app its records may not be seen.
	export KINTONE_TOKEN=ten,eleven
	app edit '{"object":"10","id":"2","values":{"会社":{"value":"C-1"}}}'
	renkei sync 10-11
	code 3
	renkei errors 10-11
	says association GAIA_LO04
}
scenario "tokens of several apps, and a lookup whose record comes later" token_each

nobody_knows() {
	two_apps
	app edit "{\"object\":\"10\",\"id\":\"2\",\"values\":{\"担当者\":$(person nobody)}}"
	take_proposal
	renkei sync 10-11
	code 3
	figures created=1 failed=1
	renkei errors 10-11
	says association GAIA_IL26 担当者 nobody
	# What is deleted at the source is no error any more.
	app delete '{"object":"10","ids":["2"]}'
	renkei errors resync 10-11 2
	renkei sync 10-11
	code 0
	renkei errors 10-11
	silent_about GAIA_IL26
	app rights '{"app":"10","rights":"aed"}'
	renkei sync 10-11
	code 5
	says GAIA_NO01 "a source needs view"
	app rights '{"app":"10","rights":"vaed"}'
	app app '{"app":"10","guest_space":"8","fields":{}}'
	renkei sync 10-11
	says CB_NO02
	app app '{"app":"10","fields":{}}'
	renkei sync 10-11
	says CB_NO02
}
scenario "people that nobody knows, records that went, rights that are missing" nobody_knows

# A status is read where the app has one; it is not written.
states() {
	place
	app app '{"app":"3","code":"CRM","fields":{"mail":{"type":"SINGLE_LINE_TEXT",
		"unique":true},"ステータス":{"type":"STATUS","enabled":true},
		"カテゴリー":{"type":"CATEGORY","enabled":true}}}'
	app load '{"object":"3","records":[{"record":{"mail":{"value":"a@example.com"},
		"ステータス":{"value":"完了"},"カテゴリー":{"value":["東","西"]}}}]}'
	APP=3
	BACK_MAP='{ from = "mail"; to = "email"; }, { from = "ステータス"; to = "jobtitle"; },
{ from = "レコード番号"; to = "member_no"; },
{ from = "カテゴリー | join(\" \")"; to = "city"; },
{ from = "更新者"; to = "company"; }, { from = "$modified | date(UTC)"; to = "contract_date"; }'
	MAP='{ from = "email"; to = "mail"; }'
	KEY=mail
	back
	renkei check --online
	code 0
	renkei sync back
	code 0
	equal "$(values "$HUB" contacts jobtitle)" 完了 status
	equal "$(values "$HUB" contacts member_no)" CRM-1 "record number"
	equal "$(values "$HUB" contacts city)" "東 西" categories
	equal "$(values "$HUB" contacts company)" Administrator modifier
	renkei preview back --match レコード番号=CRM-1
	code 0
	says 完了
	MAP='{ from = "email"; to = "mail"; }, { from = "jobtitle"; to = "ステータス"; }'
	configure
	renkei check --online
	code 2
	says ステータス "cannot be written"
}
scenario "status, categories and record numbers are read and not written" states

# A domain with Basic authentication before its API.
basic_gate() {
	place
	back
	app seed '{"object":"1","count":3}'
	app gate '{"header":"Basic Z2F0ZTpvcGVu"}'
	renkei sync back
	says "before the API" ip-rule
	[ "$CODE" != 0 ] || fail "it went through"
	export GATE_LOGIN=gate GATE_PASSWORD=open
	KIN_MORE="$KIN_MORE basic_login = \"env:GATE_LOGIN\";
basic_password = \"env:GATE_PASSWORD\";"
	back
	renkei check --online
	code 3
	says "1 of the last 1 runs were stopped"
	silent_about "Address refused"
	NAME=back
	renkei sync back
	code 0
	figures created=3
	renkei check --online
	code 0
	KIN_MORE=${KIN_MORE%basic_password*}
	NAME=contacts
	back
	renkei sync back
	says "basic_login and basic_password go together"
}
scenario "Basic authentication of a domain is passed" basic_gate
