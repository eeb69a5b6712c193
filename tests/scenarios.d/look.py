# SPDX-License-Identifier: Apache-2.0
#
# look.py - what the shell cannot look at: JSON.  Called by lib.sh.
#
#     look.py valid FILE             is every line, or the whole, valid JSON?
#     look.py cell FILE TABLE KEY=VALUE,... FIELD   of the one row that fits
#     look.py values FILE FIELD      that field of all records, sorted, one a line
#     look.py verdicts FILE          what a walk found: verdict, id, target's id, field
#     look.py drift LIST FILE FIELD GRAVITY  is that field among those that changed?
#     look.py result FILE MEMBER     of what a walk counted
#     look.py column FILE FIELD ENCODING   that column of a file, CSV or JSON Lines, an
#                                    empty line where there is nothing
#     look.py plan PLAN RAN BEFORE AFTER   did the run what the plan said: counts, each
#                                    record, each field?
#     look.py same FROM TO KEY FIELD...    do records with the same key hold the same?
#     look.py back BEFORE AFTER KEY CHANGE...   does nothing differ but these?
#     look.py hard CASES FROM TO ERRORS    has each deliberate case come out as it must?
import csv
import decimal
import json
import re
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


def column(path, field, encoding):
    with open(path, encoding=encoding, newline='') as file:
        rows = map(strict, file) if path.endswith('l') else csv.DictReader(file, strict=True)
        for row in rows:
            print(row[field] or '')


def read(path):
    return strict(open(path, encoding='utf-8').read())


def records_by_id(path):
    return {record['id']: record['values'] for record in read(path)['records']}


def expect(found, expected, what):
    if found != expected:
        sys.exit('%s: found %r, expected %r' % (what, found, expected))


def shown(value):
    return '' if value is None else value


# A created record has no id in the plan: it is found by its key.
def planned_record(line, after, key):
    if line['target_id']:
        return line['target_id']
    found = [id for id, values in after.items() if values.get(key) == line['key']]
    expect(len(found), 1, 'records with key %s' % line['key'])
    return found[0]


def plan(plan_path, ran_path, before_path, after_path, key='メールアドレス'):
    planned = read(plan_path)
    ran = dict(re.findall(r'(\w+)=([0-9]+)', open(ran_path, encoding='utf-8').readline()))
    names = {'read': 'read', 'create': 'created', 'update': 'updated',
             'unchanged': 'unchanged', 'exclude': 'excluded', 'fail': 'failed'}
    for here, there in names.items():
        expect(int(ran[there]), planned['totals'][here], there)
    before, after = records_by_id(before_path), records_by_id(after_path)
    touched = set()
    for line in planned['records']:
        if line['action'] not in ('create', 'update'):
            continue
        id = planned_record(line, after, key)
        touched.add(id)
        for change in line['changes']:
            expect(shown(after[id].get(change['field'])), shown(change['after']),
                   'record %s, %s' % (id, change['field']))
            if line['action'] == 'update':
                expect(shown(before[id].get(change['field'])), shown(change['before']),
                       'record %s, %s before' % (id, change['field']))
        fields = {change['field'] for change in line['changes']}
        for field, value in after[id].items():
            if line['action'] == 'update' and field not in fields:
                expect(value, before[id].get(field), 'record %s, %s' % (id, field))
    for id, values in after.items():
        if id not in touched:
            expect(values, before.get(id), 'record %s, which the plan leaves alone' % id)


# What the sample mapping makes of a contact, in words of its own.
STAGES = {'lead': 'リード', 'marketingqualifiedlead': '見込み客', 'opportunity': '商談中',
          'customer': '顧客'}
INTERESTS = {'product': '製品', 'event': 'イベント', 'support': 'サポート',
             'newsletter': 'メールマガジン'}
SAME = {'会社名': 'company', '役職': 'jobtitle', 'ウェブ': 'website', '住所': 'address',
        '郵便番号': 'zip', '従業員数': 'employee_count', '契約日': 'contract_date',
        '備考': 'message', '会員番号': 'member_no'}


def mapped(contact):
    row = {to: shown(contact.get(source)) for to, source in SAME.items()}
    row['メールアドレス'] = contact['email'].strip().lower()
    row['氏名'] = ' '.join(filter(None, (contact.get('lastname'), contact.get('firstname'))))
    row['電話'] = re.sub('[^0-9]', '', shown(contact.get('phone')))
    row['段階'] = STAGES.get(contact.get('lifecyclestage'), 'その他')
    row['興味'] = sorted(INTERESTS[i] for i in shown(contact.get('interests')).split(';') if i)
    seen = contact.get('closedate')
    row['最終接触'] = re.sub(r':\d\d\.\d+Z$', ':00Z', seen) if seen else ''
    return row


def is_same(field, stored, wanted):
    if field == '興味':
        return sorted(stored or []) == wanted
    if field == '従業員数' and wanted:
        return decimal.Decimal(stored) == decimal.Decimal(wanted)
    return shown(stored) == wanted


def hard(cases_path, from_path, to_path, errors_path):
    decimal.getcontext().prec = 60
    cases = read(cases_path)['cases']
    contacts = read(from_path)['records']
    rows = [record['values'] for record in read(to_path)['records']]
    errors = {line['id']: line for line in read(errors_path)['records']}
    expect(len(contacts), len(cases), 'contacts')
    wanted = 0
    for case, contact in zip(cases, contacts):
        name, values = case['name'], contact['values']
        if case['expect'] in ('ok', 'excluded'):
            expect(errors.get(contact['id']), None, name + ': its error')
        else:
            expect(errors.get(contact['id'], {}).get('category'), case['expect'], name)
        if case['expect'] != 'ok':
            continue
        wanted += 1
        row = mapped(values)
        found = [r for r in rows if r['メールアドレス'] == row['メールアドレス']]
        expect(len(found), 1, name + ': its records at the target')
        for field, value in row.items():
            if not is_same(field, found[0].get(field), value):
                sys.exit('%s, %s: found %.200r, expected %.200r'
                         % (name, field, found[0].get(field), value))
    expect(len(rows), wanted, 'records at the target')


# People and groups by code, rows of tables by their cells: names and the ids of rows
# belong to the app that keeps them.
def bare(value):
    if isinstance(value, list):
        return [bare(item) for item in value]
    if isinstance(value, dict) and 'code' in value:
        return value['code']
    if isinstance(value, dict):
        return {name: bare(cell.get('value')) for name, cell in value['value'].items()
                if cell['type'] != 'CALC'}
    return value or None


def same(from_path, to_path, key, *fields):
    sources, targets = ({record['values'][key]: record['values']
                         for record in read(path)['records']}
                        for path in (from_path, to_path))
    expect(sorted(targets), sorted(sources), 'keys')
    for name, source in sources.items():
        for field in fields:
            expect(bare(targets[name].get(field)), bare(source.get(field)),
                   '%s, %s' % (name, field))


# Before and after a way there and back: only what the changes name may differ, and all
# of it must.  A change is KEY FIELD BEFORE AFTER.
def back(before_path, after_path, key, *changes):
    before, after = records_by_id(before_path), records_by_id(after_path)
    expect(sorted(after), sorted(before), 'records')
    found = {(old[key], field, shown(old.get(field)), shown(after[id].get(field)))
             for id, old in before.items() for field in set(old) | set(after[id])
             if shown(old.get(field)) != shown(after[id].get(field))}
    expect(found, {tuple(change.split(' ')) for change in changes}, 'changes')


def cell(path, table, fits, field):
    wanted = [pair.split('=', 1) for pair in fits.split(',')]
    rows = [row for row in strict(open(path, encoding='utf-8').read())[table]
            if all(str(row.get(key)) == value for key, value in wanted)]
    print(rows[0].get(field) if len(rows) == 1 else '%d rows' % len(rows))


def verdicts(path):
    for row in strict(open(path, encoding='utf-8').read())['found']:
        print(*(row[name] or '-' for name in ('verdict', 'id', 'target_id', 'field')))


# Does the list of that name, wherever it stands, tell of the field, and how grave it is?
def drift(name, path, field, gravity):
    def rows(told):
        if isinstance(told, dict):
            for key, value in told.items():
                yield from value if key == name else rows(value)
        elif isinstance(told, list):
            for value in told:
                yield from rows(value)
    found = [row for row in rows(strict(open(path, encoding='utf-8').read()))
             if row['field'] == field and row['gravity'] == gravity]
    if not found:
        sys.exit('%s is not told as %s' % (field, gravity))


def result(path, member):
    told = strict(open(path, encoding='utf-8').read())['result'][member]
    print(str(told).lower() if isinstance(told, bool) else told)


WORDS = {'verdicts': verdicts, 'drift': drift, 'result': result, 'cell': cell, 'column': column, 'valid': valid, 'values': values, 'plan': plan, 'hard': hard,
         'same': same, 'back': back}
WORDS[sys.argv[1]](*sys.argv[2:])
