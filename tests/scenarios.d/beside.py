# SPDX-License-Identifier: Apache-2.0
#
# beside.py RENKEI DIR EVERY_S SOURCE ALLOWED - changes ten records an interval of
# the sync "fresh" that a daemon runs, without the backfill "load" beside it and with it,
# in turn; then tells from the simulators' logs alone how long each change took, and how
# many calls any window held.  Called by beside.sh.
import json
import re
import subprocess
import sys
import time
import urllib.request

RENKEI, DIR, EVERY, SOURCE, ALLOWED = sys.argv[1:]
EVERY, ALLOWED = float(EVERY), int(ALLOWED)
CHANGES = 10
# What changes in an interval is called, and whether the backfill is let go or stopped in it.
# Its first interval is not measured: it fills the window.
TURNS = [('alone', None), (None, True), ('beside', None), ('alone', False), (None, True),
         ('beside', None)]


def ask(port, path, body=None):
    data = json.dumps(body).encode() if body is not None else None
    with urllib.request.urlopen('http://127.0.0.1:%s/_control/%s' % (port, path), data) as answer:
        return answer.read().decode()


def renkei(*words):
    subprocess.run([RENKEI, '-c', DIR + '/renkei.conf', '--state', DIR + '/state', *words],
                   check=True, stdout=subprocess.DEVNULL)


def lines():
    with open(DIR + '/log', encoding='utf-8', errors='replace') as log:
        return log.read().splitlines()


def runs():
    """The pids of the runs of the sync, in their order."""
    return [m.group(1) for m in (re.search(r'daemon\.run.* sync=fresh pid=(\d+)', line)
                                 for line in lines()) if m]


def await_true(what, seconds):
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            sys.exit('it waited %d s in vain' % seconds)
        time.sleep(0.05)


def ended(pid):
    return any('daemon.ended' in line and 'pid=%s ' % pid in line for line in lines())


def interval(ids, name, beside):
    """From the beginning of a run to that of the next one.  What was changed in the interval
    before has arrived when its run has ended."""
    count = len(runs())
    await_true(lambda: len(runs()) > count, EVERY * 3)
    began = time.monotonic()
    await_true(lambda: ended(runs()[count]), EVERY)
    if beside is False:
        renkei('pause', 'load')
    if beside is True:
        # The moment at which it would do most harm: what it takes now is not back when the
        # next run is due.
        time.sleep(max(0, began + EVERY * 0.5 - time.monotonic()))
        renkei('resume', 'load')
    for i, record in enumerate(ids if name else []):
        time.sleep(max(0, began + EVERY * (0.25 + 0.07 * i) - time.monotonic()))
        ask(SOURCE, 'edit', {'object': 'contacts', 'id': record,
                             'values': {'lastname': '%s.%d.%d' % (name, count, i)}})


def logged():
    return [json.loads(line) for line in ask(SOURCE, 'log').splitlines()]


def waits_of(log):
    """{'alone': [ms...], 'beside': [ms...]}: from each change to the target."""
    changed, waits = {}, {'alone': [], 'beside': []}
    for row in log:
        found = re.search(r'(alone|beside)\.\d+\.\d+', json.dumps(row['values']))
        if not found:
            continue
        if row['crm'] == 'hubspot' and row['by'] == 'control':
            changed[found.group()] = row['mono_us']
        elif row['crm'] == 'hotprofile' and found.group() in changed:
            waits[found.group(1)].append((row['mono_us'] - changed.pop(found.group())) / 1000)
    if changed:
        sys.exit('these changes never came: %s' % sorted(changed))
    return waits


def p95(values):
    return sorted(values)[len(values) * 95 // 100]


def check_windows():
    """Of all windows of that length, not only those of a clock, the fullest."""
    with open(DIR + '/record', encoding='utf-8') as record:
        rows = [json.loads(line) for line in record]
    came = sorted(row['mono_us'] for row in rows if row['crm'] == 'hotprofile')
    most = max(sum(1 for c in came[i:i + ALLOWED * 2] if c < came[i] + EVERY * 1e6)
               for i in range(len(came)))
    print('beside: %d calls of HotProfile, at most %d in %g s, where %d are allowed'
          % (len(came), most, EVERY, ALLOWED))
    return most


def main():
    await_true(lambda: len(runs()) > 0, 30)
    ids = [row['id'] for row in logged() if row['crm'] == 'hubspot'][:CHANGES]
    for name, beside in TURNS:
        interval(ids, name, beside)
    count = len(runs())
    await_true(lambda: len(runs()) > count and ended(runs()[count]), EVERY * 3)
    loaded = sum(row['crm'] == 'hotprofile' and row['op'] == 'create' for row in logged())
    waits = waits_of(logged())
    alone, beside = p95(waits['alone']), p95(waits['beside'])
    print('beside: p95 of change to target %.1f s without and %.1f s with a backfill, %.3f times; '
          '%d and %d changes, %d records loaded' % (alone / 1000, beside / 1000, beside / alone,
                                                    len(waits['alone']), len(waits['beside']), loaded))
    most = check_windows()
    if most > ALLOWED:
        sys.exit('more calls than are allowed')
    if most < ALLOWED * 0.7:
        sys.exit('the limit held nothing')
    if beside > alone * 1.1:
        sys.exit('the backfill keeps the sync waiting')


main()
