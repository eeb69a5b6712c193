# SPDX-License-Identifier: Apache-2.0
#
# writers.sh - several batches on their way at once: all that is one key or one record
# stays in one of them, and what goes wrong with one writer is nobody's loss.

two_writers() {
	place "$@"
	TO_MORE='writers = 2;'
	configure
}

# The most writes that were inside the target at once while 'run' went on.
watch_run() {
	local now
	MOST=0
	while kill -0 "$1" 2>/dev/null; do
		now=$(ask "$KIN" GET /_control/counts | sed 's/.*"in_flight_by"//' |
			grep -o '/k/v1/records.json":[0-9]*' | sed 's/.*://' |
			awk '{ n += $1 } END { print n + 0 }')
		[ "$now" -le $MOST ] || MOST=$now
	done
}

run_and_watch() {
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync contacts \
		>"$DIR/out" 2>"$DIR/err" </dev/null &
	local run=$!
	watch_run $run
	CODE=0
	wait $run || CODE=$?
	cat "$DIR/out" "$DIR/err"
}

# as_many WRITERS LEAST: never more writes than writers are inside the target at once,
# and 'LEAST' of them were.
as_many() {
	place --delay kintone=300
	seed 1000
	TO_MORE="writers = $1;"
	configure
	run_and_watch
	code 0
	figures read=1000 created=1000 writes=10
	[ "$MOST" -le "$1" ] && [ "$MOST" -ge "$2" ] || fail "$MOST writes at once"
	true_to_the_source 1000
}

# One batch is not shared out: a second process would cost more than it gives.
one_batch() {
	two_writers --delay kintone=300
	seed 100
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync contacts \
		>"$DIR/out" 2>"$DIR/err" </dev/null &
	local run=$! i most=0 now
	while kill -0 $run 2>/dev/null; do
		now=$(for i in $(cat /proc/$run/task/$run/children); do
			tr '\0' ' ' <"/proc/$i/cmdline"
			echo
		done 2>/dev/null | grep -c '^renkei-connector kintone')
		[ "$now" -le $most ] || most=$now
		sleep 0.01
	done
	wait $run
	equal $most 1 "connectors of the target"
}

too_many() {
	place
	TO_MORE='writers = 9;'
	configure
	renkei check
	code 2
	says 'renkei.conf' 'writers: found 9, but kintone allows 8 for "1" at most'
	renkei sync contacts
	code 2
}

# Two batches are on their way when the run dies, and one is loaded; none is lost.
killed_with_two() {
	place
	TO_MORE='writers = 2;'
	KIN_MORE='request_deadline = "6s"; t_land = "4s"; t_visible = "100ms";'
	configure
	seed 300
	fault "$KIN" '{"match":"P* /k/v1/records.json","times":1000,"action":"delay","ms":3000}'
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync contacts \
		>"$DIR/out" 2>"$DIR/err" </dev/null &
	local run=$! i rows=none
	for i in $(seq 200); do
		rows=$(sqlite_rows batch)
		[ "$rows" != 3 ] || break
		sleep 0.01
	done
	kill -9 $run
	wait $run
	equal "$rows" 3 "batches in the journal, one of them loaded ahead"
	no_faults
	renkei sync contacts
	whole 300
}
sqlite_rows() {
	python3 -c 'import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM " + sys.argv[2]).fetchone()[0])' \
		"$DIR/state/syncs/contacts.db" "$1" 2>/dev/null || echo none
}

# A target in trouble is left alone by both writers, and tried as often as by one.
both_pause() {
	two_writers
	seed 1000
	renkei check --online
	count_anew
	fault "$KIN" '{"match":"* /k/v1/records.json","times":1000,"action":"status","status":503}'
	renkei sync contacts
	code 1
	local tried=$(($(calls_to "$KIN" "PUT /k/v1/records.json") +
		$(calls_to "$KIN" "POST /k/v1/records.json")))
	[ "$tried" -ge 5 ] && [ "$tried" -le 10 ] || fail "tried $tried times"
	whole 1000
}

# Jobs are asked for again by the writer that carries them, also when another writer has
# nothing to do.
jobs_are_asked_for() {
	jobs "$1"
	seed 150
	sync_jobs
	code 0
	figures read=150 created=150 writes=2
}
# jobs WRITERS: a target that takes every batch as a job.
jobs() {
	place
	mkdir -m 755 "$DIR/connectors"
	cp "$BUILD"/plugins/.libs/hubspot.so "$BUILD"/tests/connectors/.libs/jobs.so \
		"$DIR/connectors"
	chmod 755 "$DIR"/connectors/*
	cat >"$DIR/renkei.conf" <<END
connector_dirs = ( "$DIR/connectors" );
connections: {
  hub: { connector = "hubspot"; host = "$HUBSPOT"; token = "env:HUBSPOT_TOKEN"; };
  jobs: { connector = "jobs"; host = "$KINTONE"; };
};
syncs = ( { name = "contacts";
    from = { connection = "hub"; object = "contacts"; };
    to = { connection = "jobs"; object = "x"; key = "email"; writers = $1; };
    map = ( { from = "email"; to = "email"; }, { from = "lastname"; to = "name"; } ); } );
END
}
sync_jobs() {
	CODE=0
	timeout -k 2 60 "$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync contacts \
		>"$DIR/out" 2>"$DIR/err" </dev/null || CODE=$?
	cat "$DIR/out" "$DIR/err"
}

# A question about a job that fails says nothing of the job: it is asked again, and the
# batch is not sent twice.
questions_that_fail() {
	jobs 1
	seed 50
	fault "$KIN" '{"match":"GET /job*","times":2,"action":"status","status":503,"body":"{}"}'
	sync_jobs
	code 0
	figures read=50 created=50 writes=1
	equal "$(calls "$KIN")" 3 "questions about the job"
}
# A job that tells of its rows has ended: what is known is kept, and what was put off
# goes as another job.
rows_put_off() {
	jobs 1
	seed 50
	fault "$KIN" '{"match":"GET /job*","times":1,"action":"status","status":409,"body":"{}"}'
	sync_jobs
	code 0
	figures read=50 created=50 writes=2
	equal "$(calls "$KIN")" 2 "questions about the jobs"
}
# Nobody knows whether the job has ended when its target is given up: the same values go
# again, newer ones of its records must wait, or the job would overwrite them.
a_job_left_alone() {
	jobs 1
	seed 50
	fault "$KIN" '{"match":"GET /job*","times":99,"action":"status","status":503,"body":"{}"}'
	sync_jobs
	code 1
	fault "$KIN" '{"clear":true}'
	tell "$HUB" edit '{"object":"contacts","random":50}'
	advance 5000
	sync_jobs
	figures created=50 updated=0 writes=1 waiting=50
}

scenario "one writer" as_many 1 1
scenario "two writers" as_many 2 2
scenario "four writers" as_many 4 3
scenario "a batch that one writer can carry" one_batch
scenario "more writers than the connector allows" too_many
scenario "a run that is killed with two batches on their way" killed_with_two
scenario "a target in trouble" both_pause
scenario "jobs of one writer" jobs_are_asked_for 1
scenario "a question about a job that fails is asked again" questions_that_fail
scenario "a job that tells of its rows has ended" rows_put_off
scenario "what a job may still write waits" a_job_left_alone
scenario "jobs of two writers, one of which has nothing to do" jobs_are_asked_for 2
