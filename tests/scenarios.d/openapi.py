# SPDX-License-Identifier: Apache-2.0
#
# openapi.py DESCRIPTION RECORD - holds what a simulator recorded (--record) of kintone
# against the vendor's own description of its interface (OpenAPI 3.0, YAML): every path,
# parameter and body that was sent, and every answer that is a success; errors are not
# described there, so of them only the shape that was measured.  Prints how many of each
# operation there were.  Called by the topic contract.
import json
import re
import sys
from urllib.parse import parse_qsl, urlsplit

import yaml

from described import Mismatch, hold_all

# Where the service is known to do otherwise than the description says.
NULLABLE = {'totalCount', 'spaceId', 'threadId', 'value', 'referenceTable'}
# A member that answers have and the description lacks; whose name, and where.
MORE = {'records': {'operation'}}


class Description:
    def __init__(self, path):
        loader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)
        self.document = yaml.load(open(path, encoding='utf-8'), Loader=loader)

    def resolve(self, schema):
        while '$ref' in schema:
            node = self.document
            for part in schema['$ref'].lstrip('#/').split('/'):
                node = node[part]
            schema = node
        return schema

    def check(self, value, schema, at):
        schema = self.resolve(schema)
        branches = schema.get('oneOf') or schema.get('anyOf')
        if value is None and at.rsplit('.', 1)[-1] in NULLABLE:
            return
        if branches:
            self.one_of(value, branches, at)
        elif 'enum' in schema:
            if value not in schema['enum']:
                raise Mismatch('%s: %r is none of %s' % (at, value, schema['enum'][:8]))
        elif schema.get('type') == 'object' or 'properties' in schema:
            self.object(value, schema, at)
        elif schema.get('type') == 'array':
            if not isinstance(value, list):
                raise Mismatch('%s: %r is no list' % (at, value))
            for i, item in enumerate(value):
                self.check(item, schema['items'], '%s[%d]' % (at, i))
        else:
            self.scalar(value, schema, at)

    # Of what every branch has against it, that is told which lies deepest.
    def one_of(self, value, branches, at):
        wrong = []
        for branch in branches:
            try:
                return self.check(value, branch, at)
            except Mismatch as why:
                wrong.append(str(why))
        deepest = max(why.split(': ')[0].count('.') for why in wrong)
        raise Mismatch(' | '.join(sorted(
            {why for why in wrong if why.split(': ')[0].count('.') == deepest})[:6]))

    def object(self, value, schema, at):
        if not isinstance(value, dict):
            raise Mismatch('%s: %r is no object' % (at, value))
        known, others = schema.get('properties', {}), schema.get('additionalProperties')
        for name in schema.get('required', ()):
            if name not in value:
                raise Mismatch('%s: "%s" is missing' % (at, name))
        for name, item in value.items():
            if name in known:
                self.check(item, known[name], '%s.%s' % (at, name))
            elif isinstance(others, dict):
                self.check(item, others, '%s.%s' % (at, name))
            elif not others and name not in MORE.get(at.split('[')[0].split('.')[-1], ()):
                raise Mismatch('%s: there is no "%s"' % (at, name))

    # Ids, counts and limits are typed integer, and travel as texts of digits.
    def scalar(self, value, schema, at):
        kind = schema.get('type')
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        good = {
            'string': isinstance(value, str),
            'boolean': isinstance(value, bool),
            'integer': number and isinstance(value, int) or isinstance(value, str)
            and re.fullmatch(r'-?\d*', value) is not None,
            'number': number or isinstance(value, str),
        }.get(kind, True)
        if not good:
            raise Mismatch('%s: %r is no %s' % (at, value, kind))
        if len(str(value)) > schema.get('maxLength', 1 << 30):
            raise Mismatch('%s: longer than %d' % (at, schema['maxLength']))

    # fields[0]=a&fields[1]=b is the list "fields"; texts become what is described.
    def parameters(self, operation, query, name):
        given = {}
        for key, value in parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)):
            array = re.fullmatch(r'(\w+)\[(\d+)\]', key)
            if array:
                given.setdefault(array[1], []).append(value)
            else:
                given[key] = value
        self.give(operation, given, name)

    # What a GET asks for, whether in the address or in the body of an overridden POST.
    def give(self, operation, given, name):
        described = {p['name']: p for p in operation.get('parameters', ())
                     if p['in'] == 'query'}
        for key, value in given.items():
            if key not in described:
                raise Mismatch('%s: no parameter "%s"' % (name, key))
            schema = self.resolve(described[key]['schema'])
            if schema.get('type') == 'boolean':
                value = {'true': True, 'false': False}.get(value, value)
            self.check(value, schema, '%s.%s' % (name, key))
        for key, parameter in described.items():
            if parameter.get('required') and key not in given:
                raise Mismatch('%s: "%s" is missing' % (name, key))

    def hold(self, exchange):
        address = urlsplit(exchange['uri'])
        path = re.sub(r'^/k/guest/\d+/', '/k/guest/{guestSpaceId}/', address.path)
        item = self.document['paths'].get(path)
        if item is None:
            raise Mismatch('%s is no path' % path)
        method = exchange['method'].lower()
        if method not in item:
            raise Mismatch('%s %s is no operation' % (exchange['method'], path))
        operation = item[method]
        name = operation['operationId']
        body = exchange['body']
        described = operation.get('requestBody')
        if method == 'get' and exchange['override'] == 'GET':
            self.give(operation, json.loads(body), name)
        else:
            if body and exchange['content_type'] != 'application/json':
                raise Mismatch('%s: a body of %s' % (name, exchange['content_type']))
            if not body and exchange['content_type']:
                raise Mismatch('%s: a type without a body' % name)
            if described:
                self.check(json.loads(body), described['content']['application/json']
                           ['schema'], name)
            elif body and method == 'delete':    # Described as a query, sent as a body.
                self.give(operation, json.loads(body), name)
                return self.answer(operation, exchange, name)
            elif body:
                raise Mismatch('%s: it has no body' % name)
            self.parameters(operation, address.query, name)
        return self.answer(operation, exchange, name)

    def answer(self, operation, exchange, name):
        if exchange['status'] == 200:
            content = operation['responses']['200'].get('content', {})
            schema = content.get('application/json', {}).get('schema', {})
            self.check(json.loads(exchange['answer']), schema, name + ' answer')
            return name
        error = json.loads(exchange['answer'])
        if not {'code', 'id', 'message'} <= set(error) <= {'code', 'id', 'message', 'errors'}:
            raise Mismatch('%s: %s is no error' % (name, exchange['answer'][:200]))
        return name + ' (refused)'


def main():
    description = Description(sys.argv[1])
    hold_all(sys.argv[2], 'kintone', description.hold)


main()
