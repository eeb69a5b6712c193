# SPDX-License-Identifier: Apache-2.0
#
# exact.py - is what a plan says, to the write and to the call, what the run after it did?
# Called by plan.sh.
#
#     exact.py hubspot PORT COUNT        so many contacts of all kinds, and what of them
#     exact.py kintone PORT COUNT        app 1 has of them already
#     exact.py again PORT COUNT          the second round of hubspot
#     exact.py mirror KINTONE HUBSPOT    app 1 and contacts the other way round
#     exact.py salesforce HUBSPOT SALESFORCE   Salesforce has of HubSpot's contacts already
#     exact.py writes PLAN LOG BEFORE CRM KEY   the plan's set of (operation, record, field,
#                                        new value) against the log after line BEFORE
#     exact.py file PLAN LOG BEFORE CRM KEY     the same of a plan that was written to a file
#     exact.py calls PLAN SIDE LIMIT COUNT      calls of a side within 2 %, or one call
import datetime
import decimal
import json
import re
import sys
import urllib.request

AT_ONCE = 1000


def ask(port, path, body=None):
    request = urllib.request.Request(
        'http://127.0.0.1:%s/_control/%s' % (port, path),
        data=None if body is None else json.dumps(body).encode())
    return urllib.request.urlopen(request).read().decode()


def load(port, object_name, records):
    for at in range(0, len(records), AT_ONCE):
        ask(port, 'load', {'object': object_name, 'records': records[at:at + AT_ONCE]})


def edit(port, object_name, record, values):
    ask(port, 'edit', {'object': object_name, 'id': str(record), 'values': values})


# ---- Data: what becomes of contact i follows from i alone ----------------------------------

def mail(i):
    return 'c%d@example.com' % i


# Of a hundred: 40 new, 30 there with other values, 8 there as they will be, 10 left out by
# the filter, 2 without a key, 4 that the mapping refuses, 4 with the key of the one before,
# 2 there in other letters.
def kind(i):
    n = i % 100
    return ('new' if n < 40 else 'other' if n < 70 else 'same' if n < 78 else
            'excluded' if n < 88 else 'keyless' if n < 90 else 'refused' if n < 94 else
            'double' if n < 98 else 'case')


def contact(i, version=0):
    values = {'email': mail(i - i % 100 if kind(i) == 'double' else i), 'lastname': '姓%d' % i,
              'firstname': 'V%d' % version, 'company': '会社 %d' % (i % 37),
              'phone': '03-%04d-%04d' % (i % 9000, version),
              'lifecyclestage': 'subscriber' if kind(i) == 'excluded' else
                                ('lead', 'customer', 'opportunity')[i % 3]}
    if kind(i) == 'keyless':
        values['email'] = ''
    if kind(i) == 'refused':
        values['company'] = '長' * 300
    return values


STAGES = {'lead': 'リード', 'customer': '顧客', 'opportunity': '商談中'}


# What app 1 holds of contact i before the first run.
def customer(i):
    source = contact(i)
    same = kind(i) == 'same'
    address = mail(i).upper() if kind(i) == 'case' else mail(i)
    values = {'メールアドレス': address, '氏名': '%s %s' % (source['lastname'], source['firstname']),
              '会社名': source['company'] if same else '前の会社',
              '電話': re.sub('[^0-9]', '', source['phone']) if same or i % 2 else '1',
              '段階': STAGES[source['lifecyclestage']]}
    return {'record': {name: {'value': value} for name, value in values.items()}}


def hubspot(port, count):
    now = json.loads(ask(port, 'clock'))['now_ms']
    load(port, 'contacts', [{'updatedAt': now - 3600000 + i, 'properties': contact(i)}
                            for i in range(int(count))])


def kintone(port, count):
    load(port, '1', [customer(i) for i in range(int(count))
                     if kind(i) in ('other', 'same', 'case')])


# ---- The second round ----------------------------------------------------------------------

# Everybody is touched: most get other values, some none that count, some another key; of
# these every second one takes the key that its neighbour gives up.
def again(port, count):
    count = int(count)
    now = json.loads(ask(port, 'clock'))['now_ms']
    records = []
    for i in range(count):
        values = contact(i, 0 if i % 5 == 0 else 1)
        if i % 5 == 0:
            values['jobtitle'] = 'nothing that is mapped'
        if kind(i) == 'new' and i % 100 in (11, 12):
            values['email'] = 'moved%d@example.com' % i
        if kind(i) == 'new' and i % 100 in (13, 16):
            values['email'] = mail(i - 1 if i % 100 == 13 else i + 1)
        if kind(i) == 'new' and i % 100 == 17:
            values['email'] = 'moved%d@example.com' % i
        records.append({'id': str(i + 1), 'updatedAt': now - 120000 + i, 'properties': values})
    load(port, 'contacts', records)
    load(port, 'contacts', [{'updatedAt': now - 120000 + i, 'properties': contact(i)}
                            for i in range(count, count + count // 10)])


# ---- The way back --------------------------------------------------------------------------

# HubSpot has every third customer of app 1 already, with other values or the same.
def mirror(kintone_port, hubspot_port):
    records = json.loads(ask(kintone_port, 'records?object=1'))['records']
    load(hubspot_port, 'contacts', [{'properties': {
        'email': record['values']['メールアドレス'], 'lastname': record['values']['氏名'],
        'company': record['values'].get('会社名') if at % 2 else 'before'}}
        for at, record in enumerate(records) if at % 3 == 0])


# Salesforce has every third contact that has a key already, as a record of its own.
def salesforce(hubspot_port, salesforce_port):
    contacts = [record['values'] for record in
                json.loads(ask(hubspot_port, 'records?object=contacts'))['records']]
    named = {c['email'].lower(): c for at, c in enumerate(contacts) if c.get('email') and at % 3 == 0}
    load(salesforce_port, 'Contact', [{'fields': {'Renkei_Id__c': key, 'Email': c['email'],
        'LastName': c['lastname'], 'Company__c': c.get('company') if at % 2 else 'before'}}
        for at, (key, c) in enumerate(named.items())])


# ---- Comparing -----------------------------------------------------------------------------

# One form for what a plan shows and what a CRM keeps.
def plain(value):
    if value is None:
        return ''
    if isinstance(value, list):
        return '; '.join(sorted(map(str, value)))
    text = str(value)
    if re.fullmatch(r'-?\d+(\.\d+)?', text):
        return str(decimal.Decimal(text).normalize())
    if re.fullmatch(r'\d{4}-\d\d-\d\dT[\d:.]+Z', text):
        return datetime.datetime.fromisoformat(text[:-1]).replace(microsecond=0).isoformat()
    return text


def planned_file(path):
    lines = [json.loads(line) for line in open(path, encoding='utf-8')]
    assert lines[0]['writes'] == len(lines) - 2, lines[0]
    writes = set()
    for line in lines[1:-1]:
        record = line['target'] if line['op'] == 'update' else line['key'].lower()
        for change in line['changes']:
            writes.add((line['op'], record, change['field'], plain(change['new'])))
    return writes


def planned(path):
    writes = set()
    for line in json.load(open(path, encoding='utf-8'))['records']:
        if line['action'] not in ('create', 'update'):
            continue
        record = line['target_id'] if line['action'] == 'update' else line['key'].lower()
        for change in line['changes']:
            writes.add((line['action'], record, change['field'], plain(change['after'])))
    return writes


def logged(path, before, crm, key):
    writes, known = set(), {}
    for text in open(path, encoding='utf-8'):
        line = json.loads(text)
        if line['crm'] != crm:
            continue
        op = line['op'] if line['op'] != 'upsert' else 'update' if line['id'] in known else 'create'
        old = known.get(line['id'], {})
        known[line['id']] = line['values']
        if line['seq'] <= int(before) or line['by'] != 'api':
            continue
        record = line['id'] if op == 'update' else line['values'][key].lower()
        for field, value in line['values'].items():
            if plain(value) != plain(old.get(field)):
                writes.add((op, record, field, plain(value)))
    return writes


def writes(plan_path, log_path, before, crm, key, read=planned):
    said, done = read(plan_path), logged(log_path, before, crm, key)
    for title, left in (('planned and not done', said - done), ('done and not planned', done - said)):
        for write in sorted(left)[:10]:
            print(title, *write)
    print('%d planned, %d done, %d of both' % (len(said), len(done), len(said & done)))
    if said != done or not said:
        sys.exit(1)


def file(plan_path, log_path, before, crm, key):
    writes(plan_path, log_path, before, crm, key, planned_file)


def calls(plan_path, side, limit, count):
    told = json.load(open(plan_path, encoding='utf-8'))['totals']['calls']
    rows = [row for row in told if row['side'] == side and (row['limit'] or '') == limit]
    found = rows[0]['calls'] if len(rows) == 1 else -1
    print('%s %s: %d planned, %s made' % (side, limit or 'all', found, count))
    if abs(found - int(count)) > max(0.02 * int(count), 1):
        sys.exit(1)


WORDS = {'hubspot': hubspot, 'kintone': kintone, 'again': again, 'mirror': mirror, 'salesforce': salesforce, 'writes': writes, 'file': file, 'calls': calls}
WORDS[sys.argv[1]](*sys.argv[2:])
