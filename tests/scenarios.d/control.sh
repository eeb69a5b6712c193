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
	wait_for "code=0"
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
		[ -z "$(processes "renkei --json")" ] && break
		sleep 0.05
	done
	equal "$(processes "renkei --json")" "" "commands that nobody waits for"
	for _ in $(seq 12); do control leave test contacts --match=email=x@example.com; done
	wait_for "command=test" 12
	for _ in $(seq 200); do
		[ "$(processes "renkei --json" | wc -l)" = 8 ] && break
		sleep 0.05
	done
	equal "$(processes "renkei --json" | wc -l)" 8 "commands at once"
	stop TERM 0
	equal "$(processes "renkei --json")" "" "commands that are left"
}
scenario "commands end with who asked, run eight at a time, and end with the daemon" leaves
