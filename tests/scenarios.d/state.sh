# SPDX-License-Identifier: Apache-2.0
#
# state.sh - what renkei keeps: newer files, damaged ones, read-only and full disks,
# two at once.  One clear sentence, nothing changed, nothing lost.

newer_database() {
	place
	seed 3
	renkei sync contacts
	code 0
	contact n '' 0
	advance 5000
	python3 - "$DIR/state/syncs/contacts.db" <<-'END'
		import sqlite3, sys
		db = sqlite3.connect(sys.argv[1])
		db.execute('PRAGMA user_version = 9')
		db.commit()
	END
	local before
	before=$(state_hash)
	count_anew
	for command in "sync contacts" "plan contacts" "status" "cursor show contacts" \
		"cursor reset contacts" "errors contacts"; do
		renkei $command
		code 2
		says "newer renkei" "version is 9" "Install that version again" "nothing was changed"
	done
	equal "$(calls "$HUB")$(calls "$KIN")" 00 "calls"
	equal "$(state_hash)" "$before" "the state"
	python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("PRAGMA user_version = 3")
db.commit()' "$DIR/state/syncs/contacts.db"
	whole 4
}
scenario "a state file of a newer version" newer_database

damaged_row() {
	place
	seed 3
	renkei sync contacts
	code 0
	python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE link_recent SET body = body || 9")
db.commit()' "$DIR/state/syncs/contacts.db"
	tell "$HUB" edit '{"object":"contacts","random":3,"fields":["company"]}'
	advance 5000
	renkei sync contacts
	code 1
	says '"link_recent" is damaged' "Restore" "cursor reset contacts"
	renkei cursor reset contacts --links
	code 0
	whole 3
}
scenario "a damaged row of the state" damaged_row

damaged_file() {
	place
	seed 3
	mkdir -p "$DIR/state/syncs"
	head -c 20000 /dev/urandom >"$DIR/state/syncs/contacts.db"
	renkei sync contacts
	code 1
	says damaged "restore it from a backup"
	rm "$DIR/state/syncs/contacts.db"
	whole 3
}
scenario "a state file that is something else" damaged_file

# in_namespace COMMAND...: renkei sees mounts that nobody else does.
in_namespace() {
	CODE=0
	unshare -m --propagation private bash -c "$1" >"$DIR/out" 2>"$DIR/err" </dev/null || CODE=$?
	echo "namespace: $1 -> $CODE"
	cat "$DIR/out" "$DIR/err"
}
can_mount() { unshare -m --propagation private mount -t tmpfs tmpfs /mnt 2>/dev/null; }
RUN='"$BUILD/renkei" -c "$DIR/renkei.conf" --state'

read_only() {
	place
	seed 3
	renkei sync contacts
	code 0
	contact n '' 0
	advance 5000
	local before command
	before=$(state_hash)
	count_anew
	export BUILD DIR
	for command in "sync contacts" "cursor set contacts now" "cursor reset contacts"; do
		in_namespace "mount --bind $DIR/state $DIR/state &&
			mount -o remount,ro,bind $DIR/state && $RUN $DIR/state $command"
		[ "$CODE" = 1 ] || [ "$CODE" = 2 ] || fail "exit code $CODE"
		says "$DIR/state" "Read-only file system" "make it writable"
	done
	equal "$(calls "$HUB")$(calls "$KIN")" 00 "calls"
	equal "$(state_hash)" "$before" "the state"
	whole 4
}
if can_mount; then
	scenario "a state folder that is read-only" read_only
else
	echo "skipped - $TOPIC: mounts of our own (needs root): read-only, full disk"
fi

# A disk of one mebibyte in the middle of a first read; then there is room.
full_disk() {
	place
	seed 2000
	mkdir "$DIR/disk"
	export BUILD DIR
	in_namespace "mount -t tmpfs -o size=${1}k tmpfs $DIR/disk || exit 9
		$RUN $DIR/disk sync contacts; echo code=\$?
		$RUN $DIR/disk sync contacts; echo code=\$?
		mount -o remount,size=64m $DIR/disk
		$RUN $DIR/disk sync contacts; echo code=\$?
		$RUN $DIR/disk sync contacts; echo code=\$?"
	says "disk is full" "free some space" "nothing was lost"
	equal "$(grep -o 'code=.' "$DIR/out" | tr '\n' ' ')" "code=1 code=1 code=0 code=0 " codes
	# The second run may find no room even to begin, and has done nothing then.
	[ "$(grep -c '^contacts:' "$DIR/out")" -ge 3 ] || fail "a run did not tell what it did"
	equal "$(tail -n 2 "$DIR/out" | sed -nE 's/.*created=([0-9]+) updated=([0-9]+).*/\1\2/p')" \
		00 "writes of the last run"
	true_to_the_source 2000
}
if can_mount; then
	for kib in 400 600 1024; do
		scenario "a disk that is full at $kib KiB" full_disk $kib
	done
fi

no_room_for_a_folder() {
	place
	seed 3
	echo "a file" >"$DIR/file"
	CODE=0
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/file/state" sync contacts \
		>"$DIR/out" 2>"$DIR/err" || CODE=$?
	[ "$CODE" = 1 ] || [ "$CODE" = 2 ] || fail "exit code $CODE"
	says "$DIR/file/state" "--state" "Not a directory"
	whole 3
}
scenario "a state folder that cannot be made" no_room_for_a_folder

two_at_once() {
	place --delay kintone=1500
	seed 250
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync contacts \
		>"$DIR/first" 2>&1 &
	local first=$!
	for _ in $(seq 400); do
		[ -e "$DIR/state/syncs/contacts.lock" ] &&
			grep -q ":$(stat -c %i "$DIR/state/syncs/contacts.lock") " /proc/locks && break
		sleep 0.02
	done
	renkei sync contacts
	code 1
	says "running already" "wait until that run has ended"
	renkei cursor reset contacts
	code 1
	says "running already"
	renkei status
	code 0
	tell "$KIN" delay '{"ms":0}'
	wait $first || fail "the first run: $(cat "$DIR/first")"
	grep -q "read=250 created=250" "$DIR/first" || fail "$(cat "$DIR/first")"
	true_to_the_source 250
}
scenario "two runs of one sync at once" two_at_once

identity() {
	place
	seed 3
	tell "$KIN" app '{"app":"2","fields":{
		"メールアドレス":{"type":"SINGLE_LINE_TEXT","unique":true},
		"氏名":{"type":"SINGLE_LINE_TEXT"},"会社名":{"type":"SINGLE_LINE_TEXT"},
		"電話":{"type":"SINGLE_LINE_TEXT"},"段階":{"type":"SINGLE_LINE_TEXT"}}}'
	renkei sync contacts
	code 0
	local before
	before=$(state_hash)
	APP=2
	configure
	for command in "sync contacts" "plan contacts" "cursor show contacts"; do
		renkei $command
		code 2
		says "belongs to hub contacts -> kin 1" "hub contacts -> kin 2" \
			"renkei cursor reset contacts"
	done
	equal "$(live "$KIN" 2)" 0 "records of the other app"
	equal "$(state_hash)" "$before" "the state"
	renkei cursor reset contacts
	code 0
	renkei sync contacts
	code 0
	figures read=3 created=3
	equal "$(live "$KIN" 2)" 3 "records of the other app"
}
scenario "another object under the same name" identity
