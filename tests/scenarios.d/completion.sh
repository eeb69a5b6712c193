# SPDX-License-Identifier: Apache-2.0
#
# completion.sh - bash completes what the tables say: commands, verbs, options, and names
# of the configuration.

# completes LINE...: what is offered behind LINE, sorted, in $OFFERED; the last word may be
# empty.
completes() {
	OFFERED=$(PATH="$BUILD:$PATH" bash --norc -c '
		. "$BUILD/completions/renkei"
		COMP_WORDS=(renkei "$@") COMP_CWORD=$#
		_renkei
		printf "%s\n" "${COMPREPLY[@]}"' completes "$@" 2>"$DIR/err" | sort | tr '\n' ' ')
	[ ! -s "$DIR/err" ] || fail "bash says: $(cat "$DIR/err")"
}
offers() { equal "$OFFERED" "$1 " "what is offered"; }

completion() {
	HUBSPOT=http://127.0.0.1:9 KINTONE=http://127.0.0.1:9
	defaults
	configure
	bash -n "$BUILD/completions/renkei" || fail "no bash"
	completes ''
	equal "$(wc -w <<<"$OFFERED")" "$("$BUILD/renkei" --help | sed -n '/^Set up/,/^Options/p' |
		grep -c '^  [a-z]')" "the number of commands"
	completes ba
	offers backup
	completes cursor ''
	offers "reset set show"
	completes cursor show --li
	offers "--links"
	completes --config "$DIR/renkei.conf" sync ''
	offers contacts
	completes -c "$DIR/renkei.conf" cursor reset ''
	offers contacts
	completes -c "$DIR/renkei.conf" sync contacts con
	offers contacts
	completes -c "$DIR/renkei.conf" map hub k
	offers kin
	completes errors re
	offers resync
	GLOBAL='notify: { ops: { chat = "env:CHAT"; }; };' configure
	completes notify ''
	offers "list send test"
	completes -c "$DIR/renkei.conf" notify test ''
	offers ops
	completes override set ''
	offers "allocation enabled notify.send"
	completes -c "$DIR/renkei.conf" override set allocation h
	offers hub
	completes -c "$DIR/renkei.conf" override clear enabled ''
	offers contacts
	completes -c "$DIR/renkei.conf" override set notify.send ''
	offers ops
	completes override set notify.send ops ''
	offers "daily immediate off weekly"
	completes override clear notify.send ops ''
	equal "$OFFERED" " " "behind what is cleared"
	completes user ''
	offers "link list remove"
	completes user link anna ''
	offers "operator viewer"
	completes vendor ''
	offers "certify new"
	completes help ko
	equal "$OFFERED" " " "of no command"
	completes help kin
	offers kintone
	completes help con
	offers "config conflicts connectors console"
	completes --lang ''
	offers "en ja"
	completes errors export --format j
	offers jsonl
	completes sync --ma
	equal "$OFFERED" " " "options of another command"
	mkdir "$DIR/here"
	touch "$DIR/here/kept"
	completes restore "$DIR/here/k"
	offers "$DIR/here/kept"
	completes --state "$DIR/her"
	offers "$DIR/here"
	completes nonsense ''
	equal "$OFFERED" " " "of no command at all"
}
scenario "commands, verbs, options, names and files" completion
