# SPDX-License-Identifier: Apache-2.0
#
# secrets.sh - where keys come from: the environment, files, credentials of systemd,
# sealed; and keys that are turned while renkei works.

# seal SETTING KEY [OPTIONS]: what is printed.
seal() {
	local setting=$1 key=$2
	shift 2
	printf '%s\n' "$key" | "$BUILD/renkei" --state "$DIR/state" seal hub "$setting" "$@" ||
		fail "seal ended with $?"
}

a_sealed_key_stands_in_the_file() {
	place
	seed 3
	HUB_TOKEN=$(seal token sim-hubspot-token | sed -E 's/^token = "(.*)";$/\1/')
	case $HUB_TOKEN in sealed:*) ;; *) fail "sealed as $HUB_TOKEN" ;; esac
	equal "$(stat -c %a "$DIR/state/seal.key")" 600 "the mode of seal.key"
	configure
	renkei check
	code 0
	renkei connectors show hub
	says "(sealed)"
	silent_about "$HUB_TOKEN" sim-hubspot-token
	whole 3
	# Of another connection, or with another key, it opens nothing.
	sed -i 's/\bhub\b/hab/g' "$DIR/renkei.conf"
	renkei describe hab contacts
	code 2
	says "another connection"
	sed -i 's/\bhab\b/hub/g' "$DIR/renkei.conf"
	mv "$DIR/state/seal.key" "$DIR/key"
	renkei sync contacts
	code 2
	says "seal.key" "put it back from a backup"
	seal token other >"$DIR/other"
	renkei sync contacts
	code 2
	says "sealed with another key"
	mv "$DIR/key" "$DIR/state/seal.key"
	chmod 644 "$DIR/state/seal.key"
	renkei sync contacts
	code 2
	says "chmod 600"
	chmod 600 "$DIR/state/seal.key"
	whole 3
}
scenario "a sealed key stands in the configuration" a_sealed_key_stands_in_the_file

a_sealed_file_is_replaced() {
	place
	seed 3
	HUB_TOKEN=$(seal token sim-hubspot-token --out "$DIR/hub.sealed" |
		sed -E 's/^token = "(.*)";$/\1/')
	equal "$HUB_TOKEN" "sealed:$DIR/hub.sealed" "the reference"
	configure
	renkei sync contacts
	code 0
	tell "$HUB" token '{"token":"regenerated"}'
	renkei sync contacts
	code 5
	seal token regenerated --out "$DIR/hub.sealed" >"$DIR/sealed"
	contact new '' 0
	advance 5000
	whole 4
}
scenario "a sealed file is replaced, and takes effect" a_sealed_file_is_replaced

seal_takes_a_secret_and_nothing_else() {
	place
	renkei seal hub token
	code 2
	says "no secret came"
	renkei seal 'hub/..' token
	code 2
	says "is no name"
	printf 'a\tb\n' | "$BUILD/renkei" --state "$DIR/state" seal hub token 2>"$DIR/err"
	says "control characters"
	# At a terminal nothing of it is shown, and the prompt asks in both languages.
	python3 - "$BUILD/renkei" "$DIR/state" >"$DIR/out" <<'END' || fail "no prompt"
import os, pty, sys, time
for lang, words in ('en', 'it is not shown'), ('ja', '表示されません'):
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(sys.argv[1], [sys.argv[1], '--lang', lang, '--state', sys.argv[2],
                               'seal', 'hub', 'token'])
    seen = b''
    while words.encode() not in seen:
        seen += os.read(fd, 4096)
    time.sleep(0.3)
    os.write(fd, b'typed-secret\n')
    try:
        while True:
            more = os.read(fd, 4096)
            if not more:
                break
            seen += more
    except OSError:
        pass
    assert os.waitpid(pid, 0)[1] == 0, seen
    assert b'typed-secret' not in seen and b'token = "sealed:' in seen, seen
END
}
scenario "seal shows nothing of what is typed" seal_takes_a_secret_and_nothing_else

a_credential_of_the_service() {
	place
	seed 3
	HUB_TOKEN=credential:hubspot
	configure
	renkei sync contacts
	code 2
	says CREDENTIALS_DIRECTORY LoadCredential=hubspot
	mkdir "$DIR/credentials"
	printf sim-hubspot-token >"$DIR/credentials/hubspot"
	export CREDENTIALS_DIRECTORY=$DIR/credentials
	whole 3
	# The key of sealed secrets may be a credential too.
	HUB_TOKEN=$(seal token sim-hubspot-token | sed -E 's/^token = "(.*)";$/\1/')
	mv "$DIR/state/seal.key" "$DIR/credentials/"
	configure
	contact new '' 0
	advance 5000
	whole 4
}
scenario "a credential of systemd" a_credential_of_the_service

# S0-10: the key is turned while a request is on its way.
a_key_is_turned_during_a_run() {
	place
	seed 3
	printf sim-hubspot-token >"$DIR/key"
	HUB_TOKEN=file:$DIR/key
	configure
	# The old key is sent, and refused after it was turned.
	fault "$HUB" '{"match":"* /crm/objects/*","nth":1,"action":"delay","ms":1500}'
	( sleep 0.5; printf regenerated >"$DIR/key"; tell "$HUB" token '{"token":"regenerated"}' ) &
	renkei sync contacts
	wait $!
	code 0
	figures read=3 created=3
	grep -q 'refused; sent again' "$DIR/state/net.log" || fail "nothing was refused"
	whole 3
}
scenario "a key that is turned during a run goes on in the same run" a_key_is_turned_during_a_run

# With TLS it is looked at by tests/faults.txt, client-*.
a_client_certificate_is_a_secret() {
	place
	seed 3
	KIN_MORE='client_certificate_password = "env:KIN_PASSWORD";'
	configure
	renkei check
	code 2
	says 'has "client_certificate_password" without "client_certificate"'
	KIN_MORE="client_certificate = \"file:kin.pfx\";"
	configure
	renkei check
	code 2
	says "expected an absolute path"
	# Nothing leaves with one that is none, sealed or not.
	sealed=$(printf 'bm8gY2VydGlmaWNhdGU=\n' | "$BUILD/renkei" --state "$DIR/state" seal kin \
		client_certificate | sed -E 's/^[a-z_]+ = "(.*)";$/\1/')
	case $sealed in sealed:*) ;; *) fail "sealed as $sealed" ;; esac
	for reference in "$sealed" env:KIN_CERTIFICATE; do
		KIN_MORE="client_certificate = \"$reference\";"
		configure
		export KIN_CERTIFICATE=/etc/kin.pfx
		renkei sync contacts
		code 2
		says "neither PKCS#12 (PFX) nor PEM" "file:/PATH"
		silent_about bm8gY2VydGlmaWNhdGU /etc/kin.pfx
		equal "$(calls "$KIN")" 0 "calls to kintone"
	done
	renkei --lang ja check --online
	says "PKCS#12 (PFX) でも PEM でもなく"
	# Over plain HTTP one that has the form harms nothing.
	printf '0\202\001\002\003\n' >"$DIR/kin.pfx"
	KIN_MORE="client_certificate = \"file:$DIR/kin.pfx\";"
	configure
	whole 3
}
scenario "a client certificate is a secret of the connection" a_client_certificate_is_a_secret

# Each channel of a run takes the secret anew; what was wiped behind one is still there.
literal_for_many() {
	place
	seed 400
	KIN_TOKEN=sim-kintone-token
	TO_MORE="writers = 2;"
	configure
	renkei sync contacts
	code 0
	figures created=400
	whole 400
}
scenario "a literal secret opens more than one channel" literal_for_many

check_warns() {
	place
	renkei check
	code 0
	says "Nothing wrong was found"
	HUB_TOKEN=env:NOT_THERE
	configure
	renkei check
	code 0
	says NOT_THERE "No mistake was found; look at the warnings"
	silent_about "Nothing wrong was found"
}
scenario "a check that has warned does not say that nothing is wrong" check_warns
