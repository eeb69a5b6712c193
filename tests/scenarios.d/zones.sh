# SPDX-License-Identifier: Apache-2.0
#
# zones.sh - a date is the same date at every CRM, whatever zones the machines are in,
# and becomes a moment, or comes from one, only in a zone that is named.

export SALESFORCE_TOKEN=sim-salesforce-token

# Days that a zone skipped, days on which clocks change, leap days, ends of years.
DATES='2011-12-29 2011-12-30 2011-12-31 1993-08-20 1993-08-21 1994-12-31 1995-01-01
2026-01-01 2026-03-08 2026-03-29 2026-10-25 2026-11-01 2018-11-04 2000-02-29 1970-01-01
1969-12-31 2024-12-31 2037-12-31'

# one NAME FROM OBJECT TO OBJECT KEY MAP
one() {
	cat <<END
  { name = "$1"; from = { connection = "$2"; object = "$3"; };
    to = { connection = "$4"; object = "$5"; key = "$6"; }; map = ( $7 ); }
END
}

chain() {
	cat >"$DIR/renkei.conf" <<END
connections: {
  hub: { connector = "hubspot"; host = "$HUBSPOT"; token = "env:HUBSPOT_TOKEN"; $HUB_MORE };
  kin: { connector = "kintone"; host = "$KINTONE"; api_token = "env:KINTONE_TOKEN"; $KIN_MORE };
  sf: { connector = "salesforce"; host = "$SALESFORCE"; token = "env:SALESFORCE_TOKEN";
        late_commit = "1s"; };
  files: { connector = "file"; directory = "$DIR/files"; key = "email";
           columns = "email,day"; };
};
syncs = (
$(one 1 hub contacts kin 1 メールアドレス '{ from = "email"; to = "メールアドレス"; },
    { from = "lastname"; to = "氏名"; }, { from = "contract_date"; to = "契約日"; }'),
$(one 2 kin 1 sf Contact Renkei_Id__c '{ from = "メールアドレス"; to = "Renkei_Id__c"; },
    { from = "メールアドレス"; to = "Email"; }, { from = "氏名"; to = "LastName"; },
    { from = "契約日"; to = "Birthdate"; }'),
$(one 3 sf Contact files out email '{ from = "Email"; to = "email"; },
    { from = "Birthdate"; to = "day"; }'),
$(one 4 files out hub contacts email '{ from = "email"; to = "email"; },
    { from = "day"; to = "back_date"; }'),
$(one 5 hub contacts kin 1 メールアドレス '{ from = "email"; to = "メールアドレス"; },
    { from = "lastname"; to = "氏名"; },
    { from = "back_date | midnight(Asia/Tokyo)"; to = "最終接触"; }'),
$(one 6 kin 1 hub contacts email '{ from = "メールアドレス"; to = "email"; },
    { from = "最終接触 | date(Asia/Tokyo)"; to = "again_date"; }')
);
END
}

days() { values "$@" | sort | sed 's/T.*//'; }

# carried_in ZONE OF THE SIMULATORS, ZONE OF RENKEI
carried_in() {
	local day n=0 sync
	export TZ=$1
	simulators salesforce
	SALESFORCE=$(awk '$1 == "salesforce" { print $2 }' "$DIR/addresses")
	export TZ=$2
	defaults
	mkdir -m 0750 "$DIR/files"
	chain
	for day in back_date again_date; do
		tell "$HUB" property "{\"object\":\"contacts\",\"name\":\"$day\",
			\"label\":\"$day\",\"type\":\"date\",\"fieldType\":\"date\"}"
	done
	for day in $DATES; do
		contact "c$((n++))" "\"contract_date\":\"$day\""
	done
	tr ' ' '\n' <<<"$DATES" | sort >"$DIR/want"
	for sync in 1 2 3 4 5 6; do
		advance 300000
		[ "$sync" = 4 ] && touch -d '1 minute ago' "$DIR/files/out.csv"
		renkei sync "$sync"
		code 0
		says failed=0
	done
	days "$HUB" contacts contract_date | cmp - "$DIR/want" || fail "the source"
	days "$KIN" 1 契約日 | cmp - "$DIR/want" || fail "HubSpot to kintone"
	days "${SALESFORCE##*:}" Contact Birthdate | cmp - "$DIR/want" || fail "to Salesforce"
	python3 "$PARTS/look.py" column "$DIR/files/out.csv" day utf-8 | sort |
		cmp - "$DIR/want" || fail "Salesforce to a file"
	days "$HUB" contacts back_date | cmp - "$DIR/want" || fail "a file to HubSpot"
	days "$HUB" contacts again_date | cmp - "$DIR/want" || fail "to a moment and back"
}
scenario "dates stay, simulators in Samoa, renkei in Arizona" \
	carried_in Pacific/Apia America/Phoenix
scenario "dates stay, simulators in Calcutta, renkei on the date line" \
	carried_in Asia/Kolkata Pacific/Kiritimati
scenario "dates stay, simulators in Brazil, renkei in Kwajalein" \
	carried_in America/Sao_Paulo Pacific/Kwajalein
scenario "dates stay, simulators in New York, renkei in Tokyo" \
	carried_in America/New_York Asia/Tokyo

# A day that its zone does not have is an error of the record, and no other day.
no_such_day() {
	place
	MAP='{ from = "email"; to = "メールアドレス"; }, { from = "lastname"; to = "氏名"; },
{ from = "contract_date | midnight(Pacific/Apia)"; to = "最終接触"; }'
	configure
	contact before '"contract_date":"2011-12-29"'
	contact skipped '"contract_date":"2011-12-30"'
	renkei sync contacts
	code 3
	figures created=1 failed=1
	renkei errors list
	says "no such day"
	equal "$(values "$KIN" 1 最終接触)" 2011-12-29T10:00:00Z "the day before"
}
scenario "a day that a zone skipped is an error and no other day" no_such_day
