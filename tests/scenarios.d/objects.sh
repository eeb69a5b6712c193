# SPDX-License-Identifier: Apache-2.0
#
# objects.sh - HubSpot beyond contacts: each kind of object is written from kintone and
# read into it, left alone when nothing changed, and kept in step.

# From app 1 of kintone to OBJECT by its property renkei_id, and back by the same key.
one_sync() {
	cat <<END
  { name = "out"; from = { connection = "kin"; object = "1"; };
    to = { connection = "hub"; object = "$OBJECT"; key = "renkei_id"; };
    map = ( { from = "会員番号"; to = "renkei_id"; }, $OUT ); },
  { name = "in"; from = { connection = "hub"; object = "$OBJECT"; };
    to = { connection = "kin"; object = "1"; key = "会員番号"; };
    map = ( { from = "renkei_id"; to = "会員番号"; },
            $IN ); }
END
}
# between OBJECT OUT IN: the two syncs; customers K1 and K2 in kintone, with MORE values.
between() {
	simulators --record "$DIR/record"
	defaults
	OBJECT=$1 OUT=$2 IN=$3
	[ "$OBJECT" != 2-1000003 ] || tell "$HUB" schema '{"name":"cars","labels":{"singular":
"車両","plural":"車両一覧"},"requiredProperties":["plate"],"associatedObjects":["contacts"],
"properties":[{"name":"plate","label":"登録番号","type":"string","fieldType":"text"}]}'
	tell "$HUB" property "{\"object\":\"$OBJECT\",\"name\":\"renkei_id\",\"label\":\"R\",
\"type\":\"string\",\"fieldType\":\"text\",\"hasUniqueValue\":true}"
	contact ann
	configure
}
customer() {
	tell "$KIN" load "{\"object\":\"1\",\"records\":[{\"record\":{\"会員番号\":\"$1\",
\"氏名\":\"$1 様\",\"備考\":\"1\"${2:+,$2}}}]}"
}
run() {
	advance 200000
	NAME=$1
	renkei sync "$1"
	code 0
	shift
	figures "$@"
}
idle() {
	count_anew
	run "$1" created=0 updated=0
	equal "$(calls_to "$KIN" "PUT /k/v1/records.json") \
$(calls_to "$HUB" "POST /crm/objects/batch/update")" "0 0" "writes of an idle run"
}
# there FIELD VALUES: of all records of the object, sorted.
there() { equal "$(values "$HUB" "${NAMED:-$OBJECT}" "$1" | tr '\n' ';')" "$2" "$1"; }
here() { equal "$(values "$KIN" 1 "$1" | tr '\n' ';')" "$2" "$1"; }
# kept_in_step FIELD: both ways; 氏名 is FIELD there.  FRESH is a record that HubSpot's
# people made, K9.
kept_in_step() {
	customer K1 "${MORE:-}"
	customer K2 "${MORE:-}"
	renkei check --online
	code 0
	run out read=2 created=2
	there "$1" "K1 様;K2 様;"
	idle out
	tell "$KIN" edit '{"object":"1","id":2,"values":{"氏名":"改名"}}'
	run out updated=1
	there "$1" "K1 様;改名;"
	run in read=2 created=0
	idle in
	tell "$HUB" load "{\"object\":\"${NAMED:-$OBJECT}\",\"records\":[{\"properties\":
{\"renkei_id\":\"K9\",\"$1\":\"新規\"${FRESH:+,$FRESH}}}]}"
	run in created=1
	here 氏名 "K1 様;改名;新規;"
	tell "$HUB" edit "{\"object\":\"${NAMED:-$OBJECT}\",\"id\":1,\"values\":{\"$1\":\"変更\"}}"
	run in updated=1
	here 氏名 "変更;改名;新規;"
	as_described hubspot
}

companies() {
	between companies '{ from = "氏名"; to = "name"; }' '{ from = "name"; to = "氏名"; }'
	kept_in_step name
}
scenario "companies, both ways" companies

# A stage by its label, and its deal's company.
deals() {
	between deals '{ from = "氏名"; to = "dealname"; },
{ from = "段階"; to = "dealstage"; values = ( ("商談中", "Contract Sent") ); },
{ from = "備考"; to = "associations.contacts"; }' '{ from = "dealname"; to = "氏名"; },
{ from = "dealstage"; to = "段階"; values = ( ("contractsent", "商談中"),
  ("closedwon", "顧客") ); }'
	MORE='"段階":"商談中"' FRESH='"dealstage":"closedwon"'
	kept_in_step dealname
	there dealstage "closedwon;contractsent;contractsent;"
	here 段階 "商談中;商談中;顧客;"
}
scenario "deals, both ways, with stages and contacts" deals

# A new lead goes with its primary contact; stages stand in their pipeline alone.
leads() {
	between leads '{ from = "氏名"; to = "hs_lead_name"; },
{ from = "備考"; to = "associations.contacts.primary"; },
{ from = "段階"; to = "hs_pipeline_stage"; values = ( ("商談中", "Connected") );
  otherwise = "New"; }' '{ from = "hs_lead_name"; to = "氏名"; },
{ from = "associations.contacts.primary"; to = "備考"; }'
	MORE='"段階":"商談中"'
	kept_in_step hs_lead_name
	there hs_pipeline_stage ";connected-stage-id;connected-stage-id;"
	pairs leads contacts "1 1 primary;2 1 primary;"
	equal "$(calls_to "$HUB" "POST /crm/objects/batch/upsert")" 0 upserts
	# Another contact becomes the primary one; a record without any is told and not sent.
	contact bob
	tell "$KIN" edit '{"object":"1","id":2,"values":{"備考":"2"}}'
	customer K3
	tell "$KIN" edit '{"object":"1","id":4,"values":{"備考":""}}'
	advance 200000
	renkei sync out
	code 3
	pairs leads contacts "1 1 primary;2 1;2 2 primary;"
	renkei errors list out
	says '"associations.contacts.primary" is required'
}
pairs() {
	ask "$HUB" POST /_control/associations "{\"from\":\"$1\",\"to\":\"$2\"}" >"$DIR/pairs"
	equal "$(python3 -c 'import json, sys
for pair in sorted(json.load(open(sys.argv[1]))["pairs"]): print(*pair)' "$DIR/pairs" |
		tr '\n' ';')" "$3" "$1 with $2"
}
scenario "leads, both ways, each with its primary contact" leads

tasks() {
	between tasks '{ from = "氏名"; to = "hs_task_subject"; },
{ from = "最終接触"; to = "hs_timestamp"; }, { from = "備考"; to = "associations.contacts"; },
{ from = "会社名"; to = "hs_task_status"; values = ( ("済", "Completed") ); }' '{ from = "hs_task_subject"; to = "氏名"; },
{ from = "hs_timestamp"; to = "最終接触"; }'
	MORE='"最終接触":"2026-01-31T00:08:00Z","会社名":"済"'
	FRESH='"hs_timestamp":"2026-02-01T09:00:00.000Z"'
	kept_in_step hs_task_subject
	there hs_timestamp "2026-01-31T00:08:00.000Z;2026-01-31T00:08:00.000Z;2026-02-01T09:00:00.000Z;"
	there hs_task_status ";COMPLETED;COMPLETED;"
	pairs tasks contacts "1 1;2 1;"
}
scenario "tasks, both ways, by their due dates" tasks

# The addresses of an e-mail stand in its headers, which are JSON; HubSpot tells them apart.
emails() {
	between emails '{ from = "氏名"; to = "hs_email_subject"; },
{ from = "最終接触"; to = "hs_timestamp"; }, { from = "備考"; to = "associations.contacts"; },
{ from = "会社名"; to = "hs_email_html"; }, { from = "住所"; to = "hs_email_headers"; },
{ from = "段階"; to = "hs_email_direction"; values = ( ("顧客", "INCOMING_EMAIL") ); }' '{ from = "hs_email_subject"; to = "氏名"; },
{ from = "hs_email_html"; to = "会社名"; }, { from = "hs_timestamp"; to = "最終接触"; },
{ from = "hs_email_from_email"; to = "役職"; }'
	MORE='"最終接触":"2026-01-31T00:08:00Z","会社名":"本文 & <b>","段階":"顧客",
"住所":"{\"from\":{\"email\":\"me@example.com\"},\"to\":[{\"email\":\"you@example.com\"}]}"'
	FRESH='"hs_timestamp":"2026-02-01T09:00:00.000Z","hs_email_html":"<p>お礼</p>",
"hs_email_from_email":"sender@example.com"'
	kept_in_step hs_email_subject
	there hs_email_html "<p>お礼</p>;本文 &amp; &lt;b&gt;;本文 &amp; &lt;b&gt;;"
	here 会社名 "お礼;本文 & <b>;本文 & <b>;"
	there hs_email_to_email ";you@example.com;you@example.com;"
	here 役職 "me@example.com;me@example.com;sender@example.com;"
	there hs_email_direction ";INCOMING_EMAIL;INCOMING_EMAIL;"
	pairs emails contacts "1 1;2 1;"
}
scenario "e-mail activity, both ways, with its text" emails

custom() {
	NAMED=cars
	between 2-1000003 '{ from = "氏名"; to = "plate"; },
{ from = "備考"; to = "associations.contacts"; }' '{ from = "plate"; to = "氏名"; }'
	kept_in_step plate
	pairs p62515_cars contacts "1 1;2 1;"
}
scenario "a custom object, both ways" custom
