# SPDX-License-Identifier: Apache-2.0
#
# target.sh - kintone as the target of HubSpot: every type of field that the
# requirements name (S2-12 to S2-27), tables too; what cannot be written is refused
# before anything is sent.

every_target() {
	place
	local fields
	fields=$(tr '\n' ' ' <"$PARTS/every_type")
	tell "$KIN" app '{"app":"12","fields":{"会社番号":{"type":"SINGLE_LINE_TEXT",
		"unique":true},"名称":{"type":"SINGLE_LINE_TEXT"}}}'
	tell "$KIN" load '{"object":"12","records":[{"record":{"会社番号":{"value":"C-1"},
		"名称":{"value":"例示商会"}}}]}'
	tell "$KIN" app "{\"app\":\"11\",\"fields\":{$fields}}"
	APP=11
	KEY=番号
}

WIDE_MAP='{ from = "email"; to = "番号"; }, { from = "lastname"; to = "件名"; },
{ from = "message"; to = "本文"; nulls = "clear"; }, { from = "address"; to = "装飾"; },
{ from = "employee_count"; to = "数"; nulls = "clear"; },
{ from = "jobtitle"; to = "担当者"; values = ( ("部長", "sato"), ("係長", "suzuki") );
  nulls = "clear"; },
{ from = "city"; to = "部署"; values = ( ("東京", "sales"), ("大阪", "support") ); },
{ from = "lifecyclestage"; to = "選択"; values = ( ("lead", "甲"), ("customer", "乙") ); },
{ from = "lifecyclestage"; to = "丸"; values = ( ("lead", "甲") ); otherwise = "乙"; },
{ from = "contract_date"; to = "日付"; nulls = "clear"; }, { from = "fax"; to = "時刻"; },
{ from = "closedate"; to = "日時"; }, { from = "website"; to = "リンク"; },
{ from = "email | lower"; to = "連絡先"; }, { from = "zip"; to = "会社"; nulls = "clear"; },
{ from = "interests"; to = "印";
  values = ( ("product", "甲"), ("event", "乙"), ("support", "") ); },
{ from = "interests"; to = "明細.品名";
  values = ( ("product", "製品"), ("event", "催し"), ("support", "支援") ); },
{ from = "employee_count"; to = "明細.数量"; }'

# field NAME: of the one record, as JSON.
field() {
	ask "$KIN" GET "/_control/records?object=11" >"$DIR/to"
	python3 -c 'import json, sys
value = json.load(open(sys.argv[1]))["records"][0]["values"].get(sys.argv[2])
print(json.dumps(value, ensure_ascii=False, separators=(",", ":")))' "$DIR/to" "$1"
}
holds() { equal "$(field "$1")" "$2" "$1"; }

every_kind_is_written() {
	every_target
	MAP=$WIDE_MAP
	contact a '"message":"一\n二","address":"a & b","employee_count":"7","jobtitle":"部長",
"city":"東京","lifecyclestage":"customer","contract_date":"2024-02-29","fax":"09:30",
"closedate":"2026-02-28T15:02:33.000Z","website":"https://example.com/","zip":"C-1",
"interests":"event;product"'
	configure
	renkei check --online
	code 0
	renkei sync contacts
	code 0
	figures created=1
	holds 件名 '"a"'
	holds 本文 '"一\n二"'
	holds 装飾 '"a &amp; b"'
	holds 数 '"7"'
	holds 担当者 '[{"code":"sato","name":"sato"}]'
	holds 部署 '[{"code":"sales","name":"sales"}]'
	holds 選択 '"乙"'
	holds 丸 '"乙"'
	holds 日付 '"2024-02-29"'
	holds 時刻 '"09:30"'
	holds 日時 '"2026-02-28T15:02:00Z"'
	holds リンク '"https://example.com/"'
	holds 連絡先 '"a@example.com"'
	holds 会社名 '"例示商会"'
	holds 印 '["乙","甲"]'
	field 明細 | sed 's/"id":"[0-9]*"/"id"/g; s/"type":"[A-Z_]*",//g' >"$DIR/rows"
	grep -q '"品名":{"value":"催し"},"数量":{"value":"7"}' "$DIR/rows" &&
		grep -q '"品名":{"value":"製品"},"数量":{"value":""}' "$DIR/rows" ||
		fail "rows: $(cat "$DIR/rows")"
	tell "$HUB" edit '{"object":"contacts","id":"1","values":{"message":"","zip":"",
		"employee_count":"","jobtitle":"","contract_date":"","interests":"support"}}'
	advance 300000
	renkei sync contacts
	code 0
	figures updated=1
	local cleared
	for cleared in 本文 数 担当者 日付 会社 会社名 印; do holds $cleared null; done
	field 明細 >"$DIR/rows"
	lines rows 支援 1
	lines rows '催し|製品' 0
}
scenario "every kind of field that can be mapped is written and cleared" every_kind_is_written

# S2-13, S2-27: at the check, with the reason.
what_cannot() {
	every_target
	contact a
	local to
	for to in 自動 計 会社名 レコード番号 作成者 更新日時 添付 関連 枠 ステータス; do
		MAP="{ from = \"email\"; to = \"番号\"; }, { from = \"city\"; to = \"$to\"; }"
		configure
		renkei check --online
		code 2
		says "map to \"$to\"" "this field of the target cannot be"
	done
	MAP='{ from = "email"; to = "番号"; }, { from = "city"; to = "明細.小計"; }'
	configure
	renkei check --online
	code 2
	says 明細.小計 "the CRM computes it"
	renkei sync contacts
	code 2
	equal "$(calls_to "$KIN" "PUT /k/v1/records.json")" 0 writes
}
scenario "what cannot be written is refused before anything is sent" what_cannot
