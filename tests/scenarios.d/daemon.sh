# SPDX-License-Identifier: Apache-2.0
#
# daemon.sh - renkei daemon: what is due runs, and nothing else; it stops cleanly, takes
# a new configuration as a whole, and does nothing twice.

. "$PARTS/daemon.inc"

runs_when_due() {
	place
	seed 5
	SYNC_MORE='every = "1s";'
	MORE_SYNCS=', { name = "never"; from = { connection = "hub"; object = "contacts"; };
		to = { connection = "kin"; object = "1"; key = "メールアドレス"; };
		map = ( { from = "email"; to = "メールアドレス"; } ); }'
	configure
	daemon
	wait_for "code=0"
	true_to_the_source 5
	contact late "" 0
	wait_for "daemon.ended" 4
	true_to_the_source 6
	renkei status --json
	python3 -c 'import json, sys
rows = {r["name"]: r["next_due"] for r in json.load(open(sys.argv[1]))["syncs"]}
assert rows["contacts"].startswith("20") and rows["never"] is None, rows' "$DIR/out" ||
		fail "the next times"
	renkei daemon
	code 1
	says "a daemon runs on the state directory" --state
	stop TERM 0
	log_says "daemon.stopped"
	! grep -q "sync=never" "$DIR/log" || fail "a sync without a time ran"
	renkei status
	says "by hand"
}
scenario "a sync runs when it is due, one without a time does not" runs_when_due

# What is on its way when it is told to stop ends; what it did is known afterwards.
stops_in_a_run() {
	place
	seed 300
	SYNC_MORE='every = "1h";'
	configure
	tell "$KIN" delay '{"ms":400}'
	daemon
	wait_for "daemon.run"
	for _ in $(seq 200); do
		[ "$(calls_to "$KIN" "PUT /k/v1/records.json")" -ge 1 ] && break
		sleep 0.05
	done
	stop TERM 0
	equal "$(processes "renkei -q -c $DIR/")" "" "runs that are left"
	tell "$KIN" delay '{"ms":0}'
	# Begun an hour ago it is not due; a run by hand goes on where that one stood.
	daemon
	sleep 0.5
	! grep -q "daemon.run" "$DIR/log" || fail "it ran twice within its hour"
	stop INT 0
	whole 300
}
scenario "it stops in the middle of a run, and begins nothing twice" stops_in_a_run

# in_flight: a run that waits for an answer to its first write; its pid is RUN.
in_flight() {
	local i
	env "$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync contacts \
		>"$DIR/out" 2>"$DIR/err" </dev/null &
	RUN=$!
	PIDS+=("$RUN")
	for i in $(seq 400); do
		[ "$(calls_to "$KIN" "PUT /k/v1/records.json")" -ge 1 ] && return
		sleep 0.05
	done
	fail "it wrote nothing"
}

settles_when_asked() {
	place
	seed 900
	KIN_MORE='request_deadline = "60s"; t_land = "300ms"; t_visible = "100ms";'
	configure
	fault "$KIN" '{"match":"PUT /k/v1/records.json","times":99,"action":"delay","ms":2000}'
	local code=0
	in_flight
	kill -TERM "$RUN"
	wait "$RUN" || code=$?
	equal "$code" 1 "exit code"
	says "it was asked to end; the next run goes on"
	local there
	there=$(live "$KIN" 1)
	[ "$there" -gt 0 ] && [ "$there" -lt 900 ] || fail "$there records were written"
	renkei history --json --lang ja
	python3 -c 'import json, sys
run = json.load(open(sys.argv[1]))["runs"][0]
assert run["created"] + run["updated"] == int(sys.argv[2]) and run["result"] == "stopped", run' \
		"$DIR/out" "$there" || fail "what was on its way was not settled"
	whole 900
}
scenario "a run that is asked to end settles what is on its way, and nothing else" settles_when_asked

ends_when_asked_again() {
	place
	seed 5
	KIN_MORE='request_deadline = "60s"; t_land = "300ms"; t_visible = "100ms";'
	configure
	fault "$KIN" '{"match":"PUT /k/v1/records.json","action":"delay","ms":60000}'
	local code=0
	in_flight
	while kill -TERM "$RUN" 2>/dev/null; do sleep 0.1; done
	wait "$RUN" || code=$?
	equal "$code" 143 "exit code"
	no_faults
	KIN_MORE='request_deadline = "1s"; t_land = "300ms"; t_visible = "100ms";'
	configure
	whole 5
}
scenario "asked twice it ends at once, and nothing is lost by that" ends_when_asked_again

runs_after() {
	place
	seed 3
	SYNC_MORE='every = "1h";'
	# two_more AFTER_B AFTER_C
	two_more() {
		local name=b after
		MORE_SYNCS=
		for after; do
			MORE_SYNCS+=", { name = \"$name\"; after = \"$after\"; from = { connection = \"hub\";
				object = \"contacts\"; }; to = { connection = \"kin\"; object = \"1\";
				key = \"メールアドレス\"; }; map = ( { from = \"email\"; to = \"メールアドレス\"; } ); }"
			name=c
		done
		configure
	}
	two_more contacts conacts
	renkei check
	says 'after: found no sync "conacts"'
	two_more c b
	renkei check
	code 2
	says 'after: "c" waits, in the end, for this sync itself'
	two_more contacts b
	renkei check
	code 0
	daemon
	wait_for "daemon.ended" 3
	stop TERM 0
	equal "$(sed -n 's/.*daemon.run sync=\([a-z]*\).*/\1/p' "$DIR/log" | tr '\n' ' ')" \
		"contacts b c " "the order"
	# What follows a run that failed is not run; a new start owes nothing.
	daemon
	fault "$HUB" '{"match":"*","times":99,"action":"status","status":401}'
	renkei status --json
	says '"after":"contacts"' '"after":"b"'
	python3 -B "$PARTS/control.py" "$DIR/state" ask me sync contacts
	wait_for "code=5"
	no_faults
	python3 -B "$PARTS/control.py" "$DIR/state" ask me sync contacts
	wait_for "code=0" 3
	stop TERM 0
	equal "$(sed -n 's/.*daemon.run sync=\([a-z]*\).*/\1/p' "$DIR/log" | tr '\n' ' ')" \
		"contacts contacts b c " "the order after a failure"
}
scenario "a sync runs after another one that ended well" runs_after

made_up_for() {
	place
	seed 3
	SYNC_MORE='every = "1h";'
	configure
	daemon
	wait_for "code=0"
	stop KILL 137
	python3 -c 'import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db: db.execute("UPDATE slot SET began = began - 36000000")' \
		"$DIR/state/host.db"
	daemon
	wait_for "code=0"
	sleep 0.5
	equal "$(grep -c "daemon.run" "$DIR/log")" 1 "runs that make up for ten missed ones"
	stop TERM 0
}
scenario "what was missed is made up for once" made_up_for

reloads() {
	place
	seed 3
	SYNC_MORE='every = "1h";'
	configure
	daemon
	wait_for "code=0"
	echo 'syncs = ( { name = ' >"$DIR/renkei.conf"
	kill -HUP "$DAEMON"
	wait_for "the old one holds, 1 syncs have a time"
	NAME=second
	SYNC_MORE='every = "1h";'
	configure
	kill -HUP "$DAEMON"
	wait_for "the new configuration holds: 1 syncs have a time"
	wait_for "sync=second"
	equal "$(grep -c "daemon.run sync=contacts" "$DIR/log")" 1 "runs of the sync that is gone"
	stop TERM 0
}
scenario "a new configuration is taken as a whole, or not at all" reloads

# A mistake inside one sync switches that one off: taken, but not well.
tells_mistakes() {
	place
	seed 1
	SYNC_MORE='every = "1h";'
	configure
	renkei status
	says "No daemon runs on this state"
	renkei doctor
	says "does not run"
	daemon
	wait_for "code=0"
	renkei doctor
	! grep -q "does not run" "$DIR/out" || fail "a daemon that runs is told to be missing"
	SYNC_MORE='every = "soon";'
	configure
	renkei reload
	code 2
	says "has taken the new configuration" "until these are mended"
	renkei reload --json
	code 2
	says '"daemon":"taken"' '"mistakes":1'
	renkei override clear enabled contacts
	code 2
	says "nothing is set there"
	stop TERM 0
}
scenario "who reloads a mistake is told, and so is who waits without a daemon" tells_mistakes

# A look at what is overdue comes after each run, for as long as the daemon lives.
open_files() { find "/proc/$DAEMON/fd" -mindepth 1 | wc -l; }
keeps_no_files_open() {
	place
	seed 1
	GLOBAL='notify: { ops: { command = "/bin/true"; }; };'
	SYNC_MORE='every = "1s"; notify = ( "ops" );'
	configure
	daemon
	wait_for "daemon.ended" 2
	local before
	before=$(open_files)
	wait_for "daemon.ended" 8
	# One that is being asked or started just now has some for a moment.
	for _ in $(seq 100); do [ "$(open_files)" -le "$before" ] && break; sleep 0.05; done
	[ "$(open_files)" -le "$before" ] || fail "$before files were open, now $(open_files)"
	stop TERM 0
}
scenario "a daemon has no more files open after eight runs than after two" keeps_no_files_open

tells_systemd() {
	place
	seed 1
	SYNC_MORE='every = "1h";'
	configure
	python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1]); s.settimeout(60)
while True:
    line = s.recv(4096).decode()
    print(line, flush=True)
    if "STOPPING" in line: break' "$DIR/notify" >"$DIR/told" &
	PIDS+=($!)
	for _ in $(seq 100); do [ -S "$DIR/notify" ] && break; sleep 0.05; done
	daemon NOTIFY_SOCKET="$DIR/notify" WATCHDOG_USEC=300000
	for _ in $(seq 100); do [ "$(grep -c WATCHDOG "$DIR/told")" -ge 3 ] && break; sleep 0.05; done
	stop TERM 0
	wait "${PIDS[-2]}"
	equal "$(grep -v WATCHDOG "$DIR/told" | tr '\n' ' ')" "READY=1 STOPPING=1 " "what systemd heard"
	[ "$(grep -c WATCHDOG "$DIR/told")" -ge 3 ] || fail "the watchdog was not fed"
}
scenario "a manager of services hears when it is ready, alive and stopping" tells_systemd

# A breaker that opened holds over a new configuration and a new start.
stays_broken() {
	place
	HUB_HOST=http://127.0.0.1:1
	SYNC_MORE='every = "1s"; breaker = "1 in 1h";'
	configure
	daemon
	wait_for "daemon.ended"
	renkei reload
	code 0
	sleep 2
	equal "$(grep -a -c daemon.run "$DIR/log")" 1 "runs of a sync whose breaker is open"
	stop TERM 0
	daemon
	sleep 2
	equal "$(grep -a -c daemon.run "$DIR/log")" 0 "runs after a new start"
	renkei status
	says "paused by its breaker"
	stop TERM 0
}
scenario "what a breaker holds back stays so, over a reload and a new start" stays_broken
