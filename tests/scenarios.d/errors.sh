# SPDX-License-Identifier: Apache-2.0
#
# errors.sh - what a person does about records that could not be written: list, show,
# resync, ignore, settle, export; and what history and why tell.

TOO_LONG=$(printf '長%.0s' $(seq 300))

# Contacts 1 and 2 are well; 3 has a member number that 1 has, 4 and 5 are too long.
errors_place() {
	place
	MAP="$MAP, { from = \"member_no\"; to = \"会員番号\"; }"
	configure
	contact one '"member_no":"M1"'
	contact two '"member_no":"M2"'
	renkei sync contacts
	code 0
	contact three '"member_no":"M1"' 0
	contact four "\"company\":\"$TOO_LONG\"" 0
	contact five "\"company\":\"$TOO_LONG\"" 0
	advance 5000
	renkei sync contacts
	code 3
	figures failed=3
}
# As in lib.sh, but the figures of every run add up: what is set aside is in no sum.
eval "plain_$(declare -f renkei)"
renkei() {
	plain_renkei "$@"
	[ -n "$(figure read)" ] || return 0
	equal $(($(figure created) + $(figure updated) + $(figure unchanged) +
		$(figure excluded) + $(figure waiting) + $(figure failed))) \
		$(($(figure read) + $(figure carried))) "what became of what was read and carried"
}
edit() {
	tell "$HUB" edit "{\"object\":\"contacts\",\"id\":$1,\"values\":$2}"
	advance 5000
}
# told EXPRESSION: what Python makes of the JSON that was printed, as "d".
told() { python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
print(eval(sys.argv[2]))' "$DIR/out" "$1"; }

cards_and_filters() {
	errors_place
	renkei errors
	code 0
	lines out '^Duplicate +duplicate +1 +1$' 1
	lines out '^Property value +property-value +1 +2$' 1
	says "CB_VA01" "why: another record has the same key" "do: correct the value"
	renkei errors --category duplicate
	silent_about property-value
	renkei errors list contacts --field 会社名
	silent_about CB_VA01
	lines out '^[45] +property-value' 2
	renkei errors --category propertyvalue
	code 2
	says 'did you mean "property-value"'
	# One line an error, with the property, the field, and how many records have it.
	renkei errors --group --json
	equal "$(told '[(g["category"], g["from"], g["field"], g["records"]) for g in d["syncs"][0]["groups"]]')" \
		"[('duplicate', 'member_no', '会員番号', 1), ('property-value', 'company', '会社名', 2)]" groups
	renkei errors list contacts --field 会員番号 --value M1
	lines out '^3 +duplicate' 1
	lines out '^[45] ' 0
	renkei errors list --json
	equal "$(told '[(c["category"], c["errors"], c["records"]) for c in d["syncs"][0]["cards"]]')" \
		"[('duplicate', 1, 1), ('property-value', 1, 2)]" cards
	equal "$(told '[a["category"] for a in d["advice"] if a["remedies"]]')" \
		"['duplicate', 'property-value']" advice
}
scenario "a card a category, filters, causes and remedies" cards_and_filters

one_error() {
	errors_place
	load '{"email":"one@example.com","lastname":"dup"}' 0
	edit 2 "{\"company\":\"$TOO_LONG\"}"
	renkei sync contacts
	renkei errors show 3 --json
	equal "$(told '[d["records"][0][k] for k in ("sync","id","category","code","field","value","target_id")]')" \
		"['contacts', '3', 'duplicate', 'CB_VA01', '会員番号', 'M1', '']" "the error"
	renkei errors show 4
	says "4 (hub contacts)" "none yet (kin 1)" "app.hubspot.com" "found 300 characters"
	lines out '^same error +3$' 1
	# The target's own second unique field: the target knows who has the value.
	count_anew
	renkei errors show 3
	says "renkei errors show contacts 3 --online"
	equal "$(calls "$KIN")" 0 calls
	renkei errors show 3 --online --json
	equal "$(told '[d["records"][0]["holder"][k] for k in ("id", "target_id", "target_link")]')" \
		"['1', '1', '$KINTONE/k/1/show#record=1']" "who has the member number"
	# A record that was written before has both ends.
	renkei errors show 2
	says "2 (kin 1)" "$KINTONE/k/1/show#record=2"
	# A key that another record has: which one, and where it is.
	renkei errors show 6
	says "The value belongs to" "1 (hub contacts)" "$KINTONE/k/1/show#record=1"
	renkei errors show 1
	code 2
	says 'record "1" has no error'
	renkei errors show
	code 2
}
scenario "all of one error, with both records" one_error

# S1-10, S1-30, S1-32
resync() {
	errors_place
	renkei errors resync 1
	code 2
	renkei errors resync
	code 2
	edit 4 '{"company":"short"}'
	renkei errors resync 4
	code 3
	figures updated=0 created=1 failed=2
	says "none of them is an error any more"
	edit 5 '{"company":"short"}'
	edit 3 '{"member_no":"M3"}'
	renkei errors resync contacts 5 3
	code 0
	figures failed=0
	renkei errors --json
	equal "$(told 'd["syncs"][0]["records"]')" "[]" "errors left"
	equal "$(live "$KIN" 1)" 5 "records at the target"
}
scenario "a mended record is sent again by its id" resync

many() {
	place
	local i records= now
	now=$(ask "$HUB" GET /_control/clock | sed 's/[^0-9]//g')
	for i in $(seq 150); do
		records+=",{\"updatedAt\":\"$((now - 3600000))\",\"properties\":{\"email\":\"r$i@example.com\",\
\"lastname\":\"r\",\"company\":\"$TOO_LONG\"}}"
	done
	tell "$HUB" load "{\"object\":\"contacts\",\"records\":[${records#,}]}"
	renkei sync contacts
	figures failed=150
	MAP=${MAP/'from = "company"'/'from = "city"'}
	configure
	count_anew
	renkei errors resync --category property-value
	code 0
	figures failed=0 created=150
	renkei errors resync --all
	code 0
	says "No error fits"
}
scenario "any number is sent again in one action" many

ignored() {
	errors_place
	renkei errors ignore 4 5
	code 0
	renkei sync contacts
	code 3
	figures failed=1 waiting=0 carried=1
	renkei errors list
	lines out '^[45] ' 0
	renkei errors list --ignored
	lines out '^[45] ' 2
	renkei status --json
	equal "$(told '[(s["failed"], s["ignored"]) for s in d["syncs"]]')" "[(1, 2)]" counts
	# A newer version makes it new, and its error too.
	edit 4 '{"city":"x"}'
	renkei sync contacts
	figures failed=1
	edit 4 '{"company":"still '"$TOO_LONG"'"}'
	renkei sync contacts
	figures failed=2 waiting=0
	edit 4 '{"company":"short"}'
	renkei sync contacts
	figures failed=1 created=1
	renkei errors resync 5
	figures failed=2
	renkei errors ignore --all
	code 0
	renkei sync contacts
	code 0
	figures failed=0 carried=0
	renkei errors ignore 5
	code 2
	says "set aside" "errors resync"
	renkei errors resync --ignored
	code 3
	figures failed=2
}
scenario "an error is set aside until the record changes" ignored

# lost ACTION: two keyless creates whose outcome nobody can look up.
lost() {
	place
	KIN_MORE='request_deadline = "1s"; t_land = "500ms"; t_visible = "300ms";'
	SYNC_MORE='empty_key = "create";'
	configure
	load '{"lastname":"Key","firstname":"less","company":"First"}'
	load '{"lastname":"Key","firstname":"less too","company":"Second"}'
	fault "$KIN" '{"match":"POST /k/v1/records.json","action":"'"$1"'"}'
	renkei sync contacts
	no_faults
	renkei errors
	lines out '^[12] +undecided' 2
	says "Undecided" "settle ID --created-as"
	renkei errors resync 1
	code 2
	says "might double it" "errors settle contacts 1"
}
settled() {
	lost drop
	renkei errors settle 1
	code 2
	renkei errors settle 1 --not-created
	[ "$CODE" = 0 ] || says "may still land until"
	sleep 1
	renkei errors settle 1 --not-created
	renkei errors settle 2 --not-created
	renkei sync contacts
	code 0
	equal "$(live "$KIN" 1)" 2 "records at the target"
	equal "$(values "$KIN" 1 会社名 | sort | tr '\n' ' ')" "First Second " companies
}
scenario "a lost create that did not land is settled by a person" settled

settled_there() {
	lost "${1}"
	equal "$(live "$KIN" 1)" 2 "records at the target"
	renkei errors settle contacts 1 --created-as 99
	code 2
	says 'no record "99"'
	renkei errors settle contacts 1 --created-as 1
	renkei errors settle contacts 2 --created-as 1
	code 2
	says "belongs to record 1"
	renkei errors settle contacts 2 --created-as 2
	edit 2 '{"company":"Third"}'
	renkei sync contacts
	code 0
	figures updated=1 waiting=0
	equal "$(live "$KIN" 1)" 2 "records at the target"
	equal "$(values "$KIN" 1 会社名 | sort | tr '\n' ' ')" "First Third " companies
}
scenario "a lost create that landed is settled by a person" settled_there drop_after

exported() {
	errors_place
	load '{"email":"=cmd|1@example.com","lastname":"x","company":"'"$TOO_LONG"'"}' 0
	contact bad "\"company\":\"=1+1 \\\"q\\\" \\n$TOO_LONG\"" 0
	contact tab "\"company\":\"\\t@x$TOO_LONG\"" 0
	advance 5000
	renkei sync contacts
	renkei errors export
	code 0
	python3 - "$DIR/out" <<-'END' || fail "the CSV is not what it should be"
		import csv, sys
		raw = open(sys.argv[1], 'rb').read()
		rows = list(csv.reader(open(sys.argv[1], newline='', encoding='utf-8'), strict=True))
		heads, rows = rows[0], [dict(zip(rows[0], r)) for r in rows[1:]]
		assert raw.startswith(b'"sync","state"') and raw.endswith(b'"\r\n')
		assert not any(c and c[0] in '=+-@\t\r' for r in rows for c in r.values()), rows
		assert sorted(r['source_id'] for r in rows)[:3] == ['3', '4', '5']
		three = rows[[r['source_id'] for r in rows].index('3')]
		want = dict(category='duplicate', code='CB_VA01', field='会員番号', value='M1',
		            attempts='1', target_id='')
		assert {k: three[k] for k in want} == want and three['message'], three
		assert three['source_link'].startswith('https://app.hubspot.com/'), three
		assert 'target_link' in heads and three['first_seen'][:2] == '20', three
		assert any(r['value'].startswith("'=1+1 \"q\" \n") for r in rows), rows
		assert all(len(r) == len(heads) and r['attempts'] == '1' for r in rows)
	END
	renkei errors export --format jsonl --out "$DIR/errors.jsonl"
	code 0
	python3 - "$DIR/errors.jsonl" <<-'END' || fail "the JSON Lines are not what they should be"
		import json, sys
		rows = [json.loads(line) for line in open(sys.argv[1], encoding='utf-8')]
		assert any(r['value'].startswith('=1+1 "q" \n') for r in rows), rows
		assert all(r['attempts'] == 1 and r['next_try'] for r in rows)
	END
	renkei errors export contacts --category duplicate --bom --out "$DIR/errors.csv"
	says "1 error written"
	[ "$(head -c 3 "$DIR/errors.csv" | od -An -tx1 | tr -d ' ')" = efbbbf ] || fail "no mark"
	equal "$(find "$DIR" -name 'errors.*' | wc -l)" 2 "files left behind"
	renkei errors export --out "$DIR/none/errors.csv"
	code 2
	says "cannot be written"
	renkei errors export --format xml
	code 2
	renkei errors export --json
	valid_json
	RENKEI=$BUILD/renkei; CODE=0
	"$RENKEI" -c "$DIR/renkei.conf" --state "$DIR/state" errors export >/dev/full 2>"$DIR/err" || CODE=$?
	code 1
}
scenario "errors as a spreadsheet and for programs" exported

in_several_syncs() {
	errors_place
	MORE_SYNCS=", { name = \"second\"; from = { connection = \"hub\"; object = \"contacts\"; };
		to = { connection = \"kin\"; object = \"1\"; key = \"メールアドレス\"; };
		map = ( $MAP ); }"
	configure
	renkei sync second
	code 3
	renkei errors show 4
	code 2
	says "several syncs (contacts, second)"
	renkei errors show second 4
	code 0
	renkei errors show 4 second
	code 0
	edit 4 '{"company":"short"}'
	renkei errors resync --all
	code 3
	lines out '^(contacts|second): ' 2
	renkei errors
	lines out '^4 ' 0
}
scenario "the same record in two syncs" in_several_syncs

beside_a_run() {
	errors_place
	exec 9>>"$DIR/state/syncs/contacts.lock"
	flock 9
	renkei errors resync 4
	code 1
	says "running already"
	renkei errors ignore 4
	code 1
	renkei errors list
	lines out '^4 ' 1
	exec 9>&-
}
scenario "nothing is changed while a run is under way" beside_a_run

stories() {
	errors_place
	renkei history --json
	equal "$(told '[(r["sync"], r["id"], r["read"], r["created"], r["failed"]) for r in d["runs"]]')" \
		"[('contacts', 2, 3, 0, 3), ('contacts', 1, 2, 2, 0)]" runs
	equal "$(told '[r["started"][:2] + r["started"][-1] for r in d["runs"]]')" "['20Z', '20Z']" times
	equal "$(told 'len(set(r["result"] for r in d["runs"]))')" 2 "results"
	renkei history contacts --limit 1
	lines out '^contacts ' 1
	renkei history --limit many
	code 2
	local name
	for name in 1 one@example.com ONE@EXAMPLE.COM; do
		renkei why contacts $name --json
		code 0
		equal "$(told '(d["id"], d["target_id"])')" "('1', '1')" "who $name is"
		says "In step"
	done
	renkei why contacts 4
	says failed "found 300 characters" "renkei errors resync contacts 4"
	renkei errors ignore 4
	renkei why contacts 4
	says "until the record changes"
	renkei why contacts nobody
	code 2
	says "renkei preview contacts"
}
scenario "history, and the story of one record" stories

# The host knows the fields for ten minutes; what changed since, kintone says.  Both
# call it the same.
whoever_says_it() {
	place
	MAP="$MAP, { from = \"member_no\"; to = \"会員番号\"; }"
	configure
	[ "$1" = crm ] || spoil
	contact one '"lifecyclestage":"lead"'
	contact two '"company":"12345678901"'
	contact three '"member_no":"M3"'
	contact four
	if [ "$1" = crm ]; then
		renkei plan contacts
		spoil
	fi
	tell "$KIN" load '{"object":"1","records":[{"record":{"氏名":{"value":"by hand"},
		"会員番号":{"value":"M3"}}}]}'
	count_anew
	renkei sync contacts
	code 3
	figures created=1 failed=3
	renkei errors --json
	equal "$(told '[(r["id"], r["category"], r["field"], r["value"]) for r in d["syncs"][0]["records"]]')" \
		"[('1', 'picklist', '段階', 'リード'), ('2', 'property-value', '会社名', '12345678901'), \
('3', 'duplicate', '会員番号', 'M3')]" "the errors"
	equal "$(told '[bool(r["code"]) for r in d["syncs"][0]["records"]]')" "[$2, $2, True]" \
		"whether kintone said it"
	renkei errors --group --json
	equal "$(told '[(g["from"], g["field"], g["records"]) for g in d["syncs"][0]["groups"] if g["category"] == "picklist"]')" \
		"[('lifecyclestage', '段階', 1)]" "the picklist"
}
spoil() {
	tell "$KIN" option '{"app":"1","field":"段階","remove":"リード"}'
	MAP=${MAP/'("lead", "リード"),'/}
	tell "$KIN" app '{"app":"1","numberPrecision":{"digits":"30","decimalPlaces":"4"},
		"fields":{"会社名":{"type":"SINGLE_LINE_TEXT","maxLength":"10"}}}'
}
scenario "a category is the same if kintone says it" whoever_says_it crm True

# S1-29: whatever the category, an error is listed, explained, exported, and sent again.
ALL_EIGHT='association GAIA_IL26
custom-code GAIA_IL01
duplicate CB_VA01 records[0].会員番号.value
permission GAIA_FU01
picklist GAIA_IQ10
property-mapping GAIA_IR02
property-value GAIA_BL01
other GAIA_XX99'
all_categories() {
	place
	MAP="$MAP, { from = \"member_no\"; to = \"会員番号\"; }"
	configure
	local category code key body number=0
	while read -r category code key; do
		number=$((number + 1))
		contact "$category" "\"member_no\":\"M$number\"" 0
		advance 5000
		body="{\"code\":\"$code\",\"id\":\"i-$number\",\"message\":\"words $number\""
		[ -z "$key" ] || body="$body,\"errors\":{\"$key\":{\"messages\":[\"words $number\"]}}"
		fault "$KIN" "{\"match\":\"* /k/v1/records.json\",\"times\":9,\"action\":\"status\",
			\"status\":400,\"headers\":{\"Content-Type\":\"application/json\"},
			\"body\":$(python3 -c 'import json, sys; print(json.dumps(sys.argv[1]))' "$body}")}"
		plain_renkei sync contacts
		code 3
		no_faults
	done <<<"$ALL_EIGHT"
	renkei errors --json
	equal "$(told 'sorted((c["category"], c["errors"], c["records"]) for c in d["syncs"][0]["cards"])')" \
		"$(cut -d' ' -f1 <<<"$ALL_EIGHT" | sort |
			python3 -c 'import sys; print([(w.strip(), 1, 1) for w in sys.stdin])')" cards
	equal "$(told 'sorted(a["category"] for a in d["advice"] if a["causes"] and a["remedies"])')" \
		"$(cut -d' ' -f1 <<<"$ALL_EIGHT" | sort |
			python3 -c 'import sys; print([w.strip() for w in sys.stdin])')" advice
	number=0
	while read -r category code key; do
		number=$((number + 1))
		renkei errors list contacts --category "$category"
		lines out "^$number +$category" 1
		says "words $number"
		renkei errors export contacts --category "$category" --format jsonl
		equal "$(told '(d["category"], d["source_id"])')" "('$category', '$number')" exported
	done <<<"$ALL_EIGHT"
	renkei errors --category custom-code
	says "change the record so that the rule accepts it" "change the rule in the CRM's settings"
	renkei errors --category other
	says "words 8" "to the vendor's support"
	renkei errors resync contacts 1 2 3 4 5 6 7 8
	code 0
	figures created=8 failed=0
	renkei errors --json
	equal "$(told 'd["syncs"][0]["records"]')" "[]" "errors left"
}
scenario "all eight categories are listed, explained, exported and sent again" all_categories
