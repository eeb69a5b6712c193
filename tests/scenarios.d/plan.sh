# SPDX-License-Identifier: Apache-2.0
#
# plan.sh - a plan says what the next run does and does nothing; one record can be
# looked at and sent alone; the cursor can be shown and moved; where a sync starts.

# What a plan said, against what the run then did.
writes_seen() {
	ask "$KIN" GET /_control/log | grep -a -c '"by":"api"'
}

plan_and_run() {
	place
	seed 40
	contact excluded '"lifecyclestage":"subscriber"'
	load '{"lastname":"no","firstname":"key"}'
	contact bad "\"company\":\"$(printf '長%.0s' $(seq 300))\""
	tell "$KIN" load '{"object":"1","records":[{"record":{
		"メールアドレス":{"value":"there@example.com"},"氏名":{"value":"there x"}}},
		{"record":{"メールアドレス":{"value":"other@example.com"},"氏名":{"value":"other y"}}}]}'
	contact there
	contact other
	FROM_MORE="filter = \"lifecyclestage != 'subscriber'\""
	configure
	renkei sync contacts --help
	code 0
	compare_plan 0
	# And once more, when there are links, edits and errors.
	tell "$HUB" edit '{"object":"contacts","random":7,"seed":5,"fields":["company","phone"]}'
	contact new '' 0
	advance 5000
	compare_plan 1
	advance 5000
	compare_plan 2
}

compare_plan() {
	local before seen
	before=$(state_hash)
	seen=$(writes_seen)
	count_anew
	renkei plan contacts
	[ "$CODE" = 0 ] || [ "$CODE" = 3 ] || fail "exit code $CODE"
	says "Nothing was changed, the cursor neither"
	equal "$(state_hash)" "$before" "the state after plan $1"
	equal "$(writes_seen)" "$seen" "writes after plan $1"
	for verb in PUT POST DELETE; do
		equal "$(calls_to "$KIN" "$verb /k/v1/records.json")" 0 "$verb by a plan"
	done
	renkei plan contacts --json
	valid_json
	cp "$DIR/out" "$DIR/plan.json"
	ask "$KIN" GET "/_control/records?object=1" >"$DIR/records.before"
	count_anew
	renkei sync contacts
	cp "$DIR/out" "$DIR/ran"
	ask "$KIN" GET "/_control/records?object=1" >"$DIR/records.after"
	python3 "$PARTS/look.py" plan "$DIR/plan.json" "$DIR/ran" "$DIR/records.before" \
		"$DIR/records.after" || fail "plan $1 is not what the run did"
	[ "$(calls_to "$KIN" "PUT /k/v1/records.json")" -le \
		"$(sed -E 's/.*"write_calls":([0-9]+).*/\1/' "$DIR/plan.json")" ] ||
		fail "more calls than the plan said"
}
scenario "a plan predicts what the run does, and changes nothing" plan_and_run

one_record() {
	place
	seed 5
	contact one '"company":"Before","phone":"03-1"'
	local before
	renkei preview contacts --match email=one@example.com
	code 0
	says "one@example.com" "Before" "create" "会社名" "電話" 031
	# The mapping is read anew.
	MAP=${MAP/'from = "company"'/'from = "company | upper"'}
	configure
	renkei preview contacts --match email=one@example.com
	code 0
	says BEFORE
	MAP=${MAP/'from = "company | upper"'/'from = "company"'}
	configure
	equal "$(live "$KIN" 1)" 0 "records after a preview"
	[ ! -e "$DIR/state/syncs/contacts.db" ] || fail "a preview made a state file"
	renkei test contacts --match email=one@example.com
	code 0
	says "Processing succeeded"
	equal "$(values "$KIN" 1 メールアドレス)" one@example.com "the one record"
	equal "$(values "$KIN" 1 会社名)/$(values "$KIN" 1 電話)" Before/031 "its mapped values"
	renkei test contacts --match email=one@example.com
	code 0
	renkei preview contacts --match email=nobody@example.com
	code 1
	says "no record of contacts" 'email is "nobody@example.com"'
	renkei preview contacts --match nonsense
	code 2
	says "--match FIELD=VALUE"
	renkei preview contact --match email=one@example.com
	code 2
	says 'did you mean "contacts"'
	whole 6
}
scenario "one record is looked at, then sent alone" one_record

a_test_that_fails() {
	place
	contact bad "\"company\":\"$(printf '長%.0s' $(seq 300))\""
	renkei test contacts --match email=bad@example.com
	code 3
	says 会社名 255
	equal "$(live "$KIN" 1)" 0 "records"
}
scenario "a test of a record that cannot be written" a_test_that_fails

cursor_moves() {
	place
	seed 10
	renkei sync contacts
	code 0
	renkei cursor show contacts
	code 0
	says "links             10" "read up to        20"
	renkei cursor show contacts --json
	code 0
	valid_json
	tell "$HUB" edit '{"object":"contacts","id":"3","values":{"company":"Edited"}}'
	advance 600000
	renkei cursor set contacts now
	code 0
	# The clock of the source is ahead; what was edited before "now" is left out.
	renkei cursor set contacts 2000-01-01
	code 0
	renkei sync contacts
	code 0
	figures read=10 updated=1 unchanged=9 writes=1
	renkei cursor set contacts yesterday
	code 2
	says '"yesterday"' expected now
	renkei cursor set contacts 2026-13-01
	code 2
	renkei cursor set contacts
	code 2
	renkei cursor reset contacts
	code 0
	renkei sync contacts
	code 0
	figures read=10 updated=0 created=0 unchanged=10 writes=0
	renkei cursor reset contacts --links
	code 0
	renkei sync contacts
	code 0
	figures read=10 created=0
	true_to_the_source 10
}
scenario "the cursor is shown, moved and forgotten" cursor_moves

start_now() {
	place
	seed 10
	SYNC_MORE='start = "now";'
	configure
	renkei plan contacts
	code 0
	says start
	renkei sync contacts
	code 0
	figures created=0
	equal "$(live "$KIN" 1)" 0 "records from before"
	contact later '' -60000
	advance 300000
	renkei sync contacts
	code 0
	figures created=1
	equal "$(values "$KIN" 1 メールアドレス)" later@example.com "records"
	# What was there before goes too, once it is updated in bulk.
	tell "$HUB" edit '{"object":"contacts","random":11,"fields":["company"]}'
	advance 300000
	renkei sync contacts
	code 0
	figures created=10 updated=1
	equal "$(live "$KIN" 1)" 11 "records after all were updated"
}
scenario "start now leaves out what was before" start_now

start_at_a_date() {
	place
	contact old '' 864000000
	contact young
	SYNC_MORE="start = \"$(date -u -d '3 days ago' +%Y-%m-%d)\";"
	configure
	renkei plan contacts
	code 0
	says "$(date -u -d '3 days ago' +%Y-%m-%d)" "left out"
	renkei sync contacts
	code 0
	figures created=1
	equal "$(values "$KIN" 1 メールアドレス)" young@example.com "records"
	SYNC_MORE='start = "soon";'
	configure
	renkei check
	code 2
	says '"soon"' start expected
}
scenario "start at a date leaves out what was before" start_at_a_date

idle() {
	place
	seed 250
	renkei sync contacts
	code 0
	advance 300000
	renkei sync contacts
	count_anew
	local i
	for i in 1 2 3; do
		advance 300000
		renkei sync contacts
		code 0
		figures read=0 writes=0
	done
	equal "$(calls "$KIN")" 0 "calls at the target"
	[ "$(calls "$HUB")" -le 6 ] || fail "$(calls "$HUB") calls at the source in three runs"
	true_to_the_source 250
}
scenario "a run that finds nothing is cheap" idle

deleted_at_the_source() {
	place
	seed 5
	renkei sync contacts
	tell "$HUB" delete '{"object":"contacts","ids":["2"]}'
	advance 300000
	renkei sync contacts
	code 0
	equal "$(live "$KIN" 1)" 5 "records"
}
scenario "what is deleted at the source stays" deleted_at_the_source

# Only the survivor is seen, and names who is gone (as the help page of HubSpot says).
merged_at_the_source() {
	simulators
	defaults
	MAP="$MAP, { from = \"hs_merged_object_ids | join(\\\",\\\")\"; to = \"備考\"; }"
	configure
	seed 3
	renkei sync contacts
	tell "$HUB" merge '{"object":"contacts","primaryObjectId":"1","objectIdToMerge":"2"}'
	advance 300000
	renkei sync contacts
	code 0
	figures read=1 updated=1
	equal "$(live "$KIN" 1) $(values "$KIN" 1 備考 | grep .)" "3 2" "records, and who was merged"
}
scenario "of a merge at the source the survivor is seen" merged_at_the_source
