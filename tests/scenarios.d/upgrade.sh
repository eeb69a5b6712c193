# SPDX-License-Identifier: Apache-2.0
#
# upgrade.sh - the state and the configuration of each released version are used by today's
# program as they are: nothing is lost, nothing is written again.
#
# tests/upgrade/VERSION.tar.gz was made by that version from the lives below:
#     RENKEI_FREEZE=FILE tests/scenarios BUILD upgrade
FROZEN=$TOP/tests/upgrade

# One after the other, so that ids at the target are known; the last is refused there.
lives() {
	local name
	for name in one two three; do
		contact $name '"company":"first"' 0
		advance 5000
		renkei sync contacts
		code 0
	done
	contact long "\"company\":\"$(printf '長%.0s' $(seq 300))\"" 0
	advance 5000
	renkei sync contacts
	code 3
}

upgraded() {
	place
	lives
	if [ -n "${RENKEI_FREEZE-}" ]; then
		renkei cursor set contacts 2026-01-01
		rm -f "$DIR"/state/*.sock "$DIR"/state/net.lock
		tar -C "$DIR/state" -czf "$RENKEI_FREEZE" syncs/contacts.db host.db
	fi
	# The CRMs are as that version left them; the state is its own.
	rm -rf "$DIR/state"
	mkdir -m 700 "$DIR/state"
	tar -C "$DIR/state" -xzf "${RENKEI_FREEZE:-$FROZEN/$1.tar.gz}" || fail "no state of $1"
	renkei doctor
	code 0
	says "3 links, 1 pending, every checksum fits"
	renkei errors list
	says "会社名" "expected at most 255"
	renkei history contacts --json
	equal "$(python3 -c 'import json, sys
print(len(json.load(open(sys.argv[1]))["runs"]))' "$DIR/out")" 4 "the runs on record"
	count_anew
	renkei sync contacts
	code 3
	figures created=0 updated=0 failed=1
	equal "$(calls_to "$KIN" "PUT /k/v1/records.json")" 0 "writes of what was written before"
	tell "$HUB" edit '{"object":"contacts","id":4,"values":{"company":"short"}}'
	tell "$HUB" edit '{"object":"contacts","id":2,"values":{"company":"second"}}'
	advance 5000
	whole 4
}
scenario "the state of 0.1.0" upgraded 0.1.0

# What a configuration of then says, one of today says too; a setting that is gone is told
# with its file and line.
same_settings() {
	cp "$FROZEN/$1.conf" "$DIR/renkei.conf"
	chmod 600 "$DIR/renkei.conf"
	renkei check
	code 0
	silent_about "is no setting" "expected a setting"
	echo 'long_gone = "1";' >>"$DIR/renkei.conf"
	renkei check
	code 2
	says "renkei.conf:$(wc -l <"$DIR/renkei.conf"): " "long_gone"
}
scenario "the settings of 0.1.0" same_settings 0.1.0
