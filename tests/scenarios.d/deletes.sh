# SPDX-License-Identifier: Apache-2.0
#
# deletes.sh - records that are deleted, at either side: the three policies, the budget and
# its approval, what is told late, what is restored, and who deleted at the target.
. "$PARTS/three.inc"

# policy SETTINGS [SETTINGS OF THE TARGET'S CONNECTION]
policy() {
	NAME=s
	cat >"$DIR/renkei.conf" <<END
connections: {
  kin: { connector = "kintone"; host = "$KINTONE"; api_token = "env:KINTONE_TOKEN"; ${2-}
         t_land = "300ms"; t_visible = "100ms"; request_deadline = "5s"; };
  sf: { connector = "salesforce"; host = "$SALESFORCE"; token = "env:SALESFORCE_TOKEN";
        late_commit = "2s"; };
};
syncs = ( { name = "s"; $1
    from = { connection = "sf"; object = "Contact"; };
    to = { connection = "kin"; object = "1"; key = "メールアドレス"; };
    map = ( { from = "Email"; to = "メールアドレス"; }, { from = "LastName"; to = "氏名"; },
      { from = "Company__c"; to = "会社名"; } ); } );
END
}
run() {
	advance 60000
	renkei sync s
	code "${1:-0}"
}
# deletes N...: of Salesforce.
ids() {
	local n text=
	for n in "$@"; do text="$text${text:+,}\"003xx000000${n}AAA\""; done
	echo "$text"
}
deletes() { tell "$SF" delete "{\"object\":\"Contact\",\"ids\":[$(ids "$@")]}"; }
restores() { tell "$SF" restore "{\"object\":\"Contact\",\"ids\":[$(ids "$@")]}"; }
contacts() { tell "$SF" seed "{\"object\":\"Contact\",\"count\":$1}"; }

archived() {
	place_three
	policy 'deletes = "archive";' "${1-}"
	contacts 10
	run
	figures created=10
	deletes 0002 0004
	run
	figures read=2 waiting=0 failed=0
	equal "$(live "$KIN" 1)" 8 "records left"
	renkei sync s --json
	valid_json
	count_anew
	run
	figures excluded=2 waiting=0 failed=0
	equal "$(calls "$KIN")" 0 "calls for what is deleted already"
}
scenario "what is deleted at the source is deleted at the target (E1)" archived
scenario "what is deleted at the source is deleted at the target (E3)" archived 'guarantee = "E3";'

flagged() {
	place_three
	policy 'deletes = "flag"; flag = { field = "段階"; value = "その他"; };' "${1-}"
	contacts 5
	run
	deletes 0002
	run
	figures read=1 updated=1 failed=0
	equal "$(live "$KIN" 1)" 5 records
	equal "$(values "$KIN" 1 段階 | grep -c その他)" 1 "records with the flag"
}
scenario "what is deleted at the source has a flag at the target (E1)" flagged
scenario "what is deleted at the source has a flag at the target (E3)" flagged 'guarantee = "E3";'

wrong_flag() {
	place_three
	policy 'deletes = "flag"; flag = { field = "段階"; value = "削除"; };'
	contacts 2
	renkei sync s
	code 2
	says "削除"
	policy 'deletes = "flag"; flag = { field = "段階い"; value = "削除"; };'
	renkei sync s
	code 2
	says "段階い"
	policy 'deletes = "flag";'
	renkei check
	code 2
	says 'without "flag"'
	equal "$(live "$KIN" 1)" 0 records
}
scenario "a flag that the target could not take is told before anything is read" wrong_flag

ignored() {
	place_three
	policy ''
	contacts 5
	run
	deletes 0002
	run
	figures read=1 excluded=1
	equal "$(live "$KIN" 1)" 5 records
}
scenario "unless asked for, nothing is deleted" ignored

planned() {
	place_three
	policy 'deletes = "archive";'
	contacts 5
	run
	deletes 0002
	advance 60000
	renkei plan s
	code 0
	says "delete" "003xx0000000002AAA" "deleted at the source"
	equal "$(live "$KIN" 1)" 5 "records after a plan"
	renkei plan s --json
	valid_json
	says '"delete":1'
}
scenario "a plan tells what it would delete" planned

budget() {
	place_three
	policy 'deletes = "archive"; delete_budget = "3";'
	contacts 10
	run
	deletes 0001 0002 0003 0004 0005
	tell "$SF" load '{"object":"Contact","records":[{"fields":{"LastName":"N","Email":"n@example.com"}}]}'
	run 3
	says "5 deletions wait for a person"
	equal "$(live "$KIN" 1)" 11 "records: none deleted, one added"
	renkei approve s
	code 0
	says "5 deletions wait" "003xx0000000002AAA" "/k/1/show#record="
	renkei approve s --json
	valid_json
	says '"deletions":5'
	renkei approve s 4
	code 2
	says "5 deletions wait by now"
	deletes 0006
	run 3
	renkei approve s 5
	code 2
	says "6 deletions wait by now"
	equal "$(live "$KIN" 1)" 11 "records: none deleted before the word"
	restores 0006
	run 3
	renkei approve s 6
	code 2
	renkei approve s 5
	code 0
	equal "$(live "$KIN" 1)" 6 "records after it"
	says " archived=5 "
	renkei history s
	says deletions
	renkei --json history s
	says '"archived":5'
	renkei approve s
	says "No deletions"
	run
}
scenario "more deletions than the budget wait for exactly that number" budget

# With a history what would be deleted is told by its key, too.
by_key() {
	local key
	place_three
	policy 'deletes = "archive"; delete_budget = "1"; history = "30d";'
	contacts 3
	run
	renkei history s
	silent_about deletions archived
	key=$(values "$KIN" 1 メールアドレス | head -n 1)
	deletes 0001 0002 0003
	run 3
	renkei approve s
	code 0
	says "3 deletions wait" "$key"
}
scenario "what waits to be deleted is shown by its key" by_key

share() {
	place_three
	policy 'deletes = "archive"; delete_budget = "20%";'
	contacts 10
	run
	deletes 0001 0002
	run
	equal "$(live "$KIN" 1)" 8 "records: a fifth may go"
	deletes 0003 0004
	run 3
	equal "$(live "$KIN" 1)" 8 "records: a quarter may not"
}
scenario "the budget may be a share of the linked records" share

# All that waited for a person's word is there again: nothing waits any more, and the next
# deletion is within the budget.
all_restored() {
	place_three
	policy 'deletes = "archive"; delete_budget = "1";'
	contacts 10
	run
	deletes 0002 0004
	run 3
	says "2 deletions wait"
	restores 0002 0004
	run
	silent_about "deletions wait"
	deletes 0006
	run
	equal "$(live "$KIN" 1)" 9 "records"
}
scenario "what was withheld and is restored withholds nothing" all_restored

restored() {
	place_three
	policy 'deletes = "archive";' "${1-}"
	contacts 5
	run
	deletes 0002
	run
	equal "$(live "$KIN" 1)" 4 "records after the deletion"
	restores 0002
	run
	figures created=1 failed=0
	equal "$(live "$KIN" 1)" 5 "records after it was restored"
	deletes 0002
	run
	equal "$(live "$KIN" 1)" 4 "records after it was deleted again"
}
scenario "what is restored at the source is created anew (E1)" restored
scenario "what is restored at the source is created anew (E3)" restored 'guarantee = "E3";'

# A new record of the source with the key of one that was deleted.
same_key() {
	place_three
	policy "${1-}"
	tell "$SF" load '{"object":"Contact","records":[{"fields":{"LastName":"A","Email":"a@example.com"}}]}'
	run
	deletes 0001
	tell "$SF" load '{"object":"Contact","records":[{"fields":{"LastName":"B","Email":"a@example.com"}}]}'
	run
	run
	equal "$(live "$KIN" 1) $(values "$KIN" 1 氏名)" "1 B" "the new one has the key"
	figures failed=0 waiting=0
}
scenario "the key of what was deleted is free" same_key 'deletes = "archive";'
scenario "the key of what has the flag is free" same_key \
	'deletes = "flag"; flag = { field = "段階"; value = "その他"; };'

merged() {
	place_three
	policy "${1-}"
	contacts 3
	run
	tell "$SF" merge '{"object":"Contact","winner":"003xx0000000001AAA","loser":"003xx0000000002AAA"}'
	run 3
	figures failed=1
	equal "$(live "$KIN" 1)" 3 "records: a duplicate is none of ours to delete"
	renkei errors list s
	says duplicate "was merged into 003xx0000000001AAA"
	run 3
	figures failed=1
	# To be tried again mends nothing: the duplicate is there still.
	renkei errors resync --all s
	code 3
	run 3
	figures failed=1
	renkei errors list s
	says duplicate "was merged into 003xx0000000001AAA"
	renkei errors ignore --all s
	run
	tell "$SF" edit '{"object":"Contact","random":3,"fields":["Company__c"]}'
	run
	equal "$(live "$KIN" 1)" 3 "records in the end"
}
scenario "of a merge of two linked records a person is told" merged
scenario "nor is it deleted where deletions are carried out" merged 'deletes = "archive";'

# The survivor came after, with nothing at the target yet.
handed_on() {
	place_three
	policy 'deletes = "archive";'
	tell "$SF" load '{"object":"Contact","records":[{"fields":{"LastName":"A","Email":"a@example.com"}}]}'
	run
	tell "$SF" load '{"object":"Contact","records":[{"fields":{"LastName":"B","Email":"b@example.com"}}]}'
	tell "$SF" merge '{"object":"Contact","winner":"003xx0000000002AAA","loser":"003xx0000000001AAA"}'
	run
	run
	equal "$(live "$KIN" 1) $(values "$KIN" 1 氏名)" "1 B" "one record, with the survivor's values"
}
scenario "of a merge into a new record the link goes along" handed_on

# HubSpot tells no deletions: SYNC_MORE is the policy.
swept() {
	place
	SYNC_MORE="sweep = \"1s\"; $1"
	KIN_MORE="$KIN_MORE ${2-}"
	configure
	seed 30
	renkei sync contacts
	code 0
	sleep 1.1
}
sweep() {
	advance 60000
	renkei sync contacts
	code "${1:-0}"
	sleep 1.1
}
missing_ids() {
	swept 'deletes = "archive";' "${1-}"
	tell "$HUB" delete '{"object":"contacts","ids":["2","4"]}'
	sweep
	figures read=2 waiting=0 failed=0
	equal "$(live "$KIN" 1)" 28 "records left"
	count_anew
	sweep
	figures failed=0 writes=0
	equal "$(calls "$KIN")" 0 "calls at the target by a sweep that finds nothing"
}
scenario "who is missing among all ids was deleted (E1)" missing_ids
scenario "who is missing among all ids was deleted (E3)" missing_ids 'guarantee = "E3";'

# A deletion that was carried out is no deletion once more, however long ago it was: nobody
# asks for its record, and what stands at the target by then is not deleted.
missing_for_long() {
	swept 'deletes = "archive";'
	tell "$HUB" delete '{"object":"contacts","ids":["2"]}'
	sweep
	figures read=1 source_calls=3
	sweep
	figures read=0 source_calls=2
	python3 -c 'import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db:
	db.execute("UPDATE tomb SET at = 1")' "$DIR/state/syncs/contacts.db" || fail "no tomb"
	SYNC_MORE='deletes = "archive"; sweep = "1d";'
	configure
	renkei sync contacts
	SYNC_MORE='deletes = "archive"; sweep = "1s";'
	configure
	sweep
	figures read=0 writes=0 source_calls=2
}
scenario "who was deleted long ago is not deleted again" missing_for_long

# merges WINNER LOSER: HubSpot keeps the winner's id, and nobody has the loser's any more.
merges() {
	tell "$HUB" merge \
		"{\"object\":\"contacts\",\"primaryObjectId\":\"$1\",\"objectIdToMerge\":\"$2\"}"
}
SEARCH='POST /crm/objects/*/contacts/search'
merged_in_hubspot() {
	swept 'deletes = "archive";'
	[ -z "${1-}" ] || fault "$HUB" "{\"match\":\"$SEARCH\",\"times\":9,\"action\":\"body\",
		\"body\":\"{\\\"total\\\":0,\\\"results\\\":[]}\"}"
	merges 2 4
	sweep 3
	figures failed=1
	equal "$(live "$KIN" 1)" 30 "records: a duplicate is none of ours to delete"
	renkei errors list contacts
	says duplicate "record 4 was merged into 2"
	no_faults
	sweep 3
	renkei errors ignore --all contacts
	sweep
	equal "$(live "$KIN" 1)" 30 "records in the end"
}
scenario "of a merge in HubSpot a person is told, and nothing is deleted" merged_in_hubspot
scenario "so too if only the listing of all ids tells of it" merged_in_hubspot unseen
handed_on_in_hubspot() {
	swept 'deletes = "archive";'
	contact late '"company":"late"' 0
	merges 31 4
	sweep
	sweep
	figures failed=0 waiting=0
	equal "$(live "$KIN" 1)" 30 "records: the loser's goes to the survivor"
	values "$KIN" 1 氏名 | grep -q late || fail "the survivor's values did not come"
}
scenario "the loser's record at the target goes to a survivor that has none" handed_on_in_hubspot

LISTING='GET /crm/objects/*/contacts*'
short_listing() {
	swept 'deletes = "archive";'
	fault "$HUB" "{\"match\":\"$LISTING\",\"times\":9,\"action\":\"body\",\"body\":\"{\\\"results\\\":[]}\"}"
	sweep
	figures waiting=0
	equal "$(live "$KIN" 1)" 30 "records: all are there when asked for"
	no_faults
	tell "$HUB" delete '{"object":"contacts","ids":["3"]}'
	sweep
	equal "$(live "$KIN" 1)" 29 "records after a listing that is whole"
}
scenario "a listing that is short deletes nobody" short_listing

all_gone() {
	swept 'deletes = "archive"; delete_budget = "100%";'
	tell "$HUB" delete "{\"object\":\"contacts\",\"ids\":[$(seq -s, 1 30)]}"
	sweep 3
	says "30 deletions wait"
	equal "$(live "$KIN" 1)" 30 "records: an empty listing may be a mistake"
	tell "$HUB" restore '{"object":"contacts","ids":["1","2","3"]}'
	sweep 3
	says "27 deletions wait"
	renkei approve contacts 27
	code 0
	equal "$(live "$KIN" 1)" 3 "records once a person said so"
}
scenario "an empty listing needs a person's word, whatever the budget" all_gone

at_the_target() {
	place_three
	policy "${1-}"
	contacts 5
	run
	tell "$KIN" delete '{"object":"1","ids":[2]}'
	tell "$SF" edit '{"object":"Contact","random":5,"fields":["Company__c"]}'
	run 3
	figures updated=4 failed=1
	equal "$(live "$KIN" 1)" 4 "records: it is not made anew"
	renkei errors list s
	says "record-gone" "was deleted at the target"
	tell "$SF" edit '{"object":"Contact","random":5,"fields":["Company__c"]}'
	count_anew
	run 3
	figures updated=4 failed=1 writes=1
	equal "$(live "$KIN" 1)" 4 "records after another change"
	renkei cursor reset s
	run 3
	equal "$(live "$KIN" 1)" 4 "records after all was read again"
	renkei errors resync --all s
	code 0
	equal "$(live "$KIN" 1)" 5 "records once a person asked for it"
	run
}
scenario "what is deleted at the target is created anew by a person's word alone" at_the_target
scenario "the same where deletions are carried out" at_the_target 'deletes = "archive";'

# Kills at moments that the case's number gives; who lives at the source lives at the target.
# Values of records that are not in a recycle bin.
living() {
	ask "$1" GET "/_control/records?object=$2" >"$DIR/records"
	python3 -c "import json,sys
for r in json.load(open(sys.argv[1]))[\"records\"]:
    if not r[\"archived\"]:
        print(r[\"values\"].get(sys.argv[2]) or '')" "$DIR/records" "$3"
}
killed() {
	local i at n pid from to
	place_three
	policy 'deletes = "archive"; delete_budget = "1000";' "${1-}"
	contacts 300
	for i in $(seq 1 14); do
		n=$((i * 10))
		deletes $(seq -f %04g $n $((n + 7)))
		tell "$SF" edit "{\"object\":\"Contact\",\"random\":20,\"seed\":$i,\"fields\":[\"Company__c\"]}"
		advance 60000
		"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync s >/dev/null 2>&1 &
		pid=$!
		at=$(((i * 37) % 40))
		sleep "0.$(printf %02d "$at")"
		kill -9 "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	for i in $(seq 40); do
		run
		[ "$(figure waiting)" = 0 ] && break
		sleep 0.5
	done
	figures waiting=0 failed=0
	living "$SF" Contact Email | sort >"$DIR/from"
	values "$KIN" 1 メールアドレス | sort | cmp - "$DIR/from" || fail "other records"
	living "$SF" Contact Company__c | sort >"$DIR/from"
	values "$KIN" 1 会社名 | sort | cmp - "$DIR/from" || fail "other values"
}
scenario "kills between deletions leave who lives, once and as they are (E1)" killed
scenario "kills between deletions leave who lives, once and as they are (E3)" killed 'guarantee = "E3";'

# An upsert went twice, as the first one's answer was lost; while that may still land, its
# record is not deleted: it would be made anew, of which nobody would know.
may_still_land() {
	local run i
	place_three
	policy 'deletes = "archive";'
	sed -i 's/t_land = "300ms"/t_land = "3s"/' "$DIR/renkei.conf"
	contacts 1
	fault "$KIN" '{"match":"PUT /k/v1/records.json","action":"late","ms":2200}'
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync s >"$DIR/killed" 2>&1 &
	run=$!
	for i in $(seq 200); do
		ask "$KIN" GET /_control/fault | grep -q '"hits":1' && break
		sleep 0.02
	done
	kill -9 $run
	wait $run
	run
	deletes 0001
	run
	sleep 3
	run
	figures waiting=0 failed=0
	equal "$(live "$KIN" 1)" 0 "records left"
}
scenario "what may still land is waited for before its record is deleted" may_still_land

# Its last change had not reached the target when it went missing: it is carried over when the
# record is there again, though no listing tells of that.
back_before_a_word() {
	swept 'deletes = "archive"; delete_budget = "0";'
	tell "$HUB" edit '{"object":"contacts","id":5,"values":{"company":"Second"}}'
	fault "$KIN" '{"match":"PUT /k/v1/records.json","times":99,"action":"status","status":400,
		"headers":{"Content-Type":"application/json"},
		"body":"{\"code\":\"CB_VA01\",\"message\":\"no\"}"}'
	sweep 3
	figures failed=1
	no_faults
	tell "$HUB" delete '{"object":"contacts","ids":["5"]}'
	sweep 3
	says "1 deletion"
	tell "$HUB" restore '{"object":"contacts","ids":["5"]}'
	fault "$HUB" "{\"match\":\"$SEARCH\",\"times\":9,\"action\":\"body\",
		\"body\":\"{\\\"total\\\":0,\\\"results\\\":[]}\"}"
	sweep
	sweep
	equal "$(live "$KIN" 1)" 30 "records"
	values "$KIN" 1 会社名 | grep -q -x Second || fail "its last change was lost"
}
scenario "who is there again before a person's word has its last change" back_before_a_word

# A create is lost, and its record is deleted; by then its key is that of a record which is
# another one's, or of two.
lost_and_deleted() {
	place_three $4
	policy 'deletes = "archive"; delete_budget = "100%";' "$2"
	contacts 1
	run
	figures created=1
	contacts 1
	advance 60000
	tell "$SF" edit "{\"object\":\"Contact\",\"id\":$(ids 0002),\"values\":{\"LastName\":\"B\"}}"
	advance 60000
	fault "$KIN" "{\"match\":\"$1 /k/v1/records.json\",\"times\":99,\"action\":\"$3\"}"
	renkei sync s
	figures failed=1
	tell "$KIN" fault '{"clear":true}'
	local linked
	linked=$(values "$KIN" 1 メールアドレス)
	values "$SF" Contact Email >"$DIR/keys"
	THEIR_KEY=$(grep -v -x -F -e "$linked" "$DIR/keys")
	deletes 0002
	advance 60000
	sleep 1
}
not_ours_to_delete() {
	lost_and_deleted "$1" "$2" drop ""
	tell "$KIN" edit '{"object":"1","id":1,"values":{"メールアドレス":{"value":"'"$THEIR_KEY"'"}}}'
	renkei sync s
	run
	equal "$(live "$KIN" 1)" 1 "records at the target"
	figures waiting=0
}
scenario "a deletion after a lost create takes no other's record along (E1)" \
	not_ours_to_delete PUT ""
scenario "a deletion after a lost create takes no other's record along (E3)" \
	not_ours_to_delete POST 'guarantee = "E3";'

# Nobody can say which of two the lost create made, if any.
two_to_delete() {
	lost_and_deleted POST 'guarantee = "E3";' drop --no-unique
	local i
	for i in 1 2; do
		tell "$KIN" load '{"object":"1","records":[{"record":{
			"メールアドレス":{"value":"'"$THEIR_KEY"'"}}}]}'
	done
	renkei sync s
	run 3
	equal "$(live "$KIN" 1)" 3 "records at the target"
	figures failed=1
	renkei errors list s
	says duplicate "2 records of the target have this key"
}
scenario "a deletion after a lost create takes no record of two" two_to_delete
