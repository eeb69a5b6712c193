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
	grep -E -q 'is used up at [^ ]+, in [0-9]+ (s|min|h [0-9]+ min)$' "$DIR/out" ||
		fail "how long it lasts"
	renkei --lang ja usage
	says "このペースでは kin の制限「app-day」は"
	grep -E -q '（[0-9]+ (秒|分|時間 [0-9]+ 分)後）に使い切ります' "$DIR/out" || fail "in Japanese"
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

# ---- Hours in which everything is read ----

# history QUIET: made-up calls of three days, many but for eight hours that begin so many
# hours from now; the clocks are of UTC.
history() {
	python3 - "$DIR/state/net.db" "$1" <<'END'
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1])
now, quiet = int(time.time()) // 3600 * 3600, int(sys.argv[2])
db.execute("DELETE FROM hour")
for back in range(72):
    is_quiet = (-back - quiet) % 24 < 8
    db.execute("INSERT INTO hour VALUES('hub', ?, ?)", ((now - back * 3600) * 1000, 1 if is_quiet else 90))
db.commit()
END
}

chooses_its_hours() {
	place
	SYNC_MORE='backfill = "auto"; zone = "UTC";'
	configure
	seed 2
	renkei preview contacts --match email=nobody@example.com
	history 6
	renkei plan contacts
	# (What the plan and the run ask is counted as well.)
	says "begins to read everything only between" ": 24 of 4" "calls of the last 3 days"
	renkei sync contacts --priority incremental
	code 4
	says "$(date -u -d '6 hours' +%H:00)-" "then 24 of 4" "calls were made in 3 days"
	equal "$(live "$KIN" 1)" 0 "records at the target"
	renkei --lang ja sync contacts --priority incremental
	says "全件の読み取りが必要ですが"
	renkei status
	says "everything is to be read"
	# Its hours come; a person need not wait for them.
	history -2
	renkei sync contacts --priority incremental
	code 0
	figures created=2
	history 6
	renkei sync contacts --priority incremental
	code 0
	rm -r "$DIR/state"
	SYNC_MORE="backfill = \"$(date -u -d '2 hours' +%H:00)-$(date -u -d '4 hours' +%H:00)\"; zone = \"UTC\";"
	configure
	renkei sync contacts --priority incremental
	code 4
	says "begins between $(date -u -d '2 hours' +%H:00)-"
	renkei sync contacts
	code 0
}
scenario "everything is read in the hours that were used least" chooses_its_hours

not_known_yet() {
	place
	SYNC_MORE='backfill = "auto"; zone = "UTC";'
	configure
	renkei plan contacts
	says "only between 22:00-06:00: the usual hours"
	SYNC_MORE='backfill = "at night";'
	configure
	renkei check
	code 2
	says '"auto", or two times of day'
}
scenario "until their use is known for two days the hours are the usual ones" not_known_yet

# ---- With the daemon ---------------------------------------------------------------

daemon() {
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" daemon >"$DIR/log" 2>&1 </dev/null &
	DAEMON=$!
	PIDS+=("$DAEMON")
	wait_for "daemon.started"
}
# wait_for TEXT [TIMES]: until the log has it so often.
wait_for() {
	for _ in $(seq 600); do
		[ "$(grep -a -c -F -e "$1" "$DIR/log")" -ge "${2:-1}" ] && return
		sleep 0.05
	done
	cat "$DIR/log"
	fail "the daemon does not say: $1"
}
stop() {
	kill "-$1" "$DAEMON"
	wait "$DAEMON"
}
# held_sync: one that its own daily limit holds, run by the daemon.
held_sync() {
	# Hours away, so that no case runs over it.
	local resets
	resets=$(TZ=Asia/Tokyo date -d '+6 hours' +%H:00)
	place
	KIN_MORE="$KIN_MORE limits = ( { limit = \"app-day\"; calls = \"200\"; allocation = \"5\"; resets = \"$resets\"; zone = \"Asia/Tokyo\"; } );"
	SYNC_MORE='every = "1s";'
	configure
	seed 1500
	daemon
	wait_for "daemon.held"
	renkei status --json
	code 0
	python3 - "$DIR/out" "$resets" <<'END' || fail "it is not due when the day of the limit ends"
import datetime, json, sys
row, = json.load(open(sys.argv[1]))["syncs"]
due = datetime.datetime.fromisoformat(row["next_due"].replace("Z", "+00:00"))
left = (due - datetime.datetime.now(datetime.timezone.utc)).total_seconds()
there = due.astimezone(datetime.timezone(datetime.timedelta(hours=9)))
assert 0 < left <= 86400 and there.strftime("%H:%M") == sys.argv[2], row
END
	says '"result":"held"'
	equal "$(grep -a -c "daemon.run" "$DIR/log")" 1 "runs of a sync that is held"
}

# The night passes while nothing runs: what net counted, and the hold, are a day old.
goes_on_at_midnight() {
	held_sync
	stop TERM
	local pid
	sleep 1.2
	for pid in $(processes "renkei-net --state $DIR/state"); do kill -9 "$pid"; done
	daemon
	sleep 0.3
	! grep -a -q "daemon.run" "$DIR/log" || fail "a new daemon does not know that it is held"
	stop TERM
	python3 - "$DIR/state" <<'END'
import sqlite3, sys
with sqlite3.connect(sys.argv[1] + "/host.db") as db:
    db.execute("UPDATE hold SET until = until - 86400000")
with sqlite3.connect(sys.argv[1] + "/net.db") as db:
    db.execute("DELETE FROM bucket")
END
	daemon
	wait_for "daemon.run"
	wait_for "daemon.held"
	KIN_MORE=${KIN_MORE/allocation = \"5\"/allocation = \"100%\"}
	configure
	kill -HUP "$DAEMON"
	wait_for "code=0"
	stop TERM
	true_to_the_source 1500
}
scenario "a sync that is held goes on by itself when the CRM's day ends" goes_on_at_midnight

another_allocation_at_once() {
	held_sync
	count_anew
	renkei override set allocation kin app-day 8
	code 0
	wait_for "daemon.held" 2
	local of_app=$(($(calls "$KIN") - $(calls_to "$KIN" "GET /k/v1/apps.json")))
	equal "$of_app" 3 "calls after the allocation was raised from 5 to 8"
	renkei usage --json
	equal "$(cell limits connection=kin,limit=app-day used)/$(cell limits connection=kin,limit=app-day allowed)" \
		8/8 "used and allowed"
	# Why it is held, and what helps, wherever people look.
	local back='"renkei override clear allocation kin app-day"'
	for word in status "status contacts" "errors list"; do
		renkei $word
		says "what renkei may use of limit \"app-day\" of kin was set to 8 by " "$back"
	done
	renkei status
	python3 - "$DIR/out" <<'END' || fail "how long it is held is not told as people say it"
import re, sys
held, = re.findall(r'it is used up; room in (.*)', open(sys.argv[1]).read())
assert re.fullmatch(r'\d+ s|\d+ min|\d+ h \d+ min', held), held
END
	renkei --lang ja status
	says "$back" "app-day"
	renkei status --json
	equal "$(cell syncs name=contacts reason | grep -c -F "$back")" 1 "reasons of the sync in JSON"
	renkei override clear allocation kin app-day
	code 0
	wait_for "daemon.held" 3
	renkei status
	silent_about "override clear"
	renkei usage --json
	equal "$(cell limits connection=kin,limit=app-day allowed)" 5 "allowed again"
	renkei override set allocation kin app-day 100%
	wait_for "code=0"
	stop TERM
	true_to_the_source 1500
}
scenario "another allocation counts at once, and what is held goes on" another_allocation_at_once

spaced_calls() {
	place
	HUB_MORE="$HUB_MORE min_gap = \"150ms\";"
	configure
	seed 300
	renkei sync contacts
	code 0
	# However fast it could have been.
	python3 - "$(figure source_calls)" "$(sed -nE 's/.* seconds=([0-9.]+).*/\1/p' "$DIR/out")" <<'END' ||
import sys
calls, seconds = int(sys.argv[1]), float(sys.argv[2])
assert calls >= 5 and seconds >= (calls - 1) * 0.15 - 0.01, (calls, seconds)
END
		fail "calls less than 150 ms apart"
	renkei usage
	says min_gap
	HUB_MORE=${HUB_MORE/150ms/an hour}
	configure
	renkei check
	code 2
	says 'min_gap: found "an hour"'
}
scenario "calls of a connection are spaced" spaced_calls
