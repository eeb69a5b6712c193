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

scenario "a first load from CSV into HubSpot, and again from nothing" first_load_into_hubspot
scenario "a first load from CSV into kintone" first_load_into_kintone
scenario "new and changed files are read, and nothing else" only_changes_are_read
scenario "rows are told apart by their key" keys_decide
