# SPDX-License-Identifier: Apache-2.0
#
# hotprofile.sh - companies, departments and leads of HotProfile to apps of kintone, and
# records of kintone as leads.

export HOT_KEY=sim-hotprofile-token

# hot_sync FROM OBJECT TO OBJECT KEY: the sync with the lines of MAP; HOT_MORE may change.
hot_sync() {
	cat >"$DIR/renkei.conf" <<END
connections: {
  kin: { connector = "kintone"; host = "$KINTONE"; api_token = "env:KINTONE_TOKEN"; $KIN_MORE };
  hot: { connector = "hotprofile"; host = "$HOTPROFILE"; api_key = "env:HOT_KEY";
         late_commit = "1s"; request_deadline = "5s"; t_land = "300ms"; t_visible = "100ms";
         $HOT_MORE };
};
syncs = ( {
  name = "contacts"; $SYNC_MORE
  from = { connection = "$1"; object = "$2"; };
  to = { connection = "$3"; object = "$4"; key = "$5"; };
  map = ( $MAP );
} );
END
}
leads() { hot_sync hot leads kin 1 メールアドレス; }

at_hotprofile() {
	simulators hotprofile
	defaults
	HOTPROFILE=$(awk '$1 == "hotprofile" { print $2 }' "$DIR/addresses")
	HOT=${HOTPROFILE##*:}
	HOT_MORE=
	MAP='{ from = "email"; to = "メールアドレス"; }, { from = "family_name"; to = "氏名"; },
    { from = "client_name"; to = "会社名"; }, { from = "tel"; to = "電話"; nulls = "clear"; }'
	leads
}

# load_hot OBJECT VALUES [ID]: one record, stamped an hour ago.
load_hot() {
	tell "$HOT" load "{\"object\":\"$1\",\"records\":[{${3:+\"id\":\"$3\",}\"updatedAt\":\
\"$(date -u -d '1 hour ago' +%FT%TZ)\",\"values\":{$2}}]}"
}
lead() {
	load_hot leads "\"client_id\":\"1\",\"family_name\":\"$1\",\"email\":\"$1@example.com\"${2:+,$2}"
}
# app FIELDS: an app 2 with these text fields, the first of which is its key.
app() {
	local name fields= unique=',"unique":true'
	for name in "$@"; do
		fields+="${fields:+,}\"$name\":{\"type\":\"SINGLE_LINE_TEXT\"$unique}"
		unique=
	done
	tell "$KIN" app "{\"app\":\"2\",\"fields\":{$fields}}"
}
same_leads() {
	local pair
	for pair in email:メールアドレス family_name:氏名 tel:電話; do
		values "$HOT" leads "${pair%%:*}" | sort >"$DIR/there"
		values "$KIN" 1 "${pair##*:}" | sort | cmp - "$DIR/there" || fail "${pair##*:} differs"
	done
}

leads_are_kept_in_step() {
	at_hotprofile
	tell "$HOT" seed '{"object":"leads","count":250}'
	renkei check --online
	code 0
	renkei sync contacts
	code 0
	figures created=250 failed=0
	same_leads
	equal "$(values "$KIN" 1 会社名 | sort -u)" 見本商事株式会社 "the joined company"
	tell "$HOT" counts '{"reset":true}'
	tell "$KIN" counts '{"reset":true}'
	renkei sync contacts
	code 0
	figures created=0 updated=0
	equal "$(calls "$HOT")" 1 "calls of an idle run at the source"
	equal "$(calls "$KIN")" 0 "calls of an idle run at the target"
	tell "$HOT" edit '{"object":"leads","random":10,"fields":["tel"]}'
	renkei sync contacts
	code 0
	figures created=0 updated=10
	same_leads
}
scenario "leads of HotProfile are loaded, left alone and kept in step in kintone" \
	leads_are_kept_in_step

one_bad_lead() {
	at_hotprofile
	HOT_MORE='lead_items = "区分:201:choice:2010=営業,2011=技術";'
	MAP+=', { from = "item.区分"; to = "段階"; values = ( ("営業", "リード") ); }'
	leads
	lead good '"item.201":"営業"'
	lead bad '"item.201":"技術"'
	renkei sync contacts
	code 3
	figures created=1 failed=1
	renkei errors list
	says picklist 技術
	tell "$HOT" edit '{"object":"leads","id":"2","values":{"item.201":"営業"}}'
	renkei sync contacts
	code 0
	figures created=1 failed=0
	equal "$(live "$KIN" 1)" 2 records
}
scenario "a lead that does not fit is set aside, and heals when it is mended" one_bad_lead

# S2-35
who_sees_what() {
	at_hotprofile
	lead mine '"own":"true","tel":"03-1"'
	lead theirs
	tell "$HOT" options '{"sees_all":false}'
	renkei sync contacts
	code 0
	figures created=1
	equal "$(values "$KIN" 1 氏名)" mine names
	# A field that is hidden from now on is left alone.
	tell "$HOT" options '{"hidden":"tel"}'
	tell "$HOT" edit '{"object":"leads","id":"1","values":{"family_name":"renamed"}}'
	renkei sync contacts
	code 0
	figures updated=1
	equal "$(values "$KIN" 1 氏名)" renamed names
	equal "$(values "$KIN" 1 電話)" 03-1 "the field that is hidden"
}
scenario "leads go as the key's owner sees them, and hidden fields are left alone" who_sees_what

# S2-2, S2-3, S2-34
companies_and_departments() {
	at_hotprofile
	tell "$HOT" seed '{"object":"clients","count":30}'
	load_hot organizations '"name":"営業部","client_id":"1"'
	load_hot organizations '"name":"一課","client_id":"1","organization_id":"1"'
	load_hot organizations '"name":"総務","client_id":"7"'
	app ID 部署 会社
	MAP='{ from = "organization_id"; to = "ID"; }, { from = "path"; to = "部署"; },
    { from = "client.name"; to = "会社"; }'
	hot_sync hot organizations kin 2 ID
	renkei sync contacts
	code 0
	# Each of the 31 companies has a node for those without a department.
	figures created=34 failed=0
	equal "$(values "$KIN" 2 部署 | grep -c '^営業部/一課$')" 1 "department in its place"
	equal "$(values "$KIN" 2 会社 | grep -c 見本商事株式会社)" 3 "departments of the first"
	renkei sync contacts
	code 0
	figures created=0 updated=0
	tell "$HOT" edit '{"object":"organizations","id":"3","values":{"name":"人事"}}'
	renkei sync contacts
	code 0
	figures created=0 updated=1
	equal "$(values "$KIN" 2 部署 | grep -c '^人事$')" 1 "department renamed"
}
scenario "departments come with their company's data" companies_and_departments

# S2-3
people_of_departments() {
	at_hotprofile
	load_hot organizations '"name":"営業部","client_id":"1"'
	lead mori '"organization_id":"1","post":"部長","own":"true"'
	lead hayashi '"organization_id":"1","own":"true"'
	lead elsewhere '"own":"true"'
	tell "$KIN" app '{"app":"2","fields":{"ID":{"type":"SINGLE_LINE_TEXT","unique":true},
"部署":{"type":"SINGLE_LINE_TEXT"},"会社":{"type":"SINGLE_LINE_TEXT"},
"電話":{"type":"SINGLE_LINE_TEXT"},"名簿":{"type":"SUBTABLE","fields":{
"family_name":{"type":"SINGLE_LINE_TEXT"},"post":{"type":"SINGLE_LINE_TEXT"}}}}}'
	tell "$HOT" edit '{"object":"clients","id":"1","values":{"main_tel":"03-1111-2222"}}'
	MAP='{ from = "organization_id"; to = "ID"; }, { from = "path"; to = "部署"; },
    { from = "client.name"; to = "会社"; }, { from = "client.main_tel"; to = "電話"; },
    { from = "persons"; to = "名簿"; }'
	hot_sync hot organizations kin 2 ID
	renkei sync contacts
	code 0
	figures created=2 failed=0
	ask "$KIN" GET "/_control/records?object=2" >"$DIR/records"
	grep -q 営業部 "$DIR/records" && grep -q 見本商事株式会社 "$DIR/records" &&
		grep -q 03-1111-2222 "$DIR/records" || fail "the company's data"
	equal "$(grep -o '"mori"\|"hayashi"\|"部長"' "$DIR/records" | sort | xargs)" \
		"hayashi mori 部長" "people of the department"
	equal "$(grep -o elsewhere "$DIR/records" | wc -l)" 0 "people of no department"
	tell "$HOT" edit '{"object":"leads","id":"2","values":{"post":"課長"}}'
	renkei sync contacts
	code 0
	figures created=0 updated=1
	ask "$KIN" GET "/_control/records?object=2" >"$DIR/records"
	grep -q 課長 "$DIR/records" || fail "the new post"
}
scenario "a department is one record with its company and its people" people_of_departments

# S2-3
too_many_people() {
	at_hotprofile
	load_hot clients '"name":"森商事"'
	load_hot organizations '"name":"営業部","client_id":"1"'
	load_hot organizations '"name":"総務","client_id":"2"'
	tell "$HOT" seed '{"object":"leads","count":1001}'
	tell "$KIN" app '{"app":"2","fields":{"ID":{"type":"SINGLE_LINE_TEXT","unique":true},
"名簿":{"type":"SUBTABLE","fields":{"family_name":{"type":"SINGLE_LINE_TEXT"}}}}}'
	MAP='{ from = "organization_id"; to = "ID"; }, { from = "persons"; to = "名簿"; }'
	hot_sync hot organizations kin 2 ID
	renkei sync contacts
	code 3
	# Each company has a node for those without a department, too.
	figures created=2 failed=2
	renkei errors list
	says "over 1000 leads"
}
scenario "departments of a company with too many people are told, and the others go on" \
	too_many_people

# Only the first run of a day asks for departments of companies that did not change.
departments_by_day() {
	local now first
	at_hotprofile
	tell "$HOT" seed '{"object":"clients","count":9}'
	app ID 部署
	MAP='{ from = "organization_id"; to = "ID"; }, { from = "path"; to = "部署"; }'
	HOT_MORE='departments = "daily";'
	hot_sync hot organizations kin 2 ID
	renkei sync contacts
	code 0
	figures created=10
	equal "$(calls_to "$HOT" "organizations/get_entry_list")" 10 "trees"
	HOT_MORE='departments = "changed";'
	hot_sync hot organizations kin 2 ID
	renkei sync contacts
	code 0
	equal "$(calls_to "$HOT" "organizations/get_entry_list")" 10 "trees"
}
scenario "departments of companies that did not change are left out on wish" departments_by_day

deals_on_wish() {
	at_hotprofile
	load_hot deals '"client_id":"1","title":"複合機","amount":"1200000","orders_date_on":"2026-12-01"'
	load_hot deals '"client_id":"1","title":"保守"'
	tell "$KIN" app '{"app":"2","fields":{"番号":{"type":"SINGLE_LINE_TEXT","unique":true},
"件名":{"type":"SINGLE_LINE_TEXT"},"会社":{"type":"SINGLE_LINE_TEXT"},
"金額":{"type":"NUMBER"},"予定日":{"type":"DATE"}}}'
	MAP='{ from = "id"; to = "番号"; }, { from = "title"; to = "件名"; },
    { from = "client_name"; to = "会社"; }, { from = "amount"; to = "金額"; },
    { from = "orders_date_on"; to = "予定日"; }'
	hot_sync hot deals kin 2 番号
	renkei sync contacts
	code 0
	figures created=2 failed=0
	equal "$(values "$KIN" 2 金額 | grep .)" 1200000 "the amount"
	equal "$(values "$KIN" 2 会社 | sort -u)" 見本商事株式会社 "their company"
	renkei sync contacts
	figures created=0 updated=0
	hot_sync kin 1 hot deals title
	renkei check
	[ "$CODE" != 0 ] || fail "deals can be written"
}
scenario "deals are read on wish, and never written" deals_on_wish

# S2-1
no_contract() {
	at_hotprofile
	tell "$HOT" options '{"entitled":false}'
	renkei check --online
	says "ご契約" "not-entitled"
	[ "$CODE" != 0 ] || fail "it says that all is well"
	renkei sync contacts
	says "ご契約"
	[ "$CODE" != 0 ] || fail "it syncs"
	equal "$(live "$KIN" 1)" 0 records
	tell "$HOT" options '{"entitled":true}'
	lead one '"own":"true"'
	renkei sync contacts
	code 0
	figures created=1
}
scenario "a contract without the open API is told as that, and nothing is synced" no_contract

# What HotProfile does not describe comes from the settings and from what stands there.
described() {
	at_hotprofile
	HOT_MORE='lead_items = "区分:201:choice:2010=営業,2011=技術";'
	leads
	lead one '"own":"true","item.203":"k-1"'
	renkei describe hot
	says clients 会社 organizations 部署 leads リード deals 商談
	renkei describe hot leads
	says email メールアドレス item.区分 営業 技術 "item." client_id
	renkei describe hot organizations
	says persons client.name path
}
scenario "describe tells the objects, their fields and the custom items" described

# S2-56
merged_companies() {
	at_hotprofile
	load_hot clients '"name":"森商事","note":"a"'
	load_hot clients '"name":"森商事株式会社","note":"b"'
	app 会社 旧ID
	MAP='{ from = "name"; to = "会社"; }, { from = "client_histories"; to = "旧ID"; }'
	hot_sync hot clients kin 2 会社
	renkei sync contacts
	code 0
	figures created=3
	tell "$HOT" options '{"cleansing":true}'
	tell "$HOT" merge '{"from":"2","to":"3"}'
	renkei sync contacts
	says "data cleansing is switched on" "data_cleansing"
	[ "$CODE" != 0 ] || fail "it says that all is well"
	HOT_MORE='data_cleansing = "reviewed";'
	hot_sync hot clients kin 2 会社
	renkei sync contacts
	code 0
	figures updated=1
	equal "$(values "$KIN" 2 旧ID | grep .)" 2 "old ids"
}
scenario "a merged company stops the sync until somebody looked, then its old id goes along" \
	merged_companies

# Without the API: what a person exported, in the columns and the encoding of HotProfile's
# screens, is loaded from its file; and a file for its import is written.
exported() {
	cat "$@" | sed 's/$/\r/' | iconv -f UTF-8 -t CP932 >"$DIR/new.csv"
	touch -d "${AGE:-2 minutes} ago" "$DIR/new.csv"
	mv "$DIR/new.csv" "$DIR/files/leads.csv"
}
through_files() {
	at_hotprofile
	mkdir -m 0750 "$DIR/files"
	cat >"$DIR/export" <<'END'
リードID,会社ID,会社名,部署,役職,姓,名,メールアドレス,電話番号,タグ,メモ
501,41001,髙島商事㈱,営業部,部長,森,太郎,mori@example.jp,03-0000-0001,展示会,"①一行目
二行目, ""引用"""
502,41001,髙島商事㈱,総務部,,林,,hayashi@example.jp,,,
503,41002,能登ソフト,,代表,﨑山,花子,saki@example.jp,03-0000-0003,,～
END
	exported "$DIR/export"
	app ID 会社 氏名 メール メモ
	cat >"$DIR/renkei.conf" <<END
connections: {
  hot_files: { connector = "file"; directory = "$DIR/files"; encoding = "shift_jis";
               key = "$1"; columns = "会社名,会社名略称,姓,メールアドレス"; };
  kin: { connector = "kintone"; host = "$KINTONE"; api_token = "env:KINTONE_TOKEN"; };
};
syncs = ( { name = "contacts";
  from = { connection = "hot_files"; object = "leads"; };
  to = { connection = "kin"; object = "2"; key = "ID"; };
  map = ( { from = "リードID"; to = "ID"; }, { from = "会社名"; to = "会社"; },
    { from = "姓"; to = "氏名"; }, { from = "メールアドレス"; to = "メール"; },
    { from = "メモ"; to = "メモ"; } );
}, { name = "import";
  from = { connection = "kin"; object = "1"; };
  to = { connection = "hot_files"; object = "import"; key = "メールアドレス"; };
  map = ( { from = "メールアドレス"; to = "メールアドレス"; }, { from = "会社名"; to = "会社名"; },
    { from = "会社名"; to = "会社名略称"; }, { from = "氏名"; to = "姓"; } );
} );
END
}
csv_is_loaded() {
	through_files リードID
	renkei sync contacts
	code 0
	figures created=3 failed=0
	equal "$(values "$KIN" 2 会社 | sort -u | xargs)" "能登ソフト 髙島商事㈱" companies
	equal "$(values "$KIN" 2 氏名 | sort | xargs)" "林 森 﨑山" names
	values "$KIN" 2 メモ | grep -q '①一行目' || fail "the note"
	sed -i 's/代表/取締役/; s/能登ソフト/能登システム/' "$DIR/export"
	AGE="1 minute" exported "$DIR/export"
	renkei sync contacts
	code 0
	figures created=0 updated=1
	equal "$(values "$KIN" 2 会社 | grep -c 能登システム)" 1 "the company's new name"
}
scenario "leads that a person exported as CSV are loaded from their file" csv_is_loaded

csv_is_written() {
	through_files メールアドレス
	tell "$KIN" load '{"object":"1","records":[{"record":{"メールアドレス":"a@example.jp",
"氏名":"髙橋","会社名":"森商事㈱"}}]}'
	NAME=import
	renkei sync import
	code 0
	figures created=1
	equal "$(iconv -f CP932 -t UTF-8 "$DIR/files/import.csv" | tr -d '\r' | xargs)" \
		"会社名,会社名略称,姓,メールアドレス 森商事㈱,森商事㈱,髙橋,a@example.jp" "the file"
}
scenario "leads for HotProfile's import are written as CSV" csv_is_written

to_leads() {
	HOT_MORE='lead_items = "区分:201:choice:2010=営業,2011=技術";'
	MAP="{ from = \"メールアドレス\"; to = \"email\"; }, { from = \"氏名\"; to = \"family_name\"; },
    { from = \"電話\"; to = \"tel\"; nulls = \"clear\"; }, { from = \"'1'\"; to = \"client_id\"; },
    { from = \"'技術'\"; to = \"item.区分\"; }"
	hot_sync kin 1 hot leads email
}
records_become_leads() {
	at_hotprofile
	to_leads
	tell "$KIN" seed '{"object":"1","count":12}'
	fault "$HOT" '{"match":"POST /rest_api/v1/leads/create","action":"drop_after","nth":3}'
	local i
	for i in $(seq 20); do
		renkei sync contacts
		[ "$CODE" = 0 ] && [ "$(figure waiting)" = 0 ] && break
		sleep 0.3
	done
	code 0
	equal "$(live "$HOT" leads)" 12 leads
	same_leads
	equal "$(values "$HOT" leads item.201 | grep -c 技術)" 12 "choices, written by id"
	tell "$KIN" edit '{"object":"1","random":3,"fields":["電話"]}'
	tell "$KIN" clock '{"advance_ms":120000}'
	renkei sync contacts
	code 0
	figures created=0 updated=3
	same_leads
}
scenario "records become leads, and a lost answer makes none twice" records_become_leads

one_address_in_two_cases() {
	at_hotprofile
	to_leads
	load_hot leads '"client_id":"1","family_name":"mori","email":"Aya@Example.com"'
	tell "$KIN" load '{"object":"1","records":[{"record":{"メールアドレス":"aya@example.com",
"氏名":"hayashi"}}]}'
	tell "$KIN" clock '{"advance_ms":120000}'
	renkei sync contacts
	code 0
	figures created=0 updated=1
	equal "$(values "$HOT" leads family_name)" hayashi "the one lead"
}
scenario "an e-mail address in other case is the same lead" one_address_in_two_cases
