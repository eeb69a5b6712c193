# SPDX-License-Identifier: Apache-2.0
#
# poison.sh - records on which the CRM always fails as if it were in trouble itself: by
# an error that says "again", by an answer that never comes, by one that breaks.  Each
# costs itself alone: the others arrive, it becomes a sync error, reading goes on, and it
# heals.  And its opposite: a CRM that is down makes no record an error.

# The CRM says that nothing happened; or the outcome is open, and nothing happened or
# all of it did.
SURE='"action":"status","status":400,"headers":{"Content-Type":"application/json"},
	"body":"{\"code\":\"GAIA_DA02\",\"id\":\"x\",\"message\":\"The database is locked.\"}"'
OPEN='"action":"status","status":503,"body":"busy"'
LOST='"action":"drop"'
DONE='"action":"status_after","status":500'
E3='guarantee = "E3";'

poison() {
	fault "$KIN" "{\"match\":\"$2 /k/v1/records.json\",\"contains\":\"$1\",\"times\":100000,$3}"
}
# Whatever else it says: so much is true after a run that met the poison.
one_stays() {
	code 3
	figures failed=1 waiting=0
	equal "$(live "$KIN" 1)" "$1" "records at the target"
	renkei errors contacts
	says other "$2" "tried again by a later run"
}

# among METHOD FAULT WORDS KIN_SETTINGS OPTIONS: one of a thousand.
among() {
	place $5
	KIN_MORE="$KIN_MORE $4"
	configure
	seed 600
	contact poison
	seed 399
	poison poison "$1" "$2"
	renkei sync contacts
	figures read=1000 created=999
	one_stays 999 "$3"
	# The runs that follow are those of a sync that is well, but for that record.
	count_anew
	contact later '' 0
	advance 600000
	renkei sync contacts
	figures created=1
	one_stays 1000 "$3"
	# By hand while it is still bad: one call, alone, for it.
	renkei errors resync contacts --category other
	one_stays 1000 "$3"
	no_faults
	renkei errors resync contacts --category other
	code 0
	whole 1001
}
scenario "one of a thousand is put off again and again" among PUT "$SURE" never-taken "" ""
scenario "one of a thousand is never answered" among PUT "$OPEN" no-outcome "" ""
scenario "one of a thousand breaks the connection" among PUT "$LOST" no-outcome "" ""
scenario "one of a thousand is put off, without upsert" among POST "$SURE" never-taken \
	"$E3" "--no-upsert --no-unique"
scenario "one of a thousand is never answered, without upsert" among POST "$OPEN" no-outcome \
	"$E3" "--no-upsert --no-unique"

# An edit that the target never takes: the link stands, the others' edits go on.
edit_among() {
	place
	configure
	seed 250
	renkei sync contacts
	code 0
	tell "$HUB" edit '{"object":"contacts","random":120,"seed":3,"fields":["company"]}'
	tell "$HUB" edit '{"object":"contacts","id":"7","values":{"company":"poison"}}'
	advance 600000
	poison poison PUT "$1"
	renkei sync contacts
	one_stays 250 "$2"
	"$BUILD/renkei-truth" "$HUB" >"$DIR/truth" 2>&1 && fail "the target has the poison"
	# What the source has now is another version: alone, at once.
	tell "$HUB" edit '{"object":"contacts","id":"7","values":{"company":"Cured"}}'
	advance 600000
	renkei sync contacts
	code 0
	figures updated=1 failed=0
	true_to_the_source 250
}
scenario "one edit among many is put off" edit_among "$SURE" never-taken
scenario "one edit among many is never answered" edit_among "$OPEN" no-outcome

# It may have been done each time: an edit back to what was there before must be sent.
done_and_not_told() {
	place
	contact poison '"company":"First"'
	contact other
	renkei sync contacts
	code 0
	poison poison PUT "$DONE"
	tell "$HUB" edit '{"object":"contacts","id":"1","values":{"company":"Second"}}'
	tell "$HUB" edit '{"object":"contacts","id":"2","values":{"company":"Else"}}'
	advance 600000
	renkei sync contacts
	one_stays 2 no-outcome
	sleep 1
	no_faults
	tell "$HUB" edit '{"object":"contacts","id":"1","values":{"company":"First"}}'
	advance 600000
	renkei sync contacts
	code 0
	equal "$(values "$KIN" 1 会社名 | sort | tr '\n' ' ')" "Else First " "the companies"
	true_to_the_source 2
}
scenario "an edit is done and never told, then taken back" done_and_not_told

# Its key changes after creates that may have landed.
created_and_not_told() {
	place $2
	KIN_MORE="$KIN_MORE $1"
	configure
	contact poison
	contact other
	fault "$KIN" "{\"match\":\"$3 /k/v1/records.json\",\"contains\":\"poison\",\"times\":100000,$4}"
	renkei sync contacts
	no_faults
	sleep 1
	tell "$HUB" edit '{"object":"contacts","id":"1","values":{"email":"cured@example.com"}}'
	advance 600000
	renkei sync contacts
	whole 2
}
scenario "a create is done and never told, then its key changes" created_and_not_told "" "" \
	PUT "$DONE"
scenario "a create is lost and never told, then its key changes" created_and_not_told "" "" \
	PUT "$LOST"
scenario "the same without upsert" created_and_not_told "$E3" "--no-upsert --no-unique" \
	POST "$DONE"

# Several at once, close together and apart.
several() {
	place
	seed 40
	local i
	for i in 1 2 3; do contact "poison$i"; done
	seed 157
	poison poison PUT "$1"
	renkei sync contacts
	code 3
	figures created=197 failed=3 waiting=0
	no_faults
	renkei errors resync contacts --category other
	code 0
	whole 200
}
scenario "three of two hundred are put off" several "$SURE"
scenario "three of two hundred are never answered" several "$OPEN"

# Nothing else to write: its own calls alone tell, and the CRM that answers another.
alone() {
	place
	contact poison
	poison poison PUT "$1"
	local i
	for i in 1 2 3; do
		renkei sync contacts
		[ "$CODE" != 3 ] || break
	done
	one_stays 0 "$2"
	contact later '' 0
	advance 600000
	renkei sync contacts
	figures created=1
	one_stays 1 "$2"
	whole_but_resynced 2
}
whole_but_resynced() {
	no_faults
	renkei errors resync contacts --category other
	code 0
	whole "$1"
}
scenario "the only record is put off" alone "$SURE" never-taken
scenario "the only record is never answered" alone "$OPEN" no-outcome

# A CRM that is down, as a whole or for writes: run after run, no record is an error, what
# is new is read, and all goes on when it is back.
outage() {
	place
	seed 300
	fault "$KIN" "{\"match\":\"$1\",\"times\":100000,$2}"
	local i
	for i in $(seq "$3"); do
		renkei sync contacts
		[ "$CODE" = 1 ] || fail "exit code $CODE"
		figures failed=0 created=0
	done
	renkei errors contacts --json
	silent_about never-taken no-outcome
	contact later '' 0
	advance 600000
	whole 301
}
scenario "a CRM that is down makes no record an error" outage "* /k/v1/*" "$OPEN" 2
scenario "a CRM that takes no writes makes no record an error" outage \
	"PUT /k/v1/records.json" "$SURE" 4
