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
	VENDOR=$1 A_MORE= B_MORE=
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
       t_land = "300ms"; t_visible = "100ms"; $B_MORE };
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
	# What blocks, and who waits for it.
	renkei errors list contacts
	code 0
	says "refer to one that is not linked yet" "$acme" "$beta" accounts
	lines out "^$acme +accounts +1 +003" 1
	renkei errors list contacts --json
	valid_json
	says '"waits"' "$acme"
	renkei why contacts "003xx0000000001AAA"
	code 0
	says "waits for record $acme of Account" "once the record that it refers to is linked"
	run accounts
	figures created=2
	run contacts
	figures created=2 waiting=0 failed=0
	renkei errors list contacts
	silent_about "not linked yet"
	refers "$PORT_b" Contact AccountId Account "ann acme;bob beta;cat -;"
	tell "$PORT_b" counts '{"reset":true}'
	run contacts
	figures created=0 updated=0 waiting=0
	equal "$(calls "$PORT_b")" 0 "calls when nothing is left"
}
scenario "children wait for their parents without a call, and go when those are linked" children_first

# The parent stands behind its child in the listing.
self_reference() {
	local root
	two salesforce
	put "$PORT_b" Account other >"$DIR/told"
	put "$PORT_a" Account leaf >"$DIR/told"
	put "$PORT_a" Account middle >"$DIR/told"
	root=$(put "$PORT_a" Account root)
	tell "$PORT_a" edit "{\"object\":\"Account\",\"id\":\"${root/%3AAA/2AAA}\",
\"values\":{\"ParentId\":\"$root\"}}"
	tell "$PORT_a" edit "{\"object\":\"Account\",\"id\":\"${root/%3AAA/1AAA}\",
\"values\":{\"ParentId\":\"${root/%3AAA/2AAA}\"}}"
	SYNCS=$(copy accounts Account "$ACCOUNTS, { from = \"ParentId\"; to = \"ParentId\"; $1 }")
	configure
	run accounts
	figures created=3 waiting=0 failed=0 "updated=$2"
	refers "$PORT_b" Account ParentId Account "leaf middle;middle root;other -;root -;"
	tell "$PORT_b" counts '{"reset":true}'
	run accounts
	figures created=0 updated=0 waiting=0
	equal "$(calls "$PORT_b")" 0 "calls when nothing is left"
}
scenario "a record refers to one of its own kind that comes later: two passes" \
	self_reference "" 2
scenario "the same, but it waits: one pass" self_reference 'parent = "wait";' 0

# Accounts name a contact, contacts an account.
circle() {
	local acme ann
	two salesforce
	for port in "$PORT_a" "$PORT_b"; do
		tell "$port" field '{"object":"Account","name":"Main__c","type":"reference",
"to":"Contact","relation":"Main__r"}'
	done
	put "$PORT_b" Account other >"$DIR/told"
	acme=$(put "$PORT_a" Account acme)
	ann=$(put "$PORT_a" Contact ann "\"AccountId\":\"$acme\"")
	tell "$PORT_a" edit "{\"object\":\"Account\",\"id\":\"$acme\",
\"values\":{\"Main__c\":\"$ann\"}}"
	SYNCS="$(copy contacts Contact "$CONTACTS; }"),
$(copy accounts Account "$ACCOUNTS, { from = \"Main__c\"; to = \"Main__c\"; }")"
	configure
	run contacts
	figures created=0 waiting=1 failed=0
	run accounts
	figures created=1 waiting=1 failed=0
	refers "$PORT_b" Account Main__c Contact "acme -;other -;"
	run contacts
	figures created=1 waiting=0
	run accounts
	figures created=0 updated=1 waiting=0
	refers "$PORT_b" Contact AccountId Account "ann acme;"
	refers "$PORT_b" Account Main__c Contact "acme ann;other -;"
	# Known to be a circle from now on: neither waits for the other.
	acme=$(put "$PORT_a" Account beta)
	put "$PORT_a" Contact zed "\"AccountId\":\"$acme\"" >"$DIR/told"
	run contacts
	figures created=1 waiting=1 failed=0
	refers "$PORT_b" Contact AccountId Account "ann acme;zed -;"
	run accounts
	figures created=1 waiting=0
	run contacts
	figures created=0 updated=1 waiting=0
	refers "$PORT_b" Contact AccountId Account "ann acme;zed beta;"
}
scenario "two syncs that refer to each other are done in two passes" circle

without() {
	local acme
	two salesforce
	acme=$(put "$PORT_a" Account acme)
	put "$PORT_a" Contact ann "\"AccountId\":\"$acme\"" >"$DIR/told"
	# A reference needs a mapping of its own first.
	SYNCS=$(copy contacts Contact "$CONTACTS; }")
	configure
	run contacts 2
	says "a reference needs a mapping of its own first" Account property-mapping 'parent = "skip"'
	renkei check --online
	code 2
	says "a reference needs a mapping of its own first"
	SYNCS=$(copy contacts Contact "$CONTACTS; parent = \"skip\"; }")
	configure
	run contacts
	figures created=1 waiting=0 failed=0
	refers "$PORT_b" Contact AccountId Account "ann -;"
	# One that waits is looked at anew when the mapping says otherwise.
	SYNCS="$(copy contacts Contact "$CONTACTS; parent = \"wait\"; }"),$(copy accounts Account \
"$ACCOUNTS")"
	configure
	put "$PORT_a" Contact bob "\"AccountId\":\"$acme\"" >"$DIR/told"
	run contacts
	figures waiting=2 created=0
	SYNCS=$(copy contacts Contact "$CONTACTS; parent = \"skip\"; }")
	configure
	run contacts
	figures waiting=0 created=1
}
scenario "a reference without a sync of its own is a mistake, or left out" without

# Many to many: cars and their drivers, of whom each may have several.
drivers_of() {
	local port=PORT_$1
	ask "${!port}" POST /_control/associations '{"from":"p62515_cars","to":"contacts"}' >"$DIR/pairs"
	ask "${!port}" GET "/_control/records?object=cars" >"$DIR/parents"
	ask "${!port}" GET "/_control/records?object=contacts" >"$DIR/children"
	python3 - "$DIR" <<'END'
import json, sys
def keys(name, field):
    records = json.load(open(f"{sys.argv[1]}/{name}"))["records"]
    return {int(r["id"]): r["values"].get(field) for r in records}
cars, people = keys("parents", "plate"), keys("children", "email")
pairs = json.load(open(f"{sys.argv[1]}/pairs"))
pairs = pairs["pairs"] if isinstance(pairs, dict) else pairs
print(*sorted(f"{cars[p[0]]}-{people[p[1]].split(chr(64))[0]}" for p in pairs))
END
}
# associate CAR CONTACT: at a, which does not make the car newer.
associate() {
	curl -s -o "$DIR/told" -H "Authorization: Bearer $HUBSPOT_TOKEN" -H 'Content-Type: application/json' \
		-d "{\"inputs\":[{\"from\":{\"id\":\"$1\"},\"to\":{\"id\":\"$2\"}}]}" \
		"$ADDRESS_a/crm/associations/2026-09/2-1000003/contacts/batch/associate/default"
	grep -q '"COMPLETE"' "$DIR/told" || fail "$(cat "$DIR/told")"
}
put_hubspot() {
	ask "$1" POST /_control/load "{\"object\":\"$2\",\"records\":[{\"updatedAt\":\"1760000000000\",\
\"properties\":$3}]}" | sed -E 's/.*"ids":\["([^"]*)".*/\1/'
}
many_to_many() {
	local i port
	two hubspot
	for port in "$PORT_a" "$PORT_b"; do
		tell "$port" schema '{"name":"cars","labels":{"singular":"Car","plural":"Cars"},
"requiredProperties":["plate"],"associatedObjects":["contacts"],"properties":[
{"name":"plate","label":"Plate","type":"string","fieldType":"text","hasUniqueValue":true},
{"name":"note","label":"Note","type":"string","fieldType":"text"}]}'
	done
	for i in x y z; do put_hubspot "$PORT_b" contacts "{\"email\":\"$i@example.com\"}" >/dev/null; done
	for i in 1 2 3; do
		put_hubspot "$PORT_a" contacts "{\"email\":\"d$i@example.com\"}" >/dev/null
		put_hubspot "$PORT_a" cars "{\"plate\":\"c$i\"}" >/dev/null
	done
	associate 1 1; associate 1 2; associate 2 2; associate 2 3
	A_MORE='index_lag = "1s";'
	SYNCS='{ name = "cars"; from = { connection = "a"; object = "2-1000003"; };
    to = { connection = "b"; object = "2-1000003"; key = "plate"; };
    map = ( { from = "plate"; to = "plate"; }, { from = "note"; to = "note"; },
      { from = "associations.contacts"; to = "associations.contacts"; } ); },
  { name = "people"; from = { connection = "a"; object = "contacts"; };
    to = { connection = "b"; object = "contacts"; key = "email"; };
    map = ( { from = "email"; to = "email"; } ); }'
	configure
	run cars
	figures created=1 waiting=2 failed=0
	run people
	figures created=3
	run cars
	figures created=2 waiting=0 failed=0
	equal "$(drivers_of b)" "c1-d1 c1-d2 c2-d2 c2-d3" "drivers"
	run cars
	figures created=0 updated=0 waiting=0
	# One more, who is not there yet, and one that is.
	put_hubspot "$PORT_a" contacts '{"email":"d4@example.com"}' >/dev/null
	associate 3 4; associate 3 1
	tell "$PORT_a" edit '{"object":"cars","id":3,"values":{"note":"two drivers"}}'
	run cars
	figures updated=0 waiting=1 failed=0
	tell "$PORT_a" edit '{"object":"contacts","id":4,"values":{"lastname":"four"}}'
	run people
	run cars
	figures updated=1 waiting=0 failed=0
	equal "$(drivers_of b)" "c1-d1 c1-d2 c2-d2 c2-d3 c3-d1 c3-d4" "drivers, one later"
}
scenario "many to many: each list has all, and waits until all are there" many_to_many

# A hundred thousand before their parents: no error, nobody is asked, no call is wasted.
# many CHILDREN PARENTS
many() {
	two salesforce
	python3 - "$PORT_a" "$1" "$2" <<'END'
import json, sys, urllib.request
port, children, parents = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
def load(kind, records):
    body = json.dumps({"object": kind, "records": [{"updatedAt": "2026-01-01T00:00:00Z",
                       "fields": r} for r in records]}).encode()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/_control/load", body) as answer:
        return json.load(answer)["ids"]
ids = load("Account", [{"Renkei_Id__c": f"p{i}", "Name": f"p{i}"} for i in range(parents)])
for first in range(0, children, 1000):
    load("Contact", [{"Renkei_Id__c": f"c{i}", "LastName": f"c{i}",
                      "AccountId": ids[i % parents]}
                     for i in range(first, min(first + 1000, children))])
END
	put "$PORT_b" Account other >"$DIR/told"
	SYNCS="$(copy contacts Contact "$CONTACTS; }"),$(copy accounts Account "$ACCOUNTS")"
	# In collections of 200, which need no time to be carried out.
	B_MORE='bulk_from = "200000";'
	configure
	run contacts
	figures "read=$1" created=0 "waiting=$1" failed=0
	equal "$(writes_at "$PORT_b")" 0 "writes while they wait"
	tell "$PORT_a" counts '{"reset":true}'
	tell "$PORT_b" counts '{"reset":true}'
	run contacts
	figures created=0 "waiting=$1" failed=0
	equal "$(calls "$PORT_b")" 0 "calls of a run in which all wait"
	run accounts
	figures "created=$2" failed=0
	tell "$PORT_a" counts '{"reset":true}'
	run contacts
	figures "created=$1" waiting=0 failed=0
	[ "$(calls "$PORT_a")" -le 3 ] || fail "$(calls "$PORT_a") calls at the source for what it told before"
	refer "$PORT_b" Contact AccountId Account | awk -v p="$2" \
		'{ if ($2 != "p" substr($1, 2) % p) wrong++ } END { print NR, wrong + 0 }' >"$DIR/pairs"
	equal "$(cat "$DIR/pairs")" "$1 0" "children, and those with another parent"
	[ "$(calls "$PORT_b")" -le $(($1 / 200 + $2 / 200 + 6)) ] || fail "$(calls "$PORT_b") calls at the target"
}
writes_at() { ask "$1" GET /_control/log | grep -a -c '"by":"api"'; }
if [ -n "${RENKEI_SHORT-}" ]; then
	scenario "2,000 children before their parents" many 2000 50
else
	scenario "100,000 children before 1,000 parents" many 100000 1000
fi
