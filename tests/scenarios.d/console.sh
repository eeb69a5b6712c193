# SPDX-License-Identifier: Apache-2.0
#
# console.sh - renkei-console and its API: what it answers is what the commands print, it
# lets in who logged in, and nothing that comes to it harms the daemon.

. "$PARTS/console.inc"

begins() {
	place
	seed 5
	console
	client begin
	kill -9 "$(processes "renkei-console")"
	wait_for "console.started" 2
	log_says "program=renkei-console code=137"
	stop TERM 0
	equal "$(processes "renkei-console")" "" "consoles that are left"
}
scenario "the first link sets a password, once; a console that dies comes again" begins
