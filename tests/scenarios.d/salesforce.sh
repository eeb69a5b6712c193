# SPDX-License-Identifier: Apache-2.0
#
# salesforce.sh - Salesforce as the target of HubSpot and as the source of kintone: first
# load, nothing changed, edits, records that are refused and heal, parents by external id,
# what is deleted or committed late.
. "$PARTS/three.inc"

# connected SYNC: the configuration, with the three connections.
connected() {
	cat >"$DIR/renkei.conf" <<END
connections: {
  hub: { connector = "hubspot"; host = "$HUBSPOT"; token = "env:HUBSPOT_TOKEN";
         late_commit = "1s"; index_lag = "100ms"; };
  kin: { connector = "kintone"; host = "$KINTONE"; api_token = "env:KINTONE_TOKEN";
         t_land = "300ms"; t_visible = "100ms"; };
  sf: { connector = "salesforce"; host = "$SALESFORCE"; token = "env:SALESFORCE_TOKEN";
        late_commit = "${LATE:-2s}"; t_land = "300ms"; t_visible = "100ms"; };
};
syncs = ( { name = "s"; $1 } );
END
	NAME=s
}
INTO='from = { connection = "hub"; object = "contacts"; };
    to = { connection = "sf"; object = "Contact"; key = "Renkei_Id__c"; };
    map = ( { from = "email"; to = "Renkei_Id__c"; }, { from = "email"; to = "Email"; },
      { from = "lastname"; to = "LastName"; }, { from = "firstname"; to = "FirstName"; },
      { from = "company"; to = "Company__c"; }, { from = "phone"; to = "Phone"; },
      { from = "lifecyclestage"; to = "Stage__c"; }'
run() {
	renkei sync s
	code "${1:-0}"
}

into_salesforce() {
	place_three
	connected "$INTO );"
	seed 250
	run
	figures created=250 failed=0
	equal "$(live "$SF" Contact)" 250 contacts
	equal "$(calls_to "$SF" "PATCH /composite/sobjects/key")" 2 "collections of 200"
	values "$HUB" contacts email | sort >"$DIR/mails"
	values "$SF" Contact Email | sort | cmp - "$DIR/mails" || fail "other addresses"
	advance 5000
	tell "$SF" counts '{"reset":true}'
	run
	figures created=0 updated=0
	equal "$(calls "$SF")" 0 "calls when nothing changed"
	tell "$HUB" edit '{"object":"contacts","random":10,"fields":["company","phone"]}'
	advance 5000
	run
	figures updated=10
	equal "$(live "$SF" Contact)" 250 contacts
	equal "$(calls_to "$SF" "PATCH /composite/sobjects")" 1 "one collection by id"
}
scenario "into Salesforce: first load, nothing changed, ten edits" into_salesforce

# A large batch goes as a job, whose rows are told one by one.
by_job() {
	place_three
	connected "$INTO );"
	sed -i 's|connector = "salesforce";|& bulk_from = "100";|' "$DIR/renkei.conf"
	seed 150
	tell "$SF" options '{"polls":0}'
	tell "$HUB" edit '{"object":"contacts","id":3,"values":{"phone":""}}'
	tell "$SF" rule '{"object":"Contact","field":"Phone","must":"call me"}'
	run 3
	figures created=149 failed=1
	equal "$(calls_to "$SF" "POST /jobs/ingest")" 1 jobs
	equal "$(calls_to "$SF" "PATCH /composite/sobjects/key")" 0 collections
	renkei errors list s
	says custom-code "call me"
	values "$HUB" contacts email | sort >"$DIR/mails"
	equal "$(values "$SF" Contact Email | sort | comm -13 "$DIR/mails" - | wc -l)" 0 "other addresses"
}
scenario "a large batch as a job of Bulk API" by_job

# With the settings as they come: as many rows as a job is for, and few.
volume() {
	place_three
	connected "$INTO );"
	seed 2100
	tell "$SF" options '{"polls":0}'
	run
	figures created=2100 failed=0
	equal "$(calls_to "$SF" "POST /jobs/ingest")" 1 jobs
	equal "$(calls_to "$SF" "PATCH /composite/sobjects/key")" 1 "collections of the rest"
	tell "$SF" counts '{"reset":true}'
	tell "$HUB" edit '{"object":"contacts","random":300,"fields":["company"]}'
	advance 5000
	run
	figures updated=300
	equal "$(calls_to "$SF" "POST /jobs/ingest")" 0 "jobs of an everyday change"
	equal "$(calls_to "$SF" "PATCH /composite/sobjects")" 2 "collections of it"
	equal "$(live "$SF" Contact)" 2100 contacts
}
scenario "a first load of thousands goes by a job, an everyday change does not" volume

# A job that cannot be carried out at all: its rows go as collections, which say why.
failed_job() {
	place_three
	connected "$INTO );"
	sed -i 's|connector = "salesforce";|& bulk_from = "10";|' "$DIR/renkei.conf"
	seed 30
	tell "$SF" options '{"polls":0,"job_fails":"InvalidBatch : the job could not be read"}'
	tell "$HUB" edit '{"object":"contacts","id":3,"values":{"phone":""}}'
	tell "$SF" rule '{"object":"Contact","field":"Phone","must":"call me"}'
	run 3
	figures created=29 failed=1
	equal "$(calls_to "$SF" "POST /jobs/ingest") $(calls_to "$SF" "PATCH /composite/sobjects/key")" \
		"1 1" "jobs, collections"
	renkei errors list s
	says custom-code "call me"
}
scenario "a job that fails for good tells the cause of each row" failed_job

# A rule of the org, and a value that a picklist lacks.
refused_and_healed() {
	local i
	place_three
	connected "$INTO );"
	seed 20
	tell "$SF" option '{"object":"Contact","field":"Stage__c","remove":"customer"}'
	tell "$HUB" edit '{"object":"contacts","id":3,"values":{"lifecyclestage":"customer"}}'
	for i in 1 2 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		tell "$HUB" edit "{\"object\":\"contacts\",\"id\":$i,\"values\":{\"lifecyclestage\":\"lead\"}}"
	done
	tell "$SF" rule '{"object":"Contact","field":"Phone","must":"電話番号を入れてください"}'
	tell "$HUB" edit '{"object":"contacts","id":7,"values":{"phone":""}}'

	advance 5000
	run 3
	figures created=18 failed=2
	renkei errors list s
	says picklist FIELD_CUSTOM_VALIDATION 電話番号を入れてください
	tell "$SF" option '{"object":"Contact","field":"Stage__c","add":"customer"}'
	tell "$HUB" edit '{"object":"contacts","id":7,"values":{"phone":"03-1111-2222"}}'
	advance 5000
	renkei errors resync --all s
	run
	equal "$(live "$SF" Contact)" 20 contacts
}
scenario "a bad value and a validation rule stand alone, and heal" refused_and_healed

# Who is held by others goes again; who is held for long stops nobody, and heals.
locked_rows() {
	place_three
	connected "$INTO );"
	contact one
	contact two
	tell "$SF" options '{"locked":"two@example.com"}'
	run 3
	figures created=1 failed=1
	renkei errors list s
	says never-taken "exclusive access"
	tell "$SF" options '{"locked":""}'
	renkei errors resync --all s
	run
	equal "$(live "$SF" Contact)" 2 contacts
	tell "$SF" options '{"locks":2}'
	tell "$SF" counts '{"reset":true}'
	tell "$HUB" edit '{"object":"contacts","random":2,"fields":["company"]}'
	advance 5000
	run
	figures updated=2 failed=0
	equal "$(calls_to "$SF" "PATCH /composite/sobjects")" 2 "collections: one lost, one good"
}
scenario "records that others hold go again, and stop nobody" locked_rows

# A contact finds its account by the account's external id.
parents() {
	place_three
	connected "$INTO, { from = \"website\"; to = \"Account.Renkei_Id__c\"; } );"
	tell "$SF" load '{"object":"Account","records":[{"fields":{"Name":"A","Renkei_Id__c":"acme"}}]}'
	contact one '"website":"acme"'
	contact two '"website":"nobody"'
	run 3
	figures created=1 failed=1
	renkei errors list s
	says association "Foreign key external ID"
	equal "$(values "$SF" Contact AccountId)" 001xx0000000001AAA "the parent's id"
	tell "$SF" load '{"object":"Account","records":[{"fields":{"Name":"B","Renkei_Id__c":"nobody"}}]}'
	renkei errors resync --all s
	run
	equal "$(live "$SF" Contact)" 2 contacts
}
scenario "a parent by its external id" parents

OUT='from = { connection = "sf"; object = "Contact"; };
    to = { connection = "kin"; object = "1"; key = "メールアドレス"; };
    map = ( { from = "Email"; to = "メールアドレス"; }, { from = "LastName"; to = "氏名"; },
      { from = "Company__c"; to = "会社名"; }, { from = "Contract__c"; to = "契約日"; },
      { from = "Description"; to = "備考"; } );'

out_of_salesforce() {
	place_three
	connected "$OUT"
	tell "$SF" seed '{"object":"Contact","count":60}'
	tell "$SF" options '{"page":25}'
	run
	figures created=60 failed=0
	equal "$(live "$KIN" 1)" 60 records
	tell "$SF" counts '{"reset":true}'
	advance 60000
	run
	figures read=0
	equal "$(calls "$SF")" 3 "calls when nothing changed"
	tell "$SF" delete '{"object":"Contact","ids":["003xx0000000001AAA"]}'
	tell "$SF" edit '{"object":"Contact","random":10,"fields":["LastName","Company__c"]}'
	advance 60000
	run
	equal "$(live "$KIN" 1)" 60 "records: a delete is none of kintone's"
	values "$SF" Contact LastName | sort >"$DIR/names"
	values "$KIN" 1 氏名 | sort | cmp - "$DIR/names" || fail "other names"
}
scenario "out of Salesforce: first load, nothing changed, ten edits" out_of_salesforce

# Who left the recycle bin too is told by no query, but by the list of deletions.
purged() {
	place_three
	connected "$OUT"
	tell "$SF" seed '{"object":"Contact","count":5}'
	run
	advance 60000
	tell "$SF" purge '{"object":"Contact","id":"003xx0000000002AAA"}'
	run
	figures read=1 excluded=1
	tell "$SF" clock '{"advance_ms":1900000000}'
	run
	equal "$(live "$KIN" 1)" 5 "records: a delete is none of kintone's"
	equal "$(calls_to "$SF" "GET /sobjects/deleted")" 2 "lists of deletions"
}
scenario "what was deleted for good is told, as far back as Salesforce knows" purged

# Rows that failed are read anew by id; answers that hold less than was asked for, as of
# wide records, lose none of them.
wide_rows_heal() {
	local stage
	place_three
	connected "${OUT% );}, { from = \"Stage__c\"; to = \"段階\"; } );"
	tell "$SF" seed '{"object":"Contact","count":60}'
	tell "$SF" options '{"page":25}'
	run 3
	figures created=0 failed=60
	for stage in $(values "$SF" Contact Stage__c | sort -u); do
		tell "$KIN" option "{\"app\":\"1\",\"field\":\"段階\",\"add\":\"$stage\"}"
	done
	advance 60000
	renkei errors resync --all s
	says "created=60 updated=0 unchanged=0 excluded=0"
	run
	equal "$(live "$KIN" 1)" 60 records
}
scenario "rows that failed heal though pages are short" wide_rows_heal

# Everything of a large object is read by a job, from locator to locator; what changes
# meanwhile comes with the run's second listing.
read_by_job() {
	place_three
	connected "$OUT"
	sed -i 's|connector = "salesforce";|& bulk_read_from = "50";|' "$DIR/renkei.conf"
	tell "$SF" seed '{"object":"Contact","count":120}'
	tell "$SF" options '{"polls":0}'
	tell "$SF" edit '{"object":"Contact","id":"003xx0000000001AAA","values":{"Company__c":"a, \"b\"\nc"}}'
	run
	figures created=120 failed=0
	equal "$(calls_to "$SF" "POST /jobs/query") $(calls_to "$SF" "GET /jobs/query/results")" \
		"1 1" "jobs, files"
	values "$SF" Contact Company__c | sort >"$DIR/names"
	values "$KIN" 1 会社名 | sort | cmp - "$DIR/names" || fail "other names"
	tell "$SF" options '{"bulk_off":true}'
	renkei cursor reset s --yes
	run
	figures created=0 updated=0
}
scenario "everything by a job of Bulk API, and by queries where there is none" read_by_job

# A record that was stamped while its transaction was open is seen after it, though other
# records of a later stamp were read long before.
late_commit() {
	local now
	place_three
	LATE=0s connected "$OUT"
	tell "$SF" seed '{"object":"Contact","count":3}'
	run
	now=$(ask "$SF" GET /_control/clock | sed 's/[^0-9]//g')
	tell "$SF" load "{\"object\":\"Contact\",\"records\":[{\"updatedAt\":\"$now\",
\"visible_at_ms\":$((now + 400000)),\"fields\":{\"Email\":\"late@example.com\",
\"LastName\":\"Late\"}}]}"
	advance 200000
	tell "$SF" edit '{"object":"Contact","random":1,"fields":["LastName"]}'
	advance 100000
	run
	equal "$(live "$KIN" 1)" 3 "records before the commit"
	advance 200000
	run
	equal "$(live "$KIN" 1)" 4 "records after it"
}
scenario "a transaction that was open for long loses no record" late_commit

# Objects of the org, custom ones too, and what it says of their fields.
described() {
	place_three
	connected "$OUT"
	renkei describe sf
	says Contact Account Lead Opportunity
	renkei describe sf Contact
	says Renkei_Id__c Stage__c Contract__c Full_Label__c Account.Renkei_Id__c
	renkei describe sf Contact --json
	valid_json
	says customer
}
scenario "describe tells the objects, and fields with their rights, custom ones too" described

# ---- OAuth ----------------------------------------------------------------------------

. "$PARTS/oauth.inc"

# by_app SETTINGS: the connection sf by an app.
by_app() {
	connected "$OUT"
	sed -i -E "s|token = \"env:SALESFORCE_TOKEN\";|client_id = \"sim-client-id\"; $1|" \
		"$DIR/renkei.conf"
}
sf_renewals() { ask "$SF" GET /_control/oauth | grep -o '"access-' | wc -l; }

# stops_with WORDS [CODE]: a run does, once what was answered before is a second old.
stops_with() {
	local i
	for i in $(seq 50); do
		renkei sync s
		grep -q -F -e "$1" "$DIR/err" && code "${2:-5}" && return
		sleep 0.1
	done
	fail "it never says: $1"
}

web_server() {
	place_three
	export APP_SECRET=sim-client-secret
	by_app "client_secret = \"env:APP_SECRET\"; redirect_uri = \"http://localhost:$REDIRECT_PORT/cb\";"
	tell "$SF" oauth "{\"redirect_uri\":\"http://localhost:$REDIRECT_PORT/cb\",\"rotate\":true}"
	tell "$SF" seed '{"object":"Contact","count":5}'
	renkei login sf --dry-run
	says api refresh_token
	login sf
	run
	figures created=5
	# Salesforce does not tell how long a token holds: the refusal says that it ended.
	advance 7300000
	run
	equal "$(counted "$SF" refreshes)" 1 renewals
	tell "$SF" oauth '{"expire":true}'
	run
	equal "$(counted "$SF" refreshes)" 2 "renewals, with the token that took the first one's place"
	tell "$SF" oauth '{"expire":true,"revoke":true}'
	run 5
	says "renkei login"
}
scenario "a login by browser, tokens that rotate" web_server

# Nobody logs in: the app asks for itself, whenever it needs a token.
own_token() {
	place_three
	export APP_SECRET=sim-client-secret
	by_app "client_secret = \"env:APP_SECRET\"; grant = \"client_credentials\";"
	tell "$SF" seed '{"object":"Contact","count":5}'
	run
	figures created=5
	tell "$SF" oauth '{"expire":true}'
	run
	equal "$(sf_renewals)" 2 "tokens that were had"
	renkei connectors show sf
	says "access token" "acce****"
	renkei login sf
	code 2
	says "without a login"
	tell "$SF" oauth '{"client_secret":"another","expire":true}'
	stops_with client_secret
}
scenario "an app that asks for itself" own_token

signed_token() {
	place_three
	openssl genrsa -out "$DIR/key.pem" 2048 2>/dev/null
	chmod 600 "$DIR/key.pem"
	tell "$SF" oauth "{\"key\":\"$(openssl rsa -in "$DIR/key.pem" -pubout 2>/dev/null |
		sed ':a;N;$!ba;s/\n/\\n/g')\"}"
	by_app "grant = \"jwt_bearer\"; jwt_key = \"file:$DIR/key.pem\"; \
jwt_user = \"integration@sim.example.com\";"
	tell "$SF" seed '{"object":"Contact","count":5}'
	run
	figures created=5
	tell "$SF" oauth '{"expire":true}'
	run
	equal "$(sf_renewals)" 2 "tokens that were had"
	tell "$SF" oauth '{"user":"nobody@sim.example.com","expire":true}'
	stops_with "user hasn't approved this consumer"
	tell "$SF" oauth '{"user":"integration@sim.example.com"}'
	openssl genrsa -out "$DIR/key.pem" 2048 2>/dev/null
	stops_with "invalid assertion"
	echo "no key" >"$DIR/key.pem"
	stops_with "jwt_key is no private RSA key" 2
	! grep -r -a -q -F "PRIVATE KEY" "$DIR/state" || fail "the key lies in the state"
}
scenario "an app that signs for a user" signed_token

# What the connection lacks is said before any call.
grants_are_checked() {
	place_three
	by_app "grant = \"jwt_bearer\";"
	run 2
	says jwt_key jwt_user
	connected "$OUT"
	sed -i "s|kin: { |kin: { client_id = \"x\"; grant = \"client_credentials\"; |" "$DIR/renkei.conf"
	run 2
	says 'grant: kintone has no "client_credentials"'
}
scenario "grants that are incomplete, or that a connector lacks" grants_are_checked

# Salesforce keeps seconds: what comes back of our own write is no edit, whoever edits what
# else there; and a time of day goes and comes in its own form.
moments_stay() {
	place_three
	connected "direction = \"both\"; from = { connection = \"hub\"; object = \"contacts\"; };
    to = { connection = \"sf\"; object = \"Contact\"; key = \"Renkei_Id__c\"; };
    map = ( { from = \"email\"; to = \"Renkei_Id__c\"; }, { from = \"lastname\"; to = \"LastName\"; },
      { from = \"phone\"; to = \"Phone\"; }, { from = \"closedate\"; to = \"Last_Seen__c\"; },
      { from = \"fax\"; to = \"Call_At__c\"; } )"
	tell "$HUB" load '{"object":"contacts","records":[{"properties":{"email":"aya@example.com",
"lastname":"Aya","closedate":"2026-01-31T09:08:07.123Z","fax":"09:15"}}]}'
	run
	figures created=1 updated=0
	tell "$SF" edit '{"object":"Contact","random":1,"fields":["Phone"]}'
	advance 5000
	run
	figures updated=1
	equal "$(values "$HUB" contacts closedate)" 2026-01-31T09:08:07.123Z "the moment"
	equal "$(values "$SF" Contact Last_Seen__c)" 2026-01-31T09:08:07.000+0000 "as it is kept"
	equal "$(values "$SF" Contact Call_At__c)" 09:15:00.000Z "the time of day"
	advance 5000
	run
	figures updated=0 writes=0 failed=0
	renkei reconcile s
	code 0
}
scenario "a moment that Salesforce rounds does not come back" moments_stay
