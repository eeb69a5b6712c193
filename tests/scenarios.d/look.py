# SPDX-License-Identifier: Apache-2.0
#
# look.py - what the shell cannot look at: JSON.  Called by lib.sh.
#
#     look.py valid FILE             is every line, or the whole, valid JSON?
#     look.py values FILE FIELD      that field of all records, sorted, one a line
import json
import sys


def refuse_twice(pairs):
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        raise ValueError('a name twice: %s' % names)
    return dict(pairs)


def strict(text):
    def no_constant(name):
        raise ValueError(name)
    return json.loads(text, object_pairs_hook=refuse_twice, parse_constant=no_constant)


def valid(path):
    text = open(path, encoding='utf-8').read()
    try:
        strict(text)
    except ValueError:
        documents = text.splitlines()
        if not documents:
            raise
        for line in documents:
            strict(line)


def values(path, field):
    records = strict(open(path, encoding='utf-8').read())['records']
    found = [record['values'].get(field) for record in records]
    for value in sorted('' if value is None else str(value) for value in found):
        print(value)


if sys.argv[1] == 'valid':
    valid(sys.argv[2])
elif sys.argv[1] == 'values':
    values(sys.argv[2], sys.argv[3])
else:
    sys.exit('look.py: unknown word')
