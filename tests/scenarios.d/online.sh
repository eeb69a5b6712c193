# SPDX-License-Identifier: Apache-2.0
#
# online.sh - the check after connecting: beside accounts, rights and fields it reads a
# record back from the target and looks at runs and errors; and what `check` says of files
# before anything is asked.
. "$PARTS/twoway.inc"

# told EXPRESSION: of the JSON document 'd' that was printed.
told() { python3 -c "import json; d = json.load(open('$DIR/out')); print($1)"; }
result() { told "d['results'][0]$1"; }

# S3-20
a_sample() {
	place
	seed 5
	renkei check --online
	code 0
	says "nothing was synced yet" "renkei test contacts --match FIELD=VALUE"
	renkei sync contacts
	contact last '' 0
	advance 5000
	renkei sync contacts
	count_anew
	renkei check --online
	code 0
	says "it is there" "6 (kin 1)" "$KINTONE/k/1/show#record=6" last@example.com \
		"Nothing wrong was found."
	equal "$(calls_to "$KIN" "GET /k/v1/records.json")" 1 "calls for the sample"
	renkei check --online --json
	equal "$(result '["sample"]')" there sample
	equal "$(result '["target_id"]')" 6 "the sample's id"
	# Deleted by hand: it is not there, and the check says so.
	tell "$KIN" delete '{"object":"1","ids":[6]}'
	renkei check --online
	code 3
	says "not in the target any more" 'record 6 (kin 1)' "renkei cursor reset contacts --links"
	silent_about "Nothing wrong was found"
	renkei check --online --json
	equal "$(result '["sample"]')" gone sample
	renkei --lang ja check --online
	says 同期先に存在しません "renkei cursor reset contacts --links"
	renkei cursor reset contacts --links
	renkei sync contacts
	code 0
	renkei check --online
	code 0
	whole 6
}
scenario "a record is read back from the target" a_sample

a_sample_that_cannot_be_read() {
	place
	seed 2
	renkei sync contacts
	fault "$KIN" '{"match":"GET /k/v1/records.json*","times":99,"action":"status",
		"status":403,"headers":{"Content-Type":"application/json"},
		"body":"{\"code\":\"CB_NO02\",\"message\":\"no\"}"}'
	renkei check --online
	code 5
	says "could not be read back" CB_NO02
	whole 2
}
scenario "a sample that cannot be read back is told with its cause" a_sample_that_cannot_be_read

# S3-21
errors_on_record() {
	place
	contact a
	contact bad "\"company\":\"$(printf '長%.0s' $(seq 300))\""
	renkei sync contacts
	code 3
	renkei check --online
	code 3
	says "The first of them" "2 (hub contacts)" property-value "do: " \
		"renkei errors list contacts"
	renkei check --online --json
	equal "$(result '["errors"]')" 1 errors
	equal "$(result '["first"]["id"]')" 2 "the first error"
	equal "$(result '["categories"][0]["category"]')" property-value category
	# A run that was stopped says so here, with what helps.
	renkei errors ignore 2
	HUBSPOT_TOKEN=wrong renkei sync contacts
	code 5
	renkei check --online
	code 0
	says "1 of the last 2 runs were stopped" "update the secret of the connection" \
		"point to the network or to an API limit"
	renkei check --online --json
	equal "$(result '["runs_stopped"]')" 1 "runs that were stopped"
	renkei --lang ja check --online
	says "直近 2 回の実行のうち 1 回"
	renkei status --json
	told 'd["syncs"][0]["reason"]' >"$DIR/reason"
	grep -q 401 "$DIR/reason" || fail "status --json gives no reason"
	fault "$HUB" '{"match":"* /crm/objects/*","times":99,"action":"status","status":403,"body":"{}"}'
	renkei sync contacts
	code 5
	no_faults
	renkei check --online
	code 3
	silent_about "Nothing wrong was found"
	renkei sync contacts
	renkei check --online
	code 0
	renkei status --json
	equal "$(told 'd["syncs"][0]["reason"]')" None "reason of what is well"
}
scenario "the errors on record and the last runs are looked at" errors_on_record

# Another list of certificates is looked at before the first call.
certificates() {
	place
	seed 1
	KIN_MORE="$KIN_MORE ca_file = \"$DIR/ca.pem\";"
	configure
	renkei check
	code 2
	says 'connection "kin"' "$DIR/ca.pem" "No such file" "as PEM"
	echo "no certificate" >"$DIR/ca.pem"
	renkei check --online
	code 2
	says "it holds no certificate"
	equal "$(calls "$KIN")" 0 "calls that would not be trusted"
	renkei --lang ja check
	says 証明書が含まれていません
	mkdir "$DIR/folder"
	sed -i "s,ca.pem,folder," "$DIR/renkei.conf"
	renkei check
	code 2
	says "Is a directory"
	configure
	printf '%s\n' '-----BEGIN CERTIFICATE-----' MIIB '-----END CERTIFICATE-----' >"$DIR/ca.pem"
	renkei check
	code 0
}
scenario "a ca_file that cannot be used is told before a call" certificates

# What a pause refuses never leaves, and is no call.
refused_calls() {
	place
	seed 3
	fault "$KIN" '{"match":"*","times":1,"action":"status","status":429,
		"headers":{"Retry-After":"600"},"body":"{}"}'
	renkei sync contacts
	count_anew
	renkei sync contacts
	code 1
	equal "$(calls "$KIN")" 0 "calls while paused"
	renkei history --json
	equal "$(told 'd["runs"][0]["calls"]')" "$(calls "$HUB")" "calls in the history"
}
scenario "a call that a pause refused is not counted" refused_calls

# hub_may SCOPES...: what the key has.
hub_may() {
	tell "$HUB" options "{\"scopes\":[\"oauth\"$(printf ',"%s"' "$@")]}"
}

# A two-way sync reads and writes both sides, whichever of them is named first.
rights_of_both_ways() {
	two
	contact aya '"company":"A"'
	later
	hub_may crm.objects.contacts.read
	renkei check --online
	code 5
	says '"crm.objects.contacts.write" is not granted, and a sync needs it'
	silent_about '"crm.objects.companies'
	hub_may crm.objects.contacts.{read,write}
	renkei check --online
	code 0
	renkei sync contacts
	code 0
	settled 1
	# One way, it needs no more than before.
	SYNC_MORE=
	configure
	hub_may crm.objects.contacts.read
	renkei check --online
	code 0
	# The other way round, what is written is also read.
	MORE_SYNCS=", { name = \"into\"; direction = \"both\"; from = { connection = \"kin\"; object = \"1\"; };
to = { connection = \"hub\"; object = \"companies\"; key = \"domain\"; };
map = ( { from = \"会員番号\"; to = \"domain\"; } ); }"
	configure
	hub_may crm.objects.contacts.read crm.objects.companies.write
	renkei check --online
	says '"crm.objects.companies.read" is not granted, and a sync needs it'
	silent_about '"crm.objects.companies.write" is'
	# A side that names no connection needs nothing yet.
	sed -i 's/connection = "kin"; object = "1"; };$/object = "1"; };/' "$DIR/renkei.conf"
	renkei check --online
	code 2
	says 'sync "into"' 'without "connection"'
}
scenario "a two-way sync needs the rights of both its ways" rights_of_both_ways

# So it is with fields: one that the CRM fills cannot be written on the way back.
fields_of_both_ways() {
	TWO_MAP="$TWO_MAP, { from = \"createdate\"; to = \"備考\"; }"
	two
	renkei check --online
	code 2
	says '"createdate"'
	silent_about "Nothing wrong was found"
	TWO_MAP=${TWO_MAP/'"備考"; }'/'"備考"; direction = "to"; }'}
	two
	renkei check --online
	code 0
	says "Nothing wrong was found"
}
scenario "a field that cannot be written on the way back is told by the check" fields_of_both_ways
