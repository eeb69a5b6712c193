# SPDX-License-Identifier: Apache-2.0
#
# to_hubspot.sh - HubSpot as the target: values of every type, options by their labels,
# errors of single records, keys that it takes, owners, and associations.

# From app 1 of kintone into an object of HubSpot.
one_sync() {
	cat <<END
  { name = "$NAME"; $SYNC_MORE
    from = { connection = "kin"; object = "$APP"; $FROM_MORE };
    to = { connection = "hub"; object = "$OBJECT"; key = "$KEY"; $TO_MORE };
    map = (
$MAP
    ); }
END
}
# target OBJECT KEY MAP [SIMULATOR OPTIONS]
target() {
	simulators "${@:4}"
	defaults
	NAME=into OBJECT=$1 KEY=$2 MAP=$3
	configure
}
# customer NAME [MORE VALUES]: one record of the app.
customer() {
	tell "$KIN" load "{\"object\":\"1\",\"records\":[{\"record\":{\"メールアドレス\":\
\"$1@example.com\",\"氏名\":\"$1\"${2:+,$2}}}]}"
}
edit_customer() {
	tell "$KIN" edit "{\"object\":\"1\",\"id\":$1,\"values\":$2}"
	advance 200000
}
property() { tell "$HUB" property "$1"; }
run_into() {
	advance 200000
	renkei sync into
	code "${1:-0}"
}
EMAIL='{ from = "メールアドレス"; to = "email"; }, { from = "氏名"; to = "lastname"; }'

# Values as HubSpot's own reading shows them.
every_type() {
	target contacts email "$EMAIL, { from = \"従業員数\"; to = \"employee_count\"; nulls = \"clear\"; },
{ from = \"契約日\"; to = \"contract_date\"; nulls = \"clear\"; },
{ from = \"最終接触\"; to = \"closedate\"; }, { from = \"興味\"; to = \"interests\"; },
{ from = \"段階\"; to = \"hs_lead_status\"; values = ( (\"リード\", \"New\"),
  (\"顧客\", \"Connected\") ); otherwise = \"OPEN\"; },
{ from = \"会社名\"; to = \"wants_mail\"; values = ( (\"はい\", \"true\") ); otherwise = \"false\"; },
{ from = \"備考\"; to = \"message\"; }"
	property '{"object":"contacts","name":"wants_mail","label":"W","type":"bool",
"fieldType":"booleancheckbox"}'
	customer one '"従業員数":"12345678901234567.25","契約日":"2024-02-29",
"最終接触":"2026-01-31T00:08:00Z","興味":["製品","サポート"],"段階":"顧客","会社名":"はい",
"備考":"一行目\n<b>二</b> 😀"'
	run_into
	equal "$(values "$HUB" contacts employee_count)" 12345678901234567.25 number
	equal "$(values "$HUB" contacts contract_date)" 2024-02-29 date
	equal "$(values "$HUB" contacts closedate)" 2026-01-31T00:08:00.000Z datetime
	equal "$(values "$HUB" contacts interests)" "product;support" "labels of options"
	equal "$(values "$HUB" contacts hs_lead_status)" CONNECTED "an option by its label"
	equal "$(values "$HUB" contacts wants_mail)" true boolean
	equal "$(values "$HUB" contacts message)" $'一行目\n<b>二</b> 😀' text
	edit_customer 1 '{"契約日":null,"興味":["イベント"],"従業員数":""}'
	run_into
	equal "$(values "$HUB" contacts contract_date)" "" "a date that was cleared"
	equal "$(values "$HUB" contacts employee_count)" "" "a number that was cleared"
	equal "$(values "$HUB" contacts interests)" event "options are replaced"
	count_anew
	run_into
	equal "$(calls "$HUB")" 0 "calls when nothing changed"
}
scenario "every type of value, cleared and replaced" every_type

# Which records go this way is said by a filter of its own.
filtered() {
	target contacts email "$EMAIL"
	FROM_MORE="filter = \"段階 = '顧客' and 従業員数 >= 10\";"
	configure
	customer one '"段階":"顧客","従業員数":"50"'
	customer two '"段階":"顧客","従業員数":"5"'
	customer three '"段階":"リード","従業員数":"50"'
	run_into
	figures read=1 created=1 excluded=0
	equal "$(values "$HUB" contacts email)" one@example.com kept
	edit_customer 2 '{"従業員数":"10"}'
	edit_customer 3 '{"従業員数":"60"}'
	run_into
	figures created=1 excluded=1
}
scenario "a filter keeps and excludes on the way to HubSpot" filtered

# One bad record stands alone, whatever else was in its batch.
bad_records() {
	local i
	target contacts "$1" "$EMAIL, { from = \"会員番号\"; to = \"member_no\"; },
{ from = \"会社名\"; to = \"company\"; }, { from = \"備考\"; to = \"message\"; }"
	for i in $(seq 30); do customer "c$i" "\"会員番号\":\"M$i\""; done
	tell "$KIN" edit '{"object":"1","id":7,"values":{"メールアドレス":"not an address"}}'
	tell "$KIN" edit '{"object":"1","id":19,"values":{"会員番号":"M5x"}}'
	tell "$HUB" load '{"object":"contacts","records":[{"properties":
{"email":"other@example.com","member_no":"M5x"}}]}'
	run_into 3
	figures created="$2" failed="$3"
	renkei errors list into
	says "$4" "$5"
	edit_customer 7 '{"メールアドレス":"c7@example.com"}'
	run_into "$6"
	figures created=1
}
scenario "a bad address and a value that is taken, by e-mail" bad_records email 28 2 \
	INVALID_EMAIL CONFLICTING_UNIQUE_VALUE 3
scenario "the same by a property of one's own" bad_records member_no 28 1 \
	INVALID_EMAIL property-value 0

# A rule of the account's administrators refuses a record until it is mended or gone.
admin_rules() {
	target contacts email "$EMAIL, { from = \"会社名\"; to = \"company\"; },
{ from = \"段階\"; to = \"hs_lead_status\"; values = ( (\"顧客\", \"CONNECTED\") ); otherwise = \"NEW\"; }"
	tell "$HUB" rule '{"object":"contacts","property":"company","because":"hs_lead_status",
"value":"CONNECTED"}'
	customer one '"段階":"顧客"'
	customer two '"段階":"顧客","会社名":"二"'
	customer three '"段階":"リード"'
	run_into 3
	figures created=2 failed=1
	renkei errors list into
	says custom-code MISSING_CONDITIONAL
	tell "$HUB" rule '{"object":"contacts","property":"company"}'
	renkei errors resync --all into
	run_into
	equal "$(live "$HUB" contacts)" 3 contacts
	tell "$HUB" rule '{"object":"contacts","property":"city","required":true}'
	customer four
	run_into 3
	renkei errors list into
	says custom-code MISSING_REQUIRED
}
scenario "rules of the account's administrators" admin_rules

# What HubSpot cannot take as a key, or at all, is told before anything is sent.
wrong_targets() {
	target companies domain '{ from = "会社名"; to = "domain"; }, { from = "氏名"; to = "name"; }'
	renkei check --online
	code 2
	says '"domain"' "does not prohibit duplicate values"
	OBJECT=contacts KEY=email
	MAP="$EMAIL, { from = \"最終接触\"; to = \"createdate\"; }"
	configure
	renkei check --online
	code 2
	says '"createdate"' "cannot be written"
	MAP="$EMAIL, { from = \"最終接触\"; to = \"contract_date\"; }"
	configure
	renkei check --online
	code 2
	says "contract_date" "date("
	equal "$(calls_to "$HUB" "POST /crm/objects/batch/upsert")" 0 writes
}
scenario "keys and fields that HubSpot does not take" wrong_targets

own_keys() {
	target companies renkei_id '{ from = "会員番号"; to = "renkei_id"; },
{ from = "会社名"; to = "name"; }'
	property '{"object":"companies","name":"renkei_id","label":"R","type":"string",
"fieldType":"text","hasUniqueValue":true}'
	customer one '"会員番号":"K1","会社名":"一","段階":"リード"'
	customer two '"会員番号":"K2","会社名":"二","段階":"商談中"'
	run_into
	figures created=2
	edit_customer 2 '{"会社名":"弐"}'
	run_into
	figures updated=1
	equal "$(values "$HUB" companies name | tr '\n' ' ')" "一 弐 " names
	OBJECT=deals NAME=deal
	MAP='{ from = "会員番号"; to = "renkei_id"; }, { from = "氏名"; to = "dealname"; },
{ from = "段階"; to = "dealstage"; values = ( ("顧客", "Closed Won") );
  otherwise = "appointmentscheduled"; }'
	property '{"object":"deals","name":"renkei_id","label":"R","type":"string",
"fieldType":"text","hasUniqueValue":true}'
	configure
	renkei sync deal
	code 0
	figures created=2
	edit_customer 2 '{"段階":"顧客"}'
	renkei sync deal
	equal "$(values "$HUB" deals dealstage | tr '\n' ' ')" \
		"appointmentscheduled closedwon " "stages"
}
scenario "companies and deals by a unique property" own_keys

# The key stands there in another case: the upsert finds it, so the plan says so.
keys_in_another_case() {
	target companies renkei_id '{ from = "会員番号"; to = "renkei_id"; },
{ from = "会社名"; to = "name"; }'
	property '{"object":"companies","name":"renkei_id","label":"R","type":"string",
"fieldType":"text","hasUniqueValue":true}'
	tell "$HUB" load '{"object":"companies","records":[{"updatedAt":1000,
		"properties":{"renkei_id":"k1","name":"old"}}]}'
	customer one '"会員番号":" K1 ","会社名":"一"'
	customer two '"会員番号":"K2","会社名":"二"'
	renkei plan into --json
	equal "$(python3 -c "import json; print(sorted((r['id'], r['action']) for r in \
		json.load(open('$DIR/out'))['records']))")" "[('1', 'update'), ('2', 'create')]" plan
	run_into
	figures created=1 updated=1
	equal "$(live "$HUB" companies)" 2 companies
}
scenario "a plan knows a key that stands there in another case" keys_in_another_case

owners() {
	target contacts email "$EMAIL, { from = \"備考\"; to = \"hubspot_owner_id\"; }"
	customer one '"備考":"owner2@example.com"'
	customer two '"備考":"101"'
	customer three '"備考":"nobody@example.com"'
	run_into 3
	figures created=2 failed=1
	equal "$(values "$HUB" contacts hubspot_owner_id | tr '\n' ' ')" "101 102 " owners
	renkei errors list into
	says picklist nobody@example.com
}
scenario "owners by e-mail or id" owners

associated() {
	ask "$HUB" POST "/_control/associations" \
		'{"from":"contacts","to":"companies"}' >"$DIR/told"
	python3 -c 'import json, sys
for pair in json.load(open(sys.argv[1]))["pairs"]: print(*pair)' "$DIR/told"
}
references() {
	target contacts email "$EMAIL, { from = \"備考\"; to = \"associations.companies\"; }"
	tell "$HUB" load '{"object":"companies","records":[{"properties":{"name":"A"}},
{"properties":{"name":"B"}}]}'
	customer one '"備考":"1"'
	customer two '"備考":"2"'
	customer three '"備考":"77"'
	customer four
	customer five '"備考":"77"'
	run_into 3
	figures created=3 failed=2
	equal "$(associated | tr '\n' ';')" "$(printf '%s;' "$(contact_id one) 1" "$(contact_id two) 2")" pairs
	renkei errors list into
	says association parent-missing 77
	# The one that blocks, and who waits for it.
	renkei errors --group --json
	equal "$(python3 -c "import json; print([(g['field'], g['value'], g['records']) for g in \
		json.load(open('$DIR/out'))['syncs'][0]['groups']])")" \
		"[('associations.companies', '77', 2)]" "the blocking record"
	renkei errors list into --category association --value 77
	lines out '^[35] +association' 2
	tell "$HUB" load '{"object":"companies","records":[{"id":77,"properties":{"name":"C"}}]}'
	renkei errors resync --all into
	run_into
	equal "$(associated | tail -n 2 | sort | tr '\n' ';')" \
		"$(printf '%s 77\n' "$(contact_id three)" "$(contact_id five)" | sort | tr '\n' ';')" \
		"those that waited"
}
contact_id() {
	ask "$HUB" GET "/_control/records?object=contacts" >"$DIR/records"
	python3 -c 'import json, sys
print(*[r["id"] for r in json.load(open(sys.argv[1]))["records"]
        if r["values"]["lastname"] == sys.argv[2]])' "$DIR/records" "$1"
}
scenario "references become associations, and a missing parent is told" references

# The company that HubSpot shows first; a record has one.
primary() {
	target contacts email "$EMAIL, { from = \"会員番号\"; to = \"associations.companies\"; },
{ from = \"備考\"; to = \"associations.companies.primary\"; }" --record "$DIR/record"
	tell "$HUB" load '{"object":"companies","records":[{"properties":{"name":"A"}},
{"properties":{"name":"B"}}]}'
	customer one '"会員番号":"1","備考":"2"'
	run_into
	equal "$(associated | sort | tr '\n' ';')" "1 1;1 2 primary;" "pairs"
	edit_customer 1 '{"備考":"1"}'
	run_into
	equal "$(associated | sort | tr '\n' ';')" "1 1 primary;1 2;" "pairs after an edit"
	edit_customer 1 '{"備考":"77"}'
	run_into 3
	renkei errors list into
	says association parent-missing 77
	equal "$(associated | sort | tr '\n' ';')" "1 1 primary;1 2;" "pairs after a bad edit"
	as_described hubspot
}
scenario "a primary company is one by its label" primary

# A label of the account's own, beside the primary one, read from the other end too.
labels() {
	target contacts email "$EMAIL, { from = \"会員番号\"; to = \"associations.companies.2000\"; },
{ from = \"備考\"; to = \"associations.companies.primary\"; }" --record "$DIR/record"
	tell "$HUB" label '{"from":"contacts","to":"companies","label":"請求先"}'
	tell "$HUB" load '{"object":"companies","records":[{"properties":{"name":"A"}},
{"properties":{"name":"B"}}]}'
	renkei describe hub contacts
	says associations.companies.2000 請求先
	renkei describe hub companies
	says associations.contacts.2001 請求先
	customer one '"会員番号":"1","備考":"2"'
	customer two '"会員番号":"1","備考":"1"'
	run_into
	equal "$(associated | sort | tr '\n' ';')" "1 1 請求先;1 2 primary;2 1 primary 請求先;" "pairs"
	edit_customer 1 '{"会員番号":"77"}'
	run_into 3
	renkei errors list into
	says association parent-missing 77
	as_described hubspot
	# And back: the ids of one label alone.
	MORE_SYNCS=", { name = \"back\"; from = { connection = \"hub\"; object = \"contacts\"; };
    to = { connection = \"kin\"; object = \"1\"; key = \"メールアドレス\"; };
    map = ( { from = \"email\"; to = \"メールアドレス\"; },
            { from = \"associations.companies.2000 | join(\\\",\\\")\"; to = \"備考\"; } ); }"
	configure
	renkei sync back
	code 0
	equal "$(values "$KIN" 1 備考 | tr '\n' ';')" "1;1;" "companies that are billed"
}
scenario "labels of associations, one beside another" labels

# Rules of values: what describe knows is told before a call, the rest by HubSpot.
value_rules() {
	target contacts email "$EMAIL, { from = \"会員番号\"; to = \"member_no\"; },
{ from = \"従業員数\"; to = \"employee_count\"; }" --record "$DIR/record"
	tell "$HUB" rule '{"object":"contacts","property":"member_no","validations":[
{"ruleType":"MAX_LENGTH","ruleArguments":["5"]},{"ruleType":"ALPHANUMERIC","ruleArguments":[]}]}'
	tell "$HUB" rule '{"object":"contacts","property":"employee_count","validations":[
{"ruleType":"MAX_NUMBER","ruleArguments":["100"]}]}'
	renkei describe hub contacts
	says "<=5 characters" "string/text ALPHANUM" "<=100"
	customer one '"会員番号":"A1","従業員数":"100"'
	customer two '"会員番号":"A23456"'
	customer three '"会員番号":"A-4"'
	customer four '"従業員数":"101"'
	run_into 3
	figures created=1 failed=3
	renkei errors list into
	says "expected at most 5" "expected at most 100" "validation rule ALPHANUMERIC" custom-code
	as_described hubspot
}
scenario "rules for values" value_rules

sensitive() {
	target contacts email "$EMAIL, { from = \"備考\"; to = \"diagnosis\"; }"
	property '{"object":"contacts","name":"diagnosis","label":"D","type":"string",
"fieldType":"text","dataSensitivity":"sensitive"}'
	customer one '"備考":"none"'
	renkei check --online
	code 2
	says diagnosis
	HUB_MORE="$HUB_MORE sensitive = \"sensitive\";"
	configure
	run_into 5
	says crm.objects.contacts.sensitive.read.v2
	tell "$HUB" options '{"scopes":["crm.objects.contacts.read","crm.objects.contacts.write",
"crm.objects.contacts.sensitive.read.v2","crm.objects.contacts.sensitive.write.v2"]}'
	run_into
	figures created=1
	equal "$(values "$HUB" contacts diagnosis)" none diagnosis
}
scenario "sensitive properties are left out until the connection asks for them" sensitive
