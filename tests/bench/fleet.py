# SPDX-License-Identifier: Apache-2.0
"""fleet.py - 10,000 configured syncs that idle: how soon the daemon and its console are
there, what they take, how late a due sync is begun beside them, and what commands take.
Called by run, as its case "syncs"."""
import json, os, pathlib, signal, socket, sqlite3, subprocess, sys, time, urllib.request

CONNECTIONS = 100
HOUR_MS = 3600000
FIRST_DUE_MS = 8000
PASSWORD = "correct horse battery"


def free_port():
    """A port of its own, as a session's cookie is of one address."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def configuration(folder, count):
    """100 folders, and syncs from each to the next, which nothing asks for within a day."""
    connections, syncs = [], []
    for c in range(CONNECTIONS):
        place = folder / f"files{c}"
        place.mkdir()
        (place / "in.csv").write_text("id,name\n1,a\n2,b\n")
        connections.append(f'c{c}: {{ connector = "file"; directory = "{place}";'
                           ' columns = "id,name"; key = "id"; };')
    for i in range(count):
        syncs.append(f"""{{ name = "sync{i:05d}"; every = "24h"; notify = ( "ops" );
  from = {{ connection = "c{i % CONNECTIONS}"; object = "in"; }};
  to = {{ connection = "c{(i + 1) % CONNECTIONS}"; object = "out{i:05d}"; key = "id"; }};
  map = ( {{ from = "id"; to = "id"; }}, {{ from = "name"; to = "name"; }} ); }}""")
    (folder / "renkei.conf").write_text(
        f"console: {{ listen = \"127.0.0.1:{free_port()}\"; }};\n"
        "notify: { ops: { command = \"/bin/true\"; }; };\n"
        "connections: {\n" + "\n".join(connections) + "\n};\n"
        "syncs = (\n" + ",\n".join(syncs) + "\n);\n")


def copy_states(state, count):
    """Each sync has the state that a run of the first one left, and ran an hour ago."""
    first = state / "syncs" / "sync00000.db"
    db = sqlite3.connect(first)
    db.execute("DELETE FROM meta WHERE name = 'identity'")
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    bytes_of_it = first.read_bytes()
    for i in range(1, count):
        (state / "syncs" / f"sync{i:05d}.db").write_bytes(bytes_of_it)
        (state / "syncs" / f"sync{i:05d}.lock").touch()
    began = int(time.time() * 1000) - HOUR_MS
    put_slots(state, [(f"sync{i:05d}", began) for i in range(count)])


def put_slots(state, rows):
    db = sqlite3.connect(state / "host.db")
    with db:
        db.executemany("INSERT OR REPLACE INTO slot(sync, began) VALUES(?, ?)", rows)
    db.close()


def slots(state, names):
    db = sqlite3.connect(state / "host.db", timeout=30)
    found = dict(db.execute("SELECT sync, began FROM slot"))
    db.close()
    return [found[name] for name in names]


class Daemon:
    """A daemon that dies with us, with what it logs and the socket at which it tells that it is ready."""

    def __init__(self, place, tools):
        self.place, self.tools, self.log = place, tools, place.folder / "log"
        path = place.folder / "ready"
        path.unlink(missing_ok=True)
        ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        ready.bind(str(path))
        ready.settimeout(600)
        begin = time.perf_counter()
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *place.command("daemon")], stdout=self.log.open("w"), stderr=subprocess.STDOUT,
            env={**os.environ, "NOTIFY_SOCKET": str(path), "LC_ALL": "C.UTF-8"})
        while b"READY=1" not in ready.recv(4096):
            pass
        self.start_s = time.perf_counter() - begin
        # Who is told and does not listen would hold up the daemon.
        ready.close()

    def wait_for(self, word, seconds=120):
        for _ in range(seconds * 20):
            for line in self.log.read_text().splitlines():
                if word in line:
                    return line
            time.sleep(0.05)
        sys.exit(f"bench: the daemon did not log \"{word}\"")

    def pids(self):
        return [self.process.pid, *self.tools.children_of(self.process.pid),
                *self.place.nets()]

    def cpu(self):
        return sum(self.tools.cpu_of(pid) for pid in self.pids())

    def settle(self):
        """Waits until what it has to do after its start is done."""
        for _ in range(600):
            before = self.cpu()
            time.sleep(1)
            if self.cpu() - before < 0.01:
                return
        sys.exit("bench: the daemon does not come to rest")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Page:
    """A client of the console, as whoever opens its first link."""

    def __init__(self, daemon):
        self.at = daemon.wait_for("console.started").split("address=")[1].split()[0]
        link = daemon.wait_for("#link=").split("#link=")[1].split()[0].strip('"')
        self.cookie = ""
        answer = self.ask("password", json.dumps({"link": link, "password": PASSWORD}))
        self.cookie = answer.headers["Set-Cookie"].split(";")[0]

    def ask(self, path, body=None):
        request = urllib.request.Request(
            f"{self.at}/api/v1/{path}", data=body and body.encode(),
            headers={"Content-Type": "application/json", "Cookie": self.cookie})
        answer = urllib.request.urlopen(request, timeout=600)
        answer.body = answer.read()
        return answer


def timed(function):
    begin = time.perf_counter()
    function()
    return time.perf_counter() - begin


def late_ms(place, tools, due_count):
    """How late each of some syncs is begun that are due a second apart."""
    names = [f"sync{i:05d}" for i in range(1, due_count + 1)]
    due = [int(time.time() * 1000) + FIRST_DUE_MS + 1000 * i for i in range(due_count)]
    put_slots(place.state, [(n, at - 24 * HOUR_MS) for n, at in zip(names, due)])
    daemon = Daemon(place, tools)
    while time.time() * 1000 < due[-1] + 60000:
        began = slots(place.state, names)
        if all(b >= at for b, at in zip(began, due)):
            break
        time.sleep(1)
    daemon.stop()
    return [b - at for b, at in zip(began, due)]


def measure(place, tools, count, idle_s, due_count, say):
    """The figures of 'count' syncs; 'place' is the benchmark's, 'tools' its module."""
    configuration(place.folder, count)
    place.run("sync", "sync00000")
    copy_states(place.state, count)
    figures = {}
    first = Daemon(place, tools)
    page = Page(first)
    first.settle()
    say(f"  the first start, which notes the state of each: {first.start_s:.2f} s")
    first.stop()
    daemon = Daemon(place, tools)
    daemon.wait_for("console.started")
    figures["syncs_start_s"] = daemon.start_s
    daemon.settle()
    before = daemon.cpu()
    time.sleep(idle_s)
    share = (daemon.cpu() - before) / idle_s
    memory = {pathlib.Path(f"/proc/{pid}/comm").read_text().strip(): tools.memory_of(pid)
              for pid in daemon.pids()}
    figures["syncs_mb"] = sum(memory.values()) / 1e6
    figures["syncs_idle_percent"] = share * 100
    say("  at rest: " + ", ".join(f"{n} {b / 1e6:.1f} MB" for n, b in memory.items())
        + f", {share * 100:.2f} % of a CPU")
    wall = {path: timed(lambda: page.ask(path)) for path in
            ("status", "usage", "history?limit=20", "errors")}
    say("  the console: " + ", ".join(f"{n} {s:.2f} s" for n, s in wall.items()))
    daemon.stop()
    wall = {" ".join(words): place.run(*words)[1] for words in (
        ("status",), ("status", "--json"), ("check",), ("errors", "list"),
        ("sync", "sync00000"), ("doctor",), ("history",))}
    say("  commands: " + ", ".join(f"{n} {s:.2f} s" for n, s in wall.items()))
    late = late_ms(place, tools, due_count)
    say("  begun late, ms: " + " ".join(map(str, late)))
    figures["syncs_late_s"] = max(late) / 1000
    place.stop_net()
    return figures
