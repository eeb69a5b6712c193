# SPDX-License-Identifier: Apache-2.0
#
# memcheck.sh - a small sync with net and connectors, each watched by valgrind for values
# that were never written.  Called by the step valgrind of tests/check alone: slow.

watched_sync() {
	place
	seed 3
	HUB_MORE="$HUB_MORE sandbox = \"off\";"
	KIN_MORE="$KIN_MORE sandbox = \"off\";"
	configure
	cat >"$DIR/watched" <<END
#!/bin/sh
exec valgrind -q --trace-children=yes --log-file="$DIR/report.%p" "$BUILD/renkei" "\$@"
END
	chmod +x "$DIR/watched"
	RENKEI=$DIR/watched
	renkei sync contacts
	code 0
	renkei sync contacts
	code 0
	[ "$(ls "$DIR"/report.* | wc -l)" = 6 ] || fail "not every process was watched"
	cat "$DIR"/report.*
	# Lines of -- are valgrind's own troubles: it does not know Landlock's calls.
	! grep -q '^==' "$DIR"/report.* || fail "valgrind has reported"
	equal "$(live "$KIN" "$APP")" 3 "records at the target"
}

scenario "valgrind: a sync, its net and its connectors" watched_sync
