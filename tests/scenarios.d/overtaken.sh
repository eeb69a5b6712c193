# SPDX-License-Identifier: Apache-2.0
#
# overtaken.sh - rows of pending that something overtakes: a newer version while the
# older is in hand, an outcome that nobody knows, a source or target that will not
# help.  Nothing is lost or doubled, the run ends, and its figures add up.

. "$PARTS/overtaken.inc"

# The row of a lost write is taken up by the run that lists the record's next version:
# with the target at hand, or while it asks to wait.
version_in_hand() {
	overtaken_place "$2" "" $3
	contact one '"company":"First"'
	left_unknown "$1" "$LOST"
	edit 1 '{"company":"Second"}'
	if [ "$4" != 0 ]; then
		# What the target told is forgotten, so it is asked, and is busy.
		rm "$DIR"/state/host.db*
		fault "$KIN" "{$BUSY,\"times\":$4}"
	fi
	[ -z "${5-}" ] || fault "$KIN" "{\"match\":\"$1 /k/v1/records.json\",$5}"
	renkei sync contacts
	advance 600000
	whole 1
	equal "$(values "$KIN" 1 会社名)" Second "the company"
}
scenario "a newer version comes while the older is in hand" version_in_hand PUT "" "" 0
scenario "a newer version comes while the older waits for a busy target" \
	version_in_hand PUT "" "" 2
scenario "a newer version comes while the older is lost once more" \
	version_in_hand PUT "" "" 0 "$LOST"
scenario "a newer version comes while the older is refused" \
	version_in_hand PUT "" "" 0 "$REFUSED"
# What is in hand was written, and only the look before the next write shows it: the newer
# version has the row by then, and stays.
landed_in_hand() {
	overtaken_place "" 'history = "30d";'
	contact one '"company":"First"'
	renkei sync contacts
	edit 1 '{"company":"Second"}'
	cut_short PUT '"action":"drop_after"' 0.4
	sleep 0.9
	edit 1 '{"company":"Third"}'
	renkei sync contacts
	whole 1
	equal "$(values "$KIN" 1 会社名)" Third "the company"
	renkei sync contacts
	figures carried=0 waiting=0
}
scenario "a newer version comes while the older has landed" landed_in_hand
# Created for all that is known; a "no" is not believed yet.
scenario "a newer version comes before a look-up is believed" \
	version_in_hand POST "$E3" "--no-upsert --no-unique" 0

# A record without a key cannot be looked up: a lost create is for a person to settle.
keyless_create() {
	overtaken_place "$2" 'empty_key = "create";' $3
	load '{"lastname":"Key","firstname":"less","company":"First"}'
	load '{"lastname":"Key","firstname":"less too","company":"First"}'
	if [ "$1" = cut ]; then
		cut_short POST '"action":"late","ms":300'
	else
		fault "$KIN" '{"match":"POST /k/v1/records.json","action":"'"$1"'"}'
	fi
	renkei sync contacts
	sleep 1.2
	renkei sync contacts
	figures carried=2 waiting=2 created=0
	advance 600000
	sleep 2.2
	renkei sync contacts
	equal "$(live "$KIN" 1)" 2 "records at the target"
	edit 1 '{"company":"Second"}'
	renkei sync contacts
	equal "$(live "$KIN" 1)" 2 "records at the target after an edit"
	renkei errors contacts
	says "not known"
}
scenario "a create without a key, its answer lost" keyless_create drop_after "" ""
scenario "a create without a key, answered 500" keyless_create status_after "" ""
scenario "a create without a key in a run that was killed" keyless_create cut "" ""

# The record of an unknown create fails at the mapping, and is mended: the create may
# land all the same.
mended() {
	local KIN_WAITS=${KIN_WAITS/1500ms/2500ms}
	overtaken_place "$1" "" $2
	contact one '"company":"First"'
	local good=$MAP
	cut_short POST '"action":"late","ms":2000'
	MAP=${MAP/to = \"会社名\";/to = \"会社名\"; values = ( (\"Other\", \"other\") );}
	[ "$MAP" != "$good" ] || fail "the mapping has no mistake"
	configure
	renkei sync contacts
	figures failed=1
	MAP=$good
	configure
	renkei sync contacts
	sleep 2
	whole 1
}
scenario "a record fails and is mended while its create may still land" \
	mended "$E3" "--no-upsert --no-unique"

NO_IDS='"match":"POST *batch/read*","action":"status","status":403,"times":1000,
	"headers":{"Content-Type":"application/json"},
	"body":"{\"status\":\"error\",\"category\":\"MISSING_SCOPES\",\"message\":\"no\"}"'

# One due row has its record and waits in its lane, another is to be read by id.
source_refuses() {
	overtaken_place "" ""
	without_stage
	contact one '"company":"First"'
	contact two "$LEAD"
	left_unknown PUT "$LOST"
	with_stage
	fault "$HUB" "{$NO_IDS}"
	renkei sync contacts
	[ "$CODE" != 0 ] || fail "a source that refuses is not told"
	equal "$(values "$KIN" 1 会社名)" First "what was staged"
	figures failed=1
	whole 2
}
scenario "a source that refuses to read by id" source_refuses

# Errors of records that are gone are due, another is not yet, in front of a plan.
plan_of_gone() {
	overtaken_place "" ""
	without_stage
	contact one "$LEAD"
	contact two "$LEAD"
	contact three "\"company\":\"$(printf 'x%.0s' $(seq 300))\""
	renkei sync contacts
	figures failed=3
	with_stage
	fault "$HUB" "{$NO_IDS}"
	renkei sync contacts
	no_faults
	tell "$HUB" delete '{"object":"contacts","ids":[1,2]}'
	local before
	before=$(state_hash)
	renkei plan contacts
	[ "$CODE" = 0 ] || [ "$CODE" = 3 ] || fail "exit code $CODE"
	equal "$(state_hash)" "$before" "the state after the plan"
	renkei sync contacts
	code 3
	figures excluded=2 failed=1 carried=3
	equal "$(live "$KIN" 1)" 0 "records at the target"
}
scenario "a plan when records of errors are gone" plan_of_gone

# The target says that all went well, and does not name what it wrote.
nobody_tells() {
	overtaken_place "" ""
	contact one '"company":"First"'
	fault "$KIN" '{"match":"PUT /k/v1/records.json","times":1000,"action":"body",
		"headers":{"Content-Type":"application/json"},
		"body":"{\"records\":[{\"id\":\"\",\"operation\":\"INSERT\",\"revision\":\"1\"}]}"}'
	renkei sync contacts
	figures waiting=1
	[ "$(calls_to "$KIN" "PUT /k/v1/records.json")" -le 5 ] ||
		fail "$(calls_to "$KIN" "PUT /k/v1/records.json") writes in one run"
	whole 1
}
scenario "a target that does not tell what it wrote" nobody_tells

# The other way round: HubSpot puts single rows off, and means it.
to_hubspot() {
	cat >"$DIR/renkei.conf" <<END
connections: {
  hub: { connector = "hubspot"; host = "$HUBSPOT"; token = "$HUB_TOKEN"; $HUB_MORE };
  kin: { connector = "kintone"; host = "$KINTONE"; api_token = "$KIN_TOKEN"; $KIN_MORE };
};
syncs = ( { name = "contacts";
  from = { connection = "kin"; object = "1"; };
  to = { connection = "hub"; object = "contacts"; key = "email"; };
  map = ( { from = "メールアドレス"; to = "email"; }, { from = "氏名"; to = "lastname"; } );
} );
END
}
SLOW='{\"category\":\"RATE_LIMITS\",\"message\":\"slow\"}'
PUT_OFF='{"match":"POST *batch/upsert*","action":"status","status":207,
	"headers":{"Content-Type":"application/json"},
	"body":"{\"status\":\"COMPLETE\",\"results\":[],\"numErrors\":3,\"errors\":['$SLOW']}"'
put_off() {
	overtaken_place "" ""
	to_hubspot
	tell "$KIN" seed '{"object":"1","count":3}'
	fault "$HUB" "$PUT_OFF,\"times\":1000}"
	renkei sync contacts
	[ "$CODE" != 0 ] || fail "a target that puts off for ever is not told"
	figures waiting=3
	[ "$(calls "$HUB")" -le 15 ] || fail "$(calls "$HUB") calls in spite of the refusal"
	no_faults
	fault "$HUB" "$PUT_OFF,\"times\":2}"
	sleep 1
	renkei sync contacts
	code 0
	figures created=3 waiting=0
	equal "$(live "$HUB" contacts)" 3 "records at the target"
}
scenario "a target that puts single rows off" put_off

# The key of a linked target record is changed by hand to that of another source record.
adopt() {
	overtaken_place "$1" "" $2
	contact one '"company":"First"'
	renkei sync contacts
	figures created=1
	tell "$KIN" edit '{"object":"1","id":1,"values":{"メールアドレス":"two@example.com"}}'
	advance 600000
	contact two '"company":"Other"' 0
	advance 600000
	renkei sync contacts
	code 3
	figures failed=1 created=0 updated="$3"
	renkei errors contacts
	says duplicate "two records cannot be one"
	equal "$(values "$KIN" 1 会社名)" First "the company of the record it belongs to"
	equal "$(live "$KIN" 1)" 1 "records at the target"
	renkei cursor show contacts
	says "links             1"
	# The record is the first one's still; when it has its key again, both are there.
	edit 1 '{"company":"Second"}'
	renkei sync contacts
	figures updated=1
	equal "$(values "$KIN" 1 会社名)" Second "the company"
	edit 2 '{"company":"Third"}'
	whole 2
}
# A key passes from one record to another, and the one that takes it is listed first.
pass_key_on() {
	overtaken_place "$1" "" $2
	contact one
	contact two
	renkei sync contacts
	figures created=2
	advance 600000
	edit 2 '{"email":"three@example.com"}'
	edit 1 '{"email":"two@example.com"}'
	edit 2 '{"company":"Later"}'
	renkei sync contacts
	code 0
	figures read=2 updated=2 failed=0 source_calls=1
	whole 2
}
scenario "a key passes from one record to another" pass_key_on "" ""
scenario "a key passes from one record to another, without upsert" \
	pass_key_on "$E3" "--no-upsert --no-unique"

# A native upsert has overwritten it by then: the first one's values are written again.
scenario "a record would adopt what belongs to another" adopt "" "" 1
scenario "a record would adopt what belongs to another, without upsert" \
	adopt "$E3" "--no-upsert" 0

# Two linked records exchange their keys, which no target can hold on the way: both are
# told, nothing is overwritten, and a third key in between does it, as the error says.
exchange_keys() {
	overtaken_place "$1" "" $2
	contact one '"company":"First"'
	contact two '"company":"Second"'
	renkei sync contacts
	figures created=2
	edit 1 '{"email":"two@example.com"}'
	edit 2 '{"email":"one@example.com"}'
	renkei sync contacts
	code 3
	figures failed=2 updated=0
	renkei errors contacts
	says duplicate "if the two exchange their keys, give one of them a third key first"
	edit 1 '{"email":"third@example.com"}'
	renkei sync contacts
	code 0
	figures updated=2 failed=0
	edit 1 '{"email":"two@example.com"}'
	whole 2
}
scenario "two records exchange their keys" exchange_keys "" ""
scenario "two records exchange their keys, without upsert" \
	exchange_keys "$E3" "--no-upsert --no-unique"

# A record was created and nobody told; its key changes before it is sent again, and what is
# sent then is lost too: the record that is there is the one.
LANDED='"action":"drop_after"'
key_after_key() {
	overtaken_place "$2" "" $3
	contact one '"company":"First"'
	cut_short "$1" "$LANDED" 0.4
	edit 1 '{"email":"two@example.com"}'
	seen_only
	cut_short PUT "$LOST" 0.4
	sleep 2
	whole 1
}
scenario "a key changes after a lost create, and its update is lost" \
	key_after_key PUT "" ""
scenario "a key changes after a lost create, and its update is lost, without upsert" \
	key_after_key POST "$E3" "--no-upsert --no-unique"

# The same where the record cannot be written for a while.
fails_under_another_key() {
	overtaken_place "$2" "" $3
	without_stage
	contact one '"company":"First"'
	cut_short "$1" "$LANDED" 0.4
	edit 1 '{"email":"two@example.com","city":"リード"}'
	seen_only
	sleep 2
	renkei sync contacts
	figures failed=1
}
key_after_error() {
	fails_under_another_key "$@"
	edit 1 '{"city":""}'
	whole 1
}
scenario "a key changes after a lost create, and the record fails" key_after_error PUT "" ""
scenario "a key changes after a lost create, and the record fails, without upsert" \
	key_after_error POST "$E3" "--no-upsert --no-unique"

# The same where another record takes the key that was sent: it is no other's until that is
# settled.
key_taken() {
	fails_under_another_key "$@"
	contact one '"company":"Second"' 0
	advance 600000
	renkei sync contacts
	equal "$(values "$KIN" 1 会社名)" First "the company of the one that was created"
	figures waiting=1 failed=1
	edit 1 '{"city":""}'
	whole 2
}
scenario "a key is taken after a lost create of another record that fails" \
	key_taken PUT "" ""
scenario "a key is taken after a lost create of another record that fails, without upsert" \
	key_taken POST "$E3" "--no-upsert --no-unique"

# The same where the key is another record's, which gives it up later.
key_after_refusal() {
	overtaken_place "$2" "" $3
	contact two
	renkei sync contacts
	figures created=1
	advance 600000
	contact one '"company":"First"' 0
	advance 600000
	cut_short "$1" "$LANDED" 0.4
	edit 2 '{"email":"two@example.com"}'
	seen_only
	sleep 2
	renkei sync contacts
	figures failed=1
	edit 1 '{"email":"three@example.com"}'
	whole 2
}
scenario "a key changes after a lost create, to one that is given up" \
	key_after_refusal PUT "" ""
scenario "a key changes after a lost create, to one that is given up, without upsert" \
	key_after_refusal POST "$E3" "--no-upsert --no-unique"

# What stood there already was found by its key; its update lands after the next change.
late_adoption() {
	local KIN_WAITS=${KIN_WAITS/1500ms/4s}
	overtaken_place "$1" "" $2
	tell "$KIN" load '{"object":"1","records":[{"record":{
		"メールアドレス":{"value":"one@example.com"},"氏名":{"value":"somebody"}}}]}'
	contact one '"company":"First"'
	cut_short PUT '"action":"late","ms":3000'
	edit 1 '{"company":"Second"}'
	seen_only 1
	renkei sync contacts
	sleep 3
	whole 1
}
scenario "an update of what was found by its key lands after the next change" \
	late_adoption "$E3" "--no-upsert --no-unique"
scenario "an upsert of what stood there lands after the next change" late_adoption "" ""

# It was met by another field, and nobody told what became of the update that was to give
# it its key; then both fields change, and by neither is it met again.
answered_by_nothing() {
	fault "$KIN" "{\"match\":\"$1 /k/v1/records.json\",\"times\":1000,$2}"
	renkei sync contacts
	no_faults
}
met_otherwise() {
	overtaken_place "$3" 'empty_key = "create";' $4
	TO_MORE='fallback_keys = ( "電話" );'
	configure
	tell "$KIN" load '{"object":"1","records":[{"record":{"電話":{"value":"031"}}}]}'
	load "{$2\"lastname\":\"met\",\"company\":\"First\",\"phone\":\"031\"}"
	"$1" PUT "$LOST"
	edit 1 '{"email":"two@example.com","phone":"032"}'
	seen_only
	sleep 2
	whole 1
	equal "$(values "$KIN" 1 メールアドレス)" two@example.com "its key"
}
ONE='"email":"one@example.com",'
for how in left_unknown answered_by_nothing; do
	scenario "both keys change after an update of what another field met ($how)" \
		met_otherwise $how "$ONE" "" ""
	scenario "both keys change after such an update of a record without a key ($how)" \
		met_otherwise $how "" "$E3" "--no-upsert --no-unique"
done

# Where the target refuses that update, nothing was written: it is nobody's, and a record
# that has the key by then is the one.
refused_otherwise() {
	overtaken_place "$1" "" $2
	TO_MORE='fallback_keys = ( "電話" );'
	configure
	tell "$KIN" load '{"object":"1","records":[{"record":{"電話":{"value":"031"}}}]}'
	contact one '"company":"First","phone":"031"'
	answered_by_nothing PUT "$REFUSED"
	figures failed=1
	renkei cursor show contacts
	says "links             0"
	tell "$KIN" load '{"object":"1","records":[{"record":{
		"メールアドレス":{"value":"one@example.com"}}}]}'
	edit 1 '{"company":"Second"}'
	renkei sync contacts
	code 0
	figures updated=1 created=0
	equal "$(values "$KIN" 1 会社名 | tr '\n' ' ')" " Second " "the companies"
}
scenario "an update of what another field met is refused" \
	refused_otherwise "$E3" "--no-upsert --no-unique"
