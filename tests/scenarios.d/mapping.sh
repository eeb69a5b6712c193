# SPDX-License-Identifier: Apache-2.0
#
# mapping.sh - mappings, keys and filters: mistakes are told with line and nearest
# name, and what is right does what it says.

# refused MAP TEXT...: with this mapping the sync is off, and these words say why.
refused() {
	MAP=$1
	shift
	configure
	renkei check --online
	code 2
	says "renkei.conf:" "$@"
	renkei sync contacts
	code 2
	equal "$(calls_to "$KIN" "PUT /k/v1/records.json")" 0 "writes"
	equal "$(calls_to "$HUB" "GET /crm/objects")" 0 "pages read in vain"
}
EMAIL='{ from = "email"; to = "メールアドレス"; }'
PERSON='{ from = "${lastname} ${firstname}"; to = "氏名"; }'

mistakes_of_fields() {
	place
	seed 3
	refused "$EMAIL, $PERSON, { from = \"compny\"; to = \"会社名\"; }" \
		'"compny"' 'did you mean "company"?'
	refused "$EMAIL, $PERSON, { from = \"company\"; to = \"会社\"; }" \
		'"会社"' "no such field"
	refused "$EMAIL, $PERSON, { from = \"company\"; to = \"会社名称\"; }" \
		'did you mean "会社名"?'
	refused "$EMAIL, $PERSON, { from = \"createdate\"; to = \"作成日時\"; }" \
		'"作成日時"' "cannot be written"
	refused "$EMAIL, $PERSON, { from = \"company | uper\"; to = \"会社名\"; }" \
		'"uper"' 'did you mean "upper"?'
	refused "$EMAIL, { from = \"\${lastname\"; to = \"氏名\"; }" "氏名" expected
	refused "$PERSON" "no map fills \"メールアドレス\""
	defaults
	configure
	whole 3
}
scenario "a field, transform or template that is not there" mistakes_of_fields

# S2-42: a code that changed in kintone; reloading shows the new one and what broke.
renamed_field() {
	place
	seed 3
	renkei sync contacts
	code 0
	local form
	form=$(python3 -c 'import json
options = {o: {"label": o, "index": str(i)} for i, o in
           enumerate(("リード", "見込み客", "商談中", "顧客", "その他"))}
fields = {c: {"type": "SINGLE_LINE_TEXT", "code": c, "label": c, "unique": c == "メールアドレス",
              "required": False} for c in ("メールアドレス", "氏名", "勤務先", "電話")}
fields["更新日時"] = {"type": "UPDATED_TIME", "code": "更新日時", "label": "更新日時"}
fields["段階"] = {"type": "DROP_DOWN", "code": "段階", "label": "段階", "options": options}
print(json.dumps(json.dumps({"properties": fields, "revision": "9"})))')
	fault "$KIN" "{\"match\":\"GET /k/v1/app/form/fields*\",\"times\":99,\"action\":\"body\",
		\"body\":$form}"
	renkei describe kin 1
	code 0
	says 勤務先
	silent_about 会社名
	renkei check --online
	code 2
	says "renkei.conf:" '"会社名"' "no such field"
	lines err 'no such field' 1
	tell "$HUB" edit '{"object":"contacts","id":2,"values":{"company":"Edited"}}'
	advance 300000
	count_anew
	renkei sync contacts
	code 2
	equal "$(calls_to "$KIN" "PUT /k/v1/records.json")" 0 "writes"
	MAP=${MAP/会社名/勤務先}
	configure
	renkei check --online
	code 0
}
scenario "a field code that changed in kintone" renamed_field

# S2-44
two_sources() {
	place
	seed 3
	refused "$EMAIL, { from = \"company\"; to = \"氏名\"; },
{ from = \"city\"; to = \"氏名\"; }" "a second source for \"氏名\"" "in one expression"
	MAP="$EMAIL, { from = \"\${company} \${city}\"; to = \"氏名\"; }"
	configure
	renkei sync contacts
	code 0
	figures created=3
}
scenario "two sources for one target need an expression" two_sources

wrong_types() {
	place
	seed 3
	refused "$EMAIL, $PERSON, { from = \"hs_email_optout\"; to = \"契約日\"; }" "契約日"
	refused "$EMAIL, $PERSON, { from = \"contract_date\"; to = \"従業員数\"; }" "従業員数"
	refused "$EMAIL, $PERSON, { from = \"contract_date\"; to = \"最終接触\"; }" "最終接触"
	refused "$EMAIL, $PERSON, { from = \"lastmodifieddate\"; to = \"契約日\"; }" \
		"契約日" "date("
	defaults
	configure
	whole 3
}
scenario "types that do not go together" wrong_types

# S2-32, S2-33
wrong_keys() {
	place
	seed 3
	KEY=会社名
	refused "$MAP" '"会社名"' "does not prohibit duplicate values" '"メールアドレス"'
	KEY="メールアドレス, 会員番号"
	refused "$MAP" "exactly one field"
	KEY=メール
	refused "$MAP" '"メール"' '"メールアドレス"'
	KEY=
	refused "$MAP" "key:"
	defaults
	configure
	whole 3
}
scenario "a key that is not unique, not one, or not there" wrong_keys

broken_beside_sound() {
	place
	seed 3
	tell "$KIN" app '{"app":"2","fields":{
		"mail":{"type":"SINGLE_LINE_TEXT","unique":true}}}'
	MORE_SYNCS=', { name = "broken"; from = { connection = "hub"; object = "contacts"; };
  to = { connection = "kin"; object = "2"; key = "mail"; };
  map = ( { from = "emial"; to = "mail"; } ); },
{ name = "wrong"; from = { connection = "hubb"; object = "contacts"; };
  to = { connection = "kin"; object = "2"; key = "mail"; };
  map = ( { from = "email"; to = "mail"; } ); }'
	configure
	renkei sync --all
	code 2
	says 'did you mean "email"?' 'sync "wrong"' '"hubb"'
	figures created=3
	equal "$(live "$KIN" 2)" 0 "records of the broken sync"
	renkei check --online
	code 2
	says broken wrong
	true_to_the_source 3
}
scenario "a broken sync leaves the others running" broken_beside_sound

switched_off() {
	place
	seed 3
	SYNC_MORE='enabled = false;'
	configure
	renkei sync --all
	code 0
	equal "$(calls "$HUB")" 0 "calls for a sync that is off"
	renkei sync contacts
	says enabled
	equal "$(live "$KIN" 1)" 0 "records"
	SYNC_MORE=
	configure
	whole 3
}
scenario "a sync that is switched off does nothing" switched_off

# S4-18
line_switched_off() {
	place
	contact a '"company":"A","phone":"03-1"'
	MAP=${MAP/'from = "company";'/'from = "company"; enabled = false;'}
	configure
	renkei check --online
	code 0
	renkei sync contacts
	code 0
	equal "$(values "$KIN" 1 会社名)/$(values "$KIN" 1 電話)" /031 "what was written"
}
scenario "a line of the mapping that is switched off" line_switched_off

filter_excludes() {
	place
	contact a '"lifecyclestage":"lead","employee_count":"5"'
	contact b '"lifecyclestage":"customer","employee_count":"50"'
	contact c '"lifecyclestage":"subscriber","employee_count":"500"'
	contact d '"employee_count":"5000"'
	FROM_MORE="filter = \"lifecyclestage in ('lead', 'customer') and employee_count >= 10\""
	configure
	renkei plan contacts
	code 0
	renkei sync contacts
	code 0
	# The first listing asks the source for what the filter keeps.
	figures read=1 created=1 excluded=0
	equal "$(values "$KIN" 1 メールアドレス)" b@example.com "kept"
	FROM_MORE="filter = \"lifecyclestage is empty or not (employee_count < 100)\""
	configure
	renkei sync contacts
	code 0
	figures read=4 created=2 excluded=2
	FROM_MORE='filter = "lifecyclestage = "'
	configure
	renkei check --online
	code 2
	says filter renkei.conf:
	FROM_MORE="filter = \"lifecyclestge = 'lead'\""
	configure
	renkei check --online
	code 2
	says 'did you mean "lifecyclestage"?'
}
scenario "a filter keeps and excludes" filter_excludes

empty_keys() {
	place
	contact a
	load '{"lastname":"no","firstname":"key"}'
	load '{"email":"  ","lastname":"blank","firstname":"key"}'
	renkei sync contacts
	code 0
	figures read=3 created=1 excluded=2 failed=0
	SYNC_MORE='empty_key = "error";'
	configure
	renkei sync contacts
	code 3
	figures failed=2
	renkei errors contacts
	says メールアドレス
	equal "$(live "$KIN" 1)" 1 "records"
	SYNC_MORE='empty_key = "create";'
	configure
	renkei sync contacts
	code 0
	equal "$(live "$KIN" 1)" 3 "records"
	renkei sync contacts
	code 0
	equal "$(live "$KIN" 1)" 3 "records after another run"
}
scenario "an empty key is skipped, an error, or created once" empty_keys

existing_records() {
	place
	contact a
	contact b
	tell "$KIN" load '{"object":"1","records":[{"record":{
		"メールアドレス":{"value":"a@example.com"},"氏名":{"value":"before"},
		"役職":{"value":"kept"}}}]}'
	SYNC_MORE='existing = "refuse";'
	configure
	renkei sync contacts
	code 3
	figures created=1 failed=1
	renkei errors contacts
	code 0
	says duplicate
	equal "$(values "$KIN" 1 氏名 | grep -c before)" 1 "left alone"
	SYNC_MORE=
	configure
	renkei cursor reset contacts
	code 0
	renkei sync contacts
	code 0
	equal "$(live "$KIN" 1)" 2 "records"
	equal "$(values "$KIN" 1 氏名 | grep -c before)" 0 "adopted"
	equal "$(values "$KIN" 1 役職 | grep -c kept)" 1 "fields that no map fills"
}
scenario "records that exist are adopted, or refused" existing_records

fallback_keys() {
	place
	contact moved '"phone":"03-1"'
	contact mate '"phone":"03-1"'
	contact other '"phone":"03-2"'
	load '{"lastname":"no","firstname":"mail","phone":"03-3"}'
	tell "$KIN" load '{"object":"1","records":[
		{"record":{"メールアドレス":{"value":"old@example.com"},"電話":{"value":"031"}}},
		{"record":{"メールアドレス":{"value":"two@example.com"},"電話":{"value":"032"}}},
		{"record":{"メールアドレス":{"value":"too@example.com"},"電話":{"value":"032"}}},
		{"record":{"電話":{"value":"033"}}}]}'
	TO_MORE='fallback_keys = ( "電話", "会社名" );'
	configure
	renkei check
	code 0
	renkei plan contacts
	says "old@example.com -> moved@example.com"
	renkei sync contacts
	# One of the two that share a number takes the record over, the other is new.
	figures updated=2 created=2
	code 0
	equal "$(live "$KIN" 1)" 6 "records"
	equal "$(values "$KIN" 1 メールアドレス | grep -c old)" 0 "met by its phone number"
	equal "$(values "$KIN" 1 氏名 | grep -c "no mail")" 1 "met without a key"
	equal "$(values "$KIN" 1 メールアドレス | grep -c -E 't(w|o)o@')" 2 "two have that number: none is meant"
	count_anew
	renkei sync contacts
	code 0
	equal "$(calls_to "$KIN" "PUT /k/v1/records.json")" 0 "nothing is written twice"
	TO_MORE='fallback_keys = ( "部署" );'
	configure
	renkei sync contacts
	code 2
	says "fallback_keys" "部署" "no map fills"
	TO_MORE=
}
scenario "a record is met by another field where its key is not met" fallback_keys

# A value that many share fills the answer; who was asked for beside it is there all the same.
fallback_many_share() {
	local i
	place
	TO_MORE='fallback_keys = ( "電話" );'
	configure
	for i in 1 2 3 4 5 6; do
		tell "$KIN" load "{\"object\":\"1\",\"records\":[{\"record\":{\"メールアドレス\":\"old$i@example.com\",
			\"氏名\":\"共有$i\",\"電話\":\"0300000000\"}}]}"
	done
	tell "$KIN" load '{"object":"1","records":[{"record":{"メールアドレス":"old7@example.com",
		"氏名":"単独","電話":"0377777777"}}]}'
	load '{"email":"many@example.com","lastname":"共有","phone":"03-0000-0000"}'
	load '{"email":"alone@example.com","lastname":"単独","phone":"03-7777-7777"}'
	advance 200000
	renkei sync contacts
	equal "$(values "$KIN" 1 電話 | grep -c -x 0377777777)" 1 "records with its phone"
	equal "$(values "$KIN" 1 メールアドレス | grep -c -x alone@example.com)" 1 "met by its phone"
	equal "$(live "$KIN" 1)" 8 "records"
}
scenario "a value that many share hides nobody who was asked for beside it" fallback_many_share

only_creates_or_updates() {
	place
	contact a
	contact b
	tell "$KIN" load '{"object":"1","records":[{"record":{
		"メールアドレス":{"value":"a@example.com"},"氏名":{"value":"before"}}}]}'
	SYNC_MORE='only = "update";'
	configure
	renkei sync contacts
	code 0
	figures updated=1 excluded=1
	equal "$(live "$KIN" 1)" 1 "records when it updates only"
	equal "$(values "$KIN" 1 氏名 | grep -c before)" 0 "written over what is there"
	SYNC_MORE='only = "create";'
	configure
	tell "$HUB" edit '{"object":"contacts","random":2,"seed":5,"fields":["lastname"]}'
	advance 5000
	tell "$KIN" edit '{"object":"1","random":1,"seed":5,"fields":["氏名"]}'
	local edited
	edited=$(values "$KIN" 1 氏名)
	contact c
	renkei plan contacts -v
	says "takes new records only"
	renkei sync contacts
	code 0
	figures created=2 excluded=1
	equal "$(live "$KIN" 1)" 3 "records when it creates only"
	equal "$(values "$KIN" 1 氏名 | grep -c -F -x "$edited")" 1 "what is there is left as it is"
}
scenario "a sync that only updates, or only creates" only_creates_or_updates

only_blanks() {
	place
	contact full '"company":"ours","phone":"03-1"'
	tell "$KIN" load '{"object":"1","records":[{"record":{
		"メールアドレス":{"value":"full@example.com"},"氏名":{"value":"before"},
		"会社名":{"value":"theirs"}}}]}'
	MAP=${MAP/'from = "company";'/'from = "company"; only = "blanks";'}
	configure
	renkei plan contacts
	says "電話  (empty) -> 031"
	silent_about "ours"
	renkei sync contacts
	code 0
	figures updated=1
	equal "$(values "$KIN" 1 会社名)" theirs "a field that had a value"
	equal "$(values "$KIN" 1 電話)" 031 "a field of another map"
	# A blank is filled, and a change of it alone costs no write where there is a value.
	count_anew
	tell "$HUB" edit '{"object":"contacts","random":1,"seed":3,"fields":["company"]}'
	advance 5000
	renkei sync contacts
	code 0
	figures unchanged=1 updated=0
	equal "$(calls_to "$KIN" "PUT /k/v1/records.json")" 0 "writes that change nothing"
	tell "$KIN" edit '{"object":"1","id":"1","values":{"会社名":""}}'
	tell "$HUB" edit '{"object":"contacts","random":1,"seed":4,"fields":["company"]}'
	advance 5000
	renkei sync contacts
	code 0
	figures updated=1
	equal "$(values "$KIN" 1 会社名 | grep -c .)" 1 "a blank that is filled"
}
scenario "a field that only fills blanks" only_blanks

value_maps() {
	place
	contact a '"lifecyclestage":"lead"'
	contact b '"lifecyclestage":"evangelist"'
	MAP="$EMAIL, $PERSON, { from = \"lifecyclestage\"; to = \"段階\";
values = ( (\"lead\", \"リード\") ); }"
	configure
	renkei sync contacts
	code 3
	figures created=1 failed=1
	renkei errors contacts
	says picklist 段階 evangelist
	MAP="$EMAIL, $PERSON, { from = \"lifecyclestage\"; to = \"段階\";
values = ( (\"lead\", \"リード\") ); otherwise = \"その他\"; }"
	configure
	renkei sync contacts
	code 0
	equal "$(values "$KIN" 1 段階 | tr '\n' ' ')" "その他 リード " "stages"
	MAP="$EMAIL, $PERSON, { from = \"lifecyclestage\"; to = \"段階\";
values = ( (\"lead\", \"りーど\") ); }"
	configure
	renkei check --online
	code 2
	says 'りーど'
}
scenario "a value map rejects or falls back" value_maps

options_come_and_go() {
	place
	contact a '"lifecyclestage":"lead"'
	tell "$KIN" option '{"app":"1","field":"段階","remove":"リード"}'
	MAP="$EMAIL, $PERSON, { from = \"jobtitle\"; to = \"段階\"; }"
	contact b '"jobtitle":"リード"'
	configure
	renkei sync contacts
	code 3
	renkei errors contacts
	says picklist リード
	# Nothing has changed: the target is asked once what it says, and nothing is sent.
	count_anew
	renkei sync contacts
	code 3
	equal "$(calls_to "$KIN" "PUT /k/v1/records.json")" 0 "writes in vain"
	equal "$(calls_to "$KIN" "GET /k/v1/app/form/fields.json")" 1 "descriptions"
	tell "$KIN" option '{"app":"1","field":"段階","add":"リード"}'
	count_anew
	renkei sync contacts
	code 0
	figures carried=1 created=1 failed=0
	equal "$(values "$KIN" 1 段階 | grep -c リード)" 1 "healed"
	equal "$(calls_to "$KIN" "GET /k/v1/app/form/fields.json")" 1 "descriptions"
	count_anew
	renkei sync contacts
	equal "$(calls "$KIN")" 0 "calls at the target when all is well again"
}
scenario "an error heals when its option appears" options_come_and_go

null_policies() {
	place
	local policy
	contact a '"company":"before","city":"before","jobtitle":"before"'
	MAP="$EMAIL, $PERSON, { from = \"company\"; to = \"会社名\"; nulls = \"keep\"; },
{ from = \"city\"; to = \"住所\"; nulls = \"clear\"; },
{ from = \"jobtitle\"; to = \"役職\"; nulls = \"default\"; default = \"なし\"; }"
	configure
	renkei check --online
	code 0
	renkei sync contacts
	code 0
	tell "$HUB" edit '{"object":"contacts","id":"1",
		"values":{"company":"","city":"","jobtitle":""}}'
	advance 5000
	renkei sync contacts
	code 0
	figures updated=1
	equal "$(values "$KIN" 1 会社名)" before "keep"
	equal "$(values "$KIN" 1 住所)" "" "clear"
	equal "$(values "$KIN" 1 役職)" なし "default"
}
scenario "what no value does at the target" null_policies

transforms() {
	place
	contact a '"company":"  ＡＢＣ ｶﾅ ","phone":"+81 (03) 1234-5678","city":"MiXed",
		"jobtitle":"a\u0000b","closedate":"2026-01-31T15:00:00.000Z"'
	MAP="{ from = \"email | upper | lower\"; to = \"メールアドレス\"; }, $PERSON,
{ from = \"company | trim | nfkc\"; to = \"会社名\"; },
{ from = \"phone | digits\"; to = \"電話\"; }, { from = \"city | upper\"; to = \"住所\"; },
{ from = \"jobtitle | clean\"; to = \"役職\"; },
{ from = \"closedate | date('Asia/Tokyo')\"; to = \"契約日\"; }"
	configure
	renkei sync contacts
	code 0
	equal "$(values "$KIN" 1 会社名)" "ABC カナ" "trim, nfkc"
	equal "$(values "$KIN" 1 電話)" 810312345678 "digits"
	equal "$(values "$KIN" 1 住所)" MIXED "upper"
	equal "$(values "$KIN" 1 役職)" ab "clean"
	equal "$(values "$KIN" 1 契約日)" 2026-02-01 "date"
}
scenario "transforms do what they say" transforms

changed_mapping() {
	place
	seed 20
	renkei sync contacts
	code 0
	count_anew
	renkei sync contacts
	equal "$(calls "$KIN")" 0 "calls at the target when nothing changed"
	# One company differs under the new mapping, the others come out the same.
	tell "$HUB" edit '{"object":"contacts","id":"7","values":{"company":"Lower"}}'
	advance 5000
	renkei sync contacts
	figures updated=1
	MAP=$(sed 's/"company"/"company | trim"/' <<<"$MAP")
	configure
	renkei check
	code 0
	renkei plan contacts
	code 0
	says "full read         yes"
	count_anew
	renkei sync contacts
	code 0
	figures read=20 created=0 updated=0 unchanged=20 writes=0
	MAP=$(sed 's/"company | trim"/"company | upper"/' <<<"$MAP")
	configure
	renkei sync contacts
	code 0
	equal "$(figure read)" 20 read
	[ "$(figure updated)" -ge 1 ] && [ "$(figure updated)" -lt 20 ] ||
		fail "updated $(figure updated)"
	equal "$(values "$KIN" 1 会社名 | grep -c LOWER)" 1 "upper"
}
scenario "a changed mapping reads everything and writes only what differs" changed_mapping

# A person's edit at the target has nothing to do with a line that is added.
added_field() {
	place
	contact a '"company":"one","jobtitle":"boss"'
	contact b '"company":"two","jobtitle":"clerk"'
	contact c '"company":"three"'
	renkei sync contacts
	code 0
	tell "$KIN" edit '{"object":"1","id":"1","values":{"会社名":"theirs"}}'
	# This one changes in a field that no line reads; that one does change.
	tell "$HUB" edit '{"object":"contacts","id":"1","values":{"website":"https://a.example"}}'
	tell "$HUB" edit '{"object":"contacts","id":"2","values":{"company":"changed"}}'
	advance 5000
	MAP="$MAP, { from = \"jobtitle\"; to = \"役職\"; }"
	configure
	renkei plan contacts
	says "役職  (empty) -> boss" "会社名  two -> changed"
	silent_about "theirs"
	renkei sync contacts
	code 0
	figures read=3 updated=2 unchanged=1
	equal "$(values "$KIN" 1 会社名 | tr '\n' ' ')" "changed theirs three " "what was not added"
	equal "$(values "$KIN" 1 役職 | tr '\n' ' ')" " boss clerk " "the field that was added"
	# From now on a change of the record writes all of it, as ever.
	tell "$HUB" edit '{"object":"contacts","id":"1","values":{"jobtitle":"chief"}}'
	advance 5000
	renkei sync contacts
	code 0
	equal "$(values "$KIN" 1 会社名 | grep -c -x one)" 1 "all of a record that changed"
	# Without a field that the old lines read nobody can tell who changed: whole rows go.
	MAP=${MAP/'{ from = "company"; to = "会社名"; nulls = "clear"; },'/}
	configure
	renkei sync contacts
	code 0
	figures updated=3
}
scenario "a field that is added later is backfilled alone" added_field
