# SPDX-License-Identifier: Apache-2.0
#
# file.sh - files of one directory as source and as target: first loads from CSV, changed
# files, Shift_JIS both ways, exports, and what may be wrong with a file or its directory.

export FRESH_KEY=sim-freshsales-token

# files_and FROM TO OBJECT TO_OBJECT KEY: one sync between these connections.
files_and() {
	cat >"$DIR/renkei.conf" <<END
connections: {
  files: { connector = "file"; directory = "$FILES"; $FILES_MORE };
  hub: { connector = "hubspot"; host = "$HUBSPOT"; token = "env:HUBSPOT_TOKEN"; $HUB_MORE };
  kin: { connector = "kintone"; host = "$KINTONE"; api_token = "env:KINTONE_TOKEN"; $KIN_MORE };
};
syncs = ( { name = "sync"; $SYNC_MORE
  from = { connection = "$1"; object = "$3"; };
  to = { connection = "$2"; object = "$4"; key = "$5"; };
  map = ( $MAP );
} );
END
}

at_files() {
	simulators
	defaults
	FILES=$DIR/files FILES_MORE='key = "email";'
	mkdir -m 0750 "$FILES"
	MAP='{ from = "email"; to = "email"; }, { from = "lastname"; to = "lastname"; },
    { from = "company"; to = "company"; nulls = "clear"; }'
	files_and files hub customers contacts email
}

# So many rows of customers, as CSV with a header.
rows() {
	printf 'email,lastname,company\r\n'
	seq "$@" | sed 's/.*/c&@example.com,"鈴木, &",株式会社&\r/'
}
# Changed a minute ago: neither in the middle of being written, nor read too early.
aged() { touch -d '1 minute ago' "$@"; }
run() {
	renkei sync sync
	code "${1:-0}"
}
# The file's values of one column, sorted.
column() { python3 "$PARTS/look.py" column "$1" "$2" "${3:-utf-8}" | sort; }

# ---- Reading ------------------------------------------------------------------------

first_load_into_hubspot() {
	at_files
	rows 1 2500 >"$FILES/customers.csv"
	aged "$FILES/customers.csv"
	renkei check --online
	code 0
	run
	says 'read=2500 created=2500 updated=0'
	[ "$(live "$HUB" contacts)" = 2500 ] || fail "contacts"
	values "$HUB" contacts lastname | sort | cmp - <(column "$FILES/customers.csv" lastname) ||
		fail "names differ"
	# What was loaded is found by its key when it comes again, whatever is forgotten.
	rm -r "$DIR/state"
	run
	says 'read=2500 created=0 '
	[ "$(live "$HUB" contacts)" = 2500 ] || fail "contacts"
}

first_load_into_kintone() {
	at_files
	MAP='{ from = "email"; to = "メールアドレス"; }, { from = "lastname"; to = "氏名"; }'
	files_and files kin customers 1 メールアドレス
	rows 1 300 >"$FILES/customers.csv"
	run
	says 'read=300 created=300 '
	values "$KIN" 1 氏名 | sort | cmp - <(column "$FILES/customers.csv" lastname) ||
		fail "names differ"
}

# An idle run reads no file and asks the target nothing; a changed file is read alone, and
# costs a write for what changed in it.
only_changes_are_read() {
	at_files
	rows 1 100 >"$FILES/customers-2026-11-01.csv"
	rows 101 150 >"$FILES/customers-2026-11-02.csv"
	aged "$FILES"/*
	run
	says 'read=150 created=150'
	count_anew
	run
	says 'read=0 '
	says 'target_calls=0 '
	[ "$(calls "$HUB")" = 0 ] || fail "the target was called"
	sed -i 's/株式会社120/有限会社120/' "$FILES/customers-2026-11-02.csv"
	rows 200 200 >"$FILES/customers-2026-11-03.csv"
	aged "$FILES/customers-2026-11-02.csv" "$FILES/customers-2026-11-03.csv"
	mv "$FILES/customers-2026-11-01.csv" "$FILES/customers-2026-10-31.csv"
	run
	says 'read=51 created=1 updated=1 unchanged=49'
	run
	says 'read=0 '
}

# Twelve months of the same customers: the last one counts, and is all that is written,
# also when older files are other ones after a move, or come late.
months_are_written_once() {
	local month file
	at_files
	for month in 01 02 03 04 05 06 07 08 09 10 11 12; do
		file=$FILES/customers-2026-$month.csv
		{ rows 1 100; rows "1$month" "1$month" | tail -n 1; } |
			sed "s/株式会社/第${month}株式会社/" >"$file"
		touch -d "2026-$month-01" "$file"
	done
	run
	says 'read=112 created=112 updated=0'
	values "$HUB" contacts company >"$DIR/companies"
	[ "$(grep -c '^第12' "$DIR/companies")" = 101 ] || fail "not all are as December says"
	count_anew
	for file in "$FILES"/*; do
		cp -p "$file" "$FILES/.copy" && mv "$FILES/.copy" "$file"
	done
	run
	says 'read=112 created=0 updated=0 unchanged=112'
	says 'target_calls=0 '
	rows 90 120 | sed 's/株式会社/古株式会社/' >"$FILES/customers-2025-12.csv"
	touch -d 2025-12-01 "$FILES/customers-2025-12.csv"
	run
	says 'read=8 created=8 updated=0'
	values "$HUB" contacts company | grep -v '^古' | sort | cmp - <(sort "$DIR/companies") ||
		fail "the old file took something back"
	run
	says 'read=0 '
}

keys_decide() {
	at_files
	printf '\xEF\xBB\xBFemail,lastname,company\n' >"$FILES/customers.csv"
	printf 'a@example.com,first,\nb@example.com,"two\nlines, and ""quotes""",x\n' \
		>>"$FILES/customers.csv"
	printf ',nobody,x\na@example.com,last,\n\n' >>"$FILES/customers.csv"
	aged "$FILES/customers.csv"
	run
	says 'read=3 created=2 updated=0 unchanged=0 excluded=1'
	values "$HUB" contacts lastname | sort | tr '\n' ';' | grep -qF 'last;lines, and "quotes";two;' ||
		fail "$(values "$HUB" contacts lastname)"
}

# ---- Encodings ----------------------------------------------------------------------

shift_jis_is_read() {
	at_files
	FILES_MORE='key = "email"; encoding = "shift_jis";'
	files_and files hub customers contacts email
	{ rows 1 50; echo 's@example.com,表示ソ能十ﾊﾝｶｸ①髙﨑～,"構, ""造"""'; } |
		iconv -f UTF-8 -t CP932 >"$FILES/customers.csv"
	aged "$FILES/customers.csv"
	run
	says 'read=51 created=51 '
	values "$HUB" contacts lastname | sort |
		cmp - <(column "$FILES/customers.csv" lastname cp932) || fail "names differ"
	values "$HUB" contacts company | sort |
		cmp - <(column "$FILES/customers.csv" company cp932) || fail "companies differ"
}

shift_jis_is_written() {
	at_files
	FILES_MORE='key = "email"; encoding = "shift_jis"; columns = "email,lastname,company";'
	MAP='{ from = "email"; to = "email"; }, { from = "lastname"; to = "lastname"; },
    { from = "company"; to = "company"; }'
	files_and hub files contacts out email
	contact 表示ソ能十ﾊﾝｶｸ①髙﨑 '"company":"構, \"造\""'
	contact smile😀
	run 3
	says 'read=2 created=1 ' 'failed=1'
	column "$FILES/out.csv" lastname cp932 | grep -qx '表示ソ能十ﾊﾝｶｸ①髙﨑' ||
		fail "$(iconv -f CP932 -t UTF-8 "$FILES/out.csv")"
	iconv -f CP932 -t UTF-8 "$FILES/out.csv" | grep -q ',"構, ""造"""' || fail "quotes"
	renkei errors
	says property-value 'smile😀'
}

# ---- Writing ------------------------------------------------------------------------

contacts_are_exported() {
	at_files
	FILES_MORE='key = "email"; columns = "email,lastname,company";'
	files_and hub files contacts out email
	seed 2400
	run
	says 'read=2400 created=2400 '
	values "$HUB" contacts email | sort | cmp - <(column "$FILES/out.csv" email) ||
		fail "addresses differ"
	run
	says 'writes=0'
	cp "$FILES/out.csv" "$DIR/before"
	tell "$HUB" edit '{"object":"contacts","random":7,"seed":5,"fields":["lastname"]}'
	advance 300000
	run
	says 'updated=7 '
	[ "$(wc -l <"$FILES/out.csv")" = 2401 ] || fail "rows"
	[ "$(diff "$DIR/before" "$FILES/out.csv" | grep -c '^>')" = 7 ] || fail "not 7 rows differ"
	values "$HUB" contacts lastname | sort | cmp - <(column "$FILES/out.csv" lastname) ||
		fail "names differ"
	[ "$(find "$FILES" -type f | wc -l)" = 1 ] || fail "$(ls -la "$FILES")"
}

# What a person adds beside the mapped values stays; a new day begins a new file.
exports_rotate() {
	at_files
	FILES_MORE='key = "email"; format = "jsonl"; rotate = "day";'
	MAP='{ from = "email"; to = "email"; }, { from = "lastname"; to = "lastname"; }'
	files_and hub files contacts out email
	echo '{"email":"old@example.com","lastname":"old","tags":["a",{"b":1}],"n":12.50}' \
		>"$FILES/out-20200101.jsonl"
	contact old
	contact new
	run
	says 'read=2 created=1 updated=0 '
	[ "$(cat "$FILES"/out-20200101.jsonl | wc -l)" = 1 ] || fail "the old file was changed"
	grep -h -q '"new@example.com"' "$FILES"/out-2[0-9]*.jsonl || fail "the new file"
	[ "$(cat "$FILES"/out-*.jsonl | wc -l)" = 2 ] || fail "$(cat "$FILES"/out-*)"
}

fresh_to_file() {
	at_files
	"$BUILD/renkei-simulator" --die-with-parent --no-limits freshsales >"$DIR/fresh" &
	PIDS+=($!)
	await_line "$DIR/fresh" '^ready'
	FRESH=$(awk '$1 == "freshsales" { print $2 }' "$DIR/fresh")
	cat >"$DIR/renkei.conf" <<END
connections: {
  files: { connector = "file"; directory = "$FILES"; key = "email"; format = "jsonl";
           columns = "email,name"; };
  fresh: { connector = "freshsales"; host = "$FRESH"; api_key = "env:FRESH_KEY"; };
};
syncs = ( { name = "sync";
  from = { connection = "fresh"; object = "contacts"; };
  to = { connection = "files"; object = "people"; key = "email"; };
  map = ( { from = "email"; to = "email"; }, { from = "last_name"; to = "name"; } );
} );
END
	tell "${FRESH##*:}" seed '{"object":"contacts","count":150}'
	run
	says 'read=150 created=150 '
	values "${FRESH##*:}" contacts last_name | sort |
		cmp - <(column "$FILES/people.jsonl" name) || fail "names differ"
}

# ---- Faults ---------------------------------------------------------------------------

# What is no file of its own is not there.
only_files_are_read() {
	at_files
	rows 1 5 >"$FILES/customers.csv"
	rows 6 9 >"$DIR/outside.csv"
	ln -s "$DIR/outside.csv" "$FILES/customers-1.csv"
	mkfifo "$FILES/customers-2.csv"
	mkdir "$FILES/customers-3.csv"
	cp "$DIR/outside.csv" "$FILES/.customers-4.csv"
	aged "$FILES/customers.csv"
	run
	says 'read=5 created=5 '
	run
	says 'read=0 '
}

# A file without its end waits, and holds nobody else up.
half_a_file_waits() {
	at_files
	FILES_MORE='key = "email"; quiet = "1h";'
	files_and files hub customers contacts email
	rows 1 3 >"$FILES/customers-1.csv"
	aged "$FILES/customers-1.csv"
	{ rows 4 5; printf 'c6@example.com,hal'; } >"$FILES/customers-2.csv"
	run
	says 'read=3 created=3 '
	{ rows 7 8; printf 'c9@example.com,"in quotes\n'; } >"$FILES/customers-3.csv"
	run
	printf 'f,x\n' >>"$FILES/customers-2.csv"
	printf '9",x\n' >>"$FILES/customers-3.csv"
	run
	run
	[ "$(live "$HUB" contacts)" = 9 ] || fail "$(values "$HUB" contacts email)"
	values "$HUB" contacts lastname | grep -qx half || fail "half a row was believed"
}

# A row that cannot be read is told with its place; once it is right nothing is missing.
broken() {
	at_files
	FILES_MORE="key = \"email\"; quiet = \"1s\";"
	files_and files hub customers contacts email
	{ rows 1 20; eval "$1"; rows 21 30 | tail -n +2; } >"$FILES/customers.csv"
	aged "$FILES/customers.csv"
	run 2
	says "customers.csv:22: $2"
	renkei sync sync --lang ja
	code 2
	rows 1 30 >"$FILES/customers.csv"
	aged "$FILES/customers.csv"
	run
	[ "$(live "$HUB" contacts)" = 30 ] || fail "$(live "$HUB" contacts) contacts"
}

# A disk that is full: a limit on the size of files is as good, and needs no rights.
full() {
	at_files
	FILES_MORE='key = "email";'
	files_and hub files contacts out email
	{ printf 'email,lastname,company\r\n'
		seq 100000 | sed 's/$/@example.org,somebody of the many,who were here\r/'
	} >"$FILES/out.csv"
	cp "$FILES/out.csv" "$DIR/before"
	contact a
	contact b
	( ulimit -f $(($(stat -c %s "$FILES/out.csv") / 1024)); run 1
		says 'File too large' ) || exit 1
	cmp "$DIR/before" "$FILES/out.csv" || fail "the file was touched"
	[ -z "$(find "$FILES" -name '.*.renkei')" ] || fail "something was left behind"
	run
	tail -n +100002 "$FILES/out.csv" | cut -d, -f2 | sort | tr '\n' ' ' | grep -qx 'a b ' ||
		fail "$(tail -3 "$FILES/out.csv")"
}

# A place where even root makes no file.
read_only() {
	at_files
	REAL=$FILES FILES=/sys/kernel FILES_MORE='key = "email"; columns = "email,lastname,company";'
	files_and hub files contacts out email
	contact a
	run 5
	says 'out.csv cannot be written'
	FILES=$REAL
	files_and hub files contacts out email
	run
	column "$FILES/out.csv" lastname | grep -qx a || fail "nothing was written"
}

the_directory_may_go() {
	at_files
	rows 1 3 >"$FILES/customers.csv"
	aged "$FILES/customers.csv"
	run
	mv "$FILES" "$DIR/away"
	renkei check
	code 2
	says 'a directory that is there'
	run 2
	mv "$DIR/away" "$FILES"
	chmod o+w "$FILES"
	renkei check
	code 2
	says 'chmod o-w'
	chmod o-w "$FILES"
	rm "$FILES/customers.csv"
	rows 3 4 >"$FILES/customers-2.csv"
	aged "$FILES/customers-2.csv"
	run
	says 'read=2 created=1 updated=0 unchanged=1'
}

# ---- Killed -----------------------------------------------------------------------------

# killed TIMES COMMAND...: so many runs that are killed at some moment, each after the
# command; then runs until nothing is to be written any more.
killed() {
	local i times=$1 pid
	shift
	RANDOM=20261122
	for i in $(seq "$times"); do
		"$@" "$i"
		"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync sync \
			>>"$DIR/killed" 2>&1 &
		pid=$!
		sleep "0.$(printf %03d $((RANDOM % 350)))"
		kill -9 $pid 2>/dev/null
		wait $pid 2>/dev/null
	done
	no_faults
	for i in $(seq 60); do
		advance 300000
		renkei sync sync
		[ "$CODE" = 0 ] && grep -q ' waiting=0 failed=0 .* writes=0 ' "$DIR/out" && return
		sleep 0.5
	done
	fail "it does not come to an end"
}

some_are_edited() {
	tell "$HUB" edit "{\"object\":\"contacts\",\"random\":40,\"seed\":$1,\"fields\":[\"lastname\"]}"
	advance 60000
}

exports_are_killed() {
	at_files
	# A newer row waits until the older one, of a run that died, cannot land any more.
	FILES_MORE='key = "email"; columns = "email,lastname"; request_deadline = "3s";
    t_land = "100ms";'
	MAP='{ from = "email"; to = "email"; }, { from = "lastname"; to = "lastname"; }'
	files_and hub files contacts out email
	seed 3000
	killed 15 some_are_edited
	[ "$(column "$FILES/out.csv" email | uniq -d | wc -l)" = 0 ] || fail "a row stands twice"
	for field in email lastname; do
		values "$HUB" contacts $field | sort | cmp - <(column "$FILES/out.csv" $field) ||
			fail "$field differs"
	done
	[ -z "$(find "$FILES" -name '.*.renkei')" ] || fail "something was left behind"
}

another_file() {
	rows $(($1 * 60)) $(($1 * 60 + 89)) | sed "s/株式会社/第${1}株式会社/" \
		>"$FILES/.new" && mv "$FILES/.new" "$FILES/customers-$1.csv"
	touch -d "$((60 - $1)) minutes ago" "$FILES/customers-$1.csv"
}

loads_are_killed() {
	at_files
	MAP='{ from = "email"; to = "メールアドレス"; }, { from = "lastname"; to = "氏名"; },
    { from = "company"; to = "会社名"; }'
	files_and files kin customers 1 メールアドレス
	killed 15 another_file
	cat "$FILES"/customers-1.csv >"$DIR/all.csv"
	for i in $(seq 2 15); do tail -n +2 "$FILES/customers-$i.csv"; done >>"$DIR/all.csv"
	# Of several rows with one key the last one counts.
	column "$DIR/all.csv" email | sort -u | cmp - <(values "$KIN" 1 メールアドレス | sort) ||
		fail "the addresses differ"
	[ "$(values "$KIN" 1 会社名 | grep -c '^第14')" = 60 ] || fail "a row is stale"
	[ "$(values "$KIN" 1 会社名 | grep -c '^第15')" = 90 ] || fail "a row is missing"
}

# A row is told as another and then as it was, pages later: the last one counts, though by
# then the first may be on its way.
row_is_back() {
	at_files
	{ rows 1 1 | head -n 1; echo c1@example.com,鈴木,First; } >"$FILES/customers.csv"
	aged "$FILES/customers.csv"
	run
	says 'read=1 created=1'
	{
		rows 1 1 | head -n 1
		echo c1@example.com,鈴木,Second
		rows 2 "$1" | tail -n +2
		echo c1@example.com,鈴木,First
	} >"$FILES/customers.csv"
	touch -d '30 seconds ago' "$FILES/customers.csv"
	run
	run
	equal "$(values "$HUB" contacts company | grep -c First)" 1 "records as the last row says"
}

scenario "a first load from CSV into HubSpot, and again from nothing" first_load_into_hubspot
scenario "a first load from CSV into kintone" first_load_into_kintone
scenario "new and changed files are read, and nothing else" only_changes_are_read
scenario "of many files the newest counts, and each record is written once" months_are_written_once
scenario "a row is another, and a page later as it was" row_is_back 1500
scenario "a row is another, and pages later as it was" row_is_back 3500
scenario "rows are told apart by their key" keys_decide
scenario "Shift_JIS is read" shift_jis_is_read
scenario "Shift_JIS is written, and what it lacks is a sync error" shift_jis_is_written
scenario "HubSpot is exported; what changed is a row that changes" contacts_are_exported
scenario "an export is rotated, and older files stay" exports_rotate
scenario "Freshsales is exported" fresh_to_file
scenario "links, pipes and folders are no files" only_files_are_read
scenario "a file that is being written waits" half_a_file_waits
scenario "a quote too many" broken 'echo "x@example.com,x\"y,\"z" | cat' \
	'behind a closing quote'
scenario "a row of the wrong length" broken 'echo x@example.com,x' 'it has fewer cells'
scenario "a row without end" broken \
	'printf x@example.com,; head -c 1500000 /dev/zero | tr "\0" x; echo ,y' 'a row is longer'
scenario "bytes that are no UTF-8" broken 'printf "x@example.com,\\377,\\n"' 'it holds bytes'
scenario "a disk that is full" full
scenario "a directory that cannot be written to" read_only
scenario "a directory that goes and comes" the_directory_may_go
scenario "exports that are killed lose nothing and double nothing" exports_are_killed
scenario "loads that are killed lose nothing and double nothing" loads_are_killed
