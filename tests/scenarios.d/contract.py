# SPDX-License-Identifier: Apache-2.0
#
# contract.py CONTRACT RECORD - holds what a simulator recorded (--record) of HubSpot
# against a description of its API: every path, query parameter and body that was sent,
# and every answer.  Prints how many of each operation there were.  Called by the topic
# contract.
#
# CONTRACT: {"versions": [...], "operations": [{"id", "method", "path", "query"?, "body"?,
# "ok": {STATUS: SHAPE}, "error"?}], "shapes": {NAME: {MEMBER: TYPE}}}.  A type is
# string|boolean|int|int64|datetime|any, [T], map<T>, enum:a|b or a shape; "?" at its end
# says that it may be missing.
import json
import re
import sys
from urllib.parse import parse_qsl, urlsplit

from described import Mismatch, hold_all

# Where the description itself says that clients and answers do otherwise.
OPTIONAL = {('SearchRequest', 'after'), ('SearchRequest', 'sorts'), ('StandardError', 'id'),
            ('StandardError', 'links'), ('StandardError', 'errors'),
            ('ObjectCreate', 'associations'), ('BatchCreateInput', 'associations'),
            ('StandardError', 'context'), ('Error', 'category'), ('Error', 'message'),
            ('Error', 'correlationId')}
# Custom objects and rules of values, which the description leaves out; from HubSpot's own
# of "Schemas" and "Property validations".
INCLUDED = {'include%s' % part: 'boolean?' for part in (
    'PropertyDefinitions', 'AssociationDefinitions', 'AuditMetadata')}
SCHEMAS = [
    {'id': 'schemas.list', 'method': 'GET', 'path': '/crm-object-schemas/{V}/schemas',
     'query': dict(INCLUDED, archived='boolean?'), 'ok': {'200': 'SchemaList'}},
    {'id': 'schemas.get', 'method': 'GET', 'query': INCLUDED, 'ok': {'200': 'Schema'},
     'path': '/crm-object-schemas/{V}/schemas/{objectType}'},
    {'id': 'validations.list', 'method': 'GET', 'ok': {'200': 'ValidationList'},
     'path': '/crm/property-validations/{V}/{objectTypeId}'},
]
SCHEMA_SHAPES = {
    'ValidationList': {'results': '[PropertyValidation]'},
    'PropertyValidation': {
        'propertyName': 'string', 'propertyValidationRules': '[ValidationRule]'},
    'ValidationRule': {'ruleType': 'string', 'ruleArguments': '[string]',
                       'shouldApplyNormalization': 'boolean?'},
    'SchemaList': {'results': '[Schema]'},
    'Schema': {
        'id': 'string', 'objectTypeId': 'string', 'name': 'string',
        'fullyQualifiedName': 'string', 'labels': 'SchemaLabels', 'archived': 'boolean',
        'allowsSensitiveProperties': 'boolean', 'properties': '[Property]',
        'associations': '[SchemaAssociation]', 'requiredProperties': '[string]',
        'searchableProperties': '[string]', 'secondaryDisplayProperties': '[string]',
        'primaryDisplayProperty': 'string?', 'description': 'string?',
        'createdAt': 'datetime?', 'updatedAt': 'datetime?'},
    'SchemaLabels': {'singular': 'string?', 'plural': 'string?'},
    'SchemaAssociation': {
        'fromObjectTypeId': 'string', 'toObjectTypeId': 'string', 'id': 'string',
        'name': 'string?', 'createdAt': 'datetime?', 'updatedAt': 'datetime?'},
}
EITHER = {('AssocTarget', 'toObjectId'): ('string', 'int64')}
MORE = {'StandardError': {'portalId'}, 'Error': {'status', 'errorType', 'policyName'}}
SCALARS = {
    'string': lambda v: isinstance(v, str),
    'boolean': lambda v: isinstance(v, bool),
    'int': lambda v: isinstance(v, int) and not isinstance(v, bool),
    'int64': lambda v: isinstance(v, int) and not isinstance(v, bool),
    'datetime': lambda v: isinstance(v, str) and
    re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z', v) is not None,
    'any': lambda v: True,
}


def shape(contract, value, name, at):
    members = contract['shapes'][name]
    if not isinstance(value, dict):
        raise Mismatch('%s: %r is no %s' % (at, value, name))
    for member in value:
        if member not in members and member not in MORE.get(name, ()):
            raise Mismatch('%s: %s has no "%s"' % (at, name, member))
    for member, wanted in members.items():
        if member == '_note':
            continue
        if member in value:
            check(contract, value[member],
                  EITHER.get((name, member), (wanted.rstrip('?'),)), '%s.%s' % (at, member))
        elif not wanted.endswith('?') and (name, member) not in OPTIONAL:
            raise Mismatch('%s: "%s" is missing' % (at, member))


def one(contract, value, wanted, at):
    if wanted in SCALARS:
        if not SCALARS[wanted](value):
            raise Mismatch('%s: %r is no %s' % (at, value, wanted))
    elif wanted.startswith('enum:'):
        if value not in wanted[5:].split('|'):
            raise Mismatch('%s: %r is none of %s' % (at, value, wanted))
    elif wanted.startswith('['):
        if not isinstance(value, list):
            raise Mismatch('%s: no list' % at)
        for i, item in enumerate(value):
            one(contract, item, wanted[1:-1], '%s[%d]' % (at, i))
    elif wanted.startswith('map<'):
        if not isinstance(value, dict):
            raise Mismatch('%s: no object' % at)
        for key, item in value.items():
            if item is not None:
                one(contract, item, wanted[4:-1], '%s.%s' % (at, key))
    elif value is not None or wanted != 'Paging':
        shape(contract, value, wanted, at)


def check(contract, value, types, at):
    if value is None and at.endswith('.label'):
        return
    for i, wanted in enumerate(types):
        try:
            return one(contract, value, wanted, at)
        except Mismatch:
            if i == len(types) - 1:
                raise


def operation_of(contract, exchange):
    path = urlsplit(exchange['uri']).path
    for operation in contract['operations']:
        pattern = re.escape(operation['path']).replace(
            re.escape('{V}'), '(?:%s)' % '|'.join(map(re.escape, contract['versions'])))
        pattern = re.sub(r'\\\{[A-Za-z]+\\\}', '[^/]+', pattern)
        if operation['method'] == exchange['method'] and re.fullmatch(pattern, path):
            return operation
    raise Mismatch('%s %s is no operation' % (exchange['method'], path))


def hold(contract, exchange):
    operation = operation_of(contract, exchange)
    name = operation['id']
    for key, _ in parse_qsl(urlsplit(exchange['uri']).query, keep_blank_values=True):
        if key not in operation.get('query', {}):
            raise Mismatch('%s: no parameter "%s"' % (name, key))
    if 'body' in operation:
        check(contract, json.loads(exchange['body']), (operation['body'],), name)
    elif exchange['body'] and exchange['method'] == 'GET':
        raise Mismatch('%s: a GET with a body' % name)
    status = str(exchange['status'])
    if status in operation['ok']:
        wanted = operation['ok'][status]
        if wanted:
            check(contract, json.loads(exchange['answer']), (wanted,), name + ' answer')
        elif exchange['answer']:
            raise Mismatch('%s: a body with %s' % (name, status))
    elif exchange['status'] >= 400:
        check(contract, json.loads(exchange['answer']), ('Error',), name + ' error')
    else:
        raise Mismatch('%s: status %s' % (name, status))
    return name


def main():
    contract = json.load(open(sys.argv[1], encoding='utf-8'))
    contract['operations'] += SCHEMAS
    contract['shapes'].update(SCHEMA_SHAPES)
    hold_all(sys.argv[2], 'hubspot', lambda exchange: hold(contract, exchange))


main()
