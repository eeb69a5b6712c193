# SPDX-License-Identifier: Apache-2.0
#
# hard.sh - data that hurts: kana widths, emoji, U+0000, integers above 2^53, very
# long text, equal stamps, late commits, a key twice.  What must fail fails with its
# category; everything else is equal at the target, field by field.

# hard OPTIONS OF THE TARGET SIMULATOR, "more" of the target connection
hard() {
	place $1
	KIN_MORE="$KIN_MORE $2"
	MAP=$(cat "$PARTS/full_map")
	configure
	tell "$HUB" seed '{"object":"contacts","kind":"hard"}'
	renkei plan contacts
	[ "$CODE" = 0 ] || [ "$CODE" = 3 ] || fail "exit code $CODE"
	renkei sync contacts
	code 3
	# What commits late is stamped before what was read, and seen after it.
	sleep 0.5
	advance 300000
	renkei sync contacts
	code 3
	settled
	# Nothing is written again for it, now or when everything is read anew.
	ask "$KIN" GET /_control/log | wc -l >"$DIR/writes"
	renkei cursor reset contacts
	renkei sync contacts
	code 3
	figures created=0 updated=0
	equal "$(ask "$KIN" GET /_control/log | wc -l)" "$(cat "$DIR/writes")" "write log"
	settled
}
settled() {
	renkei errors contacts --json
	valid_json
	cp "$DIR/out" "$DIR/errors.json"
	ask "$HUB" GET /_control/cases >"$DIR/cases.json"
	ask "$HUB" GET "/_control/records?object=contacts" >"$DIR/from.json"
	ask "$KIN" GET "/_control/records?object=1" >"$DIR/to.json"
	python3 "$PARTS/look.py" hard "$DIR/cases.json" "$DIR/from.json" "$DIR/to.json" \
		"$DIR/errors.json" || fail "a hard case"
}
scenario "every deliberate trouble comes out as it must" hard "" ""
scenario "and so it does where the target knows no upsert" hard --no-upsert 'guarantee = "E3";'

# A refusal by the target alone, in the middle of a batch: the others are written.
one_bad_among_many() {
	place
	MAP=$(cat "$PARTS/full_map")
	configure
	seed 99
	contact bad '"website":"no address at all"'
	seed 100
	renkei sync contacts
	code 3
	figures read=200 created=199 failed=1
	renkei errors contacts
	says property-value ウェブ "no address at all"
	tell "$HUB" edit '{"object":"contacts","id":"100","values":{"website":"https://x.example"}}'
	advance 300000
	renkei sync contacts
	code 0
	figures created=1 failed=0
	equal "$(live "$KIN" 1)" 200 "records"
}
scenario "one bad record stops nobody, and heals when it is corrected" one_bad_among_many

many_bad() {
	place
	MAP=$(cat "$PARTS/full_map")
	configure
	local i
	for i in $(seq 30); do contact "bad$i" '"website":"nonsense"'; done
	seed 70
	renkei sync contacts
	code 3
	figures read=100 created=70 failed=30
	renkei sync contacts
	code 3
	figures writes=0 failed=30
}
scenario "thirty bad records in one batch" many_bad

second_holder() {
	place
	MAP=$(cat "$PARTS/full_map")
	configure
	contact a '"company":"first"'
	renkei sync contacts
	code 0
	load '{"email":" A@Example.com ","lastname":"second","firstname":"x","company":"second"}' 0
	advance 5000
	renkei sync contacts
	code 3
	figures failed=1
	renkei errors contacts
	says duplicate "@"
	equal "$(values "$KIN" 1 会社名)" first "the first holder"
	tell "$HUB" edit '{"object":"contacts","id":"2","values":{"email":"b@example.com"}}'
	advance 5000
	renkei sync contacts
	code 0
	equal "$(live "$KIN" 1)" 2 "records"
}
scenario "the second holder of a key is an error until it changes" second_holder

key_changes() {
	place
	contact a
	renkei sync contacts
	code 0
	tell "$HUB" edit '{"object":"contacts","id":"1","values":{"email":"moved@example.com"}}'
	advance 5000
	renkei sync contacts
	code 0
	figures updated=1
	equal "$(values "$KIN" 1 メールアドレス)" moved@example.com "the one record"
	true_to_the_source 1
}
scenario "a key that changes moves its record" key_changes

# What a CRM or a contact says must not command the terminal of who reads it.
control_characters() {
	place
	local escape='\u001b[31mRED\u001b[0m\u0007'
	contact bad "\"website\":\"$escape\",\"jobtitle\":\"$escape\""
	MAP=$(cat "$PARTS/full_map")
	configure
	renkei plan contacts
	no_escape plan
	renkei preview contacts --match email=bad@example.com
	no_escape preview
	renkei sync contacts
	no_escape sync
	renkei errors contacts
	no_escape errors
	renkei status
	no_escape status
	fault "$KIN" "{\"match\":\"* /k/v1/records.json\",\"times\":9,\"action\":\"status\",
		\"status\":400,\"headers\":{\"Content-Type\":\"application/json\"},
		\"body\":\"{\\\"code\\\":\\\"X$escape\\\",\\\"message\\\":\\\"$escape\\\"}\"}"
	contact other '' 0
	advance 5000
	renkei -v sync contacts
	no_escape "sync -v"
}
no_escape() {
	! grep -q -P '[\x00-\x08\x0b-\x1f\x7f]' "$DIR/out" "$DIR/err" ||
		fail "$1 prints control characters"
}
scenario "control characters of a CRM never reach the terminal" control_characters
