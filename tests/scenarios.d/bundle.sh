# SPDX-License-Identifier: Apache-2.0
#
# bundle.sh - renkei bundle: what helps is in it, and nothing that was planted.

# unpacked: the bundle's parts lie in $DIR/in.
unpacked() {
	rm -rf "$DIR/in"
	mkdir "$DIR/in"
	tar -C "$DIR/in" -xf "$DIR/bundle" && (cd "$DIR/in" && sha256sum -c SHA256SUMS) ||
		fail "tar and sha256sum do not read it"
}
has() { grep -r -q -F -e "$1" "$DIR/in" || fail "it has not: $1"; }
has_not() { ! grep -r -F -e "$1" "$DIR/in" || fail "it has: $1"; }

bundle() {
	local long
	long=$(printf 'Secretive%.0s' $(seq 40))
	place
	export KINTONE_TOKEN=canary-in-the-environment
	tell "$KIN" token '{"token":"canary-in-the-environment"}'
	KIN_TOKEN=env:KINTONE_TOKEN
	MAP="$MAP, { from = \"member_no\"; to = \"会員番号\"; }"
	MORE_SYNCS=" /* canary-in-a-remark */"
	configure
	sed -i "s/env:HUBSPOT_TOKEN/$HUBSPOT_TOKEN/" "$DIR/renkei.conf"
	chmod 600 "$DIR/renkei.conf"
	contact planted '"member_no":"M-planted","phone":"0312345678"'
	renkei sync contacts
	code 0
	contact twin '"member_no":"M-planted"' 0
	contact wide "\"company\":\"$long\"" 0
	advance 5000
	renkei sync contacts
	code 3
	figures failed=2
	renkei bundle "$DIR/bundle"
	code 0
	says "no secrets" "tar -xf"
	equal "$(stat -c %a "$DIR/bundle")" 600 "the mode of the bundle"
	unpacked
	# What helps: versions, checks, rules, the errors with field and text.
	has "renkei $("$BUILD/renkei" --version | sed 's/.* //')"
	has 'SQLite'
	has 'env:KINTONE_TOKEN'
	has 'from = "${lastname} ${firstname}"'
	has '"category":	"duplicate"'
	has 'CB_VA01'
	has '"field":	"会員番号"'
	has '(masked)'
	has '(9 bytes)'
	local part
	for part in check connectors doctor errors history status usage; do
		python3 -m json.tool <"$DIR/in/$part.json" >"$DIR/parsed" || fail "$part.json is no JSON"
		! grep -q "told nothing" "$DIR/in/$part.json" || fail "$part.json is empty"
	done
	# What was planted.
	for part in canary "$HUBSPOT_TOKEN" M-planted planted@ twin@ Secretive 0312345678; do
		has_not "$part"
	done
	# Of a connector that is not there, nothing is known to be plain.
	mkdir "$DIR/conf.d"
	cat >"$DIR/conf.d/more.conf" <<-'END'
		connections: { other: { connector = "unheard-of"; host = "https://canary.example/place"; }; };
	END
	renkei bundle "$DIR/bundle"
	code 0
	unpacked
	has '"unheard-of"'
	has_not canary
	rm -r "$DIR/conf.d"
	# A search that finds nothing proves nothing.
	grep -q canary "$DIR/renkei.conf" || fail "nothing was planted"
	renkei errors list
	says Secretive M-planted
}
scenario "what helps is in it, keys and values are not" bundle

of_a_broken_one() {
	HUBSPOT=http://127.0.0.1:9 KINTONE=http://127.0.0.1:9
	defaults
	configure
	echo 'secret = "canary' >>"$DIR/renkei.conf"
	renkei bundle "$DIR/bundle"
	code 0
	unpacked
	has "cannot be read: see check.json"
	has '"weight":	"fatal"'
	has_not canary
	renkei bundle "$DIR/nowhere/bundle"
	code 2
	says "name a file in a folder"
	rm "$DIR/renkei.conf"
	renkei bundle "$DIR/bundle"
	code 0
}
scenario "of a configuration that cannot be read" of_a_broken_one
