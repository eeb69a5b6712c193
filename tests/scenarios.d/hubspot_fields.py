# SPDX-License-Identifier: Apache-2.0
"""hubspot_fields.py PORT PATH CODE - what the HubSpot simulator tells of an object, with
CODE carried out on it as "told", as the body of a fault: an answer of that HubSpot after
somebody changed its properties."""
import json
import os
import sys
import urllib.request

port, path, code = sys.argv[1:]
question = urllib.request.Request(f'http://127.0.0.1:{port}{path}', headers={
    'Authorization': 'Bearer ' + os.environ['HUBSPOT_TOKEN']})
told = json.load(urllib.request.urlopen(question))
properties = {p['name']: p for p in told.get('results', [])}
exec(code, {'told': told, 'properties': properties})
print(json.dumps(json.dumps(told)))
