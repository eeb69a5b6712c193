# SPDX-License-Identifier: Apache-2.0
#
# renewals.sh - the kinds of faults of OAuth: what a run tells whose access token has
# expired, and what the runs after it make good.
. "$PARTS/oauth.inc"

# What the token endpoint does when it is asked, and what the run that meets it tells:
# name, exit code, a word that it says (or -), and the fault as tests/simulators/fault.c
# takes it.
oauth_kinds() {
	cat <<'END'
invalid_grant 5 oauth-revoked "action":"status","status":400,"body":"{\"error\":\"invalid_grant\"}"
invalid_client 5 oauth-client "action":"status","status":401,"body":"{\"error\":\"invalid_client\"}"
unauthorized 5 oauth-client "action":"status","status":400,"body":"{\"error\":\"unauthorized_client\"}"
access-denied 5 oauth-account "action":"status","status":400,"body":"{\"error\":\"access_denied\"}"
scope-refused 5 oauth-scope "action":"status","status":400,"body":"{\"error\":\"invalid_scope\"}"
unknown-4xx 5 oauth-refused "action":"status","status":418,"body":"{\"error\":\"teapot\"}"
redirect 5 oauth-refused "action":"status","status":302,"headers":{"Location":"https://example.invalid/"}
no-token 5 oauth-refused "action":"body","body":"{\"token_type\":\"bearer\",\"expires_in\":60}"
token-of-blanks 5 oauth-refused "action":"body","body":"{\"access_token\":\"a b\\r\\nX: y\",\"expires_in\":60}"
http-429 0 - "action":"status","status":429,"headers":{"Retry-After":"1"}
http-500 0 - "action":"status","status":500
http-503 0 - "action":"status","status":503
timeout 0 - "action":"delay","ms":5200
cut 0 - "action":"drop"
cut-after-effect 0 - "action":"drop_after"
not-json 0 - "action":"body","body":"<html>"
END
}

# The kinds at PORT's side, one after another; what passes by itself ends with 0, what
# does not is over with the next run, and nothing is lost.
faults_of() {
	local port=$1 path=$2 name code word fault done_=0
	while read -r name code word fault; do
		tell "$port" oauth '{"expire":true}'
		fault "$port" "{\"match\":\"POST $path\",$fault}"
		contact "k$port-$name" '' 0
		advance 5000
		renkei sync contacts --json
		[ "$CODE" = "$code" ] || fail "$name: exit code $CODE, expected $code"
		[ "$word" = - ] || says "\"$word\""
		no_faults
		done_=$((done_ + 1))
		[ "$code" = 0 ] || sleep 1.1
	done < <(oauth_kinds)
	equal $done_ 16 "kinds"
}
faults_at_the_source() {
	apps
	both_logins
	faults_of "$HUB" "/oauth/*/token"
	whole 16
	no_token_shown
}
scenario "each fault of a renewal, at the source" faults_at_the_source

faults_at_the_target() {
	apps
	both_logins
	faults_of "$KIN" "/oauth2/token"
	whole 16
	no_token_shown
}
scenario "each fault of a renewal, at the target" faults_at_the_target

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
}
scenario "a token that expires at the first, a middle and the last call" expiry_on_the_way
