# SPDX-License-Identifier: Apache-2.0
#
# twoway.sh - one sync, both directions: HubSpot contacts and a kintone app.

# Not finished: see core/config/turn.c.
export RENKEI_TRY_TWO_WAY=1
TWO_MAP='{ from = "email"; to = "メールアドレス"; },
{ from = "lastname"; to = "氏名"; },
{ from = "company"; to = "会社名"; nulls = "clear"; },
{ from = "phone"; to = "電話"; nulls = "clear"; },
{ from = "lifecyclestage"; to = "段階"; values = ( ("lead", "リード"),
  ("marketingqualifiedlead", "見込み客"), ("opportunity", "商談中"),
  ("customer", "顧客") ); }'

# two [MORE OF THE SYNC]
two() {
	place
	MAP=$TWO_MAP
	SYNC_MORE="direction = \"both\"; ${1-}"
	configure
}
# record NAME COMPANY: a record of the app.
record() {
	tell "$KIN" load "{\"object\":\"1\",\"records\":[{\"record\":{
		\"メールアドレス\":\"$1@example.com\",\"氏名\":\"$1\",\"会社名\":\"$2\"}}]}"
}
# at_hub EMAIL FIELD VALUE, at_kin EMAIL FIELD VALUE: a person's edit.
id_of() {
	ask "$1" GET "/_control/records?object=$2" >"$DIR/records"
	python3 - "$DIR/records" "$3" "$4" <<'END'
import json, sys
for r in json.load(open(sys.argv[1]))['records']:
    if r['values'].get(sys.argv[2]) == sys.argv[3]:
        print(r['id'])
END
}
at_hub() {
	tell "$HUB" edit "{\"object\":\"contacts\",\"id\":\"$(id_of "$HUB" contacts email \
		"$1@example.com")\",\"values\":{\"$2\":\"$3\"}}"
}
at_kin() {
	tell "$KIN" edit "{\"object\":\"1\",\"id\":\"$(id_of "$KIN" 1 メールアドレス \
		"$1@example.com")\",\"values\":{\"$2\":{\"value\":\"$3\"}}}"
}
# Time goes by on both sides, past what a listing may lag.
later() { tell "$HUB" clock "{\"advance_ms\":${1-200000}}"; }
# settled [RUNS]: after so many runs, the next one writes nothing.
settled() {
	local i
	for i in $(seq "${1-2}"); do later; renkei sync contacts; code 0; done
	later
	renkei sync contacts
	code 0
	figures writes=0 created=0 updated=0 failed=0 waiting=0
}
both_have() {
	equal "$(values "$HUB" contacts "$1" | tr '\n' ' ')" "$3 " "$1 at HubSpot"
	equal "$(values "$KIN" 1 "$2" | tr '\n' ' ')" "$3 " "$2 at kintone"
}

both_ways() {
	two
	contact aya '"company":"A"'
	contact ben '"company":"B"'
	later
	renkei check --online
	code 0
	renkei sync contacts
	code 0
	figures created=2 updated=0 failed=0
	settled 1
	both_have company 会社名 "A B"
	# Two fields of one record, one on each side: both edits survive.
	at_hub aya company A1
	at_kin aya 電話 090-1
	later
	renkei sync contacts
	code 0
	figures updated=2 failed=0
	both_have company 会社名 "A1 B"
	both_have phone 電話 " 090-1"
	# What we wrote comes back, and is silent.
	later
	count_anew
	renkei sync contacts
	figures updated=0 writes=0 failed=0
	settled 0
}
scenario "edits on both sides of one record both survive, and echoes are silent" both_ways

new_on_each() {
	two
	contact aya '"company":"A"'
	record ben B
	later
	renkei sync contacts
	code 0
	figures created=2 failed=0
	equal "$(live "$HUB" contacts) $(live "$KIN" 1)" "2 2" records
	both_have company 会社名 "A B"
	settled 1
	equal "$(live "$HUB" contacts) $(live "$KIN" 1)" "2 2" records
	# One key, new on both sides: one link; a blank is filled.
	contact cai '"company":"C"' 0
	record cai ""
	later
	renkei sync contacts
	code 0
	figures created=0 failed=0
	equal "$(live "$HUB" contacts) $(live "$KIN" 1)" "3 3" records
	both_have company 会社名 "A B C"
	settled 1
	equal "$(live "$HUB" contacts) $(live "$KIN" 1)" "3 3" records
}
scenario "what is new on each side comes to the other, and one key on both is one" new_on_each

# conflict RULE VALUE_EXPECTED
conflict() {
	two "conflict = \"$1\";"
	contact aya '"company":"A"'
	later
	renkei sync contacts
	settled 1
	at_hub aya company hub
	later 120000
	at_kin aya 会社名 kin
	later
	renkei sync contacts
	code 0
	both_have company 会社名 "$2"
	settled 1
	both_have company 会社名 "$2"
	# The next edit of either side is no conflict.
	at_kin aya 会社名 next
	settled 1
	both_have company 会社名 next
	at_hub aya company last
	settled 1
	both_have company 会社名 last
}
scenario "a conflict goes to from" conflict from hub
scenario "a conflict goes to to" conflict to kin
scenario "a conflict goes to the newest" conflict newest kin

back_and_forth_again() {
	two
	contact aya '"company":"A"'
	later
	renkei sync contacts
	settled 1
	# To a value that was there before, by the other side.
	at_kin aya 会社名 B
	settled 1
	at_hub aya company A
	settled 1
	both_have company 会社名 A
	at_kin aya 会社名 ""
	settled 1
	both_have company 会社名 ""
}
scenario "a value that stood there before is an edit like any other" back_and_forth_again
