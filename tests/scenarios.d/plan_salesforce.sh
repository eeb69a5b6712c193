# SPDX-License-Identifier: Apache-2.0
#
# plan_salesforce.sh - plans of syncs into and out of Salesforce: the run after one writes
# what it said, field by field, and makes as many calls.  So few records go by no job: how
# often a job is asked for is a matter of time.
. "$PARTS/three.inc"

# connected SYNC [SETTINGS OF SALESFORCE]
connected() {
	NAME=s
	cat >"$DIR/renkei.conf" <<END
connections: {
  hub: { connector = "hubspot"; host = "$HUBSPOT"; token = "env:HUBSPOT_TOKEN";
         late_commit = "1s"; index_lag = "100ms"; };
  kin: { connector = "kintone"; host = "$KINTONE"; api_token = "env:KINTONE_TOKEN";
         t_land = "300ms"; t_visible = "100ms"; };
  sf: { connector = "salesforce"; host = "$SALESFORCE"; token = "env:SALESFORCE_TOKEN";
        late_commit = "2s"; t_land = "300ms"; t_visible = "100ms"; ${2-} };
};
syncs = ( { name = "s"; $1 } );
END
}

# exact SOURCE TARGET CRM KEY [CALLS]: the next run does what the plan before it says, and
# no more.  With CALLS "not" calls are not looked at: who takes a key that another record
# gives up in the same run is refused at first and goes again, which no plan knows.
exact() {
	local before
	ask "$2" GET /_control/log >"$DIR/log.before"
	before=$(tail -n 1 "$DIR/log.before" | sed -nE 's/^\{"seq":([0-9]+).*/\1/p')
	renkei plan s --json
	[ "$CODE" = 0 ] || [ "$CODE" = 3 ] || fail "exit code $CODE"
	cp "$DIR/out" "$DIR/plan.json"
	ask "$2" GET /_control/log | cmp -s - "$DIR/log.before" || fail "the plan wrote"
	tell "$1" counts '{"reset":true}'
	tell "$2" counts '{"reset":true}'
	renkei sync s
	ask "$2" GET /_control/log >"$DIR/log"
	python3 "$PARTS/exact.py" writes "$DIR/plan.json" "$DIR/log" "${before:-0}" "$3" "$4" ||
		fail "the plan is not what was written"
	[ "${5-}" != not ] || return 0
	ask "$1" GET /_control/counts
	ask "$2" GET /_control/counts
	python3 "$PARTS/exact.py" calls "$DIR/plan.json" from '' "$(calls "$1")" &&
		python3 "$PARTS/exact.py" calls "$DIR/plan.json" to '' "$(calls "$2")" ||
		fail "the plan is not what was called"
}

# Salesforce has every third contact already, by e-mail, with other values or the same.
into_salesforce() {
	place_three
	connected 'from = { connection = "hub"; object = "contacts";
      filter = "lifecyclestage != '\''subscriber'\''"; };
    to = { connection = "sf"; object = "Contact"; key = "Renkei_Id__c"; };
    map = ( { from = "email"; to = "Renkei_Id__c"; }, { from = "email"; to = "Email"; },
      { from = "lastname"; to = "LastName"; }, { from = "firstname"; to = "FirstName"; },
      { from = "company"; to = "Company__c"; }, { from = "phone | digits"; to = "Phone"; } );' "${1-}"
	python3 "$PARTS/exact.py" hubspot "$HUB" 700
	python3 "$PARTS/exact.py" salesforce "$HUB" "$SF"
	exact "$HUB" "$SF" salesforce Renkei_Id__c
	tell "$HUB" clock '{"advance_ms":3600000}'
	python3 "$PARTS/exact.py" again "$HUB" 700
	tell "$HUB" clock '{"advance_ms":5000}'
	exact "$HUB" "$SF" salesforce Renkei_Id__c not
	tell "$HUB" clock '{"advance_ms":3600000}'
	tell "$HUB" edit '{"object":"contacts","random":150,"seed":7,"fields":["firstname","phone"]}'
	tell "$HUB" clock '{"advance_ms":5000}'
	exact "$HUB" "$SF" salesforce Renkei_Id__c
}
scenario "a plan into Salesforce is exact to the write and the call" into_salesforce
scenario "the same where the target is asked before each create" \
	into_salesforce 'guarantee = "E3";'

out_of_salesforce() {
	place_three
	connected 'from = { connection = "sf"; object = "Contact"; };
    to = { connection = "kin"; object = "1"; key = "メールアドレス"; };
    map = ( { from = "Email"; to = "メールアドレス"; }, { from = "LastName"; to = "氏名"; },
      { from = "Company__c"; to = "会社名"; }, { from = "Phone | digits"; to = "電話"; } );'
	tell "$SF" seed '{"object":"Contact","count":1200}'
	exact "$SF" "$KIN" kintone メールアドレス
	tell "$SF" clock '{"advance_ms":3600000}'
	tell "$SF" edit '{"object":"Contact","random":400,"seed":9,"fields":["Company__c","Phone"]}'
	tell "$SF" seed '{"object":"Contact","count":150,"seed":5}'
	tell "$SF" clock '{"advance_ms":200000}'
	exact "$SF" "$KIN" kintone メールアドレス
}
scenario "a plan out of Salesforce is as exact" out_of_salesforce
