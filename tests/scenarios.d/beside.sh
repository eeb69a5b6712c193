# SPDX-License-Identifier: Apache-2.0
#
# beside.sh - a sync that runs every so often and a backfill ten times its size, at one
# connection whose calls are few, kept by one daemon in real time.  A step of its own
# (tests/check), as it takes seven intervals of BESIDE_S seconds; the window of the limit
# is one interval, as HotProfile's five minutes are for a sync every five minutes.

. "$PARTS/daemon.inc"
BESIDE_S=${BESIDE_S:-20}
export HOT_KEY=sim-hotprofile-token

# Both write to HotProfile, which takes one call at a time.
two_syncs() {
	cat >"$DIR/renkei.conf" <<END
connections: {
  hub: { connector = "hubspot"; host = "$HUBSPOT"; token = "env:HUBSPOT_TOKEN"; $HUB_MORE };
  kin: { connector = "kintone"; host = "$KINTONE"; api_token = "env:KINTONE_TOKEN"; $KIN_MORE };
  hot: { connector = "hotprofile"; host = "$HOTPROFILE"; api_key = "env:HOT_KEY";
         late_commit = "1s"; t_land = "300ms"; t_visible = "100ms";
         limits = ( { limit = "slot"; calls = "100"; per = "${BESIDE_S}s";
                      allocation = "80%"; reserve = "20%"; } ); };
};
syncs = (
  { name = "fresh"; every = "${BESIDE_S}s";
    from = { connection = "hub"; object = "contacts"; };
    to = { connection = "hot"; object = "leads"; key = "email"; };
    map = ( { from = "email"; to = "email"; }, { from = "lastname"; to = "family_name"; },
            { from = "'1'"; to = "client_id"; } ); },
  { name = "load"; every = "1s";
    from = { connection = "kin"; object = "1"; };
    to = { connection = "hot"; object = "leads"; key = "email"; };
    map = ( { from = "メールアドレス"; to = "email"; }, { from = "氏名"; to = "family_name"; },
            { from = "'1'"; to = "client_id"; } ); }
);
END
}

a_backfill_beside() {
	local i
	simulators --record "$DIR/record" --delay hotprofile=40 hotprofile
	defaults
	HOTPROFILE=$(awk '$1 == "hotprofile" { print $2 }' "$DIR/addresses")
	two_syncs
	for i in $(seq 10); do contact "person$i"; done
	tell "$KIN" seed '{"object":"1","count":2000,"seed":7}'
	renkei pause load
	code 0
	daemon
	wait_for "code=0"
	python3 -B "$PARTS/beside.py" "$BUILD/renkei" "$DIR" "$BESIDE_S" "$HUB" 80 \
		>"$WORK/figures" 2>&1 || fail "$(cat "$WORK/figures")"
	stop TERM 0
}
scenario "a backfill keeps a sync beside it waiting no more than a tenth longer" a_backfill_beside
cat "$WORK/figures"
