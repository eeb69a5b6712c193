# SPDX-License-Identifier: Apache-2.0
#
# drift.sh - fields change at a CRM while a sync uses them: it is told what changed, which
# lines break and what could stand there, before a record fails; and the sync goes on,
# pauses or refuses, as it was told to.

# drifting MORE: a sync that has run, and tells a program.
drifting() {
	simulators
	defaults
	printf '#!/bin/sh\ncat >>"%s"\necho >>"%s"\n' "$DIR/heard" "$DIR/heard" >"$DIR/told.sh"
	chmod +x "$DIR/told.sh"
	GLOBAL="notify: { ops: { command = \"$DIR/told.sh\"; }; };"
	SYNC_MORE="notify = ( \"ops\" ); $1"
	configure
	seed 20
	renkei sync contacts
	code 0
	[ ! -e "$DIR/heard" ] || fail "a first description is no change"
}
# What is known of fields is an hour old from here on.
stale() {
	python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE schema_cache SET at = at - 4000000")
db.commit()' "$DIR/state/host.db"
}
# What comes next has something to write.
edit() {
	tell "$HUB" edit '{"object":"contacts","random":9,"seed":5,"fields":["lifecyclestage","company","phone"]}'
	contact late '"lifecyclestage":"lead"' 0
	advance 300000
	stale
}
heard() {
	local text
	cat "$DIR/heard"
	for text in "$@"; do grep -q -F -e "$text" "$DIR/heard" || fail "nobody was told: $text"; done
}
# The notice was put before the first record failed.
told_first() {
	python3 -c 'import sqlite3, sys
told = sqlite3.connect(sys.argv[1] + "/host.db").execute(
    "SELECT min(at) FROM outbox WHERE kind = ?", ("drift",)).fetchone()[0]
failed = sqlite3.connect(sys.argv[1] + "/syncs/contacts.db").execute(
    "SELECT min(first), count(*) FROM pending WHERE state = 3").fetchone()
print(told, failed)
assert told and failed[1] > 0 and told <= failed[0]' "$DIR/state" || fail "a record failed first"
}
renamed_form() {
	python3 -c 'import json
options = {o: {"label": o, "index": str(i)} for i, o in
           enumerate(("リード", "見込み客", "商談中", "顧客", "その他"))}
fields = {c: {"type": "SINGLE_LINE_TEXT", "code": c, "label": c, "unique": c == "メールアドレス",
              "required": False} for c in ("メールアドレス", "氏名", "勤務先", "電話")}
fields["勤務先"]["label"] = "会社名"
fields["更新日時"] = {"type": "UPDATED_TIME", "code": "更新日時", "label": "更新日時"}
fields["段階"] = {"type": "DROP_DOWN", "code": "段階", "label": "段階", "options": options}
print(json.dumps(json.dumps({"properties": fields, "revision": "9"})))'
}

goes_on() {
	drifting ''
	tell "$KIN" app '{"app":"1","fields":{"会社名":{"type":"SINGLE_LINE_TEXT","maxLength":"3"}}}'
	edit
	renkei sync contacts
	code 3
	heard "[renkei] contacts: 1 change" 'field "会社名" takes 3 characters at most now' \
		"records may fail by this" "renkei.conf:"
	told_first
	renkei status
	says 'contacts: 1 change of a field at its CRMs is not dealt with'
	renkei status contacts
	says 'field "会社名" takes 3 characters at most now' "lines that use it: $DIR/renkei.conf:" \
		"records wait with this field already"
	renkei --json status contacts
	python3 "$PARTS/look.py" drift drift "$DIR/out" 会社名 may-fail || fail "not in JSON"
	# Once: what is known now is no news.
	stale
	renkei sync contacts
	equal "$(grep -c 'kin 1: field' "$DIR/heard")" 1 "times it was told"
}
scenario "a sync that goes on tells before a record fails, and once" goes_on

option_gone() {
	drifting ''
	tell "$KIN" option '{"app":"1","field":"段階","remove":"リード"}'
	tell "$KIN" option '{"app":"1","field":"段階","add":"新リード"}'
	edit
	renkei sync contacts
	code 2
	heard 'field "段階" has no option "リード" any more' "records will fail by this" \
		"renkei.conf:" 'values = ( ("lead", "新リード") )' 'has a new option "新リード"'
	renkei status contacts
	says 'has no option "リード" any more' "records will fail by this" \
		'suggested: values = ( ("lead", "新リード") )'
	renkei check --online
	code 2
	# As was suggested: it is dealt with before any run.
	MAP=${MAP/'("lead", "リード")'/'("lead", "新リード")'}
	configure
	renkei status contacts
	silent_about リード
	renkei sync contacts
	code 0
	figures created=1 failed=0 waiting=0
}
scenario "an option is removed: it is told with the line and a value map" option_gone

pauses() {
	drifting 'drift = "pause";'
	tell "$KIN" option '{"app":"1","field":"段階","remove":"リード"}'
	count_anew
	edit
	renkei sync contacts
	code 2
	says 'renkei resume contacts'
	heard 'has no option "リード" any more'
	for verb in POST PUT; do
		equal "$(calls_to "$KIN" "$verb /k/v1/records.json")" 0 "$verb by a sync that pauses"
	done
	renkei sync contacts
	code 2
	says paused
	MAP=${MAP/'("lead", "リード")'/'("lead", "その他")'}
	configure
	renkei resume contacts
	code 0
	renkei sync contacts
	code 0
	figures created=1 failed=0 waiting=0
}
scenario "a sync that is to pause writes nothing until it is resumed" pauses

refuses() {
	drifting 'drift = "refuse";'
	fault "$KIN" "{\"match\":\"GET /k/v1/app/form/fields*\",\"times\":99,\"action\":\"body\",
		\"body\":$(renamed_form)}"
	edit
	renkei sync contacts
	code 2
	says 'field "会社名" is called "勤務先" now'
	heard 'field "会社名" is called "勤務先" now' 'to = "勤務先"'
	stale
	renkei sync contacts
	code 2
	says 'is called "勤務先" now'
	renkei --json status contacts
	python3 "$PARTS/look.py" drift drift "$DIR/out" 会社名 will-fail || fail "status does not tell"
	equal "$(grep -c 'kin 1: field' "$DIR/heard")" 1 "times it was told"
	# The schema is put right: it runs again, with no more than that.
	no_faults
	stale
	whole 21
	renkei status contacts
	silent_about "Fields that changed"
}
scenario "a sync that refuses runs again when the field is what it was" refuses

of_no_matter() {
	drifting 'drift = "pause";'
	tell "$KIN" app '{"app":"1","fields":{"別の欄":{"type":"SINGLE_LINE_TEXT"}}}'
	tell "$KIN" option '{"app":"1","field":"段階","add":"新しい段階"}'
	edit
	renkei sync contacts
	code 0
	heard 'has a new option "新しい段階"' "nothing fails by this"
	! grep -q 別の欄 "$DIR/heard" || fail "a field that nobody uses was told"
	whole 21
}
scenario "what breaks nothing is told, and pauses nothing" of_no_matter

wants_more() {
	drifting 'drift = "pause";'
	tell "$KIN" app '{"app":"1","fields":{"担当":{"type":"SINGLE_LINE_TEXT","required":true},
		"会社名":{"type":"SINGLE_LINE_TEXT","maxLength":"10"}}}'
	edit
	renkei sync contacts
	code 2
	heard 'field "担当" is required now' 'field "会社名" takes 10 characters at most now'
}
scenario "a new required field and a shorter one are told" wants_more

# Looked at between two runs: nothing is kept, and nobody is told by mail.
checked() {
	drifting ''
	renkei check --online
	code 0
	silent_about "Changed since"
	tell "$KIN" option '{"app":"1","field":"段階","add":"別"}'
	tell "$KIN" app '{"app":"1","fields":{"担当":{"type":"SINGLE_LINE_TEXT","required":true}}}'
	renkei check --online
	code 3
	says "Changed since the last run looked:" 'field "担当" is required now' \
		'has a new option "別"' "records will fail by this"
	renkei --json check --online
	valid_json
	python3 "$PARTS/look.py" drift drift_new "$DIR/out" 担当 will-fail || fail "not in JSON"
	[ ! -e "$DIR/heard" ] || fail "a check sent a notice"
	renkei status contacts
	silent_about 担当
}
scenario "a check tells what changed since the last run looked" checked

# From kintone into a custom object of HubSpot: an option, a property and what is required
# are others than before.
at_hubspot() {
	simulators
	defaults
	tell "$HUB" schema '{"name":"cars","labels":{"singular":"車両","plural":"車両一覧"},
"requiredProperties":["plate"],"properties":[
{"name":"plate","label":"登録番号","type":"string","fieldType":"text","hasUniqueValue":true},
{"name":"dealer","label":"販売店","type":"string","fieldType":"text"},
{"name":"owner_name","label":"持ち主","type":"string","fieldType":"text"},
{"name":"colour","label":"色","type":"enumeration","fieldType":"select","options":[
{"label":"赤","value":"red"},{"label":"青","value":"blue"}]}]}'
	CARS=$(sed -E 's/.*"objectTypeId":"([^"]*)".*/\1/' "$DIR/told")
	cat >"$DIR/renkei.conf" <<END
connections: {
  hub: { connector = "hubspot"; host = "$HUBSPOT"; token = "env:HUBSPOT_TOKEN"; };
  kin: { connector = "kintone"; host = "$KINTONE"; api_token = "env:KINTONE_TOKEN"; };
};
syncs = ( { name = "cars";
  from = { connection = "kin"; object = "1"; };
  to = { connection = "hub"; object = "$CARS"; key = "plate"; };
  map = ( { from = "メールアドレス"; to = "plate"; }, { from = "氏名"; to = "owner_name"; },
    { from = "段階"; to = "colour"; values = ( ("リード", "red"), ("顧客", "blue") ); } ); } );
END
	car() {
		tell "$KIN" load "{\"object\":\"1\",\"records\":[{\"record\":{\"メールアドレス\":\
\"$1@example.com\",\"氏名\":\"$1\",\"段階\":\"リード\"}}]}"
	}
	car one
	advance 200000
	renkei sync cars
	code 0
	changed_at "/crm/properties/2026-09/$CARS?archived=false&dataSensitivity=non_sensitive" \
		"GET /crm/properties" 'properties["colour"]["options"][0]["value"] = "crimson"
told["results"].remove(properties["owner_name"])'
	changed_at "/crm-object-schemas/2026-09/schemas/$CARS" "GET /crm-object-schemas" \
		'told["requiredProperties"].append("dealer")'
	stale
	renkei check --online
	says 'field "colour" has no option "red" any more' 'values = ( ("リード", "crimson") )' \
		'field "owner_name" is gone' 'field "dealer" is required now'
	car two
	advance 200000
	renkei sync cars
	renkei status cars
	says 'field "colour" has no option "red" any more' 'field "owner_name" is gone' \
		'field "dealer" is required now' "lines that use it: $DIR/renkei.conf:9"
}
# changed_at PATH ROUTE CODE: that HubSpot answers otherwise from now on.
changed_at() {
	local body
	body=$(python3 "$PARTS/hubspot_fields.py" "$HUB" "$1" "$3") || fail "$1 was not told"
	fault "$HUB" "{\"match\":\"$2*\",\"times\":999,\"action\":\"body\",\"body\":$body}"
}
scenario "an option, a property and a required one change at HubSpot" at_hubspot
