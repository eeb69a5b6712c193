# SPDX-License-Identifier: Apache-2.0
#
# advice.sh - what a person is told of refusals and limits, and what is kept of them:
# what is spent and by whom, pauses that outlive renkei-net, a rule that parks a sync
# whose connection stays broken, a refused address.

# The net of this case, ended as an idle one ends; its figures must stay.
end_net() {
	local pid
	for pid in $(processes "renkei-net --state $DIR/state"); do kill -9 "$pid"; done
}

# cell TABLE KEY=VALUE,... FIELD: of the row of JSON that fits.
cell() { python3 "$PARTS/look.py" cell "$DIR/out" "$@"; }

usage_is_counted_and_kept() {
	place
	seed 230
	tell "$HUB" options '{"daily":500000}'
	renkei sync contacts
	code 0
	made=$(calls "$HUB")
	renkei usage --json
	code 0
	valid_json
	equal "$(cell calls connection=hub,by=contacts last_24h)" "$made" "calls at hub"
	equal "$(cell calls connection=kin,by=contacts last_24h)" "$(calls "$KIN")" \
		"calls at kin"
	equal "$(cell limits connection=hub,limit=day used)" "$made" "used of the day"
	equal "$(cell limits connection=hub,limit=day allowed)" 250000 "allowed"
	equal "$(cell limits connection=hub,limit=day crm_allows)" 500000 "what the CRM allows"
	# kintone tells how many calls run, ours and those of others.
	equal "$(cell limits connection=kin,limit=parallel crm_allows)" 100 "places at kin"
	[ "$(cell limits connection=kin,limit=parallel crm_left)" -ge 90 ] ||
		fail "places left at kin: $(cell limits connection=kin,limit=parallel crm_left)"
	count_anew
	sleep 1.2
	end_net
	renkei usage hub
	code 0
	says "250000" "contacts" "last 24 h"
	silent_about "kin " "sim-hubspot-token"
	renkei usage --json
	equal "$(cell limits connection=hub,limit=day used)" "$made" "used after a restart"
	equal "$(calls "$HUB")" 0 "calls of usage itself"
	! grep -q -a "sim-hubspot-token\|sim-kintone-token" "$DIR"/state/net.db* ||
		fail "net.db holds a secret"
	renkei usage nowhere
	code 2
	says "nowhere"
}
scenario "what is spent is told by limit and by sync, and outlives renkei-net" \
	usage_is_counted_and_kept

# More calls of the day are gone at the CRM than we made.
others_share_the_key() {
	place
	seed 5
	renkei sync contacts
	code 0
	renkei usage
	silent_about "made by others"
	python3 - "$HUBSPOT/crm/objects/2026-09/contacts" <<'END'
import sys, urllib.request
for _ in range(40):
    urllib.request.urlopen(urllib.request.Request(
        sys.argv[1], headers={'Authorization': 'Bearer sim-hubspot-token'}), timeout=10).read()
END
	renkei check --online
	renkei usage
	code 0
	says 'at least 40 calls of the limit "day" were made by others' \
		"some other application shares the key" "Issue a key for renkei alone"
	renkei --lang ja usage
	says "40 回は他からの呼び出し"
}
scenario "calls of others with the same key are told" others_share_the_key

a_pause_outlives_net() {
	place
	seed 5
	fault "$HUB" '{"match":"*","times":50,"action":"status","status":429,
		"headers":{"Retry-After":"120","Content-Type":"application/json"},
		"body":"{\"status\":\"error\",\"category\":\"RATE_LIMITS\",\"message\":\"slow\"}"}'
	renkei sync contacts
	no_faults
	count_anew
	sleep 1.2
	end_net
	renkei sync contacts
	code 1
	says "asked to wait" "room in 1"
	equal "$(calls "$HUB")" 0 "calls in spite of the pause"
	renkei usage hub
	says "paused until"
}
scenario "a pause that the CRM asked for outlives renkei-net" a_pause_outlives_net

a_refused_address() {
	place
	seed 5
	fault "$KIN" '{"match":"*","times":50,"action":"status","status":403,
		"headers":{"Content-Type":"text/html"},
		"body":"<html>Access from 203.0.113.77 is refused</html>"}'
	renkei sync contacts
	code 1
	says "Address refused" "203.0.113.77" "asked from 127.0.0.1" "IP Address Restriction" \
		"allow this machine's address" "5 waiting: nothing is lost"
	renkei --lang ja sync contacts
	says "IP アドレスによる拒否" "IP アドレス制限" "許可する"
	whole 5
}
scenario "a refusal of our address says what to allow and where" a_refused_address

a_sync_that_stays_broken_is_parked() {
	place
	seed 5
	SYNC_MORE='breaker = "2 in 1h";'
	configure
	fault "$HUB" '{"match":"*","times":999,"action":"status","status":503}'
	renkei sync --all
	code 1
	renkei status
	silent_about "paused by its breaker"
	renkei sync --all
	code 1
	count_anew
	renkei sync --all
	code 1
	says '"contacts" failed again and again (2 in 1h)' "left out until" "HTTP 503" \
		"renkei sync contacts"
	equal "$(calls "$HUB")" 0 "calls of a parked sync"
	renkei status
	says "paused by its breaker"
	renkei --lang ja sync --all
	says "対象から外します"
	no_faults
	# A sync that is named always runs; and what went well lifts the rule.
	renkei sync contacts
	code 0
	figures read=5 created=5
	renkei sync --all
	code 0
	SYNC_MORE='breaker = "often";'
	configure
	renkei check
	code 2
	says 'breaker' '"3 in 1h"'
}
scenario "a sync that stays broken is parked by its rule, and a person may try it" \
	a_sync_that_stays_broken_is_parked

texts_stand_in_both_languages() {
	local so key codes
	for so in hubspot kintone; do
		objcopy -O binary --only-section=.renkei "$BUILD/plugins/.libs/$so.so" "$DIR/$so"
		codes=$(grep -a -o '{ code = ' "$DIR/$so" | wc -l)
		[ "$codes" -gt 10 ] || fail "$so has $codes texts"
		for key in cause remedy cause_ja remedy_ja; do
			equal "$(grep -a -o " $key = \"." "$DIR/$so" | wc -l)" "$codes" \
				"$so: $key of its texts"
		done
	done
}
scenario "a connector's words for codes stand in both languages" texts_stand_in_both_languages
