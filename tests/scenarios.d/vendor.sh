# SPDX-License-Identifier: Apache-2.0
#
# vendor.sh - the connector that `renkei vendor new` writes, as the target of a sync: its
# CRM is acme.py.  What it declares must be all that a sync asks for.

# A folder with HubSpot's connector and the skeleton's, which SCRIPT (for sed) changed.
skeleton() {
	place
	"$BUILD/renkei" vendor new acme "$DIR/acme" >/dev/null || fail "no skeleton"
	sed -i "${1:-}" "$DIR/acme/acme.c"
	make -s -C "$DIR/acme" CFLAGS=-O0 acme.so || fail "the skeleton does not build"
	mkdir -m 755 "$DIR/connectors"
	cp "$BUILD/plugins/.libs/hubspot.so" "$DIR/acme/acme.so" "$DIR/connectors"
	mkfifo "$DIR/end"
	python3 "$PARTS/acme.py" "$DIR/asked" <"$DIR/end" >"$DIR/acme.said" &
	PIDS+=($!)
	exec 7>"$DIR/end"
	await_line "$DIR/acme.said" '^ready'
	ACME=$(awk '{ print $2 }' "$DIR/acme.said")
	export ACME_API_KEY=test-key
	cat >"$DIR/renkei.conf" <<END
connector_dirs = ( "$DIR/connectors" );
connections: {
  hub: { connector = "hubspot"; host = "$HUBSPOT"; token = "env:HUBSPOT_TOKEN"; $HUB_MORE };
  acme: { connector = "acme"; host = "http://127.0.0.1:$ACME"; api_key = "env:ACME_API_KEY";
    t_land = "300ms"; t_visible = "100ms"; };
};
syncs = (
  { name = "contacts"; ${2:-}
    from = { connection = "hub"; object = "contacts"; };
    to = { connection = "acme"; object = "contacts"; key = "email"; };
    map = ( { from = "email"; to = "email"; }, { from = "lastname"; to = "name"; } ); }
);
END
}
names() { ask "$ACME" GET /all | python3 -c 'import json, sys
print(*sorted(c["name"] for c in json.load(sys.stdin)["contacts"]))'; }
asked() { grep -c "$1" "$DIR/asked"; }

loads_and_changes() {
	skeleton
	contact one
	contact two
	advance 200000
	renkei sync contacts
	code 0
	figures created=2 failed=0
	equal "$(names)" "one two" "names at Acme"
	local id
	id=$(ask "$HUB" GET "/_control/records?object=contacts" |
		grep -o '"id":"[0-9]*"' | head -n 1 | tr -dc 0-9)
	tell "$HUB" edit "{\"object\":\"contacts\",\"id\":$id,\"values\":{\"lastname\":\"three\"}}"
	advance 200000
	renkei plan contacts
	code 0
	lines out '^ *update +1$' 1
	renkei sync contacts
	code 0
	figures updated=1 failed=0
	equal "$(asked /v1/contacts/update)" 1 "updates by id"
	equal "$(names)" "three two" "names at Acme"
	renkei errors
	code 0
}
scenario "the skeleton's connector loads, and writes a change of a linked record" loads_and_changes

lacks_update() {
	skeleton 's/"upsert", "update" )/"upsert" )/'
	renkei check
	code 2
	says 'it has no "update", which guarantee class E1 asks for'
	renkei sync contacts
	code 2
	! [ -s "$DIR/asked" ] || fail "Acme was asked: $(cat "$DIR/asked")"
}
scenario "a connector that declares no update is refused before anything is sent" lacks_update

refuse_needs_create() {
	skeleton '' 'existing = "refuse";'
	renkei check
	code 2
	says 'it has no "create", which existing = "refuse" asks for'
}
scenario "existing = refuse asks the skeleton's connector for create" refuse_needs_create

# Each example that the simulators' help shows is taken as it stands, its capitals filled in.
every_control_is_shown_by_an_example() {
	"$BUILD/renkei-simulator" --die-with-parent --no-limits \
		hubspot kintone sansan salesforce hotprofile freshsales >"$DIR/addresses" &
	PIDS+=($!)
	await_line "$DIR/addresses" '^ready'
	python3 - "$DIR/addresses" <<'END' || fail "an example"
import json, sys, urllib.error, urllib.request
OBJECTS = {'hubspot': ('contacts', '1', 'properties'), 'kintone': ('1', '1', 'record'),
    'sansan': ('cards', '1', 'values'), 'salesforce': ('Contact', '003xx0000000001AAA', 'fields'),
    'hotprofile': ('clients', '1', 'values'), 'freshsales': ('contacts', '1', 'values')}
def ask(url, body=None):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body and body.encode())) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
bad = shown = 0
for line in open(sys.argv[1]):
    if not line.startswith(tuple(OBJECTS)):
        continue
    crm, address = line.split()
    names = dict(zip(('OBJECT', 'ID', 'VALUES'), OBJECTS[crm]))
    unshown, base = [], address + '/_control/'
    ask(base + 'seed', json.dumps({'object': names['OBJECT'], 'count': 5}))
    for told in ask(base + 'help')[1].splitlines():
        if not told.startswith('     '):
            control = told.split()[1].removeprefix('/_control/')
            unshown += [control] if told.startswith('POST') else []
            continue
        for capital, meant in names.items():
            told = told.replace('"%s"' % capital, '"%s"' % meant)
        json.loads(told)
        status, said = ask(base + control, told.strip())
        shown += 1
        unshown.remove(control)
        # What the CRM does not have, and ids that were not seeded.
        if status != 200 and control not in ('merge', 'purge') and 'no OAuth' not in said:
            print(crm, control, status, said)
            bad += 1
    if unshown:
        print(crm, 'without an example:', *unshown)
    bad += len(unshown)
print(shown, 'examples')
sys.exit(bad > 0 or shown < 60)
END
}
scenario "each control of the simulators is shown by an example that works" \
	every_control_is_shown_by_an_example
