# SPDX-License-Identifier: Apache-2.0
#
# faults.sh - troubles on the way, at the first, a middle and the last call of each
# side: quotas, errors before and after the effect, answers that are lost, cut, or
# something else.  Nothing is lost, nothing is doubled, and the right thing is told.

READ='GET /crm/objects'
WRITE='PUT /k/v1/records.json'
HTML='<html><body>Sorry</body></html>'
# What is done instead of, or after, the call.  Name, fault.
ways=(
	'429 with Retry-After|"action":"status","status":429,"headers":{"Retry-After":"1"}'
	'500 before the effect|"action":"status","status":500'
	'503 as HTML|"action":"status","status":503,"body":"'$HTML'","headers":{"Content-Type":"text/html"}'
	'a dropped connection|"action":"drop"'
	'HTML in place of an answer|"action":"body","body":"'$HTML'"'
	'a body that is cut|"action":"body","body":"{\"results\":[{\"id\":\"1\""'
	'JSON of another shape|"action":"body","body":"[1,2,3]"'
	'an empty body|"action":"body","body":""'
)
after=(
	'500 after the effect|"action":"status_after","status":500'
	'an answer that is lost|"action":"drop_after"'
	'an effect that lands late|"action":"late","ms":250'
)

# faulty PORT MATCH FAULT NTH OPTIONS: 300 contacts with that fault on the way.
faulty() {
	place $5
	[ -z "$5" ] || KIN_MORE="$KIN_MORE guarantee = \"E3\";"
	configure
	seed 300
	local port=$HUB
	[ "$1" = hub ] || port=$KIN
	fault "$port" "{\"match\":\"$2\",\"nth\":$4,\"times\":1,$3}"
	renkei sync contacts
	[ "$CODE" = 0 ] || [ "$CODE" = 1 ] || fail "exit code $CODE"
	ask "$port" GET /_control/fault | grep -q '"hits":1' || fail "the fault was not met"
	tell "$HUB" edit '{"object":"contacts","random":20,"seed":4,"fields":["company"]}'
	advance 300000
	whole 300
	[ -z "$(find "$DIR/state" -name 'core*')" ] || fail "something left a core"
}

for row in "${ways[@]}"; do
	for nth in 1 2 3; do
		scenario "${row%%|*} at page $nth of reading" faulty hub "$READ*" "${row#*|}" $nth ""
	done
done
for row in "${ways[@]}" "${after[@]}"; do
	for nth in 1 2 3; do
		scenario "${row%%|*} at batch $nth of writing" faulty kin "$WRITE" "${row#*|}" $nth ""
	done
done
for row in "${after[@]}"; do
	scenario "${row%%|*} at batch 2, without upsert" faulty kin "POST /k/v1/records.json" \
		"${row#*|}" 2 "--no-upsert --no-unique"
done

# More trouble than one run has patience for: told as it is, and gone on from there.
long_trouble() {
	place
	seed 30
	fault "$KIN" "{\"match\":\"$WRITE\",\"times\":50,$1}"
	renkei sync contacts
	code "$2"
	says "$3" "$4" "30 waiting"
	equal "$(live "$KIN" 1)" 0 "records"
	no_faults
	whole 30
}
scenario "a CRM that stays in trouble" long_trouble '"action":"status","status":503' 1 \
	"HTTP 503 Service Unavailable" "goes on when the CRM can be reached"
scenario "a host that stays away" long_trouble '"action":"drop"' 1 \
	"Connection failed" "goes on when the CRM can be reached"

# S0-18, S0-20, S0-21
too_many_requests() {
	place
	seed 30
	fault "$HUB" '{"match":"'"$READ"'*","times":50,"action":"status","status":429,
		"headers":{"Retry-After":"120","Content-Type":"application/json"},
		"body":"{\"status\":\"error\",\"category\":\"RATE_LIMITS\",\"policyName\":\"TEN_SECONDLY_ROLLING\",\"message\":\"You have reached your ten_secondly_rolling limit.\"}"}'
	renkei sync contacts
	[ "$CODE" = 1 ] || [ "$CODE" = 4 ] || fail "exit code $CODE"
	says "HTTP 429 Too Many Requests" "many requests were made in a short time" \
		"other applications use the same key" "limit of this kind of key" \
		"wait and run the sync again" "less often" "issue one for renkei alone"
	[ "$(calls "$HUB")" -le 8 ] || fail "$(calls "$HUB") calls in spite of Retry-After"
	# The wait that the CRM named is kept, whoever runs next, and nobody is asked.
	no_faults
	count_anew
	renkei sync contacts
	[ "$CODE" = 1 ] || [ "$CODE" = 4 ] || fail "exit code $CODE"
	says "asked to wait" "room in 1"
	equal "$(calls "$HUB")" 0 "calls in spite of Retry-After"
}
scenario "too many requests" too_many_requests

daily_limit() {
	place
	seed 30
	fault "$HUB" '{"match":"'"$READ"'*","times":50,"action":"status","status":429,
		"headers":{"Content-Type":"application/json"},
		"body":"{\"status\":\"error\",\"errorType\":\"RATE_LIMIT\",\"category\":\"RATE_LIMITS\",\"policyName\":\"DAILY\",\"message\":\"You have reached your daily limit.\"}"}'
	renkei sync contacts
	code 4
	says "HTTP 429 Too Many Requests" "limit"
	renkei status
	code 0
	no_faults
	whole 30
}
scenario "a daily limit holds the sync" daily_limit

# Our own limits: what is allowed is not exceeded, and what waits goes on.
own_limit() {
	place
	KIN_MORE="$KIN_MORE limits = ( { limit = \"app-day\"; calls = \"3\"; } );"
	configure
	seed 500
	renkei sync contacts
	code 4
	# What belongs to no app is not counted by app.
	local of_app=$(($(calls "$KIN") - $(calls_to "$KIN" "GET /k/v1/apps.json")))
	[ "$of_app" -le 3 ] || fail "$of_app calls where 3 are allowed"
	says waiting
	renkei status
	says "held by quota" "limit 'app-day' of connection 'kin': it is used up"
	renkei usage --json
	equal "$(python3 "$PARTS/look.py" cell "$DIR/out" limits connection=kin,limit=app-day used)/$(
		python3 "$PARTS/look.py" cell "$DIR/out" limits connection=kin,limit=app-day allowed)" \
		3/3 "used and allowed"
	KIN_MORE=${KIN_MORE/calls = \"3\"/calls = \"1000\"}
	configure
	whole 500
}
scenario "our own daily limit holds the sync" own_limit

# The net, a connector or the run go in the middle; more of this is in the kill loop.
net_dies() {
	place --delay kintone=150
	seed 300
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync contacts \
		>"$DIR/out" 2>"$DIR/err" &
	local run=$! net
	sleep 0.5
	net=$(processes "renkei-net --state $DIR/state")
	[ -n "$net" ] || fail "no net is running"
	kill -9 "$net"
	wait $run
	cat "$DIR/out" "$DIR/err"
	whole 300
}
scenario "the net dies in the middle of a run" net_dies

interrupted() {
	place --delay kintone=150
	seed 300
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync contacts \
		>"$DIR/out" 2>"$DIR/err" &
	local run=$!
	sleep 0.5
	kill -"$1" $run
	wait $run
	cat "$DIR/out" "$DIR/err"
	local before
	sleep 0.5
	before=$(ask "$KIN" GET /_control/log | grep -a -c '"by":"api"')
	sleep 0.5
	equal "$(ask "$KIN" GET /_control/log | grep -a -c '"by":"api"')" "$before" \
		"writes after the run was ended"
	whole 300
}
for signal in INT TERM KILL; do
	scenario "a run that is ended by SIG$signal" interrupted $signal
done

# A secret is in no file, log or message.
no_secret_anywhere() {
	place --record "$DIR/record"
	export HUBSPOT_TOKEN=very-secret-source KINTONE_TOKEN=very-secret-target
	tell "$HUB" token '{"token":"very-secret-source"}'
	tell "$KIN" token '{"token":"very-secret-target"}'
	seed 30
	fault "$KIN" "{\"match\":\"$WRITE\",\"nth\":1,\"action\":\"status\",\"status\":400,
		\"headers\":{\"Content-Type\":\"application/json\"},
		\"body\":\"{\\\"code\\\":\\\"X\\\",\\\"message\\\":\\\"token very-secret-target is bad\\\"}\"}"
	renkei -v -v sync contacts
	renkei -v check --online
	renkei errors contacts
	renkei status --json
	KINTONE_TOKEN=other-secret renkei -v sync contacts
	rm -f "$DIR/record" "$DIR/told"
	! grep -r -a -l -e very-secret -e other-secret "$DIR" || fail "a secret was written down"
}
scenario "no secret in any file, log or message" no_secret_anywhere
