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


def invited():
    assert first().get("/session")["role"] == "operator"


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



def fits(schema, value, doc, at="answer"):
    """What of a value does not fit its schema; the words that docs/openapi.json uses."""
    if "$ref" in schema:
        return fits(doc["components"]["schemas"][schema["$ref"].split("/")[-1]], value, doc, at)
    if schema.get("nullable") and value is None:
        return []
    wrong = [w for part in schema.get("allOf", []) for w in fits(part, value, doc, at)]
    types = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
    kind = schema.get("type")
    if kind and not isinstance(value, types[kind]):
        return wrong + [f"{at}: no {kind}: {value!r}"]
    if "enum" in schema and value not in schema["enum"]:
        wrong.append(f"{at}: {value!r} is none of {schema['enum']}")
    if kind == "array":
        for i, item in enumerate(value):
            wrong += fits(schema.get("items", {}), item, doc, f"{at}[{i}]")
    if kind == "object":
        known = schema.get("properties", {})
        wrong += [f"{at}: {k} is missing" for k in schema.get("required", []) if k not in value]
        for k, v in value.items():
            if k in known:
                wrong += fits(known[k], v, doc, f"{at}.{k}")
            elif schema.get("additionalProperties") is False:
                wrong.append(f"{at}: {k} is not described")
    return wrong


def described(routes):
    """docs/openapi.json and the server have the same routes and parameters, and each
    answer is as it is described."""
    c = first()
    doc = c.get("/openapi.json")
    told = {}
    for path, methods in doc["paths"].items():
        for method, op in methods.items():
            names = {p["name"] for p in op.get("parameters", []) if p.get("in") == "query"}
            body = op.get("requestBody", {}).get("content", {}).get("application/json", {})
            names |= set(body.get("schema", {}).get("properties", {}))
            bare = "/".join("{}" if p.startswith("{") else p for p in path.split("/"))
            told[f"{method.upper()} {bare}"] = (op["x-role"], names, op, path)
    served = {}
    for line in open(routes):
        method, path, who, *names = line.split()
        served[f"{method} {path}"] = (who, set(names))
    assert served == {k: v[:2] for k, v in told.items()}, set(served) ^ set(told)
    values = {"sync": "contacts", "connection": "hub", "connector": "hubspot", "topic": "status",
              "job": "77", "notice": "ops", "user": "otto", "object": "contacts", "from": "hub/contacts",
              "to": "kin/1", "match": "email=1@example.com", "record": "1", "id": "1",
              "limit": "5", "value": "100"}
    last = ("/session", "/password")
    for key in sorted(told, key=lambda k: (k.startswith("POST"), k)):
        method, _ = key.split()
        who, names, op, path = told[key]
        if path in last or key == "GET /connections/{}/login":
            continue
        for name, value in values.items():
            path = path.replace("{" + name + "}", value)
        chosen = {n: values[n] for n in names if n in values}
        if method == "GET":
            path += "?" + "&".join(f"{n}={quote(v)}" for n, v in chosen.items())
        answer, value = c.ask(method, "/api/v1" + path, chosen if method != "GET" else None,
                              want=None)
        for _ in range(2400):
            status = str(answer.status)
            assert status in op["responses"], (key, status, value)
            schema = op["responses"][status]["content"]["application/json"]["schema"]
            wrong = fits(schema, value, doc)
            assert not wrong, (key, status, wrong, value)
            if answer.status != 202:
                break
            time.sleep(0.05)
            answer, value = c.ask("GET", f"/api/v1/jobs/{value['job']}", want=None)
        print(key, answer.status)
        assert answer.status in (200, 400, 404), (key, answer.status, value)
    csv = c.ask("GET", "/api/v1/errors/export?format=csv")
    assert csv[0].getheader("Content-Type").startswith("text/csv"), csv


def roles(viewer):
    """A viewer looks, and does none of what an operator does."""
    c = Client()
    told = c.post("/password", {"link": viewer, "password": PASSWORD})
    assert told["role"] == "viewer", told
    c.get("/status")
    for path in ("/syncs/contacts/run", "/run", "/pause", "/resume", "/reload",
                 "/syncs/contacts/pause", "/syncs/contacts/test",
                 "/syncs/contacts/errors/resync", "/syncs/contacts/errors/ignore",
                 "/connections/hub/allocation", "/users/otto/link", "/users/vera/remove",
                 "/notices/ops/send", "/syncs/contacts/reconcile", "/syncs/contacts/approve",
                 "/syncs/contacts/conflicts/settle"):
        assert c.post(path, {"match": "a=b"}, 403)["errors"][0]["code"] == "operator", path
    # Settings are not for everybody to see.
    for path in ("/users", "/connections/hub", "/connectors/hubspot", "/connections/hub/login"):
        assert c.get(path, 403)["errors"][0]["code"] == "operator", path
    assert not c.get("/audit", 200)["actions"] or all(
        r["who"] != "console:vera" for r in c.get("/audit")["actions"])


def conflicts(viewer):
    """Two fields that both sides changed: a viewer sees them, an operator settles one, and
    only as it was seen."""
    c, vera = first(), Client()
    doc = c.get("/openapi.json")
    described_as = lambda name, value: fits({"$ref": "#/components/schemas/" + name}, value, doc)
    vera.post("/password", {"link": viewer, "password": PASSWORD})
    told = vera.get("/syncs/contacts/conflicts")
    assert not described_as("Conflicts", told), (described_as("Conflicts", told), told)
    one, = told["syncs"]
    assert (one["from"], one["to"], one["open"]) == ("hub", "kin", 2), one
    rows = {r["field"]: r for r in one["conflicts"]}
    assert {f: (r["from"], r["to"], r["base"]) for f, r in rows.items()} == {
        "company": ("hub", "kin", "A"), "phone": ("090-1", "090-2", "03-1")}, rows
    part = c.get("/syncs/contacts/conflicts?limit=1")["syncs"][0]
    assert (part["open"], len(part["conflicts"])) == (2, 1), part
    assert c.get("/status")["syncs"][0]["conflicts"] == 2
    row = rows["company"]
    choice = {"id": row["id"], "field": "company", "take": "to", "seen": row["mark"]}
    at = "/syncs/contacts/conflicts/settle"
    assert vera.post(at, choice, 403)["errors"][0]["code"] == "operator"
    for wrong in ({"take": "both"}, {"take": None}, {"seen": None}):
        refused = {k: v for k, v in {**choice, **wrong}.items() if v is not None}
        assert c.post(at, refused, 400)["errors"], wrong
    stale = lambda one: c.post(at, one, 409)["errors"][0]
    for wrong in ({"seen": "00000000"}, {"id": "no such record"}):
        assert stale({**choice, **wrong})["code"] == "stale", wrong
    assert c.get("/status")["syncs"][0]["conflicts"] == 2
    done = c.post(at, choice)
    assert not described_as("Ran", done), (described_as("Ran", done), done)
    assert done["settled"] == 1 and done["syncs"][0]["conflicts"] == 1, done
    assert len(done["syncs"][0]["ways"]) == 2, done
    left = c.get("/syncs/contacts/conflicts")["syncs"][0]
    assert [r["field"] for r in left["conflicts"]] == ["phone"] and left["open"] == 1, left
    # It is gone; and what somebody has chosen, but no run has written, is not as it was seen.
    assert stale(choice)["code"] == "stale"
    other = {"id": row["id"], "field": "phone", "take": "from", "seen": rows["phone"]["mark"]}
    c.post("/syncs/contacts/pause")
    assert c.post(at, other)["settled"] == 1
    refused = stale({**other, "take": "to"})
    assert refused["code"] == "stale" and "console:admin" in refused["message"], refused
    again, = [r for r in c.get("/syncs/contacts/conflicts")["syncs"][0]["conflicts"]]
    assert again["state"] == "from" and again["mark"] != other["seen"], again
    c.post("/syncs/contacts/resume")
    acts = [(a["who"], a["action"]) for a in c.get("/audit")["actions"]]
    assert any(who == "console:admin" and "conflicts" in what and "settle" in what
               for who, what in acts), acts
    assert not any(who == "console:vera" for who, _ in acts), acts
    assert "console:admin" in json.dumps(c.get(f"/syncs/contacts/why?record={row['id']}"))


def users():
    """An operator makes and removes viewers; who is an operator no page decides."""
    c = first()
    told = c.post("/users/otto/link")
    assert told["role"] == "viewer" and "#link=" in told["link"], told
    assert {"user": "otto", "role": "viewer", "invited": True} in c.get("/users")["users"]
    otto = Client()
    otto.post("/password", {"link": told["link"].split("#link=")[1], "password": PASSWORD})
    assert otto.get("/session")["role"] == "viewer"
    for path in ("/users/admin/link", "/users/admin/remove"):
        assert "at a terminal" in c.post(path, want=400)["errors"][0]["message"], path
    c.post("/users/otto/remove")
    otto.get("/status", 401)
    assert [u["user"] for u in c.get("/users")["users"]] == ["admin"]
    done = [r["action"] for r in c.get("/audit")["actions"]]
    assert "user link otto viewer" in done and "user remove otto" in done, done


def raw(bytes_sent, patience=30):
    """What comes back for these bytes, until the server ends it."""
    import socket
    with socket.create_connection((parts.hostname, parts.port), timeout=patience) as s:
        try:
            s.sendall(bytes_sent)
            got = b""
            while chunk := s.recv(65536):
                got += chunk
        except (ConnectionResetError, BrokenPipeError):
            pass
        return got


def hostile(secret):
    """Whatever it sends is refused; who behaves is served all along."""
    c = first()
    where = f"{parts.hostname}:{parts.port}"
    status = "/api/v1/status"
    refused = lambda method, path, headers, want, body=None: c.ask(
        method, path, body, headers, want)
    # Another name of this address, another origin, a session that is none.
    refused("GET", status, {"Host": "evil.example"}, 421)
    refused("GET", status, {"Origin": "http://evil.example"}, 403)
    refused("POST", "/api/v1/run", {"Origin": "http://evil.example"}, 403, {})
    refused("POST", "/api/v1/run", {"Origin": f"https://{where}"}, 403, {})
    refused("POST", "/api/v1/run", {"Origin": "null"}, 403, {})
    name = c.cookie.split("=")[0]
    for forged in ("", "0" * 64, "f" * 64, "a" * 20000, "' OR 1=1 --"):
        refused("GET", status, {"Cookie": f"{name}={forged}"}, 431 if len(forged) > 65536 else 401)
    # Without the token, with another one's, as a form.
    refused("POST", "/api/v1/pause", {"X-CSRF-Token": None}, 403, {})
    refused("POST", "/api/v1/pause", {"X-CSRF-Token": "0" * 64}, 403, {})
    refused("POST", "/api/v1/pause", {"Content-Type": "text/plain"}, 415, "{}")
    refused("GET", "/api/v1/pause", {}, 405)
    for verb in ("PUT", "PATCH", "TRACE", "OPTIONS", "HEAD", "BREW"):
        refused(verb, status, {}, 405)
    # What could become an option, a path, a second line.
    for sync in ("--all", "-c", "..", "%2e%2e%2fetc", "a%00b", "a%0ab", "x" * 2000, "-"):
        answer, _ = c.ask("GET", f"/api/v1/syncs/{sync}", want=None)
        assert answer.status in (400, 404), (sync, answer.status)
    for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/api/v1/../../x", "//etc/passwd"):
        refused("GET", path, {}, 404)
    for value in ("a\x00b", "a\nb", "x" * 2000):
        refused("POST", "/api/v1/syncs/contacts/preview", {}, 400, {"match": value})
    for body in ("[1]", "{", '{"a":{"b":1}}', b'{"a":"\xff"}', '{"a":[[1]]}', "[" * 100000,
                 json.dumps({"ids": ["1"] * 10001})):
        refused("POST", "/api/v1/syncs/contacts/errors/ignore", {}, 400, body)
    # Not our own to send: too much, in parts, one after the other, slowly.
    refused("POST", "/api/v1/pause", {}, 413, json.dumps({"a": "x" * 600000}))
    head = f"GET {status} HTTP/1.1\r\nHost: {where}\r\n".encode()
    for bad in (head + b"X: " + b"y" * 200000 + b"\r\n\r\n", b"\x16\x03\x01\x02\x00" * 50 + b"\r\n\r\n",
                b"GET / HTTP/9.9\r\n\r\n", b"GET " + b"/a" * 100000 + b" HTTP/1.1\r\n\r\n",
                head + b"Content-Length: -1\r\n\r\n", b"POST /api/v1/pause HTTP/1.1\r\n\r\n"):
        assert b" 200 " not in raw(bad)[:40], bad[:80]
    piped = raw(head + b"\r\n" + head + b"Connection: close\r\n\r\n")
    assert piped.count(b"401 Unauthorized") == 2, piped[:300]
    drip()
    c.get("/status")
    # Guesses are slowed down, of one user and of one address.
    guess = Client()
    codes = [guess.ask("POST", "/api/v1/session", {"user": "admin", "password": f"guess {i}..."},
                       want=None)[0].status for i in range(12)]
    assert codes[0] == 401 and codes[-1] == 429, codes
    # Nothing that it said holds a secret, and every answer says how to be shown.
    for path in ("/status", "/connectors/hubspot", "/connections/hub", "/check", "/doctor", "/audit"):
        answer, value = c.ask("GET", "/api/v1" + path, want=None)
        assert secret not in json.dumps(value), path
        assert answer.getheader("Cache-Control") == "no-store", path
        for header in ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options"):
            assert answer.getheader(header), header
    page = c.ask("GET", "/")[0]
    assert "default-src 'none'" in page.getheader("Content-Security-Policy")
    assert "unsafe" not in page.getheader("Content-Security-Policy")


def drip():
    """Twenty that never end their head; all are ended, and others are served meanwhile."""
    import socket
    import threading
    held, ended = [], []
    for _ in range(20):
        s = socket.create_connection((parts.hostname, parts.port), timeout=120)
        s.sendall(b"GET /api/v1/status HTTP/1.1\r\nX")
        held.append(s)

    def feed(s):
        try:
            for _ in range(240):
                s.sendall(b"-")
                s.settimeout(0.5)
                try:
                    if not s.recv(1):
                        break
                except TimeoutError:
                    continue
                break
            else:
                return
        except OSError:
            pass
        ended.append(s)

    threads = [threading.Thread(target=feed, args=(s,)) for s in held]
    for t in threads:
        t.start()
    assert Client().get("/session")["user"] == ""
    for t in threads:
        t.join()
    assert len(ended) == 20, len(ended)


def metrics():
    c = Client()
    text = c.ask("GET", "/metrics")[1].decode()
    for line in text.splitlines():
        assert line.startswith("# ") or line.rsplit(" ", 1)[1].replace(".", "").isdigit(), line
    assert "renkei_up 1" in text, text
    assert 'renkei_sync_records_failed{sync="contacts"} 0' in text, text
    assert c.ask("GET", "/healthz")[1] == {"status": "ok"}
    # From behind somebody's proxy it is not for everybody.
    c.ask("GET", "/metrics", headers={"X-Forwarded-For": "203.0.113.5"}, want=401)
    c.ask("GET", "/metrics", headers={"Host": "evil.example"}, want=421)


if __name__ == "__main__":
    globals()[case](*arguments)
