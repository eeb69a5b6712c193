# SPDX-License-Identifier: Apache-2.0
#
# references.sh - a reference becomes the id that its record has at the target: children
# before their parents, parents of the same object, syncs that refer to each other in a
# circle, lists of many, and what goes without.
export SALESFORCE_TOKEN=sim-salesforce-token

# start NAME VENDOR [OPTIONS]: a simulator of its own; its address and port go to ADDRESS_NAME
# and PORT_NAME.
start() {
	local name=$1 vendor=$2
	shift 2
	"$BUILD/renkei-simulator" --die-with-parent --no-limits --index-lag 0 "$@" "$vendor" \
		>"$DIR/$name" &
	PIDS+=($!)
	await_line "$DIR/$name" '^ready'
	printf -v "ADDRESS_$name" %s "$(awk -v v="$vendor" '$1 == v { print $2 }' "$DIR/$name")"
	local address=ADDRESS_$name
	printf -v "PORT_$name" %s "${!address##*:}"
}
# From a to b, both of VENDOR, with the syncs in SYNCS.  Ids at b are others than at a.
two() {
	VENDOR=$1 A_MORE=
	[ "$VENDOR" = salesforce ] && TOKEN=SALESFORCE_TOKEN || TOKEN=HUBSPOT_TOKEN
	start a "$VENDOR"
	start b "$VENDOR"
}
configure() {
	cat >"$DIR/renkei.conf" <<END
connections: {
  a: { connector = "$VENDOR"; host = "$ADDRESS_a"; token = "env:$TOKEN";
       late_commit = "1s"; $A_MORE };
  b: { connector = "$VENDOR"; host = "$ADDRESS_b"; token = "env:$TOKEN";
       t_land = "300ms"; t_visible = "100ms"; };
};
syncs = (
$SYNCS
);
END
}
# copy NAME OBJECT MAPS: a sync by Renkei_Id__c.
copy() {
	cat <<END
  { name = "$1"; from = { connection = "a"; object = "$2"; };
    to = { connection = "b"; object = "$2"; key = "Renkei_Id__c"; };
    map = ( { from = "Renkei_Id__c"; to = "Renkei_Id__c"; }, $3 ); }
END
}
ACCOUNTS='{ from = "Name"; to = "Name"; }'
CONTACTS='{ from = "LastName"; to = "LastName"; }, { from = "AccountId"; to = "AccountId"'
# put PORT OBJECT KEY [VALUES]: prints its id.
put() {
	local name=LastName
	[ "$2" = Contact ] || name=Name
	ask "$1" POST /_control/load "{\"object\":\"$2\",\"records\":[{\"fields\":{\
\"Renkei_Id__c\":\"$3\",\"$name\":\"$3\"${4:+,$4}}}]}" | sed -E 's/.*"ids":\["([^"]*)".*/\1/'
}
# refer PORT OBJECT FIELD PARENT: each record's key and that of the one it refers to.
refer() {
	ask "$1" GET "/_control/records?object=$2" >"$DIR/children"
	ask "$1" GET "/_control/records?object=$4" >"$DIR/parents"
	python3 - "$DIR" "$3" <<'END'
import json, sys
def records(name):
    return json.load(open(f"{sys.argv[1]}/{name}"))["records"]
keys = {r["id"]: r["values"].get("Renkei_Id__c") for r in records("parents")}
for r in records("children"):
    to = r["values"].get(sys.argv[2])
    print(r["values"].get("Renkei_Id__c"), keys.get(to, to) or "-")
END
}
refers() { equal "$(refer "$1" "$2" "$3" "$4" | sort | tr '\n' ';')" "$5" "references"; }
run() {
	NAME=$1
	tell "$PORT_a" clock '{"advance_ms":5000}'
	renkei sync "$1"
	code "${2:-0}"
}
figures_of() { NAME=$1; shift; figures "$@"; }

children_first() {
	two salesforce
	put "$PORT_b" Account other >"$DIR/told"
	put "$PORT_b" Account another >"$DIR/told"
	local acme beta
	acme=$(put "$PORT_a" Account acme)
	beta=$(put "$PORT_a" Account beta)
	put "$PORT_a" Contact ann "\"AccountId\":\"$acme\"" >"$DIR/told"
	put "$PORT_a" Contact bob "\"AccountId\":\"$beta\"" >"$DIR/told"
	put "$PORT_a" Contact cat >"$DIR/told"
	SYNCS="$(copy contacts Contact "$CONTACTS; }"),$(copy accounts Account "$ACCOUNTS")"
	configure
	run contacts
	figures read=3 created=1 waiting=2 failed=0
	refers "$PORT_b" Contact AccountId Account "cat -;"
	# Who waits costs no call, as often as it runs.
	tell "$PORT_b" counts '{"reset":true}'
	run contacts
	figures created=0 waiting=2 failed=0
	equal "$(calls "$PORT_b")" 0 "calls while they wait"
	run accounts
	figures created=2
	run contacts
	figures created=2 waiting=0 failed=0
	refers "$PORT_b" Contact AccountId Account "ann acme;bob beta;cat -;"
	tell "$PORT_b" counts '{"reset":true}'
	run contacts
	figures created=0 updated=0 waiting=0
	equal "$(calls "$PORT_b")" 0 "calls when nothing is left"
}
scenario "children wait for their parents without a call, and go when those are linked" children_first
