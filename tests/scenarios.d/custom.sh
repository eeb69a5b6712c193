# SPDX-License-Identifier: Apache-2.0
#
# custom.sh - HubSpot's custom objects: listed and described, read, written with a
# reference, by type id and by full name; and what is said where their scope is missing.

# The object "cars", which HubSpot names 2-1000003.
cars() {
	simulators --record "$DIR/record"
	defaults
	tell "$HUB" schema '{"name":"cars","labels":{"singular":"車両","plural":"車両一覧"},
"requiredProperties":["plate"],"associatedObjects":["contacts","0-2"],"properties":[
{"name":"plate","label":"登録番号","type":"string","fieldType":"text","hasUniqueValue":true},
{"name":"colour","label":"色","type":"enumeration","fieldType":"select","options":[
{"label":"赤","value":"red"},{"label":"青","value":"blue"}]},
{"name":"bought","label":"購入日","type":"date","fieldType":"date"}]}'
	CARS=$(sed -E 's/.*"objectTypeId":"([^"]*)".*/\1/' "$DIR/told")
	equal "$CARS" 2-1000003 "type id"
}
car() {
	local now
	now=$(ask "$HUB" GET /_control/clock | sed 's/[^0-9]//g')
	tell "$HUB" load "{\"object\":\"cars\",\"records\":[{\"updatedAt\":\"$((now - 3600000))\",
\"properties\":$1}]}"
}
# What a key of few scopes has.
scopes() { tell "$HUB" options "{\"scopes\":[\"oauth\",\"crm.objects.contacts.read\"$1]}"; }

described() {
	cars
	configure
	renkei describe hub
	code 0
	says contacts deals "$CARS" "車両一覧 (p62515_cars)"
	renkei describe hub "$CARS"
	code 0
	says plate 登録番号 associations.contacts associations.companies
	silent_about associations.deals associations.2-
	as_described hubspot
	renkei describe hub p62515_cars --json
	code 0
	valid_json
	python3 - "$DIR/out" <<'END' || fail "required and key are not told"
import json, sys
plate = [f for f in json.load(open(sys.argv[1]))['fields'] if f['field'] == 'plate'][0]
sys.exit(0 if plate['required'] and plate['key'] else 1)
END
}
scenario "custom objects are listed, and described by type id and by name" described

read_them() {
	cars
	OBJECT=$1 KEY=会員番号
	MAP='{ from = "plate"; to = "会員番号"; }, { from = "plate"; to = "メールアドレス"; },
{ from = "colour"; to = "氏名"; values = ( ("red", "赤"), ("blue", "青") ); },
{ from = "bought"; to = "契約日"; }'
	configure
	car '{"plate":"p1@example.com","colour":"red","bought":"2024-02-29"}'
	car '{"plate":"p2@example.com","colour":"blue"}'
	advance 200000
	renkei check --online
	code 0
	renkei sync contacts
	code 0
	figures read=2 created=2
	equal "$(values "$KIN" 1 氏名 | sort)" $'赤\n青' names
	tell "$HUB" edit '{"object":"cars","id":1,"values":{"colour":"blue"}}'
	advance 200000
	renkei sync contacts
	code 0
	figures updated=1
	equal "$(values "$KIN" 1 氏名 | sort -u)" 青 "after an edit"
	as_described hubspot kintone
}
scenario "a custom object is read by its type id" read_them 2-1000003
scenario "the same by its full name" read_them p62515_cars

# From kintone, with a reference to contacts.
one_sync() {
	[ "${INTO:-}" ] || return
	cat <<END
  { name = "into"; from = { connection = "kin"; object = "1"; };
    to = { connection = "hub"; object = "$INTO"; key = "plate"; }; map = ( $MAP ); }
END
}
write_them() {
	cars
	INTO=$CARS NAME=into
	MAP='{ from = "会員番号"; to = "plate"; }, { from = "備考"; to = "associations.contacts"; },
{ from = "氏名"; to = "colour"; }, { from = "契約日"; to = "bought"; }'
	configure
	contact ann
	tell "$KIN" load '{"object":"1","records":[
{"record":{"会員番号":"A-1","氏名":"赤","メールアドレス":"a@example.com","契約日":"2024-02-29","備考":"1"}},
{"record":{"会員番号":"A-2","氏名":"緑","メールアドレス":"b@example.com"}},
{"record":{"会員番号":"A-3","氏名":"青","メールアドレス":"c@example.com","備考":"404"}}]}'
	advance 200000
	renkei sync into
	code 3
	figures read=3 created=1 failed=2
	equal "$(values "$HUB" cars colour)" red "an option by its label"
	equal "$(values "$HUB" cars bought)" 2024-02-29 "a date"
	ask "$HUB" POST /_control/associations '{"from":"p62515_cars","to":"contacts"}' >"$DIR/pairs"
	grep -q -F '[[1,1]]' "$DIR/pairs" || fail "it is not associated: $(cat "$DIR/pairs")"
	renkei errors list into
	says picklist association
	tell "$KIN" edit '{"object":"1","id":1,"values":{"氏名":"青"}}'
	advance 200000
	renkei sync into
	equal "$(values "$HUB" cars colour)" blue "after an edit"
	equal "$(live "$HUB" cars)" 1 "no second one"
	as_described hubspot kintone
}
scenario "a custom object is written, with a reference" write_them

without_scope() {
	cars
	INTO=$CARS NAME=into
	MAP='{ from = "会員番号"; to = "plate"; }'
	configure
	scopes ''
	renkei describe hub
	code 0
	says contacts "missing scope: crm.schemas.custom.read or crm.objects.custom.read"
	silent_about "$CARS"
	renkei check --online
	code 5
	says crm.objects.custom.write
	tell "$KIN" load '{"object":"1","records":[{"record":{"会員番号":"A-1"}}]}'
	renkei sync into
	code 5
	says crm.objects.custom.write
	scopes ',"crm.objects.custom.read","crm.objects.custom.write"'
	renkei describe hub
	says "$CARS"
	advance 200000
	renkei sync into
	code 0
	equal "$(live "$HUB" cars)" 1 cars
}
scenario "without their scope it is told which one is missing" without_scope
