# SPDX-License-Identifier: Apache-2.0
#
# connections.sh - wrong keys, hosts, scopes and apps: each is told in one go, with
# cause and remedy and the right exit code; once repaired, everything arrives.

a_sound_configuration() {
	place
	seed 30
	renkei sync contacts
	code 0
	figures read=30 created=30 writes=1
	whole 30
}
scenario "a sound configuration syncs" a_sound_configuration

# Causes and remedies of HTTP 401 as people know them (S0-15 to S0-17, S3-22).
says_401() {
	says "HTTP 401 Unauthorized" "key or token was mistyped" "disabled" \
		"the key was regenerated" "check the key" "admin screen" \
		"update the secret of the connection"
}

wrong_source_key() {
	place
	seed 5
	HUBSPOT_TOKEN=not-the-token renkei sync contacts
	code 5
	says "hub:" "Copy the token again from HubSpot"
	says_401
	silent_about not-the-token
	equal "$(calls "$HUB")" 1 "calls with a wrong key"
	HUBSPOT_TOKEN=not-the-token renkei check --online
	code 5
	says_401
	whole 5
}
scenario "a wrong key at the source" wrong_source_key

wrong_target_key() {
	place
	seed 5
	# The target has refused before the source answers, also where the machine is busy.
	fault "$HUB" '{"match":"*","times":9,"action":"delay","ms":700}'
	KINTONE_TOKEN=not-the-token renkei sync contacts
	no_faults
	code 5
	says "kin:" GAIA_IA02 "key or token was mistyped" "press Update App" \
		"5 waiting: nothing is lost"
	silent_about not-the-token
	equal "$(live "$KIN" 1)" 0 "records at the target"
	renkei status
	says "contacts: credentials: " GAIA_IA02 "update the secret of the connection"
	KINTONE_TOKEN=not-the-token renkei describe kin 1
	code 5
	whole 5
}
scenario "a wrong key at the target" wrong_target_key

a_proxy_that_is_down() {
	place
	seed 2
	HUB_MORE='proxy = "http://127.0.0.1:9";'
	configure
	renkei check --online
	code 1
	says "the proxy http://127.0.0.1:9" "takes no connection" "correct \`proxy\`"
}
scenario "a proxy that is down is named as the proxy" a_proxy_that_is_down

a_new_key_needs_no_change() {
	place
	seed 3
	printf sim-hubspot-token >"$DIR/key"
	chmod 600 "$DIR/key"
	HUB_TOKEN=file:$DIR/key
	configure
	renkei sync contacts
	code 0
	tell "$HUB" token '{"token":"regenerated"}'
	renkei sync contacts
	code 5
	printf regenerated >"$DIR/key"
	contact new '' 0
	advance 5000
	whole 4
}
scenario "a key that was regenerated takes effect from its file" a_new_key_needs_no_change

# S0-6: each account takes its own key only, and holds its own people; both runs share
# one renkei-net.
two_accounts() {
	place
	local more=$HUB first=$HUBSPOT
	contact ann
	tell "$HUB" token '{"token":"key-of-the-first"}'
	"$BUILD/renkei-simulator" --die-with-parent --no-limits --index-lag 0 hubspot \
		>"$DIR/second" &
	PIDS+=($!)
	await_line "$DIR/second" '^ready'
	HUBSPOT=$(awk '$1 == "hubspot" { print $2 }' "$DIR/second")
	HUB=${HUBSPOT##*:}
	contact ben
	contact bea
	tell "$HUB" token '{"token":"key-of-the-second"}'
	export FIRST_KEY=key-of-the-first SECOND_KEY=key-of-the-second
	HUB_HOST=$first HUB_TOKEN=env:FIRST_KEY
	MORE_SYNCS=", $(NAME=second one_sync | sed 's/connection = "hub"/connection = "other"/')"
	configure
	sed -i "s#^connections: {#&\n  other: { connector = \"hubspot\"; host = \"$HUBSPOT\";\
 token = \"env:SECOND_KEY\"; $HUB_MORE };#" "$DIR/renkei.conf"
	renkei check --online
	code 0
	count_anew
	tell "$more" counts '{"reset":true}'
	renkei sync contacts
	code 0
	figures read=1 created=1
	equal "$(calls "$HUB")" 0 "calls at the second for the first"
	renkei sync second
	code 0
	equal "$(values "$KIN" 1 メールアドレス | tr '\n' ' ')" \
		"ann@example.com bea@example.com ben@example.com " "records"
	renkei errors
	code 0
	# Each key is good at its own account alone.
	SECOND_KEY=key-of-the-first renkei sync second
	code 5
	says "other:" "HTTP 401 Unauthorized"
	renkei sync contacts
	code 0
}
scenario "two accounts of one CRM, side by side" two_accounts

missing_secrets() {
	place
	seed 3
	HUB_TOKEN=env:NOT_SET_ANYWHERE
	configure
	renkei check
	code 0
	says warning NOT_SET_ANYWHERE "is not set" "export NOT_SET_ANYWHERE"
	renkei sync contacts
	code 2
	says 'connection "hub"' NOT_SET_ANYWHERE "is not set" "export NOT_SET_ANYWHERE"
	HUB_TOKEN=file:$DIR/no-such-file
	configure
	renkei check
	code 0
	says warning "$DIR/no-such-file" "No such file"
	renkei sync contacts
	code 2
	says "$DIR/no-such-file" "No such file"
	HUB_TOKEN=
	configure
	renkei check
	code 2
	says 'connection "hub" without "token"'
	HUB_TOKEN=sim-hubspot-token
	configure
	renkei check
	code 0
	says "the secret itself stands in the file" env:NAME
	silent_about sim-hubspot-token
	defaults
	configure
	whole 3
}
scenario "secrets that are not there are named" missing_secrets

# S0-25, S0-26
unreachable() {
	place
	seed 4
	HUB_HOST=http://127.0.0.1:1
	configure
	renkei check --online
	code 1
	says "Connection failed" "host is mistyped" "https:// is missing" \
		"domain of the instance" "check the host" "with https://" "admin screen"
	renkei sync contacts
	code 1
	says "Connection failed"
	defaults
	KIN_HOST=http://127.0.0.1:1
	configure
	renkei sync contacts
	code 1
	says "kin: Connection failed" "4 waiting" "nothing is lost"
	defaults
	configure
	whole 4
}
scenario "a host that cannot be reached" unreachable

a_host_of_something_else() {
	place
	seed 4
	HUB_HOST=$KINTONE
	configure
	renkei sync contacts
	[ "$CODE" != 0 ] || fail "another CRM was taken for HubSpot"
	says "hub:" "  do:"
	defaults
	KIN_HOST=$HUBSPOT
	configure
	renkei sync contacts
	[ "$CODE" != 0 ] || fail "another CRM was taken for kintone"
	says "kin:" "  do:" "4 waiting" "nothing is lost"
	equal "$(calls_to "$HUB" "POST /crm/objects/batch/upsert")" 0 "writes to the wrong CRM"
	defaults
	configure
	whole 4
}
scenario "a host that is another CRM" a_host_of_something_else

# S0-5
host_without_https() {
	place
	local host
	for host in example.cybozu.com ftp://example.cybozu.com example.cybozu.com/k/1; do
		KIN_HOST=$host
		configure
		renkei check
		code 2
		says "found \"$host\"" "include https://" "renkei.conf:"
	done
	for host in https:// "https://exa mple" https://example.cybozu.com:99999; do
		KIN_HOST=$host
		configure
		renkei check
		code 2
		says "found \"$host\"" expected
	done
	KIN_HOST=https://user:pass@example.cybozu.com
	configure
	renkei check
	code 2
	says "found \"https://***@example.cybozu.com\"" expected
	silent_about user:pass
	KIN_HOST=http://example.cybozu.com
	configure
	renkei check
	code 0
	says "plain http"
	KIN_HOST=" "
	configure
	renkei check
	code 2
	says host
}
scenario "a host without https://" host_without_https

# S3-14
missing_scope() {
	place
	seed 4
	tell "$HUB" options '{"scopes":["oauth","crm.schemas.contacts.read"]}'
	renkei sync contacts
	code 5
	says "HTTP 403 Forbidden" crm.objects.contacts.read "Add the named scope"
	renkei status
	says "contacts: failed: HTTP 403 Forbidden"
	renkei check --online
	code 5
	says crm.objects.contacts.read "is not granted, and a sync needs it"
	tell "$HUB" options '{"scopes":["oauth","crm.schemas.contacts.read",
		"crm.objects.contacts.read"]}'
	renkei check --online
	# The run that was stopped stands until one goes well.
	code 3
	silent_about "is not granted"
	whole 4
	renkei check --online
	code 0
}
scenario "a missing scope is named" missing_scope

missing_right() {
	place
	seed 4
	tell "$KIN" rights '{"app":"1","rights":"v"}'
	renkei sync contacts
	code 5
	says "kin:" GAIA_NO01 "a target, view, add and edit" "Tick the rights" \
		"4 waiting" "nothing is lost"
	tell "$KIN" rights '{"app":"1","rights":"vaed"}'
	whole 4
}
scenario "a token without the right to write" missing_right

# S2-4, S2-40
missing_app() {
	place
	seed 4
	APP=99
	configure
	renkei check --online
	code 2
	says GAIA_AP01 "no app with this number" "Check subdomain, app number and login"
	renkei sync contacts
	code 2
	says GAIA_AP01 "no app with this number"
	equal "$(calls_to "$HUB" "GET /crm/objects")" 0 "pages read in vain"
	# Nothing holds on to the wrong number.
	APP=1
	configure
	renkei sync contacts
	code 0
	figures created=4
	rm -rf "$DIR/state"
	APP=99
	configure
	tell "$KIN" app '{"app":"99","fields":{
		"メールアドレス":{"type":"SINGLE_LINE_TEXT","unique":true},
		"氏名":{"type":"SINGLE_LINE_TEXT"},"会社名":{"type":"SINGLE_LINE_TEXT"},
		"電話":{"type":"SINGLE_LINE_TEXT"},"段階":{"type":"SINGLE_LINE_TEXT"}}}'
	renkei sync contacts
	code 0
	figures created=4
	equal "$(live "$KIN" 99)" 4 "records of the new app"
}
scenario "an app that does not exist, and then does" missing_app

# S2-38
pasted_address() {
	place
	seed 4
	APP=https://example.cybozu.com/k/1/
	configure
	renkei check
	code 0
	says 'taken as "1"' 'write object = "1"'
	renkei sync contacts
	code 0
	APP=1
	configure
	whole 4
	APP=abc
	configure
	renkei check
	code 2
	says 'found "abc"' "expected"
}
scenario "the pasted address of an app is its number" pasted_address

missing_object() {
	place
	OBJECT=contract
	configure
	renkei check --online
	[ "$CODE" != 0 ] || fail "an object that is not there was found"
	says contract
	renkei describe hub contract
	[ "$CODE" != 0 ] || fail "an object that is not there was described"
	says contract
}
scenario "an object that the connector does not have" missing_object
