#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""console.py ADDRESS LINK CASE [ARGUMENTS] - asks the console as a page does, and as no
page does; a case is a function.  Called by console.sh."""
import http.client
import json
import sys
import time
from urllib.parse import quote, urlsplit

PASSWORD = "correct horse 電池"
place, link, case, *arguments = sys.argv[1:]
parts = urlsplit(place)


class Client:
    def __init__(self):
        self.cookie = self.csrf = ""

    def ask(self, method, path, body=None, headers=None, want=200):
        """The status, the headers and the JSON of an answer; 'want' is checked."""
        link_to = http.client.HTTPConnection(parts.hostname, parts.port, timeout=120)
        sent = {"Cookie": self.cookie, "X-CSRF-Token": self.csrf}
        if body is not None:
            sent["Content-Type"] = "application/json"
            body = body if isinstance(body, (str, bytes)) else json.dumps(body)
            body = body.encode() if isinstance(body, str) else body
        sent.update(headers or {})
        sent = {k: v for k, v in sent.items() if v not in ("", None)}
        link_to.request(method, path, body, sent)
        answer = link_to.getresponse()
        text = answer.read()
        link_to.close()
        told = answer.getheader("Content-Type") or ""
        value = json.loads(text) if told.startswith("application/json") and text else text
        assert want is None or answer.status == want, (method, path, answer.status, text)
        if answer.getheader("Set-Cookie"):
            self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        if isinstance(value, dict) and "csrf" in value:
            self.csrf = value["csrf"]
        return answer, value

    def get(self, path, want=200):
        return self.ask("GET", "/api/v1" + path, want=want)[1]

    def post(self, path, body=None, want=200):
        answer, value = self.ask("POST", "/api/v1" + path, body or {}, want=None)
        for _ in range(2400):
            if answer.status != 202:
                break
            time.sleep(0.05)
            answer, value = self.ask("GET", f"/api/v1/jobs/{value['job']}", want=None)
        assert answer.status == want, (path, answer.status, value)
        return value


def first():
    """The client that opens the first link."""
    c = Client()
    told = c.post("/password", {"link": link, "password": PASSWORD})
    assert (told["user"], told["role"]) == ("admin", "operator"), told
    return c


def admin():
    c = Client()
    c.post("/session", {"user": "admin", "password": PASSWORD})
    return c


def begin():
    c = Client()
    assert c.get("/session")["user"] == ""
    for path in ("/status", "/errors", "/jobs/1"):
        assert c.get(path, 401)["errors"][0]["code"] == "log-in"
    c = first()
    again = Client().post("/password", {"link": link, "password": PASSWORD}, 401)
    assert again["errors"][0]["code"] == "spent-link", again
    assert c.get("/session")["user"] == "admin"
    assert c.get("/status")["syncs"][0]["name"] == "contacts"
    c.ask("DELETE", "/api/v1/session")
    c.get("/status", 401)
    wrong = Client().post("/session", {"user": "admin", "password": "x" * 12}, 401)
    nobody = Client().post("/session", {"user": "nobody", "password": "x" * 12}, 401)
    assert wrong == nobody, "the answer tells who is a user"
    assert admin().get("/session")["role"] == "operator"


if __name__ == "__main__":
    globals()[case](*arguments)
