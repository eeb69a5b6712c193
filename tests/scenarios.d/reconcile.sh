# SPDX-License-Identifier: Apache-2.0
#
# reconcile.sh - a walk over both sides finds each difference that was put there, and none
# that was not; it changes nothing, goes on where it was cut off, and has the next run
# repair what it may.

# verdicts: what was found, "VERDICT ID TARGET FIELD" a line, sorted.
verdicts() { python3 "$PARTS/look.py" verdicts "$DIR/out" | sort; }
finds() {
	verdicts >"$DIR/verdicts"
	printf '%s\n' "$@" | grep . | sort | diff - "$DIR/verdicts" || fail "other findings"
}
# result MEMBER
result() { python3 "$PARTS/look.py" result "$DIR/out" "$1"; }

injected() {
	local before seen
	place
	seed 120
	renkei sync contacts
	code 0
	renkei reconcile contacts --json
	code 0
	valid_json
	finds
	equal "$(result in_step) $(result equal) $(result target_listed)" "100.00 120 true" "result"
	advance 600000
	# An edit at the target, a lost update, a deleted target record, an extra one, and a
	# link that leads to another record: two records exchange their values.
	tell "$KIN" edit '{"object":"1","id":3,"values":{"会社名":"改名"}}'
	tell "$KIN" edit '{"object":"1","id":4,"values":{"電話":"0","氏名":"別人"}}'
	tell "$KIN" delete '{"object":"1","ids":["7"]}'
	tell "$KIN" load '{"object":"1","records":[{"record":{
		"メールアドレス":{"value":"nobody@example.com"},"氏名":{"value":"no body"}}}]}'
	tell "$HUB" delete '{"object":"contacts","ids":["9"]}'
	before=$(ask "$KIN" GET "/_control/records?object=1" | sha256sum)
	seen=$(renkei cursor show contacts)
	count_anew
	renkei reconcile contacts --json
	code 3
	valid_json
	finds "different 3 3 会社名" "different 4 4 電話" "different 4 4 氏名" "missing 7 7 -" \
		"extra 9 9 -" "extra - 121 -"
	equal "$(result equal) $(result different) $(result missing) $(result extra)" \
		"116 2 1 2" "counts"
	equal "$(result in_step)" 97.47 "the number"
	equal "$(ask "$KIN" GET "/_control/records?object=1" | sha256sum)" "$before" \
		"the target after a walk"
	equal "$(renkei cursor show contacts)" "$seen" "the cursor after a walk"
	for verb in POST PUT DELETE; do
		equal "$(calls_to "$KIN" "$verb /k/v1/records.json")" 0 "$verb by a walk"
	done
	renkei reconcile show contacts --json
	code 0
	valid_json
	renkei reconcile show contacts
	says 97.47 100.00 改名
	renkei status contacts --json
	says '"in_step":"97.47"'
}
scenario "each injected difference is found, and no other" injected
