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

# A first listing that is cut off says how far it came, and goes on from there.
how_far() {
	place
	seed 1000
	configure
	tell "$HUB" delay '{"ms":1000}'
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync contacts &
	local pid=$! i
	PIDS+=($pid)
	for ((i = 0; i < 150; i++)); do
		renkei status contacts --json
		grep -q '"listed":[1-9]00,' "$DIR/out" && break
		sleep 0.2
	done
	kill -9 $pid
	renkei status contacts --json
	valid_json
	grep -q -E '"listed":[1-9]00,"about":1000' "$DIR/out" || fail "not how far it came"
	renkei status
	grep -q -E '[1-9]00 of about 1000 records so far \([1-9]0 %\)' "$DIR/out" ||
		fail "not how far it came"
	tell "$HUB" delay '{"ms":0}'
	renkei sync contacts
	code 0
	equal "$(live "$KIN" 1)" 1000 "records"
	renkei status
	silent_about "so far"
}
scenario "a listing that is cut off says how far it came" how_far

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

# The survivor names who is gone, and a person is told of the two at the target (as the help
# page of HubSpot says).
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
	code 3
	figures read=2 updated=1 failed=1
	equal "$(live "$KIN" 1) $(values "$KIN" 1 備考 | grep .)" "3 2" "records, and who was merged"
}
scenario "of a merge at the source the survivor is seen" merged_at_the_source

# ---- To the write and to the call ------------------------------------------------------

# exact CRM KEY: the next run does what the plan before it says, and no more.
exact() {
	local before name side began=${BEGAN:-$SECONDS}
	BEGAN=$began
	ask "$KIN" GET /_control/log >"$DIR/log.before"
	before=$(tail -n 1 "$DIR/log.before" | sed -E 's/^\{"seq":([0-9]+).*/\1/')
	renkei plan "$NAME" --json
	[ "$CODE" = 0 ] || [ "$CODE" = 3 ] || fail "exit code $CODE"
	cp "$DIR/out" "$DIR/plan.json"
	count_anew
	renkei sync "$NAME"
	ask "$KIN" GET /_control/log >"$DIR/log"
	python3 "$PARTS/exact.py" writes "$DIR/plan.json" "$DIR/log" "$before" "$1" "$2" ||
		fail "the plan is not what was written"
	ask "$HUB" GET /_control/counts
	ask "$KIN" GET /_control/counts
	# A minute after they failed, rows are due for another try: no plan knows that.
	[ $((SECONDS - began)) -lt 50 ] || return 0
	python3 "$PARTS/exact.py" calls "$DIR/plan.json" from '' "$(calls "$SOURCE")" &&
		python3 "$PARTS/exact.py" calls "$DIR/plan.json" to '' "$(calls "$TARGET")" ||
		fail "the plan is not what was called"
}
first_and_again() {
	local many=${EXACT:-$1}
	shift
	place
	KIN_MORE="$KIN_MORE ${1-}"
	FROM_MORE="filter = \"lifecyclestage != 'subscriber'\""
	configure
	python3 "$PARTS/exact.py" hubspot "$HUB" "$many"
	python3 "$PARTS/exact.py" kintone "$KIN" "$many"
	SOURCE=$HUB TARGET=$KIN
	exact kintone メールアドレス
	advance 3600000
	python3 "$PARTS/exact.py" again "$HUB" "$many"
	advance 5000
	exact kintone メールアドレス
}
scenario "a plan of ten thousand is exact to the write and the call" first_and_again 10000
scenario "the same where the target is asked before each create" \
	first_and_again 2000 'guarantee = "E3";'

the_way_back() {
	place
	one_sync() {
		cat <<-END
			{ name = "back"; from = { connection = "kin"; object = "1"; };
			  to = { connection = "hub"; object = "contacts"; key = "email"; };
			  map = ( { from = "メールアドレス"; to = "email"; }, { from = "氏名"; to = "lastname"; },
			    { from = "会社名"; to = "company"; }, { from = "従業員数"; to = "employee_count"; },
			    { from = "契約日"; to = "contract_date"; }, { from = "電話 | digits"; to = "phone"; } ); }
		END
	}
	NAME=back
	HUB_MORE="$HUB_MORE ${1-}"
	configure
	tell "$KIN" seed '{"object":"1","count":1500}'
	python3 "$PARTS/exact.py" mirror "$KIN" "$HUB"
	SOURCE=$KIN TARGET=$HUB
	exact hubspot email
	advance 3600000
	tell "$KIN" edit '{"object":"1","random":700,"seed":9}'
	tell "$KIN" seed '{"object":"1","count":300}'
	advance 200000
	exact hubspot email
}
scenario "a plan of the way back is as exact" the_way_back
scenario "the same with look-up and create" the_way_back 'guarantee = "E3";'

# ---- A plan in a file, carried out ----------------------------------------------------

plan_file() {
	renkei plan "$NAME" --out "$DIR/plan"
	[ "$CODE" = 0 ] || [ "$CODE" = 3 ] || fail "exit code $CODE"
}
# applied DONE SAME MOVED: what the totals of an apply say.
applied() {
	renkei apply "$DIR/plan" --json
	valid_json
	equal "$(sed -E 's/.*"planned":[0-9]+,"done":([0-9]+),"unchanged":([0-9]+),"moved":([0-9]+).*/\1 \2 \3/' \
		"$DIR/out")" "$1 $2 $3" "done, unchanged, moved"
}

carried_out() {
	place
	FROM_MORE="filter = \"lifecyclestage != 'subscriber'\""
	configure
	python3 "$PARTS/exact.py" hubspot "$HUB" 200
	python3 "$PARTS/exact.py" kintone "$KIN" 200
	plan_file
	says "Carry them out with: renkei apply"
	equal "$(stat -c %a "$DIR/plan")" 600 "its mode"
	tail -n 1 "$DIR/plan" | grep -q '^{"blake2b":"[0-9a-f]*"}$' || fail "no hash at its end"
	ask "$KIN" GET /_control/log >"$DIR/log.before"
	# Those that stand there as they will be are linked and not written.
	applied 144 16 0
	code 0
	ask "$KIN" GET /_control/log >"$DIR/log"
	python3 "$PARTS/exact.py" file "$DIR/plan" "$DIR/log" "$(wc -l <"$DIR/log.before")" \
		kintone メールアドレス || fail "the file is not what was written"
	# Once more: all is as planned, and nothing is written.
	count_anew
	applied 0 160 0
	code 0
	equal "$(calls_to "$KIN" "PUT /k/v1/records.json") $(calls_to "$KIN" "POST /k/v1/records.json")" \
		"0 0" "writes of a second apply"
	# Where reading stands did not move, and the sync finds nothing to write.
	renkei sync contacts
	figures read=200 created=0 updated=0 writes=0
	# Keys that one gives up for another, in one file.
	advance 3600000
	python3 "$PARTS/exact.py" again "$HUB" 200
	advance 5000
	plan_file
	ask "$KIN" GET /_control/log >"$DIR/log.before"
	renkei apply "$DIR/plan" --json
	says '"moved":0,"fail":0,"left":0'
	ask "$KIN" GET /_control/log >"$DIR/log"
	python3 "$PARTS/exact.py" file "$DIR/plan" "$DIR/log" "$(wc -l <"$DIR/log.before")" \
		kintone メールアドレス || fail "the second file is not what was written"
}
scenario "a plan in a file is carried out, and found done the second time" carried_out

moved() {
	place
	seed 6
	contact late
	renkei sync contacts
	advance 5000
	tell "$HUB" edit '{"object":"contacts","random":7,"fields":["company"],"seed":3}'
	contact new '' 0
	contact met '' 0
	advance 5000
	plan_file
	# One has another value at the source, one at the target, one of both is gone, of one
	# another field changed too, and of what was to be created one is there.
	tell "$HUB" edit '{"object":"contacts","id":"1","values":{"company":"Moved"}}'
	tell "$KIN" edit '{"object":"1","id":"2","values":{"会社名":"前と違う"}}'
	tell "$HUB" delete '{"object":"contacts","ids":["3"]}'
	tell "$KIN" delete '{"object":"1","ids":["4"]}'
	tell "$HUB" edit '{"object":"contacts","id":"5","values":{"phone":"09-9"}}'
	tell "$KIN" load '{"object":"1","records":[{"record":{
		"メールアドレス":{"value":"met@example.com"},"氏名":{"value":"there x"}}}]}'
	advance 5000
	ask "$KIN" GET /_control/log >"$DIR/log.before"
	renkei apply "$DIR/plan"
	code 3
	says "not \"" "the target has \"前と違う\" now" "deleted at the source" \
		"does not have the record any more" "the target has a record with this key now" 電話 \
		"the source gives \"Moved\" now"
	ask "$KIN" GET /_control/log | tail -n +$(($(wc -l <"$DIR/log.before") + 1)) |
		grep '"by":"api"' >"$DIR/log"
	lines log '"op":"create"' 1
	lines log '"op":"update"' 2
	applied 0 3 6
	code 3
	renkei apply "$DIR/plan" --lang ja
	says "同期先の現在の値は"
	# The next run takes them as they are now.
	renkei sync contacts
	[ "$CODE" = 0 ] || [ "$CODE" = 3 ] || fail "exit code $CODE"
}
scenario "what has moved since the plan is refused, line by line" moved

not_this_file() {
	place
	seed 5
	plan_file
	sed 's/example.com/example.org/' "$DIR/plan" >"$DIR/altered"
	renkei apply "$DIR/altered"
	code 2
	says "was cut off or altered"
	head -n 3 "$DIR/plan" >"$DIR/cut"
	renkei apply "$DIR/cut"
	code 2
	says "was cut off or altered"
	renkei apply "$DIR/nothing"
	code 2
	says "No such file"
	renkei apply "$DIR/plan" --older soon
	code 2
	says "such as 12h"
	renkei apply "$DIR/plan" --older 0s
	code 2
	says "with --older"
	MAP="$MAP, { from = \"jobtitle\"; to = \"役職\"; }"
	configure
	renkei apply "$DIR/plan"
	code 2
	says "was changed since the plan"
	MAP=$(cat "$PARTS/map")
	APP=2
	configure
	renkei apply "$DIR/plan"
	code 2
	says "other objects or accounts"
	equal "$(live "$KIN" 1)" 0 "records"
	APP=1
	configure
	applied 5 0 0
	code 0
	equal "$(live "$KIN" 1)" 5 "records"
}
scenario "a plan that was altered, is old, or of something else is refused" not_this_file

# A later reader sees that it was no run of the sync.
in_history() {
	place
	SYNC_MORE='history = "90d";'
	configure
	contact one '"company":"First"'
	renkei sync contacts
	tell "$HUB" edit '{"object":"contacts","id":1,"values":{"company":"Second"}}'
	advance 600000
	plan_file
	applied 1 0 0
	renkei why contacts 1
	says "from a plan that was applied"
	renkei why contacts 1 --json
	says '"cause":"applied"'
	renkei sync contacts
	figures writes=0
}
scenario "what a plan changed is told as such" in_history

# Killed anywhere, the same command goes on; nothing is lost or doubled.
killed() {
	local i
	place
	KIN_MORE="$KIN_MORE $1"
	configure
	python3 "$PARTS/exact.py" hubspot "$HUB" 600
	python3 "$PARTS/exact.py" kintone "$KIN" 600
	plan_file
	tell "$KIN" delay '{"ms":60}'
	for i in 1 2 3 4 5 6; do
		timeout -s KILL "0.$((i + 2))" "$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" \
			apply "$DIR/plan" >/dev/null 2>&1
	done
	tell "$KIN" delay '{"ms":0}'
	renkei apply "$DIR/plan"
	code 0
	renkei apply "$DIR/plan" --json
	says '"done":0' '"moved":0' '"left":0'
	renkei sync contacts
	figures created=0 updated=0
	values "$KIN" 1 メールアドレス | sort | uniq -d >"$DIR/doubled"
	[ ! -s "$DIR/doubled" ] || fail "doubled: $(head -n 3 "$DIR/doubled")"
}
scenario "apply goes on after it was killed, by native upsert" killed ''
scenario "apply goes on after it was killed, by look-up and create" killed 'guarantee = "E3";'

rule_in_words() {
	place
	seed 3
	FROM_MORE="filter = \"email is not empty and lifecyclestage in ('lead','customer') or company != 'and'\""
	SYNC_MORE='every = "5m"; existing = "refuse"; start = "2026-01-01";'
	configure
	renkei plan contacts
	says "What sync contacts does" "Records of contacts in hub are written to 1 in kin." \
		"email is not empty and lifecyclestage is one of ('lead','customer') or company is not 'and'" \
		"found by its メールアドレス" "is left alone, and told as an error" \
		'${lastname} ${firstname} goes to 氏名' "lead -> リード" "anything else as その他" \
		"the target is cleared" "stays at the target" "every 5m" "since 2026-01-01" \
		"Calls of hub by the run" "Calls of kin by the run: 3" "The run takes about"
	renkei plan contacts --lang ja
	says "同期 contacts の内容" "hub の contacts のレコードを kin の 1 に書き込みます" \
		"email が空でない かつ lifecyclestage が次のいずれか ('lead','customer') または company が次と異なる 'and'" \
		"実行で hub に行う呼び出し" "実行時間はおよそ"
	renkei plan contacts --json
	valid_json
	says '"rule":[{"text":"Records of contacts' '"about_ms":' '"limit":"app-day","calls":3'
}
scenario "a plan says in words what the sync does, and what it costs" rule_in_words
