# SPDX-License-Identifier: Apache-2.0
#
# doctor.sh - renkei doctor: what is well is said to be, what is not is named with its
# cause and remedy.

healthy() {
	place
	seed 3
	whole 3
	renkei doctor
	code 0
	says "3 links, 0 pending, every checksum fits" "libcurl/" "contract 1, sha256"
	renkei doctor --json
	valid_json
	[ "$(python3 -c 'import json, sys
print(sum(c["state"] == "bad" for c in json.load(open(sys.argv[1]))["checks"]))' "$DIR/out")" = 0 ] ||
		fail "something is bad"
	# The address to allow at a CRM is the one that the kernel would leave by.
	local own
	own=$(python3 -c 'import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try:
    s.connect(("203.0.113.9", 443))
    print(s.getsockname()[0])
except OSError:
    pass')
	[ -z "$own" ] || says "calls leave by $own"
	renkei doctor --lang ja
	code 0
	says "対応 3 件"
}
scenario "all is well" healthy

# One thing at a time is spoiled, found, and made good again.
finds() {
	place
	seed 3
	whole 3
	chmod 755 "$DIR/state"
	renkei doctor
	code 1
	says "mode 0755" "chmod 700 $DIR/state"
	chmod 700 "$DIR/state"
	python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE fields_known SET body = body || 9 WHERE side = ?", ("to",))
db.commit()' "$DIR/state/syncs/contacts.db"
	renkei doctor
	code 1
	says "1 row of table fields_known is damaged" "runs go on" "restore the file"
	python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE link_recent SET body = body || 9 WHERE seq = 1")
db.commit()' "$DIR/state/syncs/contacts.db"
	renkei doctor
	code 1
	says "checksum does not fit" "cursor reset contacts"
	sed -i 's/name = "contacts"/nmae = "contacts"/' "$DIR/renkei.conf"
	renkei doctor
	code 0
	says "has mistakes" "renkei check"
	renkei status
	code 0
	says "(line"
	sed -i 's/connector = "kintone"/connector = "kintoen"/' "$DIR/renkei.conf"
	renkei doctor
	code 2
	says "has mistakes" "renkei check"
}
scenario "what is not well is found" finds

shows_off() {
	place
	KIN_MORE="$KIN_MORE sandbox = \"off\";"
	configure
	renkei doctor
	code 0
	says 'connection kin: sandbox = "off"' "remove the setting"
}
scenario "a connection without a sandbox is named" shows_off
