# SPDX-License-Identifier: Apache-2.0
#
# push.sh - a filter that the source is asked for: less is listed at first, and whatever
# happens then ends as it does without.

export SALESFORCE_TOKEN=sim-salesforce-token

# What may be asked of kintone, and the same in words that nobody can push down.
ASKED="段階 = '顧客' and 従業員数 >= 100"
UNASKED="($ASKED) or ($ASKED)"

back() {
	cat >"$DIR/renkei.conf" <<END
connections: {
  hub: { connector = "hubspot"; host = "$HUBSPOT"; token = "env:HUBSPOT_TOKEN"; $HUB_MORE };
  kin: { connector = "kintone"; host = "$KINTONE"; api_token = "env:KINTONE_TOKEN"; $KIN_MORE };
};
syncs = (
  { name = "back"; ${2-} from = { connection = "kin"; object = "1"; filter = "$1"; };
    to = { connection = "hub"; object = "contacts"; key = "email"; };
    map = ( { from = "メールアドレス"; to = "email"; }, { from = "氏名"; to = "lastname"; },
      { from = "会社名"; to = "company"; nulls = "clear"; } ); } );
END
	NAME=back
}

# rows FIRST LAST: records of the app; every hundredth is kept by the filter.
rows() {
	python3 - "$@" <<'END'
import json, sys
first, last = int(sys.argv[1]), int(sys.argv[2])
print(json.dumps({"object": "1", "records": [{"updatedAt": "1600000000000", "record": {
    "メールアドレス": "k%d@example.com" % i, "氏名": "n%d" % i, "従業員数": str(i % 1000),
    "段階": "顧客" if i % 100 == 0 else "リード"}} for i in range(first, last + 1)]}, ensure_ascii=False))
END
}

less_is_listed() {
	local filter
	place
	tell "$KIN" load "$(rows 1 5000)"
	for filter in "$UNASKED" "$ASKED"; do
		back "$filter"
		rm -rf "$DIR/state"
		count_anew
		renkei sync back
		code 0
		figures failed=0
		calls_to "$KIN" "GET /k/v1/records.json" >>"$DIR/pages"
		figure read >>"$DIR/read"
		values "$HUB" contacts email | sort >"$DIR/mails.$(wc -l <"$DIR/read")"
	done
	equal "$(tr '\n' ' ' <"$DIR/read")" "5000 45 " "records listed without and with it"
	equal "$(tr '\n' ' ' <"$DIR/pages")" "11 1 " "pages listed without and with it"
	cmp "$DIR/mails.1" "$DIR/mails.2" || fail "other records were kept"
	equal "$(wc -l <"$DIR/mails.2")" 45 "records kept"
	# From then on all that changed is listed, whether the filter keeps it or not.
	tell "$KIN" edit '{"object":"1","id":7,"values":{"会社名":"x"}}'
	advance 300000
	renkei sync back
	# (kintone tells what is above the greatest id listed, too: 100 that were left out.)
	figures read=101 excluded=101
}
scenario "a first listing tells what the filter keeps, and no more" less_is_listed

# The first listing takes several days of a small quota, and stays what it was.
over_several_runs() {
	local day
	place
	tell "$KIN" load "$(rows 1 9000 | sed 's/リード/顧客/g')"
	for day in 1 2 3 4 5 6 7 8; do
		KIN_MORE="limits = ( { limit = \"app-day\"; calls = \"$((6 * day))\"; reserve = \"0\"; } );"
		back "$ASKED"
		renkei sync back
		figure read >>"$DIR/read"
		[ "$CODE" != 0 ] || break
		code 4
	done
	code 0
	[ "$day" -ge 3 ] || fail "one run was enough"
	# The last one is kept out, and told as one above the greatest id listed.
	equal "$(awk '{ n += $1 } END { print n }' "$DIR/read")" 8101 "records listed in all"
	equal "$(live "$HUB" contacts)" 8100 "records at the target"
}
scenario "a first listing that takes several runs is narrowed to its end" over_several_runs

# A source that does not take the filter is asked for everything, at once.
refused() {
	place
	tell "$KIN" load "$(rows 1 700)"
	fault "$KIN" '{"match":"GET /k/v1/records.json","times":1,"action":"status","status":400,
		"body":"{\"code\":\"GAIA_IQ10\",\"id\":\"x\",\"message\":\"no such option\"}"}'
	back "$ASKED"
	renkei -v sync back
	code 0
	figures read=700 created=7
	grep -q 'sync.filter_refused' "$DIR/err" || fail "it does not say so"
}
scenario "a source that refuses the filter lists everything" refused

# HubSpot lists everything by another way than what it is asked for.
of_hubspot() {
	local filter n=0
	place
	seed 1500
	for filter in "lifecyclestage = 'customer' and lastname is not empty" \
		"(lifecyclestage = 'customer' and lastname is not empty) or email = 'nobody'"; do
		cat >"$DIR/renkei.conf" <<END
connections: {
  hub: { connector = "hubspot"; host = "$HUBSPOT"; token = "env:HUBSPOT_TOKEN"; $HUB_MORE };
  files: { connector = "file"; directory = "$DIR/files"; key = "id"; columns = "id,name"; };
};
syncs = ( { name = "s"; from = { connection = "hub"; object = "contacts"; filter = "$filter"; };
    to = { connection = "files"; object = "out$n"; key = "id"; };
    map = ( { from = "\$id"; to = "id"; }, { from = "lastname"; to = "name"; } ); } );
END
		mkdir -p -m 0750 "$DIR/files"
		rm -rf "$DIR/state"
		NAME=s
		count_anew
		renkei sync s
		code 0
		figure read >>"$DIR/read"
		echo "$(calls "$HUB")" >>"$DIR/calls"
		n=$((n + 1))
	done
	cat "$DIR/read" "$DIR/calls"
	sort "$DIR/files/out0.csv" | cmp - <(sort "$DIR/files/out1.csv") || fail "other records"
	equal "$(sed -n 2p "$DIR/read")" 1500 "listed without it"
	equal "$(sed -n 1p "$DIR/read")" "$(($(wc -l <"$DIR/files/out0.csv") - 1))" "listed with it"
	[ "$(sed -n 1p "$DIR/calls")" -lt "$(sed -n 2p "$DIR/calls")" ] || fail "not less was asked"
}
scenario "a first listing of HubSpot goes by search, and costs less" of_hubspot

# Salesforce compares choices without case: more may come, and the filter decides.
of_salesforce() {
	local filter n=0 more
	simulators salesforce
	defaults
	SALESFORCE=$(awk '$1 == "salesforce" { print $2 }' "$DIR/addresses")
	SF=${SALESFORCE##*:}
	tell "$SF" seed '{"object":"Contact","count":600}'
	for more in 'bulk_read_from = "100";' 'bulk_read_from = "0";'; do
		for filter in "Contract__c is not empty and Employees__c >= 500" \
			"(Contract__c is not empty and Employees__c >= 500) or Employees__c < -1"; do
			cat >"$DIR/renkei.conf" <<END
connections: {
  sf: { connector = "salesforce"; host = "$SALESFORCE"; token = "env:SALESFORCE_TOKEN"; $more };
  files: { connector = "file"; directory = "$DIR/files"; key = "id"; columns = "id,name"; };
};
syncs = ( { name = "s"; from = { connection = "sf"; object = "Contact"; filter = "$filter"; };
    to = { connection = "files"; object = "out$n"; key = "id"; };
    map = ( { from = "\$id"; to = "id"; }, { from = "LastName"; to = "name"; } ); } );
END
			mkdir -p -m 0750 "$DIR/files"
			rm -rf "$DIR/state"
			NAME=s
			renkei sync s
			code 0
			figure read >>"$DIR/read"
			n=$((n + 1))
		done
	done
	cat "$DIR/read"
	sort "$DIR/files/out0.csv" | cmp - <(sort "$DIR/files/out1.csv") || fail "other records"
	sort "$DIR/files/out2.csv" | cmp - <(sort "$DIR/files/out1.csv") || fail "other records"
	equal "$(sed -n '2p;4p' "$DIR/read" | tr '\n' ' ')" "600 600 " "listed without it"
	[ "$(sed -n 1p "$DIR/read")" -lt 600 ] || fail "all were listed"
	equal "$(sed -n 1p "$DIR/read")" "$(($(wc -l <"$DIR/files/out0.csv") - 1))" "listed with it"
}
scenario "a first listing of Salesforce, too, by a job or by queries" of_salesforce

# edits SEED COUNT: what people do to the app; half of it moves into the filter or out.
edits() {
	python3 - "$@" <<'END'
import json, random, sys
dice = random.Random(int(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    values = dice.choice([{"段階": "顧客"}, {"段階": "リード"}, {"従業員数": "50"},
                          {"従業員数": "500"}, {"段階": "顧客", "従業員数": "300"}, {"会社名": "c%d" % dice.randrange(9)},
                          {"メールアドレス": "not an address %d" % dice.randrange(99)},
                          {"氏名": "m%d" % dice.randrange(99)}])
    who = dice.randrange(1, 301)
    if dice.randrange(12) == 0:
        print("delete", json.dumps({"object": "1", "ids": [str(who)]}))
    else:
        print("edit", json.dumps({"object": "1", "id": who, "values": values}, ensure_ascii=False))
END
}
# Of a record that is gone nobody can change anything.
edited() {
	local how line
	edits "$@" >"$DIR/edits"
	while read -r how line; do
		ask "$KIN" POST "/_control/$how" "$line" >/dev/null
	done <"$DIR/edits"
}

# course FILTER SEED: a first run, three rounds of edits, one of them while a record fails.
course() {
	local round
	simulators
	defaults
	back "$1" "$3"
	tell "$KIN" load "$(rows 1 300 | sed 's/リード/顧客/g')"
	edited "$2" 150
	for round in 1 2 3; do
		advance 300000
		renkei sync back
		[ "$CODE" = 0 ] || [ "$CODE" = 3 ] || fail "exit code $CODE"
		edited "$2$round" 40
	done
	advance 300000
	renkei sync back
	renkei errors list --json
	grep -o '"id":"[^"]*"' "$DIR/out" | sort >"$DIR/open"
	ask "$HUB" GET "/_control/records?object=contacts" >"$DIR/records"
	for round in email lastname company; do
		python3 "$PARTS/look.py" values "$DIR/records" "$round"
	done | sort >"$DIR/ended"
	kill "$SIMULATOR"
}

# The same edits, with the filter asked of the source and without, end in the same.
same_course() {
	local seed more=$1
	shift
	for seed; do
		course "$UNASKED" "$seed" "$more"
		mv "$DIR/ended" "$DIR/want"
		mv "$DIR/open" "$DIR/want.open"
		rm -rf "$DIR/state"
		course "$ASKED" "$seed" "$more"
		rm -rf "$DIR/state"
		[ "$(wc -l <"$DIR/ended")" -gt 40 ] || fail "too little came over"
		cmp "$DIR/want" "$DIR/ended" || fail "seed $seed: other records or values"
		cmp "$DIR/want.open" "$DIR/open" || fail "seed $seed: other open records"
	done
}
DELETES='deletes = "archive"; delete_budget = "100%"; sweep = "1m";'
scenario "random edits and deletions end as they do without it" same_course '' 1 2
scenario "so they do where deletions go to the target" same_course "$DELETES" 3 4
