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
	heard "[renkei] contacts: 1 changes" 'field "会社名" takes 3 characters at most now' \
		"records may fail by this" "renkei.conf:"
	told_first
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
	# As was suggested.
	MAP=${MAP/'("lead", "リード")'/'("lead", "新リード")'}
	configure
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
	equal "$(grep -c 'kin 1: field' "$DIR/heard")" 1 "times it was told"
	# The schema is put right: it runs again, with no more than that.
	no_faults
	stale
	whole 21
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
