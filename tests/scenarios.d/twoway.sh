# SPDX-License-Identifier: Apache-2.0
#
# twoway.sh - one sync, both directions: HubSpot contacts and a kintone app.

. "$PARTS/twoway.inc"

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
	# The same before anybody has read what was written.
	at_kin aya 会社名 B
	later
	renkei sync contacts
	at_hub aya company A
	settled 1
	both_have company 会社名 A
	at_kin aya 会社名 ""
	settled 1
	both_have company 会社名 ""
}
scenario "a value that stood there before is an edit like any other" back_and_forth_again

# A state that went one way goes both from the next run on: its links are known.
from_one_way() {
	place
	MAP=$TWO_MAP
	configure
	contact aya '"company":"A"'
	contact ben '"company":"B"'
	later
	renkei sync contacts
	figures created=2
	SYNC_MORE='direction = "both"; empty_key = "create";'
	configure
	settled 2
	equal "$(live "$HUB" contacts) $(live "$KIN" 1)" "2 2" records
	at_kin aya 会社名 A1
	settled 1
	both_have company 会社名 "A1 B"
	renkei cursor reset contacts --links
	code 0
	settled 2
	equal "$(live "$HUB" contacts) $(live "$KIN" 1)" "2 2" records
	both_have company 会社名 "A1 B"
}
scenario "a sync that went one way goes both, with the links it has" from_one_way

# Killed anywhere, in either pass: both sides end with every edit, and nothing twice.
killed() {
	local i pid dead=0
	two 'conflict = "from"; empty_key = "create";'
	HUB_MORE='request_deadline = "1s"; late_commit = "1s"; index_lag = "100ms"; t_land = "300ms"; t_visible = "100ms";'
	KIN_MORE='request_deadline = "1s"; t_land = "300ms"; t_visible = "100ms";'
	configure
	for i in 1 2 3 4 5 6 7 8; do contact "c$i" "\"company\":\"0\""; done
	later
	renkei sync contacts
	code 0
	for i in $(seq 16); do
		at_hub "c$((i % 8 + 1))" company "h$i"
		at_kin "c$((i % 8 + 1))" 電話 "k$i"
		contact "h$i" '"company":"new"' 0
		record "k$i" new
		later
		"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync contacts \
			>/dev/null 2>&1 &
		pid=$!
		sleep "0.0$((i * 7 % 10))$((i * 3 % 10))"
		kill -9 $pid 2>/dev/null
		wait $pid 2>/dev/null
		[ $? = 137 ] && dead=$((dead + 1))
	done
	echo "$dead runs killed"
	[ "$dead" -ge 4 ] || fail "only $dead runs were killed"
	for i in $(seq 60); do
		later
		renkei sync contacts
		[ "$CODE" = 0 ] && [ "$(figure waiting) $(figure writes)" = "0 0" ] && break
		sleep 0.5
	done
	settled 0
	equal "$(live "$HUB" contacts) $(live "$KIN" 1)" "40 40" records
	values "$HUB" contacts company >"$DIR/at_hub"
	values "$KIN" 1 会社名 >"$DIR/at_kin"
	diff "$DIR/at_hub" "$DIR/at_kin" || fail "companies differ"
	values "$HUB" contacts phone >"$DIR/at_hub"
	values "$KIN" 1 電話 >"$DIR/at_kin"
	diff "$DIR/at_hub" "$DIR/at_kin" || fail "telephones differ"
	equal "$(values "$KIN" 1 会社名 | grep -c -x -E 'h(9|1[0-6])')" 8 "edits of HubSpot"
	equal "$(values "$HUB" contacts phone | grep -c -x -E 'k(9|1[0-6])')" 8 "edits of kintone"
}
scenario "a run killed anywhere, in either pass, loses and doubles nothing" killed

# What one way is making, the other one lists before its maker knows: it must not be met as
# a stranger's, or what was cleared since would be filled again.
being_made() {
	local pid turn=0
	two
	HUB_MORE='request_deadline = "1s"; t_land = "2s"; t_visible = "100ms";'
	configure
	contact aya '"company":"A"'
	later
	renkei sync contacts
	settled 1
	record ben B
	fault "$HUB" '{"match":"POST /crm/objects/2026-09/contacts/batch/create","action":"drop_after","nth":1}'
	later
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync contacts >/dev/null 2>&1 &
	pid=$!
	until [ "$(live "$HUB" contacts)" = 2 ] || [ $((turn += 1)) -gt 200 ]; do sleep 0.05; done
	kill -9 $pid
	wait $pid 2>/dev/null
	fault "$HUB" '{"clear":true}'
	equal "$(live "$HUB" contacts)" 2 "contacts of HubSpot"
	at_kin ben 会社名 ""
	later
	renkei sync contacts
	both_have_kin " A"
	settled 2
	both_have company 会社名 " A"
	equal "$(live "$HUB" contacts) $(live "$KIN" 1)" "2 2" records
}
both_have_kin() { equal "$(values "$KIN" 1 会社名 | tr '\n' ' ')" "$1 " "会社名 at kintone"; }
scenario "a record that one way is making is not merged by the other" being_made

in_turn() {
	two 'loop_breaker = "2 in 10m";'
	record aya A
	later
	renkei sync contacts
	settled 1
	at_hub aya company B
	settled 1
	at_kin aya 会社名 C
	settled 1
	at_hub aya company D
	later
	renkei sync contacts
	code 3
	renkei errors list contacts
	says "both sides write this record in turn"
	both_have_kin C
	equal "$(values "$HUB" contacts company | tr '\n' ' ')" "D " "company at HubSpot"
}
scenario "two sides that write a record in turn are stopped" in_turn

filters() {
	two
	FROM_MORE="filter = \"lifecyclestage != 'subscriber'\";"
	TO_MORE="filter = \"会社名 != '社外秘'\";"
	configure
	contact aya '"company":"A","lifecyclestage":"lead"'
	contact eve '"company":"E","lifecyclestage":"subscriber"'
	record ben B
	record sue 社外秘
	later
	renkei sync contacts
	code 0
	equal "$(live "$HUB" contacts) $(live "$KIN" 1)" "3 3" records
	equal "$(values "$KIN" 1 氏名 | tr '\n' ' ')" "aya ben sue " "names at kintone"
	settled 1
	equal "$(live "$HUB" contacts) $(live "$KIN" 1)" "3 3" records
}
scenario "each side's filter says what leaves it" filters

left_alone() {
	two 'deletes = "archive";'
	renkei check
	code 2
	says "carries no deletions"
}
scenario "a two-way sync takes no deletes" left_alone

# gone_at HUB|KIN: aya is in step, deleted there, and edited at the other side.
gone_at() {
	two
	contact aya '"company":"A"'
	contact ben '"company":"B"'
	later
	renkei sync contacts
	settled 1
	case $1 in
	HUB) tell "$HUB" delete "{\"object\":\"contacts\",\"ids\":[\"$(id_of "$HUB" contacts \
		email aya@example.com)\"]}" ;;
	KIN) tell "$KIN" delete "{\"object\":\"1\",\"ids\":[$(id_of "$KIN" 1 メールアドレス \
		aya@example.com)]}" ;;
	esac
	# As long as nobody edits what is left, there is nothing to say.
	settled 1
	edit_left "$1" A1
	later
	renkei sync contacts
	code 3
	figures failed=1 writes=0
	# Time alone ends it no more: it is a person's.
	says "Deleted at the other side 1" "wait for a person"
	silent_about "tried again" "Other 1"
}
# edit_left SIDE-THAT-IS-GONE COMPANY
edit_left() {
	case $1 in
	HUB) at_kin aya 会社名 "$2" ;;
	KIN) at_hub aya company "$2" ;;
	esac
}
told() { python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
print(eval(sys.argv[2]))' "$DIR/out" "$1"; }
# side_left SIDE-THAT-IS-GONE: the connection of what is still there.
side_left() { case $1 in HUB) echo kin ;; KIN) echo hub ;; esac; }
# left SIDE-THAT-IS-GONE: the id of the record that is still there.
left() {
	case $1 in
	HUB) id_of "$KIN" 1 メールアドレス aya@example.com ;;
	KIN) id_of "$HUB" contacts email aya@example.com ;;
	esac
}

partner_gone() {
	local id
	gone_at "$1"
	equal "$(($(live "$HUB" contacts) + $(live "$KIN" 1)))" 3 "records: nobody is made anew"
	id=$(left "$1")
	renkei errors list contacts
	says record-gone "was deleted there" "this edit does not go over" \
		"Deleted at the other side (other)" "CONNECTION/ID creates it anew"
	silent_about "no other category" "Each is tried again"
	renkei errors list contacts --lang ja
	says "相手側で削除されたレコード (other)" "人の判断"
	renkei errors list --json
	equal "$(told '[(c["category"], c["code"], c["records"]) for c in d["syncs"][0]["cards"]]')" \
		"[('other', 'record-gone', 1)]" cards
	equal "$(told '[(a["category"], a["code"]) for a in d["advice"]]')" \
		"[('other', 'record-gone')]" advice
	equal "$(told '[r["next_try"] for r in d["syncs"][0]["records"]]')" "[None]" "next try"
	equal "$(told '[r["name"] for r in d["syncs"][0]["records"]]')" \
		"['$(side_left "$1")/$id']" "the name that resync takes"
	renkei why contacts "$(side_left "$1")/$id"
	code 0
	says "was deleted there" record-gone "Deleted at the other side" "waits for a person" \
		"errors resync contacts $(side_left "$1")/$id" \
		"errors ignore contacts $(side_left "$1")/$id"
	silent_about "In step" "tried again" "next try"
	# Nor does a second edit go over, and the error stays one.
	edit_left "$1" A2
	later
	renkei sync contacts
	code 3
	figures failed=1 writes=0
	renkei errors ignore contacts "$id"
	code 0
	settled 1
	equal "$(($(live "$HUB" contacts) + $(live "$KIN" 1)))" 3 "records: nobody is made anew"
	# By a person's word it is made anew, once, and both sides go on.
	renkei errors resync contacts "$id"
	code 0
	settled 2
	equal "$(live "$HUB" contacts) $(live "$KIN" 1)" "2 2" records
	# HubSpot's bin is among these.
	equal "$(values "$HUB" contacts company | grep -c -x A2)" 1 "made or left at HubSpot"
	equal "$(values "$KIN" 1 会社名 | sort | tr '\n' ' ')" "A2 B " "at kintone"
	at_hub aya company A3
	at_kin aya 電話 090-3
	settled 2
	equal "$(live "$HUB" contacts) $(live "$KIN" 1)" "2 2" records
	equal "$(values "$KIN" 1 会社名 | sort | tr '\n' ' ')" "A3 B " "at kintone"
	equal "$(values "$HUB" contacts phone | grep -c -x 090-3)" 1 "phones at HubSpot"
}

# One pair, in step.
aya_in_step() {
	two
	contact aya '"company":"A"'
	later
	renkei sync contacts
	settled 1
}

# What was written to the pair before stands in the story of the one after.
older_pair() {
	local gone now
	aya_in_step
	gone=$(id_of "$HUB" contacts email aya@example.com)
	at_hub aya company A1
	settled 1
	tell "$HUB" delete "{\"object\":\"contacts\",\"ids\":[\"$gone\"]}"
	at_kin aya 会社名 A2
	later
	renkei sync contacts
	code 3
	renkei errors resync contacts "$(left HUB)"
	code 0
	at_kin aya 電話 090-9
	settled 2
	renkei why contacts "kin/$(left HUB)"
	code 0
	says "record $gone of hub, which was deleted there" "in place of: $gone" A1 090-9
	[ "$(grep -n ' A1 ' "$DIR/out" | cut -d: -f1 | head -n 1)" -lt \
		"$(grep -n 'in place of: ' "$DIR/out" | cut -d: -f1 | head -n 1)" ] || fail "the older is not first"
	renkei --json why contacts "kin/$(left HUB)"
	valid_json
	now=$(told 'd["id"]')
	[ "$now" != "$gone" ] || fail "it has its old id"
	equal "$(told '[(o["id"], any(c["after"] == "A1" for c in o["changes"])) for o in d["older"]]')" \
		"[('$gone', True)]" "the older pair"
	equal "$(told '[(c["cause"], c["note"]) for c in d["changes"]][-1]')" \
		"('anew', '$gone')" "how the newer began"
	renkei why contacts "hub/$now"
	says "record $gone of hub, which was deleted there"
}
scenario "why tells of a pair that was made anew the one before, first" older_pair
scenario "an edit whose partner was deleted at HubSpot is told, and made anew by a word" \
	partner_gone HUB
scenario "an edit whose partner was deleted at kintone is told, and made anew by a word" \
	partner_gone KIN

# Out of the bin again, the pair goes on with the next edit of either side.
partner_restored() {
	local gone
	aya_in_step
	gone=$(id_of "$HUB" contacts email aya@example.com)
	tell "$HUB" delete "{\"object\":\"contacts\",\"ids\":[\"$gone\"]}"
	at_kin aya 会社名 B
	later
	renkei sync contacts
	code 3
	tell "$HUB" restore "{\"object\":\"contacts\",\"ids\":[\"$gone\"]}"
	at_kin aya 電話 090-1
	settled 1
	equal "$(live "$HUB" contacts) $(live "$KIN" 1)" "1 1" records
	both_have company 会社名 B
	both_have phone 電話 090-1
}
scenario "a partner that is restored is in step again with the next edit" partner_restored

# Both sides edited, each another field: the plan has what goes there, apply does it, and
# what goes back is carried by the next run.
planned() {
	two
	contact aya '"company":"A","phone":"1"'
	later
	renkei sync contacts
	settled 1
	at_hub aya company there
	at_kin aya 電話 back
	later
	renkei plan contacts --out "$DIR/plan"
	code 0
	says "And back, in the same run" "The writes below are those to" there
	silent_about '-> "back"'
	renkei apply "$DIR/plan"
	code 0
	equal "$(values "$KIN" 1 会社名)/$(values "$KIN" 1 電話)" there/back "after apply"
	later
	renkei sync contacts
	code 0
	both_have company 会社名 there
	both_have phone 電話 back
	settled 1
}
scenario "a plan has what goes there, and the next run carries what goes back" planned

# A text made of others has no way back: who is made there keeps his own, until the source
# changes it.
one_way_field() {
	TWO_MAP=${TWO_MAP/'{ from = "lastname"; to = "氏名"; }'/'{ from = "${company} 様"; to = "氏名"; direction = "to"; }'}
	two
	record ben B
	later
	renkei sync contacts
	code 0
	settled 2
	equal "$(values "$KIN" 1 氏名)/$(values "$HUB" contacts company)" ben/B "what was given there"
	at_hub ben company C
	settled 1
	equal "$(values "$KIN" 1 氏名)" "C 様" "what the source changed"
}
scenario "a field that only goes there keeps what a record was made with there" one_way_field
