# SPDX-License-Identifier: Apache-2.0
#
# lib.sh TOPIC FOLDER - runs the cases of one topic, and the words that cases are
# written in: start simulators, write a configuration, run renkei, expect.  A case
# ends at the first expectation that is not met.  Called by tests/scenarios.
set -u
TOPIC=$1
WORK=$2
FAILED=0
export LC_ALL=C.UTF-8 HUBSPOT_TOKEN=sim-hubspot-token KINTONE_TOKEN=sim-kintone-token
unset LANG LANGUAGE XDG_CONFIG_HOME XDG_STATE_HOME 2>/dev/null
PIDS=()

# ---- Cases --------------------------------------------------------------------

# scenario TITLE FUNCTION [ARGUMENTS]
scenario() {
	local title=$1 number log
	shift
	number=$(find "$WORK" -maxdepth 1 -type d | wc -l)
	DIR=$WORK/$number
	log=$WORK/$number.log
	mkdir "$DIR"
	( trap end_all EXIT; exec >"$log" 2>&1; "$@" )
	if [ $? = 0 ]; then
		echo "ok - $TOPIC: $title"
		rm -rf "$DIR"
	else
		echo "not ok - $TOPIC: $title"
		tail -n 60 "$log" | sed 's/^/    /'
		FAILED=1
	fi
}

end_all() {
	local pid
	for pid in "${PIDS[@]}"; do kill "$pid" 2>/dev/null; done
	wait 2>/dev/null
}

fail() {
	echo "FAILED: $*"
	exit 1
}

# processes COMMAND LINE: the pids of programs of this build whose command line
# begins so.
processes() {
	local folder line
	for folder in /proc/[0-9]*; do
		case $(readlink "$folder/exe" 2>/dev/null) in
		"$BUILD"/*) ;;
		*) continue ;;
		esac
		line=$({ tr '\0' ' ' <"$folder/cmdline"; } 2>/dev/null)
		case $line in "$1"*) echo "${folder#/proc/}" ;; esac
	done
}

# ---- Simulators ------------------------------------------------------------------

# Waits for a line of a file, at most ten seconds.
await_line() {
	local i
	for i in $(seq 200); do
		grep -q -E "$2" "$1" 2>/dev/null && return 0
		sleep 0.05
	done
	fail "$1 never said $2"
}

# simulators [OPTIONS]: sets HUBSPOT and KINTONE, and their ports HUB and KIN.
simulators() {
	# Those started before said "ready" here too.
	rm -f "$DIR/addresses"
	"$BUILD/renkei-simulator" --die-with-parent --no-limits --index-lag 0 "$@" \
		hubspot kintone >"$DIR/addresses" &
	PIDS+=($!)
	SIMULATOR=$!
	await_line "$DIR/addresses" '^ready'
	HUBSPOT=$(awk '$1 == "hubspot" { print $2 }' "$DIR/addresses")
	KINTONE=$(awk '$1 == "kintone" { print $2 }' "$DIR/addresses")
	HUB=${HUBSPOT##*:}
	KIN=${KINTONE##*:}
}

# ask PORT METHOD PATH [BODY]: prints the answer's body; fails unless it is a 200.
ask() {
	local port=$1 method=$2 path=$3 body=${4-} line status
	exec 8<>"/dev/tcp/127.0.0.1/$port" || return 1
	printf '%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n' "$method" "$path" >&8
	printf 'Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
		"$(printf %s "$body" | wc -c)" "$body" >&8
	read -r _ status _ <&8
	while read -r line <&8 && [ "$line" != $'\r' ]; do :; done
	cat <&8
	exec 8>&-
	[ "$status" = 200 ]
}

# tell PORT PATH BODY: control, without its answer.
tell() {
	ask "$1" POST "/_control/$2" "$3" >"$DIR/told" || fail "$2 $3: $(cat "$DIR/told")"
}

# seed COUNT [KIND]
seed() {
	tell "$HUB" seed "{\"object\":\"contacts\",\"count\":$1,\"kind\":\"${2:-plain}\"}"
}

# load PROPERTIES [AGE_MS]: one contact, as JSON; its stamp is an hour old.
load() {
	local now
	now=$(ask "$HUB" GET /_control/clock | sed 's/[^0-9]//g')
	tell "$HUB" load "{\"object\":\"contacts\",\"records\":[{\"updatedAt\":\
\"$((now - ${2:-3600000}))\",\"properties\":$1}]}"
}
# contact NAME [MORE PROPERTIES] [AGE_MS]
contact() {
	load "{\"email\":\"$1@example.com\",\"lastname\":\"$1\",\"firstname\":\"x\"${2:+,$2}}" \
		"${3:-3600000}"
}

advance() { tell "$HUB" clock "{\"advance_ms\":$1}"; }
fault() { tell "$1" fault "$2"; }
no_faults() { tell "$HUB" fault '{"clear":true}'; tell "$KIN" fault '{"clear":true}'; }
count_anew() { tell "$HUB" counts '{"reset":true}'; tell "$KIN" counts '{"reset":true}'; }
calls() { ask "$1" GET /_control/counts | sed -E 's/^\{"calls":([0-9]+).*/\1/'; }
# How often a route was called: calls_to PORT "PUT /k/v1/records.json"
calls_to() {
	ask "$1" GET /_control/counts | sed 's/,"in_flight_by".*//' |
		grep -o "\"$2\":[0-9]*" | sed 's/.*://' | grep . || echo 0
}
# Live records: live PORT OBJECT
live() { ask "$1" GET "/_control/records?object=$2" | sed -E 's/.*"live":([0-9]+)\}.*/\1/' |
	tail -n 1; }
# Values of one field of all records, one a line: values PORT OBJECT FIELD
values() {
	ask "$1" GET "/_control/records?object=$2" >"$DIR/records"
	python3 "$PARTS/look.py" values "$DIR/records" "$3"
}

# ---- Configuration ---------------------------------------------------------------------

# Every variable has a default; a case sets what it is about, then calls `configure`.
defaults() {
	HUB_HOST=$HUBSPOT
	KIN_HOST=$KINTONE
	HUB_TOKEN=env:HUBSPOT_TOKEN
	KIN_TOKEN=env:KINTONE_TOKEN
	HUB_MORE='request_deadline = "5s"; late_commit = "1s"; index_lag = "100ms";'
	KIN_MORE='request_deadline = "5s"; t_land = "300ms"; t_visible = "100ms";'
	GLOBAL=
	NAME=contacts
	OBJECT=contacts
	FROM_MORE=
	APP=1
	KEY=メールアドレス
	TO_MORE=
	SYNC_MORE=
	MORE_SYNCS=
	MAP=$(cat "$PARTS/map")
}

one_sync() {
	cat <<END
  { name = "$NAME"; $SYNC_MORE
    from = { connection = "hub"; object = "$OBJECT"; $FROM_MORE };
    to = { connection = "kin"; object = "$APP"; key = "$KEY"; $TO_MORE };
    map = (
$MAP
    ); }
END
}

configure() {
	cat >"$DIR/renkei.conf" <<END
$GLOBAL
connections: {
  hub: { connector = "hubspot"; host = "$HUB_HOST"; token = "$HUB_TOKEN"; $HUB_MORE };
  kin: { connector = "kintone"; host = "$KIN_HOST"; api_token = "$KIN_TOKEN"; $KIN_MORE };
};
syncs = (
$(one_sync)$MORE_SYNCS
);
END
}

# A place where all is well: simulators, and a configuration for them.
place() {
	simulators "$@"
	defaults
	configure
}

# ---- Runs ------------------------------------------------------------------------------------

# renkei ARGUMENTS: sets CODE; what it said lies in $DIR/out and $DIR/err.
renkei() {
	CODE=0
	timeout -k 5 100 "${RENKEI:-$BUILD/renkei}" -c "$DIR/renkei.conf" --state "$DIR/state" "$@" \
		>"$DIR/out" 2>"$DIR/err" </dev/null || CODE=$?
	echo "\$ renkei $* -> $CODE"
	head -c 4000 "$DIR/out"
	head -c 4000 "$DIR/err"
}

code() { [ "$CODE" = "$1" ] || fail "exit code $CODE, expected $1"; }
# Texts that must stand in what was said, on whichever channel.
says() {
	local text
	cat "$DIR/out" "$DIR/err" >"$DIR/said"
	for text in "$@"; do
		grep -a -q -F -e "$text" "$DIR/said" || fail "it does not say: $text"
	done
}
silent_about() {
	local text
	cat "$DIR/out" "$DIR/err" >"$DIR/said"
	for text in "$@"; do
		! grep -a -q -F -e "$text" "$DIR/said" || fail "it says: $text"
	done
}
lines() { [ "$(grep -a -c -E -e "$2" "$DIR/$1")" = "$3" ] ||
	fail "$1 has $(grep -a -c -E -e "$2" "$DIR/$1") lines of $2, expected $3"; }
equal() { [ "$1" = "$2" ] || fail "${3:-} is \"$1\", expected \"$2\""; }
valid_json() { python3 "$PARTS/look.py" valid "$DIR/out" || fail "out is no valid JSON"; }
# One figure of the line that a run prints: figure read
figure() { sed -nE "s/^$NAME: .*\\b$1=([0-9]+).*/\\1/p" "$DIR/out"; }
figures() {
	local pair
	for pair in "$@"; do
		equal "$(figure "${pair%%=*}")" "${pair#*=}" "${pair%%=*}"
	done
}

# What is repaired must go on to the end with nothing lost, doubled or changed.
# whole TARGETS: so many records at the target, all as the truth has them.
whole() {
	local i
	no_faults
	for i in $(seq 20); do
		renkei sync "$NAME"
		[ "$CODE" = 0 ] && [ "$(figure waiting)" = 0 ] && break
		sleep 0.3
	done
	code 0
	true_to_the_source "$1"
}
true_to_the_source() {
	"$BUILD/renkei-truth" "$HUB" --verbose >"$DIR/truth" 2>&1
	local verdict=$?
	cat "$DIR/truth"
	[ $verdict = 0 ] || fail "the target is not true to the source"
	equal "$(live "$KIN" "$APP")" "$1" "records at the target"
}
# as_described VENDOR...: what `place --record "$DIR/record"` recorded is what the vendors'
# interfaces are described to be, where those descriptions lie, which are not ours to
# ship.  What was seen of the last one is in $DIR/seen.
SPECS=${RENKEI_SPECS:-$TOP/../shared/apis/specs}
as_described() {
	local vendor checker file
	for vendor; do
		case $vendor in
		hubspot) checker=contract.py file=hubspot/renkei-hubspot-contract.json ;;
		kintone) checker=openapi.py file=kintone/openapi.yaml ;;
		esac
		[ -f "$SPECS/$file" ] || continue
		python3 -B "$PARTS/$checker" "$SPECS/$file" "$DIR/record" >"$DIR/seen" || {
			head -n 40 "$DIR/seen"
			fail "calls or answers of $vendor are not as described"
		}
	done
}
# The state file as it stands, and what the simulators saw written.
state_hash() { cat "$DIR"/state/syncs/*.db 2>/dev/null | sha256sum; }

. "$PARTS/$TOPIC.sh"
exit $FAILED
