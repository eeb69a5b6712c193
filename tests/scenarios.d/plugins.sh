# SPDX-License-Identifier: Apache-2.0
#
# plugins.sh - connectors that cannot be found, trusted or loaded: the true reason is
# told; and those that break the contract in the middle of a run cost that run only.

# A folder of connectors of our own.
own_folder() {
	place
	seed 3
	FOLDER=$DIR/connectors
	mkdir -m 755 "$FOLDER"
	cp "$BUILD"/plugins/.libs/hubspot.so "$BUILD"/plugins/.libs/kintone.so "$FOLDER"
	GLOBAL="connector_dirs = ( \"$FOLDER\" );"
	configure
}
test_connector() { cp "$BUILD/tests/connectors/.libs/$1.so" "$FOLDER/$2.so"; }
repaired() {
	cp "$BUILD"/plugins/.libs/kintone.so "$FOLDER"
	chmod 755 "$FOLDER"
	chmod 644 "$FOLDER"/*.so
	whole 3
}

# not_usable TEXT...: refused before anything is read or written.
not_usable() {
	renkei check
	code 2
	says "$@"
	renkei sync contacts
	code 2
	says "$@"
	equal "$(calls "$HUB")" 0 "calls at the source"
	equal "$(calls "$KIN")" 0 "calls at the target"
}

a_text_file() {
	own_folder
	echo "hello, I am no program" >"$FOLDER/kintone.so"
	not_usable "$FOLDER/kintone.so" "no shared object"
	: >"$FOLDER/kintone.so"
	not_usable "$FOLDER/kintone.so"
	repaired
}
scenario "a text file that is named .so" a_text_file

a_library() {
	own_folder
	cp "$(ldconfig -p | awk '$1 ~ /^libcjson.so.1/ { print $NF; exit }')" \
		"$FOLDER/kintone.so"
	not_usable "$FOLDER/kintone.so" "no connector"
	repaired
}
scenario "a library that is no connector" a_library

another_name() {
	own_folder
	test_connector read_only kintone
	not_usable "$FOLDER/kintone.so" '"table"' "NAME.so"
	repaired
}
scenario "a connector under another's name" another_name

writable_by_others() {
	own_folder
	chmod 666 "$FOLDER/kintone.so"
	not_usable "$FOLDER/kintone.so" "written by others" "chmod go-w"
	chmod 644 "$FOLDER/kintone.so"
	chmod 777 "$FOLDER"
	not_usable "folder" "written by others"
	chmod 755 "$FOLDER"
	chown 12345 "$FOLDER/kintone.so" || exit 0
	not_usable "$FOLDER/kintone.so" "another user"
	chown 0 "$FOLDER/kintone.so"
	repaired
}
scenario "a connector that others may write" writable_by_others

not_there() {
	own_folder
	sed -i 's/connector = "kintone"/connector = "kintoen"/' "$DIR/renkei.conf"
	not_usable '"kintoen"' "$FOLDER" 'did you mean "kintone"?' "renkei.conf:"
	sed -i 's/connector = "kintoen"/connector = "salesforce"/' "$DIR/renkei.conf"
	not_usable '"salesforce"' "hubspot, kintone"
	GLOBAL="connector_dirs = ( \"$DIR/no-such-folder\" );"
	configure
	not_usable no-such-folder
	GLOBAL="connector_dirs = ( \"$FOLDER\" );"
	configure
	repaired
}
scenario "a connector that is not there" not_there

# other CONNECTOR OBJECT: a sync from that connector beside the usual one.
other() {
	sed -i "s#^connections: {#connections: { odd: { connector = \"$1\";\
 host = \"$HUBSPOT\"; request_deadline = \"1s\"; $3 };#" "$DIR/renkei.conf"
	MORE=", { name = \"odd\"; from = { connection = \"odd\"; object = \"$2\"; };
  to = { connection = \"kin\"; object = \"1\"; key = \"メールアドレス\"; };
  map = ( { from = \"email\"; to = \"メールアドレス\"; },
          { from = \"email\"; to = \"氏名\"; } ); }"
	MORE=$MORE awk '/^\);/ { print ENVIRON["MORE"] } { print }' "$DIR/renkei.conf" >"$DIR/new"
	mv "$DIR/new" "$DIR/renkei.conf"
}

# What only loading shows.
true_reasons() {
	own_folder
	local row
	for row in "no_function|undefined symbol: nobody_has_this_function" \
		"no_variable|undefined symbol: nobody_has_this_variable" \
		"other_abi|its table has ABI 2" "no_symbol|does not export renkei_connector_v1" \
		"no_open|lacks open" "small|at least"; do
		configure
		test_connector "${row%%|*}" table
		other table things ""
		renkei sync odd
		[ "$CODE" = 1 ] || [ "$CODE" = 2 ] || fail "exit code $CODE"
		says "$FOLDER/table.so" "cannot be loaded" "${row#*|}"
	done
	configure
	whole 3
}
scenario "what cannot be loaded says the true reason" true_reasons

# A connector that misbehaves costs its own run: told as a bug, nothing is lost, and
# the sync beside it goes on.
misbehaves() {
	own_folder
	test_connector rogue rogue
	other rogue "$1" ""
	timeout 60 "$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync odd contacts \
		>"$DIR/out" 2>"$DIR/err" </dev/null
	CODE=$?
	cat "$DIR/out" "$DIR/err"
	code 1
	says "odd: " "$2"
	figures created=3
	equal "$(live "$KIN" 1)" 3 "records"
	[ -z "$(processes "renkei-connector rogue")" ] || fail "a connector was left behind"
}
for way in "crash|signal 11" "leave|code 7" "garbage|no valid answer" \
	"status|returned status 99" "long-token|damaged" "memory|asked for more memory" "hang|did not answer"; do
	scenario "a connector that does \"${way%%|*}\"" misbehaves "${way%%|*}" "${way#*|}"
done

fails_to_open() {
	own_folder
	test_connector rogue rogue
	other rogue things 'open = "refuse";'
	renkei sync odd
	code 2
	says 'the setting "open" says so'
	configure
	other rogue things 'open = "crash";'
	renkei sync odd
	code 1
	says "signal 11"
}
scenario "a connector that fails when it is opened" fails_to_open

# Writes whose outcome nobody tells are settled by look-up or by sending again, and a
# connector that never tells leaves them waiting, not lost.
never_tells() {
	own_folder
	test_connector rogue rogue
	sed -i "s#^connections: {#connections: { odd: { connector = \"rogue\";\
 host = \"$HUBSPOT\"; t_land = \"100ms\"; t_visible = \"100ms\"; };#" "$DIR/renkei.conf"
	sed -i 's/to = { connection = "kin"; object = "1"; key = "[^"]*"/to = { connection = "odd";\
 object = "silent"; key = "email"/; s/to = "メールアドレス"/to = "email"/' "$DIR/renkei.conf"
	sed -i '/to = "会社名"\|to = "電話"\|to = "段階"\|見込み客\|顧客/d; s/to = "氏名"; },/to = "name"; }/' \
		"$DIR/renkei.conf"
	renkei sync contacts
	equal "$(figure created)" 0 created
	equal "$(figure waiting)" 3 waiting
	says "3 waiting"
}
scenario "a connector that never tells an outcome" never_tells

# What a connector writes to standard error is told as its own, tamed, and not without end.
prints() {
	own_folder
	test_connector rogue rogue
	other rogue print ""
	renkei sync odd
	says "connector.stderr connector=rogue:  [31mred" \
		"connector.stderr connector=rogue: and a second line"
	silent_about $'\033'
	configure
	other rogue mutter ""
	renkei cursor reset odd --links
	renkei sync odd
	says "connector=rogue: muttering without an end, line 0"
	[ "$(wc -c <"$DIR/err")" -lt 400000 ] || fail "$(wc -c <"$DIR/err") bytes were told"
}
scenario "what a connector prints" prints
