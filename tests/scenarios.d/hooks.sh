# SPDX-License-Identifier: Apache-2.0
#
# hooks.sh - webhooks: what they tell is read at once, by id, whatever the CRM's search
# knows yet; who cannot prove where they come from is refused; nothing that they tell or
# leave out is lost.
export HOOK_SECRET=canary-hook-secret-1

# hook NAME KIND ARGUMENTS...: `renkei hook NAME` is given a webhook.
hook() {
	local name=$1
	shift
	python3 -B "$PARTS/hooks.py" "$@" >"$DIR/webhook" || fail "hooks.py"
	give_hook "$name"
}
give_hook() {
	CODE=0
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" --json hook "$1" \
		<"$DIR/webhook" >"$DIR/out" 2>"$DIR/err" || CODE=$?
	cat "$DIR/out" "$DIR/err"
	valid_json
}
# told SYNC=RECORDS...: what the webhook told of each sync.
told() {
	python3 - "$DIR/out" "$@" <<'END' || fail "told otherwise than $*"
import json, sys
rows = ["%s=%d" % (r["sync"], r["records"]) for r in json.load(open(sys.argv[1]))["syncs"]]
assert rows == sys.argv[2:], rows
END
}
URL=https://crm.example.jp/hooks/hub
hooked_place() {
	place --index-lag 30000
	HUB_MORE="request_deadline = \"5s\"; late_commit = \"1s\"; index_lag = \"30s\";
		hook = { secret = \"env:HOOK_SECRET\"; url = \"$URL\"; };"
	configure
}
first_id() { ask "$HUB" GET "/_control/records?object=contacts" >"$DIR/records"
	python3 "$PARTS/look.py" values "$DIR/records" hs_object_id | head -n 1; }

a_change_is_read_at_once() {
	hooked_place
	seed 3
	advance 60000
	renkei sync contacts
	code 0
	figures created=3
	renkei cursor show contacts
	grep -a -m 1 "read up to" "$DIR/out" >"$DIR/before"
	tell "$HUB" edit '{"object":"contacts","id":1,"values":{"lastname":"新姓"}}'
	renkei sync contacts
	figures updated=0
	hook hub hubspot "$HOOK_SECRET" "$URL" 0 contact.propertyChange:1 contact.creation:2 deal.creation:7
	code 0
	told contacts=2
	count_anew
	renkei sync contacts
	code 0
	figures carried=2 updated=1 unchanged=1 waiting=0
	equal "$(calls "$HUB")" 2 "calls at the source: a listing, and one by id"
	values "$KIN" 1 氏名 | grep -q 新姓 || fail "the change did not arrive"
	# Search learns of it later: it was told, so it is not missed; one that was not is.
	tell "$HUB" edit '{"object":"contacts","id":3,"values":{"lastname":"無言"}}'
	advance 60000
	renkei sync contacts
	code 0
	figures updated=1
	renkei --json status
	python3 -c 'import json, sys
row = json.load(open(sys.argv[1]))["syncs"][0]
assert (row["hinted"], row["missed"]) == (2, 1), row' "$DIR/out" || fail "what hooks missed"
	true_to_the_source 3
}
scenario "a change is read at once by its id, and what was not told is counted" a_change_is_read_at_once

what_is_not_the_crms_is_refused() {
	hooked_place
	hook hub hubspot wrong-secret "$URL" 0 contact.creation:1
	code 5
	says "does not have the secret"
	hook hub hubspot "$HOOK_SECRET" https://other.example/hooks/hub 0 contact.creation:1
	code 5
	hook hub hubspot "$HOOK_SECRET" "$URL" 301 contact.creation:1
	code 5
	says "another time than now"
	hook hub hubspot "$HOOK_SECRET" "$URL" -400 contact.creation:1
	code 5
	printf 'POST\n\n[{"objectId":1,"subscriptionType":"contact.creation"}]' >"$DIR/webhook"
	give_hook hub
	code 5
	says "has no signature" "compare secret and url"
	hook hub hubspot "$HOOK_SECRET" "$URL" 0 contact.creation:1
	code 0
	told contacts=1
	give_hook hub
	code 0
	told
	head -c 70000 /dev/zero | tr '\0' 'x' >"$DIR/webhook"
	give_hook hub
	code 2
	says "64 KiB"
	hook kin kintone x ADD_RECORD 1 1
	code 2
	says "takes no webhooks"
	! grep -r -q -a "$HOOK_SECRET" "$DIR/state" "$DIR/out" "$DIR/err" || fail "the secret is told"
}
scenario "what is unsigned, signed by another, old or repeated changes nothing" what_is_not_the_crms_is_refused

a_crm_that_signs_nothing_has_the_secret_in_its_address() {
	place
	KIN_MORE='t_land = "300ms"; hook = { secret = "env:HOOK_SECRET"; };'
	MORE_SYNCS=', { name = "back"; from = { connection = "kin"; object = "1"; };
		to = { connection = "hub"; object = "companies"; key = "domain"; };
		map = ( { from = "メールアドレス"; to = "domain"; } ); }'
	configure
	hook kin kintone "$HOOK_SECRET" UPDATE_RECORD 1 12
	code 0
	told back=1
	hook kin kintone "$HOOK_SECRET" DELETE_RECORD 1 13
	told back=1
	hook kin kintone "$HOOK_SECRET" UPDATE_RECORD 2 12
	told
	hook kin kintone guessed UPDATE_RECORD 1 12
	code 5
	hook kin own x '{}'
	code 5
	says "hooks/NAME/SECRET" "does not end in"
	KIN_MORE='hook = { secret = "env:HOOK_SECRET"; header = "X-Signature"; };'
	configure
	hook kin own "$HOOK_SECRET" '{"app":{"id":"1"},"recordId":"7"}'
	code 0
	told back=1
	hook kin own other '{"app":{"id":"1"},"recordId":"7"}'
	code 5
}
scenario "a CRM that signs nothing has the secret in its address; one's own sender signs" \
	a_crm_that_signs_nothing_has_the_secret_in_its_address

outbound_messages() {
	place
	export SALESFORCE_TOKEN=sim-salesforce-token
	sed -i 's|^connections: {|&\n  sf: { connector = "salesforce"; host = "https://x.my.salesforce.com"; token = "env:SALESFORCE_TOKEN"; hook = { secret = "env:HOOK_SECRET"; }; };|' \
		"$DIR/renkei.conf"
	sed -i 's|^syncs = (|&\n  { name = "sf"; from = { connection = "sf"; object = "Contact"; }; to = { connection = "kin"; object = "2"; key = "メールアドレス"; }; map = ( { from = "Email"; to = "メールアドレス"; } ); },|' \
		"$DIR/renkei.conf"
	hook sf salesforce "$HOOK_SECRET" Contact:003000000000001AAA Lead:00Q000000000001AAA
	code 0
	told sf=1
	says "<Ack>true</Ack>"
	hook sf salesforce guessed Contact:003000000000001AAA
	code 5
	printf 'POST %s\n\n<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>' "$HOOK_SECRET" >"$DIR/webhook"
	give_hook sf
	says "no outbound message"
	code 2
}
scenario "an outbound message of Salesforce is taken and acknowledged" outbound_messages

hints_survive_a_run_that_dies() {
	hooked_place
	seed 3
	advance 60000
	renkei sync contacts
	figures created=3
	tell "$HUB" edit '{"object":"contacts","id":2,"values":{"lastname":"後"}}'
	hook hub hubspot "$HOOK_SECRET" "$URL" 0 contact.propertyChange:2
	# The source does not answer: the hint stays until it does.
	HUB_HOST=http://127.0.0.1:1 configure
	renkei sync contacts
	[ "$CODE" != 0 ] || fail "a run without its source is well"
	configure
	for _ in $(seq 20); do
		renkei sync contacts
		[ "$CODE" = 0 ] && [ "$(figure waiting)" = 0 ] && break
		sleep 0.2
	done
	values "$KIN" 1 氏名 | grep -q 後 || fail "the change did not arrive"
}
scenario "what was told stays until the source can be asked" hints_survive_a_run_that_dies

. "$PARTS/console.inc"

# posts PATH STATUS: the webhook is posted to the console.
posts() {
	python3 -B "$PARTS/hooks.py" post "$PLACE$1" "$DIR/webhook" >"$DIR/answer" || fail "post"
	cat "$DIR/answer"
	[ "$(cut -d ' ' -f 1 "$DIR/answer")" = "$2" ] || fail "$1 is answered so, expected $2"
}
# host TEXT: in host.db.
host() {
	python3 -c 'import sqlite3, sys
sqlite3.connect(sys.argv[1], isolation_level=None).execute(sys.argv[2])' \
		"$DIR/state/host.db" "$1" || fail "host.db: $1"
}
# A search learns of the change after thirty seconds; who told of it is read before that.
from_hook_to_target() {
	hooked_place
	seed 3
	advance 60000
	SYNC_MORE='every = "1h";'
	console
	wait_for "daemon.ended"
	true_to_the_source 3
	local since now
	since=$(date +%s%N)
	tell "$HUB" edit '{"object":"contacts","id":1,"values":{"lastname":"新姓"}}'
	python3 -B "$PARTS/hooks.py" hubspot "$HOOK_SECRET" "$URL" 0 contact.propertyChange:1 >"$DIR/webhook"
	posts /hooks/hub 200
	while ! values "$KIN" 1 氏名 | grep -q 新姓; do
		now=$(date +%s%N)
		[ $((now - since)) -lt 25000000000 ] || fail "it did not arrive before the search knew it"
	done
	echo "hook to target: $((($(date +%s%N) - since) / 1000000)) ms"
	posts /hooks/hub 200
	python3 -B "$PARTS/hooks.py" hubspot "$HOOK_SECRET" "$URL" 0 contact.propertyChange:2 >"$DIR/webhook"
	# What cannot be kept is no fault of the webhook: the CRM is to send it again.
	host "CREATE TRIGGER full BEFORE INSERT ON hint BEGIN SELECT RAISE(ABORT, 'full'); END"
	posts /hooks/hub 503
	host "DROP TRIGGER full"
	posts /hooks/hub 200
	posts /hooks/nowhere 400
	posts /hooks/ 404
	posts /hooks 415
	sed -i 's/X-HubSpot-Signature-v3: ./X-HubSpot-Signature-v3: /' "$DIR/webhook"
	posts /hooks/hub 401
	sed -i '1s/.*/GET/' "$DIR/webhook"
	posts /hooks/hub 405
	head -c 80000 /dev/zero | tr '\0' 'x' >"$DIR/long"
	printf 'POST\nA: b\n\n%s' "$(cat "$DIR/long")" >"$DIR/webhook"
	posts /hooks/hub 413
	python3 -B "$PARTS/hooks.py" salesforce "$HOOK_SECRET" Contact:1 >"$DIR/webhook"
	sed -i '1s/.*/POST/' "$DIR/webhook"
	posts "/hooks/hub/$HOOK_SECRET" 401
	! grep -a -q "$HOOK_SECRET" "$DIR/log" || fail "the secret is told"
	stop TERM 0
}
scenario "the console takes a webhook, and the change is at the target before a search knows it" \
	from_hook_to_target

# A record that changes twice a day is told twice in the same words.
a_sender_of_ones_own_may_repeat_itself() {
	place
	export FRESH_KEY=sim-freshsales-key
	sed -i 's|^connections: {|&\n  fresh: { connector = "freshsales"; host = "https://x.myfreshworks.com"; api_key = "env:FRESH_KEY"; hook = { secret = "env:HOOK_SECRET"; }; };|' \
		"$DIR/renkei.conf"
	sed -i 's|^syncs = (|&\n  { name = "fs"; from = { connection = "fresh"; object = "contacts"; }; to = { connection = "kin"; object = "2"; key = "メールアドレス"; }; map = ( { from = "email"; to = "メールアドレス"; } ); },|' \
		"$DIR/renkei.conf"
	printf 'POST %s\n\n{"object":"contacts","id":"501"}' "$HOOK_SECRET" >"$DIR/webhook"
	give_hook fresh
	code 0
	told fs=1
	give_hook fresh
	code 0
	told fs=1
}
scenario "a sender of one's own is heard as often as it tells" a_sender_of_ones_own_may_repeat_itself
