# SPDX-License-Identifier: Apache-2.0
#
# hostile.sh - twelve connectors that attack the process, the machine or the run
# instead of doing their work; then one that would have the kernel kill its host, and
# nine that reach out while they are loaded.
WHO=hostile
. "$PARTS/contain.inc"

for row in "crash|was ended by signal 11" "hang|did not answer within" \
	"spin|did not answer within" "memory|asked for more memory than a call may have" \
	"flood|did not answer within" "leave|ended by itself with code 7" \
	"fork|tried to start a process" "exec|tried to run a program" \
	"ptrace|reached for another process" "open|tried to open a file" \
	"socket|tried to open a socket" "garbage|sent what is no valid answer"; do
	scenario "${row%%|*}" contained target "${row%%|*}" "connector hostile ${row#*|}"
done

scenario own contained target own "connector hostile made a system call that no connector needs"

# Before anybody has called it.
for row in "load-socket|tried to open a socket" "load-exec|tried to run a program"; do
	scenario "${row%%|*}" contained source "${row%%|*}" "connector hostile ${row#*|}"
done

# Nothing was written yet that could suffer: its end and its name are enough.
named_early() {
	bad_file source "$1"
	simulators
	defaults
	GLOBAL="connector_dirs = ( \"$DIR/connectors\" );"
	configure
	sed -i 's#connector = "hubspot"#connector = "hostile"#' "$DIR/renkei.conf"
	renkei sync contacts --json
	code 1
	says "connector hostile $2" '"category":"bug"'
	[ -z "$(processes "renkei-connector $WHO")" ] || fail "a connector was left behind"
}
for row in "own|made a system call that no connector needs" "group|reached for another process" \
	"outlive|made a system call that no connector needs" "limit|reached for another process" \
	"write|tried to open a file" "mode|tried to open a file"; do
	scenario "load-${row%%|*}" named_early "load-${row%%|*}" "${row#*|}"
done

# A file is refused, and the load goes on.
reads_nothing_early() {
	bad_file source load-open
	two_places
	configure_with hubspot "$HUBSPOT" hostile
	renkei sync contacts
	silent_about "code 98"
	code 0
}
if "$BUILD/renkei-connector" --probe | grep -q 'sandbox=full'; then
	scenario "load-open" reads_nothing_early
else
	echo "skipped - $TOPIC: files while a connector is loaded (this kernel has no Landlock)"
fi
