#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""control.py STATE VERB ... - speaks to a daemon's socket as nobody else does.

ask USER ARGUMENT...  prints the answer; exits with its code, 99 when refused (which is
                      printed as "refused: TEXT").
hostile               sends what is no question; prints what became of each.
hang COUNT            holds so many connections that never ask, until it is ended.
leave ARGUMENT...     asks and goes away without waiting.
stranger              asks as another user (needs root)."""
import array
import os
import socket
import struct
import sys
import time

ASK, ANSWER, REFUSED = 1, 2, 3
INT, TEXT, LIST = 1, 2, 3


def item(kind, data):
    return struct.pack('<BI', kind, len(data)) + data


def number(n):
    return item(INT, struct.pack('<q', n))


def text(s):
    return item(TEXT, s if isinstance(s, bytes) else s.encode())


def items(data):
    while data:
        kind, size = struct.unpack_from('<BI', data)
        yield kind, data[5:5 + size]
        data = data[5 + size:]


def integer(data):
    return int.from_bytes(data, 'little', signed=True)


def frame(kind, data, flags=0, length=None):
    return struct.pack('<IHHI', len(data) if length is None else length, kind, flags, 7) + data


def message(data, kind=ASK):
    parts = [data[i:i + 262144] for i in range(0, len(data), 262144)] or [b'']
    return b''.join(frame(kind, p, p is not parts[-1]) for p in parts)


def question(user, arguments, protocol=2, given=''):
    return number(protocol) + text(user) + text(given) + b''.join(text(a) for a in arguments)


def dial(state):
    folder = os.open(state, os.O_RDONLY)
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(90)
    s.connect(f'/proc/self/fd/{folder}/daemon.sock')
    os.close(folder)
    return s


def hear(s):
    """(type, bytes, descriptor); type None: closed."""
    data, given = b'', -1
    while len(data) < 12 or len(data) < 12 + struct.unpack_from('<I', data)[0]:
        try:
            part, extra, _, _ = s.recvmsg(65536, socket.CMSG_SPACE(4))
        except ConnectionResetError:
            part, extra = b'', []
        if not part:
            return None, b'', -1
        data += part
        for _, _, fds in extra:
            given = array.array('i', fds[:4])[0]
    return struct.unpack_from('<H', data, 4)[0], data[12:], given


def told(reply):
    kind, data, given = reply
    if kind is None:
        return 98, 'closed'
    if kind == REFUSED:
        _, (_, err) = items(data)
        return 99, 'refused: ' + list(items(err))[-1][1].decode()
    (_, code), (_, size) = items(data)
    return integer(code), os.pread(given, integer(size), 0).decode()


def ask(state, user, arguments):
    s = dial(state)
    s.sendall(message(question(user, arguments)))
    return told(hear(s))


def hostile(state):
    good = question('x', ['status'])
    cases = [
        ('no frame', b'GET / HTTP/1.1\r\n\r\n' * 100),
        ('a frame too long', frame(ASK, b'', length=1 << 30)),
        ('a message without an end', frame(ASK, b'x' * 262144, 1) * 5),
        ('another type', message(good, 9)),
        ('another protocol', message(question('x', ['status'], 1))),
        ('no arguments', message(question('x', []))),
        ('a NUL in a name', message(question('x', ['status\0--json']))),
        ('a long user', message(question('x' * 1000, ['status']))),
        ('too many arguments', message(question('x', ['errors', '--'] + ['1'] * 20000))),
        ('a length that lies', message(good[:-3])),
        ('a command of the shell', message(question('x', ['sh', '-c', 'id']))),
        ('the daemon itself', message(question('x', ['daemon']))),
        ('another configuration', message(question('x', ['status', '--config=/etc/passwd']))),
        ('in short', message(question('x', ['status', '--conf', '/etc/passwd']))),
        ('in one letter', message(question('x', ['status', '-c/etc/passwd']))),
        ('as a value', message(question('x', ['errors', '--category', '--out=/etc/x']))),
        ('a file to write', message(question('x', ['errors', 'export', '--out=/etc/x']))),
        ('an option for a name', message(question('x', ['--version']))),
        ('a login', message(question('x', ['login', 'hub']))),
    ]
    for name, data in cases:
        s = dial(state)
        try:
            s.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        print(f'{name}: {told(hear(s))[1]}')


def main():
    state, verb, rest = sys.argv[1], sys.argv[2], sys.argv[3:]
    if verb == 'ask':
        code, words = ask(state, rest[0], rest[1:])
        print(words, end='' if words.endswith('\n') else '\n')
        sys.exit(code)
    if verb == 'hostile':
        hostile(state)
    elif verb == 'hang':
        held = [dial(state) for _ in range(int(rest[0]))]
        for i, s in enumerate(held):
            s.send(message(question('x', ['status']))[:i % 30])
        print('hanging', flush=True)
        time.sleep(60)
    elif verb == 'leave':
        dial(state).sendall(message(question('x', rest)))
    elif verb == 'stranger':
        os.chmod(os.path.join(state, 'daemon.sock'), 0o777)
        folder = os.open(state, os.O_RDONLY)
        os.chdir(folder)
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        s = socket.socket(socket.AF_UNIX)
        s.connect('daemon.sock')
        try:
            s.sendall(message(question('x', ['status'])))
        except BrokenPipeError:
            pass
        print(told(hear(s))[1])


main()
