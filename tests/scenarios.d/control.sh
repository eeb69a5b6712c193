# SPDX-License-Identifier: Apache-2.0
#
# control.sh - a running daemon is asked through its socket: it answers with what a command
# prints, runs a sync in the background, and lets nobody else in.

. "$PARTS/daemon.inc"

# control VERB ...: control.py; its words are $DIR/out, its code is CODE.
control() {
	CODE=0
	timeout 100 python3 -B "$PARTS/control.py" "$DIR/state" "$@" >"$DIR/out" 2>"$DIR/err" ||
		CODE=$?
	echo "control $* -> $CODE"
	head -c 2000 "$DIR/out" "$DIR/err"
}
state_of_sync() {
	control ask me status
	python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["syncs"][0]["state"])' \
		"$DIR/out" >"$DIR/state_of"
	cat "$DIR/state_of"
}

answers() {
	place
	seed 5
	renkei reload
	code 1
	says "no daemon runs on the state directory" "renkei daemon"
	daemon
	# Its first call is late until it was seen, and is made again then.
	tell "$HUB" delay '{"ms":60000}'
	control ask me sync -- contacts
	code 0
	says '"state":"starting"'
	wait_for "daemon.run"
	for _ in $(seq 200); do
		[ "$(state_of_sync | tail -n 1)" = running ] && break
		grep -q daemon.ended "$DIR/log" && fail "it ran, and nobody could see it"
	done
	control ask me sync contacts
	code 0
	says '"state":"running"'
	tell "$HUB" delay '{"ms":0}'
	# Asked for while it ran, it runs once more.
	wait_for "code=0" 2
	true_to_the_source 5
	renkei history --json
	cp "$DIR/out" "$DIR/typed"
	control ask me history
	code 0
	cmp -s "$DIR/typed" "$DIR/out" || diff "$DIR/typed" "$DIR/out" || fail "another answer"
	control ask me describe nowhere
	code 2
	says "nowhere"
	control ask me sync nowhere
	code 99
	says 'refused: the daemon knows no sync "nowhere"'
	log_says "command=sync user=me"
	NAME=second
	configure
	renkei reload --json
	code 0
	says '"daemon":"taken"'
	control ask me sync second
	code 0
	echo 'syncs = ( { name = ' >"$DIR/renkei.conf"
	control ask me reload
	code 2
	says '"taken":false'
	stop TERM 0
	[ ! -e "$DIR/state/daemon.sock" ] || fail "the socket is left"
}
scenario "what a command prints is the answer, and a sync runs behind it" answers

refuses() {
	place
	daemon
	control hostile
	code 0
	lines out ': ' 19
	lines out ': (refused: |closed$)' 19
	lines out ': closed$' 3
	control ask me status
	code 0
	if [ "$(id -u)" = 0 ]; then
		chmod 755 "$WORK" "$(dirname "$WORK")" "$DIR" "$DIR/state"
		control stranger
		lines out '^closed$' 1
	fi
	python3 -B "$PARTS/control.py" "$DIR/state" hang 60 >"$DIR/hanging" &
	PIDS+=($!)
	await_line "$DIR/hanging" hanging
	control ask me status
	code 0
	stop TERM 0
}
scenario "who asks wrongly, hangs or is somebody else costs nothing" refuses

# What only looks is ended with the one who asked; what changes something is not.
leaves() {
	place
	seed 5
	tell "$HUB" delay '{"ms":60000}'
	daemon
	control leave plan contacts
	wait_for "command=plan"
	for _ in $(seq 200); do
		[ -z "$(processes "renkei --json -c $DIR/")" ] && break
		sleep 0.05
	done
	equal "$(processes "renkei --json -c $DIR/")" "" "commands that nobody waits for"
	for _ in $(seq 12); do control leave test contacts --match=email=x@example.com; done
	wait_for "command=test" 12
	for _ in $(seq 200); do
		[ "$(processes "renkei --json -c $DIR/" | wc -l)" = 8 ] && break
		sleep 0.05
	done
	equal "$(processes "renkei --json -c $DIR/" | wc -l)" 8 "commands at once"
	stop TERM 0
	equal "$(processes "renkei --json -c $DIR/")" "" "commands that are left"
}
scenario "commands end with who asked, run eight at a time, and end with the daemon" leaves

field() { # field LIST INDEX KEY: of the JSON in $DIR/out
	python3 -c 'import json, sys
print(json.load(open(sys.argv[1]))[sys.argv[2]][int(sys.argv[3])][sys.argv[4]])' "$DIR/out" "$@"
}

pauses() {
	place
	seed 3
	renkei pause contacts
	code 0
	says '"contacts" was paused by ' '"renkei resume contacts"'
	renkei sync contacts
	code 2
	says "renkei resume contacts"
	renkei sync --all
	code 0
	equal "$(calls "$HUB")" 0 "calls of a sync that is paused"
	renkei status --json --lang ja
	equal "$(field syncs 0 state)" paused "state"
	equal "$(field overrides 0 value) $(field overrides 0 configured)" "false true" "values"
	SYNC_MORE='every = "1h";'
	configure
	daemon
	log_says "0 of 1 syncs have a time"
	renkei resume contacts
	code 0
	says "goes on"
	wait_for "code=0"
	true_to_the_source 3
	# Of a run that is on its way nothing is lost; it is asked to end.
	tell "$HUB" delay '{"ms":60000}'
	control ask console:anna sync contacts
	wait_for "daemon.run" 2
	control ask console:anna pause kin
	code 0
	says 'paused'
	wait_for "daemon.ended" 2
	tell "$HUB" delay '{"ms":0}'
	control ask console:anna sync contacts
	code 99
	renkei resume contacts
	says "was paused by console:anna" "renkei resume kin"
	for word in status "errors list"; do
		renkei $word
		says '"contacts" was paused by console:anna' '"renkei resume kin"'
	done
	renkei pause --all
	renkei resume kin
	says "renkei resume --all"
	renkei resume --all
	code 0
	renkei pause nowhere
	code 2
	renkei pause
	code 2
	control ask console:anna sync contacts
	code 0
	wait_for "code=0" 2
	true_to_the_source 3
	renkei audit --json
	python3 - "$DIR/out" <<'END' || fail "the list of actions"
import json, sys
rows = [(r["who"], r["action"], r["code"]) for r in json.load(open(sys.argv[1]))["actions"]]
me = rows[-1][0]
assert rows[-1] == (me, "pause contacts", 0), rows
assert ("console:anna", "pause kin", 0) in rows and ("console:anna", "sync contacts", 0) in rows, rows
assert (me, "pause nowhere", 2) in rows and not any("status" in r[1] for r in rows), rows
END
	stop TERM 0
}
scenario "a pause holds whoever asks, and what was missed is made up for" pauses

overrides() {
	place
	seed 2
	SYNC_MORE='enabled = false;'
	configure
	renkei sync contacts
	code 2
	renkei resume contacts
	says "enabled = true"
	renkei override set enabled contacts true
	code 0
	renkei sync contacts
	code 0
	renkei resume contacts
	renkei override list --json
	equal "$(field overrides 0 value) $(field overrides 0 configured)" "true false" "values"
	renkei override clear enabled contacts
	renkei sync contacts
	code 2
	local row
	for row in "set enabled contacts maybe|true, false" "set enabled contcts true|contacts" \
		"set allocation hub nothing 5|burst" "set allocation hub burst much|a share such as" \
		"set notify.send ops daily|notify" "set colour contacts red|allocation" \
		"set enabled contacts|override list" "list all|override list" "change|help override"; do
		# shellcheck disable=SC2086 # words
		renkei override ${row%%|*}
		code 2
		says "${row#*|}"
	done
	renkei override set allocation hub burst 80%
	code 0
	renkei override set notify.send nobody daily
	code 2
	renkei override list
	says allocation burst 80%
	renkei override list --lang ja
	says 実行時の変更
}
scenario "a value that is set at run time holds, and stands beside the configured one" overrides
