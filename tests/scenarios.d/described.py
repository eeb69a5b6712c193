# SPDX-License-Identifier: Apache-2.0
#
# described.py - what contract.py and openapi.py share: each exchange of a record of one
# CRM is held against its description; says what does not fit, and how many of each
# operation there were.
import collections
import json
import sys


class Mismatch(Exception):
    pass


def hold_all(record, crm, hold):
    seen, bad = collections.Counter(), 0
    for line in open(record, encoding='utf-8'):
        exchange = json.loads(line)
        if exchange['crm'] != crm or exchange['uri'].startswith('/_control/'):
            continue
        try:
            seen[hold(exchange)] += 1
        except (Mismatch, ValueError) as wrong:
            bad += 1
            print('%s %s: %s' % (exchange['method'], exchange['uri'], wrong))
    for name, count in sorted(seen.items()):
        print('%6d %s' % (count, name))
    sys.exit(1 if bad or not seen else 0)
