# SPDX-License-Identifier: Apache-2.0
#
# six.sh - the six faults that syncs of CRMs are known for, each named after itself and
# shown end to end: none of them happens.  tests/guards takes away what keeps one of them
# out (guards.d/FAULT.patch) and demands that its case fails; so a case names its fault by
# the first words of its title.  With SIX=FAULT only that one is run.

E3='guarantee = "E3";'

# six FAULT TITLE FUNCTION [ARGUMENTS]
six() {
	local fault=$1 title=$2
	shift 2
	[ -n "${SIX-}" ] && [ "$SIX" != "$fault" ] || scenario "$fault: $title" "$@"
}

# Until nothing waits: a sync again and again, at most so often.
to_the_end() {
	local i
	for i in $(seq 20); do
		advance 2000
		renkei sync "$NAME"
		[ "$CODE" = 0 ] && [ "$(figure waiting)" = 0 ] && return
		sleep 0.3
	done
	fail "it does not come to its end"
}

# ---- A late update -----------------------------------------------------------------

# The record is stamped when its transaction began, and can be seen only after a run that
# listed beyond that stamp.
late_update() {
	local now
	place
	HUB_MORE='request_deadline = "5s"; late_commit = "20s"; index_lag = "100ms";'
	configure
	contact first
	to_the_end
	now=$(ask "$HUB" GET /_control/clock | sed 's/[^0-9]//g')
	tell "$HUB" load "{\"object\":\"contacts\",\"records\":[{\"updatedAt\":\"$now\",\
\"visible_at_ms\":$((now + 15000)),\"properties\":{\"email\":\"late@example.com\",\
\"lastname\":\"late\",\"firstname\":\"x\"}}]}"
	advance 10000
	contact second "" 0
	# A second that is not over yet is not listed to its end.
	advance 2000
	renkei sync contacts
	figures created=1
	advance 10000
	renkei sync contacts
	code 0
	figures created=1
	true_to_the_source 3
}
six late-update "a record that commits late, with an older stamp, is not lost" late_update

# ---- An unclear outcome ------------------------------------------------------------

# The target does what it is told, and nobody hears of it.
unclear_outcome() {
	place $2
	KIN_MORE="$KIN_MORE $1"
	configure
	seed 120
	fault "$KIN" "{\"match\":\"$3 /k/v1/records.json\",\"nth\":2,\"times\":1,$4}"
	renkei sync contacts
	to_the_end
	true_to_the_source 120
	equal "$(values "$KIN" 1 メールアドレス | sort | uniq -d | wc -l)" 0 "keys that stand twice"
}
six unclear-outcome "an upsert whose answer is lost is done once" unclear_outcome "" "" PUT \
	'"action":"drop_after"'
six unclear-outcome "a create whose answer is lost is done once" unclear_outcome "$E3" \
	"--no-upsert --no-unique" POST '"action":"drop_after"'
six unclear-outcome "a create that is answered 500 and done is done once" unclear_outcome "$E3" \
	"--no-upsert --no-unique" POST '"action":"status_after","status":500'

# ---- An echo -----------------------------------------------------------------------

# Two rules against each other: what one writes the other one reads.
BACK='{ from = "メールアドレス"; to = "email"; }, { from = "会社名"; to = "company"; }'
THERE='{ from = "email"; to = "メールアドレス"; }, { from = "lastname"; to = "氏名"; },
	{ from = "company"; to = "会社名"; }'

writes_of_a_round() {
	local sync
	count_anew
	for sync in contacts back; do
		NAME=$sync
		advance 2000
		renkei sync $sync
		code 0
	done
	NAME=contacts
	echo $(($(calls_to "$KIN" "PUT /k/v1/records.json") +
		$(calls_to "$HUB" "POST /crm/objects/batch/update") +
		$(calls_to "$HUB" "POST /crm/objects/batch/upsert"))) >"$DIR/writes"
}

echo_loop() {
	local i
	place
	MAP=$THERE
	KIN_MORE="$KIN_MORE late_commit = \"1s\"; index_lag = \"100ms\";"
	HUB_MORE="$HUB_MORE t_land = \"300ms\"; t_visible = \"100ms\";"
	MORE_SYNCS=", { name = \"back\";
		from = { connection = \"kin\"; object = \"1\"; };
		to = { connection = \"hub\"; object = \"contacts\"; key = \"email\"; };
		map = ( $BACK ); }"
	configure
	for i in 1 2 3; do contact "p$i" '"company":"one"' 0; done
	writes_of_a_round
	writes_of_a_round
	writes_of_a_round
	equal "$(cat "$DIR/writes")" 0 "writes of a round in which nobody edited anything"
	tell "$HUB" edit '{"object":"contacts","random":1,"seed":3,"fields":["company"]}'
	writes_of_a_round
	[ "$(cat "$DIR/writes")" -le 2 ] || fail "one edit made $(cat "$DIR/writes") writes"
	writes_of_a_round
	equal "$(cat "$DIR/writes")" 0 "writes of a round after that"
}
six echo "what one rule writes comes back through the other one and ends there" echo_loop

# ---- A delete that is revived ---------------------------------------------------------

# Somebody deletes a record at the target, and its source goes on changing.
revived_delete() {
	local i
	place
	KIN_MORE="$KIN_MORE $1"
	SYNC_MORE=$2
	configure
	for i in 1 2 3; do contact "p$i" '"company":"one"'; done
	to_the_end
	tell "$KIN" delete '{"object":"1","ids":[2]}'
	for i in 1 2; do
		tell "$HUB" edit '{"object":"contacts","random":3,"seed":'$i',"fields":["company"]}'
		advance 5000
		renkei sync contacts
		code 3
		figures updated=2 created=0 failed=1
		equal "$(live "$KIN" 1)" 2 "records at the target after change $i"
	done
	renkei errors list contacts
	says "was deleted at the target"
}
six revived-delete "what people deleted at the target stays deleted" revived_delete "" ""
six revived-delete "the same without upsert" revived_delete "$E3" ""
six revived-delete "the same where deletions are carried out" revived_delete "" \
	'deletes = "archive";'

# ---- One record that blocks many ------------------------------------------------------

# The target fails on whatever call carries it, as if it were in trouble itself.
one_blocks_many() {
	place
	seed 150
	contact poison
	seed 149
	fault "$KIN" '{"match":"PUT /k/v1/records.json","contains":"poison@","times":100000,
		"action":"status","status":503,"body":"busy"}'
	renkei sync contacts
	code 3
	figures read=300 created=299 failed=1
	contact later "" 0
	advance 600000
	renkei sync contacts
	figures created=1
	no_faults
	renkei errors resync contacts --all
	true_to_the_source 301
}
six one-blocks-many "a record that the CRM cannot bear costs itself alone" one_blocks_many

# ---- A backfill that burns the quota ------------------------------------------------

backfill_burns() {
	place
	HUB_MORE="$HUB_MORE limits = ( { limit = \"day\"; calls = \"40\"; reserve = \"50%\"; } );"
	MORE_SYNCS=", $(NAME=fresh SYNC_MORE='start = "now";' one_sync)"
	configure
	renkei sync fresh
	code 0
	seed 3000
	renkei sync contacts
	code 4
	contact late "" 0
	advance 5000
	NAME=fresh
	renkei sync fresh --priority incremental
	code 0
	[ "$(figure created)" -ge 1 ] || fail "the change did not go through"
}
six backfill "a backfill leaves calls of the day to the sync beside it" backfill_burns
