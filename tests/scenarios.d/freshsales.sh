# SPDX-License-Identifier: Apache-2.0
#
# freshsales.sh - contacts and deals of Freshsales to HubSpot, and contacts of HubSpot to
# Freshsales, by jobs and one by one.

export FRESH_KEY=sim-freshsales-token

# between CONNECTION OBJECT CONNECTION OBJECT KEY: the sync; FRESH_MORE and MAP are a case's.
between() {
	cat >"$DIR/renkei.conf" <<END
connections: {
  hub: { connector = "hubspot"; host = "$HUBSPOT"; token = "env:HUBSPOT_TOKEN"; $HUB_MORE };
  fresh: { connector = "freshsales"; host = "${FRESH_HOST:-$FRESHSALES}";
           api_key = "env:FRESH_KEY"; request_deadline = "5s"; late_commit = "1s";
           index_lag = "1s"; t_land = "300ms"; t_visible = "100ms"; $FRESH_MORE };
};
syncs = ( {
  name = "contacts"; $SYNC_MORE
  from = { connection = "$1"; object = "$2"; };
  to = { connection = "$3"; object = "$4"; key = "$5"; };
  map = ( $MAP );
} );
END
}

at_freshsales() {
	simulators freshsales
	defaults
	FRESHSALES=$(awk '$1 == "freshsales" { print $2 }' "$DIR/addresses")
	FRESH=${FRESHSALES##*:}
	FRESH_MORE=
	FRESH_HOST=
	tell "$FRESH" options '{"job_polls":0}'
}
inwards() {
	MAP='{ from = "email"; to = "email"; }, { from = "last_name"; to = "lastname"; },
    { from = "first_name"; to = "firstname"; }, { from = "job_title"; to = "jobtitle"; },
    { from = "cf_member_no"; to = "company"; }'
	between fresh contacts hub contacts email
}
outwards() {
	MAP='{ from = "email"; to = "email"; }, { from = "lastname"; to = "last_name"; },
    { from = "firstname"; to = "first_name"; }, { from = "jobtitle"; to = "job_title"; }'
	between hub contacts fresh contacts email
}

same_both_sides() {
	local pair
	for pair in email:email last_name:lastname first_name:firstname job_title:jobtitle; do
		values "$FRESH" contacts "${pair%%:*}" | sort >"$DIR/there"
		values "$HUB" contacts "${pair##*:}" | sort | cmp - "$DIR/there" ||
			fail "${pair##*:} differs"
	done
}

contacts_are_kept_in_step() {
	at_freshsales
	inwards
	tell "$FRESH" seed '{"object":"contacts","count":250}'
	renkei check --online
	code 0
	renkei sync contacts
	code 0
	figures created=250 failed=0
	same_both_sides
	equal "$(calls_to "$FRESH" "GET /view")" 3 "pages of the first load"
	tell "$FRESH" counts '{"reset":true}'
	tell "$HUB" counts '{"reset":true}'
	renkei sync contacts
	code 0
	figures created=0 updated=0
	equal "$(calls "$FRESH")" 3 "calls of an idle run at the source"
	equal "$(calls "$HUB")" 0 "calls of an idle run at the target"
	tell "$FRESH" edit '{"object":"contacts","random":10,"fields":["job_title"]}'
	renkei sync contacts
	code 0
	figures created=0 updated=10
	same_both_sides
}
scenario "contacts of Freshsales are loaded, left alone and kept in step in HubSpot" \
	contacts_are_kept_in_step

jobs_write_contacts() {
	at_freshsales
	outwards
	seed 150
	renkei sync contacts
	code 0
	figures failed=0
	equal "$(live "$FRESH" contacts)" 150 contacts
	same_both_sides
	equal "$(calls_to "$FRESH" "POST /bulk_upsert")" 2 jobs
	equal "$(calls_to "$FRESH" "POST /upsert")" 0 "single upserts"
	tell "$FRESH" counts '{"reset":true}'
	renkei sync contacts
	code 0
	figures created=0 updated=0
	equal "$(calls "$FRESH")" 0 "calls of an idle run at the target"
	tell "$HUB" edit '{"object":"contacts","random":10,"fields":["jobtitle"]}'
	advance 2000
	renkei sync contacts
	code 0
	figures updated=10
	same_both_sides
}
scenario "contacts of HubSpot go to Freshsales by jobs, and are kept in step" \
	jobs_write_contacts

# The recycle bin: what lies there is told, and what was synced stays.
deleted_are_told() {
	at_freshsales
	inwards
	tell "$FRESH" seed '{"object":"contacts","count":5}'
	renkei sync contacts
	code 0
	tell "$FRESH" delete '{"object":"contacts","ids":["2","4"]}'
	advance 2000            # Windows end with a whole second.
	renkei plan contacts -v
	code 0
	says "deleted at the source"
	renkei sync contacts
	code 0
	figures read=2 excluded=2 updated=0
	equal "$(live "$HUB" contacts)" 5 "what stays"
	# The right to see the bin is none that a sync needs.
	fault "$FRESH" '{"match":"POST /filtered_search/*","action":"status","status":403,
"body":"{\"message\":\"You are not authorised to perform this operation.\"}"}'
	renkei sync contacts
	code 0
	figures read=0
}
scenario "deleted contacts of Freshsales are told as deleted" deleted_are_told

# The report names no row, and the answer to a job is lost.
what_jobs_do_not_tell() {
	at_freshsales
	outwards
	tell "$FRESH" options '{"report":"none"}'
	contact good
	contact other
	load '{"email":"bad@example.com","lastname":"bad","firstname":"'"$(printf 'x%.0s' $(seq 300))"'"}'
	fault "$FRESH" '{"match":"POST /contacts/bulk_upsert","action":"drop_after","nth":1}'
	local i
	for i in $(seq 20); do
		renkei sync contacts
		[ "$(live "$FRESH" contacts)" = 2 ] && [ "$(figure waiting)" = 0 ] && break
		sleep 0.3
	done
	code 3
	equal "$(values "$FRESH" contacts email | sort | tr '\n' ' ')" \
		"good@example.com other@example.com " contacts
	renkei errors list
	says property-value "First name is too long"
	tell "$HUB" edit "{\"object\":\"contacts\",\"id\":\"$(ask "$HUB" GET \
		'/_control/records?object=contacts' | grep -a bad@ | sed -E 's/.*"id":"([0-9]+)".*/\1/')\",
		\"values\":{\"firstname\":\"mended\"}}"
	advance 2000
	renkei sync contacts
	code 0
	equal "$(live "$FRESH" contacts)" 3 contacts
	renkei errors list
	silent_about property-value
}
scenario "a row that a job's report does not name is told, and heals when it is mended" \
	what_jobs_do_not_tell

# What was handed in is asked for by nobody any more; the next run goes on from its journal.
killed_while_a_job_runs() {
	at_freshsales
	outwards
	seed 40
	tell "$FRESH" options '{"job_polls":1000}'
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync contacts >"$DIR/killed" 2>&1 &
	local run=$! i
	PIDS+=($run)
	for i in $(seq 400); do
		[ "$(calls_to "$FRESH" "GET /job_statuses")" != 0 ] && break
		sleep 0.05
	done
	kill -9 $run
	wait $run
	tell "$FRESH" options '{"job_polls":0}'
	renkei sync contacts
	code 0
	figures waiting=0 failed=0
	equal "$(live "$FRESH" contacts)" 40 contacts
	same_both_sides
}
scenario "a run that is killed while a job runs is taken up, and doubles nothing" \
	killed_while_a_job_runs

# There is no view of all deals here: they are searched.
deals_are_searched() {
	at_freshsales
	MAP='{ from = "cf_order_no"; to = "email"; values = ( ("D-1", "d1@example.com"),
      ("D-2", "d2@example.com") ); }, { from = "name"; to = "lastname"; },
    { from = "amount"; to = "company"; }'
	between fresh deals hub contacts email
	tell "$FRESH" options '{"search_short":true}'
	tell "$FRESH" load '{"object":"deals","records":[{"updatedAt":"2026-03-01T02:00:00Z","values":
		{"name":"one","amount":1200,"cf_order_no":"D-1"}},{"updatedAt":"2026-03-01T02:00:00Z",
		"values":{"name":"two","amount":"3.5","cf_order_no":"D-2"}}]}'
	renkei sync contacts
	code 0
	figures created=2
	equal "$(values "$HUB" contacts company | sort | tr '\n' ' ')" "1200.0 3.5 " amounts
}
scenario "deals without a view of all of them are found by the search" deals_are_searched

# S0-13
accounts_are_read() {
	at_freshsales
	tell "$HUB" property '{"object":"companies","name":"renkei_id","label":"R",
"type":"string","fieldType":"text","hasUniqueValue":true}'
	MAP='{ from = "id"; to = "renkei_id"; }, { from = "name"; to = "name"; },
    { from = "city"; to = "city"; }'
	between fresh sales_accounts hub companies renkei_id
	tell "$FRESH" load '{"object":"sales_accounts","records":[{"updatedAt":"2026-03-01T02:00:00Z",
"values":{"name":"One","city":"大阪"}},{"updatedAt":"2026-03-01T02:00:00Z","values":{"name":"Two"}}]}'
	renkei sync contacts
	code 0
	figures created=2
	tell "$FRESH" edit '{"object":"sales_accounts","id":"1","values":{"city":"京都"}}'
	advance 2000
	renkei sync contacts
	code 0
	figures created=0 updated=1
	equal "$(values "$HUB" companies name | sort | tr '\n' ' ')" "One Two " names
	equal "$(values "$HUB" companies city | sort | tr '\n' ' ')" " 京都 " cities
}
scenario "accounts of Freshsales are read, and kept in step in HubSpot" accounts_are_read

# S0-2, S0-3, S0-4, S0-7, S0-8
the_key_is_explained() {
	local line page
	at_freshsales
	inwards
	renkei connectors show freshsales
	lines out '^api_key +secret +yes +.*API key' 1
	lines out '^host +url +yes ' 1
	for line in host api_key; do
		inwards
		sed -i -E "/freshsales/,/;/ s/ $line = \"[^\"]*\";//; s/^ *$line = \"env:FRESH[^\"]*\";//" \
			"$DIR/renkei.conf"
		renkei check
		code 2
		says "without \"$line\""
	done
	renkei help freshsales --lang en
	code 0
	page=$(grep -n -o -E "administrator rights|profile icon|Open Settings|Open API Settings|Copy Your API Key" \
		<(tr -d '*' <"$DIR/out") | sed 's/.*://' | tr '\n' ';')
	equal "$page" "administrator rights;profile icon;Open Settings;Open API Settings;Copy Your API Key;" \
		"who has the key, and four steps"
}
scenario "help tells who can have the key and in which four steps; it and the address are required" \
	the_key_is_explained

# S0-14
each_object_has_its_right() {
	at_freshsales
	inwards
	renkei check --online
	code 0
	tell "$FRESH" options '{"deny":"deals selector/owners"}'
	renkei check --online
	code 0
	lines out '^ *(contacts|sales_accounts) +yes' 2
	lines out '^ *deals +yes' 0
	renkei check --online --json
	says '"deals"' "may not read these"
	tell "$FRESH" options '{"deny":"contacts"}'
	renkei check --online
	says contacts "may not read these"
	[ "$CODE" != 0 ] || fail "it says that all is well"
	tell "$FRESH" options '{"deny":""}'
	tell "$FRESH" token '{"token":"another"}'
	renkei check --online
	code 5
	says "Incorrect or expired API key"
}
scenario "each object that the key's owner may not read is named" each_object_has_its_right

# S0-4, S0-5
addresses_have_two_forms() {
	at_freshsales
	FRESH_HOST=example.freshsales.io
	inwards
	renkei check
	code 2
	says https://
	FRESH_HOST=https://example.freshsales.io
	inwards
	renkei check
	code 0
	FRESH_HOST=
	FRESH_MORE='api_path = "/api";'
	inwards
	renkei check --online
	[ "$CODE" != 0 ] || fail "it says that all is well"
	says "HTTP 404"
	tell "$FRESH" options '{"classic":true}'
	renkei check --online
	code 0
}
scenario "an address without https:// is refused, and both generations' paths are known" \
	addresses_have_two_forms

# Objects, and what Freshsales says of their fields, custom ones too.
described() {
	at_freshsales
	inwards
	renkei describe fresh
	says contacts sales_accounts deals
	renkei describe fresh contacts
	says email cf_plan cf_interests "Member number" cf_contract_on cf_employees
	renkei describe fresh contacts --json
	valid_json
}
scenario "describe tells the objects, and fields with their options, custom ones too" described
