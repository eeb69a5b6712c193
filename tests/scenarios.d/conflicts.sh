# SPDX-License-Identifier: Apache-2.0
#
# conflicts.sh - fields that both sides changed, where a person settles: conflict = "ask".

. "$PARTS/twoway.inc"

# asks [MORE]: one contact and its record, which then differ in the company.
asks() {
	two "conflict = \"ask\"; ${1-}"
	contact aya '"company":"A"'
	later
	renkei sync contacts
	settled 1
	at_hub aya company hub
	at_kin aya 会社名 kin
	later
	renkei sync contacts
	code 0
	stands hub kin
}
# stands FROM TO: aya's companies differ so, and one question is open.
stands() {
	equal "$(values "$HUB" contacts company)" "$1" "company at HubSpot"
	equal "$(values "$KIN" 1 会社名)" "$2" "company at kintone"
	equal "$(open_now)" "1 $1 $2" "the question"
}
# How many are open, and both values of the first one.
open_now() {
	renkei --json conflicts contacts >&2
	python3 - "$DIR/out" <<'END'
import json, sys
for s in json.load(open(sys.argv[1]))['syncs']:
    c = (s['conflicts'] or [{}])[0]
    print(s['open'], c.get('from', '-'), c.get('to', '-'))
END
}
# of_first MEMBER: of the first question.
of_first() {
	renkei --json conflicts contacts >&2
	python3 - "$DIR/out" "$1" <<'END'
import json, sys
print(json.load(open(sys.argv[1]))['syncs'][0]['conflicts'][0][sys.argv[2]])
END
}

untouched() {
	asks
	# Other fields of the record go on, on both sides.
	at_kin aya 電話 090-1
	at_hub aya lastname aya2
	later
	renkei sync contacts
	code 0
	settled 2
	stands hub kin
	both_have phone 電話 090-1
	both_have lastname 氏名 aya2
	equal "$(of_first base)" A "what both had"
	# A newer edit of either side is what is asked about then.
	at_hub aya company hub2
	settled 1
	stands hub2 kin
	at_kin aya 会社名 kin2
	settled 1
	stands hub2 kin2
}
scenario "neither side is written while a question stands, and other fields go on" untouched

# taken SIDE VALUE
taken() {
	asks
	renkei conflicts settle contacts "$(of_first id)" company --take "$1"
	code 0
	says "1 settled"
	both_have company 会社名 "$2"
	equal "$(open_now)" "0 - -" "open questions"
	settled 1
	both_have company 会社名 "$2"
	# The next edit of either side is no conflict.
	at_kin aya 会社名 next
	settled 1
	at_hub aya company last
	settled 1
	both_have company 会社名 "last"
	renkei why contacts "$(id_of "$HUB" contacts email aya@example.com)"
	says "settled by: "
	# Once, and by the mapping that stands, on both ways.
	equal "$(grep -c -E " $2 .*settled by| $2 .*mapped" "$DIR/out")" 1 "lines of the choice"
	silent_about "an earlier one"
	both_names "$(id_of "$HUB" contacts email aya@example.com)"
	renkei why contacts "kin/$(id_of "$KIN" 1 メールアドレス aya@example.com)"
	code 0
	says "settled by: " "hub"
}

# both_names ID: a field is asked for by the name of either side, whichever way was written.
both_names() {
	renkei --json why contacts "$1" --field company
	cp "$DIR/out" "$DIR/by_from"
	renkei --json why contacts "$1" --field 会社名
	python3 - "$DIR/by_from" "$DIR/out" <<'END' || fail "one name tells less"
import json, sys
by_from, by_to = (json.load(open(f))['changes'] for f in sys.argv[1:])
assert by_from == by_to, (by_from, by_to)
assert {c['field'] for c in by_to} == {'company', '会社名'}, by_to
END
}

why_it_waits() {
	asks
	renkei why contacts "$(id_of "$HUB" contacts email aya@example.com)"
	code 0
	says "Field company waits for a person" '"hub"' '"kin"' \
		"renkei conflicts settle contacts"
	silent_about "In step"
	renkei --json why contacts "$(id_of "$HUB" contacts email aya@example.com)" >&2
	says '"conflicts":[{"field":"company"'
	renkei conflicts settle contacts "$(of_first id)" company --take from
	renkei why contacts "$(id_of "$HUB" contacts email aya@example.com)"
	says "In step: both sides"
	silent_about "waits for a person"
}
scenario "why says of a record which field waits for a person, and how to choose" why_it_waits
scenario "what a person takes from from goes to the other side" taken from hub
scenario "what a person takes from to goes to the other side" taken to kin

edited_since() {
	asks
	mark=$(of_first mark)
	at_kin aya 会社名 newer
	later
	renkei conflicts settle contacts "$(of_first id)" 会社名 --take from
	# The run found what nobody had seen: it is asked anew.
	stands hub newer
	equal "$(of_first state)" again "state"
	renkei conflicts settle contacts "$(of_first id)" --take from --seen "$mark"
	code 2
	says newer
	stands hub newer
	renkei conflicts settle contacts "$(of_first id)" --take from --seen "$(of_first mark)"
	code 0
	both_have company 会社名 "hub"
	settled 1
	both_have company 会社名 "hub"
}
scenario "who chose before an edit is asked again, with the new values" edited_since

# The exit code is about the record that was settled, not about whatever fails beside it.
others_fail() {
	asks
	contact bea '"company":"B","lifecyclestage":"lead"'
	later
	renkei sync contacts
	at_hub bea lifecyclestage subscriber
	later
	renkei sync contacts
	code 3
	renkei conflicts settle contacts "$(of_first id)" company --take from
	code 0
	says "failed=1" "1 failed (Picklist 1)"
	both_have_one hub
	# It fails itself, here on the way back.
	at_hub aya company hub2
	at_kin aya 会社名 kin2
	later
	renkei sync contacts
	code 3
	at_kin aya 段階 不明
	renkei conflicts settle contacts "$(of_first id)" company --take from
	code 3
	says "failed=2"
}
# both_have_one COMPANY: one record of each side has it.
both_have_one() {
	equal "$(values "$HUB" contacts company | grep -c "^$1$")" 1 "with $1 at HubSpot"
	equal "$(values "$KIN" 1 会社名 | grep -c "^$1$")" 1 "with $1 at kintone"
}
scenario "settling ends with what became of its record, whatever else fails" others_fail

# aya is 1 at HubSpot and 2 at kintone, bea is 2 at HubSpot and 1 at kintone.
same_ids() {
	two 'conflict = "ask";'
	contact aya '"company":"A"'
	record bea A
	later
	renkei sync contacts
	settled 2
	local aya bea who
	aya=$(id_of "$HUB" contacts email aya@example.com)
	bea=$(id_of "$HUB" contacts email bea@example.com)
	equal "$(id_of "$KIN" 1 メールアドレス bea@example.com)" "$aya" "the id that both have"
	for who in aya bea; do
		at_hub $who company hub
		at_kin $who 会社名 kin
	done
	later
	renkei sync contacts
	equal "$(open_now)" "2 hub kin" "questions"
	renkei conflicts list contacts --limit 1
	lines out "hub .*kin" 1
	renkei conflicts list contacts --limit 0
	code 2
	renkei conflicts settle contacts "$aya" company --take kintone
	code 2
	says "expected: renkei conflicts"
	renkei conflicts settle contacts "$aya" company --take kin
	code 0
	says "1 settled"
	equal "$(values "$HUB" contacts company | sort | tr '\n' ' ')" "hub kin " "at HubSpot"
	# Bea's id at kintone: that record is meant by its connection only.
	renkei conflicts settle contacts "$aya" --take to
	code 2
	says 'is written "kin/ID"'
	equal "$(open_now)" "1 hub kin" "questions"
	renkei conflicts settle contacts "$bea" phone --take from
	code 2
	says "is in no conflict"
	renkei pause contacts
	renkei conflicts settle contacts "kin/$aya" 会社名 --take from
	code 0
	says "hub $bea = kin $aya, company: \"hub\" is taken, \"kin\" goes" \
		"written with the next run" "paused"
	renkei resume contacts
	renkei sync contacts
	code 0
	equal "$(open_now)" "0 - -" "open questions"
	equal "$(values "$HUB" contacts company | sort | tr '\n' ' ')" "hub kin " "at HubSpot"
	equal "$(values "$KIN" 1 会社名 | sort | tr '\n' ' ')" "hub kin " "at kintone"
}
scenario "an id that a record of either side has means that of from" same_ids

equal_again() {
	asks
	at_kin aya 会社名 hub
	settled 1
	both_have company 会社名 "hub"
	equal "$(open_now)" "0 - -" "open questions"
	# Who takes an edit back leaves the other one.
	at_kin aya 会社名 k2
	at_hub aya company h2
	later
	renkei sync contacts
	stands h2 k2
	at_hub aya company hub
	settled 2
	both_have company 会社名 "k2"
	equal "$(open_now)" "0 - -" "open questions"
	at_kin aya 会社名 k3
	at_hub aya company h3
	later
	renkei sync contacts
	stands h3 k3
	at_kin aya 会社名 k2
	settled 2
	both_have company 会社名 "h3"
	equal "$(open_now)" "0 - -" "open questions"
}
scenario "edits that make both sides equal, or are taken back, end it" equal_again

# A choice that was kept is carried out by whatever run comes next.
killed_after() {
	local i pid side value
	asks 'loop_breaker = "100 in 1m";'
	# What was on its way has landed soon, or never will.
	HUB_MORE='request_deadline = "1s"; late_commit = "1s"; index_lag = "100ms"; t_land = "300ms"; t_visible = "100ms";'
	KIN_MORE='request_deadline = "1s"; t_land = "300ms"; t_visible = "100ms";'
	configure
	for i in $(seq 6); do
		side=from value=h$i
		[ $((i % 2)) = 0 ] && side=to value=k$i
		at_hub aya company "h$i"
		at_kin aya 会社名 "k$i"
		later
		renkei sync contacts
		stands "h$i" "k$i"
		id=$(of_first id)
		"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" conflicts settle \
			contacts "$id" --take $side >"$DIR/settled" 2>&1 &
		pid=$!
		case $((i % 3)) in
		0) await_line "$DIR/settled" settled ;;
		*) sleep "0.0$((i * 7 % 10))" ;;
		esac
		kill -9 $pid 2>/dev/null
		wait $pid 2>/dev/null
		for k in $(seq 20); do
			later
			renkei sync contacts
			[ "$CODE $(figure waiting) $(figure writes)" = "0 0 0" ] && break
			sleep 0.3
		done
		# Killed before it was kept: then it is said once more.
		[ "$(open_now | cut -c 1)" = 0 ] ||
			renkei conflicts settle contacts "$id" --take $side
		settled 1
		both_have company 会社名 "$value"
	done
}
scenario "a choice that was kept survives kill -9, and is carried out once" killed_after

# What fails on the way back is an error like any other: told, resent, settled.
errors_back() {
	two
	contact aya '"company":"A","lifecyclestage":"lead"'
	later
	renkei sync contacts
	settled 1
	at_kin aya 段階 不明
	later
	renkei sync contacts
	code 3
	says "kin -> hub: read=1" "1 failed (Picklist 1)"
	equal "$(figure failed)" 1 failed
	renkei --json errors contacts >&2
	says '"side":"kin"' '"field":"lifecyclestage"'
	id=$(id_of "$KIN" 1 メールアドレス aya@example.com)
	renkei errors show contacts "$id"
	code 0
	says 不明 lifecyclestage
	renkei --json status
	says '"failed":1'
	renkei errors ignore contacts "$id"
	code 0
	renkei errors resync contacts --ignored
	code 3
	at_kin aya 段階 顧客
	renkei errors resync contacts "$id"
	code 0
	equal "$(values "$HUB" contacts lifecyclestage)" customer "at HubSpot"
}
scenario "what fails on the way back is told, and sent again" errors_back

# Record 1 of each side is another one, and both have an error.
errors_of_both() {
	two
	contact aya '"company":"A"'
	record ben B
	later
	renkei sync contacts
	settled 1
	equal "$(id_of "$HUB" contacts email aya@example.com)" 1 "aya at HubSpot"
	equal "$(id_of "$KIN" 1 メールアドレス ben@example.com)" 1 "ben at kintone"
	at_hub aya lifecyclestage subscriber
	at_kin ben 段階 不明
	later
	renkei sync contacts
	code 3
	figures failed=2
	renkei errors list contacts
	says subscriber 不明
	renkei errors show contacts 1
	code 2
	says '"hub/1" or "kin/1"'
	renkei errors show contacts kin/1
	code 0
	says 不明
	silent_about subscriber
	equal "$(grep -c '^value .*不明' "$DIR/out")" 1 "times the error is shown"
	renkei why contacts kin/1
	code 0
	says 不明 "errors resync contacts kin/1" "when it changes at kin"
	silent_about subscriber
	renkei why contacts 1
	code 0
	says subscriber "errors resync contacts hub/1"
	renkei errors list contacts
	says "errors resync contacts CONNECTION/ID"
	renkei errors resync contacts --all
	code 3
	equal "$(grep -c '^contacts: ' "$DIR/out")" 1 "runs"
	says "2 taken up again, 2 still open"
	renkei errors ignore contacts hub/1
	code 0
	says "1 set aside"
	renkei errors list contacts
	says 不明
	silent_about subscriber
	at_kin ben 段階 顧客
	renkei errors resync contacts kin/1
	code 0
	says "1 taken up again, none of them is an error any more"
	renkei errors show contacts hub/1
	code 0
	says subscriber
	renkei errors settle contacts hub/1 --not-created
	code 2
	says "is set aside"
}
scenario "errors of both ways are told and sent again, each once" errors_of_both

# plan_of RULE TEXT: what a plan says of a field that both sides changed.
plan_of() {
	two "conflict = \"$1\";"
	contact aya '"company":"A"'
	later
	renkei sync contacts
	settled 1
	renkei plan contacts
	silent_about "both sides changed it"
	at_hub aya company hub
	at_kin aya 会社名 kin
	later
	renkei plan contacts
	code 0
	says 会社名 "both sides changed it" "$2"
	equal "$(grep -c "both sides changed it" "$DIR/out")" 1 "times it is told"
	renkei --json plan contacts
	valid_json
}
scenario "a plan says which conflict waits for a person" plan_of ask "until a person chooses"
scenario "a plan says which conflict a rule decides for from" plan_of from "this side's value"
scenario "a plan says which conflict a rule decides for to" plan_of to "the other side's value"

# The same of a pair that meets for the first time: nobody changed anything.
plan_of_strangers() {
	two "conflict = \"$1\";"
	contact aya '"company":"A"'
	record aya B
	later
	renkei plan contacts
	code 0
	says 会社名 "have not been in step before" "$2"
	silent_about "both sides changed it"
	renkei plan contacts --lang ja
	says "一致していた記録がありません"
}
scenario "a plan says which difference of the first day waits for a person" \
	plan_of_strangers ask "until a person chooses"
scenario "a plan says which difference of the first day a rule decides for from" \
	plan_of_strangers from "this side's value"
scenario "a plan says which difference of the first day a rule decides for to" \
	plan_of_strangers to "the other side's value"
