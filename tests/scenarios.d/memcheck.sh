# SPDX-License-Identifier: Apache-2.0
#
# memcheck.sh - runs and commands, each with its net and its connectors watched by
# valgrind for values that were never written.  Called by the step valgrind of
# tests/check alone: slow.

# As in lib.sh, but watched.
watched() {
	cat >"$DIR/watched" <<END
#!/bin/sh
exec valgrind -q --trace-children=yes --log-file="$DIR/report.%p" "$BUILD/renkei" "\$@"
END
	chmod +x "$DIR/watched"
	RENKEI=$DIR/watched renkei "$@"
}
# nothing_reported PROCESSES: so many were watched at least.  Lines of -- are valgrind's
# own troubles: it does not know Landlock's calls.
nothing_reported() {
	[ "$(ls "$DIR"/report.* | wc -l)" -ge "$1" ] || fail "not every process was watched"
	cat "$DIR"/report.*
	! grep -q '^==' "$DIR"/report.* || fail "valgrind has reported"
}
watched_place() {
	place "$@"
	HUB_MORE='sandbox = "off"; late_commit = "1s"; index_lag = "100ms"; request_deadline = "20s";'
	KIN_MORE='sandbox = "off"; t_land = "300ms"; t_visible = "100ms"; request_deadline = "20s";'
	MAP="$MAP, { from = \"member_no\"; to = \"会員番号\"; }"
	configure
}

both_outcomes() {
	watched_place
	contact one '"member_no":"M1"'
	watched sync contacts
	code 0
	contact two '"member_no":"M1"' 0
	contact three "\"company\":\"$(printf '長%.0s' $(seq 300))\"" 0
	advance 5000
	watched sync contacts
	code 3
	figures failed=2
	watched sync contacts
	nothing_reported 9
	equal "$(live "$KIN" "$APP")" 1 "records at the target"
}
scenario "a sync that is well, and one with records that failed" both_outcomes

# No write's answer ever came; the next run has to settle it.
recovers() {
	watched_place
	seed 30
	fault "$KIN" '{"match":"PUT /k/v1/records.json","times":1000,"action":"drop"}'
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync contacts \
		>"$DIR/out" 2>"$DIR/err" </dev/null &
	local run=$!
	sleep 1
	kill -9 $run
	wait $run
	no_faults
	sleep 1
	watched sync contacts
	nothing_reported 3
	whole 30
}
scenario "a run after one that was killed" recovers

# met FAULT: a run whose target answers so.
met() {
	watched_place
	seed 5
	fault "$KIN" "{\"match\":\"PUT /k/v1/records.json\",\"times\":1,$1}"
	watched sync contacts
	nothing_reported 3
	whole 5
}
scenario "a server's error" met '"action":"status","status":503'
scenario "a refusal that names no row" met '"action":"status","status":400,
	"headers":{"Content-Type":"application/json"},"body":"{\"code\":\"CB_VA01\",\"message\":\"no\"}"'
scenario "an answer that is lost" met '"action":"drop"'

# broken SIDE WAY: the host meets a connector that breaks the contract.
WHO=breaker
. "$PARTS/contain.inc"
broken() {
	local host
	bad_file "$1" "$2"
	watched_place
	seed 150                                # More than a page.
	GLOBAL="connector_dirs = ( \"$DIR/connectors\" );"
	configure
	case $1 in source) host=hubspot ;; *) host=kintone ;; esac
	sed -i "s/connector = \"$host\"/connector = \"$WHO\"/" "$DIR/renkei.conf"
	watched sync contacts --json
	code 1
	says '"category":"bug"'
	nothing_reported 3
}
for row in target:outcome-twice target:outcome-missing source:page-repeats \
	source:token-over-size source:text-not-utf8; do
	scenario "the contract broken: ${row#*:}" broken "${row%%:*}" "${row#*:}"
done

# Every fourth file that the fuzzers begin with, as the configuration.
hostile_files() {
	local file count=0
	for file in "$TOP"/tests/fuzz/corpus/config/*; do
		[ $((count++ % 4)) = 0 ] || continue
		cp "$file" "$DIR/renkei.conf"
		watched check
		[ "$CODE" -le 2 ] || fail "exit code $CODE"
	done
	nothing_reported 10
}
scenario "hostile configurations" hostile_files

commands() {
	local command
	watched_place
	contact one '"member_no":"M1"'
	contact two '"member_no":"M1"'
	renkei sync contacts
	code 3
	while read -r command; do
		# shellcheck disable=SC2086 # words
		watched $command
		[ "$CODE" = 0 ] || [ "$CODE" = 3 ] || fail "exit code $CODE"
	done
	nothing_reported "$1"
}
looking="errors list
errors show 2
errors export --format csv
history
status
why contacts 2
usage
cursor show contacts"
asking="check --online
plan contacts
preview contacts --match email=one@example.com
describe hub contacts
map hub/contacts kin/1"
scenario "commands that look" commands 8 <<<"$looking"
scenario "commands that ask both sides" commands 8 <<<"$asking"
