# SPDX-License-Identifier: Apache-2.0
#
# sansan.sh - business cards of Sansan to HubSpot's contacts, by one key and by two, and
# contacts of HubSpot as new cards.

export SANSAN_KEY=sim-sansan-token SANSAN_KEY_2=sim-second-key

# The part of the configuration that a case may change: SAN_MORE, and the sync.
sansan_to_hubspot() {
	cat >"$DIR/renkei.conf" <<END
connections: {
  hub: { connector = "hubspot"; host = "$HUBSPOT"; token = "env:HUBSPOT_TOKEN"; $HUB_MORE };
  san: { connector = "sansan"; host = "$SANSAN"; api_key = "env:SANSAN_KEY";
         start_date = "2026-01-01"; window_days = "360"; late_commit = "1s";
         request_deadline = "5s"; t_land = "300ms"; t_visible = "100ms"; $SAN_MORE };
};
syncs = ( {
  name = "contacts"; $SYNC_MORE
  from = { connection = "$1"; object = "$2"; };
  to = { connection = "$3"; object = "$4"; key = "email"; };
  map = ( $MAP );
} );
END
}
persons() { sansan_to_hubspot san persons hub contacts; }

at_sansan() {
	simulators sansan
	defaults
	SANSAN=$(awk '$1 == "sansan" { print $2 }' "$DIR/addresses")
	SAN=${SANSAN##*:}
	SAN_MORE=
	MAP='{ from = "email"; to = "email"; }, { from = "lastName"; to = "lastname"; },
    { from = "firstName"; to = "firstname"; }, { from = "companyName"; to = "company"; },
    { from = "title"; to = "jobtitle"; nulls = "clear"; }, { from = "tel"; to = "phone"; }'
	persons
}

cards() { tell "$SAN" load "{\"object\":\"cards\",\"records\":[$1]}"; }
# card NAME [MORE VALUES]
card() {
	cards "{\"updatedAt\":\"$(date -u -d '1 hour ago' +%FT%TZ)\",\"values\":{\"lastName\":\"$1\",
\"email\":\"$1@example.com\"${2:+,$2}}}"
}
same_both_sides() {
	local pair
	for pair in email:email lastName:lastname title:jobtitle tel:phone; do
		values "$SAN" cards "${pair%%:*}" | sort >"$DIR/there"
		values "$HUB" contacts "${pair##*:}" | sort | cmp - "$DIR/there" ||
			fail "${pair##*:} differs"
	done
}

cards_are_kept_in_step() {
	at_sansan
	tell "$SAN" seed '{"object":"cards","count":400}'
	renkei check --online
	code 0
	renkei sync contacts
	code 0
	figures created=400 failed=0
	same_both_sides
	tell "$SAN" counts '{"reset":true}'
	tell "$HUB" counts '{"reset":true}'
	renkei sync contacts
	code 0
	figures created=0 updated=0
	equal "$(calls "$SAN")" 1 "calls of an idle run at the source"
	equal "$(calls "$HUB")" 0 "calls of an idle run at the target"
	tell "$SAN" edit '{"object":"cards","random":10,"fields":["title"]}'
	renkei sync contacts
	code 0
	figures created=0 updated=10
	same_both_sides
}
scenario "people of Sansan are loaded, left alone and kept in step in HubSpot" \
	cards_are_kept_in_step

# The last stamp is shared by more cards than a page holds, and one changes on the way.
equal_stamps_lose_nothing() {
	at_sansan
	local i list= stamp
	stamp=$(date -u -d '2 hours ago' +%FT%TZ)
	for i in $(seq 700); do
		list+=${list:+,}"{\"updatedAt\":\"$stamp\",\"values\":{\"lastName\":\"n$i\",\
\"email\":\"n$i@example.com\"}}"
	done
	cards "$list"
	renkei sync contacts
	code 0
	figures created=700
	equal "$(calls_to "$SAN" "GET /bizCards")" 4 "calls: the probe, and three pages"
}
scenario "700 cards of one second are all read" equal_stamps_lose_nothing

one_bad_card() {
	at_sansan
	MAP+=', { from = "departmentName"; to = "hs_lead_status"; values = ( ("購買部", "NEW") ); }'
	persons
	card good '"departmentName":"購買部"'
	card bad '"departmentName":"宇宙部"'
	renkei sync contacts
	code 3
	figures created=1 failed=1
	renkei errors list
	says picklist 宇宙部
	tell "$SAN" edit "{\"object\":\"cards\",\"id\":\"$(ask "$SAN" GET \
		'/_control/records?object=cards&from=2' | grep -o 'c[0-9a-f]\{31\}')\",\"values\":{\"departmentName\":\"購買部\"}}"
	renkei sync contacts
	code 0
	figures created=1 failed=0
	equal "$(live "$HUB" contacts)" 2 contacts
}
scenario "a card that does not fit is set aside, and heals when it is mended" one_bad_card

# S4-14, S4-15
several_keys_feed_one_sync() {
	at_sansan
	tell "$SAN" options '{"sees":"own"}'
	tell "$SAN" keys '{"keys":[{"key":"sim-second-key","user":"5502","sees":"own"}]}'
	card mine '"ownerId":"5501"'
	card theirs '"ownerId":"5502"'
	renkei sync contacts
	code 0
	figures created=1
	SAN_MORE='api_key_2 = "env:SANSAN_KEY_2";'
	persons
	renkei check --online
	code 0
	renkei cursor reset contacts
	code 0
	renkei sync contacts
	code 0
	figures created=1
	equal "$(values "$HUB" contacts lastname | sort | tr '\n' ' ')" "mine theirs " names
	tell "$SAN" keys '{"keys":[]}'
	renkei check --online
	code 5
	says "api_key_2: HTTP 401"
}
scenario "two keys feed one sync, and the one that is refused is named" \
	several_keys_feed_one_sync

# S4-11 to S4-13, S4-21, S4-22
tags_and_addresses_choose() {
	at_sansan
	card public '"tags":["7001"]'
	card shared '"tags":["7002"]'
	card private '"tags":["7003"]'
	card none
	renkei describe san persons
	code 0
	says 展示会2026 重点顧客
	silent_about 個人メモ
	SAN_MORE='tag_ids = "7001,7003";'
	persons
	renkei check --online
	code 2
	says 'tag_ids: "7003" is no public or shared tag'
	SAN_MORE="tag_ids = \"$(seq -s, 8001 8301)\";"
	persons
	renkei check --online
	code 2
	says "names 301 tags; at most 300 can be synced"
	SAN_MORE='tag_ids = "7001,7002";'
	persons
	renkei sync contacts
	code 0
	equal "$(values "$HUB" contacts lastname | sort | tr '\n' ' ')" "public shared " names
}
scenario "public and shared tags choose cards, private ones and a 301st are refused" \
	tags_and_addresses_choose

without_an_address() {
	at_sansan
	cards '{"updatedAt":"2026-03-01T02:00:00Z","values":{"lastName":"nobody"}}'
	card somebody
	renkei sync contacts
	code 0
	figures created=1
	SAN_MORE='require_email = false;'
	SYNC_MORE='empty_key = "create";'
	persons
	renkei cursor reset contacts
	renkei sync contacts
	code 0
	figures created=1
}
scenario "cards without an address stay out unless that is switched off" without_an_address

# S4-4
no_contract() {
	at_sansan
	tell "$SAN" options '{"entitled":false}'
	renkei check --online
	says "ご契約" "not-entitled"
	[ "$CODE" != 0 ] || fail "it says that all is well"
	renkei check --online --lang ja
	says "契約"
}
scenario "a contract without the API is told as that" no_contract

new_cards() {
	MAP='{ from = "email"; to = "email"; }, { from = "lastname"; to = "lastName"; },
    { from = "company"; to = "companyName"; }'
	sansan_to_hubspot hub contacts san cards
}
contacts_become_cards() {
	at_sansan
	new_cards
	seed 5
	card there
	contact there
	contact made
	renkei sync contacts
	says "allow_create is not set"
	[ "$CODE" != 0 ] || fail "it says that all is well"
	equal "$(live "$SAN" cards)" 1 cards
	SAN_MORE='allow_create = true; create_tag_id = "7004";'
	new_cards
	renkei plan contacts
	code 0
	renkei sync contacts
	code 0
	figures created=6 failed=0
	equal "$(live "$SAN" cards)" 7 cards
	equal "$(values "$SAN" cards tags | grep -c 7004)" 6 "cards with the tag of ours"
	# A test sends what is linked once more, but not where nothing can be sent.
	renkei test contacts --match email=made@example.com
	code 0
	renkei errors list contacts
	says "(none)"
	# Later changes are left out: Sansan has no update.
	tell "$HUB" edit '{"object":"contacts","random":3,"fields":["lastname"]}'
	advance 5000
	renkei sync contacts
	code 0
	figures created=0 updated=0 excluded=3
	equal "$(live "$SAN" cards)" 7 cards
	equal "$(calls_to "$SAN" "POST /bizCards")" 6 "cards made"
}
scenario "contacts become new cards where that is allowed, and never more than that" \
	contacts_become_cards

lost_answers_make_no_second_card() {
	at_sansan
	SAN_MORE='allow_create = true;'
	new_cards
	seed 12
	fault "$SAN" '{"match":"POST /bizCards","action":"drop_after","nth":2}'
	tell "$SAN" options '{"answer":"none"}'
	renkei sync contacts
	code 0
	equal "$(live "$SAN" cards)" 12 cards
	equal "$(values "$SAN" cards email | sort -u | grep -c .)" 12 "different cards"
	equal "$(calls_to "$SAN" "POST /bizCards")" 12 "cards made"
}
scenario "neither a lost answer nor one without an id makes a card twice" \
	lost_answers_make_no_second_card

# A page token that dies once begins the listing anew; tokens that always do end the run.
tokens_that_die() {
	at_sansan
	local i list= stamp
	stamp=$(date -u -d '2 hours ago' +%FT%TZ)
	for i in $(seq 301); do
		list+=${list:+,}"{\"updatedAt\":\"$stamp\",\"values\":{\"lastName\":\"n$i\",\
\"email\":\"n$i@example.com\"}}"
	done
	cards "$list"
	fault "$SAN" '{"match":"GET /bizCards","contains":"nextPageToken","action":"status","status":400,"times":100}'
	renkei sync contacts
	code 1
	says "page tokens were refused 6 times in one run: Sansan refuses the page token"
	tell "$SAN" fault '{"clear":true}'
	fault "$SAN" '{"match":"GET /bizCards","contains":"nextPageToken","action":"status","status":400}'
	renkei sync contacts
	code 0
	equal "$(live "$HUB" contacts)" 301 contacts
}
scenario "a page token that dies begins the listing anew, but not for ever" tokens_that_die
