# SPDX-License-Identifier: Apache-2.0
"""extras.py - what a sync costs beyond copying records: a history of its fields, a walk that
compares both sides, and references.  Each is measured in turn with the same sync without
it; called by run, as its case "extras".  There are no gates."""
import os, sqlite3, statistics

TOKENS = {"SALESFORCE_TOKEN": "sim-salesforce-token"}


def size_of(place):
    """Bytes of the sync's file once its log is in it."""
    path = place.state / "syncs" / "bench.db"
    db = sqlite3.connect(path)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    pages, free = (db.execute(f"PRAGMA {name}").fetchone()[0]
                   for name in ("page_count", "freelist_count"))
    size = db.execute("PRAGMA page_size").fetchone()[0]
    db.close()
    return (pages - free) * size


def told(place, *words, **expected):
    cpu, _, figures = place.run(*words)
    for name, number in expected.items():
        if figures.get(name) != number:
            raise SystemExit(f"bench: expected {name}={number}, found {figures}")
    return cpu, figures


def edited(bench, place, count):
    """One field of each record is another one: CPU, bytes and calls of the run."""
    before = size_of(place)
    bench.hub.ask("edit", {"object": "contacts", "random": count, "fields": ["phone"]})
    place.reset()
    cpu, figures = told(place, "sync", "bench", updated=count, failed=0)
    return cpu, (size_of(place) - before) / count, figures["target_calls"]


def history_round(bench, place, fields, count, more):
    bench.kin.start()
    place.forget()
    place.configure(fields, more=more)
    first, _ = told(place, "sync", "bench", created=count, failed=0)
    size = size_of(place) / count
    return (first, size, *edited(bench, place, count))


def history(bench, fields, say):
    count = bench.records // 5
    place = bench.begin("history", count)
    plain, kept = [], []
    for _ in range(bench.rounds):
        plain.append(history_round(bench, place, fields, count, ""))
        kept.append(history_round(bench, place, fields, count, 'history = "90d";'))
    place.stop_net()
    for title, at in (("first load", 0), ("one field of each changed", 2)):
        ratios = [b[at] / a[at] for a, b in zip(plain, kept)]
        a, b = (statistics.median(r[at] for r in rounds) / count * 1e6
                for rounds in (plain, kept))
        say(f"history: {title}: {a:.1f} us/record without, {b:.1f} with, ratio "
            f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    say(f"history: the file, bytes a record: {plain[0][1]:.0f} without, {kept[0][1]:.0f} with; a "
        f"change adds {plain[0][3]:.0f} without, {kept[0][3]:.0f} with; calls at the target for "
        f"{count} changes: {plain[0][4]} without, {kept[0][4]} with")


def reconcile(bench, fields, say):
    count = bench.records // 5
    place = bench.begin("reconcile", count)
    place.configure(fields)
    told(place, "sync", "bench", created=count, failed=0)
    ratios, walks, figures = [], [], {}
    for _ in range(bench.rounds):
        place.reset()
        listed, _ = told(place, "sync", "bench", unchanged=count, failed=0)
        walk, figures = told(place, "reconcile", "bench", equal=count, different=0)
        ratios.append(walk / listed)
        walks.append(walk / count * 1e6)
    place.stop_net()
    say(f"reconcile: {statistics.median(walks):.1f} us/record in step; CPU / that of listing all of "
        f"it with nothing to write {statistics.median(ratios):.2f} ({min(ratios):.2f} to "
        f"{max(ratios):.2f}); calls {figures['source_calls']} and {figures['target_calls']} for "
        f"{count} records")


# ---- References -------------------------------------------------------------------------


def configure_copies(place, a, b, fields):
    os.environ.update(TOKENS)
    sync = """{{ name = "{name}"; from = {{ connection = "a"; object = "{object}"; }};
  to = {{ connection = "b"; object = "{object}"; key = "Renkei_Id__c"; }};
  map = ( {{ from = "Renkei_Id__c"; to = "Renkei_Id__c"; }}, {fields} ); }}"""
    (place.folder / "renkei.conf").write_text(
        "connections: {\n" + "\n".join(
            f'{name}: {{ connector = "salesforce"; host = "{crm.address()}";'
            ' token = "env:SALESFORCE_TOKEN"; limits = "none"; };'
            for name, crm in (("a", a), ("b", b))) + "\n};\nsyncs = (\n"
        + sync.format(name="parents", object="Account",
                      fields='{ from = "Name"; to = "Name"; }') + ",\n"
        + sync.format(name="bench", object="Contact", fields=fields) + ");\n")


def load_copies(a, count):
    ids = []
    for first in range(0, count // 10, 100):
        ids += a.ask("load", {"object": "Account", "records": [
            {"fields": {"Renkei_Id__c": f"a{i}", "Name": f"会社 {i}"}}
            for i in range(first, min(first + 100, count // 10))]})["ids"]
    for first in range(0, count, 100):
        a.ask("load", {"object": "Contact", "records": [
            {"fields": {"Renkei_Id__c": f"c{i}", "LastName": f"姓 {i}", "Company__c": f"{i}",
                        "AccountId": ids[i % len(ids)]}}
            for i in range(first, min(first + 100, count))]})


def references(bench, simulator, say):
    count = bench.records // 10
    place = bench.begin("references")
    a, b = simulator(bench.build, "salesforce"), simulator(bench.build, "salesforce")
    fields = '{ from = "LastName"; to = "LastName"; }, { from = "Company__c"; to = "Company__c"; }'
    rounds = []
    try:
        a.start()
        load_copies(a, count)
        for _ in range(bench.rounds):
            one = []
            for more in "", ', { from = "AccountId"; to = "AccountId"; }':
                b.start()
                place.forget()
                configure_copies(place, a, b, fields + more)
                told(place, "sync", "parents", created=count // 10, failed=0)
                one.append(told(place, "sync", "bench", created=count, failed=0)[0])
            rounds.append(one)
    finally:
        place.stop_net()
        a.stop()
        b.stop()
    ratios = [b / a for a, b in rounds]
    plain, with_one = (statistics.median(r[i] for r in rounds) / count * 1e6 for i in (0, 1))
    say(f"references: first load {plain:.1f} us/record without, {with_one:.1f} with one, ratio "
        f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
