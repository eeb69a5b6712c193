# SPDX-License-Identifier: Apache-2.0
#
# quotas.sh - what renkei may use of a limit, who goes first, and how a sync that is held
# goes on.  The simulators count every call.

# cell TABLE KEY=VALUE,... FIELD: of the row of JSON that fits.
cell() { python3 "$PARTS/look.py" cell "$DIR/out" "$@"; }
# used_of_day [CONNECTION [LIMIT]]: "used/allowed", as `usage` tells it.
used_of() {
	renkei usage --json
	code 0
	echo "$(cell limits "connection=$1,limit=$2" used)/$(cell limits "connection=$1,limit=$2" allowed)"
}

only_the_allocation() {
	place
	KIN_MORE="$KIN_MORE limits = ( { limit = \"app-day\"; calls = \"12\"; allocation = \"50%\"; reserve = \"0\"; } );"
	configure
	seed 1500
	renkei sync contacts
	code 4
	says waiting
	# What belongs to no app is not counted by app.
	local of_app=$(($(calls "$KIN") - $(calls_to "$KIN" "GET /k/v1/apps.json")))
	equal "$of_app" 6 "calls of the app at kintone"
	renkei usage
	says "limit \"app-day\" of kin is used up: renkei may make 6 of its 12 calls"
	renkei --lang ja usage
	says "12 回のうち 6 回"
	renkei usage --json
	valid_json
	equal "$(cell limits connection=kin,limit=app-day used)" 6 used
	equal "$(cell limits connection=kin,limit=app-day allowed)" 6 allowed
	equal "$(cell limits connection=kin,limit=app-day declared)" 12 declared
	count_anew
	renkei sync contacts
	code 4
	equal "$(calls "$KIN")" 0 "calls beyond the allocation"
	KIN_MORE=${KIN_MORE/allocation = \"50%\"/allocation = \"100\"}
	KIN_MORE=${KIN_MORE/calls = \"12\"/calls = \"1000\"}
	configure
	whole 1500
}
scenario "only the allocation of a limit is used, and that is said" only_the_allocation

# A backfill beside a sync that runs on time, on one key.
leaves_the_reserve() {
	place
	HUB_MORE="$HUB_MORE limits = ( { limit = \"day\"; calls = \"40\"; reserve = \"50%\"; } );"
	MORE_SYNCS=", $(NAME=fresh SYNC_MORE='start = "now";' one_sync)"
	configure
	renkei sync fresh
	code 0
	seed 3000
	renkei sync contacts
	code 4
	says "limit 'day' of connection 'hub': it is used up"
	equal "$(calls "$HUB")" 20 "calls of the backfill and what was before"
	contact late "" 0
	advance 5000
	NAME=fresh
	renkei sync fresh --priority incremental
	code 0
	[ "$(figure created)" -ge 1 ] || fail "the change did not go through"
	local made
	made=$(calls "$HUB")
	[ "$made" -gt 20 ] || fail "the sync made no calls"
	[ "$made" -le 40 ] || fail "$made calls where 40 are allowed"
	count_anew
	renkei sync contacts
	code 4
	equal "$(calls "$HUB")" 0 "calls of a backfill that is held"
	NAME=contacts
	HUB_MORE=${HUB_MORE/calls = \"40\"/calls = \"40000\"}
	configure
	whole 3001
	renkei sync contacts --priority high
	code 2
	says "expected hand, incremental, retry or backfill"
}
scenario "a backfill leaves the reserve to the syncs beside it" leaves_the_reserve

# The day of this limit began three to four minutes ago.
tells_the_forecast() {
	place
	KIN_MORE="$KIN_MORE limits = ( { limit = \"app-day\"; calls = \"100\"; reserve = \"0\";
		resets = \"$(date -u -d '3 minutes ago' +%H:%M)\"; zone = \"UTC\"; } );"
	configure
	renkei usage
	silent_about "at this pace"
	seed 1000
	renkei sync contacts
	code 0
	renkei usage
	says 'at this pace limit "app-day" of kin is used up at'
	renkei --lang ja usage
	says "このペースでは kin の制限「app-day」は"
	renkei usage --json
	python3 - "$DIR/out" <<'END' || fail "the forecast"
import datetime, json, sys
row, = [r for r in json.load(open(sys.argv[1]))["limits"] if r["limit"] == "app-day"]
when = lambda text: datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
began = when(row["resets"]) - 86400
now = datetime.datetime.now().timestamp()
expected = (now - began) * row["allowed"] / row["used"]
assert row["used"] >= 10 and 0.8 < (when(row["used_up"]) - began) / expected < 1.2, (row, expected)
END
}
scenario "when a limit will be used up at this pace is told" tells_the_forecast
