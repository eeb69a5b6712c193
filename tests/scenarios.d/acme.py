# SPDX-License-Identifier: Apache-2.0
#
# acme.py FILE - the CRM that the skeleton of a connector talks to, as the head of
# samples/vendor/acme.c describes it.  Says "ready PORT", then serves until its standard
# input ends; each request is a line of FILE, and GET /all tells what stands.
import http.server
import json
import os
import sys
import threading
import time
import urllib.parse

contacts = {}
log = open(sys.argv[1], "w")


def write(row):
    fields, id = row["fields"], row.get("id")
    if id is None:
        id = next((i for i, c in contacts.items() if c["email"] == fields["email"]), None)
    elif id not in contacts:
        return {"error": {"code": "invalid_value", "message": "nobody has this id"}}
    created = id is None
    id = id or str(1000 + len(contacts))
    there = contacts.setdefault(id, {"id": id, "email": None, "name": None, "note": None})
    there.update(fields, updated=int(time.time() * 1000))
    return {"id": id, "created": created}


class Acme(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, what):
        print(self.command, urllib.parse.urlparse(self.path).path, file=log, flush=True)
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url = urllib.parse.urlparse(self.path)
        asked = urllib.parse.parse_qs(url.query)
        if url.path == "/v1/me":
            return self.answer({"account": "Acme", "user": "tester"})
        ids = asked.get("ids", [""])[0].split(",")
        emails = asked.get("emails", [""])[0].split(",")
        found = [c for c in contacts.values() if url.path == "/all"
                 or c["id"] in ids or c["email"] in emails]
        self.answer({"contacts": found, "next": None})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer({"results": [write(row) for row in body["contacts"]]})


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Acme)
print("ready", server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
os._exit(0)
