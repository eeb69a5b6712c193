# SPDX-License-Identifier: Apache-2.0
#
# oauth.sh - connections by OAuth 2.0: login by browser and by pasted code, tokens that
# are renewed once for all, and each way in which a CRM says no.
. "$PARTS/oauth.inc"

# What a mapping leads to, owners and sensitive properties have rights of their own.
scopes_of_uses() {
	apps
	local map=$MAP
	MAP="$map, { from = \"associations.companies.primary\"; to = \"備考\"; enabled = false; }"
	oauth_conf
	renkei login hub --dry-run
	silent_about companies owners sensitive
	MAP="$map, { from = \"associations.companies.primary | trim\"; to = \"備考\"; },
{ from = \"hubspot_owner_id\"; to = \"役職\"; }"
	HUB_MORE="$HUB_MORE sensitive = \"sensitive\";"
	oauth_conf
	renkei login hub --dry-run
	code 0
	says crm.objects.companies.read crm.objects.owners.read \
		crm.objects.contacts.sensitive.read.v2
	silent_about companies.write highly_sensitive sensitive.write deals
	HUB_MORE="${HUB_MORE/= \"sensitive\"/= \"highly_sensitive\"}"
	MAP=$map
	MORE_SYNCS=", { name = \"into\"; from = { connection = \"kin\"; object = \"1\"; };
to = { connection = \"hub\"; object = \"2-77\"; key = \"k\"; };
map = ( { from = \"会員番号\"; to = \"k\"; }, { from = \"備考\"; to = \"associations.deals\"; } ); }"
	oauth_conf
	renkei login hub --dry-run
	code 0
	says crm.objects.deals.read crm.objects.custom.write \
		crm.objects.custom.{sensitive,highly_sensitive}.{read,write}.v2 \
		crm.objects.contacts.highly_sensitive.read.v2
	silent_about crm.objects.deals.write contacts.sensitive.write companies owners
	# Both ways, the same record is written as well, and what comes back counts too.
	MORE_SYNCS=
	MAP='{ from = "email"; to = "メールアドレス"; },
{ from = "hubspot_owner_id"; to = "役職"; direction = "from"; }'
	SYNC_MORE='direction = "both";'
	oauth_conf
	renkei login hub --dry-run
	code 0
	says crm.objects.contacts.{read,write} crm.objects.owners.read \
		crm.objects.contacts.highly_sensitive.{read,write}.v2
	silent_about companies deals custom
}
scenario "a login asks for what the mappings lead to as well" scopes_of_uses

login_by_browser() {
	apps
	seed 5
	renkei login hub --dry-run
	code 0
	says "$HUB_URI" sim-client-id oauth crm.objects.contacts.read
	silent_about crm.objects.contacts.write crm.objects.companies
	# HubSpot names the rights to some objects after others (spec of each object).
	local object rights
	while read -r object rights; do
		OBJECT=$object
		oauth_conf
		renkei login hub --dry-run
		code 0
		says $rights
		[ "$object" = emails ] || silent_about sales-email-read
	done <<-END
		leads crm.objects.leads.read
		tickets tickets
		tasks crm.objects.contacts.read
		emails crm.objects.contacts.read sales-email-read
	END
	OBJECT=contacts
	oauth_conf
	renkei login kin --dry-run
	says "$KIN_URI" k:app_record:read k:app_record:write k:app_settings:read
	silent_about k:file k:app_settings:write
	renkei sync contacts
	code 5
	says "nobody has logged in yet" "renkei login"
	both_logins
	grep -q "You may close this" "$DIR/browsed" || fail "$(cat "$DIR/browsed")"
	equal "$(stat -c %a "$DIR/state/tokens/hub")" 600 "the mode of the tokens"
	renkei connectors show hub
	code 0
	says "access token" "acce****" "expires" "refr****" "granted scopes"
	renkei --lang ja connectors show kin
	says "アクセストークン" "有効期限"
	renkei connectors show hub --json
	valid_json
	renkei check --online
	code 0
	says "oauth crm.objects.contacts.read"
	whole 5
	equal "$(counted "$HUB" refreshes) $(counted "$HUB" exchanges)" "0 1" "renewals, logins"
	no_token_shown
}
scenario "login by browser, and both CRMs by OAuth" login_by_browser

login_by_paste() {
	apps
	seed 2
	HUB_URI=https://desk.example/callback
	tell "$HUB" oauth "{\"redirect_uri\":\"$HUB_URI\"}"
	oauth_conf
	begin_login hub
	to=$(consent "$ADDRESS")
	case $to in "$HUB_URI"?code=*) ;; *) fail "consent led to $to" ;; esac
	printf '%s\n' "$to" >&7
	end_login 0
	begin_login kin
	code=$(consent "$ADDRESS" | sed 's/.*code=//; s/&.*//; s/%\(..\)/\\x\1/g')
	printf "$code\n" >&7
	end_login 0
	whole 2
}
scenario "login by a pasted address, and by a pasted code" login_by_paste

wrong_logins() {
	apps
	begin_login hub
	# Another login's answer, a stranger's page, no answer at all: it goes on waiting.
	browse "$HUB_URI?code=stolen&state=stranger" >"$DIR/browsed"
	grep -q "400" "$DIR/browsed" || fail "$(cat "$DIR/browsed")"
	browse "${HUB_URI%/callback}/favicon.ico" >"$DIR/browsed"
	grep -q "404" "$DIR/browsed" || fail "$(cat "$DIR/browsed")"
	browse "$ADDRESS" >"$DIR/browsed"
	end_login 0
	# A code works once.
	begin_login hub
	to=$(consent "$ADDRESS")
	used=$(sed 's/.*code=//; s/&.*//; s/%\(..\)/\\x\1/g' <<<"$to")
	printf '%s\n' "$to" >&7
	end_login 0
	begin_login hub
	printf "$used\n" >&7
	end_login 5
	cp "$DIR/login.err" "$DIR/err"
	says "works once"
	# Declined on the CRM's page.
	tell "$HUB" oauth '{"deny":true}'
	begin_login hub
	browse "$ADDRESS" >"$DIR/browsed"
	end_login 5
	cp "$DIR/login.err" "$DIR/err"
	says "access_denied" "was declined"
	tell "$HUB" oauth '{"deny":false}'
	# The app is registered with another address: both are told (S3-10).
	tell "$HUB" oauth '{"redirect_uri":"http://localhost:1/elsewhere"}'
	begin_login hub
	equal "$(consent "$ADDRESS")" "" "where it leads"
	grep -q "does not match the registered" "$DIR/page" || fail "$(cat "$DIR/page")"
	kill "$LOGIN"
	wait "$LOGIN"
	tell "$HUB" oauth "{\"redirect_uri\":\"$HUB_URI\"}"
	fault "$HUB" '{"match":"POST /oauth/*/token","action":"status","status":400,"body":"{\"status\":\"MISMATCH_REDIRECT_URI_AUTH_CODE\",\"message\":\"registered: http://other\",\"error\":\"invalid_grant\"}"}'
	begin_login hub
	browse "$ADDRESS" >"$DIR/browsed"
	end_login 5
	cp "$DIR/login.err" "$DIR/err"
	says "$HUB_URI" "registered: http://other" "Redirect URI differs"
	# A wrong secret (S3-9).
	tell "$HUB" oauth '{"client_secret":"another"}'
	begin_login hub
	browse "$ADDRESS" >"$DIR/browsed"
	end_login 5
	cp "$DIR/login.err" "$DIR/err"
	says "BAD_CLIENT_SECRET" "client_id or client_secret was mistyped"
	# A key has no login.
	defaults
	configure
	renkei login hub
	code 2
	says "connects by a key"
}
scenario "logins that fail say why" wrong_logins

renewed_in_time() {
	apps
	seed 4
	both_logins
	# 80 % of three seconds are over, three are not.
	tell "$HUB" oauth '{"expires_in":3}'
	tell "$HUB" oauth '{"expire":true}'
	tell "$KIN" oauth '{"expire":true}'
	renkei sync contacts
	code 0
	figures read=4 created=4
	equal "$(counted "$HUB" refreshes) $(counted "$KIN" refreshes)" "1 1" "renewals"
	sleep 3.2
	contact new '' 0
	advance 5000
	renkei sync contacts
	code 0
	equal "$(counted "$HUB" refreshes)" 2 "renewals"
	whole 5
	no_token_shown
}
scenario "tokens are renewed after a refusal and in time" renewed_in_time

# says_no JSON CODE-WORDS...: what the CRM's app or account has become, and what is said.
ends() {
	local change=$1
	shift
	tell "$HUB" oauth "$change"
	tell "$HUB" oauth '{"expire":true}'
	renkei sync contacts
	code 5
	says "$@" "renkei login"
	renkei --lang ja sync contacts
	code 5
	says "renkei login"
	no_token_shown
}

refusals() {
	apps
	seed 3
	both_logins
	renkei sync contacts
	code 0
	ends '{"client_secret":"regenerated"}' BAD_CLIENT_SECRET "secret was regenerated"
	tell "$HUB" oauth '{"client_secret":"sim-client-secret"}'
	sleep 1.1
	whole 3
	ends '{"delete_app":true}' BAD_CLIENT_ID "the app was deleted"
	tell "$HUB" oauth '{"delete_app":false}'
	sleep 1.1
	whole 3
	ends '{"delete_account":true}' BAD_HUB "the account was deleted"
	tell "$HUB" oauth '{"delete_account":false}'
	sleep 1.1
	whole 3
	ends '{"revoke":true}' BAD_REFRESH_TOKEN "removed the app's access"
	# Logging in again repairs it, at once and with nothing else changed (S3-16).
	login hub
	contact new '' 0
	advance 5000
	whole 4
	# The app lost a scope: the next token has less, and the scope is named (S3-14).
	tell "$HUB" oauth '{"scopes":"oauth crm.objects.companies.read","expire":true}'
	renkei sync contacts
	code 5
	says "crm.objects.contacts.read"
	renkei check --online
	code 5
	says "scope crm.objects.contacts.read" "was not granted"
}
scenario "a token that cannot be renewed: each cause has its own words" refusals

another_app() {
	apps
	seed 2
	both_logins
	HUB_CLIENT=another-id
	oauth_conf
	renkei sync contacts
	code 5
	says "another client_id"
	HUB_CLIENT=sim-client-id
	oauth_conf
	whole 2
	mv "$DIR/state/seal.key" "$DIR/key"
	# A net that lives has its tokens; one that begins cannot open them.
	for pid in $(processes "renkei-net --state $DIR/state"); do kill -9 "$pid"; done
	renkei sync contacts
	code 5
	says "seal.key" "renkei login"
	mv "$DIR/key" "$DIR/state/seal.key"
	whole 2
	renkei logout hub
	code 0
	says "here and at the CRM"
	renkei sync contacts
	code 5
	says "nobody has logged in"
	renkei logout kin
	code 0
	says "remove the app's access"
	both_logins
	whole 2
}
scenario "tokens go to their own app alone; logout ends them" another_app

# What renews an older login is another account's, maybe.
without_renewal() {
	apps
	seed 2
	login kin
	login hub
	fault "$HUB" '{"match":"POST /oauth/*/token","action":"status","status":200,"body":"{\"access_token\":\"other\",\"expires_in\":1800}"}'
	begin_login hub
	browse "$ADDRESS" >"$DIR/browsed"
	end_login 5
	cp "$DIR/login.err" "$DIR/err"
	says "without a refresh token"
	whole 2
}
scenario "a login that nothing can renew is none; the one before stays" without_renewal

# ---- The storm, and deaths ------------------------------------------------------------

# N syncs of their own, one a process, started at once.
storm() {
	apps --delay hubspot=200
	seed 3
	# What fifty runs ask at first is more than a burst; here renewals are counted.
	HUB_MORE="$HUB_MORE limits = \"none\";"
	MORE_SYNCS=
	local i name
	for i in $(seq 50); do
		MORE_SYNCS+=", $(NAME=s$i one_sync)"
	done
	oauth_conf
	both_logins
	tell "$HUB" oauth '{"expire":true}'
	tell "$KIN" oauth '{"expire":true}'
	pids=()
	for i in $(seq 50); do
		"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync "s$i" \
			>"$DIR/s$i.out" 2>"$DIR/s$i.err" </dev/null &
		pids+=($!)
	done
	for i in $(seq 50); do
		wait "${pids[i - 1]}" || { echo "run s$i: $?"; cat "$DIR/s$i".*; fail "a run failed"; }
	done
	equal "$(counted "$HUB" refreshes)" 1 "renewals at the source"
	equal "$(counted "$KIN" refreshes)" 1 "renewals at the target"
	equal "$(counted "$HUB" refused) $(counted "$KIN" refused)" "0 0" "refusals"
}
scenario "token storm: 50 runs at once, one renewal a connection" storm

# net_dies_with_reply: the CRM has answered the renewal, net has not read it, and dies.
net_dies_with_reply() {
	local net
	net=$(processes "renkei-net --state $DIR/state")
	tell "$HUB" oauth '{"expire":true}'
	fault "$HUB" '{"match":"POST /oauth/*/token","action":"delay","ms":3000}'
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync contacts \
		>"$DIR/s.out" 2>"$DIR/s.err" </dev/null &
	local run=$! i
	for i in $(seq 100); do
		[ "$(ask "$HUB" GET /_control/counts | grep -c '"in_flight_by":{[^}]*oauth')" = 1 ] &&
			break
		sleep 0.02
	done
	kill -STOP $net
	local before=$1
	for i in $(seq 200); do
		[ "$(counted "$HUB" refreshes)" -gt "$before" ] && break
		sleep 0.05
	done
	[ "$(counted "$HUB" refreshes)" -gt "$before" ] || fail "the CRM never renewed"
	kill -9 $net $run
	wait $run 2>/dev/null
	no_faults
}

death_between() {
	apps
	seed 3
	both_logins
	renkei sync contacts
	code 0
	net_dies_with_reply 0
	# This CRM still takes the old refresh token: nobody notices.
	contact new '' 0
	advance 5000
	whole 4
	equal "$(counted "$HUB" refreshes)" 2 "renewals"
	# One that rotates does not: it is said, with what to do, and nothing is lost.
	tell "$HUB" oauth '{"rotate":true}'
	net_dies_with_reply 2
	renkei sync contacts
	code 5
	says "cut off before its answer was stored" "renkei login" "nothing is lost"
	renkei --lang ja sync contacts
	says "新しいトークンの喪失"
	login hub
	contact newer '' 0
	advance 5000
	whole 5
	# With rotation each renewal is another refresh token, on the disk before its use.
	for i in 1 2 3; do
		tell "$HUB" oauth '{"expire":true}'
		for pid in $(processes "renkei-net --state $DIR/state"); do kill -9 "$pid"; done
		renkei sync contacts
		code 0
	done
	no_token_shown
}
scenario "a death between the CRM's answer and the disk" death_between
