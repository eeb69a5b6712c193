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

# What all records hold, one a line: its key, then all values.
holdings() {
	ask "$KIN" GET "/_control/records?object=1" >"$DIR/holds"
	python3 -c 'import json, sys
for key, values in sorted((r["values"]["メールアドレス"], json.dumps(r["values"], sort_keys=True,
        ensure_ascii=False)) for r in json.load(open(sys.argv[1]))["records"]):
    print(key + "\t" + values)' "$DIR/holds"
}
# So many records are at the target and then get a wrong company.  The configuration is
# left with the wrong mapping.
wrong_mapping() {
	place
	SYNC_MORE='history = "30d";'
	configure
	seed "$1"
	renkei sync contacts
	code 0
	holdings >"$DIR/former"
	MAP=${MAP/'from = "company"'/'from = "wrong ${company}"'}
	configure
	renkei sync contacts
	code 0
	figures updated="$1"
	holdings >"$DIR/wrong"
	! cmp -s "$DIR/former" "$DIR/wrong" || fail "the wrong mapping changed nothing"
}
# Somebody changes a record of the target by its number.
touch_target() {
	tell "$KIN" edit "{\"object\":\"1\",\"random\":$1,\"seed\":3,\"fields\":[\"会社名\"]}"
}

undone_but_for_the_touched() {
	wrong_mapping 1000
	renkei revert contacts 2
	code 0
	says "Nothing was changed"
	holdings | cmp - "$DIR/wrong" || fail "a look changed the target"
	touch_target 5
	holdings >"$DIR/touched"
	renkei revert contacts 2 --yes --json
	code 3
	valid_json
	python3 - "$DIR/out" "$DIR/former" "$DIR/touched" "$DIR/wrong" <<'END' || fail "counts"
import json, sys
told = json.load(open(sys.argv[1]))
former, touched, wrong = [open(p).read().splitlines() for p in sys.argv[2:5]]
moved = len(set(touched) - set(wrong))
print(told["totals"], moved)
assert moved > 0 and told["totals"]["touched"] == moved
assert told["totals"]["reverted"] == 1000 - moved
assert len([f for f in told["fields"] if f["verdict"] == "touched"]) == moved
END
	holdings >"$DIR/after"
	python3 - "$DIR/former" "$DIR/touched" "$DIR/wrong" "$DIR/after" <<'END' || fail "values"
import sys
former, touched, wrong, after = [dict(l.split("\t", 1) for l in open(p).read().splitlines())
    for p in sys.argv[1:]]
for key in former:
    want = former[key] if touched[key] == wrong[key] else touched[key]
    assert after[key] == want, (key, after[key], want)
END
	# A run of its own, which tells itself; the next sync writes nothing.
	renkei history contacts
	says "the revert of run 2"
	renkei --lang ja history contacts
	says "実行 2 の取り消し"
	advance 5000
	renkei sync contacts
	code 0
	figures updated=0
	holdings | cmp - "$DIR/after" || fail "the next sync wrote it again"
	# And the revert is reverted.
	renkei revert contacts 3 --yes
	code 0
	holdings | cmp - "$DIR/touched" || fail "the revert of the revert"
	says "The next sync leaves these records alone"
}
scenario "a run is undone but for what was touched since" undone_but_for_the_touched

cut_off_and_begun_again() {
	wrong_mapping 500
	local i
	for i in 1 2 3; do
		fault "$KIN" '{"match":"PUT /k/v1/records.json","times":1,"nth":2,"action":"delay","ms":1500}'
		"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" revert contacts 2 --yes \
			>"$DIR/killed" 2>&1 &
		local pid=$!
		sleep 0.7
		kill -9 $pid 2>/dev/null
		wait $pid 2>/dev/null
	done
	no_faults
	sleep 2
	renkei revert contacts 2 --yes
	code 0
	holdings | cmp - "$DIR/former" || fail "it is not as it was"
	renkei sync contacts
	code 0
	figures updated=0
	holdings | cmp - "$DIR/former" || fail "the next sync wrote it again"
}
scenario "a revert that is killed is begun again and comes to the same end" \
	cut_off_and_begun_again

later_runs_win() {
	wrong_mapping 20
	tell "$HUB" edit '{"object":"contacts","random":4,"seed":9,"fields":["company"]}'
	advance 5000
	renkei sync contacts
	code 0
	local later
	later=$(figure updated)
	renkei revert contacts 2 --yes --json
	code 3
	python3 - "$DIR/out" "$later" <<'END' || fail "later writes"
import json, sys
told = json.load(open(sys.argv[1]))
rows = [f for f in told["fields"] if f["verdict"] == "touched"]
assert len(rows) == int(sys.argv[2]) and all(f["run"] == 3 for f in rows), rows
END
	renkei revert contacts 1 --yes
	code 3
	says "created by the run"
	renkei revert contacts 99
	code 2
	says "Nothing is known of what run 99"
}
scenario "what a later run wrote is left, and what the run created" later_runs_win

# A revert is killed while its second batch is inside the target.
cut_off_within() {
	fault "$KIN" '{"match":"PUT /k/v1/records.json","times":1,"nth":2,"action":"delay","ms":5000}'
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" revert contacts 2 --yes \
		>"$DIR/killed" 2>&1 &
	local pid=$! i
	for i in $(seq 100); do
		[ "$(calls_to "$KIN" "PUT /k/v1/records.json")" -lt 2 ] || break
		sleep 0.05
	done
	sleep 0.3
	kill -9 $pid
	wait $pid 2>/dev/null
	no_faults
}
# The sync runs on by its schedule before anybody reverts again.
not_undone_by_the_next_run() {
	wrong_mapping 500
	count_anew
	cut_off_within
	python3 - "$DIR/state/syncs/contacts.db" <<'END' || fail "nothing was on its way"
import sqlite3, sys
sys.exit(sqlite3.connect(sys.argv[1]).execute(
    "SELECT count(*) FROM batch WHERE operation = 256").fetchone()[0] == 0)
END
	holdings >"$DIR/half"
	renkei sync contacts
	code 0
	figures updated=0 waiting=0 failed=0
	holdings | cmp - "$DIR/half" || fail "the next sync wrote some of it again"
	sleep 2
	renkei revert contacts 2 --yes
	code 0
	holdings | cmp - "$DIR/former" || fail "it is not as it was"
	renkei revert contacts 2 --yes --json
	code 0
	says '"reverted":0' '"already":500'
}
scenario "a run after a revert that was cut off undoes none of it" not_undone_by_the_next_run

answer_lost() {
	wrong_mapping 300
	fault "$KIN" '{"match":"PUT /k/v1/records.json","times":1,"nth":2,"action":"drop_after"}'
	renkei revert contacts 2 --yes --json
	no_faults
	says '"unknown":100' '"reverted":200'
	renkei sync contacts
	code 0
	figures updated=0 waiting=0 failed=0
	holdings | cmp - "$DIR/former" || fail "the next sync wrote some of it again"
	sleep 2
	renkei revert contacts 2 --yes --json
	code 0
	says '"already":300' '"reverted":0'
}
scenario "what became of a batch whose answer was lost is found by another revert" answer_lost

# An edit at the target like any other: it comes back to the source.
of_a_two_way_sync() {
	. "$PARTS/twoway.inc"
	two
	contact aya '"company":"A"'
	later
	renkei sync contacts
	settled 1
	at_hub aya company A1
	later
	renkei sync contacts
	both_have company 会社名 A1
	count_anew
	renkei revert contacts 4 --yes
	code 0
	[ "$(calls "$KIN")" -lt 20 ] || fail "$(calls "$KIN") calls at the target"
	equal "$(values "$KIN" 1 会社名)" A "at the target"
	later
	renkei sync contacts
	code 0
	both_have company 会社名 A
}
scenario "a two-way sync's run is undone at the target, and comes back" of_a_two_way_sync

# What the same run wrote to the source is told, and stays, whatever its field is called.
of_both_ways() {
	. "$PARTS/twoway.inc"
	two
	contact aya '"company":"A","phone":"1"'
	later
	renkei sync contacts
	settled 1
	at_hub aya company A1
	at_kin aya 電話 2
	later
	renkei sync contacts
	both_have company 会社名 A1
	both_have phone 電話 2
	renkei revert contacts 4 --yes
	code 3
	says "written to the source" "carries these values to the source as well"
	equal "$(values "$KIN" 1 会社名)/$(values "$KIN" 1 電話)" A/2 "at the target"
	later
	renkei sync contacts
	code 0
	both_have company 会社名 A
	both_have phone 電話 2
}
scenario "of a run that wrote both ways only what it wrote to the target is undone" of_both_ways
