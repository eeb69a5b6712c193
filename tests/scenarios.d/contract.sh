# SPDX-License-Identifier: Apache-2.0
#
# contract.sh - what both connectors send, and what the simulators answer, is what the
# vendors' interfaces are described to be.  Without those descriptions, which are not ours
# to ship, the cases are skipped.
[ -f "$SPECS/hubspot/renkei-hubspot-contract.json" ] || {
	echo "skipped - contract: there are no descriptions of the vendors' interfaces"
	exit 0
}

# to HubSpot: NAME KEY OBJECT MAP
into() {
	MORE_SYNCS="$MORE_SYNCS, { name = \"$1\";
    from = { connection = \"kin\"; object = \"1\"; };
    to = { connection = \"hub\"; object = \"$3\"; key = \"$2\"; };
    map = ( $4 ); }"
}
unique() {
	tell "$HUB" property "{\"object\":\"$1\",\"name\":\"renkei_id\",\"label\":\"R\",
\"type\":\"string\",\"fieldType\":\"text\",\"hasUniqueValue\":true}"
}
everything() {
	place --record "$DIR/record"
	unique companies
	unique deals
	EMAIL='{ from = "メールアドレス"; to = "email"; }'
	into mails email contacts "$EMAIL, { from = \"氏名\"; to = \"lastname\"; },
{ from = \"備考\"; to = \"associations.companies\"; }, { from = \"契約日\"; to = \"contract_date\"; }"
	into firms renkei_id companies '{ from = "会員番号"; to = "renkei_id"; },
{ from = "会社名"; to = "name"; }'
	into deals renkei_id deals '{ from = "会員番号"; to = "renkei_id"; },
{ from = "氏名"; to = "dealname"; },
{ from = "段階"; to = "dealstage"; values = ( ("顧客", "closedwon") ); otherwise = "contractsent"; }'
	MAP="$MAP, { from = \"associations.companies | join(\\\",\\\")\"; to = \"備考\"; }"
	[ "$1" = E3 ] && HUB_MORE="$HUB_MORE guarantee = \"E3\";"
	configure
	seed 150
	tell "$KIN" seed '{"object":"1","count":130}'
	tell "$KIN" edit '{"object":"1","id":3,"values":{"備考":{"value":"1"}}}'
	tell "$KIN" edit '{"object":"1","id":5,"values":{"メールアドレス":{"value":"no address"}}}'
	advance 200000
	renkei check --online
	for name in firms deals mails contacts; do renkei sync "$name"; done
	tell "$HUB" edit '{"object":"contacts","random":120}'
	tell "$KIN" edit '{"object":"1","random":120}'
	advance 200000
	for name in firms deals mails contacts; do renkei sync "$name"; done
	as_described hubspot
	grep -q -E "objects.batch.$2\$" "$DIR/seen" || fail "no $2 was sent"
	as_described kintone
	grep -q putRecords "$DIR/seen" || fail "nothing was written to kintone"
}
scenario "calls and answers are as both interfaces are described" everything E1 upsert
scenario "the same without upsert" everything E3 create
