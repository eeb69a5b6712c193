# SPDX-License-Identifier: Apache-2.0
#
# source.sh - kintone as the source: what its apps hold becomes HubSpot contacts, and
# what went from HubSpot to kintone comes back as it was.

# The other direction: app 1 of kintone into contacts, by e-mail.
BACK_MAP='{ from = "メールアドレス"; to = "email"; },
{ from = "氏名"; to = "lastname"; },
{ from = "会社名"; to = "company"; nulls = "clear"; },
{ from = "電話"; to = "phone"; nulls = "clear"; },
{ from = "従業員数"; to = "employee_count"; nulls = "clear"; },
{ from = "契約日"; to = "contract_date"; nulls = "clear"; },
{ from = "備考"; to = "message"; nulls = "clear"; },
{ from = "段階"; to = "lifecyclestage"; values = ( ("リード", "lead"),
  ("見込み客", "marketingqualifiedlead"), ("商談中", "opportunity"),
  ("顧客", "customer") ); otherwise = "other"; }'

# back [MORE OF THE SYNC]: adds the sync "back" to the configuration.
back() {
	MORE_SYNCS=", { name = \"back\"; ${1-}
    from = { connection = \"kin\"; object = \"$APP\"; };
    to = { connection = \"hub\"; object = \"contacts\"; key = \"email\"; };
    map = ( $BACK_MAP ); }"
	configure
}
app() { tell "$KIN" "$1" "$2"; }

first_and_changed() {
	place
	back
	NAME=back
	app seed '{"object":"1","count":1200}'
	advance 200000
	renkei check --online
	code 0
	renkei sync back
	code 0
	figures read=1200 created=1200 failed=0
	count_anew
	renkei sync back
	figures created=0 updated=0
	equal "$(calls "$HUB")" 0 "calls at the target when nothing changed"
	app edit '{"object":"1","id":"7","values":{"会社名":{"value":"新しい"}}}'
	renkei sync back
	figures updated=1 created=0
	equal "$(values "$HUB" contacts company | grep -c 新しい)" 1 "changed"
}
scenario "an app becomes contacts, and only what changes goes again" first_and_changed

# proposed FROM TO KEY COUNT: the proposal loads as it stands, passes every check, and
# carries records of the source.
proposed() {
	place
	head -n "$(grep -n '^syncs' "$DIR/renkei.conf" | cut -d: -f1)" "$DIR/renkei.conf" |
		sed '$d' >"$DIR/connections"
	app seed '{"object":"1","count":50}'
	seed 50
	renkei map "$1" "$2"
	code 0
	says "$3"
	{ cat "$DIR/connections"; sed 's/enabled = false/enabled = true/' "$DIR/out"; } \
		>"$DIR/renkei.conf"
	renkei check --online
	code 0
	renkei sync --all
	code "$4"
}
proposal_there() {
	proposed hub/contacts kin/1 'key = "メールアドレス"' 0
}
proposal_back() {
	proposed kin/1 hub/contacts 'key = "email"' 0
}
scenario "a proposed mapping loads, is checked and runs" proposal_there
scenario "a proposed mapping from kintone to HubSpot does so too" proposal_back

map_mistakes() {
	place
	renkei map hub kin/1
	code 2
	says '"hub"' "CONNECTION/OBJECT"
	renkei map hub/contacts king/1
	code 2
	says '"king"' kin
	renkei map hub/contacts kin/99
	code 2
	says GAIA_AP01
	renkei --json map hub/contacts kin/1
	code 0
	valid_json
	says '"state":"unfit"' '"why":"no option'
}
scenario "a mapping is proposed for objects that are there" map_mistakes
