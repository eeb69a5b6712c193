# SPDX-License-Identifier: Apache-2.0
#
# reconcile.sh - a walk over both sides finds each difference that was put there, and none
# that was not; it changes nothing, goes on where it was cut off, and has the next run
# repair what it may.

# verdicts: what was found, "VERDICT ID TARGET FIELD" a line, sorted.
verdicts() { python3 "$PARTS/look.py" verdicts "$DIR/out" | sort; }
finds() {
	verdicts >"$DIR/verdicts"
	printf '%s\n' "$@" | grep . | sort | diff - "$DIR/verdicts" || fail "other findings"
}
# result MEMBER
result() { python3 "$PARTS/look.py" result "$DIR/out" "$1"; }

injected() {
	local before seen
	place
	seed 120
	renkei sync contacts
	code 0
	renkei reconcile contacts --json
	code 0
	valid_json
	finds
	equal "$(result in_step) $(result equal) $(result target_listed)" "100.00 120 true" "result"
	advance 600000
	# An edit at the target, a lost update, a deleted target record, an extra one, and a
	# link that leads to another record: two records exchange their values.
	tell "$KIN" edit '{"object":"1","id":3,"values":{"会社名":"改名"}}'
	tell "$KIN" edit '{"object":"1","id":4,"values":{"電話":"0","氏名":"別人"}}'
	tell "$KIN" delete '{"object":"1","ids":["7"]}'
	tell "$KIN" load '{"object":"1","records":[{"record":{
		"メールアドレス":{"value":"nobody@example.com"},"氏名":{"value":"no body"}}}]}'
	tell "$HUB" delete '{"object":"contacts","ids":["9"]}'
	before=$(ask "$KIN" GET "/_control/records?object=1" | sha256sum)
	seen=$(renkei cursor show contacts)
	count_anew
	renkei reconcile contacts --json
	code 3
	valid_json
	finds "different 3 3 会社名" "different 4 4 電話" "different 4 4 氏名" "missing 7 7 -" \
		"extra 9 9 -" "extra - 121 -"
	equal "$(result equal) $(result different) $(result missing) $(result extra)" \
		"116 2 1 2" "counts"
	equal "$(result in_step)" 97.47 "the number"
	equal "$(ask "$KIN" GET "/_control/records?object=1" | sha256sum)" "$before" \
		"the target after a walk"
	equal "$(renkei cursor show contacts)" "$seen" "the cursor after a walk"
	for verb in POST PUT DELETE; do
		equal "$(calls_to "$KIN" "$verb /k/v1/records.json")" 0 "$verb by a walk"
	done
	renkei reconcile show contacts --json
	code 0
	valid_json
	renkei reconcile show contacts
	says 97.47 100.00 改名
	renkei status contacts --json
	says '"in_step":"97.47"'
}
scenario "each injected difference is found, and no other" injected

# Records that no listing of the sync will ever give: they were committed late.
repaired() {
	place
	seed 30
	renkei sync contacts
	code 0
	advance 600000
	contact late '' 3600000
	tell "$KIN" edit '{"object":"1","id":3,"values":{"会社名":"改名"}}'
	tell "$KIN" load '{"object":"1","records":[{"record":{
		"メールアドレス":{"value":"nobody@example.com"}}}]}'
	renkei sync contacts
	code 0
	figures created=0 updated=0
	renkei reconcile contacts --json
	code 3
	finds "different 3 3 会社名" "missing 31 - -" "extra - 31 -"
	equal "$(result repaired)" 0 "without --repair"
	renkei reconcile contacts --repair
	code 3
	says "repaired=2" "2 wait to be written"
	equal "$(live "$KIN" 1)" 31 "records right after the walk"
	# What waits is neither missing nor different, and is not queued twice.
	renkei reconcile contacts --repair --json
	code 3
	finds "waiting 3 3 会社名" "waiting 31 - -" "extra - 31 -"
	equal "$(result repaired)" 0 "once more"
	renkei sync contacts
	code 0
	figures created=1 updated=1
	renkei reconcile contacts --json
	code 3
	finds "extra - 31 -"
	equal "$(result in_step)" 100.00 "the number"
	tell "$KIN" delete '{"object":"1","ids":["31"]}'
	whole 31
}
scenario "the next run repairs what a walk found, and extras stay" repaired

# A key that many records of the target have hides nobody who is looked for beside it.
shared_key() {
	local i name
	place --no-unique
	KIN_MORE='guarantee = "E3";'
	configure
	seed 3
	renkei sync contacts
	code 0
	advance 600000
	for name in alone shared; do contact $name '' 3600000; done
	for i in 1 2 3 4 5 6; do
		tell "$KIN" load '{"object":"1","records":[{"record":{
			"メールアドレス":{"value":"shared@example.com"},"氏名":{"value":"another"},
			"段階":{"value":"その他"}}}]}'
	done
	tell "$KIN" load '{"object":"1","records":[{"record":{
		"メールアドレス":{"value":"alone@example.com"},"氏名":{"value":"alone x"},
		"段階":{"value":"その他"}}}]}'
	renkei reconcile contacts --json
	equal "$(result missing) $(result different) $(result equal)" "0 1 4" "what is found"
}
scenario "a walk finds who stands beside a key that many have" shared_key

# What changes while the walk goes on is not held against anybody.
moving() {
	local walk i
	place
	seed 600
	renkei sync contacts
	code 0
	advance 600000
	tell "$KIN" edit '{"object":"1","id":3,"values":{"会社名":"改名"}}'
	tell "$KIN" delay '{"ms":60}'
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" --json reconcile contacts \
		>"$DIR/out" 2>"$DIR/err" &
	walk=$!
	for i in $(seq 12); do
		tell "$HUB" edit "{\"object\":\"contacts\",\"random\":40,\"seed\":$i,\"fields\":[\"company\",\"phone\"]}"
		contact "new$i" '' 0
		sleep 0.1
	done
	wait "$walk"
	equal $? 3 "the walk's code"
	equal "$(verdicts | grep -v ^waiting)" "different 3 3 会社名" "what is not in step"
	[ "$(result waiting)" -gt 0 ] || fail "nothing changed while it walked"
	tell "$KIN" delay '{"ms":0}'
	advance 300000
	renkei sync contacts
	code 0
	renkei reconcile contacts --json
	[ "$(result different)$(result missing)$(result waiting)" = 000 ] ||
		equal "$(verdicts)" "different 3 3 会社名" "after a run"
}
scenario "what changes while it walks is no difference" moving

cut_off() {
	local want times=0 calls
	place
	seed 900
	renkei sync contacts
	advance 600000
	tell "$KIN" edit '{"object":"1","id":3,"values":{"会社名":"改名"}}'
	tell "$KIN" delete '{"object":"1","ids":["450"]}'
	tell "$HUB" delete '{"object":"contacts","ids":["899"]}'
	renkei reconcile contacts --json
	want="$(result list_hash) $(verdicts | sha256sum)"
	calls=$(result source_calls)
	tell "$KIN" delay '{"ms":40}'
	for i in $(seq 60); do
		CODE=0
		timeout -s KILL "0.$((3 + i % 6))" "$BUILD/renkei" -c "$DIR/renkei.conf" \
			--state "$DIR/state" --json reconcile contacts >"$DIR/out" 2>"$DIR/err" ||
			CODE=$?
		[ "$CODE" = 137 ] || break
		times=$((times + 1))
	done
	echo "killed $times times"
	[ "$times" -gt 0 ] || fail "it was never killed"
	code 3
	equal "$(result list_hash) $(verdicts | sha256sum)" "$want" "the list"
	# A page is asked for again where the kill came before its commit, and never more.
	[ "$(result source_calls)" -le $((calls * 2)) ] || fail "it began anew"
	whole_but_two
}
# The walks were no run, and lost nothing.
whole_but_two() {
	tell "$KIN" delay '{"ms":0}'
	renkei sync contacts
	code 0
	equal "$(live "$KIN" 1)" 899 "records at the target"
}
scenario "a walk that is cut off goes on where it stood" cut_off

# The walk finds, the daemon's next run repairs, and the sync runs on time beside it.
by_schedule() {
	simulators
	defaults
	SYNC_MORE='every = "2s"; reconcile = { cron = "* * * * *"; repair = true; };'
	configure
	seed 40
	renkei sync contacts
	advance 600000
	tell "$KIN" edit '{"object":"1","id":3,"values":{"会社名":"改名"}}'
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" daemon >"$DIR/said" 2>&1 &
	PIDS+=($!)
	local i
	for i in $(seq 160); do
		values "$KIN" 1 会社名 | grep -q 改名 || break
		sleep 0.5
	done
	kill "${PIDS[-1]}"
	wait "${PIDS[-1]}"
	cat "$DIR/said"
	grep -q 'daemon.walk sync=contacts' "$DIR/said" || fail "no walk was begun"
	true_to_the_source 40
	renkei reconcile show contacts
	says 97.50
}
scenario "the daemon walks by schedule, and its next run repairs" by_schedule

# Both sides may be right: a walk tells what differs, and repairs nothing.
both_ways() {
	. "$PARTS/twoway.inc"
	two 'reconcile = { repair = true; };'
	renkei check
	code 2
	says "a sync that goes both ways repairs nothing"
	two
	contact aya '"company":"A"'
	later
	renkei sync contacts
	settled 1
	renkei reconcile contacts
	code 0
	silent_about "goes both ways"
	at_kin aya 会社名 B
	later
	renkei reconcile contacts
	code 3
	says "goes both ways" "the next run carries it"
	renkei reconcile contacts --repair
	code 2
	says "goes both ways" "edit the side that is wrong"
	settled 1
	both_have company 会社名 B
	renkei reconcile contacts
	code 0
	# Which way a run went stands in the history.
	renkei --json history contacts
	says '"back_updated":1'
	renkei history contacts
	says "updated back"
}
scenario "a walk of a two-way sync tells what differs and repairs nothing" both_ways
