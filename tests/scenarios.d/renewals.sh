# SPDX-License-Identifier: Apache-2.0
#
# renewals.sh - how often a token is renewed, on the way of a run and by two nets at once.
# What the token endpoint and the app may do wrong is in tests/faults.txt.
. "$PARTS/oauth.inc"

# The token expires before the first, a middle and the last call of a run: renewed once, and
# the call goes again.
expiry_on_the_way() {
	local n
	apps
	seed 450
	both_logins
	for n in 1 2 3; do
		tell "$HUB" edit '{"object":"contacts","random":450}'
		advance 5000
		before=$(counted "$HUB" refreshes)
		fault "$HUB" "{\"match\":\"* /crm/*\",\"nth\":$n,\"action\":\"status\",\"status\":401,\
\"body\":\"{\\\"category\\\":\\\"EXPIRED_AUTHENTICATION\\\",\\\"message\\\":\\\"expired\\\"}\"}"
		fault "$KIN" "{\"match\":\"* /k/*\",\"nth\":$n,\"action\":\"status\",\"status\":401,\
\"body\":\"{\\\"code\\\":\\\"CB_OA01\\\",\\\"message\\\":\\\"no\\\"}\"}"
		renkei sync contacts
		code 0
		no_faults
		equal "$(counted "$HUB" refreshes)" $((before + 1)) "renewals at call $n"
	done
	equal "$(counted "$KIN" refreshes)" 3 "renewals at the target"
	whole 450
	no_token_shown
}
scenario "a token that expires at the first, a middle and the last call" expiry_on_the_way

# The configuration has changed while a run is under way: its net leaves when that run has
# ended, and the next run has a net of its own.  Both serve the same login.
two_nets() {
	local first second
	apps --delay hubspot=100 --delay kintone=150
	seed 2000
	MORE_SYNCS=", $(NAME=second one_sync)"
	oauth_conf
	both_logins
	start_sync contacts
	first=$!
	await_calls "$HUB" 3
	answer_after 2000
	HUB_MORE='request_deadline = "7s";'
	oauth_conf
	start_sync second
	second=$!
	await_nets 2
	tell "$HUB" oauth '{"rotate":true,"expire":true}'
	tell "$KIN" oauth '{"rotate":true,"expire":true}'
	equal "$(nets | wc -l)" 2 "nets when the tokens expired"
	answer_after 0
	wait $first || fail "the first run ended with $?: $(cat "$DIR/contacts.err")"
	wait $second || fail "the second run ended with $?: $(cat "$DIR/second.err")"
	equal "$(counted "$HUB" refreshes) $(counted "$KIN" refreshes)" "1 1" "renewals"
	equal "$(counted "$HUB" refused) $(counted "$KIN" refused)" "0 0" "refusals"
	no_token_shown
}
start_sync() {
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync "$1" \
		>"$DIR/$1.out" 2>"$DIR/$1.err" </dev/null &
	PIDS+=($!)
}
# So slow that no run ends by itself before the tokens expire, however slow the machine is.
answer_after() {
	tell "$HUB" delay "{\"ms\":$1}"
	tell "$KIN" delay "{\"ms\":$1}"
}
await_calls() {
	for _ in $(seq 200); do
		[ "$(ask "$1" GET /_control/counts | grep -o '"calls":[0-9]*' | head -n 1 |
			tr -dc 0-9)" -ge "$2" ] && return
		sleep 0.02
	done
	fail "the run makes no calls"
}
# Those of this state directory, and not of one that was here before.
nets() {
	local pid
	for pid in $(processes "renkei-net --state $DIR/state"); do
		[ -n "$(find "/proc/$pid/fd" -lname "$DIR/state" 2>/dev/null)" ] && echo "$pid"
	done
}
await_nets() {
	for _ in $(seq 200); do
		[ "$(nets | wc -l)" = "$1" ] && return
		sleep 0.02
	done
	fail "not $1 nets"
}
scenario "two nets renew at one moment: one renewal, though the CRM rotates" two_nets

# Logged out and in again with another configuration, while a net of the old one serves a run:
# both logins are the first of their file.
logged_in_anew() {
	local first
	apps --delay hubspot=100 --delay kintone=150
	seed 2000
	both_logins
	start_sync contacts
	first=$!
	await_calls "$HUB" 3
	fault "$HUB" '{"match":"* /crm/*","action":"delay","ms":6000}'
	HUB_MORE='request_deadline = "7s";'
	oauth_conf
	renkei logout hub
	code 0
	tell "$HUB" oauth '{"expire":true}'
	login hub
	kill -0 $first || fail "the run has ended before the login"
	wait $first || fail "the run ended with $?: $(cat "$DIR/contacts.err")"
	equal "$(counted "$HUB" refused)" 0 "refusals"
	no_token_shown
}
scenario "a run goes on by a login that began anew meanwhile" logged_in_anew
