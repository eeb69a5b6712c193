# SPDX-License-Identifier: Apache-2.0
#
# console.sh - renkei-console and its API: what it answers is what the commands print, it
# lets in who logged in, and nothing that comes to it harms the daemon.

. "$PARTS/console.inc"
. "$PARTS/twoway.inc"

begins() {
	place
	seed 5
	console
	client begin
	kill -9 "$(processes "renkei-console")"
	wait_for "console.started" 2
	log_says "program=renkei-console code=137"
	stop TERM 0
	equal "$(processes "renkei-console")" "" "consoles that are left"
}
scenario "the first link sets a password, once; a console that dies comes again" begins

# Whoever was invited before the daemon ran keeps that link, and no other is made.
invited_before() {
	place
	GLOBAL='console: { listen = "127.0.0.1:0"; };'
	configure
	renkei user link admin operator
	code 0
	local key
	key=$(sed -n 's/.*#link=\([0-9a-f]*\).*/\1/p' "$DIR/out")
	console
	equal "$LINK" "" "links in the log"
	log_says 'console.first' '"admin" was given a link as operator' \
		"renkei user link admin operator"
	# Nor does a console that starts again make one.
	kill -9 "$(processes "renkei-console")"
	wait_for "console.started" 2
	PLACE=$(sed -n 's/.*console.started address=//p' "$DIR/log" | tail -n 1)
	LINK=$key
	client invited
	stop TERM 0
}
scenario "an operator who was invited before keeps the link" invited_before

described() {
	place
	seed 5
	console
	"$BUILD/renkei-console" --routes >"$DIR/routes" || fail "--routes"
	client described "$DIR/routes"
}
scenario "docs/openapi.json and the server are the same, answer by answer" described

roles() {
	place
	console
	renkei user link vera
	code 0
	says "in place of 0"
	client roles "$(sed -n 's/.*#link=\([0-9a-f]*\).*/\1/p' "$DIR/out")"
	renkei user list --json
	says '"user":"vera"' '"role":"viewer"'
	# More is given by the link alone, less is so at once.
	renkei user link vera operator
	renkei user list --json
	says '"role":"viewer"'
	python3 -c 'import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db:
    db.execute("UPDATE user SET role = 1 WHERE name = \"vera\"")' "$DIR/state/host.db"
	renkei user link vera viewer
	renkei user list --json
	says '"user":"vera","role":"viewer"'
	renkei user remove vera
	code 0
	renkei user remove vera
	code 2
	says "there is no user" vera
	renkei user link "a b"
	code 2
	renkei user link
	code 2
	says "something is missing"
	renkei audit
	says "set a password" "user remove vera"
}
scenario "a viewer looks, and does nothing that is an operator's" roles

settles() {
	two 'conflict = "ask";'
	contact aya '"company":"A","phone":"03-1"'
	later
	renkei sync contacts
	settled 1
	at_hub aya company hub
	at_hub aya phone 090-1
	at_kin aya 会社名 kin
	at_kin aya 電話 090-2
	later
	renkei sync contacts
	console
	renkei user link vera
	client conflicts "$(sed -n 's/.*#link=\([0-9a-f]*\).*/\1/p' "$DIR/out")"
	both_have company 会社名 kin
	equal "$(values "$HUB" contacts phone)" 090-1 "what was chosen of from"
	stop TERM 0
}
scenario "a conflict is settled in the console, by an operator and as it was seen" settles

users() {
	place
	console
	client users
	renkei user link admin
	code 0
}
scenario "an operator makes and removes viewers; operators are made at a terminal" users

hostile() {
	place
	console
	client hostile "$HUBSPOT_TOKEN"
	equal "$(grep -c console.started "$DIR/log")" 1 "consoles"
	! grep -q -F -e "$HUBSPOT_TOKEN" "$DIR/log" || fail "a secret is in the log"
	stop TERM 0
}
scenario "a hostile client is refused; daemon and others are untouched" hostile

metrics() {
	place
	console
	client metrics
}
scenario "figures for Prometheus, and whether it is well" metrics

refuses_to_start() {
	place
	GLOBAL='console: { listen = "0.0.0.0:0"; };'
	configure
	renkei check
	code 2
	says "listen is beyond this machine without TLS" certificate behind
	CODE=0
	timeout 60 "$BUILD/renkei-console" --state "$DIR/state" --listen 0.0.0.0:0 \
		2>"$DIR/err" >"$DIR/out" || CODE=$?
	code 2
	says "the console does not start: listen is beyond this machine without TLS"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
		-subj /CN=localhost -keyout "$DIR/key.pem" -out "$DIR/cert.pem" 2>/dev/null
	console "certificate = \"$DIR/cert.pem\"; key = \"$DIR/key.pem\";"
	log_says "console.started address=https://127.0.0.1:"
	curl -s -k -D "$DIR/head" "$PLACE/api/v1/session" -o "$DIR/out" || fail "no TLS"
	grep -q -i '^strict-transport-security' "$DIR/head" || fail "no HSTS"
	stop TERM 0
}
scenario "beyond this machine only with TLS or a named proxy" refuses_to_start
