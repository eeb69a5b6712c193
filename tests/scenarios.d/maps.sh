# SPDX-License-Identifier: Apache-2.0
#
# maps.sh - the mapping that renkei map proposes for each usual pair, as it stands: it
# loads, passes every check and carries what the simulators have without an error.

export SANSAN_KEY=sim-sansan-token HOT_KEY=sim-hotprofile-token
export FRESH_KEY=sim-freshsales-token SALESFORCE_TOKEN=sim-salesforce-token

# at CRM...: simulators and connections of HubSpot, kintone and these; no syncs yet.
at() {
	local crm address more
	simulators "$@"
	defaults
	{
		echo 'connections: {'
		while read -r crm address; do
			case $crm in
			hubspot) more="token = \"env:HUBSPOT_TOKEN\"; $HUB_MORE" ;;
			kintone) more="api_token = \"env:KINTONE_TOKEN\"; $KIN_MORE" ;;
			salesforce) more='token = "env:SALESFORCE_TOKEN"; late_commit = "1s";' ;;
			sansan) more='api_key = "env:SANSAN_KEY"; start_date = "2026-01-01";
				window_days = "360"; late_commit = "1s";' ;;
			hotprofile) more='api_key = "env:HOT_KEY"; late_commit = "1s";' ;;
			freshsales) more='api_key = "env:FRESH_KEY"; late_commit = "1s";' ;;
			*) continue ;;
			esac
			printf '%s: { connector = "%s"; host = "%s"; %s };\n' \
				"$crm" "$crm" "$address" "$more"
			declare -g "AT_$crm=${address##*:}"
		done <"$DIR/addresses"
		echo '};'
	} >"$DIR/connections"
	cp "$DIR/connections" "$DIR/renkei.conf"
}

# carried FROM TO KEY COUNT: the proposal for the pair, switched on and nothing else.
carried() {
	cp "$DIR/connections" "$DIR/renkei.conf"
	renkei map "$1" "$2"
	code 0
	cp "$DIR/out" "$DIR/proposed"
	says "key = \"$3\""
	{ cat "$DIR/connections"; sed 's/enabled = false;$/enabled = true;/' "$DIR/out"; } \
		>"$DIR/renkei.conf"
	renkei check --online
	code 0
	NAME=${1#*/}-${2#*/}
	renkei sync "$NAME"
	code 0
	figures created="$4" failed=0
}
# proposed LINE...: lines that the last proposal has.
proposed() {
	local line
	for line; do
		grep -q -F -e "$line" "$DIR/proposed" || fail "it does not propose: $line"
	done
}
# same PORT OBJECT FIELD PORT OBJECT FIELD: the values on both sides.
same() {
	values "$1" "$2" "$3" | sort >"$DIR/there"
	values "$4" "$5" "$6" | sort | cmp - "$DIR/there" || fail "$6 differs from $3"
}
# app NUMBER FIELD...: an app with these text fields, the first of which is unique.
app() {
	local number=$1 name fields= unique=',"unique":true'
	shift
	for name in "$@"; do
		fields+="${fields:+,}\"$name\":{\"type\":\"SINGLE_LINE_TEXT\"$unique}"
		unique=
	done
	tell "$KIN" app "{\"app\":\"$number\",\"fields\":{$fields}}"
}

people_of_sansan() {
	at sansan
	tell "$AT_sansan" seed '{"object":"cards","count":40}'
	carried sansan/persons hubspot/contacts email 40
	proposed '{ from = "street"; to = "address"; }'
	for pair in lastName:lastname companyName:company title:jobtitle street:address; do
		same "$AT_sansan" cards "${pair%:*}" "$HUB" contacts "${pair#*:}"
	done
}
scenario "people of Sansan go to HubSpot's contacts as proposed" people_of_sansan

# The mapping that a sync has, beside the fields as they are; a mistake stands at its field.
map_of_a_sync() {
	at sansan
	carried sansan/persons hubspot/contacts email 0
	renkei map "$NAME"
	code 0
	renkei --json map "$NAME"
	code 0
	says '"to":"address","label":"Street Address","type":"text","from":"street"' \
		'"to":"country","label":"Country/Region","type":"text","from":null' '"alone"'
	sed -i 's/to = "address"/to = "adress"/' "$DIR/renkei.conf"
	renkei --json map "$NAME"
	code 2
	says '"to":"adress","label":null,"type":null,"from":"street","values":null,"state":"unfit"'
	renkei map nowhere
	code 2
	says nowhere
}
scenario "the mapping of a sync is told field by field" map_of_a_sync

load_hot() {
	tell "$AT_hotprofile" load "{\"object\":\"$1\",\"records\":[{\"updatedAt\":\
\"$(date -u -d '1 hour ago' +%FT%TZ)\",\"values\":{$2}}]}"
}
hotprofile_to_kintone() {
	at hotprofile
	tell "$AT_hotprofile" seed '{"object":"clients","count":20}'
	tell "$AT_hotprofile" seed '{"object":"leads","count":30}'
	load_hot organizations '"name":"営業部","client_id":"1"'
	app 2 会社ID 会社名 代表電話 郵便番号 住所 ウェブサイト 備考
	app 3 部署ID 部署名 会社名 住所
	app 4 リードID 氏名 会社名 部署名 役職 メールアドレス 電話番号
	carried hotprofile/clients kintone/2 会社ID 21
	same "$AT_hotprofile" clients name "$KIN" 2 会社名
	carried hotprofile/organizations kintone/3 部署ID 22
	values "$KIN" 3 会社名 | grep -q 見本商事株式会社 || fail "no company of a department"
	carried hotprofile/leads kintone/4 リードID 30
	proposed '{ from = "${family_name} ${first_name}"; to = "氏名"; }'
	same "$AT_hotprofile" leads email "$KIN" 4 メールアドレス
}
scenario "companies, departments and leads of HotProfile go to kintone as proposed" \
	hotprofile_to_kintone

# A custom field that only renkei fills is the key, and holds the id of the source.
hubspot_to_salesforce() {
	at salesforce
	seed 30
	tell "$HUB" load '{"object":"companies","records":[{"updatedAt":1000,
		"properties":{"name":"Example K.K.","city":"Osaka","industry":"RETAIL"}}]}'
	tell "$HUB" load '{"object":"deals","records":[{"updatedAt":1000,"properties":
		{"dealname":"One","dealstage":"contractsent","amount":"1200.50",
		"closedate":"2026-03-31T15:30:00Z"}}]}'
	carried hubspot/contacts salesforce/Contact Renkei_Id__c 30
	same "$HUB" contacts zip "$AT_salesforce" Contact MailingPostalCode
	carried hubspot/companies salesforce/Account Renkei_Id__c 1
	equal "$(values "$AT_salesforce" Account Industry)" Retail "the label of an option"
	carried hubspot/deals salesforce/Opportunity Renkei_Id__c 1
	equal "$(values "$AT_salesforce" Opportunity StageName)" Negotiation stage
	equal "$(values "$AT_salesforce" Opportunity CloseDate)" 2026-04-01 "the day in Tokyo"
	carried hubspot/contacts salesforce/Lead Renkei_Id__c 30
}
scenario "contacts, companies and deals of HubSpot go to Salesforce as proposed" \
	hubspot_to_salesforce

# Where nothing can be the key, a field is named that must be made first.
salesforce_to_hubspot() {
	at salesforce
	tell "$AT_salesforce" seed '{"object":"Contact","count":30}'
	tell "$AT_salesforce" seed '{"object":"Lead","count":10,"seed":2}'
	tell "$AT_salesforce" seed '{"object":"Account","count":5}'
	tell "$AT_salesforce" load '{"object":"Opportunity","records":[{"fields":{"Name":"One",
		"StageName":"Closed Won","CloseDate":"2026-04-01","Amount":1200.5}}]}'
	carried salesforce/Contact hubspot/contacts email 30
	carried salesforce/Lead hubspot/contacts email 10
	local object
	for object in companies deals; do
		tell "$HUB" property "{\"object\":\"$object\",\"name\":\"renkei_id\",
			\"label\":\"R\",\"type\":\"string\",\"fieldType\":\"text\",
			\"hasUniqueValue\":true}"
	done
	carried salesforce/Account hubspot/companies renkei_id 5
	same "$AT_salesforce" Account Name "$HUB" companies name
	carried salesforce/Opportunity hubspot/deals renkei_id 1
	equal "$(values "$HUB" deals dealstage)" closedwon stage
	values "$HUB" deals closedate | grep -q '^2026-04-01T12:00' || fail "not noon"
}
scenario "contacts, leads, accounts and opportunities of Salesforce go to HubSpot as proposed" \
	salesforce_to_hubspot

# The first row of a file says which columns it has.
freshsales_to_files() {
	at freshsales
	mkdir -m 700 "$DIR/files"
	echo id,last_name,first_name,email,job_title,company,phone,address >"$DIR/files/contacts.csv"
	echo id,company,phone,industry,employees,address >"$DIR/files/accounts.csv"
	echo id,deal_name,amount,deal_stage,close_date >"$DIR/files/deals.csv"
	sed -i "s|^};$|file: { connector = \"file\"; directory = \"$DIR/files\"; };\n};|" \
		"$DIR/connections"
	tell "$AT_freshsales" seed '{"object":"contacts","count":40}'
	tell "$AT_freshsales" seed '{"object":"sales_accounts","count":20}'
	tell "$AT_freshsales" load '{"object":"deals","records":[{"updatedAt":"2026-03-01T02:00:00Z",
		"values":{"name":"One","amount":"1200.5","deal_stage_id":"71010900003"}}]}'
	carried freshsales/contacts file/contacts id 40
	proposed '{ from = "sales_account_name"; to = "company"; }'
	values "$AT_freshsales" contacts email | sort >"$DIR/there"
	sed 1d "$DIR/files/contacts.csv" | cut -d, -f4 | sort | cmp - "$DIR/there" || fail "other addresses"
	carried freshsales/sales_accounts file/accounts id 20
	carried freshsales/deals file/deals id 1
	grep -q -E '^[0-9]+,One,1200\.50*,Won,' "$DIR/files/deals.csv" ||
		fail "the label of a stage: $(cat "$DIR/files/deals.csv")"
}
scenario "contacts, accounts and deals of Freshsales go to files as proposed" freshsales_to_files

custom_key() {
	at salesforce freshsales
	renkei map salesforce/Account hubspot/companies
	code 0
	says 'key = "renkei_id"' "make renkei_id" '{ from = "Id"; to = "renkei_id"; }'
	renkei --lang ja map salesforce/Account hubspot/companies
	says "先に renkei_id を"
	renkei map freshsales/deals kintone/1
	says '{ from = "id"; to = "renkei_id"; }'
	renkei map freshsales/contacts hubspot/contacts
	says '"address"; to = "address"' '"sales_account_name"; to = "company"'
}
scenario "a key that must be made first is named" custom_key

# Without objects: all that are the same kind of thing, each with its comments.
whole_connections() {
	at salesforce hotprofile
	renkei map hubspot salesforce
	code 0
	says 'name    = "contacts-Contact"' 'name    = "companies-Account"' \
		'name    = "deals-Opportunity"' '# ---- hubspot/deals -> salesforce/Opportunity'
	{ cat "$DIR/connections"; sed 's/enabled = false;$/enabled = true;/' "$DIR/out"; } \
		>"$DIR/renkei.conf"
	seed 10
	renkei check --online
	code 0
	renkei sync --all
	code 0
	equal "$(live "$AT_salesforce" Contact)" 10 contacts
	renkei --json map hubspot salesforce
	code 0
	valid_json
	says '"from":"hubspot/companies"'
	renkei map hotprofile kintone
	code 2
	says "hotprofile and kintone have no objects"
	renkei map hotprofil kintone
	code 2
	says 'did you mean "hotprofile"?'
}
scenario "two connections are mapped as a whole" whole_connections

near_names() {
	at hotprofile
	renkei map hotprofil/leads kintone/1
	code 2
	says '"hotprofile"'
	renkei map hotprofile/lead kintone/1
	code 2
	says 'did you mean "leads"?'
	renkei --lang ja describe hotprofile client
	code 2
	says 'もしかして: "clients"'
	renkei usage hotprofil
	code 2
	says '"hotprofile"'
	renkei login hubspt
	code 2
	says '"hubspot"'
}
scenario "names of connections and objects that are nearly right are told" near_names
