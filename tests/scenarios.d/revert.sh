# SPDX-License-Identifier: Apache-2.0
#
# revert.sh - what each write changed is remembered where a sync has a history; why a
# field has its value; a run is undone, but for what was touched since.

# The newest change of a field, as JSON: change RECORD FIELD KEY
change() {
	renkei why contacts "$1" --field "$2" --json
	valid_json
	python3 -c 'import json, sys
rows = json.load(open(sys.argv[1]))["changes"]
print(rows[int(sys.argv[3])].get(sys.argv[2], "") if rows else "none")' "$DIR/out" "$3" "${4:-0}"
}
# The answer is the last line; what renkei said goes before it.
change_is() {
	local found
	found=$(change "$1" "$2" "$3" "${5:-0}" | tail -n 1)
	equal "$found" "$4" "$3 of $2"
}

why_tells_each_change() {
	place
	SYNC_MORE='history = "30d";'
	configure
	contact one '"company":"Before"'
	renkei sync contacts
	code 0
	figures created=1
	tell "$HUB" edit '{"object":"contacts","random":1,"seed":5,"fields":["company"]}'
	advance 5000
	renkei sync contacts
	code 0
	figures updated=1
	local now
	now=$(values "$KIN" 1 会社名)
	change_is one@example.com 会社名 before Before
	change_is one@example.com 会社名 after "$now"
	change_is one@example.com 会社名 cause mapped
	change_is one@example.com 会社名 run 2
	change_is one@example.com 会社名 rule company
	change_is one@example.com 会社名 cause created 1
	change_is one@example.com 会社名 after Before 1
	renkei why contacts one@example.com
	code 0
	says Before "$now" "changed at the source" hub
	renkei --lang ja why contacts one@example.com
	says 同期元の変更
	# What did not change has no line.
	change_is one@example.com 氏名 run 1
}
scenario "why tells what each run wrote to a field" why_tells_each_change

no_history_costs_nothing() {
	place
	seed 20
	renkei sync contacts
	code 0
	tell "$HUB" edit '{"object":"contacts","random":20,"seed":5,"fields":["company"]}'
	advance 5000
	count_anew
	renkei sync contacts
	code 0
	equal "$(calls_to "$KIN" "GET /k/v1/records.json")" 0 "looks at the target"
	python3 - "$DIR/state/syncs/contacts.db" <<'END' || fail "a table was made"
import sqlite3, sys
sys.exit(sqlite3.connect(sys.argv[1]).execute(
    "SELECT count(*) FROM sqlite_master WHERE name = 'field_line'").fetchone()[0])
END
	renkei why contacts 1
	says 'no "history"'
}
scenario "without a history nothing is looked at or kept" no_history_costs_nothing
