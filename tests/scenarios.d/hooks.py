# SPDX-License-Identifier: Apache-2.0
#
# hooks.py - writes webhooks as the vendors do, for `renkei hook`:
#
#     hooks.py hubspot SECRET URL [AGE_S] EVENT...   EVENT: TYPE:ID
#     hooks.py kintone PATH_SECRET TYPE APP ID
#     hooks.py salesforce PATH_SECRET TYPE:ID...
#     hooks.py own SECRET BODY
#     hooks.py post ADDRESS FILE    posts what one of these wrote; prints status and answer
import base64
import hashlib
import hmac
import json
import sys
import time
import uuid


def hubspot(secret, url, age, *events):
    stamp = str(int((time.time() - float(age)) * 1000))
    told = [{"eventId": n, "subscriptionType": kind, "objectId": int(number), "occurredAt": int(stamp),
             "portalId": 62515, "attemptNumber": 0}
            for n, (kind, number) in enumerate(e.split(":") for e in events)]
    body = json.dumps(told)
    proof = hmac.new(secret.encode(), ("POST" + url + body + stamp).encode(), hashlib.sha256).digest()
    return ("POST", ["X-HubSpot-Signature-v3: " + base64.b64encode(proof).decode(),
                     "X-HubSpot-Request-Timestamp: " + stamp], body)


def kintone(secret, kind, app, number):
    body = {"id": str(uuid.uuid4()), "type": kind, "app": {"id": app, "name": "x"}}
    if kind == "DELETE_RECORD":
        body["recordId"] = number
    else:
        body["record"] = {"$id": {"type": "__ID__", "value": number}}
    return "POST " + secret, ["Content-Type: application/json"], json.dumps(body)


def salesforce(secret, *records):
    notes = "".join('<Notification><Id>04l%s</Id><sObject xsi:type="sf:%s" xmlns:sf="urn:sobject.enterprise.soap.'
                    'sforce.com"><sf:Id>%s</sf:Id></sObject></Notification>' % (uuid.uuid4().hex, kind, number)
                    for kind, number in (r.split(":") for r in records))
    return "POST " + secret, ["SOAPAction: \"\""], (
        '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope '
        'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>'
        '<notifications xmlns="http://soap.sforce.com/2005/09/outbound">'
        '<OrganizationId>00D000000000001</OrganizationId>%s</notifications>'
        '</soapenv:Body></soapenv:Envelope>' % notes)


def own(secret, body):
    return "POST", ["X-Signature: " + hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()], body


def post(address, file):
    import http.client
    from urllib.parse import urlsplit
    to = urlsplit(address)
    first, _, rest = open(file, "rb").read().partition(b"\n")
    head, _, body = rest.partition(b"\n\n")
    c = http.client.HTTPConnection(to.hostname, to.port, timeout=60)
    c.putrequest(first.split(b" ")[0].decode(), to.path)
    for line in head.decode().split("\n"):
        if line:
            c.putheader(*line.split(": ", 1))
    c.putheader("Content-Length", str(len(body)))
    c.endheaders(body)
    answer = c.getresponse()
    print(answer.status, answer.getheader("Content-Type"), answer.read().decode())


if sys.argv[1] == "post":
    post(*sys.argv[2:])
    sys.exit()
first, head, body = globals()[sys.argv[1]](*sys.argv[2:])
sys.stdout.write("\n".join([first] + head + ["", body]))
