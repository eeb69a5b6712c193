# SPDX-License-Identifier: Apache-2.0
#
# hostile.sh - twelve connectors that attack the process, the machine or the run
# instead of doing their work; and three that do so while they are loaded.
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

# Before anybody has called it.
for row in "load-socket|tried to open a socket" "load-exec|tried to run a program"; do
	scenario "${row%%|*}" contained source "${row%%|*}" "connector hostile ${row#*|}"
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
