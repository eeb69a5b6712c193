# SPDX-License-Identifier: Apache-2.0
#
# people.sh - what a person at the terminal sees: help, languages, JSON, exit codes,
# mistakes of the configuration all at once, and the installed form.

COMMANDS="audit check connectors cursor daemon demo describe errors help history map override pause
plan preview reload resume simulate
status sync test version why"

help_of_all() {
	place
	local command
	renkei --help
	code 0
	for command in $COMMANDS; do
		grep -q "^  $command " "$DIR/out" || fail "--help does not list $command"
	done
	for command in $COMMANDS; do
		renkei help $command
		code 0
		says "Usage: renkei $command"
		cp "$DIR/out" "$DIR/help"
		[ "$command" = simulate ] && continue
		renkei $command --help
		code 0
		cmp -s "$DIR/out" "$DIR/help" || fail "help $command and $command --help differ"
		renkei $command --help --lang ja
		code 0
		grep -q -P '\p{Hiragana}' "$DIR/out" || fail "$command --help is not Japanese"
	done
	for page in hubspot kintone config mapping; do
		renkei help $page
		code 0
		[ "$(wc -l <"$DIR/out")" -gt 15 ] || fail "help $page is short"
	done
	renkei help nonsense
	code 2
	renkei simulate --help
	code 0
	says --index-lag
}
scenario "every command has its help, in both languages" help_of_all

wrong_usage() {
	place
	local row
	for row in "sycn contacts|did you mean \"sync\"" "sync|renkei sync SYNC..." "sync contacs|did you mean \"contacts\"" \
		"--nonsense|renkei help" "plan|renkei plan SYNC" "describe|renkei describe CONNECTION" "describe hubb|did you mean \"hub\"" \
		"cursor|renkei cursor show" "cursor shwo contacts|show" "cursor set contacts|TIME" \
		"--lang fr status|en" "-c /no/such/file check|/no/such/file" "plan a b|renkei plan SYNC" \
		"test contacts|--match"; do
		# shellcheck disable=SC2086 # words
		renkei ${row%%|*}
		code 2
		says "${row#*|}"
		lines out . 0
	done
	renkei errors show
	code 2
	says "needs the id of a record"
	renkei --version
	code 0
	says "renkei "
	renkei
	[ "$CODE" = 2 ] || [ "$CODE" = 0 ] || fail "exit code $CODE"
	says Usage
}
scenario "wrong usage is told with the nearest name" wrong_usage

json_of_all() {
	place
	contact a
	contact bad "\"company\":\"$(printf '長%.0s' $(seq 300))\""
	contact odd '"company":"\"quotes\" \\ \u0007 \u001b[31m \u2028"'
	local command
	for command in "check" "check --online" "connectors" "connectors show hubspot" \
		"connectors show hub" "describe hub" "describe hub contacts" "describe kin 1" \
		"plan contacts" "preview contacts --match email=odd@example.com" "sync contacts" \
		"test contacts --match email=a@example.com" "sync --all" "status" \
		"status contacts" "errors contacts" "errors show 2" \
		"errors ignore 2" "errors list --ignored" "errors resync 2" "errors resync 99" \
		"errors export" "history" "why contacts 1" "why contacts 2" "cursor show contacts" \
		"cursor set contacts now" "cursor reset contacts" "version" "help" "help sync" \
		"sync nonsense" "preview contacts --match email=nobody" "describe kin 99" \
		"cursor set contacts soon" "nonsense"; do
		# shellcheck disable=SC2086 # words
		renkei $command --json
		[ -s "$DIR/out" ] || fail "$command --json prints nothing"
		valid_json
		lines out . 1
	done
	KIN_HOST=nonsense
	configure
	for command in check "sync contacts" status; do
		renkei $command --json
		code 2
		valid_json
		says include
	done
}
scenario "JSON of every command is valid" json_of_all

languages() {
	place
	contact a
	contact bad "\"company\":\"$(printf '長%.0s' $(seq 300))\""
	renkei --lang ja sync contacts
	code 3
	grep -q "^contacts: read=2 created=1 " "$DIR/out" || fail "the line of a run is translated"
	cat "$DIR/out" "$DIR/err" | grep -q -P '\p{Hiragana}' || fail "sync is not Japanese"
	local command
	for command in "check --online" "connectors show hubspot" "describe kin 1" \
		"plan contacts" "status" "errors contacts" "errors show 2" "errors resync 2" \
		"history" "why contacts 2" "errors ignore 2" "cursor show contacts"; do
		# shellcheck disable=SC2086 # words
		renkei --lang ja $command
		cat "$DIR/out" "$DIR/err" | grep -q -P '[\p{Hiragana}\p{Katakana}\p{Han}]' ||
			fail "$command is not Japanese"
	done
	HUBSPOT_TOKEN=wrong renkei --lang ja sync contacts
	code 5
	says "HTTP 401 Unauthorized" "入力誤り" "キーが再発行" "管理画面"
	LANG=ja_JP.UTF-8 LC_ALL='' renkei status
	code 0
	grep -q -P '[\p{Hiragana}\p{Katakana}\p{Han}]' "$DIR/out" || fail "LANG is not followed"
	LANG=ja_JP.UTF-8 LC_ALL='' renkei --lang en status
	! grep -q -P '[\p{Hiragana}\p{Katakana}]' "$DIR/out" || fail "--lang en is not followed"
}
scenario "English and Japanese" languages

# Exit codes, the first that applies over several syncs (2, 5, 1, 4, 3, 0).
exit_codes() {
	place
	contact a
	renkei sync contacts
	code 0
	contact bad "\"company\":\"$(printf '長%.0s' $(seq 300))\"" 0
	advance 5000
	renkei sync contacts
	code 3
	# Nothing runs by itself where a sync has no time.
	says "they are tried again by later runs"
	renkei errors
	says "Each is tried again by a later run"
	silent_about "by itself" "by themselves"
	MORE_SYNCS=', { name = "second"; from = { connection = "hub"; object = "contacts"; };
  to = { connection = "bad"; object = "1"; key = "メールアドレス"; };
  map = ( { from = "email"; to = "メールアドレス"; } ); }'
	configure
	sed -i "s#^connections: {#connections: { bad: { connector = \"kintone\";\
 host = \"$KINTONE\"; api_token = \"env:BAD_TOKEN\"; };#" "$DIR/renkei.conf"
	BAD_TOKEN=wrong renkei sync --all
	code 5
	sed -i "s#bad: { connector = \"kintone\"; host = \"$KINTONE\"#bad: { connector = \"kintone\";\
 host = \"http://127.0.0.1:1\"#" "$DIR/renkei.conf"
	BAD_TOKEN=wrong renkei sync --all
	code 1
	sed -i 's/{ from = "email"; to = "メールアドレス"; } )/{ from = "email"; } )/' "$DIR/renkei.conf"
	BAD_TOKEN=wrong renkei sync --all
	code 2
	renkei sync contacts
	code 3
}
scenario "exit codes: the first that applies" exit_codes

syntax_errors() {
	place
	mkdir "$DIR/conf.d"
	cp "$DIR/renkei.conf" "$DIR/good.conf"
	local row n=0
	while IFS='|' read -r text words; do
		n=$((n + 1))
		printf "$text\n" >"$DIR/conf.d/broken.conf"
		renkei check
		code 2
		says "conf.d/broken.conf:" "$words"
		renkei sync contacts
		code 2
		equal "$(calls "$HUB")" 0 "calls with a broken file"
	done <<-'END'
		a = ;|broken.conf:1
		syncs = ( { name = "x";|broken.conf:
		notify: { x: { mail = "a@example.jp; }; };|broken.conf:1
		x = 99999999999999999999;|found the number 99999999999999999999
		@include "other.conf"|@include
		a = "\xff";|UTF-8
		a = "b\x00c";|broken.conf:1
		syncz = ();|did you mean "syncs"
	END
	[ $n = 8 ] || fail "only $n rows"
	rm "$DIR/conf.d/broken.conf"
	renkei check
	code 0
}
scenario "one syntax error a file, with its place" syntax_errors

all_mistakes_at_once() {
	place
	cat >"$DIR/renkei.conf" <<-END
		connections: {
		  hub: { connector = "hubspot"; host = "nonsense"; tokn = "env:X"; };
		  kin: { connector = "kintoen"; host = "$KINTONE"; api_token = 5; };
		};
		syncs = (
		  { name = "a"; evry = "5m"; start = "soon";
		    from = { connection = "hubb"; object = "contacts"; };
		    to = { connection = "kin"; object = "1"; };
		    map = ( { from = "email"; to = "x"; }, { from = "city"; to = "x"; } ); },
		  { name = "a"; map = (); }
		);
	END
	renkei check
	code 2
	says renkei.conf:2: renkei.conf:3: renkei.conf:6: renkei.conf:7: renkei.conf:9: \
		'"tokn"' 'did you mean "token"' '"kintoen"' '"evry"' 'did you mean "every"' \
		'"soon"' '"hubb"' 'did you mean "hub"'
	[ "$(grep -c 'renkei.conf:' "$DIR/err")" -ge 10 ] ||
		fail "only $(grep -c 'renkei.conf:' "$DIR/err") mistakes"
	renkei --lang ja check
	code 2
	says '"evry" は同期の設定ではありません（"every" のことですか？）' '"soon" ではなく、' \
		'接続 "hubb" がありません'
	! grep -P '(\b[a-z]+ ){4}' "$DIR/err" || fail "a mistake is told in English"
}
scenario "all mistakes at once, each with its line" all_mistakes_at_once

quiet_and_streams() {
	place
	seed 3
	renkei -q sync contacts
	code 0
	lines out . 1
	lines err . 0
	renkei sync contacts
	code 0
	lines out . 1
	lines err . 0
	renkei sync contacts >/dev/full 2>/dev/null
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" status >/dev/full 2>"$DIR/err"
	[ $? != 0 ] || fail "a full standard output goes unnoticed"
}
scenario "quiet, and what goes to which stream" quiet_and_streams

the_demo() {
	simulators
	defaults
	configure
	renkei demo --once
	code 0
	lines out '^run=1 read=1000 created=1000 updated=0 unchanged=0 excluded=0 waiting=0 failed=0 carried=0 source_calls=[0-9]+ target_calls=[0-9]+ writes=10 seconds=' 1
	lines out '^run=2 read=0 created=0 updated=0 .* source_calls=[0-2] target_calls=0 writes=0 ' 1
	lines out '^run=3 read=10 .*updated=10 .* writes=1 ' 1
	says "5 minutes"
	lines out '^run=4 read=3 created=0 updated=0 .* failed=3 ' 1
	lines out '^  501  picklist  国: ' 1
	lines out '^  502  property-value  電話: ' 1
	lines out '^  503  duplicate  会員番号: ' 1
	lines out '^       why: ' 3
	lines out '^       do: ' 3
	lines out '^run=5 .*updated=1 .* failed=2 carried=3 ' 1
	lines out '^run=6 .*updated=1 .* failed=1 carried=2 ' 1
}
scenario "the demo shows its figures" the_demo

installed() {
	local prefix=$DIR/usr
	if [ "$(find "$BUILD/Makefile" 2>/dev/null)" = "" ]; then
		fail "$BUILD holds no Makefile"
	fi
	cp "$BUILD/config.status" "$DIR/" || fail "no config.status"
	make -s -C "$BUILD" install DESTDIR="$DIR/root" >"$DIR/install" 2>&1 ||
		fail "$(tail -n 20 "$DIR/install")"
	local bin lib
	bin=$(find "$DIR/root" -type f -name renkei -path '*bin/*')
	lib=$(find "$DIR/root" -type f -name renkei-connector)
	[ -x "$bin" ] && [ -x "$lib" ] || fail "installed: $(find "$DIR/root" -type f | head -50)"
	find "$DIR/root" -name '*.la' | grep . && fail ".la files are installed"
	for file in connectors/hubspot.so connectors/kintone.so renkei-net renkei-simulator \
		include/renkei/connector.h man1/renkei.1 man5/renkei.conf.5 \
		ja/man1/renkei.1 ja/man5/renkei.conf.5; do
		find "$DIR/root" -path "*/$file" | grep -q . || fail "$file is not installed"
	done
	can_mount || return 0
	# Where it was configured to be, as nobody else sees it.
	local prefix_dir=${bin#"$DIR/root"}
	prefix_dir=${prefix_dir%/bin/renkei}
	CODE=0
	BIN=$prefix_dir/bin/renkei ROOT=$DIR/root PREFIX=$prefix_dir unshare -m \
		--propagation private bash -c 'mkdir -p "$PREFIX" &&
		mount --bind "$ROOT$PREFIX" "$PREFIX" && cd / && "$BIN" version &&
		"$BIN" connectors && "$BIN" help kintone | head -n 3 && "$BIN" demo --once' \
		>"$DIR/out" 2>"$DIR/err" </dev/null || CODE=$?
	cat "$DIR/out" "$DIR/err"
	code 0
	says hubspot kintone "run=3 read=10" "run=6 read="
}
can_mount() { unshare -m --propagation private mount -t tmpfs tmpfs /mnt 2>/dev/null; }
scenario "installed, it finds its parts and runs the demo" installed
