# SPDX-License-Identifier: Apache-2.0
#
# notices.sh - notices: one for each change of state, by mail to a real SMTP server
# (exim, with TLS and a login), chat, webhook and command; digests; what cannot be sent
# waits in the outbox.

. "$PARTS/daemon.inc"
. "$PARTS/twoway.inc"
READ='GET /crm/objects'
# A folder that the mail server's own user can reach too.
MAILS=
mail_place() {
	MAILS=$(mktemp -d "${TMPDIR:-/tmp}/renkei-mails.XXXXXX")
	trap 'end_all; rm -rf "$MAILS"' EXIT
	chmod 755 "$MAILS"
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$MAILS/key.pem" -out "$MAILS/cert.pem" \
		-days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 2>/dev/null ||
		fail "no certificate"
	mkdir "$MAILS/spool" "$MAILS/mail"
	local user=
	if [ "$(id -u)" = 0 ]; then
		user="user = Debian-exim"
		chown Debian-exim "$MAILS" "$MAILS"/*
	fi
	cat >"$MAILS/exim.conf" <<END
spool_directory = $MAILS/spool
log_file_path = $MAILS/%slog
pid_file_path = $MAILS/pid
primary_hostname = mail.test
local_interfaces = 127.0.0.1
daemon_smtp_ports = PORT : TLSPORT
tls_on_connect_ports = TLSPORT
tls_advertise_hosts = *
tls_certificate = $MAILS/cert.pem
tls_privatekey = $MAILS/key.pem
acl_smtp_rcpt = rcpt
host_lookup =
keep_environment =
smtp_accept_queue_per_connection = 0
begin acl
rcpt:
  deny local_parts = nobody
       message = no such person
  accept authenticated = *
  deny
begin routers
all:
  driver = accept
  transport = files
begin transports
files:
  driver = appendfile
  maildir_format
  directory = $MAILS/mail
  $user
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{\$auth2}{renkei}}{eq{\$auth3}{right-password}}}}
  server_advertise_condition = \${if def:tls_in_cipher}
END
	[ "$(id -u)" != 0 ] || chown root "$MAILS/exim.conf"
	mail_ports
	mail_server
}
mail_ports() {
	local ports
	ports=$(python3 -c 'import socket
s = [socket.socket() for _ in range(2)]
for x in s: x.bind(("127.0.0.1", 0))
print(*[x.getsockname()[1] for x in s])') || fail "no ports"
	SMTP=${ports% *}
	SMTPS=${ports#* }
	sed -i "s/TLSPORT/$SMTPS/; s/PORT/$SMTP/" "$MAILS/exim.conf"
}
mail_server() {
	/usr/sbin/exim4 -C "$MAILS/exim.conf" -bdf >"$MAILS/said" 2>&1 </dev/null &
	EXIM=$!
	PIDS+=("$EXIM")
	for _ in $(seq 200); do
		(exec 7<>"/dev/tcp/127.0.0.1/$SMTP") 2>/dev/null && return
		sleep 0.05
	done
	cat "$MAILS/said"
	fail "the mail server does not listen"
}
mail_server_ends() {
	kill "$EXIM"
	wait "$EXIM" 2>/dev/null
}
# mails COUNT: waits until so many have come, and has them in $DIR/out.
mails() {
	for _ in $(seq 400); do
		[ "$(ls "$MAILS/mail/new" 2>/dev/null | wc -l)" -ge "$1" ] && break
		sleep 0.05
	done
	python3 "$PARTS/mails.py" "$MAILS/mail" >"$DIR/out" 2>"$DIR/err" ||
		fail "a mail is wrong: $(cat "$DIR/err")"
	cat "$DIR/out"
	equal "$(grep -c ^Subject: "$DIR/out")" "$1" "mails"
}
# notify_group MORE: sets GLOBAL; `smtp` as the server wants it, and the group notify.
notify_group() {
	export SMTP_PASSWORD=right-password
	GLOBAL="smtp: { host = \"127.0.0.1\"; port = ${SMTP:-25}; user = \"renkei\";
	password = \"env:SMTP_PASSWORD\"; from = \"renkei@example.jp\"; ca_file = \"${MAILS:-}/cert.pem\"; ${SMTP_MORE:-} };
notify: { $1 };"
	[ -n "${SMTP:-}" ] || GLOBAL="notify: { $1 };"
	SYNC_MORE=${MORE:-}' notify = ( "ops" );'
	configure
}
# hook [KIND]: takes what is sent, into $DIR/posts.
hook() {
	python3 "$PARTS/mails.py" "${1:-hook}" "$DIR/posts" >"$DIR/port" &
	PIDS+=($!)
	await_line "$DIR/port" '^[0-9]+$'
	HOOK=$(cat "$DIR/port")
	: >"$DIR/posts"
}
# The target takes no calls any more, and there is something to write.
unreachable() {
	local method
	CONTACTS=$((${CONTACTS:-0} + 1))
	contact "more$CONTACTS" "" 0
	advance 300000
	for method in GET POST PUT; do
		fault "$KIN" '{"match":"'"$method"' /k/*","times":1000,"action":"drop"}'
	done
}
# It takes calls again, and what waited has its turn.
reachable() {
	no_faults
	for _ in $(seq 100); do
		renkei sync contacts
		[ "$(figure waiting)" = 0 ] && return
		sleep 0.2
	done
	fail "it does not become well"
}
# sql STATEMENT: on host.db.
sql() {
	python3 -c 'import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=20) as db:
    for row in db.execute(sys.argv[2]): print(*row)' "$DIR/state/host.db" "$1" || fail "$1"
}

# posts COUNT: waits until so many have come.
posts() {
	for _ in $(seq 600); do
		[ "$(wc -l <"$DIR/posts")" -ge "$1" ] && break
		sleep 0.05
	done
	equal "$(wc -l <"$DIR/posts")" "$1" "posts"
}
# ids: of each post, the oldest first.
ids() { python3 -c 'import json, sys
for line in open(sys.argv[1]): print(json.loads(line)["id"])' "$DIR/posts"; }

test_messages() {
	place
	mail_place
	notify_group 'ops: { mail = "ops@example.jp"; lang = "ja"; }; en: { mail = "en@example.jp"; };'
	renkei notify test
	code 0
	mails 2
	says "renkei@example.jp" "[renkei] ops: テスト通知" "notify.ops のテストです。異常はありません。" \
		"[renkei] en: test message" "nothing is wrong"
	SMTP_MORE='tls = "tls";' notify_group 'ops: { mail = "ops@example.jp"; };'
	sed -i "s/port = $SMTP/port = $SMTPS/" "$DIR/renkei.conf"
	renkei notify test ops
	code 0
	mails 3
	renkei notify test nobody
	code 2
	says 'There is no "nobody" in notify'
}
scenario "a test mail arrives, by STARTTLS and by TLS, in Japanese and in English" test_messages

refused_mails() {
	place
	mail_place
	notify_group 'ops: { mail = "ops@example.jp"; };'
	SMTP_PASSWORD=wrong-password renkei notify test
	code 1
	says "does not accept \`user\` and \`password\` of smtp: 535"
	silent_about wrong-password
	notify_group 'ops: { mail = "nobody@example.jp"; };'
	renkei notify test
	code 1
	says "does not take the mail: 550 no such person"
	notify_group 'ops: { mail = "ops@example.jp"; };'
	sed -i 's/ca_file = "[^"]*";//' "$DIR/renkei.conf"
	renkei notify test
	code 1
	says "who issued its certificate is not trusted here"
	notify_group 'ops: { mail = "ops@example.jp"; };'
	mail_server_ends
	renkei notify test --lang ja
	code 1
	says "127.0.0.1:$SMTP"
	SMTP_MORE='tls = "none";' notify_group 'ops: { mail = "ops@example.jp"; };'
	sed -i 's/host = "127.0.0.1"; port/host = "mail.example.jp"; port/' "$DIR/renkei.conf"
	renkei check
	code 2
	says 'tls: found "none", expected "starttls" or "tls"'
	equal "$(ls "$MAILS/mail/new" 2>/dev/null | wc -l)" 0 "mails that came all the same"
}
scenario "a mail server that refuses, and one that is not who it should be" refused_mails

changes() {
	place
	mail_place
	seed 3
	notify_group 'ops: { mail = "ops@example.jp"; };'
	renkei sync contacts
	code 0
	unreachable
	renkei sync contacts
	code 1
	renkei sync contacts
	mails 1
	says "[renkei] contacts: the sync failed" "Connection failed" "do:" "check the host" \
		"hub contacts -> kin 1" 'notify.ops has send = "immediate"'
	reachable
	mails 2
	says "[renkei] contacts: well again" "It was not well since"
	renkei sync contacts
	mails 2
	true_to_the_source 4
}
scenario "an app that cannot be reached is told once, and that it is well again" changes

cases() {
	place
	mail_place
	seed 3
	notify_group 'ops: { mail = "ops@example.jp"; lang = "ja"; };'
	fault "$HUB" '{"match":"'"$READ"'*","times":50,"action":"status","status":429,
		"headers":{"Content-Type":"application/json"},
		"body":"{\"status\":\"error\",\"errorType\":\"RATE_LIMIT\",\"category\":\"RATE_LIMITS\",\"policyName\":\"DAILY\",\"message\":\"You have reached your daily limit.\"}"}'
	renkei sync contacts
	code 4
	mails 1
	says "保留中（API の上限に達しました）" "上限が解除されると自動で再開します"
	no_faults
	rm -f "$DIR/state/net.db"
	contact late "" 0
	advance 300000
	for method in GET POST PUT; do
		fault "$KIN" '{"match":"'"$method"' /k/*","times":1000,"action":"status","status":401,
			"headers":{"Content-Type":"application/json"},
			"body":"{\"code\":\"CB_WA01\",\"id\":\"x\",\"message\":\"User is deleted.\"}"}'
	done
	renkei sync contacts
	code 5
	mails 2
	says "CRM に拒否されました（認証または権限）" "User is deleted."
}
scenario "a limit that is reached, and an acting user that was deleted, are told" cases

records() {
	place
	hook
	seed 2
	contact bad '"lifecyclestage":"nonsense"'
	notify_group "ops: { webhook = \"http://127.0.0.1:$HOOK/hook\"; secret = \"env:HOOK_KEY\";
		chat = \"env:CHAT\"; command = \"$DIR/told.sh\"; };"
	printf '#!/bin/sh\ncat >"%s/heard"\nenv >"%s/env"\n' "$DIR" "$DIR" >"$DIR/told.sh"
	chmod +x "$DIR/told.sh"
	sed -i 's/; *otherwise = "[^"]*"//' "$DIR/renkei.conf"
	export HOOK_KEY=a-key-of-the-hook CHAT="http://127.0.0.1:$HOOK/services/secret-path"
	renkei sync contacts
	renkei notify list --json
	python3 - "$DIR/posts" <<'END' || fail "what was posted"
import hashlib, hmac, json, sys
posts = {p["path"]: p for p in map(json.loads, open(sys.argv[1]))}
chat = json.loads(posts["/services/secret-path"]["body"])
assert list(chat) == ["text"] and "[renkei] contacts:" in chat["text"], chat
hook = posts["/hook"]
told = json.loads(hook["body"])
assert told["kind"] == "change" and told["sync"] == "contacts", told
assert told["before"] == "well" and told["state"] in ("records", "failing"), told
fields = dict(f.split("=") for f in hook["signature"].split(","))
want = hmac.new(b"a-key-of-the-hook", (fields["t"] + "." + hook["body"]).encode(), hashlib.sha256)
assert fields["v1"] == want.hexdigest(), hook
END
	grep -q -F "[renkei] contacts:" "$DIR/heard" || fail "the command heard nothing"
	! grep -q -E "HUBSPOT_TOKEN|HOOK_KEY" "$DIR/env" || fail "the command has secrets"
	grep -q '^RENKEI_NOTICE={"kind":"change"' "$DIR/env" || fail "the command has no JSON"
}
scenario "chat, a signed webhook and a command hear of it; nobody gets a secret" records

waits() {
	place
	hook
	seed 1
	notify_group "ops: { webhook = \"http://127.0.0.1:$HOOK/refuse\"; };"
	unreachable
	renkei sync contacts
	code 1
	equal "$(wc -l <"$DIR/posts")" 1 "posts"
	renkei notify list
	says "the address answers 503 to the notice"
	renkei notify send
	code 0
	equal "$(wc -l <"$DIR/posts")" 1 "posts before the minute is over"
	sql "UPDATE outbox SET due = 1"
	renkei notify send
	code 1
	equal "$(sql 'SELECT state, tries, due - (SELECT max(at) FROM outbox) > 100000 FROM outbox')" \
		"0 2 1" "after the second try: state, tries, a longer wait"
	sql "UPDATE outbox SET due = 1, at = at - 90000000"
	renkei notify send
	renkei notify list
	says "given up"
	renkei doctor
	code 1
	says "given up"
	notify_group "ops: { webhook = \"http://127.0.0.1:$HOOK/hook\"; };"
	sql "UPDATE outbox SET state = 0, due = 1"
	renkei notify send
	code 0
	grep -q '"/hook"' "$DIR/posts" || fail "it did not go in the end"
}
scenario "what does not get through is tried again after growing waits, and given up" waits

# Whoever sends is killed when the other side has the notice and has not said so.
# killed WHO WAY: the net, or the run that sends.
killed() {
	place
	hook "$2"
	seed 1
	notify_group "ops: { webhook = \"http://127.0.0.1:$HOOK/hold\"; };"
	if [ "$2" = smtp ]; then
		GLOBAL="smtp: { host = \"127.0.0.1\"; port = $HOOK; tls = \"none\"; from = \"renkei@example.jp\"; };
notify: { ops: { mail = \"ops@example.jp\"; }; };"
		configure
	fi
	unreachable
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" sync contacts \
		>"$DIR/out" 2>&1 </dev/null &
	local run=$! who
	PIDS+=("$run")
	posts 1
	[ "$1" = run ] && who=$run || who=$(processes "renkei-net --state $DIR/state")
	kill -9 $who || fail "nobody to kill"
	wait "$run"
	equal "$(sql 'SELECT state, sent_as = id FROM outbox')" "0 1" "what waits: state, claimed"
	# Another one comes before the first is tried again: it is a message of its own.
	: >"$DIR/posts.go"
	sql "INSERT INTO outbox(target, way, kind, at, due, tries, state, sent_as, subject, body, doc, error)
		SELECT target, way, kind, at + 1, 1, 0, 0, 0, 'the second', body, '{}', '' FROM outbox"
	sql "UPDATE outbox SET due = 1"
	renkei notify send
	code 0
	posts 3
	local first second third
	{ read -r first; read -r second; read -r third; } < <(ids)
	equal "$second" "$first" "the id of the message that came twice"
	[ -n "$first" ] && [ "$third" != "$first" ] || fail "two messages have one id: $first"
	python3 - "$DIR/posts" <<'END' || fail "not the same message"
import json, sys
posts = [json.loads(line) for line in open(sys.argv[1])]
assert posts[0]["body"] == posts[1]["body"] != "", posts
END
	renkei notify send
	posts 3
	equal "$(sql 'SELECT count(*) FROM outbox WHERE state = 1')" 2 "notices that were sent"
}
scenario "net is killed with a webhook on its way: it comes again with its id" killed net hook
scenario "the sender is killed with a webhook on its way: it comes again with its id" killed run hook
scenario "net is killed with a mail on its way: it comes again with its Message-ID" killed net smtp

put_back() {
	place
	hook
	seed 1
	notify_group "ops: { webhook = \"http://127.0.0.1:$HOOK/refuse\"; };"
	unreachable
	renkei sync contacts
	posts 1
	renkei backup "$DIR/kept"
	code 0
	mv "$DIR/state" "$DIR/before"
	renkei restore "$DIR/kept"
	code 0
	sql "UPDATE outbox SET due = 1"
	renkei notify send
	code 0
	posts 1
	renkei notify list
	says "not sent: restored"
	renkei notify list --lang ja
	says "未送信（復元）"
}
scenario "what waited in a backup is not sent once more when that is put back" put_back

breaks() {
	place
	hook
	seed 1
	MORE='breaker = "2 in 1h";' notify_group "ops: { webhook = \"http://127.0.0.1:$HOOK/hook\"; };"
	unreachable
	for _ in 1 2 3 4; do
		renkei sync contacts
		code 1
	done
	posts 2
	reachable
	posts 3
	renkei sync contacts
	posts 3
	python3 - "$DIR/posts" <<'END' || fail "what was told"
import json, sys
told = [json.loads(json.loads(line)["body"]) for line in open(sys.argv[1])]
assert [t["state"] for t in told] == ["failing", "broken", "well"], told
assert told[1]["breaker"] == "2 in 1h" and told[1]["until"] > told[1]["at"], told[1]
for words in ('breaker = "2 in 1h"', "keeps it from running until", "renkei sync contacts",
              "  - check the host"):
    assert words in told[1]["text"], (words, told[1]["text"])
assert "well again" in told[2]["subject"] and told[2]["before"] == "broken", told[2]
END
}
scenario "a breaker that stops a sync is told once with its rule, and so is its recovery" breaks

# told STATES...: of each post, the oldest first.
told() { equal "$(python3 -c 'import json, sys
for line in open(sys.argv[1]):
    t = json.loads(json.loads(line)["body"])
    print(t["before"], t["state"], t.get("conflicts", "-"))' "$DIR/posts" | paste -sd ,)" "$1" "what was told"; }
conflicts() {
	place
	hook
	MAP=$TWO_MAP
	MORE='direction = "both"; conflict = "ask";' \
		notify_group "ops: { webhook = \"http://127.0.0.1:$HOOK/hook\"; };"
	contact aya '"company":"A","phone":"03-1"'
	later
	renkei sync contacts
	settled 1
	posts 0
	at_hub aya company hub
	at_kin aya 会社名 kin
	later
	renkei sync contacts
	posts 1
	told "well conflicts 1"
	grep -q 'see: renkei conflicts contacts' "$DIR/posts" || fail "it does not say what to do"
	# It stands, one more comes, and the other side fails and works again.
	settled 1
	at_hub aya phone 090-1
	at_kin aya 電話 090-2
	settled 1
	posts 1
	id=$(id_of "$HUB" contacts email aya@example.com)
	renkei conflicts settle contacts "$id" company --take to
	posts 1
	unreachable
	renkei sync contacts
	code 1
	posts 2
	reachable
	posts 3
	told "well conflicts 1,conflicts failing -,failing conflicts 1"
	renkei conflicts settle contacts "$id" --take from
	code 0
	posts 4
	told "well conflicts 1,conflicts failing -,failing conflicts 1,conflicts well -"
	tail -n 1 "$DIR/posts" | grep -q 'no conflict waits any more' || fail "it does not say that none waits"
	settled 1
	posts 4
}
scenario "conflicts that wait for a person are told once, and that none waits any more" conflicts

# Records that fail for long do not keep a conflict from being told, nor the other way.
conflicts_and_records() {
	place
	hook
	MAP=$TWO_MAP
	MORE='direction = "both"; conflict = "ask";' \
		notify_group "ops: { webhook = \"http://127.0.0.1:$HOOK/hook\"; };"
	contact aya '"company":"A"'
	contact bad '"lifecyclestage":"nonsense"'
	later
	renkei sync contacts
	code 3
	later
	renkei sync contacts
	at_hub aya company hub
	at_kin aya 会社名 kin
	later
	renkei sync contacts
	code 3
	later
	renkei sync contacts
	posts 2
	tail -n 1 "$DIR/posts" >"$DIR/out"
	says '1 record cannot be written; 1 field that both sides changed waits'
	at_hub bad lifecyclestage lead
	later
	renkei sync contacts
	code 0
	told "well records -,records records-and-conflicts 1,records-and-conflicts conflicts 1"
}
scenario "conflicts are told beside records that fail, and these beside them" conflicts_and_records

# next_digest POSTS: a day later; what it says is in out.
next_digest() {
	renkei override set notify.send ops daily
	renkei notify send
	sql "UPDATE mark SET at = at - 90000000 WHERE name = 'digest:ops'"
	renkei notify send
	posts "$1"
	tail -n 1 "$DIR/posts" >"$DIR/out"
}
# Whoever was told nothing meanwhile hears of those that stand, and so does a digest.
conflicts_later() {
	place
	hook
	MAP=$TWO_MAP
	MORE='direction = "both"; conflict = "ask";' \
		notify_group "ops: { webhook = \"http://127.0.0.1:$HOOK/hook\"; };"
	contact aya '"company":"A"'
	later
	renkei sync contacts
	settled 1
	renkei override set notify.send ops off
	at_hub aya company hub
	at_kin aya 会社名 kin
	settled 1
	posts 0
	renkei override clear notify.send ops
	renkei notify send
	posts 1
	told "well conflicts 1"
	next_digest 2
	says '1 field that both sides changed: renkei conflicts' 'conflicts\":1'
}
scenario "conflicts that stand are told to whom they were not, and in a digest" conflicts_later

# An edit whose partner was deleted is no "Other": it has a name and a remedy of its own, on
# whichever side it was made.
gone_told() {
	local id
	place
	hook
	MAP=$TWO_MAP
	MORE='direction = "both";' \
		notify_group "ops: { webhook = \"http://127.0.0.1:$HOOK/hook\"; };"
	contact aya '"company":"A"'
	later
	renkei sync contacts
	settled 1
	id=$(id_of "$HUB" contacts email aya@example.com)
	tell "$HUB" delete "{\"object\":\"contacts\",\"ids\":[\"$id\"]}"
	at_kin aya 会社名 B
	later
	renkei sync contacts
	code 3
	posts 1
	cp "$DIR/posts" "$DIR/out"
	says "Deleted at the other side: 1" "renkei errors resync"
	silent_about "Other: 1"
	next_digest 2
	says "Deleted at the other side: 1"
	silent_about "Other: 1"
}
scenario "an edit whose partner was deleted is told by its name, in a digest too" gone_told

storm() {
	place
	hook
	seed 1
	notify_group "ops: { webhook = \"http://127.0.0.1:$HOOK/hook\"; };"
	renkei sync contacts
	# An hour with twelve messages: what comes now waits, and goes together.
	for i in $(seq 12); do
		sql "INSERT INTO outbox(target, way, kind, at, due, tries, state, sent_as, subject, body, doc, error)
			SELECT 'ops', 'webhook', 'change', ms, ms, 1, 1, -$i, 's', 'b', '{}', ''
			FROM (SELECT CAST(strftime('%s') AS INTEGER) * 1000 - 60000 AS ms)"
	done
	unreachable
	renkei sync contacts
	reachable
	equal "$(wc -l <"$DIR/posts")" 0 "posts over the ceiling"
	equal "$(sql 'SELECT count(*) FROM outbox WHERE state = 0')" 2 "notices that wait"
	sql "UPDATE outbox SET due = due - 7200000"
	renkei notify send
	equal "$(wc -l <"$DIR/posts")" 1 "posts when the hour is over"
	grep -q 'several' "$DIR/posts" || fail "they did not go together"
}
scenario "a flapping sync is no storm" storm

switched() {
	place
	hook
	seed 1
	notify_group "ops: { webhook = \"http://127.0.0.1:$HOOK/hook\"; send = \"off\"; };"
	unreachable
	renkei sync contacts
	code 1
	equal "$(wc -l <"$DIR/posts")" 0 "posts while it is off"
	notify_group "ops: { webhook = \"http://127.0.0.1:$HOOK/hook\"; send = \"immediate\"; };"
	renkei notify send
	posts 1
	grep -q 'the sync failed' "$DIR/posts" || fail "it does not hear how things stand"
	renkei notify send
	posts 1
	: >"$DIR/posts"
	reachable
	posts 1
	notify_group "ops: { webhook = \"http://127.0.0.1:$HOOK/hook\"; send = \"daily\"; };"
	unreachable
	renkei sync contacts
	renkei notify send
	equal "$(wc -l <"$DIR/posts")" 1 "posts before the digest is due"
	sql "UPDATE mark SET at = at - 90000000 WHERE name = 'digest:ops'"
	renkei notify send
	code 0
	equal "$(wc -l <"$DIR/posts")" 2 "posts with the digest"
	python3 - "$DIR/posts" <<'END' || fail "the digest"
import json, sys
told = json.loads(json.loads(open(sys.argv[1]).readlines()[-1])["body"])
assert told["kind"] == "digest" and told["syncs"] == 1 and told["well"] == 0, told
assert told["runs"] >= 3 and told["stopped"] == 2 and told["runs_before"] == 0, told
for words in ("Trend", "What waits for a person", "API use", "hub, day: "):
    assert words in told["text"], (words, told["text"])
END
	renkei notify send
	equal "$(wc -l <"$DIR/posts")" 2 "posts after the digest"
}
scenario "notices are switched on, off and to a digest; the next one obeys" switched

# At run time, as an operator or the console does it.
switched_at_run_time() {
	place
	hook
	seed 1
	notify_group "ops: { webhook = \"http://127.0.0.1:$HOOK/hook\"; };"
	renkei override set notify.send ops off
	code 0
	unreachable
	renkei sync contacts
	code 1
	reachable
	unreachable
	renkei sync contacts
	code 1
	renkei notify send
	posts 0
	renkei override clear notify.send ops
	code 0
	renkei notify send
	posts 1
	python3 - "$DIR/posts" <<'END' || fail "it does not tell how things stand"
import json, sys
told = json.loads(json.loads(open(sys.argv[1]).readlines()[-1])["body"])
assert (told["kind"], told["state"], told["before"]) == ("change", "failing", "well"), told
assert "the sync failed" in told["subject"] and "the connection ended" in told["text"], told
END
	# What came and went while it was off is no news.
	renkei override set notify.send ops off
	reachable
	unreachable
	renkei sync contacts
	renkei override clear notify.send ops
	renkei notify send
	posts 1
	reachable
	posts 2
	renkei audit
	says "override set notify.send ops off"
}
scenario "switched off and on again at run time, it tells how things stand, once" switched_at_run_time

# a_week_passes: the digest before this one came eight days ago.
a_week_passes() {
	sql "UPDATE mark SET at = at - 691200000 WHERE name GLOB 'digest:*'"
}
weekly() {
	place
	mail_place
	seed 3
	contact bad '"lifecyclestage":"nonsense"'
	notify_group 'ops: { mail = "ops@example.jp"; send = "weekly"; day = "wed"; at = "07:30";
		zone = "Asia/Tokyo"; lang = "ja"; };
		en: { mail = "en@example.jp"; send = "weekly"; };'
	SYNC_MORE='notify = ( "ops", "en" );'
	configure
	sed -i 's/; *otherwise = "[^"]*"//' "$DIR/renkei.conf"
	renkei sync contacts
	code 3
	renkei notify send
	mails 0
	a_week_passes
	# The run was the week before; there is another one now.
	python3 - "$DIR/state/syncs/contacts.db" <<'END'
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db:
    db.execute("UPDATE run SET started = started - 691200000, ended = ended - 691200000")
END
	unreachable
	renkei sync contacts
	code 1
	# Nobody is told at once; the digest went with it, at the end of the run.
	mails 2
	says "To: ops@example.jp" "+09:00 まで" "週次まとめ: 1 件中 0 件の同期が正常" "推移（前の期間との比較）:" \
		"実行: 1 回（前: 1 回）" "うち中断: 1 回（前: 0 回）" "書き込んだレコード: 0 件（前: 2 件）" \
		"多い原因:" "対応待ち:" "書き込めないレコード 2 件" "API の利用:" "hub、day: " \
		'notify.ops の send = "weekly"'
	says "To: en@example.jp" "this week 0 of 1 syncs are well" "runs: 1 (before: 1)" \
		"of these stopped: 1 (before: 0)" "records written: 0 (before: 2)" \
		"What is wrong most often:" "What waits for a person:" \
		"2 records that cannot be written" "API use:" 'notify.en has send = "weekly"'
	renkei notify send
	mails 2
	# A week in which nothing happened is told too: silence would mean that nobody tells.
	a_week_passes
	a_week_passes
	python3 - "$DIR/state/syncs/contacts.db" <<'END'
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db:
    db.execute("UPDATE run SET started = started - 2000000000, ended = ended - 2000000000")
END
	renkei pause contacts
	renkei notify send
	mails 4
	says "実行: 0 回（前: 0 回）" "runs: 0 (before: 0)" "一時停止中の同期 1 件: renkei resume" \
		'"contacts" was paused by'
	renkei notify send
	mails 4
}
scenario "a weekly digest by mail, in Japanese and in English, with a quiet week" weekly

from_the_daemon() {
	place
	hook
	seed 1
	# It has no time of its own: no run of it ends while this waits, however slow.
	MORE='overdue = "1s";' \
		notify_group "ops: { webhook = \"http://127.0.0.1:$HOOK/hook\"; };
		alive: { heartbeat = \"http://127.0.0.1:$HOOK/alive\"; heartbeat_every = \"1s\"; };"
	renkei sync contacts
	code 0
	"$BUILD/renkei" -c "$DIR/renkei.conf" --state "$DIR/state" daemon >"$DIR/log" 2>&1 </dev/null &
	local daemon=$!
	PIDS+=("$daemon")
	for _ in $(seq 600); do
		[ "$(grep -c '"/alive"' "$DIR/posts")" -ge 2 ] && grep -q overdue "$DIR/posts" && break
		sleep 0.05
	done
	kill "$daemon"
	wait "$daemon" || fail "the daemon's exit code"
	[ "$(grep -c '"/alive"' "$DIR/posts")" -ge 2 ] || fail "no heartbeats: $(cat "$DIR/log")"
	equal "$(grep -c '"/hook"' "$DIR/posts")" 1 "notices"
	for words in 'no good run since' 'The last run began at' 'The next was expected at' \
		'See whether the daemon runs'; do
		grep -q "$words" "$DIR/posts" || fail "it is overdue, and nobody is told: $words"
	done
}
scenario "the daemon tells of a sync without a good run, and that it lives" from_the_daemon

# Nobody looks for a daemon that works: somebody wanted the sync to rest.
paused_for_long() {
	place
	hook
	seed 1
	MORE='overdue = "1h";' notify_group "ops: { webhook = \"http://127.0.0.1:$HOOK/hook\"; };"
	renkei sync contacts
	code 0
	renkei pause contacts
	sql "UPDATE watch SET good = good - 7200000"
	daemon
	wait_for "daemon.started"
	sql "UPDATE watch SET good = good - 172800000"
	stop TERM 0
	daemon
	posts 1
	stop TERM 0
	python3 - "$DIR/posts" <<'END' || fail "what was told"
import json, sys
told = json.loads(json.loads(open(sys.argv[1]).readline())["body"])
assert told["state"] == "overdue" and told["why"] == "paused", told
assert "it is paused" in told["subject"] and "was paused by" in told["text"], told
assert "renkei resume contacts" in told["text"] and "The last run began at" in told["text"], told
assert "daemon runs" not in told["text"], told
END
}
scenario "a sync that is paused for long is told as paused, and not as overdue" paused_for_long
