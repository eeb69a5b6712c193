# SPDX-License-Identifier: Apache-2.0
#
# backup.sh - renkei backup and restore: what is kept is whole, what is put back is older
# than the target, and still nothing is lost, doubled or stale.

aside() { mv "$DIR/state" "$DIR/state.$1"; }

# The contact that is made after 40 seeded ones.
set_company() {
	tell "$HUB" edit "{\"object\":\"contacts\",\"id\":41,\"values\":{\"company\":\"$1\"}}"
}

older_than_the_target() {
	place
	[ "$1" = E1 ] || KIN_MORE="$KIN_MORE guarantee = \"$1\";"
	configure
	seed 40
	contact undone '"company":"before"' 0
	renkei sync contacts
	code 0
	figures created=41
	renkei backup "$DIR/kept"
	code 0
	says "1 sync" "every checksum fits" "$DIR/state/seal.key"
	equal "$(stat -c %a "$DIR/kept")" 600 "the mode of the backup"
	# What happens after it: new ones, changed ones, and one that goes there and back.
	advance 5000
	contact later '' 0
	tell "$HUB" edit '{"object":"contacts","random":10,"fields":["company"]}'
	set_company after
	advance 5000
	renkei sync contacts
	code 0
	figures created=1
	aside old
	renkei restore "$DIR/kept"
	code 0
	says "Restored" "renkei errors"
	set_company before
	contact newest '' 0
	advance 5000
	whole 43
	# What is known again is not written once more.
	count_anew
	renkei sync contacts
	code 0
	figures created=0 updated=0
	equal "$(calls "$KIN")" 0 "calls at the target"
}
scenario "an older state is put back: upsert by key" older_than_the_target E1
scenario "an older state is put back: look up, then create" older_than_the_target E3

# What has no key cannot be looked up: a person is asked, and what is new after the doubt
# is over is simply created.
without_a_key() {
	place
	SYNC_MORE='empty_key = "create";'
	configure
	seed 3
	renkei sync contacts
	code 0
	renkei backup "$DIR/kept"
	load '{"lastname":"nokey","firstname":"x"}' 0
	advance 5000
	renkei sync contacts
	code 0
	figures created=1
	aside old
	renkei restore "$DIR/kept"
	code 0
	renkei sync contacts
	figures created=0 waiting=1
	equal "$(live "$KIN" 1)" 4 "records at the target"
	renkei errors list
	says "Undecided" "put back from a backup"
	renkei errors list --lang ja
	says "バックアップから戻したため"
	load '{"lastname":"nokey2","firstname":"x"}' 0
	advance 5000
	renkei sync contacts
	figures created=1 waiting=1
	renkei errors settle contacts 4 --created-as 4
	code 0
	equal "$(live "$KIN" 1)" 5 "records at the target"
	renkei sync contacts
	code 0
	figures created=0 waiting=0
}
scenario "an older state is put back: a record without a key" without_a_key

# While runs go on; and each part of what was kept counts.
refuses() {
	place --delay kintone=50
	seed 400
	renkei backup "$DIR/kept"
	code 2
	says "holds no state"
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync contacts >"$DIR/first" 2>&1 &
	local run=$!
	for _ in $(seq 200); do
		[ "$(calls_to "$KIN" "PUT /k/v1/records.json")" -ge 1 ] && break
		sleep 0.05
	done
	python3 -c 'import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db:
    db.execute("INSERT INTO session VALUES(randomblob(8), \"anna\", 1, 1)")
    db.execute("INSERT INTO invite VALUES(randomblob(8), \"anna\", 1, 1)")' "$DIR/state/host.db" || fail "nobody is signed in"
	renkei backup "$DIR/kept"
	code 0
	wait $run || fail "the run: $(cat "$DIR/first")"
	renkei restore "$DIR/kept"
	code 2
	says "is in use" "move syncs, tokens"
	aside old
	(cd "$DIR" && mkdir x && tar -C x -xf kept && cd x && sha256sum -c SHA256SUMS) ||
		fail "tar and sha256sum do not read it"
	local at
	for at in 530 3000 $(($(stat -c %s "$DIR/kept") - 1500)); do
		cp "$DIR/kept" "$DIR/spoiled"
		printf X | dd of="$DIR/spoiled" bs=1 seek="$at" conv=notrunc status=none
		renkei restore "$DIR/spoiled"
		code 2
		says "no backup of renkei, or was cut off or changed" "nothing was restored"
	done
	head -c 20000 "$DIR/kept" >"$DIR/spoiled"
	renkei restore "$DIR/spoiled"
	code 2
	says "cut off"
	ln -s "$DIR" "$DIR/x/syncs/up.db"
	tar -C "$DIR/x" -cf "$DIR/spoiled" renkei-backup syncs/up.db
	renkei restore "$DIR/spoiled"
	code 2
	equal "$(find "$DIR/state" -type f ! -name daemon.lock)" "" "what a refused one leaves"
	# What a database left would be read into the one that comes.
	touch "$DIR/state/host.db-wal"
	renkei restore "$DIR/kept"
	code 2
	says "begins with net.db or host.db"
	rm "$DIR/state/host.db-wal"
	renkei restore "$DIR/nothing"
	code 2
	says "cannot be restored" "No such file"
	# Whoever has only looked has nothing to lose.
	renkei status
	[ -e "$DIR/state/host.db" ] || fail "the case needs a host.db"
	renkei restore "$DIR/kept"
	code 0
	equal "$(python3 -c 'import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db:
    print(*db.execute("SELECT (SELECT count(*) FROM session), (SELECT count(*) FROM invite)"))' \
		"$DIR/state/host.db")" "(0, 0)" "who is signed in, and may be"
	whole 400
}
scenario "a backup while a run writes; what was spoiled is refused" refuses

# A daemon runs on the state: nothing is put back below it.
below_a_daemon() {
	place
	seed 3
	whole 3
	renkei backup "$DIR/kept"
	code 0
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" daemon 2>"$DIR/log" &
	PIDS+=($!)
	await_line "$DIR/log" daemon.started
	renkei backup "$DIR/kept"
	code 0
	renkei restore "$DIR/kept"
	code 2
	says "stop the daemon"
}
scenario "beside a daemon" below_a_daemon
