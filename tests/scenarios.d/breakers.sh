# SPDX-License-Identifier: Apache-2.0
#
# breakers.sh - twelve connectors that break the contract, each in one way
# (tests/connectors/hostile.c); and two more.
WHO=breaker
. "$PARTS/contain.inc"

for row in "target|outcome-twice|two rows are said to have created one record" \
	"target|outcome-missing|tells no outcome" \
	"target|outcome-out-of-range|outcomes are damaged" \
	"source|cursor-goes-back|the same token twice" \
	"source|page-repeats|the same page twice" \
	"source|wrong-struct-size|struct_size 3" \
	"source|record-without-id|a record without id" \
	"source|id-twice|the same record twice" \
	"source|token-over-size|page is damaged" \
	"source|value-of-no-type|answer is over" \
	"source|text-not-utf8|page is damaged" \
	"source|undeclared-host|is not a host of connection" \
	"target|no-status|returned status 99" \
	"target|outcome-another-kind|does not fit what was asked"; do
	IFS='|' read -r side way words <<<"$row"
	scenario "$way" contained "$side" "$way" "$words"
done
